/* conf.c - libconfig settings as numbers, strings and names, each mistake with its place. */
#include "config.h"

#include <string.h>

#include "classify/load.h"

void
load_error(Load *load, const LoadFile *file, const config_setting_t *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	diagnostics_error(load->diag, file->source->path,
	                  at != NULL ? config_setting_source_line(at) : 0, "%s", text);
}

char *
load_meant(const char *word, const char *const *candidates)
{
	const char *nearest = diagnostics_nearest(word, candidates);

	return nearest != NULL ? g_strdup_printf(" (did you mean \"%s\"?)", nearest) : g_strdup("");
}

gboolean
load_keys(Load *load, const LoadFile *file, const config_setting_t *group, const char *what,
          const char *const *keys)
{
	gboolean good = TRUE;

	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *setting = config_setting_get_elem(group, i);
		const char *name = config_setting_name(setting);

		if (g_strv_contains(keys, name))
			continue;
		g_autofree char *meant = load_meant(name, keys);
		load_error(load, file, setting, "%sunknown key \"%s\"%s", what, name, meant);
		good = FALSE;
	}
	return good;
}

gboolean
load_number(Load *load, const LoadFile *file, const config_setting_t *setting, const char *what,
            double *out)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_INT:
		*out = config_setting_get_int(setting);
		break;
	case CONFIG_TYPE_INT64:
		*out = (double)config_setting_get_int64(setting);
		break;
	case CONFIG_TYPE_FLOAT:
		*out = config_setting_get_float(setting);
		break;
	default:
		load_error(load, file, setting, "%s must be a number, without quotes", what);
		return FALSE;
	}
	if (!(*out > -1e6 && *out < 1e6)) {
		load_error(load, file, setting, "%s: out of range", what);
		return FALSE;
	}
	return TRUE;
}

gboolean
load_boolean(Load *load, const LoadFile *file, const config_setting_t *setting, const char *what,
             gboolean *out)
{
	if (config_setting_type(setting) != CONFIG_TYPE_BOOL) {
		load_error(load, file, setting, "%s must be true or false, without quotes", what);
		return FALSE;
	}
	*out = config_setting_get_bool(setting);
	return TRUE;
}

GArray *
load_texts_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(LoadText));
}

GArray *
load_texts(Load *load, const LoadFile *file, const config_setting_t *setting, const char *what)
{
	g_autoptr(GArray) texts = load_texts_new();
	gboolean one = config_setting_type(setting) == CONFIG_TYPE_STRING, good = TRUE;

	if (!one && config_setting_type(setting) != CONFIG_TYPE_ARRAY &&
	    config_setting_type(setting) != CONFIG_TYPE_LIST) {
		load_error(load, file, setting, "%s must be a list of texts: [\"...\", \"...\"]",
		           what);
		return NULL;
	}
	for (int i = 0; i < (one ? 1 : config_setting_length(setting)); i++) {
		const config_setting_t *entry = one ? setting : config_setting_get_elem(setting, i);
		LoadText text = { config_setting_get_string(entry),
			          config_setting_source_line(entry), NULL };

		if (text.text != NULL) {
			g_array_append_val(texts, text);
			continue;
		}
		load_error(load, file, entry, "%s: every entry must be a text in quotes", what);
		good = FALSE;
	}
	return good ? g_steal_pointer(&texts) : NULL;
}

gboolean
load_choice(Load *load, const LoadFile *file, const config_setting_t *setting, const char *what,
            const char *const *names, guint *out)
{
	const char *value = config_setting_get_string(setting);
	g_autofree char *all = g_strjoinv("\", \"", (char **)names);

	for (guint i = 0; value != NULL && names[i] != NULL; i++)
		if (strcmp(value, names[i]) == 0) {
			*out = i;
			return TRUE;
		}
	load_error(load, file, setting, "%s must be one of \"%s\"", what, all);
	return FALSE;
}

gboolean
load_is_group(Load *load, const LoadFile *file, const config_setting_t *setting, const char *what)
{
	if (config_setting_is_group(setting))
		return TRUE;
	load_error(load, file, setting, "%s must be a group: { name = value; ... }", what);
	return FALSE;
}
