/* SPDX-License-Identifier: MIT
 * A message to a channel, to see whether it is taken. */
#ifndef KOPPEL_SERVICE_ALERTS_TEST_H
#define KOPPEL_SERVICE_ALERTS_TEST_H

#include "service/service.h"

/* {"channel", "settings"?, "secrets"?: as of alerts_change_channel, which is not saved}: sends a
 * test to the channel as it would be. {"channel","type","ok","error" (or null),"ms","dialogue":
 * [lines; ">" sent, "<" received, "*" remarks; secrets masked]}. */
int alerts_test_channel(struct service *s, const struct service_ask *ask, json_t **out,
                        struct koppel_error *err);

#endif
