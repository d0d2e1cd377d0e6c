/* fuzz_match.c - a phrase (the first line) against a text (the rest, any bytes): matches lie inside
 * the text, and every word of a text lies where it says. */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "rules_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Rules *
rules_of(const char *phrase)
{
	g_autoptr(GString) text = g_string_new(
	    "negation = [\"niet\"]; words: { list = [\"pakje\", \"pakket*\", \"nog steeds\"]; };"
	    "rules: ( { id = \"r\"; says = [\"");

	for (; *phrase != '\0'; phrase++) {
		if (*phrase == '"' || *phrase == '\\')
			g_string_append_c(text, '\\');
		g_string_append_c(text, *phrase);
	}
	g_string_append(text, "\"]; points = { type = { other = 1; }; }; } );");
	return rules_of_text("nl/a.conf", text->str, text->len);
}

static void
check_tokens(const Tokens *tokens)
{
	for (guint i = 0; i < tokens->n; i++) {
		const Token *t = &tokens->tokens[i];

		g_assert(t->byte < t->byte_end && t->byte_end <= tokens->bytes);
		g_assert(t->start < t->end && t->end - t->start <= t->byte_end - t->byte);
		g_assert(i == 0 || tokens->tokens[i - 1].byte_end <= t->byte);
		g_assert(t->sentence < tokens->n_sentences);
		g_assert(strlen(token_fold(tokens, i)) == t->fold_len);
		g_assert(g_utf8_validate(token_fold(tokens, i), -1, NULL));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;

	if (end == NULL || size > 65536 || end - data > 300)
		return 0;
	g_autofree char *phrase = g_strndup((const char *)data, end - data);
	g_autofree char *text = g_strndup((const char *)end + 1, size - (end + 1 - data));
	g_autoptr(Rules) rules = rules_of(phrase);
	g_autoptr(Tokens) tokens = tokens_new(text, -1);

	check_tokens(tokens);
	if (rules == NULL)
		return 0;

	EngineInput input = { tokens, tokens, "nl", NULL };
	g_autoptr(EngineResult) result = engine_run(rules, &input);
	for (guint i = 0; i < result->matches->len; i++) {
		const Match *match = &g_array_index(result->matches, Match, i);

		g_assert(match->first < match->end && match->end <= tokens->n);
		g_assert(match->start < match->stop);
	}
	g_autofree char *why = engine_why_not(rules, &input, "r");
	g_assert(why != NULL || !engine_rule_find(rules, "r", &(guint){ 0 }));
	return 0;
}
