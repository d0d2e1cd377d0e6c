/* values.c - one value of each type: checked, converted, stored; and the defaults as text. */
#include "config.h"

#include <string.h>

#include "settings/settings-private.h"

#define TEXT_MAX 4096 /* bytes of one text */
#define TEXTS_MAX 100

const char *
value_type_name(const config_setting_t *setting)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_GROUP: return "a group { ... }";
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
	case CONFIG_TYPE_FLOAT: return "a number";
	case CONFIG_TYPE_STRING: return "a text";
	case CONFIG_TYPE_BOOL: return "true or false";
	case CONFIG_TYPE_ARRAY:
	case CONFIG_TYPE_LIST: return "a list";
	default: return "nothing";
	}
}

static void *
field(const Key *key, void *base)
{
	return (char *) base + key->offset;
}

/* The name of the setting or, in a list, of the list. */
static const char *
name_of(const config_setting_t *from)
{
	while (config_setting_name(from) == NULL && config_setting_parent(from) != NULL)
		from = config_setting_parent(from);
	return config_setting_name(from) != NULL ? config_setting_name(from) : "value";
}

const char *
value_text(Reader *reader, const config_setting_t *from, const char *what)
{
	if (config_setting_type(from) != CONFIG_TYPE_STRING) {
		reader_error(reader, from, "%s is %s (write a text in quotes, %s = \"...\")", name_of(from),
		             value_type_name(from), name_of(from));
		return NULL;
	}
	const char *text = config_setting_get_string(from);
	if (text == NULL || *text == '\0') {
		reader_error(reader, from, "%s is empty (give %s, or remove the line)", name_of(from),
		             what);
		return NULL;
	}
	if (strlen(text) > TEXT_MAX) {
		reader_error(reader, from, "%s is longer than %d bytes (shorten it)", name_of(from),
		             TEXT_MAX);
		return NULL;
	}
	if (!g_utf8_validate(text, -1, NULL)) {
		reader_error(reader, from,
		             "%s is not UTF-8 (an \\x escape made it so; write the character)",
		             name_of(from));
		return NULL;
	}
	for (const char *p = text; *p != '\0'; p++)
		if ((guchar) *p < 0x20 || *p == 0x7f) {
			reader_error(reader, from, "%s has a line break or control character (remove it)",
			             name_of(from));
			return NULL;
		}
	return text;
}

static int
find_name(const char *const *names, const char *text)
{
	for (int i = 0; names[i] != NULL; i++)
		if (*names[i] != '\0' && strcmp(names[i], text) == 0)
			return i;
	return -1;
}

/* The index of `text` among the names a key allows, or -1 after an error that shows them. */
static int
choose(Reader *reader, const config_setting_t *from, const char *const *names, const char *text)
{
	int i = find_name(names, text);

	if (i >= 0)
		return i;
	const char *nearest = diagnostics_nearest(text, names);
	if (nearest != NULL && *nearest != '\0') {
		reader_error(reader, from, "%s: no such value \"%s\" (did you mean \"%s\"?)", name_of(from),
		             text, nearest);
		return -1;
	}
	g_autoptr(GString) all = g_string_new(NULL);
	for (int k = 0; names[k] != NULL; k++)
		if (*names[k] != '\0')
			g_string_append_printf(all, "%s\"%s\"",
			                       all->len == 0          ? ""
			                       : names[k + 1] == NULL ? " or "
			                                              : ", ",
			                       names[k]);
	reader_error(reader, from, "%s: no such value \"%s\" (write %s)", name_of(from), text,
	             all->str);
	return -1;
}

/* ---- texts ---- */

char *
value_path(const Reader *reader, const char *text)
{
	g_autofree char *home = NULL;

	if (g_str_has_prefix(text, "~/")) {
		const char *dir = g_getenv("HOME");
		home = g_build_filename(dir != NULL ? dir : g_get_home_dir(), text + 2, NULL);
		text = home;
	}
	return g_canonicalize_filename(text, reader->dir);
}

static void
take_strv(char ***to, GPtrArray *texts)
{
	g_strfreev(*to);
	g_ptr_array_add(texts, NULL);
	*to = (char **) g_ptr_array_free(texts, FALSE);
}

static void
store_texts(Reader *reader, const config_setting_t *from, const Key *key, char ***to)
{
	int most = key->max > 0 ? (int) key->max : TEXTS_MAX;
	gboolean single = !config_setting_is_aggregate(from);
	int n = single ? 1 : config_setting_length(from);
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

	if (config_setting_is_group(from)) {
		reader_error(reader, from, "%s is a group (write a list: %s = [\"...\", \"...\"])",
		             key->name, key->name);
		return;
	}
	if (n > most) {
		reader_error(reader, from, "%s has %d elements (at most %d)", key->name, n, most);
		return;
	}
	for (int i = 0; i < n; i++) {
		const config_setting_t *at =
			single ? from : config_setting_get_elem((config_setting_t *) from, i);
		const char *text = value_text(reader, at, "a value");

		if (text == NULL || (key->names != NULL && choose(reader, at, key->names, text) < 0))
			continue;
		g_ptr_array_add(texts, g_strdup(text));
	}
	g_ptr_array_set_free_func(texts, NULL);
	take_strv(to, g_steal_pointer(&texts));
}

static void
store_command(Reader *reader, const config_setting_t *from, const Key *key, char ***to)
{
	g_auto(GStrv) argv = NULL;
	g_autoptr(GError) error = NULL;

	if (config_setting_is_aggregate(from)) {
		store_texts(reader, from, key, &argv);
	} else {
		const char *text = value_text(reader, from, "a command");

		if (text != NULL && !g_shell_parse_argv(text, NULL, &argv, &error))
			reader_error(reader, from, "%s: %s (or write a list: [\"program\", \"argument\"])",
			             key->name, error->message);
	}
	if (argv == NULL)
		return;
	if (argv[0] == NULL) {
		reader_error(reader, from, "%s names no program (add one)", key->name);
		return;
	}
	/* No shell runs this, so what only a shell understands is a mistake. */
	for (int i = 0; argv[i] != NULL; i++)
		if (strcmp(argv[i], "|") == 0 || strcmp(argv[i], ">") == 0 || strcmp(argv[i], "&&") == 0) {
			reader_error(reader, from,
			             "%s: \"%s\" needs a shell, and none runs this (write "
			             "[\"sh\", \"-c\", \"...\"])",
			             key->name, argv[i]);
			return;
		}
	/* A program with a slash in its name is a path like any other; without, $PATH is searched. */
	if (strchr(argv[0], '/') != NULL) {
		char *path = value_path(reader, argv[0]);

		g_free(argv[0]);
		argv[0] = path;
	}
	g_strfreev(*to);
	*to = g_steal_pointer(&argv);
}

static gboolean
store_text(Reader *reader, const config_setting_t *from, const Key *key, char **to)
{
	const char *text = value_text(reader, from, "a value");

	if (text == NULL || (key->names != NULL && choose(reader, from, key->names, text) < 0))
		return FALSE;
	g_free(*to);
	*to = key->type == KEY_PATH ? value_path(reader, text) : g_strdup(text);
	return TRUE;
}

static void
store_address(Reader *reader, const config_setting_t *from, const Key *key, char **to)
{
	const char *text = value_text(reader, from, "an address");

	if (text == NULL)
		return;
	char *address = address_normalise(text, FALSE);
	if (address == NULL) {
		reader_error(reader, from,
		             "%s: \"%s\" is no mail address (write only the address, "
		             "name@domain)",
		             key->name, text);
		return;
	}
	g_free(*to);
	*to = address;
}

/* ---- numbers ---- */

static char *
duration_text(gint64 seconds)
{
	static const struct {
		gint64 length;
		const char *unit;
	} units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "min" }, { 1, "s" } };

	for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
		if (seconds % units[i].length == 0) {
			gint64 n = seconds / units[i].length;

			return g_strdup_printf("%" G_GINT64_FORMAT " %s%s", n, units[i].unit,
			                       i < 2 && n != 1 ? "s" : "");
		}
	return NULL;
}

static gboolean
read_duration(Reader *reader, const config_setting_t *from, const Key *key, gint64 *seconds_out)
{
	gint64 seconds;

	if (config_setting_is_number(from)) {
		reader_error(reader, from, "%s has no unit (write for example %s = \"%s\")", key->name,
		             key->name, key->fallback);
		return FALSE;
	}
	const char *text = value_text(reader, from, "a time");
	if (text == NULL)
		return FALSE;
	if (!settings_parse_duration(text, &seconds)) {
		reader_error(reader, from,
		             "%s: \"%s\" is no length of time (write a number and s, min, "
		             "hours, days or weeks: \"%s\")",
		             key->name, text, key->fallback);
		return FALSE;
	}
	if (seconds < key->min || seconds > key->max) {
		g_autofree char *min = duration_text(key->min), *max = duration_text(key->max);

		reader_error(reader, from, "%s: \"%s\" is too %s (from %s to %s)", key->name, text,
		             seconds < key->min ? "short" : "long", min, max);
		return FALSE;
	}
	*seconds_out = seconds;
	return TRUE;
}

static gboolean
read_number(Reader *reader, const config_setting_t *from, const Key *key, guint *to)
{
	/* An admin writes 20 or 20.0 alike; libconfig's getters give 0 for the other kind. */
	double value = config_setting_type(from) == CONFIG_TYPE_FLOAT ? config_setting_get_float(from)
	                                                              : config_setting_get_int64(from);

	if (!config_setting_is_number(from)) {
		reader_error(reader, from, "%s is %s (write a number without quotes)", key->name,
		             value_type_name(from));
		return FALSE;
	}
	if (value < key->min || value > key->max || value != (gint64) value) {
		reader_error(reader, from,
		             "%s: %.10g is not possible (a whole number from %" G_GINT64_FORMAT
		             " to %" G_GINT64_FORMAT ")",
		             key->name, value, key->min, key->max);
		return FALSE;
	}
	*to = (guint) value;
	return TRUE;
}

static void
store_bool(Reader *reader, const config_setting_t *from, const Key *key, int *to)
{
	if (config_setting_type(from) != CONFIG_TYPE_BOOL)
		reader_error(reader, from, "%s is %s (write true or false, without quotes)", key->name,
		             value_type_name(from));
	else
		*to = config_setting_get_bool(from) ? 1 : 0;
}

static void
store_choice(Reader *reader, const config_setting_t *from, const Key *key, guint *to)
{
	const char *text = value_text(reader, from, "a value");
	int i = text != NULL ? choose(reader, from, key->names, text) : -1;

	if (i >= 0)
		*to = i;
}

void
value_store(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	void *to = field(key, base);
	gint64 seconds;
	guint errors = diagnostics_errors(reader->diag);

	switch (key->type) {
	case KEY_TEXT:
	case KEY_PATH: store_text(reader, from, key, to); break;
	case KEY_ADDRESS: store_address(reader, from, key, to); break;
	case KEY_TEXTS: store_texts(reader, from, key, to); break;
	case KEY_COMMAND: store_command(reader, from, key, to); break;
	case KEY_DURATION:
		if (read_duration(reader, from, key, &seconds))
			*(gint64 *) to = seconds;
		break;
	case KEY_SECONDS:
		if (read_duration(reader, from, key, &seconds))
			*(guint *) to = (guint) seconds;
		break;
	case KEY_NUMBER: read_number(reader, from, key, to); break;
	case KEY_FLAG:
	case KEY_TRISTATE: store_bool(reader, from, key, to); break;
	case KEY_CHOICE: store_choice(reader, from, key, to); break;
	case KEY_GROUP:
		if (config_setting_is_group(from))
			reader_group(reader, from, key->group, base);
		else
			reader_error(reader, from, "%s is %s (write a group: %s: { ... };)", key->name,
			             value_type_name(from), key->name);
		return;
	case KEY_OTHER: break;
	}
	if (key->read != NULL && diagnostics_errors(reader->diag) == errors)
		key->read(reader, from, key, base);
}

/* ---- defaults ---- */

void
value_fallback(const Key *key, void *base)
{
	void *to = field(key, base);
	gint64 seconds = 0;

	if (key->type == KEY_TRISTATE) {
		*(int *) to = -1;
		return;
	}
	if (key->fallback == NULL)
		return;
	switch (key->type) {
	case KEY_TEXT: *(char **) to = g_strdup(key->fallback); break;
	case KEY_TEXTS: *(char ***) to = g_strsplit(key->fallback, ", ", -1); break;
	case KEY_DURATION:
	case KEY_SECONDS:
		settings_parse_duration(key->fallback, &seconds);
		if (key->type == KEY_DURATION)
			*(gint64 *) to = seconds;
		else
			*(guint *) to = (guint) seconds;
		break;
	case KEY_NUMBER: *(guint *) to = (guint) g_ascii_strtoull(key->fallback, NULL, 10); break;
	case KEY_FLAG: *(gboolean *) to = strcmp(key->fallback, "true") == 0; break;
	case KEY_CHOICE: *(guint *) to = find_name(key->names, key->fallback); break;
	default: break;
	}
}
