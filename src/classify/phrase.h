/* phrase.h - "waar blijft ..2 <order>" as a tree. */
#ifndef AARDIG_CLASSIFY_PHRASE_H
#define AARDIG_CLASSIFY_PHRASE_H

#include <glib.h>

#include "classify/arena.h"
#include "classify/image.h"

G_BEGIN_DECLS

#define PHRASE_MAX_CHARS 2000
#define PHRASE_MAX_WORDS 60 /* a match is looked for within 63 words around its rarest one */
#define PHRASE_MAX_DEPTH 12
#define PHRASE_MAX_GAP 12

typedef struct Build Build;
typedef struct PhraseNode PhraseNode;

/* Lives as long as the arena it came from. */
struct PhraseNode {
	NodeKind kind;
	guint gap;
	guint shortest, longest, depth; /* words; how deep it nests */
	guint32 one;
	guint32 *symbols;    /* NODE_ELEMENT; points to `one` while there is one */
	guint n_symbols;
	guint n_children;    /* NODE_OPTIONAL has one */
	PhraseNode *first, *last; /* of the children */
	PhraseNode *next;    /* child of the same parent */
	PhraseNode *list; /* a node that is a word list has no symbols and children: they are here */
	guint32 element;     /* build.c: index + 1 of its element, once known */
	guint32 node;        /* build.c: index + 1 of its node, once known */
	double cost;         /* build.c: what looking for it costs, once known */
};

/* The node with the symbols or children. */
static inline PhraseNode *
phrase_inner(PhraseNode *node)
{
	return node->list != NULL ? node->list : node;
}

/* The phrases of word list `name` as one node, or NULL with what is wrong with it. */
typedef PhraseNode *(*PhraseList)(void *data, const char *name, char **error_out);

typedef struct {
	Build *build;
	Arena *arena;
	PhraseList list;
	void *data;
} PhraseContext;

/* NULL with what is wrong and what to do. *hint_out (free it) is set where the phrase is sound but
 * says nothing ("an optional word at the end"). */
PhraseNode *phrase_parse(const PhraseContext *context, const char *text, char **hint_out,
                         char **error_out);
/* One node that is any of these, which hang together by `next`. */
PhraseNode *phrase_choice(Arena *arena, PhraseNode *nodes);

G_END_DECLS

#endif
