/* curl.c - libcurl, loaded at the first connection: it connects, does TLS and SASL, then hands
 * over.
 *
 * Linked, libcurl and what it drags in would triple the start-up time of every local delivery; so
 * it is loaded late, and every oddity of it stays in this file. */
#include "config.h"

#include <dlfcn.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "aardig/log.h"
#include "net/net-private.h"

#define LIBCURL "libcurl.so.4"
#define SERVER_TEXT_MAX 600

const CurlTable *net_curl;
static CurlTable table;

static const struct {
	const char *name;
	gsize offset;
} symbols[] = {
	{ "curl_global_init", G_STRUCT_OFFSET(CurlTable, global_init) },
	{ "curl_easy_init", G_STRUCT_OFFSET(CurlTable, easy_init) },
	{ "curl_easy_setopt", G_STRUCT_OFFSET(CurlTable, easy_setopt) },
	{ "curl_easy_perform", G_STRUCT_OFFSET(CurlTable, easy_perform) },
	{ "curl_easy_getinfo", G_STRUCT_OFFSET(CurlTable, easy_getinfo) },
	{ "curl_easy_send", G_STRUCT_OFFSET(CurlTable, easy_send) },
	{ "curl_easy_recv", G_STRUCT_OFFSET(CurlTable, easy_recv) },
	{ "curl_easy_cleanup", G_STRUCT_OFFSET(CurlTable, easy_cleanup) },
	{ "curl_easy_strerror", G_STRUCT_OFFSET(CurlTable, easy_strerror) },
};

/* TLS libraries below libcurl may write to a socket that the server has closed; without this the
 * process would end there. Children get the default back from g_spawn. */
static void
ignore_sigpipe(void)
{
	struct sigaction action;

	if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
}

gboolean
net_load(GError **error)
{
	if (net_curl != NULL)
		return TRUE;
	void *library = dlopen(LIBCURL, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "libcurl cannot be loaded: %s (on Debian: apt-get install libcurl4)",
		            dlerror());
		return FALSE;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++) {
		void *symbol = dlsym(library, symbols[i].name);

		if (symbol == NULL) {
			g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
			            LIBCURL " has no %s: install a libcurl of version 7.88 or newer",
			            symbols[i].name);
			dlclose(library);
			return FALSE;
		}
		memcpy((char *) &table + symbols[i].offset, &symbol, sizeof symbol);
	}
	if (table.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "libcurl cannot be initialised");
		return FALSE;
	}
	ignore_sigpipe();
	net_curl = &table;
	return TRUE;
}

char *
net_own_name(void)
{
	char name[256] = "";

	if (gethostname(name, sizeof name - 1) == 0 && *name != '\0' &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
	        strlen(name))
		return g_strdup(name);
	return g_strdup("localhost");
}

/* ---- one attempt ---- */

typedef struct {
	NetProtocol protocol;
	GString *refusal; /* what the server said when it said no */
	gboolean more;    /* the refusal is a reply of several lines that goes on */
	char curl_text[CURL_ERROR_SIZE];
	CURLcode code;
} Attempt;

static void
attempt_clear(Attempt *attempt)
{
	g_string_free(attempt->refusal, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Attempt, attempt_clear)

/* The words of a refusal within a line of the server, or NULL if the line is none. */
static const char *
imap_refusal(const char *line)
{
	const char *space = strchr(line, ' ');

	if (space == NULL)
		return NULL;
	if (g_str_has_prefix(line, "* "))
		return g_ascii_strncasecmp(line + 2, "BYE ", 4) == 0 ? line + 6 : NULL;
	if (g_ascii_strncasecmp(space + 1, "NO ", 3) == 0)
		return space + 4;
	return g_ascii_strncasecmp(space + 1, "BAD ", 4) == 0 ? space + 5 : NULL;
}

static void
note_imap_line(Attempt *attempt, const char *line)
{
	const char *refusal = imap_refusal(line);

	if (refusal != NULL)
		g_string_assign(attempt->refusal, refusal);
}

/* Google spreads one refusal over two lines, "535-5.7.8 ..." and "535 5.7.8 ...". */
static void
note_smtp_line(Attempt *attempt, const char *line)
{
	if (line[0] != '4' && line[0] != '5') {
		attempt->more = FALSE;
		return;
	}
	if (!attempt->more)
		g_string_truncate(attempt->refusal, 0);
	else
		g_string_append_c(attempt->refusal, ' ');
	if (attempt->refusal->len < SERVER_TEXT_MAX)
		g_string_append(attempt->refusal, attempt->more && strlen(line) > 4 ? line + 4 : line);
	attempt->more = strlen(line) > 3 && line[3] == '-';
}

/* libcurl gives the reason of a refused login nowhere else: what the server says comes by here. */
static size_t
header_line(char *data, size_t size, size_t n, void *user)
{
	Attempt *attempt = user;
	g_autofree char *line = g_strndup(data, MIN(size * n, SERVER_TEXT_MAX));

	g_strchomp(line);
	if (log_level() >= LOG_LEVEL_TRACE) {
		g_autofree char *quoted = log_quote(line, 300);

		log_trace("net", "S: %s", quoted);
	}
	if (attempt->protocol == NET_IMAP)
		note_imap_line(attempt, line);
	else
		note_smtp_line(attempt, line);
	return size * n;
}

static size_t
discard(char *data, size_t size, size_t n, void *user)
{
	return size * n;
}

static gboolean
host_is_sane(const char *host)
{
	return *host != '\0' && strpbrk(host, "/@?#\\%[] \t\"<>") == NULL && line_is_safe(host);
}

static gboolean
host_is_loopback(const char *host)
{
	return g_ascii_strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
	       (g_str_has_prefix(host, "127.") && strspn(host, "0123456789.") == strlen(host));
}

/* libcurl's EHLO argument is the path of the address. */
static char *
endpoint_url(const Endpoint *endpoint, NetProtocol protocol)
{
	gboolean v6 = strchr(endpoint->host, ':') != NULL;
	g_autofree char *own = net_own_name();

	return g_strdup_printf("%s%s://%s%s%s:%u/%s", protocol == NET_IMAP ? "imap" : "smtp",
	                       endpoint->tls == TLS_IMPLICIT ? "s" : "", v6 ? "[" : "", endpoint->host,
	                       v6 ? "]" : "", endpoint->port, protocol == NET_SMTP ? own : "");
}

static void
set_options(CURL *curl, const Endpoint *endpoint, NetProtocol protocol, guint timeout_s,
            Attempt *attempt)
{
	g_autofree char *url = endpoint_url(endpoint, protocol);
	long timeout_ms = (long) timeout_s * 1000;

	net_curl->easy_setopt(curl, CURLOPT_URL, url);
	net_curl->easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	net_curl->easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	net_curl->easy_setopt(curl, CURLOPT_ERRORBUFFER, attempt->curl_text);
	net_curl->easy_setopt(curl, CURLOPT_HEADERFUNCTION, header_line);
	net_curl->easy_setopt(curl, CURLOPT_HEADERDATA, attempt);
	net_curl->easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
	/* A proxy in the environment is meant for the web; mail does not go through it. */
	net_curl->easy_setopt(curl, CURLOPT_PROXY, "");
	net_curl->easy_setopt(curl, CURLOPT_NOPROXY, "*");
	net_curl->easy_setopt(curl, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
	net_curl->easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
	net_curl->easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long) timeout_s);
	net_curl->easy_setopt(curl, CURLOPT_TIMEOUT_MS, 3 * timeout_ms);
	net_curl->easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
	net_curl->easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
	net_curl->easy_setopt(curl, CURLOPT_TCP_KEEPIDLE, 120L);
	net_curl->easy_setopt(curl, CURLOPT_TCP_KEEPINTVL, 60L);
	/* ALL, never TRY: without TLS there is no login. */
	net_curl->easy_setopt(curl, CURLOPT_USE_SSL,
	                      (long) (endpoint->tls == TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	net_curl->easy_setopt(curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	net_curl->easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	net_curl->easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (endpoint->ca_file != NULL) {
		net_curl->easy_setopt(curl, CURLOPT_CAINFO, endpoint->ca_file);
		net_curl->easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
}

/* login_options NULL: whatever libcurl likes best. */
static CURL *
connect_once(const Endpoint *endpoint, NetProtocol protocol, guint timeout_s, const Secret *secret,
             gboolean is_token, const char *login_options, Attempt *attempt)
{
	CURL *curl = net_curl->easy_init();

	attempt->protocol = protocol;
	g_string_truncate(attempt->refusal, 0);
	attempt->more = FALSE;
	attempt->curl_text[0] = '\0';
	attempt->code = CURLE_OUT_OF_MEMORY;
	if (curl == NULL)
		return NULL;
	set_options(curl, endpoint, protocol, timeout_s, attempt);
	if (secret != NULL) {
		net_curl->easy_setopt(curl, CURLOPT_USERNAME, endpoint->user);
		net_curl->easy_setopt(curl, is_token ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD,
		                      secret_text(secret));
		if (login_options != NULL)
			net_curl->easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, login_options);
	}
	attempt->code = net_curl->easy_perform(curl);
	/* The attempt lives on the caller's stack; the handle will outlive it. */
	net_curl->easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
	net_curl->easy_setopt(curl, CURLOPT_HEADERFUNCTION, discard);
	net_curl->easy_setopt(curl, CURLOPT_HEADERDATA, NULL);
	if (attempt->code == CURLE_OK)
		return curl;
	net_curl->easy_cleanup(curl);
	return NULL;
}

/* PLAIN and LOGIN first: left to itself libcurl prefers GSSAPI where a user name has a domain, and
 * fails for want of a ticket. Where the server has neither (nothing was refused, nothing was
 * tried), libcurl may take what it knows: SCRAM, or IMAP's LOGIN command. */
static CURL *
connect_with_password(const Endpoint *endpoint, NetProtocol protocol, guint timeout_s,
                      const Secret *secret, Attempt *attempt)
{
	CURL *curl = connect_once(endpoint, protocol, timeout_s, secret, FALSE,
	                          "AUTH=PLAIN;AUTH=LOGIN", attempt);

	if (curl == NULL && attempt->code == CURLE_LOGIN_DENIED && attempt->refusal->len == 0)
		curl = connect_once(endpoint, protocol, timeout_s, secret, FALSE, NULL, attempt);
	return curl;
}

static gboolean
fetch_secret(const Endpoint *endpoint, Secret **secret_out, gboolean *is_token_out, GError **error)
{
	g_autoptr(GError) local = NULL;

	*is_token_out = FALSE;
	*secret_out = NULL;
	if (endpoint->user == NULL)
		return TRUE;
	*secret_out = settings_secret(&endpoint->secret, is_token_out, &local);
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (*secret_out != NULL)
		return TRUE;
	g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
	            "%s: there is a user (%s) but no password: set password_command, password_file or "
	            "token_command",
	            endpoint->host, endpoint->user);
	return FALSE;
}

static gboolean
endpoint_is_usable(const Endpoint *endpoint, GError **error)
{
	if (endpoint->host == NULL || !host_is_sane(endpoint->host) || endpoint->port == 0 ||
	    endpoint->port > 65535) {
		g_autofree char *host = log_quote(endpoint->host, 80);

		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "\"%s\", port %u, is not the address of a server: set host and port", host,
		            endpoint->port);
		return FALSE;
	}
	if (endpoint->tls == TLS_NONE && !host_is_loopback(endpoint->host)) {
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "%s: tls = \"none\" is for servers on this machine only (localhost, 127.0.0.1, "
		            "::1); use \"implicit\" or \"starttls\"",
		            endpoint->host);
		return FALSE;
	}
	return TRUE;
}

static void
set_failure(const Endpoint *endpoint, NetProtocol protocol, gboolean is_token,
            const Attempt *attempt, GError **error)
{
	ConnectFailure failure = {
		.endpoint = endpoint,
		.protocol = protocol,
		.code = attempt->code,
		.curl_text = attempt->curl_text[0] != '\0' ? attempt->curl_text
		                                           : net_curl->easy_strerror(attempt->code),
		.server_text = attempt->refusal->len > 0 ? attempt->refusal->str : NULL,
		.is_token = is_token,
	};

	net_connect_error(&failure, error);
}

NetStream *
net_connect(const Endpoint *endpoint, NetProtocol protocol, guint timeout_s, GError **error)
{
	g_auto(Attempt) attempt = { .refusal = g_string_new(NULL) };
	gboolean is_token = FALSE;
	CURL *curl = NULL;

	if (!endpoint_is_usable(endpoint, error) || !net_load(error))
		return NULL;
	/* A token that has expired is refused: the second round asks the command for a new one. */
	for (int round = 0; round < 2; round++) {
		g_autoptr(Secret) secret = NULL;

		if (!fetch_secret(endpoint, &secret, &is_token, error))
			return NULL;
		if (is_token)
			curl = connect_once(endpoint, protocol, timeout_s, secret, TRUE,
			                    "AUTH=OAUTHBEARER;AUTH=XOAUTH2", &attempt);
		else
			curl = connect_with_password(endpoint, protocol, timeout_s, secret, &attempt);
		if (curl != NULL || !is_token || attempt.code != CURLE_LOGIN_DENIED)
			break;
	}
	if (curl == NULL) {
		set_failure(endpoint, protocol, is_token, &attempt, error);
		return NULL;
	}
	return net_curl_stream(curl);
}
