/* net_fixture.h - servers of memory: what they answer is there before anybody asks, what they are told is kept. */
#ifndef AARDIG_TESTS_NET_FIXTURE_H
#define AARDIG_TESTS_NET_FIXTURE_H

#include "memory_stream.h"
#include "net/imap-private.h"
#include "unit.h"

#define OPENING                                                                                    \
	"t1 OK done\r\n* CAPABILITY IMAP4rev1 ESEARCH UIDPLUS MOVE IDLE LITERAL+\r\nt2 OK\r\n"
#define OPENING_OLD "t1 OK done\r\n* CAPABILITY IMAP4rev1\r\nt2 OK\r\n"
#define SELECTED \
	"* 3 EXISTS\r\n* OK [UIDVALIDITY 77] ok\r\n* OK [UIDNEXT 10] ok\r\n" \
	"* OK [PERMANENTFLAGS (\\Seen \\*)] ok\r\nt3 OK [READ-WRITE] selected\r\n"

static inline ImapSession *
imap_server(const char *text, GByteArray *sent)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(GError) error = NULL;
	ImapSession *session = imap_open_stream(memory_stream(bytes, sent), 5, &error);

	ck_no_error(error);
	ck_assert_ptr_nonnull(session);
	return session;
}

static inline char *
sent_text(const GByteArray *sent)
{
	return g_strndup((const char *) sent->data, sent->len);
}

static inline void
assert_sent(const GByteArray *sent, const char *part)
{
	g_autofree char *text = sent_text(sent);

	ck_assert_msg(strstr(text, part) != NULL, "not sent: %s\nsent: %s", part, text);
}

static inline void
assert_not_sent(const GByteArray *sent, const char *part)
{
	g_autofree char *text = sent_text(sent);

	ck_assert_msg(strstr(text, part) == NULL, "sent: %s\n%s", part, text);
}

#define LOOP(test, rows) tcase_add_loop_test(tcase, test, 0, G_N_ELEMENTS(rows))

#endif
