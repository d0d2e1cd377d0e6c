/* words.c - the templates of every language, found in folders and read once. */
#include "config.h"

#include <string.h>

#include "aardig/error.h"
#include "words/words-private.h"

#define FALLBACK "en"

/* What the program asks for by name; everything else is reached from these. */
static const char *const roots[] = { "subject", "ack", "reply", NULL };
static const char *const team_roots[] = {
	"subject", "ack", "reply", "ticket-subject", "ticket", "tone-name", "type-name",
	"kind-name", "hints-name", "silent-subject", "silent", "breaker-subject", "breaker",
	"unknown-outcome-subject", "unknown-outcome", "set-aside-subject", "set-aside", "token-subject", "token",
	"unrouted-subject", "unrouted", "clock-subject", "clock",
	"given-up-subject", "given-up", NULL,
};

static gboolean
is_team_language(const char *variant)
{
	return strcmp(variant, "nl") == 0 || strcmp(variant, "en") == 0;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Names in a folder in order, hidden ones left out; empty if it cannot be read. */
static GPtrArray *
list_folder(const char *path)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (name[0] != '.')
			g_ptr_array_add(names, g_strdup(name));
	if (dir != NULL)
		g_dir_close(dir);
	g_ptr_array_sort(names, compare_names);
	return names;
}

static void
read_file(TemplateSet *set, const char *path, const char *rel, Diagnostics *diag)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	gsize length;

	if (g_file_get_contents(path, &text, &length, &error))
		template_set_read(set, path, rel, text, length, diag);
	else
		diagnostics_error(diag, path, 0, "cannot be read (%s)", error->message);
}

/* The *.txt files of a language folder, and of its "operator" folder. */
static void
read_folder(TemplateSet *set, const char *folder, const char *below, Diagnostics *diag)
{
	g_autoptr(GPtrArray) names = list_folder(folder);

	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
		g_autofree char *rel = g_strconcat(below, names->pdata[i], NULL);

		if (*below == '\0' && strcmp(names->pdata[i], "operator") == 0)
			read_folder(set, path, "operator/", diag);
		else if (g_str_has_suffix(rel, ".txt"))
			read_file(set, path, rel, diag);
	}
}

/* "nl", "nl-je", "pt-br" */
static gboolean
is_variant(const char *name)
{
	gsize length = strspn(name, "abcdefghijklmnopqrstuvwxyz");

	return length == 2 && (name[2] == '\0' || (name[2] == '-' && strlen(name) <= 8));
}

static void
read_languages(Words *words, const char *dir, Diagnostics *diag)
{
	g_autoptr(GPtrArray) names = list_folder(dir);

	for (guint i = 0; i < names->len; i++) {
		const char *variant = names->pdata[i];
		g_autofree char *path = g_build_filename(dir, variant, NULL);

		if (!is_variant(variant) || !g_file_test(path, G_FILE_TEST_IS_DIR))
			continue;
		TemplateSet *set = g_hash_table_lookup(words->sets, variant);
		if (set == NULL) {
			set = template_set_new(variant);
			g_hash_table_insert(words->sets, g_strdup(variant), set);
		}
		read_folder(set, path, "", diag);
	}
}

Words *
words_load(const char *const *dirs, Diagnostics *diag)
{
	g_autoptr(Words) words = g_new0(Words, 1);
	guint errors = diagnostics_errors(diag);
	GHashTableIter iter;
	gpointer variant, set;

	words->sets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	                                    (GDestroyNotify) template_set_free);
	for (gsize i = 0; dirs[i] != NULL; i++)
		read_languages(words, dirs[i], diag);
	/* A file that does not parse leaves holes; what is missing would only be noise then. */
	if (diagnostics_errors(diag) == errors) {
		g_hash_table_iter_init(&iter, words->sets);
		while (g_hash_table_iter_next(&iter, &variant, &set))
			template_set_check(set, is_team_language(variant) ? team_roots : roots, diag);
		for (gsize i = 0; i < 2; i++) {
			const char *needed = i == 0 ? "nl" : FALLBACK;

			if (!g_hash_table_contains(words->sets, needed))
				diagnostics_error(diag, NULL, 0, "there are no templates for '%s' (is aardig installed "
				                  "completely?)", needed);
		}
	}
	return diagnostics_errors(diag) == errors ? g_steal_pointer(&words) : NULL;
}

void
words_free(Words *words)
{
	if (words == NULL)
		return;
	g_clear_pointer(&words->sets, g_hash_table_unref);
	g_free(words);
}

/* "nl-je" for an informal Dutch shop, else the language; "en" for one without templates. */
static const char *
find_variant(const Words *words, const Shop *shop, const char *language)
{
	const char *wanted = language;
	gpointer key;

	if (strcmp(language, "nl") == 0 && shop->register_ == REGISTER_INFORMAL)
		wanted = "nl-je";
	if (g_hash_table_lookup_extended(words->sets, wanted, &key, NULL))
		return key;
	return g_hash_table_lookup_extended(words->sets, language, &key, NULL) ? key : FALLBACK;
}

const TemplateSet *
words_set(const Words *words, const Shop *shop, const char *language)
{
	return g_hash_table_lookup(words->sets, find_variant(words, shop, language));
}

const TemplateSet *
words_team_set(const Words *words, const Shop *shop)
{
	return g_hash_table_lookup(words->sets, g_strcmp0(shop->language, "nl") == 0 ? "nl" : "en");
}

gboolean
words_check_subject(const char *text, const char *file, guint line, Diagnostics *diag)
{
	return template_check_line(text, FOR_ACK, file, line, diag);
}

gboolean
words_check_sendable(const char *text, GError **error)
{
	static const char *const leftovers[] = { "{{", "}}", "[[", "]]" };

	for (gsize i = 0; i < G_N_ELEMENTS(leftovers); i++)
		if (strstr(text, leftovers[i]) != NULL) {
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
			            "the text still holds %s, so it was not sent", leftovers[i]);
			return FALSE;
		}
	if (*text == '\0' || !g_utf8_validate(text, -1, NULL)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "the text is empty or not UTF-8");
		return FALSE;
	}
	return TRUE;
}
