/* facts-read.c - what a mail says besides its kind and tone: reads each fact with the file that
 * knows it. */
#include "config.h"

#include <string.h>

#include "classify/facts-private.h"
#include "classify/lists.h"

static const char *const class_names[FACT_CLASSES] = {
	[FACT_ORDER] = "order",   [FACT_NUMBER] = "number",     [FACT_FILLER] = "filler",
	[FACT_NOT] = "not",       [FACT_PARCEL] = "parcel",     [FACT_PREP] = "prep",
	[FACT_CASE] = "case",     [FACT_PREVIOUS] = "previous", [FACT_UNIT] = "unit",
	[FACT_SHORT] = "short",   [FACT_CURRENCY] = "currency", [FACT_MONTH] = "month",
	[FACT_STREET] = "street", [FACT_ORDERED] = "ordered",   [FACT_UNDER] = "under",
	[FACT_VERB] = "verb",     [FACT_PRONOUN] = "pronoun",   [FACT_REF] = "ref",
	[FACT_ABBREVIATION] = "abbreviation",
	[FACT_PHONE] = "phone",   [FACT_ABOUT] = "about",       [FACT_ACT] = "act",
	[FACT_FATE] = "fate",     [FACT_IMPLIED] = "implied",   [FACT_AND] = "and",
	[FACT_MODEL] = "model",   [FACT_PLACE] = "place",
	[FACT_BRAND] = "brand",   [FACT_FITS] = "fits",         [FACT_STOCK] = "stock",
	[FACT_WHEN] = "when",
};

static Lexicon *classes;

static guint32
mask_of_section(const char *section, const void *data)
{
	(void)data;
	for (guint i = 0; i < FACT_CLASSES; i++)
		if (strcmp(section, class_names[i]) == 0)
			return FACT_BIT(i);
	return 0;
}

/* "Kundenbestellung", "proefbestelling"; what else ends in -nummer is a number of something else.
 */
static guint32
class_of_compound(const char *word, gsize length)
{
#define ENDING(text) text, sizeof(text) - 1
	static const struct {
		const char *text;
		gsize length;
		guint class;
	} endings[] = { { ENDING("bestelling"), FACT_ORDER },
		        { ENDING("bestellung"), FACT_ORDER },
		        { ENDING("pakket"), FACT_PARCEL },
		        { ENDING("zending"), FACT_PARCEL },
		        { ENDING("levering"), FACT_PARCEL },
		        { ENDING("paket"), FACT_PARCEL },
		        { ENDING("sendung"), FACT_PARCEL },
		        { ENDING("lieferung"), FACT_PARCEL },
		        { ENDING("nummer"), FACT_NOT },
		        { ENDING("nummern"), FACT_NOT },
		        { ENDING("numer"), FACT_NOT },
		        { ENDING("code"), FACT_NOT } };
#undef ENDING
	char last = length > 0 ? word[length - 1] | 0x20 : 0;

	/* most words end in none of these letters */
	if (last != 'g' && last != 't' && last != 'r' && last != 'n' && last != 'e')
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		gsize n = endings[i].length;

		if (length > n + 2 && last == endings[i].text[n - 1]
		    && g_ascii_strncasecmp(word + length - n, endings[i].text, n) == 0)
			return FACT_BIT(endings[i].class);
	}
	return 0;
}

static const Lexicon *
fact_lists(void)
{
	/* Without the words numbers still have their shape and their place. */
	static const ListSource source = { "facts", 1000, { "facts.txt" }, mask_of_section };

	if (classes == NULL)
		classes = lists_load(&source);
	return classes;
}

guint32
facts_class(const char *word, gsize length)
{
	guint32 class = lexicon_find(fact_lists(), word, length);

	return class != 0 ? class : class_of_compound(word, length);
}

guint32
facts_class_folded(const char *folded, gsize length)
{
	guint32 class = lexicon_find_folded(fact_lists(), folded, length);

	return class != 0 ? class : class_of_compound(folded, length);
}

static gboolean
is_word_char(gunichar c)
{
	if (c < 0x80)
		return g_ascii_isalnum(c) || c == '\'';
	return g_unichar_isalnum(c) || c == 0x2019 || c == 0xBA || c == 0xB0;
}

const char *
facts_word_before(const char *start, const char *at, const char **end_out)
{
	const char *p = at, *end;

	while (p > start) {
		const char *previous = g_utf8_prev_char(p);

		if (is_word_char(g_utf8_get_char(previous)))
			break;
		p = previous;
	}
	if (p == start)
		return NULL;
	end = p;
	while (p > start) {
		const char *previous = g_utf8_prev_char(p);

		/* A hostile word of megabytes is no word. */
		if (!is_word_char(g_utf8_get_char(previous))
		    || end - previous > LEXICON_WORD_MAX * 2)
			break;
		p = previous;
	}
	*end_out = end;
	return p;
}

const char *
facts_word_after(const char *at, const char **end_out)
{
	const char *p = at, *start;

	while (*p != '\0' && !is_word_char(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	if (*p == '\0')
		return NULL;
	start = p;
	while (*p != '\0' && p - start <= LEXICON_WORD_MAX * 2
	       && is_word_char(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	*end_out = p;
	return start;
}

void
facts_read(const FactsSource *source, Facts *facts)
{
	facts->order_number = facts_find_order_number(source);
	facts->customer_name = facts_find_customer_name(source);
	facts->first_name = facts_find_first_name(facts->customer_name, source->from_name);
	facts_find_deadline(source, &facts->deadline, &facts->deadline_time);
	facts->amount = facts_find_amount(source->own);
	facts->tracking = facts_find_tracking(source->own);
	if (facts->tracking == NULL)
		facts->tracking = facts_find_tracking(source->subject);
	facts->photo = facts_find_photo(source);
}

void
facts_clear(Facts *facts)
{
	g_free(facts->order_number);
	g_free(facts->customer_name);
	g_free(facts->first_name);
	g_free(facts->deadline);
	g_free(facts->amount);
	g_free(facts->tracking);
	memset(facts, 0, sizeof *facts);
}
