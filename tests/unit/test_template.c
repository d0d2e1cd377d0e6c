/* test_template.c - the template language: choosing, rendering, wrapping, and every error at its
 * line. */
#include "config.h"

#include <string.h>

#include "aardig/error.h"
#include "unit.h"
#include "words/template.h"

static const char *const roots[] = { "main", NULL };

static TemplateSet *
read_set(const char *text, const char *rel, Diagnostics *diag)
{
	TemplateSet *set = template_set_new("nl");

	template_set_read(set, "t.txt", rel, text, strlen(text), diag);
	if (diagnostics_errors(diag) == 0)
		template_set_check(set, roots, diag);
	return set;
}

/* ---- errors ---- */

static const struct {
	const char *what, *text, *line; /* the first diagnostic, whole */
} errors[] = {
	{ "unknown variable", "[main]\nHallo\n{{ordernumber|x}}\n",
	  "t.txt:3: error: no variable named {{ordernumber}} (did you mean {{order_number}}?)" },
	{ "unknown variable, nothing near", "[main]\n{{weather}}\n",
	  "t.txt:2: error: no variable named {{weather}} (aardig-templates(5) lists them)" },
	{ "may be missing", "# kop\n\n[main]\nBestelling {{order_number}}.\n",
	  "t.txt:4: error: {{order_number}} can be missing: give a fallback, {{order_number|...}}, or put "
	  "{{#order_number}} ... {{/order_number}} around it" },
	{ "may be missing, in the inverted section", "[main]\n{{^order_number}}{{order_number}}{{/order_number}}\n",
	  "t.txt:2: error: {{order_number}} can be missing: give a fallback, {{order_number|...}}, or put "
	  "{{#order_number}} ... {{/order_number}} around it" },
	{ "not for this file", "[main]\nOver: {{subject|niets}}\n",
	  "t.txt:2: error: {{subject}} cannot be used in this file (see aardig-templates(5) for what can)" },
	{ "unclosed section", "[main]\na\n{{#order_number}}\nb\n\n",
	  "t.txt:3: error: the section {{#order_number}} is not closed: {{/order_number}} is missing" },
	{ "unclosed inverted section", "[main]\n{{^first_name}}b\n",
	  "t.txt:2: error: the section {{^first_name}} is not closed: {{/first_name}} is missing" },
	{ "closed wrongly", "[main]\n{{#order_number}}\nb\n{{/first_name}}\n{{/order_number}}\n",
	  "t.txt:4: error: {{/first_name}} where {{/order_number}} is expected (opened in line 2)" },
	{ "closes nothing", "[main]\nb {{/ask}}\n",
	  "t.txt:2: error: {{/ask}} closes nothing (there is no {{#ask}} before it)" },
	{ "empty section", "[main]\nb {{#ask}}{{/ask}}\n", "t.txt:2: error: the section {{#ask}} is empty" },
	{ "tag over two lines", "[main]\nBeste {{first\n_name}}\n", "t.txt:2: error: {{ without }} in the same line" },
	{ "stray end", "[main]\nBeste first_name}},\n", "t.txt:2: error: }} without {{" },
	{ "empty tag", "[main]\nBeste {{ }},\n", "t.txt:2: error: {{ }} has no name" },
	{ "empty fallback", "[main]\nBeste {{first_name|}},\n",
	  "t.txt:2: error: the fallback of {{first_name}} is empty" },
	{ "a list as a value", "[main]\n{{remedies|x}}\n",
	  "t.txt:2: error: {{remedies}} cannot be used in this file (see aardig-templates(5) for what can)" },
	{ "item outside a list", "[main]\n{{#ask}}{{.}}{{/ask}}\n",
	  "t.txt:2: error: {{.}} stands outside the section of a list" },
	{ "unknown block", "[main]\na\n{{> thank}}\n[thanks]\nb\n",
	  "t.txt:3: error: there is no block [thank] (did you mean [thanks]?)" },
	{ "unknown block, nothing near", "[main]\n{{> farewell}}\n",
	  "t.txt:2: error: there is no block [farewell] (write one, or copy the file from the shipped "
	  "templates)" },
	{ "bad block name in an include", "[main]\n{{> Two words}}\n",
	  "t.txt:2: error: 'Two words' is no name of a block (small letters, digits, - and _)" },
	{ "circle of one", "[main]\na\nb {{> main}}\n",
	  "t.txt:3: error: {{> main}} goes round in a circle: [main] includes itself" },
	{ "circle of three", "[main]\n{{> a}}\n[a]\nx {{> b}}\n[b]\ny\nz {{> a}}\n",
	  "t.txt:7: error: {{> a}} goes round in a circle: [a] includes itself" },
	{ "empty block", "[main]\n\n# niets\n\n[other]\nx\n", "t.txt:1: error: the block [main] is empty" },
	{ "text before the first block", "# kop\nHallo\n[main]\nx\n",
	  "t.txt:2: error: text before the first [block]" },
	{ "block twice", "[main]\nx\n[main]\ny\n",
	  "t.txt:3: error: the block [main] is here a second time for the same mails (first in t.txt:1)" },
	{ "block twice by overlap", "[main]\nx\n[main tone=angry]\ny\n[main tone=neutral,angry]\nz\n",
	  "t.txt:5: error: the block [main] is here a second time for the same mails (first in t.txt:3)" },
	{ "header without end", "[main\nx\n", "t.txt:1: error: the line of a block's name ends in ]" },
	{ "bad block name", "[Main]\nx\n",
	  "t.txt:1: error: 'Main' is no name of a block (small letters, digits, - and _)" },
	{ "unknown condition", "[main tome=angry]\nx\n",
	  "t.txt:1: error: a block cannot be chosen by 'tome' (did you mean 'tone'?)" },
	{ "condition without values", "[main tone]\nx\n",
	  "t.txt:1: error: 'tone' needs one list of values: tone=..." },
	{ "again with values", "[main again=no]\nx\n", "t.txt:1: error: 'again' stands alone and once" },
	{ "misspelt tone", "[main tone=angrey]\nx\n",
	  "t.txt:1: error: no tone named 'angrey' (did you mean 'angry'?)" },
	{ "unknown kind", "[main kind=jolly]\nx\n", "t.txt:1: error: no kind named 'jolly'" },
	{ "no block without condition", "[main tone=angry]\nx\n",
	  "t.txt:1: error: there is no [main] without a condition, for the mails that fit none" },
	{ "link", "[main]\nZie\nhttps://winkel.example/faq\n",
	  "t.txt:3: error: a link has no place in an automatic mail (say where to look, or let a person "
	  "send it)" },
	{ "control character", "[main]\nx\n\001y\n", "t.txt:3: error: holds a control character" },
	{ "a lone carriage return", "[main]\nx\ry\n", "t.txt:2: error: holds a control character" },
	{ "not UTF-8", "[main]\nx\ncaf\xe9\n", "t.txt:3: error: is not UTF-8 (save the file as UTF-8)" },
	{ "missing root", "[other]\nx\n", "nl: error: the block [main] is missing in this language" },
	{ "too deep",
	  "[main]\n{{#ask}}{{#ask}}{{#ask}}{{#ask}}{{#ask}}{{#ask}}{{#ask}}{{#ask}}{{#ask}}x\n",
	  "t.txt:2: error: sections are nested more than 8 deep" },
	{ "unused", "[main]\nx\n[mein]\ny\n",
	  "t.txt:3: warning: the block [mein] is used nowhere (did you mean [main]?)" },
};

START_TEST(test_error)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(TemplateSet) set = read_set(errors[_i].text, "t.txt", diag);

	ck_assert_msg(diagnostics_count(diag) > 0, "%s: no error", errors[_i].what);
	ck_assert_str_eq(diagnostics_line(diag, 0), errors[_i].line);
}
END_TEST

/* All errors of a file in one run. */
START_TEST(test_all_errors)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(TemplateSet) set = read_set("[main tome=x]\na\n[b]\n{{first_name}}\n{{shopp}}\n[c]\n",
	                                      "t.txt", diag);

	ck_assert_uint_eq(diagnostics_errors(diag), 4);
	ck_assert(g_str_has_prefix(diagnostics_line(diag, 0), "t.txt:1: "));
	ck_assert(g_str_has_prefix(diagnostics_line(diag, 1), "t.txt:4: "));
	ck_assert(g_str_has_prefix(diagnostics_line(diag, 2), "t.txt:5: "));
	ck_assert(g_str_has_prefix(diagnostics_line(diag, 3), "t.txt:6: "));
}
END_TEST

/* Ticket text can hold what a customer wrote; no acknowledgement may reach it. */
START_TEST(test_wall)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(TemplateSet) set = template_set_new("nl");
	const char *ack = "[main]\nx\n{{> note}}\n", *ticket = "[note]\n{{subject|-}}\n";

	template_set_read(set, "ack.txt", "ack.txt", ack, strlen(ack), diag);
	template_set_read(set, "ticket.txt", "ticket.txt", ticket, strlen(ticket), diag);
	ck_assert_uint_eq(diagnostics_errors(diag), 0);
	template_set_check(set, roots, diag);
	ck_assert_str_eq(diagnostics_line(diag, 0),
	                 "ack.txt:3: error: [note] of ticket.txt cannot be used in this file");
}
END_TEST

/* ---- rendering ---- */

static const struct {
	const char *what, *rel, *text, *out;
} rendered[] = {
	{ "value", "t.txt", "[main]\nBeste {{first_name|klant}},\n", "Beste Anne,\n" },
	{ "fallback", "t.txt", "[main]\nOp {{deadline|een dag}}.\n", "Op een dag.\n" },
	{ "section", "t.txt", "[main]\na{{#order_number}} over {{order_number}}{{/order_number}}.\n", "a over 12-34.\n" },
	{ "section away", "t.txt", "[main]\na{{#deadline}} voor {{deadline}}{{/deadline}}.\n", "a.\n" },
	{ "inverted", "t.txt", "[main]\n{{^deadline}}geen{{/deadline}}{{^shop}}x{{/shop}} tijd\n", "geen tijd\n" },
	{ "block in a sentence", "t.txt", "[what]\nuw bestelling\n\n[main]\nOver {{> what}}.\n", "Over uw bestelling.\n" },
	{ "line ends are blanks", "t.txt", "[main]\neen\ntwee\n   drie\n", "een twee drie\n" },
	{ "paragraphs", "t.txt", "[main]\n\n\neen\n\n\n\ntwee\n\n", "een\n\ntwee\n" },
	{ "empty section leaves no gap", "t.txt", "[main]\neen\n\n{{#deadline}}\nx\n\n{{/deadline}}\ntwee\n", "een\n\ntwee\n" },
	{ "kept line end", "t.txt", "[main]\nGroet,\\\n{{shop}}\n", "Groet,\nTheewinkel\n" },
	{ "items", "t.txt", "[main]\nDit:\n- een\n- twee\n  en meer\n\nNa\n", "Dit:\n- een\n- twee en meer\n\nNa\n" },
	{ "numbers are counted", "t.txt", "[main]\n1. een\n1. twee\n7. drie\n", "1. een\n2. twee\n3. drie\n" },
	{ "numbers begin anew", "t.txt", "[main]\n1. een\n\ntekst\n\n1. een\n", "1. een\n\ntekst\n\n1. een\n" },
	{ "item after a section mark", "t.txt", "[main]\n{{#shop}}1. een{{/shop}}\n", "1. een\n" },
	{ "comment inside", "t.txt", "[main]\neen\n# nee\ntwee\n", "een twee\n" },
	{ "escaped mark", "t.txt", "[main]\n\\# een\n", "# een\n" },
	{ "slot at the beginning of a line", "t.txt", "[main]\n[[datum]] is goed\n", "[[datum]] is goed\n" },
	{ "windows line ends", "t.txt", "\xef\xbb\xbf[main]\r\neen\r\n\r\ntwee\r\n", "een\n\ntwee\n" },
	{ "list", "reply.txt", "[main]\n{{#remedies}}\n1. {{.}}\n{{/remedies}}\n", "1. refund\n2. repair\n" },
	{ "list chooses blocks", "reply.txt",
	  "[main]\n{{#remedies}}\n- {{> name}}\n{{/remedies}}\n[name]\niets\n[name remedy=repair]\nmaken\n",
	  "- iets\n- maken\n" },
	{ "empty list", "ticket.txt", "[main]\na{{#reasons}}x{{/reasons}}{{^reasons}}b{{/reasons}}\n", "ab\n" },
	{ "the one that says most", "t.txt", "[main]\na\n[main tone=angry]\nb\n[main type=damaged]\nc\n", "c\n" },
	{ "two conditions beat one", "t.txt", "[main]\na\n[main type=damaged]\nc\n[main type=damaged tone=angry]\nd\n", "d\n" },
	{ "kind beats all", "t.txt", "[main]\na\n[main type=damaged tone=angry]\nd\n[main kind=threat]\ne\n", "e\n" },
	{ "one of several values", "t.txt", "[main]\na\n[main tone=neutral,angry]\nb\n", "b\n" },
	{ "does not fit", "t.txt", "[main]\na\n[main tone=neutral]\nb\n[main again]\nc\n", "a\n" },
	{ "wrapped at 72", "t.txt",
	  "[main]\nEen zin die lang genoeg is om over de rand van tweeenzeventig tekens te lopen, en verder.\n",
	  "Een zin die lang genoeg is om over de rand van tweeenzeventig tekens te\nlopen, en verder.\n" },
	{ "items hang", "t.txt",
	  "[main]\n1. Een zin die lang genoeg is om over de rand van tweeenzeventig tekens te lopen.\n",
	  "1. Een zin die lang genoeg is om over de rand van tweeenzeventig tekens\n   te lopen.\n" },
	{ "French signs do not begin a line", "t.txt",
	  "[main]\nPourriez-vous nous envoyer une photo de tout ce que vous avez reçu hier ? Merci.\n",
	  "Pourriez-vous nous envoyer une photo de tout ce que vous avez reçu\nhier ? Merci.\n" },
	{ "characters are counted, not bytes", "t.txt",
	  "[main]\nééééééééé ééééééééé ééééééééé ééééééééé ééééééééé ééééééééé ééééééééé éé e\n",
	  "ééééééééé ééééééééé ééééééééé ééééééééé ééééééééé ééééééééé ééééééééé éé\ne\n" },
	{ "tabs and many blanks", "t.txt", "[main]\na\t\tb    c\n", "a b c\n" },
};

static void
fill(Values *values)
{
	values_set(values, VAR_SHOP, "Theewinkel");
	values_set(values, VAR_FIRST_NAME, "Anne");
	values_set(values, VAR_ORDER_NUMBER, "12-34");
	values_add(values, VAR_REMEDIES, "refund");
	values_add(values, VAR_REMEDIES, "repair");
	values->select[SELECT_TONE] = "angry";
	values->select[SELECT_TYPE] = "damaged";
	values->select[SELECT_KIND] = "threat";
}

START_TEST(test_render)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(TemplateSet) set = read_set(rendered[_i].text, rendered[_i].rel, diag);
	g_autoptr(GError) error = NULL;
	g_auto(Values) values = { 0 };

	fill(&values);
	ck_assert_msg(diagnostics_errors(diag) == 0, "%s: %s", rendered[_i].what,
	              diagnostics_errors(diag) > 0 ? diagnostics_line(diag, 0) : "");
	g_autofree char *out = template_render(set, "main", &values, TRUE, &error);
	ck_no_error(error);
	ck_assert_str_eq(out, rendered[_i].out);
	/* rendering again gives the same: nothing is used up */
	g_autofree char *twice = template_render(set, "main", &values, TRUE, &error);
	ck_assert_str_eq(twice, out);
}
END_TEST

/* What a value holds is text: no tag, no mark, no line of its own. */
static const struct {
	const char *value, *out;
} hostile[] = {
	{ "{{shop}}", "[{{shop}}]\n" },
	{ "{{> main}}", "[{{> main}}]\n" },
	{ "a\r\nBcc: x@example.org\r\n\r\nb", "[a Bcc: x@example.org b]\n" },
	{ "\001\002\003\004- x", "[- x]\n" },
	{ "1. een", "[1. een]\n" },
	{ "%s%n%999999d", "[%s%n%999999d]\n" },
	{ "a\xe2\x80\xa8" "b\xe2\x80\xae" "c", "[a b c]\n" },
	{ "lat\xe9n", "[lat\xef\xbf\xbdn]\n" },
	{ "   ", "[leeg]\n" },
	{ "", "[leeg]\n" },
	{ "\n", "[leeg]\n" },
};

START_TEST(test_hostile_value)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(TemplateSet) set = read_set("[main]\n\\[{{first_name|leeg}}]\n", "t.txt", diag);
	g_auto(Values) values = { 0 };

	values_set(&values, VAR_FIRST_NAME, hostile[_i].value);
	g_autofree char *out = template_render(set, "main", &values, TRUE, NULL);
	ck_assert_str_eq(out, hostile[_i].out);
}
END_TEST

START_TEST(test_bounds)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(TemplateSet) set = read_set("[main]\n{{first_name|leeg}} {{#remedies}}{{.}}{{/remedies}}\n",
	                                      "reply.txt", diag);
	g_autoptr(GString) text = g_string_new(NULL), blocks = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_auto(Values) values = { 0 };

	/* A name of 50 KB, a list without end. */
	for (int i = 0; i < 50 * 1024; i++)
		g_string_append_c(text, 'x');
	values_set(&values, VAR_FIRST_NAME, text->str);
	for (int i = 0; i < 5000; i++)
		values_add(&values, VAR_REMEDIES, "abc");
	g_autofree char *out = template_render(set, "main", &values, TRUE, &error);
	ck_assert_uint_le(strlen(out), 2000 + 50 * 3 + 10);

	/* Blocks that double at every step. */
	g_string_append(blocks, "[main]\n{{> b0}}\n");
	for (int i = 0; i < 14; i++)
		g_string_append_printf(blocks, "[b%d]\n{{> b%d}} {{> b%d}}\n", i, i + 1, i + 1);
	g_string_append(blocks, "[b14]\nabcdefghijklmnopqrstuvwxyz\n");
	g_autoptr(TemplateSet) bomb = read_set(blocks->str, "t.txt", diag);
	ck_assert_uint_eq(diagnostics_errors(diag), 0);
	ck_assert_ptr_null(template_render(bomb, "main", &values, TRUE, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
}
END_TEST

START_TEST(test_nothing_fits)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(TemplateSet) set = read_set("[main]\na {{> b}}\n[b]\n{{#deadline}}x{{/deadline}}\n", "t.txt",
	                                      diag);
	g_autoptr(GError) error = NULL;
	g_auto(Values) values = { 0 };

	ck_assert_uint_eq(diagnostics_errors(diag), 0);
	ck_assert_ptr_null(template_render(set, "main", &values, TRUE, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
	ck_assert_str_eq(error->message, "t.txt:3: the text [b] is empty for this mail; nothing was written");
	g_clear_error(&error);
	ck_assert_ptr_null(template_render(set, "nowhere", &values, TRUE, &error));
	ck_assert(g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT));
	g_clear_error(&error);
	/* always there by contract, but not given: an error, never a gap */
	g_autoptr(TemplateSet) shop = read_set("[main]\n{{shop}}\n", "t.txt", diag);
	ck_assert_ptr_null(template_render(shop, "main", &values, TRUE, &error));
	ck_assert_str_eq(error->message, "{{shop}} has no value; nothing was written");
}
END_TEST

START_TEST(test_one_line)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(GError) error = NULL;
	g_auto(Values) values = { 0 };

	values_set(&values, VAR_TICKET, "T7");
	ck_assert(template_check_line("Ontvangen [{{ticket}}]", FOR_ACK, "aardig.conf", 12, diag));
	g_autofree char *out = template_render_line("Ontvangen [{{ticket}}]", FOR_ACK, &values, &error);
	ck_assert_str_eq(out, "Ontvangen [T7]");
	ck_assert(!template_check_line("Ontvangen {{tikcet}}", FOR_ACK, "aardig.conf", 12, diag));
	ck_assert_str_eq(diagnostics_line(diag, 0),
	                 "aardig.conf:12: error: no variable named {{tikcet}} (did you mean {{ticket}}?)");
	ck_assert(!template_check_line("a {{> b}}", FOR_ACK, "aardig.conf", 12, diag));
	ck_assert(!template_check_line("a\nb", FOR_ACK, "aardig.conf", 12, diag));
	ck_assert(!template_check_line("", FOR_ACK, "aardig.conf", 12, diag));
	ck_assert_ptr_null(template_render_line("x {{", FOR_ACK, &values, &error));
	ck_assert_ptr_nonnull(error);
}
END_TEST

/* An own file stands before the shipped one: its blocks replace those of the same name, with all
 * their conditions; what it does not name is taken from the shipped file. */
START_TEST(test_override)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	g_autoptr(TemplateSet) set = template_set_new("nl");
	const char *own = "[main]\neigen {{> rest}}\n";
	const char *shipped = "[main]\nx\n[main tone=angry]\ny\n[rest]\nmeegeleverd\n";
	g_auto(Values) values = { .select = { [SELECT_TONE] = "angry" } };

	template_set_read(set, "own/t.txt", "t.txt", own, strlen(own), diag);
	template_set_read(set, "shipped/t.txt", "t.txt", shipped, strlen(shipped), diag);
	template_set_check(set, roots, diag);
	ck_assert_uint_eq(diagnostics_count(diag), 0);
	g_autofree char *out = template_render(set, "main", &values, TRUE, NULL);
	ck_assert_str_eq(out, "eigen meegeleverd\n");

	/* another file may not say the same again */
	template_set_read(set, "own/u.txt", "u.txt", "[rest]\nz\n", 9, diag);
	ck_assert_str_eq(diagnostics_line(diag, 0), "own/u.txt:1: error: the block [rest] is here a second "
	                 "time for the same mails (first in shipped/t.txt:5)");
}
END_TEST

/* aardig-templates(5) names every variable, every condition and every value of a closed list. */
START_TEST(test_manual)
{
	g_autofree char *path = unit_path("doc/aardig-templates.5");
	g_autofree char *text = NULL;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	g_auto(GStrv) words = g_strsplit_set(text, " \n", -1);
	for (gsize i = 0; i < N_VARIABLES; i++)
		ck_assert_msg(g_strv_contains((const char *const *) words, variables[i].name),
		              "the manual does not name {{%s}}", variables[i].name);
	for (gsize key = 0; key < N_SELECTORS; key++) {
		ck_assert_msg(g_strv_contains((const char *const *) words, selectors[key].name),
		              "the manual does not name %s", selectors[key].name);
		for (gsize v = 0; key >= SELECT_REMEDY && !selectors[key].flag && selectors[key].values[v]; v++)
			ck_assert_msg(g_strv_contains((const char *const *) words, selectors[key].values[v]),
			              "the manual does not name %s=%s", selectors[key].name,
			              selectors[key].values[v]);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("template");
	TCase *tcase = tcase_create("template");

	tcase_add_loop_test(tcase, test_error, 0, G_N_ELEMENTS(errors));
	tcase_add_test(tcase, test_all_errors);
	tcase_add_test(tcase, test_wall);
	tcase_add_loop_test(tcase, test_render, 0, G_N_ELEMENTS(rendered));
	tcase_add_loop_test(tcase, test_hostile_value, 0, G_N_ELEMENTS(hostile));
	tcase_add_test(tcase, test_bounds);
	tcase_add_test(tcase, test_nothing_fits);
	tcase_add_test(tcase, test_one_line);
	tcase_add_test(tcase, test_override);
	tcase_add_test(tcase, test_manual);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
