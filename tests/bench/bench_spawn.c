/* bench_spawn.c - runs a command N times with a file on its standard input, and prints the median in
 * milliseconds: bench_spawn N FILE COMMAND... */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int
by_value(const void *a, const void *b)
{
	gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

	return x < y ? -1 : x > y;
}

static gboolean
run_once(const char *input, char **argv)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int in = open(input, O_RDONLY), out = open("/dev/null", O_WRONLY);

		if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
			_exit(127);
		execvp(argv[0], argv);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int
main(int argc, char **argv)
{
	int n = argc > 3 ? atoi(argv[1]) : 0;

	if (n < 1) {
		fputs("usage: bench_spawn N FILE COMMAND...\n", stderr);
		return 64;
	}
	g_autofree gint64 *took = g_new(gint64, n);
	for (int i = 0; i < n; i++) {
		gint64 start = g_get_monotonic_time();

		if (!run_once(argv[2], argv + 3)) {
			fprintf(stderr, "bench_spawn: %s failed\n", argv[3]);
			return 1;
		}
		took[i] = g_get_monotonic_time() - start;
	}
	qsort(took, n, sizeof *took, by_value);
	printf("%.2f\n", took[n / 2] / 1000.0);
	return 0;
}
