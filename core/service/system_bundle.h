/* SPDX-License-Identifier: MIT
 * What goes to a maintainer. */
#ifndef KOPPEL_SERVICE_SYSTEM_BUNDLE_H
#define KOPPEL_SERVICE_SYSTEM_BUNDLE_H

#include "service/service.h"

/* {}: {"name": of a file, "text": JSON of all that helps to find a fault, and that names no person:
 * neither records nor what a system said of one, no text of a file, no secret}. */
int system_bundle(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);

#endif
