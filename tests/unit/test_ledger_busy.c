/* test_ledger_busy.c - somebody else has the lock, the disk is full, several steps are one commit. */
#include "config.h"

#include <fcntl.h>
#include <sys/resource.h>

#include "aardig/fault.h"
#include "ledger_fixture.h"

#define REF "imap:info:INBOX:7:1"

/* ---- busy, full ---- */

static sqlite3 *locked;

static void
lock_it(Ledger *ledger)
{
	ck_assert_int_eq(sqlite3_open(path, &locked), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(locked, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
}

/* Whenever the two are scheduled: nobody writes before the other says that he lets go. */
START_TEST(test_busy_is_waited_for)
{
	g_autoptr(Ledger) ledger = open_ledger();
	int ready[2];
	gint64 released = 0;

	ck_assert_int_eq(pipe(ready), 0);
	pid_t pid = fork();
	if (pid == 0) {
		lock_it(NULL);
		if (write(ready[1], &released, sizeof released) != sizeof released)
			_exit(1);
		g_usleep(300 * 1000);
		released = clock_monotonic_ms();
		_exit(write(ready[1], &released, sizeof released) == sizeof released ? 0 : 1);
	}
	ck_assert_int_eq(read(ready[0], &released, sizeof released), sizeof released);
	new_mail(ledger, 1, "k@x");
	gint64 ended = clock_monotonic_ms();
	ck_assert_int_eq(read(ready[0], &released, sizeof released), sizeof released);
	ck_assert_int_ge(ended, released);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

START_TEST(test_busy_too_long)
{
	g_autoptr(Ledger) ledger = open_ledger();
	Living child = in_living_child(lock_it);
	MailKey key = mail_key("a@x", "11", "k@x", REF);
	MailEntry entry = { .id = 77 };
	g_autoptr(GError) error = NULL;

	ledger->busy_ms = 100;
	ck_assert(!ledger_open_mail(ledger, &key, &entry, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
	ck_assert_ptr_nonnull(strstr(error->message, "busy"));
	ck_assert_int_eq(entry.id, 77);
	let_go(&child);
	ck_assert_int_eq(open_mail(ledger, &key).status, MAIL_NEW);
}
END_TEST

/* Fills the ledger until the disk is full; what was said to be on record stays, and it goes on
 * when there is room again. */
static guint
fill(Ledger *ledger, GError **error)
{
	g_autofree char *evidence = g_strnfill(30000, 'x');
	MailDecision decision = { .evidence = evidence };

	for (guint i = 1; i < 100000; i++) {
		g_autofree char *id = g_strdup_printf("vol-%u@x", i), *ref = g_strdup_printf("spool:%u", i);
		MailKey key = mail_key(id, id, "k@x", ref);
		MailEntry entry;

		if (!ledger_open_mail(ledger, &key, &entry, error) ||
		    !ledger_note_decision(ledger, entry.id, &decision, error))
			return i;
	}
	return 0;
}

START_TEST(test_disk_full)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autoptr(GError) trouble = NULL;

	ok(db_run(ledger, &error, "PRAGMA max_page_count = 300", ""));
	guint stopped = fill(ledger, &trouble);
	ck_assert_uint_gt(stopped, 10);
	ck_assert(g_error_matches(trouble, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
	ck_assert_ptr_nonnull(strstr(trouble->message, "disk is full"));
	g_autofree char *check = ask_sql("PRAGMA integrity_check");
	ck_assert_str_eq(check, "ok");
	ok(db_run(ledger, &error, "PRAGMA max_page_count = 100000", ""));
	new_mail(ledger, 1, "k@x");
}
END_TEST

/* The whole group is undone by SQLite itself; nothing of it may look as if it had been written. */
START_TEST(test_disk_full_in_a_group)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autoptr(GError) trouble = NULL, after = NULL, end = NULL;
	MailKey key = mail_key("a@x", "11", "k@x", REF);
	MailEntry entry;

	ok(db_run(ledger, &error, "PRAGMA max_page_count = 300", ""));
	ok(ledger_begin(ledger, &error));
	open_mail(ledger, &key);
	ck_assert_uint_gt(fill(ledger, &trouble), 10);
	if (sqlite3_get_autocommit(ledger->db)) {
		ck_assert(!ledger_open_mail(ledger, &key, &entry, &after));
		ck_assert(!ledger_commit(ledger, &end));
		ck_assert(g_error_matches(end, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
		ok(ledger_peek_mail(ledger, &key, &entry, &error));
		ck_assert_int_eq(entry.status, MAIL_NEW);
		ck_assert_int_eq(entry.id, 0);
	} else {
		ledger_rollback(ledger);
	}
	ok(db_run(ledger, &error, "PRAGMA max_page_count = 100000", ""));
	ck_assert_int_eq(open_mail(ledger, &key).status, MAIL_NEW);
}
END_TEST

START_TEST(test_file_size_limit)
{
	ledger_close(open_ledger());
	pid_t pid = fork();
	if (pid == 0) {
		struct rlimit small = { 600000, 600000 };
		g_autoptr(GError) error = NULL;
		Ledger *ledger = open_ledger();

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &small);
		guint stopped = fill(ledger, &error);
		_exit(stopped > 5 && g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY) ? 0 : 1);
	}
	int status = 0;
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *check = ask_sql("PRAGMA integrity_check");
	ck_assert_str_eq(check, "ok");
	new_mail(ledger, 1, "k@x");
}
END_TEST

/* ---- groups ---- */

START_TEST(test_groups)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey one = mail_key("a@x", "11", "k@x", REF), two = mail_key("b@x", "22", "k@x", "spool:2");
	MailEntry entry;
	g_autoptr(GError) refused = NULL;
	guint number;

	ok(ledger_begin(ledger, &error));
	open_mail(ledger, &one);
	ledger_rollback(ledger);
	ok(ledger_peek_mail(ledger, &one, &entry, &error));
	ck_assert_int_eq(entry.id, 0);

	/* What fails undoes only itself. */
	ok(ledger_begin(ledger, &error));
	open_mail(ledger, &one);
	ck_assert(!ledger_ticket_number(ledger, 999, &number, &refused));
	ok(ledger_begin(ledger, &error));
	open_mail(ledger, &two);
	ok(ledger_commit(ledger, &error));
	ok(ledger_commit(ledger, &error));
	ck_assert_int_eq(open_mail(ledger, &one).status, MAIL_RESUMED);
	ck_assert_int_eq(open_mail(ledger, &two).status, MAIL_RESUMED);
}
END_TEST

/* A group waits for the disk if a step in it must. */
START_TEST(test_group_is_durable_when_needed)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey key = mail_key("a@x", "11", "k@x", REF);

	ok(ledger_begin(ledger, &error));
	MailEntry entry = open_mail(ledger, &key);
	ok(ledger_commit(ledger, &error));
	g_autofree char *lax = ask_sql("SELECT beat FROM clock");
	ck_assert_str_eq(lax, "0");
	ok(ledger_begin(ledger, &error));
	claim_other(ledger, entry.id, "draft");
	ok(ledger_commit(ledger, &error));
	g_autofree char *durable = ask_sql("SELECT beat FROM clock");
	ck_assert_str_eq(durable, "1");
	ck_assert(ledger->durable);
}
END_TEST

static GString *steps;

static void
note_step(const char *step)
{
	g_string_append_printf(steps, "%s ", step + strlen("record."));
}

START_TEST(test_fault_points)
{
	g_autoptr(Ledger) ledger = open_ledger();
	guint tries;

	steps = g_string_new(NULL);
	fault_hook = note_step;
	ok(ledger_attempt(ledger, REF, &tries, &error));
	ok(ledger_begin(ledger, &error));
	MailKey key = mail_key("a@x", "11", "k@x", REF);
	MailEntry entry = open_mail(ledger, &key);
	claim_other(ledger, entry.id, "draft");
	ok(ledger_commit(ledger, &error));
	ok(ledger_settle(ledger, REF, entry.id, "held", "", &error));
	fault_hook = NULL;
	ck_assert_str_eq(steps->str, "attempt.commit attempt.committed group.commit group.committed "
	                 "settle.commit settle.committed ");
	g_string_free(steps, TRUE);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger-busy");
	TCase *tcase = tcase_create("busy");

	tcase_add_checked_fixture(tcase, fixture_set_up, fixture_tear_down);
	tcase_add_test(tcase, test_busy_is_waited_for);
	tcase_add_test(tcase, test_busy_too_long);
	tcase_add_test(tcase, test_disk_full);
	tcase_add_test(tcase, test_disk_full_in_a_group);
	tcase_add_test(tcase, test_file_size_limit);
	tcase_add_test(tcase, test_groups);
	tcase_add_test(tcase, test_group_is_durable_when_needed);
	tcase_add_test(tcase, test_fault_points);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
