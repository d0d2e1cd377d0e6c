/* imap-utf7.c - modified UTF-7 of mailbox names (RFC 3501 section 5.1.3). */
#include "config.h"

#include <string.h>

#include "net/net-private.h"

#define NAME_MAX_BYTES 4096

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static gboolean
is_direct(gunichar c)
{
	return c >= 0x20 && c < 0x7f;
}

/* ---- encoding ---- */

typedef struct {
	GString *out;
	guint32 bits;
	guint n_bits;
	gboolean shifted;
} Encoder;

static void
put_bits(Encoder *encoder, guint32 value, guint n)
{
	encoder->bits = (encoder->bits << n) | value;
	encoder->n_bits += n;
	while (encoder->n_bits >= 6) {
		encoder->n_bits -= 6;
		g_string_append_c(encoder->out, digits[(encoder->bits >> encoder->n_bits) & 0x3f]);
	}
	encoder->bits &= 0x3f;
}

static void
end_shift(Encoder *encoder)
{
	if (!encoder->shifted)
		return;
	if (encoder->n_bits > 0)
		put_bits(encoder, 0, 6 - encoder->n_bits);
	g_string_append_c(encoder->out, '-');
	encoder->shifted = FALSE;
	encoder->bits = encoder->n_bits = 0;
}

static void
put_shifted(Encoder *encoder, gunichar c)
{
	if (!encoder->shifted)
		g_string_append_c(encoder->out, '&');
	encoder->shifted = TRUE;
	if (c < 0x10000) {
		put_bits(encoder, c, 16);
		return;
	}
	put_bits(encoder, 0xd800 + ((c - 0x10000) >> 10), 16);
	put_bits(encoder, 0xdc00 + ((c - 0x10000) & 0x3ff), 16);
}

char *
imap_utf7_encode(const char *utf8)
{
	gsize length = strlen(utf8);
	Encoder encoder = { 0 };

	if (length > NAME_MAX_BYTES || !g_utf8_validate(utf8, (gssize) length, NULL) ||
	    !line_is_safe(utf8))
		return NULL;
	encoder.out = g_string_new(NULL);
	for (const char *p = utf8; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (!is_direct(c)) {
			put_shifted(&encoder, c);
			continue;
		}
		end_shift(&encoder);
		g_string_append_c(encoder.out, (char) c);
		if (c == '&')
			g_string_append_c(encoder.out, '-');
	}
	end_shift(&encoder);
	return g_string_free(encoder.out, FALSE);
}

/* ---- decoding ---- */

/* Code units of one "&...-" into UTF-8; FALSE for half a surrogate pair. */
static gboolean
append_units(GString *out, const guint16 *units, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		gunichar c = units[i];

		if (c >= 0xd800 && c < 0xdc00) {
			if (i + 1 >= n || units[i + 1] < 0xdc00 || units[i + 1] > 0xdfff)
				return FALSE;
			c = 0x10000 + ((c - 0xd800) << 10) + (units[++i] - 0xdc00u);
		} else if (c >= 0xdc00 && c < 0xe000) {
			return FALSE;
		}
		/* What could stand as itself may not be hidden: no second spelling of "/" or of a CR. */
		if (c < 0x20 || c == 0x7f || is_direct(c))
			return FALSE;
		g_string_append_unichar(out, c);
	}
	return TRUE;
}

/* Digits from p to end (the "-"). */
static gboolean
decode_shifted(GString *out, const char *p, const char *end)
{
	g_autoptr(GArray) units = g_array_new(FALSE, FALSE, sizeof(guint16));
	guint32 bits = 0;
	guint n_bits = 0;

	for (; p < end; p++) {
		const char *digit = memchr(digits, *p, sizeof digits - 1);

		if (digit == NULL)
			return FALSE;
		bits = (bits << 6) | (guint32) (digit - digits);
		n_bits += 6;
		if (n_bits >= 16) {
			guint16 unit = (guint16) (bits >> (n_bits - 16));

			n_bits -= 16;
			g_array_append_val(units, unit);
		}
		bits &= 0x3fffff;
	}
	/* Left are zero bits that fill up the last digit, no more. */
	if (n_bits >= 6 || (bits & ((1u << n_bits) - 1)) != 0 || units->len == 0)
		return FALSE;
	return append_units(out, (const guint16 *) (const void *) units->data, units->len);
}

char *
imap_utf7_decode(const char *name)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (strlen(name) > 2 * NAME_MAX_BYTES)
		return NULL;
	for (const char *p = name; *p != '\0'; p++) {
		if (!is_direct((guchar) *p))
			return NULL;
		if (*p != '&') {
			g_string_append_c(out, *p);
			continue;
		}
		const char *end = strchr(++p, '-');
		if (end == NULL)
			return NULL;
		if (end == p)
			g_string_append_c(out, '&');
		else if (!decode_shifted(out, p, end))
			return NULL;
		p = end;
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}
