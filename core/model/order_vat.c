/* SPDX-License-Identifier: MIT
 * The VAT groups of a core order: each line's exact share of its group's totals. */
#include "model/order_vat.h"

#include <stdlib.h>
#include <string.h>

#include "model/amount.h"

json_t *order_vat_group(const json_t *order, const json_t *line)
{
    size_t i;
    json_t *group;
    json_array_foreach(json_object_get(order, "vat"), i, group) {
        if (strcmp(amount_text(group, "code"), amount_text(line, "vat_code")) == 0)
            return group;
    }
    return NULL;
}

int order_vat_rate(const json_t *order, const json_t *group, struct decimal *out,
               struct koppel_error *err)
{
    const char *method = amount_text(order, "vat_method");
    int has;
    if (amount_number(group, "rate", out, &has, err) != 0)
        return -1;
    if (strcmp(method, "shifted") == 0 || strcmp(method, "none") == 0)
        *out = DECIMAL_ZERO;
    return 0;
}

/* One line's share of its VAT group, in millionths while exact and in cents once rounded. */
struct share {
    json_t *line;
    __int128 exact; /* 1/10^6 */
    int64_t cents;
};

#define MICRO_PLACES 6
#define MICRO_PER_CENT 10000

static int within(__int128 millionths)
{
    const __int128 limit = (__int128)AMOUNT_LIMIT_CENTS * MICRO_PER_CENT;
    return millionths <= limit && millionths >= -limit;
}

/* The line's exact net amount in millionths: its own total excl. where the till gives one and
 * prices are exclusive, else its total incl. divided by 1 + rate. */
static int exact_net(const json_t *line, struct decimal rate, int inclusive, __int128 *out,
                     struct koppel_error *err)
{
    struct decimal incl, excl, factor, net;
    int has_incl, has_excl;
    if (amount_number(line, "total_incl", &incl, &has_incl, err) != 0 ||
        amount_number(line, "total_excl", &excl, &has_excl, err) != 0)
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
    if (decimal_round(net, MICRO_PLACES, ROUND_HALF_UP, &net) != 0 || !within(net.units))
        goto range;
    *out = net.units;
    return 0;
range:
    return amount_out_of_range(err);
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
static int add_rounding(const struct order_vat *o, const json_t *group, int64_t cents)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal d;
    json_t *line = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "kind", "rounding", "description",
                             facts_word(o->facts, "rounding"), "quantity", "1", "account",
                             o->account, "vat_code", amount_text(group, "code"), "vat_rate",
                             amount_text(group, "rate"));
    if (!line || decimal_from_int(cents, 2, &d) != 0)
        return -1;
    decimal_format(d, text);
    facts_note(o->facts, json_sprintf("VAT code %s: a rounding line of %s on account %s",
                                      amount_text(group, "code"), text, o->account));
    if (amount_set(line, "net", cents) != 0 || amount_set(line, "vat", 0) != 0)
        return -1;
    return json_array_append_new(o->lines, line);
}

/* Gives the lines of one VAT group their net and VAT. */
static int complete_group(const struct order_vat *o, const json_t *group, struct koppel_error *err)
{
    json_t *lines = o->lines;
    int64_t limit = o->limit, left = 0;
    int inclusive = o->inclusive;
    const char *code = amount_text(group, "code");
    struct decimal rate;
    int64_t excl, vat;
    if (order_vat_rate(o->order, group, &rate, err) != 0 ||
        amount_known(group, "vat[].", "excl", &excl, err) != 0 ||
        amount_known(group, "vat[].", "vat", &vat, err) != 0)
        return -1;
    struct share *shares = calloc(json_array_size(lines) + 1, sizeof *shares);
    if (!shares)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int n = 0, rc = -1;
    size_t i;
    json_t *line;
    json_array_foreach(lines, i, line) {
        if (strcmp(amount_text(line, "vat_code"), code) != 0 ||
            strcmp(amount_text(line, "kind"), "rounding") == 0)
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
                                                amount_text(group, "excl"));
        goto out;
    }
    if (round_shares(shares, n, excl, limit, *o->account ? &left : NULL) != 0) {
        err_reason(
            err, KOPPEL_E_REJECTED, "order.totals",
            "the lines of VAT code %s do not add up to its total of %s within the rounding limit; "
            "look at the document at its source",
            code, amount_text(group, "excl"));
        goto out;
    }
    for (int k = 0; k < n; k++) {
        if (amount_set(shares[k].line, "net", shares[k].cents) != 0)
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
            code, amount_text(group, "vat"));
        goto out;
    }
    for (int k = 0; k < n; k++) {
        if (amount_set(shares[k].line, "vat", shares[k].cents) != 0)
            goto out;
    }
    rc = left != 0 && add_rounding(o, group, left) != 0
             ? err_set(err, KOPPEL_E_BUG, "out of memory") : 0;
out:
    free(shares);
    return rc;
}

/* The totals of one VAT code over the lines, into the group; a line without a total without VAT has
 * it computed. */
static int sum_code(const json_t *order, json_t *group, int inclusive, struct koppel_error *err)
{
    const char *code = amount_text(group, "code");
    __int128 net = 0;
    int64_t gross = 0, excl, vat;
    struct decimal rate;
    int has, all_incl = 1;
    size_t i;
    json_t *line;
    if (amount_number(group, "rate", &rate, &has, err) != 0)
        return -1;
    json_array_foreach(json_object_get(order, "lines"), i, line) {
        __int128 one;
        int64_t cents;
        if (strcmp(amount_text(line, "vat_code"), code) != 0)
            continue;
        if (exact_net(line, rate, inclusive, &one, err) != 0 ||
            amount_cents(line, "total_incl", &cents, &has, err) != 0)
            return -1;
        net += one; /* each is within the limit, so that 128 bits hold them all */
        if (amount_add(&gross, cents, err) != 0)
            return -1;
        all_incl = all_incl && has;
    }
    if (!within(net))
        return amount_out_of_range(err);
    excl = (int64_t)((net + (net < 0 ? -MICRO_PER_CENT / 2 : MICRO_PER_CENT / 2)) / MICRO_PER_CENT);
    if (amount_percentage(excl, rate, &vat, err) != 0)
        return -1;
    /* else the lines' totals are rounded one by one, and the VAT is not */
    if (inclusive && all_incl)
        vat = gross - excl;
    return amount_set(group, "excl", excl) == 0 && amount_set(group, "vat", vat) == 0
               ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

int order_vat_derive(json_t *order, json_t *lines, bool inclusive, struct koppel_error *err)
{
    json_t *groups = json_array(), *line, *other;
    size_t i, k;
    if (!groups || json_object_set_new(order, "vat", groups) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    json_array_foreach(lines, i, line) {
        int known = !*amount_text(line, "vat_code");
        json_array_foreach(groups, k, other)
            known = known || strcmp(amount_text(other, "code"), amount_text(line, "vat_code")) == 0;
        if (known)
            continue;
        json_t *group = json_pack("{s:s,s:s}", "code", amount_text(line, "vat_code"), "rate",
                                  amount_text(line, "vat_rate"));
        if (!group || json_array_append_new(groups, group) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
        if (sum_code(order, group, inclusive, err) != 0)
            return -1;
    }
    return 0;
}

/* An amount outside the VAT totals would be lost. */
static int check_left_out(const json_t *order, const json_t *lines, struct koppel_error *err)
{
    static const char *const amounts[] = {"total_incl", "total_excl"};
    size_t i;
    json_t *line;
    json_array_foreach((json_t *)lines, i, line) {
        for (size_t k = 0; k < sizeof amounts / sizeof amounts[0] && !order_vat_group(order, line);
             k++) {
            int64_t cents;
            int has;
            if (amount_cents(line, amounts[k], &cents, &has, err) != 0)
                return -1;
            if (cents != 0)
                return err_reason(
                    err, KOPPEL_E_REJECTED, "order.totals",
                    "line %zu has an amount, and its VAT code \"%s\" is not among the VAT totals",
                    i + 1, amount_text(line, "vat_code"));
        }
    }
    return 0;
}

int order_vat_share(const struct order_vat *o, int64_t *net, int64_t *vat, struct koppel_error *err)
{
    bool shifted = strcmp(amount_text(o->order, "vat_method"), "shifted") == 0;
    size_t i;
    json_t *line, *group;
    json_array_foreach(o->lines, i, line) {
        if (amount_set(line, "net", 0) != 0 || amount_set(line, "vat", 0) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    *net = *vat = 0;
    json_array_foreach(json_object_get(o->order, "vat"), i, group) {
        int64_t excl, taxed;
        if (amount_known(group, "vat[].", "excl", &excl, err) != 0 ||
            amount_known(group, "vat[].", "vat", &taxed, err) != 0)
            return -1;
        if (taxed != 0 && shifted)
            return err_reason(err, KOPPEL_E_REJECTED, "order.shifted",
                              "its VAT is shifted, and yet it has VAT of %s",
                              amount_text(group, "vat"));
        if (complete_group(o, group, err) != 0 || amount_add(net, excl, err) != 0 ||
            amount_add(vat, taxed, err) != 0)
            return -1;
    }
    return check_left_out(o->order, o->lines, err);
}
