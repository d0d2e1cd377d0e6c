/* coach.c - reads a draft reply line by line; most of what it knows are rules in conf/coach/.
 *
 * False alarms are worse than silence: a coach that cries wolf is switched off. */
#include "config.h"

#include <string.h>

#include "aardig/coach.h"
#include "aardig/message.h"
#include "classify/engine.h"

#define LONG_SENTENCE 32   /* words */
#define QUESTIONS_MAX 2
#define MISSING_COLD 2
#define SCORE_ALL 100

typedef struct {
	const char *kind;
	guint weight;          /* what one remark costs */
	const char *nl, *en;   /* advice where the rule has none */
} KindInfo;

static const KindInfo kinds[] = {
	{ "liable", 30, "Laat de schuldvraag open: zeg wat er is gebeurd en wat u doet.",
	  "Leave the question of fault open: say what happened and what you do." },
	{ "sarcastic", 30, "Schrap deze zin.", "Leave this sentence out." },
	{ "verdict", 25, "Oordeel niet; zeg wat u wel en niet kunt doen.",
	  "Do not judge; say what you can and cannot do." },
	{ "blaming", 25, "Zoek geen schuld; zeg hoe het verder gaat.",
	  "Look for no guilt; say how it goes on." },
	{ "defensive", 20, "Schuif het niet weg; zeg wat u wel doet.",
	  "Do not push it away; say what you will do." },
	{ "terms-first", 20, "Eerst begrip, dan de regels.", "Understanding first, then the rules." },
	{ "promising", 20, "Beloof alleen wat u zelf in de hand hebt.",
	  "Promise only what is in your own hands." },
	{ "cold", 20, NULL, NULL },
	{ "jolly", 15, "Bij iemand die van streek is past rust.",
	  "With somebody who is upset, calm is kind." },
	{ "unclear", 10, "Zeg het korter en gewoner.", "Say it shorter and plainer." },
	{ "promise", 40, "Geen toezegging in automatische tekst.", "No promise in automatic text." },
	{ "refusal", 40, "Geen weigering in automatische tekst.", "No refusal in automatic text." },
	{ "demand", 40, "Geen betaalverzoek in automatische tekst.", "No demand in automatic text." },
	{ "terms", 40, "Geen voorwaarden in automatische tekst.", "No terms in automatic text." },
	{ "dead-link", 40, "Deze link bestaat niet meer.", "This link is dead." },
};

typedef struct {
	const Rules *rules;
	const char *language, *tone;
	gboolean automatic, whole, dutch;
	char *text;            /* what the writer wrote; quoted lines are empty */
	Tokens *tokens;
	EngineResult *result;
	CoachReport *report;
} Coaching;

static const KindInfo *
kind_info(const char *kind)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return &kinds[i];
	return NULL;
}

static void
remark(Coaching *c, guint line, const char *kind, char *text, const char *advice)
{
	const KindInfo *info = kind_info(kind);
	const char *fallback = info == NULL ? NULL : c->dutch ? info->nl : info->en;
	CoachRemark remark = { line, info != NULL ? info->kind : kind, text,
		               g_strdup(advice != NULL ? advice : fallback) };

	g_array_append_val(c->report->remarks, remark);
}

/* Lines keep their number; what is quoted from the customer is not the writer's. */
static char *
own_text(const char *draft)
{
	g_autoptr(Message) message = message_from_text("", draft);
	GString *text = g_string_new(NULL);
	gsize n;
	const Line *lines = message_lines(message, &n);

	for (gsize i = 0; i < n; i++) {
		if (lines[i].kind == LINE_TEXT || lines[i].kind == LINE_SIGNATURE)
			g_string_append(text, lines[i].text);
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

static guint
line_of(const char *text, gsize code_point)
{
	const char *end = g_utf8_offset_to_pointer(text, code_point);
	guint line = 1;

	for (const char *p = text; p < end; p++)
		line += *p == '\n';
	return line;
}

static char *
text_between(const char *text, gsize start, gsize stop)
{
	char *part = g_utf8_substring(text, start, stop);

	g_strdelimit(part, "\n", ' ');
	return part;
}

/* A joke is out of place only where somebody is upset. */
static gboolean
kind_applies(const Coaching *c, const char *kind)
{
	if (engine_label_automatic_only(c->rules, "kind", kind))
		return c->automatic;
	if (strcmp(kind, "jolly") == 0)
		return c->tone == NULL || (strcmp(c->tone, "friendly") != 0 && strcmp(c->tone, "neutral") != 0);
	return TRUE;
}

/* Two rules of one kind may see the same words: that is one remark. */
static gboolean
seen_before(const Coaching *c, guint i)
{
	const MatchPoints *points = &g_array_index(c->result->points, MatchPoints, i);
	const Match *match = &g_array_index(c->result->matches, Match, points->match);

	for (guint j = 0; j < i; j++) {
		const MatchPoints *before = &g_array_index(c->result->points, MatchPoints, j);

		if (before->match == G_MAXUINT || before->points <= 0 || strcmp(before->label, points->label) != 0)
			continue;
		const Match *other = &g_array_index(c->result->matches, Match, before->match);
		if (other->where == match->where && other->start < match->stop && match->start < other->stop)
			return TRUE;
	}
	return FALSE;
}

static void
remark_matches(Coaching *c)
{
	for (guint i = 0; i < c->result->points->len; i++) {
		const MatchPoints *points = &g_array_index(c->result->points, MatchPoints, i);

		if (strcmp(points->space, "kind") != 0 || points->points <= 0 ||
		    points->match == G_MAXUINT || !kind_applies(c, points->label) || seen_before(c, i))
			continue;
		const Match *match = &g_array_index(c->result->matches, Match, points->match);
		gboolean placed = match->where == IN_BODY && match->stop > match->start;

		remark(c, placed ? line_of(c->text, match->start) : 0, points->label,
		       placed ? text_between(c->text, match->start, match->stop) : NULL,
		       engine_rule_advice(c->rules, match->rule));
	}
}

/* ---- what no phrase can tell ---- */

static void
remark_long_sentences(Coaching *c)
{
	guint words = 0;
	const char *start = c->text;

	for (const char *p = c->text;; p = g_utf8_next_char(p)) {
		gboolean end = *p == '\0' || *p == '.' || *p == '!' || *p == '?' || *p == ':' ||
		               (*p == '\n' && p[1] == '\n');

		if (*p == ' ' || *p == '\n')
			words++;
		if (!end)
			continue;
		if (words > LONG_SENTENCE) {
			g_autofree char *text = g_strstrip(g_strndup(start, p - start));
			glong length = g_utf8_strlen(text, -1);

			remark(c, line_of(c->text, g_utf8_pointer_to_offset(c->text, start)), "unclear",
			       text_between(text, 0, MIN(60, length)),
			       c->dutch ? "Deze zin is te lang. Maak er twee of drie van."
			                : "This sentence is too long. Make it two or three.");
		}
		if (*p == '\0')
			return;
		words = 0;
		start = p + 1;
	}
}

static void
remark_questions(Coaching *c)
{
	guint questions = 0;

	for (const char *p = c->text; *p != '\0'; p++)
		questions += *p == '?';
	if (questions > QUESTIONS_MAX)
		remark(c, 0, "unclear", NULL,
		       c->dutch ? "Stel hooguit één vraag tegelijk, dan krijgt u antwoord."
		                : "Ask one question at a time, then you get an answer.");
}

static void
remark_cold(Coaching *c)
{
	static const struct { const char *label, *nl, *en; } needed[] = {
		{ "thanks", "een bedankje", "thanks" },
		{ "empathy", "een zin van begrip", "a sentence of understanding" },
		{ "next-step", "wat er nu gebeurt", "what happens next" },
		{ "date", "wanneer", "when" },
	};
	g_autoptr(GString) missing = g_string_new(NULL);
	guint n = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(needed); i++)
		if (!engine_holds(c->result, "has", needed[i].label)) {
			g_string_append_printf(missing, "%s%s", n > 0 ? ", " : "",
			                       c->dutch ? needed[i].nl : needed[i].en);
			n++;
		}
	if (n < MISSING_COLD)
		return;
	g_autofree char *advice = g_strdup_printf(c->dutch ? "Dit leest kil. Er ontbreekt: %s."
	                                                   : "This reads cold. It lacks: %s.", missing->str);
	remark(c, 0, "cold", NULL, advice);
}

/* ---- the report ---- */

static gint
by_line(gconstpointer a, gconstpointer b)
{
	return (gint) ((const CoachRemark *) a)->line - (gint) ((const CoachRemark *) b)->line;
}

/* A kind costs its weight once, and half of it for each further remark. */
static guint
score_of(const CoachReport *report)
{
	guint cost = 0;

	for (guint i = 0; i < report->remarks->len; i++) {
		const char *kind = g_array_index(report->remarks, CoachRemark, i).kind;
		const KindInfo *info = kind_info(kind);
		gboolean seen = FALSE;

		for (guint j = 0; j < i && !seen; j++)
			seen = strcmp(g_array_index(report->remarks, CoachRemark, j).kind, kind) == 0;
		cost += info == NULL ? 0 : seen ? info->weight / 2 : info->weight;
	}
	return cost >= SCORE_ALL ? 0 : SCORE_ALL - cost;
}

static void
clear_remark(gpointer data)
{
	CoachRemark *remark = data;

	g_free(remark->text);
	g_free(remark->advice);
}

CoachReport *
coach_check(const Rules *coach_rules, const char *draft, const char *language, const char *tone,
            gboolean automatic, gboolean whole)
{
	double signals[SIGNAL_N] = { 0 };
	Coaching c = { coach_rules, language, tone, automatic, whole, FALSE, NULL, NULL, NULL, NULL };

	c.report = g_new0(CoachReport, 1);
	c.report->remarks = g_array_new(FALSE, FALSE, sizeof(CoachRemark));
	g_array_set_clear_func(c.report->remarks, clear_remark);
	c.text = own_text(draft);
	if (c.language == NULL)
		c.language = classify_language(coach_rules, c.text, NULL);
	c.dutch = strcmp(c.language, "nl") == 0;
	c.report->language = c.dutch ? "nl" : "en";
	c.tokens = tokens_new(c.text, -1);
	signals_from_tokens(NULL, c.tokens, signals);

	const EngineInput input = { NULL, c.tokens, c.report->language, signals };
	c.result = engine_run(coach_rules, &input);
	remark_matches(&c);
	remark_long_sentences(&c);
	if (whole) {
		remark_questions(&c);
		remark_cold(&c);
	}
	g_array_sort(c.report->remarks, by_line);
	c.report->score = score_of(c.report);
	engine_result_free(c.result);
	tokens_free(c.tokens);
	g_free(c.text);
	return c.report;
}

void
coach_report_free(CoachReport *report)
{
	if (report == NULL)
		return;
	g_array_free(report->remarks, TRUE);
	g_free(report);
}
