/* commands.c - the table, and what several commands share. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
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
	fprintf(stderr, "usage: aardig %s%s%s\n", command->name, *command->usage != '\0' ? " " : "",
	        command->usage);
	return EX_USAGE;
}

int
cli_fail(const char *command, const GError *error)
{
	fprintf(stderr, "aardig %s: %s\n", command, error->message);
	return aardig_error_exit_code(error);
}

int
cli_finish_output(int code)
{
	gboolean failed = ferror(stdout);

	errno = 0;
	if (fflush(stdout) == 0 && !failed)
		return code;
	fprintf(stderr, "aardig: standard output could not be written: %s\n",
	        errno != 0 ? g_strerror(errno) : "an earlier write failed");
	return EX_IOERR;
}

char *
cli_local_time(const Settings *settings, gint64 seconds)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(seconds);
	g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_timezone(utc, settings->timezone) : NULL;

	return local != NULL ? g_date_time_format(local, "%Y-%m-%d %H:%M:%S") : g_strdup("-");
}
