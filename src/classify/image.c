/* image.c - opens an image, fresh or from the cache, and answers what is in it.
 *
 * An image is used only after its whole body has the hash its header says, and only images of
 * our own making have one: with that, offsets inside need no further look. The sections
 * themselves are still checked against the size, so that a header alone can harm nobody. */
#include "config.h"

#include <string.h>
#include <sys/mman.h>

#include "aardig/error.h"
#include "classify/engine.h"
#include "classify/image.h"
#include "classify/regex.h"

static const gsize record_sizes[SECTION_N] = {
	[SECTION_STRINGS] = 1,
	[SECTION_WORDS] = sizeof(ImageWord),
	[SECTION_WORD_SLOTS] = sizeof(guint32),
	[SECTION_PLAINS] = sizeof(ImagePlain),
	[SECTION_PLAIN_SLOTS] = sizeof(guint32),
	[SECTION_TYPO_SLOTS] = sizeof(guint32),
	[SECTION_PATTERNS] = sizeof(ImagePattern),
	[SECTION_PATTERN_HEADS] = sizeof(ImagePatternHead),
	[SECTION_GRAM_SLOTS] = sizeof(ImageGram),
	[SECTION_SYMBOL_LISTS] = sizeof(guint32),
	[SECTION_ELEMENTS] = sizeof(ImageElement),
	[SECTION_ELEMENT_SYMBOLS] = sizeof(guint32),
	[SECTION_POSTINGS] = sizeof(guint32),
	[SECTION_PHRASES] = sizeof(ImagePhrase),
	[SECTION_ITEMS] = sizeof(guint32),
	[SECTION_NODES] = sizeof(ImageNode),
	[SECTION_OWNERS] = sizeof(ImageOwner),
	[SECTION_TEXTS] = sizeof(ImageText),
	[SECTION_RULES] = sizeof(ImageRule),
	[SECTION_REGEXES] = sizeof(ImageRegex),
	[SECTION_POINTS] = sizeof(ImagePoint),
	[SECTION_HINTS] = sizeof(guint32),
	[SECTION_HINT_SLOTS] = sizeof(guint32),
	[SECTION_SPACES] = sizeof(ImageSpace),
	[SECTION_LABELS] = sizeof(ImageLabel),
	[SECTION_YIELDS] = sizeof(ImageYield),
	[SECTION_YIELD_TO] = sizeof(guint32),
	[SECTION_LANGUAGES] = sizeof(guint32),
	[SECTION_SOURCES] = sizeof(ImageSource),
};

gsize
image_record_size(Section section)
{
	return record_sizes[section];
}

guint32
image_layout(void)
{
	guint32 sum = G_BYTE_ORDER;

	for (Section s = 0; s < SECTION_N; s++)
		sum = sum * 31 + (guint32)record_sizes[s];
	return sum;
}

/* ---- hashes ---- */

/* Four lanes of additions, side by side in the processor's wide registers, so that megabytes take
 * a fraction of a millisecond; two sums each, of the words and of the sums so far, turned on the
 * way lest changes of high bits cancel out. It finds damage, not forgery: against that stand owner
 * and mode of the file. */
typedef guint64 Lanes __attribute__((vector_size(16)));

guint64
image_hash(const guint8 *bytes, gsize size)
{
	Lanes sum_a = { 1, 2 }, sum_b = { 3, 4 }, total_a = { 5, 6 }, total_b = { 7, 8 }, words;
	guint64 hash = size, lanes[8];

	for (; size >= 32; bytes += 32, size -= 32) {
		memcpy(&words, bytes, 16);
		sum_a = (sum_a << 13 | sum_a >> 51) + words;
		total_a += sum_a;
		memcpy(&words, bytes + 16, 16);
		sum_b = (sum_b << 13 | sum_b >> 51) + words;
		total_b += sum_b;
	}
	memcpy(lanes, &sum_a, 16);
	memcpy(lanes + 2, &sum_b, 16);
	memcpy(lanes + 4, &total_a, 16);
	memcpy(lanes + 6, &total_b, 16);
	for (guint i = 0; i < 8; i++)
		hash = word_hash_mix(hash ^ lanes[i]) * 0x9e3779b97f4a7c15u;
	for (; size > 0; bytes++, size--)
		hash = (hash ^ *bytes) * 0x100000001b3u;
	return word_hash_mix(hash);
}

guint64
image_seal(const guint8 *image, gsize size)
{
	ImageHeader head;

	memcpy(&head, image, sizeof head);
	head.hash = 0;
	return word_hash_mix(image_hash((const guint8 *)&head, sizeof head) * WORD_HASH_BASE ^
	                     image_hash(image + sizeof head, size - sizeof head));
}

guint64
word_hash(const char *fold, gsize bytes)
{
	guint64 hash = 0;

	for (gsize i = 0; i < bytes; i++)
		hash = hash * WORD_HASH_BASE + (guint8)fold[i] + 1;
	return word_hash_mix(hash);
}

gboolean
letters_of(const char *fold, Letters *out)
{
	out->n = 0;
	for (const char *p = fold; *p != '\0'; p = g_utf8_next_char(p)) {
		if (out->n == G_N_ELEMENTS(out->letters))
			return FALSE;
		out->letters[out->n++] = g_utf8_get_char(p);
	}
	return TRUE;
}

static guint64
hash_letters(const gunichar *letters, guint n, guint64 hash)
{
	for (guint i = 0; i < n; i++)
		hash = hash * WORD_HASH_BASE + letters[i] + 1;
	return word_hash_mix(hash);
}

gboolean
typo_keys(const Letters *l, guint n, guint64 *front_out, guint64 *back_out)
{
	if (n < TYPO_LETTERS || l->n + 1 < n || n + 1 < l->n)
		return FALSE;
	*front_out = hash_letters(l->letters, 4, n);
	*back_out =
	    hash_letters(l->letters + l->n - (n - 5), n - 5, (guint64)l->letters[0] << 8 | n);
	return TRUE;
}

/* ---- opening ---- */

static const char *
header_fault(const ImageHeader *head, gsize size)
{
	if (size < sizeof *head || memcmp(head->magic, IMAGE_MAGIC, sizeof head->magic) != 0)
		return "not an image of rules";
	if (head->version != IMAGE_VERSION || head->header_size != sizeof *head ||
	    head->layout != image_layout() ||
	    strncmp(head->package, PACKAGE_VERSION, sizeof head->package) != 0)
		return "of another version";
	if (head->size != size)
		return "cut off";
	for (Section s = 0; s < SECTION_N; s++) {
		guint64 bytes = (guint64)head->sections[s].count * record_sizes[s];

		if (head->sections[s].offset % 8 != 0 || head->sections[s].offset < sizeof *head ||
		    head->sections[s].offset + bytes > size)
			return "with sections outside of it";
	}
	if (memchr(head->content, '\0', sizeof head->content) == NULL)
		return "with a bad header";
	if (head->hash != image_seal((const guint8 *)head, size))
		return "damaged";
	return NULL;
}

static void
name_labels(Rules *rules)
{
	rules->label_names = g_new0(const char **, image_count(rules, SECTION_SPACES) + 1);
	for (guint s = 0; s < image_count(rules, SECTION_SPACES); s++) {
		const ImageSpace *space = &rules->spaces[s];
		const char **names = g_new0(const char *, space->labels + 1);

		for (guint i = 0; i < space->labels; i++)
			names[i] = image_string(rules, rules->labels[space->first_label + i].name);
		rules->label_names[s] = names;
	}
}

#define SECTION_AT(rules, section) \
	((gconstpointer)((rules)->image + (rules)->head->sections[section].offset))

Rules *
image_open(guint8 *image, gsize size, gboolean mapped, GError **error)
{
	Rules *rules = g_new0(Rules, 1);
	const char *fault;

	rules->image = image;
	rules->size = size;
	rules->mapped = mapped;
	rules->head = (const ImageHeader *)image;
	fault = header_fault(rules->head, size);
	if (fault != NULL) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "%s", fault);
		rules->head = NULL;
		rules_free(rules);
		return NULL;
	}
	rules->strings = SECTION_AT(rules, SECTION_STRINGS);
	rules->words = SECTION_AT(rules, SECTION_WORDS);
	rules->word_slots = SECTION_AT(rules, SECTION_WORD_SLOTS);
	rules->plains = SECTION_AT(rules, SECTION_PLAINS);
	rules->plain_slots = SECTION_AT(rules, SECTION_PLAIN_SLOTS);
	rules->typo_slots = SECTION_AT(rules, SECTION_TYPO_SLOTS);
	rules->patterns = SECTION_AT(rules, SECTION_PATTERNS);
	rules->pattern_heads = SECTION_AT(rules, SECTION_PATTERN_HEADS);
	rules->grams = SECTION_AT(rules, SECTION_GRAM_SLOTS);
	rules->symbol_lists = SECTION_AT(rules, SECTION_SYMBOL_LISTS);
	rules->elements = SECTION_AT(rules, SECTION_ELEMENTS);
	rules->element_symbols = SECTION_AT(rules, SECTION_ELEMENT_SYMBOLS);
	rules->postings = SECTION_AT(rules, SECTION_POSTINGS);
	rules->phrases = SECTION_AT(rules, SECTION_PHRASES);
	rules->items = SECTION_AT(rules, SECTION_ITEMS);
	rules->nodes = SECTION_AT(rules, SECTION_NODES);
	rules->owners = SECTION_AT(rules, SECTION_OWNERS);
	rules->texts = SECTION_AT(rules, SECTION_TEXTS);
	rules->rules = SECTION_AT(rules, SECTION_RULES);
	rules->regexes = SECTION_AT(rules, SECTION_REGEXES);
	rules->points = SECTION_AT(rules, SECTION_POINTS);
	rules->hints = SECTION_AT(rules, SECTION_HINTS);
	rules->hint_slots = SECTION_AT(rules, SECTION_HINT_SLOTS);
	rules->spaces = SECTION_AT(rules, SECTION_SPACES);
	rules->labels = SECTION_AT(rules, SECTION_LABELS);
	rules->yields = SECTION_AT(rules, SECTION_YIELDS);
	rules->yield_to = SECTION_AT(rules, SECTION_YIELD_TO);
	rules->languages = SECTION_AT(rules, SECTION_LANGUAGES);
	rules->sources = SECTION_AT(rules, SECTION_SOURCES);
	rules->regex = regex_state_new(image_count(rules, SECTION_REGEXES));
	name_labels(rules);
	return rules;
}

void
rules_free(Rules *rules)
{
	if (rules == NULL)
		return;
	if (rules->head != NULL) {
		for (guint s = 0; s < image_count(rules, SECTION_SPACES); s++)
			g_free(rules->label_names[s]);
		g_free(rules->label_names);
		regex_state_free(rules->regex, image_count(rules, SECTION_REGEXES));
	}
	if (rules->mapped)
		munmap((gpointer)rules->image, rules->size);
	else
		g_free((gpointer)rules->image);
	g_free(rules);
}

/* ---- questions ---- */

const char *
image_string(const Rules *rules, guint32 at)
{
	return at == NONE ? NULL : rules->strings + at;
}

guint32
image_language_mask(const Rules *rules, const char *language)
{
	if (language == NULL || strcmp(language, "other") == 0)
		return G_MAXUINT32;
	for (guint i = 1; i < image_count(rules, SECTION_LANGUAGES); i++)
		if (strcmp(image_string(rules, rules->languages[i]), language) == 0)
			return 1u | 1u << i;
	return 1u;
}

static const ImageSpace *
find_space(const Rules *rules, const char *name)
{
	for (guint i = 0; i < image_count(rules, SECTION_SPACES); i++)
		if (strcmp(image_string(rules, rules->spaces[i].name), name) == 0)
			return &rules->spaces[i];
	return NULL;
}

guint
image_find_label(const Rules *rules, const char *space_name, const char *label)
{
	const ImageSpace *space = find_space(rules, space_name);

	for (guint i = 0; space != NULL && i < space->labels; i++)
		if (strcmp(image_string(rules, rules->labels[space->first_label + i].name),
		           label) == 0)
			return space->first_label + i;
	return NONE;
}

guint
rules_count(const Rules *rules)
{
	return image_count(rules, SECTION_RULES);
}

const char *
rules_version(const Rules *rules)
{
	return rules->head->content;
}

const char *const *
rules_labels(const Rules *rules, const char *space_name)
{
	const ImageSpace *space = find_space(rules, space_name);

	return space != NULL ? rules->label_names[space - rules->spaces] : NULL;
}

const char *
engine_rule_id(const Rules *rules, guint rule)
{
	return rule == NONE ? "hints" : image_string(rules, rules->rules[rule].id);
}

const char *
engine_rule_language(const Rules *rules, guint rule)
{
	return image_string(rules, rules->rules[rule].language);
}

const char *
engine_rule_advice(const Rules *rules, guint rule)
{
	return image_string(rules, rules->rules[rule].advice);
}

gboolean
engine_rule_find(const Rules *rules, const char *id, guint *rule_out)
{
	for (guint i = 0; i < image_count(rules, SECTION_RULES); i++)
		if (strcmp(engine_rule_id(rules, i), id) == 0) {
			*rule_out = i;
			return TRUE;
		}
	return FALSE;
}

gboolean
engine_label_automatic_only(const Rules *rules, const char *space, const char *label)
{
	guint at = image_find_label(rules, space, label);

	return at != NONE && rules->labels[at].automatic_only != 0;
}
