/* plain.c - the plain forms of fields and encodings, which nearly all mail has: read here, in one
 * pass and without objects. Whatever else a mail program ever wrote is refused, and GMime, which
 * knows it, is loaded and asked. So every function says FALSE rather than guess. */
#include "config.h"

#include <string.h>

#include "message/plain.h"

/* ---- parameters ---- */

/* RFC 2045 s.5.1: anything printable but blanks and specials. */
static const guint8 token_bytes[256] = {
	['!'] = 1, ['#' ... '\''] = 1, ['*'] = 1, ['+'] = 1, ['-'] = 1, ['.'] = 1, ['0' ... '9'] = 1,
	['A' ... 'Z'] = 1, ['^' ... '~'] = 1,
};

const char *
plain_skip_token(const char *p)
{
	while (token_bytes[(guchar) *p])
		p++;
	return p;
}

static const char *
skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* A quoted string without anything to unquote. p stands behind the first quote. */
static const char *
skip_quoted(const char *p)
{
	const char *start = p;

	while (*p >= ' ' && *p < 127 && *p != '"' && *p != '\\' && !(p[0] == '=' && p[1] == '?'))
		p++;
	return *p == '"' && p > start && *start != ' ' && p[-1] != ' ' ? p : NULL;
}

static gboolean
is_there(const GString *store, const char *name, gsize len)
{
	for (const char *p = store->str; p < store->str + store->len;) {
		if (strlen(p) == len && g_ascii_strncasecmp(p, name, len) == 0)
			return TRUE;
		p += strlen(p) + 1;
		p += strlen(p) + 1;
	}
	return FALSE;
}

/* "; name=value"; RFC 2231's asterisks are not plain. */
static const char *
read_parameter(const char *p, GString *store)
{
	const char *name = skip_blanks(p + 1), *end = plain_skip_token(name), *value = end + 1;
	gsize len = end - name;

	if (*p != ';' || len == 0 || *end != '=' || memchr(name, '*', len) != NULL ||
	    is_there(store, name, len))
		return NULL;
	gboolean quoted = *value == '"';
	const char *stop = quoted ? skip_quoted(++value) : plain_skip_token(value);
	if (stop == NULL || stop == value)
		return NULL;
	g_string_append_len(store, name, len);
	g_string_append_c(store, '\0');
	g_string_append_len(store, value, stop - value);
	g_string_append_c(store, '\0');
	return skip_blanks(stop + quoted);
}

gboolean
plain_parameters(const char *value, gboolean subtype, char **out)
{
	const char *p = plain_skip_token(value);
	g_autoptr(GString) store = g_string_sized_new(strlen(value) + 2);

	if (p == value)
		return FALSE;
	if (subtype) {
		const char *start = p + 1;

		if (*p != '/' || (p = plain_skip_token(start)) == start)
			return FALSE;
	}
	for (p = skip_blanks(p); *p != '\0';) {
		p = read_parameter(p, store);
		if (p == NULL)
			return FALSE;
	}
	g_string_append_c(store, '\0');
	*out = g_string_free(g_steal_pointer(&store), FALSE);
	return TRUE;
}

const char *
plain_parameter(const char *store, const char *name)
{
	while (*store != '\0') {
		const char *value = store + strlen(store) + 1;

		if (g_ascii_strcasecmp(store, name) == 0)
			return value;
		store = value + strlen(value) + 1;
	}
	return NULL;
}

/* ---- transfer encodings ---- */

enum { BLANK = 64, PADDING, ODD };

static guint8
base64_value(guchar c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '/')
		return c == '+' ? 62 : 63;
	if (c == '=')
		return PADDING;
	return c == '\r' || c == '\n' || c == ' ' || c == '\t' ? BLANK : ODD;
}

static const guint8 *
base64_values(void)
{
	static guint8 table[256];
	static gsize made;

	if (g_once_init_enter(&made)) {
		for (guint i = 0; i < 256; i++)
			table[i] = base64_value(i);
		g_once_init_leave(&made, 1);
	}
	return table;
}

gboolean
plain_base64(const char *data, gsize len, gsize max, char *out, gsize *len_out)
{
	const guint8 *values = base64_values();
	guint32 group = 0;
	guint n = 0, padding = 0;
	gsize made = 0;

	for (gsize i = 0; i < len && made <= max; i++) {
		guint8 value = values[(guchar) data[i]];

		if (value == BLANK)
			continue;
		if (value == ODD || (value == PADDING ? n < 2 : padding > 0))
			return FALSE;
		padding += value == PADDING;
		group = group << 6 | (value & 63);
		if (++n < 4)
			continue;
		if (padding > 0)
			group &= padding == 1 ? 0xffffff00 : 0xffff0000;
		out[made++] = group >> 16;
		if (padding < 2)
			out[made++] = group >> 8;
		if (padding < 1)
			out[made++] = group;
		n = 0;
		group = 0;
	}
	*len_out = made;
	return n == 0 || made > max;
}

gboolean
plain_quoted_printable(const char *data, gsize len, gsize max, char *out, gsize *len_out)
{
	const char *p = data, *end = data + len;
	gsize made = 0;

	while (p < end && made <= max) {
		const char *stop = memchr(p, '=', end - p);
		gsize n = (stop != NULL ? stop : end) - p;

		memcpy(out + made, p, n);
		made += n;
		if (stop == NULL)
			break;
		p = stop + 1;
		if (p < end && *p == '\n') {
			p++;
		} else if (end - p >= 2 && p[0] == '\r' && p[1] == '\n') {
			p += 2;
		} else if (end - p >= 2 && g_ascii_isxdigit(p[0]) && g_ascii_isxdigit(p[1])) {
			out[made++] = (char) (g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));
			p += 2;
		} else {
			return FALSE;
		}
	}
	*len_out = made;
	return TRUE;
}

/* ---- addresses ---- */

static gboolean
is_atext(guchar c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static const char *
skip_dot_atom(const char *p, gboolean domain)
{
	const char *start = p;

	while (*p == '.' ? p > start && p[-1] != '.'
	                 : domain ? g_ascii_isalnum(*p) || *p == '-' : is_atext(*p))
		p++;
	return p > start && p[-1] != '.' ? p : NULL;
}

/* local@domain; NULL for anything else */
static const char *
skip_address(const char *p)
{
	p = skip_dot_atom(p, FALSE);
	return p != NULL && *p == '@' ? skip_dot_atom(p + 1, TRUE) : NULL;
}

/* "Words of a name" with single blanks between, quoted or not, up to its end. */
static const char *
skip_name(const char *p, gboolean quoted)
{
	const char *start = p;

	for (; *p != '\0' && *p != (quoted ? '"' : '<'); p++) {
		gboolean letter = is_atext(*p) || (guchar) *p >= 0x80 ||
		                  (quoted && strchr(".,@()&:;<>[]/", *p) != NULL);

		if (*p == ' ' ? p == start || p[1] == ' ' || (quoted && p[1] == '"') : !letter)
			return NULL;
		if (p[0] == '=' && p[1] == '?')
			return NULL;
	}
	return p > start && *p != '\0' ? p : NULL;
}

/* One mailbox; *p behind it. */
static gboolean
read_mailbox(const char **p, PlainMailbox *box)
{
	const char *start = *p, *end = skip_address(start);

	*box = (PlainMailbox) { NULL, 0, start, 0 };
	if (end != NULL && strchr(" \t,", *end) != NULL) {
		box->address_len = end - start;
		*p = skip_blanks(end);
		return **p == ',' || **p == '\0';
	}
	if (*start != '<') {
		gboolean quoted = *start == '"';

		box->name = start + quoted;
		end = skip_name(box->name, quoted);
		if (end == NULL)
			return FALSE;
		box->name_len = end - box->name;
		start = skip_blanks(end + quoted);
		if (!quoted && box->name[box->name_len - 1] == ' ')
			box->name_len--;
	}
	if (*start != '<' || (end = skip_address(start + 1)) == NULL || *end != '>')
		return FALSE;
	box->address = start + 1;
	box->address_len = end - box->address;
	*p = skip_blanks(end + 1);
	return **p == ',' || **p == '\0';
}

gboolean
plain_mailboxes(const char *value, guint max, GArray *boxes)
{
	PlainMailbox box;

	for (;;) {
		value = skip_blanks(value);
		if (boxes->len == max || !read_mailbox(&value, &box))
			return FALSE;
		g_array_append_val(boxes, box);
		if (*value == '\0')
			return TRUE;
		value++;
	}
}

/* ---- dates ---- */

/* Exactly `least` to `most` digits. */
static gboolean
read_number(const char **p, guint least, guint most, guint *out)
{
	guint n = 0;

	for (*out = 0; n < most && g_ascii_isdigit(**p); n++)
		*out = *out * 10 + (guint) (*(*p)++ - '0');
	return n >= least && !g_ascii_isdigit(**p);
}

static gboolean
read_name(const char **p, const char *names, guint *out)
{
	for (guint i = 0; names[3 * i] != '\0'; i++)
		if (strncmp(*p, names + 3 * i, 3) == 0) {
			*p += 3;
			*out = i;
			return TRUE;
		}
	return FALSE;
}

static gboolean
read_char(const char **p, char c)
{
	if (**p != c)
		return FALSE;
	++*p;
	return TRUE;
}

/* "+0200", and the comment behind it that names the zone. */
static gboolean
read_zone(const char **p, gint *seconds_out)
{
	gboolean west = **p == '-';
	guint zone;

	if (strncmp(*p, "GMT", 3) == 0) {
		*p += 3;
		*seconds_out = 0;
	} else {
		if (**p != '+' && **p != '-')
			return FALSE;
		++*p;
		if (!read_number(p, 4, 4, &zone) || zone > 1400 || zone % 100 > 59)
			return FALSE;
		*seconds_out = (gint) (zone / 100 * 3600 + zone % 100 * 60) * (west ? -1 : 1);
	}
	if (strncmp(*p, " (", 2) == 0) {
		*p += 2;
		while (g_ascii_isalpha(**p))
			++*p;
		if (!read_char(p, ')'))
			return FALSE;
	}
	return **p == '\0';
}

gboolean
plain_date(const char *p, gint64 *unix_out)
{
	guint weekday, day, month, year, hour, minute, second = 0;
	gint zone;

	if (read_name(&p, "MonTueWedThuFriSatSun", &weekday) &&
	    (!read_char(&p, ',') || !read_char(&p, ' ')))
		return FALSE;
	if (!read_number(&p, 1, 2, &day) || !read_char(&p, ' ') ||
	    !read_name(&p, "JanFebMarAprMayJunJulAugSepOctNovDec", &month) ||
	    !read_char(&p, ' ') || !read_number(&p, 4, 4, &year) || !read_char(&p, ' ') ||
	    !read_number(&p, 2, 2, &hour) || !read_char(&p, ':') ||
	    !read_number(&p, 2, 2, &minute))
		return FALSE;
	if (*p == ':' && (!read_char(&p, ':') || !read_number(&p, 2, 2, &second)))
		return FALSE;
	if (!read_char(&p, ' ') || !read_zone(&p, &zone) || hour > 23 || minute > 59 || second > 59 ||
	    year < 1970 || day < 1 || day > g_date_get_days_in_month((GDateMonth) (month + 1), year))
		return FALSE;

	/* Days since 1970-01-01 of the proleptic Gregorian calendar, the year beginning in March. */
	gint64 y = month < 2 ? year - 1 : year, m = (month + 10) % 12;
	gint64 days = 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719468;

	*unix_out = days * 86400 + hour * 3600 + minute * 60 + second - zone;
	return TRUE;
}
