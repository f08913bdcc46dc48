/* SPDX-License-Identifier: MIT
 * Catalogue text -> struct catalogue. Parsing is strict: an unknown member is a mistake.
 *
 * The JSON form (koppel-plugin(7) explains every member; [] marks a list, = the default):
 *
 *   { "title": text, "concurrency": 1..64 = 2,
 *     "settings": [ { "name", "title" = name, "help" = "",
 *                     "type": text|url|integer|boolean|duration|choice|decimal|expression
 *                             = text,
 *                     "required" = false, "secret" = false, "default": text|integer|boolean,
 *                     "min", "max": integer, or duration text,
 *                     "values": [text]  (choice; expression: names of ready ones),
 *                     "scope": list field  (expression),
 *                     "choices": list name, "requires": setting } ],
 *     "entities": [ { "name", "title" = name, "model", "key": field, "document": field,
 *                     "changes": marked|snapshot = marked, "pages": linked|numbered = linked,
 *                     "correct": [path], "balance": path,
 *                     "editable": { "field", "values": [text] },
 *                     "can": [ read|find|create|update|remove|dry-run ],
 *                     "repeat": idempotent|upsert|lookup|never = never,
 *                     "batch": { "read" = 100, "find" = 1, "write" = 1 },
 *                     "fields": [ { "name", "title" = name, "wire" = name,
 *                                   "type": text|decimal|integer|boolean|date|time|object|list
 *                                           = text,
 *                                   "required", "read_only", "guessed" = false,
 *                                   "choices": list name, "values": [text],
 *                                   "fields": [...] (object, list) } ],
 *                     "references": [ { "name", "entity", "from": path, "key": field, "model" } ],
 *                     "match": { core field: field }, "find": [field],
 *                     "options": [ setting ] } ],
 *     "choices": [ list name ],
 *     "functions": [ { "name", "help" = "", "params": [ "count", "text?" ] } ],
 *     "oauth2": { "grant": authorization_code|client_credentials, "authorize_url", "token_url",
 *                 "client_id", "client_secret", "scope" }  where {x} stands for setting x }
 *
 * Every string of a struct catalogue is borrowed from its json member. */
#include "catalogue/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "catalogue/catalogue_internal.h"

static int parse_function(struct cat_at *at, const struct cat_at *list, json_t *object,
                          struct cat_function *f)
{
    static const char *const known[] = {"name", "help", "params", NULL};
    if (catalogue_member_name(at, list, object, &f->name) < 0 || catalogue_member_check_members(at, object, known) < 0)
        return -1;
    f->help = "";
    if (catalogue_member_text(at, object, "help", &f->help) < 0
        || catalogue_member_texts(at, object, "params", &f->params, &f->param_count) < 0)
        return -1;
    for (int i = 0; i < f->param_count; i++) {
        size_t n = strlen(f->params[i]);
        bool optional = f->params[i][n - 1] == '?';
        if (!optional && f->required_count < i)
            return catalogue_member_mistake(at, "parameter \"%s\" is required but follows an optional one",
                               f->params[i]);
        if (!optional)
            f->required_count++;
    }
    return 0;
}

static int parse_functions(const struct cat_at *at, json_t *object, struct catalogue *c)
{
    json_t *list;
    int count = catalogue_member_list(at, object, "functions", &list);
    if (count <= 0)
        return count;
    struct cat_at here = catalogue_member_child(at, "functions");
    c->functions = calloc((size_t)count, sizeof(*c->functions));
    if (!c->functions)
        return catalogue_member_no_memory(at);
    c->function_count = count;
    for (int i = 0; i < count; i++) {
        struct cat_at item = catalogue_member_index(&here, (size_t)i);
        if (parse_function(&item, &here, json_array_get(list, (size_t)i), &c->functions[i]) < 0)
            return -1;
        for (int k = 0; k < i; k++) {
            if (strcmp(c->functions[k].name, c->functions[i].name) == 0)
                return catalogue_member_mistake(&item, "this name stands here twice");
        }
    }
    return 0;
}

/* Every {x} must be a setting. */
static int check_template(const struct cat_at *at, const struct catalogue *c, const char *name,
                          const char *text)
{
    while ((text = strchr(text, '{'))) {
        char setting[CAT_NAME_MAX_BYTES + 1];
        const char *end = strchr(text, '}');
        size_t n = end ? (size_t)(end - text - 1) : 0;
        if (!end || n == 0 || n > CAT_NAME_MAX_BYTES)
            return catalogue_member_mistake(at, "\"%s\": after { comes the name of a setting and }", name);
        memcpy(setting, text + 1, n);
        setting[n] = '\0';
        if (!catalogue_setting(c, setting))
            return catalogue_member_mistake(at, "\"%s\" uses {%s}, which is no setting", name, setting);
        text = end;
    }
    return 0;
}

static int parse_oauth2(const struct cat_at *at, json_t *object, struct catalogue *c)
{
    static const char *const known[] = {"grant", "authorize_url", "token_url", "client_id",
                                        "client_secret", "scope", NULL};
    static const char *const grants[] = {"authorization_code", "client_credentials", NULL};
    json_t *oauth = json_object_get(object, "oauth2");
    if (!oauth)
        return 0;
    struct cat_at here = catalogue_member_child(at, "oauth2");
    int grant = -1;
    if (catalogue_member_check_members(&here, oauth, known) < 0
        || catalogue_member_choice(&here, oauth, "grant", grants, &grant) < 0)
        return -1;
    for (int i = 1; known[i]; i++) {
        const char *text = NULL;
        if (catalogue_member_text(&here, oauth, known[i], &text) < 0
            || (text && check_template(&here, c, known[i], text) < 0))
            return -1;
    }
    if (grant < 0 || !json_object_get(oauth, "token_url") || !json_object_get(oauth, "client_id"))
        return catalogue_member_mistake(&here, "needs \"grant\", \"token_url\" and \"client_id\"");
    if (grant == 0 && !json_object_get(oauth, "authorize_url"))
        return catalogue_member_mistake(&here, "grant \"authorization_code\" needs \"authorize_url\"");
    c->oauth = true;
    return 0;
}

struct catalogue *catalogue_parse_tree(json_t *json, struct koppel_error *err)
{
    static const char *const known[] = {"title", "concurrency", "settings", "entities", "choices",
                                        "functions", "oauth2", NULL};
    struct cat_at root = {.err = err};
    struct catalogue *c = calloc(1, sizeof(*c));
    if (!c) {
        json_decref(json);
        (void)catalogue_member_no_memory(&root);
        return NULL;
    }
    c->json = json;
    c->concurrency = 2;
    if (catalogue_member_check_members(&root, json, known) < 0
        || catalogue_member_text(&root, json, "title", &c->title) < 0
        || catalogue_member_int(&root, json, "concurrency", 1, CAT_CONCURRENCY_MAX, &c->concurrency) < 0)
        goto fail;
    if (!c->title || !c->title[0]) {
        (void)catalogue_member_mistake(&root, "\"title\" is missing");
        goto fail;
    }
    if (catalogue_setting_parse(&root, json, "settings", &c->settings, &c->setting_count) < 0
        || catalogue_entity_parse(&root, json, c) < 0
        || catalogue_member_texts(&root, json, "choices", &c->choices, &c->choice_count) < 0
        || parse_functions(&root, json, c) < 0 || parse_oauth2(&root, json, c) < 0
        || catalogue_check_links(&root, c) < 0)
        goto fail;
    return c;
fail:
    catalogue_free(c);
    return NULL;
}

json_t *catalogue_load_text(const char *text, const char *what, struct koppel_error *err)
{
    struct json_read_error where;
    json_t *json = json_read_text(text, &where);
    if (!json)
        json_read_fail(&where, KOPPEL_E_CONFIG, what, err);
    return json;
}

struct catalogue *catalogue_parse(const char *json_text, struct koppel_error *err)
{
    json_t *json = catalogue_load_text(json_text, "catalogue", err);
    return json ? catalogue_parse_tree(json, err) : NULL;
}

void catalogue_free(struct catalogue *c)
{
    if (!c)
        return;
    for (int i = 0; i < c->function_count; i++)
        free(c->functions[i].params);
    free(c->functions);
    for (int i = 0; i < c->entity_count; i++)
        catalogue_entity_free(&c->entities[i]);
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
