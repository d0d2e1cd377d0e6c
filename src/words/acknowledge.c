/* acknowledge.c - the first answer to a customer: which wording, and which one question. */
#include "config.h"

#include <string.h>

#include "aardig/error.h"
#include "words/words-private.h"

#define BODY_MAX 20000

/* What a human needs to go on, by type; a question is asked only where the answer is missing. */
static const struct {
	const char *type;
	gboolean order, photo, solution;
} needs[] = {
	{ "delivery-late", TRUE, FALSE, TRUE },
	{ "delivery-lost", TRUE, FALSE, TRUE },
	{ "delivered-elsewhere", TRUE, FALSE, TRUE },
	{ "damaged", TRUE, TRUE, TRUE },
	{ "defective", TRUE, TRUE, TRUE },
	{ "wrong-item", TRUE, TRUE, TRUE },
	{ "missing-item", TRUE, FALSE, TRUE },
	{ "not-as-described", TRUE, TRUE, TRUE },
	{ "return-refund", TRUE, FALSE, TRUE },
	{ "billing", TRUE, FALSE, FALSE },
	{ "cancellation", TRUE, FALSE, FALSE },
	{ "order-question", TRUE, FALSE, FALSE },
	{ "service", FALSE, FALSE, TRUE },
};

/* Per kind of wording: which of the questions may be asked. None to someone in mourning, who
 * praises, or who wants their data. */
static const struct {
	gboolean order, more;
} asking[] = {
	[ACK_NORMAL] = { TRUE, TRUE },     [ACK_GENERAL] = { TRUE, FALSE },
	[ACK_PRAISE] = { FALSE, FALSE },   [ACK_QUESTION] = { TRUE, FALSE },
	[ACK_PRIVACY] = { FALSE, FALSE },  [ACK_LEGAL] = { TRUE, FALSE },
	[ACK_THREAT] = { TRUE, TRUE },     [ACK_ABUSE] = { TRUE, TRUE },
	[ACK_BEREAVEMENT] = { FALSE, FALSE }, [ACK_SAFETY] = { TRUE, FALSE },
};

static const char *
choose_question(const WordsContext *ctx)
{
	const Facts *facts = &ctx->reading->facts;
	AckKind kind = ctx->plan->kind;
	const char *type = context_type(ctx);
	gsize i = 0;

	while (i < G_N_ELEMENTS(needs) && g_strcmp0(needs[i].type, type) != 0)
		i++;
	gboolean known = i < G_N_ELEMENTS(needs);
	gboolean wants_order = known ? needs[i].order : type == NULL || kind == ACK_SAFETY;

	if (wants_order && asking[kind].order && facts->order_number == NULL)
		return "order-number";
	if (!known || !asking[kind].more || !ctx->reading->complaint)
		return NULL;
	if (needs[i].photo && !facts->photo)
		return "photo";
	return needs[i].solution && facts->remedy == NULL ? "solution" : NULL;
}

static char *
render_subject(const TemplateSet *set, const WordsContext *ctx, Values *values, GError **error)
{
	if (ctx->shop->subject == NULL)
		return template_render(set, "subject", values, FALSE, error);

	char *subject = template_render_line(ctx->shop->subject, FOR_ACK, values, error);
	if (subject == NULL)
		g_prefix_error(error, "subject of shop '%s': ", ctx->shop->name);
	return subject;
}

gboolean
words_acknowledgement(const Words *words, const WordsContext *ctx, char **subject_out,
                      char **body_out, GError **error)
{
	const TemplateSet *set = words_set(words, ctx->shop, ctx->reading->language);
	g_auto(Values) values = { 0 };
	const char *ask = choose_question(ctx);

	values_from_context(&values, ctx, template_set_variant(set));
	values_set(&values, VAR_ASK, ask);

	g_autofree char *subject = render_subject(set, ctx, &values, error);
	if (subject == NULL || !words_check_sendable(subject, error))
		return FALSE;
	g_autofree char *body = template_render(set, "ack", &values, TRUE, error);
	if (body == NULL || !words_check_sendable(body, error))
		return FALSE;
	if (strlen(body) > BODY_MAX) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
		            "the acknowledgement is longer than %d bytes", BODY_MAX);
		return FALSE;
	}
	*subject_out = g_steal_pointer(&subject);
	*body_out = g_steal_pointer(&body);
	return TRUE;
}
