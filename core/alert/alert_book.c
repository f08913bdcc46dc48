/* SPDX-License-Identifier: MIT
 * The life of alerts. */
#include "alert/alert_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUP_BYTES 200

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

const char *alert_book_kind(enum conf_alert_name rule)
{
    switch (rule) {
    case CONF_ALERT_LOGIN:
    case CONF_ALERT_DOWN:
    case CONF_ALERT_EXPIRING:
    case CONF_ALERT_CERTIFICATE:
        return "connection";
    case CONF_ALERT_HALTED:
    case CONF_ALERT_FAILING:
    case CONF_ALERT_SILENT:
    case CONF_ALERT_PARKED:
    case CONF_ALERT_BACKLOG:
    case CONF_ALERT_DIFFERENCE:
        return "flow";
    case CONF_ALERT_CHANNEL:
        return "channel";
    default:
        return "";
    }
}

const char *alert_book_state_name(enum alert_state state)
{
    static const char *const names[] = {"pending", "open", "acknowledged", "resolved"};
    return names[state];
}

/* ---- memory ---- */

static void alert_free(struct alert *a)
{
    free(a->subject);
    free(a->cause);
    free(a->who);
    free(a->silenced);
    json_decref(a->facts);
    json_decref(a->told_on);
    free(a);
}

void alert_book_done(struct alert_book *b)
{
    for (int i = 0; i < b->count; i++)
        alert_free(b->alerts[i]);
    for (int i = 0; i < b->group_count; i++)
        free(b->groups[i].name);
    free(b->alerts);
    free(b->groups);
    *b = (struct alert_book){0};
}

struct alert *alert_book_add(struct alert_book *b, enum conf_alert_name rule, const char *subject,
                             const char *cause)
{
    if (b->count == ALERT_BOOK_MAX)
        return NULL;
    struct alert **grown = realloc(b->alerts, sizeof *grown * (size_t)(b->count + 1));
    struct alert *a = calloc(1, sizeof *a);
    if (grown)
        b->alerts = grown;
    if (a)
        *a = (struct alert){.rule = rule, .subject = strdup(subject), .cause = strdup(cause),
                            .facts = json_object(), .told_on = json_array()};
    if (!grown || !a || !a->subject || !a->cause || !a->facts || !a->told_on) {
        if (a)
            alert_free(a);
        return NULL;
    }
    b->alerts[b->count++] = a;
    return a;
}

struct alert_group *alert_book_group(struct alert_book *b, const char *name)
{
    for (int i = 0; i < b->group_count; i++) {
        if (strcmp(b->groups[i].name, name) == 0)
            return &b->groups[i];
    }
    struct alert_group *grown = realloc(b->groups, sizeof *grown * (size_t)(b->group_count + 1));
    char *copy = strdup(name);
    if (grown)
        b->groups = grown;
    if (!grown || !copy) {
        free(copy);
        return NULL;
    }
    b->groups[b->group_count] = (struct alert_group){.name = copy};
    return &b->groups[b->group_count++];
}

struct alert *alert_book_find(const struct alert_book *b, int64_t number)
{
    for (int i = 0; i < b->count; i++) {
        if (b->alerts[i]->number == number)
            return b->alerts[i];
    }
    return NULL;
}

static struct alert *find_key(const struct alert_book *b, enum conf_alert_name rule,
                              const char *subject, const char *cause)
{
    for (int i = 0; i < b->count; i++) {
        struct alert *a = b->alerts[i];
        if (a->rule == rule && strcmp(a->subject, subject) == 0 && strcmp(a->cause, cause) == 0)
            return a;
    }
    return NULL;
}

/* ---- what silences what ---- */

static bool is_known(const struct alert_book *b, enum conf_alert_name rule, const char *subject)
{
    for (int i = 0; i < b->count; i++) {
        const struct alert *a = b->alerts[i];
        if (a->rule == rule && a->found && (!subject || strcmp(a->subject, subject) == 0))
            return true;
    }
    return false;
}

static bool connection_fails(const struct alert_book *b, const char *connection)
{
    return connection && (is_known(b, CONF_ALERT_LOGIN, connection) ||
                          is_known(b, CONF_ALERT_DOWN, connection));
}

/* What a finding follows from, in words; "": it stands for itself. */
static void silencer(const struct alert_book *b, const struct alert_finding *f,
                     char out[GROUP_BYTES])
{
    const char *connection = NULL;
    bool flow = f->rule == CONF_ALERT_HALTED || f->rule == CONF_ALERT_FAILING ||
                f->rule == CONF_ALERT_SILENT || f->rule == CONF_ALERT_BACKLOG;
    out[0] = '\0';
    if (flow)
        connection = connection_fails(b, f->from) ? f->from
                     : connection_fails(b, f->to) ? f->to
                                                  : NULL;
    if (f->by_hand || (f->paused && f->rule == CONF_ALERT_SILENT))
        snprintf(out, GROUP_BYTES, "pause");
    else if (connection)
        snprintf(out, GROUP_BYTES, "connection %.160s", connection);
    else if (f->rule == CONF_ALERT_EXPIRING && is_known(b, CONF_ALERT_LOGIN, f->subject))
        snprintf(out, GROUP_BYTES, "connection %.160s", f->subject);
    else if (strcmp(alert_book_kind(f->rule), "connection") == 0 &&
             f->rule != CONF_ALERT_CERTIFICATE && is_known(b, CONF_ALERT_STOPPED, NULL))
        snprintf(out, GROUP_BYTES, "engine");
}

static int silence(const struct alert_book *b, struct alert *a, const struct alert_finding *f,
                   int64_t now_ms)
{
    char by[GROUP_BYTES];
    silencer(b, f, by);
    /* what it followed from is over; it may be too, once the flow has run again */
    if (!by[0] && a->silenced)
        a->hold_ms = now_ms + ALERT_BOOK_FLAP_MS;
    free(a->silenced);
    a->silenced = by[0] ? strdup(by) : NULL;
    return by[0] && !a->silenced ? -1 : 0;
}

/* ---- a look ---- */

/* It came back within the time in which it is the same. */
static void reopen(struct alert *a, int64_t now_ms)
{
    a->state = ALERT_OPEN;
    a->gone_ms = 0;
    if (a->told_ms == 0)
        return;
    a->flaps++;
    a->due = true; /* once it has stayed */
    a->hold_ms = now_ms + ALERT_BOOK_FLAP_MS;
}

static int take(struct alert_book *b, const struct alert_finding *f, int64_t now_ms,
                struct koppel_error *err)
{
    struct alert *a = find_key(b, f->rule, f->subject, f->cause);
    if (!a) {
        a = alert_book_add(b, f->rule, f->subject, f->cause);
        if (!a)
            return b->count == ALERT_BOOK_MAX ? 0 : no_memory(err);
        a->number = ++b->serial;
        a->since_ms = f->since_ms ? f->since_ms : now_ms;
    }
    a->found = true;
    if (a->state == ALERT_RESOLVED)
        reopen(a, now_ms);
    bool worse = f->critical && !a->critical;
    a->due = a->due || (worse && a->told_ms); /* than what was told */
    a->critical = f->critical;
    a->count = f->count;
    if (f->facts) {
        json_decref(a->facts);
        a->facts = json_incref((json_t *)f->facts);
    }
    if (a->state == ALERT_PENDING && now_ms - a->since_ms >= f->after_ms) {
        a->state = ALERT_OPEN;
        a->opened_ms = now_ms;
        a->due = true;
    }
    bool over = a->until_ms ? now_ms >= a->until_ms : worse || a->count > a->seen_count;
    if (a->state == ALERT_ACKNOWLEDGED && over) {
        a->state = ALERT_OPEN;
        a->due = true;
    }
    return 0;
}

/* What is over for so long that it would be another one. */
static void forget_old(struct alert_book *b, int64_t now_ms)
{
    int kept = 0;
    for (int i = 0; i < b->count; i++) {
        struct alert *a = b->alerts[i];
        if (a->state == ALERT_RESOLVED && !a->due && now_ms - a->gone_ms > ALERT_BOOK_FLAP_MS)
            alert_free(a);
        else
            b->alerts[kept++] = a;
    }
    b->count = kept;
}

/* What was not found is over, and what was pending never was. */
static void drop_gone(struct alert_book *b, int64_t now_ms)
{
    int kept = 0;
    for (int i = 0; i < b->count; i++) {
        struct alert *a = b->alerts[i];
        bool was_open = a->state == ALERT_OPEN || a->state == ALERT_ACKNOWLEDGED;
        if (!a->found && was_open) {
            a->state = ALERT_RESOLVED;
            a->gone_ms = now_ms;
            /* what came back and went before it was told was told as over already */
            a->due = a->told_ms && !(a->flaps && a->due) && !a->silenced;
        }
        if (!a->found && a->state == ALERT_PENDING)
            alert_free(a);
        else
            b->alerts[kept++] = a;
    }
    b->count = kept;
}

/* ---- what is said ---- */

/* What concerns no flow, connection or channel has nothing to do with one another. */
static void group_name(const struct alert *a, char out[GROUP_BYTES])
{
    const char *kind = alert_book_kind(a->rule);
    snprintf(out, GROUP_BYTES, "%s %.160s", kind,
             *kind ? a->subject : conf_alert_rule_name(a->rule));
}

static bool in_group(const struct alert *a, const char *group)
{
    char own[GROUP_BYTES];
    group_name(a, own);
    return strcmp(own, group) == 0;
}

static bool wants(const struct alert *a, enum alert_notice_kind kind, int64_t now_ms)
{
    if (kind == ALERT_NOTICE_OVER)
        return a->state == ALERT_RESOLVED && a->due;
    if (a->state != ALERT_OPEN || a->silenced || now_ms < a->hold_ms)
        return false;
    return kind == ALERT_NOTICE_OPEN ? a->due
                                     : !a->due && a->told_ms &&
                                           now_ms - a->told_ms >= ALERT_BOOK_REMIND_MS;
}

/* Is it of a kind that the group was told of: the same rule, for the same reason? */
static bool is_told_kind(const struct alert_book *b, const struct alert_group *g,
                         const struct alert *a, int64_t now_ms)
{
    const json_t *reason = json_object_get(a->facts, "reason");
    for (int i = 0; i < b->count; i++) {
        const struct alert *o = b->alerts[i];
        const json_t *other = json_object_get(o->facts, "reason");
        bool same = reason && other ? json_equal(reason, other) : !reason && !other;
        if (same && o->rule == a->rule && o->told_ms && o->state != ALERT_RESOLVED &&
            in_group(o, g->name) && !wants(o, ALERT_NOTICE_OPEN, now_ms))
            return true;
    }
    return false;
}

/* May the group be told something new now? Its first always, and what is the first critical one;
 * the first of a kind within a minute, others of it at most every five. */
static bool may_tell(const struct alert_book *b, const struct alert_group *g, int64_t now_ms)
{
    bool told = false, told_critical = false, new_critical = false, new_kind = false;
    for (int i = 0; i < b->count; i++) {
        const struct alert *a = b->alerts[i];
        if (!in_group(a, g->name))
            continue;
        bool fresh = wants(a, ALERT_NOTICE_OPEN, now_ms);
        told = told || (a->told_ms && a->state != ALERT_RESOLVED);
        told_critical = told_critical || (a->told_ms && a->critical && !fresh);
        new_critical = new_critical || (fresh && a->critical);
        new_kind = new_kind || (fresh && !is_told_kind(b, g, a, now_ms));
    }
    int64_t wait = g->times == 1 || new_kind ? ALERT_BOOK_JOIN_MS : ALERT_BOOK_AGAIN_MS;
    return !told || (new_critical && !told_critical) || now_ms - g->last_ms >= wait;
}

static int collect(struct alert_book *b, const char *group, enum alert_notice_kind kind,
                   int64_t now_ms, struct alert_notice *out)
{
    *out = (struct alert_notice){.kind = kind};
    out->alerts = calloc((size_t)b->count + 1, sizeof(struct alert *));
    if (!out->alerts)
        return -1;
    for (int i = 0; i < b->count; i++) {
        struct alert *a = b->alerts[i];
        if (!in_group(a, group) || !wants(a, kind, now_ms))
            continue;
        out->alerts[out->count++] = a;
        out->critical = out->critical || a->critical;
    }
    for (int i = 0; i < out->count; i++) {
        out->alerts[i]->due = false;
        if (kind != ALERT_NOTICE_OVER)
            out->alerts[i]->told_ms = now_ms;
    }
    return 0;
}

static int tell_group(struct alert_book *b, const char *name, int64_t now_ms,
                      struct alert_notice *out, int *count)
{
    static const enum alert_notice_kind kinds[] = {ALERT_NOTICE_OVER, ALERT_NOTICE_OPEN,
                                                   ALERT_NOTICE_REMINDER};
    struct alert_group *g = alert_book_group(b, name);
    if (!g)
        return -1;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bool any = false;
        for (int i = 0; i < b->count && !any; i++)
            any = in_group(b->alerts[i], name) && wants(b->alerts[i], kinds[k], now_ms);
        if (!any || (kinds[k] == ALERT_NOTICE_OPEN && !may_tell(b, g, now_ms)))
            continue;
        if (collect(b, name, kinds[k], now_ms, &out[*count]) != 0)
            return -1;
        ++*count;
        if (kinds[k] == ALERT_NOTICE_OPEN) {
            g->last_ms = now_ms;
            g->times++;
        }
    }
    return 0;
}

/* A group without an alert begins anew. */
static void drop_groups(struct alert_book *b)
{
    int kept = 0;
    for (int i = 0; i < b->group_count; i++) {
        bool used = false;
        for (int k = 0; k < b->count && !used; k++)
            used = b->alerts[k]->state != ALERT_PENDING && in_group(b->alerts[k],
                                                                    b->groups[i].name);
        if (used)
            b->groups[kept++] = b->groups[i];
        else
            free(b->groups[i].name);
    }
    b->group_count = kept;
}

static int say(struct alert_book *b, int64_t now_ms, struct alert_notice **notices, int *count,
               struct koppel_error *err)
{
    struct alert_notice *out = calloc(3 * (size_t)b->count + 1, sizeof *out);
    *count = 0;
    *notices = out;
    if (!out)
        return no_memory(err);
    for (int i = 0; i < b->count; i++) {
        char name[GROUP_BYTES];
        bool before = false;
        group_name(b->alerts[i], name);
        for (int k = 0; k < i && !before; k++)
            before = in_group(b->alerts[k], name);
        if (!before && tell_group(b, name, now_ms, out, count) != 0)
            return no_memory(err);
    }
    drop_groups(b);
    return 0;
}

int alert_book_look(struct alert_book *b, const struct alert_finding *findings, int finding_count,
                    int64_t now_ms, struct alert_notice **notices, int *count,
                    struct koppel_error *err)
{
    *notices = NULL;
    *count = 0;
    forget_old(b, now_ms);
    for (int i = 0; i < b->count; i++)
        b->alerts[i]->found = false;
    for (int i = 0; i < finding_count; i++) {
        if (take(b, &findings[i], now_ms, err) != 0)
            return -1;
    }
    for (int i = 0; i < finding_count; i++) {
        const struct alert_finding *f = &findings[i];
        struct alert *a = find_key(b, f->rule, f->subject, f->cause);
        if (a && silence(b, a, f, now_ms) != 0)
            return no_memory(err);
    }
    drop_gone(b, now_ms);
    int rc = say(b, now_ms, notices, count, err);
    if (rc != 0) {
        alert_book_notices_done(*notices, *count);
        *notices = NULL;
        *count = 0;
    }
    return rc;
}

void alert_book_notices_done(struct alert_notice *notices, int count)
{
    for (int i = 0; i < count; i++)
        free(notices[i].alerts);
    free(notices);
}

/* ---- persons ---- */

int alert_book_acknowledge(struct alert_book *b, int64_t number, const char *who, int64_t until_ms,
                           struct koppel_error *err)
{
    struct alert *a = alert_book_find(b, number);
    if (!a || a->state == ALERT_RESOLVED)
        return err_set(err, KOPPEL_E_REJECTED, "there is no open alert %lld", (long long)number);
    char *copy = strdup(who);
    if (!copy)
        return no_memory(err);
    free(a->who);
    a->who = copy;
    a->state = ALERT_ACKNOWLEDGED;
    if (a->opened_ms == 0)
        a->opened_ms = a->since_ms;
    a->until_ms = until_ms;
    a->seen_count = a->count;
    a->due = false;
    return 0;
}
