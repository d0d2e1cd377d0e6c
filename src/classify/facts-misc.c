/* facts-misc.c - amounts, tracking codes of carriers, photos, and a shop's own shape of order
 * numbers. */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "classify/facts-order.h"

/* ---- amounts ---- */

/* "1.249,95", "1,249.95", "49,-", "49": in cents; the last separator with two digits behind it is
 * the decimal one. -1 for what is no amount. */
static gint64
parse_cents(const char *start, const char *end)
{
	gint64 value = 0;
	guint since = 0, digits = 0;
	gboolean decimals = FALSE;

	for (const char *p = start; p < end; p++) {
		if (*p == '.' || *p == ',') {
			since = 0;
			decimals = end - p == 3 && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]);
			continue;
		}
		if (!g_ascii_isdigit(*p) || ++digits > 10)
			return -1;
		value = value * 10 + (*p - '0');
		since++;
	}
	if (digits == 0)
		return -1;
	return decimals && since == 2 ? value : value * 100;
}

static const struct {
	const char *text, *code;
} currencies[] = {
	{ "\xe2\x82\xac", "EUR" }, { "euro", "EUR" },     { "euros", "EUR" }, { "eur", "EUR" },
	{ "eu", "EUR" },           { "$", "USD" },        { "usd", "USD" },   { "dollar", "USD" },
	{ "dollars", "USD" },      { "\xc2\xa3", "GBP" }, { "gbp", "GBP" },   { "pound", "GBP" },
	{ "pounds", "GBP" },       { "quid", "GBP" },     { "pond", "GBP" },  { "chf", "CHF" },
	{ "franken", "CHF" },
};

static const char *
currency_named(const char *start, gsize length)
{
	for (gsize i = 0; i < G_N_ELEMENTS(currencies); i++)
		if (g_ascii_tolower(*start) == currencies[i].text[0]
		    && strlen(currencies[i].text) == length
		    && g_ascii_strncasecmp(start, currencies[i].text, length) == 0)
			return currencies[i].code;
	return NULL;
}

/* The currency directly behind `p`, or, `before` it back to `text`. */
static const char *
currency_after(const char *p)
{
	const char *end, *word;

	while (*p == ' ' || g_str_has_prefix(p, "\xc2\xa0"))
		p += *p == ' ' ? 1 : 2;
	for (gsize i = 0; i < G_N_ELEMENTS(currencies); i++)
		if (*p == currencies[i].text[0] && !g_ascii_isalpha(*p)
		    && g_str_has_prefix(p, currencies[i].text))
			return currencies[i].code;
	word = facts_word_after(p, &end);
	return word == p && word != NULL ? currency_named(word, end - word) : NULL;
}

static const char *
currency_before(const char *text, const char *p)
{
	const char *end, *word;

	while (p > text && (p[-1] == ' ' || (guchar)p[-1] == 0xA0))
		p -= p[-1] == ' ' ? 1 : p - text >= 2 ? 2 : 1;
	for (gsize i = 0; i < G_N_ELEMENTS(currencies); i++) {
		gsize n = strlen(currencies[i].text);

		if (!g_ascii_isalpha(currencies[i].text[0]) && (gsize)(p - text) >= n
		    && memcmp(p - n, currencies[i].text, n) == 0)
			return currencies[i].code;
	}
	word = facts_word_before(text, p, &end);
	/* "EUR 49" but not "10 euro 49". */
	return word != NULL && end == p && end - word == 3 ? currency_named(word, end - word)
	                                                   : NULL;
}

char *
facts_find_amount(const char *text)
{
	const char *p = text;
	const char *best_currency = NULL;
	gint64 best = 0;

	while (p[0] != '\0' && p - text < FACTS_TEXT_MAX) {
		const char *start = p + strcspn(p, "0123456789"), *end = start, *currency;
		gint64 cents;

		if (*start == '\0')
			break;
		while (g_ascii_isdigit(*end)
		       || ((*end == '.' || *end == ',') && g_ascii_isdigit(end[1])))
			end++;
		p = end;
		if (end - start > 16)
			continue;
		/* "49,-" and "49,=" */
		const char *behind =
		    (end[0] == ',' && (end[1] == '-' || end[1] == '=')) ? end + 2 : end;
		currency = currency_before(text, start);
		if (currency == NULL)
			currency = currency_after(behind);
		if (currency == NULL && behind != end)
			currency = "EUR";
		cents = currency != NULL ? parse_cents(start, end) : -1;
		if (cents > best) {
			best = cents;
			best_currency = currency;
		}
	}
	if (best_currency == NULL)
		return NULL;
	return g_strdup_printf("%" G_GINT64_FORMAT ",%02d %s", best / 100, (int)(best % 100),
	                       best_currency);
}

/* ---- tracking codes ---- */

/* UPU S10: two letters, eight digits, a check digit, two letters of a country. */
static gboolean
is_s10(const char *text, gsize length)
{
	static const int weights[] = { 8, 6, 4, 2, 3, 5, 9, 7 };
	int sum = 0;

	if (length != 13 || !g_ascii_isupper(text[0]) || !g_ascii_isupper(text[1])
	    || !g_ascii_isupper(text[11]) || !g_ascii_isupper(text[12]))
		return FALSE;
	for (guint i = 2; i < 11; i++)
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
	for (guint i = 0; i < 8; i++)
		sum += weights[i] * (text[2 + i] - '0');
	int check = 11 - sum % 11;
	check = check == 10 ? 0 : check == 11 ? 5 : check;
	return check == text[10] - '0';
}

/* UPS: 1Z, fifteen letters or digits, a check digit. Letters count as (position in A..Z + 2)
 * mod 10. */
static gboolean
is_ups(const char *text, gsize length)
{
	int sum = 0;

	if (length != 18 || memcmp(text, "1Z", 2) != 0 || !g_ascii_isdigit(text[17]))
		return FALSE;
	for (guint i = 2; i < 17; i++) {
		char c = text[i];
		int value;

		if (g_ascii_isdigit(c))
			value = c - '0';
		else if (g_ascii_isupper(c))
			value = (c - 'A' + 2) % 10;
		else
			return FALSE;
		sum += i % 2 == 0 ? value : 2 * value;
	}
	return (10 - sum % 10) % 10 == text[17] - '0';
}

static gboolean
all_digits(const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
	return length > 0;
}

/* Prefixes with what follows them; min and max count the rest. */
static const struct {
	const char *prefix;
	guint min, max;
	gboolean digits; /* the rest is digits only */
} shapes[] = {
	{ "3S", 9, 15, FALSE },   /* PostNL: 3SABCD1234567, 3STBCD... */
	{ "JVGL", 12, 22, TRUE }, /* DHL Parcel */
	{ "JJD", 16, 24, FALSE }, /* DHL */
	{ "JD", 16, 20, TRUE },     { "GM", 16, 20, TRUE },
	{ "LX", 9, 9, TRUE },       { "TBA", 12, 12, TRUE }, /* Amazon */
	{ "323", 21, 21, TRUE },                             /* bpost, 24 digits */
	{ "003404", 14, 14, TRUE },                          /* DHL, SSCC of 20 digits */
	{ "6A", 11, 11, TRUE },     { "6C", 11, 11, TRUE },  /* Colissimo */
	{ "6M", 11, 11, TRUE },     { "8R", 11, 11, TRUE },
};

gboolean
facts_is_tracking(const char *text, gsize length)
{
	if (length < 11 || length > 40 || !(g_ascii_isupper(*text) || g_ascii_isdigit(*text)))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
		gsize n = strlen(shapes[i].prefix);
		gboolean good = TRUE;

		if (length < n + shapes[i].min || length > n + shapes[i].max
		    || memcmp(text, shapes[i].prefix, n) != 0)
			continue;
		for (gsize j = n; j < length && good; j++)
			good = g_ascii_isdigit(text[j])
			       || (!shapes[i].digits && g_ascii_isupper(text[j]));
		if (good)
			return TRUE;
	}
	return is_s10(text, length) || is_ups(text, length);
}

/* Codes that are digits alone: told by the carrier's name, or "tracking", near them. */
static const struct {
	const char *word;
	guint lengths[4];
} carriers[] = {
	{ "dpd", { 14 } },        { "gls", { 11, 12 } },   { "dhl", { 10, 12, 20 } },
	{ "hermes", { 14, 16 } }, { "ups", { 12 } },       { "fedex", { 12, 15 } },
	{ "tnt", { 9 } },         { "bpost", { 24 } },     { "mondial", { 8 } },
	{ "relay", { 8 } },       { "colissimo", { 13 } }, { "chronopost", { 13 } },
	{ "evri", { 16 } },       { "trunkrs", { 9 } },    { "homerr", { 12 } },
};

static gboolean
is_carriers(const char *text, const char *start, gsize length)
{
	const char *at = start, *end, *word;

	for (guint i = 0; i < 6 && (word = facts_word_before(text, at, &end)) != NULL;
	     i++, at = word) {
		for (gsize j = 0; j < G_N_ELEMENTS(carriers); j++) {
			if (strlen(carriers[j].word) != (gsize)(end - word)
			    || g_ascii_strncasecmp(word, carriers[j].word, end - word) != 0)
				continue;
			for (guint k = 0; k < G_N_ELEMENTS(carriers[j].lengths); k++)
				if (carriers[j].lengths[k] == length)
					return TRUE;
		}
		if (length >= 10 && end - word >= 5
		    && (g_ascii_strncasecmp(word, "track", 5) == 0
		        || g_ascii_strncasecmp(word, "suivi", 5) == 0
		        || (end - word >= 8 && g_ascii_strncasecmp(word, "sendungs", 8) == 0)
		        || (end - word >= 8 && g_ascii_strncasecmp(word, "zendings", 8) == 0)))
			return TRUE;
	}
	return FALSE;
}

char *
facts_find_tracking(const char *text)
{
	const char *p = text;

	while (*p != '\0' && p - text < FACTS_TEXT_MAX) {
		/* every code has a digit */
		const char *start = p + strcspn(p, "0123456789"), *end = start;

		while (start > p && g_ascii_isalnum(start[-1]))
			start--;
		while (g_ascii_isalnum(*end))
			end++;
		p = end;
		if (facts_is_tracking(start, end - start)
		    || (end - start >= 8 && end - start <= 24 && all_digits(start, end - start)
		        && is_carriers(text, start, end - start)))
			return g_strndup(start, end - start);
	}
	return NULL;
}

/* ---- photos ---- */

gboolean
facts_find_photo(const FactsSource *source)
{
	static const char *const words[] = { "foto",       "photo",         "bild",
		                             "picture",    "afbeelding",    "image",
		                             "screenshot", "clich\xc3\xa9", "pic" };

	if (source->image)
		return TRUE;
	/* A PDF or a video that the text calls a photo. */
	for (guint i = 0; source->attachment && i < source->body->n; i++)
		for (gsize j = 0; j < G_N_ELEMENTS(words); j++)
			if (g_str_has_prefix(token_fold(source->body, i), words[j]))
				return TRUE;
	return FALSE;
}

/* ---- the shop's own patterns ---- */

#define MATCH_LIMIT 20000

/* Compiled once per pattern: a shop has one or two, a process sees the same ones again and again.
 */
static pcre2_code *
compiled(const char *pattern)
{
	static GHashTable *cache;
	pcre2_code *code;
	PCRE2_SIZE offset;
	int number;

	if (cache == NULL)
		cache = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
		                              (GDestroyNotify)pcre2_code_free);
	code = g_hash_table_lookup(cache, pattern);
	if (code != NULL)
		return code;
	/* Settings have checked it; one that does not compile finds nothing. */
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_UCP,
	                     &number, &offset, NULL);
	if (code != NULL)
		g_hash_table_insert(cache, g_strdup(pattern), code);
	return code;
}

/* The first group if the pattern has one, else all of the match. */
static char *
match_pattern(const char *pattern, const char *text, gsize limit)
{
	pcre2_code *code = compiled(pattern);
	pcre2_match_data *data;
	pcre2_match_context *context;
	gsize length = strnlen(text, limit);
	char *found = NULL;

	if (code == NULL)
		return NULL;
	while (length > 0 && length == limit && ((guchar)text[length] & 0xC0) == 0x80)
		length--;
	data = pcre2_match_data_create_from_pattern(code, NULL);
	context = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(context, MATCH_LIMIT);
	int groups = pcre2_match(code, (PCRE2_SPTR)text, length, 0, 0, data, context);
	if (groups > 0) {
		const PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);
		guint group = groups > 1 && at[2] != PCRE2_UNSET ? 1 : 0;

		if (at[2 * group + 1] > at[2 * group])
			found =
			    g_strndup(text + at[2 * group], at[2 * group + 1] - at[2 * group]);
	}
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
	return found;
}

char *
facts_match_order_patterns(const FactsSource *source)
{
	const char *const texts[] = { source->own, source->subject, source->quoted };

	for (guint i = 0; source->order_patterns != NULL && i < G_N_ELEMENTS(texts); i++)
		for (guint j = 0; source->order_patterns[j] != NULL; j++) {
			char *found =
			    match_pattern(source->order_patterns[j], texts[i], FACTS_TEXT_MAX);

			if (found != NULL)
				return found;
		}
	return NULL;
}
