/* facts-first.c - names said in the text ("my name is ..."), and the first name to greet somebody by. */
#include "config.h"

#include <string.h>

#include "classify/facts-name.h"

/* Introductions stand at the beginning. */
#define INTRODUCTION_WITHIN 2000
#define INTRODUCED_BYTES 80

/* ---- "my name is" ---- */

static const char *const introductions[] = {
	"mijn naam is ", "ik ben ", "ik heet ", "my name is ", "i'm ", "i am ", "this is ", "mein name ist ",
	"ich hei\xc3\x9f" "e ", "ich heisse ", "ich bin ", "je m'appelle ", "je suis ", "mon nom est ",
};

/* At most `limit` bytes of text, whole characters. */
static gsize
char_border(const char *text, gsize limit)
{
	gsize size = strnlen(text, limit + 1);

	if (size <= limit)
		return size;
	for (size = limit; size > 0 && ((guchar)text[size] & 0xC0) == 0x80;)
		size--;
	return size;
}

char *
name_introduced(const char *text)
{
	gsize size = char_border(text, INTRODUCTION_WITHIN);
	g_autofree char *lower = g_utf8_strdown(text, size);

	/* Lower case changes the length of a few letters; then places do not fit and nothing is taken. */
	if (strlen(lower) != size)
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(introductions); i++) {
		const char *at = strstr(lower, introductions[i]);
		NameLine line;
		guint n = 0;

		if (at == NULL || (at > lower && g_ascii_isalpha(at[-1])))
			continue;
		const char *from = text + (at - lower) + strlen(introductions[i]);
		name_split_line(from, from + MIN(strcspn(from, "\n"), char_border(from, INTRODUCED_BYTES)),
		                &line);
		while (n < line.n && n < 4 && name_is_possible(name_class_at(&line, n))
		       && (name_class_at(&line, n) & NAME_CAPITAL)
		       && !(name_class_at(&line, n) & (NAME_FROM | NAME_COMMON))) {
			n++;
			if (line.words[n - 1].stop != 0)
				break;
		}
		if (n == 0 || !(name_class_at(&line, 0) & (NAME_GIVEN | NAME_TITLE | NAME_INITIAL)))
			continue;
		if (name_weight(line.words, n) >= 4)
			return g_strndup(line.words[0].start, line.words[n - 1].start
			                                          + line.words[n - 1].length
			                                          - line.words[0].start);
	}
	return NULL;
}

/* ---- first name ---- */

/* "kayleigh" and "SANDRA" are greeted as others are. */
static char *
capitalised(const NameWord *word)
{
	const char *rest = g_utf8_next_char(word->start), *end = word->start + word->length;
	g_autofree char *head = g_utf8_strup(word->start, rest - word->start);
	g_autofree char *tail = (word->class & NAME_CAPITALS) ? g_utf8_strdown(rest, end - rest)
	                                                      : g_strndup(rest, end - rest);

	return g_strconcat(head, tail, NULL);
}

/* The one word to greet by, or NULL: couples, firms, families and initials have none. */
static char *
first_name_of(const char *name, gboolean must_be_given)
{
	NameLine line;
	guint at = 0;

	name_split_line(name, name + strlen(name), &line);
	if (line.n == 0 || line.n > NAME_WORDS_MAX || line.cut)
		return NULL;
	for (guint i = 0; i < line.n; i++)
		if ((name_class_at(&line, i) & (NAME_AND | NAME_DIGITS | NAME_NEVER | NAME_KIN))
		    || ((name_class_at(&line, i) & NAME_ORG) && !(name_class_at(&line, i) & NAME_GIVEN)))
			return NULL;
	/* "Vries, Jan de" */
	if (line.words[0].stop == ',' && line.n > 1)
		at = 1;
	while (at < line.n && (name_class_at(&line, at) & (NAME_TITLE | NAME_GIVEN)) == NAME_TITLE)
		at++;
	if (at == line.n)
		return NULL;
	const NameWord *word = &line.words[at];
	name_class_at(&line, at);
	if ((word->class & NAME_GIVEN) == 0
	    /* Behind a title a single word is a surname, and in a From field anything. */
	    && (at > 0 || (must_be_given && line.n < 2) || !(word->class & NAME_LETTERS)
	        || (word->class & (NAME_INITIAL | NAME_PARTICLE | NAME_COMMON | NAME_CLOSING))))
		return NULL;
	char *first = capitalised(word);
	if (!facts_first_name_is_safe(first))
		g_clear_pointer(&first, g_free);
	return first;
}

char *
facts_find_first_name(const char *customer_name, const char *from_name)
{
	char *first = customer_name != NULL ? first_name_of(customer_name, FALSE) : NULL;

	if (customer_name != NULL || from_name == NULL)
		return first;
	return first_name_of(from_name, TRUE);
}
