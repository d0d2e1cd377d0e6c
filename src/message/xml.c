/* xml.c - loads libxml2 late; see xml.h. */
#include "config.h"

#include <dlfcn.h>

#include "aardig/log.h"
#include "message/xml.h"

#define LIBXML "libxml2.so.2"

static gboolean
load(XmlLibrary *xml)
{
	void *library = dlopen(LIBXML, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return FALSE;
	/* POSIX allows a data pointer from dlsym() to be used as a function; ISO C has no word for
	 * it. */
	*(void **) &xml->create = dlsym(library, "htmlCreatePushParserCtxt");
	*(void **) &xml->use_options = dlsym(library, "htmlCtxtUseOptions");
	*(void **) &xml->parse = dlsym(library, "htmlParseChunk");
	*(void **) &xml->free = dlsym(library, "htmlFreeParserCtxt");
	return xml->create != NULL && xml->use_options != NULL && xml->parse != NULL && xml->free != NULL;
}

const XmlLibrary *
xml_library(void)
{
	static XmlLibrary xml;
	static enum { NOT_TRIED, LOADED, MISSING } state;

	if (state == NOT_TRIED) {
		state = load(&xml) ? LOADED : MISSING;
		if (state == MISSING)
			log_error("message", "libxml2 cannot be loaded, HTML is read roughly (on Debian: "
			          "apt-get install libxml2)");
	}
	return state == LOADED ? &xml : NULL;
}
