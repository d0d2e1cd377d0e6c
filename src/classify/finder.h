/* finder.h - finds records by a hash of what they are about. The records are kept by whoever asks:
 * here are their numbers. */
#ifndef AARDIG_CLASSIFY_FINDER_H
#define AARDIG_CLASSIFY_FINDER_H

#include <glib.h>

#include "classify/image.h"

G_BEGIN_DECLS

typedef struct {
	guint32 hash, record; /* record: + 1; 0 is free */
} FinderSlot;

typedef struct {
	FinderSlot *slots;
	guint size, used; /* size: a power of two, or 0 */
} Finder;

/* A finder begins as zeroes. */
void finder_clear(Finder *finder);
void finder_add(Finder *finder, guint64 hash, guint32 record);

/* The next record that may be the one, for as long as it is not NONE: hashes can be equal by
 * chance. *at begins as 0. */
static inline guint32
finder_next(const Finder *finder, guint64 hash, guint *at)
{
	while (finder->size > 0) {
		const FinderSlot *slot =
		    &finder->slots[((guint32)hash + (*at)++) & (finder->size - 1)];

		if (slot->record == 0)
			break;
		if (slot->hash == (guint32)hash)
			return slot->record - 1;
	}
	return NONE;
}

G_END_DECLS

#endif
