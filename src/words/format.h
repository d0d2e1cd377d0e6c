/* format.h - dates, times and numbers as each language writes them. Private to words/. */
#ifndef AARDIG_WORDS_FORMAT_H
#define AARDIG_WORDS_FORMAT_H

#include <glib.h>

G_BEGIN_DECLS

/* "vrijdag 27 november" */
char *format_day(const char *language, gint64 time, GTimeZone *zone);
/* "vrijdag 27 november voor 17.00 uur", with U+00A0 where a line must not break; `language` is that
 * of the text ("nl", "nl-je", "en", ...). */
char *format_deadline(const char *language, gint64 time, GTimeZone *zone);
/* "12.345" */
char *format_count(const char *language, guint64 n);

G_END_DECLS

#endif
