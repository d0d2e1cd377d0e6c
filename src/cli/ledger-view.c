/* ledger-view.c - what status and why share. */
#include "config.h"

#include <getopt.h>
#include <sysexits.h>

#include "aardig/clock.h"
#include "aardig/log.h"
#include "aardig/worker.h"
#include "cli/ledger-view.h"

gboolean
ledger_view_arguments(int argc, char **argv, int operands, gboolean *as_json_out)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	*as_json_out = FALSE;
	while ((opt = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (opt != 'j')
			return FALSE;
		*as_json_out = TRUE;
	}
	return optind + operands == argc;
}

int
ledger_view_open(const CliOptions *options, const char *command, Settings **settings_out,
                 Ledger **ledger_out)
{
	g_autoptr(Settings) settings = cli_settings(options, FALSE);
	g_autoptr(GError) error = NULL;

	if (settings == NULL)
		return EX_CONFIG;
	g_autofree char *path = worker_ledger_path(settings);
	Ledger *ledger = ledger_open_readonly(path, &error);
	if (ledger == NULL)
		return cli_fail(command, error);
	*ledger_out = ledger;
	*settings_out = g_steal_pointer(&settings);
	return EX_OK;
}

char *
view_time(const Settings *settings, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	gint64 seconds;

	if (text == NULL || !clock_parse_rfc3339(text, &seconds))
		return g_strdup("-");
	return cli_local_time(settings, seconds);
}

char *
view_text(const json_t *object, const char *key, gsize max_chars)
{
	return log_quote(json_string_value(json_object_get(object, key)), max_chars);
}

json_int_t
view_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}
