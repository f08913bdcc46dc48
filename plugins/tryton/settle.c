/* SPDX-License-Identifier: MIT
 * From a draft to a posted invoice; see settle.h. */
#include "settle.h"

#include "draft.h"
#include "entity.h"
#include "wire.h"

#define TRIES 4 /* of posting, while others post at the same time */

struct settling {
    struct tryton *t;
    int64_t id;
    const json_t *record;
    uint32_t index;
    struct koppel_results *out;
    json_t *sums; /* untaxed, tax and total as Tryton has them now; texts */
    size_t lines; /* that it has */
    bool refused; /* by its content: it will never be posted so */
};

/* ---- sums ---- */

static int read_sums(struct settling *s, struct koppel_error *err)
{
    static const char *const names[] = {"untaxed_amount", "tax_amount", "total_amount"};
    static const struct rpc call = {.what = "read the sums of the invoice",
                                    .method = "model.account.invoice.read", .one = true};
    json_t *rows = NULL;
    if (rpc_call(s->t, &call,
                 json_pack("[[I],[s,s,s,s]]", (json_int_t)s->id, names[0], names[1], names[2],
                           "lines"),
                 &rows, err) != 0)
        return -1;
    json_decref(s->sums);
    s->sums = json_object();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        entity_put(s->sums, names[i],
                   wire_decimal_text(json_object_get(json_array_get(rows, 0), names[i])));
    s->lines = json_array_size(json_object_get(json_array_get(rows, 0), "lines"));
    json_decref(rows);
    return json_object_size(s->sums) == 3
               ? 0
               : s->t->host->fail(err, KOPPEL_E_UNSURE, "read the sums of the invoice: Tryton "
                                  "tells no sums of %lld", (long long)s->id);
}

/* What the record's total is more than Tryton's; "0" where the record tells none. */
static int missing(struct settling *s, char out[KOPPEL_DECIMAL_TEXT], struct koppel_error *err)
{
    const char *want = wire_text(s->record, "total_amount");
    if (!*want) {
        memcpy(out, "0", 2);
        return 0;
    }
    if (s->t->host->decimal(s->t->ctx, KOPPEL_DECIMAL_SUB, want,
                            wire_text(s->sums, "total_amount"), -1, KOPPEL_ROUND_HALF_UP, out, err)
        != 0)
        return -1;
    wire_trim(out);
    return 0;
}

static int refuse_sums(struct settling *s, const char *why, struct koppel_error *err)
{
    s->refused = true;
    s->t->host->fail(err, KOPPEL_E_REJECTED, "Tryton computes %s and %s VAT, %s in all, and the "
                     "source says %s: %s", wire_text(s->sums, "untaxed_amount"),
                     wire_text(s->sums, "tax_amount"), wire_text(s->sums, "total_amount"),
                     wire_text(s->record, "total_amount"), why);
    s->t->host->fact(err, "remedy", "set rounding_account and rounding_limit of the connection, or "
                     "mend the table of taxes");
    return s->t->host->reason(err, "order.totals");
}

/* Is |amount| at most the limit? */
static int within(struct settling *s, const char *amount, bool *out, struct koppel_error *err)
{
    char compared[KOPPEL_DECIMAL_TEXT];
    const char *limit = s->t->host->setting(s->t->ctx, "rounding_limit");
    if (s->t->host->decimal(s->t->ctx, KOPPEL_DECIMAL_COMPARE, amount + (*amount == '-'), limit,
                            -1, KOPPEL_ROUND_HALF_UP, compared, err) != 0)
        return -1;
    *out = strcmp(compared, "1") != 0;
    return 0;
}

/* A line without VAT, so that both come to the same. */
static int add_rounding(struct settling *s, const char *amount, const char *account,
                        struct koppel_error *err)
{
    const char *words = s->t->host->setting(s->t->ctx, "rounding_text");
    json_t *line = json_pack("{s:s,s:s,s:s,s:s}", "quantity", "1", "unit_price", amount, "account",
                             account, "description", words ? words : "");
    json_t *made = line ? draft_line(s->t, line, (int)s->lines + 1, err) : NULL;
    json_decref(line);
    if (!made) {
        s->refused = true;
        return -1;
    }
    s->t->host->result_note(s->out, s->index, "rounding", "%s, which Tryton computes less", amount);
    return draft_write(s->t, s->id, json_pack("{s:[[s,[o]]]}", "lines", "create", made),
                       &s->refused, err);
}

static int agree(struct settling *s, struct koppel_error *err)
{
    char rest[KOPPEL_DECIMAL_TEXT];
    const char *account = s->t->host->setting(s->t->ctx, "rounding_account");
    bool small;
    if (read_sums(s, err) != 0 || missing(s, rest, err) != 0)
        return -1;
    if (strcmp(rest, "0") == 0)
        return 0;
    if (within(s, rest, &small, err) != 0)
        return -1;
    if (!small)
        return refuse_sums(s, "that is more than rounding_limit", err);
    if (!account || !*account)
        return refuse_sums(s, "set rounding_account, which takes such cents", err);
    if (add_rounding(s, rest, account, err) != 0 || read_sums(s, err) != 0 ||
        missing(s, rest, err) != 0)
        return -1;
    return strcmp(rest, "0") == 0 ? 0 : refuse_sums(s, "a line of rounding does not mend that",
                                                    err);
}

/* ---- dates ---- */

/* The newest day that an invoice was booked on; "" where there is none. */
static int newest_day(struct settling *s, char out[16], struct koppel_error *err)
{
    static const struct rpc call = {.what = "read the newest invoice",
                                    .method = "model.account.invoice.search_read", .one = true};
    json_t *rows = NULL;
    out[0] = '\0';
    if (rpc_call(s->t, &call,
                 json_pack("[[[s,s,s],[s,s,[s,s]],[s,s,I]],i,i,[[s,s]],[s,s]]", "type", "=",
                           "out", "state", "in", "posted", "paid", "company", "=",
                           (json_int_t)rpc_number(s->t, "company"), 0, 1, "accounting_date",
                           "DESC", "accounting_date", "invoice_date"),
                 &rows, err) != 0)
        return -1;
    const json_t *row = json_array_get(rows, 0);
    json_t *day = wire_date_text(json_object_get(row, "accounting_date"));
    if (!day)
        day = wire_date_text(json_object_get(row, "invoice_date"));
    if (day)
        snprintf(out, 16, "%s", json_string_value(day));
    json_decref(day);
    json_decref(rows);
    return 0;
}

/* The first day, not before this one, that lies in an open period; "" where there is none. */
static int open_day(struct settling *s, const char *day, char out[16], struct koppel_error *err)
{
    static const struct rpc call = {.what = "read the periods",
                                    .method = "model.account.period.search_read", .one = true};
    json_t *rows = NULL;
    out[0] = '\0';
    if (rpc_call(s->t, &call,
                 json_pack("[[[s,s,s],[s,s,s],[s,s,o],[s,s,I]],i,i,[[s,s]],[s]]", "state", "=",
                           "open", "type", "=", "standard", "end_date", ">=", wire_date(day),
                           "company", "=", (json_int_t)rpc_number(s->t, "company"), 0, 1,
                           "start_date", "ASC", "start_date"),
                 &rows, err) != 0)
        return -1;
    json_t *start = wire_date_text(json_object_get(json_array_get(rows, 0), "start_date"));
    if (start)
        snprintf(out, 16, "%s", strcmp(json_string_value(start), day) > 0
                                    ? json_string_value(start)
                                    : day);
    json_decref(start);
    json_decref(rows);
    return 0;
}

static bool setting_is(struct settling *s, const char *name, const char *value)
{
    const char *text = s->t->host->setting(s->t->ctx, name);
    return text && strcmp(text, value) == 0;
}

static int refuse_date(struct settling *s, const char *reason, const char *day, const char *what,
                       const char *remedy, struct koppel_error *err)
{
    s->refused = true;
    s->t->host->fail(err, KOPPEL_E_REJECTED, "post the invoice: it is of %s, and %s", day, what);
    s->t->host->fact(err, "remedy", remedy);
    return s->t->host->reason(err, reason);
}

/* Tryton refused to post: is it for its day, and which other one would do? *moved: the draft has
 * another one now. booked: the day it was tried with; receives the new one. */
static int move_day(struct settling *s, char booked[16], bool *moved, struct koppel_error *err)
{
    char newest[16], open[16], day[16];
    *moved = false;
    snprintf(day, sizeof day, "%s", booked);
    if (newest_day(s, newest, err) != 0)
        return -1;
    if (strcmp(newest, day) > 0) {
        if (!setting_is(s, "posted_later", "move"))
            return refuse_date(s, "invoice.late", booked, "Tryton has posted later ones "
                               "already", "post it there by hand, or set posted_later = \"move\"",
                               err);
        snprintf(day, sizeof day, "%s", newest);
    }
    if (open_day(s, day, open, err) != 0)
        return -1;
    if (!*open)
        return refuse_date(s, "period.closed", booked, "there is no open period for it or behind "
                           "it", "open a period in Tryton", err);
    if (strcmp(open, day) != 0) {
        if (!setting_is(s, "closed_period", "next"))
            return refuse_date(s, "period.closed", booked, "its period is closed",
                               "open the period in Tryton, or set closed_period = \"next\"", err);
        snprintf(day, sizeof day, "%s", open);
    }
    if (strcmp(day, booked) == 0)
        return 0;
    if (draft_write(s->t, s->id, json_pack("{s:o}", "accounting_date", wire_date(day)),
                    &s->refused, err) != 0)
        return -1;
    s->t->host->result_note(s->out, s->index, "booked on", "%s, the first day that Tryton takes",
                            day);
    snprintf(booked, 16, "%s", day);
    *moved = true;
    return 0;
}

/* ---- posting ---- */

static int post(struct settling *s, struct koppel_error *err)
{
    char booked[16], words[RPC_WORDS_BYTES] = "";
    snprintf(booked, sizeof booked, "%.10s", wire_text(s->record, "invoice_date"));
    for (int i = 0; i < TRIES; i++) {
        bool refused = false, warned = false, moved = false;
        const struct rpc call = {.what = "post the invoice",
                                 .method = "model.account.invoice.post", .write = true,
                                 .one = true, .refused = &refused, .warned = &warned,
                                 .words = words};
        json_t *done = NULL;
        int rc = rpc_call(s->t, &call, json_pack("[[I]]", (json_int_t)s->id), &done, err);
        json_decref(done);
        s->refused = warned;
        if (rc == 0 || !refused || warned)
            return rc;
        if (move_day(s, booked, &moved, err) != 0)
            return -1;
        if (!moved)
            break;
    }
    s->refused = true;
    return s->t->host->fail(err, KOPPEL_E_REJECTED, "post the invoice: Tryton says: " KOPPEL_SAID,
                            words);
}

int settle_invoice(struct tryton *t, int64_t id, const json_t *record, uint32_t index,
                   struct koppel_results *out, struct koppel_error *err)
{
    struct settling s = {.t = t, .id = id, .record = record, .index = index, .out = out};
    /* A write makes Tryton compute the taxes; the day is what it is for. */
    int rc = draft_write(t, id, json_pack("{s:n}", "accounting_date"), &s.refused, err);
    if (rc == 0)
        rc = agree(&s, err);
    if (rc == 0)
        rc = post(&s, err);
    json_decref(s.sums);
    if (rc == 0)
        return 0;
    /* What can never be posted is not left about. */
    if (s.refused && draft_delete(t, id, err) == 0)
        return -1;
    if (s.refused)
        return t->host->fail(err, KOPPEL_E_UNSURE, "post the invoice: Tryton refuses draft %lld, "
                             "and it could not be deleted", (long long)id);
    return t->host->fail(err, KOPPEL_E_UNSURE, "post the invoice: it stands in Tryton as draft "
                         "%lld, and what follows had no answer", (long long)id);
}
