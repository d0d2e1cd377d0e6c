/* decide.c - what is to happen with a mail, and why; nothing is opened or sent here. */
#include "config.h"

#include <string.h>

#include "aardig/decide.h"

/* From warm to dangerous; a step is a place in this list. */
static const char *const tone_ladder[] = {
	"friendly", "neutral", "disappointed", "frustrated", "angry", "abusive", "threatening",
};
#define STEP_ANGRY 4
/* DESIGN section 7, "recognise conflict early". */
#define WORSENING_STEPS 2
#define REMINDERS_HOT 2

typedef struct {
	const Settings *settings;
	const Account *account;
	const GuardResult *guard;
	const Reading *reading;
	const History *history;
	gint64 now;
	Plan *plan;
} Deciding;

static const Shop *
shop_of(const Deciding *d)
{
	return d->account != NULL ? d->account->shop : g_ptr_array_index(d->settings->shops, 0);
}

static int
tone_step(const char *tone)
{
	for (gsize i = 0; tone != NULL && i < G_N_ELEMENTS(tone_ladder); i++)
		if (strcmp(tone_ladder[i], tone) == 0)
			return i;
	return 1;
}

static G_GNUC_PRINTF(2, 3) void
because(Deciding *d, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(d->plan->reasons, g_strdup_vprintf(format, args));
	va_end(args);
}

static gboolean
is_type(const Reading *reading, const char *type)
{
	return strcmp(reading->type, type) == 0;
}

static AckKind
choose_kind(const Reading *reading)
{
	if (reading_has_flag(reading, "safety"))
		return ACK_SAFETY;
	if (reading_has_flag(reading, "bereavement"))
		return ACK_BEREAVEMENT;
	if (strcmp(reading->tone, "threatening") == 0)
		return reading_has_flag(reading, "legal-threat") ? ACK_LEGAL : ACK_THREAT;
	if (strcmp(reading->tone, "abusive") == 0)
		return ACK_ABUSE;
	if (reading_is_unsure(reading, "type"))
		return ACK_GENERAL;
	if (is_type(reading, "privacy"))
		return ACK_PRIVACY;
	if (is_type(reading, "praise"))
		return ACK_PRAISE;
	return reading->complaint ? ACK_NORMAL : ACK_QUESTION;
}

/* Policy's own grounds for silence, after the guards'. Returns a reason or NULL. */
static char *
policy_silence(const Deciding *d)
{
	const Reading *reading = d->reading;
	const Shop *shop = shop_of(d);

	if (d->account != NULL &&
	    !g_strv_contains((const char *const *) d->account->languages, reading->language))
		return g_strdup_printf("silent-language %s", reading->language);
	if (d->account == NULL && strcmp(reading->language, "other") == 0)
		return g_strdup("silent-language other");
	if (is_type(reading, "other") && !reading->complaint && !shop->acknowledge_other &&
	    !reading_is_unsure(reading, "type"))
		return g_strdup("silent-other");
	if (!d->plan->route->ack)
		return g_strdup("silent-route");
	return NULL;
}

static void
decide_answer(Deciding *d)
{
	Plan *plan = d->plan;

	plan->kind = choose_kind(d->reading);
	if (!d->guard->allowed) {
		because(d, "held %s", d->guard->guard);
		return;
	}
	g_autofree char *silence = policy_silence(d);
	if (silence != NULL) {
		g_ptr_array_add(plan->reasons, g_steal_pointer(&silence));
		return;
	}
	plan->acknowledge = TRUE;
	plan->permit = d->guard->permit;
	because(d, "answer %s", ack_kind_name(plan->kind));
}

/* Each ground that puts a case on top, with its code. */
static void
decide_heat(Deciding *d)
{
	static const char *const hot_flags[] = { "safety", "legal-threat", "giving-up", "chargeback",
		                                 "violence" };
	const Reading *reading = d->reading;
	int step = tone_step(reading->tone);

	if (step >= STEP_ANGRY) {
		d->plan->hot = TRUE;
		because(d, "hot-tone %s", reading->tone);
	}
	if (d->history->worst_tone != NULL &&
	    step >= tone_step(d->history->worst_tone) + WORSENING_STEPS) {
		d->plan->hot = TRUE;
		because(d, "hot-worse %s", d->history->worst_tone);
	}
	if (d->history->thread_mails >= REMINDERS_HOT) {
		d->plan->hot = TRUE;
		because(d, "hot-reminder %u", d->history->thread_mails + 1);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(hot_flags); i++)
		if (reading_has_flag(reading, hot_flags[i])) {
			d->plan->hot = TRUE;
			because(d, "hot-flag %s", hot_flags[i]);
		}
}

static void
decide_priority(Deciding *d)
{
	Plan *plan = d->plan;
	const Shop *shop = shop_of(d);

	plan->priority = plan->route->priority;
	decide_heat(d);
	if (d->reading->urgent) {
		plan->priority = PRIORITY_HIGH;
		because(d, "urgent");
	}
	if (reading_has_flag(d->reading, "safety"))
		plan->priority = PRIORITY_HIGH;
	/* The term that is promised follows from the case, never from the tone: who shouts is put
	 * on top of the team's pile, but is told the same time as the polite twin. A compliment
	 * asks for nothing, so no term runs. */
	if (!is_type(d->reading, "praise") || d->reading->complaint)
		plan->answer_by = calendar_answer_by(shop, plan->priority, d->now);
	if (plan->hot)
		plan->priority = PRIORITY_HIGH;
}

static void
decide_human(Deciding *d)
{
	Plan *plan = d->plan;

	plan->needs_human = d->guard->human != HUMAN_NONE;
	plan->draft = d->guard->human == HUMAN_DRAFT && d->guard->correspondent != NULL;
	for (gsize i = 0; d->reading->unsure[i] != NULL; i++)
		because(d, "unsure %s", d->reading->unsure[i]);
	if (!plan->needs_human) {
		plan->answer_by = 0;
		plan->hot = FALSE;
	}
}

Plan *
decide(const Settings *settings, const Account *account, const GuardResult *guard,
       const Reading *reading, const History *history, gint64 now)
{
	Plan *plan = g_new0(Plan, 1);
	Deciding d = { settings, account, guard, reading, history, now, plan };

	plan->reasons = g_ptr_array_new_with_free_func(g_free);
	plan->route = settings_route(settings, account != NULL ? account->name : NULL, reading->type,
	                             reading->tone, reading->language, guard->guard, reading->urgent,
	                             reading_is_unsure(reading, NULL));
	decide_answer(&d);
	decide_priority(&d);
	decide_human(&d);
	return plan;
}

void
plan_free(Plan *plan)
{
	if (plan == NULL)
		return;
	g_ptr_array_free(plan->reasons, TRUE);
	g_free(plan);
}

const char *
ack_kind_name(AckKind kind)
{
	static const char *const names[] = { "normal", "general", "praise",      "question", "privacy",
		                             "legal",  "threat",  "abuse", "bereavement", "safety" };

	return names[kind];
}
