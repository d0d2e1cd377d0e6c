/* fuzz_message.c - any bytes as a mail, and every accessor on what comes of them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aardig/message.h"
#include "message/message-private.h"

static void
check(gboolean sound)
{
	if (!sound)
		abort();
}

static void
check_text(const char *text)
{
	check(text != NULL && g_utf8_validate(text, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const fields[] = { "From", "Reply-To", "To", "Cc", "Sender", "Delivered-To" };
	g_autoptr(GBytes) raw = g_bytes_new(data, size);
	g_autoptr(Message) m = message_parse(raw);
	gsize n;

	HeaderBlock block = { 0 };

	header_block_parse(&block, (const char *) data, size, 256 * 1024);
	for (guint i = 0; i < block.fields->len; i++) {
		const Field *field = &g_array_index(block.fields, Field, i);
		check(*field->name != '\0' && header_block_get(&block, field->name, 0) != NULL);
		check_text(field->value);
		check(strpbrk(field->value, "\r\n") == NULL);
	}
	header_block_clear(&block);
	for (gsize f = 0; f < G_N_ELEMENTS(fields); f++) {
		const GPtrArray *list = message_addresses(m, fields[f]);
		for (guint i = 0; i < list->len; i++) {
			const Address *address = list->pdata[i];
			g_autofree char *text = address_text(address);
			g_autofree char *org = address_org_domain(address->domain);
			check_text(org);
			Address again = { 0 };
			check_text(text);
			if (address_parse(text, &again))
				check(address_equal(address, &again));
			address_clear(&again);
		}
	}
	check_text(message_subject(m));
	check(strpbrk(message_subject(m), "\r\n") == NULL);
	check_text(message_visible_text(m));
	check_text(message_quoted_text(m));
	const Line *lines = message_lines(m, &n);
	for (gsize i = 0; i < n; i++) {
		check(lines[i].kind <= LINE_FOOTER);
		check_text(lines[i].text);
		check(strchr(lines[i].text, '\n') == NULL);
	}
	const Attachment *files = message_attachments(m, &n);
	for (gsize i = 0; i < n; i++) {
		check_text(files[i].type);
		if (files[i].name != NULL)
			check_text(files[i].name);
	}
	if (message_id(m) != NULL)
		check(strpbrk(message_id(m), " \r\n<>") == NULL);
	for (const char *const *id = message_references(m); *id != NULL; id++)
		check(strpbrk(*id, " \r\n<>") == NULL);
	check_text(message_content_type(m));
	message_returned_header(m, "X-Loop-Aardig");
	check(strlen(message_content_hash(m)) == 64);
	message_date(m);
	message_received(m);
	message_envelope_line_sender(m);
	message_has_image(m);
	message_defect(m);
	return 0;
}
