/* SPDX-License-Identifier: MIT
 * The rules of the models, one file each, and what all of them have in common. */
#include "model/complete.h"

#include <stdio.h>
#include <string.h>

#include "base/cut.h"
#include "base/date.h"
#include "base/fact.h"
#include "base/fold.h"
#include "model/amount.h"
#include "model/customer.h"
#include "model/ledger.h"
#include "model/model.h"
#include "model/order.h"
#include "model/product.h"
#include "model/stock.h"

/* ---- dates ---- */

/* A walk over the fields of a record. */
struct dates {
    const struct zone *zone;
    struct koppel_error *err;
};

static int set_day(const struct dates *w, json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    char why[DATE_WHY_BYTES], day[DATE_TEXT_BYTES];
    struct date d;
    if (!text)
        return 0;
    if (fold_is_blank(text))
        return json_object_del(object, name);
    if (date_parse(text, &d, why) != 0) {
        err_reason(w->err, KOPPEL_E_REJECTED, "field.wrong",
                   "%s \"%.*s\" is no date such as 2026-06-12: %s", name, CUT(text, 60), why);
        return fact_add(w->err, "field", name);
    }
    if (date_home(&d, w->zone) != 0) {
        err_reason(w->err, KOPPEL_E_REJECTED, "field.wrong",
                   "%s \"%.*s\" is no day of this calendar", name, CUT(text, 60));
        return fact_add(w->err, "field", name);
    }
    date_format_day(&d, day);
    if (strcmp(day, text) == 0)
        return 0;
    return json_object_set_new(object, name, json_string(day)) == 0
               ? 0 : err_set(w->err, KOPPEL_E_BUG, "out of memory");
}

static int set_days(const struct dates *w, const struct cat_field *fields, int count,
                    json_t *object)
{
    for (int i = 0; i < count; i++) {
        const struct cat_field *f = &fields[i];
        bool nested = f->type == FIELD_OBJECT || f->type == FIELD_LIST;
        json_t *value = nested ? json_object_get(object, f->name) : NULL, *element;
        size_t k;
        if (f->type == FIELD_DATE && set_day(w, object, f->name) != 0)
            return -1;
        if (f->type == FIELD_OBJECT && set_days(w, f->fields, f->field_count, value) != 0)
            return -1;
        if (f->type != FIELD_LIST || f->field_count == 0)
            continue;
        json_array_foreach(value, k, element) {
            if (set_days(w, f->fields, f->field_count, element) != 0)
                return -1;
        }
    }
    return 0;
}

static int complete_dates(const char *name, json_t *core, const struct model_facts *facts,
                          struct koppel_error *err)
{
    const struct model *model = model_find(name);
    const char *home = facts_home(facts, "zone");
    struct dates w = {.zone = zone_find(home), .err = err};
    if (!model || !model->record)
        return 0;
    if (!w.zone)
        return err_set(err, KOPPEL_E_CONFIG, "the zone \"%s\" of home cannot be read", home);
    return set_days(&w, model->record->fields, model->record->field_count, core);
}

/* ---- the models ---- */

static bool is_document(const char *model)
{
    return strcmp(model, "order") == 0 || strcmp(model, "quote") == 0;
}

int complete_record(const char *model, json_t *core, const struct model_facts *facts,
                    struct koppel_error *err)
{
    if (complete_dates(model, core, facts, err) != 0)
        return -1;
    if (is_document(model))
        return order_complete(core, facts, err);
    if (strcmp(model, "customer") == 0)
        return customer_complete(core, "", facts, err);
    if (strcmp(model, "product") == 0)
        return product_complete(core, facts, err);
    if (strcmp(model, "stock") == 0)
        return stock_complete(core, facts, err);
    if (strcmp(model, "ledger") == 0)
        return ledger_complete(core, facts, err);
    return 0;
}

const char *complete_nothing(const char *model, const json_t *core, const char **detail)
{
    if (is_document(model) && order_is_empty(core)) {
        *detail = "it has no lines: there is nothing to book";
        return "no_lines";
    }
    if (strcmp(model, "ledger") == 0 && ledger_is_empty(core)) {
        *detail = "nothing was sold, paid in or out that day: there is nothing to book";
        return "no_turnover";
    }
    return NULL;
}

/* ---- totals ---- */

/* The total of the record that a document's is compared with. */
static int own_total(const json_t *core, bool with_vat, int64_t *out, int *has,
                     struct koppel_error *err)
{
    if (with_vat)
        return amount_cents(core, "total_incl", out, has, err);
    if (amount_cents(core, "total_net", out, has, err) != 0)
        return -1;
    if (*has)
        return 0;
    return amount_cents(core, "total_excl", out, has, err);
}

int complete_total(const char *model, const json_t *core, const char *total, bool with_vat,
                   int share, struct koppel_error *err)
{
    const char *reason = strcmp(model, "ledger") == 0 ? "ledger.totals" : "order.totals";
    char want[DECIMAL_TEXT_BYTES];
    struct decimal there, here;
    int64_t cents;
    int has;
    if (fold_is_blank(total))
        return 0;
    if (decimal_parse(total, &there) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, reason, "its total \"%.*s\" is no amount",
                          CUT(total, 60));
    if (own_total(core, with_vat, &cents, &has, err) != 0)
        return -1;
    if (!has)
        return amount_unknown(with_vat ? "total_incl" : "total_excl", err);
    if (decimal_from_int(share < 0 ? -cents : cents, 2, &here) != 0)
        return amount_out_of_range(err);
    if (decimal_compare(there, here) == 0)
        return 0;
    decimal_format(here, want);
    return err_reason(err, KOPPEL_E_REJECTED, reason,
                      "its total %s VAT would be %.*s at the destination, and is %s at the source",
                      with_vat ? "with" : "without", CUT(total, 60), want);
}
