/* clock.c - the time, settable for tests. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"

static gint64 fixed, shift;

gint64
clock_now(void)
{
	return fixed != 0 ? fixed : g_get_real_time() / G_USEC_PER_SEC + shift;
}

void
clock_set(gint64 seconds)
{
	fixed = seconds;
}

void
clock_shift(gint64 seconds)
{
	shift = seconds;
}

gint64
clock_monotonic_ms(void)
{
	return g_get_monotonic_time() / 1000;
}

static gboolean
parse_with_zone(const char *text, GTimeZone *zone, gint64 *seconds_out)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(text, zone);

	if (when == NULL)
		return FALSE;
	*seconds_out = g_date_time_to_unix(when);
	return TRUE;
}

gboolean
clock_parse_rfc3339(const char *text, gint64 *seconds_out)
{
	g_autofree char *copy = g_strdup(text);

	if (strlen(copy) < 20 || (copy[10] != 'T' && copy[10] != 't' && copy[10] != ' '))
		return FALSE;
	copy[10] = 'T';
	/* Without a zone this is no RFC 3339 time, and GLib returns NULL for it. */
	return parse_with_zone(copy, NULL, seconds_out);
}

gboolean
clock_parse_date(const char *text, GTimeZone *zone, gint64 *seconds_out)
{
	if (strlen(text) != 10)
		return clock_parse_rfc3339(text, seconds_out);

	g_autofree char *midnight = g_strconcat(text, "T00:00:00", NULL);
	return parse_with_zone(midnight, zone, seconds_out);
}

char *
clock_format(gint64 seconds)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(seconds);

	if (when == NULL)
		return g_strdup("?");
	return g_date_time_format(when, "%Y-%m-%dT%H:%M:%SZ");
}
