/* log.c - log lines to stderr, the journal or syslog, and the quoting of foreign text. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "aardig/log.h"

/* syslog.h and log.h both number from grave to chatty, but not alike. */
static const int priorities[] = { LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG, LOG_DEBUG };

static LogLevel threshold = LOG_LEVEL_INFO;
static gboolean use_syslog;

void
log_set_level(LogLevel level)
{
	threshold = level;
}

LogLevel
log_level(void)
{
	return threshold;
}

void
log_to_syslog(void)
{
	use_syslog = TRUE;
	openlog("aardig", LOG_PID, LOG_MAIL);
}

void
log_line(LogLevel level, const char *stage, const char *format, ...)
{
	if (level > threshold)
		return;

	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);

	/* A line is a line, whatever a caller let through. */
	for (char *p = text; *p != '\0'; p++)
		if ((guchar) *p < 0x20 || *p == 0x7f)
			*p = ' ';

	if (use_syslog) {
		syslog(priorities[level], "%s: %s", stage, text);
		return;
	}

	g_autofree char *line = NULL;
	if (g_getenv("JOURNAL_STREAM") != NULL && !isatty(STDERR_FILENO))
		line = g_strdup_printf("<%d>%s: %s\n", priorities[level], stage, text);
	else
		line = g_strdup_printf("aardig: %s: %s\n", stage, text);
	/* One write, so that lines of several workers do not mix. */
	if (write(STDERR_FILENO, line, strlen(line)) < 0)
		return;
}

static gboolean
is_hidden(gunichar c)
{
	/* Bidirectional overrides and isolates, and line breaks that are no control characters. */
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029;
}

char *
log_quote(const char *text, gsize max_chars)
{
	if (text == NULL)
		return g_strdup("-");

	GString *out = g_string_new(NULL);
	gsize n = 0;
	const char *p = text;

	for (; *p != '\0' && n < max_chars; n++) {
		gunichar c = g_utf8_get_char_validated(p, -1);

		if (c == (gunichar) -1 || c == (gunichar) -2) {
			g_string_append_printf(out, "\\x%02x", (guchar) *p);
			p++;
			continue;
		}
		const char *next = g_utf8_next_char(p);
		if (is_hidden(c)) {
			for (; p < next; p++)
				g_string_append_printf(out, "\\x%02x", (guchar) *p);
		} else {
			g_string_append_len(out, p, next - p);
			p = next;
		}
	}
	if (*p != '\0')
		g_string_append(out, "\u2026");
	return g_string_free(out, FALSE);
}
