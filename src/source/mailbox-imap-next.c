/* mailbox-imap-next.c - the next mail: search, outcomes, and what is asked for one by one. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "aardig/message.h"
#include "source/mailbox-imap.h"

/* Outcomes between two writings of the watermark; after a crash the ledger knows them one by
 * one. */
#define SAVE_EVERY 64
/* As often a mail that the server will not hand out is asked for before a human is told. */
#define FETCH_TRIES 3
#define RECONNECTS_A_ROUND 10

/* ---- searching ---- */

static void
consider(ImapMailbox *self, guint32 uid, gint64 now)
{
	gpointer key = GUINT_TO_POINTER(uid);
	const gint64 *due = g_hash_table_lookup(self->waiting, key);

	if (g_hash_table_contains(self->settled, key) || g_hash_table_contains(self->given, key))
		return;
	if (due != NULL && *due > now) {
		self->next_due = self->next_due == 0 ? *due : MIN(self->next_due, *due);
		return;
	}
	g_array_append_val(self->pending, uid);
}

/* What was begun and not finished below the watermark is not searched for; it is asked for by its
 * number. */
static void
consider_old_ones(ImapMailbox *self, gint64 now)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, self->waiting);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		if (GPOINTER_TO_UINT(key) <= self->state.watermark)
			consider(self, GPOINTER_TO_UINT(key), now);
	g_array_sort(self->pending, imap_compare_uids);
}

static gboolean
search(ImapMailbox *self, GError **error)
{
	gint64 now = clock_now();

	self->search_time = now;
	self->next_due = 0;
	self->searched = TRUE;
	g_array_set_size(self->pending, 0);
	self->pending_at = self->asked_to = 0;
	g_array_set_size(self->doubtful, 0);
	self->doubtful_at = 0;
	self->reconnects = 0;
	consider_old_ones(self, now);
	if (self->state.watermark == G_MAXUINT32)
		return TRUE;
	GArray *known = imap_search(self->imap, self->state.watermark + 1, 0, NULL, error);
	if (known == NULL)
		return FALSE;
	g_array_unref(self->known);
	self->known = known;
	self->known_at = 0;
	for (guint i = 0; i < known->len; i++)
		consider(self, g_array_index(known, guint32, i), now);
	return imap_mailbox_settle_missing(self, error);
}

/* ---- the watermark ---- */

static void
advance(ImapMailbox *self)
{
	while (self->known_at < self->known->len) {
		guint32 uid = g_array_index(self->known, guint32, self->known_at);

		if (!g_hash_table_contains(self->settled, GUINT_TO_POINTER(uid)))
			return;
		g_hash_table_remove(self->settled, GUINT_TO_POINTER(uid));
		self->state.watermark = uid;
		self->known_at++;
	}
}

gboolean
imap_mailbox_settled(Mailbox *mailbox, const SourceMail *mail, GError **error)
{
	ImapMailbox *self = (ImapMailbox *) mailbox;
	guint32 uid = imap_mailbox_ref_uid(self, mail->ref);
	RefState state = REF_SETTLED;
	gint64 due = 0;

	if (uid == 0)
		return TRUE;
	if (mailbox->ledger != NULL && !mailbox->options.dry_run && !self->distrust_refs &&
	    !ledger_ref_state(mailbox->ledger, mail->ref, &state, &due, error))
		return FALSE;
	if (state != REF_SETTLED) {
		gint64 *kept = g_new(gint64, 1);

		*kept = state == REF_WAITING ? due : 0;
		g_hash_table_insert(self->waiting, GUINT_TO_POINTER(uid), kept);
		if (*kept > 0)
			self->next_due = self->next_due == 0 ? *kept : MIN(self->next_due, *kept);
		return TRUE;
	}
	g_hash_table_remove(self->waiting, GUINT_TO_POINTER(uid));
	g_hash_table_add(self->settled, GUINT_TO_POINTER(uid));
	advance(self);
	return ++self->unsaved < SAVE_EVERY || imap_mailbox_save(self, error);
}

/* ---- one by one ----
 *
 * A mail that its server cannot read makes Exchange refuse the whole command, and Dovecot hang up.
 * So what failed together is asked for one by one, over a new connection where need be; the one
 * that fails alone is tried anew later, after the others, and then a human is told that there is a
 * mail nobody can read. */

static gboolean
push_oversize(ImapMailbox *self, const ImapMessage *info, GError **error)
{
	g_autoptr(GPtrArray) bodies =
		imap_fetch_bodies(self->imap, &info->uid, 1, SOURCE_HEADER_MAX, error);

	if (bodies == NULL)
		return FALSE;
	if (bodies->len == 0) {
		imap_mailbox_push_gone(self, info->uid);
		return TRUE;
	}
	const ImapMessage *body = g_ptr_array_index(bodies, 0);
	SourceMail *mail = imap_mailbox_mail_new(self, info->uid);
	mail->header = body->body != NULL ? g_bytes_ref(body->body) : g_bytes_new_static("", 0);
	mail->size = MAX(info->size, (gsize) MESSAGE_MAX_SIZE + 1);
	mail->arrived = info->internaldate;
	mail->done_elsewhere = info->done;
	g_queue_push_tail(self->ready, mail);
	return TRUE;
}

/* FALSE too if it is no longer the same folder: the numbers would name other mails. */
static gboolean
select_again(ImapMailbox *self, GError **error)
{
	ImapMailboxInfo info;

	if (!imap_select(self->imap, self->folder, self->base.options.dry_run, &info, error))
		return FALSE;
	if (info.uidvalidity == self->info.uidvalidity)
		return TRUE;
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
	            "folder \"%s\" was replaced while it was open", self->folder);
	return FALSE;
}

static gboolean
reconnect(ImapMailbox *self, GError **error)
{
	const Account *account = self->base.account;

	if (self->reconnects++ >= RECONNECTS_A_ROUND) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
		            "the connection is lost again and again while mails are fetched");
		return FALSE;
	}
	ImapSession *imap = imap_open(&account->imap, account->timeout, error);
	if (imap == NULL)
		return FALSE;
	imap_mailbox_forget_ahead(self);
	imap_close(self->imap);
	self->imap = imap;
	return select_again(self, error);
}

static gboolean
push_refused(ImapMailbox *self, guint32 uid, const GError *refusal, GError **error)
{
	g_autofree char *ref = imap_mailbox_ref(self, uid);
	const ImapMessage nothing = { .uid = uid };
	guint tries = FETCH_TRIES;

	if (self->base.ledger != NULL && !self->base.options.dry_run &&
	    !ledger_attempt(self->base.ledger, ref, &tries, error))
		return FALSE;
	if (tries >= FETCH_TRIES)
		imap_mailbox_push_mail(self, &nothing, NULL);
	else if (self->trouble == NULL)
		self->trouble = g_error_copy(refusal);
	return TRUE;
}

/* A new look at the folder tells whether the mail is there. */
static gboolean
push_hollow(ImapMailbox *self, const ImapMessage *info, GError **error)
{
	guint32 uid = info->uid;

	if (!select_again(self, error))
		return FALSE;
	g_autoptr(GPtrArray) infos = imap_fetch_info(self->imap, &uid, 1, error);
	if (infos == NULL)
		return FALSE;
	if (infos->len == 0)
		imap_mailbox_push_gone(self, uid);
	else
		imap_mailbox_push_mail(self, info, NULL);
	return TRUE;
}

/* FALSE if the server does not give it. */
static gboolean
try_one(ImapMailbox *self, guint32 uid, GError **error)
{
	g_autoptr(GPtrArray) infos = imap_fetch_info(self->imap, &uid, 1, error);

	if (infos == NULL)
		return FALSE;
	if (infos->len == 0) {
		imap_mailbox_push_gone(self, uid);
		return TRUE;
	}
	const ImapMessage *info = g_ptr_array_index(infos, 0);
	if (info->size > MESSAGE_MAX_SIZE)
		return push_oversize(self, info, error);
	g_autoptr(GPtrArray) bodies = imap_fetch_bodies(self->imap, &uid, 1, 0, error);
	if (bodies == NULL)
		return FALSE;
	const ImapMessage *body = bodies->len > 0 ? g_ptr_array_index(bodies, 0) : NULL;
	/* Larger than its server had said. */
	if (body != NULL && body->body == NULL && body->size > 0)
		return push_oversize(self, info, error);
	if (body != NULL && imap_mailbox_is_hollow(body, info))
		return push_hollow(self, info, error);
	imap_mailbox_push_bodies(self, &info, 1, bodies);
	return TRUE;
}

static gboolean
fetch_doubtful(ImapMailbox *self, GError **error)
{
	g_autoptr(GError) refusal = NULL;
	guint32 uid = g_array_index(self->doubtful, guint32, self->doubtful_at);

	if (!imap_is_open(self->imap) && !reconnect(self, error))
		return FALSE;
	self->doubtful_at++;
	return try_one(self, uid, &refusal) || push_refused(self, uid, refusal, error);
}

/* ---- the next one ---- */

/* The round is over: all that was there has been handed out. */
static SourceMail *
end_round(ImapMailbox *self, GError **error)
{
	advance(self);
	if (self->trouble != NULL) {
		g_propagate_error(error, g_steal_pointer(&self->trouble));
		return NULL;
	}
	self->state.last_sync = self->search_time;
	imap_mailbox_save(self, error);
	return NULL;
}

static SourceMail *
hand_out(ImapMailbox *self)
{
	SourceMail *mail = g_queue_pop_head(self->ready);

	g_hash_table_add(self->given, GUINT_TO_POINTER(imap_mailbox_ref_uid(self, mail->ref)));
	return mail;
}

/* What is asked for one by one may turn out to be the end of the round. */
gboolean
imap_mailbox_has_more(const Mailbox *mailbox)
{
	const ImapMailbox *self = (const ImapMailbox *) mailbox;

	if (!g_queue_is_empty(self->ready))
		return TRUE;
	return self->doubtful_at >= self->doubtful->len && imap_mailbox_has_ahead(self);
}

SourceMail *
imap_mailbox_next(Mailbox *mailbox, GError **error)
{
	ImapMailbox *self = (ImapMailbox *) mailbox;

	for (;;) {
		if (!g_queue_is_empty(self->ready))
			return hand_out(self);
		if (imap_mailbox_fetch_ahead(self))
			continue;
		if (self->doubtful_at < self->doubtful->len) {
			if (!fetch_doubtful(self, error))
				return NULL;
		} else if (self->searched) {
			return end_round(self, error);
		} else if (!search(self, error)) {
			return NULL;
		}
	}
}
