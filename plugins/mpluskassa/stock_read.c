/* SPDX-License-Identifier: MIT
 * Stock levels as a source: one record per article with a level for each branch.
 *
 * The service tells which articles changed since a stock id, at which branch; a record holds all
 * branches, so the other levels of what changed are asked for. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "goods.h"
#include "types.h"

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
        if (call_text(branch, "branchNumber") != NULL)
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

/* One getStock; numbers NULL: all articles, stock_id 0: whenever changed. */
static int ask(struct mplus *m, const json_t *branches, const json_t *numbers, int64_t stock_id,
               json_t **answer, struct koppel_error *err)
{
    json_t *request = json_pack("{s:O}", "branchNumber", json_array_get(branches, 0)), *params;
    char text[24];
    int rc = request != NULL ? 0 : -1;

    *answer = NULL;
    snprintf(text, sizeof text, "%" PRId64, stock_id);
    if (rc == 0 && json_array_size(branches) > 1)
        rc = json_object_set(request, "branchNumbers", (json_t *)branches);
    if (rc == 0 && numbers != NULL)
        rc = json_object_set(request, "articleNumbers", (json_t *)numbers);
    if (rc == 0 && stock_id > 0)
        rc = json_object_set_new(request, "stockId", json_string(text));
    params = rc == 0 ? json_pack("{s:O}", "request", request) : NULL;
    rc = params != NULL ? call_soap(m, &op_get_stock, params, NULL, answer, err)
                        : call_no_memory(m, err);
    json_decref(request);
    json_decref(params);
    return rc;
}

/* A level as records have it: what the service says, and the amount that lies there, which is what
 * can be sold and what waits for orders. */
static json_t *level_of(struct mplus *m, const json_t *stock, const json_t *branches,
                        struct koppel_error *err)
{
    json_t *branch = json_object_get(stock, "branchNumber");
    const char *available = call_text(stock, "amountFree");
    const char *reserved = call_text(stock, "amountReserved");
    char amount[KOPPEL_DECIMAL_TEXT];
    json_t *level;

    if (m->host->decimal(m->ctx, KOPPEL_DECIMAL_ADD, available != NULL ? available : "0",
                         reserved != NULL ? reserved : "0", -1, KOPPEL_ROUND_HALF_UP, amount,
                         err) != 0)
        return NULL;
    level = json_pack("{s:O, s:s, s:O*, s:O*, s:O*, s:O*}", "branchNumber",
                      branch != NULL ? branch : json_array_get(branches, 0), "amount", amount,
                      "amountFree", json_object_get(stock, "amountFree"), "amountReserved",
                      json_object_get(stock, "amountReserved"), "amountIncoming",
                      json_object_get(stock, "amountIncoming"), "changeTimestamp",
                      json_object_get(stock, "changeTimestamp"));
    if (level == NULL)
        call_no_memory(m, err);
    return level;
}

/* Adds the levels of an answer to the records of set, by article number. */
static int collect(struct mplus *m, const json_t *answer, const json_t *branches, json_t *set,
                   struct koppel_error *err)
{
    json_t *stock, *record, *level;
    size_t i;

    json_array_foreach(call_list(answer, "articleStocks"), i, stock) {
        const char *number = call_text(stock, "articleNumber");

        if (number == NULL)
            continue;
        record = json_object_get(set, number);
        if (record == NULL) {
            record = json_pack("{s:s, s:s, s:b, s:[]}", "articleNumber", number, "stockId", "0",
                               "managed", 1, "levels");
            if (json_object_set_new(set, number, record) != 0)
                return call_no_memory(m, err);
        }
        level = level_of(m, stock, branches, err);
        if (level == NULL)
            return -1;
        if (json_array_append_new(call_list(record, "levels"), level) != 0)
            return call_no_memory(m, err);
        if (call_number(stock, "stockId") > call_number(record, "stockId"))
            json_object_set(record, "stockId", json_object_get(stock, "stockId"));
    }
    return 0;
}

/* The records anew, with the levels of all branches. */
static int complete(struct mplus *m, const json_t *branches, json_t **set,
                    struct koppel_error *err)
{
    json_t *whole = json_object(), *numbers = json_array(), *answer = NULL, *record;
    const char *number;
    size_t left = json_object_size(*set);
    int rc = whole != NULL && numbers != NULL ? 0 : call_no_memory(m, err);

    json_object_foreach(*set, number, record) {
        if (rc != 0)
            break;
        left--;
        json_array_append_new(numbers, json_string(number));
        if (json_array_size(numbers) < GOODS_CHUNK && left > 0)
            continue;
        rc = ask(m, branches, numbers, 0, &answer, err);
        if (rc == 0)
            rc = collect(m, answer, branches, whole, err);
        json_decref(answer);
        answer = NULL;
        json_array_clear(numbers);
    }
    json_decref(numbers);
    if (rc != 0) {
        json_decref(whole);
        return -1;
    }
    json_decref(*set);
    *set = whole;
    return 0;
}

static int by_marker(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    return x->marker < y->marker ? -1 : x->marker > y->marker;
}

/* Emits the oldest changes; the rest stays for the next batch. changed: what the marker asked
 * for; whole: the records. */
static int emit_rows(struct mplus *m, const json_t *changed, const json_t *whole,
                     const char *cursor, struct koppel_batch *out, struct koppel_error *err)
{
    size_t count = 0, i;
    struct row *rows = calloc(json_object_size(changed) + 1, sizeof *rows);
    const char *number;
    json_t *record;
    char next[24];
    int rc = 0;

    if (rows == NULL)
        return call_no_memory(m, err);
    json_object_foreach((json_t *)changed, number, record) {
        json_t *now = json_object_get(whole, number);

        rows[count++] = (struct row){number, call_number(record, "stockId"),
                                     now != NULL ? now : record};
    }
    qsort(rows, count, sizeof *rows, by_marker);
    for (i = 0; i < count && rc == 0; i++) {
        if (i >= PAGE && rows[i].marker > rows[i - 1].marker)
            break;
        rc = m->host->emit(out, rows[i].number, call_number(rows[i].record, "stockId"),
                           json_incref(rows[i].record), err);
    }
    if (rc == 0) {
        snprintf(next, sizeof next, "%" PRId64, i > 0 ? rows[i - 1].marker : 0);
        rc = m->host->batch_end(out, i > 0 ? next : cursor != NULL ? cursor : "0", i < count, err);
    }
    free(rows);
    return rc;
}

int stock_read(struct mplus *m, const struct koppel_read_request *request,
               struct koppel_batch *out, struct koppel_error *err)
{
    json_t *branches = NULL, *answer = NULL, *changed = json_object(), *whole = NULL;
    int64_t asked;
    int rc = changed != NULL ? call_marker(m, request->cursor, &asked, err)
                             : call_no_memory(m, err);

    if (rc == 0)
        rc = list_branches(m, &branches, err);
    if (rc == 0)
        rc = ask(m, branches, NULL, asked, &answer, err);
    if (rc == 0)
        rc = collect(m, answer, branches, changed, err);
    if (rc == 0) {
        whole = json_incref(changed);
        if (asked > 0 && json_array_size(branches) > 1)
            rc = complete(m, branches, &whole, err);
    }
    if (rc == 0)
        rc = emit_rows(m, changed, whole, request->cursor, out, err);
    json_decref(branches);
    json_decref(answer);
    json_decref(changed);
    json_decref(whole);
    return rc;
}
