/* ledger-why.c - the whole story of one mail, and what is wiped of it after retention. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "read-private.h"

#define MAILS_MAX 100
#define BATCH 500

/* ---- what is asked for ---- */

typedef struct {
	const char *sql; /* ids of mails; ?1 text or number, ?2 hash */
	gboolean number;
} Lookup;

static const Lookup by_ticket = {
	"SELECT mail.id FROM mail JOIN thread ON thread.id = mail.thread WHERE ticket = ?1"
	" AND ?2 IS NULL"
	" ORDER BY mail.id LIMIT 100", TRUE };
static const Lookup by_row = { "SELECT id FROM mail WHERE id = ?1 AND ?2 IS NULL", TRUE };
static const Lookup by_id = {
	"SELECT mail.id FROM shop JOIN mail ON mail.shop = shop.id AND mail.id_hash = ?2"
	" WHERE ?1 IS NOT NULL"
	" ORDER BY mail.id LIMIT 100", FALSE };
/* One of ours, from a bounce or a draft: everything in its conversation. */
static const Lookup by_thread_id = {
	"SELECT mail.id FROM mail WHERE ?1 IS NOT NULL AND thread IN"
	" (SELECT thread FROM thread_id WHERE hash = ?2) ORDER BY mail.id LIMIT 100", FALSE };
static const Lookup by_our_id = {
	"SELECT mail FROM action WHERE our_id = trim(?1, '<> ') AND ?2 IS NOT NULL LIMIT 100", FALSE };

static gboolean
look_up(Ledger *ledger, const Lookup *lookup, const char *text, GArray *mails, GError **error)
{
	Hash hash = lookup->number ? (Hash) { .set = FALSE } : hash_id(ledger, text);
	g_autoptr(Rows) rows = lookup->number
		? db_query(ledger, error, lookup->sql, "Ih", g_ascii_strtoll(text, NULL, 10), &hash)
		: db_query(ledger, error, lookup->sql, "sh", text, &hash);
	int got = -1;

	while (rows != NULL && (got = db_step(ledger, rows, error)) == 1) {
		gint64 mail = rows_int(rows, 0);
		g_array_append_val(mails, mail);
	}
	return got == 0;
}

static gboolean
all_digits(const char *text)
{
	gsize n = strspn(text, "0123456789");

	return n > 0 && n <= 18 && text[n] == '\0';
}

static gboolean
find_mails(Ledger *ledger, const char *id, GArray *mails, GError **error)
{
	static const Lookup *const by_text[] = { &by_id, &by_our_id, &by_thread_id };

	if ((id[0] == '#' || g_ascii_toupper(id[0]) == 'T') && all_digits(id + 1))
		return look_up(ledger, &by_ticket, id + 1, mails, error);
	if (all_digits(id))
		return look_up(ledger, &by_row, id, mails, error);
	for (gsize i = 0; i < G_N_ELEMENTS(by_text) && mails->len == 0; i++)
		if (!look_up(ledger, by_text[i], id, mails, error))
			return FALSE;
	return TRUE;
}

/* ---- the story ---- */

#define SIGHT_SQL "SELECT place.name || ':' || sight.name AS ref, first, touched AS last, tries," \
	" total, due, outcome, reason, settled, mail FROM sight JOIN place ON place.id = sight.place "

/* What comes first where several steps fell within one second. */
typedef enum { STEP_SEEN, STEP_DECIDED, STEP_CLAIMED, STEP_COMMITTING, STEP_ENDED, STEP_WAITING,
	STEP_SETTLED } Step;

/* An event is an object with `at` and `what`; `key` sorts it and goes again. Takes `more`. */
static void
add_event(json_t *events, gint64 at, Step step, const char *what, json_t *more)
{
	g_autofree char *when = clock_format(at);
	json_t *event = json_pack("{s:s, s:s, s:I}", "at", when, "what", what, "key",
	                          (json_int_t) (at * 16 + step));

	if (at == 0) {
		json_decref(event);
	} else {
		if (more != NULL)
			json_object_update(event, more);
		json_array_append_new(events, event);
	}
	json_decref(more);
}

static gboolean
sight_events(Ledger *ledger, gint64 mail, json_t *events, GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error, SIGHT_SQL "WHERE mail = ? ORDER BY first"
	                                                         " LIMIT 100", "I", mail);
	int got = -1;

	while (rows != NULL && (got = db_step(ledger, rows, error)) == 1) {
		const char *ref = rows_text(rows, 0);

		add_event(events, rows_int(rows, 1), STEP_SEEN, "seen",
		          json_pack("{s:s, s:I}", "ref", ref, "tries", (json_int_t) rows_int(rows, 4)));
		if (rows_int(rows, 5) != 0)
			add_event(events, rows_int(rows, 2), STEP_WAITING, "waiting",
			          json_pack("{s:s, s:o}", "ref", ref, "due", json_column(rows, 5, 't')));
		if (rows_int(rows, 8) != 0)
			add_event(events, rows_int(rows, 8), STEP_SETTLED, "settled",
			          json_pack("{s:s, s:o, s:o}", "ref", ref, "outcome", json_column(rows, 6, 's'),
			                    "reason", json_column(rows, 7, 's')));
	}
	return got == 0;
}

static gboolean
action_events(Ledger *ledger, gint64 mail, json_t *events, GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT kind, target, state, our_id, tries, first, began, touched, due, detail FROM action"
		" WHERE mail = ? ORDER BY first", "I", mail);
	int got = -1;

	while (rows != NULL && (got = db_step(ledger, rows, error)) == 1) {
		json_t *whole = json_row(rows, "ssssi--t" "ts");
		const char *state = rows_text(rows, 2);

		json_object_del(whole, "touched");
		if (strcmp(state, "refused") != 0)
			add_event(events, rows_int(rows, 5), STEP_CLAIMED, "claimed",
			          json_pack("{s:o, s:o}", "kind", json_column(rows, 0, 's'), "target",
			                    json_column(rows, 1, 's')));
		if (rows_int(rows, 6) != 0)
			add_event(events, rows_int(rows, 6), STEP_COMMITTING, "committing",
			          json_pack("{s:o, s:o}", "kind", json_column(rows, 0, 's'), "target",
			                    json_column(rows, 1, 's')));
		add_event(events, rows_int(rows, 7), STEP_ENDED, state, whole);
	}
	return got == 0;
}

static gboolean
decision_event(Ledger *ledger, gint64 mail, json_t *story, json_t *events, GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT at, language, type, tone, unsure, complaint, urgent, guard, guard_reason,"
		" team, priority,"
		" order_number, customer_name, evidence, rules_version, answer_by, needs_human"
		" FROM decision"
		" WHERE mail = ?", "I", mail);
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;

	if (got == 1) {
		json_object_set_new(story, "decision", json_row(rows, "-ssssbbssssssjstb"));
		add_event(events, rows_int(rows, 0), STEP_DECIDED, "decided", json_row(rows, "-sss---s--s"));
	} else {
		json_object_set_new(story, "decision", json_null());
	}
	return got >= 0;
}

static int
compare_events(gconstpointer a, gconstpointer b, gpointer data)
{
	json_int_t x = json_integer_value(json_object_get(*(json_t *const *) a, "key"));
	json_int_t y = json_integer_value(json_object_get(*(json_t *const *) b, "key"));

	return (x > y) - (x < y);
}

static json_t *
sorted(json_t *events)
{
	gsize n = json_array_size(events);
	g_autofree json_t **order = g_new(json_t *, n + 1);
	json_t *result = json_array();

	for (gsize i = 0; i < n; i++)
		order[i] = json_array_get(events, i);
	g_qsort_with_data(order, (int) n, sizeof *order, compare_events, NULL); /* stable */
	for (gsize i = 0; i < n; i++) {
		json_object_del(order[i], "key");
		json_array_append(result, order[i]);
	}
	json_decref(events);
	return result;
}

static json_t *
mail_story(Ledger *ledger, gint64 mail, GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT mail.id AS mail, shop.name AS shop, account, message_id, sender AS 'from',"
		" correspondent,"
		" subject, arrived, opened, same_id, thread, ticket, outcome, reason, settled, ref,"
		" corrected_type,"
		" corrected_tone, wiped, owner IS NOT NULL AS in_hand FROM mail"
		" JOIN shop ON shop.id = mail.shop JOIN thread ON thread.id = mail.thread"
		" WHERE mail.id = ?",
		"I", mail);
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;
	json_t *events = json_array();

	if (got != 1) {
		json_decref(events);
		return NULL;
	}
	json_t *story = json_row(rows, "issssssttbiisstsssbb");
	if (sight_events(ledger, mail, events, error) &&
	    decision_event(ledger, mail, story, events, error) &&
	    action_events(ledger, mail, events, error)) {
		json_object_set_new(story, "events", sorted(events));
		return story;
	}
	json_decref(events);
	json_decref(story);
	return NULL;
}

/* A reference whose mail was never opened: set aside, gone, backlog. */
static gboolean
ref_story(Ledger *ledger, const char *ref, GArray *mails, json_t **story_out, GError **error)
{
	g_auto(RefParts) parts;

	ref_split(ref, &parts);
	g_autoptr(Rows) rows = db_query(ledger, error,
		SIGHT_SQL "WHERE place.name = ? AND sight.name = ?", "sr", parts.place, &parts);
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;

	*story_out = NULL;
	if (got == 1) {
		gint64 mail = rows_int(rows, 9);

		if (mail != 0)
			g_array_append_val(mails, mail);
		else
			*story_out = json_row(rows, "sttiitsst-");
	}
	return got >= 0;
}

static char *
stories(Ledger *ledger, const char *id, GArray *mails, json_t *ref, GError **error)
{
	json_t *list = json_array();
	gboolean ok = TRUE;

	for (guint i = 0; ok && i < MIN(mails->len, MAILS_MAX); i++) {
		json_t *story = mail_story(ledger, g_array_index(mails, gint64, i), error);

		ok = story != NULL;
		if (ok)
			json_array_append_new(list, story);
	}
	json_t *all = json_pack("{s:s?, s:o, s:o?}", "asked", id, "mails", list, "ref", ref);
	char *text = ok && all != NULL ? json_dumps(all, JSON_INDENT(2)) : NULL;
	json_decref(all);
	return text;
}

char *
ledger_why_json(Ledger *ledger, const char *id, GError **error)
{
	g_autoptr(GArray) mails = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autofree char *asked = text_keep(id, 1000);
	json_t *ref = NULL;

	if (!find_mails(ledger, id, mails, error) ||
	    (mails->len == 0 && !ref_story(ledger, id, mails, &ref, error)))
		return NULL;
	if (mails->len == 0 && ref == NULL)
		return NULL;
	return stories(ledger, asked, mails, ref, error);
}

/* ---- retention ---- */

/* Hashes, labels and times stay; whatever may hold a customer's words or address goes. ?1 and ?2:
 * first and last mail. */
static const char *const wipes[] = {
	"UPDATE decision"
	" SET guard_reason = NULL, order_number = NULL, customer_name = NULL, evidence = NULL"
	" WHERE mail BETWEEN ?1 AND ?2",
	"UPDATE action SET detail = NULL WHERE mail BETWEEN ?1 AND ?2 AND state <> 'refused'",
	"UPDATE sight SET reason = NULL WHERE mail BETWEEN ?1 AND ?2",
	"UPDATE mail"
	" SET message_id = NULL, correspondent = NULL, sender = NULL, subject = NULL, reason = NULL,"
	" wiped = 1 WHERE id BETWEEN ?1 AND ?2",
	"UPDATE clock SET wiped_to = ?2 WHERE ?1 > 0",
};

/* Mails are numbered in the order in which they came, so the old ones are those in front. */
static gboolean
last_expired(Ledger *ledger, gint64 older_than, gint64 from, gint64 *last, guint *count,
             GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT id, opened FROM mail WHERE id >= ? ORDER BY id LIMIT ?", "Ii", from, BATCH);
	int got = -1;

	*count = 0;
	while (rows != NULL && (got = db_step(ledger, rows, error)) == 1) {
		if (rows_int(rows, 1) >= older_than)
			return TRUE;
		*last = rows_int(rows, 0);
		(*count)++;
	}
	return got == 0;
}

static gboolean
expire_batch(Ledger *ledger, gint64 older_than, guint *count, GError **error)
{
	gint64 from = 0, last = 0;

	if (db_value(ledger, &from, error, "SELECT wiped_to + 1 FROM clock", "") < 0 ||
	    !last_expired(ledger, older_than, from, &last, count, error))
		return FALSE;
	for (gsize i = 0; *count > 0 && i < G_N_ELEMENTS(wipes); i++)
		if (!db_run(ledger, error, wipes[i], "II", from, last))
			return FALSE;
	if (*count > 0)
		return TRUE;
	/* Refs without a mail (set aside, gone) have only their reason. */
	return db_run(ledger, error,
	              "UPDATE sight SET reason = NULL WHERE mail IS NULL AND reason IS NOT NULL"
	              " AND settled < ?1"
	              " AND settled >= (SELECT wiped_until FROM clock)", "I", older_than) &&
	       db_run(ledger, error, "UPDATE clock"
	                             " SET wiped_until = max(wiped_until, ?)", "I", older_than);
}

gboolean
ledger_expire(Ledger *ledger, gint64 older_than, guint *rows_out, GError **error)
{
	guint rows = 0, count = 0;

	/* Small transactions, for nobody else writes meanwhile. */
	do {
		if (!tx_begin(ledger, TX_LAX, error) ||
		    !tx_end(ledger, expire_batch(ledger, older_than, &count, error), "expire", error))
			return FALSE;
		rows += count;
	} while (count > 0);

	/* The old pages go from the log as well; a reader may keep that for the next time. */
	if (rows > 0 && ledger->depth == 0)
		sqlite3_wal_checkpoint_v2(ledger->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (rows_out != NULL)
		*rows_out = rows;
	return TRUE;
}
