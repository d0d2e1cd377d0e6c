/* message.c - a mail taken apart: the whole, and access to it.
 *
 * Header block, body and addresses each have a file of their own. GMime's message parser is not
 * used: it makes objects of every part and field before anyone can count them, and ends the
 * process on an attached message with the address field "a:a:a:..." (its group parser recurses).
 * GMime's parts that work on one bounded string or buffer are: parameters, transfer encodings,
 * address lists, dates. */
#include "config.h"

#include <string.h>

#include "message-private.h"
#include "message/plain.h"

struct Message {
	HeaderBlock header;
	char *type; /* Content-Type */
	Body body;
	const char *defect;
	char *envelope_sender;
	char *subject, *id, *visible, *quoted, *hash;
	GPtrArray *references; /* NULL-terminated */
	GArray *addresses; /* AddressField, as they were asked for */
	gint64 date, received;
};

typedef struct {
	char *name;
	GPtrArray *list; /* Address */
} AddressField;

static void
set_defect(Message *message, const char *defect)
{
	if (message->defect == NULL)
		message->defect = defect;
}

/* A usable id: printable, no blanks, no brackets, at most 250 bytes. */
static gboolean
is_id(const char *p, gsize len)
{
	if (len == 0 || len > 250)
		return FALSE;
	for (gsize i = 0; i < len; i++)
		if ((guchar) p[i] <= ' ' || p[i] == 127 || p[i] == '<' || p[i] == '>')
			return FALSE;
	return TRUE;
}

static void
trim(const char **p, gsize *len)
{
	while (*len > 0 && **p == ' ')
		(*p)++, (*len)--;
	while (*len > 0 && (*p)[*len - 1] == ' ')
		(*len)--;
}

/* The next id in *p, NULL at the end: in brackets, or in a field without them any word with an
 * "@". */
static char *
next_id(const char **p, gboolean brackets)
{
	while (**p != '\0') {
		const char *id = *p;
		gsize len;
		if (brackets) {
			const char *open = strchr(*p, '<'), *close = open != NULL ? strchr(open, '>') : NULL;
			if (close == NULL)
				return NULL;
			id = open + 1;
			len = close - id;
			*p = close + 1;
		} else {
			id += strspn(id, " ,");
			len = strcspn(id, " ,");
			*p = id + len;
			if (memchr(id, '@', len) == NULL)
				continue;
		}
		trim(&id, &len);
		if (is_id(id, len))
			return g_strndup(id, len);
	}
	return NULL;
}

static void
add_references(Message *message, const char *field)
{
	const char *value;

	for (guint at = 0; (value = header_block_next(&message->header, field, &at)) != NULL;) {
		gboolean brackets = strchr(value, '<') != NULL;
		char *id;
		while ((id = next_id(&value, brackets)) != NULL) {
			gboolean known = FALSE;
			/* Bounded: never more than MAX_REFERENCES to compare with. */
			for (guint i = 0; i < message->references->len && !known; i++)
				known = strcmp(message->references->pdata[i], id) == 0;
			if (known) {
				g_free(id);
				continue;
			}
			g_ptr_array_add(message->references, id);
			if (message->references->len > MAX_REFERENCES)
				g_ptr_array_remove_index(message->references, 0); /* the oldest */
		}
	}
}

static void
read_id(Message *message)
{
	const char *value = message_header(message, "Message-ID", 0);

	if (value == NULL)
		return;
	const char *open = strchr(value, '<'), *close = open != NULL ? strchr(open, '>') : NULL;
	gsize len = close != NULL ? (gsize) (close - open - 1) : strlen(value);
	if (close != NULL)
		value = open + 1;
	trim(&value, &len);
	if (is_id(value, len))
		message->id = g_strndup(value, len);
}

static gint64
parse_date(const char *value)
{
	if (value == NULL || strlen(value) > 200)
		return 0;
	gint64 unix_time;
	if (!plain_date(value, &unix_time)) {
		g_autoptr(GDateTime) time = g_mime_utils_header_decode_date(value);
		unix_time = time != NULL ? g_date_time_to_unix(time) : 0;
	}
	/* Nobody mailed before 1980, and 2100 is not our concern. */
	return unix_time > 315532800 && unix_time < G_GINT64_CONSTANT(4102444800) ? unix_time : 0;
}

static gint64
read_received(const Message *message)
{
	const char *value = message_header(message, "Received", 0);
	const char *semicolon = value != NULL ? strrchr(value, ';') : NULL;

	if (semicolon == NULL)
		return 0;
	semicolon++;
	return parse_date(semicolon + strspn(semicolon, " \t"));
}

/* Fields that two programs would read in two ways if they differ (RFC 5322 s.3.6: once only).
 * Several To, Cc and Reply-To fields are joined by everyone. */
static void
check_conflicts(Message *message)
{
	static const struct {
		const char *name, *defect;
	} single[] = {
		{ "From", "two From fields that differ" },
		{ "Sender", "two Sender fields that differ" },
		{ "Subject", "two Subject fields that differ" },
		{ "Date", "two Date fields that differ" },
		{ "Message-ID", "two Message-ID fields that differ" },
		{ "Content-Type", "two Content-Type fields that differ" },
		{ "Content-Transfer-Encoding", "two Content-Transfer-Encoding fields that differ" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(single); i++) {
		guint at = 0;
		const char *first = header_block_next(&message->header, single[i].name, &at), *next;
		while ((next = header_block_next(&message->header, single[i].name, &at)) != NULL)
			if (strcmp(first, next) != 0)
				set_defect(message, single[i].defect);
	}
}

static void
check_addresses(Message *message)
{
	static const char *const fields[] = { "From", "Reply-To", "To", "Cc", "Bcc", "Sender" };
	guint commas = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		const char *value;
		for (guint at = 0; (value = header_block_next(&message->header, fields[i], &at)) != NULL;)
			for (; *value != '\0'; value++)
				commas += *value == ',';
	}
	if (commas >= MAX_ADDRESSES)
		set_defect(message, "more than 1,000 addresses");
}

/* The sender of a "From " line (RFC 4155), NULL for the names that say nobody knows. */
static char *
line_sender(const char *line, gsize len)
{
	gsize at = 5, n = 0;
	gboolean quoted = FALSE;

	while (at < len && line[at] == ' ')
		at++;
	for (; at + n < len && (quoted || line[at + n] != ' '); n++)
		if (line[at + n] == '"')
			quoted = !quoted;
	g_autofree char *sender = charset_repair(line + at, n);
	if (n == 0 || n > 320 || strcmp(sender, "-") == 0 || strcmp(sender, "???@???") == 0)
		return NULL;
	if (strcmp(sender, "<>") == 0)
		*sender = '\0';
	return g_steal_pointer(&sender);
}

/* Skips what may stand before the header: a byte order mark, blank lines, "From " and ">From ". */
static gsize
skip_to_header(Message *message, const char *data, gsize size)
{
	gsize at = size >= 3 && memcmp(data, "\357\273\277", 3) == 0 ? 3 : 0;

	while (at < size) {
		const char *newline = memchr(data + at, '\n', size - at);
		gsize len = newline != NULL ? (gsize) (newline - data) - at : size - at;
		const char *line = data + at;
		gsize blank = 0, from_at = 5;
		while (from_at < len && line[from_at] == ' ')
			from_at++;
		while (blank < len && (line[blank] == ' ' || line[blank] == '\t' || line[blank] == '\r'))
			blank++;
		gboolean from = (len >= 5 && memcmp(line, "From ", 5) == 0 &&
		                 (from_at == len || line[from_at] != ':')) ||
		                (len > 6 && memcmp(line, ">From ", 6) == 0);
		if (blank < len && !from)
			break;
		if (from && *line == 'F' && message->envelope_sender == NULL)
			message->envelope_sender = line_sender(line, len - (line[len - 1] == '\r'));
		at += len + (newline != NULL);
	}
	return at;
}

/* A mail that knows no \n: a copy with \n for each \r. */
static char *
convert_lone_cr(const char *data, gsize size)
{
	char *copy = g_memdup2(data, size);

	for (gsize i = 0; i < size; i++)
		if (copy[i] == '\r')
			copy[i] = '\n';
	return copy;
}

static void
clear_address_field(gpointer data)
{
	AddressField *field = data;

	g_free(field->name);
	g_ptr_array_unref(field->list);
}

static Message *
message_new(void)
{
	Message *message = g_new0(Message, 1);

	message->references = g_ptr_array_new_with_free_func(g_free);
	message->addresses = g_array_new(FALSE, FALSE, sizeof(AddressField));
	g_array_set_clear_func(message->addresses, clear_address_field);
	return message;
}

static void
finish_text(Message *message)
{
	const LineList *lines = &message->body.lines;

	message->visible = lines_join(lines, lines_have(lines, LINE_TEXT) ? LINE_TEXT : LINE_FORWARD);
	message->quoted = lines_join(lines, LINE_QUOTE);
	if (message->body.defect != NULL)
		set_defect(message, message->body.defect);
}

Message *
message_parse(GBytes *raw)
{
	Message *message = message_new();
	gsize size;
	const char *data = g_bytes_get_data(raw, &size);
	g_autofree char *converted = NULL;

	if (size > MESSAGE_MAX_SIZE) {
		set_defect(message, "more than 25 MiB");
		size = MESSAGE_MAX_SIZE;
	}
	if (size > 0 && memchr(data, '\n', size) == NULL && memchr(data, '\r', size) != NULL) {
		converted = convert_lone_cr(data, size);
		data = converted;
	}
	if (data == NULL)
		data = "";
	gsize at = skip_to_header(message, data, size);
	data += at;
	size -= at;
	header_block_parse(&message->header, data, size, MAX_HEADER);
	if (size == 0)
		set_defect(message, "an empty mail");
	else if (message->header.fields->len == 0)
		set_defect(message, "no header");
	if (message->header.cut)
		set_defect(message, "more than 256 KiB of header");
	if (message->header.too_many)
		set_defect(message, "more than 1,000 header fields");
	check_conflicts(message);
	check_addresses(message);

	const char *subject = message_header(message, "Subject", 0);
	message->subject = subject != NULL ? charset_decode_header(subject, MAX_SUBJECT) : g_strdup("");
	read_id(message);
	add_references(message, "References");
	add_references(message, "In-Reply-To");
	g_ptr_array_add(message->references, NULL);
	message->date = parse_date(message_header(message, "Date", 0));
	message->received = read_received(message);

	Media media;
	media_read(&media, &message->header, "text/plain");
	message->type = g_strdup(media.type);
	body_read(&message->body, &media, data + message->header.end, size - message->header.end,
	          message->subject);
	media_clear(&media);
	finish_text(message);
	return message;
}

Message *
message_from_text(const char *subject, const char *body)
{
	Message *message = message_new();
	gsize len;

	header_block_parse(&message->header, "", 0, 0);
	message->type = g_strdup("text/plain");
	message->subject = charset_decode_header(subject != NULL ? subject : "", MAX_SUBJECT);
	g_ptr_array_add(message->references, NULL);
	body_init(&message->body);
	if (body == NULL)
		body = "";
	char *text = charset_to_text(body, strnlen(body, MAX_TEXT), NULL, &len);
	lines_classify(&message->body.lines, text, len, NULL, message->subject);
	finish_text(message);
	return message;
}

void
message_free(Message *message)
{
	if (message == NULL)
		return;
	header_block_clear(&message->header);
	g_free(message->type);
	body_clear(&message->body);
	g_ptr_array_unref(message->references);
	g_array_unref(message->addresses);
	g_free(message->envelope_sender);
	g_free(message->subject);
	g_free(message->id);
	g_free(message->visible);
	g_free(message->quoted);
	g_free(message->hash);
	g_free(message);
}

const char *
message_defect(const Message *message)
{
	return message->defect;
}

const char *
message_header(const Message *message, const char *name, guint n)
{
	return header_block_get(&message->header, name, n);
}

guint
message_header_count(const Message *message, const char *name)
{
	guint n = 0, len = strlen(name);

	for (guint i = 0; i < message->header.fields->len; i++) {
		const Field *field = &g_array_index(message->header.fields, Field, i);
		n += field->name_len == len && g_ascii_strcasecmp(field->name, name) == 0;
	}
	return n;
}

guint
message_headers(const Message *message)
{
	return message->header.fields->len;
}

const char *
message_content_type(const Message *message)
{
	return message->type;
}

const char *
message_returned_header(const Message *message, const char *name)
{
	return message->body.has_returned ? header_block_get(&message->body.returned, name, 0) : NULL;
}

const char *
message_subject(const Message *message)
{
	return message->subject;
}

const char *
message_id(const Message *message)
{
	return message->id;
}

const char *const *
message_references(const Message *message)
{
	return (const char *const *) message->references->pdata;
}

/* Fields are parsed when first asked for; a Message is used by one thread at a time. */
const GPtrArray *
message_addresses(const Message *message, const char *field)
{
	const char *value;

	/* A handful: code asks for fields by their name, mails do not. */
	for (guint i = 0; i < message->addresses->len; i++) {
		const AddressField *known = &g_array_index(message->addresses, AddressField, i);
		if (g_ascii_strcasecmp(known->name, field) == 0)
			return known->list;
	}
	GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify) address_free);
	for (guint at = 0; (value = header_block_next(&message->header, field, &at)) != NULL;)
		if (list->len < MAX_ADDRESSES)
			address_list_parse(value, list);
	AddressField made = { g_strdup(field), list };
	g_array_append_val(message->addresses, made);
	return list;
}

gint64
message_date(const Message *message)
{
	return message->date;
}

gint64
message_received(const Message *message)
{
	return message->received;
}

const char *
message_envelope_line_sender(const Message *message)
{
	return message->envelope_sender;
}

const Line *
message_lines(const Message *message, gsize *n_out)
{
	*n_out = message->body.lines.n;
	return message->body.lines.lines;
}

const char *
message_visible_text(const Message *message)
{
	return message->visible;
}

const char *
message_quoted_text(const Message *message)
{
	return message->quoted;
}

const char *const *
message_calendar_methods(const Message *message)
{
	return message->body.calendars;
}

const Attachment *
message_attachments(const Message *message, gsize *n_out)
{
	*n_out = message->body.attachments->len;
	return (const Attachment *) (void *) message->body.attachments->data;
}

gboolean
message_has_image(const Message *message)
{
	return message->body.has_image;
}

/* The words of text, each behind one blank, whatever stood between them. */
static void
hash_folded(GChecksum *sum, const char *text)
{
	g_autoptr(GString) out = g_string_sized_new(strlen(text) + 1);
	gboolean blank = TRUE;

	for (const char *p = text; *p != '\0'; p++) {
		if ((guchar) *p > ' ') {
			if (blank)
				g_string_append_c(out, ' ');
			g_string_append_c(out, *p);
		}
		blank = (guchar) *p <= ' ';
	}
	g_checksum_update(sum, (const guchar *) out->str, out->len);
}

const char *
message_content_hash(const Message *message)
{
	if (message->hash != NULL)
		return message->hash;

	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	const GPtrArray *from = message_addresses(message, "From");
	const char *raw_from = message_header(message, "From", 0);
	const char *raw_date = message_header(message, "Date", 0);
	g_autofree char *sender = from->len > 0 ? address_text(from->pdata[0])
	                                        : g_strdup(raw_from != NULL ? raw_from : "");
	g_autofree char *date = message->date != 0
	    ? g_strdup_printf("%" G_GINT64_FORMAT, message->date)
	    : g_strdup(raw_date != NULL ? raw_date : "");
	const char *heads[] = { sender, date, message->subject };
	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
		hash_folded(sum, heads[i]);
		g_checksum_update(sum, (const guchar *) "\n", 1);
	}
	for (gsize i = 0; i < message->body.lines.n; i++)
		hash_folded(sum, message->body.lines.lines[i].text);
	/* A cache: the value is what it would have been from the start. */
	((Message *) message)->hash = g_strdup(g_checksum_get_string(sum));
	return message->hash;
}
