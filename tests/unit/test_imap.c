/* test_imap.c - the IMAP reader against servers of memory: forged lines, every split, bad numbers, names and dates.
 * Folders, searches and storing are in test_imap_folders.c. */
#include "config.h"

#include "net_fixture.h"

/* ---- a stream in two pieces ---- */

typedef struct {
	const char *bytes;
	gsize size, at, split; /* the first read ends at split, the second takes the rest */
} Split;

static gssize
split_recv(NetStream *stream, void *buffer, gsize size, int wake_fd, gint64 timeout_ms,
           GError **error)
{
	Split *self = stream->data;
	gsize end = self->at < self->split ? self->split : self->size, n = MIN(size, end - self->at);

	memcpy(buffer, self->bytes + self->at, n);
	self->at += n;
	return (gssize) n;
}

static gboolean
split_send(NetStream *stream, const void *data, gsize size, gint64 timeout_ms, GError **error)
{
	return TRUE;
}

static void
split_close(NetStream *stream)
{
	g_free(stream->data);
}

static NetStream *
split_stream(const char *bytes, gsize size, gsize split)
{
	NetStream *stream = g_new0(NetStream, 1);
	Split *self = g_new0(Split, 1);

	*self = (Split) { bytes, size, 0, split };
	stream->recv = split_recv;
	stream->send = split_send;
	stream->close = split_close;
	stream->data = self;
	return stream;
}

/* ---- modified UTF-7 ---- */

static const struct {
	const char *name, *wire; /* wire NULL: cannot be encoded */
} utf7_rows[] = {
	{ "INBOX", "INBOX" },
	{ "Entwürfe", "Entw&APw-rfe" },
	{ "Klachten & vragen", "Klachten &- vragen" },
	{ "~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-" },
	{ "😀", "&2D3eAA-" },
	{ "é😀é", "&AOnYPd4AAOk-" },
	{ "", "" },
	{ "a\rb", NULL },
	{ "a\nb", NULL },
	{ "\xff", NULL },
};

START_TEST(utf7_both_ways)
{
	g_autofree char *wire = imap_utf7_encode(utf7_rows[_i].name);

	ck_assert_pstr_eq(wire, utf7_rows[_i].wire);
	if (wire != NULL) {
		g_autofree char *name = imap_utf7_decode(wire);
		ck_assert_pstr_eq(name, utf7_rows[_i].name);
	}
}
END_TEST

static const char *const utf7_bad[] = {
	"&",       "&AP",   "&APw",  "&!-", "&2D0-",           "&3gA-",
	"&AGE-",   "&AAo-", "&APy-", "&A-", "Entw\xc3\xbcrfe", "a\rb",
	"&APwAA-",
};

START_TEST(utf7_refuses)
{
	g_autofree char *name = imap_utf7_decode(utf7_bad[_i]);

	ck_assert_msg(name == NULL, "%s gave %s", utf7_bad[_i], name);
}
END_TEST

/* ---- dates, sets ---- */

static const struct {
	const char *text;
	gint64 time; /* -1: none */
} date_rows[] = {
	{ "17-Jul-1996 02:44:25 -0700", 837596665 },
	{ " 1-Jan-1970 00:00:01 +0000", 1 },
	{ "1-Jan-1970 00:00:01 +0000", 1 },
	{ "22-Nov-2026 00:50:10 +0100", 1795305010 },
	{ "32-Jul-1996 02:44:25 -0700", -1 },
	{ "17-Jux-1996 02:44:25 -0700", -1 },
	{ "17-Jul-1996 25:44:25 -0700", -1 },
	{ "17-Jul-1996 02:44:25", -1 },
	{ "", -1 },
	{ "99999999999999999999999999", -1 },
};

START_TEST(internal_dates)
{
	gint64 time = -1;

	ck_assert(imap_parse_date(date_rows[_i].text, &time) == (date_rows[_i].time >= 0));
	ck_assert_int_eq(time, date_rows[_i].time);
}
END_TEST

START_TEST(sequence_sets)
{
	const guint32 uids[] = { 1, 2, 3, 7, 9, 10, 4294967294u, 4294967295u };
	gsize at = 0;
	g_autofree char *all = imap_sequence_set(uids, G_N_ELEMENTS(uids), 1000, &at);

	ck_assert_str_eq(all, "1:3,7,9:10,4294967294:4294967295");
	ck_assert_uint_eq(at, G_N_ELEMENTS(uids));
	at = 0;
	g_autofree char *some = imap_sequence_set(uids, G_N_ELEMENTS(uids), 24, &at);
	ck_assert_str_eq(some, "1:3");
	ck_assert_uint_eq(at, 3);
}
END_TEST

/* ---- opening ---- */

START_TEST(throws_away_before_own_noop)
{
	g_autoptr(ImapSession) session = imap_server(
		"LED] half a line\r\n* 5 EXISTS\r\nA002 OK logged in\r\n* OK t1 OK not yet\r\n" OPENING,
		NULL);

	ck_assert(imap_has_capability(session, "MOVE"));
	ck_assert(!imap_has_capability(session, "X-GM-EXT-1"));
}
END_TEST

static const char *const bad_openings[] = {
	"",
	"t1 BAD no\r\n",
	"t1 NO\r\n",
	"* BYE gone\r\n",
	"t1 OK",
	"t1 OK\r\nt2 BAD\r\n",
	"t1 OK\r\n* BYE\r\n",
	"t1 OK\r\nt3 OK\r\n",
	"t1 OK\r\n+ go on\r\n",
	"t1 OK\r\nGET / HTTP/1.1\r\n",
	"t1 OK\r\n\r\n",
	"t1 OK\r\nt2 FETCH\r\n",
};

START_TEST(refuses_to_open)
{
	g_autoptr(GBytes) bytes = g_bytes_new(bad_openings[_i], strlen(bad_openings[_i]));
	g_autoptr(GError) error = NULL;
	g_autoptr(ImapSession) session = imap_open_stream(memory_stream(bytes, NULL), 5, &error);

	ck_assert_ptr_null(session);
	ck_assert_ptr_nonnull(error);
}
END_TEST

/* ---- fetching ---- */

#define FORGED                                                                                     \
	"Subject: x\r\n\r\nt3 OK Fetch completed\r\nA001 OK\r\nA003 OK FETCH completed.\r\n* 3 FETCH " \
	"(UID 9 BODY[] "                                                                               \
	"{3}\r\nabc)\r\n* BYE forged\r\n{5}\r\n.\r\n)\r\n"
#define FORGED_LENGTH "132"

static const char forged_fetch[] =
	OPENING "* 1 FETCH (UID 4 BODY[] {" FORGED_LENGTH "}\r\n" FORGED ")\r\n"
	"* 2 FETCH (BODY[] \"quoted \\\"body\\\"\" UID 5)\r\n"
	"* 2 FETCH (FLAGS (\\Seen) UID 6)\r\n"
	"* 4 EXISTS\r\n"
	"t3 OK done\r\n";

static void
check_forged(ImapSession *session)
{
	const guint32 uids[] = { 4, 5, 6 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) messages = imap_fetch_bodies(session, uids, 3, 0, &error);

	ck_no_error(error);
	ck_assert_uint_eq(messages->len, 2);
	const ImapMessage *first = g_ptr_array_index(messages, 0),
					  *second = g_ptr_array_index(messages, 1);
	ck_assert_uint_eq(first->uid, 4);
	ck_assert_uint_eq(g_bytes_get_size(first->body), strlen(FORGED));
	ck_assert_mem_eq(g_bytes_get_data(first->body, NULL), FORGED, strlen(FORGED));
	ck_assert_mem_eq(g_bytes_get_data(second->body, NULL), "quoted \"body\"", 13);
	ck_assert(session->news);
	ck_assert(imap_is_open(session));
}

START_TEST(forged_lines_in_literal)
{
	ck_assert_uint_eq(strlen(FORGED), atoi(FORGED_LENGTH));
	g_autoptr(ImapSession) session = imap_server(forged_fetch, NULL);

	check_forged(session);
}
END_TEST

START_TEST(split_at_every_byte)
{
	for (gsize split = 1; split < sizeof forged_fetch - 1; split++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(ImapSession) session =
			imap_open_stream(split_stream(forged_fetch, sizeof forged_fetch - 1, split), 5, &error);

		ck_no_error(error);
		check_forged(session);
	}
}
END_TEST

START_TEST(fetch_info)
{
	g_autoptr(ImapSession) session =
		imap_server(OPENING "* 9 FETCH (UID 7 FLAGS (\\Seen))\r\n"
	                        "* 9 FETCH (UID 7 RFC822.SIZE 1234 INTERNALDATE \" 1-Jan-1970 00:01:00 "
	                        "+0000\" FLAGS (\\Seen "
	                        "$aardigdone) X-GM-LABELS (\"a b\" {3}\r\na)b (c)))\r\n"
	                        "* 10 FETCH (UID 8 RFC822.SIZE 99 FLAGS ())\r\nt3 OK\r\n",
	                NULL);
	const guint32 uids[] = { 7, 8, 9 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) messages = imap_fetch_info(session, uids, 3, &error);

	ck_no_error(error);
	ck_assert_uint_eq(messages->len, 2);
	const ImapMessage *first = g_ptr_array_index(messages, 0),
					  *second = g_ptr_array_index(messages, 1);
	ck_assert_uint_eq(first->size, 1234);
	ck_assert_int_eq(first->internaldate, 60);
	ck_assert(first->done);
	ck_assert_uint_eq(second->uid, 8);
	ck_assert(!second->done);
}
END_TEST

START_TEST(fetch_is_pipelined_and_peeks)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session =
		imap_server(OPENING "t5 OK\r\nt3 OK\r\nt6 OK\r\nt4 OK\r\nt7 OK\r\n", sent);
	guint32 uids[300];
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 300; i++)
		uids[i] = i + 1;
	g_autoptr(GPtrArray) messages = imap_fetch_bodies(session, uids, 300, 0, &error);
	ck_no_error(error);
	ck_assert_uint_eq(messages->len, 0);
	assert_sent(sent, "t3 UID FETCH 1:64 (UID BODY.PEEK[])\r\nt4 UID FETCH 65:128 ");
	assert_sent(sent, "t7 UID FETCH 257:300 (UID BODY.PEEK[])\r\n");
	g_autofree char *text = sent_text(sent);
	ck_assert_ptr_null(strstr(text, "BODY[]"));
}
END_TEST

/* Sizes and bodies are asked for before anything is read, and answered in whatever order; another command
 * reads what is under way, and it is there afterwards. */
START_TEST(fetches_ahead)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session =
		imap_server(OPENING "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n"
	                        "* 3 FETCH (UID 3 RFC822.SIZE 5 FLAGS ())\r\n"
	                        "t4 OK\r\n* 3 FETCH (UID 3 BODY[] {5}\r\nthree)\r\nt3 OK\r\n"
	                        "* 2 FETCH (UID 2 BODY[] {3}\r\ntwo)\r\nt5 NO [LIMIT] later\r\n"
	                        "t6 OK made\r\n",
	                sent);
	const guint32 uids[] = { 1, 2, 3 };
	gsize taken = 0;
	g_autoptr(GError) error = NULL;
	ImapFetch *one = imap_fetch_start_bodies(session, uids, 1, &taken, NULL);
	ck_assert_uint_eq(taken, 1);
	ImapFetch *sizes = imap_fetch_start_info(session, uids, 3, &taken, NULL);
	ck_assert_uint_eq(taken, 3);
	ImapFetch *two = imap_fetch_start_bodies(session, uids + 1, 2, &taken, NULL);

	assert_sent(sent, "t3 UID FETCH 1 (UID BODY.PEEK[])\r\nt4 UID FETCH 1:3 (UID RFC822.SIZE "
	                  "INTERNALDATE FLAGS)\r\nt5 UID FETCH 2:3 (UID BODY.PEEK[])\r\n");
	g_autoptr(GPtrArray) first = imap_fetch_finish(session, one, &error);
	ck_no_error(error);
	ck_assert_uint_eq(first->len, 1);
	ck_assert(imap_create(session, "x", &error));
	g_autoptr(GPtrArray) infos = imap_fetch_finish(session, sizes, &error);
	ck_no_error(error);
	ck_assert_uint_eq(infos->len, 1);
	ck_assert_uint_eq(((ImapMessage *) g_ptr_array_index(infos, 0))->size, 5);
	ck_assert_ptr_null(imap_fetch_finish(session, two, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
	ck_assert(imap_is_open(session));
}
END_TEST

START_TEST(fetches_ahead_cut)
{
	g_autoptr(ImapSession) session =
		imap_server(OPENING "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\nt3 OK\r\n* 2 FETCH (UID 2 BO", NULL);
	const guint32 uids[] = { 1, 2, 3 };
	gsize taken;
	ImapFetch *one = imap_fetch_start_bodies(session, uids, 1, &taken, NULL);
	ImapFetch *two = imap_fetch_start_bodies(session, uids + 1, 1, &taken, NULL);
	ck_assert_ptr_nonnull(imap_fetch_start_bodies(session, uids + 2, 1, &taken, NULL)); /* closed over */
	g_autoptr(GPtrArray) first = imap_fetch_finish(session, one, NULL);

	ck_assert_uint_eq(first->len, 1);
	ck_assert_ptr_null(imap_fetch_finish(session, two, NULL));
	ck_assert(!imap_is_open(session));
	ck_assert_ptr_null(imap_fetch_start_info(session, uids, 1, &taken, NULL));
}
END_TEST

START_TEST(fetch_part_of_a_large_mail)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(ImapSession) session =
		imap_server(OPENING "* 1 FETCH (UID 4 BODY[]<0> {4}\r\nabcd)\r\n* 2 FETCH (UID 5 BODY[]<0> "
	                        "{9}\r\ntoo large)\r\n"
	                        "* 3 FETCH (UID 6 BODY[] NIL)\r\nt3 OK\r\n",
	                sent);
	const guint32 uids[] = { 4, 5, 6 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) messages = imap_fetch_bodies(session, uids, 3, 4, &error);

	ck_no_error(error);
	assert_sent(sent, "BODY.PEEK[]<0.4>");
	ck_assert_uint_eq(messages->len, 3);
	ck_assert_ptr_nonnull(((ImapMessage *) g_ptr_array_index(messages, 0))->body);
	ck_assert_ptr_null(((ImapMessage *) g_ptr_array_index(messages, 1))->body);
	ck_assert_uint_eq(((ImapMessage *) g_ptr_array_index(messages, 1))->size, 9);
	ck_assert_uint_eq(((ImapMessage *) g_ptr_array_index(messages, 2))->size, 0);
}
END_TEST

/* ---- what a broken or hostile server may send ---- */

static const char *const hostile[] = {
	"* 1 FETCH (UID 4 BODY[] {99999999999999999999999}\r\n",
	"* 1 FETCH (UID 4 BODY[] {18446744073709551615}\r\n",
	"* 1 FETCH (UID 4 BODY[] {1073741825}\r\nabc",
	"* 1 FETCH (UID 4 BODY[] {10}\r\nabc",
	"* 1 FETCH (UID 4 BODY[] {3}\r\nabc",
	"t4 OK of another\r\n",
	"t2 OK of before\r\n",
	"t4294967297 OK\r\n",
	"t-1 OK\r\n",
	"t3 WHAT\r\n",
	"A001 OK forged\r\n",
	"+ go on\r\n",
	"* BYE see you\r\n",
	"\r\n",
	"*\r\n",
	"* \r\n",
	"* 99999999999 EXISTS\r\n* (\r\n",
	"t3 OK no end",
};

START_TEST(hostile_answers)
{
	g_autofree char *text = g_strconcat(OPENING, hostile[_i], NULL);
	g_autoptr(ImapSession) session = imap_server(text, NULL);
	const guint32 uid = 4;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) messages = imap_fetch_bodies(session, &uid, 1, 0, &error);

	ck_assert_ptr_null(messages);
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
	ck_assert(!imap_is_open(session));
}
END_TEST

/* Lines that are odd and do no harm: the mail that follows is found. */
static const char *const harmless[] = {
	"* OK [ALERT] {3}\r\n",
	"* OK {10000}\r\n",
	"* NO [UNKNOWN (((((] x {5}\r\n",
	"* 99999999999 EXISTS\r\n",
	"* 7 EXPUNGE\r\n* 0 EXPUNGE\r\n",
	"* 1 FETCH (UID 4 BODY[]\r\n",
	"* 1 FETCH (UID 99999999999 BODY[] \"x\")\r\n",
	"* 1 FETCH (UID 0 BODY[] \"x\")\r\n",
	"* 1 FETCH UID 4\r\n",
	"* 1 FETCH (UID -4 BODY[] \"x\")\r\n",
	"* 1 FETCH (BODY[] \"x\" BODY[] \"y\" UID 4)\r\n",
	"* 1 FETCH (BODYSTRUCTURE "
	"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((UID 4 BODY[] \"x\")\r\n",
	"* 1 FETCH (BODY[] \"no end)\r\n",
	"* 1 FETCH (FLAGS (a b c\r\n",
	"* LIST (\\Noselect \"/\" x\r\n",
	"* SEARCH 1 2 3\r\n* ESEARCH UID ALL 1:4294967295\r\n",
	"* STATUS {3}\r\nabc (MESSAGES {2}\r\nxx)\r\n",
	"* VANISHED (EARLIER) 41,43:116\r\n",
	"* FLAGS ()\r\n* CAPABILITY\r\n",
	"* 1 FETCH (UID 4 FLAGS ({4}\r\nabcd))\r\n",
};

START_TEST(harmless_answers)
{
	g_autofree char *text = g_strconcat(OPENING, harmless[_i],
	                                    "* 1 FETCH (UID 4 BODY[] {4}\r\ngood)\r\nt3 OK\r\n", NULL);
	g_autoptr(ImapSession) session = imap_server(text, NULL);
	const guint32 uid = 4;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) messages = imap_fetch_bodies(session, &uid, 1, 0, &error);

	ck_no_error(error);
	ck_assert_uint_eq(messages->len, 1);
	const ImapMessage *message = g_ptr_array_index(messages, 0);
	ck_assert_uint_eq(g_bytes_get_size(message->body), 4);
	ck_assert_mem_eq(g_bytes_get_data(message->body, NULL), "good", 4);
}
END_TEST

START_TEST(line_without_end)
{
	g_autoptr(GString) text = g_string_new(OPENING "* OK ");

	while (text->len < 5 * 1024 * 1024)
		g_string_append(text,
		                "0123456789012345678901234567890123456789012345678901234567890123456789");
	g_autoptr(ImapSession) session = imap_server(text->str, NULL);
	const guint32 uid = 4;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) messages = imap_fetch_bodies(session, &uid, 1, 0, &error);

	ck_assert_ptr_null(messages);
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("imap");
	TCase *tcase = tcase_create("imap");

	LOOP(utf7_both_ways, utf7_rows);
	LOOP(utf7_refuses, utf7_bad);
	LOOP(internal_dates, date_rows);
	tcase_add_test(tcase, sequence_sets);
	tcase_add_test(tcase, throws_away_before_own_noop);
	LOOP(refuses_to_open, bad_openings);
	tcase_add_test(tcase, forged_lines_in_literal);
	tcase_add_test(tcase, split_at_every_byte);
	tcase_add_test(tcase, fetch_info);
	tcase_add_test(tcase, fetch_is_pipelined_and_peeks);
	tcase_add_test(tcase, fetches_ahead);
	tcase_add_test(tcase, fetches_ahead_cut);
	tcase_add_test(tcase, fetch_part_of_a_large_mail);
	LOOP(hostile_answers, hostile);
	LOOP(harmless_answers, harmless);
	tcase_add_test(tcase, line_without_end);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
