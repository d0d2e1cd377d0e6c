/* deliver.c - a mail server's or procmail's last step: store the mail, then handle it.
 *
 * Exit 0 or 75 and nothing else: any other code bounces the customer's mail. 75 until the mail is
 * linked into the Maildir, so that the server keeps it; 0 from then on, whatever fails later. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "aardig/error.h"
#include "aardig/log.h"
#include "aardig/spool.h"
#include "aardig/worker.h"
#include "cli/cli.h"

/* The server waits for us: what does not answer at once is left to the next run. */
#define NETWORK_TIMEOUT 10
/* What earlier deliveries could not finish is helped along, but not at this mail's expense. */
#define LEFTOVERS_MAX 3

typedef struct {
	const char *account, *sender, *recipient;
} DeliverArgs;

typedef struct {
	Settings *settings;
	Rules *rules;
	Words *words;
	Ledger *ledger;
	Account account;
} Delivery;

static gboolean
parse_options(DeliverArgs *args, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "account", required_argument, NULL, 'a' },
		{ "sender", required_argument, NULL, 'f' },
		{ "recipient", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "a:f:r:", longs, NULL)) != -1)
		switch (opt) {
		case 'a': args->account = optarg; break;
		case 'f': args->sender = optarg; break;
		case 'r': args->recipient = optarg; break;
		default: return FALSE;
		}
	/* What the server put into the environment counts where the command line is silent; if
	 * either says that this is a bounce, it is one. */
	const char *environment = g_getenv("SENDER");
	if (args->sender == NULL || (environment != NULL && *environment == '\0'))
		args->sender = environment;
	if (args->recipient == NULL)
		args->recipient = g_getenv("RECIPIENT");
	return args->account != NULL && optind == argc;
}

static void
log_diagnostics(const Diagnostics *diag)
{
	for (guint i = 0; i < diagnostics_count(diag); i++)
		log_error("deliver", "%s", diagnostics_line(diag, i));
}

/* Everything handling needs is there before the mail is taken: otherwise it stays in the queue. */
static gboolean
prepare(const CliOptions *options, const DeliverArgs *args, Delivery *delivery, GError **error)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();

	delivery->settings = settings_load(options->config, diag);
	if (delivery->settings != NULL) {
		delivery->rules = rules_load_cached((const char *const *) delivery->settings->rule_dirs,
		                                    delivery->settings->cache_dir, diag);
	}
	if (delivery->rules == NULL) {
		log_diagnostics(diag);
		diagnostics_to_error(diag, error);
		return FALSE;
	}

	const Account *account = settings_account(delivery->settings, args->account);
	if (account == NULL || account->maildir == NULL) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            account == NULL ? "there is no account '%s' in the configuration"
		                            : "account '%s' has no maildir to deliver to", args->account);
		return FALSE;
	}
	delivery->account = *account;
	delivery->account.timeout = MIN(account->timeout, NETWORK_TIMEOUT);
	g_autofree char *path = worker_ledger_path(delivery->settings);
	delivery->ledger = ledger_open(path, error);
	if (delivery->ledger != NULL)
		ledger_keep_log(delivery->ledger);
	return delivery->ledger != NULL;
}

static const Words *
load_words(void *data, GError **error)
{
	Delivery *delivery = data;
	g_autoptr(Diagnostics) diag = diagnostics_new();

	if (delivery->words == NULL)
		delivery->words = words_load((const char *const *) delivery->settings->template_dirs, diag);
	diagnostics_to_error(diag, error);
	return delivery->words;
}

static void
handle(Delivery *delivery, SpoolEntry *entry)
{
	static const volatile int go_on;
	const Pipeline pipeline = {
		.settings = delivery->settings,
		.account = &delivery->account,
		.rules = delivery->rules,
		.load_words = load_words,
		.load_data = delivery,
		.ledger = delivery->ledger,
	};
	g_autoptr(GError) error = NULL;

	if (!spool_handle(&pipeline, entry, &error) ||
	    !spool_handle_all(&pipeline, LEFTOVERS_MAX, &go_on, &error))
		log_warning("deliver", "stored, to be handled by the next run: %s", error->message);
}

static void
delivery_clear(Delivery *delivery)
{
	ledger_close(delivery->ledger);
	words_free(delivery->words);
	rules_free(delivery->rules);
	settings_free(delivery->settings);
}

static int
deliver(const CliOptions *options, int argc, char **argv)
{
	DeliverArgs args = { 0 };
	Delivery delivery = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SpoolEntry) entry = NULL;
	gboolean linked = FALSE;

	if (!isatty(STDERR_FILENO))
		log_to_syslog();
	if (!parse_options(&args, argc, argv)) {
		log_error("deliver", "usage: aardig deliver %s", command_deliver.usage);
		return EX_TEMPFAIL;
	}
	umask(0077);
	if (prepare(options, &args, &delivery, &error))
		spool_store(&delivery.account, STDIN_FILENO, args.sender, args.recipient, &entry, &linked,
		            &error);
	if (error != NULL)
		log_error("deliver", "acct=%s %s: %s", args.account,
		          linked ? "stored, but" : "not stored, the server keeps the mail", error->message);
	if (entry != NULL)
		handle(&delivery, entry);
	delivery_clear(&delivery);
	return linked ? EX_OK : EX_TEMPFAIL;
}

const Command command_deliver = { "deliver", "-a ACCOUNT [-f SENDER] [-r RCPT]",
	                          "store the message on stdin in the account's Maildir and handle it",
	                          deliver };
