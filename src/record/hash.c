/* hash.c - salted hashes of what identifies people and mails; foreign text made fit to store. */
#include "config.h"

#include <string.h>

#include "record-private.h"

static Hash
hash_text(const Ledger *ledger, const char *what, const char *text)
{
	Hash hash = { .set = TRUE };
	guint8 digest[32];
	gsize n = sizeof digest;
	GHmac *hmac = g_hmac_copy(ledger->salted); /* the key need not be taken in for every text */

	/* The NUL keeps "id" of one text apart from "i" of another. */
	g_hmac_update(hmac, (const guchar *) what, strlen(what) + 1);
	g_hmac_update(hmac, (const guchar *) text, strlen(text));
	g_hmac_get_digest(hmac, digest, &n);
	g_hmac_unref(hmac);
	memcpy(hash.bytes, digest, sizeof hash.bytes);
	return hash;
}

char *
id_bare(const char *message_id)
{
	if (message_id == NULL)
		return NULL;

	g_autofree char *copy = g_strstrip(g_strdup(message_id));
	gsize n = strlen(copy);
	if (n >= 2 && copy[0] == '<' && copy[n - 1] == '>') {
		copy[n - 1] = '\0';
		memmove(copy, copy + 1, n - 1);
	}
	return *copy != '\0' ? g_steal_pointer(&copy) : NULL;
}

Hash
hash_id(const Ledger *ledger, const char *message_id)
{
	g_autofree char *bare = id_bare(message_id);

	return bare != NULL ? hash_text(ledger, "id", bare) : (Hash) { .set = FALSE };
}

Hash
hash_content(const Ledger *ledger, const char *content_hash)
{
	if (content_hash == NULL || *content_hash == '\0')
		return (Hash) { .set = FALSE };
	return hash_text(ledger, "content", content_hash);
}

Hash
hash_address(const Ledger *ledger, const char *addr_spec)
{
	if (addr_spec == NULL || *addr_spec == '\0')
		return (Hash) { .set = FALSE };

	g_autofree char *lower = g_ascii_strdown(addr_spec, -1);
	return hash_text(ledger, "address", lower);
}

Hash
hash_mailbox(const Ledger *ledger, const char *addr_spec)
{
	const char *at = addr_spec != NULL ? strrchr(addr_spec, '@') : NULL;
	const char *tag = at != NULL ? memchr(addr_spec, '+', at - addr_spec) : NULL;

	if (tag == NULL || tag == addr_spec)
		return hash_address(ledger, addr_spec);
	g_autofree char *plain = g_strdup_printf("%.*s%s", (int) (tag - addr_spec), addr_spec, at);
	return hash_address(ledger, plain);
}

char *
text_keep(const char *text, gsize max)
{
	if (text == NULL)
		return NULL;

	gsize n = strlen(text);
	if (n > max)
		for (n = max; n > 0 && ((guchar) text[n] & 0xc0) == 0x80; n--)
			;
	g_autofree char *valid = g_utf8_make_valid(text, n);
	/* U+FFFD is longer than the byte it stands for. */
	if (strlen(valid) > max) {
		char *end = g_utf8_find_prev_char(valid, valid + max + 1);
		*end = '\0';
	}
	return g_steal_pointer(&valid);
}
