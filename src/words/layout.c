/* layout.c - text with marks to lines of a plain mail: filled paragraphs, items that hang, no
 * trailing blanks. */
#include "config.h"

#include <string.h>

#include "words/template.h"

#define STOPS " \001\002\003\004"
/* U+00A0 holds words together; in the mail it is a blank like any other. */
#define GLUE "\xc2\xa0"

typedef struct {
	GString *out;
	guint columns;
	guint column;      /* of the line being filled */
	guint indent;
	guint number;      /* of the item before, 0 outside a numbered list */
	gboolean open;     /* the line being filled has something on it */
} Layout;

static void
end_line(Layout *l)
{
	if (l->open)
		g_string_append_c(l->out, '\n');
	l->open = FALSE;
	l->column = 0;
}

/* Columns of a word; combining characters have none, wide ones two. */
static guint
width(const char *word, gsize length)
{
	guint columns = 0;

	for (const char *p = word; p < word + length; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		columns += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
	}
	return columns;
}

static void
append_plain(GString *out, const char *word, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		gboolean glue = i + 1 < length && memcmp(word + i, GLUE, 2) == 0;

		g_string_append_c(out, glue ? ' ' : word[i]);
		i += glue;
	}
}

/* Of a blank or glue at the beginning, else 0. */
static gsize
blank_length(const char *word, gsize length)
{
	if (length > 0 && *word == ' ')
		return 1;
	return length >= 2 && memcmp(word, GLUE, 2) == 0 ? 2 : 0;
}

static void
put_word(Layout *l, const char *word, gsize length)
{
	gsize blank;

	/* Glue with nothing on its other side is none. */
	for (; (blank = blank_length(word, length)) > 0; word += blank)
		length -= blank;
	while (length > 0 && (word[length - 1] == ' ' ||
	                      (length >= 2 && memcmp(word + length - 2, GLUE, 2) == 0)))
		length -= word[length - 1] == ' ' ? 1 : 2;
	if (length == 0)
		return;

	guint columns = width(word, length);
	if (l->open && l->column + 1 + columns > l->columns)
		end_line(l);
	if (!l->open) {
		for (guint i = 0; i < l->indent; i++)
			g_string_append_c(l->out, ' ');
		l->column = l->indent;
		l->open = TRUE;
	} else if (l->column > 0) {
		g_string_append_c(l->out, ' ');
		l->column++;
	}
	append_plain(l->out, word, length);
	l->column += columns;
}

/* Bytes up to where a line may break: French sets a blank before : ; ? ! and inside guillemets, and
 * none of these may begin a line or end one; "n°" stays with its number. */
static gsize
word_length(const char *at)
{
	gsize length = strcspn(at, STOPS);

	while (length > 0 && at[length] == ' ') {
		const char *next = at + length + 1;
		gsize n = strcspn(next, STOPS);
		gboolean closes = (n == 1 && strchr(":;?!", *next) != NULL) ||
		                  (n >= 2 && g_str_has_prefix(next, "\xc2\xbb"));
		const char *end = at + length - MIN(length, 2);
		gboolean opens = n > 0 && (g_str_has_prefix(end, "\xc2\xab") ||
		                           g_str_has_prefix(end, "\xc2\xb0"));

		if (!closes && !opens)
			break;
		length += 1 + n;
	}
	return length;
}

static void
put_mark(Layout *l, char mark)
{
	char head[16] = "-";

	end_line(l);
	if (mark == MARK_BREAK)
		return;
	l->indent = 0;
	if (mark == MARK_PARAGRAPH) {
		if (l->out->len > 0 && !g_str_has_suffix(l->out->str, "\n\n"))
			g_string_append_c(l->out, '\n');
		return;
	}
	if (mark == MARK_NUMBER)
		g_snprintf(head, sizeof head, "%u.", ++l->number);
	put_word(l, head, strlen(head));
	l->indent = l->column + 1;
}

char *
layout_wrap(const char *marked, guint columns)
{
	Layout l = { .out = g_string_new(NULL), .columns = columns };
	gboolean fresh = TRUE; /* at the beginning of a paragraph */

	for (const char *at = marked; *at != '\0';) {
		gsize length = word_length(at);

		if (length > 0) {
			if (fresh)
				l.number = 0;
			fresh = FALSE;
			put_word(&l, at, length);
			at += length;
			continue;
		}
		if (*at != ' ') {
			put_mark(&l, *at);
			fresh = *at == MARK_PARAGRAPH || (fresh && *at == MARK_BREAK);
		}
		at++;
	}
	end_line(&l);
	while (g_str_has_suffix(l.out->str, "\n\n"))
		g_string_truncate(l.out, l.out->len - 1);
	return g_string_free(l.out, FALSE);
}

char *
layout_line(const char *marked)
{
	GString *out = g_string_new(NULL);

	for (const char *at = marked; *at != '\0';) {
		gsize length = strcspn(at, STOPS);

		if (length > 0 && out->len > 0)
			g_string_append_c(out, ' ');
		append_plain(out, at, length);
		at += length + (at[length] != '\0');
	}
	return g_string_free(out, FALSE);
}
