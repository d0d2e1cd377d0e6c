/* facts-date.c - the day a customer needs it by: "voor zaterdag", "by Friday 5pm", "bis zum 15.
 * Juni", "pour samedi", computed from the time of the mail. */
#include "config.h"

#include <string.h>

#include "classify/facts-private.h"

/* What a word of a date is; `value` its number. */
typedef enum {
	DATE_NONE,
	DATE_BEFORE,
	DATE_BY,
	DATE_WEEKDAY,
	DATE_DAYS,
	DATE_MONTH,
	DATE_SKIP,
	DATE_PAST,
	DATE_EVENT,
	DATE_NOON
} DateKind;

typedef struct {
	DateKind kind;
	int value;
	const char *words; /* folded, blanks between */
} DateWords;

/* In four languages at once: few of these words mean something else in another. BEFORE: the day
 * itself is too late. */
static const DateWords date_words[] = {
	{ DATE_BEFORE, 0, "voor vóór before vor avant" },
	{ DATE_BY, 0,
	  "uiterlijk tegen by until till tot bis spätestens d'ici ici "
	  "jusqu'au pour for für" },
	{ DATE_WEEKDAY, 1, "maandag monday montag lundi" },
	{ DATE_WEEKDAY, 2, "dinsdag tuesday dienstag mardi" },
	{ DATE_WEEKDAY, 3, "woensdag wednesday mittwoch mercredi" },
	{ DATE_WEEKDAY, 4, "donderdag thursday donnerstag jeudi" },
	{ DATE_WEEKDAY, 5, "vrijdag vrijdagavond friday freitag vendredi" },
	{ DATE_WEEKDAY, 6,
	  "zaterdag zaterdagochtend zaterdagavond saturday samstag "
	  "sonnabend samedi" },
	{ DATE_WEEKDAY, 7, "zondag sunday sonntag dimanche" },
	{ DATE_DAYS, 0, "vandaag vanavond vanmiddag today tonight heute aujourd'hui" },
	{ DATE_DAYS, 1, "morgen mórgen morgenavond morgenochtend tomorrow demain" },
	{ DATE_DAYS, 2, "overmorgen übermorgen uebermorgen" },
	{ DATE_MONTH, 1, "januari january januar janvier" },
	{ DATE_MONTH, 2, "februari february februar février" },
	{ DATE_MONTH, 3, "maart march märz mars" },
	{ DATE_MONTH, 4, "april avril" },
	{ DATE_MONTH, 5, "mei may mai" },
	{ DATE_MONTH, 6, "juni june juin" },
	{ DATE_MONTH, 7, "juli july juillet" },
	{ DATE_MONTH, 8, "augustus august août" },
	{ DATE_MONTH, 9, "september septembre" },
	{ DATE_MONTH, 10, "oktober october octobre" },
	{ DATE_MONTH, 11, "november novembre" },
	{ DATE_MONTH, 12, "december dezember décembre" },
	{ DATE_SKIP, 0,
	  "aanstaande a.s as komende deze de next this the coming on "
	  "kommenden nächsten den diesen zum am dem le ce op of spät" },
	{ DATE_PAST, 0,
	  "vorige afgelopen last letzten vergangenen dernier since sinds "
	  "seit depuis was waren war était beloofd" },
	{ DATE_EVENT, 0,
	  "feest feestje kinderfeestje verjaardag jarig bruiloft trouwen "
	  "begrafenis uitvaart vertrekken vertrek vakantie operatie "
	  "examen doopfeest party birthday wedding funeral flight exam "
	  "leave leaving surgery geburtstag hochzeit trauung feier "
	  "beerdigung abreise anniversaire mariage baptême enterrement "
	  "partons fête banquet uitreiking communie doop babyshower "
	  "jubileum opening receptie concert wedstrijd toernooi kamp reis "
	  "vlucht vliegen vliegt verhuizen verhuizing uitgerekend "
	  "bevalling trouwfeest huwelijk trouwt kinderfeest revalidatie "
	  "christening baptism graduation trip travel travelling fly "
	  "flying due tournament interview ceremony anniversary "
	  "retirement taufe konfirmation einschulung urlaub fliegen flug "
	  "reise geburtstermin umzug prüfung konzert startet beginnt "
	  "communion vol voyage départ déménage spectacle rentrée "
	  "naissance obsèques" },
	{ DATE_NOON, 12, "middag noon mittag midi" },
};

/* Words looked at; a deadline is said early or at the end of the letters people write. */
#define WORDS_LOOKED_AT 3000
/* A date longer ago than this is next year's. */
#define PAST_DAYS_MAX 100

/* Bits for the lengths that words with this first byte have: nearly all words of a mail are no date,
 * and this says so of most. */
static guint32 lengths[256];

static guint32
length_bit(gsize bytes)
{
	return (guint32)1 << MIN(bytes, 31);
}

static GHashTable *
make_table(void)
{
	GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(date_words); i++) {
		g_auto(GStrv) words = g_strsplit(date_words[i].words, " ", -1);

		for (guint j = 0; words[j] != NULL; j++) {
			g_hash_table_insert(table, g_strdup(words[j]), (void *)&date_words[i]);
			lengths[(guchar)words[j][0]] |= length_bit(strlen(words[j]));
		}
	}
	return table;
}

static DateKind
kind_of(const Tokens *body, guint i, int *value_out)
{
	static GHashTable *table;
	const DateWords *found;

	if (table == NULL)
		table = make_table();
	if (i >= body->n)
		return DATE_NONE;

	const char *word = token_fold(body, i);

	if ((lengths[(guchar)word[0]] & length_bit(body->tokens[i].fold_len)) == 0)
		return DATE_NONE;
	found = g_hash_table_lookup(table, word);
	if (found != NULL && value_out != NULL)
		*value_out = found->value;
	return found != NULL ? found->kind : DATE_NONE;
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
	if (*end != '\0' && strcmp(end, "er") != 0 && strcmp(end, "e") != 0
	    && strcmp(end, "th") != 0 && strcmp(end, "st") != 0 && strcmp(end, "nd") != 0
	    && strcmp(end, "rd") != 0)
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

	while (i < body->n && i < day->end + 3
	       && body->tokens[i].sentence == body->tokens[day->first].sentence) {
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
			                     ? g_ascii_strtoull(end + 1, &end, 10)
			                     : 0;
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
			return FALSE; /* "the 30th" is a day, "voor 2 stuks" and "voor de 4e
			                 maand" are none */
		}
	}
	*out = day;
	return TRUE;
}

/* The moment: before the day its beginning, by or on it its end, unless an hour was said. 0: long
 * past. */
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
		if (date != NULL
		    && g_date_time_difference(local, date) / G_TIME_SPAN_DAY > PAST_DAYS_MAX) {
			g_date_time_unref(date);
			date = g_date_time_new(zone, year + 1, month, day->day, 12, 0, 0);
		}
	} else {
		int days = day->days >= 0
		               ? day->days
		               : (day->weekday - g_date_time_get_day_of_week(local) + 7) % 7;

		/* "voor zaterdag", written on a Saturday, is the next one; "by Friday" may be
		 * today. */
		if (day->days < 0 && days == 0 && before)
			days = 7;
		date = g_date_time_add_days(local, days);
	}
	if (date == NULL)
		return 0;
	if (day->hour >= 0)
		at = g_date_time_new(
		    zone, g_date_time_get_year(date), g_date_time_get_month(date),
		    g_date_time_get_day_of_month(date), day->hour % 24, day->minute, 0);
	else if (before && day->days < 0)
		at =
		    g_date_time_new(zone, g_date_time_get_year(date), g_date_time_get_month(date),
		                    g_date_time_get_day_of_month(date), 0, 0, 0);
	else
		at =
		    g_date_time_new(zone, g_date_time_get_year(date), g_date_time_get_month(date),
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
	g_autoptr(GTimeZone) zone =
	    source->zone != NULL ? g_time_zone_ref(source->zone) : g_time_zone_new_utc();

	for (guint i = 0; i < body->n && i < WORDS_LOOKED_AT; i++) {
		DateKind kind = kind_of(body, i, NULL);
		gboolean before = kind == DATE_BEFORE;
		guint at = i;
		Day day;

		if (kind == DATE_BEFORE || kind == DATE_BY) {
			at++;
			for (guint skipped = 0;
			     skipped < 3 && kind_of(body, at, NULL) == DATE_SKIP; skipped++)
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
