/* SPDX-License-Identifier: MIT
 * What was done, and by whom. */
#include "service/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv_text.h"
#include "base/json_read.h"
#include "engine/revision.h"
#include "service/ask.h"

#define AUDIT_LIMIT 100
#define RUNS_LIMIT 20
#define EXPORT_LIMIT 10000
#define EXPORT_BYTES (16 * 1024 * 1024)

struct listing {
    struct service *s;
    const char *subject_name; /* how its subject is called in the answer */
    int64_t from_ms, to_ms;   /* 0: any */
    const char *who, *order;  /* NULL: any */
    int64_t limit, next;      /* next: behind the last row; 0: there are no more */
    json_t *rows;
    struct koppel_error *err;
};

/* The revision of the version that a run had. */
static int add_revision(struct listing *l, json_t *row)
{
    struct revision_place p = {l->s->store, l->s->conf->key, l->s->dir};
    const char *version = json_string_value(json_object_get(row, "version"));
    const char *flow = json_string_value(json_object_get(row, "flow"));
    int64_t seq = 0;
    if (version && flow && revision_of_version(&p, flow, version, &seq, l->err) != 0)
        return -1;
    return json_object_set_new(row, "revision", seq > 0 ? json_integer(seq) : json_null());
}

static bool is_of(const struct listing *l, const struct store_entry *e, const json_t *body)
{
    const char *order = json_string_value(json_object_get(body, "order"));
    return (!l->who || (e->who && strcmp(e->who, l->who) == 0)) &&
           (!l->order || (order && strcmp(order, l->order) == 0));
}

/* 1 ends the list. */
static int add_entry(void *arg, const struct store_entry *e)
{
    struct listing *l = arg;
    char at[CLOCK_TEXT_BYTES];
    if (l->to_ms && e->at_ms >= l->to_ms)
        return 0;
    if (l->from_ms && e->at_ms < l->from_ms)
        return 1;
    json_t *body = e->body ? json_read(e->body, e->body_bytes, NULL, NULL) : NULL;
    if (!is_of(l, e, body)) {
        json_decref(body);
        return 0;
    }
    if ((int64_t)json_array_size(l->rows) >= l->limit) {
        const json_t *last = json_array_get(l->rows, json_array_size(l->rows) - 1);
        l->next = json_integer_value(json_object_get(last, "number"));
        json_decref(body);
        return 1;
    }
    clock_format(e->at_ms, at);
    json_t *row = json_pack("{s:I,s:s,s:o,s:o}", "number", (json_int_t)e->seq, "at", at, "who",
                            ask_json_text(e->who), l->subject_name, ask_json_text(e->subject));
    (void)json_object_update_missing(row, body);
    json_decref(body);
    if (!row || json_array_append_new(l->rows, row) != 0)
        return err_set(l->err, KOPPEL_E_BUG, "out of memory");
    return 0;
}

static int list(struct listing *l, const struct service_ask *ask, const char *kind,
                const char *subject)
{
    struct store *store = l->s->store;
    int64_t after = ask_number(ask, "after"), limit = ask_number(ask, "limit");
    /* which of them lie in the time is only seen one by one */
    struct store_entry_filter filter = {kind, subject, after > 0 ? after : 0, INT32_MAX};
    l->limit = limit > 0 ? limit : l->limit;
    l->rows = json_array();
    if (!l->rows)
        return err_set(l->err, KOPPEL_E_BUG, "out of memory");
    if (ask_moment(l->s, ask, "since", false, &l->from_ms, l->err) != 0 ||
        ask_moment(l->s, ask, "until", true, &l->to_ms, l->err) != 0)
        return -1;
    return store->ops->entries(store, &filter, add_entry, l, l->err) < 0 ? -1 : 0;
}

static int answer(struct listing *l, const char *name, json_t **out)
{
    *out = json_pack("{s:O,s:o}", name, l->rows, "next",
                     l->next > 0 ? json_integer(l->next) : json_null());
    return *out ? 0 : err_set(l->err, KOPPEL_E_BUG, "out of memory");
}

static int list_audit(struct listing *l, const struct service_ask *ask)
{
    size_t i;
    json_t *row;
    l->who = ask_text(ask, "who");
    l->order = ask_text(ask, "order");
    int rc = list(l, ask, "audit", ask_text(ask, "about"));
    json_array_foreach(l->rows, i, row) {
        if (!json_object_get(row, "why"))
            json_object_set_new(row, "why", json_null());
    }
    return rc;
}

int history_audit(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    struct listing l = {.s = s, .subject_name = "about", .limit = AUDIT_LIMIT, .err = err};
    int rc = list_audit(&l, ask);
    if (rc == 0)
        rc = answer(&l, "entries", out);
    json_decref(l.rows);
    return rc;
}

static char *audit_csv(const json_t *rows)
{
    static const char *const heads[] = {"number", "at", "who", "via", "order", "what",
                                        "about",  "count", "why"};
    enum { COLUMNS = sizeof heads / sizeof *heads };
    struct buf text;
    size_t i;
    const json_t *row;
    buf_init(&text, EXPORT_BYTES);
    csv_text_row(&text, heads, COLUMNS);
    json_array_foreach(rows, i, row) {
        char numbers[COLUMNS][24];
        const char *cells[COLUMNS];
        for (int k = 0; k < COLUMNS; k++) {
            const json_t *value = json_object_get(row, heads[k]);
            snprintf(numbers[k], sizeof numbers[k], "%lld", (long long)json_integer_value(value));
            cells[k] = json_is_integer(value) ? numbers[k] : json_string_value(value);
        }
        csv_text_row(&text, cells, COLUMNS);
    }
    if (buf_ok(&text))
        return buf_take(&text);
    buf_done(&text);
    return NULL;
}

int history_audit_csv(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err)
{
    struct listing l = {.s = s, .subject_name = "about", .limit = EXPORT_LIMIT, .err = err};
    int rc = list_audit(&l, ask);
    char *text = rc == 0 ? audit_csv(l.rows) : NULL;
    if (rc == 0)
        *out = json_pack("{s:s,s:o,s:I,s:b}", "name", "audit.csv", "text", ask_json_text(text),
                         "count", (json_int_t)json_array_size(l.rows), "more", l.next > 0);
    if (rc == 0 && (!text || !*out))
        rc = err_set(err, KOPPEL_E_BUG, "out of memory");
    free(text);
    json_decref(l.rows);
    return rc;
}

int history_runs(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    struct listing l = {.s = s, .subject_name = "flow", .limit = RUNS_LIMIT, .err = err};
    const char *flow = ask_text(ask, "flow");
    size_t i;
    json_t *row;
    int rc = flow && !ask_flow(s, flow, err) ? -1 : list(&l, ask, "run", flow);
    json_array_foreach(l.rows, i, row) {
        if (rc == 0)
            rc = add_revision(&l, row);
    }
    if (rc == 0)
        rc = answer(&l, "runs", out);
    json_decref(l.rows);
    return rc;
}

int history_reconcile(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err)
{
    struct listing l = {.s = s, .subject_name = "flow", .limit = RUNS_LIMIT, .err = err};
    const char *flow = ask_text(ask, "flow");
    int rc = list(&l, ask, "reconcile", flow);
    /* of one that was taken out of the configuration what was compared before is still here */
    if (rc == 0 && flow && json_array_size(l.rows) == 0 && !ask_flow(s, flow, err))
        rc = -1;
    if (rc == 0)
        rc = answer(&l, "results", out);
    json_decref(l.rows);
    return rc;
}

int history_erased(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    struct listing l = {.s = s, .subject_name = "person", .limit = RUNS_LIMIT, .err = err};
    int rc = list(&l, ask, "erased", NULL);
    if (rc == 0)
        rc = answer(&l, "reports", out);
    json_decref(l.rows);
    return rc;
}
