/* media.c - Content-Type, Content-Disposition and Content-Transfer-Encoding of an entity.
 *
 * The media type itself is read here: GMime calls "text" application/octet-stream, while RFC 2045
 * s.5.2 wants what cannot be read shown as plain text. Parameters with their RFC 2231 pieces, and
 * the transfer decoding, are GMime's where they are not of the plain form (plain.c). */
#include "config.h"

#include <string.h>

#include "message-private.h"
#include "message/plain.h"

GMimeParserOptions *
message_gmime(void)
{
	static gsize once;
	static GMimeParserOptions *options;

	if (g_once_init_enter(&once)) {
		static const char *fallback[] = { "utf-8", "windows-1252", NULL };
		options = g_mime_parser_options_new();
		g_mime_parser_options_set_fallback_charsets(options, fallback);
		g_mime_parser_options_set_allow_addresses_without_domain(options, TRUE);
		g_once_init_leave(&once, 1);
	}
	return options;
}

void
message_library_init(void)
{
	message_gmime();
}

/* "type/subtype" in lower case; NULL for anything else. */
static char *
read_type(const char *value)
{
	gsize type = plain_skip_token(value) - value;

	if (type == 0)
		return NULL;
	const char *p = value + type;
	while (*p == ' ')
		p++;
	if (*p != '/')
		/* "Content-Type: text" is what some old forms send. */
		return g_ascii_strncasecmp(value, "text", type) == 0 ? g_strdup("text/plain") : NULL;
	p++;
	while (*p == ' ')
		p++;
	gsize subtype = plain_skip_token(p) - p;
	if (subtype == 0 || type + subtype > 200)
		return g_ascii_strncasecmp(value, "text", type) == 0 ? g_strdup("text/plain") : NULL;
	char *made = g_malloc(type + subtype + 2);
	for (gsize i = 0; i < type; i++)
		made[i] = g_ascii_tolower(value[i]);
	made[type] = '/';
	for (gsize i = 0; i < subtype; i++)
		made[type + 1 + i] = g_ascii_tolower(p[i]);
	made[type + 1 + subtype] = '\0';
	return made;
}

static char *
clean_filename(const char *name)
{
	if (name == NULL || *name == '\0')
		return NULL;
	char *clean = charset_decode_header(name, 200);
	for (char *p = clean; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			*p = '_';
	return clean;
}

static void
read_disposition(Media *media, const char *value)
{
	gsize len = plain_skip_token(value) - value;

	media->attachment = len == 10 && g_ascii_strncasecmp(value, "attachment", 10) == 0;
	media->inline_ = len == 6 && g_ascii_strncasecmp(value, "inline", 6) == 0;
	if (strlen(value) > MAX_VALUE || strchr(value, ';') == NULL)
		return;
	char *plain;
	if (plain_parameters(value, FALSE, &plain)) {
		media->filename = clean_filename(plain_parameter(plain, "filename"));
		g_free(plain);
		return;
	}
	g_autoptr(GMimeContentDisposition) disposition =
	    g_mime_content_disposition_parse(message_gmime(), value);
	if (disposition != NULL)
		media->filename =
		    clean_filename(g_mime_content_disposition_get_parameter(disposition, "filename"));
}

static GMimeContentEncoding
read_encoding(const char *value)
{
	static const struct {
		const char *name;
		GMimeContentEncoding encoding;
	} encodings[] = {
		{ "7bit", GMIME_CONTENT_ENCODING_7BIT },
		{ "8bit", GMIME_CONTENT_ENCODING_8BIT },
		{ "binary", GMIME_CONTENT_ENCODING_BINARY },
		{ "quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE },
		{ "base64", GMIME_CONTENT_ENCODING_BASE64 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++)
		if (g_ascii_strcasecmp(value, encodings[i].name) == 0)
			return encodings[i].encoding;
	return g_mime_content_encoding_from_string(value);
}

void
media_read(Media *media, const HeaderBlock *block, const char *default_type)
{
	const char *value = header_block_get(block, "Content-Type", 0);

	*media = (Media) { .encoding = GMIME_CONTENT_ENCODING_DEFAULT };
	if (value != NULL && *value != '\0') {
		media->type = read_type(value);
		if (media->type == NULL)
			media->type = g_strdup("text/plain");
		if (strchr(value, ';') != NULL && strlen(value) <= MAX_VALUE &&
		    !plain_parameters(value, TRUE, &media->plain))
			media->mime = g_mime_content_type_parse(message_gmime(), value);
	} else {
		media->type = g_strdup(default_type);
	}
	value = header_block_get(block, "Content-Transfer-Encoding", 0);
	if (value != NULL)
		media->encoding = read_encoding(value);
	value = header_block_get(block, "Content-Disposition", 0);
	if (value != NULL)
		read_disposition(media, value);
	if (media->filename == NULL)
		media->filename = clean_filename(media_parameter(media, "name"));
	media->has_id = header_block_get(block, "Content-ID", 0) != NULL;
}

void
media_clear(Media *media)
{
	g_free(media->type);
	g_free(media->filename);
	g_free(media->plain);
	if (media->mime != NULL)
		g_object_unref(media->mime);
	media->mime = NULL;
}

const char *
media_parameter(const Media *media, const char *name)
{
	if (media->plain != NULL)
		return plain_parameter(media->plain, name);
	return media->mime != NULL ? g_mime_content_type_get_parameter(media->mime, name) : NULL;
}

static gboolean
is_encoded(GMimeContentEncoding encoding)
{
	return encoding == GMIME_CONTENT_ENCODING_BASE64 ||
	       encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
	       encoding == GMIME_CONTENT_ENCODING_UUENCODE;
}

gsize
media_decoded_size(const Media *media, gsize len)
{
	/* 76 characters and CR LF carry 57 bytes. */
	if (media->encoding == GMIME_CONTENT_ENCODING_BASE64)
		return len / 78 * 57 + len % 78 * 3 / 4;
	return len;
}

/* The plain form of it; NULL: it is not, and GMime is to decode it. */
static char *
decode_plain(GMimeContentEncoding encoding, const char *data, gsize len, gsize max, gsize *len_out)
{
	g_autofree char *out = g_malloc(len + 1);

	if (encoding == GMIME_CONTENT_ENCODING_BASE64
	        ? !plain_base64(data, len, max, out, len_out)
	        : encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
	              !plain_quoted_printable(data, len, max, out, len_out))
		return NULL;
	return g_steal_pointer(&out);
}

/* In pieces, so that 25 MiB of base64 cost no more than what is kept of them. */
static char *
decode_with_gmime(GMimeContentEncoding encoding, const char *data, gsize len, gsize max,
                  gsize *len_out)
{
	GString *out = g_string_sized_new(MIN(len, max) + 1);
	GMimeEncoding state;

	g_mime_encoding_init_decode(&state, encoding);
	while (len > 0 && out->len <= max) {
		gsize piece = MIN(len, 64 * 1024), at = out->len;
		g_string_set_size(out, at + g_mime_encoding_outlen(&state, piece));
		gsize n = g_mime_encoding_step(&state, data, piece, out->str + at);
		data += piece;
		len -= piece;
		if (len == 0)
			n += g_mime_encoding_flush(&state, "", 0, out->str + at + n);
		g_string_set_size(out, at + n);
	}
	*len_out = out->len;
	return g_string_free(out, FALSE);
}

const char *
media_bytes(const Media *media, const char *data, gsize len, gsize max, gsize *len_out,
            gboolean *cut_out, char **made_out)
{
	*made_out = NULL;
	*len_out = MIN(len, max + 1);
	if (is_encoded(media->encoding)) {
		*made_out = decode_plain(media->encoding, data, len, max, len_out);
		if (*made_out == NULL)
			*made_out = decode_with_gmime(media->encoding, data, len, max, len_out);
		data = *made_out;
	}
	if (*len_out > max) {
		*cut_out = TRUE;
		*len_out = max;
	}
	return data;
}

char *
media_decode(const Media *media, const char *data, gsize len, gsize max, gsize *len_out,
             gboolean *cut_out)
{
	char *made;
	const char *bytes = media_bytes(media, data, len, max, len_out, cut_out, &made);

	/* What is made has room for one byte more than is kept of it. */
	if (made == NULL) {
		made = g_malloc(*len_out + 1);
		memcpy(made, bytes, *len_out);
	}
	made[*len_out] = '\0';
	return made;
}
