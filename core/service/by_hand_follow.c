/* SPDX-License-Identifier: MIT
 * Jobs that are tried again a few at a time. */
#include "service/by_hand_follow.h"

#include <poll.h>
#include <stdlib.h>

#include "engine/flow_state.h"
#include "flow/flow.h"
#include "service/ask.h"

#define SLICE 50    /* jobs in flight for one order: the flow's other records go on beside them */
#define LOOK_MS 200 /* events tell sooner */

struct slice {
    const struct job_id *ids;
    int count;
    int attempts[SLICE]; /* before; -1: it has come to something */
};

/* *attempt: how often it was tried; -1: it is not there any more. */
static int look(struct service *s, struct job_id id, int *attempt, enum job_state *state,
                struct koppel_error *err)
{
    struct store_job_row row = {0};
    int found = 0;
    if (s->store->ops->job(s->store, id, &row, NULL, &found, err) != 0)
        return -1;
    *attempt = found ? row.attempt : -1;
    *state = row.state;
    store_job_row_done(&row);
    return 0;
}

static bool runs(struct service *s, const char *flow, struct koppel_error *err)
{
    char *why = NULL;
    int64_t next_in_ms;
    if (!s->serves || flow_paused(s->store, flow, &why, err) != 0)
        return false;
    bool paused = why != NULL;
    free(why);
    return !paused && flow_state(s->engine, flow, &next_in_ms) != FLOW_STATE_OFF;
}

static void count_in(json_t *came, enum job_state state)
{
    const char *name = job_state_name(state);
    json_int_t before = json_integer_value(json_object_get(came, name));
    (void)json_object_set_new(came, name, json_integer(before + 1));
}

/* How many have not come to anything; -1 and err. */
static int open_ones(struct service *s, struct slice *slice, json_t *came, struct koppel_error *err)
{
    int open = 0;
    for (int i = 0; i < slice->count; i++) {
        enum job_state state;
        int attempt;
        if (slice->attempts[i] < 0)
            continue;
        if (look(s, slice->ids[i], &attempt, &state, err) != 0)
            return -1;
        if (attempt == slice->attempts[i]) {
            open++;
            continue;
        }
        slice->attempts[i] = -1;
        count_in(came, state);
    }
    return open;
}

static void wait_for_more(struct events_reader *events)
{
    struct pollfd fd = {.fd = events_fd(events), .events = POLLIN};
    struct events_event event;
    bool missed;
    (void)poll(&fd, 1, LOOK_MS);
    while (events_next(events, &event, &missed))
        free(event.body);
}

static bool tell(const struct service_ask *ask, int done, int of, const json_t *came)
{
    return ask_tell(ask, json_pack("{s:i,s:i,s:O,s:O}", "done", done, "of", of, "parked",
                                   json_object_get(came, "parked"), "waiting",
                                   json_object_get(came, "waiting")));
}

/* Until all of it has come to something, or nothing of it will. */
static int follow(struct service *s, const struct service_ask *ask, struct slice *slice, int done,
                  int of, json_t *came, struct koppel_error *err)
{
    struct events_reader *events = events_open(s->engine->events, -1);
    int open = events ? slice->count : err_set(err, KOPPEL_E_BUG, "out of memory");
    while (open > 0 && (open = open_ones(s, slice, came, err)) > 0) {
        if (!tell(ask, done + slice->count - open, of, came) || ask_stopped(ask) ||
            !runs(s, slice->ids[0].flow, err))
            break;
        wait_for_more(events);
    }
    if (events)
        events_close(events);
    return open < 0 || err->kind ? -1 : 0;
}

int by_hand_follow(struct service *s, const struct service_ask *ask, const struct job_id *ids,
                   int count, struct by_hand_follow *out, struct koppel_error *err)
{
    *out = (struct by_hand_follow){.came = json_pack("{s:i,s:i,s:i,s:i}", "done", 0, "skipped", 0,
                                                     "parked", 0, "waiting", 0)};
    for (int at = 0; at < count; at += SLICE) {
        struct slice slice = {.ids = ids + at, .count = count - at < SLICE ? count - at : SLICE};
        enum job_state state;
        int due = 0;
        bool wait = runs(s, ids[at].flow, err);
        if (ask_stopped(ask)) {
            out->left = count - at;
            break;
        }
        for (int i = 0; wait && i < slice.count; i++) {
            if (look(s, slice.ids[i], &slice.attempts[i], &state, err) != 0)
                return -1;
        }
        if (err->kind || s->store->ops->retry(s->store, slice.ids, slice.count, true, &due, err))
            return -1;
        out->count += due;
        if (wait && due > 0)
            engine_ordered(s->engine); /* else they would wait for the flow's next interval */
        if (wait && due > 0 && follow(s, ask, &slice, at, count, out->came, err) != 0)
            return -1;
        if (!tell(ask, at + slice.count, count, out->came)) {
            out->left = count - at - slice.count;
            break;
        }
    }
    return out->came ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}
