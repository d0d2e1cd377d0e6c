/* rulefile.c - a file of rules: word lists, the lists of a language, and rules key by key. */
#include "config.h"

#include <string.h>

#include "classify/engine.h"
#include "classify/load.h"
#include "classify/regex.h"

typedef struct RuleKey RuleKey;
struct RuleKey {
	const char *name;
	void (*read)(Load *load, LoadRule *rule, const config_setting_t *setting,
	             const RuleKey *key);
	guint owner;
};

/* ---- keys of a rule ---- */

static void
read_id(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	/* read before all others */
}

static void
read_phrases(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	g_autofree char *what = g_strdup_printf("rule \"%s\": %s", rule->id, key->name);

	rule->texts[key->owner] = load_texts(load, rule->file, setting, what);
}

static void
read_regex(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	g_autofree char *what = g_strdup_printf("rule \"%s\": regex", rule->id);

	rule->regexes = load_texts(load, rule->file, setting, what);
	for (guint i = 0; rule->regexes != NULL && i < rule->regexes->len; i++) {
		const LoadText *text = &g_array_index(rule->regexes, LoadText, i);
		g_autofree char *fault = regex_fault(text->text);

		if (fault != NULL)
			diagnostics_error(load->diag, rule->file->source->path, text->line,
			                  "%s: \"%s\": %s", what, text->text, fault);
	}
}

static void
read_signal(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	const char *name = config_setting_get_string(setting);

	for (guint i = 0; name != NULL && i < SIGNAL_N; i++)
		if (strcmp(name, signal_names[i]) == 0) {
			rule->signal = i;
			return;
		}
	g_autofree char *meant = load_meant(name != NULL ? name : "", signal_names);
	load_error(load, rule->file, setting, "rule \"%s\": no signal named \"%s\"%s", rule->id,
	           name != NULL ? name : "?", meant);
}

static void
read_limit(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	load_number(load, rule->file, setting, key->name,
	            strcmp(key->name, "min") == 0 ? &rule->min : &rule->max);
}

static void
read_in(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	static const struct {
		const char *name;
		guint mask;
	} places[] = {
		{ "any", IN_SCOPE_SUBJECT | IN_SCOPE_BODY },
		{ "subject", IN_SCOPE_SUBJECT },
		{ "body", IN_SCOPE_BODY },
		{ "opening", IN_SCOPE_OPENING },
		{ "closing", IN_SCOPE_CLOSING },
	};
	g_autofree char *what = g_strdup_printf("rule \"%s\": in", rule->id);
	g_autoptr(GArray) names = load_texts(load, rule->file, setting, what);

	rule->scope = 0;
	for (guint i = 0; names != NULL && i < names->len; i++) {
		const char *name = g_array_index(names, LoadText, i).text;
		guint mask = 0;

		for (gsize k = 0; k < G_N_ELEMENTS(places); k++)
			if (strcmp(name, places[k].name) == 0)
				mask = places[k].mask;
		if (mask == 0)
			load_error(load, rule->file, setting,
			           "%s: \"%s\" is none of \"any\", \"subject\", \"body\", "
			           "\"opening\", \"closing\"",
			           what, name);
		rule->scope |= mask;
	}
}

static void
read_word(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	static const char *const sentences[] = { "any", "question", "statement", NULL };
	static const char *const negations[] = { "blocks", "ignores", "requires", NULL };
	static const char *const hedges[] = { "halves", "ignores", NULL };
	static const char *const times[] = { "once", "each", NULL };
	guint index = 0;
	g_autofree char *what = g_strdup_printf("rule \"%s\": %s", rule->id, key->name);

	switch (key->name[0]) {
	case 's':
		load_choice(load, rule->file, setting, what, sentences, &rule->sentence);
		break;
	case 'n':
		load_choice(load, rule->file, setting, what, negations, &rule->negation);
		break;
	case 'h':
		load_choice(load, rule->file, setting, what, hedges, &index);
		rule->hedge_ignored = index == 1;
		break;
	default:
		load_choice(load, rule->file, setting, what, times, &index);
		rule->each = index == 1;
	}
}

static void
read_rule_points(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	g_autofree char *what = g_strdup_printf("rule \"%s\": points", rule->id);
	double zero = 1;

	if (config_setting_is_number(setting)) {
		if (load_number(load, rule->file, setting, what, &zero) && zero != 0)
			load_error(load, rule->file, setting,
			           "%s are written { type = { LABEL = NUMBER; }; }; a bare number "
			           "can only be 0, which switches the rule off",
			           what);
		rule->off = TRUE;
		return;
	}
	guint errors = diagnostics_errors(load->diag);

	load_points(load, rule->file, setting, what, rule->points);
	rule->off = rule->points->len == 0 && diagnostics_errors(load->diag) == errors;
}

static void
read_language(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	const char *language = config_setting_get_string(setting);

	if (language == NULL || (strcmp(language, "any") != 0 &&
	                         (strlen(language) != 2 || !g_ascii_islower(language[0]) ||
	                          !g_ascii_islower(language[1]))))
		load_error(load, rule->file, setting,
		           "language must be \"any\" or two small letters (\"nl\")");
	else
		rule->language = language;
}

static void
read_advice(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	rule->advice = config_setting_get_string(setting);
	if (rule->advice == NULL)
		load_error(load, rule->file, setting, "rule \"%s\": advice must be a text",
		           rule->id);
}

static void
read_examples(Load *load, LoadRule *rule, const config_setting_t *setting, const RuleKey *key)
{
	static const char *const keys[] = { "yes", "no", NULL };
	const config_setting_t *part;
	g_autofree char *what = g_strdup_printf("rule \"%s\": examples: ", rule->id);

	if (!load_is_group(load, rule->file, setting, "examples"))
		return;
	load_keys(load, rule->file, setting, what, keys);
	if ((part = config_setting_get_member(setting, "yes")) != NULL)
		rule->yes = load_texts(load, rule->file, part, "examples: yes");
	if ((part = config_setting_get_member(setting, "no")) != NULL)
		rule->no = load_texts(load, rule->file, part, "examples: no");
}

static const RuleKey rule_keys[] = {
	{ "id", read_id, 0 },
	{ "says", read_phrases, OWNER_SAYS },
	{ "regex", read_regex, 0 },
	{ "signal", read_signal, 0 },
	{ "min", read_limit, 0 },
	{ "max", read_limit, 0 },
	{ "needs", read_phrases, OWNER_NEEDS },
	{ "needs_near", read_phrases, OWNER_NEEDS_NEAR },
	{ "unless", read_phrases, OWNER_UNLESS },
	{ "unless_near", read_phrases, OWNER_UNLESS_NEAR },
	{ "in", read_in, 0 },
	{ "sentence", read_word, 0 },
	{ "negation", read_word, 0 },
	{ "hedge", read_word, 0 },
	{ "times", read_word, 0 },
	{ "points", read_rule_points, 0 },
	{ "language", read_language, 0 },
	{ "advice", read_advice, 0 },
	{ "examples", read_examples, 0 },
};

/* ---- a rule ---- */

void
load_rule_free(gpointer data)
{
	LoadRule *rule = data;
	GArray *arrays[] = { rule->regexes, rule->yes, rule->no, rule->points };

	for (gsize i = 0; i < G_N_ELEMENTS(rule->texts); i++)
		if (rule->texts[i] != NULL)
			g_array_free(rule->texts[i], TRUE);
	for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
		if (arrays[i] != NULL)
			g_array_free(arrays[i], TRUE);
	g_free(rule);
}

static const char *
rule_id(Load *load, const LoadFile *file, const config_setting_t *group)
{
	const char *id = NULL;

	config_setting_lookup_string(group, "id", &id);
	if (id == NULL || id[0] == '\0' || strlen(id) > 120 ||
	    strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") !=
	        strlen(id)) {
		load_error(load, file, group,
		           "a rule needs an id of letters, digits, . - and _, such as "
		           "\"nl.damaged.box\"");
		return NULL;
	}
	return id;
}

static void
read_keys(Load *load, LoadRule *rule, const config_setting_t *group)
{
	const char *names[G_N_ELEMENTS(rule_keys) + 1] = { NULL };

	for (gsize i = 0; i < G_N_ELEMENTS(rule_keys); i++)
		names[i] = rule_keys[i].name;
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *setting = config_setting_get_elem(group, i);
		const char *name = config_setting_name(setting);
		gsize k = 0;

		while (k < G_N_ELEMENTS(rule_keys) && strcmp(rule_keys[k].name, name) != 0)
			k++;
		if (k < G_N_ELEMENTS(rule_keys)) {
			rule_keys[k].read(load, rule, setting, &rule_keys[k]);
			continue;
		}
		g_autofree char *meant = load_meant(name, names);
		load_error(load, rule->file, setting, "rule \"%s\": unknown key \"%s\"%s", rule->id,
		           name, meant);
	}
}

static void
check_rule(Load *load, const LoadRule *rule, const config_setting_t *group)
{
	if (rule->off)
		return;
	if (config_setting_get_member(group, "says") == NULL &&
	    config_setting_get_member(group, "regex") == NULL &&
	    config_setting_get_member(group, "signal") == NULL)
		load_error(load, rule->file, group,
		           "rule \"%s\" looks for nothing (give it says, regex or signal)",
		           rule->id);
	if (config_setting_get_member(group, "points") == NULL)
		load_error(load, rule->file, group,
		           "rule \"%s\" has no points (points = { type = { LABEL = 2.0; }; };)",
		           rule->id);
	if (config_setting_get_member(group, "signal") == NULL &&
	    (config_setting_get_member(group, "min") != NULL ||
	     config_setting_get_member(group, "max") != NULL))
		load_error(load, rule->file, group,
		           "rule \"%s\": min and max go with signal, which it has not", rule->id);
}

static void
read_rule(Load *load, const LoadFile *file, const config_setting_t *group)
{
	const char *id;

	if (!load_is_group(load, file, group, "a rule") ||
	    (id = rule_id(load, file, group)) == NULL)
		return;

	LoadRule *rule = g_new0(LoadRule, 1), *other = g_hash_table_lookup(load->rule_ids, id);
	rule->id = id;
	rule->file = file;
	rule->line = config_setting_source_line(group);
	rule->language = file->language;
	rule->signal = NONE;
	rule->min = 1;
	rule->max = 1e9;
	rule->scope = IN_SCOPE_SUBJECT | IN_SCOPE_BODY;
	rule->points = g_array_new(FALSE, TRUE, sizeof(LoadPoints));
	load->n_rules_read++;
	read_keys(load, rule, group);
	check_rule(load, rule, group);
	if (other != NULL && other->file->source->pack == file->source->pack)
		load_error(load, file, group,
		           "rule \"%s\" stands in %s:%u already (ids are unique)", id,
		           other->file->source->path, other->line);
	if (other != NULL)
		g_ptr_array_remove(load->rules, other);
	g_ptr_array_add(load->rules, rule);
	g_hash_table_insert(load->rule_ids, (gpointer)id, rule);
}

/* ---- a file ---- */

static void
read_words(Load *load, const LoadFile *file, const config_setting_t *group)
{
	if (!load_is_group(load, file, group, "words"))
		return;
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *setting = config_setting_get_elem(group, i);
		const char *name = config_setting_name(setting);
		g_autofree char *what = g_strdup_printf("word list \"%s\"", name);
		g_autofree char *key = g_strdup_printf("%s/%s", file->language, name);
		LoadList *list = g_new0(LoadList, 1),
			 *other = g_hash_table_lookup(load->lists, key);

		g_ptr_array_add(load->all_lists, list);
		list->name = name;
		list->file = file;
		list->line = config_setting_source_line(setting);
		list->texts = load_texts(load, file, setting, what);
		if (list->texts == NULL)
			list->texts = load_texts_new();
		else if (list->texts->len == 0)
			load_error(load, file, setting, "%s is empty", what);
		if (other != NULL && other->file->source->pack == file->source->pack)
			load_error(load, file, setting, "%s stands in %s:%u already", what,
			           other->file->source->path, other->line);
		list->replaced = other;
		g_hash_table_insert(load->lists, g_steal_pointer(&key), list);
	}
}

static const struct {
	const char *name;
	guint owner; /* OWNER_N: known words */
} special_keys[] = {
	{ "negation", OWNER_NEGATION }, { "hedges", OWNER_HEDGE },
	{ "contrast", OWNER_CONTRAST }, { "greetings", OWNER_GREETING },
	{ "signoffs", OWNER_SIGNOFF },  { "known", OWNER_N },
};

static gboolean
read_special(Load *load, const LoadFile *file, const config_setting_t *setting)
{
	const char *name = config_setting_name(setting);

	for (gsize i = 0; i < G_N_ELEMENTS(special_keys); i++) {
		if (strcmp(name, special_keys[i].name) != 0)
			continue;
		GArray *texts = load_texts(load, file, setting, name);

		if (texts == NULL)
			return TRUE;
		LoadSpecial *special = g_new0(LoadSpecial, 1);
		special->kind = special_keys[i].owner;
		special->file = file;
		special->texts = texts;
		g_ptr_array_add(special->kind == OWNER_N ? load->known : load->specials, special);
		return TRUE;
	}
	return FALSE;
}

static void
read_file_language(Load *load, LoadFile *file, const config_setting_t *root)
{
	const config_setting_t *setting = config_setting_get_member(root, "language");
	LoadRule rule = { .file = file };

	file->language = file->source->language;
	if (setting == NULL)
		return;
	rule.language = file->language;
	read_language(load, &rule, setting, NULL);
	file->language = rule.language;
}

void
load_rule_file(Load *load, LoadFile *file)
{
	static const char *const keys[] = { "language", "words",    "rules",     "negation",
		                            "hedges",   "contrast", "greetings", "signoffs",
		                            "known",    NULL };
	const config_setting_t *root = config_root_setting(&file->config);

	read_file_language(load, file, root);
	load_keys(load, file, root, "", keys);
	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *setting = config_setting_get_elem(root, i);
		const char *name = config_setting_name(setting);

		if (strcmp(name, "words") == 0) {
			read_words(load, file, setting);
		} else if (strcmp(name, "rules") == 0) {
			if (!config_setting_is_list(setting))
				load_error(load, file, setting,
				           "rules must be a list: ( { id = \"...\"; ... }, ... )");
			else
				for (int k = 0; k < config_setting_length(setting); k++)
					read_rule(load, file, config_setting_get_elem(setting, k));
		} else {
			read_special(load, file, setting);
		}
	}
}
