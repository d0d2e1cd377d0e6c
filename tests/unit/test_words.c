/* test_words.c - every acknowledgement, reply and ticket that can be, and what holds for each. */
#include "config.h"

#include <glib/gstdio.h>

#include "aardig/error.h"
#include "words_fixture.h"

/* What automatic text never says: fault, promise, refusal, demand, terms, jargon, links. */
static const struct {
	const char *language;
	const char *const phrases[40];
} forbidden[] = {
	{ "nl", { "onze fout", "onze schuld", "fout van ons", "aansprakelijk", "garande", "garantie", "belo", "toezeg",
	          "zeker weten", "helaas", "kunnen we niet", "kan niet", "weiger", "afgewezen", "onmogelijk",
	          "u moet", "je moet", "moet u", "moet je", "dient", "verplicht", "sommeren", "voorwaarden",
	          "conform", "middels", "inzake", "derhalve", "ticket", "klachtnummer", "casus", "http", "www",
	          "eerlijk gezegd", "maar u", "maar je", "geduld te", "excuses" } },
	{ "en", { "our fault", "our mistake", "our error", "liable", "liability", "guarantee", "promise",
	          "unfortunately", "we cannot", "unable", "refuse", "impossible", "you must", "you need to pay",
	          "you have to", "terms", "conditions", "pursuant", "ticket", "case number", "http", "www",
	          "apologi", "calm down", "but you", "policy", "reject", "regarding", "kindly", "asap" } },
	{ "de", { "unser fehler", "unsere schuld", "haftbar", "haftung", "garantie", "versprech", "versichern",
	          "leider", "können wir nicht", "unmöglich", "ablehn", "sie müssen", "müssen sie", "agb",
	          "geschäftsbedingungen", "gemäß", "bezüglich", "ticket", "http", "www", "entschuldig",
	          "verpflichtet", "aber sie", "diesbezüglich", "seitens" } },
	{ "fr", { "notre faute", "notre erreur", "responsab", "garanti", "promett", "promis", "malheureusement",
	          "nous ne pouvons", "impossible", "refus", "vous devez", "il faut que", "conditions générales",
	          "conformément", "ticket", "http", "www", "excus", "obligé", "calmer", "suite à votre" } },
};

static const char *
find_forbidden(const char *language, const char *text)
{
	g_autofree char *lower = g_utf8_strdown(text, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(forbidden); i++) {
		if (strcmp(forbidden[i].language, language) != 0)
			continue;
		for (gsize p = 0; forbidden[i].phrases[p] != NULL; p++)
			if (strstr(lower, forbidden[i].phrases[p]) != NULL)
				return forbidden[i].phrases[p];
	}
	return NULL;
}

static guint
count_words(const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \n", -1);
	guint n = 0;

	for (gsize i = 0; words[i] != NULL; i++)
		n += *words[i] != '\0';
	return n;
}

/* Words of the longest sentence; an item and a paragraph end one too. */
static guint
longest_sentence(const char *text)
{
	guint longest = 0, n = 0;

	for (const char *p = text; *p != '\0';) {
		gsize length = strcspn(p, " \n");
		gboolean stop = length > 0 && strchr(".?:,", p[length - 1]) != NULL && p[length - 1] != ',' ;

		n += length > 0;
		p += length;
		if (stop || strncmp(p, "\n\n", 2) == 0 || *p == '\0') {
			longest = MAX(longest, n);
			n = 0;
		}
		p += *p != '\0';
	}
	return longest;
}

static guint
count_char(const char *text, char c)
{
	guint n = 0;

	for (; *text != '\0'; text++)
		n += *text == c;
	return n;
}

#define SAY(format, ...) "[%s %s %s %s] " format "\n%s", variant, ack_kind_name(f->plan.kind), \
	f->reading.type, f->reading.tone, __VA_ARGS__, body

static void
check_lines(const Fixture *f, const char *variant, const char *body)
{
	g_auto(GStrv) lines = g_strsplit(body, "\n", -1);

	ck_assert_msg(g_str_has_suffix(body, "\n") && !g_str_has_suffix(body, "\n\n"), SAY("%s", "ends"));
	ck_assert_msg(strstr(body, "\n\n\n") == NULL, SAY("%s", "two blank lines"));
	for (gsize i = 0; lines[i] != NULL; i++) {
		ck_assert_msg(g_utf8_strlen(lines[i], -1) <= 72, SAY("too wide: %s", lines[i]));
		ck_assert_msg(!g_str_has_suffix(lines[i], " "), SAY("trailing blank: %s", lines[i]));
	}
}

/* Blocks stand in their order; each is looked for behind the one before. */
static void
check_order(const Fixture *f, const char *variant, const char *body, const char *ask)
{
	static const char *const blocks[] = { "greeting", "thanks", "mirror", "understanding", "next", "steps",
		                              "term", "question", "signature" };
	static const char *const praise[] = { "greeting", "thanks", "understanding", "signature" };
	gboolean short_one = f->plan.kind == ACK_PRAISE;
	const char *const *list = short_one ? praise : blocks;
	gsize n = short_one ? G_N_ELEMENTS(praise) : G_N_ELEMENTS(blocks);
	g_autofree char *folded = fixture_fold(body);
	const char *at = folded;

	for (gsize i = 0; i < n; i++) {
		if (strcmp(list[i], "question") == 0 && ask == NULL)
			continue;
		g_autofree char *block = fixture_block(f, variant, list[i], ask);
		ck_assert_msg(block != NULL, SAY("no block %s", list[i]));
		g_autofree char *text = fixture_fold(block);
		const char *found = strstr(at, text);
		ck_assert_msg(found != NULL, SAY("%s is not in its place: %s", list[i], text));
		at = found + strlen(text);
	}
	ck_assert_msg(*at == '\0', SAY("more than the blocks: %s", at));
}

static void
check_length(const Fixture *f, const char *variant, const char *body)
{
	static const struct { guint least, most; } limits[N_KINDS] = {
		[ACK_NORMAL] = { 90, 150 },  [ACK_GENERAL] = { 85, 150 },    [ACK_PRAISE] = { 40, 85 },
		[ACK_QUESTION] = { 80, 150 },[ACK_PRIVACY] = { 75, 150 },    [ACK_LEGAL] = { 65, 140 },
		[ACK_THREAT] = { 70, 140 },  [ACK_ABUSE] = { 60, 130 },      [ACK_BEREAVEMENT] = { 90, 150 },
		[ACK_SAFETY] = { 90, 165 },
	};
	guint words = count_words(body), longest = longest_sentence(body);

	ck_assert_msg(words >= limits[f->plan.kind].least && words <= limits[f->plan.kind].most,
	              SAY("%u words", words));
	ck_assert_msg(longest <= 22, SAY("a sentence of %u words", longest));
}

/* ask: what the context must lead to, or NULL. */
static void
check_ack(const Fixture *f, const char *variant, const char *ask)
{
	g_autofree char *subject = NULL, *body = NULL;
	g_autoptr(GError) error = NULL;
	gboolean praise = f->plan.kind == ACK_PRAISE;

	ck_assert(words_acknowledgement(fixture_words, &f->ctx, &subject, &body, &error));
	ck_assert_msg(strstr(subject, "[T123]") != NULL, SAY("subject %s", subject));
	ck_assert_uint_le(g_utf8_strlen(subject, -1), 60);
	check_lines(f, variant, body);
	/* The tone changes no word of the other kinds: one tone is enough there. */
	if (f->plan.kind <= ACK_GENERAL || f->plan.kind == ACK_QUESTION ||
	    strcmp(f->reading.tone, "angry") == 0)
		check_order(f, variant, body, ask);
	check_length(f, variant, body);
	ck_assert_msg(strpbrk(body, "!{}[]<>") == NULL, SAY("%s", "a sign that has no place here"));
	ck_assert_msg(count_char(body, '?') <= 1, SAY("%s", "more than one question"));
	ck_assert_msg(praise || ask != NULL || count_char(body, '?') == 0, SAY("%s", "an unasked question"));
	const char *bad = find_forbidden(f->reading.language, body);
	ck_assert_msg(bad == NULL, SAY("says '%s'", bad));
	ck_assert_msg(strstr(body, SIGNATURE) != NULL, SAY("%s", "unsigned"));
	ck_assert_msg(praise || (strstr(body, "1. ") != NULL && strstr(body, "2. ") != NULL),
	              SAY("%s", "fewer than two steps"));

	g_autofree char *deadline = fixture_deadline(f, variant, FIXTURE_BY);
	g_autofree char *folded = fixture_fold(body);
	ck_assert_msg(praise || strstr(folded, deadline) != NULL, SAY("no term: %s", deadline));
}

/* The question that the contract wants, told apart from the code by another way of saying it. */
static const char *
expected_ask(const Fixture *f)
{
	static const char *const photo[] = { "damaged", "defective", "wrong-item", "not-as-described", NULL };
	static const char *const solve[] = { "damaged", "defective", "wrong-item", "not-as-described",
		                             "missing-item", "delivery-late", "delivery-lost",
		                             "delivered-elsewhere", "return-refund", "service", NULL };
	static const char *const no_order[] = { "service", "website", "privacy", "pre-sales", "praise", "other",
		                                "b2b", NULL };
	const Facts *facts = &f->reading.facts;
	AckKind kind = f->plan.kind;
	gboolean unsure = f->unsure[0] != NULL;

	if (kind == ACK_PRAISE || kind == ACK_PRIVACY || kind == ACK_BEREAVEMENT)
		return NULL;
	if (facts->order_number == NULL && (unsure || !g_strv_contains(no_order, f->reading.type)))
		return "order-number";
	if (facts->order_number == NULL && kind == ACK_SAFETY &&
	    (strcmp(f->reading.type, "service") != 0))
		return "order-number";
	if (unsure || kind == ACK_GENERAL || kind == ACK_QUESTION || kind == ACK_LEGAL || kind == ACK_SAFETY)
		return NULL;
	if (!f->reading.complaint)
		return NULL;
	if (g_strv_contains(photo, f->reading.type) && !facts->photo)
		return "photo";
	return g_strv_contains(solve, f->reading.type) && facts->remedy == NULL ? "solution" : NULL;
}

static const struct {
	const char *order, *name, *remedy, *deadline;
	gboolean photo, complaint, again;
} fact_sets[] = {
	{ NULL, NULL, NULL, NULL, FALSE, TRUE, FALSE },
	{ "90233", "Anneke", NULL, NULL, FALSE, TRUE, FALSE },
	{ "ORD-2026/1188", NULL, "refund", NULL, TRUE, TRUE, FALSE },
	{ "90233", "Jean-Luc", NULL, "zaterdag", TRUE, TRUE, TRUE },
	{ "90233", "Anneke", NULL, NULL, FALSE, FALSE, FALSE },
	{ NULL, "Anneke", NULL, NULL, FALSE, TRUE, TRUE },
};

static void
check_facts(Fixture *f, const char *variant)
{
	for (gsize i = 0; i < G_N_ELEMENTS(fact_sets); i++) {
		f->reading.facts = (Facts) {
			.order_number = (char *) fact_sets[i].order,
			.first_name = (char *) fact_sets[i].name,
			.remedy = fact_sets[i].remedy,
			.deadline = (char *) fact_sets[i].deadline,
			.photo = fact_sets[i].photo,
		};
		f->reading.complaint = fact_sets[i].complaint;
		f->ctx.again = fact_sets[i].again;
		check_ack(f, variant, expected_ask(f));
	}
}

START_TEST(test_acknowledgements)
{
	const char *variant = fixture_variants[_i % G_N_ELEMENTS(fixture_variants)];
	AckKind kind = _i / G_N_ELEMENTS(fixture_variants);
	Fixture f;

	fixture_init(&f, variant);
	f.plan.kind = kind;
	for (gsize type = 0; type < G_N_ELEMENTS(fixture_types); type++)
		for (gsize tone = 0; tone < G_N_ELEMENTS(fixture_tones); tone++) {
			f.reading.type = fixture_types[type];
			f.reading.tone = fixture_tones[tone];
			f.unsure[0] = kind == ACK_GENERAL ? (char *) "type" : NULL;
			check_facts(&f, variant);
		}
	fixture_clear(&f);
}
END_TEST

/* Same type: the same steps and term, whatever the tone; in a threat or abuse too. */
START_TEST(test_parity)
{
	static const AckKind kinds[] = { ACK_THREAT, ACK_ABUSE, ACK_LEGAL };
	const char *variant = fixture_variants[_i];
	Fixture f;

	fixture_init(&f, variant);
	for (gsize type = 0; type < G_N_ELEMENTS(fixture_types); type++) {
		f.reading.type = fixture_types[type];
		f.reading.tone = "neutral";
		f.plan.kind = ACK_NORMAL;
		g_autofree char *steps = fixture_block(&f, variant, "steps", NULL);
		g_autofree char *deadline = fixture_deadline(&f, variant, FIXTURE_BY);

		for (gsize tone = 0; tone < G_N_ELEMENTS(fixture_tones); tone++)
			for (gsize kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
				f.reading.tone = fixture_tones[tone];
				f.plan.kind = kinds[kind];
				g_autofree char *rude = fixture_block(&f, variant, "steps", NULL);
				g_autofree char *term = fixture_block(&f, variant, "term", NULL);
				g_autofree char *plain = fixture_fold(term);
				ck_assert_str_eq(rude, steps);
				ck_assert_msg(strstr(plain, deadline) != NULL, "%s", plain);
			}
	}
	fixture_clear(&f);
}
END_TEST

/* Unsure of the type: nothing that only holds for a type may be said. */
START_TEST(test_unsure)
{
	const char *variant = fixture_variants[_i];
	g_autofree char *subject = NULL, *body = NULL, *other_subject = NULL, *other = NULL;
	Fixture f;

	fixture_init(&f, variant);
	f.plan.kind = ACK_ABUSE;
	f.unsure[0] = (char *) "type";
	f.reading.type = "damaged";
	ck_assert(words_acknowledgement(fixture_words, &f.ctx, &subject, &body, NULL));
	f.reading.type = "delivery-late";
	ck_assert(words_acknowledgement(fixture_words, &f.ctx, &other_subject, &other, NULL));
	ck_assert_str_eq(body, other);
	g_clear_pointer(&body, g_free);
	g_clear_pointer(&other, g_free);
	g_clear_pointer(&subject, g_free);
	g_clear_pointer(&other_subject, g_free);

	/* unsure of the tone: the neutral words */
	f.plan.kind = ACK_NORMAL;
	f.unsure[0] = (char *) "tone";
	f.reading.tone = "angry";
	ck_assert(words_acknowledgement(fixture_words, &f.ctx, &subject, &body, NULL));
	f.reading.tone = "neutral";
	ck_assert(words_acknowledgement(fixture_words, &f.ctx, &other_subject, &other, NULL));
	ck_assert_str_eq(body, other);
	fixture_clear(&f);
}
END_TEST

START_TEST(test_no_term)
{
	const char *variant = fixture_variants[_i];
	g_autofree char *subject = NULL, *body = NULL;
	Fixture f;

	fixture_init(&f, variant);
	f.plan.answer_by = 0;
	ck_assert(words_acknowledgement(fixture_words, &f.ctx, &subject, &body, NULL));
	check_lines(&f, variant, body);
	ck_assert_ptr_null(strstr(body, "1970"));
	fixture_clear(&f);
}
END_TEST

START_TEST(test_subject)
{
	g_autofree char *subject = NULL, *body = NULL;
	g_autoptr(GError) error = NULL;
	Fixture f;

	fixture_init(&f, "nl");
	f.shop.subject = (char *) "Ontvangen door {{shop}}, nummer {{ticket}}";
	ck_assert(words_acknowledgement(fixture_words, &f.ctx, &subject, &body, &error));
	ck_assert_str_eq(subject, "Ontvangen door Theewinkel, nummer T123");
	g_clear_pointer(&subject, g_free);
	g_clear_pointer(&body, g_free);
	f.shop.subject = (char *) "Ontvangen {{tikcet}}";
	ck_assert(!words_acknowledgement(fixture_words, &f.ctx, &subject, &body, &error));
	ck_assert_ptr_null(subject);
	ck_assert_ptr_null(body);
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG));
	g_clear_error(&error);
	/* a slot for a human is no text to send */
	f.shop.subject = (char *) "Ontvangen [[datum]]";
	ck_assert(!words_acknowledgement(fixture_words, &f.ctx, &subject, &body, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
	fixture_clear(&f);
}
END_TEST

/* "Hoi" is for good news and for questions, not for grief, danger or annoyance. */
static const struct {
	AckKind kind;
	const char *tone, *greeting;
} informal[] = {
	{ ACK_BEREAVEMENT, "friendly", "Beste Kim," }, { ACK_SAFETY, "friendly", "Beste Kim," },
	{ ACK_QUESTION, "angry", "Beste Kim," },       { ACK_QUESTION, "friendly", "Hoi Kim," },
	{ ACK_PRAISE, "friendly", "Hoi Kim," },        { ACK_NORMAL, "friendly", "Hoi Kim," },
	{ ACK_NORMAL, "frustrated", "Beste Kim," },    { ACK_ABUSE, "abusive", "Goedendag," },
};

START_TEST(test_informal_greeting)
{
	Fixture f;
	g_autoptr(GError) error = NULL;
	g_autofree char *subject = NULL, *body = NULL;

	fixture_init(&f, "nl-je");
	f.reading.facts.first_name = (char *) "Kim";
	f.reading.tone = informal[_i].tone;
	f.plan.kind = informal[_i].kind;
	ck_assert(words_acknowledgement(fixture_words, &f.ctx, &subject, &body, &error));
	ck_assert_msg(g_str_has_prefix(body, informal[_i].greeting), "%s", body);
	fixture_clear(&f);
}
END_TEST

START_TEST(test_variant)
{
	Fixture f;

	fixture_init(&f, "nl-je");
	ck_assert_str_eq(fixture_variant(&f, "nl"), "nl-je");
	ck_assert_str_eq(fixture_variant(&f, "de"), "de");
	ck_assert_str_eq(fixture_variant(&f, "other"), "en");
	f.shop.register_ = REGISTER_FORMAL;
	ck_assert_str_eq(fixture_variant(&f, "nl"), "nl");
	fixture_clear(&f);
}
END_TEST

/* A shop's own folder: one file with one block, the rest as shipped. */
START_TEST(test_own_folder)
{
	g_autofree char *own = g_dir_make_tmp("aardig-words-XXXXXX", NULL);
	g_autofree char *folder = g_build_filename(own, "nl", NULL);
	g_autofree char *file = g_build_filename(folder, "signature.txt", NULL);
	const char *dirs[] = { own, settings_templatedir(), NULL };
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autofree char *subject = NULL, *body = NULL, *legal_subject = NULL, *legal = NULL;
	Fixture f;

	ck_assert_int_eq(g_mkdir(folder, 0700), 0);
	ck_assert(g_file_set_contents(file, "[signature]\nGroet uit Deventer,\\\n{{signature}}\n", -1, NULL));
	Words *words = words_load(dirs, diag);
	ck_assert_uint_eq(diagnostics_count(diag), 0);
	fixture_init(&f, "nl");
	ck_assert(words_acknowledgement(words, &f.ctx, &subject, &body, NULL));
	ck_assert_ptr_nonnull(strstr(body, "Groet uit Deventer,\n" SIGNATURE "\n"));
	/* the shipped signature for legal letters goes with the name of its block */
	f.plan.kind = ACK_LEGAL;
	ck_assert(words_acknowledgement(words, &f.ctx, &legal_subject, &legal, NULL));
	ck_assert_ptr_nonnull(strstr(legal, "Groet uit Deventer"));
	words_free(words);

	ck_assert(g_file_set_contents(file, "[signature]\nGroet van {{naam}}\n", -1, NULL));
	ck_assert_ptr_null(words_load(dirs, diag));
	g_autofree char *expected = g_strconcat(file, ":2: error: no variable named {{naam}}", NULL);
	ck_assert_msg(g_str_has_prefix(diagnostics_line(diag, 0), expected), "%s", diagnostics_line(diag, 0));
	g_unlink(file);
	g_rmdir(folder);
	g_rmdir(own);
	fixture_clear(&f);
}
END_TEST

START_TEST(test_no_folder)
{
	const char *dirs[] = { "/nonexistent", NULL };
	g_autoptr(Diagnostics) diag = diagnostics_new();

	ck_assert_ptr_null(words_load(dirs, diag));
	ck_assert_str_eq(diagnostics_line(diag, 0),
	                 "error: there are no templates for 'nl' (is aardig installed completely?)");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("words");
	TCase *tcase = tcase_create("words");

	fixture_load();
	tcase_add_loop_test(tcase, test_acknowledgements, 0, N_KINDS * G_N_ELEMENTS(fixture_variants));
	tcase_add_loop_test(tcase, test_parity, 0, G_N_ELEMENTS(fixture_variants));
	tcase_add_loop_test(tcase, test_unsure, 0, G_N_ELEMENTS(fixture_variants));
	tcase_add_loop_test(tcase, test_no_term, 0, G_N_ELEMENTS(fixture_variants));
	tcase_add_test(tcase, test_subject);
	tcase_add_test(tcase, test_variant);
	tcase_add_loop_test(tcase, test_informal_greeting, 0, G_N_ELEMENTS(informal));
	tcase_add_test(tcase, test_own_folder);
	tcase_add_test(tcase, test_no_folder);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
