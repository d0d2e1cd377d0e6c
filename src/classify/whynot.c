/* whynot.c - which part of a rule did not match. The rule is tried as ever, with a notebook. */
#include "config.h"

#include <string.h>

#include "classify/run.h"

static void describe(const Rules *rules, guint32 item, GString *out);

static void
describe_symbol(const Rules *rules, guint32 symbol, GString *out)
{
	gboolean strict = (symbol & SYMBOL_STRICT) != 0;

	symbol &= ~SYMBOL_STRICT;
	if (symbol == SYMBOL_NUMBER) {
		g_string_append_c(out, '#');
	} else if ((symbol & SYMBOL_PATTERN) != 0) {
		const ImagePattern *p = &rules->patterns[symbol & SYMBOL_INDEX];

		g_string_append_printf(out, "%s%s%s", p->kind != PATTERN_PREFIX ? "*" : "",
		                       image_string(rules, p->string),
		                       p->kind != PATTERN_SUFFIX ? "*" : "");
	} else {
		g_string_append_printf(out, "%s%s", strict ? "=" : "",
		                       image_string(rules, rules->words[symbol].string));
	}
}

static void
describe_element(const Rules *rules, guint32 index, GString *out)
{
	const ImageElement *element = &rules->elements[index];
	guint shown = MIN(element->symbols, 6);

	if (element->symbols > 1)
		g_string_append_c(out, '(');
	for (guint i = 0; i < shown; i++) {
		if (i > 0)
			g_string_append_c(out, '|');
		describe_symbol(rules, rules->element_symbols[element->first_symbol + i], out);
	}
	if (element->symbols > shown)
		g_string_append_printf(out, "|... %u more", element->symbols - shown);
	if (element->symbols > 1)
		g_string_append_c(out, ')');
}

/* The element or symbol stands somewhere in the text. */
static gboolean
is_there(const Run *run, guint32 item)
{
	for (guint32 i = 0; i < run->n_forms; i++)
		if (run_form_has(run, &run->forms[i], item) > 0)
			return TRUE;
	return FALSE;
}

/* Whether the node could stand, if order did not matter; *missing gets the first part that cannot.
 */
static gboolean
could_stand(const Run *run, guint32 item, GString *missing)
{
	gboolean good = TRUE;

	if ((item & (ITEM_SYMBOL | ITEM_ELEMENT)) != 0) {
		good = is_there(run, item);
		if (!good && missing != NULL && missing->len == 0)
			describe(run->rules, item, missing);
		return good;
	}
	const ImageNode *node = &run->rules->nodes[item];

	switch ((NodeKind)node->kind) {
	case NODE_SEQUENCE:
		for (guint32 i = 0; i < node->b; i++)
			if (!could_stand(run, run->rules->items[node->a + i], missing))
				return FALSE;
		return TRUE;
	case NODE_CHOICE:
		good = FALSE;
		for (guint32 i = 0; i < node->b && !good; i++)
			good = could_stand(run, run->rules->items[node->a + i], NULL);
		break;
	default:
		return TRUE;
	}
	if (!good && missing != NULL && missing->len == 0)
		describe(run->rules, item, missing);
	return good;
}

static void
describe_items(const Rules *rules, const ImageNode *node, const char *between, GString *out)
{
	for (guint32 i = 0; i < node->b; i++) {
		if (i > 0)
			g_string_append(out, between);
		if (i == 6) {
			g_string_append_printf(out, "... %u more", node->b - i);
			return;
		}
		describe(rules, rules->items[node->a + i], out);
	}
}

static void
describe(const Rules *rules, guint32 item, GString *out)
{
	if ((item & ITEM_SYMBOL) != 0) {
		describe_symbol(rules, symbol_of_item(item), out);
		return;
	}
	if ((item & ITEM_ELEMENT) != 0) {
		describe_element(rules, item & ITEM_INDEX, out);
		return;
	}
	const ImageNode *node = &rules->nodes[item];

	switch ((NodeKind)node->kind) {
	case NODE_ELEMENT:
		break; /* never a node: an item at once */
	case NODE_SEQUENCE:
		describe_items(rules, node, " ", out);
		break;
	case NODE_CHOICE:
		g_string_append_c(out, '(');
		describe_items(rules, node, "|", out);
		g_string_append_c(out, ')');
		break;
	case NODE_OPTIONAL:
		describe(rules, node->a, out);
		g_string_append_c(out, '?');
		break;
	case NODE_GAP:
		g_string_append_printf(out, "..%u", node->a);
		break;
	case NODE_BEGIN:
		g_string_append_c(out, '^');
		break;
	case NODE_END:
		g_string_append_c(out, '$');
		break;
	}
}

static gboolean
items_missing(const Run *run, const ImagePosting *posting, GString *missing)
{
	for (guint32 i = 0; i < posting->left + (guint32)posting->right; i++)
		if (!could_stand(run, posting->items[i], missing))
			return TRUE;
	return FALSE;
}

/* What of a phrase is not in the text; an empty text if all its words are. A phrase filed in
 * several variants lacks something only if each of them does. */
static void
find_missing(const Run *run, guint32 text, GString *missing)
{
	gboolean complete = FALSE;

	for (guint32 i = 0; i < image_count(run->rules, SECTION_PHRASES); i++) {
		const ImagePhrase *p = &run->rules->phrases[i];

		if (p->text != text)
			continue;
		const ImagePosting *posting =
		    (const ImagePosting *)(run->rules->postings + p->posting);

		if (!is_there(run, p->anchor | ITEM_ELEMENT)) {
			if (missing->len == 0)
				describe_element(run->rules, p->anchor, missing);
		} else if (!items_missing(run, posting, missing)) {
			complete = TRUE;
		}
	}
	if (complete)
		g_string_truncate(missing, 0);
}

static void
explain_phrases(const Run *run, const ImageRule *rule, GString *out)
{
	const ImageOwner *owner = &run->rules->owners[rule->owners[OWNER_SAYS]];

	for (guint32 i = 0; i < owner->texts; i++) {
		guint32 text = owner->first_text + i;
		const char *phrase = image_string(run->rules, run->rules->texts[text].string);
		g_autoptr(GString) missing = g_string_new(NULL);

		if (g_hash_table_contains(run->trace->phrases, GUINT_TO_POINTER(text + 1))) {
			g_string_append_printf(out, "\n  \"%s\" is in the text", phrase);
			continue;
		}
		find_missing(run, text, missing);
		if (missing->len > 0)
			g_string_append_printf(out, "\n  \"%s\": %s is not in the text", phrase,
			                       missing->str);
		else
			g_string_append_printf(out,
			                       "\n  \"%s\": its words are there, but not like this "
			                       "in one sentence",
			                       phrase);
	}
}

static gboolean
did_match(const Rules *rules, const EngineInput *input, guint index)
{
	g_autoptr(EngineResult) result = engine_run(rules, input);

	for (guint i = 0; i < result->matches->len; i++)
		if (g_array_index(result->matches, Match, i).rule == index)
			return TRUE;
	return FALSE;
}

char *
engine_why_not(const Rules *rules, const EngineInput *input, const char *rule_id)
{
	guint index;

	if (!engine_rule_find(rules, rule_id, &index))
		return NULL;

	const ImageRule *rule = &rules->rules[index];
	g_autoptr(GString) out = g_string_new(NULL);

	if (did_match(rules, input, index))
		return g_strdup_printf("rule %s did match", rule_id);
	if ((rule->languages & image_language_mask(rules, input->language)) == 0)
		return g_strdup_printf("rule %s is for language \"%s\"; the mail is in \"%s\"",
		                       rule_id, engine_rule_language(rules, index),
		                       input->language);

	Trace trace = { .rule = index,
		        .notes = g_ptr_array_new_with_free_func(g_free),
		        .phrases = g_hash_table_new(NULL, NULL) };
	g_autoptr(Run) run = run_new(rules, input, &trace);

	run_match(run);
	run_allows(run, index);
	for (guint i = 0; i < rule->regexes; i++)
		trace_note(&trace, index, "its regex \"%s\" finds nothing",
		           image_string(rules, rules->regexes[rule->first_regex + i].string));
	g_string_append_printf(out, "rule %s did not match:", rule_id);
	for (guint i = 0; i < trace.notes->len; i++)
		g_string_append_printf(out, "\n  %s", (char *)g_ptr_array_index(trace.notes, i));
	if (rule->owners[OWNER_SAYS] != NONE)
		explain_phrases(run, rule, out);
	g_ptr_array_free(trace.notes, TRUE);
	g_hash_table_destroy(trace.phrases);
	return g_string_free(g_steal_pointer(&out), FALSE);
}
