/* compose.c - acknowledgement, suggested reply and ticket put together from words and addresses. */
#include "config.h"

#include <string.h>

#include "act/act-private.h"
#include "aardig/error.h"

/* A draft quotes what it answers, as a mail client would, but not a novel. */
#define QUOTE_LINES_MAX 120
#define SUBJECT_MAX 200

static WordsContext
words_context(const Acting *acting)
{
	WordsContext ctx = {
		.shop = acting->account->shop,
		.account = acting->account,
		.reading = acting->reading,
		.plan = acting->plan,
		.message = acting->message,
		.guard = acting->guard,
		.history = acting->history,
		.ticket = acting->entry->ticket,
		.now = acting->now,
		.again = acting->history->thread_acknowledged,
	};
	return ctx;
}

char *
act_mark(const Acting *acting, const char *message_id)
{
	/* A dry run without a ledger shows a mark made with an empty key: it is never sent. */
	static const guint8 no_secret[LEDGER_SECRET_LENGTH];
	const guint8 *secret = acting->ledger != NULL ? ledger_secret(acting->ledger) : no_secret;

	return guard_mark(secret, LEDGER_SECRET_LENGTH, message_id);
}

OutgoingMail
act_own_mail(const char *from, const char *our_id, const char *mark, gint64 now, GTimeZone *zone)
{
	return (OutgoingMail) {
		.from = from,
		.from_name = "aardig",
		.message_id = our_id,
		.auto_submitted = "auto-generated",
		.mark = mark,
		.date = now,
		.zone = zone,
	};
}

static OutgoingMail
addressed(const Acting *acting, const char *our_id)
{
	OutgoingMail mail = {
		.from = acting->account->from,
		.from_name = acting->account->shop->name,
		.message_id = our_id,
		.date = acting->now,
		.zone = acting->account->shop->timezone,
	};

	if (acting->message != NULL) {
		mail.in_reply_to = message_id(acting->message);
		mail.references = message_references(acting->message);
	}
	return mail;
}

GBytes *
compose_acknowledgement(const Acting *acting, const char *our_id, GError **error)
{
	WordsContext ctx = words_context(acting);
	g_autofree char *subject = NULL, *body = NULL, *mark = act_mark(acting, our_id);
	g_autofree char *to = address_text(reply_permit_recipient(acting->plan->permit));

	ctx.message = NULL;
	if (!words_acknowledgement(acting->words, &ctx, &subject, &body, error))
		return NULL;

	OutgoingMail mail = addressed(acting, our_id);
	mail.to = to;
	mail.subject = subject;
	mail.body = body;
	mail.auto_submitted = "auto-replied";
	mail.mark = mark;
	return outgoing_build(&mail, error);
}

static char *
reply_subject(const Message *message)
{
	const char *subject = message_subject(message);

	if (g_ascii_strncasecmp(subject, "re:", 3) == 0 || g_ascii_strncasecmp(subject, "antw:", 5) == 0 ||
	    g_ascii_strncasecmp(subject, "aw:", 3) == 0)
		return g_utf8_substring(subject, 0, MIN(SUBJECT_MAX, g_utf8_strlen(subject, -1)));
	g_autofree char *cut = g_utf8_substring(subject, 0, MIN(SUBJECT_MAX, g_utf8_strlen(subject, -1)));
	return g_strdup_printf("Re: %s", cut);
}

static void
append_quote(GString *body, const Message *message)
{
	g_auto(GStrv) lines = g_strsplit(message_visible_text(message), "\n", QUOTE_LINES_MAX + 1);

	g_string_append(body, "\n");
	for (gsize i = 0; lines[i] != NULL && i < QUOTE_LINES_MAX; i++)
		g_string_append_printf(body, "> %s\n", lines[i]);
}

GBytes *
compose_draft(const Acting *acting, const char *our_id, gboolean attached, GError **error)
{
	WordsContext ctx = words_context(acting);
	g_autofree char *reply = words_reply(acting->words, &ctx, acting->reply_variant, error);

	if (reply == NULL)
		return NULL;

	g_autoptr(GString) body = g_string_new(NULL);
	if (acting->account->mode == MODE_DRAFT && acting->plan->acknowledge) {
		g_autofree char *subject = NULL, *text = NULL;

		ctx.message = NULL;
		if (!words_acknowledgement(acting->words, &ctx, &subject, &text, error))
			return NULL;
		g_string_append_printf(body, "%s\n----\n\n", text);
	}
	g_string_append(body, reply);
	append_quote(body, acting->message);

	g_autofree char *subject = reply_subject(acting->message);
	g_autofree char *to = address_text(acting->guard->correspondent);
	OutgoingMail mail = addressed(acting, our_id);
	mail.to = to;
	mail.subject = subject;
	mail.body = body->str;
	mail.unsent = attached;
	return outgoing_build(&mail, error);
}

GBytes *
compose_ticket(const Acting *acting, const char *our_id, GError **error)
{
	WordsContext ctx = words_context(acting);
	const Account *account = acting->account;
	const char *from = account->ticket_from != NULL ? account->ticket_from : account->from;
	const char *to = acting->plan->route->mail_to != NULL ? acting->plan->route->mail_to : from;
	g_autofree char *subject = NULL, *body = NULL, *mark = act_mark(acting, our_id);
	g_autofree char *customer = acting->guard->correspondent != NULL
	                                ? address_text(acting->guard->correspondent) : NULL;
	g_autoptr(GBytes) draft = NULL;

	ctx.customer = customer;
	if (!words_ticket(acting->words, &ctx, &subject, &body, error))
		return NULL;
	if (acting->plan->draft) {
		g_autofree char *draft_id = outgoing_message_id(account->from);
		draft = compose_draft(acting, draft_id, TRUE, error);
		if (draft == NULL)
			return NULL;
	}

	OutgoingMail mail = act_own_mail(from, our_id, mark, acting->now, account->shop->timezone);
	mail.reply_to = from;
	mail.to = to;
	mail.subject = subject;
	mail.body = body;
	mail.attached_draft = draft;
	mail.attached_original = acting->mail->raw;
	return outgoing_build(&mail, error);
}
