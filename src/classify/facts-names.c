/* facts-names.c - is this word part of a name? From the lists in conf/rules/names.txt and its
 * shape. */
#include "config.h"

#include <string.h>

#include "classify/facts-name.h"
#include "classify/language.h"
#include "classify/lists.h"

static const struct {
	const char *section;
	guint class;
} sections[] = {
	{ "closing", NAME_CLOSING },   { "closing-part", NAME_CLOSING_PART },
	{ "title", NAME_TITLE },       { "kin", NAME_KIN },
	{ "particle", NAME_PARTICLE }, { "and", NAME_AND },
	{ "from", NAME_FROM },         { "org", NAME_ORG },
	{ "given", NAME_GIVEN },       { "never", NAME_NEVER },
	{ "greeting", NAME_GREETING }, { "initial", NAME_INITIAL },
	{ "department", NAME_DEPARTMENT },
};

static Lexicon *names;

static guint32
mask_of_section(const char *section, const void *data)
{
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++)
		if (strcmp(section, sections[i].section) == 0)
			return sections[i].class;
	return 0;
}

static const Lexicon *
name_lists(void)
{
	static const ListSource source = { "names", 3000, { "names.txt" }, mask_of_section };

	if (names == NULL)
		names = lists_load(&source);
	return names;
}

/* A word as the lists have it, folded once for all of them. */
typedef struct {
	char folded[LEXICON_WORD_MAX + 1];
	gsize length; /* 0: in no list */
} Listed;

static guint
listed(Listed *word, gsize trailing)
{
	const Lexicon *lists = name_lists();
	guint class;

	if (word->length == 0)
		return 0;
	class = lexicon_find_folded(lists, word->folded, word->length);
	if (trailing > 0 && word->length > trailing) {
		word->length -= trailing;
		word->folded[word->length] = '\0';
		class |= lexicon_find_folded(lists, word->folded, word->length);
	}
	if (class == 0)
		class = lexicon_find_beginning(lists, word->folded, word->length);
	if (language_lexicon_has(word->folded, word->length))
		class |= NAME_COMMON;
	return class;
}

static gboolean
is_given(const char *word, gsize length)
{
	Listed part;

	part.length = lexicon_fold(word, length, part.folded);
	return (listed(&part, 0) & NAME_GIVEN) != 0;
}

/* "Dr.", "vzw.", "v.d.": listed with their full stop, which then ends no sentence. */
static gboolean
is_abbreviation(const char *word, gsize length)
{
	char folded[LEXICON_WORD_MAX + 1];
	gsize n = lexicon_fold(word, length, folded);

	return n > 0
	       && (lexicon_find_folded(name_lists(), folded, n)
	           & (NAME_INITIAL | NAME_TITLE | NAME_ORG | NAME_PARTICLE))
	              != 0;
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
		gboolean capital;

		if (c < 0x80 ? g_ascii_isdigit(c) : g_unichar_isdigit(c))
			class |= NAME_DIGITS;
		if (c < 0x80 ? g_ascii_isalpha(c) : g_unichar_isalpha(c)) {
			capital = c < 0x80 ? g_ascii_isupper(c) : g_unichar_isupper(c);
			if (first && capital)
				class |= NAME_CAPITAL;
			upper &= capital;
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

guint
name_word_class(const char *word, gsize length)
{
	gsize bare = length;
	Listed known;
	guint class;

	if (length == 0 || length > LEXICON_WORD_MAX)
		return 0;
	while (bare > 0 && strchr(".,!", word[bare - 1]) != NULL)
		bare--;
	known.length = lexicon_fold(word, length, known.folded);
	class = listed(&known, length - bare) | shape_of(word, bare);
	if (is_initial(word, length))
		class |= NAME_INITIAL | NAME_CAPITAL;
	if (known.length > 0
	    && (facts_class_folded(known.folded, known.length)
	        & (FACT_BIT(FACT_ORDER) | FACT_BIT(FACT_NUMBER) | FACT_BIT(FACT_NOT)
	           | FACT_BIT(FACT_PARCEL) | FACT_BIT(FACT_REF))))
		class |= NAME_LABEL;
	/* A double name is given if its first part is: "Hans-Peter". */
	const char *hyphen = memchr(word, '-', bare);
	if (hyphen != NULL && is_given(word, hyphen - word))
		class |= NAME_GIVEN;
	return class;
}

/* ---- words of a line ---- */

/* Names and closings stand within this many bytes of the end of a line. */
#define LINE_MAX_BYTES 160

static void
trim_word(NameWord *word)
{
	const char *end = word->start + word->length;

	while (word->length > 0) {
		const char *last = g_utf8_prev_char(end);
		gunichar c = (guchar)*last < 0x80 ? (guchar)*last : g_utf8_get_char(last);

		if ((c < 0x80 ? g_ascii_isalnum(c) : g_unichar_isalnum(c)) || c == '\''
		    || c == 0x2019 || c == '&' || c == '+')
			break;
		if (c == '.'
		    && (is_initial(word->start, word->length)
		        || is_abbreviation(word->start, word->length)))
			break;
		if (c < 0x80 && strchr(".!?:;),", c) != NULL)
			word->stop = c;
		else if (c == 0x2026)
			word->stop = '.';
		else if (word->stop == 0)
			word->stop = c >= 0x2190 ? 'e' : '-';
		end = last;
		word->length = end - word->start;
	}
}

/* No ASCII letter or digit needs GLib's tables. */
static gboolean
is_space_at(const char *p)
{
	if ((guchar)*p > ' ' && (guchar)*p < 0x7f)
		return FALSE;
	return g_unichar_isspace(g_utf8_get_char(p));
}

static gboolean
is_opening(gunichar c)
{
	if (c < 0x80 && g_ascii_isalnum(c))
		return FALSE;
	return !g_unichar_isalnum(c) && c != '&' && c != '+' && c != '\'' && c != 0x2019;
}

/* Splits at blanks; quotes, brackets and the like around a word are dropped, but noted as
 * boundaries. */
void
name_split_line(const char *start, const char *end, NameLine *line)
{
	const char *p = end - start > LINE_MAX_BYTES
	                    ? g_utf8_find_next_char(end - LINE_MAX_BYTES, end)
	                    : start;

	line->n = 0;
	line->cut = p != start;
	while (p != NULL && p < end) {
		NameWord word = { 0 };

		while (p < end && is_space_at(p))
			p = g_utf8_next_char(p);
		word.start = p;
		while (p < end && !is_space_at(p))
			p = g_utf8_next_char(p);
		word.length = p - word.start;
		if (word.length == 0)
			break;
		while (word.length > 0 && is_opening(g_utf8_get_char(word.start))) {
			const char *next = g_utf8_next_char(word.start);

			if (*word.start == '(' && line->n > 0)
				line->words[line->n - 1].stop = '(';
			word.length -= next - word.start;
			word.start = next;
		}
		trim_word(&word);
		if (word.length == 0) {
			/* An emoji, a dash, a smiley: a boundary for what follows. */
			if (line->n > 0 && line->words[line->n - 1].stop == 0)
				line->words[line->n - 1].stop = 'e';
			continue;
		}
		if (line->n == NAME_LINE_WORDS) {
			memmove(line->words, line->words + 1,
			        (NAME_LINE_WORDS - 1) * sizeof *line->words);
			line->n--;
			line->cut = TRUE;
		}
		line->words[line->n++] = word;
	}
}

guint
name_class_at(NameLine *line, guint i)
{
	NameWord *word = &line->words[i];

	if (word->class == 0)
		word->class = name_word_class(word->start, word->length) | NAME_ASKED;
	return word->class;
}

/* ---- how sure ---- */

gboolean
name_is_possible(guint class)
{
	if (class & (NAME_DIGITS | NAME_NEVER))
		return FALSE;
	if ((class & (NAME_LABEL | NAME_GREETING)) && !(class & (NAME_GIVEN | NAME_INITIAL)))
		return FALSE;
	if (class & (NAME_INITIAL | NAME_TITLE | NAME_PARTICLE | NAME_AND | NAME_KIN | NAME_FROM))
		return TRUE;
	if ((class & NAME_CLOSING) && !(class & NAME_GIVEN))
		return FALSE;
	if (class & (NAME_GIVEN | NAME_ORG))
		return (class & (NAME_CAPITAL | NAME_COMMON)) != NAME_COMMON;
	return (class & NAME_CAPITAL) != 0 && (class & NAME_LETTERS) != 0;
}

typedef struct {
	guint given, solid, initials, titles, orgs, kin, common, particles;
} Parts;

static Parts
count_parts(const NameWord *words, guint n)
{
	Parts parts = { 0 };

	for (guint i = 0; i < n; i++) {
		guint class = words[i].class;

		if (class & NAME_INITIAL)
			parts.initials++;
		else if (class & NAME_TITLE)
			parts.titles++;
		else if (class & NAME_KIN)
			parts.kin++;
		else if (class & NAME_GIVEN)
			parts.given++;
		else if (class & NAME_ORG)
			parts.orgs++;
		else if (class & (NAME_PARTICLE | NAME_AND | NAME_FROM))
			parts.particles++;
		else if (class & NAME_COMMON)
			parts.common++;
		else
			parts.solid++;
	}
	return parts;
}

int
name_weight(const NameWord *words, guint n)
{
	Parts parts = count_parts(words, n);
	guint first = words[0].class, last = words[n - 1].class;

	if (n > NAME_WORDS_MAX)
		return 0;
	/* Nothing begins or ends with a joining word. */
	if ((first & (NAME_AND | NAME_FROM)) && !(first & (NAME_GIVEN | NAME_PARTICLE)))
		return 0;
	/* "The Brophy family" */
	if ((last & (NAME_AND | NAME_PARTICLE | NAME_FROM | NAME_TITLE))
	    && !(last & (NAME_GIVEN | NAME_INITIAL))
	    && !(n > 1 && (last & NAME_TITLE) && (first & NAME_CAPITAL)
	         && !(first & NAME_TITLE))
	    /* "Eileen Mac" */
	    && !(n == 2 && (first & NAME_GIVEN) && (last & NAME_PARTICLE)
	         && (last & NAME_CAPITAL)))
		return 0;
	if (parts.common > parts.given + parts.solid + parts.orgs + parts.initials)
		return 0;
	if (parts.given > 0)
		return n > 1 ? 5 : 4;
	if (parts.orgs > 0 && parts.solid + parts.common > 0)
		return 3;
	if ((parts.titles + parts.initials + parts.kin) > 0 && parts.solid + parts.common > 0)
		return 4;
	if (parts.solid == 0)
		return 0;
	if (n == 1 && (first & NAME_CAPITALS))
		return words[0].length <= 5 ? 0 : 1;
	if (!(first & NAME_CAPITAL) && !(first & NAME_PARTICLE))
		return 0;
	return n > 1 ? 3 : 2;
}
