/* bytes.h - small things about bytes that more than one folder needs. */
#ifndef AARDIG_BYTES_H
#define AARDIG_BYTES_H

#include <glib.h>

G_BEGIN_DECLS

/* All of it, through short writes and signals; FALSE (errno set) when something stops it. */
gboolean bytes_write_all(int fd, gconstpointer bytes, gsize size);

/* Lines of a mail as files have them: every CR before an LF left out. Caller unrefs. */
GBytes *bytes_without_cr(GBytes *message);

G_END_DECLS

#endif
