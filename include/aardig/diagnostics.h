/* diagnostics.h - errors in what an admin wrote: configuration, rules, templates.
 *
 * Each is one line "FILE:LINE: error: what is wrong (what to do)". Reading goes on after an
 * error, so that one run shows them all; nothing half-valid is used afterwards. */
#ifndef AARDIG_DIAGNOSTICS_H
#define AARDIG_DIAGNOSTICS_H

#include <glib.h>

G_BEGIN_DECLS

typedef struct Diagnostics Diagnostics;

Diagnostics *diagnostics_new(void);
void diagnostics_free(Diagnostics *diag);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Diagnostics, diagnostics_free)

/* line 0: concerns the file as a whole and is left out. file NULL: no place at all. */
void diagnostics_error(Diagnostics *diag, const char *file, guint line, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
void diagnostics_warning(Diagnostics *diag, const char *file, guint line, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

guint diagnostics_errors(const Diagnostics *diag);
guint diagnostics_warnings(const Diagnostics *diag);
guint diagnostics_count(const Diagnostics *diag);
/* The i-th whole line, without newline, in order of arrival; valid as long as diag. */
const char *diagnostics_line(const Diagnostics *diag, guint i);
/* All lines to stderr; after 100 only how many more there are. */
void diagnostics_print(const Diagnostics *diag);
/* The first error as a CONFIG GError, with "and N more"; does nothing without errors. */
void diagnostics_to_error(const Diagnostics *diag, GError **error);

/* The candidate nearest to `word` within 2 edits (1 for words of up to 4 letters), or NULL:
 * for "did you mean". `candidates` is NULL-terminated. */
const char *diagnostics_nearest(const char *word, const char *const *candidates);

G_END_DECLS

#endif
