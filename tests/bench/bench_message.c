/* bench_message.c - what it costs to read a mail, beside GMime's bare parse-and-decode of the same bytes.
 * The mails are generated from a fixed seed in the proportions of a shop's mailbox: plain text, plain with
 * HTML beside it, HTML alone, photos. The ratio is what counts. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "aardig/gmime-autoptr.h"
#include "aardig/message.h"
#include "bench.h"

#define MAILS 1000
#define ROUNDS 5

static const char *const sentences[] = {
	"Ik wacht nu al elf dagen op mijn bestelling en niemand reageert.",
	"Kunt u mij laten weten wanneer het pakket bezorgd wordt?",
	"De vaas kwam kapot aan, zie de foto\xE2\x80\x99s in de bijlage.",
	"Wij hebben uw bericht ontvangen en gaan er zo snel mogelijk mee aan de slag.",
	"Het bedrag is nog steeds niet teruggestort op mijn rekening.",
	"De bezorger zegt dat het bij de buren ligt, maar die weten van niets.",
	"Dit is de derde keer dat ik mail.",
};

static void
append_text(GString *out, guint n, const char *before, const char *after)
{
	for (guint i = 0; i < n; i++)
		g_string_append_printf(out, "%s%s%s\r\n", before, sentences[random_below(G_N_ELEMENTS(sentences))],
		                       after);
}

static void
append_plain(GString *out, guint quoted)
{
	g_string_append(out, "Beste klantenservice,\r\n\r\n");
	append_text(out, 2 + random_below(6), "", "");
	g_string_append(out, "\r\nMet vriendelijke groet,\r\nJan de Vries\r\nDe Vries Dakwerken BV\r\nT 030-1234567\r\n");
	if (quoted == 0)
		return;
	g_string_append(out, "\r\nOp ma 2 jun 2025 om 10:00 schreef Winkel <info@winkel.example>:\r\n\r\n");
	append_text(out, quoted, "> ", "");
}

static void
append_html(GString *out, guint quoted)
{
	g_string_append(out, "<html><head><style>\r\n");
	for (guint i = 0; i < 40; i++)
		g_string_append_printf(out, "p.Mso%u, li.Mso%u { margin:0cm; font-size:11.0pt; }\r\n", i, i);
	g_string_append(out, "</style></head><body lang=NL><div class=WordSection1>\r\n");
	append_text(out, 2 + random_below(6), "<p class=MsoNormal><span style='font-family:\"Calibri\"'>",
	            "<o:p></o:p></span></p>");
	g_string_append(out, "<p class=MsoNormal>Met vriendelijke groet,</p><p class=MsoNormal>Jan</p>\r\n");
	if (quoted > 0) {
		g_string_append(out, "<blockquote style='border-left:1px solid'>");
		append_text(out, quoted, "<div style=\"font-family:Arial\">", "</div>");
		g_string_append(out, "</blockquote>");
	}
	g_string_append(out, "</div></body></html>\r\n");
}

static void
append_part(GString *out, const char *type, const char *body, gboolean base64)
{
	g_string_append_printf(out, "--grens\r\nContent-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n", type,
	                       base64 ? "base64" : "8bit");
	if (!base64) {
		g_string_append(out, body);
	} else {
		g_autofree char *text = g_base64_encode((const guchar *) body, strlen(body));
		for (const char *p = text; *p != '\0'; p += MIN(76, strlen(p)))
			g_string_append_printf(out, "%.76s\r\n", p);
	}
	g_string_append(out, "\r\n");
}

static GBytes *
make_mail(guint i)
{
	GString *out = g_string_new("Return-Path: <jan@klant.example>\r\n"
		"Received: from mx.klant.example by mail.winkel.example; Mon, 2 Jun 2025 10:00:03 +0200\r\n"
		"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=klant.example; s=s1;\r\n"
		"\th=from:to:subject:date; bh=Zm9vYmFyYmF6cXV4cXV1eA==;\r\n"
		"\tb=Zm9vYmFyYmF6cXV4cXV1eFptOXZZbUZ5WW1GNmNYVjRjWFYxZUE9PQ==\r\n"
		"From: Jan de Vries <jan@klant.example>\r\nTo: info@winkel.example\r\n"
		"Date: Mon, 2 Jun 2025 10:00:00 +0200\r\nMIME-Version: 1.0\r\n");
	g_autoptr(GString) plain = g_string_new(NULL), html = g_string_new(NULL);
	guint kind = random_below(100), quoted = random_below(2) * random_below(80);

	g_string_append_printf(out, "Message-ID: <%u@klant.example>\r\nSubject: =?utf-8?Q?Klacht_%u?=\r\n", i, i);
	append_plain(plain, quoted);
	append_html(html, quoted);
	if (kind < 40) {
		g_string_append_printf(out, "Content-Type: text/plain; charset=utf-8\r\n\r\n%s", plain->str);
	} else if (kind < 50) {
		g_string_append_printf(out, "Content-Type: text/html; charset=utf-8\r\n\r\n%s", html->str);
	} else if (kind < 90) {
		g_string_append(out, "Content-Type: multipart/alternative; boundary=grens\r\n\r\n");
		append_part(out, "text/plain; charset=utf-8", plain->str, kind < 60);
		append_part(out, "text/html; charset=utf-8", html->str, kind < 60);
		g_string_append(out, "--grens--\r\n");
	} else {
		g_autofree char *photo = g_strnfill(60000, 'x');
		g_string_append(out, "Content-Type: multipart/mixed; boundary=grens\r\n\r\n");
		append_part(out, "text/plain; charset=utf-8", plain->str, FALSE);
		append_part(out, "image/jpeg; name=foto.jpg", photo, TRUE);
		g_string_append(out, "--grens--\r\n");
	}
	return g_string_free_to_bytes(out);
}

static void
decode(GMimeObject *parent, GMimeObject *object, gpointer data)
{
	if (!GMIME_IS_PART(object))
		return;
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(object)), stream);
}

static void
bare_gmime(GBytes *raw)
{
	gsize size;
	const char *data = g_bytes_get_data(raw, &size);
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(data, size);
	g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
	g_autoptr(GMimeMessage) mime = g_mime_parser_construct_message(parser, NULL);
	GMimeObject *part = g_mime_message_get_mime_part(mime);

	if (GMIME_IS_MULTIPART(part))
		g_mime_multipart_foreach(GMIME_MULTIPART(part), decode, NULL);
	else
		decode(NULL, part, NULL);
}

static void
ours(GBytes *raw)
{
	g_autoptr(Message) message = message_parse(raw);

	if (message_visible_text(message)[0] == '\0')
		g_error("no text");
}

static double
best_time(GPtrArray *mails, void (*run)(GBytes *))
{
	gint64 best = 0;

	for (guint round = 0; round < ROUNDS; round++) {
		gint64 start = cpu_us();
		for (guint i = 0; i < mails->len; i++)
			run(mails->pdata[i]);
		gint64 spent = cpu_us() - start;
		best = round == 0 ? spent : MIN(best, spent);
	}
	return (double) best / mails->len;
}

int
main(void)
{
	g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
	gsize bytes = 0;

	g_mime_init();
	for (guint i = 0; i < MAILS; i++) {
		g_ptr_array_add(mails, make_mail(i));
		bytes += g_bytes_get_size(mails->pdata[i]);
	}
	double bare = best_time(mails, bare_gmime), own = best_time(mails, ours);
	printf("message: %d mails of %.1f kB: GMime parse-and-decode %.1f us, message_parse %.1f us, ratio %.2f\n",
	       MAILS, bytes / 1000.0 / MAILS, bare, own, own / bare);
	return 0;
}
