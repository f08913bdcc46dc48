/* SPDX-License-Identifier: MIT
 * Completes a core order: see order.h for the rule. */
#include "model/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "model/order_parts.h"

/* One line's share of its VAT group, in millionths while exact and in cents once rounded. */
struct share {
    json_t *line;
    __int128 exact; /* 1/10^6 */
    int64_t cents;
};

#define MICRO_PLACES 6
#define MICRO_PER_CENT 10000

/* The line's exact net amount in millionths: its own total excl. where the till gives one and
 * prices are exclusive, else its total incl. divided by 1 + rate. */
static int exact_net(const json_t *line, struct decimal rate, int inclusive, __int128 *out,
                     struct koppel_error *err)
{
    struct decimal incl, excl, factor, net;
    int has_incl, has_excl;
    if (order_number(line, "total_incl", &incl, &has_incl, err) != 0 ||
        order_number(line, "total_excl", &excl, &has_excl, err) != 0)
        return -1;
    struct decimal hundred = {100, 0};
    if (decimal_add(hundred, rate, &factor) != 0)
        goto range;
    if (has_incl && (inclusive || !has_excl)) {
        struct decimal scaled;
        if (decimal_mul(incl, hundred, &scaled) != 0 ||
            decimal_div(scaled, factor, MICRO_PLACES, ROUND_HALF_UP, &net) != 0)
            goto range;
    } else {
        net = excl;
    }
    if (decimal_round(net, MICRO_PLACES, ROUND_HALF_UP, &net) != 0)
        goto range;
    *out = net.units;
    return 0;
range:
    return err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                      "an amount of the order is out of range");
}

/* Rounds the shares so that they sum to total: see order.h. limit: how many cents beyond one per
 * line may be left over; *left receives them where it is not NULL, else the largest line does. */
static int round_shares(struct share *shares, int n, int64_t total, int64_t limit, int64_t *left)
{
    int64_t sum = 0;
    for (int i = 0; i < n; i++) {
        __int128 floor = shares[i].exact / MICRO_PER_CENT;
        if (shares[i].exact % MICRO_PER_CENT < 0)
            floor--;
        shares[i].cents = (int64_t)floor;
        shares[i].exact -= floor * MICRO_PER_CENT; /* what is left: 0 .. 9999 */
        sum += shares[i].cents;
    }
    int64_t rest = total - sum;
    for (; rest > 0; rest--) {
        int best = -1;
        for (int i = 0; i < n; i++) {
            if (shares[i].exact > 0 && (best < 0 || shares[i].exact > shares[best].exact))
                best = i;
        }
        if (best < 0)
            break;
        shares[best].cents++;
        shares[best].exact = 0;
    }
    if (rest == 0)
        return 0;
    if (rest > limit || rest < -limit)
        return -1;
    if (left) {
        *left = rest;
        return 0;
    }
    int largest = 0;
    for (int i = 1; i < n; i++) {
        if (llabs(shares[i].cents) > llabs(shares[largest].cents))
            largest = i;
    }
    shares[largest].cents += rest;
    return 0;
}

/* The line that takes what the till rounded away, on an account of its own. */
static int add_rounding(json_t *lines, const json_t *group, const char *account, int64_t cents,
                        json_t *notes)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal d;
    json_t *line = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "kind", "rounding", "description",
                             "Rounding", "quantity", "1", "account", account, "vat_code",
                             order_text(group, "code"), "vat_rate", order_text(group, "rate"));
    if (!line || decimal_from_int(cents, 2, &d) != 0)
        return -1;
    decimal_format(d, text);
    if (notes)
        json_array_append_new(notes,
                              json_sprintf("VAT code %s: a rounding line of %s on account %s",
                                           order_text(group, "code"), text, account));
    if (order_set_cents(line, "net", cents) != 0 || order_set_cents(line, "vat", 0) != 0)
        return -1;
    return json_array_append_new(lines, line);
}

/* What the lines of all groups share. */
struct order_facts {
    const json_t *order;
    json_t *lines, *notes;
    int inclusive;
    int64_t limit;       /* cents */
    const char *account; /* of rounding lines; "": the largest line takes what is left */
};

/* Gives the lines of one VAT group their net and VAT. */
static int complete_group(const struct order_facts *facts, const json_t *group,
                          struct koppel_error *err)
{
    json_t *lines = facts->lines;
    int64_t limit = facts->limit, left = 0;
    int inclusive = facts->inclusive;
    const char *code = order_text(group, "code");
    struct decimal rate;
    int64_t excl, vat;
    int has;
    if (order_rate(facts->order, group, &rate, err) != 0 ||
        order_cents(group, "excl", &excl, &has, err) != 0 ||
        order_cents(group, "vat", &vat, &has, err) != 0)
        return -1;
    struct share *shares = calloc(json_array_size(lines) + 1, sizeof *shares);
    if (!shares)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int n = 0, rc = -1;
    size_t i;
    json_t *line;
    json_array_foreach(lines, i, line) {
        if (strcmp(order_text(line, "vat_code"), code) != 0 ||
            strcmp(order_text(line, "kind"), "rounding") == 0)
            continue;
        shares[n].line = line;
        if (exact_net(line, rate, inclusive, &shares[n].exact, err) != 0)
            goto out;
        n++;
    }
    if (n == 0) {
        rc = excl == 0 && vat == 0 ? 0
                                   : err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                                                "VAT code %s has a total of %s but no line", code,
                                                order_text(group, "excl"));
        goto out;
    }
    if (round_shares(shares, n, excl, limit, *facts->account ? &left : NULL) != 0) {
        err_reason(
            err, KOPPEL_E_REJECTED, "order.totals",
            "the lines of VAT code %s do not add up to its total of %s within the rounding limit; "
            "look at the order in the till",
            code, order_text(group, "excl"));
        goto out;
    }
    for (int k = 0; k < n; k++) {
        if (order_set_cents(shares[k].line, "net", shares[k].cents) != 0)
            goto out;
        /* VAT in millionths: cents * rate / 100, rate with two places. */
        struct decimal r2;
        if (decimal_round(rate, 2, ROUND_HALF_UP, &r2) != 0)
            goto out;
        shares[k].exact = (__int128)shares[k].cents * r2.units;
    }
    if (round_shares(shares, n, vat, limit + n, NULL) != 0) {
        err_reason(
            err, KOPPEL_E_REJECTED, "order.totals",
            "the VAT of code %s (%s) does not follow from its net total within the rounding limit",
            code, order_text(group, "vat"));
        goto out;
    }
    for (int k = 0; k < n; k++) {
        if (order_set_cents(shares[k].line, "vat", shares[k].cents) != 0)
            goto out;
    }
    rc = left != 0 && add_rounding(lines, group, facts->account, left, facts->notes) != 0
             ? err_set(err, KOPPEL_E_BUG, "out of memory") : 0;
out:
    free(shares);
    return rc;
}

/* The totals of one VAT code over the lines, into the group; a line without a total without VAT has
 * it computed. */
static int sum_code(const json_t *order, json_t *group, int inclusive, struct koppel_error *err)
{
    const char *code = order_text(group, "code");
    __int128 net = 0;
    int64_t gross = 0, excl, vat;
    struct decimal rate;
    int has, all_incl = 1;
    size_t i;
    json_t *line;
    if (order_number(group, "rate", &rate, &has, err) != 0)
        return -1;
    json_array_foreach(json_object_get(order, "lines"), i, line) {
        __int128 one;
        int64_t cents;
        if (strcmp(order_text(line, "vat_code"), code) != 0)
            continue;
        if (exact_net(line, rate, inclusive, &one, err) != 0 ||
            order_cents(line, "total_incl", &cents, &has, err) != 0)
            return -1;
        net += one;
        gross += cents;
        all_incl = all_incl && has;
    }
    excl = (int64_t)((net + (net < 0 ? -MICRO_PER_CENT / 2 : MICRO_PER_CENT / 2)) / MICRO_PER_CENT);
    if (order_percentage(excl, rate, &vat, err) != 0)
        return -1;
    if (all_incl)
        vat = gross - excl;
    return order_set_cents(group, "excl", excl) == 0 && order_set_cents(group, "vat", vat) == 0
               ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* A document that brings no VAT totals of its own (a packing slip) gets them from its lines. */
static int derive_groups(json_t *order, json_t *lines, int inclusive, struct koppel_error *err)
{
    json_t *groups = json_array(), *line, *other;
    size_t i, k;
    if (!groups || json_object_set_new(order, "vat", groups) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    json_array_foreach(lines, i, line) {
        int known = !*order_text(line, "vat_code");
        json_array_foreach(groups, k, other)
            known = known || strcmp(order_text(other, "code"), order_text(line, "vat_code")) == 0;
        if (known)
            continue;
        json_t *group = json_pack("{s:s,s:s}", "code", order_text(line, "vat_code"), "rate",
                                  order_text(line, "vat_rate"));
        if (!group || json_array_append_new(groups, group) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
        if (sum_code(order, group, inclusive, err) != 0)
            return -1;
    }
    return 0;
}

static int check_currency(const json_t *order, struct koppel_error *err)
{
    const char *currency = order_text(order, "currency");
    if (*currency && strcmp(currency, "EUR") != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "order.currency",
                          "the order is in %s, and the books take euros only", currency);
    return 0;
}

static int is_shifted(const json_t *order)
{
    return strcmp(order_text(order, "vat_method"), "shifted") == 0;
}

static int check_shifted(const json_t *order, struct koppel_error *err)
{
    if (is_shifted(order) && !*order_text(json_object_get(order, "customer"), "vat_number"))
        return err_reason(err, KOPPEL_E_REJECTED, "order.shifted",
                          "shifted without VAT number: the customer's card in the till has none");
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
static void drop_on_account(json_t *payments, const char *methods, json_t *notes)
{
    for (size_t i = json_array_size(payments); i-- > 0;) {
        json_t *payment = json_array_get(payments, i);
        if (!in_list(methods, order_text(payment, "method")))
            continue;
        if (notes)
            json_array_append_new(notes, json_sprintf("%s of %s is on account: it is still owed",
                                                      order_text(payment, "method"),
                                                      order_text(payment, "amount")));
        json_array_remove(payments, i);
    }
}

/* What was paid, in whatever way: documents that book payments take it off the customer in one sum.
 */
static int sum_payments(json_t *order, const json_t *settings, json_t *notes,
                        struct koppel_error *err)
{
    json_t *payments = json_object_get(order, "payments"), *payment;
    int64_t total = 0, cents;
    size_t i;
    int has;
    drop_on_account(payments, order_text(settings, "on_account"), notes);
    if (json_array_size(payments) == 0)
        return 0;
    json_array_foreach(payments, i, payment) {
        if (order_cents(payment, "amount", &cents, &has, err) != 0)
            return -1;
        total += cents;
    }
    return order_set_cents(order, "total_paid", total);
}

/* A delivery address that says no more than the customer's own is none. */
static void drop_same_delivery(json_t *order)
{
    static const char *const members[] = {"street", "postcode", "city"};
    static const char *const names[] = {"name", "company", "contact"};
    json_t *delivery = json_object_get(order, "delivery");
    const json_t *customer = json_object_get(order, "customer");
    const char *name = order_text(delivery, "name"), *contact = order_text(delivery, "contact");
    int known = !*name, contact_known = !*contact;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        known = known || strcmp(name, order_text(customer, names[i])) == 0;
        contact_known = contact_known || strcmp(contact, order_text(customer, names[i])) == 0;
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *there = order_text(delivery, members[i]);
        if (*there && strcmp(there, order_text(customer, members[i])) != 0)
            return;
    }
    if (known && contact_known)
        json_object_del(order, "delivery");
}

/* An order that the source made no invoice of, where the flow wants one; and the date it is booked
 * on. */
static int check_invoice(json_t *order, const json_t *settings, struct koppel_error *err)
{
    if (strcmp(order_text(settings, "uninvoiced"), "park") == 0 && !*order_text(order, "invoice"))
        return err_reason(err, KOPPEL_E_REJECTED, "order.type",
                          "order type not possible: no invoice was made of it at the source");
    if (strcmp(order_text(settings, "invoice_date"), "delivery") == 0 &&
        *order_text(order, "delivery_date"))
        json_object_set(order, "date", json_object_get(order, "delivery_date"));
    else /* what has no say here must not make a changed document of it when it comes later */
        json_object_del(order, "delivery_date");
    if (strcmp(order_text(settings, "invoice_number"), "document") != 0)
        json_object_del(order, "invoice");
    return 0;
}

/* Everything but lines and totals. */
static int complete_head(json_t *order, const json_t *settings, json_t *notes,
                         struct koppel_error *err)
{
    if (!*order_text(order, "currency") && *order_text(settings, "currency"))
        json_object_set(order, "currency", json_object_get(settings, "currency"));
    drop_same_delivery(order);
    return check_currency(order, err) != 0 || check_shifted(order, err) != 0 ||
                   check_invoice(order, settings, err) != 0
               ? -1 : sum_payments(order, settings, notes, err);
}

/* An amount outside the VAT totals would be lost. */
static int check_left_out(const json_t *order, const json_t *lines, struct koppel_error *err)
{
    static const char *const amounts[] = {"total_incl", "total_excl"};
    size_t i;
    json_t *line;
    json_array_foreach((json_t *)lines, i, line) {
        for (size_t k = 0; k < sizeof amounts / sizeof amounts[0] && !order_group(order, line);
             k++) {
            int64_t cents;
            int has;
            if (order_cents(line, amounts[k], &cents, &has, err) != 0)
                return -1;
            if (cents != 0)
                return err_reason(
                    err, KOPPEL_E_REJECTED, "order.totals",
                    "line %zu has an amount, and its VAT code \"%s\" is not among the VAT totals",
                    i + 1, order_text(line, "vat_code"));
        }
    }
    return 0;
}

/* Every line's share of the VAT totals; *net and *vat are what these come to. */
static int share_totals(const struct order_facts *facts, int64_t *net, int64_t *vat,
                        struct koppel_error *err)
{
    size_t i;
    json_t *line, *group;
    json_array_foreach(facts->lines, i, line) {
        if (order_set_cents(line, "net", 0) != 0 || order_set_cents(line, "vat", 0) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    *net = *vat = 0;
    json_array_foreach(json_object_get(facts->order, "vat"), i, group) {
        int64_t excl, taxed;
        int has;
        if (order_cents(group, "excl", &excl, &has, err) != 0 ||
            order_cents(group, "vat", &taxed, &has, err) != 0)
            return -1;
        if (taxed != 0 && is_shifted(facts->order))
            return err_reason(err, KOPPEL_E_REJECTED, "order.shifted",
                              "its VAT is shifted, and yet it has VAT of %s",
                              order_text(group, "vat"));
        if (complete_group(facts, group, err) != 0)
            return -1;
        *net += excl;
        *vat += taxed;
    }
    return check_left_out(facts->order, facts->lines, err);
}

/* The document's totals, and that the till comes to the same. */
static int set_totals(json_t *order, int64_t net, int64_t vat, struct koppel_error *err)
{
    int64_t cents;
    int has;
    if (order_set_cents(order, "total_net", net) != 0 ||
        order_set_cents(order, "total_vat", vat) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (order_cents(order, "total_incl", &cents, &has, err) != 0)
        return -1;
    if (has && cents != net + vat)
        return err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                          "the till's total of %s is not the sum of its VAT groups",
                          order_text(order, "total_incl"));
    if (!has && order_set_cents(order, "total_incl", net + vat) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    return 0;
}

static int set_regions(const json_t *order, json_t *lines, struct koppel_error *err)
{
    const char *country = order_text(json_object_get(order, "customer"), "country");
    const char *region = is_shifted(order) ? "shifted" : *country ? country : "NL";
    size_t i;
    json_t *line;
    json_array_foreach(lines, i, line) {
        if (json_object_set_new(line, "region", json_string(region)) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    return 0;
}

int order_complete(json_t *order, const json_t *settings, json_t *notes, struct koppel_error *err)
{
    json_t *lines = json_object_get(order, "lines");
    struct decimal limit;
    int64_t net = 0, vat = 0;
    if (complete_head(order, settings, notes, err) != 0)
        return -1;
    if (!lines) {
        lines = json_array();
        json_object_set_new(order, "lines", lines);
    }
    order_clean_lines(lines, settings, notes);
    if (order_check_deliveries(order, err) != 0)
        return -1;
    struct order_facts facts = {.order = order,
                                .lines = lines,
                                .notes = notes,
                                .limit = 5,
                                .inclusive =
                                    strcmp(order_text(order, "vat_method"), "inclusive") == 0,
                                .account = order_text(settings, "rounding_account")};
    if (decimal_parse(order_text(settings, "rounding_limit"), &limit) == 0)
        (void)decimal_to_int(limit, 2, &facts.limit);
    if (json_array_size(json_object_get(order, "vat")) == 0 &&
        derive_groups(order, lines, facts.inclusive, err) != 0)
        return -1;
    if (share_totals(&facts, &net, &vat, err) != 0 || set_totals(order, net, vat, err) != 0)
        return -1;
    if (strcmp(order_text(settings, "discounts"), "line") == 0 &&
        order_split_discounts(order, lines, err) != 0)
        return -1;
    return set_regions(order, lines, err) != 0 ||
                   order_set_unit_prices(order, lines, facts.inclusive, err) != 0
               ? -1
               : order_set_prices(order, lines, net + vat, err);
}
