/* mailbox-imap-sync.c - where to go on: first start, --since, a new UIDVALIDITY, what the ledger
 * has open.
 *
 * The watermark is the UID up to which every mail has its outcome. It never passes a mail without
 * one, and at a first start it begins behind all that is there: nobody gets an answer to a mail of
 * last year. */
#include "config.h"

#include <string.h>
#include <time.h>

#include "aardig/clock.h"
#include "aardig/log.h"
#include "source/mailbox-imap.h"

/* The server's clock and ours. Giving a mail out again is safe, its content decides; leaving one is
 * not. */
#define CLOCK_SLACK (15 * 60)
/* As long as an answer may wait for its next try. */
#define RETRY_SPAN (4 * 3600)
#define SECONDS_A_DAY 86400
#define INFO_CHUNK 16384

char *
imap_mailbox_ref(const ImapMailbox *self, guint32 uid)
{
	return g_strdup_printf("imap:%s:%s:%u:%u", self->base.account->name, self->key,
	                       self->info.uidvalidity, uid);
}

/* "VALIDITY:UID" behind our own prefix. */
static gboolean
split_ref(const ImapMailbox *self, const char *ref, guint32 *validity_out, guint32 *uid_out)
{
	g_autofree char *prefix =
		g_strdup_printf("imap:%s:%s:", self->base.account->name, self->key);
	guint64 validity, uid;

	if (!g_str_has_prefix(ref, prefix))
		return FALSE;
	g_auto(GStrv) parts = g_strsplit(ref + strlen(prefix), ":", 3);
	if (g_strv_length(parts) != 2 ||
	    !g_ascii_string_to_unsigned(parts[0], 10, 1, G_MAXUINT32, &validity, NULL) ||
	    !g_ascii_string_to_unsigned(parts[1], 10, 1, G_MAXUINT32, &uid, NULL))
		return FALSE;
	*validity_out = (guint32) validity;
	*uid_out = (guint32) uid;
	return TRUE;
}

guint32
imap_mailbox_ref_uid(const ImapMailbox *self, const char *ref)
{
	guint32 validity, uid;

	return split_ref(self, ref, &validity, &uid) && validity == self->info.uidvalidity ? uid : 0;
}

gboolean
imap_mailbox_save(ImapMailbox *self, GError **error)
{
	self->unsaved = 0;
	if (self->base.options.dry_run)
		return TRUE;
	return ledger_folder_set(self->base.ledger, self->base.account->name, self->key, &self->state,
	                         error);
}

/* ---- a start behind what is there, but for what is newer than `since` ---- */

/* SINCE knows days only, of the server's zone: one more, and INTERNALDATE decides. */
static char *
since_criteria(gint64 since)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t day = (time_t) (since - SECONDS_A_DAY);
	struct tm tm;

	gmtime_r(&day, &tm);
	return g_strdup_printf("SINCE %d-%.3s-%d", tm.tm_mday, months + 3 * tm.tm_mon,
	                       tm.tm_year + 1900);
}

static gboolean
keep_newer(ImapMailbox *self, const guint32 *uids, guint n, gint64 since, GArray *newer,
           GError **error)
{
	for (guint at = 0; at < n; at += INFO_CHUNK) {
		g_autoptr(GPtrArray) infos =
			imap_fetch_info(self->imap, uids + at, MIN(INFO_CHUNK, n - at), error);

		if (infos == NULL)
			return FALSE;
		for (guint i = 0; i < infos->len; i++) {
			const ImapMessage *info = g_ptr_array_index(infos, i);

			/* A date that cannot be read: the server's own SINCE has let it through. */
			if (info->internaldate == 0 || info->internaldate >= since)
				g_array_append_val(newer, info->uid);
		}
	}
	return TRUE;
}

/* UIDs below UIDNEXT whose mail arrived at `since` or later, ascending. */
static GArray *
find_newer(ImapMailbox *self, gint64 since, GError **error)
{
	g_autoptr(GArray) newer = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autofree char *criteria = since_criteria(MAX(since, SECONDS_A_DAY));

	if (self->info.exists == 0 || self->info.uidnext <= 1)
		return g_steal_pointer(&newer);
	g_autoptr(GArray) found =
		imap_search(self->imap, 1, self->info.uidnext - 1, criteria, error);
	if (found == NULL || !keep_newer(self, (const guint32 *) (const void *) found->data, found->len,
	                                 since, newer, error))
		return NULL;
	return g_steal_pointer(&newer);
}

/* Old mails that lie between newer ones: a mail moved back keeps its date and gets a high
 * number. */
static gboolean
find_backlog_between(ImapMailbox *self, const GArray *newer, GArray *backlog, GError **error)
{
	guint32 first = g_array_index(newer, guint32, 0);
	guint at = 0;

	if (newer->len >= self->info.exists)
		return TRUE;
	g_autoptr(GArray) all = imap_search(self->imap, first, self->info.uidnext - 1, NULL, error);

	for (guint i = 0; all != NULL && i < all->len; i++) {
		guint32 uid = g_array_index(all, guint32, i);

		while (at < newer->len && g_array_index(newer, guint32, at) < uid)
			at++;
		if (at == newer->len || g_array_index(newer, guint32, at) != uid)
			g_array_append_val(backlog, uid);
	}
	return all != NULL;
}

static gboolean
write_backlog(ImapMailbox *self, const GArray *backlog, const char *reason, GError **error)
{
	for (guint i = 0; i < backlog->len; i++) {
		g_autofree char *ref = imap_mailbox_ref(self, g_array_index(backlog, guint32, i));

		if (!ledger_settle(self->base.ledger, ref, 0, "backlog", reason, error))
			return FALSE;
	}
	return imap_mailbox_save(self, error);
}

/* Watermark and backlog are one commit: a crash between them would leave old mails to be
 * answered. */
static gboolean
write_start(ImapMailbox *self, const GArray *backlog, const char *reason, GError **error)
{
	for (guint i = 0; i < backlog->len; i++)
		g_hash_table_add(self->settled, GUINT_TO_POINTER(g_array_index(backlog, guint32, i)));
	if (self->base.options.dry_run)
		return TRUE;
	if (!ledger_begin(self->base.ledger, error))
		return FALSE;
	if (write_backlog(self, backlog, reason, error))
		return ledger_commit(self->base.ledger, error);
	ledger_rollback(self->base.ledger);
	return FALSE;
}

/* Starts behind what is there, but for mails that arrived at `since` or later (0: none of them). */
static gboolean
start_at(ImapMailbox *self, gint64 since, const char *reason, GError **error)
{
	g_autoptr(GArray) backlog = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(GArray) newer = since > 0 ? find_newer(self, since, error) : NULL;

	if (since > 0 && newer == NULL)
		return FALSE;
	self->state.uidvalidity = self->info.uidvalidity;
	self->state.watermark = self->info.uidnext - 1;
	if (newer != NULL && newer->len > 0) {
		self->state.watermark = g_array_index(newer, guint32, 0) - 1;
		if (!find_backlog_between(self, newer, backlog, error))
			return FALSE;
	}
	return write_start(self, backlog, reason, error);
}

/* ---- what the ledger has open ---- */

static gboolean
note_open_ref(ImapMailbox *self, const char *ref, guint32 uid, GError **error)
{
	RefState state;
	gint64 due = 0;

	if (!ledger_ref_state(self->base.ledger, ref, &state, &due, error))
		return FALSE;
	gint64 *kept = g_new(gint64, 1);
	*kept = state == REF_WAITING ? due : 0;
	g_hash_table_insert(self->waiting, GUINT_TO_POINTER(uid), kept);
	return TRUE;
}

/* Under an old UIDVALIDITY a mail cannot be found again: what has been done for it decides. Were it
 * not finished, it is given out once more under its new number. */
static gboolean
load_open_refs(ImapMailbox *self, gboolean *old_ones_out, GError **error)
{
	g_autofree char *prefix =
		g_strdup_printf("imap:%s:%s:", self->base.account->name, self->key);
	g_auto(GStrv) refs = NULL;

	if (self->base.ledger == NULL)
		return TRUE;
	if (!ledger_unsettled_refs(self->base.ledger, prefix, &refs, error))
		return FALSE;
	for (char **ref = refs; *ref != NULL; ref++) {
		guint32 validity, uid;

		if (!split_ref(self, *ref, &validity, &uid))
			continue;
		if (validity == self->info.uidvalidity) {
			if (!note_open_ref(self, *ref, uid, error))
				return FALSE;
			continue;
		}
		*old_ones_out = TRUE;
		if (!self->base.options.dry_run && !ledger_settle_missing(self->base.ledger, *ref, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
imap_mailbox_settle_missing(ImapMailbox *self, GError **error)
{
	GHashTableIter iter;
	gpointer key;
	g_autoptr(GHashTable) there = g_hash_table_new(NULL, NULL);

	if (self->base.options.dry_run || g_hash_table_size(self->waiting) == 0)
		return TRUE;
	for (guint i = 0; i < self->known->len; i++)
		g_hash_table_add(there, GUINT_TO_POINTER(g_array_index(self->known, guint32, i)));
	g_hash_table_iter_init(&iter, self->waiting);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		/* Below the watermark nothing was searched: asking for it will tell. */
		if (GPOINTER_TO_UINT(key) <= self->state.watermark || g_hash_table_contains(there, key))
			continue;
		g_autofree char *ref = imap_mailbox_ref(self, GPOINTER_TO_UINT(key));
		if (!ledger_settle_missing(self->base.ledger, ref, error))
			return FALSE;
		g_hash_table_iter_remove(&iter);
	}
	return TRUE;
}

/* ---- all of it ---- */

static gboolean
load_settled(ImapMailbox *self, GError **error)
{
	g_autoptr(GArray) uids =
		ledger_folder_settled(self->base.ledger, self->base.account->name, self->key,
	                              self->info.uidvalidity, self->state.watermark, error);

	if (uids == NULL)
		return FALSE;
	for (guint i = 0; i < uids->len; i++)
		g_hash_table_add(self->settled, GUINT_TO_POINTER(g_array_index(uids, guint32, i)));
	return TRUE;
}

/* The mailbox was restored from a backup and kept its UIDVALIDITY: numbers we know are given out
 * anew. */
static gboolean
lower_watermark(ImapMailbox *self)
{
	if (self->info.uidnext == 0 || self->state.watermark < self->info.uidnext)
		return FALSE;
	log_warning("source",
	            "acct=%s folder \"%s\" ends before the last mail we have seen: was it restored "
	            "from a backup?",
	            self->base.account->name, self->key);
	self->state.watermark = self->info.uidnext - 1;
	self->distrust_refs = TRUE;
	return TRUE;
}

static gboolean
go_on(ImapMailbox *self, GError **error)
{
	return lower_watermark(self) || load_settled(self, error);
}

gboolean
imap_mailbox_sync(ImapMailbox *self, GError **error)
{
	const MailboxOptions *options = &self->base.options;
	gboolean old_ones = FALSE;

	if (self->base.ledger != NULL && !ledger_folder_get(self->base.ledger, self->base.account->name,
	                                                    self->key, &self->state, error))
		return FALSE;
	if (!load_open_refs(self, &old_ones, error))
		return FALSE;
	/* A dry run with --since shows what would have been done since then, whatever has been done. */
	if (self->state.uidvalidity == 0 || (options->dry_run && options->since > 0))
		return start_at(self, options->since, "older than the first start", error);
	if (self->state.uidvalidity == self->info.uidvalidity)
		return go_on(self, error);
	log_info("source",
	         "acct=%s folder \"%s\" has a new UIDVALIDITY: mails since the last good poll are "
	         "looked at again, their content decides",
	         self->base.account->name, self->key);
	gint64 since = self->state.last_sync > 0 ? self->state.last_sync - CLOCK_SLACK : options->since;
	if (old_ones && self->state.last_sync > 0)
		since -= RETRY_SPAN;
	return start_at(self, since, "older than the last good poll when UIDVALIDITY changed", error);
}
