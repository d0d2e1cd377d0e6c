/* read-private.h - rows of the ledger as JSON, for status and why. */
#ifndef AARDIG_READ_PRIVATE_H
#define AARDIG_READ_PRIVATE_H

#include <jansson.h>

#include "record-private.h"

/* RFC 3339; null for 0. */
json_t *json_when(gint64 seconds);
/* Kinds: s text, i integer, t time, b boolean, j JSON text, - left out. */
json_t *json_column(Rows *rows, int column, char kind);
json_t *json_row(Rows *rows, const char *kinds);
/* All rows as an array; NULL with error set, also when `rows` is NULL. */
json_t *json_rows(Ledger *ledger, Rows *rows, const char *kinds, GError **error);

#endif
