/* imap-store.c - APPEND, MOVE or COPY, keywords.
 *
 * Nothing is ever expunged that was not copied first, one UID at a time (UIDPLUS); where a server
 * cannot do that, the mail stays and a copy is made. */
#include "config.h"

#include <string.h>

#include "aardig/log.h"
#include "net/imap-private.h"

#define KEYWORDS_MAX 16

/* Letters as in a flag: no blank, parenthesis or quote can come in from a configuration. */
static gboolean
is_flag(const char *word)
{
	const char *name = *word == '\\' ? word + 1 : word;

	if (*name == '\0' || strlen(name) > 60)
		return FALSE;
	for (const char *p = name; *p != '\0'; p++)
		if ((guchar) *p <= 0x20 || (guchar) *p >= 0x7f || strchr("(){}%*\"\\]", *p) != NULL)
			return FALSE;
	return TRUE;
}

/* "\Draft \Seen", with or without parentheses around it. */
static char *
flag_list(const char *flags)
{
	g_autofree char *copy = g_strdup(flags != NULL ? flags : "");
	g_autoptr(GString) list = g_string_new("(");

	g_strdelimit(copy, "()", ' ');
	g_auto(GStrv) words = g_strsplit(copy, " ", KEYWORDS_MAX);
	for (char **word = words; *word != NULL; word++) {
		if (**word == '\0')
			continue;
		if (!is_flag(*word))
			return NULL;
		g_string_append_printf(list, "%s%s", list->len > 1 ? " " : "", *word);
	}
	g_string_append_c(list, ')');
	return g_string_free(g_steal_pointer(&list), FALSE);
}

static gboolean
bad_flag(const char *flag, GError **error)
{
	g_autofree char *quoted = log_quote(flag, 60);

	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG, "\"%s\" cannot be a flag or keyword",
	            quoted);
	return FALSE;
}

/* APPENDUID's arguments: UIDVALIDITY, then the UID. */
static guint32
appended_uid(const ImapResult *result)
{
	g_auto(GStrv) words = g_strsplit(g_strstrip(result->code_args), " ", 3);
	guint64 uid = 0;

	if (strcmp(result->code, "APPENDUID") != 0 || g_strv_length(words) < 2 ||
	    !g_ascii_string_to_unsigned(words[1], 10, 1, G_MAXUINT32, &uid, NULL))
		return 0;
	return (guint32) uid;
}

gboolean
imap_append(ImapSession *session, const char *folder, const char *flags, GBytes *message,
            guint32 *uid_out, GError **error)
{
	g_autoptr(ImapCommand) command = imap_command_new("APPEND ");
	g_autofree char *list = flag_list(flags);
	g_auto(ImapResult) result = { 0 };
	g_autofree char *quoted = log_quote(folder, 80);
	g_autofree char *what = g_strdup_printf("storing in folder %s", quoted);

	if (list == NULL)
		return bad_flag(flags, error);
	if (!imap_command_add_mailbox(command, folder, error))
		return FALSE;
	imap_command_add(command, " ");
	if (strcmp(list, "()") != 0) {
		imap_command_add(command, list);
		imap_command_add(command, " ");
	}
	imap_command_add_literal(command, message);
	if (!imap_run(session, command, NULL, NULL, &result, error) ||
	    !imap_result_error(&result, what, error))
		return FALSE;
	if (uid_out != NULL)
		*uid_out = appended_uid(&result);
	return TRUE;
}

static gboolean
run_to_folder(ImapSession *session, const char *verb, guint32 uid, const char *folder,
              GError **error)
{
	g_autofree char *text = g_strdup_printf("UID %s %u ", verb, uid);
	g_autoptr(ImapCommand) command = imap_command_new(text);
	g_auto(ImapResult) result = { 0 };
	g_autofree char *quoted = log_quote(folder, 80);
	g_autofree char *what = g_strdup_printf("%s to folder %s", verb, quoted);

	return imap_command_add_mailbox(command, folder, error) &&
	       imap_run(session, command, NULL, NULL, &result, error) &&
	       imap_result_error(&result, what, error);
}

/* Only this mail, and only where the server can expunge one alone (RFC 4315). */
static gboolean
remove_copied(ImapSession *session, guint32 uid, GError **error)
{
	g_autofree char *store = g_strdup_printf("UID STORE %u +FLAGS.SILENT (\\Deleted)", uid);
	g_autofree char *expunge = g_strdup_printf("UID EXPUNGE %u", uid);
	g_autoptr(ImapCommand) mark = imap_command_new(store);
	g_autoptr(ImapCommand) remove = imap_command_new(expunge);

	return imap_run(session, mark, NULL, NULL, NULL, error) &&
	       imap_run(session, remove, NULL, NULL, NULL, error);
}

gboolean
imap_move(ImapSession *session, guint32 uid, const char *folder, gboolean copy_only, GError **error)
{
	if (!copy_only && imap_has_capability(session, "MOVE"))
		return run_to_folder(session, "MOVE", uid, folder, error);
	if (!run_to_folder(session, "COPY", uid, folder, error))
		return FALSE;
	/* \Deleted in Gmail can mean the bin, by a setting of the user's. */
	if (copy_only || !imap_has_capability(session, "UIDPLUS") ||
	    imap_has_capability(session, "X-GM-EXT-1"))
		return TRUE;
	return remove_copied(session, uid, error);
}

gboolean
imap_store_keywords(ImapSession *session, guint32 uid, const char *const *keywords, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (!session->mailbox.keywords_kept || session->mailbox.read_only || keywords[0] == NULL)
		return TRUE;
	g_string_printf(text, "UID STORE %u +FLAGS.SILENT (", uid);
	for (guint i = 0; keywords[i] != NULL; i++) {
		if (!is_flag(keywords[i]) || keywords[i][0] == '\\')
			return bad_flag(keywords[i], error);
		g_string_append_printf(text, "%s%s", i > 0 ? " " : "", keywords[i]);
	}
	g_string_append_c(text, ')');
	g_autoptr(ImapCommand) command = imap_command_new(text->str);
	return imap_run(session, command, NULL, NULL, NULL, error);
}
