/* test_ledger_crash.c - the process is killed at every step, the power fails: what is on record then, and what is done
 * about it. */
#include "config.h"

#include <fcntl.h>

#include "aardig/fault.h"
#include "aardig/pipeline.h"
#include "ledger_fixture.h"

#define REF "imap:info:INBOX:7:1"

/* ---- killed at the N-th boundary ---- */

static int steps_left;

static void
kill_at_step(const char *step)
{
	if (steps_left-- == 0)
		kill(getpid(), SIGKILL);
}

/* What leaves, one byte each: 'a' acknowledgement, 't' ticket. */
static void
leave(const char *sink, char what)
{
	int fd = open(sink, O_WRONLY | O_CREAT | O_APPEND, 0600);

	ck_assert_int_eq(write(fd, &what, 1), 1);
	close(fd);
	fault_point("sent");
}

static void
send_ack(Ledger *ledger, gint64 mail, const char *sink)
{
	fault_point("before commit");
	ok(ledger_commit_begin(ledger, mail, "ack", "", &error));
	leave(sink, 'a');
}

static void
send_ticket(Ledger *ledger, gint64 mail, gboolean acknowledged, const char *sink)
{
	ok(ledger_begin_durable(ledger, &error));
	if (acknowledged)
		ok(ledger_action_done(ledger, mail, "ack", "", "250", &error));
	ClaimStatus status = claim_other(ledger, mail, "ticket").status;
	ok(ledger_commit(ledger, &error));
	if (status != CLAIM_OURS && status != CLAIM_OPEN)
		return;
	leave(sink, 't');
	ok(ledger_action_done(ledger, mail, "ticket", "doel", "250", &error));
}

/* As the pipeline does it: intent with the first claim, acknowledgement, its end with the claim of
 * the ticket, outcome, rest. */
static void
handle_once(const char *sink)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey key = mail_key("a@x", "11", "k@x", REF);
	const MailDecision decision = { .type = "damaged", .needs_human = TRUE };
	RefState state;
	guint tries;

	ok(ledger_ref_state(ledger, REF, &state, NULL, &error));
	if (state == REF_SETTLED)
		return;
	ok(ledger_attempt(ledger, REF, &tries, &error));
	ok(ledger_begin(ledger, &error));
	MailEntry entry = open_mail(ledger, &key);
	ok(ledger_note_decision(ledger, entry.id, &decision, &error));
	gboolean answer = claim_ack(ledger, entry.id).status == CLAIM_OURS;
	ok(ledger_commit(ledger, &error));
	if (answer)
		send_ack(ledger, entry.id, sink);
	send_ticket(ledger, entry.id, answer, sink);
	ok(ledger_settle(ledger, REF, entry.id, "acknowledged", "", &error));
	ok(ledger_rest(ledger, &error));
}

static void
copy_to(const char *from, const char *suffix)
{
	g_autofree char *source = g_strconcat(from, suffix, NULL), *bytes = NULL;
	g_autofree char *copy = g_strconcat(path, ".disk", suffix, NULL);
	gsize size;

	ck_assert(g_file_get_contents(source, &bytes, &size, NULL));
	ck_assert(g_file_set_contents(copy, bytes, (gssize) size, NULL));
}

/* The power fails after the server's answer: of the ledger there is what was there when the last
 * durable step returned. It counts as sent. */
START_TEST(test_power_cut_after_the_answer)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailKey key = mail_key("a@x", "11", "k@x", REF);

	ledger_keep_log(ledger);
	ok(ledger_begin(ledger, &error));
	MailEntry entry = open_mail(ledger, &key);
	ck_assert_int_eq(claim_ack(ledger, entry.id).status, CLAIM_OURS);
	ok(ledger_commit(ledger, &error));
	ok(ledger_commit_begin(ledger, entry.id, "ack", "", &error));
	copy_to(path, "");
	copy_to(path, "-wal");
	ok(ledger_action_done(ledger, entry.id, "ack", "", "250", &error));
	ok(ledger_settle(ledger, REF, entry.id, "acknowledged", "", &error));
	ck_assert_int_eq(claim_ack(ledger, entry.id).status, CLAIM_DONE);
	g_clear_pointer(&ledger, ledger_close);

	g_autofree char *disk = g_strconcat(path, ".disk", NULL);
	g_free(path);
	path = g_steal_pointer(&disk);
	ledger = open_ledger();
	entry = open_mail(ledger, &key);
	ck_assert_int_eq(entry.status, MAIL_RESUMED);
	ck_assert_int_eq(claim_ack(ledger, entry.id).status, CLAIM_UNKNOWN);
	json_t *status = status_of_ledger(ledger);
	ck_assert_uint_eq(json_array_size(json_object_get(status, "unknown")), 1);
	json_decref(status);
}
END_TEST

static int
beats(Ledger *ledger)
{
	gint64 value = -1;

	ok(db_value(ledger, &value, &error, "SELECT beat FROM clock", "") == 1);
	return (int) value;
}

/* The ends of actions and mails are on disk before there is nothing to do, by the next step that
 * waits for it or by a beat of their own. */
START_TEST(test_ends_are_synced_at_rest)
{
	g_autoptr(Ledger) ledger = open_ledger();
	MailEntry entry = new_mail(ledger, 1, "k@x");

	ok(ledger_rest(ledger, &error));
	ck_assert_int_eq(beats(ledger), 0);
	claim_ack(ledger, entry.id);
	ok(ledger_commit_begin(ledger, entry.id, "ack", "", &error));
	ok(ledger_action_done(ledger, entry.id, "ack", "", "250", &error));
	ck_assert_int_eq(beats(ledger), 0);
	ok(ledger_rest(ledger, &error));
	ok(ledger_rest(ledger, &error));
	ck_assert_int_eq(beats(ledger), 1);

	/* Taken along by the next claim. */
	ok(ledger_settle(ledger, "imap:info:INBOX:7:1", entry.id, "acknowledged", "", &error));
	claim_other(ledger, new_mail(ledger, 2, "l@x").id, "draft");
	ok(ledger_rest(ledger, &error));
	ck_assert_int_eq(beats(ledger), 1);

	ok(ledger_settle(ledger, "imap:info:INBOX:7:2", 0, "held", "", &error));
	g_clear_pointer(&ledger, ledger_close);
	ledger = open_ledger();
	ck_assert_int_eq(beats(ledger), 2);
}
END_TEST

/* The file in the spool goes away after this; any other mail is still where it was found. */
START_TEST(test_end_of_a_spool_file_is_durable)
{
	g_autoptr(Ledger) ledger = open_ledger();

	ok(ledger_settle(ledger, "imap:info:INBOX:7:1", new_mail(ledger, 1, "k@x").id, "held", "", &error));
	ck_assert(!ledger->durable && ledger->owes_sync);
	ok(ledger_settle(ledger, "spool:1", 0, "held", "", &error));
	ck_assert(ledger->durable && !ledger->owes_sync);
}
END_TEST

START_TEST(test_killed_at_every_step)
{
	g_autofree char *sink = g_build_filename(folder, "sink", NULL), *sent = NULL, *why = NULL;
	guint acks = 0, tickets = 0;

	for (int life = 0; life < 2; life++) {
		pid_t pid = fork();
		if (pid == 0) {
			/* The second life is killed as well, at another step. */
			steps_left = life == 0 ? _i : (_i * 5) % 13;
			fault_hook = kill_at_step;
			handle_once(sink);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	handle_once(sink);

	g_file_get_contents(sink, &sent, NULL, NULL);
	for (const char *p = sent; p != NULL && *p != '\0'; p++) {
		acks += *p == 'a';
		tickets += *p == 't';
	}
	ck_assert_msg(acks <= 1, "step %d: %u acknowledgements", _i, acks);
	ck_assert_msg(tickets >= 1, "step %d: no ticket", _i);

	g_autoptr(Ledger) ledger = open_ledger();
	ok((why = ledger_why_json(ledger, "1", &error)) != NULL);
	json_t *story = json_loads(why, 0, NULL);
	json_t *mail = json_array_get(json_object_get(story, "mails"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(mail, "outcome")), "acknowledged");
	json_decref(story);
	g_autofree char *second = NULL;
	ok((second = ledger_why_json(ledger, "2", &error)) == NULL);
	/* Where no acknowledgement left, the operator sees that it may be missing. */
	json_t *status = status_of_ledger(ledger);
	if (acks == 0)
		ck_assert_uint_eq(json_array_size(json_object_get(status, "unknown")), 1);
	json_decref(status);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger-crash");
	TCase *tcase = tcase_create("crash");

	tcase_add_checked_fixture(tcase, fixture_set_up, fixture_tear_down);
	tcase_add_loop_test(tcase, test_killed_at_every_step, 0, 24);
	tcase_add_test(tcase, test_power_cut_after_the_answer);
	tcase_add_test(tcase, test_ends_are_synced_at_rest);
	tcase_add_test(tcase, test_end_of_a_spool_file_is_durable);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
