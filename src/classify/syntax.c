/* syntax.c - libconfig reads the file; where it only says "syntax error" this says more.
 *
 * Two things it takes without a word are stopped here: "@include", whose files the cache would not
 * know, and two texts without a comma between them, which it glues together. */
#include "config.h"

#include <string.h>

#include "classify/load.h"

typedef struct {
	const char *p;
	guint line;
	char last, before; /* the last signs that mean something; '"' for a text */
	guint last_line;
} Lexer;

static void
skip_comment(Lexer *lex, const char *end)
{
	const char *stop = strstr(lex->p, end);

	if (stop == NULL)
		stop = lex->p + strlen(lex->p);
	for (; lex->p < stop; lex->p++)
		lex->line += *lex->p == '\n';
	if (*stop != '\0' && end[0] != '\n')
		lex->p += strlen(end);
}

static void
skip_string(Lexer *lex)
{
	for (lex->p++;; lex->p++) {
		lex->p += strcspn(lex->p, "\"\\\n");
		if (*lex->p == '\0' || *lex->p == '"')
			break;
		lex->line += *lex->p == '\n';
		if (*lex->p == '\\' && lex->p[1] != '\0')
			lex->line += *++lex->p == '\n';
	}
	lex->p += *lex->p == '"';
}

/* The next sign that is no blank and no comment, or 0 at the end. */
static char
next_sign(Lexer *lex)
{
	for (;;) {
		while (g_ascii_isspace(*lex->p))
			lex->line += *lex->p++ == '\n';
		if (lex->p[0] == '#' || (lex->p[0] == '/' && lex->p[1] == '/'))
			skip_comment(lex, "\n");
		else if (lex->p[0] == '/' && lex->p[1] == '*')
			skip_comment(lex, "*/");
		else
			break;
	}
	lex->before = lex->last;
	lex->last = *lex->p;
	lex->last_line = lex->line;
	if (*lex->p == '"')
		skip_string(lex);
	else if (*lex->p != '\0')
		lex->p++;
	return lex->last;
}

static gboolean
sound(Load *load, const SourceFile *source)
{
	Lexer lex = { .p = source->text, .line = 1 };
	gboolean good = TRUE;

	for (char c = next_sign(&lex); c != '\0'; c = next_sign(&lex)) {
		if (c == '@') {
			diagnostics_error(
			    load->diag, source->path, lex.last_line,
			    "@include is not for rules (every *.conf in the folder is "
			    "read anyway)");
			good = FALSE;
		} else if (c == '"' && lex.before == '"') {
			diagnostics_error(load->diag, source->path, lex.last_line,
			                  "two texts without a comma between them");
			good = FALSE;
		}
	}
	return good;
}

/* What a person would point at, near the line where libconfig stumbled. */
static const char *
remedy(const char *text, guint line)
{
	Lexer lex = { .p = text, .line = 1 };

	for (char c = next_sign(&lex); c != '\0'; c = next_sign(&lex)) {
		if (lex.last_line + 1 < line)
			continue;
		if ((c == ')' || c == ']') && lex.before == ',')
			return "remove the comma before the closing bracket";
		if ((c == '{' && lex.before == '}') || (c == '"' && lex.before == ']'))
			return "a comma is missing between the two";
		if (lex.last_line > line + 1)
			break;
	}
	return "look for a missing quote, bracket or comma there or on the line before";
}

gboolean
load_syntax(Load *load, LoadFile *file)
{
	const SourceFile *source = file->source;

	if (!sound(load, source))
		return FALSE;
	if (config_read_string(&file->config, source->text))
		return TRUE;
	diagnostics_error(load->diag, source->path, config_error_line(&file->config), "%s (%s)",
	                  config_error_text(&file->config),
	                  remedy(source->text, config_error_line(&file->config)));
	return FALSE;
}
