/* mailbox.c - one face for IMAP mailboxes and Maildirs. */
#include "config.h"

#include "aardig/clock.h"
#include "source/source-private.h"

const char *const source_drafts_names[] = {
	"Drafts", "Concepten", "Entwürfe", "Brouillons", "INBOX.Drafts", "INBOX/Drafts",
	"INBOX.Concepten",
	"INBOX/Concepten", "INBOX.Entwürfe", "INBOX.Brouillons", "[Gmail]/Drafts", "[Gmail]/Concepten",
	"[Gmail]/Entwürfe", "[Gmail]/Brouillons", "[Google Mail]/Drafts", "[Google Mail]/Entwürfe",
	"Draft", "Kladjes", NULL,
};

void
source_mail_free(SourceMail *mail)
{
	if (mail == NULL)
		return;
	g_clear_pointer(&mail->raw, g_bytes_unref);
	g_clear_pointer(&mail->header, g_bytes_unref);
	g_free(mail->ref);
	g_free(mail->envelope_sender);
	g_free(mail->envelope_recipient);
	g_free(mail);
}

gint64
source_wait_time(gint64 due, gint64 timeout_ms)
{
	gint64 left = due > 0 ? (due - clock_now()) * 1000 : timeout_ms;

	return CLAMP(left, 0, MAX(timeout_ms, 0));
}

Mailbox *
mailbox_open(const Account *account, Ledger *ledger, const MailboxOptions *options, GError **error)
{
	g_assert(ledger != NULL || options->dry_run);
	switch (account->source) {
	case SOURCE_IMAP:
		return mailbox_imap_open(account, ledger, options, error);
	case SOURCE_MAILDIR:
		return mailbox_maildir_open(account, ledger, options, error);
	case SOURCE_NONE:
		break;
	}
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
	            "account '%s' has no source (add source = { type = \"imap\"; ... })",
	            account->name);
	return NULL;
}

void
mailbox_close(Mailbox *mailbox)
{
	if (mailbox != NULL)
		mailbox->ops->close(mailbox);
}

SourceMail *
mailbox_next(Mailbox *mailbox, GError **error)
{
	return mailbox->ops->next(mailbox, error);
}

gboolean
mailbox_has_more(const Mailbox *mailbox)
{
	return mailbox->ops->has_more != NULL && mailbox->ops->has_more(mailbox);
}

gboolean
mailbox_settled(Mailbox *mailbox, const SourceMail *mail, GError **error)
{
	return mailbox->ops->settled(mailbox, mail, error);
}

gboolean
mailbox_wait(Mailbox *mailbox, int wake_fd, gint64 timeout_ms, GError **error)
{
	return mailbox->options.once || mailbox->ops->wait(mailbox, wake_fd, timeout_ms, error);
}

const char *
mailbox_drafts_name(const Mailbox *mailbox)
{
	return mailbox->ops->drafts_name(mailbox);
}

/* A dry run changes nothing, whoever asks. */
gboolean
mailbox_append(Mailbox *mailbox, const char *folder, GBytes *message, const char *message_id,
               gboolean look_up, GError **error)
{
	return mailbox->options.dry_run ||
	       mailbox->ops->append(mailbox, folder, message, message_id, look_up, error);
}

gboolean
mailbox_file(Mailbox *mailbox, const SourceMail *mail, const char *folder, gboolean copy,
             GError **error)
{
	return mailbox->options.dry_run || mailbox->ops->file(mailbox, mail, folder, copy, error);
}

gboolean
mailbox_flag(Mailbox *mailbox, const SourceMail *mail, const char *const *keywords, GError **error)
{
	return mailbox->options.dry_run || mailbox->ops->flag(mailbox, mail, keywords, error);
}
