/* template-parse.c - the text of one block to nodes.
 *
 * Line ends inside a paragraph are blanks; a blank line parts paragraphs; "- " and "1. " begin
 * items, whose numbers are counted anew; a backslash at the end keeps a line end. */
#include "config.h"

#include <string.h>

#include "words/template.h"

typedef struct {
	Node *node;    /* the section; NULL at the bottom */
	Node **tail;   /* where its next child goes */
} Open;

typedef struct {
	const ParseContext *ctx;
	guint line;
	GString *literal;
	guint literal_line;
	Open open[SECTION_DEPTH + 1];
	guint depth;
	Node *nodes;
} Parser;

static G_GNUC_PRINTF(2, 3) void
complain(Parser *parser, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	diagnostics_error(parser->ctx->diag, parser->ctx->path, parser->line, "%s", text);
}

void
node_free(Node *node)
{
	while (node != NULL) {
		Node *next = node->next;

		node_free(node->children); /* at most SECTION_DEPTH deep */
		g_free(node->text);
		g_free(node);
		node = next;
	}
}

static Node *
add_node(Parser *parser, NodeKind kind, guint line)
{
	Node *node = g_new0(Node, 1);
	Open *open = &parser->open[parser->depth];

	node->kind = kind;
	node->line = line;
	*open->tail = node;
	open->tail = &node->next;
	return node;
}

static void
flush(Parser *parser)
{
	if (parser->literal->len == 0)
		return;
	Node *node = add_node(parser, NODE_TEXT, parser->literal_line);
	node->text = g_strndup(parser->literal->str, parser->literal->len);
	g_string_truncate(parser->literal, 0);
}

static void
add_text(Parser *parser, const char *text, gsize length)
{
	if (parser->literal->len == 0)
		parser->literal_line = parser->line;
	g_string_append_len(parser->literal, text, length);
}

static void
add_mark(Parser *parser, char mark)
{
	add_text(parser, &mark, 1);
}

static gboolean
is_name(const char *text)
{
	if (!g_ascii_islower(text[0]))
		return FALSE;
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

static VariableId
find_variable(Parser *parser, const char *name)
{
	VariableId id = variable_find(name);
	guint use = parser->ctx->use;

	if (id < N_VARIABLES && (variables[id].uses & use))
		return id;

	const char *near = diagnostics_nearest(name, variable_names(use));
	if (id < N_VARIABLES)
		complain(parser, "{{%s}} cannot be used in this file (see aardig-templates(5) for what can)",
		         name);
	else if (near != NULL)
		complain(parser, "no variable named {{%.60s}} (did you mean {{%s}}?)", name, near);
	else
		complain(parser, "no variable named {{%.60s}} (aardig-templates(5) lists them)", name);
	return N_VARIABLES;
}

/* Is the variable known to be there, because a section around asks for it? */
static gboolean
is_present(const Parser *parser, VariableId id)
{
	for (guint i = 1; i <= parser->depth; i++)
		if (parser->open[i].node->kind == NODE_IF && parser->open[i].node->variable == id)
			return TRUE;
	return FALSE;
}

static void
open_section(Parser *parser, NodeKind kind, const char *name)
{
	VariableId id = find_variable(parser, name);

	if (parser->depth == SECTION_DEPTH) {
		complain(parser, "sections are nested more than %d deep", SECTION_DEPTH);
		return;
	}
	flush(parser);
	Node *node = add_node(parser, kind, parser->line);
	node->variable = id;
	node->text = g_strdup(name);
	parser->depth++;
	parser->open[parser->depth] = (Open) { node, &node->children };
}

static void
close_section(Parser *parser, const char *name)
{
	Node *node = parser->open[parser->depth].node;

	if (parser->depth == 0) {
		complain(parser, "{{/%.60s}} closes nothing (there is no {{#%.60s}} before it)", name, name);
		return;
	}
	if (strcmp(node->text, name) != 0) {
		complain(parser, "{{/%.60s}} where {{/%.60s}} is expected (opened in line %u)", name,
		         node->text, node->line);
		return;
	}
	flush(parser);
	if (node->children == NULL)
		complain(parser, "the section {{#%.60s}} is empty", name);
	parser->depth--;
}

static void
add_include(Parser *parser, const char *name)
{
	if (!is_name(name)) {
		complain(parser, "'%.60s' is no name of a block (small letters, digits, - and _)", name);
		return;
	}
	flush(parser);
	add_node(parser, NODE_BLOCK, parser->line)->text = g_strdup(name);
}

static void
add_item(Parser *parser)
{
	for (guint i = parser->depth; i > 0; i--) {
		const Node *node = parser->open[i].node;

		if (node->kind != NODE_IF || node->variable == N_VARIABLES || !variables[node->variable].list)
			continue;
		flush(parser);
		add_node(parser, NODE_ITEM, parser->line)->variable = node->variable;
		return;
	}
	complain(parser, "{{.}} stands outside the section of a list");
}

static void
add_value(Parser *parser, const char *name, const char *fallback)
{
	VariableId id = find_variable(parser, name);

	if (id == N_VARIABLES)
		return;
	if (variables[id].list) {
		complain(parser, "{{%s}} is a list: write {{#%s}}{{.}}{{/%s}}", name, name, name);
		return;
	}
	if ((variables[id].maybe & parser->ctx->use) && fallback == NULL && !is_present(parser, id)) {
		complain(parser, "{{%s}} can be missing: give a fallback, {{%s|...}}, or put "
		         "{{#%s}} ... {{/%s}} around it", name, name, name, name);
		return;
	}
	flush(parser);
	Node *node = add_node(parser, NODE_VALUE, parser->line);
	node->variable = id;
	node->text = g_strdup(fallback);
}

/* What stands between {{ and }}. */
static void
parse_tag(Parser *parser, const char *text, gsize length)
{
	g_autofree char *tag = g_strndup(text, length);
	char *inner = g_strstrip(tag);
	char kind = *inner;

	if (strchr("#^/>", kind) != NULL && kind != '\0')
		inner = g_strstrip(inner + 1);
	if (*inner == '\0') {
		complain(parser, "{{%c}} has no name", kind == '\0' ? ' ' : kind);
	} else if (kind == '#') {
		open_section(parser, NODE_IF, inner);
	} else if (kind == '^') {
		open_section(parser, NODE_IFNOT, inner);
	} else if (kind == '/') {
		close_section(parser, inner);
	} else if (kind == '>') {
		add_include(parser, inner);
	} else if (strcmp(inner, ".") == 0) {
		add_item(parser);
	} else {
		char *bar = strchr(inner, '|');

		if (bar != NULL)
			*bar++ = '\0';
		g_strchomp(inner);
		if (bar != NULL && *g_strstrip(bar) == '\0')
			complain(parser, "the fallback of {{%.60s}} is empty", inner);
		else
			add_value(parser, inner, bar);
	}
}

/* Text with tags up to the end of the line, or, when `leading`, only the sections opened at its
 * beginning, so that an item mark after them is seen. Returns where it stopped. */
static const char *
parse_inline(Parser *parser, const char *at, gboolean leading)
{
	while (*at != '\0') {
		const char *tag = strstr(at, "{{");

		if (leading && (tag != at || (at[2] != '#' && at[2] != '^')))
			return at;
		gsize plain = tag != NULL ? (gsize) (tag - at) : strlen(at);
		if (g_strstr_len(at, plain, "}}") != NULL) {
			complain(parser, "}} without {{");
			return "";
		}
		add_text(parser, at, plain);
		if (tag == NULL)
			return "";

		const char *end = strstr(tag + 2, "}}");
		if (end == NULL) {
			complain(parser, "{{ without }} in the same line");
			return "";
		}
		parse_tag(parser, tag + 2, end - tag - 2);
		at = end + 2;
	}
	return at;
}

/* Length of "- " or "12. " at the beginning, with *mark_out; 0 if there is none. */
static gsize
item_mark(const char *text, char *mark_out)
{
	gsize digits = strspn(text, "0123456789");

	*mark_out = digits > 0 ? MARK_NUMBER : MARK_DASH;
	if (digits == 0)
		return g_str_has_prefix(text, "- ") ? 2 : 0;
	return digits < 3 && g_str_has_prefix(text + digits, ". ") ? digits + 2 : 0;
}

/* An automatic mail without links cannot be mistaken for phishing, and has none that die. */
static void
check_links(Parser *parser, const char *line)
{
	if (parser->ctx->use == FOR_ACK && (strstr(line, "://") != NULL || strstr(line, "www.") != NULL))
		complain(parser, "a link has no place in an automatic mail "
		         "(say where to look, or let a person send it)");
}

static void
parse_line(Parser *parser, const char *raw, gboolean last)
{
	g_autofree char *line = g_strchomp(g_strdup(raw));
	gsize length = strlen(line);
	gboolean keep = length > 0 && line[length - 1] == '\\';
	const char *at = line;
	char mark;

	if (length == 0) {
		add_mark(parser, MARK_PARAGRAPH);
		return;
	}
	for (char *tab = line; (tab = strchr(tab, '\t')) != NULL;)
		*tab = ' ';
	if (keep)
		line[length - 1] = '\0';
	check_links(parser, line);
	at = parse_inline(parser, at, TRUE);
	gsize item = item_mark(at, &mark);
	if (item > 0)
		add_mark(parser, mark);
	else if (*at == '\\' && at == line)
		item = 1;
	parse_inline(parser, at + item, FALSE);
	if (keep)
		add_mark(parser, MARK_BREAK);
	else if (!last)
		add_mark(parser, ' ');
}

static gboolean
is_idle(const char *line)
{
	return line[0] == '#' || line[strspn(line, " \t\r")] == '\0';
}

Node *
template_parse_body(const ParseContext *ctx, char *const *lines, gsize n, guint number)
{
	Parser parser = { .ctx = ctx, .line = number };
	guint errors = diagnostics_errors(ctx->diag);

	parser.literal = g_string_new(NULL);
	parser.open[0].tail = &parser.nodes;
	/* Blank lines around a block part it from its neighbours in the file; they are no text of it,
	 * so that a block can stand in the middle of a sentence. */
	while (n > 0 && is_idle(lines[n - 1]))
		n--;
	gsize first = 0;
	while (first < n && is_idle(lines[first]))
		first++;
	for (gsize i = first; i < n; i++) {
		parser.line = number + i;
		if (lines[i][0] != '#')
			parse_line(&parser, lines[i], i == n - 1);
	}
	flush(&parser);
	if (parser.depth > 0) {
		const Node *open = parser.open[parser.depth].node;

		parser.line = open->line;
		complain(&parser, "the section {{%c%s}} is not closed: {{/%s}} is missing",
		         open->kind == NODE_IF ? '#' : '^', open->text, open->text);
	}
	g_string_free(parser.literal, TRUE);
	if (diagnostics_errors(ctx->diag) == errors)
		return parser.nodes;
	node_free(parser.nodes);
	return NULL;
}
