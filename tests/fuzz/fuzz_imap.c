/* fuzz_imap.c - whatever an IMAP server may send, to every command in turn; and folder names. */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "../unit/memory_stream.h"
#include "net/imap-private.h"

#define OPENING "t1 OK\r\n* CAPABILITY IMAP4rev1 ESEARCH UIDPLUS SPECIAL-USE IDLE\r\nt2 OK\r\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
folder_name(const uint8_t *data, size_t size)
{
	g_autofree char *wire = g_strndup((const char *) data, size);
	g_autofree char *name = imap_utf7_decode(wire);
	g_autofree char *again = name != NULL ? imap_utf7_encode(name) : NULL;

	/* One name has one spelling, or a folder would be two. */
	if (name != NULL && again != NULL && strstr(wire, "-&") == NULL)
		g_assert(strcmp(wire, again) == 0);
}

static void
talk(ImapSession *session)
{
	const guint32 uids[] = { 1, 2, 4, 7 };
	g_autoptr(GBytes) message = g_bytes_new_static("a\r\n", 3);
	ImapMailboxInfo info;
	guint32 uid;
	gboolean news;
	const char *const keywords[] = { "$AardigDone", NULL };

	G_GNUC_UNUSED g_autoptr(GPtrArray) folders = imap_list(session, NULL);
	imap_select(session, "INBOX", FALSE, &info, NULL);
	G_GNUC_UNUSED g_autoptr(GArray) found = imap_search(session, 1, 0, NULL, NULL);
	G_GNUC_UNUSED g_autoptr(GPtrArray) infos = imap_fetch_info(session, uids, G_N_ELEMENTS(uids), NULL);
	G_GNUC_UNUSED g_autoptr(GPtrArray) bodies = imap_fetch_bodies(session, uids, G_N_ELEMENTS(uids), 0, NULL);
	imap_append(session, "Drafts", "\\Draft", message, &uid, NULL);
	imap_find_message_id(session, "a@b", &uid, NULL);
	imap_store_keywords(session, 1, keywords, NULL);
	imap_move(session, 1, "Weg", FALSE, NULL);
	imap_idle(session, -1, 0, &news, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GByteArray) text = g_byte_array_new();

	folder_name(data, size);
	g_byte_array_append(text, (const guint8 *) OPENING, sizeof OPENING - 1);
	if (size > 0)
		g_byte_array_append(text, data, (guint) size);
	g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(g_steal_pointer(&text));
	g_autoptr(ImapSession) session = imap_open_stream(memory_stream(bytes, NULL), 1, NULL);
	if (session != NULL)
		talk(session);
	return 0;
}
