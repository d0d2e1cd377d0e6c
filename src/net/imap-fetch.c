/* imap-fetch.c - sizes, dates and bodies. BODY.PEEK only: reading never sets \Seen. */
#include "config.h"

#include <string.h>

#include "aardig/message.h"
#include "net/imap-private.h"

#define SET_LENGTH 4000   /* of one command line; RFC 7162 section 4 grants 8192 */
#define BODIES_A_COMMAND 64
/* All bodies of one call together, whatever sizes the server has announced; what is over is thrown
 * away and shows as a message with a size and no body. */
#define BODIES_MAX (MESSAGE_MAX_SIZE + 8 * 1024 * 1024)

static void
message_info_free(gpointer data)
{
	ImapMessage *message = data;

	g_clear_pointer(&message->body, g_bytes_unref);
	g_free(message);
}

typedef struct {
	GHashTable *wanted; /* uids asked for and not yet answered */
	GPtrArray *messages;
	gboolean bodies;
	gsize limit, left; /* of one body, of all together */
} Fetch;

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

static void
note_message(ImapSession *session, const ImapResponse *response, void *data)
{
	ImapCursor cursor = imap_cursor(response, response->rest);
	Fetch *fetch = data;
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
	/* The server may tell of flags that changed, of any mail, at any time: not what was asked. */
	if (ok && message.uid != 0 && (fetch->bodies ? has_body : has_size) &&
	    g_hash_table_remove(fetch->wanted, GUINT_TO_POINTER(message.uid))) {
		g_ptr_array_add(fetch->messages, g_memdup2(&message, sizeof message));
		if (message.body != NULL) {
			fetch->left -= MIN(fetch->left, g_bytes_get_size(message.body));
			session->literal_max = MIN(fetch->limit, fetch->left);
		}
		return;
	}
	g_clear_pointer(&message.body, g_bytes_unref);
}

static int
compare_messages(gconstpointer a, gconstpointer b)
{
	const ImapMessage *x = *(const ImapMessage *const *) a, *y = *(const ImapMessage *const *) b;

	return x->uid < y->uid ? -1 : x->uid > y->uid;
}

/* The next commands for uids from *at on, not more than are run in one go. */
static GPtrArray *
next_commands(const guint32 *uids, gsize n, gsize a_command, const char *items, gsize *at)
{
	GPtrArray *commands = g_ptr_array_new_with_free_func((GDestroyNotify) imap_command_free);

	while (*at < n && commands->len < IMAP_COMMANDS_MAX) {
		gsize end = MIN(n - *at, a_command) + *at;
		g_autofree char *set = imap_sequence_set(uids, end, SET_LENGTH, at);
		g_autofree char *text = g_strdup_printf("UID FETCH %s %s", set, items);

		g_ptr_array_add(commands, imap_command_new(text));
	}
	return commands;
}

static GPtrArray *
fetch_all(ImapSession *session, const guint32 *uids, gsize n, gsize a_command, const char *items,
          Fetch *fetch, GError **error)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(message_info_free);
	gsize at = 0;

	fetch->wanted = wanted;
	fetch->messages = messages;
	for (gsize i = 0; i < n; i++)
		g_hash_table_add(wanted, GUINT_TO_POINTER(uids[i]));
	while (at < n) {
		g_autoptr(GPtrArray) commands = next_commands(uids, n, a_command, items, &at);
		g_auto(ImapResult) result = { 0 };

		if (!imap_run_all(session, commands, note_message, fetch, &result, error) ||
		    !imap_result_error(&result, "fetching mails", error))
			return NULL;
	}
	g_ptr_array_sort(messages, compare_messages);
	return g_steal_pointer(&messages);
}

GPtrArray *
imap_fetch_info(ImapSession *session, const guint32 *uids, gsize n, GError **error)
{
	Fetch fetch = { .bodies = FALSE };

	return fetch_all(session, uids, n, G_MAXSIZE, "(UID RFC822.SIZE INTERNALDATE FLAGS)", &fetch,
	                 error);
}

GPtrArray *
imap_fetch_bodies(ImapSession *session, const guint32 *uids, gsize n, gsize limit, GError **error)
{
	g_autofree char *items =
		limit > 0 ? g_strdup_printf("(UID BODY.PEEK[]<0.%" G_GSIZE_FORMAT ">)", limit)
				  : g_strdup("(UID BODY.PEEK[])");
	gsize before = session->literal_max;
	Fetch fetch = { .bodies = TRUE, .left = BODIES_MAX };

	fetch.limit = limit > 0 ? limit : MESSAGE_MAX_SIZE;
	session->literal_max = fetch.limit;
	GPtrArray *messages = fetch_all(session, uids, n, BODIES_A_COMMAND, items, &fetch, error);
	session->literal_max = before;
	return messages;
}
