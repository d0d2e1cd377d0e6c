/* message.h - a parsed, decoded, immutable mail.
 *
 * Limits, so that nobody's mail can hurt: 25 MiB raw, 256 KiB of header used, 1,000 header
 * fields, MIME depth 32, 200 parts, 1 MiB of text read, 1,000 addresses. A mail over a limit
 * still parses as far as it goes; message_defect() then names the limit (guard "unreadable").
 *
 * Strings belong to the message, are valid UTF-8 and live as long as it. */
#ifndef AARDIG_MESSAGE_H
#define AARDIG_MESSAGE_H

#include <glib.h>

G_BEGIN_DECLS

#define MESSAGE_MAX_SIZE (25 * 1024 * 1024)

typedef struct Message Message;

/* An RFC 5322 addr-spec taken apart. local without quotes, domain in lower case and as A-label;
 * both never NULL; name may be. */
typedef struct Address {
	char *name;
	char *local;
	char *domain;
} Address;

/* "local@domain", quoted where RFC 5321 needs it; caller frees. */
char *address_text(const Address *address);
/* One addr-spec, nothing else; FALSE for anything not fit for an SMTP command line: no domain, CR,
 * LF, NUL, blanks, over 254 bytes, 8-bit local part, an address literal. Fills *out; release with
 * address_clear(). */
gboolean address_parse(const char *text, Address *out);
void address_clear(Address *address);
void address_free(Address *address);
gboolean address_equal(const Address *a, const Address *b); /* domain and local without case */
/* The organisational domain (public suffix + 1, libpsl); the domain itself if there is none. */
char *address_org_domain(const char *domain);

typedef enum {
	LINE_TEXT,      /* what the customer wrote now */
	LINE_QUOTE,     /* "> ..." or all below a reply header */
	LINE_HEADER,    /* "Op ... schreef X:", Outlook's Van:/Verzonden: block */
	LINE_FORWARD,   /* forwarded text: the customer passes it on, it is no quotation of ours */
	LINE_SIGNATURE, /* sign-off block below the closing, "-- ", phone, address */
	LINE_FOOTER,    /* disclaimer, "Verzonden vanaf mijn iPhone" */
} LineKind;

typedef struct {
	LineKind kind;
	const char *text; /* without newline */
} Line;

typedef struct {
	const char *name;      /* file name, may be NULL */
	const char *type;      /* "image/jpeg" */
	gsize size;            /* decoded bytes, an estimate */
	gboolean inline_;
} Attachment;

/* g_mime_init() with our parser options, once per process; every user of GMime calls it first. */
void message_library_init(void);

/* A mail that is only a subject and a plain UTF-8 body: the corpus, rule examples, tests. */
Message *message_from_text(const char *subject, const char *body);

/* Never fails on content: what cannot be read has a defect. A leading "From " line is taken as
 * envelope, not header; leading blank lines are skipped. raw is not needed afterwards. */
Message *message_parse(GBytes *raw);
void message_free(Message *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, message_free)

/* NULL for a sound mail, else why it may not be answered: "the MIME parser returned nothing",
 * "more than 200 parts". */
const char *message_defect(const Message *message);

/* Top-level header block only; names without regard to case. The value is unfolded, trimmed, not
 * decoded, with raw 8-bit bytes repaired to UTF-8. n-th field of that name from the top, from 0;
 * NULL past the last. */
const char *message_header(const Message *message, const char *name, guint n);
guint message_header_count(const Message *message, const char *name);
/* How many fields there are in all. */
guint message_headers(const Message *message);

/* "text/plain" in lower case; "text/plain" where there is no Content-Type. */
const char *message_content_type(const Message *message);
/* METHODs (RFC 5546) in lower case of the text/calendar parts that are not attachments, in their
 * order, at most 10, NULL-terminated: "request", "reply". */
const char *const *message_calendar_methods(const Message *message);
/* Value of field `name` in the first header block returned inside a multipart/report (its
 * message/rfc822 or text/rfc822-headers part), or NULL: our own mark in a bounce. */
const char *message_returned_header(const Message *message, const char *name);

/* Decoded, unfolded, trimmed, at most 1,000 characters; "" where absent. */
const char *message_subject(const Message *message);
/* Without <>; NULL where absent or not usable as an id (blanks, controls, over 250 bytes). */
const char *message_id(const Message *message);
/* Ids of References and In-Reply-To, oldest first, without <>, each once, at most 100. */
const char *const *message_references(const Message *message);

/* Parsed addresses of all fields of that name (groups flattened); empty array if none. Elements
 * are Address. Names: "From", "Reply-To", "To", "Cc", "Sender", "Resent-To", "Resent-Cc",
 * "X-Original-From", "Delivered-To", ... */
const GPtrArray *message_addresses(const Message *message, const char *field);

/* The Date field, and the newest plausible time in the topmost Received; 0 if unknown. */
gint64 message_date(const Message *message);
gint64 message_received(const Message *message);
/* Of a leading "From " line, or NULL. */
const char *message_envelope_line_sender(const Message *message);

/* Body text of the first text part (text/plain preferred if it has any letters, else HTML turned
 * into text), charset repaired, newlines as \n, each line with its kind. */
const Line *message_lines(const Message *message, gsize *n_out);
/* The LINE_TEXT lines joined by \n, trimmed: what rules judge. Never NULL. Where a mail is nothing
 * but a forward, the forwarded text. */
const char *message_visible_text(const Message *message);
/* The LINE_QUOTE lines joined, for order numbers. Never NULL. */
const char *message_quoted_text(const Message *message);

const Attachment *message_attachments(const Message *message, gsize *n_out);
gboolean message_has_image(const Message *message); /* attached, not a logo inside HTML < 10 kB */

/* SHA-256 in hex over From, Date, decoded Subject and the body with white space folded; trace
 * fields do not enter. Two routes of one mail give one hash. */
const char *message_content_hash(const Message *message);

G_END_DECLS

#endif
