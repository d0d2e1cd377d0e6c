/* forms.c - the weaker forms of a word that a second try compares. */
#include "config.h"

#include <string.h>

#include "classify/tokens.h"

static const struct {
	gunichar ch;
	const char *plain, *umlaut;
} spelled[] = {
	{ 0xdf, "ss", "ss" }, { 0xe4, "a", "ae" }, { 0xf6, "o", "oe" },  { 0xfc, "u", "ue" },
	{ 0xe5, "a", "aa" },  { 0xe6, "ae", "ae" }, { 0x153, "oe", "oe" }, { 0xf8, "o", "oe" },
	{ 0x142, "l", "l" },  { 0x131, "i", "i" },  { 0x111, "d", "d" },  { '\'', "", "" },
};

static const char *
spelling(gunichar ch, gboolean umlauts)
{
	for (gsize i = 0; i < G_N_ELEMENTS(spelled); i++)
		if (spelled[i].ch == ch)
			return umlauts ? spelled[i].umlaut : spelled[i].plain;
	return NULL;
}

char *
token_plain(const char *fold, gboolean umlauts)
{
	GString *plain = g_string_new(NULL);

	for (const char *p = fold; *p != '\0'; p = g_utf8_next_char(p)) {
		if ((guchar)*p < 0x80 && *p != '\'') {
			g_string_append_c(plain, *p);
			continue;
		}
		gunichar ch = g_utf8_get_char(p), base, mark;
		const char *other = spelling(ch, umlauts);

		if (other != NULL) {
			g_string_append(plain, other);
			continue;
		}
		while (ch >= 0x80 && g_unichar_decompose(ch, &base, &mark) && mark != 0)
			ch = base;
		g_string_append_unichar(plain, ch);
	}
	return g_string_free(plain, FALSE);
}

static gsize
characters(const char *text, gunichar *chars, gsize room)
{
	gsize n = 0;

	for (; *text != '\0' && n < room; text = g_utf8_next_char(text))
		chars[n++] = g_utf8_get_char(text);
	return n;
}

gboolean
token_one_edit(const char *a, const char *b)
{
	gunichar x[TOKEN_MAX_LETTERS + 1], y[TOKEN_MAX_LETTERS + 1];
	gsize nx = characters(a, x, G_N_ELEMENTS(x)), ny = characters(b, y, G_N_ELEMENTS(y));
	gsize same = 0;

	if (nx > ny + 1 || ny > nx + 1 || nx > TOKEN_MAX_LETTERS || ny > TOKEN_MAX_LETTERS)
		return FALSE;
	while (same < nx && same < ny && x[same] == y[same])
		same++;

	const gunichar *restx = x + same, *resty = y + same;
	gsize lx = nx - same, ly = ny - same;

	if (lx == 0 && ly == 0)
		return FALSE;
	if (lx == ly + 1)
		return memcmp(restx + 1, resty, ly * sizeof *x) == 0;
	if (ly == lx + 1)
		return memcmp(restx, resty + 1, lx * sizeof *x) == 0;
	if (memcmp(restx + 1, resty + 1, (lx - 1) * sizeof *x) == 0)
		return TRUE;
	return lx >= 2 && restx[0] == resty[1] && restx[1] == resty[0] &&
	       memcmp(restx + 2, resty + 2, (lx - 2) * sizeof *x) == 0;
}
