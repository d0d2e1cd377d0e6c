/* test_message.c - a mail taken apart: header, addresses, text, attachments. */
#include <string.h>

#include "aardig/message.h"
#include "unit.h"

static Message *
parse(const char *text)
{
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));

	return message_parse(raw);
}

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
	ck_assert_uint_eq(message_headers(m), 0);
	ck_assert_uint_eq(message_addresses(m, "From")->len, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("message");
	TCase *basic = tcase_create("basic");

	tcase_add_test(basic, plain_mail);
	tcase_add_test(basic, from_text);
	suite_add_tcase(suite, basic);
	return unit_run(suite);
}
