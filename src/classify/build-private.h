/* build-private.h - what build.c collects and layout.c lays out. */
#ifndef AARDIG_CLASSIFY_BUILD_PRIVATE_H
#define AARDIG_CLASSIFY_BUILD_PRIVATE_H

#include "classify/build.h"
#include "classify/finder.h"

/* Numbers in the order they came; the links of all chains are in one array. */
typedef struct {
	guint32 first, last; /* of Build.links, + 1 */
	guint32 n;
} BuildChain;

typedef struct {
	guint32 value, next;
} BuildLink;

typedef struct {
	const char *fold;
	guint bytes;
	guint64 hash;        /* word_hash() */
	PatternKind kind;
	guint uses;          /* in how many places of phrases */
	guint32 languages;
	guint32 alone;       /* index + 1 of the element that is this symbol and no other */
	BuildChain anchors, watched; /* of SYMBOL_LISTS; filled by layout.c */
} BuildSymbol;

typedef struct {
	const guint32 *symbols; /* in order */
	guint n_symbols;
	BuildChain postings; /* of Build.postings */
	guint cost;
	gboolean watched;    /* some phrase has it as filter */
} BuildElement;

/* Its items are collected in Build.items. */
typedef struct {
	guint32 phrase, owner, filter;
	guint32 first_item, left, right;
} BuildPosting;

typedef struct {
	guint64 key;
	guint32 languages;
	guint32 first, n;    /* of Build.hint_points */
	guint32 next;        /* index + 1 of the next one with this key; filled by layout-hints.c */
} BuildHint;

struct Build {
	Arena arena;
	GString *strings;
	GArray *sections[SECTION_N];
	GArray *words, *patterns; /* BuildSymbol */
	BuildSymbol number;
	GArray *items;            /* guint32 */
	GArray *elements;         /* BuildElement */
	GArray *postings;         /* BuildPosting */
	GArray *links;            /* BuildLink */
	Finder string_finder, word_finder, pattern_finder, element_finder;
	GPtrArray *languages;
	GArray *hints;            /* BuildHint */
	GArray *hint_points;      /* ImageHintPoint */
	GArray *sorted;           /* guint32: symbols of the element looked for */
	GPtrArray *phrase;        /* PhraseNode: items of the phrase being added, in each of its forms */
};

BuildSymbol *build_symbol(Build *build, guint32 symbol);

/* Slots of an open-addressing table for n. */
guint build_slots_for(guint n);
/* The sections of hints: layout-hints.c */
void build_lay_hints(Build *build);
/* build_string() of a text whose word_hash() is known. */
guint32 build_string_hashed(Build *build, const char *text, gsize bytes, guint64 hash);

void build_chain(Build *build, BuildChain *chain, guint32 value);
/* Over the values of a chain, while nothing is added to any. */
#define BUILD_EACH(build, chain, link)                                                     \
	for (const BuildLink *link = build_link(build, (chain)->first); link != NULL;      \
	     link = build_link(build, link->next))

static inline const BuildLink *
build_link(const Build *build, guint32 at)
{
	return at > 0 ? &g_array_index(build->links, BuildLink, at - 1) : NULL;
}

#endif
