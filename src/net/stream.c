/* stream.c - bytes over a connection that libcurl made. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "aardig/clock.h"
#include "net/net-private.h"

/* ---- over libcurl ---- */

typedef struct {
	CURL *handle;
	curl_socket_t socket;
} CurlStream;

typedef enum { READY, WOKEN, TIMED_OUT, BROKEN } PollResult;

static PollResult
wait_for(curl_socket_t fd, short events, int wake_fd, gint64 deadline)
{
	for (;;) {
		struct pollfd fds[2] = { { .fd = fd, .events = events },
			                     { .fd = wake_fd, .events = POLLIN } };
		gint64 left = deadline - clock_monotonic_ms();
		int n = poll(fds, wake_fd >= 0 ? 2 : 1, (int) CLAMP(left, 0, G_MAXINT));

		if (n < 0 && errno != EINTR)
			return BROKEN;
		if (n > 0 && wake_fd >= 0 && fds[1].revents != 0)
			return WOKEN;
		if (n > 0)
			return READY; /* errors show at the next recv or send */
		if (n == 0 && left <= 0)
			return TIMED_OUT;
	}
}

static gboolean
wait_ended(NetStream *stream, PollResult result, gint64 timeout_ms, GError **error)
{
	switch (result) {
	case READY:
		return FALSE;
	case WOKEN:
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_STOPPED,
		            "stopped while waiting for the server");
		return TRUE;
	case TIMED_OUT:
		stream->timed_out = TRUE;
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
		            "the server did not answer within %.1f s", timeout_ms / 1000.0);
		return TRUE;
	case BROKEN:
		break;
	}
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "poll: %s", g_strerror(errno));
	return TRUE;
}

/* Receive first and poll only when there is nothing: TLS may hold bytes that the socket no longer
 * shows. */
static gssize
curl_stream_recv(NetStream *stream, void *buffer, gsize size, int wake_fd, gint64 timeout_ms,
                 GError **error)
{
	CurlStream *self = stream->data;
	gint64 deadline = clock_monotonic_ms() + timeout_ms;

	stream->timed_out = FALSE;
	for (;;) {
		gsize got = 0;
		CURLcode code = net_curl->easy_recv(self->handle, buffer, size, &got);

		if (code == CURLE_OK)
			return (gssize) got;
		if (code != CURLE_AGAIN) {
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "the connection was lost: %s",
			            net_curl->easy_strerror(code));
			return -1;
		}
		if (wait_ended(stream, wait_for(self->socket, POLLIN, wake_fd, deadline), timeout_ms,
		               error))
			return -1;
	}
}

static gboolean
curl_stream_send(NetStream *stream, const void *data, gsize size, gint64 timeout_ms, GError **error)
{
	CurlStream *self = stream->data;
	const char *bytes = data;
	gint64 deadline = clock_monotonic_ms() + timeout_ms;

	stream->timed_out = FALSE;
	while (size > 0) {
		gsize sent = 0;
		CURLcode code = net_curl->easy_send(self->handle, bytes, size, &sent);

		if (code == CURLE_OK) {
			bytes += sent;
			size -= sent;
			deadline = clock_monotonic_ms() + timeout_ms; /* progress */
			continue;
		}
		if (code != CURLE_AGAIN) {
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "the connection was lost: %s",
			            net_curl->easy_strerror(code));
			return FALSE;
		}
		if (wait_ended(stream, wait_for(self->socket, POLLOUT, -1, deadline), timeout_ms, error))
			return FALSE;
	}
	return TRUE;
}

static void
curl_stream_close(NetStream *stream)
{
	CurlStream *self = stream->data;

	/* libcurl would say LOGOUT or QUIT of its own and wait for an answer; that has been done, with
	 * our own deadline, or there is nobody left to answer. */
	shutdown(self->socket, SHUT_RDWR);
	net_curl->easy_cleanup(self->handle);
	g_free(self);
}

NetStream *
net_curl_stream(CURL *handle)
{
	CurlStream *self = g_new0(CurlStream, 1);
	NetStream *stream = g_new0(NetStream, 1);

	self->handle = handle;
	net_curl->easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &self->socket);
	stream->recv = curl_stream_recv;
	stream->send = curl_stream_send;
	stream->close = curl_stream_close;
	stream->data = self;
	return stream;
}

void
net_close(NetStream *stream)
{
	if (stream == NULL)
		return;
	stream->close(stream);
	g_free(stream);
}
