/* duration.c - "3 days", "60 s", "90 min" as seconds. */
#include "config.h"

#include <string.h>

#include "aardig/settings.h"

/* More than any setting takes, and far from overflow. */
#define NUMBER_DIGITS 9

static const struct {
	const char *name;
	gint64 seconds;
} units[] = {
	{ "s", 1 },           { "sec", 1 },       { "second", 1 },   { "seconds", 1 },
	{ "min", 60 },        { "minute", 60 },   { "minutes", 60 }, { "h", 3600 },
	{ "hour", 3600 },     { "hours", 3600 },  { "d", 86400 },    { "day", 86400 },
	{ "days", 86400 },    { "week", 604800 }, { "weeks", 604800 },
};

gboolean
settings_parse_duration(const char *text, gint64 *seconds_out)
{
	gint64 number = 0;
	gsize digits = strspn(text, "0123456789");

	if (digits == 0 || digits > NUMBER_DIGITS)
		return FALSE;
	for (gsize i = 0; i < digits; i++)
		number = number * 10 + (text[i] - '0');
	text += digits;
	text += strspn(text, " ");
	for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
		if (strcmp(text, units[i].name) == 0) {
			*seconds_out = number * units[i].seconds;
			return TRUE;
		}
	return FALSE;
}
