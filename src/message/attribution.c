/* attribution.c - the line a mail program writes over a quotation: "Op ... schreef X:".
 *
 * Customers write such lines themselves ("Op 3 mei schreef ik u al:"), so a verb is not enough:
 * a header names a time, an address, or is followed by quoted lines, and its subject is no
 * pronoun. */
#include "config.h"

#include <string.h>

#include "lines-private.h"

#define MAX_HEADER_LINES 4

/* At the end of the key, without the colon. */
static const char *const verbs_last[] = {
	" wrote", " writes", " geschreven", " geschrieben", " a ecrit", " schreef", " schrieb",
};
/* Inside, the name behind it. */
static const char *const verbs_inside[] = {
	" schreef ", " schrieb ", " a ecrit le ", " wrote on ",
};
static const char *const starts[] = {
	"op ", "on ", "am ", "le ", "in a message dated ", "en date d",
};
/* Around the verb of a sentence a customer made; whole words. */
static const char *const personal[] = {
	"schreef ik", "schreef u", "schreef je", "schreef jij", "schreef jullie", "schreef hij",
	"schreef zij", "schreef ze", "schreef men", "schreef wij", "schreef we", "heb ik",
	"hebt u", "heeft u", "hebben wij", "hebben jullie", "i wrote", "you wrote", "we wrote",
	"they wrote", "he wrote", "she wrote", "have written", "schrieb ich", "schrieb er",
	"schrieb sie", "schrieb man", "schrieb mir", "schrieben wir", "habe ich", "haben sie",
	"habt ihr", "hat man", "haben wir", "j'ai", "vous avez", "m'a ecrit", "on a ecrit",
	"il a ecrit", "elle a ecrit", "vous a ecrit", "nous a ecrit",
};

static gboolean
is_wrote(const char *key)
{
	gsize len = strlen(key);

	for (gsize i = 0; i < G_N_ELEMENTS(verbs_last); i++)
		if (len > strlen(verbs_last[i]) && g_str_has_suffix(key, verbs_last[i]))
			return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(verbs_inside); i++)
		if (strstr(key, verbs_inside[i]) != NULL)
			return TRUE;
	return FALSE;
}

/* 10:00, 10.00, 10h00; the digits of a date with dots are not a time, but say as much. */
static gboolean
has_time(const char *key)
{
	for (const char *p = key; (p = strpbrk(p, ":.h")) != NULL; p++)
		if (p > key && g_ascii_isdigit(p[-1]) && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]))
			return TRUE;
	return FALSE;
}

/* "<jan@example.org>" as programs write it; "(jan@example.org)" is somebody's own writing. */
static gboolean
has_address(const char *key)
{
	const char *at = strchr(key, '@'), *open = strpbrk(key, "<[");

	return at != NULL && open != NULL && open < at && at[-1] != ' ' && at[1] != ' ' && at[1] != '\0';
}

static gboolean
is_letter(char c)
{
	return g_ascii_isalnum(c) || (guchar) c >= 0x80;
}

/* Whole words only: "Heidi wrote" is a name. */
static gboolean
is_personal(const char *key)
{
	for (gsize i = 0; i < G_N_ELEMENTS(personal); i++) {
		const char *found = strstr(key, personal[i]);
		if (found != NULL && (found == key || !is_letter(found[-1])) &&
		    !is_letter(found[strlen(personal[i])]))
			return TRUE;
	}
	return FALSE;
}

static gboolean
has_start(const char *key)
{
	for (gsize i = 0; i < G_N_ELEMENTS(starts); i++)
		if (g_str_has_prefix(key, starts[i]))
			return TRUE;
	return FALSE;
}

/* Horde's form: "Zitat von Jan <jan@example.org>:" */
static gboolean
is_quoting(const char *key)
{
	return g_str_has_prefix(key, "quoting ") || g_str_has_prefix(key, "citeren ") ||
	       g_str_has_prefix(key, "zitat von ") || g_str_has_prefix(key, "citation de ");
}

/* key: the lines from the first to the one that ends in a colon, as one, without the colon. */
static gboolean
is_attribution(const char *key, gboolean quote_follows)
{
	/* Gmail's old form has no verb: "2025-06-02 10:00 GMT+02:00 Jan <jan@example.org>:" */
	if (g_ascii_isdigit(*key) && has_time(key) && has_address(key) && g_str_has_suffix(key, ">"))
		return TRUE;
	if (is_quoting(key))
		return quote_follows || has_address(key);
	if (!is_wrote(key) || is_personal(key))
		return FALSE;
	if (quote_follows || has_address(key))
		return TRUE;
	if (has_start(key))
		return has_time(key);
	/* "Jan schreef op 2025-06-02 10:00:" */
	return has_time(key) &&
	       (strstr(key, " schreef op ") != NULL || strstr(key, " schrieb am ") != NULL ||
	        strstr(key, " a ecrit le ") != NULL || strstr(key, " wrote on ") != NULL);
}

static gboolean
quote_follows(const Lines *lines, gsize last)
{
	for (gsize i = last + 1; i < lines->list->n && i < last + 4; i++)
		if (!lines->shapes[i].blank)
			return lines->shapes[i].quoted;
	return FALSE;
}

/* The date stands on a line before the name: "On Mon, Jun 2, 2025 at 10:00 AM" / "X wrote:". */
static gsize
extend(const Lines *lines, gsize first, gsize at)
{
	char key[KEY_SIZE];

	phrase_key(lines->list->lines[at].text, key, sizeof(key));
	if (has_start(key))
		return at;
	for (gsize i = at; i-- > first && at - i < MAX_HEADER_LINES - 1;) {
		guint len = lines->shapes[i].len;
		if (lines->shapes[i].blank || lines->shapes[i].quoted || len > 200 ||
		    strchr(".!?:", lines->list->lines[i].text[len - 1]) != NULL)
			break;
		phrase_key(lines->list->lines[i].text, key, sizeof(key));
		if (has_start(key) && has_time(key))
			return i;
	}
	return at;
}

gssize
attribution_start(const Lines *lines, gsize first, gsize last)
{
	const Line *line = lines->list->lines;
	char key[KEY_SIZE];

	if (lines->shapes[last].len == 0 || line[last].text[lines->shapes[last].len - 1] != ':')
		return -1;
	g_autoptr(GString) joined = g_string_new(NULL);
	gboolean quoted = quote_follows(lines, last);
	for (gsize i = last;; i--) {
		if (lines->shapes[i].blank || lines->shapes[i].quoted || lines->shapes[i].len > 400)
			return -1;
		g_string_prepend(joined, " ");
		g_string_prepend(joined, line[i].text);
		phrase_key(joined->str, key, sizeof(key));
		gsize len = strlen(key);
		while (len > 0 && (key[len - 1] == ':' || key[len - 1] == ' '))
			key[--len] = '\0';
		if (is_attribution(key, quoted))
			return extend(lines, first, i);
		if (i == first || last - i + 1 >= MAX_HEADER_LINES)
			return -1;
	}
}
