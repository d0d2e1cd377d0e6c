/* clock.h - the time, in one place, so that tests can set it.
 *
 * Times are gint64 seconds since 1970 in UTC; 0 means unknown. */
#ifndef AARDIG_CLOCK_H
#define AARDIG_CLOCK_H

#include <glib.h>

G_BEGIN_DECLS

gint64 clock_now(void);

/* From now on clock_now() answers `seconds` (it stands still); 0 gives the real clock back. */
void clock_set(gint64 seconds);

/* Adds to what the real clock says, for tests of time passing. */
void clock_shift(gint64 seconds);

/* RFC 3339 ("2026-11-27T16:55:00+01:00", "...Z"; a space for the T is taken too). FALSE if it is
 * not one; *seconds_out is then untouched. */
gboolean clock_parse_rfc3339(const char *text, gint64 *seconds_out);
/* "2026-11-27" at 00:00 in `zone`, or a whole RFC 3339 time. */
gboolean clock_parse_date(const char *text, GTimeZone *zone, gint64 *seconds_out);
/* RFC 3339 in UTC with a Z; caller frees. */
char *clock_format(gint64 seconds);

/* Monotonic milliseconds, for deadlines; never set back. */
gint64 clock_monotonic_ms(void);

G_END_DECLS

#endif
