/* guard-auth.c - Authentication-Results (RFC 8601): what our own mail server found out about
 * the sender. Everybody can write such a field, so only that of the configured authserv-id is
 * believed, or the topmost where the server writes no id (Microsoft 365).
 *
 * A line is read leniently ("action=none" beside "header.from=", values that are no tokens),
 * but one that ends inside a comment or quotes never makes anything pass. */
#include "config.h"

#include <string.h>

#include "guard/guard-private.h"

#define FIELDS_MAX 50
#define COMMENT_DEPTH_MAX 16
#define DKIM_DOMAINS_MAX 50

/* ---- reading one field ---- */

typedef struct {
	const char *p;
	gboolean broken;
} Reader;

static void
skip_cfws(Reader *r)
{
	guint depth = 0;

	for (; *r->p != '\0'; r->p++) {
		if (depth == 0 && *r->p != '(') {
			if (!g_ascii_isspace(*r->p))
				return;
		} else if (*r->p == '\\' && r->p[1] != '\0') {
			r->p++;
		} else if (*r->p == '(') {
			if (++depth > COMMENT_DEPTH_MAX)
				break;
		} else if (*r->p == ')') {
			depth--;
		}
	}
	if (depth > 0) {
		r->broken = TRUE;
		r->p += strlen(r->p);
	}
}

static char *
read_quoted(Reader *r)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (r->p++; *r->p != '\0' && *r->p != '"'; r->p++) {
		if (*r->p == '\\' && r->p[1] != '\0')
			r->p++;
		g_string_append_c(out, *r->p);
	}
	if (*r->p == '"')
		r->p++;
	else
		r->broken = TRUE;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* A quoted string, or what there is up to a blank, a comment or one of `stops`. */
static char *
read_value(Reader *r, const char *stops)
{
	skip_cfws(r);
	if (*r->p == '"')
		return read_quoted(r);

	gsize n = 0;
	while (r->p[n] != '\0' && !g_ascii_isspace(r->p[n]) && strchr(stops, r->p[n]) == NULL)
		n++;
	char *value = g_strndup(r->p, n);
	r->p += n;
	return value;
}

/* "key = value", both in lower case; FALSE at the end of this result. */
static gboolean
read_pair(Reader *r, char **key_out, char **value_out)
{
	skip_cfws(r);
	if (*r->p == '\0' || *r->p == ';')
		return FALSE;

	g_autofree char *key = read_value(r, "=;(");
	skip_cfws(r);
	g_autofree char *value = NULL;
	if (*r->p == '=') {
		r->p++;
		value = read_value(r, ";(");
	} else {
		value = g_strdup("");
	}
	*key_out = g_ascii_strdown(key, -1);
	*value_out = g_ascii_strdown(value, -1);
	return TRUE;
}

/* ---- what it says ---- */

static AuthResult
result_of(const char *word)
{
	if (strcmp(word, "pass") == 0)
		return AUTH_PASS;
	/* "hardfail" is RFC 5451's word. */
	return strcmp(word, "fail") == 0 || strcmp(word, "hardfail") == 0 ? AUTH_FAIL : AUTH_OTHER;
}

/* Within one field the worst counts. */
static AuthResult
worse(AuthResult a, AuthResult b)
{
	if (a == AUTH_FAIL || b == AUTH_FAIL)
		return AUTH_FAIL;
	return a == AUTH_OTHER || b == AUTH_OTHER ? AUTH_OTHER : MAX(a, b);
}

/* The domain of "@klant.nl", "jan@klant.nl" or "klant.nl". */
static char *
domain_part(const char *value)
{
	const char *at = strrchr(value, '@');

	return g_strdup(at != NULL ? at + 1 : value);
}

/* One result: "dkim=pass (2048) reason=good header.d=klant.nl". */
static void
read_result(Reader *r, const char *method, const char *word, AuthResults *auth)
{
	g_autofree char *domain = NULL, *key = NULL, *value = NULL;
	AuthResult result = result_of(word);
	gboolean dkim = strcmp(method, "dkim") == 0;
	const char *wanted = dkim ? "header.d" : strcmp(method, "spf") == 0 ? "smtp.mailfrom"
	                                                                   : "header.from";

	while (read_pair(r, &key, &value)) {
		if (strcmp(key, wanted) == 0 ||
		    (dkim && domain == NULL && strcmp(key, "header.i") == 0)) {
			g_free(domain);
			domain = domain_part(value);
		}
		g_clear_pointer(&key, g_free);
		g_clear_pointer(&value, g_free);
	}

	if (dkim) {
		auth->dkim_said = TRUE;
		if (result == AUTH_PASS && auth->dkim_domains->len < DKIM_DOMAINS_MAX)
			g_ptr_array_add(auth->dkim_domains,
			                domain != NULL ? g_steal_pointer(&domain) : g_strdup(""));
	} else if (strcmp(method, "dmarc") == 0) {
		auth->dmarc = worse(auth->dmarc, result);
		if (auth->dmarc_from == NULL)
			auth->dmarc_from = g_steal_pointer(&domain);
	} else if (strcmp(method, "spf") == 0) {
		auth->spf = worse(auth->spf, result);
		if (auth->spf_domain == NULL)
			auth->spf_domain = g_steal_pointer(&domain);
	}
}

/* A field that ends in the middle of something proves nothing; its failures stay. */
static void
withdraw_passes(AuthResults *auth)
{
	if (auth->dmarc == AUTH_PASS)
		auth->dmarc = AUTH_OTHER;
	if (auth->spf == AUTH_PASS)
		auth->spf = AUTH_OTHER;
	g_ptr_array_set_size(auth->dkim_domains, 0);
}

/* The id and version at the start; FALSE if this field is not for us. */
static gboolean
read_authserv_id(Reader *r, const char *authserv_id)
{
	const char *start = r->p;
	g_autofree char *id = read_value(r, "=;(");

	skip_cfws(r);
	if (*r->p == '=') {
		/* No id at all: the first result stands here. */
		r->p = start;
		return authserv_id == NULL;
	}
	g_autofree char *version = read_value(r, ";(");
	if (*version != '\0' && strcmp(version, "1") != 0)
		return FALSE;
	return authserv_id == NULL || g_ascii_strcasecmp(id, authserv_id) == 0;
}

static AuthResults
auth_results_none(void)
{
	return (AuthResults) { .dkim_domains = g_ptr_array_new_with_free_func(g_free) };
}

gboolean
auth_results_field(AuthResults *auth, const char *value, const char *authserv_id)
{
	Reader r = { value, FALSE };

	*auth = auth_results_none();
	if (!read_authserv_id(&r, authserv_id))
		return FALSE;
	auth->present = TRUE;

	while (*r.p != '\0') {
		g_autofree char *method = NULL, *word = NULL;

		if (*r.p == ';') {
			r.p++;
			continue;
		}
		if (!read_pair(&r, &method, &word))
			continue;
		method[strcspn(method, "/ ")] = '\0'; /* "dkim/1" */
		read_result(&r, method, word, auth);
	}
	if (r.broken)
		withdraw_passes(auth);
	return TRUE;
}

void
auth_results_clear(AuthResults *auth)
{
	g_clear_pointer(&auth->dmarc_from, g_free);
	g_clear_pointer(&auth->spf_domain, g_free);
	g_clear_pointer(&auth->dkim_domains, g_ptr_array_unref);
}

/* ---- all fields of the trusted server ---- */

/* Fields come from the top: what an upper one says of a method stands, but a failure below
 * counts. */
static void
merge(AuthResults *all, AuthResults *field)
{
	all->present = TRUE;
	if (all->dmarc == AUTH_NONE || field->dmarc == AUTH_FAIL) {
		all->dmarc = field->dmarc;
		g_free(all->dmarc_from);
		all->dmarc_from = g_steal_pointer(&field->dmarc_from);
	}
	if (all->spf == AUTH_NONE || field->spf == AUTH_FAIL) {
		all->spf = field->spf;
		g_free(all->spf_domain);
		all->spf_domain = g_steal_pointer(&field->spf_domain);
	}
	if (!all->dkim_said && field->dkim_said) {
		GPtrArray *empty = all->dkim_domains;

		all->dkim_domains = field->dkim_domains;
		field->dkim_domains = empty;
		all->dkim_said = TRUE;
	}
}

void
auth_results_read(AuthResults *auth, const Message *message, const char *authserv_id)
{
	gboolean topmost = g_strcmp0(authserv_id, "topmost") == 0;

	*auth = auth_results_none();
	if (authserv_id == NULL || *authserv_id == '\0')
		return;
	for (guint n = 0; n < (topmost ? 1 : FIELDS_MAX); n++) {
		const char *value = message_header(message, "Authentication-Results", n);
		AuthResults field;

		if (value == NULL)
			break;
		if (auth_results_field(&field, value, topmost ? NULL : authserv_id))
			merge(auth, &field);
		auth_results_clear(&field);
	}
}

gboolean
auth_dmarc_passes(const AuthResults *auth, const char *domain)
{
	return auth->dmarc == AUTH_PASS &&
	       (auth->dmarc_from == NULL || same_organisation(auth->dmarc_from, domain));
}

gboolean
auth_dkim_passes(const AuthResults *auth, const char *domain)
{
	for (guint i = 0; i < auth->dkim_domains->len; i++)
		if (same_organisation(g_ptr_array_index(auth->dkim_domains, i), domain))
			return TRUE;
	return FALSE;
}

gboolean
auth_spf_passes(const AuthResults *auth, const char *domain)
{
	return auth->spf == AUTH_PASS && auth->spf_domain != NULL &&
	       same_organisation(auth->spf_domain, domain);
}

/* ---- the row ---- */

/* A signature that outweighs a failed SPF: of From's organisation, or of nobody we are told. */
static gboolean
dkim_vouches(const GuardCase *c)
{
	for (guint i = 0; i < c->auth.dkim_domains->len; i++) {
		const char *domain = g_ptr_array_index(c->auth.dkim_domains, i);

		if (*domain == '\0' || c->from == NULL ||
		    same_organisation(domain, c->from->domain))
			return TRUE;
	}
	return FALSE;
}

GuardVerdict
check_unauthenticated(const GuardCase *c, Finding *finding)
{
	if (c->auth.dmarc == AUTH_FAIL)
		return hold(finding, "our mail server says dmarc=fail: "
		                     "the sender is probably forged");
	if (c->auth.spf == AUTH_FAIL && c->auth.dmarc != AUTH_PASS && !dkim_vouches(c))
		return hold(finding, "our mail server says spf=fail and found no signature "
		                     "of the sender");
	return GUARD_PASS;
}
