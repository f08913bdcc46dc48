/* SPDX-License-Identifier: MIT
 * Customers; see customer.h. */
#include "customer.h"

#include <ctype.h>
#include <strings.h>

#include "lookup.h"
#include "wire.h"

static const char *const ways[] = {"email", "phone", "mobile"}; /* field and type of contact */
#define WAYS (sizeof ways / sizeof *ways)
#define TRIES 3 /* of making one */

/* ---- from Tryton ---- */

static json_t *domain(const struct tryton *t)
{
    (void)t;
    return json_array();
}

/* A blank around, or the case of letters, makes no other address of it. */
static bool same_address(const char *a, const char *b)
{
    size_t n, m;
    a += strspn(a, " ");
    b += strspn(b, " ");
    for (n = strlen(a); n > 0 && a[n - 1] == ' '; n--)
        ;
    for (m = strlen(b); m > 0 && b[m - 1] == ' '; m--)
        ;
    return n == m && strncasecmp(a, b, n) == 0;
}

static json_t *condition(const char *field, const char *value)
{
    if (strcmp(field, "email") == 0)
        return json_pack("[s,s,[[s,s,s],[s,s,s]]]", "contact_mechanisms", "where", "type", "=",
                         "email", "value", "ilike", value);
    if (strcmp(field, "vat_number") == 0)
        return entity_condition("identifiers.code", value);
    return entity_condition(field, value);
}

static bool has(const json_t *record, const char *field, const char *value)
{
    return strcmp(field, "email") != 0 || same_address(wire_text(record, "email"), value);
}

/* The first way of contact of that type; NULL: none. */
static json_t *way_of(const json_t *row, const char *type)
{
    size_t i;
    json_t *way;
    json_array_foreach(wire_inside(row, "contact_mechanisms"), i, way) {
        if (strcmp(wire_text(way, "type"), type) == 0)
            return way;
    }
    return NULL;
}

static json_t *record_of(const json_t *row)
{
    json_t *record = json_sprintf("%lld", (long long)wire_id(row, "id"));
    const json_t *address = json_array_get(wire_inside(row, "addresses"), 0);
    record = json_pack("{s:o}", "id", record);
    entity_put_text(record, "code", wire_text(row, "code"));
    entity_put_text(record, "name", wire_text(row, "name"));
    entity_put_text(record, "street", wire_text(address, "street"));
    entity_put_text(record, "postal_code", wire_text(address, "postal_code"));
    entity_put_text(record, "city", wire_text(address, "city"));
    entity_put_text(record, "country", wire_text(wire_inside(address, "country"), "code"));
    for (size_t i = 0; i < WAYS; i++)
        entity_put_text(record, ways[i], wire_text(way_of(row, ways[i]), "value"));
    entity_put_text(record, "contact", wire_text(way_of(row, "email"), "name"));
    entity_put_text(record, "vat_number",
                    wire_text(json_array_get(wire_inside(row, "identifiers"), 0), "code"));
    json_object_set_new(record, "active",
                        json_boolean(json_is_true(json_object_get(row, "active")) ||
                                     wire_id(row, "active") != 0));
    return record;
}

/* ---- to Tryton ---- */

/* Numbers of the EU are checked there, those of other countries are taken as they are. */
static json_t *identifier_type(const char *code)
{
    static const char members[] = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL "
                                  "PL PT RO SE SI SK XI";
    char country[3] = {0};
    if (strlen(code) < 4 || !isalpha((unsigned char)code[0]) || !isalpha((unsigned char)code[1]))
        return json_null();
    country[0] = (char)toupper((unsigned char)code[0]);
    country[1] = (char)toupper((unsigned char)code[1]);
    return strstr(members, country) ? json_string("eu_vat") : json_null();
}

/* [["create", [values]]] or [["write", [id], values]]: what changes something behind a party. */
static json_t *part(int64_t id, json_t *values_take)
{
    return id ? json_pack("[s,[I],o]", "write", (json_int_t)id, values_take)
              : json_pack("[s,[o]]", "create", values_take);
}

static json_t *remove_part(int64_t id)
{
    return json_pack("[s,[I]]", "delete", (json_int_t)id);
}

/* The members of the address that the record names; NULL in *out: none. */
static int make_address(struct tryton *t, const json_t *record, json_t **out,
                        struct koppel_error *err)
{
    static const char *const plain[] = {"street", "postal_code", "city"};
    const char *country = koppel_get_text(record, "country", NULL);
    json_t *address = json_object();
    int64_t id = 0;
    *out = NULL;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        json_t *value = json_object_get(record, plain[i]);
        if (json_is_string(value))
            json_object_set(address, plain[i], value);
    }
    if (country && *country && lookup_country(t, country, &id, err) != 0) {
        json_decref(address);
        return -1;
    }
    if (id)
        json_object_set_new(address, "country", json_integer((json_int_t)id));
    if (json_object_size(address) > 0)
        *out = address;
    else
        json_decref(address);
    return 0;
}

/* What is to be done with one way of contact; NULL: nothing. */
static json_t *change_way(const json_t *record, const json_t *row, const char *type)
{
    const char *value = koppel_get_text(record, type, NULL);
    const char *contact = koppel_get_text(record, "contact", NULL);
    const json_t *there = way_of(row, type);
    int64_t id = wire_id(there, "id");
    bool named = contact && strcmp(type, "email") == 0 &&
                 strcmp(contact, wire_text(there, "name")) != 0;
    if (value && !*value)
        return id ? remove_part(id) : NULL;
    if (!(value && strcmp(value, wire_text(there, "value")) != 0) && !(named && (id || value)))
        return NULL;
    json_t *values = json_object();
    entity_put_text(values, "value", value);
    if (named)
        json_object_set_new(values, "name", json_string(contact));
    if (!id)
        json_object_set_new(values, "type", json_string(type));
    return part(id, values);
}

static json_t *change_number(const json_t *record, const json_t *row)
{
    const char *code = koppel_get_text(record, "vat_number", NULL);
    const json_t *there = json_array_get(wire_inside(row, "identifiers"), 0);
    int64_t id = wire_id(there, "id");
    if (!code || strcmp(code, wire_text(there, "code")) == 0)
        return NULL;
    if (!*code)
        return remove_part(id);
    return part(id, json_pack("{s:o,s:s}", "type", identifier_type(code), "code", code));
}

static void add(json_t *list, json_t *item)
{
    if (item)
        json_array_append_new(list, item);
}

/* What is to be written so that the party (row; NULL: a new one) says what the record says. */
static json_t *values_of(struct tryton *t, const json_t *record, const json_t *row,
                         struct koppel_error *err)
{
    json_t *values = json_object(), *contact = json_array(), *address = NULL,
           *numbers = json_array(), *active = json_object_get(record, "active");
    if (make_address(t, record, &address, err) != 0) {
        json_decref(values);
        json_decref(contact);
        json_decref(numbers);
        return NULL;
    }
    if (strcmp(wire_text(record, "name"), wire_text(row, "name")) != 0)
        entity_put_text(values, "name", wire_text(record, "name"));
    if (json_is_boolean(active))
        json_object_set(values, "active", active);
    /* A party needs an address for its invoices, if only an empty one. */
    if (!address && !row)
        address = json_object();
    if (address)
        json_object_set_new(values, "addresses",
                            json_pack("[o]", part(wire_id(json_array_get(
                                                      wire_inside(row, "addresses"), 0), "id"),
                                                  address)));
    for (size_t i = 0; i < WAYS; i++)
        add(contact, change_way(record, row, ways[i]));
    add(numbers, change_number(record, row));
    if (json_array_size(contact) > 0)
        json_object_set(values, "contact_mechanisms", contact);
    if (json_array_size(numbers) > 0)
        json_object_set(values, "identifiers", numbers);
    json_decref(contact);
    json_decref(numbers);
    return values;
}

static int create(struct tryton *t, const struct koppel_write_item *item, uint32_t index,
                  struct koppel_results *out, struct koppel_error *err)
{
    bool refused = false;
    const struct rpc call = {.what = "create the customer", .method = "model.party.party.create",
                             .write = true, .one = true, .refused = &refused};
    json_t *made = NULL, *values = values_of(t, item->record, NULL, err);
    int rc = values ? -1 : 0;
    /* Two that are made at the same time may be given one code, which Tryton refuses. */
    for (int i = 0; rc != 0 && i < TRIES && (i == 0 || refused); i++) {
        refused = false;
        rc = rpc_call(t, &call, json_pack("[[O]]", values), &made, err);
    }
    json_decref(values);
    if (rc != 0 || !values)
        return -1;
    int64_t id = json_integer_value(json_array_get(made, 0));
    json_decref(made);
    return entity_done(t, &customer_entity, id, index, out, err);
}

static int update(struct tryton *t, const struct koppel_write_item *item, uint32_t index,
                  struct koppel_results *out, struct koppel_error *err)
{
    static const struct rpc call = {.what = "change the customer",
                                    .method = "model.party.party.write", .write = true,
                                    .one = true};
    json_t *row = NULL, *done = NULL;
    int64_t id = wire_id_of(item->id);
    if (entity_row(t, &customer_entity, "read the customer", id, &row, err) != 0)
        return -1;
    if (!row) {
        t->host->fail(err, KOPPEL_E_REJECTED, "change the customer: Tryton has no party %s (any "
                      "more)", item->id);
        return t->host->reason(err, KOPPEL_REASON_GONE);
    }
    json_t *values = values_of(t, item->record, row, err);
    json_decref(row);
    if (!values)
        return -1;
    if (json_object_size(values) == 0)
        json_decref(values);
    else if (rpc_call(t, &call, json_pack("[[I],o]", (json_int_t)id, values), &done, err) != 0)
        return -1;
    json_decref(done);
    return entity_done(t, &customer_entity, id, index, out, err);
}

const struct entity customer_entity = {
    .name = "customer",
    .model = "party.party",
    .read_what = "read customers",
    .find_what = "find the customer",
    .write_what = "write the customer",
    .fields = "code name active addresses.street addresses.postal_code addresses.city "
              "addresses.country.code contact_mechanisms.type contact_mechanisms.value "
              "contact_mechanisms.name identifiers.type identifiers.code",
    .domain = domain,
    .condition = condition,
    .has = has,
    .record = record_of,
    .create = create,
    .update = update,
};
