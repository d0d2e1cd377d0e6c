/* test_plain.c - what is read without GMime is read as GMime reads it: the usual forms, and the same
 * with bytes put in, taken out and changed. */
#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "message/plain.h"
#include "unit.h"

#define MUTANTS 20000

static guint n_read; /* values that were of the plain form */

static char *
mutant(GRand *rand, const char *const *seeds, guint n)
{
	static const char *const pieces[] = { ";", "\"", "\\", "(", ")", "<", ">", "@", ",", ":", "=",
		                              "=\n", "=\r\n", " ", "\t", "*", "'", "%", "=?", "?=", ".",
		                              "/", "-", "+", "A", "a", "0", "\xc3\xa9" };
	GString *out = g_string_new(seeds[g_rand_int_range(rand, 0, n)]);
	guint edits = g_rand_int_range(rand, 0, 4);

	for (guint i = 0; i < edits && out->len > 0; i++) {
		gsize at = g_rand_int_range(rand, 0, out->len + 1);

		if (g_rand_boolean(rand))
			g_string_insert(out, at, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
		else if (at < out->len)
			g_string_erase(out, at, 1);
	}
	/* Fields are valid UTF-8 before anybody reads them. */
	char *valid = g_utf8_make_valid(out->str, -1);
	g_string_free(out, TRUE);
	return g_strstrip(valid);
}

typedef void (*Compare)(const char *value);

static void
compare_all(const char *const *seeds, guint n, Compare compare)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);

	n_read = 0;
	for (guint i = 0; i < MUTANTS; i++) {
		g_autofree char *value = mutant(rand, seeds, n);

		compare(value);
	}
	ck_assert_uint_gt(n_read, MUTANTS / 10);
}

static GMimeParserOptions *
options(void)
{
	static const char *fallback[] = { "utf-8", "windows-1252", NULL };
	GMimeParserOptions *options = g_mime_parser_options_new();

	g_mime_parser_options_set_fallback_charsets(options, fallback);
	g_mime_parser_options_set_allow_addresses_without_domain(options, TRUE);
	return options;
}

/* ---- parameters ---- */

START_TEST(tokens_as_the_rfc)
{
	for (int c = 1; c < 256; c++) {
		const char text[] = { (char) c, '\0' };
		gboolean token = c > ' ' && c < 127 && strchr("()<>@,;:\\\"/[]?=", c) == NULL;

		ck_assert_msg(*plain_skip_token(text) == (token ? '\0' : (char) c), "byte %d", c);
	}
}
END_TEST

static void
compare_type(const char *value)
{
	static const char *const names[] = { "charset", "boundary", "format", "delsp", "name" };
	char *plain = NULL;

	if (!plain_parameters(value, TRUE, &plain))
		return;
	n_read++;
	GMimeParserOptions *opt = options();
	GMimeContentType *type = g_mime_content_type_parse(opt, value);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *ours = plain_parameter(plain, names[i]);
		const char *theirs = g_mime_content_type_get_parameter(type, names[i]);

		ck_assert_msg(g_strcmp0(ours, theirs) == 0, "%s of %s: '%s', GMime '%s'", names[i],
		              value, ours, theirs);
	}
	g_object_unref(type);
	g_mime_parser_options_free(opt);
	g_free(plain);
}

START_TEST(parameters_as_gmime)
{
	static const char *const seeds[] = {
		"text/plain; charset=utf-8",
		"text/plain; charset=\"iso-8859-1\"; format=flowed; delsp=yes",
		"multipart/mixed; boundary=\"=_Part_1 a?b\"",
		"multipart/alternative;\tboundary=abc'()+_,-./:=?",
		"image/jpeg; name=\"foto (1).jpg\"; x-y=z",
	};

	compare_all(seeds, G_N_ELEMENTS(seeds), compare_type);
}
END_TEST

static void
compare_disposition(const char *value)
{
	char *plain = NULL;

	if (!plain_parameters(value, FALSE, &plain))
		return;
	n_read++;
	GMimeParserOptions *opt = options();
	GMimeContentDisposition *theirs = g_mime_content_disposition_parse(opt, value);
	ck_assert_msg(g_strcmp0(plain_parameter(plain, "filename"),
	                        g_mime_content_disposition_get_parameter(theirs, "filename")) == 0,
	              "%s", value);
	g_object_unref(theirs);
	g_mime_parser_options_free(opt);
	g_free(plain);
}

START_TEST(dispositions_as_gmime)
{
	static const char *const seeds[] = {
		"attachment; filename=foto.jpg",
		"attachment; filename=\"mijn foto.jpg\"; size=1234",
		"inline; filename=image001.png; creation-date=\"Mon, 2 Jun 2025 10:00:00 +0200\"",
	};

	compare_all(seeds, G_N_ELEMENTS(seeds), compare_disposition);
}
END_TEST

/* ---- transfer encodings ---- */

static void
compare_decoder(const char *value, GMimeContentEncoding encoding)
{
	gsize len = strlen(value), made = 0;
	g_autofree char *ours = g_malloc(len + 1);
	GMimeEncoding state;
	gboolean plain = encoding == GMIME_CONTENT_ENCODING_BASE64
	    ? plain_base64(value, len, len, ours, &made)
	    : plain_quoted_printable(value, len, len, ours, &made);

	if (!plain)
		return;
	n_read++;
	g_mime_encoding_init_decode(&state, encoding);
	g_autofree char *theirs = g_malloc(g_mime_encoding_outlen(&state, len) + 16);
	gsize n = g_mime_encoding_step(&state, value, len, theirs);
	n += g_mime_encoding_flush(&state, "", 0, theirs + n);
	ck_assert_msg(n == made && memcmp(ours, theirs, n) == 0, "%s", value);
}

static void
compare_base64(const char *value)
{
	compare_decoder(value, GMIME_CONTENT_ENCODING_BASE64);
}

static void
compare_quoted(const char *value)
{
	compare_decoder(value, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
}

START_TEST(encodings_as_gmime)
{
	static const char *const base64[] = { "R29lZGVtaWRkYWcsIA==", "R29lZGVt\r\naWRkYWcs\nIGs=\n",
		                              "R29lZGVtaWRkYWcs" };
	static const char *const quoted[] = { "Goedemiddag=2C een bestel=\nling =E2=82=ac 12=\r\n,-\n",
		                              "na=C3=AFef  \nregel twee=3d" };

	compare_all(base64, G_N_ELEMENTS(base64), compare_base64);
	compare_all(quoted, G_N_ELEMENTS(quoted), compare_quoted);
}
END_TEST

START_TEST(decoding_stops_at_the_limit)
{
	char out[64];
	gsize made;

	ck_assert(plain_base64("QUFBQUFBQUFB", 12, 4, out, &made));
	ck_assert_uint_gt(made, 4);
	ck_assert(plain_quoted_printable("abcdef", 6, 4, out, &made));
	ck_assert_uint_gt(made, 4);
}
END_TEST

/* ---- addresses ---- */

static void
compare_addresses(const char *value)
{
	g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(PlainMailbox));

	if (!plain_mailboxes(value, 10, ours))
		return;
	n_read++;
	GMimeParserOptions *opt = options();
	InternetAddressList *theirs = internet_address_list_parse(opt, value);
	ck_assert_msg(theirs != NULL, "%s", value);
	ck_assert_msg(internet_address_list_length(theirs) == (int) ours->len, "%s: %u, GMime %d", value,
	              ours->len, internet_address_list_length(theirs));
	for (guint i = 0; i < ours->len; i++) {
		const PlainMailbox *box = &g_array_index(ours, PlainMailbox, i);
		InternetAddress *one = internet_address_list_get_address(theirs, i);
		g_autofree char *name = box->name != NULL ? g_strndup(box->name, box->name_len) : g_strdup("");
		g_autofree char *address = g_strndup(box->address, box->address_len);
		const char *their_name = internet_address_get_name(one);

		ck_assert(INTERNET_ADDRESS_IS_MAILBOX(one));
		ck_assert_msg(strcmp(name, their_name != NULL ? their_name : "") == 0, "%s: '%s', GMime '%s'",
		              value, name, their_name);
		ck_assert_msg(strcmp(address, internet_address_mailbox_get_addr(
		                                  INTERNET_ADDRESS_MAILBOX(one))) == 0, "%s", value);
	}
	g_object_unref(theirs);
	g_mime_parser_options_free(opt);
}

START_TEST(addresses_as_gmime)
{
	static const char *const seeds[] = {
		"Kim Klant <kim@klant.example>",
		"kim.klant+web@klant.example",
		"<kim@klant.example>",
		"\"Vries, Jan de\" <jan@devries.example>, info@winkel.example",
		"\"J\xc3\xbcrgen M\xc3\xbcller (priv\xc3\xa9)\" <j@m.example>",
		"O'Brien Pat<pat@x.example> , <a@b.example>",
		"Zo\xc3\xab B\xc3\xa4r <zoe@x.example>",
	};

	compare_all(seeds, G_N_ELEMENTS(seeds), compare_addresses);
}
END_TEST

/* ---- dates ---- */

static void
compare_date(const char *value)
{
	gint64 ours;

	if (!plain_date(value, &ours))
		return;
	n_read++;
	g_autoptr(GDateTime) theirs = g_mime_utils_header_decode_date(value);
	ck_assert_msg(theirs != NULL && g_date_time_to_unix(theirs) == ours, "%s: %" G_GINT64_FORMAT,
	              value, ours);
}

START_TEST(dates_as_gmime)
{
	static const char *const seeds[] = {
		"Mon, 2 Jun 2025 10:00:00 +0200",
		"29 Feb 2024 23:59:59 -0330",
		"Wed, 31 Dec 1999 09:05 GMT",
		"Sat, 01 Mar 2036 00:00:00 +0000 (UTC)",
		"Fri, 28 Feb 2025 12:34:56 +0100 (CET)",
	};

	compare_all(seeds, G_N_ELEMENTS(seeds), compare_date);
}
END_TEST

/* ---- what is left to GMime ---- */

typedef enum { TYPE, DISPOSITION, ADDRESSES, DATE } Kind;

static gboolean
is_plain(Kind kind, const char *value)
{
	g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(PlainMailbox));
	char *parameters = NULL;
	gboolean plain;
	gint64 time;

	switch (kind) {
	case ADDRESSES: return plain_mailboxes(value, 10, boxes);
	case DATE: return plain_date(value, &time);
	default:
		plain = plain_parameters(value, kind == TYPE, &parameters);
		if (plain)
			g_free(parameters);
		return plain;
	}
}

/* Each with its neighbour that is plain. */
static const struct {
	Kind kind;
	const char *odd, *plain;
} left[] = {
	{ TYPE, "text/plain; charset=utf-8; CHARSET=latin1", "text/plain; charset=utf-8; x=latin1" },
	{ TYPE, "text/plain; name*=utf-8''a", "text/plain; name=a" },
	{ TYPE, "text/plain; name=\"a\\\"b\"", "text/plain; name=\"a b\"" },
	{ TYPE, "image/png; name=\"=?utf-8?q?a?=\"", "image/png; name=\"=utf-8?q?a?=\"" },
	{ TYPE, "text/plain; name=caf\xc3\xa9", "text/plain; name=cafe" },
	{ TYPE, "text; charset=utf-8", "text/x; charset=utf-8" },
	{ TYPE, "text/plain charset=utf-8", "text/plain ; charset=utf-8" },
	{ TYPE, "text/plain; charset=", "text/plain; charset=u" },
	{ DISPOSITION, "attachment; filename=a; filename=b", "attachment; filename=a; size=1" },
	{ ADDRESSES, "=?utf-8?q?Kim?= <kim@klant.example>", "=utf-8?q?Kim?= <kim@klant.example>" },
	{ ADDRESSES, "\"=?utf-8?q?Kim?=\" <kim@klant.example>", "\"Kim, dr.\" <kim@klant.example>" },
	{ ADDRESSES, "Kim (priv\xc3\xa9) <kim@klant.example>", "Kim priv\xc3\xa9 <kim@klant.example>" },
	{ ADDRESSES, "klanten: kim@klant.example;", "kim@klant.example" },
	{ ADDRESSES, "kim@klant.example,", "kim@klant.example,a@b.example" },
	{ ADDRESSES, "kim@[192.0.2.1]", "kim@192.0.2.1" },
	{ ADDRESSES, "\"kim klant\"@klant.example", "kim_klant@klant.example" },
	{ ADDRESSES, "kim..klant@klant.example", "kim.klant@klant.example" },
	{ ADDRESSES, "Kim  Klant <kim@klant.example>", "Kim Klant <kim@klant.example>" },
	{ DATE, "Mon, 2 Jun 2025 10:00:60 +0200", "Mon, 2 Jun 2025 10:00:59 +0200" },
	{ DATE, "2 Jun 2025 24:00:00 +0200", "2 Jun 2025 23:00:00 +0200" },
	{ DATE, "2 Jun 2025 10:60:00 +0200", "2 Jun 2025 10:59:00 +0200" },
	{ DATE, "29 Feb 2025 10:00:00 +0200", "29 Feb 2028 10:00:00 +0200" },
	{ DATE, "31 Nov 2025 10:00:00 +0200", "30 Nov 2025 10:00:00 +0200" },
	{ DATE, "0 Jun 2025 10:00:00 +0200", "1 Jun 2025 10:00:00 +0200" },
	{ DATE, "2 Jun 25 10:00:00 +0200", "2 Jun 2025 10:00:00 +0200" },
	{ DATE, "2 Jun 1969 10:00:00 +0200", "2 Jun 1970 10:00:00 +0200" },
	{ DATE, "2 Jun 2025 10:00:00 +1460", "2 Jun 2025 10:00:00 +1400" },
	{ DATE, "2 Jun 2025 10:00:00 +1459", "2 Jun 2025 10:00:00 +1359" },
	{ DATE, "2 Jun 2025 10:00:00 EST", "2 Jun 2025 10:00:00 GMT" },
	{ DATE, "2 Jun 2025 10:00:00", "2 Jun 2025 10:00 +0000" },
};

START_TEST(odd_forms_are_left_to_gmime)
{
	ck_assert_msg(!is_plain(left[_i].kind, left[_i].odd), "%s", left[_i].odd);
	ck_assert_msg(is_plain(left[_i].kind, left[_i].plain), "%s", left[_i].plain);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("plain");
	TCase *fields = tcase_create("fields");

	g_mime_init();
	tcase_add_test(fields, tokens_as_the_rfc);
	tcase_add_test(fields, parameters_as_gmime);
	tcase_add_test(fields, dispositions_as_gmime);
	tcase_add_test(fields, encodings_as_gmime);
	tcase_add_test(fields, decoding_stops_at_the_limit);
	tcase_add_test(fields, addresses_as_gmime);
	tcase_add_test(fields, dates_as_gmime);
	tcase_add_loop_test(fields, odd_forms_are_left_to_gmime, 0, G_N_ELEMENTS(left));
	suite_add_tcase(suite, fields);
	return unit_run(suite);
}
