/* SPDX-License-Identifier: MIT
 * The statements of schema.h as PostgreSQL understands them. */
#ifndef KOPPEL_STORE_POSTGRES_TEXT_H
#define KOPPEL_STORE_POSTGRES_TEXT_H

#include <stdbool.h>

#include "store/schema.h"

/* A new text; NULL: no memory. */
char *postgres_text(enum sql which);
/* May it give more rows than are to be in memory at once? */
bool postgres_text_is_long(enum sql which);

#endif
