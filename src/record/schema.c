/* schema.c - the tables, as steps from one version to the next. A step that was released is never
 * changed again; a change of the schema is a new step. */
#include "config.h"

#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/secret.h"
#include "record-private.h"

static const char step_1[] =
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;"

	/* Newest time on record, since when the clock has been behind it, something to write
	 * (sync_group), and up to which mail and time retention has wiped. */
	"CREATE TABLE clock (one INTEGER PRIMARY KEY CHECK (one = 1), newest INTEGER NOT NULL,"
	" behind_since INTEGER, beat INTEGER NOT NULL, wiped_to INTEGER NOT NULL,"
	" wiped_until INTEGER NOT NULL) STRICT;"
	"INSERT INTO clock VALUES (1, 0, NULL, 0, 0, 0);"

	"CREATE TABLE shop (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"

	/* A conversation of one correspondent; who NULL: nobody known, so nobody can join it. */
	"CREATE TABLE thread (id INTEGER PRIMARY KEY, shop INTEGER NOT NULL REFERENCES shop,"
	" who BLOB, ticket INTEGER, draft_id TEXT) STRICT;"
	"CREATE UNIQUE INDEX thread_ticket ON thread (shop, ticket) WHERE ticket IS NOT NULL;"
	/* The newest conversation of that correspondent in which the Message-ID appeared. */
	"CREATE TABLE thread_id (hash BLOB NOT NULL, who BLOB NOT NULL, shop INTEGER NOT NULL,"
	" thread INTEGER NOT NULL REFERENCES thread, PRIMARY KEY (hash, who, shop)) STRICT,"
	" WITHOUT ROWID;"

	/* Hashes outlive retention, text does not. ref: the place under which the mail is being
	 * handled. Every index is a page more to write per mail; what can be found through sight
	 * has none here. */
	"CREATE TABLE mail (id INTEGER PRIMARY KEY, shop INTEGER NOT NULL REFERENCES shop,"
	" account TEXT NOT NULL, id_hash BLOB, content BLOB, who BLOB,"
	" message_id TEXT, correspondent TEXT, sender TEXT, subject TEXT,"
	" thread INTEGER NOT NULL REFERENCES thread, same_id INTEGER NOT NULL DEFAULT 0,"
	" arrived INTEGER NOT NULL, opened INTEGER NOT NULL, touched INTEGER NOT NULL,"
	" owner TEXT, ref TEXT, outcome TEXT, reason TEXT, settled INTEGER,"
	" wiped INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE INDEX mail_id ON mail (shop, id_hash, content) WHERE id_hash IS NOT NULL;"
	"CREATE INDEX mail_content ON mail (shop, content);"
	"CREATE INDEX mail_thread ON mail (thread);"
	"CREATE INDEX mail_who ON mail (who) WHERE who IS NOT NULL;"

	"CREATE TABLE decision (mail INTEGER PRIMARY KEY REFERENCES mail, at INTEGER NOT NULL,"
	" language TEXT, type TEXT, tone TEXT, unsure TEXT, complaint INTEGER NOT NULL,"
	" urgent INTEGER NOT NULL, guard TEXT, guard_reason TEXT, team TEXT, priority TEXT,"
	" order_number TEXT, customer_name TEXT, evidence TEXT, rules_version TEXT,"
	" answer_by INTEGER NOT NULL, needs_human INTEGER NOT NULL) STRICT;"

	/* Where a mail was seen. The last part of a reference is a number where it is a UID.
	 * tries: since the last orderly end; total: all of them. */
	"CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
	"CREATE TABLE sight (place INTEGER NOT NULL REFERENCES place, name ANY NOT NULL,"
	" mail INTEGER REFERENCES mail, first INTEGER NOT NULL, touched INTEGER NOT NULL,"
	" tries INTEGER NOT NULL, total INTEGER NOT NULL, due INTEGER, owner TEXT,"
	" outcome TEXT, reason TEXT, settled INTEGER, PRIMARY KEY (place, name)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX sight_mail ON sight (mail) WHERE mail IS NOT NULL;"
	"CREATE INDEX sight_open ON sight (place) WHERE settled IS NULL;"
	"CREATE INDEX sight_settled ON sight (settled) WHERE settled IS NOT NULL;"

	"CREATE TABLE action (mail INTEGER NOT NULL REFERENCES mail,"
	" kind TEXT NOT NULL, target TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN"
	" ('claimed', 'committing', 'done', 'failed', 'given-up', 'unknown', 'refused')),"
	" our_id TEXT NOT NULL, tries INTEGER NOT NULL, first INTEGER NOT NULL, began INTEGER,"
	" touched INTEGER NOT NULL, due INTEGER, owner TEXT, detail TEXT,"
	" PRIMARY KEY (mail, kind, target)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX action_unknown ON action (touched) WHERE state = 'unknown';"

	/* Acknowledgements that count for limits and threads; addresses only as salted hashes. */
	"CREATE TABLE ack (mail INTEGER PRIMARY KEY REFERENCES mail, shop INTEGER NOT NULL,"
	" at INTEGER NOT NULL, recipient BLOB NOT NULL, domain BLOB, form BLOB) STRICT;"
	"CREATE INDEX ack_recipient ON ack (recipient, at, shop);"
	"CREATE INDEX ack_domain ON ack (domain, at, shop) WHERE domain IS NOT NULL;"
	"CREATE INDEX ack_form ON ack (form, at, shop) WHERE form IS NOT NULL;"
	"CREATE INDEX ack_at ON ack (at, shop);"

	"CREATE TABLE breaker (shop INTEGER PRIMARY KEY REFERENCES shop, since INTEGER NOT NULL,"
	" hour_limit INTEGER NOT NULL) STRICT;"
	/* What wanted an acknowledgement while the breaker was open. */
	"CREATE TABLE turned_away (id INTEGER PRIMARY KEY, shop INTEGER NOT NULL REFERENCES shop,"
	" at INTEGER NOT NULL) STRICT;"
	"CREATE INDEX turned_away_at ON turned_away (at);"

	"CREATE TABLE folder (account TEXT NOT NULL, folder TEXT NOT NULL,"
	" uidvalidity INTEGER NOT NULL,"
	" watermark INTEGER NOT NULL, last_sync INTEGER NOT NULL, PRIMARY KEY (account, folder))"
	" STRICT, WITHOUT ROWID;"
	"CREATE TABLE account (name TEXT PRIMARY KEY, ok INTEGER, first INTEGER NOT NULL, trouble TEXT,"
	" trouble_since INTEGER, trouble_last INTEGER) STRICT, WITHOUT ROWID;"
	"CREATE TABLE notice (key TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

/* What a human says the labels should have been. */
static const char step_2[] =
	"ALTER TABLE mail ADD COLUMN corrected_type TEXT;"
	"ALTER TABLE mail ADD COLUMN corrected_tone TEXT;";

/* The states of an action are checked without IN, which fills a table of its own at every writing. */
static const char step_3[] =
	"CREATE TABLE action_3 (mail INTEGER NOT NULL REFERENCES mail,"
	" kind TEXT NOT NULL, target TEXT NOT NULL, state TEXT NOT NULL CHECK (CASE state"
	" WHEN 'claimed' THEN 1 WHEN 'committing' THEN 1 WHEN 'done' THEN 1 WHEN 'failed' THEN 1"
	" WHEN 'given-up' THEN 1 WHEN 'unknown' THEN 1 WHEN 'refused' THEN 1 ELSE 0 END),"
	" our_id TEXT NOT NULL, tries INTEGER NOT NULL, first INTEGER NOT NULL, began INTEGER,"
	" touched INTEGER NOT NULL, due INTEGER, owner TEXT, detail TEXT,"
	" PRIMARY KEY (mail, kind, target)) STRICT, WITHOUT ROWID;"
	"INSERT INTO action_3 SELECT mail, kind, target, state, our_id, tries, first, began, touched, due,"
	" owner, detail FROM action;"
	"DROP TABLE action;"
	"ALTER TABLE action_3 RENAME TO action;"
	"CREATE INDEX action_unknown ON action (touched) WHERE state = 'unknown';";

static const char *const steps[] = { step_1, step_2, step_3 };

int
schema_latest(void)
{
	return G_N_ELEMENTS(steps);
}

int
schema_version(Ledger *ledger, GError **error)
{
	gint64 version = -1;

	return db_value(ledger, &version, error, "PRAGMA user_version", "") == 1 ? (int) version : -1;
}

static gboolean
execute(Ledger *ledger, const char *sql, GError **error)
{
	int code = sqlite3_exec(ledger->db, sql, NULL, NULL, NULL);

	if (code != SQLITE_OK)
		db_set_error(ledger, code, error);
	return code == SQLITE_OK;
}

static gboolean
make_secret(Ledger *ledger, GError **error)
{
	guint8 secret[LEDGER_SECRET_LENGTH];

	secret_random(secret, sizeof secret);
	return db_run(ledger, error, "INSERT INTO meta VALUES ('secret', ?)", "b", secret,
	              (int) sizeof secret) &&
	       db_run(ledger, error, "INSERT INTO meta VALUES ('created', ?)", "I", clock_now());
}

static gboolean
migrate_steps(Ledger *ledger, int from, int to, GError **error)
{
	for (int i = from; i < to; i++) {
		if (!execute(ledger, steps[i], error) || (i == 0 && !make_secret(ledger, error))) {
			g_prefix_error(error, "schema %d: ", i + 1);
			return FALSE;
		}
	}

	g_autofree char *mark = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d",
	                                        LEDGER_APPLICATION_ID, to);
	return execute(ledger, mark, error);
}

gboolean
schema_migrate(Ledger *ledger, int to, GError **error)
{
	if (!execute(ledger, "BEGIN IMMEDIATE", error))
		return FALSE;

	/* Another process may have done it while we waited for the lock. */
	int from = schema_version(ledger, error);
	if (from < 0 || (from < to && !migrate_steps(ledger, from, to, error)) ||
	    !execute(ledger, "COMMIT", error)) {
		sqlite3_exec(ledger->db, "ROLLBACK", NULL, NULL, NULL);
		return FALSE;
	}
	return TRUE;
}
