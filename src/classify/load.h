/* load.h - rules while they are read: shared by the files that read them. */
#ifndef AARDIG_CLASSIFY_LOAD_H
#define AARDIG_CLASSIFY_LOAD_H

#include <glib.h>
#include <libconfig.h>

#include "aardig/diagnostics.h"
#include "classify/build.h"
#include "classify/finder.h"
#include "classify/sources.h"

G_BEGIN_DECLS

typedef struct {
	const SourceFile *source;
	config_t config;
	const char *language;
} LoadFile;

/* A string and where it stands. */
typedef struct {
	const char *text;
	guint line;
	PhraseNode *phrase;
} LoadText;

typedef struct LoadList LoadList;
struct LoadList {
	const char *name;
	const LoadFile *file;
	guint line;
	GArray *texts;        /* LoadText */
	LoadList *replaced;   /* of an earlier pack; <name> inside this list means that one */
	PhraseNode *phrase;   /* any of them; NULL until needed */
	gboolean busy, done;
};

typedef struct {
	double points;
	guint label;          /* over all spaces */
} LoadPoints;

typedef struct {
	const char *id;
	const LoadFile *file;
	guint line;
	const char *language;
	GArray *texts[OWNER_UNLESS_NEAR + 1]; /* LoadText, or NULL */
	GArray *regexes;      /* LoadText */
	GArray *yes, *no;     /* LoadText */
	GArray *points;       /* LoadPoints */
	const char *advice;
	guint signal;         /* or NONE */
	double min, max;
	guint scope, sentence, negation;
	gboolean hedge_ignored, each, off;
} LoadRule;

typedef struct {
	GArray *to;           /* guint: labels */
	double at, factor;
} LoadYield;

typedef struct {
	const char *name;
	guint space;
	GArray *yields;       /* LoadYield */
	GArray *implies;      /* LoadPoints */
	int rank;
	double at, bias;
	gboolean automatic_only;
} LoadLabel;

typedef struct {
	const char *name;
	guint default_label;  /* or NONE */
	double floor, margin, rank_within;
	gboolean default_unsure, hedged;
} LoadSpace;

typedef struct {
	OwnerKind kind;
	const LoadFile *file;
	GArray *texts;        /* LoadText */
} LoadSpecial;

typedef struct {
	const LoadFile *file;
	guint line;
	guint64 key, id;      /* id: key, language and space as one hash */
	guint first, points;  /* of Load.hint_points */
} LoadHint;

typedef struct {
	Diagnostics *diag;
	Build *build;
	PhrasePool pool;
	GPtrArray *sources;   /* SourceFile */
	GPtrArray *files;     /* LoadFile */
	GArray *spaces;       /* LoadSpace */
	GArray *labels;       /* LoadLabel, in no order of spaces */
	GHashTable *lists;    /* "nl/order" -> LoadList */
	GPtrArray *all_lists; /* owns */
	GPtrArray *rules;     /* LoadRule */
	GHashTable *rule_ids; /* id -> LoadRule */
	GPtrArray *specials;  /* LoadSpecial */
	GPtrArray *known;     /* LoadSpecial: words that are no typos */
	GArray *hints;        /* LoadHint */
	GArray *hint_points;  /* ImageHintPoint, with labels of Load */
	Finder hint_ids;      /* of hints, by id */
	guint n_rules_read;
} Load;

/* Sources, labels, rules, word lists with every error; nothing compiled yet. */
Load *load_new(const char *const *dirs, Diagnostics *diag);
/* The same of sources already read; takes them over. */
Load *load_sources(GPtrArray *sources, Diagnostics *diag);
void load_free(Load *load);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Load, load_free)

/* labels.conf */
void load_labels(Load *load, const LoadFile *file);
/* Label `name` of `space`, or NONE after an error at the line. */
guint load_label_at(Load *load, const LoadFile *file, guint line, const char *what,
                    const char *space, const char *name);
/* A group of spaces with labels with numbers; appends LoadPoints. */
void load_points(Load *load, const LoadFile *file, const config_setting_t *group, const char *what,
                 GArray *points);
/* A file of hints. */
void load_hint_file(Load *load, const LoadFile *file);
/* Any other file. */
void load_rule_file(Load *load, LoadFile *file);
void load_rule_free(gpointer rule);
/* Parses source into file->config; FALSE after an error. */
gboolean load_syntax(Load *load, LoadFile *file);
/* Every phrase of rules and lists becomes a tree, or an error. */
void load_phrases(Load *load);

/* ---- libconfig, with errors ---- */

void load_error(Load *load, const LoadFile *file, const config_setting_t *at, const char *format,
                ...) G_GNUC_PRINTF(4, 5);
/* FALSE and an error if a key of the group is none of these; `what` leads the text. */
gboolean load_keys(Load *load, const LoadFile *file, const config_setting_t *group,
                   const char *what, const char *const *keys);
/* " (did you mean "x"?)" or "". Caller frees. */
char *load_meant(const char *word, const char *const *candidates);
gboolean load_number(Load *load, const LoadFile *file, const config_setting_t *setting,
                     const char *what, double *out);
gboolean load_boolean(Load *load, const LoadFile *file, const config_setting_t *setting,
                      const char *what, gboolean *out);
/* One string, or an array or list of them. NULL after an error; else LoadText, caller frees. */
GArray *load_texts(Load *load, const LoadFile *file, const config_setting_t *setting,
                   const char *what);
GArray *load_texts_new(void);
/* One of the names, as its index. */
gboolean load_choice(Load *load, const LoadFile *file, const config_setting_t *setting,
                     const char *what, const char *const *names, guint *out);
/* A list, group or array? "is written { ... }" else. */
gboolean load_is_group(Load *load, const LoadFile *file, const config_setting_t *setting,
                       const char *what);

/* compile.c: the image of all that was loaded, NULL after errors. */
Rules *load_compile(Load *load);
/* Both; *lasting_out, if not NULL: FALSE when a source is so fresh that its time proves nothing. */
Rules *load_all(const char *const *dirs, gboolean *lasting_out, Diagnostics *diag);

G_END_DECLS

#endif
