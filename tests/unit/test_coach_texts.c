/* test_coach_texts.c - what is shipped passes its own coach: every acknowledgement that can leave
 * by itself, and every suggested reply. */
#include "config.h"

#include "coach_fixture.h"
#include "words_fixture.h"

#define N_COACHED 3   /* of fixture_variants: nl, nl-je, en */

static const gboolean neutral[N_KINDS] = {
	[ACK_PRAISE] = TRUE, [ACK_PRIVACY] = TRUE, [ACK_LEGAL] = TRUE, [ACK_THREAT] = TRUE, [ACK_ABUSE] = TRUE,
};
static Rules *rules;

static void
check_text(const Fixture *f, const char *what, const char *text, gboolean is_automatic)
{
	g_autoptr(CoachReport) report = coach_check(rules, text, f->reading.language, f->reading.tone,
	                                            is_automatic, is_automatic);

	if (report->remarks->len == 0)
		return;
	/* A receipt is dated and neutral by design, and praise needs no understanding. */
	if (is_automatic && neutral[f->plan.kind] && report->remarks->len == 1 &&
	    strcmp(g_array_index(report->remarks, CoachRemark, 0).kind, "cold") == 0)
		return;
	const CoachRemark *remark = &g_array_index(report->remarks, CoachRemark, 0);
	ck_abort_msg("%s %s %s %s: line %u, %s: \"%s\" %s\n%s", what, ack_kind_name(f->plan.kind),
	             f->reading.type, f->reading.tone, remark->line, remark->kind,
	             remark->text != NULL ? remark->text : "", remark->advice, text);
}

/* Each variant and kind, with and without facts. */
START_TEST(test_acknowledgements)
{
	const char *variant = fixture_variants[_i % N_COACHED];
	Fixture f;

	fixture_init(&f, variant);
	f.plan.kind = _i / N_COACHED;
	for (gsize type = 0; type < G_N_ELEMENTS(fixture_types); type++)
		for (gsize tone = 0; tone < G_N_ELEMENTS(fixture_tones); tone++)
			for (guint known = 0; known < 2; known++) {
				g_autofree char *subject = NULL, *body = NULL;

				f.reading.type = fixture_types[type];
				f.reading.tone = fixture_tones[tone];
				f.unsure[0] = f.plan.kind == ACK_GENERAL ? (char *) "type" : NULL;
				f.reading.facts.order_number = known ? (char *) "90233" : NULL;
				f.reading.facts.first_name = known ? (char *) "Anneke" : NULL;
				f.ctx.again = known;
				ck_assert(words_acknowledgement(fixture_words, &f.ctx, &subject, &body, NULL));
				check_text(&f, variant, body, TRUE);
			}
	fixture_clear(&f);
}
END_TEST

static const char *const replies[] = { "options", "no", "expectation", "boundary-friendly",
	                               "boundary-firm", "invoice", "waiting", "closing" };

/* A human reads these first: a promise or a refusal may be theirs to make. */
START_TEST(test_replies)
{
	const char *variant = fixture_variants[_i % N_COACHED], *which = replies[_i / N_COACHED];
	Fixture f;

	fixture_init(&f, variant);
	for (gsize type = 0; type < G_N_ELEMENTS(fixture_types); type++)
		for (gsize tone = 0; tone < G_N_ELEMENTS(fixture_tones); tone++) {
			g_autoptr(GError) error = NULL;

			f.reading.type = fixture_types[type];
			f.reading.tone = fixture_tones[tone];
			f.reading.facts.remedy = tone % 2 == 0 ? "refund" : NULL;
			g_autofree char *text = words_reply(fixture_words, &f.ctx, which, &error);
			ck_assert_msg(text != NULL, "%s", error != NULL ? error->message : "");
			check_text(&f, which, text, FALSE);
		}
	fixture_clear(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("coach-texts");
	TCase *texts = tcase_create("shipped");

	fixture_load();
	rules = load_rules();
	tcase_add_loop_test(texts, test_acknowledgements, 0, N_COACHED * N_KINDS);
	tcase_add_loop_test(texts, test_replies, 0, N_COACHED * G_N_ELEMENTS(replies));
	suite_add_tcase(suite, texts);
	int code = unit_run(suite);
	rules_free(rules);
	words_free(fixture_words);
	return code;
}
