/* memory_stream.h - a connection of memory: what the server says is there before anybody asks, and what it is told
 * is kept. */
#ifndef AARDIG_TESTS_MEMORY_STREAM_H
#define AARDIG_TESTS_MEMORY_STREAM_H

#include <string.h>

#include "net/net-private.h"

typedef struct {
	GBytes *from_server;
	gsize position;
	GByteArray *to_server; /* borrowed, may be NULL */
} MemoryStream;

/* A line at a time, and nothing without waiting: as a server that answers only what it was
 * asked. */
static inline gssize
memory_recv(NetStream *stream, void *buffer, gsize size, int wake_fd, gint64 timeout_ms,
            GError **error)
{
	MemoryStream *self = stream->data;
	gsize total;
	const char *bytes = g_bytes_get_data(self->from_server, &total);
	gsize n = MIN(size, total - self->position);

	stream->timed_out = timeout_ms == 0;
	if (stream->timed_out) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "nothing has come yet");
		return -1;
	}
	if (n == 0)
		return 0;
	const char *end = memchr(bytes + self->position, '\n', n);
	if (end != NULL)
		n = end - (bytes + self->position) + 1;
	memcpy(buffer, bytes + self->position, n);
	self->position += n;
	return (gssize) n;
}

static inline gboolean
memory_send(NetStream *stream, const void *data, gsize size, gint64 timeout_ms, GError **error)
{
	MemoryStream *self = stream->data;

	if (self->to_server != NULL)
		g_byte_array_append(self->to_server, data, size);
	return TRUE;
}

static inline void
memory_close(NetStream *stream)
{
	MemoryStream *self = stream->data;

	g_bytes_unref(self->from_server);
	g_free(self);
}

static inline NetStream *
memory_stream(GBytes *from_server, GByteArray *to_server)
{
	MemoryStream *self = g_new0(MemoryStream, 1);
	NetStream *stream = g_new0(NetStream, 1);

	self->from_server = g_bytes_ref(from_server);
	self->to_server = to_server;
	stream->recv = memory_recv;
	stream->send = memory_send;
	stream->close = memory_close;
	stream->data = self;
	return stream;
}

#endif
