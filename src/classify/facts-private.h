/* facts-private.h - how the files of facts share the work; for this folder alone. */
#ifndef AARDIG_CLASSIFY_FACTS_PRIVATE_H
#define AARDIG_CLASSIFY_FACTS_PRIVATE_H

#include <glib.h>

#include "aardig/classify.h"
#include "classify/lexicon.h"
#include "classify/tokens.h"

G_BEGIN_DECLS

/* A fact stands near the top or at the sign-off: of longer texts only this much is read, in
 * bytes. */
#define FACTS_TEXT_MAX (48 * 1024)
#define FACTS_QUOTE_MAX (16 * 1024)

/* What facts are read from. All strings valid UTF-8 and never NULL but from_name. */
typedef struct {
	const char *subject;
	const char *own; /* what the customer wrote now, signature included, in its order */
	const char *quoted;
	const char *from_name; /* display name, or NULL */
	const char *language;
	const Tokens *body; /* visible text */
	gint64 now;
	GTimeZone *zone; /* NULL: UTC */
	const char *const *order_patterns;
	gboolean attachment, image;
} FactsSource;

/* Fills facts, which must be all zero; `remedy` is left to the rules. */
void facts_read(const FactsSource *source, Facts *facts);
void facts_clear(Facts *facts);

/* Classes of conf/rules/facts.txt as bits of its lexicon. */
enum {
	FACT_ORDER,
	FACT_NUMBER,
	FACT_FILLER,
	FACT_NOT,
	FACT_PARCEL,
	FACT_PREP,
	FACT_CASE,
	FACT_PREVIOUS,
	FACT_UNIT,
	FACT_SHORT,
	FACT_CURRENCY,
	FACT_MONTH,
	FACT_STREET,
	FACT_ORDERED,
	FACT_UNDER,
	FACT_VERB,
	FACT_PRONOUN,
	FACT_REF,
	FACT_ABBREVIATION,
	FACT_PHONE,
	FACT_ABOUT,
	FACT_ACT,
	FACT_FATE,
	FACT_IMPLIED,
	FACT_AND,
	FACT_MODEL,
	FACT_PLACE,
	FACT_BRAND,
	FACT_FITS,
	FACT_STOCK,
	FACT_WHEN,
	FACT_CLASSES
};
#define FACT_BIT(class) ((guint32)1 << (class))
/* The lexicon keeps the last bit for itself. */
G_STATIC_ASSERT(FACT_CLASSES <= 31);

guint32 facts_class(const char *word, gsize length);
/* The same for a word that is folded and NUL-terminated. */
guint32 facts_class_folded(const char *folded, gsize length);

/* ---- one file each ---- */

/* As written, without label; NULL if the mail names none. Caller frees. */
char *facts_find_order_number(const FactsSource *source);
/* The shop's own patterns alone. */
char *facts_match_order_patterns(const FactsSource *source);
char *facts_find_customer_name(const FactsSource *source);
char *facts_find_first_name(const char *customer_name, const char *from_name);
/* The largest amount of money, "49,95 EUR". */
char *facts_find_amount(const char *text);
char *facts_find_tracking(const char *text);
/* TRUE if these bytes have the shape (and where there is one the check digit) of a carrier's
 * code. */
gboolean facts_is_tracking(const char *text, gsize length);
gboolean facts_is_iban(const char *text, gsize length);
void facts_find_deadline(const FactsSource *source, char **text_out, gint64 *time_out);
gboolean facts_find_photo(const FactsSource *source);

/* ---- letters ---- */

/* The word that ends before `at`, not before `start`; NULL if there is none. Words are letters,
 * digits and apostrophes; what was skipped to reach it is between *end_out and at. */
const char *facts_word_before(const char *start, const char *at, const char **end_out);
/* The word at or after `at`. */
const char *facts_word_after(const char *at, const char **end_out);

G_END_DECLS

#endif
