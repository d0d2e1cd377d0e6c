/* test_ledger.c - which mail is it, whose is it, to which conversation it belongs, how it ends. */
#include "config.h"

#include "ledger_fixture.h"
#include "record/record-private.h"

#define REF "imap:info:INBOX:7:1"
#define OTHER_REF "maildir:/home/zoe/Maildir:1700000000.M1P1.host"

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
	MailKey one = mail_key(identities[_i].id1, identities[_i].content1, "k@x", REF);
	MailKey two = mail_key(identities[_i].id2, identities[_i].content2, "k@x", OTHER_REF);
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

START_TEST(test_other_shop_is_other_mail)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey one = mail_key("a@x", "11", "k@x", REF);
	MailKey two = one;

	two.shop = "bakker";
	two.ref = OTHER_REF;
	MailEntry first = open_mail(ledger, &one), second = open_mail(ledger, &two);
	ck_assert_int_eq(second.status, MAIL_NEW);
	ck_assert_int_ne(first.id, second.id);
}
END_TEST

START_TEST(test_peek_writes_nothing)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey key = mail_key("a@x", "11", "k@x", REF);
	MailEntry entry;

	ok(ledger_peek_mail(ledger, &key, &entry, &error));
	ck_assert_int_eq(entry.status, MAIL_NEW);
	ck_assert_int_eq(entry.id, 0);
	ck_assert_int_eq(open_mail(ledger, &key).status, MAIL_NEW);
	ok(ledger_peek_mail(ledger, &key, &entry, &error));
	ck_assert_int_eq(entry.status, MAIL_RESUMED);
}
END_TEST

/* ---- whose is it ---- */

static const MailKey first_key = {
	.shop = "winkel", .account = "info", .ref = REF, .message_id = "a@x", .content_hash = "11",
	.correspondent = "k@x", .from = "k@x", .subject = "Hallo", .arrived = T0,
};

static void
begin_first(Ledger *ledger)
{
	guint tries;

	ok(ledger_attempt(ledger, REF, &tries, &error));
	open_mail(ledger, &first_key);
}

static void
begin_and_settle(Ledger *ledger)
{
	begin_first(ledger);
	ok(ledger_settle(ledger, REF, 1, "acknowledged", "gewoon", &error));
}

static void
begin_and_lose(Ledger *ledger)
{
	begin_first(ledger);
	ok(ledger_settle(ledger, REF, 1, "gone", "weg", &error));
}

static void
begin_same_id(Ledger *ledger)
{
	MailKey other = first_key;

	begin_and_settle(ledger);
	other.content_hash = "22";
	other.ref = OTHER_REF;
	ck_assert_int_eq(open_mail(ledger, &other).status, MAIL_SAME_ID);
}

typedef enum { WE_DID, DEAD_ONE, LIVING_ONE } Who;

static const struct {
	const char *label;
	Who who;
	void (*before)(Ledger *);
	const char *content, *ref;
	MailStatus status;
} owners[] = {
	{ "begun by ourselves", WE_DID, begin_first, "11", REF, MAIL_RESUMED },
	{ "begun by ourselves, other route", WE_DID, begin_first, "11", OTHER_REF, MAIL_RESUMED },
	{ "its process is gone", DEAD_ONE, begin_first, "11", REF, MAIL_RESUMED },
	{ "its process is gone, other route", DEAD_ONE, begin_first, "11", OTHER_REF, MAIL_RESUMED },
	{ "its process lives", LIVING_ONE, begin_first, "11", OTHER_REF, MAIL_DUPLICATE },
	{ "its process lives, same ref", LIVING_ONE, begin_first, "11", REF, MAIL_DUPLICATE },
	{ "settled, its process gone", DEAD_ONE, begin_and_settle, "11", OTHER_REF, MAIL_DUPLICATE },
	{ "settled, its process lives", LIVING_ONE, begin_and_settle, "11", OTHER_REF, MAIL_DUPLICATE },
	{ "vanished with nothing done, back again", DEAD_ONE, begin_and_lose, "11", OTHER_REF, MAIL_RESUMED },
	{ "same id stays same id when resumed", DEAD_ONE, begin_same_id, "22", OTHER_REF, MAIL_SAME_ID },
	{ "same id, its process lives", LIVING_ONE, begin_same_id, "22", "imap:zoe:INBOX:1:1", MAIL_DUPLICATE },
};

START_TEST(test_owner)
{
	Living child = { 0 };
	MailKey key = first_key;
	MailEntry peeked;

	key.content_hash = owners[_i].content;
	key.ref = owners[_i].ref;
	if (owners[_i].who == DEAD_ONE)
		in_dying_child(owners[_i].before);
	else if (owners[_i].who == LIVING_ONE)
		child = in_living_child(owners[_i].before);
	g_autoptr(Ledger) ledger = open_ledger();
	if (owners[_i].who == WE_DID)
		owners[_i].before(ledger);

	ok(ledger_peek_mail(ledger, &key, &peeked, &error));
	MailEntry entry = open_mail(ledger, &key);
	ck_assert_msg(entry.status == owners[_i].status, "%s: %d", owners[_i].label, entry.status);
	ck_assert_msg(peeked.status == owners[_i].status, "%s: peeked %d", owners[_i].label, peeked.status);
	if (owners[_i].who == LIVING_ONE)
		let_go(&child);
}
END_TEST

/* The living one is let go: what was its is now taken over. */
START_TEST(test_takeover_after_death)
{
	Living child = in_living_child(begin_first);
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey key = first_key;

	key.ref = OTHER_REF;
	ck_assert_int_eq(open_mail(ledger, &key).status, MAIL_DUPLICATE);
	let_go(&child);
	ck_assert_int_eq(open_mail(ledger, &key).status, MAIL_RESUMED);
}
END_TEST

/* Killed, and its parent has not yet looked: such a process does nothing more. */
START_TEST(test_zombie_is_gone)
{
	pid_t pid = fork();
	siginfo_t info;

	if (pid == 0) {
		begin_first(open_ledger());
		_exit(0);
	}
	ck_assert_int_eq(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
	g_autoptr(Ledger) ledger = open_ledger();
	ck_assert_int_eq(open_mail(ledger, &first_key).status, MAIL_RESUMED);
	waitpid(pid, NULL, 0);
}
END_TEST

/* Its PID is used again, or the machine was started anew: the number alone says nothing. */
START_TEST(test_owner_is_more_than_a_pid)
{
	static const char *const others[] = {
		"UPDATE mail SET owner = replace(owner, '.', '.1')",
		"UPDATE mail SET owner = owner || 'x'",
		"UPDATE mail SET owner = '1.2'",
		"UPDATE mail SET owner = ''",
	};
	g_autoptr(Ledger) ledger = open_ledger();

	begin_first(ledger);
	ok(db_run(ledger, &error, others[_i], ""));
	ck_assert_int_eq(open_mail(ledger, &first_key).status, MAIL_RESUMED);
}
END_TEST

/* In a container nobody can see whether a process outside lives: its claim holds for a quarter of
 * an hour. */
START_TEST(test_owner_in_another_namespace)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_auto(GStrv) parts = g_strsplit(ledger->owner, ".", 4);
	g_autofree char *outside = g_strdup_printf("%s.%s.1.%s", parts[0], parts[1], parts[3]);

	begin_first(ledger);
	ok(db_run(ledger, &error, "UPDATE mail SET owner = ?", "s", outside));
	ck_assert_int_eq(open_mail(ledger, &first_key).status, MAIL_DUPLICATE);
	clock_set(T0 + MIN_(15));
	ck_assert_int_eq(open_mail(ledger, &first_key).status, MAIL_RESUMED);
}
END_TEST

/* ---- how it ends ---- */

static char *
outcome_of(Ledger *ledger, const char *id)
{
	g_autofree char *text = NULL;

	ok((text = ledger_why_json(ledger, id, &error)) != NULL);
	json_t *why = json_loads(text, 0, NULL);
	json_t *mail = json_array_get(json_object_get(why, "mails"), 0);
	const char *outcome = json_string_value(json_object_get(mail, "outcome"));
	char *copy = g_strdup(outcome);
	json_decref(why);
	return copy;
}

static RefState
state_of(Ledger *ledger, const char *ref, gint64 *due)
{
	RefState state;

	ok(ledger_ref_state(ledger, ref, &state, due, &error));
	return state;
}

START_TEST(test_first_outcome_stays)
{
	g_autoptr(Ledger) ledger = open_ledger();

	begin_and_settle(ledger);
	ok(ledger_settle(ledger, REF, 1, "held", "nog eens", &error));
	ok(ledger_settle(ledger, REF, 0, "gone", "nog eens", &error));
	g_autofree char *outcome = outcome_of(ledger, "1");
	ck_assert_str_eq(outcome, "acknowledged");
	ck_assert_int_eq(state_of(ledger, REF, NULL), REF_SETTLED);
}
END_TEST

START_TEST(test_duplicate_ends_only_its_ref)
{
	Living child = in_living_child(begin_first);
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey key = first_key;

	key.ref = OTHER_REF;
	MailEntry entry = open_mail(ledger, &key);
	ok(ledger_settle(ledger, OTHER_REF, entry.id, "duplicate", "ook daar", &error));
	ck_assert_int_eq(state_of(ledger, OTHER_REF, NULL), REF_SETTLED);
	g_autofree char *outcome = outcome_of(ledger, "1");
	ck_assert_ptr_null(outcome);
	let_go(&child);
	/* The other one died: its ref is still to be handled. */
	ck_assert_int_eq(state_of(ledger, REF, NULL), REF_NEW);
	ck_assert_int_eq(open_mail(ledger, &first_key).status, MAIL_RESUMED);
}
END_TEST

/* Two daemons on one folder: the second must not end what the first is at, nor turn round it in a
 * busy loop, nor count its own look as a failed try. */
START_TEST(test_same_ref_of_a_living_process)
{
	Living child = in_living_child(begin_first);
	g_autoptr(Ledger) ledger = open_ledger();
	gint64 due = 0;
	guint tries = 0;

	ck_assert_int_eq(state_of(ledger, REF, &due), REF_WAITING);
	ck_assert_int_gt(due, T0);
	ok(ledger_attempt(ledger, REF, &tries, &error));
	ck_assert_uint_eq(tries, 1);
	MailEntry entry = open_mail(ledger, &first_key);
	ck_assert_int_eq(entry.status, MAIL_DUPLICATE);
	ok(ledger_settle(ledger, REF, entry.id, "duplicate", "", &error));
	ok(ledger_wait(ledger, REF, T0 + 60, &error));
	ck_assert_int_eq(state_of(ledger, REF, &due), REF_WAITING);
	let_go(&child);
	ck_assert_int_eq(state_of(ledger, REF, &due), REF_NEW);
	ok(ledger_attempt(ledger, REF, &tries, &error));
	ck_assert_uint_eq(tries, 2);
}
END_TEST

START_TEST(test_set_aside_without_mail_ends_the_mail_too)
{
	in_dying_child(begin_first);
	g_autoptr(Ledger) ledger = open_ledger();

	ok(ledger_settle(ledger, REF, 0, "set-aside", "drie keer", &error));
	g_autofree char *outcome = outcome_of(ledger, "1");
	ck_assert_str_eq(outcome, "set-aside");
}
END_TEST

/* After a UIDVALIDITY change the old ref is gone while the mail goes on under the new one. */
START_TEST(test_gone_of_an_old_ref)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey key = first_key;

	begin_first(ledger);
	key.ref = "imap:info:INBOX:8:1";
	ck_assert_int_eq(open_mail(ledger, &key).status, MAIL_RESUMED);
	ok(ledger_settle_missing(ledger, REF, &error));
	g_autofree char *before = outcome_of(ledger, "1");
	ck_assert_ptr_null(before);
	ok(ledger_settle(ledger, key.ref, 1, "handed-over", "", &error));
	g_autofree char *after = outcome_of(ledger, "1");
	ck_assert_str_eq(after, "handed-over");
}
END_TEST

static const struct {
	const char *label, *kind;
	gboolean begun, done, needs_human;
	const char *outcome;
} endings[] = {
	{ "nothing done", NULL, FALSE, FALSE, FALSE, "gone" },
	{ "acknowledged", "ack", TRUE, TRUE, FALSE, "acknowledged" },
	{ "acknowledgement under way", "ack", TRUE, FALSE, FALSE, "acknowledged" },
	{ "acknowledgement only claimed", "ack", FALSE, FALSE, FALSE, "gone" },
	{ "draft made", "draft", FALSE, TRUE, FALSE, "handed-over" },
	{ "ticket sent", "ticket", FALSE, TRUE, FALSE, "handed-over" },
	{ "draft only claimed", "draft", FALSE, FALSE, FALSE, "gone" },
	{ "moved by us, not written down", "folder", FALSE, FALSE, FALSE, "handed-over" },
	{ "acknowledged, no human told yet", "ack", TRUE, TRUE, TRUE, "gone" },
	{ "a human told", "ticket", FALSE, TRUE, TRUE, "handed-over" },
};

START_TEST(test_missing_mail_gets_what_was_done)
{
	g_autoptr(Ledger) ledger = open_ledger();
	const char *kind = endings[_i].kind;
	const char *target = g_strcmp0(kind, "ack") == 0 ? "" : "doel";

	begin_first(ledger);
	if (g_strcmp0(kind, "ack") == 0)
		claim_ack(ledger, 1);
	else if (kind != NULL)
		claim_other(ledger, 1, kind);
	if (endings[_i].begun)
		ok(ledger_commit_begin(ledger, 1, kind, target, &error));
	if (endings[_i].done)
		ok(ledger_action_done(ledger, 1, kind, target, NULL, &error));
	const MailDecision decision = { .needs_human = endings[_i].needs_human };
	ok(ledger_note_decision(ledger, 1, &decision, &error));
	ok(ledger_settle_missing(ledger, REF, &error));
	g_autofree char *outcome = outcome_of(ledger, REF);
	ck_assert_msg(strcmp(outcome, endings[_i].outcome) == 0, "%s: %s", endings[_i].label, outcome);
}
END_TEST

/* The human moves a mail whose acknowledgement waits, and back: it goes on as if nothing had
 * been. */
START_TEST(test_gone_and_back_keeps_its_claims)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey key = first_key;
	gboolean given_up;

	begin_first(ledger);
	claim_ack(ledger, 1);
	ok(ledger_action_failed(ledger, 1, "ack", "", "450 later", FALSE, &given_up, &error));
	ok(ledger_settle_missing(ledger, REF, &error));
	clock_set(T0 + 60);
	key.ref = OTHER_REF;
	ck_assert_int_eq(open_mail(ledger, &key).status, MAIL_RESUMED);
	Claim claim = claim_ack(ledger, 1);
	ck_assert_int_eq(claim.status, CLAIM_OURS);
	ck_assert_uint_eq(claim.tries, 2);
}
END_TEST

/* Acknowledged, crashed, and its UID given anew: the ticket is still made, the acknowledgement
 * not again. */
START_TEST(test_new_uid_after_a_crash)
{
	g_autoptr(Ledger) ledger = open_ledger();
	const MailDecision decision = { .needs_human = TRUE };
	MailKey key = first_key;

	begin_first(ledger);
	ok(ledger_note_decision(ledger, 1, &decision, &error));
	claim_ack(ledger, 1);
	ok(ledger_commit_begin(ledger, 1, "ack", "", &error));
	ok(ledger_settle_missing(ledger, REF, &error));
	json_t *status = status_of_ledger(ledger);
	ck_assert_uint_eq(json_array_size(json_object_get(status, "unknown")), 1);
	json_decref(status);
	key.ref = "imap:info:INBOX:8:1";
	ck_assert_int_eq(open_mail(ledger, &key).status, MAIL_RESUMED);
	ck_assert_int_eq(claim_ack(ledger, 1).status, CLAIM_UNKNOWN);
	ck_assert_int_eq(claim_other(ledger, 1, "ticket").status, CLAIM_OURS);
}
END_TEST

static const struct {
	const char *label, *id, *content;
	MailStatus status;
} same_places[] = {
	{ "its content is hashed in another way by now", "a@x", "22", MAIL_RESUMED },
	{ "its content can no longer be hashed", "a@x", NULL, MAIL_RESUMED },
	{ "another mail, after all", "b@x", "22", MAIL_NEW },
};

START_TEST(test_same_place)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey key = first_key;

	begin_first(ledger);
	key.message_id = same_places[_i].id;
	key.content_hash = same_places[_i].content;
	MailStatus status = open_mail(ledger, &key).status;
	ck_assert_msg(status == same_places[_i].status, "%s: %d", same_places[_i].label, status);
}
END_TEST

START_TEST(test_unsettled_refs)
{
	g_auto(GStrv) refs = NULL;
	guint tries;

	in_dying_child(begin_first);
	g_autoptr(Ledger) ledger = open_ledger();
	ok(ledger_attempt(ledger, "imap:info:INBOX:7:9", &tries, &error));
	ok(ledger_attempt(ledger, "imap:info:INBOX:7:10", &tries, &error));
	ok(ledger_attempt(ledger, "imap:infox:INBOX:7:2", &tries, &error));
	ok(ledger_attempt(ledger, "imap:info:INBOX:7:3", &tries, &error));
	ok(ledger_settle(ledger, "imap:info:INBOX:7:3", 0, "gone", "", &error));
	ok(ledger_unsettled_refs(ledger, "imap:info:", &refs, &error));
	g_autofree char *all = g_strjoinv(" ", refs);
	ck_assert_str_eq(all, REF " imap:info:INBOX:7:9 imap:info:INBOX:7:10");
}
END_TEST

/* ---- tries and waits ---- */

START_TEST(test_tries)
{
	g_autoptr(Ledger) ledger = open_ledger();
	guint tries;
	gint64 due = 0;

	ck_assert_int_eq(state_of(ledger, REF, NULL), REF_NEW);
	for (guint i = 1; i <= 4; i++) {
		ok(ledger_attempt(ledger, REF, &tries, &error));
		ck_assert_uint_eq(tries, i);
		ck_assert_int_eq(state_of(ledger, REF, NULL), REF_NEW);
	}
	ok(ledger_wait(ledger, REF, T0 + 60, &error));
	ck_assert_int_eq(state_of(ledger, REF, &due), REF_WAITING);
	ck_assert_int_eq(due, T0 + 60);
	clock_set(T0 + 59);
	ck_assert_int_eq(state_of(ledger, REF, NULL), REF_WAITING);
	clock_set(T0 + 60);
	ck_assert_int_eq(state_of(ledger, REF, NULL), REF_NEW);
	ok(ledger_attempt(ledger, REF, &tries, &error));
	ck_assert_msg(tries == 1, "a wait counted as poison: %u", tries);
}
END_TEST

START_TEST(test_wait_until_the_first_action)
{
	g_autoptr(Ledger) ledger = open_ledger();
	gint64 due = 0;
	gboolean given_up;

	begin_first(ledger);
	ok(ledger_wait(ledger, REF, 0, &error));
	ck_assert_int_eq(state_of(ledger, REF, NULL), REF_NEW);
	claim_other(ledger, 1, "draft");
	ok(ledger_action_failed(ledger, 1, "draft", "doel", "421 later", FALSE, &given_up, &error));
	ok(ledger_wait(ledger, REF, 0, &error));
	ck_assert_int_eq(state_of(ledger, REF, &due), REF_WAITING);
	ck_assert_int_eq(due, T0 + 60);
}
END_TEST

START_TEST(test_wait_ends_when_the_clock_is_set_back)
{
	g_autoptr(Ledger) ledger = open_ledger();

	clock_set(T0 + DAYS(365));
	ok(ledger_wait(ledger, REF, T0 + DAYS(365) + 60, &error));
	clock_set(T0);
	ck_assert_int_eq(state_of(ledger, REF, NULL), REF_NEW);
}
END_TEST

START_TEST(test_tries_survive_death)
{
	guint tries;

	for (guint i = 0; i < 3; i++)
		in_dying_child(begin_first);
	g_autoptr(Ledger) ledger = open_ledger();
	ok(ledger_attempt(ledger, REF, &tries, &error));
	ck_assert_uint_eq(tries, 4);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger");
	TCase *mails = tcase_create("mails"), *refs = tcase_create("refs");
	TCase *const all[] = { mails, refs };

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		tcase_add_checked_fixture(all[i], fixture_set_up, fixture_tear_down);
		suite_add_tcase(suite, all[i]);
	}
	tcase_add_loop_test(mails, test_identity, 0, G_N_ELEMENTS(identities));
	tcase_add_test(mails, test_other_shop_is_other_mail);
	tcase_add_test(mails, test_peek_writes_nothing);
	tcase_add_loop_test(mails, test_owner, 0, G_N_ELEMENTS(owners));
	tcase_add_test(mails, test_takeover_after_death);
	tcase_add_test(mails, test_zombie_is_gone);
	tcase_add_loop_test(mails, test_owner_is_more_than_a_pid, 0, 4);
	tcase_add_test(mails, test_owner_in_another_namespace);
	tcase_add_test(refs, test_first_outcome_stays);
	tcase_add_test(refs, test_duplicate_ends_only_its_ref);
	tcase_add_test(refs, test_same_ref_of_a_living_process);
	tcase_add_test(refs, test_set_aside_without_mail_ends_the_mail_too);
	tcase_add_test(refs, test_gone_of_an_old_ref);
	tcase_add_loop_test(refs, test_missing_mail_gets_what_was_done, 0, G_N_ELEMENTS(endings));
	tcase_add_test(refs, test_gone_and_back_keeps_its_claims);
	tcase_add_test(refs, test_new_uid_after_a_crash);
	tcase_add_loop_test(refs, test_same_place, 0, G_N_ELEMENTS(same_places));
	tcase_add_test(refs, test_unsettled_refs);
	tcase_add_test(refs, test_tries);
	tcase_add_test(refs, test_wait_until_the_first_action);
	tcase_add_test(refs, test_wait_ends_when_the_clock_is_set_back);
	tcase_add_test(refs, test_tries_survive_death);
	return unit_run(suite);
}
