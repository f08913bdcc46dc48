/* SPDX-License-Identifier: MIT
 * Sales documents: what a destination must be able to hold of them. */
#include "behaviour/behaviour_order.h"

#include "base/decimal.h"
#include "mapping/map.h"

/* A sales document with several payments needs a destination that can hold them. */
static int check_payments(const struct subject *s, struct koppel_error *err)
{
    json_t *payments = json_object_get(s->core, "payments");
    if (json_array_size(payments) < 2 || map_reads(s->send, "payments"))
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, "order.payments",
                      "it was paid in %zu ways, and a %s of %s holds one",
                      json_array_size(payments), s->entity->name, s->flow->to->name);
}

/* A destination that computes the VAT itself gets a line with what it misses; more than the limit
 * is no rounding. */
static int check_rounding(const struct subject *s, struct koppel_error *err)
{
    struct decimal rounding, limit;
    const char *text = subject_text(s, "vat_rounding");
    if (!*text || !map_reads(s->send, "vat_rounding") || decimal_parse(text, &rounding) != 0 ||
        decimal_parse(subject_setting(s, "rounding_limit"), &limit) != 0 ||
        decimal_compare(decimal_abs(rounding), limit) <= 0)
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                      "its prices and VAT percentages come to another total, and the %s that are "
                      "missing are more than the rounding limit of %s",
                      text, subject_setting(s, "rounding_limit"));
}

static int check(const struct subject *s, struct koppel_error *err)
{
    return check_payments(s, err) == 0 ? check_rounding(s, err) : -1;
}

const struct behaviour behaviour_order = {.model = "order", .document = true,
                                          .sells = true,
                                          .complete = subject_complete,
                                          .nothing = subject_no_lines,
                                          .check = check};
