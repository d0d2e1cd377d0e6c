/* test_guard.c - every guard, by the table in guard-cases-*.h and by the example mails in
 * tests/data/guard. */
#include "config.h"

#include <jansson.h>

#include "aardig/clock.h"
#include "guard-cases-auth.h"
#include "guard-cases-form.h"
#include "guard-cases-machine.h"
#include "guard-cases-recipient.h"
#include "guard-cases-sender.h"
#include "guard-cases-spam.h"
#include "guard-cases-subject.h"
#include "guard_fixture.h"

/* ---- the table ---- */

static void
check_row(const GuardCaseRow *row, const char *eol)
{
	Setup s;
	g_autoptr(GBytes) raw = build_mail(row->line, row->headers, row->body, eol);

	setup(&s, row->set);
	s.ctx.envelope = (Envelope) { row->sender, row->rcpt, row->age > 0 ? NOW - row->age : 0 };
	g_autoptr(GuardResult) result = check_bytes(raw, &s.ctx);

	ck_assert_msg(g_strcmp0(result->guard, row->guard) == 0, "%s: expected %s, got %s (%s)", row->label,
	              row->guard ? row->guard : "an answer", result->guard ? result->guard : "an answer",
	              result->reason ? result->reason : "");
	if (row->guard != NULL)
		ck_assert_msg(result->human == row->human, "%s: human is %d", row->label, result->human);

	const Address *who = result->allowed ? reply_permit_recipient(result->permit)
	                                     : result->correspondent;
	const char *expected = row->to != NULL ? row->to : row->guard == NULL ? JAN : NULL;
	g_autofree char *text = who != NULL ? address_text(who) : g_strdup("");
	if (expected != NULL)
		ck_assert_msg(strcmp(text, expected) == 0, "%s: expected to <%s>, got <%s>", row->label,
		              expected, text);
	ck_assert((result->form != NULL) <= (row->set >= SET_FORM && row->set <= SET_FORM_ELSEWHERE));
	setup_clear(&s);
}

#define TABLE(rows) \
	START_TEST(test_##rows) \
	{ \
		check_row(&rows[_i], "\r\n"); \
		check_row(&rows[_i], "\n"); \
	} \
	END_TEST

TABLE(machine_cases)
TABLE(spam_cases)
TABLE(sender_cases)
TABLE(own_cases)
TABLE(recipient_cases)
TABLE(auth_cases)
TABLE(form_cases)
TABLE(subject_cases)

/* ---- the example mails ---- */

/* The rules of synth.jsonl that hold, as guards. A04 (two Reply-To addresses) is expected to
 * be answered there, softly; the amplifier rule of no-sender is stricter and comes first. */
static const struct {
	const char *rule, *guard;
} rules[] = {
	{ "N01", "null-sender" }, { "N02", "robot-sender" }, { "N03", "auto-submitted" }, { "N04", "report" },
	{ "N05", "report" }, { "N06", "mailing-list" }, { "N07", "mailing-list" }, { "N08", "mailing-list" },
	{ "N09", "mailing-list" }, { "N10", "precedence" }, { "N11", "suppressed" }, { "N12", "auto-header" },
	{ "N13", "loop" }, { "N14", "noreply" }, { "N15", "list-envelope" }, { "N16", "own-mail" },
	{ "N17", "loop" }, { "N18", "not-addressed" }, { "N20", "duplicate" }, { "N21", "spam" },
	{ "N22", "unauthenticated" }, { "N23", "calendar" }, { "N24", "bulk-sender" }, { "N25", "no-sender" },
	{ "N26", "no-sender" }, { "N27", "auto-subject" }, { "N28", "loop" }, { "N29", "too-old" },
	{ "N30", "auto-header" }, { "A04", "no-sender" },
};

static const char *
rule_guard(const char *rule)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
		if (strcmp(rules[i].rule, rule) == 0)
			return rules[i].guard;
	return NULL;
}

static const char *
text_of(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static char **
own_of(json_t *mail)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new();
	json_t *also = json_object_get(mail, "own_also"), *value;
	size_t i;

	g_ptr_array_add(own, g_strdup(text_of(mail, "own")));
	json_array_foreach(also, i, value)
		g_ptr_array_add(own, g_strdup(json_string_value(value)));
	g_ptr_array_add(own, NULL);
	return (char **) g_ptr_array_steal(own, NULL);
}

static void
check_example(json_t *mail, Past *past, const GuardHistory *history)
{
	const char *file = text_of(mail, "file");
	g_autofree char *below = g_build_filename("tests/data/guard", file, NULL);
	g_autofree char *path = unit_path(below);
	g_autofree char *data = NULL;
	g_auto(GStrv) own = own_of(mail);
	Setup s;
	gsize size;

	ck_assert_msg(g_file_get_contents(path, &data, &size, NULL), "%s", path);
	setup(&s, SET_PLAIN);
	s.account.addresses = own;
	s.account.authserv_id = (char *) text_of(mail, "authserv");
	s.ctx.envelope.sender = text_of(mail, "envelope_from");
	s.ctx.history = history;
	ck_assert(clock_parse_rfc3339(text_of(mail, "now"), &s.ctx.now));

	g_autoptr(GBytes) raw = g_bytes_new(data, size);
	g_autoptr(Message) message = message_parse(raw);
	g_autoptr(GuardResult) result = guard_check(message, &s.ctx);
	check_sane(result);
	const char *expected = strcmp(text_of(mail, "expect"), "reply") == 0 &&
	                       strcmp(text_of(mail, "rule"), "A04") != 0
	                           ? NULL : rule_guard(text_of(mail, "rule"));
	ck_assert_msg(g_strcmp0(result->guard, expected) == 0, "%s: expected %s, got %s (%s)", file,
	              expected ? expected : "an answer", result->guard ? result->guard : "an answer",
	              result->reason ? result->reason : "");
	ck_assert_msg(strcmp(text_of(mail, "expect"), "reply") == 0 || expected != NULL,
	              "%s: rule %s has no guard here", file, text_of(mail, "rule"));
	if (strcmp(text_of(mail, "rule"), "N20") == 0)
		past_note(past, message);
	setup_clear(&s);
}

START_TEST(test_examples)
{
	g_autofree char *path = unit_path("tests/data/guard/synth.jsonl");
	g_autofree char *text = NULL;
	GuardHistory history;
	Past past;
	guint n = 0;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	past_open(&past, &history);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		if (**line == '\0')
			continue;
		json_t *mail = json_loads(*line, 0, NULL);
		ck_assert_ptr_nonnull(mail);
		check_example(mail, &past, &history);
		json_decref(mail);
		n++;
	}
	ck_assert_uint_eq(n, 65);
	g_array_unref(past.seen);
}
END_TEST

static void
add_loops(Suite *suite)
{
	TCase *tcase = tcase_create("table");

	tcase_add_loop_test(tcase, test_machine_cases, 0, G_N_ELEMENTS(machine_cases));
	tcase_add_loop_test(tcase, test_spam_cases, 0, G_N_ELEMENTS(spam_cases));
	tcase_add_loop_test(tcase, test_sender_cases, 0, G_N_ELEMENTS(sender_cases));
	tcase_add_loop_test(tcase, test_own_cases, 0, G_N_ELEMENTS(own_cases));
	tcase_add_loop_test(tcase, test_recipient_cases, 0, G_N_ELEMENTS(recipient_cases));
	tcase_add_loop_test(tcase, test_auth_cases, 0, G_N_ELEMENTS(auth_cases));
	tcase_add_loop_test(tcase, test_form_cases, 0, G_N_ELEMENTS(form_cases));
	tcase_add_loop_test(tcase, test_subject_cases, 0, G_N_ELEMENTS(subject_cases));
	suite_add_tcase(suite, tcase);
}

int
main(void)
{
	Suite *suite = suite_create("guard");
	TCase *tcase = tcase_create("examples");

	add_loops(suite);
	tcase_add_test(tcase, test_examples);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
