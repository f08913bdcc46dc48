/* SPDX-License-Identifier: MIT
 * Sales orders name their customer by number only; who reads them wants the debtor with it. */
#include "entities.h"
#include "records.h"

int orders_begin(struct asperion *a, struct orders_debtors *d, struct koppel_error *err)
{
    d->seen = json_object();
    if (!d->seen)
        return api_no_memory(a, err);
    return entities_use(a, "debtor", &d->use, err);
}

void orders_end(struct orders_debtors *d)
{
    json_decref(d->seen);
    d->seen = NULL;
}

/* One look-up per number and page; null where there is no such debtor. Borrowed. */
static json_t *debtor_of(struct asperion *a, struct orders_debtors *d, const char *number,
                         struct koppel_error *err)
{
    json_t *debtor = json_object_get(d->seen, number);
    if (debtor)
        return debtor;
    const char *wire = records_wire(d->use.fields, "customerNumber");
    json_t *rows = find_rows(a, &d->use, wire, number, 0, err);
    if (!rows)
        return NULL;
    debtor = json_array_size(rows) == 1 ? records_read(d->use.fields, json_array_get(rows, 0))
                                        : json_null();
    json_decref(rows);
    if (!debtor || json_object_set_new(d->seen, number, debtor) != 0) {
        api_no_memory(a, err);
        return NULL;
    }
    return debtor;
}

int orders_add_debtor(struct asperion *a, struct orders_debtors *d, json_t *record,
                      struct koppel_error *err)
{
    const char *number = koppel_get_text(record, "debtorCustomerNumber", "");
    if (!*number)
        return 0;
    json_t *debtor = debtor_of(a, d, number, err);
    if (!debtor)
        return -1;
    if (json_is_object(debtor) && json_object_set(record, "debtor", debtor) != 0)
        return api_no_memory(a, err);
    return 0;
}
