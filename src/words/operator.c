/* operator.c - mail to whoever looks after the server. */
#include "config.h"

#include "aardig/error.h"
#include "words/words-private.h"

gboolean
words_operator(const Words *words, const Shop *shop, const char *name, const char *const *pairs,
               char **subject_out, char **body_out, GError **error)
{
	const TemplateSet *set = words_team_set(words, shop);
	g_auto(Values) values = { 0 };
	g_autofree char *subject_block = g_strconcat(name, "-subject", NULL);

	values_set(&values, VAR_SHOP, shop->name);
	for (gsize i = 0; pairs != NULL && pairs[i] != NULL && pairs[i + 1] != NULL; i += 2) {
		VariableId id = variable_find(pairs[i]);

		/* An operator must hear of trouble even if a caller knows more than the text. */
		if (id < N_VARIABLES && (variables[id].uses & FOR_OPERATOR))
			values_set(&values, id, pairs[i + 1]);
	}

	g_autofree char *subject = template_render(set, subject_block, &values, FALSE, error);
	if (subject == NULL)
		return FALSE;
	char *body = template_render(set, name, &values, TRUE, error);
	if (body == NULL)
		return FALSE;
	*subject_out = g_steal_pointer(&subject);
	*body_out = body;
	return TRUE;
}
