/* SPDX-License-Identifier: MIT
 * The owner's own fields: names, types and values, both ways. */
#include "custom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

#define LIST "customFieldList"
#define MEMBER "custom"
#define NAME_BYTES 64
#define TYPE_PREFIX "DATA-TYPE-"

/* ---- names and types ---- */

/* What a path calls it: letters and digits in lower case, and one _ for all between them. */
static void path_name(const char *label, char out[NAME_BYTES])
{
    size_t n = 0;
    for (; *label && n < NAME_BYTES - 1; label++) {
        char c = *label >= 'A' && *label <= 'Z' ? (char)(*label + 32) : *label;
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (n == 0 && c >= '0' && c <= '9')
            out[n++] = '_'; /* a name begins with none */
        if (plain && n < NAME_BYTES - 1)
            out[n++] = c;
        else if (!plain && n > 0 && out[n - 1] != '_')
            out[n++] = '_';
    }
    while (n > 0 && out[n - 1] == '_')
        n--;
    out[n] = '\0';
}

/* The member that holds the value of a type, and what a catalogue calls that; the last one is that
 * of every other type. */
static const struct kind {
    const char *type, *member, *field;
} kinds[] = {{"INT", "intValue", "integer"},          {"DECIMAL", "intValue", "decimal"},
             {"BOOL", "boolValue", "boolean"},        {"DATE", "dateValue", "date"},
             {"DATETIME", "dateTimeValue", "time"},   {"MULTISELECTINT", "multiSelectInt", "list"},
             {"STRING", "strValue", "text"}};
#define KINDS (sizeof kinds / sizeof kinds[0])

static const struct kind *kind_of(const char *type)
{
    size_t n = strlen(TYPE_PREFIX);
    const char *word = type && strncmp(type, TYPE_PREFIX, n) == 0 ? type + n : "";
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].type, word) == 0)
            return &kinds[i];
    }
    return &kinds[KINDS - 1];
}

/* ---- from the till ---- */

static json_t *value_of(const json_t *field)
{
    json_t *value = json_object_get(field, kind_of(call_text(field, "dataType"))->member);
    for (size_t i = 0; i < KINDS && !value; i++)
        value = json_object_get(field, kinds[i].member);
    return value;
}

static json_t *as_object(const json_t *list)
{
    json_t *out = json_object(), *field;
    size_t i;
    json_array_foreach((json_t *)list, i, field) {
        char name[NAME_BYTES];
        json_t *value = value_of(field);
        const char *label = call_text(field, "fieldName");
        path_name(label ? label : "", name);
        if (*name && value && !json_object_get(out, name) &&
            json_object_set_nocheck(out, name, value) != 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

int custom_take(json_t *record)
{
    json_t *list = json_object_get(record, LIST), *inner;
    const char *name;
    size_t i;
    if (json_is_array(list)) {
        json_t *object = as_object(list);
        if (!object || json_object_del(record, LIST) != 0)
            return -1;
        if (json_object_size(object) == 0)
            json_decref(object);
        else if (json_object_set_new(record, MEMBER, object) != 0)
            return -1;
    }
    json_object_foreach(record, name, inner) {
        if (json_is_array(inner) && custom_take(inner) != 0)
            return -1;
    }
    json_array_foreach(record, i, inner) {
        if (json_is_object(inner) && custom_take(inner) != 0)
            return -1;
    }
    return 0;
}

/* ---- which there are ---- */

/* {"relation": {path name: definition}, "article": {...}}, as the till has them now. */
static int ask_fields(struct mplus *m, struct koppel_error *err)
{
    static const char *const lists[][2] = {{"relation", "relationCustomFieldList"},
                                           {"article", "articleCustomFieldList"}};
    json_t *answer = NULL, *known = json_object(), *field;
    size_t i;
    if (!known)
        return call_no_memory(m, err);
    if (call_soap(m, &op_get_custom_field_lists, NULL, NULL, &answer, err) != 0) {
        json_decref(known);
        return -1;
    }
    for (size_t k = 0; k < 2; k++) {
        json_t *named = json_object();
        json_array_foreach(call_list(answer, lists[k][1]), i, field) {
            char name[NAME_BYTES];
            const char *label = call_text(field, "fieldName");
            path_name(label ? label : "", name);
            if (*name && !json_object_get(named, name))
                json_object_set_nocheck(named, name, field);
        }
        json_object_set_new(known, lists[k][0], named);
    }
    json_decref(answer);
    json_decref(m->custom);
    m->custom = known;
    return 0;
}

static int unknown(struct mplus *m, const char *of, const char *name, struct koppel_error *err)
{
    char names[400] = "";
    const char *one;
    json_t *field;
    json_object_foreach(json_object_get(m->custom, of), one, field) {
        size_t n = strlen(names);
        snprintf(names + n, sizeof names - n, "%s%s", n ? ", " : "", one);
    }
    m->host->fail(err, KOPPEL_E_REJECTED, "the till's %ss have no custom field \"%s\"; it has: %s",
                  of, name, *names ? names : "none");
    return m->host->reason(err, "custom.unknown");
}

/* Borrowed; asked for once more where it is not among those that were known. */
static const json_t *definition(struct mplus *m, const char *of, const char *name,
                                struct koppel_error *err)
{
    bool fresh = !m->custom;
    if (fresh && ask_fields(m, err) != 0)
        return NULL;
    const json_t *found = json_object_get(json_object_get(m->custom, of), name);
    if (!found && !fresh && ask_fields(m, err) == 0)
        found = json_object_get(json_object_get(m->custom, of), name);
    if (!found)
        (void)unknown(m, of, name, err);
    return found;
}

/* ---- to the till ---- */

static json_t *as_text(const json_t *value)
{
    if (json_is_integer(value))
        return json_sprintf("%lld", (long long)json_integer_value(value));
    if (json_is_boolean(value))
        return json_string(json_is_true(value) ? "true" : "false");
    return json_is_string(value) ? json_incref((json_t *)value) : NULL;
}

static bool is_whole(const char *text)
{
    size_t n = strspn(text, "-") == 1;
    return text[n] && text[n + strspn(text + n, "0123456789")] == '\0';
}

/* A decimal as this program writes it: "12", "-0.50". */
static bool is_decimal(const char *text)
{
    size_t n = strspn(text, "-") == 1, whole = strspn(text + n, "0123456789");
    const char *rest = text + n + whole;
    if (*rest == '.' && rest[1])
        rest += 1 + strspn(rest + 1, "0123456789");
    return whole > 0 && !*rest;
}

/* The value as its member holds it; NULL: it cannot. */
static json_t *fitting(const struct kind *kind, const json_t *value)
{
    json_t *text = as_text(value);
    const char *said = json_string_value(text);
    json_t *out = NULL;
    if (strcmp(kind->field, "list") == 0)
        out = json_is_array(value) ? json_incref((json_t *)value) : NULL;
    else if (!said)
        out = NULL;
    else if (strcmp(kind->field, "boolean") == 0)
        out = strcmp(said, "true") == 0 || strcmp(said, "1") == 0    ? json_true()
              : strcmp(said, "false") == 0 || strcmp(said, "0") == 0 ? json_false()
                                                                     : NULL;
    else if ((strcmp(kind->field, "integer") == 0 && is_whole(said)) ||
             (strcmp(kind->field, "decimal") == 0 && is_decimal(said)) ||
             strcmp(kind->field, "text") == 0 ||
             ((strcmp(kind->field, "date") == 0 || strcmp(kind->field, "time") == 0) &&
              strlen(said) >= strlen("2026-01-01")))
        out = json_incref(text);
    json_decref(text);
    return out;
}

static int wrong_value(struct mplus *m, const char *name, const struct kind *kind,
                       struct koppel_error *err)
{
    m->host->fail(err, KOPPEL_E_REJECTED, "custom field \"%s\" takes a value of type %s", name,
                  kind->field);
    return m->host->reason(err, "custom.value");
}

static int give_one(struct mplus *m, const char *of, const char *name, const json_t *value,
                    json_t *list, struct koppel_error *err)
{
    const json_t *field = definition(m, of, name, err);
    if (!field)
        return -1;
    const struct kind *kind = kind_of(call_text(field, "dataType"));
    json_t *fits = fitting(kind, value);
    if (!fits)
        return wrong_value(m, name, kind, err);
    return json_array_append_new(list, json_pack("{s:O,s:O*,s:o}", "fieldName",
                                                 json_object_get(field, "fieldName"), "dataType",
                                                 json_object_get(field, "dataType"), kind->member,
                                                 fits)) == 0
               ? 0 : call_no_memory(m, err);
}

/* Of the record itself, which is a copy. */
static int give_object(struct mplus *m, const char *of, json_t *record, struct koppel_error *err)
{
    json_t *custom = json_object_get(record, MEMBER), *list = custom ? json_array() : NULL, *value;
    const char *name;
    if (!custom)
        return 0;
    json_object_foreach(custom, name, value) {
        if (!json_is_null(value) && give_one(m, of, name, value, list, err) != 0) {
            json_decref(list);
            return -1;
        }
    }
    json_object_del(record, MEMBER);
    return json_object_set_new(record, LIST, list) == 0 ? 0 : call_no_memory(m, err);
}

static bool has_custom(const json_t *record)
{
    json_t *article;
    size_t i;
    json_array_foreach(call_list(record, "articleList"), i, article) {
        if (json_object_get(article, MEMBER))
            return true;
    }
    return json_object_get(record, MEMBER) != NULL;
}

int custom_give(struct mplus *m, const char *of, const json_t *record, json_t **out,
                struct koppel_error *err)
{
    json_t *copy = has_custom(record) ? json_deep_copy(record) : json_copy((json_t *)record);
    json_t *article;
    size_t i;
    int rc = copy ? give_object(m, of, copy, err) : call_no_memory(m, err);
    json_array_foreach(call_list(copy, "articleList"), i, article) {
        if (rc == 0)
            rc = give_object(m, of, article, err);
    }
    if (rc == 0)
        *out = copy;
    else
        json_decref(copy);
    return rc;
}

json_t *custom_union(const json_t *present, const json_t *wanted)
{
    json_t *all = json_array(), *one, *other;
    size_t i, k;
    json_array_foreach((json_t *)present, i, one) {
        const char *name = call_text(one, "fieldName");
        bool again = !name || !value_of(one);
        json_array_foreach((json_t *)wanted, k, other) {
            const char *said = call_text(other, "fieldName");
            again = again || (said && strcmp(said, name) == 0);
        }
        if (!again)
            json_array_append(all, one);
    }
    json_array_foreach((json_t *)wanted, i, one)
        json_array_append(all, one);
    return all;
}

/* ---- for the core ---- */

int custom_describe(struct mplus *m, const char *entity, json_t **out, struct koppel_error *err)
{
    bool relation = strcmp(entity, "relation") == 0, product = strcmp(entity, "product") == 0;
    json_t *fields = json_array(), *field;
    const char *name;
    if (!fields)
        return call_no_memory(m, err);
    if (ask_fields(m, err) != 0) {
        json_decref(fields);
        return -1;
    }
    json_object_foreach(json_object_get(m->custom, relation ? "relation" : "article"), name, field)
    {
        json_array_append_new(
            fields, json_pack("{s:s,s:O,s:s}", "name", name, "title",
                              json_object_get(field, "fieldName"), "type",
                              kind_of(call_text(field, "dataType"))->field));
    }
    json_t *custom = json_pack("{s:s}", "name", MEMBER);
    if (json_array_size(fields) > 0)
        json_object_set(custom, "fields", fields);
    json_decref(fields);
    *out = product ? json_pack("{s:[{s:s,s:[o]}]}", "fields", "name", "articleList", "fields",
                               custom)
                   : json_pack("{s:[o]}", "fields", custom);
    return *out ? 0 : call_no_memory(m, err);
}
