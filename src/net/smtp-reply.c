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

/* A lone CR or LF inside data is read as the end of a line by some servers and not by others; what
 * one takes for text the other takes for commands ("SMTP smuggling"). Only CRLF leaves here. */
GByteArray *
smtp_data_encode(GBytes *message)
{
	gsize size;
	const char *bytes = g_bytes_get_data(message, &size);
	GByteArray *out = g_byte_array_sized_new((guint) (size + size / 64 + 16));
	gsize at = 0;

	while (at < size) {
		gsize end = at;

		while (end < size && bytes[end] != '\r' && bytes[end] != '\n')
			end++;
		if (bytes[at] == '.')
			g_byte_array_append(out, (const guint8 *) ".", 1);
		g_byte_array_append(out, (const guint8 *) bytes + at, (guint) (end - at));
		g_byte_array_append(out, (const guint8 *) "\r\n", 2);
		if (end < size && bytes[end] == '\r' && end + 1 < size && bytes[end + 1] == '\n')
			end++;
		at = end + 1;
	}
	return out;
}
