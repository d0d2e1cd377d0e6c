/* test_source_maildir.c - what is written into a Maildir: mails that are delivered, drafts, filing; and which names of
 * folders and files are none. */
#include "config.h"

#include "source_fixture.h"

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

/* ---- what is done to it ---- */

START_TEST(drafts)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autoptr(Mailbox) mailbox = open_inbox(ledger, 0, FALSE);
	g_autoptr(GBytes) draft = g_bytes_new_static("Message-ID: <d1@x>\r\nA: b\r\n\r\nhoi\r\n", 33);
	g_autoptr(GError) error = NULL;

	ck_assert_str_eq(mailbox_drafts_name(mailbox), "Drafts");
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
	Suite *suite = suite_create("source-maildir");
	TCase *tcase = tcase_create("maildir");
	const TTest *const tests[] = {
		stores_whole_or_not_at_all,
		stores_nothing_without_new,
		names_are_unique,
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
