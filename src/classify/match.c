/* match.c - tries the phrases whose words are there and decides what counts: place, negation,
 * hedges, conditions. One walk over the different words of the mail for the conditions and the
 * lists of the language, a second one for what rules say. */
#include "config.h"

#include <string.h>

#include "classify/run.h"

#define SIGNED_LINES 4 /* at most so many sentences at the end are a sign-off with its name */
#define LOOK_BACK 3 /* words before a match in which a negation or a hedge reaches it */

typedef struct {
	guint where;
	guint32 first, end; /* words */
	gboolean weak;
} Place;

/* ---- conditions ---- */

static guint
sentence_bit(const Run *run, guint where, guint32 word)
{
	guint before = where == 1 ? run->texts[0]->n_sentences : 0;

	return before + run->texts[where]->tokens[word].sentence;
}

static guint
near_row_size(const Run *run)
{
	return (run->texts[0]->n_sentences + run->texts[1]->n_sentences) / 8 + 1;
}

static gboolean
is_hit(const Run *run, guint32 owner)
{
	return (run->hits[owner / 8] & 1u << owner % 8) != 0;
}

/* Before the hit itself is noted: the first one takes a row. */
static void
note_near(Run *run, guint32 owner, guint bit)
{
	guint size = near_row_size(run);

	if (!is_hit(run, owner)) {
		guint before = run->near->len;

		g_byte_array_set_size(run->near, before + size);
		memset(run->near->data + before, 0, size);
		run->near_of[owner] = before / size;
	}
	run->near->data[run->near_of[owner] * size + bit / 8] |= 1u << bit % 8;
}

static gboolean
is_near(const Run *run, guint32 owner, guint bit)
{
	return is_hit(run, owner) &&
	       (run->near->data[run->near_of[owner] * near_row_size(run) + bit / 8] &
	        1u << bit % 8) != 0;
}

static void
condition_holds(Run *run, const ImagePosting *posting, const Place *place)
{
	static const guint8 marks[OWNER_N] = {
		[OWNER_NEGATION] = MARK_NEGATION, [OWNER_HEDGE] = MARK_HEDGE,
		[OWNER_CONTRAST] = MARK_CONTRAST, [OWNER_GREETING] = MARK_GREETING,
		[OWNER_SIGNOFF] = MARK_SIGNOFF,
	};
	guint32 owner = posting->of;
	guint8 mark = marks[posting->kind];

	if (posting->kind == OWNER_NEEDS_NEAR || posting->kind == OWNER_UNLESS_NEAR)
		note_near(run, owner, sentence_bit(run, place->where, place->first));
	else if (mark == MARK_GREETING || mark == MARK_SIGNOFF)
		run->marks[place->where][place->first] |= mark;
	else if (mark != 0)
		for (guint32 i = place->first; i < place->end; i++)
			run->marks[place->where][i] |= mark;
	run->hits[owner / 8] |= 1u << owner % 8;
}

gboolean
run_allows(Run *run, guint index)
{
	const ImageRule *rule = &run->rules->rules[index];
	const double *signals = run->input->signals;
	gboolean allowed = TRUE;

	if (rule->signal != NONE) {
		double value = signals != NULL ? signals[rule->signal] : 0;

		if (value < rule->min || value > rule->max) {
			trace_note(run->trace, index, "signal \"%s\" is %g; the rule asks for %g%s",
			           signal_names[rule->signal], value,
			           value < rule->min ? rule->min : rule->max,
			           value < rule->min ? " or more" : " at most");
			allowed = FALSE;
		}
	}
	if (rule->owners[OWNER_NEEDS] != NONE && !is_hit(run, rule->owners[OWNER_NEEDS])) {
		trace_note(run->trace, index, "none of its `needs` is in the mail");
		allowed = FALSE;
	}
	if (rule->owners[OWNER_UNLESS] != NONE && is_hit(run, rule->owners[OWNER_UNLESS])) {
		trace_note(run->trace, index, "one of its `unless` is in the mail");
		allowed = FALSE;
	}
	return allowed;
}

/* ---- the state of a rule ---- */

static RuleState *
state_of(Run *run, guint rule)
{
	if (run->state_of[rule] == 0) {
		RuleState fresh = { .rule = rule };

		fresh.stage = run_allows(run, rule) ? RULE_OPEN : RULE_SHUT;
		g_array_append_val(run->states, fresh);
		run->state_of[rule] = run->states->len;
	}
	return &g_array_index(run->states, RuleState, run->state_of[rule] - 1);
}

static double
worth(const Match *match)
{
	return (match->weak ? 0.8 : 1) - (match->hedged ? 0.1 : 0);
}

static gboolean
overlaps(const Match *a, const Match *b)
{
	return a->where == b->where && a->start < b->stop && b->start < a->stop;
}

static void
add_match(const Run *run, RuleState *state, const Match *match)
{
	gboolean each = run->rules->rules[state->rule].each != 0;
	guint most = each ? EACH_MAX : 1;

	for (guint i = 0; i < state->n; i++) {
		Match *other = &state->matches[i];

		if (!overlaps(other, match) && each)
			continue;
		if (worth(match) > worth(other))
			*other = *match;
		else if (worth(match) < worth(other) || !overlaps(other, match))
			return;
		else if (match->end - match->first > other->end - other->first)
			*other = *match; /* of two phrases that overlap the longer shows more */
		return;
	}
	if (state->n < most) {
		*rule_state_room(state) = *match;
		state->n++;
	}
}

static void
settle(RuleState *state, gboolean each)
{
	guint full = 0;

	for (guint i = 0; i < state->n; i++)
		full += worth(&state->matches[i]) == 1;
	if (full == (each ? EACH_MAX : 1u))
		state->stage = RULE_DONE;
}

/* ---- what is around a match ---- */

/* A word with this mark among the last words before `first`, in its clause and on this side of a
 * "but". */
static gboolean
marked_before(const Run *run, guint where, guint32 first, guint8 mark)
{
	const Token *tokens = run->texts[where]->tokens;

	for (guint32 i = 1; i <= LOOK_BACK && i <= first; i++) {
		if (tokens[first - i].clause != tokens[first].clause ||
		    (run->marks[where][first - i] & MARK_CONTRAST) != 0)
			return FALSE;
		if ((run->marks[where][first - i] & mark) != 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
marked_inside(const Run *run, const Place *place, guint8 mark)
{
	for (guint32 i = place->first; i < place->end; i++)
		if ((run->marks[place->where][i] & mark) != 0)
			return TRUE;
	return FALSE;
}

static gboolean
in_scope(const Run *run, const ImagePosting *posting, guint where, guint32 word)
{
	if (where == 0)
		return (posting->scope & IN_SCOPE_SUBJECT) != 0;
	if ((posting->scope & IN_SCOPE_BODY) != 0)
		return TRUE;
	return (run->scopes[run->texts[1]->tokens[word].sentence] & posting->scope) != 0;
}

static gboolean
right_sentence(const Run *run, const ImagePosting *posting, guint where, guint32 word)
{
	const Tokens *tokens = run->texts[where];

	if (posting->sentence == SENTENCE_ANY)
		return TRUE;
	gboolean question = tokens->sentences[tokens->tokens[word].sentence].mark == '?';

	return question == (posting->sentence == SENTENCE_QUESTION);
}

static gboolean
near_holds(const Run *run, const ImageRule *rule, guint where, guint32 word)
{
	guint bit = sentence_bit(run, where, word);
	guint32 needs = rule->owners[OWNER_NEEDS_NEAR], unless = rule->owners[OWNER_UNLESS_NEAR];

	return (needs == NONE || is_near(run, needs, bit)) &&
	       (unless == NONE || !is_near(run, unless, bit));
}

/* Of all beginnings the nearest that negation lets count. */
static gboolean
choose_start(const Run *run, const ImageRule *rule, guint32 at, guint64 starts, Place *place)
{
	for (; starts != 0; starts &= starts - 1) {
		place->first = at - (guint32)__builtin_ctzll(starts);
		if (rule->negation == NEGATION_IGNORES)
			return TRUE;

		gboolean negated = marked_before(run, place->where, place->first, MARK_NEGATION);

		if (rule->negation == NEGATION_BLOCKS
		        ? !negated
		        : negated || marked_inside(run, place, MARK_NEGATION))
			return TRUE;
	}
	return FALSE;
}

static Match
match_at(const Run *run, guint rule, const Place *place)
{
	const Tokens *tokens = run->texts[place->where];

	return (Match){
		.rule = rule,
		.where = place->where == 0 ? IN_SUBJECT : IN_BODY,
		.first = place->first,
		.end = place->end,
		.start = tokens->tokens[place->first].start,
		.stop = tokens->tokens[place->end - 1].end,
		.weak = place->weak,
		.hedged = run->rules->rules[rule].hedge_halves != 0 &&
		          marked_before(run, place->where, place->first, MARK_HEDGE),
	};
}

/* ---- trying ---- */

typedef struct {
	const ImagePosting *posting;
	const Form *form;     /* the anchor */
	gboolean weak;        /* the anchor by a second try */
} Try;

/* With second tries first: where those find nothing, which is nearly always, one walk is enough. */
static gboolean
stands_here(Run *run, const Try *try, guint where, guint32 at, guint8 stop, guint64 *starts_out,
            guint64 *ends_out, gboolean *weak_out)
{
	guint64 starts, ends;

	*weak_out = run->any_weak;
	if (!run_verify(run, try->posting, where, at, run->any_weak, stop, starts_out, ends_out))
		return FALSE;
	if (run->any_weak && !try->weak &&
	    run_verify(run, try->posting, where, at, FALSE, stop, &starts, &ends)) {
		*weak_out = FALSE;
		*starts_out = starts;
		*ends_out = ends;
	}
	return TRUE;
}

static void
try_condition(Run *run, const Try *try, guint where, guint32 at)
{
	const ImagePosting *posting = try->posting;
	Place place = { .where = where, .first = at, .end = at + 1, .weak = try->weak };
	guint64 starts, ends;

	/* Most conditions are a single word, and that is here. */
	if (posting->left + posting->right > 0) {
		if (!stands_here(run, try, where, at, 0, &starts, &ends, &place.weak))
			return;
		place.first = at - (guint32)__builtin_ctzll(starts);
		place.end = at + 1 + (guint32)__builtin_ctzll(ends);
	}
	/* "nog niet" is a negation; "nog neit" may be anything */
	if (!place.weak || posting->kind <= OWNER_UNLESS_NEAR)
		condition_holds(run, posting, &place);
}

static gboolean
is_traced(const Run *run, const ImagePosting *posting)
{
	return run->trace != NULL && posting->kind == OWNER_SAYS &&
	       run->trace->rule == posting->of;
}

static void
note_found(Run *run, const Try *try)
{
	guint32 text = run->rules->phrases[try->posting->phrase].text;

	g_hash_table_add(run->trace->phrases, GUINT_TO_POINTER(text + 1));
}

static void
try_says(Run *run, const Try *try, guint where, guint32 at)
{
	const ImagePosting *posting = try->posting;
	guint index = posting->of;
	guint8 stop = posting->negation == NEGATION_BLOCKS ? MARK_NEGATION : 0;
	Place place = { .where = where };
	guint64 starts, ends;
	gboolean tracing = is_traced(run, posting);
	gboolean right_place = in_scope(run, posting, where, at);
	gboolean right_kind = right_sentence(run, posting, where, at);

	if (tracing)
		state_of(run, index); /* what its conditions have to say comes first */
	else if (!right_place || !right_kind)
		return;
	if (!stands_here(run, try, where, at, stop, &starts, &ends, &place.weak)) {
		if (tracing && stop != 0 &&
		    stands_here(run, try, where, at, 0, &starts, &ends, &place.weak)) {
			note_found(run, try);
			trace_note(run->trace, index, "a negation stands between its words");
		}
		return;
	}
	const ImageRule *rule = &run->rules->rules[index];
	RuleState *state = state_of(run, index);
	gboolean near = near_holds(run, rule, where, at);

	place.end = at + 1 + (guint32)__builtin_ctzll(ends);
	if (tracing) {
		note_found(run, try);
		if (!right_place)
			trace_note(run->trace, index, "its words stand in another place than `in`");
		if (!right_kind)
			trace_note(run->trace, index,
			           "its words stand in another kind of sentence");
		if (!near)
			trace_note(run->trace, index,
			           "`needs_near` or `unless_near` is against the sentence");
	}
	if (!choose_start(run, rule, at, starts, &place)) {
		trace_note(run->trace, index,
		           rule->negation == NEGATION_BLOCKS
		               ? "a negation stands before its words"
		               : "no negation stands before its words, and it requires one");
		return;
	}
	if (state->stage != RULE_OPEN || !right_place || !right_kind || !near)
		return;

	Match match = match_at(run, index, &place);
	add_match(run, state, &match);
	settle(state, rule->each != 0);
}

static void
limit_tries(Run *run, const ImagePosting *posting)
{
	guint32 rule = posting->kind == OWNER_SAYS ? posting->of
	                                           : run->rules->owners[posting->of].rule;

	if (run->limits->len < 20)
		g_ptr_array_add(run->limits,
		                g_strdup_printf("%s: its words stand in the text more than %d "
		                                "times; the rest was not looked at",
		                                rule != NONE
		                                    ? engine_rule_id(run->rules, rule)
		                                    : "a list of the language",
		                                TRIES_MAX));
}

/* Whether trying can change nothing any more. A rule nothing was found of has no state yet. */
static gboolean
is_closed(const Run *run, const ImagePosting *posting)
{
	guint16 state = posting->kind == OWNER_SAYS ? run->state_of[posting->of] : 0;

	return state != 0 &&
	       g_array_index(run->states, RuleState, state - 1).stage != RULE_OPEN &&
	       !is_traced(run, posting);
}

/* Words that the phrase cannot do without; of most phrases one is nowhere in the mail. */
static gboolean
words_are_here(const Run *run, const ImagePosting *posting)
{
	for (guint i = 0; i < (guint)posting->left + posting->right; i++) {
		guint32 item = posting->items[i];

		if ((item & (ITEM_SYMBOL | ITEM_NUMBER)) == ITEM_SYMBOL && !run_is_here(run, item))
			return FALSE;
	}
	return TRUE;
}

static void
try_posting(Run *run, const Try *try)
{
	const ImagePosting *posting = try->posting;
	guint16 none = 0, *tries = run->tries != NULL ? &run->tries[posting->phrase] : &none;

	if (run->trace == NULL && !words_are_here(run, posting))
		return;
	for (guint where = 0; where < 2; where++) {
		for (guint32 at = try->form->first[where]; at != NONE; at = run->next[where][at]) {
			if (*tries == TRIES_MAX) {
				limit_tries(run, posting);
				(*tries)++;
			}
			if (*tries > TRIES_MAX || is_closed(run, posting))
				return;
			(*tries)++;
			if (posting->kind == OWNER_SAYS)
				try_says(run, try, where, at);
			else
				try_condition(run, try, where, at);
		}
	}
}

static void
try_anchor(Run *run, const Form *form, gboolean weak, guint32 place, gboolean conditions)
{
	const guint32 *head = run->rules->postings + place;
	const guint32 *p = conditions ? head + ANCHOR_HEAD
	                              : run->rules->postings + head[ANCHOR_FIRST_SAYS];
	guint32 n = head[conditions ? ANCHOR_N_CONDITIONS : ANCHOR_N_SAYS];

	if ((head[ANCHOR_LANGUAGES] & run->mask) == 0)
		return;
	for (guint32 i = 0; i < n; i++) {
		const ImagePosting *posting = (const ImagePosting *)p;
		guint32 filter = posting->filter;
		const Try try = { posting, form, weak };

		p += posting_words(posting);
		if (filter == NONE || (run->present[filter / 8] & 1u << filter % 8) != 0)
			try_posting(run, &try);
	}
}

/* Conditions, or says, of every anchor that is there. */
static void
try_all(Run *run, gboolean conditions)
{
	guint32 wanted = conditions ? ANCHOR_CONDITIONS : ANCHOR_SAYS;

	for (guint32 i = 0; i < run->n_forms; i++) {
		const Form *form = &run->forms[i];

		for (guint s = 0; s < form->symbols; s++) {
			const FormSymbol *symbol =
			    &g_array_index(run->symbols, FormSymbol, form->first_symbol + s);
			const guint32 *list = symbol->list;

			for (guint32 k = 0; list != NULL && k < (list[0] & LIST_COUNT); k++)
				if ((list[1 + k] & wanted) != 0 &&
				    ((list[1 + k] & ANCHOR_STRICT) == 0 || !symbol->weak))
					try_anchor(run, form, symbol->weak,
					           list[1 + k] & ANCHOR_PLACE, conditions);
		}
	}
}

/* ---- opening and closing ---- */

static gboolean
sentence_marked(const Run *run, guint sentence, guint8 mark)
{
	const Sentence *s = &run->texts[1]->sentences[sentence];

	/* "Beste winkel, waar blijft mijn pakje" greets and goes on. */
	return (run->marks[1][s->first] & mark) != 0 && s->end - s->first <= EDGE_WORDS;
}

/* "Met vriendelijke groet," and the name below it: from which sentence on, n if there is none. */
static guint
sign_off(const Run *run)
{
	guint n = run->texts[1]->n_sentences;

	for (guint i = n; i-- > 0 && i + SIGNED_LINES >= n;) {
		const Sentence *s = &run->texts[1]->sentences[i];

		if (sentence_marked(run, i, MARK_SIGNOFF))
			return i;
		if (s->end - s->first > EDGE_WORDS)
			break;
	}
	return n;
}

static void
mark_scopes(Run *run)
{
	guint n = run->texts[1]->n_sentences, opening = 0, closing = 0, signed_from = sign_off(run);

	for (guint i = 0; i < n && opening < 2; i++) {
		if (sentence_marked(run, i, MARK_GREETING))
			continue;
		run->scopes[i] |= IN_SCOPE_OPENING;
		opening++;
	}
	for (guint i = n; i-- > 0 && closing < 2;) {
		if (i >= signed_from || sentence_marked(run, i, MARK_SIGNOFF))
			continue;
		run->scopes[i] |= IN_SCOPE_CLOSING;
		closing++;
	}
}

void
run_conditions(Run *run)
{
	run_look_up(run);
	try_all(run, TRUE);
}

void
run_match(Run *run)
{
	run_conditions(run);
	mark_scopes(run);
	try_all(run, FALSE);
}
