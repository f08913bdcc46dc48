/* SPDX-License-Identifier: MIT
 * Day totals: which days changed is learnt from the sync marker of the receipts; a day that the
 * till has closed is added up anew, one that is still open stays in the cursor.
 *
 * A reading first drains the receipts' marker into the cursor's OPEN, then moves OPEN to TODO and
 * works that off, a few days at a time.
 *
 * A receipt tells the day that it is booked on, not the one that it was booked on before. So one
 * that was entered on another day than it is booked on has the days between read again as well: a
 * back office that corrects its date moves it between them. */
#include "day_totals.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "day_position.h"
#include "day_record.h"
#include "daytotal.h"
#include "page.h"
#include "soap_value.h"
#include "types.h"
#include "unreadable.h"

#define DAYS_AT_ONCE 10 /* days in one batch */
#define MOVED_MAX 31    /* days between entry and booking; of more only the first and last */

static int since(struct mplus *m, const json_t *options, const char **out, struct koppel_error *err)
{
    int part[PARTS];
    *out = call_text(options, "since");
    if (*out && (strlen(*out) != 10 || !soap_value_parse_date(*out, false, part)))
        return m->host->fail(err, KOPPEL_E_CONFIG, "since: \"%s\" is no date; write 2026-01-31",
                             *out);
    return 0;
}

/* ---- receipts ---- */

static json_t *receipts_params(struct mplus *m, int64_t marker, const char *date)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, marker);
    json_t *request =
        json_pack("{s:s, s:i, s:b, s:b}", "syncMarker", digits, "syncMarkerLimit", PAGE_LIMIT_MAX,
                  "includeOrderReferences", date != NULL, "includeLineList", date != NULL);
    if (!request)
        return NULL;
    if (date) {
        json_object_set_new(request, "fromFinancialDate", json_string(date));
        json_object_set_new(request, "throughFinancialDate", json_string(date));
    }
    if (json_array_size(m->branches) > 0)
        json_object_set(request, "branchNumbers", m->branches);
    return json_pack("{s:o}", "request", request);
}

/* Receipts from a marker on, of one date or (headers only) of all; those that cannot be read. */
static int ask_receipts(struct mplus *m, int64_t marker, const char *date, json_t **answer,
                        struct soap_unreadable **bad, struct koppel_error *err)
{
    json_t *params = receipts_params(m, marker, date);
    *answer = NULL;
    *bad = NULL;
    int rc = params ? call_list_of(m, &op_get_receipts, params, answer, bad, err)
                    : call_no_memory(m, err);
    json_decref(params);
    return rc;
}

/* ---- which days ---- */

/* Notes a day and, where it is told, the branch that wants a record of it whatever is left. */
static void note_day(struct day_position *p, const char *first, const char *date,
                     const char *branch)
{
    char entry[32];
    if (first && strcmp(date, first) < 0)
        return;
    day_position_add(p->open, date);
    if (!branch)
        return;
    snprintf(entry, sizeof entry, "%.10s/%.12s", date, branch);
    day_position_add(p->open, entry);
}

/* The days between two, without the second. */
static void note_between(struct day_position *p, const char *first, const char *from,
                         const char *to, const char *branch)
{
    char date[11];
    snprintf(date, sizeof date, "%.10s", from);
    for (int i = 0; i < MOVED_MAX && strcmp(date, to) < 0; i++) {
        note_day(p, first, date, branch);
        if (!soap_value_next_day(date))
            return;
    }
}

/* The days on which a receipt is or may have been booked. One that was never changed has not been
 * moved. */
static void note_receipt(struct day_position *p, const char *first, const json_t *receipt)
{
    const char *date = call_text(receipt, "financialDate");
    const char *entered = call_text(receipt, "entryTimestamp");
    const char *changes = call_text(receipt, "changeCounter");
    const char *branch = call_text(receipt, "financialBranchNumber");
    if (!date)
        return;
    note_day(p, first, date, NULL);
    if (!entered || strncmp(entered, date, 10) == 0 || (changes && strcmp(changes, "0") == 0))
        return;
    char day[11], after[11];
    snprintf(day, sizeof day, "%.10s", entered);
    snprintf(after, sizeof after, "%.10s", date);
    note_day(p, first, day, branch);
    if (strcmp(day, date) < 0)
        note_between(p, first, day, date, branch);
    else if (soap_value_next_day(after))
        note_between(p, first, after, day, branch);
}

/* Notes the days of the next page of receipts; *moved false: there is none. */
static int drain(struct mplus *m, struct day_position *p, const char *first, uint32_t overlap,
                 bool *moved, struct koppel_batch *out, struct koppel_error *err)
{
    json_t *answer, *receipt;
    struct soap_unreadable *bad;
    int64_t before = p->marker, asked = p->marker + 1 - (p->marker < 0 ? 0 : overlap);
    if (ask_receipts(m, asked < 0 ? 0 : asked, NULL, &answer, &bad, err) != 0)
        return -1;
    int rc = 0;
    size_t i;
    json_array_foreach(call_list(answer, "receiptList"), i, receipt) {
        if (day_position_see(p, before, call_number(receipt, "syncMarker")))
            note_receipt(p, first, receipt);
    }
    for (const struct soap_unreadable *b = bad; b && rc == 0; b = b->next) {
        if (!day_position_see(p, before, call_number(b->record, "syncMarker")))
            continue;
        note_receipt(p, first, b->record);
        if (!call_text(b->record, "financialDate")) /* of a day that nobody knows */
            rc = unreadable_emit(m, out, b, "receiptId", err);
    }
    soap_read_free(bad);
    json_decref(answer);
    *moved = p->marker > before;
    return rc;
}

/* ---- one day ---- */

static int is_closed(struct mplus *m, const char *date, bool *closed, struct koppel_error *err)
{
    json_t *params = json_pack("{s:{s:s, s:s}}", "request", "fromFinancialDate", date,
                               "throughFinancialDate", date),
           *answer = NULL;
    int rc = params ? call_soap(m, &op_get_financial_journal, params, NULL, &answer, err)
                    : call_no_memory(m, err);
    json_t *value = json_object_get(answer, "financialPeriodClosed");
    *closed = json_is_true(value);
    if (rc == 0 && !value)
        m->host->log(m->ctx, KOPPEL_LOG_WARNING,
                     "getFinancialJournal does not say whether %s is closed; its totals wait",
                     date);
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* Receipts and counts that cannot be read make the day of their branch unknown. */
static void spoil(json_t *day, const struct soap_unreadable *bad, const char *what,
                  const char *member)
{
    for (; bad; bad = bad->next) {
        const char *branch = call_text(bad->record, member);
        char why[SOAP_PLACE_BYTES + SOAP_WHY_BYTES + 20];
        json_t *raw = json_stringn(bad->raw, bad->raw_bytes);
        snprintf(why, sizeof why, "a %s: %s %s", what, bad->place, bad->why);
        daytotal_spoil(day, branch ? branch : "", why, json_string_value(raw));
        json_decref(raw);
    }
}

static int add_receipts(struct mplus *m, json_t *day, const char *date, struct koppel_error *err)
{
    int64_t asked = 0, highest;
    int rc;
    do {
        json_t *answer, *receipt;
        struct soap_unreadable *bad;
        size_t i;
        rc = ask_receipts(m, asked, date, &answer, &bad, err);
        highest = asked - 1;
        json_array_foreach(call_list(answer, "receiptList"), i, receipt) {
            if (call_number(receipt, "syncMarker") > highest)
                highest = call_number(receipt, "syncMarker");
            daytotal_add_receipt(day, receipt);
        }
        for (const struct soap_unreadable *b = bad; b; b = b->next) {
            if (call_number(b->record, "syncMarker") > highest)
                highest = call_number(b->record, "syncMarker");
        }
        spoil(day, bad, "receipt", "financialBranchNumber");
        soap_read_free(bad);
        json_decref(answer);
        if (rc == 0 && m->host->cancelled(m->ctx))
            rc = m->host->fail(err, KOPPEL_E_CANCELLED, "stopping");
    } while (rc == 0 && highest >= asked && (asked = highest + 1) > 0);
    return rc;
}

static bool our_branch(const struct mplus *m, const json_t *branch)
{
    const json_t *own;
    size_t i;
    json_array_foreach(m->branches, i, own) {
        if (json_equal(own, branch))
            return true;
    }
    return json_array_size(m->branches) == 0;
}

static int add_cash_counts(struct mplus *m, json_t *day, const char *date, struct koppel_error *err)
{
    json_t *params = json_pack("{s:{s:s, s:s}}", "request", "fromFinancialDate", date,
                               "throughFinancialDate", date),
           *answer = NULL, *count;
    struct soap_unreadable *bad = NULL;
    int rc = params ? call_list_of(m, &op_get_cash_counts, params, &answer, &bad, err)
                    : call_no_memory(m, err);
    size_t i;
    json_array_foreach(call_list(answer, "cashCountList"), i, count) {
        if (our_branch(m, json_object_get(count, "branchNumber")))
            daytotal_add_cash_count(day, count);
    }
    spoil(day, bad, "cash count", "branchNumber");
    soap_read_free(bad);
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* ---- records ---- */

/* A day that is read again is news, also where the receipt that made it so has left it: its version
 * is how far the receipts were read. */
static int emit_branch(struct mplus *m, const json_t *day, const char *branch, const char *date,
                       const json_t *methods, int64_t version, struct koppel_batch *out,
                       struct koppel_error *err)
{
    const char *raw, *why = day_record_unknown(day, branch, &raw);
    if (why) {
        char key[64];
        snprintf(key, sizeof key, "%.40s/%.10s", *branch ? branch : "?", date);
        return m->host->emit_unreadable(out, key, version, raw ? raw : "", raw ? strlen(raw) : 0,
                                        why, err);
    }
    int64_t marker;
    json_t *record = day_record_make(day, branch, date, methods, &marker);
    if (!record)
        return call_no_memory(m, err);
    const char *id = call_text(record, "dayTotalId");
    json_incref(record);
    int rc = m->host->emit(out, id, marker > version ? marker : version, record, err);
    json_decref(record);
    return rc;
}

static int emit_branches(struct mplus *m, const json_t *day, const char *date,
                         const json_t *methods, int64_t version, struct koppel_batch *out,
                         struct koppel_error *err)
{
    json_t *branches = day_record_branches(day), *branch;
    size_t i;
    int rc = 0;
    json_array_foreach(branches, i, branch) {
        const char *number = json_string_value(branch);
        /* what has no branch spoils all; it has a record of its own where it is alone */
        if (rc == 0 && (*number || json_array_size(branches) == 1))
            rc = emit_branch(m, day, number, date, methods, version, out, err);
    }
    json_decref(branches);
    return rc;
}

static int emit_day(struct mplus *m, const char *date, const json_t *expected, int64_t version,
                    json_t **methods, struct koppel_batch *out, struct koppel_error *err)
{
    json_t *day = daytotal_new(), *branch;
    size_t i;
    json_array_foreach((json_t *)expected, i, branch)
        daytotal_expect(day, json_string_value(branch));
    int rc = day ? add_receipts(m, day, date, err) : call_no_memory(m, err);
    if (rc == 0)
        rc = add_cash_counts(m, day, date, err);
    if (rc == 0 && !*methods) { /* once for all days of the batch */
        json_t *answer = NULL;
        rc = call_soap(m, &op_get_payment_methods, NULL, NULL, &answer, err);
        *methods = json_incref(call_list(answer, "paymentMethodList"));
        json_decref(answer);
    }
    if (rc == 0)
        rc = emit_branches(m, day, date, *methods, version, out, err);
    json_decref(day);
    return rc;
}

/* Takes the next day out of the list, and the branches that want a record of it. */
static void take_day(json_t *todo, char date[11], json_t *expected)
{
    snprintf(date, 11, "%.10s", json_string_value(json_array_get(todo, 0)));
    while (json_array_size(todo) > 0) {
        const char *entry = json_string_value(json_array_get(todo, 0));
        if (strncmp(entry, date, 10) != 0)
            return;
        if (entry[10] == '/')
            json_array_append_new(expected, json_string(entry + 11));
        json_array_remove(todo, 0);
    }
}

static void put_back(json_t *open, const char *date, const json_t *expected)
{
    const json_t *branch;
    size_t i;
    day_position_add(open, date);
    json_array_foreach((json_t *)expected, i, branch) {
        char entry[32];
        snprintf(entry, sizeof entry, "%.10s/%.12s", date, json_string_value(branch));
        day_position_add(open, entry);
    }
}

/* Works off some of the days; those still open go back. */
static int emit_days(struct mplus *m, struct day_position *p, struct koppel_batch *out,
                     struct koppel_error *err)
{
    json_t *methods = NULL;
    int rc = 0;
    for (int n = 0; rc == 0 && n < DAYS_AT_ONCE && json_array_size(p->todo) > 0; n++) {
        char date[11];
        json_t *expected = json_array();
        bool closed = false;
        take_day(p->todo, date, expected);
        rc = is_closed(m, date, &closed, err);
        if (rc == 0 && !closed)
            put_back(p->open, date, expected);
        else if (rc == 0)
            rc = emit_day(m, date, expected, p->marker, &methods, out, err);
        json_decref(expected);
    }
    json_decref(methods);
    return rc;
}

static int read_days(struct mplus *m, const struct koppel_read_request *request, const char *first,
                     struct day_position *p, struct koppel_batch *out, struct koppel_error *err)
{
    bool moved = false;
    if (json_array_size(p->todo) == 0) {
        if (drain(m, p, first, request->overlap, &moved, out, err) != 0)
            return -1;
        if (moved)
            return day_position_end(m, p, true, out, err);
        json_t *days = p->todo;
        p->todo = p->open;
        p->open = days;
    }
    if (emit_days(m, p, out, err) != 0)
        return -1;
    return day_position_end(m, p, json_array_size(p->todo) > 0, out, err);
}

int day_totals_read(struct mplus *m, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    struct day_position p;
    const char *first;
    int rc = day_position_read(m, request->cursor, &p, err);
    if (rc == 0)
        rc = since(m, request->options, &first, err);
    if (rc == 0)
        rc = read_days(m, request, first, &p, out, err);
    day_position_done(&p);
    return rc;
}
