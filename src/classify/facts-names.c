/* facts-names.c - is this word part of a name? From the lists in conf/rules/names.txt and its shape. */
#include "config.h"

#include <string.h>

#include "aardig/log.h"
#include "aardig/settings.h"
#include "classify/facts-name.h"
#include "classify/language.h"

static const struct {
	const char *section;
	guint class;
} sections[] = {
	{ "closing", NAME_CLOSING }, { "closing-part", NAME_CLOSING_PART },
	{ "title", NAME_TITLE },     { "kin", NAME_KIN },
	{ "particle", NAME_PARTICLE }, { "and", NAME_AND },
	{ "from", NAME_FROM },       { "org", NAME_ORG },
	{ "given", NAME_GIVEN },     { "never", NAME_NEVER },
	{ "greeting", NAME_GREETING },
};

static Lexicon *names;
static char *names_from;

static void
add_word(const char *section, const char *word, void *data)
{
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++)
		if (strcmp(section, sections[i].section) == 0)
			lexicon_add(names, word, sections[i].class);
}

static guint
listed(const char *word, gsize length)
{
	const char *datadir = settings_datadir();

	if (names == NULL || strcmp(names_from, datadir) != 0) {
		g_autofree char *path = g_build_filename(datadir, "rules", "names.txt", NULL);
		g_autoptr(GError) error = NULL;

		lexicon_free(names);
		g_free(names_from);
		names = lexicon_new();
		names_from = g_strdup(datadir);
		if (!lexicon_read_file(path, add_word, NULL, &error))
			log_warning("classify", "words of names: %s", error->message);
	}
	return lexicon_find(names, word, length);
}

/* "K.", "R.F.", "J": capitals with full stops between, at most four. */
static gboolean
is_initial(const char *word, gsize length)
{
	const char *p = word, *end = word + length;
	guint letters = 0;

	while (p < end) {
		gunichar c = g_utf8_get_char(p);

		if (!g_unichar_isupper(c) || ++letters > 4)
			return FALSE;
		p = g_utf8_next_char(p);
		if (p < end && *p != '.' && *p != '-')
			return FALSE;
		/* "K.-H." */
		while (p < end && (*p == '.' || *p == '-'))
			p++;
	}
	return letters == 1 || (letters > 1 && memchr(word, '.', length) != NULL);
}

static guint
shape_of(const char *word, gsize length)
{
	gboolean letters = TRUE, upper = TRUE, first = TRUE;
	guint class = 0, count = 0;

	for (const char *p = word; p < word + length; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_isdigit(c))
			class |= NAME_DIGITS;
		if (g_unichar_isalpha(c)) {
			if (first && g_unichar_isupper(c))
				class |= NAME_CAPITAL;
			upper &= g_unichar_isupper(c) != 0;
			first = FALSE;
			count++;
			continue;
		}
		/* "D'Hondt" and "'t Hart" are names, "l.l." is none. */
		if (c != '-' && c != '\'' && c != 0x2019)
			letters = FALSE;
	}
	if (letters && count > 0)
		class |= NAME_LETTERS;
	if (upper && count > 1)
		class |= NAME_CAPITALS;
	return class;
}

/* Words listed by their beginning: "groet*". */
static guint
listed_beginning(const char *word, gsize length)
{
	char folded[LEXICON_WORD_MAX + 2];
	gsize n = lexicon_fold(word, length, folded);

	for (gsize i = 4; i < n && i < 12; i++) {
		char kept = folded[i];
		guint class;

		if (((guchar)kept & 0xC0) == 0x80)
			continue;
		folded[i] = '*';
		class = lexicon_find(names, folded, i + 1);
		folded[i] = kept;
		if (class != 0)
			return class;
	}
	return 0;
}

guint
name_word_class(const char *word, gsize length)
{
	guint class, lists;
	gsize bare = length;

	if (length == 0 || length > LEXICON_WORD_MAX)
		return 0;
	while (bare > 0 && strchr(".,!", word[bare - 1]) != NULL)
		bare--;
	lists = listed(word, length) | listed(word, bare);
	if (lists == 0)
		lists = listed_beginning(word, bare);
	class = lists | shape_of(word, bare);
	if (is_initial(word, length))
		class |= NAME_INITIAL | NAME_CAPITAL;
	if (language_is_common_word(word, bare))
		class |= NAME_COMMON;
	if (facts_class(word, bare) & (FACT_BIT(FACT_ORDER) | FACT_BIT(FACT_NUMBER) | FACT_BIT(FACT_NOT)
	                               | FACT_BIT(FACT_PARCEL)))
		class |= NAME_LABEL;
	/* A double name is given if its first part is: "Hans-Peter". */
	const char *hyphen = memchr(word, '-', bare);
	if (hyphen != NULL && (listed(word, hyphen - word) & NAME_GIVEN))
		class |= NAME_GIVEN;
	return class;
}
