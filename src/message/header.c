/* header.c - a header block, read without trusting it.
 *
 * The block is copied once and taken apart in place. Lines that are no fields are passed over, as
 * mail servers before us have done: a guard must see the fields behind a broken line. */
#include "config.h"

#include <string.h>

#include "message-private.h"

#define FIELDS_USUAL 16 /* room for so many at once */

/* Length of the line at p without its newline; *next_out behind the newline. */
static gsize
line_length(const char *p, const char *end, const char **next_out)
{
	const char *newline = memchr(p, '\n', end - p);
	gsize len = (newline != NULL ? newline : end) - p;

	*next_out = newline != NULL ? newline + 1 : end;
	if (len > 0 && p[len - 1] == '\r')
		len--;
	return len;
}

/* RFC 5322 s.3.6.8; blanks before the colon are the obsolete form of s.4.5. 0 if it is no field. */
static gsize
name_length(const char *line, gsize len)
{
	gsize n = 0;

	while (n < len && line[n] > ' ' && line[n] < 127 && line[n] != ':')
		n++;
	gsize colon = n;
	while (colon < len && (line[colon] == ' ' || line[colon] == '\t'))
		colon++;
	return colon < len && line[colon] == ':' ? n : 0;
}

/* Where the block ends if it is longer than what we read: behind the first blank line. */
static gsize
find_end(const char *data, gsize size, gsize from)
{
	const char *p = data + from, *end = data + size;

	while (p < end) {
		const char *next;
		if (line_length(p, end, &next) == 0)
			return next - data;
		p = next;
	}
	return size;
}

/* The value in [from, end) in its place, with one blank for each fold and a NUL behind it; *len_out
 * its length, *ascii_out whether all of it is ASCII. */
static char *
unfold(char *from, const char *end, gsize *len_out, gboolean *ascii_out)
{
	guchar bits = 0;

	while (from < end && (*from == ' ' || *from == '\t' || *from == '\r' || *from == '\n'))
		from++;
	while (end > from && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r' || end[-1] == '\n'))
		end--;
	char *value = from, *to = from;
	while (from < end) {
		char c = *from++;
		if ((guchar)c > '\r') {
			bits |= (guchar)c;
		} else if (c == '\r' || c == '\n') {
			/* A lone CR is a blank too: it must not look like the start of another field. */
			while (from < end && (*from == ' ' || *from == '\t' || *from == '\r' || *from == '\n'))
				from++;
			c = ' ';
		} else if (c == '\0') {
			c = 127;
		}
		*to++ = c;
	}
	*to = '\0';
	*len_out = to - value;
	*ascii_out = bits < 0x80;
	return value;
}

static void
end_field(HeaderBlock *block, char *value, const char *end)
{
	Field *field = &g_array_index(block->fields, Field, block->fields->len - 1);

	gsize len;
	gboolean ascii;
	field->value = unfold(value, end, &len, &ascii);
	if (!ascii && !g_utf8_validate_len(field->value, len, NULL)) {
		g_autofree char *good = charset_repair(field->value, len);
		if (block->repaired == NULL)
			block->repaired = g_string_chunk_new(512);
		field->value = g_string_chunk_insert(block->repaired, good);
	}
}

static gboolean
begin_field(HeaderBlock *block, char *line, gsize name_len)
{
	Field field = { .name = line, .value = "", .name_len = name_len };

	if (block->fields->len >= MAX_FIELDS) {
		block->too_many = TRUE;
		return FALSE;
	}
	g_array_append_val(block->fields, field);
	return TRUE;
}

/* The end of what may be read: a line border, so that no field is half. */
static gsize
usable(const char *data, gsize size, gsize max)
{
	if (size <= max)
		return size;
	const char *newline = memrchr(data, '\n', max);
	return newline != NULL ? (gsize) (newline + 1 - data) : max;
}

void
header_block_parse(HeaderBlock *block, const char *data, gsize size, gsize max)
{
	const char *next, *end = data + usable(data, size, max);
	const char *p = data;

	*block = (HeaderBlock) {
		.fields = g_array_sized_new(FALSE, FALSE, sizeof(Field), FIELDS_USUAL),
	};
	if (size == 0)
		return;
	gsize len = line_length(p, end, &next);
	if (len > 0 && name_length(p, len) == 0)
		return; /* no header at all: everything is body */

	/* The block itself first, so that only it is copied, not the whole mail. */
	while (p < end) {
		len = line_length(p, end, &next);
		if (len == 0)
			break;
		p = next;
	}
	gboolean complete = p < end && len == 0;
	block->end = complete ? (gsize) (next - data) : (gsize) (p - data);
	if (!complete && end < data + size) {
		block->cut = TRUE;
		block->end = find_end(data, size, block->end);
	}

	gsize block_len = p - data;
	block->store = g_malloc(block_len + 1);
	memcpy(block->store, data, block_len);
	char *line = block->store, *block_end = block->store + block_len;
	*block_end = '\0';
	char *value = NULL, *value_end = NULL;
	while (line < block_end) {
		len = line_length(line, block_end, &next);
		gboolean folded = *line == ' ' || *line == '\t';
		gsize name_len = folded ? 0 : name_length(line, len);
		if (!folded && value != NULL) {
			end_field(block, value, value_end);
			value = NULL;
		}
		if (name_len > 0 && begin_field(block, line, name_len)) {
			value = (char *) memchr(line + name_len, ':', len - name_len) + 1;
			line[name_len] = '\0';
		}
		value_end = line + len;
		line = (char *) next;
	}
	if (value != NULL)
		end_field(block, value, value_end);
}

void
header_block_clear(HeaderBlock *block)
{
	g_clear_pointer(&block->fields, g_array_unref);
	g_clear_pointer(&block->repaired, g_string_chunk_free);
	g_clear_pointer(&block->store, g_free);
}

/* Of names of the same length, which are no more than ASCII; a call per letter else. */
static gboolean
is_name(const char *a, const char *b, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		guchar x = a[i], y = b[i];
		if (x != y && ((x ^ y) != 0x20 || (x | 0x20) < 'a' || (x | 0x20) > 'z'))
			return FALSE;
	}
	return TRUE;
}

const char *
header_block_next(const HeaderBlock *block, const char *name, guint *at)
{
	gsize len = strlen(name);
	char first = name[0] | 0x20;

	while (*at < block->fields->len) {
		const Field *field = &g_array_index(block->fields, Field, (*at)++);
		if (field->name_len == len && (field->name[0] | 0x20) == first &&
		    is_name(field->name, name, len))
			return field->value;
	}
	return NULL;
}

const char *
header_block_get(const HeaderBlock *block, const char *name, guint n)
{
	const char *value;
	guint at = 0;

	while ((value = header_block_next(block, name, &at)) != NULL && n > 0)
		n--;
	return value;
}
