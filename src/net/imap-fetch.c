/* imap-fetch.c - sizes, dates and bodies. BODY.PEEK only: reading never sets \Seen. */
#include "config.h"

#include <string.h>

#include "aardig/message.h"
#include "net/imap-private.h"

#define SET_LENGTH 4000   /* of one command line; RFC 7162 section 4 grants 8192 */
#define BODIES_A_COMMAND 64
/* Commands of one call under way at any time, so that the way there and back is waited for once. */
#define IN_FLIGHT 4
#define INFO_LITERAL_MAX (64 * 1024)
/* All bodies that are held at one time, whatever sizes the server has announced; what is over is
 * thrown away and shows as a message with a size and no body. */
#define BODIES_MAX (MESSAGE_MAX_SIZE + 8 * 1024 * 1024)

static void
message_info_free(gpointer data)
{
	ImapMessage *message = data;

	g_clear_pointer(&message->body, g_bytes_unref);
	g_free(message);
}

struct ImapFetch {
	guint tag;
	gboolean bodies, finished;
	gsize limit;         /* of one literal */
	GHashTable *wanted;  /* uids asked for and not yet answered */
	GPtrArray *messages;
	gsize held;          /* bytes of their bodies */
	ImapResult result;
};

static void
fetch_free(ImapFetch *fetch)
{
	g_hash_table_unref(fetch->wanted);
	g_ptr_array_unref(fetch->messages);
	imap_result_clear(&fetch->result);
	g_free(fetch);
}

static void
take_flags(ImapCursor *cursor, ImapMessage *message)
{
	char word[256];

	if (!imap_take_char(cursor, '('))
		return;
	for (imap_skip_blanks(cursor); imap_take_word(cursor, word, sizeof word, FALSE);
	     imap_skip_blanks(cursor))
		if (g_ascii_strcasecmp(word, "$AardigDone") == 0)
			message->done = TRUE;
	imap_take_char(cursor, ')');
}

/* One item and its value; FALSE if the rest cannot be understood. */
static gboolean
take_item(ImapCursor *cursor, const char *item, ImapMessage *message)
{
	guint64 number;

	if (strcmp(item, "UID") == 0) {
		if (!imap_take_number(cursor, G_MAXUINT32, &number))
			return FALSE;
		message->uid = (guint32) number;
	} else if (strcmp(item, "RFC822.SIZE") == 0) {
		if (!imap_take_number(cursor, G_MAXINT64, &number))
			return FALSE;
		message->size = (gsize) number;
	} else if (strcmp(item, "FLAGS") == 0) {
		take_flags(cursor, message);
	} else if (strcmp(item, "INTERNALDATE") == 0) {
		g_autofree char *date = imap_take_text(cursor);

		if (date != NULL)
			imap_parse_date(date, &message->internaldate);
	} else if (g_str_has_prefix(item, "BODY[]")) {
		g_autoptr(GBytes) body = NULL;
		gsize size;

		if (message->body != NULL || !imap_take_string(cursor, &body, &size))
			return FALSE;
		message->body = g_steal_pointer(&body);
		message->size = size;
	} else {
		return imap_skip_value(cursor);
	}
	return TRUE;
}

/* Whose answer it is; the server may tell of flags that changed, of any mail, at any time. */
static ImapFetch *
find_fetch(const ImapSession *session, guint32 uid, gboolean has_body, gboolean has_size)
{
	for (GList *at = session->fetches.head; at != NULL; at = at->next) {
		ImapFetch *fetch = at->data;

		if (!fetch->finished && (fetch->bodies ? has_body : has_size) &&
		    g_hash_table_remove(fetch->wanted, GUINT_TO_POINTER(uid)))
			return fetch;
	}
	return NULL;
}

static void
note_message(ImapSession *session, const ImapResponse *response)
{
	ImapCursor cursor = imap_cursor(response, response->rest);
	ImapMessage message = { 0 };
	char item[64];
	gboolean ok = TRUE, has_body = FALSE, has_size = FALSE;

	if (!response->has_number || strcmp(response->name, "FETCH") != 0 ||
	    !imap_take_char(&cursor, '('))
		return;
	imap_skip_blanks(&cursor);
	while (ok && imap_take_word(&cursor, item, sizeof item, TRUE)) {
		imap_skip_blanks(&cursor);
		has_body = has_body || g_str_has_prefix(item, "BODY[]");
		has_size = has_size || strcmp(item, "RFC822.SIZE") == 0;
		ok = take_item(&cursor, item, &message);
		imap_skip_blanks(&cursor);
	}
	ImapFetch *fetch = ok && message.uid != 0 ? find_fetch(session, message.uid, has_body, has_size)
	                                          : NULL;
	if (fetch == NULL) {
		g_clear_pointer(&message.body, g_bytes_unref);
		return;
	}
	g_ptr_array_add(fetch->messages, g_memdup2(&message, sizeof message));
	if (message.body != NULL) {
		fetch->held += g_bytes_get_size(message.body);
		session->held += g_bytes_get_size(message.body);
	}
}

static gboolean
note_end(ImapSession *session, const ImapResponse *response, GError **error)
{
	guint tag = imap_tag_number(response);

	for (GList *at = session->fetches.head; at != NULL; at = at->next) {
		ImapFetch *fetch = at->data;

		if (tag == 0 || fetch->tag != tag || fetch->finished)
			continue;
		fetch->finished = TRUE;
		imap_result_set(&fetch->result, response);
		return TRUE;
	}
	return imap_unexpected(session, response, error);
}

static gsize
literal_max(const ImapSession *session)
{
	gsize most = 0;

	for (GList *at = session->fetches.head; at != NULL; at = at->next) {
		const ImapFetch *fetch = at->data;

		if (!fetch->finished)
			most = MAX(most, fetch->limit);
	}
	return MIN(most, BODIES_MAX - MIN(BODIES_MAX, session->held));
}

/* The next response, for whichever of them it is. */
static gboolean
read_one(ImapSession *session, ImapPatience *patience, ImapResponse *response, GError **error)
{
	gsize before = session->literal_max;

	session->literal_max = literal_max(session);
	gboolean ok = imap_next_within(session, patience, response, error);
	session->literal_max = before;
	if (!ok)
		line_break(session->io);
	else if (response->kind == IMAP_CONTINUE)
		ok = imap_unexpected(session, response, error);
	else if (response->kind == IMAP_TAGGED)
		ok = note_end(session, response, error);
	else
		note_message(session, response);
	return ok;
}

static gboolean
read_until(ImapSession *session, const ImapFetch *fetch, GError **error)
{
	g_autoptr(ImapResponse) response = fetch->finished ? NULL : imap_response_new();
	ImapPatience patience = imap_patience(session);

	while (!fetch->finished)
		if (!read_one(session, &patience, response, error))
			return FALSE;
	return TRUE;
}

gboolean
imap_fetches_end(ImapSession *session, GError **error)
{
	for (GList *at = session->fetches.head; at != NULL; at = at->next)
		if (!read_until(session, at->data, error))
			return FALSE;
	return TRUE;
}

void
imap_fetches_free(ImapSession *session)
{
	g_queue_clear_full(&session->fetches, (GDestroyNotify) fetch_free);
}

static int
compare_messages(gconstpointer a, gconstpointer b)
{
	const ImapMessage *x = *(const ImapMessage *const *) a, *y = *(const ImapMessage *const *) b;

	return x->uid < y->uid ? -1 : x->uid > y->uid;
}

/* Takes uids from *at on, as many as one command may name. */
static ImapFetch *
start(ImapSession *session, const guint32 *uids, gsize n, gsize *at, gsize limit, const char *items,
      GError **error)
{
	gsize from = *at, to = *at;
	guint tag;
	g_autofree char *set = imap_sequence_set(uids, n, SET_LENGTH, &to);
	g_autofree char *text = g_strdup_printf("UID FETCH %s %s", set, items);

	if (!imap_send_only(session, text, &tag, error))
		return NULL;
	ImapFetch *fetch = g_new0(ImapFetch, 1);
	*fetch = (ImapFetch) { .tag = tag, .limit = limit };
	fetch->wanted = g_hash_table_new(NULL, NULL);
	fetch->messages = g_ptr_array_new_with_free_func(message_info_free);
	for (gsize i = from; i < to; i++)
		g_hash_table_add(fetch->wanted, GUINT_TO_POINTER(uids[i]));
	g_queue_push_tail(&session->fetches, fetch);
	*at = to;
	return fetch;
}

#define INFO_ITEMS "(UID RFC822.SIZE INTERNALDATE FLAGS)"
#define BODY_ITEMS "(UID BODY.PEEK[])"

ImapFetch *
imap_fetch_start_info(ImapSession *session, const guint32 *uids, gsize n, gsize *taken_out,
                      GError **error)
{
	gsize at = 0;
	ImapFetch *fetch = start(session, uids, n, &at, INFO_LITERAL_MAX, INFO_ITEMS, error);

	if (fetch != NULL)
		*taken_out = at;
	return fetch;
}

ImapFetch *
imap_fetch_start_bodies(ImapSession *session, const guint32 *uids, gsize n, gsize *taken_out,
                        GError **error)
{
	gsize at = 0;
	ImapFetch *fetch = start(session, uids, n, &at, MESSAGE_MAX_SIZE, BODY_ITEMS, error);

	if (fetch == NULL)
		return NULL;
	fetch->bodies = TRUE;
	*taken_out = at;
	return fetch;
}

GPtrArray *
imap_fetch_finish(ImapSession *session, ImapFetch *fetch, GError **error)
{
	GPtrArray *messages = NULL;

	if (read_until(session, fetch, error) &&
	    imap_result_error(&fetch->result, "fetching mails", error)) {
		messages = g_ptr_array_ref(fetch->messages);
		g_ptr_array_sort(messages, compare_messages);
	}
	session->held -= fetch->held;
	g_queue_remove(&session->fetches, fetch);
	fetch_free(fetch);
	return messages;
}

/* ---- all of a call, read before it returns ---- */

typedef struct {
	const guint32 *uids;
	gsize n, a_command;
	const char *items;
	gsize limit;
	gboolean bodies;
} Wish;

static gboolean
start_some(ImapSession *session, const Wish *wish, gsize *at, GError **error)
{
	while (*at < wish->n && g_queue_get_length(&session->fetches) < IN_FLIGHT) {
		gsize end = MIN(wish->n - *at, wish->a_command) + *at;
		ImapFetch *fetch = start(session, wish->uids, end, at, wish->limit, wish->items, error);

		if (fetch == NULL)
			return FALSE;
		fetch->bodies = wish->bodies;
	}
	return TRUE;
}

/* One command leaves with the end of another. */
static gboolean
fetch_into(ImapSession *session, const Wish *wish, GPtrArray *all, GError **error)
{
	gsize at = 0;

	while (at < wish->n || !g_queue_is_empty(&session->fetches)) {
		if (!start_some(session, wish, &at, error))
			return FALSE;
		ImapFetch *fetch = g_queue_peek_head(&session->fetches);
		if (!read_until(session, fetch, error))
			return FALSE;
		gsize held = fetch->held;
		g_autoptr(GPtrArray) messages = imap_fetch_finish(session, fetch, error);
		if (messages == NULL)
			return FALSE;
		session->held += held; /* until all of them are there */
		g_ptr_array_extend_and_steal(all, g_steal_pointer(&messages));
	}
	return TRUE;
}

static GPtrArray *
fetch_all(ImapSession *session, const Wish *wish, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(message_info_free);
	GQueue others = session->fetches;

	if (!imap_fetches_end(session, error))
		return NULL;
	g_queue_init(&session->fetches);
	gsize before = session->held;
	gboolean ok = fetch_into(session, wish, all, error);
	/* After a refusal the rest is not asked for, and what was asked is not wanted. */
	if (!ok && line_is_open(session->io))
		imap_fetches_end(session, NULL);
	imap_fetches_free(session);
	session->fetches = others;
	session->held = before;
	if (!ok)
		return NULL;
	g_ptr_array_sort(all, compare_messages);
	return g_steal_pointer(&all);
}

GPtrArray *
imap_fetch_info(ImapSession *session, const guint32 *uids, gsize n, GError **error)
{
	const Wish wish = { uids, n, G_MAXSIZE, INFO_ITEMS, INFO_LITERAL_MAX, FALSE };

	return fetch_all(session, &wish, error);
}

GPtrArray *
imap_fetch_bodies(ImapSession *session, const guint32 *uids, gsize n, gsize limit, GError **error)
{
	g_autofree char *part = g_strdup_printf("(UID BODY.PEEK[]<0.%" G_GSIZE_FORMAT ">)", limit);
	const Wish wish = { uids, n, BODIES_A_COMMAND, limit > 0 ? part : BODY_ITEMS,
		            limit > 0 ? limit : MESSAGE_MAX_SIZE, TRUE };

	return fetch_all(session, &wish, error);
}
