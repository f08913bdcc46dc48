/* SPDX-License-Identifier: MIT
 * Completion of rules. */
#include "commands/map_complete.h"

#include <stdio.h>
#include <string.h>

const char *const map_complete_orders[] = {":get",  ":help",  ":key",  ":next", ":quit", ":rules",
                                           ":save", ":send", ":show", ":undo", NULL};

static const char *const members[] = {
    "append", "default", "each",  "empty", "expr",     "field", "force", "from", "has",  "in",
    "is",     "join",    "map",   "on",    "parts",    "required", "table", "to",
    "unmapped", "value", "via",   "when",  NULL};
static const char *const unmapped[] = {"park", "default", "pass", "leave", NULL};
static const char *const on[] = {"both", "create", "update", NULL};
static const char *const empty[] = {"keep", "clear", NULL};

struct completing {
    const char *word; /* what is typed of it */
    size_t bytes;
    json_t *out;
};

static void offer(struct completing *c, const char *text)
{
    if (text && strncmp(text, c->word, c->bytes) == 0)
        json_array_append_new(c->out, json_string(text));
}

static void offer_all(struct completing *c, const char *const *texts)
{
    for (int i = 0; texts[i]; i++)
        offer(c, texts[i]);
}

/* Paths, and of elements of lists the part that counts inside of `each`. */
static void offer_paths(struct completing *c, const json_t *fields, bool written)
{
    size_t i;
    json_t *f;
    json_array_foreach((json_t *)fields, i, f) {
        const char *path = json_string_value(json_object_get(f, "path"));
        const char *inner = strstr(path, "[].");
        if (written && json_is_true(json_object_get(f, "read_only")))
            continue;
        offer(c, path);
        if (inner)
            offer(c, inner + 3);
    }
}

static void offer_names(struct completing *c, const json_t *list, const char *before)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one) {
        const char *name = json_is_string(one) ? json_string_value(one)
                                               : json_string_value(json_object_get(one, "name"));
        char text[256];
        snprintf(text, sizeof text, "%s%s", before, name);
        offer(c, text);
    }
}

/* What the text behind `NAME = "` is, in the line before `end`: "" where it is none. */
static void text_behind(const char *line, const char *name, size_t end, char *out, size_t room)
{
    size_t n = strlen(name);
    out[0] = '\0';
    for (const char *at = strstr(line, name); at; at = strstr(at + 1, name)) {
        const char *value = at + n + strspn(at + n, " =");
        bool whole = at == line || strchr(" {(;", at[-1]);
        if ((size_t)(at - line) >= end || !whole || *value != '"')
            continue;
        snprintf(out, room, "%.*s", (int)strcspn(value + 1, "\""), value + 1);
        return;
    }
}

/* The values that the field may hold. */
static void offer_values(struct completing *c, const json_t *fields, const char *path)
{
    size_t i, k;
    json_t *f, *value;
    json_array_foreach((json_t *)fields, i, f) {
        const char *name = json_string_value(json_object_get(f, "path"));
        const char *inner = strstr(name, "[].");
        if (strcmp(name, path) != 0 && !(inner && strcmp(inner + 3, path) == 0))
            continue;
        json_array_foreach(json_object_get(f, "values"), k, value)
            offer(c, json_string_value(value));
    }
}

/* The member that the open quote at `quote` is the value of, or of a list in it. */
static void member_of(const char *line, size_t quote, char *out, size_t room)
{
    size_t end = quote;
    while (end > 0 && line[end - 1] != '=')
        end--;
    while (end > 0 && strchr(" =", line[end - 1]))
        end--;
    size_t start = end;
    while (start > 0 && !strchr(" {(;", line[start - 1]))
        start--;
    snprintf(out, room, "%.*s", (int)(end - start), line + start);
}

static void offer_in_quotes(struct completing *c, const json_t *fields, bool get, const char *line,
                            size_t quote)
{
    const json_t *read = json_object_get(fields, get ? "source" : "core");
    const json_t *written = json_object_get(fields, get ? "core" : "destination");
    char member[32], path[256];
    member_of(line, quote, member, sizeof member);
    if (strcmp(member, "to") == 0) {
        offer_paths(c, written, true);
    } else if (strcmp(member, "from") == 0 || strcmp(member, "each") == 0 ||
               strcmp(member, "field") == 0 || strcmp(member, "expr") == 0) {
        offer_paths(c, read, false);
        if (!get)
            offer_names(c, json_object_get(fields, "settings"), "settings.");
    } else if (strcmp(member, "via") == 0) {
        offer_names(c, json_object_get(fields, "functions"), "");
    } else if (strcmp(member, "table") == 0) {
        offer_names(c, json_object_get(fields, "tables"), "");
    } else if (strcmp(member, "unmapped") == 0) {
        offer_all(c, unmapped);
    } else if (strcmp(member, "on") == 0) {
        offer_all(c, on);
    } else if (strcmp(member, "empty") == 0) {
        offer_all(c, empty);
    } else if (strcmp(member, "value") == 0 || strcmp(member, "default") == 0) {
        text_behind(line, "to", quote, path, sizeof path);
        offer_values(c, written, path);
    } else if (strcmp(member, "is") == 0 || strcmp(member, "in") == 0) {
        text_behind(line, "field", quote, path, sizeof path);
        offer_values(c, read, path);
    }
}

/* The place of the quote that is open at `end`; -1: none is. */
static long open_quote(const char *line, size_t end)
{
    long at = -1;
    for (size_t i = 0; i < end && line[i]; i++) {
        if (line[i] == '\\' && at >= 0)
            i++;
        else if (line[i] == '"')
            at = at < 0 ? (long)i : -1;
    }
    return at;
}

json_t *map_complete(const json_t *fields, bool get, const char *line, size_t end, size_t *start)
{
    long quote = open_quote(line, end);
    struct completing c = {.out = json_array()};
    size_t at = end;
    while (at > 0 && !strchr(" {(;,=\"", line[at - 1]))
        at--;
    if (quote >= 0)
        at = (size_t)quote + 1;
    c.word = line + at;
    c.bytes = end - at;
    *start = at;
    if (quote >= 0)
        offer_in_quotes(&c, fields, get, line, (size_t)quote);
    else if (line[0] == ':')
        offer_all(&c, map_complete_orders);
    else
        offer_all(&c, members);
    return c.out;
}
