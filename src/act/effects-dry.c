/* effects-dry.c - the effects of a dry run: each would-be action is printed, mails in full. */
#include "config.h"

#include "act/act-private.h"

typedef struct {
	Effects effects;
	const Account *account;
	FILE *out;
} DryEffects;

static void
print_mail(FILE *out, GBytes *message)
{
	gsize size;
	const char *data = g_bytes_get_data(message, &size);

	for (gsize i = 0; i < size; i++)
		if (data[i] != '\r')
			fputc(data[i], out);
	fputs("\n.\n", out);
}

static gboolean
dry_send(Effects *effects, const char *reverse_path, const char *recipient, GBytes *message,
         gboolean (*before_commit)(void *data, GError **error), void *data, char **answer_out,
         GError **error)
{
	DryEffects *dry = (DryEffects *) effects;

	fprintf(dry->out, "would send from <%s> to <%s>:\n", reverse_path, recipient);
	print_mail(dry->out, message);
	return TRUE;
}

static gboolean
dry_append(Effects *effects, const char *folder, GBytes *message, const char *message_id,
           gboolean look_up, GError **error)
{
	DryEffects *dry = (DryEffects *) effects;

	fprintf(dry->out, "would put into folder %s:\n", folder != NULL ? folder : "Drafts");
	print_mail(dry->out, message);
	return TRUE;
}

static gboolean
dry_file(Effects *effects, const SourceMail *mail, const char *folder, gboolean copy, GError **error)
{
	fprintf(((DryEffects *) effects)->out, "would %s the mail to folder %s\n",
	        copy ? "copy" : "move", folder);
	return TRUE;
}

static gboolean
dry_flag(Effects *effects, const SourceMail *mail, const char *const *keywords, GError **error)
{
	g_autofree char *joined = g_strjoinv(" ", (char **) keywords);

	fprintf(((DryEffects *) effects)->out, "would add keywords %s\n", joined);
	return TRUE;
}

static gboolean
dry_maildir(Effects *effects, const char *path, GBytes *message, const char *id, gboolean look_up,
            GError **error)
{
	fprintf(((DryEffects *) effects)->out, "would store the ticket in Maildir %s\n", path);
	return TRUE;
}

static gboolean
dry_command(Effects *effects, char *const *argv, char *const *environment, GBytes *message,
            GError **error)
{
	g_autofree char *joined = g_strjoinv(" ", (char **) argv);

	fprintf(((DryEffects *) effects)->out, "would run: %s\n", joined);
	return TRUE;
}

static void
dry_free(Effects *effects)
{
	g_free(effects);
}

Effects *
effects_new_dry(const Account *account, FILE *out)
{
	DryEffects *dry = g_new0(DryEffects, 1);

	dry->effects = (Effects) { dry_send, dry_append, dry_file, dry_flag,
		                   dry_maildir, dry_command, dry_free };
	dry->account = account;
	dry->out = out;
	return &dry->effects;
}
