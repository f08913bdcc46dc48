/* SPDX-License-Identifier: MIT
 * Questions and orders about alerts and the channels that they are told on. */
#ifndef KOPPEL_SERVICE_ALERTS_H
#define KOPPEL_SERVICE_ALERTS_H

#include "service/service.h"

/* {"channel", "text"?: of alerts.conf as it is to be, in place of the one on disk}: sends a test.
 * {"channel","type","ok","error" (or null),"ms","dialogue":[lines; ">" sent, "<" received, "*"
 * remarks; secrets masked]}. */
int alerts_test(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);

#endif
