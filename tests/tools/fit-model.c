/* fit-model.c - logistic regression with an L2 penalty, over samples with a fixed offset. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "fit-hints.h"

#define EPOCHS 200
#define WEIGHT_MIN 0.11 /* a thing none of whose weights comes to this is dropped, and the rest fitted
                         * again; in log odds */

void
fit_judge(const Model *m, const Sample *sample, gboolean trusting, double *out)
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

	fit_judge(m, sample, FALSE, z);
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
void
fit_train(Model *m, int without_fold)
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
