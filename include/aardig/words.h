/* words.h - templates and everything aardig says: acknowledgements, suggested replies, tickets.
 *
 * Templates are small logic-less text files, checked when loaded; see aardig-templates(5). Output
 * is UTF-8 plain text with \n, lines wrapped at 72 columns, no trailing blanks. */
#ifndef AARDIG_WORDS_H
#define AARDIG_WORDS_H

#include <glib.h>

#include "aardig/classify.h"
#include "aardig/decide.h"
#include "aardig/diagnostics.h"
#include "aardig/settings.h"

G_BEGIN_DECLS

typedef struct Words Words;

/* Reads every template of every language; a file in an earlier folder replaces the one of the same
 * relative name ("nl/ack.txt") in a later one. NULL after errors, all of them in diag. */
Words *words_load(const char *const *dirs, Diagnostics *diag);
void words_free(Words *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Words, words_free)

/* Checks Shop.subject, a template of one line; errors go to diag. */
gboolean words_check_subject(const char *text, const char *file, guint line, Diagnostics *diag);

/* Everything a text may speak of. Borrowed. */
typedef struct {
	const Shop *shop;
	const Account *account;
	const Reading *reading;
	const Plan *plan;
	const Message *message;    /* tickets only; never read by words_acknowledgement() */
	const GuardResult *guard;  /* tickets only */
	const History *history;
	const char *customer;      /* addr-spec, for the ticket */
	guint ticket;
	gint64 now;
	gboolean again;            /* second mail in a thread: varied thanks */
} WordsContext;

/* The acknowledgement's subject and body in the customer's language (nl in the shop's register).
 * No byte of the mail's own text, subject or name enters but a safe order number and first name.
 * Fails (PERMANENT) rather than send something with a leftover or an empty block. */
gboolean words_acknowledgement(const Words *words, const WordsContext *ctx, char **subject_out,
                               char **body_out, GError **error);

/* The suggested reply for the human, in the customer's language. `variant`: NULL for the one that
 * fits, else one of words_reply_names(). */
char *words_reply(const Words *words, const WordsContext *ctx, const char *variant, GError **error);
/* "options", "no", "expectation" ...; NULL-terminated. */
const char *const *words_reply_names(void);
/* Which variant words_reply(NULL) takes, and which others fit: NULL-terminated, static strings. */
void words_reply_variants(const WordsContext *ctx, const char **best_out, const char *others_out[8]);

/* The ticket in the shop's working language: reasons, checklist, what was asked, deadline,
 * hints. */
gboolean words_ticket(const Words *words, const WordsContext *ctx, char **subject_out,
                      char **body_out, GError **error);

/* Mail to the operator: `name` is a template below operator/ ("silent", "breaker",
 * "unknown-outcome", "set-aside", "token", "unrouted", "clock"); values are pairs NAME, VALUE,
 * NULL. */
gboolean words_operator(const Words *words, const Shop *shop, const char *name,
                        const char *const *values, char **subject_out, char **body_out,
                        GError **error);

G_END_DECLS

#endif
