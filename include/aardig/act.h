/* act.h - carries a plan out, and builds every outgoing mail. */
#ifndef AARDIG_ACT_H
#define AARDIG_ACT_H

#include <glib.h>

#include "aardig/decide.h"
#include "aardig/ledger.h"
#include "aardig/message.h"
#include "aardig/source.h"
#include "aardig/words.h"

G_BEGIN_DECLS

/* ---- outgoing mail: RFC 5322 bytes with CRLF, built with GMime ---- */

typedef struct {
	const char *from;        /* addr-spec of the From field, with from_name */
	const char *from_name;
	const char *to;          /* addr-spec */
	const char *to_name;
	const char *reply_to;    /* tickets: the ticket address; NULL */
	const char *subject, *body;
	const char *message_id;  /* without <> */
	const char *in_reply_to; /* validated id without <>, or NULL */
	const char *const *references;
	const char *auto_submitted; /* "auto-replied", "auto-generated", NULL for drafts */
	const char *mark;        /* X-Loop-Aardig, NULL for drafts */
	gint64 date;
	GTimeZone *zone;
	GBytes *attached_draft;  /* tickets: unsent suggested reply, as message/rfc822 */
	GBytes *attached_original; /* tickets: the mail whole, as message/rfc822 */
} OutgoingMail;

/* NULL (PERMANENT) if a value has CR, LF or NUL, or the result is not what it must be. */
GBytes *outgoing_build(const OutgoingMail *mail, GError **error);
/* A new Message-ID without <>: random part @ domain of `address`. Caller frees. */
char *outgoing_message_id(const char *address);

/* ---- effects: the edge to the network and the disk ---- */

typedef struct Effects Effects;
struct Effects {
	void *data;
	/* Acknowledgement, ticket or operator mail. before_commit is called at the last moment where nothing has
	 * been sent. Errors as smtp_send(). */
	gboolean (*send)(Effects *effects, const Account *account, const char *reverse_path,
	                 const char *recipient, GBytes *message,
	                 gboolean (*before_commit)(void *data, GError **error), void *data,
	                 char **answer_out, GError **error);
	gboolean (*append)(Effects *effects, const char *folder, GBytes *message,
	                   const char *message_id, gboolean look_up, GError **error);
	gboolean (*file)(Effects *effects, const SourceMail *mail, const char *folder, gboolean copy,
	                 GError **error);
	gboolean (*flag)(Effects *effects, const SourceMail *mail, const char *const *keywords,
	                 GError **error);
	gboolean (*maildir)(Effects *effects, const char *path, GBytes *message,
	                    const char *message_id, gboolean look_up, GError **error);
	gboolean (*command)(Effects *effects, char *const *argv, char *const *environment,
	                    GBytes *message, GError **error);
};

G_END_DECLS

#endif
