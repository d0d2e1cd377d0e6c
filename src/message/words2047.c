/* words2047.c - encoded words (RFC 2047) of header fields.
 *
 * Ours and not GMime's, because a word whose label lies ("=?utf-8?Q?=E9?=") must be repaired like
 * a body, and a character that a mailer split over two words must come together again: words
 * that follow each other are joined as bytes before their charset is looked at. */
#include "config.h"

#include <string.h>

#include "message-private.h"

typedef struct {
	char charset[32];
	GString *bytes; /* of words that follow each other in one charset */
} Pending;

/* An encoded word at p: its parts, and where it ends. Blanks in Q text are forgiven: several
 * shops' forms send them. */
static gboolean
find_word(const char *p, const char **charset, gsize *charset_len, char *kind, const char **text,
          gsize *text_len)
{
	if (p[0] != '=' || p[1] != '?')
		return FALSE;
	p += 2;
	gsize n = strcspn(p, "?*\" \t");
	if (n == 0 || n > 31 || p[n] == '\0')
		return FALSE;
	*charset = p;
	*charset_len = n;
	p += n;
	if (*p == '*') /* RFC 2231 s.5: a language */
		p += strcspn(p, "?");
	if (p[0] != '?' || p[1] == '\0' || strchr("bBqQ", p[1]) == NULL || p[2] != '?')
		return FALSE;
	*kind = g_ascii_tolower(p[1]);
	*text = p + 3;
	p += 3;
	gsize len = 0;
	while (p[len] != '\0' && p[len] != '?')
		len++;
	if (p[len] != '?' || p[len + 1] != '=')
		return FALSE;
	*text_len = len;
	return TRUE;
}

static void
decode_q(GString *out, const char *p, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		if (p[i] == '_')
			g_string_append_c(out, ' ');
		else if (p[i] == '=' && i + 2 < len && g_ascii_isxdigit(p[i + 1]) &&
		         g_ascii_isxdigit(p[i + 2])) {
			g_string_append_c(out, g_ascii_xdigit_value(p[i + 1]) << 4 |
			                       g_ascii_xdigit_value(p[i + 2]));
			i += 2;
		} else if (p[i] == '=' && i + 3 == len && g_ascii_isxdigit(p[i + 1]) &&
		           g_ascii_isxdigit(p[i + 2])) {
			g_string_append_c(out, g_ascii_xdigit_value(p[i + 1]) << 4 |
			                       g_ascii_xdigit_value(p[i + 2]));
			i += 2;
		} else {
			g_string_append_c(out, p[i]);
		}
	}
}

static void
decode_b(GString *out, const char *p, gsize len)
{
	guint save = 0;
	int state = 0;
	gsize at = out->len;

	g_string_set_size(out, at + len / 4 * 3 + 6);
	gsize n = g_base64_decode_step(p, len, (guchar *) out->str + at, &state, &save);
	/* The padding some mailers leave off. */
	if (state % 4 > 1)
		n += g_base64_decode_step("==", 4 - state % 4, (guchar *) out->str + at + n, &state, &save);
	g_string_set_size(out, at + n);
}

static void
flush(Pending *pending, GString *out)
{
	gsize len;

	if (pending->bytes->len == 0)
		return;
	g_autofree char *text = charset_to_text(pending->bytes->str, pending->bytes->len,
	                                        pending->charset, &len);
	g_string_append_len(out, text, len);
	g_string_truncate(pending->bytes, 0);
}

/* Takes the encoded words at *p that follow each other; FALSE if there is none. */
static gboolean
take_words(const char **p, GString *out)
{
	const char *charset, *text;
	gsize charset_len, text_len;
	char kind;

	if (!find_word(*p, &charset, &charset_len, &kind, &text, &text_len))
		return FALSE;
	Pending pending = { .bytes = g_string_new(NULL) };
	do {
		if (strlen(pending.charset) != charset_len ||
		    g_ascii_strncasecmp(pending.charset, charset, charset_len) != 0) {
			flush(&pending, out);
			g_strlcpy(pending.charset, charset, charset_len + 1);
		}
		if (kind == 'q')
			decode_q(pending.bytes, text, text_len);
		else
			decode_b(pending.bytes, text, text_len);
		*p = text + text_len + 2;
		const char *next = *p + strspn(*p, " \t");
		if (!find_word(next, &charset, &charset_len, &kind, &text, &text_len))
			break;
	} while (TRUE);
	flush(&pending, out);
	g_string_free(pending.bytes, TRUE);
	return TRUE;
}

/* Runs of blanks and controls to one blank, trimmed, at most max characters. */
static char *
tidy(const char *text, gsize len, gsize max)
{
	GString *out = g_string_sized_new(MIN(len, 256));
	const char *end = text + len;
	gboolean blank = FALSE;
	gsize characters = 0;

	for (const char *p = text; p < end && characters < max; p = g_utf8_next_char(p)) {
		if ((guchar) *p <= ' ' || *p == 127) {
			blank = TRUE;
			continue;
		}
		if (blank && out->len > 0) {
			g_string_append_c(out, ' ');
			characters++;
		}
		blank = FALSE;
		g_string_append_len(out, p, g_utf8_next_char(p) - p);
		characters++;
	}
	return g_string_free(out, FALSE);
}

/* Plain words with single blanks between them: as they are. */
static gboolean
is_tidy(const char *text, gsize len)
{
	char before = ' ';

	for (gsize i = 0; i < len; before = text[i++])
		if ((guchar) text[i] < ' ' || (guchar) text[i] >= 127 || (text[i] == ' ' && before == ' ') ||
		    (text[i] == '?' && before == '='))
			return FALSE;
	return before != ' ' || len == 0;
}

char *
charset_decode_header(const char *value, gsize max)
{
	gsize len = strnlen(value, MAX_VALUE);

	if (len <= max && is_tidy(value, len))
		return g_strndup(value, len);
	const char *p = value, *end = value + len;
	g_autoptr(GString) out = g_string_sized_new(len);

	while (p < end) {
		const char *word = strstr(p, "=?");
		if (word == NULL || word >= end) {
			g_string_append_len(out, p, end - p);
			break;
		}
		g_string_append_len(out, p, word - p);
		p = word;
		if (!take_words(&p, out)) {
			g_string_append_len(out, p, 2);
			p += 2;
		}
	}
	g_autofree char *text = charset_to_text(out->str, out->len, NULL, &len);
	return tidy(text, len, max);
}

/* Decoded text as part of a quoted string or comment, where it cannot end it. */
static void
append_quoted(GString *out, const char *text, const char *special)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (strchr(special, *p) != NULL)
			g_string_append_c(out, '\\');
		g_string_append_c(out, (guchar) *p < ' ' ? ' ' : *p);
	}
}

char *
charset_decode_phrases(const char *value)
{
	GString *out = g_string_sized_new(strlen(value) + 16);
	g_autoptr(GString) word = g_string_new(NULL);
	guint comment = 0;
	gboolean quoted = FALSE, angle = FALSE;
	const char *p = value;

	while (*p != '\0') {
		if (*p == '=' && !angle && take_words(&p, word)) {
			if (!quoted && comment == 0)
				g_string_append_c(out, '"');
			append_quoted(out, word->str, comment > 0 ? "()\\" : "\"\\");
			if (!quoted && comment == 0)
				g_string_append_c(out, '"');
			g_string_truncate(word, 0);
			continue;
		}
		if (*p == '\\' && p[1] != '\0' && (quoted || comment > 0)) {
			g_string_append_len(out, p, 2);
			p += 2;
			continue;
		}
		if (*p == '"' && comment == 0)
			quoted = !quoted;
		else if (!quoted && *p == '(')
			comment++;
		else if (!quoted && *p == ')' && comment > 0)
			comment--;
		else if (!quoted && comment == 0 && (*p == '<' || *p == '>'))
			angle = *p == '<';
		g_string_append_c(out, *p++);
	}
	return g_string_free(out, FALSE);
}
