/* SPDX-License-Identifier: MIT
 * Catalogue text -> struct catalogue. Parsing is strict: an unknown member is a mistake.
 *
 * The JSON form (koppel-plugin(7) explains every member; [] marks a list, = the default):
 *
 *   { "title": text, "concurrency": 1..64 = 2,
 *     "settings": [ { "name", "title" = name, "help" = "",
 *                     "type": text|url|integer|boolean|duration|choice = text,
 *                     "required" = false, "secret" = false, "default": text|integer|boolean,
 *                     "min", "max": integer, or duration text,
 *                     "values": [text]  (choice),
 *                     "choices": list name, "requires": setting } ],
 *     "entities": [ { "name", "title" = name, "model", "key": field, "document": field,
 *                     "changes": marked|snapshot = marked,
 *                     "correct": [path], "balance": path,
 *                     "editable": { "field", "values": [text] },
 *                     "can": [ read|find|create|update|remove|dry-run ],
 *                     "repeat": idempotent|upsert|lookup|never = never,
 *                     "batch": { "read" = 100, "find" = 1, "write" = 1 },
 *                     "fields": [ { "name", "title" = name, "wire" = name,
 *                                   "type": text|decimal|integer|boolean|date|time|object|list
 *                                           = text,
 *                                   "required", "read_only", "guessed" = false,
 *                                   "choices": list name, "fields": [...] (object, list) } ],
 *                     "references": [ { "name", "entity", "from": path, "key": field, "model" } ],
 *                     "match": { core field: field }, "find": [field],
 *                     "options": [ setting ] } ],
 *     "choices": [ list name ],
 *     "functions": [ { "name", "help" = "", "params": [ "count", "text?" ] } ],
 *     "oauth2": { "grant": authorization_code|client_credentials, "authorize_url", "token_url",
 *                 "client_id", "client_secret", "scope" }  where {x} stands for setting x }
 *
 * Every string of a struct catalogue is borrowed from its json member. */
#include "plugin/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define NAME_MAX_BYTES 64
#define PATH_TEXT_BYTES 256
#define FIELD_DEPTH_MAX 8
#define BATCH_MAX 100000
#define CONCURRENCY_MAX 64

/* Where the parser stands: the path for messages, and the error to fill. */
struct at {
    char path[PATH_TEXT_BYTES];
    struct koppel_error *err;
};

/* A path that is too long is cut; it is for people. */
static void path_add(struct at *at, const char *text)
{
    size_t used = strlen(at->path), n = strlen(text);
    if (n > sizeof(at->path) - 1 - used)
        n = sizeof(at->path) - 1 - used;
    memcpy(at->path + used, text, n);
    at->path[used + n] = '\0';
}

static struct at at_child(const struct at *parent, const char *name)
{
    struct at child = *parent;
    if (child.path[0])
        path_add(&child, ".");
    path_add(&child, name);
    return child;
}

static struct at at_index(const struct at *parent, size_t index)
{
    char digits[32];
    struct at child = *parent;
    snprintf(digits, sizeof(digits), "[%zu]", index);
    path_add(&child, digits);
    return child;
}

__attribute__((format(printf, 2, 3)))
static int mistake(const struct at *at, const char *format, ...)
{
    char text[ERR_TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return err_set(at->err, KOPPEL_E_CONFIG, "catalogue: %s%s%s", at->path,
                   at->path[0] ? ": " : "", text);
}

static int no_memory(const struct at *at)
{
    return err_set(at->err, KOPPEL_E_RETRY, "catalogue: out of memory");
}

static const char *type_name(const json_t *value)
{
    static const char *const names[] = {"an object", "a list", "text", "an integer", "a real",
                                        "true", "false", "null"};
    return names[json_typeof(value)];
}

static int index_of(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}

/* "a, b, c" for messages. */
static void join(const char *const *names, char *out, size_t room)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; names[i] && used < room; i++) {
        int n = snprintf(out + used, room - used, "%s%s", i ? ", " : "", names[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}

static int check_members(const struct at *at, json_t *object, const char *const *known)
{
    if (!json_is_object(object))
        return mistake(at, "expected an object, found %s", type_name(object));
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value) {
        if (index_of(known, name) >= 0)
            continue;
        char list[400];
        join(known, list, sizeof(list));
        return mistake(at, "unknown member \"%s\" (known: %s)", name, list);
    }
    return 0;
}

static bool is_name(const char *text)
{
    if (!((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z')
          || text[0] == '_'))
        return false;
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return text[n] == '\0' && n <= NAME_MAX_BYTES;
}

/* A text member; *out stays as it is where the member is not there. */
static int get_text(const struct at *at, json_t *object, const char *name, const char **out)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        return 0;
    if (!json_is_string(value))
        return mistake(at, "\"%s\" must be text, found %s", name, type_name(value));
    *out = json_string_value(value);
    return 0;
}

static int get_bool(const struct at *at, json_t *object, const char *name, bool *out)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        return 0;
    if (!json_is_boolean(value))
        return mistake(at, "\"%s\" must be true or false, found %s", name, type_name(value));
    *out = json_is_true(value);
    return 0;
}

static int get_int(const struct at *at, json_t *object, const char *name, int min, int max,
                   int *out)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        return 0;
    if (!json_is_integer(value))
        return mistake(at, "\"%s\" must be an integer, found %s", name, type_name(value));
    json_int_t n = json_integer_value(value);
    if (n < min || n > max)
        return mistake(at, "\"%s\" must be from %d to %d, found %" JSON_INTEGER_FORMAT, name, min,
                       max, n);
    *out = (int)n;
    return 0;
}

/* The required "name" member; the path of *at then ends in it instead of in a number. */
static int get_name(struct at *at, const struct at *list, json_t *object, const char **out)
{
    const char *name = NULL;
    if (!json_is_object(object))
        return mistake(at, "expected an object, found %s", type_name(object));
    if (get_text(at, object, "name", &name) < 0)
        return -1;
    if (!name)
        return mistake(at, "\"name\" is missing");
    if (!is_name(name))
        return mistake(at, "\"%s\" is no name: a letter, then letters, digits, _ and -", name);
    *at = at_child(list, name);
    *out = name;
    return 0;
}

static int get_choice(const struct at *at, json_t *object, const char *name,
                      const char *const *names, int *out)
{
    const char *text = NULL;
    if (get_text(at, object, name, &text) < 0)
        return -1;
    if (!text)
        return 0;
    int i = index_of(names, text);
    if (i < 0) {
        char list[200];
        join(names, list, sizeof(list));
        return mistake(at, "\"%s\" must be one of %s, found \"%s\"", name, list, text);
    }
    *out = i;
    return 0;
}

/* A list member: its length, or 0 where it is not there; -1 where it is no list. */
static int get_list(const struct at *at, json_t *object, const char *name, json_t **out)
{
    json_t *list = json_object_get(object, name);
    *out = list;
    if (!list)
        return 0;
    if (!json_is_array(list))
        return mistake(at, "\"%s\" must be a list, found %s", name, type_name(list));
    return (int)json_array_size(list);
}

/* A list of texts as an array that the caller frees (the texts are borrowed). */
static int get_texts(const struct at *at, json_t *object, const char *name, const char ***out,
                     int *out_count)
{
    json_t *list;
    int count = get_list(at, object, name, &list);
    if (count <= 0)
        return count;
    const char **texts = calloc((size_t)count, sizeof(*texts));
    if (!texts)
        return no_memory(at);
    for (int i = 0; i < count; i++) {
        texts[i] = json_string_value(json_array_get(list, (size_t)i));
        if (!texts[i] || !texts[i][0]) {
            free(texts);
            return mistake(at, "\"%s\" must hold texts that are not empty", name);
        }
        for (int k = 0; k < i; k++) {
            if (strcmp(texts[k], texts[i]) == 0) {
                int rc = mistake(at, "\"%s\" holds \"%s\" twice", name, texts[i]);
                free(texts);
                return rc;
            }
        }
    }
    *out = texts;
    *out_count = count;
    return 0;
}

static bool has_text(const char *const *texts, int count, const char *text)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(texts[i], text) == 0)
            return true;
    }
    return false;
}

/* ---- settings ---- */

static int parse_limit(const struct at *at, json_t *object, const char *name,
                       enum setting_type type, int64_t *out)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        return 0;
    if (type != SETTING_INTEGER && type != SETTING_DURATION)
        return mistake(at, "\"%s\" is for integers and durations", name);
    if (json_is_integer(value)) {
        *out = json_integer_value(value);
        return 0;
    }
    if (type == SETTING_DURATION && json_is_string(value)
        && clock_parse_duration(json_string_value(value), out) == 0)
        return 0;
    return mistake(at, "\"%s\" must be %s", name, type == SETTING_DURATION
                   ? "a duration such as \"5m\"" : "an integer");
}

/* Keeps "default" as text in the tree, whatever JSON type it was written in. */
static int take_default(const struct at *at, json_t *object, const char **out)
{
    json_t *value = json_object_get(object, "default");
    if (!value)
        return 0;
    char digits[32];
    json_t *text = NULL;
    if (json_is_string(value)) {
        *out = json_string_value(value);
        return 0;
    }
    if (json_is_integer(value)) {
        snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        text = json_string(digits);
    } else if (json_is_boolean(value)) {
        text = json_string(json_is_true(value) ? "true" : "false");
    } else {
        return mistake(at, "\"default\" must be text, an integer or a boolean, found %s",
                       type_name(value));
    }
    if (!text || json_object_set(object, "default", text) < 0) {
        json_decref(text);
        return no_memory(at);
    }
    *out = json_string_value(text);
    json_decref(text);
    return 0;
}

static int parse_whole(const char *text, int64_t *out)
{
    char *end;
    if (text[0] == '\0' || strspn(text, "-0123456789") != strlen(text))
        return -1;
    long long n = strtoll(text, &end, 10);
    if (*end != '\0' || n == INT64_MAX || n == INT64_MIN)
        return -1;
    *out = n;
    return 0;
}

static int check_default(const struct at *at, const struct cat_setting *s)
{
    const char *text = s->fallback;
    int64_t n = 0;
    if (!text)
        return 0;
    if (s->required)
        return mistake(at, "a required setting has no use for a default");
    if (s->secret)
        return mistake(at, "a secret setting cannot have a default");
    switch (s->type) {
    case SETTING_INTEGER:
    case SETTING_DURATION:
        if ((s->type == SETTING_INTEGER ? parse_whole(text, &n)
                                        : clock_parse_duration(text, &n)) < 0)
            return mistake(at, "default \"%s\" is no %s", text,
                           s->type == SETTING_INTEGER ? "integer" : "duration");
        if (n < s->min || n > s->max)
            return mistake(at, "default \"%s\" is outside of min and max", text);
        return 0;
    case SETTING_BOOLEAN:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            return mistake(at, "default \"%s\" is neither true nor false", text);
        return 0;
    case SETTING_CHOICE:
        if (!has_text(s->values, s->value_count, text))
            return mistake(at, "default \"%s\" is not among its values", text);
        return 0;
    default:
        return 0;
    }
}

static int parse_setting(struct at *at, const struct at *list, json_t *object,
                         struct cat_setting *s)
{
    static const char *const known[] = {"name", "title", "help", "type", "required", "secret",
                                        "default", "min", "max", "values", "choices", "requires",
                                        NULL};
    static const char *const types[] = {"text", "url", "integer", "boolean", "duration", "choice",
                                        NULL};
    int type = SETTING_TEXT;
    if (get_name(at, list, object, &s->name) < 0 || check_members(at, object, known) < 0)
        return -1;
    s->title = s->name;
    s->help = "";
    if (get_text(at, object, "title", &s->title) < 0 || get_text(at, object, "help", &s->help) < 0
        || get_choice(at, object, "type", types, &type) < 0
        || get_bool(at, object, "required", &s->required) < 0
        || get_bool(at, object, "secret", &s->secret) < 0
        || get_text(at, object, "choices", &s->choices) < 0
        || get_text(at, object, "requires", &s->requires) < 0
        || get_texts(at, object, "values", &s->values, &s->value_count) < 0)
        return -1;
    s->type = (enum setting_type)type;
    s->min = s->type == SETTING_DURATION ? 0 : INT64_MIN;
    s->max = INT64_MAX;
    if (parse_limit(at, object, "min", s->type, &s->min) < 0
        || parse_limit(at, object, "max", s->type, &s->max) < 0)
        return -1;
    if (s->min > s->max)
        return mistake(at, "min is larger than max");
    if ((s->type == SETTING_CHOICE) != (s->value_count > 0))
        return mistake(at, "\"values\" belong to type \"choice\", which needs them");
    if (s->secret && s->type != SETTING_TEXT)
        return mistake(at, "a secret setting must be of type \"text\"");
    if (take_default(at, object, &s->fallback) < 0)
        return -1;
    return check_default(at, s);
}

static int parse_settings(const struct at *at, json_t *object, const char *name,
                          struct cat_setting **out, int *out_count)
{
    json_t *list;
    int count = get_list(at, object, name, &list);
    if (count <= 0)
        return count;
    struct at here = at_child(at, name);
    *out = calloc((size_t)count, sizeof(**out));
    if (!*out)
        return no_memory(at);
    *out_count = count;
    for (int i = 0; i < count; i++) {
        struct at item = at_index(&here, (size_t)i);
        if (parse_setting(&item, &here, json_array_get(list, (size_t)i), &(*out)[i]) < 0)
            return -1;
        for (int k = 0; k < i; k++) {
            if (strcmp((*out)[k].name, (*out)[i].name) == 0)
                return mistake(&item, "this name stands here twice");
        }
    }
    return 0;
}

static void free_settings(struct cat_setting *settings, int count)
{
    for (int i = 0; settings && i < count; i++)
        free(settings[i].values);
    free(settings);
}

/* ---- entities ---- */

static int parse_fields(const struct at *at, json_t *object, int depth, struct cat_field **out,
                        int *out_count);

static int parse_field(struct at *at, const struct at *list, json_t *object, int depth,
                       struct cat_field *f)
{
    static const char *const known[] = {"name", "title", "wire", "type", "required", "read_only",
                                        "guessed", "choices", "fields", NULL};
    static const char *const types[] = {"text", "decimal", "integer", "boolean", "date", "time",
                                        "object", "list", NULL};
    int type = FIELD_TEXT;
    if (get_name(at, list, object, &f->name) < 0 || check_members(at, object, known) < 0)
        return -1;
    f->title = f->wire = f->name;
    if (get_text(at, object, "title", &f->title) < 0 || get_text(at, object, "wire", &f->wire) < 0
        || get_choice(at, object, "type", types, &type) < 0
        || get_bool(at, object, "required", &f->required) < 0
        || get_bool(at, object, "read_only", &f->read_only) < 0
        || get_bool(at, object, "guessed", &f->guessed) < 0
        || get_text(at, object, "choices", &f->choices) < 0)
        return -1;
    f->type = (enum field_type)type;
    if (f->wire[0] == '\0')
        return mistake(at, "\"wire\" is empty");
    if (f->required && f->read_only)
        return mistake(at, "a field cannot be both required and read_only");
    if (json_object_get(object, "fields") && f->type != FIELD_OBJECT && f->type != FIELD_LIST)
        return mistake(at, "\"fields\" belong to types \"object\" and \"list\"");
    return parse_fields(at, object, depth + 1, &f->fields, &f->field_count);
}

static int parse_fields(const struct at *at, json_t *object, int depth, struct cat_field **out,
                        int *out_count)
{
    json_t *list;
    int count = get_list(at, object, "fields", &list);
    if (count <= 0)
        return count;
    if (depth > FIELD_DEPTH_MAX)
        return mistake(at, "fields are nested more than %d deep", FIELD_DEPTH_MAX);
    struct at here = at_child(at, "fields");
    *out = calloc((size_t)count, sizeof(**out));
    if (!*out)
        return no_memory(at);
    *out_count = count;
    for (int i = 0; i < count; i++) {
        struct at item = at_index(&here, (size_t)i);
        if (parse_field(&item, &here, json_array_get(list, (size_t)i), depth, &(*out)[i]) < 0)
            return -1;
        for (int k = 0; k < i; k++) {
            if (strcmp((*out)[k].name, (*out)[i].name) == 0)
                return mistake(&item, "this name stands here twice");
        }
    }
    return 0;
}

static void free_fields(struct cat_field *fields, int count)
{
    for (int i = 0; fields && i < count; i++)
        free_fields(fields[i].fields, fields[i].field_count);
    free(fields);
}

static int parse_references(const struct at *at, json_t *object, struct cat_entity *e)
{
    static const char *const known[] = {"name", "entity", "from", "key", "model", NULL};
    json_t *list;
    int count = get_list(at, object, "references", &list);
    if (count <= 0)
        return count;
    struct at here = at_child(at, "references");
    e->references = calloc((size_t)count, sizeof(*e->references));
    if (!e->references)
        return no_memory(at);
    e->reference_count = count;
    for (int i = 0; i < count; i++) {
        struct cat_reference *r = &e->references[i];
        json_t *item = json_array_get(list, (size_t)i);
        struct at where = at_index(&here, (size_t)i);
        if (get_name(&where, &here, item, &r->name) < 0 || check_members(&where, item, known) < 0
            || get_text(&where, item, "entity", &r->entity) < 0
            || get_text(&where, item, "from", &r->from) < 0
            || get_text(&where, item, "key", &r->key) < 0
            || get_text(&where, item, "model", &r->model) < 0)
            return -1;
        if (!r->entity || !r->from || !r->key || !r->model)
            return mistake(&where, "needs \"entity\", \"from\", \"key\" and \"model\"");
        for (int k = 0; k < i; k++) {
            if (strcmp(e->references[k].name, r->name) == 0)
                return mistake(&where, "this name stands here twice");
        }
    }
    return 0;
}

static int parse_match(const struct at *at, json_t *object, struct cat_entity *e)
{
    json_t *match = json_object_get(object, "match");
    if (!match)
        return 0;
    struct at here = at_child(at, "match");
    if (!json_is_object(match))
        return mistake(&here, "expected an object, found %s", type_name(match));
    if (json_object_size(match) == 0)
        return 0;
    e->match = calloc(json_object_size(match), sizeof(*e->match));
    if (!e->match)
        return no_memory(at);
    const char *core;
    json_t *field;
    json_object_foreach(match, core, field) {
        if (!json_is_string(field))
            return mistake(&here, "\"%s\" must be text, found %s", core, type_name(field));
        e->match[e->match_count].core = core;
        e->match[e->match_count++].field = json_string_value(field);
    }
    return 0;
}

static int parse_can(const struct at *at, json_t *object, struct cat_entity *e)
{
    static const char *const verbs[] = {"read", "find", "create", "update", "remove", "dry-run",
                                        NULL};
    const char **texts = NULL;
    int count = 0, rc = 0;
    if (get_texts(at, object, "can", &texts, &count) < 0)
        return -1;
    for (int i = 0; i < count && rc == 0; i++) {
        int bit = index_of(verbs, texts[i]);
        if (bit < 0)
            rc = mistake(at, "\"can\" holds \"%s\"; it knows read, find, create, update, remove "
                         "and dry-run", texts[i]);
        else
            e->can |= 1u << bit;
    }
    free(texts);
    if (rc == 0 && e->can == 0)
        rc = mistake(at, "\"can\" is empty: an entity must be able to do something");
    return rc;
}

static int parse_batch(const struct at *at, json_t *object, struct cat_entity *e)
{
    static const char *const known[] = {"read", "find", "write", NULL};
    e->batch_read = 100;
    e->batch_find = e->batch_write = 1;
    json_t *batch = json_object_get(object, "batch");
    if (!batch)
        return 0;
    struct at here = at_child(at, "batch");
    if (check_members(&here, batch, known) < 0)
        return -1;
    if (get_int(&here, batch, "read", 1, BATCH_MAX, &e->batch_read) < 0
        || get_int(&here, batch, "find", 1, BATCH_MAX, &e->batch_find) < 0)
        return -1;
    return get_int(&here, batch, "write", 1, BATCH_MAX, &e->batch_write);
}

/* How records change: there, and by us. */
static int parse_change(const struct at *at, json_t *object, struct cat_entity *e)
{
    static const char *const changes[] = {"marked", "snapshot", NULL};
    static const char *const known[] = {"field", "values", NULL};
    int change = 0;
    if (get_choice(at, object, "changes", changes, &change) < 0
        || get_texts(at, object, "correct", &e->correct, &e->correct_count) < 0
        || get_text(at, object, "balance", &e->balance) < 0)
        return -1;
    e->snapshot = change == 1;
    json_t *editable = json_object_get(object, "editable");
    if (!editable)
        return 0;
    struct at here = at_child(at, "editable");
    if (check_members(&here, editable, known) < 0
        || get_text(&here, editable, "field", &e->editable) < 0
        || get_texts(&here, editable, "values", &e->editable_values, &e->editable_count) < 0)
        return -1;
    return e->editable && e->editable_count ? 0 : mistake(&here, "needs \"field\" and \"values\"");
}

/* Names of fields must be fields, unless the entity leaves its shape open (no "fields"). */
static int check_field(const struct at *at, const struct cat_entity *e, const char *what,
                       const char *name)
{
    if (!name || e->field_count == 0 || catalogue_field(e, name))
        return 0;
    return mistake(at, "%s names \"%s\", which is no field of \"%s\"", what, name, e->name);
}

static int check_entity(const struct at *at, const struct cat_entity *e)
{
    if ((e->can & CAN_READ) && !e->key)
        return mistake(at, "can be read, so it needs \"key\"");
    if (((e->can & CAN_FIND) != 0) != (e->find_count > 0))
        return mistake(at, "\"can\" has \"find\" exactly when \"find\" lists fields");
    if ((e->can & CAN_DRY_RUN) && !(e->can & (CAN_CREATE | CAN_UPDATE)))
        return mistake(at, "\"dry-run\" needs create or update");
    if (e->repeat == REPEAT_LOOKUP && !(e->can & CAN_FIND))
        return mistake(at, "repeat \"lookup\" needs \"find\" in \"can\"");
    if (check_field(at, e, "\"key\"", e->key) < 0
        || check_field(at, e, "\"document\"", e->document) < 0)
        return -1;
    for (int i = 0; i < e->find_count; i++) {
        if (check_field(at, e, "\"find\"", e->find[i]) < 0)
            return -1;
    }
    for (int i = 0; i < e->match_count; i++) {
        if (!has_text(e->find, e->find_count, e->match[i].field))
            return mistake(at, "\"match\" pairs \"%s\" with \"%s\", which \"find\" does not list",
                           e->match[i].core, e->match[i].field);
    }
    return 0;
}

static int parse_entity(struct at *at, const struct at *list, json_t *object, struct cat_entity *e)
{
    static const char *const known[] = {"name", "title", "model", "key", "document", "can",
                                        "repeat", "batch", "fields", "references", "match", "find",
                                        "options", "changes", "correct", "balance", "editable", "path",
                                        NULL};
    static const char *const repeats[] = {"idempotent", "upsert", "lookup", "never", NULL};
    int repeat = REPEAT_NEVER;
    if (get_name(at, list, object, &e->name) < 0 || check_members(at, object, known) < 0)
        return -1;
    e->title = e->name;
    if (get_text(at, object, "title", &e->title) < 0
        || get_text(at, object, "model", &e->model) < 0
        || get_text(at, object, "key", &e->key) < 0
        || get_text(at, object, "document", &e->document) < 0
        || get_choice(at, object, "repeat", repeats, &repeat) < 0)
        return -1;
    e->repeat = (enum repeat)repeat;
    if (parse_can(at, object, e) < 0 || parse_batch(at, object, e) < 0
        || parse_fields(at, object, 1, &e->fields, &e->field_count) < 0
        || parse_references(at, object, e) < 0 || parse_match(at, object, e) < 0
        || get_texts(at, object, "find", &e->find, &e->find_count) < 0
        || parse_settings(at, object, "options", &e->options, &e->option_count) < 0
        || parse_change(at, object, e) < 0)
        return -1;
    return check_entity(at, e);
}

/* What can only be checked once all entities and choice lists are known. */
static int check_choices(const struct at *at, const struct catalogue *c,
                         const struct cat_field *fields, int count)
{
    for (int i = 0; i < count; i++) {
        struct at here = at_child(at, fields[i].name);
        if (fields[i].choices && !has_text(c->choices, c->choice_count, fields[i].choices))
            return mistake(&here, "\"choices\" names \"%s\", which the catalogue's \"choices\" do "
                           "not list", fields[i].choices);
        if (check_choices(&here, c, fields[i].fields, fields[i].field_count) < 0)
            return -1;
    }
    return 0;
}

static int check_links(const struct at *root, const struct catalogue *c)
{
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        struct at list = at_child(root, "entities"), here = at_child(&list, e->name);
        for (int k = 0; k < e->reference_count; k++) {
            const struct cat_reference *r = &e->references[k];
            const struct cat_entity *other = catalogue_entity(c, r->entity);
            if (!other)
                return mistake(&here, "reference \"%s\" names the unknown entity \"%s\"", r->name,
                               r->entity);
            if (check_field(&here, other, "a reference's \"key\"", r->key) < 0)
                return -1;
        }
        struct at fields = at_child(&here, "fields");
        if (check_choices(&fields, c, e->fields, e->field_count) < 0)
            return -1;
    }
    return 0;
}

static int parse_entities(const struct at *at, json_t *object, struct catalogue *c)
{
    json_t *list;
    int count = get_list(at, object, "entities", &list);
    if (count <= 0)
        return count;
    struct at here = at_child(at, "entities");
    c->entities = calloc((size_t)count, sizeof(*c->entities));
    if (!c->entities)
        return no_memory(at);
    c->entity_count = count;
    for (int i = 0; i < count; i++) {
        struct at item = at_index(&here, (size_t)i);
        if (parse_entity(&item, &here, json_array_get(list, (size_t)i), &c->entities[i]) < 0)
            return -1;
        for (int k = 0; k < i; k++) {
            if (strcmp(c->entities[k].name, c->entities[i].name) == 0)
                return mistake(&item, "this name stands here twice");
        }
    }
    return 0;
}

static void free_entity(struct cat_entity *e)
{
    free_fields(e->fields, e->field_count);
    free(e->references);
    free(e->match);
    free(e->find);
    free(e->correct);
    free(e->editable_values);
    free_settings(e->options, e->option_count);
}

/* ---- functions, oauth2, the whole ---- */

static int parse_function(struct at *at, const struct at *list, json_t *object,
                          struct cat_function *f)
{
    static const char *const known[] = {"name", "help", "params", NULL};
    if (get_name(at, list, object, &f->name) < 0 || check_members(at, object, known) < 0)
        return -1;
    f->help = "";
    if (get_text(at, object, "help", &f->help) < 0
        || get_texts(at, object, "params", &f->params, &f->param_count) < 0)
        return -1;
    for (int i = 0; i < f->param_count; i++) {
        size_t n = strlen(f->params[i]);
        bool optional = f->params[i][n - 1] == '?';
        if (!optional && f->required_count < i)
            return mistake(at, "parameter \"%s\" is required but follows an optional one",
                           f->params[i]);
        if (!optional)
            f->required_count++;
    }
    return 0;
}

static int parse_functions(const struct at *at, json_t *object, struct catalogue *c)
{
    json_t *list;
    int count = get_list(at, object, "functions", &list);
    if (count <= 0)
        return count;
    struct at here = at_child(at, "functions");
    c->functions = calloc((size_t)count, sizeof(*c->functions));
    if (!c->functions)
        return no_memory(at);
    c->function_count = count;
    for (int i = 0; i < count; i++) {
        struct at item = at_index(&here, (size_t)i);
        if (parse_function(&item, &here, json_array_get(list, (size_t)i), &c->functions[i]) < 0)
            return -1;
        for (int k = 0; k < i; k++) {
            if (strcmp(c->functions[k].name, c->functions[i].name) == 0)
                return mistake(&item, "this name stands here twice");
        }
    }
    return 0;
}

/* Every {x} must be a setting. */
static int check_template(const struct at *at, const struct catalogue *c, const char *name,
                          const char *text)
{
    while ((text = strchr(text, '{'))) {
        char setting[NAME_MAX_BYTES + 1];
        const char *end = strchr(text, '}');
        size_t n = end ? (size_t)(end - text - 1) : 0;
        if (!end || n == 0 || n > NAME_MAX_BYTES)
            return mistake(at, "\"%s\": after { comes the name of a setting and }", name);
        memcpy(setting, text + 1, n);
        setting[n] = '\0';
        if (!catalogue_setting(c, setting))
            return mistake(at, "\"%s\" uses {%s}, which is no setting", name, setting);
        text = end;
    }
    return 0;
}

static int parse_oauth2(const struct at *at, json_t *object, struct catalogue *c)
{
    static const char *const known[] = {"grant", "authorize_url", "token_url", "client_id",
                                        "client_secret", "scope", NULL};
    static const char *const grants[] = {"authorization_code", "client_credentials", NULL};
    json_t *oauth = json_object_get(object, "oauth2");
    if (!oauth)
        return 0;
    struct at here = at_child(at, "oauth2");
    int grant = -1;
    if (check_members(&here, oauth, known) < 0
        || get_choice(&here, oauth, "grant", grants, &grant) < 0)
        return -1;
    for (int i = 1; known[i]; i++) {
        const char *text = NULL;
        if (get_text(&here, oauth, known[i], &text) < 0
            || (text && check_template(&here, c, known[i], text) < 0))
            return -1;
    }
    if (grant < 0 || !json_object_get(oauth, "token_url") || !json_object_get(oauth, "client_id"))
        return mistake(&here, "needs \"grant\", \"token_url\" and \"client_id\"");
    if (grant == 0 && !json_object_get(oauth, "authorize_url"))
        return mistake(&here, "grant \"authorization_code\" needs \"authorize_url\"");
    c->oauth = true;
    return 0;
}

/* json is stolen, also on failure. */
static struct catalogue *parse_tree(json_t *json, struct koppel_error *err)
{
    static const char *const known[] = {"title", "concurrency", "settings", "entities", "choices",
                                        "functions", "oauth2", NULL};
    struct at root = {.err = err};
    struct catalogue *c = calloc(1, sizeof(*c));
    if (!c) {
        json_decref(json);
        (void)no_memory(&root);
        return NULL;
    }
    c->json = json;
    c->concurrency = 2;
    if (check_members(&root, json, known) < 0 || get_text(&root, json, "title", &c->title) < 0
        || get_int(&root, json, "concurrency", 1, CONCURRENCY_MAX, &c->concurrency) < 0)
        goto fail;
    if (!c->title || !c->title[0]) {
        (void)mistake(&root, "\"title\" is missing");
        goto fail;
    }
    if (parse_settings(&root, json, "settings", &c->settings, &c->setting_count) < 0
        || parse_entities(&root, json, c) < 0
        || get_texts(&root, json, "choices", &c->choices, &c->choice_count) < 0
        || parse_functions(&root, json, c) < 0 || parse_oauth2(&root, json, c) < 0
        || check_links(&root, c) < 0)
        goto fail;
    return c;
fail:
    catalogue_free(c);
    return NULL;
}

static json_t *load_text(const char *text, const char *what, struct koppel_error *err)
{
    json_error_t where;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    if (!json)
        err_set(err, KOPPEL_E_CONFIG, "%s: line %d, column %d: %s", what, where.line, where.column,
                where.text);
    return json;
}

struct catalogue *catalogue_parse(const char *json_text, struct koppel_error *err)
{
    json_t *json = load_text(json_text, "catalogue", err);
    return json ? parse_tree(json, err) : NULL;
}

/* ---- overlay ---- */

static json_t *find_named(json_t *list, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) {
        const char *have = json_string_value(json_object_get(item, "name"));
        if (have && strcmp(have, name) == 0)
            return item;
    }
    return NULL;
}

static bool is_named_list(json_t *list)
{
    return json_is_array(list) && json_array_size(list) > 0
           && json_is_string(json_object_get(json_array_get(list, 0), "name"));
}

static int merge(json_t *base, json_t *overlay);

/* Elements with a known name are merged into it, others come behind. */
static int merge_list(json_t *base, json_t *overlay)
{
    size_t i;
    json_t *item;
    json_array_foreach(overlay, i, item) {
        const char *name = json_string_value(json_object_get(item, "name"));
        json_t *mine = name ? find_named(base, name) : NULL;
        int rc = mine ? merge(mine, item) : json_array_append(base, item);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int merge(json_t *base, json_t *overlay)
{
    const char *name;
    json_t *value;
    json_object_foreach(overlay, name, value) {
        json_t *mine = json_object_get(base, name);
        int rc;
        if (json_is_null(value))
            rc = mine ? json_object_del(base, name) : 0;
        else if (json_is_object(mine) && json_is_object(value))
            rc = merge(mine, value);
        else if (is_named_list(mine) && is_named_list(value))
            rc = merge_list(mine, value);
        else
            rc = json_object_set(base, name, value);
        if (rc < 0)
            return -1;
    }
    return 0;
}

struct catalogue *catalogue_overlay(const struct catalogue *base, const char *overlay_text,
                                    struct koppel_error *err)
{
    json_t *overlay = load_text(overlay_text, "overlay", err);
    if (!overlay)
        return NULL;
    if (!json_is_object(overlay)) {
        err_set(err, KOPPEL_E_CONFIG, "overlay: expected an object, found %s", type_name(overlay));
        json_decref(overlay);
        return NULL;
    }
    json_t *json = json_deep_copy(base->json);
    if (!json || merge(json, overlay) < 0) {
        err_set(err, KOPPEL_E_RETRY, "overlay: out of memory");
        json_decref(json);
        json_decref(overlay);
        return NULL;
    }
    json_decref(overlay);
    return parse_tree(json, err);
}

void catalogue_free(struct catalogue *c)
{
    if (!c)
        return;
    for (int i = 0; i < c->function_count; i++)
        free(c->functions[i].params);
    free(c->functions);
    for (int i = 0; i < c->entity_count; i++)
        free_entity(&c->entities[i]);
    free(c->entities);
    free_settings(c->settings, c->setting_count);
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
