/* line.c - lines and counted bytes over a NetStream, every wait with its deadline.
 *
 * Both protocols are lines with now and then a counted block of bytes (an IMAP literal). A line has
 * a bound, a literal is taken by its count and never looked into: a mail can hold anything that
 * looks like a server's answer. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "net/net-private.h"

#define BUFFER_SIZE (64 * 1024)
/* A server that sends no slower than this may go on past the timeout (25 MiB literals on a thin
 * line). */
#define SLOWEST_BYTES_PER_MS 8
/* A line that is thrown away because it is too long is read this far, then the connection is given
 * up. */
#define OVERLONG_MAX (64 * 1024 * 1024)

struct LineIO {
	NetStream *stream;
	gint64 timeout_ms;
	gboolean broken;
	GString *line;
	gsize start, end; /* unread bytes of buffer */
	char buffer[BUFFER_SIZE];
};

LineIO *
line_new(NetStream *stream, gint64 timeout_ms)
{
	LineIO *io = g_new0(LineIO, 1);

	io->stream = stream;
	io->timeout_ms = timeout_ms;
	io->line = g_string_new(NULL);
	return io;
}

void
line_free(LineIO *io)
{
	if (io == NULL)
		return;
	net_close(io->stream);
	g_string_free(io->line, TRUE);
	g_free(io);
}

gint64
line_timeout(const LineIO *io)
{
	return io->timeout_ms;
}

void
line_set_timeout(LineIO *io, gint64 timeout_ms)
{
	io->timeout_ms = timeout_ms;
}

gboolean
line_is_open(const LineIO *io)
{
	return !io->broken;
}

void
line_break(LineIO *io)
{
	io->broken = TRUE;
}

static gboolean
check_open(LineIO *io, GError **error)
{
	if (!io->broken)
		return TRUE;
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "the connection is closed");
	return FALSE;
}

/* Receives into memory of the caller; 0 bytes are the end of the connection. A wait that was ended
 * from outside (STOPPED) leaves the connection as it was. */
static gssize
receive(LineIO *io, void *buffer, gsize size, int wake_fd, gint64 timeout_ms, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (!check_open(io, error))
		return -1;
	if (timeout_ms < 0)
		timeout_ms = 0;
	gssize got = io->stream->recv(io->stream, buffer, size, wake_fd, timeout_ms, &local);
	if (got > 0)
		return got;
	if (got == 0) {
		io->broken = TRUE;
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
		            "the server closed the connection");
		return -1;
	}
	if (!g_error_matches(local, AARDIG_ERROR, AARDIG_ERROR_STOPPED) && !io->stream->timed_out)
		io->broken = TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return -1;
}

static gboolean
fill(LineIO *io, int wake_fd, gint64 timeout_ms, GError **error)
{
	io->start = io->end = 0;
	gssize got = receive(io, io->buffer, sizeof io->buffer, wake_fd, timeout_ms, error);
	if (got < 0)
		return FALSE;
	io->end = got;
	return TRUE;
}

/* Waits for what belongs to an answer: a deadline passed here ends the connection, because what
 * comes later could be taken for the answer to something else. */
static gboolean
fill_until(LineIO *io, gint64 deadline, GError **error)
{
	if (fill(io, -1, deadline - clock_monotonic_ms(), error))
		return TRUE;
	io->broken = TRUE;
	return FALSE;
}

gboolean
line_read(LineIO *io, gsize max, const char **line_out, gsize *length_out, GError **error)
{
	gint64 deadline = clock_monotonic_ms() + io->timeout_ms;
	gsize seen = 0;

	g_string_truncate(io->line, 0);
	for (;;) {
		if (io->start == io->end) {
			if (!fill_until(io, deadline + (gint64) (seen / SLOWEST_BYTES_PER_MS), error))
				return FALSE;
		}
		const char *from = io->buffer + io->start;
		const char *lf = memchr(from, '\n', io->end - io->start);
		gsize n = (lf != NULL ? (gsize) (lf - from) : io->end - io->start);

		if (io->line->len + n <= max + 1) /* one more for the CR */
			g_string_append_len(io->line, from, n);
		else
			g_string_truncate(io->line, 0);
		seen += n;
		io->start += n + (lf != NULL);
		if (lf != NULL)
			break;
		if (seen > MAX(max, OVERLONG_MAX)) {
			io->broken = TRUE;
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
			            "the server sent a line without end");
			return FALSE;
		}
	}
	if (io->line->len != seen || (seen > max && io->line->str[seen - 1] != '\r')) {
		*line_out = NULL;
		*length_out = 0;
		return TRUE;
	}
	if (seen > 0 && io->line->str[seen - 1] == '\r')
		g_string_truncate(io->line, seen - 1);
	*line_out = io->line->str;
	*length_out = io->line->len;
	return TRUE;
}

gboolean
line_read_exact(LineIO *io, void *buffer, gsize n, GError **error)
{
	gint64 deadline = clock_monotonic_ms() + io->timeout_ms + (gint64) (n / SLOWEST_BYTES_PER_MS);
	char *to = buffer;

	while (n > 0) {
		gsize have = MIN(io->end - io->start, n);

		if (have > 0) {
			if (to != NULL) {
				memcpy(to, io->buffer + io->start, have);
				to += have;
			}
			io->start += have;
			n -= have;
			continue;
		}
		gint64 left = MIN(deadline - clock_monotonic_ms(), io->timeout_ms);
		if (to == NULL || n < sizeof io->buffer) {
			if (!fill_until(io, clock_monotonic_ms() + left, error))
				return FALSE;
			continue;
		}
		/* A large literal goes to its place without a copy. */
		gssize got = receive(io, to, n, -1, left, error);
		if (got < 0) {
			io->broken = TRUE;
			return FALSE;
		}
		to += got;
		n -= got;
	}
	return TRUE;
}

gboolean
line_write(LineIO *io, const void *data, gsize size, GError **error)
{
	if (!check_open(io, error))
		return FALSE;
	if (io->stream->send(io->stream, data, size, io->timeout_ms, error))
		return TRUE;
	io->broken = TRUE;
	return FALSE;
}

gboolean
line_wait(LineIO *io, int wake_fd, gint64 timeout_ms, LineWait *result_out, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (io->start < io->end) {
		*result_out = LINE_WAIT_READY;
		return TRUE;
	}
	if (fill(io, wake_fd, timeout_ms, &local)) {
		*result_out = LINE_WAIT_READY;
		return TRUE;
	}
	if (io->broken) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	*result_out = io->stream->timed_out ? LINE_WAIT_TIMEOUT : LINE_WAIT_WOKEN;
	return TRUE;
}

gboolean
line_is_safe(const char *text)
{
	for (const unsigned char *p = (const unsigned char *) text; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f)
			return FALSE;
	return TRUE;
}
