/* score.c - from matches to sums per label, and from sums to what a space says. */
#include "config.h"

#include <string.h>

#include "classify/hints.h"
#include "classify/run.h"

static void
give(const Rules *rules, EngineResult *result, double *sums, guint32 label, const char *rule,
     guint match, double points)
{
	const ImageLabel *l = &rules->labels[label];
	MatchPoints entry = {
		.match = match,
		.rule = rule,
		.space = image_string(rules, rules->spaces[l->space].name),
		.label = image_string(rules, l->name),
		.points = points,
	};

	sums[label] += points;
	g_array_append_val(result->points, entry);
}

static void
sum_matches(const Rules *rules, EngineResult *result, double *sums)
{
	for (guint i = 0; i < result->matches->len; i++) {
		const Match *match = &g_array_index(result->matches, Match, i);
		const ImageRule *rule = &rules->rules[match->rule];

		for (guint k = 0; k < rule->points; k++) {
			const ImagePoint *p = &rules->points[rule->first_point + k];
			gboolean half = match->hedged &&
			                rules->spaces[rules->labels[p->label].space].hedged != 0;

			give(rules, result, sums, p->label, image_string(rules, rule->id), i,
			     p->points * match->factor * (half ? 0.5 : 1));
		}
	}
}

static void
add_bias(const Rules *rules, EngineResult *result, double *sums)
{
	for (guint i = 0; i < image_count(rules, SECTION_LABELS); i++)
		if (sums[i] > 0 && rules->labels[i].bias != 0)
			give(rules, result, sums, i, "bias", G_MAXUINT, rules->labels[i].bias);
}

/* By the sums before anything yielded, so that the order of labels does not matter. */
static double
yielded(const Rules *rules, guint32 label, const double *raw)
{
	const ImageLabel *l = &rules->labels[label];
	double points = raw[label];

	for (guint i = 0; i < l->yields && points > 0; i++) {
		const ImageYield *y = &rules->yields[l->first_yield + i];

		for (guint k = 0; k < y->to; k++)
			if (raw[rules->yield_to[y->first_to + k]] >= y->at) {
				points *= y->factor;
				break;
			}
	}
	return points;
}

typedef struct {
	EngineScore score;
	const ImageLabel *label;
	guint32 index;
	gboolean ranked; /* wins by rank */
} Entry;

static gint
compare_entries(gconstpointer a, gconstpointer b)
{
	const Entry *x = a, *y = b;

	if (x->ranked != y->ranked)
		return x->ranked ? -1 : 1;
	if (x->ranked && x->label->rank != y->label->rank)
		return x->label->rank > y->label->rank ? -1 : 1;
	if (x->score.points != y->score.points)
		return x->score.points > y->score.points ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* How far the reading is from another one. A winner by rank cannot be overtaken by sums below it,
 * only fall under its own threshold; and a label whose rank would win may lie just under its own.
 */
static double
margin_of(const ImageSpace *space, const GArray *entries)
{
	const Entry *winner = &g_array_index(entries, Entry, 0);
	double second = 0, margin;

	for (guint i = 1; i < entries->len; i++)
		second = MAX(second, g_array_index(entries, Entry, i).score.points);
	margin = winner->score.points - second;
	if (winner->ranked)
		margin = MAX(margin, winner->score.points - winner->label->at + space->margin);
	for (guint i = 1; i < entries->len; i++) {
		const Entry *other = &g_array_index(entries, Entry, i);

		if (!other->ranked &&
		    other->label->rank > (winner->ranked ? winner->label->rank : 0))
			margin = MIN(margin, other->label->at - other->score.points);
	}
	return margin;
}

/* A label with a rank goes first where rules alone lift it to its `at`, unless another is far ahead
 * of it (`rank_within`). */
static void
rank_entries(const ImageSpace *space, GArray *entries)
{
	double best = 0;

	for (guint i = 0; i < entries->len; i++)
		best = MAX(best, g_array_index(entries, Entry, i).score.points);
	for (guint i = 0; i < entries->len; i++) {
		Entry *entry = &g_array_index(entries, Entry, i);

		entry->ranked = entry->label->rank > 0 &&
		                entry->score.points - entry->score.hints >= entry->label->at &&
		                entry->score.points >= best - space->rank_within;
	}
	g_array_sort(entries, compare_entries);
}

static GArray *
entries_of(const Rules *rules, const ImageSpace *space, const double *raw, const HintSum *hints)
{
	GArray *entries = g_array_sized_new(FALSE, TRUE, sizeof(Entry), space->labels);

	for (guint32 i = space->first_label; i < space->first_label + space->labels; i++) {
		const ImageLabel *label = &rules->labels[i];
		double hint = hints != NULL ? hints[i].points : 0;
		double points = yielded(rules, i, raw) + hint;
		Entry entry = {
			.score = { image_string(rules, label->name), points, raw[i], hint,
			           points >= label->at },
			.label = label,
			.index = i,
		};

		if (points > 0)
			g_array_append_val(entries, entry);
	}
	rank_entries(space, entries);
	return entries;
}

static void
tell_hints(const Run *run, EngineResult *result, const Entry *entry, const HintSum *hints)
{
	const HintSum *sum = &hints[entry->index];
	const HintPlace *place = &sum->place;
	Match match = { .rule = G_MAXUINT, .where = place->where, .first = place->first, .factor = 1 };
	guint at = G_MAXUINT;

	if (sum->points > -0.05 && sum->points < 0.05)
		return;
	if (place->end > 0) {
		const Token *tokens = run->texts[place->where == IN_SUBJECT ? 0 : 1]->tokens;

		match.end = place->end;
		match.start = tokens[place->first].start;
		match.stop = tokens[place->end - 1].end;
		at = result->matches->len;
		g_array_append_val(result->matches, match);
	}
	MatchPoints points = {
		.match = at,
		.rule = "hints",
		.space = image_string(run->rules, run->rules->spaces[entry->label->space].name),
		.label = entry->score.label,
		.points = sum->points,
	};
	g_array_append_val(result->points, points);
}

static void
read_space(const Run *run, EngineResult *result, guint index, const double *raw,
           const HintSum *hints, guint32 *winner_out)
{
	const Rules *rules = run->rules;
	const ImageSpace *space = &rules->spaces[index];
	SpaceResult *out = &result->spaces[index];
	g_autoptr(GArray) entries = entries_of(rules, space, raw, hints);
	const Entry *best = entries->len > 0 ? &g_array_index(entries, Entry, 0) : NULL;
	gboolean won = best != NULL && (best->ranked || best->score.points >= space->floor);
	gboolean chooses = space->default_label != NONE;

	out->space = image_string(rules, space->name);
	out->scores = g_new0(EngineScore, entries->len + 1);
	out->n_scores = entries->len;
	for (guint i = 0; i < entries->len; i++) {
		out->scores[i] = g_array_index(entries, Entry, i).score;
		if (hints != NULL && (i < 2 || !chooses))
			tell_hints(run, result, &g_array_index(entries, Entry, i), hints);
	}
	*winner_out = NONE;
	if (!chooses)
		return;
	*winner_out = won ? best->index : space->default_label;
	out->winner = image_string(rules, rules->labels[*winner_out].name);
	out->by_default = !won;
	for (guint i = 0; i < entries->len && out->runner_up == NULL; i++)
		if (g_array_index(entries, Entry, i).index != *winner_out)
			out->runner_up = out->scores[i].label;
	out->margin = won ? margin_of(space, entries) : 0;
	out->unsure = won ? out->margin < space->margin : space->default_unsure != 0;
}

static void
imply(const Rules *rules, EngineResult *result, double *sums, guint32 winner)
{
	const ImageLabel *label = &rules->labels[winner];

	for (guint i = 0; i < label->implied; i++) {
		const ImagePoint *p = &rules->points[label->first_implied + i];

		give(rules, result, sums, p->label, "implies", G_MAXUINT, p->points);
	}
}

/* Spaces that choose come first: what they choose may imply labels of the others. */
void
run_score(const Run *run, EngineResult *result)
{
	const Rules *rules = run->rules;
	g_autofree double *sums = g_new0(double, image_count(rules, SECTION_LABELS) + 1);
	g_autofree HintSum *hints = hints_sum_of(run);

	result->n_spaces = image_count(rules, SECTION_SPACES);
	result->spaces = g_new0(SpaceResult, result->n_spaces + 1);
	sum_matches(rules, result, sums);
	add_bias(rules, result, sums);
	for (guint pass = 0; pass < 2; pass++)
		for (guint i = 0; i < result->n_spaces; i++) {
			const ImageSpace *space = &rules->spaces[i];
			guint32 winner;

			if ((space->default_label != NONE) != (pass == 0))
				continue;
			read_space(run, result, i, sums, hints, &winner);
			/* a default is no finding: it implies nothing */
			if (winner != NONE && !result->spaces[i].by_default)
				imply(rules, result, sums, winner);
		}
}
