/* facts-number.c - numbers in running text: where one begins and ends, and where it stands. */
#include "config.h"

#include <string.h>

#include "classify/facts-order.h"
#include "classify/language.h"

/* Longer ones are no numbers a person quotes. */
#define NUMBER_MAX 40

static gboolean
is_joint(char c)
{
	return c == '-' || c == '.' || c == '/' || c == '_';
}

/* ---- where it begins and ends ---- */

/* "bestelling-70021", "Nr.12345", "order12345": what leads to the number is no part of it. A
 * prefix in capitals is: "ORD_87318", "PO-4471". */
static const char *
skip_label(const char *start, const char *end)
{
	for (;;) {
		const char *p = start;
		guint32 class;

		while (p < end && g_ascii_isalpha(*p))
			p++;
		if (p == start || p == end)
			return start;
		class = facts_class(start, p - start)
		        & (FACT_BIT(FACT_ORDER) | FACT_BIT(FACT_NUMBER) | FACT_BIT(FACT_NOT));
		if (g_ascii_isdigit(*p)) {
			if (class == 0 || (p - start <= 3 && ascii_all(start, p, ASCII_UPPER)))
				return start;
			start = p;
			continue;
		}
		gboolean capitals = ascii_all(start, p, ASCII_UPPER);
		if (capitals && (p - start <= 5) && (*p != '.' || class == 0))
			return start;
		if (class == 0 && *p != '.' && !(p - start >= 4))
			return start;
		start = p + 1;
	}
}

/* "123-delige", "14-2208.Groet": a last part without digits stays only if it is a suffix in
 * capitals. */
static const char *
drop_tail(const char *start, const char *end)
{
	for (;;) {
		const char *p = end;

		while (p > start && g_ascii_isalpha(p[-1]))
			p--;
		if (p == end || p == start || !is_joint(p[-1]))
			return end;
		if (p[-1] != '.' && end - p <= 4 && ascii_all(p, end, ASCII_UPPER))
			return end;
		end = p - 1;
	}
}

static gboolean
is_tidy(const Number *number)
{
	const char *p = number->start, *end = number->end, *from = p;
	guint run = 0;

	while (p < end && g_ascii_isalpha(*p))
		p++;
	/* A prefix in small letters is a shop's only where a joint or many digits say so. */
	if (p - from > 5
	    || (p > from && !ascii_all(from, p, ASCII_UPPER)
	        && !(ascii_all(from, p, ASCII_LOWER) && p - from <= 3
	             && ((is_joint(*p) && number->digits >= 3) || number->digits >= 5))))
		return FALSE;
	while (p < end && (g_ascii_isdigit(*p) || is_joint(*p) || *p == ' '))
		p++;
	from = p;
	while (p < end && g_ascii_isupper(*p)) {
		p++;
		run++;
	}
	if (p == end)
		return run <= 4 && (number->digits >= 3 || (number->joint && number->digits > 0));
	/* "77-AX-2", "DE-9002-1K" */
	for (p = number->start, run = 0; p < end; p++) {
		run = g_ascii_isupper(*p) ? run + 1 : 0;
		if ((!g_ascii_isupper(*p) && !g_ascii_isdigit(*p) && !is_joint(*p) && *p != ' ')
		    || run > 3)
			return FALSE;
		if (p > number->start && p + 1 < end && g_ascii_isalnum(*p) && g_ascii_isalnum(p[-1])
		    && g_ascii_isdigit(*p) != g_ascii_isdigit(p[-1]))
			return FALSE;
	}
	return number->digits >= 2;
}

/* "490 922 834", "61 402": the groups that follow, as long as nothing is counted by the last. */
static void
join_groups(const char *text, Number *out)
{
	const char *p = out->end;
	guint groups = 1, digits = out->digits;

	if (out->digits > 4)
		return;
	while (groups < 6) {
		const char *from = *p == ' '                         ? p + 1
		                   : g_str_has_prefix(p, "\xc2\xa0") ? p + 2
		                                                     : NULL;
		const char *to = from, *end, *word;

		if (from == NULL)
			break;
		while (g_ascii_isdigit(*to))
			to++;
		if (to - from < 1 || to - from > 4 || g_ascii_isalpha(*to)
		    || ((is_joint(*to) || *to == ',' || *to == ':') && g_ascii_isalnum(to[1])))
			break;
		word = facts_word_after(to, &end);
		if (word != NULL && word == to + 1
		    && (facts_class(word, end - word)
		        & (FACT_BIT(FACT_UNIT) | FACT_BIT(FACT_MONTH))))
			break;
		digits += to - from;
		p = to;
		groups++;
	}
	/* "7 11 904" is one, "3 12" and "in 2024 5" are not; "ORD 5 6671" is. */
	gboolean prefix = out->start - text >= 3 && out->start[-1] == ' '
	                  && g_ascii_isupper(out->start[-2]) && g_ascii_isupper(out->start[-3]);
	guint suffix = *p == ' ' && g_ascii_isupper(p[1]) && !g_ascii_isalnum(p[2]) && groups > 1;
	if (groups == 1 || digits < 5 - suffix
	    || (groups == 2 && !prefix && (out->digits < 2 || digits - out->digits < 2)))
		return;
	out->end = p;
	out->digits = digits;
	out->groups = groups;
}

/* "1147 A" is written with a blank. */
static void
join_suffix(Number *out)
{
	const char *p = out->end;

	if (*p != ' ' || !g_ascii_isupper(p[1]) || out->letters > 0
	    || (p[2] != '\0' && strchr("),.;:\n", p[2]) == NULL)
	    /* an initial: "2207 B. Schmitt" */
	    || (p[2] == '.' && p[3] == ' '))
		return;
	out->end = p + 2;
	out->letters++;
}

/* "61772 / 03", "81-200 / W": a short last part behind a stroke with blanks. */
static void
join_stroke(Number *out)
{
	const char *p = out->end, *to;

	if (strncmp(p, " / ", 3) != 0 || (out->digits < 5 && !out->joint))
		return;
	for (to = p + 3; g_ascii_isdigit(*to);)
		to++;
	if (to == p + 3 && g_ascii_isupper(*to))
		to++;
	if (to == p + 3 || to - p > 6 || g_ascii_isalnum(*to)
	    || (is_joint(*to) && g_ascii_isalnum(to[1])))
		return;
	for (const char *q = p + 3; q < to; q++)
		*(g_ascii_isdigit(*q) ? &out->digits : &out->letters) += 1;
	out->groups += g_ascii_isdigit(p[3]);
	out->joint = TRUE;
	out->end = to;
}

gboolean
number_is_day_and_month(guint a, guint b)
{
	return a >= 1 && b >= 1 && a <= 31 && b <= 31 && (a <= 12 || b <= 12);
}

guint
number_group_values(const Number *number, guint values[4], guint lengths[4])
{
	guint n = 0;

	for (const char *p = number->start; p < number->end && n < 4;) {
		if (!g_ascii_isdigit(*p)) {
			p++;
			continue;
		}
		values[n] = lengths[n] = 0;
		for (; p < number->end && g_ascii_isdigit(*p); p++) {
			values[n] = lengths[n] < 9 ? values[n] * 10 + (*p - '0') : G_MAXUINT;
			lengths[n]++;
		}
		n++;
	}
	return n;
}

static gboolean
is_doubtful(const Number *number)
{
	guint values[4], lengths[4];
	guint n = number_group_values(number, values, lengths);

	if (number->letters > 0 || n < 2)
		return FALSE;
	if (memchr(number->start, '.', number->end - number->start) != NULL)
		return (n == 2 && lengths[0] <= 3)
		       || (lengths[0] <= 3 && lengths[1] == 3 && (n < 3 || lengths[2] == 3));
	/* "140/200" */
	if (n == 2 && lengths[0] <= 3 && lengths[1] <= 3
	    && memchr(number->start, '/', number->end - number->start) != NULL)
		return TRUE;
	if (n == 3 && memchr(number->start, '-', number->end - number->start) != NULL)
		return number_is_day_and_month(values[0], values[1])
		       && (lengths[2] == 2 ? values[2] < 30
		                           : lengths[2] == 4 && values[2] / 100 >= 18
		                                 && values[2] / 100 <= 20);
	/* "2019-2020", "12-2024" */
	if (n == 2 && lengths[1] == 4 && values[1] / 100 >= 19 && values[1] / 100 <= 20
	    && (lengths[0] == 4 ? values[0] / 100 == 19 || values[0] / 100 == 20
	                        : lengths[0] <= 2 && values[0] <= 12))
		return TRUE;
	/* "10-14", "12-05", "2023-10": a range, a date, a month; "58-22" is none of them. */
	return n == 2 && lengths[1] <= 2
	       && ((lengths[0] <= 2 && (values[0] <= 31 || values[0] < values[1]))
	           || (lengths[0] == 4 && values[0] / 100 == 20 && values[1] <= 12));
}

/* Countries before a postcode: "B 9000 Gent", "CH 8001 Zürich". */
static gboolean
is_country(const char *prefix, gsize length, const Number *number)
{
	static const char *const countries[] = { "A", "B", "D", "F", "L", "NL", "CH", "BE",
		                                 "AT", "DE", "FR", "LU" };

	if (number->groups > 1 || *number->end != ' '
	    || !g_unichar_isupper(g_utf8_get_char(number->end + 1)))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(countries); i++)
		if (strlen(countries[i]) == length && memcmp(countries[i], prefix, length) == 0)
			return TRUE;
	return FALSE;
}

/* "PO 4471-88", "Auftrag PH 618" and, without a label, "HJ 2204", "RF 20-0041", "A 20 991". */
static void
join_prefix(const char *text, Number *out)
{
	const char *p = out->start, *end, *word;
	gboolean labelled = FALSE;

	if (p - text < 2 || p[-1] != ' ' || out->letters > 1 || !g_ascii_isalnum(p[-2]))
		return;
	p--;
	while (p > text && g_ascii_isalnum(p[-1]) && out->start - p <= 5)
		p--;
	gsize length = out->start - 1 - p;
	if (length > 4 || !g_ascii_isupper(*p)
	    || (p > text && strchr(" #\n(\"", p[-1]) == NULL))
		return;
	for (gsize i = 1; i < length; i++)
		if (!g_ascii_isupper(p[i]) && !(g_ascii_isdigit(p[i]) && length <= 3))
			return;
	guint32 class = facts_class(p, length);
	gboolean purchase = strncmp(p, "PO ", 3) == 0 || strncmp(p, "ORD ", 4) == 0;
	if ((class & (FACT_BIT(FACT_NUMBER) | FACT_BIT(FACT_NOT) | FACT_BIT(FACT_MODEL)))
	    || (!purchase && (class & FACT_BIT(FACT_ORDER))))
		return;
	word = facts_word_before(text, p, &end);
	if (word != NULL && p - end <= 3 && memchr(end, '\n', p - end) == NULL) {
		labelled = (facts_class(word, end - word)
		            & (FACT_BIT(FACT_ORDER) | FACT_BIT(FACT_NUMBER)))
		           != 0;
		/* "IK WIL MIJN 12345": who shouts writes no prefixes. */
		if (!labelled && ascii_all(word, end, ASCII_UPPER) && end - word > 1)
			return;
	}
	if (!labelled && !purchase
	    && (is_doubtful(out) || out->digits < 3 || length > 3 || language_is_common_word(p, length)
	        || is_country(p, length, out)))
		return;
	for (gsize i = 0; i < length; i++)
		*(g_ascii_isdigit(p[i]) ? &out->digits : &out->letters) += 1;
	out->start = p;
}

static void
describe(const char *text, Number *out)
{
	gboolean inside = FALSE;
	const char *end, *word;

	out->digits = out->letters = out->groups = 0;
	for (const char *p = out->start; p < out->end; p++) {
		gboolean digit = g_ascii_isdigit(*p);

		out->digits += digit;
		out->letters += g_ascii_isalpha(*p) != 0;
		out->groups += digit && !inside;
		inside = digit;
	}
	if (out->letters == 0 && out->groups == 1)
		join_groups(text, out);
	for (const char *p = out->start; p < out->end; p++)
		out->joint |= is_joint(*p);
	join_stroke(out);
	join_suffix(out);
	join_prefix(text, out);
	out->tidy = is_tidy(out);
	out->year = out->letters == 0 && out->digits == 4 && out->groups == 1
	            && (memcmp(out->start, "19", 2) == 0 || memcmp(out->start, "20", 2) == 0);
	const char *before = out->start;
	while (before > text && before[-1] == ' ')
		before--;
	out->hash = before > text && before[-1] == '#';
	out->ticket = out->hash && before - 1 > text && before[-2] == '[';
	out->bracket = before > text && before[-1] == '(';
	word = facts_word_after(out->end, &end);
	out->measure = FALSE;
	if (word != NULL && out->letters == 0
	    && (word == out->end || (*out->end == ' ' && word == out->end + 1))) {
		guint32 class = facts_class(word, end - word);

		out->measure = (class & FACT_BIT(FACT_UNIT)) != 0
		               || ((class & FACT_BIT(FACT_SHORT)) != 0 && out->digits <= 3);
	}
	out->doubtful = is_doubtful(out);
}

gboolean
number_next(const char *text, const char **at, gsize limit, Number *out)
{
	const char *floor = *at;

	for (;;) {
		const char *p = floor + strcspn(floor, "0123456789");
		const char *start = p, *end = p;

		if (*p == '\0' || (gsize)(p - text) >= limit)
			return FALSE;
		while (start > floor
		       && (g_ascii_isalnum(start[-1])
		           || (is_joint(start[-1]) && start - 1 > floor
		               && g_ascii_isalnum(start[-2]))))
			start--;
		while (g_ascii_isalnum(*end) || (is_joint(*end) && g_ascii_isalnum(end[1])))
			end++;
		floor = end;
		start = skip_label(start, end);
		end = drop_tail(start, end);
		if (end - start > NUMBER_MAX)
			continue;
		memset(out, 0, sizeof *out);
		out->start = start;
		out->end = end;
		describe(text, out);
		if (out->digits == 0)
			continue;
		*at = MAX(out->end, floor);
		return TRUE;
	}
}

/* ---- where it stands ---- */

/* The character before `at`, which is after `text`. */
static gunichar
char_before(const char *at, const char **before_out)
{
	*before_out = g_utf8_prev_char(at);
	return g_utf8_get_char(*before_out);
}

static gboolean
is_quote(gunichar c)
{
	return c == '"' || c == '\'' || c == 0x201C || c == 0x201D || c == 0x201E || c == 0x2018
	       || c == 0x2019 || c == 0xAB || c == 0xBB || c == '*' || c == '#';
}

static gboolean
is_dash(gunichar c)
{
	return c == '-' || c == 0x2013 || c == 0x2014 || c == '|' || c == '/' || c == 0x2022;
}

Edge
number_left_edge(const char *text, const Number *number)
{
	const char *p = number->start;

	for (guint i = 0; i < 8; i++) {
		if (p == text)
			return EDGE_HARD;
		gunichar c = char_before(p, &p);
		if (c == '\n' || c == '(' || c == '['
		    || strchr(".!?;:", c < 0x80 ? (int)c : 'x') != NULL)
			return EDGE_HARD;
		if (c == ',' || c == ')' || is_dash(c) || c == 0x2026)
			return EDGE_SOFT;
		/* An emoji ends a sentence. */
		if (c >= 0x2190 && !g_unichar_isalnum(c) && !g_unichar_isspace(c))
			return EDGE_HARD;
		if (!g_unichar_isspace(c) && !is_quote(c))
			return EDGE_NONE;
	}
	return EDGE_NONE;
}

Edge
number_right_edge(const Number *number)
{
	const char *p = number->end;

	for (guint i = 0; i < 8; i++, p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c == '\0' || c == '\n' || c == ')' || c == ']' || c == ';' || c == '!'
		    || c == '?')
			return EDGE_HARD;
		if ((c == '.' || c == ':')
		    && (p[1] == '\0' || g_ascii_isspace(p[1]) || p[1] == '.' || p[1] == '"'))
			return EDGE_HARD;
		if (c == ',' || is_dash(c) || c == 0x2026)
			return EDGE_SOFT;
		if (c >= 0x2190 && !g_unichar_isalnum(c) && !g_unichar_isspace(c))
			return EDGE_HARD;
		if (!g_unichar_isspace(c) && !is_quote(c))
			return EDGE_NONE;
	}
	return EDGE_NONE;
}
