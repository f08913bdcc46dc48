/* SPDX-License-Identifier: MIT
 * What our message tables and the service's description differ in: see wsdl.h. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "wsdl.h"

#define BASES_MAX 8  /* types that extend each other */
#define STACK_MAX 16 /* types inside each other */
#define WHERE_BYTES 200

/* Where the records of an entity stand in its messages, and what else of the record they hold. */
static const struct root {
    const char *entity;
    const struct soap_type *type;
    const char *path;
} roots[] = {
    {"order", &type_order, ""},
    {"order", &type_relation, "relation"},
    {"invoice", &type_invoice, ""},
    {"invoice", &type_relation, "relation"},
    {"packing-slip", &type_packing_slip, ""},
    {"packing-slip", &type_order, "order"},
    {"packing-slip", &type_relation, "relation"},
    {"proposal", &type_proposal, ""},
    {"proposal", &type_relation, "relation"},
    {"relation", &type_relation, ""},
    {"product", &type_product, ""},
    {"article", &type_article, ""},
    {"article-group", &type_article_group, ""},
};

struct comparison {
    const json_t *wsdl;
    const char *entity;
    json_t *seen;           /* what was compared and told already */
    bool sending, inside;   /* a record of the entity */
    char path[WHERE_BYTES]; /* in it */
    const struct soap_type *stack[STACK_MAX];
    int depth;
    wsdl_report *report;
    void *context;
};

/* true the first time. */
static bool first(struct comparison *c, const char *key)
{
    if (json_object_get(c->seen, key))
        return false;
    json_object_set_new(c->seen, key, json_true());
    return true;
}

static int tell(struct comparison *c, const char *type, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static int tell(struct comparison *c, const char *type, const char *field, const char *format, ...)
{
    char where[WHERE_BYTES + 80], what[240], key[WHERE_BYTES + 330];
    const char *before = c->inside ? c->path : type;
    va_list args;
    snprintf(where, sizeof where, "%s%s%s", before, *before != '\0' && field ? "." : "",
             field ? field : "");
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    snprintf(key, sizeof key, "%s: %s", where, what);
    return first(c, key) ? c->report(c->context, where, what) : 0;
}

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static const json_t *section(const struct comparison *c, const char *name, const char *key)
{
    return json_object_get(json_object_get(c->wsdl, name), key);
}

/* All fields of a type in order, those of what it extends first; a new reference. */
static json_t *all_fields(const struct comparison *c, const json_t *type)
{
    const json_t *chain[BASES_MAX];
    json_t *out = json_array();
    int n = 0;
    while (type && n < BASES_MAX) {
        chain[n++] = type;
        type = section(c, "types", member(type, "base"));
    }
    while (n > 0)
        json_array_extend(out, json_object_get(chain[--n], "fields"));
    return out;
}

static const json_t *find_field(const json_t *fields, const char *name, int *place)
{
    json_t *field;
    size_t i;
    json_array_foreach((json_t *)fields, i, field) {
        if (strcmp(member(field, "name"), name) == 0) {
            *place = (int)i;
            return field;
        }
    }
    return NULL;
}

static bool one_of(const char *text, const char *const *words)
{
    for (; *words; words++) {
        if (strcmp(text, *words) == 0)
            return true;
    }
    return false;
}

/* What the description must say for a value of our kind; NULL: it does. */
static const char *wrong_kind(const struct comparison *c, enum soap_kind kind, const char *type)
{
    static const char *const integers[] = {"int",
                                           "long",
                                           "short",
                                           "byte",
                                           "integer",
                                           "unsignedInt",
                                           "unsignedLong",
                                           "unsignedShort",
                                           "unsignedByte",
                                           "nonNegativeInteger",
                                           "positiveInteger",
                                           NULL};
    bool composed = section(c, "types", type);

    switch (kind) {
    case SOAP_INT:
    case SOAP_LONG:
    case SOAP_MONEY:
    case SOAP_PERCENT:
    case SOAP_QUANTITY:
    case SOAP_PLACES:
        return one_of(type, integers) ? NULL : "an integer";
    case SOAP_DECIMAL:
        return strcmp(type, "decimal") == 0 || one_of(type, integers) ? NULL : "a decimal";
    case SOAP_BOOL:
        return strcmp(type, "boolean") == 0 ? NULL : "a boolean";
    case SOAP_DATE:
        return strcmp(type, "SoapMplusDate") == 0 ? NULL : "a SoapMplusDate";
    case SOAP_DATETIME:
        return strcmp(type, "SoapMplusDateTime") == 0 ? NULL : "a SoapMplusDateTime";
    case SOAP_OBJECT:
    case SOAP_LIST:
        return composed ? NULL : "a type of elements";
    default:
        return composed ? "a text" : NULL;
    }
}

static int compare_type(struct comparison *c, const struct soap_type *ours, const char *theirs);

/* What is inside a field, one step deeper in the path of a record. */
static int compare_inside(struct comparison *c, const struct soap_field *f, const char *type)
{
    size_t used = strlen(c->path);
    bool many = f->kind == SOAP_LIST || f->kind == SOAP_REPEAT;
    int rc;
    if (c->sending && types_only_read(f->type))
        return 0;
    if (c->inside)
        snprintf(c->path + used, sizeof c->path - used, "%s%s%s", used > 0 ? "." : "", f->name,
                 many ? "[]" : "");
    rc = compare_type(c, f->type, type);
    c->path[used] = '\0';
    return rc;
}

/* The value of a field, or of each of its items. */
static int compare_value(struct comparison *c, const char *owner, const struct soap_field *f,
                         enum soap_kind kind, const char *type)
{
    const char *wanted = wrong_kind(c, kind, type);
    if (wanted)
        return tell(c, owner, f->name, "is described as %.60s, and was %s", type, wanted);
    return f->type ? compare_inside(c, f, type) : 0;
}

static int compare_field(struct comparison *c, const char *owner, const struct soap_field *f,
                         const json_t *theirs)
{
    const char *type = member(theirs, "type");
    bool many = json_is_true(json_object_get(theirs, "many"));
    json_t *fields;
    const json_t *item;
    int place, rc;
    if (many != (f->kind == SOAP_REPEAT))
        return tell(c, owner, f->name, "%s", many ? "is repeated now" : "is not repeated any more");
    if (f->kind == SOAP_REPEAT)
        return compare_value(c, owner, f, f->item_kind, type);
    if (f->kind != SOAP_LIST)
        return compare_value(c, owner, f, f->kind, type);
    fields = all_fields(c, section(c, "types", type));
    item = find_field(fields, f->item, &place);
    rc = item ? compare_value(c, owner, f, f->item_kind, member(item, "type"))
              : tell(c, owner, f->name, "has no items named %s", f->item);
    json_decref(fields);
    return rc;
}

static int compare_needed(struct comparison *c, const char *owner, const struct soap_type *ours,
                          const json_t *fields)
{
    json_t *field;
    size_t i;
    int k, rc = 0;
    json_array_foreach((json_t *)fields, i, field) {
        const char *name = member(field, "name");
        if (rc != 0 || !json_is_true(json_object_get(field, "needed")))
            continue;
        for (k = 0; k < ours->count && strcmp(ours->fields[k].name, name) != 0; k++)
            ;
        if (k == ours->count)
            rc = tell(c, owner, name, "is required, and this connector does not send it");
    }
    return rc;
}

static int compare_fields(struct comparison *c, const char *owner, const struct soap_type *ours,
                          const json_t *fields)
{
    int i, place, last = -1, rc = 0;
    for (i = 0; i < ours->count && rc == 0; i++) {
        const struct soap_field *f = &ours->fields[i];
        const json_t *theirs = find_field(fields, f->name, &place);
        if (!theirs) {
            rc = tell(c, owner, f->name, "is %s, and is not described",
                      c->sending ? "sent" : "read");
            continue;
        }
        if (c->sending && place < last)
            rc = tell(c, owner, f->name, "stands in another place than it is sent in");
        last = place > last ? place : last;
        if (rc == 0)
            rc = compare_field(c, owner, f, theirs);
    }
    return rc == 0 && c->sending ? compare_needed(c, owner, ours, fields) : rc;
}

/* Does a record of the entity begin with this type? */
static bool enter_record(struct comparison *c, const struct soap_type *ours)
{
    for (size_t i = 0; i < sizeof roots / sizeof roots[0] && !c->inside; i++) {
        if (roots[i].type == ours && strcmp(roots[i].entity, c->entity) == 0) {
            snprintf(c->path, sizeof c->path, "%s", roots[i].path);
            c->inside = true;
            return true;
        }
    }
    return false;
}

static bool is_recursion(const struct comparison *c, const struct soap_type *ours)
{
    int i;
    for (i = 0; i < c->depth && c->stack[i] != ours; i++)
        ;
    return i < c->depth || c->depth == STACK_MAX;
}

/* Types hold each other and themselves: each pair is compared once per direction and place. */
static int compare_type(struct comparison *c, const struct soap_type *ours, const char *theirs)
{
    json_t *fields;
    char key[WHERE_BYTES + 160];
    bool entered;
    int rc = 0;
    if (is_recursion(c, ours))
        return 0;
    entered = enter_record(c, ours);
    snprintf(key, sizeof key, "%p %.100s %d %s", (const void *)ours, theirs, c->sending,
             c->inside ? c->path : "");
    if (first(c, key)) {
        c->stack[c->depth++] = ours;
        fields = all_fields(c, section(c, "types", theirs));
        rc = compare_fields(c, theirs, ours, fields);
        json_decref(fields);
        c->depth--;
    }
    if (entered) {
        c->inside = false;
        c->path[0] = '\0';
    }
    return rc;
}

static int compare_message(struct comparison *c, const struct soap_operation *op,
                           const struct soap_type *ours, const char *message, bool sending)
{
    static const struct soap_type nothing = {"", NULL, 0};
    const char *element = json_string_value(section(c, "messages", message));
    const json_t *type = element ? section(c, "elements", element) : NULL;
    json_t *fields;
    int rc;
    if (!type)
        return tell(c, op->name, NULL, "has no description of its %s",
                    sending ? "request" : "answer");
    fields = all_fields(c, type);
    c->sending = sending;
    rc = compare_fields(c, element, ours ? ours : &nothing, fields);
    json_decref(fields);
    return rc;
}

static int compare_operation(struct comparison *c, const struct soap_operation *op)
{
    const json_t *theirs = section(c, "operations", op->name);
    if (!theirs)
        return tell(c, op->name, NULL, "is no operation of this service");
    if (compare_message(c, op, op->request, member(theirs, "input"), true) != 0)
        return -1;
    return compare_message(c, op, op->response, member(theirs, "output"), false);
}

int wsdl_compare(const json_t *wsdl, const char *entity, wsdl_report *report, void *context)
{
    struct comparison c = {.wsdl = wsdl,
                           .entity = entity,
                           .seen = json_object(),
                           .report = report,
                           .context = context};
    const struct used_operation *use;
    int rc = 0;
    for (use = used_operations; use->op && rc == 0; use++) {
        if (!use->entity || strcmp(use->entity, entity) == 0)
            rc = compare_operation(&c, use->op);
    }
    json_decref(c.seen);
    return rc;
}
