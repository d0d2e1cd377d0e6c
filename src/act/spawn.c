/* spawn.c - runs a configured command with a mail on its standard input, bounded in time. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/act-private.h"
#include "aardig/clock.h"
#include "aardig/error.h"

#define COMMAND_TIMEOUT_MS 30000

/* A command may close its input early and still do its work: EPIPE ends the feeding, no more. */
static void
feed(int fd, GBytes *input, gint64 deadline)
{
	gsize size, done = 0;
	const char *data = g_bytes_get_data(input, &size);

	while (done < size) {
		struct pollfd pfd = { .fd = fd, .events = POLLOUT };
		gint64 left = deadline - clock_monotonic_ms();

		if (left <= 0 || (poll(&pfd, 1, (int) left) < 0 && errno != EINTR))
			return;
		gssize n = write(fd, data + done, size - done);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (n > 0)
			done += n;
	}
}

static int
await(GPid pid, gint64 deadline, const char *name, GError **error)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_monotonic_ms() >= deadline) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_UNKNOWN_OUTCOME,
			            "%s did not finish within 30 s and was stopped", name);
			return -1;
		}
		g_usleep(2000);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
act_spawn(char *const *argv, char *const *environment, GBytes *input, GError **error)
{
	GPid pid;
	int in;
	g_autoptr(GError) trouble = NULL;
	gint64 deadline = clock_monotonic_ms() + COMMAND_TIMEOUT_MS;

	if (!g_spawn_async_with_pipes(NULL, (char **) argv, (char **) environment,
	                              G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
	                                  G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
	                              NULL, NULL, &pid, &in, NULL, NULL, &trouble)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG, "%s", trouble->message);
		return -1;
	}
	/* The process ignores SIGPIPE (main.c), so a closed pipe is an error return here. */
	fcntl(in, F_SETFL, O_NONBLOCK);
	feed(in, input, deadline);
	close(in);
	return await(pid, deadline, argv[0], error);
}
