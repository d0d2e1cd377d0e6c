/* log.h - one line per event on stderr, key=value, levels by what the operator should do.
 *
 * Under systemd (JOURNAL_STREAM set) lines carry the <N> prefix of sd-daemon(3); with
 * log_to_syslog() they go to syslog(3) instead, for deliver and filter whose stderr would
 * end up in a bounce. Foreign text goes through log_quote() first, always. */
#ifndef AARDIG_LOG_H
#define AARDIG_LOG_H

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
	LOG_LEVEL_ERROR,   /* somebody must act */
	LOG_LEVEL_WARNING, /* somebody should look when convenient */
	LOG_LEVEL_INFO,    /* one line per mail handled, starts and stops */
	LOG_LEVEL_DEBUG,   /* -v */
	LOG_LEVEL_TRACE,   /* -vv: protocol lines without secrets and bodies */
} LogLevel;

void log_set_level(LogLevel level);
LogLevel log_level(void);
void log_to_syslog(void);

/* `stage` is the name of the folder the line comes from ("guard", "net"); it leads the line. */
void log_line(LogLevel level, const char *stage, const char *format, ...) G_GNUC_PRINTF(3, 4);

#define log_error(stage, ...)   log_line(LOG_LEVEL_ERROR, stage, __VA_ARGS__)
#define log_warning(stage, ...) log_line(LOG_LEVEL_WARNING, stage, __VA_ARGS__)
#define log_info(stage, ...)    log_line(LOG_LEVEL_INFO, stage, __VA_ARGS__)
#define log_debug(stage, ...)   log_line(LOG_LEVEL_DEBUG, stage, __VA_ARGS__)
#define log_trace(stage, ...)   log_line(LOG_LEVEL_TRACE, stage, __VA_ARGS__)

/* A copy of foreign text that is safe on one log line or terminal line: valid UTF-8, control and
 * bidirectional-override characters and invalid bytes as \xNN, cut with an ellipsis after
 * max_chars characters. NULL gives "-". Caller frees. */
char *log_quote(const char *text, gsize max_chars);

G_END_DECLS

#endif
