/* preview.c - aardig preview: the acknowledgement, suggested reply or ticket of a mail, byte for
 * byte as it would leave; nothing leaves. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "aardig/act.h"
#include "cli/cli.h"

typedef enum { PREVIEW_ACK, PREVIEW_REPLY, PREVIEW_TICKET } PreviewKind;

typedef struct {
	Offline offline;
	Words *words;
	PreviewKind kind;
	const char *variant;   /* --reply=VARIANT */
	guint mails;
	gboolean nothing;      /* something that would not be sent */
} Preview;

/* Without a configuration the mail itself says who we are: its first recipient. */
static void
stand_in(const Preview *preview, const Message *message, Account *account, char **address_out)
{
	const GPtrArray *to = message_addresses(message, "To");
	const char *own = preview->offline.own->len > 1 ? preview->offline.own->pdata[0] : NULL;

	if (own != NULL && own[0] != '@')
		*address_out = g_strdup(own);
	else if (to->len > 0)
		*address_out = address_text(to->pdata[0]);
	else
		*address_out = g_strdup("klantenservice@winkel.invalid");
	account->name = (char *) "preview";
	account->shop = preview->offline.settings->shops->pdata[0];
	account->from = *address_out;
	account->mode = MODE_SEND;
}

/* Why nothing would be sent: the guard, else the reasons of the plan. */
static void
say_why(const char *path, const char *what, const Judged *judged)
{
	const Plan *plan = judged->plan;
	const char *language = "en";

	fprintf(stderr, "aardig preview: %s: no %s: ", path, what);
	if (judged->guard->guard != NULL) {
		fprintf(stderr, "guard %s: %s\n", judged->guard->guard, judged->guard->reason);
		return;
	}
	for (guint i = 0; i < plan->reasons->len; i++) {
		g_autofree char *text = decide_reason_text(plan->reasons->pdata[i], language);

		fprintf(stderr, "%s%s", i > 0 ? "; " : "", text);
	}
	fprintf(stderr, "%s\n", plan->reasons->len == 0 ? "nobody to write to" : "");
}

static GBytes *
compose(const Preview *preview, const Acting *acting, GError **error)
{
	g_autofree char *id = outgoing_message_id(acting->account->from);

	switch (preview->kind) {
	case PREVIEW_REPLY: return compose_draft(acting, id, FALSE, error);
	case PREVIEW_TICKET: return compose_ticket(acting, id, error);
	default: return compose_acknowledgement(acting, id, error);
	}
}

static gboolean
is_due(PreviewKind kind, const Plan *plan)
{
	switch (kind) {
	case PREVIEW_REPLY: return plan->draft;
	case PREVIEW_TICKET: return plan->needs_human;
	default: return plan->acknowledge;
	}
}

static void
preview_mail(const char *path, GBytes *raw, void *data)
{
	static const char *const names[] = { "acknowledgement", "suggested reply", "ticket" };
	Preview *preview = data;
	const Offline *offline = &preview->offline;
	SourceMail mail = { .raw = raw, .ref = (char *) path };
	g_autofree char *address = NULL;
	g_autoptr(GError) error = NULL;
	Account without = { 0 };
	Judged judged;

	preview->mails++;
	offline_judge(offline, raw, &judged);
	if (offline->account == NULL)
		stand_in(preview, judged.message, &without, &address);
	if (judged.entry.ticket == 0)
		judged.entry.ticket = 1;
	const Acting acting = {
		.settings = offline->settings,
		.account = offline->account != NULL ? offline->account : &without,
		.words = preview->words,
		.ledger = offline->ledger,
		.mail = &mail,
		.message = judged.message,
		.guard = judged.guard,
		.reading = judged.reading,
		.plan = judged.plan,
		.history = &judged.history,
		.entry = &judged.entry,
		.now = judged.now,
		.reply_variant = preview->variant,
	};

	if (!is_due(preview->kind, judged.plan)) {
		say_why(path, names[preview->kind], &judged);
		preview->nothing = TRUE;
	} else {
		g_autoptr(GBytes) bytes = compose(preview, &acting, &error);
		gsize size;

		if (bytes != NULL) {
			const void *start = g_bytes_get_data(bytes, &size);
			fwrite(start, 1, size, stdout);
		} else {
			fprintf(stderr, "aardig preview: %s: %s\n", path, error->message);
			preview->nothing = TRUE;
		}
	}
	judged_clear(&judged);
}

static int
load_words(const CliOptions *options, Preview *preview)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();

	preview->words = words_load((const char *const *) preview->offline.settings->template_dirs, diag);
	if (preview->words == NULL || !options->quiet)
		diagnostics_print(diag);
	return preview->words != NULL ? EX_OK : EX_CONFIG;
}

static int
run_preview(const CliOptions *options, int argc, char **argv)
{
	enum { OPT_ACK = 2000, OPT_TICKET, OPT_REPLY };
	static const struct option longs[] = {
		OFFLINE_LONG,
		{ "ack", no_argument, NULL, OPT_ACK },
		{ "ticket", no_argument, NULL, OPT_TICKET },
		{ "reply", optional_argument, NULL, OPT_REPLY },
		{ NULL, 0, NULL, 0 },
	};
	OfflineArgs args = { 0 };
	Preview preview = { .kind = PREVIEW_ACK };
	int opt;

	while ((opt = getopt_long(argc, argv, OFFLINE_SHORT, longs, NULL)) != -1) {
		if (offline_option(&args, opt, optarg))
			continue;
		switch (opt) {
		case OPT_ACK: preview.kind = PREVIEW_ACK; break;
		case OPT_TICKET: preview.kind = PREVIEW_TICKET; break;
		case OPT_REPLY:
			preview.kind = PREVIEW_REPLY;
			preview.variant = optarg;
			break;
		default: return cli_usage(&command_preview);
		}
	}
	if (argc - optind != 1)
		return cli_usage(&command_preview);
	if (preview.variant != NULL && !g_strv_contains(words_reply_names(), preview.variant)) {
		g_autofree char *names = g_strjoinv(", ", (char **) words_reply_names());

		fprintf(stderr, "aardig preview: there is no reply '%s' (there are %s)\n", preview.variant,
		        names);
		return EX_USAGE;
	}

	int code = offline_open(options, "preview", &args, &preview.offline);
	if (code != EX_OK)
		return code;
	code = load_words(options, &preview);
	if (code == EX_OK)
		code = cli_each_mail("preview", argv + optind, preview_mail, &preview);
	if (code == EX_OK && preview.nothing)
		code = 1;
	words_free(preview.words);
	offline_close(&preview.offline);
	return code;
}

const Command command_preview = {
	"preview",
	"[--ack | --reply[=VARIANT] | --ticket] [-a ACCOUNT] [-f SENDER] [-r RCPT] [--own ADDRESS]... "
	"[--now TIME] [--state] PATH",
	"show exactly what would be sent for a mail",
	run_preview,
};
