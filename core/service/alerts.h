/* SPDX-License-Identifier: MIT
 * Questions and orders about alerts. */
#ifndef KOPPEL_SERVICE_ALERTS_H
#define KOPPEL_SERVICE_ALERTS_H

#include "service/service.h"

/* {"all"?, "language"? ("en", "de", "nl"; else that of alerts.conf)}:
 * {"alerts":[alert_book_json_row with "text", what it is in a line, and "do", what helps],
 * "channels":[{"channel","type","failures","last" (or null),"error" (or null: its last message was
 * taken; also a secret that it lacks at this host, whatever failed)}]}. all: also what is pending,
 * or over for a few minutes. */
int alerts_list(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"alert": its number, "until"?: a moment, a day or a length such as "2h"; else until it grows}:
 * nobody is told of it meanwhile. {"alert","until" (or null)}. */
int alerts_acknowledge(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err);
/* {"unit","why"?}: the service of that name is gone; tells the channels itself, as no engine does.
 * What none of them takes stays for the next engine. {"unit","channels","sent"}: how many there are
 * and how many messages went. */
int alerts_failed(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);

#endif
