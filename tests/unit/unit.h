/* unit.h - what every Check program needs: run a suite, look at a GError, find test data. */
#ifndef AARDIG_TESTS_UNIT_H
#define AARDIG_TESTS_UNIT_H

#include <check.h>
#include <glib.h>
#include <stdlib.h>

static inline int
unit_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);

	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define ck_no_error(error) \
	ck_assert_msg((error) == NULL, "unexpected error: %s", (error) != NULL ? (error)->message : "")

/* A path below the source tree, for tests/data and tests/corpus. Caller frees. */
static inline char *
unit_path(const char *below)
{
	const char *top = g_getenv("srcdir_abs");

	return g_build_filename(top != NULL ? top : ".", below, NULL);
}

#endif
