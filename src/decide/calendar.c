/* calendar.c - when the shop is open, and the moment by which a mail is answered.
 *
 * Days are counted as local calendar days and turned into UTC only at their opening and closing
 * time, so that a day with 23 or 25 hours needs no special case. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "aardig/decide.h"

#define QUARTER (15 * 60)
/* A shop that has not opened once in this many days never will. */
#define HORIZON_DAYS 366
/* GDate ends in the year 65535; nobody waits that long. */
#define LAST_YEAR 9990

static gboolean
next_day(GDate *day)
{
	g_date_add_days(day, 1);
	return g_date_get_year(day) <= LAST_YEAR;
}

/* "2026-12-24", ten characters and no others; returns what follows, or NULL. */
static const char *
read_date(const char *text, GDate *date)
{
	static const char shape[] = "dddd-dd-dd";
	int y, m, d;

	for (gsize i = 0; shape[i] != '\0'; i++)
		if (shape[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != shape[i])
			return NULL;
	if (sscanf(text, "%4d-%2d-%2d", &y, &m, &d) != 3 || y == 0 || !g_date_valid_dmy(d, m, y))
		return NULL;
	g_date_clear(date, 1);
	g_date_set_dmy(date, d, m, y);
	return text + strlen(shape);
}

/* A date, or two with a slash between them. */
static gboolean
read_entry(const char *entry, GDate *first, GDate *last)
{
	const char *rest = read_date(entry, first);

	if (rest != NULL && *rest == '\0') {
		*last = *first;
		return TRUE;
	}
	if (rest == NULL || *rest != '/')
		return FALSE;
	rest = read_date(rest + 1, last);
	return rest != NULL && *rest == '\0' && g_date_compare(first, last) <= 0;
}

static gboolean
day_is_listed(const char *entry, const GDate *day)
{
	GDate first, last;

	return read_entry(entry, &first, &last) && g_date_compare(&first, day) <= 0 &&
	       g_date_compare(day, &last) <= 0;
}

static const DayHours *
day_hours(const Shop *shop, const GDate *day)
{
	return &shop->hours[g_date_get_weekday(day) - G_DATE_MONDAY];
}

static gboolean
day_is_closed(const Shop *shop, const GDate *day)
{
	const DayHours *hours = day_hours(shop, day);

	if (hours->close <= hours->open)
		return TRUE;
	for (gsize i = 0; shop->holidays != NULL && shop->holidays[i] != NULL; i++)
		if (calendar_holiday(shop->holidays[i], g_date_get_year(day), g_date_get_month(day),
		                     g_date_get_day(day)) != NULL)
			return TRUE;
	for (gsize i = 0; shop->closed != NULL && shop->closed[i] != NULL; i++)
		if (day_is_listed(shop->closed[i], day))
			return TRUE;
	return FALSE;
}

/* UTC of a local wall-clock time on that day. A time that the clocks skip in spring is taken as the
 * moment they jump to; one that comes twice in autumn is the first. */
static gint64
at_local(const Shop *shop, const GDate *day, gint32 seconds)
{
	GDate date = *day;

	if (seconds >= 24 * 3600) {
		g_date_add_days(&date, 1);
		seconds -= 24 * 3600;
	}
	g_autoptr(GDateTime) time =
	    g_date_time_new(shop->timezone, g_date_get_year(&date), g_date_get_month(&date),
	                    g_date_get_day(&date), seconds / 3600, seconds / 60 % 60, seconds % 60);
	return time != NULL ? g_date_time_to_unix(time) : 0;
}

static gboolean
local_day(const Shop *shop, gint64 seconds, GDate *day)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(seconds);

	if (utc == NULL)
		return FALSE;
	g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, shop->timezone);
	int y, m, d;
	g_date_time_get_ymd(local, &y, &m, &d);
	if (y > LAST_YEAR)
		return FALSE;
	g_date_clear(day, 1);
	g_date_set_dmy(day, d, m, y);
	return TRUE;
}

/* Closing time of the n-th open day after the one the mail counts for. */
static gint64
after_workdays(const Shop *shop, guint workdays, GDate day, gint64 from)
{
	gboolean received = FALSE;

	for (guint idle = 0; idle <= HORIZON_DAYS && next_day(&day); idle++) {
		if (day_is_closed(shop, &day))
			continue;
		gint64 closing = at_local(shop, &day, day_hours(shop, &day)->close);
		if (!received) {
			received = from < closing;
			idle = received ? 0 : idle;
		} else if (--workdays == 0) {
			return closing;
		} else {
			idle = 0;
		}
	}
	return 0;
}

/* So many seconds of opening time on, up to the next whole quarter, but never past closing. */
static gint64
after_hours(const Shop *shop, gint64 left, GDate day, gint64 from)
{
	for (guint idle = 0; idle <= HORIZON_DAYS && next_day(&day); idle++) {
		if (day_is_closed(shop, &day))
			continue;
		gint64 opening = at_local(shop, &day, day_hours(shop, &day)->open);
		gint64 closing = at_local(shop, &day, day_hours(shop, &day)->close);
		gint64 start = MAX(opening, from);
		if (start >= closing)
			continue;
		if (left <= closing - start) {
			gint64 end = start + left;
			return MIN((end + QUARTER - 1) / QUARTER * QUARTER, closing);
		}
		left -= closing - start;
		idle = 0;
	}
	return 0;
}

gint64
calendar_answer_by(const Shop *shop, Priority priority, gint64 from)
{
	guint workdays = shop->answer_within[priority].workdays;
	GDate day;

	if (!local_day(shop, from, &day))
		return 0;
	g_date_subtract_days(&day, 1); /* the loops below begin by going on a day */
	if (workdays > 0)
		return after_workdays(shop, workdays, day, from);
	return after_hours(shop, MAX(shop->answer_within[priority].seconds, 0), day, from);
}

gboolean
calendar_read_dates(const char *path, GPtrArray *closed, Diagnostics *diag)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	guint errors = diagnostics_errors(diag);

	if (!g_file_get_contents(path, &text, NULL, &error)) {
		diagnostics_error(diag, path, 0, "cannot be read (%s)", error->message);
		return FALSE;
	}

	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		lines[i][strcspn(lines[i], "#")] = '\0';
		char *entry = g_strstrip(lines[i]);
		GDate first, last;

		if (*entry == '\0')
			continue;
		if (read_entry(entry, &first, &last))
			g_ptr_array_add(closed, g_strdup(entry));
		else
			diagnostics_error(diag, path, i + 1, "no date: '%.40s' "
			                  "(write 2026-12-24, or 2026-12-24/2027-01-01 for a range)", entry);
	}
	return diagnostics_errors(diag) == errors;
}
