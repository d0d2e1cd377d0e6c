/* secret.c - reads passwords from where the admin keeps them and wipes them afterwards. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <poll.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/secret.h"

#define SECRET_MAX 8192
#define COMMAND_TIMEOUT_MS 30000

struct Secret {
	gsize length;
	char bytes[];
};

Secret *
secret_new(const char *bytes, gssize len)
{
	gsize n = len < 0 ? strlen(bytes) : (gsize) len;
	Secret *secret = g_malloc(sizeof *secret + n + 1);

	secret->length = n;
	memcpy(secret->bytes, bytes, n);
	secret->bytes[n] = '\0';
	return secret;
}

const char *
secret_text(const Secret *secret)
{
	return secret->bytes;
}

void
secret_free(Secret *secret)
{
	if (secret == NULL)
		return;
	explicit_bzero(secret->bytes, secret->length);
	g_free(secret);
}

static Secret *
first_line(char *buffer, gsize n)
{
	char *end = memchr(buffer, '\n', n);
	gsize length = end != NULL ? (gsize) (end - buffer) : n;

	if (length > 0 && buffer[length - 1] == '\r')
		length--;
	Secret *secret = length > 0 ? secret_new(buffer, length) : NULL;
	explicit_bzero(buffer, n);
	return secret;
}

static gboolean
below_credentials(const char *path)
{
	const char *dir = g_getenv("CREDENTIALS_DIRECTORY");

	return dir != NULL && *dir != '\0' && g_str_has_prefix(path, dir) && path[strlen(dir)] == '/';
}

Secret *
secret_from_file(const char *path, GError **error)
{
	char buffer[SECRET_MAX];
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG, "password file %s: %s", path,
		            g_strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	if ((st.st_mode & (S_IRWXG | S_IRWXO) & ~S_IXGRP) != 0 && !below_credentials(path)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "password file %s can be read by others (run: chmod 600 %s)", path, path);
		close(fd);
		return NULL;
	}
	gssize n = read(fd, buffer, sizeof buffer);
	close(fd);
	Secret *secret = n > 0 ? first_line(buffer, n) : NULL;
	if (secret == NULL)
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "password file %s: its first line is empty", path);
	return secret;
}

Secret *
secret_from_credential(const char *name, GError **error)
{
	const char *dir = g_getenv("CREDENTIALS_DIRECTORY");

	if (dir == NULL || *dir == '\0')
		return NULL;
	g_autofree char *path = g_build_filename(dir, name, NULL);
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return NULL;
	return secret_from_file(path, error);
}

/* Reads until end of file, the buffer is full or the deadline has passed; -1 then or on error. */
static gssize
read_until(int fd, char *buffer, gsize size, gint64 deadline)
{
	gsize n = 0;

	while (n < size) {
		gint64 left = deadline - clock_monotonic_ms();
		struct pollfd pfd = { .fd = fd, .events = POLLIN };

		if (left <= 0)
			return -1;
		if (poll(&pfd, 1, (int) left) <= 0)
			continue;
		gssize got = read(fd, buffer + n, size - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		n += got;
	}
	return n;
}

static int
wait_until(GPid pid, gint64 deadline)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_monotonic_ms() >= deadline) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		g_usleep(2000);
	}
	return status;
}

Secret *
secret_from_command(char *const *argv, GError **error)
{
	char buffer[SECRET_MAX];
	GPid pid;
	int out;
	g_autoptr(GError) spawn_error = NULL;
	gint64 deadline = clock_monotonic_ms() + COMMAND_TIMEOUT_MS;

	if (!g_spawn_async_with_pipes(NULL, (char **) argv, NULL,
	                              G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
	                              NULL, &out, NULL, &spawn_error)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG, "password command: %s",
		            spawn_error->message);
		return NULL;
	}
	gssize n = read_until(out, buffer, sizeof buffer, deadline);
	close(out);
	if (n < 0)
		deadline = 0;
	int status = wait_until(pid, deadline);
	Secret *secret = n > 0 ? first_line(buffer, n) : NULL;

	if (status != 0 || secret == NULL) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "password command %s %s", argv[0],
		            n < 0 || status == -1 ? "did not finish within 30 s"
		            : status != 0         ? "failed (run it by hand as this user to see why)"
		                                  : "printed nothing");
		secret_free(secret);
		return NULL;
	}
	return secret;
}

void
secret_random(guint8 *bytes, gsize n)
{
	while (n > 0) {
		gssize got = getrandom(bytes, n, 0);

		if (got < 0 && errno != EINTR)
			g_error("no random numbers from the kernel: %s", g_strerror(errno));
		if (got > 0) {
			bytes += got;
			n -= got;
		}
	}
}

gboolean
secret_equal(const void *a, const void *b, gsize n)
{
	const guint8 *x = a, *y = b;
	guint8 differ = 0;

	for (gsize i = 0; i < n; i++)
		differ |= x[i] ^ y[i];
	return differ == 0;
}

void
secret_forbid_core_dumps(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
