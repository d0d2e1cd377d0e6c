/* html-filter.c - takes out of HTML what libxml2 would be slow on, before it sees it.
 *
 * That is style and script, comments, tags that change nothing in the text, and attributes: it
 * compares each with all others of its tag, and they are half of the bytes of an ordinary mail. */
#include "config.h"

#include <string.h>

#include "message-private.h"

#define MAX_TAG 4096
#define MAX_ATTRIBUTES 40

/* The end of "</name" at or behind p, without regard to case; NULL if there is none. */
static const char *
find_close(const char *p, const char *end, const char *name, gsize name_len)
{
	while ((p = memchr(p, '<', end - p)) != NULL && end - p > (gssize) name_len + 2) {
		if (p[1] == '/' && g_ascii_strncasecmp(p + 2, name, name_len) == 0)
			return p;
		p++;
	}
	return NULL;
}

/* Mails hold several documents after each other, and broken ones; libxml2 stops at what it thinks
 * is the end of the first. So it gets one <div> around all, and these tags never. */
static gboolean
is_frame(const char *name, gsize len)
{
	return len == 4 && (g_ascii_strncasecmp(name, "html", 4) == 0 ||
	                    g_ascii_strncasecmp(name, "head", 4) == 0 ||
	                    g_ascii_strncasecmp(name, "body", 4) == 0);
}

/* Elements that change nothing in the text: half of the tags of an ordinary mail. */
static gboolean
is_inline(const char *name, gsize len)
{
	static const char *const names[] = {
		"a", "b", "i", "u", "em", "font", "strong", "small", "big", "tbody", "thead", "s", "sub", "sup",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if ((names[i][0] | 0x20) == (name[0] | 0x20) && strlen(names[i]) == len &&
		    g_ascii_strncasecmp(names[i], name, len) == 0)
			return TRUE;
	return FALSE;
}

/* Is there an attribute that read_attributes() or on_image() would use? When in doubt, yes. */
static gboolean
is_interesting(const char *p, const char *end)
{
	static const char *const names[26] = {
		['a' - 'a'] = "alt", ['b' - 'a'] = "border", ['c' - 'a'] = "class", ['d' - 'a'] = "display",
		['f' - 'a'] = "font-size", ['h' - 'a'] = "hid", ['i' - 'a'] = "id", ['m' - 'a'] = "max-height",
		['o' - 'a'] = "opacity", ['t' - 'a'] = "type", ['v' - 'a'] = "visib",
	};

	for (; p < end; p++) {
		guint letter = (guchar) (*p | 0x20) - 'a';
		const char *name = letter < 26 ? names[letter] : NULL;
		if (*p == '&')
			return TRUE;
		if (name != NULL && (gsize) (end - p) >= strlen(name) &&
		    (p[1] | 0x20) == name[1] && g_ascii_strncasecmp(p, name, strlen(name)) == 0)
			return TRUE;
	}
	return FALSE;
}

/* May the style of an inline element hide its text? */
static gboolean
is_hiding(const char *p, const char *end)
{
	static const char *const words[] = { "none", "hid", "font-size", "max-height", "opacity", "&" };

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		gsize len = strlen(words[i]);
		for (const char *q = p; (gsize) (end - q) >= len; q++)
			if (g_ascii_strncasecmp(q, words[i], len) == 0)
				return TRUE;
	}
	return FALSE;
}

/* More attributes than any program writes, counted by the blanks between them. */
static gboolean
is_stuffed(const char *p, const char *end)
{
	guint blanks = 0;
	char quote = '\0';

	if (end - p < 2 * MAX_ATTRIBUTES)
		return FALSE;
	for (; p < end; p++) {
		if (quote != '\0')
			quote = *p == quote ? '\0' : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
		else
			blanks += (guchar) *p <= ' ' || *p == '/';
	}
	return blanks > MAX_ATTRIBUTES || quote != '\0';
}

typedef struct {
	GString *out;
	guint divs;           /* open ones */
	gboolean keep_inline; /* one of them hides text: its end must be found */
	/* Searches that failed once need not be made again from further on. */
	gboolean no_more_tags, no_more_comments, no_more_style, no_more_script;
} Filter;

static const char *
skip_comment(Filter *filter, const char *p, const char *end)
{
	const char *close = filter->no_more_comments ? NULL : memmem(p + 4, end - p - 4, "-->", 3);

	filter->no_more_comments = close == NULL;
	return close != NULL ? close + 3 : p + 4;
}

/* Behind the end of the style or script element that begins at name. */
static const char *
skip_element(Filter *filter, const char *name, gsize name_len, const char *close, const char *end)
{
	gboolean *no_more = name_len == 5 ? &filter->no_more_style : &filter->no_more_script;
	const char *last = *no_more ? NULL : find_close(close, end, name, name_len);
	const char *after = last != NULL ? memchr(last, '>', end - last) : NULL;

	*no_more = after == NULL;
	/* Never closed: show what is in it rather than lose a mail. */
	return after != NULL ? after + 1 : close + 1;
}

/* What the parser is to see of the tag at p; returns where to go on. */
static const char *
filter_tag(Filter *filter, const char *p, const char *end)
{
	GString *out = filter->out;
	gsize left = end - p, name_len = 0;

	if (left >= 4 && memcmp(p, "<!--", 4) == 0)
		return skip_comment(filter, p, end);
	const char *close = memchr(p, '>', MIN(left, MAX_TAG));
	const char *name = p + 1 + (left > 1 && p[1] == '/');
	while (name + name_len < end && name_len < 32 && g_ascii_isalnum(name[name_len]))
		name_len++;
	if (name_len == 0 && left > 1 && p[1] != '!' && p[1] != '?' && p[1] != '/') {
		g_string_append(out, "&lt;"); /* "5 < 6", "<3" */
		return p + 1;
	}
	if (close == NULL) {
		close = filter->no_more_tags ? NULL : memchr(p, '>', left);
		if (close == NULL) {
			filter->no_more_tags = TRUE;
			g_string_append(out, "&lt;");
			return p + 1;
		}
		g_string_append_len(out, p, name + name_len - p);
		g_string_append_c(out, '>');
		return close + 1;
	}
	if (p[1] != '/' && ((name_len == 5 && g_ascii_strncasecmp(name, "style", 5) == 0) ||
	                    (name_len == 6 && g_ascii_strncasecmp(name, "script", 6) == 0)))
		return skip_element(filter, name, name_len, close, end);
	if (p[1] == '!' || p[1] == '?' || is_frame(name, name_len))
		return close + 1;
	if (name_len == 3 && g_ascii_strncasecmp(name, "div", 3) == 0) {
		if (p[1] != '/')
			filter->divs++;
		else if (filter->divs-- == 0) {
			filter->divs = 0;
			return close + 1;
		}
	}
	if (!filter->keep_inline && is_inline(name, name_len)) {
		filter->keep_inline = p[1] != '/' && is_hiding(name + name_len, close);
		if (!filter->keep_inline)
			return close + 1;
	}
	if (name_len > 0 && p[1] != '/' &&
	    (!is_interesting(name + name_len, close) || is_stuffed(name + name_len, close))) {
		g_string_append_len(out, p, name + name_len - p);
		g_string_append_c(out, '>');
		return close + 1;
	}
	g_string_append_len(out, p, close + 1 - p);
	return close + 1;
}

GString *
html_filter(const char *text, gsize len)
{
	Filter filter = { .out = g_string_sized_new(len + 16) };
	const char *p = text, *end = text + len;

	g_string_append(filter.out, "<div>");

	while (p < end) {
		const char *tag = memchr(p, '<', end - p);
		if (tag == NULL)
			tag = end;
		g_string_append_len(filter.out, p, tag - p);
		p = tag < end ? filter_tag(&filter, tag, end) : end;
	}
	return filter.out;
}
