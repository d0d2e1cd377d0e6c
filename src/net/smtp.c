/* smtp.c - submission of one mail to one recipient, again and again over one connection.
 *
 * Spoken here and not by libcurl, because the outcome has to be known step by step: what was
 * refused, and whether the line was lost before or after the final dot (RFC 5321 4.2.5, RFC 2920,
 * RFC 3461). */
#include "config.h"

#include <string.h>

#include "aardig/log.h"
#include "net/net-private.h"

#define ADDRESS_MAX 254
/* RFC 5321 4.5.3.2.6 gives a server ten minutes for the answer to the final dot, one for others: it
 * scans the mail then. */
#define DOT_TIMEOUT_FACTOR 5
#define QUIT_TIMEOUT_MS 2000
#define CHUNK (64 * 1024)
#define DOT ".\r\n"

struct SmtpSession {
	LineIO *io;
	gboolean pipelining, eight_bit, dsn, has_size;
	guint64 size_limit; /* 0: none said */
	gboolean dirty;     /* a transaction was begun and not ended: RSET first */
};

gboolean
smtp_is_open(const SmtpSession *session)
{
	return session != NULL && line_is_open(session->io);
}

void
smtp_close(SmtpSession *session)
{
	if (session == NULL)
		return;
	if (line_is_open(session->io)) {
		g_autoptr(SmtpReply) reply = NULL;

		line_set_timeout(session->io, MIN(QUIT_TIMEOUT_MS, line_timeout(session->io)));
		if (line_write(session->io, "QUIT\r\n", 6, NULL))
			reply = smtp_reply_read(session->io, NULL, NULL, NULL);
	}
	line_free(session->io);
	g_free(session);
}

/* ---- opening ---- */

static void
note_extension(const char *line, void *data)
{
	SmtpSession *session = data;

	if (g_ascii_strcasecmp(line, "PIPELINING") == 0)
		session->pipelining = TRUE;
	else if (g_ascii_strcasecmp(line, "8BITMIME") == 0)
		session->eight_bit = TRUE;
	else if (g_ascii_strcasecmp(line, "DSN") == 0)
		session->dsn = TRUE;
	else if (g_ascii_strncasecmp(line, "SIZE", 4) == 0 && (line[4] == '\0' || line[4] == ' ')) {
		session->has_size = TRUE;
		session->size_limit = g_ascii_strtoull(line + 4, NULL, 10);
	}
}

static SmtpReply *
command(SmtpSession *session, const char *line, SmtpReplyLine on_line, GError **error)
{
	g_autofree char *bytes = g_strconcat(line, "\r\n", NULL);

	log_trace("net", "C: %s", line);
	if (!line_write(session->io, bytes, strlen(bytes), error))
		return NULL;
	return smtp_reply_read(session->io, on_line, session, error);
}

/* libcurl has said EHLO for itself and keeps the answer to itself. */
static gboolean
say_ehlo(SmtpSession *session, GError **error)
{
	g_autofree char *name = net_own_name();
	g_autofree char *ehlo = g_strconcat("EHLO ", name, NULL);
	g_autofree char *helo = g_strconcat("HELO ", name, NULL);
	g_autoptr(SmtpReply) reply = command(session, ehlo, note_extension, error);

	if (reply != NULL && reply->code >= 500) {
		smtp_reply_free(reply);
		reply = command(session, helo, NULL, error);
	}
	if (reply == NULL)
		return FALSE;
	if (reply->code / 100 == 2)
		return TRUE;
	smtp_reply_error(reply, "EHLO", error);
	return FALSE;
}

SmtpSession *
smtp_open_stream(NetStream *stream, guint timeout_s, GError **error)
{
	SmtpSession *session = g_new0(SmtpSession, 1);

	session->io = line_new(stream, (gint64) timeout_s * 1000);
	if (say_ehlo(session, error))
		return session;
	line_break(session->io);
	smtp_close(session);
	return NULL;
}

SmtpSession *
smtp_open(const Endpoint *endpoint, guint timeout_s, GError **error)
{
	NetStream *stream = net_connect(endpoint, NET_SMTP, timeout_s, error);

	if (stream == NULL)
		return NULL;
	SmtpSession *session = smtp_open_stream(stream, timeout_s, error);
	if (session == NULL)
		g_prefix_error(error, "%s port %u: ", endpoint->host, endpoint->port);
	return session;
}

/* ---- one mail ---- */

/* Whatever stands between < and > must not be able to end it, or the line: an address with a CR
 * would be a command of its own. */
static gboolean
address_is_safe(const char *address)
{
	gsize length = strlen(address);

	if (length > ADDRESS_MAX)
		return FALSE;
	for (gsize i = 0; i < length; i++)
		if (address[i] <= 0x20 || address[i] >= 0x7f || address[i] == '<' || address[i] == '>')
			return FALSE;
	return TRUE;
}

static gboolean
check_addresses(const char *reverse_path, const char *recipient, GError **error)
{
	const char *bad = !address_is_safe(reverse_path) ? reverse_path
	                  : *recipient == '\0' || !address_is_safe(recipient) ? recipient
	                                                                       : NULL;

	if (bad == NULL)
		return TRUE;
	g_autofree char *quoted = log_quote(bad, 100);
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
	            "\"%s\" cannot be used as an address in SMTP", quoted);
	return FALSE;
}

static char *
mail_command(const SmtpSession *session, const char *reverse_path, gsize size)
{
	GString *line = g_string_new(NULL);

	g_string_printf(line, "MAIL FROM:<%s>", reverse_path);
	if (session->has_size && size > 0)
		g_string_append_printf(line, " SIZE=%" G_GSIZE_FORMAT, size);
	if (session->eight_bit)
		g_string_append(line, " BODY=8BITMIME");
	if (session->dsn)
		g_string_append(line, " RET=HDRS");
	return g_string_free(line, FALSE);
}

static char *
rcpt_command(const SmtpSession *session, const char *recipient)
{
	return g_strdup_printf("RCPT TO:<%s>%s", recipient, session->dsn ? " NOTIFY=NEVER" : "");
}

/* Ends a transaction that was begun; the connection can be used on. */
static gboolean
reset(SmtpSession *session, GError **error)
{
	if (!session->dirty)
		return TRUE;
	g_autoptr(SmtpReply) reply = command(session, "RSET", NULL, error);
	if (reply == NULL)
		return FALSE;
	if (reply->code / 100 != 2) {
		smtp_reply_error(reply, "RSET", error);
		line_break(session->io);
		return FALSE;
	}
	session->dirty = FALSE;
	return TRUE;
}

typedef struct {
	const char *what; /* for the error text */
	char *line;
	guint expected;   /* first digit */
} Step;

static void
refused(SmtpSession *session, const SmtpReply *reply, const char *what, GError **error)
{
	/* RFC 5321 3.8: 421 says that the server is hanging up. */
	if (reply->code == 421)
		line_break(session->io);
	smtp_reply_error(reply, what, error);
}

/* The steps in one packet where the server takes that (RFC 2920), else one by one. The error is
 * that of the first refusal; the replies to the rest are read all the same. */
static gboolean
run_steps(SmtpSession *session, const Step *steps, gsize n, GError **error)
{
	gboolean ok = TRUE;

	if (session->pipelining) {
		g_autoptr(GString) all = g_string_new(NULL);

		for (gsize i = 0; i < n; i++) {
			log_trace("net", "C: %s", steps[i].line);
			g_string_append_printf(all, "%s\r\n", steps[i].line);
		}
		if (!line_write(session->io, all->str, all->len, error))
			return FALSE;
	}
	for (gsize i = 0; i < n && (ok || session->pipelining); i++) {
		g_autoptr(SmtpReply) reply =
			session->pipelining ? smtp_reply_read(session->io, NULL, NULL, ok ? error : NULL)
			                    : command(session, steps[i].line, NULL, error);

		if (reply == NULL) {
			line_break(session->io);
			return FALSE;
		}
		if (reply->code / 100 == steps[i].expected) {
			/* DATA was accepted although nobody is there to get the mail: hang up. */
			if (!ok && steps[i].expected == 3)
				line_break(session->io);
			continue;
		}
		if (ok)
			refused(session, reply, steps[i].what, error);
		ok = FALSE;
		if (!line_is_open(session->io))
			return FALSE;
	}
	return ok;
}

static gboolean
begin_transaction(SmtpSession *session, const char *reverse_path, const char *recipient, gsize size,
                  gboolean data, GError **error)
{
	g_autofree char *mail = mail_command(session, reverse_path, size);
	g_autofree char *rcpt = rcpt_command(session, recipient);
	char data_line[] = "DATA";
	g_autofree char *sender = g_strdup_printf("the sender <%s>", reverse_path);
	g_autofree char *to = g_strdup_printf("the recipient <%s>", recipient);
	const Step steps[] = { { sender, mail, 2 }, { to, rcpt, 2 }, { "DATA", data_line, 3 } };

	if (!reset(session, error))
		return FALSE;
	session->dirty = TRUE;
	return run_steps(session, steps, data ? 3 : 2, error);
}

/* The last piece is whole: where the dot stands in it, a mail that is not sent whole has none. */
static gboolean
send_data(SmtpSession *session, const GByteArray *data, GError **error)
{
	for (gsize at = 0; at < data->len;) {
		gsize n = data->len - at <= CHUNK + CHUNK / 2 ? data->len - at : CHUNK;

		if (!line_write(session->io, data->data + at, n, error))
			return FALSE;
		at += n;
	}
	return TRUE;
}

/* A server that hung up, or spoke, while data was sent has not taken the mail: that is known now
 * and would not be known after the dot. */
static gboolean
still_listening(SmtpSession *session, GError **error)
{
	LineWait wait;

	if (!line_wait(session->io, -1, 0, &wait, error))
		return FALSE;
	if (wait != LINE_WAIT_READY)
		return TRUE;
	g_autoptr(SmtpReply) reply = smtp_reply_read(session->io, NULL, NULL, error);
	line_break(session->io);
	if (reply == NULL)
		return FALSE;
	if (reply->code >= 400)
		smtp_reply_error(reply, "the message", error);
	else
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
		            "the server answered before the message was complete");
	return FALSE;
}

static gboolean
unknown_outcome(SmtpSession *session, const char *why, GError **error)
{
	g_autofree char *quoted = log_quote(why, 200);

	line_break(session->io);
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_UNKNOWN_OUTCOME,
	            "the message was sent whole, but no answer came (%s): it may have been delivered",
	            quoted);
	return FALSE;
}

static gboolean
take_answer(SmtpSession *session, char **answer_out, GError **error)
{
	g_autoptr(GError) local = NULL;
	gint64 timeout_ms = line_timeout(session->io);

	line_set_timeout(session->io, timeout_ms * DOT_TIMEOUT_FACTOR);
	g_autoptr(SmtpReply) reply = smtp_reply_read(session->io, NULL, NULL, &local);
	line_set_timeout(session->io, timeout_ms);
	if (reply == NULL)
		return unknown_outcome(session, local->message, error);
	if (reply->code / 100 == 3)
		return unknown_outcome(session, reply->text->str, error);
	session->dirty = FALSE;
	if (reply->code / 100 != 2) {
		refused(session, reply, "the message", error);
		return FALSE;
	}
	if (answer_out != NULL)
		*answer_out = log_quote(reply->text->str, 300);
	return TRUE;
}

/* The hook comes when all but the dot has left, and once more a server that is no longer there is found
 * out before it. */
static gboolean
send_with_hook(SmtpSession *session, const SmtpMail *mail, const GByteArray *data, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (!send_data(session, data, error) || !still_listening(session, error))
		return FALSE;
	if (!mail->before_dot(mail->data, error)) {
		line_break(session->io); /* without the dot the server forgets it */
		return FALSE;
	}
	return line_write(session->io, DOT, strlen(DOT), &local) ||
	       unknown_outcome(session, local->message, error);
}

/* Nobody needs to know the moment before the dot: it leaves in one packet with the last piece. What
 * could not be handed over whole has no dot. */
static gboolean
send_at_once(SmtpSession *session, GByteArray *data, GError **error)
{
	g_byte_array_append(data, (const guint8 *) DOT, strlen(DOT));
	return send_data(session, data, error);
}

gboolean
smtp_send(SmtpSession *session, const SmtpMail *mail, char **answer_out, GError **error)
{
	if (!check_addresses(mail->reverse_path, mail->recipient, error))
		return FALSE;
	g_autoptr(GByteArray) data = smtp_data_encode(mail->message);
	if (session->size_limit > 0 && data->len > session->size_limit) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
		            "the message has %u bytes; the mail server takes %" G_GUINT64_FORMAT, data->len,
		            session->size_limit);
		return FALSE;
	}
	if (!begin_transaction(session, mail->reverse_path, mail->recipient, data->len, TRUE, error))
		return FALSE;
	if (!(mail->before_dot != NULL ? send_with_hook(session, mail, data, error)
	                               : send_at_once(session, data, error)))
		return FALSE;
	return take_answer(session, answer_out, error);
}

gboolean
smtp_probe(SmtpSession *session, const char *reverse_path, const char *recipient, char **answer_out,
           GError **error)
{
	if (!check_addresses(reverse_path, recipient, error))
		return FALSE;
	if (!begin_transaction(session, reverse_path, recipient, 0, FALSE, error))
		return FALSE;
	g_autoptr(SmtpReply) reply = command(session, "RSET", NULL, error);
	if (reply == NULL)
		return FALSE;
	session->dirty = FALSE;
	if (answer_out != NULL)
		*answer_out = log_quote(reply->text->str, 300);
	return TRUE;
}
