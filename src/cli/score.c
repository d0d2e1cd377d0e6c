/* score.c - accuracy, macro-F1 and confusion of readings against labels. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/corpus.h"

const char *const score_field_names[SCORE_FIELDS + 1] = { "type",   "tone",     "complaint",
	                                                  "urgent", "language", NULL };

/* One answer of one mail. All strings are interned. */
typedef struct {
	const char *lang, *gold, *got;
} Answer;

struct Score {
	guint mails;
	GArray *answers[SCORE_FIELDS]; /* Answer */
	FactScore order, name;
};

Score *
score_new(void)
{
	Score *score = g_new0(Score, 1);

	for (guint i = 0; i < SCORE_FIELDS; i++)
		score->answers[i] = g_array_new(FALSE, FALSE, sizeof(Answer));
	return score;
}

void
score_free(Score *score)
{
	if (score == NULL)
		return;
	for (guint i = 0; i < SCORE_FIELDS; i++)
		g_array_unref(score->answers[i]);
	g_free(score);
}

static const char *
truth(int value)
{
	return value < 0 ? NULL : value ? "true" : "false";
}

const char *
score_gold(const CorpusMail *mail, ScoreField field)
{
	switch (field) {
	case SCORE_TYPE: return mail->type;
	case SCORE_TONE: return mail->tone;
	case SCORE_COMPLAINT: return truth(mail->complaint);
	case SCORE_URGENT: return truth(mail->urgent);
	case SCORE_LANGUAGE: return mail->lang;
	default: return NULL;
	}
}

const char *
score_got(const Reading *reading, ScoreField field)
{
	switch (field) {
	case SCORE_TYPE: return reading->type;
	case SCORE_TONE: return reading->tone;
	case SCORE_COMPLAINT: return truth(reading->complaint);
	case SCORE_URGENT: return truth(reading->urgent);
	case SCORE_LANGUAGE: return reading->language;
	default: return NULL;
	}
}

static void
add_fact(FactScore *fact, const char *gold, const char *got)
{
	if (gold != NULL) {
		fact->with++;
		fact->right += g_strcmp0(gold, got) == 0;
	} else {
		fact->without++;
		fact->invented += got != NULL;
	}
}

void
score_add(Score *score, const CorpusMail *mail, const Reading *reading)
{
	const char *lang = g_intern_string(mail->lang != NULL ? mail->lang : "?");

	score->mails++;
	for (guint i = 0; i < SCORE_FIELDS; i++) {
		const char *gold = score_gold(mail, i);
		Answer answer = { lang, g_intern_string(gold),
			          g_intern_string(score_got(reading, i)) };

		if (gold != NULL)
			g_array_append_val(score->answers[i], answer);
	}
	if (mail->has_order)
		add_fact(&score->order, mail->order_number, reading->facts.order_number);
	if (mail->has_name)
		add_fact(&score->name, mail->customer_name, reading->facts.customer_name);
}

static gboolean
score_has(const Score *score, ScoreField field)
{
	return score->answers[field]->len > 0;
}

const FactScore *
score_order_number(const Score *score)
{
	return &score->order;
}

const FactScore *
score_customer_name(const Score *score)
{
	return &score->name;
}

/* ---- figures ---- */

double
score_language_accuracy(const Score *score, ScoreField field, const char *languages)
{
	g_auto(GStrv) list = languages != NULL ? g_strsplit(languages, "+", -1) : NULL;
	const GArray *answers = score->answers[field];
	guint all = 0, right = 0;

	for (guint i = 0; i < answers->len; i++) {
		const Answer *answer = &g_array_index(answers, Answer, i);

		if (list != NULL && !g_strv_contains((const char *const *)list, answer->lang))
			continue;
		all++;
		right += answer->gold == answer->got;
	}
	return all == 0 ? -1.0 : (double)right / all;
}

static double
score_accuracy(const Score *score, ScoreField field)
{
	return score_language_accuracy(score, field, NULL);
}

typedef struct {
	const char *label;
	guint gold, got, right;
} LabelCount;

static int
compare_labels(const void *a, const void *b)
{
	return strcmp(((const LabelCount *)a)->label, ((const LabelCount *)b)->label);
}

/* Every label present in the gold, by name. */
static GArray *
count_labels(const GArray *answers)
{
	GArray *labels = g_array_new(FALSE, TRUE, sizeof(LabelCount));

	for (guint i = 0; i < answers->len; i++) {
		const Answer *answer = &g_array_index(answers, Answer, i);
		guint at = 0;

		while (at < labels->len
		       && g_array_index(labels, LabelCount, at).label != answer->gold)
			at++;
		if (at == labels->len) {
			LabelCount fresh = { answer->gold, 0, 0, 0 };

			g_array_append_val(labels, fresh);
		}
		g_array_index(labels, LabelCount, at).gold++;
	}
	for (guint i = 0; i < labels->len; i++) {
		LabelCount *label = &g_array_index(labels, LabelCount, i);

		for (guint j = 0; j < answers->len; j++) {
			const Answer *answer = &g_array_index(answers, Answer, j);

			label->got += answer->got == label->label;
			label->right +=
			    answer->got == label->label && answer->gold == label->label;
		}
	}
	g_array_sort(labels, compare_labels);
	return labels;
}

static double
label_f1(const LabelCount *label)
{
	return label->gold + label->got == 0 ? 0.0
	                                     : 2.0 * label->right / (label->gold + label->got);
}

double
score_macro_f1(const Score *score, ScoreField field)
{
	g_autoptr(GArray) labels = count_labels(score->answers[field]);
	double sum = 0;

	for (guint i = 0; i < labels->len; i++)
		sum += label_f1(&g_array_index(labels, LabelCount, i));
	return labels->len == 0 ? -1.0 : sum / labels->len;
}

typedef struct {
	const char *gold, *got;
	guint count;
} Confusion;

static int
compare_confusions(const void *a, const void *b)
{
	const Confusion *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	int order = strcmp(left->gold, right->gold);
	return order != 0 ? order : strcmp(left->got, right->got);
}

static GArray *
count_confusions(const GArray *answers)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(Confusion));

	for (guint i = 0; i < answers->len; i++) {
		const Answer *answer = &g_array_index(answers, Answer, i);
		guint at = 0;

		if (answer->gold == answer->got)
			continue;
		while (at < list->len
		       && (g_array_index(list, Confusion, at).gold != answer->gold
		           || g_array_index(list, Confusion, at).got != answer->got))
			at++;
		if (at == list->len) {
			Confusion fresh = { answer->gold, answer->got, 0 };

			g_array_append_val(list, fresh);
		}
		g_array_index(list, Confusion, at).count++;
	}
	g_array_sort(list, compare_confusions);
	return list;
}

static GPtrArray *
languages_of(const Score *score)
{
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; i < SCORE_FIELDS; i++)
		for (guint j = 0; j < score->answers[i]->len; j++) {
			const char *lang = g_array_index(score->answers[i], Answer, j).lang;

			if (!g_ptr_array_find(list, lang, NULL))
				g_ptr_array_add(list, (void *)lang);
		}
	return list;
}

/* ---- for a person ---- */

static void
print_labels(const Score *score, ScoreField field)
{
	g_autoptr(GArray) labels = count_labels(score->answers[field]);
	g_autoptr(GArray) confusions = count_confusions(score->answers[field]);

	printf("\n%-20s %5s %5s %5s %9s %6s %5s\n", score_field_names[field], "gold", "got",
	       "right", "precision", "recall", "F1");
	for (guint i = 0; i < labels->len; i++) {
		const LabelCount *label = &g_array_index(labels, LabelCount, i);

		printf("  %-18s %5u %5u %5u %9.2f %6.2f %5.2f\n", label->label, label->gold,
		       label->got, label->right,
		       label->got == 0 ? 0.0 : (double)label->right / label->got,
		       (double)label->right / label->gold, label_f1(label));
	}
	if (confusions->len > 0)
		printf("  confused (gold -> got):");
	for (guint i = 0; i < confusions->len && i < 24; i++) {
		const Confusion *c = &g_array_index(confusions, Confusion, i);

		printf("%s%s -> %s %u", i % 3 == 0 ? "\n    " : ", ", c->gold, c->got, c->count);
	}
	if (confusions->len > 0)
		putchar('\n');
}

static void
print_fact(const char *name, const FactScore *fact)
{
	if (fact->with + fact->without == 0)
		return;
	printf("%-14s right on %u of %u (%.1f %%), invented on %u of %u without (%.1f %%)\n",
	       name, fact->right, fact->with,
	       fact->with == 0 ? 100.0 : 100.0 * fact->right / fact->with, fact->invented,
	       fact->without, fact->without == 0 ? 0.0 : 100.0 * fact->invented / fact->without);
}

void
score_print(const Score *score)
{
	g_autoptr(GPtrArray) languages = languages_of(score);

	printf("%u mails\n%-10s %8s %8s", score->mails, "", "accuracy", "macro-F1");
	for (guint i = 0; i < languages->len; i++)
		printf(" %7s", (const char *)languages->pdata[i]);
	putchar('\n');
	for (guint i = 0; i < SCORE_FIELDS; i++) {
		if (!score_has(score, i))
			continue;
		printf("%-10s %8.3f %8.3f", score_field_names[i], score_accuracy(score, i),
		       score_macro_f1(score, i));
		for (guint j = 0; j < languages->len; j++)
			printf(" %7.3f", score_language_accuracy(score, i, languages->pdata[j]));
		putchar('\n');
	}
	print_fact("order number", &score->order);
	print_fact("customer name", &score->name);
	for (guint i = 0; i < SCORE_FIELDS; i++)
		if (score_has(score, i))
			print_labels(score, i);
}

/* ---- for a program ---- */

static json_t *
field_json(const Score *score, ScoreField field, const GPtrArray *languages)
{
	g_autoptr(GArray) labels = count_labels(score->answers[field]);
	g_autoptr(GArray) confusions = count_confusions(score->answers[field]);
	json_t *per_label = json_object(), *per_language = json_object(),
	       *confused = json_array();

	for (guint i = 0; i < labels->len; i++) {
		const LabelCount *label = &g_array_index(labels, LabelCount, i);

		json_object_set_new(per_label, label->label,
		                    json_pack("{s:i, s:i, s:i, s:f}", "gold", (int)label->gold,
		                              "got", (int)label->got, "right", (int)label->right,
		                              "f1", label_f1(label)));
	}
	for (guint i = 0; i < languages->len; i++)
		json_object_set_new(
		    per_language, languages->pdata[i],
		    json_real(score_language_accuracy(score, field, languages->pdata[i])));
	for (guint i = 0; i < confusions->len; i++) {
		const Confusion *c = &g_array_index(confusions, Confusion, i);

		json_array_append_new(confused, json_pack("{s:s, s:s, s:i}", "gold", c->gold,
		                                          "got", c->got, "count", (int)c->count));
	}
	return json_pack("{s:f, s:f, s:o, s:o, s:o}", "accuracy", score_accuracy(score, field),
	                 "macro_f1", score_macro_f1(score, field), "languages", per_language,
	                 "labels", per_label, "confusion", confused);
}

static json_t *
fact_json(const FactScore *fact)
{
	return json_pack("{s:i, s:i, s:i, s:i}", "with", (int)fact->with, "right",
	                 (int)fact->right, "without", (int)fact->without, "invented",
	                 (int)fact->invented);
}

json_t *
score_json(const Score *score)
{
	g_autoptr(GPtrArray) languages = languages_of(score);
	json_t *whole = json_pack("{s:i}", "mails", (int)score->mails);

	for (guint i = 0; i < SCORE_FIELDS; i++)
		if (score_has(score, i))
			json_object_set_new(whole, score_field_names[i],
			                    field_json(score, i, languages));
	json_object_set_new(whole, "order_number", fact_json(&score->order));
	json_object_set_new(whole, "customer_name", fact_json(&score->name));
	return whole;
}
