/* check-samples.c - before a first acknowledgement leaves: ten typical mails through the stages of
 * a real one, and what their senders would get. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "aardig/clock.h"
#include "aardig/decide.h"
#include "aardig/worker.h"
#include "cli/check.h"

typedef struct {
	const char *name, *from, *subject, *body;
} Sample;

static const Sample samples[] = {
	{ "a parcel that is late", "Marieke de Vries", "Bestelling 20418 nog niet binnen",
	  "Goedemorgen,\n\nVorige week woensdag heb ik bij u besteld (bestelnummer 20418), en ik heb "
	  "nog "
	  "steeds niets ontvangen. Wanneer kan ik mijn pakje verwachten?\n\n"
	  "Met vriendelijke groet,\nMarieke de Vries\n" },
	{ "something arrived broken", "Joost Bakker", "Vaas kapot aangekomen",
	  "Hallo,\n\nVandaag kwam mijn pakket binnen, maar de vaas is gebroken. De doos was aan een "
	  "kant "
	  "helemaal ingedeukt. Hoe lossen we dit op?\n\nGroeten,\nJoost Bakker\n" },
	{ "a very angry customer", "Karin Smit", "DERDE MAIL!!!",
	  "Dit is nu al de DERDE keer dat ik mail en ik krijg gewoon geen antwoord!!! Mijn bestelling "
	  "is "
	  "er nog steeds niet. Belachelijk, ik ben er helemaal klaar mee. Ik wil NU weten waar mijn "
	  "spullen blijven.\n\nKarin Smit\n" },
	{ "waiting for a refund", "Ahmed El Idrissi", "Geld nog niet terug",
	  "Beste meneer of mevrouw,\n\nDrie weken geleden heb ik de jas teruggestuurd, maar het geld "
	  "staat "
	  "nog niet op mijn rekening. Mijn bestelnummer is 19077.\n\nMet vriendelijke groet,\n"
	  "Ahmed El Idrissi\n" },
	{ "a letter with legal steps", "P. van Dijk", "Ingebrekestelling",
	  "Geachte heer, mevrouw,\n\nHierbij stel ik u in gebreke. Ik geef u nog veertien dagen om de "
	  "bestelling te leveren. Doet u dat niet, dan ontbind ik de koop en schakel ik mijn advocaat "
	  "in.\n\nHoogachtend,\nP. van Dijk\n" },
	{ "a compliment", "Els Willems", "Wat een service!",
	  "Hoi,\n\nGisteren besteld en vandaag al binnen, en zo mooi ingepakt! Ik ben er heel blij "
	  "mee. "
	  "Dank jullie wel.\n\nGroetjes,\nEls\n" },
	{ "a question before buying", "Tom Hendriks", "Vraag over levertijd",
	  "Goedemiddag,\n\nIk wil graag de blauwe variant bestellen. Hebben jullie die op voorraad, en "
	  "wat "
	  "is de levertijd?\n\nAlvast bedankt,\nTom Hendriks\n" },
	{ "the wrong article, in English", "Sarah Wilson", "Wrong item received",
	  "Hello,\n\nI ordered a green kettle (order 20533) but received a red one instead. Could you "
	  "please send me the right one?\n\nKind regards,\nSarah Wilson\n" },
	{ "something is defective, in German", "J\u00fcrgen Weber", "Lampe defekt",
	  "Guten Tag,\n\ndie Lampe, die ich bei Ihnen bestellt habe, funktioniert nach zwei Tagen "
	  "nicht "
	  "mehr. Was kann ich jetzt tun?\n\nMit freundlichen Gr\u00fc\u00dfen\nJ\u00fcrgen Weber\n" },
	{ "a parcel that is late, in French", "Claire Martin", "Commande pas re\u00e7ue",
	  "Bonjour,\n\nJ'ai pass\u00e9 une commande il y a dix jours (num\u00e9ro 20611) et je n'ai "
	  "toujours rien re\u00e7u. Pouvez-vous me dire o\u00f9 elle se trouve ?\n\n"
	  "Cordialement,\nClaire Martin\n" },
};

static GBytes *
sample_mail(const Sample *sample, const Account *account, guint i, gint64 now)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(now);
	g_autofree char *date = g_date_time_format(when, "%a, %d %b %Y %H:%M:%S +0000");
	char *text = g_strdup_printf("From: \"%s\" <klant%u@voorbeeld.example>\r\n"
	                             "To: %s\r\nSubject: %s\r\nDate: %s\r\n"
	                             "Message-ID: <voorbeeld-%u@voorbeeld.example>\r\nMIME-Version: "
	                             "1.0\r\n"
	                             "Content-Type: text/plain; charset=utf-8\r\n"
	                             "Content-Transfer-Encoding: 8bit\r\n\r\n%s",
	                             sample->from, i + 1, account->from, sample->subject, date, i + 1,
	                             sample->body);

	return g_bytes_new_take(text, strlen(text));
}

static void
print_indented(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line != NULL; line++)
		if (**line != '\0' || line[1] != NULL)
			printf("%s%s\n", **line != '\0' ? "    " : "", *line);
}

/* The day names of Date are English whatever the locale is: setlocale() is called for LC_CTYPE
 * only. */
static gboolean
print_sample(Check *check, const Account *account, guint i)
{
	const Sample *sample = &samples[i];
	gint64 now = clock_now();
	Offline offline = {
		.settings = check->settings, .rules = check->rules, .account = account, .now = now
	};
	g_autoptr(GPtrArray) own = g_ptr_array_new();
	g_autoptr(GBytes) raw = sample_mail(sample, account, i, now);
	g_autoptr(GError) error = NULL;
	g_autofree char *subject = NULL, *body = NULL;
	Judged judged;

	g_ptr_array_add(own, NULL);
	offline.own = own;
	offline_judge(&offline, raw, &judged);
	const Plan *plan = judged.plan;
	const WordsContext words = { .shop = account->shop,
		                         .account = account,
		                         .reading = judged.reading,
		                         .plan = plan,
		                         .history = &judged.history,
		                         .customer = "klant@voorbeeld.example",
		                         .ticket = i + 1,
		                         .now = now };

	printf("\n%u. %s: %s, %s\n", i + 1, sample->name, judged.reading->type, judged.reading->tone);
	gboolean right = TRUE;
	if (!plan->acknowledge) {
		const char *why = judged.guard->reason;
		printf("    no acknowledgement%s%s\n", why != NULL ? ": " : "", why != NULL ? why : "");
	} else if (words_acknowledgement(check->words, &words, &subject, &body, &error)) {
		printf("    Subject: %s\n\n", subject);
		print_indented(body);
	} else {
		fprintf(stderr, "aardig check: %s: %s\n", sample->name, error->message);
		right = FALSE;
	}
	judged_clear(&judged);
	return right;
}

/* A ledger that is not there, or cannot be read by this user, has sent nothing yet. */
static gboolean
has_sent(const Check *check, const Account *account)
{
	g_autofree char *path = worker_ledger_path(check->settings);
	gboolean has = FALSE;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return FALSE;
	g_autoptr(Ledger) ledger = ledger_open_readonly(path, NULL);
	if (ledger != NULL)
		ledger_has_acknowledged(ledger, account->name, &has, NULL);
	return has;
}

gboolean
check_samples(Check *check)
{
	gboolean right = TRUE;

	for (guint k = 0; k < check->settings->accounts->len; k++) {
		const Account *account = g_ptr_array_index(check->settings->accounts, k);

		if (has_sent(check, account))
			continue;
		printf("\n== account \"%s\" has sent nothing yet; this is what ten customers would get:\n",
		       account->name);
		for (guint i = 0; i < G_N_ELEMENTS(samples); i++)
			right = print_sample(check, account, i) && right;
		if (account->mode == MODE_SEND)
			printf("\n== these leave from now on. If they should not: %s:%u: mode = \"draft\";\n",
			       account->mode_file, account->mode_line);
		else
			printf("\n== to let them go: %s:%u: mode = \"send\";\n", account->mode_file,
			       account->mode_line);
	}
	return right;
}
