/* own-address.c - addresses of the configuration: their one spelling, and whether one is ours. */
#include "config.h"

#include <string.h>

#include "settings/settings-private.h"

#define ADDRESS_MAX 254 /* RFC 5321 s.4.5.3.1.3, without the angle brackets */

/* RFC 5322 atext and the dot; a quoted local part has no place in a configuration. */
static gboolean
local_is_plain(const char *local, gsize length)
{
	if (length == 0 || length > 64 || local[0] == '.' || local[length - 1] == '.')
		return FALSE;
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isalnum(local[i]) && strchr("!#$%&'*+-/=?^_`{|}~.", local[i]) == NULL)
			return FALSE;
	return TRUE;
}

static gboolean
domain_is_plain(const char *domain)
{
	gboolean dot = FALSE;
	char before = '.';

	for (const char *p = domain; *p != '\0'; before = *p++) {
		if (*p == '.' && (before == '.' || before == '-'))
			return FALSE;
		if (*p == '-' && before == '.')
			return FALSE;
		if (!g_ascii_isalnum(*p) && *p != '-' && *p != '.')
			return FALSE;
		dot = dot || *p == '.';
	}
	return before != '.' && before != '-' && (dot || strcmp(domain, "localhost") == 0);
}

char *
address_normalise(const char *text, gboolean domain_too)
{
	const char *at = strrchr(text, '@');

	if (at == NULL || strlen(text) > ADDRESS_MAX)
		return NULL;
	if (!(domain_too && at == text) && !local_is_plain(text, at - text))
		return NULL;

	/* winkel.bücher.nl as xn--..., so that it compares with what mail programs send. */
	g_autofree char *ascii = g_hostname_to_ascii(at + 1);
	if (ascii == NULL)
		return NULL;
	g_autofree char *domain = g_ascii_strdown(ascii, -1);
	if (!domain_is_plain(domain))
		return NULL;

	g_autofree char *local = g_strndup(text, at - text);
	return g_strconcat(local, "@", domain, NULL);
}

/* Length of the local part without its +tag. */
static gsize
untagged(const char *address, const char *at)
{
	const char *plus = memchr(address, '+', at - address);

	return plus != NULL && plus > address ? (gsize) (plus - address) : (gsize) (at - address);
}

gboolean
settings_same_address(const char *ours, const char *addr_spec)
{
	const char *our_at = ours != NULL ? strrchr(ours, '@') : NULL;
	const char *at = strrchr(addr_spec, '@');

	if (our_at == NULL || at == NULL || g_ascii_strcasecmp(our_at, at) != 0)
		return FALSE;
	if (our_at == ours) /* catch-all */
		return TRUE;
	gsize n = untagged(ours, our_at);
	return n == untagged(addr_spec, at) && g_ascii_strncasecmp(ours, addr_spec, n) == 0;
}

gboolean
settings_account_has_address(const Account *account, const char *addr_spec)
{
	for (char **own = account->addresses; own != NULL && *own != NULL; own++)
		if (settings_same_address(*own, addr_spec))
			return TRUE;
	return FALSE;
}

gboolean
settings_account_owns_address(const Account *account, const char *addr_spec)
{
	return settings_account_has_address(account, addr_spec) ||
	       settings_same_address(account->from, addr_spec) ||
	       settings_same_address(account->envelope_from, addr_spec) ||
	       settings_same_address(account->ticket_from, addr_spec);
}

gboolean
settings_is_own_address(const Settings *settings, const char *addr_spec)
{
	for (guint i = 0; i < settings->accounts->len; i++)
		if (settings_account_owns_address(g_ptr_array_index(settings->accounts, i), addr_spec))
			return TRUE;
	for (guint i = 0; i < settings->routes->len; i++) {
		const Route *route = g_ptr_array_index(settings->routes, i);

		if (settings_same_address(route->mail_to, addr_spec))
			return TRUE;
	}
	return settings_same_address(settings->operator_, addr_spec);
}
