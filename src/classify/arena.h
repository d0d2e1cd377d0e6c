/* arena.h - memory for many small things that are made together and go together. */
#ifndef AARDIG_CLASSIFY_ARENA_H
#define AARDIG_CLASSIFY_ARENA_H

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
	GSList *blocks;
	char *at;
	gsize left, next_size;
} Arena;

/* An arena begins as zeroes. */
void arena_clear(Arena *arena);
gpointer arena_more(Arena *arena, gsize bytes);

/* Zeroed, and aligned for anything. */
static inline gpointer
arena_alloc(Arena *arena, gsize bytes)
{
	bytes = (bytes + 7) & ~(gsize)7;
	if (bytes > arena->left)
		return arena_more(arena, bytes);

	gpointer piece = arena->at;
	arena->at += bytes;
	arena->left -= bytes;
	return piece;
}

#define arena_new(arena, type, n) ((type *)arena_alloc(arena, sizeof(type) * (n)))

G_END_DECLS

#endif
