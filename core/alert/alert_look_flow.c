/* SPDX-License-Identifier: MIT
 * What of a flow needs a person. */
#include "alert/alert_look_flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_look.h"
#include "base/clock.h"
#include "base/cut.h"
#include "base/json_read.h"
#include "engine/pause.h"
#include "engine/runs.h"
#include "flow/remedy_command.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define RUNS_MAX 100
#define WORDS_BYTES 300 /* of a failure, of a command: the book is small */

struct looking {
    struct store *store;
    const struct conf_alert *rules;
    const struct alert_look_flow_facts *facts;
    const json_t *last; /* runs_last; NULL: it never ran */
    int64_t good_ms;    /* when the last good run ended; 0: none */
    int64_t now_ms;
    struct alert_findings *out;
};

static const char *text_of(const json_t *one, const char *name)
{
    return json_string_value(json_object_get(one, name));
}

static int64_t moment_of(const json_t *one, const char *name)
{
    int64_t ms = 0;
    const char *text = text_of(one, name);
    return text && clock_parse(text, &ms) == 0 ? ms : 0;
}

static struct alert_finding *add(struct looking *l, enum conf_alert_name rule, const char *cause,
                                 json_t *facts_take)
{
    const struct conf_flow *flow = l->facts->conf;
    struct alert_finding *f = alert_findings_add(l->out, rule, flow->name, cause, facts_take);
    f->critical = l->rules->rules[rule].critical;
    f->from = flow->from ? flow->from->name : NULL;
    f->to = flow->to ? flow->to->name : NULL;
    f->paused = l->facts->paused;
    f->by_hand = l->facts->by_hand;
    return f;
}

static json_t *words_of(const char *text)
{
    return json_stringn(text, cut_bytes(text, WORDS_BYTES));
}

/* As the log has it. */
static json_t *error_facts(const json_t *error)
{
    json_t *facts = json_object();
    json_t *reason = json_object_get(error, "reason"), *text = json_object_get(error, "text");
    if (json_string_length(reason) > 0)
        (void)json_object_set(facts, "reason", reason);
    if (text)
        (void)json_object_set_new(facts, "because", words_of(json_string_value(text)));
    return facts;
}

/* ---- what is known ---- */

int alert_look_flow_ask(struct store *s, const struct conf_flow *flow,
                        struct alert_look_flow_facts *facts, struct koppel_error *err)
{
    json_t *last = NULL;
    *facts = (struct alert_look_flow_facts){.conf = flow};
    if (flow_paused(s, flow->name, &facts->why, err) != 0)
        return -1;
    if (!facts->why)
        return 0;
    if (runs_last(s, flow->name, &last, err) != 0)
        return -1;
    const char *error = text_of(json_object_get(last, "last_error"), "text");
    facts->paused = true;
    facts->login = pause_is_for_login(facts->why);
    /* a run that pauses its flow leaves the words of its failure; a person leaves others */
    facts->by_hand = !facts->login && !(error && strcmp(error, facts->why) == 0);
    json_decref(last);
    return 0;
}

/* ---- runs ---- */

static void find_halted(struct looking *l)
{
    if (!l->facts->paused || l->facts->by_hand || l->facts->login)
        return;
    const json_t *error = json_object_get(l->last, "last_error");
    add(l, CONF_ALERT_HALTED, "", error_facts(error))->since_ms = moment_of(error, "at");
}

struct failures {
    int64_t good_ms;
    int count;
};

static int add_run(void *arg, const struct store_entry *e)
{
    struct failures *f = arg;
    json_t *run = e->body ? json_read(e->body, e->body_bytes, NULL, NULL) : NULL;
    bool failed = json_is_object(json_object_get(run, "error")) &&
                  moment_of(run, "ended") > f->good_ms;
    json_decref(run);
    f->count += failed;
    return failed ? 0 : 1;
}

static int find_failing(struct looking *l, struct koppel_error *err)
{
    int64_t least = l->rules->rules[CONF_ALERT_FAILING].threshold;
    struct failures failures = {.good_ms = l->good_ms};
    struct store_entry_filter filter = {.kind = "run", .subject = l->facts->conf->name,
                                        .limit = least > RUNS_MAX ? (int)least : RUNS_MAX};
    const json_t *error = json_object_get(l->last, "last_error");
    if (moment_of(error, "at") <= l->good_ms)
        return 0;
    if (l->store->ops->entries(l->store, &filter, add_run, &failures, err) < 0)
        return -1;
    if (failures.count >= least) {
        struct alert_finding *f = add(l, CONF_ALERT_FAILING, "", error_facts(error));
        f->since_ms = l->good_ms ? l->good_ms : moment_of(error, "at");
        f->count = failures.count;
    }
    return 0;
}

/* After how long without a good run it is silent. */
static int64_t silent_after(const struct looking *l)
{
    int64_t set = l->rules->rules[CONF_ALERT_SILENT].threshold;
    int64_t every = l->facts->conf->every_ms;
    if (set > 0)
        return set;
    if (every >= DAY_MS)
        return every + 2 * HOUR_MS;
    return 2 * every > 10 * MINUTE_MS ? 2 * every : 10 * MINUTE_MS;
}

/* While it is paused nothing is to be expected, and one that moves is alive however long its run
 * takes. */
static void find_silent(struct looking *l, const struct store_counts *c,
                        struct alert_look_flow *memory)
{
    int64_t moved = c->read + c->done + c->skipped + c->parked;
    if (l->facts->paused || moved != memory->moved)
        memory->alive_ms = l->now_ms;
    memory->moved = moved;
    int64_t since = l->good_ms > memory->alive_ms ? l->good_ms : memory->alive_ms;
    const json_t *error = json_object_get(l->last, "last_error");
    if (l->now_ms - since < silent_after(l))
        return;
    bool failed = moment_of(error, "at") > l->good_ms;
    add(l, CONF_ALERT_SILENT, "", failed ? error_facts(error) : NULL)->since_ms =
        l->good_ms ? l->good_ms : since;
}

/* ---- records ---- */

struct parked {
    struct looking *l;
    int64_t told; /* parked jobs of the causes so far */
};

/* Of a record's facts those that name no person: what a table lacks, and which field it is. */
static json_t *cause_facts(const struct store_cause *c)
{
    static const char *const plain[] = {"table", "value", "field"};
    const struct store_job_row *row = &c->example;
    char job[JOB_ID_BYTES];
    json_t *own = row->facts ? json_read_text(row->facts, NULL) : NULL, *facts = json_object();
    json_t *brief = row->brief ? json_read_text(row->brief, NULL) : NULL;
    const struct remedy *r = remedy_at_least(c->reason);
    job_id_format((struct job_id){c->flow, row->part, row->off}, job);
    struct remedy_command_about about = {c->flow, job, c->id, own};
    char *command = r ? remedy_command(r, &about) : NULL;
    bool table = json_object_get(own, "table") != NULL;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        json_t *value = json_object_get(own, plain[i]);
        if (value && (table || strcmp(plain[i], "value") != 0))
            (void)json_object_set(facts, plain[i], value);
    }
    const char *number = text_of(brief, "number"), *title = text_of(brief, "title");
    (void)json_object_set_new(facts, "reason", json_string_nocheck(c->reason));
    (void)json_object_set_new(facts, "number", json_string_nocheck(number ? number : job));
    if (title)
        (void)json_object_set_new(facts, "title", json_string_nocheck(title));
    if (row->detail)
        (void)json_object_set_new(facts, "why", words_of(row->detail));
    if (r)
        (void)json_object_set_new(facts, "remedy", words_of(remedy_command_words(r, own)));
    if (command && strlen(command) < WORDS_BYTES)
        (void)json_object_set_new(facts, "command", json_string_nocheck(command));
    free(command);
    json_decref(own);
    json_decref(brief);
    return facts;
}

static int add_cause(void *arg, const struct store_cause *c)
{
    struct parked *p = arg;
    char id[JOB_CAUSE_BYTES];
    p->told += c->parked;
    if (c->parked < p->l->rules->rules[CONF_ALERT_PARKED].threshold || c->parked == 0)
        return 0;
    job_cause_format(c->id, id);
    struct alert_finding *f = add(p->l, CONF_ALERT_PARKED, id, cause_facts(c));
    f->count = c->parked;
    f->since_ms = c->first_ms;
    return 0;
}

static int find_parked(struct looking *l, const struct store_counts *c, struct koppel_error *err)
{
    struct parked p = {.l = l};
    struct store_standing standing;
    const char *flow = l->facts->conf->name;
    if (c->parked == 0)
        return 0;
    if (l->store->ops->causes(l->store, flow, ALERT_LOOK_CAUSES, add_cause, &p, err) != 0)
        return -1;
    int64_t rest = c->parked - p.told;
    if (rest < l->rules->rules[CONF_ALERT_PARKED].threshold || rest <= 0)
        return 0;
    if (l->store->ops->standing(l->store, flow, &standing, err) != 0)
        return -1;
    struct alert_finding *f = add(l, CONF_ALERT_PARKED, "", NULL);
    f->count = rest;
    f->since_ms = standing.parked_ms;
    return 0;
}

static int find_backlog(struct looking *l, struct koppel_error *err)
{
    struct store_standing standing;
    int64_t after = l->rules->rules[CONF_ALERT_BACKLOG].threshold;
    int64_t own = 4 * l->facts->conf->every_ms;
    if (l->store->ops->standing(l->store, l->facts->conf->name, &standing, err) != 0)
        return -1;
    if (after == 0)
        after = own > HOUR_MS ? own : HOUR_MS;
    if (standing.undelivered_ms > 0 && l->now_ms - standing.undelivered_ms >= after)
        add(l, CONF_ALERT_BACKLOG, "", NULL)->since_ms = standing.undelivered_ms;
    return 0;
}

/* ---- */

static int find_all(struct looking *l, struct alert_look_flow *memory, struct koppel_error *err)
{
    const struct conf_alert_rule *rules = l->rules->rules;
    struct store_counts counts = {0};
    if (l->store->ops->counts(l->store, l->facts->conf->name, &counts, err) != 0)
        return -1;
    if (rules[CONF_ALERT_HALTED].on)
        find_halted(l);
    if (rules[CONF_ALERT_SILENT].on)
        find_silent(l, &counts, memory);
    if (rules[CONF_ALERT_FAILING].on && find_failing(l, err) != 0)
        return -1;
    if (rules[CONF_ALERT_PARKED].on && find_parked(l, &counts, err) != 0)
        return -1;
    return rules[CONF_ALERT_BACKLOG].on ? find_backlog(l, err) : 0;
}

int alert_look_flow(struct store *s, const struct conf_alert *rules,
                    const struct alert_look_flow_facts *facts, struct alert_look_flow *memory,
                    int64_t now_ms, struct alert_findings *out, struct koppel_error *err)
{
    json_t *last = NULL;
    struct looking l = {.store = s, .rules = rules, .facts = facts, .now_ms = now_ms, .out = out};
    if (runs_last(s, facts->conf->name, &last, err) != 0)
        return -1;
    l.last = last;
    l.good_ms = moment_of(last, "last_good");
    int rc = find_all(&l, memory, err);
    json_decref(last);
    return rc;
}
