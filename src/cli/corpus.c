/* corpus.c - reads labelled mails, one JSON object a line. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "aardig/error.h"
#include "cli/corpus.h"

/* Longer lines are no customer's mail. */
#define LINE_MAX_BYTES (4 * 1024 * 1024)

static const char *
text_of(const json_t *line, const char *key)
{
	return json_string_value(json_object_get(line, key));
}

static int
truth_of(const json_t *line, const char *key)
{
	const json_t *value = json_object_get(line, key);

	return json_is_boolean(value) ? json_is_true(value) : -1;
}

static gboolean
read_line(const char *text, const char *place, void (*each)(const CorpusMail *mail, void *data),
          void *data, GError **error)
{
	json_error_t trouble;
	json_t *line = json_loads(text, 0, &trouble);

	if (!json_is_object(line)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "%s: no JSON object: %s",
		            place, line == NULL ? trouble.text : "something else");
		json_decref(line);
		return FALSE;
	}
	CorpusMail mail = {
		.id = text_of(line, "id"),
		.lang = text_of(line, "lang"),
		.subject = text_of(line, "subject"),
		.body = text_of(line, "body"),
		.type = text_of(line, "type"),
		.tone = text_of(line, "tone"),
		.complaint = truth_of(line, "complaint"),
		.urgent = truth_of(line, "urgent"),
		.has_order = json_object_get(line, "order_number") != NULL,
		.has_name = json_object_get(line, "customer_name") != NULL,
		.order_number = text_of(line, "order_number"),
		.customer_name = text_of(line, "customer_name"),
	};

	/* Short texts of the language test have but one field. */
	if (mail.body == NULL)
		mail.body = text_of(line, "text");
	if (mail.subject == NULL)
		mail.subject = "";
	if (mail.id == NULL || mail.body == NULL) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
		            "%s: a mail needs \"id\" and \"body\"", place);
		json_decref(line);
		return FALSE;
	}
	each(&mail, data);
	json_decref(line);
	return TRUE;
}

gboolean
corpus_each(const char *path, void (*each)(const CorpusMail *mail, void *data), void *data,
            GError **error)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	gboolean good = TRUE;
	guint mails = 0;

	if (file == NULL) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_GONE, "%s: %s", path,
		            g_strerror(errno));
		return FALSE;
	}
	for (guint number = 1; good && (n = getline(&line, &room, file)) > 0; number++) {
		g_autofree char *place = g_strdup_printf("%s:%u", path, number);

		if (n > LINE_MAX_BYTES) {
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
			            "%s: line too long", place);
			good = FALSE;
		} else if (line[strspn(line, " \t\r\n")] != '\0') {
			good = read_line(line, place, each, data, error);
			mails++;
		}
	}
	if (good && ferror(file)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_GONE, "%s: %s", path, g_strerror(errno));
		good = FALSE;
	} else if (good && mails == 0) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT,
		            "%s: no mails in it (one JSON object a line)", path);
		good = FALSE;
	}
	free(line);
	if (file != stdin)
		fclose(file);
	return good;
}
