/* build.c - collects symbols, elements, phrases and records, and lays the image out.
 *
 * A phrase is filed under its rarest element: there it is tried, and only if a second rare
 * element is in the mail as well. That is what keeps the cost of a mail away from the number of
 * rules; a trie from the first word would follow every "ik" and "het" into hundreds of branches. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "classify/build.h"
#include "classify/build-private.h"
#include "classify/tokens.h"

#define VARIANTS_MAX 400
#define COST_NEVER 1000000000u
/* "de", "ik": nearly every mail has it, so looking for it first saves nothing. */
#define COST_EVERYWHERE 60

Build *
build_new(void)
{
	Build *b = g_new0(Build, 1);

	b->strings = g_string_new(NULL);
	for (Section s = 0; s < SECTION_N; s++)
		b->sections[s] = g_array_new(FALSE, TRUE, image_record_size(s));
	b->words = g_array_new(FALSE, TRUE, sizeof(BuildSymbol));
	b->patterns = g_array_new(FALSE, TRUE, sizeof(BuildSymbol));
	b->items = g_array_new(FALSE, FALSE, sizeof(guint32));
	b->elements = g_array_new(FALSE, TRUE, sizeof(BuildElement));
	b->postings = g_array_new(FALSE, FALSE, sizeof(BuildPosting));
	b->links = g_array_new(FALSE, FALSE, sizeof(BuildLink));
	b->languages = g_ptr_array_new_with_free_func(g_free);
	b->hints = g_array_new(FALSE, FALSE, sizeof(BuildHint));
	b->hint_points = g_array_new(FALSE, FALSE, sizeof(ImageHintPoint));
	b->sorted = g_array_new(FALSE, FALSE, sizeof(guint32));
	b->phrase = g_ptr_array_new();
	build_string(b, "");
	build_language(b, "any");
	return b;
}

void
build_free(Build *b)
{
	GArray *arrays[] = { b->words, b->patterns,  b->items, b->elements, b->postings,
		             b->links, b->hints, b->hint_points, b->sorted };
	Finder *finders[] = { &b->string_finder, &b->word_finder, &b->pattern_finder,
		              &b->element_finder };

	for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
		g_array_free(arrays[i], TRUE);
	for (gsize i = 0; i < G_N_ELEMENTS(finders); i++)
		finder_clear(finders[i]);
	for (Section s = 0; s < SECTION_N; s++)
		g_array_free(b->sections[s], TRUE);
	g_string_free(b->strings, TRUE);
	g_ptr_array_free(b->languages, TRUE);
	g_ptr_array_free(b->phrase, TRUE);
	arena_clear(&b->arena);
	g_free(b);
}

void
build_chain(Build *b, BuildChain *chain, guint32 value)
{
	BuildLink link = { value, 0 };

	g_array_append_val(b->links, link);
	if (chain->n++ == 0)
		chain->first = b->links->len;
	else
		g_array_index(b->links, BuildLink, chain->last - 1).next = b->links->len;
	chain->last = b->links->len;
}

guint32
build_string_hashed(Build *b, const char *text, gsize bytes, guint64 hash)
{
	guint32 place;
	guint at = 0;

	while ((place = finder_next(&b->string_finder, hash, &at)) != NONE)
		if (strcmp(b->strings->str + place, text) == 0)
			return place;
	place = (guint32)b->strings->len;
	g_string_append_len(b->strings, text, bytes + 1);
	finder_add(&b->string_finder, hash, place);
	return place;
}

guint32
build_string(Build *b, const char *text)
{
	gsize bytes;

	if (text == NULL)
		return NONE;
	bytes = strlen(text);
	return build_string_hashed(b, text, bytes, word_hash(text, bytes));
}

guint32
build_record(Build *b, Section section, gconstpointer record)
{
	g_array_append_vals(b->sections[section], record, 1);
	return b->sections[section]->len - 1;
}

guint
build_records(const Build *b, Section section)
{
	return b->sections[section]->len;
}

gpointer
build_at(Build *b, Section section, guint index)
{
	return b->sections[section]->data + index * image_record_size(section);
}

guint16
build_language(Build *b, const char *language)
{
	guint i;

	for (i = 0; i < b->languages->len; i++)
		if (strcmp(g_ptr_array_index(b->languages, i), language) == 0)
			return 1u << i;
	if (i == 16)
		return 0;
	guint32 string = build_string(b, language);

	g_ptr_array_add(b->languages, g_strdup(language));
	build_record(b, SECTION_LANGUAGES, &string);
	return 1u << i;
}

/* ---- symbols ---- */

/* The symbol with this fold, or a new one. */
static guint32
find_symbol(Build *b, GArray *symbols, Finder *finder, PatternKind kind, const char *fold)
{
	gsize bytes = strlen(fold);
	guint64 hash = word_hash(fold, bytes);
	guint32 index;
	guint at = 0;

	while ((index = finder_next(finder, hash, &at)) != NONE) {
		const BuildSymbol *known = &g_array_index(symbols, BuildSymbol, index);

		if (known->hash == hash && known->kind == kind && strcmp(known->fold, fold) == 0)
			return index;
	}
	BuildSymbol symbol = { .bytes = bytes, .hash = hash, .kind = kind };

	symbol.fold = memcpy(arena_alloc(&b->arena, bytes + 1), fold, bytes + 1);
	finder_add(finder, hash, symbols->len);
	g_array_append_val(symbols, symbol);
	return symbols->len - 1;
}

guint32
build_word(Build *b, const char *fold)
{
	return SYMBOL_WORD | find_symbol(b, b->words, &b->word_finder, 0, fold);
}

guint
build_words(const Build *b)
{
	return b->words->len;
}

guint32
build_pattern(Build *b, PatternKind kind, const char *fold)
{
	return SYMBOL_PATTERN | find_symbol(b, b->patterns, &b->pattern_finder, kind, fold);
}

BuildSymbol *
build_symbol(Build *b, guint32 symbol)
{
	symbol &= ~SYMBOL_STRICT;
	if (symbol == SYMBOL_NUMBER)
		return &b->number;
	if ((symbol & SYMBOL_PATTERN) != 0)
		return &g_array_index(b->patterns, BuildSymbol, symbol & SYMBOL_INDEX);
	return &g_array_index(b->words, BuildSymbol, symbol & SYMBOL_INDEX);
}

void
build_known(Build *b, const char *fold, guint32 languages)
{
	build_symbol(b, build_word(b, fold))->languages |= languages;
}

void
build_hint(Build *b, guint64 key, guint32 languages, const ImageHintPoint *points, guint n)
{
	BuildHint hint = { key, languages, b->hint_points->len, n, 0 };

	g_array_append_val(b->hints, hint);
	g_array_append_vals(b->hint_points, points, n);
}

void
build_count(Build *b, PhraseNode *node, guint32 languages)
{
	PhraseNode *inner = phrase_inner(node);

	if (inner->kind == NODE_ELEMENT) {
		for (guint i = 0; i < inner->n; i++) {
			BuildSymbol *s = build_symbol(b, phrase_symbols(inner)[i]);

			s->uses++;
			s->languages |= languages;
		}
	}
	for (PhraseNode *child = phrase_children(inner); child != NULL; child = child->next)
		build_count(b, child, languages);
}

/* How often a symbol may stand in mail, guessed: words that many phrases use are frequent, and so
 * are short ones. Only the order matters. */
static guint
symbol_cost(Build *b, guint32 symbol)
{
	const BuildSymbol *s = build_symbol(b, symbol);
	guint bytes = s->bytes;

	if ((symbol & ~SYMBOL_STRICT) == SYMBOL_NUMBER)
		return 400;
	if ((symbol & SYMBOL_PATTERN) != 0)
		return s->uses + (bytes < 5 ? 40 : 15);
	return s->uses + (bytes <= 2 ? 60 : bytes == 3 ? 35 : bytes == 4 ? 10 : 1);
}

/* ---- elements and nodes ---- */

static int
compare_symbols(const void *a, const void *b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;

	return x < y ? -1 : x > y;
}

/* The symbols of a node in order, each once: in b->sorted, until the next. */
static void
sort_symbols(Build *b, const PhraseNode *node)
{
	guint32 *symbols;
	guint n = 0;

	g_array_set_size(b->sorted, 0);
	g_array_append_vals(b->sorted, phrase_symbols(node), node->n);
	symbols = (guint32 *)(gpointer)b->sorted->data;
	qsort(symbols, node->n, sizeof *symbols, compare_symbols);
	for (guint i = 0; i < node->n; i++)
		if (n == 0 || symbols[n - 1] != symbols[i])
			symbols[n++] = symbols[i];
	g_array_set_size(b->sorted, n);
}

static guint32
find_element(Build *b, const PhraseNode *node)
{
	guint32 index;
	guint at = 0;

	sort_symbols(b, node);
	const guint32 *symbols = (const guint32 *)(gconstpointer)b->sorted->data;
	guint n = b->sorted->len;
	guint64 hash = image_hash((const guint8 *)symbols, n * sizeof *symbols);

	while ((index = finder_next(&b->element_finder, hash, &at)) != NONE) {
		const BuildElement *known = &g_array_index(b->elements, BuildElement, index);

		if (known->n_symbols == n && memcmp(known->symbols, symbols, n * sizeof *symbols) == 0)
			return index;
	}
	guint32 *own = arena_new(&b->arena, guint32, n);
	BuildElement element = { .symbols = own, .n_symbols = n };

	for (guint i = 0; i < n; i++) {
		own[i] = symbols[i];
		element.cost += symbol_cost(b, symbols[i]);
	}
	finder_add(&b->element_finder, hash, b->elements->len);
	g_array_append_val(b->elements, element);
	return b->elements->len - 1;
}

/* Each node asks once, and each word alone once. May move the elements. */
static guint32
element_index(Build *b, PhraseNode *node)
{
	gboolean single = node->n == 1 && (node->one & SYMBOL_STRICT) == 0;
	BuildSymbol *symbol = single ? build_symbol(b, node->one) : NULL;

	if (node->index == 0 && single)
		node->index = symbol->alone;
	if (node->index == 0)
		node->index = find_element(b, node) + 1;
	if (single)
		symbol->alone = node->index;
	return node->index - 1;
}

static guint32 add_node(Build *b, PhraseNode *node);

/* How a sequence or choice names a part of itself. */
static guint32
add_item(Build *b, PhraseNode *node)
{
	PhraseNode *inner = phrase_inner(node);

	if (inner->kind == NODE_ELEMENT && inner->n == 1)
		return item_of_symbol(inner->one);
	if (inner->kind == NODE_ELEMENT)
		return element_index(b, inner) | ITEM_ELEMENT;
	return add_node(b, node);
}

static guint32
add_node(Build *b, PhraseNode *node)
{
	PhraseNode *inner = phrase_inner(node);
	ImageNode record = { .kind = inner->kind };

	if (inner->index > 0)
		return inner->index - 1;
	if (inner->kind == NODE_GAP) {
		record.a = inner->longest;
	} else if (inner->kind == NODE_OPTIONAL) {
		record.a = add_item(b, inner->first);
	} else if (inner->n > 0) {
		g_autofree guint32 *nodes = g_new(guint32, inner->n);

		for (PhraseNode *child = inner->first; child != NULL; child = child->next)
			nodes[record.b++] = add_item(b, child);
		record.a = build_records(b, SECTION_ITEMS);
		g_array_append_vals(b->sections[SECTION_ITEMS], nodes, record.b);
	}
	inner->index = build_record(b, SECTION_NODES, &record) + 1;
	return inner->index - 1;
}

/* ---- phrases ---- */

/* What looking for this node costs if its best part is the anchor; COST_NEVER if it has none. */
static guint
node_cost(Build *b, PhraseNode *node)
{
	PhraseNode *inner = phrase_inner(node);
	guint best = COST_NEVER, sum = 0;

	if (inner->cost != 0)
		return inner->cost;
	if (inner->kind == NODE_ELEMENT) {
		guint32 index = element_index(b, inner);

		return inner->cost = g_array_index(b->elements, BuildElement, index).cost;
	}
	if (inner->kind != NODE_SEQUENCE && inner->kind != NODE_CHOICE)
		return inner->cost = COST_NEVER;
	for (PhraseNode *child = inner->first; child != NULL; child = child->next) {
		guint cost = node_cost(b, child);

		best = MIN(best, cost);
		sum = MIN(sum + cost, COST_NEVER);
	}
	return inner->cost = inner->kind == NODE_SEQUENCE ? best : sum;
}

/* Nodes of Build.phrase. */
typedef struct {
	guint from, n;
} Items;

static PhraseNode *
item_at(Build *b, Items items, guint at)
{
	return g_ptr_array_index(b->phrase, items.from + at);
}

static void
add_variant(Build *b, guint32 owner, guint32 text, Items items, guint anchor, guint32 filter)
{
	guint32 index = element_index(b, phrase_inner(item_at(b, items, anchor)));
	ImagePhrase phrase = { .text = text, .anchor = index };
	BuildPosting posting = {
		.phrase = build_record(b, SECTION_PHRASES, &phrase),
		.owner = owner,
		.filter = filter,
		.first_item = b->items->len,
		.left = anchor,
		.right = items.n - anchor - 1,
	};

	for (guint i = 0; i < items.n; i++) {
		if (i == anchor)
			continue;
		guint32 item = add_item(b, item_at(b, items, i));

		g_array_append_val(b->items, item);
	}
	BuildElement *element = &g_array_index(b->elements, BuildElement, index);

	build_chain(b, &element->postings, b->postings->len);
	g_array_append_val(b->postings, posting);
	if (filter != NONE)
		g_array_index(b->elements, BuildElement, filter).watched = TRUE;
}

/* The cheapest and the second cheapest item that must be there. */
static void
choose(Build *b, Items items, guint *best_out, guint *second_out)
{
	guint best = COST_NEVER, second = COST_NEVER;

	*best_out = *second_out = G_MAXUINT;
	for (guint i = 0; i < items.n; i++) {
		guint cost = node_cost(b, item_at(b, items, i));

		if (cost < best) {
			*second_out = *best_out;
			second = best;
			*best_out = i;
			best = cost;
		} else if (cost < second) {
			*second_out = i;
			second = cost;
		}
	}
}

static void
put_item(Build *b, PhraseNode *node)
{
	if (node->kind != NODE_SEQUENCE || node->is_list)
		g_ptr_array_add(b->phrase, node);
	else
		for (PhraseNode *child = node->first; child != NULL; child = child->next)
			g_ptr_array_add(b->phrase, child);
}

/* The same items behind those there are, but for one. */
static Items
items_with(Build *b, Items items, guint at, PhraseNode *instead)
{
	Items copy = { b->phrase->len, 0 };

	for (guint i = 0; i < items.n; i++)
		if (i == at)
			put_item(b, instead);
		else
			g_ptr_array_add(b->phrase, item_at(b, items, i));
	copy.n = b->phrase->len - copy.from;
	return copy;
}

/* A phrase whose rarest item is a choice of several words is filed once per choice. */
static gboolean
add_items_of(Build *b, guint32 owner, guint32 text, Items items, guint *left)
{
	guint best, second;

	choose(b, items, &best, &second);
	if (best == G_MAXUINT || *left == 0)
		return FALSE;

	PhraseNode *inner = phrase_inner(item_at(b, items, best));

	if (inner->kind == NODE_ELEMENT) {
		PhraseNode *other = second == G_MAXUINT ? NULL : item_at(b, items, second);
		guint32 filter = NONE;

		if (other != NULL && other->kind == NODE_ELEMENT &&
		    node_cost(b, other) < COST_EVERYWHERE)
			filter = element_index(b, phrase_inner(other));

		(*left)--;
		add_variant(b, owner, text, items, best, filter);
		return TRUE;
	}
	gboolean choice = inner->kind == NODE_CHOICE;
	PhraseNode *instead = choice ? inner->first : inner;

	for (; instead != NULL; instead = choice ? instead->next : NULL) {
		Items copy = items_with(b, items, best, instead);
		gboolean fits = add_items_of(b, owner, text, copy, left);

		g_ptr_array_set_size(b->phrase, copy.from);
		if (!fits)
			return FALSE;
	}
	return TRUE;
}

gboolean
build_phrase(Build *b, guint32 owner, guint32 text, PhraseNode *phrase)
{
	guint left = VARIANTS_MAX;

	g_ptr_array_set_size(b->phrase, 0);
	put_item(b, phrase);
	return add_items_of(b, owner, text, (Items){ 0, b->phrase->len }, &left);
}
