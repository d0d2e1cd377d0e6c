/* corpus.h - labelled mails as JSON lines (tests/corpus/README.md), and how well readings fit
 * them. */
#ifndef AARDIG_CLI_CORPUS_H
#define AARDIG_CLI_CORPUS_H

#include <glib.h>
#include <jansson.h>

#include "aardig/classify.h"

G_BEGIN_DECLS

/* Strings are borrowed for the time of the call; labels that a line does not give are NULL or -1.
 */
typedef struct {
	const char *id, *lang, *subject, *body, *type, *tone;
	int complaint, urgent;
	gboolean has_order, has_name; /* the line speaks of them, be it with null */
	const char *order_number, *customer_name;
} CorpusMail;

/* Calls `each` for every line. FALSE with error (file and line) for what cannot be read: GONE if that
 * is the file, PERMANENT for what stands in it, and for a file without a mail. */
gboolean corpus_each(const char *path, void (*each)(const CorpusMail *mail, void *data),
                     void *data, GError **error);

/* ---- scores ---- */

typedef enum {
	SCORE_TYPE,
	SCORE_TONE,
	SCORE_COMPLAINT,
	SCORE_URGENT,
	SCORE_LANGUAGE,
	SCORE_FIELDS
} ScoreField;
extern const char *const score_field_names[SCORE_FIELDS + 1];

typedef struct Score Score;

Score *score_new(void);
void score_free(Score *score);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Score, score_free)

/* What the gold and the reading say of a field: static or borrowed strings; NULL gold: not
 * labelled. */
const char *score_gold(const CorpusMail *mail, ScoreField field);
const char *score_got(const Reading *reading, ScoreField field);

void score_add(Score *score, const CorpusMail *mail, const Reading *reading);
/* Unweighted mean of F1 over the labels present in the gold. */
double score_macro_f1(const Score *score, ScoreField field);
/* Accuracy over the mails in these languages ("de+fr"); -1 when there is none. */
double score_language_accuracy(const Score *score, ScoreField field, const char *languages);

/* Facts: of those that have one, how many right; of those without, how many invented. */
typedef struct {
	guint with, right, without, invented;
} FactScore;
const FactScore *score_order_number(const Score *score);
const FactScore *score_customer_name(const Score *score);
/* Whole result for a person or as JSON. */
void score_print(const Score *score);
json_t *score_json(const Score *score);

G_END_DECLS

#endif
