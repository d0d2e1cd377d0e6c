/* source-private.h - what every kind of mailbox is made of. */
#ifndef AARDIG_SOURCE_PRIVATE_H
#define AARDIG_SOURCE_PRIVATE_H

#include "aardig/error.h"
#include "aardig/source.h"

/* What a kind of mailbox can do; the contracts are those of source.h. */
typedef struct {
	void (*close)(Mailbox *mailbox);
	SourceMail *(*next)(Mailbox *mailbox, GError **error);
	gboolean (*has_more)(const Mailbox *mailbox);
	gboolean (*settled)(Mailbox *mailbox, const SourceMail *mail, GError **error);
	gboolean (*wait)(Mailbox *mailbox, int wake_fd, gint64 timeout_ms, GError **error);
	const char *(*drafts_name)(const Mailbox *mailbox);
	gboolean (*append)(Mailbox *mailbox, const char *folder, GBytes *message, const char *message_id,
	                   gboolean look_up, GError **error);
	gboolean (*file)(Mailbox *mailbox, const SourceMail *mail, const char *folder, gboolean copy,
	                 GError **error);
	gboolean (*flag)(Mailbox *mailbox, const SourceMail *mail, const char *const *keywords,
	                 GError **error);
} MailboxOps;

/* The beginning of every kind's own struct. */
struct Mailbox {
	const MailboxOps *ops;
	const Account *account; /* NULL: a bare Maildir */
	Ledger *ledger;         /* NULL: dry run, bare Maildir */
	MailboxOptions options;
};

Mailbox *mailbox_imap_open(const Account *account, Ledger *ledger, const MailboxOptions *options,
                           GError **error);
Mailbox *mailbox_maildir_open(const Account *account, Ledger *ledger,
                              const MailboxOptions *options, GError **error);

/* Header bytes that are kept of a mail over the size limit. */
#define SOURCE_HEADER_MAX (256 * 1024)

/* Drafts folders by their usual names, best first; NULL-terminated. */
extern const char *const source_drafts_names[];

/* Milliseconds until `due`, at most timeout_ms, at least 0; due 0: none. */
gint64 source_wait_time(gint64 due, gint64 timeout_ms);

/* ---- files of a Maildir (maildir-store.c, maildir-scan.c) ---- */

/* Stores into `subdir` ("new", "cur") of the Maildir, the name ending in `info` ("", ":2,DS"). */
gboolean maildir_store_in(const char *path, const char *subdir, const char *info, GBytes *raw,
                          char **name_out, GError **error);
/* TRUE once the folder's entries are on disk. */
gboolean maildir_sync(const char *folder);

/* The part of a file name that does not change: before ":2,". Caller frees. */
char *maildir_base(const char *name);
/* The file with this base name: its path, or NULL; *subdir_out is "new" or "cur". Caller frees. */
char *maildir_find(const char *path, const char *base, const char **subdir_out);
/* Folder of a Maildir++ ("Drafts", "a/b") as a path; NULL (PERMANENT) for a name that cannot be
 * one. */
char *maildir_folder_path(const char *path, const char *folder, GError **error);

#endif
