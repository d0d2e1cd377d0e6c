/* check-connect.c - aardig check --connect: logs in everywhere, and says what was found in words
 * that help to set up the rest. Nothing is changed on a server and no mail is sent. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "aardig/error.h"
#include "aardig/log.h"
#include "aardig/net.h"
#include "aardig/source.h"
#include "cli/check.h"

typedef struct {
	Check *check;
	int code; /* worst so far */
} Connect;

static G_GNUC_PRINTF(2, 3) void say(const char *mark, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	printf("  %-5s %s\n", mark, text);
	fflush(stdout); /* the next server may take its time */
}

static void
fail(Connect *connect, const char *what, const GError *error)
{
	int code = aardig_error_exit_code(error);

	say("error", "%s: %s", what, error->message);
	/* What the operator must change outweighs what may pass by itself. */
	if (connect->code != EX_CONFIG)
		connect->code = code;
}

/* ---- IMAP ---- */

static void
say_capabilities(const ImapSession *imap)
{
	if (imap_has_capability(imap, "IDLE"))
		say("ok", "IDLE: mail is seen within a second");
	else
		say("note", "no IDLE: mail is looked for every poll");
	if (imap_has_capability(imap, "MOVE"))
		say("ok", "MOVE");
	else if (imap_has_capability(imap, "UIDPLUS"))
		say("ok", "no MOVE, but UIDPLUS: a move is a copy and the removal of that one mail");
	else
		say("note", "neither MOVE nor UIDPLUS: a route with folder copies instead of moving");
}

/* SELECT, for a mailbox opened for reading only does not tell which keywords it would keep. */
static void
say_folder(Connect *connect, const Account *account, ImapSession *imap)
{
	g_autoptr(GError) error = NULL;
	ImapMailboxInfo info;

	if (!imap_select(imap, account->folder, FALSE, &info, &error)) {
		fail(connect, "folder", error);
		return;
	}
	say("ok", "folder \"%s\": %u mail%s", account->folder, info.exists,
	    info.exists == 1 ? "" : "s");
	if (info.read_only)
		say("note", "the folder is read-only: mails are not moved and get no keywords");
	else if (info.keywords_kept)
		say("ok", "the server keeps keywords: $AardigDone and the like show in mail programs");
	else
		say("note", "the server keeps no keywords: folders and drafts show the state instead");
}

static gboolean
is_listed(const GPtrArray *folders, const char *name)
{
	for (guint i = 0; i < folders->len; i++)
		if (strcmp(((const ImapFolder *) g_ptr_array_index(folders, i))->name, name) == 0)
			return TRUE;
	return FALSE;
}

/* Opened as `run` would, with its reasons why a folder is no source. `folders`: those of the
 * server, NULL where nobody knows. */
static gboolean
say_drafts(Connect *connect, const Account *account, const GPtrArray *folders)
{
	const MailboxOptions options = { .dry_run = TRUE, .once = TRUE };
	g_autoptr(GError) error = NULL;
	g_autoptr(Mailbox) mailbox = mailbox_open(account, NULL, &options, &error);

	if (mailbox == NULL) {
		fail(connect, "mailbox", error);
		return FALSE;
	}
	const char *drafts = mailbox_drafts_name(mailbox);
	g_autofree char *name = log_quote(drafts != NULL ? drafts : "Drafts", 80);
	if (drafts == NULL || (folders != NULL && !is_listed(folders, drafts)))
		say("note", "drafts go to \"%s\", which is made with the first one", name);
	else
		say("ok", "drafts go to \"%s\"", name);
	return TRUE;
}

static void
connect_imap(Connect *connect, const Account *account)
{
	g_autoptr(GError) error = NULL;

	printf("account \"%s\": IMAP %s port %u\n", account->name, account->imap.host,
	       account->imap.port);
	g_autoptr(ImapSession) imap = imap_open(&account->imap, account->timeout, &error);
	if (imap == NULL) {
		fail(connect, "IMAP", error);
		return;
	}
	say("ok", "logged in as %s", account->imap.user);
	say_capabilities(imap);
	g_autoptr(GPtrArray) folders = imap_list(imap, &error);
	if (folders == NULL)
		fail(connect, "folders", error);
	else if (say_drafts(connect, account, folders))
		say_folder(connect, account, imap);
}

static void
connect_maildir(Connect *connect, const Account *account)
{
	printf("account \"%s\": Maildir %s\n", account->name, account->source_path);
	say_drafts(connect, account, NULL);
}

/* ---- SMTP ---- */

/* MAIL FROM and RCPT TO without data: TRUE if the server would take it. */
static gboolean
try_sender(SmtpSession *smtp, const char *reverse_path, const char *recipient, gboolean *open_out)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *answer = NULL;
	gboolean taken = smtp_probe(smtp, reverse_path, recipient, &answer, &error);

	*open_out = smtp_is_open(smtp);
	if (taken)
		say("ok", "envelope sender <%s> is taken", reverse_path);
	else
		say("note", "envelope sender <%s> is refused: %s", reverse_path, error->message);
	return taken;
}

static void
say_senders(Connect *connect, const Account *account, SmtpSession *smtp)
{
	const char *operator_ = connect->check->settings->operator_;
	const char *recipient = operator_ != NULL ? operator_ : account->from;
	const char *bounce = *account->envelope_from != '\0' ? account->envelope_from : account->from;
	gboolean open, null = try_sender(smtp, "", recipient, &open);
	gboolean own = open && try_sender(smtp, bounce, recipient, &open);

	if (null && *account->envelope_from != '\0')
		say("note", "envelope_from = \"<>\" would work here, and nothing could bounce to it");
	if (!null && own && *account->envelope_from == '\0') {
		say("error", "write envelope_from = \"%s\" in smtp of account \"%s\" (%s:%u)", bounce,
		    account->name, account->file, account->line);
		connect->code = EX_CONFIG;
	}
	if (!null && !own) {
		say("error",
		    "no envelope sender was taken, so nothing can be sent (from = \"%s\" must be an "
		    "address this login may use)",
		    account->from);
		connect->code = EX_CONFIG;
	}
}

static void
connect_smtp(Connect *connect, const char *name, const Endpoint *endpoint, guint timeout,
             const Account *account)
{
	g_autoptr(GError) error = NULL;

	printf("%s: SMTP %s port %u\n", name, endpoint->host, endpoint->port);
	g_autoptr(SmtpSession) smtp = smtp_open(endpoint, timeout, &error);
	if (smtp == NULL) {
		fail(connect, "SMTP", error);
		return;
	}
	if (endpoint->user != NULL)
		say("ok", "logged in as %s", endpoint->user);
	else
		say("ok", "connected, without a login");
	if (account != NULL)
		say_senders(connect, account, smtp);
}

static void
connect_account(Connect *connect, const Account *account)
{
	if (account->source == SOURCE_IMAP)
		connect_imap(connect, account);
	else if (account->source == SOURCE_MAILDIR)
		connect_maildir(connect, account);
	if (account->smtp.host != NULL) {
		g_autofree char *name = g_strdup_printf("account \"%s\"", account->name);
		connect_smtp(connect, name, &account->smtp, account->timeout, account);
	}
	if (account->sendmail != NULL)
		printf("account \"%s\": mail leaves through %s (not tried)\n", account->name,
		       account->sendmail[0]);
}

int
check_connect(Check *check)
{
	Connect connect = { .check = check, .code = EX_OK };
	const Settings *settings = check->settings;
	g_autoptr(GError) error = NULL;

	if (!net_load(&error))
		return cli_fail("check", error);
	printf("\n");
	for (guint i = 0; i < settings->accounts->len; i++)
		connect_account(&connect, g_ptr_array_index(settings->accounts, i));
	if (settings->operator_smtp.host != NULL)
		connect_smtp(&connect, "operator_smtp", &settings->operator_smtp, 60, NULL);
	return connect.code;
}
