/* examples.c - every rule against its own examples: the tests that stand beside the rule. */
#include "config.h"

#include "classify/engine.h"
#include "classify/load.h"

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
	*why_not_out = engine_why_not(rules, &input, engine_rule_id(rules, index));
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

	for (guint i = 0; i < load->rules->len; i++) {
		const LoadRule *rule = g_ptr_array_index(load->rules, i);
		guint index;

		if (rule->off || !engine_rule_find(rules, rule->id, &index))
			continue;
		if (!is_testable(rule))
			continue;
		if (rule->file->source->pack == 0 && (rule->yes == NULL || rule->yes->len == 0))
			diagnostics_error(diag, rule->file->source->path, rule->line,
			                  "rule \"%s\" has no example (examples = { yes = "
			                  "[\"...\"]; };)",
			                  rule->id);
		check_texts(rules, index, rule, rule->yes, TRUE, diag);
		check_texts(rules, index, rule, rule->no, FALSE, diag);
	}
}
