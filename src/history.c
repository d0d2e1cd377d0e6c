/* history.c - the ledger as the guards see it: handled before? thread acknowledged? budget left?
 * ours? */
#include "config.h"

#include <string.h>

#include "aardig/pipeline.h"

static MailKey
key_of(const LedgerHistory *history, const Message *message, const char *correspondent)
{
	return (MailKey) {
		.shop = history->account->shop->name,
		.account = history->account->name,
		.ref = history->ref,
		.message_id = message_id(message),
		.content_hash = message_content_hash(message),
		.correspondent = correspondent,
		.references = message_references(message),
	};
}

static char *
lower_address(const Address *address)
{
	g_autofree char *text = address_text(address);

	return g_utf8_strdown(text, -1);
}

static gboolean
peek(LedgerHistory *history, const Message *message, const char *correspondent, GError **error)
{
	MailKey key = key_of(history, message, correspondent);

	history->peeked = ledger_peek_mail(history->ledger, &key, &history->entry, error);
	return history->peeked;
}

/* What was begun by a process that is gone is no duplicate of itself. */
static gboolean
is_resumed(const LedgerHistory *history)
{
	return history->peeked && history->entry.status == MAIL_RESUMED;
}

static GuardVerdict
history_duplicate(void *data, const Message *message, gboolean *same_id_out, GError **error)
{
	LedgerHistory *history = data;

	*same_id_out = FALSE;
	if (!peek(history, message, NULL, error))
		return GUARD_UNSURE;
	*same_id_out = history->entry.status == MAIL_SAME_ID;
	return *same_id_out || history->entry.status == MAIL_DUPLICATE ? GUARD_HOLD : GUARD_PASS;
}

static GuardVerdict
history_thread(void *data, const Message *message, const Address *correspondent, GError **error)
{
	LedgerHistory *history = data;
	g_autofree char *lower = lower_address(correspondent);

	if (is_resumed(history))
		return GUARD_PASS;
	if (!peek(history, message, lower, error))
		return GUARD_UNSURE;
	if (g_strcmp0(history->account->shop->thread_policy, "vary") == 0)
		return GUARD_PASS;
	return history->entry.thread_acknowledged ? GUARD_HOLD : GUARD_PASS;
}

static GuardVerdict
history_budget(void *data, const Address *recipient, const char **which_out, GError **error)
{
	LedgerHistory *history = data;
	const Budget *budget = &history->account->budget;
	g_autofree char *lower = lower_address(recipient);
	g_autofree char *domain = guard_is_mail_provider(history->settings, recipient->domain)
	                              ? NULL : address_org_domain(recipient->domain);
	const AckLimits limits = {
		.recipient = lower,
		.domain = domain,
		.address_day = budget->address_day,
		.address_week = budget->address_week,
		.domain_day = budget->domain_day,
		.total_hour = budget->total_hour,
		.now = history->now,
		.shop = history->account->shop->name,
	};

	*which_out = NULL;
	if (is_resumed(history))
		return GUARD_PASS;
	if (!ledger_budget_left(history->ledger, &limits, which_out, error))
		return GUARD_UNSURE;
	history->budget = *which_out;
	return *which_out != NULL ? GUARD_HOLD : GUARD_PASS;
}

static gboolean
history_is_our_mark(void *data, const char *id, const char *mark)
{
	LedgerHistory *history = data;

	return guard_mark_verify(ledger_secret(history->ledger), LEDGER_SECRET_LENGTH, id, mark);
}

GuardHistory
ledger_history(LedgerHistory *data)
{
	return (GuardHistory) { data, history_duplicate, history_thread, history_budget,
		                history_is_our_mark };
}

History
history_of(const MailEntry *entry)
{
	return (History) {
		.thread_mails = entry->thread_mails,
		.thread_acknowledged = entry->thread_acknowledged,
		.ticket = entry->ticket,
		.worst_tone = entry->thread_tone[0] != '\0' ? entry->thread_tone : NULL,
		.customer_mails = entry->customer_mails,
	};
}
