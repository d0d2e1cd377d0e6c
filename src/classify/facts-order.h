/* facts-order.h - numbers in running text: where they begin and end, and what else they may be. */
#ifndef AARDIG_CLASSIFY_FACTS_ORDER_H
#define AARDIG_CLASSIFY_FACTS_ORDER_H

#include <glib.h>

#include "classify/facts-private.h"

G_BEGIN_DECLS

/* A run of letters and digits with - . / _ inside, or groups of digits with blanks between. */
typedef struct {
	const char *start, *end;
	guint digits, letters;
	guint groups;      /* of digits */
	gboolean tidy;     /* capitals and digits: "WO-22-0467", "K940244", "77-AX-2" */
	gboolean year;     /* 1900 to 2099 */
	gboolean joint;    /* - . / or _ inside */
	gboolean hash;     /* # before it */
	gboolean ticket;   /* "[#88121]": a help desk's */
	gboolean french;   /* in a French mail */
	gboolean bracket;  /* ( before it */
	gboolean measure;  /* a unit follows: "5-7 werkdagen" */
	gboolean doubtful; /* could be a date or a thousand */
} Number;

/* The next number at or after *at; moves *at on. FALSE at the end or beyond `limit` bytes. */
gboolean number_next(const char *text, const char **at, gsize limit, Number *out);

/* The values of up to 4 groups of digits; anything longer than 9 digits counts as huge. */
guint number_group_values(const Number *number, guint values[4], guint lengths[4]);
gboolean number_is_day_and_month(guint a, guint b);

typedef enum { ASCII_DIGIT, ASCII_UPPER, ASCII_LOWER } AsciiKind;

/* TRUE if there is something and all of it is of that kind. */
static inline gboolean
ascii_all(const char *start, const char *end, AsciiKind kind)
{
	for (const char *p = start; p < end; p++)
		if (!(kind == ASCII_DIGIT ? g_ascii_isdigit(*p)
		      : kind == ASCII_UPPER ? g_ascii_isupper(*p) : g_ascii_islower(*p)))
			return FALSE;
	return start < end;
}

/* "RAL-7016", "CR2032": letters of a standard or a battery lead it. */
gboolean number_is_model(const Number *number);

/* Money, date, time, telephone number, account, tracking code, postcode, address on the net ... */
gboolean number_is_something_else(const char *text, const Number *number);

/* Points for the words before a number, below 0 if they say that it is something else. */
int number_label_before(const char *text, const Number *number);
/* "20399 is mijn bestelnummer", "(33017, bestelling)". */
int number_label_after(const Number *number);
/* What happens to orders: "Is 64-1190 al verzonden?"; below 0 for things: "Is 64-1190 leverbaar?" */
int number_fate(const Number *number);

/* What it stands next to: the end of a sentence, line or bracket, or only a comma. */
typedef enum { EDGE_NONE, EDGE_SOFT, EDGE_HARD } Edge;
Edge number_left_edge(const char *text, const Number *number);
Edge number_right_edge(const Number *number);

G_END_DECLS

#endif
