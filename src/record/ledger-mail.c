/* ledger-mail.c - which mail is it, whose is it, and to which conversation does it belong. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "aardig/error.h"
#include "record-private.h"

/* RFC 5322 lines end at 998; longer values are kept cut. */
#define ADDRESS_MAX 320
#define TEXT_MAX 500
#define EVIDENCE_MAX 65536
#define REFERENCES_MAX 100
#define COUNT_MAX 1000

typedef struct {
	const MailKey *key;
	Hash id, content, who;
	gint64 shop;      /* 0: never seen */
} Identity;

typedef struct {
	gint64 id, thread;
	gboolean settled, gone, same_id;
	OwnerState owner;
} Known;

static gboolean
shop_row(Ledger *ledger, const char *name, gboolean create, gint64 *row_out, GError **error)
{
	gint64 row = 0;

	if (ledger->shop_name != NULL && strcmp(ledger->shop_name, name) == 0) {
		*row_out = ledger->shop;
		return TRUE;
	}
	int got = db_value(ledger, &row, error, "SELECT id FROM shop WHERE name = ?", "s", name);
	if (got < 0)
		return FALSE;
	if (got == 1) {
		g_free(ledger->shop_name);
		ledger->shop_name = g_strdup(name);
		ledger->shop = row;
	} else if (create) {
		/* Not remembered: the transaction may still be rolled back. */
		if (!db_run(ledger, error, "INSERT INTO shop (name) VALUES (?)", "s", name))
			return FALSE;
		row = sqlite3_last_insert_rowid(ledger->db);
	}
	*row_out = row;
	return TRUE;
}

static gboolean
identify(Ledger *ledger, const MailKey *key, gboolean create, Identity *out, GError **error)
{
	*out = (Identity) { .key = key };
	out->id = hash_id(ledger, key->message_id);
	out->content = hash_content(ledger, key->content_hash);
	out->who = hash_address(ledger, key->correspondent);
	return shop_row(ledger, key->shop, create, &out->shop, error);
}

/* ---- the same mail ---- */

#define KNOWN_COLUMNS "SELECT id, thread, outcome IS NOT NULL, coalesce(outcome = 'gone', 0)," \
	" same_id, owner, touched FROM mail "

static int
known_from(Ledger *ledger, Rows *rows, Known *out, GError **error)
{
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;

	if (got != 1)
		return got;
	*out = (Known) {
		.id = rows_int(rows, 0),
		.thread = rows_int(rows, 1),
		.settled = rows_int(rows, 2) != 0,
		.gone = rows_int(rows, 3) != 0,
		.same_id = rows_int(rows, 4) != 0,
		.owner = owner_state(ledger, rows_text(rows, 5), rows_int(rows, 6)),
	};
	return 1;
}

/* What was seen in this place with this id is this mail, however its content is hashed by now (an
 * upgrade), or if there is nothing to hash. */
static int
find_by_ref(Ledger *ledger, const Identity *who, Known *out, GError **error)
{
	gint64 mail = 0;

	if (who->key->ref == NULL || !sight_mail(ledger, who->key->ref, &mail, error))
		return who->key->ref == NULL ? 0 : -1;
	if (mail == 0)
		return 0;
	g_autoptr(Rows) rows = db_query(ledger, error, KNOWN_COLUMNS "WHERE id = ? AND shop = ?"
	                                                             " AND id_hash IS ?",
	                                "IIh", mail, who->shop, &who->id);
	return known_from(ledger, rows, out, error);
}

/* 1: known; 0: not; -1: error. */
static int
find_same(Ledger *ledger, const Identity *who, Known *out, GError **error)
{
	int there = find_by_ref(ledger, who, out, error);

	if (there != 0 || !who->content.set)
		return there;
	if (!who->id.set) {
		g_autoptr(Rows) rows = db_query(ledger, error,
			KNOWN_COLUMNS "WHERE shop = ? AND content = ? ORDER BY id LIMIT 1", "Ih", who->shop,
			&who->content);
		return known_from(ledger, rows, out, error);
	}

	g_autoptr(Rows) rows = db_query(ledger, error,
		KNOWN_COLUMNS "WHERE shop = ? AND id_hash = ? AND content = ? ORDER BY id LIMIT 1", "Ihh",
		who->shop, &who->id, &who->content);
	int got = known_from(ledger, rows, out, error);
	if (got != 0)
		return got;
	/* A server on one of the two routes may have added the id that was missing. */
	g_autoptr(Rows) without = db_query(ledger, error,
		KNOWN_COLUMNS "WHERE shop = ? AND content = ? AND id_hash IS NULL ORDER BY id"
		              " LIMIT 1", "Ih",
		who->shop, &who->content);
	return known_from(ledger, without, out, error);
}

static int
id_known(Ledger *ledger, const Identity *who, GError **error)
{
	gint64 row = 0;

	if (!who->id.set)
		return 0;
	return db_value(ledger, &row, error, "SELECT id FROM mail WHERE shop = ? AND id_hash = ?"
	                                     " LIMIT 1",
	                "Ih", who->shop, &who->id);
}

/* ---- its conversation ---- */

/* The newest reference that is known decides; 0: a new conversation. */
static gboolean
find_thread(Ledger *ledger, const Identity *who, gint64 *thread_out, GError **error)
{
	const char *const *references = who->key->references;
	guint n = references != NULL ? g_strv_length((char **) references) : 0;
	gint64 thread = 0;

	*thread_out = 0;
	if (!who->who.set)
		return TRUE;
	for (guint i = 0; i < MIN(n, REFERENCES_MAX); i++) {
		Hash hash = hash_id(ledger, references[n - 1 - i]);
		int got = db_value(ledger, &thread, error,
		                   "SELECT thread FROM thread_id WHERE hash = ? AND who = ?"
		                   " AND shop = ?", "hhI",
		                   &hash, &who->who, who->shop);
		if (got < 0)
			return FALSE;
		if (got == 1) {
			*thread_out = thread;
			return TRUE;
		}
	}
	return TRUE;
}

static gboolean
earlier_mails(Ledger *ledger, gint64 before, MailEntry *entry, GError **error)
{
	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT count(*), coalesce(min(arrived), 0) FROM (SELECT arrived FROM mail"
		" WHERE thread = ? AND id < ? LIMIT ?)", "IIi", entry->thread, before, COUNT_MAX);
	if (rows == NULL || db_step(ledger, rows, error) < 0)
		return FALSE;
	entry->thread_mails = (guint) rows_int(rows, 0);
	entry->thread_first = rows_int(rows, 1);
	return TRUE;
}

static gboolean
earlier_tones(Ledger *ledger, gint64 before, MailEntry *entry, GError **error)
{
	g_autoptr(Rows) newest = db_query(ledger, error,
		"SELECT coalesce(corrected_tone, tone, '') FROM mail JOIN decision"
		" ON decision.mail = mail.id"
		" WHERE thread = ? AND id < ? ORDER BY id DESC LIMIT 1", "II", entry->thread, before);
	int got = newest != NULL ? db_step(ledger, newest, error) : -1;
	if (got < 0)
		return FALSE;
	if (got == 1)
		g_strlcpy(entry->thread_tone, rows_text(newest, 0), sizeof entry->thread_tone);

	g_autoptr(Rows) tones = db_query(ledger, error,
		"SELECT coalesce(group_concat(tone), '')"
		" FROM (SELECT DISTINCT coalesce(corrected_tone, tone)"
		" AS tone FROM mail JOIN decision ON decision.mail = mail.id WHERE thread = ? AND id < ?"
		" AND tone IS NOT NULL LIMIT 8)", "II", entry->thread, before);
	if (tones == NULL || db_step(ledger, tones, error) < 0)
		return FALSE;
	g_strlcpy(entry->thread_tones, rows_text(tones, 0), sizeof entry->thread_tones);
	return TRUE;
}

static gboolean
customer_mails(Ledger *ledger, const Identity *who, gint64 before, MailEntry *entry, GError **error)
{
	gint64 mails = 0;

	if (who->who.set &&
	    db_value(ledger, &mails, error,
	             "SELECT count(*) FROM (SELECT 1 FROM mail WHERE who = ? AND shop = ? AND id < ?"
	             " LIMIT ?)",
	             "hIIi", &who->who, who->shop, before, COUNT_MAX) < 0)
		return FALSE;
	entry->customer_mails = (guint) mails;
	return TRUE;
}

static gboolean
thread_marks(Ledger *ledger, gint64 mail, MailEntry *entry, GError **error)
{
	int acknowledged = thread_acknowledged(ledger, entry->thread, mail, error);

	if (acknowledged < 0)
		return FALSE;
	entry->thread_acknowledged = acknowledged == 1;

	g_autoptr(Rows) rows = db_query(ledger, error,
		"SELECT coalesce(ticket, 0), coalesce(draft_id, '') FROM thread WHERE id = ?", "I",
		entry->thread);
	int got = rows != NULL ? db_step(ledger, rows, error) : -1;
	if (got == 1) {
		entry->ticket = (guint) rows_int(rows, 0);
		g_strlcpy(entry->last_draft_id, rows_text(rows, 1), sizeof entry->last_draft_id);
	}
	return got >= 0;
}

/* What is known of the conversation without the mail itself; of one that begins with it, nothing. */
static gboolean
fill_thread(Ledger *ledger, const Identity *who, gint64 mail, gboolean begins, MailEntry *entry,
            GError **error)
{
	gint64 before = mail != 0 ? mail : G_MAXINT64;

	if (!customer_mails(ledger, who, before, entry, error))
		return FALSE;
	if (begins)
		return TRUE;
	return earlier_mails(ledger, before, entry, error) &&
	       (entry->thread_mails == 0 || earlier_tones(ledger, before, entry, error)) &&
	       thread_marks(ledger, mail, entry, error);
}

static gboolean
add_thread_id(Ledger *ledger, const Hash *id, const Hash *who, gint64 shop, gint64 thread,
              GError **error)
{
	if (!id->set || !who->set)
		return TRUE;
	return db_run(ledger, error, "INSERT OR REPLACE INTO thread_id VALUES (?, ?, ?, ?)", "hhII", id,
	              who, shop, thread);
}

static gboolean
insert_mail(Ledger *ledger, const Identity *who, gboolean same_id, MailEntry *entry, GError **error)
{
	const MailKey *key = who->key;
	g_autofree char *message_id = text_keep(key->message_id, TEXT_MAX);
	g_autofree char *bare = id_bare(message_id);
	g_autofree char *correspondent = text_keep(key->correspondent, ADDRESS_MAX);
	g_autofree char *from = text_keep(key->from, TEXT_MAX);
	g_autofree char *subject = text_keep(key->subject, TEXT_MAX);
	gint64 now = clock_now();

	if (entry->thread == 0) {
		if (!db_run(ledger, error, "INSERT INTO thread (shop, who) VALUES (?, ?)", "Ih", who->shop,
		            &who->who))
			return FALSE;
		entry->thread = sqlite3_last_insert_rowid(ledger->db);
	}
	if (!db_run(ledger, error,
	            "INSERT INTO mail (shop, account, id_hash, content, who, message_id, correspondent,"
	            " sender, subject, thread, same_id, arrived, opened, touched, owner, ref)"
	            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?13, ?13, ?, ?)", "IshhhssssIiIIss",
	            who->shop, key->account, &who->id, &who->content, &who->who, bare, correspondent, from,
	            subject, entry->thread, (int) same_id, key->arrived != 0 ? key->arrived : now, now,
	            ledger->owner, key->ref))
		return FALSE;
	entry->id = sqlite3_last_insert_rowid(ledger->db);
	return add_thread_id(ledger, &who->id, &who->who, who->shop, entry->thread, error);
}

static gboolean
take_over(Ledger *ledger, const Identity *who, const Known *known, GError **error)
{
	if (known->gone && !db_run(ledger, error,
	                           "UPDATE mail SET outcome = NULL, reason = NULL, settled = NULL"
	                           " WHERE id = ?", "I", known->id))
		return FALSE;
	return db_run(ledger, error, "UPDATE mail SET owner = ?, ref = ?, touched = ?"
	                             " WHERE id = ?", "ssII",
	              ledger->owner, who->key->ref, clock_now(), known->id);
}

/* What a known mail means to whoever sees it now. */
static MailStatus
status_of(const Known *known)
{
	if ((known->settled && !known->gone) || known->owner == OWNER_OTHER)
		return MAIL_DUPLICATE;
	return known->same_id ? MAIL_SAME_ID : MAIL_RESUMED;
}

static gboolean
open_known(Ledger *ledger, const Identity *who, const Known *known, MailEntry *entry,
           GError **error)
{
	entry->id = known->id;
	entry->thread = known->thread;
	entry->status = status_of(known);
	return entry->status == MAIL_DUPLICATE || take_over(ledger, who, known, error);
}

static gboolean
open_new(Ledger *ledger, const Identity *who, MailEntry *entry, gboolean *begins_out,
         GError **error)
{
	int same_id = id_known(ledger, who, error);

	if (same_id < 0 || !find_thread(ledger, who, &entry->thread, error))
		return FALSE;
	*begins_out = entry->thread == 0;
	if (!insert_mail(ledger, who, same_id == 1, entry, error))
		return FALSE;
	entry->status = same_id == 1 ? MAIL_SAME_ID : MAIL_NEW;
	return TRUE;
}

static gboolean
open_mail(Ledger *ledger, const MailKey *key, MailEntry *entry, GError **error)
{
	Identity who;
	Known known;
	gboolean begins = FALSE;

	if (!identify(ledger, key, TRUE, &who, error))
		return FALSE;
	int found = find_same(ledger, &who, &known, error);
	if (found < 0)
		return FALSE;
	if (!(found == 1 ? open_known(ledger, &who, &known, entry, error)
	                 : open_new(ledger, &who, entry, &begins, error)) ||
	    !fill_thread(ledger, &who, entry->id, begins, entry, error))
		return FALSE;
	return key->ref == NULL || sight_link(ledger, key->ref, entry->id,
	                                      entry->status != MAIL_DUPLICATE, error);
}

gboolean
ledger_open_mail(Ledger *ledger, const MailKey *key, MailEntry *entry_out, GError **error)
{
	MailEntry entry = { 0 };

	if (!tx_begin(ledger, TX_LAX, error) ||
	    !tx_end(ledger, open_mail(ledger, key, &entry, error), "open-mail", error))
		return FALSE;
	*entry_out = entry;
	return TRUE;
}

gboolean
ledger_peek_mail(Ledger *ledger, const MailKey *key, MailEntry *entry_out, GError **error)
{
	Identity who;
	Known known;
	MailEntry entry = { 0 };

	if (!identify(ledger, key, FALSE, &who, error))
		return FALSE;
	int found = find_same(ledger, &who, &known, error);
	int same_id = found == 0 ? id_known(ledger, &who, error) : 0;
	if (found < 0 || same_id < 0)
		return FALSE;
	if (found == 1) {
		entry.id = known.id;
		entry.thread = known.thread;
		entry.status = status_of(&known);
	} else {
		entry.status = same_id == 1 ? MAIL_SAME_ID : MAIL_NEW;
		if (!find_thread(ledger, &who, &entry.thread, error))
			return FALSE;
	}
	if (!fill_thread(ledger, &who, entry.id, entry.thread == 0, &entry, error))
		return FALSE;
	*entry_out = entry;
	return TRUE;
}

/* ---- the decision, the ticket, the thread ---- */

gboolean
ledger_note_decision(Ledger *ledger, gint64 mail, const MailDecision *decision, GError **error)
{
	const MailDecision *d = decision;
	g_autofree char *guard_reason = text_keep(d->guard_reason, TEXT_MAX);
	g_autofree char *order = text_keep(d->order_number, TEXT_MAX);
	g_autofree char *name = text_keep(d->customer_name, TEXT_MAX);
	/* Cut JSON is no JSON. */
	const char *evidence =
		d->evidence != NULL && strlen(d->evidence) <= EVIDENCE_MAX ? d->evidence : NULL;

	return tx_begin(ledger, TX_LAX, error) &&
	       tx_end(ledger,
	              db_run(ledger, error,
	                     "INSERT OR REPLACE INTO decision VALUES"
	                     " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	                     "IIssssiissssssssIi", mail, clock_now(), d->language, d->type, d->tone,
	                     d->unsure, (int) (d->complaint != 0), (int) (d->urgent != 0), d->guard,
	                     guard_reason, d->team, d->priority, order, name, evidence,
	                     d->rules_version, d->answer_by, (int) (d->needs_human != 0)),
	              "decision", error);
}

static gboolean
no_such_mail(Ledger *ledger, gint64 mail, GError **error)
{
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "ledger %s: no mail %" G_GINT64_FORMAT,
	            ledger->path, mail);
	return FALSE;
}

static gboolean
ticket_number(Ledger *ledger, gint64 mail, gint64 *number, GError **error)
{
	gint64 thread = 0;
	int got = db_value(ledger, &thread, error, "SELECT thread FROM mail WHERE id = ?", "I", mail);

	if (got <= 0)
		return got == 0 ? no_such_mail(ledger, mail, error) : FALSE;
	return db_run(ledger, error,
	              "UPDATE thread SET ticket = (SELECT coalesce(max(t.ticket), 0) + 1"
	              " FROM thread AS t"
	              " WHERE t.shop = thread.shop AND t.ticket IS NOT NULL)"
	              " WHERE id = ? AND ticket IS NULL", "I", thread) &&
	       db_value(ledger, number, error, "SELECT ticket FROM thread"
	                                       " WHERE id = ?", "I", thread) == 1;
}

gboolean
ledger_ticket_number(Ledger *ledger, gint64 mail, guint *number_out, GError **error)
{
	gint64 number = 0;

	if (!tx_begin(ledger, TX_LAX, error) ||
	    !tx_end(ledger, ticket_number(ledger, mail, &number, error), "ticket-number", error))
		return FALSE;
	*number_out = (guint) number;
	return TRUE;
}

static gboolean
thread_add_id(Ledger *ledger, gint64 thread, const char *message_id, const char *draft_id,
              GError **error)
{
	const char *const ids[] = { message_id, draft_id };
	g_autofree char *bare = id_bare(draft_id);

	for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
		Hash hash = hash_id(ledger, ids[i]);

		if (hash.set && !db_run(ledger, error,
		                        "INSERT OR REPLACE INTO thread_id (hash, who, shop, thread)"
		                        " SELECT ?, who, shop, id FROM thread WHERE id = ?"
		                        " AND who IS NOT NULL",
		                        "hI", &hash, thread))
			return FALSE;
	}
	return bare == NULL || db_run(ledger, error, "UPDATE thread SET draft_id = ?"
	                                             " WHERE id = ?", "sI",
	                              bare, thread);
}

gboolean
ledger_thread_add_id(Ledger *ledger, gint64 thread, const char *message_id, const char *draft_id,
                     GError **error)
{
	return tx_begin(ledger, TX_LAX, error) &&
	       tx_end(ledger, thread_add_id(ledger, thread, message_id, draft_id, error), "thread-id",
	              error);
}
