/* ledger.h - what was seen, decided, sent and routed; it survives crashes and is the only lock.
 *
 * SQLite (WAL, synchronous FULL), schema version with migrations, all SQL in record/. Several
 * processes use one ledger at once; a busy database is waited for (10 s), then TEMPORARY. Bodies
 * are never stored. Times are UTC seconds. A handle belongs to the process that opened it: open
 * after fork(), never share one.
 *
 * Life of a mail: ledger_attempt() counts the try before anything is parsed; ledger_open_mail()
 * makes it ours, or says who has it; ledger_note_decision() writes down what was decided; every
 * action is claimed, done, finished; ledger_settle() ends it with exactly one outcome. A mail whose
 * owner process is gone is resumed by whoever sees it next, and claims say what is still to do. */
#ifndef AARDIG_LEDGER_H
#define AARDIG_LEDGER_H

#include <glib.h>

G_BEGIN_DECLS

typedef struct Ledger Ledger;

/* Creates the file (0600, folder 0700) or migrates it. CONFIG: not ours, damaged, or made by a
 * newer aardig (the text says what to do); TEMPORARY: busy, disk full. */
Ledger *ledger_open(const char *path, GError **error);
/* Read-only, for status and why, and as history for classify --state. */
Ledger *ledger_open_readonly(const char *path, GError **error);
/* For a process per mail: what it wrote stays in the write-ahead log when it closes, as after a kill,
 * and is moved into the ledger once some mails have come together. To move it at each close, and to
 * make a new log for each mail, costs four syncs. */
void ledger_keep_log(Ledger *ledger);
void ledger_close(Ledger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_close)

/* 32 bytes, made when the ledger was; key of our marks and of hashed Message-IDs. */
const guint8 *ledger_secret(const Ledger *ledger);
#define LEDGER_SECRET_LENGTH 32

/* Groups the calls between them into one transaction (they nest; inner pairs are free): a mail
 * with its decision, or many mails in observe mode. Keep it short, for nobody else writes
 * meanwhile, and let nothing leave before ledger_commit() came back TRUE. A call that fails
 * undoes only itself; after a rollback nothing of the group is on record. */
gboolean ledger_begin(Ledger *ledger, GError **error);
/* The same for a group with a step in it that waits for the disk: ledger_commit() does so either
 * way, but with a second commit where it was not told before. */
gboolean ledger_begin_durable(Ledger *ledger, GError **error);
gboolean ledger_commit(Ledger *ledger, GError **error);
/* There is nothing to do for now: the ends of actions and mails that no later step has taken to the
 * disk with it go there. Also done by ledger_close(). */
gboolean ledger_rest(Ledger *ledger, GError **error);
void ledger_rollback(Ledger *ledger);

/* ---- one mail ---- */

/* A reference names one place: "imap:ACCOUNT:FOLDER:UIDVALIDITY:UID", "maildir:PATH:BASENAME",
 * "spool:NAME". */
typedef enum {
	REF_NEW,      /* never tried, or tried and not finished: handle it */
	REF_WAITING,  /* an action waits for its next try, or another process is at it; *due_out (always
	               * later than now) says when to ask again */
	REF_SETTLED,  /* has its outcome */
} RefState;
gboolean ledger_ref_state(Ledger *ledger, const char *ref, RefState *state_out, gint64 *due_out,
                          GError **error);
/* Counts a try, durably, before parsing; *tries_out counts this one too. Call it for REF_NEW
 * only. It counts tries since the last orderly end: ledger_wait() starts anew, so waiting for a
 * server is never taken for poison; a try beside a living process that is at the same ref is not
 * counted either. */
gboolean ledger_attempt(Ledger *ledger, const char *ref, guint *tries_out, GError **error);

typedef struct {
	const char *shop, *account, *ref;
	const char *message_id;     /* NULL: none */
	const char *content_hash;   /* hex */
	const char *correspondent;  /* addr-spec in lower case, NULL unknown */
	const char *const *references;
	const char *from, *subject; /* for status and why; wiped after retention */
	gint64 arrived;
} MailKey;

typedef enum {
	MAIL_NEW,       /* ours from now on */
	MAIL_RESUMED,   /* begun by a process that is gone, or by us: go on, claims know the rest */
	MAIL_SAME_ID,   /* ours, but this Message-ID is known with other content: no answer, a ticket */
	MAIL_DUPLICATE, /* handled, or being handled, by another route; entry names that mail */
} MailStatus;

typedef struct {
	gint64 id;              /* row, 0 for none */
	MailStatus status;
	gint64 thread;          /* row of the conversation */
	guint thread_mails;     /* earlier mails of this correspondent in it */
	gint64 thread_first;    /* when the first one came */
	gboolean thread_acknowledged;
	guint ticket;           /* number of the thread's ticket; 0: none yet */
	char thread_tone[16];   /* tone of the newest earlier mail in the thread; "" none */
	char last_draft_id[256];/* our Message-ID of the thread's newest draft; "" none */
	char thread_tones[128]; /* tones of its earlier mails, each once, comma-separated */
	guint customer_mails;   /* earlier mails of this correspondent in any thread, at most 1000 */
} MailEntry;

/* One transaction: finds or inserts the mail and its thread (a known id in references and the
 * same correspondent), with us as owner. Same id and same content, or same content where one of
 * the two has no id, is the same mail. A mail whose outcome is "gone" is taken up again when it
 * shows up elsewhere. */
gboolean ledger_open_mail(Ledger *ledger, const MailKey *key, MailEntry *entry_out, GError **error);
/* The same question without writing (guards, dry run, --state); also says RESUMED where
 * ledger_open_mail() would. */
gboolean ledger_peek_mail(Ledger *ledger, const MailKey *key, MailEntry *entry_out, GError **error);

typedef struct {
	const char *language, *type, *tone, *unsure; /* unsure: comma-separated */
	gboolean complaint, urgent;
	const char *guard, *guard_reason;  /* NULL: allowed */
	const char *team, *priority;
	const char *order_number, *customer_name;
	const char *evidence;              /* JSON; wiped after retention */
	const char *rules_version;
	gint64 answer_by;
	gboolean needs_human;              /* counts as an open ticket */
} MailDecision;
gboolean ledger_note_decision(Ledger *ledger, gint64 mail, const MailDecision *decision,
                              GError **error);

/* The ticket number of the mail's thread, allotted (1, 2, 3 ... per shop) if it has none. */
gboolean ledger_ticket_number(Ledger *ledger, gint64 mail, guint *number_out, GError **error);

/* ---- actions ---- */

/* kinds: "ack" "ticket" "draft" "folder" "keyword" "maildir" "command" "operator" */
typedef enum {
	CLAIM_OURS,       /* do it now */
	CLAIM_OPEN,       /* begun before and unfinished: look it up by our_id first, then do it */
	CLAIM_DONE,       /* nothing left to do */
	CLAIM_UNKNOWN,    /* ack: an open `committing` was found: counts as sent, tell the operator */
	CLAIM_LATER,      /* its next try is not due yet */
	CLAIM_BUSY,       /* a living process is at it */
	CLAIM_GIVEN_UP,   /* tried for 4 hours, or refused for good */
	CLAIM_THREAD,     /* ack: this conversation was acknowledged */
	CLAIM_BUDGET,     /* ack: over a limit; which_out says "address", "domain", "total", "form" */
} ClaimStatus;

typedef struct {
	ClaimStatus status;
	const char *which;      /* of CLAIM_BUDGET; static */
	char our_id[256];       /* Message-ID (without <>) chosen at the first claim and kept */
	guint tries;
	gint64 due;             /* of CLAIM_LATER */
	gboolean breaker_tripped; /* total budget: this claim tripped it: tell the operator once */
} Claim;

typedef struct {
	const char *recipient;     /* addr-spec, lower case */
	const char *domain;        /* organisational domain; NULL: a mail provider, does not count */
	guint address_day, address_week, domain_day, total_hour; /* 0: no limit */
	const char *form;          /* contact form address, or NULL */
	guint form_hour;
	gboolean once_per_thread;
	gint64 now;                /* what counts as now (clock_now()) */
	/* For ledger_budget_left() only, a claim knows both: shop NULL counts all shops; a claim of
	 * this mail itself is not counted. */
	const char *shop;
	gint64 mail;
} AckLimits;

/* One transaction claims mail, thread and budgets. `our_id` is used if the action has none yet. */
gboolean ledger_claim_ack(Ledger *ledger, gint64 mail, const char *our_id, const AckLimits *limits,
                          Claim *claim_out, GError **error);
/* `target` tells several actions of one kind apart ("Drafts", "team@..."); "" otherwise. */
gboolean ledger_claim(Ledger *ledger, gint64 mail, const char *kind, const char *target,
                      const char *our_id, Claim *claim_out, GError **error);
/* Before the final dot, or before a sendmail command is started. Durable when it returns. */
gboolean ledger_commit_begin(Ledger *ledger, gint64 mail, const char *kind, const char *target,
                             GError **error);
/* The action is done; `detail` (server's answer, at most 300 bytes, quoted) is for `why`. */
gboolean ledger_action_done(Ledger *ledger, gint64 mail, const char *kind, const char *target,
                            const char *detail, GError **error);
/* Nothing was committed: try again after 1, 5, 15, 60 minutes; *given_up_out is TRUE once 4 hours
 * have passed since the first claim, or at once when `final`. A given-up ack frees its budgets. */
gboolean ledger_action_failed(Ledger *ledger, gint64 mail, const char *kind, const char *target,
                              const char *detail, gboolean final, gboolean *given_up_out,
                              GError **error);
/* Outcome of the dot is unknown: an ack stays counted as sent and is never tried again. Another
 * kind rather arrives twice than never: it is tried again later as CLAIM_OPEN. */
gboolean ledger_action_unknown(Ledger *ledger, gint64 mail, const char *kind, const char *target,
                               const char *detail, GError **error);

/* The action waits for its next try: the ref is REF_WAITING until then. The mail came to the end
 * of its handling, so it is no poison: its tries start again from 0. Also for any other passing
 * trouble. due 0: when the first of the mail's actions is due, or at once. */
gboolean ledger_wait(Ledger *ledger, const char *ref, gint64 due, GError **error);
/* Ends the handling under this ref; a second call changes nothing. The outcome becomes the mail's
 * as well if it is handled under this ref (ledger_open_mail() said NEW, SAME_ID or RESUMED); for
 * a MAIL_DUPLICATE only the ref gets it. A ref that a living process is at stays as it is: that
 * process settles it. "gone" for a mail whose acknowledgement or hand-over was done gives the
 * mail that outcome instead. The one outcome: "acknowledged" "handed-over" "held" "ours"
 * "duplicate" "seen-again" "gone" "set-aside" "observed" "backlog" "unrouted" ... `reason` is one
 * sentence. mail 0: a ref without a mail row. */
gboolean ledger_settle(Ledger *ledger, const char *ref, gint64 mail, const char *outcome,
                       const char *reason, GError **error);
/* Does it wait for the disk? For what lies in the spool it does: the file is removed after it. */
gboolean ledger_settle_is_durable(const char *ref);
/* Message-IDs that belong to the thread from now on (ours, sent or drafted). */
gboolean ledger_thread_add_id(Ledger *ledger, gint64 thread, const char *message_id,
                              const char *draft_id, GError **error);

/* ---- history for the guards (read-only twins of the claims) ---- */

gboolean ledger_budget_left(Ledger *ledger, const AckLimits *limits, const char **which_out,
                            GError **error); /* *which_out NULL: there is room */
/* A mail was held because the total was reached (`shop`, `total_hour` and `now` of the limits count):
 * notes it for the breaker, as a refused claim does. *tripped_out: this was the first, tell the
 * operator. */
gboolean ledger_turn_away(Ledger *ledger, const AckLimits *limits, gboolean *tripped_out,
                          GError **error);
/* Breaker: open since when (0 closed). Closes by itself after an hour under the limit. */
gboolean ledger_breaker(Ledger *ledger, guint total_hour, gint64 now, gint64 *since_out,
                        GError **error);
/* Newest time on record: answers wait while the clock is more than an hour behind it. */
gboolean ledger_newest_time(Ledger *ledger, gint64 *time_out, GError **error);

/* Was an acknowledgement of this account ever sent, or on its way? Before the first, `check` shows
 * samples. */
gboolean ledger_has_acknowledged(Ledger *ledger, const char *account, gboolean *has_out,
                                 GError **error);

/* ---- folders and accounts ---- */

typedef struct {
	guint32 uidvalidity;  /* 0: never seen */
	guint32 watermark;    /* every UID up to here has its outcome */
	gint64 last_sync;     /* last good poll */
} FolderState;
gboolean ledger_folder_get(Ledger *ledger, const char *account, const char *folder,
                           FolderState *state_out, GError **error);
gboolean ledger_folder_set(Ledger *ledger, const char *account, const char *folder,
                           const FolderState *state, GError **error);
/* Refs of this account and folder prefix that were tried and have no outcome (crashed, waiting):
 * NULL-terminated strings. One that is no longer in its place is ended by
 * ledger_settle_missing(), with the outcome its finished actions say: "acknowledged",
 * "handed-over", else "gone". */
gboolean ledger_unsettled_refs(Ledger *ledger, const char *prefix, char ***refs_out,
                               GError **error);
gboolean ledger_settle_missing(Ledger *ledger, const char *ref, GError **error);
/* Settled UIDs above the watermark ("imap:" refs), ascending guint32. */
GArray *ledger_folder_settled(Ledger *ledger, const char *account, const char *folder,
                              guint32 uidvalidity, guint32 above, GError **error);

gboolean ledger_account_ok(Ledger *ledger, const char *account, gint64 now, GError **error);
/* Time of the last good poll; 0: none yet. */
gboolean ledger_account_last_ok(Ledger *ledger, const char *account, gint64 *time_out,
                                GError **error);
gboolean ledger_account_trouble(Ledger *ledger, const char *account, const char *text, gint64 now,
                                GError **error);
/* TRUE in *first_out once per `key` in `period` seconds: operator mail is not repeated. */
gboolean ledger_notice_once(Ledger *ledger, const char *key, gint64 period, gint64 now,
                            gboolean *first_out, GError **error);

/* ---- reading ---- */

/* status and why as JSON (jansson text, caller frees); the commands format them for people. why:
 * `id` is a row number, a ticket ("#12" or "T12"), a Message-ID with or without <>, or a ref.
 * NULL without error when unknown. */
char *ledger_status_json(Ledger *ledger, gint64 now, GError **error);
char *ledger_why_json(Ledger *ledger, const char *id, GError **error);

/* After retention: addresses, subjects, names, evidence go; the salted hash of the id stays. */
gboolean ledger_expire(Ledger *ledger, gint64 older_than, guint *rows_out, GError **error);

G_END_DECLS

#endif
