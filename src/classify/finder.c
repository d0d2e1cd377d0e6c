/* finder.c - a table of open addresses, half full at most. */
#include "config.h"

#include "classify/finder.h"

#define SIZE_FIRST 64

static void
put(Finder *finder, FinderSlot slot)
{
	guint at = slot.hash & (finder->size - 1);

	while (finder->slots[at].record != 0)
		at = (at + 1) & (finder->size - 1);
	finder->slots[at] = slot;
}

static void
grow(Finder *finder)
{
	Finder larger = { .size = MAX(finder->size * 2, SIZE_FIRST), .used = finder->used };

	larger.slots = g_new0(FinderSlot, larger.size);
	for (guint i = 0; i < finder->size; i++)
		if (finder->slots[i].record != 0)
			put(&larger, finder->slots[i]);
	g_free(finder->slots);
	*finder = larger;
}

void
finder_add(Finder *finder, guint64 hash, guint32 record)
{
	if (finder->used * 2 >= finder->size)
		grow(finder);
	put(finder, (FinderSlot){ (guint32)hash, record + 1 });
	finder->used++;
}

void
finder_clear(Finder *finder)
{
	g_free(finder->slots);
	*finder = (Finder){ 0 };
}
