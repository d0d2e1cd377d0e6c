/* test_source.c - a Maildir as a source: where to begin, what comes next, and what is not there any more. */
#include "config.h"

#include "source_fixture.h"

START_TEST(first_start_begins_after_what_is_there)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *old = put("cur", ":2,S", 400 * DAY, "old"),
					*fresh = put("new", "", 10, "fresh");
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, 0, FALSE);

	assert_next(ledger, mailbox, NULL);
	g_autofree char *after = put("new", "", 0, "after");
	look_again(mailbox);
	assert_next(ledger, mailbox, after);
	assert_next(ledger, mailbox, NULL);
	look_again(mailbox);
	assert_next(ledger, mailbox, NULL);
}
END_TEST

START_TEST(restart_goes_on)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *before = put("new", "", 10, "before");
	g_autofree char *one = NULL, *two = NULL, *moved_back = NULL;

	mailbox_close(open_inbox(ledger, 0, FALSE));
	one = put("new", "", 5, "one");
	two = put("cur", ":2,S", 3, "two");
	{
		g_autoptr(Mailbox) mailbox = open_inbox(ledger, 0, FALSE);
		assert_next(ledger, mailbox, one);
		/* The second is handed out and not settled: a crash. */
		g_autoptr(SourceMail) mail = next(mailbox);
		ck_assert_ptr_nonnull(mail);
	}
	/* Ten days old by its own time: moved in by a human, and older than the first start. */
	moved_back = put("cur", ":2,", 10 * DAY, "moved");
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, 0, FALSE);
	assert_next(ledger, mailbox, two);
	assert_next(ledger, mailbox, NULL);
}
END_TEST

START_TEST(since_opts_in)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *old = put("cur", ":2,S", 20 * DAY, "old"),
					*newer = put("cur", ":2,S", 5 * DAY, "newer"),
					*newest = put("new", "", 10, "newest");
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, clock_now() - 10 * DAY, FALSE);

	assert_next(ledger, mailbox, newer);
	assert_next(ledger, mailbox, newest);
	assert_next(ledger, mailbox, NULL);
	/* At a later start it says nothing any more. */
	mailbox_close(g_steal_pointer(&mailbox));
	mailbox = open_inbox(ledger, clock_now() - 30 * DAY, FALSE);
	assert_next(ledger, mailbox, NULL);
}
END_TEST

START_TEST(dry_run_leaves_no_trace)
{
	g_autofree char *state = g_build_filename(dir, "state", NULL),
					*mail_name = put("new", "", 10, "x");
	g_autoptr(GBytes) raw = g_bytes_new_static("x", 1);
	const char *const keywords[] = { "$AardigDone", NULL };

	for (guint i = 0; i < 2; i++) {
		g_autoptr(Mailbox) mailbox = open_inbox(NULL, clock_now() - DAY, TRUE);
		g_autoptr(SourceMail) mail = next(mailbox);

		ck_assert_ptr_nonnull(mail);
		ck_assert(mailbox_append(mailbox, NULL, raw, NULL, FALSE, NULL));
		ck_assert(mailbox_file(mailbox, mail, "K", FALSE, NULL));
		ck_assert(mailbox_flag(mailbox, mail, keywords, NULL));
		ck_assert(mailbox_settled(mailbox, mail, NULL));
		assert_next(NULL, mailbox, NULL);
	}
	ck_assert_uint_eq(count_files(".", NULL), 3);
	ck_assert(!g_file_test(state, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(order_is_that_of_arrival)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *second = put("new", "", 20, "2"), *third = put("new", "", 10, "3"),
			*first = put("cur", ":2,", 30, "1");
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, clock_now() - DAY, FALSE);

	assert_next(ledger, mailbox, first);
	assert_next(ledger, mailbox, second);
	assert_next(ledger, mailbox, third);
}
END_TEST

START_TEST(read_in_the_mail_program)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *one = put("new", "", 10, "one"), *two = put("new", "", 5, "two");
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, clock_now() - DAY, FALSE);

	assert_next(ledger, mailbox, one);
	/* The second is moved to cur while we have its place in new in mind. */
	g_autofree char *from = g_build_filename(inbox, "new", two, NULL),
					*to_name = g_strconcat(two, ":2,RS", NULL),
					*to = g_build_filename(inbox, "cur", to_name, NULL);
	ck_assert_int_eq(rename(from, to), 0);
	g_autoptr(SourceMail) mail = next(mailbox);
	ck_assert_ptr_nonnull(mail);
	ck_assert(!mail->gone);
	ck_assert_mem_eq(g_bytes_get_data(mail->raw, NULL), "two", 3);
	settle(ledger, mailbox, mail);
	look_again(mailbox);
	assert_next(ledger, mailbox, NULL);
}
END_TEST

START_TEST(gone_between_look_and_read)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *one = put("new", "", 10, "one"), *two = put("new", "", 5, "two");
	g_autofree char *path = g_build_filename(inbox, "new", two, NULL);
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, clock_now() - DAY, FALSE);

	assert_next(ledger, mailbox, one);
	ck_assert_int_eq(unlink(path), 0);
	g_autoptr(SourceMail) mail = next(mailbox);
	ck_assert(mail->gone);
	ck_assert_ptr_null(mail->raw);
}
END_TEST

START_TEST(too_large_to_read)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *base = put("new", "", 10, "Subject: large\n\n");
	g_autofree char *path = g_build_filename(inbox, "new", base, NULL);
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, clock_now() - DAY, FALSE);

	ck_assert_int_eq(truncate(path, MESSAGE_MAX_SIZE + 1), 0);
	g_autoptr(SourceMail) mail = next(mailbox);
	ck_assert_ptr_null(mail->raw);
	ck_assert_uint_eq(g_bytes_get_size(mail->header), SOURCE_HEADER_MAX);
	ck_assert_uint_eq(mail->size, MESSAGE_MAX_SIZE + 1);
	ck_assert(!mail->gone);
}
END_TEST

START_TEST(not_every_file_is_a_mail)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *hidden = g_build_filename(inbox, "new", ".nfs0001", NULL),
			*folder = g_build_filename(inbox, "cur", "folder", NULL);

	ck_assert(g_file_set_contents(hidden, "x", 1, NULL));
	ck_assert_int_eq(g_mkdir_with_parents(folder, 0700), 0);
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, clock_now() - DAY, FALSE);
	assert_next(ledger, mailbox, NULL);
}
END_TEST

START_TEST(one_that_cannot_be_read)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *one = put("new", "", 10, "one"), *two = put("new", "", 5, "two"),
			*three = put("new", "", 3, "three");
	g_autofree char *path = g_build_filename(inbox, "new", two, NULL);
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, clock_now() - DAY, FALSE);
	g_autoptr(GError) error = NULL;

	assert_next(ledger, mailbox, one);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(g_mkdir_with_parents(path, 0700), 0);
	assert_next(ledger, mailbox, three);
	ck_assert_ptr_null(mailbox_next(mailbox, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
	look_again(mailbox);
	assert_next(ledger, mailbox, NULL);
}
END_TEST

START_TEST(waits_for_its_next_try)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *base = put("new", "", 10, "x");
	gint64 now = clock_now();

	clock_set(now);
	{
		g_autoptr(Mailbox) mailbox = open_inbox(ledger, now - DAY, FALSE);
		g_autoptr(SourceMail) mail = next(mailbox);

		ck_assert(ledger_wait(ledger, mail->ref, now + 60, NULL));
		ck_assert(mailbox_settled(mailbox, mail, NULL));
		look_again(mailbox);
		assert_next(ledger, mailbox, NULL);
		clock_set(now + 61);
		look_again(mailbox);
		g_autoptr(SourceMail) again = next(mailbox);
		ck_assert_ptr_nonnull(again);
		ck_assert(ledger_wait(ledger, again->ref, now + 120, NULL));
		ck_assert(mailbox_settled(mailbox, again, NULL));
	}
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, 0, FALSE);
	assert_next(ledger, mailbox, NULL);
	clock_set(now + 121);
	look_again(mailbox);
	assert_next(ledger, mailbox, base);
	clock_set(0);
}
END_TEST

/* A human files the mail elsewhere while its answer waits: it ends, instead of staying open for
 * ever. */
static void
missing_is_settled(gboolean while_open)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *base = put("new", "", 10, "x"), *ref = ref_of(base);
	g_autofree char *path = g_build_filename(inbox, "new", base, NULL);
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, clock_now() - DAY, FALSE);
	g_autoptr(SourceMail) mail = next(mailbox);
	RefState state;
	gint64 due;
	guint tries;

	ck_assert(ledger_attempt(ledger, ref, &tries, NULL));
	ck_assert(ledger_wait(ledger, ref, clock_now() + 600, NULL));
	ck_assert(mailbox_settled(mailbox, mail, NULL));
	ck_assert_int_eq(unlink(path), 0);
	if (while_open) {
		look_again(mailbox);
	} else {
		mailbox_close(g_steal_pointer(&mailbox));
		mailbox = open_inbox(ledger, 0, FALSE);
	}
	assert_next(ledger, mailbox, NULL);
	ck_assert(ledger_ref_state(ledger, ref, &state, &due, NULL));
	ck_assert_int_eq(state, REF_SETTLED);
}

START_TEST(missing_at_start)
{
	missing_is_settled(FALSE);
}
END_TEST

START_TEST(missing_while_running)
{
	missing_is_settled(TRUE);
}
END_TEST

START_TEST(woken_by_a_delivery)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, 0, FALSE);
	g_autoptr(GBytes) raw = g_bytes_new_static("x", 1);
	g_autofree char *name = NULL;
	gint64 start = clock_monotonic_ms();

	assert_next(ledger, mailbox, NULL);
	ck_assert(maildir_store(inbox, raw, &name, NULL));
	ck_assert(mailbox_wait(mailbox, -1, 300000, NULL));
	ck_assert_int_lt(clock_monotonic_ms() - start, 60000);
	assert_next(ledger, mailbox, name);
}
END_TEST

START_TEST(no_maildir)
{
	const MailboxOptions options = { 0, FALSE, FALSE };
	g_autoptr(Ledger) ledger = open_ledger();
	g_autoptr(GError) error = NULL;
	Account other = account;

	other.source_path = dir;
	ck_assert_ptr_null(mailbox_open(&other, ledger, &options, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG));
	other.source = SOURCE_NONE;
	g_clear_error(&error);
	ck_assert_ptr_null(mailbox_open(&other, ledger, &options, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("source");
	TCase *tcase = tcase_create("maildir");
	const TTest *const tests[] = {
		first_start_begins_after_what_is_there,
		restart_goes_on,
		since_opts_in,
		dry_run_leaves_no_trace,
		order_is_that_of_arrival,
		read_in_the_mail_program,
		gone_between_look_and_read,
		too_large_to_read,
		not_every_file_is_a_mail,
		one_that_cannot_be_read,
		waits_for_its_next_try,
		missing_at_start,
		missing_while_running,
		woken_by_a_delivery,
		no_maildir,
	};

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
