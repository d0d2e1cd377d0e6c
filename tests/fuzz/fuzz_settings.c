/* fuzz_settings.c - a configuration of any bytes: refused with messages, or whole and usable. */
#include "config.h"

#include <string.h>

#include "settings/settings-private.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What is loaded must hold what its header promises. */
static void
use(const Settings *settings)
{
	g_assert(settings->shops->len > 0 && settings->routes->len > 0);
	g_assert(settings->timezone != NULL && settings->state_dir != NULL);
	g_assert(settings_route(settings, "a", "other", "neutral", "nl", NULL, FALSE, TRUE) != NULL);
	for (guint i = 0; i < settings->accounts->len; i++) {
		const Account *account = g_ptr_array_index(settings->accounts, i);

		g_assert(account->name != NULL && account->shop != NULL && account->from != NULL);
		g_assert(settings_is_own_address(settings, account->from));
		g_assert(settings_account(settings, account->name) != NULL);
		g_assert(account->imap.host == NULL || account->imap.port != 0);
	}
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(Settings) settings =
	    settings_load_text("fuzz.conf", (const char *) data, size, diag);

	g_assert((settings != NULL) == (diagnostics_errors(diag) == 0));
	if (settings != NULL)
		use(settings);
	return 0;
}
