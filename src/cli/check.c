/* check.c - aardig check: the configuration, the rules with their own examples, the templates;
 * before a first acknowledgement ten samples; with --connect the servers. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "aardig/log.h"
#include "cli/check.h"

/* The coach's packs are rules too; where they are not installed, nothing is said. */
static void
check_coach(Check *check)
{
	g_autofree char *dir = g_build_filename(settings_datadir(), "coach", NULL);
	const char *dirs[] = { dir, NULL };

	if (!g_file_test(dir, G_FILE_TEST_IS_DIR))
		return;
	g_autoptr(Rules) rules = rules_load(dirs, check->diag);
	if (rules != NULL)
		rules_check_examples(dirs, rules, check->diag);
}

static void
check_rules(Check *check)
{
	const char *const *dirs = (const char *const *) check->settings->rule_dirs;

	check->rules = rules_load(dirs, check->diag);
	if (check->rules == NULL)
		return;
	rules_check_examples(dirs, check->rules, check->diag);
	settings_check_labels(check->settings, rules_labels(check->rules, "type"),
	                      rules_labels(check->rules, "tone"), check->diag);
}

static void
check_words(Check *check)
{
	check->words = words_load((const char *const *) check->settings->template_dirs, check->diag);
}

static void
print_summary(const Check *check)
{
	static const char *const modes[] = { "observe", "draft", "send" };
	const Settings *settings = check->settings;
	guint warnings = diagnostics_warnings(check->diag);

	printf("%s: %u account%s, %u route%s\n", settings->path, settings->accounts->len,
	       settings->accounts->len == 1 ? "" : "s", settings->routes->len,
	       settings->routes->len == 1 ? "" : "s");
	for (guint i = 0; i < settings->accounts->len; i++) {
		const Account *account = g_ptr_array_index(settings->accounts, i);

		printf("  %s: mode \"%s\", %s\n", account->name, modes[account->mode],
		       account->addresses[0]);
	}
	printf("rules: %u, and all their examples hold\n", rules_count(check->rules));
	printf("templates: right\n");
	if (warnings > 0)
		printf("%u warning%s, see above\n", warnings, warnings == 1 ? "" : "s");
}

/* Everything on disk; FALSE after errors, which were shown. */
static gboolean
check_files(Check *check)
{
	check->settings = settings_load(check->options->config, check->diag);
	if (check->settings != NULL) {
		check_rules(check);
		check_words(check);
		check_coach(check);
		check_machine(check);
	}
	diagnostics_print(check->diag);
	if (diagnostics_errors(check->diag) == 0)
		return TRUE;
	fprintf(stderr, "aardig check: %u error%s\n", diagnostics_errors(check->diag),
	        diagnostics_errors(check->diag) == 1 ? "" : "s");
	if (check->settings == NULL)
		fputs("rules and templates are looked at once the configuration is right\n", stderr);
	return FALSE;
}

static int
check_all(Check *check, gboolean connect)
{
	if (!check_files(check))
		return EX_CONFIG;
	if (!check->options->quiet) {
		print_summary(check);
		if (!check_samples(check))
			return EX_CONFIG;
	}
	/* What was said so far comes before what the servers say, also in a file. */
	fflush(stdout);
	return connect ? check_connect(check) : EX_OK;
}

static int
run_check(const CliOptions *options, int argc, char **argv)
{
	static const struct option longs[] = { { "connect", no_argument, NULL, 'C' },
		                                   { NULL, 0, NULL, 0 } };
	g_autoptr(Diagnostics) diag = diagnostics_new();
	Check check = { .options = options, .diag = diag };
	gboolean connect = FALSE;
	int opt, code;

	while ((opt = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (opt != 'C')
			return cli_usage(&command_check);
		connect = TRUE;
	}
	if (optind < argc)
		return cli_usage(&command_check);

	code = check_all(&check, connect);
	words_free(check.words);
	rules_free(check.rules);
	settings_free(check.settings);
	return code;
}

const Command command_check = {
	.name = "check",
	.usage = "[--connect]",
	.summary = "look over configuration, rules and templates; --connect logs in",
	.run = run_check,
};
