/* fuzz_guard.c - a whole mail past the guards. The first byte chooses the configuration, the
 * second line on is the mail. Whatever the bytes: an answer needs a permit, and its
 * recipient fits an SMTP command. */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "aardig/guard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BIT_ACCOUNT = 1, BIT_TOPMOST = 2, BIT_FORM = 4, BIT_SECRET = 8, BIT_LIST = 16, BIT_OFF = 32 };

static const char *const own[] = { "info@winkel.example", "@alles.example", NULL };
static const char *const own_lists[] = { "info.winkel.example", NULL };
static const char *const soft_off[] = { "role-sender", "unauthenticated", "not-addressed", "calendar",
	                                "bulk-sender", "auto-subject", "too-old", NULL };

static void
check_recipient(const GuardResult *result)
{
	g_assert(result->guard == NULL && result->permit != NULL && result->reason == NULL);
	g_autofree char *text = address_text(reply_permit_recipient(result->permit));
	Address parsed = { 0 };

	g_assert(address_parse(text, &parsed));
	address_clear(&parsed);
	g_assert(strlen(text) <= 254);
	for (const char *p = text; *p != '\0'; p++)
		g_assert((guchar) *p > 0x20 && (guchar) *p < 0x7f && strchr("<>\\", *p) == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *mail = size > 0 ? memchr(data, '\n', size) : NULL;

	if (mail == NULL)
		return 0;
	guint bits = data[0];
	mail++;

	FormSender form = { .address = (char *) "website@winkel.example" };
	if (bits & BIT_SECRET) {
		form.secret_field = (char *) "X-Key";
		form.secret_value = (char *) "geheim";
		form.customer_field = (char *) "E-mail";
	}
	g_autoptr(GPtrArray) forms = g_ptr_array_new();
	if (bits & BIT_FORM)
		g_ptr_array_add(forms, &form);
	Account account = { .name = (char *) "info", .addresses = (char **) own, .form_senders = forms };
	account.authserv_id = (char *) (bits & BIT_TOPMOST ? "topmost" : "mx");
	account.own_lists = bits & BIT_LIST ? (char **) own_lists : NULL;
	account.guards_off = bits & BIT_OFF ? (char **) soft_off : NULL;
	const GuardContext ctx = { .account = bits & BIT_ACCOUNT ? &account : NULL, .now = 1748851500 };

	g_autoptr(GBytes) raw = g_bytes_new(mail, size - (mail - data));
	g_autoptr(Message) message = message_parse(raw);
	g_autoptr(GuardResult) result = guard_check(message, &ctx);

	g_assert(result->rows->len == g_strv_length((char **) guard_names()));
	if (result->allowed)
		check_recipient(result);
	else
		g_assert(result->permit == NULL && result->guard != NULL && result->reason != NULL);
	return 0;
}
