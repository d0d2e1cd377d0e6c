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

#define LOOK_AHEAD 8 /* places; a power of two */

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

/* Visits a word and its beginning; gives its key. */
static guint64
visit_word(const Walk *walk, const Tokens *text, guint32 at)
{
	const Token *token = &text->tokens[at];
	guint64 key;

	if ((token->flags & TOKEN_DIGIT) != 0) {
		key = hash_text(NUMBER);
		visit_at(walk, key, at, at + 1);
		return key;
	}
	g_autofree char *plain = without_accents(token_fold(text, at), token->flags);
	const char *word = plain != NULL ? plain : token_fold(text, at);

	key = hash_text(word);
	visit_at(walk, key, at, at + 1);
	if ((token->flags & TOKEN_LETTER) != 0 && token->letters >= HINT_LONG)
		if (plain == NULL || g_utf8_strlen(plain, -1) >= HINT_LONG)
			visit_at(walk, beginning_key(word), at, at + 1);
	return key;
}

static void
visit_words(const Walk *walk, const Tokens *text)
{
	guint64 before = 0;

	for (guint32 at = 0; text != NULL && at < text->n && at < HINT_WORDS_MAX; at++) {
		guint64 key = visit_word(walk, text, at);

		if (at > 0 && text->tokens[at].sentence == text->tokens[at - 1].sentence)
			visit_at(walk, mix_pair(before, key), at - 1, at + 1);
		before = key;
	}
}

void
hints_visit(const Tokens *subject, const Tokens *body, HintVisit visit, gpointer data)
{
	Walk walks[] = { { IN_SUBJECT, visit, data }, { IN_BODY, visit, data } };
	guint questions = 0, calls = 0;

	if (subject != NULL) {
		questions += subject->questions;
		calls += subject->exclamations;
	}
	if (body != NULL) {
		questions += body->questions;
		calls += body->exclamations;
	}

	visit_at(&walks[1], hash_text(SIGN_ALWAYS), 0, 0);
	if (questions > 0)
		visit_at(&walks[1], hash_text(SIGN_QUESTION), 0, 0);
	if (calls > 0)
		visit_at(&walks[1], hash_text(SIGN_CALL), 0, 0);
	if (calls > 2)
		visit_at(&walks[1], hash_text(SIGN_CALLS), 0, 0);
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

/* Small letters from a to z and single blanks: what the tokeniser would leave as it is. Most of tens
 * of thousands are. FALSE: it must be cut into words. */
static gboolean
plain_key(const char *written, guint64 *key_out)
{
	guint64 keys[2];
	const char *p = written;

	for (guint n = 0;; p++) {
		const char *word = p;

		while (*p >= 'a' && *p <= 'z')
			p++;
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

typedef struct {
	const Rules *rules;
	guint32 mask;
	guint8 *seen; /* a bit per hint: a word counts once, however often it is said */
	HintSum *sums;
	HintPlace waiting[LOOK_AHEAD]; /* what is on its way from memory meanwhile */
	guint visited;
} Summing;

static void
add_hint(Summing *s, guint32 index, const HintPlace *place)
{
	const ImageHint *hint = &s->rules->hints[index];

	if ((s->seen[index / 8] & 1u << index % 8) != 0)
		return;
	s->seen[index / 8] |= 1u << index % 8;
	for (guint i = 0; i < hint->points; i++) {
		const ImageHintPoint *p = &s->rules->hint_points[hint->first_point + i];
		HintSum *sum = &s->sums[p->label];
		double points = p->hundredths / 100.0;

		sum->points += points;
		if (place->end > 0 && points > sum->strongest) {
			sum->strongest = points;
			sum->place = *place;
		}
	}
}

static void
look_up(Summing *s, const HintPlace *place)
{
	const Rules *rules = s->rules;
	guint size = image_count(rules, SECTION_HINT_SLOTS);
	guint at = (guint)place->key & (size - 1);

	for (guint32 slot; (slot = rules->hint_slots[at]) != 0; at = (at + 1) & (size - 1)) {
		guint32 index = (slot & SLOT_WORD) - 1;

		if (slot_fits(slot, place->key) &&
		    rules->hints[index].check == word_check(place->key) &&
		    (rules->hints[index].languages & s->mask) != 0)
			add_hint(s, index, place);
	}
}

/* The table is larger than the processor's caches: each place is asked for now and looked up some
 * places later, in the same order. */
static void
look_up_later(const HintPlace *place, gpointer data)
{
	Summing *s = data;
	HintPlace *turn = &s->waiting[s->visited % LOOK_AHEAD];
	guint size = image_count(s->rules, SECTION_HINT_SLOTS);

	__builtin_prefetch(&s->rules->hint_slots[(guint)place->key & (size - 1)]);
	if (s->visited >= LOOK_AHEAD)
		look_up(s, turn);
	*turn = *place;
	s->visited++;
}

static void
look_up_rest(Summing *s)
{
	guint n = MIN(s->visited, LOOK_AHEAD);

	for (guint i = s->visited - n; i < s->visited; i++)
		look_up(s, &s->waiting[i % LOOK_AHEAD]);
}

HintSum *
hints_sum(const Rules *rules, const EngineInput *input)
{
	Summing s = { .rules = rules, .mask = image_language_mask(rules, input->language) };

	if (image_count(rules, SECTION_HINTS) == 0 || s.mask == G_MAXUINT32 || input->without_hints)
		return NULL;
	s.sums = g_new0(HintSum, image_count(rules, SECTION_LABELS) + 1);
	s.seen = g_malloc0(image_count(rules, SECTION_HINTS) / 8 + 1);
	hints_visit(input->subject, input->body, look_up_later, &s);
	look_up_rest(&s);
	g_free(s.seen);
	return s.sums;
}
