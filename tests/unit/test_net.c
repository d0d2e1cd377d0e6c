/* test_net.c - the IMAP and SMTP readers against servers of memory: forged lines, every split, bad
 * numbers. */
#include "config.h"

#include <string.h>

#include "net/imap-private.h"
#include "unit.h"

#define OPENING                                                                                    \
	"t1 OK done\r\n* CAPABILITY IMAP4rev1 ESEARCH UIDPLUS MOVE IDLE LITERAL+\r\nt2 OK\r\n"
#define OPENING_OLD "t1 OK done\r\n* CAPABILITY IMAP4rev1\r\nt2 OK\r\n"
#define SELECTED \
	"* 3 EXISTS\r\n* OK [UIDVALIDITY 77] ok\r\n* OK [UIDNEXT 10] ok\r\n" \
	"* OK [PERMANENTFLAGS (\\Seen \\*)] ok\r\nt3 OK [READ-WRITE] selected\r\n"

/* ---- streams ---- */

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

static ImapSession *
imap_server(const char *text, GByteArray *sent)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(GError) error = NULL;
	ImapSession *session = imap_open_stream(net_memory_stream(bytes, sent), 5, &error);

	ck_no_error(error);
	ck_assert_ptr_nonnull(session);
	return session;
}

static char *
sent_text(const GByteArray *sent)
{
	return g_strndup((const char *) sent->data, sent->len);
}

static void
assert_sent(const GByteArray *sent, const char *part)
{
	g_autofree char *text = sent_text(sent);

	ck_assert_msg(strstr(text, part) != NULL, "not sent: %s\nsent: %s", part, text);
}

static void
assert_not_sent(const GByteArray *sent, const char *part)
{
	g_autofree char *text = sent_text(sent);

	ck_assert_msg(strstr(text, part) == NULL, "sent: %s\n%s", part, text);
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
	g_autoptr(ImapSession) session = imap_open_stream(net_memory_stream(bytes, NULL), 5, &error);

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

/* ---- SMTP ---- */

#define EHLO                                                                                       \
	"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-DSN\r\n250-SIZE 1000\r\n250 HELP\r\n"
#define EHLO_BARE "250 sink\r\n"

static gboolean
hook_says_yes(void *data, GError **error)
{
	++*(guint *) data;
	return TRUE;
}

static gboolean
hook_says_no(void *data, GError **error)
{
	++*(guint *) data;
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "disk full");
	return FALSE;
}

enum { SENT = -1 };

static const struct {
	const char *label, *answers;
	int outcome; /* SENT or AardigError */
	guint hooks; /* times the hook was called */
	gboolean open;
} smtp_rows[] = {
	{ "pipelined", EHLO "250 a\r\n250 b\r\n354 c\r\n250 queued\r\n", SENT, 1, TRUE },
	{ "one by one", EHLO_BARE "250 a\r\n250 b\r\n354 c\r\n250 queued\r\n", SENT, 1, TRUE },
	{ "long answer", EHLO "250-a\r\n250-b\r\n250 c\r\n250 b\r\n354 c\r\n250-q\r\n250 r\r\n", SENT,
	  1, TRUE },
	{ "sender later", EHLO "451 later\r\n503 no\r\n503 no\r\n", AARDIG_ERROR_TEMPORARY, 0, TRUE },
	{ "sender never", EHLO "550 no\r\n503 no\r\n503 no\r\n", AARDIG_ERROR_PERMANENT, 0, TRUE },
	{ "recipient later", EHLO "250 a\r\n451 grey\r\n554 none\r\n", AARDIG_ERROR_TEMPORARY, 0,
	  TRUE },
	{ "recipient never", EHLO "250 a\r\n550 unknown\r\n554 none\r\n", AARDIG_ERROR_PERMANENT, 0,
	  TRUE },
	{ "recipient never, one by one", EHLO_BARE "250 a\r\n550 unknown\r\n", AARDIG_ERROR_PERMANENT,
	  0, TRUE },
	{ "recipient never, DATA all the same", EHLO "250 a\r\n550 unknown\r\n354 go\r\n",
	  AARDIG_ERROR_PERMANENT, 0, FALSE },
	{ "data refused", EHLO "250 a\r\n250 b\r\n451 later\r\n", AARDIG_ERROR_TEMPORARY, 0, TRUE },
	{ "login wanted", EHLO "530 5.7.0 Authentication required\r\n503 no\r\n503 no\r\n",
	  AARDIG_ERROR_CONFIG, 0, TRUE },
	{ "421", EHLO "421 closing\r\n", AARDIG_ERROR_TEMPORARY, 0, FALSE },
	{ "closed before", EHLO, AARDIG_ERROR_TEMPORARY, 0, FALSE },
	{ "closed in the middle", EHLO "250 a\r\n250 b\r\n", AARDIG_ERROR_TEMPORARY, 0, FALSE },
	{ "refused at the dot", EHLO "250 a\r\n250 b\r\n354 c\r\n554 spam\r\n", AARDIG_ERROR_PERMANENT,
	  1, TRUE },
	{ "later at the dot", EHLO "250 a\r\n250 b\r\n354 c\r\n451 full\r\n", AARDIG_ERROR_TEMPORARY, 1,
	  TRUE },
	{ "421 at the dot", EHLO "250 a\r\n250 b\r\n354 c\r\n421 bye\r\n", AARDIG_ERROR_TEMPORARY, 1,
	  FALSE },
	{ "closed at the dot", EHLO "250 a\r\n250 b\r\n354 c\r\n", AARDIG_ERROR_UNKNOWN_OUTCOME, 1,
	  FALSE },
	{ "half an answer to the dot", EHLO "250 a\r\n250 b\r\n354 c\r\n250-q\r\n",
	  AARDIG_ERROR_UNKNOWN_OUTCOME, 1, FALSE },
	{ "half a line to the dot", EHLO "250 a\r\n250 b\r\n354 c\r\n250 ok",
	  AARDIG_ERROR_UNKNOWN_OUTCOME, 1, FALSE },
	{ "nonsense to the dot", EHLO "250 a\r\n250 b\r\n354 c\r\nHTTP/1.1 200 OK\r\n",
	  AARDIG_ERROR_UNKNOWN_OUTCOME, 1, FALSE },
	{ "354 to the dot", EHLO "250 a\r\n250 b\r\n354 c\r\n354 more\r\n",
	  AARDIG_ERROR_UNKNOWN_OUTCOME, 1, FALSE },
	{ "nonsense", EHLO "abc\r\n", AARDIG_ERROR_TEMPORARY, 0, FALSE },
	{ "code out of range", EHLO "650 a\r\n", AARDIG_ERROR_TEMPORARY, 0, FALSE },
	{ "code changes", EHLO "250-a\r\n550 b\r\n", AARDIG_ERROR_TEMPORARY, 0, FALSE },
	{ "no blank", EHLO "250x\r\n", AARDIG_ERROR_TEMPORARY, 0, FALSE },
};

static SmtpSession *
smtp_server(const char *answers, GByteArray *sent)
{
	g_autoptr(GBytes) bytes = g_bytes_new(answers, strlen(answers));
	g_autoptr(GError) error = NULL;
	SmtpSession *session = smtp_open_stream(net_memory_stream(bytes, sent), 5, &error);

	ck_no_error(error);
	return session;
}

START_TEST(smtp_outcomes)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(SmtpSession) session = smtp_server(smtp_rows[_i].answers, sent);
	g_autoptr(GBytes) message = g_bytes_new_static("A: b\r\n\r\nx\r\n", 11);
	guint hooks = 0;
	const SmtpMail mail = { "", "kim@klant.example", message, hook_says_yes, &hooks };
	g_autoptr(GError) error = NULL;
	g_autofree char *answer = NULL;

	ck_assert(smtp_send(session, &mail, &answer, &error) == (smtp_rows[_i].outcome == SENT));
	ck_assert_int_eq(error != NULL ? error->code : SENT, smtp_rows[_i].outcome);
	ck_assert_uint_eq(hooks, smtp_rows[_i].hooks);
	ck_assert_int_eq(smtp_is_open(session), smtp_rows[_i].open);
	ck_assert((answer != NULL) == (smtp_rows[_i].outcome == SENT));
}
END_TEST

/* The dot leaves with the last bytes then; what came of it is known as well. */
START_TEST(smtp_outcomes_without_hook)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(SmtpSession) session = smtp_server(smtp_rows[_i].answers, sent);
	g_autoptr(GBytes) message = g_bytes_new_static("A: b\r\n\r\nx\r\n", 11);
	const SmtpMail mail = { "", "kim@klant.example", message, NULL, NULL };
	g_autoptr(GError) error = NULL;

	ck_assert(smtp_send(session, &mail, NULL, &error) == (smtp_rows[_i].outcome == SENT));
	ck_assert_int_eq(error != NULL ? error->code : SENT, smtp_rows[_i].outcome);
	ck_assert_int_eq(smtp_is_open(session), smtp_rows[_i].open);
	if (smtp_rows[_i].hooks > 0)
		assert_sent(sent, "x\r\n.\r\n");
	else
		assert_not_sent(sent, "\r\n.\r\n");
}
END_TEST

START_TEST(smtp_cut_at_every_byte)
{
	const char *answers = smtp_rows[2].answers;

	for (gsize split = 1; split < strlen(answers); split++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) until = g_bytes_new(answers, split);
		g_autoptr(SmtpSession) session = smtp_open_stream(net_memory_stream(until, NULL), 5, NULL);
		g_autoptr(GBytes) message = g_bytes_new_static("x\r\n", 3);
		guint hooks = 0;
		const SmtpMail mail = { "", "kim@klant.example", message, hook_says_yes, &hooks };

		if (session == NULL)
			continue;
		ck_assert(!smtp_send(session, &mail, NULL, &error));
		/* Before the dot never unknown, after it never anything else. */
		ck_assert_int_eq(error->code,
		                 hooks > 0 ? AARDIG_ERROR_UNKNOWN_OUTCOME : AARDIG_ERROR_TEMPORARY);
	}
}
END_TEST

START_TEST(smtp_commands)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(SmtpSession) session =
		smtp_server(EHLO "250 a\r\n250 b\r\n354 c\r\n250 q\r\n250 a\r\n550 b\r\n554 c\r\n250 "
	                     "rset\r\n250 a\r\n250 b\r\n354 "
	                     "c\r\n250 q\r\n",
	                sent);
	g_autoptr(GBytes) message = g_bytes_new_static("A: b\r\n\r\n.\r\n..\r\nx", 16);
	guint hooks = 0;
	SmtpMail mail = { "", "kim@klant.example", message, hook_says_yes, &hooks };

	ck_assert(smtp_send(session, &mail, NULL, NULL));
	assert_sent(sent, "MAIL FROM:<> SIZE=20 BODY=8BITMIME RET=HDRS\r\nRCPT TO:<kim@klant.example> "
		    "NOTIFY=NEVER\r\nDATA\r\nA: b\r\n\r\n..\r\n...\r\nx\r\n.\r\n");
	ck_assert(!smtp_send(session, &mail, NULL, NULL));
	ck_assert(smtp_send(session, &mail, NULL, NULL));
	assert_sent(sent, "RSET\r\nMAIL FROM:<>");
}
END_TEST

START_TEST(smtp_hook_stops)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(SmtpSession) session = smtp_server(EHLO "250 a\r\n250 b\r\n354 c\r\n250 q\r\n", sent);
	g_autoptr(GBytes) message = g_bytes_new_static("x\r\n", 3);
	guint hooks = 0;
	const SmtpMail mail = { "", "kim@klant.example", message, hook_says_no, &hooks };
	g_autoptr(GError) error = NULL;

	ck_assert(!smtp_send(session, &mail, NULL, &error));
	ck_assert_str_eq(error->message, "disk full");
	assert_not_sent(sent, "\r\n.\r\n");
	ck_assert(!smtp_is_open(session));
}
END_TEST

static const char *const bad_addresses[] = {
	"", "a@b\r\nRCPT TO:<c@d>", "a@b>", "<a@b", "a b@c", "a@b\n", "é@b", "a@b\x7f", "a@b\t",
};

START_TEST(smtp_refuses_addresses)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(SmtpSession) session = smtp_server(EHLO, sent);
	g_autoptr(GBytes) message = g_bytes_new_static("x\r\n", 3);
	const SmtpMail to = { "", bad_addresses[_i], message, NULL, NULL };
	const SmtpMail from = { bad_addresses[_i], "a@b", message, NULL, NULL };
	g_autoptr(GError) error = NULL;

	ck_assert(!smtp_send(session, &to, NULL, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
	if (*bad_addresses[_i] != '\0')
		ck_assert(!smtp_send(session, &from, NULL, NULL));
	assert_not_sent(sent, "MAIL");
}
END_TEST

START_TEST(smtp_too_large)
{
	g_autoptr(SmtpSession) session = smtp_server(EHLO, NULL);
	g_autofree char *text = g_strnfill(1001, 'x');
	g_autoptr(GBytes) message = g_bytes_new(text, 1001);
	const SmtpMail mail = { "", "kim@klant.example", message, NULL, NULL };
	g_autoptr(GError) error = NULL;

	ck_assert(!smtp_send(session, &mail, NULL, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
}
END_TEST

static const struct {
	const char *message, *wire;
} data_rows[] = {
	{ "a\r\nb\r\n", "a\r\nb\r\n" },
	{ "a", "a\r\n" },
	{ "", "" },
	{ ".\r\n", "..\r\n" },
	{ "a\r\n.b\r\n", "a\r\n..b\r\n" },
	{ "a\n.\nb", "a\r\n..\r\nb\r\n" },
	{ "a\r.\rb\r\n", "a\r\n..\r\nb\r\n" },
	{ "a\r\r\nb", "a\r\n\r\nb\r\n" },
	{ "a\rb\rc\n.d", "a\r\nb\r\nc\r\n..d\r\n" },
	{ "a\r\n.\r\n\r\n..b\r\n", "a\r\n..\r\n\r\n...b\r\n" },
	{ "\n.\r\n", "\r\n..\r\n" },
	{ "a\r", "a\r\n" },
};

START_TEST(smtp_data)
{
	g_autoptr(GBytes) message = g_bytes_new(data_rows[_i].message, strlen(data_rows[_i].message));
	g_autoptr(GByteArray) data = smtp_data_encode(message);

	ck_assert_uint_eq(data->len, strlen(data_rows[_i].wire));
	ck_assert_mem_eq(data->data, data_rows[_i].wire, data->len);
}
END_TEST

START_TEST(smtp_old_server)
{
	g_autoptr(GByteArray) sent = g_byte_array_new();
	g_autoptr(SmtpSession) session =
		smtp_server("502 what\r\n250 hello\r\n250 a\r\n250 b\r\n250 rset\r\n", sent);

	ck_assert(smtp_probe(session, "", "kim@klant.example", NULL, NULL));
	assert_sent(sent, "HELO ");
	assert_sent(sent, "MAIL FROM:<>\r\nRCPT TO:<kim@klant.example>\r\nRSET\r\n");
}
END_TEST

/* ---- connecting ---- */

static const struct {
	const char *host;
	guint port;
	TlsMode tls;
} bad_endpoints[] = {
	{ NULL, 993, TLS_IMPLICIT },
	{ "", 993, TLS_IMPLICIT },
	{ "mail.example/x", 993, TLS_IMPLICIT },
	{ "user@mail.example", 993, TLS_IMPLICIT },
	{ "mail.example", 0, TLS_IMPLICIT },
	{ "mail.example", 70000, TLS_IMPLICIT },
	{ "mail.example", 143, TLS_NONE },
	{ "127.0.0.1.example.org", 143, TLS_NONE },
};

START_TEST(endpoints_refused)
{
	const Endpoint endpoint = { .host = (char *) bad_endpoints[_i].host,
		                        .port = bad_endpoints[_i].port,
		                        .tls = bad_endpoints[_i].tls };
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(net_connect(&endpoint, NET_IMAP, 2, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG));
}
END_TEST

START_TEST(nobody_listens)
{
	const Endpoint endpoint = { .host = (char *) "127.0.0.1", .port = 1, .tls = TLS_NONE };
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(net_connect(&endpoint, NET_SMTP, 60, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
	ck_assert_ptr_nonnull(strstr(error->message, "nothing answers there"));
}
END_TEST

#define LOOP(test, rows) tcase_add_loop_test(tcase, test, 0, G_N_ELEMENTS(rows))

static void
add_imap_tests(TCase *tcase)
{
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
	tcase_add_test(tcase, fetch_part_of_a_large_mail);
	LOOP(hostile_answers, hostile);
	LOOP(harmless_answers, harmless);
	tcase_add_test(tcase, line_without_end);
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
}

static void
add_smtp_tests(TCase *tcase)
{
	LOOP(smtp_outcomes, smtp_rows);
	LOOP(smtp_outcomes_without_hook, smtp_rows);
	tcase_add_test(tcase, smtp_cut_at_every_byte);
	tcase_add_test(tcase, smtp_commands);
	tcase_add_test(tcase, smtp_hook_stops);
	LOOP(smtp_refuses_addresses, bad_addresses);
	tcase_add_test(tcase, smtp_too_large);
	LOOP(smtp_data, data_rows);
	tcase_add_test(tcase, smtp_old_server);
	LOOP(endpoints_refused, bad_endpoints);
	tcase_add_test(tcase, nobody_listens);
}

int
main(void)
{
	Suite *suite = suite_create("net");
	TCase *imap = tcase_create("imap"), *smtp = tcase_create("smtp");

	add_imap_tests(imap);
	add_smtp_tests(smtp);
	suite_add_tcase(suite, imap);
	suite_add_tcase(suite, smtp);
	return unit_run(suite);
}
