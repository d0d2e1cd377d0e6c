/* set-aside.c - hands a mail whole to a human without having parsed it.
 *
 * For the mail that ended three tries, and for one over the size limit. Sent at least once: better
 * twice than never. */
#include "config.h"

#include "act/act-private.h"
#include "aardig/error.h"
#include "aardig/log.h"

static GBytes *
set_aside_mail(const Acting *acting, const char *to, const char *why, GError **error)
{
	const Account *account = acting->account;
	const char *from = account->ticket_from != NULL ? account->ticket_from : account->from;
	g_autofree char *subject = NULL, *body = NULL, *id = outgoing_message_id(from);
	g_autofree char *mark = act_mark(acting, id);
	const char *values[] = { "ref", acting->mail->ref, "why", why, NULL };

	if (!words_operator(acting->words, account->shop, "set-aside", values, &subject, &body, error))
		return NULL;

	OutgoingMail mail = act_own_mail(from, id, mark, acting->now, account->shop->timezone);
	mail.reply_to = from;
	mail.to = to;
	mail.subject = subject;
	mail.body = body;
	mail.attached_original = acting->mail->raw != NULL ? acting->mail->raw : acting->mail->header;
	return outgoing_build(&mail, error);
}

static const Route *
last_route(const Settings *settings)
{
	return g_ptr_array_index(settings->routes, settings->routes->len - 1);
}

gboolean
act_set_aside(const Acting *acting, const char *why, ActResult *result_out, GError **error)
{
	const Route *route = last_route(acting->settings);
	const char *to = route->mail_to != NULL ? route->mail_to : acting->settings->operator_;
	const char *keywords[] = { "$AardigError", "$AardigDone", NULL };
	ActResult result = { 0 };
	g_autoptr(GError) trouble = NULL;

	if (to != NULL) {
		g_autoptr(GBytes) mail = set_aside_mail(acting, to, why, error);

		if (mail == NULL)
			return FALSE;
		if (!acting->effects->send(acting->effects, acting->account->envelope_from, to, mail, NULL,
		                           NULL, NULL, error))
			return FALSE;
		result.ticketed = TRUE;
	}
	if (route->maildir != NULL && acting->mail->raw != NULL &&
	    !acting->effects->maildir(acting->effects, route->maildir, acting->mail->raw,
	                              acting->mail->ref, FALSE, error))
		return FALSE;
	/* Without a keyword the mail still lies where it was, and status names it. */
	if (!acting->effects->flag(acting->effects, acting->mail, keywords, &trouble))
		log_warning("act", "ref=%s set aside, but not marked: %s", acting->mail->ref,
		            trouble->message);
	*result_out = result;
	return TRUE;
}
