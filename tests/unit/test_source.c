/* test_source.c - a Maildir as a source, and storing in one; with a real ledger. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "aardig/clock.h"
#include "aardig/message.h"
#include "aardig/source.h"
#include "source/source-private.h"
#include "unit.h"

#define HOUR 3600
#define DAY 86400

static char *dir, *inbox;
static Account account = { .name = (char *) "shop", .source = SOURCE_MAILDIR, .timeout = 5 };
static guint counter;

static void
setup(void)
{
	g_autoptr(GError) error = NULL;

	dir = g_dir_make_tmp("aardig-source-XXXXXX", &error);
	ck_no_error(error);
	inbox = g_build_filename(dir, "in", NULL);
	account.source_path = inbox;
	account.drafts = NULL;
	ck_assert(maildir_prepare(inbox, &error));
}

static void
teardown(void)
{
	const char *argv[] = { "rm", "-rf", dir, NULL };

	g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
	             NULL);
	g_clear_pointer(&dir, g_free);
	g_clear_pointer(&inbox, g_free);
}

static Ledger *
open_ledger(void)
{
	g_autofree char *path = g_build_filename(dir, "state", "ledger.sqlite", NULL);
	g_autoptr(GError) error = NULL;
	Ledger *ledger = ledger_open(path, &error);

	ck_no_error(error);
	return ledger;
}

/* A mail `age` seconds old in `subdir`; returns its base name. */
static char *
put(const char *subdir, const char *flags, gint64 age, const char *text)
{
	char *base = g_strdup_printf("%u.M%uP1.host", 1000000 + counter, counter);
	g_autofree char *name = g_strconcat(base, flags, NULL);
	g_autofree char *path = g_build_filename(inbox, subdir, name, NULL);
	struct utimbuf times = { clock_now() - age, clock_now() - age };

	counter++;
	ck_assert(g_file_set_contents(path, text, -1, NULL));
	ck_assert_int_eq(utime(path, &times), 0);
	return base;
}

static char *
ref_of(const char *base)
{
	return g_strdup_printf("maildir:%s:%s", inbox, base);
}

static Mailbox *
open_inbox(Ledger *ledger, gint64 since, gboolean dry_run)
{
	const MailboxOptions options = { since, dry_run, FALSE };
	g_autoptr(GError) error = NULL;
	Mailbox *mailbox = mailbox_open(&account, ledger, &options, &error);

	ck_no_error(error);
	return mailbox;
}

static SourceMail *
next(Mailbox *mailbox)
{
	g_autoptr(GError) error = NULL;
	SourceMail *mail = mailbox_next(mailbox, &error);

	ck_no_error(error);
	return mail;
}

static void
settle(Ledger *ledger, Mailbox *mailbox, const SourceMail *mail)
{
	g_autoptr(GError) error = NULL;

	ck_assert(ledger_settle(ledger, mail->ref, 0, "observed", "test", &error));
	ck_assert(mailbox_settled(mailbox, mail, &error));
}

static void
assert_next(Ledger *ledger, Mailbox *mailbox, const char *base)
{
	g_autoptr(SourceMail) mail = next(mailbox);

	if (base == NULL) {
		ck_assert_msg(mail == NULL, "there is %s", mail->ref);
		return;
	}
	g_autofree char *ref = ref_of(base);
	ck_assert_ptr_nonnull(mail);
	ck_assert_str_eq(mail->ref, ref);
	settle(ledger, mailbox, mail);
}

static void
look_again(Mailbox *mailbox)
{
	g_autoptr(GError) error = NULL;

	ck_assert(mailbox_wait(mailbox, -1, 0, &error));
}

static guint
count_files(const char *first, const char *second)
{
	g_autofree char *path = g_build_filename(inbox, first, second, NULL);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	guint n = 0;

	while (folder != NULL && g_dir_read_name(folder) != NULL)
		n++;
	return n;
}

/* ---- storing ---- */

START_TEST(stores_whole_or_not_at_all)
{
	g_autoptr(GBytes) raw = g_bytes_new_static("From: a\n\nb\0c\n", 13);
	g_autofree char *name = NULL, *text = NULL;
	g_autoptr(GError) error = NULL;
	struct stat st;
	gsize size;

	ck_assert(maildir_store(inbox, raw, &name, &error));
	g_autofree char *path = g_build_filename(inbox, "new", name, NULL);
	ck_assert(g_file_get_contents(path, &text, &size, NULL));
	ck_assert_uint_eq(size, 13);
	ck_assert_mem_eq(text, "From: a\n\nb\0c\n", 13);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(st.st_nlink, 1);
	ck_assert_uint_eq(count_files("tmp", NULL), 0);
	ck_assert_ptr_null(strpbrk(name, ":/ "));
}
END_TEST

START_TEST(stores_nothing_without_new)
{
	g_autofree char *new = g_build_filename(inbox, "new", NULL);
	g_autoptr(GBytes) raw = g_bytes_new_static("x", 1);
	g_autoptr(GError) error = NULL;
	char *name = NULL;

	ck_assert_int_eq(rmdir(new), 0);
	ck_assert(!maildir_store(inbox, raw, &name, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
	ck_assert_ptr_null(name);
	ck_assert_uint_eq(count_files("tmp", NULL), 0);
}
END_TEST

START_TEST(names_are_unique)
{
	g_autoptr(GBytes) raw = g_bytes_new_static("x", 1);

	for (guint i = 0; i < 100; i++)
		ck_assert(maildir_store(inbox, raw, NULL, NULL));
	ck_assert_uint_eq(count_files("new", NULL), 100);
}
END_TEST

/* ---- the source ---- */

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

/* ---- what is done to it ---- */

START_TEST(drafts)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, 0, FALSE);
	g_autoptr(GBytes) draft = g_bytes_new_static("Message-ID: <d1@x>\r\nA: b\r\n\r\nhoi\r\n", 33);
	g_autoptr(GError) error = NULL;

	ck_assert_str_eq(mailbox_drafts_name(mailbox), "Drafts");
	ck_assert(!mailbox_keeps_keywords(mailbox));
	ck_assert(mailbox_append(mailbox, NULL, draft, "d1@x", FALSE, &error));
	g_autofree char *folder = g_build_filename(inbox, ".Drafts", "cur", NULL);
	g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
	const char *name = g_dir_read_name(files);
	ck_assert(g_str_has_suffix(name, ":2,DS"));
	g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	ck_assert_str_eq(text, "Message-ID: <d1@x>\nA: b\n\nhoi\n");
	/* Once more, as after a crash. */
	ck_assert(mailbox_append(mailbox, NULL, draft, "d1@x", TRUE, &error));
	ck_assert_uint_eq(count_files(".Drafts", "cur"), 1);
	ck_assert(mailbox_append(mailbox, NULL, draft, "d2@x", TRUE, &error));
	ck_assert_uint_eq(count_files(".Drafts", "cur"), 2);
}
END_TEST

START_TEST(drafts_by_another_name)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *path = g_build_filename(inbox, ".Entw&APw-rfe", NULL);

	ck_assert_int_eq(g_mkdir_with_parents(path, 0700), 0);
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, 0, FALSE);
	ck_assert_str_eq(mailbox_drafts_name(mailbox), "Entwürfe");
}
END_TEST

START_TEST(filing)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *one = put("new", "", 10, "one"), *two = put("cur", ":2,S", 5, "two");
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, clock_now() - DAY, FALSE);
	g_autoptr(SourceMail) first = next(mailbox), second = next(mailbox);
	g_autoptr(GError) error = NULL;

	for (guint twice = 0; twice < 2; twice++) {
		ck_assert(mailbox_file(mailbox, first, "Klachten/Warm", FALSE, &error));
		ck_assert(mailbox_file(mailbox, second, "Klachten/Warm", TRUE, &error));
	}
	ck_assert_uint_eq(count_files(".Klachten.Warm", "new"), 1);
	ck_assert_uint_eq(count_files(".Klachten.Warm", "cur"), 1);
	ck_assert_uint_eq(count_files("new", NULL), 0);
	ck_assert_uint_eq(count_files("cur", NULL), 1);
	g_autofree char *mark = g_build_filename(inbox, ".Klachten.Warm", "maildirfolder", NULL);
	ck_assert(g_file_test(mark, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(bare_maildir_knows_spool_refs)
{
	g_autofree char *base = put("cur", ":2,S", 10, "one");
	g_autoptr(GError) error = NULL;
	g_autoptr(Mailbox) mailbox = mailbox_open_maildir(inbox, &error);
	SourceMail mail = { .ref = g_strconcat("spool:", base, NULL) };

	ck_assert_ptr_nonnull(mailbox);
	ck_assert_ptr_null(next(mailbox));
	ck_assert(mailbox_file(mailbox, &mail, "K", FALSE, &error));
	ck_assert_uint_eq(count_files(".K", "cur"), 1);
	g_free(mail.ref);
}
END_TEST

static const char *const bad_folders[] = { "",   ".",  "..",   "../x", "a//b",
	                                       "/a", "a/", "a..b", "a\nb", ".a" };

START_TEST(folders_that_are_none)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = maildir_folder_path(inbox, bad_folders[_i], &error);

	ck_assert_msg(path == NULL, "%s gave %s", bad_folders[_i], path);
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
}
END_TEST

static const char *const bad_names[] = { "", ".", "..", "../in/cur/x", "/etc/passwd", ".hidden" };

START_TEST(files_that_are_none)
{
	const char *subdir;

	ck_assert_ptr_null(maildir_find(inbox, bad_names[_i], &subdir));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("source");
	TCase *tcase = tcase_create("maildir");
	const TTest *const tests[] = {
		stores_whole_or_not_at_all,
		stores_nothing_without_new,
		names_are_unique,
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
		drafts,
		drafts_by_another_name,
		filing,
		bare_maildir_knows_spool_refs,
	};

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, folders_that_are_none, 0, G_N_ELEMENTS(bad_folders));
	tcase_add_loop_test(tcase, files_that_are_none, 0, G_N_ELEMENTS(bad_names));
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
