/* SPDX-License-Identifier: MIT
 * One turn of the book. */
#include "alert/alert_tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_book_json.h"
#include "alert/alert_channel.h"
#include "alert/alert_outbox.h"
#include "alert/alert_quiet.h"
#include "alert/alert_text.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "base/log.h"

#define TRIES 5 /* of a turn that others come in between */
#define ID_BYTES 64
#define DONE_BYTES 200
#define ORDERS_MAX 20 /* that are looked at for what helped */
#define ROWS_MAX 20 /* of one message */
#define WEEK_MS (7 * INT64_C(86400000))
#define NOBODY "koppel"

struct turn {
    struct store *store;
    const struct conf_alert *conf;
    struct alert_book *book;
    int64_t now_ms;
    int64_t number; /* of this turn */
    int index;      /* messages so far */
    bool changed;
};

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- messages ---- */

/* Facts stay here: they may name people. */
static json_t *rows_of(struct alert *const *alerts, int count)
{
    json_t *rows = json_array();
    for (int i = 0; rows && i < count && i < ROWS_MAX; i++) {
        json_t *row = alert_book_json_row(alerts[i]);
        (void)json_object_del(row, "facts");
        (void)json_array_append_new(rows, row);
    }
    return rows;
}

static int queue(struct turn *t, const struct conf_alert_channel *c, const char *kind,
                 const struct alert_text *text, json_t *rows_take, struct koppel_error *err)
{
    char id[ID_BYTES];
    struct alert_outbox_place place = {t->number, t->index++, c->name};
    snprintf(id, sizeof id, "%.16s-%lld-%d", t->store->ops->id(t->store), (long long)t->number,
             place.index);
    return alert_outbox_put(t->store, &place,
                            json_pack("{s:s,s:s,s:s,s:I,s:b,s:o,s:o,s:o}", "id", id, "channel",
                                      c->name, "kind", kind, "at", (json_int_t)t->now_ms,
                                      "critical", text->critical, "subject",
                                      json_string_nocheck(text->subject), "body",
                                      json_string_nocheck(text->body), "alerts", rows_take),
                            err);
}

static bool was_told(const struct alert *a, const char *channel)
{
    size_t i;
    json_t *one;
    json_array_foreach(a->told_on, i, one) {
        if (strcmp(json_string_value(one), channel) == 0)
            return true;
    }
    return false;
}

/* Does it go to this channel? An end goes where the beginning went. */
static bool goes_to(const struct turn *t, const struct alert *a, enum alert_notice_kind kind,
                    const struct conf_alert_channel *c)
{
    if (kind == ALERT_NOTICE_OVER)
        return was_told(a, c->name);
    if (a->rule == CONF_ALERT_CHANNEL && strcmp(a->subject, c->name) == 0)
        return false;
    return conf_alert_tells(t->conf, a->rule, c) &&
           !alert_quiet_holds(&c->quiet, a->critical, t->now_ms);
}

static int tell_channel(struct turn *t, const struct alert_notice *n,
                        const struct conf_alert_channel *c, struct koppel_error *err)
{
    static const char *const kinds[] = {"open", "reminder", "over"};
    struct alert_notice own = {.kind = n->kind};
    struct alert_text text = {0};
    own.alerts = calloc((size_t)n->count + 1, sizeof(struct alert *));
    if (!own.alerts)
        return no_memory(err);
    for (int i = 0; i < n->count; i++) {
        if (!goes_to(t, n->alerts[i], n->kind, c))
            continue;
        own.alerts[own.count++] = n->alerts[i];
        own.critical = own.critical || n->alerts[i]->critical;
    }
    int rc = own.count > 0 ? alert_text_notice(t->conf, &own, &text, err) : 0;
    if (rc == 0 && own.count > 0)
        rc = queue(t, c, kinds[n->kind], &text, rows_of(own.alerts, own.count), err);
    for (int i = 0; i < own.count && rc == 0; i++) {
        if (!was_told(own.alerts[i], c->name))
            (void)json_array_append_new(own.alerts[i]->told_on, json_string(c->name));
    }
    alert_text_done(&text);
    free(own.alerts);
    return rc;
}

/* ---- what was done ---- */

struct doing {
    const struct alert *alert;
    char text[DONE_BYTES];
};

/* Is the order about the alert's subject, or one of its jobs or tables, or about jobs by what they
 * wait for? */
static bool concerns(const struct doing *d, const struct store_entry *e, const json_t *order)
{
    const char *subject = d->alert->subject, *name = json_string_value(json_object_get(order,
                                                                                       "order"));
    size_t n = strlen(subject);
    if (!e->subject)
        return name && strncmp(name, "jobs.", 5) == 0 && d->alert->rule == CONF_ALERT_PARKED;
    return strncmp(e->subject, subject, n) == 0 && (!e->subject[n] || e->subject[n] == '/');
}

/* The newest is what helped. */
static int see_order(void *arg, const struct store_entry *e)
{
    struct doing *d = arg;
    if (e->at_ms < d->alert->since_ms)
        return 1;
    json_t *order = e->body ? json_read(e->body, e->body_bytes, NULL, NULL) : NULL;
    const char *what = json_string_value(json_object_get(order, "what"));
    if (what && concerns(d, e, order))
        snprintf(d->text, sizeof d->text, "%.120s (%.60s)", what, e->who ? e->who : "");
    json_decref(order);
    return d->text[0] != '\0';
}

/* The last order about it since it began. What is not known is not told. */
static void add_done(struct turn *t, struct alert *a)
{
    struct doing d = {.alert = a};
    struct store_entry_filter filter = {.kind = "audit", .limit = ORDERS_MAX};
    struct koppel_error ignored = {0};
    if (*a->subject && t->store->ops->entries(t->store, &filter, see_order, &d, &ignored) >= 0 &&
        d.text[0])
        (void)json_object_set_new(a->facts, "done", json_string_nocheck(d.text));
}

/* ---- the log ---- */

/* In English and without what a record held. NULL: no memory. */
static char *log_line(const struct conf_alert *conf, const struct alert *a)
{
    struct conf_alert plain = *conf;
    struct alert copy = *a;
    plain.personal = false;
    plain.language = "en";
    copy.facts = json_copy(a->facts);
    (void)json_object_del(copy.facts, "value");
    char *line = alert_text_line(&plain, &copy);
    json_decref(copy.facts);
    return line;
}

/* Y6: a line each, and an entry; nothing of a record stands in either in the clear. */
static int note(struct turn *t, const struct alert *a, enum alert_notice_kind kind,
                struct koppel_error *err)
{
    static const char *const kinds[] = {"open", "still open", "over"};
    char *line = log_line(t->conf, a);
    bool flow = strcmp(alert_book_kind(a->rule), "flow") == 0;
    bool connection = strcmp(alert_book_kind(a->rule), "connection") == 0;
    log_at(kind == ALERT_NOTICE_OVER ? LOG_INFO : a->critical ? LOG_ERROR : LOG_WARNING,
           LOG_ABOUT(.event = "alert", .flow = flow ? a->subject : NULL,
                     .connection = connection ? a->subject : NULL,
                     .reason = conf_alert_rule_name(a->rule), .count = a->count),
           "alert %lld is %s: %s", (long long)a->number, kinds[kind], line ? line : "");
    free(line);
    json_t *row = alert_book_json_row(a);
    char *body = row ? json_text(row, false, NULL) : NULL;
    json_decref(row);
    if (!body)
        return no_memory(err);
    struct store_entry entry = {.kind = "alert", .who = NOBODY, .subject = a->subject,
                                .body = body, .body_bytes = strlen(body)};
    int rc = t->store->ops->entry_add(t->store, &entry, NULL, err);
    free(body);
    return rc;
}

static int tell_all(struct turn *t, const struct alert_notice *notices, int count,
                    struct koppel_error *err)
{
    for (int i = 0; i < count; i++) {
        const struct alert_notice *n = &notices[i];
        for (int k = 0; k < n->count && n->kind == ALERT_NOTICE_OVER; k++)
            add_done(t, n->alerts[k]);
        for (int k = 0; k < t->conf->channel_count; k++) {
            if (tell_channel(t, n, &t->conf->channels[k], err) != 0)
                return -1;
        }
    }
    return 0;
}

/* ---- once a day, and once a week ---- */

static int add_bucket(void *arg, const struct store_bucket *b)
{
    struct alert_text_week *sum = arg;
    sum->read += b->read;
    sum->done += b->done;
    sum->skipped += b->skipped;
    sum->parked += b->parked;
    return 0;
}

static int tell_weekly(struct turn *t, int flows, struct koppel_error *err)
{
    struct alert_text_week week = {.flows = flows};
    struct alert_text text = {0};
    int rc = t->store->ops->history(t->store, NULL, t->now_ms - WEEK_MS, t->now_ms, add_bucket,
                                    &week, err);
    if (rc == 0)
        rc = alert_text_weekly(t->conf, &week, &text, err);
    for (int i = 0; i < t->conf->channel_count && rc == 0; i++)
        rc = queue(t, &t->conf->channels[i], "weekly", &text, json_array(), err);
    alert_text_done(&text);
    return rc;
}

static int tell_digest(struct turn *t, struct alert **open, int count,
                       const struct conf_alert_channel *c, struct koppel_error *err)
{
    struct alert_text text = {0};
    struct alert **own = calloc((size_t)count + 1, sizeof(struct alert *));
    int n = 0, rc = own ? 0 : no_memory(err);
    for (int i = 0; i < count && rc == 0; i++) {
        if (conf_alert_tells(t->conf, open[i]->rule, c))
            own[n++] = open[i];
    }
    if (n > 0)
        rc = alert_text_digest(t->conf, own, n, &text, err);
    if (n > 0 && rc == 0)
        rc = queue(t, c, "digest", &text, rows_of(own, n), err);
    for (int i = 0; i < n && rc == 0; i++) {
        own[i]->told_ms = t->now_ms; /* that is the reminder, too */
        if (!was_told(own[i], c->name))
            (void)json_array_append_new(own[i]->told_on, json_string(c->name));
    }
    alert_text_done(&text);
    free(own);
    return rc;
}

/* What is open and stands for itself. */
static int open_ones(const struct alert_book *b, struct alert **out)
{
    int n = 0;
    for (int i = 0; i < b->count; i++) {
        if (b->alerts[i]->state == ALERT_OPEN && !b->alerts[i]->silenced)
            out[n++] = b->alerts[i];
    }
    return n;
}

static int tell_by_clock(struct turn *t, int flows, struct koppel_error *err)
{
    struct alert_book *b = t->book;
    struct alert *open[ALERT_BOOK_MAX];
    const struct conf_alert *conf = t->conf;
    bool first = b->digest_ms == 0; /* it begins now */
    bool daily = !first && alert_quiet_is_due(conf->zone, conf->digest_minute, -1, b->digest_ms,
                                              t->now_ms);
    bool weekly = !first && conf->weekly_day != CONF_ALERT_NO_DAY &&
                  alert_quiet_is_due(conf->zone, conf->digest_minute, conf->weekly_day,
                                     b->weekly_ms, t->now_ms);
    int count = open_ones(b, open), rc = 0;
    for (int i = 0; daily && count > 0 && i < conf->channel_count && rc == 0; i++)
        rc = tell_digest(t, open, count, &conf->channels[i], err);
    if (rc == 0 && weekly && count == 0)
        rc = tell_weekly(t, flows, err);
    if (first || daily)
        b->digest_ms = t->now_ms;
    if (first || weekly)
        b->weekly_ms = t->now_ms;
    return rc;
}

/* ---- a turn ---- */

static char *book_text(const struct alert_book *b)
{
    json_t *json = alert_book_json(b);
    char *text = json ? json_text(json, true, NULL) : NULL;
    json_decref(json);
    return text;
}

static int note_all(struct turn *t, const struct alert_notice *notices, int count,
                    struct koppel_error *err)
{
    for (int i = 0; i < count; i++) {
        t->changed = t->changed || notices[i].kind != ALERT_NOTICE_REMINDER;
        for (int k = 0; k < notices[i].count; k++) {
            if (note(t, notices[i].alerts[k], notices[i].kind, err) != 0)
                return -1;
        }
    }
    return 0;
}

/* Makes a turn of a book that was read; *lost: somebody else kept another one meanwhile. */
static int make(struct turn *t, const struct alert_findings *found, int flows, int64_t rev,
                int *lost, struct koppel_error *err)
{
    struct alert_notice *notices = NULL;
    int count = 0;
    *lost = 0;
    char *before = book_text(t->book), *after = NULL;
    int rc = alert_book_look(t->book, found->list, found->count, t->now_ms, &notices, &count, err);
    t->number = t->book->turn + 1;
    if (rc == 0)
        rc = tell_all(t, notices, count, err);
    if (rc == 0)
        rc = tell_by_clock(t, flows, err);
    if (rc == 0) {
        t->book->turn += t->index > 0;
        after = book_text(t->book);
        rc = before && after ? 0 : no_memory(err);
    }
    bool changed = rc == 0 && strcmp(before, after) != 0;
    if (changed)
        rc = alert_book_json_keep(t->book, t->store, rev, lost, err);
    if ((rc != 0 || *lost) && t->index > 0) {
        struct koppel_error ignored = {0};
        (void)alert_outbox_drop_after(t->store, t->number - 1, &ignored);
    }
    if (rc == 0 && !*lost)
        rc = note_all(t, notices, count, err);
    alert_book_notices_done(notices, count);
    free(before);
    free(after);
    return rc;
}

int alert_tell_turn(struct store *s, const struct conf_alert *conf,
                    const struct alert_findings *found, int flows, int64_t now_ms,
                    struct alert_tell_result *out, struct koppel_error *err)
{
    int lost = 1, rc = 0;
    *out = (struct alert_tell_result){0};
    for (int i = 0; i < TRIES && lost && rc == 0; i++) {
        struct alert_book book = {0};
        struct turn t = {.store = s, .conf = conf, .book = &book, .now_ms = now_ms};
        int64_t rev = 0;
        rc = alert_book_json_load(&book, s, &rev, err);
        if (rc == 0)
            rc = make(&t, found, flows, rev, &lost, err);
        out->turn = book.turn;
        out->queued = t.index > 0;
        out->changed = t.changed;
        alert_book_done(&book);
    }
    if (rc == 0 && lost)
        rc = err_set(err, KOPPEL_E_RETRY, "others changed the alerts all the time");
    return rc;
}

int alert_tell_stopped(struct store *s, const struct conf_alert *conf, const char *unit,
                       const char *why, int64_t now_ms, struct alert_tell_result *out,
                       struct koppel_error *err)
{
    struct alert_book book = {0};
    struct alert_findings found = {0};
    int64_t rev = 0;
    int rc = alert_book_json_load(&book, s, &rev, err);
    for (int i = 0; i < book.count && rc == 0; i++) {
        const struct alert *a = book.alerts[i];
        if (a->state == ALERT_RESOLVED || a->rule == CONF_ALERT_STOPPED)
            continue;
        struct alert_finding *f = alert_findings_add(&found, a->rule, a->subject, a->cause,
                                                     json_incref(a->facts));
        f->critical = a->critical;
        f->count = a->count;
        f->after_ms = INT64_MAX; /* what is pending stays so */
    }
    json_t *facts = why ? json_pack("{s:o}", "because", json_string_nocheck(why)) : NULL;
    alert_findings_add(&found, CONF_ALERT_STOPPED, unit, "", facts)->critical =
        conf->rules[CONF_ALERT_STOPPED].critical;
    alert_book_done(&book);
    if (rc == 0 && found.failed)
        rc = no_memory(err);
    if (rc == 0)
        rc = alert_tell_turn(s, conf, &found, 0, now_ms, out, err);
    alert_findings_done(&found);
    return rc;
}
