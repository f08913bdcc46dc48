/* SPDX-License-Identifier: MIT
 * Stock levels as a source: one record per article with a level for each branch.
 *
 * The service tells which articles changed since a stock id, at which branch; a record holds all
 * branches, so the other levels of what changed are asked for. */
#include "stock_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "goods.h"
#include "page.h"
#include "types.h"
#include "unreadable.h"

#define PAGE 20000 /* records in one batch; the service itself has no pages */

/* One article's place in the order of change. */
struct row {
    const char *number; /* borrowed from the record */
    int64_t marker;     /* of the change that was asked for */
    json_t *record;     /* borrowed from the set */
};

/* The branches to ask for: those of the setting, else all there are. A new array of texts. */
static int list_branches(struct mplus *m, json_t **branches, struct koppel_error *err)
{
    json_t *answer = NULL, *branch, *list;
    size_t i;
    if (json_array_size(m->branches) > 0) {
        *branches = json_incref(m->branches);
        return 0;
    }
    if (call_soap(m, &op_get_branches, NULL, NULL, &answer, err) != 0)
        return -1;
    list = json_array();
    json_array_foreach(call_list(answer, "branches"), i, branch) {
        if (call_text(branch, "branchNumber"))
            json_array_append(list, json_object_get(branch, "branchNumber"));
    }
    json_decref(answer);
    if (json_array_size(list) == 0) {
        json_decref(list);
        return m->host->fail(err, KOPPEL_E_CONFIG, "getBranches: the till names no branch");
    }
    *branches = list;
    return 0;
}

/* What one run of reading knows. */
struct levels {
    struct mplus *m;
    json_t *branches;
    json_t *set;                 /* records by article number */
    struct soap_unreadable *bad; /* levels that cannot be read */
};

/* One getStock; numbers NULL: all articles, stock_id 0: whenever changed. */
static int ask(struct levels *l, const json_t *numbers, int64_t stock_id, json_t **answer,
               struct koppel_error *err)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, stock_id);
    *answer = NULL;
    json_t *request = json_pack("{s:O}", "branchNumber", json_array_get(l->branches, 0));
    if (request && json_array_size(l->branches) > 1)
        json_object_set(request, "branchNumbers", l->branches);
    if (request && numbers)
        json_object_set(request, "articleNumbers", (json_t *)numbers);
    if (request && stock_id > 0)
        json_object_set_new(request, "stockId", json_string(text));
    json_t *params = request ? json_pack("{s:o}", "request", request) : NULL;
    struct soap_unreadable *bad = NULL;
    int rc = params ? call_list_of(l->m, &op_get_stock, params, answer, &bad, err)
                    : call_no_memory(l->m, err);
    json_decref(params);
    struct soap_unreadable **end = &l->bad;
    while (*end)
        end = &(*end)->next;
    *end = bad;
    return rc;
}

/* A level as records have it: what the service says, and the amount that lies there, which is what
 * can be sold and what waits for orders. Where the service does not tell one of the two, the amount
 * is unknown, and never 0. */
static json_t *level_of(struct levels *l, const json_t *stock, struct koppel_error *err)
{
    json_t *branch = json_object_get(stock, "branchNumber");
    const char *available = call_text(stock, "amountFree");
    const char *reserved = call_text(stock, "amountReserved");
    char amount[KOPPEL_DECIMAL_TEXT];
    bool known = available && reserved;
    if (known && l->m->host->decimal(l->m->ctx, KOPPEL_DECIMAL_ADD, available, reserved, -1,
                                     KOPPEL_ROUND_HALF_UP, amount, err) != 0)
        return NULL;
    json_t *level =
        json_pack("{s:O, s:s*, s:O*, s:O*, s:O*, s:O*}", "branchNumber",
                  branch ? branch : json_array_get(l->branches, 0), "amount", known ? amount : NULL,
                  "amountFree", json_object_get(stock, "amountFree"), "amountReserved",
                  json_object_get(stock, "amountReserved"), "amountIncoming",
                  json_object_get(stock, "amountIncoming"), "changeTimestamp",
                  json_object_get(stock, "changeTimestamp"));
    if (!level)
        call_no_memory(l->m, err);
    return level;
}

/* The record of an article in the set, made where it is not there. NULL: no memory. */
static json_t *record_of(struct levels *l, const char *number)
{
    json_t *record = json_object_get(l->set, number);
    if (record)
        return record;
    record = json_pack("{s:s, s:s, s:b, s:[]}", "articleNumber", number, "stockId", "0", "managed",
                       1, "levels");
    return json_object_set_new(l->set, number, record) == 0 ? record : NULL;
}

/* Adds the levels of an answer to the records of the set, by article number. */
static int collect(struct levels *l, const json_t *answer, struct koppel_error *err)
{
    json_t *stock;
    size_t i;
    json_array_foreach(call_list(answer, "articleStocks"), i, stock) {
        const char *number = call_text(stock, "articleNumber");
        if (!number)
            continue;
        json_t *record = record_of(l, number);
        if (!record)
            return call_no_memory(l->m, err);
        json_t *level = level_of(l, stock, err);
        if (!level)
            return -1;
        if (json_array_append_new(call_list(record, "levels"), level) != 0)
            return call_no_memory(l->m, err);
        if (call_number(stock, "stockId") > call_number(record, "stockId"))
            json_object_set(record, "stockId", json_object_get(stock, "stockId"));
    }
    return 0;
}

/* The records of `changed` anew, with the levels of all branches. */
static int complete(struct levels *l, const json_t *changed, struct koppel_error *err)
{
    json_t *numbers = json_array(), *record;
    const char *number;
    size_t left = json_object_size(changed);
    int rc = numbers ? 0 : call_no_memory(l->m, err);
    json_object_foreach((json_t *)changed, number, record) {
        json_t *answer = NULL;
        if (rc != 0)
            break;
        left--;
        json_array_append_new(numbers, json_string(number));
        if (json_array_size(numbers) < GOODS_CHUNK && left > 0)
            continue;
        rc = ask(l, numbers, 0, &answer, err);
        if (rc == 0)
            rc = collect(l, answer, err);
        json_decref(answer);
        json_array_clear(numbers);
    }
    json_decref(numbers);
    return rc;
}

/* What of a record nobody knows; "": nothing. */
static void unknown_of(const json_t *record, char *out, size_t room)
{
    json_t *level;
    size_t i;
    out[0] = '\0';
    json_array_foreach(call_list(record, "levels"), i, level) {
        const char *lacks = !call_text(level, "amountFree")       ? "amountFree"
                            : !call_text(level, "amountReserved") ? "amountReserved"
                                                                  : NULL;
        if (lacks && !out[0])
            snprintf(out, room, "levels[%zu].%s is missing", i, lacks);
    }
}

/* The first of the unreadable levels that is of this article, up to `end`. */
static const struct soap_unreadable *bad_of(const struct soap_unreadable *bad,
                                            const struct soap_unreadable *end, const char *number)
{
    for (; bad != end; bad = bad->next) {
        const char *own = call_text(bad->record, "articleNumber");
        if (own && number && strcmp(own, number) == 0)
            return bad;
    }
    return NULL;
}

static int emit_row(struct mplus *m, const struct row *row, const struct soap_unreadable *bad,
                    struct koppel_batch *out, struct koppel_error *err)
{
    if (bad_of(bad, NULL, row->number))
        return 0; /* one of its levels cannot be read: told at the end of the page */
    char place[80];
    int64_t version = call_number(row->record, "stockId");
    unknown_of(row->record, place, sizeof place);
    return place[0] ? unreadable_incomplete(m, out, row->number, version, row->record, place, err)
                    : m->host->emit(out, row->number, version, json_incref(row->record), err);
}

static int by_marker(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    return x->marker < y->marker ? -1 : x->marker > y->marker;
}

/* The rows of what changed in the order of change; NULL: no memory. To be freed. */
static struct row *sort_rows(const json_t *changed, const json_t *whole, size_t *count)
{
    struct row *rows = calloc(json_object_size(changed) + 1, sizeof *rows);
    const char *number;
    json_t *record;
    *count = 0;
    if (!rows)
        return NULL;
    json_object_foreach((json_t *)changed, number, record) {
        json_t *now = json_object_get(whole, number);
        rows[(*count)++] = (struct row){number, call_number(record, "stockId"), now ? now : record};
    }
    qsort(rows, *count, sizeof *rows, by_marker);
    return rows;
}

/* Emits the oldest changes; the rest stays for the next batch. changed: what the marker asked
 * for; l->set: the records. */
static int emit_rows(struct levels *l, const json_t *changed, struct page *page,
                     struct koppel_batch *out, struct koppel_error *err)
{
    size_t count, i = 0;
    struct row *rows = sort_rows(changed, l->set, &count);
    int rc = rows ? 0 : call_no_memory(l->m, err);
    for (; rc == 0 && i < count; i++) {
        if (i >= PAGE && rows[i].marker > rows[i - 1].marker)
            break;
        page_saw(page, rows[i].marker);
        rc = emit_row(l->m, &rows[i], l->bad, out, err);
    }
    bool all = i == count;
    free(rows);
    for (const struct soap_unreadable *bad = l->bad; bad && all && rc == 0; bad = bad->next) {
        page_saw(page, call_number(bad->record, "stockId"));
        if (!bad_of(l->bad, bad, call_text(bad->record, "articleNumber")))
            rc = unreadable_emit(l->m, out, bad, "articleNumber", err);
    }
    if (rc != 0)
        return -1;
    char next[24];
    int64_t last = page->highest > page->seen || !all ? page->highest : page->seen;
    snprintf(next, sizeof next, "%" PRId64, last < 0 ? 0 : last);
    return l->m->host->batch_end(out, next, !all, err);
}

int stock_read(struct mplus *m, const struct koppel_read_request *request, struct koppel_batch *out,
               struct koppel_error *err)
{
    struct levels l = {.m = m, .set = json_object()};
    struct page page;
    json_t *answer = NULL, *changed = NULL;
    int rc = l.set ? page_begin(m, request->cursor, request, &page, err) : call_no_memory(m, err);
    if (rc == 0)
        rc = list_branches(m, &l.branches, err);
    if (rc == 0)
        rc = ask(&l, NULL, page.asked, &answer, err);
    if (rc == 0)
        rc = collect(&l, answer, err);
    if (rc == 0) {
        changed = json_incref(l.set);
        if (page.asked > 0 && json_array_size(l.branches) > 1) {
            json_decref(l.set);
            l.set = json_object();
            rc = complete(&l, changed, err);
        }
    }
    if (rc == 0)
        rc = emit_rows(&l, changed, &page, out, err);
    soap_read_free(l.bad);
    json_decref(l.branches);
    json_decref(l.set);
    json_decref(answer);
    json_decref(changed);
    return rc;
}
