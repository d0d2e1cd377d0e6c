/* test_base.c - errors, log quoting, clock, diagnostics, secrets. */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/diagnostics.h"
#include "aardig/error.h"
#include "aardig/log.h"
#include "aardig/secret.h"
#include "unit.h"

static const struct {
	const char *text;
	gsize max;
	const char *quoted;
} quotes[] = {
	{ "gewoon", 80, "gewoon" },
	{ "caf\xc3\xa9", 80, "caf\xc3\xa9" },
	{ "regel\r\nacct=vals", 80, "regel\\x0d\\x0aacct=vals" },
	{ "lat\xe9n", 80, "lat\\xe9n" },
	{ "a\xe2\x80\xae" "b", 80, "a\\xe2\\x80\\xaeb" },
	{ "abcdef", 3, "abc\xe2\x80\xa6" },
	{ "\x1b[31m", 80, "\\x1b[31m" },
	{ NULL, 80, "-" },
};

START_TEST(test_log_quote)
{
	g_autofree char *got = log_quote(quotes[_i].text, quotes[_i].max);

	ck_assert_str_eq(got, quotes[_i].quoted);
}
END_TEST

START_TEST(test_clock)
{
	gint64 t = 1;
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Amsterdam");

	ck_assert(clock_parse_rfc3339("2025-06-02T10:05:00+02:00", &t));
	ck_assert_int_eq(t, 1748851500);
	ck_assert(clock_parse_rfc3339("2025-06-02 08:05:00Z", &t));
	ck_assert_int_eq(t, 1748851500);
	ck_assert(!clock_parse_rfc3339("2025-06-02T10:05:00", &t));
	ck_assert(!clock_parse_rfc3339("gisteren", &t));
	ck_assert_int_eq(t, 1748851500);
	ck_assert(clock_parse_date("2025-06-02", zone, &t));
	ck_assert_int_eq(t, 1748815200);
	ck_assert(!clock_parse_date("02-06-2025", zone, &t));

	clock_set(1748851500);
	ck_assert_int_eq(clock_now(), 1748851500);
	g_autofree char *text = clock_format(clock_now());
	ck_assert_str_eq(text, "2025-06-02T08:05:00Z");
	clock_set(0);
	ck_assert_int_gt(clock_now(), 1748851500);
	gint64 before = clock_now();
	clock_shift(3600);
	ck_assert_int_ge(clock_now(), before + 3600);
	clock_shift(0);
}
END_TEST

START_TEST(test_diagnostics)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(GError) error = NULL;
	static const char *const names[] = { "subject", "body", "any", NULL };

	diagnostics_to_error(diag, &error);
	ck_no_error(error);
	diagnostics_warning(diag, "a.conf", 0, "empty");
	diagnostics_error(diag, "a.conf", 41, "unknown key \"%s\"", "subjct");
	diagnostics_error(diag, NULL, 0, "no configuration");
	ck_assert_uint_eq(diagnostics_errors(diag), 2);
	ck_assert_uint_eq(diagnostics_warnings(diag), 1);
	ck_assert_str_eq(diagnostics_line(diag, 0), "a.conf: warning: empty");
	ck_assert_str_eq(diagnostics_line(diag, 1), "a.conf:41: error: unknown key \"subjct\"");
	diagnostics_to_error(diag, &error);
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG));
	ck_assert_int_eq(aardig_error_exit_code(error), 78);
	ck_assert_str_eq(diagnostics_nearest("subjct", names), "subject");
	ck_assert_str_eq(diagnostics_nearest("ayn", names), "any");
	ck_assert_ptr_null(diagnostics_nearest("elephant", names));
}
END_TEST

START_TEST(test_secret_file)
{
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	int fd = g_file_open_tmp("aardig-secret-XXXXXX", &path, NULL);

	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert(g_file_set_contents(path, "geheim\r\nrest\n", -1, NULL));
	chmod(path, 0644);
	ck_assert_ptr_null(secret_from_file(path, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG));
	g_clear_error(&error);
	chmod(path, 0600);
	g_autoptr(Secret) secret = secret_from_file(path, &error);
	ck_no_error(error);
	ck_assert_str_eq(secret_text(secret), "geheim");
	unlink(path);
	ck_assert_ptr_null(secret_from_file(path, &error));
	ck_assert_ptr_nonnull(error);
}
END_TEST

START_TEST(test_secret_command)
{
	char *good[] = { (char *) "printf", (char *) "token-1\\nmore", NULL };
	char *bad[] = { (char *) "false", NULL };
	char *none[] = { (char *) "/nonexistent/command", NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(Secret) secret = secret_from_command(good, &error);

	ck_no_error(error);
	ck_assert_str_eq(secret_text(secret), "token-1");
	ck_assert_ptr_null(secret_from_command(bad, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY));
	g_clear_error(&error);
	ck_assert_ptr_null(secret_from_command(none, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("base");
	TCase *tc = tcase_create("base");

	tcase_add_loop_test(tc, test_log_quote, 0, G_N_ELEMENTS(quotes));
	tcase_add_test(tc, test_clock);
	tcase_add_test(tc, test_diagnostics);
	tcase_add_test(tc, test_secret_file);
	tcase_add_test(tc, test_secret_command);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
