/* test_lines.c - the line classifier, on bodies as they arrive: tests/data/message/lines.txt. */
#include <string.h>

#include "aardig/message.h"
#include "unit.h"

#define LETTERS "TQHFSO" /* in the order of LineKind */
#define LEAST_CASES 80

typedef struct {
	char *label, *subject;
	GString *body, *expected; /* a letter for each line, '.' where it may be anything */
} Case;

static GArray *cases;

static void
read_cases(void)
{
	g_autofree char *path = unit_path("tests/data/message/lines.txt"), *text = NULL;

	cases = g_array_new(FALSE, FALSE, sizeof(Case));
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (gsize i = 0; lines[i] != NULL; i++) {
		const char *line = lines[i], *bar = strchr(line, '|');
		if (g_str_has_prefix(line, "=== ")) {
			g_auto(GStrv) head = g_strsplit(line + 4, " | ", 2);
			Case one = { .label = g_strdup(head[0]), .subject = g_strdup(head[1] != NULL ? head[1] : ""),
			             .body = g_string_new(NULL), .expected = g_string_new(NULL) };
			g_array_append_val(cases, one);
		} else if (bar != NULL && bar - line <= 1 && cases->len > 0) {
			Case *one = &g_array_index(cases, Case, cases->len - 1);
			g_string_append_c(one->expected, bar == line ? '.' : line[0]);
			g_string_append_printf(one->body, "%s\n", bar + 1);
		}
	}
}

START_TEST(kinds_of_lines)
{
	const Case *one = &g_array_index(cases, Case, _i);
	g_autoptr(Message) m = message_from_text(one->subject, one->body->str);
	g_autoptr(GString) shown = g_string_new(NULL);
	gsize n;
	const Line *lines = message_lines(m, &n);
	gboolean wrong = n != one->expected->len;

	for (gsize i = 0; i < n; i++) {
		char expected = i < one->expected->len ? one->expected->str[i] : '?';
		char got = LETTERS[lines[i].kind];
		gboolean miss = expected != '.' && expected != got;
		wrong |= miss;
		g_string_append_printf(shown, "%s%c|%s\n", miss ? ">>> " : "    ", got, lines[i].text);
	}
	ck_assert_msg(!wrong, "%s:\n%s", one->label, shown->str);
}
END_TEST

START_TEST(cases_are_there)
{
	ck_assert_uint_ge(cases->len, LEAST_CASES);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("lines");
	TCase *table = tcase_create("table");

	read_cases();
	tcase_add_loop_test(table, kinds_of_lines, 0, cases->len);
	tcase_add_test(table, cases_are_there);
	suite_add_tcase(suite, table);
	return unit_run(suite);
}
