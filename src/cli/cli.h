/* cli.h - one table of subcommands; each is a file in this folder.
 *
 * Results go to stdout, talk to stderr. Exit codes follow sysexits.h. A command parses its own
 * options with getopt_long() from argv[1] on; argv[0] is its name. */
#ifndef AARDIG_CLI_H
#define AARDIG_CLI_H

#include <glib.h>

#include "aardig/classify.h"
#include "aardig/decide.h"
#include "aardig/guard.h"
#include "aardig/ledger.h"
#include "aardig/settings.h"

G_BEGIN_DECLS

typedef struct {
	const char *config;  /* -c, or NULL */
	gboolean quiet, color;
	guint verbose;
} CliOptions;

typedef struct {
	const char *name;
	const char *usage;   /* "[--once] [-n] [--since DATE]" */
	const char *summary; /* one line for --help, the manual and completion */
	int (*run)(const CliOptions *options, int argc, char **argv);
} Command;

extern const Command command_run, command_deliver, command_filter, command_classify, command_explain,
    command_preview, command_check, command_status, command_why, command_test, command_coach,
    command_demo;
extern const Command *const commands[]; /* NULL-terminated, in the order of --help */

/* Prints the usage of a command to stderr and returns EX_USAGE. */
int cli_usage(const Command *command);
/* Prints "aardig COMMAND: text" and returns the exit code of the error. */
int cli_fail(const char *command, const GError *error);

/* Results are worth nothing unless they arrive: `code`, or EX_IOERR after having said why standard
 * output could not be written. The last thing a process does. */
int cli_finish_output(int code);

/* A time as the shop's clock shows it ("2026-11-30 17:00:00"). Caller frees. */
char *cli_local_time(const Settings *settings, gint64 seconds);

/* The settings of -c or the search path; without any configuration the defaults when `optional`.
 * "-c NONE" means the defaults. Prints diagnostics; NULL after errors. */
Settings *cli_settings(const CliOptions *options, gboolean optional);

/* Options shared by classify, explain, preview and filter: -a ACCOUNT -f SENDER -r RCPT
 * --own ADDRESS --now RFC3339 --state. */
typedef struct {
	Settings *settings;
	Rules *rules;
	const Account *account; /* NULL without configuration */
	GPtrArray *own;         /* char *, NULL-terminated when in use */
	Envelope envelope;
	gint64 now;             /* 0: not given */
	Ledger *ledger;         /* --state, read-only, or NULL */
} Offline;

#define OFFLINE_SHORT "a:f:r:"
#define OFFLINE_LONG \
	{ "account", required_argument, NULL, 'a' }, { "sender", required_argument, NULL, 'f' }, \
	{ "recipient", required_argument, NULL, 'r' }, { "own", required_argument, NULL, 1001 }, \
	{ "now", required_argument, NULL, 1002 }, { "state", no_argument, NULL, 1003 }

typedef struct {
	const char *account, *sender, *recipient, *now;
	GPtrArray *own;
	gboolean state;
} OfflineArgs;

/* TRUE if the option was one of OFFLINE_*. */
gboolean offline_option(OfflineArgs *args, int opt, const char *value);
/* Loads what the arguments name. 0, or an exit code after having said why. */
int offline_open(const CliOptions *options, const char *command, OfflineArgs *args, Offline *out);
void offline_close(Offline *offline);

/* One mail from message to plan, as the pipeline would. The plan borrows from the rest. */
typedef struct {
	Message *message;
	GuardResult *guard;
	Reading *reading;
	MailEntry entry;         /* what the ledger knows of it; zero without --state */
	History history;         /* the same for deciding and wording; borrows from entry */
	Plan *plan;
	gint64 now;              /* --now, or the clock */
} Judged;
void offline_judge(const Offline *offline, GBytes *raw, Judged *out);
void judged_clear(Judged *judged);
/* Zone and order patterns of the account's shop, and --now. */
ClassifyContext offline_classify_context(const Offline *offline);

/* Calls `each` for every message file, every mail of a Maildir, and "-" (stdin). A path that cannot
 * be opened is reported on stderr; returns 0 or EX_NOINPUT. */
int cli_each_mail(const char *command, char *const *paths,
                  void (*each)(const char *path, GBytes *raw, void *data), void *data);

G_END_DECLS

#endif
