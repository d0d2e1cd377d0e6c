/* ledger_fixture.h - a fresh ledger per test, mails to put into it, and children that die or compete. */
#ifndef AARDIG_TESTS_LEDGER_FIXTURE_H
#define AARDIG_TESTS_LEDGER_FIXTURE_H

#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/ledger.h"
#include "record/record-private.h"
#include "unit.h"

/* A Monday morning. */
#define T0 1748851500
#define MIN_(n) ((gint64) (n) * 60)
#define HOURS(n) ((gint64) (n) * 3600)
#define DAYS(n) ((gint64) (n) * 86400)

static char *folder, *path;

static inline void
fixture_set_up(void)
{
	g_autofree char *template = g_strdup_printf("%s/aardig-ledger-XXXXXX", g_get_tmp_dir());

	folder = g_strdup(g_mkdtemp(template));
	path = g_build_filename(folder, "state", "ledger.db", NULL);
	clock_set(T0);
}

static inline void
fixture_tear_down(void)
{
	clock_set(0);
	unit_remove(folder);
	g_clear_pointer(&folder, g_free);
	g_clear_pointer(&path, g_free);
}

/* Ten seconds for the lock are enough for a mail, which comes again; but not for many processes on one slow core. */
static inline Ledger *
open_ledger(void)
{
	g_autoptr(GError) error = NULL;
	Ledger *ledger = ledger_open(path, &error);

	for (int tries = 0; g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY) && tries < 30; tries++) {
		g_clear_error(&error);
		ledger = ledger_open(path, &error);
	}
	ck_no_error(error);
	ck_assert_ptr_nonnull(ledger);
	ledger->busy_ms = 600000;
	return ledger;
}

#define ok(call) \
	do { \
		g_autoptr(GError) error = NULL; \
		gboolean went = (call); \
		ck_no_error(error); \
		ck_assert(went); \
	} while (0)

static inline MailKey
mail_key(const char *id, const char *content, const char *from, const char *ref)
{
	return (MailKey) {
		.shop = "winkel", .account = "info", .ref = ref, .message_id = id, .content_hash = content,
		.correspondent = from, .from = from, .subject = "Waar blijft mijn pakket?", .arrived = T0,
	};
}

static inline MailEntry
open_mail(Ledger *ledger, const MailKey *key)
{
	MailEntry entry;

	ok(ledger_open_mail(ledger, key, &entry, &error));
	return entry;
}

/* A new mail with its own id, content and ref. */
static inline MailEntry
new_mail(Ledger *ledger, guint number, const char *from)
{
	g_autofree char *id = g_strdup_printf("mail-%u@klant.example", number);
	g_autofree char *content = g_strdup_printf("%08x", number);
	g_autofree char *ref = g_strdup_printf("imap:info:INBOX:7:%u", number);
	MailKey key = mail_key(id, content, from, ref);
	MailEntry entry = open_mail(ledger, &key);

	ck_assert_int_eq(entry.status, MAIL_NEW);
	return entry;
}

static inline Claim
claim_ack_at(Ledger *ledger, gint64 mail, const AckLimits *limits)
{
	Claim claim;
	AckLimits now = *limits;

	now.now = clock_now();
	ok(ledger_claim_ack(ledger, mail, "ack-1@winkel.example", &now, &claim, &error));
	return claim;
}

static inline Claim
claim_ack(Ledger *ledger, gint64 mail)
{
	AckLimits limits = { .recipient = "klant@klant.example", .domain = "klant.example" };

	return claim_ack_at(ledger, mail, &limits);
}

static inline Claim
claim_other(Ledger *ledger, gint64 mail, const char *kind)
{
	Claim claim;

	ok(ledger_claim(ledger, mail, kind, "doel", "ours-1@winkel.example", &claim, &error));
	return claim;
}

/* Runs SQL on the file beside the ledger, as another program would. */
static inline void
run_sql(const char *sql)
{
	sqlite3 *db;
	char *message = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s", message);
	sqlite3_close(db);
}

static inline char *
ask_sql(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	char *answer = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		answer = g_strdup((const char *) sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return answer;
}

/* Runs `body` in a child that opens the ledger itself and is killed without a word afterwards. */
static inline void
in_dying_child(void (*body)(Ledger *))
{
	pid_t pid = fork();

	if (pid == 0) {
		body(open_ledger());
		kill(getpid(), SIGKILL);
	}
	int status = 0;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the child failed: %d", status);
}

/* The same, but the child lives on until let_go(). */
typedef struct {
	pid_t pid;
	int wake;
} Living;

static inline Living
in_living_child(void (*body)(Ledger *))
{
	int ready[2], wake[2];
	char byte;

	ck_assert_int_eq(pipe(ready) | pipe(wake), 0);
	Living child = { .pid = fork(), .wake = wake[1] };
	if (child.pid == 0) {
		close(wake[1]);
		body(open_ledger());
		if (write(ready[1], "r", 1) != 1 || read(wake[0], &byte, 1) > 0)
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	close(ready[1]);
	close(wake[0]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static inline void
let_go(Living *child)
{
	int status;

	close(child->wake);
	ck_assert_int_eq(waitpid(child->pid, &status, 0), child->pid);
}

static inline json_t *
status_of_ledger(Ledger *ledger)
{
	g_autofree char *text = NULL;

	ok((text = ledger_status_json(ledger, clock_now(), &error)) != NULL);
	json_t *status = json_loads(text, 0, NULL);
	ck_assert_ptr_nonnull(status);
	return status;
}

#endif
