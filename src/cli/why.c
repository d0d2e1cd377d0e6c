/* why.c - aardig why: the whole story of one mail, in order of time. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cli/ledger-view.h"

#define WIDTH 200
#define EVIDENCE_MAX 20

static void
print_field(const char *title, const json_t *object, const char *key)
{
	g_autofree char *text = view_text(object, key, WIDTH);

	if (strcmp(text, "-") != 0 && *text != '\0')
		printf("  %-10s %s\n", title, text);
}

static void
print_head(const CliOptions *options, const Settings *settings, const json_t *mail)
{
	g_autofree char *outcome = view_text(mail, "outcome", 40);
	g_autofree char *arrived = view_time(settings, mail, "arrived");
	json_int_t ticket = view_int(mail, "ticket");

	printf("%smail %" JSON_INTEGER_FORMAT "%s", options->color ? "\033[1m" : "",
	       view_int(mail, "mail"), options->color ? "\033[0m" : "");
	if (ticket != 0)
		printf(", ticket T%" JSON_INTEGER_FORMAT, ticket);
	printf(": %s\n", strcmp(outcome, "-") != 0 ? outcome : "not finished");
	print_field("reason", mail, "reason");
	print_field("from", mail, "from");
	print_field("subject", mail, "subject");
	print_field("id", mail, "message_id");
	printf("  %-10s %s, for %s of %s\n", "arrived", arrived,
	       json_string_value(json_object_get(mail, "account")),
	       json_string_value(json_object_get(mail, "shop")));
	if (json_is_true(json_object_get(mail, "same_id")))
		printf("  its Message-ID is that of another mail with other content:"
		       " never answered by itself\n");
	if (json_is_true(json_object_get(mail, "wiped")))
		printf("  addresses, subject and evidence were wiped after the retention\n");
}

static void
print_evidence(const json_t *evidence)
{
	gsize n = json_array_size(evidence);

	for (gsize i = 0; i < MIN(n, EVIDENCE_MAX); i++) {
		const json_t *row = json_array_get(evidence, i);
		g_autofree char *rule = view_text(row, "rule", 60), *label = view_text(row, "label", 40);
		g_autofree char *text = view_text(row, "text", 60);

		printf("  %-10s %+.1f %s by %s: \"%s\"\n", i == 0 ? "evidence" : "",
		       json_number_value(json_object_get(row, "points")), label, rule, text);
	}
	if (n > EVIDENCE_MAX)
		printf("  %-10s ... and %zu more (--json)\n", "", n - EVIDENCE_MAX);
}

static void
print_decision(const Settings *settings, const json_t *mail)
{
	const json_t *decision = json_object_get(mail, "decision");
	static const struct {
		const char *title, *key;
	} fields[] = {
		{ "language", "language" }, { "type", "type" },       { "tone", "tone" },
		{ "unsure of", "unsure" },  { "guard", "guard" },     { "because", "guard_reason" },
		{ "team", "team" },         { "priority", "priority" }, { "order", "order_number" },
		{ "customer", "customer_name" }, { "rules", "rules_version" },
	};

	if (!json_is_object(decision))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		print_field(fields[i].title, decision, fields[i].key);
	print_field("corrected", mail, "corrected_type");
	print_field("corrected", mail, "corrected_tone");
	g_autofree char *answer_by = view_time(settings, decision, "answer_by");
	if (strcmp(answer_by, "-") != 0)
		printf("  %-10s %s\n", "answer by", answer_by);
	print_evidence(json_object_get(decision, "evidence"));
}

static void
print_events(const Settings *settings, const json_t *mail)
{
	static const char *const details[] = { "kind", "target", "ref", "outcome", "reason", "guard", "type",
		                               "tone", "team", "detail" };
	const json_t *events = json_object_get(mail, "events");

	for (gsize i = 0; i < json_array_size(events); i++) {
		const json_t *event = json_array_get(events, i);
		g_autofree char *at = view_time(settings, event, "at");
		g_autofree char *what = view_text(event, "what", 20);
		g_autofree char *due = view_time(settings, event, "due");
		json_int_t tries = view_int(event, "tries");

		printf("  %s  %-10s", at, what);
		for (gsize k = 0; k < G_N_ELEMENTS(details); k++) {
			g_autofree char *text = view_text(event, details[k], WIDTH);
			if (strcmp(text, "-") != 0 && *text != '\0')
				printf(" %s", text);
		}
		if (tries > 1)
			printf(" (%" JSON_INTEGER_FORMAT " tries)", tries);
		if (strcmp(due, "-") != 0)
			printf(", again at %s", due);
		printf("\n");
	}
}

static void
print_story(const CliOptions *options, const Settings *settings, const json_t *why)
{
	const json_t *mails = json_object_get(why, "mails"), *ref = json_object_get(why, "ref");

	for (gsize i = 0; i < json_array_size(mails); i++) {
		const json_t *mail = json_array_get(mails, i);

		if (i > 0)
			printf("\n");
		print_head(options, settings, mail);
		print_decision(settings, mail);
		print_events(settings, mail);
	}
	if (json_is_object(ref)) {
		g_autofree char *first = view_time(settings, ref, "first");

		print_field("seen at", ref, "ref");
		printf("  %-10s %s, %" JSON_INTEGER_FORMAT " tries\n", "first", first,
		       view_int(ref, "total"));
		print_field("outcome", ref, "outcome");
		print_field("reason", ref, "reason");
	}
}

static int
show(const CliOptions *options, const Settings *settings, Ledger *ledger, const char *id,
     gboolean as_json)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = ledger_why_json(ledger, id, &error);

	if (error != NULL)
		return cli_fail("why", error);
	if (text == NULL) {
		fprintf(stderr, "aardig why: nothing is known of '%s' (a number, a ticket like T12, "
		        "a Message-ID, or a ref from the log)\n", id);
		return 1;
	}
	if (as_json) {
		puts(text);
		return EX_OK;
	}
	json_t *why = json_loads(text, 0, NULL);
	print_story(options, settings, why);
	json_decref(why);
	return EX_OK;
}

static int
run(const CliOptions *options, int argc, char **argv)
{
	g_autoptr(Settings) settings = NULL;
	g_autoptr(Ledger) ledger = NULL;
	gboolean as_json;

	if (!ledger_view_arguments(argc, argv, 1, &as_json))
		return cli_usage(&command_why);
	int code = ledger_view_open(options, "why", &settings, &ledger);
	return code != EX_OK ? code : show(options, settings, ledger, argv[optind], as_json);
}

const Command command_why = {
	"why", "[--json] ID", "the whole story of one mail", run
};
