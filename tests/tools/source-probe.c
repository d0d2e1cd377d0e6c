/* source-probe.c - a mailbox by hand, for the tests against real servers.
 *
 *   source-probe LEDGER KEY=VALUE... -- STEP [ARGUMENT...] [, STEP [ARGUMENT...]]...
 *
 * LEDGER "-": none (dry run). Keys: port user password folder drafts since (seconds ago) dry once
 * timeout slow (as in send mode: nothing is under way while mails are handled). Every mail handed
 * out is one line: "mail SUBJECT" or "gone", "large SUBJECT"; its flag "done". Steps: all (hand out
 * and settle), take (hand out one, keep it), settle, later SECONDS, wait MS, drafts, append FOLDER
 * FILE ID LOOKUP ("-": Drafts), file FOLDER, copy FOLDER, flag
 * KEYWORD, sleep MS, until FILE (is there), clock SECONDS. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "aardig/clock.h"
#include "aardig/message.h"
#include "aardig/source.h"
#include "probe.h"

static Account account = { .source = SOURCE_IMAP, .timeout = 10 };
static MailboxOptions options;
static Ledger *ledger;
static Mailbox *mailbox;
static SourceMail *kept;

static gint64
number(const char *text)
{
	return g_ascii_strtoll(text, NULL, 10);
}

static void
show_mail(const SourceMail *mail)
{
	GBytes *bytes = mail->raw != NULL ? mail->raw : mail->header;
	g_autoptr(Message) message = bytes != NULL ? message_parse(bytes) : NULL;

	if (mail->gone)
		printf("gone\n");
	else
		printf("%s %s%s%s\n", mail->raw != NULL ? "mail" : "large", message_subject(message),
		       mail->done_elsewhere ? " done" : "", mail->arrived > 0 ? "" : " undated");
}

static gboolean
settle(const SourceMail *mail, GError **error)
{
	return (ledger == NULL || options.dry_run ||
	        ledger_settle(ledger, mail->ref, 0, mail->gone ? "gone" : "observed", "probe",
	                      error)) &&
	       mailbox_settled(mailbox, mail, error);
}

static gboolean
step_all(char **args, GError **error)
{
	g_autoptr(GError) local = NULL;
	SourceMail *mail;

	while ((mail = mailbox_next(mailbox, &local)) != NULL) {
		g_autoptr(SourceMail) owned = mail;

		show_mail(mail);
		if (!settle(mail, error))
			return FALSE;
	}
	if (local == NULL) {
		printf("end\n");
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
step_take(char **args, GError **error)
{
	g_autoptr(GError) local = NULL;

	source_mail_free(kept);
	kept = mailbox_next(mailbox, &local);
	if (kept != NULL)
		show_mail(kept);
	else if (local == NULL)
		printf("none\n");
	else
		g_propagate_error(error, g_steal_pointer(&local));
	return kept != NULL || error == NULL || *error == NULL;
}

static gboolean
step_settle(char **args, GError **error)
{
	return settle(kept, error);
}

static gboolean
step_later(char **args, GError **error)
{
	guint tries;

	return ledger_attempt(ledger, kept->ref, &tries, error) &&
	       ledger_wait(ledger, kept->ref, clock_now() + number(args[0]), error) &&
	       mailbox_settled(mailbox, kept, error);
}

static gboolean
step_wait(char **args, GError **error)
{
	gint64 start = clock_monotonic_ms();

	printf("waiting\n");
	fflush(stdout);
	if (!mailbox_wait(mailbox, -1, number(args[0]), error))
		return FALSE;
	printf("waited %d\n", (int) (clock_monotonic_ms() - start));
	return TRUE;
}

static gboolean
step_drafts(char **args, GError **error)
{
	printf("drafts %s\n", mailbox_drafts_name(mailbox));
	return TRUE;
}

static gboolean
step_append(char **args, GError **error)
{
	char *text;
	gsize size;

	if (!g_file_get_contents(args[1], &text, &size, error))
		return FALSE;
	g_autoptr(GBytes) bytes = g_bytes_new_take(text, size);
	return mailbox_append(mailbox, strcmp(args[0], "-") == 0 ? NULL : args[0], bytes, args[2],
	                      number(args[3]) != 0, error);
}

static gboolean
step_file(char **args, GError **error)
{
	return mailbox_file(mailbox, kept, args[0], FALSE, error);
}

static gboolean
step_copy(char **args, GError **error)
{
	return mailbox_file(mailbox, kept, args[0], TRUE, error);
}

static gboolean
step_flag(char **args, GError **error)
{
	const char *keywords[] = { args[0], NULL };

	return mailbox_flag(mailbox, kept, keywords, error);
}

static gboolean
step_sleep(char **args, GError **error)
{
	g_usleep((gulong) number(args[0]) * 1000);
	return TRUE;
}

/* Half a minute at most: the test then says what is missing. */
static gboolean
step_until(char **args, GError **error)
{
	for (int i = 0; i < 1500 && !g_file_test(args[0], G_FILE_TEST_EXISTS); i++)
		g_usleep(20000);
	return TRUE;
}

static gboolean
step_clock(char **args, GError **error)
{
	clock_set(clock_now() + number(args[0]));
	return TRUE;
}

static const ProbeStep steps[] = {
	{ "all", 0, step_all },       { "take", 0, step_take },     { "settle", 0, step_settle },
	{ "later", 1, step_later },   { "wait", 1, step_wait },     { "drafts", 0, step_drafts },
	{ "append", 4, step_append }, { "file", 1, step_file },     { "copy", 1, step_copy },
	{ "flag", 1, step_flag },     { "sleep", 1, step_sleep },   { "clock", 1, step_clock },
	{ "until", 1, step_until },
};

static void
set_key(const char *key, const char *value)
{
	const struct {
		const char *key;
		char **to;
	} texts[] = {
		{ "user", &account.imap.user },
		{ "password", &account.imap.secret.password },
		{ "folder", &account.folder },
		{ "drafts", &account.drafts },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (strcmp(key, texts[i].key) == 0) {
			g_free(*texts[i].to);
			*texts[i].to = g_strdup(value);
		}
	if (strcmp(key, "port") == 0)
		account.imap.port = (guint) number(value);
	else if (strcmp(key, "since") == 0)
		options.since = clock_now() - number(value);
	else if (strcmp(key, "dry") == 0)
		options.dry_run = TRUE;
	else if (strcmp(key, "once") == 0)
		options.once = TRUE;
	else if (strcmp(key, "timeout") == 0)
		account.timeout = (guint) number(value);
	else if (strcmp(key, "slow") == 0)
		account.mode = MODE_SEND;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	if (argc < 3)
		return 64;
	account.imap.host = g_strdup("127.0.0.1");
	account.imap.tls = TLS_NONE;
	account.folder = g_strdup("INBOX");
	char **rest = probe_keys(argv + 2, set_key);
	account.name = account.imap.user;
	if (strcmp(argv[1], "-") == 0)
		options.dry_run = TRUE;
	else
		ledger = ledger_open(argv[1], &error);
	if (error == NULL)
		mailbox = mailbox_open(&account, ledger, &options, &error);
	if (error != NULL)
		return show_error(error);
	int code = probe_run(steps, G_N_ELEMENTS(steps), rest, NULL);
	source_mail_free(kept);
	mailbox_close(mailbox);
	ledger_close(ledger);
	return code;
}
