/* check-machine.c - what the configuration names and this machine lacks. All of it may come later
 * (a password file, a mounted Maildir), so these are warnings. */
#include "config.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/check.h"

static void
check_program(Check *check, const Account *account, const char *what, char *const *argv)
{
	if (argv == NULL)
		return;
	g_autofree char *found = g_find_program_in_path(argv[0]);
	if (found == NULL)
		diagnostics_warning(check->diag, account->file, account->line,
		                    "account \"%s\": %s: there is no program %s here (install it, or give "
		                    "its whole path)",
		                    account->name, what, argv[0]);
}

/* Root reads every file; the service, which runs as the user aardig, does not. */
static void
check_owner(Check *check, const Account *account, const char *path)
{
	const struct passwd *user = geteuid() == 0 ? getpwnam("aardig") : NULL;
	struct stat st;

	if (user != NULL && stat(path, &st) == 0 && st.st_uid != user->pw_uid)
		diagnostics_warning(check->diag, account->file, account->line,
		                    "account \"%s\": the service runs as the user aardig and cannot read "
		                    "%s "
		                    "(run: chown aardig %s)",
		                    account->name, path, path);
}

static void
check_secret(Check *check, const Account *account, const char *what, const Endpoint *endpoint)
{
	const SecretSource *source = &endpoint->secret;
	g_autoptr(GError) error = NULL;

	if (endpoint->host == NULL)
		return;
	check_program(check, account, what, source->password_command);
	check_program(check, account, what, source->token_command);
	if (source->password_file != NULL) {
		g_autoptr(Secret) secret = secret_from_file(source->password_file, &error);

		if (secret == NULL)
			diagnostics_warning(check->diag, account->file, account->line, "account \"%s\": %s: %s",
			                    account->name, what, error->message);
		else
			check_owner(check, account, source->password_file);
	}
	if (source->credential != NULL && g_getenv("CREDENTIALS_DIRECTORY") == NULL)
		diagnostics_warning(check->diag, account->file, account->line,
		                    "account \"%s\": %s has no password; only under systemd, with the "
		                    "credential %s, it can log in (or set password_file or "
		                    "password_command)",
		                    account->name, what, source->credential);
}

/* By this user: the folder itself, or what there is of the way to it, for then it is made. */
static gboolean
can_be_written(const char *path)
{
	g_autofree char *at = g_strdup(path);

	while (!g_file_test(at, G_FILE_TEST_EXISTS)) {
		char *parent = g_path_get_dirname(at);

		g_free(at);
		at = parent;
	}
	return g_file_test(at, G_FILE_TEST_IS_DIR) && access(at, R_OK | W_OK | X_OK) == 0;
}

static void
check_maildir(Check *check, const Account *account, const char *key, const char *path,
              const char *where_missing)
{
	if (path == NULL)
		return;
	if (!can_be_written(path))
		diagnostics_warning(check->diag, account->file, account->line,
		                    "account \"%s\": %s: this user cannot read and write %s (run check as "
		                    "the user aardig runs as, or give that user the folder)",
		                    account->name, key, path);
	else if (!g_file_test(path, G_FILE_TEST_EXISTS))
		diagnostics_warning(check->diag, account->file, account->line,
		                    "account \"%s\": %s: there is no folder %s (%s)", account->name, key,
		                    path, where_missing);
}

/* A form that nothing vouches for is handled like any other mail from our own address: not
 * answered. */
static void
check_forms(Check *check, const Account *account)
{
	for (guint i = 0; i < account->form_senders->len; i++) {
		const FormSender *form = g_ptr_array_index(account->form_senders, i);

		if (form->secret_field == NULL && account->authserv_id == NULL)
			diagnostics_warning(check->diag, account->file, account->line,
			                    "account \"%s\": mail of the form %s is not answered, for nothing "
			                    "proves that it is the form (add secret_field and secret_value, or "
			                    "authserv_id)",
			                    account->name, form->address);
	}
}

static void
check_account(Check *check, const Account *account)
{
	if (account->mode == MODE_SEND && account->authserv_id == NULL)
		diagnostics_warning(check->diag, account->file, account->line,
		                    "account \"%s\" sends, but trusts no Authentication-Results, so forged "
		                    "senders get an answer too (set authserv_id to the first word of that "
		                    "field in mail you received)",
		                    account->name);
	check_secret(check, account, "source", &account->imap);
	/* One password file for both is one missing file. */
	if (g_strcmp0(account->smtp.secret.password_file, account->imap.secret.password_file) != 0 ||
	    account->smtp.secret.password_file == NULL)
		check_secret(check, account, "smtp", &account->smtp);
	check_forms(check, account);
	check_program(check, account, "sendmail", account->sendmail);
	check_maildir(check, account, "source", account->source_path,
	              "check path, or let the mail server make it: run reads none before");
	check_maildir(check, account, "maildir", account->maildir,
	              "it is made when the first mail arrives");
}

void
check_machine(Check *check)
{
	const Settings *settings = check->settings;

	if (settings->accounts->len > 0 && !can_be_written(settings->state_dir))
		diagnostics_warning(check->diag, settings->path, 0,
		                    "state_dir: this user cannot read and write %s (run check as the user "
		                    "aardig runs as, or set another state_dir)", settings->state_dir);
	for (guint i = 0; i < settings->accounts->len; i++)
		check_account(check, g_ptr_array_index(settings->accounts, i));
	for (guint i = 0; i < settings->routes->len; i++) {
		const Route *route = g_ptr_array_index(settings->routes, i);
		g_autofree char *found =
			route->command != NULL ? g_find_program_in_path(route->command[0]) : NULL;

		if (route->command != NULL && found == NULL)
			diagnostics_warning(check->diag, route->file, route->line,
			                    "command: there is no program %s here (install it, or give its "
			                    "whole path)",
			                    route->command[0]);
	}
	if (check->rules != NULL && rules_count(check->rules) == 0)
		diagnostics_warning(check->diag, settings->rule_dirs[0], 0,
		                    "there are no rules, so all mail reads as \"other\" (is aardig "
		                    "installed whole?)");
	if (settings->accounts->len == 0)
		diagnostics_warning(check->diag, settings->path, 0,
		                    "no account, so no mail will be handled (add accounts: ( { ... } ))");
	else if (settings->operator_ == NULL)
		diagnostics_warning(check->diag, settings->path, 0,
		                    "no operator: when a mailbox cannot be read, nobody is told (add "
		                    "operator = \"you@elsewhere\")");
}
