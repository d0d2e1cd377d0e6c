/* test_needles.c - what a regex needs is read right, and no text that it matches is ruled out. */
#include "config.h"

#include <string.h>

#include "classify/needles.h"
#include "unit.h"

static const struct {
	const char *pattern, *needles; /* | for a new line; NULL: none known */
} cases[] = {
	{ "kapot", "kapot" },
	{ "(?i)\\bKapot\\b", "kapot" },
	{ "a?b*cd+e", "cd" },
	{ "(kreeg|gekregen) ik", "kreeg|gekregen" },
	{ "(eerst|).{3,9}daarna", "daarna" },
	{ "x{0,3}yy|zz", "yy|zz" },
	{ "[a-z0-9][\"')]?(!!|\\?\\?|\\?!|!\\?)", "!!|??|?!|!?" },
	{ "(?=weg)(?!zoek)daar", "daar" },
	{ "(?:ab|cd){2}[.!?]", "ab|cd" },
	{ "caf\xc3\xa9", "caf" },
	{ "\\d{4}-\\d\\d", "-" },
	{ "(\\w+) \\1", NULL },
	{ "[^a]b?", NULL },
	{ "a\\x{62}c", NULL },
	{ "(?x) a b", NULL },
	{ "(?i:geheel) of", "geheel" },
	{ "\\Qa.b\\E", NULL },
	{ "(*UCP)abc", NULL },
	{ "[[:alpha:]]bcd", NULL },
	{ "(?<naam>jansen)", NULL },
	{ "kapot{0}", "kapo" },
	{ "(kapot){0,1}", NULL },
};

START_TEST(needles_of_patterns)
{
	g_autofree char *found = needles_of(cases[_i].pattern);

	for (char *p = found; p != NULL && *p != '\0'; p++)
		if (*p == '\n')
			*p = '|';
	ck_assert_pstr_eq(found, cases[_i].needles);
}
END_TEST

static gboolean
may_have(const char *text, const char *needles)
{
	g_autofree TextPairs *pairs = g_new0(TextPairs, 1);

	text_pairs_note(pairs, text, strlen(text));
	return text_pairs_may_have(pairs, needles);
}

START_TEST(texts_with_and_without)
{
	ck_assert(may_have("Het is KAPOT", "heel\nkapot"));
	ck_assert(!may_have("Het is stuk", "heel\nkapot"));
	ck_assert(!may_have("", "a"));
	ck_assert(may_have("a", "a"));
	ck_assert(!may_have("Wat!? Nee", "!!\n??"));
	/* A regex without case takes these for s and k. */
	ck_assert(may_have("\xc5\xbftuk", "stuk"));
	ck_assert(may_have("\xe2\x84\xaa" "apot", "kapot"));
}
END_TEST

/* What matches is never ruled out: patterns against texts of their own letters. */
START_TEST(nothing_that_matches_is_ruled_out)
{
	static const char letters[] = "abAB .!?1\n";
	static const char *const patterns[] = {
		"a+b", "(ab|b.a)!", "[.!]b?a{2}", "(a|(?:b1|!)+)\\?", "^b[ab]{1,2} (a|b)$",
		"(a)(b)?\\1", "a(?!b)[ab]*1", "b??a*+!", "((a|b) ){2}",
	};
	g_autoptr(GRand) rand = g_rand_new_with_seed(3);
	guint matched = 0;

	for (guint n = 0; n < 20000; n++) {
		const char *pattern = patterns[n % G_N_ELEMENTS(patterns)];
		g_autofree char *needles = needles_of(pattern);
		char text[16] = "";
		guint len = g_rand_int_range(rand, 0, sizeof text);

		for (guint i = 0; i < len; i++)
			text[i] = letters[g_rand_int_range(rand, 0, strlen(letters))];
		if (!g_regex_match_simple(pattern, text, G_REGEX_CASELESS | G_REGEX_MULTILINE, 0))
			continue;
		matched++;
		ck_assert_msg(needles == NULL || may_have(text, needles), "%s: '%s'", pattern, text);
	}
	ck_assert_uint_gt(matched, 1000);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("needles");
	TCase *needles = tcase_create("needles");

	tcase_add_loop_test(needles, needles_of_patterns, 0, G_N_ELEMENTS(cases));
	tcase_add_test(needles, texts_with_and_without);
	tcase_add_test(needles, nothing_that_matches_is_ruled_out);
	suite_add_tcase(suite, needles);
	return unit_run(suite);
}
