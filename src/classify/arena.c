/* arena.c - pieces of blocks that grow from small, since a test loads two rules, to large. */
#include "config.h"

#include "classify/arena.h"

#define BLOCK_FIRST ((gsize)4 << 10)
#define BLOCK_LARGEST ((gsize)256 << 10)

gpointer
arena_more(Arena *arena, gsize bytes)
{
	gsize size = MAX(arena->next_size, BLOCK_FIRST);

	arena->next_size = MIN(size * 2, BLOCK_LARGEST);
	size = MAX(size, bytes);
	arena->at = g_malloc0(size);
	arena->left = size;
	arena->blocks = g_slist_prepend(arena->blocks, arena->at);
	return arena_alloc(arena, bytes);
}

void
arena_clear(Arena *arena)
{
	g_slist_free_full(arena->blocks, g_free);
	*arena = (Arena){ 0 };
}
