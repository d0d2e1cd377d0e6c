/* test_guard_edges.c - what a table of mails cannot say about the guards: history, marks,
 * injection, limits, and that doc/guard.md tells the truth. */
#include "config.h"

#include "guard_fixture.h"

/* ---- history ---- */

static GuardResult *
with_history(const char *headers, Past *past, const GuardHistory *history, gboolean note)
{
	Setup s;
	g_autoptr(GBytes) raw = build_mail(NULL, headers, NULL, "\r\n");
	g_autoptr(Message) message = message_parse(raw);

	setup(&s, SET_PLAIN);
	s.ctx.history = history;
	GuardResult *result = guard_check(message, &s.ctx);
	check_sane(result);
	if (note)
		past_note(past, message);
	setup_clear(&s);
	return result;
}

START_TEST(test_duplicate)
{
	GuardHistory history;
	Past past;

	past_open(&past, &history);
	g_autoptr(GuardResult) first = with_history("", &past, &history, TRUE);
	ck_assert(first->allowed);
	/* The same by another alias and route. */
	g_autoptr(GuardResult) again = with_history("To: info@winkel.example\nReceived: from x by y; Mon, 2 Jun "
	                                            "2025 10:01:00 +0200\n", &past, &history, FALSE);
	ck_assert_str_eq(again->guard, "duplicate");
	ck_assert_int_eq(again->human, HUMAN_NONE);
	/* A form that reuses its id. */
	g_autoptr(GuardResult) other = with_history("Subject: iets anders\n", &past, &history, FALSE);
	ck_assert_str_eq(other->guard, "duplicate");
	ck_assert_int_eq(other->human, HUMAN_DRAFT);
	ck_assert(!other->unsure);
	g_array_unref(past.seen);
}
END_TEST

START_TEST(test_ledger_cannot_be_asked)
{
	GuardHistory history;
	Past past;

	past_open(&past, &history);
	past.fails = TRUE;
	g_autoptr(GuardResult) result = with_history("", &past, &history, FALSE);
	ck_assert(!result->allowed);
	ck_assert(result->unsure);
	ck_assert_str_eq(result->guard, "duplicate");
	/* What is held for good needs no ledger. */
	g_autoptr(GuardResult) bulk = with_history("Precedence: bulk\n", &past, &history, FALSE);
	ck_assert_str_eq(bulk->guard, "precedence");
	ck_assert(!bulk->unsure);

	past.fails = FALSE;
	past.budget = GUARD_UNSURE;
	g_autoptr(GuardResult) budget = with_history("", &past, &history, FALSE);
	ck_assert_str_eq(budget->guard, "budget");
	ck_assert(budget->unsure);
	past.thread = GUARD_UNSURE;
	g_autoptr(GuardResult) thread = with_history("", &past, &history, FALSE);
	ck_assert_str_eq(thread->guard, "thread");
	ck_assert(thread->unsure);
	g_array_unref(past.seen);
}
END_TEST

START_TEST(test_thread_and_budget)
{
	static const char *const limits[] = { "address", "domain", "total", "form", "iets", NULL };
	GuardHistory history;
	Past past;

	past_open(&past, &history);
	past.budget = GUARD_HOLD;
	for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
		past.which = limits[i];
		g_autoptr(GuardResult) result = with_history("", &past, &history, FALSE);
		ck_assert_str_eq(result->guard, "budget");
		ck_assert_int_eq(result->human, HUMAN_DRAFT);
	}
	past.thread = GUARD_HOLD;
	g_autoptr(GuardResult) result = with_history("", &past, &history, FALSE);
	ck_assert_str_eq(result->guard, "thread");
	ck_assert_int_eq(result->human, HUMAN_DRAFT);
	/* Nobody to answer: the ledger is not asked (the fakes insist on somebody). */
	g_autoptr(GuardResult) nobody = with_history("-From\n", &past, &history, FALSE);
	ck_assert_str_eq(nobody->guard, "no-sender");
	g_array_unref(past.seen);
}
END_TEST

START_TEST(test_history_with_holes)
{
	const GuardHistory nothing = { 0 };
	Past past;

	g_autoptr(GuardResult) result = with_history("X-Loop-Aardig: 0\n", &past, &nothing, FALSE);
	ck_assert_str_eq(result->guard, "loop");
	g_autoptr(GuardResult) allowed = with_history("", &past, &nothing, FALSE);
	ck_assert(allowed->allowed);
}
END_TEST

/* ---- our mark ---- */

START_TEST(test_mark)
{
	g_autofree char *mark = guard_mark(secret, sizeof secret, "a1@mail.klant.example");
	g_autofree char *upper = g_ascii_strup(mark, -1);
	g_autofree char *other = guard_mark(secret + 1, sizeof secret - 1, "a1@mail.klant.example");

	ck_assert_uint_eq(strlen(mark), 32);
	ck_assert_uint_eq(strspn(mark, "0123456789abcdef"), 32);
	ck_assert(guard_mark_verify(secret, sizeof secret, "a1@mail.klant.example", mark));
	ck_assert(guard_mark_verify(secret, sizeof secret, "a1@mail.klant.example", upper));
	ck_assert(!guard_mark_verify(secret, sizeof secret, "a2@mail.klant.example", mark));
	ck_assert(!guard_mark_verify(secret, sizeof secret, "a1@mail.klant.example", other));
	ck_assert(!guard_mark_verify(secret, sizeof secret, "a1@mail.klant.example", ""));
	ck_assert(!guard_mark_verify(secret, sizeof secret, NULL, mark));
	mark[31] = '\0';
	ck_assert(!guard_mark_verify(secret, sizeof secret, "a1@mail.klant.example", mark));
}
END_TEST

START_TEST(test_ours)
{
	g_autofree char *mark = guard_mark(secret, sizeof secret, "a1@mail.klant.example");
	g_autofree char *wrong = guard_mark(secret, sizeof secret, "a2@mail.klant.example");
	GuardHistory history;
	Past past;

	past_open(&past, &history);
	g_autofree char *good = g_strdup_printf("X-Loop-Aardig: %s\nAuto-Submitted: auto-replied\n", mark);
	g_autoptr(GuardResult) ours = with_history(good, &past, &history, FALSE);
	ck_assert_str_eq(ours->guard, "ours");
	ck_assert_int_eq(ours->human, HUMAN_NONE);

	g_autofree char *second = g_strdup_printf("X-Loop-Aardig: x\nX-Loop-Aardig:\n %s\n", mark);
	g_autoptr(GuardResult) below = with_history(second, &past, &history, FALSE);
	ck_assert_str_eq(below->guard, "ours");

	g_autofree char *bad = g_strdup_printf("X-Loop-Aardig: %s\n", wrong);
	g_autoptr(GuardResult) forged = with_history(bad, &past, &history, FALSE);
	ck_assert_str_eq(forged->guard, "loop");

	g_autofree char *no_id = g_strdup_printf("-Message-ID\nX-Loop-Aardig: %s\n", mark);
	g_autoptr(GuardResult) stripped = with_history(no_id, &past, &history, FALSE);
	ck_assert_str_eq(stripped->guard, "loop");
	g_array_unref(past.seen);
}
END_TEST

/* A bounce of our acknowledgement, with its header returned. */
static GuardResult *
check_bounce(const char *id, const char *mark, const char *type)
{
	GuardHistory history;
	Past past;
	Setup s;
	g_autofree char *body = g_strdup_printf(
	    "--x\n\nOver quota.\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
	    "Action: failed\n--x\nContent-Type: %s\n\nFrom: info@winkel.example\nMessage-ID: <%s>\n"
	    "X-Loop-Aardig: %s\n\n--x--\n", type, id, mark);
	g_autoptr(GBytes) raw = build_mail(NULL, "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nContent-Type: "
	                                   "multipart/report; report-type=delivery-status; boundary=x\n",
	                                   body, "\r\n");

	past_open(&past, &history);
	setup(&s, SET_PLAIN);
	s.ctx.history = &history;
	GuardResult *result = check_bytes(raw, &s.ctx);
	setup_clear(&s);
	g_array_unref(past.seen);
	return result;
}

START_TEST(test_our_bounce)
{
	g_autofree char *mark = guard_mark(secret, sizeof secret, "ack.1@winkel.example");

	g_autoptr(GuardResult) headers = check_bounce("ack.1@winkel.example", mark, "text/rfc822-headers");
	ck_assert_str_eq(headers->guard, "ours");
	g_autoptr(GuardResult) whole = check_bounce("ack.1@winkel.example", mark, "message/rfc822");
	ck_assert_str_eq(whole->guard, "ours");
	g_autoptr(GuardResult) forged = check_bounce("ack.2@winkel.example", mark, "message/rfc822");
	ck_assert_str_eq(forged->guard, "report");
}
END_TEST

/* ---- the mail as a whole ---- */

START_TEST(test_received_count)
{
	static const struct {
		guint n;
		const char *guard;
	} cases[] = { { 50, NULL }, { 51, "loop" }, { 900, "loop" } };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) headers = g_string_new(NULL);
		Setup s;

		for (guint k = 0; k < cases[i].n; k++)
			g_string_append(headers, "Received: from a by b; Mon, 2 Jun 2025 10:00:03 +0200\n");
		g_autoptr(GBytes) raw = build_mail(NULL, headers->str, NULL, "\n");
		setup(&s, SET_PLAIN);
		g_autoptr(GuardResult) result = check_bytes(raw, &s.ctx);
		ck_assert_str_eq(result->guard ? result->guard : "", cases[i].guard ? cases[i].guard : "");
		setup_clear(&s);
	}
}
END_TEST

START_TEST(test_unreadable)
{
	static const char *const nonsense[] = { "", "\n", "\r\n\r\n", " ", "geen kop" };
	Setup s;

	setup(&s, SET_PLAIN);
	for (gsize i = 0; i < G_N_ELEMENTS(nonsense); i++) {
		g_autoptr(GBytes) raw = g_bytes_new_static(nonsense[i], strlen(nonsense[i]));
		g_autoptr(GuardResult) result = check_bytes(raw, &s.ctx);
		ck_assert(!result->allowed);
		ck_assert_int_ne(result->human, HUMAN_NONE);
	}
	/* Over the limit of header fields: a human looks, whoever sent it. */
	g_autoptr(GString) headers = g_string_new(NULL);
	for (guint k = 0; k < 2000; k++)
		g_string_append(headers, "X-Iets: a\n");
	g_autoptr(GBytes) raw = build_mail(NULL, headers->str, NULL, "\n");
	g_autoptr(GuardResult) result = check_bytes(raw, &s.ctx);
	ck_assert_str_eq(result->guard, "unreadable");
	ck_assert_int_eq(result->human, HUMAN_TICKET);
	setup_clear(&s);
}
END_TEST

/* Every address field with every nasty value: whatever is answered is safe (check_sane). */
START_TEST(test_injection)
{
	static const char *const values[] = {
		"jan@klant.example\r\nBcc: doel@x.example", "<jan@klant.example>\r\n RCPT TO:<doel@x.example>",
		"\"a\\\r\nb\"@klant.example", "\"jan vries\"@klant.example", "\"jan@klant\"@klant.example",
		"<jan@klant.example> NOTIFY=SUCCESS", "jan@klant.example>", "<<jan@klant.example>>",
		"jan@klant.example\x01", "jan\x7f@klant.example", "j\xc3\xa1n@klant.example",
		"j\xe1n@klant.example", "jan@kl\xc3\xa1nt.example", "jan@klant.example\xe2\x80\xae",
		"=?utf-8?Q?jan=0D=0A=40klant.example?=", "=?utf-8?B?amFuQGtsYW50LmV4YW1wbGU=?=",
		"\"=?utf-8?Q?=0D=0A?=\"@klant.example", "jan@[127.0.0.1]", "jan@[IPv6:::1]", "jan@localhost",
		"@klant.example", "jan@", "@", "\"\"@klant.example", ".jan@klant.example", "jan..@klant.example",
		"jan@-klant.example", "jan@klant..example", "jan@.example", "jan@example.", "jan%x@klant.example",
		"a!b!jan@klant.example", "|/bin/sh@klant.example", "-oQ/tmp@klant.example", "%s%n@klant.example",
		"{{jan}}@klant.example", "jan,piet@klant.example", "Groep: jan@klant.example, piet@klant.example;",
		"(jan@klant.example", "\"jan@klant.example", "jan@klant.example (\r\n x)", "<@a,@b:jan@klant.example>",
		"SRS0=@klant.example", "SRS0=a=b=@klant.example", "SRS0=a=b=c=@klant.example", "SRS1=a=b@klant.example",
		"SRS0=a=b=SRS0=SRS0=a=b=klant.example=jan@klant.example", "prvs=@klant.example", "prvs==@klant.example",
		"prvs=a=\"b c\"@klant.example", "btv1====@klant.example", "+caf_=@klant.example",
		"a+caf_=b+caf_=c@klant.example", "a+SRS=@klant.example", "SRS0=a=b=[127.0.0.1]=x@klant.example",
	};
	static const char *const fields[] = { "From", "Reply-To", "Return-Path", "Sender", "To",
		                              "X-Original-From" };
	Setup s;

	setup(&s, SET_PLAIN);
	s.account.own_lists = (char **) own_lists;
	for (gsize f = 0; f < G_N_ELEMENTS(fields); f++) {
		for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
			g_autofree char *headers = g_strdup_printf("%s: %s\n", fields[f], values[v]);
			g_autofree char *list = g_strdup_printf("List-Id: info.winkel.example\n%s", headers);
			g_autoptr(GBytes) raw = build_mail(NULL, headers, NULL, "\n");
			g_autoptr(GBytes) listed = build_mail(NULL, list, NULL, "\n");

			g_autoptr(GuardResult) a = check_bytes(raw, &s.ctx);
			g_autoptr(GuardResult) b = check_bytes(listed, &s.ctx);
		}
	}
	for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
		g_autoptr(GBytes) raw = build_mail(NULL, "-Return-Path\n", NULL, "\n");

		s.ctx.envelope.sender = s.ctx.envelope.recipient = values[v];
		g_autoptr(GuardResult) result = check_bytes(raw, &s.ctx);
	}
	setup_clear(&s);
}
END_TEST

START_TEST(test_long_addresses)
{
	Setup s;

	setup(&s, SET_PLAIN);
	for (guint n = 200; n < 2000; n += 23) {
		g_autofree char *local = g_strnfill(40, 'a');
		g_autofree char *label = g_strnfill(n / 8, 'b');
		g_autofree char *headers = g_strdup_printf(
		    "From: %s@%s.%s.%s.%s.%s.%s.%s.example\n-Return-Path\n", local, label, label, label, label,
		    label, label, label);
		g_autoptr(GBytes) raw = build_mail(NULL, headers, NULL, "\n");
		g_autoptr(GuardResult) result = check_bytes(raw, &s.ctx);

		if (n > 254)
			ck_assert_str_eq(result->guard, "no-sender");
	}
	setup_clear(&s);
}
END_TEST

/* ---- names, providers, and the manual ---- */

START_TEST(test_names)
{
	const char *const *names = guard_names();

	ck_assert_str_eq(names[0], "ours");
	ck_assert_uint_eq(g_strv_length((char **) names), 26);
	for (gsize i = 0; names[i] != NULL; i++)
		for (gsize k = i + 1; names[k] != NULL; k++)
			ck_assert_str_ne(names[i], names[k]);
	ck_assert_int_eq(guard_class("auto-subject"), GUARD_SOFT);
	ck_assert_int_eq(guard_class("thread"), GUARD_NO);
	ck_assert_int_eq(guard_class("spam"), GUARD_NEVER);
	ck_assert_int_eq(guard_class("bestaat niet"), GUARD_NEVER);
}
END_TEST

START_TEST(test_providers)
{
	static const char *const are[] = { "gmail.com", "GMAIL.com", "ziggo.nl", "kpnmail.nl", "home.nl",
		"telenet.be", "mail.telenet.be", "skynet.be", "gmx.de", "web.de", "t-online.de", "orange.fr",
		"laposte.net", "free.fr", "btinternet.com", "hotmail.co.uk", "jan.plus.com" };
	static const char *const are_not[] = { "klant.example", "nietgmail.com", "gmail.com.evil.example",
		"com", "", "winkel.nl", "co.uk" };

	for (gsize i = 0; i < G_N_ELEMENTS(are); i++)
		ck_assert_msg(guard_is_mail_provider(NULL, are[i]), "%s", are[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(are_not); i++)
		ck_assert_msg(!guard_is_mail_provider(NULL, are_not[i]), "%s", are_not[i]);
	ck_assert(!guard_is_mail_provider(NULL, NULL));

	/* The configuration's own list replaces the file. */
	static const char *const own[] = { "Post.example", NULL };
	Settings settings = { .webmail_domains = (char **) own };
	ck_assert(guard_is_mail_provider(&settings, "post.EXAMPLE"));
	ck_assert(guard_is_mail_provider(&settings, "nl.post.example"));
	ck_assert(!guard_is_mail_provider(&settings, "gmail.com"));
	ck_assert(!guard_is_mail_provider(&settings, NULL));
}
END_TEST

/* doc/guard.md has a table whose rows begin "| `name` | class | human |", in the order of
 * the walk. */
START_TEST(test_manual)
{
	static const char *const classes[] = { "never", "no", "soft" };
	static const char *const humans[] = { "-", "ticket", "draft" };
	g_autofree char *path = unit_path("doc/guard.md");
	g_autofree char *text = NULL;
	g_autoptr(GBytes) raw = build_mail(NULL, "", NULL, "\n");
	guint next = 0;
	Setup s;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	setup(&s, SET_PLAIN);
	g_autoptr(GuardResult) result = check_bytes(raw, &s.ctx);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		if (!g_str_has_prefix(*line, "| `"))
			continue;
		ck_assert_msg(next < result->rows->len, "%s", *line);
		const GuardRow *row = &g_array_index(result->rows, GuardRow, next++);
		g_autofree char *begin = g_strdup_printf("| `%s` | %s | %s | ", row->name,
		                                         classes[row->class], humans[row->human]);
		ck_assert_msg(g_str_has_prefix(*line, begin), "%s is not \"%s...\"", *line, begin);
	}
	ck_assert_uint_eq(next, result->rows->len);
	setup_clear(&s);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("guard edges");
	TCase *tcase = tcase_create("edges");

	tcase_add_test(tcase, test_duplicate);
	tcase_add_test(tcase, test_ledger_cannot_be_asked);
	tcase_add_test(tcase, test_thread_and_budget);
	tcase_add_test(tcase, test_history_with_holes);
	tcase_add_test(tcase, test_mark);
	tcase_add_test(tcase, test_ours);
	tcase_add_test(tcase, test_our_bounce);
	tcase_add_test(tcase, test_received_count);
	tcase_add_test(tcase, test_unreadable);
	tcase_add_test(tcase, test_injection);
	tcase_add_test(tcase, test_long_addresses);
	tcase_add_test(tcase, test_names);
	tcase_add_test(tcase, test_providers);
	tcase_add_test(tcase, test_manual);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
