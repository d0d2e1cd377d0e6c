/* fuzz_rules.c - the text of a rule file: whatever it says, it is read or refused with a place. */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "rules_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig forgets the text it was reading when it meets a syntax error. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\n";
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mail[] = "Het pakje is kapot. Waar blijft mijn geld?! :( 12,50";

	if (size > 65536)
		return 0;
	g_autoptr(Rules) rules = rules_of_text("nl/a.conf", (const char *)data, size);
	if (rules != NULL) {
		g_autoptr(Tokens) tokens = tokens_new(mail, -1);
		EngineInput input = { tokens, tokens, "nl", NULL };
		g_autoptr(EngineResult) result = engine_run(rules, &input);

		for (guint i = 0; i < result->matches->len; i++)
			g_assert(g_array_index(result->matches, Match, i).stop <= strlen(mail));
	}
	return 0;
}
