/* coach.c - reads a draft reply line by line; most of what it knows are rules in conf/coach/.
 *
 * False alarms are worse than silence: a coach that cries wolf is switched off. */
#include "config.h"

#include <string.h>

#include "aardig/coach.h"
#include "aardig/message.h"
#include "classify/engine.h"
#include "classify/hints.h"

#define LONG_SENTENCE 32   /* words */
#define QUESTIONS_MAX 1
#define MISSING_COLD 2
#define SCORE_ALL 100
#define KINDS_MAX 32       /* labels of the space "kind" */
#define REMARK_CHARS 60    /* as much of a sentence is shown */
#define HINTS_WORDS_MIN 4  /* fewer words are no sentence to judge by hints */
#define HINTS_CAUTION 1.0  /* points more for each doubling of the sentences */
#define HINTS_AGAINST -1.0 /* what rules and hints come to, where words silence a rule */

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
	double (*hints)[KINDS_MAX]; /* per sentence and kind; NULL: the rules have none */
	double (*said)[KINDS_MAX];  /* the same of what rules gave */
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

/* ---- hints, sentence by sentence ---- */

/* One sentence as a text of its own; borrows from the whole. */
static Tokens
sentence_tokens(const Tokens *text, guint index)
{
	const Sentence *s = &text->sentences[index];
	Tokens part = *text;

	part.tokens += s->first;
	part.n = s->end - s->first;
	part.questions = s->mark == '?';
	part.exclamations = s->mark == '!';
	return part;
}

static guint
kind_index(const Coaching *c, const char *kind)
{
	const char *const *names = rules_labels(c->rules, "kind");
	guint i = 0;

	while (names[i] != NULL && i < KINDS_MAX - 1 && strcmp(names[i], kind) != 0)
		i++;
	return i;
}

static guint
sentence_of(const Coaching *c, const Match *match)
{
	return c->tokens->tokens[match->first].sentence;
}

static gboolean
is_placed(const Match *match)
{
	return match->where == IN_BODY && match->end > match->first;
}

/* What words hint at and what rules say, for each kind in each sentence. */
static void
weigh_sentences(Coaching *c)
{
	guint n = c->tokens->n_sentences;
	const char *const *names = rules_labels(c->rules, "kind");

	c->hints = g_malloc0((n + 1) * sizeof *c->hints);
	c->said = g_malloc0((n + 1) * sizeof *c->said);
	for (guint i = 0; i < n; i++) {
		const Tokens part = sentence_tokens(c->tokens, i);
		const EngineInput input = { .body = &part, .language = c->report->language };
		g_autofree HintSum *sums = hints_sum(c->rules, &input);

		for (guint k = 0; sums != NULL && names[k] != NULL && k < KINDS_MAX; k++)
			c->hints[i][k] = sums[image_find_label(c->rules, "kind", names[k])].points;
	}
	for (guint i = 0; i < c->result->points->len; i++) {
		const MatchPoints *points = &g_array_index(c->result->points, MatchPoints, i);

		if (strcmp(points->space, "kind") != 0 || points->match == G_MAXUINT)
			continue;
		const Match *match = &g_array_index(c->result->matches, Match, points->match);
		if (is_placed(match))
			c->said[sentence_of(c, match)][kind_index(c, points->label)] +=
			    points->points;
	}
}

/* Words may speak against a rule: "u had moeten", and then a kind sentence all the same. */
static gboolean
is_outweighed(const Coaching *c, const Match *match, const char *kind)
{
	guint s, k;

	if (!is_placed(match))
		return FALSE;
	s = sentence_of(c, match);
	k = kind_index(c, kind);
	return c->said[s][k] + c->hints[s][k] < HINTS_AGAINST;
}

/* What it takes to be remarked on: hints are fitted where every second sentence is bad, and of the
 * many of a draft few are. */
static double
points_needed(const Coaching *c)
{
	guint n = 0;

	for (guint i = 0; i < c->tokens->n_sentences; i++)
		n += c->tokens->sentences[i].end - c->tokens->sentences[i].first >= HINTS_WORDS_MIN;
	return 1 + (n > 1 ? HINTS_CAUTION * g_bit_storage(n - 1) : 0);
}

/* Where no rule knows the turn of phrase, many words together may: the likeliest kind. */
static void
remark_hints(Coaching *c)
{
	const char *const *names = rules_labels(c->rules, "kind");
	double needed = points_needed(c);

	for (guint i = 0; i < c->tokens->n_sentences; i++) {
		const Sentence *s = &c->tokens->sentences[i];
		const Token *tokens = c->tokens->tokens;
		guint best = 0;
		gboolean known = FALSE;

		for (guint k = 0; names[k] != NULL && k < KINDS_MAX; k++) {
			known |= c->said[i][k] >= 1;
			if (c->said[i][k] + c->hints[i][k] > c->said[i][best] + c->hints[i][best])
				best = k;
		}
		if (known || s->end - s->first < HINTS_WORDS_MIN ||
		    c->said[i][best] + c->hints[i][best] < needed || !kind_applies(c, names[best]))
			continue;
		guint32 start = tokens[s->first].start, stop = tokens[s->end - 1].end;
		remark(c, line_of(c->text, start), names[best],
		       text_between(c->text, start, MIN(stop, start + REMARK_CHARS)), NULL);
	}
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
		gboolean placed = is_placed(match);

		if (is_outweighed(c, match, points->label))
			continue;

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
	Coaching c = { .rules = coach_rules, .language = language, .tone = tone,
		       .automatic = automatic, .whole = whole };

	c.report = g_new0(CoachReport, 1);
	c.report->remarks = g_array_new(FALSE, FALSE, sizeof(CoachRemark));
	g_array_set_clear_func(c.report->remarks, clear_remark);
	c.text = own_text(draft);
	if (c.language == NULL) {
		c.language = classify_language(c.text, NULL);
		if (strcmp(c.language, "de") == 0 || strcmp(c.language, "fr") == 0) {
			c.report->language = c.language;
			g_free(c.text);
			return c.report;
		}
	}
	c.dutch = strcmp(c.language, "nl") == 0;
	c.report->language = c.dutch ? "nl" : "en";
	c.tokens = tokens_new(c.text, -1);
	signals_from_tokens(NULL, c.tokens, signals);

	const EngineInput input = { .body = c.tokens, .language = c.report->language,
		                    .signals = signals, .without_hints = TRUE };
	c.result = engine_run(coach_rules, &input);
	weigh_sentences(&c);
	remark_matches(&c);
	remark_hints(&c);
	remark_long_sentences(&c);
	if (whole) {
		remark_questions(&c);
		remark_cold(&c);
	}
	g_array_sort(c.report->remarks, by_line);
	c.report->score = score_of(c.report);
	engine_result_free(c.result);
	tokens_free(c.tokens);
	g_free(c.hints);
	g_free(c.said);
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
