/* endpoint.c - servers and logins: host, TLS, port, and where the password comes from. */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/stat.h>

#include "settings/settings-private.h"

static void
secret_source_clear(SecretSource *source)
{
	g_strfreev(source->password_command);
	g_free(source->password_file);
	if (source->password != NULL)
		explicit_bzero(source->password, strlen(source->password));
	g_free(source->password);
	g_strfreev(source->token_command);
	g_free(source->credential);
}

void
endpoint_clear(Endpoint *endpoint)
{
	g_free(endpoint->host);
	g_free(endpoint->ca_file);
	g_free(endpoint->user);
	secret_source_clear(&endpoint->secret);
}

/* An inline password makes the configuration a secret: the file it stands in must be one. */
void
read_password(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const char *file;
	guint line;
	struct stat st;

	reader_place(reader, from, &file, &line);
	if (stat(file, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		reader_error(reader, from,
		             "a password in a file that others can read (run: chmod 600 %s; "
		             "or use password_file or password_command)",
		             file);
	else
		reader_warning(reader, from,
		               "a password in the configuration ends up in backups and tickets "
		               "(better: password_file or password_command)");
}

static gboolean
is_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (strcmp(host, "localhost") == 0)
		return TRUE;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return (ntohl(v4.s_addr) >> 24) == 127;
	return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static gboolean
host_is_plain(const char *host)
{
	struct in6_addr v6;

	if (inet_pton(AF_INET6, host, &v6) == 1)
		return TRUE;
	for (const char *p = host; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && strchr(".-_", *p) == NULL && (guchar) *p < 0x80)
			return FALSE;
	return strlen(host) <= 253 && *host != '.' && *host != '-';
}

static void
check_host(Reader *reader, const config_setting_t *group, const Endpoint *endpoint)
{
	const config_setting_t *at = reader_member(group, "host");

	if (strstr(endpoint->host, "://") != NULL)
		reader_error(
			reader, at, "host: \"%s\" (write only the name of the server, without %.*s://)",
			endpoint->host, (int) (strstr(endpoint->host, "://") - endpoint->host), endpoint->host);
	else if (strchr(endpoint->host, ':') != NULL && !host_is_plain(endpoint->host))
		reader_error(reader, at, "host: \"%s\" (the port has a key of its own: port = %s;)",
		             endpoint->host, strrchr(endpoint->host, ':') + 1);
	else if (!host_is_plain(endpoint->host))
		reader_error(reader, at, "host: \"%s\" is no name of a server (write imap.example.nl)",
		             endpoint->host);
}

/* Ports by TlsMode. A port that is given without tls says which mode is meant. */
static const guint imap_ports[] = { 993, 143, 143 }, smtp_ports[] = { 465, 587, 587 };

static void
check_tls(Reader *reader, const config_setting_t *group, Endpoint *endpoint, gboolean imap)
{
	const guint *ports = imap ? imap_ports : smtp_ports;
	const config_setting_t *tls = reader_member(group, "tls");
	guint port = endpoint->port;

	if (tls == NULL && (port == 143 || port == 587 || port == 25))
		endpoint->tls = TLS_STARTTLS;
	if (port == 0)
		endpoint->port = ports[endpoint->tls];
	if (endpoint->tls == TLS_NONE && !is_loopback(endpoint->host))
		reader_error(reader, tls,
		             "tls = \"none\" would send the password readable over the network; "
		             "it is for loopback only (use \"implicit\" or \"starttls\")");
	if (endpoint->tls == TLS_STARTTLS && port == ports[TLS_IMPLICIT])
		reader_error(reader, tls,
		             "port %u speaks TLS from the first byte (write tls = \"implicit\", "
		             "or port = %u)",
		             port, ports[TLS_STARTTLS]);
	if (endpoint->tls == TLS_IMPLICIT && (port == 143 || port == 587 || port == 25))
		reader_error(reader, tls,
		             "port %u begins without TLS (write tls = \"starttls\", or port = %u)", port,
		             ports[TLS_IMPLICIT]);
	if (endpoint->ca_file != NULL && !g_file_test(endpoint->ca_file, G_FILE_TEST_IS_REGULAR))
		reader_error(reader, reader_member(group, "ca_file"),
		             "ca_file: there is no file %s (Debian's is "
		             "/etc/ssl/certs/ca-certificates.crt; without ca_file it is used anyway)",
		             endpoint->ca_file);
}

static void
check_login(Reader *reader, const config_setting_t *group, Endpoint *endpoint, gboolean imap,
            const char *credential)
{
	static const char *const keys[] = { "password_command", "password_file", "password",
		                                "token_command" };
	const config_setting_t *first = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const config_setting_t *at = reader_member(group, keys[i]);

		if (at != NULL && first != NULL)
			reader_error(reader, at, "both %s and %s (keep one)", config_setting_name(first),
			             config_setting_name(at));
		else if (at != NULL)
			first = at;
	}
	if (endpoint->user == NULL && reader_member(group, "user") == NULL) {
		if (first != NULL)
			reader_error(reader, first, "%s without a user (add user = \"...\")",
			             config_setting_name(first));
		else if (imap)
			reader_error(reader, group, "source has no user (add user = \"...\", the login name)");
		return;
	}
	if (first == NULL)
		endpoint->secret.credential = g_strdup(credential);
}

void
check_endpoint(Reader *reader, const config_setting_t *group, Endpoint *endpoint, gboolean imap,
               const char *credential)
{
	if (endpoint->host == NULL) {
		if (reader_member(group, "host") == NULL)
			reader_error(reader, group, "%s has no host (add host = \"%s.example.nl\")",
			             config_setting_name(group), imap ? "imap" : "smtp");
		return;
	}
	check_host(reader, group, endpoint);
	check_tls(reader, group, endpoint, imap);
	check_login(reader, group, endpoint, imap, credential);
}
