/* secrets.c - fetches the password or token of an endpoint from where the admin keeps it. */
#include "config.h"

#include "aardig/error.h"
#include "aardig/settings.h"

Secret *
settings_secret(const SecretSource *source, gboolean *is_token_out, GError **error)
{
	g_autoptr(GError) local_error = NULL;
	Secret *secret = NULL;
	gboolean token = FALSE;

	if (source->password_command != NULL) {
		secret = secret_from_command(source->password_command, &local_error);
	} else if (source->password_file != NULL) {
		secret = secret_from_file(source->password_file, &local_error);
	} else if (source->password != NULL) {
		secret = secret_new(source->password, -1);
	} else if (source->token_command != NULL) {
		secret = secret_from_command(source->token_command, &local_error);
		token = TRUE;
	} else if (source->credential != NULL) {
		secret = secret_from_credential(source->credential, &local_error);
		if (secret == NULL && local_error == NULL)
			g_set_error(&local_error, AARDIG_ERROR, AARDIG_ERROR_CONFIG,
			            "no password: there is no credential \"%s\" (set password_command or "
			            "password_file, or LoadCredential=%s:FILE in the service)",
			            source->credential, source->credential);
	}
	if (local_error != NULL) {
		g_propagate_error(error, g_steal_pointer(&local_error));
		return NULL;
	}
	if (is_token_out != NULL)
		*is_token_out = token;
	return secret;
}
