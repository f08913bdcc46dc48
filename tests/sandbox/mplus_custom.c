// SPDX-License-Identifier: MIT
// Fields that the till's owner has added to cards: which there are, and whether what a client
// writes into them is what they hold. What a card has is kept as it was written, the whole list.
#include "mplus_parts.h"

#include <stdio.h>
#include <string.h>

static const struct custom_field *defined(const char *of, const char *name)
{
    for (size_t i = 0; i < custom_field_count; i++) {
        if (strcmp(custom_fields[i].of, of) == 0 && strcmp(custom_fields[i].name, name) == 0)
            return &custom_fields[i];
    }
    return NULL;
}

// ---- What a client writes -----------------------------------------------------------------

// The member that a field of this type has its value in.
static const char *value_member(const char *type)
{
    static const char *const members[][2] = {{"INT", "intValue"},
                                             {"DECIMAL", "intValue"},
                                             {"BOOL", "boolValue"},
                                             {"DATE", "dateValue"},
                                             {"DATETIME", "dateTimeValue"},
                                             {"MULTISELECTINT", "multiSelectInt"}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp(type, members[i][0]) == 0)
            return members[i][1];
    }
    return "strValue";
}

static const char *wrong_value(const struct custom_field *f, const struct node *in)
{
    static const char *const members[] = {"strValue",  "intValue",      "boolValue",
                                          "dateValue", "dateTimeValue", "multiSelectInt"};
    const char *member = value_member(f->type);
    int32_t date;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp(members[i], member) != 0 && soap_child(in, members[i]))
            return "A custom field has a value of another type than the field.";
    }
    if (!soap_child(in, member))
        return "A custom field has no value.";
    if (strcmp(f->type, "INT") == 0 && soap_long(in, "decimalPlaces", 0) != 0)
        return "A custom field takes a whole number.";
    if (strcmp(f->type, "DATE") == 0 &&
        (!read_date(soap_child(in, "dateValue"), &date) || date == 0))
        return "A custom field has no such day.";
    return NULL;
}

const char *custom_wrong(const char *of, const struct node *list)
{
    for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
        const char *name = soap_text(n, "fieldName"), *type = soap_text(n, "dataType");
        const struct custom_field *f = defined(of, name);
        char word[40];
        if (!f)
            return "There is no custom field of this name.";
        snprintf(word, sizeof word, "DATA-TYPE-%s", f->type);
        if (*type && strcmp(type, "DATA-TYPE-UNKNOWN") != 0 && strcmp(type, word) != 0)
            return "A custom field is of another type.";
        for (const struct node *other = n->next; other; other = other->next) {
            if (strcmp(soap_text(other, "fieldName"), name) == 0)
                return "A custom field is there twice.";
        }
        const char *why = wrong_value(f, n);
        if (why)
            return why;
    }
    return NULL;
}

// ---- Which there are ----------------------------------------------------------------------

static void write_list(struct xml *x, const char *list, const char *of)
{
    char type[40];
    xml_open(x, list);
    for (size_t i = 0; i < custom_field_count; i++) {
        const struct custom_field *f = &custom_fields[i];
        if (strcmp(f->of, of) != 0)
            continue;
        snprintf(type, sizeof type, "DATA-TYPE-%s", f->type);
        xml_open(x, "customField");
        xml_string(x, "fieldName", f->name);
        xml_string(x, "dataType", type);
        xml_bool(x, "isRequired", f->required);
        xml_close(x, "customField");
    }
    xml_close(x, list);
}

static void get_custom_field_lists(struct call *c)
{
    answer_open(c, NULL, NULL);
    write_list(c->out, "articleCustomFieldList", "article");
    write_list(c->out, "relationCustomFieldList", "relation");
    answer_close(c);
}

const struct served mplus_custom[] = {{"getCustomFieldLists", get_custom_field_lists}, {0}};
