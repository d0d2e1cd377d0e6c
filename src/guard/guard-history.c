/* guard-history.c - rows about the mail as a whole and about the past: unreadable, too-old,
 * duplicate, thread, budget. A ledger that cannot be asked means "not now", never "yes". */
#include "config.h"

#include <string.h>

#include "guard/guard-private.h"

#define AGE_DEFAULT (3 * 24 * 3600)
#define DAY (24 * 3600)

GuardVerdict
check_unreadable(const GuardCase *c, Finding *finding)
{
	const char *defect = message_defect(c->message);

	if (defect == NULL)
		return GUARD_PASS;
	return hold_quoted(finding, "it could not be read in full", defect);
}

GuardVerdict
check_too_old(const GuardCase *c, Finding *finding)
{
	gint64 max_age = c->account != NULL ? c->account->max_age : 0;
	gint64 received = message_received(c->message), known = c->ctx->envelope.arrived;

	/* The older of the two: a mailbox that was moved has new file times, and old
	 * Received fields. The Date field is whatever the sender's clock said. */
	if (received > 0 && (known == 0 || received < known))
		known = received;
	if (max_age <= 0)
		max_age = AGE_DEFAULT;
	if (c->ctx->now == 0 || known == 0 || c->ctx->now - known <= max_age)
		return GUARD_PASS;
	return hold(finding, "it arrived %" G_GINT64_FORMAT " days ago; older than max_age",
	            (c->ctx->now - known) / DAY);
}

/* ---- the ledger ---- */

static GuardVerdict
unsure(Finding *finding, const GError *error)
{
	hold_quoted(finding, "the ledger could not be asked",
	            error != NULL ? error->message : "no reason given");
	return GUARD_UNSURE;
}

GuardVerdict
check_duplicate(const GuardCase *c, Finding *finding)
{
	const GuardHistory *history = c->ctx->history;
	g_autoptr(GError) error = NULL;
	gboolean same_id = FALSE;

	if (history == NULL || history->duplicate == NULL)
		return GUARD_PASS;
	GuardVerdict verdict = history->duplicate(history->data, c->message, &same_id, &error);
	if (verdict == GUARD_UNSURE)
		return unsure(finding, error);
	if (verdict != GUARD_HOLD)
		return GUARD_PASS;
	if (!same_id)
		return hold(finding, "this mail has been handled already");
	/* Forms and scanners reuse ids, so a human looks at it. */
	finding->human = HUMAN_DRAFT;
	return hold(finding, "its Message-ID is known, but the content is another");
}

GuardVerdict
check_thread(const GuardCase *c, Finding *finding)
{
	const GuardHistory *history = c->ctx->history;
	g_autoptr(GError) error = NULL;

	if (history == NULL || history->thread == NULL || c->correspondent == NULL)
		return GUARD_PASS;
	GuardVerdict verdict = history->thread(history->data, c->message, c->correspondent, &error);
	if (verdict == GUARD_UNSURE)
		return unsure(finding, error);
	if (verdict != GUARD_HOLD)
		return GUARD_PASS;
	return hold(finding, "this conversation was acknowledged already");
}

GuardVerdict
check_budget(const GuardCase *c, Finding *finding)
{
	static const struct {
		const char *which, *reason;
	} limits[] = {
		{ "address", "this address got as many answers as the policy allows" },
		{ "domain", "this sender's domain got as many answers as the policy allows" },
		{ "total", "as many answers went out in the last hour as the policy allows" },
		{ "form", "this contact form caused as many answers as its limit allows" },
	};
	const GuardHistory *history = c->ctx->history;
	g_autoptr(GError) error = NULL;
	const char *which = NULL;

	if (history == NULL || history->budget == NULL || c->recipient == NULL)
		return GUARD_PASS;
	GuardVerdict verdict = history->budget(history->data, c->recipient, &which, &error);
	if (verdict == GUARD_UNSURE)
		return unsure(finding, error);
	if (verdict != GUARD_HOLD)
		return GUARD_PASS;
	for (gsize i = 0; i < G_N_ELEMENTS(limits); i++)
		if (g_strcmp0(which, limits[i].which) == 0)
			return hold(finding, "%s", limits[i].reason);
	return hold(finding, "a limit of the policy is reached");
}
