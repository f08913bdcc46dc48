/* SPDX-License-Identifier: MIT
 * How much was read and settled when. */
#include "service/figures.h"

#include <string.h>

#include "base/clock.h"
#include "service/ask.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define SPANS 96

struct figures {
    int64_t from_ms, step_ms;
    int count;
    struct figures_span {
        int64_t read, done, skipped, parked;
    } spans[SPANS];
    json_t *flows; /* name -> {"done": [...], "parked": [...]} */
};

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

static json_t *zeros(int count)
{
    json_t *out = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(out, json_integer(0));
    return out;
}

static int add_to(json_t *row, const char *name, int at, int64_t more)
{
    json_t *list = json_object_get(row, name);
    json_int_t before = json_integer_value(json_array_get(list, (size_t)at));
    return json_array_set_new(list, (size_t)at, json_integer(before + more));
}

/* One that is longer than our spans, as it is old, counts where it begins. */
static int add_bucket(void *arg, const struct store_bucket *b)
{
    struct figures *f = arg;
    int at = (int)((b->at_ms - f->from_ms) / f->step_ms);
    if (b->at_ms < f->from_ms || at >= f->count)
        return 0;
    f->spans[at].read += b->read;
    f->spans[at].done += b->done;
    f->spans[at].skipped += b->skipped;
    f->spans[at].parked += b->parked;
    json_t *row = json_object_get(f->flows, b->flow);
    if (!row) {
        row = json_pack("{s:s,s:o,s:o}", "flow", b->flow, "done", zeros(f->count), "parked",
                        zeros(f->count));
        if (json_object_set_new(f->flows, b->flow, row) != 0)
            return -1;
    }
    return add_to(row, "done", at, b->done) == 0 ? add_to(row, "parked", at, b->parked) : -1;
}

static int choose_spans(struct figures *f, int64_t to_ms, struct koppel_error *err)
{
    static const int64_t steps[] = {STORE_BUCKET_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int64_t step = steps[i], from = f->from_ms - f->from_ms % step;
        int64_t count = (to_ms - from + step - 1) / step;
        if (count > SPANS)
            continue;
        f->step_ms = step;
        f->from_ms = from;
        f->count = count > 0 ? (int)count : 1;
        return 0;
    }
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "figures of at most %d days", SPANS);
}

static json_t *moment(int64_t ms)
{
    char text[CLOCK_TEXT_BYTES];
    clock_format(ms, text);
    return json_string(text);
}

static json_t *answer(const struct figures *f)
{
    json_t *spans = json_array(), *flows = json_array(), *row;
    const char *name;
    for (int i = 0; i < f->count; i++) {
        const struct figures_span *one = &f->spans[i];
        json_array_append_new(spans, json_pack("{s:o,s:I,s:I,s:I,s:I}", "at",
                                               moment(f->from_ms + i * f->step_ms), "read",
                                               (json_int_t)one->read, "done",
                                               (json_int_t)one->done, "skipped",
                                               (json_int_t)one->skipped, "parked",
                                               (json_int_t)one->parked));
    }
    json_object_foreach(f->flows, name, row)
        json_array_append(flows, row);
    return json_pack("{s:o,s:o,s:I,s:o,s:o}", "from", moment(f->from_ms), "to",
                     moment(f->from_ms + f->count * f->step_ms), "step_ms",
                     (json_int_t)f->step_ms, "spans", spans, "flows", flows);
}

int figures_show(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    const struct store_ops *ops = s->store->ops;
    const char *flow = ask_text(ask, "flow");
    int64_t to_ms = ops->now_ms(s->store);
    struct figures f = {.from_ms = -1, .flows = json_object()};
    int rc = f.flows ? 0 : no_memory(err);
    if (rc == 0 && ((flow && !ask_flow(s, flow, err)) ||
                    ask_moment(s, ask, "until", true, &to_ms, err) != 0 ||
                    ask_moment(s, ask, "since", false, &f.from_ms, err) != 0))
        rc = -1;
    if (f.from_ms < 0)
        f.from_ms = to_ms - DAY_MS + STORE_BUCKET_MS;
    if (rc == 0)
        rc = choose_spans(&f, to_ms, err);
    if (rc == 0)
        rc = ops->history(s->store, flow, f.from_ms, to_ms, add_bucket, &f, err);
    if (rc == 0 && !(*out = answer(&f)))
        rc = no_memory(err);
    json_decref(f.flows);
    return rc;
}
