/* SPDX-License-Identifier: MIT
 * A catalogue that was read: what is looked up in it, and its end. */
#include "catalogue/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue_function.h"
#include "catalogue/catalogue_setting.h"
#include "catalogue/member.h"

static void free_fields(struct cat_field *fields, int count)
{
    for (int i = 0; fields && i < count; i++) {
        free_fields(fields[i].fields, fields[i].field_count);
        free(fields[i].values);
    }
    free(fields);
}

static void free_entity(struct cat_entity *e)
{
    free_fields(e->fields, e->field_count);
    for (int i = 0; i < e->reference_count; i++)
        path_free(e->references[i].path);
    free(e->references);
    free(e->match);
    free(e->find);
    free(e->correct);
    free(e->editable_values);
    catalogue_setting_free(e->options, e->option_count);
}

void catalogue_free(struct catalogue *c)
{
    if (!c)
        return;
    catalogue_function_free(c->functions, c->function_count);
    for (int i = 0; i < c->entity_count; i++)
        free_entity(&c->entities[i]);
    free(c->entities);
    catalogue_setting_free(c->settings, c->setting_count);
    free(c->choices);
    json_decref(c->json);
    free(c);
}

/* ---- look-ups ---- */

const struct cat_entity *catalogue_entity(const struct catalogue *c, const char *name)
{
    for (int i = 0; i < c->entity_count; i++) {
        if (strcmp(c->entities[i].name, name) == 0)
            return &c->entities[i];
    }
    return NULL;
}

const struct cat_setting *catalogue_setting(const struct catalogue *c, const char *name)
{
    for (int i = 0; i < c->setting_count; i++) {
        if (strcmp(c->settings[i].name, name) == 0)
            return &c->settings[i];
    }
    return NULL;
}

/* Walks "lines[].vat.code" by field names; what stands in brackets does not matter here. */
const struct cat_field *catalogue_field(const struct cat_entity *e, const char *path)
{
    const struct cat_field *fields = e->fields, *found = NULL;
    int count = e->field_count;
    while (*path) {
        size_t n = strcspn(path, ".[");
        found = NULL;
        for (int i = 0; i < count && !found; i++) {
            if (strlen(fields[i].name) == n && strncmp(fields[i].name, path, n) == 0)
                found = &fields[i];
        }
        if (!found)
            return NULL;
        path += n;
        while (*path == '[') {
            path += strcspn(path, "]");
            if (*path == ']')
                path++;
        }
        if (*path == '.')
            path++;
        fields = found->fields;
        count = found->field_count;
    }
    return found;
}

/* One level after the other, so that a document's own total comes before that of a line. */
static const struct cat_field *find_role(const struct cat_field *fields, int count,
                                         const char *role, const char *before, char *path,
                                         size_t room)
{
    const struct cat_field *found = NULL;
    for (int i = 0; i < count && !found; i++) {
        if (fields[i].role && strcmp(fields[i].role, role) == 0) {
            found = &fields[i];
            snprintf(path, room, "%s%s", before, found->name);
        }
    }
    for (int i = 0; i < count && !found; i++) {
        char inner[CAT_PATH_TEXT_BYTES];
        if (fields[i].field_count == 0)
            continue;
        snprintf(inner, sizeof inner, "%s%s%s.", before, fields[i].name,
                 fields[i].type == FIELD_LIST ? "[]" : "");
        found = find_role(fields[i].fields, fields[i].field_count, role, inner, path, room);
    }
    return found;
}

const struct cat_field *catalogue_role(const struct cat_entity *e, const char *role, char *path,
                                       size_t room)
{
    char ignored[CAT_PATH_TEXT_BYTES];
    return find_role(e->fields, e->field_count, role, "", path ? path : ignored,
                     path ? room : sizeof ignored);
}

const char *catalogue_words(const json_t *member, const char *language)
{
    if (json_is_string(member))
        return json_string_value(member);
    const char *text = json_string_value(json_object_get(member, language));
    return text ? text : json_string_value(json_object_get(member, "en"));
}

const char *catalogue_number(const struct cat_entity *e, const char *key)
{
    for (int i = 0; i < e->match_count; i++) {
        if (strcmp(e->match[i].core, "number") == 0)
            return e->match[i].field;
    }
    return key;
}

bool catalogue_finds(const struct cat_entity *e, const char *field)
{
    return field && member_has_text(e->find, e->find_count, field);
}

const struct cat_reference *catalogue_reference(const struct cat_entity *e, const char *name)
{
    for (int i = 0; i < e->reference_count; i++) {
        if (strcmp(e->references[i].name, name) == 0)
            return &e->references[i];
    }
    return NULL;
}

int catalogue_function(const struct catalogue *c, const char *name)
{
    for (int i = 0; i < c->function_count; i++) {
        if (strcmp(c->functions[i].name, name) == 0)
            return i;
    }
    return -1;
}
