/* lexicon.c - words in an open-addressing table: one probe or two per word of a mail, and a start-up
 * that costs microseconds, since a process per mail reads the lists each time. */
#include "config.h"

#include <string.h>

#include "classify/lexicon.h"

typedef struct {
	guint32 offset; /* into words; 0 is an empty slot */
	guint32 hash;
	guint64 mask;
} Slot;

struct Lexicon {
	GByteArray *words; /* NUL-terminated, one after the other */
	Slot *slots;
	guint size, count; /* size is a power of two */
};

#define FIRST_SIZE 1024

Lexicon *
lexicon_new(void)
{
	Lexicon *lexicon = g_new0(Lexicon, 1);

	lexicon->words = g_byte_array_new();
	g_byte_array_append(lexicon->words, (const guint8 *)"", 1);
	lexicon->size = FIRST_SIZE;
	lexicon->slots = g_new0(Slot, lexicon->size);
	return lexicon;
}

void
lexicon_free(Lexicon *lexicon)
{
	if (lexicon == NULL)
		return;
	g_byte_array_unref(lexicon->words);
	g_free(lexicon->slots);
	g_free(lexicon);
}

guint
lexicon_count(const Lexicon *lexicon)
{
	return lexicon->count;
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

		if (slot->offset == 0)
			return slot;
		if (slot->hash == hash
		    && strcmp((const char *)lexicon->words->data + slot->offset, folded) == 0)
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
		guint at = old[i].hash & (lexicon->size - 1);

		if (old[i].offset == 0)
			continue;
		while (lexicon->slots[at].offset != 0)
			at = (at + 1) & (lexicon->size - 1);
		lexicon->slots[at] = old[i];
	}
}

void
lexicon_add(Lexicon *lexicon, const char *word, guint64 mask)
{
	char folded[LEXICON_WORD_MAX + 1];
	gsize length = lexicon_fold(word, strlen(word), folded);

	if (length == 0)
		return;
	if (lexicon->count * 2 >= lexicon->size)
		grow(lexicon);
	guint32 hash = hash_word(folded, length);
	Slot *slot = find_slot(lexicon, folded, hash);
	if (slot->offset == 0) {
		slot->offset = lexicon->words->len;
		slot->hash = hash;
		g_byte_array_append(lexicon->words, (const guint8 *)folded, length + 1);
		lexicon->count++;
	}
	slot->mask |= mask;
}

guint64
lexicon_find(const Lexicon *lexicon, const char *word, gsize length)
{
	char folded[LEXICON_WORD_MAX + 1];

	length = lexicon_fold(word, length, folded);
	if (length == 0)
		return 0;
	return lexicon_find_folded(lexicon, folded, length);
}

guint64
lexicon_find_folded(const Lexicon *lexicon, const char *folded, gsize length)
{
	return find_slot(lexicon, folded, hash_word(folded, length))->mask;
}

gboolean
lexicon_read_file(const char *path, void (*each)(const char *section, const char *word, void *data),
                  void *data, GError **error)
{
	g_autofree char *text = NULL, *section = g_strdup("");
	char *rest, *line;

	if (!g_file_get_contents(path, &text, NULL, error))
		return FALSE;
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL) {
		char *comment = strchr(line, '#'), *word;

		if (comment != NULL)
			*comment = '\0';
		g_strstrip(line);
		gsize length = strlen(line);
		if (length > 2 && line[0] == '[' && line[length - 1] == ']') {
			g_free(section);
			section = g_strndup(line + 1, length - 2);
			continue;
		}
		while ((word = strsep(&line, " \t\r")) != NULL)
			if (*word != '\0')
				each(section, word, data);
	}
	return TRUE;
}
