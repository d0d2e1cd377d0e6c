/* act.h - carries a plan out, and builds every outgoing mail. */
#ifndef AARDIG_ACT_H
#define AARDIG_ACT_H

#include <stdio.h>

#include <glib.h>

#include "aardig/decide.h"
#include "aardig/ledger.h"
#include "aardig/message.h"
#include "aardig/source.h"
#include "aardig/words.h"

G_BEGIN_DECLS

/* ---- outgoing mail: RFC 5322 bytes with CRLF, built with GMime ---- */

typedef struct {
	const char *from;        /* addr-spec of the From field, with from_name */
	const char *from_name;
	const char *to;          /* addr-spec */
	const char *to_name;
	const char *reply_to;    /* tickets: the ticket address; NULL */
	const char *subject, *body;
	const char *message_id;  /* without <> */
	const char *in_reply_to; /* validated id without <>, or NULL */
	const char *const *references;
	const char *auto_submitted; /* "auto-replied", "auto-generated", NULL for drafts */
	const char *mark;        /* X-Loop-Aardig, NULL for drafts */
	gint64 date;
	GTimeZone *zone;
	gboolean unsent;         /* X-Unsent: 1, so that a mail client opens it as a draft */
	GBytes *attached_draft;  /* tickets: unsent suggested reply, as message/rfc822 */
	GBytes *attached_original; /* tickets: the mail whole, as message/rfc822 */
} OutgoingMail;

/* NULL (PERMANENT) if a value has CR, LF or NUL, or the result is not what it must be. */
GBytes *outgoing_build(const OutgoingMail *mail, GError **error);
/* A new Message-ID without <>: random part @ domain of `address`. Caller frees. */
char *outgoing_message_id(const char *address);

/* ---- effects: the edge to the network and the disk ---- */

typedef struct Effects Effects;
struct Effects {
	/* An acknowledgement, ticket or operator mail. before_commit (may be NULL) is called at the
	 * last moment where nothing has been sent. Errors as smtp_send(). */
	gboolean (*send)(Effects *effects, const char *reverse_path, const char *recipient,
	                 GBytes *message, gboolean (*before_commit)(void *data, GError **error),
	                 void *data, char **answer_out, GError **error);
	/* As mailbox_append(), mailbox_file() and mailbox_flag(). */
	gboolean (*append)(Effects *effects, const char *folder, GBytes *message,
	                   const char *message_id, gboolean look_up, GError **error);
	gboolean (*file)(Effects *effects, const SourceMail *mail, const char *folder, gboolean copy,
	                 GError **error);
	gboolean (*flag)(Effects *effects, const SourceMail *mail, const char *const *keywords,
	                 GError **error);
	/* Stores into another Maildir (route `maildir`); `id` makes it a no-op the second time. */
	gboolean (*maildir)(Effects *effects, const char *path, GBytes *message, const char *id,
	                    gboolean look_up, GError **error);
	/* argv only, the message on stdin, 30 seconds. */
	gboolean (*command)(Effects *effects, char *const *argv, char *const *environment,
	                    GBytes *message, GError **error);
	void (*free)(Effects *effects);
};

/* The real ones. mailbox may be NULL until effects_set_mailbox(); it is borrowed. One SMTP
 * connection is kept and reused. */
Effects *effects_new(const Account *account);
void effects_set_mailbox(Effects *effects, Mailbox *mailbox);
/* Writes what would leave to `out`, whole; nothing leaves. */
Effects *effects_new_dry(const Account *account, FILE *out);
void effects_free(Effects *effects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Effects, effects_free)

/* ---- carrying a plan out ---- */

/* Everything an action may use; all borrowed. ledger NULL: a dry run, every claim is ours. */
typedef struct {
	const Settings *settings;
	const Account *account;
	const Words *words;
	Ledger *ledger;
	Effects *effects;
	const SourceMail *mail;
	const Message *message;
	const GuardResult *guard;
	const Reading *reading;
	const Plan *plan;
	const History *history;
	MailEntry *entry;
	gint64 now;
	const char *reply_variant; /* of words_reply(); NULL: the one that fits */
	gboolean hold_answers; /* the clock is behind the ledger: acknowledgements wait */
	const Claim *first;    /* what act_claim_first() made; NULL: nothing */
} Acting;

typedef struct {
	gboolean acknowledged;  /* sent now or before, or its outcome is unknown */
	gboolean unknown;       /* ... that */
	gboolean drafted, ticketed;
	gboolean ack_given_up;
	const char *ack_held;   /* "thread", "budget": the claim said no although the guards had not */
	gint64 due;             /* something waits until then; 0: all is done */
	gboolean unrouted;      /* the human could not be reached by any way of the route */
	char *note;             /* last trouble, for the reason; NULL */
} ActResult;
void act_result_clear(ActResult *result);

/* Claims what the plan does first, in the transaction that writes the mail down: a commit less for
 * every mail. The claim goes into acting->first. *made_out FALSE: the plan does nothing. */
gboolean act_claim_first(const Acting *acting, Claim *claim_out, gboolean *made_out, GError **error);
/* Has that claim to be on disk before anything is done? */
gboolean act_first_is_durable(const Acting *acting);
/* FALSE only when the ledger failed or we were asked to stop; trouble with a single action is in
 * the result and on record. */
gboolean act_carry_out(const Acting *acting, ActResult *result_out, GError **error);

/* The mail whole to a human without having been parsed (poison mail, over the size limit). */
gboolean act_set_aside(const Acting *acting, const char *why, ActResult *result_out, GError **error);

/* The acknowledgement, suggested reply and ticket as RFC 5322, as they are sent; for preview
 * too. */
GBytes *compose_acknowledgement(const Acting *acting, const char *our_id, GError **error);
/* attached: as part of a ticket, to be opened as an unsent message. */
GBytes *compose_draft(const Acting *acting, const char *our_id, gboolean attached, GError **error);
GBytes *compose_ticket(const Acting *acting, const char *our_id, GError **error);

/* Tells the operator once per `key` and day: by mail where one is configured, always in the log.
 * `values` as words_operator(). */
void operator_tell(const Settings *settings, const Account *account, const Words *words,
                   Ledger *ledger, Effects *effects, const char *key, const char *name,
                   const char *const *values);

G_END_DECLS

#endif
