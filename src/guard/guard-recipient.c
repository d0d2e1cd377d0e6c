/* guard-recipient.c - to whom an answer may go, and the row for mail without anybody to answer.
 *
 * RFC 3834 s.4: whoever follows From or Reply-To blindly sends a stranger's text to whom the
 * stranger chooses. So From must agree with the envelope, or be vouched for; Reply-To may
 * only move the answer within From's own domain; and nothing is guessed. */
#include "config.h"

#include <string.h>

#include "guard/guard-private.h"

#define DOMAIN_MAX 253

gboolean
same_organisation(const char *domain, const char *other)
{
	if (*domain == '\0' || *other == '\0' || strlen(domain) > DOMAIN_MAX ||
	    strlen(other) > DOMAIN_MAX)
		return FALSE;
	if (g_ascii_strcasecmp(domain, other) == 0)
		return TRUE;
	g_autofree char *a = address_org_domain(domain);
	g_autofree char *b = address_org_domain(other);
	return a != NULL && b != NULL && g_ascii_strcasecmp(a, b) == 0;
}

Address *
address_dup(const Address *address)
{
	Address *copy = g_new0(Address, 1);

	copy->name = g_strdup(address->name);
	copy->local = g_strdup(address->local);
	copy->domain = g_strdup(address->domain);
	return copy;
}

gboolean
address_is_usable(const Address *address)
{
	Address parsed = { 0 };

	if (address->local[0] == '\0' || strchr(address->domain, '.') == NULL)
		return FALSE;
	g_autofree char *text = address_text(address);
	if (!address_parse(text, &parsed))
		return FALSE;
	address_clear(&parsed);
	return TRUE;
}

/* ---- From ---- */

void
case_find_from(GuardCase *c)
{
	const GPtrArray *addresses = message_addresses(c->message, "From");

	if (message_header_count(c->message, "From") == 0) {
		c->from_trouble = "there is no From field";
		return;
	}
	if (addresses->len == 0) {
		c->from_trouble = "From holds no address";
		return;
	}
	const Address *first = g_ptr_array_index(addresses, 0);
	for (guint i = 1; i < addresses->len; i++) {
		if (!address_equal(first, g_ptr_array_index(addresses, i))) {
			c->from_trouble = "From holds more than one address";
			return;
		}
	}
	if (first->domain[0] == '\0')
		c->from_trouble = "the address in From has no domain";
	else if (!address_is_usable(first))
		c->from_trouble = "the address in From is none a mail can be sent to";
	else
		c->from = first;
}

/* ---- Reply-To ---- */

/* More than one, and one of them lies outside From's domain: an amplifier. */
static gboolean
reply_to_is_hostile(const GuardCase *c)
{
	const GPtrArray *addresses = message_addresses(c->message, "Reply-To");

	if (c->from == NULL || addresses->len < 2)
		return FALSE;
	for (guint i = 0; i < addresses->len; i++) {
		const Address *address = g_ptr_array_index(addresses, i);

		if (!same_organisation(address->domain, c->from->domain))
			return TRUE;
	}
	return FALSE;
}

/* From, or the single Reply-To within From's domain. At a mail provider every mailbox is another
 * stranger, so there Reply-To moves nothing. */
static const Address *
from_or_reply_to(const GuardCase *c)
{
	const GPtrArray *addresses = message_addresses(c->message, "Reply-To");

	if (addresses->len != 1)
		return c->from;
	const Address *reply_to = g_ptr_array_index(addresses, 0);
	if (!address_is_usable(reply_to) || !same_organisation(reply_to->domain, c->from->domain) ||
	    guard_is_mail_provider(c->ctx->settings, c->from->domain))
		return c->from;
	return reply_to;
}

/* ---- the rule ---- */

static gboolean
from_agrees(const GuardCase *c)
{
	const ReversePath *reverse = &c->reverse;

	if (c->from_verified || reverse->kind == REVERSE_UNKNOWN)
		return TRUE;
	/* A forwarder says nothing about From; but a sender who forwards their own mail is
	 * themselves. */
	if (reverse->kind != REVERSE_ADDRESS && reverse->kind != REVERSE_FORWARDER)
		return FALSE;
	return address_equal(c->from, &reverse->address) ||
	       same_organisation(c->from->domain, reverse->address.domain);
}

static const Address *
pick_recipient(const GuardCase *c, const char **nobody_out)
{
	const ReversePath *reverse = &c->reverse;

	if (c->form_unproven) {
		*nobody_out = "it claims to come from a contact form, but neither the trusted mail "
		              "server nor the form's secret proves it";
		return NULL;
	}
	if (c->relayed) {
		*nobody_out = c->form != NULL ? "the contact form names no single customer"
		                              : "our mail server vouches neither for the list nor "
		                                "for who is behind it";
		return c->customer;
	}
	if (c->own_list) {
		*nobody_out = "the list does not say who wrote";
		return NULL;
	}
	*nobody_out = c->from_trouble;
	if (c->from == NULL)
		return NULL;
	if (reply_to_is_hostile(c)) {
		*nobody_out = "it has more than one Reply-To address, not all within From's domain";
		return NULL;
	}
	if (from_agrees(c))
		return from_or_reply_to(c);

	if (reverse->kind == REVERSE_FORWARDER)
		*nobody_out = "a forwarder replaced the envelope sender, "
		              "and nothing vouches for From";
	else if (reverse->verp)
		*nobody_out = "the envelope sender is made for bounces, "
		              "and nothing vouches for From";
	else
		*nobody_out = "the envelope sender is no address a mail can be sent to, "
		              "and nothing vouches for From";
	if (reverse->kind == REVERSE_ADDRESS && !reverse->verp &&
	    address_is_usable(&reverse->address))
		return &reverse->address;
	return NULL;
}

/* Who wrote, for the human's draft: as a mail program would answer, but within From's domain. */
static const Address *
pick_correspondent(const GuardCase *c)
{
	if (c->relayed)
		return c->customer != NULL ? c->customer : c->claimed;
	if (c->form_unproven || c->own_list)
		return NULL;
	if (c->from != NULL)
		return reply_to_is_hostile(c) ? c->from : from_or_reply_to(c);
	return NULL;
}

void
case_find_recipient(GuardCase *c)
{
	const char *nobody = NULL;
	const Address *recipient = pick_recipient(c, &nobody);
	const Address *correspondent = pick_correspondent(c);

	if (recipient != NULL)
		c->recipient = address_dup(recipient);
	else
		c->nobody = nobody;
	if (correspondent != NULL)
		c->correspondent = address_dup(correspondent);
}

GuardVerdict
check_no_sender(const GuardCase *c, Finding *finding)
{
	/* Where the envelope is null, null-sender says so. */
	if (c->recipient != NULL || (c->reverse.kind == REVERSE_NULL && c->from != NULL))
		return GUARD_PASS;
	return hold(finding, "nobody to answer: %s", c->nobody);
}
