/* mailbox-imap-ahead.c - sizes, then bodies, asked for ahead of those who take them, within bounds.
 *
 * The server is kept at work: the commands for what comes next are on their way before what came is
 * handled. Whoever handles a mail slowly gets it when all that was asked for has been read: a server
 * whose answer nobody reads hangs up after some minutes. */
#include "config.h"

#include "aardig/message.h"
#include "source/mailbox-imap.h"

/* Of one command, and of all that are under way. */
#define BATCH_MAILS 64
#define BATCH_BYTES (512 * 1024)
#define AHEAD_BATCHES 8
#define AHEAD_BYTES (4 * 1024 * 1024)
#define AHEAD_INFOS 4096

/* A command that is under way. */
typedef struct {
	ImapFetch *fetch; /* NULL: it could not be said */
	guint n;          /* of how many mails */
	/* Bodies only: which of infos, and their sizes together. */
	GPtrArray *infos;
	guint from;
	gsize bytes;
} Batch;

static void
batch_free(gpointer data)
{
	Batch *batch = data;

	g_clear_pointer(&batch->infos, g_ptr_array_unref);
	g_free(batch);
}

void
imap_mailbox_forget_ahead(ImapMailbox *self)
{
	g_queue_clear_full(&self->batches, batch_free);
	g_queue_clear_full(&self->asked, batch_free);
	self->batch_bytes = 0;
	self->asked_to = self->pending_at;
}

gboolean
imap_mailbox_has_ahead(const ImapMailbox *self)
{
	return !g_queue_is_empty((GQueue *) &self->batches) ||
	       (self->infos != NULL && self->infos_at < self->infos->len) ||
	       self->pending_at < self->pending->len;
}

/* ---- what came ---- */

SourceMail *
imap_mailbox_mail_new(const ImapMailbox *self, guint32 uid)
{
	SourceMail *mail = g_new0(SourceMail, 1);

	mail->ref = imap_mailbox_ref(self, uid);
	return mail;
}

void
imap_mailbox_push_gone(ImapMailbox *self, guint32 uid)
{
	SourceMail *mail = imap_mailbox_mail_new(self, uid);

	mail->gone = TRUE;
	g_queue_push_tail(self->ready, mail);
}

void
imap_mailbox_push_mail(ImapMailbox *self, const ImapMessage *info, GBytes *body)
{
	SourceMail *mail = imap_mailbox_mail_new(self, info->uid);

	mail->raw = body != NULL ? g_bytes_ref(body) : g_bytes_new_static("", 0);
	mail->size = info->size;
	mail->arrived = info->internaldate;
	mail->done_elsewhere = info->done;
	g_queue_push_tail(self->ready, mail);
}

static void
doubt(ImapMailbox *self, guint32 uid)
{
	g_array_append_val(self->doubtful, uid);
}

gboolean
imap_mailbox_is_hollow(const ImapMessage *body, const ImapMessage *info)
{
	return info->size > 0 && body->size == 0;
}

void
imap_mailbox_push_bodies(ImapMailbox *self, const ImapMessage *const *infos, guint n,
                         const GPtrArray *bodies)
{
	guint at = 0;

	for (guint i = 0; i < n; i++) {
		const ImapMessage *body = at < bodies->len ? g_ptr_array_index(bodies, at) : NULL;

		if (body == NULL || body->uid != infos[i]->uid) {
			imap_mailbox_push_gone(self, infos[i]->uid);
			continue;
		}
		at++;
		if ((body->body != NULL || body->size == 0) && !imap_mailbox_is_hollow(body, infos[i]))
			imap_mailbox_push_mail(self, infos[i], body->body);
		else
			doubt(self, infos[i]->uid);
	}
}

/* ---- sizes and dates ---- */

static const guint32 *
pending_uids(const ImapMailbox *self, guint at)
{
	return (const guint32 *) (const void *) self->pending->data + at;
}

static void
ask_infos(ImapMailbox *self)
{
	Batch *asked;
	gsize n = MIN(self->pending->len - self->asked_to, AHEAD_INFOS);

	if (n == 0)
		return;
	asked = g_new0(Batch, 1);
	asked->fetch =
		imap_fetch_start_info(self->imap, pending_uids(self, self->asked_to), n, &n, NULL);
	asked->n = (guint) n;
	self->asked_to += asked->n;
	g_queue_push_tail(&self->asked, asked);
}

/* Those that are missing have been removed. */
static void
load_infos(ImapMailbox *self)
{
	guint at = 0;

	if (g_queue_is_empty(&self->asked))
		ask_infos(self);
	if (self->streams)
		ask_infos(self);
	Batch *asked = g_queue_pop_head(&self->asked);
	const guint32 *uids = pending_uids(self, self->pending_at);
	GPtrArray *infos =
		asked->fetch != NULL ? imap_fetch_finish(self->imap, asked->fetch, NULL) : NULL;

	self->pending_at += asked->n;
	g_clear_pointer(&self->infos, g_ptr_array_unref);
	self->infos = infos;
	self->infos_at = 0;
	for (guint i = 0; i < asked->n; i++) {
		const ImapMessage *info =
			infos != NULL && at < infos->len ? g_ptr_array_index(infos, at) : NULL;

		if (infos == NULL)
			doubt(self, uids[i]);
		else if (info != NULL && info->uid == uids[i])
			at++;
		else
			imap_mailbox_push_gone(self, uids[i]);
	}
	batch_free(asked);
}

/* ---- bodies ---- */

static const ImapMessage *
next_info(const ImapMailbox *self, guint further)
{
	if (self->infos == NULL || self->infos_at + further >= self->infos->len)
		return NULL;
	return g_ptr_array_index(self->infos, self->infos_at + further);
}

/* How many go into one command: as many as fit, at least one; 0: it is over the limit. */
static guint
batch_size(const ImapMailbox *self, gsize *bytes_out)
{
	const ImapMessage *info;
	gsize bytes = 0;
	guint n = 0;

	while (n < BATCH_MAILS && (info = next_info(self, n)) != NULL &&
	       info->size <= MESSAGE_MAX_SIZE && (n == 0 || bytes + info->size <= BATCH_BYTES)) {
		bytes += info->size;
		n++;
	}
	*bytes_out = bytes;
	return n;
}

static void
ask_batch(ImapMailbox *self, guint n, gsize bytes)
{
	guint32 uids[BATCH_MAILS] = { 0 };
	gsize taken = n;

	for (guint i = 0; i < n; i++)
		uids[i] = next_info(self, i)->uid;
	ImapFetch *fetch = imap_fetch_start_bodies(self->imap, uids, n, &taken, NULL);
	if (fetch == NULL) {
		for (guint i = 0; i < n; i++)
			doubt(self, uids[i]);
		self->infos_at += n;
		return;
	}
	Batch *batch = g_new0(Batch, 1);
	*batch = (Batch) { fetch, (guint) taken, g_ptr_array_ref(self->infos), self->infos_at, bytes };
	g_queue_push_tail(&self->batches, batch);
	self->batch_bytes += bytes;
	self->infos_at += batch->n;
}

static gboolean
has_doubts(const ImapMailbox *self)
{
	return self->doubtful_at < self->doubtful->len;
}

/* As many commands as there is room for. */
static void
ask_batches(ImapMailbox *self)
{
	while (!has_doubts(self) && g_queue_get_length(&self->batches) < AHEAD_BATCHES) {
		gsize bytes;

		if (next_info(self, 0) == NULL && self->pending_at < self->pending->len)
			load_infos(self);
		if (next_info(self, 0) == NULL)
			return;
		guint n = batch_size(self, &bytes);
		if (self->batch_bytes > 0 && self->batch_bytes + bytes > AHEAD_BYTES)
			return;
		if (n > 0) {
			ask_batch(self, n, bytes);
			continue;
		}
		doubt(self, next_info(self, 0)->uid);
		self->infos_at++;
	}
}

static void
take_batch(ImapMailbox *self)
{
	Batch *batch = g_queue_pop_head(&self->batches);
	const ImapMessage *const *infos =
		(const ImapMessage *const *) batch->infos->pdata + batch->from;
	g_autoptr(GPtrArray) bodies = imap_fetch_finish(self->imap, batch->fetch, NULL);

	self->batch_bytes -= batch->bytes;
	if (bodies != NULL)
		imap_mailbox_push_bodies(self, infos, batch->n, bodies);
	else
		for (guint i = 0; i < batch->n; i++)
			doubt(self, infos[i]->uid);
	batch_free(batch);
}

gboolean
imap_mailbox_fetch_ahead(ImapMailbox *self)
{
	gboolean doubts = has_doubts(self);

	ask_batches(self);
	if (g_queue_is_empty(&self->batches))
		return has_doubts(self) != doubts || !g_queue_is_empty(self->ready);
	do
		take_batch(self);
	while (!self->streams && !g_queue_is_empty(&self->batches));
	return TRUE;
}
