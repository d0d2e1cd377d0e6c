/* build-private.h - what build.c collects and layout.c lays out. */
#ifndef AARDIG_CLASSIFY_BUILD_PRIVATE_H
#define AARDIG_CLASSIFY_BUILD_PRIVATE_H

#include "classify/build.h"

typedef struct {
	char *fold;
	PatternKind kind;
	guint uses;          /* in how many places of phrases */
	guint32 languages;
	guint32 alone;       /* index + 1 of the element that is this symbol and no other */
	GArray *anchors, *watched; /* guint32 of SYMBOL_LISTS; filled by layout.c */
} BuildSymbol;

typedef struct {
	GArray *symbols;     /* guint32, in order */
	GArray *postings;    /* BuildPosting */
	guint32 place;       /* of the postings in their section */
	double cost;
	gboolean watched;    /* some phrase has it as filter */
} BuildElement;

/* Its items are collected in Build.items. */
typedef struct {
	guint32 phrase, owner, filter;
	guint32 first_item, left, right;
} BuildPosting;

struct Build {
	GString *strings;
	GHashTable *string_index;
	GArray *sections[SECTION_N];
	GArray *words, *patterns; /* BuildSymbol */
	BuildSymbol number;
	GHashTable *word_index, *pattern_index;
	GArray *items;            /* guint32 */
	GArray *elements;         /* BuildElement */
	GHashTable *element_index;
	GPtrArray *languages;
	GArray *hint_keys;        /* guint64, of SECTION_HINTS */
};

BuildSymbol *build_symbol(Build *build, guint32 symbol);

#endif
