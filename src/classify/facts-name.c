/* facts-name.c - the customer's name as they signed, and the first name to greet them by.
 *
 * A name stands at the end: on lines of its own, behind a closing ("Groetjes Joke"), or behind the last full
 * stop ("Geen haast! Saar"). From the end of a line words are collected as long as they can be part
 * of a name; what stands before them must then be a boundary. */
#include "config.h"

#include <string.h>

#include "classify/facts-name.h"

#define LINES_MAX 10
#define WORDS_MAX 64
#define NAME_WORDS_MAX 7
#define LINE_MAX_BYTES 600
#define NAME_MAX_BYTES 80

typedef struct {
	const char *start;
	gsize length;   /* without closing punctuation, but with the full stop of an initial or title */
	guint class;
	char stop;      /* '.' '!' '?' ':' ')' ',' behind the word, '(' before the next one, '-' other
	                 * signs, 'e' an emoji; 0 */
} Word;

typedef struct {
	Word words[WORDS_MAX];
	guint n;
	gboolean cut;   /* the line had more words before these */
} NameLine;

typedef struct {
	const char *start, *end;
	int strength;   /* 0: none */
	gboolean whole; /* the line held nothing else but numbers and closings */
} Found;

/* ---- words of a line ---- */

static gboolean
is_kiss(const Word *word)
{
	return word->length <= 4 && strspn(word->start, "xXoO") >= word->length;
}

static void
trim_word(Word *word)
{
	const char *end = word->start + word->length;

	while (word->length > 0) {
		const char *last = g_utf8_prev_char(end);
		gunichar c = g_utf8_get_char(last);

		if (g_unichar_isalnum(c) || c == '\'' || c == 0x2019 || c == '&' || c == '+')
			break;
		if (c == '.' && (word->class = name_word_class(word->start, word->length))
		        & (NAME_INITIAL | NAME_TITLE | NAME_ORG))
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

static gboolean
is_opening(gunichar c)
{
	return !g_unichar_isalnum(c) && c != '&' && c != '+' && c != '\'' && c != 0x2019;
}

/* Splits at blanks; quotes, brackets and the like around a word are dropped, but noted as boundaries. */
static void
split_line(const char *start, const char *end, NameLine *line)
{
	const char *p = end - start > LINE_MAX_BYTES ? g_utf8_find_next_char(end - LINE_MAX_BYTES, end)
	                                             : start;

	memset(line, 0, sizeof *line);
	line->cut = p != start;
	while (p != NULL && p < end) {
		Word word = { 0 };

		while (p < end && g_unichar_isspace(g_utf8_get_char(p)))
			p = g_utf8_next_char(p);
		word.start = p;
		while (p < end && !g_unichar_isspace(g_utf8_get_char(p)))
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
		word.class = name_word_class(word.start, word.length);
		if (line->n == WORDS_MAX) {
			memmove(line->words, line->words + 1, (WORDS_MAX - 1) * sizeof *line->words);
			line->n--;
			line->cut = TRUE;
		}
		line->words[line->n++] = word;
	}
}

/* ---- a name at the end of words[0..n) ---- */

static gboolean
can_be_name(const Word *word)
{
	guint class = word->class;

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

/* A stop that ends a sentence; that of an initial or a title does not. */
static gboolean
ends_sentence(const Word *word)
{
	return word->stop != 0 && strchr(",-(", word->stop) == NULL;
}

static gboolean
is_number(const Word *word)
{
	guint digits = 0;

	for (gsize i = 0; i < word->length; i++)
		digits += g_ascii_isdigit(word->start[i]);
	return digits >= 2;
}

/* "Merci hè, Gonda", "Herzlichst, Ayşe": how much the words up to a comma look like a closing. */
static int
clause_weight(const NameLine *line, guint end)
{
	guint first = end;

	for (; first > 0; first--) {
		if (first < end && ends_sentence(&line->words[first - 1]))
			break;
		if (line->words[first - 1].class & NAME_CLOSING)
			return 4;
	}
	return end - first <= 3 ? 2 : 1;
}

/* What may stand directly before a name; 0 none, else its weight. */
static int
boundary_weight(const NameLine *line, guint first)
{
	const Word *before;

	if (first == 0)
		return line->cut ? 0 : 3;
	before = &line->words[first - 1];
	if (before->class & NAME_CLOSING)
		return 4;
	if (is_kiss(before) && first > 1)
		return 4;
	if (ends_sentence(before))
		return 3;
	if (is_number(before))
		return 3;
	if (before->stop == ',')
		return clause_weight(line, first);
	return before->stop == '-' ? 1 : 0;
}

typedef struct {
	guint given, solid, initials, titles, orgs, kin, common, particles;
} Parts;

static Parts
count_parts(const Word *words, guint n)
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

/* How sure words[0..n) are a name; 0: they are none. */
static int
name_weight(const Word *words, guint n)
{
	Parts parts = count_parts(words, n);
	guint first = words[0].class, last = words[n - 1].class;

	if (n > NAME_WORDS_MAX)
		return 0;
	/* Nothing begins or ends with a joining word. */
	if ((first & (NAME_AND | NAME_FROM)) && !(first & (NAME_GIVEN | NAME_PARTICLE)))
		return 0;
	if ((last & (NAME_AND | NAME_PARTICLE | NAME_FROM | NAME_TITLE))
	    && !(last & (NAME_GIVEN | NAME_INITIAL)))
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

static void
find_at_end(const NameLine *line, guint n, Found *best)
{
	guint first = n;

	if (n == 0)
		return;
	while (first > 0 && n - first < NAME_WORDS_MAX) {
		const Word *word = &line->words[first - 1];

		/* "... klaar! Jan" */
		if (first < n && word->stop != 0)
			break;
		if (!can_be_name(word))
			break;
		first--;
	}
	/* The longest run that is a name and has a boundary before it. */
	for (guint from = first; from < n; from++) {
		int boundary = boundary_weight(line, from);
		int weight = name_weight(&line->words[from], n - from);
		const Word *last = &line->words[n - 1];

		/* "Groetjes Hope": behind a closing a capital is enough. */
		if (weight == 0 && boundary == 4 && n - from == 1 && (last->class & NAME_CAPITAL)
		    && !(last->class & (NAME_CLOSING | NAME_CLOSING_PART)))
			weight = 2;
		if (boundary == 0 || weight == 0)
			continue;
		/* A full stop behind speaks against it: names are rarely closed by one. */
		if (n == line->n && (last->stop == '.' || last->stop == '!' || last->stop == '?'))
			weight -= last->stop == '.' && weight >= 4 ? 1 : 3;
		/* Behind a comma only what is surely a name. */
		if (boundary == 1 && weight < 4)
			weight -= 2;
		/* "Bises de Brest": the small word belongs to the closing. */
		if (from > 0 && (line->words[from].class & (NAME_PARTICLE | NAME_FROM))
		    && !(line->words[from].class & (NAME_CAPITAL | NAME_GIVEN))
		    && (line->words[from - 1].class & NAME_CLOSING))
			continue;
		if (weight <= 0 || weight + boundary <= best->strength)
			continue;
		best->start = line->words[from].start;
		best->end = last->start + last->length;
		best->strength = weight + boundary;
		best->whole = from == 0 && !line->cut;
	}
}

/* A word in small letters, alone on the last line or behind a number: "joey", "771203 enrico". */
static void
find_small(const NameLine *line, guint n, Found *best)
{
	const Word *word = &line->words[n - 1];
	guint class = n > 0 ? word->class : 0;

	if (n == 0 || best->strength > 0 || word->stop != 0 || is_kiss(word))
		return;
	if (n == 1 ? line->cut : !(is_number(word - 1) && word[-1].length >= 4 && word[-1].stop == 0))
		return;
	if ((class & NAME_LETTERS) == 0 || (class & (NAME_COMMON | NAME_NEVER | NAME_CLOSING | NAME_CAPITALS))
	    || g_utf8_strlen(word->start, word->length) < 3)
		return;
	best->start = word->start;
	best->end = word->start + word->length;
	best->strength = n == 1 ? 4 : 5;
	best->whole = n == 1;
}

/* Words at the end that are no part of the name: kisses, numbers, a bracket, a town, a trade. */
static guint
drop_ending(const NameLine *line, guint n)
{
	while (n > 0) {
		const Word *word = &line->words[n - 1];
		gboolean label = (facts_class(word->start, word->length)
		                  & (FACT_BIT(FACT_ORDER) | FACT_BIT(FACT_NUMBER))) != 0;

		if (n > 1 && is_kiss(word))
			n--;
		else if (is_number(word) || (label && n < line->n && is_number(&line->words[n])))
			n--;
		/* "Auftrag PH 618" */
		else if (n > 1 && n < line->n && is_number(&line->words[n]) && word->length <= 4
		         && (word->class & (NAME_CAPITALS | NAME_INITIAL)) && word->stop == 0
		         && (word[-1].class & NAME_LABEL))
			n--;
		else
			break;
	}
	return n;
}

static void
name_of_line(const char *start, const char *end, Found *found)
{
	NameLine line;

	memset(found, 0, sizeof *found);
	split_line(start, end, &line);
	guint n = drop_ending(&line, line.n);
	find_at_end(&line, n, found);
	/* "Wim Verstraeten, Aalst", "Irene Oakley (Mrs)", "Ludo Maes, scouts Sint-Joris": what stands before
	 * the last commas may be the better name. */
	for (guint cut = n, tries = 0; cut > 0 && n - cut < 6 && tries < 3; cut--) {
		Found other = { 0 };
		const Word *word = &line.words[cut - 1];

		if (cut == n || word->stop == 0 || strchr(",-(", word->stop) == NULL)
			continue;
		tries++;
		find_at_end(&line, cut, &other);
		if (other.strength > MAX(found->strength, 4))
			*found = other;
	}
	find_small(&line, n, found);
}

/* ---- lines ---- */

typedef struct {
	const char *start, *end;
} Span;

/* The last lines that are not empty, in order. */
static guint
last_lines(const char *text, Span lines[LINES_MAX])
{
	const char *end = text + strlen(text);
	guint n = 0;

	while (end > text && n < LINES_MAX) {
		const char *start = end;

		while (start > text && start[-1] != '\n')
			start--;
		const char *from = start, *to = end;
		while (from < to && g_ascii_isspace(*from))
			from++;
		while (to > from && g_ascii_isspace(to[-1]))
			to--;
		if (from < to)
			lines[n++] = (Span){ from, to };
		if (start == text)
			break;
		end = start - 1;
	}
	for (guint i = 0; i < n / 2; i++) {
		Span span = lines[i];

		lines[i] = lines[n - 1 - i];
		lines[n - 1 - i] = span;
	}
	return n;
}

/* "Met vriendelijke groet,", "Groeten uit Drachten", "Thanks!": the name comes on the next line. */
static gboolean
is_closing_line(const Span *span)
{
	gboolean closing = FALSE;
	NameLine line;

	split_line(span->start, span->end, &line);
	if (line.n == 0 || line.n > 8 || line.cut)
		return FALSE;
	for (guint i = 0; i < line.n; i++) {
		guint class = line.words[i].class;

		if (class & NAME_CLOSING)
			closing = TRUE;
		else if ((class & NAME_CLOSING_PART) == 0
		         && !(i > 0 && (line.words[i - 1].class & NAME_FROM)))
			return FALSE;
	}
	return closing;
}

static char *
take(const Found *found)
{
	gsize length = found->end - found->start;

	if (found->strength == 0 || length > NAME_MAX_BYTES)
		return NULL;
	return g_strndup(found->start, length);
}

/* ---- "my name is" ---- */

static const char *const introductions[] = {
	"mijn naam is ", "ik ben ", "ik heet ", "my name is ", "i'm ", "i am ", "this is ", "mein name ist ",
	"ich hei\xc3\x9f" "e ", "ich heisse ", "ich bin ", "je m'appelle ", "je suis ", "mon nom est ",
};

static char *
introduced_name(const char *text)
{
	g_autofree char *lower = g_utf8_strdown(text, MIN(strlen(text), 2000));

	/* Lower case changes the length of a few letters; then places do not fit and nothing is taken. */
	if (strlen(lower) != MIN(strlen(text), 2000))
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(introductions); i++) {
		const char *at = strstr(lower, introductions[i]);
		NameLine line;
		guint n = 0;

		if (at == NULL || (at > lower && g_ascii_isalpha(at[-1])))
			continue;
		const char *from = text + (at - lower) + strlen(introductions[i]);
		split_line(from, from + strcspn(from, "\n"), &line);
		while (n < line.n && n < 4 && can_be_name(&line.words[n])
		       && (line.words[n].class & NAME_CAPITAL)
		       && !(line.words[n].class & (NAME_FROM | NAME_COMMON))) {
			n++;
			if (line.words[n - 1].stop != 0)
				break;
		}
		if (n == 0 || !(line.words[0].class & (NAME_GIVEN | NAME_TITLE | NAME_INITIAL)))
			continue;
		if (name_weight(line.words, n) >= 4)
			return g_strndup(line.words[0].start, line.words[n - 1].start
			                                          + line.words[n - 1].length
			                                          - line.words[0].start);
	}
	return NULL;
}

/* ---- the whole ---- */

/* Of lines below one another that are all names the first is the person: the firm comes after. */
static guint
first_of_block(const Found *found, guint at)
{
	while (at > 0 && found[at - 1].strength > 0 && found[at - 1].whole)
		at--;
	return at;
}

char *
facts_find_customer_name(const FactsSource *source)
{
	Span lines[LINES_MAX];
	Found found[LINES_MAX];
	gsize size = strlen(source->own);
	const char *own = source->own;

	if (size > FACTS_TEXT_MAX)
		own = g_utf8_find_next_char(own + size - FACTS_TEXT_MAX, NULL);
	guint n = last_lines(own, lines);
	for (guint i = 0; i < n; i++)
		name_of_line(lines[i].start, lines[i].end, &found[i]);
	for (guint i = n; i-- > 0;) {
		if (!is_closing_line(&lines[i]))
			continue;
		for (guint j = i + 1; j < n && j <= i + 2; j++)
			if (found[j].strength > 0)
				return take(&found[j]);
	}
	for (guint i = n; i-- > 0;)
		if (found[i].strength >= 5) {
			guint at = found[i].whole ? first_of_block(found, i) : i;

			return take(&found[at]);
		}
	return introduced_name(own);
}

/* ---- first name ---- */

/* "kayleigh" and "SANDRA" are greeted as others are. */
static char *
capitalised(const Word *word)
{
	const char *rest = g_utf8_next_char(word->start), *end = word->start + word->length;
	g_autofree char *head = g_utf8_strup(word->start, rest - word->start);
	g_autofree char *tail = (word->class & NAME_CAPITALS) ? g_utf8_strdown(rest, end - rest)
	                                                      : g_strndup(rest, end - rest);

	return g_strconcat(head, tail, NULL);
}

/* The one word to greet by, or NULL: couples, firms, families and initials have none. */
static char *
first_name_of(const char *name, gboolean must_be_given)
{
	NameLine line;
	guint at = 0;

	split_line(name, name + strlen(name), &line);
	if (line.n == 0 || line.n > NAME_WORDS_MAX || line.cut)
		return NULL;
	for (guint i = 0; i < line.n; i++)
		if ((line.words[i].class & (NAME_AND | NAME_DIGITS | NAME_NEVER | NAME_KIN))
		    || ((line.words[i].class & NAME_ORG) && !(line.words[i].class & NAME_GIVEN)))
			return NULL;
	/* "Vries, Jan de" */
	if (line.words[0].stop == ',' && line.n > 1)
		at = 1;
	while (at < line.n && (line.words[at].class & NAME_TITLE) && !(line.words[at].class & NAME_GIVEN))
		at++;
	if (at == line.n)
		return NULL;
	const Word *word = &line.words[at];
	if ((word->class & NAME_GIVEN) == 0
	    /* Behind a title a single word is a surname, and in a From field anything. */
	    && (at > 0 || (must_be_given && line.n < 2) || !(word->class & NAME_LETTERS)
	        || (word->class & (NAME_INITIAL | NAME_PARTICLE | NAME_COMMON | NAME_CLOSING))))
		return NULL;
	char *first = capitalised(word);
	if (!facts_first_name_is_safe(first))
		g_clear_pointer(&first, g_free);
	return first;
}

char *
facts_find_first_name(const char *customer_name, const char *from_name)
{
	char *first = customer_name != NULL ? first_name_of(customer_name, FALSE) : NULL;

	if (customer_name != NULL || from_name == NULL)
		return first;
	return first_name_of(from_name, TRUE);
}
