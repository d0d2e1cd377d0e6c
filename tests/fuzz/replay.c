/* replay.c - runs a fuzz target over its corpus folder without libFuzzer, speaking TAP: every input that
 * was ever interesting stays a test. Linked in place of libFuzzer's main(). */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *
corpus_folder(const char *program)
{
	g_autofree char *base = g_path_get_basename(program);
	const char *name = g_str_has_prefix(base, "fuzz_") ? base + strlen("fuzz_") : base;
	const char *top = g_getenv("srcdir_abs");

	return g_build_filename(top != NULL ? top : ".", "tests", "fuzz", "corpus", name, NULL);
}

static gboolean
replay(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *data = NULL;
	gsize size;

	if (!g_file_get_contents(path, &data, &size, NULL))
		return FALSE;
	/* A copy of exactly that size, so that AddressSanitizer sees a read beyond the end. */
	g_autofree uint8_t *exact = g_memdup2(data, size);
	LLVMFuzzerTestOneInput(exact, size);
	return TRUE;
}

int
main(int argc, char **argv)
{
	g_autofree char *folder = corpus_folder(argv[0]);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	int n = 0, bad = 0;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		gboolean ok = replay(folder, name);

		n++;
		bad += !ok;
		printf("%s %d - %s\n", ok ? "ok" : "not ok", n, name);
		fflush(stdout);
	}
	if (n == 0) {
		printf("not ok 1 - no corpus in %s\n", folder);
		n = bad = 1;
	}
	printf("1..%d\n", n);
	return bad == 0 ? 0 : 1;
}
