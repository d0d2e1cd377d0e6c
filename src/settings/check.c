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
				reader_error(reader, place,
				             "which shop does this account belong to? (add shop = "
				             "\"%s\")",
				             account->shop->name != NULL ? account->shop->name : "...");
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
		reader_error(reader, place,
		             "account \"%s\" watches the same mailbox as \"%s\" (put the "
		             "addresses of both into one account)",
		             a->name, b->name);
}

static void
check_accounts(Reader *reader)
{
	GPtrArray *accounts = reader->settings->accounts;

	for (guint i = 1; i < accounts->len; i++)
		for (guint k = 0; k < i; k++)
			check_pair(reader, i, g_ptr_array_index(accounts, i), g_ptr_array_index(accounts, k));
}

/* ---- routes against accounts ---- */

static const config_setting_t *
route_place(const config_setting_t *root, guint i, const char *key)
{
	const config_setting_t *routes = reader_member(root, "routes");
	const config_setting_t *route = config_setting_get_elem((config_setting_t *) routes, i);

	return reader_member(route, key);
}

static void
check_route_accounts(Reader *reader, const config_setting_t *at, char *const *names)
{
	GPtrArray *accounts = reader->settings->accounts;
	g_autoptr(GPtrArray) known = g_ptr_array_new();

	for (guint i = 0; i < accounts->len; i++)
		if (((Account *) g_ptr_array_index(accounts, i))->name != NULL)
			g_ptr_array_add(known, ((Account *) g_ptr_array_index(accounts, i))->name);
	g_ptr_array_add(known, NULL);
	for (; names != NULL && *names != NULL; names++) {
		const char *const *all = (const char *const *) known->pdata;

		if (g_strv_contains(all, *names))
			continue;
		const char *nearest = diagnostics_nearest(*names, all);
		if (nearest != NULL)
			reader_error(reader, at, "there is no account \"%s\" (did you mean \"%s\"?)", *names,
			             nearest);
		else
			reader_error(reader, at, "there is no account \"%s\" (use the name of one)", *names);
	}
}

static gboolean
can_send(const Account *account)
{
	return account->smtp.host != NULL || account->sendmail != NULL;
}

/* Mail that this route puts where this account finds it again. */
static void
check_route_account(Reader *reader, const config_setting_t *root, guint i, const Route *route,
                    const Account *account)
{
	if (account->name == NULL ||
	    (route->account != NULL &&
	     !g_strv_contains((const char *const *) route->account, account->name)))
		return;
	if (route->folder != NULL && account->source == SOURCE_IMAP &&
	    g_strcmp0(route->folder, account->folder) == 0)
		reader_error(reader, route_place(root, i, "folder"),
		             "folder: account \"%s\" watches \"%s\" "
		             "itself (name another folder)",
		             account->name, route->folder);
	if (route->mail_to != NULL && account->mode != MODE_OBSERVE && !can_send(account))
		reader_error(reader, route_place(root, i, "mail_to"),
		             "mail_to: account \"%s\" has no way to "
		             "send (give it smtp: { ... } or sendmail, or add when: { account = ...; })",
		             account->name);
}

/* The same for every account, whichever the route is for. */
static void
check_route_returns(Reader *reader, const config_setting_t *root, guint i, const Route *route,
                    const Account *account)
{
	if (route->maildir != NULL && (g_strcmp0(route->maildir, account->source_path) == 0 ||
	                               g_strcmp0(route->maildir, account->maildir) == 0))
		reader_error(reader, route_place(root, i, "maildir"),
		             "maildir: account \"%s\" takes its mail "
		             "from %s (name another Maildir)",
		             account->name, route->maildir);
	if (route->mail_to != NULL && account->addresses != NULL &&
	    settings_account_has_address(account, route->mail_to))
		reader_warning(reader, route_place(root, i, "mail_to"),
		               "mail_to: %s is an address of account "
		               "\"%s\": tickets arrive in the mailbox that is watched (they are recognised "
		               "and left alone there; a mailbox of the team's own is clearer)",
		               route->mail_to, account->name);
}

static void
check_routes(Reader *reader, const config_setting_t *root)
{
	Settings *settings = reader->settings;

	for (guint i = 0; i < settings->routes->len; i++) {
		const Route *route = g_ptr_array_index(settings->routes, i);

		if (route->account != NULL)
			check_route_accounts(reader, route_place(root, i, "when"), route->account);
		for (guint k = 0; k < settings->accounts->len; k++) {
			const Account *account = g_ptr_array_index(settings->accounts, k);

			check_route_account(reader, root, i, route, account);
			check_route_returns(reader, root, i, route, account);
		}
	}
}

static void
check_operator(Reader *reader, const config_setting_t *root)
{
	Settings *settings = reader->settings;
	const config_setting_t *at = reader_member(root, "operator");
	gboolean way = settings->operator_smtp.host != NULL;

	if (settings->operator_ == NULL)
		return;
	for (guint i = 0; i < settings->accounts->len; i++) {
		const Account *account = g_ptr_array_index(settings->accounts, i);

		way = way || can_send(account);
		if (account->addresses != NULL &&
		    settings_account_has_address(account, settings->operator_))
			reader_warning(reader, at,
			               "operator: %s is an address of account \"%s\": when that "
			               "mailbox is in trouble, nobody hears of it (use another mailbox)",
			               settings->operator_, account->name);
	}
	if (!way && settings->accounts->len > 0)
		reader_warning(reader, at,
		               "operator: there is no way to send mail (add smtp to an account, or "
		               "operator_smtp)");
}

/* ---- labels: only `check` and `run` know the rules ---- */

static void
check_labels(const Route *route, const char *what, char *const *used, const char *const *known,
             Diagnostics *diag)
{
	for (; used != NULL && *used != NULL; used++) {
		if (known == NULL || g_strv_contains(known, *used))
			continue;
		const char *nearest = diagnostics_nearest(*used, known);
		if (nearest != NULL) {
			diagnostics_error(diag, route->file, route->line,
			                  "when: no rule gives the %s \"%s\" (did "
			                  "you mean \"%s\"?)",
			                  what, *used, nearest);
		} else {
			g_autofree char *all = g_strjoinv(", ", (char **) known);
			diagnostics_error(diag, route->file, route->line,
			                  "when: no rule gives the %s \"%s\" "
			                  "(known: %s)",
			                  what, *used, all);
		}
	}
}

void
settings_check_labels(const Settings *settings, const char *const *types, const char *const *tones,
                      Diagnostics *diag)
{
	for (guint i = 0; i < settings->routes->len; i++) {
		const Route *route = g_ptr_array_index(settings->routes, i);

		check_labels(route, "type", route->type, types, diag);
		check_labels(route, "tone", route->tone, tones, diag);
	}
}

void
check_whole(Reader *reader, const config_setting_t *root)
{
	Settings *settings = reader->settings;

	if (settings->accounts->len > 0 && settings->shops->len == 0 &&
	    reader_member(root, "shop") == NULL && reader_member(root, "shops") == NULL)
		reader_error(reader, root,
		             "no shop (add shop: { name = \"...\"; }, the name customers know)");
	settle_shops(reader);
	check_accounts(reader);
	/* Places of routes are found by their index: only if every one of them was read. */
	const config_setting_t *routes = reader_member(root, "routes");
	if (routes != NULL && (guint) config_setting_length(routes) == settings->routes->len)
		check_routes(reader, root);
	check_operator(reader, root);
}
