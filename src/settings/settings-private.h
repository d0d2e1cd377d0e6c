/* settings-private.h - keys as table rows, and the reader that walks a libconfig tree by them. */
#ifndef AARDIG_SETTINGS_PRIVATE_H
#define AARDIG_SETTINGS_PRIVATE_H

#include <libconfig.h>

#include "aardig/settings.h"
#include "settings/text.h"

G_BEGIN_DECLS

typedef enum {
	KEY_TEXT,     /* char *: a text, not empty, one line */
	KEY_ADDRESS,  /* char *: one addr-spec */
	KEY_PATH,     /* char *: relative to the configuration file; "~/" is the home folder */
	KEY_TEXTS,    /* char **: one text or a list of them */
	KEY_COMMAND,  /* char **: argv as a list, or one text split like a shell would */
	KEY_DURATION, /* gint64: seconds */
	KEY_SECONDS,  /* guint: seconds, written as a duration */
	KEY_NUMBER,   /* guint */
	KEY_FLAG,     /* gboolean */
	KEY_TRISTATE, /* int: 0, 1, or -1 where the key is missing */
	KEY_CHOICE,   /* an enum: the index into `names` */
	KEY_GROUP,    /* a group read by `group` into the same structure */
	KEY_OTHER,    /* `read` does it all */
} KeyType;

typedef struct Reader Reader;
typedef struct Key Key;
typedef void (*KeyRead)(Reader *reader, const config_setting_t *from, const Key *key, void *base);

struct Key {
	const char *name;
	KeyType type;
	gsize offset;             /* of the field in the structure being filled */
	const char *fallback;     /* as it would be written, without quotes; NULL: none */
	const char *help;         /* one line, for `check` and the test of the manual */
	gint64 min, max;          /* numbers; durations in seconds; KEY_TEXTS: how many (0: 100) */
	const char *const *names; /* KEY_CHOICE; KEY_TEXTS: the only values allowed */
	const Key *group;         /* KEY_GROUP */
	KeyRead read;             /* KEY_OTHER; otherwise called after the value was stored */
};

struct Reader {
	Diagnostics *diag;
	const SettingsText *text;
	Settings *settings;
	char *dir;                 /* of the configuration file, absolute */
	Account *account;          /* being read */
	GPtrArray *account_places; /* config_setting_t of each account, for checks across them */
	GPtrArray *shop_names;     /* char *: what each account said in `shop`, or NULL */
};

/* ---- keys.c: the tables, each ends with a row without a name ---- */

typedef struct {
	const char *title; /* "accounts" */
	const Key *keys;
} KeyTable;

extern const Key top_keys[], shop_keys[], hours_keys[], answer_within_keys[], policy_keys[];
extern const Key account_keys[], source_keys[], smtp_keys[], budget_keys[], form_keys[];
extern const Key route_keys[], when_keys[], operator_smtp_keys[];
extern const KeyTable key_tables[]; /* all of them, ends with a NULL title */

extern const char *const language_names[]; /* "nl" "en" "de" "fr" */

/* ---- reader.c: walking ---- */

void reader_error(Reader *reader, const config_setting_t *at, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
void reader_warning(Reader *reader, const config_setting_t *at, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* File and line a setting stands on. */
void reader_place(const Reader *reader, const config_setting_t *at, const char **file_out,
                  guint *line_out);
/* Every member of a group by its row; unknown names are errors. Call reader_defaults() before. */
void reader_group(Reader *reader, const config_setting_t *group, const Key *keys, void *base);
/* Fallbacks of a table, and of the groups in it. */
void reader_defaults(const Key *keys, void *base);
/* Each group of a list. FALSE (after a word on it) if `from` is no list of groups. */
typedef void (*ReaderElement)(Reader *reader, const config_setting_t *element);
void reader_list(Reader *reader, const config_setting_t *from, const Key *key, ReaderElement each);
const config_setting_t *reader_member(const config_setting_t *group, const char *name);

/* ---- values.c: one value ---- */

/* Text of a scalar string, trimmed of nothing; NULL after an error. Borrowed. */
const char *value_text(Reader *reader, const config_setting_t *from, const char *what);
void value_store(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void value_fallback(const Key *key, void *base);
/* Absolute; against the folder of the configuration file. Caller frees. */
char *value_path(const Reader *reader, const char *text);
const char *value_type_name(const config_setting_t *setting);

/* ---- settings.c ---- */

/* Text in memory, called `name`; for tests and the fuzzer. Relative paths: from the
 * working directory. */
Settings *settings_load_text(const char *name, const char *content, gsize length,
                             Diagnostics *diag);

/* ---- own-address.c ---- */

/* Local part as written, domain in lower case as A-label; NULL if it is no plain address. With
 * `domain_too`, "@winkel.nl" is one. Caller frees. */
char *address_normalise(const char *text, gboolean domain_too);

/* ---- shop.c, account.c, endpoint.c, routes.c: what a table cannot say ---- */

void read_shop(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_shops(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_accounts(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_routes(Reader *reader, const config_setting_t *from, const Key *key, void *base);
Shop *shop_new(void);
Route *route_new(void);
void shop_free(Shop *shop);
void account_free(Account *account);
void route_free(Route *route);
void endpoint_clear(Endpoint *endpoint);

void read_day(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_answer_within(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_holidays(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_closed(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_order_patterns(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_account_name(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_account_shop(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_addresses(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_source_folder(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_envelope_from(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_form_senders(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_guards_off(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_password(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_timezone(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_subject(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_when_guard(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_keyword(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_own_lists(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_authserv_id(Reader *reader, const config_setting_t *from, const Key *key, void *base);
void read_webmail_domains(Reader *reader, const config_setting_t *from, const Key *key, void *base);
/* Endpoint rules: TLS, ports, one secret at most. `group`: source, smtp or operator_smtp. */
void check_endpoint(Reader *reader, const config_setting_t *group, Endpoint *endpoint,
                    gboolean imap, const char *credential);

/* ---- check.c: the configuration as a whole, after everything was read ---- */

void check_whole(Reader *reader, const config_setting_t *root);

G_END_DECLS

#endif
