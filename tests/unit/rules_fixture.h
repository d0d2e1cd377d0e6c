/* rules_fixture.h - a pack of rules in a fresh folder, and one text against it. */
#ifndef AARDIG_TESTS_RULES_FIXTURE_H
#define AARDIG_TESTS_RULES_FIXTURE_H

#include <glib/gstdio.h>
#include <string.h>

#include "aardig/rules.h"
#include "classify/engine.h"
#include "unit.h"

#define FIXTURE_LABELS \
	"spaces: (\n" \
	"  { name = \"type\"; default = \"other\"; default_unsure = true; floor = 1.0; margin = 0.8;\n" \
	"    labels: ( { name = \"damaged\"; implies = { flag = { complaint = 2.0; }; }; },\n" \
	"      { name = \"return-refund\"; yields: ( { to = [\"damaged\"]; at = 2.0; factor = 0.4; } ); },\n" \
	"      { name = \"praise\"; bias = -0.5; }, { name = \"other\"; } ); },\n" \
	"  { name = \"tone\"; default = \"neutral\"; hedged = true; floor = 1.0; margin = 0.5;\n" \
	"    labels: ( { name = \"neutral\"; }, { name = \"friendly\"; },\n" \
	"      { name = \"angry\"; rank = 1; at = 1.5; }, { name = \"threatening\"; rank = 3; at = 2.0; } ); },\n" \
	"  { name = \"flag\"; labels: ( { name = \"complaint\"; at = 1.0; }, { name = \"urgent\"; } ); } );\n"

typedef struct {
	char *dir;
	const char *dirs[2];
} Pack;

static inline void
pack_write(const Pack *pack, const char *below, const char *text)
{
	g_autofree char *path = g_build_filename(pack->dir, below, NULL);
	g_autofree char *folder = g_path_get_dirname(path);

	ck_assert_int_eq(g_mkdir_with_parents(folder, 0755), 0);
	ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static inline Pack
pack_new(void)
{
	g_autofree char *template = g_build_filename(g_get_tmp_dir(), "aardig-rules-XXXXXX", NULL);
	Pack pack = { .dir = g_mkdtemp(g_steal_pointer(&template)) };

	ck_assert_ptr_nonnull(pack.dir);
	pack.dirs[0] = pack.dir;
	pack_write(&pack, "labels.conf", FIXTURE_LABELS);
	return pack;
}

static inline void
pack_free(Pack *pack)
{
	unit_remove(pack->dir);
	g_free(pack->dir);
}

/* The rules, or the errors as one text. */
static inline Rules *
pack_load(const Pack *pack, char **errors_out)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	Rules *rules = rules_load(pack->dirs, diag);
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < diagnostics_count(diag); i++)
		g_string_append_printf(all, "%s\n", diagnostics_line(diag, i));
	if (errors_out == NULL)
		ck_assert_msg(rules != NULL, "rules did not load: %s", all->str);
	else
		*errors_out = g_strdup(all->str);
	g_string_free(all, TRUE);
	return rules;
}

/* With this text in a file of it, a pack does not load, and `error` is in what is said. */
static inline void
pack_refuses(const char *below, const char *text, const char *error)
{
	Pack pack = pack_new();
	g_autofree char *got = NULL;

	pack_write(&pack, below, text);
	g_autoptr(Rules) rules = pack_load(&pack, &got);
	ck_assert_msg(strstr(got, error) != NULL, "got: %s", got);
	ck_assert_ptr_null(rules);
	pack_free(&pack);
}

static inline EngineResult *
pack_run(const Rules *rules, const char *subject, const char *body, const char *language)
{
	Tokens *s = tokens_new(subject, -1), *b = tokens_new(body, -1);
	double signals[SIGNAL_N] = { 0 };
	EngineInput input = { s, b, language, signals };

	signals_from_tokens(s, b, signals);
	EngineResult *result = engine_run(rules, &input);
	tokens_free(s);
	tokens_free(b);
	return result;
}

/* The first match of the rule, or NULL. */
static inline const Match *
result_match(const Rules *rules, const EngineResult *result, const char *id)
{
	for (guint i = 0; i < result->matches->len; i++) {
		const Match *match = &g_array_index(result->matches, Match, i);

		if (strcmp(engine_rule_id(rules, match->rule), id) == 0)
			return match;
	}
	return NULL;
}

#endif
