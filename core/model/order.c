/* SPDX-License-Identifier: MIT
 * Completes a core order: see order.h for the rule. */
#include "model/order.h"

#include <stdio.h>
#include <string.h>

#include "base/country.h"
#include "base/cut.h"
#include "model/amount.h"
#include "model/customer.h"
#include "model/order_lines.h"
#include "model/order_prices.h"
#include "model/order_vat.h"

static int check_currency(json_t *order, const struct model_facts *facts, struct koppel_error *err)
{
    const char *home = facts_home(facts, "currency"), *usual = facts_setting(facts, "currency");
    if (!*amount_text(order, "currency") &&
        json_object_set_new(order, "currency", json_string(*usual ? usual : home)) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    const char *currency = amount_text(order, "currency");
    if (strcmp(currency, home) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "order.currency",
                          "the document is in %.*s, and the books are in %s, the currency of the "
                          "home setting",
                          CUT(currency, 20), home);
    return 0;
}

static int is_shifted(const json_t *order)
{
    return strcmp(amount_text(order, "vat_method"), "shifted") == 0;
}

static int check_shifted(const json_t *order, struct koppel_error *err)
{
    if (is_shifted(order) && !*amount_text(json_object_get(order, "customer"), "vat_number"))
        return err_reason(err, KOPPEL_E_REJECTED, "order.shifted",
                          "shifted without VAT number: the customer's card has none");
    return 0;
}

/* Is the method one of a list "INVOICE, CREDIT"? */
static bool in_list(const char *list, const char *method)
{
    while (*list) {
        size_t n = strcspn(list, ", ");
        if (n > 0 && n == strlen(method) && strncmp(list, method, n) == 0)
            return true;
        list += n + strspn(list + n, ", ");
    }
    return false;
}

/* What goes on account is a promise, not a payment: the customer still owes it. */
static void drop_on_account(json_t *payments, const struct model_facts *facts)
{
    const char *methods = facts_setting(facts, "on_account");
    for (size_t i = json_array_size(payments); i-- > 0;) {
        json_t *payment = json_array_get(payments, i);
        if (!in_list(methods, amount_text(payment, "method")))
            continue;
        facts_note(facts, json_sprintf("%s of %s is on account: it is still owed",
                                       amount_text(payment, "method"),
                                       amount_text(payment, "amount")));
        json_array_remove(payments, i);
    }
}

/* What was paid, in whatever way: documents that book payments take it off the customer in one sum.
 */
static int sum_payments(json_t *order, const struct model_facts *facts, struct koppel_error *err)
{
    json_t *payments = json_object_get(order, "payments"), *payment;
    int64_t total = 0, cents;
    size_t i;
    drop_on_account(payments, facts);
    if (json_array_size(payments) == 0)
        return 0;
    json_array_foreach(payments, i, payment) {
        if (amount_known(payment, "payments[].", "amount", &cents, err) != 0 ||
            amount_add(&total, cents, err) != 0)
            return -1;
    }
    return amount_set(order, "total_paid", total);
}

/* A delivery address that says no more than the customer's own is none. */
static void drop_same_delivery(json_t *order)
{
    static const char *const members[] = {"street", "postcode", "city"};
    static const char *const names[] = {"name", "company", "contact"};
    json_t *delivery = json_object_get(order, "delivery");
    const json_t *customer = json_object_get(order, "customer");
    const char *name = amount_text(delivery, "name"), *contact = amount_text(delivery, "contact");
    int known = !*name, contact_known = !*contact;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        known = known || strcmp(name, amount_text(customer, names[i])) == 0;
        contact_known = contact_known || strcmp(contact, amount_text(customer, names[i])) == 0;
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *there = amount_text(delivery, members[i]);
        if (*there && strcmp(there, amount_text(customer, members[i])) != 0)
            return;
    }
    if (known && contact_known)
        json_object_del(order, "delivery");
}

/* An order that the source made no invoice of, where the flow wants one; and the date it is booked
 * on. */
static int check_invoice(json_t *order, const struct model_facts *facts, struct koppel_error *err)
{
    if (strcmp(facts_setting(facts, "uninvoiced"), "park") == 0 && !*amount_text(order, "invoice"))
        return err_reason(err, KOPPEL_E_REJECTED, "order.type",
                          "order type not possible: no invoice was made of it at the source");
    if (strcmp(facts_setting(facts, "invoice_date"), "delivery") == 0 &&
        *amount_text(order, "delivery_date"))
        json_object_set(order, "date", json_object_get(order, "delivery_date"));
    else /* what has no say here must not make a changed document of it when it comes later */
        json_object_del(order, "delivery_date");
    if (strcmp(facts_setting(facts, "invoice_number"), "document") != 0)
        json_object_del(order, "invoice");
    return 0;
}

/* Where the delivery goes, as two letters where it is a country; the customer has one in any case.
 */
static int set_countries(json_t *order, const struct model_facts *facts, struct koppel_error *err)
{
    json_t *delivery = json_object_get(order, "delivery");
    const char *code = country_find(amount_text(delivery, "country"));
    if (code && json_object_set_new(delivery, "country", json_string(code)) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    json_t *customer = json_object_get(order, "customer");
    if (!customer && json_object_set_new(order, "customer", customer = json_object()) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    return customer_complete(customer, "customer.", facts, err);
}

/* Everything but lines and totals. */
static int complete_head(json_t *order, const struct model_facts *facts, struct koppel_error *err)
{
    if (set_countries(order, facts, err) != 0)
        return -1;
    drop_same_delivery(order);
    return check_currency(order, facts, err) != 0 || check_shifted(order, err) != 0 ||
                   check_invoice(order, facts, err) != 0
               ? -1 : sum_payments(order, facts, err);
}

/* One total of the source against what its parts come to. */
static int check_total(const json_t *order, const char *name, int64_t sum, bool *known,
                       struct koppel_error *err)
{
    int64_t cents;
    int has;
    if (amount_cents(order, name, &cents, &has, err) != 0)
        return -1;
    *known = has;
    if (!has || cents == sum)
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                      "%s is %s at the source, and its lines and VAT come to another total", name,
                      amount_text(order, name));
}

/* The document's totals, and that the source comes to the same. */
static int set_totals(json_t *order, int64_t net, int64_t vat, struct koppel_error *err)
{
    bool known;
    if (amount_set(order, "total_net", net) != 0 || amount_set(order, "total_vat", vat) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (check_total(order, "total_excl", net, &known, err) != 0 ||
        check_total(order, "total_incl", net + vat, &known, err) != 0)
        return -1;
    if (!known && amount_set(order, "total_incl", net + vat) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    return 0;
}

static int set_regions(const json_t *order, json_t *lines, const struct model_facts *facts,
                       struct koppel_error *err)
{
    const char *country = amount_text(json_object_get(order, "customer"), "country");
    const char *region = is_shifted(order) ? "shifted"
                         : *country        ? country
                                           : facts_home(facts, "country");
    size_t i;
    json_t *line;
    json_array_foreach(lines, i, line) {
        if (json_object_set_new(line, "region", json_string(region)) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    return 0;
}

/* The lines' amounts and the document's totals. */
static int complete_lines(json_t *order, json_t *lines, const struct model_facts *facts,
                          struct koppel_error *err)
{
    struct order_vat o = {.order = order, .lines = lines, .facts = facts, .limit = 5,
                          .inclusive = strcmp(amount_text(order, "vat_method"), "inclusive") == 0,
                          .account = facts_setting(facts, "rounding_account")};
    struct decimal limit;
    int64_t net = 0, vat = 0;
    if (decimal_parse(facts_setting(facts, "rounding_limit"), &limit) == 0)
        (void)decimal_to_int(limit, 2, &o.limit);
    if (json_array_size(json_object_get(order, "vat")) == 0 &&
        (order_lines_know(lines, o.inclusive, err) != 0 ||
         order_vat_derive(order, lines, o.inclusive, err) != 0))
        return -1;
    if (order_vat_share(&o, &net, &vat, err) != 0 || set_totals(order, net, vat, err) != 0)
        return -1;
    if (strcmp(facts_setting(facts, "discounts"), "line") == 0 &&
        order_lines_split_discounts(order, lines, facts, err) != 0)
        return -1;
    return set_regions(order, lines, facts, err) != 0 ||
                   order_prices_in_cents(order, lines, o.inclusive, err) != 0
               ? -1
               : order_prices_net(order, lines, facts->price_places, net + vat, err);
}

int order_complete(json_t *order, const struct model_facts *facts, struct koppel_error *err)
{
    json_t *lines = json_object_get(order, "lines");
    int rc = complete_head(order, facts, err);
    if (rc == 0 && !lines) {
        lines = json_array();
        rc = lines && json_object_set_new(order, "lines", lines) == 0
                 ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    if (rc == 0) {
        order_lines_clean(lines, facts);
        rc = order_lines_check_deliveries(order, err);
    }
    if (rc == 0)
        rc = complete_lines(order, lines, facts, err);
    if (rc != 0 && err->kind == KOPPEL_E_REJECTED && !err->reason[0])
        snprintf(err->reason, sizeof err->reason, "order.totals");
    return rc;
}

/* Does the line stand for something that is sold or charged? */
static bool says_something(const json_t *line)
{
    static const char *const members[] = {"total_incl", "total_excl", "price", "price_excl"};
    struct decimal d;
    struct koppel_error ignored = {0};
    int has;
    if (*amount_text(line, "number"))
        return true;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (amount_number(line, members[i], &d, &has, &ignored) != 0 || !decimal_is_zero(d))
            return true;
    }
    return false;
}

bool order_is_empty(const json_t *order)
{
    static const char *const totals[] = {"total_incl", "total_excl"};
    struct decimal d;
    struct koppel_error ignored = {0};
    int has;
    size_t i;
    json_t *line;
    json_array_foreach(json_object_get(order, "lines"), i, line) {
        if (says_something(line))
            return false;
    }
    for (i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        if (amount_number(order, totals[i], &d, &has, &ignored) != 0 || !decimal_is_zero(d))
            return false;
    }
    return true;
}
