/* text-private.h - the walk over the tokens of a configuration, shared by text.c and tokens.c. */
#ifndef AARDIG_SETTINGS_TEXT_PRIVATE_H
#define AARDIG_SETTINGS_TEXT_PRIVATE_H

#include "settings/text.h"

G_BEGIN_DECLS

typedef struct {
	guint file, line;
} Place;

typedef struct {
	char bracket;
	Place place;
} Open;

struct SettingsText {
	GString *out;
	GArray *lines;    /* Place of each line of out */
	GPtrArray *files; /* char *: names as shown */
};

typedef enum { T_END, T_STRING, T_WORD, T_MARK, T_INCLUDE } TokenKind;

typedef struct {
	TokenKind kind;
	const char *start;
	gsize length;
	char mark; /* of T_MARK */
	guint line;
	gboolean first; /* of its line */
} Token;

typedef struct {
	Diagnostics *diag;
	SettingsText *text;
	GArray *open;  /* Open */
	gsize size;    /* read so far */
	guint depth;   /* of includes */
	gboolean given_up;
	gboolean files_allowed;
	/* The file being walked. */
	guint file;
	const char *at, *end;
	guint line;
	gboolean line_start;
	/* The token before: a T_MARK in prev_mark, else prev_mark 0. prev_value: it ended a value. */
	TokenKind prev;
	char prev_mark;
	gboolean prev_value, prev_name;
	char *name;         /* of the setting being assigned, for messages */
	Place prev_place, out_place;
} Scan;

const char *scan_file_name(const Scan *scan, guint file);
/* An error in the file being walked. After a hundred of them the walk ends. */
void scan_complain(Scan *scan, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The next token; comments and blanks are passed over, wrong characters complained of. */
void scan_next_token(Scan *scan, Token *token);
/* TRUE inside ( ) or [ ], where elements stand; FALSE where settings stand. */
gboolean scan_in_list(const Scan *scan);
gboolean scan_value_expected(const Scan *scan);

G_END_DECLS

#endif
