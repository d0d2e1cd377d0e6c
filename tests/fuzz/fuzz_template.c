/* fuzz_template.c - a template file and the value of a variable in it, as "TEXT\0VALUE": read,
 * checked, rendered. Whatever the file says, output is bounded, wrapped, and free of its marks. */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "words/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
render(const TemplateSet *set, const char *value)
{
	g_auto(Values) values = { 0 };
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < N_VARIABLES; i++)
		if (!variables[i].list)
			values_set(&values, i, value);
	values_add(&values, VAR_REMEDIES, "refund");
	values_add(&values, VAR_REMEDIES, value);
	values.select[SELECT_TONE] = "angry";
	values.select[SELECT_KIND] = "normal";

	g_autofree char *text = template_render(set, "main", &values, TRUE, &error);
	g_assert((text == NULL) == (error != NULL));
	if (text == NULL)
		return;
	g_assert(g_utf8_validate(text, -1, NULL));
	g_assert(strlen(text) <= 3 * RENDER_MAX);
	for (const char *p = text; *p != '\0'; p++)
		g_assert((guchar) *p >= ' ' || *p == '\n');
	g_assert(strstr(text, " \n") == NULL && strstr(text, "\n\n\n") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const roots[] = { "main", NULL };
	static const char *const files[] = { "ack.txt", "reply.txt", "ticket.txt", "operator/x.txt" };
	g_autofree char *text = g_strndup((const char *) data, size);
	gsize length = strlen(text);
	const char *value = length < size ? (const char *) data + length + 1 : "";
	g_autofree char *copy = g_strndup(value, length < size ? size - length - 1 : 0);

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(Diagnostics) diag = diagnostics_new();
		g_autoptr(TemplateSet) set = template_set_new("nl");

		template_set_read(set, files[i], files[i], text, length, diag);
		if (diagnostics_errors(diag) == 0)
			template_set_check(set, roots, diag);
		if (diagnostics_errors(diag) == 0)
			render(set, copy);
	}
	return 0;
}
