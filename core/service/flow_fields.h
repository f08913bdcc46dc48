/* SPDX-License-Identifier: MIT
 * Everything that can be set of a flow, as data for a form. */
#ifndef KOPPEL_SERVICE_FLOW_FIELDS_H
#define KOPPEL_SERVICE_FLOW_FIELDS_H

#include <jansson.h>

#include "config/conf.h"

/* The fields as flow_forms.h says, in the order of a form. NULL: no memory. */
json_t *flow_fields(const struct conf_flow *flow);

#endif
