/* record-private.h - what the files of record/ share; all SQL stays in this folder. */
#ifndef AARDIG_RECORD_PRIVATE_H
#define AARDIG_RECORD_PRIVATE_H

#include <sqlite3.h>

#include "aardig/ledger.h"

G_BEGIN_DECLS

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* How long a busy database is waited for. */
#define BUSY_MS 10000
/* An owner in another PID namespace (a container) cannot be looked at: it holds this long. */
#define LEASE (15 * MINUTE)

struct Ledger {
	sqlite3 *db;
	char *path;
	char *owner;            /* us: owner_self() */
	gboolean readonly;
	guint8 secret[LEDGER_SECRET_LENGTH];
	GHmac *salted;          /* with the secret, and nothing more yet */
	GHashTable *statements; /* SQL text (static) -> sqlite3_stmt */
	guint depth;            /* open ledger_begin() and nested steps */
	gboolean durable;       /* what PRAGMA synchronous is set to just now */
	gboolean wants_sync;    /* a durable step was part of a group */
	gboolean owes_sync;     /* an end is on record that waits for the next sync, or ledger_rest() */
	gint64 newest;          /* newest time on record as far as this handle knows */
	gint64 busy_ms;         /* BUSY_MS, less in tests */
	gint64 busy_until;      /* monotonic ms */
	char *shop_name;        /* the last one looked up */
	gint64 shop;
};

/* A reference in two parts, so that UIDs sort as numbers: everything before the last colon, and the
 * rest, as a number if it is one. */
typedef struct {
	char *place;
	const char *name;  /* points into the reference */
	gint64 number;     /* -1: not a number */
} RefParts;

/* ---- db.c: statements and transactions ---- */

/* A prepared, bound statement; resetting it at the end of the scope ends its read lock. */
typedef sqlite3_stmt Rows;
void rows_done(Rows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rows, rows_done)

/* A salted hash; not set stands for NULL. */
typedef struct {
	gboolean set;
	guint8 bytes[16];
} Hash;

/* `sql` must be a literal: statements are kept by its address. `types` has one letter per
 * parameter: i int, I gint64, s text or NULL, h const Hash *, b const void * and int length,
 * r const RefParts * (its name). */
Rows *db_query(Ledger *ledger, GError **error, const char *sql, const char *types, ...);
/* 1: a row, 0: no more, -1: error. */
int db_step(Ledger *ledger, Rows *rows, GError **error);
gboolean db_run(Ledger *ledger, GError **error, const char *sql, const char *types, ...);
/* First column of the first row as an integer: 1, 0 (no row; *out untouched) or -1. */
int db_value(Ledger *ledger, gint64 *out, GError **error, const char *sql, const char *types, ...);
/* Borrowed until the next step. NULL for NULL. */
const char *rows_text(Rows *rows, int column);
gint64 rows_int(Rows *rows, int column);

/* Says what an SQLite result code means for the operator. */
void db_set_error(Ledger *ledger, int code, GError **error);
int db_busy(void *data, int tries);
/* PRAGMA synchronous: FULL, or NORMAL. Only between transactions. */
gboolean db_set_durable(Ledger *ledger, gboolean durable, GError **error);

/* What must be on disk when the step returns, and what may wait for the next step that must:
 * a lax step survives the end of the process and is seen by others at once; after a power cut
 * it is there or it is not, but never without the steps before it. */
typedef enum { TX_LAX, TX_DURABLE } TxLevel;
/* A lax step that need not be on disk when it returns, but before we have nothing to do. */
void tx_owe_sync(Ledger *ledger);

gboolean tx_begin(Ledger *ledger, TxLevel level, GError **error);
/* Commits if `ok`, else rolls back and returns FALSE with the error that is set already. `step`
 * names the fault points "record.STEP.commit" and "record.STEP.committed". */
gboolean tx_end(Ledger *ledger, gboolean ok, const char *step, GError **error);

/* ---- schema.c ---- */

#define LEDGER_APPLICATION_ID 0x61617264 /* "aard" */
int schema_latest(void);
/* Brings the database from its version to `to` in one transaction; several processes may try. */
gboolean schema_migrate(Ledger *ledger, int to, GError **error);
int schema_version(Ledger *ledger, GError **error); /* -1 on error */

/* ---- owner.c ---- */

/* "PID.START.NAMESPACE.BOOT" of this process. Caller frees. */
char *owner_self(void);
/* FALSE when the process is gone. `touched`: when the owner last wrote the row. */
gboolean owner_alive(const char *owner, gint64 touched);

typedef enum { OWNER_NOBODY, OWNER_US, OWNER_OTHER } OwnerState;
/* NOBODY also when the owner is gone. */
OwnerState owner_state(const Ledger *ledger, const char *owner, gint64 touched);

/* ---- hash.c: what outlives retention, and foreign text before it is stored ---- */

Hash hash_id(const Ledger *ledger, const char *message_id);      /* NULL or empty: not set */
Hash hash_content(const Ledger *ledger, const char *content_hash);
Hash hash_address(const Ledger *ledger, const char *addr_spec);
/* The same without +tag: what budgets count. */
Hash hash_mailbox(const Ledger *ledger, const char *addr_spec);
/* Valid UTF-8 of at most `max` bytes; NULL stays NULL. Caller frees. */
char *text_keep(const char *text, gsize max);
/* The Message-ID without <> and blanks; NULL if nothing is left. Caller frees. */
char *id_bare(const char *message_id);

/* ---- shared steps, to be called inside a transaction ---- */

/* ledger-sight.c */
void ref_split(const char *ref, RefParts *out);
void ref_parts_clear(RefParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RefParts, ref_parts_clear)

/* The mail that was seen under this reference; 0: none. */
gboolean sight_mail(Ledger *ledger, const char *ref, gint64 *mail_out, GError **error);
/* Says under this reference which mail lies there; with us as the one who handles it if `ours`. */
gboolean sight_link(Ledger *ledger, const char *ref, gint64 mail, gboolean ours, GError **error);

/* ledger-action.c. Ends what is still open of a mail that gets its outcome. */
gboolean actions_close(Ledger *ledger, gint64 mail, GError **error);
/* Only an acknowledgement at `committing`: it becomes unknown. */
gboolean actions_cut_off(Ledger *ledger, gint64 mail, GError **error);

/* ledger-budget.c */
typedef struct {
	gint64 shop;   /* 0: all shops */
	gint64 mail;   /* its own claim is not counted */
	gint64 thread; /* 0: not asked */
} BudgetScope;
/* *which_out: NULL there is room, else "thread" or the limit. *full_out: the total is reached now
 * (and the breaker was not open before). */
gboolean budget_check(Ledger *ledger, const BudgetScope *scope, const AckLimits *limits,
                      const char **which_out, gboolean *full_out, GError **error);
gboolean budget_reserve(Ledger *ledger, const BudgetScope *scope, const AckLimits *limits,
                        GError **error);
gboolean budget_free(Ledger *ledger, gint64 mail, GError **error);
/* 1: another mail of the conversation was acknowledged, or will be; 0; -1 error. */
int thread_acknowledged(Ledger *ledger, gint64 thread, gint64 mail, GError **error);
/* Opens the breaker, or counts one more that came while it is open. */
gboolean breaker_count(Ledger *ledger, gint64 shop, const AckLimits *limits, gboolean trip,
                       GError **error);
/* It has closed: the next time the limit is reached is told again. */
gboolean breaker_forget(Ledger *ledger, gint64 shop, GError **error);
/* Since when the breaker of the shop (0: of any) is open; 0 closed. */
gboolean breaker_since(Ledger *ledger, gint64 shop, guint limit, gint64 now, gint64 *since_out,
                       GError **error);

G_END_DECLS

#endif
