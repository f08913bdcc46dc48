/* SPDX-License-Identifier: MIT
 * Questions about how a flow maps. */
#ifndef KOPPEL_SERVICE_MAPPINGS_H
#define KOPPEL_SERVICE_MAPPINGS_H

#include "service/service.h"

/* {"flow"}: the mapping in effect, from what is read to what is sent:
 *   flow, model
 *   from, to    {connection, entity}
 *   get, send   {file (null: none), rules (rule_words_list), replaced: [{to, file, line, by: {file,
 *               line}}]: rules of the file that a rule of the flow stands in for}
 *   record      functions of the whole core record
 *   filter      [{file, line, words}]
 *   settings, options
 *               [{name, value, file, line}] of the core model and of the source; file null: the
 *               default
 *   tables      [{name, file, line}]: where the flow names it
 *   references  [{name, file, line, match, missing, existing, default, force, get, send}]: what the
 *               record needs first, and how it is made */
int mappings_show(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);

#endif
