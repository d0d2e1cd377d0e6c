/* test_words_safe.c - what mails do to an acknowledgement: nothing but choose its words.
 *
 * The twins of tests/corpus get the same help whatever their tone, and no word of any customer enters:
 * every word sent is one of the templates', but for an order number and a first name. */
#include "config.h"

#include <jansson.h>

#include "aardig/error.h"
#include "aardig/rules.h"
#include "words_fixture.h"

static Rules *rules;
static Settings *settings;
static GHashTable *vocabulary[G_N_ELEMENTS(fixture_variants)];

static void
add_words(GHashTable *set, const char *text)
{
	g_autofree char *lower = g_utf8_strdown(text, -1);
	g_autoptr(GString) word = g_string_new(NULL);

	for (const char *p = lower;; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_isalpha(c)) {
			g_string_append_unichar(word, c);
			continue;
		}
		if (word->len > 0)
			g_hash_table_add(set, g_strdup(word->str));
		g_string_truncate(word, 0);
		if (c == 0)
			break;
	}
}

static void
read_vocabulary(gsize v)
{
	g_autofree char *folder = g_build_filename(settings_templatedir(), fixture_variants[v], NULL);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	vocabulary[v] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *text = NULL;

		/* comments and all: a word more in the set does no harm */
		if (g_str_has_suffix(name, ".txt") && g_file_get_contents(path, &text, NULL, NULL))
			add_words(vocabulary[v], text);
	}
	g_dir_close(dir);
	add_words(vocabulary[v], SIGNATURE " Theewinkel T");
	for (int day = 0; day < 400; day++) {
		g_autofree char *date = format_deadline(fixture_variants[v],
		                                        FIXTURE_NOW + day * 86400 + day * 900, NULL);
		add_words(vocabulary[v], date);
	}
}

static void
load(void)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autofree char *dir = g_build_filename(settings_datadir(), "rules", NULL);
	const char *dirs[] = { dir, NULL };

	fixture_load();
	rules = rules_load(dirs, diag);
	diagnostics_print(diag);
	if (rules == NULL)
		exit(EXIT_FAILURE);
	settings = settings_default();
	for (gsize v = 0; v < G_N_ELEMENTS(fixture_variants); v++)
		read_vocabulary(v);
}

/* ---- from a mail to its acknowledgement, as the pipeline would ---- */

typedef struct {
	Reading *reading;
	Plan *plan;
	char *subject, *body;
} Answer;

static void
answer_clear(Answer *answer)
{
	reading_free(answer->reading);
	plan_free(answer->plan);
	g_free(answer->subject);
	g_free(answer->body);
}

static void
answer_mail(Fixture *f, const char *subject, const char *text, const char *type, Answer *answer)
{
	static const GuardResult guard = { .allowed = TRUE, .human = HUMAN_DRAFT };
	static const History history;
	ClassifyContext context = { .now = FIXTURE_NOW };
	g_autoptr(GError) error = NULL;

	answer->reading = classify_text(rules, subject, text, &context);
	/* The corpus knows the type: what is tested here is not the reading. */
	if (type != NULL) {
		answer->reading->type = type;
		for (char **unsure = answer->reading->unsure; *unsure != NULL; unsure++)
			if (strcmp(*unsure, "type") == 0) {
				g_free(*unsure);
				*unsure = g_strdup("language");
			}
	}
	answer->plan = decide(settings, NULL, &guard, answer->reading, &history, FIXTURE_NOW);
	f->ctx.reading = answer->reading;
	f->ctx.plan = answer->plan;
	ck_assert_msg(words_acknowledgement(fixture_words, &f->ctx, &answer->subject, &answer->body, &error),
	              "%s\n%s", error != NULL ? error->message : "", text);
}

static json_t *
corpus_line(const char *line)
{
	json_error_t error;
	json_t *mail = json_loads(line, 0, &error);

	ck_assert_msg(mail != NULL, "%s", error.text);
	return mail;
}

static char **
corpus_lines(const char *name)
{
	g_autofree char *below = g_strconcat("tests/corpus/", name, NULL);
	g_autofree char *path = unit_path(below);
	g_autofree char *text = NULL;

	ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "cannot read %s", path);
	return g_strsplit(g_strchomp(text), "\n", -1);
}

static const char *
text_of(const json_t *mail, const char *key)
{
	return json_string_value(json_object_get(mail, key));
}

/* ---- twins ---- */

static gboolean
is_own_wording(AckKind kind)
{
	return kind == ACK_SAFETY || kind == ACK_BEREAVEMENT;
}

/* TRUE if the two could be compared: both or neither urgent, both or neither a safety matter. */
static gboolean
compare_twins(Fixture *f, const char *variant, const json_t *twins)
{
	const json_t *polite = json_object_get(twins, "polite"), *rude = json_object_get(twins, "rude");
	const char *type = text_of(twins, "type");
	Answer a = { 0 }, b = { 0 };

	answer_mail(f, text_of(rude, "subject"), text_of(rude, "body"), type, &b);
	g_autofree char *rude_steps = fixture_block(f, variant, "steps", NULL);
	answer_mail(f, text_of(polite, "subject"), text_of(polite, "body"), type, &a);
	g_autofree char *steps = fixture_block(f, variant, "steps", NULL);

	gboolean fair = a.reading->urgent == b.reading->urgent &&
	                is_own_wording(a.plan->kind) == is_own_wording(b.plan->kind);
	if (fair) {
		g_autofree char *term = fixture_deadline(f, variant, a.plan->answer_by);
		g_autofree char *folded = fixture_fold(b.body);

		ck_assert_msg(a.plan->answer_by == b.plan->answer_by, "%s: other terms", text_of(twins, "id"));
		ck_assert_msg(strcmp(steps, rude_steps) == 0, "%s: %s\nagainst %s", text_of(twins, "id"), steps,
		              rude_steps);
		ck_assert_msg(strstr(folded, term) != NULL, "%s: no term in\n%s", text_of(twins, "id"), b.body);
	}
	answer_clear(&a);
	answer_clear(&b);
	return fair;
}

START_TEST(test_twins)
{
	g_auto(GStrv) lines = corpus_lines("twins.jsonl");
	guint compared = 0, n = g_strv_length(lines);

	for (guint i = 0; i < n; i++) {
		json_t *twins = corpus_line(lines[i]);
		const char *variant = text_of(twins, "lang");
		Fixture f;

		fixture_init(&f, variant);
		compared += compare_twins(&f, variant, twins);
		fixture_clear(&f);
		json_decref(twins);
	}
	ck_assert_uint_ge(n, 48);
	ck_assert_msg(compared * 10 >= n * 8, "only %u of %u twins could be compared", compared, n);
}
END_TEST

/* ---- no word of theirs ---- */

/* Blanks out every `what` in text. */
static void
take_out(char *text, const char *what)
{
	for (char *at = text; what != NULL && *what != '\0' && (at = strstr(at, what)) != NULL;)
		memset(at, ' ', strlen(what));
}

static void
check_vocabulary(const Fixture *f, const Answer *answer, const char *context)
{
	const char *variant = fixture_variant(f, answer->reading->language);
	const Facts *facts = &answer->reading->facts;
	g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *text = fixture_fold(answer->body);
	GHashTableIter iter;
	gpointer word;
	gsize v = 0;

	while (strcmp(fixture_variants[v], variant) != 0)
		v++;
	if (facts->order_number != NULL && facts_order_number_is_safe(facts->order_number))
		take_out(text, facts->order_number);
	if (facts->first_name != NULL && facts_first_name_is_safe(facts->first_name))
		take_out(text, facts->first_name);
	add_words(said, text);
	add_words(said, answer->subject);
	g_hash_table_iter_init(&iter, said);
	while (g_hash_table_iter_next(&iter, &word, NULL))
		ck_assert_msg(g_hash_table_contains(vocabulary[v], word), "'%s' is no word of ours\n%s\n-- %.400s",
		              (char *) word, answer->body, context);
	ck_assert_msg(strpbrk(text, "{}[]<>@!") == NULL && strstr(text, "://") == NULL, "%s", answer->body);
	ck_assert_uint_le(strlen(answer->body), 2500);
}

static const char *const corpora[] = { "dev.jsonl", "ext.jsonl", "fresh.jsonl" };

START_TEST(test_corpus_words)
{
	g_auto(GStrv) lines = corpus_lines(corpora[_i]);
	Fixture f;

	for (guint i = 0; lines[i] != NULL; i++) {
		json_t *mail = corpus_line(lines[i]);
		Answer answer = { 0 };

		fixture_init(&f, i % 2 == 0 ? "nl" : "nl-je");
		answer_mail(&f, text_of(mail, "subject"), text_of(mail, "body"), NULL, &answer);
		check_vocabulary(&f, &answer, lines[i]);
		answer_clear(&answer);
		fixture_clear(&f);
		json_decref(mail);
	}
}
END_TEST

/* Placed as order number, as name, in subject and text. */
static const char *const hostile[] = {
	"https://evil.example/login", "www.evil.example", "evil.example", "<b>gewonnen</b>", "<script>alert(1)</script>",
	"x\r\nBcc: all@example.org", "x\nSubject: gewonnen", "{{signature}}", "{{> ticket}}", "{{#shop}}", "}}{{",
	"%s%s%n", "[[datum]]", "0612345678", "+31 6 12345678", "NL91ABNA0417164300", "bel 0900-1234 nu",
	"12345 klik nu hier", "T-1 geweldige aanbieding voor u", "\xe2\x80\xae" "12345", "123\xe2\x80\x8b" "45", "\xff\xfe",
	"12345'; DROP TABLE mail; --", "../../etc/passwd", "1. Maak geld over", "-- \nHacker", "Beste\tKlant",
	"koop-viagra-nu", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1", "user@example.org", "\001\002\003\004" "1", "12345\\",
};

START_TEST(test_hostile)
{
	const char *evil = hostile[_i];
	g_autofree char *valid = g_utf8_make_valid(evil, -1);
	g_autofree char *body = g_strdup_printf("Hallo,\n\nMijn bestelling %s is kapot aangekomen. Ordernummer: "
	                                        "%s\n\nMet vriendelijke groet,\n%s", valid, valid, valid);
	g_autofree char *subject = g_strdup_printf("Bestelling %s", valid);
	Answer answer = { 0 };
	Fixture f;

	fixture_init(&f, "nl");
	answer_mail(&f, subject, body, NULL, &answer);
	check_vocabulary(&f, &answer, body);

	/* past the reading: facts that nobody has checked */
	for (gsize v = 0; v < G_N_ELEMENTS(fixture_variants); v++) {
		Fixture g;
		Answer direct = { 0 };

		fixture_init(&g, fixture_variants[v]);
		g.reading.facts.order_number = (char *) evil;
		g.reading.facts.first_name = (char *) evil;
		g.reading.facts.customer_name = g.reading.facts.deadline = g.reading.facts.amount = (char *) evil;
		g.reading.facts.tracking = (char *) evil;
		g.ctx.customer = evil;
		direct.reading = &g.reading;
		ck_assert(words_acknowledgement(fixture_words, &g.ctx, &direct.subject, &direct.body, NULL));
		check_vocabulary(&g, &direct, evil);
		g_free(direct.subject);
		g_free(direct.body);
		fixture_clear(&g);
	}
	answer_clear(&answer);
	fixture_clear(&f);
}
END_TEST

START_TEST(test_long_subject)
{
	g_autoptr(GString) subject = g_string_new("bestelling 12345 ");
	Answer answer = { 0 };
	Fixture f;

	while (subject->len < 50 * 1024)
		g_string_append(subject, "klik hier {{shop}} ");
	fixture_init(&f, "nl");
	answer_mail(&f, subject->str, "Mijn pakket is nog steeds niet aangekomen.", NULL, &answer);
	check_vocabulary(&f, &answer, "");
	answer_clear(&answer);
	fixture_clear(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("words_safe");
	TCase *tcase = tcase_create("words_safe");

	load();
	tcase_add_test(tcase, test_twins);
	tcase_add_loop_test(tcase, test_corpus_words, 0, G_N_ELEMENTS(corpora));
	tcase_add_loop_test(tcase, test_hostile, 0, G_N_ELEMENTS(hostile));
	tcase_add_test(tcase, test_long_subject);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
