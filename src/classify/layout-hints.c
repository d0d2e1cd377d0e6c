/* layout-hints.c - lays out the hints: a table per language, because a mail has one; in it a record
 * per word with all that the word hints at, whichever files and spaces said so. */
#include "config.h"

#include "classify/build-private.h"

#define HEAD_WORDS (sizeof(ImageHint) / sizeof(guint32))

/* The hints with one key: index + 1 of the first and of the last, 0: a free slot. */
typedef struct {
	guint32 first, last;
} Chain;

/* Whose hint it is: of the language itself, or of every one. */
static gboolean
hint_is_of(const BuildHint *hint, guint language)
{
	return (hint->languages & (1u | 1u << language)) != 0;
}

guint64
build_hints_size(const Build *b)
{
	guint64 size = 0;

	for (guint i = 0; i < b->hints->len; i++) {
		const BuildHint *hint = &g_array_index(b->hints, BuildHint, i);

		size += (HEAD_WORDS + hint->n) * (hint_is_of(hint, 0) ? b->languages->len : 1);
	}
	return size;
}

static void
lay_record(Build *b, const BuildHint *hints, const Chain *chain, guint32 number)
{
	GArray *section = b->sections[SECTION_HINTS];
	ImageHint head = { word_check(hints[chain->first - 1].key), number, 0 };
	guint32 at = section->len;

	g_array_append_vals(section, &head, HEAD_WORDS);
	for (guint32 i = chain->first; i != 0; i = hints[i - 1].next) {
		const BuildHint *hint = &hints[i - 1];

		if (hint->n > 0)
			g_array_append_vals(section,
			                    &g_array_index(b->hint_points, ImageHintPoint, hint->first),
			                    hint->n);
	}
	((ImageHint *)(gpointer)&g_array_index(section, guint32, at))->n =
	    section->len - at - HEAD_WORDS;
}

/* The slots of one language. Records in the order of the files: of the first hint of each word. */
static void
lay_language(Build *b, guint language, guint32 *slots, guint size)
{
	BuildHint *hints = (BuildHint *)(gpointer)b->hints->data;
	g_autofree Chain *chains = g_new0(Chain, size);
	g_autofree guint32 *order = g_new(guint32, size);
	guint32 n = 0;

	for (guint i = 0; i < b->hints->len; i++) {
		guint at = (guint)hints[i].key & (size - 1);

		if (!hint_is_of(&hints[i], language))
			continue;
		hints[i].next = 0;
		while (chains[at].first != 0 && hints[chains[at].first - 1].key != hints[i].key)
			at = (at + 1) & (size - 1);
		if (chains[at].first == 0) {
			chains[at].first = i + 1;
			order[n++] = at;
		} else {
			hints[chains[at].last - 1].next = i + 1;
		}
		chains[at].last = i + 1;
	}
	for (guint32 i = 0; i < n; i++) {
		const Chain *chain = &chains[order[i]];

		slots[order[i]] =
		    slot_of(b->sections[SECTION_HINTS]->len, hints[chain->first - 1].key);
		lay_record(b, hints, chain, i);
	}
}

void
build_lay_hints(Build *b)
{
	const BuildHint *hints = (const BuildHint *)(gconstpointer)b->hints->data;
	guint languages = build_records(b, SECTION_LANGUAGES), most = 0;

	for (guint l = 0; l < languages; l++) {
		guint own = 0;

		for (guint i = 0; i < b->hints->len; i++)
			own += hint_is_of(&hints[i], l);
		most = MAX(most, own);
	}
	guint size = build_slots_for(most);
	GArray *section = g_array_set_size(b->sections[SECTION_HINT_SLOTS], size * languages);

	for (guint l = 0; l < languages; l++)
		lay_language(b, l, (guint32 *)(gpointer)section->data + (gsize)size * l, size);
}
