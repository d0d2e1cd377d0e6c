/* test_ledger_threads.c - conversations, ticket numbers, foreign text. */
#include "config.h"

#include "ledger_fixture.h"

#define REF "imap:info:INBOX:7:1"
#define OTHER_REF "maildir:/home/zoe/Maildir:1700000000.M1P1.host"

/* ---- conversations ---- */

static const struct {
	const char *label;
	const char *references[4];
	const char *correspondent, *shop;
	gboolean joins;
} threads[] = {
	{ "answers the first mail", { "mail-1@klant.example" }, "klant@klant.example", "winkel", TRUE },
	{ "with brackets", { "<mail-1@klant.example>" }, "klant@klant.example", "winkel", TRUE },
	{ "address in another case", { "mail-1@klant.example" }, "Klant@Klant.EXAMPLE", "winkel", TRUE },
	{ "known id among unknown ones", { "q@q", "mail-1@klant.example", "r@r" }, "klant@klant.example",
	  "winkel", TRUE },
	{ "answers our acknowledgement", { "onze-1@winkel.example" }, "klant@klant.example", "winkel", TRUE },
	{ "answers the human's draft", { "concept-1@winkel.example" }, "klant@klant.example", "winkel", TRUE },
	{ "no references", { NULL }, "klant@klant.example", "winkel", FALSE },
	{ "unknown reference", { "q@q" }, "klant@klant.example", "winkel", FALSE },
	{ "another correspondent", { "mail-1@klant.example" }, "ander@klant.example", "winkel", FALSE },
	{ "nobody known", { "mail-1@klant.example" }, NULL, "winkel", FALSE },
	{ "another shop", { "mail-1@klant.example" }, "klant@klant.example", "bakker", FALSE },
};

START_TEST(test_thread)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailEntry first = new_mail(ledger, 1, "klant@klant.example");
	const MailDecision decision = { .type = "damaged", .tone = "angry" };
	guint ticket;

	ok(ledger_note_decision(ledger, first.id, &decision, &error));
	ok(ledger_ticket_number(ledger, first.id, &ticket, &error));
	ck_assert_int_eq(claim_ack(ledger, first.id).status, CLAIM_OURS);
	ok(ledger_thread_add_id(ledger, first.thread, "onze-1@winkel.example", NULL, &error));
	ok(ledger_thread_add_id(ledger, first.thread, NULL, "<concept-1@winkel.example>", &error));

	MailKey key = mail_key("mail-2@klant.example", "ff", threads[_i].correspondent, OTHER_REF);
	key.references = threads[_i].references;
	key.shop = threads[_i].shop;
	MailEntry peeked, second;
	ok(ledger_peek_mail(ledger, &key, &peeked, &error));
	second = open_mail(ledger, &key);

	ck_assert_msg((second.thread == first.thread) == threads[_i].joins, "%s", threads[_i].label);
	ck_assert_uint_eq(second.thread_mails, threads[_i].joins ? 1 : 0);
	ck_assert_int_eq(second.thread_first, threads[_i].joins ? T0 : 0);
	ck_assert_int_eq(second.thread_acknowledged, threads[_i].joins);
	ck_assert_uint_eq(second.ticket, threads[_i].joins ? ticket : 0);
	ck_assert_str_eq(second.thread_tone, threads[_i].joins ? "angry" : "");
	ck_assert_str_eq(second.last_draft_id, threads[_i].joins ? "concept-1@winkel.example" : "");
	ck_assert_uint_eq(peeked.thread_mails, second.thread_mails);
	ck_assert_int_eq(peeked.thread_acknowledged, second.thread_acknowledged);
	ck_assert_uint_eq(peeked.customer_mails, second.customer_mails);
}
END_TEST

START_TEST(test_thread_without_itself)
{
	g_autoptr(Ledger) ledger = open_ledger();

	MailEntry first = new_mail(ledger, 1, "k@x");
	MailKey key = mail_key("mail-1@klant.example", "00000001", "k@x", REF);

	claim_ack(ledger, first.id);
	MailEntry again = open_mail(ledger, &key);
	ck_assert_int_eq(again.status, MAIL_RESUMED);
	ck_assert_uint_eq(again.thread_mails, 0);
	ck_assert_int_eq(again.thread_acknowledged, FALSE);
	ck_assert_uint_eq(again.customer_mails, 0);
}
END_TEST

START_TEST(test_ticket_numbers)
{
	g_autoptr(Ledger) ledger = open_ledger();
	guint number = 0;

	for (guint i = 1; i <= 3; i++) {
		MailEntry entry = new_mail(ledger, i, "k@x");
		ok(ledger_ticket_number(ledger, entry.id, &number, &error));
		ck_assert_uint_eq(number, i);
		ok(ledger_ticket_number(ledger, entry.id, &number, &error));
		ck_assert_uint_eq(number, i);
	}
	MailKey key = mail_key("z@x", "ff", "k@x", OTHER_REF);
	key.shop = "bakker";
	MailEntry other = open_mail(ledger, &key);
	ok(ledger_ticket_number(ledger, other.id, &number, &error));
	ck_assert_uint_eq(number, 1);

	g_autoptr(GError) error = NULL;
	ck_assert(!ledger_ticket_number(ledger, 999, &number, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
}
END_TEST

/* A stranger's thousand references cost no more than a hundred look-ups, newest first. */
START_TEST(test_many_references)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailEntry first = new_mail(ledger, 1, "k@x");
	g_autoptr(GPtrArray) references = g_ptr_array_new();
	MailKey key = mail_key("z@x", "ff", "k@x", OTHER_REF);

	for (guint i = 0; i < 5000; i++)
		g_ptr_array_add(references, (gpointer) "q@q");
	g_ptr_array_add(references, (gpointer) "mail-1@klant.example");
	g_ptr_array_add(references, NULL);
	key.references = (const char *const *) references->pdata;
	ck_assert_int_eq(open_mail(ledger, &key).thread, first.thread);
}
END_TEST

START_TEST(test_foreign_text_is_made_fit)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *long_text = g_strnfill(100000, 'x');
	g_autofree char *subject = g_strconcat("caf\xe9 \xff ", long_text, NULL);
	MailKey key = mail_key(long_text, "11", long_text, REF);

	key.subject = subject;
	MailEntry entry = open_mail(ledger, &key);
	ck_assert_int_eq(entry.status, MAIL_NEW);
	ok(ledger_settle(ledger, REF, entry.id, "held", subject, &error));
	g_autofree char *text = NULL;
	ok((text = ledger_why_json(ledger, "1", &error)) != NULL);
	ck_assert_uint_lt(strlen(text), 8000);
	ck_assert(g_utf8_validate(text, -1, NULL));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger-threads");
	TCase *talk = tcase_create("threads");

	tcase_add_checked_fixture(talk, fixture_set_up, fixture_tear_down);
	suite_add_tcase(suite, talk);
	tcase_add_loop_test(talk, test_thread, 0, G_N_ELEMENTS(threads));
	tcase_add_test(talk, test_thread_without_itself);
	tcase_add_test(talk, test_ticket_numbers);
	tcase_add_test(talk, test_many_references);
	tcase_add_test(talk, test_foreign_text_is_made_fit);
	return unit_run(suite);
}
