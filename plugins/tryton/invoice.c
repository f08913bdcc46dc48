/* SPDX-License-Identifier: MIT
 * Customer invoices; see invoice.h. Creating one is a sequence: a draft, whose VAT Tryton computes,
 * which is compared with the record and posted (settle.h). It can be repeated: whatever was made by
 * an earlier attempt is found by its reference first, and finished. */
#include "invoice.h"

#include "draft.h"
#include "settle.h"
#include "wire.h"

/* ---- from Tryton ---- */

/* What was cancelled before it was posted is nothing in the books. */
static json_t *domain(const struct tryton *t)
{
    return json_pack("[[s,s,s],[s,s,I],[s,s,s]]", "type", "=", "out", "company", "=",
                     (json_int_t)rpc_number(t, "company"), "state", "!=", "cancelled");
}

static json_t *line_of(const json_t *row)
{
    json_t *line = json_object();
    entity_put_id(line, "id", wire_id(row, "id"));
    entity_put_id(line, "product", wire_id(row, "product"));
    entity_put_text(line, "description", wire_text(row, "description"));
    entity_put(line, "quantity", wire_decimal_text(json_object_get(row, "quantity")));
    entity_put(line, "unit_price", wire_decimal_text(json_object_get(row, "unit_price")));
    entity_put(line, "amount", wire_decimal_text(json_object_get(row, "amount")));
    entity_put_text(line, "account", wire_text(wire_inside(row, "account"), "code"));
    entity_put_id(line, "tax",
           json_integer_value(json_array_get(json_object_get(row, "taxes"), 0)));
    return line;
}

static json_t *record_of(const json_t *row)
{
    static const char *const texts[] = {"number", "reference", "state", "description", "comment"};
    static const char *const dates[] = {"invoice_date", "accounting_date"};
    static const char *const sums[] = {"untaxed_amount", "tax_amount", "total_amount"};
    json_t *record = json_object(), *lines = json_array(), *one;
    size_t i;
    entity_put_id(record, "id", wire_id(row, "id"));
    entity_put_id(record, "party", wire_id(row, "party"));
    entity_put_id(record, "payment_term", wire_id(row, "payment_term"));
    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        entity_put_text(record, texts[i], wire_text(row, texts[i]));
    for (i = 0; i < sizeof dates / sizeof *dates; i++)
        entity_put(record, dates[i], wire_date_text(json_object_get(row, dates[i])));
    for (i = 0; i < sizeof sums / sizeof *sums; i++)
        entity_put(record, sums[i], wire_decimal_text(json_object_get(row, sums[i])));
    entity_put_text(record, "currency", wire_text(wire_inside(row, "currency"), "code"));
    json_array_foreach(wire_inside(row, "lines"), i, one) {
        if (strcmp(wire_text(one, "type"), "line") == 0)
            json_array_append_new(lines, line_of(one));
    }
    json_object_set_new(record, "lines", lines);
    return record;
}

/* ---- what an earlier attempt made ---- */

/* Made by this user, and changed by nobody else since. */
static bool is_own_draft(const struct tryton *t, const json_t *row)
{
    int64_t me = rpc_number(t, "user"), other = wire_id(row, "write_uid");
    return strcmp(wire_text(row, "state"), "draft") == 0 && wire_id(row, "create_uid") == me &&
           (other == 0 || other == me);
}

static bool same_text(const json_t *a, const json_t *b, const char *name)
{
    char x[KOPPEL_WORD_TEXT], y[KOPPEL_WORD_TEXT];
    return strcmp(entity_text(a, name, x), entity_text(b, name, y)) == 0;
}

static bool same_decimal(const json_t *a, const json_t *b, const char *name)
{
    return wire_same_number(wire_text(a, name), wire_text(b, name));
}

/* Does the draft say what the record says? A line of rounding behind the others may be ours. */
static bool says(const json_t *draft, const json_t *record)
{
    json_t *want = json_object_get(record, "lines"), *have = json_object_get(draft, "lines"), *one;
    size_t i;
    if (!same_text(draft, record, "party") ||
        strncmp(wire_text(draft, "invoice_date"), wire_text(record, "invoice_date"), 10) != 0 ||
        json_array_size(have) < json_array_size(want) ||
        json_array_size(have) > json_array_size(want) + 1)
        return false;
    json_array_foreach(want, i, one) {
        const json_t *there = json_array_get(have, i);
        if (!same_text(there, one, "account") || !same_text(there, one, "tax") ||
            !same_text(there, one, "product") || !same_decimal(there, one, "quantity") ||
            !same_decimal(there, one, "unit_price"))
            return false;
    }
    return true;
}

/* What is there under the reference already: *id of a draft that is to be finished, 0: none. One of
 * ours that says something else is thrown away; what is posted, or somebody else's, is told. */
static int look_behind(struct tryton *t, const json_t *record, int64_t *id,
                       struct koppel_error *err)
{
    const char *reference = wire_text(record, "reference");
    json_t *rows = NULL, *row;
    size_t i;
    int rc = entity_rows(t, &invoice_entity, "look for the invoice",
                         json_pack("[[s,s,s]]", "reference", "=", reference), 10, &rows, err);
    *id = 0;
    json_array_foreach(rows, i, row) {
        json_t *draft = record_of(row);
        if (rc == 0 && !is_own_draft(t, row))
            rc = t->host->fail(err, KOPPEL_E_EXISTS, "create the invoice: %s is there already, as "
                               "%lld", reference, (long long)wire_id(row, "id"));
        else if (rc == 0 && *id == 0 && says(draft, record))
            *id = wire_id(row, "id");
        else if (rc == 0)
            rc = draft_delete(t, wire_id(row, "id"), err);
        json_decref(draft);
    }
    json_decref(rows);
    return rc;
}

static int create(struct tryton *t, const struct koppel_write_item *item, uint32_t index,
                  struct koppel_results *out, struct koppel_error *err)
{
    int64_t id;
    if (!*wire_text(item->record, "reference"))
        return t->host->fail(err, KOPPEL_E_REJECTED, "create the invoice: it has no reference, by "
                             "which it would be found again");
    if (look_behind(t, item->record, &id, err) != 0)
        return -1;
    if (id)
        t->host->result_note(out, index, "draft", "%lld of an earlier attempt is finished",
                             (long long)id);
    else if (draft_create(t, item->record, &id, err) != 0)
        return -1;
    if (settle_invoice(t, id, item->record, index, out, err) != 0)
        return -1;
    return entity_done(t, &invoice_entity, id, index, out, err);
}

const struct entity invoice_entity = {
    .name = "invoice",
    .model = "account.invoice",
    .read_what = "read invoices",
    .find_what = "find the invoice",
    .write_what = "write the invoice",
    .fields = "number reference state description comment invoice_date accounting_date party "
              "payment_term currency.code untaxed_amount tax_amount total_amount create_uid "
              "write_uid lines.type lines.product lines.description lines.quantity "
              "lines.unit_price lines.amount lines.account.code lines.taxes",
    .domain = domain,
    .condition = entity_condition,
    .record = record_of,
    .create = create,
};
