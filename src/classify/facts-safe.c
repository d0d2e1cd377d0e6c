/* facts-safe.c - may a fact stand in an automatic mail? And the shapes that are never order
 * numbers.
 *
 * Two facts are all of a stranger's bytes that an acknowledgement may carry, so they must not be
 * able to carry a message: no URL, no telephone number, no account to pay to, no words. */
#include "config.h"

#include <string.h>

#include "classify/facts-private.h"

#define ORDER_NUMBER_MAX 20
#define FIRST_NAME_MIN 2
#define FIRST_NAME_MAX 20

static guint
count_digits(const char *text, gsize length)
{
	guint digits = 0;

	for (gsize i = 0; i < length; i++)
		digits += g_ascii_isdigit(text[i]);
	return digits;
}

gboolean
facts_is_iban(const char *text, gsize length)
{
	char plain[40];
	gsize n = 0;
	guint rest = 0;

	for (gsize i = 0; i < length; i++) {
		if (text[i] == ' ' || text[i] == '.' || text[i] == '-')
			continue;
		if (!g_ascii_isalnum(text[i]) || n == 34)
			return FALSE;
		plain[n++] = g_ascii_toupper(text[i]);
	}
	if (n < 15 || !g_ascii_isalpha(plain[0]) || !g_ascii_isalpha(plain[1])
	    || !g_ascii_isdigit(plain[2]) || !g_ascii_isdigit(plain[3]))
		return FALSE;
	/* ISO 13616: the first four to the end, letters as 10 to 35, remainder 1 by 97. */
	for (gsize i = 0; i < n; i++) {
		char c = plain[(i + 4) % n];

		if (g_ascii_isdigit(c))
			rest = (rest * 10 + (c - '0')) % 97;
		else
			rest = (rest * 100 + (c - 'A' + 10)) % 97;
	}
	return rest == 1;
}

/* The shape alone: an account that was mistyped is still one to pay to. */
static gboolean
looks_like_iban(const char *text)
{
	guint rest = 0;

	if (!g_ascii_isalpha(text[0]) || !g_ascii_isalpha(text[1]) || !g_ascii_isdigit(text[2])
	    || !g_ascii_isdigit(text[3]))
		return FALSE;
	for (const char *p = text + 4; *p != '\0'; p++)
		rest += g_ascii_isalnum(*p) != 0;
	return rest >= 11;
}

/* Mobile numbers with the country before them and the plus left out. */
static const struct {
	const char *prefix;
	guint digits;
} mobiles[] = { { "316", 11 }, { "324", 11 },  { "336", 11 },  { "337", 11 },
	        { "447", 12 }, { "4915", 13 }, { "4916", 12 }, { "4917", 12 } };

/* "06-12345678", "0475 12 34 56", "+32...", "0031...": nine digits or more after a zero.
 * Separators alone make "0900-1234" one too. */
static gboolean
looks_like_telephone(const char *text)
{
	guint digits = count_digits(text, strlen(text));

	for (const char *p = text; *p != '\0'; p++)
		if (g_ascii_isalpha(*p) || *p == '_' || *p == '#')
			return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(mobiles); i++)
		if (digits == mobiles[i].digits && g_str_has_prefix(text, mobiles[i].prefix))
			return TRUE;
	if (text[0] != '0')
		return FALSE;
	return (digits >= 9 && digits <= 15) || g_str_has_prefix(text, "0900")
	       || g_str_has_prefix(text, "0800") || g_str_has_prefix(text, "0906")
	       || g_str_has_prefix(text, "0909");
}

/* "a.nl", "x9.example/pay": a dot with letters on both sides is a host to click on. */
static gboolean
looks_like_url(const char *text)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);

	if (g_str_has_prefix(lower, "www") || strstr(lower, "//") != NULL
	    || strstr(lower, "http") != NULL)
		return TRUE;
	for (const char *dot = strchr(text, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
		const char *after = dot + 1;
		guint letters = 0;

		while (g_ascii_isalpha(*after)) {
			letters++;
			after++;
		}
		/* A top-level domain is letters only and ends the host. */
		if (letters >= 2 && !g_ascii_isdigit(*after))
			return TRUE;
	}
	return FALSE;
}

/* Longest run of letters: "KILL-YOU-1" is a message, "SO2022/1617" is not. */
static guint
longest_letters(const char *text)
{
	guint longest = 0, run = 0;

	for (const char *p = text; *p != '\0'; p++) {
		run = g_ascii_isalpha(*p) ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	return longest;
}

gboolean
facts_order_number_is_safe(const char *order_number)
{
	guint digits, letters = 0;

	if (order_number == NULL)
		return FALSE;
	gsize length = strlen(order_number);
	if (length == 0 || length > ORDER_NUMBER_MAX)
		return FALSE;
	for (gsize i = 0; i < length; i++) {
		char c = order_number[i];

		letters += g_ascii_isalpha(c) != 0;
		if (g_ascii_isalnum(c))
			continue;
		if (strchr("-./_# ", c) == NULL)
			return FALSE;
		if (c == ' ' && (i == 0 || i + 1 == length || order_number[i + 1] == ' '))
			return FALSE;
	}
	digits = count_digits(order_number, length);
	/* Letters up to a shop's prefix and suffix; never more of them than a word's worth. */
	if (digits == 0 || letters > 10 || longest_letters(order_number) > 6
	    || letters > 2 * digits + 2)
		return FALSE;
	return !looks_like_telephone(order_number) && !looks_like_iban(order_number)
	       && !facts_is_iban(order_number, length) && !looks_like_url(order_number);
}

gboolean
facts_first_name_is_safe(const char *first_name)
{
	glong letters = 0, marks = 0;
	gboolean joined = TRUE; /* the last character was no letter */
	GUnicodeScript script = G_UNICODE_SCRIPT_COMMON;

	if (first_name == NULL || !g_utf8_validate(first_name, -1, NULL))
		return FALSE;
	for (const char *p = first_name; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c == '-' || c == '\'' || c == 0x2019) {
			if (joined)
				return FALSE;
			joined = TRUE;
			marks++;
			continue;
		}
		if (!g_unichar_isalpha(c) || g_unichar_iswide(c))
			return FALSE;
		/* Letters of two scripts in one word are a disguise. */
		GUnicodeScript own = g_unichar_get_script(c);
		if (own != G_UNICODE_SCRIPT_COMMON && own != G_UNICODE_SCRIPT_INHERITED) {
			if (script != G_UNICODE_SCRIPT_COMMON && script != own)
				return FALSE;
			script = own;
		}
		joined = FALSE;
		letters++;
	}
	return letters >= FIRST_NAME_MIN && letters + marks <= FIRST_NAME_MAX && marks <= 2
	       && !joined;
}
