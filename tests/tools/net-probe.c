/* net-probe.c - net/ by hand, one step after the other, for the tests against real servers.
 *
 *   net-probe imap|smtp KEY=VALUE... -- STEP [ARGUMENT...] [, STEP [ARGUMENT...]]...
 *
 * Keys: host port tls ca user password password-command token-command timeout refresh (ms of IDLE).
 * Results go to stdout, one line each; the first error ends it: "KIND: text" on stderr, exit 1. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "net/imap-private.h"
#include "probe.h"

static Endpoint endpoint = { .host = NULL, .tls = TLS_NONE };
static guint timeout_s = 10;
static gint64 refresh_ms;
static ImapSession *imap;
static SmtpSession *smtp;

static guint32
number(const char *text)
{
	return (guint32) g_ascii_strtoull(text, NULL, 10);
}

static GBytes *
file_bytes(const char *path, GError **error)
{
	char *text;
	gsize size;

	return g_file_get_contents(path, &text, &size, error) ? g_bytes_new_take(text, size) : NULL;
}

/* ---- IMAP steps ---- */

static gboolean
step_list(char **args, GError **error)
{
	g_autoptr(GPtrArray) folders = imap_list(imap, error);

	for (guint i = 0; folders != NULL && i < folders->len; i++) {
		const ImapFolder *folder = g_ptr_array_index(folders, i);

		printf("folder %s%s%s%s%s%s%s\n", folder->name, folder->drafts ? " drafts" : "",
		       folder->sent ? " sent" : "", folder->junk ? " junk" : "", folder->trash ? " trash" : "",
		       folder->all ? " all" : "", folder->noselect ? " noselect" : "");
	}
	return folders != NULL;
}

static gboolean
open_folder(const char *name, gboolean read_only, GError **error)
{
	ImapMailboxInfo info;

	if (!imap_select(imap, name, read_only, &info, error))
		return FALSE;
	printf("selected exists=%u uidnext=%u uidvalidity=%u keywords=%d readonly=%d\n", info.exists,
	       info.uidnext, info.uidvalidity, info.keywords_kept, info.read_only);
	return TRUE;
}

static gboolean
step_select(char **args, GError **error)
{
	return open_folder(args[0], FALSE, error);
}

static gboolean
step_examine(char **args, GError **error)
{
	return open_folder(args[0], TRUE, error);
}

static gboolean
step_create(char **args, GError **error)
{
	return imap_create(imap, args[0], error);
}

static gboolean
step_search(char **args, GError **error)
{
	g_autoptr(GArray) uids = imap_search(imap, number(args[0]), number(args[1]),
	                                     *args[2] != '\0' ? args[2] : NULL, error);

	if (uids == NULL)
		return FALSE;
	printf("uids");
	for (guint i = 0; i < uids->len; i++)
		printf(" %u", g_array_index(uids, guint32, i));
	printf("\n");
	return TRUE;
}

static gboolean
step_info(char **args, GError **error)
{
	guint32 uid = number(args[0]);
	g_autoptr(GPtrArray) messages = imap_fetch_info(imap, &uid, 1, error);

	for (guint i = 0; messages != NULL && i < messages->len; i++) {
		const ImapMessage *message = g_ptr_array_index(messages, i);

		printf("mail uid=%u size=%zu age=%d done=%d\n", message->uid, message->size,
		       (int) (clock_now() - message->internaldate), message->done);
	}
	return messages != NULL;
}

/* fetch FROM TO LIMIT FOLDER: bodies into FOLDER/UID */
static gboolean
step_fetch(char **args, GError **error)
{
	g_autoptr(GArray) uids = imap_search(imap, number(args[0]), number(args[1]), NULL, error);

	if (uids == NULL)
		return FALSE;
	g_autoptr(GPtrArray) messages =
		imap_fetch_bodies(imap, (const guint32 *) (const void *) uids->data, uids->len,
	                          number(args[2]), error);
	for (guint i = 0; messages != NULL && i < messages->len; i++) {
		const ImapMessage *message = g_ptr_array_index(messages, i);
		g_autofree char *path = g_strdup_printf("%s/%u", args[3], message->uid);

		if (message->body == NULL)
			printf("body uid=%u none\n", message->uid);
		else if (!g_file_set_contents(path, g_bytes_get_data(message->body, NULL),
		                              (gssize) g_bytes_get_size(message->body), error))
			return FALSE;
	}
	if (messages != NULL)
		printf("bodies %u\n", messages->len);
	return messages != NULL;
}

static gboolean
step_append(char **args, GError **error)
{
	g_autoptr(GBytes) bytes = file_bytes(args[2], error);
	guint32 uid = 0;

	if (bytes == NULL || !imap_append(imap, args[0], args[1], bytes, &uid, error))
		return FALSE;
	printf("appended uid=%u\n", uid);
	return TRUE;
}

static gboolean
step_find(char **args, GError **error)
{
	guint32 uid;

	if (!imap_find_message_id(imap, args[0], &uid, error))
		return FALSE;
	printf("found uid=%u\n", uid);
	return TRUE;
}

static gboolean
step_move(char **args, GError **error)
{
	return imap_move(imap, number(args[0]), args[1], FALSE, error);
}

static gboolean
step_copy(char **args, GError **error)
{
	return imap_move(imap, number(args[0]), args[1], TRUE, error);
}

static gboolean
step_keyword(char **args, GError **error)
{
	const char *keywords[] = { args[1], NULL };

	return imap_store_keywords(imap, number(args[0]), keywords, error);
}

/* Does as if the server had not said that it can do this. */
static gboolean
step_without(char **args, GError **error)
{
	g_hash_table_remove(imap->capabilities, args[0]);
	return TRUE;
}

static gboolean
step_idle(char **args, GError **error)
{
	gint64 start = clock_monotonic_ms();
	gboolean news;

	printf("idling\n");
	fflush(stdout);
	if (!imap_idle(imap, -1, number(args[0]), &news, error))
		return FALSE;
	printf("news=%d after=%d\n", news, (int) (clock_monotonic_ms() - start));
	return TRUE;
}

static gboolean
step_capability(char **args, GError **error)
{
	printf("%s=%d\n", args[0], imap_has_capability(imap, args[0]));
	return TRUE;
}

/* ---- SMTP steps ---- */

static gboolean
before_dot(void *data, GError **error)
{
	printf("before-dot\n");
	fflush(stdout);
	return TRUE;
}

static gboolean
refuse_dot(void *data, GError **error)
{
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "the hook says no");
	return FALSE;
}

static gboolean
send_file(char **args, gboolean (*hook)(void *, GError **), GError **error)
{
	g_autoptr(GBytes) bytes = file_bytes(args[2], error);
	SmtpMail mail = { args[0], args[1], bytes, hook, NULL };
	g_autofree char *text = NULL;

	if (bytes == NULL || !smtp_send(smtp, &mail, &text, error))
		return FALSE;
	printf("sent %s\n", text);
	return TRUE;
}

static gboolean
step_send(char **args, GError **error)
{
	return send_file(args, before_dot, error);
}

static gboolean
step_send_refused(char **args, GError **error)
{
	return send_file(args, refuse_dot, error);
}

static gboolean
step_probe(char **args, GError **error)
{
	g_autofree char *text = NULL;

	if (!smtp_probe(smtp, args[0], args[1], &text, error))
		return FALSE;
	printf("probed %s\n", text);
	return TRUE;
}

/* The next step's error is shown and does not end the run. */
static gboolean tolerant;

static gboolean
step_try(char **args, GError **error)
{
	tolerant = TRUE;
	return TRUE;
}

static gboolean
step_open(char **args, GError **error)
{
	printf("open=%d\n", smtp != NULL && smtp_is_open(smtp));
	return TRUE;
}

static gboolean
step_sleep(char **args, GError **error)
{
	g_usleep(number(args[0]) * 1000ul);
	return TRUE;
}

static const ProbeStep steps[] = {
	{ "list", 0, step_list },           { "select", 1, step_select },
	{ "examine", 1, step_examine },     { "create", 1, step_create },
	{ "search", 3, step_search },       { "info", 1, step_info },
	{ "fetch", 4, step_fetch },         { "append", 3, step_append },
	{ "find", 1, step_find },           { "move", 2, step_move },
	{ "copy", 2, step_copy },           { "keyword", 2, step_keyword },
	{ "without", 1, step_without },     { "idle", 1, step_idle },
	{ "capability", 1, step_capability }, { "send", 3, step_send },
	{ "send-refused", 3, step_send_refused }, { "probe", 2, step_probe },
	{ "open", 0, step_open },           { "sleep", 1, step_sleep },
	{ "try", 0, step_try },
};

/* ---- start ---- */

static void
set_key(const char *key, const char *value)
{
	static const char *const tls[] = { "implicit", "starttls", "none" };

	if (strcmp(key, "host") == 0)
		endpoint.host = g_strdup(value);
	else if (strcmp(key, "port") == 0)
		endpoint.port = number(value);
	else if (strcmp(key, "ca") == 0)
		endpoint.ca_file = g_strdup(value);
	else if (strcmp(key, "user") == 0)
		endpoint.user = g_strdup(value);
	else if (strcmp(key, "password") == 0)
		endpoint.secret.password = g_strdup(value);
	else if (strcmp(key, "password-command") == 0)
		g_shell_parse_argv(value, NULL, &endpoint.secret.password_command, NULL);
	else if (strcmp(key, "token-command") == 0)
		g_shell_parse_argv(value, NULL, &endpoint.secret.token_command, NULL);
	else if (strcmp(key, "timeout") == 0)
		timeout_s = number(value);
	else if (strcmp(key, "refresh") == 0)
		refresh_ms = number(value);
	for (guint i = 0; i < G_N_ELEMENTS(tls); i++)
		if (strcmp(key, "tls") == 0 && strcmp(value, tls[i]) == 0)
			endpoint.tls = (TlsMode) i;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	gboolean is_imap = argc > 1 && strcmp(argv[1], "imap") == 0;

	if (argc < 3)
		return 64;
	char **rest = probe_keys(argv + 2, set_key);
	if (is_imap)
		imap = imap_open(&endpoint, timeout_s, &error);
	else
		smtp = smtp_open(&endpoint, timeout_s, &error);
	if (error != NULL)
		return show_error(error);
	if (imap != NULL && refresh_ms > 0)
		imap_set_idle_refresh(imap, refresh_ms);
	int code = probe_run(steps, G_N_ELEMENTS(steps), rest, &tolerant);
	imap_close(imap);
	smtp_close(smtp);
	return code;
}
