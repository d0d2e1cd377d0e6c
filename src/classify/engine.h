/* engine.h - the rule engine as classify.c and coach use it: match, sum up, explain.
 *
 * One call reads one text: engine_run() finds every rule that counts and reads each label space.
 * Nothing here knows what "type" or "tone" mean but the hedge rule (halves points of space
 * "tone") and the unsure rule (a default in space "type"); both are said in labels.conf. */
#ifndef AARDIG_CLASSIFY_ENGINE_H
#define AARDIG_CLASSIFY_ENGINE_H

#include <glib.h>

#include "aardig/classify.h"
#include "aardig/rules.h"
#include "classify/tokens.h"

G_BEGIN_DECLS

/* What rules may ask for with `signal`; classify.c fills them in. */
typedef enum {
	SIGNAL_SHOUTING,     /* words of 4+ letters in capitals, beside words that are not */
	SIGNAL_ALL_CAPS,     /* 1: most of the mail is in capitals */
	SIGNAL_EXCLAMATIONS, /* ! in subject and body */
	SIGNAL_QUESTIONS,
	SIGNAL_WORDS,        /* words of the body */
	SIGNAL_SHORT,        /* 1: under 12 words */
	SIGNAL_ATTACHMENT,
	SIGNAL_IMAGE,
	SIGNAL_ORDER_NUMBER,
	SIGNAL_TRACKING,
	SIGNAL_AMOUNT,
	SIGNAL_DEADLINE,
	SIGNAL_THREAD_MAILS,
	SIGNAL_QUOTED,       /* quoted lines */
	SIGNAL_EMOJI_HAPPY,
	SIGNAL_EMOJI_ANGRY,
	SIGNAL_NO_GREETING,
	SIGNAL_SUBJECT_EMPTY,
	SIGNAL_FORWARDED,
	SIGNAL_LANGUAGE_OTHER,
	SIGNAL_REPEATS,      /* sentences that end like one of the two before */
	SIGNAL_N
} Signal;

/* "shouting", "all-caps", ... in the order of the enum, NULL at the end. */
extern const char *const signal_names[SIGNAL_N + 1];

/* The signals that can be told from words alone (shouting all-caps exclamations questions words
 * short emoji-happy emoji-angry subject-empty repeats); the others are left as they are. */
void signals_from_tokens(const Tokens *subject, const Tokens *body, double values[SIGNAL_N]);

typedef struct {
	const Tokens *subject, *body; /* body: the visible text; either may be NULL (empty) */
	const char *language;         /* "nl" ...; NULL or "other": rules of every language count */
	const double *signals;        /* SIGNAL_N values; NULL: all 0 */
	gboolean without_hints;       /* the caller asks for them sentence by sentence */
} EngineInput;

/* One place where a rule holds. With times = "once" there is one per rule. */
typedef struct {
	guint rule;             /* for engine_rule_*(); G_MAXUINT: hints, the strongest's place */
	EvidenceWhere where;
	guint32 first, end;     /* tokens first..end-1 of that text; 0,0 for a signal */
	guint32 start, stop;    /* code points */
	double factor;          /* 1; 0.8 after a second try; half for the 2nd and 3rd of "each" */
	gboolean weak;          /* a second try made it */
	gboolean hedged;        /* "een beetje boos": points of space tone count half */
} Match;

/* What one match (or one implication) gave to one label; but for hints these add up to the raw
 * sums. Of hints, what they come to is told of the labels that win or nearly do. */
typedef struct {
	guint match;            /* index into matches; G_MAXUINT for what has no place */
	const char *rule;       /* its id; "implies", "bias" or "hints" */
	const char *space, *label;
	double points;
} MatchPoints;

typedef struct {
	const char *label;
	double points;          /* after yields, with hints */
	double raw;             /* before, without */
	double hints;
	gboolean holds;         /* points >= its `at` */
} EngineScore;

typedef struct {
	const char *space;
	const char *winner;     /* NULL where the space has no default and nothing won ("flag") */
	const char *runner_up;  /* NULL: none */
	gboolean by_default;    /* nothing reached the floor */
	gboolean unsure;
	double margin;          /* winner minus runner-up */
	EngineScore *scores;    /* best first: those with points > 0 */
	guint n_scores;
} SpaceResult;

typedef struct EngineResult {
	GArray *matches;        /* Match: subject, body, signals; by place */
	GArray *points;         /* MatchPoints, in the order of matches */
	SpaceResult *spaces;    /* in the order of labels.conf */
	guint n_spaces;
	GPtrArray *limits; /* char *: "rule X: the regex gave up (match limit)"; usually empty */
} EngineResult;

EngineResult *engine_run(const Rules *rules, const EngineInput *input);
void engine_result_free(EngineResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EngineResult, engine_result_free)

/* NULL for a space that labels.conf does not have. */
const SpaceResult *engine_space(const EngineResult *result, const char *space);
gboolean engine_holds(const EngineResult *result, const char *space, const char *label);

/* Which part of the rule did not match in this text, or that it did. NULL: no such rule. */
char *engine_why_not(const Rules *rules, const EngineInput *input, const char *rule_id);

const char *engine_rule_id(const Rules *rules, guint rule);
const char *engine_rule_language(const Rules *rules, guint rule); /* "any" "nl" ... */
const char *engine_rule_advice(const Rules *rules, guint rule);   /* key `advice`, or NULL */
gboolean engine_rule_find(const Rules *rules, const char *id, guint *rule_out);
/* TRUE for a label with `automatic_only = true`: coach judges it in automatic text alone. */
gboolean engine_label_automatic_only(const Rules *rules, const char *space, const char *label);

/* Does this sentence of the text open a letter ("Beste mevrouw De Vries,")? By the list `greetings`
 * of words.conf. */
gboolean engine_is_greeting(const Rules *rules, const Tokens *text, guint sentence);

G_END_DECLS

#endif
