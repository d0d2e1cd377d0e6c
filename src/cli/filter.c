/* filter.c - the same bytes back with eight X-Aardig-* fields on top, for procmail, Sieve and mail
 * clients to act on.
 *
 * Whatever happens to the judging, the mail passes on unchanged and the exit code is 0; only a mail
 * that cannot be read or written whole is 75, so that whoever calls keeps it. Fields of these eight
 * names that came with the mail are removed: they were forged. */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include "aardig/bytes.h"
#include "aardig/decide.h"
#include "aardig/fault.h"
#include "aardig/log.h"
#include "cli/cli.h"

#define JUDGE_SECONDS 10
#define FIELDS_MAX 4096
#define REASON_MAX 200

static const char *const field_names[] = {
	"X-Aardig-Type",     "X-Aardig-Tone",     "X-Aardig-Complaint", "X-Aardig-Urgent",
	"X-Aardig-Language", "X-Aardig-Priority", "X-Aardig-Answer",    "X-Aardig-Reason",
};

/* ---- bytes in and out ---- */

/* NULL if not all of it could be read: half a mail must not pass for a whole one. */
static GByteArray *
read_stdin(void)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	guint8 chunk[65536];

	for (;;) {
		gssize n = read(STDIN_FILENO, chunk, sizeof chunk);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return NULL;
		if (n == 0)
			return g_steal_pointer(&bytes);
		g_byte_array_append(bytes, chunk, n);
	}
}

/* Length of the line at p with its line end. */
static gsize
line_length(const guint8 *p, gsize left)
{
	const guint8 *end = memchr(p, '\n', left);

	return end != NULL ? (gsize) (end - p) + 1 : left;
}

static gboolean
is_our_field(const guint8 *line, gsize length)
{
	for (gsize i = 0; i < G_N_ELEMENTS(field_names); i++) {
		gsize n = strlen(field_names[i]);

		if (length <= n || g_ascii_strncasecmp((const char *) line, field_names[i], n) != 0)
			continue;
		/* RFC 5322 4.5: obsolete syntax allows blanks before the colon. */
		while (n < length && (line[n] == ' ' || line[n] == '\t'))
			n++;
		if (n < length && line[n] == ':')
			return TRUE;
	}
	return FALSE;
}

/* The mail with `fields` (LF lines) on top, after a "From " line, without forged ones of ours. */
static GByteArray *
with_fields(const guint8 *mail, gsize size, const char *fields)
{
	GByteArray *out = g_byte_array_sized_new(size + FIELDS_MAX);
	gsize at = 0, first = line_length(mail, size);
	gboolean crlf = first >= 2 && mail[first - 2] == '\r';
	gboolean dropping = FALSE;

	if (size >= 5 && memcmp(mail, "From ", 5) == 0) {
		g_byte_array_append(out, mail, first);
		at = first;
	}
	for (const char *p = fields; *p != '\0'; p++) {
		if (*p == '\n' && crlf)
			g_byte_array_append(out, (const guint8 *) "\r", 1);
		g_byte_array_append(out, (const guint8 *) p, 1);
	}
	while (at < size) {
		const guint8 *line = mail + at;
		gsize n = line_length(line, size - at);

		if (line[0] == '\n' || (line[0] == '\r' && n == 2))
			break;
		if (line[0] != ' ' && line[0] != '\t')
			dropping = is_our_field(line, n);
		if (!dropping)
			g_byte_array_append(out, line, n);
		at += n;
	}
	g_byte_array_append(out, mail + at, size - at);
	return out;
}

/* ---- judging ---- */

static void
append_field(GString *fields, const char *name, const char *value)
{
	g_autofree char *cut = log_quote(value, REASON_MAX);

	/* Fields are ASCII (RFC 5322 2.2); the reason may quote something that is not. */
	for (char *p = cut; *p != '\0'; p++)
		if ((guchar) *p < 0x20 || (guchar) *p > 0x7e)
			*p = '?';
	g_string_append_printf(fields, "%s: %s\n", name, cut);
}

static char *
judge_fields(const Offline *offline, GBytes *raw)
{
	GString *fields = g_string_new(NULL);
	Judged judged;

	offline_judge(offline, raw, &judged);
	const Plan *plan = judged.plan;
	g_autofree char *reason = judged.guard->allowed
	    ? decide_reason_text(plan->reasons->len > 0 ? g_ptr_array_index(plan->reasons, 0) : "", "en")
	    : g_strdup_printf("%s: %s", judged.guard->guard, judged.guard->reason);
	const char *values[G_N_ELEMENTS(field_names)] = {
		judged.reading->type,
		judged.reading->tone,
		judged.reading->complaint ? "yes" : "no",
		judged.reading->urgent ? "yes" : "no",
		judged.reading->language,
		plan->priority == PRIORITY_HIGH ? "high" : "normal",
		plan->acknowledge ? "yes" : "no",
		reason,
	};

	for (gsize i = 0; i < G_N_ELEMENTS(field_names); i++)
		append_field(fields, field_names[i], values[i]);
	judged_clear(&judged);
	return g_string_free(fields, FALSE);
}

/* ---- whatever happens, the mail passes on ---- */

/* The mail, in memory that nobody can write to any more. */
static const guint8 *kept;
static gsize kept_size;
static volatile sig_atomic_t writing; /* from then on it is not passed on once more */

static gboolean
keep(const GByteArray *mail)
{
	guint8 *store =
	    mmap(NULL, mail->len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (store == MAP_FAILED)
		return FALSE;
	memcpy(store, mail->data, mail->len);
	kept = store;
	kept_size = mail->len;
	return mprotect(store, mail->len, PROT_READ) == 0;
}

/* Only what a signal handler may do: write() and _exit(). */
static void
pass_unchanged(int signal)
{
	static const char why[] = "aardig: filter: the mail passes on unchanged: judging it broke off\n";

	(void) signal;
	if (writing)
		_exit(EX_TEMPFAIL);
	writing = 1;
	if (write(STDERR_FILENO, why, sizeof why - 1) < 0) {
		/* nobody to tell */
	}
	_exit(bytes_write_all(STDOUT_FILENO, kept, kept_size) ? EX_OK : EX_TEMPFAIL);
}

/* A crash, a deep recursion or a judge that takes too long ends in pass_unchanged(). A child would
 * keep our own memory safer, but it doubles the price of a mail; so the mail lies in memory that
 * cannot be written, and the handler has a stack of its own. */
static gboolean
guard_start(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS,
		                       SIGXCPU, SIGALRM };
	static guint8 stack[64 * 1024];
	const stack_t alternative = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction action = { .sa_handler = pass_unchanged, .sa_flags = SA_ONSTACK };

	sigfillset(&action.sa_mask);
	if (sigaltstack(&alternative, NULL) != 0)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(signals); i++)
		if (sigaction(signals[i], &action, NULL) != 0)
			return FALSE;
	alarm(JUDGE_SECONDS);
	return TRUE;
}

/* The fields for this mail, or NULL: then it passes on as it came. */
static char *
judge(const CliOptions *options, OfflineArgs *args, const GByteArray *mail)
{
	Offline offline;

	if (!keep(mail) || !guard_start())
		return NULL;
	fault_point("filter.judge");
	if (offline_open(options, "filter", args, &offline) != EX_OK)
		return NULL;
	g_autoptr(GBytes) raw = g_bytes_new_static(kept, kept_size);
	char *fields = judge_fields(&offline, raw);

	offline_close(&offline);
	return fields;
}

static int
filter(const CliOptions *options, int argc, char **argv)
{
	static const struct option longs[] = { OFFLINE_LONG, { NULL, 0, NULL, 0 } };
	OfflineArgs args = { 0 };
	gboolean understood = TRUE;
	int opt;

	if (!isatty(STDERR_FILENO))
		log_to_syslog();
	while ((opt = getopt_long(argc, argv, OFFLINE_SHORT, longs, NULL)) != -1)
		understood = understood && offline_option(&args, opt, optarg);

	g_autoptr(GByteArray) mail = read_stdin();
	if (mail == NULL) {
		log_error("filter", "the mail could not be read: %s", g_strerror(errno));
		return EX_TEMPFAIL;
	}
	g_autofree char *fields = understood && mail->len > 0 && mail->len <= MESSAGE_MAX_SIZE
	                              ? judge(options, &args, mail) : NULL;

	alarm(0);
	if (fields == NULL) {
		if (mail->len > 0)
			log_warning("filter", "the mail passes on unchanged: %s",
			            !understood ? "the options were not understood"
			            : mail->len > MESSAGE_MAX_SIZE ? "it is larger than 25 MiB"
			                                           : "it could not be judged");
		writing = 1;
		return bytes_write_all(STDOUT_FILENO, mail->data, mail->len) ? EX_OK : EX_TEMPFAIL;
	}
	g_autoptr(GByteArray) out = with_fields(kept, kept_size, fields);

	writing = 1;
	return bytes_write_all(STDOUT_FILENO, out->data, out->len) ? EX_OK : EX_TEMPFAIL;
}

const Command command_filter = { "filter",
	                         "[-a ACCOUNT] [-f SENDER] [-r RCPT] [--own ADDRESS]... "
	                         "[--now TIME] [--state]",
	                         "add X-Aardig-* fields to the message on stdin", filter };
