/* labels.c - labels.conf: the label spaces and how each is read.
 *
 * A later pack's labels.conf adds labels and changes what it names; it takes nothing away. Labels
 * may be named before they stand there (`yields`), so names are collected first. */
#include "config.h"

#include <string.h>

#include "classify/load.h"

static const char *const space_keys[] = { "name",   "default",         "floor",  "margin", "rank_within",
	                                  "labels", "default_unsure", "hedged", NULL };
static const char *const label_keys[] = { "name",  "rank", "at",             "bias", "yields",
	                                  "implies", "automatic_only", NULL };
static const char *const yield_keys[] = { "to", "at", "factor", NULL };

static gboolean
good_name(const char *name)
{
	return name != NULL && name[0] != '\0' && strlen(name) <= 64 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(name);
}

static guint
find_space(const Load *load, const char *name)
{
	for (guint i = 0; i < load->spaces->len; i++)
		if (strcmp(g_array_index(load->spaces, LoadSpace, i).name, name) == 0)
			return i;
	return NONE;
}

static guint
find_label(const Load *load, guint space, const char *name)
{
	for (guint i = 0; i < load->labels->len; i++) {
		const LoadLabel *label = &g_array_index(load->labels, LoadLabel, i);

		if (label->space == space && strcmp(label->name, name) == 0)
			return i;
	}
	return NONE;
}

guint
load_label_at(Load *load, const LoadFile *file, guint line, const char *what,
              const char *space_name, const char *name)
{
	guint space = find_space(load, space_name), label;
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	if (space == NONE) {
		for (guint i = 0; i < load->spaces->len; i++)
			g_ptr_array_add(names,
			                (gpointer)g_array_index(load->spaces, LoadSpace, i).name);
	} else {
		label = find_label(load, space, name);
		if (label != NONE)
			return label;
		for (guint i = 0; i < load->labels->len; i++)
			if (g_array_index(load->labels, LoadLabel, i).space == space)
				g_ptr_array_add(
				    names,
				    (gpointer)g_array_index(load->labels, LoadLabel, i).name);
	}
	g_ptr_array_add(names, NULL);
	g_autofree char *meant =
	    load_meant(space == NONE ? space_name : name, (const char *const *)names->pdata);

	if (space == NONE)
		diagnostics_error(load->diag, file->source->path, line,
		                  "%s: labels.conf has no space \"%s\"%s", what, space_name,
		                  meant);
	else
		diagnostics_error(load->diag, file->source->path, line,
		                  "%s: space \"%s\" has no label \"%s\"%s", what, space_name,
		                  name, meant);
	return NONE;
}

static guint
label_at(Load *load, const LoadFile *file, const config_setting_t *setting, const char *what,
         const char *space_name, const char *name)
{
	return load_label_at(load, file,
	                     setting != NULL ? config_setting_source_line(setting) : 0, what,
	                     space_name, name);
}

void
load_points(Load *load, const LoadFile *file, const config_setting_t *group, const char *what,
            GArray *points)
{
	/* without labels.conf every label would be unknown: one error says that already */
	if (!load_is_group(load, file, group, what) || load->spaces->len == 0)
		return;
	for (int s = 0; s < config_setting_length(group); s++) {
		const config_setting_t *space = config_setting_get_elem(group, s);

		if (!config_setting_is_group(space)) {
			load_error(load, file, space,
			           "%s are written { %s = { LABEL = NUMBER; }; }", what,
			           config_setting_name(space));
			continue;
		}
		for (int i = 0; i < config_setting_length(space); i++) {
			const config_setting_t *label = config_setting_get_elem(space, i);
			LoadPoints entry = { 0 };

			entry.label = label_at(load, file, label, what, config_setting_name(space),
			                       config_setting_name(label));
			if (load_number(load, file, label, what, &entry.points) &&
			    entry.label != NONE && entry.points != 0)
				g_array_append_val(points, entry);
		}
	}
}

/* ---- the first walk: names ---- */

static void
collect_label(Load *load, const LoadFile *file, const config_setting_t *group, guint space)
{
	const char *name = NULL;

	if (!load_is_group(load, file, group, "a label"))
		return;
	config_setting_lookup_string(group, "name", &name);
	if (!good_name(name)) {
		load_error(load, file, group,
		           "a label needs a name of small letters, digits, - and _");
		return;
	}
	if (find_label(load, space, name) != NONE)
		return;
	LoadLabel label = { .name = name,
		            .space = space,
		            .at = 1,
		            .yields = g_array_new(FALSE, TRUE, sizeof(LoadYield)),
		            .implies = g_array_new(FALSE, TRUE, sizeof(LoadPoints)) };

	g_array_append_val(load->labels, label);
}

static gboolean
collect_space(Load *load, const LoadFile *file, const config_setting_t *group)
{
	const char *name = NULL;
	const config_setting_t *labels;

	if (!load_is_group(load, file, group, "a space"))
		return FALSE;
	config_setting_lookup_string(group, "name", &name);
	if (!good_name(name)) {
		load_error(load, file, group,
		           "a space needs a name of small letters, digits, - and _");
		return FALSE;
	}
	guint space = find_space(load, name);

	if (space == NONE) {
		LoadSpace fresh = { .name = name, .default_label = NONE, .floor = 1,
			            .rank_within = G_MAXDOUBLE };

		space = load->spaces->len;
		g_array_append_val(load->spaces, fresh);
	}
	labels = config_setting_get_member(group, "labels");
	if (labels != NULL && !config_setting_is_list(labels))
		load_error(load, file, labels,
		           "labels must be a list: ( { name = \"...\"; }, ... )");
	else
		for (int i = 0; labels != NULL && i < config_setting_length(labels); i++)
			collect_label(load, file, config_setting_get_elem(labels, i), space);
	return TRUE;
}

/* ---- the second walk: what they say ---- */

static void
read_yield(Load *load, const LoadFile *file, const config_setting_t *group, LoadLabel *label)
{
	const char *space = g_array_index(load->spaces, LoadSpace, label->space).name;
	LoadYield yield = { .to = g_array_new(FALSE, FALSE, sizeof(guint)), .at = 1, .factor = 0 };
	const config_setting_t *to, *number;
	g_autoptr(GArray) names = NULL;

	g_array_append_val(label->yields, yield);
	if (!load_is_group(load, file, group, "yields") ||
	    !load_keys(load, file, group, "yields: ", yield_keys))
		return;
	LoadYield *into = &g_array_index(label->yields, LoadYield, label->yields->len - 1);

	to = config_setting_get_member(group, "to");
	if (to == NULL) {
		load_error(load, file, group,
		           "yields: `to` is missing (the labels that go before)");
		return;
	}
	names = load_texts(load, file, to, "yields: to");
	for (guint i = 0; names != NULL && i < names->len; i++) {
		guint at = label_at(load, file, to, "yields: to", space,
		                    g_array_index(names, LoadText, i).text);
		if (at != NONE)
			g_array_append_val(into->to, at);
	}
	if ((number = config_setting_get_member(group, "at")) != NULL)
		load_number(load, file, number, "yields: at", &into->at);
	if ((number = config_setting_get_member(group, "factor")) != NULL)
		load_number(load, file, number, "yields: factor", &into->factor);
	if (into->factor < 0 || into->factor > 1)
		load_error(load, file, number, "yields: factor must lie between 0 and 1");
}

static void
read_label(Load *load, const LoadFile *file, const config_setting_t *group, guint space)
{
	const char *name = NULL;
	const config_setting_t *setting;
	double number;

	if (!config_setting_is_group(group) ||
	    !config_setting_lookup_string(group, "name", &name) || !good_name(name))
		return;
	g_autofree char *what = g_strdup_printf("label \"%s\": ", name);
	g_autofree char *what_implies = g_strdup_printf("label \"%s\": implies", name);
	LoadLabel *label = &g_array_index(load->labels, LoadLabel, find_label(load, space, name));

	load_keys(load, file, group, what, label_keys);
	if ((setting = config_setting_get_member(group, "rank")) != NULL &&
	    load_number(load, file, setting, "rank", &number))
		label->rank = (int)number;
	if ((setting = config_setting_get_member(group, "at")) != NULL)
		load_number(load, file, setting, "at", &label->at);
	if ((setting = config_setting_get_member(group, "bias")) != NULL)
		load_number(load, file, setting, "bias", &label->bias);
	if ((setting = config_setting_get_member(group, "automatic_only")) != NULL)
		load_boolean(load, file, setting, "automatic_only", &label->automatic_only);
	if ((setting = config_setting_get_member(group, "implies")) != NULL) {
		g_array_set_size(label->implies, 0);
		load_points(load, file, setting, what_implies, label->implies);
	}
	if ((setting = config_setting_get_member(group, "yields")) == NULL)
		return;
	for (guint i = 0; i < label->yields->len; i++)
		g_array_free(g_array_index(label->yields, LoadYield, i).to, TRUE);
	g_array_set_size(label->yields, 0);
	if (!config_setting_is_list(setting))
		load_error(load, file, setting, "%syields must be a list: ( { to = [...]; }, ... )",
		           what);
	else
		for (int i = 0; i < config_setting_length(setting); i++)
			read_yield(load, file, config_setting_get_elem(setting, i), label);
}

static void
read_space(Load *load, const LoadFile *file, const config_setting_t *group)
{
	const char *name = NULL, *text = NULL;
	const config_setting_t *setting, *labels = config_setting_get_member(group, "labels");

	config_setting_lookup_string(group, "name", &name);
	guint index = find_space(load, name);
	g_autofree char *what = g_strdup_printf("space \"%s\": ", name);

	load_keys(load, file, group, what, space_keys);
	for (int i = 0; labels != NULL && config_setting_is_list(labels) &&
	                i < config_setting_length(labels);
	     i++)
		read_label(load, file, config_setting_get_elem(labels, i), index);

	LoadSpace *space = &g_array_index(load->spaces, LoadSpace, index);
	if ((setting = config_setting_get_member(group, "floor")) != NULL)
		load_number(load, file, setting, "floor", &space->floor);
	if ((setting = config_setting_get_member(group, "margin")) != NULL)
		load_number(load, file, setting, "margin", &space->margin);
	if ((setting = config_setting_get_member(group, "rank_within")) != NULL)
		load_number(load, file, setting, "rank_within", &space->rank_within);
	if ((setting = config_setting_get_member(group, "default_unsure")) != NULL)
		load_boolean(load, file, setting, "default_unsure", &space->default_unsure);
	if ((setting = config_setting_get_member(group, "hedged")) != NULL)
		load_boolean(load, file, setting, "hedged", &space->hedged);
	if ((setting = config_setting_get_member(group, "default")) == NULL)
		return;
	text = config_setting_get_string(setting);
	if (text == NULL)
		load_error(load, file, setting, "%sdefault must be the name of a label", what);
	else
		space->default_label = label_at(load, file, setting, "default", name, text);
}

void
load_labels(Load *load, const LoadFile *file)
{
	static const char *const top_keys[] = { "spaces", NULL };
	const config_setting_t *root = config_root_setting(&file->config);
	const config_setting_t *spaces = config_setting_get_member(root, "spaces");
	gboolean good = TRUE;

	load_keys(load, file, root, "", top_keys);
	if (spaces == NULL || !config_setting_is_list(spaces)) {
		load_error(load, file, spaces,
		           "needs a list of label spaces: spaces = ( { name = \"type\"; "
		           "labels = ( ... ); } );");
		return;
	}
	for (int i = 0; i < config_setting_length(spaces); i++)
		good = collect_space(load, file, config_setting_get_elem(spaces, i)) && good;
	for (int i = 0; good && i < config_setting_length(spaces); i++)
		read_space(load, file, config_setting_get_elem(spaces, i));
}
