/* lines.c - which line of a mail is what. */
#include "config.h"

#include <string.h>

#include "message-private.h"

static void
split(LineList *list, char *text, gsize len)
{
	gsize n = 0;
	char *p = text, *end = text + len;

	for (char *q = text; q < end && (q = memchr(q, '\n', end - q)) != NULL; q++)
		n++;
	n += len > 0 && end[-1] != '\n';
	list->cut = n > MAX_LINES;
	list->n = MIN(n, MAX_LINES);
	list->lines = g_new0(Line, list->n + 1);
	for (gsize i = 0; i < list->n; i++) {
		char *stop = memchr(p, '\n', end - p);
		if (stop == NULL)
			stop = end;
		char *last = stop;
		while (last > p && (last[-1] == ' ' || last[-1] == '\t'))
			last--;
		*last = '\0';
		list->lines[i].text = p;
		p = stop + 1;
	}
}

void
lines_classify(LineList *list, char *text, gsize len, const GByteArray *hints, const char *subject)
{
	*list = (LineList) { .text = text, .closing = -1 };
	split(list, text, len);
	for (gsize i = 0; i < list->n; i++) {
		gboolean hinted = hints != NULL && i < hints->len && hints->data[i] == HINT_QUOTE;
		list->lines[i].kind = *list->lines[i].text == '>' || hinted ? LINE_QUOTE : LINE_TEXT;
	}
}

void
lines_clear(LineList *list)
{
	g_clear_pointer(&list->text, g_free);
	g_clear_pointer(&list->lines, g_free);
	list->n = 0;
	list->closing = -1;
}

char *
lines_join(const LineList *list, LineKind kind)
{
	GString *out = g_string_new(NULL);

	for (gsize i = 0; i < list->n; i++) {
		const Line *line = &list->lines[i];
		gboolean closing = kind == LINE_SIGNATURE && (gssize) i == list->closing;
		if ((line->kind == kind || closing) && (out->len > 0 || *line->text != '\0')) {
			g_string_append(out, line->text);
			g_string_append_c(out, '\n');
		}
	}
	while (out->len > 0 && out->str[out->len - 1] == '\n')
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

gboolean
lines_have(const LineList *list, LineKind kind)
{
	for (gsize i = 0; i < list->n; i++)
		if (list->lines[i].kind == kind && *list->lines[i].text != '\0')
			return TRUE;
	return FALSE;
}
