/* SPDX-License-Identifier: MIT
 * What a flow does now. */
#include "engine/flow_state.h"

#include "base/clock.h"
#include "engine/slots.h"

static bool rests(const struct generation *g, const struct conf_connection *conf)
{
    struct breaker_state state;
    breaker_look(connection_breaker(generation_connection(g, conf)), &state);
    return state.phase != BREAKER_CLOSED;
}

static enum flow_state state_of(const struct engine *e, const struct slot *slot)
{
    if (!slot->task && slot->paused)
        return FLOW_STATE_PAUSED;
    if (rests(e->now, slot->flow->from) || rests(e->now, slot->flow->to))
        return FLOW_STATE_RESTING;
    return slot->task ? FLOW_STATE_RUNNING : FLOW_STATE_WAITING;
}

enum flow_state flow_state(struct engine *e, const char *flow, int64_t *next_in_ms)
{
    enum flow_state state = FLOW_STATE_OFF;
    *next_in_ms = -1;
    pthread_mutex_lock(&e->lock);
    const struct slot *slot = slots_find(e->schedule, flow);
    if (slot && slot->flow && (slot->runs || slot->task)) {
        int64_t next = slot->next_ms < slot->due_ms ? slot->next_ms : slot->due_ms;
        int64_t now = clock_monotonic_ms();
        state = state_of(e, slot);
        if (slot->runs && !slot->task && !slot->paused && next != SLOTS_NEVER)
            *next_in_ms = next > now ? next - now : 0;
    }
    pthread_mutex_unlock(&e->lock);
    return state;
}
