/* hints.h - what single words hint at, beside what rules say: points fitted on labelled mail.
 *
 * A rule knows a construction; most mails tell their story in words of which none alone proves
 * anything. Hints give many words a little weight each. They are added after `yields`, so that they
 * decide between readings and never silence one. Files *.hints of a pack, see aardig-rules(5). */
#ifndef AARDIG_CLASSIFY_HINTS_H
#define AARDIG_CLASSIFY_HINTS_H

#include <glib.h>

#include "classify/engine.h"
#include "classify/image.h"
#include "classify/run.h"

G_BEGIN_DECLS

/* A beginning stands for the words of HINT_LONG letters and more that begin so. */
#define HINT_BEGINNING_LETTERS 5
#define HINT_LONG 6
/* Words of a text beyond this give no hints: a mail has its say before. */
#define HINT_WORDS_MAX 4096

typedef struct {
	guint64 key;
	EvidenceWhere where;
	guint32 first, end; /* tokens; both 0 for what holds of the whole mail */
} HintPlace;

typedef void (*HintVisit)(const HintPlace *place, gpointer data);

/* Everything in subject and body (either may be NULL) that may be a hint, by place; one thing may
 * come up often. Words are compared without accents, every number is "0", pairs do not cross a sentence. */
void hints_visit(const Tokens *subject, const Tokens *body, HintVisit visit, gpointer data);

/* How the thing at a place is written in a file: "kapot", "gebro*", "niet ontvangen", "0", "?",
 * "!", "!!" (three or more) or "*" (every mail). Caller frees. */
char *hint_text(const Tokens *subject, const Tokens *body, const HintPlace *place);
/* The key of what is written so; FALSE with a text for what can never be met. */
gboolean hint_key(const char *written, guint64 *key_out, const char **fault_out);

/* What the hints of one mail come to for one label. */
typedef struct {
	double points;
	double strongest;   /* of one hint, by size */
	HintPlace place;    /* of that one */
} HintSum;

/* One sum per label of all spaces, NULL where the rules have no hints or the language is not known:
 * words of four languages at once would be noise. Caller frees. */
HintSum *hints_sum(const Rules *rules, const EngineInput *input);
/* The same by the words a run has looked up already; NULL too where its input is without hints. */
HintSum *hints_sum_of(const Run *run);

G_END_DECLS

#endif
