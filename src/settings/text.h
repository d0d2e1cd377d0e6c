/* text.h - the text of a configuration with its @include files, checked for what libconfig would
 * pass over or report badly, and the place each line came from. */
#ifndef AARDIG_SETTINGS_TEXT_H
#define AARDIG_SETTINGS_TEXT_H

#include <glib.h>

#include "aardig/diagnostics.h"

G_BEGIN_DECLS

typedef struct SettingsText SettingsText;

/* Reads `path` and what it includes (relative to the including file), skips a byte order mark, and
 * reports characters, quotes, commas and brackets that are wrong, all of them, with what to do.
 * NULL after errors. */
SettingsText *settings_text_read(const char *path, Diagnostics *diag);
/* The same for text in memory, called `name` in messages. Includes are errors there. */
SettingsText *settings_text_from_memory(const char *name, const char *text, gsize length,
                                    Diagnostics *diag);
void settings_text_free(SettingsText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SettingsText, settings_text_free)

/* For config_read_string(): includes resolved, comments gone. */
const char *settings_text_string(const SettingsText *text);
/* File and line a line (from 1) of that string came from; a line past the end is the last one. */
void settings_text_place(const SettingsText *text, guint line, const char **file_out,
                         guint *line_out);

G_END_DECLS

#endif
