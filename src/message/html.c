/* html.c - HTML to lines of text.
 *
 * libxml2's push parser calls us for each element (its tree API gives up beyond a depth of 1,000
 * without a word); html-filter.c says what it gets to see. */
#include "config.h"

#include <string.h>

#include "charset-private.h"
#include "message-private.h"
#include "message/xml.h"

#define MAX_BLANK_LINES 3

/* What an open element does to the text in it. */
enum { IN_SKIP = 1, IN_QUOTE = 2, IN_SIGNATURE = 4, IN_PRE = 8, IN_BLOCK = 16, IN_PARAGRAPH = 32 };

typedef struct {
	GString *out;
	GByteArray *hints;
	GByteArray *open; /* flags of the open elements */
	guint skip, quote, signature, pre;
	gboolean below;   /* the next line with text begins what was quoted */
	gboolean started; /* the line has text */
	gboolean blank;   /* a blank waits for the next word */
	guint8 hint;      /* of the line, taken at its first text */
	guint blank_lines;
} Html;

typedef struct {
	const char *name;
	int flags;
} Element;

static const Element elements[] = {
	{ "address", IN_BLOCK },  { "article", IN_BLOCK },  { "aside", IN_BLOCK },
	{ "blockquote", IN_BLOCK }, { "br", 0 },            { "center", IN_BLOCK },
	{ "dd", IN_BLOCK },       { "div", IN_BLOCK },      { "dl", IN_BLOCK },
	{ "dt", IN_BLOCK },       { "fieldset", IN_BLOCK }, { "figure", IN_BLOCK },
	{ "footer", IN_BLOCK },   { "form", IN_BLOCK },     { "h1", IN_PARAGRAPH },
	{ "h2", IN_PARAGRAPH },   { "h3", IN_PARAGRAPH },   { "h4", IN_PARAGRAPH },
	{ "h5", IN_PARAGRAPH },   { "h6", IN_PARAGRAPH },
	{ "header", IN_BLOCK },   { "hr", IN_BLOCK },       { "li", IN_BLOCK },
	{ "main", IN_BLOCK },     { "noscript", IN_SKIP },  { "ol", IN_PARAGRAPH },
	{ "p", IN_PARAGRAPH },    { "pre", IN_BLOCK | IN_PRE }, { "script", IN_SKIP },
	{ "section", IN_BLOCK },  { "select", IN_SKIP },    { "style", IN_SKIP },
	{ "table", IN_BLOCK },    { "template", IN_SKIP },  { "textarea", IN_SKIP },
	{ "title", IN_SKIP },     { "tr", IN_BLOCK },       { "ul", IN_PARAGRAPH },
};

/* In id or class of the element around a signature; "x_" in front comes from Exchange. */
static const char *const signature_marks[] = {
	"gmail_signature", "moz-signature", "ms-outlook-mobile-signature", "composer_signature",
	"AppleMailSignature", "mobile_signature", "android_signature", "protonmail_signature_block",
	"tutanota_signature", "yahoo-signature", "signature_new",
};
/* The same for the element at which what was answered or forwarded begins. */
static const char *const below_marks[] = {
	"divRplyFwdMsg", "appendonsend", "yahoo_quoted", "protonmail_quote", "OutlookMessageHeader",
	"mail-editor-reference-message-container", "zmail_extra", "tutanota_quote", "freshdesk_quote",
	"ymail_quoted",
};

static int
element_flags(const char *name)
{
	gsize low = 0, high = G_N_ELEMENTS(elements);

	while (low < high) {
		gsize mid = (low + high) / 2;
		int order = strcmp(name, elements[mid].name);
		if (order == 0)
			return elements[mid].flags;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return 0;
}

static guint8
current_hint(Html *html)
{
	if (html->quote > 0)
		return HINT_QUOTE;
	return html->signature > 0 ? HINT_SIGNATURE : HINT_NONE;
}

static void
end_line(Html *html)
{
	gboolean blank = !html->started;

	html->blank = FALSE;
	html->started = FALSE;
	if (blank && ++html->blank_lines > MAX_BLANK_LINES)
		return;
	if (!blank)
		html->blank_lines = 0;
	guint8 hint = blank ? current_hint(html) : html->hint;
	g_string_append_c(html->out, '\n');
	g_byte_array_append(html->hints, &hint, 1);
}

static void
break_block(Html *html)
{
	if (html->started)
		end_line(html);
}

static void
break_paragraph(Html *html)
{
	break_block(html);
	if (html->out->len > 0 && html->blank_lines == 0)
		end_line(html);
}

static void
start_text(Html *html)
{
	if (html->blank && html->started)
		g_string_append_c(html->out, ' ');
	html->blank = FALSE;
	if (html->started)
		return;
	html->started = TRUE;
	html->hint = current_hint(html);
	if (html->below && html->hint != HINT_QUOTE) {
		html->hint = HINT_QUOTE_BELOW;
		html->below = FALSE;
	}
}

static void
on_text(void *data, const xmlChar *text, int len)
{
	Html *html = data;
	const guchar *p = text, *end = text + len;

	if (html->skip > 0 || html->out->len > MAX_TEXT)
		return;
	while (p < end) {
		const guchar *run = p;
		/* One blank between two words is part of the run: most text is one run. */
		while (p < end && ((*p > ' ' && *p < 127) ||
		                   (*p == ' ' && p > run && p + 1 < end && p[1] > ' ' && p[1] < 127)))
			p++;
		if (p > run) {
			start_text(html);
			g_string_append_len(html->out, (const char *) run, p - run);
		}
		if (p == end)
			break;
		if (*p < 0x80) {
			if (html->pre > 0 && *p == '\n')
				end_line(html);
			else if (html->pre > 0 && *p == ' ' && html->started)
				g_string_append_c(html->out, ' ');
			else
				html->blank = TRUE;
			p++;
			continue;
		}
		int n = utf8_sequence(p, end);
		if (n > 0) {
			start_text(html);
			charset_append_clean(html->out, p, n);
		}
		p += MAX(n, 1);
	}
}

static const char *
attribute(const xmlChar **attributes, const char *name)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2)
		if (strcmp((const char *) attributes[0], name) == 0)
			return (const char *) attributes[1];
	return NULL;
}

static gboolean
has_mark(const char *value, const char *const *marks, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (strstr(value, marks[i]) != NULL)
			return TRUE;
	return FALSE;
}

/* "name:0" in a style without blanks, but not "name:0.8em". */
static gboolean
is_zero(const char *style, const char *name)
{
	const char *found = strstr(style, name);

	if (found == NULL)
		return FALSE;
	found += strlen(name);
	found += strspn(found, "0");
	return found[-1] == '0' && *found != '.' && !g_ascii_isdigit(*found);
}

/* In lower case and without blanks, bounded. */
static void
squeeze(const char *style, char *out, gsize size)
{
	gsize n = 0;

	for (; *style != '\0' && n + 1 < size; style++)
		if ((guchar) *style > ' ')
			out[n++] = g_ascii_tolower(*style);
	out[n] = '\0';
}

static gboolean
is_hidden(const char *style)
{
	return strstr(style, "display:none") != NULL || strstr(style, "visibility:hidden") != NULL ||
	       strstr(style, "mso-hide:all") != NULL || is_zero(style, "font-size:") ||
	       is_zero(style, "max-height:") || is_zero(style, ";opacity:");
}

static void
note_marks(Html *html, const char *id_or_class, int *flags)
{
	if (id_or_class == NULL || strncmp(id_or_class, "Mso", 3) == 0)
		return; /* Outlook's paragraphs, the most frequent class of all */
	if (has_mark(id_or_class, signature_marks, G_N_ELEMENTS(signature_marks)) ||
	    g_str_has_suffix(id_or_class, "Signature"))
		*flags |= IN_SIGNATURE;
	if (has_mark(id_or_class, below_marks, G_N_ELEMENTS(below_marks)))
		html->below = TRUE;
}

/* Gmail indents with <blockquote style="...border:none...">: that is no quotation. */
static gboolean
is_quotation(const char *name, const xmlChar **attributes, const char *style)
{
	return strcmp(name, "blockquote") == 0 &&
	       (strstr(style, "border:none") == NULL || attribute(attributes, "type") != NULL ||
	        attribute(attributes, "class") != NULL);
}

static int
read_attributes(Html *html, const char *name, const xmlChar **attributes)
{
	const char *style = attribute(attributes, "style");
	char squeezed[512] = "";
	int flags = 0;

	if (attributes == NULL)
		return is_quotation(name, NULL, "") ? IN_QUOTE : 0;
	if (style != NULL)
		squeeze(style, squeezed, sizeof(squeezed));
	if (is_hidden(squeezed) || attribute(attributes, "hidden") != NULL)
		flags |= IN_SKIP;
	if (is_quotation(name, attributes, squeezed))
		flags |= IN_QUOTE;
	/* Outlook's line over "From: ... Sent: ..." */
	if (strstr(squeezed, "border-top:solid#e1e1e1") != NULL ||
	    strstr(squeezed, "border-top:solid#b5c4df") != NULL)
		html->below = TRUE;
	note_marks(html, attribute(attributes, "id"), &flags);
	note_marks(html, attribute(attributes, "class"), &flags);
	return flags;
}

/* Gmail and Outlook send emoji as pictures; their text stands in alt. */
static void
on_image(Html *html, const xmlChar **attributes)
{
	const char *alt = attribute(attributes, "alt");

	if (alt != NULL && (guchar) *alt >= 0xE2 && strlen(alt) <= 32)
		on_text(html, (const xmlChar *) alt, strlen(alt));
}

static void
on_start(void *data, const xmlChar *element, const xmlChar **attributes)
{
	Html *html = data;
	const char *name = (const char *) element;
	int flags = element_flags(name) | read_attributes(html, name, attributes);
	guint8 stored;

	/* Outlook makes a paragraph of each line. */
	const char *class = attribute(attributes, "class");
	if ((flags & IN_PARAGRAPH) && class != NULL && strstr(class, "MsoNormal") != NULL)
		flags = (flags & ~IN_PARAGRAPH) | IN_BLOCK;
	if (html->skip == 0) {
		if (strcmp(name, "br") == 0)
			end_line(html);
		else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
			html->blank = TRUE;
		else if (strcmp(name, "img") == 0)
			on_image(html, attributes);
		else if (flags & IN_PARAGRAPH)
			break_paragraph(html);
		else if (flags & IN_BLOCK)
			break_block(html);
		if (strcmp(name, "li") == 0)
			on_text(html, (const xmlChar *) "- ", 2);
	}
	html->skip += (flags & IN_SKIP) != 0;
	html->quote += (flags & IN_QUOTE) != 0;
	html->signature += (flags & IN_SIGNATURE) != 0;
	html->pre += (flags & IN_PRE) != 0;
	stored = flags;
	g_byte_array_append(html->open, &stored, 1);
}

static void
on_end(void *data, const xmlChar *element)
{
	Html *html = data;

	if (html->open->len == 0)
		return;
	guint8 flags = html->open->data[html->open->len - 1];
	g_byte_array_set_size(html->open, html->open->len - 1);
	if (html->skip == 0) {
		if (flags & IN_PARAGRAPH)
			break_paragraph(html);
		else if (flags & IN_BLOCK)
			break_block(html);
	}
	html->skip -= (flags & IN_SKIP) != 0;
	html->quote -= (flags & IN_QUOTE) != 0;
	html->signature -= (flags & IN_SIGNATURE) != 0;
	html->pre -= (flags & IN_PRE) != 0;
}

static gboolean
has_text(const GString *text)
{
	for (gsize i = 0; i < text->len; i++)
		if ((guchar) text->str[i] > ' ')
			return TRUE;
	return FALSE;
}

/* Everything was inside an element that shows nothing and is never closed: better its text with
 * all the rest than an empty mail. */
static void
show_all(Html *html, const GString *filtered)
{
	const char *p = filtered->str, *end = p + filtered->len;

	html->skip = html->quote = html->signature = html->pre = 0;
	while (p < end) {
		const char *tag = memchr(p, '<', end - p);
		if (tag == NULL)
			tag = end;
		on_text(html, (const xmlChar *) p, tag - p);
		end_line(html);
		p = tag < end ? memchr(tag, '>', end - tag) : NULL;
		if (p == NULL)
			break;
		p++;
	}
}

/* Without the library nothing is shown here, and show_all() takes over. */
static void
parse(htmlSAXHandlerPtr sax, Html *html, const GString *filtered)
{
	const XmlLibrary *xml = xml_library();

	if (xml == NULL)
		return;
	htmlParserCtxtPtr parser = xml->create(sax, html, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	xml->use_options(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	                         HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	xml->parse(parser, filtered->str, filtered->len, 1);
	xml->free(parser);
}

GString *
html_to_text(const char *text, gsize len, GByteArray **hints_out)
{
	static xmlSAXHandler sax = {
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
	};
	Html html = {
		.out = g_string_sized_new(len / 4 + 16),
		.hints = g_byte_array_new(),
		.open = g_byte_array_new(),
	};
	/* Plain text that was called HTML keeps its lines. */
	html.pre = memchr(text, '<', len) == NULL;
	g_autoptr(GString) filtered = html_filter(text, len);

	parse(&sax, &html, filtered);
	if (html.started)
		end_line(&html);
	if (!has_text(html.out))
		show_all(&html, filtered);
	g_byte_array_unref(html.open);
	*hints_out = html.hints;
	return html.out;
}
