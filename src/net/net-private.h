/* net-private.h - what the files of net/ share: libcurl's functions, the line transport. */
#ifndef AARDIG_NET_PRIVATE_H
#define AARDIG_NET_PRIVATE_H

#include <curl/curl.h>
#include <glib.h>

#include "aardig/error.h"
#include "aardig/net.h"

/* ---- libcurl, loaded late ---- */

typedef struct {
	CURLcode (*global_init)(long flags);
	CURL *(*easy_init)(void);
	CURLcode (*easy_setopt)(CURL *handle, CURLoption option, ...);
	CURLcode (*easy_perform)(CURL *handle);
	CURLcode (*easy_getinfo)(CURL *handle, CURLINFO info, ...);
	CURLcode (*easy_send)(CURL *handle, const void *buffer, size_t size, size_t *sent);
	CURLcode (*easy_recv)(CURL *handle, void *buffer, size_t size, size_t *got);
	void (*easy_cleanup)(CURL *handle);
	const char *(*easy_strerror)(CURLcode code);
} CurlTable;

/* NULL before net_load() has succeeded. */
extern const CurlTable *net_curl;

/* What is known about an attempt to connect that failed. */
typedef struct {
	const Endpoint *endpoint;
	NetProtocol protocol;
	CURLcode code;
	const char *curl_text;   /* CURLOPT_ERRORBUFFER or strerror, never NULL */
	const char *server_text; /* the last refusal the server sent, or NULL */
	gboolean is_token;
} ConnectFailure;

void net_connect_error(const ConnectFailure *failure, GError **error);

/* Bytes over a connected handle; owns it. */
NetStream *net_curl_stream(CURL *handle);

/* The name we give in EHLO: this host's, if it is fit for the wire. Caller frees. */
char *net_own_name(void);

/* ---- lines and counted bytes over a stream ---- */

typedef struct LineIO LineIO;

LineIO *line_new(NetStream *stream, gint64 timeout_ms); /* takes the stream over */
void line_free(LineIO *io);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LineIO, line_free)

gint64 line_timeout(const LineIO *io);
void line_set_timeout(LineIO *io, gint64 timeout_ms);
gboolean line_is_open(const LineIO *io);
/* After an error of the protocol's own: nothing more is read or written. */
void line_break(LineIO *io);

/* The next line without its CRLF (a bare LF ends a line too), valid until the next call;
 * NUL-terminated, but may hold NULs of its own. A line over `max` bytes is read to its end and
 * thrown away: *line_out is then NULL and the call succeeds. All within one timeout. */
gboolean line_read(LineIO *io, gsize max, const char **line_out, gsize *length_out, GError **error);
/* Exactly n bytes into buffer, or into nothing when buffer is NULL. */
gboolean line_read_exact(LineIO *io, void *buffer, gsize n, GError **error);
gboolean line_write(LineIO *io, const void *data, gsize size, GError **error);

typedef enum { LINE_WAIT_READY, LINE_WAIT_TIMEOUT, LINE_WAIT_WOKEN } LineWait;
/* Waits for the first byte of something; what came stays to be read. FALSE: the connection
 * ended. */
gboolean line_wait(LineIO *io, int wake_fd, gint64 timeout_ms, LineWait *result_out, GError **error);

/* ---- SMTP replies ---- */

typedef struct {
	guint code;    /* 200..599 */
	GString *text; /* "250 2.0.0 ok", the lines of a long reply joined by blanks */
} SmtpReply;

/* Called for every line of a reply of several lines; line without code and separator. */
typedef void (*SmtpReplyLine)(const char *line, void *data);

SmtpReply *smtp_reply_read(LineIO *io, SmtpReplyLine on_line, void *data, GError **error);
void smtp_reply_free(SmtpReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpReply, smtp_reply_free)

/* The error of a refusal: 4xx TEMPORARY, "log in first" CONFIG, else PERMANENT. `what` names what
 * was refused. */
void smtp_reply_error(const SmtpReply *reply, const char *what, GError **error);

/* Message as it goes after DATA: every line ends in CRLF, dots doubled, without the final dot. */
GByteArray *smtp_data_encode(GBytes *message);

/* FALSE if text cannot go on a protocol line: CR, LF, NUL, other control characters. */
gboolean line_is_safe(const char *text);

#endif
