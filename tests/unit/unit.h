/* unit.h - what every Check program needs: run a suite, look at a GError, find test data. */
#ifndef AARDIG_TESTS_UNIT_H
#define AARDIG_TESTS_UNIT_H

#include <check.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <time.h>

/* Check's own four seconds are too few under the sanitizers, or where the machine has other work. It looks when a
 * case is made. */
__attribute__((constructor)) static void
unit_be_patient(void)
{
	g_setenv("CK_DEFAULT_TIMEOUT", "600", FALSE);
}

static inline int
unit_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static inline double
unit_cpu_seconds(void)
{
	return (double) clock() / CLOCKS_PER_SEC;
}

/* How many times slower than the machine on which limits were set this one is, now and built as it is: at least 1. So
 * a limit on processor time can be near what is usual, and hold on a slow and loaded machine. */
static inline double
unit_slowness(void)
{
	static const double usual = 0.012;
	double start = unit_cpu_seconds();
	gsize size = 4 << 20;
	g_autofree char *text = g_strnfill(size, 'a');
	volatile guint32 sum = 0;

	for (guint round = 0; round < 3; round++) {
		guint32 hash = round;
		for (gsize i = 0; i < size; i++) {
			hash = (hash ^ (guint8) text[i]) * 16777619u;
			text[i] = (char) hash;
		}
		sum = hash;
	}
	double slower = (unit_cpu_seconds() - start + (double) (sum & 1) * 1e-9) / usual;
	return MAX(slower, 1.0);
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

/* A folder with all that is in it. */
static inline void
unit_remove(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		if (g_file_test(below, G_FILE_TEST_IS_DIR) &&
		    !g_file_test(below, G_FILE_TEST_IS_SYMLINK))
			unit_remove(below);
		else
			g_unlink(below);
	}
	g_rmdir(path);
}

#endif
