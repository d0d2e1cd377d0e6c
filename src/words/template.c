/* template.c - the blocks of one language: read, chosen, checked against each other. */
#include "config.h"

#include <string.h>

#include "words/template.h"

#define FILE_MAX (256 * 1024)
#define BLOCKS_MAX 2000

struct TemplateSet {
	char *variant;
	GHashTable *names;   /* block name -> GPtrArray of Block */
	GHashTable *origin;  /* "REL NAME" -> path of the file that defined it */
	guint blocks;
};

static void
block_free(gpointer data)
{
	Block *block = data;

	g_free(block->name);
	for (gsize i = 0; i < N_SELECTORS; i++)
		g_strfreev(block->select[i]);
	node_free(block->nodes);
	g_free(block);
}

TemplateSet *
template_set_new(const char *variant)
{
	TemplateSet *set = g_new0(TemplateSet, 1);

	set->variant = g_strdup(variant);
	set->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	                                   (GDestroyNotify) g_ptr_array_unref);
	set->origin = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return set;
}

void
template_set_free(TemplateSet *set)
{
	if (set == NULL)
		return;
	g_free(set->variant);
	g_hash_table_unref(set->names);
	g_hash_table_unref(set->origin);
	g_free(set);
}

const char *
template_set_variant(const TemplateSet *set)
{
	return set->variant;
}

const GPtrArray *
template_set_blocks(const TemplateSet *set, const char *block)
{
	return g_hash_table_lookup(set->names, block);
}

/* ---- headers: [name key=value,value key] ---- */

static TemplateUse
use_of_file(const char *rel)
{
	if (g_str_has_prefix(rel, "operator/"))
		return FOR_OPERATOR;
	if (g_str_has_prefix(rel, "ticket"))
		return FOR_TICKET;
	return g_str_has_prefix(rel, "reply") ? FOR_REPLY : FOR_ACK;
}

static gboolean
name_is_valid(const char *name)
{
	return g_ascii_islower(name[0]) &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

static void
check_select_values(const Block *block, Selector key, Diagnostics *diag)
{
	const SelectorInfo *info = &selectors[key];

	for (char **value = block->select[key]; *value != NULL; value++) {
		if (g_strv_contains(info->values, *value))
			continue;
		const char *near = diagnostics_nearest(*value, info->values);
		if (near != NULL)
			diagnostics_error(diag, block->path, block->line, "no %s named '%.40s' (did you mean '%s'?)",
			                  info->name, *value, near);
		else if (info->closed || !name_is_valid(*value))
			diagnostics_error(diag, block->path, block->line, "no %s named '%.40s'", info->name, *value);
	}
}

static void
read_selector(Block *block, char *word, Diagnostics *diag)
{
	static const char *const keys[] = { "tone", "type", "language", "field", "flag", "remedy", "ask",
		                            "again", "variant", "kind", NULL };
	char *equals = strchr(word, '=');
	Selector key = 0;

	if (equals != NULL)
		*equals = '\0';
	while (key < N_SELECTORS && strcmp(selectors[key].name, word) != 0)
		key++;
	if (key == N_SELECTORS) {
		const char *near = diagnostics_nearest(word, keys);

		if (near != NULL)
			diagnostics_error(diag, block->path, block->line,
			                  "a block cannot be chosen by '%.40s' (did you mean '%s'?)", word, near);
		else
			diagnostics_error(diag, block->path, block->line,
			                  "a block cannot be chosen by '%.40s' (kind, variant, again, ask, remedy, "
			                  "flag, field, language, type or tone)", word);
		return;
	}
	if ((equals == NULL) != selectors[key].flag || block->select[key] != NULL) {
		diagnostics_error(diag, block->path, block->line,
		                  selectors[key].flag ? "'%s' stands alone and once"
		                                      : "'%s' needs one list of values: %s=...",
		                  selectors[key].name, selectors[key].name);
		return;
	}
	block->select[key] = g_strsplit(equals != NULL ? equals + 1 : "yes", ",", -1);
	block->weight += 1u << key;
	check_select_values(block, key, diag);
}

/* "[name key=value]" to an empty block, or NULL after an error. */
static Block *
read_header(const char *line, const char *path, guint number, TemplateUse use, Diagnostics *diag)
{
	g_autofree char *copy = g_strstrip(g_strdup(line));
	gsize length = strlen(copy);
	guint errors = diagnostics_errors(diag);

	if (length < 3 || copy[length - 1] != ']') {
		diagnostics_error(diag, path, number, "the line of a block's name ends in ]");
		return NULL;
	}
	copy[length - 1] = '\0';

	g_auto(GStrv) words = g_strsplit_set(copy + 1, " \t", -1);
	if (!name_is_valid(words[0])) {
		diagnostics_error(diag, path, number,
		                  "'%.40s' is no name of a block (small letters, digits, - and _)", words[0]);
		return NULL;
	}
	Block *block = g_new0(Block, 1);
	block->name = g_strdup(words[0]);
	block->path = g_intern_string(path);
	block->line = number;
	block->use = use;
	for (guint i = 1; words[i] != NULL; i++)
		if (*words[i] != '\0')
			read_selector(block, words[i], diag);
	if (diagnostics_errors(diag) == errors)
		return block;
	block_free(block);
	return NULL;
}

/* ---- files ---- */

static gboolean
overlap(char **a, char **b)
{
	if (a == NULL || b == NULL)
		return a == b;
	for (; *a != NULL; a++)
		if (g_strv_contains((const char *const *) b, *a))
			return TRUE;
	return FALSE;
}

static const Block *
find_twin(const GPtrArray *blocks, const Block *block)
{
	for (guint i = 0; i < blocks->len; i++) {
		const Block *other = blocks->pdata[i];
		gboolean twin = other->weight == block->weight;

		for (gsize key = 0; twin && key < N_SELECTORS; key++)
			twin = overlap(other->select[key], block->select[key]);
		if (twin)
			return other;
	}
	return NULL;
}

static void
add_block(TemplateSet *set, Block *block, Diagnostics *diag)
{
	GPtrArray *blocks = g_hash_table_lookup(set->names, block->name);

	if (blocks == NULL) {
		blocks = g_ptr_array_new_with_free_func(block_free);
		g_hash_table_insert(set->names, g_strdup(block->name), blocks);
	}
	const Block *twin = find_twin(blocks, block);
	if (twin != NULL)
		diagnostics_error(diag, block->path, block->line,
		                  "the block [%s] is here a second time for the same mails (first in %s:%u)",
		                  block->name, twin->path, twin->line);
	else if (set->blocks++ == BLOCKS_MAX)
		diagnostics_error(diag, block->path, block->line, "these are more than %d blocks", BLOCKS_MAX);
	if (twin != NULL || set->blocks > BLOCKS_MAX)
		block_free(block);
	else
		g_ptr_array_add(blocks, block);
}

/* Is the block's name taken by the same file of an earlier folder? */
static gboolean
is_overridden(TemplateSet *set, const char *rel, const Block *block)
{
	g_autofree char *key = g_strdup_printf("%s %s", rel, block->name);
	const char *path = g_hash_table_lookup(set->origin, key);

	if (path != NULL)
		return strcmp(path, block->path) != 0;
	g_hash_table_insert(set->origin, g_steal_pointer(&key), g_strdup(block->path));
	return FALSE;
}

static gboolean
is_blank(const Node *nodes)
{
	if (nodes == NULL)
		return TRUE;
	return nodes->kind == NODE_TEXT && nodes->next == NULL &&
	       nodes->text[strspn(nodes->text, " \001\002\003\004")] == '\0';
}

/* The lines between two headers. */
static void
finish_block(TemplateSet *set, Block *block, const char *rel, char *const *lines, gsize n,
             Diagnostics *diag)
{
	ParseContext ctx = { block->path, block->use, diag };
	guint errors = diagnostics_errors(diag);

	if (is_overridden(set, rel, block)) {
		block_free(block);
		return;
	}
	block->nodes = template_parse_body(&ctx, lines, n, block->line + 1);
	if (diagnostics_errors(diag) == errors && is_blank(block->nodes))
		diagnostics_error(diag, block->path, block->line, "the block [%s] is empty", block->name);
	add_block(set, block, diag);
}

static guint
line_of(const char *text, const char *place)
{
	guint line = 1;

	for (; text < place; text++)
		line += *text == '\n';
	return line;
}

/* The first control character but tabs and line ends, or NULL: by bytes of valid UTF-8, where
 * U+0080 to U+009F are C2 80 to C2 9F. A process per mail reads these files. */
static const char *
find_control(const char *text)
{
	for (const guchar *p = (const guchar *) text; *p != '\0'; p++) {
		if (*p >= ' ' && *p != 0x7f && *p != 0xc2)
			continue;
		if (*p == '\n' || *p == '\t' || (*p == '\r' && p[1] == '\n') ||
		    (*p == 0xc2 && p[1] >= 0xa0))
			continue;
		return (const char *) p;
	}
	return NULL;
}

void
template_set_read(TemplateSet *set, const char *path, const char *rel, const char *text,
                  gsize length, Diagnostics *diag)
{
	const char *bad;

	if (length > FILE_MAX) {
		diagnostics_error(diag, path, 0, "is larger than %d KiB", FILE_MAX / 1024);
		return;
	}
	if (!g_utf8_validate_len(text, length, &bad)) {
		diagnostics_error(diag, path, line_of(text, bad), "is not UTF-8 (save the file as UTF-8)");
		return;
	}
	if (g_str_has_prefix(text, "\xef\xbb\xbf"))
		text += 3;
	const char *control = find_control(text);
	if (control != NULL) {
		diagnostics_error(diag, path, line_of(text, control), "holds a control character");
		return;
	}

	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	gsize n = g_strv_length(lines), first = 0;
	Block *block = NULL;
	gboolean skipping = FALSE;
	TemplateUse use = use_of_file(rel);
	for (gsize i = 0; i < n; i++) {
		g_strchomp(lines[i]);
		if (lines[i][0] == '[' && lines[i][1] != '[') {
			if (block != NULL)
				finish_block(set, block, rel, lines + first, i - first, diag);
			block = read_header(lines[i], path, i + 1, use, diag);
			skipping = block == NULL;
			first = i + 1;
		} else if (block == NULL && !skipping && lines[i][0] != '#' && lines[i][0] != '\0') {
			diagnostics_error(diag, path, i + 1, "text before the first [block]");
			skipping = TRUE;
		}
	}
	if (block != NULL)
		finish_block(set, block, rel, lines + first, n - first, diag);
}

/* ---- choosing ---- */

static gboolean
fits(const Block *block, const Values *values)
{
	for (gsize key = 0; key < N_SELECTORS; key++)
		if (block->select[key] != NULL &&
		    (values->select[key] == NULL ||
		     !g_strv_contains((const char *const *) block->select[key], values->select[key])))
			return FALSE;
	return TRUE;
}

const Block *
block_choose(const GPtrArray *blocks, const Values *values)
{
	const Block *best = NULL;

	for (guint i = 0; i < blocks->len; i++) {
		const Block *block = blocks->pdata[i];

		if ((best == NULL || block->weight > best->weight) && fits(block, values))
			best = block;
	}
	return best;
}

/* ---- checks across blocks ---- */

typedef struct {
	TemplateSet *set;
	Diagnostics *diag;
	GPtrArray *path;       /* names being walked, for cycles */
	GHashTable *done;
	const char **names;    /* of all blocks, for "did you mean" */
} Checking;

/* Something is chosen whatever the mail: a block without conditions, or one for each value of a
 * closed list. */
static gboolean
always_fits(const GPtrArray *blocks)
{
	for (gsize key = 0; key < N_SELECTORS; key++) {
		gboolean all = selectors[key].closed && !selectors[key].flag;

		for (gsize v = 0; all && selectors[key].values[v] != NULL; v++) {
			Values values = { 0 };

			values.select[key] = selectors[key].values[v];
			all = block_choose(blocks, &values) != NULL;
		}
		if (all)
			return TRUE;
	}
	Values none = { 0 };
	return block_choose(blocks, &none) != NULL;
}

static void walk_name(Checking *c, const char *name);

static void
check_include(Checking *c, const Block *block, Node *node)
{
	const GPtrArray *target = g_hash_table_lookup(c->set->names, node->text);

	if (target == NULL) {
		const char *near = diagnostics_nearest(node->text, c->names);

		if (near != NULL)
			diagnostics_error(c->diag, block->path, node->line,
			                  "there is no block [%.60s] (did you mean [%s]?)", node->text, near);
		else
			diagnostics_error(c->diag, block->path, node->line,
			                  "there is no block [%.60s] (write one, or copy the file from the shipped "
			                  "templates)", node->text);
		return;
	}
	node->target = target;
	const Block *other = target->pdata[0];
	if (other->use != FOR_ACK && other->use != block->use)
		diagnostics_error(c->diag, block->path, node->line,
		                  "[%s] of %s cannot be used in this file", node->text, other->path);
	for (guint i = 0; i < c->path->len; i++)
		if (strcmp(c->path->pdata[i], node->text) == 0) {
			diagnostics_error(c->diag, block->path, node->line,
			                  "{{> %s}} goes round in a circle: [%s] includes itself", node->text,
			                  node->text);
			return;
		}
	if (c->path->len >= INCLUDE_DEPTH)
		diagnostics_error(c->diag, block->path, node->line, "blocks include each other more than %d deep",
		                  INCLUDE_DEPTH);
	else
		walk_name(c, node->text);
}

static void
walk_nodes(Checking *c, const Block *block, Node *node)
{
	for (; node != NULL; node = node->next) {
		if (node->kind == NODE_BLOCK)
			check_include(c, block, node);
		walk_nodes(c, block, node->children);
	}
}

static void
walk_name(Checking *c, const char *name)
{
	GPtrArray *blocks = g_hash_table_lookup(c->set->names, name);

	if (!g_hash_table_add(c->done, g_strdup(name)))
		return;
	const Block *first = blocks->pdata[0];
	if (!always_fits(blocks))
		diagnostics_error(c->diag, first->path, first->line,
		                  "there is no [%s] without a condition, for the mails that fit none", name);
	g_ptr_array_add(c->path, (char *) name);
	for (guint i = 0; i < blocks->len; i++) {
		Block *block = blocks->pdata[i];

		block->reached = TRUE;
		walk_nodes(c, block, block->nodes);
	}
	g_ptr_array_set_size(c->path, c->path->len - 1);
}

static int
compare_blocks(gconstpointer a, gconstpointer b)
{
	const Block *x = *(Block *const *) a, *y = *(Block *const *) b;
	int by_path = strcmp(x->path, y->path);

	return by_path != 0 ? by_path : (int) x->line - (int) y->line;
}

static void
warn_unused(Checking *c)
{
	g_autoptr(GPtrArray) unused = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, c->set->names);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const GPtrArray *blocks = value;

		for (guint i = 0; i < blocks->len; i++)
			if (!((Block *) blocks->pdata[i])->reached)
				g_ptr_array_add(unused, blocks->pdata[i]);
	}
	g_ptr_array_sort(unused, compare_blocks);
	for (guint i = 0; i < unused->len; i++) {
		const Block *block = unused->pdata[i];
		const char *near = diagnostics_nearest(block->name, c->names);

		/* What only lies idle is no fault: a shop's own text may not need a shipped one. */
		if (near != NULL)
			diagnostics_warning(c->diag, block->path, block->line,
			                    "the block [%s] is used nowhere (did you mean [%s]?)", block->name,
			                    near);
	}
}

/* Names of the blocks that are `reached`, or of all. */
static const char **
block_names(const TemplateSet *set, gboolean reached)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, set->names);
	while (g_hash_table_iter_next(&iter, &key, &value))
		if (!reached || ((Block *) ((GPtrArray *) value)->pdata[0])->reached)
			g_ptr_array_add(names, key);
	g_ptr_array_add(names, NULL);
	return (const char **) g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

void
template_set_check(TemplateSet *set, const char *const *roots, Diagnostics *diag)
{
	g_autofree const char **all = block_names(set, FALSE);
	g_autoptr(GPtrArray) path = g_ptr_array_new();
	g_autoptr(GHashTable) done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Checking c = { set, diag, path, done, all };

	for (gsize i = 0; roots[i] != NULL; i++) {
		if (g_hash_table_contains(set->names, roots[i]))
			walk_name(&c, roots[i]);
		else
			diagnostics_error(diag, set->variant, 0,
			                  "the block [%s] is missing in this language", roots[i]);
	}
	g_autofree const char **used = block_names(set, TRUE);
	c.names = used;
	warn_unused(&c);
}
