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
	gboolean bracket;  /* ( before it */
	gboolean measure;  /* a unit follows: "5-7 werkdagen" */
	gboolean doubtful; /* could be a date or a thousand */
} Number;

/* The next number at or after *at; moves *at on. FALSE at the end or beyond `limit` bytes. */
gboolean number_next(const char *text, const char **at, gsize limit, Number *out);

/* Money, date, time, telephone number, account, tracking code, postcode, address on the net ... */
gboolean number_is_something_else(const char *text, const Number *number);

/* What it stands next to: the end of a sentence, line or bracket, or only a comma. */
typedef enum { EDGE_NONE, EDGE_SOFT, EDGE_HARD } Edge;
Edge number_left_edge(const char *text, const Number *number);
Edge number_right_edge(const Number *number);

G_END_DECLS

#endif
