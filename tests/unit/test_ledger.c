/* test_ledger.c - identity, claims, takeover and budgets of the ledger. */
#include "config.h"

#include "ledger_fixture.h"

/* ---- which mail is it ---- */

static const struct {
	const char *label;
	const char *id1, *content1, *id2, *content2;
	MailStatus status; /* of the second, after the first was settled */
} identities[] = {
	{ "same id, same content", "a@x", "11", "a@x", "11", MAIL_DUPLICATE },
	{ "brackets and blanks do not count", "<a@x>", "11", " a@x ", "11", MAIL_DUPLICATE },
	{ "same id, other content", "a@x", "11", "a@x", "22", MAIL_SAME_ID },
	{ "other id, same content", "a@x", "11", "b@x", "11", MAIL_NEW },
	{ "case of an id counts", "a@x", "11", "A@x", "11", MAIL_NEW },
	{ "no id, same content", NULL, "11", NULL, "11", MAIL_DUPLICATE },
	{ "empty id is none", "", "11", NULL, "11", MAIL_DUPLICATE },
	{ "no id, other content", NULL, "11", NULL, "22", MAIL_NEW },
	{ "the second route lost the id", "a@x", "11", NULL, "11", MAIL_DUPLICATE },
	{ "the second route added an id", NULL, "11", "a@x", "11", MAIL_DUPLICATE },
	{ "nothing to go by", NULL, NULL, NULL, NULL, MAIL_NEW },
};

START_TEST(test_identity)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey one = mail_key(identities[_i].id1, identities[_i].content1, "k@x", "imap:info:INBOX:7:1");
	MailKey two = mail_key(identities[_i].id2, identities[_i].content2, "k@x", "imap:zoe:INBOX:9:5");
	MailEntry peeked;

	MailEntry first = open_mail(ledger, &one);
	ck_assert_int_eq(first.status, MAIL_NEW);
	ok(ledger_settle(ledger, one.ref, first.id, "observed", "test", &error));
	ok(ledger_peek_mail(ledger, &two, &peeked, &error));
	MailEntry second = open_mail(ledger, &two);
	ck_assert_msg(second.status == identities[_i].status, "%s: %d", identities[_i].label, second.status);
	ck_assert_int_eq(peeked.status, identities[_i].status);
	ck_assert_int_eq(second.id == first.id, identities[_i].status == MAIL_DUPLICATE);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger");
	TCase *tcase = tcase_create("identity");

	tcase_add_checked_fixture(tcase, fixture_set_up, fixture_tear_down);
	tcase_add_loop_test(tcase, test_identity, 0, G_N_ELEMENTS(identities));
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
