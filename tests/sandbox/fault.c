// SPDX-License-Identifier: MIT
// Which requests go wrong; see fault.h.
#include "fault.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOR_EVER (-1L)

struct rule {
    struct fault fault;
    char match[128]; // in the request's line or body; empty: any
    bool writes;     // only requests that change something
    long skip;       // so many that match pass first
    long left;       // so often it still applies; FOR_EVER
    int percent;     // of those that match
    bool script;     // one of a sequence, whose rules wait for each other
    long met, hit;
    struct rule *next;
};

struct faults {
    pthread_mutex_t lock;
    struct rule *rules;
    uint64_t random, count; // count: requests that went wrong
};

static const struct kind {
    const char *name;
    enum fault_kind kind;
    bool apply; // unless the rule says otherwise
} kinds[] = {
    {"ok", FAULT_NONE, true},          {"status", FAULT_STATUS, false},
    {"problem", FAULT_PROBLEM, false}, {"truncate", FAULT_TRUNCATE, true},
    {"hang", FAULT_HANG, false},       {"drop-answer", FAULT_LOSE, true},
    {"garbage", FAULT_GARBAGE, false}, {"huge", FAULT_HUGE, false},
    {"wait", FAULT_WAIT, true},        {"bend", FAULT_BEND, true},
};

static bool kind_named(struct fault *f, const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) != 0)
            continue;
        f->kind = kinds[i].kind;
        f->apply = kinds[i].apply;
        return true;
    }
    return false;
}

struct faults *faults_new(void)
{
    struct faults *f = calloc(1, sizeof *f);
    if (f)
        pthread_mutex_init(&f->lock, NULL);
    return f;
}

static void rules_free(struct rule *r)
{
    while (r) {
        struct rule *next = r->next;
        json_decref(r->fault.rule);
        free(r);
        r = next;
    }
}

void faults_free(struct faults *f)
{
    if (!f)
        return;
    rules_free(f->rules);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

static void append(struct faults *f, struct rule *list)
{
    struct rule **last = &f->rules;
    while (*last)
        last = &(*last)->next;
    *last = list;
}

// ---- Scripts --------------------------------------------------------------------------------

static bool status_named(struct fault *f, const char *name)
{
    char *end;
    long status = strtol(name, &end, 10);
    f->kind = FAULT_STATUS;
    f->status = (int)status;
    return end != name && !*end && status >= 400 && status <= 599;
}

// One entry: NAME[xN][@MATCH], where blanks are allowed around the parts.
static struct rule *script_entry(const char *text, size_t bytes)
{
    struct rule *r = calloc(1, sizeof *r);
    char copy[200], *end;
    if (!r || bytes >= sizeof copy)
        goto bad;

    snprintf(copy, sizeof copy, "%.*s", (int)bytes, text);
    r->left = 1;
    r->percent = 100;
    char *part = strchr(copy, '@');
    if (part) {
        *part++ = '\0';
        snprintf(r->match, sizeof r->match, "%s", part);
    }
    for (end = copy + strlen(copy); end > copy && strchr(" \t\r\n", end[-1]);)
        *--end = '\0';

    part = strrchr(copy, 'x');
    if (part && part[1] >= '0' && part[1] <= '9') {
        r->left = strtol(part + 1, &end, 10);
        if (*end || r->left < 1)
            goto bad;
        *part = '\0';
        while (part > copy && part[-1] == ' ')
            *--part = '\0';
    }
    const char *name = copy + strspn(copy, " \t\r\n");
    if (kind_named(&r->fault, name) && r->fault.kind < FAULT_WAIT && r->fault.kind != FAULT_STATUS)
        return r;
    if (status_named(&r->fault, name))
        return r;
bad:
    free(r);
    return NULL;
}

bool faults_script(struct faults *f, const char *script)
{
    struct rule *list = NULL, **tail = &list;

    while (*script) {
        size_t bytes = strcspn(script, ",");
        if (strspn(script, " \t\r\n") < bytes) {
            *tail = script_entry(script, bytes);
            if (!*tail) {
                rules_free(list);
                return false;
            }
            tail = &(*tail)->next;
        }
        script += bytes + (script[bytes] == ',');
    }

    pthread_mutex_lock(&f->lock);
    // What is added later stands behind what is there, so all scripts are one sequence.
    for (struct rule *r = list; r; r = r->next)
        r->script = true;
    append(f, list);
    pthread_mutex_unlock(&f->lock);
    return true;
}

// ---- Orders in JSON -------------------------------------------------------------------------

static const char *const members[] = {
    "do",       "on",     "writes", "skip",  "times", "percent", "apply", "before_ms",
    "after_ms", "status", "text",   "type",  "of",    "row",     "where", "member",
    "remove",   "null",   "rename", "value", "raw",   "keep",    "total", "retry_after"};

static const char *unknown_member(const json_t *in)
{
    static _Thread_local char why[100];
    const char *name;
    json_t *value;
    // Walking an object changes nothing in it.
    json_object_foreach((json_t *)(uintptr_t)in, name, value) {
        size_t i = 0;
        while (i < sizeof members / sizeof *members && strcmp(members[i], name) != 0)
            i++;
        if (i < sizeof members / sizeof *members)
            continue;
        snprintf(why, sizeof why, "a rule has no member \"%.50s\"", name);
        return why;
    }
    return NULL;
}

static long number(const json_t *in, const char *name, long otherwise)
{
    const json_t *value = json_object_get(in, name);
    return json_is_integer(value) ? (long)json_integer_value(value) : otherwise;
}

static const char *rule_from(struct rule *r, json_t *in)
{
    const char *name = json_string_value(json_object_get(in, "do"));
    const char *on = json_string_value(json_object_get(in, "on"));
    const json_t *apply = json_object_get(in, "apply"), *times = json_object_get(in, "times");
    const char *why = unknown_member(in);
    if (why)
        return why;
    if (!name || !kind_named(&r->fault, name))
        return "\"do\" is none of ok, status, problem, truncate, hang, drop-answer, garbage, huge, "
               "wait, bend";
    if (on && strlen(on) >= sizeof r->match)
        return "\"on\" is too long";

    snprintf(r->match, sizeof r->match, "%s", on ? on : "");
    r->writes = json_is_true(json_object_get(in, "writes"));
    r->skip = number(in, "skip", 0);
    r->left = json_is_string(times) ? FOR_EVER : number(in, "times", 1);
    r->percent = (int)number(in, "percent", 100);
    r->fault.apply = apply ? json_is_true(apply) : r->fault.apply;
    r->fault.before_ms = number(in, "before_ms", 0);
    r->fault.after_ms = number(in, "after_ms", 0);
    r->fault.status = (int)number(in, "status", r->fault.kind == FAULT_STATUS ? 503 : 200);
    r->fault.rule = json_incref(in);
    if (r->fault.status < 200 || r->fault.status > 599)
        return "\"status\" is from 200 to 599";
    return NULL;
}

const char *faults_order(struct faults *f, const json_t *order)
{
    const json_t *rules = json_object_get(order, "rules");
    const char *why = json_is_array(rules) ? NULL : "{\"seed\": n, \"rules\": [...]} wanted";
    struct rule *list = NULL, **tail = &list;
    json_t *one;
    size_t i;
    json_array_foreach(rules, i, one) {
        *tail = calloc(1, sizeof **tail);
        why = *tail ? rule_from(*tail, one) : "out of memory";
        if (why)
            break;
        tail = &(*tail)->next;
    }
    if (why) {
        rules_free(list);
        return why;
    }

    pthread_mutex_lock(&f->lock);
    struct rule *gone = f->rules;
    f->rules = list;
    f->random = (uint64_t)number(order, "seed", 1);
    pthread_mutex_unlock(&f->lock);
    rules_free(gone);
    return NULL;
}

json_t *faults_show(struct faults *f)
{
    json_t *list = json_array();
    pthread_mutex_lock(&f->lock);
    for (const struct rule *r = f->rules; r; r = r->next) {
        json_t *one = json_copy(r->fault.rule);
        if (!one)
            continue;
        json_object_set_new(one, "met", json_integer(r->met));
        json_object_set_new(one, "hit", json_integer(r->hit));
        json_array_append_new(list, one);
    }
    pthread_mutex_unlock(&f->lock);
    return json_pack("{so}", "rules", list);
}

// ---- Requests -------------------------------------------------------------------------------

static bool meant(const struct rule *r, const struct request *req, bool writes)
{
    char line[2048];
    if (r->writes && !writes)
        return false;
    if (!*r->match)
        return true;
    int used = snprintf(line, sizeof line, "%s %s", req->method, req->path);
    for (size_t i = 0; i < req->queries && (size_t)used < sizeof line; i++)
        used += snprintf(line + used, sizeof line - (size_t)used, "%c%s=%s", i ? '&' : '?',
                         req->query[i].name, req->query[i].value);
    return strstr(line, r->match) || strstr(req->body, r->match);
}

// Whether the rule applies now; counts.
static bool applies(struct faults *f, struct rule *r)
{
    r->met++;
    if (r->skip > 0) {
        r->skip--;
        return false;
    }
    if (r->percent < 100 && seed_next(&f->random) % 100 >= (uint64_t)r->percent)
        return false;
    r->hit++;
    if (r->left > 0)
        r->left--;
    return true;
}

struct fault faults_next(struct faults *f, const struct request *req, bool writes)
{
    struct fault now = {.apply = true};
    bool waits = false; // the sequence does, for another request than this one

    pthread_mutex_lock(&f->lock);
    for (struct rule *r = f->rules; r; r = r->next) {
        if (r->left == 0 || (r->script && waits))
            continue;
        waits = waits || r->script;
        if (!meant(r, req, writes) || !applies(f, r))
            continue;
        now = r->fault;
        json_incref(now.rule);
        break;
    }
    f->count += now.kind != FAULT_NONE;
    pthread_mutex_unlock(&f->lock);
    return now;
}

void fault_done(struct fault *f)
{
    json_decref(f->rule);
    f->rule = NULL;
}

uint64_t faults_count(struct faults *f)
{
    pthread_mutex_lock(&f->lock);
    uint64_t count = f->count;
    pthread_mutex_unlock(&f->lock);
    return count;
}
