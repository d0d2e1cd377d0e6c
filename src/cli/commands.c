/* commands.c - the table, and what several commands share. */
#include "config.h"

#include <stdio.h>
#include <sysexits.h>

#include "aardig/error.h"
#include "cli/cli.h"

const Command *const commands[] = {
	&command_run,
	&command_deliver,
	&command_filter,
	&command_classify,
	&command_explain,
	&command_preview,
	&command_check,
	&command_status,
	&command_why,
	&command_test,
	&command_coach,
	&command_demo,
	NULL,
};

int
cli_usage(const Command *command)
{
	fprintf(stderr, "usage: aardig %s %s\n", command->name, command->usage);
	return EX_USAGE;
}

int
cli_fail(const char *command, const GError *error)
{
	fprintf(stderr, "aardig %s: %s\n", command, error->message);
	return aardig_error_exit_code(error);
}
