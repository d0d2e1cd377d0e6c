/* diagnostics.c - a growing list of "FILE:LINE: error: ..." lines, and "did you mean". */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "aardig/diagnostics.h"
#include "aardig/error.h"

#define PRINT_MAX 100

struct Diagnostics {
	GPtrArray *lines;
	guint errors, warnings;
	char *first_error;
};

Diagnostics *
diagnostics_new(void)
{
	Diagnostics *diag = g_new0(Diagnostics, 1);

	diag->lines = g_ptr_array_new_with_free_func(g_free);
	return diag;
}

void
diagnostics_free(Diagnostics *diag)
{
	if (diag == NULL)
		return;
	g_ptr_array_free(diag->lines, TRUE);
	g_free(diag->first_error);
	g_free(diag);
}

static G_GNUC_PRINTF(5, 0) char *
add(Diagnostics *diag, const char *file, guint line, const char *level, const char *format,
    va_list args)
{
	g_autofree char *text = g_strdup_vprintf(format, args);
	char *whole;

	if (file == NULL)
		whole = g_strdup_printf("%s: %s", level, text);
	else if (line == 0)
		whole = g_strdup_printf("%s: %s: %s", file, level, text);
	else
		whole = g_strdup_printf("%s:%u: %s: %s", file, line, level, text);
	g_ptr_array_add(diag->lines, whole);
	return whole;
}

void
diagnostics_error(Diagnostics *diag, const char *file, guint line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *whole = add(diag, file, line, "error", format, args);
	va_end(args);
	if (diag->errors++ == 0)
		diag->first_error = g_strdup(whole);
}

void
diagnostics_warning(Diagnostics *diag, const char *file, guint line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diag, file, line, "warning", format, args);
	va_end(args);
	diag->warnings++;
}

guint
diagnostics_errors(const Diagnostics *diag)
{
	return diag->errors;
}

guint
diagnostics_warnings(const Diagnostics *diag)
{
	return diag->warnings;
}

guint
diagnostics_count(const Diagnostics *diag)
{
	return diag->lines->len;
}

const char *
diagnostics_line(const Diagnostics *diag, guint i)
{
	return g_ptr_array_index(diag->lines, i);
}

void
diagnostics_print(const Diagnostics *diag)
{
	for (guint i = 0; i < diag->lines->len && i < PRINT_MAX; i++)
		fprintf(stderr, "%s\n", diagnostics_line(diag, i));
	if (diag->lines->len > PRINT_MAX)
		fprintf(stderr, "and %u more\n", diag->lines->len - PRINT_MAX);
}

void
diagnostics_to_error(const Diagnostics *diag, GError **error)
{
	if (diag->errors == 0)
		return;
	if (diag->errors == 1)
		g_set_error_literal(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG, diag->first_error);
	else
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG, "%s (and %u more)",
		            diag->first_error, diag->errors - 1);
}

/* Optimal string alignment distance: a swap of neighbours counts as one. */
static guint
edits(const char *a, const char *b)
{
	enum { LONGEST = 40 };
	gsize la = strlen(a), lb = strlen(b);
	guint d[LONGEST + 1][LONGEST + 1];

	if (la > LONGEST || lb > LONGEST)
		return G_MAXUINT;
	for (gsize i = 0; i <= la; i++)
		d[i][0] = i;
	for (gsize j = 0; j <= lb; j++)
		d[0][j] = j;
	for (gsize i = 1; i <= la; i++)
		for (gsize j = 1; j <= lb; j++) {
			guint same = a[i - 1] != b[j - 1];

			d[i][j] = MIN(MIN(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = MIN(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[la][lb];
}

const char *
diagnostics_nearest(const char *word, const char *const *candidates)
{
	guint best = strlen(word) <= 4 ? 2 : 3;
	const char *nearest = NULL;

	for (gsize i = 0; candidates[i] != NULL; i++) {
		guint distance = edits(word, candidates[i]);

		if (distance < best) {
			best = distance;
			nearest = candidates[i];
		}
	}
	return nearest;
}
