/* ledger-action.c - claims: who does what, what came of it, and when it is tried again.
 *
 * claimed -> committing -> done, or failed (waits for its next try) -> claimed ..., or given-up, or
 * unknown (an acknowledgement whose final dot was never answered), or refused by a limit. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/log.h"
#include "record-private.h"

#define DETAIL_MAX 300
#define ID_MAX 255
#define GIVE_UP_AFTER (4 * HOUR)

#define THIS_ACTION " WHERE mail = ?1 AND kind = ?2 AND target = ?3"

static const gint64 retry_after[] = { 1 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR };

typedef struct {
	gint64 mail;
	const char *kind, *target;
	gboolean known; /* there is one */
	char state[16], our_id[ID_MAX + 1], detail[16]; /* detail: only what `refused` needs */
	guint tries;
	gint64 first, touched, due;
	OwnerState owner;
} Action;

typedef struct {
	gint64 mail, shop, thread;
	gboolean settled;
	OwnerState owner;
} Owned;

static gboolean
is_ack(const char *kind)
{
	return strcmp(kind, "ack") == 0;
}

static gboolean
in_state(const Action *action, const char *state)
{
	return strcmp(action->state, state) == 0;
}

static gboolean
action_get(Ledger *ledger, gint64 mail, const char *kind, const char *target, Action *out,
           GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT state, our_id, coalesce(detail, ''), tries, first, touched, coalesce(due, 0), owner"
		" FROM action WHERE mail = ? AND kind = ? AND target = ?", "Iss", mail, kind, target);
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;

	*out = (Action) { .mail = mail, .kind = kind, .target = target };
	if (got != 1)
		return got == 0;
	out->known = TRUE;
	g_strlcpy(out->state, rows_text(rows, 0), sizeof out->state);
	g_strlcpy(out->our_id, rows_text(rows, 1), sizeof out->our_id);
	g_strlcpy(out->detail, rows_text(rows, 2), sizeof out->detail);
	out->tries = (guint) rows_int(rows, 3);
	out->first = rows_int(rows, 4);
	out->touched = rows_int(rows, 5);
	out->due = rows_int(rows, 6);
	out->owner = owner_state(ledger, rows_text(rows, 7), out->touched);
	return TRUE;
}

static gboolean
mail_get(Ledger *ledger, gint64 mail, Owned *out, GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT shop, thread, outcome IS NOT NULL, owner, touched FROM mail"
		" WHERE id = ?", "I", mail);
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;

	if (got == 0)
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "ledger %s: no mail %" G_GINT64_FORMAT,
		            ledger->path, mail);
	if (got != 1)
		return FALSE;
	*out = (Owned) {
		.mail = mail,
		.shop = rows_int(rows, 0),
		.thread = rows_int(rows, 1),
		.settled = rows_int(rows, 2) != 0,
		.owner = owner_state(ledger, rows_text(rows, 3), rows_int(rows, 4)),
	};
	return TRUE;
}

static gboolean
not_ours(Ledger *ledger, gint64 mail, const char *kind, const char *what, GError **error)
{
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
	            "ledger %s: %s of mail %" G_GINT64_FORMAT " is not ours to %s", ledger->path, kind, mail,
	            what);
	return FALSE;
}

/* ---- claims ---- */

/* Ours now, and once more tried; a first claim made in a future that the clock has since left
 * counts from now. */
static gboolean
take(Ledger *ledger, Action *action, const char *our_id, ClaimStatus status, Claim *claim,
     GError **error)
{
	gint64 now = clock_now();

	if (action->our_id[0] == '\0')
		g_strlcpy(action->our_id, our_id != NULL ? our_id : "", sizeof action->our_id);
	claim->status = status;
	claim->tries = action->tries + 1;
	return db_run(ledger, error,
	              "UPDATE action"
	              " SET state = 'claimed', owner = ?4, tries = tries + 1, touched = ?5,"
	              " first = min(first, ?5), began = NULL,"
	              " due = NULL, our_id = ?6" THIS_ACTION, "IsssIs",
	              action->mail, action->kind, action->target, ledger->owner, now, action->our_id);
}

static gboolean
set_state(Ledger *ledger, const Action *action, const char *state, const char *detail,
          GError **error)
{
	return db_run(ledger, error,
	              "UPDATE action SET state = ?4, touched = ?5, owner = NULL, due = NULL,"
	              " detail = coalesce(?6, detail)" THIS_ACTION, "IsssIs", action->mail, action->kind,
	              action->target, state, clock_now(), detail);
}

/* An acknowledgement that was left at `committing` may have arrived: it counts as sent, also when
 * it was us. */
static gboolean
claim_begun(Ledger *ledger, const char *kind, const char *our_id, Action *action, Claim *claim,
            GError **error)
{
	if (action->owner == OWNER_OTHER) {
		claim->status = CLAIM_BUSY;
		return TRUE;
	}
	if (is_ack(kind) && in_state(action, "committing")) {
		claim->status = CLAIM_UNKNOWN;
		return set_state(ledger, action, "unknown", "interrupted while it was sent", error);
	}
	return take(ledger, action, our_id, is_ack(kind) ? CLAIM_OURS : CLAIM_OPEN, claim, error);
}

static gboolean
claim_failed(Ledger *ledger, const char *kind, const char *our_id, Action *action, Claim *claim,
             GError **error)
{
	gint64 now = clock_now();

	/* A wait noted later than now was set by a clock that has been set back. */
	if (action->due > now && now + 5 * MINUTE >= action->touched) {
		claim->status = CLAIM_LATER;
		claim->due = action->due;
		return TRUE;
	}
	return take(ledger, action, our_id, is_ack(kind) ? CLAIM_OURS : CLAIM_OPEN, claim, error);
}

static const char *
refused_by(const Action *action)
{
	static const char *const limits[] = { "address", "domain", "form", "total" };

	for (gsize i = 0; i < G_N_ELEMENTS(limits); i++)
		if (strcmp(action->detail, limits[i]) == 0)
			return limits[i];
	return NULL; /* the thread */
}

static gboolean
claim_known(Ledger *ledger, const char *kind, const char *our_id, Action *action, Claim *claim,
            GError **error)
{
	static const struct {
		const char *state;
		ClaimStatus status;
	} ends[] = {
		{ "done", CLAIM_DONE },
		{ "given-up", CLAIM_GIVEN_UP },
		{ "unknown", CLAIM_UNKNOWN },
	};
	gboolean ok = TRUE;

	claim->tries = action->tries;
	if (in_state(action, "refused")) {
		claim->which = refused_by(action);
		claim->status = claim->which != NULL ? CLAIM_BUDGET : CLAIM_THREAD;
	} else if (in_state(action, "failed")) {
		ok = claim_failed(ledger, kind, our_id, action, claim, error);
	} else if (in_state(action, "claimed") || in_state(action, "committing")) {
		ok = claim_begun(ledger, kind, our_id, action, claim, error);
	} else {
		for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
			if (in_state(action, ends[i].state))
				claim->status = ends[i].status;
	}
	g_strlcpy(claim->our_id, action->our_id, sizeof claim->our_id);
	return ok;
}

static gboolean
claim_new(Ledger *ledger, gint64 mail, const char *kind, const char *target, const char *our_id,
          const char *refused, GError **error)
{
	return db_run(ledger, error,
	            "INSERT INTO action (mail, kind, target, state, our_id, tries, first,"
	            " touched, owner,"
	            " detail) VALUES (?, ?, ?, ?, ?, ?,"
	            " ?7, ?7, ?, ?)", "Issss" "iIss", mail, kind, target,
	            refused != NULL ? "refused" : "claimed", our_id != NULL ? our_id : "",
	            refused != NULL ? 0 : 1, clock_now(), refused != NULL ? NULL : ledger->owner, refused);
}

/* TRUE and *go_on_out FALSE: the claim is answered already. */
static gboolean
claim_common(Ledger *ledger, gint64 mail, const char *kind, const char *target, const char *our_id,
             Owned *owned, Claim *claim, gboolean *go_on_out, GError **error)
{
	Action action;

	*go_on_out = FALSE;
	if (!mail_get(ledger, mail, owned, error) ||
	    !action_get(ledger, mail, kind, target, &action, error))
		return FALSE;
	if (owned->owner == OWNER_OTHER) {
		claim->status = CLAIM_BUSY;
		return TRUE;
	}
	if (action.known)
		return claim_known(ledger, kind, our_id, &action, claim, error);
	/* After the outcome no customer is written to any more. */
	if (owned->settled && is_ack(kind)) {
		claim->status = CLAIM_DONE;
		return TRUE;
	}
	*go_on_out = TRUE;
	return TRUE;
}

static gboolean
claim_other(Ledger *ledger, gint64 mail, const char *kind, const char *target, const char *our_id,
            Claim *claim, GError **error)
{
	Owned owned;
	gboolean go_on;

	if (!claim_common(ledger, mail, kind, target, our_id, &owned, claim, &go_on, error))
		return FALSE;
	if (!go_on)
		return TRUE;
	claim->status = CLAIM_OURS;
	claim->tries = 1;
	g_strlcpy(claim->our_id, our_id != NULL ? our_id : "", sizeof claim->our_id);
	return claim_new(ledger, mail, kind, target, claim->our_id, NULL, error);
}

gboolean
ledger_claim(Ledger *ledger, gint64 mail, const char *kind, const char *target, const char *our_id,
             Claim *claim_out, GError **error)
{
	Claim claim = { 0 };

	g_return_val_if_fail(!is_ack(kind), FALSE);
	if (!tx_begin(ledger, TX_DURABLE, error) ||
	    !tx_end(ledger, claim_other(ledger, mail, kind, target, our_id, &claim, error), "claim",
	            error))
		return FALSE;
	*claim_out = claim;
	return TRUE;
}

static gboolean
refuse_ack(Ledger *ledger, const Owned *owned, const AckLimits *limits, const char *which,
           gboolean full, Claim *claim, GError **error)
{
	gboolean thread = strcmp(which, "thread") == 0;

	claim->status = thread ? CLAIM_THREAD : CLAIM_BUDGET;
	claim->which = thread ? NULL : which;
	claim->breaker_tripped = full;
	if (strcmp(which, "total") == 0 &&
	    !breaker_count(ledger, owned->shop, limits, full, error))
		return FALSE;
	/* Kept: what was refused gets no late answer when it is taken up again after a crash. */
	return claim_new(ledger, owned->mail, "ack", "", NULL, which, error);
}

static gboolean
claim_ack(Ledger *ledger, gint64 mail, const char *our_id, const AckLimits *limits, Claim *claim,
          GError **error)
{
	Owned owned;
	gboolean go_on, full = FALSE;
	const char *which = NULL;

	if (!claim_common(ledger, mail, "ack", "", our_id, &owned, claim, &go_on, error))
		return FALSE;
	if (!go_on)
		return TRUE;

	BudgetScope scope = { .shop = owned.shop, .mail = mail, .thread = owned.thread };
	if (!budget_check(ledger, &scope, limits, &which, &full, error))
		return FALSE;
	if (which != NULL)
		return refuse_ack(ledger, &owned, limits, which, full, claim, error);
	claim->status = CLAIM_OURS;
	claim->tries = 1;
	g_strlcpy(claim->our_id, our_id, sizeof claim->our_id);
	return claim_new(ledger, mail, "ack", "", claim->our_id, NULL, error) &&
	       (limits->total_hour == 0 || breaker_forget(ledger, owned.shop, error)) &&
	       budget_reserve(ledger, &scope, limits, error);
}

gboolean
ledger_claim_ack(Ledger *ledger, gint64 mail, const char *our_id, const AckLimits *limits,
                 Claim *claim_out, GError **error)
{
	Claim claim = { 0 };

	if (limits->recipient == NULL || *limits->recipient == '\0')
		return not_ours(ledger, mail, "ack", "send to nobody", error);
	/* Lax: nothing leaves before ledger_commit_begin(), which makes this durable with itself. */
	if (!tx_begin(ledger, TX_LAX, error) ||
	    !tx_end(ledger, claim_ack(ledger, mail, our_id, limits, &claim, error), "claim-ack", error))
		return FALSE;
	*claim_out = claim;
	return TRUE;
}

/* ---- what came of it ---- */

/* Begun by us and not ended. */
static gboolean
is_at_it(const Action *action)
{
	return action->known && action->owner == OWNER_US &&
	       (in_state(action, "claimed") || in_state(action, "committing"));
}

static gboolean
commit_begin(Ledger *ledger, gint64 mail, const char *kind, const char *target, GError **error)
{
	Action action;

	if (!action_get(ledger, mail, kind, target, &action, error))
		return FALSE;
	if (!is_at_it(&action))
		return not_ours(ledger, mail, kind, "send", error);
	return db_run(ledger, error,
	              "UPDATE action"
	              " SET state = 'committing', began = ?4, touched = ?4" THIS_ACTION, "IssI",
	              mail, kind, target, clock_now());
}

gboolean
ledger_commit_begin(Ledger *ledger, gint64 mail, const char *kind, const char *target,
                    GError **error)
{
	/* Inside a group it would not be durable when it returns. */
	if (ledger->depth > 0)
		return not_ours(ledger, mail, kind, "send inside a transaction", error);
	return tx_begin(ledger, TX_DURABLE, error) &&
	       tx_end(ledger, commit_begin(ledger, mail, kind, target, error), "commit-begin", error);
}

static char *
keep_detail(const char *detail)
{
	g_autofree char *cut = text_keep(detail, DETAIL_MAX);

	return cut != NULL ? log_quote(cut, DETAIL_MAX) : NULL;
}

static gboolean
action_done(Ledger *ledger, gint64 mail, const char *kind, const char *target, const char *detail,
            GError **error)
{
	Action action;

	if (!action_get(ledger, mail, kind, target, &action, error))
		return FALSE;
	if (in_state(&action, "done"))
		return TRUE;
	if (!is_at_it(&action))
		return not_ours(ledger, mail, kind, "finish", error);
	return set_state(ledger, &action, "done", detail, error);
}

gboolean
ledger_action_done(Ledger *ledger, gint64 mail, const char *kind, const char *target,
                   const char *detail, GError **error)
{
	g_autofree char *kept = keep_detail(detail);

	/* Lax: what is lost of an acknowledgement in a power cut was `committing` and counts as sent,
	 * what is lost of another kind is found again by its Message-ID. */
	if (!tx_begin(ledger, TX_LAX, error) ||
	    !tx_end(ledger, action_done(ledger, mail, kind, target, kept, error), "done", error))
		return FALSE;
	tx_owe_sync(ledger);
	return TRUE;
}

static gboolean
put_off(Ledger *ledger, const Action *action, const char *detail, GError **error)
{
	gint64 now = clock_now();
	gint64 first = MIN(action->first, now);
	gint64 wait = retry_after[CLAMP(action->tries, 1, G_N_ELEMENTS(retry_after)) - 1];
	/* The last try falls on the end of the four hours. */
	gint64 due = MIN(now + wait, MAX(first + GIVE_UP_AFTER, now + retry_after[0]));

	return db_run(ledger, error,
	              "UPDATE action"
	              " SET state = 'failed', due = ?4, touched = ?5, first = ?6, owner = NULL,"
	              " detail = coalesce(?7, detail)" THIS_ACTION, "IssIIIs", action->mail, action->kind,
	              action->target, due, now, first, detail);
}

static gboolean
action_failed(Ledger *ledger, gint64 mail, const char *kind, const char *target, const char *detail,
              gboolean final, gboolean *given_up, GError **error)
{
	Action action;

	if (!action_get(ledger, mail, kind, target, &action, error))
		return FALSE;
	if (in_state(&action, "given-up")) {
		*given_up = TRUE;
		return TRUE;
	}
	if (!is_at_it(&action))
		return not_ours(ledger, mail, kind, "give up", error);
	*given_up = final || clock_now() - action.first >= GIVE_UP_AFTER;
	if (!*given_up)
		return put_off(ledger, &action, detail, error);
	return set_state(ledger, &action, "given-up", detail, error) &&
	       (!is_ack(kind) || budget_free(ledger, mail, error));
}

gboolean
ledger_action_failed(Ledger *ledger, gint64 mail, const char *kind, const char *target,
                     const char *detail, gboolean final, gboolean *given_up_out, GError **error)
{
	g_autofree char *kept = keep_detail(detail);
	gboolean given_up = FALSE;

	if (!tx_begin(ledger, TX_LAX, error) ||
	    !tx_end(ledger, action_failed(ledger, mail, kind, target, kept, final, &given_up, error),
	            "failed", error))
		return FALSE;
	if (given_up_out != NULL)
		*given_up_out = given_up;
	return TRUE;
}

static gboolean
action_unknown(Ledger *ledger, gint64 mail, const char *kind, const char *target,
               const char *detail, GError **error)
{
	Action action;

	if (!action_get(ledger, mail, kind, target, &action, error))
		return FALSE;
	if (in_state(&action, "unknown"))
		return TRUE;
	if (!is_at_it(&action))
		return not_ours(ledger, mail, kind, "end", error);
	if (is_ack(kind))
		return set_state(ledger, &action, "unknown", detail, error);
	return put_off(ledger, &action, detail, error);
}

gboolean
ledger_action_unknown(Ledger *ledger, gint64 mail, const char *kind, const char *target,
                      const char *detail, GError **error)
{
	g_autofree char *kept = keep_detail(detail);

	return tx_begin(ledger, is_ack(kind) ? TX_DURABLE : TX_LAX, error) &&
	       tx_end(ledger, action_unknown(ledger, mail, kind, target, kept, error), "unknown", error);
}

gboolean
actions_cut_off(Ledger *ledger, gint64 mail, GError **error)
{
	return db_run(ledger, error,
	              "UPDATE action SET state = 'unknown', owner = NULL, touched = ?,"
	              " detail = coalesce(detail, 'interrupted while it was sent')"
	              " WHERE mail = ? AND kind = 'ack'"
	              " AND state = 'committing'", "II", clock_now(), mail);
}

gboolean
actions_close(Ledger *ledger, gint64 mail, GError **error)
{
	gint64 open = 0;
	/* Most mails have nothing open when they end; three statements less for those. Without IN, which makes
	 * a table of its own. */
	int got = db_value(ledger, &open, error,
	                   "SELECT max(state = 'claimed' OR state = 'committing' OR state = 'failed')"
	                   " FROM action WHERE mail = ?", "I", mail);

	if (got < 0 || open == 0)
		return got >= 0;
	return actions_cut_off(ledger, mail, error) &&
	       db_run(ledger, error,
	              "DELETE FROM ack WHERE mail = ?1 AND EXISTS (SELECT 1 FROM action WHERE mail = ?1"
	              " AND kind = 'ack' AND state IN ('claimed', 'failed'))", "I", mail) &&
	       db_run(ledger, error,
	              "UPDATE action SET state = 'given-up', owner = NULL, due = NULL, touched = ?,"
	              " detail = coalesce(detail, 'the mail was settled first')"
	              " WHERE mail = ?"
	              " AND state IN ('claimed', 'committing', 'failed')", "II", clock_now(),
	              mail);
}
