/* test_smtp.c - the SMTP dialogue against servers of memory: what each answer, and each end of the connection, comes
 * to; and which servers are not connected to at all. */
#include "config.h"

#include "net_fixture.h"

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
	SmtpSession *session = smtp_open_stream(memory_stream(bytes, sent), 5, &error);

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
		g_autoptr(SmtpSession) session = smtp_open_stream(memory_stream(until, NULL), 5, NULL);
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

int
main(void)
{
	Suite *suite = suite_create("smtp");
	TCase *tcase = tcase_create("smtp");

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
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
