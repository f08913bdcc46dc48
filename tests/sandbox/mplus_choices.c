// SPDX-License-Identifier: MIT
// The lists to choose from: methods of payment and delivery, branches, employees, VAT codes,
// card categories.
#include "mplus_parts.h"

#include <stdio.h>
#include <string.h>

static void get_vat_group_list(struct call *c)
{
    answer_open(c, NULL, NULL);
    for (int i = 1; i <= VAT_CODES; i++) {
        xml_open(c->out, "vatGroup");
        xml_long(c->out, "countryCode", 528);
        xml_string(c->out, "countryIso3", "NLD");
        xml_long(c->out, "vatCode", i);
        xml_long(c->out, "vatPercentage", vat_rate(i));
        xml_close(c->out, "vatGroup");
    }
    answer_close(c);
}

static bool type_wanted(const struct node *request, const char *type)
{
    bool any = false;
    for (const struct node *n = request ? request->first : NULL; n; n = n->next) {
        if (strcmp(n->name, "paymentMethodTypes") != 0)
            continue;
        if (strcmp(n->text, type) == 0)
            return true;
        any = true;
    }
    return !any;
}

static void get_payment_methods(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    int64_t account = soap_long(request, "accountNumber", 0);
    char type[60];

    answer_open(c, NULL, NULL);
    xml_open(c->out, "paymentMethodList");
    for (int i = 0; i < PAYMENTS; i++) {
        const struct payment_method *m = &payment_methods[i];
        snprintf(type, sizeof type, "PAYMENT-METHOD-TYPE-%s", m->type);
        if (!m->known || (account && account != m->account) || !type_wanted(request, type))
            continue;
        xml_open(c->out, "paymentMethod");
        xml_string(c->out, "method", m->code);
        xml_string(c->out, "description", m->name);
        xml_string(c->out, "buttonText", m->name);
        xml_bool(c->out, "allowNegativeAmount", m->negative);
        xml_bool(c->out, "active", true);
        xml_string(c->out, "type", type);
        xml_long(c->out, "accountNumber", m->account);
        xml_close(c->out, "paymentMethod");
    }
    xml_close(c->out, "paymentMethodList");
    answer_close(c);
}

static void answer_delivery_methods(struct call *c, bool only_enabled)
{
    answer_open(c, NULL, NULL);
    xml_open(c->out, "deliveryMethodList");
    for (size_t i = 0; i < delivery_method_count; i++) {
        const struct delivery_method *m = &delivery_methods[i];
        if (only_enabled && !m->enabled)
            continue;
        xml_open(c->out, "deliveryMethod");
        xml_string(c->out, "deliveryMethod", m->code);
        xml_string(c->out, "description", m->name);
        xml_string(c->out, "buttonText", m->name);
        xml_bool(c->out, "enabled", m->enabled);
        xml_close(c->out, "deliveryMethod");
    }
    xml_close(c->out, "deliveryMethodList");
    answer_close(c);
}

static void get_delivery_methods(struct call *c)
{
    answer_delivery_methods(c, false);
}

static void get_delivery_methods_v2(struct call *c)
{
    answer_delivery_methods(c, soap_bool(soap_child(c->in, "request"), "onlyEnabled", false));
}

static void write_workplaces(struct xml *x)
{
    static const char *const names[] = {"Kassa voor", "Kassa achter"};
    xml_open(x, "workplaces");
    for (int i = 0; i < 2; i++) {
        xml_open(x, "workplace");
        xml_long(x, "workplaceNumber", i + 1);
        xml_string(x, "workplaceName", names[i]);
        xml_bool(x, "isMobile", false);
        xml_string(x, "workplaceType", "STANDARD");
        xml_close(x, "workplace");
    }
    xml_close(x, "workplaces");
}

static void get_branches(struct call *c)
{
    static const char *const names[BRANCHES] = {"Hoofdvestiging", "Filiaal Noord"};
    answer_open(c, NULL, NULL);
    xml_open(c->out, "branches");
    for (int i = 0; i < BRANCHES; i++) {
        xml_open(c->out, "branch");
        xml_long(c->out, "branchNumber", i + 1);
        xml_string(c->out, "branchName", names[i]);
        xml_string(c->out, "abbreviation", i ? "FN" : "HV");
        write_workplaces(c->out);
        xml_long(c->out, "countryCode", 528);
        xml_string(c->out, "countryIso3", "NLD");
        xml_string(c->out, "countryName", "Nederland");
        xml_close(c->out, "branch");
    }
    xml_close(c->out, "branches");
    answer_close(c);
}

static void write_employee(struct xml *x, size_t i)
{
    xml_open(x, "employee");
    xml_long(x, "employeeNumber", employees[i].number);
    xml_long(x, "syncMarker", FIRST_MARKER + (int64_t)i);
    xml_string(x, "name", employees[i].name);
    xml_bool(x, "active", employees[i].active);
    xml_close(x, "employee");
}

static void get_employees(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    int64_t marker = soap_long(request, "syncMarker", 0), left = limit_of(request);

    answer_open(c, NULL, NULL);
    xml_open(c->out, "employeeList");
    for (size_t i = 0; i < employee_count; i++) {
        if (FIRST_MARKER + (int64_t)i >= marker &&
            wanted(request, "employeeNumbers", employees[i].number) && left-- > 0)
            write_employee(c->out, i);
    }
    xml_close(c->out, "employeeList");
    answer_close(c);
}

static void get_employee(struct call *c)
{
    const struct employee *e = employee_by_number(soap_long(c->in, "employeeNumber", 0));
    answer_open(c, "GET-EMPLOYEE-RESULT-", e ? "OK" : "NOT-FOUND");
    if (e)
        write_employee(c->out, (size_t)(e - employees));
    answer_close(c);
}

static void write_categories(struct xml *x, const char *list, const char *const *names,
                             const char *supplier)
{
    xml_open(x, list);
    for (int i = 0; names[i]; i++) {
        xml_open(x, "cardCategory");
        xml_long(x, "categoryId", i + 1);
        xml_string(x, "name", names[i]);
        xml_bool(x, "isVipGroup", false);
        xml_bool(x, "isSupplierGroup", supplier && strcmp(names[i], supplier) == 0);
        xml_close(x, "cardCategory");
    }
    xml_close(x, list);
}

static void get_card_categories(struct call *c)
{
    static const char *const articles[] = {"Winkel", "Horeca", NULL};
    static const char *const people[] = {"Kassa", "Beheer", NULL};
    static const char *const relations[] = {"Particulier", "Zakelijk", "Leverancier", NULL};

    answer_open(c, NULL, NULL);
    write_categories(c->out, "articleCardCategoryList", articles, NULL);
    write_categories(c->out, "employeeCardCategoryList", people, NULL);
    write_categories(c->out, "relationCardCategoryList", relations, "Leverancier");
    answer_close(c);
}

const struct served mplus_choices[] = {
    {"getCardCategories", get_card_categories},
    {"getVatGroupList", get_vat_group_list},
    {"getPaymentMethods", get_payment_methods},
    {"getPaymentMethodsV2", get_payment_methods},
    {"getDeliveryMethods", get_delivery_methods},
    {"getDeliveryMethodsV2", get_delivery_methods_v2},
    {"getBranches", get_branches},
    {"getEmployees", get_employees},
    {"getEmployee", get_employee},
    {0},
};
