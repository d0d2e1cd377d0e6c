/* test_perturb.c - a clumsy hand is no angry heart: typos, missing punctuation, small letters,
 * capitals and the Dutch of somebody who is still learning it must not make a mail read as harsher
 * than the same mail written well. Nor does rudeness change what a mail is about. */
#include "config.h"

#include <jansson.h>
#include <string.h>

#include "aardig/classify.h"
#include "aardig/rules.h"
#include "unit.h"

static const char *const harsher[] = { "friendly", "neutral",  "disappointed", "frustrated",
	                               "angry",    "abusive", "threatening" };
#define HOSTILE 4 /* from here on the wording of the answer changes */

static guint
strength(const char *tone)
{
	for (guint i = 0; i < G_N_ELEMENTS(harsher); i++)
		if (strcmp(harsher[i], tone) == 0)
			return MAX(i, 1); /* friendly to neutral is no harshness */
	ck_abort_msg("no tone: %s", tone);
}

/* ---- ways to write badly ---- */

static gboolean
is_word(gunichar c)
{
	return g_unichar_isalpha(c);
}

/* Calls `change` on every word; the rest stays. */
static char *
each_word(const char *text, void (*change)(GString *out, const char *word, gsize n, guint at))
{
	GString *out = g_string_new(NULL);
	const char *p = text;

	for (guint at = 0; *p != '\0';) {
		const char *end = p;

		while (*end != '\0' && is_word(g_utf8_get_char(end)))
			end = g_utf8_next_char(end);
		if (end > p) {
			change(out, p, end - p, at++);
			p = end;
		} else {
			g_string_append_unichar(out, g_utf8_get_char(p));
			p = g_utf8_next_char(p);
		}
	}
	return g_string_free(out, FALSE);
}

/* Every sixth word has two letters swapped, behind the second. */
static void
swap_letters(GString *out, const char *word, gsize n, guint at)
{
	g_autofree char *copy = g_strndup(word, n);

	if (at % 6 == 3 && n >= 5 && g_utf8_strlen(copy, -1) == (glong)n) {
		char kept = copy[2];

		copy[2] = copy[3];
		copy[3] = kept;
	}
	g_string_append(out, copy);
}

/* Articles are left out, verbs stay as the dictionary has them. */
static void
learn_dutch(GString *out, const char *word, gsize n, guint at)
{
	static const struct {
		const char *right, *learned;
	} words[] = { { "de", "" },         { "het", "" },         { "een", "" },
		      { "er", "" },         { "heb", "hebben" },   { "heeft", "hebben" },
		      { "ben", "zijn" },    { "is", "zijn" },      { "wil", "willen" },
		      { "kan", "kunnen" },  { "krijg", "krijgen" },{ "werkt", "werken" },
		      { "mijn", "mij" },    { "jullie", "jou" },   { "deze", "dit" },
		      { "die", "dat" },     { "moet", "moeten" },  { "gaat", "gaan" },
		      { "was", "zijn" },    { "komt", "komen" } };
	g_autofree char *copy = g_strndup(word, n);
	g_autofree char *small = g_utf8_strdown(copy, -1);

	(void)at;
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(small, words[i].right) == 0) {
			g_string_append(out, words[i].learned);
			return;
		}
	g_string_append(out, copy);
}

static char *
with_typos(const char *text)
{
	return each_word(text, swap_letters);
}

static char *
learned(const char *text)
{
	return each_word(text, learn_dutch);
}

static char *
without_punctuation(const char *text)
{
	GString *out = g_string_new(NULL);

	for (const char *p = text; *p != '\0'; p++)
		if (strchr(".,;:!?", *p) == NULL)
			g_string_append_c(out, *p);
	return g_string_free(out, FALSE);
}

static char *
small(const char *text)
{
	return g_utf8_strdown(text, -1);
}

static char *
capitals(const char *text)
{
	return g_utf8_strup(text, -1);
}

static const struct {
	const char *name, *language; /* NULL: all */
	char *(*write)(const char *text);
	double most; /* share of the mails that may read as hostile when they did not */
} ways[] = {
	{ "typos", NULL, with_typos, 0.01 },
	{ "without punctuation", NULL, without_punctuation, 0.01 },
	{ "small letters", NULL, small, 0.01 },
	{ "capitals", NULL, capitals, 0.01 },
	{ "learner's Dutch", "nl", learned, 0.01 },
};

/* ---- the same mails, written badly ---- */

static const Rules *rules;

typedef struct {
	guint way, mails, harsher, hostile;
} Count;

static guint
read_strength(const char *subject, const char *body)
{
	g_autoptr(Reading) reading = classify_text(rules, subject, body, NULL);

	return strength(reading->tone);
}

static void
count_mail(Count *count, json_t *mail)
{
	const char *subject = json_string_value(json_object_get(mail, "subject"));
	const char *body = json_string_value(json_object_get(mail, "body"));
	const char *lang = json_string_value(json_object_get(mail, "lang"));

	if (ways[count->way].language != NULL && strcmp(ways[count->way].language, lang) != 0)
		return;
	guint before = read_strength(subject, body);
	if (before >= HOSTILE)
		return;
	g_autofree char *bad_subject = ways[count->way].write(subject);
	g_autofree char *bad_body = ways[count->way].write(body);
	guint after = read_strength(bad_subject, bad_body);

	count->mails++;
	count->harsher += after > before;
	count->hostile += after >= HOSTILE;
}

static void
count_file(Count *count, const char *name)
{
	g_autofree char *below = g_strdup_printf("tests/corpus/%s.jsonl", name);
	g_autofree char *path = unit_path(below), *text = NULL;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		json_t *mail = json_loads(lines[i], 0, NULL);

		if (mail != NULL)
			count_mail(count, mail);
		json_decref(mail);
	}
}

START_TEST(test_way)
{
	Count count = { .way = _i };

	count_file(&count, "dev");
	count_file(&count, "ext");
	count_file(&count, "fresh");
	ck_assert_uint_gt(count.mails, 150);
	printf("# %s: of %u mails %u read as harsher, %u as hostile\n", ways[_i].name, count.mails,
	       count.harsher, count.hostile);
	ck_assert_msg(count.hostile <= ways[_i].most * count.mails,
	              "%s: %u of %u mails read as hostile", ways[_i].name, count.hostile,
	              count.mails);
}
END_TEST

/* ---- one complaint, once polite and once rude ---- */

static char *
type_of(json_t *twin, const char *manner)
{
	json_t *mail = json_object_get(twin, manner);
	g_autoptr(Reading) reading =
	    classify_text(rules, json_string_value(json_object_get(mail, "subject")),
	                  json_string_value(json_object_get(mail, "body")), NULL);

	return g_strdup(reading->type);
}

START_TEST(test_twins)
{
	g_autofree char *path = unit_path("tests/corpus/twins.jsonl"), *text = NULL;
	guint pairs = 0, same = 0;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		json_t *twin = json_loads(lines[i], 0, NULL);

		if (twin == NULL)
			continue;
		g_autofree char *polite = type_of(twin, "polite"), *rude = type_of(twin, "rude");

		pairs++;
		same += strcmp(polite, rude) == 0;
		if (strcmp(polite, rude) != 0)
			printf("# %s: %s when polite, %s when rude\n",
			       json_string_value(json_object_get(twin, "id")), polite, rude);
		json_decref(twin);
	}
	printf("# the same type for %u of %u pairs\n", same, pairs);
	ck_assert_uint_ge(pairs, 40);
	fflush(stdout);
	ck_assert_uint_ge(same * 100, pairs * 88);
}
END_TEST

int
main(void)
{
	g_autofree char *folder = unit_path("conf/rules");
	const char *const dirs[] = { folder, NULL };
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(Rules) loaded = rules_load(dirs, diag);
	Suite *suite = suite_create("perturb");
	TCase *tcase = tcase_create("perturb");

	rules = loaded;
	if (rules == NULL)
		return EXIT_FAILURE;
	tcase_add_loop_test(tcase, test_way, 0, G_N_ELEMENTS(ways));
	tcase_add_test(tcase, test_twins);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
