/* test_facts_forms.c - the forms in which customers write order numbers and their names, one or more
 * of each kind, and what only looks like one. */
#include "config.h"

#include <string.h>

#include "aardig/clock.h"
#include "classify/facts-private.h"
#include "unit.h"

typedef struct {
	const char *subject, *text;
	const char *wanted;
} Form;

static Facts
facts_of(const Form *form)
{
	Facts facts = { 0 };
	g_autoptr(Tokens) body = tokens_new(form->text, -1);
	FactsSource source = { .subject = form->subject,
		               .own = form->text,
		               .quoted = "",
		               /* Of these forms only the French ones have the word. */
		               .language = strstr(form->text, "la ") != NULL ? "fr" : "nl",
		               .body = body };

	ck_assert(clock_parse_rfc3339("2025-06-04T10:00:00+02:00", &source.now));
	facts_read(&source, &facts);
	return facts;
}

static void
same(const Form *form, const char *got)
{
	ck_assert_msg(g_strcmp0(form->wanted, got) == 0, "%s | %s: wanted %s, got %s",
	              form->subject, form->text, form->wanted != NULL ? form->wanted : "none",
	              got != NULL ? got : "none");
}

/* ---- order numbers ---- */

static const Form numbers[] = {
	/* in the middle of a sentence, without a label */
	{ "", "Kan 66-2091 naar het nieuwe adres?", "66-2091" },
	{ "", "Mon paquet, la 81-0332, est en retard.", "81-0332" },
	{ "", "La 5021763, deux abat-jour.", "5021763" },
	{ "", "Sie ersetzen das Gerät zu 4-17-0092, sonst klage ich.", "4-17-0092" },
	/* what is done to it, what becomes of it */
	{ "", "im not sending it back. cancel 77-4120 you clowns", "77-4120" },
	{ "", "Morgen wordt 40-22 bezorgd. Past dat?", "40-22" },
	{ "", "Ik vergat dat 7781 ingepakt moest worden.", "7781" },
	{ "", "Ich wollte nur wissen, ob 3004 schon gepackt ist.", "3004" },
	{ "", "gestern unter 2319 bestellt: die Stempel", "2319" },
	{ "", "Peut-on supprimer la 704-19 et garder l'autre ?", "704-19" },
	/* a word that leads to it */
	{ "", "nur ein kleiner Stups wegen 2210, der Heizung", "2210" },
	{ "", "au médiateur. Mon dossier : 190-22.\nAlain", "190-22" },
	{ "", "they make a cracking hat. Ord 712\nBazza", "712" },
	{ "", "commande passée sous 88412 hier", "88412" },
	{ "", "is mijn kaarsenpakket 10338 al de deur uit?", "10338" },
	{ "", "The invoice to order 77-620 lists delivery at 14.95", "77-620" },
	/* a full stop behind a word ends the sentence, a label's own abbreviation does not */
	{ "", "This is the wrong item. 20931", "20931" },
	{ "", "Best. 50901 is er niet", "50901" },
	/* letters, blanks, strokes */
	{ "", "Het ging om HJ 2204.\nAnneke Faber", "HJ 2204" },
	{ "", "GT 4410-8. ik was thuis.", "GT 4410-8" },
	{ "P55 812", "How do I return it?", "P55 812" },
	{ "", "Send me another. ORD 5 6671\nMaxine", "ORD 5 6671" },
	{ "", "zending 61772 / 03 is afgegeven", "61772 / 03" },
	{ "", "Van 81-200 / W wil ik de lamp retourneren", "81-200 / W" },
	{ "", "DE-9002-1K, das Katzenfutter", "DE-9002-1K" },
	{ "", "order 2281G is gone", "2281G" },
	{ "", "Kan hij in revisie?\nWout (9-3-BRM)", "9-3-BRM" },
	/* beside the name at the end */
	{ "", "Toujours rien sur mon compte. Hugo Bertin, 8890", "8890" },
	{ "", "Inacceptable de vendre cela. 2207 B. Schmitt", "2207" },
	{ "", "daar haal ik graag een taartje voor ;) 38-38, Christa", "38-38" },
	{ "", "Merci et bon week-end ! Jean-Mi (LX-18)", "LX-18" },
	/* in the subject alone */
	{ "TT-5", "Does it come by truck?", "TT-5" },
	{ "HNY-33 - our poor kettle", "It leaks.", "HNY-33" },
	{ "2217 – the slippers", "They are too small.", "2217" },
	{ "Picture frame 58-22", "The glass is broken.", "58-22" },
	{ "", "Ich habe 33910 zurückgeschickt.", "33910" },
	{ "", "I sent 33910 back on Monday.", "33910" },
	{ "", "Waar blijft 3391?", "3391" },
	{ "3391 ist noch nicht da", "Wo bleibt es?", "3391" },
	/* other words for it */
	{ "", "Beleg 44812 vom 3. Mai: Lampe defekt", "44812" },
	{ "", "dossier n° 44-812 toujours ouvert", "44-812" },
	{ "", "my case is 448812 for the lamp", "448812" },
	{ "", "Referenznummer: 44-812-A", "44-812-A" },
	{ "", "commande référence CMD44812", "CMD44812" },
	{ "", "the phone case from PC-7781 is a fake", "PC-7781" },
	/* a help desk's number is not it */
	{ "Re: Ticket [#88121] Ihre Anfrage", "Bestellung 13355 fehlt", "13355" },
};

static const Form no_numbers[] = {
	{ "", "Please call me: 555-0142.\n\nMonique", NULL },
	{ "", "Would you telephone me on 01632 960 118.", NULL },
	{ "", "Graag word ik teruggebeld op 06-555 01 43", NULL },
	{ "", "Inv. 3319\nStan", NULL },
	{ "", "Ticket 44871, 44902, 45010 and 45233 are open", NULL },
	{ "Ticket 44871, 44902 and 45010", "Nobody answers.", NULL },
	{ "", "Liefert ihr bis Freitag in 39104 Magdeburg? Gruß", NULL },
	{ "", "Ich wohne in B 9000 Gent.", NULL },
	{ "1000 Dank!!!", "Alles angekommen.", NULL },
	{ "", "Könnt ihr es finden? 1000 Küsse\nTilda", NULL },
	{ "who said you could take 79.99", "Nobody.", NULL },
	{ "", "Please refund 79.99 today", NULL },
	{ "", "We planted over 2000 tulips last autumn", NULL },
	{ "", "mijn opleiding logistiek mbo-3 zoek ik een plek", NULL },
	{ "", "Die Farbe RAL 7016 passt nicht", NULL },
	{ "", "Passt eine CR-2032 in den Wecker?", NULL },
	{ "", "geboortedatum corrigeren van 12-03-1892 naar 12-03-1982", NULL },
	{ "", "(Farbe 44, Partie 1190) fehlt", NULL },
	{ "", "bezorgd tussen 10-14 uur", NULL },
	/* makers and their things, and whether they can be had */
	{ "", "Ik zoek een accu voor de Bosch PSR 1800.", NULL },
	{ "", "Is the Canon MG3650 cartridge compatible with the MG3600?", NULL },
	{ "", "La référence 4512-A est-elle en stock ?", NULL },
	{ "", "Heeft u het in 120x180 cm of 140/200?", NULL },
	{ "", "Wat is het verschil tussen de X100 en de X200?", NULL },
	{ "", "The bulb says GU10 5W 2700K, do you stock it?", NULL },
	{ "", "Wir hätten gern ein Angebot über 12500 Kugelschreiber.", NULL },
	{ "", "Jaargang 2019-2020 van jullie blad", NULL },
	{ "", "Kan er \"1985-2025\" op de taart?", NULL },
	{ "", "MHD 03/2024 ist abgelaufen.", NULL },
	{ "Ouvert de 9h30 à 18h30", "C'est bien ça ?", NULL },
	/* days and hours that look like orders, laws, errors, accounts */
	{ "", "Op 14-08 besteld en op 20-08 nog niets.", NULL },
	{ "", "Bezorging tussen 12.30-14.30 is prima.", NULL },
	{ "", "Richtlijn 2011/83 is duidelijk", NULL },
	{ "", "Foutmelding 503, daarna ERR-4012.", NULL },
	{ "", "USt-IdNr. DE123456789", NULL },
	{ "", "Customer number 88-12-90.", NULL },
	{ "", "Mon colis 6A12345678901 est bloqué.", NULL },
	{ "", "Unsere App erreicht 120000 Nutzer.", NULL },
	{ "", "reply to 555-887-1212.", NULL },
	{ "", "Vlucht KL1234 vertrekt vrijdag.", NULL },
	{ "", "IK WIL 500 EURO TERUG", NULL },
};

/* ---- names ---- */

static const Form names[] = {
	/* "van" between closing and name */
	{ "", "Waar blijft het?\n\nGroetjes van Truus", "Truus" },
	{ "", "Alles is goed. Hartelijke groet van Oma Toos", "Oma Toos" },
	{ "", "Mag er nog korting op? Knuffel van Bram en Fleur", "Bram en Fleur" },
	{ "", "Kan het nog? Dikke kus van Wies, 3-0042", "Wies" },
	/* a place behind it */
	{ "", "Gibt's den einzeln?\nLG Karin aus Linz", "Karin" },
	{ "", "It is loud. Order 100233.\n\nJürgen in Leeds", "Jürgen" },
	{ "", "Who should come for it?\n\nVera at 9 Mill Row", "Vera" },
	{ "", "Voor opa.\nGroetjes van Opa Henk uit Putten", "Opa Henk" },
	/* first names cut short, titles, small words with full stops */
	{ "", "De kan is gevallen.\nTh. Zeilstra", "Th. Zeilstra" },
	{ "", "Merci d'organiser l'échange. Cl. Besson", "Cl. Besson" },
	{ "", "The tin is absent.\n\nYours faithfully,\nCol. R. Thornbury",
	  "Col. R. Thornbury" },
	{ "", "Ik wil mijn geld.\nKim v.d. Berg", "Kim v.d. Berg" },
	{ "", "Bis morgen.\nJohanna und der Chor St. Nikolaus",
	  "Johanna und der Chor St. Nikolaus" },
	/* a firm's word at the end of a sentence is no abbreviation */
	{ "", "Iedereen vraagt waar gekocht. God zegene jullie winkel. Samira", "Samira" },
	{ "", "Otherwise I can give you the hotel. Dave Okoro", "Dave Okoro" },
	{ "", "I want his manager to ring me. Jenna K", "Jenna K" },
	/* initials alone, small letters */
	{ "", "Valt hij groot of klein?\nJ.", "J." },
	{ "", "bin echt traurig\nlg traudi", "traudi" },
	{ "", "ich geh jetzt zur polizei\nm. rademacher", "m. rademacher" },
	{ "", "ihr seid die besten, kuss nele", "nele" },
	/* families and groups */
	{ "", "The kids drew names on cards.\n\nThe Brophy family", "The Brophy family" },
	{ "", "Do come and see us.\nMavis and the Thursday ladies",
	  "Mavis and the Thursday ladies" },
	{ "", "Ihr wärt Helden. 20-62-8\nBettina & die 4b", "Bettina & die 4b" },
	/* what stands before and behind a name */
	{ "", "So etwas ist selten.\nIhr Alfons Greiner", "Alfons Greiner" },
	{ "", "Danke.\nBuchhaltung Krämer Holzbau", "Krämer Holzbau" },
	{ "", "Merci.\nGrégory Maes\nMenuiserie Maes sprl – Tournai", "Grégory Maes" },
	{ "", "La limonade est pour nous !\nLou, de la fanfare des Tilleuls", "Lou" },
	{ "", "Did not receive an answer.\n\nGreetings,\nMikkel Sørensen", "Mikkel Sørensen" },
	{ "", "Répondez-moi.\nClinique vétérinaire du Parc", "Clinique vétérinaire du Parc" },
	{ "", "Do you deliver?\nSister Agnes, Carmel Priory", "Sister Agnes" },
	{ "", "Où est mon colis ? Merci d'avance, Maëwenn", "Maëwenn" },
	{ "", "Bitte prüfen.\nMfG\ni. A. Friedlinde Obermoser", "Friedlinde Obermoser" },
	{ "", "where is my parcel\n\nthx, shaz", "shaz" },
	{ "", "waar blijft het pakket\nwubbo oosterhuis", "wubbo oosterhuis" },
	{ "", "Where is it?\n\nNair family", "Nair family" },
	{ "", "Where is it?\n\nHave a good one, Shaz", "Shaz" },
	/* said in the text */
	{ "", "Hallo, hier Klaus Meier. Wo bleibt mein Paket, bitte schnell klären.",
	  "Klaus Meier" },
	{ "", "Bonjour, je m'appelle Julie Martin et je cherche mon colis, merci de voir.",
	  "Julie Martin" },
	{ "", "Dag, m'n naam is Piet Jansen en het pakket is er nog niet, kijk eens.",
	  "Piet Jansen" },
	/* none */
	{ "", "Ik was boos want gisteren stond een man hier Jan zei dat het niet kon hoor.", NULL },
	{ "", "wat een stel. nitwits", NULL },
	{ "", "Wat een doos!! Overmaken, en snel.", NULL },
	{ "", "schämt euch ihr pfeifen", NULL },
	{ "", "Goed bezorgd. Groetjes uit Gent", NULL },
	{ "", "Are you morons? Warped, the lot. 20931", NULL },
};

START_TEST(test_name)
{
	Facts facts = facts_of(&names[_i]);

	same(&names[_i], facts.customer_name);
	facts_clear(&facts);
}
END_TEST

START_TEST(test_number)
{
	Facts facts = facts_of(&numbers[_i]);

	same(&numbers[_i], facts.order_number);
	ck_assert(facts_order_number_is_safe(facts.order_number));
	facts_clear(&facts);
}
END_TEST

START_TEST(test_no_number)
{
	Facts facts = facts_of(&no_numbers[_i]);

	same(&no_numbers[_i], facts.order_number);
	facts_clear(&facts);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("facts-forms");
	TCase *tc = tcase_create("facts-forms");

	tcase_add_loop_test(tc, test_number, 0, G_N_ELEMENTS(numbers));
	tcase_add_loop_test(tc, test_no_number, 0, G_N_ELEMENTS(no_numbers));
	tcase_add_loop_test(tc, test_name, 0, G_N_ELEMENTS(names));
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
