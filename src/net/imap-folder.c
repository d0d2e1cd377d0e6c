/* imap-folder.c - LIST, SELECT, CREATE and SEARCH. */
#include "config.h"

#include <string.h>

#include "aardig/log.h"
#include "net/imap-private.h"

#define FOLDERS_MAX 20000
/* A mailbox of so many mails may answer a search in one piece; of a larger one UIDs are asked by
 * windows. */
#define SEARCH_WHOLE 100000
#define SEARCH_WINDOW 50000
#define HITS_MAX 4000000

/* ---- LIST ---- */

static void
folder_free(gpointer data)
{
	ImapFolder *folder = data;

	g_free(folder->name);
	g_free(folder);
}

/* SPECIAL-USE (RFC 6154), and the names Google used before. */
static const struct {
	const char *attribute;
	gsize offset;
} attributes[] = {
	{ "\\DRAFTS", G_STRUCT_OFFSET(ImapFolder, drafts) },
	{ "\\SENT", G_STRUCT_OFFSET(ImapFolder, sent) },
	{ "\\JUNK", G_STRUCT_OFFSET(ImapFolder, junk) },
	{ "\\SPAM", G_STRUCT_OFFSET(ImapFolder, junk) },
	{ "\\TRASH", G_STRUCT_OFFSET(ImapFolder, trash) },
	{ "\\ALL", G_STRUCT_OFFSET(ImapFolder, all) },
	{ "\\ALLMAIL", G_STRUCT_OFFSET(ImapFolder, all) },
	{ "\\NOSELECT", G_STRUCT_OFFSET(ImapFolder, noselect) },
	{ "\\NONEXISTENT", G_STRUCT_OFFSET(ImapFolder, noselect) },
};

static gboolean
take_attributes(ImapCursor *cursor, ImapFolder *folder)
{
	char word[64];

	if (!imap_take_char(cursor, '('))
		return FALSE;
	for (imap_skip_blanks(cursor); imap_take_word(cursor, word, sizeof word, TRUE);
	     imap_skip_blanks(cursor))
		for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++)
			if (strcmp(word, attributes[i].attribute) == 0)
				G_STRUCT_MEMBER(gboolean, folder, attributes[i].offset) = TRUE;
	return imap_take_char(cursor, ')');
}

static void
note_folder(ImapSession *session, const ImapResponse *response, void *data)
{
	GPtrArray *folders = data;
	ImapFolder folder = { 0 };

	if (response->has_number || strcmp(response->name, "LIST") != 0 || folders->len >= FOLDERS_MAX)
		return;
	ImapCursor cursor = imap_cursor(response, response->rest);
	if (!take_attributes(&cursor, &folder))
		return;
	imap_skip_blanks(&cursor);
	g_autofree char *delimiter = imap_take_text(&cursor); /* NULL for NIL */
	imap_skip_blanks(&cursor);
	g_autofree char *name = imap_take_text(&cursor);
	if (name == NULL || *name == '\0')
		return;
	folder.delimiter = delimiter != NULL ? delimiter[0] : '\0';
	folder.name = imap_utf7_decode(name);
	/* A name that is no modified UTF-7 could not be named again. */
	if (folder.name != NULL)
		g_ptr_array_add(folders, g_memdup2(&folder, sizeof folder));
}

GPtrArray *
imap_list(ImapSession *session, GError **error)
{
	g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(folder_free);
	g_autoptr(ImapCommand) command =
		imap_command_new(imap_has_capability(session, "SPECIAL-USE")
	                         ? "LIST \"\" \"*\" RETURN (SPECIAL-USE)"
	                         : "LIST \"\" \"*\"");
	g_auto(ImapResult) result = { 0 };

	if (!imap_run(session, command, note_folder, folders, &result, error))
		return NULL;
	/* Some announce SPECIAL-USE and do not know the option; they show the attributes unasked. */
	if (result.status == IMAP_BAD) {
		g_autoptr(ImapCommand) plain = imap_command_new("LIST \"\" \"*\"");

		g_ptr_array_set_size(folders, 0);
		imap_result_clear(&result);
		if (!imap_run(session, plain, note_folder, folders, &result, error))
			return NULL;
	}
	if (!imap_result_error(&result, "list of folders", error))
		return NULL;
	return g_steal_pointer(&folders);
}

/* ---- SELECT, CREATE ---- */

static void
note_last_uid(ImapSession *session, const ImapResponse *response, void *data)
{
	ImapCursor cursor = imap_cursor(response, response->rest);
	guint32 *last = data;
	char word[32];
	guint64 uid;

	if (!response->has_number || strcmp(response->name, "FETCH") != 0 ||
	    !imap_take_char(&cursor, '('))
		return;
	while (imap_take_word(&cursor, word, sizeof word, TRUE)) {
		imap_skip_blanks(&cursor);
		if (strcmp(word, "UID") == 0 && imap_take_number(&cursor, G_MAXUINT32, &uid))
			*last = MAX(*last, (guint32) uid);
		else if (!imap_skip_value(&cursor))
			return;
		imap_skip_blanks(&cursor);
	}
}

/* Servers older than RFC 3501 do not say UIDNEXT. */
static gboolean
ask_last_uid(ImapSession *session, GError **error)
{
	g_autoptr(ImapCommand) command = imap_command_new("FETCH * (UID)");
	guint32 last = 0;

	if (session->mailbox.exists > 0 &&
	    !imap_run(session, command, note_last_uid, &last, NULL, error))
		return FALSE;
	session->mailbox.uidnext = last == G_MAXUINT32 ? last : last + 1;
	return TRUE;
}

gboolean
imap_select(ImapSession *session, const char *folder, gboolean read_only, ImapMailboxInfo *info_out,
            GError **error)
{
	g_autoptr(ImapCommand) command = imap_command_new(read_only ? "EXAMINE " : "SELECT ");
	g_auto(ImapResult) result = { 0 };
	g_autofree char *quoted = log_quote(folder, 80);
	g_autofree char *what = g_strdup_printf("folder %s", quoted);

	session->selected = FALSE;
	session->mailbox = (ImapMailboxInfo) { 0 };
	if (!imap_command_add_mailbox(command, folder, error) ||
	    !imap_run(session, command, NULL, NULL, &result, error))
		return FALSE;
	if (!imap_result_error(&result, what, error))
		return FALSE;
	if (session->mailbox.uidnext == 0 && !ask_last_uid(session, error))
		return FALSE;
	if (read_only || strcmp(result.code, "READ-ONLY") == 0)
		session->mailbox.read_only = TRUE;
	if (session->mailbox.uidvalidity == 0) {
		g_set_error(
			error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
			"%s: the server gives its mails no lasting numbers (UIDVALIDITY); aardig cannot "
			"work with it",
			what);
		return FALSE;
	}
	session->selected = TRUE;
	session->news = FALSE;
	*info_out = session->mailbox;
	return TRUE;
}

gboolean
imap_create(ImapSession *session, const char *folder, GError **error)
{
	g_autoptr(ImapCommand) command = imap_command_new("CREATE ");
	g_auto(ImapResult) result = { 0 };
	g_autofree char *quoted = log_quote(folder, 80);
	g_autofree char *what = g_strdup_printf("folder %s cannot be made", quoted);

	if (!imap_command_add_mailbox(command, folder, error) ||
	    !imap_run(session, command, NULL, NULL, &result, error))
		return FALSE;
	if (strcmp(result.code, "ALREADYEXISTS") == 0)
		return TRUE;
	return imap_result_error(&result, what, error);
}

/* ---- SEARCH ---- */

typedef struct {
	GArray *uids;
	guint32 from, to; /* hits outside are no answer to what was asked */
	gboolean too_many;
} Search;

static void
add_hits(Search *search, guint64 first, guint64 last)
{
	if (first > last) {
		guint64 swap = first;

		first = last;
		last = swap;
	}
	first = MAX(first, search->from);
	last = MIN(last, search->to);
	if (first > last)
		return;
	if (search->uids->len + (last - first) + 1 > HITS_MAX) {
		search->too_many = TRUE;
		return;
	}
	for (guint64 uid = first; uid <= last; uid++) {
		guint32 hit = (guint32) uid;

		g_array_append_val(search->uids, hit);
	}
}

/* "2,10:11" */
static void
take_set(ImapCursor *cursor, Search *search)
{
	do {
		guint64 first, last;

		if (!imap_take_number(cursor, G_MAXUINT32, &first))
			return;
		last = first;
		if (imap_take_char(cursor, ':') && !imap_take_number(cursor, G_MAXUINT32, &last))
			return;
		add_hits(search, first, last);
	} while (imap_take_char(cursor, ','));
}

/* RFC 4731: * ESEARCH (TAG "t3") UID ALL 2,10:11 */
static void
take_esearch(ImapCursor *cursor, Search *search)
{
	char word[32];

	imap_skip_value(cursor);
	for (imap_skip_blanks(cursor); imap_take_word(cursor, word, sizeof word, TRUE);
	     imap_skip_blanks(cursor)) {
		imap_skip_blanks(cursor);
		if (strcmp(word, "UID") == 0)
			continue;
		if (strcmp(word, "ALL") == 0)
			take_set(cursor, search);
		else if (!imap_skip_value(cursor))
			return;
	}
}

static void
note_hits(ImapSession *session, const ImapResponse *response, void *data)
{
	ImapCursor cursor = imap_cursor(response, response->rest);
	Search *search = data;
	guint64 uid;

	if (response->has_number)
		return;
	if (strcmp(response->name, "ESEARCH") == 0) {
		take_esearch(&cursor, search);
		return;
	}
	if (strcmp(response->name, "SEARCH") != 0)
		return;
	while (imap_take_number(&cursor, G_MAXUINT32, &uid)) {
		add_hits(search, uid, uid);
		imap_skip_blanks(&cursor);
	}
}

static gboolean
search_window(ImapSession *session, Search *search, gboolean to_end, const char *criteria,
              GError **error)
{
	g_auto(ImapResult) result = { 0 };
	g_autoptr(GString) text = g_string_new("UID SEARCH ");

	if (imap_has_capability(session, "ESEARCH"))
		g_string_append(text, "RETURN (ALL) ");
	if (to_end)
		g_string_append_printf(text, "UID %u:*", search->from);
	else
		g_string_append_printf(text, "UID %u:%u", search->from, search->to);
	g_autoptr(ImapCommand) command = imap_command_new(text->str);
	if (criteria != NULL) {
		imap_command_add(command, " ");
		imap_command_add(command, criteria);
	}
	if (!imap_run(session, command, note_hits, search, &result, error))
		return FALSE;
	if (!imap_result_error(&result, "search", error))
		return FALSE;
	if (!search->too_many)
		return TRUE;
	line_break(session->io);
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
	            "the IMAP server found more mails than there can be");
	return FALSE;
}

int
imap_compare_uids(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

	return x < y ? -1 : x > y;
}

static void
sort_unique(GArray *uids)
{
	guint kept = 0;

	g_array_sort(uids, imap_compare_uids);
	for (guint i = 0; i < uids->len; i++) {
		guint32 uid = g_array_index(uids, guint32, i);

		if (kept == 0 || g_array_index(uids, guint32, kept - 1) != uid)
			g_array_index(uids, guint32, kept++) = uid;
	}
	g_array_set_size(uids, kept);
}

/* UID n:* names the last mail even where there is none from n on; add_hits() leaves it out. */
GArray *
imap_search(ImapSession *session, guint32 from, guint32 to, const char *criteria, GError **error)
{
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	guint64 last = to != 0 ? to : G_MAXUINT32, at = MAX(from, 1), window = SEARCH_WINDOW;

	if (session->mailbox.exists <= SEARCH_WHOLE)
		window = G_MAXUINT32;
	if (to == 0)
		session->news = FALSE;
	while (at <= last) {
		/* Beyond the last known UID there is only what came since. */
		gboolean to_end =
			to == 0 && (at + window > last || at + window >= session->mailbox.uidnext);
		guint64 end = to_end ? last : MIN(at + window - 1, last);
		Search search = { uids, (guint32) at, (guint32) end, FALSE };
		guint before = uids->len;

		if (!search_window(session, &search, to_end, criteria, error))
			return NULL;
		if (uids->len == before)
			window *= 2; /* a stretch of numbers not in use */
		at = end + 1;
	}
	sort_unique(uids);
	return g_steal_pointer(&uids);
}

gboolean
imap_find_message_id(ImapSession *session, const char *message_id, guint32 *uid_out, GError **error)
{
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(ImapCommand) command = imap_command_new("UID SEARCH HEADER Message-ID ");
	g_auto(ImapResult) result = { 0 };
	Search search = { uids, 1, G_MAXUINT32, FALSE };

	if (!line_is_safe(message_id) || *message_id == '\0') {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "not a Message-ID to look for");
		return FALSE;
	}
	imap_command_add_string(command, message_id);
	if (!imap_run(session, command, note_hits, &search, &result, error) ||
	    !imap_result_error(&result, "search by Message-ID", error))
		return FALSE;
	sort_unique(uids);
	*uid_out = uids->len > 0 ? g_array_index(uids, guint32, uids->len - 1) : 0;
	return TRUE;
}
