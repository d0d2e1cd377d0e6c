/* fit-hints.h - what the parts of fit-hints share: samples, and the regression over them. */
#ifndef AARDIG_TESTS_FIT_HINTS_H
#define AARDIG_TESTS_FIT_HINTS_H

#include "classify/classify-private.h"
#include "classify/hints.h"
#include "classify/image.h"

#define FOLDS 5
#define TUNED_TRUST 0.6
#define LABELS_MAX 32

typedef enum { TASK_TYPE, TASK_TONE, TASK_COMPLAINT, TASK_URGENT, TASK_KIND, TASKS } TaskKind;

/* `scale`: what one point is worth in the regression's own measure (log odds). */
typedef struct {
	const char *space, *label; /* label: one of a space that does not choose */
	double scale, penalty;
} Task;

extern const Task fit_tasks[TASKS];
extern const char *const fit_languages[]; /* NULL at the end */
#define FIT_LANGUAGES 4

typedef struct {
	guint language;
	int fold;                         /* -1: always trained on, never judged */
	gboolean tuned;
	double weight;
	GArray *features;                 /* guint, over the things of its language */
	int gold[TASKS];                  /* -1: not labelled */
	double points[TASKS][LABELS_MAX]; /* by rules, after yields */
	int guess[TASKS];                 /* out of fold */
	double lead;                      /* of the likeliest kind over good, in points */
} Sample;

typedef struct {
	char *text;
	guint mails;
	int index;     /* among those that count, or -1 */
} Thing;

typedef struct {
	Rules *rules;
	GPtrArray *samples;
	GHashTable *ids[FIT_LANGUAGES + 1]; /* key -> index + 1 into things */
	GArray *things[FIT_LANGUAGES + 1];  /* Thing */
	GHashTable *names;                  /* of customers, plain words */
	enum { TUNED, SENTENCES, UNSEEN } kind; /* of the corpus being read */
	gboolean coach;
	guint good;                         /* the label behind those of "kind" */
	gboolean seen[LABELS_MAX];          /* kinds that some sentence has; hints know no other */
} Fit;

/* One task in one language. */
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

/* fit-data.c: reads a corpus into samples; FALSE with error when it cannot. */
gboolean fit_read(Fit *fit, const char *path, GError **error);
/* Gives every thing that counts its index, and has samples name things by it; how many there are. */
int fit_choose_things(Fit *fit, guint language);

/* fit-model.c: log odds of each label: of one label alone, of its being there. */
void fit_judge(const Model *m, const Sample *sample, gboolean trusting, double *out);
/* Fits the weights of the model on all samples but those of a fold (-1: on all). */
void fit_train(Model *m, int without_fold);

#endif
