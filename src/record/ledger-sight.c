/* ledger-sight.c - where mails were seen: tries, waits and outcomes per reference. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "record-private.h"

#define REASON_MAX 500
/* A wait that was noted this much later than now comes from a clock that was set back since. */
#define CLOCK_SLACK (5 * MINUTE)
/* When to look again at what another process is handling. */
#define LOOK_AGAIN 5

void
ref_split(const char *ref, RefParts *out)
{
	const char *colon = strrchr(ref, ':');

	out->place = colon != NULL ? g_strndup(ref, colon - ref) : g_strdup("");
	out->name = colon != NULL ? colon + 1 : ref;
	out->number = -1;

	gsize digits = strspn(out->name, "0123456789");
	if (digits > 0 && digits <= 10 && out->name[digits] == '\0' &&
	    (out->name[0] != '0' || digits == 1))
		out->number = g_ascii_strtoll(out->name, NULL, 10);
}

void
ref_parts_clear(RefParts *parts)
{
	g_clear_pointer(&parts->place, g_free);
}

/* *row_out 0: unknown and not made. */
static gboolean
place_row(Ledger *ledger, const char *place, gboolean create, gint64 *row_out, GError **error)
{
	gint64 row = 0;
	int got = db_value(ledger, &row, error, "SELECT id FROM place WHERE name = ?", "s", place);

	if (got == 0 && create) {
		if (!db_run(ledger, error, "INSERT INTO place (name) VALUES (?)", "s", place))
			return FALSE;
		row = sqlite3_last_insert_rowid(ledger->db);
	}
	*row_out = row;
	return got >= 0;
}

typedef struct {
	gboolean known;
	gint64 place, mail, touched, due; /* due 0: none */
	guint tries;
	gboolean settled;
	OwnerState owner;
} Sight;

static gboolean
sight_get(Ledger *ledger, const RefParts *parts, gboolean create_place, Sight *out, GError **error)
{
	*out = (Sight) { 0 };
	if (!place_row(ledger, parts->place, create_place, &out->place, error))
		return FALSE;
	if (out->place == 0)
		return TRUE;

	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT mail, touched, due, tries, outcome IS NOT NULL, owner FROM sight"
		" WHERE place = ? AND name = ?", "Ir", out->place, parts);
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;
	if (got == 1) {
		out->known = TRUE;
		out->mail = rows_int(rows, 0);
		out->touched = rows_int(rows, 1);
		out->due = rows_int(rows, 2);
		out->tries = (guint) rows_int(rows, 3);
		out->settled = rows_int(rows, 4) != 0;
		out->owner = owner_state(ledger, rows_text(rows, 5), out->touched);
	}
	return got >= 0;
}

static gboolean
sight_insert(Ledger *ledger, gint64 place, const RefParts *parts, GError **error)
{
	return db_run(ledger, error,
	              "INSERT INTO sight (place, name, first, touched, tries, total)"
	              " VALUES (?1, ?2, ?3, ?3, 0, 0) ON CONFLICT DO NOTHING", "IrI", place, parts,
	              clock_now());
}

gboolean
ledger_ref_state(Ledger *ledger, const char *ref, RefState *state_out, gint64 *due_out,
                 GError **error)
{
	g_auto(RefParts) parts;
	Sight sight;
	gint64 now = clock_now(), due = 0;
	RefState state = REF_NEW;

	ref_split(ref, &parts);
	if (!sight_get(ledger, &parts, FALSE, &sight, error))
		return FALSE;
	if (sight.settled) {
		state = REF_SETTLED;
	} else if (sight.due > now && now + CLOCK_SLACK >= sight.touched) {
		state = REF_WAITING;
		due = sight.due;
	} else if (sight.owner == OWNER_OTHER) {
		state = REF_WAITING;
		due = now + LOOK_AGAIN;
	}
	*state_out = state;
	if (due_out != NULL)
		*due_out = due;
	return TRUE;
}

static gboolean
attempt(Ledger *ledger, const RefParts *parts, guint *tries, GError **error)
{
	Sight sight;

	if (!sight_get(ledger, parts, TRUE, &sight, error))
		return FALSE;
	*tries = MAX(sight.tries, 1);
	if (sight.settled || sight.owner == OWNER_OTHER)
		return TRUE;
	*tries = sight.tries + 1;
	return sight_insert(ledger, sight.place, parts, error) &&
	       db_run(ledger, error,
	              "UPDATE sight SET tries = tries + 1, total = total + 1, touched = ?, owner = ?,"
	              " due = NULL WHERE place = ? AND name = ?", "IsIr", clock_now(), ledger->owner,
	              sight.place, parts);
}

gboolean
ledger_attempt(Ledger *ledger, const char *ref, guint *tries_out, GError **error)
{
	g_auto(RefParts) parts;
	guint tries = 0;

	ref_split(ref, &parts);
	/* Lax: a mail that kills us does not cut the power. */
	if (!tx_begin(ledger, TX_LAX, error) ||
	    !tx_end(ledger, attempt(ledger, &parts, &tries, error), "attempt", error))
		return FALSE;
	*tries_out = tries;
	return TRUE;
}

gboolean
sight_mail(Ledger *ledger, const char *ref, gint64 *mail_out, GError **error)
{
	g_auto(RefParts) parts;
	Sight sight;

	ref_split(ref, &parts);
	if (!sight_get(ledger, &parts, FALSE, &sight, error))
		return FALSE;
	*mail_out = sight.mail;
	return TRUE;
}

gboolean
sight_link(Ledger *ledger, const char *ref, gint64 mail, gboolean ours, GError **error)
{
	g_auto(RefParts) parts;
	Sight sight;

	ref_split(ref, &parts);
	if (!sight_get(ledger, &parts, TRUE, &sight, error) ||
	    (!sight.known && !sight_insert(ledger, sight.place, &parts, error)))
		return FALSE;
	if (!ours)
		return db_run(ledger, error, "UPDATE sight SET mail = ? WHERE place = ?"
		                             " AND name = ?", "IIr",
		              mail, sight.place, &parts);
	return db_run(ledger, error,
	              "UPDATE sight SET mail = ?, owner = ?, touched = ? WHERE place = ? AND name = ?",
	              "IsIIr", mail, ledger->owner, clock_now(), sight.place, &parts);
}

static gboolean
wait_for(Ledger *ledger, const RefParts *parts, gint64 due, GError **error)
{
	Sight sight;

	if (!sight_get(ledger, parts, TRUE, &sight, error))
		return FALSE;
	if (sight.settled || sight.owner == OWNER_OTHER)
		return TRUE;
	if (due == 0) {
		due = clock_now();
		if (db_value(ledger, &due, error,
		             "SELECT coalesce(min(due), ?) FROM action WHERE mail = ? AND state = 'failed'",
		             "II", due, sight.mail) < 0)
			return FALSE;
	}
	return (sight.known || sight_insert(ledger, sight.place, parts, error)) &&
	       db_run(ledger, error,
	              "UPDATE sight SET due = ?, touched = ?, tries = 0, owner = ?"
	              " WHERE place = ? AND name = ?", "IIsIr", due, clock_now(), ledger->owner,
	              sight.place, parts);
}

gboolean
ledger_wait(Ledger *ledger, const char *ref, gint64 due, GError **error)
{
	g_auto(RefParts) parts;

	ref_split(ref, &parts);
	return tx_begin(ledger, TX_LAX, error) &&
	       tx_end(ledger, wait_for(ledger, &parts, due, error), "wait", error);
}

/* ---- the outcome ---- */

/* A mail that is no longer where it was has been moved: by a human, by our own action "folder" just
 * before a crash, or only in number (UIDVALIDITY). What was done by then decides; as long as a
 * human may still be owed something it stays "gone", which is taken up again where the mail shows
 * up. */
static const char *
outcome_when_gone(Ledger *ledger, gint64 mail, GError **error)
{
	static const char sql[] =
		"SELECT coalesce(max(kind = 'ack' AND state IN ('done', 'unknown', 'committing')), 0),"
		" coalesce(max((kind IN ('ticket', 'draft', 'maildir', 'command') AND state = 'done')"
		"  OR (kind = 'folder' AND state IN ('claimed', 'done'))), 0),"
		" coalesce(max(kind NOT IN ('ack', 'folder', 'keyword')"
		"  AND state IN ('claimed', 'committing', 'failed')), 0),"
		" coalesce((SELECT needs_human FROM decision WHERE mail = ?1), 0) FROM action"
		" WHERE mail = ?1";
	g_autoptr(Rows) rows = db_query(ledger, error, sql, "I", mail);

	if (rows == NULL || db_step(ledger, rows, error) < 0)
		return NULL;
	gboolean acknowledged = rows_int(rows, 0) != 0, handed_over = rows_int(rows, 1) != 0;
	gboolean open = rows_int(rows, 2) != 0, needs_human = rows_int(rows, 3) != 0;

	if (open || (needs_human && !handed_over))
		return "gone";
	return acknowledged ? "acknowledged" : handed_over ? "handed-over" : "gone";
}

static gboolean
mail_settle(Ledger *ledger, gint64 mail, const char *outcome, const char *reason, GError **error)
{
	/* The claims of a mail that is gone go on where it turns up; what was cut off is told all
	 * the same. */
	gboolean gone = strcmp(outcome, "gone") == 0;
	if (!(gone ? actions_cut_off(ledger, mail, error) : actions_close(ledger, mail, error)))
		return FALSE;
	return db_run(ledger, error,
	              "UPDATE mail SET outcome = ?, reason = ?, settled = ?, owner = NULL WHERE id = ?",
	              "ssII", outcome, reason, clock_now(), mail);
}

typedef enum { SETTLE_ERROR, SETTLE_BOTH, SETTLE_REF, SETTLE_NOTHING } SettleWhat;

static SettleWhat
what_to_settle(Ledger *ledger, const char *ref, gint64 mail, GError **error)
{
	if (mail == 0)
		return SETTLE_REF;

	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT outcome IS NOT NULL, ref, owner, touched FROM mail WHERE id = ?", "I", mail);
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;
	if (got < 0)
		return SETTLE_ERROR;
	if (got == 0 || rows_int(rows, 0) != 0)
		return SETTLE_REF;
	gboolean here = g_strcmp0(rows_text(rows, 1), ref) == 0;
	gboolean theirs = owner_state(ledger, rows_text(rows, 2), rows_int(rows, 3)) == OWNER_OTHER;
	if (!here)
		return SETTLE_REF;
	return theirs ? SETTLE_NOTHING : SETTLE_BOTH;
}

static gboolean
settle(Ledger *ledger, const char *ref, gint64 mail, const char *outcome, const char *reason,
       GError **error)
{
	g_auto(RefParts) parts;
	Sight sight;

	ref_split(ref, &parts);
	if (!sight_get(ledger, &parts, TRUE, &sight, error))
		return FALSE;
	if (mail == 0)
		mail = sight.mail;

	SettleWhat what = what_to_settle(ledger, ref, mail, error);
	if (what == SETTLE_ERROR)
		return FALSE;
	if (what == SETTLE_NOTHING || (mail == 0 && !sight.settled && sight.owner == OWNER_OTHER))
		return TRUE;
	if (what == SETTLE_BOTH && strcmp(outcome, "gone") == 0)
		outcome = outcome_when_gone(ledger, mail, error);
	if (outcome == NULL ||
	    (what == SETTLE_BOTH && !mail_settle(ledger, mail, outcome, reason, error)))
		return FALSE;
	if (sight.settled)
		return TRUE;
	return (sight.known || sight_insert(ledger, sight.place, &parts, error)) &&
	       db_run(ledger, error,
	              "UPDATE sight"
	              " SET outcome = ?, reason = ?, settled = ?4, touched = ?4, due = NULL,"
	              " owner = NULL, mail = coalesce(mail, nullif(?3, 0)) WHERE place = ?"
	              " AND name = ?",
	              "ssIIIr", outcome, reason, mail, clock_now(), sight.place, &parts);
}

gboolean
ledger_settle_is_durable(const char *ref)
{
	return g_str_has_prefix(ref, "spool:");
}

gboolean
ledger_settle(Ledger *ledger, const char *ref, gint64 mail, const char *outcome,
              const char *reason, GError **error)
{
	g_autofree char *kept = text_keep(reason, REASON_MAX);
	/* The file in the spool goes away after this; any other mail is still where it was found
	 * and would only be settled once more after a power cut. */
	TxLevel level = ledger_settle_is_durable(ref) ? TX_DURABLE : TX_LAX;

	if (!tx_begin(ledger, level, error) ||
	    !tx_end(ledger, settle(ledger, ref, mail, outcome, kept, error), "settle", error))
		return FALSE;
	if (level == TX_LAX)
		tx_owe_sync(ledger);
	return TRUE;
}

/* ---- what was left open ---- */

gboolean
ledger_unsettled_refs(Ledger *ledger, const char *prefix, char ***refs_out, GError **error)
{
	g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT place.name || ':' || sight.name AS ref, owner, touched FROM sight"
		" JOIN place ON place.id = sight.place WHERE settled IS NULL"
		" AND substr(place.name || ':' || sight.name, 1, length(?1)) = ?1"
		" ORDER BY place, sight.name", "s",
		prefix);
	int got = -1;

	while (rows != NULL && (got = db_step(ledger, rows, error)) == 1)
		if (owner_state(ledger, rows_text(rows, 1), rows_int(rows, 2)) != OWNER_OTHER)
			g_ptr_array_add(refs, g_strdup(rows_text(rows, 0)));
	if (got != 0)
		return FALSE;
	g_ptr_array_add(refs, NULL);
	*refs_out = (char **) g_ptr_array_steal(refs, NULL);
	return TRUE;
}

gboolean
ledger_settle_missing(Ledger *ledger, const char *ref, GError **error)
{
	return ledger_settle(ledger, ref, 0, "gone", "no longer where it was", error);
}

/* ---- folders ---- */

GArray *
ledger_folder_settled(Ledger *ledger, const char *account, const char *folder,
                      guint32 uidvalidity, guint32 above, GError **error)
{
	g_autofree char *place = g_strdup_printf("imap:%s:%s:%u", account, folder, uidvalidity);
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT name FROM sight WHERE place = (SELECT id FROM place WHERE name = ?)"
		" AND name > ? AND name <= 4294967295 AND outcome IS NOT NULL ORDER BY name", "sI", place,
		(gint64) above);
	int got = -1;

	if (rows == NULL)
		return NULL;
	while ((got = db_step(ledger, rows, error)) == 1) {
		guint32 uid = (guint32) rows_int(rows, 0);
		g_array_append_val(uids, uid);
	}
	return got == 0 ? g_steal_pointer(&uids) : NULL;
}
