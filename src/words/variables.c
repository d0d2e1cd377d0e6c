/* variables.c - everything a template can name: one row per variable, one per way to choose. */
#include "config.h"

#include <string.h>

#include "words/template.h"

#define VALUE_MAX 2000
#define LIST_MAX 50

#define ANY (FOR_ACK | FOR_REPLY | FOR_TICKET)
#define MAIL (FOR_REPLY | FOR_TICKET)
#define MAYBE (ANY | FOR_OPERATOR)

const Variable variables[N_VARIABLES] = {
	[VAR_SHOP] = { "shop", ANY | FOR_OPERATOR, .selects = SELECT_NONE },
	[VAR_SIGNATURE] = { "signature", ANY, .selects = SELECT_NONE },
	[VAR_TICKET] = { "ticket", ANY | FOR_OPERATOR, FOR_OPERATOR, .selects = SELECT_NONE },
	[VAR_ORDER_NUMBER] = { "order_number", ANY, MAYBE, .selects = SELECT_NONE },
	[VAR_FIRST_NAME] = { "first_name", ANY, MAYBE, .selects = SELECT_NONE },
	[VAR_DEADLINE] = { "deadline", ANY, MAYBE, .selects = SELECT_NONE },
	[VAR_RECEIVED] = { "received", ANY, .selects = SELECT_NONE },
	[VAR_ASK] = { "ask", ANY, MAYBE, .selects = SELECT_ASK },
	[VAR_NEEDED_BY] = { "needed_by", ANY, MAYBE, .selects = SELECT_NONE },

	[VAR_DISCOUNT] = { "discount", MAIL, MAYBE, .selects = SELECT_NONE },
	[VAR_AMOUNT] = { "amount", MAIL, MAYBE, .selects = SELECT_NONE },
	[VAR_TRACKING] = { "tracking", MAIL, MAYBE, .selects = SELECT_NONE },
	[VAR_REMEDIES] = { "remedies", MAIL, MAYBE, TRUE, SELECT_REMEDY },
	[VAR_REMEDY] = { "remedy", MAIL, MAYBE, FALSE, SELECT_REMEDY },

	[VAR_CUSTOMER] = { "customer", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_CUSTOMER_NAME] = { "customer_name", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_SUBJECT] = { "subject", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_TYPE] = { "type", FOR_TICKET, .selects = SELECT_TYPE },
	[VAR_TONE] = { "tone", FOR_TICKET, .selects = SELECT_TONE },
	[VAR_LANGUAGE] = { "language", FOR_TICKET, .selects = SELECT_LANGUAGE },
	[VAR_TYPES_ALSO] = { "types_also", FOR_TICKET, MAYBE, TRUE, SELECT_TYPE },
	[VAR_REASONS] = { "reasons", FOR_TICKET, MAYBE, TRUE, SELECT_NONE },
	[VAR_EVIDENCE] = { "evidence", FOR_TICKET, MAYBE, TRUE, SELECT_NONE },
	[VAR_GUARD] = { "guard", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_GUARD_REASON] = { "guard_reason", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_ANSWERED] = { "answered", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_HELD] = { "held", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_HOT] = { "hot", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_PHOTO] = { "photo", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_CUSTOMER_DEADLINE] = { "customer_deadline", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_THREAD_MAILS] = { "thread_mails", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_CUSTOMER_MAILS] = { "customer_mails", FOR_TICKET, MAYBE, .selects = SELECT_NONE },
	[VAR_WORST_TONE] = { "worst_tone", FOR_TICKET, MAYBE, FALSE, SELECT_TONE },
	[VAR_UNSURE] = { "unsure", FOR_TICKET, MAYBE, TRUE, SELECT_FIELD },
	[VAR_FLAGS] = { "flags", FOR_TICKET, MAYBE, TRUE, SELECT_FLAG },
	[VAR_BEST] = { "best", FOR_TICKET, MAYBE, FALSE, SELECT_VARIANT },
	[VAR_OTHERS] = { "others", FOR_TICKET, MAYBE, TRUE, SELECT_VARIANT },
	[VAR_GOODWILL] = { "goodwill", FOR_TICKET, MAYBE, .selects = SELECT_NONE },

	[VAR_ACCOUNT] = { "account", FOR_TICKET | FOR_OPERATOR, MAYBE, .selects = SELECT_NONE },
	[VAR_SINCE] = { "since", FOR_OPERATOR, MAYBE, .selects = SELECT_NONE },
	[VAR_DETAIL] = { "detail", FOR_OPERATOR, MAYBE, .selects = SELECT_NONE },
	[VAR_REF] = { "ref", FOR_OPERATOR, MAYBE, .selects = SELECT_NONE },
	[VAR_WHY] = { "why", FOR_OPERATOR, MAYBE, .selects = SELECT_NONE },
	[VAR_LIMIT] = { "limit", FOR_OPERATOR, MAYBE, .selects = SELECT_NONE },
	[VAR_HOST] = { "host", FOR_OPERATOR, MAYBE, .selects = SELECT_NONE },
	[VAR_TIME] = { "time", FOR_OPERATOR, MAYBE, .selects = SELECT_NONE },
	[VAR_NEWEST] = { "newest", FOR_OPERATOR, MAYBE, .selects = SELECT_NONE },
};

static const char *const tones[] = { "friendly", "neutral", "disappointed", "frustrated", "angry",
	                             "abusive", "threatening", NULL };
static const char *const types[] = {
	"delivery-late", "delivery-lost", "delivered-elsewhere", "damaged", "defective", "wrong-item",
	"missing-item", "not-as-described", "return-refund", "billing", "cancellation", "service",
	"website", "privacy", "pre-sales", "order-question", "praise", "other", NULL,
};
static const char *const languages[] = { "nl", "en", "de", "fr", "other", NULL };
static const char *const fields[] = { "type", "tone", "language", NULL };
static const char *const remedies[] = { "repair", "replace", "refund", "partial", "discount", "other",
	                                "custom", NULL };
static const char *const asks[] = { "order-number", "photo", "solution", NULL };
/* Those of the rule packs' flags that the team is told of. */
static const char *const flags[] = { "reminder", "giving-up", "churn", "loyal", "call-me", "third-party",
	                             "own-mistake", "review-threat", "legal-threat", "authority",
	                             "collection", "chargeback", "police", "violence", "bereavement",
	                             "illness", "safety", "gdpr-request", NULL };
static const char *const yes[] = { "yes", NULL };
static const char *const variants[] = { "options", "no", "expectation", "boundary-friendly",
	                                "boundary-firm", "invoice", "waiting", "closing", NULL };
static const char *const kinds[] = { "normal", "general", "praise", "question", "privacy", "legal",
	                             "threat", "abuse", "bereavement", "safety", NULL };

/* Types and tones are data of the rule packs, so a shop may have more than these. */
const SelectorInfo selectors[N_SELECTORS] = {
	[SELECT_TONE] = { "tone", tones, FALSE },
	[SELECT_TYPE] = { "type", types, FALSE },
	[SELECT_LANGUAGE] = { "language", languages, FALSE },
	[SELECT_FIELD] = { "field", fields, TRUE },
	[SELECT_FLAG] = { "flag", flags, TRUE },
	[SELECT_REMEDY] = { "remedy", remedies, TRUE },
	[SELECT_ASK] = { "ask", asks, TRUE },
	[SELECT_AGAIN] = { "again", yes, TRUE, TRUE },
	[SELECT_VARIANT] = { "variant", variants, TRUE },
	[SELECT_KIND] = { "kind", kinds, TRUE },
};

VariableId
variable_find(const char *name)
{
	VariableId id = 0;

	while (id < N_VARIABLES && strcmp(variables[id].name, name) != 0)
		id++;
	return id;
}

/* Of one use, NULL-terminated; static, for "did you mean". */
const char *const *
variable_names(guint use)
{
	static const char *names[N_VARIABLES + 1];
	gsize n = 0;

	for (gsize i = 0; i < N_VARIABLES; i++)
		if (variables[i].uses & use)
			names[n++] = variables[i].name;
	names[n] = NULL;
	return names;
}

/* Controls, line ends and the invisible characters that turn text round would be structure. */
static gboolean
is_layout(gunichar c)
{
	return g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x2069);
}

static char *
clean(const char *text)
{
	gsize length = strnlen(text, VALUE_MAX);
	g_autofree char *valid = g_utf8_make_valid(text, length);
	GString *out = g_string_sized_new(length);

	for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		gboolean blank = is_layout(c) || c == ' ';

		if (!blank)
			g_string_append_unichar(out, c);
		else if (out->len > 0 && out->str[out->len - 1] != ' ')
			g_string_append_c(out, ' ');
	}
	if (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

void
values_set(Values *values, VariableId id, const char *text)
{
	g_clear_pointer(&values->text[id], g_free);
	if (text == NULL)
		return;
	g_autofree char *cleaned = clean(text);
	if (*cleaned != '\0')
		values->text[id] = g_steal_pointer(&cleaned);
}

void
values_add(Values *values, VariableId id, const char *item)
{
	g_autofree char *cleaned = clean(item);

	if (values->list[id] == NULL)
		values->list[id] = g_ptr_array_new_with_free_func(g_free);
	if (*cleaned != '\0' && values->list[id]->len < LIST_MAX)
		g_ptr_array_add(values->list[id], g_steal_pointer(&cleaned));
}

void
values_clear(Values *values)
{
	for (gsize i = 0; i < N_VARIABLES; i++) {
		g_clear_pointer(&values->text[i], g_free);
		g_clear_pointer(&values->list[i], g_ptr_array_unref);
	}
}
