/* examples.c - doc/voorbeelden.md: what twelve different customers get, rendered from the shipped
 * templates. make check compares the page with this program's output. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "aardig/words.h"

/* Friday 27 November 2026, 16:55 in Amsterdam: the answer is due on Monday. */
#define NOW G_GINT64_CONSTANT(1795794900)

typedef struct {
	const char *title, *mail;
	const char *language;
	Register register_;
	const char *type, *tone;
	AckKind kind;
	Facts facts;
	gboolean question, again;
	const char *reply; /* variant; NULL: the acknowledgement */
} Example;

static const Example examples[] = {
	{ "Boos, te laat geleverd", "WAAR BLIJFT MIJN BESTELLING??? 20431 zou vorige week komen. Schandalig!\n\nRonald Kuiper",
	  "nl", REGISTER_FORMAL, "delivery-late", "angry", ACK_NORMAL,
	  { .order_number = (char *) "20431", .first_name = (char *) "Ronald" } },
	{ "Teleurgesteld, in de je-vorm", "Had me zo op die vaas verheugd, en nu ligt hij in scherven. Bestelling 88-102. Wat kunnen jullie doen?\n\nLieke",
	  "nl", REGISTER_INFORMAL, "damaged", "disappointed", ACK_NORMAL,
	  { .order_number = (char *) "88-102", .first_name = (char *) "Lieke" } },
	{ "Scheldend: kort, met dezelfde stappen en termijn", "Wat een stelletje prutsers. Twee keer afgeschreven, 118830. Terugstorten, idioten.",
	  "nl", REGISTER_FORMAL, "billing", "abusive", ACK_ABUSE, { .order_number = (char *) "118830", .remedy = "refund" } },
	{ "Een brief met een termijn", "Hierbij stel ik u in gebreke. Binnen veertien dagen het aankoopbedrag van bestelling 7006112 terug, anders volgt een dagvaarding.",
	  "nl", REGISTER_FORMAL, "return-refund", "threatening", ACK_LEGAL,
	  { .order_number = (char *) "7006112", .remedy = "refund" } },
	{ "Een sterfgeval", "Mijn man heeft bij u bestelling 5521 geplaatst. Hij is vorige week overleden. Kan die nog worden geannuleerd?\n\nGreet",
	  "nl", REGISTER_FORMAL, "cancellation", "neutral", ACK_BEREAVEMENT,
	  { .order_number = (char *) "5521", .first_name = (char *) "Greet" } },
	{ "Een compliment", "Gisteren besteld, vandaag al in huis, en zo mooi ingepakt. Dank jullie wel!\n\nEls",
	  "nl", REGISTER_INFORMAL, "praise", "friendly", ACK_PRAISE, { .first_name = (char *) "Els" } },
	{ "Iets wat niet veilig is, in het Duits", "Die Heizdecke wurde glühend heiß, auf dem Laken ist ein Brandfleck. Bestellung RT-4402.",
	  "de", REGISTER_FORMAL, "defective", "angry", ACK_SAFETY, { .order_number = (char *) "RT-4402", .photo = TRUE } },
	{ "Een vraag voor de aankoop, in het Engels", "Do you ship to Ireland, and does the blue one come in a size 40?\n\nSarah",
	  "en", REGISTER_FORMAL, "pre-sales", "friendly", ACK_QUESTION, { .first_name = (char *) "Sarah" }, .question = TRUE },
	{ "Een tweede mail in hetzelfde gesprek, in het Frans", "Toujours aucune nouvelle de mon remboursement. Commande 4417. Je vous ai déjà écrit lundi.\n\nMonique",
	  "fr", REGISTER_FORMAL, "return-refund", "frustrated", ACK_NORMAL,
	  { .order_number = (char *) "4417", .first_name = (char *) "Monique", .remedy = "refund" }, .again = TRUE },
	{ "Voorstel voor een antwoord: oplossingen om uit te kiezen", "Bij stap 14 bleek zakje C er niet in te zitten. Order 90233.\n\nAnneke",
	  "nl", REGISTER_FORMAL, "missing-item", "frustrated", ACK_NORMAL,
	  { .order_number = (char *) "90233", .first_name = (char *) "Anneke" }, .reply = "options" },
	{ "Voorstel voor een antwoord: slecht nieuws", "Ik wil de gordijnen (bestelling 3-991) teruggeven, ze zijn toch te donker.\n\nSaar",
	  "nl", REGISTER_INFORMAL, "return-refund", "disappointed", ACK_NORMAL,
	  { .order_number = (char *) "3-991", .first_name = (char *) "Saar" }, .reply = "no" },
	{ "Voorstel voor een antwoord: een betwiste factuur", "Een aanmaning voor een rekening die ik allang heb betaald? Ik betaal niets meer.\n\nErik Bos",
	  "nl", REGISTER_FORMAL, "billing", "angry", ACK_NORMAL, { .first_name = (char *) "Erik" }, .reply = "invoice" },
};

static void
print_block(const char *text, const char *mark)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (gsize i = 0; lines[i] != NULL; i++)
		if (lines[i + 1] != NULL || *lines[i] != '\0')
			printf("%s%s%s\n", mark, *mark != '\0' && *lines[i] != '\0' ? " " : "", lines[i]);
}

static gboolean
print_example(const Words *words, const Example *example, guint n)
{
	static const char *remedies[] = { "replace", "refund", "partial", "discount", NULL };
	static char *sure[] = { NULL };
	static const History history;
	g_autoptr(GArray) flags = g_array_new(FALSE, FALSE, sizeof(LabelScore));
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Amsterdam");
	g_autofree char *subject = NULL, *body = NULL;
	g_autoptr(GError) error = NULL;
	Shop shop = { .name = (char *) "De Houten Stoel", .language = (char *) "nl",
		      .register_ = example->register_, .signature = (char *) "Sanne de Boer",
		      .timezone = zone, .remedies = (char **) remedies, .policy_discount = (char *) "10%" };

	for (gsize day = 0; day < 5; day++)
		shop.hours[day] = (DayHours) { 9 * 3600, 17 * 3600 };
	shop.answer_within[PRIORITY_NORMAL].workdays = 1;
	shop.answer_within[PRIORITY_HIGH].seconds = 4 * 3600;

	const Reading reading = { .language = example->language, .type = example->type, .tone = example->tone,
		                  .complaint = !example->question, .unsure = sure, .flags = flags,
		                  .facts = example->facts };
	Plan plan = { .acknowledge = TRUE, .kind = example->kind, .draft = TRUE };
	if (example->kind != ACK_PRAISE)
		plan.answer_by = calendar_answer_by(&shop, example->kind == ACK_SAFETY ? PRIORITY_HIGH
		                                                                     : PRIORITY_NORMAL, NOW);
	const WordsContext ctx = { .shop = &shop, .reading = &reading, .plan = &plan, .history = &history,
		                   .ticket = 100 + n, .now = NOW, .again = example->again };

	if (example->reply != NULL)
		body = words_reply(words, &ctx, example->reply, &error);
	else
		words_acknowledgement(words, &ctx, &subject, &body, &error);
	if (body == NULL) {
		fprintf(stderr, "examples: %s: %s\n", example->title, error->message);
		return FALSE;
	}
	printf("\n## %u. %s\n\n", n, example->title);
	print_block(example->mail, ">");
	puts("\n```text");
	if (subject != NULL)
		printf("%s\n\n", subject);
	print_block(body, "");
	puts("```");
	return TRUE;
}

int
main(void)
{
	g_autoptr(Diagnostics) diag = diagnostics_new();
	const char *dirs[] = { settings_templatedir(), NULL };
	g_autoptr(Words) words = words_load(dirs, diag);

	diagnostics_print(diag);
	if (words == NULL)
		return EXIT_FAILURE;
	puts("# Wat klanten krijgen: twaalf voorbeelden\n\n"
	     "Negen ontvangstbevestigingen, die vanzelf uitgaan, en drie voorgestelde antwoorden, die een mens\n"
	     "afmaakt en verstuurt: wat alleen een mens weet, staat tussen dubbele haken. Alle mails kwamen binnen op\n"
	     "vrijdag 27 november 2026 om 16.55 uur, vijf minuten voor sluitingstijd.\n\n"
	     "Deze bladzijde is gemaakt door `tests/tools/examples` uit de meegeleverde teksten; `make check`\n"
	     "vergelijkt haar daarmee. De teksten zelf staan in `templates/`, en aardig-templates(5) legt uit hoe u ze\n"
	     "naar uw hand zet. De klanten, namen en nummers zijn verzonnen.");
	for (guint i = 0; i < G_N_ELEMENTS(examples); i++)
		if (!print_example(words, &examples[i], i + 1))
			return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
