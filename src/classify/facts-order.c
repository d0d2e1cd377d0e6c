/* facts-order.c - the order number: every number of a mail gets points for its shape, the words
 * before it and the place where it stands; the best one wins if it has enough.
 *
 * Customers write "bestelling 41-0-2", "#4485", "(26554915)" or just "30551, Willemijn". What
 * counts against a number is stronger than what counts for it: a wrong order number in an answer
 * is worse than a question for the right one. */
#include "config.h"

#include <string.h>

#include "classify/facts-order.h"
#include "classify/language.h"

/* Numbers looked at in one text; price lists go on for ever. */
#define NUMBERS_MAX 400
/* Points that make a number an order number. */
#define ENOUGH 5
#define RULED_OUT (-100)

typedef struct {
	char *text;
	int points;
} Best;

/* Label words before a number, nearest first. The number of words between counts, but not those
 * that only lead to it: "mijn ordernummer is 12345", "Best.-Nr.: 12345". */
#define WORDS_BACK 6

static gboolean
is_sentence_break(const char *from, const char *to, guint32 word_class, gsize word_length)
{
	const guint32 labels = FACT_BIT(FACT_ORDER) | FACT_BIT(FACT_NUMBER) | FACT_BIT(FACT_NOT);

	for (const char *p = from; p < to; p++) {
		if (*p == '!' || *p == '?' || *p == ';')
			return TRUE;
		/* "Bestelnummer:\n12345" is one thing, a new line otherwise begins another. */
		if (*p == '\n' && memchr(from, ':', p - from) == NULL)
			return TRUE;
		/* A full stop after a label is an abbreviation: "best. 5090", "Rechnungsnr. 4".
		 */
		if (*p == '.' && p + 1 < to && g_ascii_isspace(p[1])
		    && !((word_class & labels) != 0
		         && (word_length <= 6 || memcmp(from - 2, "nr", 2) == 0)))
			return TRUE;
	}
	return FALSE;
}

/* "to order 120 bags", "je commande 40 pièces": somebody orders, no order is named. */
static gboolean
is_verb(const char *start, const char *word, guint32 class)
{
	const char *end, *before = facts_word_before(start, word, &end);

	return (class & FACT_BIT(FACT_VERB)) != 0 && before != NULL && word - end == 1
	       && (facts_class(before, end - before) & FACT_BIT(FACT_PRONOUN)) != 0;
}

/* "mijn vorige bestelling 11111" */
static gboolean
is_previous(const char *start, const char *label)
{
	const char *end, *before = facts_word_before(start, label, &end);

	return before != NULL
	       && (facts_class(before, end - before) & FACT_BIT(FACT_PREVIOUS)) != 0;
}

static int
points_for_label(const char *start, const Number *number)
{
	const char *at = number->start, *end, *word;
	gboolean generic = FALSE, previous = FALSE, between = FALSE, under = FALSE;
	int points = 0;

	for (guint i = 0, distance = 0; i < WORDS_BACK; i++, at = word) {
		word = facts_word_before(start, at, &end);
		if (word == NULL)
			break;
		guint32 class = facts_class(word, end - word);
		if (is_sentence_break(end, at, class, end - word))
			break;
		if (class & FACT_BIT(FACT_PREVIOUS))
			previous = TRUE;
		if ((class & FACT_BIT(FACT_ORDER)) && is_verb(start, word, class)) {
			break;
		} else if (class & FACT_BIT(FACT_ORDER)) {
			points = distance == 0 ? 10 : distance <= 2 ? 6 : 3;
			if (memchr(end, ',', at - end) != NULL && distance > 0)
				points = 2;
			previous |= is_previous(start, word);
			break;
		}
		if (class & FACT_BIT(FACT_NOT)) {
			/* "de factuur van 300-1-2" speaks of an order's invoice. */
			points = between || distance > 1 ? points : distance == 0 ? -14 : -6;
			break;
		}
		if (generic && (class & FACT_BIT(FACT_CASE)))
			return -14;
		if ((class & FACT_BIT(FACT_PARCEL)) && distance == 0 && !between) {
			points = MAX(points, 4);
			break;
		}
		if (class & FACT_BIT(FACT_NUMBER)) {
			if (distance == 0 && !between) {
				generic = TRUE;
				points = 6;
			}
			continue;
		}
		if (class & FACT_BIT(FACT_ORDERED)) {
			points = under ? 8 : points;
			break;
		}
		if (distance == 0 && (class & FACT_BIT(FACT_PREP))) {
			points = MAX(points, 2);
			between = TRUE;
			under |= (class & FACT_BIT(FACT_UNDER)) != 0;
			continue;
		}
		if ((class & (FACT_BIT(FACT_FILLER) | FACT_BIT(FACT_REF))) == 0)
			distance++;
	}
	return points - (previous ? 4 : 0);
}

/* "20399 is mijn bestelnummer", "(33017, bestelling)". */
static int
points_for_label_after(const Number *number)
{
	const char *at = number->end, *end, *word;

	for (guint i = 0; i < 4; i++, at = end) {
		word = facts_word_after(at, &end);
		if (word == NULL || memchr(at, '\n', word - at) != NULL
		    || memchr(at, '.', word - at) != NULL)
			return 0;
		guint32 class = facts_class(word, end - word);
		if (class & FACT_BIT(FACT_ORDER))
			return i == 0 ? 4 : 6;
		if ((class & (FACT_BIT(FACT_FILLER) | FACT_BIT(FACT_NUMBER))) == 0)
			return 0;
	}
	return 0;
}

static int
points_for_shape(const Number *number)
{
	guint digits = number->digits;

	if (number->letters > 0 && number->tidy)
		return digits >= 4                                            ? 6
		       : digits == 3 && number->joint && number->letters >= 2 ? 3
		                                                              : 1;
	if (number->letters > 0)
		return digits >= 5 ? 3 : digits >= 3 ? 1 : -6;
	if (number->groups > 1)
		return digits >= 5 ? 5 + (number->groups > 2) : digits >= 3 ? (int)digits : -6;
	if (number->year)
		return -6;
	if (digits <= 2)
		return -20;
	if (digits <= 4)
		return digits - 3;
	return digits == 5 ? 4 : digits <= 10 ? 5 : digits <= 12 ? 3 : -5;
}

static int
points_for_place(const char *text, const Number *number)
{
	Edge left = number_left_edge(text, number), right = number_right_edge(number);
	int shape = points_for_shape(number);

	if (left == EDGE_HARD && right == EDGE_HARD)
		return 5;
	if (left != EDGE_NONE && right != EDGE_NONE)
		return shape >= 3 ? 5 : 0;
	if (left == EDGE_HARD)
		return number->bracket                                                    ? 1
		       : number->digits >= 5 || number->letters > 0 || number->groups > 1 ? 4
		                                                                          : 2;
	return right == EDGE_HARD ? 1 : 0;
}

/* "order 120 tote bags": a short number with a thing behind it counts that thing. */
static gboolean
counts_things(const Number *number)
{
	const char *end, *word = facts_word_after(number->end, &end);

	return number->digits == 3 && number->groups == 1 && number->letters == 0 && !number->hash
	       && word != NULL && word - number->end == 1 && *number->end == ' '
	       && !language_is_common_word(word, end - word);
}

static int
points_of(const char *text, const Number *number)
{
	int label, shape, place;

	if (number_is_something_else(text, number))
		return RULED_OUT;
	label = points_for_label(text, number);
	if (number->hash && label < 10)
		label = label < 0 ? label + 8 : 8;
	if (label < 8)
		label += points_for_label_after(number);
	if ((number->measure && label < 8) || counts_things(number))
		return RULED_OUT;
	shape = points_for_shape(number);
	place = points_for_place(text, number);
	/* Something must say that it is meant: a word, a place of its own, or a shape nothing
	 * else has. */
	if (label <= 0 && place < 3 && shape < 6 && !(place > 0 && number->digits >= 5))
		return RULED_OUT;
	/* "9-11-82" may be a date, "44.118" a thousand: only where the words say otherwise. */
	if (number->doubtful && label < 4)
		place -= place == 5 ? 3 : 10;
	return shape + place + label;
}

static void
consider(Best *best, const char *text, const Number *number, int extra)
{
	g_autofree char *as_written = g_strndup(number->start, number->end - number->start);
	int points = points_of(text, number) + extra;

	if (points < ENOUGH || points <= best->points || !facts_order_number_is_safe(as_written))
		return;
	g_free(best->text);
	best->text = g_steal_pointer(&as_written);
	best->points = points;
}

/* `extra` says how much the place is worth; twin is a text that makes a number likelier. */
static void
read_text(Best *best, const char *text, gsize limit, int extra, const char *twin)
{
	const char *at = text;
	Number number;

	for (guint i = 0; i < NUMBERS_MAX && number_next(text, &at, limit, &number); i++) {
		int bonus = 0;

		if (twin != NULL && number.digits >= 3) {
			g_autofree char *same =
			    g_strndup(number.start, number.end - number.start);

			bonus = strstr(twin, same) != NULL ? 2 : 0;
		}
		consider(best, text, &number, extra + bonus);
	}
}

char *
facts_find_order_number(const FactsSource *source)
{
	char *own = facts_match_order_patterns(source);
	Best best = { NULL, 0 };

	if (own != NULL)
		return own;
	read_text(&best, source->own, FACTS_TEXT_MAX, 1, source->subject);
	read_text(&best, source->subject, FACTS_TEXT_MAX, 0, NULL);
	if (best.text == NULL)
		read_text(&best, source->quoted, FACTS_QUOTE_MAX, -1, NULL);
	return best.text;
}
