/* classify.h - language, type, tone, flags and facts of a mail, each with the evidence for it. */
#ifndef AARDIG_CLASSIFY_H
#define AARDIG_CLASSIFY_H

#include <glib.h>

#include "aardig/message.h"
#include "aardig/rules.h"

G_BEGIN_DECLS

typedef struct {
	const char *label;
	double points;
} LabelScore;

typedef enum { IN_SUBJECT, IN_BODY, IN_SIGNAL } EvidenceWhere;

typedef struct {
	const char *rule;  /* id */
	const char *space; /* "type", "tone", "flag" */
	const char *label;
	double points;
	EvidenceWhere where;
	const char *text;  /* as written; for a signal what was counted */
	gsize start, end;  /* code points into subject or visible text; 0,0 for a signal */
} Evidence;

/* Facts: validated, each NULL (or 0) where unknown. See GUARD: only order_number and first_name
 * may ever appear in an acknowledgement, after facts_*_is_safe(). */
typedef struct {
	char *order_number;  /* as written, without label and leading # */
	char *customer_name; /* as signed */
	char *first_name;    /* from customer_name, else the From display name; NULL unless it is known to be
	                        a given name, or signed and in the From field alike */
	char *deadline;      /* as written: "zaterdag", "12 mei" */
	gint64 deadline_time;/* 0 if it could not be computed */
	char *amount;        /* "49,95 EUR": the largest amount named */
	char *tracking;      /* carrier code */
	const char *remedy;  /* "refund", "replace", "repair", "partial", or NULL */
	gboolean photo;      /* attached, or said to be attached while something is attached */
} Facts;

typedef struct Reading {
	const char *language;   /* "nl" "en" "de" "fr" "other" */
	const char *type, *tone; /* never NULL */
	GArray *types, *tones;  /* LabelScore, best first, only those with a score */
	GArray *flags;          /* LabelScore: "complaint", "urgent", "legal-threat", ... */
	gboolean complaint, urgent;
	char **unsure;          /* of "type" "tone" "language"; NULL-terminated */
	GArray *evidence;       /* Evidence, in order of place */
	GStringChunk *texts;    /* of the evidence */
	Facts facts;
} Reading;

/* What classification needs besides the mail; all optional (zero). */
typedef struct {
	gint64 now;                        /* for deadlines; 0: message date */
	GTimeZone *timezone;
	const char *const *order_patterns; /* PCRE2, the shop's own */
	guint thread_mails;                /* earlier mails of this correspondent in this thread */
	gint64 first_mail;                 /* when the first of them came; 0 unknown */
} ClassifyContext;

/* Never fails: an empty mail reads as "other", unsure. */
Reading *classify_message(const Rules *rules, const Message *message, const ClassifyContext *ctx);
/* The same for bare text (rule examples, the corpus, tests). name_hint: From display name. */
Reading *classify_text(const Rules *rules, const char *subject, const char *body,
                       const ClassifyContext *ctx);
void reading_free(Reading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reading, reading_free)

gboolean reading_has_flag(const Reading *reading, const char *flag); /* over its threshold */
gboolean reading_is_unsure(const Reading *reading, const char *field); /* NULL: of any field */

/* The evidence as a JSON array for the ledger, at most 4 KiB (the weightiest come first). Caller
 * frees. */
char *evidence_json(const Reading *reading);

/* Language alone: "nl" "en" "de" "fr" or "other". *margin_out, if not NULL: 0 (no idea) to 1. */
const char *classify_language(const char *text, double *margin_out);

/* May this fact stand in an automatic mail? Order number: at most 20 characters, a digit in it,
 * only letters, digits, - . / _ # and single blanks, not the shape of a telephone number, IBAN or
 * URL. First name: one word of letters, hyphens and apostrophes, 2 to 20 characters. */
gboolean facts_order_number_is_safe(const char *order_number);
gboolean facts_first_name_is_safe(const char *first_name);

G_END_DECLS

#endif
