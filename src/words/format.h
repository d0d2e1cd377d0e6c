/* format.h - dates, times and numbers as each language writes them. Private to words/. */
#ifndef AARDIG_WORDS_FORMAT_H
#define AARDIG_WORDS_FORMAT_H

#include <glib.h>

G_BEGIN_DECLS

/* "vrijdag 27 november" */
char *format_day(const char *language, gint64 time, GTimeZone *zone);
/* As words_format_deadline(), with U+00A0 where a line must not break. */
char *format_deadline(const char *language, gint64 time, GTimeZone *zone);
/* "vrijdag 27 november om 16.55 uur" */
char *format_moment(const char *language, gint64 time, GTimeZone *zone);
/* "12.345" */
char *format_count(const char *language, guint64 n);

G_END_DECLS

#endif
