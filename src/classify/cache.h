/* cache.h - files that processes leave for the next one: mapped only if they are ours or root's and
 * nobody else may write them. What is in them the caller checks. */
#ifndef AARDIG_CLASSIFY_CACHE_H
#define AARDIG_CLASSIFY_CACHE_H

#include <glib.h>

G_BEGIN_DECLS

/* NULL if it is not there, not to be trusted or smaller than `least`; to be unmapped. */
guint8 *cache_map(const char *path, gsize least, gsize *size_out);
/* Put in place whole or not at all; without a word if it cannot be. */
void cache_store(const char *path, const char *cache_dir, const guint8 *bytes, gsize size);

G_END_DECLS

#endif
