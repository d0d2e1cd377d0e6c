/* fit-data.c - labelled mails and sentences as samples: what is in them, what rules say of them. */
#include "config.h"

#include <string.h>

#include "cli/corpus.h"
#include "fit-hints.h"

#define MAILS_MIN 3     /* a thing said in fewer mails says nothing */
#define SENTENCE_WEIGHT 0.5

const Task fit_tasks[TASKS] = {
	[TASK_TYPE] = { "type", NULL, 0.55, 3 },
	[TASK_TONE] = { "tone", NULL, 0.8, 3 },
	[TASK_COMPLAINT] = { "flag", "complaint", 1.5, 4 },
	[TASK_URGENT] = { "flag", "urgent", 2.0, 4 },
	[TASK_KIND] = { "kind", NULL, 1.0, 2 },
};

const char *const fit_languages[] = { "nl", "en", "de", "fr", NULL };

static guint
label_index(const Rules *rules, const char *space, const char *name)
{
	const char *const *labels = rules_labels(rules, space);

	for (guint i = 0; labels[i] != NULL; i++)
		if (strcmp(labels[i], name) == 0)
			return i;
	g_error("the corpus has a label that labels.conf does not know: %s", name);
}

typedef struct {
	Fit *fit;
	const ClassifyRun *run;
	Sample *sample;
	GHashTable *seen;
} Collect;

static void
collect(const HintPlace *place, gpointer data)
{
	Collect *c = data;
	guint language = c->sample->language;
	guint64 key = place->key;

	if (g_hash_table_contains(c->seen, &key) ||
	    (c->sample->fold < 0 && place->end == 0))
		return;
	g_hash_table_add(c->seen, g_memdup2(&key, sizeof key));

	guint at = GPOINTER_TO_UINT(g_hash_table_lookup(c->fit->ids[language], &key));
	if (at == 0) {
		Thing thing = { .text = hint_text(c->run->subject, c->run->body, place),
			        .index = -1 };

		g_array_append_val(c->fit->things[language], thing);
		at = c->fit->things[language]->len;
		g_hash_table_insert(c->fit->ids[language], g_memdup2(&key, sizeof key),
		                    GUINT_TO_POINTER(at));
	}
	at--;
	g_array_index(c->fit->things[language], Thing, at).mails++;
	g_array_append_val(c->sample->features, at);
}

static void
note_names(Fit *fit, const char *name)
{
	g_autoptr(Tokens) tokens = name != NULL ? tokens_new(name, -1) : NULL;

	for (guint i = 0; tokens != NULL && i < tokens->n; i++)
		g_hash_table_add(fit->names, token_plain(token_fold(tokens, i), FALSE));
}

static void
take_points(const Fit *fit, const ClassifyRun *run, Sample *sample)
{
	for (guint t = TASK_TYPE; t <= TASK_TONE; t++) {
		const SpaceResult *space = engine_space(run->result, fit_tasks[t].space);

		for (guint i = 0; i < space->n_scores; i++)
			sample->points[t][label_index(fit->rules, space->space,
			                              space->scores[i].label)] =
			    space->scores[i].points;
	}
	for (guint i = 0; i < run->result->points->len; i++) {
		const MatchPoints *p = &g_array_index(run->result->points, MatchPoints, i);

		for (guint t = TASK_COMPLAINT; t <= TASK_URGENT; t++)
			if (strcmp(p->label, fit_tasks[t].label) == 0 &&
			    strcmp(p->rule, "implies") != 0)
				sample->points[t][0] += p->points;
	}
}

static Sample *
new_sample(const Fit *fit, const char *language, const char *id)
{
	guint at = 0;

	while (fit_languages[at] != NULL && strcmp(fit_languages[at], language) != 0)
		at++;
	if (fit_languages[at] == NULL)
		return NULL;
	Sample *sample = g_new0(Sample, 1);
	sample->language = at;
	sample->tuned = fit->kind == TUNED;
	sample->weight = fit->kind == SENTENCES ? SENTENCE_WEIGHT : 1;
	sample->fold = fit->kind == SENTENCES ? -1 : (int)(g_str_hash(id) % FOLDS);
	sample->features = g_array_new(FALSE, FALSE, sizeof(guint));
	for (TaskKind task = 0; task < TASKS; task++)
		sample->gold[task] = -1;
	return sample;
}

static void
collect_things(Fit *fit, const ClassifyRun *run, Sample *sample)
{
	Collect c = { fit, run, sample, NULL };

	c.seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	hints_visit(run->subject, run->body, collect, &c);
	g_hash_table_destroy(c.seen);
}

static void
take_mail(const CorpusMail *mail, void *data)
{
	Fit *fit = data;
	g_autoptr(Message) message = message_from_text(mail->subject, mail->body);
	Sample *sample = new_sample(fit, mail->lang, mail->id);
	ClassifyRun run;

	if (sample == NULL)
		return;
	if (mail->type != NULL)
		sample->gold[TASK_TYPE] = (int)label_index(fit->rules, "type", mail->type);
	if (mail->tone != NULL)
		sample->gold[TASK_TONE] = (int)label_index(fit->rules, "tone", mail->tone);
	sample->gold[TASK_COMPLAINT] = mail->complaint;
	sample->gold[TASK_URGENT] = mail->urgent;
	classify_run(fit->rules, message, NULL, &run);
	take_points(fit, &run, sample);
	collect_things(fit, &run, sample);
	classify_run_clear(&run);
	note_names(fit, mail->customer_name);
	g_ptr_array_add(fit->samples, sample);
}

/* A sentence of a reply: { "id": "nl-...", "text": ..., "kinds": [ ... ] }. */
static void
take_reply(Fit *fit, const json_t *row)
{
	const char *id = json_string_value(json_object_get(row, "id"));
	const char *text = json_string_value(json_object_get(row, "text"));
	const char *kind =
	    json_string_value(json_array_get(json_object_get(row, "kinds"), 0));
	g_autofree char *language = g_strndup(id, 2);
	Sample *sample = new_sample(fit, language, id);
	ClassifyRun run = { .body = tokens_new(text, -1) };

	run.input.body = run.body;
	run.input.language = language;
	run.result = engine_run(fit->rules, &run.input);
	sample->gold[TASK_KIND] =
	    kind != NULL ? (int)label_index(fit->rules, "kind", kind) : (int)fit->good;
	fit->seen[sample->gold[TASK_KIND]] = TRUE;
	for (guint i = 0; i < run.result->points->len; i++) {
		const MatchPoints *p = &g_array_index(run.result->points, MatchPoints, i);

		if (strcmp(p->space, "kind") == 0)
			sample->points[TASK_KIND][label_index(fit->rules, "kind", p->label)] +=
			    p->points;
	}
	collect_things(fit, &run, sample);
	engine_result_free(run.result);
	tokens_free(run.body);
	g_ptr_array_add(fit->samples, sample);
}

static gboolean
take_replies(Fit *fit, const char *path, GError **error)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, error))
		return FALSE;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		json_t *row = lines[i][0] != '\0' ? json_loads(lines[i], 0, NULL) : NULL;

		if (row != NULL)
			take_reply(fit, row);
		json_decref(row);
	}
	return TRUE;
}

/* Any part of it a name that some customer signed with, and a rare word at that. */
static gboolean
has_name(const Fit *fit, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, " ", -1);

	for (guint i = 0; parts[i] != NULL; i++)
		if (g_hash_table_contains(fit->names, parts[i]))
			return TRUE;
	return FALSE;
}

int
fit_choose_things(Fit *fit, guint language)
{
	GArray *things = fit->things[language];
	int n = 0;

	for (guint i = 0; i < things->len; i++) {
		Thing *thing = &g_array_index(things, Thing, i);
		const char *fault;
		guint64 key;

		/* what cannot be written in a file (an emoticon with a blank) cannot be used */
		if (thing->mails >= MAILS_MIN && !has_name(fit, thing->text) &&
		    hint_key(thing->text, &key, &fault))
			thing->index = n++;
	}
	for (guint i = 0; i < fit->samples->len; i++) {
		Sample *sample = fit->samples->pdata[i];
		GArray *kept;

		if (sample->language != language)
			continue;
		kept = g_array_new(FALSE, FALSE, sizeof(guint));
		for (guint k = 0; k < sample->features->len; k++) {
			guint at = g_array_index(sample->features, guint, k);
			int index = g_array_index(things, Thing, at).index;

			if (index >= 0)
				g_array_append_val(kept, index);
		}
		g_array_free(sample->features, TRUE);
		sample->features = kept;
	}
	return n;
}

gboolean
fit_read(Fit *fit, const char *path, GError **error)
{
	return fit->coach ? take_replies(fit, path, error)
	                  : corpus_each(path, take_mail, fit, error);
}
