/* guard-form.c - contact forms and our own lists: mail From the shop's address that a customer
 * wrote.
 *
 * Everybody can write From: website@winkel.nl with a stranger in Reply-To. So a form counts
 * only when the trusted server vouches for its domain or when the mail shows the form's
 * secret; and who gets the answer is never guessed between two candidates. */
#include "config.h"

#include <string.h>

#include "aardig/secret.h"
#include "guard/guard-private.h"

#define LABEL_LINES_MAX 2000 /* lines of a body that are searched for a label */
#define SAME_FIELD_MAX 10
#define SECRET_MAX 1024

/* ---- labels in the body: "E-mail: jan@klant.nl" ---- */

/* What follows "label:" on this line, or NULL. */
static const char *
labelled(const char *line, const char *label)
{
	gsize n = strlen(label);

	while (n > 0 && (label[n - 1] == ':' || g_ascii_isspace(label[n - 1])))
		n--;
	while (g_ascii_isspace(*line) || *line == '*')
		line++;
	if (n == 0 || g_ascii_strncasecmp(line, label, n) != 0)
		return NULL;
	line += n;
	while (g_ascii_isspace(*line) || *line == '*')
		line++;
	if (*line++ != ':')
		return NULL;
	while (g_ascii_isspace(*line) || *line == '*')
		line++;
	return line;
}

/* Header field values and labelled lines, in this order; NULL past the last. */
typedef struct {
	const Message *message;
	const char *name;
	guint field;
	gsize line;
} Search;

static const char *
search_next(Search *s)
{
	gsize n;
	const Line *lines = message_lines(s->message, &n);

	if (s->field < SAME_FIELD_MAX) {
		const char *value = message_header(s->message, s->name, s->field++);

		if (value != NULL)
			return value;
		s->field = SAME_FIELD_MAX;
	}
	while (s->line < n && s->line < LABEL_LINES_MAX) {
		const char *value = labelled(lines[s->line++].text, s->name);

		if (value != NULL)
			return value;
	}
	return NULL;
}

static gboolean
shows_secret(const Message *message, const FormSender *form)
{
	Search search = { .message = message, .name = form->secret_field };
	const char *value;

	if (form->secret_field == NULL || form->secret_value == NULL || *form->secret_value == '\0')
		return FALSE;
	gsize n = strlen(form->secret_value);
	while ((value = search_next(&search)) != NULL) {
		g_autofree char *given = g_strstrip(g_strndup(value, SECRET_MAX));

		if (strlen(given) == n && secret_equal(given, form->secret_value, n))
			return TRUE;
	}
	return FALSE;
}

/* ---- the customer ---- */

/* "jan@klant.nl", "Jan <jan@klant.nl>", "jan@klant.nl <mailto:jan@klant.nl>" -> an address,
 * or NULL. */
static Address *
address_in(const char *value)
{
	const char *open = strchr(value, '<');
	g_autofree char *text = NULL;
	Address address = { 0 };

	if (strlen(value) > 1000)
		return NULL;
	if (open != NULL && (strchr(value, '@') == NULL || strchr(value, '@') > open)) {
		open++;
		if (g_ascii_strncasecmp(open, "mailto:", 7) == 0)
			open += 7;
		text = g_strndup(open, strcspn(open, ">"));
	} else {
		text = g_strndup(value, strcspn(value, " \t<*,;"));
	}
	if (!address_parse(text, &address))
		return NULL;
	Address *copy = address_dup(&address);
	address_clear(&address);
	return copy;
}

/* The one address all values name; NULL if there is none or there are two: a customer can write
 * "E-mail: somebody-else@" into the message too. */
static Address *
customer_in_field(const Message *message, const char *field)
{
	Search search = { .message = message, .name = field };
	g_autoptr(Address) one = NULL;
	const char *value;

	while ((value = search_next(&search)) != NULL) {
		g_autoptr(Address) next = address_in(value);

		if (next == NULL || (one != NULL && !address_equal(one, next)))
			return NULL;
		if (one == NULL)
			one = g_steal_pointer(&next);
	}
	return g_steal_pointer(&one);
}

/* The one address of an address field, or NULL. */
static Address *
only_address(const Message *message, const char *field)
{
	const GPtrArray *addresses = message_addresses(message, field);

	if (addresses->len == 0)
		return NULL;
	const Address *first = g_ptr_array_index(addresses, 0);
	for (guint i = 1; i < addresses->len; i++)
		if (!address_equal(first, g_ptr_array_index(addresses, i)))
			return NULL;
	return address_is_usable(first) ? address_dup(first) : NULL;
}

/* ---- contact forms ---- */

static gboolean
is_from(const GuardCase *c, const char *form_address)
{
	g_autofree char *text = address_text(c->from);

	return form_address != NULL && g_ascii_strcasecmp(text, form_address) == 0;
}

void
case_find_form(GuardCase *c)
{
	const GPtrArray *forms = c->account != NULL ? c->account->form_senders : NULL;

	if (c->from == NULL || forms == NULL)
		return;
	for (guint i = 0; i < forms->len; i++) {
		const FormSender *form = g_ptr_array_index(forms, i);

		if (!is_from(c, form->address))
			continue;
		if (!auth_dmarc_passes(&c->auth, c->from->domain) &&
		    !auth_dkim_passes(&c->auth, c->from->domain) &&
		    !shows_secret(c->message, form)) {
			c->form_unproven = TRUE;
			continue;
		}
		c->form = form;
		c->form_unproven = FALSE;
		c->relayed = TRUE;
		c->customer = form->customer_field != NULL
		                  ? customer_in_field(c->message, form->customer_field)
		                  : only_address(c->message, "Reply-To");
		if (c->customer != NULL && !address_is_usable(c->customer))
			g_clear_pointer(&c->customer, address_free);
		return;
	}
}

/* ---- our own lists ---- */

/* "Klantenservice <info.winkel.nl>", "<info.winkel.nl>", "info@winkel.nl" -> "info.winkel.nl" */
static char *
list_id_text(const char *value)
{
	const char *open = strrchr(value, '<');
	const char *id = open != NULL ? open + 1 : value;
	char *text = g_ascii_strdown(id, MIN(strcspn(id, ">"), 255));

	return g_strdelimit(g_strstrip(text), "@", '.');
}

gboolean
list_id_is_own(const Account *account, const char *list_id)
{
	if (account == NULL || account->own_lists == NULL)
		return FALSE;
	g_autofree char *id = list_id_text(list_id);
	if (*id == '\0')
		return FALSE;
	for (char **own = account->own_lists; *own != NULL; own++) {
		g_autofree char *text = list_id_text(*own);

		if (strcmp(id, text) == 0)
			return TRUE;
	}
	return FALSE;
}

/* The trusted server vouches for this domain in one way or another. */
static gboolean
is_vouched_for(const AuthResults *auth, const char *domain)
{
	return auth_spf_passes(auth, domain) || auth_dkim_passes(auth, domain) ||
	       auth_dmarc_passes(auth, domain);
}

/* Everybody can write our List-Id with a stranger in Reply-To. Where the trusted server said
 * something about this mail, it must have been good of the list (the group's host sent it),
 * of an address of ours, or of the customer (a list on our own server, which got the mail
 * from them); where it said nothing, the name is enough. */
static gboolean
is_plausible(const GuardCase *c, const char *list_id, const Address *customer)
{
	g_autofree char *id = list_id_text(list_id);
	const char *dot = strchr(id, '.');

	if (!c->auth.present || is_vouched_for(&c->auth, customer->domain) ||
	    (dot != NULL && is_vouched_for(&c->auth, dot + 1)))
		return TRUE;
	for (char **own = c->account->addresses; own != NULL && *own != NULL; own++) {
		const char *at = strrchr(*own, '@');

		if (at != NULL && is_vouched_for(&c->auth, at + 1))
			return TRUE;
	}
	return FALSE;
}

/* Lists that rewrite From put the customer into X-Original-From or Reply-To; of the others
 * the customer is in From. Reply-To may also be the list itself. */
static Address *
behind_list(const GuardCase *c)
{
	static const char *const fields[] = { "X-Original-From", "Reply-To" };

	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autoptr(Address) address = only_address(c->message, fields[i]);

		if (address != NULL && !case_is_own(c, address))
			return g_steal_pointer(&address);
	}
	return c->from != NULL && !case_is_own(c, c->from) ? address_dup(c->from) : NULL;
}

void
case_find_own_list(GuardCase *c)
{
	const char *list_id = message_header(c->message, "List-Id", 0);

	if (c->form != NULL || list_id == NULL || !list_id_is_own(c->account, list_id))
		return;
	c->own_list = TRUE;
	g_autoptr(Address) customer = behind_list(c);
	if (customer == NULL)
		return;
	c->relayed = TRUE;
	if (is_plausible(c, list_id, customer))
		c->customer = g_steal_pointer(&customer);
	else
		c->claimed = g_steal_pointer(&customer);
}
