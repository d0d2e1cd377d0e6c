/* template.h - the template language: block files, their variables, rendering. Private to words/.
 *
 * A template file is a list of blocks. "[thanks tone=angry,frustrated]" opens the block that is
 * taken for {{> thanks}} when the mail's tone is one of these; of several that fit, the one that
 * says most wins. Logic-less: values, fallbacks, presence sections, lists and includes, and no
 * more. Values are data: they are cleaned of control characters when set and never parsed. */
#ifndef AARDIG_WORDS_TEMPLATE_H
#define AARDIG_WORDS_TEMPLATE_H

#include <glib.h>

#include "aardig/diagnostics.h"

G_BEGIN_DECLS

/* What a file is for decides which variables it may name: an acknowledgement's blocks have no
 * way to a byte of the customer's text. */
typedef enum {
	FOR_ACK = 1 << 0,
	FOR_REPLY = 1 << 1,
	FOR_TICKET = 1 << 2,
	FOR_OPERATOR = 1 << 3,
} TemplateUse;

/* What a block can be chosen by; later ones in this list say more. */
typedef enum {
	SELECT_TONE,
	SELECT_TYPE,
	SELECT_LANGUAGE,
	SELECT_FIELD,
	SELECT_FLAG,
	SELECT_REMEDY,
	SELECT_ASK,
	SELECT_AGAIN,
	SELECT_VARIANT,
	SELECT_KIND,
	N_SELECTORS,
	SELECT_NONE = N_SELECTORS,
} Selector;

typedef struct {
	const char *name;
	const char *const *values; /* known ones, for "did you mean" */
	gboolean closed;           /* no others exist */
	gboolean flag;             /* stands alone, without a value */
} SelectorInfo;

extern const SelectorInfo selectors[N_SELECTORS];

typedef enum {
	VAR_SHOP, VAR_SIGNATURE, VAR_TICKET, VAR_ORDER_NUMBER, VAR_FIRST_NAME, VAR_DEADLINE, VAR_RECEIVED,
	VAR_ASK, VAR_NEEDED_BY,
	VAR_DISCOUNT, VAR_AMOUNT, VAR_TRACKING, VAR_REMEDIES, VAR_REMEDY,
	VAR_CUSTOMER, VAR_CUSTOMER_NAME, VAR_SUBJECT, VAR_TYPE, VAR_TONE, VAR_LANGUAGE, VAR_TYPES_ALSO,
	VAR_REASONS, VAR_EVIDENCE, VAR_GUARD, VAR_GUARD_REASON, VAR_ANSWERED, VAR_HELD, VAR_HOT,
	VAR_PHOTO, VAR_CUSTOMER_DEADLINE, VAR_THREAD_MAILS, VAR_CUSTOMER_MAILS, VAR_WORST_TONE,
	VAR_UNSURE, VAR_FLAGS, VAR_BEST, VAR_OTHERS, VAR_GOODWILL,
	VAR_ACCOUNT, VAR_SINCE, VAR_DETAIL, VAR_REF, VAR_WHY, VAR_LIMIT, VAR_HOST, VAR_TIME,
	VAR_NEWEST,
	N_VARIABLES,
} VariableId;

typedef struct {
	const char *name;
	guint uses;        /* TemplateUse */
	guint maybe;       /* where it can be missing: needs a fallback or a section around it */
	gboolean list;     /* {{#name}} repeats, {{.}} is the item */
	Selector selects;  /* the item, or the value, also chooses blocks inside the section */
} Variable;

extern const Variable variables[N_VARIABLES];
/* N_VARIABLES if there is none of that name. */
VariableId variable_find(const char *name);
const char *const *variable_names(guint use);

/* ---- values ---- */

typedef struct {
	char *text[N_VARIABLES];
	GPtrArray *list[N_VARIABLES];
	const char *select[N_SELECTORS]; /* borrowed; NULL unknown */
} Values;

/* A cleaned copy: valid UTF-8, controls and line ends as blanks, at most 2,000 bytes. NULL or ""
 * means missing. */
void values_set(Values *values, VariableId id, const char *text);
void values_add(Values *values, VariableId id, const char *item);
void values_clear(Values *values);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Values, values_clear)

/* ---- one language's blocks ---- */

typedef struct TemplateSet TemplateSet;

TemplateSet *template_set_new(const char *variant);
void template_set_free(TemplateSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TemplateSet, template_set_free)

const char *template_set_variant(const TemplateSet *set);
/* Adds the blocks of one file; `text` ends in a NUL after `length` bytes. A block whose name the
 * same file in an earlier folder (`rel` tells) has defined is left out. Errors go to diag with
 * `path`. */
void template_set_read(TemplateSet *set, const char *path, const char *rel, const char *text,
                       gsize length, Diagnostics *diag);
/* What can only be seen when all files are read: includes, cycles, missing and unused blocks. */
void template_set_check(TemplateSet *set, const char *const *roots, Diagnostics *diag);

/* All blocks of that name, or NULL. */
const GPtrArray *template_set_blocks(const TemplateSet *set, const char *block);
/* Block as paragraphs wrapped at 72 columns, with \n at the end; wrap FALSE: as one line.
 * PERMANENT if it or anything it includes is empty, or nothing fits. */
char *template_render(const TemplateSet *set, const char *block, Values *values, gboolean wrap,
                      GError **error);
/* A template that is one line of the configuration. */
char *template_render_line(const char *text, TemplateUse use, Values *values, GError **error);
gboolean template_check_line(const char *text, TemplateUse use, const char *file, guint line,
                             Diagnostics *diag);

/* ---- inside: template-parse.c, template.c, render.c, layout.c ---- */

/* Structure within literal text; values cannot hold these. */
#define MARK_BREAK '\001'
#define MARK_DASH '\002'
#define MARK_NUMBER '\003'
#define MARK_PARAGRAPH '\004'

typedef enum { NODE_TEXT, NODE_VALUE, NODE_ITEM, NODE_IF, NODE_IFNOT, NODE_BLOCK } NodeKind;

typedef struct Node {
	NodeKind kind;
	guint line;
	VariableId variable;
	char *text;                /* literal, fallback (or NULL), block name */
	const GPtrArray *target;   /* NODE_BLOCK: the blocks of that name */
	struct Node *children, *next;
} Node;

typedef struct {
	char *name;
	const char *path;          /* interned */
	guint line;
	TemplateUse use;
	char **select[N_SELECTORS];
	guint weight;
	Node *nodes;
	gboolean reached;
} Block;

/* Longest chain of sections and of includes. */
#define SECTION_DEPTH 8
#define INCLUDE_DEPTH 16
#define RENDER_MAX (64 * 1024)

typedef struct {
	const char *path;
	TemplateUse use;
	Diagnostics *diag;
} ParseContext;

/* `lines` from first on (1-based line number `number`), up to n of them. NULL after errors. */
Node *template_parse_body(const ParseContext *ctx, char *const *lines, gsize n, guint number);
void node_free(Node *node);

/* Of those that fit the best, or NULL. */
const Block *block_choose(const GPtrArray *blocks, const Values *values);
/* Marks and text to wrapped lines. */
char *layout_wrap(const char *marked, guint columns);
/* The same to one line. */
char *layout_line(const char *marked);

G_END_DECLS

#endif
