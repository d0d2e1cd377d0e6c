/* words-private.h - what the files of words/ share: the loaded sets, and a context as values. */
#ifndef AARDIG_WORDS_PRIVATE_H
#define AARDIG_WORDS_PRIVATE_H

#include "aardig/words.h"
#include "words/template.h"

G_BEGIN_DECLS

struct Words {
	GHashTable *sets; /* "nl", "nl-je", ... -> TemplateSet */
};

/* Never NULL: English for a language without templates. */
const TemplateSet *words_set(const Words *words, const Shop *shop, const char *language);
/* The set for the team or the operator: "nl" or "en". */
const TemplateSet *words_team_set(const Words *words, const Shop *shop);

/* Shop, signature, ticket, dates, and the two facts that may stand in an automatic mail; chooses by
 * kind, type, tone (unsure ones as general and neutral), language, again. */
void values_from_context(Values *values, const WordsContext *ctx, const char *variant);

/* The type as far as it is sure: NULL is the general wording. */
const char *context_type(const WordsContext *ctx);

/* PERMANENT if a template left something in text that is to leave by itself. */
gboolean words_check_sendable(const char *text, GError **error);

G_END_DECLS

#endif
