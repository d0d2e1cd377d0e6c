/* ledger-folder.c - how far each folder is, how each account fares, what the operator was told. */
#include "config.h"

#include "record-private.h"

#define TROUBLE_MAX 500

gboolean
ledger_folder_get(Ledger *ledger, const char *account, const char *folder, FolderState *state_out,
                  GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT uidvalidity, watermark, last_sync FROM folder WHERE account = ?"
		" AND folder = ?", "ss",
		account, folder);
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;

	if (got < 0)
		return FALSE;
	*state_out = (FolderState) { 0 };
	if (got == 1) {
		state_out->uidvalidity = (guint32) rows_int(rows, 0);
		state_out->watermark = (guint32) rows_int(rows, 1);
		state_out->last_sync = rows_int(rows, 2);
	}
	return TRUE;
}

gboolean
ledger_folder_set(Ledger *ledger, const char *account, const char *folder,
                  const FolderState *state, GError **error)
{
	return tx_begin(ledger, TX_LAX, error) &&
	       tx_end(ledger,
	              db_run(ledger, error, "INSERT OR REPLACE INTO folder"
	                                    " VALUES (?, ?, ?, ?, ?)", "ssIII",
	                     account, folder, (gint64) state->uidvalidity, (gint64) state->watermark,
	                     state->last_sync),
	              "folder", error);
}

gboolean
ledger_account_ok(Ledger *ledger, const char *account, gint64 now, GError **error)
{
	return tx_begin(ledger, TX_LAX, error) &&
	       tx_end(ledger,
	              db_run(ledger, error,
	                     "INSERT INTO account (name, ok, first) VALUES (?1, ?2, ?2)"
	                     " ON CONFLICT (name)"
	                     " DO UPDATE SET ok = ?2, trouble = NULL, trouble_since = NULL,"
	                     " trouble_last = NULL", "sI", account, now),
	              "account", error);
}

gboolean
ledger_account_last_ok(Ledger *ledger, const char *account, gint64 *time_out, GError **error)
{
	gint64 ok = 0;

	if (db_value(ledger, &ok, error, "SELECT coalesce(ok, 0) FROM account WHERE name = ?", "s",
	             account) < 0)
		return FALSE;
	*time_out = ok;
	return TRUE;
}

gboolean
ledger_account_trouble(Ledger *ledger, const char *account, const char *text, gint64 now,
                       GError **error)
{
	g_autofree char *kept = text_keep(text, TROUBLE_MAX);

	return tx_begin(ledger, TX_LAX, error) &&
	       tx_end(ledger,
	              db_run(ledger, error,
	                     "INSERT INTO account (name, first, trouble, trouble_since, trouble_last)"
	                     " VALUES (?1, ?3, ?2, ?3, ?3) ON CONFLICT (name) DO UPDATE"
	                     " SET trouble = ?2,"
	                     " trouble_since = coalesce(trouble_since, ?3), trouble_last = ?3", "ssI",
	                     account, kept, now),
	              "account", error);
}

static gboolean
notice(Ledger *ledger, const char *key, gint64 period, gint64 now, gboolean *first, GError **error)
{
	gint64 at = 0;
	int got = db_value(ledger, &at, error, "SELECT at FROM notice WHERE key = ?", "s", key);

	if (got < 0)
		return FALSE;
	/* One from the future was made by a clock that has been set back since. */
	*first = got == 0 || now - at >= period || at > now + HOUR;
	if (!*first)
		return TRUE;
	return db_run(ledger, error, "INSERT OR REPLACE INTO notice VALUES (?, ?)", "sI", key, now);
}

gboolean
ledger_notice_once(Ledger *ledger, const char *key, gint64 period, gint64 now, gboolean *first_out,
                   GError **error)
{
	gboolean first = FALSE;

	if (!tx_begin(ledger, TX_DURABLE, error) ||
	    !tx_end(ledger, notice(ledger, key, period, now, &first, error), "notice", error))
		return FALSE;
	*first_out = first;
	return TRUE;
}
