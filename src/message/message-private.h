/* message-private.h - what the files of this folder share. */
#ifndef AARDIG_MESSAGE_PRIVATE_H
#define AARDIG_MESSAGE_PRIVATE_H

#include <glib.h>

#include "aardig/gmime-late.h"
#include "aardig/message.h"

G_BEGIN_DECLS

#define MAX_HEADER (256 * 1024) /* bytes of one header block that are read */
#define MAX_FIELDS 1000
#define MAX_DEPTH 32
#define MAX_PARTS 200
#define MAX_TEXT (1024 * 1024)     /* bytes of text, after decoding */
#define MAX_HTML (8 * 1024 * 1024) /* bytes of HTML source: pictures in data: URIs are long */
#define MAX_LINES 100000
#define MAX_ADDRESSES 1000
#define MAX_REFERENCES 100
#define MAX_CALENDARS 10
#define MAX_SUBJECT 1000 /* characters */
#define MAX_VALUE (16 * 1024) /* bytes of one field handed to a decoder */

/* --- header.c: one header block -------------------------------------------- */

typedef struct {
	const char *name;
	const char *value; /* unfolded, trimmed, valid UTF-8; NUL appears as DEL */
	guint name_len;
} Field;

typedef struct {
	char *store;
	GStringChunk *repaired; /* values with bytes that were no UTF-8 */
	GArray *fields;         /* Field */
	gsize end;              /* where the body starts */
	gboolean cut;           /* more than the bytes allowed */
	gboolean too_many;      /* more than MAX_FIELDS */
} HeaderBlock;

/* Reads at most `max` bytes as fields; the body is found behind any amount of them. A block that
 * does not begin with a field is empty and ends where it starts. */
void header_block_parse(HeaderBlock *block, const char *data, gsize size, gsize max);
void header_block_clear(HeaderBlock *block);
const char *header_block_get(const HeaderBlock *block, const char *name, guint n);
/* One after the other, from *at = 0 on; NULL behind the last. */
const char *header_block_next(const HeaderBlock *block, const char *name, guint *at);

/* --- media.c: Content-Type and its kin ------------------------------------- */

typedef struct {
	char *type;             /* "text/plain", lower case */
	char *plain;            /* plain_parameters(), where they are of that form, or */
	GMimeContentType *mime; /* as GMime reads them; both NULL where there is no field */
	GMimeContentEncoding encoding;
	gboolean attachment;    /* Content-Disposition: attachment */
	gboolean inline_;
	char *filename;         /* decoded, or NULL */
	gboolean has_id;        /* Content-ID */
} Media;

void media_read(Media *media, const HeaderBlock *block, const char *default_type);
void media_clear(Media *media);
const char *media_parameter(const Media *media, const char *name);
/* Decoded bytes, at most max (*cut_out then TRUE), with a NUL behind them. */
char *media_decode(const Media *media, const char *data, gsize len, gsize max, gsize *len_out,
                   gboolean *cut_out);
/* The same without the NUL: `data` itself where nothing is encoded, else *made_out, to be freed. */
const char *media_bytes(const Media *media, const char *data, gsize len, gsize max, gsize *len_out,
                        gboolean *cut_out, char **made_out);
gsize media_decoded_size(const Media *media, gsize len);

/* --- charset.c: bytes to clean UTF-8 --------------------------------------- */

/* UTF-8 without controls (but \n and \t), with \r\n and \r as \n. charset: as declared, or NULL;
 * it is not believed where the bytes say otherwise. Text that was encoded twice ("Ã©") is
 * repaired. Takes ownership of nothing. */
char *charset_to_text(const char *data, gsize len, const char *charset, gsize *len_out);
/* Valid UTF-8 stays, every other byte is taken as windows-1252. */
char *charset_repair(const char *data, gsize len);
/* NULL where nothing is to be repaired. */
char *charset_unmojibake(const char *text, gsize len);
/* Encoded words of RFC 2047 decoded, blanks folded, controls out, at most max characters. */
char *charset_decode_header(const char *value, gsize max);
/* The same for the phrases of an address field: every encoded word becomes a quoted string. */
char *charset_decode_phrases(const char *value);

/* --- html.c ---------------------------------------------------------------- */

typedef enum {
	HINT_NONE,
	HINT_QUOTE,       /* inside <blockquote> */
	HINT_SIGNATURE,   /* inside what the mail program marked as signature */
	HINT_QUOTE_BELOW, /* the mail program says: from here on quoted */
} LineHint;

/* Text of an HTML document, line by line: a hint byte for each line in hints_out. */
GString *html_to_text(const char *html, gsize len, GByteArray **hints_out);

/* --- html-filter.c */
GString *html_filter(const char *text, gsize len);

/* --- lines.c: which line is what ------------------------------------------- */

typedef struct {
	char *text;   /* all lines, each ended by NUL */
	Line *lines;
	gsize n;
	gssize closing; /* "Met vriendelijke groet,": the line, -1 if there is none */
	gboolean cut;   /* more than MAX_LINES */
} LineList;

/* Takes text (UTF-8, \n). hints: one LineHint per line, or NULL. */
void lines_classify(LineList *list, char *text, gsize len, const GByteArray *hints,
                    const char *subject);
void lines_clear(LineList *list);
/* The lines of a kind joined by \n, trimmed. */
char *lines_join(const LineList *list, LineKind kind);
/* Any line of that kind that is not blank? */
gboolean lines_have(const LineList *list, LineKind kind);

/* --- body.c ---------------------------------------------------------------- */

typedef struct {
	LineList lines;
	GArray *attachments;      /* Attachment; strings in `strings` */
	GStringChunk *strings;
	gboolean has_image;
	const char *calendars[MAX_CALENDARS + 1]; /* their METHODs, in `strings`; NULL-terminated */
	guint n_calendars;
	HeaderBlock returned;
	gboolean has_returned;
	const char *defect;       /* static */
} Body;

void body_init(Body *body);
/* media: of the mail; what it holds may be taken over. */
void body_read(Body *body, Media *media, const char *data, gsize len, const char *subject);
void body_clear(Body *body);

/* --- address.c ------------------------------------------------------------- */

/* Appends the addresses of one field value (already unfolded) to list; FALSE where it is no
 * address list at all. */
gboolean address_list_parse(const char *value, GPtrArray *list);

/* The options all GMime calls share. */
GMimeParserOptions *message_gmime(void);

G_END_DECLS

#endif
