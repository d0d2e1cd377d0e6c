/* charset.c - bytes to clean UTF-8, whatever the mail says they are.
 *
 * The label is often wrong: forms send windows-1252 as utf-8, gateways append latin-1 footers to
 * utf-8 mail, old programs label utf-8 as us-ascii. Text that is valid UTF-8 with characters
 * beyond ASCII in it is UTF-8 (chance does not produce that); a byte that fits nowhere is taken as
 * windows-1252; the label decides only about the rest. */
#include "config.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "charset-private.h"
#include "message-private.h"

/* windows-1252, 0x80-0x9F; 0 where it has no character. */
const gunichar2 cp1252_high[32] = {
	0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
	0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

/* Labels we hand to iconv, by prefix, after lower-casing. A stranger chooses the label, and iconv
 * loads code by it, so it is one of these or none. The ASCII-like ones are tried as UTF-8 first. */
static const struct {
	const char *prefix;
	gboolean wide; /* not a superset of ASCII, or two bytes a character: believed first */
} known[] = {
	{ "iso-8859-", FALSE }, { "windows-12", FALSE }, { "cp12", FALSE },  { "cp437", FALSE },
	{ "cp85", FALSE },      { "ibm85", FALSE },      { "mac", FALSE },   { "koi8-", FALSE },
	{ "tis-620", FALSE },   { "gb2312", TRUE },      { "gbk", TRUE },    { "gb18030", TRUE },
	{ "big5", TRUE },       { "euc-", TRUE },        { "shift", TRUE },  { "sjis", TRUE },
	{ "iso-2022-jp", TRUE },{ "iso-2022-kr", TRUE }, { "ks_c_", TRUE },  { "utf-16", TRUE },
	{ "utf-32", TRUE },     { "utf-7", TRUE },
};

int
utf8_sequence(const guchar *p, const guchar *end)
{
	gsize left = end - p;
	guchar c = p[0];

	if (c < 0x80)
		return 1;
	if (c < 0xC2 || left < 2 || (p[1] & 0xC0) != 0x80)
		return 0;
	if (c < 0xE0)
		return 2;
	if (left < 3 || (p[2] & 0xC0) != 0x80)
		return 0;
	if (c < 0xF0) {
		if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] > 0x9F))
			return 0; /* overlong, or half of a surrogate pair */
		return 3;
	}
	if (c > 0xF4 || left < 4 || (p[3] & 0xC0) != 0x80)
		return 0;
	return (c == 0xF0 && p[1] < 0x90) || (c == 0xF4 && p[1] > 0x8F) ? 0 : 4;
}

static void
append_cp1252(GString *out, guchar c)
{
	gunichar u = c >= 0x80 && c < 0xA0 ? cp1252_high[c - 0x80] : c;

	if (u != 0)
		g_string_append_unichar(out, u);
}

char *
charset_repair(const char *data, gsize len)
{
	GString *out = g_string_sized_new(len + len / 8 + 1);
	const guchar *p = (const guchar *) data, *end = p + len;

	while (p < end) {
		int n = utf8_sequence(p, end);
		if (n == 0)
			append_cp1252(out, *p);
		else
			g_string_append_len(out, (const char *) p, n);
		p += MAX(n, 1);
	}
	return g_string_free(out, FALSE);
}

/* Code points that are no text: what to put in their place, 0 for nothing. */
static const char *
replacement(gunichar u)
{
	switch (u) {
	case 0x00A0: case 0x2007: case 0x202F: /* French has one before each colon */
		return " ";
	case 0x2028: case 0x2029: case 0x0085:
		return "\n";
	case 0x00AD: case 0x200B: case 0x200E: case 0x200F: case 0x2060: case 0xFEFF:
		return "";
	}
	if ((u >= 0x202A && u <= 0x202E) || (u >= 0x2066 && u <= 0x2069))
		return ""; /* turning the direction of text is how strangers disguise it */
	return NULL;
}

void
charset_append_clean(GString *out, const guchar *p, int n)
{
	/* Only these leads begin something special. */
	if (n <= 3 && (p[0] == 0xC2 || p[0] == 0xE2 || p[0] == 0xEF)) {
		gunichar u = n == 2 ? (gunichar) (p[1] & 0x3F) | 0x80
		                    : (gunichar) (p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
		const char *instead = replacement(u);
		if (instead != NULL) {
			g_string_append(out, instead);
			return;
		}
		if (u < 0xA0) { /* C1 controls: windows-1252 read as latin-1 on the way */
			append_cp1252(out, u);
			return;
		}
	}
	g_string_append_len(out, (const char *) p, n);
}

/* The bytes that stay as they are: most of all mail. */
static const guint8 plain_bytes[256] = { ['\n'] = 1, ['\t'] = 1, [' ' ... '~'] = 1 };

static char *
clean(const char *data, gsize len, gsize *len_out)
{
	GString *out = g_string_sized_new(len + len / 16 + 1);
	const guchar *p = (const guchar *) data, *end = p + len;

	while (p < end) {
		const guchar *run = p;
		while (p < end && plain_bytes[*p])
			p++;
		if (p > run)
			g_string_append_len(out, (const char *) run, p - run);
		if (p == end)
			break;
		if (*p >= 0x80) {
			int n = utf8_sequence(p, end);
			if (n > 0)
				charset_append_clean(out, p, n);
			else if (*p == 0xA0)
				g_string_append_c(out, ' ');
			else if (*p != 0xAD)
				append_cp1252(out, *p);
			p += MAX(n, 1);
			continue;
		}
		if (*p == '\r' ? p + 1 == end || p[1] != '\n' : *p == '\f' || *p == '\v')
			g_string_append_c(out, '\n');
		p++;
	}
	*len_out = out->len;
	return g_string_free(out, FALSE);
}

/* TRUE if the bytes are UTF-8; *high_out whether any of them is beyond ASCII. */
static gboolean
looks_utf8(const char *data, gsize len, gboolean *high_out)
{
	const guchar *p = (const guchar *) data, *end = p + len;

	*high_out = FALSE;
	while (p < end) {
		if (*p < 0x80) {
			p++;
			continue;
		}
		int n = utf8_sequence(p, end);
		*high_out = TRUE;
		if (n == 0)
			/* A character cut in two by our own limit is no argument. */
			return end - p < 4 && *p >= 0xC2;
		p += n;
	}
	return TRUE;
}

/* The label if iconv may have it, in lower case in buf; *wide_out see `known`. */
static gboolean
label_for_iconv(const char *charset, char buf[32], gboolean *wide_out)
{
	gsize n = 0;

	for (const char *p = charset; *p != '\0'; p++) {
		if (n == 31 || !(g_ascii_isalnum(*p) || *p == '-' || *p == '_'))
			return FALSE;
		buf[n++] = g_ascii_tolower(*p);
	}
	buf[n] = '\0';
	if (strcmp(buf, "iso-8859-1") == 0 || strcmp(buf, "windows-1252") == 0 ||
	    strcmp(buf, "cp1252") == 0)
		return FALSE; /* what we do without a label anyway */
	for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
		if (g_str_has_prefix(buf, known[i].prefix)) {
			*wide_out = known[i].wide;
			return TRUE;
		}
	return FALSE;
}

/* "utf-16" without a byte order mark: most text has its zero bytes on one side. */
static const char *
utf16_order(const char *data, gsize len)
{
	gsize even = 0, odd = 0;

	if (len >= 2 && (guchar) data[0] == 0xFF && (guchar) data[1] == 0xFE)
		return "utf-16le";
	if (len >= 2 && (guchar) data[0] == 0xFE && (guchar) data[1] == 0xFF)
		return "utf-16be";
	for (gsize i = 0; i < MIN(len, 1000); i++)
		if (data[i] == '\0')
			*(i % 2 == 0 ? &even : &odd) += 1;
	return odd > even ? "utf-16le" : "utf-16be";
}

/* NULL if the label does not fit the bytes: too many of them mean nothing in it. */
static char *
convert(const char *data, gsize len, const char *label, gsize *len_out)
{
	iconv_t cd = iconv_open("UTF-8", label);
	if (cd == (iconv_t) -1)
		return NULL;

	GString *out = g_string_sized_new(len + len / 2 + 16);
	char *in = (char *) data, buf[4096];
	gsize left = len, bad = 0;
	while (left > 0) {
		char *to = buf;
		gsize room = sizeof(buf);
		gsize rc = iconv(cd, &in, &left, &to, &room);
		g_string_append_len(out, buf, to - buf);
		if (rc != (gsize) -1 || errno == E2BIG)
			continue;
		if (errno == EINVAL) /* a character cut off at the end */
			break;
		bad++;
		in++;
		left--;
		g_string_append(out, "\357\277\275");
	}
	iconv_close(cd);
	if (bad > 2 + len / 20) {
		g_string_free(out, TRUE);
		return NULL;
	}
	*len_out = out->len;
	return g_string_free(out, FALSE);
}

char *
charset_to_text(const char *data, gsize len, const char *charset, gsize *len_out)
{
	g_autofree char *converted = NULL, *repaired = NULL;
	char label[32];
	gboolean wide = FALSE, high;

	if (len >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0))
		charset = "utf-16";
	if (charset != NULL && label_for_iconv(charset, label, &wide)) {
		gboolean utf8 = looks_utf8(data, len, &high);
		gboolean utf16 = strncmp(label, "utf-16", 6) == 0 || strncmp(label, "utf-32", 6) == 0;
		gboolean lie = wide ? utf16 && utf8 && memchr(data, '\0', len) == NULL
		                    : utf8;
		if (strcmp(label, "utf-16") == 0)
			g_strlcpy(label, utf16_order(data, len), sizeof(label));
		else if (g_str_has_prefix(label, "ks_c_")) /* Outlook's name for what glibc calls UHC */
			g_strlcpy(label, "uhc", sizeof(label));
		if (!lie)
			converted = convert(data, len, label, &len);
	}
	if (converted != NULL)
		data = converted;
	repaired = charset_unmojibake(data, len);
	if (repaired != NULL) {
		data = repaired;
		len = strlen(repaired);
	}
	return clean(data, len, len_out);
}
