/* test_settings_errors.c - snippets as people write them, good and bad: each bad one gives exactly
 * one message, at its line, with what is wrong and what to do. */
#include "config.h"

#include <string.h>

#include "aardig/settings.h"
#include "settings/settings-private.h"
#include "unit.h"

#define SHOP "shop: { name = \"Winkel\"; };\n"
/* What is given stands on line 4 and on. */
#define ACCOUNT(rest) \
	SHOP "accounts: (\n{ name = \"info\"; addresses = [\"info@winkel.nl\"];\n" rest " } );\n"
#define MAILBOX(rest) ACCOUNT("maildir = \"/m\";\n" rest) /* on line 5 */
#define IMAP(rest) \
	ACCOUNT("source: { type = \"imap\"; host = \"imap.x.nl\"; user = \"u\";\n" rest "};\n")
#define SMTP(rest) MAILBOX("smtp: { host = \"smtp.x.nl\"; user = \"u\";\n" rest "};\n") /* 6 */
#define IN_SHOP(rest) "shop: {\nname = \"W\";\n" rest " };\n"                               /* 3 */
#define ROUTE(rest) MAILBOX("") "routes: (\n" rest ");\n"                                    /* 7 */

static const struct {
	const char *label, *text;
	guint line;        /* 0: no line; with part NULL: no message at all */
	const char *part;
} cases[] = {
	/* ---- good ---- */
	{ "empty file", "" },
	{ "only comments", "# een\n// twee\n/* drie\n */\n" },
	{ "byte order mark", "\xef\xbb\xbf" SHOP },
	{ "Windows line ends", "shop: {\r\n name = \"W\";\r\n};\r\n" },
	{ "tabs for indentation", "shop: {\n\tname = \"W\";\n\t};\n" },
	{ "= for a group, no semicolons", "shop = {\nname = \"W\"\nlanguage = \"nl\" }\n" },
	{ "a colon for a value", "shop: { name: \"W\" }" },
	{ "joined texts", "shop: { name = \"Fiets\"\n  \"winkel\"; };\n" },
	{ "escaped quote", "shop: { name = \"De \\\"Fiets\\\"\"; };\n" },
	{ "# and // inside a text", "shop: { name = \"# 1 // x /* y\"; };\n" },
	{ "UTF-8", "shop: { name = \"Caf\303\251 \342\200\234Zon\342\200\235\"; };\n" },
	{ "float for a number", MAILBOX("budget: { address_day = 3.0; };") },
	{ "hexadecimal number", MAILBOX("budget: { address_day = 0x10; };") },
	{ "long integer", MAILBOX("budget: { address_day = 3L; };") },
	{ "one text for a list", MAILBOX("languages = \"nl\";") },
	{ "list in round brackets", MAILBOX("languages = (\"nl\", \"en\");") },
	{ "empty list", MAILBOX("own_lists = [];") },
	{ "smtp without login", MAILBOX("smtp: { host = \"127.0.0.1\"; tls = \"none\"; };") },
	{ "loopback by IPv6", MAILBOX("smtp: { host = \"::1\"; tls = \"none\"; };") },
	{ "loopback by name", MAILBOX("smtp: { host = \"localhost\"; tls = \"none\"; };") },
	{ "port 587 means STARTTLS", SMTP("port = 587;") },
	{ "empty envelope_from", MAILBOX("envelope_from = \"\";") },
	{ "null envelope_from", MAILBOX("envelope_from = \"<>\";") },
	{ "sendmail in one text", MAILBOX("mode = \"send\"; sendmail = \"/usr/sbin/sendmail -i\";") },
	{ "sendmail with from in smtp",
	  MAILBOX("sendmail = \"sendmail\"; smtp: { from = \"a@x.nl\"; };") },
	{ "route with empty when", ROUTE("{ when: { }; team = \"x\"; }") },
	{ "leap day", IN_SHOP("closed = [\"2028-02-29\"];") },
	{ "folder with dots", IMAP("folder = \"INBOX.Klachten\";") },
	{ "folder that only begins like Sent", IMAP("folder = \"Sentiment\";") },
	{ "folder on port 993", IMAP("port = 993; tls = \"implicit\";") },
	{ "international address", MAILBOX("ticket_from = \"info@b\303\274cher.nl\";") },
	{ "soft guards off", MAILBOX("guards_off = [\"too-old\", \"auto-subject\"];") },
	{ "German holidays too", IN_SHOP("holidays = [\"nl\", \"de\"];") },
	{ "time zone UTC", "timezone = \"UTC\";" },

	/* ---- the text itself ---- */
	{ "trailing comma", MAILBOX("languages = [\"nl\",\n\"en\",\n];"), 6,
	  "a comma before ']' (remove it" },
	{ "trailing comma in a list", "shops: ( { name = \"W\"; },\n);\n", 1, "a comma before ')'" },
	{ "two commas", MAILBOX("languages = [\"nl\",,\"en\"];"), 5,
	  "a comma with no element before it" },
	{ "missing comma between texts", MAILBOX("languages = [\n\"nl\"\n\"en\"];"), 6,
	  "a comma is missing after this element" },
	{ "missing comma between groups", "shops: ( { name = \"A\"; }\n{ name = \"B\"; } );\n", 1,
	  "a comma is missing" },
	{ "no closing quote", "shop: {\nname = \"W;\n};\n", 2, "no closing \"" },
	{ "tab in a text", "shop: {\nname = \"W\tX\";\n};\n", 2, "a tab inside a text" },
	{ "unclosed comment", SHOP "/* nooit\nx\n", 2, "this comment is never closed" },
	{ "unclosed bracket", "\nshop: {\nname = \"W\";\n", 2, "this '{' is never closed" },
	{ "bracket too many", SHOP "\n};\n", 3, "'}' closes nothing" },
	{ "wrong bracket", "shops: (\n{ name = \"W\"; ) );\n", 2,
	  "')' does not close the '{' of line 2" },
	{ "bare word", MAILBOX("mode =\nsend;"), 6, "send is not in quotes (write \"send\")" },
	{ "bare host name", IMAP("ca_file = /etc/ssl/x.pem;"), 5,
	  "/etc/ssl/x.pem is not in quotes (write" },
	{ "bare word in a list", MAILBOX("languages = [\"nl\",\n*];"), 6, "* is not in quotes" },
	{ "bare word with dots", MAILBOX("drafts = INBOX.Drafts;"), 5,
	  "INBOX.Drafts is not in quotes" },
	{ "yes", ROUTE("{ draft = yes; }"), 7, "yes is no value (write true)" },
	{ "off", ROUTE("{ draft = off; }"), 7, "off is no value (write false)" },
	{ "typographic quotes", "shop: {\n name = \342\200\234W\342\200\235;\n};\n", 2,
	  "typographic quotation mark" },
	{ "single quotes", "shop: {\n name = 'W x';\n};\n", 2, "' does not quote here" },
	{ "non-breaking space", "shop: {\n name =\302\240\"W\";\n};\n", 2, "non-breaking space" },
	{ "byte order mark inside", SHOP "\xef\xbb\xbf" "retention = \"9 days\";", 2,
	  "byte order mark" },
	{ "UTF-16", "\xff\xfe#", 1, "UTF-16 (save it as UTF-8)" },
	{ "Latin-1", SHOP "\n# caf\xe9\n", 3, "not UTF-8" },
	{ "no value", SHOP "retention = ;\n", 2, "no value after 'retention ='" },
	{ "no equals sign", SHOP "retention \"9 days\";\n", 2, "'=' expected after 'retention'" },
	{ "unit outside quotes", SHOP "retention = 9 days;\n", 2, "'=' expected after 'days'" },
	{ "value alone", SHOP "\"9 days\";\n", 2, "a value without a name" },
	{ "key twice", SHOP "retention = \"9 days\";\nretention = \"8 days\";\n", 3,
	  "in the group twice" },
	{ "mixed list", MAILBOX("languages = [ \"nl\", 3 ];"), 5, "all be of one kind" },
	{ "include without quotes", SHOP "@include x.conf\n", 2, "@include needs a file name" },

	/* ---- keys and types ---- */
	{ "misspelt key", SHOP "retension = \"9 days\";", 2,
	  "\"retension\" (did you mean \"retention\"?)" },
	{ "key of another group", SHOP "authserv_id = \"x\";", 2, "(it belongs in accounts)" },
	{ "unknown key", SHOP "kleur = \"rood\";", 2, "(known here: timezone, " },
	{ "misspelt in smtp", SMTP("pasword_file = \"x\";"), 6, "did you mean \"password_file\"?" },
	{ "misspelt in when", ROUTE("{ when: { tones = \"angry\"; }; }, {}"), 7,
	  "did you mean \"tone\"?" },
	{ "number for a text", IN_SHOP("signature = 3;"), 3,
	  "signature is a number (write a text in quotes" },
	{ "text for a number", MAILBOX("budget: { address_day = \"3\"; };"), 5,
	  "address_day is a text (write a number" },
	{ "text for a switch", ROUTE("{ draft = \"true\"; }"), 7,
	  "draft is a text (write true or false" },
	{ "number for a switch", ROUTE("{ draft = 1; }"), 7, "draft is a number" },
	{ "text for a group", "shop = \"Winkel\";\n", 1, "shop is a text (write a group" },
	{ "group for a list", SHOP "accounts: { name = \"x\"; };", 2, "accounts is a group" },
	{ "text in a list of groups", SHOP "routes: ( \"x\" );", 2, "element 1 of routes is a text" },
	{ "list for a text", IN_SHOP("signature = [\"a\", \"b\"];"), 3, "signature is a list" },
	{ "group for texts", MAILBOX("languages: { nl = true; };"), 5,
	  "languages is a group (write a list" },
	{ "empty text", IN_SHOP("signature = \"\";"), 3, "signature is empty" },
	{ "line break in a text", IN_SHOP("signature = \"a\\nBcc: x\";"), 3,
	  "line break or control" },
	{ "escape that is no UTF-8", IN_SHOP("signature = \"a\\xff\";"), 3, "not UTF-8" },
	{ "number out of range", MAILBOX("budget: { total_hour = 0; };"), 5, "from 1 to 1000000" },
	{ "broken number", MAILBOX("budget: { total_hour = 2.5; };"), 5, "a whole number" },
	{ "port too large", SMTP("port = 70000;"), 6, "from 1 to 65535" },
	{ "unknown mode", MAILBOX("mode = \"sent\";"), 5, "did you mean \"send\"?" },
	{ "mode in Dutch", MAILBOX("mode = \"versturen\";"), 5,
	  "(write \"observe\", \"draft\" or \"send\")" },
	{ "unknown language", MAILBOX("languages = [\"nl\",\n\"nederlands\"\n];"), 6,
	  "no such value" },

	/* ---- times, addresses, hosts ---- */
	{ "time without a unit", MAILBOX("poll = 60;"), 5,
	  "poll has no unit (write for example poll = \"60 s\")" },
	{ "time in Dutch", MAILBOX("max_age = \"3 dagen\";"), 5, "\"3 dagen\" is no length of time" },
	{ "time too short", MAILBOX("max_age = \"5 s\";"), 5, "too short (from 10 min to 60 days)" },
	{ "time too long", MAILBOX("poll = \"1 day\";"), 5, "too long (from 1 s to 20 min)" },
	{ "time zone by country", "timezone = \"Nederland\";", 1,
	  "timezone: there is no \"Nederland\"" },
	{ "time zone misspelt", "timezone = \"Europe/Amsterdm\";", 1, "timezone: there is no" },
	{ "address with a name", MAILBOX("from = \"Winkel <a@x.nl>\";"), 5,
	  "write only the address" },
	{ "address without domain", SHOP "operator = \"beheer\";", 2, "is no mail address" },
	{ "address with two dots", SHOP "operator = \"a@x..nl\";", 2, "is no mail address" },
	{ "bad one of several",
	  SHOP "accounts: ( { name = \"a\"; maildir = \"/m\";\naddresses = [\"a@x.nl\",\n"
	  "\"b@\"]; } );", 4, "addresses: \"b@\"" },
	{ "envelope sender", MAILBOX("envelope_from = \"leeg\";"), 5,
	  "or \"<>\" for the null sender" },
	{ "host with scheme", MAILBOX("smtp: { host = \"smtps://smtp.x.nl\"; };"), 5,
	  "without smtps://" },
	{ "host with port", MAILBOX("smtp: { host = \"smtp.x.nl:587\"; };"), 5, "port = 587;" },
	{ "host with blank", MAILBOX("smtp: { host = \"smtp x\"; };"), 5, "is no name of a server" },
	{ "TLS none over the network", SMTP("tls = \"none\";"), 6, "loopback only" },
	{ "TLS none to 10.0.0.1", MAILBOX("smtp: { host = \"10.0.0.1\"; tls = \"none\"; };"), 5,
	  "loopback" },
	{ "TLS none to localhost.evil",
	  MAILBOX("smtp: { host = \"localhost.x.nl\"; tls = \"none\"; };"), 5,
	  "loopback" },
	{ "STARTTLS on 465", SMTP("port = 465; tls = \"starttls\";"), 6,
	  "port 465 speaks TLS from the first" },
	{ "implicit on 143", IMAP("port = 143; tls = \"implicit\";"), 5,
	  "port 143 begins without TLS" },
	{ "missing ca_file", SMTP("ca_file = \"/nowhere/ca.pem\";"), 6,
	  "there is no file /nowhere/ca.pem" },

	/* ---- logins and commands ---- */
	{ "two secrets", SMTP("password_file = \"a\";\ntoken_command = \"b\";"), 7,
	  "both password_file and token_command (keep one)" },
	{ "secret without user",
	  MAILBOX("smtp: { host = \"smtp.x.nl\";\npassword_file = \"a\"; };"), 6,
	  "password_file without a user" },
	{ "imap without user", ACCOUNT("source: { type = \"imap\"; host = \"h.nl\"; };"), 4,
	  "source has no user" },
	{ "unbalanced command", MAILBOX("sendmail = \"sendmail 'x\";"), 5, "sendmail: " },
	{ "pipe in a command", SMTP("password_command = \"pass x | head -1\";"), 6, "needs a shell" },
	{ "empty command", MAILBOX("sendmail = [];"), 5, "names no program" },

	/* ---- shop ---- */
	{ "no shop", "accounts: ( { name = \"a\"; addresses = \"a@x.nl\"; maildir = \"/m\"; } );", 0,
	  "no shop" },
	{ "shop without name", "\nshop: { language = \"nl\"; };", 2, "a shop without a name" },
	{ "register", IN_SHOP("register = \"jij\";"), 3, "(write \"u\" or \"je\")" },
	{ "hours", IN_SHOP("hours: {\nmon = \"9-17\"; };"), 4,
	  "write \"09:00-17:00\" or \"closed\"" },
	{ "hours the wrong way round", IN_SHOP("hours: { mon = \"17:00-09:00\"; };"), 3,
	  "closes before it opens" },
	{ "hours past midnight", IN_SHOP("hours: { mon = \"09:00-24:30\"; };"), 3,
	  "are no opening hours" },
	{ "day in Dutch", IN_SHOP("hours: { mon = \"09:00-17:00\"; ma = \"09:00-17:00\"; };"), 3,
	  "unknown key \"ma\"" },
	{ "never open", IN_SHOP("hours: { sun = \"closed\"; };"), 3, "the shop is never open" },
	{ "no date", IN_SHOP("closed = [\"2026-12-24\",\n\"24-12-2026\"];"), 4,
	  "\"24-12-2026\" is no date" },
	{ "date that does not exist", IN_SHOP("closed = \"2027-02-29\";"), 3, "is no date" },
	{ "range the wrong way round", IN_SHOP("closed = \"2027-01-02/2026-12-24\";"), 3,
	  "ends before it begins" },
	{ "unknown calendar", IN_SHOP("holidays = \"nlx\";"), 3, "neither a calendar nor a file" },
	{ "term", IN_SHOP("answer_within: { normal = \"1 werkdag\"; };"), 3,
	  "is no term (write \"1 workday\"" },
	{ "term of no days", IN_SHOP("answer_within: { normal = \"0 workdays\"; };"), 3,
	  "from 1 to 60 workdays" },
	{ "term with more behind", IN_SHOP("answer_within: { high = \"2 workdays x\"; };"), 3,
	  "is no term" },
	{ "remedy", IN_SHOP("policy: { remedies = [\"refunds\"]; };"), 3,
	  "did you mean \"refund\"?" },
	{ "variable that is none", IN_SHOP("subject = \"Uw bericht {{naam}}\";"), 3, "naam" },
	{ "order pattern", IN_SHOP("order_patterns = [\"W[0-9\"];"), 3,
	  "missing terminating ] for character" },
	{ "shop and shops", SHOP "shops: ( { name = \"B\"; } );", 2, "both shop and shops" },
	{ "two shops of one name", "shops: ( { name = \"B\"; },\n{ name = \"B\"; } );", 2,
	  "two shops named \"B\"" },
	{ "which shop",
	  "shops: ( { name = \"B\"; }, { name = \"C\"; } );\naccounts: (\n{ name = \"a\"; "
	  "addresses = \"a@x.nl\"; maildir = \"/m\"; } );", 3,
	  "which shop does this account belong to?" },
	{ "unknown shop", MAILBOX("shop = \"Winkle\";"), 5,
	  "there is no shop \"Winkle\" (did you mean \"Winkel\"?)" },

	/* ---- accounts ---- */
	{ "account without name",
	  SHOP "accounts: (\n{ addresses = \"a@x.nl\"; maildir = \"/m\"; } );", 3,
	  "an account without a name" },
	{ "account name",
	  SHOP "accounts: ( { name = \"in fo\"; addresses = \"a@x.nl\"; maildir = \"/m\"; } );", 2,
	  "use letters, digits" },
	{ "account without addresses", SHOP "accounts: ( { name = \"a\"; maildir = \"/m\"; } );", 2,
	  "an account without addresses" },
	{ "only a catch-all",
	  SHOP "accounts: ( { name = \"a\"; maildir = \"/m\"; addresses = \"@x.nl\"; } );", 2,
	  "no From for acknowledgements" },
	{ "account without mail", SHOP "accounts: ( { name = \"a\"; addresses = \"a@x.nl\"; } );", 2,
	  "an account without mail" },
	{ "two accounts of one name",
	  SHOP "accounts: ( { name = \"a\"; addresses = \"a@x.nl\"; maildir = \"/m\"; },\n"
	  "{ name = \"a\"; addresses = \"b@x.nl\"; maildir = \"/n\"; } );", 3,
	  "two accounts named \"a\"" },
	{ "one mailbox twice",
	  SHOP "accounts: ( { name = \"a\"; addresses = \"a@x.nl\"; source: { type = \"maildir\"; "
	  "path = \"/m\"; }; },\n{ name = \"b\"; "
	  "addresses = \"b@x.nl\"; source: { type = \"maildir\"; path = \"/m/\"; }; } );",
	  3, "watches the same mailbox as \"a\"" },
	{ "source without type", ACCOUNT("source: { path = \"/m\"; };"), 4, "source has no type" },
	{ "source without host", ACCOUNT("source: { type = \"imap\"; user = \"u\"; };"), 4,
	  "source has no host" },
	{ "maildir without path", ACCOUNT("source: { type = \"maildir\"; };"), 4,
	  "source has no path" },
	{ "maildir with host",
	  ACCOUNT("source: { type = \"maildir\"; path = \"/m\";\nhost = \"x\"; };"), 5,
	  "host is for type = \"imap\"" },
	{ "imap with path", IMAP("path = \"/m\";"), 5, "path is for type = \"maildir\"" },
	{ "send without smtp", MAILBOX("mode = \"send\";"), 3, "there is no way to send" },
	{ "smtp and sendmail", SMTP("}; sendmail = \"x\"; budget: {"), 6, "both smtp and sendmail" },
	{ "from twice", SMTP("from = \"a@x.nl\"; }; from = \"b@x.nl\"; budget: {"), 6,
	  "from stands in smtp too" },
	{ "drafts folder as source", IMAP("folder = \"Drafts\";"), 5,
	  "holds no mail from customers" },
	{ "sent folder in Dutch", IMAP("folder = \"INBOX.Verzonden items\";"), 5,
	  "holds no mail from customers" },
	{ "Gmail's spam", IMAP("folder = \"[Gmail]/SPAM\";"), 5, "holds no mail from customers" },
	{ "drafts = source", IMAP("}; drafts = \"INBOX\"; budget: {"), 5,
	  "drafts is the folder that is watched" },
	{ "form without address", MAILBOX("form_senders: ( { hour_limit = 3; } );"), 5,
	  "without an address" },
	{ "form with half a secret",
	  MAILBOX("form_senders: ( { address = \"f@x.nl\"; secret_field = \"X\"; } );"), 5,
	  "go together" },
	{ "guard that must stay", MAILBOX("guards_off = [\"role-sender\",\n\"null-sender\"];"), 6,
	  "null-sender cannot be switched off" },
	{ "misspelt guard", MAILBOX("guards_off = \"too-ol\";"), 5, "did you mean \"too-old\"?" },
	{ "no such guard", MAILBOX("guards_off = \"alles\";"), 5, "(these can be switched off: " },
	{ "own list", MAILBOX("own_lists = \"info@winkel.nl\";"), 5, "is no List-Id" },
	{ "authserv_id", MAILBOX("authserv_id = \"mx.x.nl; spf=pass\";"), 5, "the first word" },

	/* ---- routes ---- */
	{ "no last route", ROUTE("{ when: { tone = \"angry\"; }; }"), 6,
	  "the last route has conditions" },
	{ "no routes at all", MAILBOX("") "routes: ( );", 6, "the last route has conditions" },
	{ "route nobody reaches", ROUTE("{ team = \"x\"; },\n{ team = \"y\"; }"), 8,
	  "no mail gets as far as this" },
	{ "route to an unknown account", ROUTE("{ when: { account = \"inf\"; }; }, {}"), 7,
	  "did you mean \"info\"?" },
	{ "route's language", ROUTE("{ when: { language = \"es\"; }; }, {}"), 7,
	  "language: no such value" },
	{ "misspelt guard of a route", ROUTE("{ when: { guard = \"spm\"; }; }, {}"), 7, "did you mean \"spam\"?" },
	{ "no such guard of a route", ROUTE("{ when: { guard = \"alles\"; }; }, {}"), 7, "(known: any, none, " },
	{ "keyword with a blank", ROUTE("{ keyword = \"Heel boos\"; }"), 7, "no blanks" },
	{ "system flag", ROUTE("{ keyword = \"\\\\Flagged\"; }"), 7, "keyword: " },
	{ "folder that is watched",
	  IMAP("folder = \"Klacht\";") "routes: ( { folder = \"Klacht\"; } );", 7,
	  "watches \"Klacht\" itself" },
	{ "Maildir that is watched", ROUTE("{ maildir = \"/m\"; }"), 7, "takes its mail from /m" },
	{ "ticket without smtp", ROUTE("{ mail_to = \"x@y.nl\"; }"), 7, "has no way to send" },
};

START_TEST(test_case)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	const char *text = cases[_i].text, *label = cases[_i].label;
	g_autoptr(Settings) settings = settings_load_text("t.conf", text, strlen(text), diag);
	const char *got = diagnostics_count(diag) > 0 ? diagnostics_line(diag, 0) : NULL;

	if (cases[_i].part == NULL) {
		ck_assert_msg(settings != NULL && got == NULL, "%s: %s", label, got);
		return;
	}
	guint line = cases[_i].line;
	g_autofree char *place =
	    line > 0 ? g_strdup_printf("t.conf:%u: error: ", line) : g_strdup("t.conf: error: ");
	ck_assert_msg(settings == NULL && got != NULL, "%s: no error", label);
	ck_assert_msg(g_str_has_prefix(got, place), "%s: not line %u: %s", label, line, got);
	ck_assert_msg(strstr(got, cases[_i].part) != NULL, "%s: %s", label, got);
	ck_assert_msg(diagnostics_count(diag) == 1, "%s: more than one message: %s", label,
	              diagnostics_line(diag, 1));
	/* Every message says what to do. */
	ck_assert_msg(got[strlen(got) - 1] == ')', "%s: no remedy: %s", label, got);
}
END_TEST

START_TEST(test_all_at_once)
{
	static const char text[] = "shop: { name = \"W\"; register = \"x\"; };\n"
	                           "retention = 3;\nkleur = 1;\n"
	                           "accounts: ( { name = \"a\"; } );\n";
	g_autoptr(Diagnostics) diag = diagnostics_new();

	ck_assert_ptr_null(settings_load_text("t.conf", text, strlen(text), diag));
	ck_assert_uint_eq(diagnostics_errors(diag), 5);
}
END_TEST

START_TEST(test_warnings)
{
	static const char text[] = MAILBOX("smtp: { host = \"h.nl\"; };")
	    "operator = \"info@winkel.nl\";\nroutes: ( {\nmail_to = \"INFO+x@winkel.nl\"; } );\n";
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(Settings) settings = settings_load_text("t.conf", text, strlen(text), diag);

	ck_assert_ptr_nonnull(settings);
	ck_assert_uint_eq(diagnostics_warnings(diag), 2);
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 0),
	                             "t.conf:8: warning: mail_to: INFO+x@winkel.nl is an address of account \"info\""));
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 1), "t.conf:6: warning: operator: "));
}
END_TEST

/* Brackets in brackets, a hundred thousand times: an error, quickly. */
START_TEST(test_deep)
{
	g_autoptr(GString) text = g_string_new("a = ");
	g_autoptr(Diagnostics) diag = diagnostics_new();

	for (int i = 0; i < 100000; i++)
		g_string_append_c(text, '(');
	ck_assert_ptr_null(settings_load_text("t.conf", text->str, text->len, diag));
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 0), "nested more than"));
	ck_assert_uint_lt(diagnostics_count(diag), 100);
}
END_TEST

START_TEST(test_large)
{
	g_autofree char *text = g_strnfill(2 * 1024 * 1024, '\n');
	g_autoptr(Diagnostics) diag = diagnostics_new();

	ck_assert_ptr_null(settings_load_text("t.conf", text, strlen(text), diag));
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 0), "larger than 1 MiB"));
}
END_TEST

static Suite *
errors_suite(void)
{
	Suite *suite = suite_create("settings-errors");
	TCase *tcase = tcase_create("errors");

	tcase_add_loop_test(tcase, test_case, 0, G_N_ELEMENTS(cases));
	tcase_add_test(tcase, test_all_at_once);
	tcase_add_test(tcase, test_warnings);
	tcase_add_test(tcase, test_deep);
	tcase_add_test(tcase, test_large);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(errors_suite());
}
