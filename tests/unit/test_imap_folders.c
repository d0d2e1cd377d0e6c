/* test_imap_folders.c - folders, searches, moving, appending, keywords and IDLE against servers of memory. */
#include "config.h"

#include "net_fixture.h"

/* ---- folders and searches ---- */

START_TEST(list_of_folders)
{
	g_autoptr(ImapSession) session = imap_server(
		OPENING "* LIST (\\HasNoChildren) \"/\" INBOX\r\n"
		"* LIST (\\HasNoChildren \\Drafts) \"/\" Entw&APw-rfe\r\n"
		"* LIST (\\Noselect) NIL \"with \\\"quotes\\\"\"\r\n"
		"* LIST (\\sent) \".\" {9}\r\nVerzonden\r\n"
		"* LIST () \"/\" bad&name\r\n"
		"* LIST () \"/\" \"\"\r\n"
		"t3 OK\r\n", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) folders = imap_list(session, &error);

	ck_no_error(error);
	ck_assert_uint_eq(folders->len, 4);
	const ImapFolder *drafts = g_ptr_array_index(folders, 1),
					 *quotes = g_ptr_array_index(folders, 2), *sent = g_ptr_array_index(folders, 3);
	ck_assert_str_eq(drafts->name, "Entwürfe");
	ck_assert(drafts->drafts && !drafts->sent);
	ck_assert_str_eq(quotes->name, "with \"quotes\"");
	ck_assert(quotes->noselect && quotes->delimiter == '\0');
	ck_assert_str_eq(sent->name, "Verzonden");
	ck_assert(sent->sent && sent->delimiter == '.');
}
END_TEST

START_TEST(selecting)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session = imap_server(OPENING SELECTED, sent);
	ImapMailboxInfo info;
	g_autoptr(GError) error = NULL;

	ck_assert(imap_select(session, "Kl\"acht\\en/Entwürfe", FALSE, &info, &error));
	ck_assert_uint_eq(info.uidvalidity, 77);
	ck_assert_uint_eq(info.uidnext, 10);
	ck_assert_uint_eq(info.exists, 3);
	ck_assert(info.keywords_kept && !info.read_only);
	assert_sent(sent, "t3 SELECT \"Kl\\\"acht\\\\en/Entw&APw-rfe\"\r\n");
}
END_TEST

START_TEST(names_that_are_no_names)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session = imap_server(OPENING, sent);
	ImapMailboxInfo info;
	g_autoptr(GError) error = NULL;

	ck_assert(!imap_select(session, "INBOX\r\nt9 DELETE INBOX", FALSE, &info, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
	assert_not_sent(sent, "DELETE");
	ck_assert(imap_is_open(session));
}
END_TEST

static const struct {
	const char *answer;
	AardigError code;
} select_rows[] = {
	{ "t3 NO [NONEXISTENT] no such\r\n", AARDIG_ERROR_GONE },
	{ "t3 NO [NOPERM] not yours\r\n", AARDIG_ERROR_CONFIG },
	{ "t3 NO [UNAVAILABLE] later\r\n", AARDIG_ERROR_TEMPORARY },
	{ "t3 NO why\r\n", AARDIG_ERROR_TEMPORARY },
	{ "t3 BAD what\r\n", AARDIG_ERROR_PERMANENT },
	{ "* 0 EXISTS\r\n* OK [UIDNEXT 4]\r\nt3 OK\r\n", AARDIG_ERROR_CONFIG },
};

START_TEST(select_refused)
{
	g_autofree char *text = g_strconcat(OPENING, select_rows[_i].answer, NULL);
	g_autoptr(ImapSession) session = imap_server(text, NULL);
	ImapMailboxInfo info;
	g_autoptr(GError) error = NULL;

	ck_assert(!imap_select(session, "X", FALSE, &info, &error));
	ck_assert_int_eq(error->code, select_rows[_i].code);
	ck_assert(imap_is_open(session));
}
END_TEST

static const struct {
	gboolean old; /* without ESEARCH */
	guint32 from, to;
	const char *answer, *hits, *asked;
} search_rows[] = {
	{ FALSE, 1, 0, "* ESEARCH (TAG \"t3\") UID ALL 2,10:12\r\n", "2 10 11 12",
	  "UID SEARCH RETURN (ALL) UID 1:*" },
	{ FALSE, 1, 0, "* ESEARCH (TAG \"t3\") UID\r\n", "", NULL },
	{ FALSE, 5, 8, "* ESEARCH (TAG \"t3\") UID COUNT 3 ALL 12:1\r\n", "5 6 7 8", "UID 5:8" },
	{ TRUE, 1, 0, "* SEARCH 2 84 882\r\n", "2 84 882", "t3 UID SEARCH UID 1:*" },
	{ TRUE, 1, 0, "* SEARCH\r\n", "", NULL },
	/* n:* names the last mail even where it is older. */
	{ TRUE, 100, 0, "* SEARCH 42\r\n", "", NULL },
	{ TRUE, 1, 0, "* SEARCH 9 9 3\r\n* SEARCH 4\r\n", "3 4 9", NULL },
	{ TRUE, 1, 0, "* SEARCH 9 99999999999 3\r\n", "9", NULL },
	{ TRUE, 1, 0, "* 4 SEARCH 9\r\n", "", NULL },
};

START_TEST(searches)
{
	g_autofree char *text = g_strconcat(search_rows[_i].old ? OPENING_OLD : OPENING,
	                                    search_rows[_i].answer, "t3 OK\r\n", NULL);
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session = imap_server(text, sent);
	g_autoptr(GString) hits = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) uids =
		imap_search(session, search_rows[_i].from, search_rows[_i].to, NULL, &error);

	ck_no_error(error);
	for (guint i = 0; i < uids->len; i++)
		g_string_append_printf(hits, "%s%u", i > 0 ? " " : "", g_array_index(uids, guint32, i));
	ck_assert_str_eq(hits->str, search_rows[_i].hits);
	if (search_rows[_i].asked != NULL)
		assert_sent(sent, search_rows[_i].asked);
}
END_TEST

START_TEST(search_of_everything_there_can_be)
{
	g_autoptr(ImapSession) session =
		imap_server(OPENING "* ESEARCH UID ALL 1:4294967295\r\nt3 OK\r\n", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(imap_search(session, 1, 0, NULL, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
}
END_TEST

START_TEST(search_by_windows)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session = imap_server(
		OPENING "* SEARCH 7\r\nt3 OK\r\n* SEARCH 60000\r\nt4 OK\r\n* SEARCH 120001\r\nt5 OK\r\n",
		sent);
	g_autoptr(GError) error = NULL;

	session->mailbox.exists = 200000;
	session->mailbox.uidnext = 120000;
	g_autoptr(GArray) uids = imap_search(session, 1, 0, "SINCE 1-Jan-2026", &error);
	ck_no_error(error);
	ck_assert_uint_eq(uids->len, 3);
	assert_sent(sent, "UID 1:50000 SINCE 1-Jan-2026\r\n");
	assert_sent(sent, "UID 50001:100000 SINCE");
	assert_sent(sent, "UID 100001:* SINCE");
}
END_TEST

/* ---- storing ---- */

static const struct {
	const char *capabilities;
	gboolean copy;
	const char *wanted, *unwanted;
} move_rows[] = {
	{ "MOVE UIDPLUS", FALSE, "t3 UID MOVE 7 \"K\"\r\n", "COPY" },
	{ "MOVE UIDPLUS", TRUE, "t3 UID COPY 7 \"K\"\r\n", "MOVE" },
	{ "UIDPLUS", FALSE,
	  "t3 UID COPY 7 \"K\"\r\nt4 UID STORE 7 +FLAGS.SILENT (\\Deleted)\r\nt5 UID EXPUNGE 7\r\n",
	  "MOVE" },
	{ "UIDPLUS", TRUE, "t3 UID COPY 7 \"K\"\r\n", "Deleted" },
	{ "", FALSE, "t3 UID COPY 7 \"K\"\r\n", "Deleted" },
	{ "X-GM-EXT-1 UIDPLUS", FALSE, "t3 UID COPY 7 \"K\"\r\n", "Deleted" },
	{ "X-GM-EXT-1 UIDPLUS MOVE", FALSE, "t3 UID MOVE 7 \"K\"\r\n", "Deleted" },
};

START_TEST(moving)
{
	g_autofree char *text = g_strdup_printf(
		"t1 OK\r\n* CAPABILITY IMAP4rev1 %s\r\nt2 OK\r\nt3 OK\r\nt4 OK\r\nt5 OK\r\n",
		move_rows[_i].capabilities);
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session = imap_server(text, sent);
	g_autoptr(GError) error = NULL;

	ck_assert(imap_move(session, 7, "K", move_rows[_i].copy, &error));
	assert_sent(sent, move_rows[_i].wanted);
	assert_not_sent(sent, move_rows[_i].unwanted);
	assert_not_sent(sent, " EXPUNGE\r\n");
}
END_TEST

START_TEST(move_does_not_remove_what_was_not_copied)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session = imap_server(
		"t1 OK\r\n* CAPABILITY UIDPLUS\r\nt2 OK\r\nt3 NO [TRYCREATE] no such folder\r\n", sent);
	g_autoptr(GError) error = NULL;

	ck_assert(!imap_move(session, 7, "K", FALSE, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_GONE));
	assert_not_sent(sent, "Deleted");
}
END_TEST

START_TEST(appending)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session =
		imap_server(OPENING_OLD "* 4 EXISTS\r\n+ go on\r\nt3 OK [APPENDUID 77 12] done\r\n", sent);
	g_autoptr(GBytes) message = g_bytes_new_static("a\r\nb", 4);
	g_autoptr(GError) error = NULL;
	guint32 uid = 0;

	ck_assert(imap_append(session, "Drafts", "\\Draft \\Seen", message, &uid, &error));
	ck_assert_uint_eq(uid, 12);
	assert_sent(sent, "t3 APPEND \"Drafts\" (\\Draft \\Seen) {4}\r\na\r\nb\r\n");
}
END_TEST

START_TEST(append_refused_before_the_literal)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session =
		imap_server(OPENING_OLD "t3 NO [TRYCREATE] no such folder\r\nt4 OK\r\n", sent);
	g_autoptr(GBytes) message = g_bytes_new_static("SECRET", 6);
	g_autoptr(GError) error = NULL;

	ck_assert(!imap_append(session, "Drafts", NULL, message, NULL, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_GONE));
	assert_not_sent(sent, "SECRET");
	ck_assert(imap_create(session, "Drafts", NULL));
}
END_TEST

START_TEST(keywords)
{
	const char *const good[] = { "$AardigDone", "$AardigHot", NULL };
	const char *const bad[] = { "x) t9 DELETE", NULL }, *const system[] = { "\\Deleted", NULL };
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session = imap_server(OPENING SELECTED "t4 OK\r\n", sent);
	ImapMailboxInfo info;
	g_autoptr(GError) error = NULL;

	ck_assert(imap_select(session, "INBOX", FALSE, &info, &error));
	ck_assert(imap_store_keywords(session, 7, good, &error));
	assert_sent(sent, "t4 UID STORE 7 +FLAGS.SILENT ($AardigDone $AardigHot)\r\n");
	ck_assert(!imap_store_keywords(session, 7, bad, NULL));
	ck_assert(!imap_store_keywords(session, 7, system, NULL));
	session->mailbox.keywords_kept = FALSE;
	ck_assert(imap_store_keywords(session, 7, good, NULL));
	assert_not_sent(sent, "t5 UID STORE");
}
END_TEST

START_TEST(idle_until_news)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session =
		imap_server(OPENING SELECTED
	                "+ idling\r\n* OK Still here\r\n* 2 EXPUNGE\r\n* 4 EXISTS\r\nt4 OK done\r\n",
	                sent);
	ImapMailboxInfo info;
	gboolean news = FALSE;
	g_autoptr(GError) error = NULL;

	ck_assert(imap_select(session, "INBOX", FALSE, &info, &error));
	ck_assert(imap_idle(session, -1, 60000, &news, &error));
	ck_assert(news);
	assert_sent(sent, "t4 IDLE\r\nDONE\r\n");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("imap-folders");
	TCase *tcase = tcase_create("imap-folders");

	tcase_add_test(tcase, list_of_folders);
	tcase_add_test(tcase, selecting);
	tcase_add_test(tcase, names_that_are_no_names);
	LOOP(select_refused, select_rows);
	LOOP(searches, search_rows);
	tcase_add_test(tcase, search_of_everything_there_can_be);
	tcase_add_test(tcase, search_by_windows);
	LOOP(moving, move_rows);
	tcase_add_test(tcase, move_does_not_remove_what_was_not_copied);
	tcase_add_test(tcase, appending);
	tcase_add_test(tcase, append_refused_before_the_literal);
	tcase_add_test(tcase, keywords);
	tcase_add_test(tcase, idle_until_news);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
