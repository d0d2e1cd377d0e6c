/* routes.c - who gets which mail: reading the list, and finding the first row that fits. */
#include "config.h"

#include <string.h>

#include "aardig/guard.h"
#include "settings/settings-private.h"

#define KEYWORD_MAX 60

Route *
route_new(void)
{
	Route *route = g_new0(Route, 1);

	reader_defaults(route_keys, route);
	return route;
}

void
route_free(Route *route)
{
	if (route == NULL)
		return;
	g_strfreev(route->type);
	g_strfreev(route->tone);
	g_strfreev(route->language);
	g_strfreev(route->account);
	g_strfreev(route->guard);
	g_free(route->team);
	g_free(route->mail_to);
	g_free(route->folder);
	g_free(route->keyword);
	g_free(route->maildir);
	g_strfreev(route->command);
	g_free(route->file);
	g_free(route);
}

static gboolean
has_no_conditions(const Route *route)
{
	return route->type == NULL && route->tone == NULL && route->language == NULL &&
	       route->account == NULL && route->guard == NULL && route->urgent < 0 && route->unsure < 0;
}

/* An IMAP flag-keyword is an atom, RFC 3501 s.9. */
void
read_keyword(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const Route *route = base;
	gboolean fits = strlen(route->keyword) <= KEYWORD_MAX;

	for (const char *p = route->keyword; *p != '\0'; p++)
		fits = fits && (guchar) *p < 0x80 && strchr(" (){%*\"\\]", *p) == NULL;
	if (!fits)
		reader_error(reader, from,
		             "keyword: \"%s\" (letters, digits, $ - _ and ., no blanks, at most "
		             "%d: \"Klacht\")",
		             route->keyword, KEYWORD_MAX);
}

void
read_when_guard(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const Route *route = base;

	for (char **name = route->guard; *name != NULL; name++) {
		if (g_strv_contains(guard_names(), *name) || strcmp(*name, "any") == 0 ||
		    strcmp(*name, "none") == 0)
			continue;
		const char *nearest = diagnostics_nearest(*name, guard_names());
		if (nearest != NULL) {
			reader_error(reader, from, "when: there is no guard \"%s\" (did you mean \"%s\"?)",
			             *name, nearest);
		} else {
			g_autofree char *all = g_strjoinv(", ", (char **) guard_names());
			reader_error(reader, from, "when: there is no guard \"%s\" (known: any, none, %s)",
			             *name, all);
		}
	}
}

static void
add_route(Reader *reader, const config_setting_t *group)
{
	GPtrArray *routes = reader->settings->routes;
	Route *route = route_new();
	const char *file;

	reader_group(reader, group, route_keys, route);
	reader_place(reader, group, &file, &route->line);
	route->file = g_strdup(file);
	g_ptr_array_add(routes, route);
}

void
read_routes(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	guint errors = diagnostics_errors(reader->diag);
	GPtrArray *routes = reader->settings->routes;

	reader_list(reader, from, key, add_route);
	if (diagnostics_errors(reader->diag) > errors)
		return;
	for (guint i = 1; i < routes->len; i++)
		if (has_no_conditions(g_ptr_array_index(routes, i - 1))) {
			reader_error(reader, config_setting_get_elem((config_setting_t *) from, i),
			             "no mail gets "
			             "as far as this route: the one before it has no \"when\" (move that one "
			             "to "
			             "the end)");
			return;
		}
	if (routes->len == 0 || !has_no_conditions(g_ptr_array_index(routes, routes->len - 1)))
		reader_error(reader, from,
		             "the last route has conditions, so some mail would go nowhere (add "
		             "a last route without \"when\": { team = \"klantenservice\"; })");
}

/* ---- finding ---- */

static gboolean
fits(char *const *wanted, const char *value)
{
	if (wanted == NULL)
		return TRUE;
	return value != NULL && g_strv_contains((const char *const *) wanted, value);
}

/* `guard` NULL: the answer is allowed. */
static gboolean
fits_guard(char *const *wanted, const char *guard)
{
	if (fits(wanted, guard))
		return TRUE;
	return g_strv_contains((const char *const *) wanted, guard != NULL ? "any" : "none");
}

static gboolean
fits_flag(int wanted, gboolean value)
{
	return wanted < 0 || wanted == (value != FALSE);
}

const Route *
settings_route(const Settings *settings, const char *account, const char *type, const char *tone,
               const char *language, const char *guard, gboolean urgent, gboolean unsure)
{
	const Route *route = NULL;

	for (guint i = 0; i < settings->routes->len; i++) {
		route = g_ptr_array_index(settings->routes, i);
		if (fits(route->type, type) && fits(route->tone, tone) && fits(route->language, language) &&
		    fits(route->account, account) && fits_guard(route->guard, guard) &&
		    fits_flag(route->urgent, urgent) && fits_flag(route->unsure, unsure))
			return route;
	}
	return route; /* of loaded settings the last one always fits */
}
