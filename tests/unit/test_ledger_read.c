/* test_ledger_read.c - status and why, folders and accounts. */
#include "config.h"

#include "aardig/pipeline.h"
#include "ledger_fixture.h"
#include "record/record-private.h"

#define REF "imap:info:INBOX:7:1"

/* ---- folders, accounts, notices ---- */

START_TEST(test_folder)
{
	g_autoptr(Ledger) ledger = open_ledger();
	FolderState state = { 1, 2, 3 };
	const FolderState set = { 4294967295u, 4294967294u, T0 };

	ok(ledger_folder_get(ledger, "info", "INBOX", &state, &error));
	ck_assert_uint_eq(state.uidvalidity + state.watermark, 0);
	ok(ledger_folder_set(ledger, "info", "INBOX", &set, &error));
	ok(ledger_folder_get(ledger, "info", "Klachten: \xc3\xa9\xc3\xa9n", &state, &error));
	ck_assert_uint_eq(state.uidvalidity, 0);
	ok(ledger_folder_get(ledger, "info", "INBOX", &state, &error));
	ck_assert_uint_eq(state.uidvalidity, 4294967295u);
	ck_assert_uint_eq(state.watermark, 4294967294u);
	ck_assert_int_eq(state.last_sync, T0);
}
END_TEST

START_TEST(test_folder_settled)
{
	g_autoptr(Ledger) ledger = open_ledger();
	static const guint uids[] = { 4294967295u, 9, 100, 10, 3, 2000000000u };
	static const char *const others[] = { "imap:info:INBOX:8:11", "imap:info:Andere:7:12",
		                              "imap:infox:INBOX:7:13", "imap:info:INBOX:7:naam" };
	guint tries;
	g_autoptr(GArray) got = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(uids); i++) {
		g_autofree char *ref = g_strdup_printf("imap:info:INBOX:7:%u", uids[i]);
		ok(ledger_settle(ledger, ref, 0, "backlog", "", &error));
	}
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		ok(ledger_settle(ledger, others[i], 0, "backlog", "", &error));
	ok(ledger_attempt(ledger, "imap:info:INBOX:7:50", &tries, &error));

	ok((got = ledger_folder_settled(ledger, "info", "INBOX", 7, 3, &error)) != NULL);
	static const guint32 expected[] = { 9, 10, 100, 2000000000u, 4294967295u };
	ck_assert_uint_eq(got->len, G_N_ELEMENTS(expected));
	ck_assert_mem_eq(got->data, expected, sizeof expected);
}
END_TEST

START_TEST(test_notice)
{
	g_autoptr(Ledger) ledger = open_ledger();
	static const struct {
		gint64 at;
		gboolean first;
	} rows[] = {
		{ T0, TRUE }, { T0 + 1, FALSE }, { T0 + HOURS(1) - 1, FALSE }, { T0 + HOURS(1), TRUE },
		{ T0 + HOURS(1) + 5, FALSE }, { T0 - DAYS(30), TRUE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gboolean first = !rows[i].first;
		ok(ledger_notice_once(ledger, "breaker", HOURS(1), rows[i].at, &first, &error));
		ck_assert_msg(first == rows[i].first, "row %zu", i);
	}
	gboolean first = FALSE;
	ok(ledger_notice_once(ledger, "other", HOURS(1), T0, &first, &error));
	ck_assert(first);
}
END_TEST

/* ---- status ---- */

static void
nothing(Ledger *ledger)
{
}

static void
polled(Ledger *ledger)
{
	ok(ledger_account_ok(ledger, "info", T0 - MIN_(29), &error));
}

static void
silent(Ledger *ledger)
{
	ok(ledger_account_ok(ledger, "info", T0 - MIN_(30), &error));
}

static void
short_trouble(Ledger *ledger)
{
	ok(ledger_account_ok(ledger, "info", T0 - MIN_(5), &error));
	ok(ledger_account_trouble(ledger, "info", "login refused", T0, &error));
}

static void
long_trouble(Ledger *ledger)
{
	ok(ledger_account_trouble(ledger, "info", "login refused", T0 - MIN_(40), &error));
	ok(ledger_account_trouble(ledger, "info", "login refused again", T0 - MIN_(1), &error));
}

static void
recovered(Ledger *ledger)
{
	long_trouble(ledger);
	ok(ledger_account_ok(ledger, "info", T0, &error));
}

static void
settle_as(Ledger *ledger, const char *outcome, gint64 ago)
{
	clock_set(T0 - ago);
	MailEntry entry = new_mail(ledger, 1, "k@x");
	ok(ledger_settle(ledger, REF, entry.id, outcome, "omdat", &error));
	clock_set(T0);
}

static void
unrouted(Ledger *ledger)
{
	settle_as(ledger, "unrouted", HOURS(1));
}

static void
unrouted_long_ago(Ledger *ledger)
{
	settle_as(ledger, "unrouted", DAYS(15));
}

static void
handed_over(Ledger *ledger)
{
	settle_as(ledger, "handed-over", HOURS(1));
}

static void
set_aside(Ledger *ledger)
{
	ok(ledger_settle(ledger, "imap:info:INBOX:7:66", 0, "set-aside", "three tries", &error));
}

static void
unknown(Ledger *ledger)
{
	MailEntry entry = new_mail(ledger, 1, "k@x");

	claim_ack(ledger, entry.id);
	ok(ledger_commit_begin(ledger, entry.id, "ack", "", &error));
	ok(ledger_action_unknown(ledger, entry.id, "ack", "", "connection lost", &error));
	ok(ledger_settle(ledger, REF, entry.id, "acknowledged", "", &error));
}

static void
breaker(Ledger *ledger)
{
	for (guint i = 1; i <= 2; i++) {
		AckLimits limits = { .recipient = "k@x", .total_hour = 1 };
		claim_ack_at(ledger, new_mail(ledger, i, "k@x").id, &limits);
	}
}

static void
clock_behind(Ledger *ledger)
{
	guint tries;

	clock_set(T0 + DAYS(2));
	ok(ledger_attempt(ledger, REF, &tries, &error));
	clock_set(T0);
}

static const struct {
	const char *label;
	void (*before)(Ledger *);
	const char *kind; /* of the only reason; NULL: nothing needs attention */
	const char *says;
} attentions[] = {
	{ "new", nothing, NULL, NULL },
	{ "polled just now", polled, NULL, NULL },
	{ "silent", silent, "account", "30 minutes" },
	{ "in trouble for a moment", short_trouble, NULL, NULL },
	{ "never polled", long_trouble, "account", "login refused again" },
	{ "recovered", recovered, NULL, NULL },
	{ "unrouted", unrouted, "unrouted", "no human" },
	{ "unrouted long ago", unrouted_long_ago, NULL, NULL },
	{ "handed over", handed_over, NULL, NULL },
	{ "set aside", set_aside, "set_aside", "read it yourself" },
	{ "unknown outcome", unknown, "unknown", "counts as sent" },
	{ "breaker", breaker, "breaker", "closes after an hour" },
	{ "clock", clock_behind, "clock", "2025-06-03T08:05:00Z" },
};

START_TEST(test_attention)
{
	g_autoptr(Ledger) ledger = open_ledger();

	attentions[_i].before(ledger);
	json_t *status = status_of_ledger(ledger), *reasons = json_object_get(status, "reasons");
	gboolean wanted = attentions[_i].kind != NULL;

	ck_assert_msg(json_is_true(json_object_get(status, "attention")) == wanted, "%s",
	              attentions[_i].label);
	ck_assert_uint_eq(json_array_size(reasons), wanted ? 1 : 0);
	if (wanted) {
		json_t *reason = json_array_get(reasons, 0);
		const char *text = json_string_value(json_object_get(reason, "text"));
		ck_assert_str_eq(json_string_value(json_object_get(reason, "kind")), attentions[_i].kind);
		ck_assert_msg(strstr(text, attentions[_i].says) != NULL, "%s: %s", attentions[_i].label, text);
	}
	json_decref(status);
}
END_TEST

static const char *
text_at(json_t *status, const char *list, gsize row, const char *key)
{
	return json_string_value(json_object_get(json_array_get(json_object_get(status, list), row), key));
}

START_TEST(test_status_lists)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailDecision decision = { .team = "klantenservice", .priority = "high", .guard = "thread",
		                  .needs_human = TRUE, .answer_by = T0 - 60 };
	gboolean given_up;
	guint ticket;

	MailEntry late = new_mail(ledger, 1, "laat@x"), waits = new_mail(ledger, 2, "wacht@x");
	ok(ledger_note_decision(ledger, late.id, &decision, &error));
	ok(ledger_ticket_number(ledger, late.id, &ticket, &error));
	ok(ledger_settle(ledger, REF, late.id, "handed-over", "", &error));
	decision.answer_by = T0 + 60;
	MailEntry in_time = new_mail(ledger, 3, "optijd@x");
	ok(ledger_note_decision(ledger, in_time.id, &decision, &error));
	ok(ledger_settle(ledger, "imap:info:INBOX:7:3", in_time.id, "handed-over", "", &error));
	ok(ledger_settle(ledger, "spool:3", in_time.id, "duplicate", "", &error));
	claim_ack(ledger, waits.id);
	ok(ledger_action_failed(ledger, waits.id, "ack", "", "450 later", FALSE, &given_up, &error));
	ok(ledger_wait(ledger, "imap:info:INBOX:7:2", 0, &error));

	json_t *status = status_of_ledger(ledger);
	ck_assert_uint_eq(json_array_size(json_object_get(status, "overdue")), 1);
	ck_assert_str_eq(text_at(status, "overdue", 0, "from"), "laat@x");
	ck_assert_str_eq(text_at(status, "overdue", 0, "answer_by"), "2025-06-02T08:04:00Z");
	ck_assert_uint_eq(json_array_size(json_object_get(status, "waiting")), 1);
	ck_assert_str_eq(text_at(status, "waiting", 0, "due"), "2025-06-02T08:06:00Z");
	ck_assert_uint_eq(json_array_size(json_object_get(status, "open")), 1);
	ck_assert_str_eq(text_at(status, "open", 0, "state"), "failed");
	ck_assert_str_eq(text_at(status, "open", 0, "detail"), "450 later");
	json_t *outcomes = json_object_get(status, "outcomes"), *guards = json_object_get(status, "guards");
	ck_assert_int_eq(json_integer_value(json_object_get(outcomes, "handed-over")), 2);
	ck_assert_int_eq(json_integer_value(json_object_get(outcomes, "duplicate")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(guards, "thread")), 2);
	json_decref(status);
	clock_set(T0 + DAYS(2));
	status = status_of_ledger(ledger);
	ck_assert_uint_eq(json_object_size(json_object_get(status, "outcomes")), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(status, "overdue")), 2);
	json_decref(status);
}
END_TEST

/* ---- why ---- */

static void
tell_a_story(Ledger *ledger)
{
	guint tries, ticket;
	const MailDecision decision = { .language = "nl", .type = "damaged", .tone = "angry", .needs_human = TRUE,
		                        .evidence = "[{\"rule\":\"nl.damaged\"}]", .rules_version = "v1" };

	ok(ledger_attempt(ledger, REF, &tries, &error));
	MailEntry entry = new_mail(ledger, 1, "k@x");
	ok(ledger_note_decision(ledger, entry.id, &decision, &error));
	ok(ledger_ticket_number(ledger, entry.id, &ticket, &error));
	claim_ack(ledger, entry.id);
	ok(ledger_commit_begin(ledger, entry.id, "ack", "", &error));
	ok(ledger_action_done(ledger, entry.id, "ack", "", "250 2.0.0 ok", &error));
	claim_other(ledger, entry.id, "draft");
	clock_set(T0 + 1);
	ok(ledger_action_done(ledger, entry.id, "draft", "doel", NULL, &error));
	ok(ledger_thread_add_id(ledger, entry.thread, "in-thread@winkel.example", NULL, &error));
	ok(ledger_settle(ledger, REF, entry.id, "acknowledged", "normal", &error));
	clock_set(T0 + 10);
	ok(ledger_settle(ledger, "spool:1", entry.id, "duplicate", "again", &error));
}

static const struct {
	const char *id;
	int mails; /* -1: unknown */
} asked[] = {
	{ "1", 1 }, { "#1", 1 }, { "T1", 1 }, { "t1", 1 }, { "mail-1@klant.example", 1 },
	{ "<mail-1@klant.example>", 1 }, { REF, 1 }, { "spool:1", 1 }, { "ack-1@winkel.example", 1 },
	{ "in-thread@winkel.example", 1 }, { "spool:2", 0 }, { "2", -1 }, { "#9", -1 }, { "q@q", -1 },
	{ "", -1 }, { "#", -1 }, { "imap:info:INBOX:7:2", -1 }, { "99999999999999999999999999", -1 },
	{ "'; DROP TABLE mail; --", -1 },
};

START_TEST(test_why_finds)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autoptr(GError) trouble = NULL;

	tell_a_story(ledger);
	ok(ledger_settle(ledger, "spool:2", 0, "set-aside", "three tries", &error));
	g_autofree char *text = ledger_why_json(ledger, asked[_i].id, &trouble);
	ck_no_error(trouble);
	ck_assert_msg((text == NULL) == (asked[_i].mails < 0), "%s: %s", asked[_i].id, text);
	if (text == NULL)
		return;
	json_t *why = json_loads(text, 0, NULL);
	ck_assert_int_eq((int) json_array_size(json_object_get(why, "mails")), asked[_i].mails);
	ck_assert_int_eq(json_is_object(json_object_get(why, "ref")), asked[_i].mails == 0);
	json_decref(why);
}
END_TEST

START_TEST(test_why_tells_in_order)
{
	static const char *const order[] = { "seen", "decided", "claimed", "claimed", "committing", "done",
		                             "done", "settled", "seen", "settled" };
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *text = NULL;

	tell_a_story(ledger);
	ok((text = ledger_why_json(ledger, "1", &error)) != NULL);
	json_t *why = json_loads(text, 0, NULL);
	json_t *mail = json_array_get(json_object_get(why, "mails"), 0);
	json_t *events = json_object_get(mail, "events");
	ck_assert_uint_eq(json_array_size(events), G_N_ELEMENTS(order));
	for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
		ck_assert_str_eq(json_string_value(json_object_get(json_array_get(events, i), "what")), order[i]);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(events, 5), "detail")),
	                 "250 2.0.0 ok");
	json_t *decision = json_object_get(mail, "decision");
	ck_assert(json_is_array(json_object_get(decision, "evidence")));
	ck_assert_str_eq(json_string_value(json_object_get(mail, "outcome")), "acknowledged");
	ck_assert_int_eq(json_integer_value(json_object_get(mail, "ticket")), 1);
	json_decref(why);
}
END_TEST

/* As the guards ask: a gateway on the way may have rewritten the case of the mark. */
START_TEST(test_our_mark_in_history)
{
	g_autoptr(Ledger) ledger = open_ledger();
	LedgerHistory data = { .ledger = ledger };
	GuardHistory history = ledger_history(&data);
	g_autofree char *mark = guard_mark(ledger_secret(ledger), LEDGER_SECRET_LENGTH, "a1@winkel.example");
	g_autofree char *upper = g_ascii_strup(mark, -1);
	g_autofree char *blanks = g_strconcat(mark, " ", NULL);

	ck_assert(history.is_our_mark(history.data, "a1@winkel.example", mark));
	ck_assert(history.is_our_mark(history.data, "a1@winkel.example", upper));
	ck_assert(history.is_our_mark(history.data, "a1@winkel.example", blanks));
	ck_assert(!history.is_our_mark(history.data, "a2@winkel.example", mark));
	ck_assert(!history.is_our_mark(history.data, "a1@winkel.example", ""));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger-read");
	TCase *places = tcase_create("places"), *reading = tcase_create("reading");
	TCase *const all[] = { places, reading };

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		tcase_add_checked_fixture(all[i], fixture_set_up, fixture_tear_down);
		suite_add_tcase(suite, all[i]);
	}
	tcase_add_test(places, test_folder);
	tcase_add_test(places, test_folder_settled);
	tcase_add_test(places, test_notice);
	tcase_add_loop_test(reading, test_attention, 0, G_N_ELEMENTS(attentions));
	tcase_add_test(reading, test_status_lists);
	tcase_add_loop_test(reading, test_why_finds, 0, G_N_ELEMENTS(asked));
	tcase_add_test(reading, test_why_tells_in_order);
	tcase_add_test(reading, test_our_mark_in_history);
	return unit_run(suite);
}
