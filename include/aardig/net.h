/* net.h - connections over libcurl, and the two protocols spoken over them.
 *
 * libcurl connects, does TLS and SASL; aardig speaks from then on. libcurl is loaded (dlopen) at
 * the first connection and not before: a process that delivers one mail never pays for it. Every
 * wait has a deadline in milliseconds; passing it is TEMPORARY and ends the connection. */
#ifndef AARDIG_NET_H
#define AARDIG_NET_H

#include <glib.h>

#include "aardig/settings.h"

G_BEGIN_DECLS

/* ---- a stream of bytes: a socket in the program, memory in tests and fuzzers ---- */

typedef struct NetStream NetStream;
struct NetStream {
	/* > 0 bytes read, 0 end of stream, -1 error set. Waits at most timeout_ms; wake_fd (-1
	 * none) readable ends the wait with STOPPED. */
	gssize (*recv)(NetStream *stream, void *buffer, gsize size, int wake_fd, gint64 timeout_ms,
	               GError **error);
	gboolean (*send)(NetStream *stream, const void *data, gsize size, gint64 timeout_ms,
	                 GError **error); /* all of it */
	void (*close)(NetStream *stream);
	void *data;
	gboolean timed_out; /* the last recv or send ended by its deadline */
};

typedef enum { NET_IMAP, NET_SMTP } NetProtocol;

/* Connects, TLS as configured (verified), logs in. CONFIG: refused login, bad certificate, name
 * that does not exist for good; the text carries the server's own words, quoted, and what to do. A
 * refused token is fetched anew and tried once more. */
NetStream *net_connect(const Endpoint *endpoint, NetProtocol protocol, guint timeout_s,
                       GError **error);
void net_close(NetStream *stream);

/* ---- SMTP submission ---- */

typedef struct SmtpSession SmtpSession;

SmtpSession *smtp_open(const Endpoint *endpoint, guint timeout_s, GError **error);
SmtpSession *smtp_open_stream(NetStream *stream, guint timeout_s, GError **error); /* takes it over */
void smtp_close(SmtpSession *session); /* QUIT, bounded */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpSession, smtp_close)

typedef struct {
	const char *reverse_path;  /* "" for <> */
	const char *recipient;     /* one validated addr-spec */
	GBytes *message;           /* CRLF lines; dot-stuffed here */
	/* Called after the last byte of data and before the final dot; FALSE stops (RSET by
	 * closing): the ledger writes `committing` here. NULL: the dot leaves with the last bytes. */
	gboolean (*before_dot)(void *data, GError **error);
	void *data;
} SmtpMail;

/* One mail over the open connection, pipelined where offered, RET=HDRS and NOTIFY=NEVER where DSN
 * is, BODY=8BITMIME where offered. TRUE: accepted, *answer_out (may be NULL) is the server's line.
 * TEMPORARY: 4xx or trouble before the dot, nothing sent; PERMANENT: 5xx; UNKNOWN_OUTCOME: lost
 * after the dot. After an error that was the connection's, smtp_is_open() is FALSE. */
gboolean smtp_send(SmtpSession *session, const SmtpMail *mail, char **answer_out, GError **error);
/* MAIL FROM/RCPT TO/RSET without data, for check --connect. */
gboolean smtp_probe(SmtpSession *session, const char *reverse_path, const char *recipient,
                    char **answer_out, GError **error);
gboolean smtp_is_open(const SmtpSession *session);

/* ---- IMAP (RFC 3501 + IDLE, MOVE, UIDPLUS, ESEARCH, SPECIAL-USE, LITERAL+) ---- */

typedef struct ImapSession ImapSession;

ImapSession *imap_open(const Endpoint *endpoint, guint timeout_s, GError **error);
ImapSession *imap_open_stream(NetStream *stream, guint timeout_s, GError **error);
void imap_close(ImapSession *session); /* LOGOUT, bounded */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapSession, imap_close)

gboolean imap_is_open(const ImapSession *session);
gboolean imap_has_capability(const ImapSession *session, const char *name);

typedef struct {
	char *name;          /* UTF-8 */
	char delimiter;      /* 0: none */
	gboolean drafts, sent, junk, trash, all, noselect;
} ImapFolder;
GPtrArray *imap_list(ImapSession *session, GError **error); /* of ImapFolder */

typedef struct {
	guint32 uidvalidity, uidnext, exists;
	gboolean keywords_kept; /* PERMANENTFLAGS has \* */
	gboolean read_only;
} ImapMailboxInfo;
gboolean imap_select(ImapSession *session, const char *folder, gboolean read_only,
                     ImapMailboxInfo *info_out, GError **error);
gboolean imap_create(ImapSession *session, const char *folder, GError **error);

/* UIDs from..to (0: *) that match `criteria` (NULL: all), ascending guint32; asked in bounded
 * windows. */
GArray *imap_search(ImapSession *session, guint32 from, guint32 to, const char *criteria,
                    GError **error);
int imap_compare_uids(gconstpointer a, gconstpointer b); /* of guint32, for g_array_sort() */
/* UID of the message with this Message-ID in the selected folder; 0 if none. */
gboolean imap_find_message_id(ImapSession *session, const char *message_id, guint32 *uid_out,
                              GError **error);

typedef struct {
	guint32 uid;
	gsize size;
	gint64 internaldate;
	gboolean done;       /* $AardigDone */
	GBytes *body;        /* NULL for the sizes pass */
} ImapMessage;
/* Size, INTERNALDATE, keywords of these UIDs; those that are gone are missing from the answer. */
GPtrArray *imap_fetch_info(ImapSession *session, const guint32 *uids, gsize n, GError **error);
/* BODY.PEEK[] of these UIDs, pipelined; `limit` > 0: BODY.PEEK[]<0.limit>. */
GPtrArray *imap_fetch_bodies(ImapSession *session, const guint32 *uids, gsize n, gsize limit,
                             GError **error);

/* The same in two steps, for many mails: the command is sent, and read when it is waited for, so that the
 * server is at work meanwhile. *taken_out: of how many of the n it is (a line has its bounds). The session
 * owns the fetch until it is finished, in the order of the start; any other command reads to its end what
 * is under way. */
typedef struct ImapFetch ImapFetch;
ImapFetch *imap_fetch_start_info(ImapSession *session, const guint32 *uids, gsize n,
                                 gsize *taken_out, GError **error);
ImapFetch *imap_fetch_start_bodies(ImapSession *session, const guint32 *uids, gsize n,
                                   gsize *taken_out, GError **error);
/* As imap_fetch_info() and imap_fetch_bodies(); whatever comes of it, the fetch is gone. */
GPtrArray *imap_fetch_finish(ImapSession *session, ImapFetch *fetch, GError **error);

/* Errors of these with code GONE: there is no such folder (create it). \Seen and the like in
 * `flags`, NULL none. */
gboolean imap_append(ImapSession *session, const char *folder, const char *flags, GBytes *message,
                     guint32 *uid_out, GError **error);
gboolean imap_move(ImapSession *session, guint32 uid, const char *folder, gboolean copy_only,
                   GError **error);
gboolean imap_store_keywords(ImapSession *session, guint32 uid, const char *const *keywords,
                             GError **error);
/* Waits for news (IDLE where offered, else sleeps up to timeout_ms and NOOPs). */
gboolean imap_idle(ImapSession *session, int wake_fd, gint64 timeout_ms, gboolean *news_out,
                   GError **error);

/* Modified UTF-7 of mailbox names (RFC 3501 5.1.3); NULL if it cannot be done. Caller frees. */
char *imap_utf7_encode(const char *utf8);
char *imap_utf7_decode(const char *name);

/* Network symbols available without connecting? Loads libcurl; CONFIG error if it is missing. */
gboolean net_load(GError **error);

G_END_DECLS

#endif
