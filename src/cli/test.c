/* test.c - aardig test: labelled mails against the rules, and what a changed configuration
 * changes. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "aardig/log.h"
#include "cli/cli.h"
#include "cli/corpus.h"

#define TOP_EVIDENCE 3

typedef struct {
	gboolean json, totals;
	GPtrArray *min;   /* "FIELD=F1", "FIELD@LANG+LANG=ACCURACY" */
	const char *diff; /* another configuration */
	Offline offline, other;
	Score *score;
	GPtrArray *misses; /* char * */
	json_t *misses_json;
	guint changed;
} Job;

/* ---- misses ---- */

static int
compare_points(const void *a, const void *b)
{
	double left = (*(const Evidence *const *)a)->points,
	       right = (*(const Evidence *const *)b)->points;

	return left < right ? 1 : left > right ? -1 : 0;
}

/* "nl.damaged.arrived +2.5 damaged", the weightiest of this space first. */
static char *
top_evidence(const Reading *reading, const char *space)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < reading->evidence->len; i++) {
		Evidence *evidence = &g_array_index(reading->evidence, Evidence, i);

		if (strcmp(evidence->space, space) == 0)
			g_ptr_array_add(list, evidence);
	}
	g_ptr_array_sort(list, compare_points);
	for (guint i = 0; i < list->len && i < TOP_EVIDENCE; i++) {
		const Evidence *evidence = list->pdata[i];

		g_string_append_printf(text, "%s%s %+.1f %s", i > 0 ? ", " : "", evidence->rule,
		                       evidence->points, evidence->label);
	}
	return g_string_free(text, FALSE);
}

static void
note_miss(Job *job, const char *id, const char *field, const char *gold, const char *got,
          const char *evidence)
{
	if (job->totals)
		return;
	if (job->json)
		json_array_append_new(job->misses_json,
		                      json_pack("{s:s, s:s, s:s?, s:s?, s:s}", "id", id, "field",
		                                field, "gold", gold, "got", got, "evidence",
		                                evidence));
	else
		g_ptr_array_add(job->misses,
		                g_strdup_printf("%s %s: gold %s, got %s%s%s%s", id, field,
		                                gold != NULL ? gold : "none",
		                                got != NULL ? got : "none",
		                                evidence[0] != '\0' ? " (" : "", evidence,
		                                evidence[0] != '\0' ? ")" : ""));
}

static void
note_misses(Job *job, const CorpusMail *mail, const Reading *reading)
{
	static const char *const spaces[SCORE_FIELDS] = { "type", "tone", "flag", "flag",
		                                          "none" };

	for (guint i = 0; i < SCORE_FIELDS; i++) {
		const char *gold = score_gold(mail, i), *got = score_got(reading, i);
		g_autofree char *evidence = NULL;

		if (gold == NULL || strcmp(gold, got) == 0)
			continue;
		evidence = top_evidence(reading, spaces[i]);
		note_miss(job, mail->id, score_field_names[i], gold, got, evidence);
	}
	if (mail->has_order && g_strcmp0(mail->order_number, reading->facts.order_number) != 0)
		note_miss(job, mail->id, "order_number", mail->order_number,
		          reading->facts.order_number, "");
	if (mail->has_name && g_strcmp0(mail->customer_name, reading->facts.customer_name) != 0)
		note_miss(job, mail->id, "customer_name", mail->customer_name,
		          reading->facts.customer_name, "");
}

static void
test_one(const CorpusMail *mail, void *data)
{
	Job *job = data;
	ClassifyContext ctx = offline_classify_context(&job->offline);
	g_autoptr(Reading) reading =
	    classify_text(job->offline.rules, mail->subject, mail->body, &ctx);

	score_add(job->score, mail, reading);
	note_misses(job, mail, reading);
}

/* ---- --diff ---- */

static void
diff_value(GString *text, const char *field, const char *before, const char *after,
           const char *gold)
{
	if (g_strcmp0(before, after) == 0)
		return;
	g_string_append_printf(text, "%s%s %s -> %s", text->len > 0 ? "; " : "", field,
	                       before != NULL ? before : "none", after != NULL ? after : "none");
	if (gold != NULL)
		g_string_append(text, strcmp(after != NULL ? after : "", gold) == 0 ? " (better)"
		                      : strcmp(before != NULL ? before : "", gold) == 0
		                          ? " (worse)"
		                          : " (both wrong)");
}

static void
diff_one(const CorpusMail *mail, void *data)
{
	Job *job = data;
	ClassifyContext old_ctx = offline_classify_context(&job->other);
	ClassifyContext new_ctx = offline_classify_context(&job->offline);
	g_autoptr(Reading) before =
	    classify_text(job->other.rules, mail->subject, mail->body, &old_ctx);
	g_autoptr(Reading) after =
	    classify_text(job->offline.rules, mail->subject, mail->body, &new_ctx);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *unsure_before = g_strjoinv(",", before->unsure);
	g_autofree char *unsure_after = g_strjoinv(",", after->unsure);

	for (guint i = 0; i < SCORE_FIELDS; i++)
		diff_value(text, score_field_names[i], score_got(before, i), score_got(after, i),
		           score_gold(mail, i));
	diff_value(text, "order_number", before->facts.order_number, after->facts.order_number,
	           mail->order_number);
	diff_value(text, "customer_name", before->facts.customer_name, after->facts.customer_name,
	           mail->customer_name);
	diff_value(text, "unsure", unsure_before, unsure_after, NULL);
	if (text->len == 0)
		return;
	job->changed++;
	if (job->json)
		json_array_append_new(job->misses_json, json_pack("{s:s, s:s}", "id", mail->id,
		                                                  "change", text->str));
	else if (!job->totals)
		printf("%s: %s\n", mail->id, text->str);
}

/* ---- --min ---- */

static double
share(guint part, guint all)
{
	return all == 0 ? 1.0 : (double)part / all;
}

/* Macro-F1 of a field, or accuracy in some languages; order_number: share right of those that
 * have one, no_order_number: share of the others where none was invented. */
static double
value_of(const Score *score, const char *field, const char *languages)
{
	const FactScore *order = score_order_number(score), *name = score_customer_name(score);

	if (strcmp(field, "order_number") == 0)
		return share(order->right, order->with);
	if (strcmp(field, "no_order_number") == 0)
		return share(order->without - order->invented, order->without);
	if (strcmp(field, "customer_name") == 0)
		return share(name->right, name->with);
	if (strcmp(field, "no_customer_name") == 0)
		return share(name->without - name->invented, name->without);
	for (guint i = 0; i < SCORE_FIELDS; i++)
		if (strcmp(field, score_field_names[i]) == 0)
			return languages != NULL ? score_language_accuracy(score, i, languages)
			                         : score_macro_f1(score, i);
	return -2.0;
}

/* 0, 1 when below, or EX_USAGE. judge FALSE: only whether the wish can be understood. */
static int
check_min(const Score *score, const char *wish, gboolean judge)
{
	g_autofree char *field = g_strdup(wish);
	char *equals = strchr(field, '='), *at, *end;
	double least, value;

	if (equals == NULL || equals == field)
		return EX_USAGE;
	*equals = '\0';
	least = g_ascii_strtod(equals + 1, &end);
	if (end == equals + 1 || *end != '\0')
		return EX_USAGE;
	at = strchr(field, '@');
	if (at != NULL)
		*at++ = '\0';
	value = value_of(score, field, at);
	if (value < -1.5)
		return EX_USAGE;
	if (!judge)
		return EX_OK;
	if (value >= least)
		return EX_OK;
	fprintf(stderr, "aardig test: %s is %.3f, below %.3f\n", wish, value, least);
	return 1;
}

/* ---- the command ---- */

static int
parse_options(Job *job, OfflineArgs *args, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "totals", no_argument, NULL, 't' },
		{ "min", required_argument, NULL, 'm' },
		{ "diff", required_argument, NULL, 'd' },
		OFFLINE_LONG,
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, OFFLINE_SHORT, longs, NULL)) != -1) {
		switch (opt) {
		case 'j': job->json = TRUE; break;
		case 't': job->totals = TRUE; break;
		case 'm': g_ptr_array_add(job->min, optarg); break;
		case 'd': job->diff = optarg; break;
		default:
			if (!offline_option(args, opt, optarg))
				return cli_usage(&command_test);
		}
	}
	if (optind == argc)
		return cli_usage(&command_test);
	return EX_OK;
}

static int
read_corpora(Job *job, char **paths)
{
	for (; *paths != NULL; paths++) {
		g_autoptr(GError) error = NULL;

		if (!corpus_each(*paths, job->diff != NULL ? diff_one : test_one, job, &error))
			return cli_fail("test", error);
	}
	return EX_OK;
}

static void
print_result(Job *job)
{
	if (job->json) {
		json_t *whole = job->diff != NULL
		                    ? json_pack("{s:i}", "changed", (int)job->changed)
		                    : score_json(job->score);

		json_object_set(whole, job->diff != NULL ? "changes" : "misses",
		                job->misses_json);
		g_autofree char *text = json_dumps(whole, JSON_COMPACT | JSON_REAL_PRECISION(6));
		puts(text);
		json_decref(whole);
		return;
	}
	if (job->diff != NULL) {
		printf("%u mails read differently\n", job->changed);
		return;
	}
	score_print(job->score);
	if (job->misses->len > 0)
		printf("\n%u misses\n", job->misses->len);
	for (guint i = 0; i < job->misses->len; i++)
		puts(job->misses->pdata[i]);
}

static int
run_job(const CliOptions *options, Job *job, OfflineArgs *args, char **paths)
{
	int code = EX_OK;

	for (guint i = 0; i < job->min->len; i++)
		if (check_min(job->score, job->min->pdata[i], FALSE) != EX_OK) {
			fprintf(stderr,
			        "aardig test: --min %s (write FIELD=F1, as in type=0.7; fields: type tone "
			        "complaint urgent language and [no_]order_number [no_]customer_name)\n",
			        (const char *)job->min->pdata[i]);
			return EX_USAGE;
		}
	if (job->diff != NULL) {
		CliOptions other = *options;
		OfflineArgs none = { 0 };

		other.config = job->diff;
		code = offline_open(&other, "test", &none, &job->other);
	}
	if (code == EX_OK)
		code = offline_open(options, "test", args, &job->offline);
	if (code == EX_OK)
		code = read_corpora(job, paths);
	if (code != EX_OK)
		return code;
	print_result(job);
	for (guint i = 0; job->diff == NULL && i < job->min->len; i++)
		code = MAX(code, check_min(job->score, job->min->pdata[i], TRUE));
	return code;
}

static int
run(const CliOptions *options, int argc, char **argv)
{
	Job job = { .min = g_ptr_array_new(),
		    .misses = g_ptr_array_new_with_free_func(g_free),
		    .misses_json = json_array(),
		    .score = score_new() };
	OfflineArgs args = { 0 };
	int code = parse_options(&job, &args, argc, argv);

	if (code == EX_OK)
		code = run_job(options, &job, &args, argv + optind);
	offline_close(&job.offline);
	offline_close(&job.other);
	score_free(job.score);
	g_ptr_array_unref(job.min);
	g_ptr_array_unref(job.misses);
	json_decref(job.misses_json);
	return code;
}

const Command command_test = {
	"test",
	"[--json] [--totals] [--min FIELD[@LANG+LANG]=F1]... [--diff CONF] [-a ACCOUNT] "
	"[--now TIME] CORPUS...",
	"run labelled mails (JSON lines) against the rules", run
};
