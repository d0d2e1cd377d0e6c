/* guard-calendar.c - calendar objects: nobody thanks a meeting room for its acceptance.
 *
 * The whole mail is text/calendar, or one of its alternatives is an iTIP REPLY, CANCEL or
 * COUNTER (RFC 5546; Outlook and Google send them so). A calendar file that a person
 * attached is an attachment. */
#include "config.h"

#include <string.h>

#include "aardig/gmime-late.h"
#include "guard/guard-private.h"

#define DEPTH_MAX 4
#define PARTS_MAX 50
#define METHOD_WITHIN 2048 /* bytes of a calendar in which METHOD: stands */

static const char *const machine_methods[] = { "reply", "cancel", "counter", "declinecounter",
	                                       NULL };

/* METHOD of the calendar's own text, in lower case, or NULL. */
static char *
method_in_text(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new();

	if (content == NULL || g_mime_data_wrapper_write_to_stream(content, stream) < 0)
		return NULL;
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	if (bytes->len == 0)
		return NULL;
	gsize n = MIN(bytes->len, METHOD_WITHIN);
	g_autofree char *text = g_strndup((const char *) bytes->data, n);
	g_autofree char *lower = g_ascii_strdown(text, -1);
	const char *method = strstr(lower, "\nmethod:");
	if (method == NULL)
		return NULL;
	method += strlen("\nmethod:");
	return g_strndup(method, strcspn(method, " \t\r\n;"));
}

static gboolean
is_machine_part(GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	const char *disposition = g_mime_object_get_disposition(object);

	if (!GMIME_IS_PART(object) || type == NULL ||
	    !g_mime_content_type_is_type(type, "text", "calendar"))
		return FALSE;
	if (disposition != NULL && g_ascii_strcasecmp(disposition, "attachment") == 0)
		return FALSE;
	const char *parameter = g_mime_content_type_get_parameter(type, "method");
	g_autofree char *method = parameter != NULL ? g_ascii_strdown(parameter, -1)
	                                            : method_in_text(GMIME_PART(object));
	return method != NULL && g_strv_contains(machine_methods, method);
}

static gboolean
has_machine_part(GMimeObject *object, guint depth, guint *parts)
{
	if (!GMIME_IS_MULTIPART(object))
		return is_machine_part(object);
	if (depth == 0)
		return FALSE;

	int n = g_mime_multipart_get_count(GMIME_MULTIPART(object));
	for (int i = 0; i < n && ++*parts <= PARTS_MAX; i++) {
		GMimeObject *part = g_mime_multipart_get_part(GMIME_MULTIPART(object), i);

		if (has_machine_part(part, depth - 1, parts))
			return TRUE;
	}
	return FALSE;
}

/* Most mail has no calendar in it, and is not parsed a second time. */
static gboolean
mentions_calendar(GBytes *raw)
{
	static const char needle[] = "text/calendar";
	gsize size, n = strlen(needle);
	const char *data = g_bytes_get_data(raw, &size);

	for (const char *p = data; p != NULL && (gsize) (p - data) + n <= size; p++) {
		p = memchr(p, '/', size - (p - data));
		if (p == NULL)
			return FALSE;
		if ((gsize) (p - data) >= 4 && (gsize) (p - data) - 4 + n <= size &&
		    g_ascii_strncasecmp(p - 4, needle, n) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
carries_machine_part(const Message *message)
{
	GBytes *raw = message_raw(message);
	gsize size;
	guint parts = 0;

	/* Over a limit the mail is held anyway, and must not be walked again. */
	if (raw == NULL || message_defect(message) != NULL || !mentions_calendar(raw))
		return FALSE;
	/* GMime was set up when the message's Content-Type was read. */
	const char *data = g_bytes_get_data(raw, &size);
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(data, size);
	g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
	g_autoptr(GMimeMessage) mime = g_mime_parser_construct_message(parser, NULL);
	GMimeObject *top = mime != NULL ? g_mime_message_get_mime_part(mime) : NULL;
	return top != NULL && has_machine_part(top, DEPTH_MAX, &parts);
}

GuardVerdict
check_calendar(const GuardCase *c, Finding *finding)
{
	const char *type = message_content_type(c->message);

	if (strcmp(type, "text/calendar") == 0)
		return hold(finding, "the mail is a calendar object");
	if (g_str_has_prefix(type, "multipart/") && carries_machine_part(c->message))
		return hold(finding, "a calendar program sent it: a reply, cancellation or "
		                     "counter-proposal");
	return GUARD_PASS;
}
