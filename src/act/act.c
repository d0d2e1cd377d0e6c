/* act.c - carries a plan out: a row per action, each claimed in the ledger, performed, written
 * down.
 *
 * The order matters: the customer first, then the human, and only when nothing waits any more the
 * mail itself is marked and moved, because a retry reads it again from where it lies. */
#include "config.h"

#include <string.h>

#include "act/act-private.h"
#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/fault.h"
#include "aardig/log.h"

#define DETAIL_MAX 300
#define BUSY_RETRY 60
#define HOLD_RETRY 300

typedef struct {
	const char *kind;
	/* What it acts on, NULL if the plan does not want it, "" if there is only one of it. */
	const char *(*target)(const Acting *acting);
	/* look_up: it was begun before; find it by claim->our_id first. */
	gboolean (*perform)(const Acting *acting, const Claim *claim, gboolean look_up,
	                    char **detail_out, GError **error);
	gboolean reaches_human;
} Action;

/* ---- the acknowledgement ---- */

static const char *
ack_target(const Acting *acting)
{
	return acting->plan->acknowledge && acting->account->mode == MODE_SEND ? "" : NULL;
}

static gboolean
ack_before_commit(void *data, GError **error)
{
	const Acting *acting = data;

	fault_point("act.ack.before-commit");
	return acting->ledger == NULL ||
	       ledger_commit_begin(acting->ledger, acting->entry->id, "ack", "", error);
}

static gboolean
ack_perform(const Acting *acting, const Claim *claim, gboolean look_up, char **detail_out,
            GError **error)
{
	g_autofree char *to = address_text(reply_permit_recipient(acting->plan->permit));
	g_autoptr(GBytes) mail = compose_acknowledgement(acting, claim->our_id, error);

	return mail != NULL &&
	       acting->effects->send(acting->effects, acting->account->envelope_from, to, mail,
	                             ack_before_commit, (void *) acting, detail_out, error);
}

/* ---- the human ---- */

static const char *
draft_target(const Acting *acting)
{
	return acting->plan->draft && acting->plan->route->draft ? "" : NULL;
}

static gboolean
draft_perform(const Acting *acting, const Claim *claim, gboolean look_up, char **detail_out,
              GError **error)
{
	g_autoptr(GBytes) mail = compose_draft(acting, claim->our_id, FALSE, error);

	return mail != NULL && acting->effects->append(acting->effects, NULL, mail, claim->our_id,
	                                               look_up, error);
}

static const char *
ticket_target(const Acting *acting)
{
	return acting->plan->needs_human ? acting->plan->route->mail_to : NULL;
}

/* A ticket mail that may have been sent is sent again, with the same Message-ID: two tickets are a
 * nuisance, none is a lost customer. */
static gboolean
ticket_perform(const Acting *acting, const Claim *claim, gboolean look_up, char **detail_out,
               GError **error)
{
	g_autoptr(GBytes) mail = compose_ticket(acting, claim->our_id, error);

	return mail != NULL &&
	       acting->effects->send(acting->effects, acting->account->envelope_from,
	                             acting->plan->route->mail_to, mail, NULL, NULL, detail_out, error);
}

static const char *
maildir_target(const Acting *acting)
{
	return acting->plan->needs_human ? acting->plan->route->maildir : NULL;
}

static gboolean
maildir_perform(const Acting *acting, const Claim *claim, gboolean look_up, char **detail_out,
                GError **error)
{
	g_autoptr(GBytes) mail = compose_ticket(acting, claim->our_id, error);

	return mail != NULL &&
	       acting->effects->maildir(acting->effects, acting->plan->route->maildir, mail,
	                                claim->our_id, look_up, error);
}

static const char *
command_target(const Acting *acting)
{
	if (!acting->plan->needs_human || acting->plan->route->command == NULL)
		return NULL;
	return acting->plan->route->command[0];
}

static gboolean
command_perform(const Acting *acting, const Claim *claim, gboolean look_up, char **detail_out,
                GError **error)
{
	g_auto(GStrv) environment = act_command_environment(acting);

	return acting->effects->command(acting->effects, acting->plan->route->command, environment,
	                                acting->mail->raw, error);
}

static const Action actions[] = {
	{ "ack", ack_target, ack_perform, FALSE },
	{ "draft", draft_target, draft_perform, TRUE },
	{ "ticket", ticket_target, ticket_perform, TRUE },
	{ "maildir", maildir_target, maildir_perform, TRUE },
	{ "command", command_target, command_perform, TRUE },
};

/* ---- claim, perform, write down ---- */

static void
wait_until(ActResult *result, gint64 due)
{
	if (result->due == 0 || due < result->due)
		result->due = due;
}

static void
note(ActResult *result, const char *kind, const char *text)
{
	g_free(result->note);
	g_autofree char *quoted = log_quote(text, DETAIL_MAX);
	result->note = g_strdup_printf("%s: %s", kind, quoted);
}

static gboolean
claim_action(const Acting *acting, const Action *action, const char *target, Claim *claim,
             GError **error)
{
	g_autofree char *our_id = outgoing_message_id(acting->account->from);

	if (acting->ledger == NULL) {
		*claim = (Claim) { .status = CLAIM_OURS };
		g_strlcpy(claim->our_id, our_id, sizeof claim->our_id);
		return TRUE;
	}
	if (strcmp(action->kind, "ack") != 0)
		return ledger_claim(acting->ledger, acting->entry->id, action->kind, target, our_id, claim,
		                    error);

	AckLimits limits;
	g_autofree char *recipient = NULL, *domain = NULL;
	act_ack_limits(acting, &limits, &recipient, &domain);
	return ledger_claim_ack(acting->ledger, acting->entry->id, our_id, &limits, claim, error);
}

static void
mark_done(const Action *action, ActResult *result)
{
	if (strcmp(action->kind, "ack") == 0)
		result->acknowledged = TRUE;
	else if (strcmp(action->kind, "draft") == 0)
		result->drafted = TRUE;
	else
		result->ticketed = TRUE;
}

static gboolean
remember_id(const Acting *acting, const Action *action, const Claim *claim, GError **error)
{
	gboolean draft = strcmp(action->kind, "draft") == 0;

	if (acting->entry->thread == 0 || (!draft && strcmp(action->kind, "ack") != 0))
		return TRUE;
	return ledger_thread_add_id(acting->ledger, acting->entry->thread, claim->our_id,
	                            draft ? claim->our_id : NULL, error);
}

static gboolean
record_success(const Acting *acting, const Action *action, const char *target, const Claim *claim,
               const char *detail, ActResult *result, GError **error)
{
	g_autofree char *quoted = detail != NULL ? log_quote(detail, DETAIL_MAX) : NULL;

	fault_point("act.performed");
	mark_done(action, result);
	if (acting->ledger == NULL)
		return TRUE;
	return ledger_action_done(acting->ledger, acting->entry->id, action->kind, target, quoted,
	                          error) &&
	       remember_id(acting, action, claim, error);
}

static void
tell_unknown(const Acting *acting, const char *detail)
{
	g_autofree char *key = g_strdup_printf("unknown-outcome:%s", acting->mail->ref);
	const char *values[] = { "ref", acting->mail->ref, "detail", detail, NULL };

	operator_tell(acting->settings, acting->account, acting->words, acting->ledger, acting->effects,
	              key, "unknown-outcome", values);
}

/* A relay that is away fails every mail: once a day is enough, and the log has the rest. */
static void
tell_given_up(const Acting *acting, const char *detail)
{
	g_autofree char *key = g_strdup_printf("given-up:%s", acting->account->name);
	g_autofree char *ticket = g_strdup_printf("%u", acting->entry->ticket);
	const char *values[] = { "ref", acting->mail->ref, "ticket", ticket, "detail", detail, NULL };

	operator_tell(acting->settings, acting->account, acting->words, acting->ledger, acting->effects,
	              key, "given-up", values);
}

/* 5xx and text that cannot be built will fail again; a refused login or a missing program may be
 * mended within the hours of trying. */
static gboolean
record_failure(const Acting *acting, const Action *action, const char *target, const Claim *claim,
               const GError *trouble, ActResult *result, GError **error)
{
	gboolean given_up = FALSE;
	g_autofree char *detail = log_quote(trouble->message, DETAIL_MAX);

	note(result, action->kind, trouble->message);
	log_warning("act", "acct=%s ref=%s action=%s: %s", acting->account->name, acting->mail->ref,
	            action->kind, detail);
	if (acting->ledger == NULL)
		return TRUE;
	if (g_error_matches(trouble, AARDIG_ERROR, AARDIG_ERROR_UNKNOWN_OUTCOME) &&
	    strcmp(action->kind, "ack") == 0) {
		result->acknowledged = result->unknown = TRUE;
		if (!ledger_action_unknown(acting->ledger, acting->entry->id, action->kind, target, detail,
		                           error))
			return FALSE;
		tell_unknown(acting, detail);
		return TRUE;
	}
	gboolean final = g_error_matches(trouble, AARDIG_ERROR, AARDIG_ERROR_PERMANENT);
	if (!ledger_action_failed(acting->ledger, acting->entry->id, action->kind, target, detail, final,
	                          &given_up, error))
		return FALSE;
	if (given_up) {
		if (strcmp(action->kind, "ack") == 0) {
			result->ack_given_up = TRUE;
			tell_given_up(acting, detail);
		}
		return TRUE;
	}
	/* Ask the ledger when the next try is due: it alone keeps the schedule. */
	Claim next = { 0 };
	if (!claim_action(acting, action, target, &next, error))
		return FALSE;
	wait_until(result, next.status == CLAIM_LATER ? next.due : acting->now + BUSY_RETRY);
	return TRUE;
}

static gboolean
perform(const Acting *acting, const Action *action, const char *target, const Claim *claim,
        ActResult *result, GError **error)
{
	g_autoptr(GError) trouble = NULL;
	g_autofree char *detail = NULL;

	fault_point("act.claimed");
	if (action->perform(acting, claim, claim->status == CLAIM_OPEN, &detail, &trouble))
		return record_success(acting, action, target, claim, detail, result, error);
	if (g_error_matches(trouble, AARDIG_ERROR, AARDIG_ERROR_STOPPED)) {
		g_propagate_error(error, g_steal_pointer(&trouble));
		return FALSE;
	}
	return record_failure(acting, action, target, claim, trouble, result, error);
}

static void
tell_breaker(const Acting *acting)
{
	g_autofree char *limit = g_strdup_printf("%u", acting->account->budget.total_hour);
	const char *values[] = { "limit", limit, NULL };

	operator_tell(acting->settings, acting->account, acting->words, acting->ledger, acting->effects,
	              "breaker", "breaker", values);
}

static gboolean
run_action(const Acting *acting, const Action *action, const char *target, ActResult *result,
           GError **error)
{
	Claim claim = { 0 };

	if (!claim_action(acting, action, target, &claim, error))
		return FALSE;
	switch (claim.status) {
	case CLAIM_OURS:
	case CLAIM_OPEN:
		return perform(acting, action, target, &claim, result, error);
	case CLAIM_DONE:
		mark_done(action, result);
		return TRUE;
	case CLAIM_UNKNOWN:
		mark_done(action, result);
		result->unknown = TRUE;
		tell_unknown(acting, "aardig stopped between the last byte and the server's answer");
		return TRUE;
	case CLAIM_LATER:
		wait_until(result, claim.due);
		return TRUE;
	case CLAIM_BUSY:
		wait_until(result, acting->now + BUSY_RETRY);
		return TRUE;
	case CLAIM_GIVEN_UP:
		if (strcmp(action->kind, "ack") == 0)
			result->ack_given_up = TRUE;
		return TRUE;
	case CLAIM_THREAD:
		result->ack_held = "thread";
		return TRUE;
	case CLAIM_BUDGET:
		result->ack_held = "budget";
		if (claim.breaker_tripped)
			tell_breaker(acting);
		return TRUE;
	}
	g_assert_not_reached();
}

/* ---- after everything: mark and move the mail itself; both may be repeated without harm ---- */

static gboolean
finish_mail(const Acting *acting, const ActResult *result, GError **error)
{
	const Route *route = acting->plan->route;
	const char *keywords[8];

	act_keywords(acting, result, keywords);
	if (!acting->effects->flag(acting->effects, acting->mail, keywords, error))
		return FALSE;
	fault_point("act.flagged");
	/* What no human needs to see stays where it is, unless a route asks for exactly this guard. */
	if (route->folder == NULL || (!acting->plan->needs_human && route->guard == NULL))
		return TRUE;
	return acting->effects->file(acting->effects, acting->mail, route->folder, route->copy, error);
}

gboolean
act_carry_out(const Acting *acting, ActResult *result_out, GError **error)
{
	ActResult result = { 0 };
	guint ways = 0;
	g_autoptr(GError) trouble = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
		const char *target = actions[i].target(acting);

		if (target == NULL)
			continue;
		ways += actions[i].reaches_human;
		if (i == 0 && acting->hold_answers) {
			wait_until(&result, acting->now + HOLD_RETRY);
			continue;
		}
		if (!run_action(acting, &actions[i], target, &result, error)) {
			act_result_clear(&result);
			return FALSE;
		}
	}
	result.unrouted = ways > 0 && !result.drafted && !result.ticketed;
	if (result.due == 0 && acting->mail->gone == FALSE && !finish_mail(acting, &result, &trouble)) {
		note(&result, "mailbox", trouble->message);
		wait_until(&result, acting->now + BUSY_RETRY);
	}
	*result_out = result;
	return TRUE;
}

void
act_result_clear(ActResult *result)
{
	g_clear_pointer(&result->note, g_free);
}
