/* phrase.c - reads one phrase of a rule. See aardig-rules(5) for what may stand in it.
 *
 * The tree is made simple while it grows: alternatives that are single words melt into one
 * element, so that matching such a choice is one look-up however long the list. */
#include "config.h"

#include <string.h>

#include "classify/build.h"
#include "classify/phrase.h"
#include "classify/tokens-private.h"
#include "classify/tokens.h"

typedef struct {
	const PhraseContext *context;
	const char *text, *p;
	guint depth;
	char *error;
} Parse;

static PhraseNode *
node_new(PhrasePool *pool, NodeKind kind)
{
	PhraseNode *node = pool->spare;

	if (node == NULL) {
		node = arena_new(&pool->arena, PhraseNode, 1);
	} else {
		pool->spare = node->next;
		*node = (PhraseNode){ 0 };
	}
	node->kind = kind;
	node->depth = 1;
	if (kind == NODE_ELEMENT)
		node->shortest = node->longest = 1;
	return node;
}

static G_GNUC_PRINTF(2, 3) PhraseNode *
wrong(Parse *parse, const char *format, ...)
{
	if (parse->error == NULL) {
		va_list args;

		va_start(args, format);
		parse->error = g_strdup_vprintf(format, args);
		va_end(args);
	}
	return NULL;
}

/* What a child adds to the measures of a sequence or choice. */
static void
measure(PhraseNode *node, const PhraseNode *child, gboolean first)
{
	node->depth = MAX(node->depth, child->depth + 1);
	if (node->kind == NODE_SEQUENCE) {
		node->shortest += child->shortest;
		node->longest += child->longest;
	} else if (node->kind == NODE_OPTIONAL) {
		node->longest = child->longest;
	} else {
		node->shortest = first ? child->shortest : MIN(node->shortest, child->shortest);
		node->longest = MAX(node->longest, child->longest);
	}
}

static void
adopt(PhraseNode *node, PhraseNode *child)
{
	measure(node, child, node->n == 0);
	if (node->n++ == 0)
		node->first = child;
	else
		node->last->next = child;
	node->last = child;
	child->next = NULL;
}

/* A sequence or choice of one is that one. */
static PhraseNode *
reduced(PhraseNode *node)
{
	return node->n == 1 ? node->first : node;
}

static PhraseNode *
node_for_list(PhrasePool *pool, PhraseNode *list)
{
	PhraseNode *node = node_new(pool, list->kind);

	node->is_list = TRUE;
	node->list = list;
	node->shortest = list->shortest;
	node->longest = list->longest;
	node->depth = list->depth + 1;
	return node;
}

/* Those that are words, as one. */
static PhraseNode *
node_for_words(PhrasePool *pool, PhraseNode *nodes)
{
	PhraseNode *words = node_new(pool, NODE_ELEMENT);
	guint32 *symbols;

	for (PhraseNode *node = nodes; node != NULL; node = node->next)
		if (node->kind == NODE_ELEMENT)
			words->n += phrase_inner(node)->n;
	symbols = words->n == 1 ? &words->one : arena_new(&pool->arena, guint32, words->n);
	if (words->n > 1)
		words->symbols = symbols;
	for (PhraseNode *node = nodes; node != NULL; node = node->next) {
		const PhraseNode *inner = phrase_inner(node);

		if (node->kind != NODE_ELEMENT)
			continue;
		memcpy(symbols, phrase_symbols(inner), inner->n * sizeof *symbols);
		symbols += inner->n;
	}
	return words;
}

PhraseNode *
phrase_choice(PhrasePool *pool, PhraseNode *nodes)
{
	PhraseNode *choice, *words = NULL, *next;

	if (nodes->next == NULL)
		return nodes;
	choice = node_new(pool, NODE_CHOICE);
	for (PhraseNode *node = nodes; node != NULL; node = next) {
		next = node->next;
		if (node->kind != NODE_ELEMENT) {
			adopt(choice, node);
			continue;
		}
		if (words == NULL)
			adopt(choice, words = node_for_words(pool, node));
		node->next = pool->spare;
		pool->spare = node;
	}
	return reduced(choice);
}

/* ---- words ---- */

static gboolean
ends_chunk(char c)
{
	return c == '\0' || c == ' ' || c == '\t' || c == '\n' || c == '(' || c == ')' ||
	       c == '|' || c == '?' || c == '<' || c == '>' || c == '"';
}

static PhraseNode *
element_of(Parse *parse, guint32 symbol)
{
	PhraseNode *node = node_new(parse->context->pool, NODE_ELEMENT);

	node->one = symbol;
	node->n = 1;
	return node;
}

#define PATTERN_LETTERS 3

static const char *const star_help = "a * stands at the beginning or the end of a word, with at "
				     "least 3 letters beside it";

static PatternKind
pattern_kind(gboolean star_before, gboolean star_after)
{
	return !star_before ? PATTERN_PREFIX : star_after ? PATTERN_INFIX : PATTERN_SUFFIX;
}

/* Most chunks are one word, or the greater part of one, and need no cutting. */
static PhraseNode *
plain_word(Parse *parse, const char *from, gboolean strict)
{
	gboolean star_before = from[0] == '*', star_after;
	const char *p = from + star_before;
	guint32 symbol;
	char fold[32];
	gsize n = 0;

	for (; g_ascii_isalpha(*p) && n < sizeof fold - 1; p++)
		fold[n++] = *p | 0x20; /* its small letter */
	fold[n] = '\0';
	star_after = *p == '*';
	p += star_after;
	if (n == 0 || !ends_chunk(*p))
		return NULL;
	if (!star_before && !star_after) {
		symbol = build_word(parse->context->build, fold);
		parse->p = p;
		return element_of(parse, strict ? symbol | SYMBOL_STRICT : symbol);
	}
	if (n < PATTERN_LETTERS || strict)
		return NULL;
	symbol = build_pattern(parse->context->build, pattern_kind(star_before, star_after), fold);
	parse->p = p;
	return element_of(parse, symbol);
}

/* The words of one chunk: "foto's" is one, "e-mail*" two. */
static PhraseNode *
parse_chunk(Parse *parse, const char *chunk, gboolean strict)
{
	gsize len = strlen(chunk);
	gboolean star_before = len > 1 && chunk[0] == '*',
		 star_after = len > 1 && chunk[len - 1] == '*';
	g_autofree char *bare = g_strndup(chunk + star_before, len - star_before - star_after);

	if (strchr(bare, '*') != NULL)
		return wrong(parse, "'%s': %s", chunk, star_help);
	if (strict && (star_before || star_after))
		return wrong(parse, "'=%s': = and * do not go together", chunk);

	g_autoptr(Tokens) tokens = tokens_new(bare, -1);
	if (tokens->n == 0)
		return wrong(parse,
		             "'%s' has no word in it (leave punctuation out; it is not matched)",
		             chunk);
	if (tokens->exclamations > 0)
		return wrong(parse, "'%s': leave the ! out (ask for signal \"exclamations\")",
		             chunk);

	PhraseNode *sequence = node_new(parse->context->pool, NODE_SEQUENCE);
	for (guint i = 0; i < tokens->n; i++) {
		const Token *t = &tokens->tokens[i];
		const char *fold = token_fold(tokens, i);
		gboolean suffix = star_before && i == 0, prefix = star_after && i == tokens->n - 1;
		guint32 symbol;

		if ((t->flags & TOKEN_LONG) != 0 || ((suffix || prefix) && t->letters < PATTERN_LETTERS)) {
			if ((t->flags & TOKEN_LONG) != 0)
				return wrong(parse, "a word of more than %d letters",
				             TOKEN_MAX_LETTERS);
			return wrong(parse, "'%s': %s", chunk, star_help);
		}
		if (suffix || prefix)
			symbol = build_pattern(parse->context->build, pattern_kind(suffix, prefix),
			                       fold);
		else
			symbol = build_word(parse->context->build, fold);
		adopt(sequence, element_of(parse, strict ? symbol | SYMBOL_STRICT : symbol));
	}
	return reduced(sequence);
}

static PhraseNode *
parse_word(Parse *parse)
{
	gboolean strict = parse->p[0] == '=' && !ends_chunk(parse->p[1]);
	const char *from = parse->p + strict, *p = from;
	PhraseNode *plain = plain_word(parse, from, strict);

	if (plain != NULL)
		return plain;
	/* =$ is the sign, not the end of the sentence. */
	while (!ends_chunk(*p))
		p++;
	if (p == from)
		return wrong(parse, "'%c' cannot stand here", *p);
	g_autofree char *chunk = g_strndup(from, p - from);

	parse->p = p;
	return parse_chunk(parse, chunk, strict);
}

/* A face such as :( stands alone; the brackets in it are no groups. */
static PhraseNode *
parse_face(Parse *parse)
{
	const char *face;
	gsize len = tokens_face((const guchar *)parse->p,
	                        (const guchar *)parse->p + strlen(parse->p), &face);

	if (len == 0 || (!ends_chunk(parse->p[len]) && parse->p[len] != '\0'))
		return NULL;
	parse->p += len;
	return element_of(parse, build_word(parse->context->build, face));
}

static PhraseNode *
parse_gap(Parse *parse)
{
	const char *p = parse->p + 2;
	guint most = 4;

	if (g_ascii_isdigit(*p))
		for (most = 0; g_ascii_isdigit(*p) && most < 1000; p++)
			most = most * 10 + (*p - '0');
	if (!ends_chunk(*p) || most < 1 || most > PHRASE_MAX_GAP)
		return wrong(parse,
		             "a gap is written ..1 to ..%d, or .. for ..4, with blanks around it",
		             PHRASE_MAX_GAP);
	parse->p = p;

	PhraseNode *gap = node_new(parse->context->pool, NODE_GAP);
	gap->longest = most;
	return gap;
}

static PhraseNode *
parse_list(Parse *parse)
{
	const char *end = strchr(parse->p, '>');

	if (end == NULL || end == parse->p + 1)
		return wrong(parse, "a word list is written <name>");
	g_autofree char *name = g_strndup(parse->p + 1, end - parse->p - 1);
	char *error = NULL;
	PhraseNode *list = parse->context->list(parse->context->data, name, &error);

	if (list == NULL) {
		wrong(parse, "%s", error);
		g_free(error);
		return NULL;
	}
	parse->p = end + 1;
	return node_for_list(parse->context->pool, phrase_inner(list));
}

/* ---- structure ---- */

static PhraseNode *parse_choice(Parse *parse);

static PhraseNode *
parse_group(Parse *parse)
{
	if (++parse->depth > PHRASE_MAX_DEPTH)
		return wrong(parse, "brackets are nested deeper than %d", PHRASE_MAX_DEPTH);
	parse->p++;
	PhraseNode *choice = parse_choice(parse);
	parse->depth--;
	if (choice == NULL)
		return NULL;
	if (*parse->p != ')')
		return wrong(parse, "a ( without its )");
	parse->p++;
	return choice;
}

static PhraseNode *
parse_item(Parse *parse)
{
	char c = parse->p[0], next = c != '\0' ? parse->p[1] : '\0';
	PhraseNode *node = strchr(":;=<>^", c) != NULL ? parse_face(parse) : NULL;

	if (node != NULL)
		;
	else if (c == '(')
		node = parse_group(parse);
	else if (c == '<')
		node = parse_list(parse);
	else if (c == '.' && next == '.')
		return parse_gap(parse);
	else if ((c == '^' || c == '$') && ends_chunk(next))
		return parse->p++, node_new(parse->context->pool, c == '^' ? NODE_BEGIN : NODE_END);
	else if (c == '#' && ends_chunk(next))
		parse->p++, node = element_of(parse, SYMBOL_NUMBER);
	else
		node = parse_word(parse);
	if (node == NULL || *parse->p != '?')
		return node;

	parse->p++;
	PhraseNode *optional = node_new(parse->context->pool, NODE_OPTIONAL);
	adopt(optional, node);
	return optional;
}

/* "e-mail?": both words of the chunk are optional together; their sequence stays one child. */
static gboolean
is_plain_sequence(const PhraseNode *node)
{
	return node->kind == NODE_SEQUENCE && !node->is_list;
}

/* One item stays what it is; most alternatives of a list are one word. */
static PhraseNode *
append_item(PhrasePool *pool, PhraseNode *sequence, PhraseNode *item)
{
	if (sequence == NULL)
		return item;
	if (!is_plain_sequence(sequence)) {
		PhraseNode *first = sequence;

		sequence = node_new(pool, NODE_SEQUENCE);
		adopt(sequence, first);
	}
	if (!is_plain_sequence(item)) {
		adopt(sequence, item);
		return sequence;
	}
	for (PhraseNode *child = item->first, *next; child != NULL; child = next) {
		next = child->next;
		adopt(sequence, child);
	}
	return sequence;
}

static PhraseNode *
parse_sequence(Parse *parse)
{
	PhraseNode *sequence = NULL;

	for (;;) {
		while (*parse->p == ' ' || *parse->p == '\t' || *parse->p == '\n')
			parse->p++;
		if (*parse->p == '\0' || *parse->p == '|' || *parse->p == ')')
			break;
		PhraseNode *item = parse_item(parse);
		if (item == NULL)
			return NULL;
		sequence = append_item(parse->context->pool, sequence, item);
	}
	if (sequence == NULL)
		return wrong(parse, "nothing stands between the brackets or bars (for an optional "
		                    "part write \"(...)?\")");
	return sequence;
}

static PhraseNode *
parse_choice(Parse *parse)
{
	PhraseNode *nodes = NULL, **end = &nodes;

	for (;;) {
		PhraseNode *node = parse_sequence(parse);

		if (node == NULL)
			return NULL;
		*end = node;
		end = &node->next;
		if (*parse->p != '|')
			return phrase_choice(parse->context->pool, nodes);
		parse->p++;
	}
}

static const PhraseNode *
edge(const PhraseNode *node, gboolean last)
{
	if (!is_plain_sequence(node))
		return node;
	return last ? node->last : node->first;
}

static const char *
whole_error(const PhraseNode *node)
{
	if (node->shortest == 0)
		return "every part is optional, so it would match anywhere (one word must be "
		       "there)";
	if (node->longest > PHRASE_MAX_WORDS)
		return "it can be longer than 60 words (make gaps smaller, or use \"needs\")";
	if (node->depth > PHRASE_MAX_DEPTH)
		return "brackets and word lists are nested deeper than 12";
	if (edge(node, FALSE)->kind == NODE_GAP || edge(node, TRUE)->kind == NODE_GAP)
		return "a gap at the beginning or the end says nothing (leave it out)";
	return NULL;
}

PhraseNode *
phrase_parse(const PhraseContext *context, const char *text, char **hint_out, char **error_out)
{
	Parse parse = { .context = context, .text = text, .p = text };
	PhraseNode *node = NULL;

	*hint_out = NULL;
	if (strlen(text) > PHRASE_MAX_CHARS)
		wrong(&parse, "it is longer than %d characters", PHRASE_MAX_CHARS);
	else if (text[strspn(text, " \t\n")] == '\0')
		wrong(&parse, "it is empty");
	else
		node = parse_choice(&parse);
	if (node != NULL && *parse.p == ')')
		node = wrong(&parse, "a ) without its (");
	if (node != NULL && whole_error(node) != NULL)
		node = wrong(&parse, "%s", whole_error(node));
	if (node == NULL) {
		*error_out = parse.error;
		return NULL;
	}
	if (edge(node, TRUE)->kind == NODE_OPTIONAL)
		*hint_out = g_strdup("the ? makes the last word optional, so it says nothing (for "
		                     "questions set sentence = \"question\")");
	return node;
}
