/* rules.h - rule packs: read, checked, compiled into one image, cached.
 *
 * The image is flat and position-independent: loading from the cache is an mmap. See
 * aardig-rules(5) for the language. Label spaces ("type", "tone", "flag"; "kind" for the coach)
 * are data: labels.conf in the pack folder. */
#ifndef AARDIG_RULES_H
#define AARDIG_RULES_H

#include <glib.h>

#include "aardig/diagnostics.h"

G_BEGIN_DECLS

typedef struct Rules Rules;

/* Reads labels.conf and every *.conf and *.hints below the folders (in order; a folder's subfolders in
 * strcmp order; the subfolder named "nl", "en", ... sets the language of its rules). A rule of a
 * later folder replaces one of an earlier with the same id; a doubled id within one folder is an
 * error. NULL after errors, all of them in diag. */
Rules *rules_load(const char *const *dirs, Diagnostics *diag);

/* The same through a cache file in cache_dir (NULL: no cache): used if it is ours or root's, not
 * writable by others, of this version, undamaged (content hash) and its sources are unchanged;
 * else rebuilt and replaced atomically. A cache that cannot be written is no error. */
Rules *rules_load_cached(const char *const *dirs, const char *cache_dir, Diagnostics *diag);

/* Runs every rule's own examples; failures go to diag with file and line. */
void rules_check_examples(const char *const *dirs, const Rules *rules, Diagnostics *diag);

void rules_free(Rules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rules, rules_free)

guint rules_count(const Rules *rules);
/* Hex content hash of all sources: changes when any rule changes. */
const char *rules_version(const Rules *rules);

/* Labels of a space in their order in labels.conf, NULL-terminated; NULL for an unknown space. */
const char *const *rules_labels(const Rules *rules, const char *space);

G_END_DECLS

#endif
