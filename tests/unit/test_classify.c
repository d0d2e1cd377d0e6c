/* test_classify.c - a reading: labels, flags, unsure fields, evidence with its places, facts. */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "classify/classify-private.h"
#include "classify/language.h"
#include "rules_fixture.h"

static Pack pack;
static Rules *rules;

static const char file[] =
    "negation = [\"niet\"];\n"
    "rules: (\n"
    "  { id = \"nl.damaged\"; says = [\"kapot\", \"caf\xc3\xa9 stuk\"]; points = { type = { "
    "damaged = 2.5; }; }; },\n"
    "  { id = \"nl.refund\"; says = [\"geld terug\"]; points = { type = { return-refund = 2.0; "
    "};\n"
    "      flag = { remedy-refund = 2.0; }; }; },\n"
    "  { id = \"nl.angry\"; says = [\"schandalig\"]; points = { tone = { angry = 2.0; }; }; },\n"
    "  { id = \"nl.shout\"; signal = \"exclamations\"; min = 3; points = { tone = { angry = 1.6; "
    "}; }; },\n"
    "  { id = \"nl.other-language\"; signal = \"language-other\"; points = { flag = { urgent = "
    "1.0; }; }; },\n"
    "  { id = \"nl.number\"; signal = \"order-number\"; points = { flag = { has-number = 1.0; }; "
    "}; },\n"
    "  { id = \"nl.urgent\"; says = [\"met spoed\"]; points = { flag = { urgent = 1.5; }; }; } "
    ");\n";

static void
setup(void)
{
	pack = pack_new();
	g_autofree char *labels = g_strdup(FIXTURE_LABELS);
	char *end = strstr(labels, "{ name = \"urgent\"; }");

	ck_assert_ptr_nonnull(end);
	*end = '\0';
	g_autofree char *more =
	    g_strconcat(labels,
	                "{ name = \"urgent\"; }, { name = \"remedy-refund\"; },"
	                " { name = \"has-number\"; } ); } );\n",
	                NULL);
	pack_write(&pack, "labels.conf", more);
	pack_write(&pack, "any/a.conf", file);
	rules = pack_load(&pack, NULL);
}

static void
teardown(void)
{
	rules_free(rules);
	pack_free(&pack);
}

static const Evidence *
evidence_of(const Reading *reading, const char *rule)
{
	for (guint i = 0; i < reading->evidence->len; i++) {
		const Evidence *evidence = &g_array_index(reading->evidence, Evidence, i);

		if (strcmp(evidence->rule, rule) == 0)
			return evidence;
	}
	return NULL;
}

START_TEST(test_reading)
{
	g_autoptr(Reading) reading =
	    classify_text(rules, "Schandalig",
	                  "Dag,\nde \xc3\xa9"
	                  "clair was kapot, geld terug. Bestelling 33017\nJoke",
	                  NULL);

	ck_assert_str_eq(reading->language, "nl");
	ck_assert_str_eq(reading->type, "damaged");
	ck_assert_str_eq(reading->tone, "angry");
	ck_assert(reading->complaint);
	ck_assert(!reading->urgent);
	ck_assert(reading_has_flag(reading, "remedy-refund"));
	ck_assert(reading_has_flag(reading, "has-number"));
	ck_assert(!reading_has_flag(reading, "urgent"));
	ck_assert_str_eq(reading->facts.order_number, "33017");
	ck_assert_str_eq(reading->facts.customer_name, "Joke");
	ck_assert_str_eq(reading->facts.first_name, "Joke");
	ck_assert_str_eq(reading->facts.remedy, "refund");
	ck_assert_uint_eq(reading->types->len, 2);
	ck_assert_str_eq(g_array_index(reading->types, LabelScore, 0).label, "damaged");
	/* return-refund yields to damaged: 2.0 x 0.4 */
	ck_assert_double_eq_tol(g_array_index(reading->types, LabelScore, 1).points, 0.8, 1e-9);
	ck_assert(!reading_is_unsure(reading, NULL));
}
END_TEST

START_TEST(test_evidence_places)
{
	/* The offsets count code points: an emoji and an accent are one each. */
	g_autoptr(Reading) reading = classify_text(
	    rules, "Kapot",
	    "\xf0\x9f\x98\x80 \xc3\xa9\xc3\xa9n caf\xc3\xa9 stuk, schandalig niet", NULL);
	const Evidence *damaged = evidence_of(reading, "nl.damaged");
	const Evidence *angry = evidence_of(reading, "nl.angry");

	ck_assert_ptr_nonnull(damaged);
	ck_assert_int_eq(damaged->where, IN_SUBJECT);
	ck_assert_str_eq(damaged->text, "Kapot");
	ck_assert_uint_eq(damaged->start, 0);
	ck_assert_uint_eq(damaged->end, 5);
	ck_assert_ptr_nonnull(angry);
	ck_assert_int_eq(angry->where, IN_BODY);
	ck_assert_str_eq(angry->space, "tone");
	ck_assert_uint_eq(angry->start, 17);
	ck_assert_uint_eq(angry->end, 27);
	ck_assert_str_eq(angry->text, "schandalig");
	const Evidence *implied = evidence_of(reading, "implies");
	ck_assert_ptr_nonnull(implied);
	ck_assert_int_eq(implied->where, IN_SIGNAL);
}
END_TEST

START_TEST(test_evidence_body)
{
	g_autoptr(Reading) reading =
	    classify_text(rules, "", "\xc3\xa9\xc3\xa9n caf\xc3\xa9 stuk", NULL);
	const Evidence *damaged = evidence_of(reading, "nl.damaged");

	ck_assert_ptr_nonnull(damaged);
	ck_assert_uint_eq(damaged->start, 4);
	ck_assert_uint_eq(damaged->end, 13);
	ck_assert_str_eq(damaged->text, "caf\xc3\xa9 stuk");
}
END_TEST

START_TEST(test_signal)
{
	g_autoptr(Reading) reading = classify_text(rules, "", "Waar blijft mijn pakje!!!", NULL);
	const Evidence *shout = evidence_of(reading, "nl.shout");

	ck_assert_str_eq(reading->tone, "angry");
	ck_assert_ptr_nonnull(shout);
	ck_assert_int_eq(shout->where, IN_SIGNAL);
	ck_assert_uint_eq(shout->end, 0);
}
END_TEST

static const struct {
	const char *subject, *body, *type, *tone, *language, *unsure;
} cases[] = {
	{ "", "", "other", "neutral", "other", "type,language" },
	{ "", "mijn vraag is hoe laat jullie open zijn", "other", "neutral", "nl", "type" },
	{ "kapot", "xqzt wvlk", "damaged", "neutral", "nl", "" },
	{ "pakje kapot aangekomen vandaag", "??", "damaged", "neutral", "nl", "" },
	{ "", "het pakje is niet kapot", "other", "neutral", "nl", "type" },
};

START_TEST(test_cases)
{
	g_autoptr(Reading) reading =
	    classify_text(rules, cases[_i].subject, cases[_i].body, NULL);
	g_autofree char *unsure = g_strjoinv(",", reading->unsure);

	ck_assert_str_eq(reading->type, cases[_i].type);
	ck_assert_str_eq(reading->tone, cases[_i].tone);
	ck_assert_str_eq(reading->language, cases[_i].language);
	ck_assert_str_eq(unsure, cases[_i].unsure);
	ck_assert_int_eq(reading_is_unsure(reading, NULL), cases[_i].unsure[0] != '\0');
	ck_assert_int_eq(reading_is_unsure(reading, "type"),
	                 strstr(cases[_i].unsure, "type") != NULL);
	ck_assert(!reading_is_unsure(reading, "tone"));
}
END_TEST

START_TEST(test_language_signal)
{
	g_autoptr(Reading) spanish = classify_text(
	    rules, "", "Hola, quiero saber d\xc3\xb3nde est\xc3\xa1 mi pedido", NULL);
	g_autoptr(Reading) unknown = classify_text(rules, "", "xqzt wvlk brmpf", NULL);

	ck_assert_str_eq(spanish->language, "other");
	ck_assert(spanish->urgent);
	ck_assert(!unknown->urgent);
}
END_TEST

START_TEST(test_quotes_do_not_count)
{
	g_autoptr(Reading) reading = classify_text(
	    rules, "", "Dank, alles is nu in orde.\n\n> Schandalig! Alles kapot, geld terug!",
	    NULL);

	ck_assert_str_eq(reading->type, "other");
	ck_assert_str_eq(reading->tone, "neutral");
}
END_TEST

START_TEST(test_why_not)
{
	g_autoptr(Message) message = message_from_text("", "het is niet kapot");
	ClassifyRun run;

	classify_run(rules, message, NULL, &run);
	g_autofree char *why = engine_why_not(rules, &run.input, "nl.damaged");
	ck_assert_ptr_nonnull(why);
	ck_assert_ptr_nonnull(strstr(why, "did not match"));
	ck_assert_ptr_null(engine_why_not(rules, &run.input, "nl.no-such-rule"));
	classify_run_clear(&run);
}
END_TEST

START_TEST(test_evidence_json)
{
	g_autoptr(GString) body = g_string_new(NULL);

	for (guint i = 0; i < 500; i++)
		g_string_append(body, "kapot schandalig geld terug. ");
	g_autoptr(Reading) reading = classify_text(rules, "kapot", body->str, NULL);
	g_autofree char *json = evidence_json(reading);
	json_t *list = json_loads(json, 0, NULL);

	ck_assert(json_is_array(list));
	ck_assert_uint_le(strlen(json), 4096);
	ck_assert_uint_gt(json_array_size(list), 0);
	/* the weightiest first */
	double last = 100;
	for (size_t i = 0; i < json_array_size(list); i++) {
		double points =
		    json_number_value(json_object_get(json_array_get(list, i), "points"));

		ck_assert(points <= last);
		last = points;
	}
	json_decref(list);
	reading_free(NULL);
}
END_TEST

START_TEST(test_shipped_words_are_found)
{
	/* Without the lists beside the packs nothing is known of language. */
	static const char *const words[] = { "niet", "bestelling", "the", "order",
		                             "nicht", "bestellung", "pas", "commande" };

	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		ck_assert_msg(lexicon_find(language_lexicon(), words[i], strlen(words[i])) != 0,
		              "%s is in no list", words[i]);
}
END_TEST

/* ---- facts of mails nobody wrote the code for; only totals are looked at ---- */

typedef struct {
	guint with, right, without, invented;
} FactCount;

static void
count_fact(FactCount *count, const json_t *mail, const char *key, const char *got)
{
	const char *gold = json_string_value(json_object_get(mail, key));

	count->with += gold != NULL;
	count->right += gold != NULL && g_strcmp0(gold, got) == 0;
	count->without += gold == NULL;
	count->invented += gold == NULL && got != NULL;
}

START_TEST(test_facts_of_corpus)
{
	static const char *const files[] = { "tests/corpus/heldout.jsonl",
		                             "tests/corpus/fresh.jsonl" };
	FactCount orders = { 0 }, names = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = unit_path(files[i]);
		FILE *corpus = fopen(path, "r");
		char *line = NULL;
		size_t room = 0;

		ck_assert_msg(corpus != NULL, "%s", path);
		while (getline(&line, &room, corpus) > 0) {
			json_t *mail = json_loads(line, 0, NULL);
			g_autoptr(Reading) reading = classify_text(
			    rules, json_string_value(json_object_get(mail, "subject")),
			    json_string_value(json_object_get(mail, "body")), NULL);

			count_fact(&orders, mail, "order_number", reading->facts.order_number);
			count_fact(&names, mail, "customer_name", reading->facts.customer_name);
			json_decref(mail);
		}
		free(line);
		fclose(corpus);
	}
	ck_assert_uint_ge(orders.with, 300);
	ck_assert_msg(orders.right * 100 >= orders.with * 97, "order numbers: %u of %u",
	              orders.right, orders.with);
	ck_assert_msg(orders.invented * 100 <= orders.without, "order numbers invented: %u of %u",
	              orders.invented, orders.without);
	ck_assert_msg(names.right * 100 >= names.with * 90, "names: %u of %u", names.right,
	              names.with);
	ck_assert_msg(names.invented * 100 <= names.without * 3, "names invented: %u of %u",
	              names.invented, names.without);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("classify");
	TCase *tc = tcase_create("classify");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_reading);
	tcase_add_test(tc, test_evidence_places);
	tcase_add_test(tc, test_evidence_body);
	tcase_add_test(tc, test_signal);
	tcase_add_loop_test(tc, test_cases, 0, G_N_ELEMENTS(cases));
	tcase_add_test(tc, test_language_signal);
	tcase_add_test(tc, test_quotes_do_not_count);
	tcase_add_test(tc, test_why_not);
	tcase_add_test(tc, test_evidence_json);
	tcase_add_test(tc, test_shipped_words_are_found);
	tcase_add_test(tc, test_facts_of_corpus);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
