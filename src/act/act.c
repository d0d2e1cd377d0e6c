/* act.c - carries a plan out: a row per action, each claimed in the ledger, performed, written
 * down.
 *
 * The order matters: the customer first, then the human, and only when nothing waits any more the
 * mail itself is marked and moved, because a retry reads it again from where it lies.
 *
 * That an action is done and that the next one begins is one commit: nothing happens between. */
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

/* What was done last and is not on record yet. */
typedef struct {
	const Action *action; /* NULL: nothing */
	const char *target;
	Claim claim;
	char *detail;
} Done;

typedef struct {
	ActResult result;
	Done done;
} Course;

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

static gboolean
remember_id(const Acting *acting, const Done *done, GError **error)
{
	gboolean draft = strcmp(done->action->kind, "draft") == 0;

	if (acting->entry->thread == 0 || (!draft && strcmp(done->action->kind, "ack") != 0))
		return TRUE;
	return ledger_thread_add_id(acting->ledger, acting->entry->thread, done->claim.our_id,
	                            draft ? done->claim.our_id : NULL, error);
}

static gboolean
write_done(const Acting *acting, const Done *done, GError **error)
{
	if (done->action == NULL)
		return TRUE;
	return ledger_action_done(acting->ledger, acting->entry->id, done->action->kind, done->target,
	                          done->detail, error) &&
	       remember_id(acting, done, error);
}

static void
done_clear(Done *done)
{
	g_clear_pointer(&done->detail, g_free);
	done->action = NULL;
}

/* One commit for what was done and, if there is one, the claim of what comes next. */
static gboolean
write_down(const Acting *acting, const Done *done, const Action *next, const char *target,
           Claim *claim, GError **error)
{
	if (!(next != NULL ? ledger_begin_durable(acting->ledger, error)
	                   : ledger_begin(acting->ledger, error)))
		return FALSE;
	if (!write_done(acting, done, error) ||
	    (next != NULL && !claim_action(acting, next, target, claim, error))) {
		ledger_rollback(acting->ledger);
		return FALSE;
	}
	return ledger_commit(acting->ledger, error);
}

/* What was done is written down even if the next claim fails: it is done. */
static gboolean
claim_next(const Acting *acting, Course *course, const Action *action, const char *target,
           Claim *claim, GError **error)
{
	if (course->done.action == NULL)
		return claim_action(acting, action, target, claim, error);

	gboolean ok = write_down(acting, &course->done, action, target, claim, error);
	if (!ok)
		write_down(acting, &course->done, NULL, NULL, NULL, NULL);
	done_clear(&course->done);
	return ok;
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

/* Goes on record with the next claim, or at the end. */
static void
record_success(const Acting *acting, const Action *action, const char *target, const Claim *claim,
               const char *detail, Course *course)
{
	fault_point("act.performed");
	mark_done(action, &course->result);
	if (acting->ledger == NULL)
		return;
	course->done = (Done) { action, target, *claim,
		                detail != NULL ? log_quote(detail, DETAIL_MAX) : NULL };
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
        Course *course, GError **error)
{
	g_autoptr(GError) trouble = NULL;
	g_autofree char *detail = NULL;

	fault_point("act.claimed");
	if (action->perform(acting, claim, claim->status == CLAIM_OPEN, &detail, &trouble)) {
		record_success(acting, action, target, claim, detail, course);
		return TRUE;
	}
	if (g_error_matches(trouble, AARDIG_ERROR, AARDIG_ERROR_STOPPED)) {
		g_propagate_error(error, g_steal_pointer(&trouble));
		return FALSE;
	}
	return record_failure(acting, action, target, claim, trouble, &course->result, error);
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
run_action(const Acting *acting, const Action *action, const char *target, const Claim *made,
           Course *course, GError **error)
{
	Claim claim = { 0 };
	ActResult *result = &course->result;

	if (made != NULL)
		claim = *made;
	else if (!claim_next(acting, course, action, target, &claim, error))
		return FALSE;
	switch (claim.status) {
	case CLAIM_OURS:
	case CLAIM_OPEN:
		return perform(acting, action, target, &claim, course, error);
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

static gboolean
is_held(const Acting *acting, const Action *action)
{
	return acting->hold_answers && strcmp(action->kind, "ack") == 0;
}

static const Action *
first_action(const Acting *acting, const char **target_out)
{
	for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
		*target_out = actions[i].target(acting);
		if (*target_out != NULL && !is_held(acting, &actions[i]))
			return &actions[i];
	}
	return NULL;
}

gboolean
act_claim_first(const Acting *acting, Claim *claim_out, gboolean *made_out, GError **error)
{
	const char *target;
	const Action *action = first_action(acting, &target);

	*made_out = action != NULL;
	return action == NULL || claim_action(acting, action, target, claim_out, error);
}

gboolean
act_first_is_durable(const Acting *acting)
{
	const char *target;
	const Action *action = first_action(acting, &target);

	return action != NULL && strcmp(action->kind, "ack") != 0;
}

static gboolean
run_actions(const Acting *acting, Course *course, GError **error)
{
	const Claim *made = acting->first;
	guint ways = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
		const char *target = actions[i].target(acting);

		if (target == NULL)
			continue;
		ways += actions[i].reaches_human;
		if (is_held(acting, &actions[i])) {
			wait_until(&course->result, acting->now + HOLD_RETRY);
			continue;
		}
		if (!run_action(acting, &actions[i], target, made, course, error))
			return FALSE;
		made = NULL;
	}
	course->result.unrouted = ways > 0 && !course->result.drafted && !course->result.ticketed;
	return course->done.action == NULL ||
	       write_down(acting, &course->done, NULL, NULL, NULL, error);
}

gboolean
act_carry_out(const Acting *acting, ActResult *result_out, GError **error)
{
	Course course = { 0 };
	ActResult *result = &course.result;
	g_autoptr(GError) trouble = NULL;

	gboolean ok = run_actions(acting, &course, error);
	done_clear(&course.done);
	if (!ok) {
		act_result_clear(result);
		return FALSE;
	}
	if (result->due == 0 && acting->mail->gone == FALSE && !finish_mail(acting, result, &trouble)) {
		note(result, "mailbox", trouble->message);
		wait_until(result, acting->now + BUSY_RETRY);
	}
	*result_out = *result;
	return TRUE;
}

void
act_result_clear(ActResult *result)
{
	g_clear_pointer(&result->note, g_free);
}
