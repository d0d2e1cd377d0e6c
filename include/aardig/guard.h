/* guard.h - may this mail be answered at all?
 *
 * A row per guard, checked in the order of doc/guard.md; the first that holds gives the name,
 * but all are looked at, so that explain can show them. The only way to a ReplyPermit is through
 * here. */
#ifndef AARDIG_GUARD_H
#define AARDIG_GUARD_H

#include <glib.h>

#include "aardig/message.h"
#include "aardig/settings.h"

G_BEGIN_DECLS

typedef enum {
	GUARD_PASS,
	GUARD_HOLD,   /* no automatic answer */
	GUARD_UNSURE, /* could not be checked now: hold, and try again later */
} GuardVerdict;

typedef enum { GUARD_NEVER, GUARD_NO, GUARD_SOFT } GuardClass;
typedef enum { HUMAN_NONE, HUMAN_TICKET, HUMAN_DRAFT } GuardHuman;

typedef struct {
	const char *sender; /* -f, else $SENDER: reverse-path; NULL unknown, "" null, also when
	                       only one of the two is null or MAILER-DAEMON */
	const char *recipient;
	gint64 arrived;     /* INTERNALDATE or file time; 0 unknown */
} Envelope;

/* What the guards know of the past. NULL functions do not judge (no --state). Each returns
 * GUARD_UNSURE and sets error when the ledger could not be asked. */
typedef struct GuardHistory {
	void *data;
	/* HOLD: handled already. *same_id_out: the id is known but the content differs (also HOLD). */
	GuardVerdict (*duplicate)(void *data, const Message *message, gboolean *same_id_out,
	                          GError **error);
	GuardVerdict (*thread)(void *data, const Message *message, const Address *correspondent,
	                       GError **error);
	/* *which_out: "address", "domain", "total", "form"; static. */
	GuardVerdict (*budget)(void *data, const Address *recipient, const char **which_out,
	                       GError **error);
	/* TRUE if `mark` is the HMAC of `message_id` made with this ledger's secret. */
	gboolean (*is_our_mark)(void *data, const char *message_id, const char *mark);
} GuardHistory;

typedef struct {
	const Settings *settings;
	const Account *account;        /* NULL: no configuration, every To/Cc address is ours */
	const char *const *own;        /* --own, added to those of the settings */
	Envelope envelope;
	gint64 now;                    /* 0: too-old does not judge */
	const GuardHistory *history;   /* NULL: duplicate, thread, budget do not judge */
} GuardContext;

typedef struct ReplyPermit ReplyPermit;

/* The one recipient of the acknowledgement. */
const Address *reply_permit_recipient(const ReplyPermit *permit);

typedef struct {
	const char *name;
	GuardClass class;
	GuardVerdict verdict;
	GuardHuman human;
	char *reason;  /* one sentence for explain and the ledger; foreign parts quoted; NULL on PASS */
} GuardRow;

typedef struct {
	gboolean allowed;
	const char *guard;    /* name of the first that held; NULL if allowed */
	const char *reason;   /* of that row; NULL if allowed */
	GuardHuman human;     /* HUMAN_DRAFT when allowed */
	gboolean unsure;      /* the first that held was GUARD_UNSURE: try again later */
	GArray *rows;         /* GuardRow of every guard, in order */
	ReplyPermit *permit;  /* NULL unless allowed */
	Address *correspondent; /* who wrote, also when held: whom a human would answer, by From and
	                           Reply-To, or the customer of a form; NULL if nobody can be named */
	const FormSender *form; /* the contact form it came by, or NULL */
} GuardResult;

GuardResult *guard_check(const Message *message, const GuardContext *ctx);
void guard_result_free(GuardResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GuardResult, guard_result_free)

/* Names of all guards in order, NULL-terminated: for `guards_off`, `when.guard`, the manual
 * test. */
const char *const *guard_names(void);
/* Class of a guard; GUARD_NEVER for names that are none. */
GuardClass guard_class(const char *name);

/* Our mark for a Message-ID we make (value of X-Loop-Aardig): hex HMAC-SHA-256, cut to 32. */
char *guard_mark(const guint8 *secret, gsize secret_len, const char *message_id);
/* The question behind GuardHistory.is_our_mark, in constant time; FALSE for a NULL id. */
gboolean guard_mark_verify(const guint8 *secret, gsize secret_len, const char *message_id,
                           const char *mark);

/* TRUE for domains where many strangers live: no domain budget. Which ones the configuration says
 * (webmail_domains), or, without settings or a list of their own, conf/data/mail-providers.txt. */
gboolean guard_is_mail_provider(const Settings *settings, const char *domain);

G_END_DECLS

#endif
