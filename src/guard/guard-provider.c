/* guard-provider.c - mail providers: domains where many strangers live, from a data file, one domain
 * a line. */
#include "config.h"

#include <string.h>

#include "aardig/log.h"
#include "aardig/settings.h"
#include "guard/guard-private.h"

#define LINES_MAX 20000
#define DOMAIN_MAX 253

static GHashTable *
read_providers(void)
{
	GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *path = g_build_filename(settings_datadir(), "data", "mail-providers.txt", NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	/* Without the file every domain has its budget: too few answers, never too many. */
	if (!g_file_get_contents(path, &text, NULL, &error)) {
		log_warning("guard", "%s; the domain budget counts for mail providers too", error->message);
		return set;
	}
	g_auto(GStrv) lines = g_strsplit(text, "\n", LINES_MAX);
	for (char **line = lines; *line != NULL; line++) {
		(*line)[strcspn(*line, "#")] = '\0';
		g_strstrip(*line);
		if (**line != '\0')
			g_hash_table_add(set, g_ascii_strdown(*line, -1));
	}
	return set;
}

gboolean
guard_is_mail_provider(const char *domain)
{
	static gsize once;
	static GHashTable *providers;

	if (domain == NULL)
		return FALSE;
	if (g_once_init_enter(&once)) {
		providers = read_providers();
		g_once_init_leave(&once, 1);
	}
	g_autofree char *lower = g_ascii_strdown(domain, DOMAIN_MAX);
	/* jan@mail.telenet.be and jan@naam.plus.com are at a provider too. */
	for (const char *p = lower; p != NULL; p = strchr(p, '.')) {
		p += *p == '.';
		if (g_hash_table_contains(providers, p))
			return TRUE;
	}
	return FALSE;
}
