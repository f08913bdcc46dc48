/* SPDX-License-Identifier: MIT
 * What a flow does now, for whoever looks. */
#ifndef KOPPEL_ENGINE_FLOW_STATE_H
#define KOPPEL_ENGINE_FLOW_STATE_H

#include "engine/engine.h"

enum flow_state {
    FLOW_STATE_OFF,     /* it is not enabled, or the engine does not serve */
    FLOW_STATE_WAITING, /* for its interval, or a job that is due later */
    FLOW_STATE_RUNNING,
    FLOW_STATE_RESTING, /* one of its systems is away, and rests */
    FLOW_STATE_PAUSED,
};

/* Of a flow of the active generation of an engine with a schedule. *next_in_ms: until it is due;
 * -1: only by order, or it runs. */
enum flow_state flow_state(struct engine *e, const char *flow, int64_t *next_in_ms);

#endif
