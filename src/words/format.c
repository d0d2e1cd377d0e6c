/* format.c - dates, times and numbers as each language writes them: a row per language. */
#include "config.h"

#include <string.h>

#include "words/format.h"

typedef struct {
	const char *language;
	const char *weekdays[7], *months[12];
	const char *day;      /* %s weekday, %s day number, %s month */
	const char *first;    /* the first day of a month where it is not "1" */
	const char *before;   /* %s day, %s time */
	const char *thousands;
} Language;

/* U+00A0 where a line must not break: "17 Uhr", "17 h". The layout turns it into a blank. */
#define NBSP "\xc2\xa0"

static const Language languages[] = {
	{ "nl",
	  { "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag" },
	  { "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
	    "oktober", "november", "december" },
	  "%s %s %s", "1", "%s voor %s", "." },
	{ "en",
	  { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
	  { "January", "February", "March", "April", "May", "June", "July", "August", "September",
	    "October", "November", "December" },
	  "%s %s %s", "1", "%s before %s", "," },
	{ "de",
	  { "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" },
	  { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
	    "November", "Dezember" },
	  "%s, %s. %s", "1", "%s, vor %s", "." },
	{ "fr",
	  { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" },
	  { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
	    "octobre", "novembre", "décembre" },
	  "%s %s %s", "1er", "%s avant %s", NBSP },
};

/* By the first two letters, so that "nl-je" is Dutch; English where there is no row. */
static const Language *
find_language(const char *language)
{
	for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
		if (strncmp(language, languages[i].language, 2) == 0)
			return &languages[i];
	return &languages[1];
}

/* Fills the %s of a row in order; the rows are ours, the number of %s is fixed. */
static char *
fill(const char *format, const char *const *parts)
{
	GString *out = g_string_new(NULL);

	for (const char *p = format; *p != '\0'; p++) {
		if (p[0] == '%' && p[1] == 's') {
			g_string_append(out, *parts++);
			p++;
		} else {
			g_string_append_c(out, *p);
		}
	}
	return g_string_free(out, FALSE);
}

static char *
day_text(const Language *l, GDateTime *time)
{
	int day = g_date_time_get_day_of_month(time);
	g_autofree char *number = day == 1 ? g_strdup(l->first) : g_strdup_printf("%d", day);
	const char *parts[] = { l->weekdays[g_date_time_get_day_of_week(time) - 1], number,
		                l->months[g_date_time_get_month(time) - 1] };

	return fill(l->day, parts);
}

/* English has twelve hours and a word for noon and midnight; the others count to 24. */
static char *
english_time(int hour, int minute)
{
	const char *half = hour < 12 ? "am" : "pm";
	int clock = hour % 12 == 0 ? 12 : hour % 12;

	if (minute == 0 && hour % 12 == 0)
		return g_strdup(hour == 12 ? "12" NBSP "noon" : "midnight");
	if (minute == 0)
		return g_strdup_printf("%d" NBSP "%s", clock, half);
	return g_strdup_printf("%d:%02d" NBSP "%s", clock, minute, half);
}

static char *
time_text(const Language *l, int hour, int minute)
{
	switch (l->language[0]) {
	case 'n':
		return g_strdup_printf("%d.%02d" NBSP "uur", hour, minute);
	case 'd':
		return minute == 0 ? g_strdup_printf("%d" NBSP "Uhr", hour)
		                   : g_strdup_printf("%d.%02d" NBSP "Uhr", hour, minute);
	case 'f':
		if (hour == 24)
			return g_strdup("minuit");
		return minute == 0 ? g_strdup_printf("%d" NBSP "h", hour)
		                   : g_strdup_printf("%d" NBSP "h" NBSP "%02d", hour, minute);
	default:
		return english_time(hour, minute);
	}
}

static GDateTime *
local_time(gint64 time, GTimeZone *zone)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time);

	if (utc == NULL)
		return g_date_time_new_from_unix_utc(0);
	return zone != NULL ? g_date_time_to_timezone(utc, zone) : g_date_time_ref(utc);
}

/* A shop open till midnight promises "vrijdag voor 24.00 uur", not "zaterdag voor 0.00 uur". */
char *
format_deadline(const char *language, gint64 time, GTimeZone *zone)
{
	const Language *l = find_language(language);
	g_autoptr(GDateTime) local = local_time(time, zone);
	int hour = g_date_time_get_hour(local), minute = g_date_time_get_minute(local);

	if (hour == 0 && minute == 0) {
		g_autoptr(GDateTime) eve = g_date_time_add_days(local, -1);

		g_date_time_unref(local);
		local = g_steal_pointer(&eve);
		hour = 24;
	}
	g_autofree char *day = day_text(l, local);
	g_autofree char *clock = time_text(l, hour, minute);
	const char *parts[] = { day, clock };
	return fill(l->before, parts);
}

char *
format_day(const char *language, gint64 time, GTimeZone *zone)
{
	g_autoptr(GDateTime) local = local_time(time, zone);

	return day_text(find_language(language), local);
}

char *
format_count(const char *language, guint64 n)
{
	const Language *l = find_language(language);
	g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, n);
	GString *out = g_string_new(NULL);
	gsize length = strlen(digits);

	for (gsize i = 0; i < length; i++) {
		/* four digits stand together: "2000 mails" */
		if (i > 0 && length > 4 && (length - i) % 3 == 0)
			g_string_append(out, l->thousands);
		g_string_append_c(out, digits[i]);
	}
	return g_string_free(out, FALSE);
}
