/* owner.c - who has begun something, and whether that process still lives.
 *
 * A PID alone is used again; with its start time and the boot it names one process for ever. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "record-private.h"

typedef struct {
	int pid;
	guint64 start;   /* clock ticks since boot; 0 unknown (no /proc) */
	char space[32];  /* PID namespace */
	char boot[40];
} Owner;

/* Field 22 of proc(5) stat; fields are counted from the last ')', for the name may hold anything.
 * FALSE when there is no such process; a zombie is none, for it will do nothing more. */
static gboolean
process_start(int pid, guint64 *start_out)
{
	char path[64], stat[1024];

	g_snprintf(path, sizeof path, "/proc/%d/stat", pid);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return FALSE;
	gsize n = fread(stat, 1, sizeof stat - 1, file);
	fclose(file);
	stat[n] = '\0';

	const char *at = strrchr(stat, ')');
	if (at == NULL || at[1] != ' ' || at[2] == 'Z' || at[2] == 'X')
		return FALSE;
	at++;
	for (int field = 3; field <= 22; field++) {
		at = strchr(at, ' ');
		if (at == NULL)
			return FALSE;
		at++;
	}
	*start_out = g_ascii_strtoull(at, NULL, 10);
	return TRUE;
}

static void
read_boot(char *out, gsize size)
{
	g_autofree char *text = NULL;
	gsize n = 0;

	if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
		text = g_strdup("unknown");
	for (const char *p = text; *p != '\0' && n + 1 < size; p++)
		if (g_ascii_isalnum(*p))
			out[n++] = *p;
	out[n] = '\0';
}

static void
read_self(Owner *out)
{
	char link[64] = "";
	gssize n = readlink("/proc/self/ns/pid", link, sizeof link - 1);

	memset(out, 0, sizeof *out);
	out->pid = getpid();
	process_start(out->pid, &out->start);
	g_strlcpy(out->space, "0", sizeof out->space);
	/* "pid:[4026531836]" */
	const char *number = n > 5 ? strchr(link, '[') : NULL;
	if (number != NULL)
		g_snprintf(out->space, sizeof out->space, "%" G_GUINT64_FORMAT,
		           g_ascii_strtoull(number + 1, NULL, 10));
	read_boot(out->boot, 16); /* enough to tell boots apart */
}

char *
owner_self(void)
{
	Owner self;

	read_self(&self);
	return g_strdup_printf("%d.%" G_GUINT64_FORMAT ".%s.%s", self.pid, self.start, self.space,
	                       self.boot);
}

static gboolean
parse(const char *text, Owner *out)
{
	g_auto(GStrv) parts = g_strsplit(text, ".", 4);

	memset(out, 0, sizeof *out);
	if (g_strv_length(parts) != 4)
		return FALSE;
	out->pid = atoi(parts[0]);
	out->start = g_ascii_strtoull(parts[1], NULL, 10);
	g_strlcpy(out->space, parts[2], sizeof out->space);
	g_strlcpy(out->boot, parts[3], sizeof out->boot);
	return out->pid > 0;
}

gboolean
owner_alive(const char *owner, gint64 touched)
{
	Owner other, self;
	guint64 start = 0;

	if (owner == NULL || !parse(owner, &other))
		return FALSE;
	read_self(&self);
	if (strcmp(other.boot, self.boot) != 0)
		return FALSE;
	if (strcmp(other.space, self.space) != 0) {
		gint64 age = clock_now() - touched;
		return age > -LEASE && age < LEASE;
	}
	if (self.start == 0) /* no /proc to look into */
		return kill(other.pid, 0) == 0 || errno == EPERM;
	return process_start(other.pid, &start) && start == other.start;
}

OwnerState
owner_state(const Ledger *ledger, const char *owner, gint64 touched)
{
	if (owner == NULL)
		return OWNER_NOBODY;
	if (ledger->owner != NULL && strcmp(owner, ledger->owner) == 0)
		return OWNER_US;
	return owner_alive(owner, touched) ? OWNER_OTHER : OWNER_NOBODY;
}
