/* ledger-budget.c - limits on acknowledgements, and the breaker. */
#include "config.h"

#include "aardig/error.h"
#include "record-private.h"

typedef struct {
	const char *which;
	guint limit;
	gint64 window;
	const char *sql; /* ?1 hash, ?2 since, ?3 mail, ?4 shop */
	const Hash *hash;
} Limit;

#define COUNT_BY(column) "SELECT count(*) FROM ack WHERE " column " = ?1 AND at > ?2" \
	" AND mail <> ?3 AND (?4 = 0 OR shop = ?4)"
/* Without a hash; ?1 is NULL. */
#define COUNT_ALL "SELECT count(*) FROM ack WHERE ?1 IS NULL AND at > ?2 AND mail <> ?3" \
	" AND (?4 = 0 OR shop = ?4)"

static int
over(Ledger *ledger, const Limit *limit, const BudgetScope *scope, gint64 now, GError **error)
{
	gint64 count = 0;

	if (limit->limit == 0 || (limit->hash != NULL && !limit->hash->set))
		return 0;
	/* What lies in the future (the clock was set back) counts too. */
	if (db_value(ledger, &count, error, limit->sql, "hIII", limit->hash, now - limit->window,
	             scope->mail, scope->shop) < 0)
		return -1;
	return count >= limit->limit;
}

int
thread_acknowledged(Ledger *ledger, gint64 thread, gint64 mail, GError **error)
{
	gint64 found = 0;

	if (thread == 0)
		return 0;
	return db_value(ledger, &found, error,
	                "SELECT 1 FROM (SELECT id FROM mail WHERE thread = ? ORDER BY id LIMIT 1000)"
	                " WHERE id <> ? AND EXISTS (SELECT 1 FROM ack WHERE mail = id)"
	                " LIMIT 1", "II", thread,
	                mail);
}

gboolean
budget_check(Ledger *ledger, const BudgetScope *scope, const AckLimits *limits,
             const char **which_out, gboolean *full_out, GError **error)
{
	Hash recipient = hash_mailbox(ledger, limits->recipient);
	Hash domain = hash_address(ledger, limits->domain);
	Hash form = hash_address(ledger, limits->form);
	const Limit rows[] = {
		{ "address", limits->address_day, DAY, COUNT_BY("recipient"), &recipient },
		{ "address", limits->address_week, 7 * DAY, COUNT_BY("recipient"), &recipient },
		{ "domain", limits->domain_day, DAY, COUNT_BY("domain"), &domain },
		{ "form", limits->form_hour, HOUR, COUNT_BY("form"), &form },
	};
	const Limit total = { "total", limits->total_hour, HOUR, COUNT_ALL, NULL };
	gint64 since = 0;

	*which_out = NULL;
	*full_out = FALSE;
	if (limits->once_per_thread) {
		int got = thread_acknowledged(ledger, scope->thread, scope->mail, error);
		if (got != 0) {
			*which_out = "thread";
			return got > 0;
		}
	}
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		int got = over(ledger, &rows[i], scope, limits->now, error);
		if (got != 0) {
			*which_out = rows[i].which;
			return got > 0;
		}
	}
	if (limits->total_hour == 0)
		return TRUE;
	if (!breaker_since(ledger, scope->shop, limits->total_hour, limits->now, &since, error))
		return FALSE;
	int got = since != 0 ? 1 : over(ledger, &total, scope, limits->now, error);
	if (got < 0)
		return FALSE;
	if (got == 1)
		*which_out = total.which;
	*full_out = got == 1 && since == 0;
	return TRUE;
}

gboolean
budget_reserve(Ledger *ledger, const BudgetScope *scope, const AckLimits *limits, GError **error)
{
	Hash recipient = hash_mailbox(ledger, limits->recipient);
	Hash domain = hash_address(ledger, limits->domain);
	Hash form = hash_address(ledger, limits->form);

	return db_run(ledger, error, "INSERT INTO ack VALUES (?, ?, ?, ?, ?, ?)", "IIIhhh", scope->mail,
	              scope->shop, limits->now, &recipient, &domain, &form);
}

gboolean
budget_free(Ledger *ledger, gint64 mail, GError **error)
{
	return db_run(ledger, error, "DELETE FROM ack WHERE mail = ?", "I", mail);
}

/* ---- the breaker ---- */

gboolean
breaker_count(Ledger *ledger, gint64 shop, const AckLimits *limits, gboolean trip, GError **error)
{
	if (trip && !db_run(ledger, error, "INSERT OR REPLACE INTO breaker"
	                                   " VALUES (?, ?, ?)", "III", shop,
	                    limits->now, (gint64) limits->total_hour))
		return FALSE;
	return db_run(ledger, error, "DELETE FROM turned_away"
	                             " WHERE at <= ?", "I", limits->now - HOUR) &&
	       db_run(ledger, error, "INSERT INTO turned_away (shop, at) VALUES (?, ?)", "II", shop,
	              limits->now);
}

gboolean
breaker_forget(Ledger *ledger, gint64 shop, GError **error)
{
	return db_run(ledger, error, "DELETE FROM breaker WHERE shop = ?", "I", shop);
}

/* An hour is under the limit when fewer wanted an acknowledgement in it, whether they got one or
 * not. */
static int
still_open(Ledger *ledger, gint64 shop, gint64 since, gint64 limit, gint64 now, GError **error)
{
	gint64 wanted = 0;

	if (now - since < HOUR)
		return 1;
	if (db_value(ledger, &wanted, error,
	             "SELECT (SELECT count(*) FROM ack WHERE at > ?1 AND shop = ?2)"
	             " + (SELECT count(*) FROM turned_away WHERE at > ?1"
	             " AND shop = ?2)", "II", now - HOUR,
	             shop) < 0)
		return -1;
	return wanted >= limit;
}

gboolean
breaker_since(Ledger *ledger, gint64 shop, guint limit, gint64 now, gint64 *since_out,
              GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT shop, since, hour_limit FROM breaker WHERE ?1 = 0 OR shop = ?1 ORDER BY since", "I",
		shop);
	gint64 since = 0;
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;

	for (; got == 1 && since == 0; got = db_step(ledger, rows, error)) {
		int open = still_open(ledger, rows_int(rows, 0), rows_int(rows, 1),
		                      limit != 0 ? limit : rows_int(rows, 2), now, error);
		if (open < 0)
			return FALSE;
		if (open == 1)
			since = rows_int(rows, 1);
	}
	if (got < 0)
		return FALSE;
	*since_out = since;
	return TRUE;
}

gboolean
ledger_breaker(Ledger *ledger, guint total_hour, gint64 now, gint64 *since_out, GError **error)
{
	return breaker_since(ledger, 0, total_hour, now, since_out, error);
}

gboolean
ledger_budget_left(Ledger *ledger, const AckLimits *limits, const char **which_out, GError **error)
{
	BudgetScope scope = { .mail = limits->mail };
	const char *which = NULL;
	gboolean full;

	if (limits->shop != NULL &&
	    db_value(ledger, &scope.shop, error, "SELECT id FROM shop WHERE name = ?", "s",
	             limits->shop) < 0)
		return FALSE;
	/* A shop that is not on record has used nothing. */
	if (limits->shop != NULL && scope.shop == 0) {
		*which_out = NULL;
		return TRUE;
	}
	AckLimits without_thread = *limits;
	without_thread.once_per_thread = FALSE;
	if (!budget_check(ledger, &scope, &without_thread, &which, &full, error))
		return FALSE;
	*which_out = which;
	return TRUE;
}

static gboolean
turn_away(Ledger *ledger, const AckLimits *limits, gboolean *full_out, GError **error)
{
	BudgetScope scope = { 0 };
	const AckLimits total = { .total_hour = limits->total_hour, .now = limits->now };
	const char *which = NULL;

	if (db_value(ledger, &scope.shop, error, "SELECT id FROM shop WHERE name = ?", "s",
	             limits->shop) < 0)
		return FALSE;
	if (scope.shop == 0)
		return TRUE;
	return budget_check(ledger, &scope, &total, &which, full_out, error) &&
	       (which == NULL || breaker_count(ledger, scope.shop, limits, *full_out, error));
}

gboolean
ledger_turn_away(Ledger *ledger, const AckLimits *limits, gboolean *tripped_out, GError **error)
{
	gboolean full = FALSE;

	if (!tx_begin(ledger, TX_LAX, error) ||
	    !tx_end(ledger, turn_away(ledger, limits, &full, error), "turn-away", error))
		return FALSE;
	*tripped_out = full;
	return TRUE;
}
