/* verify.c - whether a phrase stands around a word.
 *
 * From the anchor outwards, all ways at once: a set of places is one 64-bit number, bit k for "k
 * words away". Choices are or, gaps are shifts; so there is no backtracking, and no phrase can be
 * made slow by the text it meets. phrase.c sees to it that 63 words are enough. */
#include "config.h"

#include "classify/run.h"

typedef struct {
	const Run *run;
	const guint64 *signatures; /* of the words */
	const guint8 *marks;
	guint32 base;          /* forward: the word bit 0 stands before; backward: behind */
	guint32 room;          /* words to the end of the sentence, at most 63 */
	guint where;
	gboolean forward, weak_too;
	gboolean first, last;  /* the sentence's edge is at `room` */
	guint8 stop;
} View;

static guint32
word_at(const View *v, guint k)
{
	return v->forward ? v->base + k : v->base - 1 - k;
}

static guint64
item_signature(const Run *run, guint32 item)
{
	if ((item & ITEM_SYMBOL) != 0)
		return symbol_signature(symbol_of_item(item));
	return run->rules->elements[item & ITEM_INDEX].signature;
}

static guint64
step(const View *v, guint32 item, guint64 set)
{
	const Run *run = v->run;
	guint64 out = 0, signature = item_signature(run, item);

	for (; set != 0; set &= set - 1) {
		guint k = (guint)__builtin_ctzll(set);

		if (k >= v->room)
			break;
		guint32 word = word_at(v, k);
		if ((v->signatures[word] & signature) == 0)
			continue;
		guint has = run_form_has(run, run_form(run, v->where, word), item);

		if (has == 2 || (has == 1 && v->weak_too))
			out |= (guint64)1 << (k + 1);
	}
	return out;
}

static guint64
gap(const View *v, guint most, guint64 set)
{
	guint64 out = set, edge = set;

	for (guint i = 0; i < most && edge != 0; i++) {
		guint64 next = 0;

		for (; edge != 0; edge &= edge - 1) {
			guint k = (guint)__builtin_ctzll(edge);

			if (k >= v->room)
				break;
			if (v->stop == 0 || (v->marks[word_at(v, k)] & v->stop) == 0)
				next |= (guint64)1 << (k + 1);
		}
		edge = next & ~out;
		out |= next;
	}
	return out;
}

static gboolean
is_word_item(guint32 item)
{
	return (item & (ITEM_SYMBOL | ITEM_ELEMENT)) != 0;
}

static guint64 walk_node(const View *v, const ImageNode *node, guint64 set);

static guint64
walk(const View *v, guint32 item, guint64 set)
{
	return is_word_item(item) ? step(v, item, set)
	                          : walk_node(v, &v->run->rules->nodes[item], set);
}

/* Items in the order of reading; backward from the last to the first. */
static guint64
walk_items(const View *v, const guint32 *items, guint32 n, guint64 set)
{
	for (guint32 i = 0; i < n && set != 0; i++)
		set = walk(v, items[v->forward ? i : n - 1 - i], set);
	return set;
}

/* All words the set stands before, as one signature. */
static guint64
words_before(const View *v, guint64 set)
{
	guint64 words = 0;

	for (; set != 0; set &= set - 1) {
		guint k = (guint)__builtin_ctzll(set);

		if (k >= v->room)
			break;
		words |= v->signatures[word_at(v, k)];
	}
	return words;
}

/* FALSE: none of the words can be the item's first. */
static gboolean
may_begin(const View *v, guint32 item, guint64 words)
{
	if (!is_word_item(item)) {
		const ImageNode *node = &v->run->rules->nodes[item];

		if (node->kind != NODE_SEQUENCE)
			return TRUE;
		item = v->run->rules->items[node->a + (v->forward ? 0 : node->b - 1)];
		if (!is_word_item(item))
			return TRUE;
	}
	return (item_signature(v->run, item) & words) != 0;
}

/* Most of a choice is nowhere near. */
static guint64
walk_choice(const View *v, const guint32 *items, guint32 n, guint64 set)
{
	guint64 out = 0, words = words_before(v, set);

	for (guint32 i = 0; i < n; i++)
		if (may_begin(v, items[i], words))
			out |= walk(v, items[i], set);
	return out;
}

static guint64
walk_node(const View *v, const ImageNode *node, guint64 set)
{
	const guint32 *items = v->run->rules->items;
	guint64 edge = (guint64)1 << v->room;

	switch ((NodeKind)node->kind) {
	case NODE_ELEMENT:
		break; /* never a node: an item at once */
	case NODE_SEQUENCE:
		return walk_items(v, items + node->a, node->b, set);
	case NODE_CHOICE:
		return walk_choice(v, items + node->a, node->b, set);
	case NODE_OPTIONAL:
		return set | walk(v, node->a, set);
	case NODE_GAP:
		return gap(v, node->a, set);
	case NODE_BEGIN:
		return !v->forward && v->first ? set & edge : 0;
	case NODE_END:
		return v->forward && v->last ? set & edge : 0;
	}
	return 0;
}

/* Nearly all tries fail at the first item: a word says so sooner than a choice of many. */
static gboolean
right_is_cheaper(const ImagePosting *posting)
{
	return posting->right > 0 && is_word_item(posting->items[posting->left]) &&
	       (posting->left == 0 || !is_word_item(posting->items[posting->left - 1]));
}

/* Each item that is a word must stand somewhere in the sentence. */
static gboolean
sentence_may_have(const Run *run, const ImagePosting *posting, guint64 words)
{
	for (guint i = 0; i < (guint)posting->left + posting->right; i++)
		if (is_word_item(posting->items[i]) &&
		    (item_signature(run, posting->items[i]) & words) == 0)
			return FALSE;
	return TRUE;
}

gboolean
run_verify(const Run *run, const ImagePosting *posting, guint where, guint32 at, gboolean weak_too,
           guint8 stop, guint64 *starts_out, guint64 *ends_out)
{
	const Tokens *tokens = run->texts[where];
	guint32 index = tokens->tokens[at].sentence;
	const Sentence *sentence = &tokens->sentences[index];

	if (!sentence_may_have(run, posting, run->sentence_signatures[where][index]))
		return FALSE;

	View v = { .run = run,
		   .where = where,
		   .signatures = run->signatures[where],
		   .marks = run->marks[where],
		   .weak_too = weak_too,
		   .stop = stop };
	gboolean forward = right_is_cheaper(posting);
	guint64 sets[2] = { 1, 1 }; /* starts, ends */

	for (guint i = 0; i < 2; i++, forward = !forward) {
		if ((forward ? posting->right : posting->left) == 0)
			continue;
		guint32 room = forward ? sentence->end - at - 1 : at - sentence->first;

		v.forward = forward;
		v.base = forward ? at + 1 : at;
		v.room = MIN(room, 63);
		v.first = v.last = room <= 63;
		sets[forward] = forward ? walk_items(&v, posting->items + posting->left,
		                                     posting->right, 1)
		                        : walk_items(&v, posting->items, posting->left, 1);
		if (sets[forward] == 0)
			return FALSE;
	}
	*starts_out = sets[0];
	*ends_out = sets[1];
	return TRUE;
}
