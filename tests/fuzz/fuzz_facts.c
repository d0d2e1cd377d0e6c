/* fuzz_facts.c - a subject (the first line) and a body (the rest, any bytes) through language and
 * facts: what comes out lies in what went in, and what is called safe is short, printable and on
 * one line. */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "classify/facts-private.h"
#include "classify/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is called safe. */
static void
check_safe(const char *text)
{
	if (!facts_order_number_is_safe(text))
		return;
	g_assert(strlen(text) <= 20 && strpbrk(text, "0123456789") != NULL);
	g_assert(strpbrk(text, "\r\n\t<>@:{}%\"'&") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
	static const char *const patterns[] = { "K-([0-9]+)", NULL };

	if (end == NULL || size > 262144)
		return 0;
	/* A message gives valid UTF-8 without NUL to the facts. */
	g_autofree char *raw = g_strndup((const char *)data, end - data);
	g_autofree char *raw_body = g_strndup((const char *)end + 1, size - (end + 1 - data));
	g_autofree char *subject = g_utf8_make_valid(raw, -1);
	g_autofree char *text = g_utf8_make_valid(raw_body, -1);
	g_autoptr(Tokens) body = tokens_new(text, -1);
	FactsSource source = { .subject = subject,
		               .own = text,
		               .quoted = subject,
		               .from_name = subject,
		               .language = "nl",
		               .body = body,
		               .now = 1750000000,
		               .order_patterns = patterns,
		               .attachment = TRUE };
	Facts facts = { 0 };
	double margin;

	g_assert(language_of(body, &margin) != NULL && margin >= 0.0 && margin <= 1.0);
	facts_read(&source, &facts);
	g_assert(facts.order_number == NULL || g_utf8_validate(facts.order_number, -1, NULL));
	check_safe(facts.order_number);
	check_safe(text);
	check_safe(subject);
	g_assert(facts.customer_name == NULL || strstr(text, facts.customer_name) != NULL);
	g_assert(facts.first_name == NULL || facts_first_name_is_safe(facts.first_name));
	g_assert(facts.deadline == NULL || strstr(text, facts.deadline) != NULL);
	g_assert((facts.deadline == NULL) == (facts.deadline_time == 0));
	g_assert(facts.tracking == NULL || strlen(facts.tracking) <= 40);
	g_assert(facts.amount == NULL || strlen(facts.amount) < 40);
	facts_clear(&facts);
	return 0;
}
