/* error.c - the error domain and its exit codes. */
#include "config.h"

#include <sysexits.h>

#include "aardig/error.h"

G_DEFINE_QUARK(aardig-error-quark, aardig_error)

int
aardig_error_exit_code(const GError *error)
{
	if (error == NULL)
		return EX_OK;
	if (error->domain != AARDIG_ERROR)
		return EX_SOFTWARE;
	switch ((AardigError) error->code) {
	case AARDIG_ERROR_TEMPORARY:
	case AARDIG_ERROR_STOPPED:
		return EX_TEMPFAIL;
	case AARDIG_ERROR_PERMANENT:
	case AARDIG_ERROR_UNKNOWN_OUTCOME:
		return EX_DATAERR;
	case AARDIG_ERROR_GONE:
		return EX_NOINPUT;
	case AARDIG_ERROR_CONFIG:
		return EX_CONFIG;
	}
	return EX_SOFTWARE;
}
