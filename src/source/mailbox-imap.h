/* mailbox-imap.h - an IMAP mailbox as its five files see it. */
#ifndef AARDIG_MAILBOX_IMAP_H
#define AARDIG_MAILBOX_IMAP_H

#include "aardig/net.h"
#include "source/source-private.h"

typedef struct {
	Mailbox base;
	ImapSession *imap;
	char *folder;           /* as the server calls it */
	const char *key;        /* as refs and the ledger call it: the configured name */
	ImapMailboxInfo info;

	GPtrArray *folders;     /* ImapFolder, at the time of opening */
	GHashTable *made;       /* folders made since: configured name -> the server's */
	char *drafts;           /* name; it may not exist yet */

	FolderState state;
	guint unsaved;          /* outcomes since the watermark was last written down */
	gboolean distrust_refs; /* the server gives numbers anew that the ledger knows */
	GHashTable *settled;    /* UIDs above the watermark that have their outcome */
	GHashTable *waiting;    /* UID -> gint64 *: when it is due (0: was begun, not finished) */
	GHashTable *given;      /* UIDs handed out since the last wait */

	GArray *known;          /* UIDs above the watermark, as of the last search */
	guint known_at;         /* those before are below the watermark by now */
	GArray *pending;        /* of these, what is still to be handed out */
	guint pending_at;
	GPtrArray *infos;       /* ImapMessage of the pending ones that come next */
	guint infos_at;
	guint asked_to;         /* of the pending ones, these have been asked for their size */
	GQueue asked, batches;  /* commands under way, for sizes and for bodies */
	gsize batch_bytes;
	gboolean streams;       /* the mails are handled as quickly as they come */
	GArray *doubtful;       /* UIDs that are asked for one by one */
	guint doubtful_at, reconnects;
	GQueue *ready;          /* SourceMail */
	gboolean searched;
	gint64 search_time;
	gint64 next_due;
	GError *trouble;        /* with one mail; told when the others have been handed out */
	gboolean look_again;    /* another folder was selected meanwhile: news may have been missed */
} ImapMailbox;

/* Settles UIDVALIDITY, first start and --since with the ledger (mailbox-imap-sync.c). */
gboolean imap_mailbox_sync(ImapMailbox *self, GError **error);
/* Writes watermark and time of the last good poll down. */
gboolean imap_mailbox_save(ImapMailbox *self, GError **error);
/* Ends what the ledger has open and the search no longer found. */
gboolean imap_mailbox_settle_missing(ImapMailbox *self, GError **error);

char *imap_mailbox_ref(const ImapMailbox *self, guint32 uid);
/* UID of a ref of this mailbox as it is now; 0 for any other. */
guint32 imap_mailbox_ref_uid(const ImapMailbox *self, const char *ref);

SourceMail *imap_mailbox_next(Mailbox *mailbox, GError **error);
gboolean imap_mailbox_has_more(const Mailbox *mailbox);
gboolean imap_mailbox_settled(Mailbox *mailbox, const SourceMail *mail, GError **error);

/* Bodies ahead (mailbox-imap-ahead.c). */
/* One step: FALSE if there is nothing to be had this way, or what is doubtful comes first. */
gboolean imap_mailbox_fetch_ahead(ImapMailbox *self);
gboolean imap_mailbox_has_ahead(const ImapMailbox *self);
/* Before the session they belong to is closed. */
void imap_mailbox_forget_ahead(ImapMailbox *self);
SourceMail *imap_mailbox_mail_new(const ImapMailbox *self, guint32 uid);
void imap_mailbox_push_gone(ImapMailbox *self, guint32 uid);
/* body may be NULL: the server has the mail and sends nothing of it (NIL); a human will see
 * that. */
void imap_mailbox_push_mail(ImapMailbox *self, const ImapMessage *info, GBytes *body);
/* Several mails in a row. What their sizes have promised is not believed. */
void imap_mailbox_push_bodies(ImapMailbox *self, const ImapMessage *const *infos, guint n,
                              const GPtrArray *bodies);
/* Dovecot's answer for a mail that another session has just removed is NIL, as if it were there. */
gboolean imap_mailbox_is_hollow(const ImapMessage *body, const ImapMessage *info);

/* Folders (mailbox-imap-folders.c). */
gboolean imap_mailbox_load_folders(ImapMailbox *self, GError **error);
/* The server's name for a configured one ("a/b" for "INBOX.a.b"), or NULL if there is none. */
const ImapFolder *imap_mailbox_find_folder(const ImapMailbox *self, const char *name);
/* The same for one that may have been made since; NULL if there is none. */
const char *imap_mailbox_known_folder(const ImapMailbox *self, const char *name);
/* CONFIG: it does not exist, or is none that mail may be taken from. */
gboolean imap_mailbox_check_source(ImapMailbox *self, GError **error);
/* The server's name; the folder is made if it does not exist. Caller frees. */
char *imap_mailbox_ensure_folder(ImapMailbox *self, const char *name, GError **error);
void imap_mailbox_find_drafts(ImapMailbox *self);

#endif
