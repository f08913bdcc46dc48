/* SPDX-License-Identifier: MIT
 * The choice lists that mappings and forms offer. */
#include "choices.h"

#include <stdio.h>
#include <string.h>

#include "types.h"

/* Where a list comes from and which members make its rows. */
struct source {
    const char *list;
    const struct soap_operation *op;
    const char *member, *value, *title;
    const char *below; /* the rows are the items of this list inside each item; NULL: the items */
};

static const struct source sources[] = {
    {"vat-groups", &op_get_vat_groups, "vatGroup", "vatCode", "vatPercentage", NULL},
    {"payment-methods", &op_get_payment_methods, "paymentMethodList", "method", "description",
     NULL},
    {"delivery-methods", &op_get_delivery_methods, "deliveryMethodList", "deliveryMethod",
     "description", NULL},
    {"branches", &op_get_branches, "branches", "branchNumber", "branchName", NULL},
    {"workplaces", &op_get_branches, "branches", "workplaceNumber", "workplaceName", "workplaces"},
    {"employees", &op_get_employees, "employeeList", "employeeNumber", "name", NULL},
    {"order-categories", &op_get_order_categories, "orderCategory", "orderCategoryNumber",
     "orderCategoryDescription", NULL},
    {"turnover-groups", &op_get_turnover_groups, "turnoverGroupList", "turnoverGroup",
     "turnoverGroupName", NULL},
    {"article-categories", &op_get_card_categories, "articleCardCategoryList", "categoryId", "name",
     NULL},
    {"relation-categories", &op_get_card_categories, "relationCardCategoryList", "categoryId",
     "name", NULL},
};

static int add_row(struct mplus *m, const struct source *s, const json_t *item, json_t *seen,
                   struct koppel_list *out, struct koppel_error *err)
{
    const char *value = call_text(item, s->value), *title = call_text(item, s->title);
    const char *country = call_text(item, "countryIso3");
    char text[80];
    /* VAT groups come once per branch */
    if (!value || json_object_get(seen, value))
        return 0;
    json_object_set_new(seen, value, json_true());
    if (s->op == &op_get_vat_groups && title) {
        snprintf(text, sizeof text, "%s %%%s%s", title, country ? " " : "", country ? country : "");
        title = text;
    }
    if (m->host->row(out, value, title ? title : value, err) != 0)
        return -1;
    /* by what a table can be proposed */
    const char *rate = s->op == &op_get_vat_groups ? call_text(item, s->title) : NULL;
    const char *account = call_text(item, "accountNumber");
    if ((rate && m->host->row_fact(out, "rate", rate, err) != 0) ||
        (country && m->host->row_fact(out, "country", country, err) != 0))
        return -1;
    return account ? m->host->row_fact(out, "account", account, err) : 0;
}

/* Workplaces are numbered per branch: those of the branch that is set. */
static bool other_branch(struct mplus *m, const struct source *s, const json_t *item)
{
    const char *branch = m->host->setting(m->ctx, "entry_branch");
    const char *own = call_text(item, "branchNumber");
    return s->below && branch && own && strcmp(branch, own) != 0;
}

static int add_rows(struct mplus *m, const struct source *s, const json_t *list, json_t *seen,
                    struct koppel_list *out, struct koppel_error *err)
{
    const json_t *item, *inner;
    size_t i, k;
    json_array_foreach((json_t *)list, i, item) {
        if (other_branch(m, s, item))
            continue;
        if (!s->below && add_row(m, s, item, seen, out, err) != 0)
            return -1;
        json_array_foreach(s->below ? call_list(item, s->below) : NULL, k, inner) {
            if (add_row(m, s, inner, seen, out, err) != 0)
                return -1;
        }
    }
    return 0;
}

int choices_list(struct mplus *m, const char *list, struct koppel_list *out,
                 struct koppel_error *err)
{
    const struct source *s = NULL;
    json_t *params = NULL, *answer = NULL, *seen = json_object();
    int rc;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        if (strcmp(sources[i].list, list) == 0)
            s = &sources[i];
    }
    if (!s) {
        json_decref(seen);
        return m->host->fail(err, KOPPEL_E_BUG, "there is no choice list %s", list);
    }
    if (s->op->request)
        params = json_pack("{s:{}}", "request");
    rc = call_soap(m, s->op, params, NULL, &answer, err);
    if (rc == 0)
        rc = seen ? add_rows(m, s, call_list(answer, s->member), seen, out, err)
                  : call_no_memory(m, err);
    json_decref(params);
    json_decref(seen);
    json_decref(answer);
    return rc;
}
