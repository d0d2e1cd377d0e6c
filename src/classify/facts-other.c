/* facts-other.c - what a number may be besides an order number: money, dates, telephones,
 * accounts, places. */
#include "config.h"

#include <string.h>

#include "classify/facts-order.h"

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
		if (*p == signs[i][0] && g_str_has_prefix(p, signs[i]))
			return TRUE;
	word = facts_word_after(number->end, &end);
	if (word == p && word != NULL
	    && (facts_class(word, end - word) & FACT_BIT(FACT_CURRENCY)))
		return TRUE;
	word = facts_word_before(text, number->start, &end);
	return word != NULL && end + 1 == number->start && *end == ' '
	       && (facts_class(word, end - word) & FACT_BIT(FACT_CURRENCY));
}

static gboolean
is_date_or_time(const char *text, const Number *number)
{
	guint values[4], lengths[4];
	guint n = number_group_values(number, values, lengths);
	const char *end, *word;
	char joint = n > 1 ? number->start[lengths[0]] : '\0';

	if (number->letters > 0)
		return FALSE;
	/* "20:00" */
	if (*number->end == ':' && g_ascii_isdigit(number->end[1]))
		return TRUE;
	if (number->start - text >= 2 && number->start[-1] == ':'
	    && g_ascii_isdigit(number->start[-2]))
		return TRUE;
	/* "12.30-14.30" */
	if (n == 4 && joint == '.' && number->start[lengths[0] + 1 + lengths[1]] == '-'
	    && MAX(values[0], values[2]) <= 24 && MAX(values[1], values[3]) <= 59)
		return TRUE;
	if (n == 3 && (joint == '.' || joint == '/' || lengths[2] == 4)
	    && number_is_day_and_month(values[0], values[1]) && lengths[0] <= 2 && lengths[1] <= 2
	    && (lengths[2] == 2
	        || (lengths[2] == 4 && values[2] / 100 >= 19 && values[2] / 100 <= 20)))
		return TRUE;
	if (n == 3 && lengths[0] == 4 && values[0] / 100 >= 19 && values[0] / 100 <= 20
	    && lengths[1] <= 2 && lengths[2] <= 2
	    && number_is_day_and_month(values[1], values[2]))
		return TRUE;
	if (n == 2 && joint == '/'
	    && ((number_is_day_and_month(values[0], values[1]) && lengths[0] <= 2
	         && lengths[1] <= 2)
	        || (lengths[0] <= 2 && values[0] <= 12 && lengths[1] == 4
	            && values[1] / 100 == 20)))
		return TRUE;
	/* "4 mei", "15. Juni", "mei 2024", "June 4" */
	if (n > 1 || (number->digits > 2 && !number->year))
		return FALSE;
	word = facts_word_after(number->end, &end);
	if (word != NULL && word - number->end <= 2
	    && memchr(number->end, '\n', word - number->end) == NULL && !number->year
	    && (facts_class(word, end - word) & FACT_BIT(FACT_MONTH)))
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
	static const char *const endings[] = { "straat",  "laan",   "weg",    "plein",
		                               "kade",    "gracht", "singel", "straße",
		                               "strasse", "str",    "allee" };
	char folded[LEXICON_WORD_MAX + 1];

	if (facts_class(word, length) & FACT_BIT(FACT_STREET))
		return TRUE;
	if (lexicon_fold(word, length, folded) == 0)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(folded, endings[i])
		    && strlen(folded) > strlen(endings[i]) + 1)
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
	if (length == 6 && number->digits == 4
	    && ascii_all(number->start, number->start + 4, ASCII_DIGIT)
	    && ascii_all(number->start + 4, number->end, ASCII_UPPER))
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
	/* "in 39104 Magdeburg" */
	word = facts_word_before(text, number->start, &end);
	if (number->digits >= 4 && number->letters == 0 && *p == ' ' && word != NULL
	    && g_unichar_isupper(g_utf8_get_char(p + 1)) && number->start - end == 1
	    && (facts_class(word, end - word) & FACT_BIT(FACT_PLACE)))
		return TRUE;
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

gboolean
number_is_model(const Number *number)
{
	const char *p = number->start;

	while (p < number->end && g_ascii_isalpha(*p))
		p++;
	return (facts_class(number->start, p - number->start) & FACT_BIT(FACT_MODEL)) != 0;
}

/* "15u", "70e", "500ml": small letters right behind the digits. */
static gboolean
has_unit_ending(const Number *number)
{
	const char *p = number->end;

	while (p > number->start && g_ascii_isalpha(p[-1]))
		p--;
	if (p == number->end || p == number->start || !g_ascii_isdigit(p[-1]))
		return FALSE;
	/* "2281G": four digits and a capital are an order's, but "2700K" is light. */
	if (number->digits >= 4 && g_ascii_isupper(*p)
	    && (number->joint || strchr("KVWLM", *p) == NULL))
		return FALSE;
	return (facts_class(p, number->end - p) & (FACT_BIT(FACT_UNIT) | FACT_BIT(FACT_SHORT)))
	           != 0
	       || (ascii_all(p, number->end, ASCII_LOWER) && number->digits <= 4);
}

/* "+31 6 12345678", "(020) 123 45 67", "030 / 123 45": what stands before belongs to it. */
static gboolean
is_telephone_part(const char *text, const Number *number)
{
	const char *from = number->start, *digit = NULL;
	guint digits = number->digits;

	if (number->letters > 0)
		return FALSE;
	while (from > text && number->start - from < 20 && !(from[-1] == '.' && *from == ' ')
	       && (g_ascii_isdigit(from[-1]) || strchr(" ()-./", from[-1]) != NULL)) {
		from--;
		if (g_ascii_isdigit(*from)) {
			digit = from;
			digits++;
		}
	}
	if (from > text && from[-1] == '+')
		return TRUE;
	/* "555-887-1212" */
	guint values[4], lengths[4];
	if (number->groups == 3 && number_group_values(number, values, lengths) == 3
	    && lengths[0] == 3 && lengths[1] == 3 && lengths[2] == 4 && number->joint)
		return TRUE;
	/* "06-555 01 43": and what stands behind. */
	const char *first = digit != NULL ? digit : number->start, *to = number->end;
	for (const char *p = to; p - to < 20; p++) {
		if (g_ascii_isdigit(*p))
			digits++;
		else if (*p == '\0' || strchr(" ()-/", *p) == NULL)
			break;
	}
	if (*first == '0' && digit == NULL)
		return digits > number->digits && digits >= 9 && digits <= 13;
	return digit != NULL && *digit == '0' && digits >= 8 && digits <= 13
	       && (digit == text || !g_ascii_isalnum(digit[-1]));
}

/* "192.168.10.100" */
static gboolean
is_net_address(const Number *number)
{
	guint values[4], lengths[4];
	guint n = number->letters == 0 ? number_group_values(number, values, lengths) : 0;

	return n == 4 && memchr(number->start, '-', number->end - number->start) == NULL
	       && memchr(number->start, '.', number->end - number->start) != NULL
	       && MAX(MAX(values[0], values[1]), MAX(values[2], values[3])) <= 255;
}

gboolean
number_is_something_else(const char *text, const Number *number)
{
	static const char *const after[] = { "%", "\xc2\xb0", "\xe2\x80\xb0", "\xe2\x80\xb3" };
	static const char section[] = "\xc2\xa7";
	const char *p = number->end, *before = number->start;
	const char *sign = *p == ' ' ? p + 1 : p;

	for (gsize i = 0; i < G_N_ELEMENTS(after); i++)
		if (*sign == after[i][0] && g_str_has_prefix(sign, after[i]))
			return TRUE;
	while (before > text && before[-1] == ' ')
		before--;
	if (before - text >= 2 && memcmp(before - 2, section, 2) == 0)
		return TRUE;
	return is_telephone_part(text, number) || is_net_address(number) || is_money(text, number)
	       || is_date_or_time(text, number) || has_unit_ending(number) || is_size(number)
	       || is_postal(text, number) || is_in_iban(text, number)
	       || is_in_address(text, number)
	       || facts_is_tracking(number->start, number->end - number->start);
}
