/* SPDX-License-Identifier: MIT
 * Members of descriptions; see schema.h. */
#include "schema.h"

#include <stdarg.h>

#include "base/nearest.h"
#include "place.h"
#include "problem.h"
#include "since.h"
#include "template.h"

#define MEMBERS_MAX 40
#define DEPTH_MAX 20 /* of a body */

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", NULL};
static const char *const logins[] = {"none", "basic", "bearer", "header", "query", "oauth2", NULL};
static const char *const decimals[] = {"number", "text", NULL};
static const char *const algorithms[] = {"sha256", "sha512", NULL};
static const char *const forms[] = {"hex", "base64", NULL};
static const char *const paging[] = {"none", "page", "offset", "cursor", "link", NULL};

/* ---- the tables ---- */

#define CALL                                                                                       \
    {"method", SCHEMA_CHOICE, false, {.words = methods}}, {"path", SCHEMA_PATH, true, {NULL}},     \
        {"query", SCHEMA_TEMPLATES, false, {NULL}}, {"headers", SCHEMA_TEMPLATES, false, {NULL}},  \
        {"body", SCHEMA_BODY, false, {NULL}}, {"sign", SCHEMA_OBJECT, false, {.members = signature}}
#define END {NULL, SCHEMA_TEXT, false, {NULL}}

static const struct schema_member rule[] = {{"place", SCHEMA_PLACE, true, {NULL}},
                                            {"values", SCHEMA_TEXTS, true, {NULL}},
                                            END};
static const struct schema_member signature[] = {
    {"header", SCHEMA_TEXT, true, {NULL}},
    {"secret", SCHEMA_TEMPLATE, false, {NULL}},
    {"algorithm", SCHEMA_CHOICE, false, {.words = algorithms}},
    {"form", SCHEMA_CHOICE, false, {.words = forms}},
    {"prefix", SCHEMA_TEXT, false, {NULL}},
    {"signed", SCHEMA_TEMPLATE, false, {NULL}},
    {"timestamp", SCHEMA_TEXT, false, {NULL}},
    {"tolerance", SCHEMA_NUMBER, false, {NULL}},
    END};
static const struct schema_member login[] = {{"by", SCHEMA_CHOICE, true, {.words = logins}},
                                             {"user", SCHEMA_TEMPLATE, false, {NULL}},
                                             {"password", SCHEMA_TEMPLATE, false, {NULL}},
                                             {"token", SCHEMA_TEMPLATE, false, {NULL}},
                                             {"name", SCHEMA_TEXT, false, {NULL}},
                                             END};
static const struct schema_member errors[] = {
    {"code", SCHEMA_PLACE, false, {NULL}},
    {"text", SCHEMA_PLACE, false, {NULL}},
    {"inside", SCHEMA_FLAG, false, {NULL}},
    {"success", SCHEMA_OBJECT, false, {.members = rule}},
    {"kinds", SCHEMA_WORDS, false, {.words = problem_kinds}},
    {"statuses", SCHEMA_WORDS, false, {.words = problem_kinds}},
    END};
static const struct schema_member choices[] = {CALL,
                                               {"list", SCHEMA_PLACE, false, {NULL}},
                                               {"value", SCHEMA_PLACE, true, {NULL}},
                                               {"title", SCHEMA_PLACE, false, {NULL}},
                                               {"rate", SCHEMA_PLACE, false, {NULL}},
                                               {"kind", SCHEMA_PLACE, false, {NULL}},
                                               {"until", SCHEMA_PLACE, false, {NULL}},
                                               END};
static const struct schema_member probe[] = {CALL, {"facts", SCHEMA_PLACES, false, {NULL}}, END};
const struct schema_member schema_service[] = {
    {"base", SCHEMA_PATH, true, {NULL}},
    {"login", SCHEMA_OBJECT, false, {.members = login}},
    {"headers", SCHEMA_TEMPLATES, false, {NULL}},
    {"query", SCHEMA_TEMPLATES, false, {NULL}},
    {"decimals", SCHEMA_CHOICE, false, {.words = decimals}},
    {"errors", SCHEMA_OBJECT, false, {.members = errors}},
    {"choices", SCHEMA_NAMED, false, {.members = choices}},
    {"probe", SCHEMA_OBJECT, false, {.members = probe}},
    END};

static const struct schema_member pages[] = {{"by", SCHEMA_CHOICE, true, {.words = paging}},
                                             {"first", SCHEMA_NUMBER, false, {NULL}},
                                             {"rows", SCHEMA_NUMBER, false, {NULL}},
                                             {"next", SCHEMA_PLACE, false, {NULL}},
                                             {"more", SCHEMA_PLACE, false, {NULL}},
                                             {"total", SCHEMA_PLACE, false, {NULL}},
                                             {"last", SCHEMA_PLACE, false, {NULL}},
                                             END};
static const struct schema_member since[] = {
    {"field", SCHEMA_PLACE, true, {NULL}},
    {"format", SCHEMA_CHOICE, false, {.words = since_formats}},
    {"overlap", SCHEMA_NUMBER, false, {NULL}},
    {"sorted", SCHEMA_FLAG, false, {NULL}},
    {"exclusive", SCHEMA_FLAG, false, {NULL}},
    END};
const struct schema_member schema_read[] = {CALL,
                                            {"list", SCHEMA_LIST, false, {NULL}},
                                            {"pages", SCHEMA_OBJECT, false, {.members = pages}},
                                            {"since", SCHEMA_OBJECT, false, {.members = since}},
                                            END};
const struct schema_member schema_fetch[] = {CALL, {"record", SCHEMA_PLACE, false, {NULL}}, END};
const struct schema_member schema_find[] = {CALL,
                                            {"list", SCHEMA_PLACE, false, {NULL}},
                                            {"record", SCHEMA_PLACE, false, {NULL}},
                                            {"many", SCHEMA_FLAG, false, {NULL}},
                                            END};
static const struct schema_member rows[] = {{"list", SCHEMA_PLACE, false, {NULL}},
                                            {"id", SCHEMA_ID, false, {NULL}},
                                            {"code", SCHEMA_PLACE, false, {NULL}},
                                            {"text", SCHEMA_PLACE, false, {NULL}},
                                            END};
const struct schema_member schema_write[] = {CALL,
                                             {"record", SCHEMA_PLACE, false, {NULL}},
                                             {"id", SCHEMA_ID, false, {NULL}},
                                             {"id_header", SCHEMA_TEXT, false, {NULL}},
                                             {"put", SCHEMA_TEMPLATES, false, {NULL}},
                                             {"rows", SCHEMA_OBJECT, false, {.members = rows}},
                                             END};
static const struct schema_member token[] = {{"header", SCHEMA_TEXT, true, {NULL}},
                                             {"value", SCHEMA_TEMPLATE, true, {NULL}},
                                             END};
const struct schema_member schema_receive[] = {
    {"list", SCHEMA_PLACE, false, {NULL}},
    {"record", SCHEMA_PLACE, false, {NULL}},
    {"key", SCHEMA_PLACE, false, {NULL}},
    {"only", SCHEMA_OBJECT, false, {.members = rule}},
    {"gone", SCHEMA_OBJECT, false, {.members = rule}},
    {"changed", SCHEMA_FLAG, false, {NULL}},
    {"signature", SCHEMA_OBJECT, false, {.members = signature}},
    {"token", SCHEMA_OBJECT, false, {.members = token}},
    {"open", SCHEMA_FLAG, false, {NULL}},
    {"status", SCHEMA_NUMBER, false, {NULL}},
    END};
const struct schema_member schema_subscribe[] = {CALL, {"id", SCHEMA_PLACE, false, {NULL}}, END};
const struct schema_member schema_unsubscribe[] = {CALL, END};

/* ---- mistakes ---- */

int schema_mistake(const struct schema_at *at, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return at->host->fail(at->err, KOPPEL_E_CONFIG, "%s: %s", at->path, text);
}

struct schema_at schema_child(const struct schema_at *at, const char *name)
{
    struct schema_at child = *at;
    size_t used = strlen(child.path);
    snprintf(child.path + used, sizeof child.path - used, "%s%.60s", used ? "." : "", name);
    return child;
}

const char *schema_hint(const char *name, const char *const *names, int count, char *room,
                        size_t bytes)
{
    const char *near = nearest_name(name, names, count);
    snprintf(room, bytes, "%s%s%s", near ? "; did you mean \"" : "", near ? near : "",
             near ? "\"?" : "");
    return room;
}

/* ---- texts with names in them ---- */

static int unknown_name(const struct schema_at *at, const char *name)
{
    const char *names[MEMBERS_MAX * 4];
    char hint[120];
    int count = 0;
    const json_t *settings = json_object_get(at->catalogue, "settings");
    for (int i = 0; template_names[i]; i++) {
        if (at->vars & 1u << i)
            names[count++] = template_names[i];
    }
    for (size_t i = 0; i < json_array_size(settings) && count < MEMBERS_MAX * 4; i++)
        names[count++] = koppel_get_text(json_array_get(settings, i), "name", "");
    return schema_mistake(at, "\"{%s}\" is neither a setting nor known here%s", name,
                          schema_hint(name, names, count, hint, sizeof hint));
}

static int check_name(const struct schema_at *at, const char *name)
{
    const json_t *settings = json_object_get(at->catalogue, "settings");
    if (strncmp(name, "home.", 5) == 0 || rest_named(settings, name) ||
        rest_named(at->options, name))
        return 0;
    if (strncmp(name, "record.", 7) == 0 && (at->vars & VAR_RECORD))
        return place_fault(name + 7) ? schema_mistake(at, "\"{%s}\": %s", name,
                                                      place_fault(name + 7)) : 0;
    for (int i = 0; template_names[i]; i++) {
        if (strcmp(template_names[i], name) == 0 && (at->vars & 1u << i))
            return 0;
    }
    return unknown_name(at, name);
}

static int check_template(const struct schema_at *at, const json_t *value, bool secrets)
{
    const char *text = json_string_value(value), *next = text, *name, *how;
    char copy[140];
    int n;
    if (!text)
        return schema_mistake(at, "it must be text");
    while ((n = template_next(&next, &name, &how)) > 0) {
        snprintf(copy, sizeof copy, "%.*s", n, name);
        if (how && strncmp(how, "integer}", 8) != 0 && strncmp(how, "short}", 6) != 0)
            return schema_mistake(at, "\"{%s\": behind | stands integer or short", copy);
        if (check_name(at, copy) != 0)
            return -1;
    }
    if (n < 0)
        return schema_mistake(at, "behind { comes a name and }, and {{ is a brace");
    if (!secrets && template_is_secret(at->catalogue, text))
        return schema_mistake(at, "a secret setting does not belong into an address");
    return 0;
}

static int check_body(const struct schema_at *at, const json_t *value, int depth)
{
    const char *name;
    json_t *item;
    if (depth > DEPTH_MAX)
        return schema_mistake(at, "it is nested too deeply");
    if (json_is_string(value))
        return check_template(at, value, true);
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (check_body(at, json_array_get(value, i), depth + 1) != 0)
            return -1;
    }
    json_object_foreach((json_t *)value, name, item) {
        struct schema_at here = schema_child(at, name);
        if (check_body(&here, item, depth + 1) != 0)
            return -1;
    }
    return 0;
}

/* ---- members ---- */

static int check_place(const struct schema_at *at, const json_t *value, bool names_only)
{
    const char *place = json_string_value(value);
    const char *fault = place ? place_fault(place) : "it must be text";
    if (!fault && names_only && strchr(place, '['))
        fault = "a list stands in members, not in elements";
    return fault ? schema_mistake(at, "%s%s%s%s", place ? "\"" : "", place ? place : "",
                                  place ? "\" is no place: " : "", fault) : 0;
}

static int check_word(const struct schema_at *at, const json_t *value, const char *const *words)
{
    const char *word = json_string_value(value);
    char list[300] = "", hint[120];
    int count = 0;
    for (; words[count]; count++) {
        size_t used = strlen(list);
        if (word && strcmp(words[count], word) == 0)
            return 0;
        snprintf(list + used, sizeof list - used, "%s%s", count ? ", " : "", words[count]);
    }
    if (!word)
        return schema_mistake(at, "it must be one of %s", list);
    return schema_mistake(at, "\"%s\" must be one of %s%s", word, list,
                          schema_hint(word, words, count, hint, sizeof hint));
}

static int check_texts(const struct schema_at *at, const json_t *value)
{
    if (json_array_size(value) == 0)
        return schema_mistake(at, "it must be a list of texts");
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!json_is_string(json_array_get(value, i)))
            return schema_mistake(at, "it must be a list of texts");
    }
    return 0;
}

static int check_member(const struct schema_at *at, const json_t *value,
                        const struct schema_member *m)
{
    int64_t number;
    const char *name;
    json_t *item;
    switch (m->kind) {
    case SCHEMA_TEXT:
        return json_string_length(value) > 0 ? 0 : schema_mistake(at, "it must be text");
    case SCHEMA_PLACE:
    case SCHEMA_LIST:
        return check_place(at, value, m->kind == SCHEMA_LIST);
    case SCHEMA_ID:
        return json_is_string(value) && strchr(json_string_value(value), '{')
                   ? check_template(at, value, true) : check_place(at, value, false);
    case SCHEMA_TEMPLATE:
    case SCHEMA_PATH:
        return check_template(at, value, m->kind == SCHEMA_TEMPLATE);
    case SCHEMA_BODY:
        return check_body(at, value, 0);
    case SCHEMA_FLAG:
        return json_is_boolean(value) ? 0 : schema_mistake(at, "it must be true or false");
    case SCHEMA_NUMBER:
        number = json_integer_value(value);
        return json_is_integer(value) && number >= 0 && number <= 1000000
                   ? 0 : schema_mistake(at, "it must be a whole number from 0 to 1000000");
    case SCHEMA_CHOICE:
        return check_word(at, value, m->more.words);
    case SCHEMA_TEXTS:
        return check_texts(at, value);
    case SCHEMA_OBJECT:
        return schema_check(at, value, m->more.members);
    default:
        break;
    }
    if (!json_is_object(value))
        return schema_mistake(at, "it must be an object");
    json_object_foreach((json_t *)value, name, item) {
        struct schema_at here = schema_child(at, name);
        int rc = m->kind == SCHEMA_TEMPLATES ? check_template(&here, item, true)
                 : m->kind == SCHEMA_PLACES  ? check_place(&here, item, false)
                 : m->kind == SCHEMA_WORDS   ? check_word(&here, item, m->more.words)
                                             : schema_check(&here, item, m->more.members);
        if (rc != 0)
            return -1;
    }
    return 0;
}

int schema_check(const struct schema_at *at, const json_t *object,
                 const struct schema_member *members)
{
    const char *name, *names[MEMBERS_MAX];
    char hint[120];
    json_t *value;
    int count = 0;
    if (!json_is_object(object))
        return schema_mistake(at, "it must be an object");
    for (; members[count].name && count < MEMBERS_MAX; count++)
        names[count] = members[count].name;
    json_object_foreach((json_t *)object, name, value) {
        struct schema_at here = schema_child(at, name);
        int i = 0;
        while (i < count && strcmp(names[i], name) != 0)
            i++;
        if (i == count)
            return schema_mistake(at, "unknown member \"%.60s\"%s", name,
                                  schema_hint(name, names, count, hint, sizeof hint));
        if (check_member(&here, value, &members[i]) != 0)
            return -1;
    }
    for (int i = 0; i < count; i++) {
        if (members[i].required && !json_object_get(object, names[i]))
            return schema_mistake(at, "\"%s\" is missing", names[i]);
    }
    return 0;
}
