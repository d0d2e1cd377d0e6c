/* guard-spam.c - marks of the common spam filters. An answer to spam is backscatter: its
 * sender is forged, or glad to learn that somebody reads. Only the word that says "spam"
 * counts, at its place. */
#include "config.h"

#include <string.h>

#include "guard/guard-private.h"

#define SAME_FIELD_MAX 20

typedef enum {
	FIRST_TOKEN,   /* the first token is it */
	WHOLE_VALUE,   /* the value is it */
	AMONG_TOKENS,  /* one of the tokens between blanks, commas and semicolons is it */
	NUMBER_LEAST,  /* the value is a number, at least this */
} SpamRule;

static const struct {
	const char *name;
	SpamRule rule;
	const char *value; /* lower case */
} marks[] = {
	{ "X-Spam-Flag", FIRST_TOKEN, "yes" },              /* SpamAssassin, Proton, many */
	{ "X-Spam-Flag", FIRST_TOKEN, "true" },
	{ "X-Spam-Status", FIRST_TOKEN, "yes" },
	{ "X-Spam", FIRST_TOKEN, "yes" },                   /* Rspamd with Exim or Stalwart */
	{ "X-Spam", FIRST_TOKEN, "spam" },
	{ "X-Rspamd-Action", WHOLE_VALUE, "reject" },
	{ "X-Rspamd-Action", WHOLE_VALUE, "add header" },
	{ "X-Rspamd-Action", WHOLE_VALUE, "rewrite subject" },
	{ "X-Bogosity", FIRST_TOKEN, "spam" },              /* bogofilter; "Yes" before version 1 */
	{ "X-Bogosity", FIRST_TOKEN, "yes" },
	{ "X-DSPAM-Result", FIRST_TOKEN, "spam" },
	{ "X-CRM114-Status", FIRST_TOKEN, "spam" },
	{ "X-SpamProbe", FIRST_TOKEN, "spam" },
	{ "X-Barracuda-Spam-Flag", FIRST_TOKEN, "yes" },
	{ "X-Barracuda-Spam-Status", FIRST_TOKEN, "yes" },
	{ "X-SpamExperts-Class", FIRST_TOKEN, "spam" },     /* SpamExperts, at many Dutch hosters */
	{ "X-SpamExperts-Outgoing-Class", FIRST_TOKEN, "spam" },
	{ "X-Proofpoint-Spam-Details", AMONG_TOKENS, "rule=spam" },
	{ "X-Proofpoint-Spam-Details", FIRST_TOKEN, "rule=spam" },
	{ "X-VR-SPAMSTATE", FIRST_TOKEN, "spam" },          /* OVH */
	{ "X-Forefront-Antispam-Report", AMONG_TOKENS, "sfv:spm" }, /* Microsoft 365 */
	{ "X-MS-Exchange-Organization-SCL", NUMBER_LEAST, "5" },
	{ "X-Virus-Status", FIRST_TOKEN, "infected" },      /* ClamAV */
};

static gboolean
number_at_least(const char *value, const char *least)
{
	char *end;
	gint64 number = g_ascii_strtoll(value, &end, 10);

	return end != value && number >= g_ascii_strtoll(least, NULL, 10);
}

static gboolean
says(const char *value, SpamRule rule, const char *wanted)
{
	g_autofree char *first = field_token(value);

	if (rule == FIRST_TOKEN)
		return strcmp(first, wanted) == 0;
	if (rule == NUMBER_LEAST)
		return number_at_least(first, wanted);

	g_autofree char *lower = g_ascii_strdown(value, -1);
	if (rule == WHOLE_VALUE) {
		g_strdelimit(g_strstrip(lower), "_\t", ' ');
		return strcmp(lower, wanted) == 0;
	}
	g_auto(GStrv) tokens = g_strsplit_set(lower, " \t,;", 200);
	return g_strv_contains((const char *const *) tokens, wanted);
}

GuardVerdict
check_spam(const GuardCase *c, Finding *finding)
{
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
		for (guint n = 0; n < SAME_FIELD_MAX; n++) {
			const char *value = message_header(c->message, marks[i].name, n);

			if (value == NULL)
				break;
			if (says(value, marks[i].rule, marks[i].value))
				return hold_field(finding, marks[i].name, value);
		}
	}
	return GUARD_PASS;
}
