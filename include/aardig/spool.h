/* spool.h - local delivery: stored first, handled afterwards, by whoever comes next.
 *
 * The spool of an account is MAILDIR/aardig-spool/ (same file system, so that hard links work; a
 * name without a dot, so that no mail client takes it for a folder). An entry is NAME.env
 * (account, reverse-path, recipient) and NAME, a hard link to the stored mail, so that it can be read
 * wherever a mail client has moved the file. NAME is the Maildir base name. */
#ifndef AARDIG_SPOOL_H
#define AARDIG_SPOOL_H

#include <glib.h>

#include "aardig/pipeline.h"

G_BEGIN_DECLS

/* Stores what can be read from fd: tmp/NAME (fsync), NAME.env, spool link, fsync, link to new/NAME,
 * fsync, unlink of tmp. Until that link any failure leaves nothing behind and is TEMPORARY; *linked_out
 * tells whether it was reached (then the exit code is 0 whatever follows). `sender` and `recipient`
 * may be NULL. */
gboolean spool_store(const Account *account, int fd, const char *sender, const char *recipient,
                     char **name_out, gboolean *linked_out, GError **error);

/* Handles one entry; its files go once it has an outcome. */
gboolean spool_handle(const Pipeline *pipeline, const char *name, GError **error);
/* Handles all entries of the account that are due; entries of a delivery that died before its link
 * are removed with their tmp file (the mail server still has that mail). *stopping != 0 ends it. */
gboolean spool_handle_all(const Pipeline *pipeline, const volatile int *stopping, GError **error);

G_END_DECLS

#endif
