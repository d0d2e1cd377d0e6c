/* phrases.c - the formulas of mail in Dutch, English, German and French, and how to spot them. */
#include "config.h"

#include <string.h>

#include "lines-private.h"

/* U+00C0 to U+00FF without diacritics. */
static const char latin1_fold[64][3] = {
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "x", "o", "u", "u", "u", "u", "y", "th", "ss",
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "/", "o", "u", "u", "u", "u", "y", "th", "y",
};

/* What stands in the key for the sequence at p; *n_out its length. NULL: keep it. */
static const char *
fold_sequence(const guchar *p, int *n_out)
{
	*n_out = 1;
	if (p[0] == 0xC3 && p[1] >= 0x80) {
		*n_out = 2;
		return latin1_fold[p[1] - 0x80];
	}
	if (p[0] == 0xC5 && (p[1] == 0x92 || p[1] == 0x93)) {
		*n_out = 2;
		return "oe";
	}
	if (p[0] == 0xCC || (p[0] == 0xCD && p[1] <= 0xAF)) { /* combining marks: Apple's spelling */
		*n_out = 2;
		return "";
	}
	if (p[0] == 0xE2 && p[1] == 0x80 && p[2] >= 0x90 && p[2] <= 0x99) {
		*n_out = 3;
		return p[2] <= 0x95 ? "-" : "'";
	}
	return NULL;
}

/* What becomes of a byte that stands for itself; 0: look closer. */
static const char *
plain_bytes(void)
{
	static char table[256];
	static gsize made;

	if (g_once_init_enter(&made)) {
		for (guint c = 1; c < 0x80; c++)
			if (c != ' ' && c != '\t' && c != '*')
				table[c] = (char) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		g_once_init_leave(&made, 1);
	}
	return table;
}

void
phrase_key(const char *text, char *out, gsize size)
{
	const char *plain = plain_bytes();
	gsize n = 0;

	for (const guchar *p = (const guchar *) text; n + 4 < size;) {
		int len = 1;
		if (plain[*p] != 0) {
			out[n++] = plain[*p++];
			continue;
		}
		if (*p == '\0')
			break;
		const char *instead = *p >= 0x80 ? fold_sequence(p, &len) : NULL;
		if (instead != NULL) {
			while (*instead != '\0')
				out[n++] = *instead++;
		} else if (*p == ' ' || *p == '\t') {
			if (n > 0 && out[n - 1] != ' ')
				out[n++] = ' ';
		} else if (*p != '*') {
			out[n++] = (char) *p;
		}
		p += len;
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

void
beginnings_add(Beginnings *beginnings, const char *phrase)
{
	if (g_ascii_islower(phrase[0]) && g_ascii_islower(phrase[1]))
		beginnings->second[phrase[0] - 'a'] |= 1u << (phrase[1] - 'a');
}

gboolean
beginnings_may_fit(const Beginnings *beginnings, const char *text)
{
	/* Two letters as they are: anything else may become letters in the key. */
	if (!g_ascii_isalpha(text[0]) || !g_ascii_isalpha(text[1]))
		return TRUE;
	guint first = (text[0] | 0x20) - 'a', second = (text[1] | 0x20) - 'a';
	return (beginnings->second[first] >> second & 1) != 0;
}

/* --- header blocks --------------------------------------------------------- */

static const struct {
	const char *name;
	Label label;
} labels[] = {
	{ "van", LABEL_FROM },        { "from", LABEL_FROM },      { "von", LABEL_FROM },
	{ "de", LABEL_FROM },         { "afzender", LABEL_FROM },  { "absender", LABEL_FROM },
	{ "expediteur", LABEL_FROM },
	{ "verzonden", LABEL_DATE },  { "verzonden op", LABEL_DATE }, { "verstuurd", LABEL_DATE },
	{ "verstuurd op", LABEL_DATE }, { "date sent", LABEL_DATE }, { "datum", LABEL_DATE },
	{ "sent", LABEL_DATE },       { "date", LABEL_DATE },      { "gesendet", LABEL_DATE },
	{ "gesendet am", LABEL_DATE },{ "envoye", LABEL_DATE },    { "envoye le", LABEL_DATE },
	{ "date d'envoi", LABEL_DATE },
	{ "aan", LABEL_TO },          { "to", LABEL_TO },          { "an", LABEL_TO },
	{ "a", LABEL_TO },            { "destinataire", LABEL_TO },{ "pour", LABEL_TO },
	{ "onderwerp", LABEL_SUBJECT }, { "subject", LABEL_SUBJECT }, { "betreff", LABEL_SUBJECT },
	{ "objet", LABEL_SUBJECT },   { "sujet", LABEL_SUBJECT },
	{ "cc", LABEL_OTHER },        { "bcc", LABEL_OTHER },      { "kopie", LABEL_OTHER },
	{ "copie", LABEL_OTHER },     { "copie a", LABEL_OTHER },  { "reply-to", LABEL_OTHER },
	{ "antwoord aan", LABEL_OTHER }, { "antwort an", LABEL_OTHER }, { "repondre a", LABEL_OTHER },
	{ "importance", LABEL_OTHER },{ "urgentie", LABEL_OTHER }, { "belang", LABEL_OTHER },
	{ "prioriteit", LABEL_OTHER },{ "wichtigkeit", LABEL_OTHER }, { "priority", LABEL_OTHER },
	{ "bijlagen", LABEL_OTHER },  { "attachments", LABEL_OTHER }, { "anlagen", LABEL_OTHER },
	{ "pieces jointes", LABEL_OTHER },
};

Label
phrase_label(const char *text)
{
	char key[32];
	const char *colon = memchr(text, ':', strnlen(text, 28));

	if (colon == NULL)
		return LABEL_NONE;
	phrase_key(text, key, sizeof(key));
	char *end = strchr(key, ':');
	if (end == NULL)
		return LABEL_NONE;
	while (end > key && end[-1] == ' ') /* French: "De : " */
		end--;
	*end = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS(labels); i++)
		if (labels[i].name[0] == key[0] && strcmp(labels[i].name, key) == 0)
			return labels[i].label;
	return LABEL_NONE;
}

static const struct {
	const char *text;
	Separator kind;
	gboolean bare; /* also without dashes around it */
} separators[] = {
	{ "oorspronkelijk bericht", SEPARATOR_ORIGINAL, FALSE },
	{ "oorspronkelijke bericht", SEPARATOR_ORIGINAL, FALSE },
	{ "oorspronkelijke e-mail", SEPARATOR_ORIGINAL, FALSE },
	{ "origineel bericht", SEPARATOR_ORIGINAL, FALSE },
	{ "original message", SEPARATOR_ORIGINAL, FALSE },
	{ "original email", SEPARATOR_ORIGINAL, FALSE },
	{ "original mail", SEPARATOR_ORIGINAL, FALSE },
	{ "ursprungliche nachricht", SEPARATOR_ORIGINAL, FALSE },
	{ "urspruengliche nachricht", SEPARATOR_ORIGINAL, FALSE },
	{ "ursprungliche mail", SEPARATOR_ORIGINAL, FALSE },
	{ "original-nachricht", SEPARATOR_ORIGINAL, FALSE },
	{ "originalnachricht", SEPARATOR_ORIGINAL, FALSE },
	{ "original nachricht", SEPARATOR_ORIGINAL, FALSE },
	{ "originalmeldung", SEPARATOR_ORIGINAL, FALSE },
	{ "message d'origine", SEPARATOR_ORIGINAL, FALSE },
	{ "message original", SEPARATOR_ORIGINAL, FALSE },
	{ "message initial", SEPARATOR_ORIGINAL, FALSE },
	{ "mail d'origine", SEPARATOR_ORIGINAL, FALSE },
	{ "mail original", SEPARATOR_ORIGINAL, FALSE },
	{ "courriel d'origine", SEPARATOR_ORIGINAL, FALSE },
	{ "doorgestuurd bericht", SEPARATOR_FORWARD, FALSE },
	{ "doorgestuurde e-mail", SEPARATOR_FORWARD, FALSE },
	{ "forwarded message", SEPARATOR_FORWARD, FALSE },
	{ "forwarded by", SEPARATOR_FORWARD, FALSE },
	{ "weitergeleitete nachricht", SEPARATOR_FORWARD, FALSE },
	{ "weitergeleitete e-mail", SEPARATOR_FORWARD, FALSE },
	{ "message transfere", SEPARATOR_FORWARD, FALSE },
	{ "message transmis", SEPARATOR_FORWARD, FALSE },
	{ "message reexpedie", SEPARATOR_FORWARD, FALSE },
	{ "begin doorgestuurd bericht", SEPARATOR_FORWARD, TRUE },
	{ "begin forwarded message", SEPARATOR_FORWARD, TRUE },
	{ "anfang der weitergeleiteten nachricht", SEPARATOR_FORWARD, TRUE },
	{ "anfang der weitergeleiteten e-mail", SEPARATOR_FORWARD, TRUE },
	{ "debut du message transfere", SEPARATOR_FORWARD, TRUE },
	{ "debut du message reexpedie", SEPARATOR_FORWARD, TRUE },
};

/* Help desks put such a line on top of what they send, and cut there what comes back. */
static const char *const reply_above[] = {
	"reply above this line", "write your reply above this line", "type your reply above",
	"boven deze lijn", "boven deze regel", "oberhalb dieser linie", "oberhalb dieser zeile",
	"uber dieser zeile", "au-dessus de cette ligne",
};

Separator
phrase_separator(const char *text)
{
	char key[160];

	/* an ordinary line */
	if (g_ascii_isalpha(*text) && strchr("BbAaDd", *text) == NULL)
		return SEPARATOR_NONE;
	const char *start = text + strspn(text, " \t*");
	gsize dashes = strspn(start, "-_=#~");

	if (dashes < 2 && strchr("BbAaDd", *start) == NULL)
		return SEPARATOR_NONE;
	if (*start == '\0' || strnlen(text, 200) == 200)
		return SEPARATOR_NONE;
	phrase_key(start + dashes, key, sizeof(key));
	const char *p = key + strspn(key, " -_=#~");
	for (gsize i = 0; i < G_N_ELEMENTS(separators); i++) {
		gsize len = strlen(separators[i].text);
		if (*p != separators[i].text[0] || strncmp(p, separators[i].text, len) != 0)
			continue;
		const char *rest = p + len + strspn(p + len, " :-_=#~");
		if (dashes >= 2 ? *rest == '\0' || dashes >= 3 : separators[i].bare && *rest == '\0')
			return separators[i].kind;
	}
	/* Zoho: "---- On Mon, 02 Jun 2025 10:00:00 +0200 X <x@y> wrote ----" */
	gsize len = strlen(p);
	if (dashes >= 3 && len > 3 && strcmp(p + len - 3, "---") == 0 &&
	    (strstr(p, " wrote -") != NULL || strstr(p, " schreef -") != NULL ||
	     strstr(p, " schrieb -") != NULL || strstr(p, " a ecrit -") != NULL))
		return SEPARATOR_ORIGINAL;
	for (gsize i = 0; dashes >= 2 && i < G_N_ELEMENTS(reply_above); i++)
		if (strstr(p, reply_above[i]) != NULL)
			return SEPARATOR_ABOVE;
	return SEPARATOR_NONE;
}

gboolean
phrase_is_rule(const char *text)
{
	text += strspn(text, " \t");
	if (*text == '\0' || strchr("-_=*~#", *text) == NULL)
		return FALSE;
	gsize n = strspn(text, "-_=*~#");
	return n >= 5 && text[n] == '\0';
}

/* --- the subject ----------------------------------------------------------- */

void
phrase_subject(const char *subject, gboolean *forward_out, gboolean *reply_out)
{
	static const char *const forwards[] = {
		"fw", "fwd", "doorst", "doorgestuurd", "dg", "wg", "wtrlt", "tr", "transfert",
	};
	static const char *const replies[] = {
		"re", "antw", "antwoord", "betr", "aw", "antwort", "rep", "ref", "reponse", "sv",
	};
	char key[32];

	phrase_key(subject, key, sizeof(key));
	*forward_out = *reply_out = FALSE;
	/* Only the outermost prefix: "Re: Fwd: ..." is an answer. */
	gsize len = strspn(key, "abcdefghijklmnopqrstuvwxyz");
	const char *colon = key + len + strspn(key + len, " []()0123456789");
	if (len == 0 || *colon != ':')
		return;
	key[len] = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS(forwards); i++)
		*forward_out |= strcmp(key, forwards[i]) == 0;
	for (gsize i = 0; i < G_N_ELEMENTS(replies); i++)
		*reply_out |= strcmp(key, replies[i]) == 0;
}
