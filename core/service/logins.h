/* SPDX-License-Identifier: MIT
 * Logging a connection in by a browser, wherever that is: begin, then finish. */
#ifndef KOPPEL_SERVICE_LOGINS_H
#define KOPPEL_SERVICE_LOGINS_H

#include "service/service.h"

/* in: connection, redirect. out: {connection, url, state}: what the browser is to open, and what
 * tells its answer from others; or {connection, connected: true} where no browser is needed. */
int logins_begin(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* in: connection, answer. out: {connection}. Flows that were paused as nobody was logged in go
 * on. */
int logins_finish(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);

#endif
