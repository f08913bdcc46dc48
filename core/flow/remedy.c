/* SPDX-License-Identifier: MIT
 * Reason codes and what a person can do about them. */
#include <string.h>

#include "flow/flow.h"

static const struct {
    const char *reason, *remedy;
} remedies[] = {
    {"customer.key", "give the customer an e-mail address in the source, or set references.customer.default"},
    {"customer.missing", "create the customer, or set references.customer.missing = \"create\""},
    {"customer.ambiguous", "leave one customer with this e-mail address in the destination, or give them "
                           "different VAT numbers"},
    {"customer.type", "decide whether the card becomes the other kind (type_change = \"convert\") or a new one is\n                      made (\"new\")"},
    {"article.missing", "create the article in the destination, or set references.article.missing"},
    {"article.key", "give the line an article number in the source"},
    {"map.unmapped", "add the missing row to the value table, then: koppel retry --all"},
    {"map.required", "fill the field in the source, or give the mapping rule a default"},
    {"map.value", "mend the value in the source, or the mapping rule"},
    {"order.currency", "post this order by hand; the destination knows euros only"},
    {"order.shifted", "fill the customer's VAT number in the source"},
    {"order.totals", "look at the order in the source: its totals contradict its lines"},
    {"cancelled.after", "make a credit by hand in the destination, or set settings.on_cancel = \"credit\""},
    {"changed", "compare the order with the posted document and correct the document by hand"},
    {"document.twice", "remove the document that is too many in the destination"},
    {"ambiguous", "leave one such record in the destination, or make their match fields differ"},
    {"unsure", "look in the destination whether it arrived, then retry or leave it"},
    {"unreachable", "see whether the destination is up, then: koppel retry --all"},
    {"rejected", "mend what the destination complains of, then: koppel retry --all"},
};

const char *flow_remedy(const char *reason)
{
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++) {
        if (strcmp(remedies[i].reason, reason) == 0)
            return remedies[i].remedy;
    }
    return "";
}
