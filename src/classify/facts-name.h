/* facts-name.h - words of names, for the sign-off and the first name. */
#ifndef AARDIG_CLASSIFY_FACTS_NAME_H
#define AARDIG_CLASSIFY_FACTS_NAME_H

#include <glib.h>

#include "classify/facts-private.h"

G_BEGIN_DECLS

/* Classes of conf/rules/names.txt. */
enum {
	NAME_CLOSING = 1 << 0,
	NAME_CLOSING_PART = 1 << 1,
	NAME_TITLE = 1 << 2,
	NAME_KIN = 1 << 3,
	NAME_PARTICLE = 1 << 4,
	NAME_AND = 1 << 5,
	NAME_FROM = 1 << 6,
	NAME_ORG = 1 << 7,
	NAME_GIVEN = 1 << 8,
	NAME_NEVER = 1 << 9,
	NAME_GREETING = 1 << 10,
	NAME_DEPARTMENT = 1 << 11,
	/* said by the shape of the word */
	NAME_CAPITAL = 1 << 16,
	NAME_CAPITALS = 1 << 17, /* all of it, two letters or more */
	NAME_INITIAL = 1 << 18,  /* "R.F."; "Ch." is listed */
	NAME_COMMON = 1 << 19,   /* an everyday word of one of the languages */
	NAME_LETTERS = 1 << 20,  /* nothing but letters, hyphens, apostrophes */
	NAME_DIGITS = 1 << 21,
	NAME_LABEL = 1 << 22, /* leads to an order number: "Kenmerk" */
	NAME_ASKED = 1 << 23,
};

typedef struct {
	const char *start;
	gsize length; /* without closing punctuation, but with the full stop of an initial or
	                 title */
	guint class;  /* 0 until asked for: name_class_at() */
	char stop; /* '.' '!' '?' ':' ')' ',' behind the word, '(' before the next one, '-' other
	            * signs, 'e' an emoji; 0 */
} NameWord;

#define NAME_LINE_WORDS 40
#define NAME_WORDS_MAX 7

typedef struct {
	NameWord words[NAME_LINE_WORDS];
	guint n;
	gboolean cut; /* the line had more words before these */
} NameLine;

/* The last words of start..end. */
void name_split_line(const char *start, const char *end, NameLine *line);
guint name_class_at(NameLine *line, guint i);

/* Can words of this class be part of a name? */
gboolean name_is_possible(guint class);
/* How sure words[0..n) are a name; 0: they are none. Their classes must have been asked for. */
int name_weight(const NameWord *words, guint n);

/* "xx", "XoX" */
gboolean name_is_kiss(const NameWord *word);
/* A stop that ends a sentence; that of an initial or a title does not. */
gboolean name_ends_sentence(const NameWord *word);

typedef struct {
	const char *start, *end;
	int strength;   /* 0: none */
	gboolean whole; /* the line held nothing else but numbers and closings */
} NameFound;

/* A name and what stands before it together weigh this much. */
#define NAME_ENOUGH 5

/* The name at the end of the line. */
void name_of_line(NameLine *line, NameFound *found);

/* "My name is ..."; caller frees. */
char *name_introduced(const char *text);

/* Everything known of a word of a line; punctuation at its end is not looked at. */
guint name_word_class(const char *word, gsize length);

G_END_DECLS

#endif
