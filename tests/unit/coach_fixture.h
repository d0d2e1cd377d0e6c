/* coach_fixture.h - the coach's rules as they are shipped. */
#ifndef AARDIG_TESTS_COACH_FIXTURE_H
#define AARDIG_TESTS_COACH_FIXTURE_H

#include "aardig/coach.h"
#include "aardig/settings.h"
#include "unit.h"

static inline Rules *
load_rules(void)
{
	g_autofree char *dir = g_build_filename(settings_datadir(), "coach", NULL);
	const char *dirs[] = { dir, NULL };
	g_autoptr(Diagnostics) diag = diagnostics_new();
	Rules *loaded = rules_load(dirs, diag);

	diagnostics_print(diag);
	if (loaded == NULL || diagnostics_count(diag) > 0)
		exit(EXIT_FAILURE);
	return loaded;
}

#endif
