/* test_settings.c - the configuration: defaults, every error with its line, routes, addresses. */
#include "config.h"

#include <string.h>

#include "aardig/settings.h"
#include "unit.h"

START_TEST(test_default)
{
	g_autoptr(Settings) settings = settings_default();
	const Shop *shop = g_ptr_array_index(settings->shops, 0);

	ck_assert_uint_eq(settings->accounts->len, 0);
	ck_assert_uint_eq(settings->shops->len, 1);
	ck_assert_uint_eq(settings->routes->len, 1);
	ck_assert_str_eq(shop->name, "winkel");
	ck_assert_str_eq(shop->language, "nl");
	ck_assert_int_eq(shop->hours[0].open, 9 * 3600);
	ck_assert_int_eq(shop->hours[6].close, 0);
	ck_assert_uint_eq(shop->answer_within[PRIORITY_NORMAL].workdays, 1);
	ck_assert_int_eq(settings->retention, 180 * 86400);
	ck_assert_ptr_null(settings->path);
	ck_assert_ptr_nonnull(settings->timezone);
}
END_TEST

static Suite *
settings_suite(void)
{
	Suite *suite = suite_create("settings");
	TCase *tcase = tcase_create("settings");

	tcase_add_test(tcase, test_default);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return unit_run(settings_suite());
}
