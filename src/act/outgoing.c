/* outgoing.c - builds every mail aardig sends or files: acknowledgement, draft, ticket, operator
 * mail.
 *
 * Nothing of a customer's mail reaches a header field but validated Message-IDs; every value is
 * looked at here once more, because this is the last place before the wire. */
#include "config.h"

#include <string.h>

#include "aardig/act.h"
#include "aardig/error.h"
#include "aardig/gmime-late.h"
#include "aardig/secret.h"

/* References kept: the first one and the newest, so that threads hold together (RFC 5322 3.6.4) and
 * the field stays under the 998 octets of a line when unfolded by simple clients. */
#define REFERENCES_MAX 8

static gboolean
value_is_clean(const char *name, const char *value, GError **error)
{
	if (value == NULL)
		return TRUE;
	for (const char *p = value; *p != '\0'; p++)
		if ((guchar) *p < 0x20 || *p == 0x7f) {
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
			            "%s holds a control character; the mail was not built", name);
			return FALSE;
		}
	if (!g_utf8_validate(value, -1, NULL)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
		            "%s is not UTF-8; the mail was not built", name);
		return FALSE;
	}
	return TRUE;
}

static gboolean
values_are_clean(const OutgoingMail *mail, GError **error)
{
	const struct { const char *name, *value; } values[] = {
		{ "From", mail->from }, { "From", mail->from_name }, { "To", mail->to },
		{ "To", mail->to_name }, { "Reply-To", mail->reply_to }, { "Subject", mail->subject },
		{ "Message-ID", mail->message_id }, { "In-Reply-To", mail->in_reply_to },
		{ "Auto-Submitted", mail->auto_submitted }, { "X-Loop-Aardig", mail->mark },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
		if (!value_is_clean(values[i].name, values[i].value, error))
			return FALSE;
	for (gsize i = 0; mail->references != NULL && mail->references[i] != NULL; i++)
		if (!value_is_clean("References", mail->references[i], error))
			return FALSE;
	if (!g_utf8_validate(mail->body, -1, NULL)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "the text is not UTF-8");
		return FALSE;
	}
	return TRUE;
}

/* A field whose value is ours and plain: no encoding, no guessing by GMime. */
static void
set_field(GMimeMessage *message, const char *name, const char *value)
{
	if (value != NULL)
		g_mime_object_set_header(GMIME_OBJECT(message), name, value, "utf-8");
}

static void
set_threading(GMimeMessage *message, const OutgoingMail *mail)
{
	if (mail->in_reply_to == NULL)
		return;

	g_autofree char *in_reply_to = g_strdup_printf("<%s>", mail->in_reply_to);
	g_autoptr(GString) references = g_string_new(NULL);
	gsize n = mail->references != NULL ? g_strv_length((char **) mail->references) : 0;

	for (gsize i = 0; i < n; i++) {
		if (i > 0 && n > REFERENCES_MAX && i < n - (REFERENCES_MAX - 1))
			continue;
		if (strcmp(mail->references[i], mail->in_reply_to) != 0)
			g_string_append_printf(references, "<%s> ", mail->references[i]);
	}
	g_string_append(references, in_reply_to);
	set_field(message, "In-Reply-To", in_reply_to);
	set_field(message, "References", references->str);
}

static void
set_header(GMimeMessage *message, const OutgoingMail *mail)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(mail->date);
	g_autoptr(GDateTime) local = mail->zone != NULL ? g_date_time_to_timezone(utc, mail->zone)
	                                                : g_date_time_ref(utc);

	g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, mail->from_name, mail->from);
	g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, mail->to_name, mail->to);
	if (mail->reply_to != NULL)
		g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, NULL, mail->reply_to);
	g_mime_message_set_subject(message, mail->subject, "utf-8");
	g_mime_message_set_date(message, local);
	g_mime_message_set_message_id(message, mail->message_id);
	set_threading(message, mail);
	if (mail->auto_submitted != NULL) {
		set_field(message, "Auto-Submitted", mail->auto_submitted);
		set_field(message, "X-Auto-Response-Suppress", "All");
	}
	set_field(message, "X-Loop-Aardig", mail->mark);
	set_field(message, "X-Unsent", mail->unsent ? "1" : NULL);
}

/* Always utf-8, which GMimeTextPart would turn into the smallest charset that fits.
 * Quoted-printable passes any relay, with 8BITMIME or without. */
static GMimeObject *
text_part(const char *body)
{
	GMimePart *part = g_mime_part_new_with_type("text", "plain");
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(body, strlen(body));
	g_autoptr(GMimeDataWrapper) content =
	    g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
	gboolean ascii = TRUE;

	for (const char *p = body; *p != '\0'; p++)
		ascii = ascii && (guchar) *p < 0x80;
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, ascii ? GMIME_CONTENT_ENCODING_7BIT
	                                             : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	return GMIME_OBJECT(part);
}

/* RFC 2046 5.2.1 allows no encoding on message/rfc822 but 7bit, 8bit and binary; bytes with NULs or
 * endless lines would break the outer mail, so those travel as an ordinary base64 file. */
static gboolean
fits_as_message(const char *data, gsize size)
{
	gsize line = 0;

	for (gsize i = 0; i < size; i++) {
		line = data[i] == '\n' ? 0 : line + 1;
		if (data[i] == '\0' || line > 998)
			return FALSE;
		if (data[i] == '\r' && (i + 1 == size || data[i + 1] != '\n'))
			return FALSE;
	}
	return size > 0;
}

static GMimeObject *
message_part(GBytes *raw, const char *filename, gboolean attachment)
{
	gsize size;
	const char *data = g_bytes_get_data(raw, &size);
	gboolean as_message = fits_as_message(data, size);
	GMimePart *part = as_message ? g_mime_part_new_with_type("message", "rfc822")
	                             : g_mime_part_new_with_type("application", "octet-stream");
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(data, size);
	g_autoptr(GMimeDataWrapper) content =
	    g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, as_message ? GMIME_CONTENT_ENCODING_8BIT
	                                                  : GMIME_CONTENT_ENCODING_BASE64);
	g_mime_object_set_disposition(GMIME_OBJECT(part), attachment ? "attachment" : "inline");
	g_mime_part_set_filename(part, filename);
	return GMIME_OBJECT(part);
}

static void
set_body(GMimeMessage *message, const OutgoingMail *mail)
{
	g_autoptr(GMimeObject) text = text_part(mail->body);

	if (mail->attached_draft == NULL && mail->attached_original == NULL) {
		g_mime_message_set_mime_part(message, text);
		return;
	}

	g_autoptr(GMimeMultipart) multipart = g_mime_multipart_new_with_subtype("mixed");
	g_mime_multipart_add(multipart, text);
	if (mail->attached_draft != NULL) {
		g_autoptr(GMimeObject) part = message_part(mail->attached_draft, "antwoord.eml", TRUE);
		g_mime_multipart_add(multipart, part);
	}
	if (mail->attached_original != NULL) {
		g_autoptr(GMimeObject) part = message_part(mail->attached_original, "origineel.eml", TRUE);
		g_mime_multipart_add(multipart, part);
	}
	g_mime_message_set_mime_part(message, GMIME_OBJECT(multipart));
}

GBytes *
outgoing_build(const OutgoingMail *mail, GError **error)
{
	Address parsed = { 0 };

	if (!values_are_clean(mail, error))
		return NULL;
	if (!address_parse(mail->to, &parsed)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "'%s' is no address to write to",
		            mail->to);
		return NULL;
	}
	address_clear(&parsed);

	message_library_init();
	g_autoptr(GMimeMessage) message = g_mime_message_new(FALSE);
	set_header(message, mail);
	set_body(message, mail);

	g_autoptr(GMimeFormatOptions) format = g_mime_format_options_new();
	g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
	g_autoptr(GMimeStream) out = g_mime_stream_mem_new();
	if (g_mime_object_write_to_stream(GMIME_OBJECT(message), format, out) < 0) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "the mail could not be written");
		return NULL;
	}
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out));
	return g_bytes_new(bytes->data, bytes->len);
}

char *
outgoing_message_id(const char *address)
{
	guint8 random[16];
	char hex[2 * sizeof random + 1];
	const char *at = strrchr(address, '@');

	secret_random(random, sizeof random);
	for (gsize i = 0; i < sizeof random; i++)
		g_snprintf(hex + 2 * i, 3, "%02x", random[i]);
	return g_strdup_printf("aardig.%s@%s", hex, at != NULL ? at + 1 : "localhost");
}
