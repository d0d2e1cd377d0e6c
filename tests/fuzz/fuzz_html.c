/* fuzz_html.c - any bytes as the HTML of a mail, and as its plain text: the line classifier. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aardig/message.h"

static void
check(const Message *m)
{
	gsize n;
	const Line *lines = message_lines(m, &n);

	for (gsize i = 0; i < n; i++)
		if (!g_utf8_validate(lines[i].text, -1, NULL) || strchr(lines[i].text, '\n') != NULL)
			abort();
	if (!g_utf8_validate(message_visible_text(m), -1, NULL))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char head[] = "From: a@b.example\nSubject: Re: x\nContent-Type: text/html\n\n";
	g_autoptr(GString) mail = g_string_new(head);

	g_string_append_len(mail, (const char *) data, size);
	g_autoptr(GBytes) raw = g_bytes_new(mail->str, mail->len);
	g_autoptr(Message) html = message_parse(raw);
	check(html);
	g_autofree char *text = g_strndup((const char *) data, size);
	g_autoptr(Message) plain = message_from_text("Fwd: x", text);
	check(plain);
	return 0;
}
