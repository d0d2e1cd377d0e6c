/* fuzz_hints.c - the text of a file of hints: whatever it says, it is read or refused with a place,
 * and what was read can be counted. */
#include "config.h"

#include <stdint.h>

#include "classify/engine.h"
#include "classify/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char labels[] =
    "spaces: ( { name = \"type\"; default = \"other\"; labels: ( { name = \"damaged\"; }, "
    "{ name = \"other\"; } ); }, { name = \"flag\"; labels: ( { name = \"complaint\"; } ); } );";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mail[] = "Het pakje is gebroken. Waar blijft m'n geld?! :( 12,50 €";
	GPtrArray *sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(Rules) rules = NULL;

	if (size > 65536) {
		g_ptr_array_free(sources, TRUE);
		return 0;
	}
	g_ptr_array_add(sources, source_from_text("labels.conf", labels, sizeof labels - 1));
	g_ptr_array_add(sources, source_from_text("nl/a.hints", (const char *)data, size));
	g_autoptr(Load) load = load_sources(sources, diag);
	load_phrases(load);
	if (diagnostics_errors(diag) == 0)
		rules = load_compile(load);
	/* refused with a reason, or of use */
	g_assert(rules != NULL || diagnostics_errors(diag) > 0);
	if (rules != NULL) {
		g_autoptr(Tokens) subject = tokens_new((const char *)data, MIN(size, 200));
		g_autoptr(Tokens) body = tokens_new(mail, -1);
		EngineInput input = { subject, body, "nl", NULL };

		engine_result_free(engine_run(rules, &input));
	}
	return 0;
}
