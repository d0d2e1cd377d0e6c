/* tokens.h - a text as words: folded once, with their places in the original.
 *
 * Words are runs of letters and digits. Numbers keep a . or , between digits ("1.249,95" is one
 * word); an apostrophe joins ("foto's", "don't") but after a French elision (l' d' qu' ... before
 * a vowel) both sides are words of their own; hyphen, slash and other punctuation split. Currency
 * signs, emoji and emoticons are words. Phrases of rules go through the same code as mail. */
#ifndef AARDIG_CLASSIFY_TOKENS_H
#define AARDIG_CLASSIFY_TOKENS_H

#include <glib.h>

G_BEGIN_DECLS

/* Words beyond this are not looked at (Tokens.truncated); a longer word is cut for matching. */
#define TOKENS_MAX 131072
#define TOKEN_MAX_LETTERS 64

typedef enum {
	TOKEN_LETTER = 1 << 0, /* has a letter */
	TOKEN_DIGIT = 1 << 1,  /* has a digit */
	TOKEN_NUMBER = 1 << 2, /* digits only, with . and , inside */
	TOKEN_SYMBOL = 1 << 3, /* currency sign, emoji or emoticon */
	TOKEN_UPPER = 1 << 4,  /* two letters or more and all of them capitals */
	TOKEN_TITLE = 1 << 5,  /* begins with a capital, the rest is small */
	TOKEN_ELISION = 1 << 6,/* "l", "qu", ... split off before an apostrophe */
	TOKEN_LONG = 1 << 7,   /* over TOKEN_MAX_LETTERS; fold is cut */
	TOKEN_MARKED = 1 << 8, /* has a letter outside a-z */
} TokenFlags;

typedef struct {
	guint32 start, end;     /* code points in the text */
	guint32 byte, byte_end; /* the same place in bytes */
	guint32 fold;           /* offset of the folded form: token_fold() */
	guint16 fold_len;       /* bytes */
	guint16 letters;        /* code points of the folded form */
	guint32 sentence;       /* index into Tokens.sentences */
	guint32 clause;         /* counts up at commas, dashes, brackets and at every sentence */
	guint32 flags;          /* TokenFlags */
} Token;

typedef struct {
	guint32 first, end;     /* tokens first..end-1; never empty */
	char mark;              /* how it ends: '.', '?', '!', ':', ';' or 0 (empty line, end) */
	gboolean paragraph;     /* begins after an empty line (or is the first) */
} Sentence;

typedef struct Tokens {
	const char *text;       /* borrowed: must outlive the tokens */
	gsize bytes;
	const Token *tokens;
	guint n;
	const Sentence *sentences;
	guint n_sentences;
	const char *folds;
	guint exclamations, questions; /* how many ! and ? stand in the text */
	gboolean truncated;
} Tokens;

/* Any bytes are fine (what is not UTF-8 separates words); linear; `bytes` -1: up to the NUL. */
Tokens *tokens_new(const char *text, gssize bytes);
void tokens_free(Tokens *tokens);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tokens, tokens_free)

/* Lower case, NFC, apostrophes as ', emoticons without nose (":-(" is ":("); NUL-terminated. */
static inline const char *
token_fold(const Tokens *tokens, guint i)
{
	return tokens->folds + tokens->tokens[i].fold;
}

/* The forms a second try compares: diacritics gone, apostrophes dropped, ß as ss; with `umlauts`
 * also ä ö ü as ae oe ue (and å æ ø œ as aa ae oe oe). Caller frees. */
char *token_plain(const char *fold, gboolean umlauts);

/* TRUE if one edit (insert, delete, replace, swap of neighbours) makes a of b; UTF-8. */
gboolean token_one_edit(const char *a, const char *b);

G_END_DECLS

#endif
