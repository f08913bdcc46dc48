/* SPDX-License-Identifier: MIT
 * Conditions of filters and rules. */
#ifndef KOPPEL_MAPPING_CONDITION_H
#define KOPPEL_MAPPING_CONDITION_H

#include <jansson.h>

#include "base/buf.h"
#include "config/conf.h"

/* Do all of them hold? 1 or 0. A condition on a value that is not there is false, but for not,
 * not_in and empty. record: what paths are relative to; root: the whole, with the flow's settings.
 * *failed (may be NULL) receives the first that does not hold. -1 and KOPPEL_E_REJECTED with reason
 * "map.condition": one cannot be decided, as a pattern needs too long or a calculation meets what
 * is no number; nobody may go on as if it did not hold. */
int condition_all(const struct conf_condition *conditions, int count, const json_t *record,
                  const json_t *root, const struct conf_condition **failed,
                  struct koppel_error *err);
/* The value that a path names: of the record, or of the whole for "settings.NAME". Borrowed. */
json_t *condition_value(const struct path *path, const json_t *record, const json_t *root);
/* For people: `state is "paid" or "delivered"`. */
void condition_words(const struct conf_condition *c, struct buf *out);

#endif
