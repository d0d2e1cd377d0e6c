/* bytes.c - writing all of them, and lines without their CR. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "aardig/bytes.h"

gboolean
bytes_write_all(int fd, gconstpointer bytes, gsize size)
{
	const guint8 *p = bytes;

	while (size > 0) {
		gssize n = write(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return FALSE;
		p += n;
		size -= (gsize)n;
	}
	return TRUE;
}

GBytes *
bytes_without_cr(GBytes *message)
{
	gsize size;
	const char *bytes = g_bytes_get_data(message, &size);
	GByteArray *out = g_byte_array_sized_new((guint)size);

	for (gsize at = 0; at < size;) {
		const char *cr = memchr(bytes + at, '\r', size - at);
		gsize end = cr != NULL ? (gsize)(cr - bytes) : size;

		g_byte_array_append(out, (const guint8 *)bytes + at, (guint)(end - at));
		if (cr != NULL && (end + 1 == size || bytes[end + 1] != '\n'))
			g_byte_array_append(out, (const guint8 *)"\r", 1);
		at = end + (cr != NULL);
	}
	return g_byte_array_free_to_bytes(out);
}
