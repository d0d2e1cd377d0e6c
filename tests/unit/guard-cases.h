/* guard-cases.h - rows of the table test of guard/: a few header lines and what they must lead
 * to.
 *
 * A row's headers are laid over an ordinary complaint (test_guard.c): a field replaces all
 * of that name, "-Name" takes it away, and what is there twice is in the mail twice. \n ends
 * a line. */
#ifndef AARDIG_TESTS_GUARD_CASES_H
#define AARDIG_TESTS_GUARD_CASES_H

#include "aardig/guard.h"

/* The configuration a row runs under. */
typedef enum {
	SET_PLAIN,       /* klantenservice@, info@, service@winkel.example; authserv_id mail.winkel.example */
	SET_NO_AUTH,     /* no authserv_id */
	SET_TOPMOST,     /* authserv_id "topmost" */
	SET_CATCH_ALL,   /* "@winkel.example" */
	SET_OFFICE,      /* plus tickets, team, operator and bounce addresses, and a second account */
	SET_NONE,        /* no configuration at all */
	SET_OWN_OPTION,  /* no configuration, --own klantenservice@winkel.example */
	SET_FORM,        /* contact form website@winkel.example, proven by DMARC or DKIM */
	SET_FORM_SECRET, /* ... by "X-Form-Key: geheim-123" or "Sleutel: ..." in the body */
	SET_FORM_FIELD,  /* ... whose customer is in the field or label "E-mail" */
	SET_FORM_OURS,   /* ... klantenservice@winkel.example */
	SET_FORM_ELSEWHERE, /* contact form noreply@formulieren.example */
	SET_LIST,        /* own list info.winkel.example */
	SET_SOFT_OFF,    /* every guard of class no and soft switched off */
} CaseSettings;

typedef struct {
	const char *label;
	const char *headers;
	const char *guard;  /* NULL: answered */
	GuardHuman human;
	const char *to;     /* recipient, or correspondent of a held mail; NULL: JAN if answered, not looked at
	                       if held; NOBODY */
	CaseSettings set;
	const char *sender; /* -f */
	const char *rcpt;   /* -r */
	const char *line;   /* "From " line in front, without "From " */
	const char *body;
	gint64 age;         /* seconds since it arrived; 0: not told */
} GuardCaseRow;

#define JAN "jan@klant.example"
#define NOBODY ""
#define ANSWERED(label_, headers_, ...) { .label = label_, .headers = headers_, .guard = NULL, __VA_ARGS__ }
#define HELD(label_, headers_, guard_, human_, ...) \
	{ .label = label_, .headers = headers_, .guard = guard_, .human = HUMAN_##human_, __VA_ARGS__ }

#endif
