/* ledger-view.h - what status and why share: the ledger for reading, and its JSON for people. */
#ifndef AARDIG_LEDGER_VIEW_H
#define AARDIG_LEDGER_VIEW_H

#include <jansson.h>

#include "cli/cli.h"

G_BEGIN_DECLS

/* Their command line, "[--json]" and then `operands` more words: FALSE where it is another. The
 * first of the operands is argv[optind]. */
gboolean ledger_view_arguments(int argc, char **argv, int operands, gboolean *as_json_out);

/* Settings and ledger of this configuration; 0, or an exit code after having said why. */
int ledger_view_open(const CliOptions *options, const char *command, Settings **settings_out,
                     Ledger **ledger_out);

/* A time of the ledger ("2025-06-02T08:05:00Z") in the shop's time zone, or "-". Caller frees. */
char *view_time(const Settings *settings, const json_t *object, const char *key);
/* A text, safe for a terminal; "-" where there is none. Caller frees. */
char *view_text(const json_t *object, const char *key, gsize max_chars);
json_int_t view_int(const json_t *object, const char *key);

G_END_DECLS

#endif
