/* test_ledger_time.c - clocks that jump, and what retention leaves. */
#include "config.h"

#include "ledger_fixture.h"

#define REF "imap:info:INBOX:7:1"

/* ---- the clock ---- */

START_TEST(test_newest_time)
{
	g_autoptr(Ledger) ledger = open_ledger();
	gint64 newest = 0;
	guint tries;

	ok(ledger_attempt(ledger, REF, &tries, &error));
	ok(ledger_newest_time(ledger, &newest, &error));
	ck_assert_int_eq(newest, T0);
	clock_set(T0 + DAYS(300));
	ok(ledger_attempt(ledger, REF, &tries, &error));
	clock_set(T0);
	ok(ledger_attempt(ledger, REF, &tries, &error));
	ok(ledger_newest_time(ledger, &newest, &error));
	ck_assert_int_eq(newest, T0 + DAYS(300));
	/* Another process, later: after a day in its new time the clock is believed. */
	g_autoptr(Ledger) other = open_ledger();
	clock_set(T0 + DAYS(1) - 1);
	ok(ledger_attempt(other, REF, &tries, &error));
	ok(ledger_newest_time(ledger, &newest, &error));
	ck_assert_int_eq(newest, T0 + DAYS(300));
	clock_set(T0 + DAYS(1));
	ok(ledger_attempt(other, REF, &tries, &error));
	ok(ledger_newest_time(ledger, &newest, &error));
	ck_assert_int_eq(newest, T0 + DAYS(1));
	clock_set(T0 + DAYS(2));
	ok(ledger_attempt(ledger, REF, &tries, &error));
	ok(ledger_newest_time(ledger, &newest, &error));
	ck_assert_int_eq(newest, T0 + DAYS(2));
}
END_TEST

/* ---- retention ---- */

START_TEST(test_expiry)
{
	g_autoptr(Ledger) ledger = open_ledger();
	guint rows = 0;
	MailKey key = mail_key("geheim-id@klant.example", "11", "geheim@klant.example", REF);
	const MailDecision decision = { .type = "damaged", .guard_reason = "geheim-1", .order_number = "geheim-2",
		                        .customer_name = "geheim-3", .evidence = "[\"geheim-4\"]" };
	gboolean given_up;

	key.subject = "geheim-5";
	MailEntry old = open_mail(ledger, &key);
	ok(ledger_note_decision(ledger, old.id, &decision, &error));
	AckLimits limits = { .recipient = "geheim@klant.example", .domain = "klant.example", .address_week = 1 };
	claim_ack_at(ledger, old.id, &limits);
	ok(ledger_action_failed(ledger, old.id, "ack", "", "550 geheim@klant.example", TRUE, &given_up,
	                        &error));
	ok(ledger_settle(ledger, REF, old.id, "handed-over", "geheim-6", &error));
	ok(ledger_settle(ledger, "spool:9", 0, "set-aside", "geheim-7", &error));
	clock_set(T0 + DAYS(10));
	MailEntry young = new_mail(ledger, 5, "jong@klant.example");

	ok(ledger_expire(ledger, T0 + DAYS(1), &rows, &error));
	ck_assert_uint_eq(rows, 1);
	ok(ledger_expire(ledger, T0 + DAYS(1), &rows, &error));
	ck_assert_uint_eq(rows, 0);

	g_autofree char *whole = NULL;
	ok((whole = ledger_why_json(ledger, "1", &error)) != NULL);
	ck_assert_msg(strstr(whole, "geheim") == NULL, "%s", whole);
	ck_assert_ptr_nonnull(strstr(whole, "\"type\": \"damaged\""));
	/* Still known by its id and by its content. */
	g_autofree char *by_id = NULL, *kept = NULL;
	ok((by_id = ledger_why_json(ledger, "geheim-id@klant.example", &error)) != NULL);
	MailEntry again = open_mail(ledger, &key);
	ck_assert_int_eq(again.status, MAIL_DUPLICATE);
	ok((kept = ledger_why_json(ledger, "2", &error)) != NULL);
	ck_assert_int_eq(young.id, 2);
	ck_assert_ptr_nonnull(strstr(kept, "jong@klant.example"));
}
END_TEST

/* Not in a free page, not in the log: the words are gone from the disk. */
START_TEST(test_expiry_leaves_nothing_in_the_files)
{
	g_autoptr(Ledger) ledger = open_ledger();
	guint rows = 0;

	for (guint i = 0; i < 300; i++) {
		g_autofree char *ref = g_strdup_printf("spool:%u", i), *id = g_strdup_printf("m%u@x", i);
		MailKey key = mail_key(id, id, "GEHEIM@klant.example", ref);
		const MailDecision decision = { .evidence = "[\"GEHEIM\"]" };
		MailEntry entry = open_mail(ledger, &key);
		ok(ledger_note_decision(ledger, entry.id, &decision, &error));
		ok(ledger_settle(ledger, ref, entry.id, "held", "GEHEIM", &error));
	}
	clock_set(T0 + DAYS(10));
	ok(ledger_expire(ledger, T0 + DAYS(1), &rows, &error));
	ck_assert_uint_eq(rows, 300);
	static const char *const suffixes[] = { "", "-wal" };
	for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		g_autofree char *name = g_strconcat(path, suffixes[i], NULL), *bytes = NULL;
		gsize size = 0;
		ck_assert(g_file_get_contents(name, &bytes, &size, NULL));
		ck_assert_msg(memmem(bytes, size, "GEHEIM", 6) == NULL, "%s", name);
	}
}
END_TEST

START_TEST(test_budget_survives_expiry)
{
	g_autoptr(Ledger) ledger = open_ledger();
	AckLimits limits = { .recipient = "k@x", .address_week = 1 };
	guint rows;

	MailEntry first = new_mail(ledger, 1, "k@x");
	ck_assert_int_eq(claim_ack_at(ledger, first.id, &limits).status, CLAIM_OURS);
	clock_set(T0 + DAYS(2));
	ok(ledger_expire(ledger, T0 + DAYS(1), &rows, &error));
	MailEntry second = new_mail(ledger, 2, "k@x");
	ck_assert_int_eq(claim_ack_at(ledger, second.id, &limits).status, CLAIM_BUDGET);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger-time");
	TCase *passing = tcase_create("time");

	tcase_add_checked_fixture(passing, fixture_set_up, fixture_tear_down);
	suite_add_tcase(suite, passing);
	tcase_add_test(passing, test_newest_time);
	tcase_add_test(passing, test_expiry);
	tcase_add_test(passing, test_expiry_leaves_nothing_in_the_files);
	tcase_add_test(passing, test_budget_survives_expiry);
	return unit_run(suite);
}
