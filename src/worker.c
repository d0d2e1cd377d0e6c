/* worker.c - the loop of one account. Trouble is met with back-off and jitter, and told to the
 * operator before its silence becomes a surprise. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/fault.h"
#include "aardig/log.h"
#include "aardig/pipeline.h"
#include "aardig/spool.h"
#include "aardig/worker.h"

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MAX_MS 300000
/* A refused login is not asked again at once: servers lock out who knocks too often. */
#define BACKOFF_LOGIN_MS 30000
#define SILENCE_MAX (30 * 60)
#define EXPIRE_PERIOD (24 * 3600)

typedef struct {
	const Account *account;
	const WorkerOptions *options;
	Ledger *ledger;
	Effects *effects;
	gint64 last_ok;       /* last good poll, or the start */
	gint64 expired;       /* last time old rows were wiped */
	gint64 backoff_ms;
	gboolean trouble;     /* of this pass */
} Worker;

static int stop_pipe[2] = { -1, -1 };
static volatile int stopping;

void
worker_stop(int signal_number)
{
	int saved = errno;

	stopping = 1;
	/* The pipe stays readable, so every later wait ends at once too. */
	if (stop_pipe[1] >= 0 && write(stop_pipe[1], "x", 1) < 0)
		stopping = 1;
	errno = saved;
}

char *
worker_ledger_path(const Settings *settings)
{
	return g_build_filename(settings->state_dir, "ledger.sqlite", NULL);
}

/* ---- trouble ---- */

static void
sleep_until_stopped(gint64 ms)
{
	struct pollfd pfd = { .fd = stop_pipe[0], .events = POLLIN };

	if (!stopping)
		poll(&pfd, 1, (int) MIN(ms, G_MAXINT));
}

static gint64
next_backoff(Worker *worker, const GError *error)
{
	/* Never much slower than the admin wants mail to be looked for. */
	gint64 most = CLAMP(worker->account->poll * 5 * 1000, 2 * BACKOFF_FIRST_MS, BACKOFF_MAX_MS);
	gboolean refused = g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG);

	if (worker->backoff_ms == 0)
		worker->backoff_ms = refused ? MIN(BACKOFF_LOGIN_MS, most) : BACKOFF_FIRST_MS;
	else
		worker->backoff_ms = MIN(worker->backoff_ms * 2, most);
	/* Jitter of a quarter either way: many shops behind one server must not come back
	 * together. */
	return worker->backoff_ms * g_random_int_range(75, 126) / 100;
}

static void
tell_silence(Worker *worker, const GError *error)
{
	const WorkerOptions *options = worker->options;
	gboolean config = g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG);
	const char *name = config ? "token" : "silent";
	g_autofree char *key = g_strdup_printf("%s:%s", name, worker->account->name);
	g_autofree char *since = clock_format(worker->last_ok);
	const char *values[] = { "account", worker->account->name, "since", since, "detail",
		                 error->message, "host", worker->account->imap.host, NULL };

	if (!config && clock_now() - worker->last_ok < SILENCE_MAX)
		return;
	operator_tell(options->settings, worker->account, options->words, worker->ledger,
	              worker->effects, key, name, values);
}

static void
meet_trouble(Worker *worker, const GError *error)
{
	g_autofree char *text = log_quote(error->message, 400);
	g_autoptr(GError) ledger_error = NULL;

	worker->trouble = TRUE;
	log_warning("worker", "acct=%s trouble: %s", worker->account->name, text);
	if (worker->ledger == NULL)
		return;
	if (!ledger_account_trouble(worker->ledger, worker->account->name, text, clock_now(),
	                            &ledger_error) ||
	    !ledger_rest(worker->ledger, &ledger_error))
		log_error("worker", "acct=%s %s", worker->account->name, ledger_error->message);
	tell_silence(worker, error);
}

/* ---- work ---- */

static Pipeline
pipeline_of(const Worker *worker)
{
	return (Pipeline) {
		.settings = worker->options->settings,
		.account = worker->account,
		.rules = worker->options->rules,
		.words = worker->options->words,
		.ledger = worker->ledger,
		.effects = worker->effects,
		.dry_run = worker->options->dry_run,
	};
}

static gboolean
handle_one(Worker *worker, Mailbox *mailbox, const SourceMail *mail, GError **error)
{
	Pipeline pipeline = pipeline_of(worker);
	Handled handled = { 0 };

	if (!pipeline_handle(&pipeline, mail, &handled, error))
		return FALSE;
	handled_clear(&handled);
	fault_point("worker.handled");
	return mailbox_settled(mailbox, mail, error);
}

/* All that is there now. */
static gboolean
drain(Worker *worker, Mailbox *mailbox, GError **error)
{
	if (worker->account->mode == MODE_OBSERVE && !worker->options->dry_run) {
		Pipeline pipeline = pipeline_of(worker);

		return observe_drain(&pipeline, mailbox, &stopping, error);
	}
	while (!stopping) {
		g_autoptr(GError) trouble = NULL;
		g_autoptr(SourceMail) mail = mailbox_next(mailbox, &trouble);

		if (trouble != NULL) {
			g_propagate_error(error, g_steal_pointer(&trouble));
			return FALSE;
		}
		if (mail == NULL)
			return TRUE;
		if (!handle_one(worker, mailbox, mail, error))
			return FALSE;
	}
	return TRUE;
}

/* What `deliver` stored and could not finish. */
static gboolean
drain_spool(Worker *worker, GError **error)
{
	Pipeline pipeline = pipeline_of(worker);

	if (worker->account->maildir == NULL || worker->options->dry_run)
		return TRUE;
	return spool_handle_all(&pipeline, 0, &stopping, error);
}

static gboolean
expire_old(Worker *worker, GError **error)
{
	gint64 now = clock_now();
	guint rows = 0;

	if (worker->options->dry_run || now - worker->expired < EXPIRE_PERIOD)
		return TRUE;
	worker->expired = now;
	if (!ledger_expire(worker->ledger, now - worker->options->settings->retention, &rows, error))
		return FALSE;
	if (rows > 0)
		log_info("worker", "acct=%s wiped personal data of %u old mails", worker->account->name, rows);
	return TRUE;
}

static gboolean
pass(Worker *worker, Mailbox *mailbox, GError **error)
{
	if (!drain_spool(worker, error) || (mailbox != NULL && !drain(worker, mailbox, error)))
		return FALSE;
	if (worker->options->dry_run)
		return TRUE;
	worker->last_ok = clock_now();
	worker->backoff_ms = 0;
	return ledger_account_ok(worker->ledger, worker->account->name, worker->last_ok, error) &&
	       expire_old(worker, error) && ledger_rest(worker->ledger, error);
}

static gboolean
serve(Worker *worker, Mailbox *mailbox, GError **error)
{
	while (!stopping) {
		if (!pass(worker, mailbox, error))
			return FALSE;
		if (worker->options->once || stopping)
			return TRUE;
		if (mailbox == NULL)
			sleep_until_stopped(worker->account->poll * 1000);
		else if (!mailbox_wait(mailbox, stop_pipe[0], worker->account->poll * 1000, error))
			return FALSE;
	}
	return TRUE;
}

/* One connection from open to close. */
static gboolean
connect_and_serve(Worker *worker, GError **error)
{
	const WorkerOptions *options = worker->options;
	const MailboxOptions mailbox_options = { options->since, options->dry_run, options->once };

	if (worker->account->source == SOURCE_NONE)
		return serve(worker, NULL, error);

	g_autoptr(Mailbox) mailbox = mailbox_open(worker->account, worker->ledger, &mailbox_options,
	                                          error);
	if (mailbox == NULL)
		return FALSE;
	effects_set_mailbox(worker->effects, mailbox);
	gboolean ok = serve(worker, mailbox, error);
	effects_set_mailbox(worker->effects, NULL);
	return ok;
}

/* A pass of a timer lives too short to notice that none succeeds. */
static gboolean
remember_last_ok(Worker *worker, GError **error)
{
	gint64 last = 0;

	if (!worker->options->once)
		return TRUE;
	if (!ledger_account_last_ok(worker->ledger, worker->account->name, &last, error))
		return FALSE;
	if (last > 0)
		worker->last_ok = MIN(worker->last_ok, last);
	return TRUE;
}

static gboolean
open_ledger(Worker *worker, GError **error)
{
	g_autofree char *path = worker_ledger_path(worker->options->settings);

	if (worker->options->dry_run) {
		/* Without a ledger a dry run still shows everything but what history would hold. */
		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			return TRUE;
		worker->ledger = ledger_open_readonly(path, error);
		return worker->ledger != NULL;
	}
	worker->ledger = ledger_open(path, error);
	return worker->ledger != NULL && remember_last_ok(worker, error);
}

static int
loop(Worker *worker)
{
	while (!stopping) {
		g_autoptr(GError) error = NULL;
		gboolean ok = (worker->ledger != NULL || open_ledger(worker, &error)) &&
		              connect_and_serve(worker, &error);

		if (stopping || g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_STOPPED))
			break;
		if (!ok)
			meet_trouble(worker, error);
		if (worker->options->once)
			return ok ? EX_OK : aardig_error_exit_code(error);
		if (!ok)
			sleep_until_stopped(next_backoff(worker, error));
	}
	return EX_OK;
}

int
worker_run(const Account *account, const WorkerOptions *options)
{
	Worker worker = { .account = account, .options = options, .last_ok = clock_now() };

	if (stop_pipe[0] < 0 && pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
		log_error("worker", "acct=%s no pipe for signals: %s", account->name, g_strerror(errno));
		return EX_OSERR;
	}
	worker.effects = options->dry_run ? effects_new_dry(account, stdout) : effects_new(account);
	int code = loop(&worker);
	effects_free(worker.effects);
	ledger_close(worker.ledger);
	return code;
}
