/* mailbox-maildir-next.c - the next mail of a Maildir: scanning, reading, outcomes, inotify. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/message.h"
#include "source/mailbox-maildir.h"

void
maildir_entry_free(gpointer data)
{
	Entry *entry = data;

	g_free(entry->base);
	g_free(entry->path);
	g_free(entry);
}

/* 64 bits of a digest instead of the name: a Maildir may hold half a million. */
static gint64 *
key_of(const char *base)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize n = sizeof digest;

	g_checksum_update(sum, (const guchar *) base, (gssize) strlen(base));
	g_checksum_get_digest(sum, digest, &n);
	return g_memdup2(digest, sizeof(gint64));
}

static gboolean
set_has(GHashTable *set, const char *base)
{
	g_autofree gint64 *key = key_of(base);

	return g_hash_table_contains(set, key);
}

static void
set_add(GHashTable *set, const char *base)
{
	g_hash_table_add(set, key_of(base));
}

void
maildir_mailbox_set_settled(MaildirMailbox *self, const char *base)
{
	set_add(self->settled, base);
}

char *
maildir_mailbox_ref(const MaildirMailbox *self, const char *base)
{
	return g_strdup_printf("maildir:%s:%s", self->path, base);
}

const char *
maildir_mailbox_ref_base(const MaildirMailbox *self, const char *ref)
{
	g_autofree char *prefix = maildir_mailbox_ref(self, "");

	if (g_str_has_prefix(ref, prefix))
		return ref + strlen(prefix);
	return g_str_has_prefix(ref, "spool:") ? ref + strlen("spool:") : NULL;
}

gboolean
maildir_mailbox_save(MaildirMailbox *self, GError **error)
{
	return self->base.options.dry_run || self->base.ledger == NULL ||
	       ledger_folder_set(self->base.ledger, self->base.account->name, self->key, &self->state,
	                         error);
}

/* ---- scanning ---- */

/* What the ledger says of a mail that this process has not met yet. */
static gboolean
ask_ledger(MaildirMailbox *self, const char *base, gboolean *wanted_out, GError **error)
{
	g_autofree char *ref = maildir_mailbox_ref(self, base);
	RefState state;
	gint64 due = 0;

	*wanted_out = TRUE;
	if (self->base.ledger == NULL)
		return TRUE;
	if (!ledger_ref_state(self->base.ledger, ref, &state, &due, error))
		return FALSE;
	if (state == REF_SETTLED) {
		set_add(self->settled, base);
		*wanted_out = FALSE;
	} else if (state == REF_WAITING) {
		gint64 *kept = g_new(gint64, 1);

		*kept = due;
		g_hash_table_insert(self->waiting, g_strdup(base), kept);
	}
	return TRUE;
}

static gboolean
is_due(MaildirMailbox *self, const char *base)
{
	const gint64 *due = g_hash_table_lookup(self->waiting, base);

	if (due == NULL || *due <= self->scan_time)
		return TRUE;
	self->next_due = self->next_due == 0 ? *due : MIN(self->next_due, *due);
	return FALSE;
}

static gboolean
consider(MaildirMailbox *self, const char *folder, const char *name, GHashTable *seen,
         GError **error)
{
	g_autofree char *base = maildir_base(name);
	g_autofree char *path = g_build_filename(folder, name, NULL);
	struct stat st;
	gboolean wanted;

	if (*name == '.' || *base == '\0' || set_has(self->settled, base))
		return TRUE;
	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return TRUE; /* moved on just now: seen again in its new place */
	if (!g_hash_table_add(seen, g_strdup(base)))
		return TRUE;
	if (st.st_mtime < (gint64) self->state.watermark) {
		set_add(self->settled, base);
		return TRUE;
	}
	if (set_has(self->given, base))
		return TRUE;
	if (!ask_ledger(self, base, &wanted, error))
		return FALSE;
	if (!wanted || !is_due(self, base))
		return TRUE;
	Entry *entry = g_new0(Entry, 1);
	entry->base = g_steal_pointer(&base);
	entry->path = g_steal_pointer(&path);
	entry->time = st.st_mtime;
	entry->nanoseconds = st.st_mtim.tv_nsec;
	g_ptr_array_add(self->entries, entry);
	return TRUE;
}

static int
compare_entries(gconstpointer a, gconstpointer b)
{
	const Entry *x = *(const Entry *const *) a, *y = *(const Entry *const *) b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->nanoseconds != y->nanoseconds)
		return x->nanoseconds < y->nanoseconds ? -1 : 1;
	return strcmp(x->base, y->base);
}

/* Begun or waiting, and no longer in the Maildir: what was done for it decides its outcome. */
static gboolean
settle_missing(MaildirMailbox *self, GHashTable *seen, GError **error)
{
	GHashTableIter iter;
	gpointer base;

	if (self->base.options.dry_run || self->base.ledger == NULL)
		return TRUE;
	g_hash_table_iter_init(&iter, self->waiting);
	while (g_hash_table_iter_next(&iter, &base, NULL)) {
		const char *subdir;

		if (g_hash_table_contains(seen, base))
			continue;
		/* Between two reads of the folders it may have been moved from one to the other. */
		g_autofree char *path = maildir_find(self->path, base, &subdir);
		g_autofree char *ref = maildir_mailbox_ref(self, base);
		if (path != NULL)
			continue;
		if (!ledger_settle_missing(self->base.ledger, ref, error))
			return FALSE;
		g_hash_table_iter_remove(&iter);
	}
	return TRUE;
}

gboolean
maildir_mailbox_scan(MaildirMailbox *self, GError **error)
{
	static const char *const subdirs[] = { "new", "cur" };
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	g_ptr_array_set_size(self->entries, 0);
	self->at = 0;
	self->scanned = TRUE;
	self->scan_time = clock_now();
	self->next_due = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(subdirs); i++) {
		g_autofree char *folder = g_build_filename(self->path, subdirs[i], NULL);
		g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
		const char *name;

		if (dir == NULL) {
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "cannot read %s: %s", folder,
			            g_strerror(errno));
			return FALSE;
		}
		while ((name = g_dir_read_name(dir)) != NULL)
			if (!consider(self, folder, name, seen, error))
				return FALSE;
	}
	g_ptr_array_sort(self->entries, compare_entries);
	return settle_missing(self, seen, error);
}

/* ---- reading ---- */

static GBytes *
read_bytes(int fd, gsize size)
{
	g_autofree char *bytes = g_malloc(MAX(size, 1));
	gsize at = 0;

	while (at < size) {
		gssize n = read(fd, bytes + at, size - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return NULL;
		if (n == 0)
			break;
		at += (gsize) n;
	}
	return g_bytes_new_take(g_steal_pointer(&bytes), at);
}

static int
open_entry(MaildirMailbox *self, const Entry *entry)
{
	const char *subdir;
	int fd = open(entry->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	g_autofree char *now = maildir_find(self->path, entry->base, &subdir);
	if (now == NULL) {
		errno = ENOENT;
		return -1;
	}
	return open(now, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

static SourceMail *
read_entry(MaildirMailbox *self, const Entry *entry, GError **error)
{
	g_autoptr(SourceMail) mail = g_new0(SourceMail, 1);
	struct stat st;
	int fd = open_entry(self, entry);

	mail->ref = maildir_mailbox_ref(self, entry->base);
	mail->arrived = entry->time;
	if (fd < 0 && errno == ENOENT) {
		mail->gone = TRUE;
		return g_steal_pointer(&mail);
	}
	gboolean ok = fd >= 0 && fstat(fd, &st) == 0;
	if (ok) {
		gboolean large = st.st_size > MESSAGE_MAX_SIZE;
		GBytes **to = large ? &mail->header : &mail->raw;

		mail->size = (gsize) st.st_size;
		*to = read_bytes(fd, large ? SOURCE_HEADER_MAX : (gsize) st.st_size);
		ok = *to != NULL;
	}
	if (!ok)
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "cannot read %s: %s", entry->path,
		            g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok ? g_steal_pointer(&mail) : NULL;
}

/* All that was there has been handed out. */
static void
end_round(MaildirMailbox *self, GError **error)
{
	if (self->trouble != NULL) {
		g_propagate_error(error, g_steal_pointer(&self->trouble));
		return;
	}
	self->state.last_sync = self->scan_time;
	maildir_mailbox_save(self, error);
}

/* A file that cannot be read does not stand in the way of the others. */
SourceMail *
maildir_mailbox_next(Mailbox *mailbox, GError **error)
{
	MaildirMailbox *self = (MaildirMailbox *) mailbox;

	if (mailbox->account == NULL)
		return NULL;
	if (!self->scanned && !maildir_mailbox_scan(self, error))
		return NULL;
	while (self->at < self->entries->len) {
		const Entry *entry = g_ptr_array_index(self->entries, self->at++);
		SourceMail *mail = read_entry(self, entry, self->trouble == NULL ? &self->trouble : NULL);

		if (mail == NULL)
			continue;
		set_add(self->given, entry->base);
		return mail;
	}
	end_round(self, error);
	return NULL;
}

gboolean
maildir_mailbox_settled(Mailbox *mailbox, const SourceMail *mail, GError **error)
{
	MaildirMailbox *self = (MaildirMailbox *) mailbox;
	const char *base = maildir_mailbox_ref_base(self, mail->ref);
	RefState state = REF_SETTLED;
	gint64 due = 0;

	if (base == NULL)
		return TRUE;
	if (mailbox->ledger != NULL && !mailbox->options.dry_run &&
	    !ledger_ref_state(mailbox->ledger, mail->ref, &state, &due, error))
		return FALSE;
	if (state == REF_SETTLED) {
		g_hash_table_remove(self->waiting, base);
		set_add(self->settled, base);
		return TRUE;
	}
	gint64 *kept = g_new(gint64, 1);
	*kept = state == REF_WAITING ? due : 0;
	g_hash_table_insert(self->waiting, g_strdup(base), kept);
	if (*kept > 0)
		self->next_due = self->next_due == 0 ? *kept : MIN(self->next_due, *kept);
	return TRUE;
}

/* ---- waiting ---- */

static void
drain_watch(int fd)
{
	char events[4096];

	while (read(fd, events, sizeof events) > 0)
		;
}

gboolean
maildir_mailbox_wait(Mailbox *mailbox, int wake_fd, gint64 timeout_ms, GError **error)
{
	MaildirMailbox *self = (MaildirMailbox *) mailbox;
	gint64 left = source_wait_time(self->next_due, timeout_ms);
	struct pollfd fds[2] = { { .fd = self->watch, .events = POLLIN },
		                 { .fd = wake_fd, .events = POLLIN } };

	poll(fds, 2, (int) MIN(left, G_MAXINT)); /* a descriptor of -1 is left alone */
	if (self->watch >= 0)
		drain_watch(self->watch);
	self->scanned = FALSE;
	g_hash_table_remove_all(self->given);
	return TRUE;
}
