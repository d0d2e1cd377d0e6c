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

#include "classify/classify-private.h"
#include "classify/hints.h"
#include "classify/load.h"
#include "cli/corpus.h"

#define FOLDS 5
#define EPOCHS 200
#define MAILS_MIN 3     /* a thing said in fewer mails says nothing */
#define TUNED_TRUST 0.6
#define COACH_CAUTION 1.0 /* points: a false alarm is worse than silence */
#define SENTENCE_WEIGHT 0.5
#define WEIGHT_MIN 0.08 /* a thing none of whose weights comes to this is dropped, and the rest fitted
                         * again; in log odds */
#define WEIGHT_TINY 0.05 /* left out of the file */
#define LABELS_MAX 32

typedef enum { TASK_TYPE, TASK_TONE, TASK_COMPLAINT, TASK_URGENT, TASK_KIND, TASKS } TaskKind;

/* `scale`: what one point is worth in the regression's own measure (log odds). */
typedef struct {
	const char *space, *label; /* label: one of a space that does not choose */
	double scale, penalty;
} Task;

static const Task tasks[TASKS] = {
	[TASK_TYPE] = { "type", NULL, 0.55, 3 },
	[TASK_TONE] = { "tone", NULL, 0.8, 3 },
	[TASK_COMPLAINT] = { "flag", "complaint", 1.5, 4 },
	[TASK_URGENT] = { "flag", "urgent", 2.0, 4 },
	[TASK_KIND] = { "kind", NULL, 1.0, 3 },
};

static const char *const languages[] = { "nl", "en", "de", "fr", NULL };

typedef struct {
	guint language;
	int fold;            /* -1: always trained on, never judged */
	gboolean tuned;
	double weight;
	GArray *features;                     /* guint, over the things of its language */
	int gold[TASKS];                      /* -1: not labelled */
	double points[TASKS][LABELS_MAX];     /* by rules, after yields */
	int guess[TASKS];                     /* out of fold */
	double lead;                          /* of the likeliest kind over good, in points */
} Sample;

typedef struct {
	char *text;
	guint mails;
	gboolean name; /* some customer's name */
	int index;     /* among those that count, or -1 */
} Thing;

typedef struct {
	Rules *rules;
	GPtrArray *samples;
	GHashTable *ids[G_N_ELEMENTS(languages)]; /* key -> index + 1 into things */
	GArray *things[G_N_ELEMENTS(languages)];  /* Thing */
	GHashTable *names;                        /* of customers, plain words */
	enum { TUNED, SENTENCES, UNSEEN } kind; /* of the corpus being read */
	gboolean coach;
	guint good;                               /* the label behind those of "kind" */
} Fit;

/* ---- from mails to samples ---- */

static guint
label_index(const Rules *rules, const char *space, const char *name)
{
	const char *const *labels = rules_labels(rules, space);

	for (guint i = 0; labels[i] != NULL; i++)
		if (strcmp(labels[i], name) == 0)
			return i;
	g_error("the corpus has a label that labels.conf does not know: %s", name);
}

typedef struct {
	Fit *fit;
	const ClassifyRun *run;
	Sample *sample;
	GHashTable *seen;
} Collect;

static void
collect(const HintPlace *place, gpointer data)
{
	Collect *c = data;
	guint language = c->sample->language;
	guint64 key = place->key;

	if (g_hash_table_contains(c->seen, &key) ||
	    (c->sample->fold < 0 && place->end == 0))
		return;
	g_hash_table_add(c->seen, g_memdup2(&key, sizeof key));

	guint at = GPOINTER_TO_UINT(g_hash_table_lookup(c->fit->ids[language], &key));
	if (at == 0) {
		Thing thing = { .text = hint_text(c->run->subject, c->run->body, place),
			        .index = -1 };

		g_array_append_val(c->fit->things[language], thing);
		at = c->fit->things[language]->len;
		g_hash_table_insert(c->fit->ids[language], g_memdup2(&key, sizeof key),
		                    GUINT_TO_POINTER(at));
	}
	at--;
	g_array_index(c->fit->things[language], Thing, at).mails++;
	g_array_append_val(c->sample->features, at);
}

static void
note_names(Fit *fit, const char *name)
{
	g_autoptr(Tokens) tokens = name != NULL ? tokens_new(name, -1) : NULL;

	for (guint i = 0; tokens != NULL && i < tokens->n; i++)
		g_hash_table_add(fit->names, token_plain(token_fold(tokens, i), FALSE));
}

static void
take_points(const Fit *fit, const ClassifyRun *run, Sample *sample)
{
	for (guint t = TASK_TYPE; t <= TASK_TONE; t++) {
		const SpaceResult *space = engine_space(run->result, tasks[t].space);

		for (guint i = 0; i < space->n_scores; i++)
			sample->points[t][label_index(fit->rules, space->space,
			                              space->scores[i].label)] =
			    space->scores[i].points;
	}
	for (guint i = 0; i < run->result->points->len; i++) {
		const MatchPoints *p = &g_array_index(run->result->points, MatchPoints, i);

		for (guint t = TASK_COMPLAINT; t <= TASK_URGENT; t++)
			if (strcmp(p->label, tasks[t].label) == 0 &&
			    strcmp(p->rule, "implies") != 0)
				sample->points[t][0] += p->points;
	}
}

static Sample *
new_sample(const Fit *fit, const char *language, const char *id)
{
	guint at = 0;

	while (languages[at] != NULL && strcmp(languages[at], language) != 0)
		at++;
	if (languages[at] == NULL)
		return NULL;
	Sample *sample = g_new0(Sample, 1);
	sample->language = at;
	sample->tuned = fit->kind == TUNED;
	sample->weight = fit->kind == SENTENCES ? SENTENCE_WEIGHT : 1;
	sample->fold = fit->kind == SENTENCES ? -1 : (int)(g_str_hash(id) % FOLDS);
	sample->features = g_array_new(FALSE, FALSE, sizeof(guint));
	for (TaskKind task = 0; task < TASKS; task++)
		sample->gold[task] = -1;
	return sample;
}

static void
collect_things(Fit *fit, const ClassifyRun *run, Sample *sample)
{
	Collect c = { fit, run, sample, NULL };

	c.seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	hints_visit(run->subject, run->body, collect, &c);
	g_hash_table_destroy(c.seen);
}

static void
take_mail(const CorpusMail *mail, void *data)
{
	Fit *fit = data;
	g_autoptr(Message) message = message_from_text(mail->subject, mail->body);
	Sample *sample = new_sample(fit, mail->lang, mail->id);
	ClassifyRun run;

	if (sample == NULL)
		return;
	if (mail->type != NULL)
		sample->gold[TASK_TYPE] = (int)label_index(fit->rules, "type", mail->type);
	if (mail->tone != NULL)
		sample->gold[TASK_TONE] = (int)label_index(fit->rules, "tone", mail->tone);
	sample->gold[TASK_COMPLAINT] = mail->complaint;
	sample->gold[TASK_URGENT] = mail->urgent;
	classify_run(fit->rules, message, NULL, &run);
	take_points(fit, &run, sample);
	collect_things(fit, &run, sample);
	classify_run_clear(&run);
	note_names(fit, mail->customer_name);
	g_ptr_array_add(fit->samples, sample);
}

/* A sentence of a reply: { "id": "nl-...", "text": ..., "kinds": [ ... ] }. */
static void
take_reply(Fit *fit, const json_t *row)
{
	const char *id = json_string_value(json_object_get(row, "id"));
	const char *text = json_string_value(json_object_get(row, "text"));
	const char *kind =
	    json_string_value(json_array_get(json_object_get(row, "kinds"), 0));
	g_autofree char *language = g_strndup(id, 2);
	Sample *sample = new_sample(fit, language, id);
	ClassifyRun run = { .body = tokens_new(text, -1) };

	run.input.body = run.body;
	run.input.language = language;
	run.result = engine_run(fit->rules, &run.input);
	sample->gold[TASK_KIND] =
	    kind != NULL ? (int)label_index(fit->rules, "kind", kind) : (int)fit->good;
	for (guint i = 0; i < run.result->points->len; i++) {
		const MatchPoints *p = &g_array_index(run.result->points, MatchPoints, i);

		if (strcmp(p->space, "kind") == 0)
			sample->points[TASK_KIND][label_index(fit->rules, "kind", p->label)] +=
			    p->points;
	}
	collect_things(fit, &run, sample);
	engine_result_free(run.result);
	tokens_free(run.body);
	g_ptr_array_add(fit->samples, sample);
}

static gboolean
take_replies(Fit *fit, const char *path, GError **error)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, error))
		return FALSE;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		json_t *row = lines[i][0] != '\0' ? json_loads(lines[i], 0, NULL) : NULL;

		if (row != NULL)
			take_reply(fit, row);
		json_decref(row);
	}
	return TRUE;
}

/* Any part of it a name that some customer signed with, and a rare word at that. */
static gboolean
has_name(const Fit *fit, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, " ", -1);

	for (guint i = 0; parts[i] != NULL; i++)
		if (g_hash_table_contains(fit->names, parts[i]))
			return TRUE;
	return FALSE;
}

static void
choose_things(Fit *fit, guint language, int *n_out)
{
	GArray *things = fit->things[language];

	*n_out = 0;
	for (guint i = 0; i < things->len; i++) {
		Thing *thing = &g_array_index(things, Thing, i);
		const char *fault;
		guint64 key;

		/* what cannot be written in a file (an emoticon with a blank) cannot be used */
		if (thing->mails >= MAILS_MIN && !has_name(fit, thing->text) &&
		    hint_key(thing->text, &key, &fault))
			thing->index = (*n_out)++;
	}
	for (guint i = 0; i < fit->samples->len; i++) {
		Sample *sample = fit->samples->pdata[i];
		GArray *kept;

		if (sample->language != language)
			continue;
		kept = g_array_new(FALSE, FALSE, sizeof(guint));
		for (guint k = 0; k < sample->features->len; k++) {
			guint at = g_array_index(sample->features, guint, k);
			int index = g_array_index(things, Thing, at).index;

			if (index >= 0)
				g_array_append_val(kept, index);
		}
		g_array_free(sample->features, TRUE);
		sample->features = kept;
	}
}

/* ---- the regression ---- */

typedef struct {
	const Fit *fit;
	const Task *task;
	TaskKind kind;
	guint language;
	int n_things, n_labels;
	int always;      /* the thing "*", which is not held small */
	double *weights; /* thing by label */
	gboolean *dropped;
} Model;

/* Log odds of each label: of one label alone, of its being there. */
static void
judge(const Model *m, const Sample *sample, gboolean trusting, double *out)
{
	double trust = m->task->scale * (sample->tuned && !trusting ? TUNED_TRUST : 1);

	for (int k = 0; k < m->n_labels; k++)
		out[k] = trust * sample->points[m->kind][k];
	/* it holds from one point on */
	if (m->task->label != NULL)
		out[0] -= m->task->scale;
	if (m->kind == TASK_KIND)
		out[m->fit->good] += m->task->scale;
	for (guint i = 0; i < sample->features->len; i++) {
		const double *w = m->weights +
		                  (gsize)g_array_index(sample->features, guint, i) * m->n_labels;

		for (int k = 0; k < m->n_labels; k++)
			out[k] += w[k];
	}
}

static void
probabilities(const Model *m, double *z)
{
	double most = z[0], sum = 0;

	if (m->task->label != NULL) {
		z[0] = 1 / (1 + exp(-z[0]));
		return;
	}
	for (int k = 1; k < m->n_labels; k++)
		most = MAX(most, z[k]);
	for (int k = 0; k < m->n_labels; k++)
		sum += z[k] = exp(z[k] - most);
	for (int k = 0; k < m->n_labels; k++)
		z[k] /= sum;
}

static void
add_gradient(const Model *m, const Sample *sample, double *gradient)
{
	double z[LABELS_MAX];

	judge(m, sample, FALSE, z);
	probabilities(m, z);
	if (m->task->label != NULL)
		z[0] -= sample->gold[m->kind];
	else
		z[sample->gold[m->kind]] -= 1;
	for (int k = 0; k < m->n_labels; k++)
		z[k] *= sample->weight;
	for (guint i = 0; i < sample->features->len; i++) {
		double *g = gradient +
		            (gsize)g_array_index(sample->features, guint, i) * m->n_labels;

		for (int k = 0; k < m->n_labels; k++)
			g[k] += z[k];
	}
}

/* Adam over the whole set: convex, so where it ends does not depend on where it began. */
static void
train(Model *m, int without_fold)
{
	gsize n = (gsize)m->n_things * m->n_labels;
	g_autofree double *gradient = g_new(double, n + 1);
	g_autofree double *first = g_new0(double, n + 1), *second = g_new0(double, n + 1);

	memset(m->weights, 0, n * sizeof(double));
	for (int epoch = 1; epoch <= EPOCHS; epoch++) {
		double rate = 0.1 * (1 - (double)epoch / (EPOCHS + 1));
		double correct1 = 1 - pow(0.9, epoch), correct2 = 1 - pow(0.999, epoch);

		for (gsize i = 0; i < n; i++)
			gradient[i] = (int)(i / m->n_labels) == m->always
			                  ? 0
			                  : m->task->penalty * m->weights[i];
		for (guint i = 0; i < m->fit->samples->len; i++) {
			const Sample *sample = m->fit->samples->pdata[i];

			if (sample->language == m->language && sample->gold[m->kind] >= 0 &&
			    (without_fold < 0 || sample->fold != without_fold))
				add_gradient(m, sample, gradient);
		}
		for (gsize i = 0; i < n; i++) {
			if (m->dropped[i / m->n_labels])
				continue;
			first[i] = 0.9 * first[i] + 0.1 * gradient[i];
			second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
			m->weights[i] -= rate * first[i] / correct1 /
			                 (sqrt(second[i] / correct2) + 1e-8);
		}
	}
}

/* Twice: what says little of anything is dropped, so that its share falls to what says more. */
static void
train_selected(Model *m, int without_fold)
{
	memset(m->dropped, 0, sizeof(gboolean) * m->n_things);
	train(m, without_fold);
	for (int i = 0; i < m->n_things; i++) {
		double most = 0;

		for (int k = 0; k < m->n_labels; k++)
			most = MAX(most, fabs(m->weights[(gsize)i * m->n_labels + k]));
		m->dropped[i] = most < WEIGHT_MIN && i != m->always;
	}
	train(m, without_fold);
}

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

	judge(m, sample, TRUE, z);
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
			    rules, tasks[t].space,
			    rules_labels(rules, tasks[t].space)[sample->guess[t]]);
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
		       languages[language], caution, found / (double)MAX(found + alarms, 1),
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
			if (k == (int)m->fit->good)
				break;
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
			    strcmp(tasks[kind].space, space) == 0)
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
	FILE *out = open_file(folder, languages[language]);
	Model models[TASKS] = { 0 };
	TaskKind first = fit->coach ? TASK_KIND : 0, end = fit->coach ? TASKS : TASK_KIND;
	int n_things, always = -1;

	choose_things(fit, language, &n_things);
	for (guint i = 0; i < things->len; i++) {
		order[i] = i;
		if (strcmp(g_array_index(things, Thing, i).text, "*") == 0)
			always = g_array_index(things, Thing, i).index;
	}
	g_qsort_with_data(order, things->len, sizeof(guint), compare_texts, things);
	printf("%s: %d things said\n", languages[language], n_things);
	for (TaskKind kind = first; kind < end; kind++) {
		Model *m = &models[kind];

		*m = (Model){ fit, &tasks[kind], kind, language, n_things, 1, always, NULL, NULL };
		if (m->task->label == NULL)
			m->n_labels = (int)g_strv_length(
			                  (char **)rules_labels(fit->rules, m->task->space)) +
			              (kind == TASK_KIND);
		m->weights = g_new(double, (gsize)n_things * m->n_labels + 1);
		m->dropped = g_new0(gboolean, n_things + 1);
		for (int fold = 0; fold < FOLDS; fold++) {
			train_selected(m, fold);
			for (guint i = 0; i < fit->samples->len; i++) {
				Sample *sample = fit->samples->pdata[i];

				if (sample->language == language && sample->fold == fold)
					guess(m, sample);
			}
		}
		train_selected(m, -1);
		for (guint i = 0; i < fit->samples->len; i++) {
			Sample *sample = fit->samples->pdata[i];

			if (sample->language == language && sample->fold < 0)
				guess(m, sample);
		}
		if (kind == TASK_TONE)
			imply(fit, language);
	}
	for (TaskKind kind = first; kind < end; kind++)
		if (kind == first || strcmp(tasks[kind].space, tasks[kind - 1].space) != 0)
			write_space(out, fit, language, models, tasks[kind].space, order,
			            things->len);
	for (TaskKind kind = first; kind < end; kind++) {
		g_free(models[kind].weights);
		g_free(models[kind].dropped);
	}
	if (fclose(out) != 0)
		g_error("cannot write the hints of %s", languages[language]);
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
	for (guint i = 0; languages[i] != NULL; i++) {
		fit.ids[i] = g_hash_table_new(g_int64_hash, g_int64_equal);
		fit.things[i] = g_array_new(FALSE, TRUE, sizeof(Thing));
	}
	for (int i = 2; i < argc; i++) {
		g_autoptr(GError) error = NULL;

		if (g_str_has_prefix(argv[i], "--")) {
			fit.kind = argv[i][2] == 't' ? TUNED : argv[i][2] == 's' ? SENTENCES : UNSEEN;
			option = TRUE;
		} else if (!option || !(fit.coach ? take_replies(&fit, argv[i], &error)
		                                  : corpus_each(argv[i], take_mail, &fit, &error))) {
			g_error("%s: %s", argv[i],
			        error != NULL ? error->message : "say --tuned, --sentences or --unseen first");
		}
	}
	for (guint i = 0; languages[i] != NULL; i++)
		if (fit.things[i]->len > 0) {
			fit_language(&fit, i, argv[1]);
			if (fit.coach)
				print_coach(&fit, i);
		}
	for (int i = -1; !fit.coach && i < (int)G_N_ELEMENTS(languages) - 1; i++)
		printf("%-4s out of fold: type %.3f tone %.3f complaint %.3f urgent %.3f\n",
		       i < 0 ? "all" : languages[i], macro_f1(&fit, TASK_TYPE, i),
		       macro_f1(&fit, TASK_TONE, i), macro_f1(&fit, TASK_COMPLAINT, i),
		       macro_f1(&fit, TASK_URGENT, i));
	return 0;
}
