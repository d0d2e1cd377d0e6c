/* fuzz_rules.c - the text of a rule file: whatever it says, it is read or refused with a place. */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "classify/engine.h"
#include "classify/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig forgets the text it was reading when it meets a syntax error. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\n";
}

static const char labels[] =
    "spaces: ( { name = \"type\"; default = \"other\"; labels: ( { name = \"damaged\"; }, "
    "{ name = \"other\"; } ); }, { name = \"flag\"; labels: ( { name = \"complaint\"; } ); } );";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mail[] = "Het pakje is kapot. Waar blijft mijn geld?! :( 12,50";
	GPtrArray *sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(Rules) rules = NULL;

	if (size > 65536) {
		g_ptr_array_free(sources, TRUE);
		return 0;
	}
	g_ptr_array_add(sources, source_from_text("labels.conf", labels, sizeof labels - 1));
	g_ptr_array_add(sources, source_from_text("nl/a.conf", (const char *)data, size));
	g_autoptr(Load) load = load_sources(sources, diag);
	load_phrases(load);
	if (diagnostics_errors(diag) == 0)
		rules = load_compile(load);
	/* refused with a reason, or of use */
	g_assert(rules != NULL || diagnostics_errors(diag) > 0);
	if (rules != NULL) {
		g_autoptr(Tokens) tokens = tokens_new(mail, -1);
		EngineInput input = { tokens, tokens, "nl", NULL };
		g_autoptr(EngineResult) result = engine_run(rules, &input);

		for (guint i = 0; i < result->matches->len; i++)
			g_assert(g_array_index(result->matches, Match, i).stop <= strlen(mail));
	}
	return 0;
}
