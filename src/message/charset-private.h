/* charset-private.h - shared by charset.c, mojibake.c and html.c only. */
#ifndef AARDIG_CHARSET_PRIVATE_H
#define AARDIG_CHARSET_PRIVATE_H

#include <glib.h>

extern const gunichar2 cp1252_high[32];

/* Length of the UTF-8 sequence at p (1 to 4), 0 if there is none; p < end. */
int utf8_sequence(const guchar *p, const guchar *end);

/* Appends a sequence of n bytes (as measured above) unless it is no text: no-break spaces become
 * blanks, invisible characters nothing, stray C1 controls what windows-1252 has there. */
void charset_append_clean(GString *out, const guchar *p, int n);

#endif
