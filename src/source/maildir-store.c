/* maildir-store.c - writes a mail into a Maildir so that it is there whole, for good, or not at
 * all.
 *
 * tmp/NAME is written and flushed, then linked into new/: the moment from which it exists. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "aardig/bytes.h"
#include "aardig/fault.h"
#include "aardig/log.h"
#include "source/source-private.h"

static const char *const subdirs[] = { "tmp", "new", "cur" };

static gboolean
set_errno_error(const char *what, const char *path, GError **error)
{
	int saved = errno;
	g_autofree char *quoted = log_quote(path, 200);

	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "%s %s: %s", what, quoted,
	            g_strerror(saved));
	return FALSE;
}

gboolean
maildir_prepare(const char *path, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(subdirs); i++) {
		g_autofree char *folder = g_build_filename(path, subdirs[i], NULL);

		if (g_mkdir_with_parents(folder, 0700) != 0)
			return set_errno_error("cannot make the folder", folder, error);
	}
	return TRUE;
}

/* "/" and ":" mean something in a file name here (the Maildir specification: \057, \072). */
static char *
host_part(void)
{
	char name[256] = "localhost";
	g_autoptr(GString) out = g_string_new(NULL);

	if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0')
		g_strlcpy(name, "localhost", sizeof name);
	for (const char *p = name; *p != '\0'; p++) {
		if (*p == '/' || *p == ':' || (guchar) *p <= 0x20)
			g_string_append_printf(out, "\\%03o", (guint) (guchar) *p);
		else
			g_string_append_c(out, *p);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *
unique_name(void)
{
	static guint counter;
	struct timeval now;
	g_autofree char *host = host_part();
	guint32 random;

	gettimeofday(&now, NULL);
	secret_random((guint8 *) &random, sizeof random);
	return g_strdup_printf("%lld.M%06ldP%ldQ%uR%08x.%s", (long long) now.tv_sec, (long) now.tv_usec,
	                       (long) getpid(), ++counter, random, host);
}

static gboolean
write_file(const char *path, GBytes *raw, GError **error)
{
	gsize size;
	const char *bytes = g_bytes_get_data(raw, &size);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return set_errno_error("cannot create", path, error);
	gboolean ok = bytes_write_all(fd, bytes, size);
	fault_point("maildir.written");
	ok = ok && fsync(fd) == 0;
	if (!ok)
		set_errno_error("cannot write", path, error);
	if (close(fd) != 0 && ok)
		ok = set_errno_error("cannot write", path, error);
	return ok;
}

gboolean
maildir_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* Some file systems have no hard links; the name is unique, so a rename harms nobody. */
static gboolean
link_or_rename(const char *from, const char *to)
{
	if (link(from, to) == 0)
		return TRUE;
	return (errno == EPERM || errno == ENOTSUP || errno == ENOSYS || errno == EMLINK) &&
	       rename(from, to) == 0;
}

static gboolean
publish(const char *tmp, const char *folder, const char *final, GError **error)
{
	if (!link_or_rename(tmp, final))
		return set_errno_error("cannot link to", final, error);
	fault_point("maildir.linked");
	if (maildir_sync(folder))
		return TRUE;
	/* Whether it survives a power cut is not known: then it was not stored, and comes again. */
	set_errno_error("cannot flush the folder", folder, error);
	unlink(final);
	return FALSE;
}

gboolean
maildir_store_in(const char *path, const char *subdir, const char *info, GBytes *raw,
                 char **name_out, GError **error)
{
	g_autofree char *name = unique_name();
	g_autofree char *file = g_strconcat(name, info, NULL);
	g_autofree char *tmp = g_build_filename(path, "tmp", name, NULL);
	g_autofree char *folder = g_build_filename(path, subdir, NULL);
	g_autofree char *final = g_build_filename(folder, file, NULL);

	fault_point("maildir.begin");
	gboolean ok = write_file(tmp, raw, error);
	fault_point("maildir.flushed");
	ok = ok && publish(tmp, folder, final, error);
	fault_point("maildir.published");
	unlink(tmp);
	fault_point("maildir.done");
	if (ok && name_out != NULL)
		*name_out = g_steal_pointer(&name);
	return ok;
}

gboolean
maildir_store(const char *path, GBytes *raw, char **name_out, GError **error)
{
	return maildir_store_in(path, "new", "", raw, name_out, error);
}
