/* settings.h - the whole configuration, valid, or its errors.
 *
 * One aardig.conf (libconfig); see aardig.conf(5). Everything here is read-only once loaded and
 * lives as long as the Settings. Durations are seconds. Strings are UTF-8; addresses are bare
 * addr-specs. Where the file is silent the table of defaults in settings/keys.c has spoken. */
#ifndef AARDIG_SETTINGS_H
#define AARDIG_SETTINGS_H

#include <glib.h>

#include "aardig/diagnostics.h"
#include "aardig/secret.h"

G_BEGIN_DECLS

typedef enum { TLS_IMPLICIT, TLS_STARTTLS, TLS_NONE } TlsMode;
typedef enum { MODE_OBSERVE, MODE_DRAFT, MODE_SEND } AccountMode;
typedef enum { SOURCE_NONE, SOURCE_IMAP, SOURCE_MAILDIR } SourceType;
typedef enum { REGISTER_FORMAL, REGISTER_INFORMAL } Register; /* "u", "je" */
typedef enum { PRIORITY_NORMAL, PRIORITY_HIGH } Priority;

/* Where a password comes from; at most one of the first four is set, none means no login. */
typedef struct {
	char **password_command; /* argv */
	char *password_file;
	char *password;          /* inline */
	char **token_command;    /* OAuth 2 bearer token: XOAUTH2 or OAUTHBEARER */
	char *credential;        /* name below $CREDENTIALS_DIRECTORY tried when none is set:
	                            "NAME.imap" or "NAME.smtp" of the account */
} SecretSource;

typedef struct {
	char *host;   /* NULL: not configured */
	guint port;
	TlsMode tls;
	char *ca_file; /* NULL: the system's */
	char *user;    /* NULL: no AUTH */
	SecretSource secret;
} Endpoint;

typedef struct {
	guint address_day, address_week, domain_day, total_hour;
} Budget;

typedef struct {
	char *address;   /* the form's From */
	char *secret_field;  /* header field or "Name:" line of the body that must hold secret_value */
	char *secret_value;
	char *customer_field; /* header field or body label naming the customer; NULL: Reply-To */
	guint hour_limit;
} FormSender;

/* Seconds since local midnight; open == close == 0: closed that day. */
typedef struct {
	gint32 open, close;
} DayHours;

typedef struct Shop {
	char *name;          /* key of the shop and the name customers know */
	char *language;      /* the team's working language: "nl" or "en" */
	Register register_;
	char *signature;     /* name of the human or team that signs */
	GTimeZone *timezone;
	DayHours hours[7];   /* [0] is Monday */
	char **holidays;     /* names of built-in calendars ("nl") */
	char **closed;       /* "2026-12-24", or ranges "2026-12-24/2027-01-01"; also those of the
	                        files that `holidays` names */
	/* answer_within per Priority: that many workdays (answer before closing time of the day),
	 * or, where workdays is 0, that many seconds of opening time. */
	struct {
		guint workdays;
		gint64 seconds;
	} answer_within[2];
	char **remedies;     /* allowed ones of: repair replace refund partial discount */
	char *policy_discount; /* e.g. "10%" as offered in drafts, or NULL */
	char **order_patterns; /* PCRE2, added to the built-in forms of an order number */
	char *subject;       /* Subject of acknowledgements, a template; NULL: shipped per language */
	char *thread_policy; /* second mail in a thread: "silent" (default) or "vary" */
	gboolean acknowledge_other; /* also answer mails of type "other" */
} Shop;

typedef struct Account {
	char *name;
	const Shop *shop;
	char **addresses;    /* ours; "@winkel.nl" stands for a catch-all domain */
	AccountMode mode;
	SourceType source;
	Endpoint imap;
	char *folder;        /* IMAP mailbox name in UTF-8, default INBOX */
	char *source_path;   /* Maildir source */
	Endpoint smtp;
	char *from;          /* From of acknowledgements; default: the first of addresses */
	char *envelope_from; /* "" is the null reverse-path and the default */
	char **sendmail;     /* argv, instead of smtp */
	char *maildir;       /* where deliver stores */
	char *drafts;        /* NULL: find the folder marked \Drafts */
	GPtrArray *form_senders; /* FormSender */
	char **own_lists;    /* List-Ids */
	char *authserv_id;   /* NULL: none trusted; "topmost" */
	gint64 max_age;
	char **languages;    /* those that get an automatic answer */
	Budget budget;
	gint64 poll;
	char **guards_off;   /* names of guards of class "no" or "soft" that are switched off */
	char *ticket_from;   /* From of tickets; default: from */
	guint timeout;       /* longest wait for one answer of a server, default 60 */
	char *file;          /* where the account stands, */
	guint line;
	char *mode_file;     /* and where its mode does, or would */
	guint mode_line;
} Account;

/* A condition that is NULL (or -1) matches everything. `guard` may also hold "any" (some guard
 * held the answer) and "none". */
typedef struct Route {
	char **type, **tone, **language, **account, **guard;
	int urgent, unsure;  /* -1 any, 0 no, 1 yes */
	char *team;
	Priority priority;
	gboolean draft;
	char *mail_to, *folder, *keyword, *maildir;
	gboolean copy;       /* folder: COPY instead of MOVE */
	char **command;
	gboolean ack;
	char *file;          /* where it stands */
	guint line;
} Route;

typedef struct Settings {
	char *path;          /* the file read; NULL for the built-in defaults */
	GTimeZone *timezone;
	char *state_dir;
	char *operator_;     /* NULL: nobody to tell by mail */
	gint64 retention;
	GPtrArray *shops;    /* Shop; at least one */
	GPtrArray *accounts; /* Account; may be empty (offline commands) */
	GPtrArray *routes;   /* Route; the last one without conditions */
	char **rule_dirs;    /* where rule packs are read, shipped first */
	char **template_dirs;/* where templates are looked up, local first */
	char *cache_dir;
	char **webmail_domains; /* NULL: shipped data file */
	Endpoint operator_smtp; /* other way out for operator mail; host NULL: the first account's */
} Settings;

/* Reads `path`, or the first of $AARDIG_CONFIG, $XDG_CONFIG_HOME/aardig/aardig.conf,
 * SYSCONFDIR/aardig/aardig.conf and /etc/aardig/aardig.conf when NULL. Every error goes to
 * `diag` with file and line; NULL if there was one. Secrets are not fetched here. */
Settings *settings_load(const char *path, Diagnostics *diag);
/* What holds without any file: no account, one shop "winkel", shipped rules and templates. */
Settings *settings_default(void);
/* The file settings_load(NULL) would read, or NULL if there is none. Caller frees. */
char *settings_find(void);
void settings_free(Settings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

const Account *settings_account(const Settings *settings, const char *name);

/* The first route whose conditions hold; never NULL for loaded settings. `guard` is the name of
 * the guard that held the answer, or NULL. */
const Route *settings_route(const Settings *settings, const char *account, const char *type,
                            const char *tone, const char *language, const char *guard,
                            gboolean urgent, gboolean unsure);

/* Is the addr-spec this address of ours ("@winkel.nl": any of that domain)? Local part and domain
 * without regard to case, a +tag ignored. FALSE for NULL. */
gboolean settings_same_address(const char *ours, const char *addr_spec);
/* ... one of the account's `addresses`? */
gboolean settings_account_has_address(const Account *account, const char *addr_spec);
/* ... one of these, its from, envelope_from or ticket_from? */
gboolean settings_account_owns_address(const Account *account, const char *addr_spec);
/* ... ours anywhere in this configuration: of any account, mail_to of a route, the operator? */
gboolean settings_is_own_address(const Settings *settings, const char *addr_spec);

/* Types and tones that routes name against the labels of the loaded rules (rules_labels()); those
 * that no rule gives are errors at the route. */
void settings_check_labels(const Settings *settings, const char *const *types,
                           const char *const *tones, Diagnostics *diag);

/* Password or token of an endpoint, fetched anew at every call. *is_token_out tells which.
 * NULL without error when no login is configured. */
Secret *settings_secret(const SecretSource *source, gboolean *is_token_out, GError **error);

/* "3 days", "60 s", "4 hours", "90 min", "2 weeks" -> seconds; FALSE if it is none of these. */
gboolean settings_parse_duration(const char *text, gint64 *seconds_out);

/* Folder of shipped files: $AARDIG_DATADIR or PKGDATADIR; "rules", "coach", "data" and "demo" lie
 * in it (conf/ in the source tree). */
const char *settings_datadir(void);
/* Folder of shipped templates: $AARDIG_TEMPLATEDIR or PKGDATADIR "/templates". */
const char *settings_templatedir(void);

G_END_DECLS

#endif
