/* SPDX-License-Identifier: MIT
 * The API described (OpenAPI 3.1): paths and what they take are made of the routes, so they agree;
 * what they answer stands in openapi_answers.json. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_OPENAPI_H
#define KOPPEL_DASHBOARD_DASHBOARD_OPENAPI_H

#include "service/service.h"

/* row of each route in turn; NULL behind the last. */
typedef const struct service_row *dashboard_openapi_next(int index);

/* A new value; NULL: no memory. */
json_t *dashboard_openapi(dashboard_openapi_next *row_at);

#endif
