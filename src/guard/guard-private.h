/* guard-private.h - what the files of this folder share: the case before the guards, and
 * their rows. */
#ifndef AARDIG_GUARD_PRIVATE_H
#define AARDIG_GUARD_PRIVATE_H

#include <glib.h>

#include "aardig/guard.h"

G_BEGIN_DECLS

#define QUOTE_MAX 80 /* characters of foreign text in a reason */

/* ---- guard-envelope.c: who sent this, according to the envelope ---- */

typedef enum {
	REVERSE_UNKNOWN,   /* nobody told */
	REVERSE_NULL,      /* <> or MAILER-DAEMON */
	REVERSE_ADDRESS,   /* who sent it, before forwarders and bounce protection rewrote it */
	REVERSE_FORWARDER, /* only the forwarder is left in it (+caf_=, SRS of Microsoft 365) */
	REVERSE_UNUSABLE,  /* told, but no address */
} ReverseKind;

typedef struct {
	ReverseKind kind;
	char *told;        /* as told, without <>; NULL if unknown */
	const char *null_where; /* the source that says there is no sender; NULL if none does */
	Address address;   /* of ADDRESS and FORWARDER */
	gboolean verp;     /* an address for bounces, made for one recipient */
} ReversePath;

void reverse_path_find(ReversePath *reverse, const Message *message, const Envelope *envelope);
void reverse_path_clear(ReversePath *reverse);

/* ---- guard-auth.c: Authentication-Results (RFC 8601) ---- */

typedef enum { AUTH_NONE, AUTH_PASS, AUTH_FAIL, AUTH_OTHER } AuthResult;

/* What the trusted server found. A pass counts in the topmost trusted field that names the method
 * only, a fail in any. */
typedef struct {
	gboolean present;        /* there was a trusted field */
	AuthResult dmarc, spf;
	gboolean dkim_said;      /* there was a result for dkim, of whatever kind */
	char *dmarc_from;        /* header.from; NULL if not said */
	char *spf_domain;        /* of smtp.mailfrom; NULL if not said */
	GPtrArray *dkim_domains; /* header.d or header.i of each pass, "" where not said */
} AuthResults;

void auth_results_read(AuthResults *auth, const Message *message, const char *authserv_id);
void auth_results_clear(AuthResults *auth);
/* One field alone; FALSE if it is not from `authserv_id` (NULL: any, or without an id). */
gboolean auth_results_field(AuthResults *auth, const char *value, const char *authserv_id);
/* Trusted DMARC passes for a From of this domain. */
gboolean auth_dmarc_passes(const AuthResults *auth, const char *domain);
/* A signature of this domain's organisation passes. */
gboolean auth_dkim_passes(const AuthResults *auth, const char *domain);
gboolean auth_spf_passes(const AuthResults *auth, const char *domain);

/* ---- the case ---- */

/* Everything the rows look at, derived once. Borrowed unless it says otherwise. */
typedef struct {
	const Message *message;
	const GuardContext *ctx;
	const Account *account;    /* NULL: none */
	gboolean implicit_own;     /* no configuration at all: every To/Cc address is ours */
	ReversePath reverse;       /* owned */
	AuthResults auth;          /* owned */

	const Address *from;       /* the one usable From address, or NULL */
	const char *from_trouble;  /* why there is none; static */
	gboolean from_verified;    /* trusted DMARC passes for From */

	const FormSender *form;    /* proven contact form */
	gboolean form_unproven;    /* From is a listed form, but nothing proves it */
	gboolean own_list;         /* came through a listed list of ours */
	gboolean relayed;          /* form or own list: the customer is not in From */
	Address *customer;         /* owned; of form and own list; NULL if it cannot be told */
	Address *claimed;          /* owned; who claims to be behind an own list, unproven */

	Address *recipient;        /* owned; whom an answer would go to; NULL: nobody */
	const char *nobody;        /* why nobody; static; NULL if recipient is set */
	Address *correspondent;    /* owned; who wrote; NULL if nobody can be named */
} GuardCase;

/* What a row found. */
typedef struct {
	char *reason;      /* owned; set on HOLD and UNSURE */
	GuardHuman human;  /* preset from the table; a row may change it */
} Finding;

typedef struct {
	const char *name;
	GuardClass class;
	GuardHuman human;
	GuardVerdict (*check)(const GuardCase *c, Finding *finding);
} Guard;

/* All three return GUARD_HOLD. */
GuardVerdict hold(Finding *finding, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* "<what>: <quoted value>" */
GuardVerdict hold_quoted(Finding *finding, const char *what, const char *foreign);
/* "it carries <name>: <quoted value>" */
GuardVerdict hold_field(Finding *finding, const char *name, const char *value);

/* ---- rows, by file ---- */

/* guard-mark.c */
GuardVerdict check_ours(const GuardCase *c, Finding *finding);
/* guard-headers.c */
GuardVerdict check_loop(const GuardCase *c, Finding *finding);
GuardVerdict check_report(const GuardCase *c, Finding *finding);
GuardVerdict check_auto_submitted(const GuardCase *c, Finding *finding);
GuardVerdict check_auto_header(const GuardCase *c, Finding *finding);
GuardVerdict check_mailing_list(const GuardCase *c, Finding *finding);
GuardVerdict check_precedence(const GuardCase *c, Finding *finding);
GuardVerdict check_suppressed(const GuardCase *c, Finding *finding);
GuardVerdict check_bulk_sender(const GuardCase *c, Finding *finding);
/* guard-sender.c */
GuardVerdict check_null_sender(const GuardCase *c, Finding *finding);
GuardVerdict check_robot_sender(const GuardCase *c, Finding *finding);
GuardVerdict check_role_sender(const GuardCase *c, Finding *finding);
GuardVerdict check_noreply(const GuardCase *c, Finding *finding);
GuardVerdict check_list_envelope(const GuardCase *c, Finding *finding);
/* guard-spam.c */
GuardVerdict check_spam(const GuardCase *c, Finding *finding);
/* guard-auth.c */
GuardVerdict check_unauthenticated(const GuardCase *c, Finding *finding);
/* guard-own.c */
GuardVerdict check_own_mail(const GuardCase *c, Finding *finding);
GuardVerdict check_not_addressed(const GuardCase *c, Finding *finding);
/* guard-recipient.c */
GuardVerdict check_no_sender(const GuardCase *c, Finding *finding);
/* guard-calendar.c */
GuardVerdict check_calendar(const GuardCase *c, Finding *finding);
/* guard-subject.c */
GuardVerdict check_auto_subject(const GuardCase *c, Finding *finding);
/* guard-history.c */
GuardVerdict check_unreadable(const GuardCase *c, Finding *finding);
GuardVerdict check_too_old(const GuardCase *c, Finding *finding);
GuardVerdict check_duplicate(const GuardCase *c, Finding *finding);
GuardVerdict check_thread(const GuardCase *c, Finding *finding);
GuardVerdict check_budget(const GuardCase *c, Finding *finding);

/* ---- shared helpers ---- */

/* guard-own.c: an address of this configuration, of --own, the one it was delivered to, or,
 * without any configuration, one in To or Cc. */
gboolean case_is_own(const GuardCase *c, const Address *address);

/* guard-form.c: finds form, own_list and customer. */
void case_find_form(GuardCase *c);
void case_find_own_list(GuardCase *c);
/* TRUE if a List-Id value names one of the account's own lists. */
gboolean list_id_is_own(const Account *account, const char *list_id);

/* guard-recipient.c: finds from; then recipient and correspondent. */
void case_find_from(GuardCase *c);
void case_find_recipient(GuardCase *c);
gboolean same_organisation(const char *domain, const char *other);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Address, address_free)
Address *address_dup(const Address *address);
/* An address a mail can be sent to: all of address_parse() and a domain with a dot. */
gboolean address_is_usable(const Address *address);

/* guard-words.c: is `local` one of the words, anchored on word borders? A '-' in a word
 * stands for any separator or none: "no-reply" matches noreply, no_reply, klanten.no-reply,
 * noreply2. */
gboolean local_has_word(const char *local, const char *const *words);
/* The same, but the local part must be nothing else (a +tag apart). */
gboolean local_is_word(const char *local, const char *const *words);

/* First token of a field value: comments (RFC 5322 s.3.2.2, nested) and blanks skipped, up
 * to a blank, a semicolon, comma or comment. In lower case; caller frees; never NULL. */
char *field_token(const char *value);

G_END_DECLS

#endif
