/* mojibake.c - text that was UTF-8, was read as windows-1252, and became UTF-8 again: "Ã©".
 *
 * Repaired only where nobody writes such a thing on purpose in Dutch, English, German or French.
 * Sequences that could be meant (a capital "Ä" before a closing quotation mark) are taken along
 * only where the same text holds clear cases. */
#include "config.h"

#include <string.h>

#include "charset-private.h"
#include "message-private.h"

#define MAX_ROUNDS 2 /* "ÃƒÂ©" went wrong twice */

typedef enum { NO, WEAK, STRONG } Evidence;

/* The windows-1252 byte of the character at p, or -1; *n_out its length in UTF-8. */
static int
to_byte(const guchar *p, const guchar *end, int *n_out)
{
	int n = utf8_sequence(p, end);
	gunichar u;

	*n_out = n;
	if (n == 2)
		u = (gunichar) (p[0] & 0x1F) << 6 | (p[1] & 0x3F);
	else if (n == 3)
		u = (gunichar) (p[0] & 0x0F) << 12 | (gunichar) (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
	else
		return -1;
	if (u < 0x100)
		return (int) u;
	for (int i = 0; i < 32; i++)
		if (cp1252_high[i] == u)
			return 0x80 + i;
	return -1;
}

static Evidence
plausible(guchar lead, gunichar u)
{
	if (lead == 0xC2 || lead == 0xC3)
		return STRONG; /* U+0080 to U+00FF: all the letters of our languages */
	if (lead == 0xC5)
		return u == 0x152 || u == 0x153 ? STRONG : WEAK;
	if (lead == 0xC4)
		return WEAK;
	if (lead == 0xE2)
		return u >= 0x2000 && u < 0x2C00 ? STRONG : NO;
	if (lead == 0xEF)
		return u == 0xFEFF || u == 0xFFFD || (u >= 0xFE00 && u <= 0xFE0F) ? STRONG : NO;
	if (lead == 0xF0)
		return u >= 0x1F000 && u < 0x1FB00 ? STRONG : NO;
	return NO;
}

/* The broken sequence at p: how sure, its length, and what it stood for. */
static Evidence
look(const guchar *p, const guchar *end, gsize *len_out, gunichar *u_out)
{
	int n, lead = to_byte(p, end, &n);

	if (lead < 0xC2 || lead > 0xF4)
		return NO;
	int follow = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
	gunichar u = lead & (0x3F >> follow);
	const guchar *q = p + n;
	for (int i = 0; i < follow; i++) {
		int byte = q < end && *q >= 0x80 ? to_byte(q, end, &n) : -1;
		if (byte < 0x80 || byte > 0xBF) {
			/* The right quotation mark ends in a byte windows-1252 does not have; it was lost. */
			if (lead == 0xE2 && i == 1 && u == 0x80) {
				*u_out = 0x201D;
				*len_out = q - p;
				return WEAK;
			}
			return NO;
		}
		u = u << 6 | (byte & 0x3F);
		q += n;
	}
	*u_out = u;
	*len_out = q - p;
	return plausible(lead, u);
}

static gboolean
is_candidate(const guchar *p, const guchar *end)
{
	/* Â Ã Ä Å â ï ð, the leads of everything plausible() knows */
	return p[0] == 0xC3 && p + 1 < end && (memchr("\x82\x83\x84\x85\xA2\xAF\xB0", p[1], 7) != NULL);
}

static const guchar *
next_candidate(const guchar *p, const guchar *end)
{
	while (p < end && (p = memchr(p, 0xC3, end - p)) != NULL) {
		if (is_candidate(p, end))
			return p;
		p++;
	}
	return NULL;
}

static char *
repair_round(const char *text, gsize len)
{
	const guchar *start = (const guchar *) text, *end = start + len, *p = start;
	gsize n, strong = 0;
	gunichar u;

	while ((p = next_candidate(p, end)) != NULL) {
		if (look(p, end, &n, &u) == STRONG)
			strong++;
		p += 2;
	}
	if (strong == 0)
		return NULL;

	GString *out = g_string_sized_new(len);
	const guchar *copied = start;
	p = start;
	while ((p = next_candidate(p, end)) != NULL) {
		if (look(p, end, &n, &u) == NO) {
			p += 2;
			continue;
		}
		g_string_append_len(out, (const char *) copied, p - copied);
		g_string_append_unichar(out, u);
		p += n;
		copied = p;
	}
	g_string_append_len(out, (const char *) copied, end - copied);
	return g_string_free(out, FALSE);
}

char *
charset_unmojibake(const char *text, gsize len)
{
	char *result = NULL;

	if (memchr(text, '\0', len) != NULL)
		return NULL; /* not yet text; and the result is NUL-terminated */
	for (int i = 0; i < MAX_ROUNDS; i++) {
		char *next = repair_round(result != NULL ? result : text,
		                          result != NULL ? strlen(result) : len);
		if (next == NULL)
			break;
		g_free(result);
		result = next;
	}
	return result;
}
