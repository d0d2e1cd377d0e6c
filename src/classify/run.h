/* run.h - one text against the rules: what engine.c, lookup.c and match.c share. */
#ifndef AARDIG_CLASSIFY_RUN_H
#define AARDIG_CLASSIFY_RUN_H

#include <glib.h>

#include "classify/engine.h"
#include "classify/image.h"
#include "classify/needles.h"

G_BEGIN_DECLS

/* No honest mail tries one phrase this often; past it the result says so. */
#define TRIES_MAX 2000
#define EACH_MAX 3
#define TRIED_FORMS 4 /* one word of a text may try a phrase as so many symbols */
#define EDGE_WORDS 6 /* a longer sentence is no greeting, whatever it begins with */

enum {
	MARK_NEGATION = 1,
	MARK_HEDGE = 2,
	MARK_CONTRAST = 4,
	MARK_GREETING = 8, /* at the first word of one */
	MARK_SIGNOFF = 16,
};

typedef struct {
	guint32 symbol;
	gboolean weak;
	const guint32 *list; /* of SYMBOL_LISTS, or NULL */
} FormSymbol;

/* One word of the mail, however often it stands there. */
typedef struct {
	const char *fold;
	guint64 hash;
	guint16 fold_len, symbols;
	guint32 first_symbol;
	guint64 signature;         /* of its symbols */
	guint64 hint_key;          /* hints.c; 0: not asked yet */
	guint32 first[2], last[2]; /* its places in subject and body, chained by Run.next */
} Form;

typedef enum { RULE_OPEN, RULE_SHUT, RULE_DONE } RuleStage;

typedef struct {
	guint rule;
	RuleStage stage;
	guint n;
	Match *matches; /* room for EACH_MAX; NULL before the first: most rules have none */
} RuleState;

/* Where the next match of the rule goes. */
static inline Match *
rule_state_room(RuleState *state)
{
	if (state->matches == NULL)
		state->matches = g_new(Match, EACH_MAX);
	return &state->matches[state->n];
}

/* For why-not: what stood in the way of one rule. */
typedef struct {
	guint rule;
	GPtrArray *notes; /* char *, each once */
	GHashTable *phrases; /* text index + 1: tried and found */
} Trace;

typedef struct {
	const Rules *rules;
	const EngineInput *input;
	guint32 mask;             /* languages that count */
	const Tokens *texts[2];   /* subject, body; never NULL */
	gpointer room;            /* what most of the following lies in */
	Form *forms;              /* with their slots growing as different words are met */
	guint32 n_forms, forms_room;
	GArray *symbols;          /* FormSymbol */
	guint32 *form_slots;
	guint n_form_slots;       /* a power of two */
	guint32 *form_of[2], *next[2]; /* per token */
	guint64 *signatures[2];   /* per token: its form's, without the way there */
	guint64 *sentence_signatures[2]; /* per sentence: of all its words */
	guint8 *marks[2];         /* per token */
	guint8 *scopes;           /* per sentence of the body: IN_SCOPE_OPENING | _CLOSING */
	guint8 *present;          /* per element: a bit */
	guint16 *tries;           /* per phrase; NULL for a text too short to reach TRIES_MAX */
	guint8 *hits;             /* per owner a bit: found anywhere */
	guint8 *here;             /* per word and pattern of the rules a bit: it is in the mail */
	guint32 *near_of;         /* owner -> row of `near`, once it has a hit */
	GByteArray *near;         /* rows of a bit per sentence, subject first */
	guint16 *state_of;        /* rule -> index + 1 into states */
	GArray *states;           /* RuleState */
	gboolean any_weak;
	TextPairs *pairs[2];      /* made for the first regex with needles */
	GPtrArray *limits;
	Trace *trace;
} Run;

/* lookup.c: every word becomes a form, every form its symbols, every symbol marks its elements. */
void run_look_up(Run *run);
/* Whether a word is what the item asks for (an element or a symbol). 0: no; 1: by a second try; 2:
 * yes. */
guint run_form_has(const Run *run, const Form *form, guint32 item);

static inline const Form *
run_form(const Run *run, guint where, guint32 word)
{
	return &run->forms[run->form_of[where][word]];
}

/* The bit of a symbol item in `here`; not for numbers. */
static inline guint32
run_here_bit(const Run *run, guint32 item)
{
	guint32 words = image_count(run->rules, SECTION_WORDS);

	return (item & ITEM_INDEX) + ((item & ITEM_PATTERN) != 0 ? words : 0);
}

/* Whether the symbol of an item, no number, is anywhere in the mail. */
static inline gboolean
run_is_here(const Run *run, guint32 item)
{
	guint32 bit = run_here_bit(run, item);

	return (run->here[bit / 8] & 1u << bit % 8) != 0;
}

/* verify.c: does the phrase stand here, its anchor being token `at`? With `stop`, gaps do not step
 * over words with these marks. Bits of *starts_out: bit k is a beginning k words before `at`; of
 * *ends_out: an end k words behind at + 1. */
gboolean run_verify(const Run *run, const ImagePosting *posting, guint where, guint32 at,
                    gboolean weak_too, guint8 stop, guint64 *starts_out, guint64 *ends_out);

/* match.c: the conditions and lists of languages alone; or all. */
void run_conditions(Run *run);
void run_match(Run *run);
/* Whether needs, unless and signals let the rule count at all; notes why not in the trace. */
gboolean run_allows(Run *run, guint rule);

Run *run_new(const Rules *rules, const EngineInput *input, Trace *trace);
void run_free(Run *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

/* score.c: sums, yields, winners. */
void run_score(const Run *run, EngineResult *result);

void trace_note(Trace *trace, guint rule, const char *format, ...) G_GNUC_PRINTF(3, 4);

G_END_DECLS

#endif
