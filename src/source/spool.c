/* spool.c - local delivery: the mail is safe in the Maildir and named in the spool before anything
 * is done about it, and every crash leaves one of a few states that the next process can tell apart:
 *
 *   tmp/NAME, alone or with its spool link      not delivered: the server still has it; removed
 *   tmp/NAME, spool/NAME and new/NAME           delivered: handled
 *   spool/NAME without tmp/NAME                 delivered: handled, wherever a client has moved it
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/fault.h"
#include "aardig/spool.h"

#define SPOOL_FOLDER "aardig-spool"
#define HEADER_MAX (256 * 1024)
#define COPY_CHUNK 65536
#define ENV_MAX 2048

struct SpoolEntry {
	char *maildir, *name;
	int fd;               /* the mail, locked */
	char *sender, *recipient;
};

void
spool_entry_free(SpoolEntry *entry)
{
	if (entry == NULL)
		return;
	if (entry->fd >= 0)
		close(entry->fd);
	g_free(entry->maildir);
	g_free(entry->name);
	g_free(entry->sender);
	g_free(entry->recipient);
	g_free(entry);
}

static SpoolEntry *
entry_new(const char *maildir, const char *name)
{
	SpoolEntry *entry = g_new0(SpoolEntry, 1);

	entry->maildir = g_strdup(maildir);
	entry->name = g_strdup(name);
	entry->fd = -1;
	return entry;
}

static char *
entry_path(const SpoolEntry *entry, const char *folder)
{
	return g_build_filename(entry->maildir, folder, entry->name, NULL);
}

static char *
env_path(const SpoolEntry *entry)
{
	g_autofree char *path = entry_path(entry, SPOOL_FOLDER);

	return g_strconcat(path, ".env", NULL);
}

static gboolean
fail_errno(const char *what, const char *path, GError **error)
{
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "%s %s: %s", what, path,
	            g_strerror(errno));
	return FALSE;
}

/* ---- storing ---- */

/* "seconds.M<microseconds>P<pid>Q<count>.host": unique as the Maildir description asks. */
static char *
unique_name(void)
{
	static guint count;
	gint64 now = g_get_real_time();
	g_autofree char *host = g_strdup(g_get_host_name());

	g_strdelimit(host, "/:", '_');
	return g_strdup_printf("%" G_GINT64_FORMAT ".M%06dP%dQ%u.%s", now / G_USEC_PER_SEC,
	                       (int) (now % G_USEC_PER_SEC), (int) getpid(), ++count, host);
}

static gboolean
write_whole(int fd, const char *data, gsize size)
{
	while (size > 0) {
		gssize n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		data += n;
		size -= n;
	}
	return TRUE;
}

static gboolean
copy_whole(int from, int to)
{
	g_autofree char *chunk = g_malloc(COPY_CHUNK);

	for (;;) {
		gssize n = read(from, chunk, COPY_CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		if (!write_whole(to, chunk, n))
			return FALSE;
	}
}

static gboolean
sync_folder(const char *maildir, const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(maildir, folder, NULL);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok || fail_errno("cannot sync", path, error);
}

/* The lock is there before anything that names the entry, and ends with the process. */
static gboolean
open_tmp(SpoolEntry *entry, GError **error)
{
	g_autofree char *path = entry_path(entry, "tmp");

	entry->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (entry->fd < 0 || flock(entry->fd, LOCK_EX | LOCK_NB) != 0)
		return fail_errno("cannot write", path, error);
	return TRUE;
}

static gboolean
write_tmp(SpoolEntry *entry, int from, GError **error)
{
	if (!copy_whole(from, entry->fd) || fsync(entry->fd) != 0) {
		g_autofree char *path = entry_path(entry, "tmp");
		return fail_errno("cannot write", path, error);
	}
	fault_point("spool.tmp-written");
	return TRUE;
}

/* One value per line, so a value with a line break is left out: it is no address anyway. */
static gboolean
write_env(const SpoolEntry *entry, GError **error)
{
	g_autofree char *path = env_path(entry);
	g_autoptr(GString) text = g_string_new(NULL);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (entry->sender != NULL && strpbrk(entry->sender, "\r\n") == NULL)
		g_string_append_printf(text, "sender %s\n", entry->sender);
	if (entry->recipient != NULL && strpbrk(entry->recipient, "\r\n") == NULL)
		g_string_append_printf(text, "recipient %s\n", entry->recipient);
	gboolean ok = fd >= 0 && write_whole(fd, text->str, text->len) && fsync(fd) == 0;
	if (!ok)
		fail_errno("cannot write", path, error);
	if (fd >= 0)
		close(fd);
	fault_point("spool.env-written");
	return ok;
}

static gboolean
link_into(const SpoolEntry *entry, const char *folder, GError **error)
{
	g_autofree char *from = entry_path(entry, "tmp");
	g_autofree char *to = entry_path(entry, folder);

	return link(from, to) == 0 || fail_errno("cannot link", to, error);
}

static void
unlink_in(const SpoolEntry *entry, const char *folder)
{
	g_autofree char *path = entry_path(entry, folder);

	unlink(path);
}

/* The env first: a spool link without it has lost its envelope, an env alone means nothing. */
static void
remove_spool(const SpoolEntry *entry)
{
	g_autofree char *env = env_path(entry);

	unlink_in(entry, SPOOL_FOLDER);
	fault_point("spool.entry-removed");
	unlink(env);
}

static gboolean
make_spool_folder(const char *maildir, GError **error)
{
	g_autofree char *path = g_build_filename(maildir, SPOOL_FOLDER, NULL);

	return mkdir(path, 0700) == 0 || errno == EEXIST || fail_errno("cannot make", path, error);
}

static gboolean
store_until_link(SpoolEntry *entry, int fd, GError **error)
{
	/* The env comes first, so that whatever a crash leaves in tmp/ can be found by it. */
	if (!open_tmp(entry, error) || !write_env(entry, error) || !write_tmp(entry, fd, error) ||
	    !link_into(entry, SPOOL_FOLDER, error) ||
	    !sync_folder(entry->maildir, SPOOL_FOLDER, error))
		return FALSE;
	fault_point("spool.entry-written");
	return link_into(entry, "new", error);
}

gboolean
spool_store(const Account *account, int fd, const char *sender, const char *recipient,
            SpoolEntry **entry_out, gboolean *linked_out, GError **error)
{
	g_autofree char *name = unique_name();
	g_autoptr(SpoolEntry) entry = entry_new(account->maildir, name);

	*linked_out = FALSE;
	entry->sender = g_strdup(sender);
	entry->recipient = g_strdup(recipient);
	if (!maildir_prepare(entry->maildir, error) || !make_spool_folder(entry->maildir, error))
		return FALSE;
	if (!store_until_link(entry, fd, error)) {
		remove_spool(entry);
		unlink_in(entry, "tmp");
		return FALSE;
	}
	*linked_out = TRUE;
	fault_point("spool.linked");
	gboolean ok = sync_folder(entry->maildir, "new", error);
	unlink_in(entry, "tmp");
	fault_point("spool.tmp-removed");
	*entry_out = g_steal_pointer(&entry);
	return ok;
}

/* ---- handling ---- */

static GBytes *
read_mail(int fd, gsize most)
{
	g_autofree char *data = g_malloc(most);
	gsize n = 0;

	while (n < most) {
		gssize got = pread(fd, data + n, most - n, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += got;
	}
	return g_bytes_new(data, n);
}

static SourceMail *
source_mail(const SpoolEntry *entry, const struct stat *st)
{
	SourceMail *mail = g_new0(SourceMail, 1);

	mail->size = st->st_size;
	if (mail->size > MESSAGE_MAX_SIZE)
		mail->header = read_mail(entry->fd, HEADER_MAX);
	else
		mail->raw = read_mail(entry->fd, mail->size);
	mail->ref = g_strdup_printf("spool:%s", entry->name);
	mail->arrived = st->st_mtime;
	mail->envelope_sender = g_strdup(entry->sender);
	mail->envelope_recipient = g_strdup(entry->recipient);
	return mail;
}

static gboolean
handle_due(const Pipeline *pipeline, SpoolEntry *entry, const struct stat *st, GError **error)
{
	g_autoptr(SourceMail) mail = source_mail(entry, st);
	g_autoptr(Mailbox) mailbox = mailbox_open_maildir(entry->maildir, error);
	g_autoptr(Effects) effects = effects_new(pipeline->account);
	Pipeline own = *pipeline;
	Handled handled = { 0 };

	if (mailbox == NULL)
		return FALSE;
	effects_set_mailbox(effects, mailbox);
	own.effects = effects;
	if (!pipeline_handle(&own, mail, &handled, error))
		return FALSE;
	if (handled.due == 0)
		remove_spool(entry);
	handled_clear(&handled);
	return TRUE;
}

gboolean
spool_handle(const Pipeline *pipeline, SpoolEntry *entry, GError **error)
{
	g_autofree char *ref = g_strdup_printf("spool:%s", entry->name);
	RefState state;
	gint64 due;
	struct stat st;

	if (fstat(entry->fd, &st) != 0)
		return fail_errno("cannot read", entry->name, error);
	if (!ledger_ref_state(pipeline->ledger, ref, &state, &due, error))
		return FALSE;
	if (state == REF_WAITING)
		return TRUE;
	if (state == REF_SETTLED) {
		remove_spool(entry);
		return TRUE;
	}
	return handle_due(pipeline, entry, &st, error);
}

/* ---- what others left ---- */

static void
read_env(SpoolEntry *entry)
{
	g_autofree char *path = env_path(entry);
	g_autofree char *text = NULL;
	gsize size;

	if (!g_file_get_contents(path, &text, &size, NULL) || size > ENV_MAX)
		return;
	g_auto(GStrv) lines = g_strsplit(text, "\n", 3);
	for (gsize i = 0; lines[i] != NULL; i++) {
		if (g_str_has_prefix(lines[i], "sender "))
			entry->sender = g_strdup(lines[i] + strlen("sender "));
		else if (g_str_has_prefix(lines[i], "recipient "))
			entry->recipient = g_strdup(lines[i] + strlen("recipient "));
	}
}

/* NULL when it is gone or somebody is at it. */
static SpoolEntry *
open_entry(const char *maildir, const char *name)
{
	g_autoptr(SpoolEntry) entry = entry_new(maildir, name);
	g_autofree char *path = entry_path(entry, SPOOL_FOLDER);
	struct stat ours, there;

	entry->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (entry->fd < 0 || flock(entry->fd, LOCK_EX | LOCK_NB) != 0)
		return NULL;
	/* It may have been handled and removed while we waited to open it. */
	if (fstat(entry->fd, &ours) != 0 || stat(path, &there) != 0 || ours.st_ino != there.st_ino)
		return NULL;
	read_env(entry);
	return g_steal_pointer(&entry);
}

/* The lock is ours, so the delivering process is gone. TRUE if it had not come to the link. */
static gboolean
clean_abandoned(const SpoolEntry *entry)
{
	g_autofree char *tmp = entry_path(entry, "tmp");
	struct stat st;

	if (stat(tmp, &st) != 0)
		return FALSE;
	gboolean linked = st.st_nlink > 2;
	if (!linked)
		remove_spool(entry);
	unlink(tmp);
	return !linked;
}

/* An env without its mail: a delivery in progress holds the lock of its tmp file; one that died
 * before its spool link, or between the two removals at the end, does not. */
static void
clean_orphan_env(const char *maildir, const char *env_name)
{
	g_autofree char *name = g_strndup(env_name, strlen(env_name) - strlen(".env"));
	g_autoptr(SpoolEntry) entry = entry_new(maildir, name);
	g_autofree char *mail = entry_path(entry, SPOOL_FOLDER);
	g_autofree char *tmp = entry_path(entry, "tmp");
	g_autofree char *env = env_path(entry);

	entry->fd = open(tmp, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (entry->fd >= 0 && flock(entry->fd, LOCK_EX | LOCK_NB) != 0)
		return;
	/* Looked at last: with the lock ours, or tmp gone, nobody makes the spool link any more. */
	if (access(mail, F_OK) == 0)
		return;
	unlink(tmp);
	unlink(env);
}

static GPtrArray *
entry_names(const char *maildir)
{
	g_autofree char *path = g_build_filename(maildir, SPOOL_FOLDER, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		if (g_str_has_suffix(name, ".env"))
			clean_orphan_env(maildir, name);
		else
			g_ptr_array_add(names, g_strdup(name));
	}
	return names;
}

gboolean
spool_handle_all(const Pipeline *pipeline, guint limit, const volatile int *stopping, GError **error)
{
	g_autoptr(GPtrArray) names = entry_names(pipeline->account->maildir);
	guint handled = 0;

	for (guint i = 0; i < names->len && *stopping == 0 && (limit == 0 || handled < limit); i++) {
		g_autoptr(SpoolEntry) entry = open_entry(pipeline->account->maildir,
		                                         g_ptr_array_index(names, i));

		if (entry == NULL || clean_abandoned(entry))
			continue;
		if (!spool_handle(pipeline, entry, error))
			return FALSE;
		handled++;
	}
	return TRUE;
}
