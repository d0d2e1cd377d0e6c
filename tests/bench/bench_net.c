/* bench_net.c - the two protocols beside what libcurl makes of them by itself; prints seconds.
 *
 *   bench_net fetch own|url PORT CA N FOLDER N mails of user shop's INBOX, from localhost over TLS
 *   bench_net smtp own|url PORT N            N prepared messages over one connection, in the clear
 *   bench_net ledger PORT N FOLDER           the same one at a time, each with all its steps in a ledger
 *   bench_net commits N FOLDER               2 N durable commits of one row, as fast as SQLite does them */
#include "config.h"

#include <curl/curl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "aardig/error.h"
#include "aardig/ledger.h"
#include "aardig/net.h"
#include "aardig/source.h"

static const char message[] =
	"From: De Houten Stoel <info@winkel.example>\r\nTo: kim@klant.example\r\n"
	"Subject: Uw bericht is aangekomen [#12]\r\nDate: Sun, 22 Nov 2026 12:00:00 +0100\r\n"
	"Message-ID: <1@winkel.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	"\r\nBeste Kim,\r\n\r\nDank u wel dat u ons dit laat weten.\r\n";

static int
failed(GError *error)
{
	fprintf(stderr, "bench_net: %s\n", error->message);
	g_error_free(error);
	return 1;
}

/* ---- fetching ---- */

/* From the login to the last mail, as observe mode does it. */
static gboolean
fetch_own(const Endpoint *endpoint, guint n, const char *folder, GError **error)
{
	const Account account = { .name = (char *) "bench", .source = SOURCE_IMAP, .imap = *endpoint,
		                      .timeout = 10, .mode = MODE_OBSERVE };
	const MailboxOptions options = { .since = 1, .once = TRUE };
	g_autofree char *path = g_build_filename(folder, "fetch.sqlite", NULL);
	g_autoptr(Ledger) ledger = ledger_open(path, error);
	g_autoptr(Mailbox) mailbox = ledger != NULL ? mailbox_open(&account, ledger, &options, error)
	                                            : NULL;
	guint got = 0;

	for (; mailbox != NULL && got < n; got++) {
		g_autoptr(SourceMail) mail = mailbox_next(mailbox, error);

		if (mail == NULL || mail->raw == NULL)
			return FALSE;
	}
	return got == n;
}

static size_t
swallow(char *bytes, size_t size, size_t n, void *data)
{
	return size * n;
}

static CURLcode
fetch_urls(CURL *curl, const char *port, guint n)
{
	CURLcode code = CURLE_OK;

	curl_easy_setopt(curl, CURLOPT_USERNAME, "shop");
	curl_easy_setopt(curl, CURLOPT_PASSWORD, "geheim");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, swallow);
	for (guint i = 1; i <= n && code == CURLE_OK; i++) {
		g_autofree char *url = g_strdup_printf("imaps://127.0.0.1:%s/INBOX;UID=%u", port, i);

		curl_easy_setopt(curl, CURLOPT_URL, url);
		code = curl_easy_perform(curl);
	}
	return code;
}

/* ---- sending ---- */

static gboolean
send_own(SmtpSession *smtp, guint n, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(message, sizeof message - 1);
	const SmtpMail mail = { .reverse_path = "", .recipient = "kim@klant.example", .message = bytes };

	for (guint i = 0; i < n; i++)
		if (!smtp_send(smtp, &mail, NULL, error))
			return FALSE;
	return TRUE;
}

static size_t
give(char *to, size_t size, size_t n, void *data)
{
	gsize *at = data, here = MIN(size * n, sizeof message - 1 - *at);

	memcpy(to, message + *at, here);
	*at += here;
	return here;
}

static CURLcode
send_urls(CURL *curl, const char *port, guint n)
{
	g_autofree char *url = g_strdup_printf("smtp://127.0.0.1:%s/winkel.example", port);
	struct curl_slist *to = curl_slist_append(NULL, "<kim@klant.example>");
	CURLcode code = CURLE_OK;
	gsize at;

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, "<>");
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(curl, CURLOPT_READDATA, &at);
	for (guint i = 0; i < n && code == CURLE_OK; i++) {
		at = 0;
		code = curl_easy_perform(curl);
	}
	curl_slist_free_all(to);
	return code;
}

/* ---- with the ledger ---- */

typedef struct {
	Ledger *ledger;
	gint64 mail;
} Step;

static gboolean
before_dot(void *data, GError **error)
{
	Step *step = data;

	return ledger_commit_begin(step->ledger, step->mail, "ack", "", error);
}

/* The steps of an acknowledgement, in the order of pipeline.c and act.c. */
static gboolean
acknowledge(Ledger *ledger, SmtpSession *smtp, guint i, GBytes *bytes, GError **error)
{
	g_autofree char *ref = g_strdup_printf("imap:bench:INBOX:1:%u", i);
	g_autofree char *id = g_strdup_printf("<%u@klant.example>", i);
	g_autofree char *our_id = g_strdup_printf("aardig.%u@winkel.example", i);
	g_autofree char *who = g_strdup_printf("k%u@k%u.example", i, i);
	g_autofree char *hash = g_strdup_printf("%064x", i);
	const MailKey key = { .shop = "bench", .account = "bench", .ref = ref, .message_id = id,
		                  .content_hash = hash, .correspondent = who, .from = who, .subject = "x" };
	const MailDecision decision = { .language = "nl", .type = "damaged", .tone = "neutral", .unsure = "",
		                            .team = "x", .priority = "normal", .rules_version = "x" };
	const AckLimits limits = { .recipient = who, .now = 1 + g_get_real_time() / G_USEC_PER_SEC };
	MailEntry entry;
	Claim claim;
	guint tries, ticket;

	if (!ledger_attempt(ledger, ref, &tries, error) || !ledger_begin(ledger, error) ||
	    !ledger_open_mail(ledger, &key, &entry, error) ||
	    !ledger_note_decision(ledger, entry.id, &decision, error) ||
	    !ledger_ticket_number(ledger, entry.id, &ticket, error) ||
	    !ledger_claim_ack(ledger, entry.id, our_id, &limits, &claim, error) ||
	    !ledger_commit(ledger, error))
		return FALSE;
	Step step = { ledger, entry.id };
	const SmtpMail mail = { "", who, bytes, before_dot, &step };
	g_autofree char *answer = NULL;
	return smtp_send(smtp, &mail, &answer, error) && ledger_begin(ledger, error) &&
	       ledger_action_done(ledger, entry.id, "ack", "", answer, error) &&
	       ledger_thread_add_id(ledger, entry.thread, our_id, NULL, error) &&
	       ledger_commit(ledger, error) &&
	       ledger_settle(ledger, ref, entry.id, "acknowledged", "x", error);
}

static gboolean
with_ledger(SmtpSession *smtp, const char *folder, guint n, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "bench.sqlite", NULL);
	g_autoptr(Ledger) ledger = ledger_open(path, error);
	g_autoptr(GBytes) bytes = g_bytes_new_static(message, sizeof message - 1);

	for (guint i = 1; ledger != NULL && i <= n; i++)
		if (!acknowledge(ledger, smtp, i, bytes, error))
			return FALSE;
	return ledger != NULL && ledger_rest(ledger, error);
}

static gboolean
bare_commits(const char *folder, guint n)
{
	g_autofree char *path = g_build_filename(folder, "bare.sqlite", NULL);
	sqlite3 *db = NULL;
	gboolean ok = sqlite3_open(path, &db) == SQLITE_OK &&
	              sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	                               "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)", NULL, NULL,
	                           NULL) == SQLITE_OK;

	for (guint i = 0; ok && i < 2 * n; i++)
		ok = sqlite3_exec(db, "INSERT INTO t (b) VALUES ('one row')", NULL, NULL, NULL) == SQLITE_OK;
	sqlite3_close(db);
	return ok;
}

/* ---- start ---- */

static double
seconds_since(gint64 start)
{
	return (double) (g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}

static int
with_curl(CURLcode (*run)(CURL *, const char *, guint), const char *port, const char *ca, guint n)
{
	CURL *curl = curl_easy_init();

	if (ca != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
	gint64 start = g_get_monotonic_time();
	CURLcode code = run(curl, port, n);
	if (code == CURLE_OK)
		printf("%.4f\n", seconds_since(start));
	else
		fprintf(stderr, "bench_net: %s\n", curl_easy_strerror(code));
	curl_easy_cleanup(curl);
	return code != CURLE_OK;
}

static guint
number(const char *text)
{
	return (guint) g_ascii_strtoull(text, NULL, 10);
}

int
main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[1] : "";
	gboolean fetch = strcmp(what, "fetch") == 0 && argc == 7, ledger = strcmp(what, "ledger") == 0;
	gboolean smtp = strcmp(what, "smtp") == 0 && argc == 5, own = strcmp(argc > 2 ? argv[2] : "", "own") == 0;
	GError *error = NULL;
	gint64 start = g_get_monotonic_time();

	if (strcmp(what, "commits") == 0) {
		if (!bare_commits(argv[3], number(argv[2])))
			return 1;
		printf("%.4f\n", seconds_since(start));
		return 0;
	}
	if (!fetch && !smtp && !ledger)
		return 64;
	if (!own && !ledger)
		return fetch ? with_curl(fetch_urls, argv[3], argv[4], number(argv[5]))
		             : with_curl(send_urls, argv[3], NULL, number(argv[4]));
	Endpoint endpoint = { .host = (char *) "127.0.0.1", .port = number(ledger ? argv[2] : argv[3]),
		                  .tls = TLS_NONE };
	gboolean ok;
	if (fetch) {
		endpoint.tls = TLS_IMPLICIT;
		endpoint.ca_file = argv[4];
		endpoint.user = (char *) "shop";
		endpoint.secret.password = (char *) "geheim";
		ok = fetch_own(&endpoint, number(argv[5]), argv[6], &error);
	} else {
		g_autoptr(SmtpSession) session = smtp_open(&endpoint, 10, &error);
		ok = session != NULL && (ledger ? with_ledger(session, argv[4], number(argv[3]), &error)
		                                : send_own(session, number(argv[4]), &error));
	}
	if (!ok)
		return error != NULL ? failed(error) : 1;
	printf("%.4f\n", seconds_since(start));
	return 0;
}
