/* guard-own.c - which addresses are ours, and the two rows that ask: own-mail and not-addressed. */
#include "config.h"

#include <string.h>

#include "guard/guard-private.h"

#define ADDRESSES_MAX 1000 /* message.h keeps no more */

static gboolean
field_has(const GuardCase *c, const char *field, const Address *address)
{
	const GPtrArray *addresses = message_addresses(c->message, field);

	for (guint i = 0; i < addresses->len; i++)
		if (address_equal(g_ptr_array_index(addresses, i), address))
			return TRUE;
	return FALSE;
}

gboolean
case_is_own(const GuardCase *c, const Address *address)
{
	const Settings *settings = c->ctx->settings;

	if (address->domain[0] == '\0')
		return FALSE;
	g_autofree char *text = address_text(address);
	/* What was delivered here was addressed to us, under whatever alias. */
	if (settings_same_address(c->ctx->envelope.recipient, text))
		return TRUE;
	if (c->implicit_own)
		return field_has(c, "To", address) || field_has(c, "Cc", address);
	for (gsize i = 0; c->ctx->own != NULL && c->ctx->own[i] != NULL; i++)
		if (settings_same_address(c->ctx->own[i], text))
			return TRUE;
	if (c->account != NULL && settings_account_owns_address(c->account, text))
		return TRUE;
	return settings != NULL && settings->accounts != NULL && settings->routes != NULL &&
	       settings_is_own_address(settings, text);
}

static const Address *
own_in_field(const GuardCase *c, const char *field)
{
	const GPtrArray *addresses = message_addresses(c->message, field);

	for (guint i = 0; i < addresses->len && i < ADDRESSES_MAX; i++)
		if (case_is_own(c, g_ptr_array_index(addresses, i)))
			return g_ptr_array_index(addresses, i);
	return NULL;
}

static GuardVerdict
hold_own(Finding *finding, const char *where, const Address *address)
{
	g_autofree char *text = address_text(address);
	g_autofree char *what = g_strdup_printf("%s is our own address", where);

	return hold_quoted(finding, what, text);
}

GuardVerdict
check_own_mail(const GuardCase *c, Finding *finding)
{
	static const char *const fields[] = { "From", "Reply-To" };
	const ReversePath *reverse = &c->reverse;

	/* Forms and our own lists write from our address; who wrote is another, unless it is us. */
	if (c->relayed) {
		if (c->customer != NULL && case_is_own(c, c->customer))
			return hold_own(finding, "who filled in the form", c->customer);
		return GUARD_PASS;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		const Address *own = own_in_field(c, fields[i]);

		if (own != NULL)
			return hold_own(finding, fields[i], own);
	}
	/* Our mailbox elsewhere forwards to this one and puts itself in the envelope
	 * (+caf_=). A trusted DMARC pass then proves that the customer wrote it all the
	 * same. */
	if (reverse->kind == REVERSE_ADDRESS ||
	    (reverse->kind == REVERSE_FORWARDER && !c->from_verified))
		if (case_is_own(c, &reverse->address))
			return hold_own(finding, "the envelope sender", &reverse->address);
	return GUARD_PASS;
}

GuardVerdict
check_not_addressed(const GuardCase *c, Finding *finding)
{
	static const char *const fields[] = { "To", "Cc", "Resent-To", "Resent-Cc", "Resent-Bcc" };

	if (c->form != NULL)
		return GUARD_PASS;
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		/* Nothing configured: any address there is ours. */
		if (c->implicit_own && message_addresses(c->message, fields[i])->len > 0)
			return GUARD_PASS;
		if (own_in_field(c, fields[i]) != NULL)
			return GUARD_PASS;
	}
	return hold(finding, "none of our addresses is in To, Cc or Resent-To");
}
