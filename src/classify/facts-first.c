/* facts-first.c - names said in the text ("my name is ..."), and the first name to greet somebody
 * by. */
#include "config.h"

#include <string.h>

#include "classify/facts-name.h"

/* Introductions stand at the beginning. */
#define INTRODUCTION_WITHIN 2000
#define INTRODUCED_BYTES 80

/* ---- "my name is" ---- */

static const char *const introductions[] = {
	"mijn naam is ",  "m'n naam is ",  "mijn naam: ",  "ik ben ",
	"ik heet ",       "u spreekt met ", "my name is ", "my name's ",
	"i'm ",           "i am ",         "this is ",     "mein name ist ",
	"mein name: ",    "ich heiße ",    "ich heisse ",  "ich bin ",
	"hier schreibt ", "je m'appelle ", "je me nomme ", "je suis ",
	"mon nom est ",   "moi c'est ",    "moi, c'est ",
	/* from here on at the very beginning alone */
	"hier ist ",      "hier is ",      "hier ",        "ici ",
	"c'est ",         "it's ",
};
#define INTRODUCTIONS_ANYWHERE 23
/* "Hallo, hier Klaus Meier", but not "gisteren was hier Jan". */
#define BEGINNING_BYTES 30

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

	/* Lower case changes the length of a few letters; then places do not fit and nothing is
	 * taken. */
	if (strlen(lower) != size)
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(introductions); i++) {
		const char *at = strstr(lower, introductions[i]);
		NameLine line;
		guint n = 0;

		if (at == NULL || (at > lower && g_ascii_isalpha(at[-1]))
		    || (i >= INTRODUCTIONS_ANYWHERE && at - lower > BEGINNING_BYTES))
			continue;
		const char *from = text + (at - lower) + strlen(introductions[i]);
		name_split_line(
		    from, from + MIN(strcspn(from, "\n"), char_border(from, INTRODUCED_BYTES)),
		    &line);
		while (n < line.n && n < 4 && name_is_possible(name_class_at(&line, n))
		       && (name_class_at(&line, n) & NAME_CAPITAL)
		       && !(name_class_at(&line, n) & NAME_FROM)
		       && (name_class_at(&line, n) & (NAME_COMMON | NAME_GIVEN)) != NAME_COMMON) {
			n++;
			if (line.words[n - 1].stop != 0)
				break;
		}
		if (n == 0
		    || !(name_class_at(&line, 0) & (NAME_GIVEN | NAME_TITLE | NAME_INITIAL)))
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

/* The place of the one word to greet by, or -1: couples, firms, families and initials have none.
 */
static int
first_name_at(NameLine *line)
{
	guint at = 0;

	if (line->n == 0 || line->n > NAME_WORDS_MAX || line->cut)
		return -1;
	for (guint i = 0; i < line->n; i++) {
		guint class = name_class_at(line, i);

		if ((class & (NAME_AND | NAME_DIGITS | NAME_NEVER | NAME_KIN))
		    || (class & (NAME_ORG | NAME_GIVEN)) == NAME_ORG)
			return -1;
	}
	/* "Vries, Jan de" */
	if (line->words[0].stop == ',' && line->n > 1)
		at = 1;
	while (at < line->n
	       && (name_class_at(line, at) & (NAME_TITLE | NAME_GIVEN)) == NAME_TITLE)
		at++;
	/* Behind a title a single word is a surname. */
	if (at == line->n
	    || (at > 0 && at + 1 == line->n && !(name_class_at(line, at) & NAME_GIVEN)))
		return -1;
	return at;
}

static gboolean
is_word_of_name(guint class)
{
	return (class & NAME_LETTERS) != 0
	       && !(class
	            & (NAME_INITIAL | NAME_PARTICLE | NAME_COMMON | NAME_CLOSING | NAME_LABEL));
}

/* Does the From field begin with the same word? */
static gboolean
is_confirmed(const NameWord *word, const char *from_name)
{
	char own[LEXICON_WORD_MAX + 1], other[LEXICON_WORD_MAX + 1];
	NameLine from;

	if (from_name == NULL || lexicon_fold(word->start, word->length, own) == 0)
		return FALSE;
	name_split_line(from_name, from_name + char_border(from_name, INTRODUCED_BYTES), &from);
	int at = first_name_at(&from);
	return at >= 0 && lexicon_fold(from.words[at].start, from.words[at].length, other) > 0
	       && strcmp(own, other) == 0;
}

/* A given name that is known; else, as signed, one that the From field has too: anybody can sign
 * with anything, and an answer that greets "Beste Bedrogen" is none. */
char *
facts_find_first_name(const char *customer_name, const char *from_name)
{
	const char *name = customer_name != NULL ? customer_name : from_name;
	NameLine line;
	int at;

	if (name == NULL)
		return NULL;
	name_split_line(name, name + strlen(name), &line);
	at = first_name_at(&line);
	if (at < 0)
		return NULL;
	guint class = name_class_at(&line, at);
	if ((class & NAME_GIVEN) == 0
	    && (customer_name == NULL || !is_word_of_name(class)
	        || !is_confirmed(&line.words[at], from_name)))
		return NULL;
	char *first = capitalised(&line.words[at]);
	if (!facts_first_name_is_safe(first))
		g_clear_pointer(&first, g_free);
	return first;
}
