/* pipeline.h - one mail through all stages: source, message, guard, classify, decide, act,
 * record. */
#ifndef AARDIG_PIPELINE_H
#define AARDIG_PIPELINE_H

#include <glib.h>

#include "aardig/act.h"
#include "aardig/ledger.h"
#include "aardig/rules.h"
#include "aardig/settings.h"
#include "aardig/source.h"
#include "aardig/words.h"

G_BEGIN_DECLS

/* What a pipeline works with; all borrowed. ledger is written unless dry_run; NULL: no history. */
typedef struct {
	const Settings *settings;
	const Account *account;
	const Rules *rules;
	const Words *words;
	/* Where words is NULL: called when the first mail needs a text. A process that delivers one
	 * mail pays for templates only if it says something. */
	const Words *(*load_words)(void *data, GError **error);
	void *load_data;
	Ledger *ledger;
	Effects *effects;
	gboolean dry_run;
} Pipeline;

/* What became of one mail; strings may be NULL where a stage was not reached. */
typedef struct {
	const char *outcome;   /* as in the ledger; "waiting" while `due` is set */
	char *reason;
	gint64 due;
	char *from, *subject, *language, *type, *tone, *guard, *team;
	char *line;            /* for the log */
	gboolean acknowledged, drafted, ticketed, urgent, hot;
	guint ticket;
} Handled;
void handled_clear(Handled *handled);

/* Takes one mail from its source to its outcome, or to the time of its next try; one log line.
 * FALSE when the ledger or the configuration is in trouble or we were asked to stop: the mail then
 * has no outcome and comes again. */
gboolean pipeline_handle(const Pipeline *pipeline, const SourceMail *mail, Handled *handled_out,
                         GError **error);

/* A mail that was counted, and perhaps read, before its turn (observe.c). */
typedef struct {
	guint tries;           /* 0: not counted yet */
	struct Message *message; /* NULL: not parsed yet */
	struct Reading *reading; /* NULL: not read yet */
} ReadAhead;
void read_ahead_clear(ReadAhead *ahead);
/* Message, of a mail whose raw bytes are there. */
void pipeline_parse_ahead(const SourceMail *mail, ReadAhead *ahead);
/* Classify. Any thread may do it: it asks the ledger nothing. */
void pipeline_read_ahead(const Pipeline *pipeline, ReadAhead *ahead);
/* pipeline_handle() from there on; takes what has been read. Does not log: the line is in *handled_out,
 * for when it is true (after the commit of a group). */
gboolean pipeline_handle_ahead(const Pipeline *pipeline, const SourceMail *mail, ReadAhead *ahead,
                               Handled *handled_out, GError **error);

/* All that is there now, in observe mode, many mails in one commit. Stops early, without an error, when
 * *stopping is set. */
gboolean observe_drain(const Pipeline *pipeline, Mailbox *mailbox, const volatile int *stopping,
                       GError **error);

/* A mail is set aside for a human instead of being tried a fourth time. */
#define PIPELINE_TRIES_MAX 3

/* A ledger as the history the guards ask; data must outlive the result. --state uses it too. */
typedef struct {
	Ledger *ledger;
	const Settings *settings;
	const Account *account;
	const char *ref;
	gint64 now;
	MailEntry entry;       /* filled by the first question */
	gboolean peeked;
	const char *budget;    /* the limit that was reached, or NULL */
} LedgerHistory;
GuardHistory ledger_history(LedgerHistory *data);
/* What deciding and wording want to know of it; borrows from `entry`. */
History history_of(const MailEntry *entry);

G_END_DECLS

#endif
