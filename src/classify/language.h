/* language.h - language of a text and its commonest words; for this folder alone. */
#ifndef AARDIG_CLASSIFY_LANGUAGE_H
#define AARDIG_CLASSIFY_LANGUAGE_H

#include <glib.h>

#include "classify/lexicon.h"
#include "classify/tokens.h"

G_BEGIN_DECLS

/* A reading is unsure of its language below this margin. */
#define LANGUAGE_MARGIN 0.25

/* "nl" "en" "de" "fr" "other"; *margin_out 0 (no idea) to 1, if not NULL. */
const char *language_of(const Tokens *text, double *margin_out);
/* TRUE for a word of one of the four languages' lists: not somebody's name. */
gboolean language_is_common_word(const char *word, gsize length);
gboolean language_lexicon_has(const char *folded, gsize length);
const Lexicon *language_lexicon(void);

G_END_DECLS

#endif
