// SPDX-License-Identifier: MIT
// Relations: read, searched, made and changed, each stored field by field as the schema has them.
#include "mplus_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void write_relation(const struct shop *s, struct xml *x, const struct relation *r)
{
    const struct field *fields = s->relation_fields;

    xml_open(x, "relation");
    xml_long(x, "relationNumber", r->number);
    for (int i = 1; fields[i].name; i++) {
        if (strcmp(fields[i].name, "syncMarker") == 0)
            xml_long(x, "syncMarker", r->marker);
        else if (r->value[i])
            value_write(x, &fields[i], r->value[i]);
    }
    xml_close(x, "relation");
}

static int by_marker(const void *a, const void *b)
{
    const struct relation *x = *(const struct relation *const *)a;
    const struct relation *y = *(const struct relation *const *)b;
    return (x->marker > y->marker) - (x->marker < y->marker);
}

static void get_relations(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    const struct shop *s = c->shop;
    int64_t marker = soap_long(request, "syncMarker", 0), limit = limit_of(request);
    const struct relation **found = malloc((s->relation_count + 1) * sizeof *found);
    size_t n = 0;

    if (!found) {
        c->out->failed = true;
        return;
    }
    if (soap_child(request, "relationNumbers")) {
        for (const struct node *r = request->first; r; r = r->next) {
            const struct relation *hit = NULL;
            if (strcmp(r->name, "relationNumbers") == 0)
                hit = shop_relation(s, strtoll(r->text, NULL, 10));
            bool again = !hit || hit->marker < marker;
            for (size_t i = 0; i < n && !again; i++)
                again = found[i] == hit;
            if (!again)
                found[n++] = hit;
        }
    } else {
        for (size_t i = 0; i < s->relation_count; i++) {
            if (s->relations[i].number > 0 && s->relations[i].marker >= marker)
                found[n++] = &s->relations[i];
        }
    }
    qsort(found, n, sizeof *found, by_marker);
    if (n > (size_t)limit)
        n = (size_t)limit;
    answer_open(c, NULL, NULL);
    xml_open(c->out, "relationList");
    while (n-- > 0)
        write_relation(c->shop, c->out, found[n]);
    xml_close(c->out, "relationList");
    answer_close(c);
    free(found);
}

static void get_relation(struct call *c)
{
    const struct relation *r = shop_relation(c->shop, soap_long(c->in, "relationNumber", 0));
    answer_open(c, "GET-RELATION-RESULT-", r ? "OK" : "NOT-FOUND");
    // The schema wants the element also when there is nothing to say in it.
    if (r) {
        write_relation(c->shop, c->out, r);
    } else {
        xml_open(c->out, "relation");
        xml_close(c->out, "relation");
    }
    answer_close(c);
}

static bool criterion_met(const struct shop *s, const struct relation *r, const struct node *n,
                          bool exact)
{
    const char *have = relation_get(s, r, n->name);
    return exact ? strcasecmp(have, n->text) == 0 : strcasestr(have, n->text) != NULL;
}

// Every criterion has to match; empty ones say nothing.
static const struct relation *search(const struct shop *s, const struct node *criteria,
                                     bool exact)
{
    const struct node *email = exact ? soap_child(criteria, "email") : NULL;
    uint64_t hash = map_text_folded(email ? email->text : "");

    for (size_t i = 0; i < s->relation_count; i++) {
        bool good = true, any = false;
        // An exact e-mail rules out nearly all of them at a glance.
        if (s->relations[i].number < 0 || (email && *email->text && s->emails[i] != hash))
            continue;
        for (const struct node *n = criteria ? criteria->first : NULL; n && good; n = n->next) {
            if (!*n->text)
                continue;
            any = true;
            good = criterion_met(s, &s->relations[i], n, exact);
        }
        if (good && any)
            return &s->relations[i];
    }
    return NULL;
}

static bool criteria_allowed(struct call *c, const struct node *criteria)
{
    static const char *const allowed[] = {
        "extRelationId", "name", "address", "zipcode", "city", "country", "deliveryAddress",
        "deliveryZipcode", "deliveryCity", "deliveryCountry", "contact", "telephone", "mobile",
        "email", "website", "relationCode", "cardNumber", "bankAccountNumber", NULL};

    for (const struct node *n = criteria ? criteria->first : NULL; n; n = n->next) {
        int i = 0;
        if (strcmp(n->name, "relationNumber") == 0) {
            fault(c, "Client", "relationNumber is no search field, use getRelation");
            return false;
        }
        while (allowed[i] && strcmp(allowed[i], n->name) != 0)
            i++;
        if (!allowed[i]) {
            snprintf(c->why, sizeof c->why, "cannot search a relation by '%.100s'", n->name);
            c->fault_code = "Client";
            return false;
        }
    }
    return true;
}

static void answer_search(struct call *c, const struct node *criteria, bool exact)
{
    if (!criteria_allowed(c, criteria))
        return;
    const struct relation *r = search(c->shop, criteria, exact);
    answer_open(c, "FIND-RELATION-RESULT-", r ? "OK" : "NOT-FOUND");
    if (r)
        write_relation(c->shop, c->out, r);
    answer_close(c);
}

static void find_relation(struct call *c)
{
    answer_search(c, soap_child(c->in, "relation"), false);
}

static void find_relation_v2(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    answer_search(c, soap_child(request, "relation"), soap_bool(request, "exactMatch", false));
}

// Takes over the fields given, leaves the others as they were. -1 when out of memory.
static int store_relation(struct shop *s, struct relation *r, const struct node *in)
{
    const struct field *fields = s->relation_fields;

    for (int i = 1; fields[i].name; i++) {
        if (soap_child(in, fields[i].name) && strcmp(fields[i].name, "syncMarker") != 0 &&
            value_store(&r->value[i], in, &fields[i]) != 0)
            return -1;
    }
    relation_index(s, r);
    return 0;
}

static void create_relation(struct call *c)
{
    const struct node *in = soap_child(c->in, "relation");
    int64_t number = soap_long(in, "relationNumber", 0);
    const char *result = "OK", *message = "";
    const char *custom = custom_wrong("relation", soap_child(in, "customFieldList"));
    struct relation *r = NULL;

    if (custom) {
        result = "FAILED";
        message = custom;
    } else if (!*soap_text(in, "name")) {
        result = "FAILED";
        message = "A relation needs a name.";
    } else if (number > 0 && shop_relation(c->shop, number)) {
        result = "FAILED-RELATION-NUMBER-ALREADY-TAKEN";
        message = "The relation number is already taken.";
    } else {
        r = shop_add_relation(c->shop, number);
        if (!r || store_relation(c->shop, r, in) != 0) {
            c->out->failed = true;
            return;
        }
    }
    answer_open(c, "CREATE-RELATION-RESULT-", result);
    xml_long(c->out, "relationNumber", r ? r->number : 0);
    if (r)
        xml_long(c->out, "syncMarker", r->marker);
    xml_string(c->out, "errorMessage", message);
    answer_close(c);
}

static void update_relation(struct call *c)
{
    const struct node *in = soap_child(c->in, "relation");
    struct relation *r = shop_relation(c->shop, soap_long(in, "relationNumber", 0));
    const char *custom = custom_wrong("relation", soap_child(in, "customFieldList"));

    if (r && !custom) {
        if (store_relation(c->shop, r, in) != 0) {
            c->out->failed = true;
            return;
        }
        r->marker = ++c->shop->relation_marker;
    }
    answer_open(c, "UPDATE-RELATION-RESULT-", !r ? "NOT-FOUND" : custom ? "FAILED" : "OK");
    xml_string(c->out, "errorMessage",
               !r ? "There is no relation with this number." : custom ? custom : "");
    if (r)
        xml_long(c->out, "syncMarker", r->marker);
    answer_close(c);
}

const struct served mplus_relations[] = {
    {"getRelations", get_relations},
    {"getRelation", get_relation},
    {"findRelation", find_relation},
    {"findRelationV2", find_relation_v2},
    {"createRelation", create_relation},
    {"updateRelation", update_relation},
    {0},
};
