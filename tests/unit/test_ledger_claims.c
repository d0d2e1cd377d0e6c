/* test_ledger_claims.c - claims, retries, limits, the breaker, and many processes at once. */
#include "config.h"

#include "ledger_fixture.h"

#define REF "imap:info:INBOX:7:1"

static const MailKey first_key = {
	.shop = "winkel", .account = "info", .ref = REF, .message_id = "a@x", .content_hash = "11",
	.correspondent = "k@x", .arrived = T0,
};

/* ---- every state, found by ourselves, after a death, beside a living process ---- */

static const char *state_wanted, *kind_wanted;

static const char *
target_of(const char *kind)
{
	return strcmp(kind, "ack") == 0 ? "" : "doel";
}

static Claim
claim_any(Ledger *ledger, gint64 mail, const char *kind)
{
	return strcmp(kind, "ack") == 0 ? claim_ack(ledger, mail) : claim_other(ledger, mail, kind);
}

/* Brings the action of the first mail into the state that the row asks for. */
static void
reach_state(Ledger *ledger)
{
	const char *kind = kind_wanted, *target = target_of(kind);
	gint64 mail = open_mail(ledger, &first_key).id;
	gboolean given_up;

	if (strcmp(state_wanted, "none") == 0)
		return;
	ck_assert_int_eq(claim_any(ledger, mail, kind).status, CLAIM_OURS);
	if (strcmp(state_wanted, "claimed") == 0)
		return;
	if (strcmp(state_wanted, "failed") == 0 || strcmp(state_wanted, "given-up") == 0) {
		ok(ledger_action_failed(ledger, mail, kind, target, "4xx", state_wanted[0] == 'g', &given_up,
		                        &error));
		return;
	}
	ok(ledger_commit_begin(ledger, mail, kind, target, &error));
	if (strcmp(state_wanted, "done") == 0)
		ok(ledger_action_done(ledger, mail, kind, target, "250 ok", &error));
	else if (strcmp(state_wanted, "unknown") == 0)
		ok(ledger_action_unknown(ledger, mail, kind, target, "lost", &error));
}

typedef enum { US, DEAD, ALIVE } Owner;

static const struct {
	const char *kind, *state;
	Owner owner;
	ClaimStatus status;
	guint tries;
} states[] = {
	{ "ack", "none", US, CLAIM_OURS, 1 },
	{ "ack", "none", DEAD, CLAIM_OURS, 1 },
	{ "ack", "none", ALIVE, CLAIM_BUSY, 0 },
	{ "ack", "claimed", US, CLAIM_OURS, 2 },
	{ "ack", "claimed", DEAD, CLAIM_OURS, 2 },
	{ "ack", "claimed", ALIVE, CLAIM_BUSY, 0 },
	{ "ack", "committing", US, CLAIM_UNKNOWN, 1 },
	{ "ack", "committing", DEAD, CLAIM_UNKNOWN, 1 },
	{ "ack", "committing", ALIVE, CLAIM_BUSY, 0 },
	{ "ack", "unknown", US, CLAIM_UNKNOWN, 1 },
	{ "ack", "unknown", DEAD, CLAIM_UNKNOWN, 1 },
	{ "ack", "done", US, CLAIM_DONE, 1 },
	{ "ack", "done", DEAD, CLAIM_DONE, 1 },
	{ "ack", "failed", US, CLAIM_LATER, 1 },
	{ "ack", "failed", DEAD, CLAIM_LATER, 1 },
	{ "ack", "given-up", US, CLAIM_GIVEN_UP, 1 },
	{ "ack", "given-up", DEAD, CLAIM_GIVEN_UP, 1 },
	{ "draft", "none", US, CLAIM_OURS, 1 },
	{ "draft", "claimed", US, CLAIM_OPEN, 2 },
	{ "draft", "claimed", DEAD, CLAIM_OPEN, 2 },
	{ "draft", "claimed", ALIVE, CLAIM_BUSY, 0 },
	{ "draft", "committing", US, CLAIM_OPEN, 2 },
	{ "ticket", "committing", DEAD, CLAIM_OPEN, 2 },
	{ "ticket", "unknown", DEAD, CLAIM_LATER, 1 },
	{ "ticket", "done", DEAD, CLAIM_DONE, 1 },
	{ "ticket", "failed", US, CLAIM_LATER, 1 },
	{ "command", "given-up", DEAD, CLAIM_GIVEN_UP, 1 },
};

START_TEST(test_state)
{
	Living child = { 0 };

	kind_wanted = states[_i].kind;
	state_wanted = states[_i].state;
	if (states[_i].owner == DEAD)
		in_dying_child(reach_state);
	else if (states[_i].owner == ALIVE)
		child = in_living_child(reach_state);
	g_autoptr(Ledger) ledger = open_ledger();
	if (states[_i].owner == US)
		reach_state(ledger);
	else
		open_mail(ledger, &first_key);

	Claim claim = claim_any(ledger, 1, kind_wanted);
	ck_assert_msg(claim.status == states[_i].status, "%s %s: %d", kind_wanted, state_wanted, claim.status);
	ck_assert_uint_eq(claim.tries, states[_i].tries);
	if (claim.status == CLAIM_LATER)
		ck_assert_int_eq(claim.due, T0 + 60);
	if (states[_i].owner == ALIVE)
		let_go(&child);
}
END_TEST

START_TEST(test_our_id_is_kept)
{
	Claim claim;

	kind_wanted = "draft";
	state_wanted = "claimed";
	in_dying_child(reach_state);
	g_autoptr(Ledger) ledger = open_ledger();
	open_mail(ledger, &first_key);
	ok(ledger_claim(ledger, 1, "draft", "doel", "other@winkel.example", &claim, &error));
	ck_assert_str_eq(claim.our_id, "ours-1@winkel.example");
	/* Another target is another action. */
	ok(ledger_claim(ledger, 1, "draft", "elders", "other@winkel.example", &claim, &error));
	ck_assert_str_eq(claim.our_id, "other@winkel.example");
	ck_assert_int_eq(claim.status, CLAIM_OURS);
}
END_TEST

/* The one lock that counts: not claimed by us, not sent by us. */
START_TEST(test_commit_needs_the_claim)
{
	g_autoptr(Ledger) ledger = open_ledger();
	g_autoptr(GError) none = NULL, group = NULL, done = NULL;

	open_mail(ledger, &first_key);
	ck_assert(!ledger_commit_begin(ledger, 1, "ack", "", &none));
	ck_assert_ptr_nonnull(none);
	claim_ack(ledger, 1);
	ok(ledger_begin(ledger, &error));
	ck_assert(!ledger_commit_begin(ledger, 1, "ack", "", &group));
	ck_assert_ptr_nonnull(group);
	ledger_rollback(ledger);
	ok(ledger_commit_begin(ledger, 1, "ack", "", &error));
	ok(ledger_commit_begin(ledger, 1, "ack", "", &error));
	ok(ledger_action_done(ledger, 1, "ack", "", "250 ok", &error));
	ok(ledger_action_done(ledger, 1, "ack", "", "250 ok", &error));
	ck_assert(!ledger_commit_begin(ledger, 1, "ack", "", &done));
	ck_assert_ptr_nonnull(done);
}
END_TEST

START_TEST(test_settled_mail_has_nothing_open)
{
	g_autoptr(Ledger) ledger = open_ledger();
	AckLimits limits = { .recipient = "klant@klant.example", .address_day = 1, .now = T0 };
	const char *which = "";

	open_mail(ledger, &first_key);
	claim_ack(ledger, 1);
	claim_other(ledger, 1, "draft");
	ok(ledger_settle(ledger, REF, 1, "handed-over", "", &error));
	ck_assert_int_eq(claim_ack(ledger, 1).status, CLAIM_GIVEN_UP);
	ck_assert_int_eq(claim_other(ledger, 1, "draft").status, CLAIM_GIVEN_UP);
	ok(ledger_budget_left(ledger, &limits, &which, &error));
	ck_assert_ptr_null(which);
	MailEntry other = new_mail(ledger, 5, "k@x");
	ok(ledger_settle(ledger, "imap:info:INBOX:7:5", other.id, "held", "", &error));
	ck_assert_msg(claim_ack(ledger, other.id).status == CLAIM_DONE, "a settled mail was answered");
}
END_TEST

START_TEST(test_no_such_mail)
{
	g_autoptr(Ledger) ledger = open_ledger();
	AckLimits limits = { .recipient = "k@x", .now = T0 };
	g_autoptr(GError) error = NULL;
	Claim claim = { .tries = 77 };

	ck_assert(!ledger_claim_ack(ledger, 42, "a@b", &limits, &claim, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
	ck_assert_uint_eq(claim.tries, 77);
}
END_TEST

/* ---- tries again ---- */

/* Minutes after the first claim at which each next try is due; the last failure gives up. */
static const int schedule[] = { 1, 6, 21, 81, 141, 201, 240 };

START_TEST(test_schedule)
{
	g_autoptr(Ledger) ledger = open_ledger();
	gboolean given_up = FALSE;
	const char *kind = _i == 0 ? "ack" : "ticket";
	gint64 mail = open_mail(ledger, &first_key).id;

	for (gsize i = 0; i < G_N_ELEMENTS(schedule); i++) {
		Claim claim = claim_any(ledger, mail, kind);
		ck_assert_int_eq(claim.status, _i == 0 || i == 0 ? CLAIM_OURS : CLAIM_OPEN);
		ck_assert_uint_eq(claim.tries, i + 1);
		ok(ledger_action_failed(ledger, mail, kind, target_of(kind), "450 later", FALSE, &given_up,
		                        &error));
		ck_assert(!given_up);
		claim = claim_any(ledger, mail, kind);
		ck_assert_int_eq(claim.status, CLAIM_LATER);
		ck_assert_int_eq(claim.due, T0 + MIN_(schedule[i]));
		clock_set(T0 + MIN_(schedule[i]) - 1);
		ck_assert_int_eq(claim_any(ledger, mail, kind).status, CLAIM_LATER);
		clock_set(T0 + MIN_(schedule[i]));
	}
	claim_any(ledger, mail, kind);
	ok(ledger_action_failed(ledger, mail, kind, target_of(kind), "450", FALSE, &given_up, &error));
	ck_assert(given_up);
	ck_assert_int_eq(claim_any(ledger, mail, kind).status, CLAIM_GIVEN_UP);
}
END_TEST

START_TEST(test_clock_back_does_not_wait_for_years)
{
	g_autoptr(Ledger) ledger = open_ledger();
	gboolean given_up;

	clock_set(T0 + DAYS(400));
	open_mail(ledger, &first_key);
	claim_ack(ledger, 1);
	ok(ledger_action_failed(ledger, 1, "ack", "", "450", FALSE, &given_up, &error));
	clock_set(T0);
	ck_assert_int_eq(claim_ack(ledger, 1).status, CLAIM_OURS);
	/* The four hours count anew from here. */
	clock_set(T0 + HOURS(5));
	ok(ledger_action_failed(ledger, 1, "ack", "", "450", FALSE, &given_up, &error));
	ck_assert(given_up);
}
END_TEST

START_TEST(test_refused_for_good)
{
	g_autoptr(Ledger) ledger = open_ledger();
	gboolean given_up = FALSE;

	open_mail(ledger, &first_key);
	claim_ack(ledger, 1);
	ok(ledger_commit_begin(ledger, 1, "ack", "", &error));
	ok(ledger_action_failed(ledger, 1, "ack", "", "550 no such user", TRUE, &given_up, &error));
	ck_assert(given_up);
	ck_assert_int_eq(claim_ack(ledger, 1).status, CLAIM_GIVEN_UP);
}
END_TEST

/* ---- limits ---- */

static const AckLimits all_limits = {
	.recipient = "piet@piet.example", .domain = "piet.example", .form = "form@winkel.example",
	.address_day = 2, .address_week = 4, .domain_day = 5, .form_hour = 7, .total_hour = 9,
};

static const struct {
	const char *label;
	int sent;            /* acknowledgements before */
	gint64 ago;          /* that long before now */
	const char *recipient, *domain, *form;
	const char *which;   /* NULL: there is room */
} budgets[] = {
	{ "one below", 1, 60, "piet@piet.example", "piet.example", NULL, NULL },
	{ "address, day", 2, 60, "piet@piet.example", "piet.example", NULL, "address" },
	{ "address, day, in another case", 2, 60, "Piet@Piet.Example", "piet.example", NULL, "address" },
	{ "address with a +tag is the same", 2, 60, "piet+a@piet.example", "piet.example", NULL, "address" },
	{ "address, just within the day", 2, DAYS(1) - 1, "piet@piet.example", NULL, NULL, "address" },
	{ "address, a day later", 2, DAYS(1), "piet@piet.example", NULL, NULL, NULL },
	{ "address, week", 4, DAYS(2), "piet@piet.example", NULL, NULL, "address" },
	{ "address, a week later", 4, DAYS(7), "piet@piet.example", NULL, NULL, NULL },
	{ "domain", 5, 60, NULL, "piet.example", NULL, "domain" },
	{ "domain in another case", 5, 60, NULL, "PIET.example", NULL, "domain" },
	{ "domain a day later", 5, DAYS(1), NULL, "piet.example", NULL, NULL },
	{ "a mail provider does not count", 5, 60, NULL, NULL, NULL, NULL },
	{ "form", 7, 60, NULL, NULL, "form@winkel.example", "form" },
	{ "form an hour later", 7, HOURS(1), NULL, NULL, "form@winkel.example", NULL },
	{ "another form", 7, 60, NULL, NULL, "other@winkel.example", NULL },
	{ "total", 9, 60, NULL, NULL, NULL, "total" },
	{ "total one below", 8, 60, NULL, NULL, NULL, NULL },
	{ "total an hour later", 9, HOURS(1), NULL, NULL, NULL, NULL },
};

static gint64
send_one(Ledger *ledger, guint number, const char *recipient, const char *domain, const char *form)
{
	g_autofree char *someone = g_strdup_printf("nr%u@nr%u.example", number, number);
	AckLimits limits = { .recipient = recipient != NULL ? recipient : someone, .domain = domain,
		             .form = form };
	gint64 mail = new_mail(ledger, number, someone).id;

	ck_assert_int_eq(claim_ack_at(ledger, mail, &limits).status, CLAIM_OURS);
	ok(ledger_commit_begin(ledger, mail, "ack", "", &error));
	ok(ledger_action_done(ledger, mail, "ack", "", NULL, &error));
	return mail;
}

START_TEST(test_budget)
{
	g_autoptr(Ledger) ledger = open_ledger();
	AckLimits limits = all_limits;
	const char *which = "";
	gboolean fixed = budgets[_i].recipient != NULL;

	for (int i = 0; i < budgets[_i].sent; i++)
		send_one(ledger, 100 + (guint) i, fixed ? "piet@piet.example" : NULL, budgets[_i].domain,
		         budgets[_i].form != NULL ? "form@winkel.example" : NULL);
	clock_set(T0 + budgets[_i].ago);
	limits.recipient = fixed ? budgets[_i].recipient : "klaas@elders.example";
	limits.domain = budgets[_i].domain;
	limits.form = budgets[_i].form;
	limits.now = clock_now();

	ok(ledger_budget_left(ledger, &limits, &which, &error));
	ck_assert_msg(g_strcmp0(which, budgets[_i].which) == 0, "%s: left %s", budgets[_i].label, which);
	gint64 mail = new_mail(ledger, 1, "klaas@elders.example").id;
	Claim claim = claim_ack_at(ledger, mail, &limits);
	ck_assert_msg(claim.status == (budgets[_i].which != NULL ? CLAIM_BUDGET : CLAIM_OURS), "%s: %d",
	              budgets[_i].label, claim.status);
	ck_assert_msg(g_strcmp0(claim.which, budgets[_i].which) == 0, "%s: %s", budgets[_i].label,
	              claim.which);
	ck_assert_int_eq(claim.breaker_tripped, g_strcmp0(budgets[_i].which, "total") == 0);
}
END_TEST

static const struct {
	const char *state;
	gboolean counts;
} counted[] = {
	{ "claimed", TRUE }, { "committing", TRUE }, { "done", TRUE },
	{ "failed", TRUE },  { "unknown", TRUE },    { "given-up", FALSE },
};

START_TEST(test_what_counts)
{
	g_autoptr(Ledger) ledger = open_ledger();
	AckLimits limits = { .recipient = "klant@klant.example", .address_day = 1, .once_per_thread = TRUE };
	MailKey answer = mail_key("b@x", "22", "k@x", "imap:info:INBOX:7:2");
	const char *const references[] = { "a@x", NULL };

	kind_wanted = "ack";
	state_wanted = counted[_i].state;
	reach_state(ledger);
	gint64 mail = new_mail(ledger, 3, "q@q").id;
	ck_assert_int_eq(claim_ack_at(ledger, mail, &limits).status,
	                 counted[_i].counts ? CLAIM_BUDGET : CLAIM_OURS);
	answer.references = references;
	MailEntry entry = open_mail(ledger, &answer);
	ck_assert_int_eq(entry.thread_acknowledged, counted[_i].counts);
	limits.address_day = 0;
	ck_assert_int_eq(claim_ack_at(ledger, entry.id, &limits).status,
	                 counted[_i].counts ? CLAIM_THREAD : CLAIM_OURS);
}
END_TEST

START_TEST(test_own_claim_is_not_counted)
{
	g_autoptr(Ledger) ledger = open_ledger();
	AckLimits limits = { .recipient = "klant@klant.example", .address_day = 1, .now = T0, .shop = "winkel" };
	const char *which = NULL;

	open_mail(ledger, &first_key);
	claim_ack(ledger, 1);
	ok(ledger_budget_left(ledger, &limits, &which, &error));
	ck_assert_str_eq(which, "address");
	limits.mail = 1;
	ok(ledger_budget_left(ledger, &limits, &which, &error));
	ck_assert_ptr_null(which);
	limits.mail = 0;
	limits.shop = "bakker";
	ok(ledger_budget_left(ledger, &limits, &which, &error));
	ck_assert_ptr_null(which);
}
END_TEST

START_TEST(test_refusal_is_kept)
{
	g_autoptr(Ledger) ledger = open_ledger();
	AckLimits limits = { .recipient = "klant@klant.example", .address_day = 1 };

	send_one(ledger, 9, "klant@klant.example", NULL, NULL);
	open_mail(ledger, &first_key);
	ck_assert_int_eq(claim_ack_at(ledger, 2, &limits).status, CLAIM_BUDGET);
	clock_set(T0 + DAYS(2));
	Claim claim = claim_ack_at(ledger, 2, &limits);
	ck_assert_int_eq(claim.status, CLAIM_BUDGET);
	ck_assert_str_eq(claim.which, "address");
}
END_TEST

/* ---- the breaker ---- */

static Claim
want_one(Ledger *ledger, guint number)
{
	g_autofree char *someone = g_strdup_printf("nr%u@nr%u.example", number, number);
	AckLimits limits = { .recipient = someone, .total_hour = 3 };

	return claim_ack_at(ledger, new_mail(ledger, number, someone).id, &limits);
}

static gint64
breaker_at(Ledger *ledger)
{
	gint64 since = -1;

	ok(ledger_breaker(ledger, 3, clock_now(), &since, &error));
	return since;
}

START_TEST(test_breaker)
{
	g_autoptr(Ledger) ledger = open_ledger();
	guint n = 1;

	for (; n <= 3; n++)
		ck_assert_int_eq(want_one(ledger, n).status, CLAIM_OURS);
	ck_assert_int_eq(breaker_at(ledger), 0);
	Claim claim = want_one(ledger, n++);
	ck_assert_int_eq(claim.status, CLAIM_BUDGET);
	ck_assert(claim.breaker_tripped);
	ck_assert_int_eq(breaker_at(ledger), T0);
	claim = want_one(ledger, n++);
	ck_assert_int_eq(claim.status, CLAIM_BUDGET);
	ck_assert_msg(!claim.breaker_tripped, "told twice");

	/* Mail keeps coming: an hour later it is still over the limit. */
	for (int minutes = 10; minutes <= 70; minutes += 10) {
		clock_set(T0 + MIN_(minutes));
		ck_assert_int_eq(want_one(ledger, n++).status, CLAIM_BUDGET);
	}
	ck_assert_int_eq(breaker_at(ledger), T0);
	/* It calms down. */
	clock_set(T0 + MIN_(70 + 45));
	ck_assert_int_eq(breaker_at(ledger), 0);
	for (int i = 0; i < 3; i++) {
		clock_set(T0 + HOURS(3));
		ck_assert_int_eq(want_one(ledger, n++).status, CLAIM_OURS);
	}
	claim = want_one(ledger, n++);
	ck_assert_msg(claim.breaker_tripped, "the second time was not told");
	ck_assert_int_eq(breaker_at(ledger), T0 + HOURS(3));
}
END_TEST

/* ---- many at once ---- */

#define PROCESSES 22
#define MAILS 200

/* What a worker does, in another order per process; returns how often the acknowledgement was its
 * own. */
static int
compete(int me)
{
	int acks = 0;

	clock_set(0);
	g_autoptr(Ledger) ledger = open_ledger();
	for (int i = 0; i < MAILS; i++) {
		int number = (i * 7 + me * 31) % MAILS;
		g_autofree char *id = g_strdup_printf("mail-%d@klant.example", number);
		g_autofree char *content = g_strdup_printf("%08x", number);
		/* Two daemons share their refs, twenty deliveries have their own. */
		g_autofree char *ref = me < 2 ? g_strdup_printf("imap:info:INBOX:7:%d", number + 1)
		                              : g_strdup_printf("spool:%d.%d", me, number);
		MailKey key = mail_key(id, content, "klant@klant.example", ref);
		RefState state;
		guint tries;

		ok(ledger_ref_state(ledger, ref, &state, NULL, &error));
		if (state != REF_NEW)
			continue;
		ok(ledger_attempt(ledger, ref, &tries, &error));
		MailEntry entry = open_mail(ledger, &key);
		if (entry.status == MAIL_DUPLICATE) {
			ok(ledger_settle(ledger, ref, entry.id, "duplicate", "", &error));
			continue;
		}
		if (claim_ack(ledger, entry.id).status == CLAIM_OURS) {
			ok(ledger_commit_begin(ledger, entry.id, "ack", "", &error));
			acks++;
			ok(ledger_action_done(ledger, entry.id, "ack", "", NULL, &error));
		}
		ok(ledger_settle(ledger, ref, entry.id, "acknowledged", "", &error));
	}
	return acks;
}

START_TEST(test_many_processes)
{
	pid_t pids[PROCESSES];
	int total = 0, fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	for (int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			int acks = compete(i);
			_exit(write(fds[1], &acks, sizeof acks) == sizeof acks ? 0 : 1);
		}
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status = 0, acks = 0;
		waitpid(pids[i], &status, 0);
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "process %d: %d", i, status);
		ck_assert_int_eq(read(fds[0], &acks, sizeof acks), sizeof acks);
		total += acks;
	}
	ck_assert_int_eq(total, MAILS);

	clock_set(0);
	g_autoptr(Ledger) ledger = open_ledger();
	json_t *status = status_of_ledger(ledger), *outcomes = json_object_get(status, "outcomes");
	ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(status, "actions"), "ack done")),
	                 MAILS);
	ck_assert_int_eq(json_integer_value(json_object_get(outcomes, "acknowledged")), MAILS);
	ck_assert_uint_eq(json_array_size(json_object_get(status, "waiting")), 0);
	json_decref(status);
}
END_TEST

/* A limit holds over all of them together. */
START_TEST(test_budget_over_processes)
{
	int fds[2];
	char byte;
	guint claimed = 0;

	ck_assert_int_eq(pipe(fds), 0);
	ledger_close(open_ledger());
	for (int i = 0; i < 10; i++) {
		if (fork() != 0)
			continue;
		Ledger *ledger = open_ledger();
		AckLimits limits = { .recipient = "klant@klant.example", .address_day = 3 };
		for (guint k = 0; k < 5; k++) {
			gint64 mail = new_mail(ledger, 1 + (guint) i * 5 + k, "q@q").id;
			if (claim_ack_at(ledger, mail, &limits).status == CLAIM_OURS && write(fds[1], "x", 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	for (int i = 0; i < 10; i++) {
		int status = 0;
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	close(fds[1]);
	while (read(fds[0], &byte, 1) == 1)
		claimed++;
	ck_assert_uint_eq(claimed, 3);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger-claims");
	TCase *claims = tcase_create("claims"), *limits = tcase_create("limits"), *many = tcase_create("many");
	TCase *const all[] = { claims, limits, many };

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		tcase_add_checked_fixture(all[i], fixture_set_up, fixture_tear_down);
		suite_add_tcase(suite, all[i]);
	}
	tcase_add_loop_test(claims, test_state, 0, G_N_ELEMENTS(states));
	tcase_add_test(claims, test_our_id_is_kept);
	tcase_add_test(claims, test_commit_needs_the_claim);
	tcase_add_test(claims, test_settled_mail_has_nothing_open);
	tcase_add_test(claims, test_no_such_mail);
	tcase_add_loop_test(claims, test_schedule, 0, 2);
	tcase_add_test(claims, test_clock_back_does_not_wait_for_years);
	tcase_add_test(claims, test_refused_for_good);
	tcase_add_loop_test(limits, test_budget, 0, G_N_ELEMENTS(budgets));
	tcase_add_loop_test(limits, test_what_counts, 0, G_N_ELEMENTS(counted));
	tcase_add_test(limits, test_own_claim_is_not_counted);
	tcase_add_test(limits, test_refusal_is_kept);
	tcase_add_test(limits, test_breaker);
	tcase_set_timeout(many, 900);
	tcase_add_test(many, test_many_processes);
	tcase_add_test(many, test_budget_over_processes);
	return unit_run(suite);
}
