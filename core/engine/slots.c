/* SPDX-License-Identifier: MIT
 * What a schedule knows of each flow. */
#include "engine/slots.h"

#include <stdlib.h>
#include <string.h>

void slots_stir(struct schedule *s)
{
    s->dirty = true;
    pthread_cond_broadcast(&s->engine->changed);
}

struct slot *slots_find(struct schedule *s, const char *flow)
{
    struct slot *slot = s->slots;
    while (slot && strcmp(slot->name, flow) != 0)
        slot = slot->next;
    return slot;
}

struct slot *slots_make(struct schedule *s, const struct conf_flow *flow)
{
    struct slot *slot = calloc(1, sizeof *slot);
    char *name = strdup(flow->name);
    if (!slot || !name) {
        free(slot);
        free(name);
        return NULL;
    }
    *slot = (struct slot){.next = s->slots, .name = name, .flow = flow, .next_ms = SLOTS_NEVER,
                          .due_ms = SLOTS_NEVER, .look = true};
    s->slots = slot;
    return slot;
}

void slots_set_flow(struct schedule *s, struct slot *slot, const struct conf_flow *flow,
                    enum runs_trigger trigger)
{
    bool runs = s->engine->serves && flow && flow->enabled;
    slot->flow = flow;
    if (runs && !slot->runs) {
        slot->asked = true;
        slot->trigger = trigger;
        slot->look = true;
    }
    if (!runs)
        slot->next_ms = SLOTS_NEVER;
    slot->runs = runs;
}

int slots_fill(struct schedule *s, enum runs_trigger trigger)
{
    const struct conf *conf = s->engine->now->conf;
    for (int i = 0; conf->whole && i < conf->flow_count; i++) {
        const struct conf_flow *flow = &conf->flows[i];
        struct slot *slot = slots_find(s, flow->name);
        if (!slot)
            slot = slots_make(s, flow);
        if (!slot)
            return -1;
        slots_set_flow(s, slot, flow, trigger);
    }
    return 0;
}

static void free_slot(struct slot *slot)
{
    free(slot->name);
    free(slot);
}

void slots_drop(struct schedule *s)
{
    for (struct slot **at = &s->slots; *at;) {
        struct slot *slot = *at;
        if (slot->flow || slot->task || slot->tickets) {
            at = &slot->next;
            continue;
        }
        *at = slot->next;
        free_slot(slot);
    }
}

void slots_free(struct schedule *s)
{
    for (struct slot *slot = s->slots, *next; slot; slot = next) {
        next = slot->next;
        free_slot(slot);
    }
    s->slots = NULL;
}

/* ---- who waits ---- */

void slots_end_tickets(struct ticket **tickets, const struct koppel_error *why,
                       const struct run_result *result)
{
    for (struct ticket *t = *tickets, *next; t; t = next) {
        next = t->next; /* it is its owner's again once it is over */
        t->why = *why;
        if (result)
            t->result = *result;
        json_incref(t->result.facts);
        t->over = true;
    }
    *tickets = NULL;
}

bool slots_take_out(struct ticket **list, const struct ticket *t)
{
    while (*list && *list != t)
        list = &(*list)->next;
    if (!*list)
        return false;
    *list = t->next;
    return true;
}
