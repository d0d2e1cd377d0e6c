/* mailbox-maildir.h - a Maildir mailbox as its two files see it. */
#ifndef AARDIG_MAILBOX_MAILDIR_H
#define AARDIG_MAILBOX_MAILDIR_H

#include "source/source-private.h"

typedef struct {
	char *base, *path;
	gint64 time;
	gint64 nanoseconds;
} Entry;

typedef struct {
	Mailbox base;
	char *path;
	char *key;             /* as the ledger calls this folder */
	char *drafts;
	int watch;             /* inotify, -1 none */
	FolderState state;
	GHashTable *settled;   /* key_of() of base names that have their outcome or are backlog */
	GHashTable *given;     /* handed out since the last wait */
	GHashTable *waiting;   /* base name -> gint64 *: when it is due */
	GPtrArray *entries;    /* Entry, in order of arrival */
	guint at;
	gboolean scanned;
	gint64 scan_time, next_due;
	GError *trouble;       /* with one mail; told when the others have been handed out */
} MaildirMailbox;

void maildir_entry_free(gpointer entry);
char *maildir_mailbox_ref(const MaildirMailbox *self, const char *base);
/* The base name of "maildir:PATH:BASE" or "spool:BASE"; NULL for a ref of another place. */
const char *maildir_mailbox_ref_base(const MaildirMailbox *self, const char *ref);
gboolean maildir_mailbox_save(MaildirMailbox *self, GError **error);
/* Fills entries with what has no outcome and is due. */
gboolean maildir_mailbox_scan(MaildirMailbox *self, GError **error);
void maildir_mailbox_set_settled(MaildirMailbox *self, const char *base);

SourceMail *maildir_mailbox_next(Mailbox *mailbox, GError **error);
gboolean maildir_mailbox_settled(Mailbox *mailbox, const SourceMail *mail, GError **error);
gboolean maildir_mailbox_wait(Mailbox *mailbox, int wake_fd, gint64 timeout_ms, GError **error);

#endif
