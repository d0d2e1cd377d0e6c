/* text.c - reads a configuration with its includes and looks at every token before libconfig does.
 *
 * libconfig 1.5 stops at its first syntax error and calls it just that, joins two texts with a
 * forgotten comma between them, swallows the rest of the file after an unclosed comment, gives the
 * last element of a list the line of the bracket after it, and looks for includes in the working
 * directory. So the tokens are walked here first, every mistake people make is named at its place,
 * and libconfig gets the tokens again, on lines that tell it right. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "settings/text-private.h"

#define SIZE_MAX_ALL (1024 * 1024) /* of all files together */
#define FILES_MAX 32
#define INCLUDE_DEPTH 8
#define BRACKETS_MAX 32

static gboolean scan_file(Scan *scan, const char *path, guint line);

/* ---- grammar, as far as people get it wrong ---- */

static gboolean
is_number(const char *word)
{
	char *end;

	if (g_ascii_isdigit(*word) || (strchr("+-.", *word) != NULL && word[1] != '\0')) {
		if (g_ascii_strncasecmp(word, "0x", 2) == 0) {
			g_ascii_strtoull(word, &end, 16);
		} else {
			g_ascii_strtod(word, &end);
		}
		return end > word && (*end == '\0' || strcmp(end, "L") == 0 || strcmp(end, "LL") == 0);
	}
	return FALSE;
}

/* A bare word where a value stands: true, false or a number; else quotes were forgotten. The rest
 * of the line up to a separator is taken with it, so that imap.example.nl/x gives one message. */
static void
check_bare_value(Scan *scan, Token *token)
{
	const char *p = scan->at;

	while (p < scan->end && strchr(" \t\r\n;,=(){}[]\"#", *p) == NULL)
		p++;
	g_autofree char *word = g_strndup(token->start, p - token->start);

	if (g_ascii_strcasecmp(word, "true") == 0 || g_ascii_strcasecmp(word, "false") == 0 ||
	    is_number(word))
		return;
	scan->at = p;
	token->length = p - token->start;
	if (g_ascii_strcasecmp(word, "yes") == 0 || g_ascii_strcasecmp(word, "on") == 0)
		scan_complain(scan, token->line, "%s is no value (write true)", word);
	else if (g_ascii_strcasecmp(word, "no") == 0 || g_ascii_strcasecmp(word, "off") == 0)
		scan_complain(scan, token->line, "%s is no value (write false)", word);
	else
		scan_complain(scan, token->line, "%s is not in quotes (write \"%s\")", word, word);
}

/* After a name must come "=" or ":"; `max_age = 3 days` ends up here too. */
static void
check_after_name(Scan *scan, const Token *token)
{
	if (!scan->prev_name || (token->kind == T_MARK && strchr("=:", token->mark) != NULL))
		return;
	diagnostics_error(scan->diag, scan_file_name(scan, scan->prev_place.file),
	                  scan->prev_place.line,
	                  "'=' expected after '%s' (or, if it belongs to a value: put the whole value "
	                  "in \"...\")",
	                  scan->name);
}

static gboolean
starts_value(const Scan *scan, const Token *token)
{
	if (token->kind == T_STRING)
		return !scan->prev_value || scan->prev != T_STRING || scan_in_list(scan);
	if (token->kind == T_WORD)
		return scan_value_expected(scan);
	return token->kind == T_MARK && strchr("{([", token->mark) != NULL;
}

static void
check_value_place(Scan *scan, const Token *token)
{
	if (scan_in_list(scan)) {
		if (scan->prev_value)
			diagnostics_error(scan->diag, scan_file_name(scan, scan->prev_place.file),
			                  scan->prev_place.line,
			                  "a comma is missing after this element (add it)");
	} else if (scan->prev_mark != '=' && scan->prev_mark != ':' && !scan->prev_name) {
		scan_complain(scan, token->line, "a value without a name before it (write NAME = ...)");
	}
}

static void
open_bracket(Scan *scan, const Token *token)
{
	Open open = { token->mark, { scan->file, token->line } };

	if (scan->open->len == BRACKETS_MAX)
		scan_complain(scan, token->line, "brackets nested more than %d deep (close some)",
		              BRACKETS_MAX);
	scan->given_up = scan->given_up || scan->open->len == BRACKETS_MAX;
	g_array_append_val(scan->open, open);
}

static void
close_bracket(Scan *scan, const Token *token, guint floor)
{
	static const char pairs[] = "{}()[]";
	char want = strchr(pairs, token->mark)[-1];

	if (scan->prev_mark == ',' && token->mark != '}')
		diagnostics_error(
			scan->diag, scan_file_name(scan, scan->prev_place.file), scan->prev_place.line,
			"a comma before '%c' (remove it: the last element has none)", token->mark);
	if (scan->open->len <= floor) {
		scan_complain(scan, token->line,
		              "'%c' closes nothing (remove it, or a bracket is missing above)",
		              token->mark);
		return;
	}
	Open last = g_array_index(scan->open, Open, scan->open->len - 1);
	if (last.bracket != want)
		scan_complain(scan, token->line, "'%c' does not close the '%c' of line %u (write '%c')",
		              token->mark, last.bracket, last.place.line, strchr(pairs, last.bracket)[1]);
	g_array_set_size(scan->open, scan->open->len - 1);
}

static void
check_comma(Scan *scan, const Token *token)
{
	if (scan_in_list(scan) && !scan->prev_value)
		scan_complain(scan, token->line, "a comma with no element before it (remove it)");
}

static void
check_after_equals(Scan *scan, const Token *token)
{
	if (scan->prev_mark != '=' && scan->prev_mark != ':')
		return;
	if (token->kind == T_END || (token->kind == T_MARK && strchr("{([", token->mark) == NULL))
		diagnostics_error(scan->diag, scan_file_name(scan, scan->prev_place.file),
		                  scan->prev_place.line,
		                  "no value after '%s %c' (add one, or remove the line)",
		                  scan->name != NULL ? scan->name : "", scan->prev_mark);
}

/* ---- output ---- */

/* A token that belongs to the element before it stays on that element's line (see the top). */
static void
emit(Scan *scan, const Token *token)
{
	GString *out = scan->text->out;
	Place place = { scan->file, token->line };
	gboolean back = (token->kind == T_MARK && strchr(",])", token->mark) != NULL) ||
	                (token->kind == T_STRING && scan->prev == T_STRING && scan->prev_value);
	gboolean moved = place.file != scan->out_place.file || place.line != scan->out_place.line;

	if (scan->text->lines->len == 0 || (!back && moved)) {
		if (scan->text->lines->len > 0)
			g_string_append_c(out, '\n');
		g_array_append_val(scan->text->lines, place);
		scan->out_place = place;
	}
	g_string_append_len(out, token->start, token->length);
	g_string_append_c(out, ' ');
}

static void
remember(Scan *scan, const Token *token, gboolean value)
{
	scan->prev = token->kind;
	scan->prev_mark = token->kind == T_MARK ? token->mark : 0;
	scan->prev_value = value;
	scan->prev_place = (Place){ scan->file, token->line };
}

static void
take_token(Scan *scan, Token *token, guint floor)
{
	gboolean value = starts_value(scan, token), name = FALSE;

	check_after_name(scan, token);
	check_after_equals(scan, token);
	if (value)
		check_value_place(scan, token);
	if (token->kind == T_WORD) {
		name = !value;
		if (value)
			check_bare_value(scan, token);
	}
	if (token->kind == T_MARK) {
		if (strchr("{([", token->mark) != NULL) {
			open_bracket(scan, token);
			value = FALSE;
		} else if (strchr("})]", token->mark) != NULL) {
			close_bracket(scan, token, floor);
			value = TRUE;
		} else if (token->mark == ',') {
			check_comma(scan, token);
		}
	}
	emit(scan, token);
	remember(scan, token, value || token->kind == T_STRING);
	scan->prev_name = name;
	if (name) {
		g_free(scan->name);
		scan->name = g_strndup(token->start, token->length);
	}
}

/* ---- files ---- */

static void
take_include(Scan *scan, guint line)
{
	Token token;

	scan_next_token(scan, &token);
	if (token.kind != T_STRING || token.line != line || token.length < 3) {
		scan_complain(scan, line,
		              "@include needs a file name in quotes (@include \"winkel.conf\")");
		return;
	}
	if (!scan->files_allowed) {
		scan_complain(scan, line, "@include is not possible here");
		return;
	}
	g_autofree char *named = g_strndup(token.start + 1, token.length - 2);
	g_autofree char *dir = g_path_get_dirname(scan_file_name(scan, scan->file));
	g_autofree char *path = g_path_is_absolute(named) || strcmp(dir, ".") == 0
	                            ? g_strdup(named)
	                            : g_build_filename(dir, named, NULL);
	scan_file(scan, path, line);
}

static guint
line_of(const char *text, const char *at)
{
	guint line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static gboolean
check_encoding(Scan *scan, const char *text, gsize length)
{
	const char *bad;

	if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0)) {
		scan_complain(scan, 1, "the file is UTF-16 (save it as UTF-8)");
		return FALSE;
	}
	if (memchr(text, '\0', length) != NULL) {
		scan_complain(scan, line_of(text, memchr(text, '\0', length)),
		              "a NUL byte: this is no text file (save it as UTF-8 text)");
		return FALSE;
	}
	if (!g_utf8_validate(text, length, &bad)) {
		scan_complain(scan, line_of(text, bad), "not UTF-8 (save the file as UTF-8)");
		return FALSE;
	}
	return TRUE;
}

/* `text` is NUL-terminated; the name of the file is the last of scan->text->files. */
static void
scan_text(Scan *scan, const char *text, gsize length)
{
	guint floor = scan->open->len;
	Token token;

	if (!check_encoding(scan, text, length))
		return;
	scan->at = text;
	scan->end = text + length;
	scan->line = 1;
	scan->line_start = TRUE;
	if (g_str_has_prefix(text, "\xef\xbb\xbf"))
		scan->at += 3;

	for (scan_next_token(scan, &token); token.kind != T_END; scan_next_token(scan, &token)) {
		if (token.kind == T_INCLUDE)
			take_include(scan, token.line);
		else
			take_token(scan, &token, floor);
	}
	if (scan->given_up)
		return;
	check_after_name(scan, &token);
	check_after_equals(scan, &token);
	scan->prev_name = FALSE;
	scan->prev_mark = ';';
	while (scan->open->len > floor) {
		Open open = g_array_index(scan->open, Open, scan->open->len - 1);

		scan_complain(scan, open.place.line, "this '%c' is never closed (add the closing bracket)",
		              open.bracket);
		g_array_set_size(scan->open, scan->open->len - 1);
	}
}

/* `line`: of the @include in the file being scanned, 0 for the first file. */
static gboolean
scan_file(Scan *scan, const char *path, guint line)
{
	Scan saved = *scan;
	g_autofree char *content = NULL;
	g_autoptr(GError) error = NULL;
	gsize length = 0;
	const char *from = line > 0 ? scan_file_name(scan, scan->file) : path;

	if (scan->text->files->len >= FILES_MAX || scan->depth >= INCLUDE_DEPTH) {
		scan_complain(scan, line,
		              "too many @include files (at most %d, %d deep: does a file include "
		              "itself?)",
		              FILES_MAX, INCLUDE_DEPTH);
		return FALSE;
	}
	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) && g_file_test(path, G_FILE_TEST_EXISTS)) {
		diagnostics_error(scan->diag, from, line, "%s is not a file", line > 0 ? path : "this");
		return FALSE;
	}
	if (access(path, R_OK) != 0) {
		diagnostics_error(scan->diag, from, line, "%s%scannot be read (%s)", line > 0 ? path : "",
		                  line > 0 ? " " : "", g_strerror(errno));
		return FALSE;
	}
	if (!g_file_get_contents(path, &content, &length, &error)) {
		diagnostics_error(scan->diag, from, line, "%s", error->message);
		return FALSE;
	}
	scan->size += length;
	if (scan->size > SIZE_MAX_ALL) {
		diagnostics_error(scan->diag, from, line, "the configuration is larger than 1 MiB");
		return FALSE;
	}
	g_ptr_array_add(scan->text->files, g_strdup(path));
	scan->file = scan->text->files->len - 1;
	scan->depth++;
	scan_text(scan, content, length);
	explicit_bzero(content, length);

	/* Back to the including file; what was seen (brackets, last token, sizes) stays. */
	scan->file = saved.file;
	scan->depth = saved.depth;
	scan->at = saved.at;
	scan->end = saved.end;
	scan->line = saved.line;
	scan->line_start = saved.line_start;
	return TRUE;
}

static void
scan_init(Scan *scan, Diagnostics *diag)
{
	*scan = (Scan){ .diag = diag, .text = g_new0(SettingsText, 1) };
	scan->open = g_array_new(FALSE, FALSE, sizeof(Open));
	scan->text->out = g_string_new(NULL);
	scan->text->lines = g_array_new(FALSE, FALSE, sizeof(Place));
	scan->text->files = g_ptr_array_new_with_free_func(g_free);
}

static SettingsText *
scan_finish(Scan *scan, guint errors_before)
{
	g_autoptr(SettingsText) text = scan->text;

	g_array_free(scan->open, TRUE);
	g_free(scan->name);
	if (diagnostics_errors(scan->diag) > errors_before)
		return NULL;
	return g_steal_pointer(&text);
}

SettingsText *
settings_text_read(const char *path, Diagnostics *diag)
{
	guint before = diagnostics_errors(diag);
	Scan scan;

	scan_init(&scan, diag);
	scan.files_allowed = TRUE;
	scan_file(&scan, path, 0);
	return scan_finish(&scan, before);
}

SettingsText *
settings_text_from_memory(const char *name, const char *text, gsize length, Diagnostics *diag)
{
	guint before = diagnostics_errors(diag);
	Scan scan;
	g_autofree char *copy = g_strndup(text, length);

	scan_init(&scan, diag);
	g_ptr_array_add(scan.text->files, g_strdup(name));
	if (length > SIZE_MAX_ALL)
		diagnostics_error(diag, name, 0, "the configuration is larger than 1 MiB");
	else
		scan_text(&scan, copy, length);
	return scan_finish(&scan, before);
}

void
settings_text_free(SettingsText *text)
{
	if (text == NULL)
		return;
	explicit_bzero(text->out->str, text->out->len); /* there may be a password in it */
	g_string_free(text->out, TRUE);
	g_array_free(text->lines, TRUE);
	g_ptr_array_free(text->files, TRUE);
	g_free(text);
}

const char *
settings_text_string(const SettingsText *text)
{
	return text->out->str;
}

void
settings_text_place(const SettingsText *text, guint line, const char **file_out, guint *line_out)
{
	Place place = { 0, 0 };

	if (text->lines->len > 0 && line > 0)
		place = g_array_index(text->lines, Place, MIN(line, text->lines->len) - 1);
	*file_out = g_ptr_array_index(text->files, place.file);
	*line_out = place.line;
}
