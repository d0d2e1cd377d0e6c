/* mailbox-imap-folders.c - which folder is which: Drafts, folders that must not be a source, and
 * the names under which servers hide what the configuration calls "Klachten". */
#include "config.h"

#include <string.h>

#include "aardig/log.h"
#include "source/mailbox-imap.h"

gboolean
imap_mailbox_load_folders(ImapMailbox *self, GError **error)
{
	self->folders = imap_list(self->imap, error);
	return self->folders != NULL;
}

/* Two names for one folder: case of INBOX, and "/" in the configuration for the server's
 * delimiter. */
static gboolean
same_name(const ImapFolder *folder, const char *name)
{
	if (strcmp(folder->name, name) == 0)
		return TRUE;
	if (g_ascii_strcasecmp(folder->name, "INBOX") == 0)
		return g_ascii_strcasecmp(name, "INBOX") == 0;
	if (folder->delimiter == '\0' || folder->delimiter == '/')
		return FALSE;
	g_autofree char *translated = g_strdup(name);
	return strcmp(folder->name, g_strdelimit(translated, "/", folder->delimiter)) == 0;
}

/* Courier and Cyrus keep everything below INBOX. */
static gboolean
same_name_below_inbox(const ImapFolder *folder, const char *name)
{
	if (folder->delimiter == '\0' || g_ascii_strncasecmp(folder->name, "INBOX", 5) != 0 ||
	    folder->name[5] != folder->delimiter)
		return FALSE;
	ImapFolder below = *folder;
	below.name = folder->name + 6;
	return same_name(&below, name);
}

const ImapFolder *
imap_mailbox_find_folder(const ImapMailbox *self, const char *name)
{
	for (guint i = 0; i < self->folders->len; i++) {
		const ImapFolder *folder = g_ptr_array_index(self->folders, i);

		if (same_name(folder, name))
			return folder;
	}
	for (guint i = 0; i < self->folders->len; i++) {
		const ImapFolder *folder = g_ptr_array_index(self->folders, i);

		if (same_name_below_inbox(folder, name))
			return folder;
	}
	return NULL;
}

const char *
imap_mailbox_known_folder(const ImapMailbox *self, const char *name)
{
	const ImapFolder *folder = imap_mailbox_find_folder(self, name);

	return folder != NULL ? folder->name : g_hash_table_lookup(self->made, name);
}

/* ---- folders that are no source ---- */

/* Where the server marks nothing, the usual names speak. */
static const struct {
	gsize flag;
	const char *what;
	const char *names[8];
} no_sources[] = {
	{ G_STRUCT_OFFSET(ImapFolder, drafts), "a Drafts folder",
	  { "Drafts", "Concepten", "Entwürfe", "Brouillons" } },
	{ G_STRUCT_OFFSET(ImapFolder, sent), "a Sent folder",
	  { "Sent", "Sent Items", "Sent Messages", "Verzonden", "Verzonden items", "Gesendet" } },
	{ G_STRUCT_OFFSET(ImapFolder, junk), "a Junk folder",
	  { "Junk", "Spam", "Junk E-mail", "Junk Email", "Ongewenste e-mail" } },
	{ G_STRUCT_OFFSET(ImapFolder, trash), "a Trash folder",
	  { "Trash", "Deleted Items", "Deleted Messages", "Prullenbak", "Papierkorb" } },
	{ G_STRUCT_OFFSET(ImapFolder, all), "a folder with all mail",
	  { "[Gmail]/All Mail", "[Gmail]/Alle berichten" } },
};

static const char *
last_part(const ImapFolder *folder)
{
	const char *end = folder->delimiter != '\0' ? strrchr(folder->name, folder->delimiter) : NULL;

	return end != NULL ? end + 1 : folder->name;
}

static gboolean
is_no_source(const ImapFolder *folder, gsize row)
{
	if (G_STRUCT_MEMBER(gboolean, folder, no_sources[row].flag))
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(no_sources[row].names); i++) {
		const char *name = no_sources[row].names[i];

		if (name != NULL && (g_ascii_strcasecmp(folder->name, name) == 0 ||
		                     g_ascii_strcasecmp(last_part(folder), name) == 0))
			return TRUE;
	}
	return FALSE;
}

static gboolean
no_such_folder(const ImapMailbox *self, const char *name, GError **error)
{
	g_autoptr(GString) there = g_string_new(NULL);
	g_autofree char *quoted = log_quote(name, 80);

	for (guint i = 0; i < self->folders->len && i < 12; i++) {
		const ImapFolder *folder = g_ptr_array_index(self->folders, i);
		g_autofree char *other = log_quote(folder->name, 60);

		g_string_append_printf(there, "%s\"%s\"", there->len > 0 ? ", " : "", other);
	}
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
	            "there is no folder \"%s\" on the server; set folder to one of: %s%s", quoted,
	            there->str, self->folders->len > 12 ? ", ..." : "");
	return FALSE;
}

gboolean
imap_mailbox_check_source(ImapMailbox *self, GError **error)
{
	const ImapFolder *folder = imap_mailbox_find_folder(self, self->key);

	/* INBOX exists even where LIST keeps quiet about it. */
	if (folder == NULL && g_ascii_strcasecmp(self->key, "INBOX") == 0) {
		self->folder = g_strdup("INBOX");
		return TRUE;
	}
	if (folder == NULL || folder->noselect)
		return no_such_folder(self, self->key, error);
	for (gsize i = 0; i < G_N_ELEMENTS(no_sources); i++) {
		if (g_ascii_strcasecmp(folder->name, "INBOX") == 0 || !is_no_source(folder, i))
			continue;
		g_autofree char *quoted = log_quote(folder->name, 80);
		g_set_error(
			error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
			"folder \"%s\" is %s: mail in it must not be answered; set folder to the one where "
			"customers' mail arrives",
			quoted, no_sources[i].what);
		return FALSE;
	}
	self->folder = g_strdup(folder->name);
	return TRUE;
}

/* ---- Drafts ---- */

void
imap_mailbox_find_drafts(ImapMailbox *self)
{
	const char *wanted = self->base.account->drafts;
	const ImapFolder *found = wanted != NULL ? imap_mailbox_find_folder(self, wanted) : NULL;

	if (wanted != NULL) {
		self->drafts = g_strdup(found != NULL ? found->name : wanted);
		return;
	}
	for (guint i = 0; i < self->folders->len && found == NULL; i++) {
		const ImapFolder *folder = g_ptr_array_index(self->folders, i);

		if (folder->drafts && !folder->noselect)
			found = folder;
	}
	for (guint i = 0; source_drafts_names[i] != NULL && found == NULL; i++) {
		const ImapFolder *folder = imap_mailbox_find_folder(self, source_drafts_names[i]);

		if (folder != NULL && !folder->noselect)
			found = folder;
	}
	self->drafts = g_strdup(found != NULL ? found->name : "Drafts");
}

/* ---- making folders ---- */

static char
delimiter(const ImapMailbox *self)
{
	for (guint i = 0; i < self->folders->len; i++) {
		const ImapFolder *folder = g_ptr_array_index(self->folders, i);

		if (folder->delimiter != '\0')
			return folder->delimiter;
	}
	return '\0';
}

/* TRUE if folders lie below INBOX and only there. */
static gboolean
lives_below_inbox(const ImapMailbox *self)
{
	gboolean below = FALSE;

	for (guint i = 0; i < self->folders->len; i++) {
		const ImapFolder *folder = g_ptr_array_index(self->folders, i);

		if (g_ascii_strcasecmp(folder->name, "INBOX") == 0)
			continue;
		if (folder->delimiter == '\0' || g_ascii_strncasecmp(folder->name, "INBOX", 5) != 0 ||
		    folder->name[5] != folder->delimiter)
			return FALSE;
		below = TRUE;
	}
	return below;
}

static char *
below_inbox(const ImapMailbox *self, const char *name)
{
	return g_strdup_printf("INBOX%c%s", delimiter(self), name);
}

/* Makes `name`, or the same below INBOX where the server wants that; *made_out is what it is
 * called. */
static gboolean
make_folder(ImapMailbox *self, const char *name, char **made_out, GError **error)
{
	gboolean inbox = g_ascii_strncasecmp(name, "INBOX", 5) == 0;
	g_autofree char *below =
		delimiter(self) != '\0' && !inbox ? below_inbox(self, name) : NULL;

	if (below != NULL && lives_below_inbox(self)) {
		*made_out = g_steal_pointer(&below);
		return imap_create(self->imap, *made_out, error);
	}
	if (imap_create(self->imap, name, error)) {
		*made_out = g_strdup(name);
		return TRUE;
	}
	if (below == NULL || !imap_create(self->imap, below, NULL))
		return FALSE;
	g_clear_error(error);
	*made_out = g_steal_pointer(&below);
	return TRUE;
}

char *
imap_mailbox_ensure_folder(ImapMailbox *self, const char *name, GError **error)
{
	const char *known = imap_mailbox_known_folder(self, name);
	g_autoptr(GError) local = NULL;
	g_autofree char *made = NULL;

	if (known != NULL)
		return g_strdup(known);
	g_autofree char *wire = g_strdup(name);
	if (delimiter(self) != '\0')
		g_strdelimit(wire, "/", delimiter(self));
	if (make_folder(self, wire, &made, &local)) {
		g_hash_table_insert(self->made, g_strdup(name), g_strdup(made));
		return g_steal_pointer(&made);
	}
	/* Another client may have made it since we looked. */
	g_clear_pointer(&self->folders, g_ptr_array_unref);
	if (!imap_mailbox_load_folders(self, error)) {
		self->folders = g_ptr_array_new();
		return NULL;
	}
	known = imap_mailbox_known_folder(self, name);
	if (known != NULL)
		return g_strdup(known);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}
