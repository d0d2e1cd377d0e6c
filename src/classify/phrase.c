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
node_new(NodeKind kind)
{
	PhraseNode *node = g_new0(PhraseNode, 1);

	node->kind = kind;
	node->depth = 1;
	if (kind == NODE_ELEMENT) {
		node->symbols = &node->one;
		node->shortest = node->longest = 1;
	} else if (kind == NODE_SEQUENCE || kind == NODE_CHOICE || kind == NODE_OPTIONAL) {
		node->children = g_ptr_array_new_with_free_func((GDestroyNotify)phrase_free);
	}
	return node;
}

void
phrase_free(PhraseNode *node)
{
	if (node == NULL)
		return;
	if (node->symbols != &node->one)
		g_free(node->symbols);
	if (node->children != NULL)
		g_ptr_array_free(node->children, TRUE);
	g_free(node);
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
	measure(node, child, node->children->len == 0);
	g_ptr_array_add(node->children, child);
}

/* A sequence or choice of one is that one. */
static PhraseNode *
reduced(PhraseNode *node)
{
	if (node->children->len != 1)
		return node;

	PhraseNode *only = g_ptr_array_steal_index(node->children, 0);
	phrase_free(node);
	return only;
}

static PhraseNode *
node_for_list(PhraseNode *list)
{
	PhraseNode *node = g_new0(PhraseNode, 1);

	node->kind = list->kind;
	node->symbols = &node->one;
	node->list = list;
	node->shortest = list->shortest;
	node->longest = list->longest;
	node->depth = list->depth + 1;
	return node;
}

static void
take_symbols(PhraseNode *into, PhraseNode *from)
{
	const PhraseNode *inner = phrase_inner(from);
	guint n = into->n_symbols + inner->n_symbols;
	guint32 *all = g_new(guint32, n);

	memcpy(all, into->symbols, into->n_symbols * sizeof *all);
	memcpy(all + into->n_symbols, inner->symbols, inner->n_symbols * sizeof *all);
	if (into->symbols != &into->one)
		g_free(into->symbols);
	into->symbols = all;
	into->n_symbols = n;
}

PhraseNode *
phrase_choice(GPtrArray *nodes)
{
	PhraseNode *choice, *words = NULL;

	if (nodes->len == 1)
		return g_ptr_array_steal_index(nodes, 0);
	choice = node_new(NODE_CHOICE);
	for (guint i = 0; i < nodes->len; i++) {
		PhraseNode *node = g_ptr_array_index(nodes, i);

		if (node->kind != NODE_ELEMENT) {
			adopt(choice, node);
			continue;
		}
		if (words == NULL)
			adopt(choice, words = node_new(NODE_ELEMENT));
		take_symbols(words, node);
		phrase_free(node);
	}
	g_ptr_array_set_free_func(nodes, NULL);
	g_ptr_array_set_size(nodes, 0);
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
element_of(guint32 symbol)
{
	PhraseNode *node = node_new(NODE_ELEMENT);

	node->one = symbol;
	node->n_symbols = 1;
	return node;
}

static const char *const star_help = "a * stands at the beginning or the end of a word, with at "
				     "least 3 letters beside it";

/* Most chunks need no cutting. */
static PhraseNode *
plain_chunk(Parse *parse, const char *chunk, gboolean strict)
{
	char fold[32];
	gsize n = 0;

	for (; g_ascii_isalpha(chunk[n]) && n < sizeof fold - 1; n++)
		fold[n] = g_ascii_tolower(chunk[n]);
	fold[n] = '\0';
	if (n == 0 || chunk[n] != '\0')
		return NULL;

	guint32 symbol = build_word(parse->context->build, fold);
	return element_of(strict ? symbol | SYMBOL_STRICT : symbol);
}

/* The words of one chunk: "foto's" is one, "e-mail*" two. */
static PhraseNode *
parse_chunk(Parse *parse, const char *chunk, gboolean strict)
{
	PhraseNode *plain = plain_chunk(parse, chunk, strict);
	if (plain != NULL)
		return plain;

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

	PhraseNode *sequence = node_new(NODE_SEQUENCE);
	for (guint i = 0; i < tokens->n; i++) {
		const Token *t = &tokens->tokens[i];
		const char *fold = token_fold(tokens, i);
		gboolean suffix = star_before && i == 0, prefix = star_after && i == tokens->n - 1;
		guint32 symbol;

		if ((t->flags & TOKEN_LONG) != 0 || ((suffix || prefix) && t->letters < 3)) {
			phrase_free(sequence);
			if ((t->flags & TOKEN_LONG) != 0)
				return wrong(parse, "a word of more than %d letters",
				             TOKEN_MAX_LETTERS);
			return wrong(parse, "'%s': %s", chunk, star_help);
		}
		if (suffix || prefix)
			symbol = build_pattern(parse->context->build,
			                       !suffix  ? PATTERN_PREFIX
			                       : prefix ? PATTERN_INFIX
			                                : PATTERN_SUFFIX,
			                       fold);
		else
			symbol = build_word(parse->context->build, fold);
		adopt(sequence, element_of(strict ? symbol | SYMBOL_STRICT : symbol));
	}
	return reduced(sequence);
}

static PhraseNode *
parse_word(Parse *parse)
{
	gboolean strict = parse->p[0] == '=' && !ends_chunk(parse->p[1]);
	const char *from = parse->p + strict, *p = from;

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
	return element_of(build_word(parse->context->build, face));
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

	PhraseNode *gap = node_new(NODE_GAP);
	gap->gap = gap->longest = most;
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
	return node_for_list(phrase_inner(list));
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
	if (*parse->p != ')') {
		phrase_free(choice);
		return wrong(parse, "a ( without its )");
	}
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
		return parse->p++, node_new(c == '^' ? NODE_BEGIN : NODE_END);
	else if (c == '#' && ends_chunk(next))
		parse->p++, node = element_of(SYMBOL_NUMBER);
	else
		node = parse_word(parse);
	if (node == NULL || *parse->p != '?')
		return node;

	parse->p++;
	PhraseNode *optional = node_new(NODE_OPTIONAL);
	adopt(optional, node);
	return optional;
}

/* "e-mail?": both words of the chunk are optional together; their sequence stays one child. */
static gboolean
is_plain_sequence(const PhraseNode *node)
{
	return node->kind == NODE_SEQUENCE && node->list == NULL;
}

/* One item stays what it is; most alternatives of a list are one word. */
static PhraseNode *
append_item(PhraseNode *sequence, PhraseNode *item)
{
	if (sequence == NULL)
		return item;
	if (!is_plain_sequence(sequence)) {
		PhraseNode *first = sequence;

		sequence = node_new(NODE_SEQUENCE);
		adopt(sequence, first);
	}
	if (!is_plain_sequence(item)) {
		adopt(sequence, item);
		return sequence;
	}
	while (item->children->len > 0)
		adopt(sequence, g_ptr_array_steal_index(item->children, 0));
	phrase_free(item);
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
		if (item == NULL) {
			phrase_free(sequence);
			return NULL;
		}
		sequence = append_item(sequence, item);
	}
	if (sequence == NULL)
		return wrong(parse, "nothing stands between the brackets or bars (for an optional "
		                    "part write \"(...)?\")");
	return sequence;
}

static PhraseNode *
parse_choice(Parse *parse)
{
	g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func((GDestroyNotify)phrase_free);

	for (;;) {
		PhraseNode *node = parse_sequence(parse);

		if (node == NULL)
			return NULL;
		g_ptr_array_add(nodes, node);
		if (*parse->p != '|')
			return phrase_choice(nodes);
		parse->p++;
	}
}

static const PhraseNode *
edge(const PhraseNode *node, gboolean last)
{
	if (node->kind != NODE_SEQUENCE || node->list != NULL)
		return node;
	return g_ptr_array_index(node->children, last ? node->children->len - 1 : 0);
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
	if (node != NULL && *parse.p == ')') {
		phrase_free(node);
		node = wrong(&parse, "a ) without its (");
	}
	if (node != NULL && whole_error(node) != NULL) {
		wrong(&parse, "%s", whole_error(node));
		g_clear_pointer(&node, phrase_free);
	}
	if (node == NULL) {
		*error_out = parse.error;
		return NULL;
	}
	if (edge(node, TRUE)->kind == NODE_OPTIONAL)
		*hint_out = g_strdup("the ? makes the last word optional, so it says nothing (for "
		                     "questions set sentence = \"question\")");
	return node;
}
