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

/* There are a hundred thousand of them, so they are kept small. */
struct PhraseNode {
	NodeKind kind;
	gboolean is_list;       /* a word list: it has its measures here, and all else in `list` */
	guint shortest, longest, depth; /* words; how deep it nests. A gap has no other measure */
	guint n;                /* symbols, or children; NODE_OPTIONAL has one */
	guint32 one;            /* the symbol, where n is 1 */
	guint32 index;          /* build.c: of its element or node, + 1, once known */
	guint cost;             /* build.c: what looking for it costs, once known */
	union {
		guint32 *symbols;   /* NODE_ELEMENT, where n is not 1 */
		PhraseNode *first;  /* of the children */
		PhraseNode *list;
	};
	PhraseNode *last, *next; /* of the children; child of the same parent */
};

/* The node with the symbols or children. */
static inline PhraseNode *
phrase_inner(PhraseNode *node)
{
	return node->is_list ? node->list : node;
}

/* The first of its children, or NULL. */
static inline PhraseNode *
phrase_children(const PhraseNode *node)
{
	return node->kind == NODE_ELEMENT || node->is_list ? NULL : node->first;
}

static inline const guint32 *
phrase_symbols(const PhraseNode *node)
{
	return node->n == 1 ? &node->one : node->symbols;
}

/* Where nodes come from; it begins as zeroes. */
typedef struct {
	Arena arena;
	PhraseNode *spare;      /* nodes that went up in others */
} PhrasePool;

/* The phrases of word list `name` as one node, or NULL with what is wrong with it. */
typedef PhraseNode *(*PhraseList)(void *data, const char *name, char **error_out);

typedef struct {
	Build *build;
	PhrasePool *pool;
	PhraseList list;
	void *data;
} PhraseContext;

/* NULL with what is wrong and what to do. *hint_out (free it) is set where the phrase is sound but
 * says nothing ("an optional word at the end"). */
PhraseNode *phrase_parse(const PhraseContext *context, const char *text, char **hint_out,
                         char **error_out);
/* One node that is any of these, which hang together by `next` and are used up. */
PhraseNode *phrase_choice(PhrasePool *pool, PhraseNode *nodes);

G_END_DECLS

#endif
