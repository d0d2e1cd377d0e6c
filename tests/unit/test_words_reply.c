/* test_words_reply.c - what humans get: suggested replies, tickets, mail to the operator. */
#include "config.h"

#include "aardig/error.h"
#include "words_fixture.h"

static const char *const variants[] = { "options", "no", "expectation", "boundary-friendly",
	                                "boundary-firm", "invoice", "waiting", "closing" };

static guint
count(const char *text, const char *what)
{
	guint n = 0;

	for (const char *p = text; (p = strstr(p, what)) != NULL; p += strlen(what))
		n++;
	return n;
}

static void
check_text(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	ck_assert_msg(g_str_has_suffix(text, "\n") && !g_str_has_suffix(text, "\n\n"), "%s", text);
	ck_assert_msg(strstr(text, "\n\n\n") == NULL && strstr(text, "{{") == NULL && strstr(text, "}}") == NULL,
	              "%s", text);
	for (gsize i = 0; lines[i] != NULL; i++)
		ck_assert_msg(g_utf8_strlen(lines[i], -1) <= 72 && !g_str_has_suffix(lines[i], " "), "'%s' in\n%s",
		              lines[i], text);
}

static char *
reply(const Fixture *f, const char *variant)
{
	g_autoptr(GError) error = NULL;
	char *text = words_reply(fixture_words, &f->ctx, variant, &error);

	ck_assert_msg(text != NULL, "%s", error != NULL ? error->message : "");
	return text;
}

/* ---- every reply there is ---- */

START_TEST(test_all_replies)
{
	const char *language = fixture_variants[_i % G_N_ELEMENTS(fixture_variants)];
	const char *variant = variants[_i / G_N_ELEMENTS(fixture_variants)];
	Fixture f;

	fixture_init(&f, language);
	for (gsize type = 0; type < G_N_ELEMENTS(fixture_types); type++)
		for (gsize tone = 0; tone < G_N_ELEMENTS(fixture_tones); tone++)
			for (guint kind = 0; kind < N_KINDS; kind++) {
				f.reading.type = fixture_types[type];
				f.reading.tone = fixture_tones[tone];
				f.plan.kind = kind;
				f.reading.facts.order_number = (char *) (tone % 2 == 0 ? "90233" : NULL);
				f.reading.facts.remedy = kind % 2 == 0 ? "refund" : NULL;
				g_autofree char *text = reply(&f, variant);
				g_autofree char *best = reply(&f, NULL);
				check_text(text);
				check_text(best);
				ck_assert_msg(count(text, "[[") == count(text, "]]"), "%s", text);
				ck_assert_msg(count(text, "?") <= 1 && count(text, "!") == 0, "%s", text);
				ck_assert_msg(strstr(text, SIGNATURE) != NULL, "%s", text);
			}
	fixture_clear(&f);
}
END_TEST

/* ---- options follow the shop's policy ---- */

static const char *const none[] = { NULL };
static const char *const only_replace[] = { "replace", NULL };
static const char *const all[] = { "repair", "replace", "refund", "partial", "discount", NULL };

static const struct {
	const char *what, *type, *asked;
	const char *const *allowed;
	const char *has[3], *hasnot[3];
	guint options;
} policies[] = {
	{ "all, damaged", "damaged", NULL, all, { "1. Ik stuur u hetzelfde", "2. U krijgt [[bedrag]]", "3. U houdt" }, { NULL }, 3 },
	{ "what was asked comes first", "damaged", "refund", all, { "1. U krijgt [[bedrag]]", "2. Ik stuur u" }, { NULL }, 3 },
	{ "one allowed, and another way", "damaged", NULL, only_replace, { "1. Ik stuur u hetzelfde", "2. Iets anders" },
	  { "terug, op de manier" }, 2 },
	{ "nothing allowed", "damaged", NULL, none, { "1. [[een oplossing", "2. Iets anders" }, { "terug, op", "opnieuw" }, 2 },
	{ "asked for, not allowed", "damaged", "refund", only_replace, { "U vroeg om uw geld terug", "1. Ik stuur u" }, { "2. U krijgt" }, 2 },
	{ "the right one for a wrong one", "wrong-item", NULL, all, { "dat u had besteld" }, { "hetzelfde artikel" }, 3 },
	{ "what is missing", "missing-item", NULL, all, { "wat er ontbreekt" }, { "hetzelfde artikel" }, 3 },
	{ "repair comes first for a defect", "defective", NULL, all, { "1. We repareren" }, { NULL }, 3 },
	{ "a discount in words of the policy", "service", NULL, all, { "U krijgt 10% korting" }, { "[[percentage]]" }, 2 },
};

START_TEST(test_policy)
{
	Fixture f;

	fixture_init(&f, "nl");
	f.shop.remedies = (char **) policies[_i].allowed;
	f.reading.type = policies[_i].type;
	f.reading.facts.remedy = policies[_i].asked;
	g_autofree char *text = reply(&f, NULL);
	g_autofree char *folded = g_strdelimit(g_strdup(text), "\n", ' ');
	for (gsize i = 0; i < 3 && policies[_i].has[i] != NULL; i++)
		ck_assert_msg(strstr(folded, policies[_i].has[i]) != NULL, "%s: '%s' is not in\n%s",
		              policies[_i].what, policies[_i].has[i], text);
	for (gsize i = 0; i < 3 && policies[_i].hasnot[i] != NULL; i++)
		ck_assert_msg(strstr(folded, policies[_i].hasnot[i]) == NULL, "%s: '%s' is in\n%s",
		              policies[_i].what, policies[_i].hasnot[i], text);
	ck_assert_msg(count(text, "\n1. ") == 1 && count(text, "\n2. ") == 1 &&
	              count(text, "\n3. ") == (policies[_i].options == 3) && count(text, "\n4. ") == 0, "%s", text);
	fixture_clear(&f);
}
END_TEST

/* ---- which reply fits ---- */

static const struct {
	const char *what, *type, *tone, *asked, *worst, *flag;
	AckKind kind;
	const char *best, *others;
} choices[] = {
	{ "a complaint", "damaged", "neutral", NULL, NULL, NULL, ACK_NORMAL, "options", "waiting no closing" },
	{ "an angry one", "damaged", "angry", NULL, NULL, NULL, ACK_NORMAL, "options",
	  "waiting no boundary-friendly boundary-firm closing" },
	{ "abuse", "damaged", "abusive", NULL, NULL, NULL, ACK_ABUSE, "boundary-friendly",
	  "options waiting no boundary-firm closing" },
	{ "abuse again", "damaged", "abusive", NULL, "abusive", NULL, ACK_ABUSE, "boundary-firm",
	  "options waiting no boundary-friendly closing" },
	{ "asks for what is not offered", "wrong-item", "neutral", "repair", NULL, NULL, ACK_NORMAL, "expectation",
	  "options waiting closing" },
	{ "charged twice", "billing", "neutral", NULL, NULL, NULL, ACK_NORMAL, "options", "invoice no closing" },
	{ "a reminder disputed", "billing", "neutral", NULL, NULL, "collection", ACK_NORMAL, "invoice", "options no closing" },
	{ "a compliment", "praise", "friendly", NULL, NULL, NULL, ACK_PRAISE, "closing", "options" },
	{ "a question", "pre-sales", "neutral", NULL, NULL, NULL, ACK_QUESTION, "options", "closing" },
};

START_TEST(test_choice)
{
	static const char *few[] = { "replace", "refund", NULL };
	const char *best, *others[8];
	Fixture f;

	fixture_init(&f, "nl");
	f.shop.remedies = (char **) few;
	f.reading.type = choices[_i].type;
	f.reading.tone = choices[_i].tone;
	f.reading.facts.remedy = choices[_i].asked;
	f.history.worst_tone = choices[_i].worst;
	f.plan.kind = choices[_i].kind;
	if (choices[_i].flag != NULL) {
		LabelScore score = { choices[_i].flag, 1 };
		g_array_append_val(f.reading.flags, score);
	}
	words_reply_variants(&f.ctx, &best, others);
	g_autofree char *list = g_strjoinv(" ", (char **) others);
	ck_assert_str_eq(best, choices[_i].best);
	ck_assert_str_eq(list, choices[_i].others);
	fixture_clear(&f);
}
END_TEST

/* Bad news does not offer what it has just refused. */
START_TEST(test_no)
{
	Fixture f;

	fixture_init(&f, "nl");
	f.reading.type = "return-refund";
	g_autofree char *text = reply(&f, "no");
	ck_assert_msg(strstr(text, "terug, op de manier") == NULL && strstr(text, "Ik ruil") != NULL, "%s", text);
	f.reading.facts.remedy = "replace";
	g_autofree char *other = reply(&f, "no");
	ck_assert_msg(strstr(other, "terug, op de manier") != NULL && strstr(other, "Ik ruil") == NULL, "%s",
	              other);
	fixture_clear(&f);
}
END_TEST

START_TEST(test_unknown_reply)
{
	g_autoptr(GError) error = NULL;
	Fixture f;

	fixture_init(&f, "nl");
	ck_assert_ptr_null(words_reply(fixture_words, &f.ctx, "boos", &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
	fixture_clear(&f);
}
END_TEST

/* Understanding comes before the request to pay. */
START_TEST(test_invoice)
{
	Fixture f;

	fixture_init(&f, "nl");
	f.reading.type = "billing";
	g_autofree char *text = reply(&f, "invoice");
	const char *understanding = strstr(text, "Ik begrijp"), *pay = strstr(text, "U betaalt");
	ck_assert(understanding != NULL && pay != NULL && understanding < pay);
	fixture_clear(&f);
}
END_TEST

/* ---- tickets ---- */

static const char hostile[] = "{{shop}}\r\nBcc: all@example.org\n\x01<b>\xe2\x80\xae";

static void
fill_ticket(Fixture *f)
{
	static GuardResult guard = { .guard = "auto-submitted", .reason = (char *) "Auto-Submitted: auto-replied" };
	LabelScore types[] = { { "damaged", 3 }, { "missing-item", 2 }, { "service", 0.5 } };
	LabelScore flag = { "call-me", 1.2 };
	Evidence evidence[] = {
		{ "nl.damaged.broken", "type", "damaged", 2.5, IN_BODY, (char *) "kapot aangekomen", 3, 19 },
		{ "nl.tone.angry", "tone", "angry", 1.5, IN_BODY, (char *) hostile, 0, 0 },
		{ "nl.tone.not", "tone", "angry", -1, IN_BODY, (char *) "niet boos", 0, 0 },
		{ "hints", "type", "damaged", 8.5, IN_BODY, (char *) "na", 0, 2 },
	};

	f->reading.tone = "angry";
	g_array_append_vals(f->reading.types, types, 3);
	g_array_append_val(f->reading.flags, flag);
	g_array_append_vals(f->reading.evidence, evidence, 4);
	f->reading.facts = (Facts) {
		.order_number = (char *) "90233", .customer_name = (char *) "Anneke Vos", .remedy = "replace",
		.amount = (char *) "49,95 EUR", .deadline = (char *) "zaterdag", .tracking = (char *) "3SABCD123456",
		.photo = TRUE,
	};
	f->history = (History) { .thread_mails = 2, .customer_mails = 5, .worst_tone = "frustrated" };
	f->unsure[0] = (char *) "tone";
	f->plan.hot = TRUE;
	g_ptr_array_add(f->plan.reasons, (char *) "answer normal");
	g_ptr_array_add(f->plan.reasons, (char *) "hot-tone angry");
	g_ptr_array_add(f->plan.reasons, (char *) "hot-flag legal-threat");
	g_ptr_array_add(f->plan.reasons, (char *) "unsure tone");
	f->ctx.guard = &guard;
	f->ctx.customer = "anneke@example.org";
	f->ctx.account = NULL;
}

/* Only what the customer wrote may hold braces. */
static void
check_ticket(const char *body)
{
	g_autofree char *plain = g_strdelimit(g_strdup(body), "{}", '.');

	check_text(plain);
}

START_TEST(test_ticket)
{
	static const char *const dutch[] = {
		"Beschadigd aangekomen, boos, Duits.", "Misschien ook: iets ontbreekt.", "Niet zeker van de toon: kijk",
		"Antwoord dinsdag 24 november voor 17.00 uur.", "Anneke Vos <anneke@example.org>", "Bestelling: 90233",
		"Zending: 3SABCD123456", "49,95 EUR", "Vraagt om: een nieuw exemplaar", "zaterdag", "foto",
		"Eerdere mails in dit gesprek: 2, het felst gefrustreerd", "Bekende klant, eerdere mails: 5",
		"10% korting", "de toon is boos",
		"hoge prioriteit: noemt een advocaat, rechter of ingebrekestelling",
		"Gelezen: de woorden bij elkaar: beschadigd aangekomen (+8.5)",
		"\xe2\x80\x9ckapot aangekomen\xe2\x80\x9d: beschadigd aangekomen (+2.5)", "Wil graag worden gebeld.",
		"Lees de mail twee keer", "Voorgesteld antwoord: met oplossingen", "Past misschien ook: \"nee\"",
	};
	static const char *const english[] = {
		"Arrived damaged, angry, German.", "Perhaps also: something missing.", "Not sure of the tone: please",
		"To be answered on Tuesday 24 November before 5 pm.", "Asks for: a new one", "Known customer, earlier mails: 5",
		"the tone is angry", "Would like to be called.", "Suggested reply: with solutions",
	};
	g_autofree char *subject = NULL, *body = NULL, *subject_en = NULL, *body_en = NULL;
	Fixture f;

	fixture_init(&f, "de");
	fill_ticket(&f);
	ck_assert(words_ticket(fixture_words, &f.ctx, &subject, &body, NULL));
	check_ticket(body);
	ck_assert_str_eq(subject, "Eerst: beschadigd aangekomen, boos, bestelling 90233 [T123]");
	for (gsize i = 0; i < G_N_ELEMENTS(dutch); i++)
		ck_assert_msg(strstr(body, dutch[i]) != NULL, "'%s' is not in\n%s", dutch[i], body);
	/* what a customer wrote is text on one line, and what spoke against is left out */
	ck_assert_ptr_nonnull(strstr(subject, "[T123]"));
	ck_assert_ptr_null(strstr(body, "\nBcc:"));
	ck_assert_ptr_null(strstr(body, "niet boos"));
	ck_assert_ptr_null(strchr(body, '\x01'));
	ck_assert_uint_eq(count(body, "\n1. "), 1);
	ck_assert_uint_eq(count(body, "\n3. "), 1);

	f.shop.language = (char *) "en";
	ck_assert(words_ticket(fixture_words, &f.ctx, &subject_en, &body_en, NULL));
	check_ticket(body_en);
	for (gsize i = 0; i < G_N_ELEMENTS(english); i++)
		ck_assert_msg(strstr(body_en, english[i]) != NULL, "'%s' is not in\n%s", english[i], body_en);
	fixture_clear(&f);
}
END_TEST

/* A braced word in what the customer wrote stays a word. */
START_TEST(test_ticket_data)
{
	g_autofree char *subject = NULL, *body = NULL;
	Fixture f;

	fixture_init(&f, "nl");
	f.reading.facts.customer_name = (char *) "{{order_number}} Jansen";
	f.ctx.customer = "x@example.org";
	ck_assert(words_ticket(fixture_words, &f.ctx, &subject, &body, NULL));
	ck_assert_ptr_nonnull(strstr(body, "{{order_number}} Jansen"));
	fixture_clear(&f);
}
END_TEST

START_TEST(test_all_tickets)
{
	static const char *const languages[] = { "nl", "en", "de", "fr", "other" };
	Fixture f;

	fixture_init(&f, "nl");
	f.shop.language = (char *) (_i == 0 ? "nl" : "en");
	for (gsize type = 0; type < G_N_ELEMENTS(fixture_types); type++)
		for (gsize tone = 0; tone < G_N_ELEMENTS(fixture_tones); tone++)
			for (guint kind = 0; kind < N_KINDS; kind++) {
				g_autofree char *subject = NULL, *body = NULL;

				f.reading.type = fixture_types[type];
				f.reading.tone = fixture_tones[tone];
				f.reading.language = languages[(type + tone) % G_N_ELEMENTS(languages)];
				f.plan.kind = kind;
				f.plan.draft = kind % 2 == 0;
				f.plan.acknowledge = kind % 3 != 0;
				f.plan.answer_by = kind == ACK_PRAISE ? 0 : FIXTURE_BY;
				ck_assert(words_ticket(fixture_words, &f.ctx, &subject, &body, NULL));
				check_text(body);
				ck_assert_ptr_nonnull(strstr(subject, "T123"));
			}
	fixture_clear(&f);
}
END_TEST

/* ---- the operator ---- */

static const char *const notices[] = { "silent", "breaker", "unknown-outcome", "set-aside", "token",
	                               "unrouted", "clock", "given-up" };

START_TEST(test_operator)
{
	const char *values[] = { "account", "info", "ref", "imap:info:77", "detail", hostile, "why", "te groot",
		                 "ticket", "41", "limit", "60", "no_such_value", "x", NULL };
	g_autofree char *subject = NULL, *body = NULL, *bare_subject = NULL, *bare = NULL;
	g_autoptr(GError) error = NULL;
	Fixture f;

	fixture_init(&f, "nl");
	f.shop.language = (char *) (_i % 2 == 0 ? "nl" : "en");
	ck_assert(words_operator(fixture_words, &f.shop, notices[_i / 2], values, &subject, &body, &error));
	check_ticket(body);
	ck_assert(g_str_has_prefix(subject, "aardig: "));
	ck_assert_ptr_null(strchr(subject, '\n'));
	ck_assert_ptr_null(strstr(body, "\nBcc:"));
	/* and with nothing known at all */
	ck_assert(words_operator(fixture_words, &f.shop, notices[_i / 2], NULL, &bare_subject, &bare, &error));
	check_text(bare);
	ck_assert(!words_operator(fixture_words, &f.shop, "nothing", NULL, &subject, &body, &error));
	fixture_clear(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("words_reply");
	TCase *tcase = tcase_create("words_reply");

	fixture_load();
	tcase_add_loop_test(tcase, test_all_replies, 0,
	                    G_N_ELEMENTS(variants) * G_N_ELEMENTS(fixture_variants));
	tcase_add_loop_test(tcase, test_policy, 0, G_N_ELEMENTS(policies));
	tcase_add_loop_test(tcase, test_choice, 0, G_N_ELEMENTS(choices));
	tcase_add_test(tcase, test_no);
	tcase_add_test(tcase, test_unknown_reply);
	tcase_add_test(tcase, test_invoice);
	tcase_add_test(tcase, test_ticket);
	tcase_add_test(tcase, test_ticket_data);
	tcase_add_loop_test(tcase, test_all_tickets, 0, 2);
	tcase_add_loop_test(tcase, test_operator, 0, 2 * G_N_ELEMENTS(notices));
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
