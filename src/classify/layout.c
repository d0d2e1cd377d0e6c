/* layout.c - lays out what build.c collected: hash tables, lists of elements, sections. */
#include "config.h"

#include <string.h>

#include "classify/build-private.h"
#include "classify/tokens.h"

guint
build_slots_for(guint n)
{
	guint size = 16;

	while (size < n * 2)
		size *= 2;
	return size;
}

/* A zeroed slot section of a power of two records. */
static gpointer
new_slots(Build *b, Section section, guint n)
{
	g_array_set_size(b->sections[section], build_slots_for(n));
	return b->sections[section]->data;
}

static void
put_slot(guint32 *slots, guint size, guint64 hash, guint32 value)
{
	guint at = (guint)hash & (size - 1);

	while (slots[at] != 0)
		at = (at + 1) & (size - 1);
	slots[at] = value;
}

/* ---- elements, and what is filed under them ---- */

static void
lay_posting(Build *b, const BuildPosting *from, const ImageOwner *owner)
{
	GArray *section = b->sections[SECTION_POSTINGS];
	ImagePosting posting = {
		.phrase = from->phrase,
		.of = from->owner,
		.filter = from->filter,
		.kind = owner->kind,
		.left = from->left,
		.right = from->right,
	};

	if (owner->kind == OWNER_SAYS) {
		const ImageRule *rule = build_at(b, SECTION_RULES, owner->rule);

		posting.of = owner->rule;
		posting.scope = rule->scope;
		posting.sentence = rule->sentence;
		posting.negation = rule->negation;
	}
	((ImagePhrase *)build_at(b, SECTION_PHRASES, from->phrase))->posting = section->len;
	g_array_append_vals(section, &posting, sizeof posting / sizeof(guint32));
	if (from->left + from->right > 0)
		g_array_append_vals(section, &g_array_index(b->items, guint32, from->first_item),
		                    from->left + from->right);
}

/* Those for these languages. Conditions are matched before says: they come first. */
static guint32
lay_postings(Build *b, const BuildChain *postings, guint32 languages)
{
	GArray *section = b->sections[SECTION_POSTINGS];
	guint32 place = section->len, head[ANCHOR_HEAD] = { [ANCHOR_LANGUAGES] = languages };

	g_array_append_vals(section, head, ANCHOR_HEAD);
	for (guint pass = 0; pass < 2; pass++) {
		if (pass == 1)
			head[ANCHOR_FIRST_SAYS] = section->len;
		BUILD_EACH (b, postings, link) {
			const BuildPosting *from =
			    &g_array_index(b->postings, BuildPosting, link->value);
			const ImageOwner *owner = build_at(b, SECTION_OWNERS, from->owner);

			if ((owner->kind != OWNER_SAYS) != (pass == 0) ||
			    owner->languages != languages)
				continue;
			lay_posting(b, from, owner);
			head[pass == 0 ? ANCHOR_N_CONDITIONS : ANCHOR_N_SAYS]++;
		}
	}
	memcpy(&g_array_index(section, guint32, place), head, sizeof head);
	if (head[ANCHOR_N_CONDITIONS] > 0)
		place |= ANCHOR_CONDITIONS;
	if (head[ANCHOR_N_SAYS] > 0)
		place |= ANCHOR_SAYS;
	return place;
}

static gboolean
ends_with(const Build *b, const BuildChain *chain, guint32 value)
{
	return chain->n > 0 && build_link(b, chain->last)->value == value;
}

static void
append_once(Build *b, BuildChain *chain, guint32 value)
{
	if (!ends_with(b, chain, value))
		build_chain(b, chain, value);
}

static void
link_symbols(Build *b, guint32 index, guint32 anchor)
{
	const BuildElement *element = &g_array_index(b->elements, BuildElement, index);

	/* `word` and `=word` in one element: the looser one comes first and is enough */
	for (guint i = 0; i < element->n_symbols; i++) {
		guint32 symbol = element->symbols[i];
		BuildSymbol *s = build_symbol(b, symbol);
		gboolean strict = (symbol & SYMBOL_STRICT) != 0;

		if (element->watched)
			append_once(b, &s->watched, index);
		if (element->postings.n == 0)
			continue;
		if (!strict || !ends_with(b, &s->anchors, anchor))
			append_once(b, &s->anchors, strict ? anchor | ANCHOR_STRICT : anchor);
	}
}

/* An anchor for each of the languages, so that a mail passes by what is said in another. An owner
 * has one language, hence one bit. */
static void
lay_anchors(Build *b, guint32 index, const BuildChain *postings)
{
	guint32 laid = 0;

	for (guint32 at = postings->first, next; at > 0; at = next) {
		const BuildLink *link = build_link(b, at);
		const BuildPosting *from = &g_array_index(b->postings, BuildPosting, link->value);
		const ImageOwner *owner = build_at(b, SECTION_OWNERS, from->owner);

		next = link->next;
		if ((laid & owner->languages) != 0)
			continue;
		laid |= owner->languages;
		link_symbols(b, index, lay_postings(b, postings, owner->languages));
	}
}

static void
lay_elements(Build *b)
{
	for (guint i = 0; i < b->elements->len; i++) {
		const BuildElement *element = &g_array_index(b->elements, BuildElement, i);
		ImageElement record = { build_records(b, SECTION_ELEMENT_SYMBOLS),
			                element->n_symbols, 0 };

		for (guint k = 0; k < element->n_symbols; k++)
			record.signature |= symbol_signature(element->symbols[k]);
		g_array_append_vals(b->sections[SECTION_ELEMENT_SYMBOLS], element->symbols,
		                    element->n_symbols);
		build_record(b, SECTION_ELEMENTS, &record);
		if (element->postings.n > 0)
			lay_anchors(b, i, &element->postings);
		else
			link_symbols(b, i, 0);
	}
}

static void
append_values(const Build *b, GArray *section, const BuildChain *chain, guint32 most)
{
	BUILD_EACH (b, chain, link)
		if (most-- > 0)
			g_array_append_val(section, link->value);
}

static guint32
lay_list(Build *b, const BuildSymbol *s)
{
	GArray *section = b->sections[SECTION_SYMBOL_LISTS];
	guint32 anchors = MIN(s->anchors.n, LIST_COUNT), watched = MIN(s->watched.n, LIST_COUNT);
	guint32 list = section->len, counts = anchors | watched << LIST_SHIFT;

	if (counts == 0)
		return NONE;
	g_array_append_val(section, counts);
	append_values(b, section, &s->anchors, anchors);
	append_values(b, section, &s->watched, watched);
	return list;
}

/* ---- words ---- */

/* Nothing about it that people leave out or write otherwise. */
static gboolean
is_plain(const char *fold)
{
	while (*fold != '\0' && (guchar)*fold < 0x80 && *fold != '\'')
		fold++;
	return *fold == '\0';
}

static void
add_plain(Build *b, guint32 word, const char *fold, const char *plain)
{
	if (strcmp(plain, fold) == 0)
		return;

	ImagePlain record = { build_string(b, plain), word };
	build_record(b, SECTION_PLAINS, &record);
}

static void
lay_words(Build *b)
{
	for (guint i = 0; i < b->words->len; i++) {
		const BuildSymbol *s = &g_array_index(b->words, BuildSymbol, i);
		ImageWord word = {
			.check = word_check(s->hash),
			.string = build_string_hashed(b, s->fold, s->bytes, s->hash),
			.languages = s->languages,
		};

		word.list = lay_list(b, s);
		build_record(b, SECTION_WORDS, &word);
		if (is_plain(s->fold))
			continue;
		g_autofree char *plain = token_plain(s->fold, FALSE);
		g_autofree char *umlauts = token_plain(s->fold, TRUE);

		add_plain(b, i, s->fold, plain);
		if (strcmp(plain, umlauts) != 0)
			add_plain(b, i, s->fold, umlauts);
	}

	guint32 *slots = new_slots(b, SECTION_WORD_SLOTS, b->words->len);
	guint size = build_records(b, SECTION_WORD_SLOTS);
	for (guint i = 0; i < b->words->len; i++) {
		guint64 hash = g_array_index(b->words, BuildSymbol, i).hash;

		put_slot(slots, size, hash, slot_of(i, hash));
	}

	guint n_plains = build_records(b, SECTION_PLAINS);
	slots = new_slots(b, SECTION_PLAIN_SLOTS, n_plains);
	size = build_records(b, SECTION_PLAIN_SLOTS);
	for (guint i = 0; i < n_plains; i++) {
		const ImagePlain *plain = build_at(b, SECTION_PLAINS, i);
		const char *text = b->strings->str + plain->string;
		guint64 hash = word_hash(text, strlen(text));

		put_slot(slots, size, hash, slot_of(i, hash));
	}
}

static gboolean
may_have_typos(const char *fold, guint64 *front_out, guint64 *back_out)
{
	Letters letters;

	for (const char *p = fold; *p != '\0'; p++)
		if (g_ascii_isdigit(*p))
			return FALSE;
	return letters_of(fold, &letters) && typo_keys(&letters, letters.n, front_out, back_out);
}

static void
lay_typos(Build *b)
{
	typedef struct {
		guint64 front, back;
		guint32 word;
	} Keys;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Keys));

	for (guint i = 0; i < b->words->len; i++) {
		Keys keys = { .word = i };

		if (may_have_typos(g_array_index(b->words, BuildSymbol, i).fold, &keys.front,
		                   &keys.back))
			g_array_append_val(all, keys);
	}
	guint32 *slots = new_slots(b, SECTION_TYPO_SLOTS, all->len * 2);
	guint size = build_records(b, SECTION_TYPO_SLOTS);

	for (guint i = 0; i < all->len; i++) {
		const Keys *keys = &g_array_index(all, Keys, i);

		put_slot(slots, size, keys->front, slot_of(keys->word, keys->front));
		put_slot(slots, size, keys->back, slot_of(keys->word, keys->back));
	}
}

static void
add_pattern(Build *b, const char *fold, PatternKind kind, guint32 of)
{
	gsize bytes = strlen(fold), n = MIN(bytes, 8), from = kind == PATTERN_SUFFIX ? 8 - n : 0;
	guint8 text[8] = { 0 }, mask[8] = { 0 };
	guint32 index = build_records(b, SECTION_PATTERNS);
	ImagePattern pattern = {
		.string = build_string(b, fold), .bytes = bytes, .kind = kind, .of = of
	};
	ImagePatternHead head = {
		.pattern = index | (bytes > 8 ? HEAD_LONG : 0) | (of != NONE ? HEAD_OTHER : 0),
		.key = gram_key(fold + (kind == PATTERN_SUFFIX ? bytes - 3 : 0), kind),
	};

	memcpy(text + from, fold + (kind == PATTERN_SUFFIX ? bytes - n : 0), n);
	memset(mask + from, 0xff, n);
	memcpy(&head.text, text, 8);
	memcpy(&head.mask, mask, 8);
	build_record(b, SECTION_PATTERN_HEADS, &head);
	if (of == NONE)
		pattern.list = lay_list(b, &g_array_index(b->patterns, BuildSymbol, index));
	build_record(b, SECTION_PATTERNS, &pattern);
}

static gint
compare_heads(gconstpointer a, gconstpointer b)
{
	const ImagePatternHead *x = a, *y = b;
	guint32 first = x->pattern & HEAD_INDEX, second = y->pattern & HEAD_INDEX;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return first < second ? -1 : first > second;
}

static void
lay_grams(Build *b)
{
	guint n = build_records(b, SECTION_PATTERN_HEADS), keys = 0, at = 0;

	g_array_sort(b->sections[SECTION_PATTERN_HEADS], compare_heads);
	const ImagePatternHead *heads =
	    (const ImagePatternHead *)(gconstpointer)b->sections[SECTION_PATTERN_HEADS]->data;
	for (guint i = 0; i < n; i++)
		keys += i == 0 || heads[i].key != heads[i - 1].key;

	/* every word of a mail asks here: a small table stays near the processor */
	ImageGram *grams = new_slots(b, SECTION_GRAM_SLOTS, keys);
	guint size = build_records(b, SECTION_GRAM_SLOTS);

	for (guint i = 0; i < n; i++) {
		const ImagePatternHead *head = &heads[i];

		if (i > 0 && head->key == head[-1].key) {
			grams[at].count++;
			continue;
		}
		at = gram_slot(head->key) & (size - 1);
		while (grams[at].key != 0)
			at = (at + 1) & (size - 1);
		grams[at] = (ImageGram){ head->key, i, 1 };
	}
}

/* Each under its own number; behind them what people without the right keys write. */
static void
lay_patterns(Build *b)
{
	guint n = b->patterns->len;

	for (guint i = 0; i < n; i++) {
		const BuildSymbol *s = &g_array_index(b->patterns, BuildSymbol, i);

		add_pattern(b, s->fold, s->kind, NONE);
	}
	for (guint i = 0; i < n; i++) {
		const BuildSymbol *s = &g_array_index(b->patterns, BuildSymbol, i);

		if (is_plain(s->fold))
			continue;
		g_autofree char *plain = token_plain(s->fold, FALSE);
		g_autofree char *umlauts = token_plain(s->fold, TRUE);

		if (strcmp(plain, s->fold) != 0 && strlen(plain) >= 3)
			add_pattern(b, plain, s->kind, i);
		if (strcmp(umlauts, plain) != 0 && strlen(umlauts) >= 3)
			add_pattern(b, umlauts, s->kind, i);
	}
	lay_grams(b);
}

guint8 *
build_finish(Build *b, const char *content, guint n_rules_read, guint n_loose, gsize *size_out)
{
	ImageHeader head = { .magic = IMAGE_MAGIC,
		             .version = IMAGE_VERSION,
		             .header_size = sizeof head,
		             .n_rules_read = n_rules_read,
		             .n_loose = n_loose };

	lay_elements(b);
	lay_words(b);
	lay_typos(b);
	lay_patterns(b);
	build_lay_hints(b);
	head.number_list = lay_list(b, &b->number);
	for (guint i = 0; i < b->patterns->len; i++)
		head.pattern_kinds |= 1u << g_array_index(b->patterns, BuildSymbol, i).kind;
	head.layout = image_layout();
	g_strlcpy(head.content, content, sizeof head.content);
	g_strlcpy(head.package, PACKAGE_VERSION, sizeof head.package);
	g_array_append_vals(b->sections[SECTION_STRINGS], b->strings->str, b->strings->len);

	gsize size = sizeof head;
	for (Section s = 0; s < SECTION_N; s++) {
		size = (size + 7) & ~(gsize)7;
		head.sections[s] = (ImageSection){ size, build_records(b, s) };
		size += build_records(b, s) * image_record_size(s);
	}
	head.size = size;

	guint8 *image = g_malloc0(size);
	for (Section s = 0; s < SECTION_N; s++)
		if (build_records(b, s) > 0)
			memcpy(image + head.sections[s].offset, b->sections[s]->data,
			       build_records(b, s) * image_record_size(s));
	memcpy(image, &head, sizeof head);
	head.hash = image_seal(image, size);
	memcpy(image, &head, sizeof head);
	*size_out = size;
	return image;
}
