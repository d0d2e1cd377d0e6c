/* lookup.c - each different word of a mail is looked up once: what it is, what it may stand for.
 *
 * A word that some rule of this language knows is never taken for another one. Any other may be
 * one without its accents, or one letter away from a known word of seven letters or more. */
#include "config.h"

#include <string.h>

#include "classify/run.h"

#define PROBES_MAX 32 /* in the table of forms; past it a word is simply not shared */
#define WEAK_MAX 4
#define FORMS_AT_FIRST 128 /* a power of two; most mails have fewer different words */

/* Per process, so that nobody can send words that all fall on one slot. */
static guint64
form_seed(void)
{
	static guint64 seed;

	if (seed == 0)
		seed = ((guint64)g_random_int() << 32 | g_random_int()) | 1;
	return seed;
}

/* ---- the tables of the image ---- */

static guint32
find_word(const Rules *rules, guint64 hash)
{
	guint size = image_count(rules, SECTION_WORD_SLOTS);
	guint at = (guint)hash & (size - 1);

	for (guint32 slot; (slot = rules->word_slots[at]) != 0; at = (at + 1) & (size - 1)) {
		if (slot_fits(slot, hash) &&
		    rules->words[(slot & SLOT_WORD) - 1].check == word_check(hash))
			return (slot & SLOT_WORD) - 1;
	}
	return NONE;
}

static const guint32 *
symbol_list(const Rules *rules, guint32 symbol)
{
	guint32 list;

	if (symbol == SYMBOL_NUMBER)
		list = rules->head->number_list;
	else if ((symbol & SYMBOL_PATTERN) != 0)
		list = rules->patterns[symbol & SYMBOL_INDEX].list;
	else
		list = rules->words[symbol & SYMBOL_INDEX].list;
	return list != NONE ? rules->symbol_lists + list : NULL;
}

static void
add_symbol(Run *run, Form *form, guint32 symbol, gboolean weak)
{
	FormSymbol entry = { symbol, weak, symbol_list(run->rules, symbol) };

	for (guint i = form->first_symbol; i < run->symbols->len; i++) {
		FormSymbol *known = &g_array_index(run->symbols, FormSymbol, i);

		if (known->symbol == symbol) {
			known->weak = known->weak && weak;
			return;
		}
	}
	__builtin_prefetch(entry.list);
	g_array_append_val(run->symbols, entry);
	form->symbols++;
	form->signature |= symbol_signature(symbol);
	if (symbol != SYMBOL_NUMBER) {
		guint32 bit = run_here_bit(run, item_of_symbol(symbol));

		run->here[bit / 8] |= 1u << bit % 8;
	}
	run->any_weak |= weak;
}

static gboolean
is_word_of_mail(const Run *run, guint32 word)
{
	return (run->rules->words[word].languages & run->mask) != 0;
}

static void
add_weak_word(Run *run, Form *form, guint32 word)
{
	if (is_word_of_mail(run, word))
		add_symbol(run, form, SYMBOL_WORD | word, TRUE);
}

/* Words of which this is a second try's form. */
static void
add_plains(Run *run, Form *form, const char *text, guint64 hash)
{
	const Rules *rules = run->rules;
	guint size = image_count(rules, SECTION_PLAIN_SLOTS);
	guint at = (guint)hash & (size - 1);

	for (guint32 slot; (slot = rules->plain_slots[at]) != 0; at = (at + 1) & (size - 1)) {
		const ImagePlain *plain = &rules->plains[(slot & SLOT_WORD) - 1];

		if (slot_fits(slot, hash) && strcmp(rules->strings + plain->string, text) == 0)
			add_weak_word(run, form, plain->word);
	}
}

static void
add_without_accents(Run *run, Form *form, guint32 flags)
{
	gboolean accents = (flags & TOKEN_MARKED) != 0 || strchr(form->fold, '\'') != NULL;

	add_plains(run, form, form->fold, form->hash);
	for (guint i = 0; accents && i < 2; i++) {
		g_autofree char *plain = token_plain(form->fold, i == 1);
		guint64 hash = word_hash(plain, strlen(plain));
		guint32 word = find_word(run->rules, hash);

		if (word != NONE)
			add_weak_word(run, form, word);
		add_plains(run, form, plain, hash);
	}
}

static void
add_typos_at(Run *run, Form *form, guint64 hash)
{
	const Rules *rules = run->rules;
	guint size = image_count(rules, SECTION_TYPO_SLOTS);
	guint at = (guint)hash & (size - 1);

	for (guint32 slot; (slot = rules->typo_slots[at]) != 0; at = (at + 1) & (size - 1)) {
		guint32 word = (slot & SLOT_WORD) - 1;

		if (slot_fits(slot, hash) && is_word_of_mail(run, word) &&
		    token_one_edit(rules->strings + rules->words[word].string, form->fold))
			add_symbol(run, form, SYMBOL_WORD | word, TRUE);
	}
}

/* One letter too many, too few, wrong or in the wrong place; never the first, which people get
 * right. */
static void
add_typos(Run *run, Form *form)
{
	const Rules *rules = run->rules;
	guint mask = image_count(rules, SECTION_TYPO_SLOTS) - 1, lengths = 0;
	Letters letters;
	guint64 front[3], back[3];

	if (!letters_of(form->fold, &letters) || letters.n < TYPO_LETTERS - 1)
		return;
	/* all are asked for before the first is looked at: each is a wait for memory */
	for (guint n = letters.n - 1; n <= letters.n + 1; n++) {
		if (!typo_keys(&letters, n, &front[lengths], &back[lengths]))
			continue;
		__builtin_prefetch(&rules->typo_slots[(guint)front[lengths] & mask]);
		__builtin_prefetch(&rules->typo_slots[(guint)back[lengths] & mask]);
		lengths++;
	}
	for (guint i = 0; i < lengths && form->symbols < WEAK_MAX; i++) {
		add_typos_at(run, form, front[i]);
		add_typos_at(run, form, back[i]);
	}
}

/* ---- patterns ---- */

/* The whole of a pattern of more than eight bytes; `gram` is where a word has its first three, or
 * of a suffix its last. */
static gboolean
is_whole(const Rules *rules, const Form *form, const char *gram, const ImagePattern *pattern)
{
	const char *end = form->fold + form->fold_len, *text = rules->strings + pattern->string;

	if (pattern->bytes > (pattern->kind == PATTERN_SUFFIX ? form->fold_len : end - gram))
		return FALSE;
	return memcmp(pattern->kind == PATTERN_SUFFIX ? end - pattern->bytes : gram, text,
	              pattern->bytes) == 0;
}

/* Patterns filed under the three bytes at `gram`; `text` has eight bytes to compare. */
static void
try_patterns(Run *run, Form *form, const char *gram, PatternKind kind, guint64 text)
{
	const Rules *rules = run->rules;
	guint size = image_count(rules, SECTION_GRAM_SLOTS);
	guint32 key = gram_key(gram, kind), slot = gram_slot(key) & (size - 1);

	while (rules->grams[slot].key != key) {
		if (rules->grams[slot].key == 0)
			return;
		slot = (slot + 1) & (size - 1);
	}
	const ImagePatternHead *heads = rules->pattern_heads + rules->grams[slot].first;

	for (guint32 i = 0; i < rules->grams[slot].count; i++) {
		guint32 index = heads[i].pattern & HEAD_INDEX;
		gboolean other = (heads[i].pattern & HEAD_OTHER) != 0;

		if ((text & heads[i].mask) != heads[i].text ||
		    ((heads[i].pattern & HEAD_LONG) != 0 &&
		     !is_whole(rules, form, gram, &rules->patterns[index])))
			continue;
		add_symbol(run, form, SYMBOL_PATTERN | (other ? rules->patterns[index].of : index),
		           other);
	}
}

static guint64
eight_bytes(const char *from, gsize n, gsize at)
{
	char bytes[8] = { 0 };
	guint64 text;

	memcpy(bytes + at, from, n);
	memcpy(&text, bytes, 8);
	return text;
}

static void
add_patterns(Run *run, Form *form)
{
	const char *word = form->fold, *end = word + form->fold_len;
	guint32 kinds = run->rules->head->pattern_kinds;
	gsize n = MIN(form->fold_len, 8);

	if (form->fold_len < 3 || kinds == 0)
		return;
	if ((kinds & 1u << PATTERN_PREFIX) != 0)
		try_patterns(run, form, word, PATTERN_PREFIX, eight_bytes(word, n, 0));
	if ((kinds & 1u << PATTERN_SUFFIX) != 0)
		try_patterns(run, form, end - 3, PATTERN_SUFFIX, eight_bytes(end - n, n, 8 - n));
	if ((kinds & 1u << PATTERN_INFIX) == 0)
		return;
	for (const char *at = word; at + 3 <= end; at++)
		try_patterns(run, form, at, PATTERN_INFIX, eight_bytes(at, MIN(end - at, 8), 0));
}

/* ---- forms ---- */

static void
find_symbols(Run *run, Form *form, guint32 flags)
{
	const Rules *rules = run->rules;
	guint32 word = find_word(rules, form->hash);

	form->first_symbol = run->symbols->len;
	form->symbols = 0;
	form->signature = 0;
	if ((flags & TOKEN_LONG) != 0)
		return;
	if (word != NONE)
		add_symbol(run, form, SYMBOL_WORD | word, FALSE);
	if ((flags & TOKEN_NUMBER) != 0)
		add_symbol(run, form, SYMBOL_NUMBER, FALSE);
	if ((flags & TOKEN_LETTER) == 0)
		return;
	add_patterns(run, form);
	if (word != NONE && is_word_of_mail(run, word))
		return;
	add_without_accents(run, form, flags);
	if (form->symbols == 0 && (flags & TOKEN_DIGIT) == 0)
		add_typos(run, form);
}

static guint
first_slot(const Run *run, guint64 hash)
{
	return (guint)word_hash_mix(hash ^ form_seed()) & (run->n_form_slots - 1);
}

/* Room for more different words. A text that says one word a million times has one. */
static void
grow_forms(Run *run)
{
	run->forms_room = MAX(run->forms_room * 2, FORMS_AT_FIRST);
	run->forms = g_renew(Form, run->forms, run->forms_room);
	g_free(run->form_slots);
	run->n_form_slots = run->forms_room * 2;
	run->form_slots = g_new0(guint32, run->n_form_slots);
	for (guint32 i = 0; i < run->n_forms; i++) {
		guint at = first_slot(run, run->forms[i].hash), probes = 0;

		for (; run->form_slots[at] != 0 && probes < PROBES_MAX; probes++)
			at = (at + 1) & (run->n_form_slots - 1);
		if (probes < PROBES_MAX)
			run->form_slots[at] = i + 1;
	}
}

static guint32
form_index(Run *run, const Tokens *tokens, guint i, guint64 hash)
{
	const Token *t = &tokens->tokens[i];
	const char *fold = token_fold(tokens, i);
	guint probes = 0;

	if (run->n_forms == run->forms_room)
		grow_forms(run);

	guint at = first_slot(run, hash);

	for (; run->form_slots[at] != 0 && probes < PROBES_MAX; probes++) {
		const Form *form = &run->forms[run->form_slots[at] - 1];

		if (form->hash == hash && form->fold_len == t->fold_len &&
		    memcmp(form->fold, fold, t->fold_len) == 0)
			return run->form_slots[at] - 1;
		at = (at + 1) & (run->n_form_slots - 1);
	}
	Form *form = &run->forms[run->n_forms];

	*form = (Form){ .fold = fold,
		        .hash = hash,
		        .fold_len = t->fold_len,
		        .first = { NONE, NONE },
		        .last = { NONE, NONE } };
	find_symbols(run, form, t->flags);
	if (probes < PROBES_MAX)
		run->form_slots[at] = run->n_forms + 1;
	return run->n_forms++;
}

/* The tables are too large for the processor's nearest cache, so they are asked for what a word
 * will need a few words before that: first for the slots, then for the word that is there. */
#define AHEAD 8

static void
ask_for_gram(const Rules *rules, const char *gram, PatternKind kind)
{
	guint size = image_count(rules, SECTION_GRAM_SLOTS);

	__builtin_prefetch(&rules->grams[gram_slot(gram_key(gram, kind)) & (size - 1)]);
}

static guint64
hash_ahead(const Rules *rules, const Tokens *tokens, guint i)
{
	const char *fold = token_fold(tokens, i);
	gsize length = tokens->tokens[i].fold_len;
	guint64 hash = word_hash(fold, length);
	guint size = image_count(rules, SECTION_WORD_SLOTS);

	__builtin_prefetch(&rules->word_slots[(guint)hash & (size - 1)]);
	if (length >= 3 && rules->head->pattern_kinds != 0) {
		ask_for_gram(rules, fold, PATTERN_PREFIX);
		ask_for_gram(rules, fold + length - 3, PATTERN_SUFFIX);
	}
	return hash;
}

static void
word_ahead(const Rules *rules, guint64 hash)
{
	guint size = image_count(rules, SECTION_WORD_SLOTS);
	guint32 slot = rules->word_slots[(guint)hash & (size - 1)];

	if (slot != 0)
		__builtin_prefetch(&rules->words[(slot & SLOT_WORD) - 1]);
}

static void
look_up_text(Run *run, guint where)
{
	const Tokens *tokens = run->texts[where];
	guint64 ahead[AHEAD];

	for (guint i = 0; i < MIN(tokens->n, AHEAD); i++)
		ahead[i] = hash_ahead(run->rules, tokens, i);
	for (guint i = 0; i < tokens->n; i++) {
		guint64 hash = ahead[i % AHEAD];

		if (i + AHEAD < tokens->n)
			ahead[i % AHEAD] = hash_ahead(run->rules, tokens, i + AHEAD);
		if (i + AHEAD / 2 < tokens->n)
			word_ahead(run->rules, ahead[(i + AHEAD / 2) % AHEAD]);
		guint32 index = form_index(run, tokens, i, hash);
		Form *form = &run->forms[index];

		run->form_of[where][i] = index;
		run->signatures[where][i] = form->signature;
		run->sentence_signatures[where][tokens->tokens[i].sentence] |= form->signature;
		run->next[where][i] = NONE;
		if (form->first[where] == NONE)
			form->first[where] = i;
		else
			run->next[where][form->last[where]] = i;
		form->last[where] = i;
	}
}

void
run_look_up(Run *run)
{
	for (guint where = 0; where < 2; where++)
		look_up_text(run, where);
	for (guint i = 0; i < run->symbols->len; i++) {
		const guint32 *list = g_array_index(run->symbols, FormSymbol, i).list;

		if (list == NULL)
			continue;
		guint32 n = list[0] & LIST_COUNT;
		const guint32 *watched = list + 1 + n;

		for (guint32 k = 0; k < n; k++)
			__builtin_prefetch(run->rules->postings + (list[1 + k] & ANCHOR_PLACE));

		for (guint32 k = 0; k < list[0] >> LIST_SHIFT; k++)
			run->present[watched[k] / 8] |= 1u << watched[k] % 8;
	}
}

static gboolean
element_has(const Rules *rules, const ImageElement *element, guint32 symbol)
{
	const guint32 *symbols = rules->element_symbols + element->first_symbol;
	guint low = 0, high = element->symbols;

	while (low < high) {
		guint middle = (low + high) / 2;

		if (symbols[middle] == symbol)
			return TRUE;
		if (symbols[middle] < symbol)
			low = middle + 1;
		else
			high = middle;
	}
	return FALSE;
}

guint
run_form_has(const Run *run, const Form *form, guint32 item)
{
	const FormSymbol *symbols = &g_array_index(run->symbols, FormSymbol, form->first_symbol);
	guint best = 0;

	if ((item & ITEM_SYMBOL) != 0) {
		guint32 symbol = symbol_of_item(item);

		for (guint i = 0; i < form->symbols; i++)
			if (symbols[i].symbol == (symbol & ~SYMBOL_STRICT))
				return !symbols[i].weak ? 2 : (symbol & SYMBOL_STRICT) != 0 ? 0 : 1;
		return 0;
	}
	const ImageElement *element = &run->rules->elements[item & ITEM_INDEX];

	for (guint i = 0; i < form->symbols && best < 2; i++) {
		if ((element->signature & symbol_signature(symbols[i].symbol)) == 0)
			continue;
		if (element_has(run->rules, element, symbols[i].symbol))
			best = MAX(best, symbols[i].weak ? 1u : 2u);
		else if (!symbols[i].weak &&
		         element_has(run->rules, element, symbols[i].symbol | SYMBOL_STRICT))
			best = 2;
	}
	return best;
}
