/* maildir-scan.c - finding things in a Maildir: a mail by its base name or Message-ID, a folder by
 * name. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "aardig/log.h"
#include "aardig/net.h"
#include "source/source-private.h"

#define HEADER_BYTES (64 * 1024)

static const char *const subdirs[] = { "new", "cur" };

char *
maildir_base(const char *name)
{
	return g_strndup(name, strcspn(name, ":"));
}

/* In new/ a name has no flags, so it is there as it is; in cur/ they change at any time. */
char *
maildir_find(const char *path, const char *base, const char **subdir_out)
{
	gsize length = strlen(base);

	if (length == 0 || strchr(base, '/') != NULL || *base == '.')
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(subdirs); i++) {
		g_autofree char *exact = g_build_filename(path, subdirs[i], base, NULL);
		g_autofree char *folder = g_build_filename(path, subdirs[i], NULL);

		*subdir_out = subdirs[i];
		if (access(exact, F_OK) == 0)
			return g_steal_pointer(&exact);
		g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
		const char *name;
		while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
			if (strncmp(name, base, length) == 0 && name[length] == ':')
				return g_build_filename(folder, name, NULL);
	}
	return NULL;
}

/* Maildir++: ".a.b" below the Maildir itself, in modified UTF-7 as IMAP servers write it. */
char *
maildir_folder_path(const char *path, const char *folder, GError **error)
{
	g_autofree char *wire = imap_utf7_encode(folder);
	gboolean ok = wire != NULL && *wire != '\0' && strlen(wire) < 200;

	if (ok) {
		g_strdelimit(wire, "/", '.');
		g_auto(GStrv) parts = g_strsplit(wire, ".", -1);
		for (char **part = parts; *part != NULL; part++)
			ok = ok && **part != '\0';
	}
	if (!ok) {
		g_autofree char *quoted = log_quote(folder, 80);

		g_set_error(error, AARDIG_ERROR, AARDIG_ERROR_PERMANENT, "\"%s\" cannot be a folder's name",
		            quoted);
		return NULL;
	}
	g_autofree char *name = g_strconcat(".", wire, NULL);
	return g_build_filename(path, name, NULL);
}

/* The Message-ID field of a header, which ends at the first empty line. */
static gboolean
header_has_id(char *header, const char *wanted)
{
	for (char *line = header; line != NULL && *line != '\0' && *line != '\n' && *line != '\r';) {
		char *end = strchr(line, '\n');
		gboolean ours = g_ascii_strncasecmp(line, "Message-ID:", 11) == 0;

		/* With its continuation lines. */
		while (end != NULL && (end[1] == ' ' || end[1] == '\t'))
			end = strchr(end + 1, '\n');
		if (ours) {
			if (end != NULL)
				*end = '\0';
			return strstr(line, wanted) != NULL;
		}
		line = end != NULL ? end + 1 : NULL;
	}
	return FALSE;
}

static gboolean
file_has_id(const char *path, const char *wanted)
{
	g_autofree char *buffer = g_malloc(HEADER_BYTES + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	gssize n = fd >= 0 ? read(fd, buffer, HEADER_BYTES) : -1;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return FALSE;
	buffer[n] = '\0';
	return header_has_id(buffer, wanted);
}

gboolean
maildir_has_message_id(const char *path, const char *message_id)
{
	g_autofree char *wanted = g_strdup_printf("<%s>", message_id);

	for (gsize i = 0; i < G_N_ELEMENTS(subdirs); i++) {
		g_autofree char *folder = g_build_filename(path, subdirs[i], NULL);
		g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
		const char *name;

		while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
			g_autofree char *file = g_build_filename(folder, name, NULL);

			if (file_has_id(file, wanted))
				return TRUE;
		}
	}
	return FALSE;
}
