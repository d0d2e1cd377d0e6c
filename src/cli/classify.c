/* classify.c - aardig classify: one line per mail, JSON for programs or short for a person. */
#include "config.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "aardig/log.h"
#include "cli/cli.h"

typedef struct {
	Offline offline;
	gboolean json;
} Job;

/* File names and raw header fields need not be UTF-8. */
static json_t *
text_or_null(const char *text)
{
	g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;

	return valid != NULL ? json_string(valid) : json_null();
}

static json_t *
scores_json(const GArray *scores, const char *name)
{
	json_t *list = json_array();

	for (guint i = 0; i < scores->len; i++) {
		const LabelScore *score = &g_array_index(scores, LabelScore, i);

		/* Points are written with two decimals; more would show nothing but floats. */
		json_array_append_new(
		    list, json_pack("{s:s, s:f}", name, score->label, "score",
		                    (double)(gint64)(score->points * 100 + 0.5) / 100));
	}
	return list;
}

static json_t *
evidence_list(const Reading *reading)
{
	static const char *const where[] = { "subject", "body", "signal" };
	json_t *list = json_array();

	for (guint i = 0; i < reading->evidence->len; i++) {
		const Evidence *e = &g_array_index(reading->evidence, Evidence, i);

		json_array_append_new(list,
		                      json_pack("{s:s, s:s, s:f, s:s, s:s, s:I, s:I}", "rule",
		                                e->rule, "label", e->label, "points", e->points,
		                                "in", where[e->where], "text", e->text, "start",
		                                (json_int_t)e->start, "end", (json_int_t)e->end));
	}
	return list;
}

static json_t *
reply_json(const GuardResult *guard)
{
	static const char *const humans[] = { "none", "ticket", "draft" };
	g_autofree char *to =
	    guard->permit != NULL ? address_text(reply_permit_recipient(guard->permit)) : NULL;
	json_t *reply = json_object();

	json_object_set_new(reply, "allowed", json_boolean(guard->allowed));
	json_object_set_new(reply, "guard", text_or_null(guard->guard));
	json_object_set_new(reply, "reason", text_or_null(guard->reason));
	json_object_set_new(reply, "to", text_or_null(to));
	json_object_set_new(reply, "human", json_string(humans[guard->human]));
	return reply;
}

static char *
from_text(const Message *message)
{
	const GPtrArray *from = message_addresses(message, "From");

	if (from->len == 0)
		return g_strdup(message_header(message, "From", 0));
	const Address *address = from->pdata[0];
	g_autofree char *spec = address_text(address);
	return address->name != NULL ? g_strdup_printf("%s <%s>", address->name, spec)
	                             : g_steal_pointer(&spec);
}

static void
print_json(const char *path, const Judged *judged)
{
	const Reading *reading = judged->reading;
	g_autofree char *from = from_text(judged->message);
	json_t *unsure = json_array();
	json_t *line = json_object();

	for (guint i = 0; reading->unsure[i] != NULL; i++)
		json_array_append_new(unsure, json_string(reading->unsure[i]));
	json_object_set_new(line, "file", text_or_null(path));
	json_object_set_new(line, "message_id", text_or_null(message_id(judged->message)));
	json_object_set_new(line, "from", text_or_null(from));
	json_object_set_new(line, "subject", text_or_null(message_subject(judged->message)));
	json_object_set_new(line, "language", json_string(reading->language));
	json_object_set_new(line, "type", json_string(reading->type));
	json_object_set_new(line, "types", scores_json(reading->types, "type"));
	json_object_set_new(line, "tone", json_string(reading->tone));
	json_object_set_new(line, "tones", scores_json(reading->tones, "tone"));
	json_object_set_new(line, "unsure", unsure);
	json_object_set_new(line, "complaint", json_boolean(reading->complaint));
	json_object_set_new(line, "urgent", json_boolean(reading->urgent));
	json_object_set_new(line, "order_number", text_or_null(reading->facts.order_number));
	json_object_set_new(line, "customer_name", text_or_null(reading->facts.customer_name));
	json_object_set_new(line, "visible_text",
	                    text_or_null(message_visible_text(judged->message)));
	json_object_set_new(line, "reply", reply_json(judged->guard));
	json_object_set_new(line, "evidence", evidence_list(reading));

	g_autofree char *text =
	    json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6));
	puts(text != NULL ? text : "{}");
	json_decref(line);
}

static void
print_line(const char *path, const Judged *judged)
{
	const Reading *reading = judged->reading;
	g_autofree char *subject = log_quote(message_subject(judged->message), 40);
	g_autofree char *file = log_quote(path, 200);
	g_autofree char *unsure = g_strjoinv(",", reading->unsure);
	g_autofree char *order = log_quote(reading->facts.order_number, 20);

	printf("%s: %s %s/%s%s%s%s%s%s order=%s reply=%s \"%s\"\n", file, reading->language,
	       reading->type, reading->tone, reading->complaint ? " complaint" : "",
	       reading->urgent ? " urgent" : "", unsure[0] != '\0' ? " unsure(" : "", unsure,
	       unsure[0] != '\0' ? ")" : "", order,
	       judged->guard->allowed ? "yes" : judged->guard->guard, subject);
}

static void
classify_one(const char *path, GBytes *raw, void *data)
{
	const Job *job = data;
	Judged judged;

	offline_judge(&job->offline, raw, &judged);
	if (job->json)
		print_json(path, &judged);
	else
		print_line(path, &judged);
	judged_clear(&judged);
}

static int
run(const CliOptions *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		OFFLINE_LONG,
		{ NULL, 0, NULL, 0 },
	};
	OfflineArgs args = { 0 };
	Job job = { .json = FALSE };
	int opt, code;

	while ((opt = getopt_long(argc, argv, OFFLINE_SHORT, longs, NULL)) != -1) {
		if (opt == 'j')
			job.json = TRUE;
		else if (!offline_option(&args, opt, optarg))
			return cli_usage(&command_classify);
	}
	if (optind == argc)
		return cli_usage(&command_classify);
	code = offline_open(options, "classify", &args, &job.offline);
	if (code != EX_OK)
		return code;
	code = cli_each_mail("classify", argv + optind, classify_one, &job);
	offline_close(&job.offline);
	return code;
}

const Command command_classify = { "classify",
	                           "[--json] [-a ACCOUNT] [-f SENDER] [-r RCPT] [--own "
	                           "ADDRESS]... [--now TIME] [--state] PATH...",
	                           "say language, type, tone and facts of mails", run };
