/* test_facts.c - order numbers, names, deadlines, amounts, tracking codes, and what may leave the
 * house. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "classify/facts-private.h"
#include "unit.h"

/* A mail's subject and text; facts of it. */
static Facts
facts_of(const char *subject, const char *text, const char *quoted, const char *from)
{
	Facts facts = { 0 };
	g_autoptr(Tokens) body = tokens_new(text, -1);
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Amsterdam");
	FactsSource source = { .subject = subject,
		               .own = text,
		               .quoted = quoted != NULL ? quoted : "",
		               .from_name = from,
		               .language = "nl",
		               .body = body,
		               .zone = zone };

	/* A Wednesday morning. */
	ck_assert(clock_parse_rfc3339("2025-06-04T10:00:00+02:00", &source.now));
	facts_read(&source, &facts);
	return facts;
}

static void
same(const char *what, const char *wanted, const char *got)
{
	ck_assert_msg(g_strcmp0(wanted, got) == 0, "%s: wanted %s, got %s", what,
	              wanted != NULL ? wanted : "none", got != NULL ? got : "none");
}

/* ---- order numbers ---- */

static const struct {
	const char *text, *number;
} orders[] = {
	/* forms */
	{ "Waar blijft bestelling 33017?", "33017" },
	{ "Mijn ordernummer is 118290, graag antwoord.", "118290" },
	{ "Bestelnr. 1000348", "1000348" },
	{ "bestelling #9252 ligt klaar", "9252" },
	{ "Het gaat om 3-991. Kunnen jullie even kijken?", "3-991" },
	{ "Bestelling ORD_87318.", "ORD_87318" },
	{ "over bestelling W24417NL heb ik geschreven", "W24417NL" },
	{ "Retour van bestelling 509.447.87 is binnen", "509.447.87" },
	{ "Herroeping bestelling 490 922 834", "490 922 834" },
	{ "(bestelling 1147 A), die per post zou komen", "1147 A" },
	{ "order 61 402 two months late", "61 402" },
	{ "order SO2024/3799 please", "SO2024/3799" },
	{ "Könnte ich Auftrag PH 618 abholen?", "PH 618" },
	{ "Commande 9 118 02 reçue cassée", "9 118 02" },
	{ "Best.-Nr.: 554407", "554407" },
	{ "bestelling-70021 is kwijt", "70021" },
	{ "order12345 is late", "12345" },
	{ "Bestelnummer:\n20481733", "20481733" },
	{ "gisteren besteld onder 2319, de stempels", "2319" },
	{ "PO 4471-88 was damaged", "PO 4471-88" },
	{ "20399 is mijn bestelnummer", "20399" },
	/* place alone */
	{ "Kaas was jong. 21-900. Lotje", "21-900" },
	{ "Kapot aangekomen.\n30551, Willemijn", "30551" },
	{ "Groet, Hanneke Pol (12001)", "12001" },
	{ "Stuur het terug.\nGabriele Thoma, 21-21-3", "21-21-3" },
	{ "kapot. 9-11-82. Kirsten", "9-11-82" },
	{ "77-AX-2 is geannuleerd, hoor.", "77-AX-2" },
	/* an invoice, but of an order */
	{ "de factuur van 300-1-2 op naam van de club", "300-1-2" },
	{ "Op factuur F2023-1180 (order 22019) staat btw", "22019" },
	{ "bitte die Rechnung zu 979170 noch einmal", "979170" },
	/* the one the mail is about */
	{ "Mijn vorige bestelling 11111 was goed, maar bestelling 22222 niet.", "22222" },
	/* none */
	{ "Factuurnummer 2024-338 klopt niet.", NULL },
	{ "invoice 2024-0091 is wrong", NULL },
	{ "Rechnungsnr. 4711123", NULL },
	{ "artikelnummer 448812 is kapot", NULL },
	{ "klantnummer: 8812345", NULL },
	{ "Kundenkarte 99887766", NULL },
	{ "Bel me op 06-12345678.", NULL },
	{ "Tel. 0475 12 34 56", NULL },
	{ "+31 6 12345678", NULL },
	{ "030 / 123 45, Anke Bode", NULL },
	{ "NL91 ABNA 0417 1643 00", NULL },
	{ "NL91ABNA0417164300", NULL },
	{ "track & trace 3SABCD1234567", NULL },
	{ "Dorpsstraat 8, 1234 AB Voorbeelddorp", NULL },
	{ "Hauptstr. 5, 12345 Berlin", NULL },
	{ "4 rue de l'Exemple, 75011 Paris", NULL },
	{ "Op 12-05-2024 besteld", NULL },
	{ "besteld op 12/05", NULL },
	{ "op 4 mei om 17.40 uur", NULL },
	{ "Bezorgd 20:00.", NULL },
	{ "Ik ben klant sinds 2015.", NULL },
	{ "Het kost 1.249,95 euro.", NULL },
	{ "€ 139,90", NULL },
	{ "180,- betaald", NULL },
	{ "binnen 5-7 werkdagen", NULL },
	{ "I would like to order 120 tote bags", NULL },
	{ "maat 42 in plaats van 44", NULL },
	{ "140x200 cm", NULL },
	{ "10 000 mAh", NULL },
	{ "Code SOMMER20 geht nicht", NULL },
	{ "type B-200 besteld, B-220 gekregen", NULL },
	{ "Fehlermeldung E-204. Auch als Gast.", NULL },
	{ "zie https://winkel.nl/bestelling/123456", NULL },
	{ "mail naar klant12345@voorbeeld.nl", NULL },
	{ "my complaint of 1 May (ref. 66-90-2), which you ignored", NULL },
	{ "KvK 12345678, btw NL001234567B01", NULL },
	{ "§ 4751 BGB", NULL },
	{ "192.168.10.100", NULL },
	{ "12345678901234567890123456789012345678901234567890", NULL },
};

START_TEST(test_order)
{
	Facts facts = facts_of("", orders[_i].text, NULL, NULL);

	same(orders[_i].text, orders[_i].number, facts.order_number);
	facts_clear(&facts);
}
END_TEST

START_TEST(test_order_elsewhere)
{
	Facts facts = facts_of("Re: bestelling 55208", "Waar blijft hij nou?", NULL, NULL);

	same("subject", "55208", facts.order_number);
	facts_clear(&facts);
	facts = facts_of("Re: retour", "Waar is de 64,50?",
	                 "we hebben de retour van bestelling 67746813", NULL);
	same("quoted", "67746813", facts.order_number);
	facts_clear(&facts);
	/* The customer's own word comes before that of a quotation. */
	facts = facts_of("", "Het gaat om bestelling 2222.", "bestelling 1111", NULL);
	same("own before quoted", "2222", facts.order_number);
	facts_clear(&facts);
}
END_TEST

START_TEST(test_order_patterns)
{
	const char *const patterns[] = { "KLANT-([A-Z]{3})-\\d", "(", NULL };
	g_autoptr(Tokens) body = tokens_new("", -1);
	FactsSource source = { .subject = "",
		               .own = "bestelling 12345, KLANT-XYZ-1",
		               .quoted = "",
		               .language = "nl",
		               .body = body,
		               .order_patterns = patterns };
	g_autofree char *found = facts_find_order_number(&source);

	same("the shop's own pattern", "XYZ", found);
	source.own = "bestelling 12345";
	g_autofree char *other = facts_find_order_number(&source);
	same("no match of the pattern", "12345", other);
}
END_TEST

/* ---- names ---- */

static const struct {
	const char *text, *from, *name, *first;
} signed_[] = {
	{ "Kapot.\nGroetjes Joke", NULL, "Joke", "Joke" },
	{ "Kapot.\n\nMet vriendelijke groet,\n\nJan de Vries\nDe Vries Bouw BV", NULL,
	  "Jan de Vries", "Jan" },
	{ "Geen haast! Saar", NULL, "Saar", "Saar" },
	{ "Bestelling 73301, Tine", NULL, "Tine", "Tine" },
	{ "30118316 xx Sophie", NULL, "Sophie", "Sophie" },
	{ "wanneer komt hij?\nkayleigh", NULL, "kayleigh", "Kayleigh" },
	{ "Hoe zit dat?\nmvg\nWim Verstraeten, Aalst", NULL, "Wim Verstraeten", "Wim" },
	{ "Is ruilen mogelijk? Met groet, Annelies Maas", NULL, "Annelies Maas", "Annelies" },
	{ "Groeten uit Drachten,\nSjoerd", NULL, "Sjoerd", "Sjoerd" },
	{ "Danke euch, Steffi", NULL, "Steffi", "Steffi" },
	{ "Herzlichst, Ayşe", NULL, "Ayşe", "Ayşe" },
	{ "Yours sincerely,\nAgnes", NULL, "Agnes", "Agnes" },
	{ "Please check.\nIrene Oakley (Mrs)", NULL, "Irene Oakley", "Irene" },
	{ "Cordialement, Pauline Girard", NULL, "Pauline Girard", "Pauline" },
	{ "Any news? Bev x", NULL, "Bev", "Bev" },
	{ "Ça marche pas. Marie-Noëlle", NULL, "Marie-Noëlle", "Marie-Noëlle" },
	/* no first name in it */
	{ "Kapot.\nE.M. Visscher", NULL, "E.M. Visscher", NULL },
	{ "Kapot.\nDhr. A. Bakker\norder 1000314789", NULL, "Dhr. A. Bakker", NULL },
	{ "Zo hoort het.\nMevrouw Van Rijn", NULL, "Mevrouw Van Rijn", NULL },
	{ "Dank!\nRia en Theo", NULL, "Ria en Theo", NULL },
	{ "Groet,\nFam. de Wit", NULL, "Fam. de Wit", NULL },
	{ "Graag nazending.\nFirma Tegelhof, afd. inkoop", NULL, "Firma Tegelhof", NULL },
	{ "Alles goed.\nOma Truus", NULL, "Oma Truus", NULL },
	/* titles */
	{ "Ich warte.\nDr. Thomas Reuter", NULL, "Dr. Thomas Reuter", "Thomas" },
	/* said in the text */
	{ "Beste eigenaar,\nMijn naam is Vincent Kalf van LinkBoost. Heeft u tijd?", NULL,
	  "Vincent Kalf", "Vincent" },
	/* the From field only where nobody signs */
	{ "Waar blijft mijn pakket?", "Jan de Vries", NULL, "Jan" },
	{ "Waar blijft mijn pakket?", "Vries, Jan de", NULL, "Jan" },
	{ "Waar blijft mijn pakket?", "J. de Vries", NULL, NULL },
	{ "Waar blijft mijn pakket?", "info", NULL, NULL },
	{ "Waar blijft mijn pakket?", "Webshop Support", NULL, NULL },
	{ "Waar blijft mijn pakket?", "jan@voorbeeld.nl", NULL, NULL },
	{ "Waar blijft mijn pakket?\nGroet, Els", "Piet Jansen", "Els", "Els" },
	/* a word no list knows is a first name only where the From field says so too */
	{ "Groet,\nQwertina", "Qwertina Jansen", "Qwertina", "Qwertina" },
	{ "Groet,\nQwertina", "Jan Jansen", "Qwertina", NULL },
	{ "Groet,\nQwertina", NULL, "Qwertina", NULL },
	{ "Waar blijft mijn pakket?", "Gratis Prijzen", NULL, NULL },
	{ "Groet,\nBedrogen Klant", "Bedrogen Klant", NULL, NULL },
	/* nobody */
	{ "geld terug en gauw", NULL, NULL, NULL },
	{ "Dat is geen oplossing. VANDAAG", NULL, NULL, NULL },
	{ "Stuur die goede.", NULL, NULL, NULL },
	{ "Met vriendelijke groet", NULL, NULL, NULL },
	{ "", NULL, NULL, NULL },
};

START_TEST(test_name)
{
	Facts facts = facts_of("", signed_[_i].text, NULL, signed_[_i].from);

	same(signed_[_i].text, signed_[_i].name, facts.customer_name);
	same(signed_[_i].text, signed_[_i].first, facts.first_name);
	facts_clear(&facts);
}
END_TEST

/* ---- deadlines; it is Wednesday 4 June 2025, 10:00 in Amsterdam ---- */

static const struct {
	const char *text, *as_written, *time;
} deadlines[] = {
	{ "Ik heb het voor zaterdag nodig.", "zaterdag", "2025-06-06T22:00:00Z" },
	{ "Kan het vóór aanstaande zaterdag?", "zaterdag", "2025-06-06T22:00:00Z" },
	{ "I need it by Friday at the latest.", "Friday", "2025-06-06T21:59:59Z" },
	{ "Please deliver it by 5 July.", "5 July", "2025-07-05T21:59:59Z" },
	{ "Wir bitten um Lieferung bis zum 15. Juni.", "15. Juni", "2025-06-15T21:59:59Z" },
	{ "Frist bis Donnerstag, 12 Uhr.", "Donnerstag, 12 Uhr", "2025-06-05T10:00:00Z" },
	{ "until Friday 5pm please", "Friday 5pm", "2025-06-06T15:00:00Z" },
	{ "C'est pour samedi.", "samedi", "2025-06-07T21:59:59Z" },
	{ "Nous avons un banquet samedi midi.", "samedi midi", "2025-06-07T10:00:00Z" },
	{ "De verjaardag is morgen.", "morgen", "2025-06-05T21:59:59Z" },
	{ "voor 1 juli graag", "1 juli", "2025-06-30T22:00:00Z" },
	{ "You have until the 30th.", "30th", "2025-06-30T21:59:59Z" },
	{ "voor 12 januari", "12 januari", "2026-01-11T23:00:00Z" },
	{ "uiterlijk zaterdag 7 juni om 12 uur", "zaterdag 7 juni om 12 uur",
	  "2025-06-07T10:00:00Z" },
	/* no deadlines */
	{ "Ik heb het zaterdag besteld.", NULL, NULL },
	{ "Het feest was zaterdag.", NULL, NULL },
	{ "Ik wacht al sinds maandag.", NULL, NULL },
	{ "Ik betaalde voor 2 stuks.", NULL, NULL },
	{ "voor 31 februari", NULL, NULL },
	{ "voor", NULL, NULL },
	{ "nu voor de 4e maand afgeschreven", NULL, NULL },
	{ "", NULL, NULL },
};

START_TEST(test_deadline)
{
	Facts facts = facts_of("", deadlines[_i].text, NULL, NULL);
	g_autofree char *time =
	    facts.deadline_time != 0 ? clock_format(facts.deadline_time) : NULL;

	same(deadlines[_i].text, deadlines[_i].as_written, facts.deadline);
	same(deadlines[_i].text, deadlines[_i].time, time);
	facts_clear(&facts);
}
END_TEST

/* ---- amounts and tracking ---- */

static const struct {
	const char *text, *amount;
} amounts[] = {
	{ "retourkosten van 12,95 euro", "12,95 EUR" },
	{ "€ 139,90", "139,90 EUR" },
	{ "86 euro, VANDAAG", "86,00 EUR" },
	{ "£640 for eight chairs at £80", "640,00 GBP" },
	{ "1.249,95 EUR", "1249,95 EUR" },
	{ "$1,249.95", "1249,95 USD" },
	{ "een bon van 5,- gekregen", "5,00 EUR" },
	{ "EUR 49", "49,00 EUR" },
	{ "2 stuks in 3 dagen", NULL },
	{ "€", NULL },
	{ "12345678901234567 euro", NULL },
};

START_TEST(test_amount)
{
	g_autofree char *amount = facts_find_amount(amounts[_i].text);

	same(amounts[_i].text, amounts[_i].amount, amount);
}
END_TEST

static const struct {
	const char *text, *code;
} codes[] = {
	{ "Track: 3SABCD1234567.", "3SABCD1234567" },
	{ "JVGL01234567890123", "JVGL01234567890123" },
	{ "1Z999AA10123456784", "1Z999AA10123456784" },
	{ "RR123456785NL is zoek", "RR123456785NL" },
	{ "DPD 01234567890123 zegt bezorgd", "01234567890123" },
	{ "Sendungsnummer 340434161094021501", "340434161094021501" },
	{ "GLS 12345678901", "12345678901" },
	/* wrong check digits, wrong lengths */
	{ "1Z999AA10123456785", NULL },
	{ "RR123456784NL", NULL },
	{ "bestelling 01234567890123", NULL },
	{ "3S", NULL },
};

START_TEST(test_tracking)
{
	g_autofree char *code = facts_find_tracking(codes[_i].text);

	same(codes[_i].text, codes[_i].code, code);
}
END_TEST

/* ---- what may stand in an automatic mail ---- */

static const struct {
	const char *text;
	gboolean safe;
} numbers[] = {
	{ "33017", TRUE },
	{ "ORD_87318", TRUE },
	{ "WO-22-04677", TRUE },
	{ "490 922 834", TRUE },
	{ "736.441.85", TRUE },
	{ "SO2022/1617", TRUE },
	{ "#4485", TRUE },
	{ "1147 A", TRUE },
	{ "NL/44710/22", TRUE },
	{ "W24417NL", TRUE },
	{ "9", TRUE },
	{ NULL, FALSE },
	{ "", FALSE },
	{ "ABC", FALSE },
	{ "123456789012345678901", FALSE }, /* 21 characters */
	{ "12\r\nBcc: x@y.nl", FALSE },
	{ "12\n34", FALSE },
	{ "12\t34", FALSE },
	{ "12  34", FALSE },
	{ " 1234", FALSE },
	{ "1234 ", FALSE },
	{ "<b>12</b>", FALSE },
	{ "12;34", FALSE },
	{ "12\xc2\xa0"
	  "34",
	  FALSE },
	{ "1\xe2\x80\xae"
	  "2",
	  FALSE },
	{ "12\xe2\x82\xac", FALSE },
	{ "{{name}}1", FALSE },
	{ "%s%n1", FALSE },
	{ "a@b1.nl", FALSE },
	/* telephone numbers */
	{ "06-12345678", FALSE },
	{ "0612345678", FALSE },
	{ "0475 12 34 56", FALSE },
	{ "0031612345678", FALSE },
	{ "0900-1234", FALSE },
	{ "31612345678", FALSE },
	/* accounts */
	{ "NL91ABNA0417164300", FALSE },
	{ "BE68539007547034", FALSE },
	{ "NL91 ABNA 041716430", FALSE },
	/* links and messages */
	{ "evil1.example/x", FALSE },
	{ "www.x1.nl", FALSE },
	{ "bit.ly/1", FALSE },
	{ "t.co/1", FALSE },
	{ "http//x1", FALSE },
	{ "BETAALNU-1", FALSE },
	{ "BEL-MIJ-NU-OP-1", FALSE },
	{ "KLOOTZAK1", FALSE },
};

START_TEST(test_order_number_safe)
{
	ck_assert_msg(facts_order_number_is_safe(numbers[_i].text) == numbers[_i].safe, "%s",
	              numbers[_i].text != NULL ? numbers[_i].text : "NULL");
}
END_TEST

static const struct {
	const char *text;
	gboolean safe;
} first_names[] = {
	{ "Jan", TRUE },
	{ "Marie-No\xc3\xablle", TRUE },
	{ "D'Arcy", TRUE },
	{ "Bj\xc3\xb6rn", TRUE },
	{ "Ay\xc5\x9f"
	  "e",
	  TRUE },
	{ "Jo", TRUE },
	{ NULL, FALSE },
	{ "", FALSE },
	{ "J", FALSE },
	{ "Jan Piet", FALSE },
	{ "Jan1", FALSE },
	{ "Jan.nl", FALSE },
	{ "-Jan", FALSE },
	{ "Jan-", FALSE },
	{ "Ja--n", FALSE },
	{ "Abcdefghijklmnopqrstu", FALSE }, /* 21 letters */
	{ "Jan\n", FALSE },
	{ "<b>", FALSE },
	{ "Jan\xe2\x80\xae", FALSE },
	{ "J\xd0\xb0n", FALSE }, /* a Cyrillic a */
	{ "Jan\xff", FALSE },
	{ "{{x}}", FALSE },
	{ "\xe5\xbc\xa0\xe4\xbc\x9f", FALSE },
	{ "a-b-c-d", FALSE },
	{ "\xf0\x9f\x98\x80\xf0\x9f\x98\x80", FALSE },
};

START_TEST(test_first_name_safe)
{
	ck_assert_msg(facts_first_name_is_safe(first_names[_i].text) == first_names[_i].safe,
	              "%s", first_names[_i].text != NULL ? first_names[_i].text : "NULL");
}
END_TEST

START_TEST(test_iban)
{
	ck_assert(facts_is_iban("NL91ABNA0417164300", 18));
	ck_assert(facts_is_iban("NL91 ABNA 0417 1643 00", 22));
	ck_assert(!facts_is_iban("NL92ABNA0417164300", 18));
	ck_assert(!facts_is_iban("NL91", 4));
}
END_TEST

/* ---- hostile length: linear, and over in a moment ---- */

static void
must_be_quick(const char *unit, gsize times)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (gsize i = 0; i < times; i++)
		g_string_append(text, unit);
	double start = unit_cpu_seconds();
	Facts facts = facts_of("", text->str, text->str, NULL);
	double took = unit_cpu_seconds() - start;
	facts_clear(&facts);
	ck_assert_msg(took < 3 || took < 3 * unit_slowness(), "\"%.20s\" x %zu took %.1f s", unit, times, took);
}

START_TEST(test_hostile)
{
	must_be_quick("1", 1000000);
	must_be_quick("1 ", 500000);
	must_be_quick("1-", 500000);
	must_be_quick("order ", 200000);
	must_be_quick("!", 1000000);
	must_be_quick("1!!!!!!!!!!!!!!!!!!!", 50000);
	must_be_quick("\n", 1000000);
	must_be_quick("Jan ", 250000);
	must_be_quick("voor ", 200000);
	must_be_quick("\xc3\xa9", 500000);
	must_be_quick(" ", 1000000);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("facts");
	TCase *tc = tcase_create("facts");

	tcase_add_loop_test(tc, test_order, 0, G_N_ELEMENTS(orders));
	tcase_add_test(tc, test_order_elsewhere);
	tcase_add_test(tc, test_order_patterns);
	tcase_add_loop_test(tc, test_name, 0, G_N_ELEMENTS(signed_));
	tcase_add_loop_test(tc, test_deadline, 0, G_N_ELEMENTS(deadlines));
	tcase_add_loop_test(tc, test_amount, 0, G_N_ELEMENTS(amounts));
	tcase_add_loop_test(tc, test_tracking, 0, G_N_ELEMENTS(codes));
	tcase_add_loop_test(tc, test_order_number_safe, 0, G_N_ELEMENTS(numbers));
	tcase_add_loop_test(tc, test_first_name_safe, 0, G_N_ELEMENTS(first_names));
	tcase_add_test(tc, test_iban);
	tcase_add_test(tc, test_hostile);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
