/* relay.c - a line that is long and not narrow: passes TCP on to a port of this machine, every byte a fixed time
 * later, as much at a time as comes.
 *
 *   relay PORT MILLISECONDS    prints "PORT\n" of its own once it listens on 127.0.0.1 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* What may be under way in one direction: far more than fits into 20 ms here. */
#define UNDER_WAY_MAX (64 * 1024 * 1024)

typedef struct {
	gint64 due; /* microseconds */
	gsize size, sent;
	char bytes[];
} Chunk;

typedef struct {
	int from, to;
	GQueue chunks;
	gsize under_way;
	gboolean ended, told; /* no more comes; the other side knows */
} Way;

static gint64 delay_us;

static void
take(Way *way)
{
	static char buffer[256 * 1024];
	gssize n = read(way->from, buffer, sizeof buffer);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		way->ended = TRUE;
		return;
	}
	Chunk *chunk = g_malloc(sizeof *chunk + (gsize) n);
	*chunk = (Chunk) { .due = g_get_monotonic_time() + delay_us, .size = (gsize) n };
	memcpy(chunk->bytes, buffer, (gsize) n);
	g_queue_push_tail(&way->chunks, chunk);
	way->under_way += chunk->size;
}

/* FALSE: nobody reads there any more. */
static gboolean
give(Way *way)
{
	Chunk *chunk;

	while ((chunk = g_queue_peek_head(&way->chunks)) != NULL &&
	       chunk->due <= g_get_monotonic_time()) {
		gssize n = send(way->to, chunk->bytes + chunk->sent, chunk->size - chunk->sent, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		chunk->sent += (gsize) n;
		if (chunk->sent < chunk->size)
			continue;
		way->under_way -= chunk->size;
		g_free(g_queue_pop_head(&way->chunks));
	}
	if (chunk == NULL && way->ended && !way->told) {
		shutdown(way->to, SHUT_WR);
		way->told = TRUE;
	}
	return TRUE;
}

/* Until when poll() may sleep; -1: until something comes. */
static int
wait_ms(const Way *ways)
{
	gint64 first = G_MAXINT64, now = g_get_monotonic_time();

	for (int i = 0; i < 2; i++) {
		const Chunk *chunk = g_queue_peek_head((GQueue *) &ways[i].chunks);

		if (chunk != NULL && chunk->due > now)
			first = MIN(first, chunk->due);
	}
	return first == G_MAXINT64 ? -1 : (int) ((first - now + 999) / 1000);
}

static void
pass_on(int near, int far)
{
	Way ways[2] = { { .from = near, .to = far }, { .from = far, .to = near } };

	while (!ways[0].told || !ways[1].told) {
		struct pollfd fds[2] = { { .fd = near }, { .fd = far } };
		gint64 now = g_get_monotonic_time();

		for (int i = 0; i < 2; i++) {
			const Chunk *chunk = g_queue_peek_head(&ways[i].chunks);

			if (!ways[i].ended && ways[i].under_way < UNDER_WAY_MAX)
				fds[i].events |= POLLIN;
			if (chunk != NULL && chunk->due <= now)
				fds[1 - i].events |= POLLOUT;
		}
		for (int i = 0; i < 2; i++)
			if (fds[i].events == 0)
				fds[i].fd = -1; /* a connection that has hung up would wake us for ever */
		poll(fds, 2, wait_ms(ways));
		for (int i = 0; i < 2; i++) {
			if (fds[i].fd >= 0 && (fds[i].revents & ~POLLOUT) != 0 && !ways[i].ended)
				take(&ways[i]);
			if (!give(&ways[i]))
				return;
		}
	}
}

static int
open_socket(guint16 port, gboolean listening)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 ||
	    (listening ? bind(fd, (struct sockaddr *) &address, sizeof address) != 0 || listen(fd, 64) != 0
	               : connect(fd, (struct sockaddr *) &address, sizeof address) != 0)) {
		perror("relay");
		_exit(1);
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;

	if (argc != 3)
		return 64;
	delay_us = g_ascii_strtoll(argv[2], NULL, 10) * 1000;
	signal(SIGCHLD, SIG_IGN);
	int listener = open_socket(0, TRUE), on = 1;
	if (getsockname(listener, (struct sockaddr *) &address, &length) != 0)
		return 1;
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
	for (;;) {
		int near = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (near < 0)
			continue;
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			int far = open_socket((guint16) g_ascii_strtoull(argv[1], NULL, 10), FALSE);
			setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
			fcntl(near, F_SETFL, O_NONBLOCK);
			fcntl(far, F_SETFL, O_NONBLOCK);
			pass_on(near, far);
			_exit(0);
		}
		close(near);
	}
}
