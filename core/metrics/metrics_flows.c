/* SPDX-License-Identifier: MIT
 * The flows' series. All of a family stand together, so what is known of each flow is asked first.
 *
 * Nothing of a record is shown, but for codes of reasons; of these a flow shows so many, and the
 * rest as "other". */
#include "metrics/metrics_flows.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/flow_state.h"
#include "engine/runs.h"
#include "metrics/metrics_text.h"

#define REASONS_MAX 100
#define REASON_BYTES 48
#define OTHER "other"
#define US INT64_C(1000000)

struct reason {
    enum job_state state;
    char code[REASON_BYTES];
    int64_t count;
};

struct facts {
    const struct conf_flow *conf;
    enum flow_state state;
    struct store_counts counts;
    struct store_standing standing;
    struct reason *reasons; /* REASONS_MAX of them, and one "other" per state */
    int reason_count;
    int64_t ended_ms, good_ms; /* the last run, and the last good one; 0: none */
    bool failed;               /* the last run did */
};

/* ---- asking ---- */

static void put_code(char out[REASON_BYTES], const char *reason)
{
    int i = 0;
    for (; reason[i] && i < REASON_BYTES - 1; i++)
        out[i] = isalnum((unsigned char)reason[i]) || strchr("._-", reason[i]) ? reason[i] : '_';
    out[i] = '\0';
}

static int add_reason(void *arg, enum job_state state, const char *reason, int64_t count)
{
    struct facts *f = arg;
    char code[REASON_BYTES];
    put_code(code, f->reason_count < REASONS_MAX ? reason : OTHER);
    int i = 0;
    while (i < f->reason_count &&
           (f->reasons[i].state != state || strcmp(f->reasons[i].code, code) != 0))
        i++;
    if (i == f->reason_count) {
        f->reason_count++;
        f->reasons[i].state = state;
        memcpy(f->reasons[i].code, code, sizeof code);
    }
    f->reasons[i].count += count;
    return 0;
}

static int64_t moment(const json_t *facts, const char *name)
{
    int64_t ms = 0;
    const char *text = json_string_value(json_object_get(facts, name));
    return text && clock_parse(text, &ms) == 0 ? ms : 0;
}

static int ask_runs(struct facts *f, struct store *s, struct koppel_error *err)
{
    json_t *last;
    if (runs_last(s, f->conf->name, &last, err) != 0)
        return -1;
    f->ended_ms = moment(last, "ended");
    f->good_ms = moment(last, "last_good");
    f->failed = f->ended_ms > 0 && json_is_object(json_object_get(last, "error"));
    json_decref(last);
    return 0;
}

static int ask(struct facts *f, struct engine *e, struct koppel_error *err)
{
    const struct store_ops *ops = e->store->ops;
    const char *name = f->conf->name;
    int64_t ignored;
    f->reasons = calloc(REASONS_MAX + JOB_WAITING + 1, sizeof *f->reasons);
    if (!f->reasons)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    f->state = e->schedule ? flow_state(e, name, &ignored) : FLOW_STATE_OFF;
    if (ops->counts(e->store, name, &f->counts, err) != 0 ||
        ops->standing(e->store, name, &f->standing, err) != 0)
        return -1;
    return ops->reasons(e->store, name, add_reason, f, err) == 0 ? ask_runs(f, e->store, err) : -1;
}

/* ---- showing ---- */

struct shown {
    struct buf *out;
    const struct facts *flows;
    int count;
};

static void add_states(const struct shown *s)
{
    static const char *const names[] = {[FLOW_STATE_OFF] = "off",
                                        [FLOW_STATE_WAITING] = "waiting",
                                        [FLOW_STATE_RUNNING] = "running",
                                        [FLOW_STATE_RESTING] = "backing_off",
                                        [FLOW_STATE_PAUSED] = "paused"};
    metrics_text_family(s->out, "koppel_flow_state", "gauge", "1 for the state that a flow is in");
    for (int i = 0; i < s->count; i++) {
        for (size_t j = 0; j < sizeof names / sizeof *names; j++)
            metrics_text_number(s->out, "koppel_flow_state",
                                METRICS_TEXT_LABELS({"flow", s->flows[i].conf->name},
                                                    {"state", names[j]}),
                                s->flows[i].state == (enum flow_state)j);
    }
}

/* A family with one number per flow; absent: this value is not shown. */
static void add_each(const struct shown *s, const char *name, const char *kind, const char *help,
                     int64_t (*value)(const struct facts *f), int64_t parts, int64_t absent)
{
    metrics_text_family(s->out, name, kind, help);
    for (int i = 0; i < s->count; i++) {
        int64_t v = value(&s->flows[i]);
        if (v != absent)
            metrics_text_part(s->out, name,
                              METRICS_TEXT_LABELS({"flow", s->flows[i].conf->name}), v, parts);
    }
}

static int64_t interval(const struct facts *f)
{
    return f->conf->every_ms;
}

static int64_t good(const struct facts *f)
{
    return f->good_ms;
}

static int64_t ended(const struct facts *f)
{
    return f->ended_ms;
}

static int64_t failed(const struct facts *f)
{
    return f->failed;
}

static int64_t accepted(const struct facts *f)
{
    return f->standing.accepted_ms;
}

static int64_t undelivered(const struct facts *f)
{
    return f->standing.undelivered_ms;
}

static int64_t parked_since(const struct facts *f)
{
    return f->standing.parked_ms;
}

static int64_t causes(const struct facts *f)
{
    return f->standing.causes;
}

static int64_t read_all(const struct facts *f)
{
    return f->counts.read;
}

static int64_t pending(const struct facts *f)
{
    return f->counts.pending;
}

/* One state of records by reason; without any, zero. */
static void add_by_reason(const struct shown *s, const char *name, const char *help,
                          enum job_state state)
{
    metrics_text_family(s->out, name, "gauge", help);
    for (int i = 0; i < s->count; i++) {
        const struct facts *f = &s->flows[i];
        bool any = false;
        for (int j = 0; j < f->reason_count; j++) {
            if (f->reasons[j].state != state)
                continue;
            any = true;
            metrics_text_number(s->out, name,
                                METRICS_TEXT_LABELS({"flow", f->conf->name},
                                                    {"reason", f->reasons[j].code}),
                                f->reasons[j].count);
        }
        if (!any)
            metrics_text_number(s->out, name,
                                METRICS_TEXT_LABELS({"flow", f->conf->name}, {"reason", ""}), 0);
    }
}

/* What has ended, from the tallies: it goes on over restarts. */
static void add_settled(const struct shown *s)
{
    const char *name = "koppel_records_settled_total";
    metrics_text_family(s->out, name, "counter", "Records that ended, by outcome and reason");
    for (int i = 0; i < s->count; i++) {
        const struct facts *f = &s->flows[i];
        metrics_text_number(s->out, name,
                            METRICS_TEXT_LABELS({"flow", f->conf->name}, {"outcome", "done"},
                                                {"reason", ""}),
                            f->counts.done);
        for (int j = 0; j < f->reason_count; j++) {
            if (f->reasons[j].state == JOB_SKIPPED)
                metrics_text_number(s->out, name,
                                    METRICS_TEXT_LABELS({"flow", f->conf->name},
                                                        {"outcome", "skipped"},
                                                        {"reason", f->reasons[j].code}),
                                    f->reasons[j].count);
        }
    }
}

static bool has(const struct shown *s, const char *flow)
{
    for (int i = 0; i < s->count; i++) {
        if (strcmp(s->flows[i].conf->name, flow) == 0)
            return true;
    }
    return false;
}

static void add_run(void *arg, const struct meter_row *row)
{
    const struct shown *s = arg;
    if (has(s, row->words[0]))
        metrics_text_number(s->out, "koppel_flow_runs_total",
                            METRICS_TEXT_LABELS({"flow", row->words[0]},
                                                {"outcome", row->words[1]}),
                            row->count);
}

static void add_run_time(void *arg, const struct meter_row *row)
{
    const struct shown *s = arg;
    if (has(s, row->words[0]))
        metrics_text_histogram(s->out, "koppel_flow_run_duration_seconds",
                               METRICS_TEXT_LABELS({"flow", row->words[0]}),
                               meter_bounds(METER_RUN_US), row, US);
}

static void add_latency(void *arg, const struct meter_row *row)
{
    const struct shown *s = arg;
    if (has(s, row->words[0]))
        metrics_text_histogram(s->out, "koppel_record_latency_seconds",
                               METRICS_TEXT_LABELS({"flow", row->words[0]}),
                               meter_bounds(METER_RECORD_US), row, US);
}

static void add_times(const struct shown *s)
{
    add_states(s);
    add_each(s, "koppel_flow_interval_seconds", "gauge", "How often a flow is to run", interval,
             1000, 0);
    add_each(s, "koppel_flow_last_success_timestamp_seconds", "gauge",
             "When its last good run ended", good, 1000, 0);
    add_each(s, "koppel_flow_last_run_timestamp_seconds", "gauge",
             "When its last run ended, however it went", ended, 1000, 0);
    add_each(s, "koppel_flow_last_run_failed", "gauge", "1 where its last run failed", failed, 1,
             -1);
    add_each(s, "koppel_flow_last_read_timestamp_seconds", "gauge",
             "When its newest record was accepted", accepted, 1000, 0);
    metrics_text_family(s->out, "koppel_flow_runs_total", "counter",
                        "Runs since the program started, by outcome");
    meter_each(METER_RUNS, add_run, (void *)s);
    metrics_text_family(s->out, "koppel_flow_run_duration_seconds", "histogram",
                        "How long runs took");
    meter_each(METER_RUN_US, add_run_time, (void *)s);
}

static void add_records(const struct shown *s)
{
    add_each(s, "koppel_records_read_total", "counter", "Records that were accepted", read_all, 1,
             -1);
    add_settled(s);
    add_by_reason(s, "koppel_records_parked", "Records that wait for a person", JOB_PARKED);
    add_by_reason(s, "koppel_records_waiting", "Records that are tried again by themselves",
                  JOB_WAITING);
    add_each(s, "koppel_parked_causes", "gauge", "Different things that parked records wait for",
             causes, 1, -1);
    add_each(s, "koppel_parked_oldest_timestamp_seconds", "gauge",
             "When the oldest parked record was accepted", parked_since, 1000, 0);
    add_each(s, "koppel_backlog_records", "gauge", "Records that were not looked at yet", pending,
             1, -1);
    add_each(s, "koppel_backlog_oldest_timestamp_seconds", "gauge",
             "When the oldest record was accepted that has not ended and is not parked",
             undelivered, 1000, 0);
    metrics_text_family(s->out, "koppel_record_latency_seconds", "histogram",
                        "From accepted to done");
    meter_each(METER_RECORD_US, add_latency, (void *)s);
}

int metrics_flows_add(struct buf *out, struct engine *e, const struct generation *g,
                      struct koppel_error *err)
{
    int n = g->conf->flow_count, rc = 0;
    struct facts *flows = calloc((size_t)n + 1, sizeof *flows);
    if (!flows)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < n && rc == 0; i++) {
        flows[i].conf = &g->conf->flows[i];
        rc = ask(&flows[i], e, err);
    }
    const struct shown s = {out, flows, n};
    if (rc == 0) {
        add_times(&s);
        add_records(&s);
    }
    for (int i = 0; i < n; i++)
        free(flows[i].reasons);
    free(flows);
    return rc;
}
