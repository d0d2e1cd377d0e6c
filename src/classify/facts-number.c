/* facts-number.c - numbers in running text: where one begins and ends, and what else it may be. */
#include "config.h"

#include <string.h>

#include "classify/facts-order.h"

/* Longer ones are no numbers a person quotes. */
#define NUMBER_MAX 40

static gboolean
is_joint(char c)
{
	return c == '-' || c == '.' || c == '/' || c == '_';
}

static gboolean
is_all(const char *start, const char *end, gboolean (*is)(char c))
{
	for (const char *p = start; p < end; p++)
		if (!is(*p))
			return FALSE;
	return start < end;
}

static gboolean is_digit(char c) { return g_ascii_isdigit(c); }
static gboolean is_upper(char c) { return g_ascii_isupper(c); }
static gboolean is_lower(char c) { return g_ascii_islower(c); }
static gboolean is_alpha(char c) { return g_ascii_isalpha(c); }

/* ---- where it begins and ends ---- */

/* "bestelling-70021", "Nr.12345", "order12345": what leads to the number is no part of it. A prefix in
 * capitals is: "ORD_87318", "PO-4471". */
static const char *
skip_label(const char *start, const char *end)
{
	for (;;) {
		const char *p = start;
		guint64 class;

		while (p < end && g_ascii_isalpha(*p))
			p++;
		if (p == start || p == end)
			return start;
		class = facts_class(start, p - start)
		        & (FACT_BIT(FACT_ORDER) | FACT_BIT(FACT_NUMBER) | FACT_BIT(FACT_NOT));
		if (g_ascii_isdigit(*p)) {
			if (class == 0 || (p - start <= 3 && is_all(start, p, is_upper)))
				return start;
			start = p;
			continue;
		}
		gboolean capitals = is_all(start, p, is_upper);
		if (capitals && (p - start <= 5) && (*p != '.' || class == 0))
			return start;
		if (class == 0 && *p != '.' && !(p - start >= 4))
			return start;
		start = p + 1;
	}
}

/* "123-delige", "14-2208.Groet": a last part without digits stays only if it is a suffix in capitals. */
static const char *
drop_tail(const char *start, const char *end)
{
	for (;;) {
		const char *p = end;

		while (p > start && g_ascii_isalpha(p[-1]))
			p--;
		if (p == end || p == start || !is_joint(p[-1]))
			return end;
		if (p[-1] != '.' && end - p <= 3 && is_all(p, end, is_upper))
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
	if (p - from > 5 || (p > from && !is_all(from, p, is_upper)
	                     && !(is_all(from, p, is_lower) && p - from <= 3
	                          && (is_joint(*p) || number->digits >= 5))))
		return FALSE;
	while (p < end && (g_ascii_isdigit(*p) || is_joint(*p)))
		p++;
	from = p;
	while (p < end && g_ascii_isupper(*p)) {
		p++;
		run++;
	}
	if (p == end)
		return run <= 3 && number->digits >= 3;
	/* "77-AX-2" */
	for (p = number->start, run = 0; p < end; p++) {
		run = g_ascii_isupper(*p) ? run + 1 : 0;
		if ((!g_ascii_isupper(*p) && !g_ascii_isdigit(*p) && !is_joint(*p)) || run > 3)
			return FALSE;
		if (p > number->start && g_ascii_isalnum(*p) && g_ascii_isalnum(p[-1])
		    && g_ascii_isdigit(*p) != g_ascii_isdigit(p[-1]))
			return FALSE;
	}
	return number->digits >= 3;
}

/* "490 922 834", "61 402": the groups that follow, as long as nothing is counted by the last. */
static void
join_groups(Number *out)
{
	const char *p = out->end;
	guint groups = 1, digits = out->digits;

	if (out->digits > 4)
		return;
	while (groups < 6) {
		const char *from = *p == ' ' ? p + 1 : g_str_has_prefix(p, "\xc2\xa0") ? p + 2 : NULL;
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
		    && (facts_class(word, end - word) & (FACT_BIT(FACT_UNIT) | FACT_BIT(FACT_MONTH))))
			break;
		digits += to - from;
		p = to;
		groups++;
	}
	/* "7 11 904" is one, "3 12" and "in 2024 5" are not. */
	if (groups == 1 || digits < 5 || (groups == 2 && (out->digits < 2 || digits - out->digits < 2)))
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

	if (*p == ' ' && g_ascii_isupper(p[1]) && out->letters == 0
	    && (p[2] == '\0' || strchr("),.;:\n", p[2]) != NULL))
		out->end = p + 2;
}

/* "PO 4471-88" and, behind a label, "Auftrag PH 618". */
static void
join_prefix(const char *text, Number *out)
{
	const char *p = out->start, *end, *word;

	if (p - text < 2 || p[-1] != ' ' || !g_ascii_isupper(p[-2]) || out->letters > 0)
		return;
	p--;
	while (p > text && g_ascii_isupper(p[-1]) && out->start - p <= 5)
		p--;
	if (out->start - p > 5 || (p > text && p[-1] != ' ' && p[-1] != '#' && p[-1] != '\n'))
		return;
	if (strncmp(p, "PO ", 3) == 0) {
		out->start = p;
		return;
	}
	if (facts_class(p, out->start - 1 - p) & (FACT_BIT(FACT_NUMBER) | FACT_BIT(FACT_NOT)))
		return;
	word = facts_word_before(text, p, &end);
	if (word != NULL && p - end <= 3 && memchr(end, '\n', p - end) == NULL
	    && (facts_class(word, end - word) & (FACT_BIT(FACT_ORDER) | FACT_BIT(FACT_NUMBER)))) {
		out->letters = out->start - 1 - p;
		out->start = p;
	}
}

static gboolean
is_day_and_month(guint a, guint b)
{
	return a >= 1 && b >= 1 && a <= 31 && b <= 31 && (a <= 12 || b <= 12);
}

/* The values of up to 4 groups of digits; anything longer than 9 digits counts as huge. */
static guint
group_values(const Number *number, guint values[4], guint lengths[4])
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
	guint n = group_values(number, values, lengths);

	if (number->letters > 0 || n < 2)
		return FALSE;
	if (memchr(number->start, '.', number->end - number->start) != NULL)
		return (n == 2 && lengths[0] <= 3)
		       || (lengths[0] <= 3 && lengths[1] == 3 && (n < 3 || lengths[2] == 3));
	if (n == 3 && memchr(number->start, '-', number->end - number->start) != NULL)
		return is_day_and_month(values[0], values[1]) && (lengths[2] == 2 || lengths[2] == 4);
	/* "10-14", "12-05", "2023-10": a range, a date, a month. */
	return n == 2 && lengths[1] <= 2
	       && (lengths[0] <= 2 || (lengths[0] == 4 && values[0] / 100 == 20 && values[1] <= 12));
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
		join_groups(out);
	join_suffix(out);
	join_prefix(text, out);
	out->tidy = is_tidy(out);
	out->year = out->letters == 0 && out->digits == 4 && out->groups == 1
	            && (memcmp(out->start, "19", 2) == 0 || memcmp(out->start, "20", 2) == 0);
	const char *before = out->start;
	while (before > text && before[-1] == ' ')
		before--;
	out->hash = before > text && before[-1] == '#';
	out->bracket = before > text && before[-1] == '(';
	for (const char *p = out->start; p < out->end; p++)
		out->joint |= is_joint(*p);
	word = facts_word_after(out->end, &end);
	out->measure = FALSE;
	if (word != NULL && (word == out->end || (*out->end == ' ' && word == out->end + 1))) {
		guint64 class = facts_class(word, end - word);

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
		while (start > floor && (g_ascii_isalnum(start[-1])
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

/* ---- what else it may be ---- */

static const char *const signs[] = { "\xe2\x82\xac", "$", "\xc2\xa3", "\xc2\xa5" };

static gboolean
ends_with_sign(const char *text, const char *at)
{
	while (at > text && (at[-1] == ' ' || (guchar)at[-1] == 0xA0 || (guchar)at[-1] == 0xC2))
		at--;
	for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
		gsize n = strlen(signs[i]);

		if ((gsize)(at - text) >= n && memcmp(at - n, signs[i], n) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_money(const char *text, const Number *number)
{
	const char *p = number->end, *end, *word;

	if (ends_with_sign(text, number->start))
		return TRUE;
	if ((*p == ',' && (g_ascii_isdigit(p[1]) || p[1] == '-' || p[1] == '='))
	    || (number->start - text >= 2 && number->start[-1] == ','
	        && g_ascii_isdigit(number->start[-2])))
		return TRUE;
	while (*p == ' ' || g_str_has_prefix(p, "\xc2\xa0"))
		p += *p == ' ' ? 1 : 2;
	for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
		if (g_str_has_prefix(p, signs[i]))
			return TRUE;
	word = facts_word_after(number->end, &end);
	if (word == p && word != NULL && (facts_class(word, end - word) & FACT_BIT(FACT_CURRENCY)))
		return TRUE;
	word = facts_word_before(text, number->start, &end);
	return word != NULL && end + 1 == number->start && *end == ' '
	       && (facts_class(word, end - word) & FACT_BIT(FACT_CURRENCY));
}

static gboolean
is_date_or_time(const char *text, const Number *number)
{
	guint values[4], lengths[4];
	guint n = group_values(number, values, lengths);
	const char *end, *word;
	char joint = n > 1 ? number->start[lengths[0]] : '\0';

	if (number->letters > 0)
		return FALSE;
	/* "20:00" */
	if (*number->end == ':' && g_ascii_isdigit(number->end[1]))
		return TRUE;
	if (number->start - text >= 2 && number->start[-1] == ':' && g_ascii_isdigit(number->start[-2]))
		return TRUE;
	if (n == 3 && (joint == '.' || joint == '/' || lengths[2] == 4)
	    && is_day_and_month(values[0], values[1]) && lengths[0] <= 2 && lengths[1] <= 2
	    && (lengths[2] == 2 || (lengths[2] == 4 && values[2] / 100 >= 19 && values[2] / 100 <= 20)))
		return TRUE;
	if (n == 3 && lengths[0] == 4 && values[0] / 100 >= 19 && values[0] / 100 <= 20
	    && lengths[1] <= 2 && lengths[2] <= 2 && is_day_and_month(values[1], values[2]))
		return TRUE;
	if (n == 2 && joint == '/'
	    && ((is_day_and_month(values[0], values[1]) && lengths[0] <= 2 && lengths[1] <= 2)
	        || (lengths[0] <= 2 && values[0] <= 12 && lengths[1] == 4 && values[1] / 100 == 20)))
		return TRUE;
	/* "4 mei", "15. Juni", "mei 2024", "June 4" */
	if (n > 1 || (number->digits > 2 && !number->year))
		return FALSE;
	word = facts_word_after(number->end, &end);
	if (word != NULL && word - number->end <= 2 && memchr(number->end, '\n', word - number->end) == NULL
	    && !number->year && (facts_class(word, end - word) & FACT_BIT(FACT_MONTH)))
		return TRUE;
	word = facts_word_before(text, number->start, &end);
	return word != NULL && number->start - end <= 2
	       && (facts_class(word, end - word) & FACT_BIT(FACT_MONTH)) != 0;
}

/* Part of an address of mail or web: the characters around it, up to a blank. */
static gboolean
is_in_address(const char *text, const Number *number)
{
	const char *from = number->start, *to = number->end;

	while (from > text && !g_ascii_isspace(from[-1]) && number->start - from < 200)
		from--;
	while (*to != '\0' && !g_ascii_isspace(*to) && to - number->end < 200)
		to++;
	g_autofree char *whole = g_ascii_strdown(from, to - from);
	return strchr(whole, '@') != NULL || strstr(whole, "://") != NULL
	       || strstr(whole, "www.") != NULL;
}

/* The groups of an account number before this one: "NL91 ABNA 0417 1643 00". */
static gboolean
is_in_iban(const char *text, const Number *number)
{
	const char *from = number->start;
	guint count = 0;

	while (from > text && number->start - from < 40
	       && (g_ascii_isupper(from[-1]) || g_ascii_isdigit(from[-1]) || from[-1] == ' '))
		from--;
	for (const char *p = from; p + 4 <= number->end; p++) {
		if (!g_ascii_isupper(p[0]) || !g_ascii_isupper(p[1]) || !g_ascii_isdigit(p[2])
		    || !g_ascii_isdigit(p[3]) || (p > text && g_ascii_isalnum(p[-1])))
			continue;
		count = 0;
		for (const char *q = p; q < number->end; q++)
			count += g_ascii_isalnum(*q) != 0;
		if (count >= 15)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_street(const char *word, gsize length)
{
	static const char *const endings[] = { "straat", "laan", "weg", "plein", "kade", "gracht",
		                               "singel", "stra\xc3\x9f" "e", "strasse", "str", "allee" };
	char folded[LEXICON_WORD_MAX + 1];

	if (facts_class(word, length) & FACT_BIT(FACT_STREET))
		return TRUE;
	if (lexicon_fold(word, length, folded) == 0)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(folded, endings[i]) && strlen(folded) > strlen(endings[i]) + 1)
			return TRUE;
	return FALSE;
}

/* "1234 AB", "Dorpsstraat 8", "Hauptstr. 5, 12345 Berlin". */
static gboolean
is_postal(const char *text, const Number *number)
{
	const char *p = number->end, *at = number->start, *end, *word;
	gsize length = number->end - number->start;

	if (number->groups > 1)
		return FALSE;
	if (length == 6 && number->digits == 4 && is_all(number->start, number->start + 4, is_digit)
	    && is_all(number->start + 4, number->end, is_upper))
		return TRUE;
	if (number->letters > 1 || number->digits > 5)
		return FALSE;
	if (number->digits == 4 && *p == ' ' && g_ascii_isupper(p[1]) && g_ascii_isupper(p[2])
	    && !g_ascii_isalnum(p[3]) && number->start[0] != '0')
		return TRUE;
	if (number->digits <= 4) {
		word = facts_word_before(text, at, &end);
		if (word != NULL && at - end <= 2 && is_street(word, end - word))
			return TRUE;
	}
	/* A town follows, a street came before. */
	if (number->digits < 4 || *p != ' ' || !g_unichar_isupper(g_utf8_get_char(p + 1)))
		return FALSE;
	for (guint i = 0; i < 6; i++, at = word) {
		word = facts_word_before(text, at, &end);
		if (word == NULL)
			return FALSE;
		if (is_street(word, end - word))
			return TRUE;
	}
	return FALSE;
}

/* "140x200", "2x79" */
static gboolean
is_size(const Number *number)
{
	const char *p = number->start;

	while (p < number->end && g_ascii_isdigit(*p))
		p++;
	return p > number->start && p < number->end && (*p == 'x' || *p == 'X')
	       && (p + 1 == number->end || g_ascii_isdigit(p[1]));
}

/* "15u", "70e", "500ml": small letters right behind the digits. */
static gboolean
has_unit_ending(const Number *number)
{
	const char *p = number->end;

	while (p > number->start && is_alpha(p[-1]))
		p--;
	if (p == number->end || p == number->start || !g_ascii_isdigit(p[-1]))
		return FALSE;
	return (facts_class(p, number->end - p) & (FACT_BIT(FACT_UNIT) | FACT_BIT(FACT_SHORT))) != 0
	       || (is_all(p, number->end, is_lower) && number->digits <= 4);
}

gboolean
number_is_something_else(const char *text, const Number *number)
{
	static const char *const after[] = { "%", "\xc2\xb0", "\xe2\x80\xb0", "\xe2\x80\xb3" };
	static const char section[] = "\xc2\xa7";
	const char *p = number->end, *before = number->start;

	for (gsize i = 0; i < G_N_ELEMENTS(after); i++)
		if (g_str_has_prefix(*p == ' ' ? p + 1 : p, after[i]))
			return TRUE;
	while (before > text && before[-1] == ' ')
		before--;
	if (before - text >= 2 && memcmp(before - 2, section, 2) == 0)
		return TRUE;
	/* "030 / 123 45" */
	const char *slash = before;
	while (slash > text && (slash[-1] == ' ' || slash[-1] == '/') && before - slash < 4)
		slash--;
	if (memchr(slash, '/', before - slash) != NULL && slash > text && g_ascii_isdigit(slash[-1]))
		return TRUE;
	/* "+31 6 ..." */
	if (number->start > text && number->start[-1] == '+')
		return TRUE;
	return is_money(text, number) || is_date_or_time(text, number) || has_unit_ending(number)
	       || is_size(number) || is_postal(text, number) || is_in_iban(text, number)
	       || is_in_address(text, number)
	       || facts_is_tracking(number->start, number->end - number->start);
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
		if (c == '\n' || c == '(' || c == '[' || strchr(".!?;:", c < 0x80 ? (int)c : 'x') != NULL)
			return EDGE_HARD;
		if (c == ',' || is_dash(c) || c == 0x2026)
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

		if (c == '\0' || c == '\n' || c == ')' || c == ']' || c == ';' || c == '!' || c == '?')
			return EDGE_HARD;
		if ((c == '.' || c == ':') && (p[1] == '\0' || g_ascii_isspace(p[1])
		                               || p[1] == '.' || p[1] == '"'))
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
