/* status.c - aardig status: how things stand; exit 1 if somebody should look. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "aardig/clock.h"
#include "cli/ledger-view.h"

#define ROWS_MAX 20

/* ---- only the accounts of this configuration ---- */

static gboolean
is_watched(const Settings *settings, const char *name)
{
	const Account *account = name != NULL ? settings_account(settings, name) : NULL;

	return account != NULL;
}

/* Drops the rows of `list` that speak of accounts which are no longer configured. */
static void
drop_unknown(const Settings *settings, json_t *list, const char *key, const char *kind)
{
	for (gsize i = json_array_size(list); i > 0; i--) {
		json_t *row = json_array_get(list, i - 1);
		const char *row_kind = json_string_value(json_object_get(row, "kind"));

		if (kind != NULL && g_strcmp0(row_kind, kind) != 0)
			continue;
		if (!is_watched(settings, json_string_value(json_object_get(row, key))))
			json_array_remove(list, i - 1);
	}
}

static gboolean
is_listed(const json_t *accounts, const char *name)
{
	for (gsize i = 0; i < json_array_size(accounts); i++) {
		const json_t *row = json_array_get(accounts, i);

		if (g_strcmp0(json_string_value(json_object_get(row, "name")), name) == 0)
			return TRUE;
	}
	return FALSE;
}

/* A configured account without a row was never begun with. */
static void
add_missing(const Settings *settings, json_t *accounts, json_t *reasons)
{
	for (guint i = 0; i < settings->accounts->len; i++) {
		const Account *account = settings->accounts->pdata[i];

		if (account->source == SOURCE_NONE || is_listed(accounts, account->name))
			continue;
		g_autofree char *text = g_strdup_printf("account %s: not watched yet;"
		                                        " is 'aardig run' running?",
		                                        account->name);
		json_array_append_new(accounts,
		                      json_pack("{s:s, s:n, s:n, s:n, s:n}", "name", account->name, "last_poll",
		                                "trouble", "trouble_since", "trouble_last"));
		json_array_append_new(reasons, json_pack("{s:s, s:s, s:s}", "kind", "account", "name",
		                                         account->name, "text", text));
	}
}

static void
fit_to_settings(const Settings *settings, json_t *status)
{
	json_t *accounts = json_object_get(status, "accounts");
	json_t *reasons = json_object_get(status, "reasons");

	drop_unknown(settings, accounts, "name", NULL);
	drop_unknown(settings, reasons, "name", "account");
	add_missing(settings, accounts, reasons);
	json_object_set_new(status, "attention", json_boolean(json_array_size(reasons) > 0));
}

/* ---- for a person ---- */

static void
print_accounts(const Settings *settings, const json_t *status)
{
	const json_t *accounts = json_object_get(status, "accounts");

	for (gsize i = 0; i < json_array_size(accounts); i++) {
		const json_t *row = json_array_get(accounts, i);
		g_autofree char *name = view_text(row, "name", 40);
		g_autofree char *poll = view_time(settings, row, "last_poll");
		g_autofree char *trouble = view_text(row, "trouble", 300);
		g_autofree char *since = view_time(settings, row, "trouble_since");

		printf("account %-16s last good poll %s\n", name, poll);
		if (strcmp(trouble, "-") != 0)
			printf("%24s in trouble since %s: %s\n", "", since, trouble);
	}
}

static void
print_counts(const json_t *status, const char *key, const char *title)
{
	json_t *counts = json_object_get(status, key);
	const char *name, *separator = "";
	json_t *count;

	if (json_object_size(counts) == 0)
		return;
	printf("%s", title);
	json_object_foreach(counts, name, count) {
		printf("%s %" JSON_INTEGER_FORMAT " %s", separator, json_integer_value(count), name);
		separator = ",";
	}
	printf("\n");
}

static void
print_mail(const Settings *settings, const json_t *row, const char *when_key, const char *more_key)
{
	g_autofree char *from = view_text(row, "from", 40), *subject = view_text(row, "subject", 50);
	g_autofree char *when = view_time(settings, row, when_key);
	g_autofree char *more = view_text(row, more_key, 100);

	if (json_object_get(row, "ref") != NULL && json_object_get(row, "from") == NULL) {
		g_autofree char *ref = view_text(row, "ref", 120);
		printf("  %s  %s  %s\n", when, ref, more);
		return;
	}
	printf("  %s  mail %" JSON_INTEGER_FORMAT "  %s  \"%s\"  %s\n", when, view_int(row, "mail"), from,
	       subject, strcmp(more, "-") != 0 ? more : "");
}

static void
print_lists(const Settings *settings, const json_t *status)
{
	static const struct {
		const char *key, *title, *when, *more;
	} lists[] = {
		{ "waiting", "being handled, or waiting for the next try:", "due", "ref" },
		{ "unrouted", "reached no human:", "settled", "reason" },
		{ "unknown", "acknowledgement cut off, counts as sent:", "at", "detail" },
		{ "set_aside", "set aside:", "settled", "reason" },
		{ "overdue", "answer was due:", "answer_by", "team" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
		const json_t *list = json_object_get(status, lists[i].key);
		gsize n = json_array_size(list);

		if (n > 0)
			printf("\n%s\n", lists[i].title);
		for (gsize k = 0; k < MIN(n, ROWS_MAX); k++)
			print_mail(settings, json_array_get(list, k), lists[i].when, lists[i].more);
		if (n > ROWS_MAX)
			printf("  ... and %zu more (--json shows up to 200)\n", n - ROWS_MAX);
	}
}

static void
print_attention(const CliOptions *options, const json_t *status)
{
	const json_t *reasons = json_object_get(status, "reasons");
	gsize n = json_array_size(reasons);

	if (n == 0) {
		printf("\nnothing needs attention\n");
		return;
	}
	printf("\n%sneeds attention:%s\n", options->color ? "\033[1;31m" : "",
	       options->color ? "\033[0m" : "");
	for (gsize i = 0; i < n; i++) {
		g_autofree char *text = view_text(json_array_get(reasons, i), "text", 500);
		printf("  - %s\n", text);
	}
}

static void
print_status(const CliOptions *options, const Settings *settings, const json_t *status)
{
	print_accounts(settings, status);
	print_counts(status, "outcomes", "last 24 hours:");
	print_counts(status, "guards", "held by guards:");
	print_lists(settings, status);
	print_attention(options, status);
}

/* ---- the command ---- */

static int
show(const CliOptions *options, const Settings *settings, Ledger *ledger, gboolean as_json)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = ledger_status_json(ledger, clock_now(), &error);
	json_t *status = text != NULL ? json_loads(text, 0, NULL) : NULL;

	if (status == NULL)
		return error != NULL ? cli_fail("status", error) : EX_SOFTWARE;
	fit_to_settings(settings, status);
	if (as_json) {
		g_autofree char *out = json_dumps(status, JSON_INDENT(2));
		puts(out);
	} else {
		print_status(options, settings, status);
	}
	gboolean attention = json_is_true(json_object_get(status, "attention"));
	json_decref(status);
	return attention ? 1 : EX_OK;
}

static int
run(const CliOptions *options, int argc, char **argv)
{
	g_autoptr(Settings) settings = NULL;
	g_autoptr(Ledger) ledger = NULL;
	gboolean as_json;

	if (!ledger_view_arguments(argc, argv, 0, &as_json))
		return cli_usage(&command_status);
	int code = ledger_view_open(options, "status", &settings, &ledger);
	return code != EX_OK ? code : show(options, settings, ledger, as_json);
}

const Command command_status = {
	"status", "[--json]", "last polls, what waits, what needs attention (exit 1)", run
};
