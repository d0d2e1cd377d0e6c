/* check.h - the parts of `aardig check`. */
#ifndef AARDIG_CLI_CHECK_H
#define AARDIG_CLI_CHECK_H

#include "aardig/rules.h"
#include "aardig/settings.h"
#include "aardig/words.h"
#include "cli/cli.h"

G_BEGIN_DECLS

typedef struct {
	const CliOptions *options;
	Settings *settings;
	Rules *rules;
	Words *words;
	Diagnostics *diag;
} Check;

/* What the configuration names and this machine lacks: programs, password files, Maildirs; and
 * sending without a trusted authserv_id. Warnings in diag. */
void check_machine(Check *check);
/* While no acknowledgement of an account was ever sent: ten of them on stdout, and the line of the
 * configuration that lets them go. FALSE if one could not be written (an error in diag). */
gboolean check_samples(Check *check);
/* Logs in to every server that is configured and says what was found. 0 or an exit code. */
int check_connect(Check *check);

G_END_DECLS

#endif
