/* build.c - collects symbols, elements, phrases and records, and lays the image out.
 *
 * A phrase is filed under its rarest element: there it is tried, and only if a second rare
 * element is in the mail as well. That is what keeps the cost of a mail away from the number of
 * rules; a trie from the first word would follow every "ik" and "het" into hundreds of branches. */
#include "config.h"

#include <string.h>

#include "classify/build.h"
#include "classify/build-private.h"
#include "classify/tokens.h"

#define VARIANTS_MAX 400
#define COST_NEVER 1e9
/* "de", "ik": nearly every mail has it, so looking for it first saves nothing. */
#define COST_EVERYWHERE 60

static void
symbol_clear(gpointer data)
{
	BuildSymbol *symbol = data;

	g_free(symbol->fold);
	if (symbol->anchors != NULL)
		g_array_free(symbol->anchors, TRUE);
	if (symbol->watched != NULL)
		g_array_free(symbol->watched, TRUE);
}

static void
element_clear(gpointer data)
{
	BuildElement *element = data;

	g_array_free(element->symbols, TRUE);
	g_array_free(element->postings, TRUE);
}

static guint
symbols_hash(gconstpointer key)
{
	const GArray *symbols = key;

	return (guint)image_hash((const guint8 *)symbols->data, symbols->len * sizeof(guint32));
}

static gboolean
symbols_equal(gconstpointer a, gconstpointer b)
{
	const GArray *x = a, *y = b;

	return x->len == y->len && memcmp(x->data, y->data, x->len * sizeof(guint32)) == 0;
}

Build *
build_new(void)
{
	Build *b = g_new0(Build, 1);

	b->strings = g_string_new(NULL);
	b->string_index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (Section s = 0; s < SECTION_N; s++)
		b->sections[s] = g_array_new(FALSE, TRUE, image_record_size(s));
	b->words = g_array_new(FALSE, TRUE, sizeof(BuildSymbol));
	g_array_set_clear_func(b->words, symbol_clear);
	b->patterns = g_array_new(FALSE, TRUE, sizeof(BuildSymbol));
	g_array_set_clear_func(b->patterns, symbol_clear);
	b->word_index = g_hash_table_new(g_str_hash, g_str_equal);
	b->pattern_index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	b->items = g_array_new(FALSE, FALSE, sizeof(guint32));
	b->elements = g_array_new(FALSE, TRUE, sizeof(BuildElement));
	g_array_set_clear_func(b->elements, element_clear);
	b->element_index = g_hash_table_new(symbols_hash, symbols_equal);
	b->languages = g_ptr_array_new_with_free_func(g_free);
	b->hint_keys = g_array_new(FALSE, FALSE, sizeof(guint64));
	build_string(b, "");
	build_language(b, "any");
	return b;
}

void
build_free(Build *b)
{
	if (b == NULL)
		return;
	g_hash_table_destroy(b->element_index);
	g_hash_table_destroy(b->pattern_index);
	g_hash_table_destroy(b->word_index);
	g_hash_table_destroy(b->string_index);
	g_array_free(b->elements, TRUE);
	g_array_free(b->items, TRUE);
	g_array_free(b->patterns, TRUE);
	g_array_free(b->words, TRUE);
	symbol_clear(&b->number);
	for (Section s = 0; s < SECTION_N; s++)
		g_array_free(b->sections[s], TRUE);
	g_string_free(b->strings, TRUE);
	g_ptr_array_free(b->languages, TRUE);
	g_array_free(b->hint_keys, TRUE);
	g_free(b);
}

guint32
build_string(Build *b, const char *text)
{
	gpointer at;

	if (text == NULL)
		return NONE;
	if (g_hash_table_lookup_extended(b->string_index, text, NULL, &at))
		return GPOINTER_TO_UINT(at);
	at = GUINT_TO_POINTER((guint)b->strings->len);
	g_string_append_len(b->strings, text, strlen(text) + 1);
	g_hash_table_insert(b->string_index, g_strdup(text), at);
	return GPOINTER_TO_UINT(at);
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

guint32
build_word(Build *b, const char *fold)
{
	gpointer index;

	if (g_hash_table_lookup_extended(b->word_index, fold, NULL, &index))
		return SYMBOL_WORD | GPOINTER_TO_UINT(index);

	BuildSymbol word = { .fold = g_strdup(fold) };

	g_array_append_val(b->words, word);
	g_hash_table_insert(b->word_index, word.fold, GUINT_TO_POINTER(b->words->len - 1));
	return SYMBOL_WORD | (b->words->len - 1);
}

guint
build_words(const Build *b)
{
	return b->words->len;
}

guint32
build_pattern(Build *b, PatternKind kind, const char *fold)
{
	g_autofree char *key = g_strdup_printf("%u%s", kind, fold);
	gpointer index;

	if (g_hash_table_lookup_extended(b->pattern_index, key, NULL, &index))
		return SYMBOL_PATTERN | GPOINTER_TO_UINT(index);

	BuildSymbol pattern = { .fold = g_strdup(fold), .kind = kind };

	g_array_append_val(b->patterns, pattern);
	index = GUINT_TO_POINTER(b->patterns->len - 1);
	g_hash_table_insert(b->pattern_index, g_steal_pointer(&key), index);
	return SYMBOL_PATTERN | GPOINTER_TO_UINT(index);
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
build_hint(Build *b, guint64 key, guint32 languages, guint32 first, guint32 points)
{
	ImageHint hint = { word_check(key), languages, first, points };

	build_record(b, SECTION_HINTS, &hint);
	g_array_append_val(b->hint_keys, key);
}

void
build_count(Build *b, PhraseNode *node, guint32 languages)
{
	PhraseNode *inner = phrase_inner(node);

	if (inner->kind == NODE_ELEMENT) {
		for (guint i = 0; i < inner->n_symbols; i++) {
			BuildSymbol *s = build_symbol(b, inner->symbols[i]);

			s->uses++;
			s->languages |= languages;
		}
	}
	for (PhraseNode *child = inner->first; child != NULL; child = child->next)
		build_count(b, child, languages);
}

/* How often a symbol may stand in mail, guessed: words that many phrases use are frequent, and so
 * are short ones. Only the order matters. */
static double
symbol_cost(Build *b, guint32 symbol)
{
	const BuildSymbol *s = build_symbol(b, symbol);
	gsize bytes;

	if ((symbol & ~SYMBOL_STRICT) == SYMBOL_NUMBER)
		return 400;
	bytes = strlen(s->fold);
	if ((symbol & SYMBOL_PATTERN) != 0)
		return s->uses + (bytes < 5 ? 40 : 15);
	return s->uses + (bytes <= 2 ? 60 : bytes == 3 ? 35 : bytes == 4 ? 10 : 1);
}

/* ---- elements and nodes ---- */

static gint
compare_symbols(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;

	return x < y ? -1 : x > y;
}

static GArray *
sorted_symbols(const PhraseNode *node)
{
	GArray *symbols = g_array_sized_new(FALSE, FALSE, sizeof(guint32), node->n_symbols);
	guint n = 0;

	g_array_append_vals(symbols, node->symbols, node->n_symbols);
	g_array_sort(symbols, compare_symbols);
	for (guint i = 0; i < symbols->len; i++) {
		guint32 symbol = g_array_index(symbols, guint32, i);

		if (n == 0 || g_array_index(symbols, guint32, n - 1) != symbol)
			g_array_index(symbols, guint32, n++) = symbol;
	}
	g_array_set_size(symbols, n);
	return symbols;
}

static guint32
find_element(Build *b, const PhraseNode *node)
{
	GArray *symbols = sorted_symbols(node);
	gpointer index;
	double cost = 0;

	if (g_hash_table_lookup_extended(b->element_index, symbols, NULL, &index)) {
		g_array_free(symbols, TRUE);
		return GPOINTER_TO_UINT(index);
	}
	for (guint i = 0; i < symbols->len; i++)
		cost += symbol_cost(b, g_array_index(symbols, guint32, i));

	BuildElement element = { .symbols = symbols,
		                 .postings = g_array_new(FALSE, FALSE, sizeof(BuildPosting)),
		                 .cost = cost };

	g_array_append_val(b->elements, element);
	g_hash_table_insert(b->element_index, symbols, GUINT_TO_POINTER(b->elements->len - 1));
	return b->elements->len - 1;
}

/* Each node asks once, and each word alone once. May move the elements. */
static guint32
element_index(Build *b, PhraseNode *node)
{
	gboolean single = node->n_symbols == 1 && (node->one & SYMBOL_STRICT) == 0 &&
	                  node->symbols == &node->one;
	BuildSymbol *symbol = single ? build_symbol(b, node->one) : NULL;

	if (node->element == 0 && single)
		node->element = symbol->alone;
	if (node->element == 0)
		node->element = find_element(b, node) + 1;
	if (single)
		symbol->alone = node->element;
	return node->element - 1;
}

static guint32 add_node(Build *b, PhraseNode *node);

/* How a sequence or choice names a part of itself. */
static guint32
add_item(Build *b, PhraseNode *node)
{
	PhraseNode *inner = phrase_inner(node);

	if (inner->kind == NODE_ELEMENT && inner->n_symbols == 1)
		return item_of_symbol(inner->symbols[0]);
	if (inner->kind == NODE_ELEMENT)
		return element_index(b, inner) | ITEM_ELEMENT;
	return add_node(b, node);
}

static guint32
add_node(Build *b, PhraseNode *node)
{
	PhraseNode *inner = phrase_inner(node);
	ImageNode record = { .kind = inner->kind };

	if (node->list != NULL && inner->node > 0)
		return inner->node - 1;
	if (inner->kind == NODE_GAP) {
		record.a = inner->gap;
	} else if (inner->kind == NODE_OPTIONAL) {
		record.a = add_item(b, inner->first);
	} else if (inner->n_children > 0) {
		g_autofree guint32 *nodes = g_new(guint32, inner->n_children);

		for (PhraseNode *child = inner->first; child != NULL; child = child->next)
			nodes[record.b++] = add_item(b, child);
		record.a = build_records(b, SECTION_ITEMS);
		g_array_append_vals(b->sections[SECTION_ITEMS], nodes, record.b);
	}
	inner->node = build_record(b, SECTION_NODES, &record) + 1;
	return inner->node - 1;
}

/* ---- phrases ---- */

/* What looking for this node costs if its best part is the anchor; COST_NEVER if it has none. */
static double
node_cost(Build *b, PhraseNode *node)
{
	PhraseNode *inner = phrase_inner(node);
	double best = COST_NEVER, sum = 0;

	if (inner->cost != 0)
		return inner->cost;
	if (inner->kind == NODE_ELEMENT) {
		guint32 index = element_index(b, inner);

		return inner->cost = g_array_index(b->elements, BuildElement, index).cost;
	}
	if (inner->kind != NODE_SEQUENCE && inner->kind != NODE_CHOICE)
		return inner->cost = COST_NEVER;
	for (PhraseNode *child = inner->first; child != NULL; child = child->next) {
		double cost = node_cost(b, child);

		best = MIN(best, cost);
		sum += cost;
	}
	return inner->cost = inner->kind == NODE_SEQUENCE ? best : MIN(sum, COST_NEVER);
}

static void
add_variant(Build *b, guint32 owner, guint32 text, const GPtrArray *items, guint anchor,
            guint32 filter)
{
	PhraseNode *at = g_ptr_array_index(items, anchor);
	guint32 element = element_index(b, phrase_inner(at));
	ImagePhrase phrase = { .text = text, .anchor = element };
	BuildPosting posting = {
		.phrase = build_record(b, SECTION_PHRASES, &phrase),
		.owner = owner,
		.filter = filter,
		.first_item = b->items->len,
		.left = anchor,
		.right = items->len - anchor - 1,
	};

	for (guint i = 0; i < items->len; i++) {
		guint32 item = i == anchor ? 0 : add_item(b, g_ptr_array_index(items, i));

		if (i != anchor)
			g_array_append_val(b->items, item);
	}
	g_array_append_val(g_array_index(b->elements, BuildElement, element).postings, posting);
	if (filter != NONE)
		g_array_index(b->elements, BuildElement, filter).watched = TRUE;
}

/* The cheapest and the second cheapest item that must be there. */
static void
choose(Build *b, const GPtrArray *items, guint *best_out, double *cost_out, guint *second_out)
{
	double best = COST_NEVER, second = COST_NEVER;

	*best_out = *second_out = G_MAXUINT;
	for (guint i = 0; i < items->len; i++) {
		double cost = node_cost(b, g_ptr_array_index(items, i));

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
	*cost_out = best;
}

static GPtrArray *
items_with(const GPtrArray *items, guint at, PhraseNode *instead)
{
	GPtrArray *copy = g_ptr_array_new();

	for (guint i = 0; i < items->len; i++)
		if (i != at)
			g_ptr_array_add(copy, g_ptr_array_index(items, i));
		else if (instead->kind == NODE_SEQUENCE && instead->list == NULL)
			for (PhraseNode *child = instead->first; child != NULL; child = child->next)
				g_ptr_array_add(copy, child);
		else
			g_ptr_array_add(copy, instead);
	return copy;
}

/* A phrase whose rarest item is a choice of several words is filed once per choice. */
static gboolean
add_items_of(Build *b, guint32 owner, guint32 text, const GPtrArray *items, guint *left)
{
	guint best, second;
	double cost;

	choose(b, items, &best, &cost, &second);
	if (best == G_MAXUINT || *left == 0)
		return FALSE;

	PhraseNode *node = g_ptr_array_index(items, best);
	PhraseNode *inner = phrase_inner(node);

	if (inner->kind == NODE_ELEMENT) {
		PhraseNode *other =
		    second == G_MAXUINT ? NULL : g_ptr_array_index(items, second);
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
		g_autoptr(GPtrArray) copy = items_with(items, best, instead);

		if (!add_items_of(b, owner, text, copy, left))
			return FALSE;
	}
	return TRUE;
}

gboolean
build_phrase(Build *b, guint32 owner, guint32 text, PhraseNode *phrase)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	guint left = VARIANTS_MAX;

	g_ptr_array_add(one, phrase);
	g_autoptr(GPtrArray) items = items_with(one, 0, phrase);
	return add_items_of(b, owner, text, items, &left);
}
