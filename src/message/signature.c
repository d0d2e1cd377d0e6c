/* signature.c - in a run of text: where the writing ends and the sign-off begins.
 *
 * The closing formula stays text (its warmth is the customer's); the name under it and what
 * follows is signature as long as it looks like one. A line that speaks - asks something, says
 * "I", names an order - is text wherever it stands. */
#include "config.h"

#include <string.h>

#include "lines-private.h"

#define MAX_SIGNATURE 25 /* lines */
#define MAX_PARAGRAPH (4 * 1024)
#define MAX_LEGAL 60 /* lines of a disclaimer */

static const char *
text_of(const Lines *lines, gsize i)
{
	return lines->list->lines[i].text;
}

static gsize
next_line(const Lines *lines, gsize i, gsize end)
{
	while (i < end && lines->shapes[i].blank)
		i++;
	return i;
}

static gsize
paragraph_end(const Lines *lines, gsize i, gsize end)
{
	while (i < end && !lines->shapes[i].blank)
		i++;
	return i;
}

static void
set_kind(Lines *lines, gsize from, gsize to, LineKind kind)
{
	for (gsize i = from; i < to; i++)
		lines->list->lines[i].kind = kind;
}

static guint
count_words(const char *text)
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
static gboolean
is_prose(const char *text)
{
	static const char *const speaking[] = {
		" ik ", " mij ", " mijn ", " jullie ", " kunt u ", " wilt u ", " graag ", " aub", " a.u.b",
		" svp", " s.v.p", " i ", " i'm ", " i've ", " i'd ", " my ", " could you ", " please ",
		" can you ", " ich ", " mir ", " mein ", " meine ", " meinen ", " bitte ", " konnen sie ",
		" je ", " j'ai ", " mon ", " ma ", " mes ", " pouvez-vous ", " merci de ", " niet ", " nicht ",
	};
	char key[400];
	gsize len = strlen(text);

	if (len == 0 || text[len - 1] == '?' || len > 300)
		return TRUE;
	guint words = count_words(text);
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

/* --- names ------------------------------------------------------------------------------------- */

static gboolean
is_particle(const char *word, gsize len)
{
	static const char *const particles[] = {
		"de", "den", "der", "van", "ten", "ter", "te", "het", "'t", "in", "op", "vd", "v.d.", "d'",
		"von", "vom", "zu", "zur", "und", "du", "des", "le", "la", "et", "en", "and", "y", "x", "xx",
		"xxx", "&", "+", "/", "-", "t.a.v.", "namens", "i.a.", "i.o.", "p/a",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(particles); i++)
		if (strlen(particles[i]) == len && g_ascii_strncasecmp(word, particles[i], len) == 0)
			return TRUE;
	return FALSE;
}

/* Lower-case words that are no names, where a name of one or two words is expected. */
static gboolean
is_common(const char *key)
{
	static const char *const common[] = {
		"ik", "je", "u", "de", "het", "een", "is", "was", "niet", "hoor", "graag", "snel", "nog",
		"maar", "dit", "dat", "en", "the", "a", "is", "not", "this", "please", "soon", "but", "ich",
		"sie", "der", "die", "das", "ein", "nicht", "bitte", "aber", "le", "la", "les", "un", "une",
		"pas", "vous", "mais", "bijlage", "foto", "zie", "see", "siehe", "voir", "asap", "spoed",
		"ps", "nb", "tot", "dag", "doei", "klant", "tag", "jour", "alvast",
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

	return g_ascii_isupper(c) || (c == 0xC3 && (guchar) word[1] >= 0x80 && (guchar) word[1] <= 0x9E) ||
	       c == 0xC4 || c == 0xC5;
}

/* "Jan", "J.P. Willemse", "Familie de Vries", "mo & sid", "Bev x". */
static gboolean
is_name(const char *text)
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
		return upper > 0;
	/* Who writes all in lower case signs so too. */
	char key[64];
	phrase_key(text, key, sizeof(key));
	return upper == 0 && lower <= 2 && strpbrk(key, "!.") == NULL && !is_common(key);
}

/* --- contact lines ---------------------------------------------------------------------------- */

static gboolean
has_company(const char *padded_key)
{
	static const char *const companies[] = {
		" b.v. ", " bv ", " b.v ", " n.v. ", " nv ", " vof ", " v.o.f. ", " gmbh ", " ug ", " ag ",
		" kg ", " e.k. ", " ohg ", " ltd ", " ltd. ", " limited ", " llp ", " llc ", " inc ", " inc. ",
		" plc ", " sarl ", " sas ", " sa ", " bvba ", " srl ", " kvk", " k.v.k", " btw", " vat ",
		" ust-id", " hrb ", " amtsgericht", " geschaftsfuhrer", " siret", " rcs ", " tva ", " & zn",
		" & sohne", " & zoon",
	};

	return has_word(padded_key, companies, G_N_ELEMENTS(companies));
}

static gboolean
has_contact_label(const char *padded_key)
{
	static const char *const names[] = {
		" tel", " telefoon", " phone", " mob", " mobiel", " gsm", " fax", " t:", " m:", " e:", " f:",
		" w:", " tel.", " telefon", " handy", " portable", " t.", " e-mail:", " email:", " mail:",
		" web:", " website:", " adres:", " linkedin", " facebook", " instagram", " twitter",
		" volg ons", " follow us", " folgen sie uns", " suivez-nous", " postbus", " postfach", " (t)",
		" (m)", " (e)", " t ", " m ", " e ",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_str_has_prefix(padded_key, names[i]))
			return TRUE;
	return FALSE;
}

/* Mostly digits and what stands between them, nine at least. */
static gboolean
is_telephone(const char *key)
{
	guint digits = 0, others = 0;

	for (const char *p = key; *p != '\0'; p++) {
		if (g_ascii_isdigit(*p))
			digits++;
		else if (strchr("+-()/. ", *p) == NULL)
			others++;
	}
	return digits >= 9 && digits <= 30 && others <= 6;
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
	return g_ascii_isalpha(*p) && count_words(p) <= 4;
}

/* "Dorpsstraat 12", "12 rue de l'Exemple" */
static gboolean
is_street(const char *key)
{
	static const char *const streets[] = {
		"straat", "weg ", "laan", "plein", "gracht", "kade", "dijk", "singel", "strasse", "str. ",
		"allee", "platz", "gasse", "rue ", "avenue", "boulevard", "chemin", "impasse", " street",
		" road", " lane", "close", " drive", "hof ", "steeg", "park ",
	};
	gsize len = strlen(key);

	if (len == 0 || len > 60 || strpbrk(key, "0123456789") == NULL || count_words(key) > 7)
		return FALSE;
	if (!g_ascii_isdigit(*key) && !g_ascii_isdigit(key[len - 1]) && !g_ascii_isdigit(key[len - 2]))
		return FALSE;
	return has_word(key, streets, G_N_ELEMENTS(streets));
}

static gboolean
is_contact(const char *text)
{
	char key[200];

	if (strlen(text) > 150 || is_prose(text))
		return FALSE;
	key[0] = ' ';
	phrase_key(text, key + 1, sizeof(key) - 2);
	gsize n = strlen(key);
	key[n] = ' ';
	key[n + 1] = '\0';
	guint words = count_words(key);
	const char *at = strchr(key, '@');
	if (at != NULL && strchr(at, '.') != NULL && words <= 5)
		return TRUE;
	if ((strstr(key, "www.") != NULL || strstr(key, "http") != NULL) && words <= 5)
		return TRUE;
	if (strstr(key, " | ") != NULL || strstr(key, " • ") != NULL || strstr(key, " · ") != NULL)
		return TRUE;
	if (has_company(key) && words <= 12)
		return TRUE;
	if (has_contact_label(key) && words <= 10)
		return TRUE;
	key[n] = '\0';
	return is_telephone(key + 1) || is_postcode_line(key + 1) || is_street(key + 1);
}

/* --- footers ------------------------------------------------------------------------------------ */

static char *
paragraph_key(const Lines *lines, gsize from, gsize to)
{
	g_autoptr(GString) joined = g_string_new(NULL);

	for (gsize i = from; i < to && joined->len < MAX_PARAGRAPH; i++) {
		g_string_append(joined, text_of(lines, i));
		g_string_append_c(joined, ' ');
	}
	gsize size = MIN(joined->len, MAX_PARAGRAPH) * 2 + 8;
	char *key = g_malloc(size);
	phrase_key(joined->str, key, size);
	return key;
}

static gboolean
is_disclaimer(const Lines *lines, gsize from, gsize to)
{
	guint len = 0;

	for (gsize i = from; i < to && len < 60; i++)
		len += lines->shapes[i].len;
	if (len < 30 || to - from > MAX_LEGAL)
		return FALSE;
	g_autofree char *key = paragraph_key(lines, from, to);
	return phrase_is_disclaimer(key);
}

/* The paragraph [from, to) is a disclaimer: where in it does that begin? A name may stand on top. */
static gsize
disclaimer_start(const Lines *lines, gsize from, gsize to)
{
	gsize i = from;

	while (i + 1 < to && lines->shapes[i].len < 50 && is_disclaimer(lines, i + 1, to))
		i++;
	return i;
}

/* Footers at the end of [from, end), from the bottom up; returns where they begin. */
static gsize
take_footers(Lines *lines, gsize from, gsize end)
{
	gboolean before = lines->first_text < from;

	while (end > from) {
		gsize last = end;
		while (last > from && lines->shapes[last - 1].blank)
			last--;
		if (last == from)
			break;
		if (phrase_is_footer(text_of(lines, last - 1)) ||
		    (end < lines->list->n && lines->list->lines[end].kind == LINE_FOOTER &&
		     phrase_is_rule(text_of(lines, last - 1)))) {
			lines->list->lines[last - 1].kind = LINE_FOOTER;
			end = last - 1;
			continue;
		}
		gsize start = last;
		while (start > from && !lines->shapes[start - 1].blank)
			start--;
		if (!is_disclaimer(lines, start, last))
			break;
		start = disclaimer_start(lines, start, last);
		if (start == next_line(lines, from, end) && !before)
			break; /* there is nothing else: somebody writes about confidence */
		set_kind(lines, start, last, LINE_FOOTER);
		end = start;
	}
	return end;
}

/* --- sign-off ------------------------------------------------------------------------------------ */

/* A line under a name that may be a title, a company, a slogan. */
static gboolean
is_filler(const char *text, gboolean after_blank, gboolean seen_contact)
{
	gsize len = strlen(text);
	guint words = count_words(text);

	if (len > 90 || is_prose(text))
		return FALSE;
	if (!after_blank || seen_contact)
		return words <= 12;
	return words <= 6 && strchr(".!;,", text[len - 1]) == NULL;
}

/* Classifies what stands under a name, from i on; returns the first line that is text again. */
static gsize
take_block(Lines *lines, gsize i, gsize end)
{
	gboolean after_blank = FALSE, seen_contact = FALSE;

	for (guint taken = 0; i < end && taken < MAX_SIGNATURE; i++, taken++) {
		const char *text = text_of(lines, i);
		LineKind kind = LINE_SIGNATURE;
		if (lines->shapes[i].blank) {
			after_blank = TRUE;
			continue;
		}
		if (phrase_is_postscript(text))
			return end;
		if (phrase_is_fact(text))
			continue;
		if (phrase_closing(text) == CLOSING_STRONG)
			return i;
		gsize stop = paragraph_end(lines, i, end);
		if (is_disclaimer(lines, i, stop)) {
			stop = MAX(stop, i + 1);
			set_kind(lines, i, stop, LINE_FOOTER);
			i = stop - 1;
			continue;
		}
		if (phrase_is_footer(text)) {
			kind = LINE_FOOTER;
		} else if (is_contact(text)) {
			seen_contact = TRUE;
		} else if (!phrase_is_rule(text) && !is_name(text) &&
		           !is_filler(text, after_blank, seen_contact)) {
			return i;
		}
		lines->list->lines[i].kind = kind;
	}
	return i;
}

static gboolean
only_blank(const Lines *lines, gsize i, gsize end)
{
	return next_line(lines, i, end) == end;
}

/* The closing formula at i: takes the name and what follows. Returns where to look on. */
static gsize
take_closing(Lines *lines, gsize i, gsize end, Closing closing)
{
	gsize k = next_line(lines, i + 1, end);

	if (k == end) {
		lines->list->closing = i;
		return end;
	}
	const char *text = text_of(lines, k);
	if (k > i + 4 || phrase_is_postscript(text) || phrase_is_fact(text) ||
	    phrase_closing(text) != CLOSING_NONE)
		return i + 1;
	if (!is_name(text) && !(closing == CLOSING_STRONG && is_contact(text)))
		return i + 1;
	/* "Bedankt" in the middle of a mail, a short line below it: no signature. */
	if (closing == CLOSING_WEAK && k + 1 < end && !lines->shapes[k + 1].blank &&
	    !is_contact(text_of(lines, k + 1)) && !only_blank(lines, k + 1, end))
		return i + 1;
	lines->list->closing = i;
	lines->list->lines[k].kind = LINE_SIGNATURE;
	return take_block(lines, k + 1, end);
}

/* "-- " and what stands below it. */
static gsize
take_dashes(Lines *lines, gsize from, gsize end)
{
	for (gsize i = from; i < end; i++) {
		gboolean exact = lines->shapes[i].sig_dashes;
		if (!exact && strcmp(text_of(lines, i), "--") != 0)
			continue;
		if (next_line(lines, from, i) == i && !(lines->first_text < from))
			continue; /* on top of everything: a line somebody drew */
		guint below = 0, most = exact ? MAX_SIGNATURE : 8;
		gsize stop = i + 1;
		for (; stop < end && below <= most && stop < i + 3 * MAX_SIGNATURE; stop++) {
			if (phrase_is_postscript(text_of(lines, stop)))
				break;
			below += !lines->shapes[stop].blank;
		}
		if (below > most)
			continue;
		gboolean speaks = FALSE;
		for (gsize j = i + 1; j < stop && !exact; j++)
			speaks |= !lines->shapes[j].blank && is_prose(text_of(lines, j));
		if (speaks)
			continue;
		for (gsize j = i; j < stop; j++)
			if (!phrase_is_fact(text_of(lines, j)))
				lines->list->lines[j].kind = LINE_SIGNATURE;
		return i;
	}
	return end;
}

/* "Het nieuwe adres is:": what stands below is what the mail is about. */
static gboolean
announces(const Lines *lines, gsize i)
{
	static const char *const address[] = { "adres", "anschrift" };
	const char *text = text_of(lines, i);
	char key[KEY_SIZE];

	if (text[lines->shapes[i].len - 1] == ':')
		return TRUE;
	phrase_key(text, key, sizeof(key));
	return has_word(key, address, G_N_ELEMENTS(address));
}

/* No formula: the last paragraph, if it is a name with ways to reach it. */
static void
take_last_paragraph(Lines *lines, gsize from, gsize end)
{
	gsize last = end, contacts = 0;

	while (last > from && lines->shapes[last - 1].blank)
		last--;
	gsize start = last;
	while (start > from && !lines->shapes[start - 1].blank)
		start--;
	gsize above = start;
	while (above > from && lines->shapes[above - 1].blank)
		above--;
	if (above == from || last - start > 10 || announces(lines, above - 1))
		return;
	for (gsize i = start; i < last; i++) {
		const char *text = text_of(lines, i);
		if (phrase_is_fact(text) || phrase_is_postscript(text) ||
		    (!is_contact(text) && !is_name(text) && !is_filler(text, FALSE, FALSE)))
			return;
		contacts += is_contact(text);
	}
	gboolean piped = last - start == 1 && strstr(text_of(lines, start), " | ") != NULL;
	gboolean headed = is_name(text_of(lines, start)) || is_contact(text_of(lines, start));
	if (piped || (last - start >= 2 && contacts >= 1 && headed))
		set_kind(lines, start, last, LINE_SIGNATURE);
}

/* "Secretaris", "Administratie": what stands under a name. */
static gboolean
has_title(const char *text)
{
	static const char *const titles[] = {
		" administrati", " directeur", " directrice", " manager", " secretar", " inkoop", " verkoop",
		" eigena", " owner", " founder", " geschaftsfuhr", " inhaber", " voorzitter", " president",
		" consultant", " assistent", " assistant", " teamleider", " medewerk", " afdeling",
		" department", " abteilung", " service ", " sales", " accountmanager", " advoca", " avocat",
		" rechtsanw", " notaris", " lawyer", " solicitor", " docent", " teacher", " lehrer",
		" penningmeester", " gerant", " responsable", " comptab", " buchhalt", " sachbearbeit",
	};
	char key[120];

	key[0] = ' ';
	phrase_key(text, key + 1, sizeof(key) - 1);
	return has_word(key, titles, G_N_ELEMENTS(titles));
}

static gboolean
is_slogan(const char *text)
{
	static const char *const marks[] = { "\"", "\342\200\234", "\342\200\236", "\302\253", "'", "\342\200\230" };
	gsize len = strlen(text);

	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (len > 4 && g_str_has_prefix(text, marks[i]))
			return strchr("\"'.!", text[len - 1]) != NULL || (guchar) text[len - 1] >= 0x80;
	return FALSE;
}

/* A word of four letters or more that begins with a capital in both: the family's firm. */
static gboolean
shares_name(const char *name, const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(name, " ,.-&()", 12);

	for (gsize i = 0; words[i] != NULL; i++) {
		gsize len = strlen(words[i]);
		const char *found = len >= 4 && is_upper_start(words[i]) ? strstr(text, words[i]) : NULL;
		if (found != NULL && (found == text || found[-1] == ' ') && !g_ascii_isalpha(found[len]))
			return TRUE;
	}
	return FALSE;
}

/* The name at the end of a text, alone on its line or behind the closing formula; else NULL. */
static const char *
name_in(const char *text)
{
	if (phrase_closing(text) != CLOSING_NONE) {
		const char *comma = strchr(text, ',');
		return comma != NULL && is_name(comma + 1) ? comma + 1 : NULL;
	}
	/* "Irene Oakley (Mrs)" counts, "Rode Trui" has to be told by what follows. */
	return is_name(text) ? text : NULL;
}

/* No formula, or the name behind it: lines below the last name that belong to it. */
static void
take_under_name(Lines *lines, gsize from, gsize end)
{
	gsize below[4], n = 0;

	for (gsize i = end; i > from && n < G_N_ELEMENTS(below);) {
		i--;
		if (lines->shapes[i].blank || lines->list->lines[i].kind != LINE_TEXT)
			continue;
		const char *text = text_of(lines, i), *name = name_in(text);
		gboolean ours = name != NULL && n > 0;
		for (gsize k = 0; k < n && ours; k++) {
			const char *line = text_of(lines, below[k]);
			ours = is_contact(line) || has_title(line) || is_slogan(line) || shares_name(name, line);
		}
		if (ours) {
			gsize above = i;
			while (above > from && lines->shapes[above - 1].blank)
				above--;
			if (above > from && announces(lines, above - 1))
				return;
			for (gsize k = 0; k < n; k++)
				lines->list->lines[below[k]].kind = LINE_SIGNATURE;
			lines->list->closing = i;
			return;
		}
		if (phrase_is_fact(text) || phrase_is_postscript(text) || is_prose(text) ||
		    lines->shapes[i].len > 90)
			return;
		below[n++] = i;
	}
}

void
signature_classify(Lines *lines, gsize from, gsize to)
{
	gsize end = take_footers(lines, from, to);
	gboolean signed_off = FALSE;

	gsize text_end = take_dashes(lines, from, end);
	for (gsize i = next_line(lines, from, text_end); i < text_end;) {
		Closing closing = lines->shapes[i].blank ? CLOSING_NONE : phrase_closing(text_of(lines, i));
		if (closing == CLOSING_NONE) {
			i++;
			continue;
		}
		i = take_closing(lines, i, text_end, closing);
		signed_off |= lines->list->closing >= (gssize) from;
	}
	if (!signed_off && text_end == end) {
		take_last_paragraph(lines, from, end);
		take_under_name(lines, from, end);
	}
}
