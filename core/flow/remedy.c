/* SPDX-License-Identifier: MIT
 * Reason codes and what a person can do about them. */
#include "flow/remedy.h"

#include <string.h>

#define RETRY "koppel retry --cause {cause}"
#define SKIP "koppel skip --cause {cause} --why WHY"
#define DONE "koppel done {job} --id ID --why WHY"
#define EDIT "koppel edit {job} --why WHY"

static const struct remedy remedies[] = {
    {"plugin.unreadable", REMEDY_ERROR, REMEDY_SOURCE, {NULL},
     "mend the record in the source: its raw text and the place are in the activity",
     RETRY},
    {"plugin.long_key", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "give the record a shorter number in the source",
     SKIP},
    {"plugin.large", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "make the record smaller in the source, or leave it out",
     SKIP},
    {"plugin.text", REMEDY_ERROR, REMEDY_SOURCE, {NULL},
     "tell the plugin's author; the text of the field is no UTF-8",
     RETRY},
    {"plugin.blocked", REMEDY_ERROR, REMEDY_RETRY, {NULL},
     "see why the system does not answer; a restart frees the call. Tell the plugin's author",
     RETRY},
    {"plugin.no_result", REMEDY_ERROR, REMEDY_DONE, {NULL},
     "look in the destination whether it was written; tell the plugin's author",
     DONE},
    {"plugin.no_id", REMEDY_ERROR, REMEDY_DONE, {NULL},
     "look in the destination whether it was made; tell the plugin's author",
     DONE},
    {"customer.key", REMEDY_WARNING, REMEDY_SOURCE, {"customer"},
     "give the customer an e-mail address in the source, or set references.customer.default",
     RETRY},
    {"customer.missing", REMEDY_WARNING, REMEDY_DESTINATION, {"customer"},
     "create the customer in the destination, or let it be made: references.customer.missing = "
     "\"create\"",
     "koppel set flows/{flow}/references/customer/missing create && " RETRY},
    {"customer.ambiguous", REMEDY_WARNING, REMEDY_CHOOSE, {"customer"},
     "leave one customer with this e-mail address in the destination, or give them different VAT "
     "numbers",
     RETRY},
    {"customer.type", REMEDY_WARNING, REMEDY_SETTING, {"customer", "setting"},
     "decide whether the card becomes the other kind (type_change = \"convert\") or a new one is "
     "made (\"new\")",
     "koppel set flows/{flow}/{setting} convert && " RETRY},
    {"customer.shared", REMEDY_WARNING, REMEDY_SOURCE, {"customer"},
     "give one of the two customers another e-mail address, or make them one in the source",
     RETRY},
    {"article.missing", REMEDY_WARNING, REMEDY_DESTINATION, {"article"},
     "create the article in the destination, or set references.article.missing; stock levels are "
     "tried again by themselves once the flow of products made it",
     RETRY},
    {"article.unmanaged", REMEDY_WARNING, REMEDY_DESTINATION, {"article"},
     "make it a stock article in the destination, or take stock-keeping off it in the source",
     RETRY},
    {"article.ambiguous", REMEDY_WARNING, REMEDY_CHOOSE, {"article"},
     "leave one such article in the destination",
     RETRY},
    {"article.duplicate", REMEDY_WARNING, REMEDY_SOURCE, {"article"},
     "leave one record of this article in the source",
     RETRY},
    {"article.unreadable", REMEDY_WARNING, REMEDY_SOURCE, {"article"},
     "mend the article that is named in the till",
     RETRY},
    {"article.amount", REMEDY_WARNING, REMEDY_SOURCE, {"article"},
     "give the stock in the source no more decimals than the destination knows",
     RETRY},
    {"article.key", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "give the line an article number in the source",
     RETRY},
    {"article.number", REMEDY_WARNING, REMEDY_SOURCE, {"article"},
     "give the article a whole number in the source, or set settings.numbers = \"any\"",
     RETRY},
    {"article.vat", REMEDY_WARNING, REMEDY_SOURCE, {"article"},
     "give the article a VAT rate in the source, or its code a row in the table of rates",
     RETRY},
    {"custom.unknown", REMEDY_WARNING, REMEDY_SETTING, {NULL},
     "correct the name behind \"custom.\" in the mapping; koppel check --online tells it",
     RETRY},
    {"custom.value", REMEDY_WARNING, REMEDY_SETTING, {NULL},
     "give the custom field a value of its type, with a function in the mapping",
     RETRY},
    {"article.product", REMEDY_WARNING, REMEDY_DESTINATION, {"article"},
     "move the article in the destination by hand, or leave its group in the source as it was",
     RETRY},
    {"category.missing", REMEDY_WARNING, REMEDY_DESTINATION, {"category"},
     "create the category, or let it be made: references.category.missing = \"create\"",
     "koppel set flows/{flow}/references/category/missing create && " RETRY},
    {"category.ambiguous", REMEDY_WARNING, REMEDY_CHOOSE, {"category"},
     "leave one such category in the destination",
     RETRY},
    {"category.key", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "give the article a category in the source, or take the reference out",
     RETRY},
    {"parent.missing", REMEDY_WARNING, REMEDY_DESTINATION, {"parent"},
     "create the category above it, or let the flow of categories run first",
     RETRY},
    {"parent.ambiguous", REMEDY_WARNING, REMEDY_CHOOSE, {"parent"},
     "leave one such category in the destination",
     RETRY},
    {"parent.key", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "give the category above it a number in the source",
     RETRY},
    {"reference.depth", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "look in the source for a record that refers to itself",
     RETRY},
    {"branch.missing", REMEDY_WARNING, REMEDY_TABLE, {"branch"},
     "correct the branch in the flow's table or in the connection's settings",
     RETRY},
    {"branch.number", REMEDY_WARNING, REMEDY_TABLE, {"branch"},
     "give the branch its number of the destination in the flow's table",
     RETRY},
    {"branch.duplicate", REMEDY_WARNING, REMEDY_TABLE, {"branch"},
     "let the flow's table lead each branch to another one",
     RETRY},
    {"branch.many", REMEDY_WARNING, REMEDY_SETTING, {NULL},
     "keep the branches that the destination does not need out with a filter",
     RETRY},
    {"product.number", REMEDY_WARNING, REMEDY_SOURCE, {"article"},
     "give the product a number that the destination can hold",
     RETRY},
    {"product.taken", REMEDY_WARNING, REMEDY_SOURCE, {"article"},
     "give the group in the source another number, or that product in the destination its name",
     RETRY},
    {"duplicate", REMEDY_WARNING, REMEDY_SOURCE, {"field", "value"},
     "let only one record of the source keep the value",
     RETRY},
    {"map.unmapped", REMEDY_WARNING, REMEDY_TABLE, {"table", "value"},
     "add the missing row to the value table",
     "koppel table {flow}/{table} add {value} VALUE && " RETRY},
    {"map.required", REMEDY_WARNING, REMEDY_SOURCE, {"field"},
     "fill the field in the source, or give the mapping rule a default",
     RETRY},
    {"map.record", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "mend the record in the source, or the record function of the flow",
     RETRY},
    {"map.condition", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "mend the value in the source, or the condition",
     RETRY},
    {"map.value", REMEDY_WARNING, REMEDY_SOURCE, {"field"},
     "mend the value in the source, or the mapping rule",
     RETRY},
    {"field.unknown", REMEDY_WARNING, REMEDY_SOURCE, {"field"},
     "fill the field in the source; where it has another name there, mend the mapping that reads "
     "it",
     RETRY},
    {"field.wrong", REMEDY_WARNING, REMEDY_SOURCE, {"field"},
     "correct the field in the source",
     RETRY},
    {"order.currency", REMEDY_WARNING, REMEDY_DONE, {"currency"},
     "post this order by hand; the destination knows euros only",
     DONE},
    {"order.payments", REMEDY_WARNING, REMEDY_DONE, {NULL},
     "post this order by hand, or send orders as financial mutations, which hold every payment",
     DONE},
    {"order.shifted", REMEDY_WARNING, REMEDY_SOURCE, {"customer"},
     "fill the customer's VAT number in the source",
     RETRY},
    {"order.totals", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "compare the order with its lines; where parts of a cent of a price are missing, see "
     "price_places of the destination",
     RETRY},
    {"order.gone", REMEDY_WARNING, REMEDY_DONE, {NULL},
     "the order was removed in the destination: make it again there by hand, or leave it",
     DONE},
    {"order.payment", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "look at the order's payments in the source, and at the table of payments",
     RETRY},
    {"order.vat_method", REMEDY_WARNING, REMEDY_SETTING, {NULL},
     "let the mapping give vatMethod",
     RETRY},
    {"order.workplace", REMEDY_WARNING, REMEDY_SETTING, {"branch"},
     "give the order's branch its workplace in the mapping, or set entry_branch and workplace",
     RETRY},
    {"order.type", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "invoice the order in the source, or set settings.uninvoiced = \"send\"",
     "koppel set flows/{flow}/settings/uninvoiced send && " RETRY},
    {"order.delivered", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "look at the packing slips of the order in the source: more went out than was ordered",
     RETRY},
    {"ledger.totals", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "look at the day in the till: what it sold and what it received differ",
     RETRY},
    {"stock.formula", REMEDY_WARNING, REMEDY_SETTING, {NULL},
     "correct settings.formula, or the figure in the source",
     RETRY},
    {"held", REMEDY_INFO, REMEDY_NOTHING, {NULL},
     "nothing: it is tried again by itself once the sales of its article are in the books; see "
     "the orders that are parked or waiting",
     NULL},
    {"unbalanced", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "look at the payments and the VAT totals of the document in the source, and at the mapping: "
     "debit and credit must be equal",
     RETRY},
    {"document.gone", REMEDY_WARNING, REMEDY_DONE, {NULL},
     "post the document again by hand; the one that was sent is no longer in the destination",
     DONE},
    {"cancelled.after", REMEDY_WARNING, REMEDY_SETTING, {NULL},
     "make a credit by hand in the destination, or set settings.on_cancel = \"credit\"",
     "koppel set flows/{flow}/settings/on_cancel credit && " RETRY},
    {"changed", REMEDY_WARNING, REMEDY_DONE, {NULL},
     "compare the order with the posted document and correct the document by hand",
     SKIP},
    {"proposal.missing", REMEDY_WARNING, REMEDY_DONE, {NULL},
     "the quote was removed in the destination: make it again there by hand",
     DONE},
    {"gone", REMEDY_WARNING, REMEDY_DONE, {NULL},
     "the record was removed in the destination: make it again there by hand, or leave it",
     SKIP},
    {"locked", REMEDY_WARNING, REMEDY_DONE, {NULL},
     "the destination lets nobody change it any more: correct it there by hand",
     SKIP},
    {"access", REMEDY_WARNING, REMEDY_DESTINATION, {NULL},
     "give the login the right, or the administration the package, then retry it",
     RETRY},
    {"debtor.iban", REMEDY_WARNING, REMEDY_SOURCE, {"customer"},
     "correct the account number in the source, or set wrong_iban of the connection",
     RETRY},
    {"description.none", REMEDY_WARNING, REMEDY_SETTING, {"connection"},
     "set swagger_path of the connection, or leave it empty",
     RETRY},
    {"record.unreadable", REMEDY_WARNING, REMEDY_DESTINATION, {NULL},
     "mend the record that is named where it is kept",
     RETRY},
    {"erased", REMEDY_WARNING, REMEDY_EDIT, {NULL},
     "its payload was erased with age: change the record in the source to have it read",
     SKIP},
    {"document.twice", REMEDY_WARNING, REMEDY_DESTINATION, {NULL},
     "remove the document that is too many in the destination",
     RETRY},
    {"ambiguous", REMEDY_WARNING, REMEDY_CHOOSE, {NULL},
     "leave one such record in the destination, or make their match fields differ",
     RETRY},
    {"reference.taken", REMEDY_WARNING, REMEDY_DONE, {NULL},
     "look at both documents: where two sources number for themselves, give one of them a prefix "
     "in its mapping; where a person booked it by hand, settle the job or remove that document",
     DONE},
    {"not.ours", REMEDY_WARNING, REMEDY_SETTING, {NULL},
     "change the document by hand, or set settings.adopted = \"change\"",
     "koppel set flows/{flow}/settings/adopted change && " RETRY},
    {"replayed", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "the destination kept an answer of another installation under this number: send it anew by "
     "changing it at the source",
     RETRY},
    {"total", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "look at the record and its mapping: what is sent must come to the source's total",
     RETRY},
    {"missing", REMEDY_WARNING, REMEDY_DONE, {NULL},
     "make the record in the destination by hand; it cannot be made from here",
     DONE},
    {"unreadable", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "mend the value in the source; the activity shows the record as it came",
     EDIT},
    {"list.shrunk", REMEDY_WARNING, REMEDY_RESUME, {NULL},
     "see whether so much is really gone at the source; koppel resume accepts it",
     "koppel resume {flow}"},
    {"quiet", REMEDY_INFO, REMEDY_NOTHING, {NULL},
     "nothing: it goes on by itself",
     NULL},
    {"retry", REMEDY_INFO, REMEDY_NOTHING, {NULL},
     "nothing: it is tried again by itself",
     NULL},
    {"unsure", REMEDY_WARNING, REMEDY_DONE, {NULL},
     "look in the destination whether it arrived, then retry or leave it",
     DONE},
    {"http.429", REMEDY_WARNING, REMEDY_SETTING, {"connection"},
     "lower rate_per_minute of the connection",
     "koppel set connections/{connection}/rate_per_minute N && " RETRY},
    {"http.503", REMEDY_WARNING, REMEDY_RETRY, {"connection"},
     "see whether the destination is up",
     RETRY},
    {"http.name", REMEDY_WARNING, REMEDY_SETTING, {"connection"},
     "look for a slip in the address of the connection",
     RETRY},
    {"tls.closed", REMEDY_WARNING, REMEDY_SETTING, {"connection"},
     "look at the address and port of the connection",
     RETRY},
    {"http.connect", REMEDY_WARNING, REMEDY_RETRY, {"connection"},
     "see whether the destination is up",
     RETRY},
    {"http.timeout", REMEDY_WARNING, REMEDY_DONE, {"connection"},
     "look in the destination whether it arrived, then retry or leave it",
     RETRY},
    {"http.lost", REMEDY_WARNING, REMEDY_DONE, {"connection"},
     "look in the destination whether it arrived, then retry or leave it",
     RETRY},
    {"http.limit", REMEDY_WARNING, REMEDY_SETTING, {"connection"},
     "raise limit_mb of the connection",
     "koppel set connections/{connection}/limit_mb N && " RETRY},
    {"unreachable", REMEDY_WARNING, REMEDY_RETRY, {"connection"},
     "see whether the destination is up",
     RETRY},
    {"rejected", REMEDY_WARNING, REMEDY_SOURCE, {NULL},
     "mend what the destination complains of",
     RETRY},
};

/* What jobs that are done or skipped come to; nobody has to do anything about it. */
static const char *const ends[] = {"unchanged", "exists", "superseded", "filtered", "left",
                                   "cancelled", "kept", "shared", "updated", "corrected",
                                   "credited", "deactivated", "dropped", "by_hand", "quiet"};

int remedy_reasons(const char **out, int room)
{
    int count = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends && count < room; i++)
        out[count++] = ends[i];
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies && count < room; i++)
        out[count++] = remedies[i].reason;
    return count;
}

bool remedy_is_reason(const char *reason)
{
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (strcmp(ends[i], reason) == 0)
            return true;
    }
    return remedy_of(reason) != NULL;
}

const struct remedy *remedy_of(const char *reason)
{
    for (size_t i = 0; reason && i < sizeof remedies / sizeof remedies[0]; i++) {
        if (strcmp(remedies[i].reason, reason) == 0)
            return &remedies[i];
    }
    return NULL;
}

const struct remedy *remedy_at_least(const char *reason)
{
    const struct remedy *known = remedy_of(reason);
    return known || !reason || !*reason || remedy_is_reason(reason) ? known : remedy_of("rejected");
}

const char *remedy_for(const char *reason)
{
    const struct remedy *r = remedy_of(reason);
    return r ? r->text : "";
}

const char *remedy_action_name(enum remedy_action action)
{
    static const char *const names[] = {
        [REMEDY_NOTHING] = "nothing",
        [REMEDY_TABLE] = "table.add",
        [REMEDY_CHOOSE] = "record.choose",
        [REMEDY_SETTING] = "setting.set",
        [REMEDY_SOURCE] = "source.open",
        [REMEDY_DESTINATION] = "destination.open",
        [REMEDY_RETRY] = "retry",
        [REMEDY_EDIT] = "edit",
        [REMEDY_DONE] = "done",
        [REMEDY_RESUME] = "resume",
    };
    return names[action];
}

const char *remedy_severity_name(enum remedy_severity severity)
{
    static const char *const names[] = {
        [REMEDY_INFO] = "info", [REMEDY_WARNING] = "warning", [REMEDY_ERROR] = "error"};
    return names[severity];
}
