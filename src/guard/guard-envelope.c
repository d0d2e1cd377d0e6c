/* guard-envelope.c - who sent this, according to the envelope.
 *
 * Forwarders and bounce protection write their own address around the sender's: SRS0 and
 * SRS1 (Sender Rewriting Scheme), prvs= and btv1== (BATV), +caf_= (Gmail forwarding). It is
 * taken off again, because the answer, and the question whether the mail is ours, concern
 * who sent it. */
#include "config.h"

#include <string.h>

#include "guard/guard-private.h"

#define UNWRAP_MAX 4 /* a forwarder that forwards to a forwarder; more is nonsense */

/* "<a@b> (comment)", "a@b", "<@relay:a@b>" -> a@b. Caller frees. */
static char *
bare_path(const char *told)
{
	g_autofree char *text = g_strstrip(g_strdup(told));
	char *open = strchr(text, '<');
	char *close = open != NULL ? strchr(open, '>') : NULL;

	if (close != NULL)
		*close = '\0';
	const char *path = open != NULL ? open + 1 : text;
	/* RFC 5321 s.4.1.1.3: source routes are to be ignored. */
	if (*path == '@' && strchr(path, ':') != NULL)
		path = strchr(path, ':') + 1;
	return g_strstrip(g_strdup(path));
}

static gboolean
is_null(const char *path)
{
	static const char *const daemons[] = { "mailer-daemon", NULL };
	g_autofree char *local = g_strndup(path, strcspn(path, "@"));

	/* "#@[]" is what qmail puts on a bounce of a bounce. */
	return *path == '\0' || strcmp(path, "#@[]") == 0 || local_is_word(local, daemons);
}

/* ---- unwrapping ---- */

/* The rest behind `count` fields that each end in '=', or NULL. */
static const char *
skip_fields(const char *p, guint count)
{
	while (p != NULL && count-- > 0) {
		p = strchr(p, '=');
		if (p != NULL)
			p++;
	}
	return p;
}

static gboolean
is_srs_separator(char c)
{
	return c == '=' || c == '-' || c == '+';
}

/* "HASH=TIME=domain=local" -> "local@domain", or NULL. */
static char *
srs_original(const char *p)
{
	const char *domain = skip_fields(p, 2);
	const char *local = skip_fields(domain, 1);

	if (local == NULL || *local == '\0')
		return NULL;
	g_autofree char *host = g_strndup(domain, local - 1 - domain);
	return g_strconcat(local, "@", host, NULL);
}

typedef enum { WRAP_NONE, WRAP_ADDRESS, WRAP_FORWARDER } Wrap;

static Wrap
found(char *original, char **inner_out)
{
	if (original == NULL)
		return WRAP_FORWARDER;
	*inner_out = original;
	return WRAP_ADDRESS;
}

static Wrap
unwrap_srs(const char *local, char **inner_out)
{
	const char *p;

	if (g_ascii_strncasecmp(local, "SRS0", 4) == 0 && is_srs_separator(local[4]))
		return found(srs_original(local + 5), inner_out);
	if (g_ascii_strncasecmp(local, "SRS1", 4) == 0 && is_srs_separator(local[4])) {
		/* SRS1=HASH=first-forwarder==HASH=TIME=domain=local; the first forwarder's
		 * own separator stands where the second of the two '=' is. */
		p = skip_fields(local + 5, 2);
		if (p == NULL || !is_srs_separator(*p))
			return WRAP_FORWARDER;
		return found(srs_original(p + 1), inner_out);
	}
	/* Microsoft 365: "user+SRS=HASH=TIME=domain=local", or "bounces+SRS=HASH=TIME" without the
	 * sender. */
	for (p = strchr(local, '+'); p != NULL; p = strchr(p + 1, '+'))
		if (g_ascii_strncasecmp(p, "+SRS=", 5) == 0)
			return found(srs_original(p + 5), inner_out);
	return WRAP_NONE;
}

static gboolean
is_batv_tag(const char *p, gsize n)
{
	/* KDDDSSSSSS: key number, day, six digits of hash. */
	if (n != 10)
		return FALSE;
	for (gsize i = 0; i < n; i++)
		if (i < 4 ? !g_ascii_isdigit(p[i]) : !g_ascii_isxdigit(p[i]))
			return FALSE;
	return TRUE;
}

/* The local part inside bounce protection, or NULL. */
static char *
unwrap_batv(const char *local)
{
	if (g_ascii_strncasecmp(local, "btv1==", 6) == 0) {
		const char *end = strstr(local + 6, "==");

		return end != NULL ? g_strdup(end + 2) : NULL;
	}
	if (g_ascii_strncasecmp(local, "prvs=", 5) != 0)
		return NULL;
	const char *first = local + 5;
	const char *last = strrchr(first, '=');
	if (last == NULL)
		return NULL;
	/* The draft says tag first; older Exim put it behind. */
	if (is_batv_tag(last + 1, strlen(last + 1)) && !is_batv_tag(first, strcspn(first, "=")))
		return g_strndup(first, last - first);
	return g_strdup(skip_fields(first, 1));
}

static Wrap
unwrap(const Address *address, char **inner_out)
{
	Wrap wrap = unwrap_srs(address->local, inner_out);

	if (wrap != WRAP_NONE)
		return wrap;

	g_autofree char *protected = unwrap_batv(address->local);
	if (protected != NULL) {
		*inner_out = g_strconcat(protected, "@", address->domain, NULL);
		return WRAP_ADDRESS;
	}

	/* Gmail: "me+caf_=to=winkel.nl@gmail.com" tells who forwards, not who sent. */
	g_autofree char *lower = g_ascii_strdown(address->local, -1);
	const char *caf = strstr(lower, "+caf_=");
	if (caf != NULL) {
		g_autofree char *forwarder = g_strndup(address->local, caf - lower);

		*inner_out = g_strconcat(forwarder, "@", address->domain, NULL);
		return WRAP_FORWARDER;
	}
	return WRAP_NONE;
}

/* ---- addresses for bounces ---- */

/* Variable envelope return paths: made for one recipient, read by a program. */
static gboolean
is_verp(const char *local)
{
	g_autofree char *lower = g_ascii_strdown(local, -1);
	const char *p;

	/* list-return-12-jan=klant.nl, bounces+123-ab-jan=klant.nl */
	for (p = strchr(lower, '='); p != NULL; p = strchr(p + 1, '='))
		if (p > lower && g_ascii_isalnum(p[1]) && strchr(p, '.') != NULL)
			return TRUE;
	/* Google Groups, SparkPost */
	if (strstr(lower, "+bnc") != NULL || g_str_has_prefix(lower, "msprvs1="))
		return TRUE;
	/* ezmlm */
	p = strstr(lower, "-return-");
	if (p != NULL && g_ascii_isdigit(p[8]))
		return TRUE;
	/* bounce-123_HTML-45@, bounces+99@; but bounce-house@ rents out castles. */
	if (!g_str_has_prefix(lower, "bounce"))
		return FALSE;
	p = lower + strlen("bounce");
	if (*p == 's')
		p++;
	return *p == '\0' || (!g_ascii_isalnum(*p) && strcspn(p, "0123456789=") < strlen(p));
}

/* ---- the whole ---- */

static void
settle_address(ReversePath *reverse)
{
	reverse->kind = REVERSE_UNUSABLE;
	if (!address_parse(reverse->told, &reverse->address))
		return;
	reverse->kind = REVERSE_ADDRESS;

	for (guint i = 0; i < UNWRAP_MAX; i++) {
		g_autofree char *inner = NULL;
		Wrap wrap = unwrap(&reverse->address, &inner);

		if (wrap == WRAP_NONE)
			break;
		if (wrap == WRAP_FORWARDER)
			reverse->kind = REVERSE_FORWARDER;
		if (inner == NULL)
			break;
		Address next = { 0 };
		if (!address_parse(inner, &next)) {
			reverse->kind = REVERSE_UNUSABLE;
			break;
		}
		address_clear(&reverse->address);
		reverse->address = next;
	}
	reverse->verp = is_verp(reverse->address.local);
	/* What Microsoft's "bounces+SRS=..." tells is a forwarder, no list. */
	if (reverse->kind == REVERSE_FORWARDER)
		reverse->verp = FALSE;
}

/* A From line without an address says nothing: "From - " is Mozilla's, "From ???@???"
 * Eudora's, "From nobody" Emacs's. MAILER-DAEMON there is a null sender. */
static gboolean
line_says_something(const char *path)
{
	return is_null(path) || (strchr(path, '@') != NULL && strcmp(path, "???@???") != 0);
}

void
reverse_path_find(ReversePath *reverse, const Message *message, const Envelope *envelope)
{
	const struct {
		const char *where, *told;
	} sources[] = {
		{ "the envelope", envelope->sender },
		{ "the From line", message_envelope_line_sender(message) },
		{ "Return-Path", message_header(message, "Return-Path", 0) },
	};

	*reverse = (ReversePath) { .kind = REVERSE_UNKNOWN };
	for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
		if (sources[i].told == NULL)
			continue;
		g_autofree char *path = bare_path(sources[i].told);
		if (i == 1 && !line_says_something(path))
			continue;
		/* Any of them is enough for "there is no sender"; the first is who it is. */
		if (is_null(path) && reverse->null_where == NULL)
			reverse->null_where = sources[i].where;
		if (reverse->told == NULL)
			reverse->told = g_steal_pointer(&path);
	}
	if (reverse->null_where != NULL)
		reverse->kind = REVERSE_NULL;
	else if (reverse->told != NULL)
		settle_address(reverse);
}

void
reverse_path_clear(ReversePath *reverse)
{
	address_clear(&reverse->address);
	g_clear_pointer(&reverse->told, g_free);
}
