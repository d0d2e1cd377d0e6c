/* fuzz_auth_results.c - one Authentication-Results field: "ID\nVALUE"; an empty ID means "any". */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "guard/guard-private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *) data, size);
	char *value = strchr(text, '\n');
	AuthResults auth;

	if (value == NULL)
		return 0;
	*value++ = '\0';
	gboolean trusted = auth_results_field(&auth, value, *text != '\0' ? text : NULL);
	/* What is not from the trusted server says nothing at all. */
	if (!trusted)
		g_assert(auth.dmarc == AUTH_NONE && auth.spf == AUTH_NONE && auth.dkim_domains->len == 0);
	/* A pass needs the word; quoted strings may have backslashes in it. */
	g_autofree char *lower = g_ascii_strdown(value, -1);
	char *out = lower;
	for (const char *in = lower; *in != '\0'; in++)
		if (*in != '\\')
			*out++ = *in;
	*out = '\0';
	if (strstr(lower, "pass") == NULL)
		g_assert(auth.dmarc != AUTH_PASS && auth.spf != AUTH_PASS && auth.dkim_domains->len == 0);
	auth_dmarc_passes(&auth, "klant.example");
	auth_dkim_passes(&auth, "klant.example");
	auth_spf_passes(&auth, "klant.example");
	auth_results_clear(&auth);
	return 0;
}
