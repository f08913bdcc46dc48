/* SPDX-License-Identifier: MIT
 * Members of catalogue objects with their type checked; every mistake names its path. */
#include "catalogue/member.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/nearest.h"

/* A path that is too long is cut; it is for people. */
static void path_add(struct cat_at *at, const char *text)
{
    size_t used = strlen(at->path), n = strlen(text);
    if (n > sizeof(at->path) - 1 - used)
        n = sizeof(at->path) - 1 - used;
    memcpy(at->path + used, text, n);
    at->path[used + n] = '\0';
}

struct cat_at member_child(const struct cat_at *parent, const char *name)
{
    struct cat_at child = *parent;
    if (child.path[0])
        path_add(&child, ".");
    path_add(&child, name);
    return child;
}

struct cat_at member_index(const struct cat_at *parent, size_t index)
{
    char digits[32];
    struct cat_at child = *parent;
    snprintf(digits, sizeof(digits), "[%zu]", index);
    path_add(&child, digits);
    return child;
}

int member_mistake(const struct cat_at *at, const char *format, ...)
{
    char text[ERR_TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return err_set(at->err, KOPPEL_E_CONFIG, "catalogue: %s%s%s", at->path,
                   at->path[0] ? ": " : "", text);
}

int member_no_memory(const struct cat_at *at)
{
    return err_set(at->err, KOPPEL_E_RETRY, "catalogue: out of memory");
}

const char *member_type_name(const json_t *value)
{
    static const char *const names[] = {"an object", "a list", "text", "an integer", "a real",
                                        "true", "false", "null"};
    return names[json_typeof(value)];
}

int member_index_of(const char *const *names, const char *name)
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

static int names_count(const char *const *names)
{
    int n = 0;
    while (names[n])
        n++;
    return n;
}

int member_check_members(const struct cat_at *at, json_t *object, const char *const *known)
{
    if (!json_is_object(object))
        return member_mistake(at, "expected an object, found %s", member_type_name(object));
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value) {
        if (at->newer || member_index_of(known, name) >= 0)
            continue;
        char list[400];
        join(known, list, sizeof(list));
        const char *near = nearest_name(name, known, names_count(known));
        return member_mistake(at, "unknown member \"%s\" (known: %s)%s%s%s", name, list,
                              near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    return 0;
}

static bool is_name(const char *text)
{
    if (!((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z')
          || text[0] == '_'))
        return false;
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return text[n] == '\0' && n <= CAT_NAME_MAX_BYTES;
}

int member_text(const struct cat_at *at, json_t *object, const char *name, const char **out)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        return 0;
    if (!json_is_string(value))
        return member_mistake(at, "\"%s\" must be text, found %s", name, member_type_name(value));
    *out = json_string_value(value);
    return 0;
}

int member_words(const struct cat_at *at, json_t *object, const char *name, const char **out)
{
    json_t *value = json_object_get(object, name), *text;
    const char *language;
    if (!json_is_object(value))
        return member_text(at, object, name, out);
    json_object_foreach(value, language, text) {
        if (strlen(language) != 2 || strspn(language, "abcdefghijklmnopqrstuvwxyz") != 2)
            return member_mistake(at, "\"%s\": \"%s\" is no language of two letters", name,
                                  language);
        if (!json_is_string(text) || !json_string_length(text))
            return member_mistake(at, "\"%s\" in \"%s\" must be text", name, language);
    }
    *out = json_string_value(json_object_get(value, "en"));
    return *out ? 0 : member_mistake(at, "\"%s\" must be there in English (\"en\")", name);
}

const json_t *member_languages(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_object(value) ? value : NULL;
}

int member_bool(const struct cat_at *at, json_t *object, const char *name, bool *out)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        return 0;
    if (!json_is_boolean(value))
        return member_mistake(at, "\"%s\" must be true or false, found %s", name,
                           member_type_name(value));
    *out = json_is_true(value);
    return 0;
}

int member_int(const struct cat_at *at, json_t *object, const char *name, int min, int max,
                int *out)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        return 0;
    if (!json_is_integer(value))
        return member_mistake(at, "\"%s\" must be an integer, found %s", name,
                              member_type_name(value));
    json_int_t n = json_integer_value(value);
    if (n < min || n > max)
        return member_mistake(at, "\"%s\" must be from %d to %d, found %" JSON_INTEGER_FORMAT, name,
                           min, max, n);
    *out = (int)n;
    return 0;
}

int member_duration(const struct cat_at *at, json_t *object, const char *name, int64_t *out_ms)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        return 0;
    if (json_is_string(value) && clock_parse_duration(json_string_value(value), out_ms) == 0)
        return 0;
    return member_mistake(at, "\"%s\" must be a duration such as \"2s\"", name);
}

int member_name(struct cat_at *at, const struct cat_at *list, json_t *object, const char **out)
{
    const char *name = NULL;
    if (!json_is_object(object))
        return member_mistake(at, "expected an object, found %s", member_type_name(object));
    if (member_text(at, object, "name", &name) < 0)
        return -1;
    if (!name)
        return member_mistake(at, "\"name\" is missing");
    if (!is_name(name))
        return member_mistake(at, "\"%s\" is no name: a letter, then letters, digits, _ and -",
                              name);
    *at = member_child(list, name);
    *out = name;
    return 0;
}

int member_choice(const struct cat_at *at, json_t *object, const char *name,
                   const char *const *names, int *out)
{
    const char *text = NULL;
    if (member_text(at, object, name, &text) < 0)
        return -1;
    if (!text)
        return 0;
    int i = member_index_of(names, text);
    if (i < 0) {
        char list[200];
        join(names, list, sizeof(list));
        return member_mistake(at, "\"%s\" must be one of %s, found \"%s\"", name, list, text);
    }
    *out = i;
    return 0;
}

int member_list(const struct cat_at *at, json_t *object, const char *name, json_t **out)
{
    json_t *list = json_object_get(object, name);
    *out = list;
    if (!list)
        return 0;
    if (!json_is_array(list))
        return member_mistake(at, "\"%s\" must be a list, found %s", name, member_type_name(list));
    return (int)json_array_size(list);
}

int member_texts(const struct cat_at *at, json_t *object, const char *name, const char ***out,
                  int *out_count)
{
    json_t *list;
    int count = member_list(at, object, name, &list);
    if (count <= 0)
        return count;
    const char **texts = calloc((size_t)count, sizeof(*texts));
    if (!texts)
        return member_no_memory(at);
    for (int i = 0; i < count; i++) {
        texts[i] = json_string_value(json_array_get(list, (size_t)i));
        if (!texts[i] || !texts[i][0]) {
            free(texts);
            return member_mistake(at, "\"%s\" must hold texts that are not empty", name);
        }
        for (int k = 0; k < i; k++) {
            if (strcmp(texts[k], texts[i]) == 0) {
                int rc = member_mistake(at, "\"%s\" holds \"%s\" twice", name, texts[i]);
                free(texts);
                return rc;
            }
        }
    }
    *out = texts;
    *out_count = count;
    return 0;
}

int member_object(const struct cat_at *at, json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    if (!value || json_is_object(value))
        return 0;
    struct cat_at here = member_child(at, name);
    return member_mistake(&here, "expected an object, found %s", member_type_name(value));
}

bool member_has_text(const char *const *texts, int count, const char *text)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(texts[i], text) == 0)
            return true;
    }
    return false;
}
