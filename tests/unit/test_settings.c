/* test_settings.c - defaults, every key, routes, own addresses, durations, the manual. Where files and secrets
 * are found is in test_settings_files.c; the bad snippets, with the lines of their messages, in test_settings_errors.c. */
#include "config.h"

#include <string.h>

#include "aardig/error.h"
#include "aardig/guard.h"
#include "aardig/settings.h"
#include "settings/settings-private.h"
#include "unit.h"

static Settings *
load(const char *text)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	Settings *settings = settings_load_text("test.conf", text, strlen(text), diag);

	ck_assert_msg(settings != NULL, "%s",
	              diagnostics_count(diag) > 0 ? diagnostics_line(diag, 0) : "");
	return settings;
}

/* ---- defaults and a whole file ---- */

START_TEST(test_default)
{
	g_autoptr(Settings) settings = settings_default();
	const Shop *shop = g_ptr_array_index(settings->shops, 0);
	const Route *route = settings_route(settings, "x", "other", "neutral", "nl", NULL, FALSE, TRUE);

	ck_assert_uint_eq(settings->accounts->len, 0);
	ck_assert_uint_eq(settings->shops->len, 1);
	ck_assert_str_eq(shop->name, "winkel");
	ck_assert_str_eq(shop->signature, "winkel");
	ck_assert_str_eq(shop->language, "nl");
	ck_assert_int_eq(shop->register_, REGISTER_FORMAL);
	ck_assert_int_eq(shop->hours[0].open, 9 * 3600);
	ck_assert_int_eq(shop->hours[4].close, 17 * 3600);
	ck_assert_int_eq(shop->hours[5].close, 0);
	ck_assert_uint_eq(shop->answer_within[PRIORITY_NORMAL].workdays, 1);
	ck_assert_int_eq(shop->answer_within[PRIORITY_HIGH].seconds, 4 * 3600);
	ck_assert_str_eq(shop->holidays[0], "nl");
	ck_assert_str_eq(shop->thread_policy, "silent");
	ck_assert(shop->acknowledge_other);
	ck_assert_ptr_nonnull(shop->timezone);
	ck_assert_int_eq(settings->retention, 180 * 86400);
	ck_assert_ptr_null(settings->path);
	ck_assert_ptr_nonnull(route);
	ck_assert(route->draft && route->ack && !route->copy);
	ck_assert_str_eq(route->team, "klantenservice");
	ck_assert_ptr_nonnull(settings->rule_dirs[0]);
	ck_assert_ptr_null(settings->rule_dirs[1]);
	ck_assert_ptr_null(settings->template_dirs[1]);
}
END_TEST

static const char full[] =
	"timezone = \"Europe/Brussels\";\n"
	"state_dir = \"/var/spool/a\"; cache_dir = \"/var/tmp/a\";\n"
	"operator = \"beheer@extern.nl\"; retention = \"26 weeks\";\n"
	"webmail_domains = [\"Gmail.com\", \"ziggo.nl\"];\n"
	"operator_smtp: { host = \"mail.extern.nl\"; tls = \"starttls\"; user = \"b\"; };\n"
	"shop: { name = \"Fietswinkel Jansen\"; language = \"en\"; register = \"je\";\n"
	"  signature = \"Team Jansen\"; hours: { mon = \"08:30-18:00\"; sat = \"10:00-24:00\"; tue = "
	"\"closed\"; };\n"
	"  holidays = []; closed = [\"2026-12-24\", \"2026-12-30/2027-01-02\"];\n"
	"  answer_within: { normal = \"2 workdays\"; high = \"90 min\"; };\n"
	"  policy: { remedies = [\"repair\", \"discount\"]; discount = \"10%\"; };\n"
	"  order_patterns = \"FJ\\d{6}\"; subject = \"Uw bericht\"; thread_policy = \"vary\";\n"
	"  acknowledge_other = false; };\n"
	"accounts: ( { name = \"info\"; addresses = [\"Info@Winkel.NL\", \"@b\303\274cher.nl\"]; mode "
	"= \"send\";\n"
	"  source: { type = \"imap\"; host = \"imap.winkel.nl\"; port = 143; ca_file = "
	"\"/dev/../etc/passwd\";\n"
	"    user = \"info\"; password_command = \"pass show 'mail info'\"; folder = \"Klachten\"; };\n"
	"  smtp: { host = \"::1\"; tls = \"none\"; port = 2525; from = \"service@winkel.nl\";\n"
	"    envelope_from = \"<bounce@winkel.nl>\"; };\n"
	"  maildir = \"mail/in\"; drafts = \"Concepten\";\n"
	"  form_senders: ( { address = \"form@winkel.nl\"; secret_field = \"X-Form\"; secret_value = "
	"\"s3\";\n"
	"    customer_field = \"E-mail\"; hour_limit = 9.0; } );\n"
	"  own_lists = [\"Info <info.winkel.nl>\"]; authserv_id = \"topmost\"; max_age = \"36 "
	"hours\";\n"
	"  languages = [\"nl\", \"de\"]; budget: { address_day = 1; address_week = 2; domain_day = 3;\n"
	"  total_hour = 4; }; poll = \"5 min\"; ticket_from = \"ticket@winkel.nl\"; timeout = \"10 "
	"s\"; } );\n"
	"routes: ( { when: { type = \"billing\"; tone = [\"angry\", \"abusive\"]; language = \"nl\";\n"
	"  urgent = true; unsure = false; account = \"info\"; guard = \"spam\"; }; team = "
	"\"leiding\";\n"
	"  priority = \"high\"; draft = false; mail_to = \"baas@winkel.nl\"; folder = \"Heet\"; copy = "
	"true;\n"
	"  keyword = \"$Heet\"; maildir = \"heet\"; command = [\"notify\", \"-x\"]; ack = false; },\n"
	"  { } );\n";

START_TEST(test_full_shop)
{
	g_autoptr(Settings) settings = load(full);
	const Shop *shop = g_ptr_array_index(settings->shops, 0);

	ck_assert_str_eq(g_time_zone_get_identifier(settings->timezone), "Europe/Brussels");
	ck_assert_str_eq(settings->state_dir, "/var/spool/a");
	ck_assert_str_eq(settings->cache_dir, "/var/tmp/a");
	ck_assert_str_eq(settings->operator_, "beheer@extern.nl");
	ck_assert_int_eq(settings->retention, 26 * 7 * 86400);
	ck_assert_str_eq(settings->webmail_domains[0], "gmail.com");
	ck_assert_int_eq(settings->operator_smtp.port, 587);
	ck_assert_str_eq(settings->operator_smtp.secret.credential, "operator.smtp");
	ck_assert_str_eq(shop->name, "Fietswinkel Jansen");
	ck_assert_str_eq(shop->language, "en");
	ck_assert_int_eq(shop->register_, REGISTER_INFORMAL);
	ck_assert_str_eq(shop->signature, "Team Jansen");
	ck_assert_int_eq(shop->hours[0].open, 8 * 3600 + 1800);
	ck_assert_int_eq(shop->hours[1].close, 0);
	ck_assert_int_eq(shop->hours[2].close, 0);
	ck_assert_int_eq(shop->hours[5].close, 24 * 3600);
	ck_assert_ptr_null(shop->holidays[0]);
	ck_assert_str_eq(shop->closed[1], "2026-12-30/2027-01-02");
	ck_assert_uint_eq(shop->answer_within[PRIORITY_NORMAL].workdays, 2);
	ck_assert_uint_eq(shop->answer_within[PRIORITY_HIGH].workdays, 0);
	ck_assert_int_eq(shop->answer_within[PRIORITY_HIGH].seconds, 5400);
	ck_assert_str_eq(shop->remedies[1], "discount");
	ck_assert_str_eq(shop->policy_discount, "10%");
	ck_assert_str_eq(shop->order_patterns[0], "FJ\\d{6}");
	ck_assert_str_eq(shop->subject, "Uw bericht");
	ck_assert_str_eq(shop->thread_policy, "vary");
	ck_assert(!shop->acknowledge_other);
}
END_TEST

START_TEST(test_full_account)
{
	g_autoptr(Settings) settings = load(full);
	const Account *a = settings_account(settings, "info");
	g_autofree char *cwd = g_get_current_dir();
	g_autofree char *maildir = g_build_filename(cwd, "mail/in", NULL);

	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_null(settings_account(settings, "inf"));
	ck_assert_ptr_eq(a->shop, g_ptr_array_index(settings->shops, 0));
	ck_assert_str_eq(a->file, "test.conf");
	ck_assert_uint_eq(a->line, 13);
	ck_assert_uint_eq(a->mode_line, 13);
	ck_assert_str_eq(a->addresses[0], "Info@winkel.nl");
	ck_assert_str_eq(a->addresses[1], "@xn--bcher-kva.nl");
	ck_assert_int_eq(a->mode, MODE_SEND);
	ck_assert_int_eq(a->source, SOURCE_IMAP);
	ck_assert_int_eq(a->imap.tls, TLS_STARTTLS); /* port 143 says so */
	ck_assert_uint_eq(a->imap.port, 143);
	ck_assert_str_eq(a->imap.ca_file, "/etc/passwd");
	ck_assert_str_eq(a->imap.secret.password_command[2], "mail info");
	ck_assert_ptr_null(a->imap.secret.credential);
	ck_assert_str_eq(a->folder, "Klachten");
	ck_assert_int_eq(a->smtp.tls, TLS_NONE);
	ck_assert_uint_eq(a->smtp.port, 2525);
	ck_assert_ptr_null(a->smtp.secret.credential); /* no user, no login */
	ck_assert_str_eq(a->from, "service@winkel.nl");
	ck_assert_str_eq(a->envelope_from, "bounce@winkel.nl");
	ck_assert_str_eq(a->maildir, maildir);
	ck_assert_str_eq(a->drafts, "Concepten");
	const FormSender *form = g_ptr_array_index(a->form_senders, 0);
	ck_assert_str_eq(form->address, "form@winkel.nl");
	ck_assert_str_eq(form->secret_field, "X-Form");
	ck_assert_str_eq(form->secret_value, "s3");
	ck_assert_str_eq(form->customer_field, "E-mail");
	ck_assert_uint_eq(form->hour_limit, 9);
	ck_assert_str_eq(a->own_lists[0], "info.winkel.nl");
	ck_assert_str_eq(a->authserv_id, "topmost");
	ck_assert_int_eq(a->max_age, 36 * 3600);
	ck_assert_str_eq(a->languages[1], "de");
	ck_assert_uint_eq(a->budget.address_day, 1);
	ck_assert_uint_eq(a->budget.address_week, 2);
	ck_assert_uint_eq(a->budget.domain_day, 3);
	ck_assert_uint_eq(a->budget.total_hour, 4);
	ck_assert_int_eq(a->poll, 300);
	ck_assert_str_eq(a->ticket_from, "ticket@winkel.nl");
	ck_assert_uint_eq(a->timeout, 10);
}
END_TEST

START_TEST(test_full_routes)
{
	g_autoptr(Settings) settings = load(full);
	const Route *r =
		settings_route(settings, "info", "billing", "angry", "nl", "spam", TRUE, FALSE);
	const Route *last = g_ptr_array_index(settings->routes, 1);

	ck_assert_ptr_eq(r, g_ptr_array_index(settings->routes, 0));
	ck_assert_str_eq(r->team, "leiding");
	ck_assert_int_eq(r->priority, PRIORITY_HIGH);
	ck_assert(!r->draft && r->copy && !r->ack);
	ck_assert_str_eq(r->mail_to, "baas@winkel.nl");
	ck_assert_str_eq(r->folder, "Heet");
	ck_assert_str_eq(r->keyword, "$Heet");
	ck_assert(g_path_is_absolute(r->maildir));
	ck_assert_str_eq(r->command[0], "notify");
	ck_assert_str_eq(r->command[1], "-x");
	ck_assert_uint_eq(r->line, 24);
	ck_assert_str_eq(r->file, "test.conf");
	/* Each condition on its own. */
	ck_assert_ptr_eq(settings_route(settings, "x", "billing", "angry", "nl", "spam", 1, 0), last);
	ck_assert_ptr_eq(settings_route(settings, "info", "other", "angry", "nl", "spam", 1, 0), last);
	ck_assert_ptr_eq(settings_route(settings, "info", "billing", "neutral", "nl", "spam", 1, 0),
	                 last);
	ck_assert_ptr_eq(settings_route(settings, "info", "billing", "angry", "en", "spam", 1, 0),
	                 last);
	ck_assert_ptr_eq(settings_route(settings, "info", "billing", "angry", "nl", NULL, 1, 0), last);
	ck_assert_ptr_eq(settings_route(settings, "info", "billing", "angry", "nl", "spam", 0, 0),
	                 last);
	ck_assert_ptr_eq(settings_route(settings, "info", "billing", "angry", "nl", "spam", 1, 1),
	                 last);
}
END_TEST

START_TEST(test_route_guards)
{
	g_autoptr(Settings) settings = load("routes: ( { when: { guard = \"any\"; }; team = \"held\"; "
	                                    "},\n"
	                                    "{ when: { guard = \"none\"; }; team = \"free\"; }, { } "
	                                    ");\n");

	ck_assert_str_eq(settings_route(settings, "", "other", "neutral", "nl", "spam", 0, 0)->team,
	                 "held");
	ck_assert_str_eq(settings_route(settings, "", "other", "neutral", "nl", NULL, 0, 0)->team, "fre"
	                                                                                           "e");
}
END_TEST

START_TEST(test_several_shops)
{
	g_autoptr(Settings) settings = load("accounts: ( { name = \"a\"; addresses = \"a@x.nl\"; "
	                                    "maildir = \"/a\"; shop = \"Twee\"; },\n"
	                                    "{ name = \"b\"; addresses = \"b@x.nl\"; maildir = \"/b\"; "
	                                    "shop = \"Een\"; } );\n"
	                                    "shops: ( { name = \"Een\"; }, { name = \"Twee\"; } );\n");

	ck_assert_str_eq(settings_account(settings, "a")->shop->name, "Twee");
	ck_assert_str_eq(settings_account(settings, "b")->shop->name, "Een");
	ck_assert_str_eq(settings_account(settings, "b")->from, "b@x.nl");
}
END_TEST

START_TEST(test_labels)
{
	static const char *const types[] = { "billing", "other", NULL }, *const tones[] = { "angry",
		                                                                                NULL };
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(Settings) settings = load("\nroutes: ( { when: { type = [\"billing\", \"biling\"]; "
	                                    "}; },\n"
	                                    "{ when: { tone = \"boos\"; }; }, { } );\n");

	settings_check_labels(settings, types, tones, diag);
	ck_assert_uint_eq(diagnostics_errors(diag), 2);
	ck_assert_str_eq(diagnostics_line(diag, 0), "test.conf:2: error: when: no rule gives the type "
	                                            "\"biling\" (did you mean \"billing\"?)");
	ck_assert_str_eq(diagnostics_line(diag, 1), "test.conf:3: error: when: no rule gives the tone "
	                                            "\"boos\" (known: angry)");
}
END_TEST

/* ---- tables ---- */

static const struct {
	const char *text;
	gint64 seconds; /* -1: not a duration */
} durations[] = {
	{ "3 days", 259200 },   { "1 day", 86400 },   { "60 s", 60 },
	{ "60s", 60 },          { "4 hours", 14400 }, { "90 min", 5400 },
	{ "2 weeks", 1209600 }, { "1 hour", 3600 },   { "10  sec", 10 },
	{ "0 s", 0 },           { "3", -1 },          { "", -1 },
	{ "days", -1 },         { "3 dagen", -1 },    { "-3 days", -1 },
	{ "3.5 days", -1 },     { "3 days ", -1 },    { " 3 days", -1 },
	{ "9999999999 s", -1 }, { "3 Days", -1 },
};

START_TEST(test_duration)
{
	gint64 seconds = -1;

	settings_parse_duration(durations[_i].text, &seconds);
	ck_assert_int_eq(seconds, durations[_i].seconds);
}
END_TEST

static const struct {
	const char *address;
	gboolean ours;
} owns[] = {
	{ "info@winkel.nl", TRUE },
	{ "INFO@Winkel.NL", TRUE },
	{ "info+klacht@winkel.nl", TRUE },
	{ "inf@winkel.nl", FALSE },
	{ "infox@winkel.nl", FALSE },
	{ "info@winkel.nl.evil.com", FALSE },
	{ "info@mail.winkel.nl", FALSE },
	{ "wie.dan.ook@xn--bcher-kva.nl", TRUE },
	{ "service@winkel.nl", TRUE },
	{ "bounce@winkel.nl", TRUE },
	{ "bounce+123@winkel.nl", TRUE },
	{ "ticket@winkel.nl", TRUE },
	{ "baas@winkel.nl", TRUE },
	{ "beheer@extern.nl", TRUE },
	{ "form@winkel.nl", FALSE },
	{ "klant@gmail.com", FALSE },
	{ "winkel.nl", FALSE },
	{ "", FALSE },
	{ "@winkel.nl", FALSE },
	{ "+x@winkel.nl", FALSE },
};

START_TEST(test_own_address)
{
	g_autoptr(Settings) settings = load(full);

	ck_assert_int_eq(settings_is_own_address(settings, owns[_i].address), owns[_i].ours);
}
END_TEST

/* ---- the manual names every key and its default ---- */

static void
check_entry(const char *page, const KeyTable *table, const Key *key)
{
	g_autofree char *item = g_strdup_printf("\n.It Ic %s ", key->name);
	gboolean named = FALSE, fallback = key->fallback == NULL;

	for (const char *at = strstr(page, item); at != NULL; at = strstr(at + 1, item)) {
		const char *text = at;

		while (g_str_has_prefix(text, "\n.It ")) /* several keys with one text */
			text = strchr(text + 1, '\n');
		const char *end = strstr(text, "\n.It ");
		g_autofree char *entry = end != NULL ? g_strndup(at, end - at) : g_strdup(at);

		named = TRUE;
		fallback = fallback || strstr(entry, key->fallback) != NULL;
	}
	ck_assert_msg(named, "%s: key %s is not in aardig.conf(5)", table->title, key->name);
	ck_assert_msg(fallback, "%s: the default of %s (%s) is not in aardig.conf(5)", table->title,
	              key->name, key->fallback);
}

START_TEST(test_manual)
{
	g_autofree char *path = unit_path("doc/aardig.conf.5");
	g_autofree char *page = NULL;

	ck_assert_msg(g_file_get_contents(path, &page, NULL, NULL), "no %s", path);
	for (const KeyTable *table = key_tables; table->title != NULL; table++)
		for (const Key *key = table->keys; key->name != NULL; key++) {
			check_entry(page, table, key);
			ck_assert_msg(key->help != NULL && *key->help != '\0', "%s has no help", key->name);
		}
}
END_TEST

/* The guards that may be switched off, and no others. */
START_TEST(test_manual_guards)
{
	g_autofree char *path = unit_path("doc/aardig.conf.5");
	g_autofree char *page = NULL;

	ck_assert(g_file_get_contents(path, &page, NULL, NULL));
	const char *at = strstr(page, "\n.It Ic guards_off ");
	ck_assert_ptr_nonnull(at);
	g_autofree char *entry = g_strndup(at, strstr(at + 1, "\n.It ") - at);
	for (const char *const *name = guard_names(); *name != NULL; name++) {
		g_autofree char *item = g_strdup_printf("\n.Li %s", *name);
		gboolean may = guard_class(*name) != GUARD_NEVER;

		ck_assert_msg((strstr(entry, item) != NULL) == may, "%s %s be in guards_off", *name,
		              may ? "must" : "must not");
	}
}
END_TEST

/* What the manual shows as an example loads as it stands. */
START_TEST(test_manual_examples)
{
	g_autofree char *path = unit_path("doc/aardig.conf.5");
	g_autofree char *page = NULL;
	guint n = 0;

	ck_assert(g_file_get_contents(path, &page, NULL, NULL));
	for (const char *at = strstr(page, "\n.Sh EXAMPLES"); at != NULL; n++) {
		at = strstr(at, "\n.Bd -literal -offset indent\n");
		if (at == NULL)
			break;
		at = strchr(at + 1, '\n') + 1;
		const char *end = strstr(at, ".Ed\n");
		g_autoptr(GString) text = g_string_new_len(at, end - at);

		g_string_replace(text, "\\e", "\\", 0);
		g_autoptr(Settings) settings = load(text->str);
		ck_assert_ptr_nonnull(settings);
		at = end;
	}
	ck_assert_uint_eq(n, 3);
}
END_TEST

static Suite *
settings_suite(void)
{
	Suite *suite = suite_create("settings");
	TCase *tcase = tcase_create("settings");

	tcase_add_test(tcase, test_default);
	tcase_add_test(tcase, test_full_shop);
	tcase_add_test(tcase, test_full_account);
	tcase_add_test(tcase, test_full_routes);
	tcase_add_test(tcase, test_route_guards);
	tcase_add_test(tcase, test_several_shops);
	tcase_add_test(tcase, test_labels);
	tcase_add_loop_test(tcase, test_duration, 0, G_N_ELEMENTS(durations));
	tcase_add_loop_test(tcase, test_own_address, 0, G_N_ELEMENTS(owns));
	tcase_add_test(tcase, test_manual);
	tcase_add_test(tcase, test_manual_guards);
	tcase_add_test(tcase, test_manual_examples);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(settings_suite());
}
