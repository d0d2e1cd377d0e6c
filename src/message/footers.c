/* footers.c - what ends a mail without being written by its sender: closing formulas and their
 * kin, lines of phones and mail programs, legal paragraphs. */
#include "config.h"

#include <string.h>

#include "lines-private.h"

/* --- closing formulas ------------------------------------------------------ */

static const struct {
	const char *text;
	Closing kind;
} closings[] = {
	/* nl */
	{ "met vriendelijke groet", CLOSING_STRONG }, { "met vr groet", CLOSING_STRONG },
	{ "met vr. groet", CLOSING_STRONG }, { "vriendelijke groet", CLOSING_STRONG },
	{ "vr. groet", CLOSING_STRONG }, { "vr groet", CLOSING_STRONG }, { "vrgr", CLOSING_STRONG },
	{ "met hartelijke groet", CLOSING_STRONG }, { "hartelijke groet", CLOSING_STRONG },
	{ "met beleefde groet", CLOSING_STRONG }, { "met sportieve groet", CLOSING_STRONG },
	{ "met warme groet", CLOSING_STRONG }, { "warme groet", CLOSING_STRONG },
	{ "met groet", CLOSING_STRONG }, { "lieve groet", CLOSING_STRONG },
	{ "met de meeste hoogachting", CLOSING_STRONG }, { "hoogachtend", CLOSING_STRONG },
	{ "groet", CLOSING_STRONG }, { "groetjes", CLOSING_STRONG }, { "gr", CLOSING_STRONG },
	{ "grtjs", CLOSING_STRONG }, { "grtz", CLOSING_STRONG }, { "mvg", CLOSING_STRONG },
	{ "m.v.g", CLOSING_STRONG }, { "m. vr. gr", CLOSING_STRONG }, { "m.vr.gr", CLOSING_STRONG },
	{ "veel liefs", CLOSING_STRONG }, { "liefs", CLOSING_STRONG },
	{ "alvast bedankt", CLOSING_WEAK }, { "bij voorbaat dank", CLOSING_WEAK },
	{ "alvast dank", CLOSING_WEAK }, { "met dank", CLOSING_WEAK }, { "bvd", CLOSING_WEAK },
	{ "b.v.d", CLOSING_WEAK }, { "bedankt", CLOSING_WEAK }, { "dankjewel", CLOSING_WEAK },
	{ "dank", CLOSING_WEAK }, { "dank u wel", CLOSING_WEAK }, { "fijne dag", CLOSING_WEAK },
	{ "fijn weekend", CLOSING_WEAK }, { "fijne avond", CLOSING_WEAK },
	{ "in afwachting van uw reactie", CLOSING_WEAK },
	{ "in afwachting van uw antwoord", CLOSING_WEAK }, { "tot ziens", CLOSING_WEAK },
	/* en */
	{ "kind regards", CLOSING_STRONG }, { "kindest regards", CLOSING_STRONG },
	{ "with kind regards", CLOSING_STRONG }, { "best regards", CLOSING_STRONG },
	{ "with best regards", CLOSING_STRONG }, { "warm regards", CLOSING_STRONG },
	{ "warmest regards", CLOSING_STRONG }, { "regards", CLOSING_STRONG },
	{ "rgds", CLOSING_STRONG }, { "best wishes", CLOSING_STRONG },
	{ "all the best", CLOSING_STRONG }, { "yours sincerely", CLOSING_STRONG },
	{ "yours faithfully", CLOSING_STRONG }, { "yours truly", CLOSING_STRONG },
	{ "sincerely", CLOSING_STRONG }, { "sincerely yours", CLOSING_STRONG },
	{ "respectfully", CLOSING_STRONG }, { "cheers", CLOSING_STRONG },
	{ "many thanks", CLOSING_WEAK }, { "thanks", CLOSING_WEAK }, { "thank you", CLOSING_WEAK },
	{ "thx", CLOSING_WEAK }, { "thanks in advance", CLOSING_WEAK },
	{ "thank you in advance", CLOSING_WEAK }, { "best", CLOSING_WEAK }, { "love", CLOSING_WEAK },
	{ "yours", CLOSING_WEAK }, { "have a nice day", CLOSING_WEAK },
	{ "have a great day", CLOSING_WEAK },
	/* de */
	{ "mit freundlichen grussen", CLOSING_STRONG }, { "mit freundlichen gruessen", CLOSING_STRONG },
	{ "mit freundlichem gruss", CLOSING_STRONG }, { "freundliche grusse", CLOSING_STRONG },
	{ "freundliche gruesse", CLOSING_STRONG }, { "mit freundlicher hochachtung", CLOSING_STRONG },
	{ "mfg", CLOSING_STRONG }, { "viele grusse", CLOSING_STRONG },
	{ "viele gruesse", CLOSING_STRONG }, { "vg", CLOSING_STRONG },
	{ "liebe grusse", CLOSING_STRONG }, { "liebe gruesse", CLOSING_STRONG },
	{ "lg", CLOSING_STRONG }, { "beste grusse", CLOSING_STRONG },
	{ "beste gruesse", CLOSING_STRONG }, { "schone grusse", CLOSING_STRONG },
	{ "schoene gruesse", CLOSING_STRONG }, { "herzliche grusse", CLOSING_STRONG },
	{ "herzliche gruesse", CLOSING_STRONG }, { "mit besten grussen", CLOSING_STRONG },
	{ "mit besten gruessen", CLOSING_STRONG }, { "mit herzlichen grussen", CLOSING_STRONG },
	{ "gruss", CLOSING_STRONG }, { "grusse", CLOSING_STRONG }, { "gruesse", CLOSING_STRONG },
	{ "hochachtungsvoll", CLOSING_STRONG }, { "es grusst", CLOSING_STRONG },
	{ "vielen dank", CLOSING_WEAK }, { "danke", CLOSING_WEAK }, { "besten dank", CLOSING_WEAK },
	{ "danke im voraus", CLOSING_WEAK }, { "vielen dank im voraus", CLOSING_WEAK },
	{ "schonen tag noch", CLOSING_WEAK }, { "schonen tag", CLOSING_WEAK },
	{ "schones wochenende", CLOSING_WEAK },
	/* fr */
	{ "cordialement", CLOSING_STRONG }, { "bien cordialement", CLOSING_STRONG },
	{ "tres cordialement", CLOSING_STRONG }, { "cdlt", CLOSING_STRONG }, { "cdt", CLOSING_STRONG },
	{ "bien a vous", CLOSING_STRONG }, { "salutations", CLOSING_STRONG },
	{ "sinceres salutations", CLOSING_STRONG }, { "meilleures salutations", CLOSING_STRONG },
	{ "salutations distinguees", CLOSING_STRONG }, { "avec mes salutations", CLOSING_STRONG },
	{ "respectueusement", CLOSING_STRONG }, { "amicalement", CLOSING_STRONG },
	{ "bien amicalement", CLOSING_STRONG }, { "sincerement", CLOSING_STRONG },
	{ "bises", CLOSING_STRONG }, { "bonne journee", CLOSING_WEAK },
	{ "bonne soiree", CLOSING_WEAK }, { "bonne reception", CLOSING_WEAK },
	{ "merci", CLOSING_WEAK }, { "merci d'avance", CLOSING_WEAK },
	{ "merci par avance", CLOSING_WEAK }, { "avec mes remerciements", CLOSING_WEAK },
	{ "dans l'attente de votre reponse", CLOSING_WEAK },
	{ "dans l'attente de vous lire", CLOSING_WEAK }, { "a bientot", CLOSING_WEAK },
};

/* French letters close with a sentence: "Veuillez agréer, Madame, Monsieur, ..." */
static const char *const closing_sentences[] = {
	"veuillez agreer", "veuillez recevoir", "je vous prie d'agreer", "nous vous prions d'agreer",
	"recevez, madame", "recevez, monsieur",
};

/* "en", "jes", ... after the formula: "groeten", "grusse aus Koln", "regards, Jan". */
static gboolean
is_closing_rest(const char *rest, Closing kind)
{
	if (*rest == '\0')
		return TRUE;
	if (g_str_has_prefix(rest, "en") && !g_ascii_isalpha(rest[2]))
		rest += 2; /* groet-en */
	if (g_ascii_isalpha(*rest))
		return FALSE;
	/* Weak ones stand alone or before a comma; the strong may have a name behind them. */
	const char *word = rest + strspn(rest, " ,.!:;-)x");
	if (*word == '\0')
		return TRUE;
	guint words = 1;
	for (const char *p = word; *p != '\0'; p++)
		words += *p == ' ';
	if (kind == CLOSING_WEAK && *rest != ',' && *rest != '.' && *rest != '!')
		return FALSE;
	return words <= (kind == CLOSING_WEAK ? 2 : 5) && strpbrk(word, "?0123456789") == NULL &&
	       strlen(word) <= 45;
}

static const Beginnings *
closing_beginnings(void)
{
	static Beginnings made;

	if (g_once_init_enter(&made.made)) {
		for (gsize i = 0; i < G_N_ELEMENTS(closings); i++)
			beginnings_add(&made, closings[i].text);
		for (gsize i = 0; i < G_N_ELEMENTS(closing_sentences); i++)
			beginnings_add(&made, closing_sentences[i]);
		g_once_init_leave(&made.made, 1);
	}
	return &made;
}

Closing
phrase_closing(const char *text)
{
	char key[100];

	if (!beginnings_may_fit(closing_beginnings(), text + strspn(text, " \t*-~_(")))
		return CLOSING_NONE;
	gsize len = strnlen(text, 300);
	if (len >= 300)
		return CLOSING_NONE;
	phrase_key(text, key, sizeof(key));
	const char *p = key + strspn(key, " -~_(");
	for (gsize i = 0; i < G_N_ELEMENTS(closing_sentences); i++)
		if (g_str_has_prefix(p, closing_sentences[i]))
			return CLOSING_STRONG;
	if (len > 80)
		return CLOSING_NONE;
	Closing best = CLOSING_NONE;
	for (gsize i = 0; i < G_N_ELEMENTS(closings); i++) {
		if (closings[i].text[0] != p[0])
			continue;
		gsize n = strlen(closings[i].text);
		if (strncmp(p, closings[i].text, n) == 0 && is_closing_rest(p + n, closings[i].kind))
			best = MAX(best, closings[i].kind);
	}
	return best;
}

/* --- phones and mail programs ---------------------------------------------- */

/* Begin of the line. With `device` one of the words below must follow in it: "Verzonden vanaf
 * mijn iPhone" is a footer, "Verzonden vanaf Utrecht" is a complaint. */
static const struct {
	const char *text;
	gboolean device;
} footers[] = {
	{ "verzonden vanaf", TRUE }, { "verzonden van", TRUE }, { "verzonden met", TRUE },
	{ "verzonden via", TRUE }, { "verstuurd vanaf", TRUE }, { "verstuurd van", TRUE },
	{ "verstuurd met", TRUE }, { "verstuurd via", TRUE }, { "verstuurd vanuit", TRUE },
	{ "verzonden vanuit", TRUE }, { "sent from", TRUE }, { "sent with", TRUE },
	{ "sent via", TRUE }, { "sent by", TRUE }, { "sent using", TRUE }, { "get outlook for", FALSE },
	{ "download outlook", FALSE }, { "outlook voor", TRUE }, { "outlook fur", TRUE },
	{ "outlook pour", TRUE }, { "outlook for", TRUE }, { "holen sie sich outlook", FALSE },
	{ "laden sie outlook", FALSE }, { "obtenez outlook", FALSE }, { "telecharger outlook", FALSE },
	{ "telechargez outlook", FALSE }, { "haal outlook", FALSE }, { "verkrijg outlook", FALSE },
	{ "obtenir outlook", FALSE }, { "von meinem", TRUE },
	{ "gesendet von", TRUE }, { "gesendet mit", TRUE },
	{ "gesendet uber", TRUE }, { "gesendet aus", TRUE }, { "gesendet vom", TRUE },
	{ "versendet mit", TRUE }, { "versendet von", TRUE },
	{ "diese nachricht wurde von mein", TRUE }, { "envoye de mon", TRUE },
	{ "envoye depuis", TRUE }, { "envoye a partir", TRUE }, { "envoye avec", TRUE },
	{ "envoye via", TRUE }, { "envoye par", TRUE }, { "mail envoye depuis", TRUE },
	{ "virusvrij", FALSE }, { "virus-free", FALSE }, { "virenfrei", FALSE },
	{ "garanti sans virus", FALSE }, { "sans virus", FALSE },
	{ "dit e-mailbericht is gecontroleerd op virussen", FALSE },
	{ "deze e-mail is gecontroleerd op virussen", FALSE },
	{ "this email has been checked for viruses", FALSE },
	{ "this e-mail has been checked for viruses", FALSE },
	{ "diese e-mail wurde von avast", FALSE }, { "diese e-mail wurde auf viren", FALSE },
	{ "l'absence de virus dans ce courrier", FALSE }, { "get bluemail for", FALSE },
};

static const char *const devices[] = {
	"iphone", "ipad", "ipod", "galaxy", "samsung", "outlook", "android", "tablet", "telefoon",
	"my phone", "mobile", "mobiel", "smartphone", "mail app", "mail-app", "mailapp", "yahoo",
	"proton", "gmx", "web.de", "gmail", "huawei", "xiaomi", "oppo", "pixel", "nokia",
	"xperia", "blackberry", "windows", "macbook", "imac", "ios", "handy", "telephone",
	"portable", "gerat", "toestel", "apparaat", "laptop", "bluemail", "thunderbird", "k-9",
	"e-mail app", "spark", "mail for", "mail voor", "mail pour", "mail fur", "fairphone",
	"motorola", "mijn fiets", "onderweg", "unterwegs", "webmail", "chromebook", "telefon", "ordinateur",
	"computer",
};

static const Beginnings *
footer_beginnings(void)
{
	static Beginnings made;

	if (g_once_init_enter(&made.made)) {
		for (gsize i = 0; i < G_N_ELEMENTS(footers); i++)
			beginnings_add(&made, footers[i].text);
		g_once_init_leave(&made.made, 1);
	}
	return &made;
}

gboolean
phrase_is_footer(const char *text)
{
	char key[160], start[160];

	if (!beginnings_may_fit(footer_beginnings(), text + strspn(text, " \t*-_[(")))
		return FALSE;
	/* The link behind it may be of any length: Microsoft wraps each in one of its own. */
	gsize len = strcspn(text, "<");

	if (len >= sizeof(start))
		return FALSE;
	g_strlcpy(start, text, len + 1);
	phrase_key(start, key, sizeof(key));
	const char *p = key + strspn(key, " -_[(");
	for (gsize i = 0; i < G_N_ELEMENTS(footers); i++) {
		if (footers[i].text[0] != *p || !g_str_has_prefix(p, footers[i].text))
			continue;
		if (!footers[i].device)
			return TRUE;
		/* "Von meinem Gerät fehlt ein Teil" */
		if (g_str_has_prefix(p, "von ") && strstr(p, "gesendet") == NULL)
			return FALSE;
		const char *rest = p + strlen(footers[i].text);
		for (gsize d = 0; d < G_N_ELEMENTS(devices); d++)
			if (strstr(rest, devices[d]) != NULL || g_str_has_prefix(p, devices[d]))
				return strlen(rest) <= 90 && strchr(rest, '?') == NULL;
	}
	return FALSE;
}

/* --- legal paragraphs ------------------------------------------------------ */

/* What only such a paragraph says: two of them, or one and two of the next table. */
static const char *const legal_strong[] = {
	"uitsluitend bestemd voor", "uitsluitend voor de geadresseerde",
	"niet de bedoelde ontvanger", "niet de geadresseerde", "rechten worden ontleend",
	"ten onrechte ontvang", "abusievelijk", "per abuis ontvang", "niet voor u bestemd",
	"informatie in dit e-mail", "informatie in deze e-mail",
	"dit e-mailbericht en eventuele bijlagen", "deze e-mail en eventuele bijlagen",
	"dit bericht en eventuele bijlagen", "vertrouwelijke informatie bevatten",
	"denk aan het milieu", "voordat u deze e-mail print", "voordat u dit bericht print",
	"intended solely for", "intended only for", "intended recipient",
	"intended for the addressee", "named addressee", "received this email in error",
	"received this e-mail in error", "received this message in error",
	"information in this e-mail", "information in this email",
	"information contained in this", "this e-mail and any attachments",
	"this email and any attachments", "this message and any attachments",
	"legally privileged", "unauthorised use", "unauthorized use", "unauthorised disclosure",
	"unauthorized disclosure", "consider the environment before",
	"nicht der richtige adressat", "nicht der beabsichtigte empfanger",
	"nicht der vorgesehene empfanger", "irrtumlich erhalten",
	"ausschliesslich fur den adressaten", "ausschliesslich fur den empfanger",
	"diese e-mail enthalt vertrauliche", "diese e-mail kann vertrauliche",
	"rechtlich geschutzte informationen", "unbefugte weitergabe", "unerlaubte kopieren",
	"informieren sie bitte sofort den absender", "bevor sie diese e-mail ausdrucken",
	"onze algemene voorwaarden van toepassing", "our general terms and conditions apply",
	"gelten unsere allgemeinen geschaftsbedingungen", "destine exclusivement",
	"destines exclusivement", "usage exclusif", "intention exclusive",
	"si vous n'etes pas le destinataire", "recu ce message par erreur",
	"recu ce courriel par erreur", "recu cet e-mail par erreur",
	"ce message et toutes les pieces jointes", "ce message et ses pieces jointes",
	"ce courriel et ses pieces jointes", "toute utilisation non autorisee",
	"avant d'imprimer", "strictement confidentiel",
};

static const char *const legal_weak[] = {
	"dit bericht", "deze e-mail", "this e-mail", "this email", "this message", "diese e-mail",
	"diese nachricht", "ce message", "ce courriel",
	"disclaimer", "vertrouwelijk", "geadresseerde", "aansprakelijkheid", "verspreiding",
	"openbaarmaking", "vermenigvuldiging", "afzender", "confidential", "privileged",
	"recipient", "liability", "dissemination", "disclosure", "notify the sender", "delete",
	"distribution", "misuse", "vertraulich", "adressat", "haftung", "vernichten", "absender",
	"weitergabe", "gestattet", "confidentiel", "destinataire", "expediteur", "responsabilite",
	"diffusion", "divulgation", "kvk", "kamer van koophandel", "chamber of commerce",
	"handelsregister", "environment", "milieu", "umwelt", "environnement", "verwijder",
	"printen",
};

/* Nobody speaks for himself in such a paragraph; one who does, means what he says. */
static const char *const first_person[] = {
	" ik ", " mijn ", " mij ", " i ", " i'm ", " i've ", " my ", " me ", " ich ", " mein ",
	" meine ", " mir ", " mich ", " j'ai ", " mes ", " mon ", " moi ",
};

/* Which pairs of bytes a text has: a bit for each, some sharing one. */
typedef struct {
	guint64 bits[64];
} Pairs;

static gboolean
pairs_have(const Pairs *pairs, const char *p)
{
	return (pairs->bits[p[0] & 63] >> (p[1] & 63) & 1) != 0;
}

/* Nearly every paragraph lacks a pair of each phrase, and is not searched for it. */
static guint
count_phrases(const char *key, const char *const *table, gsize n, guint enough)
{
	Pairs pairs = { { 0 } };
	guint found = 0;

	for (const char *p = key; p[0] != '\0' && p[1] != '\0'; p++)
		pairs.bits[p[0] & 63] |= (guint64)1 << (p[1] & 63);
	for (gsize i = 0; i < n && found < enough; i++) {
		const char *p = table[i];

		while (p[0] != '\0' && p[1] != '\0' && pairs_have(&pairs, p))
			p++;
		found += p[1] == '\0' && strstr(key, table[i]) != NULL;
	}
	return found;
}

gboolean
phrase_is_legal(const char *key)
{
	return count_phrases(key, legal_strong, G_N_ELEMENTS(legal_strong), 1) > 0;
}

gboolean
phrase_is_disclaimer(const char *key)
{
	gsize len = strlen(key);

	if (len < 30)
		return FALSE;
	guint strong = count_phrases(key, legal_strong, G_N_ELEMENTS(legal_strong), 2);
	if (strong == 0)
		return FALSE;
	guint weak = count_phrases(key, legal_weak, G_N_ELEMENTS(legal_weak), 2);
	if (strong < 2 && weak == 0)
		return FALSE;
	g_autofree char *padded = g_strconcat(" ", key, " ", NULL);
	return count_phrases(padded, first_person, G_N_ELEMENTS(first_person), 1) == 0;
}

/* Put on top by our own server: Microsoft 365's tip on a first mail, a firm's warning. */
gboolean
phrase_is_banner(const char *key)
{
	static const char *const banners[] = {
		"u ontvangt niet vaak e-mail van", "je ontvangt niet vaak e-mail van",
		"you don't often get email from", "sie erhalten nicht haufig e-mails von",
		"vous n'obtenez pas souvent d'e-mail", "vous ne recevez pas souvent de courrier",
		"originated from outside", "originates from outside", "external sender",
		"komt van buiten de organisatie", "van buiten onze organisatie",
		"afkomstig van buiten", "von ausserhalb der organisation",
		"von einem externen absender", "provient de l'exterieur",
		"d'un expediteur externe",
	};

	return strlen(key) < 500 && count_phrases(key, banners, G_N_ELEMENTS(banners), 1) > 0;
}

/* --- postscripts and facts ------------------------------------------------- */

gboolean
phrase_is_postscript(const char *text)
{
	static const char *const marks[] = { "ps", "p.s", "p.s.", "nb", "n.b", "n.b.", "pps", "p.p.s" };
	char key[16];
	const char *start = text + strspn(text, " \t*");

	/* One of the marks' letters, or one beyond ASCII that may become it. */
	if ((guchar) *start < 0x80 && (*start == '\0' || strchr("PpNn", *start) == NULL))
		return FALSE;
	phrase_key(text, key, sizeof(key));
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
		gsize len = strlen(marks[i]);
		if (strncmp(key, marks[i], len) == 0 && (key[len] == ':' || key[len] == ' ' ||
		    key[len] == '.' || key[len] == ',' || key[len] == '\0' || key[len] == '-'))
			return TRUE;
	}
	return FALSE;
}

static const char *const attached[] = {
	"bijlage", "attachment", "attached", "anlage", "anhang", "piece jointe", "pieces jointes", "p.j.",
	"zie ", "see ", "siehe ", "voir ", "ci-joint", "foto", "photo", "klant sinds",
	"customer since", "kunde seit", "client depuis", "cliente depuis",
};

static const Beginnings *
attached_beginnings(void)
{
	static Beginnings made;

	if (g_once_init_enter(&made.made)) {
		for (gsize i = 0; i < G_N_ELEMENTS(attached); i++)
			beginnings_add(&made, attached[i]);
		g_once_init_leave(&made.made, 1);
	}
	return &made;
}

gboolean
phrase_is_fact(const char *text)
{
	static const char *const words[] = {
		"bestel", "order", "klantn", "factuur", "kenmerk", "referentie", "retour",
		"ticket", "track", "kundenn", "auftrag", "rechnung", "commande", "facture",
		"dossier", "invoice", "customer n", "reference", "iban", "rekening", "betreft",
		"zaaknummer", "sendungs", "colis", "suivi", "no client", "artikel", "klacht",
		"reclam",
	};
	char key[200];
	gboolean digits = strpbrk(text, "0123456789") != NULL;

	if (!digits &&
	    !beginnings_may_fit(attached_beginnings(), text + strspn(text, " \t*")))
		return FALSE;
	phrase_key(text, key, sizeof(key));
	for (gsize i = 0; i < G_N_ELEMENTS(attached); i++)
		if (g_str_has_prefix(key, attached[i]))
			return TRUE;
	if (!digits)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (strstr(key, words[i]) != NULL)
			return TRUE;
	/* A bank account without its label: for the refund. */
	const char *p = key;
	return g_ascii_isalpha(p[0]) && g_ascii_isalpha(p[1]) && g_ascii_isdigit(p[2]) &&
	       g_ascii_isdigit(p[3]) && (p[4] == ' ' || g_ascii_isalnum(p[4])) && strlen(p) >= 15 &&
	       strpbrk(p, "@/") == NULL;
}
