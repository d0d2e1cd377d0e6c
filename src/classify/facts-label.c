/* facts-label.c - the words around a number: what says that it is an order's, or that it is not. */
#include "config.h"

#include <string.h>

#include "classify/facts-order.h"
#include "classify/language.h"

/* Label words before a number, nearest first. The number of words between counts, but not those
 * that only lead to it: "mijn ordernummer is 12345", "Best.-Nr.: 12345". */
#define WORDS_BACK 6
/* Words behind a number: "Morgen wordt 40-22 bezorgd". */
#define WORDS_AHEAD 5

static const guint32 label_classes = FACT_BIT(FACT_ORDER) | FACT_BIT(FACT_NUMBER)
                                     | FACT_BIT(FACT_NOT);

static gboolean
is_sentence_break(const char *from, const char *to, const char *word)
{
	for (const char *p = from; p < to; p++) {
		if (*p == '!' || *p == '?' || *p == ';')
			return TRUE;
		/* "Bestelnummer:\n12345" is one thing, a new line otherwise begins another. */
		if (*p == '\n' && memchr(from, ':', p - from) == NULL)
			return TRUE;
		/* A full stop after a label that is no word is an abbreviation: "best. 5090",
		 * "Rechnungsnr. 4"; "the wrong item. 20931" is none. */
		if (*p == '.' && p + 1 < to && g_ascii_isspace(p[1])) {
			guint32 class = facts_class(word, from - word);

			if ((class & FACT_BIT(FACT_ABBREVIATION)) == 0
			    && ((class & label_classes) == 0 || g_ascii_strncasecmp(from - 2, "nr", 2) != 0))
				return TRUE;
		}
	}
	return FALSE;
}

/* "to order 120 bags", "je commande 40 pièces": somebody orders, no order is named. */
static gboolean
is_verb(const char *start, const char *word, guint32 class, const Number *number)
{
	const char *end, *before = facts_word_before(start, word, &end);

	return (class & FACT_BIT(FACT_VERB)) != 0 && before != NULL && word - end == 1
	       && number->groups == 1 && number->digits <= 4
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

/* What the words before a number have said so far, nearest first. */
typedef struct {
	int points;
	guint distance; /* words that say nothing */
	gboolean generic, previous, between, under, about, listed;
} Said;

/* One word; TRUE if what stands before it no longer matters. */
static gboolean
hear(Said *said, guint32 class, gboolean comma)
{
	guint distance = said->distance;

	if (class & FACT_BIT(FACT_ORDER)) {
		said->points = distance == 0 ? 10 : distance <= 2 ? 6 : 3;
		if (comma && distance > 0)
			said->points = 2;
		return TRUE;
	}
	/* "call me on 555-0142", not "call me about 5550142" */
	if ((class & FACT_BIT(FACT_PHONE)) && !said->about) {
		said->points = -14;
		return TRUE;
	}
	if (class & FACT_BIT(FACT_NOT)) {
		/* "de factuur van 300-1-2" speaks of an order's invoice. */
		if (!said->between && distance <= 1)
			said->points = distance == 0 ? -14 : -6;
		return TRUE;
	}
	if (said->generic && (class & FACT_BIT(FACT_CASE))) {
		said->points = -14;
		return TRUE;
	}
	/* "Samsung Galaxy A52", "compatible with the MG3600" */
	if (((class & FACT_BIT(FACT_BRAND)) && distance <= 1)
	    || ((class & FACT_BIT(FACT_FITS)) && said->points <= 2)) {
		said->points = -14;
		return TRUE;
	}
	if ((class & FACT_BIT(FACT_PARCEL)) && distance == 0 && !said->between) {
		said->points = MAX(said->points, 4);
		return TRUE;
	}
	if (class & FACT_BIT(FACT_ORDERED)) {
		said->points = said->under ? 8 : said->points;
		return TRUE;
	}
	if ((class & FACT_BIT(FACT_ACT)) && distance == 0 && said->points < 4) {
		said->points = 4;
		return TRUE;
	}
	return FALSE;
}

/* A word that leads to the number, or to the next word before it. */
static void
pass(Said *said, guint32 class, gboolean implying)
{
	if (class & FACT_BIT(FACT_PREVIOUS))
		said->previous = TRUE;
	if (class & FACT_BIT(FACT_NUMBER)) {
		if (said->distance == 0 && !said->between) {
			said->generic = TRUE;
			said->points = 6;
		}
		return;
	}
	/* "Annulez la 14-0099": la commande. */
	if (implying && (class & FACT_BIT(FACT_IMPLIED)))
		said->points = MAX(said->points, 3);
	if (said->distance == 0 && (class & FACT_BIT(FACT_PREP))) {
		said->points = MAX(said->points, (class & FACT_BIT(FACT_ABOUT)) ? 4 : 2);
		said->between = TRUE;
		said->under |= (class & FACT_BIT(FACT_UNDER)) != 0;
		said->about |= (class & FACT_BIT(FACT_ABOUT)) != 0;
		return;
	}
	if ((class & (FACT_BIT(FACT_FILLER) | FACT_BIT(FACT_REF))) == 0)
		said->distance++;
}

int
number_label_before(const char *start, const Number *number)
{
	const char *at = number->start, *end, *word;
	Said said = { 0 };

	/* "PO 4471-88", "ORD-6617" */
	for (end = number->start; g_ascii_isalpha(*end);)
		end++;
	if (end > number->start && end < number->end
	    && (facts_class(number->start, end - number->start) & FACT_BIT(FACT_ORDER)))
		return 8;
	for (guint i = 0; i < WORDS_BACK; i++, at = word) {
		word = facts_word_before(start, at, &end);
		if (word == NULL || is_sentence_break(end, at, word))
			break;
		guint32 class = facts_class(word, end - word);
		/* Telephone numbers have no letters: "the phone case from PC-7781". */
		if (number->letters > 0)
			class &= ~FACT_BIT(FACT_PHONE);
		/* "Op 14-08 besteld" */
		if (i == 0 && number->doubtful && (class & FACT_BIT(FACT_WHEN)))
			return -14;
		/* "Ticket 44871, 44902 and 45233" */
		if (said.distance == 0 && !said.between && memchr(end, '/', at - end) == NULL
		    && (g_ascii_isdigit(*word) || (class & FACT_BIT(FACT_AND)))) {
			said.listed |= g_ascii_isdigit(*word);
			continue;
		}
		if ((class & FACT_BIT(FACT_ORDER)) && is_verb(start, word, class, number))
			break;
		if (hear(&said, class, memchr(end, ',', at - end) != NULL)) {
			if (class & FACT_BIT(FACT_ORDER))
				said.previous |= is_previous(start, word);
			break;
		}
		pass(&said, class, i == 0 && number->french);
	}
	if (said.listed)
		said.points = MIN(said.points, 6);
	return said.points - (said.previous ? 4 : 0);
}

int
number_label_after(const Number *number)
{
	const char *at = number->end, *end, *word;

	for (guint i = 0; i < 4; i++, at = end) {
		word = facts_word_after(at, &end);
		if (word == NULL || memchr(at, '\n', word - at) != NULL
		    || memchr(at, '.', word - at) != NULL
		    || memchr(at, ']', word - at) != NULL)
			return 0;
		guint32 class = facts_class(word, end - word);
		if (class & FACT_BIT(FACT_ORDER))
			return i == 0 ? 4 : 6;
		if ((class & (FACT_BIT(FACT_FILLER) | FACT_BIT(FACT_NUMBER))) == 0)
			return 0;
	}
	return 0;
}

int
number_fate(const Number *number)
{
	const char *at = number->end, *end, *word;

	if (number->digits < 4 && number->groups == 1 && number->letters == 0)
		return 0;
	for (guint i = 0; i < WORDS_AHEAD; i++, at = end) {
		word = facts_word_after(at, &end);
		if (word == NULL || strcspn(at, "\n.!?;,(") < (gsize)(word - at))
			return 0;
		guint32 class = facts_class(word, end - word);
		if (class & FACT_BIT(FACT_STOCK))
			return -14;
		if (class & FACT_BIT(FACT_FATE))
			return 4;
	}
	return 0;
}
