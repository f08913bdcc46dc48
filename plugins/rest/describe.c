/* SPDX-License-Identifier: MIT
 * Whether a description can be done; see describe.h. schema.c knows the members, this file what
 * they must be to one another and to what the catalogue promises. */
#include "describe.h"

#include "schema.h"
#include "template.h"

#define CALLS ((int)(sizeof calls / sizeof *calls))
#define LIST (VAR_SINCE | VAR_PAGE | VAR_OFFSET | VAR_CURSOR | VAR_LIMIT)
#define ITEM (VAR_JOB | VAR_RECORD | VAR_RECORDS)

/* What a call is for, and what its texts may use. */
static const struct {
    const char *name, *can;
    unsigned vars;
    const struct schema_member *members;
} calls[] = {
    {"read", "read", LIST, schema_read},
    {"fetch", "fetch", VAR_ID, schema_fetch},
    {"find", "find", VAR_VALUE | VAR_VALUES | VAR_RECORD, schema_find},
    {"create", "create", ITEM, schema_write},
    {"update", "update", ITEM | VAR_ID | VAR_VERSION, schema_write},
    {"remove", "remove", ITEM | VAR_ID | VAR_VERSION, schema_write},
    {"dry-run", "dry-run", ITEM | VAR_ID, schema_write},
    {"receive", "receive", VAR_HOOK_SECRET | VAR_HOOK_URL | VAR_BODY | VAR_TIMESTAMP,
     schema_receive},
    {"subscribe", "receive", VAR_HOOK_SECRET | VAR_HOOK_URL, schema_subscribe},
    {"unsubscribe", "receive", VAR_HOOK_SECRET | VAR_HOOK_URL | VAR_ID, schema_unsubscribe},
};

static bool holds(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *one = json_string_value(json_array_get(list, i));
        if (one && strcmp(one, text) == 0)
            return true;
    }
    return false;
}

static bool can(const json_t *entity, const char *what)
{
    return holds(json_object_get(entity, "can"), what);
}

/* ---- one call ---- */

static int check_read(const struct schema_at *at, const json_t *entity, const json_t *call)
{
    const json_t *since = json_object_get(call, "since"), *pages = json_object_get(call, "pages");
    const char *by = koppel_get_text(pages, "by", "none");
    bool counted = strcmp(by, "page") == 0 || strcmp(by, "offset") == 0;
    bool numbered = strcmp(koppel_get_text(entity, "pages", "linked"), "numbered") == 0;
    bool snapshot = strcmp(koppel_get_text(entity, "changes", "marked"), "snapshot") == 0;
    if (since && snapshot)
        return schema_mistake(at, "\"since\" tells what changed, and \"changes\" says that "
                              "nothing does");
    if (!since && !snapshot && strcmp(by, "cursor") != 0 && strcmp(by, "offset") != 0)
        return schema_mistake(at, "nothing tells what changed: give \"since\", or say \"changes\": "
                              "\"snapshot\"");
    if (since && counted && !koppel_get_bool(since, "sorted", 1))
        return schema_mistake(at, "\"sorted\" must not be false where pages are counted: a list "
                              "that changes between two pages would lose records");
    if (numbered && !counted)
        return schema_mistake(at, "\"pages\" are numbered, so \"by\" must be page or offset");
    if (strcmp(by, "cursor") == 0 && !json_object_get(pages, "next"))
        return schema_mistake(at, "\"pages\" by cursor need \"next\", the place of the cursor");
    if (strcmp(by, "page") == 0 && !template_uses(call, "page"))
        return schema_mistake(at, "\"pages\" are counted, and no text uses \"{page}\"");
    if (strcmp(by, "offset") == 0 && !template_uses(call, "offset"))
        return schema_mistake(at, "\"pages\" are counted, and no text uses \"{offset}\"");
    if (strcmp(by, "cursor") == 0 && !template_uses(call, "cursor"))
        return schema_mistake(at, "\"pages\" are by cursor, and no text uses \"{cursor}\"");
    if (since && !template_uses(call, "since"))
        return schema_mistake(at, "\"since\" is given, and no text uses \"{since}\"");
    return 0;
}

static int check_find(const struct schema_at *at, const json_t *entity, const json_t *find)
{
    const json_t *fields = json_object_get(entity, "find");
    const char *name;
    json_t *call;
    if (!json_is_object(find))
        return schema_mistake(at, "it must be an object: a call for each field");
    json_object_foreach((json_t *)find, name, call) {
        struct schema_at here = schema_child(at, name);
        if (!holds(fields, name))
            return schema_mistake(at, "\"%.60s\" is not among the fields of \"find\"", name);
        if (schema_check(&here, call, schema_find) != 0)
            return -1;
        if (!template_uses(call, "value") && !template_uses(call, "values"))
            return schema_mistake(&here, "no text uses \"{value}\"");
    }
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const char *field = json_string_value(json_array_get(fields, i));
        if (!json_object_get(find, field))
            return schema_mistake(at, "\"%.60s\" is missing, which \"find\" lists", field);
    }
    return 0;
}

/* Does the system get to see it? An id and rows are of what it answers. */
static bool sends_job(const json_t *call)
{
    const char *member;
    json_t *value;
    json_object_foreach((json_t *)call, member, value) {
        if (strcmp(member, "id") != 0 && strcmp(member, "rows") != 0 && template_uses(value, "job"))
            return true;
    }
    return false;
}

/* One key for many would be that of the first: a batch that is tried again is grouped anew, so the
 * system would take it for what it knows, or make what it has. Only what is put into each record,
 * and an id, which is told of each, have its own. */
static int check_batch(const struct schema_at *at, const json_t *entity, const char *name,
                       const json_t *call)
{
    const char *member;
    json_t *value;
    bool idempotent = strcmp(koppel_get_text(entity, "repeat", "never"), "idempotent") == 0;
    json_object_foreach((json_t *)call, member, value) {
        struct schema_at here = schema_child(at, member);
        if (strcmp(member, "put") != 0 && strcmp(member, "id") != 0 &&
            strcmp(member, "rows") != 0 && template_uses(value, "job"))
            return schema_mistake(&here, "\"{job}\" names one record, and \"batch\" writes many: "
                                  "give each its own in \"put\"");
    }
    if (strcmp(name, "create") == 0 && idempotent &&
        !template_uses(json_object_get(call, "put"), "job"))
        return schema_mistake(at, "\"repeat\" is idempotent and \"batch\" writes many, and no text "
                              "of \"put\" uses \"{job}\": the system cannot tell the same record "
                              "from another");
    return 0;
}

static int check_write(const struct schema_at *at, const json_t *entity, const char *name,
                       const json_t *call)
{
    int64_t batch = 1;
    bool many = template_uses(json_object_get(call, "body"), "records");
    koppel_get_int(json_object_get(entity, "batch"), "write", &batch);
    if (json_object_get(call, "rows") && !many)
        return schema_mistake(at, "\"rows\" tell of many, and no text of the body is "
                              "\"{records}\"");
    if (batch > 1 && !many)
        return schema_mistake(at, "\"batch\" writes many, and no text of the body is "
                              "\"{records}\"");
    if (batch > 1 && check_batch(at, entity, name, call) != 0)
        return -1;
    if (strcmp(name, "create") == 0 && !sends_job(call) &&
        strcmp(koppel_get_text(entity, "repeat", "never"), "idempotent") == 0)
        return schema_mistake(at, "\"repeat\" is idempotent, and no text uses \"{job}\": the "
                              "system cannot tell the same record from another");
    if ((strcmp(name, "update") == 0 || strcmp(name, "remove") == 0) && !many &&
        !template_uses(call, "id"))
        return schema_mistake(at, "no text uses \"{id}\"");
    return 0;
}

static int check_receive(const struct schema_at *at, const json_t *entity, const json_t *call)
{
    bool proven = json_object_get(call, "signature") || json_object_get(call, "token");
    if (!proven && !koppel_get_bool(call, "open", 0))
        return schema_mistake(at, "anybody could send a message: give \"signature\" or "
                              "\"token\", or say \"open\": true");
    if (koppel_get_bool(call, "changed", 0) && !can(entity, "fetch"))
        return schema_mistake(at, "\"changed\" names a record that is fetched: \"can\" needs "
                              "\"fetch\"");
    return 0;
}

static int check_call(const struct schema_at *at, const json_t *entity, int i, const json_t *call)
{
    const char *name = calls[i].name;
    if (strcmp(name, "find") == 0)
        return check_find(at, entity, call);
    if (schema_check(at, call, calls[i].members) != 0)
        return -1;
    if (strcmp(name, "read") == 0)
        return check_read(at, entity, call);
    if (strcmp(name, "fetch") == 0 && !template_uses(call, "id"))
        return schema_mistake(at, "no text uses \"{id}\"");
    if (calls[i].members == schema_write)
        return check_write(at, entity, name, call);
    return strcmp(name, "receive") == 0 ? check_receive(at, entity, call) : 0;
}

/* ---- an entity ---- */

static int check_entity(const struct schema_at *list, const json_t *entity)
{
    const char *names[CALLS], *name;
    char hint[120];
    json_t *call;
    const json_t *own = json_object_get(entity, "calls");
    struct schema_at here = schema_child(list, koppel_get_text(entity, "name", ""));
    struct schema_at at = schema_child(&here, "calls");
    at.options = json_object_get(entity, "options");
    for (int i = 0; i < CALLS; i++)
        names[i] = calls[i].name;
    json_object_foreach((json_t *)own, name, call) {
        struct schema_at there = schema_child(&at, name);
        int i = 0;
        while (i < CALLS && strcmp(names[i], name) != 0)
            i++;
        if (i == CALLS)
            return schema_mistake(&at, "unknown member \"%.60s\"%s", name,
                                  schema_hint(name, names, CALLS, hint, sizeof hint));
        if (!can(entity, calls[i].can))
            return schema_mistake(&there, "\"can\" does not list \"%s\"", calls[i].can);
        there.vars = calls[i].vars | VAR_NOW | VAR_BODY | VAR_TIMESTAMP;
        if (check_call(&there, entity, i, call) != 0)
            return -1;
    }
    for (int i = 0; i < CALLS; i++) {
        bool optional =
            strcmp(names[i], "subscribe") == 0 || strcmp(names[i], "unsubscribe") == 0 ||
            (strcmp(names[i], "read") == 0 && json_object_get(own, "receive"));
        if (can(entity, calls[i].can) && !optional && !json_object_get(own, names[i]))
            return schema_mistake(&at, "\"%s\" is missing, which \"can\" lists", names[i]);
    }
    return 0;
}

/* ---- the whole ---- */

static int check_service(const struct schema_at *root, const json_t *service)
{
    struct schema_at at = schema_child(root, "service"), in = schema_child(&at, "login");
    const json_t *login = json_object_get(service, "login");
    const char *by = koppel_get_text(login, "by", "none");
    const json_t *lists = json_object_get(root->catalogue, "choices");
    struct schema_at of_lists = schema_child(&at, "choices");
    const char *name;
    json_t *value;
    at.vars = VAR_NOW | VAR_BODY | VAR_TIMESTAMP;
    if (schema_check(&at, service, schema_service) != 0)
        return -1;
    if (strcmp(by, "oauth2") == 0 && !json_object_get(root->catalogue, "oauth2"))
        return schema_mistake(&in, "\"by\" oauth2 needs \"oauth2\" beside \"service\"");
    if (strcmp(by, "basic") == 0 && !json_object_get(login, "user"))
        return schema_mistake(&in, "\"user\" is missing");
    if ((strcmp(by, "bearer") == 0 || strcmp(by, "header") == 0 || strcmp(by, "query") == 0) &&
        !json_object_get(login, "token"))
        return schema_mistake(&in, "\"token\" is missing");
    if ((strcmp(by, "header") == 0 || strcmp(by, "query") == 0) && !json_object_get(login, "name"))
        return schema_mistake(&in, "\"name\" is missing, of the header or parameter");
    json_object_foreach(json_object_get(service, "choices"), name, value) {
        if (!holds(lists, name))
            return schema_mistake(&of_lists, "\"%.60s\" is not among \"choices\"", name);
    }
    for (size_t i = 0; i < json_array_size(lists); i++) {
        name = json_string_value(json_array_get(lists, i));
        if (!json_object_get(json_object_get(service, "choices"), name))
            return schema_mistake(&of_lists, "\"%.60s\" is missing, which \"choices\" lists", name);
    }
    return 0;
}

/* A setting of the name of what a call is about would never be seen. */
static int check_settings(const struct schema_at *root)
{
    struct schema_at at = schema_child(root, "settings");
    const json_t *settings = json_object_get(root->catalogue, "settings");
    for (size_t i = 0; i < json_array_size(settings); i++) {
        const char *name = koppel_get_text(json_array_get(settings, i), "name", "");
        for (int k = 0; template_names[k]; k++) {
            if (strcmp(template_names[k], name) == 0)
                return schema_mistake(&at, "\"%s\" is what a call is about, and no name of a "
                                      "setting", name);
        }
    }
    return 0;
}

int describe_check(const struct koppel_host *host, json_t *catalogue, struct koppel_error *err)
{
    struct schema_at root = {.host = host, .err = err, .catalogue = catalogue};
    const json_t *service = json_object_get(catalogue, "service");
    const json_t *entities = json_object_get(catalogue, "entities");
    struct schema_at list = schema_child(&root, "entities");
    if (!service)
        return host->fail(err, KOPPEL_E_CONFIG, "\"service\" is missing");
    if (check_settings(&root) != 0 || check_service(&root, service) != 0)
        return -1;
    for (size_t i = 0; i < json_array_size(entities); i++) {
        if (check_entity(&list, json_array_get(entities, i)) != 0)
            return -1;
    }
    return 0;
}
