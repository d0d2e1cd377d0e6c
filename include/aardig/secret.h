/* secret.h - passwords, tokens and keys: wiped when freed, never printed. */
#ifndef AARDIG_SECRET_H
#define AARDIG_SECRET_H

#include <glib.h>

G_BEGIN_DECLS

typedef struct Secret Secret;

/* Takes a copy; len -1 means up to the NUL. */
Secret *secret_new(const char *bytes, gssize len);
/* NUL-terminated, valid as long as the secret. */
const char *secret_text(const Secret *secret);
void secret_free(Secret *secret);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Secret, secret_free)

/* First line of a file, at most 8 KiB. CONFIG error if it cannot be read or is empty; a file that
 * others can read is an error too (the remedy says chmod 600), except below
 * $CREDENTIALS_DIRECTORY, whose protection is systemd's. */
Secret *secret_from_file(const char *path, GError **error);
/* First line of what argv prints within 30 s, at most 8 KiB; exit status not 0 is a TEMPORARY
 * error (a keyring may be locked just now) that names the command but not its output. Run
 * without a shell; a `command` setting in one string is split by g_shell_parse_argv() first. */
Secret *secret_from_command(char *const *argv, GError **error);
/* $CREDENTIALS_DIRECTORY/NAME (systemd.exec(5)); NULL without error where there is none. */
Secret *secret_from_credential(const char *name, GError **error);

/* `n` bytes from the kernel's generator. Ends the program when there are none. */
void secret_random(guint8 *bytes, gsize n);
/* Equal in time that does not depend on where they differ. */
gboolean secret_equal(const void *a, const void *b, gsize n);

/* PR_SET_DUMPABLE off and RLIMIT_CORE 0: no core dump with passwords in it. */
void secret_forbid_core_dumps(void);

G_END_DECLS

#endif
