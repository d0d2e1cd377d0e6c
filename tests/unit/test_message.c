/* test_message.c - a mail taken apart: header, addresses, charsets, parts, attachments. */
#include <string.h>

#include "aardig/message.h"
#include "unit.h"

static Message *
parse_bytes(const char *text, gsize len)
{
	g_autoptr(GBytes) raw = g_bytes_new(text, len);

	return message_parse(raw);
}

static Message *
parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

#define HEAD "From: Jan <jan@klant.example>\n"

START_TEST(plain_mail)
{
	g_autoptr(Message) m = parse("From: Jan de Vries <Jan@Klant.Example>\r\n"
	                             "Subject: =?utf-8?Q?Gebroken_vaas_=E2=80=93?=\r\n bestelling 12\r\n"
	                             "Message-ID: <a.1@klant.example>\r\n\r\nHallo,\r\nkapot!\r\n");
	const GPtrArray *from = message_addresses(m, "from");

	ck_assert_ptr_null(message_defect(m));
	ck_assert_str_eq(message_subject(m), "Gebroken vaas – bestelling 12");
	ck_assert_str_eq(message_id(m), "a.1@klant.example");
	ck_assert_str_eq(message_visible_text(m), "Hallo,\nkapot!");
	ck_assert_str_eq(message_content_type(m), "text/plain");
	ck_assert_uint_eq(from->len, 1);
	const Address *jan = from->pdata[0];
	ck_assert_str_eq(jan->name, "Jan de Vries");
	ck_assert_str_eq(jan->local, "Jan");
	ck_assert_str_eq(jan->domain, "klant.example");
}
END_TEST

START_TEST(from_text)
{
	g_autoptr(Message) m = message_from_text("Klacht", "Kapot!\n\n> Op maandag\n> hoi");

	ck_assert_str_eq(message_subject(m), "Klacht");
	ck_assert_str_eq(message_visible_text(m), "Kapot!");
	ck_assert_str_eq(message_quoted_text(m), "> Op maandag\n> hoi");
	ck_assert_uint_eq(message_headers(m), 0);
	ck_assert_uint_eq(message_addresses(m, "From")->len, 0);
}
END_TEST

/* --- the header ------------------------------------------------------------ */

static const struct {
	const char *label, *raw, *field, *value, *visible;
} headers[] = {
	{ "folded", "Subject: a\n b\n\tc\n\nx", "Subject", "a b c", "x" },
	{ "folded with CR LF", "Subject: a\r\n b\r\n\r\nx", "Subject", "a b", "x" },
	{ "case of names", "sUBJECT: a\n\nx", "Subject", "a", "x" },
	{ "blank before colon", "Subject : a\n\nx", "subject", "a", "x" },
	{ "value empty", "Subject:\nX: y\n\nx", "Subject", "", "x" },
	{ "value only blanks", "Subject:  \n  \n\nx", "Subject", "", "x" },
	{ "value on the next line", "Subject:\n a\n\nx", "Subject", "a", "x" },
	{ "leading blank line", "\nSubject: a\n\nx", "Subject", "a", "x" },
	{ "leading blank lines with CR LF", "\r\n\r\nSubject: a\r\n\r\nx", "Subject", "a", "x" },
	{ "leading line of blanks", "  \t\nSubject: a\n\nx", "Subject", "a", "x" },
	{ "byte order mark", "\357\273\277Subject: a\n\nx", "Subject", "a", "x" },
	{ "From line", "From jan@x.example Mon Jun  2 10:00:00 2025\nSubject: a\n\nx", "Subject",
	  "a", "x" },
	{ "From line, then a blank line", "From jan@x.example Mon\n\nSubject: a\n\nx", "Subject",
	  "a", "x" },
	{ ">From line", ">From jan@x.example Mon\nSubject: a\n\nx", "Subject", "a", "x" },
	{ "From field with a blank", "From : a@b.example\nSubject: a\n\nx", "From", "a@b.example",
	  "x" },
	{ "broken line between", "Subject: a\nno field at all\nX-A: b\n\nx", "X-A", "b", "x" },
	{ "broken line keeps its folds", "Subject: a\nno field\n more\n\nx", "Subject", "a", "x" },
	{ "lone CR in a value", "Subject: a\rBcc: b\n\nx", "Subject", "a Bcc: b", "x" },
	{ "lone CR makes no field", "Subject: a\rBcc: b\n\nx", "Bcc", NULL, "x" },
	{ "only lone CRs", "Subject: a\rX-A: b\r\rx\ry", "X-A", "b", "x\ny" },
	{ "latin-1 in a value", "Subject: caf\351\n\nx", "Subject", "café", "x" },
	{ "UTF-8 in a value", "Subject: caf\303\251\n\nx", "Subject", "café", "x" },
	{ "no body", "Subject: a\n", "Subject", "a", "" },
	{ "no newline at all", "Subject: a", "Subject", "a", "" },
	{ "end without newline", "Subject: a\nX-A: b", "X-A", "b", "" },
	{ "colon in front", ": a\nX-A: b\n\nx", "X-A", NULL, ": a\nX-A: b\n\nx" },
	{ "8-bit field name", "X-\303\251: a\nX-A: b\n\nx", "X-A", NULL, "X-é: a\nX-A: b\n\nx" },
};

START_TEST(header_fields)
{
	g_autoptr(Message) m = parse(headers[_i].raw);
	const char *value = message_header(m, headers[_i].field, 0);

	if (headers[_i].value == NULL)
		ck_assert_msg(value == NULL, "%s: %s", headers[_i].label, value);
	else
		ck_assert_msg(g_strcmp0(value, headers[_i].value) == 0, "%s: '%s'", headers[_i].label, value);
	ck_assert_msg(strcmp(message_visible_text(m), headers[_i].visible) == 0, "%s: '%s'",
	              headers[_i].label, message_visible_text(m));
}
END_TEST

START_TEST(header_access)
{
	g_autoptr(Message) m = parse("Received: one\nReceived: two\nList-Id:\nSubject: a\n\nx");

	ck_assert_uint_eq(message_headers(m), 4);
	ck_assert_uint_eq(message_header_count(m, "received"), 2);
	ck_assert_str_eq(message_header(m, "Received", 1), "two");
	ck_assert_ptr_null(message_header(m, "Received", 2));
	ck_assert_str_eq(message_header(m, "List-Id", 0), "");
	ck_assert_str_eq(message_header(m, "Received", 0), "one");
	ck_assert_str_eq(message_header(m, "Subject", 0), "a");
}
END_TEST

START_TEST(header_nul)
{
	static const char raw[] = "Subject: a\0b\nMessage-ID: <a\0b@c.example>\n"
	                          "From: a@b.example\0.evil.example\n\nx\0y";
	g_autoptr(Message) m = parse_bytes(raw, sizeof(raw) - 1);

	ck_assert_str_eq(message_subject(m), "ab");
	ck_assert_ptr_null(message_id(m));
	ck_assert_uint_eq(message_addresses(m, "From")->len, 0);
	ck_assert_str_eq(message_visible_text(m), "xy");
}
END_TEST

static const struct {
	const char *line, *sender;
} envelope_lines[] = {
	{ "From jan@x.example Mon Jun  2 10:00:00 2025\n", "jan@x.example" },
	{ "From jan@x.example\r\n", "jan@x.example" },
	{ "From \"jan de\"@x.example Mon Jun\n", "\"jan de\"@x.example" },
	{ "From MAILER-DAEMON Mon Jun\n", "MAILER-DAEMON" },
	{ "From <> Mon Jun\n", "" },
	{ "From - Mon Jun  2 10:00:00 2025\n", NULL },
	{ "From ???@??? Mon Jun  2 10:00:00 2025\n", NULL },
	{ "From   \n", NULL },
	{ "From \n", NULL },
	{ "", NULL },
};

START_TEST(envelope_line)
{
	g_autofree char *raw = g_strconcat(envelope_lines[_i].line, "Subject: a\n\nx", NULL);
	g_autoptr(Message) m = parse(raw);

	ck_assert_pstr_eq(message_envelope_line_sender(m), envelope_lines[_i].sender);
	ck_assert_str_eq(message_subject(m), "a");
}
END_TEST

static const struct {
	const char *value, *id;
} ids[] = {
	{ "<a@b>", "a@b" },
	{ "  <a@b>  (comment)", "a@b" },
	{ "\n <a@b>", "a@b" },
	{ "< a@b >", "a@b" },
	{ "a@b", "a@b" },
	{ "<a b@c>", NULL },
	{ "a b", NULL },
	{ "<>", NULL },
	{ "", NULL },
	{ "<a", NULL },
	{ "<\001@b>", NULL },
};

START_TEST(message_ids)
{
	g_autofree char *raw = g_strdup_printf("Message-ID: %s\n\nx", ids[_i].value);
	g_autoptr(Message) m = parse(raw);

	ck_assert_pstr_eq(message_id(m), ids[_i].id);
}
END_TEST

START_TEST(references)
{
	g_autoptr(Message) m = parse("References: <a@x> <b@x>\n <c@x><a@x> junk <not usable>\n"
	                             "In-Reply-To: <d@x> \"of Monday\"\n\nx");
	g_autoptr(Message) bare = parse("In-Reply-To: a@x\n\nx");
	const char *const *r = message_references(m);
	g_autofree char *all = g_strjoinv(" ", (char **) r);

	ck_assert_str_eq(all, "a@x b@x c@x d@x");
	ck_assert_str_eq(message_references(bare)[0], "a@x");
}
END_TEST

START_TEST(many_references)
{
	g_autoptr(GString) raw = g_string_new("References:");
	for (int i = 0; i < 150; i++)
		g_string_append_printf(raw, " <%d@x>", i);
	g_string_append(raw, "\n\nx");
	g_autoptr(Message) m = parse(raw->str);
	const char *const *r = message_references(m);

	ck_assert_uint_eq(g_strv_length((char **) r), 100);
	ck_assert_str_eq(r[0], "50@x");
	ck_assert_str_eq(r[99], "149@x");
}
END_TEST

static const struct {
	const char *field, *subject;
} subjects[] = {
	{ "plain", "plain" },
	{ "  a   b\t c ", "a b c" },
	{ "=?utf-8?Q?caf=C3=A9?=", "café" },
	{ "=?UTF-8?B?Y2Fmw6k=?=", "café" },
	{ "=?UTF-8?B?Y2Fmw6k?=", "café" },
	{ "=?iso-8859-1?q?caf=E9?= au lait", "café au lait" },
	{ "=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab" },
	{ "=?utf-8?Q?a?=\n =?iso-8859-1?Q?=E9?=", "aé" },
	{ "=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€" },     /* one character in two words */
	{ "=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=", "€" },
	{ "=?utf-8?Q?=E9t=E9?=", "été" },                  /* the label lies */
	{ "=?iso-8859-1?Q?=C3=A9?=", "é" },
	{ "=?us-ascii?Q?=E9?=", "é" },
	{ "=?x-unknown?Q?=E9?=", "é" },
	{ "=?windows-1252?Q?=80_5?=", "€ 5" },
	{ "=?iso-8859-1?Q?=80_5?=", "€ 5" },
	{ "=?iso-8859-15?q?=A4?=", "€" },
	{ "=?UTF-8*nl?Q?x=C3=A9?=", "xé" },
	{ "=?utf-8?Q?een twee?= drie", "een twee drie" },
	{ "=?utf-8?q?zonder einde", "=?utf-8?q?zonder einde" },
	{ "=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x" },
	{ "=?utf-8?Q?a=00b?=", "ab" },
	{ "caf\303\203\302\251", "café" },
	{ "=?utf-8?B?" "?=", "" },
	{ "a =?b", "a =?b" },
};

START_TEST(decoded_subject)
{
	g_autofree char *raw = g_strdup_printf("Subject: %s\n\nx", subjects[_i].field);
	g_autoptr(Message) m = parse(raw);

	ck_assert_str_eq(message_subject(m), subjects[_i].subject);
}
END_TEST

START_TEST(dates)
{
	g_autoptr(Message) m = parse("Received: from a by b\n\tid 1; Mon, 2 Jun 2025 10:00:03 +0200\n"
	                             "Received: from c; Mon, 2 Jun 2025 09:00:00 +0200\n"
	                             "Date: Mon, 2 Jun 2025 10:00:00 +0200\n\nx");
	g_autoptr(Message) none = parse("Received: nothing\nDate: gisteren\n\nx");

	ck_assert_int_eq(message_date(m), 1748851200);
	ck_assert_int_eq(message_received(m), 1748851203);
	ck_assert_int_eq(message_date(none), 0);
	ck_assert_int_eq(message_received(none), 0);

	/* Nobody mailed before 1980; a clock that says 2100 is wrong. */
	g_autoptr(Message) early = parse("Date: Mon, 1 Jan 1979 10:00:00 +0000\n\nx");
	g_autoptr(Message) late = parse("Date: Fri, 1 Jan 2100 00:00:00 +0000\n\nx");
	g_autoptr(Message) last = parse("Date: Thu, 31 Dec 2099 23:59:59 +0000\n\nx");
	ck_assert_int_eq(message_date(early), 0);
	ck_assert_int_eq(message_date(late), 0);
	ck_assert_int_eq(message_date(last), G_GINT64_CONSTANT(4102444799));
}
END_TEST

/* --- charsets -------------------------------------------------------------- */

static const struct {
	const char *label, *charset, *bytes, *text;
} charsets[] = {
	{ "utf-8", "utf-8", "caf\303\251", "café" },
	{ "none, utf-8", NULL, "caf\303\251", "café" },
	{ "none, latin-1", NULL, "caf\351", "café" },
	{ "utf-8 said, windows-1252 sent", "utf-8", "caf\351 \200 5", "café € 5" },
	{ "latin-1 said, utf-8 sent", "iso-8859-1", "caf\303\251", "café" },
	{ "latin-1 said, windows-1252 sent", "iso-8859-1", "\200 5 \223ja\224", "€ 5 “ja”" },
	{ "us-ascii said, utf-8 sent", "us-ascii", "caf\303\251", "café" },
	{ "latin-9", "iso-8859-15", "\244 5", "€ 5" },
	{ "windows-1250 said, utf-8 sent", "windows-1250", "caf\303\251", "café" },
	{ "unknown", "x-nonsense", "caf\351", "café" },
	{ "a path for iconv", "../../x//TRANSLIT", "caf\351", "café" },
	{ "both in one mail", "utf-8", "caf\303\251 caf\351", "café café" },
	{ "mojibake", "utf-8", "caf\303\203\302\251", "café" },
	{ "mojibake twice", "utf-8", "caf\303\203\306\222\303\202\302\251", "café" },
	{ "mojibake of a euro", "utf-8",
	  "\303\242\342\202\254\342\204\242s \303\242\342\200\232\302\254 5", "’s € 5" },
	{ "mojibake of a", "utf-8", "\303\203\302\240 la", "à la" },
	{ "mojibake of i", "utf-8", "\303\203\302\255", "í" },
	{ "mojibake of an emoji", "utf-8", "\303\260\305\270\312\234", "ð\305\270\312\234" },
	{ "closing quote behind a capital", "utf-8", "\342\200\236\303\204\342\200\234", "„Ä“" },
	{ "a French capital", "utf-8", "\303\202ge \303\203", "Âge Ã" },
	{ "a name with both", "utf-8", "Jos\303\251 \303\203\302\251", "José é" },
	{ "no-break space", "utf-8", "a\302\240: b\342\200\257!", "a : b !" },
	{ "invisible characters", "utf-8", "a\342\200\213b\302\255c\357\273\277d", "abcd" },
	{ "direction of text", "utf-8", "a\342\200\256b", "ab" },
	{ "C1 control", "utf-8", "\302\200 5", "€ 5" },
	{ "line separator", "utf-8", "a\342\200\250b", "a\nb" },
	{ "half a character", "utf-8", "a\303", "aÃ" },
	{ "overlong", "utf-8", "a\300\257b", "aÀ¯b" },
	{ "surrogate", "utf-8", "\355\240\200", "í €" },
	{ "controls", "utf-8", "a\001\002b\033[0m", "ab[0m" },
	{ "utf-7", "utf-7", "caf+AOk-", "café" },
	{ "shift-jis", "shift_jis", "\203e", "テ" },
	{ "gb2312", "gb2312", "\326\320", "中" },
	{ "lone CR", "utf-8", "a\rb\r\nc", "a\nb\nc" },
};

START_TEST(charset_repair)
{
	g_autofree char *type = charsets[_i].charset == NULL ? g_strdup("") :
	    g_strdup_printf("Content-Type: text/plain; charset=\"%s\"\n", charsets[_i].charset);
	g_autofree char *raw = g_strconcat(HEAD, type, "\n", charsets[_i].bytes, NULL);
	g_autoptr(Message) m = parse(raw);

	ck_assert_msg(strcmp(message_visible_text(m), charsets[_i].text) == 0, "%s: '%s'",
	              charsets[_i].label, message_visible_text(m));
}
END_TEST

START_TEST(charset_utf16)
{
	static const char le[] = HEAD "Content-Type: text/plain; charset=utf-16\n\n\xFF\xFEh\0o\0i\0";
	static const char be[] = HEAD "Content-Type: text/plain; charset=utf-16be\n\n\0h\0o\0i";
	static const char lie[] = HEAD "Content-Type: text/plain; charset=utf-16\n\nhoi allemaal";
	g_autoptr(Message) a = parse_bytes(le, sizeof(le) - 1), b = parse_bytes(be, sizeof(be) - 1);
	g_autoptr(Message) c = parse_bytes(lie, sizeof(lie) - 1);

	ck_assert_str_eq(message_visible_text(a), "hoi");
	ck_assert_str_eq(message_visible_text(b), "hoi");
	ck_assert_str_eq(message_visible_text(c), "hoi allemaal");
}
END_TEST

/* --- addresses ------------------------------------------------------------- */

static const struct {
	const char *field;
	const char *list; /* "name|local|domain", ";" between them */
} address_fields[] = {
	{ "Jan <jan@x.example>", "Jan|jan|x.example" },
	{ "jan@X.Example", "|jan|x.example" },
	{ "jan@x.example (Jan)", "Jan|jan|x.example" },
	{ "\"Vries, Jan\" <jan@x.example>, piet@y.example",
	  "Vries, Jan|jan|x.example;|piet|y.example" },
	{ "Vries, Jan <jan@x.example>", "Jan|jan|x.example" },
	{ "info@winkel.example <klant@x.example>", "info@winkel.example|klant|x.example" },
	{ "groep: a@x.example, b@y.example;", "|a|x.example;|b|y.example" },
	{ "undisclosed-recipients:;", "" },
	{ "", "" },
	{ "<>", "" },
	{ "MAILER-DAEMON", "|MAILER-DAEMON|" },
	{ "\"jan de\"@x.example", "|jan de|x.example" },
	{ "jan@b\303\274cher.example", "|jan|xn--bcher-kva.example" },
	{ "jan@stra\303\237e.example", "|jan|xn--strae-oqa.example" },
	{ "jos\303\251@x.example", "|josé|x.example" },
	{ "=?utf-8?q?Jos=C3=A9?= <jan@x.example>", "José|jan|x.example" },
	{ "\"=?utf-8?q?Jos=C3=A9?=\" <jan@x.example>", "José|jan|x.example" },
	{ "=?utf-8?q?Jos=E9?= <jan@x.example>", "José|jan|x.example" },
	{ "Jos\351 <jan@x.example>", "José|jan|x.example" },
	{ "=?utf-8?q?Jan_=3Cevil=40y.example=3E=2C?= <jan@x.example>",
	  "Jan <evil@y.example>,|jan|x.example" },
	{ "=?utf-8?q?=22_=3Cevil=40y.example=3E=2C?= <jan@x.example>",
	  "\" <evil@y.example>,|jan|x.example" },
	{ "=?utf-8?q?evil=40y.example?=", "|evil@y.example|" },
	{ "'jan@x.example'", "|jan|x.example" },
	{ "Jan <jan@x.example", "Jan|jan|x.example" },
	{ "jan@x.example.", "|jan|x.example" },
	{ "jan at x.example", "" },
	{ "a\001@x.example", "" },
};

START_TEST(address_field)
{
	g_autofree char *raw = g_strdup_printf("To: %s\n\nx", address_fields[_i].field);
	g_autoptr(Message) m = parse(raw);
	const GPtrArray *list = message_addresses(m, "To");
	g_autoptr(GString) got = g_string_new(NULL);

	for (guint i = 0; i < list->len; i++) {
		const Address *a = list->pdata[i];
		g_string_append_printf(got, "%s%s|%s|%s", i > 0 ? ";" : "", a->name != NULL ? a->name : "",
		                       a->local, a->domain);
	}
	ck_assert_str_eq(got->str, address_fields[_i].list);
	ck_assert_ptr_eq(list, message_addresses(m, "to"));
}
END_TEST

static const struct {
	const char *text, *result; /* as address_text() gives it back; NULL where it is refused */
} smtp_addresses[] = {
	{ "jan@x.example", "jan@x.example" },
	{ "Jan+tag@X.EXAMPLE", "Jan+tag@x.example" },
	{ "jan@b\303\274cher.example", "jan@xn--bcher-kva.example" },
	{ "\"a@b\"@x.example", "\"a@b\"@x.example" },
	{ "\"jan\"@x.example", "jan@x.example" },
	{ "jan@localhost", "jan@localhost" },
	{ "jan@x_y.example", "jan@x_y.example" },
	{ "jan@[192.0.2.1]", NULL },
	{ "jan@", NULL },
	{ "@x.example", NULL },
	{ "jan", NULL },
	{ "", NULL },
	{ "jan@x.example\r\nRCPT TO:<evil@y.example>", NULL },
	{ "jan\n@x.example", NULL },
	{ "jan @x.example", NULL },
	{ "\"jan de\"@x.example", NULL },
	{ "jan@x.example ", NULL },
	{ "<jan@x.example>", NULL },
	{ "jan@x.example>", NULL },
	{ "jan@x..example", NULL },
	{ "jan@-x.example", NULL },
	{ "jan@x-.example", NULL },
	{ "ja..n@x.example", NULL },
	{ ".jan@x.example", NULL },
	{ "a@b@x.example", NULL },
	{ "\"a\"b\"@x.example", NULL },
	{ "\"@x.example", NULL },
	{ "\"a\\\"@x.example", NULL },
	{ "jos\303\251@x.example", NULL },
	{ "jan@x.ex\377mple", NULL },
	{ "a,b@x.example", NULL },
	{ "a@x.example,b@y.example", NULL },
	{ "1234567890123456789012345678901234567890123456789012345678901234@x.example",
	  "1234567890123456789012345678901234567890123456789012345678901234@x.example" },
	{ "12345678901234567890123456789012345678901234567890123456789012345@x.example", NULL },
};

START_TEST(smtp_address)
{
	Address address = { 0 };
	gboolean ok = address_parse(smtp_addresses[_i].text, &address);

	ck_assert_msg(ok == (smtp_addresses[_i].result != NULL), "%s", smtp_addresses[_i].text);
	if (ok) {
		g_autofree char *text = address_text(&address);
		ck_assert_str_eq(text, smtp_addresses[_i].result);
	} else {
		ck_assert_ptr_null(address.local);
	}
	address_clear(&address);
}
END_TEST

START_TEST(address_details)
{
	Address a = { NULL, (char *) "Jan", (char *) "x.example" };
	Address b = { NULL, (char *) "jan", (char *) "X.example" };
	Address c = { NULL, (char *) "a \"b\\", (char *) "x.example" };
	g_autofree char *text = address_text(&c);
	g_autofree char *org = address_org_domain("mail.shop.co.uk");
	g_autofree char *own = address_org_domain("localhost");
	g_autofree char *suffix = address_org_domain("co.uk");

	ck_assert(address_equal(&a, &b));
	ck_assert(!address_equal(&a, &c));
	ck_assert_str_eq(text, "\"a \\\"b\\\\\"@x.example");
	ck_assert_str_eq(org, "shop.co.uk");
	ck_assert_str_eq(own, "localhost");
	ck_assert_str_eq(suffix, "co.uk");
	ck_assert(!address_parse(NULL, &a));
}
END_TEST

/* --- the body -------------------------------------------------------------- */

START_TEST(content_type)
{
	g_autoptr(Message) m = parse("Content-Type: Multipart/Report; Report-Type=\"Delivery-Status\";\n"
	                             " boundary*0=a; boundary*1=b\n\n--ab\n\nniet afgeleverd\n"
	                             "--ab\nContent-Type: message/delivery-status\n\nx: y\n"
	                             "--ab\nContent-Type: text/rfc822-headers\n\n"
	                             "Subject: oud\nX-Loop-Aardig: abc\n--ab--\n");
	g_autoptr(Message) odd = parse("Content-Type: text\n\nhoi");
	g_autoptr(Message) bad = parse("Content-Type: ;;;\n\nhoi");
	gsize n;

	ck_assert_str_eq(message_content_type(m), "multipart/report");
	ck_assert_str_eq(message_returned_header(m, "x-loop-aardig"), "abc");
	ck_assert_ptr_null(message_returned_header(m, "X-Nothing"));
	ck_assert_str_eq(message_visible_text(m), "niet afgeleverd");
	message_attachments(m, &n);
	ck_assert_uint_eq(n, 0);
	ck_assert_str_eq(message_content_type(odd), "text/plain");
	ck_assert_str_eq(message_content_type(bad), "text/plain");
	ck_assert_str_eq(message_visible_text(bad), "hoi");
	ck_assert_ptr_null(message_returned_header(bad, "Subject"));
}
END_TEST

START_TEST(returned_message)
{
	g_autoptr(Message) m = parse("Content-Type: multipart/report; boundary=b\n\n--b\n\nfout\n"
	                             "--b\nContent-Type: message/rfc822\n\n"
	                             "X-Loop-Aardig: abc\n\nX-A: no\n--b--\n");
	g_autoptr(Message) mixed = parse("Content-Type: multipart/mixed; boundary=b\n\n"
	                                 "--b\n\nzie bijlage\n--b\nContent-Type: message/rfc822\n\n"
	                                 "X-Loop-Aardig: abc\n\nx\n--b--\n");

	ck_assert_str_eq(message_returned_header(m, "X-Loop-Aardig"), "abc");
	ck_assert_ptr_null(message_returned_header(m, "X-A"));
	ck_assert_ptr_null(message_returned_header(mixed, "X-Loop-Aardig"));
	ck_assert_str_eq(message_visible_text(mixed), "zie bijlage");
}
END_TEST

START_TEST(content_hash)
{
	static const char raw[] = "From: jan@x.example\nDate: Mon, 2 Jun 2025 10:00:00 +0200\n"
	                          "Subject: a b\n\n"
	                          "een twee\ndrie\n";
	g_autoptr(Message) m = parse(raw);
	g_autoptr(Message) other_route = parse("Received: x\nReturn-Path: <y@z>\n"
	    "From: Jan <jan@X.example>\nDate: Mon, 2 Jun 2025 08:00:00 +0000\n"
	    "Subject: =?utf-8?q?a_b?=\nContent-Transfer-Encoding: quoted-printable\n\n"
	    "een =\ntwee\n\n drie");
	g_autoptr(Message) other = parse("From: jan@x.example\nDate: Mon, 2 Jun 2025 10:00:00 +0200\n"
	                                 "Subject: a b\n\neen tweedrie\n");

	ck_assert_uint_eq(strlen(message_content_hash(m)), 64);
	ck_assert_str_ne(message_content_hash(m), message_content_hash(other));
	ck_assert_str_eq(message_content_hash(m), message_content_hash(other_route));
}
END_TEST

static void
add_loop(TCase *tcase, const TTest *test, gsize n)
{
	tcase_add_loop_test(tcase, test, 0, (int) n);
}

int
main(void)
{
	Suite *suite = suite_create("message");
	TCase *basic = tcase_create("basic"), *charset = tcase_create("charset");
	TCase *address = tcase_create("address"), *body = tcase_create("body");

	tcase_add_test(basic, plain_mail);
	tcase_add_test(basic, from_text);
	add_loop(basic, header_fields, G_N_ELEMENTS(headers));
	tcase_add_test(basic, header_access);
	tcase_add_test(basic, header_nul);
	add_loop(basic, envelope_line, G_N_ELEMENTS(envelope_lines));
	add_loop(basic, message_ids, G_N_ELEMENTS(ids));
	tcase_add_test(basic, references);
	tcase_add_test(basic, many_references);
	add_loop(basic, decoded_subject, G_N_ELEMENTS(subjects));
	tcase_add_test(basic, dates);
	suite_add_tcase(suite, basic);
	add_loop(charset, charset_repair, G_N_ELEMENTS(charsets));
	tcase_add_test(charset, charset_utf16);
	suite_add_tcase(suite, charset);
	add_loop(address, address_field, G_N_ELEMENTS(address_fields));
	add_loop(address, smtp_address, G_N_ELEMENTS(smtp_addresses));
	tcase_add_test(address, address_details);
	suite_add_tcase(suite, address);
	tcase_add_test(body, content_type);
	tcase_add_test(body, returned_message);
	tcase_add_test(body, content_hash);
	suite_add_tcase(suite, body);
	return unit_run(suite);
}
