/* compile.c - from what was read to the image. */
#include "config.h"

#include <string.h>

#include "classify/load.h"
#include "classify/needles.h"
#include "classify/tokens.h"

typedef struct {
	Load *load;
	Build *build;
	guint32 *labels; /* label of Load -> label of the image */
} Compile;

static guint32
mask_of(Compile *c, const LoadFile *file, guint line, const char *language)
{
	guint32 mask = build_language(c->build, language);

	if (mask == 0)
		diagnostics_error(c->load->diag, file->source->path, line,
		                  "more than 15 languages in one pack");
	return mask;
}

/* ---- labels ---- */

static guint32
add_points(Compile *c, const GArray *points)
{
	guint32 first = build_records(c->build, SECTION_POINTS);

	for (guint i = 0; i < points->len; i++) {
		const LoadPoints *from = &g_array_index(points, LoadPoints, i);
		ImagePoint point = { .label = c->labels[from->label], .points = from->points };

		build_record(c->build, SECTION_POINTS, &point);
	}
	return first;
}

static void
add_label(Compile *c, const LoadLabel *from)
{
	ImageLabel label = {
		.name = build_string(c->build, from->name),
		.space = from->space,
		.first_yield = build_records(c->build, SECTION_YIELDS),
		.yields = from->yields->len,
		.first_implied = add_points(c, from->implies),
		.implied = from->implies->len,
		.automatic_only = from->automatic_only,
		.rank = from->rank,
		.at = from->at,
		.bias = from->bias,
	};

	for (guint i = 0; i < from->yields->len; i++) {
		const LoadYield *yield = &g_array_index(from->yields, LoadYield, i);
		ImageYield record = {
			.first_to = build_records(c->build, SECTION_YIELD_TO),
			.to = yield->to->len,
			.at = yield->at,
			.factor = yield->factor,
		};

		for (guint k = 0; k < yield->to->len; k++)
			build_record(c->build, SECTION_YIELD_TO,
			             &c->labels[g_array_index(yield->to, guint, k)]);
		build_record(c->build, SECTION_YIELDS, &record);
	}
	build_record(c->build, SECTION_LABELS, &label);
}

static void
add_spaces(Compile *c)
{
	Load *load = c->load;
	guint n = 0;

	c->labels = g_new0(guint32, load->labels->len + 1);
	for (guint s = 0; s < load->spaces->len; s++)
		for (guint i = 0; i < load->labels->len; i++)
			if (g_array_index(load->labels, LoadLabel, i).space == s)
				c->labels[i] = n++;
	for (guint s = 0; s < load->spaces->len; s++) {
		const LoadSpace *from = &g_array_index(load->spaces, LoadSpace, s);
		ImageSpace space = {
			.name = build_string(c->build, from->name),
			.first_label = build_records(c->build, SECTION_LABELS),
			.default_label =
			    from->default_label == NONE ? NONE : c->labels[from->default_label],
			.floor = from->floor,
			.margin = from->margin,
			.rank_within = from->rank_within,
			.default_unsure = from->default_unsure,
			.hedged = from->hedged,
		};

		for (guint i = 0; i < load->labels->len; i++)
			if (g_array_index(load->labels, LoadLabel, i).space == s)
				add_label(c, &g_array_index(load->labels, LoadLabel, i));
		space.labels = build_records(c->build, SECTION_LABELS) - space.first_label;
		build_record(c->build, SECTION_SPACES, &space);
	}
}

/* ---- rules ---- */

static guint32
add_owner(Compile *c, OwnerKind kind, guint32 rule, guint32 languages, const LoadFile *file,
          const char *what, const GArray *texts)
{
	ImageOwner owner = { .kind = kind,
		             .rule = rule,
		             .languages = languages,
		             .first_text = build_records(c->build, SECTION_TEXTS),
		             .texts = texts->len };
	guint32 index = build_record(c->build, SECTION_OWNERS, &owner);

	for (guint i = 0; i < texts->len; i++) {
		const LoadText *from = &g_array_index(texts, LoadText, i);
		ImageText text = { build_string(c->build, from->text), from->line };

		build_record(c->build, SECTION_TEXTS, &text);
	}
	for (guint i = 0; i < texts->len; i++) {
		const LoadText *from = &g_array_index(texts, LoadText, i);

		if (!build_phrase(c->build, index, owner.first_text + i, from->phrase))
			diagnostics_error(
			    c->load->diag, file->source->path, from->line,
			    "%s: \"%s\": too many alternatives of several words (split "
			    "it into several phrases)",
			    what, from->text);
	}
	return index;
}

static void
add_rule(Compile *c, const LoadRule *from)
{
	guint32 index = build_records(c->build, SECTION_RULES);
	guint32 mask = mask_of(c, from->file, from->line, from->language);
	ImageRule rule = {
		.id = build_string(c->build, from->id),
		.file = build_string(c->build, from->file->source->path),
		.line = from->line,
		.language = build_string(c->build, from->language),
		.languages = mask,
		.advice = build_string(c->build, from->advice),
		.first_regex = build_records(c->build, SECTION_REGEXES),
		.first_point = add_points(c, from->points),
		.points = from->points->len,
		.signal = from->signal,
		.scope = from->scope,
		.sentence = from->sentence,
		.negation = from->negation,
		.hedge_halves = !from->hedge_ignored,
		.each = from->each,
		.min = from->min,
		.max = from->max,
	};

	for (guint i = 0; from->regexes != NULL && i < from->regexes->len; i++) {
		const LoadText *text = &g_array_index(from->regexes, LoadText, i);
		g_autofree char *needles = needles_of(text->text);
		ImageRegex regex = { build_string(c->build, text->text), text->line,
			             needles != NULL ? build_string(c->build, needles) : NONE };

		build_record(c->build, SECTION_REGEXES, &regex);
		rule.regexes++;
	}
	g_autofree char *what = g_strdup_printf("rule \"%s\"", from->id);

	for (guint k = 0; k < G_N_ELEMENTS(rule.owners); k++)
		rule.owners[k] =
		    from->texts[k] == NULL || from->texts[k]->len == 0
			? NONE
			: add_owner(c, k, index, mask, from->file, what, from->texts[k]);
	build_record(c->build, SECTION_RULES, &rule);
}

/* Rules that must be looked at in every mail come first, so that the others need not be. */
static void
add_rules(Compile *c, gboolean loose)
{
	for (guint i = 0; i < c->load->rules->len; i++) {
		const LoadRule *rule = g_ptr_array_index(c->load->rules, i);
		gboolean is_loose = rule->regexes != NULL || rule->texts[OWNER_SAYS] == NULL;

		if (!rule->off && is_loose == loose)
			add_rule(c, rule);
	}
}

static void
count_texts(Compile *c, const GArray *texts, guint32 mask)
{
	for (guint i = 0; texts != NULL && i < texts->len; i++)
		build_count(c->build, g_array_index(texts, LoadText, i).phrase, mask);
}

static void
count_all(Compile *c)
{
	for (guint i = 0; i < c->load->rules->len; i++) {
		const LoadRule *rule = g_ptr_array_index(c->load->rules, i);
		guint32 mask = mask_of(c, rule->file, rule->line, rule->language);

		for (guint k = 0; k < G_N_ELEMENTS(rule->texts) && !rule->off; k++)
			count_texts(c, rule->texts[k], mask);
	}
	for (guint i = 0; i < c->load->specials->len; i++) {
		const LoadSpecial *special = g_ptr_array_index(c->load->specials, i);

		count_texts(c, special->texts,
		            mask_of(c, special->file, 0, special->file->language));
	}
	for (guint i = 0; i < c->load->known->len; i++) {
		const LoadSpecial *known = g_ptr_array_index(c->load->known, i);
		guint32 mask = mask_of(c, known->file, 0, known->file->language);

		for (guint k = 0; k < known->texts->len; k++) {
			g_autoptr(Tokens) tokens =
			    tokens_new(g_array_index(known->texts, LoadText, k).text, -1);

			for (guint t = 0; t < tokens->n; t++)
				build_known(c->build, token_fold(tokens, t), mask);
		}
	}
}

static void
add_hints(Compile *c)
{
	for (guint i = 0; i < c->load->hints->len; i++) {
		const LoadHint *from = &g_array_index(c->load->hints, LoadHint, i);
		guint32 mask = mask_of(c, from->file, from->line, from->file->language);
		ImageHintPoint *points =
		    &g_array_index(c->load->hint_points, ImageHintPoint, from->first);

		for (guint k = 0; k < from->points; k++)
			points[k].label = c->labels[points[k].label];
		build_hint(c->build, from->key, mask, points, from->points);
	}
}

static void
add_sources(Compile *c)
{
	for (guint i = 0; i < c->load->sources->len; i++) {
		const SourceFile *from = g_ptr_array_index(c->load->sources, i);
		ImageSource source = from->identity;

		source.path = build_string(c->build, from->path);
		build_record(c->build, SECTION_SOURCES, &source);
	}
}

Rules *
load_compile(Load *load)
{
	Compile c = { .load = load, .build = load->build };
	guint errors = diagnostics_errors(load->diag);
	g_autofree char *content = sources_hash(load->sources);

	count_all(&c);
	add_spaces(&c);
	for (guint i = 0; i < load->specials->len; i++) {
		const LoadSpecial *special = g_ptr_array_index(load->specials, i);

		add_owner(&c, special->kind, NONE,
		          mask_of(&c, special->file, 0, special->file->language), special->file,
		          "list of the language", special->texts);
	}
	add_rules(&c, TRUE);
	guint n_loose = build_records(c.build, SECTION_RULES);
	add_rules(&c, FALSE);
	add_hints(&c);
	add_sources(&c);
	if (build_records(c.build, SECTION_RULES) > RULES_MAX)
		diagnostics_error(load->diag, NULL, 0, "rules: more than %d", RULES_MAX);
	if (build_words(c.build) > WORDS_MAX)
		diagnostics_error(load->diag, NULL, 0, "rules: more than 16 million words");
	if (build_hints_size(c.build) > SLOT_WORD)
		diagnostics_error(load->diag, NULL, 0, "rules: more than 16 million points of hints");
	g_free(c.labels);
	if (diagnostics_errors(load->diag) > errors)
		return NULL;

	gsize size;
	g_autoptr(GError) error = NULL;
	guint8 *image = build_finish(load->build, content, load->n_rules_read, n_loose, &size);
	Rules *rules = image_open(image, size, FALSE, &error);

	if (rules == NULL)
		diagnostics_error(load->diag, NULL, 0, "rules: the compiled image is %s",
		                  error->message);
	return rules;
}
