/* rules_text.h - rules from one file that is nowhere but in memory. */
#ifndef AARDIG_TESTS_RULES_TEXT_H
#define AARDIG_TESTS_RULES_TEXT_H

#include "classify/engine.h"
#include "classify/load.h"

/* NULL when there is something wrong with it, and then at least one error says what. */
static inline Rules *
rules_of_text(const char *below, const char *text, gsize size)
{
	static const char labels[] =
	    "spaces: ( { name = \"type\"; default = \"other\"; labels: ( { name = \"damaged\"; }, "
	    "{ name = \"other\"; } ); }, { name = \"flag\"; labels: ( { name = \"complaint\"; } ); } );";
	GPtrArray *sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
	g_autoptr(Diagnostics) diag = diagnostics_new();
	Rules *rules = NULL;

	g_ptr_array_add(sources, source_from_text("labels.conf", labels, sizeof labels - 1));
	g_ptr_array_add(sources, source_from_text(below, text, size));
	g_autoptr(Load) load = load_sources(sources, diag);
	load_phrases(load);
	if (diagnostics_errors(diag) == 0)
		rules = load_compile(load);
	g_assert(rules != NULL || diagnostics_errors(diag) > 0);
	return rules;
}

#endif
