/* SPDX-License-Identifier: MIT
 * Reason codes and what a person can do about them. */
#include <string.h>

#include "flow/remedy.h"

static const struct {
    const char *reason, *remedy;
} remedies[] = {
    {"plugin.unreadable",
     "mend the record in the source: its raw text and the place are in the activity"},
    {"plugin.long_key", "give the record a shorter number in the source"},
    {"plugin.large", "make the record smaller in the source, or leave it out"},
    {"plugin.text", "tell the plugin's author; the text of the field is no UTF-8"},
    {"plugin.blocked",
     "see why the system does not answer; a restart frees the call. Tell the plugin's author"},
    {"plugin.no_result",
     "look in the destination whether it was written; tell the plugin's author"},
    {"plugin.no_id", "look in the destination whether it was made; tell the plugin's author"},
    {"customer.key",
     "give the customer an e-mail address in the source, or set references.customer.default"},
    {"customer.missing", "create the customer, or set references.customer.missing = \"create\""},
    {"customer.ambiguous",
     "leave one customer with this e-mail address in the destination, or give them "
     "different VAT numbers"},
    {"customer.type",
     "decide whether the card becomes the other kind (type_change = \"convert\") or a new one "
     "is made (\"new\")"},
    {"article.missing", "create the article in the destination, or set references.article.missing"},
    {"article.unmanaged",
     "make it a stock article in the destination, or take stock-keeping off it in the source"},
    {"article.ambiguous", "leave one such article in the destination"},
    {"article.duplicate", "leave one record of this article in the source"},
    {"category.missing", "create the category, or set references.category.missing = \"create\""},
    {"category.ambiguous", "leave one such category in the destination"},
    {"category.key", "give the article a category in the source, or take the reference out"},
    {"parent.missing", "create the category above it, or let the flow of categories run first"},
    {"parent.ambiguous", "leave one such category in the destination"},
    {"parent.key", "give the category above it a number in the source"},
    {"reference.depth", "look in the source for a record that refers to itself"},
    {"branch.missing", "correct the branch in the flow's table or in the connection's settings"},
    {"branch.number", "give the branch its number of the destination in the flow's table"},
    {"branch.duplicate", "let the flow's table lead each branch to another one"},
    {"branch.many", "keep the branches that the destination does not need out with a filter"},
    {"order.payments",
     "post this order by hand, or send orders as financial mutations, which hold every payment"},
    {"ledger.totals", "look at the day in the till: what it sold and what it received differ"},
    {"stock.formula", "correct settings.formula, or the figure in the source"},
    {"held", "its article has sales that are not in the books yet: see the orders that are parked "
             "or waiting"},
    {"article.unreadable", "mend the article that is named in the till, then: koppel retry --all"},
    {"article.amount", "give the stock in the source no more decimals than the destination knows"},
    {"article.key", "give the line an article number in the source"},
    {"article.number",
     "give the article a whole number in the source, or set settings.numbers = \"any\""},
    {"article.vat",
     "give the article a VAT rate in the source, or its code a row in the table of rates"},
    {"article.product",
     "move the article in the destination by hand, or leave its group in the source as it was"},
    {"product.number", "give the product a number that the destination can hold"},
    {"product.taken",
     "give the group in the source another number, or that product in the destination its name"},
    {"duplicate", "let only one record of the source keep the value, then: koppel retry --all"},
    {"map.unmapped", "add the missing row to the value table, then: koppel retry --all"},
    {"map.record", "mend the record in the source, or the record function of the flow"},
    {"map.required", "fill the field in the source, or give the mapping rule a default"},
    {"map.condition", "mend the value in the source, or the condition"},
    {"map.value", "mend the value in the source, or the mapping rule"},
    {"field.unknown",
     "fill the field in the source; where it has another name there, mend the mapping that reads "
     "it"},
    {"field.wrong", "correct the field in the source"},
    {"order.currency", "post this order by hand; the destination knows euros only"},
    {"order.shifted", "fill the customer's VAT number in the source"},
    {"order.totals", "compare the order with its lines; where parts of a cent of a price are "
                     "missing, see price_places of the destination"},
    {"order.gone",
     "the order was removed in the destination: make it again there by hand, or leave it"},
    {"order.payment", "look at the order's payments in the source, and at the table of payments"},
    {"order.vat_method", "let the mapping give vatMethod"},
    {"order.workplace",
     "give the order's branch its workplace in the mapping, or set entry_branch and workplace"},
    {"order.type", "invoice the order in the source, or set settings.uninvoiced = \"send\""},
    {"order.delivered",
     "look at the packing slips of the order in the source: more went out than was ordered"},
    {"unbalanced",
     "look at the payments and the VAT totals of the document in the source, and at the "
     "mapping: debit and credit must be equal"},
    {"document.gone",
     "post the document again by hand; the one that was sent is no longer in the destination"},
    {"cancelled.after",
     "make a credit by hand in the destination, or set settings.on_cancel = \"credit\""},
    {"changed", "compare the order with the posted document and correct the document by hand"},
    {"proposal.missing", "the quote was removed in the destination: make it again there by hand"},
    {"gone", "the record was removed in the destination: make it again there by hand, or leave it"},
    {"locked", "the destination lets nobody change it any more: correct it there by hand"},
    {"access", "give the login the right, or the administration the package, then retry it"},
    {"debtor.iban",
     "correct the account number in the source, or set wrong_iban of the connection"},
    {"description.none", "set swagger_path of the connection, or leave it empty"},
    {"record.unreadable", "mend the record that is named where it is kept"},
    {"erased", "its payload was erased with age: change the record in the source to have it read"},
    {"document.twice", "remove the document that is too many in the destination"},
    {"ambiguous", "leave one such record in the destination, or make their match fields differ"},
    {"reference.taken",
     "look at both documents: where two sources number for themselves, give one of them a prefix "
     "in its mapping; where a person booked it by hand, settle the job or remove that document"},
    {"not.ours",
     "change the document by hand, or set settings.adopted = \"change\""},
    {"replayed",
     "the destination kept an answer of another installation under this number: send it anew by "
     "changing it at the source"},
    {"total", "look at the record and its mapping: what is sent must come to the source's total"},
    {"customer.shared",
     "give one of the two customers another e-mail address, or make them one in the source"},
    {"missing", "make the record in the destination by hand; it cannot be made from here"},
    {"unreadable", "mend the value in the source; the activity shows the record as it came"},
    {"list.shrunk", "see whether so much is really gone at the source, then: koppel resume"},
    {"quiet", "nothing: it goes on by itself"},
    {"unsure", "look in the destination whether it arrived, then retry or leave it"},
    {"http.429", "lower rate_per_minute of the connection, then: koppel retry --all"},
    {"http.503", "see whether the destination is up, then: koppel retry --all"},
    {"http.connect", "see whether the destination is up, then: koppel retry --all"},
    {"http.timeout", "look in the destination whether it arrived, then retry or leave it"},
    {"http.lost", "look in the destination whether it arrived, then retry or leave it"},
    {"http.limit", "raise limit_mb of the connection, then: koppel retry --all"},
    {"unreachable", "see whether the destination is up, then: koppel retry --all"},
    {"rejected", "mend what the destination complains of, then: koppel retry --all"},
};

const char *remedy_for(const char *reason)
{
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++) {
        if (strcmp(remedies[i].reason, reason) == 0)
            return remedies[i].remedy;
    }
    return "";
}
