/* regex.c - PCRE2 with limits on every side, because patterns meet strangers' text.
 *
 * A process that reads one mail interprets a pattern; one that reads many translates it to machine
 * code after some uses. Where that is forbidden (MemoryDenyWriteExecute=) interpreting goes on. */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "classify/regex.h"

#define MATCH_LIMIT 200000
#define DEPTH_LIMIT 2000
#define HEAP_LIMIT_KIB 4096
#define JIT_STACK (256 * 1024)
#define USES_BEFORE_JIT 16
#define OPTIONS (PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C)

typedef struct {
	pcre2_code *code;
	guint uses;
} Regex;

struct _RegexState {
	pcre2_match_context *context;
	pcre2_match_data *data;
	pcre2_jit_stack *stack;
	gboolean no_jit;
	Regex regexes[];
};

static pcre2_code *
compile(const char *pattern, int *error_out, PCRE2_SIZE *at_out)
{
	/* a pattern cannot lift our limits: (*LIMIT_MATCH=...) only lowers */
	return pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, OPTIONS, error_out, at_out,
	                     NULL);
}

char *
regex_fault(const char *pattern)
{
	int error;
	PCRE2_SIZE at;
	guint32 empty = 0;
	pcre2_code *code = compile(pattern, &error, &at);

	if (code == NULL) {
		PCRE2_UCHAR text[200];

		pcre2_get_error_message(error, text, sizeof text);
		return g_strdup_printf("%s at character %" G_GSIZE_FORMAT, (const char *)text,
		                       (gsize)g_utf8_strlen(pattern, at) + 1);
	}
	pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &empty);
	pcre2_code_free(code);
	return empty != 0 ? g_strdup("it matches the empty text, so it is true of every mail")
	                  : NULL;
}

RegexState *
regex_state_new(guint n)
{
	return g_malloc0(sizeof(RegexState) + n * sizeof(Regex));
}

void
regex_state_free(RegexState *state, guint n)
{
	if (state == NULL)
		return;
	for (guint i = 0; i < n; i++)
		pcre2_code_free(state->regexes[i].code);
	pcre2_jit_stack_free(state->stack);
	pcre2_match_data_free(state->data);
	pcre2_match_context_free(state->context);
	g_free(state);
}

static gboolean
prepare(RegexState *state, Regex *regex, const char *pattern)
{
	int error;
	PCRE2_SIZE at;

	if (state->context == NULL) {
		state->context = pcre2_match_context_create(NULL);
		state->data = pcre2_match_data_create(1, NULL);
		pcre2_set_match_limit(state->context, MATCH_LIMIT);
		pcre2_set_depth_limit(state->context, DEPTH_LIMIT);
		pcre2_set_heap_limit(state->context, HEAP_LIMIT_KIB);
	}
	if (regex->code == NULL)
		regex->code = compile(pattern, &error, &at);
	if (regex->code == NULL)
		return FALSE;
	if (++regex->uses != USES_BEFORE_JIT || state->no_jit)
		return TRUE;
	if (pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE) != 0) {
		state->no_jit = TRUE;
	} else if (state->stack == NULL) {
		state->stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK, NULL);
		pcre2_jit_stack_assign(state->context, NULL, state->stack);
	}
	return TRUE;
}

static const char *
reason(int code)
{
	switch (code) {
	case PCRE2_ERROR_MATCHLIMIT:
		return "match limit";
	case PCRE2_ERROR_DEPTHLIMIT:
		return "depth limit";
	case PCRE2_ERROR_HEAPLIMIT:
		return "heap limit";
	case PCRE2_ERROR_JIT_STACKLIMIT:
		return "stack limit";
	default:
		return "internal error";
	}
}

RegexOutcome
regex_match(const Rules *rules, guint index, const char *text, gsize bytes, gsize *start_out,
            gsize *end_out, const char **why_out)
{
	RegexState *state = rules->regex;
	Regex *regex = &state->regexes[index];

	if (!prepare(state, regex, image_string(rules, rules->regexes[index].string))) {
		*why_out = "it cannot be compiled";
		return REGEX_GAVE_UP;
	}
	int rc =
	    pcre2_match(regex->code, (PCRE2_SPTR)text, bytes, 0, 0, state->data, state->context);

	if (rc == PCRE2_ERROR_NOMATCH)
		return REGEX_NO_MATCH;
	if (rc < 0) {
		*why_out = reason(rc);
		return REGEX_GAVE_UP;
	}
	const PCRE2_SIZE *pair = pcre2_get_ovector_pointer(state->data);

	*start_out = pair[0];
	*end_out = MAX(pair[0], pair[1]); /* \K may set the start behind the end */
	return REGEX_MATCH;
}
