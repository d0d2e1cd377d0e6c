/* test_hostile.c - mails made to hurt: bounded time and memory, and a defect where a limit was
 * passed. Every accessor is called on each. */
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "aardig/message.h"
#include "message/message-private.h"
#include "unit.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_UNDEFINED__)
#define SLOWER 15
#define CHECK_MEMORY FALSE
#else
#define SLOWER 1
#define CHECK_MEMORY TRUE
#endif
#define MAX_SECONDS (2.0 * SLOWER)
#define MAX_MEMORY (200 * 1024) /* KiB; the mail itself is there twice at most */

#define HEAD "From: Jan <jan@klant.example>\nSubject: klacht\n"

typedef struct {
	const char *label;
	const char *before, *each, *after; /* each: at most one %d */
	guint times;
	const char *defect;  /* NULL for none */
	const char *visible; /* a prefix of the visible text, or NULL */
} Hostile;

static const Hostile table[] = {
	{ "nothing", "", "", "", 0, "an empty mail", "" },
	{ "a newline", "\n", "", "", 0, "an empty mail", "" },
	{ "only newlines", "", "\r\n", "", 1000000, "an empty mail", "" },
	{ "only text", "hallo daar\n", "", "", 0, "no header", "hallo daar" },
	{ "only NULs", "", "%c", "", 1000000, "no header", NULL },
	{ "only CRs", HEAD, "\r", "", 1000000, "more than 256 KiB of header", NULL },
	{ "5 MB of header line", HEAD "X-A: ", "aaaaaaaaaa", "\n\nhallo", 500000,
	  "more than 256 KiB of header", "hallo" },
	{ "5 MB of folds", HEAD "X-A: ", "a\n ", "\n\nhallo", 1700000,
	  "more than 256 KiB of header", "hallo" },
	{ "5 MB of subject", "From: a@b.example\nSubject: ", "=?utf-8?Q?=C3=A9?= ", "\n\nhallo",
	  250000, "more than 256 KiB of header", "hallo" },
	{ "a subject of open words", "From: a@b.example\nSubject: ", "=?utf-8?Q?", "\n\nhallo",
	  20000, NULL, "hallo" },
	{ "100,000 fields", HEAD, "X-A%d: b\n", "\nhallo", 100000, "more than 256 KiB of header",
	  "hallo" },
	{ "2,000 fields", HEAD, "X-A%d: b\n", "\nhallo", 2000, "more than 1,000 header fields",
	  "hallo" },
	{ "100,000 lines that are no fields", HEAD, "no\n", "\nhallo", 80000, NULL, "hallo" },
	{ "20,000 addresses", HEAD "To: ", "a%d@b.example, ", "\n\nhallo", 20000,
	  "more than 256 KiB of header", "hallo" },
	{ "2,000 addresses", HEAD "To: ", "a%d@b.example, ", "\n\nhallo", 2000,
	  "more than 1,000 addresses", "hallo" },
	{ "a group in a group", HEAD "To: ", "a:", "\n\nhallo", 100000, NULL, "hallo" },
	{ "comments in comments", HEAD "To: ", "(", "\n\nhallo", 200000, NULL, "hallo" },
	{ "angle brackets", HEAD "To: ", "<", "\n\nhallo", 200000, NULL, "hallo" },
	{ "quotes", HEAD "To: ", "\"\\", "\n\nhallo", 100000, NULL, "hallo" },
	{ "open references", HEAD "References: ", "< ", "\n\nhallo", 120000, NULL, "hallo" },
	{ "references", HEAD "References: ", "<%d@x>", "\n\nhallo", 20000, NULL, "hallo" },
	{ "parameters", HEAD "Content-Type: text/plain", "; a%d=b", "\n\nhallo", 20000, NULL,
	  "hallo" },
	{ "parameters in pieces", HEAD "Content-Type: text/plain", "; a*%d=b", "\n\nhallo", 2000,
	  NULL, "hallo" },
	{ "50,000 parts", HEAD "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nhallo\n",
	  "--b--\n", 50000, "more than 200 parts", "hallo" },
	{ "50,000 boundaries", HEAD "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n",
	  "--b--\n", 50000, "more than 200 parts", NULL },
	{ "a boundary of one dash", HEAD "Content-Type: multipart/mixed; boundary=\"-\"\n\n", "-",
	  "\n", 5000000, "more than 1 MiB of text", NULL },
	{ "near boundaries", HEAD "Content-Type: multipart/mixed; boundary=\"b\"\n\n", "--bb\n",
	  "\n", 1000000, "more than 1 MiB of text", NULL },
	{ "messages in messages", HEAD, "Content-Type: message/rfc822\n\n", "hallo", 5000, NULL,
	  NULL },
	{ "fields of a part", HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
	  "X-A%d: b\n", "\nhallo\n--b--\n", 500000, "too much header in a part", "hallo" },
	{ "addresses of an attached message",
	  HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhallo\n"
	  "--b\nContent-Type: message/rfc822\n\nTo: ",
	  "a:", "\n\nx\n--b--\n", 2000000, NULL, "hallo" },
	{ "multipart without boundary", HEAD "Content-Type: multipart/mixed\n\nhallo", "", "", 0,
	  "a multipart without boundary", "hallo" },
	{ "multipart without parts", HEAD "Content-Type: multipart/mixed; boundary=b\n\nhallo",
	  "", "", 0, NULL, "hallo" },
	{ "parts never closed", HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhallo",
	  "", "", 0, NULL, "hallo" },
	{ "two senders", "From: a@b.example\nFrom: c@d.example\n\nhallo", "", "", 0,
	  "two From fields that differ", "hallo" },
	{ "the same sender twice", "From: a@b.example\nFrom: a@b.example\n\nhallo", "", "", 0,
	  NULL, "hallo" },
	{ "two types", HEAD "Content-Type: text/plain\nContent-Type: text/html\n\nhallo", "", "",
	  0, "two Content-Type fields that differ", "hallo" },
	{ "5 MB of text", HEAD "\n", "hallo allemaal\n", "", 400000, "more than 1 MiB of text",
	  "hallo allemaal" },
	{ "a million lines", HEAD "\n", "a\n", "", 500000, "more than 100,000 lines", "a" },
	{ "one line of 1 MB", HEAD "\n", "abcdefghij", "", 100000, NULL, "abcdefghij" },
	{ "20 MB of base64", HEAD "Content-Transfer-Encoding: base64\n\n",
	  "aGFsbG8gYWxsZW1hYWwKaGFsbG8gYWxsZW1hYWwKaGFsbG8gYWxsZW1hYWwK\n", "", 300000,
	  "more than 1 MiB of text", "hallo allemaal" },
	{ "quoted-printable of nothing", HEAD "Content-Transfer-Encoding: quoted-printable\n\n",
	  "=\n", "", 5000000, NULL, "" },
	{ "a utf-8 lie", HEAD "Content-Type: text/plain; charset=utf-8\n\n", "\xE9\xFF\xC3", "",
	  300000, "more than 1 MiB of text", NULL },
	{ "a utf-16 lie", HEAD "Content-Type: text/plain; charset=utf-16\n\n", "\xD8\x01\xE9", "",
	  200000, NULL, NULL },
	{ "a shift-jis lie", HEAD "Content-Type: text/plain; charset=shift_jis\n\n",
	  "\xFF\xFE\x80", "", 300000, NULL, NULL },
	{ "mojibake leads", HEAD "\n", "\xC3\x83", "", 500000, NULL, NULL },
	{ "mojibake", HEAD "\n", "\xC3\x83\xC2\xA9", "", 250000, NULL, "é" },
	{ "reply headers", HEAD "\nhallo\n", "Op ma 2 jun 2025 om 10:00 schreef Jan <\n", "",
	  25000, NULL, "hallo" },
	{ "colons", HEAD "\nhallo\n", "op 10:00 :\n", "", 90000, NULL, "hallo" },
	{ "blocks", HEAD "\nhallo\n", "Van: a\nAan: b\n> c\n", "", 20000, NULL, "hallo" },
	{ "blocks without text", HEAD "\n", "Van: a\nDatum: b\n> c\n", "", 30000, NULL, NULL },
	{ "labels and blank lines", HEAD "\nhallo\n", "Van: a\n\n\n\n\n", "", 15000, NULL,
	  "hallo" },
	{ "closings", HEAD "\nhallo\n", "Groetjes\n", "", 90000, NULL, "hallo" },
	{ "closings and names", HEAD "\nhallo\n", "Groetjes\nJan\n\n", "", 30000, NULL, "hallo" },
	{ "signature marks", HEAD "\nhallo\n", "--\na b c d\n", "", 45000, NULL, "hallo" },
	{ "legal paragraphs", HEAD "\nhallo\n\n",
	  "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.\n\n", "",
	  13000, NULL, "hallo" },
	{ "one legal paragraph", HEAD "\nhallo\n\n",
	  "bericht vertrouwelijk uitsluitend bestemd voor\n", "", 20000, NULL, "hallo" },
	{ "short legal lines", HEAD "\nhallo\n\n", "intended recipient disclaimer\n", "", 30000,
	  NULL, "hallo" },
	{ "footers", HEAD "\nhallo\n", "Verstuurd vanaf mijn iPhone\n", "", 35000, NULL, "hallo" },
	{ "rules", HEAD "\nhallo\n", "_____\n", "", 90000, NULL, "hallo" },
	{ "short lines", HEAD "\nhallo\n", "Jan Jansen BV\n", "", 70000, NULL, "hallo" },
	{ "quotes in quotes", HEAD "\nhallo\n", ">", "x", 1000000, NULL, "hallo" },
};

/* The mails that are HTML: body only. */
static const Hostile html[] = {
	{ "nested div", "", "<div>", "hallo", 100000, NULL, "hallo" },
	{ "nested blockquote", "<p>hallo</p>", "<blockquote>", "x", 100000, NULL, "hallo" },
	{ "nested tables", "", "<table><tr><td>", "hallo", 100000, NULL, "hallo" },
	{ "stray ends", "", "</div></p></span>", "hallo", 300000, NULL, "hallo" },
	{ "open tags", "", "<div ", "hallo", 1000000, "more than 1 MiB of text", NULL },
	{ "comments", "", "<!--", "hallo", 1000000, NULL, "hallo" },
	{ "styles", "", "<style>", "hallo", 800000, NULL, "hallo" },
	{ "scripts", "", "<script>x</script>", "hallo", 300000, NULL, "hallo" },
	{ "titles", "", "<title>", "hallo", 500000, NULL, "hallo" },
	{ "attributes", "<div class=x ", " a%d", ">hallo", 700000, NULL, "hallo" },
	{ "attributes of many tags", "",
	  "<div class=x a b c d e f g h i j k l m n o p q r s t u v w x y z>", "hallo", 80000,
	  NULL, "hallo" },
	{ "html tags with attributes", "", "<html a%d=class>", "hallo", 400000, NULL, "hallo" },
	{ "references to nothing", "", "&", "hallo", 1000000, NULL, NULL },
	{ "numbers", "", "&#x202e;", "hallo", 900000, NULL, "hallo" },
	{ "NULs", "", "&#0;%c", "hallo", 500000, NULL, NULL },
	{ "breaks", "hallo", "<br>", "", 1000000, NULL, "hallo" },
	{ "paragraphs", "hallo", "<p>x", "", 300000, "more than 100,000 lines", "hallo" },
	{ "svg", "", "<svg><g>", "hallo", 500000, NULL, "hallo" },
	{ "less than", "", "<", "hallo", 1000000, NULL, NULL },
	{ "hidden without end", "hallo <b style=display:none>", "<a>", "x", 500000, NULL, "hallo" },
	{ "all hidden", "<div style='display:none'>", "x", "hallo", 10, NULL, "x" },
};

/* All fields there are, read as the header of a mail and as that of a part. */
static void
use_fields(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	HeaderBlock block;

	header_block_parse(&block, data, size, MAX_HEADER);
	ck_assert_uint_le(block.fields->len, MAX_FIELDS);
	for (guint i = 0; i < block.fields->len; i++) {
		const Field *field = &g_array_index(block.fields, Field, i);
		ck_assert_uint_eq(strlen(field->name), field->name_len);
		ck_assert(g_utf8_validate(field->name, -1, NULL));
		ck_assert(g_utf8_validate(field->value, -1, NULL));
	}
	header_block_clear(&block);
}

static void
use_everything(const Message *m)
{
	static const char *const fields[] = { "From", "To", "Cc", "Reply-To", "Sender", "X-A" };
	gsize n;

	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		ck_assert_uint_le(message_addresses(m, fields[i])->len, 1000);
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		for (guint k = 0; k < message_header_count(m, fields[i]); k++)
			ck_assert(g_utf8_validate(message_header(m, fields[i], k), -1, NULL));
	ck_assert(g_utf8_validate(message_subject(m), -1, NULL));
	ck_assert_int_le(g_utf8_strlen(message_subject(m), -1), 1000);
	ck_assert(g_utf8_validate(message_visible_text(m), -1, NULL));
	ck_assert(g_utf8_validate(message_quoted_text(m), -1, NULL));
	const Line *lines = message_lines(m, &n);
	for (gsize i = 0; i < n; i++)
		ck_assert(g_utf8_validate(lines[i].text, -1, NULL) && lines[i].kind <= LINE_FOOTER);
	message_attachments(m, &n);
	ck_assert_uint_le(n, 200);
	ck_assert_uint_eq(strlen(message_content_hash(m)), 64);
	ck_assert_ptr_nonnull(message_content_type(m));
	message_returned_header(m, "From");
	message_has_image(m);
	message_references(m);
}

static void
run(const Hostile *one, GString *raw)
{
	g_autoptr(GBytes) bytes = g_string_free_to_bytes(raw);
	struct rusage usage;
	double start = unit_cpu_seconds();

	g_autoptr(Message) m = message_parse(bytes);
	use_everything(m);
	use_fields(bytes);
	double seconds = unit_cpu_seconds() - start;
	getrusage(RUSAGE_SELF, &usage);
	ck_assert_msg(g_strcmp0(message_defect(m), one->defect) == 0, "%s: defect '%s'", one->label,
	              message_defect(m));
	ck_assert_msg(one->visible == NULL || g_str_has_prefix(message_visible_text(m), one->visible),
	              "%s: '%.40s'", one->label, message_visible_text(m));
	ck_assert_msg(seconds < MAX_SECONDS || seconds < MAX_SECONDS * unit_slowness(), "%s: %.1f s", one->label, seconds);
	ck_assert_msg(!CHECK_MEMORY || usage.ru_maxrss < MAX_MEMORY, "%s: %ld KiB", one->label,
	              usage.ru_maxrss);
}

/* The table's "each" holds at most one %d or %c; everything else stands for itself. */
static void
append_each(GString *raw, const char *each, guint i)
{
	const char *percent = strchr(each, '%');

	if (percent == NULL) {
		g_string_append(raw, each);
		return;
	}
	g_string_append_len(raw, each, percent - each);
	if (percent[1] == 'c')
		g_string_append_c(raw, '\0');
	else
		g_string_append_printf(raw, "%u", i);
	g_string_append(raw, percent + 2);
}

START_TEST(hostile_mail)
{
	const Hostile *one = &table[_i];
	GString *raw = g_string_new(one->before);

	for (guint i = 0; i < one->times; i++)
		append_each(raw, one->each, i);
	g_string_append(raw, one->after);
	run(one, raw);
}
END_TEST

START_TEST(hostile_html)
{
	const Hostile *one = &html[_i];
	GString *raw = g_string_new(HEAD "Content-Type: text/html\n\n");

	g_string_append(raw, one->before);
	for (guint i = 0; i < one->times; i++)
		append_each(raw, one->each, i);
	g_string_append(raw, one->after);
	run(one, raw);
}
END_TEST

START_TEST(deep_multiparts)
{
	static const Hostile deep = { .label = "5,000 deep",
		                      .defect = "MIME parts nested deeper than 32" };
	GString *raw = g_string_new(HEAD);

	for (guint i = 0; i < 5000; i++)
		g_string_append_printf(raw, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	g_string_append(raw, "\nhallo\n");
	run(&deep, raw);
}
END_TEST

/* 30 levels, and 20 MB inside the innermost: each level looks at all of it. */
START_TEST(deep_and_large)
{
	static const Hostile large = { .label = "deep and large", .defect = "more than 1 MiB of text" };
	GString *raw = g_string_new(HEAD);

	for (guint i = 0; i < 30; i++)
		g_string_append_printf(raw, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	g_string_append(raw, "\n");
	for (guint i = 0; i < 2000000; i++)
		g_string_append(raw, "--b2hallo\n");
	run(&large, raw);
}
END_TEST

START_TEST(too_large)
{
	static const Hostile large = { .label = "30 MB", .defect = "more than 25 MiB",
		                       .visible = "hallo" };
	GString *raw = g_string_new(HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhallo\n"
	                            "--b\nContent-Type: image/jpeg\n"
	                            "Content-Transfer-Encoding: base64\n\n");

	for (guint i = 0; i < 400000; i++)
		g_string_append(raw, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
		                     "abcdefghijklmnopqrstuvwxyz\n");
	run(&large, raw);
}
END_TEST

/* Anything at all: pieces of mails in random order, the same on every run. */
START_TEST(scrambled)
{
	static const char *const pieces[] = {
		"From: ", "Subject: ", "Content-Type: ", "multipart/mixed", "multipart/alternative",
		"; boundary=b", "\n", "\n\n", "\r", "\r\n", "--b\n", "--b--\n", "text/html", "text/plain",
		"message/rfc822", "; charset=", "utf-8", "utf-16", "iso-2022-jp", "=?utf-8?Q?", "?=", "=E9",
		"<div>", "</div>", "<blockquote>", "<style>", "<!--", "-->", "&eacute;", "\303\251", "\351",
		"> ", "Van: a\n", "Verzonden: b\n", "Op 2 juni om 10:00 schreef a@b:\n", "-- \n", "Groet,\n",
		"Jan\n", "base64", "Content-Transfer-Encoding: ", "quoted-printable", "a@b.example", "\"", "(",
		"\t", " ", "Content-Disposition: attachment; filename=x\n", "References: <a@b>", "From x\n",
	};
	g_autoptr(GRand) dice = g_rand_new_with_seed(_i);

	for (guint round = 0; round < 200; round++) {
		g_autoptr(GString) raw = g_string_new(NULL);
		guint n = g_rand_int_range(dice, 1, 120);
		for (guint i = 0; i < n; i++)
			g_string_append(raw, pieces[g_rand_int_range(dice, 0, G_N_ELEMENTS(pieces))]);
		g_autoptr(GBytes) bytes = g_bytes_new(raw->str, raw->len);
		g_autoptr(Message) m = message_parse(bytes);
		use_everything(m);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hostile");
	TCase *mails = tcase_create("mails");

	tcase_add_loop_test(mails, hostile_mail, 0, G_N_ELEMENTS(table));
	tcase_add_loop_test(mails, hostile_html, 0, G_N_ELEMENTS(html));
	tcase_add_test(mails, deep_multiparts);
	tcase_add_test(mails, deep_and_large);
	tcase_add_test(mails, too_large);
	tcase_add_loop_test(mails, scrambled, 0, 20);
	suite_add_tcase(suite, mails);
	return unit_run(suite);
}
