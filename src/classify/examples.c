/* examples.c - every rule against its own examples: the tests that stand beside the rule. */
#include "config.h"

#include "classify/engine.h"
#include "classify/load.h"

/* Behind its heading, what was in the way; a diagnostic is one line. */
static char *
one_line(const char *why_not)
{
	g_auto(GStrv) lines = g_strsplit(why_not, "\n", 6);
	GString *line = g_string_new(NULL);

	for (guint i = 1; lines[0] != NULL && lines[i] != NULL && i < 5; i++)
		g_string_append_printf(line, "%s%s", i > 1 ? "; " : "", g_strstrip(lines[i]));
	if (g_strv_length(lines) > 5)
		g_string_append(line, "; ...");
	return g_string_free(line, FALSE);
}

static gboolean
rule_matches(const Rules *rules, guint index, const char *text, char **why_not_out)
{
	gboolean body = (rules->rules[index].scope & ~IN_SCOPE_SUBJECT) != 0;
	const char *language = engine_rule_language(rules, index);
	g_autoptr(Tokens) tokens = tokens_new(text, -1);
	double signals[SIGNAL_N] = { 0 };
	EngineInput input = { .subject = body ? NULL : tokens,
		              .body = body ? tokens : NULL,
		              .language = g_strcmp0(language, "any") == 0 ? NULL : language,
		              .signals = signals };

	signals_from_tokens(input.subject, input.body, signals);
	g_autoptr(EngineResult) result = engine_run(rules, &input);

	for (guint i = 0; i < result->matches->len; i++)
		if (g_array_index(result->matches, Match, i).rule == index)
			return TRUE;
	g_autofree char *why_not = engine_why_not(rules, &input, engine_rule_id(rules, index));
	*why_not_out = one_line(why_not);
	return FALSE;
}

/* Signals that words alone do not tell cannot be shown by an example. */
static gboolean
is_testable(const LoadRule *rule)
{
	switch (rule->signal) {
	case NONE:
	case SIGNAL_SHOUTING:
	case SIGNAL_ALL_CAPS:
	case SIGNAL_EXCLAMATIONS:
	case SIGNAL_QUESTIONS:
	case SIGNAL_WORDS:
	case SIGNAL_SHORT:
	case SIGNAL_EMOJI_HAPPY:
	case SIGNAL_EMOJI_ANGRY:
		return TRUE;
	default:
		return FALSE;
	}
}

static void
check_texts(const Rules *rules, guint index, const LoadRule *rule, const GArray *texts,
            gboolean wanted, Diagnostics *diag)
{
	for (guint i = 0; texts != NULL && i < texts->len; i++) {
		const LoadText *text = &g_array_index(texts, LoadText, i);
		g_autofree char *why_not = NULL;
		gboolean found = rule_matches(rules, index, text->text, &why_not);

		if (found == wanted)
			continue;
		if (wanted)
			diagnostics_error(diag, rule->file->source->path, text->line,
			                  "rule \"%s\" does not match its example \"%s\": %s",
			                  rule->id, text->text, why_not);
		else
			diagnostics_error(diag, rule->file->source->path, text->line,
			                  "rule \"%s\" matches \"%s\", which its examples say it "
			                  "must not (narrow it, or add to `unless`)",
			                  rule->id, text->text);
	}
}

void
rules_check_examples(const char *const *dirs, const Rules *rules, Diagnostics *diag)
{
	g_autoptr(Diagnostics) known = diagnostics_new();
	g_autoptr(Load) load = load_new(dirs, known);
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < rules_count(rules); i++)
		g_hash_table_insert(ids, (gpointer)engine_rule_id(rules, i),
		                    GUINT_TO_POINTER(i + 1));

	for (guint i = 0; i < load->rules->len; i++) {
		const LoadRule *rule = g_ptr_array_index(load->rules, i);
		guint index = GPOINTER_TO_UINT(g_hash_table_lookup(ids, rule->id));

		if (rule->off || index-- == 0 || !is_testable(rule))
			continue;
		/* a signal alone can be read as it stands */
		if (rule->file->source->pack == 0 &&
		    (rule->texts[OWNER_SAYS] != NULL || rule->regexes != NULL) &&
		    (rule->yes == NULL || rule->yes->len == 0))
			diagnostics_error(diag, rule->file->source->path, rule->line,
			                  "rule \"%s\" has no example (examples = { yes = "
			                  "[\"...\"]; };)",
			                  rule->id);
		check_texts(rules, index, rule, rule->yes, TRUE, diag);
		check_texts(rules, index, rule, rule->no, FALSE, diag);
	}
}
