/* SPDX-License-Identifier: MIT
 * Day totals: which days changed is learnt from the sync marker of the receipts; a day that the
 * till has closed is added up anew, one that is still open stays in the cursor.
 *
 * The cursor is "MARKER|TODO|OPEN", two lists of dates. A reading first drains the receipts' marker
 * into OPEN, then moves OPEN to TODO and works that off, a few days at a time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daytotal.h"
#include "sales.h"
#include "soap_value.h"

#define PAGE 1000       /* receipts in one answer */
#define DAYS_AT_ONCE 10 /* days in one batch */

struct position {
    int64_t marker; /* the last one seen; -1: none */
    json_t *todo, *open;
};

static void position_done(struct position *p)
{
    json_decref(p->todo);
    json_decref(p->open);
}

/* One part of the cursor; text moves on to the next. */
static json_t *take_part(const char **text)
{
    size_t n = strcspn(*text, "|");
    char *part = strndup(*text, n);
    json_t *list = part != NULL ? call_split(part) : NULL;

    *text += n + ((*text)[n] == '|');
    free(part);
    return list;
}

static int position_read(struct mplus *m, const char *cursor, struct position *p,
                         struct koppel_error *err)
{
    const char *text = cursor != NULL ? cursor : "";
    json_t *marker = take_part(&text);
    const char *digits = json_string_value(json_array_get(marker, 0));
    int rc = 0;

    p->marker = -1;
    p->todo = take_part(&text);
    p->open = take_part(&text);
    if (marker == NULL || p->todo == NULL || p->open == NULL)
        rc = call_no_memory(m, err);
    else if (digits != NULL && !call_is_number(digits))
        rc = m->host->fail(err, KOPPEL_E_CONFIG,
                           "the cursor \"%s\" is no sync marker; set it to a number, 0 for all",
                           cursor);
    else if (digits != NULL)
        p->marker = strtoll(digits, NULL, 10);
    json_decref(marker);
    return rc;
}

/* "a,b" at the end of the text; false: no room or no memory. */
static bool append_dates(char **text, size_t *used, size_t *room, const json_t *dates)
{
    const json_t *date;
    size_t i;

    json_array_foreach((json_t *)dates, i, date) {
        const char *day = json_string_value(date);
        size_t need = *used + strlen(day) + 4;

        if (need > *room) {
            char *larger = realloc(*text, need * 2);

            if (larger == NULL)
                return false;
            *text = larger;
            *room = need * 2;
        }
        *used += (size_t)snprintf(*text + *used, *room - *used, "%s%s", i > 0 ? "," : "", day);
    }
    return true;
}

static int position_end(struct mplus *m, const struct position *p, bool more,
                        struct koppel_batch *out, struct koppel_error *err)
{
    size_t room = 256, used;
    char *text = malloc(room);
    int rc;

    if (text == NULL)
        return call_no_memory(m, err);
    used = (size_t)snprintf(text, room, "%" PRId64 "|", p->marker < 0 ? 0 : p->marker);
    if (append_dates(&text, &used, &room, p->todo)) {
        text[used++] = '|'; /* append_dates leaves room for this and the end */
        text[used] = '\0';
        if (append_dates(&text, &used, &room, p->open)) {
            rc = m->host->batch_end(out, text, more, err);
            free(text);
            return rc;
        }
    }
    free(text);
    return call_no_memory(m, err);
}

static void add_date(json_t *dates, const char *date)
{
    const json_t *known;
    size_t i;

    /* in order: the days are posted as they come */
    json_array_foreach(dates, i, known) {
        int order = strcmp(json_string_value(known), date);

        if (order == 0)
            return;
        if (order > 0)
            break;
    }
    json_array_insert_new(dates, i, json_string(date));
}

static int since(struct mplus *m, const json_t *options, const char **out, struct koppel_error *err)
{
    int part[PARTS];

    *out = call_text(options, "since");
    if (*out != NULL && (strlen(*out) != 10 || !soap_parse_date(*out, false, part)))
        return m->host->fail(err, KOPPEL_E_CONFIG,
                             "since: \"%s\" is no date; write 2026-01-31", *out);
    return 0;
}

static json_t *receipts_params(struct mplus *m, int64_t marker, const char *date)
{
    char digits[24];
    json_t *request;

    snprintf(digits, sizeof digits, "%" PRId64, marker);
    request = json_pack("{s:s, s:i, s:b, s:b}", "syncMarker", digits, "syncMarkerLimit", PAGE,
                        "includeOrderReferences", date != NULL, "includeLineList", date != NULL);
    if (request == NULL)
        return NULL;
    if (date != NULL) {
        json_object_set_new(request, "fromFinancialDate", json_string(date));
        json_object_set_new(request, "throughFinancialDate", json_string(date));
    }
    if (json_array_size(m->branches) > 0)
        json_object_set(request, "branchNumbers", m->branches);
    return json_pack("{s:o}", "request", request);
}

/* Receipts from a marker on, of one date or (headers only) of all. *highest: the last marker, or
 * below `marker` where nothing came. */
static int ask_receipts(struct mplus *m, int64_t marker, const char *date, json_t **list,
                        int64_t *highest, struct koppel_error *err)
{
    json_t *params = receipts_params(m, marker, date), *answer = NULL, *receipt;
    size_t i;
    int rc = params != NULL ? call_soap(m, &op_get_receipts, params, NULL, &answer, err)
                            : call_no_memory(m, err);

    *highest = marker - 1;
    *list = json_incref(call_list(answer, "receiptList"));
    json_array_foreach(*list, i, receipt) {
        if (call_number(receipt, "syncMarker") > *highest)
            *highest = call_number(receipt, "syncMarker");
    }
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* Notes the days of the next page of receipts; *moved false: there is none. */
static int drain(struct mplus *m, struct position *p, const char *first, bool *moved,
                 struct koppel_error *err)
{
    json_t *list = NULL, *receipt;
    int64_t highest, asked = p->marker + 1;
    size_t i;

    if (ask_receipts(m, asked, NULL, &list, &highest, err) != 0)
        return -1;
    json_array_foreach(list, i, receipt) {
        const char *date = call_text(receipt, "financialDate");

        if (date != NULL && (first == NULL || strcmp(date, first) >= 0))
            add_date(p->open, date);
    }
    json_decref(list);
    *moved = highest >= asked;
    if (*moved)
        p->marker = highest;
    return 0;
}

static int is_closed(struct mplus *m, const char *date, bool *closed, struct koppel_error *err)
{
    json_t *params = json_pack("{s:{s:s, s:s}}", "request", "fromFinancialDate", date,
                               "throughFinancialDate", date);
    json_t *answer = NULL, *value;
    int rc = params != NULL ? call_soap(m, &op_get_financial_journal, params, NULL, &answer, err)
                            : call_no_memory(m, err);

    value = json_object_get(answer, "financialPeriodClosed");
    *closed = json_is_true(value);
    if (rc == 0 && value == NULL)
        m->host->log(m->ctx, KOPPEL_LOG_WARNING,
                     "getFinancialJournal does not say whether %s is closed; its totals wait",
                     date);
    json_decref(params);
    json_decref(answer);
    return rc;
}

static int add_receipts(struct mplus *m, json_t *day, const char *date, struct koppel_error *err)
{
    int64_t asked = 0, highest;
    int rc = 0;

    do {
        json_t *list = NULL, *receipt;
        size_t i;

        rc = ask_receipts(m, asked, date, &list, &highest, err);
        json_array_foreach(list, i, receipt)
            daytotal_add_receipt(day, receipt);
        json_decref(list);
        if (rc == 0 && m->host->cancelled(m->ctx))
            rc = m->host->fail(err, KOPPEL_E_CANCELLED, "stopping");
    } while (rc == 0 && highest >= asked && (asked = highest + 1) > 0);
    return rc;
}

static bool our_branch(const struct mplus *m, const json_t *count)
{
    const json_t *branch;
    size_t i;

    json_array_foreach(m->branches, i, branch) {
        if (json_equal(branch, json_object_get(count, "branchNumber")))
            return true;
    }
    return json_array_size(m->branches) == 0;
}

static int add_cash_counts(struct mplus *m, json_t *day, const char *date,
                           struct koppel_error *err)
{
    json_t *params = json_pack("{s:{s:s, s:s}}", "request", "fromFinancialDate", date,
                               "throughFinancialDate", date);
    json_t *answer = NULL, *count;
    size_t i;
    int rc = params != NULL ? call_soap(m, &op_get_cash_counts, params, NULL, &answer, err)
                            : call_no_memory(m, err);

    json_array_foreach(call_list(answer, "cashCountList"), i, count) {
        if (our_branch(m, count))
            daytotal_add_cash_count(day, count);
    }
    json_decref(params);
    json_decref(answer);
    return rc;
}

static int emit_branches(struct mplus *m, const json_t *day, const char *date,
                         const json_t *methods, struct koppel_batch *out, struct koppel_error *err)
{
    json_t *branches = daytotal_branches(day), *branch;
    size_t i;
    int rc = 0;

    json_array_foreach(branches, i, branch) {
        int64_t marker;
        json_t *record = daytotal_record(day, json_string_value(branch), date, methods, &marker);

        if (rc == 0 && record == NULL)
            rc = call_no_memory(m, err);
        if (rc == 0)
            rc = m->host->emit(out, call_text(record, "dayTotalId"), marker, json_incref(record),
                               err);
        json_decref(record);
    }
    json_decref(branches);
    return rc;
}

static int emit_day(struct mplus *m, const char *date, json_t **methods, struct koppel_batch *out,
                    struct koppel_error *err)
{
    json_t *day = daytotal_new(), *answer = NULL;
    int rc = day != NULL ? add_receipts(m, day, date, err) : call_no_memory(m, err);

    if (rc == 0)
        rc = add_cash_counts(m, day, date, err);
    if (rc == 0 && *methods == NULL) { /* once for all days of the batch */
        rc = call_soap(m, &op_get_payment_methods, NULL, NULL, &answer, err);
        *methods = json_incref(call_list(answer, "paymentMethodList"));
        json_decref(answer);
    }
    if (rc == 0)
        rc = emit_branches(m, day, date, *methods, out, err);
    json_decref(day);
    return rc;
}

/* Works off some of the days; those still open go back. */
static int emit_days(struct mplus *m, struct position *p, struct koppel_batch *out,
                     struct koppel_error *err)
{
    json_t *methods = NULL;
    int n, rc = 0;

    for (n = 0; rc == 0 && n < DAYS_AT_ONCE && json_array_size(p->todo) > 0; n++) {
        json_t *date = json_incref(json_array_get(p->todo, 0));
        bool closed = false;

        json_array_remove(p->todo, 0);
        rc = is_closed(m, json_string_value(date), &closed, err);
        if (rc == 0 && !closed)
            add_date(p->open, json_string_value(date));
        else if (rc == 0)
            rc = emit_day(m, json_string_value(date), &methods, out, err);
        json_decref(date);
    }
    json_decref(methods);
    return rc;
}

int day_totals_read(struct mplus *m, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    struct position p = {0};
    const char *first;
    bool moved = false;
    int rc = -1;

    if (position_read(m, request->cursor, &p, err) != 0 ||
        since(m, request->options, &first, err) != 0)
        goto out;
    if (json_array_size(p.todo) == 0) {
        json_t *days;

        if (drain(m, &p, first, &moved, err) != 0)
            goto out;
        if (moved) {
            rc = position_end(m, &p, true, out, err);
            goto out;
        }
        days = p.todo;
        p.todo = p.open;
        p.open = days;
    }
    if (emit_days(m, &p, out, err) == 0)
        rc = position_end(m, &p, json_array_size(p.todo) > 0, out, err);
out:
    position_done(&p);
    return rc;
}
