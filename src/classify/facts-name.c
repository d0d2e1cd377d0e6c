/* facts-name.c - the customer's name as they signed. It stands at the end: the last lines are looked
 * at for closings and for names of their own. */
#include "config.h"

#include <string.h>

#include "classify/facts-name.h"

#define LINES_MAX 10
#define NAME_MAX_BYTES 80
/* Longer lines are text. */
#define CLOSING_LINE_BYTES 70

/* The last lines that are not empty, each looked at when its turn comes: most mails end with the
 * name. */
typedef struct {
	const char *start, *end;
	gboolean split, looked;
	NameLine words;  /* once split */
	NameFound found; /* once looked at */
} EndingLine;

typedef struct {
	EndingLine lines[LINES_MAX]; /* from the last up */
	guint n;
} Ending;

static void
read_ending(const char *text, Ending *ending)
{
	const char *end = text + strlen(text);

	ending->n = 0;
	while (end > text && ending->n < LINES_MAX) {
		const char *start = end;

		while (start > text && start[-1] != '\n')
			start--;
		const char *from = start, *to = end;
		while (from < to && g_ascii_isspace(*from))
			from++;
		while (to > from && g_ascii_isspace(to[-1]))
			to--;
		if (from < to) {
			EndingLine *line = &ending->lines[ending->n++];

			line->start = from;
			line->end = to;
			line->split = line->looked = FALSE;
		}
		if (start == text)
			break;
		end = start - 1;
	}
}

static NameLine *
words_of(EndingLine *line)
{
	if (!line->split)
		name_split_line(line->start, line->end, &line->words);
	line->split = TRUE;
	return &line->words;
}

static const NameFound *
found_in(EndingLine *line)
{
	if (!line->looked)
		name_of_line(words_of(line), &line->found);
	line->looked = TRUE;
	return &line->found;
}

/* "Met vriendelijke groet,", "Groeten uit Drachten", "Thanks!": the name comes on the next line.
 */
static gboolean
is_closing_line(EndingLine *of)
{
	gboolean closing = FALSE;

	if (of->end - of->start > CLOSING_LINE_BYTES)
		return FALSE;
	NameLine *line = words_of(of);
	if (line->n == 0 || line->n > 8 || line->cut)
		return FALSE;
	for (guint i = 0; i < line->n; i++) {
		guint class = name_class_at(line, i);

		if (class & NAME_CLOSING)
			closing = TRUE;
		else if ((class & NAME_CLOSING_PART) == 0
		         && !(i > 0 && (name_class_at(line, i - 1) & NAME_FROM)))
			return FALSE;
	}
	return closing;
}

static char *
take(const NameFound *found)
{
	gsize length = found->end - found->start;

	if (found->strength == 0 || length > NAME_MAX_BYTES)
		return NULL;
	return g_strndup(found->start, length);
}

/* "S.", "K": an initial alone. */
static gboolean
is_initial_line(EndingLine *of)
{
	if (of->end - of->start > 8)
		return FALSE;
	NameLine *line = words_of(of);
	return line->n == 1 && line->words[0].length == (gsize)(of->end - of->start)
	       && (name_class_at(line, 0) & NAME_INITIAL) != 0 && !name_is_kiss(&line->words[0]);
}

/* "Experts-comptables, Dijon", "Carrelage - Sols - Albi": no sentence ends in it. */
static gboolean
is_address_part(EndingLine *of)
{
	if (of->end - of->start > CLOSING_LINE_BYTES)
		return FALSE;
	NameLine *line = words_of(of);
	for (guint i = 0; i < line->n; i++)
		if ((name_ends_sentence(&line->words[i]) && line->words[i].stop != 'e')
		    || (i == 0 && !(name_class_at(line, i) & NAME_CAPITAL)))
			return FALSE;
	return line->n > 0;
}

/* ---- the whole ---- */

/* Of lines below one another that are all names the first is the person: the firm comes after. */
static EndingLine *
first_of_block(Ending *ending, EndingLine *at)
{
	const EndingLine *top = &ending->lines[ending->n - 1];

	while (at < top && found_in(at + 1)->strength > 0 && found_in(at + 1)->whole)
		at++;
	return at;
}

/* Behind the last closing: on the next line, or the one after. */
static const NameFound *
find_behind_closing(Ending *ending)
{
	for (guint i = 0; i < ending->n; i++) {
		if (!is_closing_line(&ending->lines[i]))
			continue;
		for (guint below = 1; below <= 2 && below <= i; below++)
			if (found_in(&ending->lines[i - below])->strength > 0)
				return found_in(&ending->lines[i - below]);
	}
	return NULL;
}

static const NameFound *
find_alone(Ending *ending)
{
	for (guint i = 0; i < ending->n; i++) {
		EndingLine *line = &ending->lines[i];
		EndingLine *above = i + 1 < ending->n ? line + 1 : NULL;

		if (found_in(line)->strength < NAME_ENOUGH)
			continue;
		/* A trade and a town stand below a name. */
		if (found_in(line)->whole
		    || (above != NULL && found_in(above)->whole
		        && found_in(above)->strength >= NAME_ENOUGH && is_address_part(line)))
			line = first_of_block(ending, line);
		return found_in(line);
	}
	return NULL;
}

char *
facts_find_customer_name(const FactsSource *source)
{
	Ending ending;
	gsize size = strlen(source->own);
	const char *own = source->own;
	const NameFound *found;

	if (size > FACTS_TEXT_MAX)
		own = g_utf8_find_next_char(own + size - FACTS_TEXT_MAX, NULL);
	read_ending(own, &ending);
	found = find_behind_closing(&ending);
	if (found != NULL)
		return take(found);
	if (ending.n > 1 && is_initial_line(&ending.lines[0]))
		return g_strndup(ending.lines[0].start, ending.lines[0].end - ending.lines[0].start);
	found = find_alone(&ending);
	return found != NULL ? take(found) : name_introduced(source->own);
}
