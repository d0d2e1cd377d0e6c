/* bench_classify.c - reading 10,000 generated mails beside bare GMime on the same mails: CPU, one thread, and
 * memory. bench_classify RULES-FOLDER [MAILS [SEED]]
 *
 * The mails are put together from the bodies of the development corpus: plain, multipart/alternative with
 * HTML, or with an attachment, as real mailboxes hold them. */
#include "config.h"

#include <gmime/gmime.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "aardig/classify.h"
#include "aardig/message.h"
#include "bench.h"

#define BATCH 100 /* mails */

static long
rss_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* ---- the mails ---- */

static void
append_base64(GString *out, GRand *rand, gsize bytes)
{
	for (gsize i = 0; i < bytes; i++) {
		g_string_append_c(out, (char) g_rand_int_range(rand, 'A', 'Z' + 1));
		if (i % 76 == 75)
			g_string_append_c(out, '\n');
	}
	g_string_append_c(out, '\n');
}

static GString *
mail_of(const char *subject, const char *body, GRand *rand, guint n)
{
	GString *out = g_string_new(NULL);
	guint shape = g_rand_int_range(rand, 0, 10);

	g_string_append_printf(out, "Return-Path: <klant%u@klant.example>\nReceived: from mx.klant.example by "
	                       "mx.winkel.example; Mon, 2 Jun 2025 10:00:03 +0200\nFrom: Kim Klant "
	                       "<klant%u@klant.example>\nTo: info@winkel.example\nSubject: %s\nDate: Mon, 2 Jun "
	                       "2025 10:00:00 +0200\nMessage-ID: <%u@klant.example>\nMIME-Version: 1.0\n",
	                       n, n, subject, n);
	if (shape < 4) {
		g_string_append_printf(out, "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
		                       "8bit\n\n%s\n\nOp ma 2 jun 2025 om 09:00 schreef Winkel:\n> Beste klant,\n> %.200s\n",
		                       body, body);
		return out;
	}
	g_string_append_printf(out, "Content-Type: multipart/%s; boundary=\"grens\"\n\n--grens\nContent-Type: "
	                       "text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n\n--grens\n",
	                       shape < 8 ? "alternative" : "mixed", body);
	if (shape < 8) {
		g_autofree char *escaped = g_markup_escape_text(body, -1);
		g_string_append_printf(out, "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: "
		                       "8bit\n\n<html><head><style>p { color: #333; font-family: Arial }</style></head>"
		                       "<body><div><p>%s</p></div></body></html>\n", escaped);
	} else {
		g_string_append(out, "Content-Type: image/jpeg; name=\"foto.jpg\"\nContent-Disposition: "
		                "attachment; filename=\"foto.jpg\"\nContent-Transfer-Encoding: base64\n\n");
		append_base64(out, rand, 30000);
	}
	g_string_append(out, "--grens--\n");
	return out;
}

static GPtrArray *
corpus(void)
{
	const char *top = g_getenv("srcdir_abs");
	g_autofree char *path = g_build_filename(top != NULL ? top : ".", "tests", "corpus", "dev.jsonl", NULL);
	g_autofree char *text = NULL;
	GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify) json_decref);

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return rows;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (gsize i = 0; lines[i] != NULL; i++) {
		json_t *row = json_loads(lines[i], 0, NULL);
		if (row != NULL)
			g_ptr_array_add(rows, row);
	}
	return rows;
}

/* ---- the two readings ---- */

static void
decode(GMimeObject *parent, GMimeObject *part, gpointer data)
{
	if (!GMIME_IS_PART(part))
		return;
	if (GMIME_IS_TEXT_PART(part)) {
		g_free(g_mime_text_part_get_text(GMIME_TEXT_PART(part)));
		return;
	}
	GMimeStream *null = g_mime_stream_null_new();
	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), null);
	g_object_unref(null);
}

static void
read_with_gmime(GBytes *raw)
{
	gsize size;
	const char *data = g_bytes_get_data(raw, &size);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(data, size);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	if (message != NULL) {
		g_mime_message_foreach(message, decode, NULL);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

static void
read_with_aardig(const Rules *rules, GBytes *raw)
{
	const ClassifyContext ctx = { .now = 1748851500 };
	g_autoptr(Message) message = message_parse(raw);
	g_autoptr(Reading) reading = classify_message(rules, message, &ctx);
}

int
main(int argc, char **argv)
{
	guint n = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
	g_autoptr(GRand) rand = g_rand_new_with_seed(argc > 3 ? strtoul(argv[3], NULL, 10) : 1);
	const char *dirs[] = { argc > 1 ? argv[1] : "conf/rules", NULL };
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(Rules) rules = rules_load(dirs, diag);
	g_autoptr(GPtrArray) rows = corpus();
	double gmime = 0, aardig = 0;
	gsize bytes = 0;
	long at_tenth = 0;

	message_library_init();
	if (rules == NULL || rows->len == 0) {
		fputs("bench_classify: no rules or no corpus\n", stderr);
		return 1;
	}
	/* Both read a batch in turn: noise of the machine meets both alike, and neither reads every mail with the
	 * processor's caches full of the other. */
	for (guint done = 0; done < n; done += BATCH) {
		g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);

		for (guint i = done; i < MIN(done + BATCH, n); i++) {
			const json_t *row = g_ptr_array_index(rows, g_rand_int_range(rand, 0, rows->len));
			GString *text = mail_of(json_string_value(json_object_get(row, "subject")),
			                        json_string_value(json_object_get(row, "body")), rand, i);

			bytes += text->len;
			g_ptr_array_add(mails, g_string_free_to_bytes(text));
		}
		gint64 t0 = cpu_us();
		for (guint i = 0; i < mails->len; i++)
			read_with_gmime(g_ptr_array_index(mails, i));
		gint64 t1 = cpu_us();
		for (guint i = 0; i < mails->len; i++)
			read_with_aardig(rules, g_ptr_array_index(mails, i));
		gint64 t2 = cpu_us();

		gmime += t1 - t0;
		aardig += t2 - t1;
		if (at_tenth == 0 && done >= n / 10)
			at_tenth = rss_kb();
	}
	printf("%u mails, %.1f MB\n", n, bytes / 1e6);
	printf("  bare GMime, parse and decode   %8.1f us a mail\n", gmime / n);
	printf("  aardig, parse and classify     %8.1f us a mail\n", aardig / n);
	printf("  ratio                          %8.2f      (wanted: at most 1.6)\n", aardig / gmime);
	printf("  memory                         %8.1f MB, %.1f MB after a tenth (wanted: flat, under 48)\n",
	       rss_kb() / 1024.0, at_tenth / 1024.0);
	return 0;
}
