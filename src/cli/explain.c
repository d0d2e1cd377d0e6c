/* explain.c - aardig explain: why a mail reads as it does, for the one who writes the rules. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "aardig/decide.h"
#include "aardig/log.h"
#include "classify/classify-private.h"
#include "cli/cli.h"
#include "cli/corpus.h"

typedef struct {
	const CliOptions *options;
	Offline offline;
	const char *why_not; /* a rule */
	const char *id, *corpus;
	gboolean found;
} Job;

static const char *
paint(const Job *job, const char *ansi)
{
	return job->options->color ? ansi : "";
}

#define BOLD "\033[1m"
#define MARK "\033[1;33m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"

static void
print_heading(const Job *job, const char *text)
{
	printf("\n%s%s%s\n", paint(job, BOLD), text, paint(job, PLAIN));
}

/* ---- the text, with what rules found in it ---- */

/* Per code point: is it part of a match? */
static gboolean *
mark_matches(const ClassifyRun *run, EvidenceWhere where, glong length)
{
	gboolean *marked = g_new0(gboolean, length + 1);
	const GArray *matches = run->result->matches;

	for (guint i = 0; i < matches->len; i++) {
		const Match *match = &g_array_index(matches, Match, i);

		if (match->where != where)
			continue;
		for (guint32 at = match->start; at < match->stop && at < length; at++)
			marked[at] = TRUE;
	}
	return marked;
}

static void
put_char(const char *p)
{
	gunichar c = g_utf8_get_char(p);

	/* Foreign text must not steer the terminal. */
	if ((c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0)
	    || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069))
		printf("\\x%02x", c);
	else
		fwrite(p, 1, g_utf8_next_char(p) - p, stdout);
}

static void
print_marked(const Job *job, const ClassifyRun *run, EvidenceWhere where, const char *text)
{
	g_autofree gboolean *marked = mark_matches(run, where, g_utf8_strlen(text, -1));
	const char *open = job->options->color ? MARK : "[",
		   *close = job->options->color ? PLAIN : "]";
	gboolean inside = FALSE;
	glong at = 0;

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p), at++) {
		if (marked[at] != inside)
			fputs(inside ? close : open, stdout);
		inside = marked[at];
		put_char(p);
	}
	if (inside)
		fputs(close, stdout);
	putchar('\n');
}

/* ---- tables ---- */

static void
print_evidence(const Job *job, const Reading *reading)
{
	static const char *const where[] = { "subject", "body", "signal" };

	print_heading(job, "Evidence");
	if (reading->evidence->len == 0)
		puts("  no rule matched");
	for (guint i = 0; i < reading->evidence->len; i++) {
		const Evidence *e = &g_array_index(reading->evidence, Evidence, i);
		g_autofree char *text = log_quote(e->text, 50);

		printf("  %+5.2f %-4s %-20s %s", e->points, e->space, e->label, e->rule);
		if (e->where == IN_SIGNAL)
			printf("  (%s)\n", where[e->where]);
		else
			printf("  %s %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT " \"%s\"\n",
			       where[e->where], e->start, e->end, text);
	}
}

static const char *
unsure_reason(const SpaceResult *space)
{
	if (!space->unsure)
		return "";
	return space->by_default ? "; unsure: nothing reached the floor, so the default was taken"
	                         : "; unsure: the runner-up is too near";
}

static void
print_space(const Job *job, const SpaceResult *space)
{
	print_heading(job, space->space);
	for (guint i = 0; i < space->n_scores; i++) {
		const EngineScore *score = &space->scores[i];

		printf("  %6.2f %-22s", score->points, score->label);
		if (score->raw != score->points - score->hints)
			printf(" %sbefore others took precedence %.2f%s", paint(job, DIM),
			       score->raw, paint(job, PLAIN));
		if (score->hints != 0)
			printf(" %sby hints %+.2f%s", paint(job, DIM), score->hints,
			       paint(job, PLAIN));
		if (space->winner == NULL && score->holds)
			printf(" holds");
		putchar('\n');
	}
	if (space->winner != NULL)
		printf("  => %s%s%s%s, margin %.2f%s%s%s\n", paint(job, BOLD), space->winner,
		       paint(job, PLAIN), space->by_default ? " (default)" : "", space->margin,
		       space->runner_up != NULL ? " over " : "",
		       space->runner_up != NULL ? space->runner_up : "", unsure_reason(space));
}

static void
print_fact(const char *name, const char *value)
{
	g_autofree char *quoted = log_quote(value, 80);

	if (value != NULL)
		printf("  %-14s %s\n", name, quoted);
}

static void
print_facts(const Job *job, const Reading *reading, double margin)
{
	const Facts *facts = &reading->facts;
	g_autofree char *until = facts->deadline_time != 0
	                             ? cli_local_time(job->offline.settings, facts->deadline_time) : NULL;
	g_autofree char *deadline = until == NULL
	                                ? g_strdup(facts->deadline)
	                                : g_strdup_printf("%s (%s)", facts->deadline, until);

	print_heading(job, "language and facts");
	printf("  %-14s %s, margin %.2f%s\n", "language", reading->language, margin,
	       reading_is_unsure(reading, "language")
	           ? "; unsure: rules of every language were tried"
	           : "");
	print_fact("order number", facts->order_number);
	if (facts->order_number != NULL && !facts_order_number_is_safe(facts->order_number))
		puts("                 not fit for an automatic mail");
	print_fact("customer name", facts->customer_name);
	print_fact("first name", facts->first_name);
	print_fact("deadline", deadline);
	print_fact("amount", facts->amount);
	print_fact("tracking", facts->tracking);
	print_fact("remedy", facts->remedy);
	print_fact("photo", facts->photo ? "yes" : NULL);
}

static void
print_signals(const Job *job, const ClassifyRun *run)
{
	print_heading(job, "signals");
	for (guint i = 0; i < SIGNAL_N; i++)
		if (run->signals[i] != 0)
			printf("  %-14s %g\n", signal_names[i], run->signals[i]);
}

static void
print_guards(const Job *job, const GuardResult *guard)
{
	static const char *const verdicts[] = { "pass", "HOLD", "cannot tell: hold" };

	print_heading(job, "guards");
	for (guint i = 0; i < guard->rows->len; i++) {
		const GuardRow *row = &g_array_index(guard->rows, GuardRow, i);

		if (row->verdict != GUARD_PASS)
			printf("  %-18s %s: %s\n", row->name, verdicts[row->verdict],
			       row->reason != NULL ? row->reason : "");
	}
	if (guard->allowed) {
		g_autofree char *to = address_text(reply_permit_recipient(guard->permit));

		printf("  => an automatic answer is allowed, to %s\n", to);
	} else {
		printf("  => no automatic answer: %s\n", guard->guard);
	}
}

static void
print_plan(const Job *job, const Plan *plan)
{
	g_autofree char *by = plan->answer_by != 0
	                          ? cli_local_time(job->offline.settings, plan->answer_by) : NULL;

	print_heading(job, "plan");
	printf("  %s%s; priority %s%s%s%s\n",
	       plan->acknowledge ? "acknowledge: " : "no acknowledgement",
	       plan->acknowledge ? ack_kind_name(plan->kind) : "",
	       plan->priority == PRIORITY_HIGH ? "high" : "normal", plan->hot ? ", hot" : "",
	       by != NULL ? ", answer by " : "", by != NULL ? by : "");
	for (guint i = 0; i < plan->reasons->len; i++) {
		g_autofree char *reason = decide_reason_text(plan->reasons->pdata[i], "en");

		printf("  - %s\n", reason);
	}
}

/* ---- one mail ---- */

static void
explain_why_not(Job *job, const ClassifyRun *run)
{
	g_autofree char *why = engine_why_not(job->offline.rules, &run->input, job->why_not);

	print_heading(job, job->why_not);
	puts(why);
}

/* judged: NULL for text without a mail around it, which no guard can see. */
static void
explain_message(Job *job, const char *name, const Message *message, const Judged *judged,
                const ClassifyContext *ctx)
{
	ClassifyRun run;

	classify_run(job->offline.rules, message, ctx, &run);
	g_autoptr(Reading) reading = classify_reading(&run);
	printf("%s%s%s\n\n%sSubject:%s ", paint(job, DIM), name, paint(job, PLAIN),
	       paint(job, DIM), paint(job, PLAIN));
	print_marked(job, &run, IN_SUBJECT, message_subject(message));
	putchar('\n');
	print_marked(job, &run, IN_BODY, message_visible_text(message));
	if (job->why_not != NULL) {
		explain_why_not(job, &run);
	} else {
		print_evidence(job, reading);
		for (guint i = 0; i < run.result->n_spaces; i++)
			print_space(job, &run.result->spaces[i]);
		print_signals(job, &run);
		print_facts(job, reading, run.language_margin);
		for (guint i = 0; i < run.result->limits->len; i++)
			printf("  %s\n", (const char *)run.result->limits->pdata[i]);
		if (judged != NULL) {
			print_guards(job, judged->guard);
			print_plan(job, judged->plan);
		}
	}
	classify_run_clear(&run);
}

static void
explain_mail(const char *path, GBytes *raw, void *data)
{
	Job *job = data;
	ClassifyContext ctx = offline_classify_context(&job->offline);
	Judged judged;

	offline_judge(&job->offline, raw, &judged);
	ctx.thread_mails = judged.entry.thread_mails;
	ctx.first_mail = judged.entry.thread_first;
	explain_message(job, path, judged.message, &judged, &ctx);
	judged_clear(&judged);
}

static void
print_label(const Job *job, const char *name, const char *gold, const char *got)
{
	printf("  %-14s %s", name, gold != NULL ? gold : "none");
	if (g_strcmp0(gold, got) != 0)
		printf("   %sread as %s%s", paint(job, BOLD), got != NULL ? got : "none",
		       paint(job, PLAIN));
	putchar('\n');
}

static void
print_gold(const Job *job, const CorpusMail *mail, const ClassifyContext *ctx)
{
	g_autoptr(Reading) reading =
	    classify_text(job->offline.rules, mail->subject, mail->body, ctx);

	print_heading(job, "gold");
	for (guint i = 0; i < SCORE_FIELDS; i++)
		if (score_gold(mail, i) != NULL)
			print_label(job, score_field_names[i], score_gold(mail, i),
			            score_got(reading, i));
	if (mail->has_order)
		print_label(job, "order number", mail->order_number, reading->facts.order_number);
	if (mail->has_name)
		print_label(job, "customer name", mail->customer_name,
		            reading->facts.customer_name);
}

static void
explain_corpus_mail(const CorpusMail *mail, void *data)
{
	Job *job = data;
	ClassifyContext ctx = offline_classify_context(&job->offline);

	if (strcmp(mail->id, job->id) != 0)
		return;
	g_autoptr(Message) message = message_from_text(mail->subject, mail->body);
	job->found = TRUE;
	explain_message(job, mail->id, message, NULL, &ctx);
	print_gold(job, mail, &ctx);
}

static int
explain_by_id(Job *job)
{
	g_autoptr(GError) error = NULL;

	if (!corpus_each(job->corpus, explain_corpus_mail, job, &error))
		return cli_fail("explain", error);
	if (job->found)
		return EX_OK;
	fprintf(stderr, "aardig explain: no mail '%s' in %s\n", job->id, job->corpus);
	return EX_NOINPUT;
}

static int
parse_options(Job *job, OfflineArgs *args, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "why-not", required_argument, NULL, 'w' },
		{ "id", required_argument, NULL, 'i' },
		{ "corpus", required_argument, NULL, 'c' },
		OFFLINE_LONG,
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, OFFLINE_SHORT, longs, NULL)) != -1) {
		switch (opt) {
		case 'w': job->why_not = optarg; break;
		case 'i': job->id = optarg; break;
		case 'c': job->corpus = optarg; break;
		default:
			if (!offline_option(args, opt, optarg))
				return EX_USAGE;
		}
	}
	if ((job->id != NULL) != (job->corpus != NULL))
		return EX_USAGE;
	return (job->id != NULL) == (optind == argc) ? EX_OK : EX_USAGE;
}

static int
run(const CliOptions *options, int argc, char **argv)
{
	Job job = { .options = options };
	OfflineArgs args = { 0 };
	int code;

	if (parse_options(&job, &args, argc, argv) != EX_OK)
		return cli_usage(&command_explain);
	code = offline_open(options, "explain", &args, &job.offline);
	if (code != EX_OK)
		return code;
	guint rule;
	if (job.why_not != NULL && !engine_rule_find(job.offline.rules, job.why_not, &rule)) {
		fprintf(stderr, "aardig explain: no rule '%s' (explain without --why-not names those that "
		        "matched; the others stand in %s)\n", job.why_not, job.offline.settings->rule_dirs[0]);
		code = EX_USAGE;
	} else if (job.id != NULL) {
		code = explain_by_id(&job);
	} else {
		code = cli_each_mail("explain", argv + optind, explain_mail, &job);
	}
	offline_close(&job.offline);
	return code;
}

const Command command_explain = { "explain",
	                          "[--why-not RULE] [-a ACCOUNT] [-f SENDER] [-r RCPT] "
	                          "[--own ADDRESS]... [--now TIME] [--state] PATH... | --id ID --corpus FILE",
	                          "say why a mail reads as it does", run };
