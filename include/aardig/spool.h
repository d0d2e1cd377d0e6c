/* spool.h - local delivery: stored first, handled afterwards, by whoever comes next.
 *
 * The spool of an account is MAILDIR/aardig-spool/ (same file system, so that hard links work; a
 * name without a dot, so that no mail client takes it for a folder). An entry is NAME.env (account,
 * reverse-path, recipient) and NAME, a hard link to the stored mail, so that it can be read
 * wherever a mail client has moved the file. NAME is the Maildir base name. */
#ifndef AARDIG_SPOOL_H
#define AARDIG_SPOOL_H

#include <glib.h>

#include "aardig/pipeline.h"

G_BEGIN_DECLS

/* An open, locked entry. The lock (flock on the mail's inode) says that somebody is at it, and ends
 * with the process. */
typedef struct SpoolEntry SpoolEntry;
void spool_entry_free(SpoolEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpoolEntry, spool_entry_free)

/* Stores what can be read from fd: tmp/NAME (fsync), NAME.env, spool link, fsync, link to new/NAME,
 * fsync, unlink of tmp. Until that link any failure leaves nothing behind and is TEMPORARY;
 * *linked_out tells whether it was reached (then the exit code is 0 whatever follows). `sender` and
 * `recipient` may be NULL. */
gboolean spool_store(const Account *account, int fd, const char *sender, const char *recipient,
                     SpoolEntry **entry_out, gboolean *linked_out, GError **error);

/* Handles an entry; its files go once it has an outcome. pipeline->effects is not used: drafts and
 * moves of a delivered mail belong to the Maildir it lies in. */
gboolean spool_handle(const Pipeline *pipeline, SpoolEntry *entry, GError **error);
/* Handles the entries of the account that are due and that nobody has locked, `limit` of them at
 * most (0: all); entries of a delivery that died before its link are removed with their tmp file
 * (the mail server still has that mail). *stopping != 0 ends it. */
gboolean spool_handle_all(const Pipeline *pipeline, guint limit, const volatile int *stopping,
                          GError **error);

G_END_DECLS

#endif
