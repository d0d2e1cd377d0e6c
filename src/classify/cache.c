/* cache.c - the compiled rules on disk, so that a process per mail does not read them anew.
 *
 * A cache is believed only if it is ours or root's and nobody else may write it, if it is whole
 * (hash over every byte), of this version, and if every file and folder it was made of still has
 * the size, times and inode it had. Anything else is as if there were none. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aardig/bytes.h"
#include "aardig/log.h"
#include "classify/cache.h"
#include "classify/lists.h"
#include "classify/load.h"

/* One file per set of folders: the rules of two shops, and the coach's, lie side by side. */
static char *
cache_path(const char *const *dirs, const char *cache_dir)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (; *dirs != NULL; dirs++)
		g_checksum_update(sum, (const guchar *)*dirs, strlen(*dirs) + 1);
	g_autofree char *name = g_strdup_printf("rules-%.16s.image", g_checksum_get_string(sum));
	return g_build_filename(cache_dir, name, NULL);
}

static const char *
file_fault(const struct stat *st, gsize least)
{
	if (!S_ISREG(st->st_mode))
		return "not a regular file";
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return "owned by somebody else";
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "writable by others";
	if (st->st_size < (off_t)least || st->st_size > IMAGE_MAX_SIZE)
		return "of an impossible size";
	return NULL;
}

guint8 *
cache_map(const char *path, gsize least, gsize *size_out)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	const char *fault;

	if (fd < 0)
		return NULL;
	fault = fstat(fd, &st) != 0 ? "unreadable" : file_fault(&st, least);
	if (fault != NULL) {
		log_debug("classify", "cache %s is not used: %s", path, fault);
		close(fd);
		return NULL;
	}
	void *bytes = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	close(fd);
	*size_out = st.st_size;
	return bytes != MAP_FAILED ? bytes : NULL;
}

static Rules *
map_image(const char *path)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	guint8 *image = cache_map(path, sizeof(ImageHeader), &size);

	if (image == NULL)
		return NULL;
	Rules *rules = image_open(image, size, TRUE, &error);

	if (rules == NULL)
		log_debug("classify", "cache %s is not used: it is %s", path, error->message);
	return rules;
}

/* The folders asked for are those it was made of, in this order, and nothing has changed. */
static gboolean
is_current(const Rules *rules, const char *const *dirs)
{
	guint found = 0;

	for (guint i = 0; i < image_count(rules, SECTION_SOURCES); i++) {
		const ImageSource *source = &rules->sources[i];
		const char *path = image_string(rules, source->path);

		if (dirs[found] != NULL && strcmp(path, dirs[found]) == 0)
			found++;
		if (!source_unchanged(path, source))
			return FALSE;
	}
	return dirs[found] == NULL;
}

/* No fsync: a file that a crash cut off fails its hash and is made again. */
void
cache_store(const char *path, const char *cache_dir, const guint8 *bytes, gsize size)
{
	g_autofree char *fresh = g_strdup_printf("%s.XXXXXX", path);

	g_mkdir_with_parents(cache_dir, 0700);
	int fd = g_mkstemp_full(fresh, O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0) {
		log_debug("classify", "cache %s cannot be written: %s", path, g_strerror(errno));
		return;
	}
	gboolean good = bytes_write_all(fd, bytes, size);

	good = close(fd) == 0 && good;
	if (!good || rename(fresh, path) != 0) {
		log_debug("classify", "cache %s cannot be written: %s", path, g_strerror(errno));
		unlink(fresh);
	}
}

Rules *
rules_load_cached(const char *const *dirs, const char *cache_dir, Diagnostics *diag)
{
	gboolean lasting;

	lists_use_cache(cache_dir);
	if (cache_dir == NULL)
		return rules_load(dirs, diag);

	g_autofree char *path = cache_path(dirs, cache_dir);
	g_autoptr(Rules) cached = map_image(path);

	if (cached != NULL && is_current(cached, dirs))
		return g_steal_pointer(&cached);

	Rules *rules = load_all(dirs, &lasting, diag);
	if (rules != NULL && lasting)
		cache_store(path, cache_dir, rules->image, rules->size);
	return rules;
}
