/* SPDX-License-Identifier: MIT
 * Invoices before they are posted; see draft.h. */
#include "draft.h"

#include "entity.h"
#include "lookup.h"
#include "wire.h"

/* ---- lines ---- */

static json_t *misfit(struct tryton *t, json_t *made, const char *field, const char *text,
                      struct koppel_error *err)
{
    json_decref(made);
    t->host->fail(err, KOPPEL_E_REJECTED, "a line's %s is \"%.40s\", which Tryton cannot hold",
                  field, text);
    return NULL;
}

/* The unit that a product is counted in. */
static int unit_of(struct tryton *t, int64_t product, int64_t *unit, struct koppel_error *err)
{
    static const struct rpc call = {.what = "read the unit of the product",
                                    .method = "model.product.product.read", .one = true};
    char name[48];
    json_t *rows = NULL, *kept;
    snprintf(name, sizeof name, "unit of %lld", (long long)product);
    kept = t->host->shared_get(t->ctx, name);
    *unit = json_integer_value(kept);
    json_decref(kept);
    if (*unit)
        return 0;
    if (rpc_call_all(t, &call, json_pack("[[I],[s]]", (json_int_t)product, "default_uom"), &rows,
                     err) != 0)
        return -1;
    *unit = wire_id(json_array_get(rows, 0), "default_uom");
    json_decref(rows);
    return t->host->shared_set(t->ctx, name, json_integer((json_int_t)*unit), 600000, err);
}

json_t *draft_line(struct tryton *t, const json_t *line, int sequence, struct koppel_error *err)
{
    char word[KOPPEL_WORD_TEXT], own[KOPPEL_WORD_TEXT];
    const char *quantity = entity_text(line, "quantity", word);
    const char *price = entity_text(line, "unit_price", own);
    json_t *made = json_pack("{s:s,s:i}", "type", "line", "sequence", sequence), *value;
    int64_t id;
    value = wire_number(*quantity ? quantity : "0");
    if (!value)
        return misfit(t, made, "quantity", quantity, err);
    json_object_set_new(made, "quantity", value);
    value = wire_decimal(*price ? price : "0");
    if (!value)
        return misfit(t, made, "price", price, err);
    json_object_set_new(made, "unit_price", value);
    json_object_set_new(made, "description", json_string(wire_text(line, "description")));
    if (lookup_account(t, entity_text(line, "account", word), &id, err) != 0) {
        json_decref(made);
        return NULL;
    }
    json_object_set_new(made, "account", json_integer((json_int_t)id));
    id = wire_id_of(entity_text(line, "tax", word));
    if (!id && *entity_text(line, "tax", word))
        return misfit(t, made, "tax", entity_text(line, "tax", word), err);
    if (id)
        json_object_set_new(made, "taxes", json_pack("[[s,[I]]]", "add", (json_int_t)id));
    id = wire_id_of(entity_text(line, "product", word));
    if (id) {
        int64_t unit;
        json_object_set_new(made, "product", json_integer((json_int_t)id));
        if (unit_of(t, id, &unit, err) != 0) {
            json_decref(made);
            return NULL;
        }
        json_object_set_new(made, "unit", json_integer((json_int_t)unit));
    }
    return made;
}

static int add_lines(struct tryton *t, const json_t *record, json_t *values,
                     struct koppel_error *err)
{
    size_t i;
    json_t *line, *lines = json_array();
    json_array_foreach(json_object_get(record, "lines"), i, line) {
        json_t *made = draft_line(t, line, (int)i + 1, err);
        if (!made) {
            json_decref(lines);
            return -1;
        }
        json_array_append_new(lines, made);
    }
    json_object_set_new(values, "lines", json_pack("[[s,o]]", "create", lines));
    return 0;
}

/* ---- the head ---- */

/* What Tryton fills in where a person chooses the customer. */
static int add_customer(struct tryton *t, const json_t *record, json_t *values,
                        struct koppel_error *err)
{
    static const struct rpc changed = {.what = "ask for what the customer has",
                                       .method = "model.account.invoice.on_change", .one = true};
    static const struct rpc follows = {.what = "ask for the customer's account",
                                       .method = "model.account.invoice.on_change_with",
                                       .one = true};
    static const char *const taken[] = {"invoice_address", "payment_term",
                                        "party_tax_identifier"};
    char word[KOPPEL_WORD_TEXT];
    json_t *rows = NULL, *account = NULL;
    int64_t party = wire_id_of(entity_text(record, "party", word));
    json_object_set_new(values, "party", json_integer((json_int_t)party));
    if (rpc_call(t, &changed, json_pack("[O,[s]]", values, "party"), &rows, err) != 0)
        return -1;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        json_t *value = json_object_get(json_array_get(rows, 0), taken[i]);
        if (json_is_integer(value))
            json_object_set(values, taken[i], value);
    }
    json_decref(rows);
    if (rpc_call(t, &follows, json_pack("[O,[s]]", values, "account"), &account, err) != 0)
        return -1;
    json_t *id = json_object_get(account, "account");
    if (json_is_integer(id))
        json_object_set(values, "account", id);
    json_decref(account);
    if (json_object_get(values, "account"))
        return 0;
    t->host->fail(err, KOPPEL_E_REJECTED, "create the invoice: Tryton knows no account receivable "
                  "for party %lld", (long long)party);
    t->host->fact(err, "remedy", "set a default account receivable in Tryton");
    return t->host->reason(err, "account.missing");
}

static int head(struct tryton *t, const json_t *record, json_t *values, struct koppel_error *err)
{
    static const char *const texts[] = {"reference", "description", "comment"};
    char word[KOPPEL_WORD_TEXT];
    int64_t journal, currency, term = wire_id_of(entity_text(record, "payment_term", word));
    const char *code = wire_text(record, "currency"), *day = wire_text(record, "invoice_date");
    json_t *date = wire_date(day);
    if (!date)
        return t->host->fail(err, KOPPEL_E_REJECTED, "create the invoice: \"%.40s\" is no date",
                             day);
    json_object_set_new(values, "invoice_date", date);
    if (rpc_session(t, err) != 0 || lookup_journal(t, &journal, err) != 0 ||
        lookup_currency(t, *code ? code : wire_text(t->session, "currency_code"), &currency, err)
            != 0)
        return -1;
    json_object_set_new(values, "type", json_string("out"));
    json_object_set_new(values, "company", json_integer((json_int_t)rpc_number(t, "company")));
    json_object_set_new(values, "journal", json_integer((json_int_t)journal));
    json_object_set_new(values, "currency", json_integer((json_int_t)currency));
    if (add_customer(t, record, values, err) != 0)
        return -1;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        entity_put_text(values, texts[i], wire_text(record, texts[i]));
    if (term)
        json_object_set_new(values, "payment_term", json_integer((json_int_t)term));
    return 0;
}

int draft_create(struct tryton *t, const json_t *record, int64_t *id, struct koppel_error *err)
{
    static const struct rpc call = {.what = "create the invoice",
                                    .method = "model.account.invoice.create", .write = true,
                                    .one = true};
    json_t *made = NULL, *values = json_object();
    if (head(t, record, values, err) != 0 || add_lines(t, record, values, err) != 0) {
        json_decref(values);
        return -1;
    }
    if (rpc_call(t, &call, json_pack("[[o]]", values), &made, err) != 0)
        return -1;
    *id = json_integer_value(json_array_get(made, 0));
    json_decref(made);
    return *id > 0 ? 0
                   : t->host->fail(err, KOPPEL_E_UNSURE, "create the invoice: Tryton took it, but "
                                   "did not say under which id");
}

int draft_write(struct tryton *t, int64_t id, json_t *values_take, bool *refused,
                struct koppel_error *err)
{
    const struct rpc call = {.what = "complete the invoice",
                             .method = "model.account.invoice.write", .write = true, .one = true,
                             .refused = refused};
    json_t *done = NULL;
    int rc = rpc_call(t, &call, json_pack("[[I],o]", (json_int_t)id, values_take), &done, err);
    json_decref(done);
    return rc;
}

int draft_delete(struct tryton *t, int64_t id, struct koppel_error *err)
{
    static const struct rpc call = {.what = "delete the draft",
                                    .method = "model.account.invoice.delete", .write = true,
                                    .one = true};
    json_t *done = NULL;
    int rc = rpc_call(t, &call, json_pack("[[I]]", (json_int_t)id), &done, err);
    json_decref(done);
    return rc;
}
