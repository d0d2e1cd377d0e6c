/* lexicon.c - words in an open-addressing table: one probe or two per word of a mail, and a
 * start-up that costs microseconds, since a process per mail reads the lists each time. */
#include "config.h"

#include <string.h>

#include "classify/lexicon.h"

/* Small, since a process per mail touches all of its pages for the first time. */
typedef struct {
	guint32 place; /* slot_of() the word's place in words; 0 is an empty slot */
	guint32 mask;
} Slot;

/* Eight bits of the hash above, so that a word that is not there is hardly ever compared. */
#define PLACE_MASK 0xffffffu

static guint32
slot_of(guint32 offset, guint32 hash)
{
	return offset | (hash >> 24) << 24;
}

struct Lexicon {
	GByteArray *growing;  /* NULL for a packed one */
	const guint8 *words;  /* NUL-terminated, one after the other */
	Slot *slots;
	guint size, count; /* size is a power of two */
};

/* Beginnings are looked for by their first bytes, all at once: most words have none. */
#define BEGINNING_KEY 4
#define BEGINNING_MAX 12
#define BEGINNING_BIT ((guint32)1 << 31)

Lexicon *
lexicon_new(guint expected)
{
	Lexicon *lexicon = g_new0(Lexicon, 1);

	lexicon->growing = g_byte_array_sized_new(expected * 10 + 1);
	g_byte_array_append(lexicon->growing, (const guint8 *)"", 1);
	lexicon->words = lexicon->growing->data;
	for (lexicon->size = 256; lexicon->size * 2 < expected * 3;)
		lexicon->size *= 2;
	lexicon->slots = g_new0(Slot, lexicon->size);
	return lexicon;
}

void
lexicon_free(Lexicon *lexicon)
{
	if (lexicon == NULL)
		return;
	if (lexicon->growing != NULL) {
		g_byte_array_unref(lexicon->growing);
		g_free(lexicon->slots);
	}
	g_free(lexicon);
}

/* ---- packed ---- */

typedef struct {
	guint32 size, count, words, pad;
} PackedHeader;

void
lexicon_pack(const Lexicon *lexicon, GByteArray *out)
{
	PackedHeader head = { lexicon->size, lexicon->count, lexicon->growing->len, 0 };

	g_byte_array_append(out, (const guint8 *)&head, sizeof head);
	g_byte_array_append(out, (const guint8 *)lexicon->slots, lexicon->size * sizeof(Slot));
	g_byte_array_append(out, lexicon->words, lexicon->growing->len);
}

Lexicon *
lexicon_unpack(const guint8 *bytes, gsize size)
{
	const PackedHeader *head = (const PackedHeader *)bytes;

	if (size < sizeof *head || head->count >= head->size ||
	    (head->size & (head->size - 1)) != 0 ||
	    size != sizeof *head + (guint64)head->size * sizeof(Slot) + head->words)
		return NULL;

	Lexicon *lexicon = g_new0(Lexicon, 1);

	lexicon->slots = (Slot *)(bytes + sizeof *head);
	lexicon->words = bytes + sizeof *head + head->size * sizeof(Slot);
	lexicon->size = head->size;
	lexicon->count = head->count;
	return lexicon;
}

gsize
lexicon_fold(const char *word, gsize length, char *folded)
{
	const char *end = word + length;
	gsize n = 0;

	if (length > LEXICON_WORD_MAX)
		return 0;
	while (word < end) {
		guchar c = *word;

		if (c < 0x80) {
			folded[n++] = g_ascii_tolower(c);
			word++;
			continue;
		}
		gunichar u = g_utf8_get_char_validated(word, end - word);
		if (u == (gunichar)-1 || u == (gunichar)-2)
			return 0;
		word = g_utf8_next_char(word);
		u = u == 0x2019 || u == 0x2018 || u == 0x02BC ? '\'' : g_unichar_tolower(u);
		/* A lower case letter can be longer than its capital by a byte. */
		if (n + g_unichar_to_utf8(u, NULL) > LEXICON_WORD_MAX)
			return 0;
		n += g_unichar_to_utf8(u, folded + n);
	}
	folded[n] = '\0';
	return n;
}

static guint32
hash_word(const char *word, gsize length)
{
	guint32 hash = 2166136261u; /* FNV-1a */

	for (gsize i = 0; i < length; i++)
		hash = (hash ^ (guchar)word[i]) * 16777619u;
	return hash;
}

static Slot *
find_slot(const Lexicon *lexicon, const char *folded, guint32 hash)
{
	guint at = hash & (lexicon->size - 1);

	for (;;) {
		Slot *slot = &lexicon->slots[at];

		if (slot->place == 0)
			return slot;
		if (slot->place >> 24 == hash >> 24 &&
		    strcmp((const char *)lexicon->words + (slot->place & PLACE_MASK), folded) == 0)
			return slot;
		at = (at + 1) & (lexicon->size - 1);
	}
}

static void
grow(Lexicon *lexicon)
{
	g_autofree Slot *old = lexicon->slots;
	guint old_size = lexicon->size;

	lexicon->size *= 2;
	lexicon->slots = g_new0(Slot, lexicon->size);
	for (guint i = 0; i < old_size; i++) {
		const char *word =
		    (const char *)lexicon->words + (old[i].place & PLACE_MASK);

		if (old[i].place != 0)
			*find_slot(lexicon, word, hash_word(word, strlen(word))) = old[i];
	}
}

static void
add_folded(Lexicon *lexicon, const char *folded, gsize length, guint32 mask)
{
	guint32 hash = hash_word(folded, length);
	Slot *slot;

	if (lexicon->count * 3 >= lexicon->size * 2)
		grow(lexicon);
	slot = find_slot(lexicon, folded, hash);
	if (slot->place == 0) {
		if (lexicon->growing->len > PLACE_MASK)
			return; /* 16 MiB of words: no list of ours */
		slot->place = slot_of(lexicon->growing->len, hash);
		g_byte_array_append(lexicon->growing, (const guint8 *)folded, length + 1);
		lexicon->words = lexicon->growing->data;
		lexicon->count++;
	}
	slot->mask |= mask;
}

/* Words that are empty or too long are left out. */
static void
add_word(Lexicon *lexicon, const char *word, gsize length, guint32 mask)
{
	char folded[LEXICON_WORD_MAX + 1];

	length = lexicon_fold(word, length, folded);
	if (length == 0)
		return;
	add_folded(lexicon, folded, length, mask);
	if (folded[length - 1] != '*' || length <= BEGINNING_KEY)
		return;
	folded[BEGINNING_KEY] = '*';
	folded[BEGINNING_KEY + 1] = '\0';
	add_folded(lexicon, folded, BEGINNING_KEY + 1, BEGINNING_BIT);
}

guint32
lexicon_find_beginning(const Lexicon *lexicon, const char *folded, gsize length)
{
	char key[BEGINNING_MAX + 2];
	guint32 mask = 0;

	for (gsize n = BEGINNING_KEY;
	     n < length && n <= BEGINNING_MAX && (mask & ~BEGINNING_BIT) == 0; n++) {
		memcpy(key, folded, n);
		key[n] = '*';
		key[n + 1] = '\0';
		mask |= lexicon_find_folded(lexicon, key, n + 1);
		if (mask == 0)
			return 0;
	}
	return mask & ~BEGINNING_BIT;
}

guint32
lexicon_find(const Lexicon *lexicon, const char *word, gsize length)
{
	char folded[LEXICON_WORD_MAX + 1];

	length = lexicon_fold(word, length, folded);
	if (length == 0)
		return 0;
	return lexicon_find_folded(lexicon, folded, length);
}

guint32
lexicon_ahead(const Lexicon *lexicon, const char *folded, gsize length)
{
	guint32 hash = hash_word(folded, length);

	__builtin_prefetch(&lexicon->slots[hash & (lexicon->size - 1)]);
	return hash;
}

void
lexicon_word_ahead(const Lexicon *lexicon, guint32 hash)
{
	guint32 place = lexicon->slots[hash & (lexicon->size - 1)].place;

	__builtin_prefetch(lexicon->words + (place & PLACE_MASK));
}

guint32
lexicon_find_ahead(const Lexicon *lexicon, const char *folded, guint32 hash)
{
	return find_slot(lexicon, folded, hash)->mask;
}

guint32
lexicon_find_folded(const Lexicon *lexicon, const char *folded, gsize length)
{
	return find_slot(lexicon, folded, hash_word(folded, length))->mask;
}

/* One pass over the line, which ends at `end`. */
static void
add_line(Lexicon *lexicon, const char *p, const char *end, guint32 mask)
{
	while (p < end) {
		const char *start;

		while (p < end && g_ascii_isspace(*p))
			p++;
		for (start = p; p < end && !g_ascii_isspace(*p);)
			p++;
		if (p > start)
			add_word(lexicon, start, p - start, mask);
	}
}

gboolean
lexicon_read_file(Lexicon *lexicon, const char *path,
                  guint32 (*mask_of)(const char *section, const void *data), const void *data,
                  GError **error)
{
	g_autofree char *text = NULL;
	guint32 mask = mask_of("", data);
	gsize size;

	if (!g_file_get_contents(path, &text, &size, error))
		return FALSE;
	for (char *line = text, *next; line < text + size; line = next) {
		char *end = memchr(line, '\n', text + size - line);

		end = end != NULL ? end : text + size;
		next = end + 1;
		char *comment = memchr(line, '#', end - line);
		end = comment != NULL ? comment : end;
		while (end > line && g_ascii_isspace(end[-1]))
			end--;
		if (end - line > 2 && line[0] == '[' && end[-1] == ']') {
			end[-1] = '\0';
			mask = mask_of(line + 1, data);
		} else if (mask != 0) {
			add_line(lexicon, line, end, mask);
		}
	}
	return TRUE;
}
