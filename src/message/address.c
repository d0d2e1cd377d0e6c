/* address.c - addresses: of header fields, and of anything that goes on an SMTP command line.
 *
 * GMime reads the lists that are not of the plain form. It calls itself for each "name:" of a
 * group, so that a field of 250 kB of "a:a:a:" ends the process: such fields are refused before it
 * sees them. */
#include "config.h"

#include <libpsl.h>
#include <string.h>

#include "message-private.h"
#include "message/plain.h"

#define MAX_COLONS 50 /* of groups in one field */
#define MAX_ADDRESS 254 /* RFC 5321 s.4.5.3.1.3, without the angle brackets */
#define MAX_LOCAL 64
#define MAX_PLAIN 50 /* mailboxes in a field that is read without GMime */

void
address_clear(Address *address)
{
	g_clear_pointer(&address->name, g_free);
	g_clear_pointer(&address->local, g_free);
	g_clear_pointer(&address->domain, g_free);
}

void
address_free(Address *address)
{
	if (address == NULL)
		return;
	address_clear(address);
	g_free(address);
}

gboolean
address_equal(const Address *a, const Address *b)
{
	g_autofree char *x = g_utf8_casefold(a->local, -1), *y = g_utf8_casefold(b->local, -1);

	return g_ascii_strcasecmp(a->domain, b->domain) == 0 && strcmp(x, y) == 0;
}

static gboolean
is_atext(guchar c)
{
	return c >= 0x80 || g_ascii_isalnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static gboolean
is_dot_atom(const char *text)
{
	if (*text == '\0' || *text == '.')
		return FALSE;
	for (const char *p = text; *p != '\0'; p++)
		if (!is_atext(*p) && !(*p == '.' && p[1] != '.' && p[1] != '\0'))
			return FALSE;
	return TRUE;
}

char *
address_text(const Address *address)
{
	if (is_dot_atom(address->local))
		return g_strconcat(address->local, "@", address->domain, NULL);

	GString *out = g_string_new("\"");
	for (const char *p = address->local; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *p);
	}
	g_string_append_printf(out, "\"@%s", address->domain);
	return g_string_free(out, FALSE);
}

/* Letters, digits, hyphens and the underscore some have; labels of 1 to 63; no literal. */
static gboolean
is_domain(const char *domain)
{
	gsize label = 0, len = strlen(domain);

	if (len == 0 || len > 253)
		return FALSE;
	for (const char *p = domain; *p != '\0'; p++) {
		if (*p == '.') {
			if (label == 0 || p[-1] == '-')
				return FALSE;
			label = 0;
		} else if (g_ascii_isalnum(*p) || *p == '_' || (*p == '-' && label > 0)) {
			if (++label > 63)
				return FALSE;
		} else {
			return FALSE;
		}
	}
	return label > 0 && domain[len - 1] != '-';
}

static gboolean
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((guchar) *text >= 0x80)
			return FALSE;
	return TRUE;
}

/* In lower case, as A-label, without a final dot. What is no domain comes back as it was. */
static char *
normal_domain(const char *domain)
{
	gboolean ascii = is_ascii(domain);
	g_autofree char *lower = ascii ? g_ascii_strdown(domain, -1) : g_utf8_strdown(domain, -1);
	gsize len = strlen(lower);

	if (len > 1 && lower[len - 1] == '.')
		lower[len - 1] = '\0';
	if (ascii || is_ascii(lower) || len > 253)
		return g_steal_pointer(&lower);
	/* IDNA 2008 through GMime's libidn2; GLib's own function still maps "ß" to "ss". */
	g_autofree char *mail = g_strconcat("x@", lower, NULL);
	g_autoptr(InternetAddress) box = internet_address_mailbox_new(NULL, mail);
	const char *idn = internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(box));
	const char *at = idn != NULL ? strrchr(idn, '@') : NULL;
	return g_ascii_strdown(at != NULL ? at + 1 : lower, -1);
}

/* The local part without quotes and backslashes. */
static char *
plain_local(const char *local, gsize len)
{
	if (len < 2 || local[0] != '"' || local[len - 1] != '"')
		return g_strndup(local, len);

	GString *out = g_string_sized_new(len);
	for (gsize i = 1; i + 1 < len; i++) {
		if (local[i] == '\\' && i + 2 < len)
			i++;
		g_string_append_c(out, local[i]);
	}
	return g_string_free(out, FALSE);
}

gboolean
address_parse(const char *text, Address *out)
{
	if (text == NULL)
		return FALSE;
	gsize len = strnlen(text, MAX_ADDRESS + 1);
	const char *at = strrchr(text, '@');
	if (len > MAX_ADDRESS || at == NULL || at == text || !g_utf8_validate(at, -1, NULL))
		return FALSE;
	for (const char *p = text; p < at; p++)
		if (*p <= ' ' || *p >= 127) /* controls, blanks and 8-bit bytes */
			return FALSE;

	g_autofree char *local = plain_local(text, at - text);
	g_autofree char *domain = normal_domain(at + 1);
	gboolean quoted = text[0] == '"';
	if (!is_domain(domain) || *local == '\0' || strlen(local) > MAX_LOCAL ||
	    (!quoted && !is_dot_atom(local)))
		return FALSE;
	Address made = { .local = local, .domain = domain };
	g_autofree char *whole = address_text(&made);
	/* What came in quotes must be exactly one quoted string. */
	gsize local_len = strlen(whole) - strlen(domain) - 1;
	if (strlen(whole) > MAX_ADDRESS ||
	    (quoted && !is_dot_atom(local) &&
	     (local_len != (gsize) (at - text) || strncmp(whole, text, local_len) != 0)))
		return FALSE;
	*out = (Address) { .local = g_steal_pointer(&local), .domain = g_steal_pointer(&domain) };
	return TRUE;
}

char *
address_org_domain(const char *domain)
{
	const psl_ctx_t *psl = psl_builtin();
	const char *found = psl != NULL ? psl_registrable_domain(psl, domain) : NULL;

	return g_strdup(found != NULL ? found : domain);
}

static void
append_mailbox(const char *name, const char *addr, GPtrArray *list)
{
	gsize len = strlen(addr);
	g_autofree char *unquoted = NULL;
	const char *bare = addr;

	/* 'jan@example.org': Outlook's quotes around an address that it uses as a name. */
	if (len > 2 && addr[0] == '\'' && addr[len - 1] == '\'')
		bare = unquoted = g_strndup(addr + 1, len - 2);
	const char *at = strrchr(bare, '@');

	if (*bare == '\0' || at == bare)
		return;
	if (at != NULL && strchr(at, '"') != NULL)
		at = NULL; /* inside a quoted string that is all there is */
	Address *address = g_new0(Address, 1);
	address->local = plain_local(bare, at != NULL ? (gsize) (at - bare) : strlen(bare));
	address->domain = at != NULL ? normal_domain(at + 1) : g_strdup("");
	if (name != NULL && *name != '\0') {
		address->name = charset_decode_header(name, 200);
		if (*address->name == '\0')
			g_clear_pointer(&address->name, g_free);
	}
	g_ptr_array_add(list, address);
}

static void
append_list(InternetAddressList *from, GPtrArray *list, guint depth)
{
	int n = internet_address_list_length(from);

	for (int i = 0; i < n && list->len < MAX_ADDRESSES; i++) {
		InternetAddress *one = internet_address_list_get_address(from, i);
		if (INTERNET_ADDRESS_IS_GROUP(one)) {
			InternetAddressList *members =
			    internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one));
			if (members != NULL && depth < MAX_COLONS)
				append_list(members, list, depth + 1);
		} else if (INTERNET_ADDRESS_IS_MAILBOX(one)) {
			const char *addr = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
			if (addr != NULL)
				append_mailbox(internet_address_get_name(one), addr, list);
		}
	}
}

/* Controls (a NUL among them) have no place in an address field, and colons are few. */
static gboolean
is_sane(const char *value)
{
	guint colons = 0;

	for (const char *p = value; *p != '\0'; p++) {
		if ((guchar) *p < ' ' && *p != '\t')
			return FALSE;
		if (*p == 127 || (*p == ':' && ++colons > MAX_COLONS))
			return FALSE;
	}
	return TRUE;
}

/* Cuts a list at its MAX_ADDRESSES-th comma, so that GMime makes no more objects than we keep. */
static char *
bounded(const char *value)
{
	guint commas = 0;
	const char *p;

	for (p = value; *p != '\0'; p++)
		if ((*p == ',' || *p == ';') && ++commas > 2 * MAX_ADDRESSES)
			break;
	return g_strndup(value, p - value);
}

static gboolean
append_plain(const char *value, GPtrArray *list)
{
	g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(PlainMailbox));

	if (!plain_mailboxes(value, MAX_PLAIN, boxes))
		return FALSE;
	for (guint i = 0; i < boxes->len && list->len < MAX_ADDRESSES; i++) {
		const PlainMailbox *box = &g_array_index(boxes, PlainMailbox, i);
		g_autofree char *name = box->name != NULL ? g_strndup(box->name, box->name_len) : NULL;
		g_autofree char *address = g_strndup(box->address, box->address_len);

		append_mailbox(name, address, list);
	}
	return TRUE;
}

gboolean
address_list_parse(const char *value, GPtrArray *list)
{
	guint before = list->len;

	if (!is_sane(value))
		return FALSE;
	gboolean encoded = strstr(value, "=?") != NULL;
	if (!encoded && append_plain(value, list))
		return TRUE;
	g_autofree char *cut = bounded(value);
	g_autofree char *words = encoded ? charset_decode_phrases(cut) : NULL;
	if (words != NULL && append_plain(words, list))
		return TRUE;
	g_autoptr(InternetAddressList) parsed =
	    internet_address_list_parse(message_gmime(), words != NULL ? words : cut);
	if (parsed == NULL)
		return FALSE;
	append_list(parsed, list, 0);

	/* "Vries, Jan de <jan@example.org>" without quotes: the piece before the comma is no
	 * address. */
	gboolean any = FALSE;
	for (guint i = before; i < list->len; i++)
		any |= *((Address *) list->pdata[i])->domain != '\0';
	for (guint i = list->len; any && i-- > before;)
		if (*((Address *) list->pdata[i])->domain == '\0')
			g_ptr_array_remove_index(list, i);
	return TRUE;
}
