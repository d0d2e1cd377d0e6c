/* test_rules.c - rule files: every mistake with its place and remedy, packs over packs, the cache. */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "classify/image.h"
#include "rules_fixture.h"

#define RULE(keys) "rules: (\n{ id = \"r\";\n" keys "} );"
#define POINTS "points = { type = { damaged = 2; }; };"

/* What stands in nl/a.conf, and what one of the lines must be. */
static const struct {
	const char *text, *error;
} errors[] = {
	{ RULE("say = [\"a\"]; says = [\"a\"];" POINTS),
	  "a.conf:3: error: rule \"r\": unknown key \"say\" (did you mean \"says\"?)" },
	{ RULE("says = [\"a\"]; points = { type = { damged = 2; }; };"),
	  "no label \"damged\" (did you mean \"damaged\"?)" },
	{ RULE("says = [\"a\"]; points = { tpye = { damaged = 2; }; };"),
	  "no space \"tpye\" (did you mean \"type\"?)" },
	{ RULE("says = [\"a\"]; points = { type = { damaged = \"2\"; }; };"), "must be a number" },
	{ RULE("says = [\"a\"]; points = 3;"), "can only be 0" },
	{ RULE("says = [\"a\"];"), "has no points" },
	{ RULE(POINTS), "looks for nothing" },
	{ RULE("says = [\"<ordr> weg\"];" POINTS), "there is no word list <ordr>" },
	{ "words: { order = [\"a\"]; };\n" RULE("says = [\"<ordre> weg\"];" POINTS),
	  "there is no word list <ordre> (did you mean \"order\"?)" },
	{ "words: { a = [\"<b>\"]; b = [\"<a>\"]; };\n" RULE("says = [\"<a> weg\"];" POINTS),
	  "made of itself" },
	{ "words: { a = [\"<a>\"]; };\n" RULE("says = [\"x\"];" POINTS), "made of itself" },
	{ "words: { a = []; };\n" RULE("says = [\"x\"];" POINTS), "is empty" },
	{ RULE("says = [\"(a|b\"];" POINTS), "a ( without its )" },
	{ RULE("says = [\"a|b)\"];" POINTS), "a ) without its (" },
	{ RULE("says = [\"(a|)\"];" POINTS), "nothing stands between" },
	{ RULE("says = [\"a ..13 b\"];" POINTS), "a gap is written ..1 to ..12" },
	{ RULE("says = [\"a ..3\"];" POINTS), "a gap at the beginning or the end" },
	{ RULE("says = [\"ab* c\"];" POINTS), "at least 3 letters" },
	{ RULE("says = [\"abc*d e\"];" POINTS), "at the beginning or the end of a word" },
	{ RULE("says = [\"a? b?\"];" POINTS), "every part is optional" },
	{ RULE("says = [\"\"];" POINTS), "it is empty" },
	{ RULE("says = [\"kapot!\"];" POINTS), "leave the ! out" },
	{ RULE("says = [\"a, -\"];" POINTS), "has no word in it" },
	{ RULE("says = [\"a ..12 b ..12 c ..12 d ..12 e ..12 f\"];" POINTS), "longer than 60" },
	{ RULE("says = [3];" POINTS), "every entry must be a text" },
	{ RULE("says = 3;" POINTS), "must be a list of texts" },
	{ RULE("regex = [\"a(b\"];" POINTS), "missing closing parenthesis at character 4" },
	{ RULE("regex = [\"a*\"];" POINTS), "matches the empty text" },
	{ RULE("signal = \"shoutin\";" POINTS), "(did you mean \"shouting\"?)" },
	{ RULE("says = [\"a\"]; min = 2;" POINTS), "min and max go with signal" },
	{ RULE("says = [\"a\"]; in = \"footer\";" POINTS), "\"footer\" is none of" },
	{ RULE("says = [\"a\"]; negation = \"yes\";" POINTS), "must be one of \"blocks\"" },
	{ RULE("says = [\"a\"]; language = \"dutch\";" POINTS), "two small letters" },
	{ RULE("says = [\"a\"]; examples = { maybe = [\"a\"]; };" POINTS), "unknown key \"maybe\"" },
	{ "rules: ( { says = [\"a\"]; " POINTS " } );", "a rule needs an id" },
	{ "rules: ( { id = \"r\"; says = [\"a\"]; " POINTS " },\n{ id = \"r\"; says = [\"b\"]; " POINTS
	  " } );",
	  "a.conf:2: error: rule \"r\" stands in " },
	{ "rules: { };", "rules must be a list" },
	{ "rulez: ( );", "unknown key \"rulez\" (did you mean \"rules\"?)" },
	{ RULE("says = [\"a\",];" POINTS), "remove the comma before the closing bracket" },
	{ "rules: ( { id = \"r\"; says = [\"a\"];" POINTS "} { id = \"s\"; } );", "a comma is missing" },
	{ RULE("says = [\"a\" \"b\"];" POINTS), "a.conf:3: error: two texts without a comma" },
	{ "@include \"/etc/passwd\"\n", "@include is not for rules" },
	{ "\xff", "not UTF-8" },
};

START_TEST(test_error)
{
	pack_refuses("nl/a.conf", errors[_i].text, errors[_i].error);
}
END_TEST

static const struct {
	const char *text, *error;
} label_errors[] = {
	{ "", "needs a list of label spaces" },
	{ "spaces: ( { name = \"Type\"; } );", "needs a name of small letters" },
	{ "spaces: ( { name = \"type\"; default = \"oter\"; labels: ( { name = \"other\"; } ); } );",
	  "has no label \"oter\" (did you mean \"other\"?)" },
	{ "spaces: ( { name = \"type\"; labels: ( { nam = \"other\"; } ); } );", "a label needs a name" },
	{ "spaces: ( { name = \"type\"; labels: ( { name = \"a\"; yields: ( { to = [\"b\"]; } ); } ); } );",
	  "has no label \"b\"" },
	{ "spaces: ( { name = \"type\"; labels: ( { name = \"a\"; yields: ( { at = 1; } ); } ); } );",
	  "`to` is missing" },
	{ "spaces: ( { name = \"type\"; labels: ( { name = \"a\"; yields: ( { to = \"a\"; factor = 2; } ); } ); } );",
	  "between 0 and 1" },
	{ "spaces: ( { name = \"type\"; labels: ( { name = \"a\"; at = \"x\"; } ); } );",
	  "must be a number" },
	{ "spaces: ( { name = \"type\"; default = \"a\"; labels: ( { name = \"a\"; "
	  "implies = { type = { a = 1; }; }; } ); } );",
	  "implies is for spaces without a default" },
};

START_TEST(test_label_error)
{
	pack_refuses("labels.conf", label_errors[_i].text, label_errors[_i].error);
}
END_TEST

START_TEST(test_all_errors_in_one_run)
{
	Pack pack = pack_new();
	g_autofree char *got = NULL;

	pack_write(&pack, "nl/a.conf", "rules: ( { id = \"a\"; says = [\"(x\"]; " POINTS " },\n"
	                               "{ id = \"b\"; say = [\"x\"]; " POINTS " } );");
	pack_write(&pack, "nl/b.conf", "rules: ( { id = \"c\"; says = [\"x\",]; } );");
	pack_write(&pack, "de/c.conf", "rules: ( { id = \"d\"; regex = [\"(\"]; " POINTS " } );");
	g_autoptr(Rules) rules = pack_load(&pack, &got);
	ck_assert_ptr_null(rules);
	ck_assert_ptr_nonnull(strstr(got, "nl/a.conf:1: error: rule \"a\""));
	ck_assert_ptr_nonnull(strstr(got, "nl/a.conf:2: error: rule \"b\""));
	ck_assert_ptr_nonnull(strstr(got, "nl/b.conf:1: error:"));
	ck_assert_ptr_nonnull(strstr(got, "de/c.conf:1: error: rule \"d\""));
	pack_free(&pack);
}
END_TEST

START_TEST(test_no_labels)
{
	Pack pack = pack_new();
	g_autofree char *got = NULL, *path = g_build_filename(pack.dir, "labels.conf", NULL);

	g_unlink(path);
	pack_write(&pack, "nl/a.conf", RULE("says = [\"a\"];" POINTS));
	g_autoptr(Rules) rules = pack_load(&pack, &got);
	ck_assert_ptr_null(rules);
	ck_assert_ptr_nonnull(strstr(got, "there is no labels.conf"));
	/* and not one error per point given */
	ck_assert_ptr_null(strstr(got, "nl/a.conf"));
	pack_free(&pack);
}
END_TEST

START_TEST(test_bom_and_lists_of_other_files)
{
	Pack pack = pack_new();

	pack_write(&pack, "nl/a.conf", "\xef\xbb\xbf" RULE("says = [\"<later> <common>\"];" POINTS));
	pack_write(&pack, "nl/z.conf", "words: { later = [\"pakje\"]; };");
	pack_write(&pack, "any/x.conf", "words: { common = [\"dhl\", \"dpd\"]; };");
	g_autoptr(Rules) rules = pack_load(&pack, NULL);
	g_autoptr(EngineResult) result = pack_run(rules, "", "pakje DPD", "nl");
	ck_assert_ptr_nonnull(result_match(rules, result, "r"));
	pack_free(&pack);
}
END_TEST

START_TEST(test_labels)
{
	Pack pack = pack_new();
	g_autoptr(Rules) rules = pack_load(&pack, NULL);
	const char *const *labels = rules_labels(rules, "type");

	ck_assert_str_eq(labels[0], "damaged");
	ck_assert_str_eq(labels[3], "other");
	ck_assert_ptr_null(labels[4]);
	ck_assert_ptr_null(rules_labels(rules, "kind"));
	ck_assert_uint_eq(strlen(rules_version(rules)), 16);
	pack_free(&pack);
}
END_TEST

/* ---- packs over packs ---- */

START_TEST(test_local_pack)
{
	Pack shipped = pack_new(), local = pack_new();
	const char *dirs[] = { shipped.dir, local.dir, NULL };
	g_autofree char *local_labels = g_build_filename(local.dir, "labels.conf", NULL);
	g_autoptr(Diagnostics) diag = diagnostics_new();

	pack_write(&shipped, "nl/a.conf",
	           "words: { order = [\"pakje\"]; };\n"
	           "rules: ( { id = \"r\"; says = [\"<order> weg\"]; " POINTS " },\n"
	           "{ id = \"s\"; says = [\"stuk\"]; " POINTS " },\n"
	           "{ id = \"t\"; says = [\"kapot\"]; " POINTS " } );");
	pack_write(&local, "shop.conf",
	           "language = \"nl\"; words: { order = [\"<order>\", \"kratje\"]; };\n"
	           "rules: ( { id = \"s\"; points = 0; },\n"
	           "{ id = \"t\"; says = [\"gebarsten\"]; points = { type = { leak = 2; }; }; } );");
	pack_write(&local, "labels.conf",
	           "spaces: ( { name = \"type\"; labels: ( { name = \"leak\"; } ); } );");
	g_autoptr(Rules) rules = rules_load(dirs, diag);
	diagnostics_print(diag);
	ck_assert_ptr_nonnull(rules);
	ck_assert_uint_eq(rules_count(rules), 2);

	g_autoptr(EngineResult) result =
	    pack_run(rules, "", "Pakje weg. Kratje weg. Stuk. Kapot. Gebarsten.", "nl");
	ck_assert_ptr_nonnull(result_match(rules, result, "r"));
	ck_assert_ptr_null(result_match(rules, result, "s"));
	ck_assert_uint_eq(result_match(rules, result, "t")->start, 36);

	g_autoptr(EngineResult) crate = pack_run(rules, "", "kratje weg", "nl");
	ck_assert_ptr_nonnull(result_match(rules, crate, "r"));

	/* rules.d that is not there is no error; the shipped pack is needed */
	const char *missing[] = { shipped.dir, "/nonexistent", NULL }, *none[] = { "/nonexistent", NULL };
	g_autoptr(Diagnostics) other = diagnostics_new();
	g_autoptr(Rules) fine = rules_load(missing, other);
	ck_assert_ptr_nonnull(fine);
	ck_assert_str_ne(rules_version(fine), rules_version(rules));
	ck_assert_ptr_null(rules_load(none, other));
	ck_assert_uint_ge(diagnostics_errors(other), 1);
	pack_free(&shipped);
	pack_free(&local);
}
END_TEST

START_TEST(test_examples)
{
	Pack pack = pack_new();
	g_autoptr(Diagnostics) diag = diagnostics_new();

	pack_write(&pack, "nl/a.conf",
	           "rules: ( { id = \"r\"; says = [\"kapot\"]; " POINTS
	           " examples = { yes = [\"het is kapot\",\n\"het is stuk\"]; no = [\"heel\",\n"
	           "\"kapot moe\"]; }; },\n"
	           "{ id = \"s\"; says = [\"x\"]; " POINTS " },\n"
	           "{ id = \"t\"; says = [\"x\"]; in = \"subject\"; " POINTS
	           " examples = { yes = [\"x\"]; }; } );");
	g_autoptr(Rules) rules = pack_load(&pack, NULL);
	rules_check_examples(pack.dirs, rules, diag);
	ck_assert_uint_eq(diagnostics_errors(diag), 3);
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 0),
	                             "a.conf:2: error: rule \"r\" does not match its example"));
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 1), "a.conf:3: error: rule \"r\" matches"));
	ck_assert_ptr_nonnull(strstr(diagnostics_line(diag, 2), "rule \"s\" has no example"));
	pack_free(&pack);
}
END_TEST

/* ---- the manual ---- */

/* The displays of aardig-rules(5), as they are shown. */
static GPtrArray *
displays(void)
{
	g_autofree char *path = unit_path("doc/aardig-rules.5"), *page = NULL;
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);

	ck_assert(g_file_get_contents(path, &page, NULL, NULL));
	g_auto(GStrv) parts = g_strsplit(page, "\n.Bd -literal", -1);
	for (guint i = 1; parts[i] != NULL; i++) {
		char *from = strchr(parts[i], '\n') + 1, *end = strstr(from, "\n.Ed");

		ck_assert_ptr_nonnull(end);
		g_autofree char *raw = g_strndup(from, end - from);
		g_auto(GStrv) pieces = g_strsplit(raw, "\\e", -1);
		g_ptr_array_add(found, g_strjoinv("\\", pieces));
	}
	return found;
}

START_TEST(test_manual)
{
	g_autoptr(GPtrArray) texts = displays();
	g_autofree char *shipped = unit_path("conf/rules");
	guint rules_seen = 0, labels_seen = 0;

	for (guint i = 0; i < texts->len; i++) {
		const char *text = g_ptr_array_index(texts, i);
		gboolean labels = g_str_has_prefix(text, "spaces:");
		Pack pack = pack_new();
		g_autofree char *old = g_build_filename(pack.dir, "labels.conf", NULL);
		const char *dirs[] = { labels ? pack.dir : shipped, labels ? NULL : pack.dir, NULL };
		g_autoptr(Diagnostics) diag = diagnostics_new();

		if (!labels)
			g_unlink(old);
		if (strstr(text, "aardig check") == NULL) {
			pack_write(&pack,
			           labels           ? "labels.conf"
			           : text[0] == '[' ? "nl/shop.hints"
			                            : "nl/shop.conf",
			           text);
			g_autoptr(Rules) rules = rules_load(dirs, diag);
			diagnostics_print(diag);
			ck_assert_msg(rules != NULL, "does not load: %s", text);

			/* its own rules alone: shipped ones have their own test */
			g_autoptr(Diagnostics) examples = diagnostics_new();
			rules_check_examples(dirs, rules, examples);
			for (guint k = 0; k < diagnostics_count(examples); k++)
				ck_assert_msg(!g_str_has_prefix(diagnostics_line(examples, k), pack.dir),
				              "%s", diagnostics_line(examples, k));
			rules_seen += !labels;
			labels_seen += labels;
		}
		pack_free(&pack);
	}
	ck_assert_uint_ge(rules_seen, 6);
	ck_assert_uint_eq(labels_seen, 1);
}
END_TEST

/* ---- the cache ---- */

static char *
cache_file(const char *dir)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	const char *name = d != NULL ? g_dir_read_name(d) : NULL;

	return name != NULL ? g_build_filename(dir, name, NULL) : NULL;
}

static Rules *
load_cached(const Pack *pack, const char *cache)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	Rules *rules = rules_load_cached(pack->dirs, cache, diag);

	diagnostics_print(diag);
	ck_assert_ptr_nonnull(rules);
	return rules;
}

/* Old enough that the time of a file proves something. */
static void
let_settle(void)
{
	g_usleep(80 * 1000);
}

static void
flip(const char *path, gsize at)
{
	char *text;
	gsize size;

	ck_assert(g_file_get_contents(path, &text, &size, NULL));
	text[at < size ? at : size - 1] ^= 0x40;
	ck_assert(g_file_set_contents(path, text, size, NULL));
	g_free(text);
}

START_TEST(test_cache)
{
	Pack pack = pack_new(), cache = pack_new();
	g_autofree char *dir = g_build_filename(cache.dir, "deep", NULL);

	pack_write(&pack, "nl/a.conf", RULE("says = [\"kapot\"];" POINTS));
	let_settle();
	g_autoptr(Rules) first = load_cached(&pack, dir);
	g_autofree char *file = cache_file(dir);
	ck_assert(!first->mapped);
	ck_assert_ptr_nonnull(file);

	g_autoptr(Rules) second = load_cached(&pack, dir);
	ck_assert(second->mapped);
	ck_assert_str_eq(rules_version(first), rules_version(second));
	ck_assert_uint_eq(rules_count(second), 1);
	g_autoptr(EngineResult) result = pack_run(second, "", "kapot", "nl");
	ck_assert_ptr_nonnull(result_match(second, result, "r"));

	/* a changed rule, a new file, a file gone: read anew */
	pack_write(&pack, "nl/a.conf", RULE("says = [\"stuk\"]; " POINTS));
	let_settle();
	g_autoptr(Rules) changed = load_cached(&pack, dir);
	ck_assert(!changed->mapped);
	pack_write(&pack, "nl/b.conf", "");
	let_settle();
	g_autoptr(Rules) added = load_cached(&pack, dir);
	ck_assert(!added->mapped);
	g_autofree char *b = g_build_filename(pack.dir, "nl/b.conf", NULL);
	g_unlink(b);
	let_settle();
	g_autoptr(Rules) removed = load_cached(&pack, dir);
	ck_assert(!removed->mapped);
	g_autoptr(Rules) again = load_cached(&pack, dir);
	ck_assert(again->mapped);

	/* what was written a moment ago may change without a sign: not kept */
	g_unlink(file);
	pack_write(&pack, "nl/a.conf", RULE("says = [\"kort\"]; " POINTS));
	g_autoptr(Rules) fresh = load_cached(&pack, dir);
	ck_assert(!fresh->mapped);
	ck_assert(!g_file_test(file, G_FILE_TEST_EXISTS));
	pack_free(&pack);
	pack_free(&cache);
}
END_TEST

static const struct {
	const char *label;
	glong at; /* byte to flip; -1: the mode; -2: cut off; -3: a link; -4: empty */
} damages[] = {
	{ "magic", 0 },
	{ "version", 8 },
	{ "size", 16 },
	{ "a section", 200 },
	{ "the first record", 600 },
	{ "the end", 1000000000 },
	{ "writable by others", -1 },
	{ "cut off", -2 },
	{ "a link", -3 },
	{ "empty", -4 },
};

START_TEST(test_cache_damage)
{
	Pack pack = pack_new(), cache = pack_new();
	g_autofree char *dir = g_build_filename(cache.dir, "deep", NULL);

	pack_write(&pack, "nl/a.conf", RULE("says = [\"kapot\"];" POINTS));
	let_settle();
	g_autoptr(Rules) first = load_cached(&pack, dir);
	g_autofree char *file = cache_file(dir);
	g_autofree char *other = g_strconcat(file, ".other", NULL);

	if (damages[_i].at >= 0)
		flip(file, damages[_i].at);
	else if (damages[_i].at == -1)
		ck_assert_int_eq(chmod(file, 0666), 0);
	else if (damages[_i].at == -2)
		ck_assert_int_eq(truncate(file, 700), 0);
	else if (damages[_i].at == -3)
		ck_assert(rename(file, other) == 0 && symlink(other, file) == 0);
	else
		ck_assert_int_eq(truncate(file, 0), 0);

	g_autoptr(Rules) second = load_cached(&pack, dir);
	ck_assert_msg(!second->mapped, "%s", damages[_i].label);
	g_autoptr(Rules) third = load_cached(&pack, dir);
	ck_assert_msg(third->mapped, "%s: not written anew", damages[_i].label);
	pack_free(&pack);
	pack_free(&cache);
}
END_TEST

START_TEST(test_cache_not_writable)
{
	Pack pack = pack_new();
	g_autofree char *file = g_build_filename(pack.dir, "labels.conf", NULL);

	/* a file where the folder should be */
	let_settle();
	g_autoptr(Rules) rules = load_cached(&pack, file);
	g_autoptr(Rules) none = load_cached(&pack, NULL);
	ck_assert_uint_eq(rules_count(rules), rules_count(none));
	pack_free(&pack);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("rules");
	TCase *tc = tcase_create("rules");

	tcase_add_loop_test(tc, test_error, 0, G_N_ELEMENTS(errors));
	tcase_add_loop_test(tc, test_label_error, 0, G_N_ELEMENTS(label_errors));
	tcase_add_test(tc, test_all_errors_in_one_run);
	tcase_add_test(tc, test_no_labels);
	tcase_add_test(tc, test_bom_and_lists_of_other_files);
	tcase_add_test(tc, test_labels);
	tcase_add_test(tc, test_local_pack);
	tcase_add_test(tc, test_examples);
	tcase_add_test(tc, test_manual);
	tcase_add_test(tc, test_cache);
	tcase_add_loop_test(tc, test_cache_damage, 0, G_N_ELEMENTS(damages));
	tcase_add_test(tc, test_cache_not_writable);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
