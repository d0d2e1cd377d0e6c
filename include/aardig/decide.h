/* decide.h - policy x guards x reading x history x now -> plan. Pure: opens nothing, sends
 * nothing. */
#ifndef AARDIG_DECIDE_H
#define AARDIG_DECIDE_H

#include <glib.h>

#include "aardig/classify.h"
#include "aardig/guard.h"
#include "aardig/settings.h"

G_BEGIN_DECLS

/* What the acknowledgement is about; chooses the wording, never the help. */
typedef enum {
	ACK_NORMAL,
	ACK_GENERAL,     /* type unsure: thanks, what happens next, no mirror of a type */
	ACK_PRAISE,
	ACK_QUESTION,    /* before buying, neutral questions: no apology for a complaint */
	ACK_PRIVACY,     /* receipt of a GDPR request */
	ACK_LEGAL,       /* legal letter or threat: neutral dated receipt */
	ACK_THREAT,
	ACK_ABUSE,       /* short, neutral */
	ACK_BEREAVEMENT, /* death or illness told */
	ACK_SAFETY,      /* injury, allergy, fire, recall */
} AckKind;

/* What is known of earlier mail; all zero: nothing. */
typedef struct {
	guint thread_mails;
	gboolean thread_acknowledged;
	guint ticket;
	const char *worst_tone;  /* of the thread so far, or NULL */
	guint customer_mails;    /* of this address in the ledger */
} History;

typedef struct Plan {
	gboolean acknowledge;
	AckKind kind;
	const ReplyPermit *permit;  /* borrowed from the GuardResult; NULL unless acknowledge */
	gboolean needs_human;       /* a ticket in some form */
	gboolean draft;             /* a suggested reply is made: attached to the ticket, and in
	                               the Drafts folder where the route says so */
	const Route *route;         /* borrowed from the settings */
	Priority priority;
	gint64 answer_by;           /* 0 when nobody needs to answer */
	gboolean hot;               /* keyword $AardigHot: angry, threat, worsening, third reminder */
	GPtrArray *reasons;         /* char *: "CODE" or "CODE DETAIL", in order; decide_reason_text() */
} Plan;

/* `guard`, `reading` and `settings` must outlive the plan. The mode of the account is not looked at
 * here but when acting. */
Plan *decide(const Settings *settings, const Account *account, const GuardResult *guard,
             const Reading *reading, const History *history, gint64 now);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

const char *ack_kind_name(AckKind kind);

/* A reason of a plan as a sentence for the team, in "nl" or "en" (any other language: en). */
char *decide_reason_text(const char *reason, const char *language);

/* ---- the shop's calendar ---- */

/* The moment by which a mail of that priority that came at `from` is answered: from opening hours,
 * holidays, closed days and answer_within, in the shop's time zone, on a whole quarter of an hour.
 * "N workdays" is closing time of the N-th open day after the one on which the mail counts as
 * received (after closing time it counts as the next open day's). 0 if the shop is closed for a
 * year on end. */
gint64 calendar_answer_by(const Shop *shop, Priority priority, gint64 from);
/* Name of a built-in public holiday ("nl": New Year, Easter, King's Day, Liberation Day in lustrum
 * years, Ascension, Whitsun, Christmas), or NULL. */
const char *calendar_holiday(const char *calendar, int year, int month, int day);
/* Names of the built-in calendars, NULL-terminated. */
const char *const *calendar_names(void);
/* Reads a file of dates (one "2026-12-24" or "2026-12-24/2027-01-01" a line, # comments) and adds
 * them to `closed` (char *, owned by the array): how a holiday list that is not built in gets into
 * Shop.closed. Errors go to diag with file and line; FALSE if there was one. */
gboolean calendar_read_dates(const char *path, GPtrArray *closed, Diagnostics *diag);

G_END_DECLS

#endif
