/* lists.c - reads word lists, or maps what an earlier process packed of them. */
#include "config.h"

#include <string.h>
#include <sys/mman.h>

#include "aardig/log.h"
#include "aardig/settings.h"
#include "classify/cache.h"
#include "classify/lists.h"
#include "classify/sources.h"

#define LISTS_MAGIC "aardigL\n"

/* Stands before the packed lexicon; `hash` is over all that follows it. */
typedef struct {
	char magic[8];
	guint32 version, layout;
	guint64 hash, size; /* size: of the whole file */
	char package[16];
	ImageSource files[LIST_FILES_MAX];
} ListsHeader;

static char *cache_folder;

void
lists_use_cache(const char *cache_dir)
{
	g_free(cache_folder);
	cache_folder = g_strdup(cache_dir);
}

static char *
list_path(const char *file)
{
	return g_build_filename(settings_datadir(), "rules", file, NULL);
}

static char *
packed_path(const ListSource *source)
{
	g_autofree char *folder = g_build_filename(settings_datadir(), "rules", NULL);
	g_autofree char *name = g_strdup_printf(
	    "%s-%016" G_GINT64_MODIFIER "x.words", source->name,
	    image_hash((const guint8 *)folder, strlen(folder)));

	return g_build_filename(cache_folder, name, NULL);
}

/* As far as `files` goes, all of it but the hash and the identities. */
static ListsHeader
fresh_header(gsize size)
{
	ListsHeader head = { .magic = LISTS_MAGIC, .version = IMAGE_VERSION,
		             .layout = image_layout(), .size = size };

	g_strlcpy(head.package, PACKAGE_VERSION, sizeof head.package);
	return head;
}

static gboolean
is_sound(const ListSource *source, const guint8 *bytes, gsize size)
{
	const ListsHeader *head = (const ListsHeader *)bytes;
	const ListsHeader want = fresh_header(size);

	if (size < sizeof *head || memcmp(head->magic, want.magic, sizeof want.magic) != 0 ||
	    head->version != want.version || head->layout != want.layout || head->size != size ||
	    memcmp(head->package, want.package, sizeof want.package) != 0 ||
	    head->hash != image_hash(bytes + G_STRUCT_OFFSET(ListsHeader, size),
	                             size - G_STRUCT_OFFSET(ListsHeader, size)))
		return FALSE;
	for (guint i = 0; source->files[i] != NULL; i++) {
		g_autofree char *path = list_path(source->files[i]);

		if (!source_unchanged(path, &head->files[i]))
			return FALSE;
	}
	return TRUE;
}

static Lexicon *
load_packed(const ListSource *source, const char *path)
{
	gsize size;
	guint8 *bytes = cache_map(path, sizeof(ListsHeader), &size);
	Lexicon *lexicon = NULL;

	if (bytes == NULL)
		return NULL;
	if (is_sound(source, bytes, size))
		lexicon = lexicon_unpack(bytes + sizeof(ListsHeader), size - sizeof(ListsHeader));
	if (lexicon == NULL) {
		log_debug("classify", "%s is not used: stale or damaged", path);
		munmap(bytes, size);
	}
	return lexicon;
}

static void
store_packed(const ListSource *source, const Lexicon *lexicon, const ImageSource *identities,
             const char *path)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	ListsHeader head = fresh_header(0);

	g_byte_array_append(bytes, (const guint8 *)&head, sizeof head);
	lexicon_pack(lexicon, bytes);
	head.size = bytes->len;
	for (guint i = 0; source->files[i] != NULL; i++)
		head.files[i] = identities[i];
	memcpy(bytes->data, &head, sizeof head);
	head.hash = image_hash(bytes->data + G_STRUCT_OFFSET(ListsHeader, size),
	                       bytes->len - G_STRUCT_OFFSET(ListsHeader, size));
	memcpy(bytes->data, &head, sizeof head);
	cache_store(path, cache_folder, bytes->data, bytes->len);
}

Lexicon *
lists_load(const ListSource *source)
{
	g_autofree char *packed = cache_folder != NULL ? packed_path(source) : NULL;
	Lexicon *lexicon = packed != NULL ? load_packed(source, packed) : NULL;
	ImageSource identities[LIST_FILES_MAX];
	gboolean lasting = TRUE;

	if (lexicon != NULL)
		return lexicon;
	lexicon = lexicon_new(source->expected);
	for (guint i = 0; source->files[i] != NULL; i++) {
		g_autofree char *path = list_path(source->files[i]);
		g_autoptr(GError) error = NULL;

		/* Looked at before it is read: what changes in between is seen next time. */
		lasting = source_identity(path, &identities[i]) && lasting;
		if (!lexicon_read_file(lexicon, path, source->mask_of, GUINT_TO_POINTER(i), &error)) {
			log_warning("classify", "word list: %s", error->message);
			lasting = FALSE;
		}
	}
	if (packed != NULL && lasting)
		store_packed(source, lexicon, identities, packed);
	return lexicon;
}
