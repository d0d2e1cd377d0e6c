/* hintfile.c - files of hints: one word or two a line, and what they hint at.
 *
 *	[type]
 *	kapot = damaged 0.9, defective 0.3
 *
 * They are data, fitted by a program and thousands of lines long: hence lines, and no braces. A
 * number is written 0, whichever it is; # begins a comment. */
#include "config.h"

#include <string.h>

#include "classify/hints.h"
#include "classify/load.h"

#define HINT_POINTS_MAX 20.0
/* A slot and an index of the image have room for more, a person reading them has not. */
#define HINTS_MAX 200000

typedef struct {
	Load *load;
	const LoadFile *file;
	guint line;
	char *space; /* of the section; NULL before the first */
} Reader;

static void G_GNUC_PRINTF(2, 3)
fault(Reader *reader, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	diagnostics_error(reader->load->diag, reader->file->source->path, reader->line, "%s", text);
}

/* "damaged 0.9" */
static void
read_points(Reader *reader, const char *written, const char *pair, LoadHint *hint)
{
	g_auto(GStrv) parts = g_strsplit(pair, " ", -1);
	g_autofree char *what = g_strdup_printf("hint \"%s\"", written);
	char *end = NULL;
	LoadPoints points = { 0 };

	if (g_strv_length(parts) != 2) {
		fault(reader, "%s: \"%s\" is not a label and its points (\"damaged 0.9\")", what,
		      pair);
		return;
	}
	points.points = g_ascii_strtod(parts[1], &end);
	if (end == parts[1] || *end != '\0' || !(points.points >= -HINT_POINTS_MAX) ||
	    !(points.points <= HINT_POINTS_MAX)) {
		fault(reader, "%s: \"%s\" is no number between -20 and 20", what, parts[1]);
		return;
	}
	points.label = load_label_at(reader->load, reader->file, reader->line, what, reader->space,
	                             parts[0]);
	if (points.label != NONE)
		g_array_append_val(hint->points, points);
}

static void
read_hint(Reader *reader, char *line)
{
	char *sign = strstr(line, " = ");
	LoadHint hint = { .file = reader->file, .line = reader->line };
	const char *why;

	if (sign == NULL) {
		fault(reader, "a hint is written: word = label points, label points");
		return;
	}
	if (reader->space == NULL) {
		fault(reader, "no section yet: a line like [type] says which labels follow");
		return;
	}
	*sign = '\0';
	g_strstrip(line);
	if (!hint_key(line, &hint.key, &why)) {
		fault(reader, "hint \"%s\": %s", line, why);
		return;
	}
	hint.points = g_array_new(FALSE, FALSE, sizeof(LoadPoints));
	g_auto(GStrv) pairs = g_strsplit(sign + 3, ",", -1);
	for (guint i = 0; pairs[i] != NULL; i++)
		read_points(reader, line, g_strstrip(pairs[i]), &hint);

	/* The later pack has the last word on a word, space by space. */
	g_autofree char *id = g_strdup_printf("%s/%s/%016" G_GINT64_MODIFIER "x",
	                                      reader->file->language, reader->space, hint.key);
	gpointer at = g_hash_table_lookup(reader->load->hint_ids, id);
	if (at != NULL) {
		LoadHint *known =
		    &g_array_index(reader->load->hints, LoadHint, GPOINTER_TO_UINT(at) - 1);

		if (known->file->source->pack == reader->file->source->pack)
			fault(reader, "hint \"%s\" stands in this pack already (%s:%u)", line,
			      known->file->source->path, known->line);
		g_array_free(known->points, TRUE);
		*known = hint;
		return;
	}
	g_array_append_val(reader->load->hints, hint);
	g_hash_table_insert(reader->load->hint_ids, g_steal_pointer(&id),
	                    GUINT_TO_POINTER(reader->load->hints->len));
}

static void
read_line(Reader *reader, char *line)
{
	gsize length = strlen(g_strstrip(line));

	if (length == 0 || line[0] == '#')
		return;
	if (line[0] != '[') {
		read_hint(reader, line);
		return;
	}
	if (line[length - 1] != ']') {
		fault(reader, "\"%s\": a section is written [type]", line);
		return;
	}
	g_free(reader->space);
	reader->space = g_strndup(line + 1, length - 2);
}

void
load_hint_file(Load *load, const LoadFile *file)
{
	Reader reader = { .load = load, .file = file };
	g_auto(GStrv) lines = g_strsplit(file->source->text, "\n", -1);

	/* labels.conf may be missing: one error says that already */
	for (guint i = 0; lines[i] != NULL && load->spaces->len > 0; i++) {
		reader.line = i + 1;
		read_line(&reader, lines[i]);
		if (load->hints->len > HINTS_MAX) {
			fault(&reader, "more than %d hints", HINTS_MAX);
			break;
		}
	}
	g_free(reader.space);
}
