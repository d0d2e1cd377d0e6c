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
	char *space;        /* of the section; NULL before the first */
	GHashTable *labels; /* of that space, as met: name -> label + 1 */
	guint64 salt;       /* of language and space */
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

static guint
find_label(Reader *reader, const char *written, const char *name)
{
	guint label = GPOINTER_TO_UINT(g_hash_table_lookup(reader->labels, name));

	if (label > 0)
		return label - 1;
	g_autofree char *what = g_strdup_printf("hint \"%s\"", written);
	label = load_label_at(reader->load, reader->file, reader->line, what, reader->space, name);
	if (label != NONE)
		g_hash_table_insert(reader->labels, g_strdup(name), GUINT_TO_POINTER(label + 1));
	return label;
}

/* "-0.12", as the program that fits them writes each of a hundred thousand; FALSE: otherwise. */
static gboolean
short_number(const char *text, double *out)
{
	gboolean minus = text[0] == '-';
	const char *p = text + minus;
	guint hundredths = 0, decimals = 0;

	if (!g_ascii_isdigit(p[0]))
		return FALSE;
	for (; g_ascii_isdigit(*p) && hundredths < 1000; p++)
		hundredths = hundredths * 10 + (guint)(*p - '0');
	if (*p == '.')
		for (p++; g_ascii_isdigit(*p) && decimals < 2; p++, decimals++)
			hundredths = hundredths * 10 + (guint)(*p - '0');
	for (; decimals < 2; decimals++)
		hundredths *= 10;
	*out = (minus ? -1.0 : 1.0) * hundredths / 100;
	return *p == '\0';
}

/* "damaged 0.9"; `pair` is cut up. */
static void
read_points(Reader *reader, const char *written, char *pair)
{
	char *blank = strchr(pair, ' '), *end = NULL;
	LoadPoints points = { 0 };

	if (blank == NULL) {
		fault(reader, "hint \"%s\": \"%s\" is not a label and its points (\"damaged 0.9\")",
		      written, pair);
		return;
	}
	*blank = '\0';
	if (!short_number(blank + 1, &points.points)) {
		points.points = g_ascii_strtod(blank + 1, &end);
		if (end == blank + 1 || *end != '\0')
			points.points = G_MAXDOUBLE;
	}
	if (!(points.points >= -HINT_POINTS_MAX) || !(points.points <= HINT_POINTS_MAX)) {
		fault(reader, "hint \"%s\": \"%s\" is no number between -20 and 20", written,
		      blank + 1);
		return;
	}
	points.label = find_label(reader, written, pair);
	if (points.label != NONE)
		g_array_append_val(reader->load->hint_points, points);
}

/* The later pack has the last word on a word, space by space. */
static void
add_hint(Reader *reader, const char *written, const LoadHint *hint)
{
	guint64 id = hint->key ^ reader->salt;
	gpointer at = g_hash_table_lookup(reader->load->hint_ids, &id);

	if (at == NULL) {
		g_array_append_val(reader->load->hints, *hint);
		g_hash_table_insert(reader->load->hint_ids, g_memdup2(&id, sizeof id),
		                    GUINT_TO_POINTER(reader->load->hints->len));
		return;
	}
	LoadHint *known = &g_array_index(reader->load->hints, LoadHint, GPOINTER_TO_UINT(at) - 1);

	if (known->file->source->pack == reader->file->source->pack)
		fault(reader, "hint \"%s\" stands in this pack already (%s:%u)", written,
		      known->file->source->path, known->line);
	*known = *hint;
}

static void
read_hint(Reader *reader, char *line)
{
	char *sign = strstr(line, " = "), *pair, *next;
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
	g_strchomp(line);
	if (!hint_key(line, &hint.key, &why)) {
		fault(reader, "hint \"%s\": %s", line, why);
		return;
	}
	hint.first = reader->load->hint_points->len;
	for (pair = sign + 3; pair != NULL; pair = next) {
		next = strchr(pair, ',');
		if (next != NULL)
			*next++ = '\0';
		read_points(reader, line, g_strstrip(pair));
	}
	hint.points = reader->load->hint_points->len - hint.first;
	add_hint(reader, line, &hint);
}

static void
begin_space(Reader *reader, const char *name, gsize length)
{
	g_autofree char *salt = NULL;

	g_free(reader->space);
	reader->space = g_strndup(name, length);
	g_hash_table_remove_all(reader->labels);
	salt = g_strconcat(reader->file->language, "/", reader->space, NULL);
	reader->salt = word_hash(salt, strlen(salt));
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
	begin_space(reader, line + 1, length - 2);
}

void
load_hint_file(Load *load, const LoadFile *file)
{
	Reader reader = { .load = load, .file = file };
	g_autofree char *text = g_strdup(file->source->text);
	char *line, *next;

	reader.labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	/* labels.conf may be missing: one error says that already */
	for (line = text; line != NULL && load->spaces->len > 0; line = next) {
		reader.line++;
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		read_line(&reader, line);
		if (load->hints->len > HINTS_MAX) {
			fault(&reader, "more than %d hints", HINTS_MAX);
			break;
		}
	}
	g_hash_table_destroy(reader.labels);
	g_free(reader.space);
}
