/* guard-subject.c - automatic mail of which only the subject tells: absence notes, bounces and
 * read receipts of programs that set no mark.
 *
 * Anchored at the start, after Re: and Antw:. "Klacht: ik krijg steeds jullie automatisch
 * antwoord", "Re: out of office furniture" and "Afwezig bij bezorging" are customers. A
 * forwarded one (Fwd:) is a customer forwarding something. */
#include "config.h"

#include <string.h>

#include "guard/guard-private.h"

#define PREFIXES_MAX 8 /* Re: Re: Antw: [EXTERN] ... */

typedef enum {
	ENDS,  /* the end, or a punctuation mark that sets off the rest: "Afwezig: Re: uw vraag" */
	COLON, /* a colon must follow: "Onbestelbaar:" */
	WORDS, /* whatever follows, at a word border */
} SubjectRule;

/* Lower case, one blank between words. */
static const struct {
	const char *text;
	SubjectRule rule;
} automatic[] = {
	/* nl */
	{ "automatisch antwoord", ENDS },
	{ "automatisch antwoord op", WORDS },
	{ "automatische reactie", ENDS },
	{ "automatische beantwoording", ENDS },
	{ "automatisch bericht", ENDS },
	{ "automatische afwezigheidsmelding", ENDS },
	{ "autoantwoord", ENDS }, /* not "auto:": that is a car */
	{ "auto-antwoord", ENDS },
	{ "dit is een automatisch", WORDS },
	{ "afwezig", ENDS },
	{ "afwezig tot", WORDS },
	{ "afwezig t/m", WORDS },
	{ "afwezig van", WORDS },
	{ "afwezigheid", ENDS },
	{ "afwezigheidsbericht", WORDS },
	{ "afwezigheidsmelding", WORDS },
	{ "afwezigheidsassistent", WORDS },
	{ "niet aanwezig", ENDS },
	{ "niet op kantoor", ENDS },
	{ "buiten kantoor", ENDS },
	{ "onbestelbaar", ENDS },
	{ "onbestelbare e-mail", ENDS },
	{ "onbestelbaar bericht", ENDS },
	{ "uw bericht is niet bezorgd", WORDS },
	{ "e-mail niet afgeleverd", ENDS },
	{ "gelezen", COLON },
	{ "niet gelezen", COLON },
	{ "leesbevestiging", ENDS },
	/* en */
	{ "automatic reply", ENDS },
	{ "automatic response", ENDS },
	{ "automated reply", ENDS },
	{ "automated response", ENDS },
	{ "auto reply", ENDS },
	{ "auto-reply", ENDS },
	{ "autoreply", ENDS },
	{ "autoreply from", WORDS },
	{ "auto response", ENDS },
	{ "auto-response", ENDS },
	{ "autoresponse", ENDS },
	{ "autoresponder", ENDS },
	{ "out of office", ENDS },
	{ "out of office autoreply", WORDS },
	{ "out of office auto-reply", WORDS },
	{ "out of office reply", WORDS },
	{ "out of office message", ENDS },
	{ "out of office notification", ENDS },
	{ "out of office notice", ENDS },
	{ "out of office until", WORDS },
	{ "out of office from", WORDS },
	{ "out-of-office", ENDS },
	{ "out of the office", ENDS },
	{ "out of the office until", WORDS },
	{ "i am out of the office", WORDS },
	{ "i'm out of the office", WORDS },
	{ "away from the office", ENDS },
	{ "away from my mail", WORDS },
	{ "vacation reply", ENDS },
	{ "vacation message", ENDS },
	{ "undeliverable", ENDS },
	{ "undeliverable mail", ENDS },
	{ "undeliverable message", ENDS },
	{ "undelivered mail returned to sender", WORDS },
	{ "undelivered mail", ENDS },
	{ "delivery status notification", WORDS },
	{ "mail delivery failed", WORDS },
	{ "mail delivery failure", WORDS },
	{ "mail delivery problem", WORDS },
	{ "mail delivery system", ENDS },
	{ "mail system error", WORDS },
	{ "message delivery failure", WORDS },
	{ "delivery failure notice", ENDS },
	{ "returned mail", ENDS },
	{ "failure notice", ENDS },
	{ "warning: could not send message", WORDS },
	{ "read", COLON },
	{ "not read", COLON },
	{ "read receipt", ENDS },
	/* de */
	{ "automatische antwort", ENDS },
	{ "automatische antwort auf", WORDS },
	{ "automatische r\xc3\xbc""ckantwort", ENDS },
	{ "automatische abwesenheitsnotiz", ENDS },
	{ "autoantwort", ENDS },
	{ "abwesend", ENDS },
	{ "abwesend bis", WORDS },
	{ "abwesend vom", WORDS },
	{ "abwesenheit", ENDS },
	{ "abwesenheitsnotiz", WORDS },
	{ "abwesenheitsmeldung", WORDS },
	{ "abwesenheitsbenachrichtigung", WORDS },
	{ "abwesenheitsassistent", WORDS },
	{ "nicht im b\xc3\xbcro", ENDS },
	{ "nicht im hause", ENDS },
	{ "unzustellbar", ENDS },
	{ "nicht zustellbar", ENDS },
	{ "unzustellbare nachricht", ENDS },
	{ "unzustellbare mail", ENDS },
	{ "unzustellbarkeitsbericht", WORDS },
	{ "gelesen", COLON },
	{ "ungelesen", COLON },
	{ "nicht gelesen", COLON },
	{ "lesebest\xc3\xa4tigung", ENDS },
	/* fr */
	{ "r\xc3\xa9ponse automatique", ENDS },
	{ "reponse automatique", ENDS },
	{ "message automatique", ENDS },
	{ "absence du bureau", WORDS },
	{ "absent du bureau", WORDS },
	{ "absente du bureau", WORDS },
	{ "message d'absence", ENDS },
	{ "notification d'absence", ENDS },
	{ "absent", ENDS },
	{ "absente", ENDS },
	{ "absent jusqu'au", WORDS },
	{ "non remis", ENDS },
	{ "non distribuable", ENDS },
	{ "message non remis", ENDS },
	{ "\xc3\xa9""chec de la remise", WORDS },
	{ "\xc3\xa9""chec de remise", WORDS },
	{ "notification d'\xc3\xa9tat de remise", WORDS },
	{ "lu", COLON },
	{ "non lu", COLON },
};

/* What mail programs put before an answer; no Fwd:, FW:, WG:, TR:, Doorst:. */
static const char *const answers[] = { "re", "antw", "antwoord", "aw", "betr", "betreft",
	                               "r\xc3\xa9p", "rep", "r\xc3\xa9", "ref", "sv", NULL };

/* Lower case, composed, straight apostrophes, one blank between words. */
static char *
folded(const char *subject)
{
	g_autofree char *composed = g_utf8_normalize(subject, -1, G_NORMALIZE_NFKC);
	g_autofree char *lower = composed != NULL ? g_utf8_strdown(composed, -1) : g_strdup("");
	GString *out = g_string_new(NULL);
	gboolean blank = FALSE;

	for (const char *p = lower; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_isspace(c)) {
			blank = out->len > 0;
			continue;
		}
		if (blank)
			g_string_append_c(out, ' ');
		blank = FALSE;
		if (c == 0x2019 || c == 0x2018 || c == 0x02bc)
			c = '\'';
		else if (c >= 0x2010 && c <= 0x2015)
			c = '-';
		g_string_append_unichar(out, c);
	}
	return g_string_free(out, FALSE);
}

/* Behind one "re:", "re[2]:", "antw :" or "[extern]", or p itself. */
static const char *
skip_prefix(const char *p)
{
	if (*p == '[') {
		const char *end = strchr(p, ']');

		/* A tag of the mail gateway; a ticket number of the shop's may stand there too. */
		if (end == NULL || end - p > 40)
			return p;
		p = end + 1;
		return *p == ' ' ? p + 1 : p;
	}
	for (gsize i = 0; answers[i] != NULL; i++) {
		gsize n = strlen(answers[i]);
		const char *q = p + n;

		if (strncmp(p, answers[i], n) != 0)
			continue;
		if (*q == '[' || *q == '(' || *q == '^') {
			q++;
			q += strspn(q, "0123456789");
			q += *q == ']' || *q == ')';
		}
		q += *q == ' ';
		if (*q != ':')
			continue;
		q++;
		return *q == ' ' ? q + 1 : q;
	}
	return p;
}

static gboolean
follows(const char *rest, SubjectRule rule)
{
	const char *p = *rest == ' ' ? rest + 1 : rest;

	if (rule == COLON)
		return *p == ':';
	if (rule == WORDS)
		return *rest == '\0' || !g_unichar_isalnum(g_utf8_get_char(rest));
	/* A hyphen sets off only between blanks: "Out of office-stoel" is a chair. */
	if (*p == '-')
		return p > rest && (p[1] == ' ' || p[1] == '\0');
	return *p == '\0' || strchr(":;,.!?()[]|/*\"<>", *p) != NULL;
}

GuardVerdict
check_auto_subject(const GuardCase *c, Finding *finding)
{
	g_autofree char *subject = folded(message_subject(c->message));
	const char *p = subject;

	for (guint i = 0; i < PREFIXES_MAX; i++) {
		const char *next = skip_prefix(p);

		if (next == p)
			break;
		p = next;
	}
	if (*p == '"' || *p == '*' || *p == '(')
		p++;
	for (gsize i = 0; i < G_N_ELEMENTS(automatic); i++) {
		gsize n = strlen(automatic[i].text);

		if (strncmp(p, automatic[i].text, n) == 0 && follows(p + n, automatic[i].rule))
			return hold_quoted(finding, "the subject is that of an automatic mail",
			                   message_subject(c->message));
	}
	return GUARD_PASS;
}
