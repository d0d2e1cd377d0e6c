/* regex.h - the escape hatch: PCRE2 patterns of rules, compiled when first needed. */
#ifndef AARDIG_CLASSIFY_REGEX_H
#define AARDIG_CLASSIFY_REGEX_H

#include <glib.h>

#include "classify/image.h"

G_BEGIN_DECLS

typedef enum {
	REGEX_MATCH,
	REGEX_NO_MATCH,
	REGEX_GAVE_UP, /* a limit was hit: nobody knows whether it matches */
} RegexOutcome;

/* For rules_load(): NULL if the pattern is fine, else what is wrong with it. Caller frees. */
char *regex_fault(const char *pattern);

RegexState *regex_state_new(guint n);
void regex_state_free(RegexState *state, guint n);

/* The first match of regex `index` in text; bytes. *why_out: a static text when it gave up. */
RegexOutcome regex_match(const Rules *rules, guint index, const char *text, gsize bytes,
                         gsize *start_out, gsize *end_out, const char **why_out);

G_END_DECLS

#endif
