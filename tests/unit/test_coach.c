/* test_coach.c - the coach against labelled sentences and replies, and what it does with lines,
 * quotes, tones and automatic text. */
#include "config.h"

#include <jansson.h>
#include <string.h>

#include "coach_fixture.h"

static Rules *rules;

static guint
count_kind(const CoachReport *report, const char *kind)
{
	guint n = 0;

	for (guint i = 0; i < report->remarks->len; i++)
		n += strcmp(g_array_index(report->remarks, CoachRemark, i).kind, kind) == 0;
	return n;
}

/* ---- labelled sentences and replies ---- */

typedef void (*Line)(const json_t *object, void *data);

static void
each_line(const char *below, Line line, void *data)
{
	g_autofree char *path = unit_path(below);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert_msg(g_file_get_contents(path, &text, NULL, &error), "%s", error ? error->message : path);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (gsize i = 0; lines[i] != NULL; i++) {
		if (*lines[i] == '\0')
			continue;
		json_t *object = json_loads(lines[i], 0, NULL);
		ck_assert_msg(object != NULL, "%s:%zu", below, i + 1);
		line(object, data);
		json_decref(object);
	}
}

static const char *
string_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

typedef struct {
	const char *language;
	guint both, false_alarms, missed;
} Sentences;

static void
judge_sentence(const json_t *object, void *data)
{
	Sentences *s = data;
	gboolean bad = json_array_size(json_object_get(object, "kinds")) > 0;
	g_autoptr(CoachReport) report = coach_check(rules, string_of(object, "text"), s->language, NULL,
	                                            FALSE, FALSE);
	gboolean flagged = report->remarks->len > 0;

	s->both += bad && flagged;
	s->false_alarms += !bad && flagged;
	s->missed += bad && !flagged;
}

/* The blind, the unseen and the last ones were written after the rules stood, by people who had not
 * seen them: no rule is ever written by one of them, and a failure here names none. All are held to
 * the aim itself; the last were measured when nothing was left to choose. */
static const struct {
	const char *language, *name, *files[3];
	double precision, recall;
} sentences[] = {
	{ "nl", "development", { "tests/corpus/coach-nl.jsonl" }, 0.95, 0.80 },
	{ "en", "development", { "tests/corpus/coach-en.jsonl" }, 0.95, 0.80 },
	{ "nl", "more", { "tests/corpus/coach-more-nl.jsonl" }, 0.97, 0.93 },
	{ "en", "more", { "tests/corpus/coach-more-en.jsonl" }, 0.97, 0.93 },
	{ "nl", "blind", { "tests/corpus/coach-blind-nl.jsonl", "tests/corpus/coach-unseen-nl.jsonl" }, 0.95, 0.80 },
	{ "en", "blind", { "tests/corpus/coach-blind-en.jsonl", "tests/corpus/coach-unseen-en.jsonl" }, 0.95, 0.80 },
	{ "nl", "last", { "tests/corpus/coach-last-nl.jsonl" }, 0.95, 0.80 },
	{ "en", "last", { "tests/corpus/coach-last-en.jsonl" }, 0.95, 0.80 },
};

START_TEST(test_sentences)
{
	Sentences s = { .language = sentences[_i].language };

	for (const char *const *file = sentences[_i].files; *file != NULL; file++)
		each_line(*file, judge_sentence, &s);
	ck_assert_uint_ge(s.both + s.missed, 90);
	double precision = (double) s.both / (s.both + s.false_alarms);
	double recall = (double) s.both / (s.both + s.missed);
	ck_assert_msg(precision >= sentences[_i].precision, "%s %s: precision %.3f, %u false alarms",
	              s.language, sentences[_i].name, precision, s.false_alarms);
	ck_assert_msg(recall >= sentences[_i].recall, "%s %s: recall %.3f, %u missed",
	              s.language, sentences[_i].name, recall, s.missed);
}
END_TEST

static const struct {
	const char *below;
	guint bad, found, good_low;   /* at least, at least, at most */
} reply_sets[] = {
	{ "tests/corpus/coach-replies.jsonl", 12, 10, 0 },
	{ "tests/corpus/coach-blind-replies.jsonl", 20, 18, 1 },
};

typedef struct {
	guint bad, found, good_low;
} Replies;

static void
judge_reply(const json_t *object, void *data)
{
	Replies *replies = data;
	g_autoptr(CoachReport) report = coach_check(rules, string_of(object, "text"),
	                                            string_of(object, "lang"), NULL, FALSE, TRUE);

	if (json_is_true(json_object_get(object, "good"))) {
		replies->good_low += report->score < 70;
		return;
	}
	replies->bad++;
	replies->found += report->remarks->len > 0;
}

START_TEST(test_replies)
{
	Replies replies = { 0 };

	each_line(reply_sets[_i].below, judge_reply, &replies);
	ck_assert_uint_ge(replies.bad, reply_sets[_i].bad);
	ck_assert_msg(replies.found >= reply_sets[_i].found, "%s: %u of %u bad replies",
	              reply_sets[_i].below, replies.found, replies.bad);
	ck_assert_msg(replies.good_low <= reply_sets[_i].good_low, "%s: %u good replies score low",
	              reply_sets[_i].below, replies.good_low);
}
END_TEST

/* ---- every kind, in both languages ---- */

static const struct {
	const char *language, *kind, *text;
} kinds[] = {
	{ "nl", "defensive", "Daar kunnen wij helaas niets aan doen." },
	{ "nl", "blaming", "U had de handleiding beter moeten lezen." },
	{ "nl", "sarcastic", "Sommige mensen zijn ook nooit tevreden." },
	{ "nl", "verdict", "Wij achten uw klacht ongegrond." },
	{ "nl", "liable", "Wij zijn aansprakelijk voor de schade." },
	{ "nl", "promising", "Ik garandeer u dat het morgen binnen is." },
	{ "nl", "terms-first", "Volgens onze algemene voorwaarden kan dit niet." },
	{ "nl", "unclear", "Er zal een onderzoek worden ingesteld." },
	{ "nl", "jolly", "Oepsie, foutje bedankt." },
	{ "en", "defensive", "There is nothing we can do about that." },
	{ "en", "blaming", "You only have yourself to blame." },
	{ "en", "sarcastic", "What did you expect for that price?" },
	{ "en", "verdict", "Your complaint is unfounded." },
	{ "en", "liable", "We accept full liability for the damage." },
	{ "en", "promising", "I guarantee it will be there tomorrow." },
	{ "en", "terms-first", "According to our terms and conditions this is not possible." },
	{ "en", "unclear", "You will be informed in due course." },
	{ "en", "jolly", "Our parcel elves are on it." },
};

START_TEST(test_kinds)
{
	g_autoptr(CoachReport) report = coach_check(rules, kinds[_i].text, kinds[_i].language, NULL,
	                                            FALSE, FALSE);

	ck_assert_msg(count_kind(report, kinds[_i].kind) > 0, "%s: %s", kinds[_i].kind, kinds[_i].text);
	ck_assert_uint_lt(report->score, 100);
	for (guint i = 0; i < report->remarks->len; i++) {
		const CoachRemark *remark = &g_array_index(report->remarks, CoachRemark, i);

		ck_assert_msg(remark->advice != NULL && *remark->advice != '\0', "%s", kinds[_i].text);
	}
}
END_TEST

/* ---- lines, quotes, tones ---- */

START_TEST(test_lines)
{
	static const char draft[] = "Beste Karin,\n\nDank voor uw bericht.\nDat is uw eigen schuld.\n"
	                            "Ik kijk het vandaag na.\n\nIk garandeer u dat het lukt.\n";
	g_autoptr(CoachReport) report = coach_check(rules, draft, "nl", NULL, FALSE, FALSE);

	ck_assert_uint_eq(report->remarks->len, 2);
	const CoachRemark *first = &g_array_index(report->remarks, CoachRemark, 0);
	const CoachRemark *second = &g_array_index(report->remarks, CoachRemark, 1);
	ck_assert_uint_eq(first->line, 4);
	ck_assert_str_eq(first->kind, "blaming");
	ck_assert_msg(strstr(first->text, "eigen schuld") != NULL, "%s", first->text);
	ck_assert_uint_eq(second->line, 7);
	ck_assert_str_eq(second->kind, "promising");
}
END_TEST

/* What the customer wrote is not the writer's. */
START_TEST(test_quoted)
{
	static const char draft[] = "Dank voor uw bericht.\n\n> Dit is uw eigen schuld!! Belachelijk!!\n"
	                            "> Lezen is ook een kunst.\n";
	g_autoptr(CoachReport) report = coach_check(rules, draft, "nl", NULL, FALSE, FALSE);

	ck_assert_uint_eq(report->remarks->len, 0);
	ck_assert_uint_eq(report->score, 100);
}
END_TEST

static const struct {
	const char *tone;
	gboolean jolly;
} tones[] = {
	{ NULL, TRUE }, { "angry", TRUE }, { "disappointed", TRUE }, { "frustrated", TRUE },
	{ "threatening", TRUE }, { "friendly", FALSE }, { "neutral", FALSE },
};

START_TEST(test_tone)
{
	g_autoptr(CoachReport) report = coach_check(rules, "Joepie, hij komt eraan.", "nl", tones[_i].tone,
	                                            FALSE, FALSE);

	ck_assert_uint_eq(count_kind(report, "jolly") > 0, tones[_i].jolly);
}
END_TEST

START_TEST(test_language)
{
	g_autoptr(CoachReport) dutch = coach_check(rules, "Beste Karin, dank u wel voor uw bericht. Dat het pakket "
	                                           "te laat kwam is uw eigen schuld.", NULL, NULL, FALSE, FALSE);
	g_autoptr(CoachReport) english = coach_check(rules, "Dear Karen, thank you for your message. It is your own "
	                                             "fault that the parcel was late.", NULL, NULL, FALSE, FALSE);

	ck_assert_str_eq(dutch->language, "nl");
	ck_assert_uint_eq(count_kind(dutch, "blaming"), 1);
	ck_assert_str_eq(english->language, "en");
	ck_assert_uint_ge(count_kind(english, "blaming"), 1);
}
END_TEST

/* ---- text that leaves by itself ---- */

static const struct {
	const char *kind, *nl, *en;
} automatic[] = {
	{ "promise", "U krijgt van ons uw geld terug.", "You will get your money back from us." },
	{ "refusal", "Wij kunnen dit niet vergoeden.", "We cannot refund this." },
	{ "demand", "Wij verzoeken u de factuur te betalen.", "Please pay the invoice." },
	{ "terms", "Onze voorwaarden gelden.", "Our terms apply." },
	{ "dead-link", "Zie https://ec.europa.eu/consumers/odr voor geschillen.",
	  "See https://ec.europa.eu/consumers/odr for disputes." },
};

START_TEST(test_automatic)
{
	const char *texts[] = { automatic[_i].nl, automatic[_i].en };
	const char *languages[] = { "nl", "en" };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(CoachReport) by_itself = coach_check(rules, texts[i], languages[i], NULL, TRUE, FALSE);
		g_autoptr(CoachReport) by_hand = coach_check(rules, texts[i], languages[i], NULL, FALSE, FALSE);

		ck_assert_msg(count_kind(by_itself, automatic[_i].kind) > 0, "%s: %s", automatic[_i].kind, texts[i]);
		ck_assert_uint_eq(count_kind(by_hand, automatic[_i].kind), 0);
	}
}
END_TEST

/* ---- what no phrase can tell ---- */

START_TEST(test_long_sentence)
{
	GString *text = g_string_new("Ik");

	for (guint i = 0; i < 40; i++)
		g_string_append(text, " kijk");
	g_string_append(text, ".");
	g_autofree char *draft = g_string_free(text, FALSE);
	g_autoptr(CoachReport) report = coach_check(rules, draft, "nl", NULL, FALSE, FALSE);
	g_autoptr(CoachReport) listed = coach_check(rules, "1. Ik kijk het na.\n2. Ik bel u.\n", "nl", NULL, FALSE,
	                                            FALSE);

	ck_assert_uint_eq(count_kind(report, "unclear"), 1);
	ck_assert_uint_eq(listed->remarks->len, 0);
}
END_TEST

START_TEST(test_cold)
{
	g_autoptr(CoachReport) cold = coach_check(rules, "Het pakket is verstuurd.", "nl", NULL, FALSE, TRUE);
	g_autoptr(CoachReport) part = coach_check(rules, "Het pakket is verstuurd.", "nl", NULL, FALSE, FALSE);
	g_autoptr(CoachReport) warm = coach_check(rules, "Dank u wel voor uw bericht. Wat vervelend dat de vaas stuk "
	                                          "is. Ik stuur u vrijdag een nieuwe.", "nl", NULL, FALSE, TRUE);

	ck_assert_uint_eq(count_kind(cold, "cold"), 1);
	ck_assert_uint_eq(count_kind(part, "cold"), 0);
	ck_assert_uint_eq(warm->remarks->len, 0);
}
END_TEST

START_TEST(test_questions)
{
	g_autoptr(CoachReport) one =
	    coach_check(rules, "Heeft u een foto?", "nl", NULL, FALSE, TRUE);
	g_autoptr(CoachReport) two =
	    coach_check(rules, "Is de vaas heel? Heeft u een foto?", "nl", NULL, FALSE, TRUE);

	ck_assert_uint_eq(count_kind(one, "unclear"), 0);
	ck_assert_uint_eq(count_kind(two, "unclear"), 1);
}
END_TEST

START_TEST(test_empty)
{
	g_autoptr(CoachReport) report = coach_check(rules, "", "en", NULL, TRUE, FALSE);

	ck_assert_uint_eq(report->remarks->len, 0);
	ck_assert_uint_eq(report->score, 100);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("coach");
	TCase *corpus = tcase_create("labelled"), *rest = tcase_create("behaviour");

	rules = load_rules();
	tcase_add_loop_test(corpus, test_sentences, 0, G_N_ELEMENTS(sentences));
	tcase_add_loop_test(corpus, test_replies, 0, G_N_ELEMENTS(reply_sets));
	suite_add_tcase(suite, corpus);
	tcase_add_loop_test(rest, test_kinds, 0, G_N_ELEMENTS(kinds));
	tcase_add_test(rest, test_lines);
	tcase_add_test(rest, test_quoted);
	tcase_add_loop_test(rest, test_tone, 0, G_N_ELEMENTS(tones));
	tcase_add_test(rest, test_language);
	tcase_add_loop_test(rest, test_automatic, 0, G_N_ELEMENTS(automatic));
	tcase_add_test(rest, test_long_sentence);
	tcase_add_test(rest, test_cold);
	tcase_add_test(rest, test_questions);
	tcase_add_test(rest, test_empty);
	suite_add_tcase(suite, rest);
	int code = unit_run(suite);
	rules_free(rules);
	return code;
}
