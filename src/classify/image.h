/* image.h - compiled rules: one flat block of memory without pointers, the same in memory and in
 * the cache file. Sections are arrays; records name each other by index, strings by their offset
 * in the string pool. Written by build.c, read by everybody else in this folder. */
#ifndef AARDIG_CLASSIFY_IMAGE_H
#define AARDIG_CLASSIFY_IMAGE_H

#include <glib.h>

#include "aardig/rules.h"

G_BEGIN_DECLS

/* Goes up with every change of a record, of the tokeniser or of what a phrase means. */
#define IMAGE_VERSION 8
#define IMAGE_MAGIC "aardigR\n"
#define IMAGE_MAX_SIZE (256 * 1024 * 1024)
#define RULES_MAX 65000
#define NONE G_MAXUINT32

/* What a word of a mail can be: a known word, a pattern it fits, a number. */
#define SYMBOL_WORD 0x00000000u    /* | index into words */
#define SYMBOL_PATTERN 0x40000000u /* | index into patterns */
#define SYMBOL_NUMBER 0x20000000u
#define SYMBOL_STRICT 0x80000000u  /* in an element: `=word`, no second tries */
#define SYMBOL_INDEX 0x1fffffffu

typedef enum {
	SECTION_STRINGS,
	SECTION_WORDS,
	SECTION_WORD_SLOTS,   /* guint32: slot_of() a word, 0 is free; open addressing */
	SECTION_PLAINS,
	SECTION_PLAIN_SLOTS,
	SECTION_TYPO_SLOTS,   /* the same by typo_keys() */
	SECTION_PATTERNS,
	SECTION_PATTERN_HEADS,
	SECTION_GRAM_SLOTS,
	SECTION_SYMBOL_LISTS, /* guint32: what to do when the symbol is there, see below */
	SECTION_ELEMENTS,
	SECTION_ELEMENT_SYMBOLS, /* guint32: symbols, in order */
	SECTION_POSTINGS,     /* guint32: per element as anchor, see below */
	SECTION_PHRASES,
	SECTION_ITEMS,        /* guint32: of sequences and choices */
	SECTION_NODES,
	SECTION_OWNERS,
	SECTION_TEXTS,
	SECTION_RULES,
	SECTION_REGEXES,
	SECTION_POINTS,
	SECTION_HINTS,        /* guint32: ImageHint, one behind the other, language by language */
	SECTION_HINT_SLOTS,   /* guint32: slot_of() a hint's place, 0 is free; a table per language */
	SECTION_SPACES,
	SECTION_LABELS,
	SECTION_YIELDS,
	SECTION_YIELD_TO,     /* guint32: labels */
	SECTION_LANGUAGES,    /* guint32: strings; the index is the bit in a language mask */
	SECTION_SOURCES,
	SECTION_N
} Section;

typedef struct {
	guint32 offset, count;
} ImageSection;

typedef struct {
	char magic[8];
	guint32 version, header_size;
	guint64 size, hash;   /* hash: image_seal(), over all but itself */
	guint32 number_list;  /* SYMBOL_LISTS of the symbol "a number", or NONE */
	guint32 n_rules_read; /* rules in the sources, switched off or not */
	guint32 n_loose;      /* the first rules: those with a regex or without says */
	guint32 pattern_kinds; /* a bit for each PatternKind there is */
	char content[68];     /* rules_version() */
	char package[16];     /* the version of aardig that wrote it */
	guint32 layout;       /* image_layout(): sizes of the records */
	ImageSection sections[SECTION_N];
} ImageHeader;

/* Half of the hash stands for the text, with the 8 bits in the slot: what falls together by chance
 * once in 2^40 is worth a text that is not fetched for every word. Sixteen bytes, because mail
 * jumps about here. */
typedef struct {
	guint32 check, string;
	guint32 list;         /* SYMBOL_LISTS, or NONE */
	guint32 languages;
} ImageWord;

static inline guint32
word_check(guint64 hash)
{
	return (guint32)(hash >> 24);
}

/* A second try's form of a word. */
typedef struct {
	guint32 string, word;
} ImagePlain;

typedef enum { PATTERN_PREFIX, PATTERN_SUFFIX, PATTERN_INFIX } PatternKind;

typedef struct {
	guint32 string;
	guint16 bytes, kind;
	guint32 list;         /* SYMBOL_LISTS, or NONE */
	guint32 of;           /* a second try's form of this pattern, or NONE */
} ImagePattern;

/* Eight bytes of a pattern, enough to decide on nearly all: its first, of a suffix its last,
 * against the right. Those with one key lie side by side. */
typedef struct {
	guint64 text, mask;
	guint32 pattern;      /* its index with flags: */
	guint32 key;
} ImagePatternHead;

#define HEAD_LONG 0x80000000u  /* more than eight bytes: the rest must be looked at */
#define HEAD_OTHER 0x40000000u /* a second try's form of a pattern */
#define HEAD_INDEX SYMBOL_INDEX

/* Patterns by their first (suffix: last) three bytes. */
typedef struct {
	guint32 key;          /* bytes | kind << 24; 0 is free */
	guint32 first, count; /* PATTERN_HEADS */
} ImageGram;

typedef struct {
	guint32 first_symbol, symbols;
	guint64 signature;    /* symbol_signature() of all of them: no bit in common, none of them */
} ImageElement;

static inline guint64
symbol_signature(guint32 symbol)
{
	return (guint64)1 << ((symbol & ~SYMBOL_STRICT) * 0x9e3779b1u >> 26);
}

/* A list of SYMBOL_LISTS: one number with how many anchors (below) and watched elements (above)
 * there are; the anchors, as places in POSTINGS with flags; the elements, whose presence is noted
 * because some phrase is tried only if they are there. */
#define LIST_COUNT 0xffffu
#define LIST_SHIFT 16
#define ANCHOR_CONDITIONS 0x80000000u
#define ANCHOR_SAYS 0x40000000u
#define ANCHOR_STRICT 0x20000000u /* as `=word`: not by a second try */
#define ANCHOR_PLACE 0x1fffffffu

/* At an anchor's place: the languages of its phrases, how many are conditions, how many are said
 * by rules, where the latter begin; then the phrases, one behind the other, each with what is
 * needed to try it. */
enum { ANCHOR_LANGUAGES, ANCHOR_N_CONDITIONS, ANCHOR_N_SAYS, ANCHOR_FIRST_SAYS, ANCHOR_HEAD };

/* It holds what decides that most phrases are not there, so that nothing else is fetched for them. */
typedef struct {
	guint32 phrase;
	guint32 of;           /* the rule of what is said, the owner of a condition */
	guint32 filter;       /* element that must be in the mail too, or NONE */
	guint8 kind;          /* OwnerKind */
	guint8 scope, sentence, negation; /* of the rule, for what is said */
	guint16 left, right;  /* items before and behind the anchor */
	guint32 items[];
} ImagePosting;

static inline guint32
posting_words(const ImagePosting *posting)
{
	return sizeof(ImagePosting) / sizeof(guint32) + posting->left + posting->right;
}

/* Of what an explanation needs. */
typedef struct {
	guint32 text, anchor, posting; /* posting: place in POSTINGS */
} ImagePhrase;

/* An item is a node, an element, or at once the only symbol of an element: most are one word. */
#define ITEM_ELEMENT 0x40000000u
#define ITEM_SYMBOL 0x80000000u
#define ITEM_PATTERN 0x20000000u
#define ITEM_NUMBER 0x10000000u
#define ITEM_STRICT 0x08000000u
#define ITEM_INDEX 0x07ffffffu

static inline guint32
item_of_symbol(guint32 symbol)
{
	return ITEM_SYMBOL | ((symbol & SYMBOL_STRICT) != 0 ? ITEM_STRICT : 0) |
	       ((symbol & SYMBOL_PATTERN) != 0 ? ITEM_PATTERN : 0) |
	       ((symbol & SYMBOL_NUMBER) != 0 ? ITEM_NUMBER : 0) | (symbol & ITEM_INDEX);
}

static inline guint32
symbol_of_item(guint32 item)
{
	return ((item & ITEM_STRICT) != 0 ? SYMBOL_STRICT : 0) |
	       ((item & ITEM_PATTERN) != 0 ? SYMBOL_PATTERN : 0) |
	       ((item & ITEM_NUMBER) != 0 ? SYMBOL_NUMBER : 0) | (item & ITEM_INDEX);
}

typedef enum {
	NODE_ELEMENT,  /* a: element */
	NODE_SEQUENCE, /* a: first item, b: items */
	NODE_CHOICE,   /* a: first item, b: items */
	NODE_OPTIONAL, /* a: item */
	NODE_GAP,      /* a: most words */
	NODE_BEGIN,
	NODE_END,
} NodeKind;

typedef struct {
	guint32 kind, a, b;
} ImageNode;

/* Who asks for a phrase. The first five belong to a rule; the others to a language. */
typedef enum {
	OWNER_SAYS,
	OWNER_NEEDS,
	OWNER_NEEDS_NEAR,
	OWNER_UNLESS,
	OWNER_UNLESS_NEAR,
	OWNER_NEGATION,
	OWNER_HEDGE,
	OWNER_CONTRAST,
	OWNER_GREETING,
	OWNER_SIGNOFF,
	OWNER_N
} OwnerKind;

typedef struct {
	guint32 kind, rule, languages;
	guint32 first_text, texts;
} ImageOwner;

typedef struct {
	guint32 string, line;
} ImageText;

enum { IN_SCOPE_SUBJECT = 1, IN_SCOPE_BODY = 2, IN_SCOPE_OPENING = 4, IN_SCOPE_CLOSING = 8 };
enum { SENTENCE_ANY, SENTENCE_QUESTION, SENTENCE_STATEMENT };
enum { NEGATION_BLOCKS, NEGATION_IGNORES, NEGATION_REQUIRES };

typedef struct {
	guint32 id, file, line, language, languages; /* language: string; languages: mask */
	guint32 advice;          /* string or NONE */
	guint32 owners[OWNER_UNLESS_NEAR + 1]; /* or NONE */
	guint32 first_regex, regexes;
	guint32 first_point, points;
	guint32 signal;          /* or NONE */
	guint16 scope, sentence, negation, hedge_halves, each, pad;
	double min, max;
} ImageRule;

typedef struct {
	guint32 string, line;
	guint32 needles;         /* string: needles_of() it, or NONE */
} ImageRegex;

typedef struct {
	guint32 label, pad;      /* index over the labels of all spaces */
	double points;
} ImagePoint;

typedef struct {
	guint16 label;           /* index over the labels of all spaces */
	gint16 hundredths;
} ImageHintPoint;

/* All that one word hints at in one language (see hints.h), so that it is fetched at once. As with
 * words, part of the key stands for it. */
typedef struct {
	guint32 check;
	guint32 number;          /* in its language */
	guint32 n;
	ImageHintPoint points[];
} ImageHint;

typedef struct {
	guint32 name, first_label, labels;
	guint32 default_label;   /* or NONE */
	double floor, margin, rank_within;
	guint32 default_unsure, hedged;
} ImageSpace;

typedef struct {
	guint32 name, space;
	guint32 first_yield, yields;
	guint32 first_implied, implied; /* POINTS */
	guint32 automatic_only;
	gint32 rank;
	double at, bias;
} ImageLabel;

typedef struct {
	guint32 first_to, to;
	double at, factor;
} ImageYield;

/* A file or folder that was read, as it was then. */
typedef struct {
	guint32 path, folder;
	guint64 size, inode, device;
	gint64 mtime, ctime;     /* nanoseconds */
} ImageSource;

/* ---- an image in use ---- */

typedef struct _RegexState RegexState; /* regex.c */

struct Rules {
	const guint8 *image;
	gsize size;
	gboolean mapped;
	const ImageHeader *head;
	const char *strings;
	const ImageWord *words;
	const guint32 *word_slots;
	const ImagePlain *plains;
	const guint32 *plain_slots;
	const guint32 *typo_slots;
	const ImagePattern *patterns;
	const ImagePatternHead *pattern_heads;
	const ImageGram *grams;
	const guint32 *symbol_lists;
	const ImageElement *elements;
	const guint32 *element_symbols;
	const guint32 *postings;
	const ImagePhrase *phrases;
	const guint32 *items;
	const ImageNode *nodes;
	const ImageOwner *owners;
	const ImageText *texts;
	const ImageRule *rules;
	const ImageRegex *regexes;
	const ImagePoint *points;
	const guint32 *hints;
	const guint32 *hint_slots;
	const ImageSpace *spaces;
	const ImageLabel *labels;
	const ImageYield *yields;
	const guint32 *yield_to;
	const guint32 *languages;
	const ImageSource *sources;
	const char ***label_names; /* per space */
	RegexState *regex;         /* compiled at first use */
};

/* Size of one record, and a sum over all that differs where they do. */
gsize image_record_size(Section section);
guint32 image_layout(void);
static inline guint
image_count(const Rules *rules, Section section)
{
	return rules->head->sections[section].count;
}

/* Takes the image over (frees it on failure too). NULL with a text if it is not sound. */
Rules *image_open(guint8 *image, gsize size, gboolean mapped, GError **error);
guint64 image_hash(const guint8 *bytes, gsize size);
guint64 image_seal(const guint8 *image, gsize size);

/* Hash of a word as the slot tables know it: grows letter by letter, so that a word less one letter
 * costs nothing more. */
#define WORD_HASH_BASE 0x9e3779b97f4a7c15u
static inline guint64
word_hash_mix(guint64 hash)
{
	hash ^= hash >> 32;
	hash *= 0xd6e8feb86659fd93u;
	return hash ^ hash >> 29;
}
guint64 word_hash(const char *fold, gsize bytes);

/* A slot of the tables of words: the word + 1 below, 8 bits of the hash above, so that most of what
 * is not there is seen without looking at the word. */
#define SLOT_WORD 0x00ffffffu
#define WORDS_MAX SLOT_WORD

static inline guint32
slot_of(guint32 index, guint64 hash)
{
	return (index + 1) | (guint32)(hash >> 56) << 24;
}

static inline gboolean
slot_fits(guint32 slot, guint64 hash)
{
	return slot >> 24 == hash >> 56;
}

static inline guint32
gram_key(const char *bytes, PatternKind kind)
{
	const guint8 *p = (const guint8 *)bytes;

	return p[0] | (guint32)p[1] << 8 | (guint32)p[2] << 16 | (guint32)(kind + 1) << 24;
}

static inline guint32
gram_slot(guint32 key)
{
	return (guint32)((key * 0x9e3779b1u) >> 7);
}

/* Words from this length on may have one edit. It lies either behind the first four letters, which
 * then are as they were, or before the sixth, and then all from the sixth on is; so each word has
 * two keys, and a misspelt one six questions: for each of three lengths the word may have had. */
#define TYPO_LETTERS 7

typedef struct {
	gunichar letters[64]; /* TOKEN_MAX_LETTERS */
	guint n;
} Letters;

gboolean letters_of(const char *fold, Letters *out);
/* Keys of a word of n letters, as far as `letters` can tell; FALSE where it cannot be. */
gboolean typo_keys(const Letters *letters, guint n, guint64 *front_out, guint64 *back_out);

const char *image_string(const Rules *rules, guint32 at);
/* The mask of the rules that count in this language: its own and "any"; all for NULL or "other". */
guint32 image_language_mask(const Rules *rules, const char *language);
guint image_find_label(const Rules *rules, const char *space, const char *label);

G_END_DECLS

#endif
