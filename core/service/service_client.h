/* SPDX-License-Identifier: MIT
 * Asks an engine that runs, over its socket. */
#ifndef KOPPEL_SERVICE_SERVICE_CLIENT_H
#define KOPPEL_SERVICE_SERVICE_CLIENT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

/* Asks the engine of the store at store_path for row `name` with `in`. tell as in struct
 * service_ask; where it gives -1 the engine hears that nobody waits any more. *nobody: no engine
 * answers there, which is no error: whoever asks opens the store itself; -1 comes with it. 0: *out
 * is the answer, a new reference. */
int service_client_ask(const char *store_path, const char *name, const json_t *in,
                       int (*tell)(void *arg, const json_t *progress), void *arg, json_t **out,
                       bool *nobody, struct koppel_error *err);

#endif
