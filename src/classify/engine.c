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

typedef struct {
	gpointer *to;
	gsize size;
} Room;

/* One piece of memory for all; the first `zeroed` of them begin as zero. */
static gpointer
take_room(const Room *rooms, gsize n, gsize zeroed)
{
	gsize size = 0, zeroes = 0;

	for (gsize i = 0; i < n; i++) {
		size += (rooms[i].size + 7) & ~(gsize)7;
		if (i < zeroed)
			zeroes = size;
	}
	guint8 *at = g_malloc(size), *all = at;

	memset(at, 0, zeroes);
	for (gsize i = 0; i < n; i++) {
		*rooms[i].to = rooms[i].size > 0 ? at : NULL;
		at += (rooms[i].size + 7) & ~(gsize)7;
	}
	return all;
}

static void
run_take_room(Run *run)
{
	const Rules *rules = run->rules;
	guint n[2] = { run->texts[0]->n, run->texts[1]->n }, words = n[0] + n[1];
	gboolean long_text = words * TRIED_FORMS > TRIES_MAX;
	guint symbols = image_count(rules, SECTION_WORDS) + image_count(rules, SECTION_PATTERNS);

	const Room rooms[] = {
		{ (gpointer *)&run->state_of, sizeof(guint16) * (image_count(rules, SECTION_RULES) + 1) },
		{ (gpointer *)&run->tries,
		  long_text ? sizeof(guint16) * (image_count(rules, SECTION_PHRASES) + 2) : 0 },
		{ (gpointer *)&run->hits, image_count(rules, SECTION_OWNERS) / 8 + 1 },
		{ (gpointer *)&run->present, image_count(rules, SECTION_ELEMENTS) / 8 + 1 },
		{ (gpointer *)&run->here, symbols / 8 + 1 },
		{ (gpointer *)&run->marks[0], n[0] + 1 },
		{ (gpointer *)&run->marks[1], n[1] + 1 },
		{ (gpointer *)&run->scopes, run->texts[1]->n_sentences + 1 },
		{ (gpointer *)&run->sentence_signatures[0],
		  sizeof(guint64) * (run->texts[0]->n_sentences + 1) },
		{ (gpointer *)&run->sentence_signatures[1],
		  sizeof(guint64) * (run->texts[1]->n_sentences + 1) },
		/* from here on not zeroed */
		{ (gpointer *)&run->near_of, sizeof(guint32) * (image_count(rules, SECTION_OWNERS) + 1) },
		{ (gpointer *)&run->form_of[0], sizeof(guint32) * (n[0] + 1) },
		{ (gpointer *)&run->form_of[1], sizeof(guint32) * (n[1] + 1) },
		{ (gpointer *)&run->next[0], sizeof(guint32) * (n[0] + 1) },
		{ (gpointer *)&run->next[1], sizeof(guint32) * (n[1] + 1) },
		{ (gpointer *)&run->signatures[0], sizeof(guint64) * (n[0] + 1) },
		{ (gpointer *)&run->signatures[1], sizeof(guint64) * (n[1] + 1) },
	};

	run->room = take_room(rooms, G_N_ELEMENTS(rooms), 10);
}

Run *
run_new(const Rules *rules, const EngineInput *input, Trace *trace)
{
	static const Tokens empty = { .text = "", .folds = "" };
	Run *run = g_new0(Run, 1);

	run->rules = rules;
	run->input = input;
	run->trace = trace;
	run->mask = image_language_mask(rules, input->language);
	run->texts[0] = input->subject != NULL ? input->subject : &empty;
	run->texts[1] = input->body != NULL ? input->body : &empty;
	run_take_room(run);
	run->symbols = g_array_sized_new(FALSE, FALSE, sizeof(FormSymbol),
	                                 (run->texts[0]->n + run->texts[1]->n) / 2 + 16);
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
	g_array_free(run->symbols, TRUE);
	g_free(run->pairs[0]);
	g_free(run->pairs[1]);
	g_free(run->room);
	g_free(run->forms);
	g_free(run->form_slots);
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
gboolean
engine_is_greeting(const Rules *rules, const Tokens *text, guint sentence)
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
	return (run->marks[1][s->first] & MARK_GREETING) != 0;
}
