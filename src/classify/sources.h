/* sources.h - the files of rule packs: which there are, what is in them, whether they changed. */
#ifndef AARDIG_CLASSIFY_SOURCES_H
#define AARDIG_CLASSIFY_SOURCES_H

#include <glib.h>

#include "aardig/diagnostics.h"
#include "classify/image.h"

G_BEGIN_DECLS

#define SOURCE_MAX_SIZE (16 * 1024 * 1024)

/* A file, or a folder (text NULL) whose time tells that files came or went. A folder that is not
 * there has inode 0. */
typedef struct {
	char *path;
	char *text;           /* NUL-terminated, without BOM */
	const char *below;    /* path below the pack folder, in path */
	char *language;       /* "any", "nl", ... from the folder */
	guint pack;           /* which of the folders given */
	gboolean folder, labels; /* labels: labels.conf at the top of the pack */
	gboolean hints;       /* *.hints */
	ImageSource identity; /* all but path */
} SourceFile;

/* Everything below the folders, in order of reading. Errors go to diag. */
GPtrArray *sources_read(const char *const *dirs, Diagnostics *diag);
/* A file that is nowhere but in memory, "nl/x.conf": for fuzzing. */
SourceFile *source_from_text(const char *below, const char *text, gsize size);
void source_free(SourceFile *source);

/* Over names and contents, in hex: tells versions apart, proves nothing. Caller frees. */
char *sources_hash(const GPtrArray *sources);
/* TRUE if the file or folder at path still is what it was. */
gboolean source_unchanged(const char *path, const ImageSource *identity);
/* What the file at path is; FALSE if there is none, or it was written too lately, as below. */
gboolean source_identity(const char *path, ImageSource *out);
/* TRUE if something was written so lately that the clock of the file system could not tell a later
 * change from it. */
gboolean sources_racy(const GPtrArray *sources);

G_END_DECLS

#endif
