/* reader.c - walks a libconfig tree by the tables of keys.c; every error has its place. */
#include "config.h"

#include <string.h>

#include "settings/settings-private.h"

void
reader_place(const Reader *reader, const config_setting_t *at, const char **file_out,
             guint *line_out)
{
	settings_text_place(reader->text, at != NULL ? config_setting_source_line(at) : 0, file_out,
	                    line_out);
}

static G_GNUC_PRINTF(3, 0) char *place_and_text(const Reader *reader, const config_setting_t *at,
                                                const char *format, va_list args,
                                                const char **file_out, guint *line_out)
{
	reader_place(reader, at, file_out, line_out);
	if (at == NULL || config_setting_is_root(at))
		*line_out = 0;
	return g_strdup_vprintf(format, args);
}

void
reader_error(Reader *reader, const config_setting_t *at, const char *format, ...)
{
	const char *file;
	guint line;
	va_list args;

	va_start(args, format);
	g_autofree char *text = place_and_text(reader, at, format, args, &file, &line);
	va_end(args);
	diagnostics_error(reader->diag, file, line, "%s", text);
}

void
reader_warning(Reader *reader, const config_setting_t *at, const char *format, ...)
{
	const char *file;
	guint line;
	va_list args;

	va_start(args, format);
	g_autofree char *text = place_and_text(reader, at, format, args, &file, &line);
	va_end(args);
	diagnostics_warning(reader->diag, file, line, "%s", text);
}

const config_setting_t *
reader_member(const config_setting_t *group, const char *name)
{
	/* Does not change the group; libconfig 1.5 has no const here. */
	return config_setting_get_member((config_setting_t *) group, name);
}

static const Key *
find_key(const Key *keys, const char *name)
{
	for (; keys->name != NULL; keys++)
		if (strcmp(keys->name, name) == 0)
			return keys;
	return NULL;
}

/* The group in which `name` would be right, or NULL. */
static const char *
belongs_to(const Key *not_these, const char *name)
{
	for (const KeyTable *table = key_tables; table->title != NULL; table++)
		if (table->keys != not_these && find_key(table->keys, name) != NULL)
			return table->title;
	return NULL;
}

static void
unknown_key(Reader *reader, const config_setting_t *at, const Key *keys)
{
	const char *name = config_setting_name(at);
	const char *names[64];
	gsize n = 0;

	for (const Key *key = keys; key->name != NULL && n < G_N_ELEMENTS(names) - 1; key++)
		names[n++] = key->name;
	names[n] = NULL;

	const char *nearest = diagnostics_nearest(name, names);
	const char *group = belongs_to(keys, name);
	if (nearest != NULL) {
		reader_error(reader, at, "unknown key \"%s\" (did you mean \"%s\"?)", name, nearest);
	} else if (group != NULL) {
		reader_error(reader, at, "unknown key \"%s\" here (it belongs in %s)", name, group);
	} else {
		g_autofree char *all = g_strjoinv(", ", (char **) names);
		reader_error(reader, at, "unknown key \"%s\" (known here: %s)", name, all);
	}
}

void
reader_group(Reader *reader, const config_setting_t *group, const Key *keys, void *base)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *at = config_setting_get_elem((config_setting_t *) group, i);
		const Key *key = find_key(keys, config_setting_name(at));

		if (key == NULL)
			unknown_key(reader, at, keys);
		else
			value_store(reader, at, key, base);
	}
}

void
reader_defaults(const Key *keys, void *base)
{
	for (; keys->name != NULL; keys++) {
		if (keys->type == KEY_GROUP)
			reader_defaults(keys->group, base);
		else
			value_fallback(keys, base);
	}
}

void
reader_list(Reader *reader, const config_setting_t *from, const Key *key, ReaderElement each)
{
	if (!config_setting_is_list(from)) {
		reader_error(reader, from,
		             "%s is %s (write it as a list of groups: %s = ( { ... }, { ... } );)",
		             key->name, value_type_name(from), key->name);
		return;
	}
	for (int i = 0; i < config_setting_length(from); i++) {
		const config_setting_t *element = config_setting_get_elem((config_setting_t *) from, i);

		if (config_setting_is_group(element))
			each(reader, element);
		else
			reader_error(reader, element, "element %d of %s is %s (write a group: { ... })", i + 1,
			             key->name, value_type_name(element));
	}
}
