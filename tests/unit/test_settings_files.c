/* test_settings_files.c - where the configuration and the files beside it are found, and where secrets come from. */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aardig/error.h"
#include "aardig/settings.h"
#include "settings/settings-private.h"
#include "unit.h"

static void
write_file(const char *path, const char *text, int mode)
{
	ck_assert(g_file_set_contents(path, text, -1, NULL));
	ck_assert_int_eq(chmod(path, mode), 0);
}

static char *scratch;

static void
setup(void)
{
	scratch = g_dir_make_tmp("aardig-settings-XXXXXX", NULL);
	ck_assert_ptr_nonnull(scratch);
}

static void
teardown(void)
{
	unit_remove(scratch);
	g_clear_pointer(&scratch, g_free);
}

/* ---- files ---- */

START_TEST(test_find)
{
	const char *dir = scratch;
	g_autofree char *below = g_build_filename(dir, "aardig", NULL);
	g_autofree char *file = g_build_filename(below, "aardig.conf", NULL);

	g_setenv("AARDIG_CONFIG", "/nowhere/x.conf", TRUE);
	g_autofree char *given = settings_find();
	ck_assert_str_eq(given, "/nowhere/x.conf");
	g_unsetenv("AARDIG_CONFIG");

	g_setenv("XDG_CONFIG_HOME", dir, TRUE);
	g_autofree char *before = settings_find();
	ck_assert_str_ne(before != NULL ? before : "", file);
	ck_assert_int_eq(g_mkdir_with_parents(below, 0700), 0);
	write_file(file, "", 0644);
	g_autofree char *after = settings_find();
	ck_assert_str_eq(after, file);
}
END_TEST

START_TEST(test_folders)
{
	const char *dir = scratch;
	g_autofree char *file = g_build_filename(dir, "a.conf", NULL);
	g_autofree char *rules = g_build_filename(dir, "rules.d", NULL);
	g_autofree char *templates = g_build_filename(dir, "templates", NULL);
	g_autoptr(Diagnostics) diag = diagnostics_new();

	write_file(file, "", 0644);
	ck_assert_int_eq(g_mkdir_with_parents(rules, 0700), 0);
	ck_assert_int_eq(g_mkdir_with_parents(templates, 0700), 0);
	g_setenv("AARDIG_DATADIR", "/shipped", TRUE);
	g_setenv("AARDIG_TEMPLATEDIR", "/words", TRUE);
	g_setenv("STATE_DIRECTORY", "/var/lib/x:/var/lib/y", TRUE);
	g_unsetenv("CACHE_DIRECTORY");
	g_setenv("XDG_CACHE_HOME", "/home/me/c", TRUE);
	g_autoptr(Settings) settings = settings_load(file, diag);
	ck_assert_ptr_nonnull(settings);
	ck_assert_str_eq(settings->path, file);
	ck_assert_str_eq(settings->rule_dirs[0], "/shipped/rules");
	ck_assert_str_eq(settings->rule_dirs[1], rules);
	ck_assert_str_eq(settings->template_dirs[0], templates);
	ck_assert_str_eq(settings->template_dirs[1], "/words");
	ck_assert_str_eq(settings->state_dir, "/var/lib/x");
	ck_assert_str_eq(settings->cache_dir, "/home/me/c/aardig");

	g_unsetenv("STATE_DIRECTORY");
	g_setenv("XDG_STATE_HOME", "/home/me/s", TRUE);
	g_autoptr(Settings) mine = settings_load(file, diag);
	ck_assert_str_eq(mine->state_dir, "/home/me/s/aardig");
}
END_TEST

START_TEST(test_include)
{
	const char *dir = scratch;
	g_autofree char *file = g_build_filename(dir, "a.conf", NULL);
	g_autofree char *other = g_build_filename(dir, "winkel.conf", NULL);
	g_autofree char *want =
		g_strdup_printf("%s:3: error: unknown key \"nme\" (did you mean \"name\"?)", other);
	g_autofree char *want2 = g_strdup_printf("%s:5: error: unknown key \"zz\" (known here: ", file);
	g_autoptr(Diagnostics) diag = diagnostics_new();

	write_file(file, "# een\n@include \"winkel.conf\"\n\n/* @include \"nope\" */\nzz = 1;\n", 0644);
	write_file(other, "\xef\xbb\xbf# winkel\r\nshop: {\r\n  nme = \"x\"; name = \"y\"; };\r\n",
	           0644);
	ck_assert_ptr_null(settings_load(file, diag));
	ck_assert_uint_eq(diagnostics_count(diag), 2);
	ck_assert_str_eq(diagnostics_line(diag, 0), want);
	ck_assert_msg(g_str_has_prefix(diagnostics_line(diag, 1), want2), "%s",
	              diagnostics_line(diag, 1));
}
END_TEST

START_TEST(test_include_loop)
{
	const char *dir = scratch;
	g_autofree char *file = g_build_filename(dir, "a.conf", NULL);
	g_autoptr(Diagnostics) diag = diagnostics_new();

	write_file(file, "@include \"a.conf\"\n", 0644);
	ck_assert_ptr_null(settings_load(file, diag));
	ck_assert_uint_eq(diagnostics_count(diag), 1);
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 0), "does a file include itself?"));
}
END_TEST

START_TEST(test_holiday_file)
{
	const char *dir = scratch;
	g_autofree char *file = g_build_filename(dir, "a.conf", NULL);
	g_autofree char *dates = g_build_filename(dir, "vrij", NULL);
	g_autofree char *want = g_strdup_printf("%s:2: error: no date: 'morgen'", dates);
	g_autoptr(Diagnostics) diag = diagnostics_new();

	write_file(file,
	           "shop: { name = \"W\"; holidays = [\"nl\", \"vrij\"]; closed = \"2026-05-06\"; };\n",
	           0644);
	write_file(dates, "# bouwvak\n2026-07-27/2026-08-14\n", 0644);
	g_autoptr(Settings) settings = settings_load(file, diag);
	ck_assert_ptr_nonnull(settings);
	const Shop *shop = g_ptr_array_index(settings->shops, 0);
	ck_assert_str_eq(shop->holidays[0], "nl");
	ck_assert_ptr_null(shop->holidays[1]);
	ck_assert_str_eq(shop->closed[0], "2026-05-06");
	ck_assert_str_eq(shop->closed[1], "2026-07-27/2026-08-14");
	ck_assert_ptr_null(shop->closed[2]);

	write_file(dates, "# bouwvak\nmorgen\n", 0644);
	ck_assert_ptr_null(settings_load(file, diag));
	ck_assert_msg(g_str_has_prefix(diagnostics_line(diag, 0), want), "%s",
	              diagnostics_line(diag, 0));
}
END_TEST

START_TEST(test_missing_file)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();

	ck_assert_ptr_null(settings_load("/nowhere/a.conf", diag));
	ck_assert_uint_eq(diagnostics_errors(diag), 1);
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 0), "/nowhere/a.conf: error: "));
	ck_assert_ptr_null(settings_load("/dev/null", diag));
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 1), "is not a file"));
}
END_TEST

#define INLINE_PASSWORD                                                                            \
	"shop: { name = \"W\"; };\naccounts: ( { name = \"a\"; addresses = \"a@x.nl\";\n"              \
	"source: { type = \"imap\"; host = \"h.nl\"; user = \"u\";\npassword = \"geheim\"; }; } );\n"

START_TEST(test_inline_password)
{
	const char *dir = scratch;
	g_autofree char *file = g_build_filename(dir, "a.conf", NULL);
	g_autoptr(Diagnostics) open = diagnostics_new();
	g_autoptr(Diagnostics) shut = diagnostics_new();

	write_file(file, INLINE_PASSWORD, 0640);
	ck_assert_ptr_null(settings_load(file, open));
	ck_assert_uint_eq(diagnostics_errors(open), 1);
	ck_assert_ptr_nonnull(strstr(diagnostics_line(open, 0), "a.conf:4: error: "));
	ck_assert_ptr_nonnull(strstr(diagnostics_line(open, 0), "chmod 600"));
	ck_assert_ptr_null(strstr(diagnostics_line(open, 0), "geheim"));

	write_file(file, INLINE_PASSWORD, 0600);
	g_autoptr(Settings) settings = settings_load(file, shut);
	ck_assert_ptr_nonnull(settings);
	ck_assert_uint_eq(diagnostics_warnings(shut), 1);
	ck_assert_ptr_nonnull(strstr(diagnostics_line(shut, 0), "a.conf:4: warning: "));
}
END_TEST

/* ---- secrets ---- */

START_TEST(test_secret_none)
{
	SecretSource none = { NULL };
	gboolean token = 7;
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(settings_secret(&none, &token, &error));
	ck_no_error(error);
}
END_TEST

START_TEST(test_secret_ways)
{
	static char echo[] = "echo", text[] = "tok-1";
	char *argv[] = { echo, text, NULL };
	SecretSource command = { .password_command = argv, .credential = echo };
	SecretSource inline_ = { .password = text };
	SecretSource bearer = { .token_command = argv };
	gboolean token;
	g_autoptr(GError) error = NULL;

	g_autoptr(Secret) a = settings_secret(&command, &token, &error);
	ck_no_error(error);
	ck_assert_str_eq(secret_text(a), "tok-1");
	ck_assert(!token);
	g_autoptr(Secret) b = settings_secret(&inline_, &token, &error);
	ck_assert_str_eq(secret_text(b), "tok-1");
	g_autoptr(Secret) c = settings_secret(&bearer, &token, &error);
	ck_assert_str_eq(secret_text(c), "tok-1");
	ck_assert(token);
}
END_TEST

START_TEST(test_secret_credential)
{
	static char name[] = "info.imap";
	const char *dir = scratch;
	g_autofree char *file = g_build_filename(dir, name, NULL);
	SecretSource source = { .credential = name };
	gboolean token;
	g_autoptr(GError) error = NULL;

	g_unsetenv("CREDENTIALS_DIRECTORY");
	ck_assert_ptr_null(settings_secret(&source, &token, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG));
	ck_assert_ptr_nonnull(strstr(error->message, "LoadCredential=info.imap:"));
	g_clear_error(&error);

	write_file(file, "hush\n", 0440);
	g_setenv("CREDENTIALS_DIRECTORY", dir, TRUE);
	g_autoptr(Secret) secret = settings_secret(&source, &token, &error);
	ck_no_error(error);
	ck_assert_str_eq(secret_text(secret), "hush");
	g_unsetenv("CREDENTIALS_DIRECTORY");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("settings-files");
	TCase *tcase = tcase_create("settings-files");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_find);
	tcase_add_test(tcase, test_folders);
	tcase_add_test(tcase, test_include);
	tcase_add_test(tcase, test_include_loop);
	tcase_add_test(tcase, test_holiday_file);
	tcase_add_test(tcase, test_missing_file);
	tcase_add_test(tcase, test_inline_password);
	tcase_add_test(tcase, test_secret_none);
	tcase_add_test(tcase, test_secret_ways);
	tcase_add_test(tcase, test_secret_credential);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
