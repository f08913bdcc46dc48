/* SPDX-License-Identifier: MIT
 * The choice lists that mappings and forms offer. */
#include <stdio.h>
#include <string.h>

#include "call.h"
#include "types.h"

/* Where a list comes from and which members make its rows. */
struct source {
    const char *list;
    const struct soap_operation *op;
    const char *member, *value, *title;
};

static const struct source sources[] = {
    {"vat-groups", &op_get_vat_groups, "vatGroup", "vatCode", "vatPercentage"},
    {"payment-methods", &op_get_payment_methods, "paymentMethodList", "method", "description"},
    {"delivery-methods", &op_get_delivery_methods, "deliveryMethodList", "deliveryMethod",
     "description"},
    {"branches", &op_get_branches, "branches", "branchNumber", "branchName"},
    {"employees", &op_get_employees, "employeeList", "employeeNumber", "name"},
    {"order-categories", &op_get_order_categories, "orderCategory", "orderCategoryNumber",
     "orderCategoryDescription"},
};

static int add_row(struct mplus *m, const struct source *s, const json_t *item, json_t *seen,
                   struct koppel_list *out, struct koppel_error *err)
{
    const char *value = call_text(item, s->value), *title = call_text(item, s->title);
    const char *country = call_text(item, "countryIso3");
    char text[80];

    /* VAT groups come once per branch */
    if (value == NULL || json_object_get(seen, value) != NULL)
        return 0;
    json_object_set_new(seen, value, json_true());
    if (s->op == &op_get_vat_groups && title != NULL) {
        snprintf(text, sizeof text, "%s %%%s%s", title, country != NULL ? " " : "",
                 country != NULL ? country : "");
        title = text;
    }
    return m->host->row(out, value, title != NULL ? title : value, err);
}

int choices_list(struct mplus *m, const char *list, struct koppel_list *out,
                 struct koppel_error *err)
{
    const struct source *s = NULL;
    json_t *answer = NULL, *seen, *item;
    size_t i;
    int rc;

    for (i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        if (strcmp(sources[i].list, list) == 0)
            s = &sources[i];
    }
    if (s == NULL)
        return m->host->fail(err, KOPPEL_E_BUG, "there is no choice list %s", list);
    if (call_soap(m, s->op, NULL, NULL, &answer, err) != 0)
        return -1;
    seen = json_object();
    rc = seen != NULL ? 0 : call_no_memory(m, err);
    json_array_foreach(call_list(answer, s->member), i, item) {
        if (rc == 0)
            rc = add_row(m, s, item, seen, out, err);
    }
    json_decref(seen);
    json_decref(answer);
    return rc;
}
