/* SPDX-License-Identifier: MIT
 * Everything that can be set of a flow, as data for a form. */
#ifndef KOPPEL_SERVICE_FLOW_FIELDS_H
#define KOPPEL_SERVICE_FLOW_FIELDS_H

#include <jansson.h>

#include "config/conf.h"

/* The fields as flow_forms.h says, in the order of a form. NULL: no memory. */
json_t *flow_fields(const struct conf_flow *flow);

/* An end of a flow: {"connection", "connector": its title, "entity", "title", "titles": it in
 * languages or null}. null where c is NULL: only the names are known. NULL: no memory. */
json_t *flow_fields_end(const struct conf_connection *c, const char *entity);

#endif
