/* offline.c - what classify, explain, preview, filter and test share: settings, rules and the
 * past as far as they are asked for, and a mail judged as the pipeline would, without doing
 * anything. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/log.h"
#include "aardig/pipeline.h"
#include "aardig/worker.h"
#include "cli/cli.h"

/* ---- settings and rules ---- */

Settings *
cli_settings(const CliOptions *options, gboolean optional)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	Settings *settings;

	if (optional) {
		g_autofree char *found = options->config == NULL ? settings_find() : NULL;

		/* "-c NONE" is for tests and rule writers: the shipped packs, whatever lies in
		 * /etc. */
		if (options->config != NULL ? strcmp(options->config, "NONE") == 0
		                            : found == NULL)
			return settings_default();
	}
	settings = settings_load(options->config, diag);
	if (settings == NULL || !options->quiet)
		diagnostics_print(diag);
	return settings;
}

static int
load_rules(const CliOptions *options, Offline *out)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();

	out->rules = rules_load_cached((const char *const *)out->settings->rule_dirs,
	                               out->settings->cache_dir, diag);
	if (out->rules == NULL || !options->quiet)
		diagnostics_print(diag);
	return out->rules != NULL ? EX_OK : EX_CONFIG;
}

static int
open_state(const char *command, Offline *out)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = worker_ledger_path(out->settings);

	out->ledger = ledger_open_readonly(path, &error);
	return out->ledger != NULL ? EX_OK : cli_fail(command, error);
}

/* ---- options ---- */

gboolean
offline_option(OfflineArgs *args, int opt, const char *value)
{
	switch (opt) {
	case 'a': args->account = value; return TRUE;
	case 'f': args->sender = value; return TRUE;
	case 'r': args->recipient = value; return TRUE;
	case 1001:
		if (args->own == NULL)
			args->own = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(args->own, g_strdup(value));
		return TRUE;
	case 1002: args->now = value; return TRUE;
	case 1003: args->state = TRUE; return TRUE;
	default: return FALSE;
	}
}

static int
choose_account(const char *command, const OfflineArgs *args, Offline *out)
{
	const GPtrArray *accounts = out->settings->accounts;

	if (args->account == NULL) {
		/* Where there is but one, it is meant. */
		out->account = accounts->len == 1 ? accounts->pdata[0] : NULL;
		return EX_OK;
	}
	out->account = settings_account(out->settings, args->account);
	if (out->account != NULL)
		return EX_OK;
	fprintf(stderr, "aardig %s: no account '%s' in the configuration\n", command,
	        args->account);
	return EX_USAGE;
}

int
offline_open(const CliOptions *options, const char *command, OfflineArgs *args, Offline *out)
{
	int code;

	memset(out, 0, sizeof *out);
	out->own = args->own != NULL ? g_steal_pointer(&args->own)
	                             : g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(out->own, NULL);
	out->envelope.sender = args->sender;
	out->envelope.recipient = args->recipient;
	if (args->now != NULL && !clock_parse_rfc3339(args->now, &out->now)) {
		fprintf(stderr,
		        "aardig %s: '%s' is no time (write --now 2026-11-27T16:55:00+01:00)\n",
		        command, args->now);
		offline_close(out);
		return EX_USAGE;
	}
	out->settings = cli_settings(options, TRUE);
	code = out->settings != NULL ? choose_account(command, args, out) : EX_CONFIG;
	if (code == EX_OK)
		code = load_rules(options, out);
	if (code == EX_OK && args->state)
		code = open_state(command, out);
	if (code != EX_OK)
		offline_close(out);
	return code;
}

void
offline_close(Offline *offline)
{
	ledger_close(offline->ledger);
	rules_free(offline->rules);
	settings_free(offline->settings);
	if (offline->own != NULL)
		g_ptr_array_unref(offline->own);
	memset(offline, 0, sizeof *offline);
}

/* ---- one mail ---- */

static const Shop *
shop_of(const Offline *offline)
{
	return offline->account != NULL ? offline->account->shop
	                                : offline->settings->shops->pdata[0];
}

ClassifyContext
offline_classify_context(const Offline *offline)
{
	const Shop *shop = shop_of(offline);

	return (ClassifyContext){
		.now = offline->now,
		.timezone = shop->timezone,
		.order_patterns = (const char *const *)shop->order_patterns,
	};
}

void
offline_judge(const Offline *offline, GBytes *raw, Judged *out)
{
	gint64 now = offline->now != 0 ? offline->now : clock_now();
	LedgerHistory past = { .ledger = offline->ledger,
		               .settings = offline->settings,
		               .account = offline->account,
		               .ref = "offline",
		               .now = now };
	GuardHistory history = ledger_history(&past);
	GuardContext guard = {
		.settings = offline->settings,
		.account = offline->account,
		.own = (const char *const *)offline->own->pdata,
		.envelope = offline->envelope,
		.now = offline->now,
		.history = offline->ledger != NULL && offline->account != NULL ? &history : NULL,
	};
	ClassifyContext classify = offline_classify_context(offline);

	memset(out, 0, sizeof *out);
	out->now = now;
	out->message = message_parse(raw);
	out->guard = guard_check(out->message, &guard);
	classify.thread_mails = past.entry.thread_mails;
	classify.first_mail = past.entry.thread_first;
	out->reading = classify_message(offline->rules, out->message, &classify);
	out->entry = past.entry;
	out->history = history_of(&out->entry);
	out->plan = decide(offline->settings, offline->account, out->guard, out->reading, &out->history,
	                   now);
}

void
judged_clear(Judged *judged)
{
	plan_free(judged->plan);
	reading_free(judged->reading);
	guard_result_free(judged->guard);
	message_free(judged->message);
	memset(judged, 0, sizeof *judged);
}

/* ---- where mails come from ---- */

typedef void (*Each)(const char *path, GBytes *raw, void *data);

/* One byte more than a mail may have, so that it shows; a pipe has no size to ask for. */
static GBytes *
read_all(int fd)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	guint8 block[64 * 1024];

	while (bytes->len <= MESSAGE_MAX_SIZE) {
		ssize_t n = read(fd, block, MIN(sizeof block, MESSAGE_MAX_SIZE + 1 - bytes->len));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return NULL;
		if (n == 0)
			break;
		g_byte_array_append(bytes, block, n);
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

static gboolean
each_file(const char *command, const char *path, Each each, void *data)
{
	int fd =
	    strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	g_autoptr(GBytes) raw = fd >= 0 ? read_all(fd) : NULL;
	int saved = errno;

	if (fd > STDERR_FILENO)
		close(fd);
	if (raw == NULL) {
		fprintf(stderr, "aardig %s: %s: %s\n", command, path, g_strerror(saved));
		return FALSE;
	}
	each(path, raw, data);
	return TRUE;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static gboolean
each_in_folder(const char *command, const char *folder, Each each, void *data)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	gboolean good = TRUE;
	const char *name;

	if (dir == NULL)
		return TRUE;
	while ((name = g_dir_read_name(dir)) != NULL)
		if (name[0] != '.')
			g_ptr_array_add(names, g_build_filename(folder, name, NULL));
	/* Names begin with the time of delivery: sorted is as they came. */
	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; i < names->len; i++)
		if (!g_file_test(names->pdata[i], G_FILE_TEST_IS_DIR))
			good &= each_file(command, names->pdata[i], each, data);
	return good;
}

static gboolean
each_in_maildir(const char *command, const char *path, Each each, void *data)
{
	g_autofree char *cur = g_build_filename(path, "cur", NULL);
	g_autofree char *new = g_build_filename(path, "new", NULL);

	if (!g_file_test(cur, G_FILE_TEST_IS_DIR) || !g_file_test(new, G_FILE_TEST_IS_DIR)) {
		fprintf(stderr,
		        "aardig %s: %s: a folder, but no Maildir (no cur and new in it)\n",
		        command, path);
		return FALSE;
	}
	gboolean good = each_in_folder(command, cur, each, data);
	return each_in_folder(command, new, each, data) && good;
}

int
cli_each_mail(const char *command, char *const *paths, Each each, void *data)
{
	gboolean good = TRUE;

	for (; *paths != NULL; paths++) {
		if (g_file_test(*paths, G_FILE_TEST_IS_DIR))
			good &= each_in_maildir(command, *paths, each, data);
		else
			good &= each_file(command, *paths, each, data);
	}
	return good ? EX_OK : EX_NOINPUT;
}
