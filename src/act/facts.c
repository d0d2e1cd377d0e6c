/* facts.c - what actions are told about a mail: budgets, keywords, a command's environment. */
#include "config.h"

#include <string.h>

#include "act/act-private.h"

void
act_ack_limits(const Acting *acting, AckLimits *limits, char **recipient_out, char **domain_out)
{
	const Address *to = reply_permit_recipient(acting->plan->permit);
	const Budget *budget = &acting->account->budget;
	g_autofree char *text = address_text(to);

	*recipient_out = g_utf8_strdown(text, -1);
	*domain_out = guard_is_mail_provider(acting->settings, to->domain)
	                  ? NULL : address_org_domain(to->domain);
	*limits = (AckLimits) {
		.recipient = *recipient_out,
		.domain = *domain_out,
		.address_day = budget->address_day,
		.address_week = budget->address_week,
		.domain_day = budget->domain_day,
		.total_hour = budget->total_hour,
		.once_per_thread = g_strcmp0(acting->account->shop->thread_policy, "vary") != 0,
		.now = acting->now,
	};
	if (acting->guard->form != NULL) {
		/* One answer a day per customer, and an hourly limit per form (GUARD, contact
		 * forms). */
		limits->address_day = 1;
		limits->form = acting->guard->form->address;
		limits->form_hour = acting->guard->form->hour_limit;
	}
}

void
act_keywords(const Acting *acting, const ActResult *result, const char *keywords[8])
{
	gsize n = 0;

	if (result->acknowledged)
		keywords[n++] = "$AardigAnswered";
	if (!acting->guard->allowed || result->ack_held != NULL)
		keywords[n++] = "$AardigHeld";
	if (acting->plan->hot)
		keywords[n++] = "$AardigHot";
	if (acting->plan->needs_human && reading_is_unsure(acting->reading, NULL))
		keywords[n++] = "$AardigUnsure";
	if (result->unrouted || result->unknown || result->ack_given_up)
		keywords[n++] = "$AardigError";
	if (acting->plan->needs_human && acting->plan->route->keyword != NULL)
		keywords[n++] = acting->plan->route->keyword;
	keywords[n++] = "$AardigDone";
	keywords[n] = NULL;
}

char **
act_command_environment(const Acting *acting)
{
	const Reading *reading = acting->reading;
	const Plan *plan = acting->plan;
	g_autofree char *ticket = g_strdup_printf("%u", acting->entry->ticket);
	g_autofree char *customer = acting->guard->correspondent != NULL
	                                ? address_text(acting->guard->correspondent) : g_strdup("");
	const struct { const char *name, *value; } facts[] = {
		{ "AARDIG_ACCOUNT", acting->account->name },
		{ "AARDIG_REF", acting->mail->ref },
		{ "AARDIG_TICKET", ticket },
		{ "AARDIG_CUSTOMER", customer },
		{ "AARDIG_LANGUAGE", reading->language },
		{ "AARDIG_TYPE", reading->type },
		{ "AARDIG_TONE", reading->tone },
		{ "AARDIG_COMPLAINT", reading->complaint ? "yes" : "no" },
		{ "AARDIG_URGENT", reading->urgent ? "yes" : "no" },
		{ "AARDIG_UNSURE", reading_is_unsure(reading, NULL) ? "yes" : "no" },
		{ "AARDIG_PRIORITY", plan->priority == PRIORITY_HIGH ? "high" : "normal" },
		{ "AARDIG_GUARD", acting->guard->guard },
		{ "AARDIG_TEAM", plan->route->team },
		{ "AARDIG_ORDER_NUMBER", reading->facts.order_number },
	};
	char **environment = g_get_environ();

	for (gsize i = 0; i < G_N_ELEMENTS(facts); i++)
		environment = g_environ_setenv(environment, facts[i].name,
		                               facts[i].value != NULL ? facts[i].value : "", TRUE);
	return environment;
}
