/* smtp-sink.c - the tests' own SMTP server: keeps what it gets, and fails on demand.
 *
 *   smtp-sink -d FOLDER [-p PORT] [-c CONTROL] [-a USER:PASSWORD] [-t TOKEN] [-s CERTIFICATE] [KEY=VALUE...]
 *
 * SMTP on 127.0.0.1, with -s (CERTIFICATE.pem, .key) STARTTLS too; prints "PORT\n" once it listens. Every transaction that got to its final dot
 * becomes FOLDER/NNNNNN.env (helo=, tls=, auth=, mail=, rcpt= as received, status=) and FOLDER/NNNNNN.eml (the
 * bytes, dots undone); the .env appears last and whole. Settings come from the command line and, anew
 * before every command of a client, from the lines of the file CONTROL:
 *
 *   fail=VERB:CODE TEXT   answer so at CONNECT EHLO AUTH MAIL RCPT DATA DOT RSET (several may be given)
 *   drop=VERB             hang up instead of answering; BODY: in the middle of the message, DOT: after it
 *   early=CODE TEXT       say so in the middle of the message, and hang up
 *   hang=VERB             never answer again
 *   delay=MS              before every answer
 *   tls=implicit          TLS from the first byte
 *   tls=none              does not offer STARTTLS
 *   inject=TEXT           right behind the answer to STARTTLS, not encrypted: as one who sits in between does
 *   log=FILE              every command is appended to it, those in the clear with "clear " in front
 *   discard=1             keep nothing (to measure by)
 *   refuse-null=1         550 for MAIL FROM:<>
 *   extensions=A,B        instead of PIPELINING,8BITMIME,DSN,SIZE 26214400 (empty: none) */
#include "config.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES 65536

typedef struct {
	const char *folder, *control, *login, *token, *certificate;
	GPtrArray *fixed; /* KEY=VALUE of the command line */
} Options;

static Options options;

typedef struct {
	int fd;
	void *tls; /* SSL; NULL: in the clear */
	char buffer[65536];
	gsize start, end;
	GPtrArray *faults; /* KEY=VALUE in force; NULL: not read yet */
	GString *helo, *auth, *mail, *rcpt;
	GString *answers; /* leave together, when nothing is left to read (RFC 2920 section 3.2) */
	gboolean authenticated;
} Client;

static G_NORETURN void
quit(void)
{
	_exit(0);
}

/* ---- TLS: the libssl that the openssl program of the tests is linked with; no headers needed ---- */

static struct {
	void *(*method)(void);
	void *(*context)(void *method);
	int (*certificate)(void *context, const char *file);
	int (*key)(void *context, const char *file, int type);
	void *(*new)(void *context);
	int (*set_fd)(void *tls, int fd);
	int (*accept)(void *tls);
	int (*read)(void *tls, void *buffer, int size);
	int (*write)(void *tls, const void *bytes, int size);
} ssl;

static void *
symbol(const char *name)
{
	static void *library;

	if (library == NULL)
		library = dlopen("libssl.so.3", RTLD_NOW);
	void *found = library != NULL ? dlsym(library, name) : NULL;
	if (found == NULL) {
		fprintf(stderr, "smtp-sink: %s\n", dlerror());
		_exit(69);
	}
	return found;
}

static void
load_tls(void)
{
	*(void **) &ssl.method = symbol("TLS_server_method");
	*(void **) &ssl.context = symbol("SSL_CTX_new");
	*(void **) &ssl.certificate = symbol("SSL_CTX_use_certificate_chain_file");
	*(void **) &ssl.key = symbol("SSL_CTX_use_PrivateKey_file");
	*(void **) &ssl.new = symbol("SSL_new");
	*(void **) &ssl.set_fd = symbol("SSL_set_fd");
	*(void **) &ssl.accept = symbol("SSL_accept");
	*(void **) &ssl.read = symbol("SSL_read");
	*(void **) &ssl.write = symbol("SSL_write");
}

static void
begin_tls(Client *client)
{
	g_autofree char *certificate = g_strconcat(options.certificate, ".pem", NULL);
	g_autofree char *key = g_strconcat(options.certificate, ".key", NULL);

	load_tls();
	void *context = ssl.context(ssl.method());
	void *tls = NULL;
	if (context != NULL && ssl.certificate(context, certificate) == 1 &&
	    ssl.key(context, key, 1 /* SSL_FILETYPE_PEM */) == 1)
		tls = ssl.new(context);
	if (tls == NULL || ssl.set_fd(tls, client->fd) != 1 || ssl.accept(tls) != 1)
		quit();
	client->tls = tls;
}

/* ---- settings in force ---- */

/* Read again when it is another file or has changed: every command asks. */
static gboolean
control_has_changed(void)
{
	static struct stat before;
	struct stat now = { 0 };

	if (options.control != NULL)
		stat(options.control, &now);
	gboolean same = now.st_ino == before.st_ino && now.st_size == before.st_size &&
	                now.st_mtim.tv_sec == before.st_mtim.tv_sec &&
	                now.st_mtim.tv_nsec == before.st_mtim.tv_nsec;
	before = now;
	return !same;
}

static void
load_faults(Client *client)
{
	g_autofree char *text = NULL;

	if (!control_has_changed() && client->faults != NULL)
		return;
	g_clear_pointer(&client->faults, g_ptr_array_unref);
	client->faults = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < options.fixed->len; i++)
		g_ptr_array_add(client->faults, g_strdup(g_ptr_array_index(options.fixed, i)));
	if (options.control == NULL || !g_file_get_contents(options.control, &text, NULL, NULL))
		return;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		g_ptr_array_add(client->faults, g_strdup(*line));
}

/* The value behind "prefix", the last one given; NULL if there is none. */
static const char *
setting(const Client *client, const char *prefix)
{
	for (guint i = client->faults->len; i > 0; i--) {
		const char *line = g_ptr_array_index(client->faults, i - 1);

		if (g_str_has_prefix(line, prefix))
			return line + strlen(prefix);
	}
	return NULL;
}

static gboolean
is_verb(const char *value, const char *verb)
{
	return value != NULL && g_ascii_strcasecmp(value, verb) == 0;
}

/* ---- lines ---- */

static void
flush(Client *client)
{
	const char *text = client->answers->str;
	gsize left = client->answers->len;

	while (left > 0) {
		gssize n = client->tls != NULL ? ssl.write(client->tls, text, (int) left)
		                               : write(client->fd, text, left);

		if (n <= 0)
			quit();
		text += n;
		left -= (gsize) n;
	}
	g_string_truncate(client->answers, 0);
}

static void
answer(Client *client, const char *text)
{
	const char *delay = setting(client, "delay=");

	g_string_append_printf(client->answers, "%s\r\n", text);
	if (delay != NULL)
		g_usleep((gulong) g_ascii_strtoull(delay, NULL, 10) * 1000);
}

static void
fill(Client *client)
{
	flush(client);
	gssize n = client->tls != NULL
		? ssl.read(client->tls, client->buffer, sizeof client->buffer)
		: read(client->fd, client->buffer, sizeof client->buffer);

	if (n <= 0)
		quit();
	client->start = 0;
	client->end = (gsize) n;
}

/* A line with its LF. */
static void
read_line(Client *client, GString *line)
{
	g_string_truncate(line, 0);
	for (;;) {
		if (client->start == client->end)
			fill(client);
		const char *from = client->buffer + client->start;
		const char *lf = memchr(from, '\n', client->end - client->start);
		gsize n = lf != NULL ? (gsize) (lf - from) + 1 : client->end - client->start;

		g_string_append_len(line, from, (gssize) n);
		client->start += n;
		if (lf != NULL)
			return;
		if (line->len > LINE_MAX_BYTES)
			quit();
	}
}

/* TRUE if the fault of this verb has answered (or never will). */
static gboolean
fault(Client *client, const char *verb)
{
	g_autofree char *fail = g_strdup_printf("fail=%s:", verb);

	load_faults(client);
	if (is_verb(setting(client, "hang="), verb))
		for (;;)
			fill(client); /* until the client has had enough */
	if (is_verb(setting(client, "drop="), verb)) {
		flush(client);
		quit();
	}
	const char *text = setting(client, fail);
	if (text == NULL)
		return FALSE;
	answer(client, text);
	flush(client);
	if (g_str_has_prefix(text, "421"))
		quit();
	return TRUE;
}

/* ---- what was received ---- */

static int
new_file(char *base, gsize size)
{
	for (guint n = 1;; n++) {
		g_autofree char *path = g_strdup_printf("%s/%06u.eml", options.folder, n);
		int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

		if (fd >= 0) {
			g_snprintf(base, size, "%s/%06u", options.folder, n);
			return fd;
		}
		if (errno != EEXIST) {
			perror(path);
			_exit(1);
		}
	}
}

static void
record(const Client *client, const GString *message, const char *status)
{
	char base[4096];

	if (setting(client, "discard=") != NULL)
		return;
	int fd = new_file(base, sizeof base);
	g_autofree char *partial = g_strconcat(base, ".part", NULL);
	g_autofree char *final = g_strconcat(base, ".env", NULL);
	g_autofree char *envelope =
		g_strdup_printf("helo=%s\ntls=%d\nauth=%s\nmail=%s\nrcpt=%sstatus=%s\n", client->helo->str, client->tls != NULL,
	                        client->auth->str, client->mail->str, client->rcpt->str, status);

	for (gsize at = 0; at < message->len;) {
		gssize n = write(fd, message->str + at, message->len - at);

		if (n <= 0)
			_exit(1);
		at += (gsize) n;
	}
	close(fd);
	if (!g_file_set_contents(partial, envelope, -1, NULL) || rename(partial, final) != 0)
		_exit(1);
}

static void
receive_message(Client *client)
{
	g_autoptr(GString) message = g_string_new(NULL), line = g_string_new(NULL);

	for (;;) {
		read_line(client, line);
		if (is_verb(setting(client, "drop="), "BODY"))
			quit();
		const char *early = setting(client, "early=");
		if (early != NULL) {
			answer(client, early);
			flush(client);
			g_usleep(100000);
			quit();
		}
		if (strcmp(line->str, ".\r\n") == 0)
			break;
		if (line->str[0] == '.')
			g_string_erase(line, 0, 1);
		g_string_append_len(message, line->str, (gssize) line->len);
	}
	load_faults(client);
	if (is_verb(setting(client, "drop="), "DOT"))
		record(client, message, "dropped");
	else if (is_verb(setting(client, "hang="), "DOT"))
		record(client, message, "hung");
	if (fault(client, "DOT"))
		return;
	record(client, message, "accepted");
	answer(client, "250 2.0.0 Ok: queued");
}

/* ---- AUTH ---- */

static char *
decode(const char *text)
{
	gsize size;
	g_autofree guchar *bytes = g_base64_decode(text, &size);

	for (gsize i = 0; i < size; i++)
		if (bytes[i] == '\0')
			bytes[i] = '\n';
	return g_strndup((const char *) bytes, size);
}

static char *
ask(Client *client, const char *challenge)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autofree char *text = g_strdup_printf("334 %s", challenge);

	answer(client, text);
	read_line(client, line);
	g_strchomp(line->str);
	return g_strdup(line->str);
}

static gboolean
check_plain(Client *client, const char *initial)
{
	g_autofree char *response = initial != NULL ? g_strdup(initial) : ask(client, "");
	g_autofree char *text = decode(response);
	g_auto(GStrv) parts = g_strsplit(text, "\n", 3);
	g_autofree char *given =
		g_strv_length(parts) == 3 ? g_strdup_printf("%s:%s", parts[1], parts[2]) : NULL;

	return g_strcmp0(given, options.login) == 0;
}

static gboolean
check_login(Client *client, const char *initial)
{
	g_autofree char *user64 = initial != NULL ? g_strdup(initial) : ask(client, "VXNlcm5hbWU6");
	g_autofree char *password64 = ask(client, "UGFzc3dvcmQ6");
	g_autofree char *user = decode(user64), *password = decode(password64);
	g_autofree char *given = g_strdup_printf("%s:%s", user, password);

	return g_strcmp0(given, options.login) == 0;
}

static gboolean
check_token(Client *client, const char *initial)
{
	g_autofree char *response = initial != NULL ? g_strdup(initial) : ask(client, "");
	g_autofree char *text = decode(response);
	g_autofree char *wanted = g_strdup_printf("auth=Bearer %s", options.token);
	const char *found = strstr(text, wanted);

	if (options.token != NULL && found != NULL && found[strlen(wanted)] < 0x20)
		return TRUE;
	g_free(ask(client, "eyJzdGF0dXMiOiI0MDEifQ=="));
	return FALSE;
}

static const struct {
	const char *name;
	gboolean (*check)(Client *client, const char *initial);
} mechanisms[] = {
	{ "PLAIN", check_plain },
	{ "LOGIN", check_login },
	{ "XOAUTH2", check_token },
	{ "OAUTHBEARER", check_token },
};

static void
authenticate(Client *client, const char *arguments)
{
	g_auto(GStrv) words = g_strsplit(arguments, " ", 2);

	for (gsize i = 0; i < G_N_ELEMENTS(mechanisms) && words[0] != NULL; i++) {
		if (g_ascii_strcasecmp(words[0], mechanisms[i].name) != 0)
			continue;
		client->authenticated = mechanisms[i].check(client, words[1]);
		if (client->authenticated)
			g_string_assign(client->auth, mechanisms[i].name);
		answer(client, client->authenticated ? "235 2.7.0 ok"
		                                     : "535 5.7.8 Username and Password not accepted");
		return;
	}
	answer(client, "504 5.5.4 unknown mechanism");
}

/* ---- commands ---- */

static gboolean
offers_tls(const Client *client)
{
	return options.certificate != NULL && client->tls == NULL &&
	       g_strcmp0(setting(client, "tls="), "none") != 0;
}

/* What the client has said before is forgotten (RFC 3207 section 4.2), and what it sent ahead too. */
static void
start_tls(Client *client, const char *arguments)
{
	const char *inject = setting(client, "inject=");

	if (!offers_tls(client)) {
		answer(client, "502 5.5.1 no TLS here");
		return;
	}
	g_autofree char *text = inject != NULL ? g_strdup_printf("220 2.0.0 go ahead\r\n%s", inject)
	                                       : g_strdup("220 2.0.0 go ahead");
	answer(client, text);
	flush(client);
	client->start = client->end = 0;
	g_string_truncate(client->helo, 0);
	begin_tls(client);
}

static void
log_command(const Client *client, const char *line)
{
	const char *path = setting(client, "log=");
	FILE *file = path != NULL ? fopen(path, "a") : NULL;

	if (file == NULL)
		return;
	fprintf(file, "%s%s\n", client->tls != NULL ? "" : "clear ", line);
	fclose(file);
}

static void
greet(Client *client, const char *arguments)
{
	const char *list = setting(client, "extensions=");
	g_autofree char *all =
		g_strdup_printf("%s%s%s%s", list != NULL ? list : "PIPELINING,8BITMIME,DSN,SIZE 26214400",
	                        offers_tls(client) ? ",STARTTLS" : "",
	                        options.login != NULL ? ",AUTH PLAIN LOGIN" : "",
	                        options.token != NULL ? ",AUTH XOAUTH2 OAUTHBEARER" : "");
	g_auto(GStrv) words = g_strsplit(all, ",", -1);
	g_autoptr(GString) text = g_string_new("250-sink.example\r\n");

	g_string_assign(client->helo, arguments);
	for (char **word = words; *word != NULL; word++)
		if (**word != '\0')
			g_string_append_printf(text, "250-%s\r\n", *word);
	g_string_append(text, "250 HELP");
	answer(client, text->str);
}

static void
take_sender(Client *client, const char *arguments)
{
	if ((options.login != NULL || options.token != NULL) && !client->authenticated) {
		answer(client, "530 5.7.0 Authentication required");
		return;
	}
	if (setting(client, "refuse-null=") != NULL && g_ascii_strncasecmp(arguments, "FROM:<>", 7) == 0) {
		answer(client, "550 5.1.7 null sender is not accepted here");
		return;
	}
	g_string_assign(client->mail, arguments);
	g_string_truncate(client->rcpt, 0);
	answer(client, "250 2.1.0 Ok");
}

static void
take_recipient(Client *client, const char *arguments)
{
	if (client->mail->len == 0) {
		answer(client, "503 5.5.1 MAIL first");
		return;
	}
	g_string_append_printf(client->rcpt, "%s\n", arguments);
	answer(client, "250 2.1.5 Ok");
}

static void
reset(Client *client)
{
	g_string_truncate(client->mail, 0);
	g_string_truncate(client->rcpt, 0);
}

static void
take_data(Client *client, const char *arguments)
{
	if (client->rcpt->len == 0) {
		answer(client, "554 5.5.1 no valid recipients");
		return;
	}
	answer(client, "354 go on");
	receive_message(client);
	reset(client);
}

static void
take_reset(Client *client, const char *arguments)
{
	reset(client);
	answer(client, "250 2.0.0 Ok");
}

static void
take_noop(Client *client, const char *arguments)
{
	answer(client, "250 2.0.0 Ok");
}

static void
take_quit(Client *client, const char *arguments)
{
	answer(client, "221 2.0.0 Bye");
	flush(client);
	quit();
}

static const struct {
	const char *verb;
	void (*run)(Client *client, const char *arguments);
} verbs[] = {
	{ "EHLO", greet },       { "HELO", greet },     { "AUTH", authenticate },
	{ "MAIL", take_sender }, { "RCPT", take_recipient }, { "DATA", take_data },
	{ "STARTTLS", start_tls }, { "RSET", take_reset },  { "NOOP", take_noop }, { "QUIT", take_quit },
};

static void
serve(int fd)
{
	Client client = { .fd = fd };
	g_autoptr(GString) line = g_string_new(NULL);

	client.helo = g_string_new(NULL);
	client.auth = g_string_new(NULL);
	client.mail = g_string_new(NULL);
	client.rcpt = g_string_new(NULL);
	client.answers = g_string_new(NULL);
	load_faults(&client);
	if (g_strcmp0(setting(&client, "tls="), "implicit") == 0)
		begin_tls(&client);
	if (fault(&client, "CONNECT"))
		quit();
	answer(&client, "220 sink.example ESMTP");
	for (;;) {
		gsize i;

		read_line(&client, line);
		g_strchomp(line->str);
		log_command(&client, line->str);
		g_auto(GStrv) words = g_strsplit(line->str, " ", 2);
		const char *verb = words[0] != NULL ? words[0] : "";
		for (i = 0; i < G_N_ELEMENTS(verbs); i++)
			if (g_ascii_strcasecmp(verb, verbs[i].verb) == 0)
				break;
		if (i == G_N_ELEMENTS(verbs))
			answer(&client, "500 5.5.2 what?");
		else if (!fault(&client, verbs[i].verb))
			verbs[i].run(&client, words[1] != NULL ? words[1] : "");
	}
}

/* ---- start ---- */

static int
listen_on(guint16 port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
	    bind(fd, (struct sockaddr *) &address, sizeof address) != 0 || listen(fd, 64) != 0 ||
	    getsockname(fd, (struct sockaddr *) &address, &length) != 0) {
		perror("smtp-sink");
		return -1;
	}
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

int
main(int argc, char **argv)
{
	guint16 port = 0;
	int option, on = 1;

	options.fixed = g_ptr_array_new();
	while ((option = getopt(argc, argv, "p:d:c:a:t:s:")) != -1)
		switch (option) {
		case 'p': port = (guint16) g_ascii_strtoull(optarg, NULL, 10); break;
		case 'd': options.folder = optarg; break;
		case 'c': options.control = optarg; break;
		case 'a': options.login = optarg; break;
		case 't': options.token = optarg; break;
		case 's': options.certificate = optarg; break;
		default: return 64;
		}
	while (optind < argc)
		g_ptr_array_add(options.fixed, argv[optind++]);
	if (options.folder == NULL) {
		fprintf(stderr, "usage: smtp-sink -d FOLDER [-p PORT] [-c CONTROL] [-a USER:PASSWORD] "
		                "[-t TOKEN] [-s CERTIFICATE] [KEY=VALUE...]\n");
		return 64;
	}
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	int listener = listen_on(port);
	while (listener >= 0) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(listener);
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
			serve(fd);
		}
		close(fd);
	}
	return 1;
}
