/* run.c - the supervisor: a worker process per account, restarted when it dies, stopped with
 * care. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/log.h"
#include "aardig/secret.h"
#include "aardig/worker.h"
#include "cli/cli.h"

#define RESTART_FIRST_MS 1000
#define RESTART_MAX_MS 60000
/* A worker that lived this long died of something new. */
#define LIVED_LONG_MS 60000
#define STOP_PATIENCE_MS 90000

typedef struct {
	const Account *account;
	pid_t pid;           /* 0: not running */
	gint64 started, restart_at, restart_ms;
	int code;            /* last exit code */
	gboolean finished;   /* --once: done */
} Child;

typedef struct {
	const CliOptions *options;
	Settings *settings;
	Rules *rules;
	Words *words;
	WorkerOptions worker;
	Child *children;
	guint n;
} Supervisor;

static int signal_pipe[2];

static void
on_signal(int number)
{
	int saved = errno;
	char byte = (char) number;

	if (write(signal_pipe[1], &byte, 1) < 0)
		errno = saved;
	errno = saved;
}

static void
catch_signal(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

/* ---- configuration ---- */

static void
unload(Supervisor *s)
{
	g_clear_pointer(&s->words, words_free);
	g_clear_pointer(&s->rules, rules_free);
	g_clear_pointer(&s->settings, settings_free);
	g_clear_pointer(&s->children, g_free);
}

/* Everything is loaded and checked before anything of the old is given up. */
static gboolean
load(const CliOptions *options, Supervisor *s)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();

	s->settings = settings_load(options->config, diag);
	if (s->settings != NULL) {
		s->rules = rules_load_cached((const char *const *) s->settings->rule_dirs,
		                             s->settings->cache_dir, diag);
		s->words = words_load((const char *const *) s->settings->template_dirs, diag);
	}
	if (s->rules != NULL)
		settings_check_labels(s->settings, rules_labels(s->rules, "type"),
		                      rules_labels(s->rules, "tone"), diag);
	diagnostics_print(diag);
	if (diagnostics_errors(diag) > 0 || s->words == NULL) {
		unload(s);
		return FALSE;
	}
	s->worker.settings = s->settings;
	s->worker.rules = s->rules;
	s->worker.words = s->words;
	s->n = s->settings->accounts->len;
	s->children = g_new0(Child, s->n);
	for (guint i = 0; i < s->n; i++)
		s->children[i].account = g_ptr_array_index(s->settings->accounts, i);
	return TRUE;
}

/* ---- children ---- */

static G_GNUC_NORETURN void
be_worker(const Supervisor *s, const Child *child)
{
	close(signal_pipe[0]);
	close(signal_pipe[1]);
	catch_signal(SIGTERM, worker_stop);
	catch_signal(SIGINT, worker_stop);
	catch_signal(SIGHUP, SIG_IGN);
	/* Without its supervisor nobody would stop it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	int code = cli_finish_output(worker_run(child->account, &s->worker));
	fflush(NULL);
	_exit(code);
}

static void
start_child(Supervisor *s, Child *child)
{
	child->started = clock_monotonic_ms();
	fflush(NULL);
	child->pid = fork();
	if (child->pid == 0)
		be_worker(s, child);
	if (child->pid < 0) {
		log_error("run", "acct=%s cannot start a worker: %s", child->account->name,
		          g_strerror(errno));
		child->pid = 0;
		child->restart_at = clock_monotonic_ms() + RESTART_MAX_MS;
	}
}

static void
child_ended(Supervisor *s, Child *child, int status)
{
	gint64 now = clock_monotonic_ms();

	child->pid = 0;
	child->code = WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
	if (s->worker.once && WIFEXITED(status)) {
		child->finished = TRUE;
		return;
	}
	if (now - child->started > LIVED_LONG_MS || child->restart_ms == 0)
		child->restart_ms = RESTART_FIRST_MS;
	else
		child->restart_ms = MIN(child->restart_ms * 2, RESTART_MAX_MS);
	child->restart_at = now + child->restart_ms;
	log_error("run", "acct=%s worker ended by %s %d; starting again in %d s", child->account->name,
	          WIFSIGNALED(status) ? "signal" : "exit",
	          WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
	          (int) (child->restart_ms / 1000));
}

static void
reap(Supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (guint i = 0; i < s->n; i++)
			if (s->children[i].pid == pid)
				child_ended(s, &s->children[i], status);
}

static guint
running(const Supervisor *s)
{
	guint n = 0;

	for (guint i = 0; i < s->n; i++)
		n += s->children[i].pid != 0;
	return n;
}

static void
signal_children(const Supervisor *s, int number)
{
	for (guint i = 0; i < s->n; i++)
		if (s->children[i].pid != 0)
			kill(s->children[i].pid, number);
}

/* Each finishes the mail in hand; who takes far too long is killed, and its mail is resumed
 * later. */
static void
stop_children(Supervisor *s)
{
	gint64 deadline = clock_monotonic_ms() + STOP_PATIENCE_MS;

	signal_children(s, SIGTERM);
	while (running(s) > 0) {
		int status;
		pid_t pid = waitpid(-1, &status, WNOHANG);

		for (guint i = 0; pid > 0 && i < s->n; i++)
			if (s->children[i].pid == pid)
				s->children[i].pid = 0;
		if (pid == 0)
			g_usleep(10000);
		if (pid < 0 && errno == ECHILD)
			break;
		if (clock_monotonic_ms() > deadline)
			signal_children(s, SIGKILL);
	}
}

/* ---- the loop ---- */

static gint64
start_due(Supervisor *s)
{
	gint64 now = clock_monotonic_ms(), next = now + 3600 * 1000;

	for (guint i = 0; i < s->n; i++) {
		Child *child = &s->children[i];

		if (child->pid != 0 || child->finished)
			continue;
		if (child->restart_at <= now)
			start_child(s, child);
		else
			next = MIN(next, child->restart_at);
	}
	return next - now;
}

static gboolean
all_finished(const Supervisor *s)
{
	for (guint i = 0; i < s->n; i++)
		if (!s->children[i].finished)
			return FALSE;
	return TRUE;
}

static void
reload(Supervisor *s)
{
	Supervisor next = { .options = s->options, .worker = s->worker };

	if (!load(s->options, &next)) {
		log_error("run", "the new configuration has errors; the old one stays in force");
		return;
	}
	stop_children(s);
	unload(s);
	*s = next;
	log_info("run", "configuration loaded again, %u accounts", s->n);
}

static int
exit_code(const Supervisor *s)
{
	for (guint i = 0; i < s->n; i++)
		if (s->children[i].code != EX_OK)
			return s->children[i].code;
	return EX_OK;
}

static int
supervise(Supervisor *s)
{
	for (;;) {
		gint64 wait = start_due(s);
		struct pollfd pfd = { .fd = signal_pipe[0], .events = POLLIN };
		char number;

		if (s->worker.once && all_finished(s))
			return exit_code(s);
		/* A child may have ended between reap and poll: the pipe holds its SIGCHLD. */
		if (poll(&pfd, 1, (int) MIN(wait, G_MAXINT)) <= 0)
			continue;
		while (read(signal_pipe[0], &number, 1) == 1) {
			if (number == SIGTERM || number == SIGINT) {
				stop_children(s);
				return EX_OK;
			}
			if (number == SIGHUP)
				reload(s);
			if (number == SIGCHLD)
				reap(s);
		}
	}
}

/* In the same process, one account after the other, so that the output can be read. */
static int
dry_run(const Supervisor *s)
{
	int code = EX_OK;

	for (guint i = 0; i < s->n; i++) {
		int this = worker_run(s->children[i].account, &s->worker);

		code = code != EX_OK ? code : this;
	}
	return code;
}

static gboolean
parse_options(Supervisor *s, const char **since_out, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "once", no_argument, NULL, 'o' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "since", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "n", longs, NULL)) != -1)
		switch (opt) {
		case 'o': s->worker.once = TRUE; break;
		case 'n': s->worker.dry_run = s->worker.once = TRUE; break;
		case 's': *since_out = optarg; break;
		default: return FALSE;
		}
	return optind == argc;
}

static int
run(const CliOptions *options, int argc, char **argv)
{
	Supervisor s = { .options = options };
	const char *since = NULL;

	if (!parse_options(&s, &since, argc, argv))
		return cli_usage(&command_run);
	if (!load(options, &s))
		return EX_CONFIG;
	if (since != NULL && !clock_parse_date(since, s.settings->timezone, &s.worker.since)) {
		fprintf(stderr, "aardig run: '%s' is no date (write --since 2026-11-20)\n", since);
		unload(&s);
		return EX_USAGE;
	}
	if (s.n == 0) {
		fputs("aardig run: the configuration names no account (aardig.conf(5) shows one)\n", stderr);
		unload(&s);
		return EX_CONFIG;
	}
	secret_forbid_core_dumps();
	int code;
	if (s.worker.dry_run) {
		code = dry_run(&s);
	} else {
		if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
			log_error("run", "no pipe for signals: %s", g_strerror(errno));
			unload(&s);
			return EX_OSERR;
		}
		catch_signal(SIGTERM, on_signal);
		catch_signal(SIGINT, on_signal);
		catch_signal(SIGHUP, on_signal);
		catch_signal(SIGCHLD, on_signal);
		code = supervise(&s);
	}
	unload(&s);
	return code;
}

const Command command_run = { "run", "[--once] [-n] [--since DATE]",
	                      "watch every account and handle its mail", run };
