/* error.h - the one error domain.
 *
 * The code of an error says what to do next, its text says what happened. Code below cli/ and
 * pipeline.c returns errors and does not log them; each layer adds what it alone knows with
 * g_prefix_error(). */
#ifndef AARDIG_ERROR_H
#define AARDIG_ERROR_H

#include <glib.h>

G_BEGIN_DECLS

#define AARDIG_ERROR (aardig_error_quark())

typedef enum {
	AARDIG_ERROR_TEMPORARY, /* worth another try later: connection, 4xx, busy, disk full */
	AARDIG_ERROR_PERMANENT, /* the same input will fail again: set it aside for a human */
	AARDIG_ERROR_CONFIG,    /* the operator has to change something: login, certificate, setting */
	AARDIG_ERROR_UNKNOWN_OUTCOME, /* SMTP: the line was lost after the final dot; never resend */
	AARDIG_ERROR_GONE,      /* the mail, or a file that was named, is not there */
	AARDIG_ERROR_STOPPED,   /* we were asked to stop while waiting */
} AardigError;

GQuark aardig_error_quark(void);

/* sysexits.h for a person or a script: TEMPORARY 75, PERMANENT 65, CONFIG 78, others 70.
 * Errors of another domain give 70; NULL gives 0. */
int aardig_error_exit_code(const GError *error);

G_END_DECLS

#endif
