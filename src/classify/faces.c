/* faces.c - faces made of punctuation: ":-(" is a word, and says a lot about the tone. */
#include "config.h"

#include <string.h>

#include "classify/tokens-private.h"

/* Faces as people type them; the second is how rules write them. Longer ones first. */
static const char *const faces[][2] = {
	{ ">:-(", ">:(" }, { ">:(", ">:(" }, { ":'-(", ":'(" }, { ":'(", ":'(" }, { ":-)", ":)" },
	{ ":-(", ":(" },   { ";-)", ";)" },  { ":-D", ":d" },   { ":-P", ":p" },  { ":-p", ":p" },
	{ ":-/", ":/" },   { ":-|", ":|" },  { ":-S", ":s" },   { ":-s", ":s" },  { ":-O", ":o" },
	{ ":-o", ":o" },   { ":-*", ":*" },  { "</3", "</3" },  { ":)", ":)" },   { ":(", ":(" },
	{ ";)", ";)" },    { ":D", ":d" },   { ":P", ":p" },    { ":p", ":p" },   { ":/", ":/" },
	{ ":|", ":|" },    { ":S", ":s" },   { ":s", ":s" },    { ":O", ":o" },   { ":o", ":o" },
	{ ":*", ":*" },    { ":@", ":@" },   { "=)", ":)" },    { "=(", ":(" },   { "<3", "<3" },
	{ "^^", "^^" },
};

gsize
tokens_face(const guchar *p, const guchar *end, const char **fold_out)
{
	for (gsize i = 0; i < G_N_ELEMENTS(faces); i++) {
		gsize len = strlen(faces[i][0]);

		if ((gsize)(end - p) < len || memcmp(p, faces[i][0], len) != 0)
			continue;
		*fold_out = faces[i][1];
		return len;
	}
	return 0;
}
