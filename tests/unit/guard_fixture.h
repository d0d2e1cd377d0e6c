/* guard_fixture.h - mails, configurations and a past for the tests of guard/. */
#ifndef AARDIG_TESTS_GUARD_FIXTURE_H
#define AARDIG_TESTS_GUARD_FIXTURE_H

#include <string.h>

#include "aardig/error.h"
#include "aardig/guard.h"
#include "guard-cases.h"
#include "unit.h"

#define NOW 1748851500 /* 2025-06-02T10:05:00+02:00 */

/* ---- mails ---- */

static const char *const base[] = {
	"Return-Path: <jan@klant.example>",
	"Received: from mx.klant.example by mail.winkel.example; Mon, 2 Jun 2025 10:00:03 +0200",
	"From: Jan de Vries <jan@klant.example>",
	"To: klantenservice@winkel.example",
	"Subject: Mijn pakket is nog steeds niet aangekomen",
	"Date: Mon, 2 Jun 2025 10:00:00 +0200",
	"Message-ID: <a1@mail.klant.example>",
	"MIME-Version: 1.0",
	"Content-Type: text/plain; charset=utf-8",
};

static inline gboolean
names_field(const char *headers, const char *field)
{
	gsize n = strcspn(field, ":");

	for (const char *p = headers; p != NULL && *p != '\0'; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
		const char *name = p + (*p == '-');

		if (g_ascii_strncasecmp(name, field, n) == 0 && strchr(": \n", name[n]) != NULL)
			return TRUE;
	}
	return FALSE;
}

/* The row laid over the base; `eol` ends every line. */
static inline GBytes *
build_mail(const char *line, const char *headers, const char *body, const char *eol)
{
	g_autoptr(GString) mail = g_string_new(NULL);

	if (line != NULL)
		g_string_append_printf(mail, "From %s\n", line);
	g_auto(GStrv) lines = g_strsplit(headers, "\n", -1);
	for (char **l = lines; *l != NULL; l++)
		if (**l != '\0' && **l != '-')
			g_string_append_printf(mail, "%s\n", *l);
	for (gsize i = 0; i < G_N_ELEMENTS(base); i++)
		if (!names_field(headers, base[i]))
			g_string_append_printf(mail, "%s\n", base[i]);
	g_string_append_printf(mail, "\n%s",
	                       body != NULL ? body : "Ik wacht al elf dagen op bestelling 20431.\n");
	g_string_replace(mail, "\n", eol, 0);
	return g_bytes_new(mail->str, mail->len);
}

/* ---- configurations ---- */

typedef struct {
	Account account, other;
	Settings settings;
	FormSender form;
	GuardContext ctx;
} Setup;

static const char *const own_plain[] = { "klantenservice@winkel.example", "info@winkel.example",
	                                 "Service@Winkel.Example", NULL };
static const char *const own_all[] = { "@winkel.example", NULL };
static const char *const own_other[] = { "info@andere-winkel.example", NULL };
static const char *const own_lists[] = { "info.winkel.example", NULL };
static const char *const soft_off[] = { "role-sender", "unauthenticated", "not-addressed", "calendar", "bulk-sender",
	                    "auto-subject", "too-old", "thread", "budget",
	                    /* of class never: must change nothing */
	                    "null-sender", "spam", "no-sender", "loop", "own-mail", NULL };
static const char *const own_option[] = { "klantenservice@winkel.example", NULL };

static inline void
setup_form(Setup *s, CaseSettings set)
{
	s->form = (FormSender) { .address = (char *) "website@winkel.example", .hour_limit = 30 };
	if (set == SET_FORM_OURS)
		s->form.address = (char *) "klantenservice@winkel.example";
	if (set == SET_FORM_ELSEWHERE)
		s->form.address = (char *) "noreply@formulieren.example";
	if (set == SET_FORM_SECRET) {
		s->form.secret_field = (char *) "X-Form-Key";
		s->form.secret_value = (char *) "geheim-123";
	}
	if (set == SET_FORM_FIELD)
		s->form.customer_field = (char *) "E-mail";
	s->account.form_senders = g_ptr_array_new();
	g_ptr_array_add(s->account.form_senders, &s->form);
}

static inline void
setup_office(Setup *s)
{
	static Route route = { .mail_to = (char *) "team@kantoor.example", .urgent = -1, .unsure = -1 };

	s->other = (Account) { .name = (char *) "ander", .addresses = (char **) own_other };
	s->account.ticket_from = (char *) "tickets@winkel.example";
	s->account.envelope_from = (char *) "retour@winkel.example";
	s->settings.operator_ = (char *) "beheer@kantoor.example";
	g_ptr_array_add(s->settings.accounts, &s->other);
	g_ptr_array_add(s->settings.routes, &route);
}

static inline void
setup(Setup *s, CaseSettings set)
{
	memset(s, 0, sizeof *s);
	s->account = (Account) { .name = (char *) "info", .addresses = (char **) own_plain, .max_age = 3 * 24 * 3600,
		                 .authserv_id = (char *) "mail.winkel.example" };
	s->settings.accounts = g_ptr_array_new();
	s->settings.routes = g_ptr_array_new();
	g_ptr_array_add(s->settings.accounts, &s->account);
	s->ctx = (GuardContext) { .settings = &s->settings, .account = &s->account, .now = NOW };

	if (set == SET_NO_AUTH)
		s->account.authserv_id = NULL;
	if (set == SET_TOPMOST)
		s->account.authserv_id = (char *) "topmost";
	if (set == SET_CATCH_ALL)
		s->account.addresses = (char **) own_all;
	if (set == SET_LIST)
		s->account.own_lists = (char **) own_lists;
	if (set == SET_SOFT_OFF)
		s->account.guards_off = (char **) soft_off;
	if (set == SET_OFFICE)
		setup_office(s);
	if (set >= SET_FORM && set <= SET_FORM_ELSEWHERE)
		setup_form(s, set);
	if (set == SET_NONE || set == SET_OWN_OPTION) {
		s->ctx.account = NULL;
		s->ctx.settings = NULL;
	}
	if (set == SET_OWN_OPTION)
		s->ctx.own = own_option;
}

static inline void
setup_clear(Setup *s)
{
	g_ptr_array_unref(s->settings.accounts);
	g_ptr_array_unref(s->settings.routes);
	g_clear_pointer(&s->account.form_senders, g_ptr_array_unref);
}

/* ---- what must hold for every result ---- */

static inline void
check_recipient_is_safe(const Address *address)
{
	g_autofree char *text = address_text(address);

	ck_assert_uint_le(strlen(text), 254);
	for (const char *p = text; *p != '\0'; p++)
		ck_assert_msg((guchar) *p > 0x20 && (guchar) *p < 0x7f && strchr("<>\\", *p) == NULL,
		              "unsafe recipient: %s", text);
}

static inline void
check_sane(const GuardResult *result)
{
	const char *const *names = guard_names();
	const char *first = NULL;

	ck_assert_uint_eq(result->rows->len, g_strv_length((char **) names));
	for (guint i = 0; i < result->rows->len; i++) {
		const GuardRow *row = &g_array_index(result->rows, GuardRow, i);

		ck_assert_str_eq(row->name, names[i]);
		ck_assert_int_eq(row->class, guard_class(row->name));
		ck_assert((row->verdict == GUARD_PASS) == (row->reason == NULL));
		if (row->reason != NULL) {
			ck_assert(g_utf8_validate(row->reason, -1, NULL));
			ck_assert(strpbrk(row->reason, "\r\n") == NULL);
		}
		if (row->verdict != GUARD_PASS && first == NULL)
			first = row->name;
	}
	ck_assert_ptr_eq(result->guard, first);
	ck_assert_int_eq(result->allowed, result->permit != NULL);
	ck_assert_int_eq(result->allowed, result->guard == NULL);
	ck_assert_int_eq(result->allowed, result->reason == NULL);
	if (result->allowed) {
		ck_assert_int_eq(result->human, HUMAN_DRAFT);
		check_recipient_is_safe(reply_permit_recipient(result->permit));
	}
}

static inline GuardResult *
check_bytes(GBytes *raw, const GuardContext *ctx)
{
	g_autoptr(Message) message = message_parse(raw);
	GuardResult *result = guard_check(message, ctx);

	check_sane(result);
	return result;
}

/* ---- a past ---- */

typedef struct {
	char *id, *hash;
} Seen;

typedef struct {
	GArray *seen;
	GuardVerdict thread, budget;
	const char *which;
	gboolean fails;
} Past;

static const guint8 secret[] = "zeven sloten en een geheim";

static inline GuardVerdict
past_duplicate(void *data, const Message *message, gboolean *same_id_out, GError **error)
{
	const Past *past = data;
	const char *id = message_id(message), *hash = message_content_hash(message);

	*same_id_out = FALSE;
	if (past->fails) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "database is locked\r\nX: y");
		return GUARD_UNSURE;
	}
	for (guint i = 0; i < past->seen->len; i++) {
		const Seen *seen = &g_array_index(past->seen, Seen, i);

		if (g_strcmp0(id, seen->id) == 0 && strcmp(hash, seen->hash) == 0)
			return GUARD_HOLD;
		if (id != NULL && g_strcmp0(id, seen->id) == 0) {
			*same_id_out = TRUE;
			return GUARD_HOLD;
		}
	}
	return GUARD_PASS;
}

static inline GuardVerdict
past_thread(void *data, const Message *message, const Address *correspondent, GError **error)
{
	const Past *past = data;

	(void) message;
	ck_assert_ptr_nonnull(correspondent);
	if (past->thread == GUARD_UNSURE)
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "database is locked");
	return past->thread;
}

static inline GuardVerdict
past_budget(void *data, const Address *recipient, const char **which_out, GError **error)
{
	const Past *past = data;

	ck_assert_ptr_nonnull(recipient);
	*which_out = past->which;
	if (past->budget == GUARD_UNSURE)
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "database is locked");
	return past->budget;
}

static inline gboolean
past_is_our_mark(void *data, const char *id, const char *mark)
{
	(void) data;
	return guard_mark_verify(secret, sizeof secret, id, mark);
}

static inline void
seen_clear(gpointer data)
{
	g_free(((Seen *) data)->id);
	g_free(((Seen *) data)->hash);
}

static inline void
past_open(Past *past, GuardHistory *history)
{
	*past = (Past) { .seen = g_array_new(FALSE, FALSE, sizeof(Seen)) };
	g_array_set_clear_func(past->seen, seen_clear);
	*history = (GuardHistory) { past, past_duplicate, past_thread, past_budget, past_is_our_mark };
}

static inline void
past_note(Past *past, const Message *message)
{
	Seen seen = { g_strdup(message_id(message)), g_strdup(message_content_hash(message)) };

	g_array_append_val(past->seen, seen);
}

#endif
