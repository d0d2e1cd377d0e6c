/* operator.c - tells the operator, once a day per matter: always in the log, by mail where one is
 * configured. Trouble with that mail ends in the log too; it never stops the work. */
#include "config.h"

#include "act/act-private.h"
#include "aardig/clock.h"
#include "aardig/log.h"

#define NOTICE_PERIOD (24 * 3600)

static GBytes *
operator_mail(const Settings *settings, const Account *account, const Words *words, Ledger *ledger,
              const char *name, const char *const *values, GError **error)
{
	g_autofree char *subject = NULL, *body = NULL;
	g_autofree char *id = outgoing_message_id(account->from);
	g_autofree char *mark = guard_mark(ledger_secret(ledger), LEDGER_SECRET_LENGTH, id);

	if (!words_operator(words, account->shop, name, values, &subject, &body, error))
		return NULL;

	OutgoingMail mail = act_own_mail(account->from, id, mark, clock_now(), settings->timezone);
	mail.to = settings->operator_;
	mail.subject = subject;
	mail.body = body;
	return outgoing_build(&mail, error);
}

static gboolean
send_to_operator(const Settings *settings, const Account *account, Effects *effects, GBytes *mail,
                 GError **error)
{
	if (settings->operator_smtp.host == NULL)
		return effects->send(effects, account->envelope_from, settings->operator_, mail, NULL, NULL,
		                     NULL, error);

	/* Another way out, for when the account's own server is what is down. */
	Account other = *account;
	other.smtp = settings->operator_smtp;
	other.sendmail = NULL;
	g_autoptr(Effects) way = effects_new(&other);
	return way->send(way, "", settings->operator_, mail, NULL, NULL, NULL, error);
}

void
operator_tell(const Settings *settings, const Account *account, const Words *words, Ledger *ledger,
              Effects *effects, const char *key, const char *name, const char *const *values)
{
	g_autoptr(GError) error = NULL;
	gboolean first = FALSE;

	if (ledger == NULL)
		return;
	if (!ledger_notice_once(ledger, key, NOTICE_PERIOD, clock_now(), &first, &error)) {
		log_error("act", "acct=%s operator=%s: %s", account->name, name, error->message);
		return;
	}
	if (!first)
		return;
	log_warning("act", "acct=%s operator=%s", account->name, name);
	if (settings->operator_ == NULL)
		return;

	g_autoptr(GBytes) mail = operator_mail(settings, account, words, ledger, name, values, &error);
	if (mail == NULL || !send_to_operator(settings, account, effects, mail, &error))
		log_error("act", "acct=%s the operator could not be told by mail: %s", account->name,
		          error->message);
}
