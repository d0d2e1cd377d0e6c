/* fuzz_hints.c - the text of a file of hints: whatever it says, it is read or refused with a place,
 * and what was read can be counted. */
#include "config.h"

#include <stdint.h>

#include "rules_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mail[] = "Het pakje is gebroken. Waar blijft m'n geld?! :( 12,50 €";

	if (size > 65536)
		return 0;
	g_autoptr(Rules) rules = rules_of_text("nl/a.hints", (const char *)data, size);
	if (rules != NULL) {
		g_autoptr(Tokens) subject = tokens_new((const char *)data, MIN(size, 200));
		g_autoptr(Tokens) body = tokens_new(mail, -1);
		EngineInput input = { subject, body, "nl", NULL };

		engine_result_free(engine_run(rules, &input));
	}
	return 0;
}
