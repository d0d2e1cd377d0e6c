/* test_language.c - the language of short mails, and what is honestly unknown. */
#include "config.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "aardig/classify.h"
#include "classify/image.h"
#include "classify/language.h"
#include "classify/lists.h"
#include "unit.h"

static const struct {
	const char *text, *language;
	gboolean sure;
} texts[] = {
	{ "Waar blijft mijn pakje?", "nl", TRUE },
	{ "ik heb nog steeds niks ontvangen", "nl", TRUE },
	{ "Where is my parcel?", "en", TRUE },
	{ "it doesn't work", "en", TRUE },
	{ "Wo bleibt mein Paket?", "de", TRUE },
	{ "ich moechte das zurueckschicken", "de", TRUE },
	{ "O\xc3\xb9 est mon colis ?", "fr", TRUE },
	{ "j'ai rien re\xc3\xa7u", "fr", TRUE },
	/* words of another language in it */
	{ "de running shoes zijn super maar de sneakers niet", "nl", TRUE },
	{ "Ich habe den Gutschein im Checkout eingegeben", "de", TRUE },
	/* none of the four */
	{ "\xc2\xbf"
	  "D\xc3\xb3nde est\xc3\xa1 mi pedido?",
	  "other", TRUE },
	{ "Dov'\xc3\xa8 il mio pacco? Non \xc3\xa8 ancora arrivato", "other", TRUE },
	{ "Gdzie jest moja paczka? Proszę o odpowiedź", "other", TRUE },
	{ "Siparişim hala gelmedi, ne zaman gelecek?", "other", TRUE },
	{ "\xd0\x93\xd0\xb4\xd0\xb5 \xd0\xbc\xd0\xbe\xd0\xb9 "
	  "\xd0\xb7\xd0\xb0\xd0\xba\xd0\xb0\xd0\xb7",
	  "other", TRUE },
	{ "\xe6\x88\x91\xe7\x9a\x84\xe5\x8c\x85\xe8\xa3\xb9\xe5\x9c\xa8\xe5\x93\xaa\xe9\x87\x8c",
	  "other", TRUE },
	/* nothing to go by */
	{ "", "other", FALSE },
	{ "12345", "other", FALSE },
	{ "!!! :-( ???", "other", FALSE },
	{ "xqzt wvlk brmpf", "other", FALSE },
	{ "WO-22-04677", "other", FALSE },
};

START_TEST(test_text)
{
	double margin;
	const char *language = classify_language(texts[_i].text, &margin);

	ck_assert_msg(strcmp(language, texts[_i].language) == 0, "%s: %s", texts[_i].text,
	              language);
	ck_assert_msg((margin >= LANGUAGE_MARGIN) == texts[_i].sure, "%s: margin %.2f",
	              texts[_i].text, margin);
	ck_assert(margin >= 0.0 && margin <= 1.0);
}
END_TEST

START_TEST(test_no_margin)
{
	ck_assert_str_eq(classify_language("Waar blijft mijn pakje?", NULL), "nl");
}
END_TEST

typedef struct {
	guint all, right, sure_and_wrong;
} Count;

static Count
count_file(const char *below)
{
	g_autofree char *path = unit_path(below);
	FILE *file = fopen(path, "r");
	Count count = { 0 };
	char *line = NULL;
	size_t room = 0;

	ck_assert_msg(file != NULL, "%s", path);
	while (getline(&line, &room, file) > 0) {
		json_t *mail = json_loads(line, 0, NULL);
		const char *text = json_string_value(json_object_get(mail, "text"));
		double margin;

		if (text == NULL)
			text = json_string_value(json_object_get(mail, "body"));
		const char *language = classify_language(text, &margin);
		gboolean right =
		    strcmp(language, json_string_value(json_object_get(mail, "lang"))) == 0;
		count.all++;
		count.right += right;
		count.sure_and_wrong += !right && margin >= LANGUAGE_MARGIN;
		json_decref(mail);
	}
	free(line);
	fclose(file);
	return count;
}

START_TEST(test_corpus)
{
	static const char *const files[] = { "tests/corpus/lang-short.jsonl",
		                             "tests/corpus/dev.jsonl",
		                             "tests/corpus/heldout.jsonl",
		                             "tests/corpus/fresh.jsonl" };
	Count count = count_file(files[_i]);

	ck_assert_msg(count.all > 100 && count.right * 100 >= count.all * 97, "%s: %u of %u",
	              files[_i], count.right, count.all);
	/* Unknown is an answer, wrong is none. */
	ck_assert_uint_eq(count.sure_and_wrong, 0);
}
END_TEST

/* ---- packed lists ---- */

static guint32
any_section(const char *section, const void *data)
{
	(void) section;
	return 1u << GPOINTER_TO_UINT(data);
}

static char *
only_file(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name = dir != NULL ? g_dir_read_name(dir) : NULL;

	return name != NULL ? g_build_filename(folder, name, NULL) : NULL;
}

/* Whatever is wrong with what an earlier process left, the words are those of the files. */
START_TEST(test_packed_lists)
{
	static const ListSource source = { "language", 10, { "language/nl.txt", "language/de.txt" },
		                           any_section };
	g_autofree char *folder = g_dir_make_tmp("aardig-XXXXXX", NULL);
	g_autofree char *good = NULL;

	for (int damage = -1; damage < 6; damage++) {
		lists_use_cache(damage < 0 ? NULL : folder);
		g_autoptr(Lexicon) lexicon = lists_load(&source);

		ck_assert_uint_eq(lexicon_find(lexicon, "Niet", 4), 1);
		ck_assert_uint_eq(lexicon_find(lexicon, "nicht", 5), 2);
		ck_assert_uint_eq(lexicon_find(lexicon, "xyzzy", 5), 0);
		ck_assert_uint_eq(lexicon_find(lexicon, "zwischen", 8), 2);
		ck_assert_uint_ne(lexicon_find(lexicon, "september", 9), 0);

		g_autofree char *file = only_file(folder);
		g_autofree char *text = NULL;
		gsize size;
		if (file == NULL) /* not kept: the lists were written a moment ago */
			continue;
		ck_assert(g_file_get_contents(file, &text, &size, NULL));
		/* found out, and written anew */
		if (good == NULL)
			good = g_memdup2(text, size);
		ck_assert_msg(memcmp(good, text, size) == 0, "damage %d was not seen", damage - 1);
		text[size * (gsize) damage / 6] ^= 0x11;
		ck_assert(g_file_set_contents(file, text, damage == 5 ? (gssize) size / 2 : (gssize) size, NULL));
	}
	g_autofree char *file = only_file(folder);
	if (file != NULL)
		g_unlink(file);
	g_rmdir(folder);
	lists_use_cache(NULL);
}
END_TEST

/* ---- when what was packed is used, and when not ---- */

static guint files_read;

static guint32
counted_section(const char *section, const void *data)
{
	files_read += *section == '\0';
	return 1u << GPOINTER_TO_UINT(data);
}

static const ListSource own_lists = { "own", 10, { "een.txt", "twee.txt" }, counted_section };

/* A data folder and, beside it, the folder for what is packed. */
typedef struct {
	char *top, *rules, *cache;
} Place;

static Place
place_new(void)
{
	Place place = { .top = g_dir_make_tmp("aardig-lists-XXXXXX", NULL) };

	place.rules = g_build_filename(place.top, "rules", NULL);
	place.cache = g_build_filename(place.top, "cache", NULL);
	ck_assert_int_eq(g_mkdir(place.rules, 0755) | g_mkdir(place.cache, 0700), 0);
	g_setenv("AARDIG_DATADIR", place.top, TRUE);
	lists_use_cache(place.cache);
	return place;
}

static void
place_write(const Place *place, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(place->rules, name, NULL);

	ck_assert(g_file_set_contents(path, text, -1, NULL));
	/* Old enough that the time of a file proves something. */
	g_usleep(80 * 1000);
}

static void
place_free(Place *place)
{
	static const char *const names[] = { "rules/een.txt", "rules/twee.txt", "rules", "cache", "" };
	g_autofree char *packed = only_file(place->cache);

	if (packed != NULL)
		g_unlink(packed);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(place->top, names[i], NULL);
		g_remove(path);
	}
	lists_use_cache(NULL);
	g_free(place->top);
	g_free(place->rules);
	g_free(place->cache);
}

/* Loads the two lists; how many files were read for it, and the masks of two words. */
static void
must_load(guint read, guint32 vaas, guint32 stoel)
{
	files_read = 0;
	g_autoptr(Lexicon) lexicon = lists_load(&own_lists);
	ck_assert_uint_eq(files_read, read);
	ck_assert_uint_eq(lexicon_find(lexicon, "vaas", 4), vaas);
	ck_assert_uint_eq(lexicon_find(lexicon, "stoel", 5), stoel);
}

START_TEST(test_packed_until_changed)
{
	Place place = place_new();

	place_write(&place, "een.txt", "vaas\n");
	place_write(&place, "twee.txt", "kast\n");
	must_load(2, 1, 0);
	must_load(0, 1, 0);
	place_write(&place, "twee.txt", "kast stoel\n");
	must_load(2, 1, 2);
	must_load(0, 1, 2);
	place_free(&place);
}
END_TEST

/* What is not all there is read again every time. */
START_TEST(test_not_packed_while_one_is_missing)
{
	Place place = place_new();
	g_autofree char *none = NULL;

	place_write(&place, "een.txt", "vaas\n");
	must_load(2, 1, 0);
	ck_assert_ptr_null(none = only_file(place.cache));
	place_write(&place, "twee.txt", "stoel\n");
	must_load(2, 1, 2);
	must_load(0, 1, 2);
	place_free(&place);
}
END_TEST

/* Of another version of aardig: magic 8 bytes, version 4, layout 4, hash 8, size 8, package 16. */
START_TEST(test_packed_by_another_version)
{
	static const gsize fields[] = { 8, 12, 24, 32 };
	Place place = place_new();
	gsize size;

	place_write(&place, "een.txt", "vaas\n");
	place_write(&place, "twee.txt", "kast\n");
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autofree char *text = NULL;

		must_load(i == 0 ? 2 : 0, 1, 0);
		g_autofree char *file = only_file(place.cache);
		ck_assert(g_file_get_contents(file, &text, &size, NULL));
		text[fields[i]] ^= 1;
		guint64 hash = image_hash((const guint8 *) text + 24, size - 24);
		memcpy(text + 16, &hash, sizeof hash);
		ck_assert(g_file_set_contents(file, text, (gssize) size, NULL));
		must_load(2, 1, 0);
	}
	place_free(&place);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("language");
	TCase *tc = tcase_create("language");

	tcase_add_loop_test(tc, test_text, 0, G_N_ELEMENTS(texts));
	tcase_add_test(tc, test_no_margin);
	tcase_add_test(tc, test_packed_lists);
	tcase_add_test(tc, test_packed_until_changed);
	tcase_add_test(tc, test_not_packed_while_one_is_missing);
	tcase_add_test(tc, test_packed_by_another_version);
	tcase_add_loop_test(tc, test_corpus, 0, 4);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
