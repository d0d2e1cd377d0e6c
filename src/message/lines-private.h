/* lines-private.h - shared by the files of the line classifier.
 *
 * Phrases are compared on a "key": the line in lower case, without diacritics ("Envoyé" is
 * "envoye", "Grüße" is "grusse"), without stars, blanks folded. People and mail programs spell
 * these formulas with and without accents. */
#ifndef AARDIG_LINES_PRIVATE_H
#define AARDIG_LINES_PRIVATE_H

#include <glib.h>

#include "message-private.h"

#define KEY_SIZE 640

/* What one line looks like, found once. */
typedef struct {
	guint len;
	guint8 hint;
	gboolean blank;
	gboolean quoted;     /* "> ..." or in a <blockquote> */
	gboolean sig_dashes; /* exactly "-- " (RFC 3676 s.4.3) */
} Shape;

typedef struct {
	LineList *list;
	Shape *shapes;
	gboolean subject_forward, subject_reply;
	gsize first_text; /* the first line that is text, G_MAXSIZE while there is none */
} Lines;

/* --- phrases.c ------------------------------------------------------------- */

/* Writes the key of text into out, ended by NUL, cut at size. */
void phrase_key(const char *text, char *out, gsize size);

/* Which two letters the phrases of a table begin with. Nearly every line begins with none of them,
 * which is known before its key is made. */
typedef struct {
	guint32 second[26]; /* for each first letter a bit per second one */
	gsize made;         /* of g_once_init_enter() */
} Beginnings;

void beginnings_add(Beginnings *beginnings, const char *phrase);
/* FALSE only if the key of text does not begin with any of the phrases. */
gboolean beginnings_may_fit(const Beginnings *beginnings, const char *text);

typedef enum { LABEL_NONE, LABEL_FROM, LABEL_DATE, LABEL_TO, LABEL_SUBJECT, LABEL_OTHER } Label;
/* "Van: ...", "*Sent:* ...", "Envoyé : ..." */
Label phrase_label(const char *text);

typedef enum { SEPARATOR_NONE, SEPARATOR_ORIGINAL, SEPARATOR_FORWARD, SEPARATOR_ABOVE } Separator;
Separator phrase_separator(const char *text);
/* Nothing but at least five dashes, underscores, stars or the like. */
gboolean phrase_is_rule(const char *text);

typedef enum { CLOSING_NONE, CLOSING_WEAK, CLOSING_STRONG } Closing;
/* A closing formula, a name behind it allowed. WEAK: thanks, which also stand elsewhere. */
Closing phrase_closing(const char *text);
gboolean phrase_is_footer(const char *text);
/* A phrase in it that hardly anything but a disclaimer has: worth a closer look. */
gboolean phrase_is_legal(const char *key);
/* key: a whole paragraph. */
gboolean phrase_is_disclaimer(const char *key);
/* key: a paragraph on top of the mail. */
gboolean phrase_is_banner(const char *key);
gboolean phrase_is_postscript(const char *text);
/* Order number, customer number, account number: facts, wherever they stand. */
gboolean phrase_is_fact(const char *text);

/* Does the subject begin with Fwd: (TRUE in *forward_out) or Re: in one of our languages? */
void phrase_subject(const char *subject, gboolean *forward_out, gboolean *reply_out);

/* --- attribution.c --------------------------------------------------------- */

/* If line `last` ends a reply header ("Op ... schreef X:"), the line where it begins, else -1.
 * No line before `first` belongs to it. */
gssize attribution_start(const Lines *lines, gsize first, gsize last);

/* --- contact.c ------------------------------------------------------------- */

guint line_words(const char *text);
/* Somebody speaks: asks, says "I", or goes on for long. */
gboolean line_is_prose(const char *text);
/* "Jan", "J.P. Willemse", "Familie de Vries", "mo & sid", "Bev x". */
gboolean line_is_name(const char *text);
/* A way to reach somebody, or his firm. */
gboolean line_is_contact(const char *text);
/* "Jan de Vries | Inkoop" */
gboolean line_is_piped(const char *text);
/* "Secretaris", "Administratie": what stands under a name. */
gboolean line_has_title(const char *text);
/* In quotation marks. */
gboolean line_is_slogan(const char *text);
/* A word of four letters or more that begins with a capital in both: the family's firm. */
gboolean line_shares_name(const char *name, const char *text);

/* --- signature.c ----------------------------------------------------------- */

/* Tells apart text, sign-off and footers in the LINE_TEXT lines [from, to). */
void signature_classify(Lines *lines, gsize from, gsize to);

#endif
