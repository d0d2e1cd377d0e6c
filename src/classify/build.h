/* build.h - from phrases and records to an image: while rules are loaded, and never again. */
#ifndef AARDIG_CLASSIFY_BUILD_H
#define AARDIG_CLASSIFY_BUILD_H

#include <glib.h>

#include "classify/image.h"
#include "classify/phrase.h"

G_BEGIN_DECLS

typedef struct Build Build;

Build *build_new(void);
void build_free(Build *build);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Build, build_free)

/* Offset of the string in the pool; each text once. NULL gives NONE. */
guint32 build_string(Build *build, const char *text);
/* Adds a record to a plain section and gives its index. */
guint32 build_record(Build *build, Section section, gconstpointer record);
guint build_records(const Build *build, Section section);
gpointer build_at(Build *build, Section section, guint index);

guint32 build_word(Build *build, const char *fold);
guint build_words(const Build *build); /* how many */
guint32 build_pattern(Build *build, PatternKind kind, const char *fold);

/* The bit of a language; "any" is bit 0. 0 when there are more than 16. */
guint16 build_language(Build *build, const char *language);

/* First every phrase is counted (which words are rare decides where a phrase is looked for), then
 * every phrase is added. FALSE from build_phrase() when it would have to be written out in too many
 * forms. */
void build_count(Build *build, PhraseNode *phrase, guint32 languages);
/* A word that is known, so that no second try takes it for another. */
void build_known(Build *build, const char *fold, guint32 languages);
void build_hint(Build *build, guint64 key, guint32 languages, const ImageHintPoint *points,
                guint n);
/* How much of what slots can point at all hints together take at most. */
guint64 build_hints_size(const Build *build);
gboolean build_phrase(Build *build, guint32 owner, guint32 text, PhraseNode *phrase);

/* The finished image, 8-byte aligned; header filled in but for `content` (taken from here). */
guint8 *build_finish(Build *build, const char *content, guint n_rules_read, guint n_loose,
                     gsize *size_out);

G_END_DECLS

#endif
