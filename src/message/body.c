/* body.c - the parts of a mail: which of them is the text, and what is attached.
 *
 * Entities are ranges of the raw mail; nothing is copied or decoded before it is chosen. Every
 * range lies inside its parent's, so a broken inner boundary cannot swallow an outer one. */
#include "config.h"

#include <string.h>

#include "message-private.h"

#define MAX_PART_HEADER (64 * 1024)
#define MAX_ROOM (64 * 1024) /* bytes of text for which room is made beforehand */
#define METHOD_WITHIN 2048 /* bytes of a calendar in which METHOD: stands */

typedef struct {
	Media media;
	const char *data;
	gsize len;
	guint piece; /* leaves of one multipart/alternative share a piece of the text */
	gboolean html;
	char *text;  /* decoded, when first asked for */
	gsize text_len;
} Leaf;

typedef struct {
	Body *body;
	GArray *texts; /* Leaf: candidates for the text */
	guint pieces, parts;
	gboolean stop;
	const char *nested; /* the first attached message, for mails that are nothing else */
	gsize nested_len;
} Walk;

/* How an entity stands in the tree. */
typedef struct {
	guint depth;
	guint piece;       /* of the alternative around it, 0 for none */
	gboolean related;  /* inside multipart/related: pictures of the HTML */
	gboolean report;   /* inside multipart/report */
	const char *type;  /* where there is no Content-Type */
} Place;

static void walk_entity(Walk *walk, const char *data, gsize len, Place place);
static void walk_content(Walk *walk, Media *media, const char *data, gsize len, Place place);

static void
set_defect(Walk *walk, const char *defect)
{
	if (walk->body->defect == NULL)
		walk->body->defect = defect;
}

/* The first line at or behind p that is "--boundary" or "--boundary--", blanks behind it allowed:
 * exact, because Outlook's boundaries are prefixes of each other. p is at the start of a line. */
static const char *
find_boundary(const char *p, const char *end, const char *boundary, const char **next_out,
              gboolean *last_out)
{
	gsize len = strlen(boundary);
	const char *start = p;

	/* From dash to dash, since encoded parts have none: a call for all of a photo, and not one for
	 * each of its lines. Behind one that is no boundary its line is passed over as a whole. */
	while ((p = memchr(p, '-', end - p)) != NULL && (gsize) (end - p) >= len + 2) {
		if ((p == start || p[-1] == '\n') && p[1] == '-' && memcmp(p + 2, boundary, len) == 0) {
			const char *q = p + 2 + len;
			gboolean last = end - q >= 2 && q[0] == '-' && q[1] == '-';
			if (last)
				q += 2;
			while (q < end && (*q == ' ' || *q == '\t' || *q == '\r'))
				q++;
			if (q == end || *q == '\n') {
				*last_out = last;
				*next_out = q < end ? q + 1 : end;
				return p;
			}
		}
		p = memchr(p, '\n', end - p);
		if (p == NULL)
			break;
		p++;
	}
	return NULL;
}

static void
walk_multipart(Walk *walk, const Media *media, const char *data, gsize len, Place place)
{
	const char *boundary = media_parameter(media, "boundary"), *end = data + len, *next;
	gboolean last = FALSE, alternative = strcmp(media->type, "multipart/alternative") == 0;
	Place inner = place;

	inner.depth++;
	inner.type = strcmp(media->type, "multipart/digest") == 0 ? "message/rfc822" : "text/plain";
	inner.related |= strcmp(media->type, "multipart/related") == 0;
	inner.report |= strcmp(media->type, "multipart/report") == 0;
	if (alternative && inner.piece == 0)
		inner.piece = ++walk->pieces;
	const char *at = find_boundary(data, end, boundary, &next, &last);
	if (at == NULL) {
		/* No parts at all: whatever it is, people wrote it. */
		Media plain = { .type = g_strdup("text/plain"), .encoding = media->encoding };
		walk_content(walk, &plain, data, len, inner);
		media_clear(&plain);
		return;
	}
	while (!last && !walk->stop) {
		const char *from = next;
		at = find_boundary(from, end, boundary, &next, &last);
		const char *to = at != NULL ? at : end;
		if (at != NULL && to > from) /* the newline before the boundary belongs to it */
			to -= to - 1 > from && to[-2] == '\r' ? 2 : 1;
		if (++walk->parts > MAX_PARTS) {
			set_defect(walk, "more than 200 parts");
			walk->stop = TRUE;
			return;
		}
		walk_entity(walk, from, to - from, inner);
		if (at == NULL)
			return;
	}
}

static gboolean
is_picture(const Media *media)
{
	static const char *const endings[] = { ".jpg", ".jpeg", ".png", ".heic", ".webp", ".gif" };

	if (g_str_has_prefix(media->type, "image/"))
		return TRUE;
	if (media->filename == NULL || strcmp(media->type, "application/octet-stream") != 0)
		return FALSE;
	g_autofree char *lower = g_ascii_strdown(media->filename, -1);
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(lower, endings[i]))
			return TRUE;
	return FALSE;
}

static void
add_attachment(Walk *walk, const Media *media, gsize len, Place place)
{
	static const char *const not_for_people[] = {
		"application/pgp-signature", "application/pkcs7-signature",
		"application/x-pkcs7-signature", "message/delivery-status",
	};
	Body *body = walk->body;

	for (gsize i = 0; i < G_N_ELEMENTS(not_for_people); i++)
		if (strcmp(media->type, not_for_people[i]) == 0)
			return;
	Attachment attachment = {
		.name = media->filename != NULL ? g_string_chunk_insert(body->strings, media->filename) : NULL,
		.type = g_string_chunk_insert_const(body->strings, media->type),
		.size = media_decoded_size(media, len),
		.inline_ = media->inline_ || (place.related && media->has_id && !media->attachment),
	};
	if (is_picture(media) && !(attachment.inline_ && attachment.size < 10 * 1024))
		body->has_image = TRUE;
	g_array_append_val(body->attachments, attachment);
}

static void
keep_returned(Walk *walk, const char *data, gsize len)
{
	if (walk->body->has_returned)
		return;
	header_block_parse(&walk->body->returned, data, len, MAX_PART_HEADER);
	walk->body->has_returned = TRUE;
}

static void
walk_message(Walk *walk, const Media *media, const char *data, gsize len, Place place)
{
	if (place.report)
		keep_returned(walk, data, len);
	if (walk->nested == NULL) {
		walk->nested = data;
		walk->nested_len = len;
	}
	add_attachment(walk, media, len, place);
}

/* METHOD of the calendar's own text (RFC 5545 3.7.2), in lower case, or NULL. */
static char *
method_in_text(const Media *media, const char *data, gsize len)
{
	gboolean cut = FALSE;
	gsize n;
	g_autofree char *text = media_decode(media, data, len, METHOD_WITHIN, &n, &cut);
	g_autofree char *lower = g_ascii_strdown(text, -1);
	const char *method = strstr(lower, "\nmethod:");

	if (method == NULL)
		return NULL;
	method += strlen("\nmethod:");
	return g_strndup(method, strcspn(method, " \t\r\n;"));
}

static void
note_calendar(Walk *walk, const Media *media, const char *data, gsize len)
{
	Body *body = walk->body;
	const char *parameter = media_parameter(media, "method");
	g_autofree char *method = parameter != NULL ? g_ascii_strdown(parameter, -1)
	                                            : method_in_text(media, data, len);

	if (method != NULL && body->n_calendars < MAX_CALENDARS)
		body->calendars[body->n_calendars++] =
		    g_string_chunk_insert_const(body->strings, method);
}

static void
walk_leaf(Walk *walk, Media *media, const char *data, gsize len, Place place)
{
	gboolean plain = strcmp(media->type, "text/plain") == 0;
	gboolean text = plain || strcmp(media->type, "text/html") == 0 ||
	                strcmp(media->type, "text/enriched") == 0 ||
	                strcmp(media->type, "text/markdown") == 0;

	if (strcmp(media->type, "text/rfc822-headers") == 0) {
		gboolean cut = FALSE;
		gsize n;
		g_autofree char *decoded = media_decode(media, data, len, MAX_PART_HEADER, &n, &cut);
		if (place.report)
			keep_returned(walk, decoded, n);
		return;
	}
	if (!media->attachment && strcmp(media->type, "text/calendar") == 0)
		note_calendar(walk, media, data, len);
	/* A lone part is the text whatever its disposition says. */
	if (!text || (place.depth > 0 && (media->attachment || media->filename != NULL))) {
		add_attachment(walk, media, len, place);
		return;
	}
	Leaf leaf = { .data = data, .len = len, .media = *media };
	leaf.html = strcmp(media->type, "text/html") == 0;
	leaf.piece = place.piece != 0 ? place.piece : ++walk->pieces;
	*media = (Media) { 0 }; /* handed over */
	g_array_append_val(walk->texts, leaf);
}

static void
walk_content(Walk *walk, Media *media, const char *data, gsize len, Place place)
{
	if (place.depth > MAX_DEPTH) {
		set_defect(walk, "MIME parts nested deeper than 32");
		walk->stop = TRUE;
	} else if (g_str_has_prefix(media->type, "multipart/")) {
		const char *boundary = media_parameter(media, "boundary");
		if (boundary == NULL || *boundary == '\0') {
			set_defect(walk, "a multipart without boundary");
			g_free(media->type);
			media->type = g_strdup("text/plain");
			walk_leaf(walk, media, data, len, place);
		} else {
			walk_multipart(walk, media, data, len, place);
		}
	} else if (strcmp(media->type, "message/rfc822") == 0 ||
	           strcmp(media->type, "message/global") == 0) {
		walk_message(walk, media, data, len, place);
	} else {
		walk_leaf(walk, media, data, len, place);
	}
}

static void
walk_entity(Walk *walk, const char *data, gsize len, Place place)
{
	HeaderBlock block;
	Media media;

	header_block_parse(&block, data, len, MAX_PART_HEADER);
	if (block.cut || block.too_many)
		set_defect(walk, "too much header in a part");
	media_read(&media, &block, place.type);
	walk_content(walk, &media, data + block.end, len - block.end, place);
	media_clear(&media);
	header_block_clear(&block);
}

/* HTML declares its own charset where the part does not. */
static char *
charset_in_html(const char *data, gsize len)
{
	g_autofree char *head = g_strndup(data, MIN(len, 1024));
	g_autofree char *lower = g_ascii_strdown(head, -1);
	const char *found = strstr(lower, "charset=");

	if (found == NULL)
		return NULL;
	found += strlen("charset=");
	found += strspn(found, "\"' ");
	return g_strndup(found, strspn(found, "abcdefghijklmnopqrstuvwxyz0123456789-_"));
}

static gboolean
has_letters(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if (g_ascii_isalpha(text[i]) || (guchar) text[i] >= 0xC3)
			return TRUE;
	return FALSE;
}

/* Format=flowed (RFC 3676): a line that ends in a blank goes on in the next. Quoted lines stay as
 * they are, what matters of them is the mark. */
static void
unflow(char *text, gsize *len, gboolean delete_blank)
{
	char *out = text, *p = text, *end = text + *len;

	while (p < end) {
		char *newline = memchr(p, '\n', end - p), *stop = newline != NULL ? newline : end;
		gboolean quoted = *p == '>';
		if (*p == ' ') /* space-stuffed */
			p++;
		gsize n = stop - p;
		gboolean soft = newline != NULL && !quoted && n > 0 && stop[-1] == ' ' && stop + 1 < end &&
		                stop[1] != '>' && !(n == 3 && memcmp(p, "-- ", 3) == 0);
		memmove(out, p, n);
		out += n - (soft && delete_blank);
		if (newline != NULL && !soft)
			*out++ = '\n';
		p = newline != NULL ? newline + 1 : end;
	}
	*out = '\0';
	*len = out - text;
}

static gboolean
is_parameter(const Media *media, const char *name, const char *value)
{
	const char *found = media_parameter(media, name);

	return found != NULL && g_ascii_strcasecmp(found, value) == 0;
}

static void
decode_text(Walk *walk, Leaf *leaf)
{
	gboolean cut = FALSE;
	gsize len;

	if (leaf->text != NULL)
		return;
	g_autofree char *made = NULL;
	const char *bytes = media_bytes(&leaf->media, leaf->data, leaf->len,
	                                leaf->html ? MAX_HTML : MAX_TEXT, &len, &cut, &made);
	const char *charset = media_parameter(&leaf->media, "charset");
	g_autofree char *inside = charset == NULL && leaf->html ? charset_in_html(bytes, len) : NULL;
	if (cut)
		set_defect(walk, "more than 1 MiB of text");
	leaf->text = charset_to_text(bytes, len, charset != NULL ? charset : inside, &leaf->text_len);
	if (!leaf->html && is_parameter(&leaf->media, "format", "flowed"))
		unflow(leaf->text, &leaf->text_len, is_parameter(&leaf->media, "delsp", "yes"));
}

/* Forms that send a page and call it text/plain. */
static gboolean
is_page(const char *text)
{
	text += strspn(text, " \t\n");
	return g_ascii_strncasecmp(text, "<!doctype html", 14) == 0 ||
	       g_ascii_strncasecmp(text, "<html", 5) == 0;
}

/* The text of one leaf behind what is in text, with a hint for each of its lines. */
static void
append_leaf(Walk *walk, Leaf *leaf, GString *text, GByteArray *hints)
{
	decode_text(walk, leaf);
	if (leaf->html) {
		g_autoptr(GByteArray) own = NULL;
		g_autoptr(GString) plain = html_to_text(leaf->text, leaf->text_len, &own);
		g_string_append_len(text, plain->str, plain->len);
		g_byte_array_append(hints, own->data, own->len);
		return;
	}
	const char *p = leaf->text, *end = p + leaf->text_len;
	guint before = hints->len, n = 0;
	for (; p < end && (p = memchr(p, '\n', end - p)) != NULL; p++)
		n++;
	g_string_append_len(text, leaf->text, leaf->text_len);
	if (leaf->text_len > 0 && end[-1] != '\n') {
		g_string_append_c(text, '\n');
		n++;
	}
	g_byte_array_set_size(hints, before + n);
	if (n > 0)
		memset(hints->data + before, HINT_NONE, n);
}

static gboolean
piece_has_html(const Walk *walk, guint piece)
{
	for (guint i = 0; i < walk->texts->len; i++) {
		const Leaf *leaf = &g_array_index(walk->texts, Leaf, i);
		if (leaf->piece == piece && leaf->html)
			return TRUE;
	}
	return FALSE;
}

static gboolean
piece_has_letters(Walk *walk, guint piece)
{
	for (guint i = 0; i < walk->texts->len; i++) {
		Leaf *leaf = &g_array_index(walk->texts, Leaf, i);
		if (leaf->piece != piece || leaf->html)
			continue;
		decode_text(walk, leaf);
		if (is_page(leaf->text)) {
			leaf->html = TRUE;
			continue;
		}
		/* "Your mail program cannot show HTML" is what nobody wrote. */
		if (has_letters(leaf->text, leaf->text_len) &&
		    !(leaf->text_len < 300 && strstr(leaf->text, "HTML") != NULL))
			return TRUE;
	}
	return FALSE;
}

static void
build_lines(Walk *walk, const char *subject, gboolean prefer_html)
{
	gsize room = 2;

	/* What plain text needs, as it is preferred; HTML makes room as it goes. */
	for (guint i = 0; i < walk->texts->len; i++)
		if (!g_array_index(walk->texts, Leaf, i).html)
			room += g_array_index(walk->texts, Leaf, i).len;
	GString *text = g_string_sized_new(MIN(room, MAX_ROOM));
	g_autoptr(GByteArray) hints = g_byte_array_new();

	for (guint piece = 1; piece <= walk->pieces && text->len < MAX_TEXT; piece++) {
		gboolean letters = piece_has_letters(walk, piece);
		gboolean html = piece_has_html(walk, piece) && (prefer_html || !letters);
		for (guint i = 0; i < walk->texts->len && text->len < MAX_TEXT; i++) {
			Leaf *leaf = &g_array_index(walk->texts, Leaf, i);
			if (leaf->piece == piece && leaf->html == html)
				append_leaf(walk, leaf, text, hints);
		}
	}
	lines_clear(&walk->body->lines);
	gsize len = text->len;
	if (len > MAX_TEXT) {
		set_defect(walk, "more than 1 MiB of text");
		len = g_utf8_find_prev_char(text->str, text->str + MAX_TEXT) - text->str;
	}
	text->str[len] = '\0';
	lines_classify(&walk->body->lines, g_string_free(text, FALSE), len, hints, subject);
	if (walk->body->lines.cut)
		set_defect(walk, "more than 100,000 lines");
}

static void
clear_leaf(gpointer data)
{
	Leaf *leaf = data;

	media_clear(&leaf->media);
	g_free(leaf->text);
}

void
body_init(Body *body)
{
	*body = (Body) {
		.attachments = g_array_new(FALSE, FALSE, sizeof(Attachment)),
		.strings = g_string_chunk_new(256),
		.lines.closing = -1,
	};
}

/* A mail that is nothing but an attached message: its text is forwarded text. */
static void
read_nested(const Walk *outer, const char *subject)
{
	Body scratch; /* its attachments are not ours */
	body_init(&scratch);
	Walk walk = { .body = &scratch, .texts = g_array_new(FALSE, FALSE, sizeof(Leaf)) };

	g_array_set_clear_func(walk.texts, clear_leaf);
	walk_entity(&walk, outer->nested, outer->nested_len, (Place) { .depth = 1, .type = "text/plain" });
	build_lines(&walk, subject, FALSE);
	for (gsize i = 0; i < scratch.lines.n; i++)
		if (scratch.lines.lines[i].kind == LINE_TEXT)
			scratch.lines.lines[i].kind = LINE_FORWARD;
	lines_clear(&outer->body->lines);
	outer->body->lines = scratch.lines;
	scratch.lines = (LineList) { 0 };
	if (outer->body->defect == NULL)
		outer->body->defect = scratch.defect;
	g_array_unref(walk.texts);
	body_clear(&scratch);
}

void
body_read(Body *body, Media *media, const char *data, gsize len, const char *subject)
{
	body_init(body);
	Walk walk = { .body = body, .texts = g_array_new(FALSE, FALSE, sizeof(Leaf)) };
	g_array_set_clear_func(walk.texts, clear_leaf);

	walk_content(&walk, media, data, len, (Place) { .type = "text/plain" });
	build_lines(&walk, subject, FALSE);
	gboolean html = FALSE;
	for (guint i = 0; i < walk.texts->len; i++)
		html |= g_array_index(walk.texts, Leaf, i).html;
	/* Plain text that is only a signature or footer: the other half says more. */
	if (html && !lines_have(&body->lines, LINE_TEXT))
		build_lines(&walk, subject, TRUE);
	if (walk.nested != NULL && walk.texts->len == 0 && !body->has_returned)
		read_nested(&walk, subject);
	g_array_unref(walk.texts);
}

void
body_clear(Body *body)
{
	lines_clear(&body->lines);
	g_clear_pointer(&body->attachments, g_array_unref);
	g_clear_pointer(&body->strings, g_string_chunk_free);
	if (body->has_returned)
		header_block_clear(&body->returned);
}
