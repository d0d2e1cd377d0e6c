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

/* How many joints stand inside: "9-3-BRM" has two. */
static guint
count_joints(const Number *number)
{
	guint joints = 0;

	for (const char *p = number->start; p < number->end; p++)
		joints += strchr("-./_", *p) != NULL;
	return joints;
}

static int
points_for_shape(const Number *number)
{
	guint digits = number->digits;

	if (number->letters > 0 && number->tidy) {
		if (number_is_model(number))
			return -6;
		return digits >= 4 || count_joints(number) >= 2                  ? 6
		       : !number->joint ? 0
		       : digits == 1 || number->letters == 1 ? 1
		                                                       : (int)digits;
	}
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

/* Nothing but a name may stand behind a number that signs a mail. */
#define SIGN_OFF_BYTES 40
#define SIGN_OFF_WORDS 4

/* "Hugo Bertin, 8890", "2207 B. Schmitt", "31-31 Nicole", "(LX-18)" at the very end. */
static gboolean
signs_off(const Number *number, Edge left)
{
	const char *at = number->end, *end, *word;

	if (left == EDGE_NONE || strnlen(at, SIGN_OFF_BYTES + 1) > SIGN_OFF_BYTES)
		return FALSE;
	for (guint i = 0; i <= SIGN_OFF_WORDS; i++, at = end) {
		word = facts_word_after(at, &end);
		if (word == NULL)
			return TRUE;
		/* "Hôtel du Lac" */
		if (!g_unichar_isupper(g_utf8_get_char(word)) && (i == 0 || end - word > 3))
			return FALSE;
	}
	return FALSE;
}

/* "Picture frame 58-22", "2217 - the slippers": what a subject begins or ends with. */
static gboolean
heads_subject(const Number *number, Edge left, Edge right)
{
	if (left != EDGE_HARD && right != EDGE_HARD)
		return FALSE;
	return (number->joint && !number->doubtful && (number->letters == 0 || number->tidy))
	       || (number->letters > 0 && number->digits >= 3 && number->tidy)
	       || (number->digits >= 4 && !number->year && left != EDGE_NONE
	           && right != EDGE_NONE);
}

static int
points_for_place(const char *text, const Number *number, gboolean subject)
{
	Edge left = number_left_edge(text, number), right = number_right_edge(number);
	int shape = points_for_shape(number);
	gboolean code = number->letters > 0 && number->digits < 3;

	/* "USB-3", "PX-12" in brackets are things oftener than orders. */
	if (subject && shape >= 1 && heads_subject(number, left, right))
		return 5;
	if (signs_off(number, left) && (shape >= 1 || (left == EDGE_HARD && right == EDGE_HARD)))
		return 5;
	if (left == EDGE_HARD && right == EDGE_HARD)
		return code && number->bracket ? 2 : 5;
	if (left != EDGE_NONE && right != EDGE_NONE)
		return shape >= 3 ? 5 : 0;
	if (left == EDGE_HARD)
		return number->bracket                                                    ? 1
		       : number->digits >= 5 || number->letters > 0 || number->groups > 1 ? 4
		                                                                          : 2;
	return right == EDGE_HARD ? 1 : 0;
}

/* A shape that hardly anything else has, in the middle of a sentence too: "64-1190". */
static gboolean
speaks_for_itself(const Number *number, int shape)
{
	if (shape >= 6)
		return TRUE;
	if (number->letters > 0 || number->doubtful)
		return FALSE;
	return number->groups > 1 ? number->joint && number->digits >= 5
	                          : number->digits >= 6 && number->digits <= 10;
}

/* "order 120 tote bags", "over 2000 tulips": a short number, or a round one without a label, with a
 * thing behind it counts that thing. */
static gboolean
counts_things(const Number *number, int label)
{
	const char *end, *word = facts_word_after(number->end, &end);

	return (number->digits == 3
	        || ((number->digits == 4 || number->digits == 5) && label <= 4
	            && memcmp(number->end - 2, "00", 2) == 0))
	       && number->groups == 1
	       && number->letters == 0 && !number->hash && word != NULL
	       && word - number->end == 1 && *number->end == ' '
	       && !language_is_common_word(word, end - word);
}

/* "refund 79.99" */
static gboolean
is_price(const Number *number)
{
	const char *point = memchr(number->start, '.', number->end - number->start);

	return point != NULL && number->end - point == 3;
}

/* "1000 Dank", "120000 Nutzer", "1500 stukjes": nothing is said exactly. */
static gboolean
is_round(const Number *number, int label)
{
	if (number->letters > 0 || number->groups > 1 || number->hash || number->digits < 3)
		return FALSE;
	return memcmp(number->end - 3, "000", 3) == 0
	       || (label <= 0 && number->digits == 4 && memcmp(number->end - 2, "00", 2) == 0);
}

static int
points_of(const char *text, const Number *number, gboolean subject)
{
	int label, shape, place;

	if (number_is_something_else(text, number))
		return RULED_OUT;
	label = number_label_before(text, number);
	if (number->hash && !number->ticket && label < 10)
		label = label < 0 ? label + 8 : 8;
	if (label < 8)
		label += number_label_after(number);
	if (label >= 0 && label < 8) {
		int fate = number_fate(number);

		label = fate < 0 ? fate : MAX(label, fate);
	}
	if (label < 8 && (number->ticket || number->measure || is_round(number, label)))
		return RULED_OUT;
	if (counts_things(number, label))
		return RULED_OUT;
	shape = points_for_shape(number);
	place = points_for_place(text, number, subject);
	/* Something must say that it is meant: a word, a place of its own, or a shape nothing
	 * else has. */
	if (label <= 0 && place < 3 && !speaks_for_itself(number, shape)
	    && !(place > 0 && number->digits >= 5))
		return RULED_OUT;
	/* "9-11-82" may be a date, "44.118" a thousand: only where the words say otherwise. */
	if (number->doubtful && label < (is_price(number) ? 6 : 4))
		place -= place == 5 ? 3 : 10;
	return shape + place + label;
}

static void
consider(Best *best, const char *text, const Number *number, int extra, gboolean subject)
{
	g_autofree char *as_written = g_strndup(number->start, number->end - number->start);
	int points = points_of(text, number, subject) + extra;

	if (points < ENOUGH || points <= best->points || !facts_order_number_is_safe(as_written))
		return;
	g_free(best->text);
	best->text = g_steal_pointer(&as_written);
	best->points = points;
}

/* `extra` says how much the place is worth; twin is a text that makes a number likelier, NULL
 * for the subject itself. */
static void
read_text(Best *best, const char *text, gsize limit, int extra, const char *twin,
          gboolean french)
{
	const char *at = text;
	Number number;

	for (guint i = 0; i < NUMBERS_MAX && number_next(text, &at, limit, &number); i++) {
		int bonus = 0;

		number.french = french;
		if (twin != NULL && number.digits >= 3) {
			g_autofree char *same =
			    g_strndup(number.start, number.end - number.start);

			bonus = strstr(twin, same) != NULL ? 2 : 0;
		}
		consider(best, text, &number, extra + bonus, twin == NULL);
	}
}

char *
facts_find_order_number(const FactsSource *source)
{
	char *own = facts_match_order_patterns(source);
	Best best = { NULL, 0 };

	if (own != NULL)
		return own;
	gboolean french = g_strcmp0(source->language, "fr") == 0;
	read_text(&best, source->own, FACTS_TEXT_MAX, 1, source->subject, french);
	read_text(&best, source->subject, FACTS_TEXT_MAX, 0, NULL, french);
	if (best.text == NULL)
		read_text(&best, source->quoted, FACTS_QUOTE_MAX, -1, source->subject, french);
	return best.text;
}
