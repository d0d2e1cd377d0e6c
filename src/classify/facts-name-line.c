/* facts-name-line.c - the name that one line of a mail ends with, and how sure it is one.
 *
 * A name stands on a line of its own, behind a closing ("Groetjes Joke"), or behind the last full
 * stop ("Geen haast! Saar"). From the end of a line words are collected as long as they can be part
 * of a name; what stands before them must then be a boundary. */
#include "config.h"

#include <string.h>

#include "classify/facts-name.h"

/* What a known first name at the beginning of a line weighs. */
#define SURE 7

gboolean
name_is_kiss(const NameWord *word)
{
	return word->length <= 4 && strspn(word->start, "xXoO") >= word->length;
}

/* A stop that ends a sentence; that of an initial or a title does not. */
gboolean
name_ends_sentence(const NameWord *word)
{
	return word->stop != 0 && strchr(",-(", word->stop) == NULL;
}

static gboolean
is_number(const NameWord *word)
{
	guint digits = 0;

	for (gsize i = 0; i < word->length; i++)
		digits += g_ascii_isdigit(word->start[i]);
	return digits >= 2;
}

/* "Merci hè, Gonda", "Herzlichst, Ayşe": how much the words up to a comma look like a closing. */
static int
clause_weight(NameLine *line, guint end)
{
	guint first = end;

	for (; first > 0; first--) {
		if (first < end && name_ends_sentence(&line->words[first - 1]))
			break;
		if (name_class_at(line, first - 1) & NAME_CLOSING)
			return 4;
	}
	/* "Have a good one, Shaz" */
	return end - first <= (first == 0 && !line->cut ? 5 : 3) ? 3 : 1;
}

/* "Groetjes van", "Thank you from", "Beste Grüße von der": what joins a closing and a name. */
static gboolean
joins_closing(NameLine *line, guint first)
{
	guint class = first > 1 ? name_class_at(line, first - 1) : 0;

	return (class & (NAME_PARTICLE | NAME_FROM | NAME_CLOSING_PART)) != 0
	       && (class & NAME_CAPITAL) == 0 && line->words[first - 1].stop == 0
	       && line->words[first - 2].stop == 0
	       && (name_class_at(line, first - 2) & NAME_CLOSING) != 0;
}

/* Words before a person rather than a place. */
static gboolean
is_of(const NameWord *word)
{
	return word->length == 3
	       && (g_ascii_strncasecmp(word->start, "van", 3) == 0
	           || g_ascii_strncasecmp(word->start, "von", 3) == 0);
}

/* "i. A. Friedlinde Obermoser": on behalf of, no initial. */
static gboolean
is_on_behalf(const NameLine *line, guint at)
{
	return at > 0 && line->words[at].length == 2 && strchr("AV", *line->words[at].start) != NULL
	       && g_str_has_prefix(line->words[at - 1].start, "i. ");
}

/* What may stand directly before a name; 0 none, else its weight. */
static int
boundary_weight(NameLine *line, guint first)
{
	const NameWord *before;

	if (first == 0)
		return line->cut ? 0 : 3;
	before = &line->words[first - 1];
	if ((name_class_at(line, first - 1) & NAME_CLOSING) || joins_closing(line, first))
		return 4;
	if (is_on_behalf(line, first - 1))
		return 4;
	if ((name_class_at(line, first - 1) & NAME_DEPARTMENT) && before->stop == 0)
		return 4;
	if (name_is_kiss(before) && first > 1)
		return 4;
	if (name_ends_sentence(before))
		return 3;
	if (is_number(before))
		return 3;
	if (before->stop == ',')
		return clause_weight(line, first);
	return before->stop == '-' ? 1 : 0;
}

static void
find_at_end(NameLine *line, guint n, NameFound *best)
{
	guint first = n;

	if (n == 0)
		return;
	while (first > 0 && n - first < NAME_WORDS_MAX) {
		const NameWord *word = &line->words[first - 1];

		/* "... klaar! Jan" */
		if (first < n && word->stop != 0)
			break;
		if (!name_is_possible(name_class_at(line, first - 1)))
			break;
		first--;
	}
	/* The longest run that is a name and has a boundary before it. */
	for (guint from = first; from < n; from++) {
		int boundary = boundary_weight(line, from);
		int weight = name_weight(&line->words[from], n - from);
		const NameWord *last = &line->words[n - 1];

		/* "Groetjes Hope": behind a closing a capital is enough. */
		if (weight == 0 && boundary == 4 && n - from == 1 && !joins_closing(line, from)
		    && (last->class & NAME_CAPITAL)
		    && !(last->class & (NAME_CLOSING | NAME_CLOSING_PART)))
			weight = 2;
		/* "Ben", "Ton" alone on a line are names, though words too. */
		if (weight == 0 && line->n == 1 && !line->cut && last->stop == 0
		    && (last->class & (NAME_CAPITAL | NAME_CAPITALS | NAME_COMMON))
		           == (NAME_CAPITAL | NAME_COMMON))
			weight = 2;
		if (boundary == 0 || weight == 0 || is_on_behalf(line, from))
			continue;
		/* "Groetjes uit Gent", but "Groetjes van Wies" */
		if (weight < 4 && joins_closing(line, from)
		    && !(weight > 1 && is_of(&line->words[from - 1]))
		    && !(name_class_at(line, from - 1) & NAME_CLOSING))
			continue;
		/* A full stop behind speaks against it: names are rarely closed by one. */
		if (n == line->n && (last->stop == '.' || last->stop == '!' || last->stop == '?'))
			weight -= last->stop == '.' && weight >= 4 ? 1 : 3;
		/* Behind a comma only what is surely a name. */
		if (boundary == 1 && weight < 4)
			weight -= 2;
		/* "Bises de Brest": the small word belongs to the closing. */
		if (from > 0 && (name_class_at(line, from) & (NAME_PARTICLE | NAME_FROM))
		    && !(name_class_at(line, from) & (NAME_CAPITAL | NAME_GIVEN))
		    && (name_class_at(line, from - 1) & NAME_CLOSING))
			continue;
		if (weight <= 0 || weight + boundary <= best->strength)
			continue;
		best->start = line->words[from].start;
		best->end = last->start + last->length;
		best->strength = weight + boundary;
		best->whole = from == 0 && !line->cut;
	}
}

/* Letters that are no word of any list. */
static gboolean
is_unknown(guint class)
{
	return (class & NAME_LETTERS) != 0
	       && !(class
	            & (NAME_COMMON | NAME_NEVER | NAME_CLOSING | NAME_CAPITALS | NAME_LABEL));
}

/* Where a name in small letters begins whose last word is words[n - 1]; n if what stands before it
 * speaks against one. Behind a sentence it is oftener a last insult. */
static guint
small_from(NameLine *line, guint n)
{
	const NameWord *before = n > 1 ? &line->words[n - 2] : NULL;
	guint class = n > 1 ? name_class_at(line, n - 2) : 0;

	if (before == NULL)
		return line->cut ? n : 0;
	if ((class & NAME_CLOSING) && (before->stop == 0 || before->stop == ','))
		return n - 1;
	if (before->stop != 0)
		return n;
	if (n == 2 && !line->cut
	    && (is_unknown(class) || (before->length == 2 && before->start[1] == '.')))
		return 0;
	return is_number(before) && before->length >= 4 ? n - 1 : n;
}

/* Words in small letters, alone on a line, behind a number or a closing: "joey",
 * "771203 enrico", "lg traudi", "m. rademacher". */
static void
find_small(NameLine *line, guint n, NameFound *best)
{
	const NameWord *word = &line->words[n > 0 ? n - 1 : 0];

	if (n == 0 || best->strength > 0 || word->stop != 0 || name_is_kiss(word)
	    || !is_unknown(name_class_at(line, n - 1))
	    || g_utf8_strlen(word->start, word->length) < 3)
		return;
	guint from = small_from(line, n);
	if (from == n)
		return;
	best->start = line->words[from].start;
	best->end = word->start + word->length;
	best->strength = NAME_ENOUGH;
	best->whole = from == 0 && !line->cut;
}

/* Words at the end that are no part of the name: kisses, numbers, a bracket, a town, a trade. */
static guint
drop_ending(NameLine *line, guint n)
{
	while (n > 0) {
		const NameWord *word = &line->words[n - 1];
		gboolean label =
		    (facts_class(word->start, word->length)
		     & (FACT_BIT(FACT_ORDER) | FACT_BIT(FACT_NUMBER) | FACT_BIT(FACT_REF)))
		    != 0;

		if (n > 1 && name_is_kiss(word))
			n--;
		else if (is_number(word) || (label && n < line->n && is_number(&line->words[n])))
			n--;
		/* "Auftrag PH 618" */
		else if (n > 1 && n < line->n && is_number(&line->words[n]) && word->length <= 4
		         && (name_class_at(line, n - 1) & (NAME_CAPITALS | NAME_INITIAL))
		         && word->stop == 0 && (name_class_at(line, n - 2) & NAME_LABEL))
			n--;
		else
			break;
	}
	return n;
}

/* The line from its first word to its last. */
static void
take_whole(const NameLine *line, int strength, NameFound *best)
{
	const NameWord *last = &line->words[line->n - 1];

	*best = (NameFound){ line->words[0].start, last->start + last->length, strength, TRUE };
}

/* "Accounts, Pell & Daughters": a department and its firm, alone on a line. */
static void
find_firm(NameLine *line, NameFound *best)
{
	gboolean comma = FALSE, firm = FALSE;

	if (line->n < 3 || line->n > 6 || line->cut || line->words[line->n - 1].stop != 0)
		return;
	for (guint i = 0; i < line->n; i++) {
		const NameWord *word = &line->words[i];
		guint class = name_class_at(line, i);

		if (!name_is_possible(class) || name_ends_sentence(word) || (class & NAME_GIVEN)
		    || !(class & (NAME_CAPITAL | NAME_AND | NAME_PARTICLE)))
			return;
		firm |= !comma && (class & NAME_ORG) && (class & NAME_CAPITAL);
		comma |= word->stop == ',';
	}
	if (!firm || !comma)
		return;
	take_whole(line, 7, best);
}

/* "Karin aus Linz", "Old Bob in Whitby", "Vera at 9 Mill Row": the place is no part of the name. */
static void
find_without_place(NameLine *line, guint n, NameFound *best)
{
	for (guint at = n; at-- > 1 && n - at <= 5;) {
		const NameWord *word = &line->words[at];
		guint class = name_class_at(line, at), next;
		NameFound other = { 0 };

		if (line->words[at - 1].stop != 0)
			return;
		if (at + 1 == n || (class & NAME_CAPITAL) || word->length == 0
		    || !(facts_class(word->start, word->length) & FACT_BIT(FACT_PLACE)))
			continue;
		next = name_class_at(line, at + 1);
		if (!(next & (NAME_CAPITAL | NAME_DIGITS | NAME_PARTICLE | NAME_CLOSING_PART)))
			continue;
		find_at_end(line, at, &other);
		if (other.strength >= ((class & NAME_FROM) || other.whole ? NAME_ENOUGH : SURE)) {
			other.whole |= best->whole;
			*best = other;
		}
		return;
	}
}

/* "Mavis and the Thursday ladies", "Bettina & die 4b": alone on a line, whoever the others are. */
static void
find_group(NameLine *line, NameFound *best)
{
	if (line->n < 4 || line->n > 6 || line->cut || best->strength >= NAME_ENOUGH
	    || line->words[line->n - 1].stop != 0
	    || (name_class_at(line, 0) & (NAME_COMMON | NAME_CAPITAL)) != NAME_CAPITAL
	    || !(name_class_at(line, 1) & NAME_AND))
		return;
	for (guint i = 0; i < line->n; i++)
		if (name_ends_sentence(&line->words[i]))
			return;
	take_whole(line, 6, best);
}

/* "Clinique vétérinaire du Parc": a line that begins with a firm's word and ends with a capital. */
static void
find_house(NameLine *line, NameFound *best)
{
	if (line->n < 3 || line->n > 6 || line->cut || best->strength >= NAME_ENOUGH
	    || (name_class_at(line, 0) & (NAME_ORG | NAME_CAPITAL)) != (NAME_ORG | NAME_CAPITAL)
	    || !(name_class_at(line, line->n - 1) & NAME_CAPITAL))
		return;
	for (guint i = 0; i < line->n; i++)
		if (line->words[i].stop != 0
		    || !(name_class_at(line, i)
		         & (NAME_LETTERS | NAME_INITIAL | NAME_PARTICLE | NAME_AND)))
			return;
	take_whole(line, 6, best);
}

void
name_of_line(NameLine *line, NameFound *found)
{
	guint n = drop_ending(line, line->n);

	memset(found, 0, sizeof *found);
	find_at_end(line, n, found);
	/* "Wim Verstraeten, Aalst", "Irene Oakley (Mrs)", "Ludo Maes, scouts Sint-Joris": what
	 * stands before the last commas may be the better name. */
	for (guint cut = n, tries = 0; cut > 0 && n - cut < 6 && tries < 3; cut--) {
		NameFound other = { 0 };
		const NameWord *word = &line->words[cut - 1];

		if (cut == n || word->stop == 0 || strchr(",-(", word->stop) == NULL)
			continue;
		tries++;
		find_at_end(line, cut, &other);
		/* "Lou, de la fanfare", not "Overmaken, en snel." */
		if (word->stop == ',' && other.strength < SURE && !other.whole
		    && !(name_class_at(line, cut) & (NAME_CAPITAL | NAME_DIGITS | NAME_ORG)))
			continue;
		/* "Philippe de Wit, Brugge" */
		if (other.strength > MAX(found->strength, 4)
		    || (other.whole && other.strength >= NAME_ENOUGH && !found->whole && line->n > 2
		        && found->strength < SURE && !(name_class_at(line, 0) & NAME_ORG)))
			*found = other;
	}
	find_without_place(line, n, found);
	find_group(line, found);
	find_house(line, found);
	find_firm(line, found);
	find_small(line, n, found);
}
