/* SPDX-License-Identifier: MIT
 * Changes of alerts.conf by order. Each gives what save_files gives; with "plan" nothing is
 * saved. */
#ifndef KOPPEL_SERVICE_ALERTS_CHANGE_H
#define KOPPEL_SERVICE_ALERTS_CHANGE_H

#include "service/service.h"

/* {"channel", "settings": its members, "secrets"?: texts, "why"?, "plan"?}: alerts_file_channel. */
int alerts_change_channel(struct service *s, const struct service_ask *ask, json_t **out,
                          struct koppel_error *err);
/* {"channel", "why"?}: it goes. */
int alerts_change_remove(struct service *s, const struct service_ask *ask, json_t **out,
                         struct koppel_error *err);
/* {"rule", "settings": "on", "severity", its measure, "channels", as far as they are not usual,
 * "why"?, "plan"?}. */
int alerts_change_rule(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err);
/* {"settings": members of the file's top; null: as usual, "why"?, "plan"?}. */
int alerts_change_general(struct service *s, const struct service_ask *ask, json_t **out,
                          struct koppel_error *err);

#endif
