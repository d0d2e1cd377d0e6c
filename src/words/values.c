/* values.c - a context as the values that templates speak of.
 *
 * Here is the one gate between a customer's mail and an automatic answer: of the facts only a safe
 * order number and a safe first name pass. */
#include "config.h"

#include "words/format.h"
#include "words/words-private.h"

const char *
context_type(const WordsContext *ctx)
{
	return reading_is_unsure(ctx->reading, "type") ? NULL : ctx->reading->type;
}

static const char *
context_tone(const WordsContext *ctx)
{
	return reading_is_unsure(ctx->reading, "tone") ? "neutral" : ctx->reading->tone;
}

static void
set_facts(Values *values, const Facts *facts)
{
	if (facts->order_number != NULL && facts_order_number_is_safe(facts->order_number))
		values_set(values, VAR_ORDER_NUMBER, facts->order_number);
	if (facts->first_name != NULL && facts_first_name_is_safe(facts->first_name))
		values_set(values, VAR_FIRST_NAME, facts->first_name);
}

void
values_from_context(Values *values, const WordsContext *ctx, const char *variant)
{
	const Shop *shop = ctx->shop;
	g_autofree char *ticket = g_strdup_printf("T%u", ctx->ticket);
	g_autofree char *received = format_day(variant, ctx->now, shop->timezone);

	values_set(values, VAR_SHOP, shop->name);
	values_set(values, VAR_SIGNATURE, shop->signature != NULL ? shop->signature : shop->name);
	values_set(values, VAR_TICKET, ticket);
	values_set(values, VAR_RECEIVED, received);
	if (ctx->plan->answer_by != 0) {
		g_autofree char *deadline = format_deadline(variant, ctx->plan->answer_by, shop->timezone);

		values_set(values, VAR_DEADLINE, deadline);
	}
	set_facts(values, &ctx->reading->facts);
	/* Only that there is a date, so that nobody is asked for it again. */
	if (ctx->reading->facts.deadline != NULL || ctx->reading->urgent)
		values_set(values, VAR_NEEDED_BY, "yes");

	values->select[SELECT_KIND] = ack_kind_name(ctx->plan->kind);
	values->select[SELECT_TYPE] = context_type(ctx);
	values->select[SELECT_TONE] = context_tone(ctx);
	values->select[SELECT_LANGUAGE] = ctx->reading->language;
	values->select[SELECT_AGAIN] = ctx->again ? "yes" : NULL;
}
