/* needles.c - reads a regex for what every match of it contains. Cautious: what is not known for
 * certain counts as nothing, and an unknown construct ends the reading without needles. */
#include "config.h"

#include <string.h>

#include "classify/needles.h"

#define DEPTH_MAX 20
#define NEEDLES_MAX 24
#define NEEDLE_MAX 64
#define COST_MAX 0.7

/* ---- the best set of words of a part of the pattern ---- */

/* One of these is in every match of the part; NULL words: nothing is known. */
typedef struct {
	GPtrArray *words;
	double cost;          /* how often a text will have one: a guess */
} Needs;

static void
needs_clear(Needs *needs)
{
	g_clear_pointer(&needs->words, g_ptr_array_unref);
}

static void
needs_take_best(Needs *best, Needs *other)
{
	if (other->words != NULL && (best->words == NULL || other->cost < best->cost)) {
		needs_clear(best);
		*best = *other;
		other->words = NULL;
	}
	needs_clear(other);
}

static void
needs_add(Needs *needs, const char *word, gsize len)
{
	double cost = 1;

	/* Letters are in every text, blanks too; marks are in some. */
	if (needs->words == NULL) {
		needs->words = g_ptr_array_new_with_free_func(g_free);
		needs->cost = 0;
	}
	for (gsize i = 0; i < MIN(len, 8); i++)
		cost *= word[i] == ' ' ? 0.95 : g_ascii_isalnum(word[i]) ? 0.4 : 0.25;
	needs->cost += cost;
	g_ptr_array_add(needs->words, g_ascii_strdown(word, len));
}

typedef struct {
	const char *p;
	gboolean failed;      /* not understood */
} Reader;

static void read_choice(Reader *r, guint depth, Needs *out);

/* ---- pieces ---- */

typedef enum { QUANTIFIER_NONE, QUANTIFIER_SOME, QUANTIFIER_MAYBE } Quantifier;

static Quantifier
read_quantifier(Reader *r)
{
	Quantifier found = QUANTIFIER_NONE;

	if (*r->p == '?' || *r->p == '*') {
		found = QUANTIFIER_MAYBE;
		r->p++;
	} else if (*r->p == '+') {
		found = QUANTIFIER_SOME;
		r->p++;
	} else if (*r->p == '{' && g_ascii_isdigit(r->p[1])) {
		const char *end = strchr(r->p, '}');

		if (end == NULL || strspn(r->p + 1, "0123456789,") != (gsize)(end - r->p - 1)) {
			r->failed = TRUE;
			return found;
		}
		found = atoi(r->p + 1) > 0 ? QUANTIFIER_SOME : QUANTIFIER_MAYBE;
		r->p = end + 1;
	} else {
		return found;
	}
	if (*r->p == '?' || *r->p == '+') /* lazy, possessive */
		r->p++;
	return found;
}

/* What stands behind a backslash. *literal_out: the character it is, 0: some other, or none. */
static void
read_escape(Reader *r, char *literal_out)
{
	char c = *r->p;

	*literal_out = 0;
	if (c == '\0' || strchr("QEgkcNopPxuUL", c) != NULL || (c == '0')) {
		r->failed = TRUE;
		return;
	}
	r->p++;
	if (!g_ascii_isalnum(c))
		*literal_out = c;
	while (g_ascii_isdigit(c) && g_ascii_isdigit(*r->p)) /* \12: a group before */
		r->p++;
}

/* A set of up to eight marks or digits; of letters and ranges only that they are there. */
static void
read_class(Reader *r, Needs *out)
{
	gboolean simple = *r->p != '^';
	const char *start = r->p += !simple;

	for (; *r->p != '\0' && (*r->p != ']' || r->p == start); r->p++) {
		const char *next = g_utf8_next_char(r->p);

		if (*r->p == '[' && strchr(":.=", r->p[1]) != NULL) {
			r->failed = TRUE;
			return;
		}
		if (*r->p == '\\') {
			char literal;

			r->p++;
			read_escape(r, &literal);
			if (r->failed)
				return;
			r->p--;
			simple &= literal != 0;
			if (simple)
				needs_add(out, &literal, 1);
		} else if ((next[0] == '-' && next[1] != ']') || g_ascii_isalnum(*r->p) ||
		           g_unichar_isalpha(g_utf8_get_char(r->p))) {
			simple = FALSE;
		} else {
			needs_add(out, r->p, next - r->p);
			r->p = next - 1;
		}
	}
	if (*r->p != ']') {
		r->failed = TRUE;
		return;
	}
	r->p++;
	if (!simple || (out->words != NULL && out->words->len > 8))
		needs_clear(out);
}

/* Behind "(": what every match of the group contains. */
static void
read_group(Reader *r, guint depth, Needs *out)
{
	gboolean looks = FALSE;

	if (*r->p == '*' || depth == 0) {
		r->failed = TRUE;
		return;
	}
	if (*r->p == '?') {
		gsize flags = strspn(++r->p, "imsJU-");

		if (flags > 0 && r->p[flags] == ')') {
			r->p += flags + 1;
			return;
		}
		looks = *r->p == '=' || *r->p == '!' ||
		        (*r->p == '<' && (r->p[1] == '=' || r->p[1] == '!'));
		if (looks)
			r->p += *r->p == '<' ? 2 : 1;
		else if (r->p[flags] == ':')
			r->p += flags + 1;
		else if (*r->p == '>')
			r->p++;
		else
			r->failed = TRUE;
	}
	if (!r->failed)
		read_choice(r, depth - 1, out);
	if (*r->p != ')')
		r->failed = TRUE;
	else
		r->p++;
	if (looks)
		needs_clear(out);
}

/* The literal that stood before `p` is done: a word of its own. */
static void
end_literal(GString *literal, Needs *best)
{
	Needs alone = { 0 };

	if (literal->len > 0)
		needs_add(&alone, literal->str, MIN(literal->len, NEEDLE_MAX));
	g_string_truncate(literal, 0);
	needs_take_best(best, &alone);
}

/* One thing and how often it stands there. A plain character grows the literal. */
static void
read_piece(Reader *r, guint depth, GString *literal, Needs *best)
{
	Needs here = { 0 };
	char c = *r->p++;

	if (c == '(')
		read_group(r, depth, &here);
	else if (c == '[')
		read_class(r, &here);
	else if (c == '\\')
		read_escape(r, &c);
	else if (c == '.' || c == '^' || c == '$' || (guchar)c >= 0x80)
		c = 0;
	if (r->failed) {
		needs_clear(&here);
		return;
	}
	gboolean plain = here.words == NULL && c != 0 && c != '(' && c != '[' && c != ')';
	Quantifier quantifier = read_quantifier(r);

	if (plain && quantifier != QUANTIFIER_MAYBE)
		g_string_append_c(literal, c);
	if (!plain || quantifier != QUANTIFIER_NONE)
		end_literal(literal, best);
	if (quantifier != QUANTIFIER_MAYBE)
		needs_take_best(best, &here);
	else
		needs_clear(&here);
}

static void
read_sequence(Reader *r, guint depth, Needs *out)
{
	g_autoptr(GString) literal = g_string_new(NULL);

	while (*r->p != '\0' && *r->p != '|' && *r->p != ')' && !r->failed)
		read_piece(r, depth, literal, out);
	end_literal(literal, out);
}

/* Alternatives: one of the words of any of them, if each has some. */
static void
read_choice(Reader *r, guint depth, Needs *out)
{
	gboolean all = TRUE;

	for (;;) {
		Needs one = { 0 };

		read_sequence(r, depth, &one);
		all &= one.words != NULL;
		for (guint i = 0; all && i < one.words->len; i++) {
			const char *word = g_ptr_array_index(one.words, i);

			needs_add(out, word, strlen(word));
		}
		needs_clear(&one);
		if (r->failed || *r->p != '|')
			break;
		r->p++;
	}
	if (!all || (out->words != NULL && out->words->len > NEEDLES_MAX))
		needs_clear(out);
}

char *
needles_of(const char *pattern)
{
	Reader r = { .p = pattern };
	Needs needs = { 0 };
	char *text = NULL;

	read_choice(&r, DEPTH_MAX, &needs);
	if (!r.failed && *r.p == '\0' && needs.words != NULL && needs.cost < COST_MAX) {
		g_ptr_array_add(needs.words, NULL);
		text = g_strjoinv("\n", (char **)needs.words->pdata);
	}
	needs_clear(&needs);
	return text;
}

/* ---- texts ---- */

static guint8
lower(guint8 c)
{
	return (guint8)(c - 'A') < 26 ? c | 0x20 : c;
}

static guint
pair_of(guint8 a, guint8 b)
{
	return (a & 127u) << 7 | (b & 127u);
}

void
text_pairs_note(TextPairs *pairs, const char *text, gsize bytes)
{
	guint8 before = 0;

	for (gsize i = 0; i < bytes; i++) {
		guint8 c = lower(text[i]);
		guint pair = pair_of(before, c);

		/* The long s and the Kelvin sign are s and k to a regex without case. */
		if (c >= 0x80 && ((before == 0xc5 && c == 0xbf) || (before == 0x84 && c == 0xaa)))
			pairs->open = TRUE;
		pairs->pairs[pair / 8] |= 1u << pair % 8;
		pairs->bytes[c / 8] |= 1u << c % 8;
		before = c;
	}
}

static gboolean
may_have(const TextPairs *pairs, const char *needle, gsize len)
{
	guint8 c = needle[0];

	if ((pairs->bytes[c / 8] & 1u << c % 8) == 0)
		return FALSE;
	for (gsize i = 1; i < len; i++) {
		guint pair = pair_of(needle[i - 1], needle[i]);

		if ((pairs->pairs[pair / 8] & 1u << pair % 8) == 0)
			return FALSE;
	}
	return TRUE;
}

gboolean
text_pairs_may_have(const TextPairs *pairs, const char *needles)
{
	if (pairs->open)
		return TRUE;
	for (const char *p = needles; *p != '\0';) {
		gsize len = strcspn(p, "\n");

		if (may_have(pairs, p, len))
			return TRUE;
		p += len + (p[len] == '\n');
	}
	return FALSE;
}
