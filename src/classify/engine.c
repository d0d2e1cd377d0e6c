/* engine.c - one text against the rules, from words to what each label space says. */
#include "config.h"

#include <string.h>

#include "classify/regex.h"
#include "classify/run.h"

void
trace_note(Trace *trace, guint rule, const char *format, ...)
{
	va_list args;

	if (trace == NULL || trace->rule != rule)
		return;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	for (guint i = 0; i < trace->notes->len; i++)
		if (strcmp(g_ptr_array_index(trace->notes, i), text) == 0)
			return;
	g_ptr_array_add(trace->notes, g_steal_pointer(&text));
}

/* Everything that begins as zero, in one piece. */
static void
take_zeroes(Run *run)
{
	const Rules *rules = run->rules;
	gboolean long_text =
	    (run->texts[0]->n + run->texts[1]->n) * TRIED_FORMS > TRIES_MAX;
	gsize sizes[] = {
		sizeof(guint16) * (image_count(rules, SECTION_RULES) + 1),
		long_text ? sizeof(guint16) * (image_count(rules, SECTION_PHRASES) + 2) : 0,
		image_count(rules, SECTION_OWNERS) / 8 + 1,
		image_count(rules, SECTION_ELEMENTS) / 8 + 1,
		run->texts[0]->n + 1,
		run->texts[1]->n + 1,
		run->texts[1]->n_sentences + 1,
		(image_count(rules, SECTION_WORDS) + image_count(rules, SECTION_PATTERNS)) / 8 + 1,
		sizeof(guint32) * (image_count(rules, SECTION_OWNERS) + 1),
	};
	gsize size = 0, at[G_N_ELEMENTS(sizes)];

	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		at[i] = size;
		size += (sizes[i] + 7) & ~(gsize)7;
	}
	run->zeroes = g_malloc0(size);
	run->state_of = (guint16 *)(run->zeroes + at[0]);
	run->tries = long_text ? (guint16 *)(run->zeroes + at[1]) : NULL;
	run->hits = run->zeroes + at[2];
	run->present = run->zeroes + at[3];
	run->marks[0] = run->zeroes + at[4];
	run->marks[1] = run->zeroes + at[5];
	run->scopes = run->zeroes + at[6];
	run->here = run->zeroes + at[7];
	run->near_of = (guint32 *)(run->zeroes + at[8]);
}

Run *
run_new(const Rules *rules, const EngineInput *input, Trace *trace)
{
	Run *run = g_new0(Run, 1);

	run->rules = rules;
	run->input = input;
	run->trace = trace;
	run->mask = image_language_mask(rules, input->language);
	run->empty = tokens_new("", 0);
	run->texts[0] = input->subject != NULL ? input->subject : run->empty;
	run->texts[1] = input->body != NULL ? input->body : run->empty;
	take_zeroes(run);

	guint words = run->texts[0]->n + run->texts[1]->n;
	run->forms = g_new(Form, words + 1);
	run->symbols = g_array_sized_new(FALSE, FALSE, sizeof(FormSymbol), words / 2 + 16);
	for (guint i = 0; i < 2; i++) {
		run->form_of[i] = g_new(guint32, run->texts[i]->n + 1);
		run->next[i] = g_new(guint32, run->texts[i]->n + 1);
	}
	run->near = g_byte_array_new();
	run->states = g_array_sized_new(FALSE, FALSE, sizeof(RuleState), 64);
	run->limits = g_ptr_array_new_with_free_func(g_free);
	return run;
}

void
run_free(Run *run)
{
	if (run == NULL)
		return;
	tokens_free(run->empty);
	g_free(run->forms);
	g_array_free(run->symbols, TRUE);
	g_free(run->form_slots);
	for (guint i = 0; i < 2; i++) {
		g_free(run->pairs[i]);
		g_free(run->form_of[i]);
		g_free(run->next[i]);
	}
	g_free(run->zeroes);
	g_byte_array_unref(run->near);
	for (guint i = 0; i < run->states->len; i++)
		g_free(g_array_index(run->states, RuleState, i).matches);
	g_array_free(run->states, TRUE);
	g_ptr_array_free(run->limits, TRUE);
	g_free(run);
}

/* ---- rules without phrases ---- */

/* The word in which byte `at` lies, or the next one; n words at most. */
static guint32
word_at_byte(const Tokens *tokens, gsize at)
{
	guint32 low = 0, high = tokens->n;

	while (low < high) {
		guint32 middle = (low + high) / 2;

		if (tokens->tokens[middle].byte_end > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static gboolean
regex_in_scope(const Run *run, const ImageRule *rule, guint where, guint32 word)
{
	if (where == 0)
		return (rule->scope & IN_SCOPE_SUBJECT) != 0;
	if ((rule->scope & IN_SCOPE_BODY) != 0)
		return TRUE;
	return word < run->texts[1]->n &&
	       (run->scopes[run->texts[1]->tokens[word].sentence] & rule->scope) != 0;
}

static gboolean
regex_may_match(Run *run, guint32 regex, guint where)
{
	guint32 needles = run->rules->regexes[regex].needles;

	if (needles == NONE)
		return TRUE;
	if (run->pairs[where] == NULL) {
		run->pairs[where] = g_new0(TextPairs, 1);
		text_pairs_note(run->pairs[where], run->texts[where]->text,
		                run->texts[where]->bytes);
	}
	return text_pairs_may_have(run->pairs[where], image_string(run->rules, needles));
}

static gboolean
regex_finds(Run *run, guint index, guint32 regex, guint where, Match *match_out)
{
	const ImageRule *rule = &run->rules->rules[index];
	const Tokens *tokens = run->texts[where];
	gsize start, end;
	const char *why;
	RegexOutcome outcome = REGEX_NO_MATCH;

	if (regex_may_match(run, regex, where))
		outcome = regex_match(run->rules, regex, tokens->text, tokens->bytes, &start, &end,
		                      &why);

	if (outcome == REGEX_GAVE_UP) {
		g_ptr_array_add(run->limits,
		                g_strdup_printf("rule %s: its regex gave up on the %s (%s)",
		                                image_string(run->rules, rule->id),
		                                where == 0 ? "subject" : "text", why));
		trace_note(run->trace, index, "its regex gave up (%s)", why);
		return FALSE;
	}
	if (outcome == REGEX_NO_MATCH) {
		trace_note(run->trace, index, "its regex does not match the %s",
		           where == 0 ? "subject" : "text");
		return FALSE;
	}
	guint32 first = word_at_byte(tokens, start), last = word_at_byte(tokens, end);

	if (!regex_in_scope(run, rule, where, first)) {
		trace_note(run->trace, index, "its regex matches in another place than `in`");
		return FALSE;
	}
	*match_out = (Match){
		.rule = index,
		.where = where == 0 ? IN_SUBJECT : IN_BODY,
		.first = first,
		.end = MAX(first, last),
		.start = g_utf8_pointer_to_offset(tokens->text, tokens->text + start),
		.stop = g_utf8_pointer_to_offset(tokens->text, tokens->text + end),
	};
	return TRUE;
}

static void
match_regexes(Run *run, guint index, RuleState *state)
{
	const ImageRule *rule = &run->rules->rules[index];

	for (guint32 i = 0; i < rule->regexes; i++)
		for (guint where = 0; where < 2; where++) {
			gboolean wanted = where == 0 ? (rule->scope & IN_SCOPE_SUBJECT) != 0
			                             : (rule->scope & ~IN_SCOPE_SUBJECT) != 0;

			if (wanted && state->n == 0 &&
			    regex_finds(run, index, rule->first_regex + i, where,
			                rule_state_room(state)))
				state->n = 1;
		}
}

/* The rules that no word leads to: regexes, and signals alone. */
static void
match_loose(Run *run)
{
	for (guint i = 0; i < run->rules->head->n_loose; i++) {
		const ImageRule *rule = &run->rules->rules[i];

		if ((rule->languages & run->mask) == 0)
			continue;
		if (run->state_of[i] == 0) {
			RuleState fresh = { .rule = i };

			if (!run_allows(run, i))
				continue;
			g_array_append_val(run->states, fresh);
			run->state_of[i] = run->states->len;
		}
		RuleState *state = &g_array_index(run->states, RuleState, run->state_of[i] - 1);

		if (state->stage == RULE_SHUT || state->n > 0)
			continue;
		if (rule->regexes > 0) {
			match_regexes(run, i, state);
		} else if (rule->owners[OWNER_SAYS] == NONE) {
			*rule_state_room(state) = (Match){ .rule = i, .where = IN_SIGNAL };
			state->n = 1;
		}
	}
}

/* ---- the result ---- */

#define HINT_MATCHES 16 /* about as many labels win or nearly do */

static gint
compare_matches(gconstpointer a, gconstpointer b)
{
	const Match *x = a, *y = b;

	if (x->where != y->where)
		return x->where < y->where ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->stop != y->stop)
		return x->stop < y->stop ? -1 : 1;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

static gint
compare_worth(gconstpointer a, gconstpointer b)
{
	const Match *x = a, *y = b;

	if (x->weak != y->weak)
		return x->weak ? 1 : -1;
	return compare_matches(a, b);
}

static GArray *
collect_matches(const Run *run)
{
	guint n = 0;

	for (guint i = 0; i < run->states->len; i++)
		n += g_array_index(run->states, RuleState, i).n;

	/* and what hints will add */
	GArray *matches = g_array_sized_new(FALSE, FALSE, sizeof(Match), n + HINT_MATCHES);

	for (guint i = 0; i < run->states->len; i++) {
		RuleState *state = &g_array_index(run->states, RuleState, i);

		if (state->n > 1)
			qsort(state->matches, state->n, sizeof(Match), compare_worth);
		for (guint k = 0; k < state->n; k++) {
			Match *match = &state->matches[k];

			match->factor = (match->weak ? 0.8 : 1) * (k == 0 ? 1 : 0.5);
			g_array_append_val(matches, *match);
		}
	}
	g_array_sort(matches, compare_matches);
	return matches;
}

EngineResult *
engine_run(const Rules *rules, const EngineInput *input)
{
	g_autoptr(Run) run = run_new(rules, input, NULL);
	EngineResult *result = g_new0(EngineResult, 1);

	run_match(run);
	match_loose(run);
	result->matches = collect_matches(run);
	result->points = g_array_sized_new(FALSE, FALSE, sizeof(MatchPoints),
	                                   result->matches->len * 2 + HINT_MATCHES);
	run_score(run, result);
	result->limits = g_steal_pointer(&run->limits);
	run->limits = g_ptr_array_new();
	return result;
}

void
engine_result_free(EngineResult *result)
{
	if (result == NULL)
		return;
	for (guint i = 0; i < result->n_spaces; i++)
		g_free(result->spaces[i].scores);
	g_free(result->spaces);
	g_array_free(result->matches, TRUE);
	g_array_free(result->points, TRUE);
	g_ptr_array_free(result->limits, TRUE);
	g_free(result);
}

const SpaceResult *
engine_space(const EngineResult *result, const char *space)
{
	for (guint i = 0; i < result->n_spaces; i++)
		if (strcmp(result->spaces[i].space, space) == 0)
			return &result->spaces[i];
	return NULL;
}

gboolean
engine_holds(const EngineResult *result, const char *space_name, const char *label)
{
	const SpaceResult *space = engine_space(result, space_name);

	for (guint i = 0; space != NULL && i < space->n_scores; i++)
		if (strcmp(space->scores[i].label, label) == 0)
			return space->scores[i].holds;
	return FALSE;
}

/* Only the text up to the sentence is looked at, and only for the lists of the languages. */
static gboolean
is_edge(const Rules *rules, const Tokens *text, guint sentence, guint8 mark)
{
	if (text == NULL || sentence >= text->n_sentences)
		return FALSE;

	const Sentence *s = &text->sentences[sentence];
	Tokens part = *text;
	EngineInput input = { .body = &part };

	if (s->end - s->first > EDGE_WORDS)
		return FALSE;
	part.n = s->end;
	part.n_sentences = sentence + 1;
	g_autoptr(Run) run = run_new(rules, &input, NULL);
	run_conditions(run);
	return (run->marks[1][s->first] & mark) != 0;
}

gboolean
engine_is_greeting(const Rules *rules, const Tokens *text, guint sentence)
{
	return is_edge(rules, text, sentence, MARK_GREETING);
}

gboolean
engine_is_signoff(const Rules *rules, const Tokens *text, guint sentence)
{
	return is_edge(rules, text, sentence, MARK_SIGNOFF);
}
