/* test_calendar.c - opening hours, holidays by rule, and the moment a customer has an answer. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/decide.h"
#include "unit.h"
#include "words/format.h"

#define H(hours) ((hours) * 3600)

typedef enum {
	OFFICE,   /* Monday to Friday 9-17, "nl" */
	LATE,     /* Tuesday to Friday 10-18, Thursday till 21, Saturday 10-17 */
	ALWAYS,   /* every day 0-24, no holidays */
	ODD,      /* Monday to Friday 9-17.10 */
	SUNDAY,   /* Sunday 12-14 only */
	NEVER,    /* no opening hours */
	CHRISTMAS,/* office, closed from 24 December to 1 January by a range */
	DAYOFF,   /* office, closed on 27 November 2026 */
	BELGIAN, GERMAN, FRENCH, ENGLISH, BERLIN_UTC,
	N_SHOPS,
} ShopKind;

static Shop shops[N_SHOPS];

static const char *nl[] = { "nl", NULL }, *be[] = { "be", NULL }, *de[] = { "de", NULL };
static const char *fr[] = { "fr", NULL }, *en[] = { "en", NULL };
static const char *christmas[] = { "2026-12-24/2027-01-01", NULL }, *dayoff[] = { "2026-11-27", NULL };
static const char *year[] = { "2026-01-01/2027-12-31", NULL };

static void
open_days(Shop *shop, int first, int last, gint32 open, gint32 close)
{
	for (int day = first; day <= last; day++)
		shop->hours[day] = (DayHours) { open, close };
}

static void
make_shops(void)
{
	for (int i = 0; i < N_SHOPS; i++) {
		shops[i].timezone = g_time_zone_new_identifier("Europe/Amsterdam");
		shops[i].holidays = (char **) nl;
		shops[i].answer_within[PRIORITY_NORMAL].workdays = 1;
		shops[i].answer_within[PRIORITY_HIGH].seconds = H(4);
		open_days(&shops[i], 0, 4, H(9), H(17));
	}
	open_days(&shops[LATE], 0, 0, 0, 0);
	open_days(&shops[LATE], 1, 4, H(10), H(18));
	open_days(&shops[LATE], 3, 3, H(10), H(21));
	open_days(&shops[LATE], 5, 5, H(10), H(17));
	open_days(&shops[ALWAYS], 0, 6, 0, H(24));
	shops[ALWAYS].holidays = NULL;
	open_days(&shops[ODD], 0, 4, H(9), H(17) + 600);
	open_days(&shops[SUNDAY], 0, 5, 0, 0);
	open_days(&shops[SUNDAY], 6, 6, H(12), H(14));
	open_days(&shops[NEVER], 0, 6, 0, 0);
	shops[CHRISTMAS].closed = (char **) christmas;
	shops[DAYOFF].closed = (char **) dayoff;
	shops[BELGIAN].holidays = (char **) be;
	shops[GERMAN].holidays = (char **) de;
	shops[FRENCH].holidays = (char **) fr;
	shops[ENGLISH].holidays = (char **) en;
	shops[BERLIN_UTC].timezone = g_time_zone_new_utc();
}

static gint64
at(const char *text)
{
	gint64 seconds = 0;

	ck_assert_msg(clock_parse_rfc3339(text, &seconds), "not a time: %s", text);
	return seconds;
}

static const struct {
	const char *what;
	ShopKind shop;
	Priority priority;
	const char *from, *by;
} terms[] = {
	/* One workday: closing time of the next open day. */
	{ "Monday morning", OFFICE, 0, "2026-11-23T10:00:00+01:00", "2026-11-24T17:00:00+01:00" },
	{ "before opening counts for the day", OFFICE, 0, "2026-11-23T06:00:00+01:00", "2026-11-24T17:00:00+01:00" },
	{ "a second before closing", OFFICE, 0, "2026-11-23T16:59:59+01:00", "2026-11-24T17:00:00+01:00" },
	{ "at closing it is the next day's", OFFICE, 0, "2026-11-23T17:00:00+01:00", "2026-11-25T17:00:00+01:00" },
	{ "after closing", OFFICE, 0, "2026-11-23T22:00:00+01:00", "2026-11-25T17:00:00+01:00" },
	{ "Friday 16:55", OFFICE, 0, "2026-11-27T16:55:00+01:00", "2026-11-30T17:00:00+01:00" },
	{ "Friday 17:05", OFFICE, 0, "2026-11-27T17:05:00+01:00", "2026-12-01T17:00:00+01:00" },
	{ "Saturday", OFFICE, 0, "2026-11-28T12:00:00+01:00", "2026-12-01T17:00:00+01:00" },
	{ "Sunday night", OFFICE, 0, "2026-11-29T23:59:00+01:00", "2026-12-01T17:00:00+01:00" },
	{ "Thursday before the day off", DAYOFF, 0, "2026-11-26T10:00:00+01:00", "2026-11-30T17:00:00+01:00" },
	{ "on the day off", DAYOFF, 0, "2026-11-27T10:00:00+01:00", "2026-12-01T17:00:00+01:00" },
	/* Four hours of opening time. */
	{ "urgent, in the morning", OFFICE, 1, "2026-11-23T10:00:00+01:00", "2026-11-23T14:00:00+01:00" },
	{ "urgent, rounded up to a quarter", OFFICE, 1, "2026-11-23T10:01:00+01:00", "2026-11-23T14:15:00+01:00" },
	{ "urgent, one second past a quarter", OFFICE, 1, "2026-11-23T10:15:01+01:00", "2026-11-23T14:30:00+01:00" },
	{ "urgent, just to closing", OFFICE, 1, "2026-11-23T13:00:00+01:00", "2026-11-23T17:00:00+01:00" },
	{ "urgent, over the night", OFFICE, 1, "2026-11-23T15:00:00+01:00", "2026-11-24T11:00:00+01:00" },
	{ "urgent, Friday 16:55", OFFICE, 1, "2026-11-27T16:55:00+01:00", "2026-11-30T13:00:00+01:00" },
	{ "urgent, at night", OFFICE, 1, "2026-11-24T03:00:00+01:00", "2026-11-24T13:00:00+01:00" },
	{ "urgent, Saturday", OFFICE, 1, "2026-11-28T12:00:00+01:00", "2026-11-30T13:00:00+01:00" },
	{ "urgent, never past an odd closing", ODD, 1, "2026-11-23T13:08:00+01:00", "2026-11-23T17:10:00+01:00" },
	{ "urgent, two hours a week", SUNDAY, 1, "2026-11-23T10:00:00+01:00", "2026-12-06T14:00:00+01:00" },
	/* Other opening hours. */
	{ "closed on Monday", LATE, 0, "2026-11-21T12:00:00+01:00", "2026-11-24T18:00:00+01:00" },
	{ "late-night shopping is closing time", LATE, 0, "2026-11-25T12:00:00+01:00", "2026-11-26T21:00:00+01:00" },
	{ "19:00 on the late night still counts", LATE, 0, "2026-11-26T19:00:00+01:00", "2026-11-27T18:00:00+01:00" },
	{ "19:00 on another day does not", LATE, 0, "2026-11-25T19:00:00+01:00", "2026-11-27T18:00:00+01:00" },
	{ "Friday to Saturday", LATE, 0, "2026-11-27T12:00:00+01:00", "2026-11-28T17:00:00+01:00" },
	{ "urgent over Sunday and Monday", LATE, 1, "2026-11-28T15:00:00+01:00", "2026-12-01T12:00:00+01:00" },
	{ "open on Sundays only", SUNDAY, 0, "2026-11-29T13:00:00+01:00", "2026-12-06T14:00:00+01:00" },
	{ "always open", ALWAYS, 0, "2026-11-27T16:55:00+01:00", "2026-11-29T00:00:00+01:00" },
	{ "always open, urgent", ALWAYS, 1, "2026-11-27T22:30:00+01:00", "2026-11-28T02:30:00+01:00" },
	{ "never open", NEVER, 0, "2026-11-27T16:55:00+01:00", NULL },
	{ "never open, urgent", NEVER, 1, "2026-11-27T16:55:00+01:00", NULL },
	{ "odd closing, workday", ODD, 0, "2026-11-23T10:00:00+01:00", "2026-11-24T17:10:00+01:00" },
	/* Dutch holidays. */
	{ "Wednesday before Christmas 2026", OFFICE, 0, "2026-12-23T12:00:00+01:00", "2026-12-24T17:00:00+01:00" },
	{ "Christmas Eve", OFFICE, 0, "2026-12-24T12:00:00+01:00", "2026-12-28T17:00:00+01:00" },
	{ "Christmas Day is a Friday", OFFICE, 0, "2026-12-25T12:00:00+01:00", "2026-12-29T17:00:00+01:00" },
	{ "New Year's Eve", OFFICE, 0, "2026-12-31T16:00:00+01:00", "2027-01-04T17:00:00+01:00" },
	{ "closed over Christmas", CHRISTMAS, 0, "2026-12-23T12:00:00+01:00", "2027-01-04T17:00:00+01:00" },
	{ "in the closed week", CHRISTMAS, 0, "2026-12-29T12:00:00+01:00", "2027-01-05T17:00:00+01:00" },
	{ "urgent over the closed week", CHRISTMAS, 1, "2026-12-23T16:00:00+01:00", "2027-01-04T12:00:00+01:00" },
	{ "Maundy Thursday: Good Friday is open", OFFICE, 0, "2026-04-02T12:00:00+02:00", "2026-04-03T17:00:00+02:00" },
	{ "Good Friday to Tuesday", OFFICE, 0, "2026-04-03T12:00:00+02:00", "2026-04-07T17:00:00+02:00" },
	{ "before King's Day on a Monday", OFFICE, 0, "2026-04-24T12:00:00+02:00", "2026-04-28T17:00:00+02:00" },
	{ "before Ascension", OFFICE, 0, "2026-05-13T12:00:00+02:00", "2026-05-15T17:00:00+02:00" },
	{ "before Whitsun", OFFICE, 0, "2026-05-22T12:00:00+02:00", "2026-05-26T17:00:00+02:00" },
	{ "Liberation Day 2025 is off", OFFICE, 0, "2025-05-02T12:00:00+02:00", "2025-05-06T17:00:00+02:00" },
	{ "Liberation Day 2026 is not", OFFICE, 0, "2026-05-04T12:00:00+02:00", "2026-05-05T17:00:00+02:00" },
	/* Leap day, year end. */
	{ "leap day is a Thursday", OFFICE, 0, "2024-02-28T12:00:00+01:00", "2024-02-29T17:00:00+01:00" },
	{ "from leap day on", OFFICE, 0, "2024-02-29T12:00:00+01:00", "2024-03-01T17:00:00+01:00" },
	{ "no leap day", OFFICE, 0, "2023-02-28T12:00:00+01:00", "2023-03-01T17:00:00+01:00" },
	{ "New Year's Eve after closing", OFFICE, 0, "2025-12-31T18:00:00+01:00", "2026-01-05T17:00:00+01:00" },
	/* Clocks forward on 29 March 2026, back on 25 October 2026. */
	{ "over the weekend of summer time", OFFICE, 0, "2026-03-27T16:00:00+01:00", "2026-03-30T17:00:00+02:00" },
	{ "urgent over summer time", OFFICE, 1, "2026-03-27T15:00:00+01:00", "2026-03-30T11:00:00+02:00" },
	{ "over the weekend of winter time", OFFICE, 0, "2026-10-23T16:00:00+02:00", "2026-10-26T17:00:00+01:00" },
	{ "urgent over winter time", OFFICE, 1, "2026-10-23T15:00:00+02:00", "2026-10-26T11:00:00+01:00" },
	{ "open through the short night", ALWAYS, 1, "2026-03-29T00:30:00+01:00", "2026-03-29T05:30:00+02:00" },
	{ "open through the long night", ALWAYS, 1, "2026-10-25T00:30:00+02:00", "2026-10-25T03:30:00+01:00" },
	{ "in the hour that comes twice", OFFICE, 0, "2026-10-25T02:30:00+01:00", "2026-10-27T17:00:00+01:00" },
	{ "the short day is one workday", ALWAYS, 0, "2026-03-28T12:00:00+01:00", "2026-03-30T00:00:00+02:00" },
	/* The mail's own offset does not matter. */
	{ "23:30 in London is the next day here", OFFICE, 0, "2026-11-22T23:30:00Z", "2026-11-24T17:00:00+01:00" },
	{ "written in another offset", OFFICE, 0, "2026-11-27T10:55:00-05:00", "2026-11-30T17:00:00+01:00" },
	{ "a shop on UTC", BERLIN_UTC, 0, "2026-11-27T16:55:00Z", "2026-11-30T17:00:00Z" },
	/* Elsewhere. */
	{ "Belgium, 21 July", BELGIAN, 0, "2026-07-20T12:00:00+02:00", "2026-07-22T17:00:00+02:00" },
	{ "Belgium works on Boxing Day 2028", BELGIAN, 0, "2028-12-22T12:00:00+01:00", "2028-12-26T17:00:00+01:00" },
	{ "Germany, Good Friday", GERMAN, 0, "2026-04-02T12:00:00+02:00", "2026-04-07T17:00:00+02:00" },
	{ "Germany, 3 October 2025", GERMAN, 0, "2025-10-02T12:00:00+02:00", "2025-10-06T17:00:00+02:00" },
	{ "France, 14 July", FRENCH, 0, "2026-07-13T12:00:00+02:00", "2026-07-15T17:00:00+02:00" },
	{ "France, 8 May", FRENCH, 0, "2026-05-07T12:00:00+02:00", "2026-05-11T17:00:00+02:00" },
	{ "England, Boxing Day moved to Monday", ENGLISH, 0, "2026-12-24T12:00:00+01:00", "2026-12-29T17:00:00+01:00" },
	{ "England, New Year's Day 2028 moved", ENGLISH, 0, "2027-12-31T12:00:00+01:00", "2028-01-04T17:00:00+01:00" },
};

START_TEST(test_term)
{
	gint64 by = calendar_answer_by(&shops[terms[_i].shop], terms[_i].priority, at(terms[_i].from));
	gint64 expected = terms[_i].by != NULL ? at(terms[_i].by) : 0;
	g_autofree char *got = clock_format(by), *want = clock_format(expected);

	ck_assert_msg(by == expected, "%s: %s, expected %s", terms[_i].what, got, want);
}
END_TEST

static const struct {
	const char *calendar;
	int year, month, day;
	const char *name; /* NULL: an ordinary day */
} days[] = {
	{ "nl", 2026, 1, 1, "Nieuwjaarsdag" }, { "nl", 2026, 1, 2, NULL },
	{ "nl", 2026, 4, 3, NULL },            { "nl", 2026, 4, 5, "Eerste Paasdag" },
	{ "nl", 2026, 4, 6, "Tweede Paasdag" },{ "nl", 2026, 4, 27, "Koningsdag" },
	{ "nl", 2025, 4, 26, "Koningsdag" },   { "nl", 2025, 4, 27, NULL },
	{ "nl", 2025, 5, 5, "Bevrijdingsdag" },{ "nl", 2026, 5, 5, NULL },
	{ "nl", 2030, 5, 5, "Bevrijdingsdag" },{ "nl", 2026, 5, 14, "Hemelvaartsdag" },
	{ "nl", 2026, 5, 25, "Tweede Pinksterdag" }, { "nl", 2026, 12, 26, "Tweede Kerstdag" },
	{ "nl", 2026, 12, 31, NULL },          { "nl", 2024, 2, 29, NULL },
	/* The latest and the earliest Easters. */
	{ "nl", 2038, 4, 25, "Eerste Paasdag" }, { "nl", 2008, 3, 23, "Eerste Paasdag" },
	{ "be", 2026, 11, 11, "Wapenstilstand" }, { "be", 2026, 12, 26, NULL },
	{ "de", 2026, 4, 3, "Karfreitag" },    { "de", 2026, 11, 1, NULL },
	{ "fr", 2026, 4, 3, NULL },            { "fr", 2026, 8, 15, "Assomption" },
	{ "en", 2026, 5, 4, "Early May bank holiday" }, { "en", 2026, 5, 25, "Spring bank holiday" },
	{ "en", 2026, 8, 31, "Summer bank holiday" }, { "en", 2026, 8, 24, NULL },
	{ "en", 2021, 12, 27, "Christmas Day" }, { "en", 2021, 12, 28, "Boxing Day" },
	{ "en", 2022, 12, 27, "Christmas Day" }, { "en", 2022, 12, 26, "Boxing Day" },
	{ "en", 2022, 1, 3, "New Year's Day" }, { "en", 2023, 1, 2, "New Year's Day" },
	{ "en", 2023, 1, 3, NULL },            { "xx", 2026, 1, 1, NULL },
	{ "nl", 2026, 2, 30, NULL },           { "nl", 0, 1, 1, NULL },
};

START_TEST(test_holiday)
{
	const char *name = calendar_holiday(days[_i].calendar, days[_i].year, days[_i].month,
	                                    days[_i].day);

	ck_assert_pstr_eq(name, days[_i].name);
}
END_TEST

START_TEST(test_closed)
{
	Shop shop = shops[OFFICE];
	const char *odd[] = { "niet", "2026-02-30", "2026-03-02/2026-03-04", "2026-03-09/", "", NULL };

	/* Of the closed days only the whole range counts: what is no date closes nothing. */
	shop.closed = (char **) odd;
	ck_assert_int_eq(calendar_answer_by(&shop, 0, at("2026-02-26T10:00:00+01:00")),
	                 at("2026-02-27T17:00:00+01:00"));
	ck_assert_int_eq(calendar_answer_by(&shop, 0, at("2026-02-27T10:00:00+01:00")),
	                 at("2026-03-05T17:00:00+01:00"));
	ck_assert_int_eq(calendar_answer_by(&shop, 0, at("2026-03-06T10:00:00+01:00")),
	                 at("2026-03-09T17:00:00+01:00"));
	for (gsize i = 0; calendar_names()[i] != NULL; i++)
		ck_assert_ptr_nonnull(calendar_holiday(calendar_names()[i], 2026, 12, 25));

	shop.closed = (char **) year;
	ck_assert_int_eq(calendar_answer_by(&shop, 0, at("2026-01-10T10:00:00Z")), 0);
	ck_assert_int_eq(calendar_answer_by(&shop, 1, at("2026-01-10T10:00:00Z")), 0);
}
END_TEST

START_TEST(test_many_days)
{
	Shop shop = shops[OFFICE];

	shop.answer_within[PRIORITY_NORMAL].workdays = 10;
	ck_assert_int_eq(calendar_answer_by(&shop, 0, at("2026-11-23T10:00:00+01:00")),
	                 at("2026-12-07T17:00:00+01:00"));
	shop.answer_within[PRIORITY_HIGH].seconds = H(80);
	ck_assert_int_eq(calendar_answer_by(&shop, 1, at("2026-11-23T09:00:00+01:00")),
	                 at("2026-12-04T17:00:00+01:00"));
	shop.answer_within[PRIORITY_HIGH].seconds = 0;
	ck_assert_int_eq(calendar_answer_by(&shop, 1, at("2026-11-22T09:00:00+01:00")),
	                 at("2026-11-23T09:00:00+01:00"));
	shop.answer_within[PRIORITY_NORMAL].workdays = G_MAXUINT;
	ck_assert_int_eq(calendar_answer_by(&shop, 0, at("9980-11-23T10:00:00+01:00")), 0);
}
END_TEST

START_TEST(test_dates_file)
{
	g_autoptr(GPtrArray) closed = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("dates-XXXXXX", &path, NULL);

	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert(g_file_set_contents(path, "# vrij\n2026-12-24\n\n 2026-07-20/2026-07-31 # bouwvak\n", -1,
	                              NULL));
	ck_assert(calendar_read_dates(path, closed, diag));
	ck_assert_uint_eq(closed->len, 2);
	ck_assert_str_eq(closed->pdata[1], "2026-07-20/2026-07-31");

	ck_assert(g_file_set_contents(path, "2026-12-24\n24-12-2026\n2026-02-30\n", -1, NULL));
	ck_assert(!calendar_read_dates(path, closed, diag));
	ck_assert_uint_eq(diagnostics_errors(diag), 2);
	g_autofree char *expected = g_strdup_printf("%s:2: error: no date: '24-12-2026' (write 2026-12-24, "
	                                            "or 2026-12-24/2027-01-01 for a range)", path);
	ck_assert_str_eq(diagnostics_line(diag, 0), expected);
	unlink(path);
	ck_assert(!calendar_read_dates(path, closed, diag));
}
END_TEST

static const struct {
	const char *language, *time, *text;
} formats[] = {
	{ "nl", "2026-11-27T17:00:00+01:00", "vrijdag 27 november voor 17.00\u00a0uur" },
	{ "nl-je", "2026-11-27T09:15:00+01:00", "vrijdag 27 november voor 9.15\u00a0uur" },
	{ "en", "2026-11-27T17:00:00+01:00", "Friday 27 November before 5\u00a0pm" },
	{ "en", "2026-11-27T17:15:00+01:00", "Friday 27 November before 5:15\u00a0pm" },
	{ "en", "2026-11-27T12:00:00+01:00", "Friday 27 November before 12\u00a0noon" },
	{ "en", "2026-11-27T12:30:00+01:00", "Friday 27 November before 12:30\u00a0pm" },
	{ "en", "2026-11-27T11:00:00+01:00", "Friday 27 November before 11\u00a0am" },
	{ "de", "2026-11-27T17:00:00+01:00", "Freitag, 27. November, vor 17\u00a0Uhr" },
	{ "de", "2026-11-27T17:30:00+01:00", "Freitag, 27. November, vor 17.30\u00a0Uhr" },
	{ "fr", "2026-11-27T17:00:00+01:00", "vendredi 27 novembre avant 17\u00a0h" },
	{ "fr", "2026-12-01T17:30:00+01:00", "mardi 1er décembre avant 17\u00a0h\u00a030" },
	{ "nl", "2026-03-01T12:00:00+01:00", "zondag 1 maart voor 12.00\u00a0uur" },
	/* Open till midnight: the day itself, not the next. */
	{ "nl", "2026-11-28T00:00:00+01:00", "vrijdag 27 november voor 24.00\u00a0uur" },
	{ "en", "2026-11-28T00:00:00+01:00", "Friday 27 November before midnight" },
	{ "de", "2026-11-28T00:00:00+01:00", "Freitag, 27. November, vor 24\u00a0Uhr" },
	{ "fr", "2026-11-28T00:00:00+01:00", "vendredi 27 novembre avant minuit" },
	{ "xx", "2026-11-27T17:00:00+01:00", "Friday 27 November before 5\u00a0pm" },
};

START_TEST(test_format)
{
	g_autofree char *text = format_deadline(formats[_i].language, at(formats[_i].time),
	                                        shops[OFFICE].timezone);

	ck_assert_str_eq(text, formats[_i].text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("calendar");
	TCase *tcase = tcase_create("calendar");

	make_shops();
	tcase_add_loop_test(tcase, test_term, 0, G_N_ELEMENTS(terms));
	tcase_add_loop_test(tcase, test_holiday, 0, G_N_ELEMENTS(days));
	tcase_add_loop_test(tcase, test_format, 0, G_N_ELEMENTS(formats));
	tcase_add_test(tcase, test_closed);
	tcase_add_test(tcase, test_many_days);
	tcase_add_test(tcase, test_dates_file);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
