/* test_mails.c - mails as programs send them, tests/data/message/NAME.eml, and what is read from
 * them, NAME.expect: subject, defect, attachments, and each line with the letter of its kind (text,
 * quotation, header, forwarded, signature, footer). */
#include <string.h>

#include "aardig/message.h"
#include "unit.h"

#define LEAST_MAILS 40

static GPtrArray *names;

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static void
read_names(void)
{
	g_autofree char *folder = unit_path("tests/data/message");
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	names = g_ptr_array_new();
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(name, ".eml"))
			g_ptr_array_add(names, g_strndup(name, strlen(name) - 4));
	g_ptr_array_sort(names, by_name);
}

static char *
read_file(const char *name, const char *ending, gsize *len)
{
	g_autofree char *below = g_strconcat("tests/data/message/", name, ending, NULL);
	g_autofree char *path = unit_path(below);
	char *text = NULL;

	ck_assert_msg(g_file_get_contents(path, &text, len, NULL), "%s is missing", path);
	return text;
}

static char *
describe(const Message *m)
{
	GString *out = g_string_new(NULL);
	gsize n;

	g_string_append_printf(out, "subject: %s\n", message_subject(m));
	if (message_defect(m) != NULL)
		g_string_append_printf(out, "defect: %s\n", message_defect(m));
	if (message_envelope_line_sender(m) != NULL)
		g_string_append_printf(out, "envelope: %s\n", message_envelope_line_sender(m));
	const Attachment *files = message_attachments(m, &n);
	for (gsize i = 0; i < n; i++)
		g_string_append_printf(out, "attachment: %s %s%s\n", files[i].type,
		                       files[i].name != NULL ? files[i].name : "-",
		                       files[i].inline_ ? " inline" : "");
	if (message_has_image(m))
		g_string_append(out, "image\n");
	g_string_append_c(out, '\n');
	const Line *lines = message_lines(m, &n);
	for (gsize i = 0; i < n; i++)
		g_string_append_printf(out, "%c|%s\n", *lines[i].text != '\0' ? "TQHFSO"[lines[i].kind] : ' ',
		                       lines[i].text);
	return g_string_free(out, FALSE);
}

START_TEST(read_mail)
{
	const char *name = names->pdata[_i];
	gsize len;
	char *bytes = read_file(name, ".eml", &len);
	g_autofree char *expected = read_file(name, ".expect", NULL);
	g_autoptr(GBytes) raw = g_bytes_new_take(bytes, len);
	g_autoptr(Message) m = message_parse(raw);
	g_autofree char *got = describe(m);

	ck_assert_msg(strcmp(got, expected) == 0, "%s:\n%s--- expected:\n%s", name, got, expected);
}
END_TEST

START_TEST(mails_are_there)
{
	ck_assert_uint_ge(names->len, LEAST_MAILS);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("mails");
	TCase *mails = tcase_create("mails");

	read_names();
	tcase_add_loop_test(mails, read_mail, 0, (int) names->len);
	tcase_add_test(mails, mails_are_there);
	suite_add_tcase(suite, mails);
	return unit_run(suite);
}
