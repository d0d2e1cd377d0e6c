/* lines.c - which line of a mail is what: the large structure.
 *
 * One pass from the top finds quotations, reply headers and forwards; what is left as text is
 * handed to signature.c, run by run. The rule for every doubt: a line is text. Text that is read
 * as a quotation is lost to the shop; a quotation read as text only blurs the picture. */
#include "config.h"

#include <string.h>

#include "lines-private.h"

#define MAX_BLOCK 24 /* lines of an Outlook block, wrapped recipients included */

/* What all lines are until the end, once a header without ">" below it was seen. */
typedef enum {
	REGION_NONE,
	REGION_QUOTE,
	REGION_FORWARD,
	REGION_MARKED_HEAD, /* Apple quotes what it forwards: first its labels ... */
	REGION_MARKED_FORWARD, /* ... then the text */
} Region;

static void
split(Lines *lines, char *text, gsize len)
{
	LineList *list = lines->list;
	gsize n = 0;
	char *p = text, *end = text + len;

	for (char *q = text; q < end && (q = memchr(q, '\n', end - q)) != NULL; q++)
		n++;
	n += len > 0 && end[-1] != '\n';
	list->cut = n > MAX_LINES;
	list->n = MIN(n, MAX_LINES);
	list->lines = g_new0(Line, list->n + 1);
	lines->shapes = g_new0(Shape, list->n + 1);
	for (gsize i = 0; i < list->n; i++) {
		char *stop = memchr(p, '\n', end - p);
		if (stop == NULL)
			stop = end;
		char *last = stop;
		while (last > p && (last[-1] == ' ' || last[-1] == '\t'))
			last--;
		Shape *shape = &lines->shapes[i];
		shape->sig_dashes = stop - p == 3 && memcmp(p, "-- ", 3) == 0;
		*last = '\0';
		shape->len = last - p;
		shape->blank = last == p;
		list->lines[i].text = p;
		p = stop + 1;
	}
}

/* Behind the ">" of a quoted line, NULL for another. */
static const char *
behind_mark(const char *text)
{
	if (*text != '>' && *text != ' ' && *text != '\t')
		return NULL; /* nearly every line */
	gsize blanks = strspn(text, " \t");

	return blanks <= 3 && text[blanks] == '>' ? text + blanks + 1 : NULL;
}

/* ">:(", ">100 euro", and ">From" that a mail server escaped: text, where they stand alone. */
static gboolean
is_false_mark(const char *behind)
{
	return g_ascii_isdigit(*behind) || strchr(":;.=_<", *behind) != NULL ||
	       g_str_has_prefix(behind, "From ");
}

static void
mark_quotes(Lines *lines)
{
	gsize n = lines->list->n;

	for (gsize i = 0; i < n; i++)
		lines->shapes[i].quoted = lines->shapes[i].hint == HINT_QUOTE ||
		    behind_mark(lines->list->lines[i].text) != NULL;
	for (gsize i = 0; i < n; i++) {
		const char *behind = behind_mark(lines->list->lines[i].text);
		gboolean alone = (i == 0 || !lines->shapes[i - 1].quoted) &&
		                 (i + 1 == n || !lines->shapes[i + 1].quoted);
		if (behind == NULL || *behind == '\0' || !alone || !is_false_mark(behind) ||
		    lines->shapes[i].hint == HINT_QUOTE)
			continue;
		lines->shapes[i].quoted = FALSE;
		if (g_str_has_prefix(behind, "From "))
			lines->list->lines[i].text = behind;
	}
}

/* The rest of a quoted line that another program wrapped, without its ">". */
static gboolean
is_wrapped_rest(const Lines *lines, gsize i)
{
	const Shape *shapes = lines->shapes;

	if (i == 0 || i + 1 >= lines->list->n || !shapes[i - 1].quoted || !shapes[i + 1].quoted ||
	    shapes[i - 1].len < 66 || shapes[i].len > 30)
		return FALSE;
	const char *before = lines->list->lines[i - 1].text, *text = lines->list->lines[i].text;
	return strchr(".?!:", before[shapes[i - 1].len - 1]) == NULL && g_ascii_islower(*text) &&
	       shapes[i + 1].len > 2;
}

static gsize
next_line(const Lines *lines, gsize i)
{
	while (i < lines->list->n && lines->shapes[i].blank)
		i++;
	return i;
}

static gboolean
has_text_before(const Lines *lines, gsize i)
{
	return lines->first_text < i;
}

static void
set_kind(Lines *lines, gsize from, gsize to, LineKind kind)
{
	for (gsize i = from; i < to; i++)
		lines->list->lines[i].kind = kind;
	if (from <= lines->first_text)
		lines->first_text = G_MAXSIZE; /* it was the beginning of a header */
}

typedef struct {
	gsize end;    /* behind the last label */
	guint labels; /* how many */
	gboolean from, date;
} Block;

/* Outlook's block at i: labels under each other; a blank line or a wrapped value may stand between
 * two of them. FALSE if there are not two. */
static gboolean
read_block(const Lines *lines, gsize i, Block *block)
{
	guint seen = 0;
	gsize limit = MIN(lines->list->n, i + MAX_BLOCK), misses = 0;

	*block = (Block) { .end = i };
	for (; i < limit && misses < 3; i++) {
		Label label = lines->shapes[i].quoted ? LABEL_NONE
		                                      : phrase_label(lines->list->lines[i].text);
		if (label == LABEL_NONE) {
			if (block->labels == 0)
				return FALSE;
			/* Behind a blank line only a label goes on with the block. */
			if (lines->shapes[i].blank &&
			    (i + 1 >= limit || phrase_label(lines->list->lines[i + 1].text) == LABEL_NONE))
				break;
			misses++;
			continue;
		}
		/* Each label once: "To:" again is the next message's. */
		if (label != LABEL_OTHER && (seen & 1u << label) != 0)
			break;
		seen |= 1u << label;
		misses = 0;
		block->labels++;
		block->end = i + 1;
	}
	block->from = (seen & 1u << LABEL_FROM) != 0;
	block->date = (seen & 1u << LABEL_DATE) != 0;
	return block->labels >= 2;
}

/* Does a block at i begin what was answered or forwarded, and not a contact form or a letter? */
static gboolean
is_outlook_block(const Lines *lines, gsize i, Block *block)
{
	Label label = phrase_label(lines->list->lines[i].text);

	if (label == LABEL_NONE || label == LABEL_OTHER || !read_block(lines, i, block) || !block->from)
		return FALSE;
	if (label != LABEL_FROM && block->labels < 3)
		return FALSE;
	/* "From: X / Subject: Y" on top without a date is how contact forms begin. */
	return block->date || has_text_before(lines, i);
}

/* What the lines below a header that ends before `below` are. */
static Region
region_below(const Lines *lines, gsize below, gboolean forward)
{
	gsize i = next_line(lines, below);
	gboolean marked = i < lines->list->n && lines->shapes[i].quoted;

	if (forward)
		return marked ? REGION_MARKED_HEAD : REGION_FORWARD;
	return marked ? REGION_NONE : REGION_QUOTE;
}

/* Forwarded, not answered: the subject says so, or there is nothing else and it is no answer. */
static gboolean
is_forward(const Lines *lines, gsize header)
{
	return lines->subject_forward || (!lines->subject_reply && !has_text_before(lines, header));
}

/* Labels under a separator are header too. */
static gsize
behind_labels(Lines *lines, gsize i)
{
	gsize start = next_line(lines, i);
	Block block;

	if (start < lines->list->n && read_block(lines, start, &block))
		return block.end;
	return i;
}

/* A rule directly over a header belongs to it. */
static void
take_rule(Lines *lines, gsize header)
{
	while (header > 0 && lines->shapes[header - 1].blank)
		header--;
	if (header > 0 && phrase_is_rule(lines->list->lines[header - 1].text))
		lines->list->lines[header - 1].kind = LINE_HEADER;
}

/* The frame of an inline PGP signature (RFC 4880 s.7) around the text; behind it, or i. */
static gsize
take_pgp(Lines *lines, gsize i)
{
	const char *text = lines->list->lines[i].text;
	gboolean head = g_str_has_prefix(text, "-----BEGIN PGP SIGNED MESSAGE");
	gsize end = i;

	if (!head && !g_str_has_prefix(text, "-----BEGIN PGP SIGNATURE"))
		return i;
	while (end < lines->list->n && end < i + 60) {
		const char *line = lines->list->lines[end++].text;
		if (head ? *line == '\0' : g_str_has_prefix(line, "-----END PGP"))
			break;
	}
	set_kind(lines, i, end, LINE_FOOTER);
	return end;
}

/* Looks for a header at or ending in line i; returns the line behind it, or i. */
static gsize
take_header(Lines *lines, gsize first, gsize i, Region *region)
{
	const char *text = lines->list->lines[i].text;
	Separator separator = phrase_separator(text);
	Block block;

	if (*text == '-') {
		gsize end = take_pgp(lines, i);
		if (end > i)
			return end;
	}
	if (separator != SEPARATOR_NONE) {
		gsize end = behind_labels(lines, i + 1);
		gboolean forward = separator == SEPARATOR_FORWARD ||
		                   (separator == SEPARATOR_ORIGINAL && is_forward(lines, i));
		*region = region_below(lines, end, forward);
		set_kind(lines, i, end, LINE_HEADER);
		return end;
	}
	if (is_outlook_block(lines, i, &block)) {
		*region = region_below(lines, block.end, is_forward(lines, i));
		take_rule(lines, i);
		set_kind(lines, i, block.end, LINE_HEADER);
		return block.end;
	}
	gssize start = attribution_start(lines, first, i);
	if (start >= 0) {
		/* With nothing above and no marks below, what follows may be all there is: text. */
		if (has_text_before(lines, start))
			*region = region_below(lines, i + 1, FALSE);
		set_kind(lines, start, i + 1, LINE_HEADER);
		return i + 1;
	}
	if (lines->shapes[i].hint == HINT_QUOTE_BELOW && has_text_before(lines, i))
		*region = lines->subject_forward ? REGION_FORWARD : REGION_QUOTE;
	return i;
}

static LineKind
region_kind(const Lines *lines, Region *region, gsize i)
{
	gboolean quoted = lines->shapes[i].quoted;

	switch (*region) {
	case REGION_QUOTE:
		return LINE_QUOTE;
	case REGION_FORWARD:
		return quoted ? LINE_QUOTE : LINE_FORWARD;
	case REGION_MARKED_HEAD:
	case REGION_MARKED_FORWARD:
		if (quoted || lines->shapes[i].blank) {
			const char *behind = behind_mark(lines->list->lines[i].text);
			if (*region == REGION_MARKED_HEAD && behind != NULL && behind[strspn(behind, " \t")] != '\0') {
				if (phrase_label(behind) != LABEL_NONE)
					return LINE_HEADER;
				*region = REGION_MARKED_FORWARD;
			}
			/* Deeper marks are what the forwarded mail quoted. */
			return behind != NULL && behind_mark(behind) != NULL ? LINE_QUOTE : LINE_FORWARD;
		}
		*region = REGION_NONE;
		return LINE_TEXT;
	case REGION_NONE:
		break;
	}
	return quoted || is_wrapped_rest(lines, i) ? LINE_QUOTE : LINE_TEXT;
}

static void
find_structure(Lines *lines)
{
	Region region = REGION_NONE;
	gsize first = 0; /* no header begins before this line */

	for (gsize i = 0; i < lines->list->n;) {
		gboolean look = !lines->shapes[i].blank && !lines->shapes[i].quoted &&
		                (region == REGION_NONE || region == REGION_FORWARD);
		gboolean forwarding = region == REGION_FORWARD;
		gsize next = look ? take_header(lines, first, i, &region) : i;
		/* A header inside what is forwarded: what the forwarded mail answered. */
		if (next > i && forwarding && region != REGION_FORWARD)
			region = REGION_QUOTE;
		if (next > i) {
			i = first = next;
			continue;
		}
		LineKind kind = region_kind(lines, &region, i);
		lines->list->lines[i].kind = kind;
		if (kind == LINE_TEXT && !lines->shapes[i].blank && lines->first_text == G_MAXSIZE)
			lines->first_text = i;
		if (lines->shapes[i].quoted)
			first = i + 1;
		i++;
	}
}

/* Nothing but marked lines and no header that says why: somebody passed it on, or uses ">" for a
 * list. Only an answer may be empty. */
static void
rescue_all_quoted(Lines *lines)
{
	LineList *list = lines->list;

	if (lines->subject_reply || lines_have(list, LINE_TEXT) || lines_have(list, LINE_FORWARD) ||
	    lines_have(list, LINE_HEADER))
		return;
	for (gsize i = 0; i < list->n; i++)
		if (list->lines[i].kind == LINE_QUOTE) {
			const char *behind = behind_mark(list->lines[i].text);
			if (behind == NULL || behind_mark(behind) == NULL)
				list->lines[i].kind = LINE_FORWARD;
		}
}

/* What a mail program marked as its signature, unless it is all there is. */
static void
apply_signature_hints(Lines *lines)
{
	LineList *list = lines->list;
	gboolean other = FALSE;

	for (gsize i = 0; i < list->n && !other; i++)
		other = list->lines[i].kind == LINE_TEXT && !lines->shapes[i].blank &&
		        lines->shapes[i].hint != HINT_SIGNATURE;
	for (gsize i = 0; other && i < list->n; i++)
		if (list->lines[i].kind == LINE_TEXT && lines->shapes[i].hint == HINT_SIGNATURE)
			list->lines[i].kind = phrase_is_footer(list->lines[i].text) ? LINE_FOOTER
			                                                            : LINE_SIGNATURE;
}

void
lines_classify(LineList *list, char *text, gsize len, const GByteArray *hints, const char *subject)
{
	Lines lines = { .list = list, .first_text = G_MAXSIZE };

	*list = (LineList) { .text = text, .closing = -1 };
	split(&lines, text, len);
	for (gsize i = 0; hints != NULL && i < list->n && i < hints->len; i++)
		lines.shapes[i].hint = hints->data[i];
	phrase_subject(subject, &lines.subject_forward, &lines.subject_reply);
	mark_quotes(&lines);
	find_structure(&lines);
	rescue_all_quoted(&lines);
	apply_signature_hints(&lines);
	for (gsize i = 0; i < list->n;) {
		gsize from = i;
		while (i < list->n && list->lines[i].kind == LINE_TEXT)
			i++;
		if (i > from)
			signature_classify(&lines, from, i);
		else
			i++;
	}
	g_free(lines.shapes);
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
	gsize room = 1;
	gboolean blank = FALSE;

	for (gsize i = 0; i < list->n; i++)
		if (list->lines[i].kind == kind)
			room += strlen(list->lines[i].text) + 2;
	GString *out = g_string_sized_new(room);
	for (gsize i = 0; i < list->n; i++) {
		const Line *line = &list->lines[i];
		if (*line->text == '\0') {
			blank = TRUE;
			continue;
		}
		if (line->kind != kind)
			continue;
		/* What stood between is gone: one blank line keeps the paragraphs apart. */
		if (out->len > 0)
			g_string_append(out, blank ? "\n\n" : "\n");
		blank = FALSE;
		const char *behind = kind == LINE_FORWARD ? behind_mark(line->text) : NULL;
		g_string_append(out, behind != NULL ? behind + (*behind == ' ') : line->text);
	}
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
