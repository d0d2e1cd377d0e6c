/* keys.c - every key of aardig.conf: name, type, where it is kept, default, what it is for.
 *
 * A new key is a new row, and an entry in doc/aardig.conf.5 (a test compares them). Defaults are
 * written as in the file; those of "other" keys are set by their readers and stand here for the
 * manual. */
#include "config.h"

#include "settings/settings-private.h"

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

const char *const language_names[] = { "nl", "en", "de", "fr", NULL };

/* In the order of their enums. */
static const char *const tls_names[] = { "implicit", "starttls", "none", NULL };
static const char *const mode_names[] = { "observe", "draft", "send", NULL };
static const char *const source_names[] = { "", "imap", "maildir", NULL };
static const char *const register_names[] = { "u", "je", NULL };
static const char *const priority_names[] = { "normal", "high", NULL };

static const char *const team_languages[] = { "nl", "en", NULL };
static const char *const remedy_names[] = { "repair", "replace", "refund", "partial", "discount",
	                                        NULL };
static const char *const thread_names[] = { "silent", "vary", NULL };
static const char *const route_languages[] = { "nl", "en", "de", "fr", "other", NULL };

#define AT(type, field) .offset = G_STRUCT_OFFSET(type, field)

/* Server, TLS and login: the same rows for source, smtp and operator_smtp. */
#define ENDPOINT_KEYS(type, field)                                                                \
	{ "host", KEY_TEXT, AT(type, field.host), .help = "name of the server" },                     \
	{ "port", KEY_NUMBER, AT(type, field.port), .min = 1, .max = 65535,                           \
	  .help = "port of the server; follows from tls" },                                           \
	{ "tls", KEY_CHOICE, AT(type, field.tls), .fallback = "implicit", .names = tls_names,         \
	  .help = "implicit, starttls, or none (loopback only)" },                                    \
	{ "ca_file", KEY_PATH, AT(type, field.ca_file),                                               \
	  .help = "certificates to trust instead of the system's" },                                  \
	{ "user", KEY_TEXT, AT(type, field.user), .help = "login name" },                             \
	{ "password_command", KEY_COMMAND, AT(type, field.secret.password_command),                   \
	  .help = "program that prints the password" },                                               \
	{ "password_file", KEY_PATH, AT(type, field.secret.password_file),                            \
	  .help = "file whose first line is the password" },                                          \
	{ "password", KEY_TEXT, AT(type, field.secret.password), .read = read_password,               \
	  .help = "the password itself; the file must then be 0600" },                                \
	{ "token_command", KEY_COMMAND, AT(type, field.secret.token_command),                         \
	  .help = "program that prints an OAuth 2 token" }

const Key operator_smtp_keys[] = {
	ENDPOINT_KEYS(Settings, operator_smtp),
	{ NULL },
};

const Key top_keys[] = {
	{ "timezone", KEY_OTHER, AT(Settings, timezone), .fallback = "Europe/Amsterdam",
	  .read = read_timezone, .help = "time zone of opening hours and answer-by times" },
	{ "state_dir", KEY_PATH, AT(Settings, state_dir),
	  .help = "folder of the ledger and the spool" },
	{ "cache_dir", KEY_PATH, AT(Settings, cache_dir), .help = "folder of compiled rules" },
	{ "operator", KEY_ADDRESS, AT(Settings, operator_), .help = "who is told about trouble" },
	{ "operator_smtp", KEY_GROUP, AT(Settings, operator_smtp), .group = operator_smtp_keys,
	  .help = "another way out for mail to the operator" },
	{ "retention", KEY_DURATION, AT(Settings, retention), .fallback = "180 days", .min = DAY,
	  .max = 3660 * DAY, .help = "how long addresses and subjects stay in the ledger" },
	{ "webmail_domains", KEY_TEXTS, AT(Settings, webmail_domains), .max = 10000,
	  .read = read_webmail_domains, .help = "mail providers the domain budget does not count for" },
	{ "shop", KEY_OTHER, .read = read_shop, .help = "the shop" },
	{ "shops", KEY_OTHER, .read = read_shops, .help = "several shops" },
	{ "accounts", KEY_OTHER, .read = read_accounts, .help = "mailboxes" },
	{ "routes", KEY_OTHER, .read = read_routes, .help = "who gets which mail" },
	{ NULL },
};

#define DAY_KEY(name_, index, fallback_)                                                          \
	{ name_, KEY_OTHER, AT(Shop, hours[index]), .fallback = fallback_, .read = read_day,          \
	  .help = "opening hours of the day, or closed" }

const Key hours_keys[] = {
	DAY_KEY("mon", 0, "09:00-17:00"), DAY_KEY("tue", 1, "09:00-17:00"),
	DAY_KEY("wed", 2, "09:00-17:00"), DAY_KEY("thu", 3, "09:00-17:00"),
	DAY_KEY("fri", 4, "09:00-17:00"), DAY_KEY("sat", 5, "closed"),
	DAY_KEY("sun", 6, "closed"),      { NULL },
};

const Key answer_within_keys[] = {
	{ "normal", KEY_OTHER, AT(Shop, answer_within[PRIORITY_NORMAL]), .fallback = "1 workday",
	  .read = read_answer_within, .help = "term of an ordinary mail" },
	{ "high", KEY_OTHER, AT(Shop, answer_within[PRIORITY_HIGH]), .fallback = "4 hours",
	  .read = read_answer_within, .help = "term of a mail with high priority" },
	{ NULL },
};

const Key policy_keys[] = {
	{ "remedies", KEY_TEXTS, AT(Shop, remedies), .fallback = "repair, replace, refund",
	  .names = remedy_names, .help = "what drafts may offer" },
	{ "discount", KEY_TEXT, AT(Shop, policy_discount), .help = "discount that drafts may offer" },
	{ NULL },
};

const Key shop_keys[] = {
	{ "name", KEY_TEXT, AT(Shop, name), .help = "the name customers know" },
	{ "language", KEY_TEXT, AT(Shop, language), .fallback = "nl", .names = team_languages,
	  .help = "working language of the team" },
	{ "register", KEY_CHOICE, AT(Shop, register_), .fallback = "u", .names = register_names,
	  .help = "how Dutch customers are addressed" },
	{ "signature", KEY_TEXT, AT(Shop, signature), .help = "who signs; the name of the shop" },
	{ "hours", KEY_GROUP, AT(Shop, hours), .group = hours_keys, .help = "opening hours" },
	{ "holidays", KEY_TEXTS, AT(Shop, holidays), .fallback = "nl", .read = read_holidays,
	  .help = "built-in calendars, and files with dates" },
	{ "closed", KEY_TEXTS, AT(Shop, closed), .read = read_closed, .max = 1000,
	  .help = "more closed days" },
	{ "answer_within", KEY_GROUP, AT(Shop, answer_within), .group = answer_within_keys,
	  .help = "within what time customers are answered" },
	{ "policy", KEY_GROUP, .group = policy_keys, .help = "what may be offered to customers" },
	{ "order_patterns", KEY_TEXTS, AT(Shop, order_patterns), .read = read_order_patterns, .max = 20,
	  .help = "what the shop's order numbers look like" },
	{ "subject", KEY_TEXT, AT(Shop, subject), .read = read_subject,
	  .help = "subject of acknowledgements" },
	{ "thread_policy", KEY_TEXT, AT(Shop, thread_policy), .fallback = "silent",
	  .names = thread_names, .help = "what a second mail in a thread gets" },
	{ "acknowledge_other", KEY_FLAG, AT(Shop, acknowledge_other), .fallback = "true",
	  .help = "acknowledge mail of no known type too" },
	{ NULL },
};

const Key source_keys[] = {
	{ "type", KEY_CHOICE, AT(Account, source), .names = source_names, .help = "imap or maildir" },
	ENDPOINT_KEYS(Account, imap),
	{ "folder", KEY_TEXT, AT(Account, folder), .fallback = "INBOX", .read = read_source_folder,
	  .help = "the folder to watch" },
	{ "path", KEY_PATH, AT(Account, source_path), .help = "the Maildir to watch" },
	{ NULL },
};

#define FROM_KEYS                                                                                 \
	{ "from", KEY_ADDRESS, AT(Account, from),                                                     \
	  .help = "From of acknowledgements; the first of addresses" },                               \
	{ "envelope_from", KEY_OTHER, AT(Account, envelope_from), .fallback = "<>",                   \
	  .read = read_envelope_from, .help = "envelope sender of acknowledgements" }

const Key smtp_keys[] = {
	ENDPOINT_KEYS(Account, smtp),
	FROM_KEYS,
	{ NULL },
};

const Key budget_keys[] = {
	{ "address_day", KEY_NUMBER, AT(Account, budget.address_day), .fallback = "3", .min = 1,
	  .max = 1000000, .help = "acknowledgements to one address in a day" },
	{ "address_week", KEY_NUMBER, AT(Account, budget.address_week), .fallback = "5", .min = 1,
	  .max = 1000000, .help = "acknowledgements to one address in a week" },
	{ "domain_day", KEY_NUMBER, AT(Account, budget.domain_day), .fallback = "20", .min = 1,
	  .max = 1000000, .help = "acknowledgements to one domain in a day" },
	{ "total_hour", KEY_NUMBER, AT(Account, budget.total_hour), .fallback = "60", .min = 1,
	  .max = 1000000, .help = "acknowledgements in an hour" },
	{ NULL },
};

const Key form_keys[] = {
	{ "address", KEY_ADDRESS, AT(FormSender, address), .help = "From of the form's mails" },
	{ "secret_field", KEY_TEXT, AT(FormSender, secret_field),
	  .help = "header field or line of the body that proves it is the form" },
	{ "secret_value", KEY_TEXT, AT(FormSender, secret_value), .help = "what stands in it" },
	{ "customer_field", KEY_TEXT, AT(FormSender, customer_field),
	  .help = "field that names the customer; Reply-To" },
	{ "hour_limit", KEY_NUMBER, AT(FormSender, hour_limit), .fallback = "20", .min = 1,
	  .max = 1000000, .help = "acknowledgements by this form in an hour" },
	{ NULL },
};

const Key account_keys[] = {
	{ "name", KEY_TEXT, AT(Account, name), .read = read_account_name,
	  .help = "short name of the account" },
	{ "shop", KEY_OTHER, .read = read_account_shop,
	  .help = "name of its shop, if there are several" },
	{ "addresses", KEY_TEXTS, AT(Account, addresses), .read = read_addresses, .max = 1000,
	  .help = "our addresses, aliases too" },
	{ "mode", KEY_CHOICE, AT(Account, mode), .fallback = "draft", .names = mode_names,
	  .help = "observe, draft or send" },
	{ "source", KEY_GROUP, .group = source_keys, .help = "where mail comes from" },
	{ "smtp", KEY_GROUP, .group = smtp_keys, .help = "how mail goes out" },
	{ "sendmail", KEY_COMMAND, AT(Account, sendmail),
	  .help = "program to send with, instead of smtp" },
	FROM_KEYS,
	{ "maildir", KEY_PATH, AT(Account, maildir), .help = "where deliver stores" },
	{ "drafts", KEY_TEXT, AT(Account, drafts), .help = "folder for drafts" },
	{ "form_senders", KEY_OTHER, AT(Account, form_senders), .read = read_form_senders,
	  .help = "contact forms" },
	{ "own_lists", KEY_TEXTS, AT(Account, own_lists), .read = read_own_lists,
	  .help = "List-Id of our own groups" },
	{ "authserv_id", KEY_TEXT, AT(Account, authserv_id), .read = read_authserv_id,
	  .help = "whose Authentication-Results are trusted" },
	{ "max_age", KEY_DURATION, AT(Account, max_age), .fallback = "3 days", .min = 10 * MINUTE,
	  .max = 60 * DAY, .help = "older mail gets no automatic answer" },
	{ "languages", KEY_TEXTS, AT(Account, languages), .fallback = "nl, en, de, fr",
	  .names = language_names, .help = "languages that are answered" },
	{ "budget", KEY_GROUP, .group = budget_keys, .help = "how many acknowledgements at most" },
	{ "poll", KEY_DURATION, AT(Account, poll), .fallback = "60 s", .min = 1, .max = 20 * MINUTE,
	  .help = "how often to look where there is no IDLE" },
	{ "guards_off", KEY_TEXTS, AT(Account, guards_off), .read = read_guards_off,
	  .help = "guards that are switched off" },
	{ "ticket_from", KEY_ADDRESS, AT(Account, ticket_from), .help = "From of tickets" },
	{ "timeout", KEY_SECONDS, AT(Account, timeout), .fallback = "60 s", .min = 1,
	  .max = 10 * MINUTE, .help = "longest wait for one answer of a server" },
	{ NULL },
};

const Key when_keys[] = {
	{ "type", KEY_TEXTS, AT(Route, type), .help = "what the mail is about" },
	{ "tone", KEY_TEXTS, AT(Route, tone), .help = "its tone" },
	{ "language", KEY_TEXTS, AT(Route, language), .names = route_languages,
	  .help = "its language" },
	{ "urgent", KEY_TRISTATE, AT(Route, urgent), .help = "it cannot wait" },
	{ "unsure", KEY_TRISTATE, AT(Route, unsure), .help = "aardig is not sure of its reading" },
	{ "account", KEY_TEXTS, AT(Route, account), .help = "where it came in" },
	{ "guard", KEY_TEXTS, AT(Route, guard), .read = read_when_guard,
	  .help = "the guard that held the answer" },
	{ NULL },
};

const Key route_keys[] = {
	{ "when", KEY_GROUP, .group = when_keys, .help = "conditions; all of them must hold" },
	{ "team", KEY_TEXT, AT(Route, team), .fallback = "klantenservice", .help = "who handles it" },
	{ "priority", KEY_CHOICE, AT(Route, priority), .fallback = "normal", .names = priority_names,
	  .help = "normal or high" },
	{ "draft", KEY_FLAG, AT(Route, draft), .fallback = "true", .help = "put a draft in Drafts" },
	{ "mail_to", KEY_ADDRESS, AT(Route, mail_to), .help = "send a ticket to this address" },
	{ "folder", KEY_TEXT, AT(Route, folder), .help = "move the mail to this folder" },
	{ "copy", KEY_FLAG, AT(Route, copy), .fallback = "false", .help = "copy instead of move" },
	{ "keyword", KEY_TEXT, AT(Route, keyword), .read = read_keyword, .help = "set this keyword" },
	{ "maildir", KEY_PATH, AT(Route, maildir), .help = "store a copy in this Maildir" },
	{ "command", KEY_COMMAND, AT(Route, command), .help = "program that gets the mail" },
	{ "ack", KEY_FLAG, AT(Route, ack), .fallback = "true", .help = "acknowledge automatically" },
	{ NULL },
};

const KeyTable key_tables[] = {
	{ "the top level", top_keys }, { "shop", shop_keys },
	{ "hours", hours_keys },       { "answer_within", answer_within_keys },
	{ "policy", policy_keys },     { "accounts", account_keys },
	{ "source", source_keys },     { "smtp", smtp_keys },
	{ "budget", budget_keys },     { "form_senders", form_keys },
	{ "routes", route_keys },      { "when", when_keys },
	{ "operator_smtp", operator_smtp_keys }, { NULL },
};
