/* ledger.c - opens, makes and closes the ledger. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/error.h"
#include "record-private.h"

#define LOG_PAGES_KEPT 256 /* by processes that leave it behind */

static gboolean
set_errno_error(GError **error, const char *path, const char *remedy)
{
	int saved = errno;

	g_set_error(error, AARDIG_ERROR,
	            saved == ENOSPC || saved == EDQUOT || saved == EIO ? AARDIG_ERROR_TEMPORARY
	                                                               : AARDIG_ERROR_CONFIG,
	            "ledger %s: %s%s", path, g_strerror(saved), remedy);
	return FALSE;
}

/* Every folder that is made gets 0700 whatever the umask says; those that were there stay as they
 * are. */
static gboolean
make_folder(const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);

	if (g_file_test(folder, G_FILE_TEST_IS_DIR))
		return TRUE;
	mode_t before = umask(0077);
	int made = g_mkdir_with_parents(folder, 0700);
	int saved = errno;
	umask(before);
	errno = saved;
	return made == 0 || set_errno_error(error, path, "; make its folder, or set another state_dir");
}

/* Made here and not by SQLite, so that its mode is right from the first moment; the -wal and -shm
 * files take it over. A first start as root leaves the file to the owner of the folder, who runs
 * the service. */
static gboolean
make_file(const char *path, GError **error)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 && errno == EEXIST) {
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
		    (st.st_mode & 0777) != 0600)
			chmod(path, 0600);
		return TRUE;
	}
	if (fd < 0)
		return set_errno_error(error, path, "; its folder must belong to the user who runs aardig");

	g_autofree char *folder = g_path_get_dirname(path);
	gboolean ok = fchmod(fd, 0600) == 0;
	if (geteuid() == 0 && stat(folder, &st) == 0 && st.st_uid != 0)
		ok = fchown(fd, st.st_uid, st.st_gid) == 0 && ok;
	if (!ok)
		set_errno_error(error, path, "");
	close(fd);
	return ok;
}

/* What kind of database it is, at one moment: another process may be making it just now. */
typedef struct {
	int version;
	gint64 application, tables;
} Marks;

static gboolean
read_marks(Ledger *ledger, Marks *out, GError **error)
{
	gboolean ok = db_run(ledger, error, "BEGIN", "");

	ok = ok && (out->version = schema_version(ledger, error)) >= 0 &&
	     db_value(ledger, &out->application, error, "PRAGMA application_id", "") >= 0 &&
	     db_value(ledger, &out->tables, error, "SELECT count(*) FROM sqlite_schema", "") >= 0;
	if (!sqlite3_get_autocommit(ledger->db))
		db_run(ledger, NULL, "ROLLBACK", "");
	return ok;
}

/* Sets CONFIG for a database that is not ours or not known; *version_out is 0 for an empty one. */
static gboolean
check_ours(Ledger *ledger, int *version_out, GError **error)
{
	Marks marks = { 0 };

	if (!read_marks(ledger, &marks, error))
		return FALSE;
	if (marks.application != LEDGER_APPLICATION_ID &&
	    (marks.application != 0 || marks.version != 0 || marks.tables != 0)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "ledger %s: this database belongs to another program; set another state_dir",
		            ledger->path);
		return FALSE;
	}
	if (marks.version > schema_latest()) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "ledger %s: made by a newer aardig (schema %d, this one knows up to %d);"
		            " install that "
		            "version again, or restore a backup from before the upgrade",
		            ledger->path, marks.version, schema_latest());
		return FALSE;
	}
	*version_out = marks.version;
	return TRUE;
}

/* Changing the journal mode does not ask the busy handler, so several first starts at once must
 * ask again. */
static gboolean
switch_to_wal(Ledger *ledger, GError **error)
{
	gint64 deadline = clock_monotonic_ms() + BUSY_MS;

	for (;;) {
		int code = sqlite3_exec(ledger->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);

		if (code == SQLITE_OK)
			return TRUE;
		if (((code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED) ||
		    clock_monotonic_ms() >= deadline) {
			db_set_error(ledger, code, error);
			return FALSE;
		}
		g_usleep(5000);
	}
}

static gboolean
load_basics(Ledger *ledger, GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error, "SELECT value FROM meta"
	                                               " WHERE key = 'secret'", "");
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;

	if (got < 0)
		return FALSE;
	if (got == 0 || sqlite3_column_bytes(rows, 0) != LEDGER_SECRET_LENGTH) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "ledger %s: damaged, its secret is missing; restore a backup", ledger->path);
		return FALSE;
	}
	memcpy(ledger->secret, sqlite3_column_blob(rows, 0), LEDGER_SECRET_LENGTH);
	ledger->salted = g_hmac_new(G_CHECKSUM_SHA256, ledger->secret, sizeof ledger->secret);
	return db_value(ledger, &ledger->newest, error, "SELECT newest FROM clock", "") >= 0;
}

/* Nobody asks how much memory SQLite has in use; counting it takes a lock at every allocation. It is too
 * late, and does no harm, where this process has opened a ledger before. */
static void
count_no_memory(void)
{
	static gsize done;

	if (!g_once_init_enter(&done))
		return;
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	g_once_init_leave(&done, 1);
}

static gboolean
open_database(Ledger *ledger, int flags, GError **error)
{
	count_no_memory();
	int code = sqlite3_open_v2(ledger->path, &ledger->db, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (code != SQLITE_OK) {
		db_set_error(ledger, code, error);
		return FALSE;
	}
	sqlite3_extended_result_codes(ledger->db, 1);
	sqlite3_busy_handler(ledger->db, db_busy, ledger);
	sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return TRUE;
}

static void
statement_free(gpointer stmt)
{
	sqlite3_finalize(stmt);
}

static Ledger *
ledger_new(const char *path, gboolean readonly)
{
	Ledger *ledger = g_new0(Ledger, 1);

	ledger->path = g_strdup(path);
	ledger->readonly = readonly;
	ledger->busy_ms = BUSY_MS;
	ledger->owner = readonly ? NULL : owner_self();
	ledger->statements = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
	                                           statement_free);
	return ledger;
}

Ledger *
ledger_open(const char *path, GError **error)
{
	int version = 0;

	if (!make_folder(path, error) || !make_file(path, error))
		return NULL;

	g_autoptr(Ledger) ledger = ledger_new(path, FALSE);
	if (!open_database(ledger, SQLITE_OPEN_READWRITE, error) ||
	    !check_ours(ledger, &version, error))
		return NULL;
	if (sqlite3_db_readonly(ledger->db, "main") == 1) {
		db_set_error(ledger, SQLITE_READONLY, error);
		return NULL;
	}
	/* What is deleted or wiped must not stay readable in the file. */
	ledger->durable = TRUE;
	if (version == 0 && !db_run(ledger, error, "PRAGMA page_size = 2048", ""))
		return NULL;
	if (!switch_to_wal(ledger, error) ||
	    !db_run(ledger, error, "PRAGMA synchronous = FULL", "") ||
	    !db_run(ledger, error, "PRAGMA foreign_keys = ON", "") ||
	    !db_run(ledger, error, "PRAGMA secure_delete = ON", "") ||
	    !db_run(ledger, error, "PRAGMA temp_store = MEMORY", "") ||
	    /* Pages that are written again and again are copied once per 16 MB of log. */
	    !db_run(ledger, error, "PRAGMA wal_autocheckpoint = 8000", "") ||
	    !db_run(ledger, error, "PRAGMA journal_size_limit = 16777216", ""))
		return NULL;
	if ((version < schema_latest() && !schema_migrate(ledger, schema_latest(), error)) ||
	    /* A migration leaves whole pages behind; nothing else does. */
	    !db_run(ledger, error, "PRAGMA secure_delete = FAST", "") || !load_basics(ledger, error))
		return NULL;
	return g_steal_pointer(&ledger);
}

Ledger *
ledger_open_readonly(const char *path, GError **error)
{
	int version = 0;

	if (access(path, F_OK) != 0 && errno == ENOENT) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "ledger %s: there is none yet; 'aardig run' makes it", path);
		return NULL;
	}

	g_autoptr(Ledger) ledger = ledger_new(path, TRUE);
	if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
		db_set_error(ledger, SQLITE_CANTOPEN, error);
		return NULL;
	}
	if (!open_database(ledger, SQLITE_OPEN_READONLY, error) || !check_ours(ledger, &version, error))
		return NULL;
	if (version < schema_latest()) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "ledger %s: made by an older aardig (schema %d);"
		            " 'aardig run' brings it up to date",
		            path, version);
		return NULL;
	}
	if (!load_basics(ledger, error))
		return NULL;
	return g_steal_pointer(&ledger);
}

void
ledger_keep_log(Ledger *ledger)
{
	sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	/* The next process reads it all when it opens the ledger. */
	sqlite3_wal_autocheckpoint(ledger->db, LOG_PAGES_KEPT);
}

void
ledger_close(Ledger *ledger)
{
	if (ledger == NULL)
		return;
	ledger_rest(ledger, NULL);
	/* Finalizes the statements; an open transaction is rolled back. */
	g_hash_table_unref(ledger->statements);
	sqlite3_close(ledger->db);
	explicit_bzero(ledger->secret, sizeof ledger->secret);
	g_clear_pointer(&ledger->salted, g_hmac_unref);
	g_free(ledger->path);
	g_free(ledger->owner);
	g_free(ledger->shop_name);
	g_free(ledger);
}

const guint8 *
ledger_secret(const Ledger *ledger)
{
	return ledger->secret;
}

gboolean
ledger_newest_time(Ledger *ledger, gint64 *time_out, GError **error)
{
	gint64 newest = 0;

	if (db_value(ledger, &newest, error, "SELECT newest FROM clock", "") < 0)
		return FALSE;
	*time_out = newest;
	return TRUE;
}

gboolean
ledger_has_acknowledged(Ledger *ledger, const char *account, gboolean *has_out, GError **error)
{
	gint64 has = 0;

	if (db_value(ledger, &has, error, "SELECT EXISTS (SELECT 1 FROM ack JOIN mail"
	                                  " ON mail.id = ack.mail"
	             " WHERE mail.account = ?)", "s", account) < 0)
		return FALSE;
	*has_out = has != 0;
	return TRUE;
}
