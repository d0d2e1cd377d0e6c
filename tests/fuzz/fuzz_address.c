/* fuzz_address.c - any bytes as an address, and as the value of an address field. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aardig/message.h"

/* What address_parse() lets through goes on an SMTP command line. */
static void
check_safe(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 127)
			abort();
	if (strlen(text) > 254 || strrchr(text, '@') == NULL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *) data, size);
	g_autoptr(GString) mail = g_string_new("From: ");
	Address address = { 0 };

	if (address_parse(text, &address)) {
		g_autofree char *whole = address_text(&address), *org = address_org_domain(address.domain);
		Address again = { 0 };
		check_safe(whole);
		if (!g_str_has_suffix(address.domain, org))
			abort();
		if (!address_parse(whole, &again) || !address_equal(&address, &again))
			abort();
		address_clear(&again);
		address_clear(&address);
	}
	g_string_append_len(mail, (const char *) data, size);
	g_string_append(mail, "\n\nx");
	g_autoptr(GBytes) raw = g_bytes_new(mail->str, mail->len);
	g_autoptr(Message) m = message_parse(raw);
	const GPtrArray *list = message_addresses(m, "From");
	for (guint i = 0; i < list->len; i++) {
		const Address *one = list->pdata[i];
		if (one->local == NULL || one->domain == NULL || !g_utf8_validate(one->local, -1, NULL) ||
		    (one->name != NULL && !g_utf8_validate(one->name, -1, NULL)))
			abort();
	}
	return 0;
}
