/* check.c - what only shows when the whole configuration is read: names that refer to each other,
 * two accounts on one mailbox, mail that would come back to us. */
#include "config.h"

#include <string.h>

#include "settings/settings-private.h"

static const config_setting_t *
account_place(const Reader *reader, guint i)
{
	return g_ptr_array_index(reader->account_places, i);
}

/* ---- shops ---- */

static const Shop *
find_shop(const Settings *settings, const char *name)
{
	for (guint i = 0; i < settings->shops->len; i++) {
		const Shop *shop = g_ptr_array_index(settings->shops, i);

		if (g_strcmp0(shop->name, name) == 0)
			return shop;
	}
	return NULL;
}

static void
unknown_shop(Reader *reader, const config_setting_t *at, const char *name)
{
	GPtrArray *shops = reader->settings->shops;
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < shops->len; i++)
		if (((Shop *) g_ptr_array_index(shops, i))->name != NULL)
			g_ptr_array_add(names, ((Shop *) g_ptr_array_index(shops, i))->name);
	g_ptr_array_add(names, NULL);
	const char *nearest = diagnostics_nearest(name, (const char *const *) names->pdata);
	if (nearest != NULL)
		reader_error(reader, at, "there is no shop \"%s\" (did you mean \"%s\"?)", name, nearest);
	else
		reader_error(reader, at, "there is no shop \"%s\" (name one of shops)", name);
}

static void
settle_shops(Reader *reader)
{
	Settings *settings = reader->settings;

	for (guint i = 0; i < settings->accounts->len; i++) {
		Account *account = g_ptr_array_index(settings->accounts, i);
		const config_setting_t *place = account_place(reader, i);
		const char *name = g_ptr_array_index(reader->shop_names, i);

		if (name != NULL) {
			account->shop = find_shop(settings, name);
			if (account->shop == NULL)
				unknown_shop(reader, reader_member(place, "shop"), name);
		} else if (settings->shops->len > 0) {
			account->shop = g_ptr_array_index(settings->shops, 0);
			if (settings->shops->len > 1 && reader_member(place, "shop") == NULL)
				reader_error(reader, place, "which shop does this account belong to? (add shop = "
				             "\"%s\")", account->shop->name != NULL ? account->shop->name : "...");
		}
	}
}

/* ---- accounts against each other ---- */

static gboolean
same_source(const Account *a, const Account *b)
{
	if (a->source != b->source || a->source == SOURCE_NONE)
		return FALSE;
	if (a->source == SOURCE_MAILDIR)
		return g_strcmp0(a->source_path, b->source_path) == 0;
	return a->imap.host != NULL && b->imap.host != NULL &&
	       g_ascii_strcasecmp(a->imap.host, b->imap.host) == 0 && a->imap.port == b->imap.port &&
	       g_strcmp0(a->imap.user, b->imap.user) == 0 && g_strcmp0(a->folder, b->folder) == 0;
}

static void
check_pair(Reader *reader, guint i, const Account *a, const Account *b)
{
	const config_setting_t *place = account_place(reader, i);

	if (a->name != NULL && g_strcmp0(a->name, b->name) == 0)
		reader_error(reader, reader_member(place, "name"), "two accounts named \"%s\" (rename one)",
		             a->name);
	else if (same_source(a, b))
		reader_error(reader, place, "account \"%s\" watches the same mailbox as \"%s\" (put the "
		             "addresses of both into one account)", a->name, b->name);
}

static void
check_accounts(Reader *reader)
{
	GPtrArray *accounts = reader->settings->accounts;

	for (guint i = 1; i < accounts->len; i++)
		for (guint k = 0; k < i; k++)
			check_pair(reader, i, g_ptr_array_index(accounts, i), g_ptr_array_index(accounts, k));
}

void
check_whole(Reader *reader, const config_setting_t *root)
{
	Settings *settings = reader->settings;

	if (settings->accounts->len > 0 && settings->shops->len == 0 &&
	    reader_member(root, "shop") == NULL && reader_member(root, "shops") == NULL)
		reader_error(reader, root, "no shop (add shop: { name = \"...\"; }, the name customers know)");
	settle_shops(reader);
	check_accounts(reader);
}
