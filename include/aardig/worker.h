/* worker.h - one account's process: opens the mailbox, handles mail, waits, reconnects for ever.
 *
 * The supervisor (cli/run.c) starts one per account, so that one account's trouble or one poison
 * mail never stops the others. */
#ifndef AARDIG_WORKER_H
#define AARDIG_WORKER_H

#include <glib.h>

#include "aardig/rules.h"
#include "aardig/settings.h"
#include "aardig/words.h"

G_BEGIN_DECLS

typedef struct {
	const Settings *settings;
	const Rules *rules;
	const Words *words;
	gboolean once, dry_run;
	gint64 since;
} WorkerOptions;

/* Runs until worker_stop() is called (by SIGTERM), or to the end of one pass with `once`. Returns a
 * sysexits code: 0, 71 no descriptors left, 75 trouble with a server or the ledger (once), 78
 * configuration. */
int worker_run(const Account *account, const WorkerOptions *options);

/* Async-signal-safe: finish the mail in hand, then return from worker_run(). */
void worker_stop(int signal_number);

/* STATE_DIR/ledger.sqlite; caller frees. */
char *worker_ledger_path(const Settings *settings);

G_END_DECLS

#endif
