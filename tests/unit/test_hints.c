/* test_hints.c - files of hints: what is read, what counts, and that a rule's word weighs more. */
#include "config.h"

#include "classify/hints.h"
#include "rules_fixture.h"

static const struct {
	const char *text, *error;
} errors[] = {
	{ "kapot = damaged 1\n", "a.hints:1: error: no section yet" },
	{ "[type]\n\nkapot damaged 1\n", "a.hints:3: error: a hint is written" },
	{ "[type\n", "a section is written [type]" },
	{ "[tpye]\nkapot = damaged 1\n", "no space \"tpye\" (did you mean \"type\"?)" },
	{ "[type]\nkapot = damged 1\n", "no label \"damged\" (did you mean \"damaged\"?)" },
	{ "[type]\nkapot = damaged\n", "is not a label and its points" },
	{ "[type]\nkapot = damaged x\n", "\"x\" is no number between -20 and 20" },
	{ "[type]\nkapot = damaged nan\n", "is no number between" },
	{ "[type]\nkapot = damaged 21\n", "is no number between" },
	{ "[type]\nkapot = damaged 99999999999999999999\n", "is no number between" },
	{ "[type]\nkapot = damaged 1.2.3\n", "is no number between" },
	{ "[type]\nkapot = damaged -\n", "is no number between" },
	{ "[type]\nzo goed als = damaged 1\n", "one word or two (for more, write a rule)" },
	{ "[type]\n- = damaged 1\n", "one word or two" },
	{ "[type]\nkap* = damaged 1\n", "a beginning has five letters" },
	{ "[type]\nkapot = damaged 1\nKapot = praise 1\n", "a.hints:3: error: hint \"Kapot\" stands in" },
};

START_TEST(test_error)
{
	pack_refuses("nl/a.hints", errors[_i].text, errors[_i].error);
}
END_TEST

static double
hints_for(const EngineResult *result, const char *space, const char *label)
{
	const SpaceResult *r = engine_space(result, space);

	for (guint i = 0; i < r->n_scores; i++)
		if (strcmp(r->scores[i].label, label) == 0)
			return r->scores[i].hints;
	return 0;
}

/* What a text comes to for "damaged" with these hints. */
static const struct {
	const char *hint, *subject, *body, *language;
	double points;
} counted[] = {
	{ "kapot = damaged 1.25", "", "Hij is kapot.", "nl", 1.25 },
	{ "kapot = damaged 1.25", "Kapot", "", "nl", 1.25 },
	{ "kapot = damaged 1.25", "KAPOT", "Kapot en nog eens kapot", "nl", 1.25 },
	{ "kapot = damaged 1.25", "", "Hij is kapotgevallen.", "nl", 0 },
	{ "geblutst = damaged 1", "", "geblutst", "en", 0 },
	{ "geblutst = damaged 1", "", "geblutst", NULL, 0 },
	{ "gebro* = damaged 1", "", "gebroken", "nl", 1 },
	{ "gebro* = damaged 1", "", "gebro", "nl", 0 },
	{ "niet heel = damaged 1", "", "niet heel", "nl", 1 },
	{ "niet heel = damaged 1", "", "Zo niet. Heel jammer.", "nl", 0 },
	{ "niet heel = damaged 1", "niet", "heel", "nl", 0 },
	{ "niet heel = damaged 1", "", "niet erg heel", "nl", 0 },
	{ "niet heel = damaged 1", "Niet heel", "Niet heel, echt niet heel.", "nl", 1 },
	{ "gecrepeerd = damaged 1", "", "gecrepéérd", "nl", 1 },
	{ "gecrepéérd = damaged 1", "", "gecrepeerd", "nl", 1 },
	{ "bestelling 0 = damaged 1", "", "bestelling 48.123", "nl", 1 },
	{ "? = damaged 1", "", "Hoezo?", "nl", 1 },
	{ "? = damaged 1", "", "Hoezo.", "nl", 0 },
	{ "!! = damaged 1", "", "Nee! Nee!", "nl", 0 },
	{ "!! = damaged 1", "", "Nee! Nee! Nee!", "nl", 1 },
	{ "* = damaged 1", "", "x", "nl", 1 },
	{ "kapot = damaged 7", "", "kapot", "nl", 7 },
	{ "kapot = damaged 12.5", "", "kapot", "nl", 12.5 },
	{ "kapot = damaged 0.256", "", "kapot", "nl", 0.26 },
	{ "kapot = damaged 1e1", "", "kapot", "nl", 10 },
	{ "kapot = damaged 3, damaged -0.75", "", "kapot", "nl", 2.25 },
	{ "# kapot = damaged 1", "", "kapot", "nl", 0 },
};

START_TEST(test_counted)
{
	Pack pack = pack_new();
	g_autofree char *text = g_strdup_printf("[type]\n%s\n", counted[_i].hint);

	pack_write(&pack, "nl/a.hints", text);
	g_autoptr(Rules) rules = pack_load(&pack, NULL);
	g_autoptr(EngineResult) result =
	    pack_run(rules, counted[_i].subject, counted[_i].body, counted[_i].language);
	ck_assert_double_eq_tol(hints_for(result, "type", "damaged"), counted[_i].points, 1e-9);
	pack_free(&pack);
}
END_TEST

/* A file of nothing but hints is no pack: reading ends with one error. */
START_TEST(test_too_many)
{
	Pack pack = pack_new();
	const char *const dirs[] = { pack.dir, NULL };
	g_autoptr(GString) text = g_string_new("[type]\n");
	g_autoptr(Diagnostics) diag = diagnostics_new();

	for (guint i = 0; i < 200100; i++)
		g_string_append_printf(text, "%c%c%c%c = damaged 1\n", 'a' + i / 17576, 'a' + i / 676 % 26,
		                       'a' + i / 26 % 26, 'a' + i % 26);
	pack_write(&pack, "nl/a.hints", text->str);
	g_autoptr(Rules) rules = rules_load(dirs, diag);
	ck_assert_ptr_null(rules);
	ck_assert_uint_eq(diagnostics_errors(diag), 1);
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 0), "more than 200000 hints"));
	pack_free(&pack);
}
END_TEST

/* What every file can say, hint_text() says of the mail in the same words. */
START_TEST(test_text_and_key)
{
	static const char *const written[] = { "kapot", "gebro*", "niet heel", "0", "bestelling 0", "?",
		                               "!",     "!!",     "*" };

	for (guint i = 0; i < G_N_ELEMENTS(written); i++) {
		const char *fault;
		guint64 key;

		ck_assert(hint_key(written[i], &key, &fault));
		HintPlace sign = { key, IN_BODY, 0, 0 };
		g_autoptr(Tokens) empty = tokens_new("", 0);
		g_autoptr(Tokens) body = tokens_new("kapot gebroken niet heel bestelling 12", -1);
		guint32 first = strcmp(written[i], "gebro*") == 0       ? 1
		                : strcmp(written[i], "niet heel") == 0  ? 2
		                : strcmp(written[i], "bestelling 0") == 0 ? 4
		                : strcmp(written[i], "0") == 0          ? 5
		                                                        : 0;
		HintPlace word = { key, IN_BODY, first,
			           first + (strchr(written[i], ' ') != NULL ? 2 : 1) };
		gboolean is_sign = strchr("?!*", written[i][0]) != NULL;
		g_autofree char *text = hint_text(empty, body, is_sign ? &sign : &word);

		ck_assert_str_eq(text, written[i]);
	}
}
END_TEST

/* A later pack has the last word on a word; other words stay. */
START_TEST(test_later_pack)
{
	Pack pack = pack_new(), own = pack_new();
	const char *const dirs[] = { pack.dir, own.dir, NULL };
	g_autoptr(Diagnostics) diag = diagnostics_new();

	pack_write(&pack, "nl/a.hints", "[type]\nkapot = damaged 2\nstuk = damaged 2\n");
	pack_write(&own, "nl/b.hints", "[type]\nkapot = praise 3\n");
	g_autoptr(Rules) rules = rules_load(dirs, diag);
	ck_assert_ptr_nonnull(rules);
	g_autoptr(EngineResult) result = pack_run(rules, "", "kapot en stuk", "nl");
	ck_assert_double_eq_tol(hints_for(result, "type", "praise"), 3, 1e-9);
	ck_assert_double_eq_tol(hints_for(result, "type", "damaged"), 2, 1e-9);
	pack_free(&pack);
	pack_free(&own);
}
END_TEST

#define TWO_RULES \
	"rules: ( { id = \"back\"; says = [\"geld terug\"]; points = { type = { return-refund = 3; }; }; },\n" \
	"{ id = \"broken\"; says = [\"kapot\"]; points = { type = { damaged = 2; }; }; },\n" \
	"{ id = \"furious\"; says = [\"woest\"]; points = { tone = { angry = 2; }; }; } );"

/* Hints neither make a label give way nor are they cut when theirs does. */
START_TEST(test_after_yields)
{
	Pack pack = pack_new();

	pack_write(&pack, "nl/a.conf", TWO_RULES);
	pack_write(&pack, "nl/a.hints", "[type]\nvaas = damaged 5\ngeld = return-refund 1\n");
	g_autoptr(Rules) rules = pack_load(&pack, NULL);
	g_autoptr(EngineResult) calm = pack_run(rules, "", "De vaas: geld terug.", "nl");
	const SpaceResult *type = engine_space(calm, "type");

	ck_assert_str_eq(type->winner, "damaged");
	ck_assert_double_eq_tol(type->scores[1].points, 4, 1e-9); /* 3 whole, and 1 */
	ck_assert(engine_holds(calm, "flag", "complaint"));

	g_autoptr(EngineResult) broken = pack_run(rules, "", "Hij is kapot, geld terug.", "nl");
	type = engine_space(broken, "type");
	ck_assert_str_eq(type->runner_up, "damaged");
	ck_assert_double_eq_tol(type->scores[0].points, 3 * 0.4 + 1, 1e-9);
	pack_free(&pack);
}
END_TEST

/* Hints alone lift no label to its rank, and one far ahead keeps it from it. */
START_TEST(test_rank)
{
	static const char labels[] =
	    "spaces: ( { name = \"tone\"; default = \"neutral\"; rank_within = 2.0;\n"
	    "labels: ( { name = \"neutral\"; }, { name = \"friendly\"; },\n"
	    "{ name = \"angry\"; rank = 1; at = 1.5; } ); } );";
	static const struct {
		const char *text, *tone;
	} rows[] = {
		{ "woest", "angry" },
		{ "woest haha", "angry" },             /* 2 against 3 */
		{ "woest haha hihi", "friendly" },     /* 2 against 6 */
		{ "grr", "angry" },                    /* the most points, without rank */
		{ "grr haha hihi", "friendly" },       /* 5 of hints against 6 */
		{ "x", "neutral" },
	};
	Pack pack = pack_new();

	pack_write(&pack, "labels.conf", labels);
	pack_write(&pack, "nl/a.conf", "rules: ( { id = \"furious\"; says = [\"woest\"]; "
	                               "points = { tone = { angry = 2; }; }; } );");
	pack_write(&pack, "nl/a.hints", "[tone]\nhaha = friendly 3\nhihi = friendly 3\ngrr = angry 5\n");
	g_autoptr(Rules) rules = pack_load(&pack, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(EngineResult) result = pack_run(rules, "", rows[i].text, "nl");

		ck_assert_msg(strcmp(engine_space(result, "tone")->winner, rows[i].tone) == 0,
		              "%s: %s", rows[i].text, engine_space(result, "tone")->winner);
	}
	pack_free(&pack);
}
END_TEST

/* explain shows what they came to, at the place of the strongest. */
START_TEST(test_evidence)
{
	Pack pack = pack_new();
	gboolean found = FALSE;

	pack_write(&pack, "nl/a.hints", "[type]\nkapot = damaged 1\nscherven = damaged 2\n");
	g_autoptr(Rules) rules = pack_load(&pack, NULL);
	g_autoptr(EngineResult) result = pack_run(rules, "kapot", "Niets dan scherven", "nl");

	for (guint i = 0; i < result->points->len; i++) {
		const MatchPoints *points = &g_array_index(result->points, MatchPoints, i);

		if (strcmp(points->rule, "hints") != 0)
			continue;
		const Match *match = &g_array_index(result->matches, Match, points->match);
		found = TRUE;
		ck_assert_str_eq(points->label, "damaged");
		ck_assert_double_eq_tol(points->points, 3, 1e-9);
		ck_assert_int_eq(match->where, IN_BODY);
		ck_assert_uint_eq(match->start, 10);
		ck_assert_uint_eq(match->stop, 18);
		ck_assert_str_eq(engine_rule_id(rules, match->rule), "hints");
	}
	ck_assert(found);
	pack_free(&pack);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hints");
	TCase *tcase = tcase_create("hints");

	tcase_add_loop_test(tcase, test_error, 0, G_N_ELEMENTS(errors));
	tcase_add_loop_test(tcase, test_counted, 0, G_N_ELEMENTS(counted));
	tcase_add_test(tcase, test_too_many);
	tcase_add_test(tcase, test_text_and_key);
	tcase_add_test(tcase, test_later_pack);
	tcase_add_test(tcase, test_after_yields);
	tcase_add_test(tcase, test_rank);
	tcase_add_test(tcase, test_evidence);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
