/* imap.c - the session: opening after libcurl's hand-over, what the server says unasked, IDLE,
 * closing. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "aardig/log.h"
#include "net/imap-private.h"

#define LOGOUT_TIMEOUT_MS 2000
#define GREETING_LINES_MAX 1000
#define CAPABILITIES_MAX 300
/* Home routers forget a silent connection long before the 29 minutes of RFC 2177. */
#define IDLE_REFRESH_MS (9 * 60 * 1000)
#define LITERAL_MAX_DEFAULT (64 * 1024)

gboolean
imap_is_open(const ImapSession *session)
{
	return line_is_open(session->io);
}

gboolean
imap_has_capability(const ImapSession *session, const char *name)
{
	return g_hash_table_contains(session->capabilities, name);
}

void
imap_set_idle_refresh(ImapSession *session, gint64 milliseconds)
{
	session->idle_refresh_ms = milliseconds;
}

/* ---- what the server says unasked ---- */

static void
note_capabilities(ImapSession *session, const ImapResponse *response, gsize at)
{
	ImapCursor cursor = imap_cursor(response, at);
	char word[64];

	g_hash_table_remove_all(session->capabilities);
	while (g_hash_table_size(session->capabilities) < CAPABILITIES_MAX) {
		imap_skip_blanks(&cursor);
		if (!imap_take_word(&cursor, word, sizeof word, TRUE))
			return;
		g_strdelimit(word, "]", '\0');
		g_hash_table_add(session->capabilities, g_strdup(word));
	}
}

static guint32
code_number(const ImapResponse *response)
{
	ImapCursor cursor = imap_cursor(response, response->code_args);
	guint64 number = 0;

	imap_skip_blanks(&cursor);
	return imap_take_number(&cursor, G_MAXUINT32, &number) ? (guint32) number : 0;
}

static void
note_permanent_flags(ImapSession *session, const ImapResponse *response, gsize at)
{
	ImapCursor cursor = imap_cursor(response, at);
	char word[256];

	session->mailbox.keywords_kept = FALSE;
	imap_skip_blanks(&cursor);
	if (!imap_take_char(&cursor, '('))
		return;
	for (;;) {
		imap_skip_blanks(&cursor);
		if (!imap_take_word(&cursor, word, sizeof word, FALSE))
			return;
		if (strcmp(word, "\\*") == 0)
			session->mailbox.keywords_kept = TRUE;
	}
}

static void
note_uidvalidity(ImapSession *session, const ImapResponse *response, gsize at)
{
	session->mailbox.uidvalidity = code_number(response);
}

static void
note_uidnext(ImapSession *session, const ImapResponse *response, gsize at)
{
	session->mailbox.uidnext = code_number(response);
}

static void
note_read_only(ImapSession *session, const ImapResponse *response, gsize at)
{
	session->mailbox.read_only = TRUE;
}

static const struct {
	const char *code;
	void (*note)(ImapSession *session, const ImapResponse *response, gsize at);
} codes[] = {
	{ "CAPABILITY", note_capabilities },   { "UIDVALIDITY", note_uidvalidity },
	{ "UIDNEXT", note_uidnext },           { "PERMANENTFLAGS", note_permanent_flags },
	{ "READ-ONLY", note_read_only },
};

static void
note_status(ImapSession *session, const ImapResponse *response)
{
	if (strcmp(response->code, "ALERT") == 0) {
		g_autofree char *quoted = log_quote(response->text->str + response->human, 300);

		log_debug("net", "the server alerts: %s", quoted);
	}
	if (response->status != IMAP_OK)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		if (strcmp(response->code, codes[i].code) == 0)
			codes[i].note(session, response, response->code_args);
}

static void
note_number(ImapSession *session, const ImapResponse *response)
{
	if (strcmp(response->name, "EXISTS") == 0) {
		if (response->number > session->mailbox.exists)
			session->news = TRUE;
		session->mailbox.exists = response->number;
	} else if (strcmp(response->name, "EXPUNGE") == 0 && session->mailbox.exists > 0) {
		session->mailbox.exists--;
	}
}

static void
trace_response(const ImapResponse *response)
{
	if (log_level() < LOG_LEVEL_TRACE)
		return;
	/* Without literals, and a FETCH only by its beginning: nothing of a mail's content. */
	g_autofree char *quoted = log_quote(response->text->str, 120);
	log_trace("net", "S: %s", quoted);
}

gboolean
imap_next(ImapSession *session, ImapResponse *response, GError **error)
{
	if (!imap_response_read(session->io, session->literal_max, response, error))
		return FALSE;
	trace_response(response);
	if (response->status == IMAP_BYE) {
		g_autofree char *quoted = log_quote(response->text->str + response->rest, 200);

		line_break(session->io);
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "the IMAP server hung up: \"%s\"",
		            quoted);
		return FALSE;
	}
	if (response->status != IMAP_NONE)
		note_status(session, response);
	else if (response->has_number)
		note_number(session, response);
	else if (response->kind == IMAP_UNTAGGED && strcmp(response->name, "CAPABILITY") == 0)
		note_capabilities(session, response, response->rest);
	return TRUE;
}

/* ---- opening and closing ---- */

static const char opening[] = "t1 NOOP\r\nt2 CAPABILITY\r\n";

/* libcurl keeps what came in one segment with the last answer it read; so the first line here may
 * be half of one. All before the answer to our own NOOP is thrown away unread. What it can do, the server
 * is asked with the same packet: a way there and back is saved. */
static gboolean
find_own_ground(ImapSession *session, GError **error)
{
	static const char tag[] = "t1 ";
	const gsize tag_length = strlen(tag);

	if (!line_write(session->io, opening, strlen(opening), error))
		return FALSE;
	session->last_tag = 2;
	for (guint i = 0; i < GREETING_LINES_MAX; i++) {
		const char *line;
		gsize length;

		if (!line_read(session->io, 65536, &line, &length, error))
			return FALSE;
		if (line != NULL && g_ascii_strncasecmp(line, "* BYE", 5) == 0)
			break;
		if (line == NULL || strncmp(line, tag, tag_length) != 0)
			continue;
		if (g_ascii_strncasecmp(line + tag_length, "OK", 2) == 0)
			return TRUE;
		break;
	}
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
	            "the IMAP server did not answer NOOP after the login");
	return FALSE;
}

ImapSession *
imap_open_stream(NetStream *stream, guint timeout_s, GError **error)
{
	ImapSession *session = g_new0(ImapSession, 1);

	session->io = line_new(stream, (gint64) timeout_s * 1000);
	session->capabilities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	session->idle_refresh_ms = IDLE_REFRESH_MS;
	session->literal_max = LITERAL_MAX_DEFAULT;
	if (find_own_ground(session, error) && imap_take_answer(session, 2, error))
		return session;
	line_break(session->io);
	imap_close(session);
	return NULL;
}

ImapSession *
imap_open(const Endpoint *endpoint, guint timeout_s, GError **error)
{
	NetStream *stream = net_connect(endpoint, NET_IMAP, timeout_s, error);

	if (stream == NULL)
		return NULL;
	ImapSession *session = imap_open_stream(stream, timeout_s, error);
	if (session == NULL)
		g_prefix_error(error, "%s port %u: ", endpoint->host, endpoint->port);
	return session;
}

void
imap_close(ImapSession *session)
{
	if (session == NULL)
		return;
	/* What is under way would have to be read first. */
	if (line_is_open(session->io) && g_queue_is_empty(&session->fetches)) {
		g_autoptr(ImapCommand) command = imap_command_new("LOGOUT");

		line_set_timeout(session->io, MIN(LOGOUT_TIMEOUT_MS, line_timeout(session->io)));
		imap_run(session, command, NULL, NULL, NULL, NULL);
	}
	line_free(session->io);
	imap_fetches_free(session);
	g_hash_table_unref(session->capabilities);
	g_free(session);
}

/* ---- waiting for news ---- */

static gboolean
say_noop(ImapSession *session, GError **error)
{
	g_autoptr(ImapCommand) command = imap_command_new("NOOP");

	return imap_run(session, command, NULL, NULL, NULL, error);
}

/* Takes responses that have come until there is news or the wait is over. */
static gboolean
wait_for_news(ImapSession *session, int wake_fd, gint64 deadline, gboolean *woken_out,
              GError **error)
{
	g_autoptr(ImapResponse) response = imap_response_new();

	while (!session->news) {
		LineWait wait;
		gint64 left = deadline - clock_monotonic_ms();

		if (!line_wait(session->io, wake_fd, MAX(left, 0), &wait, error))
			return FALSE;
		*woken_out = wait == LINE_WAIT_WOKEN;
		if (wait != LINE_WAIT_READY || left <= 0)
			return TRUE;
		if (!imap_next(session, response, error))
			return FALSE;
		if (response->kind != IMAP_UNTAGGED) {
			line_break(session->io);
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
			            "the IMAP server ended IDLE of its own accord");
			return FALSE;
		}
	}
	return TRUE;
}

/* IDLE until the server says that it idles. *refused_out: it will not. */
static gboolean
begin_idle(ImapSession *session, char *tag, gsize size, gboolean *refused_out, GError **error)
{
	g_autoptr(ImapResponse) response = imap_response_new();

	g_snprintf(tag, size, "t%u", ++session->last_tag);
	g_autofree char *line = g_strdup_printf("%s IDLE\r\n", tag);
	log_trace("net", "C: %s IDLE", tag);
	if (!line_write(session->io, line, strlen(line), error))
		return FALSE;
	for (guint i = 0; i < GREETING_LINES_MAX; i++) {
		if (!imap_next(session, response, error))
			return FALSE;
		*refused_out = response->kind == IMAP_TAGGED;
		if (response->kind != IMAP_UNTAGGED)
			return TRUE;
	}
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "the IMAP server does not begin IDLE");
	return FALSE;
}

static gboolean
end_idle(ImapSession *session, const char *tag, GError **error)
{
	g_autoptr(ImapResponse) response = imap_response_new();

	log_trace("net", "C: DONE");
	if (!line_write(session->io, "DONE\r\n", 6, error))
		return FALSE;
	for (guint i = 0; i < GREETING_LINES_MAX; i++) {
		if (!imap_next(session, response, error))
			return FALSE;
		if (response->kind == IMAP_TAGGED && strcmp(response->tag, tag) == 0)
			return TRUE;
	}
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "the IMAP server does not end IDLE");
	return FALSE;
}

/* One IDLE, at most nine minutes of it. */
static gboolean
idle_once(ImapSession *session, int wake_fd, gint64 deadline, gboolean *woken_out, GError **error)
{
	gint64 refresh = clock_monotonic_ms() + session->idle_refresh_ms;
	gboolean idle = imap_has_capability(session, "IDLE"), refused = FALSE;
	char tag[16];

	if (idle) {
		if (!begin_idle(session, tag, sizeof tag, &refused, error))
			return FALSE;
		if (refused) {
			g_hash_table_remove(session->capabilities, "IDLE");
			idle = FALSE;
		}
	}
	if (!wait_for_news(session, wake_fd, MIN(deadline, refresh), woken_out, error))
		return FALSE;
	return !idle || end_idle(session, tag, error);
}

gboolean
imap_idle(ImapSession *session, int wake_fd, gint64 timeout_ms, gboolean *news_out, GError **error)
{
	gint64 deadline = clock_monotonic_ms() + timeout_ms;
	gboolean woken = FALSE;

	if (!imap_fetches_end(session, error))
		return FALSE;
	while (!session->news && !woken) {
		if (!idle_once(session, wake_fd, deadline, &woken, error)) {
			line_break(session->io);
			return FALSE;
		}
		/* Not every server tells of new mail in IDLE; every one does in a NOOP. */
		if (!session->news && !woken && !say_noop(session, error))
			return FALSE;
		if (clock_monotonic_ms() >= deadline)
			break;
	}
	*news_out = session->news;
	return TRUE;
}
