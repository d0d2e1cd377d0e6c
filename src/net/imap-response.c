/* imap-response.c - reads one response: its text, its literals to the byte, and what kind it is. */
#include "config.h"

#include <string.h>

#include "aardig/log.h"
#include "net/imap-private.h"

#define TEXT_MAX (4 * 1024 * 1024) /* a plain SEARCH answer of 350,000 hits */
#define LITERALS_MAX 64
/* What is thrown away of a literal that is too large before the connection is given up. */
#define THROW_MAX (1024 * 1024 * 1024)

static void
literal_clear(gpointer data)
{
	ImapLiteral *literal = data;

	g_clear_pointer(&literal->bytes, g_bytes_unref);
}

ImapResponse *
imap_response_new(void)
{
	ImapResponse *response = g_new0(ImapResponse, 1);

	response->text = g_string_new(NULL);
	response->literals = g_array_new(FALSE, FALSE, sizeof(ImapLiteral));
	g_array_set_clear_func(response->literals, literal_clear);
	return response;
}

void
imap_response_free(ImapResponse *response)
{
	if (response == NULL)
		return;
	g_string_free(response->text, TRUE);
	g_array_unref(response->literals);
	g_free(response);
}

static gboolean
protocol_error(LineIO *io, const char *what, const char *text, GError **error)
{
	g_autofree char *quoted = log_quote(text, 100);

	line_break(io);
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "the IMAP server sent %s: \"%s\"",
	            what, quoted);
	return FALSE;
}

/* ---- what kind of response it is ---- */

static const struct {
	const char *name;
	ImapStatus status;
} statuses[] = {
	{ "OK", IMAP_OK }, { "NO", IMAP_NO }, { "BAD", IMAP_BAD }, { "BYE", IMAP_BYE },
	{ "PREAUTH", IMAP_PREAUTH },
};

/* "[UIDVALIDITY 7] text": the code's name and where its arguments and the text for people begin. */
static void
parse_status_text(ImapResponse *response)
{
	const char *text = response->text->str;
	const char *rest = text + response->rest;
	const char *end = *rest == '[' ? strchr(rest, ']') : NULL;

	response->human = response->code_args = response->rest;
	if (end == NULL)
		return;
	gsize n = strcspn(rest + 1, " ]");
	if (n < sizeof response->code) {
		for (gsize i = 0; i < n; i++)
			response->code[i] = g_ascii_toupper(rest[1 + i]);
		response->code[n] = '\0';
	}
	response->code_args = response->rest + 1 + n;
	response->human = (gsize) (end + 1 - text);
	while (text[response->human] == ' ')
		response->human++;
}

/* Reads from the first line what the response is. FALSE: not IMAP. */
static gboolean
parse_head(ImapResponse *response)
{
	ImapCursor cursor = imap_cursor(response, 0);
	guint64 number;

	response->has_number = FALSE;
	response->status = IMAP_NONE;
	response->code[0] = response->name[0] = response->tag[0] = '\0';
	if (response->text->len > 0 && response->text->str[0] == '+') {
		response->kind = IMAP_CONTINUE;
		return TRUE;
	}
	if (!imap_take_word(&cursor, response->tag, sizeof response->tag, FALSE))
		return FALSE;
	response->kind = strcmp(response->tag, "*") == 0 ? IMAP_UNTAGGED : IMAP_TAGGED;
	imap_skip_blanks(&cursor);
	if (response->kind == IMAP_UNTAGGED && imap_take_number(&cursor, G_MAXUINT32, &number)) {
		response->has_number = TRUE;
		response->number = (guint32) number;
		imap_skip_blanks(&cursor);
	}
	if (!imap_take_word(&cursor, response->name, sizeof response->name, TRUE))
		return FALSE;
	imap_skip_blanks(&cursor);
	response->rest = cursor.at;
	for (gsize i = 0; i < G_N_ELEMENTS(statuses) && !response->has_number; i++)
		if (strcmp(response->name, statuses[i].name) == 0)
			response->status = statuses[i].status;
	if (response->status != IMAP_NONE)
		parse_status_text(response);
	return response->kind == IMAP_UNTAGGED || response->status != IMAP_NONE;
}

/* ---- literals ---- */

/* "{123}", "{123+}" or "~{123}" at the end of the text: its size, and where it begins. */
static gboolean
literal_size(const GString *text, gsize from, guint64 *size_out, gsize *at_out)
{
	gsize end = text->len;
	guint64 size = 0, place = 1;

	if (end < from + 3 || text->str[end - 1] != '}')
		return FALSE;
	gsize at = end - 1;
	if (text->str[at - 1] == '+')
		at--;
	gsize digits = at;
	while (at > from && g_ascii_isdigit(text->str[at - 1]))
		at--;
	if (at == digits || at == from || text->str[at - 1] != '{')
		return FALSE;
	if (digits - at > 18) {
		*size_out = G_MAXUINT64;
	} else {
		for (gsize i = digits; i > at; i--, place *= 10)
			size += place * (guint64) (text->str[i - 1] - '0');
		*size_out = size;
	}
	*at_out = at - 1;
	if (*at_out > from && text->str[*at_out - 1] == '~')
		(*at_out)--;
	return TRUE;
}

static gboolean
read_literal(LineIO *io, guint64 size, gsize literal_max, ImapResponse *response, GError **error)
{
	ImapLiteral literal = { .at = response->text->len };

	if (size > THROW_MAX || response->literals->len >= LITERALS_MAX)
		return protocol_error(io, "too large a literal", response->text->str, error);
	literal.size = (gsize) size;
	if (literal.size > literal_max) {
		if (!line_read_exact(io, NULL, literal.size, error))
			return FALSE;
	} else {
		g_autofree guint8 *bytes = g_malloc(MAX(literal.size, 1));

		if (!line_read_exact(io, bytes, literal.size, error))
			return FALSE;
		literal.bytes = g_bytes_new_take(g_steal_pointer(&bytes), literal.size);
	}
	g_array_append_val(response->literals, literal);
	return TRUE;
}

/* The text of a status is for people: "{3}" at its end is no literal. */
static gboolean
can_hold_literals(const ImapResponse *response)
{
	return response->kind == IMAP_UNTAGGED && response->status == IMAP_NONE;
}

gboolean
imap_response_read(LineIO *io, gsize literal_max, ImapResponse *response, GError **error)
{
	gsize from = 0;

	g_string_truncate(response->text, 0);
	g_array_set_size(response->literals, 0);
	for (;;) {
		const char *line;
		gsize length, at;
		guint64 size;

		if (!line_read(io, TEXT_MAX - MIN(response->text->len, TEXT_MAX), &line, &length, error))
			return FALSE;
		if (line == NULL)
			return protocol_error(io, "too long a line", "", error);
		g_string_append_len(response->text, line, length);
		if (memchr(line, '\0', length) != NULL)
			return protocol_error(io, "a line with a NUL", response->text->str, error);
		if (from == 0 && response->literals->len == 0 && !parse_head(response))
			return protocol_error(io, "something that is not IMAP", response->text->str, error);
		if (!can_hold_literals(response) || !literal_size(response->text, from, &size, &at))
			return TRUE;
		g_string_truncate(response->text, at);
		if (!read_literal(io, size, literal_max, response, error))
			return FALSE;
		from = at;
	}
}
