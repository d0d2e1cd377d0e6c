/* test_tokens.c - mail as words and sentences: places, apostrophes, faces, full stops. */
#include "config.h"

#include <string.h>

#include "classify/tokens.h"
#include "unit.h"

/* Words with blanks between, sentences with " / " and how they end. */
static char *
cut(const Tokens *tokens)
{
	GString *out = g_string_new(NULL);

	for (guint s = 0; s < tokens->n_sentences; s++) {
		const Sentence *sentence = &tokens->sentences[s];

		if (s > 0)
			g_string_append(out, " / ");
		for (guint i = sentence->first; i < sentence->end; i++)
			g_string_append_printf(out, "%s%s", i > sentence->first ? " " : "",
			                       token_fold(tokens, i));
		if (sentence->mark != '\0')
			g_string_append_c(out, sentence->mark);
	}
	return g_string_free(out, FALSE);
}

static const struct {
	const char *text, *words;
} cuts[] = {
	{ "", "" },
	{ "Waar blijft mijn pakje?", "waar blijft mijn pakje?" },
	{ "Kapot. Ik wil geld terug!", "kapot. / ik wil geld terug!" },
	{ "kapot.Ik wil", "kapot. / ik wil" },
	{ "via bol.com besteld", "via bol com besteld" },
	{ "Foto's, m'n zusje, zo'n doos", "foto's m'n zusje zo'n doos" },
	{ "foto\xe2\x80\x99s don\xc2\xb4t", "foto's don't" },
	{ "L'article n'est pas arriv\xc3\xa9", "l article n est pas arriv\xc3\xa9" },
	{ "Aujourd'hui qu'il", "aujourd'hui qu il" },
	{ "e-mail en/of bezorg-service", "e mail en of bezorg service" },
	{ "1.249,95 en 12,50.", "1.249,95 en 12,50." },
	{ "\xe2\x82\xac""49,95 of 10 \xe2\x82\xac", "\xe2\x82\xac 49,95 of 10 \xe2\x82\xac" },
	{ "om 12:30 uur", "om 12 30 uur" },
	{ "a.u.b. even kijken", "a u b even kijken" },
	{ "order nr. 12345", "order nr 12345" },
	{ "Am 12. Mai kam nichts", "am 12 mai kam nichts" },
	{ "bestelling 12345. Graag", "bestelling 12345. / graag" },
	{ "steeds... niets", "steeds niets" },
	{ "steeds... Niets", "steeds. / niets" },
	{ "jammer :-( echt >:( :))", "jammer :( echt >:( :)" },
	{ "Kapot. :( Jammer", "kapot :(. / jammer" },
	{ "maat:S http://x.nl/a", "maat s http x nl a" },
	{ "\xf0\x9f\x98\xa1\xf0\x9f\x98\xa1 boos", "\xf0\x9f\x98\xa1 \xf0\x9f\x98\xa1 boos" },
	{ "\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4" },
	{ "cafe\xcc\x81 so\xc2\xad""ft", "caf\xc3\xa9 soft" },
	{ "\xc3\x89T\xc3\x89 STRASSE", "\xc3\xa9t\xc3\xa9 strasse" },
	{ "Beste winkel,\nIk heb", "beste winkel / ik heb" },
	{ "een lange regel van meer dan zes,\nen verder", "een lange regel van meer dan zes en verder" },
	{ "een\ntwee\n\ndrie", "een twee / drie" },
	{ "lijst:\n- vaas\n- bord", "lijst: / vaas / bord" },
	{ "1) vaas\n2) bord", "1 vaas / 2 bord" },
	{ "wat?! Ik", "wat? / ik" },
	{ "shop.nl/x?id=5", "shop nl x id 5" },
	{ "niet\xff" "geldig", "niet geldig" },
	{ "\xe2\x81\x85 vreemd", "vreemd" },
};

START_TEST(test_cut)
{
	g_autoptr(Tokens) tokens = tokens_new(cuts[_i].text, -1);
	g_autofree char *got = cut(tokens);

	ck_assert_str_eq(got, cuts[_i].words);
}
END_TEST

START_TEST(test_places)
{
	const char *text = "\xf0\x9f\x98\xa1 Caf\xc3\xa9 de l'\xc3\xa9t\xc3\xa9";
	g_autoptr(Tokens) t = tokens_new(text, -1);

	ck_assert_uint_eq(t->n, 5);
	ck_assert_uint_eq(t->tokens[1].start, 2);
	ck_assert_uint_eq(t->tokens[1].end, 6);
	ck_assert_uint_eq(t->tokens[1].byte, 5);
	ck_assert_uint_eq(t->tokens[1].byte_end, 10);
	ck_assert_uint_eq(t->tokens[4].start, 12);
	ck_assert_uint_eq(t->tokens[4].end, 15);
	ck_assert((t->tokens[0].flags & TOKEN_SYMBOL) != 0);
	ck_assert((t->tokens[3].flags & TOKEN_ELISION) != 0);
	ck_assert((t->tokens[1].flags & TOKEN_TITLE) != 0);
}
END_TEST

START_TEST(test_counts)
{
	g_autoptr(Tokens) t = tokens_new("WAAR is het?! DHL weet het niet!!", -1);

	ck_assert_uint_eq(t->exclamations, 3);
	ck_assert_uint_eq(t->questions, 1);
	ck_assert((t->tokens[0].flags & TOKEN_UPPER) != 0);
	ck_assert((t->tokens[1].flags & TOKEN_UPPER) == 0);
	ck_assert_uint_ne(t->tokens[0].sentence, t->tokens[3].sentence);
}
END_TEST

START_TEST(test_clauses)
{
	g_autoptr(Tokens) t = tokens_new("niet boos, wel moe - echt (heel)", -1);

	ck_assert_uint_eq(t->tokens[0].clause, t->tokens[1].clause);
	ck_assert_uint_ne(t->tokens[1].clause, t->tokens[2].clause);
	ck_assert_uint_ne(t->tokens[3].clause, t->tokens[4].clause);
	ck_assert_uint_ne(t->tokens[4].clause, t->tokens[5].clause);
}
END_TEST

static const struct {
	const char *fold, *plain, *umlauts;
} plains[] = {
	{ "besch\xc3\xa4""digt", "beschadigt", "beschaedigt" },
	{ "gr\xc3\xb6\xc3\x9f""e", "grosse", "groesse" },
	{ "re\xc3\xa7u", "recu", "recu" },
	{ "foto's", "fotos", "fotos" },
	{ "c\xc5\x93ur", "coeur", "coeur" },
	{ "gewoon", "gewoon", "gewoon" },
};

START_TEST(test_plain)
{
	g_autofree char *plain = token_plain(plains[_i].fold, FALSE);
	g_autofree char *umlauts = token_plain(plains[_i].fold, TRUE);

	ck_assert_str_eq(plain, plains[_i].plain);
	ck_assert_str_eq(umlauts, plains[_i].umlauts);
}
END_TEST

static const struct {
	const char *a, *b;
	gboolean one;
} edits[] = {
	{ "ontvangen", "ontvngen", TRUE },   { "ontvangen", "ontvvangen", TRUE },
	{ "ontvangen", "ontvamgen", TRUE },  { "ontvangen", "ontvagnen", TRUE },
	{ "ontvangen", "ontvangen", FALSE }, { "ontvangen", "otnvagnen", FALSE },
	{ "ontvangen", "ontvang", FALSE },   { "ab", "ba", TRUE },
	{ "a", "b", TRUE },                  { "", "a", TRUE },
	{ "f\xc3\xbcnf", "funf", TRUE },     { "abcd", "badc", FALSE },
};

START_TEST(test_one_edit)
{
	ck_assert_int_eq(token_one_edit(edits[_i].a, edits[_i].b), edits[_i].one);
	ck_assert_int_eq(token_one_edit(edits[_i].b, edits[_i].a), edits[_i].one);
}
END_TEST

START_TEST(test_bounds)
{
	g_autofree char *word = g_strnfill(200000, 'a');
	g_autoptr(Tokens) t = tokens_new(word, -1);

	ck_assert_uint_eq(t->n, 1);
	ck_assert((t->tokens[0].flags & TOKEN_LONG) != 0);
	ck_assert_uint_eq(t->tokens[0].letters, TOKEN_MAX_LETTERS);
	ck_assert_uint_eq(t->tokens[0].end, 200000);

	g_autoptr(GString) many = g_string_new(NULL);
	for (guint i = 0; i < TOKENS_MAX + 10; i++)
		g_string_append(many, "a ");
	g_autoptr(Tokens) cut_off = tokens_new(many->str, -1);
	ck_assert_uint_eq(cut_off->n, TOKENS_MAX);
	ck_assert(cut_off->truncated);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tokens");
	TCase *tc = tcase_create("tokens");

	tcase_add_loop_test(tc, test_cut, 0, G_N_ELEMENTS(cuts));
	tcase_add_test(tc, test_places);
	tcase_add_test(tc, test_counts);
	tcase_add_test(tc, test_clauses);
	tcase_add_loop_test(tc, test_plain, 0, G_N_ELEMENTS(plains));
	tcase_add_loop_test(tc, test_one_edit, 0, G_N_ELEMENTS(edits));
	tcase_add_test(tc, test_bounds);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
