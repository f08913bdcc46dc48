/* SPDX-License-Identifier: MIT
 * Failures of a call that was split, and of its items. */
#include "connection/spread.h"

#include "connection/instance.h"

/* Kinds that speak of the items of one call; the others speak of the whole connection. */
static bool is_item_kind(int kind)
{
    return kind == KOPPEL_E_REJECTED || kind == KOPPEL_E_EXISTS || kind == KOPPEL_E_UNSURE
           || kind == KOPPEL_E_BUG;
}

static bool is_answered(const struct result_entry *e)
{
    return e->done || e->gone || e->hit_count > 0;
}

int spread_failure(struct koppel_results *part, const struct koppel_error *err)
{
    if (!is_item_kind(err->kind))
        return -1;
    for (uint32_t i = 0; i < part->count; i++) {
        struct result_entry *e = &part->entries[i];
        if (!is_answered(e) && !e->err.kind)
            e->err = *err;
    }
    return 0;
}

const struct koppel_error *spread_down(const struct koppel_results *part)
{
    const struct koppel_error *down = NULL;
    for (uint32_t i = 0; i < part->count; i++) {
        const struct result_entry *e = &part->entries[i];
        if (is_answered(e) || !e->err.kind)
            return NULL;
        if (breaker_is_down(&e->err))
            down = &e->err;
    }
    return down;
}

void spread_names(const struct connection *c, struct koppel_results *part)
{
    for (uint32_t i = 0; i < part->count; i++)
        instance_name_error(c, &part->entries[i].err);
}
