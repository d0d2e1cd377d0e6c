/* fit-hints.c - fits the points of conf/rules/<language>/words.hints on labelled mails, and those of
 * conf/coach/<language>/words.hints on labelled sentences of replies.
 *
 *	fit-hints FOLDER [--tuned CORPUS...] [--sentences CORPUS...] --unseen CORPUS...
 *
 * Multinomial logistic regression with an L2 penalty over the words of a mail, with what the rules
 * already say of it as a fixed offset: hints learn what the rules leave open. Rules fit the mails
 * they were tuned on better than any other, so there their points count less (TUNED_TRUST).
 * Sentences are mails of a line with one label: they teach words, not how often a label comes up.
 *
 * For the coach, each kind is weighed against a good sentence.
 *
 * Prints macro-F1 on the unseen corpora out of fold (each mail judged by hints fitted without its
 * fifth), then writes the files. The same input gives the same output. Maintainers run it (`make
 * hints`) after a pack or a corpus has changed; nothing of it runs at a user's. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify/load.h"
#include "fit-hints.h"

#define COACH_CAUTION 1.0 /* points: a false alarm is worse than silence */
#define WEIGHT_TINY 0.06  /* left out of the file; in log odds */

/* ---- as score.c will read it ---- */

static int
choose(const Model *m, const double *points, const double *rule_points)
{
	const Rules *rules = m->fit->rules;
	const ImageSpace *space = rules->spaces;
	int best = 0, winner;

	while (strcmp(image_string(rules, space->name), m->task->space) != 0)
		space++;
	for (int k = 1; k < m->n_labels; k++)
		if (points[k] > points[best])
			best = k;
	winner = points[best] >= space->floor ? best
	                                      : (int)(space->default_label - space->first_label);
	for (int k = 0; k < m->n_labels; k++) {
		const ImageLabel *label = &rules->labels[space->first_label + k];
		const ImageLabel *won = &rules->labels[space->first_label + winner];

		if (label->rank > 0 && rule_points[k] >= label->at &&
		    points[k] >= points[best] - space->rank_within &&
		    (label->rank > won->rank || rule_points[winner] < won->at))
			winner = k;
	}
	return winner;
}

static void
guess(const Model *m, Sample *sample)
{
	double z[LABELS_MAX];

	fit_judge(m, sample, TRUE, z);
	for (int k = 0; k < m->n_labels; k++)
		z[k] /= m->task->scale;
	if (m->kind == TASK_KIND) {
		sample->lead = -1e9;
		for (int k = 0; k < (int)m->fit->good; k++)
			sample->lead = MAX(sample->lead, z[k] - z[m->fit->good]);
		return;
	}
	sample->guess[m->kind] = m->task->label != NULL
	                             ? z[0] >= 0
	                             : choose(m, z, sample->points[m->kind]);
}

/* What the labels found imply for a flag, by labels.conf. */
static void
imply(const Fit *fit, guint language)
{
	const Rules *rules = fit->rules;

	for (guint i = 0; i < fit->samples->len; i++) {
		Sample *sample = fit->samples->pdata[i];

		if (sample->language != language)
			continue;
		for (guint t = TASK_TYPE; t <= TASK_TONE; t++) {
			guint label = image_find_label(
			    rules, fit_tasks[t].space,
			    rules_labels(rules, fit_tasks[t].space)[sample->guess[t]]);
			const ImageLabel *l = &rules->labels[label];

			for (guint k = 0; k < l->implied; k++) {
				const ImagePoint *p = &rules->points[l->first_implied + k];

				if (strcmp(image_string(rules, rules->labels[p->label].name),
				           "complaint") == 0)
					sample->points[TASK_COMPLAINT][0] += p->points;
			}
		}
	}
}

static double
macro_f1(const Fit *fit, TaskKind task, int language)
{
	double right[LABELS_MAX] = { 0 }, gold[LABELS_MAX] = { 0 }, got[LABELS_MAX] = { 0 };
	double sum = 0;
	int n = 0;

	for (guint i = 0; i < fit->samples->len; i++) {
		const Sample *s = fit->samples->pdata[i];

		if (s->tuned || s->fold < 0 || (language >= 0 && s->language != (guint)language))
			continue;
		gold[s->gold[task]]++;
		got[s->guess[task]]++;
		right[s->gold[task]] += s->gold[task] == s->guess[task];
	}
	for (int k = 0; k < LABELS_MAX; k++)
		if (gold[k] > 0) {
			sum += 2 * right[k] / (gold[k] + got[k]);
			n++;
		}
	return n > 0 ? sum / n : 0;
}

/* ---- files ---- */

static gint
compare_texts(gconstpointer a, gconstpointer b, gpointer data)
{
	const GArray *things = data;

	return strcmp(g_array_index(things, Thing, *(const guint *)a).text,
	              g_array_index(things, Thing, *(const guint *)b).text);
}

/* Of sentences by others: how many of those remarked on are bad, how many of the bad are found, with
 * more and less caution. */
static void
print_coach(const Fit *fit, int language)
{
	for (double caution = 0; caution < 2; caution += 0.25) {
		guint bad = 0, found = 0, alarms = 0;

		for (guint i = 0; i < fit->samples->len; i++) {
			const Sample *s = fit->samples->pdata[i];
			gboolean is_bad = s->gold[TASK_KIND] != (int)fit->good;

			if (s->tuned || s->language != (guint)language)
				continue;
			bad += is_bad;
			found += is_bad && s->lead >= caution;
			alarms += !is_bad && s->lead >= caution;
		}
		printf("%s out of fold, caution %.2f: precision %.3f recall %.3f\n",
		       fit_languages[language], caution, found / (double)MAX(found + alarms, 1),
		       found / (double)MAX(bad, 1));
	}
}

/* " = damaged 0.91, defective -0.12" */
static const char *
write_points(FILE *out, const Model *m, const Thing *thing, const char *sign)
{
	const char *const *labels = rules_labels(m->fit->rules, m->task->space);

	for (int k = 0; k < m->n_labels && thing->index >= 0; k++) {
		const double *weights = m->weights + (gsize)thing->index * m->n_labels;
		double weight = weights[k];

		if (m->kind == TASK_KIND) {
			if (k == (int)m->fit->good || !m->fit->seen[k])
				continue;
			weight -= weights[m->fit->good];
			if (thing->index == m->always)
				weight -= COACH_CAUTION * m->task->scale;
		}
		double points = weight / m->task->scale;

		if (fabs(weight) < WEIGHT_TINY || fabs(points) < 0.01)
			continue;
		if (sign[0] == ' ')
			fputs(thing->text, out);
		fprintf(out, "%s%s %.2f", sign, m->task->label != NULL ? m->task->label : labels[k],
		        points);
		sign = ", ";
	}
	return sign;
}

/* One section of all models of a space. */
static void
write_space(FILE *out, const Fit *fit, guint language, const Model *models, const char *space,
            const guint *order, guint n)
{
	const GArray *things = fit->things[language];
	guint written = 0;

	fprintf(out, "\n[%s]\n", space);
	for (guint i = 0; i < n; i++) {
		const Thing *thing = &g_array_index(things, Thing, order[i]);
		const char *sign = " = ";

		for (TaskKind kind = 0; kind < TASKS; kind++)
			if (models[kind].weights != NULL &&
			    strcmp(fit_tasks[kind].space, space) == 0)
				sign = write_points(out, &models[kind], thing, sign);
		if (sign[0] == ',') {
			fputc('\n', out);
			written++;
		}
	}
	printf("  %s: %u hints\n", space, written);
}

static FILE *
open_file(const char *folder, const char *language)
{
	g_autofree char *path = g_build_filename(folder, language, "words.hints", NULL);
	FILE *out = fopen(path, "w");

	if (out == NULL)
		g_error("%s: %s", path, g_strerror(errno));
	fprintf(out,
	        "# What single words and pairs of words hint at, beside the rules: fitted on the\n"
	        "# mails of tests/corpus by tests/tools/fit-hints, not written by hand. A word\n"
	        "# counts once a mail. \"gebro*\": long words that begin so; 0: a number; *: every\n"
	        "# mail. A *.hints file of your own may say otherwise of a word: aardig-rules(5).\n");
	return out;
}

static void
fit_language(Fit *fit, guint language, const char *folder)
{
	GArray *things = fit->things[language];
	g_autofree guint *order = g_new(guint, things->len + 1);
	FILE *out = open_file(folder, fit_languages[language]);
	Model models[TASKS] = { 0 };
	TaskKind first = fit->coach ? TASK_KIND : 0, end = fit->coach ? TASKS : TASK_KIND;
	int n_things, always = -1;

	n_things = fit_choose_things(fit, language);
	for (guint i = 0; i < things->len; i++) {
		order[i] = i;
		if (strcmp(g_array_index(things, Thing, i).text, "*") == 0)
			always = g_array_index(things, Thing, i).index;
	}
	g_qsort_with_data(order, things->len, sizeof(guint), compare_texts, things);
	printf("%s: %d things said\n", fit_languages[language], n_things);
	for (TaskKind kind = first; kind < end; kind++) {
		Model *m = &models[kind];

		*m = (Model){ fit, &fit_tasks[kind], kind, language, n_things, 1, always, NULL, NULL };
		if (m->task->label == NULL)
			m->n_labels = (int)g_strv_length(
			                  (char **)rules_labels(fit->rules, m->task->space)) +
			              (kind == TASK_KIND);
		m->weights = g_new(double, (gsize)n_things * m->n_labels + 1);
		m->dropped = g_new0(gboolean, n_things + 1);
		for (int fold = 0; fold < FOLDS; fold++) {
			fit_train(m, fold);
			for (guint i = 0; i < fit->samples->len; i++) {
				Sample *sample = fit->samples->pdata[i];

				if (sample->language == language && sample->fold == fold)
					guess(m, sample);
			}
		}
		fit_train(m, -1);
		for (guint i = 0; i < fit->samples->len; i++) {
			Sample *sample = fit->samples->pdata[i];

			if (sample->language == language && sample->fold < 0)
				guess(m, sample);
		}
		if (kind == TASK_TONE)
			imply(fit, language);
	}
	for (TaskKind kind = first; kind < end; kind++)
		if (kind == first || strcmp(fit_tasks[kind].space, fit_tasks[kind - 1].space) != 0)
			write_space(out, fit, language, models, fit_tasks[kind].space, order,
			            things->len);
	for (TaskKind kind = first; kind < end; kind++) {
		g_free(models[kind].weights);
		g_free(models[kind].dropped);
	}
	if (fclose(out) != 0)
		g_error("cannot write the hints of %s", fit_languages[language]);
}

/* ---- the packs, without the hints they have ---- */

static Rules *
load_without_hints(const char *folder)
{
	const char *const dirs[] = { folder, NULL };
	g_autoptr(Diagnostics) diag = diagnostics_new();
	GPtrArray *sources = sources_read(dirs, diag);

	for (guint i = sources->len; i > 0; i--)
		if (((SourceFile *)sources->pdata[i - 1])->hints)
			g_ptr_array_remove_index(sources, i - 1);
	g_autoptr(Load) load = load_sources(sources, diag);
	load_phrases(load);
	Rules *rules = diagnostics_errors(diag) > 0 ? NULL : load_compile(load);
	if (rules == NULL)
		g_error("%s: the rules do not load; see aardig check", folder);
	return rules;
}

int
main(int argc, char **argv)
{
	Fit fit = { 0 };
	gboolean option = FALSE;

	if (argc < 4) {
		fputs("usage: fit-hints FOLDER [--tuned CORPUS...] [--sentences CORPUS...] "
		      "--unseen CORPUS...\n",
		      stderr);
		return 64;
	}
	fit.rules = load_without_hints(argv[1]);
	fit.coach = rules_labels(fit.rules, "kind") != NULL;
	fit.good = fit.coach ? g_strv_length((char **)rules_labels(fit.rules, "kind")) : 0;
	fit.samples = g_ptr_array_new();
	fit.names = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; fit_languages[i] != NULL; i++) {
		fit.ids[i] = g_hash_table_new(g_int64_hash, g_int64_equal);
		fit.things[i] = g_array_new(FALSE, TRUE, sizeof(Thing));
	}
	for (int i = 2; i < argc; i++) {
		g_autoptr(GError) error = NULL;

		if (g_str_has_prefix(argv[i], "--")) {
			fit.kind = argv[i][2] == 't' ? TUNED : argv[i][2] == 's' ? SENTENCES : UNSEEN;
			option = TRUE;
		} else if (!option || !fit_read(&fit, argv[i], &error)) {
			g_error("%s: %s", argv[i],
			        error != NULL ? error->message : "say --tuned, --sentences or --unseen first");
		}
	}
	for (guint i = 0; fit_languages[i] != NULL; i++)
		if (fit.things[i]->len > 0) {
			fit_language(&fit, i, argv[1]);
			if (fit.coach)
				print_coach(&fit, i);
		}
	for (int i = -1; !fit.coach && i < (int)FIT_LANGUAGES; i++)
		printf("%-4s out of fold: type %.3f tone %.3f complaint %.3f urgent %.3f\n",
		       i < 0 ? "all" : fit_languages[i], macro_f1(&fit, TASK_TYPE, i),
		       macro_f1(&fit, TASK_TONE, i), macro_f1(&fit, TASK_COMPLAINT, i),
		       macro_f1(&fit, TASK_URGENT, i));
	return 0;
}
