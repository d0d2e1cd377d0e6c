/* mailbox-imap.c - an IMAP mailbox: opening, waiting, and what is done to it. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "aardig/log.h"
#include "source/mailbox-imap.h"

static void
mail_free(gpointer mail)
{
	source_mail_free(mail);
}

static void
imap_mailbox_close(Mailbox *mailbox)
{
	ImapMailbox *self = (ImapMailbox *) mailbox;

	/* What is not written down here is found again in the ledger, mail by mail. */
	if (self->unsaved > 0)
		imap_mailbox_save(self, NULL);
	imap_mailbox_forget_ahead(self);
	imap_close(self->imap);
	g_free(self->folder);
	g_free(self->drafts);
	g_clear_pointer(&self->folders, g_ptr_array_unref);
	g_clear_pointer(&self->infos, g_ptr_array_unref);
	g_hash_table_unref(self->made);
	g_hash_table_unref(self->settled);
	g_hash_table_unref(self->waiting);
	g_hash_table_unref(self->given);
	g_array_unref(self->known);
	g_array_unref(self->pending);
	g_array_unref(self->doubtful);
	g_queue_free_full(self->ready, mail_free);
	g_clear_error(&self->trouble);
	g_free(self);
}

/* ---- waiting ---- */

static gboolean
imap_mailbox_wait(Mailbox *mailbox, int wake_fd, gint64 timeout_ms, GError **error)
{
	ImapMailbox *self = (ImapMailbox *) mailbox;
	gboolean news = FALSE;

	self->searched = FALSE;
	g_hash_table_remove_all(self->given);
	if (self->look_again) {
		self->look_again = FALSE;
		return TRUE;
	}
	return imap_idle(self->imap, wake_fd, source_wait_time(self->next_due, timeout_ms), &news,
	                 error);
}

/* ---- what it can do ---- */

static const char *
imap_mailbox_drafts_name(const Mailbox *mailbox)
{
	return ((const ImapMailbox *) mailbox)->drafts;
}

static gboolean
select_source(ImapMailbox *self, GError **error)
{
	return imap_select(self->imap, self->folder, self->base.options.dry_run, &self->info, error);
}

/* A second look into another folder takes the first one away for a moment. */
static gboolean
folder_has(ImapMailbox *self, const char *folder, const char *message_id, gboolean *found_out,
           GError **error)
{
	ImapMailboxInfo info;
	guint32 uid = 0, validity = self->info.uidvalidity;
	gboolean same = strcmp(folder, self->folder) == 0;

	if (!same && !imap_select(self->imap, folder, TRUE, &info, error))
		return FALSE;
	g_autoptr(GError) local = NULL;
	gboolean ok = imap_find_message_id(self->imap, message_id, &uid, &local);
	self->look_again = TRUE;
	if (!same && !select_source(self, ok ? error : NULL))
		return FALSE;
	if (!ok) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (self->info.uidvalidity != validity) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
		            "folder \"%s\" was replaced while it was open", self->folder);
		return FALSE;
	}
	*found_out = uid != 0;
	return TRUE;
}

/* Runs `store` into the folder; where it was removed since we looked, it is made again. */
static gboolean
append_to(ImapMailbox *self, const char *name, const char *flags, GBytes *message, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autofree char *folder = imap_mailbox_ensure_folder(self, name, error);

	if (folder == NULL)
		return FALSE;
	if (imap_append(self->imap, folder, flags, message, NULL, &local))
		return TRUE;
	if (!g_error_matches(local, AARDIG_ERROR, AARDIG_ERROR_GONE)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	return imap_create(self->imap, folder, error) &&
	       imap_append(self->imap, folder, flags, message, NULL, error);
}

static gboolean
imap_mailbox_append(Mailbox *mailbox, const char *folder, GBytes *message, const char *message_id,
                    gboolean look_up, GError **error)
{
	ImapMailbox *self = (ImapMailbox *) mailbox;
	const char *name = folder != NULL ? folder : self->drafts;
	const char *there = imap_mailbox_known_folder(self, name);
	gboolean found = FALSE;

	if (look_up && there != NULL) {
		if (!folder_has(self, there, message_id, &found, error))
			return FALSE;
		if (found)
			return TRUE;
	}
	return append_to(self, name, folder == NULL ? "\\Draft \\Seen" : NULL, message, error);
}

static gboolean
imap_mailbox_file(Mailbox *mailbox, const SourceMail *mail, const char *folder, gboolean copy,
                  GError **error)
{
	ImapMailbox *self = (ImapMailbox *) mailbox;
	guint32 uid = imap_mailbox_ref_uid(self, mail->ref);
	g_autoptr(GError) local = NULL;

	if (uid == 0) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "%s is not in this mailbox",
		            mail->ref);
		return FALSE;
	}
	g_autofree char *name = imap_mailbox_ensure_folder(self, folder, error);
	if (name == NULL)
		return FALSE;
	if (strcmp(name, self->folder) == 0)
		return TRUE;
	if (imap_move(self->imap, uid, name, copy, &local))
		return TRUE;
	if (!g_error_matches(local, AARDIG_ERROR, AARDIG_ERROR_GONE)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	return imap_create(self->imap, name, error) && imap_move(self->imap, uid, name, copy, error);
}

static gboolean
imap_mailbox_flag(Mailbox *mailbox, const SourceMail *mail, const char *const *keywords,
                  GError **error)
{
	ImapMailbox *self = (ImapMailbox *) mailbox;
	guint32 uid = imap_mailbox_ref_uid(self, mail->ref);

	return uid == 0 || imap_store_keywords(self->imap, uid, keywords, error);
}

static const MailboxOps imap_ops = {
	.close = imap_mailbox_close,
	.next = imap_mailbox_next,
	.has_more = imap_mailbox_has_more,
	.settled = imap_mailbox_settled,
	.wait = imap_mailbox_wait,
	.drafts_name = imap_mailbox_drafts_name,
	.append = imap_mailbox_append,
	.file = imap_mailbox_file,
	.flag = imap_mailbox_flag,
};

/* ---- opening ---- */

static ImapMailbox *
imap_mailbox_new(const Account *account, Ledger *ledger, const MailboxOptions *options)
{
	ImapMailbox *self = g_new0(ImapMailbox, 1);

	self->base = (Mailbox) { &imap_ops, account, ledger, *options };
	self->key = account->folder != NULL && g_ascii_strcasecmp(account->folder, "INBOX") != 0
	                ? account->folder
	                : "INBOX";
	self->made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	self->settled = g_hash_table_new(NULL, NULL);
	self->waiting = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	self->given = g_hash_table_new(NULL, NULL);
	self->known = g_array_new(FALSE, FALSE, sizeof(guint32));
	self->pending = g_array_new(FALSE, FALSE, sizeof(guint32));
	self->doubtful = g_array_new(FALSE, FALSE, sizeof(guint32));
	self->ready = g_queue_new();
	self->streams = account->mode == MODE_OBSERVE && !options->dry_run;
	return self;
}

Mailbox *
mailbox_imap_open(const Account *account, Ledger *ledger, const MailboxOptions *options,
                  GError **error)
{
	ImapMailbox *self = imap_mailbox_new(account, ledger, options);

	self->imap = imap_open(&account->imap, account->timeout, error);
	if (self->imap != NULL && imap_mailbox_load_folders(self, error) &&
	    imap_mailbox_check_source(self, error) && select_source(self, error) &&
	    imap_mailbox_sync(self, error)) {
		imap_mailbox_find_drafts(self);
		return &self->base;
	}
	imap_mailbox_close(&self->base);
	return NULL;
}
