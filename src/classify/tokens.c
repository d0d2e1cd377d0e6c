/* tokens.c - cuts a text into words, clauses and sentences in one pass.
 *
 * Customers leave out blanks, full stops and accents, and write with every apostrophe there is;
 * each special case below is there because mail has it. Work per byte is bounded, whatever comes.
 */
#include "config.h"

#include <string.h>

#include "classify/tokens.h"
#include "classify/tokens-private.h"

typedef struct {
	Tokens pub;
	Token *tokens;
	gsize tokens_size;
	Sentence *sentences;
	gsize sentences_size;
	char *folds;
	gsize folds_len, folds_size;
} TokensOwn;

typedef struct {
	TokensOwn *out;
	const guchar *text, *p, *end;
	guint32 cp;               /* code points before p */
	guint32 clause;
	guint line_tokens;        /* words on this line */
	gboolean first_line;      /* of its paragraph */
	gboolean comma_last;      /* a comma was the last thing that was no blank */
	gboolean broken;          /* the next word begins a sentence */
	gboolean paragraph;       /* and a paragraph */
} Scan;

static gunichar
peek(const Scan *s, const guchar *p)
{
	gunichar ch = 0;

	if (p < s->end)
		tokens_decode(p, s->end, &ch);
	return ch;
}

/* ---- output ---- */

static char *
fold_room(TokensOwn *own, gsize more)
{
	if (own->folds_len + more > own->folds_size) {
		own->folds_size = own->folds_size * 2 + more;
		own->folds = g_realloc(own->folds, own->folds_size);
	}
	return own->folds + own->folds_len;
}

static void
sentence_begin(Scan *s)
{
	TokensOwn *own = s->out;

	if (own->pub.n_sentences == own->sentences_size) {
		own->sentences_size = own->sentences_size * 2 + 8;
		own->sentences = g_renew(Sentence, own->sentences, own->sentences_size);
	}
	own->sentences[own->pub.n_sentences++] =
	    (Sentence){ .first = own->pub.n, .end = own->pub.n, .paragraph = s->paragraph };
	s->clause++;
	s->broken = s->paragraph = FALSE;
}

/* Adds a word whose folded form was written at fold_room(). */
static void
emit(Scan *s, const guchar *from, guint32 from_cp, gsize fold_len, guint letters, guint flags)
{
	TokensOwn *own = s->out;
	gboolean smile = (flags & TOKEN_SYMBOL) != 0 && !is_currency(peek(s, from));

	/* "Kapot. :(" - the face belongs to the sentence before. */
	if (own->pub.n_sentences == 0 || (s->broken && (!smile || s->paragraph)))
		sentence_begin(s);
	if (own->pub.n == own->tokens_size) {
		own->tokens_size = own->tokens_size * 2 + 16;
		own->tokens = g_renew(Token, own->tokens, own->tokens_size);
	}
	own->folds[own->folds_len + fold_len] = '\0';
	own->tokens[own->pub.n++] = (Token){
		.start = from_cp,
		.end = s->cp,
		.byte = from - s->text,
		.byte_end = s->p - s->text,
		.fold = own->folds_len,
		.fold_len = fold_len,
		.letters = letters,
		.sentence = own->pub.n_sentences - 1,
		.clause = s->clause,
		.flags = flags,
	};
	own->sentences[own->pub.n_sentences - 1].end = own->pub.n;
	own->folds_len += fold_len + 1;
	s->line_tokens++;
	s->comma_last = FALSE;
}

static void
sentence_break(Scan *s, char mark, gboolean paragraph)
{
	TokensOwn *own = s->out;

	if (own->pub.n_sentences > 0 && !s->broken) {
		own->sentences[own->pub.n_sentences - 1].mark = mark;
		s->broken = TRUE;
	}
	if (paragraph)
		s->paragraph = TRUE;
}

/* ---- words ---- */

/* The French short words that lose their vowel before another word. Dutch "m'n" and "d'r" and
 * English "c'mon" stay whole: what follows there is no vowel. */
static gboolean
is_elision(const char *fold, gsize len, gunichar next)
{
	static const char *const before[] = { "l", "d", "j", "n", "s", "m", "t", "c", "qu", "jusqu",
		                              "lorsqu", "puisqu", "quoiqu" };
	gunichar plain = 0, rest = 0;

	next = g_unichar_tolower(next);
	if (!g_unichar_decompose(next, &plain, &rest))
		plain = next;
	if (plain >= 0x80 ? next != 0x153 && next != 0xe6 : strchr("aeiouyh", (int)plain) == NULL)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(before); i++)
		if (strlen(before[i]) == len && memcmp(before[i], fold, len) == 0)
			return TRUE;
	return FALSE;
}

typedef struct {
	char *fold;
	gsize len, last;          /* bytes written; where the last letter began */
	guint letters;            /* and all other characters of the word */
	guint upper, small, digits, others;
	guint flags;
} Word;

static void
word_add(Word *w, gunichar ch)
{
	gunichar lower = ch < 0x80 ? (gunichar)g_ascii_tolower(ch) : g_unichar_tolower(ch);

	if (ch < 0x80 && g_ascii_isdigit(ch)) {
		w->digits++;
	} else if (ch == '\'') {
		w->others++;
	} else if (ch != '.' && ch != ',') {
		gboolean capital = ch < 0x80 ? lower != ch : g_unichar_isupper(ch);

		w->flags |= ch < 0x80 ? 0 : TOKEN_MARKED;
		if (capital)
			w->upper++;
		else
			w->small++;
		if (capital && w->letters == 0)
			w->flags |= TOKEN_TITLE;
	}
	if (w->letters >= TOKEN_MAX_LETTERS) {
		w->flags |= TOKEN_LONG;
		return;
	}
	w->last = w->len;
	if (lower < 0x80)
		w->fold[w->len++] = (char)lower;
	else
		w->len += g_unichar_to_utf8(lower, w->fold + w->len);
	w->letters++;
}

/* A run of plain letters and digits: most of all mail. */
static void
word_add_ascii(Scan *s, Word *w)
{
	const guchar *p = s->p;
	const guchar *end = p + MIN(s->end - p, TOKEN_MAX_LETTERS - (gssize)w->letters);
	char *out = w->fold + w->len;
	guint capitals = 0, digits = 0;

	if (w->letters == 0 && p < end && ascii[*p] == ASCII_CAPITAL)
		w->flags |= TOKEN_TITLE;
	for (; p < end && ascii[*p] != 0; p++) {
		guint kind = ascii[*p];

		capitals += kind == ASCII_CAPITAL;
		digits += kind == ASCII_DIGIT;
		*out++ = (char)(*p | 0x20); /* digits have that bit */
	}
	guint n = (guint)(p - s->p);

	w->upper += capitals;
	w->digits += digits;
	w->small += n - capitals - digits;
	w->letters += n;
	w->len += n;
	w->last = w->len - 1;
	s->p = p;
	s->cp += n;
}

/* A combining mark: "e" + U+0301 of a Mac becomes "é"; one that composes with nothing is dropped.
 */
static void
word_combine(Word *w, gunichar mark)
{
	gunichar base = g_utf8_get_char(w->fold + w->last), whole;

	if (w->letters == 0 || (w->flags & TOKEN_LONG) != 0 ||
	    !g_unichar_compose(base, mark, &whole))
		return;
	w->len = w->last + g_unichar_to_utf8(whole, w->fold + w->last);
	w->flags |= TOKEN_MARKED;
}

/* Whether the character at p, which is no letter or digit, still belongs to the word. */
static gboolean
word_joins(const Scan *s, Word *w, const guchar *next, gunichar ch)
{
	gunichar after = peek(s, next);

	gboolean numeric = w->upper + w->small + w->others == 0;

	if ((ch == '.' || ch == ',') && numeric && after < 0x80 && g_ascii_isdigit(after)) {
		word_add(w, ch);
		return TRUE;
	}
	if (tokens_is_apostrophe(ch) && is_letter(after)) {
		if (is_elision(w->fold, w->len, after)) {
			w->flags |= TOKEN_ELISION;
			return FALSE;
		}
		word_add(w, '\'');
		return TRUE;
	}
	return FALSE;
}

static void
scan_word(Scan *s)
{
	const guchar *from = s->p;
	guint32 from_cp = s->cp;
	Word w = { .fold = fold_room(s->out, TOKEN_MAX_LETTERS * 6 + 8) };

	while (s->p < s->end) {
		gunichar ch;

		if (ascii[*s->p] != 0 && w.letters < TOKEN_MAX_LETTERS) {
			word_add_ascii(s, &w);
			continue;
		}
		guint n = tokens_decode(s->p, s->end, &ch);

		if (is_word(ch))
			word_add(&w, ch);
		else if (is_combining(ch))
			word_combine(&w, ch);
		else if (!is_invisible(ch) && !word_joins(s, &w, s->p + n, ch))
			break;
		s->p += n;
		s->cp++;
	}
	if (w.upper + w.small > 0)
		w.flags |= TOKEN_LETTER;
	if (w.digits > 0)
		w.flags |= TOKEN_DIGIT;
	if (w.upper + w.small + w.others == 0)
		w.flags |= TOKEN_NUMBER;
	if (w.upper >= 2 && w.small == 0)
		w.flags |= TOKEN_UPPER;
	if (w.upper != 1 || w.small == 0)
		w.flags &= ~(guint)TOKEN_TITLE;
	emit(s, from, from_cp, w.len, w.letters, w.flags);
	if ((w.flags & TOKEN_ELISION) != 0) {
		gunichar apostrophe;

		s->p += tokens_decode(s->p, s->end, &apostrophe);
		s->cp++;
	}
}

static void
emit_symbol(Scan *s, const guchar *to, guint32 chars, const char *fold, gsize fold_len)
{
	const guchar *from = s->p;
	guint32 from_cp = s->cp;

	memcpy(fold_room(s->out, fold_len + 1), fold, fold_len);
	s->p = to;
	s->cp += chars;
	emit(s, from, from_cp, fold_len, g_utf8_strlen(fold, fold_len), TOKEN_SYMBOL);
}

/* An emoji with what modifies it: variation selector, skin tone. */
static void
scan_emoji(Scan *s, guint n)
{
	const guchar *to = s->p + n;
	guint32 chars = 1;
	gunichar ch;

	while (to < s->end) {
		guint more = tokens_decode(to, s->end, &ch);

		if (!is_skin_tone(ch) && !is_invisible(ch))
			break;
		to += more;
		chars++;
	}
	emit_symbol(s, to, chars, (const char *)s->p, n);
}

/* ":/" in a web address and ":S" in "maat:S" are no faces. */
static gboolean
scan_face(Scan *s)
{
	const char *fold;
	gsize len = tokens_face(s->p, s->end, &fold);

	if (len == 0)
		return FALSE;

	guchar last = s->p[len - 1];
	const guchar *to = s->p + len;
	gunichar next = peek(s, to);
	gboolean after_blank = s->p == s->text || is_blank(s->p[-1]) || s->p[-1] == '\n' ||
	                       g_ascii_ispunct(s->p[-1]);

	if (last != ')' && last != '(' && last != '3' &&
	    (!after_blank || is_word(next) || next == '/'))
		return FALSE;
	while (to < s->end && *to == last && (last == ')' || last == '('))
		to++; /* ":))))" */
	emit_symbol(s, to, to - s->p, fold, strlen(fold));
	return TRUE;
}

/* ---- punctuation ---- */

static gboolean
is_closer(gunichar ch)
{
	return ch == '"' || ch == ')' || ch == ']' || ch == 0x201d || ch == 0x201c || ch == 0xbb ||
	       tokens_is_apostrophe(ch);
}

#define ABBREVIATION_MAX 4 /* bytes of the longest of them */

/* A full stop after these does not end the sentence. */
static gboolean
is_abbreviation(const Token *t, const char *fold, gboolean before_digit)
{
	static const char *const always[] = { "dhr",  "mevr", "mw",   "mr",   "mrs",  "ms", "dr",
		                              "mme",  "bijv", "bv",   "incl", "excl", "ca", "evt",
		                              "bzw",  "evtl", "inkl", "zzgl", "ggf",  "st", "hr",
		                              "fr",   "str",  "vgl",  "resp", "max",  "min" };
	static const char *const number[] = { "nr", "no", "nrs", "art", "tel", "num" };

	if ((t->flags & TOKEN_LETTER) != 0 && t->letters == 1)
		return TRUE; /* "a.u.b.", "z. B.", an initial */
	if (t->fold_len > ABBREVIATION_MAX)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(always); i++)
		if (strcmp(fold, always[i]) == 0)
			return TRUE;
	for (gsize i = 0; before_digit && i < G_N_ELEMENTS(number); i++)
		if (strcmp(fold, number[i]) == 0)
			return TRUE;
	return FALSE;
}

/* Whether one full stop at `before` (the byte after it is `after`) ends the sentence. */
static gboolean
stop_ends(const Scan *s, gboolean glued, gunichar next)
{
	const TokensOwn *own = s->out;

	if (own->pub.n == 0)
		return FALSE;
	const Token *last = &own->tokens[own->pub.n - 1];
	const char *fold = own->folds + last->fold;

	if (glued) /* "bol.com" goes on, "kapot.Ik wil" does not */
		return (last->flags & (TOKEN_UPPER | TOKEN_DIGIT)) == 0 && last->letters > 1 &&
		       g_unichar_isupper(next);
	if (next == '\n' || next == 0)
		return TRUE;
	if (is_abbreviation(last, fold, g_unichar_isdigit(next)))
		return FALSE;
	/* "12. Mai", and the number of a list item */
	return (last->flags & TOKEN_NUMBER) == 0 || last->letters > 2 ||
	       !(s->line_tokens == 1 || g_unichar_isupper(next));
}

/* A run of . ! ? and what closes it. */
static void
scan_marks(Scan *s)
{
	guint stops = 0, loud = 0, asks = 0;
	gunichar ch = 0;
	guint n = 0;

	for (; s->p < s->end; s->p += n, s->cp++) {
		n = tokens_decode(s->p, s->end, &ch);
		if (ch == '?' || ch == 0x2047)
			asks++;
		else if (ch == '!' || ch == 0x203c)
			loud++;
		else if (ch == 0x2048 || ch == 0x2049)
			asks++, loud++;
		else if (ch == 0x2026)
			stops += 3;
		else if (ch == '.')
			stops++;
		else
			break;
	}
	s->out->pub.exclamations += loud;
	s->out->pub.questions += asks;

	const guchar *p = s->p;
	while (p < s->end && (n = tokens_decode(p, s->end, &ch), is_closer(ch)))
		p += n;
	gboolean glued = p < s->end && !is_blank(ch) && ch != '\n';
	while (p < s->end && (n = tokens_decode(p, s->end, &ch), is_blank(ch)))
		p += n;
	gunichar next = p < s->end ? ch : 0;

	gboolean ends;
	if (asks + loud > 0) /* not in "shop.nl/x?id=5" */
		ends = !glued || asks + loud > 1 || !is_word(next) || g_unichar_isupper(next);
	else if (stops > 1)  /* "nog steeds... niets" goes on */
		ends = !g_unichar_islower(next) && (!glued || g_unichar_isupper(next));
	else
		ends = stop_ends(s, glued, next);
	if (ends)
		sentence_break(s, asks > 0 ? '?' : loud > 0 ? '!' : '.', FALSE);
	else if (stops > 1)
		s->clause++;
	s->comma_last = FALSE;
}

/* "- Kapotte vaas", "2) ..." : an item of a list is a sentence of its own. */
static gboolean
starts_item(const Scan *s, const guchar *p)
{
	gunichar ch = 0;
	guint n = 0;

	while (p < s->end && (*p == ' ' || *p == '\t'))
		p++;
	if (p < s->end)
		n = tokens_decode(p, s->end, &ch);
	if (ch == '-' || ch == '*' || ch == 0x2022 || ch == 0x2013 || ch == 0xb7)
		return is_blank(peek(s, p + n));
	if (n == 1 && g_ascii_isdigit(ch)) {
		while (p < s->end && g_ascii_isdigit(*p))
			p++;
		return p + 1 < s->end && (*p == '.' || *p == ')') && is_blank(p[1]);
	}
	return FALSE;
}

static void
scan_newline(Scan *s)
{
	const guchar *p = s->p + 1;

	while (p < s->end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	gboolean empty = p < s->end && *p == '\n';

	/* "Beste winkel," on a line of its own is a greeting, not half a sentence. */
	if (empty || starts_item(s, s->p + 1) ||
	    (s->comma_last && s->first_line && s->line_tokens <= 6))
		sentence_break(s, 0, empty);
	s->first_line = empty || (s->first_line && s->line_tokens == 0);
	s->line_tokens = 0;
	s->comma_last = FALSE;
	s->p++;
	s->cp++;
}

static void
scan_other(Scan *s, gunichar ch, guint n)
{
	gunichar next = peek(s, s->p + n);
	gboolean before_blank = next == 0 || next == '\n' || is_blank(next);
	gboolean after_blank = s->p == s->text || is_blank(s->p[-1]) || s->p[-1] == '\n' ||
	                       s->p[-1] == 0xa0;

	s->p += n;
	s->cp++;
	if ((ch == ':' || ch == ';') && before_blank)
		sentence_break(s, (char)ch, FALSE);
	else if (ch == ',' || ch == '(' || ch == ')' || ch == '[' || ch == ']' || ch == 0x2014)
		s->clause++;
	else if ((ch == '-' || ch == 0x2013) && before_blank && after_blank)
		s->clause++;
	if (!is_blank(ch))
		s->comma_last = ch == ',';
}

static void
scan(Scan *s)
{
	while (s->p < s->end) {
		gunichar ch;
		guint n = tokens_decode(s->p, s->end, &ch);

		if (s->out->pub.n >= TOKENS_MAX) {
			s->out->pub.truncated = TRUE;
			return;
		}
		if (is_word(ch))
			scan_word(s);
		else if (ch == ' ')
			s->p++, s->cp++;
		else if (ch == '\n')
			scan_newline(s);
		else if (ch == '.' || ch == '!' || ch == '?' || ch == 0x2026 ||
		         ch == 0x203c || (ch >= 0x2047 && ch <= 0x2049))
			scan_marks(s);
		else if (is_currency(ch))
			emit_symbol(s, s->p + n, 1, (const char *)s->p, n);
		else if (is_emoji(ch) && !is_skin_tone(ch))
			scan_emoji(s, n);
		else if (ch >= 0x80 || strchr(":;=<>^", (int)ch) == NULL || ch == 0 ||
		         !scan_face(s))
			scan_other(s, ch, n);
	}
}

/* Of a longer text room is made as it turns out to be needed. */
#define ROOM_BYTES (gsize)8192

Tokens *
tokens_new(const char *text, gssize bytes)
{
	TokensOwn *own = g_new0(TokensOwn, 1);
	gsize size = bytes < 0 ? strlen(text) : (gsize)bytes;
	Scan s = { .out = own, .first_line = TRUE, .paragraph = TRUE };

	size = MIN(size, G_MAXINT32);
	/* Room for what such a text mostly holds: growing means copying. */
	own->tokens_size = MIN(size, ROOM_BYTES) / 5 + 16;
	own->tokens = g_new(Token, own->tokens_size);
	own->folds_size = MIN(size, ROOM_BYTES) + TOKEN_MAX_LETTERS * 6 + 64;
	own->folds = g_malloc(own->folds_size);
	s.text = s.p = (const guchar *)text;
	s.end = s.p + size;
	own->pub.text = text;
	own->pub.bytes = size;
	scan(&s);
	fold_room(own, 1);
	own->pub.tokens = own->tokens;
	own->pub.sentences = own->sentences;
	own->pub.folds = own->folds;
	return &own->pub;
}

void
tokens_free(Tokens *tokens)
{
	TokensOwn *own = (TokensOwn *)tokens;

	if (own == NULL)
		return;
	g_free(own->tokens);
	g_free(own->sentences);
	g_free(own->folds);
	g_free(own);
}
