/* tokens-private.h - characters, as the words and the phrases of this folder see them. */
#ifndef AARDIG_CLASSIFY_TOKENS_PRIVATE_H
#define AARDIG_CLASSIFY_TOKENS_PRIVATE_H

#include <glib.h>

/* One character; what is not UTF-8 comes back as U+FFFD, one byte long. */
static inline guint
tokens_decode(const guchar *p, const guchar *end, gunichar *ch_out)
{
	guint c = p[0];

	if (c < 0x80) {
		*ch_out = c;
		return 1;
	}
	guint n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	gunichar ch = c & (0x7f >> n);

	*ch_out = 0xfffd;
	if (c < 0xc2 || c > 0xf4 || (gsize)(end - p) < n)
		return 1;
	for (guint i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
		ch = ch << 6 | (p[i] & 0x3f);
	}
	*ch_out = ch;
	return n;
}

static inline gboolean
is_blank(gunichar ch)
{
	return ch == ' ' || ch == '\t' || ch == '\r' || ch == 0xa0 || ch == 0x202f || ch == 0x2009;
}

static inline gboolean
tokens_is_apostrophe(gunichar ch)
{
	return ch == '\'' || ch == 0x2019 || ch == 0x2018 || ch == '`' || ch == 0xb4 ||
	       ch == 0x2bc || ch == 0xff07;
}

/* Inside a word these are not there: soft hyphens of HTML mail, joiners, marks of evasion. */
static inline gboolean
is_invisible(gunichar ch)
{
	return ch == 0xad || (ch >= 0x200b && ch <= 0x200f) || ch == 0x2060 || ch == 0xfeff ||
	       (ch >= 0xfe00 && ch <= 0xfe0f);
}

static inline gboolean
is_combining(gunichar ch)
{
	return ch >= 0x300 && ch <= 0x36f;
}

static inline gboolean
is_currency(gunichar ch)
{
	return ch == '$' || ch == 0x20ac || ch == 0xa3;
}

static inline gboolean
is_emoji(gunichar ch)
{
	return (ch >= 0x1f000 && ch <= 0x1faff) || (ch >= 0x2600 && ch <= 0x27bf) ||
	       (ch >= 0x23e9 && ch <= 0x23fa) || ch == 0x2b50 || ch == 0x2b55;
}

static inline gboolean
is_skin_tone(gunichar ch)
{
	return ch >= 0x1f3fb && ch <= 0x1f3ff;
}

/* Most of all mail. */
enum { ASCII_SMALL = 1, ASCII_CAPITAL, ASCII_DIGIT };
static const guint8 ascii[256] = {
	['0'] = 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
	['A'] = 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
	['a'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};

static inline gboolean
is_letter(gunichar ch)
{
	if (ch < 0x80)
		return ascii[ch] == ASCII_SMALL || ascii[ch] == ASCII_CAPITAL;
	return g_unichar_isalpha(ch);
}

static inline gboolean
is_word(gunichar ch)
{
	if (ch < 0x80)
		return ascii[ch] != 0;
	return g_unichar_isalpha(ch) || (ch > 0xbe && g_unichar_isdigit(ch));
}

/* Length of the face (":-(") at p and how rules write it; 0 if there is none. faces.c */
gsize tokens_face(const guchar *p, const guchar *end, const char **fold_out);

#endif
