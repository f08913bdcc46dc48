/* SPDX-License-Identifier: MIT
 * One look at all there is. */
#include "alert/alert_look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "alert/alert_check.h"
#include "alert/alert_look_connection.h"
#include "alert/alert_look_flow.h"
#include "alert/alert_outbox.h"
#include "base/certificate.h"
#include "base/clock.h"
#include "config/conf_dashboard.h"
#include "config/conf_store.h"

#define DAY_MS INT64_C(86400000)
#define FIRST_CHECK_MS (10 * 60 * 1000) /* after the start, which looks for damage itself */
#define GROWTH_DAYS 3
#define NOTE "alert/"
#define NOTE_BYTES 250
#define SIZE_BYTES 32

struct alert_look {
    struct engine *engine;
    int64_t begun_ms;
    int64_t rejected_ms; /* since when the configuration on disk has mistakes; 0: it has none */
    int64_t checked_ms;  /* when the check of the store began */
    struct alert_check *check; /* under way; NULL: none is */
    bool damaged;
    char damage[ERR_TEXT_BYTES];
    int64_t sizes[GROWTH_DAYS + 1]; /* of the store's files, a day apart, the newest first */
    int64_t sized_ms;
    int size_count;
    struct alert_look_flow *flows;
};

struct alert_look *alert_look_new(struct engine *e, int64_t now_ms)
{
    struct alert_look *l = calloc(1, sizeof *l);
    if (l)
        *l = (struct alert_look){.engine = e, .begun_ms = now_ms,
                                 .checked_ms = now_ms + FIRST_CHECK_MS - DAY_MS};
    return l;
}

void alert_look_free(struct alert_look *l)
{
    while (l && l->flows) {
        struct alert_look_flow *next = l->flows->next;
        free(l->flows->name);
        free(l->flows);
        l->flows = next;
    }
    if (l)
        alert_check_drop(l->check);
    free(l);
}

static struct alert_look_flow *memory_of(struct alert_look *l, const char *flow, int64_t now_ms)
{
    struct alert_look_flow *at = l->flows;
    while (at && strcmp(at->name, flow) != 0)
        at = at->next;
    if (at || !(at = calloc(1, sizeof *at)))
        return at;
    at->name = strdup(flow);
    if (!at->name) {
        free(at);
        return NULL;
    }
    at->alive_ms = now_ms;
    at->next = l->flows;
    l->flows = at;
    return at;
}

/* ---- the store and its disk ---- */

/* Once a day every page of it is gone through. */
static void find_damage(struct alert_look *l, const struct conf *conf, int64_t now_ms,
                        struct alert_findings *out)
{
    struct store_conf where = conf_store_place(conf, l->engine->key);
    if (!l->check && now_ms - l->checked_ms >= DAY_MS) {
        l->check = alert_check_begin(l->engine->store->ops, &where);
        l->checked_ms = now_ms;
    }
    if (l->check && alert_check_done(l->check, &l->damaged, l->damage)) {
        alert_check_drop(l->check);
        l->check = NULL;
    }
    if (l->damaged)
        alert_findings_add(out, CONF_ALERT_DAMAGED, "", "",
                           json_pack("{s:o}", "because", json_string_nocheck(l->damage)))
            ->critical = conf->alert->rules[CONF_ALERT_DAMAGED].critical;
}

static void size_text(int64_t bytes, char out[SIZE_BYTES])
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    int64_t tenths = bytes * 10 / 1024;
    while (tenths >= 10240 && unit < 3) {
        tenths /= 1024;
        unit++;
    }
    snprintf(out, SIZE_BYTES, "%lld.%lld %s", (long long)tenths / 10, (long long)tenths % 10,
             units[unit]);
}

/* By how much it grew in a day, on average of the last ones; 0: that is not known yet. */
static int64_t growth(struct alert_look *l, int64_t bytes, int64_t now_ms)
{
    if (l->size_count == 0 || now_ms - l->sized_ms >= DAY_MS) {
        memmove(l->sizes + 1, l->sizes, sizeof *l->sizes * GROWTH_DAYS);
        l->sizes[0] = bytes;
        l->sized_ms = now_ms;
        l->size_count += l->size_count <= GROWTH_DAYS ? 1 : 0;
    }
    int days = l->size_count - 1;
    return days > 0 ? (l->sizes[0] - l->sizes[days]) / days : 0;
}

static int find_disk(struct alert_look *l, const struct conf *conf, int64_t now_ms,
                     struct alert_findings *out, struct koppel_error *err)
{
    struct keeping_size size;
    struct statvfs disk;
    char shown[SIZE_BYTES], least[SIZE_BYTES];
    struct store *s = l->engine->store;
    if (s->ops->size(s, &size, err) != 0)
        return -1;
    if (size.disk_free_bytes < 0 || !conf->store_path || statvfs(conf->store_path, &disk) != 0 ||
        disk.f_blocks == 0)
        return 0;
    int64_t bytes = size.file_bytes + size.wal_bytes, left = size.disk_free_bytes;
    int64_t percent = left / ((int64_t)disk.f_blocks * (int64_t)disk.f_frsize / 100 + 1);
    int64_t daily = growth(l, bytes, now_ms);
    bool grows = daily > 0 && left / daily < GROWTH_DAYS, stops = left < conf->keep.free_bytes;
    if (percent >= conf->alert->rules[CONF_ALERT_DISK].threshold && !grows && !stops)
        return 0;
    size_text(left, shown);
    size_text(conf->keep.free_bytes, least);
    json_t *facts = json_pack("{s:s,s:s,s:I}", "free", shown, "least", least, "percent",
                              (json_int_t)percent);
    if (daily > 0)
        (void)json_object_set_new(facts, "days", json_integer(left / daily));
    alert_findings_add(out, CONF_ALERT_DISK, "", "", facts)->critical =
        stops || conf->alert->rules[CONF_ALERT_DISK].critical;
    return 0;
}

/* ---- the configuration, channels, what others found ---- */

static void find_rejected(struct alert_look *l, const struct conf *conf, int64_t now_ms,
                          struct alert_findings *out)
{
    const struct conf_alert *rules = conf->alert;
    size_t i;
    json_t *one, *first = NULL;
    int count = 0;
    pthread_mutex_lock(&l->engine->lock);
    json_t *mistakes = json_incref(l->engine->mistakes);
    pthread_mutex_unlock(&l->engine->lock);
    json_array_foreach(mistakes, i, one) {
        if (json_is_true(json_object_get(one, "warning")))
            continue;
        first = first ? first : one;
        count++;
    }
    /* what of the published one this host cannot take stands in the list of hosts */
    first = conf->published && !conf->whole ? NULL : first;
    l->rejected_ms = !first ? 0 : l->rejected_ms ? l->rejected_ms : now_ms;
    if (first && rules->rules[CONF_ALERT_REJECTED].on) {
        json_t *where = json_sprintf("%s:%lld", json_string_value(json_object_get(first, "file")),
                                     (long long)json_integer_value(json_object_get(first,
                                                                                   "line")));
        struct alert_finding *f = alert_findings_add(
            out, CONF_ALERT_REJECTED, "", "",
            json_pack("{s:o,s:O}", "where", where, "because", json_object_get(first, "text")));
        f->count = count;
        f->since_ms = l->rejected_ms;
        f->after_ms = rules->rules[CONF_ALERT_REJECTED].threshold;
        f->critical = rules->rules[CONF_ALERT_REJECTED].critical;
    }
    json_decref(mistakes);
}

/* With which the pages are served. */
static void find_own_certificate(const struct conf *conf, int64_t now_ms,
                                 struct alert_findings *out)
{
    const struct conf_alert_rule *rule = &conf->alert->rules[CONF_ALERT_CERTIFICATE];
    const char *path = conf->dashboard ? conf->dashboard->cert : NULL;
    int64_t ends = path ? certificate_ends_ms(path) : 0;
    if (ends > 0 && ends - now_ms < rule->threshold)
        alert_findings_add(out, CONF_ALERT_CERTIFICATE, "", "",
                           json_pack("{s:I,s:o}", "until", (json_int_t)ends, "where",
                                     json_string_nocheck(path)))
            ->critical = rule->critical;
}

struct hosts {
    const struct conf_alert *rules;
    struct alert_findings *out;
};

/* A host that shares the store and does not take all that is published: its flows are with the
 * others. */
static int add_host(void *arg, const struct store_host *h)
{
    struct hosts *a = arg;
    if (!h->alive || !*h->lacks)
        return 0;
    struct alert_finding *f = alert_findings_add(
        a->out, CONF_ALERT_REJECTED, h->name, "",
        json_pack("{s:o,s:o}", "where", json_string_nocheck(h->name), "because",
                  json_string_nocheck(h->lacks)));
    f->count = 1;
    f->after_ms = a->rules->rules[CONF_ALERT_REJECTED].threshold;
    f->critical = a->rules->rules[CONF_ALERT_REJECTED].critical;
    return 0;
}

static int find_hosts(struct alert_look *l, const struct conf_alert *rules,
                      struct alert_findings *out, struct koppel_error *err)
{
    struct hosts a = {rules, out};
    struct store *s = l->engine->store;
    return rules->rules[CONF_ALERT_REJECTED].on ? s->ops->hosts(s, add_host, &a, err) : 0;
}

static int find_channels(struct alert_look *l, const struct conf_alert *rules,
                         struct alert_findings *out, struct koppel_error *err)
{
    for (int i = 0; i < rules->channel_count; i++) {
        struct alert_outbox_state state;
        if (alert_outbox_state_get(l->engine->store, rules->channels[i].name, &state, err) != 0)
            return -1;
        if (state.failures < rules->rules[CONF_ALERT_CHANNEL].threshold)
            continue;
        struct alert_finding *f = alert_findings_add(
            out, CONF_ALERT_CHANNEL, rules->channels[i].name, "",
            json_pack("{s:o}", "because", json_string_nocheck(state.text)));
        f->count = state.failures;
        f->since_ms = state.failing_ms;
        f->critical = rules->rules[CONF_ALERT_CHANNEL].critical;
    }
    return 0;
}

int alert_look_told(struct store *s, enum conf_alert_name rule, const char *subject, int64_t count,
                    struct koppel_error *err)
{
    char name[NOTE_BYTES], digits[24];
    snprintf(name, sizeof name, NOTE "%s/%.160s", conf_alert_rule_name(rule), subject);
    snprintf(digits, sizeof digits, "%lld", (long long)count);
    return s->ops->note_put(s, name, count > 0 ? digits : NULL, err);
}

struct others {
    const struct generation *g;
    struct alert_findings *out;
};

static int add_other(void *arg, const char *name, const char *value)
{
    struct others *o = arg;
    const struct conf_alert *rules = o->g->conf->alert;
    char rule[64];
    const char *slash = strchr(name + strlen(NOTE), '/');
    int64_t count = strtoll(value, NULL, 10);
    snprintf(rule, sizeof rule, "%.*s", slash ? (int)(slash - name - (int)strlen(NOTE)) : 0,
             name + strlen(NOTE));
    int found = conf_alert_rule_find(rule);
    if (found < 0 || !rules->rules[found].on || count < rules->rules[found].threshold)
        return 0;
    if (strcmp(alert_book_kind((enum conf_alert_name)found), "flow") == 0 &&
        !conf_flow(o->g->conf, slash + 1))
        return 0; /* that flow is gone */
    struct alert_finding *f = alert_findings_add(o->out, (enum conf_alert_name)found, slash + 1,
                                                 "", NULL);
    f->count = count;
    f->critical = rules->rules[found].critical;
    return 0;
}

/* ---- all of it ---- */

static int find_flows(struct alert_look *l, const struct generation *g,
                      const struct alert_look_flow_facts *flows, int count, int64_t now_ms,
                      struct alert_findings *out, struct koppel_error *err)
{
    struct store *s = l->engine->store;
    for (int i = 0; i < g->conf->connection_count; i++) {
        if (alert_look_connection(s, g->conf->alert, g->connections[i], flows, count, now_ms, out,
                                  err) != 0)
            return -1;
    }
    for (int i = 0; i < count; i++) {
        struct alert_look_flow *memory = memory_of(l, flows[i].conf->name, now_ms);
        if (!memory)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        if (alert_look_flow(s, g->conf->alert, &flows[i], memory, now_ms, out, err) != 0)
            return -1;
    }
    return 0;
}

/* Flows that run, and the connections that they need; in safe mode none does. */
static int look_at_flows(struct alert_look *l, const struct generation *g, int64_t now_ms,
                         struct alert_findings *out, struct koppel_error *err)
{
    const struct conf *conf = g->conf;
    struct alert_look_flow_facts *flows = calloc((size_t)conf->flow_count + 1, sizeof *flows);
    int count = 0, rc = flows ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
    for (int i = 0; conf->whole && i < conf->flow_count && rc == 0; i++) {
        if (conf->flows[i].enabled)
            rc = alert_look_flow_ask(l->engine->store, &conf->flows[i], &flows[count++], err);
    }
    if (rc == 0)
        rc = find_flows(l, g, flows, count, now_ms, out, err);
    for (int i = 0; i < count; i++)
        free(flows[i].why);
    free(flows);
    return rc;
}

int alert_look_now(struct alert_look *l, const struct generation *g, int64_t now_ms,
                   struct alert_findings *out, struct koppel_error *err)
{
    const struct conf_alert *rules = g->conf->alert;
    struct store *s = l->engine->store;
    struct others others = {g, out};
    if (rules->rules[CONF_ALERT_DAMAGED].on)
        find_damage(l, g->conf, now_ms, out);
    find_rejected(l, g->conf, now_ms, out);
    if (find_hosts(l, rules, out, err) != 0)
        return -1;
    if (rules->rules[CONF_ALERT_CERTIFICATE].on)
        find_own_certificate(g->conf, now_ms, out);
    if (rules->rules[CONF_ALERT_DISK].on && find_disk(l, g->conf, now_ms, out, err) != 0)
        return -1;
    if (rules->rules[CONF_ALERT_CHANNEL].on && find_channels(l, rules, out, err) != 0)
        return -1;
    if (s->ops->notes(s, NOTE, add_other, &others, err) != 0)
        return -1;
    if (look_at_flows(l, g, now_ms, out, err) != 0)
        return -1;
    return out->failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : 0;
}
