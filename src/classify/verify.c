/* verify.c - whether a phrase stands around a word.
 *
 * From the anchor outwards, all ways at once: a set of places is one 64-bit number, bit k for "k
 * words away". Choices are or, gaps are shifts; so there is no backtracking, and no phrase can be
 * made slow by the text it meets. phrase.c sees to it that 63 words are enough. */
#include "config.h"

#include "classify/run.h"

typedef struct {
	const Run *run;
	const guint32 *form_of;
	const guint8 *marks;
	guint32 base;          /* forward: the word bit 0 stands before; backward: behind */
	guint32 room;          /* words to the end of the sentence, at most 63 */
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
step(const View *v, guint32 item, guint64 set)
{
	guint64 out = 0;

	/* Most words of a choice are nowhere in the mail. */
	if ((item & (ITEM_SYMBOL | ITEM_NUMBER)) == ITEM_SYMBOL && !run_is_here(v->run, item))
		return 0;
	for (; set != 0; set &= set - 1) {
		guint k = (guint)__builtin_ctzll(set);

		if (k >= v->room)
			break;
		const Form *form = &v->run->forms[v->form_of[word_at(v, k)]];
		if (form->symbols == 0)
			continue; /* a word no rule knows */
		guint has = run_form_has(v->run, form, item);

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

static guint64 walk(const View *v, guint32 item, guint64 set);

/* Items in the order of reading; backward from the last to the first. */
static guint64
walk_items(const View *v, const guint32 *items, guint32 n, guint64 set)
{
	for (guint32 i = 0; i < n && set != 0; i++) {
		guint32 item = items[v->forward ? i : n - 1 - i];

		set = (item & (ITEM_SYMBOL | ITEM_ELEMENT)) != 0 ? step(v, item, set)
		                                                  : walk(v, item, set);
	}
	return set;
}

static guint64
walk(const View *v, guint32 item, guint64 set)
{
	if ((item & (ITEM_SYMBOL | ITEM_ELEMENT)) != 0)
		return step(v, item, set);

	const ImageNode *node = &v->run->rules->nodes[item];
	guint64 out = 0, edge = (guint64)1 << v->room;

	switch ((NodeKind)node->kind) {
	case NODE_ELEMENT:
		break; /* never a node: an item at once */
	case NODE_SEQUENCE:
		return walk_items(v, v->run->rules->items + node->a, node->b, set);
	case NODE_CHOICE:
		for (guint32 i = 0; i < node->b; i++)
			out |= walk(v, v->run->rules->items[node->a + i], set);
		return out;
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

static gboolean
is_word_item(guint32 item)
{
	return (item & (ITEM_SYMBOL | ITEM_ELEMENT)) != 0;
}

/* Nearly all tries fail at the first item: a word says so sooner than a choice of many. */
static gboolean
right_is_cheaper(const ImagePosting *posting)
{
	return posting->right > 0 && is_word_item(posting->items[posting->left]) &&
	       (posting->left == 0 || !is_word_item(posting->items[posting->left - 1]));
}

gboolean
run_verify(const Run *run, const ImagePosting *posting, guint where, guint32 at, gboolean weak_too,
           guint8 stop, guint64 *starts_out, guint64 *ends_out)
{
	const Tokens *tokens = run->texts[where];
	const Sentence *sentence = &tokens->sentences[tokens->tokens[at].sentence];
	View v = { .run = run,
		   .form_of = run->form_of[where],
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
