/* xml.h - the four functions of libxml2 that html.c uses, loaded when the first HTML arrives:
 * linking the library (and ICU behind it) costs every process 1.5 ms, and most deliveries are plain
 * text. */
#ifndef AARDIG_MESSAGE_XML_H
#define AARDIG_MESSAGE_XML_H

#include <libxml/HTMLparser.h>

typedef struct {
	htmlParserCtxtPtr (*create)(htmlSAXHandlerPtr sax, void *data, const char *chunk, int size,
	                            const char *filename, xmlCharEncoding encoding);
	int (*use_options)(htmlParserCtxtPtr parser, int options);
	int (*parse)(htmlParserCtxtPtr parser, const char *chunk, int size, int terminate);
	void (*free)(htmlParserCtxtPtr parser);
} XmlLibrary;

/* NULL when libxml2 is missing; said once in the log. */
const XmlLibrary *xml_library(void);

#endif
