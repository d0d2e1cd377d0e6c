/* ledger-read.c - how things stand, as JSON, and what in it needs somebody's attention. */
#include "config.h"

#include <jansson.h>

#include "aardig/clock.h"
#include "read-private.h"

#define LIST_MAX 200
#define SILENCE (30 * MINUTE)
#define LOOK_BACK (7 * DAY)
#define TICKET_AGE (14 * DAY)

json_t *
json_when(gint64 seconds)
{
	if (seconds == 0)
		return json_null();
	g_autofree char *text = clock_format(seconds);
	return json_string(text);
}

json_t *
json_column(Rows *rows, int column, char kind)
{
	if (sqlite3_column_type(rows, column) == SQLITE_NULL)
		return json_null();
	switch (kind) {
	case 't': return json_when(rows_int(rows, column));
	case 'i': return json_integer(rows_int(rows, column));
	case 'b': return json_boolean(rows_int(rows, column) != 0);
	case 'j': {
		json_t *value = json_loads(rows_text(rows, column), 0, NULL);
		return value != NULL ? value : json_null();
	}
	default: return json_string(rows_text(rows, column));
	}
}

json_t *
json_row(Rows *rows, const char *kinds)
{
	json_t *row = json_object();

	for (int i = 0; kinds[i] != '\0'; i++)
		if (kinds[i] != '-')
			json_object_set_new(row, sqlite3_column_name(rows, i), json_column(rows, i, kinds[i]));
	return row;
}

json_t *
json_rows(Ledger *ledger, Rows *rows, const char *kinds, GError **error)
{
	json_t *list = json_array();
	int got = -1;

	while (rows != NULL && (got = db_step(ledger, rows, error)) == 1)
		json_array_append_new(list, json_row(rows, kinds));
	if (got != 0)
		g_clear_pointer(&list, json_decref);
	return list;
}

/* ---- what needs attention ---- */

static void G_GNUC_PRINTF(4, 5)
attend(json_t *status, const char *kind, const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	json_array_append_new(json_object_get(status, "reasons"),
	                      json_pack("{s:s, s:s?, s:s}", "kind", kind, "name", name, "text", text));
	json_object_set_new(status, "attention", json_true());
}

/* ---- accounts ---- */

#define ACCOUNTS_SQL "SELECT name, ok AS last_poll, trouble, trouble_since, trouble_last, ok," \
	" first FROM account ORDER BY name"

static void
judge_account(json_t *status, Rows *rows, gint64 now)
{
	const char *name = rows_text(rows, 0), *trouble = rows_text(rows, 2);
	gint64 ok = rows_int(rows, 5);
	gint64 silent = now - (ok != 0 ? ok : rows_int(rows, 6));

	if (silent < SILENCE)
		return;
	if (ok == 0)
		attend(status, "account", name, "account %s: never polled successfully%s%s", name,
		       trouble != NULL ? ": " : "", trouble != NULL ? trouble : "");
	else
		attend(status, "account", name, "account %s: no successful poll for %" G_GINT64_FORMAT
		       " minutes%s%s", name, silent / MINUTE, trouble != NULL ? ": " : "",
		       trouble != NULL ? trouble : "; is 'aardig run' running?");
}

static gboolean
add_accounts(Ledger *ledger, json_t *status, gint64 now, GError **error)
{
	json_t *list = json_array();
	g_autoptr(Rows) rows = db_query(ledger, error, ACCOUNTS_SQL, "");
	int got = -1;

	json_object_set_new(status, "accounts", list);
	while (rows != NULL && (got = db_step(ledger, rows, error)) == 1) {
		json_array_append_new(list, json_row(rows, "ststt--"));
		judge_account(status, rows, now);
	}
	return got == 0;
}

/* ---- lists of mails ---- */

#define MAIL_COLUMNS " mail.id AS mail, mail.account, mail.sender AS 'from', mail.subject," \
	" mail.arrived"
/* What is unfinished has an unfinished place where it was seen. */
#define OPEN_SIGHTS " sight INDEXED BY sight_open"

static const struct {
	const char *key;
	const char *sql;   /* ?1 a time, ?2 the longest list */
	const char *kinds;
	gint64 back;       /* ?1 is now minus this */
	const char *text;  /* attention: with the number of mails; NULL: none */
} lists[] = {
	{ "open",
	  "SELECT action.mail, kind, target, state, our_id, action.tries,"
	  " action.first AS since, action.due,"
	  " detail FROM" OPEN_SIGHTS " JOIN action ON action.mail = sight.mail"
	  " WHERE sight.settled IS NULL AND state IN ('claimed', 'committing', 'failed') AND ?1 > 0"
	  " GROUP BY action.mail, kind, target ORDER BY action.first LIMIT ?2",
	  "issssitts", 0, NULL },
	{ "waiting",
	  "SELECT" MAIL_COLUMNS ", mail.ref, sight.due FROM" OPEN_SIGHTS
	  " JOIN mail ON mail.id = sight.mail WHERE sight.settled IS NULL AND mail.outcome IS NULL"
	  " AND ?1 > 0"
	  " GROUP BY mail.id ORDER BY mail.id LIMIT ?2",
	  "issstst", 0, NULL },
	{ "unrouted",
	  "SELECT" MAIL_COLUMNS ", mail.reason, mail.settled FROM sight JOIN mail"
	                        " ON mail.id = sight.mail"
	  " WHERE sight.settled > ?1 AND sight.outcome = 'unrouted' GROUP BY mail.id ORDER BY mail.id"
	  " LIMIT ?2",
	  "issstst", TICKET_AGE,
	  "mail reached no human because every route failed: read it, and look at the routes" },
	{ "unknown",
	  "SELECT" MAIL_COLUMNS ", action.touched AS at, action.detail FROM action"
	  " JOIN mail ON mail.id = action.mail WHERE state = 'unknown' AND action.touched > ?1"
	  " ORDER BY action.touched LIMIT ?2",
	  "issstts", LOOK_BACK,
	  "acknowledgement was cut off while it was sent: it counts as sent and may not have arrived" },
	{ "set_aside",
	  "SELECT place.name || ':' || sight.name AS ref, sight.mail, sight.reason, sight.settled,"
	  " sight.total AS"
	  " tries FROM sight JOIN place ON place.id = sight.place WHERE sight.outcome = 'set-aside'"
	  " AND sight.settled > ?1 ORDER BY sight.settled LIMIT ?2",
	  "sisti", TICKET_AGE,
	  "mail was set aside because it could not be handled: read it yourself" },
	{ "overdue",
	  "SELECT" MAIL_COLUMNS ", thread.ticket, answer_by, team, priority FROM sight"
	  " JOIN mail ON mail.id = sight.mail JOIN decision ON decision.mail = mail.id"
	  " JOIN thread ON thread.id = mail.thread WHERE sight.settled > ?1 AND needs_human = 1"
	  " AND answer_by > 0 AND answer_by < ?1 + 1209600"
	  " AND sight.outcome IN ('handed-over', 'acknowledged') GROUP BY mail.id ORDER BY answer_by"
	  " LIMIT ?2",
	  "issstitss", TICKET_AGE, NULL },
};

static gboolean
add_lists(Ledger *ledger, json_t *status, gint64 now, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_autoptr(Rows) rows = db_query(ledger, error, lists[i].sql, "Ii", now - lists[i].back,
		                                LIST_MAX);
		json_t *list = json_rows(ledger, rows, lists[i].kinds, error);

		if (list == NULL)
			return FALSE;
		json_object_set_new(status, lists[i].key, list);
		if (lists[i].text != NULL && json_array_size(list) > 0)
			attend(status, lists[i].key, NULL, "%zu %s ('aardig why' tells its story)",
			       json_array_size(list), lists[i].text);
	}
	return TRUE;
}

/* ---- the breaker, the clock, the counts ---- */

static gboolean
add_breaker(Ledger *ledger, json_t *status, gint64 now, GError **error)
{
	gint64 since = 0;

	if (!ledger_breaker(ledger, 0, now, &since, error))
		return FALSE;
	json_object_set_new(status, "breaker", json_when(since));
	if (since == 0)
		return TRUE;
	g_autofree char *when = clock_format(since);
	attend(status, "breaker", NULL,
	       "no acknowledgements since %s:"
	       " more were wanted within an hour than the budget's total; tickets "
	       "and drafts go on, and it closes after an hour under the limit", when);
	return TRUE;
}

static gboolean
add_clock(Ledger *ledger, json_t *status, gint64 now, GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT newest, coalesce(behind_since, 0) FROM clock", "");

	if (rows == NULL || db_step(ledger, rows, error) < 0)
		return FALSE;
	gint64 newest = rows_int(rows, 0), since = rows_int(rows, 1);

	json_object_set_new(status, "now", json_when(now));
	json_object_set_new(status, "newest", json_when(newest));
	if (newest <= now + HOUR)
		return TRUE;
	g_autofree char *when = clock_format(newest);
	g_autofree char *believed = clock_format((since != 0 ? since : now) + DAY);
	attend(status, "clock", NULL,
	       "the clock is behind the newest entry (%s), so acknowledgements wait: set it right;"
	       " if it is right "
	       "now, they go on by themselves at %s", when, believed);
	return TRUE;
}

static gboolean
add_counts(Ledger *ledger, json_t *status, gint64 now, GError **error)
{
	static const struct {
		const char *key, *sql;
	} counts[] = {
		{ "outcomes", "SELECT outcome, count(*) FROM sight WHERE settled > ? GROUP BY 1" },
		{ "guards", "SELECT guard, count(DISTINCT sight.mail) FROM sight JOIN decision"
		            " ON decision.mail ="
		            " sight.mail WHERE settled > ? AND guard IS NOT NULL GROUP BY 1" },
		{ "actions", "SELECT kind || ' ' || state, count(DISTINCT action.mail || target) FROM sight"
		             " JOIN action ON action.mail = sight.mail WHERE settled > ? GROUP BY 1" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
		json_t *object = json_object();
		g_autoptr(Rows) rows = db_query(ledger, error, counts[i].sql, "I", now - DAY);
		int got = -1;

		json_object_set_new(status, counts[i].key, object);
		while (rows != NULL && (got = db_step(ledger, rows, error)) == 1)
			json_object_set_new(object, rows_text(rows, 0), json_integer(rows_int(rows, 1)));
		if (got != 0)
			return FALSE;
	}
	return TRUE;
}

char *
ledger_status_json(Ledger *ledger, gint64 now, GError **error)
{
	json_t *status = json_pack("{s:b, s:[]}", "attention", FALSE, "reasons");
	char *text = NULL;

	/* One transaction, so that the parts agree with each other. */
	gboolean alone = sqlite3_get_autocommit(ledger->db) != 0;
	if ((!alone || db_run(ledger, error, "BEGIN", "")) &&
	    add_clock(ledger, status, now, error) && add_accounts(ledger, status, now, error) &&
	    add_breaker(ledger, status, now, error) && add_lists(ledger, status, now, error) &&
	    add_counts(ledger, status, now, error))
		text = json_dumps(status, JSON_INDENT(2));
	if (alone && !sqlite3_get_autocommit(ledger->db))
		db_run(ledger, NULL, "ROLLBACK", "");
	json_decref(status);
	return text;
}
