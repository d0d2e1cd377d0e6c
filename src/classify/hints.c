/* hints.c - the words of a mail that hint at something, and what they come to. */
#include "config.h"

#include <string.h>

#include "classify/hints.h"

/* Keys of what is no word; no word has so few bytes with these in it. */
#define SIGN_ALWAYS "*"
#define SIGN_QUESTION "?"
#define SIGN_CALL "!"
#define SIGN_CALLS "!!"
#define NUMBER "0"

static guint64
mix_beginning(guint64 hash)
{
	return word_hash_mix(hash ^ 0xb5297a4d3f84d5b5u);
}

static guint64
mix_pair(guint64 first, guint64 second)
{
	return word_hash_mix(first * WORD_HASH_BASE + second);
}

/* Without what people leave out; NULL when that is what it is. */
static char *
without_accents(const char *fold, guint32 flags)
{
	if ((flags & TOKEN_MARKED) == 0 && strchr(fold, '\'') == NULL)
		return NULL;
	return token_plain(fold, FALSE);
}

static guint64
hash_text(const char *text)
{
	return word_hash(text, strlen(text));
}

static guint64
beginning_key(const char *plain)
{
	const char *end = g_utf8_offset_to_pointer(plain, HINT_BEGINNING_LETTERS);

	return mix_beginning(word_hash(plain, end - plain));
}

/* ---- what a text has ---- */

typedef struct {
	EvidenceWhere where;
	HintVisit visit;
	gpointer data;
} Walk;

static void
visit_at(const Walk *walk, guint64 key, guint32 first, guint32 end)
{
	HintPlace place = { key, walk->where, first, end };

	walk->visit(&place, walk->data);
}

/* The key of a word whose hash as it is written is known; *beginning_out: of its beginning, 0 where
 * it is too short for one. */
static guint64
word_keys(const Tokens *text, guint32 at, guint64 hash, guint64 *beginning_out)
{
	const Token *token = &text->tokens[at];
	const char *fold = token_fold(text, at);
	gboolean is_long = (token->flags & TOKEN_LETTER) != 0 && token->letters >= HINT_LONG;

	*beginning_out = 0;
	if ((token->flags & TOKEN_DIGIT) != 0)
		return hash_text(NUMBER);

	g_autofree char *plain = without_accents(fold, token->flags);

	if (plain == NULL) {
		/* nothing but ASCII: letters are bytes */
		if (is_long)
			*beginning_out = mix_beginning(word_hash(fold, HINT_BEGINNING_LETTERS));
		return hash;
	}
	if (is_long && g_utf8_strlen(plain, -1) >= HINT_LONG)
		*beginning_out = beginning_key(plain);
	return hash_text(plain);
}

/* Visits a word and its beginning; gives its key. */
static guint64
visit_word(const Walk *walk, const Tokens *text, guint32 at, guint64 hash)
{
	guint64 beginning, key = word_keys(text, at, hash, &beginning);

	visit_at(walk, key, at, at + 1);
	if (beginning != 0)
		visit_at(walk, beginning, at, at + 1);
	return key;
}

static gboolean
follows(const Tokens *text, guint32 at)
{
	return at > 0 && text->tokens[at].sentence == text->tokens[at - 1].sentence;
}

static void
visit_words(const Walk *walk, const Tokens *text)
{
	guint64 before = 0;

	for (guint32 at = 0; text != NULL && at < text->n && at < HINT_WORDS_MAX; at++) {
		guint64 hash = word_hash(token_fold(text, at), text->tokens[at].fold_len);
		guint64 key = visit_word(walk, text, at, hash);

		if (follows(text, at))
			visit_at(walk, mix_pair(before, key), at - 1, at + 1);
		before = key;
	}
}

/* What holds of the whole mail. */
static void
visit_signs(const Walk *walk, const Tokens *subject, const Tokens *body)
{
	guint questions = 0, calls = 0;

	if (subject != NULL) {
		questions += subject->questions;
		calls += subject->exclamations;
	}
	if (body != NULL) {
		questions += body->questions;
		calls += body->exclamations;
	}

	visit_at(walk, hash_text(SIGN_ALWAYS), 0, 0);
	if (questions > 0)
		visit_at(walk, hash_text(SIGN_QUESTION), 0, 0);
	if (calls > 0)
		visit_at(walk, hash_text(SIGN_CALL), 0, 0);
	if (calls > 2)
		visit_at(walk, hash_text(SIGN_CALLS), 0, 0);
}

void
hints_visit(const Tokens *subject, const Tokens *body, HintVisit visit, gpointer data)
{
	Walk walks[] = { { IN_SUBJECT, visit, data }, { IN_BODY, visit, data } };

	visit_signs(&walks[1], subject, body);
	visit_words(&walks[0], subject);
	visit_words(&walks[1], body);
}

/* ---- how it is written ---- */

static char *
word_text(const Tokens *text, guint32 at)
{
	char *plain;

	if ((text->tokens[at].flags & TOKEN_DIGIT) != 0)
		return g_strdup(NUMBER);
	plain = without_accents(token_fold(text, at), text->tokens[at].flags);
	return plain != NULL ? plain : g_strdup(token_fold(text, at));
}

char *
hint_text(const Tokens *subject, const Tokens *body, const HintPlace *place)
{
	static const char *const signs[] = { SIGN_ALWAYS, SIGN_QUESTION, SIGN_CALL, SIGN_CALLS };
	const Tokens *text = place->where == IN_SUBJECT ? subject : body;

	if (place->end == 0) {
		for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
			if (place->key == hash_text(signs[i]))
				return g_strdup(signs[i]);
		return g_strdup("");
	}
	g_autofree char *first = word_text(text, place->first);

	if (place->end - place->first == 2) {
		g_autofree char *second = word_text(text, place->first + 1);

		return g_strconcat(first, " ", second, NULL);
	}
	if (place->key == hash_text(first))
		return g_steal_pointer(&first);
	g_autofree char *begin = g_utf8_substring(first, 0, HINT_BEGINNING_LETTERS);
	return g_strconcat(begin, "*", NULL);
}

static gboolean
is_sign(const char *written)
{
	return strcmp(written, SIGN_ALWAYS) == 0 || strcmp(written, SIGN_QUESTION) == 0 ||
	       strcmp(written, SIGN_CALL) == 0 || strcmp(written, SIGN_CALLS) == 0;
}

/* Small letters from a to z, with a single blank or a star: what the tokeniser would leave as it is.
 * Most of tens of thousands are. FALSE: it must be cut into words. */
static gboolean
plain_key(const char *written, guint64 *key_out)
{
	guint64 keys[2];
	const char *p = written;

	for (guint n = 0;; p++) {
		const char *word = p;

		while (*p >= 'a' && *p <= 'z')
			p++;
		if (n == 0 && p - word == HINT_BEGINNING_LETTERS && p[0] == '*' && p[1] == '\0') {
			*key_out = mix_beginning(word_hash(word, p - word));
			return TRUE;
		}
		if (p == word || p - word > TOKEN_MAX_LETTERS || (*p != ' ' && *p != '\0'))
			return FALSE;
		keys[n++] = word_hash(word, p - word);
		if (*p == '\0') {
			*key_out = n == 2 ? mix_pair(keys[0], keys[1]) : keys[0];
			return TRUE;
		}
		if (n == 2)
			return FALSE;
	}
}

static gboolean
key_of_beginning(const char *written, gsize length, guint64 *key_out)
{
	g_autofree char *begin = g_strndup(written, length);
	g_autoptr(Tokens) tokens = tokens_new(begin, -1);

	if (tokens->n != 1 || tokens->tokens[0].letters != HINT_BEGINNING_LETTERS)
		return FALSE;
	g_autofree char *plain = word_text(tokens, 0);
	if (g_utf8_strlen(plain, -1) < HINT_BEGINNING_LETTERS)
		return FALSE;
	*key_out = beginning_key(plain);
	return TRUE;
}

gboolean
hint_key(const char *written, guint64 *key_out, const char **fault_out)
{
	gsize length = strlen(written);

	*fault_out = NULL;
	if (plain_key(written, key_out))
		return TRUE;
	if (is_sign(written)) {
		*key_out = hash_text(written);
		return TRUE;
	}
	if (length > 1 && written[length - 1] == '*') {
		if (key_of_beginning(written, length - 1, key_out))
			return TRUE;
		*fault_out = "a beginning has five letters, without accents: \"gebro*\"";
		return FALSE;
	}
	g_autoptr(Tokens) tokens = tokens_new(written, -1);

	if (tokens->n == 0 || tokens->n > 2 || tokens->n_sentences != 1) {
		*fault_out = "it must be one word or two (for more, write a rule)";
		return FALSE;
	}
	guint64 keys[2] = { 0, 0 };
	for (guint i = 0; i < tokens->n; i++) {
		g_autofree char *word = word_text(tokens, i);

		keys[i] = hash_text(word);
	}
	*key_out = tokens->n == 2 ? mix_pair(keys[0], keys[1]) : keys[0];
	return TRUE;
}

/* ---- sums ---- */

#define BATCH 64 /* things looked up side by side */

/* What one label has so far. */
typedef struct {
	double points;
	gint32 strongest; /* hundredths */
	HintPlace place;
} Tally;

/* The tables are larger than the processor's nearest caches, so that each place of them is a wait
 * for memory. Things are collected, and each step is done for all of them before the next one: the
 * waits then go on at once. */
typedef struct {
	const Rules *rules;
	const Run *run;
	const guint32 *slots; /* of the mail's language */
	guint slots_mask;
	Tally *tallies;       /* per label of all spaces */
	guint8 *seen;         /* a bit per hint: a word counts once, however often it is said */
	HintPlace places[BATCH];
	guint n;
} Summing;

/* A hint that one of the places may be. */
typedef struct {
	const ImageHint *hint;
	const HintPlace *place;
} Found;

static void
add_hint(Summing *s, const ImageHint *hint, const HintPlace *place)
{
	gboolean has_place = place->end > 0;

	for (const ImageHintPoint *p = hint->points, *end = p + hint->n; p < end; p++) {
		Tally *tally = &s->tallies[p->label];

		tally->points += p->hundredths / 100.0;
		if (p->hundredths > tally->strongest && has_place) {
			tally->strongest = p->hundredths;
			tally->place = *place;
		}
	}
}

/* Those that are what they seemed, each for the first time in this mail. */
static void
add_found(Summing *s, const Found *found, guint n)
{
	for (guint i = 0; i < n; i++) {
		const ImageHint *hint = found[i].hint;
		guint8 *seen = &s->seen[hint->number / 8], bit = 1u << hint->number % 8;

		if (hint->check != word_check(found[i].place->key) || (*seen & bit) != 0)
			continue;
		*seen |= bit;
		add_hint(s, hint, found[i].place);
	}
}

static void
look_up_places(Summing *s)
{
	Found found[BATCH * 2]; /* and what only seems to be one */
	guint n = 0;

	for (guint i = 0; i < s->n; i++) {
		guint64 key = s->places[i].key;
		guint at = (guint)key & s->slots_mask;

		for (guint32 slot; (slot = s->slots[at]) != 0; at = (at + 1) & s->slots_mask) {
			const guint32 *hint = s->rules->hints + (slot & SLOT_WORD) - 1;

			if (!slot_fits(slot, key))
				continue;
			if (n == G_N_ELEMENTS(found)) {
				add_found(s, found, n);
				n = 0;
			}
			__builtin_prefetch(hint);
			found[n++] = (Found){ (const ImageHint *)hint, &s->places[i] };
		}
	}
	add_found(s, found, n);
	s->n = 0;
}

static void
enter_place(const HintPlace *place, gpointer data)
{
	Summing *s = data;

	if (s->n == BATCH)
		look_up_places(s);
	s->places[s->n++] = *place;
	__builtin_prefetch(&s->slots[(guint)place->key & s->slots_mask]);
}

/* As visit_words() goes, but each different word of the mail is asked about once. */
static void
sum_words(Summing *s, guint where)
{
	const Tokens *text = s->run->texts[where];
	const Walk walk = { where == 0 ? IN_SUBJECT : IN_BODY, enter_place, s };
	guint64 before = 0;

	for (guint32 at = 0; at < text->n && at < HINT_WORDS_MAX; at++) {
		Form *form = &s->run->forms[s->run->form_of[where][at]];

		if (form->hint_key == 0)
			form->hint_key = visit_word(&walk, text, at, form->hash);
		if (follows(text, at))
			visit_at(&walk, mix_pair(before, form->hint_key), at - 1, at + 1);
		before = form->hint_key;
	}
}

static gboolean
summing_begin(Summing *s, const Rules *rules, guint32 mask)
{
	if (image_count(rules, SECTION_HINTS) == 0 || mask == G_MAXUINT32)
		return FALSE;

	guint size = image_count(rules, SECTION_HINT_SLOTS) / image_count(rules, SECTION_LANGUAGES);
	guint language = (mask & ~1u) != 0 ? (guint)__builtin_ctz(mask & ~1u) : 0;
	gsize tallies = sizeof(Tally) * (image_count(rules, SECTION_LABELS) + 1);

	s->rules = rules;
	s->slots = rules->hint_slots + (gsize)size * language;
	s->slots_mask = size - 1;
	s->tallies = g_malloc0(tallies + size / 16 + 1); /* a table is at most half full */
	s->seen = (guint8 *)s->tallies + tallies;
	return TRUE;
}

static HintSum *
summing_end(Summing *s)
{
	guint labels = image_count(s->rules, SECTION_LABELS);
	HintSum *sums = g_new(HintSum, labels + 1);

	look_up_places(s);
	for (guint i = 0; i < labels; i++) {
		const Tally *tally = &s->tallies[i];

		sums[i] = (HintSum){ tally->points, tally->strongest / 100.0, tally->place };
	}
	g_free(s->tallies);
	return sums;
}

HintSum *
hints_sum(const Rules *rules, const EngineInput *input)
{
	Summing s = { 0 };

	if (!summing_begin(&s, rules, image_language_mask(rules, input->language)))
		return NULL;
	hints_visit(input->subject, input->body, enter_place, &s);
	return summing_end(&s);
}

HintSum *
hints_sum_of(const Run *run)
{
	Summing s = { .run = run };
	const Walk signs = { IN_BODY, enter_place, &s };

	if (run->input->without_hints || !summing_begin(&s, run->rules, run->mask))
		return NULL;
	visit_signs(&signs, run->input->subject, run->input->body);
	for (guint where = 0; where < 2; where++)
		sum_words(&s, where);
	return summing_end(&s);
}
