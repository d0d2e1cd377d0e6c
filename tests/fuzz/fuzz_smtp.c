/* fuzz_smtp.c - whatever an SMTP server may answer. After the dot every end but a clear answer is unknown. */
#include "config.h"

#include <stdint.h>

#include "../unit/memory_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static gboolean
before_dot(void *data, GError **error)
{
	*(gboolean *) data = TRUE;
	return TRUE;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) answers = g_bytes_new(data, size);
	g_autoptr(GBytes) message = g_bytes_new_static("A: b\r\n\r\n.\r\n", 11);
	g_autoptr(SmtpSession) session = smtp_open_stream(memory_stream(answers, NULL), 1, NULL);

	for (guint i = 0; i < 20 && session != NULL && smtp_is_open(session); i++) {
		gboolean reached = FALSE;
		const SmtpMail mail = { "", "kim@klant.example", message, before_dot, &reached };
		g_autoptr(GError) error = NULL;
		gboolean sent = smtp_send(session, &mail, NULL, &error);

		g_assert(!sent || reached);
		g_assert(reached || !g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_UNKNOWN_OUTCOME));
		g_assert(sent == (error == NULL));
	}
	return 0;
}
