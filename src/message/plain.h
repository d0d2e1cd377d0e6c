/* plain.h - the plain forms of fields and encodings, read without GMime; FALSE: not of that form,
 * ask GMime. What they do read, they read as GMime does (tests/unit/test_plain). */
#ifndef AARDIG_MESSAGE_PLAIN_H
#define AARDIG_MESSAGE_PLAIN_H

#include <glib.h>

G_BEGIN_DECLS

/* Behind the token (RFC 2045 s.5.1) at p. */
const char *plain_skip_token(const char *p);

/* The parameters of "text/plain; a=b; c=d" (subtype) or "attachment; a=b", to be asked with
 * plain_parameter(); to be freed. */
gboolean plain_parameters(const char *value, gboolean subtype, char **out);
const char *plain_parameter(const char *store, const char *name);

/* Decoded into `out`, which has room for len bytes; stops when there are more than max. */
gboolean plain_base64(const char *data, gsize len, gsize max, char *out, gsize *len_out);
gboolean plain_quoted_printable(const char *data, gsize len, gsize max, char *out, gsize *len_out);

typedef struct {
	const char *name; /* into the value; NULL: none */
	gsize name_len;
	const char *address;
	gsize address_len;
} PlainMailbox;

/* At most max mailboxes, appended to boxes (PlainMailbox). */
gboolean plain_mailboxes(const char *value, guint max, GArray *boxes);

/* "Mon, 2 Jun 2025 10:00:00 +0200 (CEST)" */
gboolean plain_date(const char *value, gint64 *unix_out);

G_END_DECLS

#endif
