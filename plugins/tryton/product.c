/* SPDX-License-Identifier: MIT
 * Products; see product.h. */
#include "product.h"

#include "lookup.h"
#include "wire.h"

/* ---- from Tryton ---- */

static json_t *domain(const struct tryton *t)
{
    (void)t;
    return json_array();
}

static json_t *record_of(const json_t *row)
{
    json_t *record = json_object();
    const json_t *sheet = wire_inside(row, "template"),
                 *number = json_array_get(wire_inside(row, "identifiers"), 0);
    entity_put_id(record, "id", wire_id(row, "id"));
    entity_put_text(record, "code", wire_text(row, "code"));
    entity_put_text(record, "name", wire_text(sheet, "name"));
    entity_put_text(record, "description", wire_text(row, "description"));
    entity_put_text(record, "barcode", wire_text(number, "code"));
    entity_put_text(record, "type", wire_text(sheet, "type"));
    entity_put_id(record, "unit", wire_id(sheet, "default_uom"));
    entity_put_id(record, "category", wire_id(sheet, "account_category"));
    entity_put(record, "list_price", wire_decimal_text(json_object_get(sheet, "list_price")));
    entity_put(record, "cost_price", wire_decimal_text(json_object_get(row, "cost_price")));
    json_object_set_new(record, "active",
                        json_boolean(json_is_true(json_object_get(row, "active")) ||
                                     wire_id(row, "active") != 0));
    return record;
}

/* ---- to Tryton ---- */

static int bad_number(struct tryton *t, const char *field, struct koppel_error *err)
{
    return t->host->fail(err, KOPPEL_E_REJECTED, "field %s holds no number", field);
}

static int put_decimal(struct tryton *t, json_t *values, const json_t *record, const char *field,
                       struct koppel_error *err)
{
    const char *text = koppel_get_text(record, field, "");
    json_t *value = *text ? wire_decimal(text) : NULL;
    if (*text && !value)
        return bad_number(t, field, err);
    entity_put(values, field, value);
    return 0;
}

static int put_reference(struct tryton *t, json_t *values, const json_t *record,
                         const char *field, const char *wire, struct koppel_error *err)
{
    char word[KOPPEL_WORD_TEXT];
    const char *text = entity_text(record, field, word);
    if (!*text)
        return 0;
    if (!wire_id_of(text))
        return bad_number(t, field, err);
    json_object_set_new(values, wire, json_integer((json_int_t)wire_id_of(text)));
    return 0;
}

/* Of the template: what all its variants share. */
static int sheet_values(struct tryton *t, const json_t *record, json_t *values,
                        struct koppel_error *err)
{
    json_t *active = json_object_get(record, "active");
    entity_put_text(values, "name", wire_text(record, "name"));
    entity_put_text(values, "type", wire_text(record, "type"));
    if (json_is_boolean(active))
        json_object_set(values, "active", active);
    if (put_decimal(t, values, record, "list_price", err) != 0 ||
        put_reference(t, values, record, "category", "account_category", err) != 0 ||
        put_reference(t, values, record, "unit", "default_uom", err) != 0)
        return -1;
    /* What is sold is sold by the unit in which it is counted. */
    json_t *unit = json_object_get(values, "default_uom");
    if (unit)
        json_object_set(values, "sale_uom", unit);
    return 0;
}

/* Of the variant; row: as it is there, NULL for a new one. */
static int variant_values(struct tryton *t, const json_t *record, const json_t *row,
                          json_t *values, struct koppel_error *err)
{
    const json_t *number = json_array_get(wire_inside(row, "identifiers"), 0);
    const char *barcode = koppel_get_text(record, "barcode", NULL);
    int64_t id = wire_id(number, "id");
    json_t *change = NULL, *active = json_object_get(record, "active");
    if (json_object_get(record, "description"))
        json_object_set_new(values, "description", json_string(wire_text(record, "description")));
    if (json_is_boolean(active))
        json_object_set(values, "active", active);
    if (barcode && strcmp(barcode, wire_text(number, "code")) != 0) {
        if (!*barcode)
            change = json_pack("[s,[I]]", "delete", (json_int_t)id);
        else if (id)
            change = json_pack("[s,[I],{s:s,s:s}]", "write", (json_int_t)id, "type", "ean",
                               "code", barcode);
        else
            change = json_pack("[s,[{s:s,s:s}]]", "create", "type", "ean", "code", barcode);
    }
    if (change)
        json_object_set_new(values, "identifiers", json_pack("[o]", change));
    return put_decimal(t, values, record, "cost_price", err);
}

/* What a template must have, where the record does not say it. */
static int defaults(struct tryton *t, json_t *sheet, struct koppel_error *err)
{
    int64_t unit;
    if (!json_object_get(sheet, "type"))
        json_object_set_new(sheet, "type", json_string("goods"));
    if (!json_object_get(sheet, "list_price"))
        json_object_set_new(sheet, "list_price", wire_decimal("0"));
    json_object_set_new(sheet, "salable", json_true());
    if (json_object_get(sheet, "default_uom"))
        return 0;
    if (lookup_unit(t, &unit, err) != 0)
        return -1;
    json_object_set_new(sheet, "default_uom", json_integer((json_int_t)unit));
    json_object_set_new(sheet, "sale_uom", json_integer((json_int_t)unit));
    return 0;
}

static int create(struct tryton *t, const struct koppel_write_item *item, uint32_t index,
                  struct koppel_results *out, struct koppel_error *err)
{
    static const struct rpc call = {.what = "create the product",
                                    .method = "model.product.template.create", .write = true,
                                    .one = true};
    static const struct rpc read = {.what = "read the product",
                                    .method = "model.product.template.read"};
    json_t *sheet = json_object(), *variant = json_object(), *made = NULL, *rows = NULL;
    entity_put_text(variant, "suffix_code", wire_text(item->record, "code"));
    int rc = sheet_values(t, item->record, sheet, err);
    if (rc == 0)
        rc = variant_values(t, item->record, NULL, variant, err);
    if (rc == 0)
        rc = defaults(t, sheet, err);
    if (rc != 0) {
        json_decref(sheet);
        json_decref(variant);
        return -1;
    }
    json_object_set_new(sheet, "products", json_pack("[[s,[o]]]", "create", variant));
    if (rpc_call(t, &call, json_pack("[[o]]", sheet), &made, err) != 0)
        return -1;
    rc = rpc_call_all(t, &read, json_pack("[O,[s]]", made, "products"), &rows, err);
    json_decref(made);
    int64_t id = json_integer_value(
        json_array_get(json_object_get(json_array_get(rows, 0), "products"), 0));
    json_decref(rows);
    return rc == 0 ? entity_done(t, &product_entity, id, index, out, err) : -1;
}

/* Writes what there is to write. */
static int write_part(struct tryton *t, const char *method, int64_t id, json_t *values_take,
                      struct koppel_error *err)
{
    const struct rpc call = {.what = "change the product", .method = method, .write = true,
                             .one = true};
    json_t *done = NULL;
    if (json_object_size(values_take) == 0) {
        json_decref(values_take);
        return 0;
    }
    int rc = rpc_call(t, &call, json_pack("[[I],o]", (json_int_t)id, values_take), &done, err);
    json_decref(done);
    return rc;
}

static int update(struct tryton *t, const struct koppel_write_item *item, uint32_t index,
                  struct koppel_results *out, struct koppel_error *err)
{
    json_t *row = NULL, *sheet = json_object(), *variant = json_object();
    int64_t id = wire_id_of(item->id);
    int rc = entity_row(t, &product_entity, "read the product", id, &row, err);
    if (rc == 0 && !row) {
        t->host->fail(err, KOPPEL_E_REJECTED, "change the product: Tryton has no product %s (any "
                      "more)", item->id);
        rc = t->host->reason(err, KOPPEL_REASON_GONE);
    }
    if (rc == 0)
        rc = sheet_values(t, item->record, sheet, err);
    if (rc == 0)
        rc = variant_values(t, item->record, row, variant, err);
    int64_t template = wire_id(row, "template");
    json_decref(row);
    if (rc != 0) {
        json_decref(sheet);
        json_decref(variant);
        return -1;
    }
    rc = write_part(t, "model.product.template.write", template, sheet, err);
    if (rc != 0) {
        json_decref(variant);
        return -1;
    }
    rc = write_part(t, "model.product.product.write", id, variant, err);
    return rc == 0 ? entity_done(t, &product_entity, id, index, out, err) : -1;
}

const struct entity product_entity = {
    .name = "product",
    .model = "product.product",
    .read_what = "read products",
    .find_what = "find the product",
    .write_what = "write the product",
    .fields = "code description active cost_price template template.name template.type "
              "template.list_price template.default_uom template.account_category "
              "identifiers.type identifiers.code",
    .domain = domain,
    .condition = entity_condition,
    .record = record_of,
    .create = create,
    .update = update,
};
