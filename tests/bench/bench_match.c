/* bench_match.c - what matching costs: with 100 and with 10,000 phrases, beside PCRE2 one by one,
 * on hostile text, and what loading the shipped rules costs. Prints a small table; times are the
 * best of several runs, ratios are what counts. Everything is generated from a fixed seed. */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <malloc.h>
#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "aardig/message.h"
#include "aardig/rules.h"
#include "bench.h"
#include "classify/engine.h"
#include "classify/load.h"

#define VOCABULARY 20000
#define MAILS 400
#define ROUNDS 15
#define HEAP_KEPT (512 * 1024 * 1024) /* bytes */

static const char *const small[] = { "de",   "het", "een",  "en", "ik",  "mijn", "is",  "niet",
	                             "nog",  "dat", "van",  "op", "in",  "te",   "heb", "met",
	                             "u",    "we",  "maar", "er", "aan", "wat",  "bij", "wel",
	                             "voor", "al",  "die",  "zo", "ook", "dit" };
/* Syllables are made of these. */
static const char *const heads[] = { "b", "d", "f", "g", "h", "k",  "l",  "m",  "n",  "p",  "r",
	                             "s", "t", "v", "w", "z", "br", "st", "sl", "tr", "kl", "sch" };
static const char *const hearts[] = { "a", "e", "i", "o", "u", "aa", "ee", "oo", "ie", "oe", "ij" };
static const char *const tails[] = { "", "", "", "n", "r", "l", "t", "k", "ng", "rt", "ls" };

/* Zipf's law: the word of rank r comes 1/r as often as the first; so each octave of ranks is as
 * likely. */
static guint
zipf(guint n)
{
	guint octave = 1u << random_below(15);
	guint rank = octave + random_below(octave) - 1;

	return MIN(rank, n - 1);
}

static GPtrArray *
vocabulary(void)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

	while (words->len < VOCABULARY) {
		GString *word = g_string_new(NULL);

		for (guint n = 2 + random_below(3); n > 0; n--)
			g_string_append_printf(word, "%s%s%s",
			                       heads[random_below(G_N_ELEMENTS(heads))],
			                       hearts[random_below(G_N_ELEMENTS(hearts))],
			                       tails[random_below(G_N_ELEMENTS(tails))]);
		g_ptr_array_add(words, g_string_free(word, FALSE));
	}
	return words;
}

static const char *
any_word(const GPtrArray *words, guint small_in_10)
{
	if (random_below(10) < small_in_10)
		return small[random_below(G_N_ELEMENTS(small))];
	return g_ptr_array_index(words, zipf(words->len));
}

/* The phrase for us and the pattern for PCRE2. One word is what the phrase is about, and rules are
 * about all kinds of things; the others are words as people use them. */
static void
phrase(const GPtrArray *words, GString *ours, GString *pattern)
{
	guint parts = 2 + random_below(3), topic = random_below(parts);

	g_string_truncate(ours, 0);
	g_string_assign(pattern, "\\b");
	for (guint i = 0; i < parts; i++) {
		const char *word = i == topic ? g_ptr_array_index(words, random_below(words->len))
		                              : any_word(words, 6);
		guint kind = random_below(10);

		if (i > 0) {
			gboolean gap = random_below(3) == 0;

			g_string_append(ours, gap ? " ..3 " : " ");
			g_string_append(pattern, gap ? "\\W+(?:\\w+\\W+){0,3}" : "\\W+");
		}
		if (kind < 2) {
			const char *other = i == topic
			                        ? g_ptr_array_index(words, random_below(words->len))
			                        : any_word(words, 6);

			g_string_append_printf(ours, "(%s|%s)", word, other);
			g_string_append_printf(pattern, "(?:%s|%s)", word, other);
		} else if (kind == 2 && strlen(word) > 5) {
			g_string_append_printf(ours, "%.5s*", word);
			g_string_append_printf(pattern, "%.5s\\w*", word);
		} else {
			g_string_append(ours, word);
			g_string_append(pattern, word);
		}
	}
	g_string_append(pattern, "\\b");
}

typedef struct {
	Rules *rules;
	GPtrArray *patterns;
} Set;

static Set
make_set(const GPtrArray *words, guint n)
{
	static const char labels[] =
	    "spaces: ( { name = \"type\"; default = \"other\"; labels: ( { name = \"damaged\"; }, "
	    "{ name = \"other\"; } ); } );";
	GPtrArray *sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
	g_autoptr(GString) text = g_string_new("negation = [\"niet\", \"geen\"]; rules: (\n");
	g_autoptr(GString) ours = g_string_new(NULL), pattern = g_string_new(NULL);
	g_autoptr(Diagnostics) diag = diagnostics_new();
	Set set = { NULL, g_ptr_array_new_with_free_func(g_free) };

	for (guint i = 0; i < n; i++) {
		phrase(words, ours, pattern);
		g_ptr_array_add(set.patterns, g_strdup(pattern->str));
		if (i % 4 == 0)
			g_string_append_printf(text, "%s{ id = \"r%u\"; says = [", i > 0 ? "," : "",
			                       i);
		g_string_append_printf(text, "%s\"%s\"", i % 4 > 0 ? ", " : "", ours->str);
		if (i % 4 == 3 || i == n - 1)
			g_string_append(text, "]; points = { type = { damaged = 1; }; }; }\n");
	}
	g_string_append(text, ");");
	g_ptr_array_add(sources, source_from_text("labels.conf", labels, sizeof labels - 1));
	g_ptr_array_add(sources, source_from_text("nl/a.conf", text->str, text->len));
	g_autoptr(Load) load = load_sources(sources, diag);
	load_phrases(load);
	if (diagnostics_errors(diag) == 0)
		set.rules = load_compile(load);
	diagnostics_print(diag);
	g_assert(set.rules != NULL);
	return set;
}

static void
set_clear(Set *set)
{
	rules_free(set->rules);
	g_ptr_array_free(set->patterns, TRUE);
}

/* Mails of 20 to 220 words, a sentence now and then; a third of the words no rule knows. */
static GPtrArray *
make_mails(const GPtrArray *words)
{
	GPtrArray *mails = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < MAILS; i++) {
		GString *mail = g_string_new(NULL);

		for (guint n = 20 + random_below(200); n > 0; n--) {
			if (random_below(3) == 0)
				g_string_append_printf(mail, "naam%cwoord%u",
				                       'a' + random_below(26), random_below(100));
			else
				g_string_append(mail, any_word(words, 6));
			g_string_append(mail, random_below(12) == 0 ? ". " : " ");
		}
		g_ptr_array_add(mails, g_string_free(mail, FALSE));
	}
	return mails;
}

static gsize
bytes_of(const GPtrArray *mails)
{
	gsize bytes = 0;

	for (guint i = 0; i < mails->len; i++)
		bytes += strlen(g_ptr_array_index(mails, i));
	return bytes;
}

static guint
read_text(const Rules *rules, const char *text)
{
	g_autoptr(Tokens) tokens = tokens_new(text, -1);
	EngineInput input = { NULL, tokens, "nl", NULL };

	if (rules == NULL)
		return tokens->n;
	g_autoptr(EngineResult) result = engine_run(rules, &input);
	return result->matches->len;
}

/* Microseconds per mail, once over all. */
static double
time_mails(const Rules *rules, const GPtrArray *mails, guint *found_out)
{
	gint64 before = cpu_us();

	*found_out = 0;
	for (guint i = 0; i < mails->len; i++)
		*found_out += read_text(rules, g_ptr_array_index(mails, i));
	return (double)(cpu_us() - before) / mails->len;
}

static double
time_pcre(const Set *set, const GPtrArray *mails, guint n_mails, guint *found_out)
{
	guint n = set->patterns->len;
	g_autofree pcre2_code **codes = g_new0(pcre2_code *, n);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);

	for (guint i = 0; i < n; i++) {
		int error;
		PCRE2_SIZE at;

		codes[i] = pcre2_compile((PCRE2_SPTR)g_ptr_array_index(set->patterns, i),
		                         PCRE2_ZERO_TERMINATED,
		                         PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS, &error, &at, NULL);
		g_assert(codes[i] != NULL);
		pcre2_jit_compile(codes[i], PCRE2_JIT_COMPLETE);
	}
	gint64 before = cpu_us();
	*found_out = 0;
	for (guint m = 0; m < n_mails; m++) {
		const char *mail = g_ptr_array_index(mails, m);
		gsize bytes = strlen(mail);

		for (guint i = 0; i < n; i++)
			*found_out +=
			    pcre2_match(codes[i], (PCRE2_SPTR)mail, bytes, 0, 0, data, NULL) >= 0;
	}
	gint64 spent = cpu_us() - before;
	for (guint i = 0; i < n; i++)
		pcre2_code_free(codes[i]);
	pcre2_match_data_free(data);
	return (double)spent / n_mails;
}

/* The same mail as it comes in, and all that is read in it: parts, language, facts, rules. */
static double
time_whole(const Rules *rules, const GPtrArray *mails)
{
	const ClassifyContext context = { 0 };
	gint64 before = cpu_us();

	for (guint i = 0; i < mails->len; i++) {
		g_autofree char *text = g_strdup_printf(
		    "From: Saar <saar@example.org>\r\nTo: winkel@example.org\r\n"
		    "Subject: bestelling\r\nMessage-ID: <%u@example.org>\r\n\r\n%s\r\n",
		    i, (const char *)g_ptr_array_index(mails, i));
		g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
		g_autoptr(Message) message = message_parse(raw);
		g_autoptr(Reading) reading = classify_message(rules, message, &context);

		g_assert(reading->type != NULL);
	}
	return (double)(cpu_us() - before) / mails->len;
}

static const guint sizes[] = { 100, 1000, 10000 };

static void
bench_phrases(void)
{
	enum { N = G_N_ELEMENTS(sizes) };
	g_autoptr(GPtrArray) words = vocabulary(), mails = make_mails(words);
	double mb = bytes_of(mails) / 1e6, bare = 1e9, ours[N], whole[N];
	guint found, cut;
	Set sets[N];

	for (guint i = 0; i < N; i++) {
		sets[i] = make_set(words, sizes[i]);
		ours[i] = whole[i] = 1e9;
	}
	/* by turns, so that a noisy moment hits all of them */
	for (guint round = 0; round < ROUNDS; round++) {
		double us = time_mails(NULL, mails, &cut);

		bare = MIN(bare, us);
		for (guint i = 0; i < N; i++) {
			us = time_mails(sets[i].rules, mails, &found);
			ours[i] = MIN(ours[i], us);
			us = time_whole(sets[i].rules, mails);
			whole[i] = MIN(whole[i], us);
		}
	}
	printf("matching: %u mails, %.0f bytes each; best of %d\n", mails->len,
	       mb * 1e6 / mails->len, ROUNDS);
	printf("  %8s %10s %7s %7s %12s %8s %13s %7s\n", "phrases", "us a mail", "MB/s", "ratio",
	       "whole mail", "ratio", "PCRE2-JIT us", "times");
	printf("  %8s %10.1f %7.1f   (cutting into words alone)\n", "-", bare,
	       mb * 1e6 / mails->len / bare);
	for (guint i = 0; i < N; i++) {
		guint by_pcre;
		double pcre = time_pcre(&sets[i], mails, sizes[i] > 1000 ? 20 : 200, &by_pcre);

		printf("  %8u %10.1f %7.1f %7.2f %12.1f %8.2f %13.1f %6.0fx\n", sizes[i], ours[i],
		       mb * 1e6 / mails->len / ours[i], ours[i] / ours[0], whole[i],
		       whole[i] / whole[0], pcre, pcre / ours[i]);
		set_clear(&sets[i]);
	}
}

/* ---- hostile text ---- */

static char *
repeated(const char *unit, gsize size)
{
	GString *text = g_string_sized_new(size + 64);

	while (text->len < size)
		g_string_append(text, unit);
	return g_string_free(text, FALSE);
}

static char *
numbered(const char *unit, gsize size)
{
	GString *text = g_string_sized_new(size + 64);

	for (guint i = 0; text->len < size; i++)
		g_string_append_printf(text, "%s%x ", unit, i);
	return g_string_free(text, FALSE);
}

static void
time_both(const Rules *rules, const char *a, const char *b, double *a_ms, double *b_ms)
{
	*a_ms = *b_ms = 1e9;
	for (guint round = 0; round < ROUNDS; round++) {
		gint64 before = cpu_us(), between;

		read_text(rules, a);
		between = cpu_us();
		read_text(rules, b);
		*a_ms = MIN(*a_ms, (between - before) / 1e3);
		*b_ms = MIN(*b_ms, (cpu_us() - between) / 1e3);
	}
}

static void
bench_hostile(void)
{
	g_autoptr(GPtrArray) words = vocabulary();
	Set set = make_set(words, 10000);
	const char *common = g_ptr_array_index(words, 0);
	g_autofree char *one = g_strdup_printf("%s ", common);
	g_autofree char *sentence = g_strdup_printf("%s het niet. ", common);
	g_autofree char *prefix = g_strndup(common, 5);
	g_autofree char *long_word = g_strnfill(200000, 'e');
	g_autofree char *long_words = g_strconcat(long_word, " ", NULL);
	const struct {
		const char *name, *unit;
		gboolean number;
	} kinds[] = {
		{ "one rule word again and again", one, FALSE },
		{ "a rule word in short sentences", sentence, FALSE },
		{ "different words of one pattern", prefix, TRUE },
		{ "words of 200,000 letters", long_words, FALSE },
		{ "full stops", ". ", FALSE },
		{ "apostrophes and quotes", "'\"'.", FALSE },
		{ "faces", ":-( ", FALSE },
	};

	/* What one round frees the next takes: how often the allocator gives pages back to the kernel, and is
	 * given them empty again, hangs on sizes and not on the work. */
	mallopt(M_MMAP_THRESHOLD, HEAP_KEPT);
	mallopt(M_TRIM_THRESHOLD, HEAP_KEPT);
	printf("hostile text against 10,000 phrases (ms)\n  %-32s %8s %8s %8s\n", "", "1 MiB",
	       "2 MiB", "ratio");
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *a = kinds[i].number ? numbered(kinds[i].unit, 1 << 20)
		                                     : repeated(kinds[i].unit, 1 << 20);
		g_autofree char *b = kinds[i].number ? numbered(kinds[i].unit, 2 << 20)
		                                     : repeated(kinds[i].unit, 2 << 20);
		double ms_a, ms_b;

		time_both(set.rules, a, b, &ms_a, &ms_b);
		printf("  %-32s %8.1f %8.1f %8.2f\n", kinds[i].name, ms_a, ms_b, ms_b / ms_a);
	}
	set_clear(&set);
}

/* ---- loading ---- */

static void
bench_loading(const char *folder)
{
	const char *dirs[] = { folder, NULL };
	g_autofree char *cache = g_dir_make_tmp("aardig-bench-XXXXXX", NULL);
	double source = 1e9, cached = 1e9;
	g_autoptr(Diagnostics) diag = diagnostics_new();
	guint rules_n = 0;
	gsize image = 0;

	for (guint round = 0; round < ROUNDS; round++) {
		gint64 before = cpu_us();
		g_autoptr(Rules) rules = rules_load(dirs, diag);
		source = MIN(source, (cpu_us() - before) / 1e3);
		g_assert(rules != NULL);

		g_autoptr(Rules) warm = rules_load_cached(dirs, cache, diag);
		before = cpu_us();
		g_autoptr(Rules) mapped = rules_load_cached(dirs, cache, diag);
		cached = MIN(cached, (cpu_us() - before) / 1e3);
		rules_n = rules_count(mapped);
		image = mapped->size;
	}
	printf("loading %s: %u rules, image of %" G_GSIZE_FORMAT " KB\n", folder, rules_n,
	       image / 1024);
	printf("  from source %.1f ms, from the cache %.2f ms\n", source, cached);

	const char *name;
	g_autoptr(GDir) dir = g_dir_open(cache, 0, NULL);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(cache, name, NULL);

		remove(path);
	}
	remove(cache);
}

int
main(int argc, char **argv)
{
	bench_phrases();
	for (int i = 1; i < argc; i++)
		bench_loading(argv[i]);
	bench_hostile();
	return 0;
}
