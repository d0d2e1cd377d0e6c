/* lists.h - the word lists of the data folder (language, facts, names) as lexicons. A process per
 * mail does not read them anew: packed they lie beside the compiled rules, and are believed on the
 * same terms. */
#ifndef AARDIG_CLASSIFY_LISTS_H
#define AARDIG_CLASSIFY_LISTS_H

#include "classify/lexicon.h"

G_BEGIN_DECLS

#define LIST_FILES_MAX 8

typedef struct {
	const char *name;  /* of the packed file */
	guint expected;    /* words */
	const char *files[LIST_FILES_MAX + 1]; /* below rules/ in the data folder */
	/* data: GUINT_TO_POINTER(index of the file) */
	guint32 (*mask_of)(const char *section, const void *data);
} ListSource;

/* Never NULL: what cannot be read is warned about and left out. */
Lexicon *lists_load(const ListSource *source);

/* Where packed lists lie; NULL: nowhere. */
void lists_use_cache(const char *cache_dir);

G_END_DECLS

#endif
