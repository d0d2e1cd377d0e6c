/* signature.c - in a run of text: where the writing ends and the sign-off begins.
 *
 * The closing formula stays text (its warmth is the customer's); the name under it and what
 * follows is signature as long as it looks like one. A line that speaks - asks something, says
 * "I", names an order - is text wherever it stands. */
#include "config.h"

#include <string.h>

#include "lines-private.h"

#define MAX_SIGNATURE 25 /* lines */
#define MAX_PARAGRAPH (4 * 1024)
#define MAX_FOOTERS 30 /* lines or paragraphs; nobody has more */
#define MAX_LEGAL 60 /* lines of a disclaimer */
#define MAX_LEGAL_TAIL 12 /* the same at the end of a paragraph */
#define LEAST_LEGAL 30 /* bytes of the shortest */
#define LEAST_BANNER 15 /* bytes of its shortest phrase */

static const char *
text_of(const Lines *lines, gsize i)
{
	return lines->list->lines[i].text;
}

static gsize
next_line(const Lines *lines, gsize i, gsize end)
{
	while (i < end && lines->shapes[i].blank)
		i++;
	return i;
}

static gsize
paragraph_end(const Lines *lines, gsize i, gsize end)
{
	while (i < end && !lines->shapes[i].blank)
		i++;
	return i;
}

static void
set_kind(Lines *lines, gsize from, gsize to, LineKind kind)
{
	for (gsize i = from; i < to; i++)
		lines->list->lines[i].kind = kind;
}

/* --- footers --------------------------------------------------------------- */

/* Whether the lines have so many bytes together, without what stands between them. */
static gboolean
are_as_long(const Lines *lines, gsize from, gsize to, gsize least)
{
	gsize len = 0;

	for (gsize i = from; i < to && len < least; i++)
		len += lines->shapes[i].len;
	return len >= least;
}

static char *
paragraph_key(const Lines *lines, gsize from, gsize to)
{
	gsize total = 0;

	for (gsize i = from; i < to && total < MAX_PARAGRAPH; i++)
		total += lines->shapes[i].len + 1;
	g_autoptr(GString) joined = g_string_sized_new(total + 1);
	for (gsize i = from; i < to && joined->len < MAX_PARAGRAPH; i++) {
		g_string_append(joined, text_of(lines, i));
		g_string_append_c(joined, ' ');
	}
	gsize size = MIN(joined->len, MAX_PARAGRAPH) * 2 + 8;
	char *key = g_malloc(size);
	phrase_key(joined->str, key, size);
	return key;
}

static gboolean
is_disclaimer(const Lines *lines, gsize from, gsize to)
{
	if (to - from > MAX_LEGAL || !are_as_long(lines, from, to, LEAST_LEGAL))
		return FALSE;
	g_autofree char *key = paragraph_key(lines, from, to);
	return phrase_is_disclaimer(key);
}

/* The paragraph [from, to) is a disclaimer: where in it does that begin, under a name? */
static gsize
disclaimer_start(const Lines *lines, gsize from, gsize to)
{
	gsize i = from;

	while (i + 1 < to && lines->shapes[i].len < 50 && is_disclaimer(lines, i + 1, to))
		i++;
	return i;
}

/* The lines before `last` that are a disclaimer: a paragraph, or what stands at its end where the
 * customer leaves no blank line. `last` itself if there are none. */
static gsize
legal_tail(const Lines *lines, gsize from, gsize last)
{
	gsize start = last, begin = last;

	while (start > from && !lines->shapes[start - 1].blank && last - start < MAX_LEGAL)
		start--;
	if (!are_as_long(lines, start, last, LEAST_LEGAL))
		return last;
	/* Every disclaimer is; most paragraphs are not. */
	g_autofree char *key = paragraph_key(lines, start, last);
	if (!phrase_is_legal(key))
		return last;
	if (is_disclaimer(lines, start, last))
		return start;
	for (gsize i = last; i > start && last - i < MAX_LEGAL_TAIL; i--) {
		if (is_disclaimer(lines, i - 1, last))
			begin = i - 1;
		else if (begin != last)
			break;
	}
	return begin;
}

/* Footers at the end of [from, end), from the bottom up; returns where they begin. */
static gsize
take_footers(Lines *lines, gsize from, gsize end)
{
	gboolean before = lines->first_text < from;

	for (guint taken = 0; end > from && taken < MAX_FOOTERS; taken++) {
		gsize last = end;
		while (last > from && lines->shapes[last - 1].blank)
			last--;
		if (last == from)
			break;
		if (phrase_is_footer(text_of(lines, last - 1)) ||
		    (end < lines->list->n && lines->list->lines[end].kind == LINE_FOOTER &&
		     phrase_is_rule(text_of(lines, last - 1)))) {
			lines->list->lines[last - 1].kind = LINE_FOOTER;
			end = last - 1;
			continue;
		}
		gsize start = legal_tail(lines, from, last);
		if (start == last)
			break;
		start = disclaimer_start(lines, start, last);
		if (start == next_line(lines, from, end) && !before)
			break; /* there is nothing else: somebody writes about confidence */
		set_kind(lines, start, last, LINE_FOOTER);
		end = start;
	}
	return end;
}

/* --- sign-off -------------------------------------------------------------- */

/* A line under a name that may be a title, a company, a slogan. */
static gboolean
is_filler(const char *text, gboolean after_blank, gboolean seen_contact)
{
	gsize len = strlen(text);
	guint words = line_words(text);

	if (len > 90 || line_is_prose(text))
		return FALSE;
	if (!after_blank || seen_contact)
		return words <= 12;
	return words <= 6 && strchr(".!;,", text[len - 1]) == NULL;
}

/* Classifies what stands under a name, from i on; returns the first line that is text again. */
static gsize
take_block(Lines *lines, gsize i, gsize end)
{
	gboolean after_blank = FALSE, seen_contact = FALSE;

	for (guint taken = 0; i < end && taken < MAX_SIGNATURE; i++, taken++) {
		const char *text = text_of(lines, i);
		LineKind kind = LINE_SIGNATURE;
		if (lines->shapes[i].blank) {
			after_blank = TRUE;
			continue;
		}
		if (phrase_is_postscript(text))
			return end;
		if (phrase_is_fact(text))
			continue;
		if (phrase_closing(text) == CLOSING_STRONG)
			return i;
		gsize stop = paragraph_end(lines, i, end);
		if (is_disclaimer(lines, i, stop)) {
			stop = MAX(stop, i + 1);
			set_kind(lines, i, stop, LINE_FOOTER);
			i = stop - 1;
			continue;
		}
		if (phrase_is_footer(text)) {
			kind = LINE_FOOTER;
		} else if (line_is_contact(text) || line_is_piped(text)) {
			seen_contact = TRUE;
		} else if (!phrase_is_rule(text) && !line_is_name(text) &&
		           !is_filler(text, after_blank, seen_contact)) {
			return i;
		}
		lines->list->lines[i].kind = kind;
	}
	return i;
}

static gboolean
only_blank(const Lines *lines, gsize i, gsize end)
{
	return next_line(lines, i, end) == end;
}

/* The closing formula at i: takes the name and what follows. Returns where to look on. */
static gsize
take_closing(Lines *lines, gsize i, gsize end, Closing closing)
{
	gsize k = next_line(lines, i + 1, end);

	if (k == end) {
		lines->list->closing = i;
		return end;
	}
	const char *text = text_of(lines, k);
	if (k > i + 4 || phrase_is_postscript(text) || phrase_is_fact(text) ||
	    phrase_closing(text) != CLOSING_NONE)
		return i + 1;
	gboolean contact = line_is_contact(text) || line_is_piped(text);
	if (!line_is_name(text) && !(closing == CLOSING_STRONG && contact))
		return i + 1;
	/* "Bedankt" in the middle of a mail, a short line below it: no signature. */
	if (closing == CLOSING_WEAK && k + 1 < end && !lines->shapes[k + 1].blank &&
	    !line_is_contact(text_of(lines, k + 1)) && !only_blank(lines, k + 1, end))
		return i + 1;
	lines->list->closing = i;
	lines->list->lines[k].kind = LINE_SIGNATURE;
	return take_block(lines, k + 1, end);
}

/* "-- " and what stands below it. */
static gsize
take_dashes(Lines *lines, gsize from, gsize end)
{
	for (gsize i = from; i < end; i++) {
		gboolean exact = lines->shapes[i].sig_dashes;
		if (!exact && strcmp(text_of(lines, i), "--") != 0)
			continue;
		if (next_line(lines, from, i) == i && !(lines->first_text < from))
			continue; /* on top of everything: a line somebody drew */
		guint below = 0, most = exact ? MAX_SIGNATURE : 8;
		gsize stop = i + 1;
		for (; stop < end && below <= most && stop < i + 3 * MAX_SIGNATURE; stop++) {
			if (phrase_is_postscript(text_of(lines, stop)))
				break;
			below += !lines->shapes[stop].blank;
		}
		if (below > most)
			continue;
		gboolean speaks = FALSE;
		for (gsize j = i + 1; j < stop && !exact; j++)
			speaks |= !lines->shapes[j].blank && line_is_prose(text_of(lines, j));
		if (speaks)
			continue;
		for (gsize j = i; j < stop; j++)
			if (!phrase_is_fact(text_of(lines, j)))
				lines->list->lines[j].kind = LINE_SIGNATURE;
		return i;
	}
	return end;
}

/* "Het nieuwe adres is:": what stands below is what the mail is about. */
static gboolean
announces(const Lines *lines, gsize i)
{
	const char *text = text_of(lines, i);
	char key[KEY_SIZE];

	if (text[lines->shapes[i].len - 1] == ':')
		return TRUE;
	phrase_key(text, key, sizeof(key));
	return strstr(key, "adres") != NULL || strstr(key, "anschrift") != NULL;
}

/* No formula: the last paragraph, if it is a name with ways to reach it. */
static void
take_last_paragraph(Lines *lines, gsize from, gsize end)
{
	gsize last = end, contacts = 0;

	while (last > from && lines->shapes[last - 1].blank)
		last--;
	gsize start = last;
	while (start > from && !lines->shapes[start - 1].blank)
		start--;
	gsize above = start;
	while (above > from && lines->shapes[above - 1].blank)
		above--;
	if (above == from || last - start > 10 || announces(lines, above - 1))
		return;
	for (gsize i = start; i < last; i++) {
		const char *text = text_of(lines, i);
		gboolean contact = line_is_contact(text);
		if (phrase_is_fact(text) || phrase_is_postscript(text))
			return;
		if (!contact && !line_is_piped(text) && !line_is_name(text) && !is_filler(text, FALSE, FALSE))
			return;
		contacts += contact;
	}
	const char *head = text_of(lines, start);
	/* "Jurk | maat 38 | blauw" is an article. */
	gboolean piped = last - start == 1 && line_is_piped(head) &&
	                 (contacts > 0 || line_has_title(head) ||
	                  line_shares_name(text_of(lines, above - 1), head));
	gboolean headed = line_is_name(head) || line_is_contact(head);
	if (piped || (last - start >= 2 && contacts >= 1 && headed))
		set_kind(lines, start, last, LINE_SIGNATURE);
}

/* The name at the end of a text, alone on its line or behind the closing formula; else NULL. */
static const char *
name_in(const char *text)
{
	if (phrase_closing(text) != CLOSING_NONE) {
		const char *comma = strchr(text, ',');
		return comma != NULL && line_is_name(comma + 1) ? comma + 1 : NULL;
	}
	/* "Irene Oakley (Mrs)" counts, "Rode Trui" has to be told by what follows. */
	return line_is_name(text) ? text : NULL;
}

/* No formula, or the name behind it: lines below the last name that belong to it. */
static void
take_under_name(Lines *lines, gsize from, gsize end)
{
	gsize below[4], n = 0;

	for (gsize i = end; i > from && n < G_N_ELEMENTS(below);) {
		i--;
		if (lines->shapes[i].blank || lines->list->lines[i].kind != LINE_TEXT)
			continue;
		const char *text = text_of(lines, i), *name = name_in(text);
		gboolean ours = name != NULL && n > 0;
		for (gsize k = 0; k < n && ours; k++) {
			const char *line = text_of(lines, below[k]);
			ours = line_is_contact(line) || line_has_title(line) || line_is_slogan(line) ||
			       line_shares_name(name, line);
		}
		if (ours) {
			gsize above = i;
			while (above > from && lines->shapes[above - 1].blank)
				above--;
			if (above > from && announces(lines, above - 1))
				return;
			for (gsize k = 0; k < n; k++)
				lines->list->lines[below[k]].kind = LINE_SIGNATURE;
			lines->list->closing = i;
			return;
		}
		if (lines->shapes[i].len > 90 || phrase_is_postscript(text) || line_is_prose(text) ||
		    phrase_is_fact(text))
			return;
		below[n++] = i;
	}
}

/* Two at most, on top of everything; not if they are all there is. */
static gsize
take_banners(Lines *lines, gsize from, gsize to)
{
	for (int i = 0; i < 2; i++) {
		gsize start = next_line(lines, from, to), end = paragraph_end(lines, start, to);
		if (end - start > 6 || next_line(lines, end, to) == to)
			break;
		/* its lines are joined by blanks, and are six at most */
		if (!are_as_long(lines, start, end, LEAST_BANNER - (end - start)))
			break;
		g_autofree char *key = paragraph_key(lines, start, end);
		if (!phrase_is_banner(key))
			break;
		set_kind(lines, start, end, LINE_FOOTER);
		from = end;
	}
	return from;
}

void
signature_classify(Lines *lines, gsize from, gsize to)
{
	if (lines->first_text >= from)
		from = take_banners(lines, from, to);
	gsize end = take_footers(lines, from, to);
	gboolean signed_off = FALSE;

	gsize text_end = take_dashes(lines, from, end);
	for (gsize i = next_line(lines, from, text_end); i < text_end;) {
		Closing closing = lines->shapes[i].blank ? CLOSING_NONE : phrase_closing(text_of(lines, i));
		if (closing == CLOSING_NONE) {
			i++;
			continue;
		}
		i = take_closing(lines, i, text_end, closing);
		signed_off |= lines->list->closing >= (gssize) from;
	}
	if (!signed_off && text_end == end) {
		take_last_paragraph(lines, from, end);
		take_under_name(lines, from, end);
	}
}
