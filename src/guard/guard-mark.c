/* guard-mark.c - our own mark: an HMAC over the Message-ID, in the field X-Loop-Aardig.
 *
 * It recognises our acknowledgements, tickets and operator mail when they come back, and their
 * bounces. Only a mark that verifies makes a mail ours (never routed, never told to anybody);
 * what only claims to be ours is held by "loop". */
#include "config.h"

#include <string.h>

#include "aardig/secret.h"
#include "guard/guard-private.h"

#define MARK_LENGTH 32

char *
guard_mark(const guint8 *secret, gsize secret_len, const char *message_id)
{
	const guchar *id = (const guchar *) message_id;
	g_autofree char *hmac = g_compute_hmac_for_data(G_CHECKSUM_SHA256, secret, secret_len, id,
	                                                strlen(message_id));

	return g_strndup(hmac, MARK_LENGTH);
}

gboolean
guard_mark_verify(const guint8 *secret, gsize secret_len, const char *message_id, const char *mark)
{
	/* Upper case and blanks do not come from us, but from a gateway on the way. */
	g_autofree char *given = g_strstrip(g_ascii_strdown(mark, -1));

	if (message_id == NULL || strlen(given) != MARK_LENGTH)
		return FALSE;
	g_autofree char *expected = guard_mark(secret, secret_len, message_id);
	return secret_equal(given, expected, MARK_LENGTH);
}

static gboolean
is_ours(const GuardCase *c, const char *id, const char *mark)
{
	const GuardHistory *history = c->ctx->history;

	return id != NULL && mark != NULL && history != NULL && history->is_our_mark != NULL &&
	       history->is_our_mark(history->data, id, mark);
}

/* A returned Message-ID without its angle brackets; NULL where there is none. */
static char *
bare_id(const char *value)
{
	const char *open = value != NULL ? strchr(value, '<') : NULL;
	const char *close = open != NULL ? strchr(open, '>') : NULL;

	return close != NULL ? g_strndup(open + 1, close - open - 1) : NULL;
}

GuardVerdict
check_ours(const GuardCase *c, Finding *finding)
{
	const char *mark;

	/* A few are enough: whoever sends us a thousand marks does not get a thousand HMACs. */
	for (guint n = 0; n < 8; n++) {
		mark = message_header(c->message, "X-Loop-Aardig", n);
		if (mark == NULL)
			break;
		if (is_ours(c, message_id(c->message), mark))
			return hold(finding, "it carries our own mark: a mail of ours came back");
	}

	g_autofree char *id = bare_id(message_returned_header(c->message, "Message-ID"));
	mark = message_returned_header(c->message, "X-Loop-Aardig");
	if (is_ours(c, id, mark))
		return hold(finding, "it reports on a mail of ours: our mark was returned");
	return GUARD_PASS;
}
