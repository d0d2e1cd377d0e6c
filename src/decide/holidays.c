/* holidays.c - public holidays by rule: a row per day and calendar.
 *
 * "nl" leaves Good Friday out: most Dutch shops are open. "de" has the days that hold in all
 * sixteen states, "en" the bank holidays of England and Wales with their substitute days. */
#include "config.h"

#include <string.h>

#include "aardig/decide.h"

typedef enum {
	FIXED,        /* a = month, b = day */
	EASTER,       /* a = days from Easter Sunday */
	SUBSTITUTED,  /* as FIXED, moved to the next working day from a weekend (England) */
	NTH_MONDAY,   /* a = month, b = which; 0: the last */
	KINGS_DAY,    /* 27 April, the 26th where that is a Sunday */
	LUSTRUM,      /* as FIXED, in years that 5 divides */
} HolidayRule;

typedef struct {
	const char *calendar;
	HolidayRule rule;
	int a, b;
	const char *name;
} Holiday;

static const Holiday holidays[] = {
	{ "nl", FIXED, 1, 1, "Nieuwjaarsdag" },
	{ "nl", EASTER, 0, 0, "Eerste Paasdag" },
	{ "nl", EASTER, 1, 0, "Tweede Paasdag" },
	{ "nl", KINGS_DAY, 0, 0, "Koningsdag" },
	{ "nl", LUSTRUM, 5, 5, "Bevrijdingsdag" },
	{ "nl", EASTER, 39, 0, "Hemelvaartsdag" },
	{ "nl", EASTER, 49, 0, "Eerste Pinksterdag" },
	{ "nl", EASTER, 50, 0, "Tweede Pinksterdag" },
	{ "nl", FIXED, 12, 25, "Eerste Kerstdag" },
	{ "nl", FIXED, 12, 26, "Tweede Kerstdag" },

	{ "be", FIXED, 1, 1, "Nieuwjaar" },
	{ "be", EASTER, 0, 0, "Pasen" },
	{ "be", EASTER, 1, 0, "Paasmaandag" },
	{ "be", FIXED, 5, 1, "Dag van de Arbeid" },
	{ "be", EASTER, 39, 0, "Onze-Lieve-Heer-Hemelvaart" },
	{ "be", EASTER, 49, 0, "Pinksteren" },
	{ "be", EASTER, 50, 0, "Pinkstermaandag" },
	{ "be", FIXED, 7, 21, "Nationale feestdag" },
	{ "be", FIXED, 8, 15, "Onze-Lieve-Vrouw-Hemelvaart" },
	{ "be", FIXED, 11, 1, "Allerheiligen" },
	{ "be", FIXED, 11, 11, "Wapenstilstand" },
	{ "be", FIXED, 12, 25, "Kerstmis" },

	{ "de", FIXED, 1, 1, "Neujahr" },
	{ "de", EASTER, -2, 0, "Karfreitag" },
	{ "de", EASTER, 1, 0, "Ostermontag" },
	{ "de", FIXED, 5, 1, "Tag der Arbeit" },
	{ "de", EASTER, 39, 0, "Christi Himmelfahrt" },
	{ "de", EASTER, 50, 0, "Pfingstmontag" },
	{ "de", FIXED, 10, 3, "Tag der Deutschen Einheit" },
	{ "de", FIXED, 12, 25, "Erster Weihnachtstag" },
	{ "de", FIXED, 12, 26, "Zweiter Weihnachtstag" },

	{ "fr", FIXED, 1, 1, "Jour de l'an" },
	{ "fr", EASTER, 1, 0, "Lundi de Pâques" },
	{ "fr", FIXED, 5, 1, "Fête du Travail" },
	{ "fr", FIXED, 5, 8, "Victoire 1945" },
	{ "fr", EASTER, 39, 0, "Ascension" },
	{ "fr", EASTER, 50, 0, "Lundi de Pentecôte" },
	{ "fr", FIXED, 7, 14, "Fête nationale" },
	{ "fr", FIXED, 8, 15, "Assomption" },
	{ "fr", FIXED, 11, 1, "Toussaint" },
	{ "fr", FIXED, 11, 11, "Armistice 1918" },
	{ "fr", FIXED, 12, 25, "Noël" },

	{ "en", SUBSTITUTED, 1, 1, "New Year's Day" },
	{ "en", EASTER, -2, 0, "Good Friday" },
	{ "en", EASTER, 1, 0, "Easter Monday" },
	{ "en", NTH_MONDAY, 5, 1, "Early May bank holiday" },
	{ "en", NTH_MONDAY, 5, 0, "Spring bank holiday" },
	{ "en", NTH_MONDAY, 8, 0, "Summer bank holiday" },
	{ "en", SUBSTITUTED, 12, 25, "Christmas Day" },
	{ "en", SUBSTITUTED, 12, 26, "Boxing Day" },
};

static const char *const names[] = { "nl", "be", "de", "fr", "en", NULL };

const char *const *
calendar_names(void)
{
	return names;
}

static void
set_day(GDate *date, int year, int month, int day)
{
	g_date_clear(date, 1);
	g_date_set_dmy(date, day, month, year);
}

/* Gregorian Easter Sunday after Meeus, Jones and Butcher. */
static void
set_easter(GDate *date, int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int sum = h + l - 7 * m + 114;

	set_day(date, year, sum / 31, sum % 31 + 1);
}

/* Moves a holiday on a weekend to the next working day: 25 December to the 27th, the 26th to the
 * 28th, 1 January to the Monday. The day itself stays a holiday too. */
static gboolean
is_substitute(const GDate *fixed, const GDate *date)
{
	GDate moved = *fixed;
	GDateWeekday weekday = g_date_get_weekday(fixed);
	gboolean christmas = g_date_get_month(fixed) == G_DATE_DECEMBER;

	if (g_date_compare(fixed, date) == 0)
		return TRUE;
	if (weekday != G_DATE_SATURDAY && weekday != G_DATE_SUNDAY)
		return FALSE;
	if (christmas)
		g_date_add_days(&moved, 2);
	else
		g_date_add_days(&moved, weekday == G_DATE_SATURDAY ? 2 : 1);
	return g_date_compare(&moved, date) == 0;
}

static gboolean
is_nth_monday(const GDate *date, int month, int which)
{
	if ((int) g_date_get_month(date) != month || g_date_get_weekday(date) != G_DATE_MONDAY)
		return FALSE;
	int day = g_date_get_day(date);
	if (which > 0)
		return (day - 1) / 7 + 1 == which;
	return day + 7 > g_date_get_days_in_month(month, g_date_get_year(date));
}

static gboolean
holiday_falls_on(const Holiday *holiday, const GDate *date)
{
	int year = g_date_get_year(date);
	GDate day;

	switch (holiday->rule) {
	case LUSTRUM:
		if (year % 5 != 0)
			return FALSE;
		G_GNUC_FALLTHROUGH;
	case FIXED:
		set_day(&day, year, holiday->a, holiday->b);
		break;
	case EASTER:
		set_easter(&day, year);
		if (holiday->a >= 0)
			g_date_add_days(&day, holiday->a);
		else
			g_date_subtract_days(&day, -holiday->a);
		break;
	case KINGS_DAY:
		set_day(&day, year, 4, 27);
		if (g_date_get_weekday(&day) == G_DATE_SUNDAY)
			g_date_subtract_days(&day, 1);
		break;
	case SUBSTITUTED:
		set_day(&day, year, holiday->a, holiday->b);
		return is_substitute(&day, date);
	case NTH_MONDAY:
		return is_nth_monday(date, holiday->a, holiday->b);
	}
	return g_date_compare(&day, date) == 0;
}

const char *
calendar_holiday(const char *calendar, int year, int month, int day)
{
	GDate date;

	if (year < 1583 || year > 9999 || !g_date_valid_dmy(day, month, year))
		return NULL;
	set_day(&date, year, month, day);
	for (gsize i = 0; i < G_N_ELEMENTS(holidays); i++)
		if (strcmp(holidays[i].calendar, calendar) == 0 && holiday_falls_on(&holidays[i], &date))
			return holidays[i].name;
	return NULL;
}
