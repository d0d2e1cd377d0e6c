/* mailbox-maildir.c - a Maildir as a source, watched by inotify, with Maildir++ folders for drafts.
 *
 * A mail is known by the part of its file name that does not change. The ledger's "watermark" of a
 * Maildir is the time from which on mails are looked at; what is older is backlog. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "aardig/bytes.h"
#include "aardig/clock.h"
#include "source/mailbox-maildir.h"

/* At a first start mails of the last day are noted one by one, older ones by their time alone. */
#define FIRST_DAY 86400

/* ---- what is done to it ---- */

static const char *
maildir_drafts_name(const Mailbox *mailbox)
{
	return ((const MaildirMailbox *) mailbox)->drafts;
}

/* Makes the folder with the mark by which Maildir++ knows it. */
static char *
ensure_folder(MaildirMailbox *self, const char *folder, GError **error)
{
	g_autofree char *path = maildir_folder_path(self->path, folder, error);

	if (path == NULL || !maildir_prepare(path, error))
		return NULL;
	g_autofree char *mark = g_build_filename(path, "maildirfolder", NULL);
	int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return g_steal_pointer(&path);
}

static gboolean
maildir_append(Mailbox *mailbox, const char *folder, GBytes *message, const char *message_id,
               gboolean look_up, GError **error)
{
	MaildirMailbox *self = (MaildirMailbox *) mailbox;
	g_autofree char *path = ensure_folder(self, folder != NULL ? folder : self->drafts, error);

	if (path == NULL)
		return FALSE;
	if (look_up && message_id != NULL && maildir_has_message_id(path, message_id))
		return TRUE;
	g_autoptr(GBytes) lines = bytes_without_cr(message);
	return maildir_store_in(path, folder == NULL ? "cur" : "new", folder == NULL ? ":2,DS" : "",
	                        lines, NULL, error);
}

/* rename(2) keeps name and flags; a copy is a second link. Both can be done again without harm. */
static gboolean
maildir_file(Mailbox *mailbox, const SourceMail *mail, const char *folder, gboolean copy,
             GError **error)
{
	MaildirMailbox *self = (MaildirMailbox *) mailbox;
	const char *base = maildir_mailbox_ref_base(self, mail->ref), *subdir;
	g_autofree char *from = base != NULL ? maildir_find(self->path, base, &subdir) : NULL;

	if (from == NULL)
		return TRUE; /* it has been moved already */
	g_autofree char *path = ensure_folder(self, folder, error);
	if (path == NULL)
		return FALSE;
	g_autofree char *name = g_path_get_basename(from);
	g_autofree char *to_folder = g_build_filename(path, subdir, NULL);
	g_autofree char *to = g_build_filename(to_folder, name, NULL);
	gboolean ok = copy ? link(from, to) == 0 || errno == EEXIST : rename(from, to) == 0;
	if (!ok) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "cannot %s %s to %s: %s",
		            copy ? "link" : "move", from, to, g_strerror(errno));
		return FALSE;
	}
	maildir_sync(to_folder);
	return TRUE;
}

static gboolean
maildir_flag(Mailbox *mailbox, const SourceMail *mail, const char *const *keywords, GError **error)
{
	return TRUE;
}

static void
maildir_close(Mailbox *mailbox)
{
	MaildirMailbox *self = (MaildirMailbox *) mailbox;

	if (self->watch >= 0)
		close(self->watch);
	g_free(self->path);
	g_free(self->key);
	g_free(self->drafts);
	g_hash_table_unref(self->settled);
	g_hash_table_unref(self->given);
	g_hash_table_unref(self->waiting);
	g_ptr_array_unref(self->entries);
	g_clear_error(&self->trouble);
	g_free(self);
}

static const MailboxOps maildir_ops = {
	.close = maildir_close,
	.next = maildir_mailbox_next,
	.settled = maildir_mailbox_settled,
	.wait = maildir_mailbox_wait,
	.drafts_name = maildir_drafts_name,
	.append = maildir_append,
	.file = maildir_file,
	.flag = maildir_flag,
};

/* ---- opening ---- */

static char *
find_drafts(const char *path)
{
	for (guint i = 0; source_drafts_names[i] != NULL; i++) {
		g_autofree char *folder = maildir_folder_path(path, source_drafts_names[i], NULL);

		if (folder != NULL && g_file_test(folder, G_FILE_TEST_IS_DIR))
			return g_strdup(source_drafts_names[i]);
	}
	return g_strdup("Drafts");
}

static gboolean
check_path(const char *path, GError **error)
{
	static const char *const subdirs[] = { "cur", "new" };

	for (gsize i = 0; i < G_N_ELEMENTS(subdirs); i++) {
		g_autofree char *folder = g_build_filename(path, subdirs[i], NULL);

		if (access(folder, R_OK | X_OK) == 0)
			continue;
		const char *why = g_strerror(errno);
		g_set_error(
			error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
			"%s is no Maildir that can be read: %s: %s (check path, and that user %s may read "
			"it)",
			path, folder, why, g_get_user_name());
		return FALSE;
	}
	return TRUE;
}

/* Without a watch (a limit of the kernel, a network file system) the poll interval has to do. */
static int
watch_path(const char *path)
{
	g_autofree char *new = g_build_filename(path, "new", NULL),
					*cur = g_build_filename(path, "cur", NULL);
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return -1;
	if (inotify_add_watch(fd, new, IN_MOVED_TO | IN_CREATE) < 0 ||
	    inotify_add_watch(fd, cur, IN_MOVED_TO | IN_CREATE) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static MaildirMailbox *
maildir_new(const char *path, const char *drafts)
{
	MaildirMailbox *self = g_new0(MaildirMailbox, 1);

	self->base.ops = &maildir_ops;
	self->path = g_strdup(path);
	self->key = g_strdup_printf("maildir:%s", path);
	self->drafts = drafts != NULL ? g_strdup(drafts) : find_drafts(path);
	self->watch = -1;
	self->settled = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	self->given = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	self->waiting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	self->entries = g_ptr_array_new_with_free_func(maildir_entry_free);
	return self;
}

Mailbox *
mailbox_open_maildir(const char *path, GError **error)
{
	return check_path(path, error) ? &maildir_new(path, NULL)->base : NULL;
}

static gboolean
load_open_refs(MaildirMailbox *self, GError **error)
{
	g_autofree char *prefix = maildir_mailbox_ref(self, "");
	g_auto(GStrv) refs = NULL;

	if (self->base.ledger == NULL)
		return TRUE;
	if (!ledger_unsettled_refs(self->base.ledger, prefix, &refs, error))
		return FALSE;
	for (char **ref = refs; *ref != NULL; ref++)
		g_hash_table_insert(self->waiting, g_strdup(*ref + strlen(prefix)), g_new0(gint64, 1));
	return TRUE;
}

/* Mails that lie there already are backlog; those of the last day by name, because a mail that
 * arrives in this very second must not be taken for one of them. */
static gboolean
note_backlog(MaildirMailbox *self, GError **error)
{
	if (!maildir_mailbox_scan(self, error))
		return FALSE;
	for (guint i = 0; i < self->entries->len; i++) {
		const Entry *entry = g_ptr_array_index(self->entries, i);
		g_autofree char *ref = maildir_mailbox_ref(self, entry->base);

		maildir_mailbox_set_settled(self, entry->base);
		if (!self->base.options.dry_run && !ledger_settle(self->base.ledger, ref, 0, "backlog",
		                                                  "older than the first start", error))
			return FALSE;
	}
	self->scanned = FALSE;
	return maildir_mailbox_save(self, error);
}

static gboolean
start(MaildirMailbox *self, GError **error)
{
	gint64 since = self->base.options.since;

	self->state.uidvalidity = 1;
	self->state.watermark =
		(guint32) CLAMP(since > 0 ? since : clock_now() - FIRST_DAY, 0, G_MAXUINT32);
	if (since > 0)
		return maildir_mailbox_save(self, error);
	if (self->base.options.dry_run)
		return note_backlog(self, error);
	if (!ledger_begin(self->base.ledger, error))
		return FALSE;
	if (note_backlog(self, error))
		return ledger_commit(self->base.ledger, error);
	ledger_rollback(self->base.ledger);
	return FALSE;
}

static gboolean
settle_start(MaildirMailbox *self, GError **error)
{
	const MailboxOptions *options = &self->base.options;

	if (self->base.ledger != NULL && !ledger_folder_get(self->base.ledger, self->base.account->name,
	                                                    self->key, &self->state, error))
		return FALSE;
	if (!load_open_refs(self, error))
		return FALSE;
	if (self->state.uidvalidity != 0 && !(options->dry_run && options->since > 0))
		return TRUE;
	return start(self, error);
}

Mailbox *
mailbox_maildir_open(const Account *account, Ledger *ledger, const MailboxOptions *options,
                     GError **error)
{
	if (!check_path(account->source_path, error))
		return NULL;
	MaildirMailbox *self = maildir_new(account->source_path, account->drafts);
	self->base.account = account;
	self->base.ledger = ledger;
	self->base.options = *options;
	/* Before the first look, so that nothing falls between the two. */
	self->watch = watch_path(self->path);
	if (settle_start(self, error))
		return &self->base;
	maildir_close(&self->base);
	return NULL;
}
