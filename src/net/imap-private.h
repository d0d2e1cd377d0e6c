/* imap-private.h - what the files of the IMAP client share. */
#ifndef AARDIG_IMAP_PRIVATE_H
#define AARDIG_IMAP_PRIVATE_H

#include "net/net-private.h"

/* ---- one response, with its literals (imap-response.c) ---- */

typedef struct {
	gsize at;      /* where in the text it stands; its {n} is taken out */
	gsize size;
	GBytes *bytes; /* NULL: over the limit, read and thrown away */
} ImapLiteral;

typedef enum { IMAP_TAGGED, IMAP_UNTAGGED, IMAP_CONTINUE } ImapKind;
typedef enum { IMAP_NONE, IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_BYE, IMAP_PREAUTH } ImapStatus;

typedef struct {
	GString *text;
	GArray *literals; /* ImapLiteral */
	ImapKind kind;
	char tag[16];
	gboolean has_number; /* "* 12 EXISTS" */
	guint32 number;
	char name[24];       /* "EXISTS", "OK", in upper case */
	gsize rest;          /* offset of what follows the name, blanks skipped */
	ImapStatus status;
	char code[32];       /* of a status: "TRYCREATE", in upper case; "" none */
	gsize code_args;     /* offset of what follows the code's name */
	gsize human;         /* offset of the text for people */
} ImapResponse;

ImapResponse *imap_response_new(void);
void imap_response_free(ImapResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapResponse, imap_response_free)

/* Literals over literal_max are thrown away as they come. */
gboolean imap_response_read(LineIO *io, gsize literal_max, ImapResponse *response, GError **error);

/* ---- walking through a response (imap-parse.c) ---- */

typedef struct {
	const ImapResponse *response;
	gsize at;
	guint literal; /* the next one */
} ImapCursor;

ImapCursor imap_cursor(const ImapResponse *response, gsize at);
void imap_skip_blanks(ImapCursor *cursor);
/* All of these leave the cursor behind what they took, or where it was. */
gboolean imap_take_char(ImapCursor *cursor, char c);
gboolean imap_take_number(ImapCursor *cursor, guint64 max, guint64 *number_out);
/* Atom characters, or those of a flag ("\Seen") or of a fetch item ("BODY[]<0>"); upper: folded. */
gboolean imap_take_word(ImapCursor *cursor, char *word, gsize size, gboolean upper);
/* Atom, quoted string or literal; *bytes_out NULL for NIL and for a literal thrown away, whose size
 * *size_out says. */
gboolean imap_take_string(ImapCursor *cursor, GBytes **bytes_out, gsize *size_out);
char *imap_take_text(ImapCursor *cursor); /* the same as text; NULL also if there is a NUL in it */
/* One value of any kind, lists with everything in them; FALSE past 32 levels. */
gboolean imap_skip_value(ImapCursor *cursor);
/* "17-Jul-1996 02:44:25 -0700" */
gboolean imap_parse_date(const char *text, gint64 *time_out);

/* ---- the session (imap.c) ---- */

struct ImapSession {
	LineIO *io;
	guint last_tag;
	GHashTable *capabilities;
	gboolean selected;
	ImapMailboxInfo mailbox;
	gboolean news;       /* more mails since the last search to the end */
	gint64 idle_refresh_ms;
	gsize literal_max;
	GQueue fetches;      /* ImapFetch, in the order they were sent */
	gsize held;          /* bytes of their bodies */
};

/* For tests of the nine minutes after which IDLE is said anew. */
void imap_set_idle_refresh(ImapSession *session, gint64 milliseconds);

/* ---- commands (imap-command.c) ---- */

typedef struct ImapCommand ImapCommand;

ImapCommand *imap_command_new(const char *text); /* trusted text, e.g. "UID FETCH 1:3 (FLAGS)" */
void imap_command_free(ImapCommand *command);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapCommand, imap_command_free)
void imap_command_add(ImapCommand *command, const char *text);
/* Quoted where that can be, else a literal; foreign text of any kind. */
void imap_command_add_string(ImapCommand *command, const char *text);
/* A mailbox name in UTF-8. PERMANENT if it cannot be one. */
gboolean imap_command_add_mailbox(ImapCommand *command, const char *name, GError **error);
void imap_command_add_literal(ImapCommand *command, GBytes *bytes);

/* Called for every untagged response after the session has noted what it wants to know. */
typedef void (*ImapHandler)(ImapSession *session, const ImapResponse *response, void *data);

/* The tagged answer. */
typedef struct {
	ImapStatus status;
	char code[32];
	char *code_args, *text;
} ImapResult;
void imap_result_clear(ImapResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImapResult, imap_result_clear)

/* Runs one command. FALSE: the connection failed, or (result NULL) the answer was not OK. */
gboolean imap_run(ImapSession *session, const ImapCommand *command, ImapHandler handler, void *data,
                  ImapResult *result, GError **error);
/* The answer to a command that was sent already. */
gboolean imap_take_answer(ImapSession *session, guint tag, GError **error);
/* A command without literals, whose answer is read later. */
gboolean imap_send_only(ImapSession *session, const char *text, guint *tag_out, GError **error);
/* Reads one response and notes in the session what it says about the mailbox. */
gboolean imap_next(ImapSession *session, ImapResponse *response, GError **error);

/* A server that goes on and on is given up at some time. */
typedef struct {
	gint64 deadline;
	guint responses;
} ImapPatience;
ImapPatience imap_patience(const ImapSession *session); /* from now on */
gboolean imap_next_within(ImapSession *session, ImapPatience *patience, ImapResponse *response,
                          GError **error);
/* The error of an answer to what was not asked; the connection is not used any more. */
gboolean imap_unexpected(ImapSession *session, const ImapResponse *response, GError **error);
guint imap_tag_number(const ImapResponse *response); /* 0: none of ours */
void imap_result_set(ImapResult *result, const ImapResponse *response);
/* The error of an answer that was not OK. GONE: there is no such mailbox. */
gboolean imap_result_error(const ImapResult *result, const char *what, GError **error);

/* Reads to its end what imap_fetch_start() has under way, so that another command can be said; what came is
 * kept. Every other command does so first. */
gboolean imap_fetches_end(ImapSession *session, GError **error);
void imap_fetches_free(ImapSession *session);

/* UIDs as a sequence set of at most max_length bytes, from *at on, which moves on. */
char *imap_sequence_set(const guint32 *uids, gsize n, gsize max_length, gsize *at);

#endif
