/* connect-error.c - what to tell the operator when a connection did not come about.
 *
 * Rows of libcurl's codes; a few of them hide several causes and are told apart by the words of the
 * TLS library or of the server. Each text says what happened and what to do. */
#include "config.h"

#include <netdb.h>
#include <string.h>

#include "aardig/log.h"
#include "net/net-private.h"

typedef struct {
	CURLcode code;
	const char *word; /* in libcurl's text, without case; NULL: any */
	AardigError error;
	const char *advice;
} ErrorRow;

/* The first row that fits counts. */
static const ErrorRow rows[] = {
	{ CURLE_COULDNT_CONNECT, NULL, AARDIG_ERROR_TEMPORARY,
	  "nothing answers there: is the server running, is the port right (IMAP 993 implicit, 143 "
	  "starttls; SMTP 465 implicit, 587 starttls), is there a firewall between?" },
	{ CURLE_OPERATION_TIMEDOUT, NULL, AARDIG_ERROR_TEMPORARY,
	  "no answer in time: check host, port and firewall; with the wrong kind of tls both sides "
	  "wait" },
	{ CURLE_PEER_FAILED_VERIFICATION, "expired", AARDIG_ERROR_CONFIG,
	  "the server's certificate has expired: renew it on the server" },
	{ CURLE_PEER_FAILED_VERIFICATION, "not yet valid", AARDIG_ERROR_CONFIG,
	  "the server's certificate is not valid yet: is the clock of this machine right?" },
	{ CURLE_PEER_FAILED_VERIFICATION, "match", AARDIG_ERROR_CONFIG,
	  "the server's certificate is for another name: set host to a name in the certificate" },
	{ CURLE_PEER_FAILED_VERIFICATION, NULL, AARDIG_ERROR_CONFIG,
	  "the server's certificate is not signed by anybody this machine trusts: set ca_file to the "
	  "certificate of the authority that signed it" },
	{ CURLE_SSL_CACERT_BADFILE, NULL, AARDIG_ERROR_CONFIG,
	  "ca_file cannot be read: it must be a file with certificates in PEM form" },
	{ CURLE_SSL_ISSUER_ERROR, NULL, AARDIG_ERROR_CONFIG, "check ca_file" },
	{ CURLE_SSL_CONNECT_ERROR, "wrong version number", AARDIG_ERROR_CONFIG,
	  "the server does not speak TLS at once on this port: tls = \"starttls\", or another port?" },
	{ CURLE_SSL_CONNECT_ERROR, "packet length", AARDIG_ERROR_CONFIG,
	  "the server does not speak TLS at once on this port: tls = \"starttls\", or another port?" },
	{ CURLE_SSL_CONNECT_ERROR, NULL, AARDIG_ERROR_TEMPORARY, "TLS did not come about" },
	{ CURLE_USE_SSL_FAILED, NULL, AARDIG_ERROR_CONFIG,
	  "the server offers no STARTTLS on this port: tls = \"implicit\" with its TLS port?" },
	{ CURLE_UNSUPPORTED_PROTOCOL, NULL, AARDIG_ERROR_CONFIG,
	  "this libcurl was built without IMAP or SMTP: install the distribution's own" },
	{ CURLE_WEIRD_SERVER_REPLY, NULL, AARDIG_ERROR_TEMPORARY,
	  "the server did not greet as expected: is this the right port?" },
};

/* Words by which servers say "not now" where they ought to say "no": the password may well be
 * right. */
static const char *const transient_words[] = {
	"[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "too many", "try again", "temporar",
};

static gboolean
contains(const char *text, const char *word)
{
	g_autofree char *text_lower = g_ascii_strdown(text, -1);
	g_autofree char *word_lower = g_ascii_strdown(word, -1);

	return strstr(text_lower, word_lower) != NULL;
}

static gboolean
refusal_is_transient(NetProtocol protocol, const char *text)
{
	if (protocol == NET_SMTP && text[0] == '4')
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(transient_words); i++)
		if (contains(text, transient_words[i]))
			return TRUE;
	return FALSE;
}

static const char *
login_advice(const ConnectFailure *failure)
{
	if (failure->is_token)
		return "the token was refused twice: run the token_command by hand and check its scope";
	if (failure->server_text == NULL)
		return "the server offers no way to log in that works here: check tls and port, or use "
		       "token_command if it wants OAuth";
	return "check user and password; Gmail and Microsoft 365 want an app password or a token";
}

static void
login_error(const ConnectFailure *failure, GError **error)
{
	const char *said = failure->server_text != NULL ? failure->server_text : failure->curl_text;
	g_autofree char *words = log_quote(said, 300);
	g_autofree char *user = log_quote(failure->endpoint->user, 80);

	if (failure->server_text != NULL && refusal_is_transient(failure->protocol, said))
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY,
		            "%s does not let %s log in now: \"%s\"", failure->endpoint->host, user, words);
	else
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
		            "%s refused the login of %s: \"%s\" (%s)", failure->endpoint->host, user, words,
		            login_advice(failure));
}

/* libcurl says the same for a name that does not exist and for a resolver that is away just now. */
static void
name_error(const ConnectFailure *failure, GError **error)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	int rc = getaddrinfo(failure->endpoint->host, NULL, &hints, &found);
	gboolean for_good = rc == EAI_NONAME;

	if (rc == 0)
		freeaddrinfo(found);
	g_set_error(error, AARDIG_ERROR, for_good ? AARDIG_ERROR_CONFIG : AARDIG_ERROR_TEMPORARY,
	            for_good ? "there is no host named %s: check host"
	                     : "the address of %s cannot be looked up now (DNS)",
	            failure->endpoint->host);
}

/* A server that hangs up at its greeting ("* BYE", "421 ...") is busy or shutting down. */
static void
other_error(const ConnectFailure *failure, const ErrorRow *row, GError **error)
{
	const char *said = failure->server_text != NULL ? failure->server_text : failure->curl_text;
	g_autofree char *words = log_quote(said, 300);

	if (row == NULL)
		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_TEMPORARY, "%s port %u: \"%s\"",
		            failure->endpoint->host, failure->endpoint->port, words);
	else
		g_set_error(error, AARDIG_ERROR, row->error, "%s port %u: %s (\"%s\")",
		            failure->endpoint->host, failure->endpoint->port, row->advice, words);
}

void
net_connect_error(const ConnectFailure *failure, GError **error)
{
	const ErrorRow *row = NULL;

	if (failure->code == CURLE_LOGIN_DENIED || failure->code == CURLE_AUTH_ERROR) {
		login_error(failure, error);
		return;
	}
	if (failure->code == CURLE_COULDNT_RESOLVE_HOST) {
		name_error(failure, error);
		return;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(rows) && row == NULL; i++)
		if (rows[i].code == failure->code &&
		    (rows[i].word == NULL || contains(failure->curl_text, rows[i].word)))
			row = &rows[i];
	other_error(failure, row, error);
}
