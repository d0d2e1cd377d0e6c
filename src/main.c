/* main.c - global options and the table of subcommands. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "aardig/log.h"
#include "cli/cli.h"

static void
print_help(FILE *to)
{
	fputs("usage: aardig [-c FILE] [-q|-v|-vv] [--color=auto|always|never] COMMAND ...\n\n"
	      "Thanks customers for their complaint at once, and hands the case to a human.\n\n",
	      to);
	for (gsize i = 0; commands[i] != NULL; i++)
		fprintf(to, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n'aardig COMMAND --help' shows the options of a command; aardig(1) is the manual.\n", to);
}

static const Command *
find_command(const char *name)
{
	for (gsize i = 0; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static gboolean
is_color_word(const char *when)
{
	static const char *const words[] = { "auto", "always", "never", NULL };

	return g_strv_contains(words, when);
}

static gboolean
want_color(const char *when)
{
	if (strcmp(when, "auto") == 0)
		return isatty(STDOUT_FILENO) && g_getenv("NO_COLOR") == NULL;
	return strcmp(when, "always") == 0;
}

static void
set_log_level(const CliOptions *options)
{
	if (options->quiet)
		log_set_level(LOG_LEVEL_ERROR);
	else
		log_set_level(MIN(LOG_LEVEL_INFO + options->verbose, LOG_LEVEL_TRACE));
}

/* A mail server bounces the customer's mail for any code but 75: an option that is wrong in front
 * of the command must not be told apart from one behind it. */
static int
usage_code(char *const *argv)
{
	for (; *argv != NULL; argv++)
		if (strcmp(*argv, "deliver") == 0 || strcmp(*argv, "filter") == 0)
			return EX_TEMPFAIL;
	return EX_USAGE;
}

/* Whoever started us may have closed one of the first three descriptors. The next file we open
 * would get its number, and a result would be printed into the ledger or a mail read from it. What
 * stands in for it is open the wrong way round, so that its use is an error and not a silence. */
static void
hold_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_WRONLY) < 0)
			_exit(EX_OSERR);
}

static int
run(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' }, { "quiet", no_argument, NULL, 'q' },
		{ "verbose", no_argument, NULL, 'v' },      { "color", required_argument, NULL, 'C' },
		{ "help", no_argument, NULL, 'h' },         { "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	CliOptions options = { 0 };
	const char *color = "auto";
	int opt;

	setlocale(LC_CTYPE, "");
	hold_standard_descriptors();
	/* A reader that went away is an error to report, not a reason to die. */
	signal(SIGPIPE, SIG_IGN);
	/* So is a quota (RLIMIT_FSIZE): the ledger then says "disk full" instead of dying. */
	signal(SIGXFSZ, SIG_IGN);
	/* "+": options after the command belong to the command. */
	while ((opt = getopt_long(argc, argv, "+c:qvhV", longs, NULL)) != -1) {
		switch (opt) {
		case 'c': options.config = optarg; break;
		case 'q': options.quiet = TRUE; break;
		case 'v': options.verbose++; break;
		case 'C': color = optarg; break;
		case 'h': print_help(stdout); return EX_OK;
		case 'V': puts("aardig " PACKAGE_VERSION); return EX_OK;
		default: return usage_code(argv);
		}
	}
	if (!is_color_word(color)) {
		fprintf(stderr, "aardig: --color=%s (write auto, always or never)\n", color);
		return usage_code(argv);
	}
	if (optind >= argc) {
		print_help(stderr);
		return EX_USAGE;
	}

	const Command *command = find_command(argv[optind]);
	if (command == NULL) {
		fprintf(stderr, "aardig: no command '%s' ('aardig --help' lists them)\n", argv[optind]);
		return EX_USAGE;
	}
	options.color = want_color(color);
	set_log_level(&options);

	int rest = argc - optind;
	argv += optind;
	if (rest > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		printf("usage: aardig %s%s%s\n\n%s\n", command->name, *command->usage != '\0' ? " " : "",
		       command->usage, command->summary);
		return EX_OK;
	}
	optind = 1;
	return command->run(&options, rest, argv);
}

int
main(int argc, char **argv)
{
	return cli_finish_output(run(argc, argv));
}
