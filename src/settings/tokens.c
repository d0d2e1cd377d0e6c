/* tokens.c - the tokens of a configuration: texts, words, marks; and the characters that come along
 * when a line is pasted from a web page or a text processor. */
#include "config.h"

#include <string.h>

#include "settings/text-private.h"

#define ERRORS_MAX 100 /* then reading stops: this is no configuration */

const char *
scan_file_name(const Scan *scan, guint file)
{
	return g_ptr_array_index(scan->text->files, file);
}

void
scan_complain(Scan *scan, guint line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	diagnostics_error(scan->diag, scan_file_name(scan, scan->file), line, "%s", text);
	if (diagnostics_errors(scan->diag) >= ERRORS_MAX)
		scan->given_up = TRUE;
}

/* ---- tokens ---- */

static gboolean
is_word(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("_-+.*", c) != NULL);
}

/* Characters that come along when a line is pasted from a web page or a text processor. */
static const struct {
	gunichar from, to;
	const char *what;
	gboolean quote; /* what follows up to the end of the value was meant as a text */
} pasted[] = {
	{ 0x201c, 0x201f, "a typographic quotation mark (use the plain \")", TRUE },
	{ 0x2018, 0x201b, "a typographic apostrophe (use the plain \")", TRUE },
	{ 0x00ab, 0x00ab, "a typographic quotation mark (use the plain \")", TRUE },
	{ 0x00bb, 0x00bb, "a typographic quotation mark (use the plain \")", TRUE },
	{ '\'', '\'', "' does not quote here (use \")", TRUE },
	{ 0x00a0, 0x00a0, "a non-breaking space, pasted from elsewhere (type an ordinary space)" },
	{ 0x2000, 0x200b, "a special space, pasted from elsewhere (type an ordinary space)" },
	{ 0x202f, 0x202f, "a special space, pasted from elsewhere (type an ordinary space)" },
	{ 0xfeff, 0xfeff,
	  "a byte order mark in the middle of the file (delete this line and type it "
	  "again)" },
	{ '@', '@', "@ outside quotes (only @include \"FILE\" may stand so, at the start of a line)" },
	{ '\\', '\\', "a backslash outside quotes (put the value in \"...\")" },
};

/* TRUE if it stood for a text, so that no follow-up errors are made of it. */
static gboolean
skip_odd_character(Scan *scan)
{
	gunichar c = g_utf8_get_char(scan->at);
	const char *next = g_utf8_next_char(scan->at);

	for (gsize i = 0; i < G_N_ELEMENTS(pasted); i++)
		if (c >= pasted[i].from && c <= pasted[i].to) {
			scan_complain(scan, scan->line, "%s", pasted[i].what);
			scan->at = next;
			if (pasted[i].quote)
				scan->at += strcspn(scan->at, ";,)]}\n");
			return pasted[i].quote;
		}
	if (g_unichar_iscntrl(c))
		scan_complain(scan, scan->line, "a control character (code %u; delete it)", c);
	else
		scan_complain(scan, scan->line, "unexpected '%.*s' (put texts in \"...\")",
		              (int) (next - scan->at), scan->at);
	scan->at = next;
	return FALSE;
}

static void
skip_block_comment(Scan *scan)
{
	guint opened = scan->line;

	for (scan->at += 2; scan->at < scan->end; scan->at++) {
		if (*scan->at == '\n')
			scan->line++;
		if (scan->at[0] == '*' && scan->at[1] == '/') {
			scan->at += 2;
			return;
		}
	}
	scan_complain(scan, opened, "this comment is never closed (add */)");
}

/* Blanks and comments. The buffer ends with a NUL, so looking one character ahead is safe. */
static void
skip_blanks(Scan *scan)
{
	while (scan->at < scan->end) {
		char c = *scan->at;

		if (c == '\n') {
			scan->line++;
			scan->line_start = TRUE;
			scan->at++;
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
			scan->at++;
		} else if (c == '#' || (c == '/' && scan->at[1] == '/')) {
			while (scan->at < scan->end && *scan->at != '\n')
				scan->at++;
		} else if (c == '/' && scan->at[1] == '*') {
			skip_block_comment(scan);
		} else {
			return;
		}
	}
}

/* From the quote to its partner on the same line; FALSE (after a word on it) if there is none. */
static gboolean
take_string(Scan *scan, Token *token)
{
	const char *p = scan->at + 1;
	gboolean told = FALSE;

	for (; p < scan->end && *p != '"' && *p != '\n'; p++) {
		if (*p == '\\' && p + 1 < scan->end && p[1] != '\n')
			p++;
		else if ((guchar) *p < 0x20 && *p != '\r' && !told) {
			told = TRUE;
			if (*p == '\t')
				scan_complain(scan, scan->line,
				              "a tab inside a text (type a space, or \\t if you mean it)");
			else
				scan_complain(scan, scan->line, "a control character inside a text (delete it)");
		}
	}
	if (p >= scan->end || *p != '"') {
		scan_complain(scan, scan->line,
		              "the text that starts here has no closing \" on its line "
		              "(add it)");
		scan->at = p;
		return FALSE;
	}
	token->kind = T_STRING;
	token->start = scan->at;
	token->length = p + 1 - scan->at;
	scan->at = p + 1;
	return TRUE;
}

static char
innermost(const Scan *scan)
{
	return scan->open->len > 0 ? g_array_index(scan->open, Open, scan->open->len - 1).bracket : '{';
}

gboolean
scan_in_list(const Scan *scan)
{
	return innermost(scan) != '{';
}

gboolean
scan_value_expected(const Scan *scan)
{
	return scan_in_list(scan) || scan->prev_mark == '=' || scan->prev_mark == ':';
}

void
scan_next_token(Scan *scan, Token *token)
{
	for (;;) {
		skip_blanks(scan);
		*token = (Token){
			.kind = T_END, .line = scan->line, .first = scan->line_start, .start = scan->at
		};
		if (scan->at >= scan->end || scan->given_up)
			return;
		scan->line_start = FALSE;

		char c = *scan->at;
		if (c == '"') {
			if (take_string(scan, token))
				return;
			token->kind = T_STRING; /* stands for the broken text */
			return;
		}
		if (strchr("=:;,{}()[]", c) != NULL) {
			token->kind = T_MARK;
			token->mark = c;
			token->length = 1;
			scan->at++;
			return;
		}
		if (token->first && g_str_has_prefix(scan->at, "@include")) {
			token->kind = T_INCLUDE;
			scan->at += strlen("@include");
			return;
		}
		if (is_word(c)) {
			while (scan->at < scan->end && is_word(*scan->at))
				scan->at++;
			token->kind = T_WORD;
			token->length = scan->at - token->start;
			return;
		}
		if (scan_value_expected(scan) && g_ascii_isgraph(c) && strchr("'\\", c) == NULL) {
			/* A path or an address without quotes; check_bare_value() takes the rest of it. */
			token->kind = T_WORD;
			token->length = 1;
			scan->at++;
			return;
		}
		if (skip_odd_character(scan)) {
			token->kind = T_STRING;
			return;
		}
	}
}
