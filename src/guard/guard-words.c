/* guard-words.c - words in local parts, and the first token of a header field.
 *
 * Local parts have no spelling rules, so words are looked for between separators:
 * norepinephrine@ is not noreply@, and klanten_no-reply2@ is. */
#include "config.h"

#include <string.h>

#include "guard/guard-private.h"

#define COMMENT_DEPTH_MAX 16

static gboolean
is_separator(char c)
{
	/* Bytes above 0x7f are letters of an internationalised local part. */
	return (guchar) c < 0x80 && !g_ascii_isalnum(c);
}

/* Where `word` ends when it begins at `p`, or NULL. */
static const char *
match_word(const char *p, const char *word)
{
	for (; *word != '\0'; word++) {
		if (*word == '-') {
			while (*p != '\0' && is_separator(*p))
				p++;
		} else if (g_ascii_tolower(*p) == *word) {
			p++;
		} else {
			return NULL;
		}
	}
	return p;
}

gboolean
local_has_word(const char *local, const char *const *words)
{
	for (const char *p = local; *p != '\0'; p++) {
		if (is_separator(*p))
			continue;
		if (p > local && !is_separator(p[-1]) &&
		    !(g_ascii_isdigit(p[-1]) && g_ascii_isalpha(*p)))
			continue;
		for (gsize i = 0; words[i] != NULL; i++) {
			const char *end = match_word(p, words[i]);

			if (end != NULL &&
			    (*end == '\0' || is_separator(*end) || g_ascii_isdigit(*end)))
				return TRUE;
		}
	}
	return FALSE;
}

gboolean
local_is_word(const char *local, const char *const *words)
{
	for (gsize i = 0; words[i] != NULL; i++) {
		const char *end = match_word(local, words[i]);

		if (end != NULL && (*end == '\0' || *end == '+'))
			return TRUE;
	}
	return FALSE;
}

/* Behind the comment that begins at `p`, or at the end of the text if it has none. */
static const char *
skip_comment(const char *p)
{
	guint depth = 0;

	for (; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '(' && ++depth > COMMENT_DEPTH_MAX)
			return p + strlen(p);
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return p;
}

char *
field_token(const char *value)
{
	const char *p = value;

	for (;;) {
		if (g_ascii_isspace(*p))
			p++;
		else if (*p == '(')
			p = skip_comment(p);
		else
			break;
	}
	if (*p == '"') {
		const char *end = strchr(++p, '"');

		return g_ascii_strdown(p, end != NULL ? end - p : -1);
	}
	return g_ascii_strdown(p, strcspn(p, " \t\r\n;,("));
}
