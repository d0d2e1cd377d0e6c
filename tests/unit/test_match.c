/* test_match.c - phrases against text: what stands where, what blocks it, what it is worth. */
#include "config.h"

#include "rules_fixture.h"

#define WORDS \
	"negation = [\"niet\", \"geen\"]; hedges = [\"een beetje\"]; contrast = [\"maar\"];\n" \
	"greetings = [\"beste\", \"hallo\"]; signoffs = [\"met vriendelijke groet\"];\n" \
	"words: { order = [\"bestelling\", \"pakje\", \"pakket*\"];\n" \
	"  not_yet = [\"nog (steeds|altijd)? niet\"]; both = [\"<order>\", \"<not_yet>\", \"iets\"]; };\n"

/* factor 0: no match; then the matched text. */
static const struct {
	const char *phrase, *text;
	double factor;
	const char *matched;
} phrases[] = {
	{ "waar blijft", "Waar blijft het?", 1, "Waar blijft" },
	{ "waar blijft", "waar, blijft", 1, "waar, blijft" },
	{ "waar blijft", "waar\nblijft", 1, "waar\nblijft" },
	{ "waar blijft", "waar. blijft", 0, NULL },
	{ "waar blijft", "waar\n\nblijft", 0, NULL },
	{ "waar blijft", "waar het blijft", 0, NULL },
	{ "waar blijft", "blijft waar", 0, NULL },
	{ "(geld|bedrag) terug", "Ik wil mijn bedrag terug.", 1, "bedrag terug" },
	{ "(geld|het hele bedrag) terug", "ik wil het hele bedrag terug", 1, "het hele bedrag terug" },
	{ "(a (b|c d)|e) f", "a c d f", 1, "a c d f" },
	{ "(a (b|c d)|e) f", "e f", 1, "e f" },
	{ "(a (b|c d)|e) f", "a f", 0, NULL },
	{ "wil graag? geld", "ik wil geld", 1, "wil geld" },
	{ "wil graag? geld", "ik wil graag geld", 1, "wil graag geld" },
	{ "wil (heel graag)? geld", "ik wil heel graag geld", 1, "wil heel graag geld" },
	{ "wil (heel graag)? geld", "ik wil heel geld", 0, NULL },
	{ "wil ..2 terug", "wil terug", 1, "wil terug" },
	{ "wil ..2 terug", "wil het geld terug", 1, "wil het geld terug" },
	{ "wil ..2 terug", "wil al het geld terug", 0, NULL },
	{ "wil .. terug", "wil al het geld nu terug", 1, "wil al het geld nu terug" },
	{ "wil .. terug", "wil geld. Terug", 0, NULL },
	{ "bezorg*", "De bezorging", 1, "bezorging" },
	{ "bezorg*", "bezorg", 1, "bezorg" },
	{ "bezorg*", "thuisbezorgd", 0, NULL },
	{ "*probleem", "een verzendprobleem", 1, "verzendprobleem" },
	{ "*probleem", "problemen", 0, NULL },
	{ "*zorg*", "thuisbezorgd", 1, "thuisbezorgd" },
	{ "*zorg*", "zorg", 1, "zorg" },
	{ "<order> kwijt", "mijn pakketje kwijt", 1, "pakketje kwijt" },
	{ "<not_yet> ..3 ontvangen", "nog steeds niet hier ontvangen", 1, "nog steeds niet hier ontvangen" },
	{ "<not_yet> ..3 ontvangen", "nog niet ontvangen", 1, "nog niet ontvangen" },
	{ "<both> hier", "nog altijd niet hier", 1, "nog altijd niet hier" },
	{ "<both> hier", "iets hier", 1, "iets hier" },
	{ "order # kwijt", "order 12.345 kwijt", 1, "order 12.345 kwijt" },
	{ "order # kwijt", "order abc kwijt", 0, NULL },
	{ "order # kwijt", "order a12 kwijt", 0, NULL },
	{ "^ help", "Help mij", 1, "Help" },
	{ "^ help", "Graag help. Help!", 1, "Help" },
	{ "^ help", "graag help", 0, NULL },
	{ "terug $", "geld terug. Nu", 1, "terug" },
	{ "terug $", "terug nu", 0, NULL },
	{ "^ (nou)? bedankt $", "nou bedankt!", 1, "nou bedankt" },
	{ "^ (nou)? bedankt $", "ik zei nou bedankt!", 0, NULL },
	{ "e-mail", "uw E-mail", 1, "E-mail" },
	{ "e-mail", "uw e mail", 1, "e mail" },
	{ ":( jammer", "help :-( jammer", 1, ":-( jammer" },
	{ "(:(|boe)", "boe", 1, "boe" },
	{ "\xe2\x82\xac #", "dat is \xe2\x82\xac""50", 1, "\xe2\x82\xac""50" },
	{ "=$ #", "dat is $ 50", 1, "$ 50" },
	{ "foto's", "de foto\xe2\x80\x99s", 1, "foto\xe2\x80\x99s" },
	/* second tries */
	{ "geleverd", "geleverd", 1, "geleverd" },
	{ "geleverd", "gelevred", 0.8, "gelevred" },
	{ "geleverd", "gelevererd", 0, NULL },
	{ "geleverd", "beleverd", 0, NULL },
	{ "geleverd", "glelevrd", 0, NULL },
	{ "geleverd", "glleverd", 0.8, "glleverd" },
	{ "geleverd", "eleverd", 0, NULL },
	{ "geleverd", "geeverd", 0.8, "geeverd" },
	{ "geleverd", "gelevferd", 0.8, "gelevferd" },
	{ "geleverd", "geleverdd", 0.8, "geleverdd" },
	{ "geleverd", "gelveerd", 0.8, "gelveerd" },
	{ "geleverd", "gelevedr", 0.8, "gelevedr" },
	{ "retoure", "retour", 0.8, "retour" },
	{ "h\xc3\xa9tero", "hetero", 0.8, "hetero" },
	{ "=geleverd", "gelevred", 0, NULL },
	{ "=geleverd", "geleverd", 1, "geleverd" },
	{ "kapot", "kaopt", 0, NULL },
	{ "foto's", "fotos", 0.8, "fotos" },
	{ "re\xc3\xa7u", "recu", 0.8, "recu" },
	{ "recu", "re\xc3\xa7u", 0.8, "re\xc3\xa7u" },
	{ "f\xc3\xbcr", "fuer", 0.8, "fuer" },
	{ "gro\xc3\x9f", "gross", 0.8, "gross" },
	{ "besch\xc3\xa4""dig*", "beschaedigung", 0.8, "beschaedigung" },
	/* negation */
	{ "tevreden", "heel tevreden", 1, "tevreden" },
	{ "tevreden", "niet heel erg tevreden", 0, NULL },
	{ "tevreden", "niet zo heel erg tevreden", 1, "tevreden" },
	{ "tevreden", "zeker niet, tevreden", 1, "tevreden" },
	{ "tevreden", "niet boos maar tevreden", 1, "tevreden" },
	{ "tevreden", "Dat niet. Tevreden", 1, "Tevreden" },
	{ "niet tevreden", "ik ben niet tevreden", 1, "niet tevreden" },
	{ "(niet)? blij", "niet blij", 1, "niet blij" },
	{ "pakje ..3 ontvangen", "pakje netjes ontvangen", 1, "pakje netjes ontvangen" },
	{ "pakje ..3 ontvangen", "pakje nog niet ontvangen", 0, NULL },
};

static Rules *
one_rule(Pack *pack, const char *keys)
{
	g_autofree char *text = g_strdup_printf(
	    WORDS "rules: ( { id = \"r\"; %s points = { tone = { angry = 2; }; }; } );", keys);

	pack_write(pack, "nl/a.conf", text);
	return pack_load(pack, NULL);
}

static void
expect(const Rules *rules, const char *subject, const char *text, double factor,
       const char *matched)
{
	g_autoptr(EngineResult) result = pack_run(rules, subject, text, "nl");
	const Match *match = result_match(rules, result, "r");

	if (factor == 0) {
		ck_assert_msg(match == NULL, "matches \"%s\"", text);
		return;
	}
	ck_assert_msg(match != NULL, "does not match \"%s\"", text);
	ck_assert_double_eq_tol(match->factor, factor, 1e-9);
	if (matched == NULL)
		return;
	const char *from = match->where == IN_SUBJECT ? subject : text;
	g_autofree char *got = g_utf8_substring(from, match->start, match->stop);
	ck_assert_str_eq(got, matched);
}

START_TEST(test_phrase)
{
	Pack pack = pack_new();
	g_autofree char *keys = g_strdup_printf("says = [\"%s\"];", phrases[_i].phrase);
	g_autoptr(Rules) rules = one_rule(&pack, keys);

	expect(rules, "", phrases[_i].text, phrases[_i].factor, phrases[_i].matched);
	pack_free(&pack);
}
END_TEST

#define TEXT \
	"Beste winkel,\n\nDe vaas is kapot. Het deksel ook. Wat nu? Ik wil geld terug.\n\n" \
	"Met vriendelijke groet,\nSaar"

static const struct {
	const char *keys, *subject, *text;
	double factor;
} keys[] = {
	{ "says = [\"kapot\"]; in = \"subject\";", "", TEXT, 0 },
	{ "says = [\"kapot\"]; in = \"subject\";", "Kapot", "", 1 },
	{ "says = [\"kapot\"]; in = \"body\";", "Kapot", "", 0 },
	{ "says = [\"kapot\"]; in = \"opening\";", "", TEXT, 1 },
	{ "says = [\"deksel\"]; in = \"opening\";", "", TEXT, 1 },
	{ "says = [\"terug\"]; in = \"opening\";", "", TEXT, 0 },
	{ "says = [\"terug\"]; in = \"closing\";", "", TEXT, 1 },
	{ "says = [\"kapot\"]; in = \"closing\";", "", TEXT, 0 },
	{ "says = [\"wat nu\"]; in = \"closing\";", "", TEXT, 1 },
	{ "says = [\"saar\"]; in = \"closing\";", "", TEXT, 0 },
	{ "says = [\"kapot\"]; in = [\"closing\", \"subject\"];", "kapot", TEXT, 1 },
	{ "says = [\"wat nu\"]; sentence = \"question\";", "", TEXT, 1 },
	{ "says = [\"kapot\"]; sentence = \"question\";", "", TEXT, 0 },
	{ "says = [\"kapot\"]; sentence = \"statement\";", "", TEXT, 1 },
	{ "says = [\"kapot\"]; needs = [\"geld\"];", "", TEXT, 1 },
	{ "says = [\"kapot\"]; needs = [\"ruil\"];", "", TEXT, 0 },
	{ "says = [\"kapot\"]; needs = [\"ruil\"];", "Ruil", TEXT, 1 },
	{ "says = [\"kapot\"]; needs_near = [\"geld\"];", "", TEXT, 0 },
	{ "says = [\"kapot\"]; needs_near = [\"vaas\"];", "", TEXT, 1 },
	{ "says = [\"kapot\"]; unless = [\"geld\"];", "", TEXT, 0 },
	{ "says = [\"kapot\"]; unless = [\"ruil\"];", "", TEXT, 1 },
	{ "says = [\"kapot\"]; unless_near = [\"geld\"];", "", TEXT, 1 },
	{ "says = [\"kapot\"]; unless_near = [\"vaas\"];", "", TEXT, 0 },
	{ "says = [\"klachten\"]; negation = \"requires\";", "", "Geen klachten", 1 },
	{ "says = [\"klachten\"]; negation = \"requires\";", "", "Klachten", 0 },
	{ "says = [\"klachten\"]; negation = \"ignores\";", "", "Geen klachten", 1 },
	{ "says = [\"heb ..3 klachten\"]; negation = \"requires\";", "", "heb geen klachten", 1 },
	{ "signal = \"exclamations\"; min = 3;", "", "Kapot!!!", 1 },
	{ "signal = \"exclamations\"; min = 3;", "", "Kapot!!", 0 },
	{ "signal = \"words\"; min = 2; max = 3;", "", "een twee drie vier", 0 },
	{ "signal = \"words\"; min = 2; max = 3;", "", "een twee drie", 1 },
	{ "says = [\"kapot\"]; signal = \"exclamations\";", "", "kapot", 0 },
	{ "says = [\"kapot\"]; signal = \"exclamations\";", "", "kapot!", 1 },
	{ "signal = \"shouting\"; min = 2;", "", "WAAR BLIJFT mijn pakje", 1 },
	{ "signal = \"shouting\"; min = 2;", "", "Order W24417NL bij DHL of PostNL", 0 },
	{ "signal = \"shouting\"; min = 2;", "", "WAAR BLIJFT MIJN PAKJE TOCH", 0 },
	{ "signal = \"all-caps\";", "", "WAAR BLIJFT MIJN PAKJE TOCH", 1 },
	{ "signal = \"all-caps\";", "", "WAAR BLIJFT mijn pakje toch", 0 },
	{ "signal = \"all-caps\";", "", "WAAR BLIJFT", 0 },
	{ "signal = \"shouting\"; min = 2;", "", "WAAR BLIJFT", 1 },
	{ "signal = \"emoji-angry\";", "", "\xf0\x9f\x98\xa1", 1 },
	{ "regex = [\"w\\\\d{3}nl\"];", "", "Order W244NL", 1 },
	{ "regex = [\"w\\\\d{3}nl\"];", "", "Order W24NL", 0 },
	{ "regex = [\"^kapot\"]; in = \"subject\";", "Kapot", "kapot", 1 },
	{ "regex = [\"^kapot\"]; in = \"subject\";", "", "kapot", 0 },
	{ "regex = [\"geld\"]; in = \"opening\";", "", TEXT, 0 },
	{ "regex = [\"xyz\"]; says = [\"kapot\"];", "", "kapot", 1 },
	{ "regex = [\"kapot\"]; needs = [\"geld\"];", "", "kapot", 0 },
	{ "says = [\"kapot\"]; language = \"de\";", "", "kapot", 0 },
	{ "says = [\"kapot\"]; language = \"any\";", "", "kapot", 1 },
};

START_TEST(test_keys)
{
	Pack pack = pack_new();
	g_autoptr(Rules) rules = one_rule(&pack, keys[_i].keys);

	expect(rules, keys[_i].subject, keys[_i].text, keys[_i].factor, NULL);
	pack_free(&pack);
}
END_TEST

START_TEST(test_unknown_language_takes_all)
{
	Pack pack = pack_new();
	g_autoptr(Rules) rules = one_rule(&pack, "says = [\"kapot\"];");
	g_autoptr(EngineResult) other = pack_run(rules, "", "kapot", "other");
	g_autoptr(EngineResult) german = pack_run(rules, "", "kapot", "de");
	g_autoptr(EngineResult) null = pack_run(rules, "", "kapot", NULL);

	ck_assert_ptr_nonnull(result_match(rules, other, "r"));
	ck_assert_ptr_null(result_match(rules, german, "r"));
	ck_assert_ptr_nonnull(result_match(rules, null, "r"));
	pack_free(&pack);
}
END_TEST

START_TEST(test_times)
{
	Pack pack = pack_new();
	g_autoptr(Rules) rules = one_rule(&pack, "says = [\"schande\"]; times = \"each\";");
	g_autoptr(EngineResult) result =
	    pack_run(rules, "", "schande schande schande schande", "nl");
	const SpaceResult *tone = engine_space(result, "tone");

	ck_assert_uint_eq(result->matches->len, 3);
	ck_assert_double_eq_tol(tone->scores[0].points, 4, 1e-9);
	pack_free(&pack);
}
END_TEST

START_TEST(test_hedge)
{
	Pack pack = pack_new();
	g_autoptr(Rules) rules = one_rule(&pack, "says = [\"boos\"];");
	g_autoptr(EngineResult) result = pack_run(rules, "", "Ik ben een beetje boos", "nl");

	ck_assert(g_array_index(result->matches, Match, 0).hedged);
	ck_assert_double_eq_tol(engine_space(result, "tone")->scores[0].points, 1, 1e-9);
	/* a place where it is said plainly counts more */
	g_autoptr(EngineResult) both =
	    pack_run(rules, "", "Ik ben een beetje boos. Nee, gewoon boos.", "nl");
	ck_assert(!g_array_index(both->matches, Match, 0).hedged);
	pack_free(&pack);
}
END_TEST

/* Every way to misspell a word once is found, but in its first letter. */
START_TEST(test_every_edit)
{
	static const char *const words[] = { "retoure", "bestelling", "verzendkostenvergoeding" };
	const char *word = words[_i];
	gsize n = strlen(word);
	Pack pack = pack_new();
	g_autofree char *says = g_strdup_printf("says = [\"%s\"];", word);
	g_autoptr(Rules) rules = one_rule(&pack, says);

	for (gsize at = 0; at <= n; at++) {
		g_autofree char *inserted = g_strdup_printf("%.*sx%s", (int)at, word, word + at);

		expect(rules, "", inserted, at == 0 ? 0 : 0.8, at == 0 ? NULL : inserted);
		if (at == n)
			break;
		g_autofree char *deleted = g_strdup_printf("%.*s%s", (int)at, word, word + at + 1);
		g_autofree char *replaced = g_strdup_printf("%.*sx%s", (int)at, word, word + at + 1);
		g_autofree char *swapped = g_strdup(word);

		expect(rules, "", deleted, at == 0 ? 0 : 0.8, NULL);
		expect(rules, "", replaced, at == 0 ? 0 : 0.8, NULL);
		if (at + 1 < n && word[at] != word[at + 1]) {
			swapped[at] = word[at + 1];
			swapped[at + 1] = word[at];
			expect(rules, "", swapped, at == 0 ? 0 : 0.8, NULL);
		}
	}
	pack_free(&pack);
}
END_TEST

START_TEST(test_known_word_is_no_typo)
{
	Pack pack = pack_new();

	pack_write(&pack, "nl/a.conf",
	           "known = [\"verbonden\"]; rules: ( { id = \"r\"; says = [\"verzonden\"];\n"
	           "points = { type = { damaged = 2; }; }; } );");
	g_autoptr(Rules) rules = pack_load(&pack, NULL);
	expect(rules, "", "verbonden", 0, NULL);
	expect(rules, "", "verzodnen", 0.8, NULL);
	pack_free(&pack);
}
END_TEST

START_TEST(test_regex_limit_is_said)
{
	Pack pack = pack_new();
	g_autoptr(Rules) rules = one_rule(&pack, "regex = [\"(a|aa)+$\"];");
	g_autofree char *text = g_strnfill(2000, 'a');

	text[1999] = 'b';
	/* interpreted first, then translated: both must stop and both must say so */
	for (guint i = 0; i < 20; i++) {
		g_autoptr(EngineResult) result = pack_run(rules, "", text, "nl");

		ck_assert_uint_eq(result->matches->len, 0);
		ck_assert_uint_ge(result->limits->len, 1);
		ck_assert_ptr_nonnull(strstr(g_ptr_array_index(result->limits, 0), "rule r"));
	}
	pack_free(&pack);
}
END_TEST

START_TEST(test_edges)
{
	Pack pack = pack_new();
	g_autoptr(Rules) rules = one_rule(&pack, "says = [\"kapot\"];");
	g_autoptr(Tokens) text = tokens_new(TEXT, -1);
	guint last = text->n_sentences - 1;

	ck_assert(engine_is_greeting(rules, text, 0));
	ck_assert(!engine_is_greeting(rules, text, 1));
	ck_assert(!engine_is_greeting(rules, text, last + 1));
	g_autoptr(Tokens) goes_on = tokens_new("Beste winkel waar blijft mijn pakje nou", -1);
	ck_assert(!engine_is_greeting(rules, goes_on, 0));
	pack_free(&pack);
}
END_TEST

/* A million words take their time, not its square; and what was not looked at is said. */
START_TEST(test_hostile)
{
	Pack pack = pack_new();
	g_autoptr(Rules) rules = one_rule(
	    &pack, "says = [\"kapot ..12 kapot ..12 kapot ..12 stuk\", \"kapot stuk\"];");
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < 200000; i++)
		g_string_append(text, "kapot ");
	g_string_append(text, "stuk");
	double before = unit_cpu_seconds();
	g_autoptr(EngineResult) result = pack_run(rules, "", text->str, "nl");
	ck_assert_double_lt(unit_cpu_seconds() - before, 20 * unit_slowness());
	ck_assert_uint_le(result->matches->len, 1);

	g_string_truncate(text, 0);
	for (guint i = 0; i < 100000; i++)
		g_string_append_printf(text, "kapot%u ", i);
	g_autoptr(EngineResult) different = pack_run(rules, "", text->str, "nl");
	ck_assert_uint_eq(different->matches->len, 0);
	pack_free(&pack);
}
END_TEST

/* ---- sums ---- */

#define SUMS \
	"rules: (\n" \
	"{ id = \"damaged\"; says = [\"kapot\"]; points = { type = { damaged = 2.5; }; }; },\n" \
	"{ id = \"refund\"; says = [\"geld terug\"]; points = { type = { return-refund = 3; }; }; },\n" \
	"{ id = \"praise\"; says = [\"top\"]; points = { type = { praise = 2; }; }; },\n" \
	"{ id = \"friendly\"; says = [\"dank\"]; points = { tone = { friendly = 3; }; }; },\n" \
	"{ id = \"angry\"; says = [\"boos\"]; points = { tone = { angry = 1.5; }; }; },\n" \
	"{ id = \"threat\"; says = [\"advocaat\"]; points = { tone = { threatening = 1.8; }; }; },\n" \
	"{ id = \"soft\"; says = [\"rustig\"]; points = { tone = { angry = -1; }; }; },\n" \
	"{ id = \"urgent\"; says = [\"spoed\"]; points = { flag = { urgent = 1; }; }; } );"

static const struct {
	const char *text, *type, *tone;
	gboolean unsure_type, unsure_tone, complaint, urgent;
} readings[] = {
	{ "vaas", "other", "neutral", TRUE, FALSE, FALSE, FALSE },
	{ "kapot", "damaged", "neutral", FALSE, FALSE, TRUE, FALSE },
	{ "geld terug", "return-refund", "neutral", FALSE, FALSE, FALSE, FALSE },
	{ "kapot. geld terug", "damaged", "neutral", FALSE, FALSE, TRUE, FALSE },
	{ "geld terug. top", "return-refund", "neutral", FALSE, FALSE, FALSE, FALSE },
	{ "kapot. top", "damaged", "neutral", FALSE, FALSE, TRUE, FALSE },
	{ "dank. boos", "other", "angry", TRUE, FALSE, FALSE, FALSE },
	{ "dank. rustig. boos", "other", "friendly", TRUE, FALSE, FALSE, FALSE },
	{ "dank. boos. advocaat", "other", "angry", TRUE, TRUE, FALSE, FALSE },
	{ "spoed", "other", "neutral", TRUE, FALSE, FALSE, TRUE },
};

START_TEST(test_reading)
{
	Pack pack = pack_new();

	pack_write(&pack, "nl/a.conf", SUMS);
	g_autoptr(Rules) rules = pack_load(&pack, NULL);
	g_autoptr(EngineResult) result = pack_run(rules, "", readings[_i].text, "nl");
	const SpaceResult *type = engine_space(result, "type"), *tone = engine_space(result, "tone");

	ck_assert_str_eq(type->winner, readings[_i].type);
	ck_assert_str_eq(tone->winner, readings[_i].tone);
	ck_assert_int_eq(type->unsure, readings[_i].unsure_type);
	ck_assert_int_eq(tone->unsure, readings[_i].unsure_tone);
	ck_assert_int_eq(engine_holds(result, "flag", "complaint"), readings[_i].complaint);
	ck_assert_int_eq(engine_holds(result, "flag", "urgent"), readings[_i].urgent);
	ck_assert_ptr_null(engine_space(result, "kind"));

	/* what the parts gave adds up to the raw sums */
	for (guint s = 0; s < result->n_spaces; s++)
		for (guint i = 0; i < result->spaces[s].n_scores; i++) {
			double sum = 0;

			for (guint k = 0; k < result->points->len; k++) {
				const MatchPoints *p =
				    &g_array_index(result->points, MatchPoints, k);

				if (strcmp(p->space, result->spaces[s].space) == 0 &&
				    strcmp(p->label, result->spaces[s].scores[i].label) == 0)
					sum += p->points;
			}
			ck_assert_double_eq_tol(sum, result->spaces[s].scores[i].raw, 1e-9);
		}
	pack_free(&pack);
}
END_TEST

static const struct {
	const char *keys, *text, *why;
} why_nots[] = {
	{ "says = [\"waar blijft ..2 <order>\"];", "waar blijft dat", "(bestelling|pakje|pakket*)" },
	{ "says = [\"waar blijft\"];", "blijft waar", "not like this" },
	{ "says = [\"tevreden\"];", "niet tevreden", "negation stands before" },
	{ "says = [\"pakje ..2 hier\"];", "pakje niet hier", "negation stands between" },
	{ "says = [\"kapot\"]; needs = [\"geld\"];", "kapot", "`needs`" },
	{ "says = [\"kapot\"]; unless = [\"geld\"];", "kapot geld", "`unless`" },
	{ "says = [\"kapot\"]; in = \"subject\";", "kapot", "`in`" },
	{ "says = [\"kapot\"]; sentence = \"question\";", "kapot.", "kind of sentence" },
	{ "says = [\"kapot\"]; unless_near = [\"geld\"];", "kapot geld", "unless_near" },
	{ "says = [\"kapot\"]; language = \"de\";", "kapot", "language" },
	{ "signal = \"exclamations\"; min = 3;", "kapot!", "signal \"exclamations\" is 1" },
	{ "regex = [\"abc\"];", "kapot", "regex" },
	{ "says = [\"kapot\"];", "kapot", "did match" },
};

START_TEST(test_why_not)
{
	Pack pack = pack_new();
	g_autoptr(Rules) rules = one_rule(&pack, why_nots[_i].keys);
	g_autoptr(Tokens) body = tokens_new(why_nots[_i].text, -1);
	double signals[SIGNAL_N] = { 0 };
	EngineInput input = { NULL, body, "nl", signals };

	signals_from_tokens(NULL, body, signals);
	g_autofree char *why = engine_why_not(rules, &input, "r");
	ck_assert_msg(strstr(why, why_nots[_i].why) != NULL, "got: %s", why);
	ck_assert_ptr_null(engine_why_not(rules, &input, "nobody"));
	pack_free(&pack);
}
END_TEST

static const struct {
	const char *text;
	double repeats;
} repeats[] = {
	{ "On Monday it was out for delivery. Today it was out for delivery.", 1 },
	{ "It is on its way. It is on its way! It is on its way.", 1 }, /* the third says the first */
	{ "Nobody answers the phone. I wait. NOBODY answers the phone.", 1 },
	{ "Nobody answers the phone. One. Two. Nobody answers the phone.", 0 },
	{ "No tracking. No tracking. No tracking.", 2 },
	{ "Thank you. Thank you.", 0 },
	{ "It was out for delivery. Is it lost?", 0 },
	{ "Out for delivery. Out for deliveries.", 0 },
	{ "", 0 },
};

START_TEST(test_repeats)
{
	g_autoptr(Tokens) body = tokens_new(repeats[_i].text, -1);
	double signals[SIGNAL_N] = { 0 };

	signals_from_tokens(NULL, body, signals);
	ck_assert_double_eq(signals[SIGNAL_REPEATS], repeats[_i].repeats);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("match");
	TCase *tc = tcase_create("match");

	tcase_add_loop_test(tc, test_phrase, 0, G_N_ELEMENTS(phrases));
	tcase_add_loop_test(tc, test_keys, 0, G_N_ELEMENTS(keys));
	tcase_add_test(tc, test_unknown_language_takes_all);
	tcase_add_test(tc, test_times);
	tcase_add_test(tc, test_hedge);
	tcase_add_loop_test(tc, test_every_edit, 0, 3);
	tcase_add_test(tc, test_known_word_is_no_typo);
	tcase_add_test(tc, test_regex_limit_is_said);
	tcase_add_test(tc, test_edges);
	tcase_add_test(tc, test_hostile);
	tcase_add_loop_test(tc, test_reading, 0, G_N_ELEMENTS(readings));
	tcase_add_loop_test(tc, test_repeats, 0, G_N_ELEMENTS(repeats));
	tcase_add_loop_test(tc, test_why_not, 0, G_N_ELEMENTS(why_nots));
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
