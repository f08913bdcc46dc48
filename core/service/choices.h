/* SPDX-License-Identifier: MIT
 * What a system has to choose from, for settings and tables. */
#ifndef KOPPEL_SERVICE_CHOICES_H
#define KOPPEL_SERVICE_CHOICES_H

#include "service/service.h"

/* {"connection"}: {"lists":[name ...]}, those of its connector; nobody is asked.
 * {"connection","list"}: {"values":[{"value","title"}]}, as the system has them now. */
int choices_show(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);

#endif
