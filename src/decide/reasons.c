/* reasons.c - the closed list of reasons a plan gives, as sentences for the team.
 *
 * %s stands for the detail after the code. A code that is not in the table is shown as it is. */
#include "config.h"

#include <string.h>

#include "aardig/decide.h"

static const struct {
	const char *code, *en, *nl;
} reasons[] = {
	{ "answer", "an acknowledgement is due (wording: %s)",
	  "er gaat een ontvangstbevestiging uit (soort: %s)" },
	{ "held", "no automatic answer: guard %s", "geen automatisch antwoord: bewaking %s" },
	{ "silent-language", "no automatic answer in this language (%s)",
	  "geen automatisch antwoord in deze taal (%s)" },
	{ "silent-other", "not a customer's mail, so no automatic answer",
	  "geen klantmail, dus geen automatisch antwoord" },
	{ "silent-route", "the route says not to acknowledge",
	  "de route zegt: niet bevestigen" },
	{ "hot-tone", "high priority: the tone is %s", "hoge prioriteit: de toon is %s" },
	{ "hot-worse", "high priority: the tone has worsened (it was %s)",
	  "hoge prioriteit: de toon is verslechterd (was %s)" },
	{ "hot-reminder", "high priority: mail number %s in this conversation",
	  "hoge prioriteit: mail nummer %s in dit gesprek" },
	{ "hot-flag", "high priority: %s", "hoge prioriteit: %s" },
	{ "urgent", "high priority: the customer gives a reason why time matters",
	  "hoge prioriteit: de klant noemt een reden waarom het haast heeft" },
	{ "unsure", "not sure of the %s: please look yourself",
	  "niet zeker van: %s (kijk zelf even)" },
};

char *
decide_reason_text(const char *reason, const char *language)
{
	gboolean dutch = g_strcmp0(language, "nl") == 0;
	gsize length = strcspn(reason, " ");
	const char *detail = reason[length] == ' ' ? reason + length + 1 : "";

	for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++) {
		if (strlen(reasons[i].code) != length || strncmp(reasons[i].code, reason, length) != 0)
			continue;
		const char *text = dutch ? reasons[i].nl : reasons[i].en;
		const char *place = strstr(text, "%s");
		if (place == NULL)
			return g_strdup(text);
		return g_strdup_printf("%.*s%s%s", (int) (place - text), text, detail, place + 2);
	}
	return g_strdup(reason);
}
