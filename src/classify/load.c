/* load.c - reads every file of the packs, then makes trees of all their phrases. Goes on after an
 * error, so that one run shows them all. */
#include "config.h"

#include <string.h>

#include "classify/load.h"
#include "classify/tokens.h"

#define LISTS_DEEP 12

static void
file_free(gpointer data)
{
	LoadFile *file = data;

	config_destroy(&file->config);
	g_free(file);
}

static void
list_free(gpointer data)
{
	LoadList *list = data;

	if (list->texts != NULL)
		g_array_free(list->texts, TRUE);
	g_free(list);
}

static void
special_free(gpointer data)
{
	LoadSpecial *special = data;

	g_array_free(special->texts, TRUE);
	g_free(special);
}

void
load_free(Load *load)
{
	if (load == NULL)
		return;
	for (guint i = 0; i < load->labels->len; i++) {
		LoadLabel *label = &g_array_index(load->labels, LoadLabel, i);

		for (guint k = 0; k < label->yields->len; k++)
			g_array_free(g_array_index(label->yields, LoadYield, k).to, TRUE);
		g_array_free(label->yields, TRUE);
		g_array_free(label->implies, TRUE);
	}
	g_array_free(load->labels, TRUE);
	g_array_free(load->spaces, TRUE);
	g_array_free(load->hints, TRUE);
	g_array_free(load->hint_points, TRUE);
	finder_clear(&load->hint_ids);
	g_hash_table_destroy(load->rule_ids);
	g_ptr_array_free(load->rules, TRUE);
	g_hash_table_destroy(load->lists);
	g_ptr_array_free(load->all_lists, TRUE);
	g_ptr_array_free(load->specials, TRUE);
	g_ptr_array_free(load->known, TRUE);
	g_ptr_array_free(load->files, TRUE);
	g_ptr_array_free(load->sources, TRUE);
	build_free(load->build);
	arena_clear(&load->pool.arena);
	g_free(load);
}

static void
check_spaces(Load *load)
{
	for (guint i = 0; i < load->labels->len; i++) {
		const LoadLabel *label = &g_array_index(load->labels, LoadLabel, i);

		for (guint k = 0; k < label->implies->len; k++) {
			guint to = g_array_index(label->implies, LoadPoints, k).label;
			guint space = g_array_index(load->labels, LoadLabel, to).space;

			if (g_array_index(load->spaces, LoadSpace, space).default_label != NONE)
				diagnostics_error(
				    load->diag, NULL, 0,
				    "labels.conf: label \"%s\" implies a label of "
				    "space \"%s\", which chooses one (implies is for "
				    "spaces without a default)",
				    label->name,
				    g_array_index(load->spaces, LoadSpace, space).name);
		}
	}
}

static void
read_files(Load *load)
{
	gboolean labels = FALSE;

	for (guint i = 0; i < load->sources->len; i++) {
		const SourceFile *source = g_ptr_array_index(load->sources, i);

		if (source->folder || source->text == NULL)
			continue;
		LoadFile *file = g_new0(LoadFile, 1);

		file->source = source;
		file->language = source->language;
		config_init(&file->config);
		g_ptr_array_add(load->files, file);
		labels |= source->labels;
		if (!source->hints && !load_syntax(load, file))
			file->source = NULL;
	}
	if (!labels && load->sources->len > 0)
		diagnostics_error(load->diag, ((SourceFile *)load->sources->pdata[0])->path, 0,
		                  "there is no labels.conf in this folder (it says which labels "
		                  "rules may give points to)");
	for (guint i = 0; i < load->files->len; i++) {
		LoadFile *file = g_ptr_array_index(load->files, i);

		if (file->source != NULL && file->source->labels)
			load_labels(load, file);
	}
	check_spaces(load);
	for (guint i = 0; i < load->files->len; i++) {
		LoadFile *file = g_ptr_array_index(load->files, i);

		if (file->source == NULL || file->source->labels)
			continue;
		if (file->source->hints)
			load_hint_file(load, file);
		else
			load_rule_file(load, file);
	}
}

Load *
load_sources(GPtrArray *sources, Diagnostics *diag)
{
	Load *load = g_new0(Load, 1);

	load->diag = diag;
	load->build = build_new();
	load->sources = sources;
	load->files = g_ptr_array_new_with_free_func(file_free);
	load->spaces = g_array_new(FALSE, TRUE, sizeof(LoadSpace));
	load->labels = g_array_new(FALSE, TRUE, sizeof(LoadLabel));
	load->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	load->all_lists = g_ptr_array_new_with_free_func(list_free);
	load->rules = g_ptr_array_new_with_free_func(load_rule_free);
	load->hints = g_array_new(FALSE, FALSE, sizeof(LoadHint));
	load->hint_points = g_array_new(FALSE, FALSE, sizeof(ImageHintPoint));
	load->rule_ids = g_hash_table_new(g_str_hash, g_str_equal);
	load->specials = g_ptr_array_new_with_free_func(special_free);
	load->known = g_ptr_array_new_with_free_func(special_free);
	read_files(load);
	return load;
}

Load *
load_new(const char *const *dirs, Diagnostics *diag)
{
	return load_sources(sources_read(dirs, diag), diag);
}

/* ---- phrases ---- */

typedef struct {
	Load *load;
	const char *language;
	const LoadList *inside; /* the list whose entries are being read */
	guint deep;
} Lookup;

static void parse_texts(Load *load, const LoadFile *file, const char *what, GArray *texts,
                        Lookup *lookup);

static PhraseNode *
list_phrase(Lookup *from, LoadList *list, char **error_out)
{
	Lookup inside = { from->load, list->file->language, list, from->deep + 1 };
	g_autofree char *what = g_strdup_printf("word list \"%s\"", list->name);

	if (list->done)
		return list->phrase;
	if (list->busy) {
		*error_out = g_strdup_printf("<%s> is made of itself, over other lists or at once "
		                             "(take it out of one of them)",
		                             list->name);
		return NULL;
	}
	if (inside.deep > LISTS_DEEP) {
		*error_out = g_strdup("word lists are nested deeper than 12");
		return NULL;
	}
	list->busy = TRUE;
	parse_texts(from->load, list->file, what, list->texts, &inside);
	list->busy = FALSE;
	list->done = TRUE;

	PhraseNode *nodes = NULL, **end = &nodes;
	for (guint i = 0; i < list->texts->len; i++) {
		*end = g_steal_pointer(&g_array_index(list->texts, LoadText, i).phrase);
		if (*end != NULL)
			end = &(*end)->next;
	}
	if (nodes == NULL) { /* its errors are out; one word stands in, so that they stay alone */
		char *hint = NULL;
		const PhraseContext context = { from->load->build, &from->load->pool, NULL, NULL };

		nodes = phrase_parse(&context, "x", &hint, error_out);
	}
	list->phrase = phrase_choice(&from->load->pool, nodes);
	return list->phrase;
}

static char *
unknown_list(const Lookup *lookup, const char *name)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < lookup->load->all_lists->len; i++) {
		const LoadList *list = g_ptr_array_index(lookup->load->all_lists, i);

		if (strcmp(list->file->language, lookup->language) == 0 ||
		    strcmp(list->file->language, "any") == 0)
			g_ptr_array_add(names, (gpointer)list->name);
	}
	g_ptr_array_add(names, NULL);
	g_autofree char *meant = load_meant(name, (const char *const *)names->pdata);
	return g_strdup_printf("there is no word list <%s>%s", name, meant);
}

static PhraseNode *
find_list(void *data, const char *name, char **error_out)
{
	Lookup *lookup = data;
	g_autofree char *key = g_strdup_printf("%s/%s", lookup->language, name);
	g_autofree char *any = g_strdup_printf("any/%s", name);
	LoadList *list = g_hash_table_lookup(lookup->load->lists, key);

	if (list == NULL)
		list = g_hash_table_lookup(lookup->load->lists, any);
	if (list != NULL && list == lookup->inside && list->replaced != NULL)
		list = list->replaced;
	if (list == NULL) {
		*error_out = unknown_list(lookup, name);
		return NULL;
	}
	return list_phrase(lookup, list, error_out);
}

static void
parse_texts(Load *load, const LoadFile *file, const char *what, GArray *texts, Lookup *lookup)
{
	const PhraseContext context = { load->build, &load->pool, find_list, lookup };

	for (guint i = 0; i < texts->len; i++) {
		LoadText *text = &g_array_index(texts, LoadText, i);
		g_autofree char *hint = NULL, *error = NULL;
		g_autofree char *quoted = NULL;

		text->phrase = phrase_parse(&context, text->text, &hint, &error);
		if (error == NULL && hint == NULL)
			continue;
		quoted = g_strndup(text->text, 200);
		if (error != NULL)
			diagnostics_error(load->diag, file->source->path, text->line,
			                  "%s: \"%s\": %s", what, quoted, error);
		else
			diagnostics_warning(load->diag, file->source->path, text->line,
			                    "%s: \"%s\": %s", what, quoted, hint);
	}
}

void
load_phrases(Load *load)
{
	static const char *const keys[] = { "says", "needs", "needs_near", "unless",
		                            "unless_near" };

	for (guint i = 0; i < load->all_lists->len; i++) {
		LoadList *list = g_ptr_array_index(load->all_lists, i);
		Lookup lookup = { load, list->file->language, NULL, 0 };
		char *error = NULL;

		if (list_phrase(&lookup, list, &error) == NULL)
			g_free(error); /* came out where the list is used */
	}
	for (guint i = 0; i < load->rules->len; i++) {
		LoadRule *rule = g_ptr_array_index(load->rules, i);
		Lookup lookup = { load, rule->language, NULL, 0 };

		for (guint k = 0; k < G_N_ELEMENTS(keys); k++) {
			if (rule->texts[k] == NULL)
				continue;
			g_autofree char *what =
			    g_strdup_printf("rule \"%s\": %s", rule->id, keys[k]);

			parse_texts(load, rule->file, what, rule->texts[k], &lookup);
		}
	}
	for (guint i = 0; i < load->specials->len; i++) {
		LoadSpecial *special = g_ptr_array_index(load->specials, i);
		Lookup lookup = { load, special->file->language, NULL, 0 };

		parse_texts(load, special->file, "list of the language", special->texts, &lookup);
	}
}

Rules *
load_all(const char *const *dirs, gboolean *lasting_out, Diagnostics *diag)
{
	guint errors = diagnostics_errors(diag);
	g_autoptr(Load) load = load_new(dirs, diag);

	load_phrases(load);
	if (diagnostics_errors(diag) > errors)
		return NULL;
	if (lasting_out != NULL)
		*lasting_out = !sources_racy(load->sources);
	return load_compile(load);
}

Rules *
rules_load(const char *const *dirs, Diagnostics *diag)
{
	return load_all(dirs, NULL, diag);
}
