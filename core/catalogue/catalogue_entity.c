/* SPDX-License-Identifier: MIT
 * Entities of a catalogue: fields, references, match keys and what each can do. */
#include "catalogue/catalogue_entity.h"

#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue_check.h"
#include "catalogue/catalogue_setting.h"

static int parse_fields(const struct cat_at *at, json_t *object, int depth, struct cat_field **out,
                        int *out_count);

static int parse_field(struct cat_at *at, const struct cat_at *list, json_t *object, int depth,
                       struct cat_field *f)
{
    static const char *const known[] = {"name", "title", "wire", "type", "required", "read_only",
                                        "guessed", "search", "choices", "role", "values", "fields",
                                        NULL};
    static const char *const types[] = {"text", "decimal", "integer", "boolean", "date", "time",
                                        "object", "list", NULL};
    int type = FIELD_TEXT;
    if (member_name(at, list, object, &f->name) < 0 || member_check_members(at, object, known) < 0)
        return -1;
    f->title = f->wire = f->name;
    f->titles = member_languages(object, "title");
    if (member_words(at, object, "title", &f->title) < 0
        || member_text(at, object, "wire", &f->wire) < 0
        || member_choice(at, object, "type", types, &type) < 0
        || member_bool(at, object, "required", &f->required) < 0
        || member_bool(at, object, "read_only", &f->read_only) < 0
        || member_bool(at, object, "guessed", &f->guessed) < 0
        || member_bool(at, object, "search", &f->search) < 0
        || member_text(at, object, "choices", &f->choices) < 0
        || member_text(at, object, "role", &f->role) < 0
        || member_texts(at, object, "values", &f->values, &f->value_count) < 0)
        return -1;
    f->type = (enum field_type)type;
    if (f->wire[0] == '\0')
        return member_mistake(at, "\"wire\" is empty");
    if (f->required && f->read_only)
        return member_mistake(at, "a field cannot be both required and read_only");
    if (f->value_count && f->type != FIELD_TEXT)
        return member_mistake(at, "\"values\" belong to type \"text\"");
    if (json_object_get(object, "fields") && f->type != FIELD_OBJECT && f->type != FIELD_LIST)
        return member_mistake(at, "\"fields\" belong to types \"object\" and \"list\"");
    return parse_fields(at, object, depth + 1, &f->fields, &f->field_count);
}

static int parse_fields(const struct cat_at *at, json_t *object, int depth, struct cat_field **out,
                        int *out_count)
{
    json_t *list;
    int count = member_list(at, object, "fields", &list);
    if (count <= 0)
        return count;
    if (depth > CAT_FIELD_DEPTH_MAX)
        return member_mistake(at, "fields are nested more than %d deep", CAT_FIELD_DEPTH_MAX);
    struct cat_at here = member_child(at, "fields");
    *out = calloc((size_t)count, sizeof(**out));
    if (!*out)
        return member_no_memory(at);
    *out_count = count;
    for (int i = 0; i < count; i++) {
        struct cat_at item = member_index(&here, (size_t)i);
        if (parse_field(&item, &here, json_array_get(list, (size_t)i), depth, &(*out)[i]) < 0)
            return -1;
        for (int k = 0; k < i; k++) {
            if (strcmp((*out)[k].name, (*out)[i].name) == 0)
                return member_mistake(&item, "this name stands here twice");
        }
    }
    return 0;
}

static int parse_references(const struct cat_at *at, json_t *object, struct cat_entity *e)
{
    static const char *const known[] = {"name", "entity", "from", "key", "model", "optional",
                                        NULL};
    json_t *list;
    int count = member_list(at, object, "references", &list);
    if (count <= 0)
        return count;
    struct cat_at here = member_child(at, "references");
    e->references = calloc((size_t)count, sizeof(*e->references));
    if (!e->references)
        return member_no_memory(at);
    e->reference_count = count;
    for (int i = 0; i < count; i++) {
        struct cat_reference *r = &e->references[i];
        json_t *item = json_array_get(list, (size_t)i);
        struct cat_at where = member_index(&here, (size_t)i);
        if (member_name(&where, &here, item, &r->name) < 0
            || member_check_members(&where, item, known) < 0
            || member_text(&where, item, "entity", &r->entity) < 0
            || member_text(&where, item, "from", &r->from) < 0
            || member_text(&where, item, "key", &r->key) < 0
            || member_text(&where, item, "model", &r->model) < 0
            || member_bool(&where, item, "optional", &r->optional) < 0)
            return -1;
        if (!r->entity || !r->from || !r->key || !r->model)
            return member_mistake(&where, "needs \"entity\", \"from\", \"key\" and \"model\"");
        struct koppel_error why = {0};
        r->path = path_parse(r->from, &why);
        if (!r->path)
            return member_mistake(&where, "\"from\": %s", why.text);
        for (int k = 0; k < i; k++) {
            if (strcmp(e->references[k].name, r->name) == 0)
                return member_mistake(&where, "this name stands here twice");
        }
    }
    return 0;
}

static int parse_match(const struct cat_at *at, json_t *object, struct cat_entity *e)
{
    json_t *match = json_object_get(object, "match");
    if (!match)
        return 0;
    struct cat_at here = member_child(at, "match");
    if (!json_is_object(match))
        return member_mistake(&here, "expected an object, found %s", member_type_name(match));
    if (json_object_size(match) == 0)
        return 0;
    e->match = calloc(json_object_size(match), sizeof(*e->match));
    if (!e->match)
        return member_no_memory(at);
    const char *core;
    json_t *field;
    json_object_foreach(match, core, field) {
        if (!json_is_string(field))
            return member_mistake(&here, "\"%s\" must be text, found %s", core,
                                  member_type_name(field));
        e->match[e->match_count].core = core;
        e->match[e->match_count++].field = json_string_value(field);
    }
    return 0;
}

static int parse_can(const struct cat_at *at, json_t *object, struct cat_entity *e)
{
    static const char *const verbs[] = {"read", "find", "create", "update", "remove", "dry-run",
                                        "fetch", "receive", "describe", "show", NULL};
    const char **texts = NULL;
    int count = 0, rc = 0;
    if (member_texts(at, object, "can", &texts, &count) < 0)
        return -1;
    for (int i = 0; i < count && rc == 0; i++) {
        int bit = member_index_of(verbs, texts[i]);
        if (bit >= 0)
            e->can |= 1u << bit;
        else if (!at->newer) /* what a newer program can ask for is nothing to this one */
            rc = member_mistake(at, "\"can\" holds \"%s\"; it knows read, find, create, update, "
                                "remove, dry-run, fetch, receive, describe and show", texts[i]);
    }
    free(texts);
    if (rc == 0 && e->can == 0)
        rc = member_mistake(at, "\"can\" is empty: an entity must be able to do something");
    return rc;
}

static int parse_batch(const struct cat_at *at, json_t *object, struct cat_entity *e)
{
    static const char *const known[] = {"read", "find", "write", "fetch", NULL};
    e->batch_read = 100;
    e->batch_find = e->batch_write = e->batch_fetch = 1;
    json_t *batch = json_object_get(object, "batch");
    if (!batch)
        return 0;
    struct cat_at here = member_child(at, "batch");
    if (member_check_members(&here, batch, known) < 0)
        return -1;
    if (member_int(&here, batch, "read", 1, CAT_BATCH_MAX, &e->batch_read) < 0
        || member_int(&here, batch, "find", 1, CAT_BATCH_MAX, &e->batch_find) < 0
        || member_int(&here, batch, "fetch", 1, CAT_BATCH_MAX, &e->batch_fetch) < 0)
        return -1;
    return member_int(&here, batch, "write", 1, CAT_BATCH_MAX, &e->batch_write);
}

/* How records change: there, and by us. */
static int parse_change(const struct cat_at *at, json_t *object, struct cat_entity *e)
{
    static const char *const changes[] = {"marked", "snapshot", NULL};
    static const char *const pages[] = {"linked", "numbered", NULL};
    static const char *const known[] = {"field", "values", NULL};
    int change = 0, page = 0;
    if (member_choice(at, object, "changes", changes, &change) < 0
        || member_choice(at, object, "pages", pages, &page) < 0
        || member_texts(at, object, "correct", &e->correct, &e->correct_count) < 0
        || member_text(at, object, "balance", &e->balance) < 0)
        return -1;
    e->snapshot = change == 1;
    e->numbered = page == 1;
    json_t *editable = json_object_get(object, "editable");
    if (!editable)
        return 0;
    struct cat_at here = member_child(at, "editable");
    if (member_check_members(&here, editable, known) < 0
        || member_text(&here, editable, "field", &e->editable) < 0
        || member_texts(&here, editable, "values", &e->editable_values, &e->editable_count) < 0)
        return -1;
    if (!e->editable || !e->editable_count)
        return member_mistake(&here, "needs \"field\" and \"values\"");
    return 0;
}

static int parse_entity(struct cat_at *at, const struct cat_at *list, json_t *object,
                        struct cat_entity *e)
{
    static const char *const known[] = {"name", "title", "model", "key", "document", "can",
                                        "repeat", "batch", "fields", "references", "match", "find",
                                        "options", "changes", "pages", "correct", "balance",
                                        "editable", "path", "lag", "conditional", "sale", "link",
                                        "calls",
                                        NULL};
    static const char *const own[] = {"name", "title", "model", "key", "document", "can", "repeat",
                                      "batch", "fields", "references", "match", "find", "options",
                                      "changes", "pages", "correct", "balance", "editable", "path",
                                      "lag", "conditional", "sale", "link", NULL};
    static const char *const repeats[] = {"idempotent", "upsert", "lookup", "never", NULL};
    int repeat = REPEAT_NEVER;
    const char *path = NULL; /* the connector's own */
    if (member_name(at, list, object, &e->name) < 0
        || member_check_members(at, object, at->described ? known : own) < 0
        || member_object(at, object, "calls") < 0)
        return -1;
    e->title = e->name;
    e->titles = member_languages(object, "title");
    if (member_words(at, object, "title", &e->title) < 0
        || member_text(at, object, "model", &e->model) < 0
        || member_text(at, object, "key", &e->key) < 0
        || member_text(at, object, "document", &e->document) < 0
        || member_text(at, object, "path", &path) < 0
        || member_text(at, object, "sale", &e->sale) < 0
        || member_text(at, object, "link", &e->link) < 0
        || member_text(at, object, "conditional", &e->conditional) < 0
        || member_duration(at, object, "lag", &e->lag_ms) < 0
        || member_choice(at, object, "repeat", repeats, &repeat) < 0)
        return -1;
    e->repeat = (enum repeat)repeat;
    if (parse_can(at, object, e) < 0 || parse_batch(at, object, e) < 0
        || parse_fields(at, object, 1, &e->fields, &e->field_count) < 0
        || parse_references(at, object, e) < 0 || parse_match(at, object, e) < 0
        || member_texts(at, object, "find", &e->find, &e->find_count) < 0
        || catalogue_setting_parse(at, object, "options", &e->options, &e->option_count) < 0
        || parse_change(at, object, e) < 0)
        return -1;
    return catalogue_check_entity(at, e);
}

int catalogue_entity_parse(const struct cat_at *at, json_t *object, struct catalogue *c)
{
    json_t *list;
    int count = member_list(at, object, "entities", &list);
    if (count <= 0)
        return count;
    struct cat_at here = member_child(at, "entities");
    c->entities = calloc((size_t)count, sizeof(*c->entities));
    if (!c->entities)
        return member_no_memory(at);
    c->entity_count = count;
    for (int i = 0; i < count; i++) {
        struct cat_at item = member_index(&here, (size_t)i);
        if (parse_entity(&item, &here, json_array_get(list, (size_t)i), &c->entities[i]) < 0)
            return -1;
        for (int k = 0; k < i; k++) {
            if (strcmp(c->entities[k].name, c->entities[i].name) == 0)
                return member_mistake(&item, "this name stands here twice");
        }
    }
    return 0;
}
