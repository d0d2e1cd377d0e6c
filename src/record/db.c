/* db.c - cached statements, transactions and what SQLite's result codes mean for the operator. */
#include "config.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/fault.h"
#include "record-private.h"

void
rows_done(Rows *rows)
{
	if (rows == NULL)
		return;
	sqlite3_reset(rows);
	sqlite3_clear_bindings(rows);
}

const char *
rows_text(Rows *rows, int column)
{
	return (const char *) sqlite3_column_text(rows, column);
}

gint64
rows_int(Rows *rows, int column)
{
	return sqlite3_column_int64(rows, column);
}

/* SQLite's own handler sleeps up to 100 ms a time; with many short writers that is unfair, so
 * ours naps briefly and looks at the clock. */
int
db_busy(void *data, int tries)
{
	Ledger *ledger = data;
	gint64 now = clock_monotonic_ms();

	if (tries == 0)
		ledger->busy_until = now + ledger->busy_ms;
	if (now >= ledger->busy_until)
		return 0;
	g_usleep(g_random_int_range(500, tries < 10 ? 3000 : 15000));
	return 1;
}

static const struct {
	int code; /* primary result code */
	AardigError error;
	const char *text; /* %s is the path */
} meanings[] = {
	{ SQLITE_BUSY, AARDIG_ERROR_TEMPORARY,
	  "ledger %s: busy for 10 seconds; another program holds it (a backup,"
	  " an open sqlite3 shell?)" },
	{ SQLITE_LOCKED, AARDIG_ERROR_TEMPORARY, "ledger %s: locked by another step of this program" },
	{ SQLITE_FULL, AARDIG_ERROR_TEMPORARY,
	  "ledger %s: the disk is full; nothing is answered until there is room again" },
	{ SQLITE_IOERR, AARDIG_ERROR_TEMPORARY,
	  "ledger %s: the disk could not be read or written; look at the disk and its free space" },
	{ SQLITE_NOMEM, AARDIG_ERROR_TEMPORARY, "ledger %s: out of memory" },
	{ SQLITE_INTERRUPT, AARDIG_ERROR_TEMPORARY, "ledger %s: interrupted" },
	{ SQLITE_PROTOCOL, AARDIG_ERROR_TEMPORARY, "ledger %s: locking failed;"
	                                           " is it on a network disk?" },
	{ SQLITE_NOTADB, AARDIG_ERROR_CONFIG,
	  "ledger %s: this file is not a database;"
	  " move it away (a new ledger is then made) or set another "
	  "state_dir" },
	{ SQLITE_CORRUPT, AARDIG_ERROR_CONFIG,
	  "ledger %s: damaged; stop aardig, keep a copy, and restore a backup or rebuild it with "
	  "'sqlite3 OLD .recover | sqlite3 NEW'" },
	{ SQLITE_READONLY, AARDIG_ERROR_CONFIG,
	  "ledger %s: cannot be written; run aardig as the user who owns it,"
	  " or give it to that user with "
	  "chown" },
	{ SQLITE_PERM, AARDIG_ERROR_CONFIG,
	  "ledger %s: no permission; run aardig as the user who owns it" },
	{ SQLITE_CANTOPEN, AARDIG_ERROR_CONFIG,
	  "ledger %s: cannot be opened; it and its folder must belong to the user who runs aardig" },
	{ SQLITE_CONSTRAINT, AARDIG_ERROR_PERMANENT, "ledger %s: refused an entry that"
	                                             " contradicts it" },
};

void
db_set_error(Ledger *ledger, int code, GError **error)
{
	const char *detail = ledger->db != NULL ? sqlite3_errmsg(ledger->db) : sqlite3_errstr(code);

	for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
		if (meanings[i].code != (code & 0xff))
			continue;
		char **parts = g_strsplit(meanings[i].text, "%s", 2);
		g_set_error(error, AARDIG_ERROR, meanings[i].error, "%s%s%s (%s)", parts[0], ledger->path,
		            parts[1], detail);
		g_strfreev(parts);
		return;
	}
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "ledger %s: %s (SQLite %d)", ledger->path,
	            detail, code);
}

static Rows *
prepare(Ledger *ledger, const char *sql, GError **error)
{
	sqlite3_stmt *stmt = g_hash_table_lookup(ledger->statements, sql);

	if (stmt != NULL) {
		sqlite3_reset(stmt);
		return stmt;
	}
	int code = sqlite3_prepare_v3(ledger->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
	if (code != SQLITE_OK) {
		db_set_error(ledger, code, error);
		return NULL;
	}
	g_hash_table_insert(ledger->statements, (gpointer) sql, stmt);
	return stmt;
}

static int
bind_hash(sqlite3_stmt *stmt, int at, const Hash *hash)
{
	if (hash == NULL || !hash->set)
		return sqlite3_bind_null(stmt, at);
	return sqlite3_bind_blob(stmt, at, hash->bytes, sizeof hash->bytes, SQLITE_TRANSIENT);
}

static int
bind_ref(sqlite3_stmt *stmt, int at, const RefParts *parts)
{
	if (parts->number >= 0)
		return sqlite3_bind_int64(stmt, at, parts->number);
	return sqlite3_bind_text(stmt, at, parts->name, -1, SQLITE_TRANSIENT);
}

static int
bind_all(sqlite3_stmt *stmt, const char *types, va_list *args)
{
	int code = SQLITE_OK;

	for (int at = 1; types[at - 1] != '\0' && code == SQLITE_OK; at++) {
		switch (types[at - 1]) {
		case 'i':
			code = sqlite3_bind_int(stmt, at, va_arg(*args, int));
			break;
		case 'I':
			code = sqlite3_bind_int64(stmt, at, va_arg(*args, gint64));
			break;
		case 's':
			code = sqlite3_bind_text(stmt, at, va_arg(*args, const char *), -1, SQLITE_TRANSIENT);
			break;
		case 'h':
			code = bind_hash(stmt, at, va_arg(*args, const Hash *));
			break;
		case 'r':
			code = bind_ref(stmt, at, va_arg(*args, const RefParts *));
			break;
		case 'b': {
			const void *bytes = va_arg(*args, const void *);
			code = sqlite3_bind_blob(stmt, at, bytes, va_arg(*args, int), SQLITE_TRANSIENT);
			break;
		}
		default:
			g_assert_not_reached();
		}
	}
	return code;
}

static Rows *
query_va(Ledger *ledger, GError **error, const char *sql, const char *types, va_list *args)
{
	Rows *rows = prepare(ledger, sql, error);

	if (rows == NULL)
		return NULL;
	g_assert((gsize) sqlite3_bind_parameter_count(rows) == strlen(types));
	int code = bind_all(rows, types, args);
	if (code != SQLITE_OK) {
		db_set_error(ledger, code, error);
		rows_done(rows);
		return NULL;
	}
	return rows;
}

Rows *
db_query(Ledger *ledger, GError **error, const char *sql, const char *types, ...)
{
	va_list args;

	va_start(args, types);
	Rows *rows = query_va(ledger, error, sql, types, &args);
	va_end(args);
	return rows;
}

int
db_step(Ledger *ledger, Rows *rows, GError **error)
{
	int code = sqlite3_step(rows);

	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE)
		return 0;
	db_set_error(ledger, code, error);
	return -1;
}

gboolean
db_run(Ledger *ledger, GError **error, const char *sql, const char *types, ...)
{
	va_list args;

	va_start(args, types);
	g_autoptr(Rows) rows = query_va(ledger, error, sql, types, &args);
	va_end(args);
	if (rows == NULL)
		return FALSE;

	int got;
	while ((got = db_step(ledger, rows, error)) == 1)
		;
	return got == 0;
}

int
db_value(Ledger *ledger, gint64 *out, GError **error, const char *sql, const char *types, ...)
{
	va_list args;

	va_start(args, types);
	g_autoptr(Rows) rows = query_va(ledger, error, sql, types, &args);
	va_end(args);
	if (rows == NULL)
		return -1;

	int got = db_step(ledger, rows, error);
	if (got == 1)
		*out = rows_int(rows, 0);
	return got;
}

gboolean
db_set_durable(Ledger *ledger, gboolean durable, GError **error)
{
	if (ledger->durable == durable)
		return TRUE;
	if (!db_run(ledger, error,
	            durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", ""))
		return FALSE;
	ledger->durable = durable;
	return TRUE;
}

static gboolean
check_writable(Ledger *ledger, GError **error)
{
	if (!ledger->readonly)
		return TRUE;
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "ledger %s: opened for reading only",
	            ledger->path);
	return FALSE;
}

gboolean
tx_begin(Ledger *ledger, TxLevel level, GError **error)
{
	if (!check_writable(ledger, error))
		return FALSE;
	if (ledger->depth == 0) {
		if (!db_set_durable(ledger, level == TX_DURABLE, error) ||
		    !db_run(ledger, error, "BEGIN IMMEDIATE", ""))
			return FALSE;
		ledger->wants_sync = FALSE;
	} else {
		ledger->wants_sync |= level == TX_DURABLE && !ledger->durable;
		/* Some errors (disk full) make SQLite roll the whole transaction back by itself. */
		if (sqlite3_get_autocommit(ledger->db)) {
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
			            "ledger %s: an earlier step of this transaction failed", ledger->path);
			return FALSE;
		}
		if (!db_run(ledger, error, "SAVEPOINT step", ""))
			return FALSE;
	}
	ledger->depth++;
	return TRUE;
}

/* note_time() keeps the newest time on record. Where the clock is behind it by more than an hour,
 * answers wait; once it has run a whole day in its new time it is believed, and entries from the
 * future are taken as made now. */
static gboolean
time_goes_on(Ledger *ledger, gint64 now, GError **error)
{
	ledger->newest = now;
	return db_run(ledger, error,
	              "UPDATE clock SET newest = max(newest, ?1),"
	              " behind_since = iif(newest <= ?1 + 3600, NULL, behind_since)", "I", now);
}

static gboolean
time_is_behind(Ledger *ledger, gint64 now, GError **error)
{
	gint64 since = now;
	g_autoptr(Rows) rows = db_query(ledger, error, "SELECT newest, behind_since FROM clock", "");

	if (rows == NULL || db_step(ledger, rows, error) < 0)
		return FALSE;
	/* Another process may know better than we remember. */
	ledger->newest = rows_int(rows, 0);
	if (now + HOUR >= ledger->newest)
		return now <= ledger->newest || time_goes_on(ledger, now, error);
	if (rows_int(rows, 1) != 0)
		since = MIN(since, rows_int(rows, 1));
	if (now - since < DAY)
		return rows_int(rows, 1) == since ||
		       db_run(ledger, error, "UPDATE clock SET behind_since = ?", "I", since);

	ledger->newest = now;
	return db_run(ledger, error, "UPDATE clock SET newest = ?1, behind_since = NULL", "I", now) &&
	       db_run(ledger, error, "UPDATE ack SET at = ?1 WHERE at > ?1", "I", now) &&
	       db_run(ledger, error, "UPDATE mail SET opened = ?1 WHERE opened > ?1", "I", now);
}

static gboolean
note_time(Ledger *ledger, GError **error)
{
	gint64 now = clock_now();

	if (now > ledger->newest)
		return time_goes_on(ledger, now, error);
	return now + HOUR >= ledger->newest || time_is_behind(ledger, now, error);
}

static void
fault_at(const char *step, const char *when)
{
	if (fault_hook == NULL)
		return;
	g_autofree char *name = g_strdup_printf("record.%s.%s", step, when);
	fault_point(name);
}

static void
roll_back(Ledger *ledger)
{
	gboolean outermost = ledger->depth == 0;

	/* The shop may have been made by what is undone now. */
	g_clear_pointer(&ledger->shop_name, g_free);
	if (sqlite3_get_autocommit(ledger->db))
		return;
	if (outermost) {
		db_run(ledger, NULL, "ROLLBACK", "");
		return;
	}
	db_run(ledger, NULL, "ROLLBACK TO step", "");
	db_run(ledger, NULL, "RELEASE step", "");
}

/* The log of SQLite is one sequence: syncing an entry after the group syncs the group. How a
 * transaction is synced cannot be changed while it runs. */
static gboolean
sync_group(Ledger *ledger, GError **error)
{
	ledger->wants_sync = FALSE;
	if (!db_set_durable(ledger, TRUE, error) ||
	    !db_run(ledger, error, "UPDATE clock SET beat = beat + 1", ""))
		return FALSE;
	ledger->owes_sync = FALSE;
	return TRUE;
}

gboolean
tx_end(Ledger *ledger, gboolean ok, const char *step, GError **error)
{
	g_assert(ledger->depth > 0);
	ledger->depth--;
	if (!ok) {
		roll_back(ledger);
		return FALSE;
	}
	if (ledger->depth > 0)
		return db_run(ledger, error, "RELEASE step", "");

	if (sqlite3_get_autocommit(ledger->db)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
		            "ledger %s: an earlier step of this transaction failed", ledger->path);
		return FALSE;
	}
	fault_at(step, "commit");
	if (!note_time(ledger, error) || !db_run(ledger, error, "COMMIT", "")) {
		roll_back(ledger);
		return FALSE;
	}
	if (ledger->durable)
		ledger->owes_sync = FALSE;
	fault_at(step, "committed");
	return !ledger->wants_sync || sync_group(ledger, error);
}

void
tx_owe_sync(Ledger *ledger)
{
	ledger->owes_sync = TRUE;
}

gboolean
ledger_rest(Ledger *ledger, GError **error)
{
	if (!ledger->owes_sync || ledger->depth > 0)
		return TRUE;
	fault_at("rest", "commit");
	if (!sync_group(ledger, error))
		return FALSE;
	fault_at("rest", "committed");
	return TRUE;
}

/* A group waits for the disk only if a step in it must. */
gboolean
ledger_begin(Ledger *ledger, GError **error)
{
	return tx_begin(ledger, TX_LAX, error);
}

gboolean
ledger_begin_durable(Ledger *ledger, GError **error)
{
	return tx_begin(ledger, TX_DURABLE, error);
}

gboolean
ledger_commit(Ledger *ledger, GError **error)
{
	return tx_end(ledger, TRUE, "group", error);
}

void
ledger_rollback(Ledger *ledger)
{
	tx_end(ledger, FALSE, "group", NULL);
}
