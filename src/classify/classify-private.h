/* classify-private.h - a classification step by step, for classify.c, explain and tests. */
#ifndef AARDIG_CLASSIFY_PRIVATE_H
#define AARDIG_CLASSIFY_PRIVATE_H

#include "aardig/classify.h"
#include "classify/engine.h"

G_BEGIN_DECLS

/* All that the engine is given and what it answered, with the words it was given on. */
typedef struct {
	Tokens *subject, *body;
	double signals[SIGNAL_N];
	const char *language;     /* as found */
	double language_margin;
	EngineInput input;
	Facts facts;              /* without remedy */
	EngineResult *result;
} ClassifyRun;

void classify_run(const Rules *rules, const Message *message, const ClassifyContext *ctx,
                  ClassifyRun *out);
void classify_run_clear(ClassifyRun *run);

/* The reading of a run; takes the facts over. */
Reading *classify_reading(ClassifyRun *run);

G_END_DECLS

#endif
