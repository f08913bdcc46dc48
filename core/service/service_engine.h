/* SPDX-License-Identifier: MIT
 * What a running engine answers from. */
#ifndef KOPPEL_SERVICE_SERVICE_ENGINE_H
#define KOPPEL_SERVICE_SERVICE_ENGINE_H

#include "service/service_socket.h"

/* All borrowed; of an engine that serves. */
struct service_engine {
    struct engine *engine;
    struct plugins *plugins;
};

/* A source of which every question is answered by that engine. */
struct service_source service_engine_source(struct service_engine *e);

#endif
