/* guard.c - the walk: every guard is a row, all rows look at the mail, the first that holds
 * gives the name. A ReplyPermit is made here and nowhere else. */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "aardig/log.h"
#include "guard/guard-private.h"

/* The order is that of doc/guard.md. Ours first: it must never be routed. Then what only machines
 * write, so that a vacation note with an empty envelope sender is no ticket; then what may hide a
 * customer; then the policy's own; the past last, because it is asked of the ledger. */
static const Guard guards[] = {
	{ "ours",            GUARD_NEVER, HUMAN_NONE,   check_ours },
	{ "loop",            GUARD_NEVER, HUMAN_NONE,   check_loop },
	{ "report",          GUARD_NEVER, HUMAN_NONE,   check_report },
	{ "auto-submitted",  GUARD_NEVER, HUMAN_NONE,   check_auto_submitted },
	{ "auto-header",     GUARD_NEVER, HUMAN_NONE,   check_auto_header },
	{ "robot-sender",    GUARD_NEVER, HUMAN_NONE,   check_robot_sender },
	{ "mailing-list",    GUARD_NEVER, HUMAN_NONE,   check_mailing_list },
	{ "precedence",      GUARD_NEVER, HUMAN_NONE,   check_precedence },
	{ "list-envelope",   GUARD_NEVER, HUMAN_NONE,   check_list_envelope },
	{ "spam",            GUARD_NEVER, HUMAN_NONE,   check_spam },
	{ "unreadable",      GUARD_NEVER, HUMAN_TICKET, check_unreadable },
	{ "null-sender",     GUARD_NEVER, HUMAN_TICKET, check_null_sender },
	{ "own-mail",        GUARD_NEVER, HUMAN_TICKET, check_own_mail },
	{ "noreply",         GUARD_NEVER, HUMAN_TICKET, check_noreply },
	{ "suppressed",      GUARD_NEVER, HUMAN_DRAFT,  check_suppressed },
	{ "no-sender",       GUARD_NEVER, HUMAN_DRAFT,  check_no_sender },
	{ "calendar",        GUARD_NO,    HUMAN_NONE,   check_calendar },
	{ "role-sender",     GUARD_NO,    HUMAN_TICKET, check_role_sender },
	{ "bulk-sender",     GUARD_SOFT,  HUMAN_TICKET, check_bulk_sender },
	{ "auto-subject",    GUARD_SOFT,  HUMAN_TICKET, check_auto_subject },
	{ "unauthenticated", GUARD_NO,    HUMAN_DRAFT,  check_unauthenticated },
	{ "not-addressed",   GUARD_NO,    HUMAN_DRAFT,  check_not_addressed },
	{ "too-old",         GUARD_NO,    HUMAN_DRAFT,  check_too_old },
	{ "duplicate",       GUARD_NEVER, HUMAN_NONE,   check_duplicate },
	{ "thread",          GUARD_NO,    HUMAN_DRAFT,  check_thread },
	{ "budget",          GUARD_NO,    HUMAN_DRAFT,  check_budget },
};

struct ReplyPermit {
	Address *recipient;
};

const Address *
reply_permit_recipient(const ReplyPermit *permit)
{
	return permit->recipient;
}

/* ---- names ---- */

const char *const *
guard_names(void)
{
	static const char *names[G_N_ELEMENTS(guards) + 1];
	static gsize once;

	if (g_once_init_enter(&once)) {
		for (gsize i = 0; i < G_N_ELEMENTS(guards); i++)
			names[i] = guards[i].name;
		g_once_init_leave(&once, 1);
	}
	return names;
}

GuardClass
guard_class(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(guards); i++)
		if (g_strcmp0(guards[i].name, name) == 0)
			return guards[i].class;
	return GUARD_NEVER;
}

/* ---- what rows say ---- */

GuardVerdict
hold(Finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_free(finding->reason);
	finding->reason = g_strdup_vprintf(format, args);
	va_end(args);
	return GUARD_HOLD;
}

GuardVerdict
hold_quoted(Finding *finding, const char *what, const char *foreign)
{
	g_autofree char *quoted = log_quote(foreign, QUOTE_MAX);

	return hold(finding, "%s: %s", what, quoted);
}

GuardVerdict
hold_field(Finding *finding, const char *name, const char *value)
{
	g_autofree char *quoted = log_quote(value, QUOTE_MAX);

	return hold(finding, "it carries %s: %s", name, *quoted != '\0' ? quoted : "(empty)");
}

/* ---- the case ---- */

static gboolean
nothing_configured(const GuardContext *ctx)
{
	const Settings *settings = ctx->settings;

	return ctx->account == NULL && (ctx->own == NULL || ctx->own[0] == NULL) &&
	       (settings == NULL || settings->accounts == NULL || settings->accounts->len == 0);
}

static void
case_open(GuardCase *c, const Message *message, const GuardContext *ctx)
{
	*c = (GuardCase) { .message = message, .ctx = ctx, .account = ctx->account };
	c->implicit_own = nothing_configured(ctx);
	reverse_path_find(&c->reverse, message, &ctx->envelope);
	auth_results_read(&c->auth, message, c->account != NULL ? c->account->authserv_id : NULL);
	case_find_from(c);
	c->from_verified = c->from != NULL && auth_dmarc_passes(&c->auth, c->from->domain);
	case_find_form(c);
	case_find_own_list(c);
	case_find_recipient(c);
}

static void
case_close(GuardCase *c)
{
	reverse_path_clear(&c->reverse);
	auth_results_clear(&c->auth);
	address_free(c->customer);
	address_free(c->claimed);
	address_free(c->recipient);
	address_free(c->correspondent);
}

/* ---- the walk ---- */

static gboolean
is_switched_off(const Account *account, const Guard *guard)
{
	return guard->class != GUARD_NEVER && account != NULL && account->guards_off != NULL &&
	       g_strv_contains((const char *const *) account->guards_off, guard->name);
}

static void
row_clear(gpointer data)
{
	g_free(((GuardRow *) data)->reason);
}

static void
ask(GuardResult *result, const GuardCase *c, const Guard *guard)
{
	Finding finding = { NULL, guard->human };
	GuardVerdict verdict = GUARD_PASS;

	if (!is_switched_off(c->account, guard))
		verdict = guard->check(c, &finding);
	if (verdict == GUARD_PASS)
		g_clear_pointer(&finding.reason, g_free);

	const GuardRow row = { guard->name, guard->class, verdict, finding.human, finding.reason };
	g_array_append_val(result->rows, row);
	if (verdict == GUARD_PASS || result->guard != NULL)
		return;
	result->guard = row.name;
	result->reason = row.reason;
	result->human = row.human;
	result->unsure = verdict == GUARD_UNSURE;
}

GuardResult *
guard_check(const Message *message, const GuardContext *ctx)
{
	GuardResult *result = g_new0(GuardResult, 1);
	GuardCase c;

	result->rows = g_array_sized_new(FALSE, TRUE, sizeof(GuardRow), G_N_ELEMENTS(guards));
	g_array_set_clear_func(result->rows, row_clear);
	result->human = HUMAN_DRAFT;

	case_open(&c, message, ctx);
	for (gsize i = 0; i < G_N_ELEMENTS(guards); i++)
		ask(result, &c, &guards[i]);

	/* no-sender holds where there is nobody; this makes it true whatever the rows say. */
	result->allowed = result->guard == NULL && c.recipient != NULL;
	if (result->allowed) {
		result->permit = g_new0(ReplyPermit, 1);
		result->permit->recipient = address_dup(c.recipient);
	}
	result->correspondent = g_steal_pointer(&c.correspondent);
	result->form = c.form;
	case_close(&c);
	return result;
}

void
guard_result_free(GuardResult *result)
{
	if (result == NULL)
		return;
	g_array_unref(result->rows);
	if (result->permit != NULL)
		address_free(result->permit->recipient);
	g_free(result->permit);
	address_free(result->correspondent);
	g_free(result);
}
