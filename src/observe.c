/* observe.c - observe mode: many mails in one commit, classified ahead by a second thread.
 *
 * Nothing leaves the machine in this mode, so nothing has to be on record before it leaves: a crash
 * takes the window in hand, and deciding it once more is harmless. What holds all the same: a try is
 * committed before its mail is parsed, so that a mail that kills us is counted; and each mail has one
 * outcome. A mail that was tried before and did not come to its end is handled alone, so that the
 * others of its window are never counted a second time for its sake. */
#include "config.h"

#include "aardig/classify.h"
#include "aardig/clock.h"
#include "aardig/fault.h"
#include "aardig/log.h"
#include "aardig/message.h"
#include "aardig/pipeline.h"

#define WINDOW_MAILS 64
#define WINDOW_BYTES (1024 * 1024)
/* Nobody else can write to the ledger meanwhile. */
#define GROUP_MS_MAX 200

typedef struct {
	SourceMail *mail;
	ReadAhead ahead;
	Handled handled;
	gboolean alone; /* not read ahead, and in no group */
} Item;

typedef struct {
	GArray *items; /* Item */
	gsize bytes;
	gboolean read; /* by the thread; under the lock of the reader */
} Window;

typedef struct {
	const Pipeline *pipeline;
	Mailbox *mailbox;
	const volatile int *stopping;
	GThreadPool *pool; /* one thread */
	GMutex lock;
	GCond done;
} Reader;

static void
item_clear(gpointer data)
{
	Item *item = data;

	source_mail_free(item->mail);
	read_ahead_clear(&item->ahead);
	handled_clear(&item->handled);
}

static Window *
window_new(void)
{
	Window *window = g_new0(Window, 1);

	window->items = g_array_new(FALSE, TRUE, sizeof(Item));
	g_array_set_clear_func(window->items, item_clear);
	return window;
}

static void
window_free(Window *window)
{
	if (window == NULL)
		return;
	g_array_unref(window->items);
	g_free(window);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Window, window_free)

static Item *
window_item(const Window *window, guint at)
{
	return &g_array_index(window->items, Item, at);
}

/* ---- source ---- */

static gboolean
window_is_full(const Window *window)
{
	return window->items->len >= WINDOW_MAILS || window->bytes >= WINDOW_BYTES;
}

/* What was collected before an error is in the window all the same. */
static gboolean
window_collect(Window *window, Mailbox *mailbox, GError **error)
{
	do {
		g_autoptr(GError) trouble = NULL;
		Item item = { .mail = mailbox_next(mailbox, &trouble) };

		if (trouble != NULL) {
			g_propagate_error(error, g_steal_pointer(&trouble));
			return FALSE;
		}
		if (item.mail == NULL)
			return TRUE;
		item.alone = item.mail->raw == NULL;
		window->bytes += item.mail->raw != NULL ? g_bytes_get_size(item.mail->raw) : 0;
		g_array_append_val(window->items, item);
	} while (!window_is_full(window) && mailbox_has_more(mailbox));
	return TRUE;
}

/* ---- tries: counted, and committed, before anything is parsed ---- */

/* Only a first try is counted here, and any other when it is this mail's turn: where one mail of a window
 * kills us again and again, the tries of the others stay as they are. */
static gboolean
count_first_try(Item *item, Ledger *ledger, GError **error)
{
	guint tries = 0;

	if (!ledger_begin(ledger, error))
		return FALSE;
	if (!ledger_attempt(ledger, item->mail->ref, &tries, error)) {
		ledger_rollback(ledger);
		return FALSE;
	}
	if (tries == 1) {
		item->ahead.tries = 1;
		return ledger_commit(ledger, error);
	}
	item->alone = TRUE;
	ledger_rollback(ledger);
	return TRUE;
}

static gboolean
count_tries(const Window *window, Ledger *ledger, GError **error)
{
	for (guint i = 0; i < window->items->len; i++)
		if (!window_item(window, i)->alone && !count_first_try(window_item(window, i), ledger, error))
			return FALSE;
	return TRUE;
}

static gboolean
window_count(const Window *window, Ledger *ledger, GError **error)
{
	if (!ledger_begin(ledger, error))
		return FALSE;
	if (count_tries(window, ledger, error))
		return ledger_commit(ledger, error);
	ledger_rollback(ledger);
	return FALSE;
}

/* ---- message; classify: in the thread ---- */

static void
window_parse(const Window *window)
{
	for (guint i = 0; i < window->items->len; i++) {
		Item *item = window_item(window, i);

		if (!item->alone)
			pipeline_parse_ahead(item->mail, &item->ahead);
	}
}

static void
read_window(gpointer data, gpointer user_data)
{
	Window *window = data;
	Reader *reader = user_data;

	for (guint i = 0; i < window->items->len && !*reader->stopping; i++) {
		Item *item = window_item(window, i);

		if (!item->alone)
			pipeline_read_ahead(reader->pipeline, &item->ahead);
	}
	g_mutex_lock(&reader->lock);
	window->read = TRUE;
	g_cond_signal(&reader->done);
	g_mutex_unlock(&reader->lock);
}

static void
wait_until_read(Reader *reader, const Window *window)
{
	g_mutex_lock(&reader->lock);
	while (!window->read)
		g_cond_wait(&reader->done, &reader->lock);
	g_mutex_unlock(&reader->lock);
}

/* ---- guard, decide, record ---- */

/* Only what is on record is said to be settled. */
static gboolean
tell_mailbox(const Reader *reader, const Window *window, guint from, guint to, GError **error)
{
	Ledger *ledger = reader->pipeline->ledger;

	/* One lock for all these questions. */
	if (!ledger_begin(ledger, error))
		return FALSE;
	for (guint i = from; i < to; i++) {
		const Item *item = window_item(window, i);

		log_info("pipeline", "%s", item->handled.line);
		if (!mailbox_settled(reader->mailbox, item->mail, error)) {
			ledger_rollback(ledger);
			return FALSE;
		}
	}
	return ledger_commit(ledger, error);
}

static gboolean
handle_item(const Reader *reader, Item *item, GError **error)
{
	return pipeline_handle_ahead(reader->pipeline, item->mail, &item->ahead, &item->handled, error);
}

/* In a group from *at on, which moves on. */
static gboolean
handle_group(const Reader *reader, const Window *window, guint *at, GError **error)
{
	gint64 end = clock_monotonic_ms() + GROUP_MS_MAX;
	guint from = *at, to = from;
	Ledger *ledger = reader->pipeline->ledger;

	if (!ledger_begin(ledger, error))
		return FALSE;
	while (to < window->items->len && clock_monotonic_ms() < end) {
		Item *item = window_item(window, to);

		/* One that the thread has left unread is left to the next start. */
		if (item->alone || item->ahead.reading == NULL)
			break;
		if (!handle_item(reader, item, error)) {
			ledger_rollback(ledger);
			return FALSE;
		}
		to++;
	}
	if (!ledger_commit(ledger, error))
		return FALSE;
	*at = to;
	fault_point("observe.recorded");
	return tell_mailbox(reader, window, from, to, error);
}

static gboolean
window_record(const Reader *reader, const Window *window, GError **error)
{
	guint at = 0;

	while (at < window->items->len) {
		Item *item = window_item(window, at);

		if (!item->alone && item->ahead.reading == NULL)
			return TRUE;
		if (!item->alone) {
			if (!handle_group(reader, window, &at, error))
				return FALSE;
			continue;
		}
		if (*reader->stopping)
			return TRUE;
		if (!handle_item(reader, item, error) ||
		    !tell_mailbox(reader, window, at, at + 1, error))
			return FALSE;
		at++;
	}
	return TRUE;
}

/* ---- one window after the other ---- */

static gboolean
finish(Reader *reader, Window **window, GError **error)
{
	g_autoptr(Window) done = g_steal_pointer(window);

	if (done == NULL)
		return TRUE;
	wait_until_read(reader, done);
	return window_record(reader, done, error);
}

/* Fetches a window and gives it to the thread. *window_out NULL: there is no more. */
static gboolean
start(Reader *reader, Window **window_out, GError **error)
{
	g_autoptr(Window) window = window_new();
	g_autoptr(GError) trouble = NULL;
	gboolean ok = window_collect(window, reader->mailbox, &trouble);

	if (window->items->len > 0) {
		if (!window_count(window, reader->pipeline->ledger, error))
			return FALSE;
		fault_point("observe.counted");
		window_parse(window);
		*window_out = g_steal_pointer(&window);
		g_thread_pool_push(reader->pool, *window_out, NULL);
	}
	if (!ok)
		g_propagate_error(error, g_steal_pointer(&trouble));
	return ok;
}

/* While one window is being read the next one is fetched; but the end of the round, which notes the time
 * of the last good poll, comes after the last outcome, and a large mail has the memory for itself. */
static gboolean
may_overlap(const Reader *reader, const Window *reading)
{
	return reading == NULL ||
	       (mailbox_has_more(reader->mailbox) && reading->bytes < 2 * WINDOW_BYTES);
}

static gboolean
drain(Reader *reader, GError **error)
{
	Window *reading = NULL;
	gboolean ok = TRUE;

	while (ok && !*reader->stopping) {
		Window *next = NULL;
		g_autoptr(GError) trouble = NULL;

		if (!may_overlap(reader, reading)) {
			ok = finish(reader, &reading, error);
			continue;
		}
		gboolean there = start(reader, &next, &trouble);
		ok = finish(reader, &reading, error);
		reading = next;
		if (!there) {
			ok = ok && finish(reader, &reading, error);
			if (ok)
				g_propagate_error(error, g_steal_pointer(&trouble));
			ok = FALSE;
		}
		if (reading == NULL)
			break;
	}
	if (ok)
		return finish(reader, &reading, error);
	if (reading != NULL)
		wait_until_read(reader, reading);
	window_free(reading);
	return FALSE;
}

gboolean
observe_drain(const Pipeline *pipeline, Mailbox *mailbox, const volatile int *stopping,
              GError **error)
{
	Reader reader = { .pipeline = pipeline, .mailbox = mailbox, .stopping = stopping };

	reader.pool = g_thread_pool_new(read_window, &reader, 1, TRUE, error);
	if (reader.pool == NULL)
		return FALSE;
	g_mutex_init(&reader.lock);
	g_cond_init(&reader.done);
	gboolean ok = drain(&reader, error);
	g_thread_pool_free(reader.pool, FALSE, TRUE);
	g_cond_clear(&reader.done);
	g_mutex_clear(&reader.lock);
	return ok;
}
