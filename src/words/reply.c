/* reply.c - the suggested reply for a human: which variant, and which options the shop allows. */
#include "config.h"

#include <string.h>

#include "aardig/error.h"
#include "words/words-private.h"

#define OPTIONS_MAX 3

/* Remedies that make sense for a type, the usual one first; what else follows from the mail. */
static const struct {
	const char *type;
	const char *remedies[OPTIONS_MAX + 2];
	gboolean waiting, no;
} cases[] = {
	{ "delivery-late", { "refund", "discount" }, TRUE, TRUE },
	{ "delivery-lost", { "replace", "refund" }, TRUE, FALSE },
	{ "delivered-elsewhere", { "replace", "refund" }, TRUE, TRUE },
	{ "damaged", { "replace", "refund", "partial", "repair" }, TRUE, TRUE },
	{ "defective", { "repair", "replace", "refund" }, TRUE, TRUE },
	{ "wrong-item", { "replace", "refund", "partial" }, TRUE, FALSE },
	{ "missing-item", { "replace", "partial", "refund" }, TRUE, TRUE },
	{ "not-as-described", { "refund", "partial", "replace" }, FALSE, TRUE },
	{ "return-refund", { "refund", "replace", "discount" }, TRUE, TRUE },
	{ "billing", { "refund", "discount" }, FALSE, TRUE },
	{ "cancellation", { "refund", "discount" }, FALSE, TRUE },
	{ "service", { "discount" }, FALSE, FALSE },
};

/* 0 .. n-1, or n for a type without remedies (questions, praise, privacy). */
static gsize
find_case(const char *type)
{
	gsize i = 0;

	while (i < G_N_ELEMENTS(cases) && g_strcmp0(cases[i].type, type) != 0)
		i++;
	return i;
}

static gboolean
is_allowed(const Shop *shop, const char *remedy)
{
	return shop->remedies != NULL &&
	       g_strv_contains((const char *const *) shop->remedies, remedy);
}

/* Remedies this shop allows that make sense for the type and this reply; what the customer asked
 * for first. */
static void
reply_remedies(const WordsContext *ctx, const char *variant, GPtrArray *remedies)
{
	gsize i = find_case(context_type(ctx));
	const char *asked = ctx->reading->facts.remedy, *refused = NULL;

	/* A "no" does not offer what it has just refused: the wish, or the money it is mostly about. */
	if (strcmp(variant, "no") == 0) {
		refused = asked != NULL ? asked : "refund";
		asked = NULL;
	}
	if (i < G_N_ELEMENTS(cases)) {
		if (asked != NULL && is_allowed(ctx->shop, asked))
			g_ptr_array_add(remedies, (char *) asked);
		for (gsize r = 0; cases[i].remedies[r] != NULL && remedies->len < OPTIONS_MAX; r++)
			if (is_allowed(ctx->shop, cases[i].remedies[r]) &&
			    g_strcmp0(cases[i].remedies[r], asked) != 0 &&
			    g_strcmp0(cases[i].remedies[r], refused) != 0)
				g_ptr_array_add(remedies, (char *) cases[i].remedies[r]);
	}
	/* One thing to choose from is no choice. */
	if (remedies->len == 0)
		g_ptr_array_add(remedies, (char *) "custom");
	if (remedies->len == 1)
		g_ptr_array_add(remedies, (char *) "other");
}

static gboolean
tone_is(const WordsContext *ctx, const char *tone)
{
	return strcmp(ctx->reading->tone, tone) == 0;
}

static const char *
best_variant(const WordsContext *ctx)
{
	const char *type = context_type(ctx);
	const char *asked = ctx->reading->facts.remedy;

	if (ctx->plan->kind == ACK_PRAISE)
		return "closing";
	if (tone_is(ctx, "abusive"))
		return ctx->history != NULL && g_strcmp0(ctx->history->worst_tone, "abusive") == 0
		           ? "boundary-firm" : "boundary-friendly";
	/* Only where a bill is being collected: who was charged twice owes nothing. */
	if (g_strcmp0(type, "billing") == 0 && reading_has_flag(ctx->reading, "collection"))
		return "invoice";
	if (asked != NULL && find_case(type) < G_N_ELEMENTS(cases) && !is_allowed(ctx->shop, asked))
		return "expectation";
	return "options";
}

void
words_reply_variants(const WordsContext *ctx, const char **best_out, const char *others_out[8])
{
	gsize i = find_case(context_type(ctx));
	gboolean known = i < G_N_ELEMENTS(cases);
	gboolean hot = tone_is(ctx, "angry") || tone_is(ctx, "abusive") || tone_is(ctx, "threatening");
	const Facts *facts = &ctx->reading->facts;
	const struct { const char *name; gboolean fits; } offers[] = {
		{ "options", TRUE },
		{ "invoice", known && strcmp(cases[i].type, "billing") == 0 },
		{ "waiting", known && cases[i].waiting },
		{ "expectation", known && (facts->amount != NULL || facts->remedy != NULL) },
		{ "no", known && cases[i].no },
		{ "boundary-friendly", hot },
		{ "boundary-firm", hot },
		{ "closing", TRUE },
	};
	gsize n = 0;

	*best_out = best_variant(ctx);
	for (gsize o = 0; o < G_N_ELEMENTS(offers); o++)
		if (offers[o].fits && strcmp(offers[o].name, *best_out) != 0)
			others_out[n++] = offers[o].name;
	others_out[n] = NULL;
}

const char *const *
words_reply_names(void)
{
	return selectors[SELECT_VARIANT].values;
}

char *
words_reply(const Words *words, const WordsContext *ctx, const char *variant, GError **error)
{
	const TemplateSet *set = words_set(words, ctx->shop, ctx->reading->language);
	const Facts *facts = &ctx->reading->facts;
	g_autoptr(GPtrArray) remedies = g_ptr_array_new();
	g_auto(Values) values = { 0 };

	if (variant != NULL && !g_strv_contains(words_reply_names(), variant)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "there is no reply '%s'", variant);
		return NULL;
	}
	values_from_context(&values, ctx, template_set_variant(set));
	values.select[SELECT_VARIANT] = variant != NULL ? variant : best_variant(ctx);
	values_set(&values, VAR_DISCOUNT, ctx->shop->policy_discount);
	values_set(&values, VAR_AMOUNT, facts->amount);
	values_set(&values, VAR_TRACKING, facts->tracking);
	values_set(&values, VAR_REMEDY, facts->remedy);
	reply_remedies(ctx, values.select[SELECT_VARIANT], remedies);
	for (guint i = 0; i < remedies->len; i++)
		values_add(&values, VAR_REMEDIES, remedies->pdata[i]);
	return template_render(set, "reply", &values, TRUE, error);
}
