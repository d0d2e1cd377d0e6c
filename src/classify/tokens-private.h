/* tokens-private.h - characters, as the words and the phrases of this folder see them. */
#ifndef AARDIG_CLASSIFY_TOKENS_PRIVATE_H
#define AARDIG_CLASSIFY_TOKENS_PRIVATE_H

#include <glib.h>

/* The character at p and its length in bytes; U+FFFD, 1 for what is not UTF-8. Needs p < end. */
guint tokens_decode(const guchar *p, const guchar *end, gunichar *ch_out);
gboolean tokens_is_apostrophe(gunichar ch);
/* Length of the face (":-(") at p and how rules write it; 0 if there is none. */
gsize tokens_face(const guchar *p, const guchar *end, const char **fold_out);

#endif
