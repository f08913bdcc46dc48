/* SPDX-License-Identifier: MIT
 * Who ordered what: an entry "audit" of the store (who, subject, {"order", "what", "via", "why",
 * "count" (of jobs), "filter"}). */
#ifndef KOPPEL_SERVICE_AUDIT_H
#define KOPPEL_SERVICE_AUDIT_H

#include "service/service.h"

/* order, what: name and words of the row. out: what it gave, or NULL. What cannot be written is
 * logged. */
void audit_add(struct store *store, const char *order, const char *what,
               const struct service_ask *ask, const json_t *out);

#endif
