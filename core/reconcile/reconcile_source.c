/* SPDX-License-Identifier: MIT
 * What a record of the source comes to, and whether it should stand at the destination. */
#include "reconcile/reconcile_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "flow/day.h"
#include "mapping/map.h"
#include "mapping/value.h"
#include "model/amount.h"
#include "model/model.h"

/* What the source itself says that it comes to. */
static void take_totals(struct reconcile_document *d, const json_t *core)
{
    struct koppel_error ignored = {0};
    struct decimal incl, excl;
    int has = 0;
    if (amount_number(core, "total_incl", &incl, &has, &ignored) == 0 && has) {
        d->incl = incl;
        d->has_incl = true;
    }
    if ((amount_number(core, "total_net", &excl, &has, &ignored) == 0 && has) ||
        (amount_number(core, "total_excl", &excl, &has, &ignored) == 0 && has)) {
        d->excl = excl;
        d->has_excl = true;
    }
}

/* A line of rounding goes along, where the destination computes the VAT itself. */
static void take_rounding(struct reconcile_document *d, const struct flow *f, const json_t *core)
{
    struct koppel_error ignored = {0};
    int has = 0;
    if (map_reads(&f->conf->send, "vat_rounding") &&
        amount_number(core, "vat_rounding", &d->rounding, &has, &ignored) != 0)
        d->rounding = DECIMAL_ZERO;
}

/* The rules that make the reference, applied alone: what else cannot be mapped does not matter. */
static int map_reference(const struct flow *f, const json_t *core, json_t **out)
{
    const struct conf_mapping *send = &f->conf->send;
    struct conf_mapping only = {.file = send->file};
    struct koppel_error ignored = {0};
    json_t *view = json_copy((json_t *)core);
    *out = NULL;
    only.rules = calloc((size_t)send->count + 1, sizeof *only.rules);
    if (!only.rules || !view || json_object_set(view, "settings", f->conf->settings) != 0) {
        free(only.rules);
        json_decref(view);
        return -1;
    }
    for (int i = 0; i < send->count; i++) {
        if (strcmp(path_text(send->rules[i].to), f->dest->document) == 0)
            only.rules[only.count++] = send->rules[i];
    }
    if (only.count > 0)
        (void)map_apply(&only, view, MAP_CREATE, NULL, out, &ignored);
    free(only.rules);
    json_decref(view);
    return 0;
}

/* The reference of a record that was not made; where no rule tells it, what its model is known
 * by. */
static int take_reference(struct reconcile_document *d, const struct flow *f, const json_t *core)
{
    const struct model *model = model_find(f->conf->model);
    const char *key = model && model->record ? model->record->key : NULL, *text;
    char buf[32];
    json_t *made;
    if (map_reference(f, core, &made) != 0)
        return -1;
    const json_t *value = json_object_get(made, f->dest->document);
    if (!value && key)
        value = json_object_get(core, key);
    free(d->reference);
    d->reference = strdup(value && value_text(value, buf, &text) ? text : "");
    json_decref(made);
    return d->reference ? 0 : -1;
}

static bool is_cancelled(const struct work *w)
{
    return w->goal == GOAL_WITHDRAW || w->gone ||
           strcmp(work_text(w, "state"), "cancelled") == 0;
}

int reconcile_source_measure(struct reconcile *r, struct work *w, struct koppel_error *why,
                             struct reconcile_pair *p)
{
    struct flow *f = r->flow;
    char day[DATE_TEXT_BYTES] = "";
    bool made = w->document && !w->settled && why->kind == 0 &&
                reconcile_document_fill(&p->source, f->dest, w->document, &r->codes, why) == 0;
    p->standing = is_cancelled(w) ? RECONCILE_CANCELLED
                  : made          ? RECONCILE_EXPECTED
                  : w->settled    ? RECONCILE_LEFT_OUT
                                  : RECONCILE_UNMAPPED;
    if (!made && take_reference(&p->source, f, w->core) != 0)
        return -1;
    if (!made || !f->dest->balance)
        take_totals(&p->source, w->core);
    take_rounding(&p->source, f, w->core);
    if (p->standing == RECONCILE_UNMAPPED)
        p->why = strdup(*why->reason ? why->reason : "rejected");
    else if (p->standing == RECONCILE_LEFT_OUT)
        p->why = strdup(w->reason);
    day_of(f, w->core, day);
    p->source.day = *day ? reconcile_document_day(day) : RECONCILE_NO_DAY;
    return 0;
}
