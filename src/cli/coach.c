/* coach.c - `aardig coach`: reads a draft reply and says, line by line, what would make it
 * worse. */
#include "config.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "aardig/coach.h"
#include "aardig/message.h"
#include "cli/cli.h"

/* Below this a second look is worth it: exit code 1. */
#define SCORE_GOOD 70

typedef struct {
	const char *language, *tone;
	gboolean automatic, json;
	int code;
	const Rules *rules;
	gboolean color;
} CoachRun;

static void
print_text(const CoachRun *run, const char *path, const CoachReport *report)
{
	for (guint i = 0; i < report->remarks->len; i++) {
		const CoachRemark *remark = &g_array_index(report->remarks, CoachRemark, i);

		if (remark->line > 0)
			printf("%s:%u: %s: ", path, remark->line, remark->kind);
		else
			printf("%s: %s: ", path, remark->kind);
		if (remark->text != NULL)
			printf(run->color ? "\033[1m\"%s\"\033[0m\n    " : "\"%s\"\n    ", remark->text);
		printf("%s\n", remark->advice != NULL ? remark->advice : "");
	}
	printf("%s: %u/100\n", path, report->score);
}

static void
print_json(const char *path, const CoachReport *report)
{
	json_t *remarks = json_array();

	for (guint i = 0; i < report->remarks->len; i++) {
		const CoachRemark *remark = &g_array_index(report->remarks, CoachRemark, i);

		json_array_append_new(remarks, json_pack("{s:i, s:s, s:s?, s:s?}", "line", (int) remark->line,
		                                         "kind", remark->kind, "text", remark->text,
		                                         "advice", remark->advice));
	}
	json_t *object = json_pack("{s:s, s:s, s:i, s:o}", "file", path, "language", report->language,
	                           "score", (int) report->score, "remarks", remarks);
	char *text = json_dumps(object, JSON_COMPACT);
	puts(text);
	free(text);
	json_decref(object);
}

/* An unsent message has header fields; anything else is read as it is. */
static char *
draft_text(GBytes *raw)
{
	gsize size;
	const char *data = g_bytes_get_data(raw, &size);
	g_autofree char *plain = g_utf8_make_valid(data != NULL ? data : "", size);
	gsize word = strcspn(plain, ": \t\r\n");

	if (word == 0 || plain[word] != ':' || strchr(plain, '\n') == NULL ||
	    strstr(plain, "\n\n") == NULL || g_ascii_strncasecmp(plain, "http", 4) == 0)
		if (strstr(plain, "\r\n\r\n") == NULL || plain[word] != ':')
			return g_steal_pointer(&plain);

	g_autoptr(Message) message = message_parse(raw);
	if (message_headers(message) < 2)
		return g_steal_pointer(&plain);
	gsize n;
	const Line *lines = message_lines(message, &n);
	GString *text = g_string_new(NULL);
	for (gsize i = 0; i < n; i++)
		g_string_append_printf(text, "%s\n", lines[i].text);
	return g_string_free(text, FALSE);
}

static void
coach_one(const char *path, GBytes *raw, void *data)
{
	CoachRun *run = data;
	g_autofree char *draft = draft_text(raw);
	g_autoptr(CoachReport) report = coach_check(run->rules, draft, run->language, run->tone,
	                                            run->automatic, TRUE);

	if (strcmp(report->language, "nl") != 0 && strcmp(report->language, "en") != 0) {
		fprintf(stderr, "aardig coach: %s: this reads as \"%s\"; the coach knows Dutch and English "
		        "(--language says which, if it is one of them)\n", path, report->language);
		run->code = EX_DATAERR;
		return;
	}
	if (run->json)
		print_json(path, report);
	else
		print_text(run, path, report);
	if (report->score < SCORE_GOOD)
		run->code = 1;
}

static gboolean
parse_options(CoachRun *run, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "language", required_argument, NULL, 'l' },
		{ "tone", required_argument, NULL, 't' },
		{ "automatic", no_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", longs, NULL)) != -1)
		switch (opt) {
		case 'l': run->language = optarg; break;
		case 't': run->tone = optarg; break;
		case 'a': run->automatic = TRUE; break;
		case 'j': run->json = TRUE; break;
		default: return FALSE;
		}
	if (run->language != NULL && strcmp(run->language, "nl") != 0 && strcmp(run->language, "en") != 0) {
		fprintf(stderr, "aardig coach: it knows no '%s' (write --language nl or en)\n", run->language);
		return FALSE;
	}
	return optind + 1 >= argc;
}

static int
coach(const CliOptions *options, int argc, char **argv)
{
	CoachRun run = { .code = EX_OK, .color = options->color };
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autofree char *dir = g_build_filename(settings_datadir(), "coach", NULL);
	const char *dirs[] = { dir, NULL };
	char *standard_input[] = { (char *) "-", NULL };

	if (!parse_options(&run, argc, argv))
		return cli_usage(&command_coach);
	g_autoptr(Rules) rules = rules_load(dirs, diag);
	diagnostics_print(diag);
	if (rules == NULL)
		return EX_CONFIG;
	run.rules = rules;
	int code = cli_each_mail("coach", optind < argc ? argv + optind : standard_input, coach_one, &run);
	return code != EX_OK ? code : run.code;
}

const Command command_coach = { "coach",
	                        "[--language nl|en] [--tone TONE] [--automatic] [--json] [FILE]",
	                        "say what in a draft reply is unkind, liable or unclear", coach };
