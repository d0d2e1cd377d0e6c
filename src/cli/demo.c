/* demo.c - the whole flow on a sample mailbox: real configuration, ledger, Maildirs; no network.
 *
 * Only the last step differs from `run`: an acknowledgement goes into a Maildir instead of SMTP. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "aardig/clock.h"
#include "aardig/error.h"
#include "aardig/log.h"
#include "aardig/pipeline.h"
#include "aardig/worker.h"
#include "cli/cli.h"

#define CELL 24

typedef struct {
	char *dir;
	Settings *settings;
	Rules *rules;
	Words *words;
	Ledger *ledger;
	Mailbox *mailbox;
	Effects *effects;
	guint mails, answered, drafted, held;
	char *first_answer;   /* file of the one shown in full */
} Demo;

/* The effects of this program's one demo: Effects.send has no other way to its Maildir. */
static char *sent_maildir;

static gboolean
send_to_maildir(Effects *effects, const char *reverse_path, const char *recipient, GBytes *message,
                gboolean (*before_commit)(void *data, GError **error), void *data, char **answer_out,
                GError **error)
{
	g_autofree char *name = NULL;

	if (before_commit != NULL && !before_commit(data, error))
		return FALSE;
	if (!maildir_store(sent_maildir, message, &name, error))
		return FALSE;
	if (answer_out != NULL)
		*answer_out = g_strdup_printf("250 stored as %s", name);
	return TRUE;
}

/* ---- the sample shop ---- */

static gboolean
write_configuration(Demo *demo, GError **error)
{
	g_autofree char *path = g_build_filename(demo->dir, "aardig.conf", NULL);
	g_autofree char *text = g_strdup_printf(
	    "# The sample shop of 'aardig demo'. aardig.conf(5) explains every line.\n"
	    "timezone = \"Europe/Amsterdam\";\n"
	    "state_dir = \"%s/state\";\n"
	    "shop: {\n"
	    "  name = \"De Houten Stoel\"; language = \"nl\"; register = \"u\";\n"
	    "  signature = \"Sanne de Boer\";\n"
	    "  hours: { mon = \"09:00-17:00\"; tue = \"09:00-17:00\"; wed = \"09:00-17:00\";\n"
	    "           thu = \"09:00-17:00\"; fri = \"09:00-17:00\"; };\n"
	    "  holidays = \"nl\";\n"
	    "  answer_within: { normal = \"1 workday\"; high = \"4 hours\"; };\n"
	    "  policy: { remedies = [\"repair\", \"replace\", \"refund\"]; };\n"
	    "};\n"
	    "accounts: ( {\n"
	    "  name = \"demo\"; addresses = [\"klantenservice@winkel.example\", \"info@winkel.example\"];\n"
	    "  mode = \"send\";\n"
	    "  source: { type = \"maildir\"; path = \"%s/inbox\"; };\n"
	    "  sendmail = \"/usr/sbin/sendmail\";   # the demo puts them into sent/ instead\n"
	    "} );\n"
	    "routes: ( {\n"
	    "  when: { type = \"privacy\"; }; team = \"directie\"; priority = \"high\"; maildir = \"%s/tickets\";\n"
	    "}, {\n"
	    "  team = \"klantenservice\"; draft = true; maildir = \"%s/tickets\";\n"
	    "} );\n",
	    demo->dir, demo->dir, demo->dir, demo->dir);

	if (g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL))
		return TRUE;
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "cannot write %s", path);
	return FALSE;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static gboolean
fill_inbox(Demo *demo, GError **error)
{
	g_autofree char *samples = g_build_filename(settings_datadir(), "demo", NULL);
	g_autofree char *inbox = g_build_filename(demo->dir, "inbox", NULL);
	g_autoptr(GDir) dir = g_dir_open(samples, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(name, ".eml"))
			g_ptr_array_add(names, g_strdup(name));
	if (names->len == 0) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "no sample mails in %s (is aardig installed whole?)", samples);
		return FALSE;
	}
	g_ptr_array_sort(names, by_name);
	if (!maildir_prepare(inbox, error))
		return FALSE;
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(samples, g_ptr_array_index(names, i), NULL);
		g_autofree char *data = NULL, *stored = NULL;
		gsize size;

		if (!g_file_get_contents(path, &data, &size, error))
			return FALSE;
		g_autoptr(GBytes) raw = g_bytes_new_take(g_steal_pointer(&data), size);
		if (!maildir_store(inbox, raw, &stored, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
prepare(Demo *demo, GError **error)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autofree char *conf = g_build_filename(demo->dir, "aardig.conf", NULL);
	g_autofree char *tickets = g_build_filename(demo->dir, "tickets", NULL);
	/* A first start begins with what is new; the sample mails are all old by then. */
	const MailboxOptions options = { .since = 1, .once = TRUE };

	sent_maildir = g_build_filename(demo->dir, "sent", NULL);
	if (!write_configuration(demo, error) || !fill_inbox(demo, error) ||
	    !maildir_prepare(sent_maildir, error) || !maildir_prepare(tickets, error))
		return FALSE;
	demo->settings = settings_load(conf, diag);
	if (demo->settings != NULL) {
		demo->rules = rules_load((const char *const *) demo->settings->rule_dirs, diag);
		demo->words = words_load((const char *const *) demo->settings->template_dirs, diag);
	}
	diagnostics_to_error(diag, error);
	if (demo->settings == NULL || demo->rules == NULL || demo->words == NULL)
		return FALSE;

	const Account *account = g_ptr_array_index(demo->settings->accounts, 0);
	g_autofree char *ledger = worker_ledger_path(demo->settings);
	demo->ledger = ledger_open(ledger, error);
	if (demo->ledger == NULL)
		return FALSE;
	demo->mailbox = mailbox_open(account, demo->ledger, &options, error);
	demo->effects = effects_new(account);
	demo->effects->send = send_to_maildir;
	effects_set_mailbox(demo->effects, demo->mailbox);
	return demo->mailbox != NULL;
}

/* ---- the table ---- */

/* At most `width` columns, padded; the texts are quoted already. */
static void
print_cell(const char *text, int width)
{
	g_autofree char *cut = log_quote(text != NULL ? text : "-", width - 1);
	glong length = g_utf8_strlen(cut, -1);

	printf("%s%*s ", cut, (int) MAX(0, width - length), "");
}

static void
print_row(guint n, const Handled *handled)
{
	g_autofree char *reading = g_strdup_printf("%s %s, %s%s", handled->language, handled->type,
	                                           handled->tone, handled->urgent ? ", urgent" : "");

	printf("%2u ", n);
	print_cell(handled->subject, CELL);
	print_cell(reading, 36);
	print_cell(handled->acknowledged ? "thanked" : handled->guard != NULL ? handled->guard
	           : handled->outcome, 15);
	puts(handled->drafted ? "draft + ticket" : handled->ticketed ? "ticket" : "-");
}

static char *
newest_file(const char *maildir)
{
	g_autofree char *folder = g_build_filename(maildir, "new", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name = dir != NULL ? g_dir_read_name(dir) : NULL;

	return name != NULL ? g_build_filename(folder, name, NULL) : NULL;
}

static gboolean
handle_all(Demo *demo, GError **error)
{
	const Pipeline pipeline = {
		.settings = demo->settings,
		.account = g_ptr_array_index(demo->settings->accounts, 0),
		.rules = demo->rules,
		.words = demo->words,
		.ledger = demo->ledger,
		.effects = demo->effects,
	};

	for (;;) {
		g_autoptr(GError) trouble = NULL;
		g_autoptr(SourceMail) mail = mailbox_next(demo->mailbox, &trouble);
		Handled handled = { 0 };

		if (trouble != NULL) {
			g_propagate_error(error, g_steal_pointer(&trouble));
			return FALSE;
		}
		if (mail == NULL)
			return TRUE;
		if (!pipeline_handle(&pipeline, mail, &handled, error))
			return FALSE;
		print_row(++demo->mails, &handled);
		demo->answered += handled.acknowledged;
		demo->drafted += handled.drafted;
		demo->held += !handled.acknowledged;
		if (handled.acknowledged && demo->first_answer == NULL)
			demo->first_answer = newest_file(sent_maildir);
		handled_clear(&handled);
		if (!mailbox_settled(demo->mailbox, mail, error))
			return FALSE;
	}
}

/* The first acknowledgement as the customer's mail program shows it: decoded. */
static void
print_first_answer(const Demo *demo)
{
	g_autofree char *data = NULL;
	gsize size;

	if (demo->first_answer == NULL || !g_file_get_contents(demo->first_answer, &data, &size, NULL))
		return;
	g_autoptr(GBytes) raw = g_bytes_new_take(g_steal_pointer(&data), size);
	g_autoptr(Message) message = message_parse(raw);
	gsize n;
	const Line *lines = message_lines(message, &n);

	puts("\nThe first acknowledgement in full, sent within the second:\n");
	printf("    From: %s\n    To: %s\n    Subject: %s\n    Auto-Submitted: %s\n\n",
	       message_header(message, "From", 0), message_header(message, "To", 0),
	       message_subject(message), message_header(message, "Auto-Submitted", 0));
	for (gsize i = 0; i < n; i++)
		printf("    %s\n", lines[i].text);
}

static void
print_next_steps(const Demo *demo)
{
	printf("\n%u mails: %u customers thanked, %u drafts waiting, %u mails without an answer.\n\n"
	       "Look around in %s\n"
	       "  sent/            what customers received\n"
	       "  tickets/         what your team receives: why, advice, suggested reply, the mail itself\n"
	       "  inbox/.Drafts/   a suggested reply per customer, in the mail program you already use\n"
	       "  aardig.conf      the configuration that did this\n\n"
	       "Ask why:         aardig -c %s/aardig.conf why 1\n"
	       "Try your own:    aardig explain MAIL.eml      (reads, decides, sends nothing)\n"
	       "For real:        copy the example for your provider, fill in the mailbox, then\n"
	       "                 aardig check --connect && aardig run -n --once --since yesterday's-date\n",
	       demo->mails, demo->answered, demo->drafted, demo->held, demo->dir, demo->dir);
}

static void
demo_clear(Demo *demo)
{
	effects_free(demo->effects);
	mailbox_close(demo->mailbox);
	ledger_close(demo->ledger);
	words_free(demo->words);
	rules_free(demo->rules);
	settings_free(demo->settings);
	g_free(demo->first_answer);
	g_free(demo->dir);
	g_clear_pointer(&sent_maildir, g_free);
}

static int
run_demo(const CliOptions *options, int argc, char **argv)
{
	Demo demo = { 0 };
	g_autoptr(GError) error = NULL;

	if (argc > 1)
		return cli_usage(&command_demo);
	/* The table is the log here. */
	if (options->verbose == 0)
		log_set_level(LOG_LEVEL_WARNING);
	demo.dir = g_dir_make_tmp("aardig-demo-XXXXXX", &error);
	if (demo.dir == NULL) {
		fprintf(stderr, "aardig demo: %s (TMPDIR names another folder)\n", error->message);
		return EX_CANTCREAT;
	}
	if (prepare(&demo, &error)) {
		printf("   %-*s %-36s %-15s %s\n", CELL, "subject", "read as", "answer", "human gets");
		if (handle_all(&demo, &error)) {
			print_first_answer(&demo);
			print_next_steps(&demo);
		}
	}
	demo_clear(&demo);
	return error != NULL ? cli_fail("demo", error) : EX_OK;
}

const Command command_demo = { "demo", "", "show the whole flow on a sample mailbox, no network",
	                       run_demo };
