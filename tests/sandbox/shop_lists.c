// SPDX-License-Identifier: MIT
// The lists that the till is set up with and that no client changes (data/till.json). Its account
// numbers are those of the books.
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

struct payment_method payment_methods[PAYMENTS];

int payment_by_code(const char *code)
{
    for (int i = 0; i < PAYMENTS; i++) {
        if (payment_methods[i].known && strcmp(payment_methods[i].code, code) == 0)
            return i;
    }
    return -1;
}

struct turnover_group turnover_groups[TURNOVER_GROUPS];
size_t turnover_group_count;

const struct turnover_group *turnover_group(int number)
{
    for (size_t i = 0; i < turnover_group_count; i++) {
        if (turnover_groups[i].number == number)
            return &turnover_groups[i];
    }
    return NULL;
}

int turnover_account(const struct turnover_group *g, int branch)
{
    return branch == 2 ? g->branch2_account : g->account;
}

int vat_rate(int code)
{
    static const int rates[VAT_CODES + 1] = {-1, 2100, 900, 0};
    return code > 0 && code <= VAT_CODES ? rates[code] : -1;
}

int64_t divide(int64_t a, int64_t b)
{
    return a < 0 ? -((-a + b / 2) / b) : (a + b / 2) / b;
}

struct delivery_method delivery_methods[DELIVERY_METHODS];
size_t delivery_method_count;

struct custom_field custom_fields[CUSTOM_FIELDS];
size_t custom_field_count;

struct employee employees[EMPLOYEES];
size_t employee_count;

const struct employee *employee_by_number(int64_t number)
{
    for (size_t i = 0; i < employee_count; i++) {
        if (employees[i].number == number)
            return &employees[i];
    }
    return NULL;
}

// ---- Reading them -------------------------------------------------------------------------

// The list of this name; it must fit.
static const json_t *list_of(const char *name, size_t room)
{
    const json_t *list = json_object_get(data_json("till.json"), name);
    if (json_array_size(list) > 0 && json_array_size(list) <= room)
        return list;
    fprintf(stderr, "koppel-sandbox: till.json: %s has none or more than %zu\n", name, room);
    exit(1);
}

void shop_lists_load(void)
{
    const json_t *list = list_of("payment_methods", PAYMENTS), *one;
    size_t i;
    json_array_foreach(list, i, one)
        payment_methods[i] = (struct payment_method){
            .code = data_word(one, "code"), .name = data_word(one, "name"),
            .type = data_word(one, "type"), .account = (int)data_number(one, "account"),
            .negative = data_is(one, "negative"), .known = data_is(one, "known")};

    list = list_of("turnover_groups", TURNOVER_GROUPS);
    turnover_group_count = json_array_size(list);
    json_array_foreach(list, i, one)
        turnover_groups[i] = (struct turnover_group){
            .number = (int)data_number(one, "number"), .name = data_word(one, "name"),
            .type = data_word(one, "type"), .financial = data_word(one, "financial"),
            .account = (int)data_number(one, "account"),
            .branch2_account = (int)data_number(one, "branch2_account"),
            .vat_code = (int)data_number(one, "vat_code"), .active = data_is(one, "active")};

    list = list_of("delivery_methods", DELIVERY_METHODS);
    delivery_method_count = json_array_size(list);
    json_array_foreach(list, i, one)
        delivery_methods[i] = (struct delivery_method){.code = data_word(one, "code"),
                                                       .name = data_word(one, "name"),
                                                       .enabled = data_is(one, "enabled")};

    list = list_of("custom_fields", CUSTOM_FIELDS);
    custom_field_count = json_array_size(list);
    json_array_foreach(list, i, one)
        custom_fields[i] = (struct custom_field){.of = data_word(one, "of"),
                                                 .name = data_word(one, "name"),
                                                 .type = data_word(one, "type"),
                                                 .required = data_is(one, "required")};

    list = list_of("employees", EMPLOYEES);
    employee_count = json_array_size(list);
    json_array_foreach(list, i, one)
        employees[i] = (struct employee){.number = data_number(one, "number"),
                                         .name = data_word(one, "name"),
                                         .active = data_is(one, "active")};
}
