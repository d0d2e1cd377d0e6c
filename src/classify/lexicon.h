/* lexicon.h - a set of words with a mask each, for language lists, names and label words.
 *
 * Words are compared in lower case; a word may be given in several classes, whose masks add up.
 */
#ifndef AARDIG_LEXICON_H
#define AARDIG_LEXICON_H

#include <glib.h>

G_BEGIN_DECLS

/* Longest word that can be found, in bytes of UTF-8; longer ones are in no list. */
#define LEXICON_WORD_MAX 48

typedef struct Lexicon Lexicon;

/* Appends it to `out` in a form that lexicon_unpack() takes at once; that borrows the bytes (eight
 * bytes aligned), and nothing can be added to it. NULL if they are cut off. */
void lexicon_pack(const Lexicon *lexicon, GByteArray *out);
Lexicon *lexicon_unpack(const guint8 *bytes, gsize size);

/* `expected` words fit without growing. */
Lexicon *lexicon_new(guint expected);
void lexicon_free(Lexicon *lexicon);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lexicon, lexicon_free)

/* The word's mask, or 0. `word` need not be NUL-terminated, nor folded. */
guint32 lexicon_find(const Lexicon *lexicon, const char *word, gsize length);
/* The same for a word that is folded and NUL-terminated. */
guint32 lexicon_find_folded(const Lexicon *lexicon, const char *folded, gsize length);
/* The same in steps, for who knows some words before which one comes next: the place is on its way
 * from memory between them, and behind the second step the word that stands there. */
guint32 lexicon_ahead(const Lexicon *lexicon, const char *folded, gsize length);
void lexicon_word_ahead(const Lexicon *lexicon, guint32 ahead);
guint32 lexicon_find_ahead(const Lexicon *lexicon, const char *folded, guint32 ahead);
/* The mask of a beginning of it; 0 if there is none. */
guint32 lexicon_find_beginning(const Lexicon *lexicon, const char *folded, gsize length);

/* Lower case of a word of up to LEXICON_WORD_MAX bytes, typographic apostrophes made plain;
 * returns the length, or 0 when it does not fit. `folded` has room for LEXICON_WORD_MAX + 1
 * bytes. */
gsize lexicon_fold(const char *word, gsize length, char *folded);

/* Adds every word of a text file: one or more a line, # starts a comment. A word of five letters or
 * more with a * behind it ("groet*") stands for all that begin so. "[name]" alone on a line starts
 * a section ("" before the first); mask_of says what its words are, 0: to be left out. FALSE
 * with error when the file cannot be read. */
gboolean lexicon_read_file(Lexicon *lexicon, const char *path,
                           guint32 (*mask_of)(const char *section, const void *data),
                           const void *data, GError **error);

G_END_DECLS

#endif
