/* imap-command.c - builds commands, sends them with their literals, waits for the answers. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "aardig/log.h"
#include "net/imap-private.h"

#define TAG_FORMAT "t%u" /* libcurl's own are A001, A002 */
/* One command may keep a server busy for so many timeouts, as long as it says something in each. */
#define COMMAND_TIMEOUTS 30
#define RESPONSES_MAX 2000000
#define LITERAL_MINUS_MAX 4096

typedef struct {
	gboolean is_literal;
	GBytes *bytes;
} Part;

struct ImapCommand {
	GArray *parts; /* Part; text and literals in turn */
};

static void
part_clear(gpointer data)
{
	g_bytes_unref(((Part *) data)->bytes);
}

static void
add_part(ImapCommand *command, gboolean is_literal, GBytes *bytes)
{
	Part part = { is_literal, bytes };

	g_array_append_val(command->parts, part);
}

void
imap_command_add(ImapCommand *command, const char *text)
{
	add_part(command, FALSE, g_bytes_new(text, strlen(text)));
}

ImapCommand *
imap_command_new(const char *text)
{
	ImapCommand *command = g_new0(ImapCommand, 1);

	command->parts = g_array_new(FALSE, FALSE, sizeof(Part));
	g_array_set_clear_func(command->parts, part_clear);
	imap_command_add(command, text);
	return command;
}

void
imap_command_free(ImapCommand *command)
{
	if (command == NULL)
		return;
	g_array_unref(command->parts);
	g_free(command);
}

void
imap_command_add_literal(ImapCommand *command, GBytes *bytes)
{
	add_part(command, TRUE, g_bytes_ref(bytes));
}

void
imap_command_add_string(ImapCommand *command, const char *text)
{
	gboolean plain = strlen(text) <= 1000;

	for (const char *p = text; *p != '\0' && plain; p++)
		plain = (guchar) *p >= 0x20 && (guchar) *p < 0x7f;
	if (!plain) {
		add_part(command, TRUE, g_bytes_new(text, strlen(text)));
		return;
	}
	g_autoptr(GString) quoted = g_string_new("\"");
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(quoted, '\\');
		g_string_append_c(quoted, *p);
	}
	g_string_append_c(quoted, '"');
	imap_command_add(command, quoted->str);
}

gboolean
imap_command_add_mailbox(ImapCommand *command, const char *name, GError **error)
{
	g_autofree char *wire = imap_utf7_encode(name);

	if (wire == NULL || *wire == '\0') {
		g_autofree char *quoted = log_quote(name, 80);

		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "\"%s\" cannot be a folder's name",
		            quoted);
		return FALSE;
	}
	imap_command_add_string(command, wire);
	return TRUE;
}

/* ---- answers ---- */

void
imap_result_clear(ImapResult *result)
{
	g_clear_pointer(&result->code_args, g_free);
	g_clear_pointer(&result->text, g_free);
	result->status = IMAP_NONE;
	result->code[0] = '\0';
}

void
imap_result_set(ImapResult *result, const ImapResponse *response)
{
	const char *args = response->text->str + response->code_args;

	imap_result_clear(result);
	result->status = response->status;
	g_strlcpy(result->code, response->code, sizeof result->code);
	result->code_args = g_strndup(args, strcspn(args, "]"));
	result->text = g_strndup(response->text->str + response->rest, 500);
}

static const struct {
	const char *code;
	AardigError error;
} code_errors[] = {
	{ "TRYCREATE", AARDIG_ERROR_GONE },    { "NONEXISTENT", AARDIG_ERROR_GONE },
	{ "NOPERM", AARDIG_ERROR_CONFIG },     { "OVERQUOTA", AARDIG_ERROR_TEMPORARY },
	{ "UNAVAILABLE", AARDIG_ERROR_TEMPORARY }, { "INUSE", AARDIG_ERROR_TEMPORARY },
	{ "LIMIT", AARDIG_ERROR_TEMPORARY },   { "SERVERBUG", AARDIG_ERROR_TEMPORARY },
	{ "CANNOT", AARDIG_ERROR_PERMANENT },
};

gboolean
imap_result_error(const ImapResult *result, const char *what, GError **error)
{
	g_autofree char *quoted = log_quote(result->text, 300);
	AardigError code =
		result->status == IMAP_BAD ? AARDIG_ERROR_PERMANENT : AARDIG_ERROR_TEMPORARY;

	if (result->status == IMAP_OK)
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(code_errors); i++)
		if (strcmp(result->code, code_errors[i].code) == 0)
			code = code_errors[i].error;
	g_set_error(error, AARDIG_ERROR, code, "%s: the IMAP server said \"%s\"", what, quoted);
	return FALSE;
}

/* ---- running ---- */

typedef struct {
	guint tag;
	gboolean finished;
	ImapResult *result;
	ImapHandler handler;
	void *data;
	ImapPatience patience;
} Running;

ImapPatience
imap_patience(const ImapSession *session)
{
	return (ImapPatience) { clock_monotonic_ms() + line_timeout(session->io) * COMMAND_TIMEOUTS, 0 };
}

gboolean
imap_next_within(ImapSession *session, ImapPatience *patience, ImapResponse *response, GError **error)
{
	if (!imap_next(session, response, error))
		return FALSE;
	if (clock_monotonic_ms() <= patience->deadline && ++patience->responses <= RESPONSES_MAX)
		return TRUE;
	line_break(session->io);
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
	            "the IMAP server does not come to an end");
	return FALSE;
}

gboolean
imap_unexpected(ImapSession *session, const ImapResponse *response, GError **error)
{
	g_autofree char *quoted = log_quote(response->text->str, 100);

	line_break(session->io);
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
	            "the IMAP server answered what was not asked: \"%s\"", quoted);
	return FALSE;
}

guint
imap_tag_number(const ImapResponse *response)
{
	guint64 number = 0;

	return response->tag[0] == 't' &&
	               g_ascii_string_to_unsigned(response->tag + 1, 10, 1, G_MAXUINT, &number, NULL)
	           ? (guint) number
	           : 0;
}

/* Reads until the tagged answer, or, with `go_on`, until the server asks for the literal. */
static gboolean
collect(ImapSession *session, Running *running, gboolean *go_on, GError **error)
{
	g_autoptr(ImapResponse) response = imap_response_new();

	while (!running->finished) {
		if (!imap_next_within(session, &running->patience, response, error))
			return FALSE;
		if (response->kind == IMAP_CONTINUE) {
			if (go_on == NULL)
				return imap_unexpected(session, response, error);
			*go_on = TRUE;
			return TRUE;
		}
		if (response->kind == IMAP_TAGGED) {
			if (imap_tag_number(response) != running->tag)
				return imap_unexpected(session, response, error);
			running->finished = TRUE;
			imap_result_set(running->result, response);
		} else if (running->handler != NULL) {
			running->handler(session, response, running->data);
		}
	}
	return TRUE;
}

static gboolean
send_text(ImapSession *session, GString *text, GError **error)
{
	gboolean ok = line_write(session->io, text->str, text->len, error);

	if (log_level() >= LOG_LEVEL_TRACE) {
		g_autofree char *quoted = log_quote(g_strchomp(text->str), 300);

		log_trace("net", "C: %s", quoted);
	}
	g_string_truncate(text, 0);
	return ok;
}

/* "{12}", and the wait for the server's go-ahead where it cannot do without (RFC 7888).
 * *refused_out: it has answered instead. */
static gboolean
announce_literal(ImapSession *session, Running *running, GString *text, gsize size,
                 gboolean *refused_out, GError **error)
{
	gboolean at_once = imap_has_capability(session, "LITERAL+") ||
	                   (imap_has_capability(session, "LITERAL-") && size <= LITERAL_MINUS_MAX);
	gboolean go_on = FALSE;

	g_string_append_printf(text, "{%" G_GSIZE_FORMAT "%s}\r\n", size, at_once ? "+" : "");
	if (!send_text(session, text, error))
		return FALSE;
	if (at_once)
		return TRUE;
	if (!collect(session, running, &go_on, error))
		return FALSE;
	*refused_out = !go_on;
	return TRUE;
}

static gboolean
send_command(ImapSession *session, Running *running, const ImapCommand *command, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	gboolean refused = FALSE;

	running->tag = ++session->last_tag;
	g_string_printf(text, TAG_FORMAT " ", running->tag);
	for (guint i = 0; i < command->parts->len; i++) {
		const Part *part = &g_array_index(command->parts, Part, i);
		gsize size;
		const char *bytes = g_bytes_get_data(part->bytes, &size);

		if (!part->is_literal) {
			g_string_append_len(text, bytes, (gssize) size);
			continue;
		}
		if (!announce_literal(session, running, text, size, &refused, error))
			return FALSE;
		if (refused)
			return TRUE;
		if (!line_write(session->io, bytes, size, error))
			return FALSE;
	}
	g_string_append(text, "\r\n");
	return send_text(session, text, error);
}

gboolean
imap_run(ImapSession *session, const ImapCommand *command, ImapHandler handler, void *data,
         ImapResult *result, GError **error)
{
	g_auto(ImapResult) own = { 0 };
	Running running = { .result = result != NULL ? result : &own, .handler = handler, .data = data };

	if (!imap_fetches_end(session, error))
		return FALSE;
	running.patience = imap_patience(session);
	if (!send_command(session, &running, command, error) ||
	    !collect(session, &running, NULL, error)) {
		line_break(session->io);
		return FALSE;
	}
	return result != NULL || imap_result_error(&own, "command refused", error);
}

gboolean
imap_take_answer(ImapSession *session, guint tag, GError **error)
{
	g_auto(ImapResult) result = { 0 };
	Running running = { .tag = tag, .result = &result, .patience = imap_patience(session) };

	return collect(session, &running, NULL, error) &&
	       imap_result_error(&result, "command refused", error);
}

gboolean
imap_send_only(ImapSession *session, const char *text, guint *tag_out, GError **error)
{
	g_autoptr(GString) line = g_string_new(NULL);
	guint tag = ++session->last_tag;

	g_string_printf(line, TAG_FORMAT " %s\r\n", tag, text);
	if (!send_text(session, line, error))
		return FALSE;
	*tag_out = tag;
	return TRUE;
}

char *
imap_sequence_set(const guint32 *uids, gsize n, gsize max_length, gsize *at)
{
	GString *set = g_string_new(NULL);

	/* A range is at most 22 bytes. */
	while (*at < n && set->len + 22 <= MAX(max_length, 22)) {
		guint32 first = uids[*at], last = first;

		while (++*at < n && last != G_MAXUINT32 && uids[*at] == last + 1)
			last++;
		g_string_append_printf(set, "%s%u", set->len > 0 ? "," : "", first);
		if (last != first)
			g_string_append_printf(set, ":%u", last);
	}
	return g_string_free(set, FALSE);
}
