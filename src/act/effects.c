/* effects.c - the real effects: SMTP submission or a sendmail command, the mailbox, Maildirs,
 * commands. */
#include "config.h"

#include <string.h>

#include "act/act-private.h"
#include "aardig/bytes.h"
#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/fault.h"
#include "aardig/net.h"

/* Servers hang up on idle clients after a while; older than this we open a new connection. */
#define SMTP_KEEP_MS 20000

typedef struct {
	Effects effects;
	const Account *account;
	Mailbox *mailbox;      /* borrowed */
	SmtpSession *smtp;
	gint64 smtp_used;      /* monotonic ms */
} RealEffects;

static gboolean
smtp_ready(RealEffects *real, gboolean *reused_out, GError **error)
{
	if (real->smtp != NULL && (!smtp_is_open(real->smtp) ||
	                           clock_monotonic_ms() - real->smtp_used > SMTP_KEEP_MS))
		g_clear_pointer(&real->smtp, smtp_close);
	*reused_out = real->smtp != NULL;
	if (real->smtp == NULL)
		real->smtp = smtp_open(&real->account->smtp, real->account->timeout, error);
	return real->smtp != NULL;
}

static gboolean
send_smtp(RealEffects *real, const SmtpMail *mail, char **answer_out, GError **error)
{
	for (guint attempt = 0;; attempt++) {
		gboolean reused;
		g_autoptr(GError) trouble = NULL;

		if (!smtp_ready(real, &reused, error))
			return FALSE;
		gboolean sent = smtp_send(real->smtp, mail, answer_out, &trouble);
		real->smtp_used = clock_monotonic_ms();
		if (sent)
			return TRUE;
		/* A kept connection that the server has closed meanwhile says nothing about this mail. */
		if (attempt == 0 && reused && !smtp_is_open(real->smtp) &&
		    g_error_matches(trouble, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY))
			continue;
		g_propagate_error(error, g_steal_pointer(&trouble));
		return FALSE;
	}
}

static gboolean
send_sendmail(RealEffects *real, const SmtpMail *mail, GError **error)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autoptr(GBytes) message = bytes_without_cr(mail->message);

	for (gsize i = 0; real->account->sendmail[i] != NULL; i++)
		g_ptr_array_add(argv, real->account->sendmail[i]);
	g_ptr_array_add(argv, (char *) "-i");
	g_ptr_array_add(argv, (char *) "-f");
	g_ptr_array_add(argv, (char *) (*mail->reverse_path != '\0' ? mail->reverse_path : "<>"));
	g_ptr_array_add(argv, (char *) "--");
	g_ptr_array_add(argv, (char *) mail->recipient);
	g_ptr_array_add(argv, NULL);

	if (mail->before_dot != NULL && !mail->before_dot(mail->data, error))
		return FALSE;
	fault_point("act.sendmail");
	g_autoptr(GError) trouble = NULL;
	int status = act_spawn((char *const *) argv->pdata, NULL, message, &trouble);
	if (status == 0)
		return TRUE;
	/* It ran, so what it did before it failed cannot be known; EX_TEMPFAIL alone is a clear no. */
	if (status > 0)
		g_set_error(error, AARDIG_ERROR,
		            status == 75 ? AARDIG_ERROR_TEMPORARY
		            : status >= 64 && status < 79 ? AARDIG_ERROR_PERMANENT
		                                          : AARDIG_ERROR_UNKNOWN_OUTCOME,
		            "%s ended with status %d", real->account->sendmail[0], status);
	else
		g_propagate_error(error, g_steal_pointer(&trouble));
	return FALSE;
}

static gboolean
real_send(Effects *effects, const char *reverse_path, const char *recipient, GBytes *message,
          gboolean (*before_commit)(void *data, GError **error), void *data, char **answer_out,
          GError **error)
{
	RealEffects *real = (RealEffects *) effects;
	const SmtpMail mail = { reverse_path, recipient, message, before_commit, data };

	if (real->account->sendmail != NULL)
		return send_sendmail(real, &mail, error);
	if (real->account->smtp.host == NULL) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "account '%s' has neither smtp nor sendmail, so nothing can be sent (add one of "
		            "them to the account)", real->account->name);
		return FALSE;
	}
	return send_smtp(real, &mail, answer_out, error);
}

static Mailbox *
need_mailbox(RealEffects *real, GError **error)
{
	if (real->mailbox == NULL)
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
		            "the mailbox of account '%s' is not open", real->account->name);
	return real->mailbox;
}

static gboolean
real_append(Effects *effects, const char *folder, GBytes *message, const char *message_id,
            gboolean look_up, GError **error)
{
	Mailbox *mailbox = need_mailbox((RealEffects *) effects, error);

	return mailbox != NULL && mailbox_append(mailbox, folder, message, message_id, look_up, error);
}

static gboolean
real_file(Effects *effects, const SourceMail *mail, const char *folder, gboolean copy, GError **error)
{
	Mailbox *mailbox = need_mailbox((RealEffects *) effects, error);

	return mailbox != NULL && mailbox_file(mailbox, mail, folder, copy, error);
}

static gboolean
real_flag(Effects *effects, const SourceMail *mail, const char *const *keywords, GError **error)
{
	Mailbox *mailbox = need_mailbox((RealEffects *) effects, error);

	return mailbox != NULL && mailbox_flag(mailbox, mail, keywords, error);
}

static gboolean
real_maildir(Effects *effects, const char *path, GBytes *message, const char *id, gboolean look_up,
             GError **error)
{
	if (look_up && maildir_has_message_id(path, id))
		return TRUE;
	g_autofree char *name = NULL;
	return maildir_prepare(path, error) && maildir_store(path, message, &name, error);
}

static gboolean
real_command(Effects *effects, char *const *argv, char *const *environment, GBytes *message,
             GError **error)
{
	int status = act_spawn(argv, environment, message, error);

	if (status > 0)
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "command %s ended with status %d",
		            argv[0], status);
	return status == 0;
}

static void
real_free(Effects *effects)
{
	RealEffects *real = (RealEffects *) effects;

	smtp_close(real->smtp);
	g_free(real);
}

Effects *
effects_new(const Account *account)
{
	RealEffects *real = g_new0(RealEffects, 1);

	real->effects = (Effects) { real_send, real_append, real_file, real_flag,
		                    real_maildir, real_command, real_free };
	real->account = account;
	return &real->effects;
}

void
effects_set_mailbox(Effects *effects, Mailbox *mailbox)
{
	if (effects->free == real_free)
		((RealEffects *) effects)->mailbox = mailbox;
}

void
effects_free(Effects *effects)
{
	if (effects != NULL)
		effects->free(effects);
}
