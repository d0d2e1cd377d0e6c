/* probe.h - what the programs share that try a part of aardig by hand: steps given on the command line, one after
 * the other, and errors by their kind. */
#ifndef AARDIG_TESTS_PROBE_H
#define AARDIG_TESTS_PROBE_H

#include <stdio.h>
#include <string.h>

#include "aardig/error.h"
#include "aardig/log.h"

typedef struct {
	const char *name;
	guint n; /* arguments */
	gboolean (*run)(char **args, GError **error);
} ProbeStep;

static inline int
show_error(const GError *error)
{
	static const char *const kinds[] = { "TEMPORARY", "PERMANENT", "CONFIG", "UNKNOWN_OUTCOME", "GONE",
		                             "STOPPED" };

	fprintf(stderr, "%s: %s\n",
	        error->domain == AARDIG_ERROR && (guint) error->code < G_N_ELEMENTS(kinds)
	            ? kinds[error->code]
	            : "OTHER",
	        error->message);
	return 1;
}

/* KEY=VALUE... up to "--"; where the steps begin. */
static inline char **
probe_keys(char **args, void (*set)(const char *key, const char *value))
{
	if (g_getenv("TRACE") != NULL)
		log_set_level(LOG_LEVEL_TRACE);
	for (; *args != NULL && strcmp(*args, "--") != 0; args++) {
		g_auto(GStrv) pair = g_strsplit(*args, "=", 2);

		set(pair[0], pair[1] != NULL ? pair[1] : "");
	}
	return *args != NULL ? args + 1 : args;
}

/* STEP [ARGUMENT...] [, STEP [ARGUMENT...]]... `tolerant` is set by a step after which one may fail; NULL: there is
 * none. */
static inline int
probe_run(const ProbeStep *steps, gsize n_steps, char **args, gboolean *tolerant)
{
	while (*args != NULL) {
		g_autoptr(GError) error = NULL;
		gsize i;
		guint n = 0;
		gboolean may_fail = tolerant != NULL && *tolerant;

		for (i = 0; i < n_steps && strcmp(steps[i].name, *args) != 0; i++)
			;
		while (args[n + 1] != NULL && strcmp(args[n + 1], ",") != 0)
			n++;
		if (i == n_steps || n != steps[i].n) {
			fprintf(stderr, "step %s?\n", *args);
			return 64;
		}
		if (tolerant != NULL)
			*tolerant = FALSE;
		if (!steps[i].run(args + 1, &error)) {
			show_error(error);
			if (!may_fail)
				return 1;
		}
		fflush(stdout);
		args += n + 1;
		if (*args != NULL)
			args++;
	}
	return 0;
}

#endif
