/* evidence.c - the evidence of a reading for the ledger: JSON, the weightiest first, bounded. */
#include "config.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "aardig/classify.h"

#define JSON_MAX 4096
/* A longer piece of the mail is cut: the rule says the rest, and the ledger holds no bodies. */
#define TEXT_CHARS_MAX 60

static int
compare_weight(const void *a, const void *b)
{
	double left = fabs((*(const Evidence *const *)a)->points);
	double right = fabs((*(const Evidence *const *)b)->points);

	return left < right ? 1 : left > right ? -1 : 0;
}

static char *
one_json(const Evidence *evidence)
{
	static const char *const where[] = { "subject", "body", "signal" };
	g_autofree char *text = g_utf8_strlen(evidence->text, -1) > TEXT_CHARS_MAX
	                            ? g_utf8_substring(evidence->text, 0, TEXT_CHARS_MAX)
	                            : g_strdup(evidence->text);
	json_t *object = json_pack("{s:s, s:s, s:f, s:s, s:s}", "rule", evidence->rule, "label",
	                           evidence->label, "points", evidence->points, "in",
	                           where[evidence->where], "text", text);
	char *json =
	    object != NULL ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(4)) : NULL;

	json_decref(object);
	return json;
}

char *
evidence_json(const Reading *reading)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	GString *text = g_string_new("[");

	for (guint i = 0; i < reading->evidence->len; i++)
		g_ptr_array_add(list, &g_array_index(reading->evidence, Evidence, i));
	g_ptr_array_sort(list, compare_weight);
	for (guint i = 0; i < list->len; i++) {
		g_autofree char *json = one_json(list->pdata[i]);

		if (json == NULL || text->len + strlen(json) + 2 > JSON_MAX)
			continue;
		if (text->len > 1)
			g_string_append_c(text, ',');
		g_string_append(text, json);
	}
	g_string_append_c(text, ']');
	return g_string_free(text, FALSE);
}
