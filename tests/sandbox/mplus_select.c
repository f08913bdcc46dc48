// SPDX-License-Identifier: MIT
// Picks the documents of a list call: by sync marker, number, id and the usual filters.
#include "mplus_parts.h"

#include <stdlib.h>
#include <string.h>

int64_t limit_of(const struct node *request)
{
    int64_t limit = soap_long(request, "syncMarkerLimit", DEFAULT_LIMIT);
    return limit > 0 ? limit : DEFAULT_LIMIT;
}

bool wanted(const struct node *request, const char *name, int64_t value)
{
    bool any = false;
    for (const struct node *n = request ? request->first : NULL; n; n = n->next) {
        if (strcmp(n->name, name) != 0)
            continue;
        if (strtoll(n->text, NULL, 10) == value)
            return true;
        any = true;
    }
    return !any;
}

// What the ids and numbers of each kind are called in its request.
static const char *const id_names[DOC_KINDS] = {"orderIds", "invoiceIds", "receiptIds",
                                                "proposalIds", "packingSlipIds"};
static const char *const number_names[DOC_KINDS] = {"orderNumbers", "invoiceNumbers",
                                                    "receiptNumbers", "proposalNumbers",
                                                    "packingSlipNumbers"};

struct pick {
    const struct shop *shop;
    const struct node *request;
    enum doc_kind kind;
    uint32_t *found;
    size_t n, limit;
};

static bool id_wanted(const struct pick *p, size_t index)
{
    bool any = false;
    char id[DOC_ID_BYTES];

    for (const struct node *n = p->request->first; n; n = n->next) {
        if (strcmp(n->name, id_names[p->kind]) == 0) {
            doc_id(p->shop, p->kind, index, id);
            if (strcmp(n->text, id) == 0)
                return true;
            any = true;
        } else if (strcmp(n->name, number_names[p->kind]) == 0) {
            if (soap_long(n, "year", 0) == ORDER_YEAR &&
                soap_long(n, "number", 0) == (int64_t)index + 1)
                return true;
            any = true;
        }
    }
    return !any;
}

static bool type_wanted(const struct node *request)
{
    const struct node *list = soap_child(request, "orderTypeList");
    if (!list || !list->first)
        return true;
    for (const struct node *n = list->first; n; n = n->next) {
        if (strcmp(n->text, "ORDER-TYPE-SALES-ORDER") == 0)
            return true;
    }
    return false;
}

static bool lines_wanted(const struct node *request, const struct doc *d)
{
    if (!soap_child(request, "articleNumbers") && !soap_child(request, "articleTurnoverGroups"))
        return true;
    for (int i = 0; i < d->line_count; i++) {
        if (wanted(request, "articleNumbers", d->lines[i].article) &&
            wanted(request, "articleTurnoverGroups", d->lines[i].group))
            return true;
    }
    return false;
}

static bool doc_wanted(const struct pick *p, size_t index)
{
    const struct doc *d = &p->shop->docs[p->kind].docs[index];
    return !d->hidden && date_wanted(p->request, d->date) &&
           wanted(p->request, "relationNumbers", d->relation) &&
           wanted(p->request, "branchNumbers", d->branch) &&
           wanted(p->request, "employeeNumbers", d->employee) && id_wanted(p, index) &&
           lines_wanted(p->request, d);
}

// Filters the shop does not know must not be ignored: the answer would look complete.
static bool filters_known(struct call *c, const struct node *request)
{
    static const char *const unknown[] = {"supplierRelationNumbers", "activityId", "ownerFilter",
                                          "branchGroupFilter", "contractFrequencyFilter",
                                          "branchInvoiceNumbers", "directDebit", NULL};
    static const char *const lists[] = {"articlePluNumbers", "articleBarcodes", NULL};
    bool good = true;

    for (int i = 0; unknown[i]; i++)
        good = good && !soap_child(request, unknown[i]);
    for (int i = 0; lists[i]; i++) {
        const struct node *list = soap_child(request, lists[i]);
        good = good && !(list && list->first);
    }
    if (!good)
        fault(c, "Server", "this filter is not available in the sandbox");
    return good;
}

// The positions of at most `limit` documents, lowest markers first.
static void pick_by_marker(struct pick *p)
{
    const struct doc_list *l = &p->shop->docs[p->kind];
    int64_t marker = soap_long(p->request, "syncMarker", 0);
    size_t at = marker > FIRST_MARKER ? (size_t)(marker - FIRST_MARKER) : 0;

    for (; at < l->log_count && p->n < p->limit; at++) {
        uint32_t index = l->log[at];
        // One changed since then stands further on, at its newer marker.
        if (l->docs[index].marker == FIRST_MARKER + (int64_t)at && doc_wanted(p, index))
            p->found[p->n++] = index;
    }
}

// A single asked document is found without walking through all of them.
static void pick_by_id(struct pick *p)
{
    for (const struct node *c = p->request->first; c; c = c->next) {
        int64_t index = strcmp(c->name, id_names[p->kind]) == 0
                            ? doc_by_id(p->shop, p->kind, c->text)
                            : -1;
        if (index < 0 || p->n == p->limit || !doc_wanted(p, (size_t)index) ||
            p->shop->docs[p->kind].docs[index].marker < soap_long(p->request, "syncMarker", 0))
            continue;
        bool again = false;
        for (size_t i = 0; i < p->n; i++)
            again |= p->found[i] == (uint32_t)index;
        if (!again)
            p->found[p->n++] = (uint32_t)index;
    }
}

void docs_answer(struct call *c, enum doc_kind kind, const char *list)
{
    struct pick p = {.shop = c->shop, .request = soap_child(c->in, "request"), .kind = kind,
                     .limit = c->shop->docs[kind].count};

    if (!filters_known(c, p.request))
        return;
    if ((size_t)limit_of(p.request) < p.limit)
        p.limit = (size_t)limit_of(p.request);
    p.found = malloc((p.limit + 1) * sizeof *p.found);
    if (!p.found) {
        c->out->failed = true;
        return;
    }
    if (type_wanted(p.request)) {
        if (soap_child(p.request, id_names[kind]))
            pick_by_id(&p);
        else
            pick_by_marker(&p);
    }
    answer_open(c, NULL, NULL);
    xml_open(c->out, list);
    // A page holds the lowest markers but its order promises nothing: highest first.
    while (p.n-- > 0)
        doc_write(c, kind, p.found[p.n], soap_bool(p.request, "includeLineList", true));
    xml_close(c->out, list);
    answer_close(c);
    free(p.found);
}

void docs_by_order(struct call *c, enum doc_kind kind, const char *list, int64_t order)
{
    const struct doc *o = order < 0 ? NULL : &c->shop->docs[DOC_ORDER].docs[order];
    uint32_t at = !o ? 0 : kind == DOC_SLIP ? o->slip : o->receipt;

    xml_open(c->out, list);
    for (; at; at = c->shop->docs[kind].docs[at - 1].next)
        doc_write(c, kind, at - 1, true);
    xml_close(c->out, list);
}
