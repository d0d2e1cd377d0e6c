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
	const char *name;
	gsize length;
	guint label;
} Known;

typedef struct {
	Load *load;
	const LoadFile *file;
	guint line;
	char *space;      /* of the section; NULL before the first */
	GArray *labels;   /* Known, of that space */
	guint64 salt;     /* of language and space */
	GString *written; /* the word or two of this line */
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
find_label(Reader *reader, const char *name, gsize length)
{
	for (guint i = 0; i < reader->labels->len; i++) {
		const Known *known = &g_array_index(reader->labels, Known, i);

		if (known->length == length && memcmp(known->name, name, length) == 0)
			return known->label;
	}
	g_autofree char *what = g_strdup_printf("hint \"%s\"", reader->written->str);
	g_autofree char *unknown = g_strndup(name, length);
	return load_label_at(reader->load, reader->file, reader->line, what, reader->space,
	                     unknown);
}

/* "-0.12", as the program that fits them writes each of a hundred thousand, as hundredths; FALSE:
 * otherwise. */
static gboolean
short_number(const char *p, const char *end, int *out)
{
	gboolean minus = p < end && *p == '-';
	int hundredths = 0, decimals = 0;

	p += minus;
	if (p == end || !g_ascii_isdigit(*p))
		return FALSE;
	for (; p < end && g_ascii_isdigit(*p) && hundredths < 1000; p++)
		hundredths = hundredths * 10 + (*p - '0');
	if (p < end && *p == '.')
		for (p++; p < end && g_ascii_isdigit(*p) && decimals < 2; p++, decimals++)
			hundredths = hundredths * 10 + (*p - '0');
	for (; decimals < 2; decimals++)
		hundredths *= 10;
	*out = minus ? -hundredths : hundredths;
	return p == end;
}

static gboolean
any_number(const char *text, int *out)
{
	char *end;
	double points = g_ascii_strtod(text, &end);

	if (end == text || *end != '\0' || !(points >= -HINT_POINTS_MAX) ||
	    !(points <= HINT_POINTS_MAX))
		return FALSE;
	*out = (int)(points * 100 + (points < 0 ? -0.5 : 0.5));
	return TRUE;
}

/* "damaged 0.9" */
static void
read_points(Reader *reader, const char *pair, const char *end)
{
	const char *blank = memchr(pair, ' ', end - pair);
	int hundredths;

	if (blank == NULL) {
		fault(reader, "hint \"%s\": \"%.*s\" is not a label and its points (\"damaged 0.9\")",
		      reader->written->str, (int)(end - pair), pair);
		return;
	}
	if (!short_number(blank + 1, end, &hundredths) || ABS(hundredths) > HINT_POINTS_MAX * 100) {
		g_autofree char *number = g_strndup(blank + 1, end - blank - 1);

		if (!any_number(number, &hundredths)) {
			fault(reader, "hint \"%s\": \"%s\" is no number between -20 and 20",
			      reader->written->str, number);
			return;
		}
	}
	guint label = find_label(reader, pair, blank - pair);
	ImageHintPoint point = { label, hundredths };

	if (label != NONE)
		g_array_append_val(reader->load->hint_points, point);
}

/* The later pack has the last word on a word, space by space. */
static void
add_hint(Reader *reader, const LoadHint *hint)
{
	GArray *hints = reader->load->hints;
	guint at = 0;

	for (;;) {
		guint32 index = finder_next(&reader->load->hint_ids, hint->id, &at);

		if (index == NONE)
			break;
		LoadHint *known = &g_array_index(hints, LoadHint, index);

		if (known->id != hint->id)
			continue;
		if (known->file->source->pack == reader->file->source->pack)
			fault(reader, "hint \"%s\" stands in this pack already (%s:%u)",
			      reader->written->str, known->file->source->path, known->line);
		*known = *hint;
		return;
	}
	finder_add(&reader->load->hint_ids, hint->id, hints->len);
	g_array_append_vals(hints, hint, 1);
}

/* What stands between, without the blanks around it. */
static void
strip(const char **from, const char **end)
{
	while (*from < *end && g_ascii_isspace(**from))
		(*from)++;
	while (*end > *from && g_ascii_isspace((*end)[-1]))
		(*end)--;
}

static void
read_hint(Reader *reader, const char *line, const char *end)
{
	const char *sign = g_strstr_len(line, end - line, " = "), *key_end = sign;
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
	strip(&line, &key_end);
	g_string_truncate(reader->written, 0);
	g_string_append_len(reader->written, line, key_end - line);
	if (!hint_key(reader->written->str, &hint.key, &why)) {
		fault(reader, "hint \"%s\": %s", reader->written->str, why);
		return;
	}
	hint.id = hint.key ^ reader->salt;
	hint.first = reader->load->hint_points->len;
	for (const char *pair = sign + 3, *comma; pair != NULL; pair = comma) {
		const char *from = pair, *to;

		comma = memchr(pair, ',', end - pair);
		to = comma != NULL ? comma++ : end;
		strip(&from, &to);
		read_points(reader, from, to);
	}
	hint.points = reader->load->hint_points->len - hint.first;
	add_hint(reader, &hint);
}

static void
begin_space(Reader *reader, const char *name, gsize length)
{
	g_autofree char *salt = NULL;

	g_free(reader->space);
	reader->space = g_strndup(name, length);
	g_array_set_size(reader->labels, 0);
	for (guint i = 0; i < reader->load->labels->len; i++) {
		const LoadLabel *label = &g_array_index(reader->load->labels, LoadLabel, i);
		Known known = { label->name, strlen(label->name), i };

		if (strcmp(g_array_index(reader->load->spaces, LoadSpace, label->space).name,
		           reader->space) == 0)
			g_array_append_val(reader->labels, known);
	}
	salt = g_strconcat(reader->file->language, "/", reader->space, NULL);
	reader->salt = word_hash(salt, strlen(salt));
}

static void
read_line(Reader *reader, const char *line, const char *end)
{
	strip(&line, &end);
	if (line == end || line[0] == '#')
		return;
	if (line[0] != '[')
		read_hint(reader, line, end);
	else if (end[-1] != ']')
		fault(reader, "\"%.*s\": a section is written [type]", (int)(end - line), line);
	else
		begin_space(reader, line + 1, end - line - 2);
}

void
load_hint_file(Load *load, const LoadFile *file)
{
	Reader reader = { .load = load, .file = file };
	const char *line = file->source->text, *end = line + strlen(line);

	reader.labels = g_array_new(FALSE, FALSE, sizeof(Known));
	reader.written = g_string_new(NULL);
	/* labels.conf may be missing: one error says that already */
	while (line < end && load->spaces->len > 0) {
		const char *stop = memchr(line, '\n', end - line);

		stop = stop != NULL ? stop : end;
		reader.line++;
		read_line(&reader, line, stop);
		line = stop + 1;
		if (load->hints->len > HINTS_MAX) {
			fault(&reader, "more than %d hints", HINTS_MAX);
			break;
		}
	}
	g_array_free(reader.labels, TRUE);
	g_string_free(reader.written, TRUE);
	g_free(reader.space);
}
