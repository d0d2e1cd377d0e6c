/* guard-sender.c - senders that are no person, told by their address: null and MAILER-DAEMON,
 * robots, roles, noreply, and the envelope of lists.
 *
 * Words are anchored (guard-words.c): daemonologie@, norepinephrine@ and owner@ are
 * customers. */
#include "config.h"

#include <string.h>

#include "guard/guard-private.h"

#define SAME_FIELD_MAX 20 /* addresses of one field that are looked at */

GuardVerdict
check_null_sender(const GuardCase *c, Finding *finding)
{
	if (c->reverse.null_where == NULL)
		return GUARD_PASS;
	return hold(finding, "%s says that there is no sender (<> or MAILER-DAEMON)",
	            c->reverse.null_where);
}

/* ---- words in From, Sender, Reply-To and the envelope sender ---- */

typedef gboolean (*WordTest)(const char *local, const char *const *words);

static const Address *
field_match(const GuardCase *c, const char *field, WordTest test, const char *const *words)
{
	const GPtrArray *addresses = message_addresses(c->message, field);

	for (guint i = 0; i < addresses->len && i < SAME_FIELD_MAX; i++) {
		const Address *address = g_ptr_array_index(addresses, i);

		if (test(address->local, words))
			return address;
	}
	return NULL;
}

static GuardVerdict
hold_address(Finding *finding, const char *what, const Address *address)
{
	g_autofree char *text = address_text(address);

	return hold_quoted(finding, what, text);
}

/* Holds if a field of `fields`, the envelope sender or the customer of a form has one of the
 * words. */
static GuardVerdict
check_words(const GuardCase *c, Finding *finding, const char *what, const char *const *fields,
            WordTest test, const char *const *words)
{
	const Address *address;

	for (gsize i = 0; fields[i] != NULL; i++)
		if ((address = field_match(c, fields[i], test, words)) != NULL)
			return hold_address(finding, what, address);
	if (c->customer != NULL && test(c->customer->local, words))
		return hold_address(finding, what, c->customer);
	return GUARD_PASS;
}

/* The envelope sender's local part, unwrapped; or all of it where it is no address ("root"). */
static const char *
envelope_local(const GuardCase *c)
{
	if (c->reverse.kind == REVERSE_ADDRESS || c->reverse.kind == REVERSE_FORWARDER)
		return c->reverse.address.local;
	return c->reverse.kind == REVERSE_UNUSABLE ? c->reverse.told : NULL;
}

GuardVerdict
check_robot_sender(const GuardCase *c, Finding *finding)
{
	/* RFC 5230 s.4.6, and what else Unix and list servers call themselves. */
	static const char *const robots[] = {
		"mailer-daemon", "mail-daemon", "mailer-deamon", "daemon", "listserv", "listproc",
		"majordomo", "majordom", "uucp", "nuucp", "cron", "crond", "cron-daemon", "anacron",
		"mmdf", "mdaemon", "autoreply", "auto-reply", "autoresponder", "auto-responder",
		"autoanswer", NULL
	};
	/* Exchange's system mailbox: MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@ */
	static const char exchange[] = "microsoftexchange";
	static const char what[] = "a mail system sent it";
	static const char *const fields[] = { "From", "Sender", NULL };
	const char *local = envelope_local(c);

	if (check_words(c, finding, what, fields, local_is_word, robots) == GUARD_HOLD)
		return GUARD_HOLD;
	/* Where the envelope is MAILER-DAEMON this row agrees with null-sender. */
	if (local == NULL && c->reverse.kind == REVERSE_NULL && c->reverse.told != NULL)
		local = c->reverse.told;
	if (local == NULL)
		local = "";
	g_autofree char *name = g_strndup(local, strcspn(local, "@"));
	if (local_is_word(name, robots))
		return hold_quoted(finding, what, local);
	if (c->from != NULL && strlen(c->from->local) == strlen(exchange) + 32 &&
	    g_ascii_strncasecmp(c->from->local, exchange, strlen(exchange)) == 0)
		return hold_address(finding, what, c->from);
	return GUARD_PASS;
}

GuardVerdict
check_role_sender(const GuardCase *c, Finding *finding)
{
	/* Not info@, admin@, webmaster@: in small firms these are people. */
	static const char *const roles[] = {
		"postmaster", "hostmaster", "root", "abuse", "system", "administrator", "nobody",
		"noc", "listmaster", "mailmaster", "usenet", "www-data", "apache", "nginx",
		"monitoring", "nagios", "zabbix", "icinga", "munin", "monit", NULL
	};
	static const char *const from[] = { "From", NULL };
	static const char *const none[] = { NULL };

	/* A form's From is the web server; the customer is another. */
	return check_words(c, finding, "a role sent it, perhaps a machine",
	                   c->relayed ? none : from, local_is_word, roles);
}

GuardVerdict
check_noreply(const GuardCase *c, Finding *finding)
{
	static const char *const words[] = {
		"no-reply", "no-replies", "no-reponse", "no-response", "no-respond", "no-answer",
		"do-not-reply", "dont-reply", "donot-reply", "do-not-respond", "do-not-answer",
		"never-reply", "not-reply", "unmonitored",
		"geen-antwoord", "geen-reactie", "geen-reply", "niet-beantwoorden",
		"niet-antwoorden", "niet-reageren", "niet-op-antwoorden", "niet-replyen",
		"keine-antwort", "keine-antworten", "nicht-antworten", "nicht-beantworten",
		"bitte-nicht-antworten", "antworten-nicht",
		"ne-pas-repondre", "ne-pas-r\xc3\xa9pondre", "ne-repondez-pas", "nepasrepondre",
		"pas-de-reponse", "sans-reponse",
		"no-responder", "no-responda", "non-rispondere", "nao-responder", "nao-responda",
		"ikke-svar", "svar-ikke", NULL
	};
	static const char *const fields[] = { "From", "Reply-To", "Sender", NULL };
	static const char *const none[] = { NULL };
	const char *local = envelope_local(c);

	/* Forms are sent by wordpress@ and noreply@; the customer is in Reply-To. */
	if (check_words(c, finding, "the sender wants no answer", c->form != NULL ? none : fields,
	                local_has_word, words) == GUARD_HOLD)
		return GUARD_HOLD;
	if (c->form == NULL && local != NULL && local_has_word(local, words))
		return hold_quoted(finding, "the envelope sender wants no answer", local);
	return GUARD_PASS;
}

/* ---- lists ---- */

GuardVerdict
check_list_envelope(const GuardCase *c, Finding *finding)
{
	static const char *const suffixes[] = { "-owner", "-request", "-bounces", "-bounce" };
	const char *local = envelope_local(c);

	if (local == NULL || c->form != NULL || c->own_list)
		return GUARD_PASS;
	if (c->reverse.verp)
		return hold_quoted(finding, "the envelope sender is made for bounces", local);

	g_autofree char *lower = g_ascii_strdown(local, strcspn(local, "@"));
	if (g_str_has_prefix(lower, "owner-") && lower[6] != '\0')
		return hold_quoted(finding, "the envelope sender is a list's owner", local);
	for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++)
		if (g_str_has_suffix(lower, suffixes[i]) && strlen(lower) > strlen(suffixes[i]))
			return hold_quoted(finding, "the envelope sender is a list program", local);
	return GUARD_PASS;
}
