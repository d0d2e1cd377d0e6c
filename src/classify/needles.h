/* needles.h - words of which one must stand in a text before a regex can match it, and a quick look
 * whether one may. Most texts have none, and the regex is neither compiled nor tried. */
#ifndef AARDIG_CLASSIFY_NEEDLES_H
#define AARDIG_CLASSIFY_NEEDLES_H

#include <glib.h>

G_BEGIN_DECLS

/* Lower case, one a line; NULL where the pattern has none or is not understood. Caller frees. */
char *needles_of(const char *pattern);

/* Which bytes a text has, and which pairs of them side by side; in lower case. */
typedef struct {
	gboolean open;         /* letters that PCRE2 takes for ASCII ones: everything may be there */
	guint8 pairs[128 * 128 / 8];
	guint8 bytes[256 / 8];
} TextPairs;

void text_pairs_note(TextPairs *pairs, const char *text, gsize bytes);
/* FALSE: none of the needles is in the text. */
gboolean text_pairs_may_have(const TextPairs *pairs, const char *needles);

G_END_DECLS

#endif
