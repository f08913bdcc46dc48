/* SPDX-License-Identifier: MIT
 * Catalogue text -> struct catalogue. Parsing is strict: an unknown member is a mistake.
 *
 * The JSON form (koppel-plugin(7) explains every member; [] marks a list, = the default):
 *
 *   { "schema": 1 = 1, "title": words, "as": name, "concurrency": 1..64 = 2,
 *     "connector": plugin, "service": object  (of a description),
 *     "settings": [ { "name", "title": words = name, "help": words = "",
 *                     "type": text|url|integer|boolean|duration|choice|decimal|expression
 *                             = text,
 *                     "required" = false, "secret" = false, "default": text|integer|boolean,
 *                     "min", "max": integer, or duration text,
 *                     "values": [text]  (choice; expression: names of ready ones),
 *                     "scope": list field  (expression),
 *                     "choices": list name, "requires": setting,
 *                     "port": setting  (url), "ask" = false } ],
 *     "entities": [ { "name", "title": words = name, "model", "key": field, "document": field,
 *                     "changes": marked|snapshot = marked, "pages": linked|numbered = linked,
 *                     "correct": [path], "balance": path,
 *                     "editable": { "field", "values": [text] },
 *                     "can": [ read|find|create|update|remove|dry-run|fetch|receive|describe ],
 *                     "lag": duration = "0s", "conditional": field,
 *                     "link": "https://…/{id}",
 *                     "repeat": idempotent|upsert|lookup|never = never,
 *                     "batch": { "read" = 100, "find" = 1, "write" = 1, "fetch" = 1 },
 *                     "fields": [ { "name", "title": words = name, "wire" = name, "role",
 *                                   "type": text|decimal|integer|boolean|date|time|object|list
 *                                           = text,
 *                                   "required", "read_only", "guessed" = false,
 *                                   "search" = false (of core models),
 *                                   "choices": list name, "values": [text],
 *                                   "fields": [...] (object, list) } ],
 *                     "references": [ { "name", "entity", "from": path, "key": field, "model" } ],
 *                     "match": { core field: field }, "find": [field],
 *                     "options": [ setting ],
 *                     "calls": object  (of a description) } ],
 *     "choices": [ list name ],
 *     "functions": [ { "name", "help": words = "", "of": value|record = value,
 *                      "takes": [ type of a field ] = any, "gives": type of a field = it depends,
 *                      "args": [ { "name", "help": words = "",
 *                                  "type": text|integer|decimal|boolean|choice|zone|country
 *                                          |currency|list = text,
 *                                  "required" = false, "default": value, "values": [text] (choice),
 *                                  "min", "max": integer (list: how many; text: bytes) } ],
 *                      "examples": [ { "in": value, "args": [value] = [],
 *                                      "out": value or "error": text or "skip": text } ] } ],
 *     "oauth2": { "grant": authorization_code|client_credentials, "authorize_url", "token_url",
 *                 "client_id", "client_secret", "scope" }  where {x} stands for setting x }
 *
 * words: a text, or { "en": text, "nl": text, ... }.
 *
 * Every string of a struct catalogue is borrowed from its json member. */
#include "catalogue/catalogue_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "catalogue/catalogue_check.h"
#include "catalogue/catalogue_entity.h"
#include "catalogue/catalogue_function.h"
#include "catalogue/catalogue_setting.h"
#include "catalogue/member.h"

/* Every {x} must be a setting. */
static int check_template(const struct cat_at *at, const struct catalogue *c, const char *name,
                          const char *text)
{
    while ((text = strchr(text, '{'))) {
        char setting[CAT_NAME_MAX_BYTES + 1];
        const char *end = strchr(text, '}');
        size_t n = end ? (size_t)(end - text - 1) : 0;
        if (!end || n == 0 || n > CAT_NAME_MAX_BYTES)
            return member_mistake(at, "\"%s\": after { comes the name of a setting and }", name);
        memcpy(setting, text + 1, n);
        setting[n] = '\0';
        if (!catalogue_setting(c, setting))
            return member_mistake(at, "\"%s\" uses {%s}, which is no setting", name, setting);
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
    struct cat_at here = member_child(at, "oauth2");
    int grant = -1;
    if (member_check_members(&here, oauth, known) < 0
        || member_choice(&here, oauth, "grant", grants, &grant) < 0)
        return -1;
    for (int i = 1; known[i]; i++) {
        const char *text = NULL;
        if (member_text(&here, oauth, known[i], &text) < 0
            || (text && check_template(&here, c, known[i], text) < 0))
            return -1;
    }
    if (grant < 0 || !json_object_get(oauth, "token_url") || !json_object_get(oauth, "client_id"))
        return member_mistake(&here, "needs \"grant\", \"token_url\" and \"client_id\"");
    if (grant == 0 && !json_object_get(oauth, "authorize_url"))
        return member_mistake(&here, "grant \"authorization_code\" needs \"authorize_url\"");
    c->oauth = true;
    return 0;
}

/* "connector" makes it a description; what it holds for that one alone is an object. */
static int parse_described(struct cat_at *root, json_t *json, struct catalogue *c)
{
    if (member_text(root, json, "connector", &c->connector) < 0)
        return -1;
    if (c->connector && !c->connector[0])
        return member_mistake(root, "\"connector\" names no plugin");
    root->described = c->connector != NULL;
    return root->described ? member_object(root, json, "service") : 0;
}

struct catalogue *catalogue_parse_tree(json_t *json, struct koppel_error *err)
{
    static const char *const known[] = {"schema", "title", "concurrency", "settings", "entities",
                                        "choices", "functions", "oauth2", "as", "connector",
                                        "service", NULL};
    static const char *const own[] = {"schema", "title", "concurrency", "settings", "entities",
                                      "choices", "functions", "oauth2", "as", NULL};
    struct cat_at root = {.err = err};
    struct catalogue *c = calloc(1, sizeof(*c));
    if (!c) {
        json_decref(json);
        (void)member_no_memory(&root);
        return NULL;
    }
    c->json = json;
    c->concurrency = 2;
    c->schema = CATALOGUE_SCHEMA;
    if (json_is_object(json) && member_int(&root, json, "schema", 1, 1000, &c->schema) < 0)
        goto fail;
    root.newer = c->schema > CATALOGUE_SCHEMA;
    if (parse_described(&root, json, c) < 0
        || member_check_members(&root, json, root.described ? known : own) < 0
        || member_words(&root, json, "title", &c->title) < 0
        || member_text(&root, json, "as", &c->as) < 0
        || member_int(&root, json, "concurrency", 1, CAT_CONCURRENCY_MAX, &c->concurrency) < 0)
        goto fail;
    if (!c->title || !c->title[0]) {
        (void)member_mistake(&root, "\"title\" is missing");
        goto fail;
    }
    if (catalogue_setting_parse(&root, json, "settings", &c->settings, &c->setting_count) < 0
        || catalogue_entity_parse(&root, json, c) < 0
        || member_texts(&root, json, "choices", &c->choices, &c->choice_count) < 0
        || catalogue_function_parse(&root, json, c) < 0 || parse_oauth2(&root, json, c) < 0
        || catalogue_check_links(&root, c) < 0)
        goto fail;
    return c;
fail:
    catalogue_free(c);
    return NULL;
}

json_t *catalogue_parse_text(const char *text, const char *what, struct koppel_error *err)
{
    struct json_read_error where;
    json_t *json = json_read_text(text, &where);
    if (!json)
        json_read_fail(&where, KOPPEL_E_CONFIG, what, err);
    return json;
}

struct catalogue *catalogue_parse(const char *json_text, struct koppel_error *err)
{
    json_t *json = catalogue_parse_text(json_text, "catalogue", err);
    return json ? catalogue_parse_tree(json, err) : NULL;
}
