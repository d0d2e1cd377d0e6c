/* smtp-reply.c - what a server answers, and a message as it goes on the line. */
#include "config.h"

#include <string.h>

#include "aardig/log.h"
#include "net/net-private.h"

#define LINE_MAX_BYTES 4096 /* RFC 5321 4.5.3.1.5 says 512; extensions write more */
#define REPLY_LINES 128
#define REPLY_TEXT 2000

void
smtp_reply_free(SmtpReply *reply)
{
	if (reply == NULL)
		return;
	g_string_free(reply->text, TRUE);
	g_free(reply);
}

/* "250-text" or "250 text" or "250"; 0 if it is no reply line. */
static guint
reply_code(const char *line, gsize length)
{
	if (length < 3 || line[0] < '2' || line[0] > '5' || !g_ascii_isdigit(line[1]) ||
	    !g_ascii_isdigit(line[2]))
		return 0;
	if (length > 3 && line[3] != ' ' && line[3] != '-')
		return 0;
	return (guint) (line[0] - '0') * 100 + (guint) (line[1] - '0') * 10 + (guint) (line[2] - '0');
}

static SmtpReply *
not_smtp(LineIO *io, const char *line, GError **error)
{
	g_autofree char *quoted = log_quote(line, 100);

	line_break(io);
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "not an answer of SMTP: \"%s\"",
	            quoted);
	return NULL;
}

SmtpReply *
smtp_reply_read(LineIO *io, SmtpReplyLine on_line, void *data, GError **error)
{
	g_autoptr(SmtpReply) reply = g_new0(SmtpReply, 1);

	reply->text = g_string_new(NULL);
	for (guint n = 0; n < REPLY_LINES; n++) {
		const char *line;
		gsize length;

		if (!line_read(io, LINE_MAX_BYTES, &line, &length, error))
			return NULL;
		guint code = line != NULL ? reply_code(line, length) : 0;
		if (code == 0 || (reply->code != 0 && code != reply->code))
			return not_smtp(io, line, error);
		reply->code = code;
		const char *text = length > 4 ? line + 4 : "";
		if (on_line != NULL && n > 0)
			on_line(text, data);
		if (n == 0)
			g_string_append_len(reply->text, line, MIN(length, 3));
		if (*text != '\0' && reply->text->len < REPLY_TEXT)
			g_string_append_printf(reply->text, " %s", text);
		if (length < 4 || line[3] == ' ')
			return g_steal_pointer(&reply);
	}
	return not_smtp(io, "an answer without end", error);
}

void
smtp_reply_error(const SmtpReply *reply, const char *what, GError **error)
{
	g_autofree char *quoted = log_quote(reply->text->str, 300);

	/* RFC 4954 section 6: 530 authentication required, 534 mechanism too weak, 538 encryption
	 * required. */
	if (reply->code == 530 || reply->code == 534 || reply->code == 538)
		g_set_error(
			error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
			"the mail server wants a login first: \"%s\" (set user and a password for smtp)",
			quoted);
	else
		g_set_error(error, AARDIG_ERROR,
		            reply->code >= 400 && reply->code < 500 ? AARDIG_ERROR_TEMPORARY
		                                                    : AARDIG_ERROR_PERMANENT,
		            "%s was refused: \"%s\"", what, quoted);
}

typedef struct {
	const char *bytes;
	gsize size;
	gsize behind_lf; /* the next one; size + 1 if there is none, 0 at first */
	gsize end, next; /* of the line; where the next one begins */
} Lines;

/* The line that begins at `at`. TRUE if it ends in CRLF. */
static gboolean
take_line(Lines *lines, gsize at)
{
	if (lines->behind_lf <= at) {
		const char *lf = memchr(lines->bytes + at, '\n', lines->size - at);

		lines->behind_lf = (lf != NULL ? (gsize) (lf - lines->bytes) : lines->size) + 1;
	}
	gsize stop = lines->behind_lf - 1;
	const char *cr = memchr(lines->bytes + at, '\r', stop - at);
	lines->end = cr != NULL ? (gsize) (cr - lines->bytes) : stop;
	if (cr != NULL && lines->end + 1 < stop) { /* alone, in the middle */
		lines->next = lines->end + 1;
		return FALSE;
	}
	lines->next = MIN(lines->behind_lf, lines->size);
	return cr != NULL && stop < lines->size;
}

/* A lone CR or LF inside data is read as the end of a line by some servers and not by others; what
 * one takes for text the other takes for commands ("SMTP smuggling"). Only CRLF leaves here. What
 * needs no change is copied in one piece, as far as it goes. */
GByteArray *
smtp_data_encode(GBytes *message)
{
	Lines lines = { 0 };
	const guint8 *bytes = g_bytes_get_data(message, &lines.size);
	GByteArray *out = g_byte_array_sized_new((guint) (lines.size + lines.size / 64 + 16));
	gsize from = 0;

	lines.bytes = (const char *) bytes;
	for (gsize at = 0; at < lines.size; at = lines.next) {
		if (bytes[at] == '.') {
			g_byte_array_append(out, bytes + from, (guint) (at - from));
			g_byte_array_append(out, (const guint8 *) ".", 1);
			from = at;
		}
		if (take_line(&lines, at))
			continue;
		g_byte_array_append(out, bytes + from, (guint) (lines.end - from));
		g_byte_array_append(out, (const guint8 *) "\r\n", 2);
		from = lines.next;
	}
	g_byte_array_append(out, bytes + from, (guint) (lines.size - from));
	return out;
}
