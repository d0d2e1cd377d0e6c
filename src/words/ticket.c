/* ticket.c - what the team gets: why the case looks as it does, and what to mind. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "words/format.h"
#include "words/words-private.h"

#define EVIDENCE_MAX 8
#define EVIDENCE_TEXT 60
#define TYPES_ALSO_MAX 3
#define SUBJECT_MAX 60

static void
set_count(Values *values, VariableId id, const char *language, guint n)
{
	if (n == 0)
		return;
	g_autofree char *text = format_count(language, n);
	values_set(values, id, text);
}

/* At most n characters, with an ellipsis. */
static char *
cut(const char *text, glong n)
{
	if (!g_utf8_validate(text, -1, NULL))
		return g_utf8_make_valid(text, MIN(strlen(text), (gsize) n));
	if (g_utf8_strlen(text, -1) <= n)
		return g_strdup(text);
	g_autofree char *head = g_utf8_substring(text, 0, n);
	return g_strconcat(head, "\xe2\x80\xa6", NULL);
}

/* The team's word for a label: "beschadigd ontvangen" for "damaged"; the label itself where no text
 * fits (a shop's own label). */
static char *
label_name(const TemplateSet *set, const char *block, Selector key, const char *label)
{
	Values values = { .select = { NULL } };

	values.select[key] = label;
	values_set(&values, VAR_TYPE, label);
	values_set(&values, VAR_TONE, label);
	values_set(&values, VAR_LANGUAGE, label);
	char *name = template_render(set, block, &values, FALSE, NULL);
	values_clear(&values);
	return name != NULL ? name : g_strdup(label);
}

/* Reasons whose detail is a label, and the texts that name it. */
static const struct {
	const char *code, *block;
	Selector key;
} labelled[] = {
	{ "answer", "kind-name", SELECT_KIND },
	{ "silent-language", "language-name", SELECT_LANGUAGE },
	{ "hot-tone", "tone-name", SELECT_TONE },
	{ "hot-worse", "tone-name", SELECT_TONE },
	{ "hot-flag", "flag-hint", SELECT_FLAG },
};

/* A text that stands alone elsewhere, for the middle of a sentence. */
static char *
inside_sentence(char *text)
{
	gsize length = strlen(text);

	if (length > 0 && text[length - 1] == '.')
		text[length - 1] = '\0';
	text[0] = g_ascii_tolower(text[0]);
	return text;
}

/* A reason of the plan as a sentence, with the team's words for labels in it. */
static char *
reason_text(const TemplateSet *set, const char *reason)
{
	const char *detail = strchr(reason, ' ');
	g_autofree char *code = g_strndup(reason, strcspn(reason, " "));
	gsize i = 0;

	while (i < G_N_ELEMENTS(labelled) && strcmp(labelled[i].code, code) != 0)
		i++;
	if (detail == NULL || i == G_N_ELEMENTS(labelled))
		return decide_reason_text(reason, template_set_variant(set));

	g_autofree char *name = inside_sentence(label_name(set, labelled[i].block, labelled[i].key,
	                                                   detail + 1));
	g_autofree char *whole = g_strdup_printf("%s %s", code, name);
	return decide_reason_text(whole, template_set_variant(set));
}

static int
by_points(gconstpointer a, gconstpointer b)
{
	double x = (*(const Evidence *const *) a)->points, y = (*(const Evidence *const *) b)->points;

	return (x < y) - (x > y);
}

static char *
evidence_label(const TemplateSet *set, const Evidence *evidence)
{
	if (strcmp(evidence->space, "type") == 0)
		return label_name(set, "type-name", SELECT_TYPE, evidence->label);
	return label_name(set, "tone-name", SELECT_TONE, evidence->label);
}

/* What was read, in quotes; for a signal what was counted. The points of hints are the sum of many
 * words: their text is the strongest of them, and quoted alone ("na": +8.5) it would be nonsense. */
static char *
evidence_text(const TemplateSet *set, const Evidence *evidence)
{
	if (strcmp(evidence->rule, "hints") == 0)
		return label_name(set, "hints-name", SELECT_TYPE, evidence->rule);
	if (evidence->text == NULL || *evidence->text == '\0')
		return cut(evidence->rule, EVIDENCE_TEXT);
	g_autofree char *text = cut(evidence->text, EVIDENCE_TEXT);
	return g_strdup_printf("\xe2\x80\x9c%s\xe2\x80\x9d", text);
}

/* What speaks for the type and the tone, as written, or counted; flags have hints of their own. */
static gboolean
is_shown(const Evidence *evidence)
{
	return evidence->points > 0 &&
	       (strcmp(evidence->space, "type") == 0 || strcmp(evidence->space, "tone") == 0);
}

/* The strongest pieces, strongest first, each text once. */
static void
add_evidence(Values *values, const TemplateSet *set, const Reading *reading)
{
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; reading->evidence != NULL && i < reading->evidence->len; i++)
		if (is_shown(&g_array_index(reading->evidence, Evidence, i)))
			g_ptr_array_add(sorted, &g_array_index(reading->evidence, Evidence, i));
	g_ptr_array_sort(sorted, by_points);
	for (guint i = 0; i < sorted->len && g_hash_table_size(seen) < EVIDENCE_MAX; i++) {
		const Evidence *evidence = sorted->pdata[i];
		g_autofree char *text = evidence_text(set, evidence);
		g_autofree char *label = evidence_label(set, evidence);
		g_autofree char *line = g_strdup_printf("%s: %s (%+.1f)", text, label, evidence->points);

		if (g_hash_table_add(seen, g_strconcat(text, "\n", label, NULL)))
			values_add(values, VAR_EVIDENCE, line);
	}
}

static void
add_flags(Values *values, const Reading *reading)
{
	const char *const *known = selectors[SELECT_FLAG].values;

	for (gsize i = 0; known[i] != NULL; i++)
		if (reading_has_flag(reading, known[i]))
			values_add(values, VAR_FLAGS, known[i]);
}

static void
add_types_also(Values *values, const Reading *reading)
{
	for (guint i = 1; reading->types != NULL && i < reading->types->len && i <= TYPES_ALSO_MAX; i++) {
		const LabelScore *best = &g_array_index(reading->types, LabelScore, 0);
		const LabelScore *score = &g_array_index(reading->types, LabelScore, i);

		if (score->points >= best->points / 2)
			values_add(values, VAR_TYPES_ALSO, score->label);
	}
}

static void
set_mail(Values *values, const WordsContext *ctx)
{
	const Reading *reading = ctx->reading;
	const Facts *facts = &reading->facts;
	g_autofree char *subject = ctx->message != NULL ? cut(message_subject(ctx->message), SUBJECT_MAX)
	                                                : NULL;

	values_set(values, VAR_CUSTOMER, ctx->customer);
	values_set(values, VAR_CUSTOMER_NAME, facts->customer_name);
	values_set(values, VAR_SUBJECT, subject);
	values_set(values, VAR_ORDER_NUMBER, facts->order_number);
	values_set(values, VAR_AMOUNT, facts->amount);
	values_set(values, VAR_TRACKING, facts->tracking);
	values_set(values, VAR_REMEDY, facts->remedy);
	values_set(values, VAR_CUSTOMER_DEADLINE, facts->deadline);
	values_set(values, VAR_PHOTO, facts->photo ? "yes" : NULL);
	values_set(values, VAR_DISCOUNT, ctx->shop->policy_discount);
	values_set(values, VAR_TYPE, reading->type);
	values_set(values, VAR_TONE, reading->tone);
	values_set(values, VAR_LANGUAGE, reading->language);
	for (gsize i = 0; reading->unsure[i] != NULL; i++)
		values_add(values, VAR_UNSURE, reading->unsure[i]);
	values->select[SELECT_TYPE] = reading->type;
	values->select[SELECT_TONE] = reading->tone;
}

static void
set_plan(Values *values, const WordsContext *ctx, const TemplateSet *set)
{
	const Plan *plan = ctx->plan;
	const char *best, *others[8];

	for (guint i = 0; i < plan->reasons->len; i++) {
		const char *reason = plan->reasons->pdata[i];
		g_autofree char *text = reason_text(set, reason);

		/* what is not sure stands on top of the ticket */
		if (!g_str_has_prefix(reason, "unsure "))
			values_add(values, VAR_REASONS, text);
	}
	values_set(values, VAR_HOT, plan->hot ? "yes" : NULL);
	values_set(values, VAR_ANSWERED, plan->acknowledge ? "yes" : NULL);
	if (ctx->guard != NULL && ctx->guard->guard != NULL) {
		values_set(values, VAR_HELD, "yes");
		values_set(values, VAR_GUARD, ctx->guard->guard);
		values_set(values, VAR_GUARD_REASON, ctx->guard->reason);
	}
	if (ctx->account != NULL)
		values_set(values, VAR_ACCOUNT, ctx->account->name);
	if (!plan->draft)
		return;
	words_reply_variants(ctx, &best, others);
	values_set(values, VAR_BEST, best);
	for (gsize i = 0; others[i] != NULL; i++)
		values_add(values, VAR_OTHERS, others[i]);
}

static void
set_history(Values *values, const WordsContext *ctx, const char *language)
{
	const History *history = ctx->history;

	if (history == NULL)
		return;
	set_count(values, VAR_THREAD_MAILS, language, history->thread_mails);
	set_count(values, VAR_CUSTOMER_MAILS, language, history->customer_mails);
	if (history->thread_mails > 0)
		values_set(values, VAR_WORST_TONE, history->worst_tone);
	/* Goodwill is the human's to give: a hint, never a promise. */
	gboolean regular = history->customer_mails > 0 || reading_has_flag(ctx->reading, "loyal");
	if (ctx->reading->complaint && regular && ctx->shop->remedies != NULL &&
	    g_strv_contains((const char *const *) ctx->shop->remedies, "discount"))
		values_set(values, VAR_GOODWILL, "yes");
}

/* Blocks that also stand in the middle of a sentence begin small. */
static char *
capitalise(const char *text)
{
	char first[8] = { 0 };

	g_unichar_to_utf8(g_unichar_toupper(g_utf8_get_char(text)), first);
	return g_strconcat(first, g_utf8_next_char(text), NULL);
}

gboolean
words_ticket(const Words *words, const WordsContext *ctx, char **subject_out, char **body_out,
             GError **error)
{
	const TemplateSet *set = words_team_set(words, ctx->shop);
	const char *language = template_set_variant(set);
	g_auto(Values) values = { 0 };

	values_from_context(&values, ctx, language);
	set_mail(&values, ctx);
	set_plan(&values, ctx, set);
	set_history(&values, ctx, language);
	add_types_also(&values, ctx->reading);
	add_flags(&values, ctx->reading);
	add_evidence(&values, set, ctx->reading);

	g_autofree char *subject = template_render(set, "ticket-subject", &values, FALSE, error);
	if (subject == NULL)
		return FALSE;
	g_autofree char *body = template_render(set, "ticket", &values, TRUE, error);
	if (body == NULL)
		return FALSE;
	*subject_out = capitalise(subject);
	*body_out = capitalise(body);
	return TRUE;
}
