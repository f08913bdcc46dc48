/* SPDX-License-Identifier: MIT
 * Questions about connections. */
#ifndef KOPPEL_SERVICE_CONNECTIONS_H
#define KOPPEL_SERVICE_CONNECTIONS_H

#include "service/service.h"

/* out: {connections: [{connection, connector, circuit: closed | open | half-open, why, since,
 * login: none | settings | in | out | ended, token_until, login_until, certificate_until,
 * certificate_host, called, answered, blocked}]}; null where it is unknown, or there is none. */
int connections_list(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);
/* in: connection. Tells each step as it ends: {step, of, outcome: ok | warning | failed | untried,
 * ms, setting, text, advice}. out: {connection, outcome, person: whether one is needed, steps,
 * facts}. */
int connections_test(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);

#endif
