/* coach.h - reads a draft reply and says, line by line, what makes it defensive, blaming,
 * sarcastic, verdict-like, liable, promising, terms-first, cold, unclear or too jolly. */
#ifndef AARDIG_COACH_H
#define AARDIG_COACH_H

#include <glib.h>

#include "aardig/rules.h"

G_BEGIN_DECLS

typedef struct {
	guint line;          /* 1-based; 0: the whole draft */
	const char *kind;    /* "defensive" ... */
	char *text;          /* as written; NULL for the whole draft */
	char *advice;        /* what is wrong and a better wording, in the draft's language */
} CoachRemark;

typedef struct {
	const char *language;
	GArray *remarks;     /* CoachRemark, by line */
	guint score;         /* 100 is good; below 70 is worth a second look */
} CoachReport;

/* language: "nl" or "en"; NULL: found out, and a draft in German or French then comes back with its
 * language and nothing else: there are no rules for it, and English ones would find it cold.
 * tone: of the mail it answers, or NULL. automatic: also the rules for text that no human reads
 * before it leaves (no promise, refusal, demand, dead link). whole: also what a whole reply must
 * have. */
CoachReport *coach_check(const Rules *coach_rules, const char *draft, const char *language,
                         const char *tone, gboolean automatic, gboolean whole);
void coach_report_free(CoachReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CoachReport, coach_report_free)

G_END_DECLS

#endif
