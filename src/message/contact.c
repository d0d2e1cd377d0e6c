/* contact.c - what single lines at the end of a mail look like: speech, names, ways to reach
 * somebody, titles, slogans. */
#include "config.h"

#include <string.h>

#include "lines-private.h"

guint
line_words(const char *text)
{
	guint n = 0;
	gboolean in = FALSE;

	for (; *text != '\0'; text++) {
		gboolean blank = *text == ' ' || *text == '\t';
		n += !blank && !in;
		in = !blank;
	}
	return n;
}

static gboolean
has_word(const char *padded_key, const char *const *words, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (strstr(padded_key, words[i]) != NULL)
			return TRUE;
	return FALSE;
}

/* Somebody speaks. Slogans say "u" and "your" as well, but never "ik". */
gboolean
line_is_prose(const char *text)
{
	static const char *const speaking[] = {
		" ik ", " mij ", " mijn ", " jullie ", " kunt u ", " wilt u ", " graag ", " aub",
		" a.u.b", " svp", " s.v.p", " i ", " i'm ", " i've ", " i'd ", " my ",
		" could you ", " please ", " can you ", " ich ", " mir ", " mein ", " meine ",
		" meinen ", " bitte ", " konnen sie ", " je ", " j'ai ", " mon ", " ma ", " mes ",
		" pouvez-vous ", " merci de ", " niet ", " nicht ",
	};
	char key[400];
	gsize len = strlen(text);

	if (len == 0 || text[len - 1] == '?' || len > 300)
		return TRUE;
	guint words = line_words(text);
	if (words < 3)
		return FALSE;
	key[0] = ' ';
	phrase_key(text, key + 1, sizeof(key) - 2);
	for (char *p = key; *p != '\0'; p++) /* "Bel mij, graag" */
		if (*p == ',' || *p == ';' || *p == '!')
			*p = ' ';
	gsize n = strlen(key);
	key[n] = ' ';
	key[n + 1] = '\0';
	return words >= 14 || has_word(key, speaking, G_N_ELEMENTS(speaking));
}

/* --- names ----------------------------------------------------------------- */

#define PARTICLE_MAX 6 /* bytes of the longest of them */

static gboolean
is_particle(const char *word, gsize len)
{
	static const char *const particles[] = {
		"de", "den", "der", "van", "ten", "ter", "te", "het", "'t", "in", "op", "vd",
		"v.d.", "d'", "von", "vom", "zu", "zur", "und", "du", "des", "le", "la", "et",
		"en", "and", "y", "x", "xx", "xxx", "&", "+", "/", "-", "t.a.v.", "namens",
		"i.a.", "i.o.", "p/a",
	};

	if (len > PARTICLE_MAX)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(particles); i++)
		if ((particles[i][0] | 0x20) == (word[0] | 0x20) && strlen(particles[i]) == len &&
		    g_ascii_strncasecmp(word, particles[i], len) == 0)
			return TRUE;
	return FALSE;
}

/* Lower-case words that are no names, where a name of one or two words is expected. */
static gboolean
is_common(const char *key)
{
	static const char *const common[] = {
		"ik", "je", "u", "de", "het", "een", "is", "was", "niet", "hoor", "graag", "snel",
		"nog", "maar", "dit", "dat", "en", "the", "a", "is", "not", "this", "please",
		"soon", "but", "ich", "sie", "der", "die", "das", "ein", "nicht", "bitte", "aber",
		"le", "la", "les", "un", "une", "pas", "vous", "mais", "bijlage", "foto", "zie",
		"see", "siehe", "voir", "asap", "spoed", "ps", "nb", "tot", "dag", "doei",
		"klant", "tag", "jour", "alvast", "boos", "teleurgesteld", "ontevreden",
		"disappointed", "angry", "enttauscht", "decu", "decue",
	};
	g_auto(GStrv) words = g_strsplit_set(key, " ,.", 4);

	for (gsize w = 0; words[w] != NULL; w++)
		for (gsize i = 0; i < G_N_ELEMENTS(common); i++)
			if (strcmp(words[w], common[i]) == 0)
				return TRUE;
	return FALSE;
}

static gboolean
is_upper_start(const char *word)
{
	guchar c = word[0];

	return g_ascii_isupper(c) ||
	       (c == 0xC3 && (guchar) word[1] >= 0x80 && (guchar) word[1] <= 0x9E) ||
	       c == 0xC4 || c == 0xC5;
}

/* "GEEF MIJ MIJN GELD TERUG" begins each word with a capital, too. */
static gboolean
is_shouted(const char *text)
{
	return line_words(text) > 3 && strpbrk(text, "abcdefghijklmnopqrstuvwxyz") == NULL;
}

/* "Jan", "J.P. Willemse", "Familie de Vries", "mo & sid", "Bev x". */
gboolean
line_is_name(const char *text)
{
	gsize len = strlen(text);
	guint words = 0, upper = 0, lower = 0;

	text += strspn(text, " \t~-*");
	if (*text == '\0' || len > 50 || strpbrk(text, "0123456789@:?|") != NULL)
		return FALSE;
	for (const char *p = text; *p != '\0';) {
		gsize n = strcspn(p, " \t");
		if (n > 0 && !is_particle(p, n)) {
			words++;
			if (is_upper_start(p))
				upper++;
			else if (g_ascii_islower(*p))
				lower++;
		}
		p += n + strspn(p + n, " \t");
	}
	if (words == 0 || words > 5)
		return FALSE;
	if (lower == 0)
		return upper > 0 && !is_shouted(text);
	/* Who writes all in lower case signs so too. */
	char key[64];
	phrase_key(text, key, sizeof(key));
	return upper == 0 && lower <= 2 && strpbrk(key, "!.") == NULL && !is_common(key);
}


/* --- contact lines --------------------------------------------------------- */

/* Spelt as firms spell it: "2 kg" is none. */
static gboolean
has_company(const char *text)
{
	static const char *const companies[] = {
		"B.V.", "BV", "B.V", "N.V.", "NV", "VOF", "V.O.F.", "vof", "GmbH", "UG", "AG",
		"KG", "e.K.", "OHG", "Ltd", "Ltd.", "Limited", "LLP", "LLC", "Inc", "Inc.", "PLC",
		"plc", "SARL", "SAS", "BVBA", "SRL", "SA",
	};
	static const char *const parts[] = { "& Zn", "& Zoon", "& Söhne", "& Sons", "& Fils" };

	for (gsize i = 0; i < G_N_ELEMENTS(companies); i++) {
		gsize len = strlen(companies[i]);
		for (const char *p = text; (p = strstr(p, companies[i])) != NULL; p++)
			if (p > text && p[-1] == ' ' && strchr(" ,)|", p[len]) != NULL)
				return TRUE;
	}
	return has_word(text, parts, G_N_ELEMENTS(parts));
}

/* Mostly digits and what stands between them, nine at least; order numbers have no 0 in front. */
static gboolean
is_telephone(const char *key)
{
	guint digits = 0, others = 0;
	const char *first = strpbrk(key, "0123456789+");

	if (first == NULL || (*first != '0' && *first != '+'))
		return FALSE;

	for (const char *p = key; *p != '\0'; p++) {
		if (g_ascii_isdigit(*p))
			digits++;
		else if (strchr("+-()/. ", *p) == NULL)
			others++;
	}
	return digits >= 9 && digits <= 30 && others <= 6;
}

/* "Tel. 030-1234567", "M: 06 ...", "KvK 12345678", "E jan@example.org"; where to follow them. */
static gboolean
has_contact_label(const char *key)
{
	static const char *const names[] = {
		"tel", "telefoon", "telefoonnummer", "phone", "mob", "mobiel", "mobile", "gsm",
		"fax", "t", "m", "e", "f", "w", "telefon", "handy", "mobil", "portable",
		"telephone", "e-mail", "email", "mail", "web", "website", "adres", "postbus",
		"postfach", "(t)", "(m)", "(e)", "kvk", "k.v.k", "btw", "vat", "ust-id", "hrb",
		"amtsgericht", "geschaftsfuhrer", "siret", "rcs", "tva",
	};
	static const char *const social[] = {
		"linkedin", "facebook", "instagram", "twitter", "volg ons", "follow us",
		"folgen sie uns", "suivez-nous",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(social); i++)
		if (g_str_has_prefix(key, social[i]))
			return TRUE;
	if (strpbrk(key, "0123456789@") == NULL && strstr(key, "www") == NULL)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		gsize len = strlen(names[i]);
		if (strncmp(key, names[i], len) != 0 || strchr(" .:", key[len]) == NULL)
			continue;
		/* "M 38" is a size. */
		return len > 1 || is_telephone(key + len) || strpbrk(key, "@") != NULL ||
		       strstr(key, "www") != NULL;
	}
	return FALSE;
}

/* "1234 AB Utrecht", "D-10115 Berlin", "75011 Paris" */
static gboolean
is_postcode_line(const char *key)
{
	const char *p = key;
	gsize digits;

	if (g_ascii_isalpha(p[0]) && p[1] == '-')
		p += 2;
	if (g_ascii_isalpha(p[0]) && g_ascii_isalpha(p[1]) && p[2] == '-')
		p += 3;
	digits = strspn(p, "0123456789");
	if ((digits != 4 && digits != 5) || (p[digits] != ' ' && !g_ascii_isalpha(p[digits])))
		return FALSE;
	p += digits;
	p += *p == ' ';
	return g_ascii_isalpha(*p) && line_words(p) <= 4;
}

/* "Dorpsstraat 12", "12 rue de l'Exemple" */
static gboolean
is_street(const char *key)
{
	static const char *const streets[] = {
		"straat", "weg ", "laan", "plein", "gracht", "kade", "dijk", "singel", "strasse",
		"str. ", "allee", "platz", "gasse", "rue ", "avenue", "boulevard", "chemin",
		"impasse", " street", " road", " lane", "close", " drive", "hof ", "steeg",
		"park ",
	};
	gsize len = strlen(key);

	if (len == 0 || len > 60 || strpbrk(key, "0123456789") == NULL || line_words(key) > 7)
		return FALSE;
	if (!g_ascii_isdigit(*key) && !g_ascii_isdigit(key[len - 1]) && !g_ascii_isdigit(key[len - 2]))
		return FALSE;
	return has_word(key, streets, G_N_ELEMENTS(streets));
}

gboolean
line_is_piped(const char *text)
{
	return strstr(text, " | ") != NULL || strstr(text, " • ") != NULL ||
	       strstr(text, " · ") != NULL;
}

/* A way to reach somebody, or his firm. */
gboolean
line_is_contact(const char *text)
{
	char key[200];

	if (strlen(text) > 150 || line_is_prose(text))
		return FALSE;
	phrase_key(text, key, sizeof(key));
	guint words = line_words(key);
	const char *at = strchr(key, '@');
	if (words <= 5 && ((at != NULL && strchr(at, '.') != NULL) || strstr(key, "www.") != NULL ||
	                   strstr(key, "http") != NULL))
		return TRUE;
	if (words <= 12 && (has_company(text) || has_contact_label(key)))
		return TRUE;
	return is_telephone(key) || is_postcode_line(key) || is_street(key);
}

/* "Secretaris", "Administratie": what stands under a name. */
gboolean
line_has_title(const char *text)
{
	static const char *const titles[] = {
		" administrati", " deurwaarder", " redacti", " redaktion", " huissier",
		" incasso", " inkasso", " kanzlei", " cabinet", " bureau ", " kantoor ", " stichting ",
		" vereniging ", " verein ", " association ", " directeur", " directrice", " manager", " secretar",
		" inkoop", " verkoop", " eigena", " owner", " founder", " geschaftsfuhr", " inhaber",
		" voorzitter", " president", " consultant", " assistent", " assistant",
		" teamleider", " medewerk", " afdeling", " department", " abteilung", " service ",
		" sales", " accountmanager", " advoca", " avocat", " rechtsanw", " notaris",
		" lawyer", " solicitor", " docent", " teacher", " lehrer", " penningmeester",
		" gerant", " responsable", " comptab", " buchhalt", " sachbearbeit",
	};
	char key[120];

	key[0] = ' ';
	phrase_key(text, key + 1, sizeof(key) - 1);
	return has_word(key, titles, G_N_ELEMENTS(titles));
}

gboolean
line_is_slogan(const char *text)
{
	static const char *const marks[] = { "\"", "“", "„", "«", "'", "‘" };
	gsize len = strlen(text);

	if (strstr(text, "™") != NULL || strstr(text, "®") != NULL ||
	    strstr(text, "- \"") != NULL || strstr(text, "– \"") != NULL)
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (len > 4 && g_str_has_prefix(text, marks[i]))
			return strchr("\"'.!", text[len - 1]) != NULL || (guchar) text[len - 1] >= 0x80;
	return FALSE;
}

/* "Smals Transport - altijd op tijd", "Zuidema & Zn.": a firm, not a second article. */
static gboolean
is_firm_like(const char *text)
{
	return strpbrk(text, "&|!\"") != NULL || strstr(text, " - ") != NULL ||
	       strstr(text, " \342\200\223 ") != NULL;
}

/* A word of four letters or more that begins with a capital in both: the family's firm. */
gboolean
line_shares_name(const char *name, const char *text)
{
	if (!is_firm_like(text))
		return FALSE;
	g_auto(GStrv) words = g_strsplit_set(name, " ,.-&()", 12);

	for (gsize i = 0; words[i] != NULL; i++) {
		gsize len = strlen(words[i]);
		const char *found = len >= 4 && is_upper_start(words[i]) ? strstr(text, words[i]) : NULL;
		if (found != NULL && (found == text || found[-1] == ' ') && !g_ascii_isalpha(found[len]))
			return TRUE;
	}
	return FALSE;
}
