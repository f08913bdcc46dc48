/* SPDX-License-Identifier: MIT
 * Completes a core order: see order.h for the rule. */
#include "model/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

/* One line's share of its VAT group, in millionths while exact and in cents once rounded. */
struct share {
    json_t *line;
    __int128 exact; /* 1/10^6 */
    int64_t cents;
};

#define MICRO_PLACES 6
#define MICRO_PER_CENT 10000

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* A member as a decimal; *has = 0 where it is not there. */
static int number_of(const json_t *object, const char *name, struct decimal *out, int *has,
                     struct koppel_error *err)
{
    const char *text = text_of(object, name);
    *has = *text != '\0';
    *out = DECIMAL_ZERO;
    if (*has && decimal_parse(text, out) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "order.totals", "%s \"%s\" is no amount", name, text);
    return 0;
}

static int cents_of(const json_t *object, const char *name, int64_t *out, int *has,
                    struct koppel_error *err)
{
    struct decimal d;
    if (number_of(object, name, &d, has, err) != 0)
        return -1;
    if (decimal_round(d, 2, ROUND_HALF_UP, &d) != 0 || decimal_to_int(d, 2, out) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "order.totals", "%s \"%s\" is out of range", name,
                          text_of(object, name));
    return 0;
}

static int set_cents(json_t *object, const char *name, int64_t cents)
{
    struct decimal d;
    char text[DECIMAL_TEXT_BYTES];
    if (decimal_from_int(cents, 2, &d) != 0)
        return -1;
    decimal_format(d, text);
    return json_object_set_new(object, name, json_string(text));
}

/* The line's exact net amount in millionths: its own total excl. where the till gives one and prices
 * are exclusive, else its total incl. divided by 1 + rate. */
static int exact_net(const json_t *line, struct decimal rate, int inclusive, __int128 *out,
                     struct koppel_error *err)
{
    struct decimal incl, excl, factor, net;
    int has_incl, has_excl;
    if (number_of(line, "total_incl", &incl, &has_incl, err) != 0 ||
        number_of(line, "total_excl", &excl, &has_excl, err) != 0)
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
    return err_reason(err, KOPPEL_E_REJECTED, "order.totals", "an amount of the order is out of range");
}

/* Rounds the shares so that they sum to total: see order.h. limit: how many cents beyond one per line
 * may be left over; *left receives them where it is not NULL, else the largest line does. */
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
static int add_rounding(json_t *lines, const json_t *group, const char *account, int64_t cents, json_t *notes)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal d;
    json_t *line = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "kind", "rounding", "description", "Rounding", "quantity",
                             "1", "account", account, "vat_code", text_of(group, "code"), "vat_rate",
                             text_of(group, "rate"));
    if (!line || decimal_from_int(cents, 2, &d) != 0)
        return -1;
    decimal_format(d, text);
    if (notes)
        json_array_append_new(notes, json_sprintf("VAT code %s: a rounding line of %s on account %s",
                                                  text_of(group, "code"), text, account));
    if (set_cents(line, "net", cents) != 0 || set_cents(line, "vat", 0) != 0)
        return -1;
    return json_array_append_new(lines, line);
}

/* What the lines of all groups share. */
struct order_facts {
    json_t *lines, *notes;
    int inclusive;
    int64_t limit;       /* cents */
    const char *account; /* of rounding lines; "": the largest line takes what is left */
};

/* Gives the lines of one VAT group their net and VAT. */
static int complete_group(const struct order_facts *facts, const json_t *group, struct koppel_error *err)
{
    json_t *lines = facts->lines;
    int64_t limit = facts->limit, left = 0;
    int inclusive = facts->inclusive;
    const char *code = text_of(group, "code");
    struct decimal rate;
    int64_t excl, vat;
    int has;
    if (number_of(group, "rate", &rate, &has, err) != 0 || cents_of(group, "excl", &excl, &has, err) != 0 ||
        cents_of(group, "vat", &vat, &has, err) != 0)
        return -1;
    struct share *shares = calloc(json_array_size(lines) + 1, sizeof *shares);
    if (!shares)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int n = 0, rc = -1;
    size_t i;
    json_t *line;
    json_array_foreach(lines, i, line) {
        if (strcmp(text_of(line, "vat_code"), code) != 0 || strcmp(text_of(line, "kind"), "rounding") == 0)
            continue;
        shares[n].line = line;
        if (exact_net(line, rate, inclusive, &shares[n].exact, err) != 0)
            goto out;
        n++;
    }
    if (n == 0) {
        rc = excl == 0 && vat == 0 ? 0
             : err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                          "VAT code %s has a total of %s but no line", code, text_of(group, "excl"));
        goto out;
    }
    if (round_shares(shares, n, excl, limit, *facts->account ? &left : NULL) != 0) {
        err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                   "the lines of VAT code %s do not add up to its total of %s within the rounding limit; "
                   "look at the order in the till", code, text_of(group, "excl"));
        goto out;
    }
    for (int k = 0; k < n; k++) {
        if (set_cents(shares[k].line, "net", shares[k].cents) != 0)
            goto out;
        /* VAT in millionths: cents * rate / 100, rate with two places. */
        struct decimal r2;
        if (decimal_round(rate, 2, ROUND_HALF_UP, &r2) != 0)
            goto out;
        shares[k].exact = (__int128)shares[k].cents * r2.units;
    }
    if (round_shares(shares, n, vat, limit + n, NULL) != 0) {
        err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                   "the VAT of code %s (%s) does not follow from its net total within the rounding limit",
                   code, text_of(group, "vat"));
        goto out;
    }
    for (int k = 0; k < n; k++) {
        if (set_cents(shares[k].line, "vat", shares[k].cents) != 0)
            goto out;
    }
    rc = left != 0 && add_rounding(lines, group, facts->account, left, facts->notes) != 0
             ? err_set(err, KOPPEL_E_BUG, "out of memory") : 0;
out:
    free(shares);
    return rc;
}

/* The totals of one VAT code over the lines; a line without a total without VAT has it computed. */
static int sum_code(const json_t *lines, const json_t *first, int inclusive, int64_t *excl, int64_t *vat,
                    struct koppel_error *err)
{
    const char *code = text_of(first, "vat_code");
    __int128 net = 0;
    int64_t gross = 0, rate_units;
    struct decimal rate;
    int has, all_incl = 1;
    size_t i;
    json_t *line;
    if (number_of(first, "vat_rate", &rate, &has, err) != 0)
        return -1;
    json_array_foreach((json_t *)lines, i, line) {
        __int128 one;
        int64_t cents;
        if (strcmp(text_of(line, "vat_code"), code) != 0)
            continue;
        if (exact_net(line, rate, inclusive, &one, err) != 0 || cents_of(line, "total_incl", &cents, &has, err) != 0)
            return -1;
        net += one;
        gross += cents;
        all_incl = all_incl && has;
    }
    *excl = (int64_t)((net + (net < 0 ? -MICRO_PER_CENT / 2 : MICRO_PER_CENT / 2)) / MICRO_PER_CENT);
    if (all_incl) {
        *vat = gross - *excl;
        return 0;
    }
    struct decimal d;
    if (decimal_from_int(*excl, 4, &d) != 0 || decimal_mul(d, rate, &d) != 0 ||
        decimal_round(d, 2, ROUND_HALF_UP, &d) != 0 || decimal_to_int(d, 2, &rate_units) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "order.totals", "an amount of the order is out of range");
    *vat = rate_units;
    return 0;
}

/* A document that brings no VAT totals of its own (a packing slip) gets them from its lines. */
static int derive_groups(json_t *order, json_t *lines, int inclusive, struct koppel_error *err)
{
    json_t *groups = json_array(), *line, *other;
    size_t i, k;
    if (!groups || json_object_set_new(order, "vat", groups) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    json_array_foreach(lines, i, line) {
        int known = !*text_of(line, "vat_code");
        int64_t excl, vat;
        json_array_foreach(groups, k, other)
            known = known || strcmp(text_of(other, "code"), text_of(line, "vat_code")) == 0;
        if (known)
            continue;
        if (sum_code(lines, line, inclusive, &excl, &vat, err) != 0)
            return -1;
        json_t *group = json_pack("{s:s,s:s}", "code", text_of(line, "vat_code"), "rate", text_of(line, "vat_rate"));
        if (!group || set_cents(group, "excl", excl) != 0 || set_cents(group, "vat", vat) != 0 ||
            json_array_append_new(groups, group) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    return 0;
}

static int sum_quantities(const json_t *list, const char *number, struct decimal *out)
{
    size_t i;
    json_t *one;
    *out = DECIMAL_ZERO;
    json_array_foreach((json_t *)list, i, one) {
        struct decimal quantity;
        if (strcmp(text_of(one, "number"), number) == 0 &&
            (decimal_parse(text_of(one, "quantity"), &quantity) != 0 || decimal_add(*out, quantity, out) != 0))
            return -1;
    }
    return 0;
}

/* A partial delivery: what was delivered so far, this one included, is at most what was ordered. */
static int check_deliveries(const json_t *order, struct koppel_error *err)
{
    json_t *ordered = json_object_get(order, "ordered"), *delivered = json_object_get(order, "delivered"), *line;
    size_t i;
    if (!ordered || !delivered)
        return 0;
    json_array_foreach(delivered, i, line) {
        const char *number = text_of(line, "number");
        struct decimal want, have;
        if (sum_quantities(ordered, number, &want) != 0 || sum_quantities(delivered, number, &have) != 0)
            return err_reason(err, KOPPEL_E_REJECTED, "order.delivered", "a quantity of article %s is no number",
                              number);
        if (decimal_compare(decimal_abs(have), decimal_abs(want)) > 0) { /* returns count down */
            char a[DECIMAL_TEXT_BYTES], b[DECIMAL_TEXT_BYTES];
            decimal_format(decimal_trim(have, 0), a);
            decimal_format(decimal_trim(want, 0), b);
            return err_reason(err, KOPPEL_E_REJECTED, "order.delivered",
                              "%s of article %s were delivered, and %s were ordered", a, number, b);
        }
    }
    return 0;
}

/* Zero-quantity lines stay as text or go, as set; lines without VAT code take part in no group. */
static void clean_lines(json_t *lines, const json_t *settings, json_t *notes)
{
    int drop = strcmp(text_of(settings, "zero_lines"), "drop") == 0;
    for (size_t i = json_array_size(lines); i-- > 0;) {
        json_t *line = json_array_get(lines, i);
        struct decimal quantity;
        if (decimal_parse(text_of(line, "quantity"), &quantity) != 0 || !decimal_is_zero(quantity))
            continue;
        if (notes)
            json_array_append_new(notes, json_sprintf("line %zu \"%s\" has quantity 0: %s", i + 1,
                                                      text_of(line, "description"),
                                                      drop ? "dropped" : "kept as text"));
        if (drop)
            json_array_remove(lines, i);
    }
}

static int check_currency(const json_t *order, struct koppel_error *err)
{
    const char *currency = text_of(order, "currency");
    if (*currency && strcmp(currency, "EUR") != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "order.currency",
                          "the order is in %s, and the books take euros only", currency);
    return 0;
}

static int check_shifted(const json_t *order, int *shifted, struct koppel_error *err)
{
    *shifted = strcmp(text_of(order, "vat_method"), "shifted") == 0;
    if (*shifted && !*text_of(json_object_get(order, "customer"), "vat_number"))
        return err_reason(err, KOPPEL_E_REJECTED, "order.shifted",
                          "shifted without VAT number: the customer's card in the till has none");
    return 0;
}

/* What was paid, in whatever way: documents that book payments take it off the customer in one sum. */
static int sum_payments(json_t *order, struct koppel_error *err)
{
    json_t *payments = json_object_get(order, "payments"), *payment;
    int64_t total = 0, cents;
    size_t i;
    int has;
    if (json_array_size(payments) == 0)
        return 0;
    json_array_foreach(payments, i, payment) {
        if (cents_of(payment, "amount", &cents, &has, err) != 0)
            return -1;
        total += cents;
    }
    return set_cents(order, "total_paid", total);
}

/* A delivery address that says no more than the customer's own is none. */
static void drop_same_delivery(json_t *order)
{
    static const char *const members[] = {"street", "postcode", "city"};
    static const char *const names[] = {"name", "company", "contact"};
    json_t *delivery = json_object_get(order, "delivery");
    const json_t *customer = json_object_get(order, "customer");
    const char *name = text_of(delivery, "name"), *contact = text_of(delivery, "contact");
    int known = !*name, contact_known = !*contact;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        known = known || strcmp(name, text_of(customer, names[i])) == 0;
        contact_known = contact_known || strcmp(contact, text_of(customer, names[i])) == 0;
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *there = text_of(delivery, members[i]);
        if (*there && strcmp(there, text_of(customer, members[i])) != 0)
            return;
    }
    if (known && contact_known)
        json_object_del(order, "delivery");
}

/* What the till's VAT is more than that over the net total of each code. A destination that computes the
 * VAT of a document itself needs it as a line, to come to the same total. */
static int set_vat_rounding(json_t *order, const json_t *groups, int64_t vat, struct koppel_error *err)
{
    size_t i;
    json_t *group;
    json_array_foreach((json_t *)groups, i, group) {
        struct decimal rate, d;
        int64_t excl, computed;
        int has;
        if (number_of(group, "rate", &rate, &has, err) != 0 || cents_of(group, "excl", &excl, &has, err) != 0)
            return -1;
        if (decimal_from_int(excl, 4, &d) != 0 || decimal_mul(d, rate, &d) != 0 ||
            decimal_round(d, 2, ROUND_HALF_UP, &d) != 0 || decimal_to_int(d, 2, &computed) != 0)
            return err_reason(err, KOPPEL_E_REJECTED, "order.totals", "an amount of the order is out of range");
        vat -= computed;
    }
    return vat == 0 ? 0 : set_cents(order, "vat_rounding", vat);
}

/* Adds what the lines of a VAT code miss at their unit prices. */
static int add_price_rounding(json_t *list, const json_t *line, struct decimal rest, struct koppel_error *err)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal sum = rest, before;
    size_t i;
    int has;
    json_t *one, *found = NULL;
    json_array_foreach(list, i, one) {
        if (strcmp(text_of(one, "vat_code"), text_of(line, "vat_code")) == 0)
            found = one;
    }
    if (!found) {
        found = json_pack("{s:s,s:s}", "vat_code", text_of(line, "vat_code"), "vat_rate", text_of(line, "vat_rate"));
        if (json_array_append_new(list, found) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    if (number_of(found, "amount", &before, &has, err) != 0 || decimal_add(sum, before, &sum) != 0)
        return -1;
    decimal_format(sum, text);
    return json_object_set_new(found, "amount", json_string(text));
}

/* The line's price of one in cents: its own where quantity times that makes its total, else the total
 * divided by the quantity, half up. *rest: what quantity times that leaves of the total. */
static int unit_price(json_t *line, int inclusive, struct decimal *rest, struct koppel_error *err)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal price, quantity, total, times;
    int has_price, has_total, has;
    const char *name = inclusive ? "price" : "price_excl";
    *rest = DECIMAL_ZERO;
    if (number_of(line, name, &price, &has_price, err) != 0 ||
        number_of(line, inclusive ? "total_incl" : "total_excl", &total, &has_total, err) != 0 ||
        number_of(line, "quantity", &quantity, &has, err) != 0)
        return -1;
    if (!has_price && !has_total)
        return 0;
    if (decimal_round(price, 2, ROUND_HALF_UP, &price) != 0 || decimal_mul(price, quantity, &times) != 0 ||
        decimal_round(times, 2, ROUND_HALF_UP, &times) != 0)
        goto range;
    if (has_total && decimal_compare(times, total) != 0 && !decimal_is_zero(quantity)) {
        if (decimal_div(total, quantity, 2, ROUND_HALF_UP, &price) != 0 ||
            decimal_mul(price, quantity, &times) != 0 || decimal_round(times, 2, ROUND_HALF_UP, &times) != 0)
            goto range;
    }
    if (has_total && (decimal_sub(total, times, rest) != 0 || decimal_round(*rest, 2, ROUND_HALF_UP, rest) != 0))
        goto range;
    decimal_format(price, text);
    return json_object_set_new(line, "unit_price", json_string(text));
range:
    return err_reason(err, KOPPEL_E_REJECTED, "order.totals", "an amount of the order is out of range");
}

/* A destination that takes prices in cents and multiplies them itself needs, beside a price per line, what
 * these prices miss of the totals: one amount per VAT code. */
static int set_unit_prices(json_t *order, json_t *lines, int inclusive, struct koppel_error *err)
{
    json_t *line, *list = json_array();
    size_t i;
    int rc = list ? 0 : -1;
    for (i = 0; rc == 0 && (line = json_array_get(lines, i)); i++) {
        struct decimal rest;
        rc = unit_price(line, inclusive, &rest, err);
        if (rc == 0 && !decimal_is_zero(rest))
            rc = add_price_rounding(list, line, rest, err);
    }
    for (i = json_array_size(list); rc == 0 && i-- > 0;) {
        struct decimal sum;
        if (decimal_parse(text_of(json_array_get(list, i), "amount"), &sum) == 0 && decimal_is_zero(sum))
            json_array_remove(list, i);
    }
    if (rc == 0 && json_array_size(list) > 0)
        return json_object_set_new(order, "price_rounding", list);
    json_decref(list);
    return rc;
}

/* Everything but lines and totals. */
static int complete_head(json_t *order, const json_t *settings, int *shifted, struct koppel_error *err)
{
    if (!*text_of(order, "currency") && *text_of(settings, "currency"))
        json_object_set(order, "currency", json_object_get(settings, "currency"));
    drop_same_delivery(order);
    return check_currency(order, err) != 0 || check_shifted(order, shifted, err) != 0 ? -1
           : sum_payments(order, err);
}

int order_complete(json_t *order, const json_t *settings, json_t *notes, struct koppel_error *err)
{
    json_t *lines = json_object_get(order, "lines");
    json_t *groups = json_object_get(order, "vat");
    int shifted;
    if (complete_head(order, settings, &shifted, err) != 0)
        return -1;
    if (!lines) {
        lines = json_array();
        json_object_set_new(order, "lines", lines);
    }
    clean_lines(lines, settings, notes);
    if (check_deliveries(order, err) != 0)
        return -1;
    struct decimal limit_money;
    struct order_facts facts = {.lines = lines, .notes = notes, .limit = 5,
                                .inclusive = strcmp(text_of(order, "vat_method"), "inclusive") == 0,
                                .account = text_of(settings, "rounding_account")};
    if (decimal_parse(text_of(settings, "rounding_limit"), &limit_money) == 0)
        (void)decimal_to_int(limit_money, 2, &facts.limit);
    if (json_array_size(groups) == 0) {
        if (derive_groups(order, lines, facts.inclusive, err) != 0)
            return -1;
        groups = json_object_get(order, "vat");
    }
    const char *country = text_of(json_object_get(order, "customer"), "country");
    const char *region = shifted ? "shifted" : *country ? country : "NL";

    size_t i;
    json_t *line, *group;
    json_array_foreach(lines, i, line) {
        if (set_cents(line, "net", 0) != 0 || set_cents(line, "vat", 0) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    int64_t net = 0, vat = 0, cents;
    int has;
    json_array_foreach(groups, i, group) {
        if (complete_group(&facts, group, err) != 0)
            return -1;
        if (cents_of(group, "excl", &cents, &has, err) != 0)
            return -1;
        net += cents;
        if (cents_of(group, "vat", &cents, &has, err) != 0)
            return -1;
        vat += cents;
    }
    json_array_foreach(lines, i, line) /* rounding lines too */
        json_object_set_new(line, "region", json_string(region));
    if (set_cents(order, "total_net", net) != 0 || set_cents(order, "total_vat", vat) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (cents_of(order, "total_incl", &cents, &has, err) != 0)
        return -1;
    if (has && cents != net + vat)
        return err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                          "the till's total of %s is not the sum of its VAT groups",
                          text_of(order, "total_incl"));
    if (!has && set_cents(order, "total_incl", net + vat) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (shifted && vat != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "order.shifted",
                          "its VAT is shifted, and yet it has VAT of %s", text_of(order, "total_vat"));
    if (set_unit_prices(order, lines, facts.inclusive, err) != 0)
        return -1;
    return set_vat_rounding(order, groups, vat, err);
}
