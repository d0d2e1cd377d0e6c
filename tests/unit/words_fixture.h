/* words_fixture.h - a shop, a reading and a plan built by hand, and the shipped templates. */
#ifndef AARDIG_TESTS_UNIT_WORDS_FIXTURE_H
#define AARDIG_TESTS_UNIT_WORDS_FIXTURE_H

#include <string.h>

#include "aardig/clock.h"
#include "aardig/words.h"
#include "unit.h"
#include "words/format.h"
#include "words/words-private.h"

#define SIGNATURE "Nadia Verbeek"
#define TICKET 123
/* Monday 23 November 2026, 10:00 in Amsterdam; the day after, 17:00. */
#define FIXTURE_NOW G_GINT64_CONSTANT(1795424400)
#define FIXTURE_BY G_GINT64_CONSTANT(1795536000)

static const char *const fixture_variants[] = { "nl", "nl-je", "en", "de", "fr" };
static const char *const fixture_types[] = {
	"delivery-late", "delivery-lost", "delivered-elsewhere", "damaged", "defective", "wrong-item",
	"missing-item", "not-as-described", "return-refund", "billing", "cancellation", "service",
	"website", "privacy", "pre-sales", "order-question", "praise", "other", "b2b",
};
static const char *const fixture_tones[] = { "friendly", "neutral", "disappointed", "frustrated",
	                                     "angry", "abusive", "threatening" };
#define N_KINDS (ACK_SAFETY + 1)

typedef struct {
	Shop shop;
	Reading reading;
	Plan plan;
	History history;
	WordsContext ctx;
	char *unsure[3];
} Fixture;

static Words *fixture_words;

static inline void
fixture_load(void)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	const char *dirs[] = { settings_templatedir(), NULL };

	fixture_words = words_load(dirs, diag);
	diagnostics_print(diag);
	if (diagnostics_count(diag) > 0)
		exit(EXIT_FAILURE); /* Check knows no test yet */
}

/* variant: one of fixture_variants. The structure points into itself: do not copy. */
static inline void
fixture_init(Fixture *f, const char *variant)
{
	static const char *remedies[] = { "replace", "refund", "partial", "repair", "discount", NULL };

	memset(f, 0, sizeof *f);
	f->shop.name = (char *) "Theewinkel";
	f->shop.signature = (char *) SIGNATURE;
	f->shop.language = (char *) "nl";
	f->shop.register_ = strcmp(variant, "nl-je") == 0 ? REGISTER_INFORMAL : REGISTER_FORMAL;
	f->shop.timezone = g_time_zone_new_identifier("Europe/Amsterdam");
	f->shop.remedies = (char **) remedies;
	f->shop.policy_discount = (char *) "10%";
	f->reading.language = strcmp(variant, "nl-je") == 0 ? "nl" : variant;
	f->reading.type = "damaged";
	f->reading.tone = "neutral";
	f->reading.complaint = TRUE;
	f->reading.unsure = f->unsure;
	f->reading.flags = g_array_new(FALSE, FALSE, sizeof(LabelScore));
	f->reading.types = g_array_new(FALSE, FALSE, sizeof(LabelScore));
	f->reading.evidence = g_array_new(FALSE, FALSE, sizeof(Evidence));
	f->plan.acknowledge = f->plan.needs_human = f->plan.draft = TRUE;
	f->plan.answer_by = FIXTURE_BY;
	f->plan.reasons = g_ptr_array_new();
	f->ctx = (WordsContext) {
		.shop = &f->shop, .reading = &f->reading, .plan = &f->plan, .history = &f->history,
		.ticket = TICKET, .now = FIXTURE_NOW,
	};
}

static inline void
fixture_clear(Fixture *f)
{
	g_time_zone_unref(f->shop.timezone);
	g_ptr_array_free(f->plan.reasons, TRUE);
	g_array_free(f->reading.flags, TRUE);
	g_array_free(f->reading.types, TRUE);
	g_array_free(f->reading.evidence, TRUE);
}

/* One block as it stands in the acknowledgement of this context, on one line; NULL if it does not. */
static inline char *
fixture_block(const Fixture *f, const char *variant, const char *block, const char *ask)
{
	const TemplateSet *set = g_hash_table_lookup(fixture_words->sets, variant);
	g_auto(Values) values = { 0 };

	values_from_context(&values, &f->ctx, variant);
	values_set(&values, VAR_ASK, ask);
	values.select[SELECT_ASK] = ask;
	return template_render(set, block, &values, FALSE, NULL);
}

/* White space folded to single blanks, item numbers taken out: for comparing whatever the wrapping. */
static inline char *
fixture_fold(const char *text)
{
	GString *out = g_string_new(NULL);
	g_auto(GStrv) words = g_strsplit_set(text, " \n", -1);

	for (gsize i = 0; words[i] != NULL; i++) {
		gboolean number = g_ascii_isdigit(words[i][0]) && strcmp(words[i] + 1, ".") == 0;

		if (*words[i] != '\0' && !number)
			g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", words[i]);
	}
	return g_string_free(out, FALSE);
}

static inline const char *
fixture_variant(const Fixture *f, const char *language)
{
	return template_set_variant(words_set(fixture_words, &f->shop, language));
}

/* The term as it stands in a text, with blanks where a line must not break. */
static inline char *
fixture_deadline(const Fixture *f, const char *variant, gint64 time)
{
	g_autofree char *text = format_deadline(variant, time, f->shop.timezone);
	g_auto(GStrv) parts = g_strsplit(text, "\u00a0", -1);

	return g_strjoinv(" ", parts);
}

#endif
