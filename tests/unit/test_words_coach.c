/* test_words_coach.c - the coach reads every acknowledgement and suggested reply in Dutch and
 * English, as strictly as it reads a human's: it must find nothing. */
#include "config.h"

#include "aardig/coach.h"
#include "words_fixture.h"

static const char *const read_variants[] = { "nl", "nl-je", "en" };
static const char *const replies[] = { "options", "no", "expectation", "boundary-friendly",
	                               "boundary-firm", "invoice", "waiting", "closing" };
static Rules *coach_rules;

static void
load(void)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autofree char *dir = g_build_filename(settings_datadir(), "coach", NULL);
	const char *dirs[] = { dir, NULL };

	fixture_load();
	coach_rules = rules_load(dirs, diag);
	diagnostics_print(diag);
	if (coach_rules == NULL)
		exit(EXIT_FAILURE);
}

static void
check(const Fixture *f, const char *text, gboolean automatic, gboolean whole)
{
	g_autoptr(CoachReport) report = coach_check(coach_rules, text, f->reading.language,
	                                            f->reading.tone, automatic, whole);

	for (guint i = 0; i < report->remarks->len; i++) {
		const CoachRemark *remark = &g_array_index(report->remarks, CoachRemark, i);

		ck_abort_msg("[%s %s %s] line %u, %s: \"%s\" (%s)\n%s", ack_kind_name(f->plan.kind),
		             f->reading.type, f->reading.tone, remark->line, remark->kind,
		             remark->text != NULL ? remark->text : "", remark->advice, text);
	}
}

static void
each_context(Fixture *f, void (*each)(Fixture *f))
{
	for (gsize type = 0; type < G_N_ELEMENTS(fixture_types); type++)
		for (gsize tone = 0; tone < G_N_ELEMENTS(fixture_tones); tone++)
			for (int facts = 0; facts < 2; facts++) {
				f->reading.type = fixture_types[type];
				f->reading.tone = fixture_tones[tone];
				f->reading.facts.order_number = (char *) (facts == 0 ? NULL : "90233");
				f->reading.facts.first_name = (char *) (facts == 0 ? NULL : "Anneke");
				f->reading.facts.photo = facts == 1;
				f->ctx.again = facts == 1 && tone % 2 == 1;
				each(f);
			}
}

static void
check_ack(Fixture *f)
{
	g_autofree char *subject = NULL, *body = NULL;

	ck_assert(words_acknowledgement(fixture_words, &f->ctx, &subject, &body, NULL));
	/* A compliment needs no next step; a dated receipt is neutral on purpose. */
	check(f, body, TRUE, f->plan.kind == ACK_NORMAL || f->plan.kind == ACK_GENERAL ||
	      f->plan.kind == ACK_QUESTION || f->plan.kind == ACK_BEREAVEMENT ||
	      f->plan.kind == ACK_SAFETY);
}

START_TEST(test_acknowledgements)
{
	Fixture f;

	fixture_init(&f, read_variants[_i % G_N_ELEMENTS(read_variants)]);
	f.plan.kind = _i / G_N_ELEMENTS(read_variants);
	f.unsure[0] = f.plan.kind == ACK_GENERAL ? (char *) "type" : NULL;
	each_context(&f, check_ack);
	fixture_clear(&f);
}
END_TEST

static const char *reply_variant;

static void
check_reply(Fixture *f)
{
	for (int kind = ACK_NORMAL; kind <= ACK_QUESTION; kind++) {
		f->plan.kind = kind;
		g_autofree char *text = words_reply(fixture_words, &f->ctx, reply_variant, NULL);
		ck_assert_ptr_nonnull(text);
		/* What a human fills in may bring the date and the next step. */
		check(f, text, FALSE, FALSE);
	}
}

START_TEST(test_replies)
{
	Fixture f;

	fixture_init(&f, read_variants[_i % G_N_ELEMENTS(read_variants)]);
	reply_variant = replies[_i / G_N_ELEMENTS(read_variants)];
	each_context(&f, check_reply);
	fixture_clear(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("words_coach");
	TCase *tcase = tcase_create("words_coach");

	load();
	tcase_add_loop_test(tcase, test_acknowledgements, 0, N_KINDS * G_N_ELEMENTS(read_variants));
	tcase_add_loop_test(tcase, test_replies, 0,
	                    G_N_ELEMENTS(replies) * G_N_ELEMENTS(read_variants));
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
