/* facts-date.c - the day a customer needs it by: "voor zaterdag", "by Friday 5pm", "bis zum 15. Juni",
 * "pour samedi", computed from the time of the mail. */
#include "config.h"

#include <string.h>

#include "classify/facts-private.h"

/* What a word of a date is; `value` its number. */
typedef enum {
	DATE_NONE, DATE_BEFORE, DATE_BY, DATE_WEEKDAY, DATE_DAYS, DATE_MONTH, DATE_SKIP, DATE_PAST,
	DATE_EVENT, DATE_NOON
} DateKind;

typedef struct {
	const char *word;
	DateKind kind;
	int value;
} DateWord;

/* Folded, sorted by hand into kinds. BEFORE: the day itself is too late. */
static const DateWord date_words[] = {
	{ "voor", DATE_BEFORE, 0 },     { "v\xc3\xb3\xc3\xb3r", DATE_BEFORE, 0 },
	{ "before", DATE_BEFORE, 0 },   { "vor", DATE_BEFORE, 0 },     { "avant", DATE_BEFORE, 0 },
	{ "uiterlijk", DATE_BY, 0 },    { "tegen", DATE_BY, 0 },       { "by", DATE_BY, 0 },
	{ "until", DATE_BY, 0 },        { "till", DATE_BY, 0 },        { "tot", DATE_BY, 0 },
	{ "bis", DATE_BY, 0 },          { "sp\xc3\xa4testens", DATE_BY, 0 }, { "d'ici", DATE_BY, 0 },
	{ "ici", DATE_BY, 0 },          { "jusqu'au", DATE_BY, 0 },    { "pour", DATE_BY, 0 },
	{ "for", DATE_BY, 0 },          { "f\xc3\xbcr", DATE_BY, 0 },  { "sous", DATE_NONE, 0 },

	{ "maandag", DATE_WEEKDAY, 1 }, { "dinsdag", DATE_WEEKDAY, 2 }, { "woensdag", DATE_WEEKDAY, 3 },
	{ "donderdag", DATE_WEEKDAY, 4 }, { "vrijdag", DATE_WEEKDAY, 5 }, { "zaterdag", DATE_WEEKDAY, 6 },
	{ "zondag", DATE_WEEKDAY, 7 },  { "vrijdagavond", DATE_WEEKDAY, 5 },
	{ "zaterdagochtend", DATE_WEEKDAY, 6 }, { "zaterdagavond", DATE_WEEKDAY, 6 },
	{ "monday", DATE_WEEKDAY, 1 },  { "tuesday", DATE_WEEKDAY, 2 }, { "wednesday", DATE_WEEKDAY, 3 },
	{ "thursday", DATE_WEEKDAY, 4 }, { "friday", DATE_WEEKDAY, 5 }, { "saturday", DATE_WEEKDAY, 6 },
	{ "sunday", DATE_WEEKDAY, 7 },
	{ "montag", DATE_WEEKDAY, 1 },  { "dienstag", DATE_WEEKDAY, 2 }, { "mittwoch", DATE_WEEKDAY, 3 },
	{ "donnerstag", DATE_WEEKDAY, 4 }, { "freitag", DATE_WEEKDAY, 5 }, { "samstag", DATE_WEEKDAY, 6 },
	{ "sonnabend", DATE_WEEKDAY, 6 }, { "sonntag", DATE_WEEKDAY, 7 },
	{ "lundi", DATE_WEEKDAY, 1 },   { "mardi", DATE_WEEKDAY, 2 },   { "mercredi", DATE_WEEKDAY, 3 },
	{ "jeudi", DATE_WEEKDAY, 4 },   { "vendredi", DATE_WEEKDAY, 5 }, { "samedi", DATE_WEEKDAY, 6 },
	{ "dimanche", DATE_WEEKDAY, 7 },

	{ "vandaag", DATE_DAYS, 0 },    { "vanavond", DATE_DAYS, 0 },   { "vanmiddag", DATE_DAYS, 0 },
	{ "today", DATE_DAYS, 0 },      { "tonight", DATE_DAYS, 0 },    { "heute", DATE_DAYS, 0 },
	{ "aujourd'hui", DATE_DAYS, 0 }, { "morgen", DATE_DAYS, 1 },    { "m\xc3\xb3rgen", DATE_DAYS, 1 },
	{ "morgenavond", DATE_DAYS, 1 }, { "morgenochtend", DATE_DAYS, 1 }, { "tomorrow", DATE_DAYS, 1 },
	{ "demain", DATE_DAYS, 1 },     { "overmorgen", DATE_DAYS, 2 },
	{ "\xc3\xbc" "bermorgen", DATE_DAYS, 2 }, { "uebermorgen", DATE_DAYS, 2 },

	{ "januari", DATE_MONTH, 1 },   { "februari", DATE_MONTH, 2 },  { "maart", DATE_MONTH, 3 },
	{ "april", DATE_MONTH, 4 },     { "mei", DATE_MONTH, 5 },       { "juni", DATE_MONTH, 6 },
	{ "juli", DATE_MONTH, 7 },      { "augustus", DATE_MONTH, 8 },  { "september", DATE_MONTH, 9 },
	{ "oktober", DATE_MONTH, 10 },  { "november", DATE_MONTH, 11 }, { "december", DATE_MONTH, 12 },
	{ "january", DATE_MONTH, 1 },   { "february", DATE_MONTH, 2 },  { "march", DATE_MONTH, 3 },
	{ "may", DATE_MONTH, 5 },       { "june", DATE_MONTH, 6 },      { "july", DATE_MONTH, 7 },
	{ "august", DATE_MONTH, 8 },    { "october", DATE_MONTH, 10 },  { "januar", DATE_MONTH, 1 },
	{ "februar", DATE_MONTH, 2 },   { "m\xc3\xa4rz", DATE_MONTH, 3 }, { "mai", DATE_MONTH, 5 },
	{ "dezember", DATE_MONTH, 12 }, { "janvier", DATE_MONTH, 1 },
	{ "f\xc3\xa9vrier", DATE_MONTH, 2 }, { "mars", DATE_MONTH, 3 }, { "avril", DATE_MONTH, 4 },
	{ "juin", DATE_MONTH, 6 },      { "juillet", DATE_MONTH, 7 },   { "ao\xc3\xbbt", DATE_MONTH, 8 },
	{ "septembre", DATE_MONTH, 9 }, { "octobre", DATE_MONTH, 10 },  { "novembre", DATE_MONTH, 11 },
	{ "d\xc3\xa9" "cembre", DATE_MONTH, 12 },

	{ "aanstaande", DATE_SKIP, 0 }, { "a.s", DATE_SKIP, 0 },        { "as", DATE_SKIP, 0 },
	{ "komende", DATE_SKIP, 0 },    { "deze", DATE_SKIP, 0 },       { "de", DATE_SKIP, 0 },
	{ "next", DATE_SKIP, 0 },       { "this", DATE_SKIP, 0 },       { "the", DATE_SKIP, 0 },
	{ "coming", DATE_SKIP, 0 },     { "on", DATE_SKIP, 0 },         { "kommenden", DATE_SKIP, 0 },
	{ "n\xc3\xa4" "chsten", DATE_SKIP, 0 }, { "den", DATE_SKIP, 0 }, { "diesen", DATE_SKIP, 0 },
	{ "zum", DATE_SKIP, 0 },        { "am", DATE_SKIP, 0 },         { "dem", DATE_SKIP, 0 },
	{ "le", DATE_SKIP, 0 },         { "ce", DATE_SKIP, 0 },         { "op", DATE_SKIP, 0 },
	{ "of", DATE_SKIP, 0 },         { "sp\xc3\xa4t", DATE_SKIP, 0 },

	{ "vorige", DATE_PAST, 0 },     { "afgelopen", DATE_PAST, 0 },  { "last", DATE_PAST, 0 },
	{ "letzten", DATE_PAST, 0 },    { "vergangenen", DATE_PAST, 0 }, { "dernier", DATE_PAST, 0 },
	{ "since", DATE_PAST, 0 },      { "sinds", DATE_PAST, 0 },      { "seit", DATE_PAST, 0 },
	{ "depuis", DATE_PAST, 0 },     { "was", DATE_PAST, 0 },        { "waren", DATE_PAST, 0 },
	{ "war", DATE_PAST, 0 },        { "\xc3\xa9tait", DATE_PAST, 0 }, { "beloofd", DATE_PAST, 0 },

	{ "feest", DATE_EVENT, 0 },     { "feestje", DATE_EVENT, 0 },   { "kinderfeestje", DATE_EVENT, 0 },
	{ "verjaardag", DATE_EVENT, 0 }, { "jarig", DATE_EVENT, 0 },    { "bruiloft", DATE_EVENT, 0 },
	{ "trouwen", DATE_EVENT, 0 },   { "begrafenis", DATE_EVENT, 0 }, { "uitvaart", DATE_EVENT, 0 },
	{ "vertrekken", DATE_EVENT, 0 }, { "vertrek", DATE_EVENT, 0 },  { "vakantie", DATE_EVENT, 0 },
	{ "operatie", DATE_EVENT, 0 },  { "examen", DATE_EVENT, 0 },    { "doopfeest", DATE_EVENT, 0 },
	{ "party", DATE_EVENT, 0 },     { "birthday", DATE_EVENT, 0 },  { "wedding", DATE_EVENT, 0 },
	{ "funeral", DATE_EVENT, 0 },   { "flight", DATE_EVENT, 0 },    { "exam", DATE_EVENT, 0 },
	{ "leave", DATE_EVENT, 0 },     { "leaving", DATE_EVENT, 0 },   { "surgery", DATE_EVENT, 0 },
	{ "geburtstag", DATE_EVENT, 0 }, { "hochzeit", DATE_EVENT, 0 }, { "trauung", DATE_EVENT, 0 },
	{ "feier", DATE_EVENT, 0 },     { "beerdigung", DATE_EVENT, 0 }, { "abreise", DATE_EVENT, 0 },
	{ "anniversaire", DATE_EVENT, 0 }, { "mariage", DATE_EVENT, 0 }, { "bapt\xc3\xaame", DATE_EVENT, 0 },
	{ "enterrement", DATE_EVENT, 0 }, { "partons", DATE_EVENT, 0 }, { "f\xc3\xaate", DATE_EVENT, 0 },
	{ "banquet", DATE_EVENT, 0 },
	{ "uitreiking", DATE_EVENT, 0 }, { "communie", DATE_EVENT, 0 }, { "doop", DATE_EVENT, 0 },
	{ "babyshower", DATE_EVENT, 0 }, { "jubileum", DATE_EVENT, 0 },
	{ "opening", DATE_EVENT, 0 }, { "receptie", DATE_EVENT, 0 }, { "concert", DATE_EVENT, 0 },
	{ "wedstrijd", DATE_EVENT, 0 }, { "toernooi", DATE_EVENT, 0 }, { "kamp", DATE_EVENT, 0 },
	{ "reis", DATE_EVENT, 0 }, { "vlucht", DATE_EVENT, 0 }, { "vliegen", DATE_EVENT, 0 },
	{ "vliegt", DATE_EVENT, 0 }, { "verhuizen", DATE_EVENT, 0 },
	{ "verhuizing", DATE_EVENT, 0 }, { "uitgerekend", DATE_EVENT, 0 },
	{ "bevalling", DATE_EVENT, 0 }, { "trouwfeest", DATE_EVENT, 0 },
	{ "huwelijk", DATE_EVENT, 0 }, { "trouwt", DATE_EVENT, 0 },
	{ "kinderfeest", DATE_EVENT, 0 }, { "revalidatie", DATE_EVENT, 0 },
	{ "christening", DATE_EVENT, 0 }, { "baptism", DATE_EVENT, 0 },
	{ "graduation", DATE_EVENT, 0 }, { "trip", DATE_EVENT, 0 }, { "travel", DATE_EVENT, 0 },
	{ "travelling", DATE_EVENT, 0 }, { "fly", DATE_EVENT, 0 }, { "flying", DATE_EVENT, 0 },
	{ "due", DATE_EVENT, 0 }, { "tournament", DATE_EVENT, 0 }, { "interview", DATE_EVENT, 0 },
	{ "ceremony", DATE_EVENT, 0 }, { "anniversary", DATE_EVENT, 0 },
	{ "retirement", DATE_EVENT, 0 }, { "taufe", DATE_EVENT, 0 },
	{ "konfirmation", DATE_EVENT, 0 }, { "einschulung", DATE_EVENT, 0 },
	{ "urlaub", DATE_EVENT, 0 }, { "fliegen", DATE_EVENT, 0 }, { "flug", DATE_EVENT, 0 },
	{ "reise", DATE_EVENT, 0 }, { "geburtstermin", DATE_EVENT, 0 },
	{ "umzug", DATE_EVENT, 0 }, { "pr\xc3\xbc" "fung", DATE_EVENT, 0 },
	{ "konzert", DATE_EVENT, 0 }, { "startet", DATE_EVENT, 0 }, { "beginnt", DATE_EVENT, 0 },
	{ "communion", DATE_EVENT, 0 }, { "vol", DATE_EVENT, 0 }, { "voyage", DATE_EVENT, 0 },
	{ "d\xc3\xa9part", DATE_EVENT, 0 }, { "d\xc3\xa9m\xc3\xa9nage", DATE_EVENT, 0 },
	{ "spectacle", DATE_EVENT, 0 }, { "rentr\xc3\xa9" "e", DATE_EVENT, 0 },
	{ "naissance", DATE_EVENT, 0 }, { "obs\xc3\xa8ques", DATE_EVENT, 0 },

	{ "middag", DATE_NOON, 12 },    { "noon", DATE_NOON, 12 },      { "mittag", DATE_NOON, 12 },
	{ "midi", DATE_NOON, 12 },
};

/* Words looked at; a deadline is said early or at the end of the letters people write. */
#define WORDS_LOOKED_AT 3000
/* A date longer ago than this is next year's. */
#define PAST_DAYS_MAX 100

static const DateWord *
date_word(const Tokens *body, guint i)
{
	static GHashTable *table;

	if (table == NULL) {
		table = g_hash_table_new(g_str_hash, g_str_equal);
		for (gsize j = 0; j < G_N_ELEMENTS(date_words); j++)
			g_hash_table_insert(table, (void *)date_words[j].word, (void *)&date_words[j]);
	}
	return g_hash_table_lookup(table, token_fold(body, i));
}

static DateKind
kind_of(const Tokens *body, guint i, int *value_out)
{
	const DateWord *word = i < body->n ? date_word(body, i) : NULL;

	if (word != NULL && value_out != NULL)
		*value_out = word->value;
	return word != NULL ? word->kind : DATE_NONE;
}

/* A day of the month: "12", "1er", "3rd", "30th", "15"; 0 if it is none. */
static int
day_number(const Tokens *body, guint i)
{
	char *end;

	if (i >= body->n || !(body->tokens[i].flags & TOKEN_DIGIT))
		return 0;
	guint64 day = g_ascii_strtoull(token_fold(body, i), &end, 10);
	if (day < 1 || day > 31)
		return 0;
	if (*end != '\0' && strcmp(end, "er") != 0 && strcmp(end, "e") != 0 && strcmp(end, "th") != 0
	    && strcmp(end, "st") != 0 && strcmp(end, "nd") != 0 && strcmp(end, "rd") != 0)
		return 0;
	return (int)day;
}

typedef struct {
	guint first, end; /* tokens */
	int weekday;      /* 1 Monday, 0 none */
	int days;         /* from today, -1 none */
	int day, month;   /* 0 none */
	int hour, minute; /* -1 none */
} Day;

/* "12 uur", "5pm", "20:00", "noon" right behind. */
static void
read_hour(const Tokens *body, Day *day)
{
	guint i = day->end;
	int value = 0;
	char *end;

	while (i < body->n && i < day->end + 3 && body->tokens[i].sentence == body->tokens[day->first].sentence) {
		if (kind_of(body, i, &value) == DATE_NOON) {
			day->hour = value;
			day->minute = 0;
			day->end = i + 1;
			return;
		}
		if (body->tokens[i].flags & TOKEN_DIGIT) {
			const char *text = token_fold(body, i);
			guint64 hour = g_ascii_strtoull(text, &end, 10);
			const char *next = i + 1 < body->n ? token_fold(body, i + 1) : "";
			guint64 minute = (*end == '.' && g_ascii_isdigit(end[1]))
			                     ? g_ascii_strtoull(end + 1, &end, 10) : 0;
			gboolean pm = strcmp(end, "pm") == 0 || strcmp(next, "pm") == 0;
			gboolean said = pm || strcmp(end, "am") == 0 || strcmp(end, "h") == 0
			                || strcmp(end, "u") == 0 || strcmp(next, "uur") == 0
			                || strcmp(next, "u") == 0 || strcmp(next, "uhr") == 0
			                || strcmp(next, "h") == 0 || strcmp(next, "am") == 0;

			if (!said || hour > 24 || minute > 59)
				return;
			day->hour = (int)hour + (pm && hour < 12 ? 12 : 0);
			day->minute = (int)minute;
			day->end = i + (*end != '\0' ? 1 : 2);
			return;
		}
		i++;
	}
}

static gboolean
is_ordinal(const Tokens *body, guint i)
{
	const char *text = token_fold(body, i);

	return g_ascii_isalpha(text[strlen(text) - 1]);
}

static gboolean
ends_clause(const Tokens *body, guint i)
{
	return i + 1 >= body->n || body->tokens[i + 1].clause != body->tokens[i].clause;
}

/* A day named at token i. */
static gboolean
read_day(const Tokens *body, guint i, Day *out)
{
	int value = 0;
	Day day = { i, i + 1, 0, -1, 0, 0, -1, -1 };

	switch (kind_of(body, i, &value)) {
	case DATE_WEEKDAY:
		day.weekday = value;
		/* "zaterdag 12 mei" */
		if (day_number(body, i + 1) > 0 && kind_of(body, i + 2, &value) == DATE_MONTH) {
			day.day = day_number(body, i + 1);
			day.month = value;
			day.end = i + 3;
		}
		break;
	case DATE_DAYS: day.days = value; break;
	case DATE_MONTH: /* "June 4" */
		day.day = day_number(body, i + 1);
		day.month = value;
		day.end = i + 2;
		if (day.day == 0)
			return FALSE;
		break;
	default:
		day.day = day_number(body, i);
		if (day.day == 0)
			return FALSE;
		guint next = i + 1;
		if (kind_of(body, next, NULL) == DATE_SKIP)
			next++;
		if (kind_of(body, next, &value) == DATE_MONTH) {
			day.month = value;
			day.end = next + 1;
		} else if (!is_ordinal(body, i) || !ends_clause(body, i)) {
			return FALSE; /* "the 30th" is a day, "voor 2 stuks" and "voor de 4e maand" are none */
		}
	}
	*out = day;
	return TRUE;
}

/* The moment: before the day its beginning, by or on it its end, unless an hour was said. 0: long past. */
static gint64
compute(const Day *day, gboolean before, gint64 now, GTimeZone *zone)
{
	g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc(now);
	g_autoptr(GDateTime) local = start != NULL ? g_date_time_to_timezone(start, zone) : NULL;
	g_autoptr(GDateTime) date = NULL, at = NULL;

	if (local == NULL)
		return 0;
	if (day->day > 0) {
		int year = g_date_time_get_year(local);
		int month = day->month > 0 ? day->month : g_date_time_get_month(local);

		if (day->month == 0 && day->day < g_date_time_get_day_of_month(local)) {
			year += month == 12;
			month = month % 12 + 1;
		}
		date = g_date_time_new(zone, year, month, day->day, 12, 0, 0);
		if (date != NULL && g_date_time_difference(local, date) / G_TIME_SPAN_DAY > PAST_DAYS_MAX) {
			g_date_time_unref(date);
			date = g_date_time_new(zone, year + 1, month, day->day, 12, 0, 0);
		}
	} else {
		int days = day->days >= 0 ? day->days
		                          : (day->weekday - g_date_time_get_day_of_week(local) + 7) % 7;

		/* "voor zaterdag", written on a Saturday, is the next one; "by Friday" may be today. */
		if (day->days < 0 && days == 0 && before)
			days = 7;
		date = g_date_time_add_days(local, days);
	}
	if (date == NULL)
		return 0;
	if (day->hour >= 0)
		at = g_date_time_new(zone, g_date_time_get_year(date), g_date_time_get_month(date),
		                     g_date_time_get_day_of_month(date), day->hour % 24, day->minute, 0);
	else if (before && day->days < 0)
		at = g_date_time_new(zone, g_date_time_get_year(date), g_date_time_get_month(date),
		                     g_date_time_get_day_of_month(date), 0, 0, 0);
	else
		at = g_date_time_new(zone, g_date_time_get_year(date), g_date_time_get_month(date),
		                     g_date_time_get_day_of_month(date), 23, 59, 59);
	gint64 seconds = at != NULL ? g_date_time_to_unix(at) : 0;
	return seconds > now - 12 * 3600 ? seconds : 0;
}

/* Does the sentence speak of an event, or of the past? */
static gboolean
sentence_has(const Tokens *body, guint i, DateKind kind)
{
	const Sentence *sentence = &body->sentences[body->tokens[i].sentence];
	/* Sentences without a full stop can be a whole mail. */
	guint first = i > 20 ? MAX(sentence->first, i - 20) : sentence->first;

	for (guint j = first; j < sentence->end && j < i + 20; j++)
		if (kind_of(body, j, NULL) == kind)
			return TRUE;
	return FALSE;
}

void
facts_find_deadline(const FactsSource *source, char **text_out, gint64 *time_out)
{
	const Tokens *body = source->body;
	g_autoptr(GTimeZone) zone = source->zone != NULL ? g_time_zone_ref(source->zone)
	                                                 : g_time_zone_new_utc();

	for (guint i = 0; i < body->n && i < WORDS_LOOKED_AT; i++) {
		DateKind kind = kind_of(body, i, NULL);
		gboolean before = kind == DATE_BEFORE;
		guint at = i;
		Day day;

		if (kind == DATE_BEFORE || kind == DATE_BY) {
			at++;
			for (guint skipped = 0; skipped < 3 && kind_of(body, at, NULL) == DATE_SKIP; skipped++)
				at++;
		} else if (kind != DATE_WEEKDAY && kind != DATE_DAYS) {
			continue;
		} else if (!sentence_has(body, i, DATE_EVENT)) {
			continue;
		}
		if (at >= body->n || body->tokens[at].sentence != body->tokens[i].sentence
		    || !read_day(body, at, &day) || day.end > body->n
		    || sentence_has(body, at, DATE_PAST))
			continue;
		read_hour(body, &day);
		gint64 time = compute(&day, before, source->now, zone);
		if (time == 0)
			continue;
		guint32 from = body->tokens[day.first].byte;
		*text_out = g_strndup(body->text + from,
		                      body->tokens[MIN(day.end, body->n) - 1].byte_end - from);
		*time_out = time;
		return;
	}
}
