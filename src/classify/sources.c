/* sources.c - finds and reads the files of rule packs. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "classify/sources.h"

#define DEPTH_MAX 4
#define RACY_NS (50 * G_GINT64_CONSTANT(1000000))

void
source_free(SourceFile *source)
{
	g_free(source->path);
	g_free(source->text);
	g_free(source->language);
	g_free(source);
}

static gint64
nanoseconds(struct timespec time)
{
	return (gint64)time.tv_sec * G_GINT64_CONSTANT(1000000000) + time.tv_nsec;
}

static ImageSource
identity_of(const struct stat *st)
{
	return (ImageSource){
		.folder = S_ISDIR(st->st_mode),
		.size = st->st_size,
		.inode = st->st_ino,
		.device = st->st_dev,
		.mtime = nanoseconds(st->st_mtim),
		.ctime = nanoseconds(st->st_ctim),
	};
}

static gboolean
identity_equal(const ImageSource *a, const ImageSource *b)
{
	/* The size of a folder means nothing. */
	return a->folder == b->folder && (a->folder || a->size == b->size) &&
	       a->inode == b->inode && a->device == b->device && a->mtime == b->mtime &&
	       a->ctime == b->ctime;
}

gboolean
source_unchanged(const char *path, const ImageSource *identity)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return identity->inode == 0 && errno == ENOENT;
	ImageSource now = identity_of(&st);
	return identity_equal(&now, identity);
}

static gboolean
read_all(int fd, char *text, gsize size)
{
	gsize done = 0;

	while (done < size) {
		gssize n = read(fd, text + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return FALSE;
		done += n;
	}
	return TRUE;
}

/* How much of the beginning is ASCII for sure. Files of hints are from end to end. */
static gsize
ascii_length(const char *text, gsize size)
{
	guint64 eight;
	gsize n = 0;

	for (; n + sizeof eight <= size; n += sizeof eight) {
		memcpy(&eight, text + n, sizeof eight);
		if ((eight & 0x8080808080808080u) != 0)
			break;
	}
	return n;
}

/* NULL when it is text; a BOM is taken off. */
static const char *
text_fault(char *text, gsize size)
{
	if (strlen(text) != size)
		return "it has NUL bytes in it";
	if (!g_utf8_validate(text + ascii_length(text, size), -1, NULL))
		return "it is not UTF-8 (save it as UTF-8)";
	if (g_str_has_prefix(text, "\xef\xbb\xbf"))
		memmove(text, text + 3, strlen(text + 3) + 1);
	return NULL;
}

/* NULL when the file could be read; else why not. */
static const char *
read_source(SourceFile *source)
{
	struct stat before, after;
	int fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return g_strerror(errno);
	if (fstat(fd, &before) != 0 || !S_ISREG(before.st_mode)) {
		close(fd);
		return "not a regular file";
	}
	if (before.st_size > SOURCE_MAX_SIZE) {
		close(fd);
		return "larger than 16 MiB";
	}
	source->text = g_malloc(before.st_size + 1);
	gboolean whole = read_all(fd, source->text, before.st_size) && fstat(fd, &after) == 0;
	close(fd);
	if (!whole || before.st_mtim.tv_nsec != after.st_mtim.tv_nsec ||
	    before.st_size != after.st_size)
		return "changed while it was read";
	source->text[before.st_size] = '\0';
	source->identity = identity_of(&before);
	return text_fault(source->text, before.st_size);
}

/* "nl", "de": two small letters name a language; "any" and all else say nothing. */
static const char *
folder_language(const char *name, const char *above)
{
	if (strcmp(name, "any") == 0)
		return "any";
	if (strlen(name) == 2 && g_ascii_islower(name[0]) && g_ascii_islower(name[1]))
		return name;
	return above;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
sorted_names(const char *path)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (name[0] != '.')
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, compare_names);
	return names;
}

typedef struct {
	GPtrArray *sources;
	Diagnostics *diag;
	guint pack;
	gsize root; /* length of the path of the pack folder */
} Walk;

static SourceFile *
add_source(Walk *walk, const char *path, const char *language)
{
	SourceFile *source = g_new0(SourceFile, 1);

	source->path = g_strdup(path);
	source->below = source->path + MIN(walk->root + 1, strlen(path));
	source->language = g_strdup(language);
	source->pack = walk->pack;
	g_ptr_array_add(walk->sources, source);
	return source;
}

static gboolean
is_read(const char *name)
{
	return g_str_has_suffix(name, ".conf") || g_str_has_suffix(name, ".hints");
}

static void
walk_folder(Walk *walk, const char *path, const char *language, guint depth)
{
	struct stat st;
	SourceFile *folder = add_source(walk, path, language);

	folder->folder = folder->identity.folder = TRUE;
	if (stat(path, &st) != 0) {
		/* rules.d need not be there; the shipped pack must */
		if (walk->pack == 0 || errno != ENOENT)
			diagnostics_error(walk->diag, path, 0,
			                  "cannot read the folder of rules: %s%s", g_strerror(errno),
			                  walk->pack == 0 ? " (it comes with make install; AARDIG_DATADIR "
			                                    "names the folder above it)" : "");
		return;
	}
	folder->identity = identity_of(&st);
	g_autoptr(GPtrArray) names = sorted_names(path);

	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *below = g_build_filename(path, name, NULL);
		gboolean is_folder = g_file_test(below, G_FILE_TEST_IS_DIR);

		if (is_folder && depth < DEPTH_MAX) {
			walk_folder(walk, below, folder_language(name, language), depth + 1);
		} else if (!is_folder && is_read(name)) {
			SourceFile *source = add_source(walk, below, language);
			const char *fault = read_source(source);

			source->hints = g_str_has_suffix(name, ".hints");
			source->labels = depth == 0 && strcmp(name, "labels.conf") == 0;
			if (fault != NULL) {
				diagnostics_error(walk->diag, below, 0, "cannot read it: %s",
				                  fault);
				g_clear_pointer(&source->text, g_free);
			}
		}
	}
}

GPtrArray *
sources_read(const char *const *dirs, Diagnostics *diag)
{
	Walk walk = { .sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free),
		      .diag = diag };

	for (; dirs[walk.pack] != NULL; walk.pack++) {
		walk.root = strlen(dirs[walk.pack]);
		walk_folder(&walk, dirs[walk.pack], "any", 0);
	}
	return walk.sources;
}

SourceFile *
source_from_text(const char *below, const char *text, gsize size)
{
	SourceFile *source = g_new0(SourceFile, 1);
	const char *slash = strchr(below, '/');
	g_autofree char *folder = slash != NULL ? g_strndup(below, slash - below) : g_strdup("");

	source->path = g_strdup(below);
	source->below = source->path;
	source->language = g_strdup(folder_language(folder, "any"));
	source->labels = strcmp(below, "labels.conf") == 0;
	source->hints = g_str_has_suffix(below, ".hints");
	source->text = g_strndup(text, size);
	if (text_fault(source->text, size) != NULL)
		g_clear_pointer(&source->text, g_free);
	return source;
}

char *
sources_hash(const GPtrArray *sources)
{
	guint64 sum = sources->len;

	for (guint i = 0; i < sources->len; i++) {
		const SourceFile *source = g_ptr_array_index(sources, i);

		if (source->text == NULL)
			continue;
		sum = word_hash_mix(sum * WORD_HASH_BASE ^
		                    image_hash((const guint8 *)source->below,
		                               strlen(source->below)));
		sum = word_hash_mix(sum * WORD_HASH_BASE ^
		                    image_hash((const guint8 *)source->text,
		                               strlen(source->text)));
	}
	return g_strdup_printf("%016" G_GINT64_MODIFIER "x", sum);
}

gboolean
source_identity(const char *path, ImageSource *out)
{
	gint64 now = g_get_real_time() * 1000;
	struct stat st;

	if (stat(path, &st) != 0)
		return FALSE;
	*out = identity_of(&st);
	return out->ctime <= now - RACY_NS && out->mtime <= now - RACY_NS;
}

gboolean
sources_racy(const GPtrArray *sources)
{
	gint64 now = g_get_real_time() * 1000;

	for (guint i = 0; i < sources->len; i++) {
		const ImageSource *identity =
		    &((SourceFile *)g_ptr_array_index(sources, i))->identity;

		if (identity->ctime > now - RACY_NS || identity->mtime > now - RACY_NS)
			return TRUE;
	}
	return FALSE;
}
