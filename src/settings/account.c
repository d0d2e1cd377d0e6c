/* account.c - accounts: where mail comes from, how it goes out, which addresses are ours. */
#include "config.h"

#include <string.h>

#include "aardig/guard.h"
#include "settings/settings-private.h"

#define NAME_MAX_LENGTH 40

/* ---- release ---- */

static void
form_sender_free(FormSender *form)
{
	if (form == NULL)
		return;
	g_free(form->address);
	g_free(form->secret_field);
	g_free(form->secret_value);
	g_free(form->customer_field);
	g_free(form);
}

void
account_free(Account *account)
{
	if (account == NULL)
		return;
	g_free(account->name);
	g_strfreev(account->addresses);
	endpoint_clear(&account->imap);
	g_free(account->folder);
	g_free(account->source_path);
	endpoint_clear(&account->smtp);
	g_free(account->from);
	g_free(account->envelope_from);
	g_strfreev(account->sendmail);
	g_free(account->maildir);
	g_free(account->drafts);
	g_ptr_array_unref(account->form_senders);
	g_strfreev(account->own_lists);
	g_free(account->authserv_id);
	g_strfreev(account->languages);
	g_strfreev(account->guards_off);
	g_free(account->ticket_from);
	g_free(account->file);
	g_free(account->mode_file);
	g_free(account);
}

/* ---- single keys ---- */

/* The name is part of references in the ledger, of credential names and of log lines. */
void
read_account_name(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const Account *account = base;
	const char *name = account->name;

	if (strlen(name) <= NAME_MAX_LENGTH && g_ascii_isalnum(*name) &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
	        strlen(name))
		return;
	reader_error(reader, from, "name: \"%s\" (use letters, digits, - _ and ., at most %d)", name,
	             NAME_MAX_LENGTH);
}

void
read_account_shop(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const char *name = value_text(reader, from, "the name of a shop");

	/* The list of shops may stand below the accounts; check.c looks the name up. */
	g_ptr_array_index(reader->shop_names, reader->shop_names->len - 1) = g_strdup(name);
}

void
read_addresses(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	Account *account = base;

	for (int i = 0; account->addresses[i] != NULL; i++) {
		const config_setting_t *at = config_setting_is_aggregate(from)
		                                 ? config_setting_get_elem((config_setting_t *) from, i)
		                                 : from;
		char *address = address_normalise(account->addresses[i], TRUE);

		if (address == NULL) {
			reader_error(reader, at,
			             "addresses: \"%s\" is no mail address (write only the address, "
			             "name@domain, or @domain for a catch-all)",
			             account->addresses[i]);
			continue;
		}
		g_free(account->addresses[i]);
		account->addresses[i] = address;
	}
}

void
read_envelope_from(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	Account *account = base;
	g_autofree char *bare = NULL;

	if (config_setting_type(from) == CONFIG_TYPE_STRING && *config_setting_get_string(from) == '\0')
		return; /* the null reverse-path, as "<>" */
	const char *text = value_text(reader, from, "an address or <>");
	if (text == NULL || strcmp(text, "<>") == 0)
		return;
	gsize length = strlen(text);
	if (text[0] == '<' && text[length - 1] == '>')
		text = bare = g_strndup(text + 1, length - 2);
	char *address = address_normalise(text, FALSE);
	if (address == NULL) {
		reader_error(reader, from,
		             "envelope_from: \"%s\" is no mail address (write name@domain, or "
		             "\"<>\" for the null sender)",
		             text);
		return;
	}
	g_free(account->envelope_from);
	account->envelope_from = address;
}

/* What servers and mail programs call the folders that hold no customer's mail. */
static const char *const not_sources[] = { "Drafts",
	                                       "Draft",
	                                       "Concepten",
	                                       "Entw\u00fcrfe",
	                                       "Brouillons",
	                                       "Sent",
	                                       "Sent Items",
	                                       "Sent Messages",
	                                       "Sent Mail",
	                                       "Verzonden",
	                                       "Verzonden items",
	                                       "Verzonden berichten",
	                                       "Gesendet",
	                                       "Gesendete Elemente",
	                                       "Envoy\u00e9s",
	                                       "\u00c9l\u00e9ments envoy\u00e9s",
	                                       "Junk",
	                                       "Junk Email",
	                                       "Junk E-mail",
	                                       "Spam",
	                                       "Ongewenste e-mail",
	                                       "Ongewenst",
	                                       "Bulk",
	                                       "Trash",
	                                       "Deleted Items",
	                                       "Deleted Messages",
	                                       "Prullenbak",
	                                       "Verwijderde items",
	                                       "Bin",
	                                       "Papierkorb",
	                                       "Corbeille",
	                                       "All Mail",
	                                       "Alle berichten",
	                                       "Alle e-mail",
	                                       "Outbox",
	                                       "Postvak UIT" };

void
read_source_folder(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const Account *account = base;
	const char *leaf = account->folder;

	/* "INBOX.Sent", "[Gmail]/Verzonden berichten" */
	for (const char *p = leaf; *p != '\0'; p++)
		if ((*p == '/' || *p == '.') && p[1] != '\0')
			leaf = p + 1;
	g_autofree char *folded = g_utf8_casefold(leaf, -1);
	for (gsize i = 0; i < G_N_ELEMENTS(not_sources); i++) {
		g_autofree char *other = g_utf8_casefold(not_sources[i], -1);

		if (strcmp(folded, other) == 0) {
			reader_error(reader, from,
			             "folder: \"%s\" holds no mail from customers, and answering it "
			             "could go round in circles (watch INBOX or a folder of its own)",
			             account->folder);
			return;
		}
	}
}

/* A List-Id as it is compared: without name and angle brackets (RFC 2919 s.3). */
void
read_own_lists(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	Account *account = base;

	for (char **list = account->own_lists; *list != NULL; list++) {
		const char *start = strchr(*list, '<');
		const char *end = start != NULL ? strchr(start, '>') : NULL;

		if (end != NULL) {
			char *bare = g_strndup(start + 1, end - start - 1);

			g_free(*list);
			*list = bare;
		}
		if (**list == '\0' || strpbrk(*list, " <>@") != NULL)
			reader_error(reader, from,
			             "own_lists: \"%s\" is no List-Id (write what stands between < "
			             "and > in the List-Id field: \"info.winkel.nl\")",
			             *list);
	}
}

void
read_authserv_id(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const Account *account = base;

	if (strpbrk(account->authserv_id, " ;()<>@") != NULL)
		reader_error(reader, from,
		             "authserv_id: \"%s\" (write the first word of the "
		             "Authentication-Results field your own server adds, or \"topmost\")",
		             account->authserv_id);
}

void
read_guards_off(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const Account *account = base;
	const char *const *names = guard_names();
	g_autoptr(GString) allowed = g_string_new(NULL);

	for (int i = 0; names[i] != NULL; i++)
		if (guard_class(names[i]) != GUARD_NEVER)
			g_string_append_printf(allowed, "%s%s", allowed->len > 0 ? ", " : "", names[i]);
	for (int i = 0; account->guards_off[i] != NULL; i++) {
		const char *name = account->guards_off[i];
		const config_setting_t *at = config_setting_is_aggregate(from)
		                                 ? config_setting_get_elem((config_setting_t *) from, i)
		                                 : from;
		const char *nearest = diagnostics_nearest(name, names);

		if (g_strv_contains(names, name)) {
			if (guard_class(name) == GUARD_NEVER)
				reader_error(reader, at,
				             "guards_off: %s cannot be switched off, mail could go round in "
				             "circles "
				             "(these can: %s)",
				             name, allowed->str);
		} else if (nearest != NULL) {
			reader_error(reader, at, "guards_off: there is no guard \"%s\" (did you mean \"%s\"?)",
			             name, nearest);
		} else {
			reader_error(reader, at,
			             "guards_off: there is no guard \"%s\" (these can be switched "
			             "off: %s)",
			             name, allowed->str);
		}
	}
}

/* ---- contact forms ---- */

static void
add_form(Reader *reader, const config_setting_t *group)
{
	FormSender *form = g_new0(FormSender, 1);

	reader_defaults(form_keys, form);
	reader_group(reader, group, form_keys, form);
	g_ptr_array_add(reader->account->form_senders, form);
	if (form->address == NULL && reader_member(group, "address") == NULL)
		reader_error(reader, group,
		             "a form sender without an address (add address = \"...\", the "
		             "From of the form's mails)");
	if ((reader_member(group, "secret_field") == NULL) !=
	    (reader_member(group, "secret_value") == NULL))
		reader_error(reader, group, "secret_field and secret_value go together (add the other)");
}

void
read_form_senders(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	reader_list(reader, from, key, add_form);
}

/* ---- where mail comes from ---- */

static void
check_source(Reader *reader, const config_setting_t *group, Account *account)
{
	static const char *const imap_only[] = { "host",          "port",     "tls",
		                                     "ca_file",       "user",     "password_command",
		                                     "password_file", "password", "token_command",
		                                     "folder" };
	const config_setting_t *path = reader_member(group, "path");
	g_autofree char *credential = g_strconcat(account->name, ".imap", NULL);

	if (account->source == SOURCE_NONE) {
		if (reader_member(group, "type") == NULL)
			reader_error(reader, group, "source has no type (add type = \"imap\" or \"maildir\")");
		return;
	}
	if (account->source == SOURCE_IMAP) {
		if (path != NULL)
			reader_error(reader, path, "path is for type = \"maildir\" (for IMAP: folder)");
		check_endpoint(reader, group, &account->imap, TRUE, credential);
		return;
	}
	if (path == NULL)
		reader_error(reader, group, "source has no path (add path = \"...\", the Maildir)");
	for (gsize i = 0; i < G_N_ELEMENTS(imap_only); i++)
		if (reader_member(group, imap_only[i]) != NULL)
			reader_error(reader, reader_member(group, imap_only[i]),
			             "%s is for type = \"imap\" (remove it)", imap_only[i]);
}

/* ---- one account ---- */

/* From falls back to the first address that is one; "@winkel.nl" is none. */
static void
settle_from(Reader *reader, const config_setting_t *group, Account *account)
{
	static const char *const twice[] = { "from", "envelope_from" };
	const config_setting_t *smtp = reader_member(group, "smtp");

	for (gsize i = 0; i < G_N_ELEMENTS(twice) && smtp != NULL && config_setting_is_group(smtp); i++)
		if (reader_member(group, twice[i]) != NULL && reader_member(smtp, twice[i]) != NULL)
			reader_error(reader, reader_member(group, twice[i]), "%s stands in smtp too (keep one)",
			             twice[i]);
	for (char **a = account->addresses; account->from == NULL && a != NULL && *a != NULL; a++)
		if (**a != '@')
			account->from = g_strdup(*a);
	if (account->from == NULL && account->addresses != NULL && account->addresses[0] != NULL)
		reader_error(reader, group,
		             "no From for acknowledgements (add from = \"info@...\": "
		             "addresses has only a catch-all)");
	if (account->ticket_from == NULL)
		account->ticket_from = g_strdup(account->from);
}

static void
check_ways(Reader *reader, const config_setting_t *group, Account *account)
{
	const config_setting_t *smtp = reader_member(group, "smtp");
	g_autofree char *credential = g_strconcat(account->name, ".smtp", NULL);

	if (smtp != NULL && config_setting_is_group(smtp)) {
		/* With sendmail the group may still name from and envelope_from. */
		if (account->sendmail == NULL || account->smtp.host != NULL)
			check_endpoint(reader, smtp, &account->smtp, FALSE, credential);
		if (account->sendmail != NULL && account->smtp.host != NULL)
			reader_error(reader, reader_member(group, "sendmail"),
			             "both smtp and sendmail (keep one)");
	}
	if (account->mode == MODE_SEND && smtp == NULL && account->sendmail == NULL)
		reader_error(reader, group,
		             "mode is \"send\" but there is no way to send (add smtp: { host = "
		             "...; } or sendmail = \"/usr/sbin/sendmail\")");
	if (reader_member(group, "source") == NULL && reader_member(group, "maildir") == NULL)
		reader_error(reader, group,
		             "an account without mail (add source: { ... }, or maildir = "
		             "\"...\" for aardig deliver)");
}

static void
note_places(const Reader *reader, const config_setting_t *group, Account *account)
{
	const config_setting_t *mode = reader_member(group, "mode");
	const char *file;

	reader_place(reader, group, &file, &account->line);
	account->file = g_strdup(file);
	reader_place(reader, mode != NULL ? mode : group, &file, &account->mode_line);
	account->mode_file = g_strdup(file);
}

static void
add_account(Reader *reader, const config_setting_t *group)
{
	Account *account = g_new0(Account, 1);

	account->form_senders = g_ptr_array_new_with_free_func((GDestroyNotify) form_sender_free);
	account->envelope_from = g_strdup("");
	reader_defaults(account_keys, account);
	reader->account = account;
	g_ptr_array_add(reader->settings->accounts, account);
	g_ptr_array_add(reader->account_places, (gpointer) group);
	g_ptr_array_add(reader->shop_names, NULL);
	reader_group(reader, group, account_keys, account);
	note_places(reader, group, account);

	if (account->name == NULL && reader_member(group, "name") == NULL)
		reader_error(reader, group, "an account without a name (add name = \"info\")");
	if (account->addresses == NULL || account->addresses[0] == NULL)
		if (reader_member(group, "addresses") == NULL ||
		    config_setting_length(reader_member(group, "addresses")) == 0)
			reader_error(reader, group,
			             "an account without addresses (add addresses = "
			             "[\"info@...\"], aliases too)");
	const config_setting_t *source = reader_member(group, "source");
	if (source != NULL && config_setting_is_group(source))
		check_source(reader, source, account);
	if (account->drafts != NULL && g_strcmp0(account->drafts, account->folder) == 0 &&
	    account->source == SOURCE_IMAP)
		reader_error(reader, reader_member(group, "drafts"),
		             "drafts is the folder that is watched "
		             "(name another, or leave it out: the server knows its Drafts folder)");
	check_ways(reader, group, account);
	settle_from(reader, group, account);
}

void
read_accounts(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	reader_list(reader, from, key, add_account);
}
