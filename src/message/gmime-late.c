/* gmime-late.c - loads GMime; see aardig/gmime-late.h. */
#include "config.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define GMIME_LATE_LOADER
#include "aardig/gmime-late.h"
#include "aardig/log.h"

#define LIBGMIME "libgmime-3.0.so.0"

static const struct {
	const char *name;
	gsize offset;
} symbols[] = {
#define SYMBOL(name) { #name, G_STRUCT_OFFSET(GMimeLate, name) },
	GMIME_LATE(SYMBOL)
};

/* Functions of GObject are found in it too: it is linked with that. */
static void
load(GMimeLate *table)
{
	void *library = dlopen(LIBGMIME, RTLD_LAZY | RTLD_LOCAL);

	if (library == NULL) {
		log_error("message", "GMime cannot be loaded: %s (on Debian: apt-get install "
		          "libgmime-3.0-0)", dlerror());
		abort();
	}
	for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++) {
		void *symbol = dlsym(library, symbols[i].name);

		if (symbol == NULL) {
			log_error("message", LIBGMIME " has no %s: install GMime 3.2.7 or newer",
			          symbols[i].name);
			abort();
		}
		memcpy((char *) table + symbols[i].offset, &symbol, sizeof symbol);
	}
	table->g_mime_init();
}

const GMimeLate *
gmime_late(void)
{
	static GMimeLate table;
	static gsize loaded; /* two threads read mails in observe mode */

	if (g_once_init_enter(&loaded)) {
		load(&table);
		g_once_init_leave(&loaded, 1);
	}
	return &table;
}
