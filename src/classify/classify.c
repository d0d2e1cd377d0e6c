/* classify.c - a mail's reading: visible text, language, facts and signals go into the rule
 * engine; type, tone, flags and the evidence for them come out. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "classify/classify-private.h"
#include "classify/facts-private.h"
#include "classify/language.h"

/* ---- what the engine is given ---- */

static gboolean
is_own_line(LineKind kind)
{
	return kind == LINE_TEXT || kind == LINE_SIGNATURE;
}

/* Text and signature in the order written, so that "30551, Willemijn" stays at its place. */
static char *
own_text(const Message *message, guint *quoted_out, gboolean *forwarded_out)
{
	gsize n;
	const Line *lines = message_lines(message, &n);
	/* the signature is seldom longer than that */
	GString *text = g_string_sized_new(strlen(message_visible_text(message)) + 256);
	gboolean any = FALSE;

	*quoted_out = 0;
	*forwarded_out = FALSE;
	for (gsize i = 0; i < n; i++) {
		*quoted_out += lines[i].kind == LINE_QUOTE;
		*forwarded_out |= lines[i].kind == LINE_FORWARD;
		if (!is_own_line(lines[i].kind) || text->len > FACTS_TEXT_MAX)
			continue;
		any |= lines[i].text[0] != '\0';
		g_string_append(text, lines[i].text);
		g_string_append_c(text, '\n');
	}
	/* Nothing but a forward: what was passed on is what there is to read. */
	if (!any)
		g_string_assign(text, message_visible_text(message));
	return g_string_free(text, FALSE);
}

static gboolean
opens_with_greeting(const Rules *rules, const Tokens *body)
{
	return body->n_sentences > 0 && engine_is_greeting(rules, body, 0);
}

static void
fill_signals(const Rules *rules, const Message *message, const ClassifyContext *ctx, guint quoted,
             gboolean forwarded, ClassifyRun *run)
{
	double *signals = run->signals;
	gsize attachments;

	signals_from_tokens(run->subject, run->body, signals);
	message_attachments(message, &attachments);
	signals[SIGNAL_ATTACHMENT] = attachments;
	signals[SIGNAL_IMAGE] = message_has_image(message);
	signals[SIGNAL_ORDER_NUMBER] = run->facts.order_number != NULL;
	signals[SIGNAL_TRACKING] = run->facts.tracking != NULL;
	signals[SIGNAL_AMOUNT] = run->facts.amount != NULL;
	signals[SIGNAL_DEADLINE] = run->facts.deadline != NULL;
	signals[SIGNAL_THREAD_MAILS] = ctx->thread_mails;
	signals[SIGNAL_QUOTED] = quoted;
	signals[SIGNAL_FORWARDED] = forwarded;
	signals[SIGNAL_NO_GREETING] = run->body->n > 0 && !opens_with_greeting(rules, run->body);
	signals[SIGNAL_LANGUAGE_OTHER] =
	    strcmp(run->language, "other") == 0 && run->language_margin >= LANGUAGE_MARGIN;
}

static void
read_facts(const Message *message, const ClassifyContext *ctx, const char *own, ClassifyRun *run)
{
	const GPtrArray *from = message_addresses(message, "From");
	gsize attachments;

	message_attachments(message, &attachments);
	FactsSource source = {
		.subject = message_subject(message),
		.own = own,
		.quoted = message_quoted_text(message),
		.from_name = from->len > 0 ? ((const Address *)from->pdata[0])->name : NULL,
		.language = run->language,
		.body = run->body,
		.now = ctx->now != 0 ? ctx->now : message_date(message),
		.zone = ctx->timezone,
		.order_patterns = ctx->order_patterns,
		.attachment = attachments > 0,
		.image = message_has_image(message),
	};

	if (source.now == 0)
		source.now = clock_now();
	facts_read(&source, &run->facts);
}

static void
find_language(ClassifyRun *run)
{
	run->language = language_of(run->body, &run->language_margin);
	if (run->language_margin < LANGUAGE_MARGIN) {
		double margin;
		const char *language = language_of(run->subject, &margin);

		/* "1209!!" says nothing, its subject may. */
		if (margin > run->language_margin) {
			run->language = language;
			run->language_margin = margin;
		}
	}
}

void
classify_run(const Rules *rules, const Message *message, const ClassifyContext *ctx,
             ClassifyRun *out)
{
	static const ClassifyContext nothing;
	g_autofree char *own = NULL;
	gboolean forwarded;
	guint quoted;

	memset(out, 0, sizeof *out);
	if (ctx == NULL)
		ctx = &nothing;
	out->subject = tokens_new(message_subject(message), -1);
	out->body = tokens_new(message_visible_text(message), -1);
	find_language(out);
	own = own_text(message, &quoted, &forwarded);
	read_facts(message, ctx, own, out);
	fill_signals(rules, message, ctx, quoted, forwarded, out);

	out->input.subject = out->subject;
	out->input.body = out->body;
	out->input.signals = out->signals;
	/* Where the language is a guess, rules of every language may speak. */
	out->input.language = out->language_margin < LANGUAGE_MARGIN ? NULL : out->language;
	out->result = engine_run(rules, &out->input);
}

void
classify_run_clear(ClassifyRun *run)
{
	engine_result_free(run->result);
	tokens_free(run->subject);
	tokens_free(run->body);
	facts_clear(&run->facts);
	memset(run, 0, sizeof *run);
}

/* ---- what it answered ---- */

static GArray *
scores_of(const EngineResult *result, const char *space)
{
	const SpaceResult *from = engine_space(result, space);
	guint n = from != NULL ? from->n_scores : 0;
	GArray *scores = g_array_sized_new(FALSE, FALSE, sizeof(LabelScore), n);

	for (guint i = 0; i < n; i++) {
		LabelScore score = { from->scores[i].label, from->scores[i].points };

		g_array_append_val(scores, score);
	}
	return scores;
}

static GArray *
flags_of(const EngineResult *result)
{
	const SpaceResult *from = engine_space(result, "flag");
	GArray *flags = g_array_new(FALSE, FALSE, sizeof(LabelScore));

	for (guint i = 0; from != NULL && i < from->n_scores; i++) {
		LabelScore flag = { from->scores[i].label, from->scores[i].points };

		if (from->scores[i].holds)
			g_array_append_val(flags, flag);
	}
	return flags;
}

static const char *
matched_text(const ClassifyRun *run, const Match *match, GStringChunk *texts)
{
	const Tokens *tokens = match->where == IN_SUBJECT ? run->subject : run->body;

	if (match->where == IN_SIGNAL || match->end <= match->first || match->end > tokens->n)
		return "";
	guint32 from = tokens->tokens[match->first].byte;
	return g_string_chunk_insert_len(texts, tokens->text + from,
	                                 tokens->tokens[match->end - 1].byte_end - from);
}

static GArray *
evidence_of(const ClassifyRun *run, GStringChunk *texts)
{
	const EngineResult *result = run->result;
	GArray *list = g_array_sized_new(FALSE, FALSE, sizeof(Evidence), result->points->len);

	for (guint i = 0; i < result->points->len; i++) {
		const MatchPoints *points = &g_array_index(result->points, MatchPoints, i);
		Evidence evidence = { points->rule,
			              points->space,
			              points->label,
			              points->points,
			              IN_SIGNAL,
			              NULL,
			              0,
			              0 };

		if (points->match != G_MAXUINT) {
			const Match *match =
			    &g_array_index(result->matches, Match, points->match);

			evidence.where = match->where;
			evidence.text = matched_text(run, match, texts);
			evidence.start = match->start;
			evidence.end = match->stop;
		} else {
			evidence.text = g_string_chunk_insert(texts, points->rule);
		}
		g_array_append_val(list, evidence);
	}
	return list;
}

static const char *
winner_of(const EngineResult *result, const char *space, const char *otherwise)
{
	const SpaceResult *from = engine_space(result, space);

	return from != NULL && from->winner != NULL ? from->winner : otherwise;
}

static char **
unsure_of(const ClassifyRun *run)
{
	static const char *const spaces[] = { "type", "tone" };
	g_autoptr(GPtrArray) list = g_ptr_array_new();

	for (gsize i = 0; i < G_N_ELEMENTS(spaces); i++) {
		const SpaceResult *from = engine_space(run->result, spaces[i]);

		if (from == NULL || from->unsure)
			g_ptr_array_add(list, g_strdup(spaces[i]));
	}
	if (run->language_margin < LANGUAGE_MARGIN)
		g_ptr_array_add(list, g_strdup("language"));
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

/* What the customer asks for; the strongest first where a mail asks for several. */
static const char *
remedy_of(const Reading *reading)
{
	static const struct {
		const char *flag, *remedy;
	} remedies[] = { { "remedy-refund", "refund" },
		         { "remedy-replace", "replace" },
		         { "remedy-repair", "repair" },
		         { "remedy-partial", "partial" } };
	const char *best = NULL;
	double most = 0;

	for (guint i = 0; i < reading->flags->len; i++) {
		const LabelScore *flag = &g_array_index(reading->flags, LabelScore, i);

		for (gsize j = 0; j < G_N_ELEMENTS(remedies); j++) {
			if (strcmp(flag->label, remedies[j].flag) != 0 || flag->points <= most)
				continue;
			best = remedies[j].remedy;
			most = flag->points;
		}
	}
	return best;
}

Reading *
classify_reading(ClassifyRun *run)
{
	Reading *reading = g_new0(Reading, 1);

	reading->language = run->language;
	reading->type = winner_of(run->result, "type", "other");
	reading->tone = winner_of(run->result, "tone", "neutral");
	reading->types = scores_of(run->result, "type");
	reading->tones = scores_of(run->result, "tone");
	reading->flags = flags_of(run->result);
	reading->complaint = reading_has_flag(reading, "complaint");
	reading->urgent = reading_has_flag(reading, "urgent");
	reading->unsure = unsure_of(run);
	/* some twenty texts of a word or two: one piece of memory for all */
	reading->texts = g_string_chunk_new(512);
	reading->evidence = evidence_of(run, reading->texts);
	reading->facts = run->facts;
	memset(&run->facts, 0, sizeof run->facts);
	reading->facts.remedy = remedy_of(reading);
	return reading;
}

Reading *
classify_message(const Rules *rules, const Message *message, const ClassifyContext *ctx)
{
	ClassifyRun run;

	classify_run(rules, message, ctx, &run);
	Reading *reading = classify_reading(&run);
	classify_run_clear(&run);
	return reading;
}

Reading *
classify_text(const Rules *rules, const char *subject, const char *body,
              const ClassifyContext *ctx)
{
	g_autoptr(Message) message = message_from_text(subject, body);

	return classify_message(rules, message, ctx);
}

void
reading_free(Reading *reading)
{
	if (reading == NULL)
		return;
	g_array_unref(reading->types);
	g_array_unref(reading->tones);
	g_array_unref(reading->flags);
	g_array_unref(reading->evidence);
	g_string_chunk_free(reading->texts);
	g_strfreev(reading->unsure);
	facts_clear(&reading->facts);
	g_free(reading);
}

gboolean
reading_has_flag(const Reading *reading, const char *flag)
{
	for (guint i = 0; i < reading->flags->len; i++)
		if (strcmp(g_array_index(reading->flags, LabelScore, i).label, flag) == 0)
			return TRUE;
	return FALSE;
}

gboolean
reading_is_unsure(const Reading *reading, const char *field)
{
	if (field == NULL)
		return reading->unsure[0] != NULL;
	return g_strv_contains((const char *const *)reading->unsure, field);
}

const char *
classify_language(const char *text, double *margin_out)
{
	g_autoptr(Tokens) tokens = tokens_new(text, -1);

	return language_of(tokens, margin_out);
}
