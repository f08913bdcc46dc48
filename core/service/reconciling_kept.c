/* SPDX-License-Identifier: MIT
 * Comparisons that were made: the report as an entry "compared", and as an entry "reconcile" what a
 * list shows of it, so that a list reads no reports. */
#include "service/reconciling_kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "base/log.h"
#include "base/mask.h"
#include "service/ask.h"
#include "service/reconciling_csv.h"

#define REPORT "compared"
#define SUMMARY "reconcile"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- keeping ---- */

/* What a peer said. */
static void mask_member(json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    char *copy = text ? strdup(text) : NULL;
    if (copy) {
        mask_words(copy);
        (void)json_object_set_new(row, name, json_string_nocheck(copy));
    } else if (text) {
        (void)json_object_del(row, name);
    }
    free(copy);
}

static json_t *masked(const json_t *report)
{
    json_t *copy = json_deep_copy(report), *list, *row;
    const char *name;
    size_t i;
    json_object_foreach(copy, name, list) {
        json_array_foreach(list, i, row) {
            mask_member(row, "text");
            mask_member(row, "why");
        }
    }
    return copy;
}

static json_t *summary_of(const json_t *report, const char *how, int64_t number)
{
    static const char *const members[] = {"from",   "to",          "differences", "counts",
                                          "source", "destination", "listed"};
    json_t *out = json_pack("{s:s,s:I}", "how", how, "report", (json_int_t)number);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        (void)json_object_set(out, members[i], json_object_get(report, members[i]));
    return out;
}

static int add(struct service *s, const char *who, const char *kind, json_t *body_take,
               const char *flow, int64_t *seq, struct koppel_error *err)
{
    size_t bytes = 0;
    char *text = body_take ? json_text(body_take, true, &bytes) : NULL;
    struct store_entry e = {.kind = kind, .who = who, .subject = flow, .body = text,
                            .body_bytes = bytes};
    int rc = text ? s->store->ops->entry_add(s->store, &e, seq, err) : no_memory(err);
    free(text);
    json_decref(body_take);
    return rc;
}

void reconciling_kept_add(struct service *s, const struct service_ask *ask, json_t *report)
{
    const char *flow = json_string_value(json_object_get(report, "flow"));
    struct koppel_error err = {0};
    int64_t number = 0, seq = 0;
    if (add(s, ask->who->name, REPORT, masked(report), flow, &number, &err) == 0 &&
        add(s, ask->who->name, SUMMARY, summary_of(report, ask->who->via, number), flow, &seq,
            &err) == 0)
        (void)json_object_set_new(report, "number", json_integer((json_int_t)seq));
    else
        (void)json_object_set_new(report, "number", json_null());
    if (err.kind)
        log_warning(LOG_ABOUT(.event = "reconcile", .flow = flow, .reason = err.reason),
                    "the comparison is not kept: %s", err.text);
}

/* ---- showing ---- */

struct looking {
    int64_t seq;
    json_t *body; /* NULL: there is no entry of this number */
};

static int take_entry(void *arg, const struct store_entry *e)
{
    struct looking *l = arg;
    char at[CLOCK_TEXT_BYTES];
    if (e->seq != l->seq)
        return 1;
    l->body = e->body ? json_read(e->body, e->body_bytes, NULL, NULL) : NULL;
    clock_format(e->at_ms, at);
    (void)json_object_set_new(l->body, "at", json_string(at));
    (void)json_object_set_new(l->body, "who", ask_json_text(e->who));
    return 1;
}

static int find(struct service *s, const char *kind, int64_t seq, json_t **out,
                struct koppel_error *err)
{
    struct looking l = {.seq = seq};
    struct store_entry_filter filter = {.kind = kind, .before = seq + 1, .limit = 1};
    if (seq > 0 && s->store->ops->entries(s->store, &filter, take_entry, &l, err) < 0)
        return -1;
    *out = l.body;
    return l.body ? 0
                  : err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN,
                               "no comparison %lld is kept; koppel reconcile FLOW lists those that"
                               " are", (long long)seq);
}

int reconciling_kept_show(struct service *s, const struct service_ask *ask, json_t **out,
                          struct koppel_error *err)
{
    int64_t number = ask_number(ask, "number");
    json_t *summary = NULL;
    if (find(s, SUMMARY, number, &summary, err) != 0)
        return -1;
    int rc = find(s, REPORT, json_integer_value(json_object_get(summary, "report")), out, err);
    if (rc == 0) {
        (void)json_object_set(*out, "how", json_object_get(summary, "how"));
        (void)json_object_set_new(*out, "number", json_integer((json_int_t)number));
    }
    json_decref(summary);
    return rc;
}

int reconciling_kept_csv(struct service *s, const struct service_ask *ask, json_t **out,
                         struct koppel_error *err)
{
    json_t *report = NULL;
    if (reconciling_kept_show(s, ask, &report, err) != 0)
        return -1;
    char *text = reconciling_csv_text(report);
    json_t *name = json_sprintf("reconcile-%s-%s-%s.csv",
                                json_string_value(json_object_get(report, "flow")),
                                json_string_value(json_object_get(report, "from")),
                                json_string_value(json_object_get(report, "to")));
    if (text)
        *out = json_pack("{s:O,s:o}", "name", name, "text", ask_json_text(text));
    json_decref(name);
    free(text);
    json_decref(report);
    return *out ? 0 : no_memory(err);
}
