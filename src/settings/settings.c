/* settings.c - finds, loads, fills in and frees the configuration. */
#include "config.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "settings/settings-private.h"

#define DEFAULT_ZONE "Europe/Amsterdam"
#define SYSTEM_USER "aardig"
/* Where StateDirectory= and CacheDirectory= of the unit put them, whatever the prefix is. */
#define SYSTEM_STATE "/var/lib/aardig"
#define SYSTEM_CACHE "/var/cache/aardig"

/* A build below /usr/local still finds what every guide calls /etc/aardig. */
static const char *const system_files[] = { SYSCONFDIR "/aardig/aardig.conf",
	                                        "/etc/aardig/aardig.conf", NULL };

/* ---- folders ---- */

const char *
settings_datadir(void)
{
	const char *dir = g_getenv("AARDIG_DATADIR");

	return dir != NULL && *dir != '\0' ? dir : PKGDATADIR;
}

const char *
settings_templatedir(void)
{
	const char *dir = g_getenv("AARDIG_TEMPLATEDIR");

	return dir != NULL && *dir != '\0' ? dir : PKGDATADIR "/templates";
}

/* An absolute path in an environment variable of the XDG base directory specification, else below
 * the home folder. Caller frees. */
static char *
xdg_folder(const char *variable, const char *below_home)
{
	const char *dir = g_getenv(variable), *home = g_getenv("HOME");

	if (dir != NULL && g_path_is_absolute(dir))
		return g_build_filename(dir, "aardig", NULL);
	return g_build_filename(home != NULL ? home : g_get_home_dir(), below_home, "aardig", NULL);
}

/* The service's own user; or root at work with the system's configuration (sudo aardig status). */
static gboolean
is_system(const char *path)
{
	if (geteuid() == 0)
		return path != NULL && g_strv_contains(system_files, path);
	const struct passwd *user = getpwuid(geteuid());
	return user != NULL && strcmp(user->pw_name, SYSTEM_USER) == 0;
}

/* systemd gives the folders of StateDirectory= and CacheDirectory=, several with colons. */
static char *
own_folder(const char *path, const char *systemd, const char *system, const char *xdg,
           const char *below_home)
{
	const char *given = g_getenv(systemd);

	if (given != NULL && g_path_is_absolute(given))
		return g_strndup(given, strcspn(given, ":"));
	return is_system(path) ? g_strdup(system) : xdg_folder(xdg, below_home);
}

static void
fill_folders(Settings *settings, const char *dir)
{
	g_autofree char *rules = dir != NULL ? g_build_filename(dir, "rules.d", NULL) : NULL;
	g_autofree char *templates = dir != NULL ? g_build_filename(dir, "templates", NULL) : NULL;
	g_autoptr(GStrvBuilder) rule_dirs = g_strv_builder_new();
	g_autoptr(GStrvBuilder) template_dirs = g_strv_builder_new();
	g_autofree char *shipped = g_build_filename(settings_datadir(), "rules", NULL);

	g_strv_builder_add(rule_dirs, shipped);
	if (rules != NULL && g_file_test(rules, G_FILE_TEST_IS_DIR))
		g_strv_builder_add(rule_dirs, rules);
	if (templates != NULL && g_file_test(templates, G_FILE_TEST_IS_DIR))
		g_strv_builder_add(template_dirs, templates);
	g_strv_builder_add(template_dirs, settings_templatedir());
	settings->rule_dirs = g_strv_builder_end(rule_dirs);
	settings->template_dirs = g_strv_builder_end(template_dirs);

	if (settings->state_dir == NULL)
		settings->state_dir = own_folder(settings->path, "STATE_DIRECTORY", SYSTEM_STATE,
		                                 "XDG_STATE_HOME", ".local/state");
	if (settings->cache_dir == NULL)
		settings->cache_dir =
			own_folder(settings->path, "CACHE_DIRECTORY", SYSTEM_CACHE, "XDG_CACHE_HOME", ".cache");
}

/* ---- what holds where the file is silent ---- */

static Settings *
settings_new(void)
{
	Settings *settings = g_new0(Settings, 1);

	settings->shops = g_ptr_array_new_with_free_func((GDestroyNotify) shop_free);
	settings->accounts = g_ptr_array_new_with_free_func((GDestroyNotify) account_free);
	settings->routes = g_ptr_array_new_with_free_func((GDestroyNotify) route_free);
	reader_defaults(top_keys, settings);
	return settings;
}

static void
complete(Settings *settings, const char *dir)
{
	if (settings->timezone == NULL)
		settings->timezone = g_time_zone_new_identifier(DEFAULT_ZONE);
	if (settings->timezone == NULL) /* a system without tzdata */
		settings->timezone = g_time_zone_new_local();
	if (settings->shops->len == 0) {
		g_ptr_array_add(settings->shops, shop_new());
		((Shop *) g_ptr_array_index(settings->shops, 0))->name = g_strdup("winkel");
	}
	for (guint i = 0; i < settings->shops->len; i++) {
		Shop *shop = g_ptr_array_index(settings->shops, i);

		shop->timezone = g_time_zone_ref(settings->timezone);
		if (shop->signature == NULL)
			shop->signature = g_strdup(shop->name);
	}
	if (settings->routes->len == 0)
		g_ptr_array_add(settings->routes, route_new());
	fill_folders(settings, dir);
}

Settings *
settings_default(void)
{
	Settings *settings = settings_new();

	complete(settings, NULL);
	return settings;
}

void
settings_free(Settings *settings)
{
	if (settings == NULL)
		return;
	g_free(settings->path);
	if (settings->timezone != NULL)
		g_time_zone_unref(settings->timezone);
	g_free(settings->state_dir);
	g_free(settings->operator_);
	g_ptr_array_unref(settings->accounts);
	g_ptr_array_unref(settings->shops);
	g_ptr_array_unref(settings->routes);
	g_strfreev(settings->rule_dirs);
	g_strfreev(settings->template_dirs);
	g_free(settings->cache_dir);
	g_strfreev(settings->webmail_domains);
	endpoint_clear(&settings->operator_smtp);
	g_free(settings);
}

/* ---- keys of the top level that need more than their type ---- */

void
read_timezone(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	Settings *settings = base;
	const char *name = value_text(reader, from, "a time zone");

	if (name == NULL)
		return;
	/* "CET" and "+01:00" are known to GLib too, but have no summer time that people expect. */
	if (strchr(name, '/') != NULL || strcmp(name, "UTC") == 0)
		settings->timezone = g_time_zone_new_identifier(name);
	if (settings->timezone == NULL)
		reader_error(reader, from,
		             "timezone: there is no \"%s\" (write one of /usr/share/zoneinfo, "
		             "like \"" DEFAULT_ZONE "\")",
		             name);
}

void
read_webmail_domains(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	Settings *settings = base;

	for (char **domain = settings->webmail_domains; *domain != NULL; domain++) {
		g_autofree char *as_address = g_strconcat("@", *domain, NULL);
		char *normal = address_normalise(as_address, TRUE);

		if (normal == NULL) {
			reader_error(reader, from, "webmail_domains: \"%s\" is no domain (write \"gmail.com\")",
			             *domain);
			continue;
		}
		g_free(*domain);
		*domain = g_strdup(normal + 1);
		g_free(normal);
	}
}

/* ---- loading ---- */

char *
settings_find(void)
{
	const char *given = g_getenv("AARDIG_CONFIG");

	if (given != NULL && *given != '\0')
		return g_strdup(given);
	g_autofree char *folder = xdg_folder("XDG_CONFIG_HOME", ".config");
	g_autofree char *personal = g_build_filename(folder, "aardig.conf", NULL);
	if (g_file_test(personal, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&personal);
	for (gsize i = 0; system_files[i] != NULL; i++)
		if (g_file_test(system_files[i], G_FILE_TEST_EXISTS))
			return g_strdup(system_files[i]);
	return NULL;
}

/* libconfig's own words for what the walk over the tokens let pass. */
static void
syntax_error(Reader *reader, const config_t *config)
{
	const char *file, *text = config_error_text(config);
	guint line;

	settings_text_place(reader->text, MAX(config_error_line(config), 0), &file, &line);
	if (g_strcmp0(text, "duplicate setting name") == 0)
		diagnostics_error(reader->diag, file, line,
		                  "this name stands in the group twice (keep one)");
	else if (g_strcmp0(text, "mismatched element type in array") == 0)
		diagnostics_error(reader->diag, file, line,
		                  "elements of one [list] must all be of one kind "
		                  "(all in quotes, or all numbers)");
	else
		diagnostics_error(reader->diag, file, line,
		                  "%s (is a ; or a quote missing here or on the "
		                  "line before?)",
		                  text != NULL ? text : "syntax error");
}

static void
read_tree(Reader *reader, config_t *config)
{
	if (!config_read_string(config, settings_text_string(reader->text))) {
		syntax_error(reader, config);
		return;
	}
	const config_setting_t *root = config_root_setting(config);
	reader_group(reader, root, top_keys, reader->settings);

	const config_setting_t *smtp = reader_member(root, "operator_smtp");
	if (smtp != NULL && config_setting_is_group(smtp))
		check_endpoint(reader, smtp, &reader->settings->operator_smtp, FALSE, "operator.smtp");
	check_whole(reader, root);
}

static Settings *
load_text(const char *path, const SettingsText *text, const char *dir, Diagnostics *diag)
{
	guint errors = diagnostics_errors(diag);
	g_autoptr(Settings) settings = settings_new();
	Reader reader = { .diag = diag, .text = text, .settings = settings, .dir = (char *) dir };
	config_t config;

	settings->path = g_strdup(path);
	reader.account_places = g_ptr_array_new();
	reader.shop_names = g_ptr_array_new_with_free_func(g_free);
	config_init(&config);
	read_tree(&reader, &config);
	config_destroy(&config);
	g_ptr_array_unref(reader.account_places);
	g_ptr_array_unref(reader.shop_names);
	if (diagnostics_errors(diag) > errors)
		return NULL;
	complete(settings, dir);
	return g_steal_pointer(&settings);
}

Settings *
settings_load(const char *path, Diagnostics *diag)
{
	g_autofree char *found = path == NULL ? settings_find() : g_strdup(path);

	if (found == NULL) {
		diagnostics_error(diag, NULL, 0,
		                  "no configuration found (write /etc/aardig/aardig.conf, or name a file "
		                  "with -c)");
		return NULL;
	}
	g_autoptr(SettingsText) text = settings_text_read(found, diag);
	if (text == NULL)
		return NULL;
	g_autofree char *absolute = g_canonicalize_filename(found, NULL);
	g_autofree char *dir = g_path_get_dirname(absolute);
	return load_text(found, text, dir, diag);
}

Settings *
settings_load_text(const char *name, const char *content, gsize length, Diagnostics *diag)
{
	g_autoptr(SettingsText) text = settings_text_from_memory(name, content, length, diag);
	g_autofree char *dir = g_get_current_dir();

	return text != NULL ? load_text(name, text, dir, diag) : NULL;
}

const Account *
settings_account(const Settings *settings, const char *name)
{
	for (guint i = 0; i < settings->accounts->len; i++) {
		const Account *account = g_ptr_array_index(settings->accounts, i);

		if (strcmp(account->name, name) == 0)
			return account;
	}
	return NULL;
}
