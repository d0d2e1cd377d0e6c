/* signals.c - what can be told from the words of a mail without understanding one of them. */
#include "config.h"

#include <string.h>

#include "classify/engine.h"

#define SHORT_WORDS 12
#define CAPS_LETTERS 4   /* "DHL" and "BTW" are no shouting */
#define CAPS_MIN 3       /* nor is a mail of two words */
#define REPEAT_LETTERS 11 /* "thank you" said twice is no repetition */
#define REPEAT_BACK 2    /* sentences */

const char *const signal_names[SIGNAL_N + 1] = {
	[SIGNAL_SHOUTING] = "shouting",
	[SIGNAL_ALL_CAPS] = "all-caps",
	[SIGNAL_EXCLAMATIONS] = "exclamations",
	[SIGNAL_QUESTIONS] = "questions",
	[SIGNAL_WORDS] = "words",
	[SIGNAL_SHORT] = "short",
	[SIGNAL_ATTACHMENT] = "attachment",
	[SIGNAL_IMAGE] = "image",
	[SIGNAL_ORDER_NUMBER] = "order-number",
	[SIGNAL_TRACKING] = "tracking",
	[SIGNAL_AMOUNT] = "amount",
	[SIGNAL_DEADLINE] = "deadline",
	[SIGNAL_THREAD_MAILS] = "thread-mails",
	[SIGNAL_QUOTED] = "quoted",
	[SIGNAL_EMOJI_HAPPY] = "emoji-happy",
	[SIGNAL_EMOJI_ANGRY] = "emoji-angry",
	[SIGNAL_NO_GREETING] = "no-greeting",
	[SIGNAL_SUBJECT_EMPTY] = "subject-empty",
	[SIGNAL_FORWARDED] = "forwarded",
	[SIGNAL_LANGUAGE_OTHER] = "language-other",
	[SIGNAL_REPEATS] = "repeats",
};

static const char *const happy[] = { ":)", ";)", ":d", ":p", "<3", ":*", "^^", "😀", "😁", "😂",
	                             "😃", "😄", "😅", "😆", "😊", "😉", "😍", "🥰", "😘", "🙂",
	                             "🤗", "😻", "❤",  "💕", "💖", "💙", "💚", "💛", "🧡", "💜",
	                             "👍", "👏", "🙏", "🎉", "🥳", "🌸", "🌷", "🌞", "☀",  "☺",
	                             "✨", "⭐", "🌟", "🎁", "🎂", "💪", "👌", "😎", "🤩", "😇" };
static const char *const angry[] = { ">:(", ":@", "😠", "😡", "🤬", "👿", "😤", "💩", "🖕", "👎" };

static gboolean
is_one_of(const char *fold, const char *const *list, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (strcmp(fold, list[i]) == 0)
			return TRUE;
	return FALSE;
}

typedef struct {
	guint capitals, words; /* of CAPS_LETTERS letters or more */
	guint happy, angry;
} Count;

static void
count(const Tokens *tokens, Count *c)
{
	for (guint i = 0; i < tokens->n; i++) {
		const Token *t = &tokens->tokens[i];

		if ((t->flags & TOKEN_SYMBOL) != 0) {
			c->happy += is_one_of(token_fold(tokens, i), happy, G_N_ELEMENTS(happy));
			c->angry += is_one_of(token_fold(tokens, i), angry, G_N_ELEMENTS(angry));
		} else if (t->letters >= CAPS_LETTERS && (t->flags & TOKEN_DIGIT) == 0) {
			/* with digits it is a product code or an order number */
			c->words++;
			c->capitals += (t->flags & TOKEN_UPPER) != 0;
		}
	}
}

/* ---- sentences said again ---- */

static gboolean
same_word(const Tokens *tokens, guint a, guint b)
{
	return tokens->tokens[a].fold_len == tokens->tokens[b].fold_len &&
	       memcmp(token_fold(tokens, a), token_fold(tokens, b), tokens->tokens[a].fold_len) == 0;
}

/* "Three weeks I wait. You promised on Monday it is on its way. Today it is on its way." */
static gboolean
ends_alike(const Tokens *tokens, const Sentence *a, const Sentence *b)
{
	guint letters = 0, most = MIN(a->end - a->first, b->end - b->first);

	for (guint i = 1; i <= most && letters < REPEAT_LETTERS; i++) {
		if (!same_word(tokens, a->end - i, b->end - i))
			return FALSE;
		letters += tokens->tokens[a->end - i].letters + 1; /* and a blank or the mark */
	}
	return letters >= REPEAT_LETTERS;
}

static guint
count_repeats(const Tokens *tokens)
{
	guint found = 0;

	for (guint i = 1; i < tokens->n_sentences; i++)
		for (guint back = 1; back <= MIN(i, REPEAT_BACK); back++) {
			const Sentence *a = &tokens->sentences[i - back], *b = &tokens->sentences[i];

			if (a->mark != b->mark || (a->mark != '.' && a->mark != '!' && a->mark != '?'))
				continue;
			if (ends_alike(tokens, a, b)) {
				found++;
				break;
			}
		}
	return found;
}

void
signals_from_tokens(const Tokens *subject, const Tokens *body, double values[SIGNAL_N])
{
	const Tokens *texts[] = { subject, body };
	Count c = { 0 };
	guint exclamations = 0, questions = 0, repeats = 0, words = body != NULL ? body->n : 0;

	for (guint i = 0; i < 2; i++) {
		if (texts[i] == NULL)
			continue;
		count(texts[i], &c);
		exclamations += texts[i]->exclamations;
		questions += texts[i]->questions;
		repeats += count_repeats(texts[i]);
	}
	gboolean all = c.capitals >= CAPS_MIN && c.capitals * 10 > c.words * 6;

	/* A single word in capitals stresses something; two shout. Where all are in capitals none
	 * stands out: that is a keyboard, or a writer who never found the small letters. */
	values[SIGNAL_SHOUTING] = c.capitals >= 2 && !all ? c.capitals : 0;
	values[SIGNAL_ALL_CAPS] = all;
	values[SIGNAL_EXCLAMATIONS] = exclamations;
	values[SIGNAL_QUESTIONS] = questions;
	values[SIGNAL_WORDS] = words;
	values[SIGNAL_SHORT] = words < SHORT_WORDS;
	values[SIGNAL_EMOJI_HAPPY] = c.happy;
	values[SIGNAL_EMOJI_ANGRY] = c.angry;
	values[SIGNAL_REPEATS] = repeats;
	values[SIGNAL_SUBJECT_EMPTY] = subject == NULL || subject->n == 0;
}
