/* imap-parse.c - the values within a response of an IMAP server (RFC 3501 section 9).
 *
 * A cursor walks over the text of a response; where a literal stood, its bytes come from the list.
 * Nothing here recurses and nothing looks at a byte twice, whatever the server sends. */
#include "config.h"

#include <string.h>
#include <time.h>

#include "net/imap-private.h"

#define DEPTH_MAX 32

ImapCursor
imap_cursor(const ImapResponse *response, gsize at)
{
	ImapCursor cursor = { .response = response, .at = at };

	while (cursor.literal < response->literals->len &&
	       g_array_index(response->literals, ImapLiteral, cursor.literal).at < at)
		cursor.literal++;
	return cursor;
}

static const ImapLiteral *
literal_here(const ImapCursor *cursor)
{
	const GArray *literals = cursor->response->literals;

	if (cursor->literal >= literals->len)
		return NULL;
	const ImapLiteral *literal = &g_array_index(literals, ImapLiteral, cursor->literal);
	return literal->at == cursor->at ? literal : NULL;
}

/* The character here, 0 at the end or where a literal stands. */
static char
peek(const ImapCursor *cursor)
{
	const GString *text = cursor->response->text;

	if (cursor->at >= text->len || literal_here(cursor) != NULL)
		return '\0';
	return text->str[cursor->at];
}

void
imap_skip_blanks(ImapCursor *cursor)
{
	while (peek(cursor) == ' ')
		cursor->at++;
}

gboolean
imap_take_char(ImapCursor *cursor, char c)
{
	if (peek(cursor) != c || c == '\0')
		return FALSE;
	cursor->at++;
	return TRUE;
}

gboolean
imap_take_number(ImapCursor *cursor, guint64 max, guint64 *number_out)
{
	ImapCursor at = *cursor;
	guint64 number = 0;
	char c;

	while (g_ascii_isdigit(c = peek(&at))) {
		guint digit = (guint) (c - '0');

		if (number > (max - digit) / 10)
			return FALSE;
		number = number * 10 + digit;
		at.at++;
	}
	if (at.at == cursor->at)
		return FALSE;
	*number_out = number;
	*cursor = at;
	return TRUE;
}

static gboolean
is_word_char(char c)
{
	return (guchar) c > 0x20 && (guchar) c < 0x7f && strchr("(){}\"", c) == NULL;
}

gboolean
imap_take_word(ImapCursor *cursor, char *word, gsize size, gboolean upper)
{
	ImapCursor at = *cursor;
	gsize n = 0;
	char c;

	while (is_word_char(c = peek(&at))) {
		if (n + 1 < size)
			word[n] = upper ? g_ascii_toupper(c) : c;
		n++;
		at.at++;
	}
	if (n == 0 || n >= size)
		return FALSE;
	word[n] = '\0';
	*cursor = at;
	return TRUE;
}

/* The end of the quoted string that begins here, behind its last quote; 0 if it has none. */
static gsize
quoted_end(const ImapCursor *cursor)
{
	const GString *text = cursor->response->text;

	for (gsize at = cursor->at + 1; at < text->len; at++) {
		if (text->str[at] == '\\')
			at++;
		else if (text->str[at] == '"')
			return at + 1;
	}
	return 0;
}

static GBytes *
unquote(const char *text, gsize length)
{
	GByteArray *out = g_byte_array_new();

	for (gsize i = 0; i < length; i++) {
		if (text[i] == '\\' && i + 1 < length)
			i++;
		g_byte_array_append(out, (const guint8 *) &text[i], 1);
	}
	return g_byte_array_free_to_bytes(out);
}

static gboolean
take_quoted(ImapCursor *cursor, GBytes **bytes_out, gsize *size_out)
{
	gsize end = quoted_end(cursor);

	if (end == 0)
		return FALSE;
	*bytes_out = unquote(cursor->response->text->str + cursor->at + 1, end - cursor->at - 2);
	*size_out = g_bytes_get_size(*bytes_out);
	cursor->at = end;
	return TRUE;
}

gboolean
imap_take_string(ImapCursor *cursor, GBytes **bytes_out, gsize *size_out)
{
	const ImapLiteral *literal = literal_here(cursor);
	gsize start = cursor->at;

	if (literal != NULL) {
		*bytes_out = literal->bytes != NULL ? g_bytes_ref(literal->bytes) : NULL;
		*size_out = literal->size;
		cursor->literal++;
		return TRUE;
	}
	if (peek(cursor) == '"')
		return take_quoted(cursor, bytes_out, size_out);
	/* An 8-bit mailbox name without quotes is against the grammar, and is seen. */
	while (is_word_char(peek(cursor)) || (guchar) peek(cursor) >= 0x80)
		cursor->at++;
	gsize n = cursor->at - start;
	const char *word = cursor->response->text->str + start;
	if (n == 0)
		return FALSE;
	gboolean nil = n == 3 && g_ascii_strncasecmp(word, "NIL", 3) == 0;
	*bytes_out = nil ? NULL : g_bytes_new(word, n);
	*size_out = nil ? 0 : n;
	return TRUE;
}

char *
imap_take_text(ImapCursor *cursor)
{
	g_autoptr(GBytes) bytes = NULL;
	gsize size;

	if (!imap_take_string(cursor, &bytes, &size) || bytes == NULL)
		return NULL;
	const char *data = g_bytes_get_data(bytes, &size);
	if (size > 0 && memchr(data, '\0', size) != NULL)
		return NULL;
	return g_strndup(size > 0 ? data : "", size);
}

gboolean
imap_skip_value(ImapCursor *cursor)
{
	ImapCursor at = *cursor;
	guint depth = 0;

	do {
		g_autoptr(GBytes) bytes = NULL;
		gsize size;

		imap_skip_blanks(&at);
		if (imap_take_char(&at, '(')) {
			if (++depth > DEPTH_MAX)
				return FALSE;
		} else if (imap_take_char(&at, ')')) {
			if (depth == 0)
				return FALSE;
			depth--;
		} else if (!imap_take_string(&at, &bytes, &size)) {
			return FALSE;
		}
	} while (depth > 0);
	*cursor = at;
	return TRUE;
}

static gboolean
two_digits(const char *text, int min, int max, int *out)
{
	char tens = text[0] == ' ' ? '0' : text[0];

	if (!g_ascii_isdigit(tens) || !g_ascii_isdigit(text[1]))
		return FALSE;
	*out = (tens - '0') * 10 + (text[1] - '0');
	return *out >= min && *out <= max;
}

static int
month_number(const char *name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (g_ascii_strncasecmp(name, months + 3 * i, 3) == 0)
			return i;
	return -1;
}

gboolean
imap_parse_date(const char *text, gint64 *time_out)
{
	struct tm tm = { 0 };
	int century, year, zone_hours, zone_minutes;

	/* One digit where the blank before it got lost. */
	g_autofree char *padded = text[0] != '\0' && text[1] == '-' ? g_strconcat(" ", text, NULL)
	                                                            : g_strdup(text);
	if (strlen(padded) != 26 || padded[2] != '-' || padded[6] != '-' || padded[11] != ' ' ||
	    padded[14] != ':' || padded[17] != ':' || padded[20] != ' ' ||
	    (padded[21] != '+' && padded[21] != '-'))
		return FALSE;
	tm.tm_mon = month_number(padded + 3);
	if (!two_digits(padded, 1, 31, &tm.tm_mday) || tm.tm_mon < 0 ||
	    !two_digits(padded + 7, 0, 99, &century) || !two_digits(padded + 9, 0, 99, &year) ||
	    !two_digits(padded + 12, 0, 23, &tm.tm_hour) ||
	    !two_digits(padded + 15, 0, 59, &tm.tm_min) ||
	    !two_digits(padded + 18, 0, 60, &tm.tm_sec) ||
	    !two_digits(padded + 22, 0, 23, &zone_hours) ||
	    !two_digits(padded + 24, 0, 59, &zone_minutes))
		return FALSE;
	tm.tm_year = century * 100 + year - 1900;
	gint64 zone = (gint64) zone_hours * 3600 + zone_minutes * 60;
	*time_out = (gint64) timegm(&tm) - (padded[21] == '-' ? -zone : zone);
	return TRUE;
}
