/* render.c - a block and the values it speaks of, to text. */
#include "config.h"

#include <string.h>

#include "aardig/error.h"
#include "words/template.h"

#define COLUMNS 72

typedef struct {
	Values *values;
	GString *out;
	const char *item[N_VARIABLES]; /* of the list being repeated */
	guint depth;
	GError **error;
} Rendering;

static gboolean render_nodes(Rendering *r, const Node *node);

static gboolean
render_block(Rendering *r, const char *name, const GPtrArray *blocks)
{
	const Block *block = block_choose(blocks, r->values);
	gsize before = r->out->len;

	if (block == NULL || r->depth > INCLUDE_DEPTH) {
		g_set_error(r->error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
		            "no text [%s] fits this mail; nothing was written", name);
		return FALSE;
	}
	r->depth++;
	gboolean done = render_nodes(r, block->nodes);
	r->depth--;
	if (!done)
		return FALSE;
	if (strspn(r->out->str + before, " \001\002\003\004") == r->out->len - before) {
		g_set_error(r->error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
		            "%s:%u: the text [%s] is empty for this mail; nothing was written", block->path,
		            block->line, name);
		return FALSE;
	}
	if (r->out->len > RENDER_MAX) {
		g_set_error(r->error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "%s:%u: the text grows over %d KiB",
		            block->path, block->line, RENDER_MAX / 1024);
		return FALSE;
	}
	return TRUE;
}

/* The children once, with the value also choosing blocks where it is a word to choose by. */
static gboolean
render_with(Rendering *r, const Node *node, const char *value)
{
	Selector key = variables[node->variable].selects;
	const char *selected = key != SELECT_NONE ? r->values->select[key] : NULL;
	const char *item = r->item[node->variable];

	if (key != SELECT_NONE)
		r->values->select[key] = value;
	r->item[node->variable] = value;
	gboolean done = render_nodes(r, node->children);
	r->item[node->variable] = item;
	if (key != SELECT_NONE)
		r->values->select[key] = selected;
	return done;
}

static gboolean
render_section(Rendering *r, const Node *node)
{
	const char *text = r->values->text[node->variable];
	const GPtrArray *list = r->values->list[node->variable];
	gboolean present = text != NULL || (list != NULL && list->len > 0);

	if (node->kind == NODE_IFNOT)
		return present || render_nodes(r, node->children);
	if (list == NULL)
		return !present || render_with(r, node, text);
	for (guint i = 0; i < list->len; i++)
		if (!render_with(r, node, list->pdata[i]))
			return FALSE;
	return TRUE;
}

static gboolean
render_nodes(Rendering *r, const Node *node)
{
	for (; node != NULL; node = node->next) {
		const char *value = NULL;

		switch (node->kind) {
		case NODE_TEXT:
			value = node->text;
			break;
		case NODE_VALUE:
			value = r->values->text[node->variable];
			if (value == NULL)
				value = node->text;
			if (value == NULL) {
				g_set_error(r->error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
				            "{{%s}} has no value; nothing was written", variables[node->variable].name);
				return FALSE;
			}
			break;
		case NODE_ITEM:
			value = r->item[node->variable];
			break;
		case NODE_IF:
		case NODE_IFNOT:
			if (!render_section(r, node))
				return FALSE;
			break;
		case NODE_BLOCK:
			if (!render_block(r, node->text, node->target))
				return FALSE;
			break;
		}
		if (value != NULL)
			g_string_append(r->out, value);
	}
	return TRUE;
}

char *
template_render(const TemplateSet *set, const char *block, Values *values, gboolean wrap,
                GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	Rendering r = { .values = values, .out = out, .error = error };
	const GPtrArray *blocks = template_set_blocks(set, block);

	if (blocks == NULL) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "there is no text [%s] in '%s'", block,
		            template_set_variant(set));
		return NULL;
	}
	if (!render_block(&r, block, blocks))
		return NULL;
	return wrap ? layout_wrap(out->str, COLUMNS) : layout_line(out->str);
}

static Node *
parse_one_line(const char *text, TemplateUse use, const char *file, guint line, Diagnostics *diag)
{
	ParseContext ctx = { file, use, diag };
	char *lines[] = { (char *) text, NULL };

	if (!g_utf8_validate(text, -1, NULL) || strpbrk(text, "\r\n") != NULL || *text == '\0') {
		diagnostics_error(diag, file, line, "is no line of text");
		return NULL;
	}
	Node *nodes = template_parse_body(&ctx, lines, 1, line);
	for (const Node *node = nodes; node != NULL; node = node->next)
		if (node->kind == NODE_BLOCK) {
			diagnostics_error(diag, file, line, "{{> %s}} cannot be used here", node->text);
			g_clear_pointer(&nodes, node_free);
			break;
		}
	return nodes;
}

gboolean
template_check_line(const char *text, TemplateUse use, const char *file, guint line,
                    Diagnostics *diag)
{
	Node *nodes = parse_one_line(text, use, file, line, diag);

	node_free(nodes);
	return nodes != NULL;
}

char *
template_render_line(const char *text, TemplateUse use, Values *values, GError **error)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(GString) out = g_string_new(NULL);
	Rendering r = { .values = values, .out = out, .error = error };
	Node *nodes = parse_one_line(text, use, NULL, 0, diag);

	if (nodes == NULL) {
		diagnostics_to_error(diag, error);
		return NULL;
	}
	gboolean done = render_nodes(&r, nodes);
	node_free(nodes);
	return done ? layout_line(out->str) : NULL;
}
