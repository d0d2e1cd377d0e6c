/* pipeline.c - source, message, guard, classify, decide, act, record: in that order. Read this
 * first. */
#include "config.h"

#include <string.h>

#include "aardig/classify.h"
#include "aardig/clock.h"
#include "aardig/decide.h"
#include "aardig/error.h"
#include "aardig/fault.h"
#include "aardig/guard.h"
#include "aardig/log.h"
#include "aardig/pipeline.h"

#define QUOTE_MAX 80
#define UNSURE_RETRY 300
#define CLOCK_BEHIND_MAX 3600

/* One mail on its way; each stage fills its part. */
typedef struct {
	const Pipeline *pipeline;
	const SourceMail *mail;
	gint64 now;
	LedgerHistory past;
	const Words *words;
	Message *message;
	GuardResult *guard;
	Reading *reading;
	History history;
	Plan *plan;
	MailEntry entry;
	gint64 newest;       /* time of the ledger's newest entry */
	gboolean behind;     /* the clock */
	gboolean claimed;    /* `first` is what will be done first, and ours to do */
	Claim first;
	ActResult result;
} Passage;

static void
passage_clear(Passage *p)
{
	act_result_clear(&p->result);
	plan_free(p->plan);
	reading_free(p->reading);
	guard_result_free(p->guard);
	message_free(p->message);
}

/* ---- message, guard, classify, decide ---- */

/* The rules keep their compiled patterns between mails: one thread reads at a time. */
static GMutex one_reader;

static Message *
parse_mail(const SourceMail *mail)
{
	if (fault_hook != NULL) {
		g_autofree char *step = g_strdup_printf("pipeline.parse.%s", mail->ref);

		fault_point(step);
	}
	return message_parse(mail->raw);
}

static Reading *
read_message(const Pipeline *pipeline, const Message *message, gint64 now, const MailEntry *past)
{
	const ClassifyContext context = {
		.now = now,
		.timezone = pipeline->account->shop->timezone,
		.order_patterns = (const char *const *) pipeline->account->shop->order_patterns,
		.thread_mails = past->thread_mails,
		.first_mail = past->thread_first,
	};

	return classify_message(pipeline->rules, message, &context);
}

void
pipeline_parse_ahead(const SourceMail *mail, ReadAhead *ahead)
{
	ahead->message = parse_mail(mail);
}

void
pipeline_read_ahead(const Pipeline *pipeline, ReadAhead *ahead)
{
	const MailEntry nothing = { 0 };

	g_mutex_lock(&one_reader);
	ahead->reading = read_message(pipeline, ahead->message, clock_now(), &nothing);
	g_mutex_unlock(&one_reader);
}

/* What was read ahead knew of no earlier mail in the conversation; where there was one, it is read
 * again. */
static void
classify(Passage *p)
{
	const MailEntry *past = &p->past.entry;

	if (p->reading != NULL && past->thread_mails == 0 && past->thread_first == 0)
		return;
	reading_free(p->reading);
	g_mutex_lock(&one_reader);
	p->reading = read_message(p->pipeline, p->message, p->now, past);
	g_mutex_unlock(&one_reader);
}

static void
judge(Passage *p)
{
	const Pipeline *pipeline = p->pipeline;
	GuardHistory history = ledger_history(&p->past);
	const GuardContext guard_ctx = {
		.settings = pipeline->settings,
		.account = pipeline->account,
		.envelope = { p->mail->envelope_sender, p->mail->envelope_recipient, p->mail->arrived },
		.now = p->now,
		.history = pipeline->ledger != NULL ? &history : NULL,
	};

	p->past = (LedgerHistory) { pipeline->ledger, pipeline->settings, pipeline->account,
		                    p->mail->ref, p->now, { 0 }, FALSE, NULL };
	p->guard = guard_check(p->message, &guard_ctx);

	classify(p);
	p->history = history_of(&p->past.entry);
	p->plan = decide(pipeline->settings, pipeline->account, p->guard, p->reading, &p->history,
	                 p->now);
}

/* ---- record ---- */

static gboolean
open_mail(Passage *p, GError **error)
{
	const Pipeline *pipeline = p->pipeline;
	g_autofree char *address = p->guard->correspondent != NULL ? address_text(p->guard->correspondent)
	                                                           : NULL;
	g_autofree char *correspondent = address != NULL ? g_utf8_strdown(address, -1) : NULL;
	const MailKey key = {
		.shop = pipeline->account->shop->name,
		.account = pipeline->account->name,
		.ref = p->mail->ref,
		.message_id = message_id(p->message),
		.content_hash = message_content_hash(p->message),
		.correspondent = correspondent,
		.references = message_references(p->message),
		.from = address,
		.subject = message_subject(p->message),
		.arrived = p->mail->arrived,
	};

	return ledger_open_mail(pipeline->ledger, &key, &p->entry, error);
}

static gboolean
note_decision(Passage *p, GError **error)
{
	const Reading *reading = p->reading;
	const Plan *plan = p->plan;
	g_autofree char *unsure = g_strjoinv(",", reading->unsure);
	g_autofree char *evidence = evidence_json(reading);
	const MailDecision decision = {
		.language = reading->language,
		.type = reading->type,
		.tone = reading->tone,
		.unsure = unsure,
		.complaint = reading->complaint,
		.urgent = reading->urgent,
		.guard = p->guard->guard,
		.guard_reason = p->guard->reason,
		.team = plan->route->team,
		.priority = plan->priority == PRIORITY_HIGH ? "high" : "normal",
		.order_number = reading->facts.order_number,
		.customer_name = reading->facts.customer_name,
		.evidence = evidence,
		.rules_version = rules_version(p->pipeline->rules),
		.answer_by = plan->answer_by,
		.needs_human = plan->needs_human,
	};

	if (!ledger_note_decision(p->pipeline->ledger, p->entry.id, &decision, error))
		return FALSE;
	return (!plan->needs_human && !plan->acknowledge) ||
	       ledger_ticket_number(p->pipeline->ledger, p->entry.id, &p->entry.ticket, error);
}

static gboolean
settle(Passage *p, const char *outcome, const char *reason, Handled *handled, GError **error)
{
	handled->outcome = outcome;
	handled->reason = g_strdup(reason != NULL ? reason : "");
	if (p->pipeline->ledger == NULL || p->pipeline->dry_run)
		return TRUE;
	fault_point("pipeline.settle");
	return ledger_settle(p->pipeline->ledger, p->mail->ref, p->entry.id, outcome, handled->reason,
	                     error);
}

static gboolean
wait_for(Passage *p, gint64 due, const char *reason, Handled *handled, GError **error)
{
	handled->outcome = "waiting";
	handled->reason = g_strdup(reason);
	handled->due = due;
	if (p->pipeline->ledger == NULL || p->pipeline->dry_run)
		return TRUE;
	return ledger_wait(p->pipeline->ledger, p->mail->ref, due, error);
}

/* ---- act ---- */

static Acting
acting_of(Passage *p)
{
	return (Acting) {
		.settings = p->pipeline->settings,
		.account = p->pipeline->account,
		.words = p->words,
		.ledger = p->pipeline->dry_run ? NULL : p->pipeline->ledger,
		.effects = p->pipeline->effects,
		.mail = p->mail,
		.message = p->message,
		.guard = p->guard,
		.reading = p->reading,
		.plan = p->plan,
		.history = &p->history,
		.entry = &p->entry,
		.now = p->now,
		.hold_answers = p->behind,
		.first = p->claimed ? &p->first : NULL,
	};
}

static gboolean
need_words(Passage *p, GError **error)
{
	const Pipeline *pipeline = p->pipeline;

	p->words = pipeline->words;
	if (p->words == NULL && pipeline->load_words != NULL)
		p->words = pipeline->load_words(pipeline->load_data, error);
	return p->words != NULL;
}

/* Answers wait while the clock is behind what is already on record: budgets and terms would lie. */
static gboolean
look_at_clock(Passage *p, GError **error)
{
	if (p->pipeline->ledger == NULL)
		return TRUE;
	if (!ledger_newest_time(p->pipeline->ledger, &p->newest, error))
		return FALSE;
	p->behind = p->newest - p->now > CLOCK_BEHIND_MAX;
	return TRUE;
}

static void
tell_clock(Passage *p)
{
	g_autofree char *time = clock_format(p->now);
	g_autofree char *newest = clock_format(p->newest);
	const char *values[] = { "time", time, "newest", newest, NULL };

	operator_tell(p->pipeline->settings, p->pipeline->account, p->words, p->pipeline->ledger,
	              p->pipeline->effects, "clock", "clock", values);
}

/* The guard holds what is over the total before anything is claimed, so it is counted here. */
static gboolean
note_turned_away(Passage *p, GError **error)
{
	const Account *account = p->pipeline->account;
	const AckLimits limits = { .shop = account->shop->name, .total_hour = account->budget.total_hour,
		                   .now = p->now };
	g_autofree char *limit = g_strdup_printf("%u", limits.total_hour);
	const char *values[] = { "limit", limit, NULL };
	gboolean tripped = FALSE;

	if (p->pipeline->ledger == NULL || p->pipeline->dry_run ||
	    g_strcmp0(p->guard->guard, "budget") != 0 || g_strcmp0(p->past.budget, "total") != 0)
		return TRUE;
	if (!ledger_turn_away(p->pipeline->ledger, &limits, &tripped, error))
		return FALSE;
	if (tripped)
		operator_tell(p->pipeline->settings, account, p->words, p->pipeline->ledger,
		              p->pipeline->effects, "breaker", "breaker", values);
	return TRUE;
}

static void
tell_unrouted(Passage *p)
{
	g_autofree char *ticket = g_strdup_printf("%u", p->entry.ticket);
	const char *values[] = { "ref", p->mail->ref, "ticket", ticket, "detail", p->result.note, NULL };

	operator_tell(p->pipeline->settings, p->pipeline->account, p->words,
	              p->pipeline->ledger, p->pipeline->effects, "unrouted", "unrouted", values);
}

static gboolean
settle_result(Passage *p, Handled *handled, GError **error)
{
	const ActResult *result = &p->result;

	handled->acknowledged = result->acknowledged;
	handled->drafted = result->drafted;
	handled->ticketed = result->ticketed;
	if (result->unrouted)
		tell_unrouted(p);
	if (result->due != 0)
		return wait_for(p, result->due, result->note != NULL ? result->note : "waits", handled, error);
	if (result->unrouted)
		return settle(p, "unrouted", result->note, handled, error);
	if (result->acknowledged)
		return settle(p, "acknowledged", result->unknown ? "the server's last answer was lost; it "
		              "counts as sent" : ack_kind_name(p->plan->kind), handled, error);
	if (result->ack_given_up)
		return settle(p, "handed-over", result->note != NULL ? result->note
		              : "the acknowledgement was given up", handled, error);
	if (result->ack_held != NULL)
		return settle(p, "handed-over", result->ack_held, handled, error);
	return settle(p, p->plan->needs_human ? "handed-over" : "held",
	              p->guard->reason != NULL ? p->guard->reason
	              : p->plan->reasons->len > 0 ? g_ptr_array_index(p->plan->reasons, 0) : NULL,
	              handled, error);
}

static gboolean
act(Passage *p, Handled *handled, GError **error)
{
	if (!need_words(p, error))
		return FALSE;
	if (p->behind)
		tell_clock(p);
	if (!note_turned_away(p, error))
		return FALSE;
	Acting acting = acting_of(p);
	return act_carry_out(&acting, &p->result, error) && settle_result(p, handled, error);
}

static gboolean
set_aside(Passage *p, const char *why, Handled *handled, GError **error)
{
	g_autoptr(GError) trouble = NULL;

	if (!need_words(p, error))
		return FALSE;
	Acting acting = acting_of(p);
	if (act_set_aside(&acting, why, &p->result, &trouble)) {
		handled->ticketed = p->result.ticketed;
		return settle(p, "set-aside", why, handled, error);
	}
	/* The mail stays where it is; the human hears of it as soon as a way is open again. */
	return wait_for(p, p->now + UNSURE_RETRY, trouble->message, handled, error);
}

/* ---- on record, before anything is done ---- */

/* What ends where nothing is done about it; NULL: something is. */
static const char *
ends_as(const Passage *p)
{
	if (g_strcmp0(p->guard->guard, "ours") == 0)
		return "ours";
	return p->pipeline->account->mode == MODE_OBSERVE ? "observed" : NULL;
}

/* One commit for all of it: the mail, its decision, and what follows at once, which is the claim of
 * what will be done first or the outcome. */
static gboolean
write_intent(Passage *p, Handled *handled, GError **error)
{
	const char *outcome = ends_as(p);

	if (!open_mail(p, error))
		return FALSE;
	if (p->entry.status == MAIL_DUPLICATE)
		return settle(p, "duplicate", "being handled by another process", handled, error);
	if (!note_decision(p, error))
		return FALSE;
	if (outcome != NULL)
		return settle(p, outcome, p->guard->reason, handled, error);
	Acting acting = acting_of(p);
	return act_claim_first(&acting, &p->first, &p->claimed, error);
}

static gboolean
record_intent(Passage *p, Handled *handled, GError **error)
{
	Ledger *ledger = p->pipeline->ledger;
	gboolean ends = ends_as(p) != NULL;

	if (!ends && !look_at_clock(p, error))
		return FALSE;
	Acting acting = acting_of(p);
	gboolean durable = ends ? ledger_settle_is_durable(p->mail->ref) : act_first_is_durable(&acting);
	if (!(durable ? ledger_begin_durable(ledger, error) : ledger_begin(ledger, error)))
		return FALSE;
	if (!write_intent(p, handled, error)) {
		ledger_rollback(ledger);
		return FALSE;
	}
	handled->ticket = p->entry.ticket;
	return ledger_commit(ledger, error);
}

/* ---- one mail ---- */

static void
describe(const Passage *p, Handled *handled)
{
	g_autofree char *from = p->guard->correspondent != NULL ? address_text(p->guard->correspondent)
	                                                        : NULL;

	handled->from = log_quote(from, QUOTE_MAX);
	handled->subject = log_quote(message_subject(p->message), QUOTE_MAX);
	handled->language = g_strdup(p->reading->language);
	handled->type = g_strdup(p->reading->type);
	handled->tone = g_strdup(p->reading->tone);
	handled->guard = g_strdup(p->guard->guard);
	handled->team = g_strdup(p->plan->route->team);
	handled->urgent = p->reading->urgent;
	handled->hot = p->plan->hot;
	handled->ticket = p->entry.ticket;
}

static gboolean
handle_parsed(Passage *p, Handled *handled, GError **error)
{
	const Pipeline *pipeline = p->pipeline;

	judge(p);
	describe(p, handled);
	if (p->guard->unsure)
		return wait_for(p, p->now + UNSURE_RETRY, p->guard->reason, handled, error);
	if (pipeline->ledger == NULL || pipeline->dry_run) {
		/* Texts that are only shown name a ticket like those that leave. */
		p->entry.ticket = MAX(p->past.entry.ticket, 1);
		return look_at_clock(p, error) && act(p, handled, error);
	}

	p->entry = p->past.entry;
	if (p->past.peeked && p->entry.status == MAIL_DUPLICATE)
		return settle(p, "duplicate", p->guard->reason, handled, error);
	if (p->mail->done_elsewhere && p->entry.status == MAIL_NEW)
		return settle(p, "seen-again", "it carries $AardigDone: handled before, by this or another "
		              "ledger", handled, error);
	if (!record_intent(p, handled, error))
		return FALSE;
	fault_point("pipeline.recorded");
	if (handled->outcome != NULL)
		return TRUE;
	return act(p, handled, error);
}

/* `tries` is 0 where this one has not been counted yet. */
static gboolean
handle(Passage *p, guint tries, Handled *handled, GError **error)
{
	const Pipeline *pipeline = p->pipeline;

	if (p->mail->gone)
		return settle(p, "gone", "it was gone before it could be read", handled, error);
	if (tries == 0 && pipeline->ledger != NULL && !pipeline->dry_run &&
	    !ledger_attempt(pipeline->ledger, p->mail->ref, &tries, error))
		return FALSE;
	fault_point("pipeline.attempted");
	if (tries > PIPELINE_TRIES_MAX)
		return set_aside(p, "three tries to handle it did not come to an end", handled, error);
	if (p->mail->raw == NULL)
		return set_aside(p, "it is larger than 25 MiB", handled, error);
	if (p->message == NULL)
		p->message = parse_mail(p->mail);
	return handle_parsed(p, handled, error);
}

static char *
line_of(const Passage *p, const Handled *handled)
{
	g_autofree char *id = p->message != NULL ? log_quote(message_id(p->message), QUOTE_MAX)
	                                         : g_strdup("-");
	g_autofree char *reason = log_quote(handled->reason, 200);

	return g_strdup_printf("acct=%s ref=%s id=<%s> guard=%s lang=%s type=%s tone=%s ticket=%u "
	                       "result=%s reason=\"%s\"", p->pipeline->account->name, p->mail->ref, id,
	                       handled->guard != NULL ? handled->guard : "pass",
	                       handled->language != NULL ? handled->language : "-",
	                       handled->type != NULL ? handled->type : "-",
	                       handled->tone != NULL ? handled->tone : "-", handled->ticket,
	                       handled->outcome, reason);
}

gboolean
pipeline_handle_ahead(const Pipeline *pipeline, const SourceMail *mail, ReadAhead *ahead,
                      Handled *handled_out, GError **error)
{
	Passage passage = { .pipeline = pipeline, .mail = mail, .now = clock_now(),
		            .message = g_steal_pointer(&ahead->message),
		            .reading = g_steal_pointer(&ahead->reading) };
	Handled handled = { 0 };
	gboolean ok = handle(&passage, ahead->tries, &handled, error);

	if (ok) {
		handled.line = line_of(&passage, &handled);
		*handled_out = handled;
	} else {
		handled_clear(&handled);
	}
	passage_clear(&passage);
	return ok;
}

gboolean
pipeline_handle(const Pipeline *pipeline, const SourceMail *mail, Handled *handled_out,
                GError **error)
{
	ReadAhead nothing = { 0 };

	if (!pipeline_handle_ahead(pipeline, mail, &nothing, handled_out, error))
		return FALSE;
	log_info("pipeline", "%s", handled_out->line);
	return TRUE;
}

void
read_ahead_clear(ReadAhead *ahead)
{
	g_clear_pointer(&ahead->reading, reading_free);
	g_clear_pointer(&ahead->message, message_free);
}

void
handled_clear(Handled *handled)
{
	char **strings[] = { &handled->reason, &handled->from, &handled->subject, &handled->language,
		             &handled->type, &handled->tone, &handled->guard, &handled->team,
		             &handled->line };

	for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
		g_clear_pointer(strings[i], g_free);
}
