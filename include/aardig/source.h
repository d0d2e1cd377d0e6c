/* source.h - the next raw mail with its reference, and the mailbox it lies in: IMAP or Maildir.
 *
 * A Mailbox is where mail comes from and where drafts, copies and keywords go. Reading never
 * changes \Seen. Every call has a deadline (Account.timeout). TEMPORARY errors mean: close,
 * back off, open again. */
#ifndef AARDIG_SOURCE_H
#define AARDIG_SOURCE_H

#include <glib.h>

#include "aardig/ledger.h"
#include "aardig/settings.h"

G_BEGIN_DECLS

typedef struct Mailbox Mailbox;

typedef struct {
	GBytes *raw;        /* NULL: over MESSAGE_MAX_SIZE; header then holds the first 256 KiB */
	GBytes *header;     /* only when raw is NULL */
	gsize size;         /* as the server says */
	char *ref;          /* ledger.h */
	gint64 arrived;     /* INTERNALDATE or file time */
	gboolean done_elsewhere; /* carries $AardigDone */
	gboolean gone;      /* vanished between search and fetch: raw is NULL */
	char *envelope_sender;   /* from the spool entry of deliver, or NULL */
	char *envelope_recipient;
} SourceMail;

void source_mail_free(SourceMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SourceMail, source_mail_free)

typedef struct {
	gint64 since;       /* --since: answer mail from then on at a first start; 0: start at UIDNEXT */
	gboolean dry_run;   /* nothing is written, neither on the server nor in the ledger */
	gboolean once;      /* no IDLE */
} MailboxOptions;

/* Connects and selects (EXAMINE in a dry run), resolves the Drafts folder, settles UIDVALIDITY with
 * the ledger. CONFIG: login refused, certificate, no such folder, a folder that must not be a
 * source (\Drafts \Sent \Junk \Trash \All); the text says what to do. `ledger` may be NULL in a dry
 * run. */
Mailbox *mailbox_open(const Account *account, Ledger *ledger, const MailboxOptions *options,
                      GError **error);
/* A bare Maildir without a source: for what belongs to a local delivery (refs "spool:BASENAME" and
 * "maildir:PATH:BASENAME"): append, file, flag. mailbox_next() finds nothing. */
Mailbox *mailbox_open_maildir(const char *path, GError **error);
/* LOGOUT, bounded; never fails. */
void mailbox_close(Mailbox *mailbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailbox, mailbox_close)

/* The next mail that has no outcome yet and whose next try is due, or NULL without error when
 * there is none now. Fetches ahead (bounded: 4 MiB or one mail). Order: by UID, by arrival in a
 * Maildir. */
SourceMail *mailbox_next(Mailbox *mailbox, GError **error);
/* TRUE while this round of looking is not over: mailbox_next() may be called before the mails given
 * out have been settled. Always FALSE where mails are best taken one by one (a Maildir). */
gboolean mailbox_has_more(const Mailbox *mailbox);
/* Called after ledger_settle() or ledger_wait() of a mail given out: moves the watermark on. */
gboolean mailbox_settled(Mailbox *mailbox, const SourceMail *mail, GError **error);
/* Waits until there may be something new (IDLE, inotify), at most timeout_ms, or until wake_fd (-1:
 * none) is readable. TRUE also when nothing came. */
gboolean mailbox_wait(Mailbox *mailbox, int wake_fd, gint64 timeout_ms, GError **error);

/* What it can do, for policy and messages. */
const char *mailbox_drafts_name(const Mailbox *mailbox); /* UTF-8, NULL if there is none */

/* Appends an RFC 5322 message (CRLF). folder NULL: the Drafts folder, with \Draft \Seen; else
 * created if missing. If `look_up` is set, a message with this Message-ID already in the folder
 * makes it a no-op. */
gboolean mailbox_append(Mailbox *mailbox, const char *folder, GBytes *message,
                        const char *message_id, gboolean look_up, GError **error);
/* MOVE (or COPY when `copy`, or when the server has neither MOVE nor UIDPLUS); folder is created if
 * missing. The mail already gone from its place is success. */
gboolean mailbox_file(Mailbox *mailbox, const SourceMail *mail, const char *folder, gboolean copy,
                      GError **error);
/* Adds keywords (NULL-terminated) to the mail; success without effect where they are not kept. */
gboolean mailbox_flag(Mailbox *mailbox, const SourceMail *mail, const char *const *keywords,
                      GError **error);

/* ---- local delivery ---- */

/* Stores raw in the Maildir at path (tmp, fsync, link to new, fsync of the folder); *name_out is
 * the base name. Until the link any failure leaves nothing behind (TEMPORARY). maildir_prepare()
 * makes tmp, new and cur where missing. */
gboolean maildir_prepare(const char *path, GError **error);
gboolean maildir_store(const char *path, GBytes *raw, char **name_out, GError **error);
/* A mail with this Message-ID (without <>) lies in new or cur. */
gboolean maildir_has_message_id(const char *path, const char *message_id);

G_END_DECLS

#endif
