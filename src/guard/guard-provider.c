/* guard-provider.c - mail providers: domains where many strangers live, from a data file,
 * one domain a line. */
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
	g_autofree char *path = g_build_filename(settings_datadir(), "data", "mail-providers.txt",
	                                         NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	/* Without the file every domain has its budget: too few answers, never too many. But then
	 * Reply-To within a provider's domain is followed as well, so it must not go unsaid. */
	if (!g_file_get_contents(path, &text, NULL, &error)) {
		log_warning("guard", "%s; the domain budget counts for mail providers too",
		            error->message);
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

static gboolean
file_has(const void *data, const char *domain)
{
	return g_hash_table_contains((GHashTable *) data, domain);
}

static gboolean
list_has(const void *data, const char *domain)
{
	for (const char *const *item = data; *item != NULL; item++)
		if (g_ascii_strcasecmp(*item, domain) == 0)
			return TRUE;
	return FALSE;
}

/* jan@mail.telenet.be and jan@naam.plus.com are at a provider too. */
static gboolean
has_domain_or_parent(gboolean (*has)(const void *data, const char *domain), const void *data,
                     const char *domain)
{
	g_autofree char *lower = g_ascii_strdown(domain, DOMAIN_MAX);

	for (const char *p = lower; p != NULL; p = strchr(p, '.')) {
		p += *p == '.';
		if (has(data, p))
			return TRUE;
	}
	return FALSE;
}

static gboolean
file_names(const char *domain)
{
	static gsize once;
	static GHashTable *providers;

	if (g_once_init_enter(&once)) {
		providers = read_providers();
		g_once_init_leave(&once, 1);
	}
	return has_domain_or_parent(file_has, providers, domain);
}

gboolean
guard_is_mail_provider(const Settings *settings, const char *domain)
{
	if (domain == NULL)
		return FALSE;
	if (settings == NULL || settings->webmail_domains == NULL)
		return file_names(domain);
	return has_domain_or_parent(list_has, settings->webmail_domains, domain);
}
