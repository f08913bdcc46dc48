/* SPDX-License-Identifier: MIT
 * koppel mapping: what becomes of each field, and which rule says so. */
#include "commands/command_mapping.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/visible.h"
#include "commands/cells.h"
#include "commands/command_ask.h"

#define WORDS_LIMIT (1 << 20) /* of a rule in words */
#define TEXT_LIMIT 4096 /* of what stands in one cell beside the words of a rule */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* "orders.conf:12"; "default" where it was written nowhere. */
static void add_place(struct buf *out, const json_t *at)
{
    const char *file = text_of(at, "file"), *base = strrchr(file, '/');
    if (*file)
        buf_printf(out, "%s:%d", base ? base + 1 : file,
                   (int)json_integer_value(json_object_get(at, "line")));
    else
        buf_add_text(out, "default");
}

/* A name, what it is, and where that stands. */
static void print_row(int indent, const char *name, const char *words, const json_t *at)
{
    int width = cells_width() - indent - 2, place = width * 2 / 7, head = width * 2 / 7;
    struct buf where;
    buf_init(&where, TEXT_LIMIT);
    add_place(&where, at);
    cells_print(stdout, indent, (const int[]){head, width - head - place, place},
                (const char *const[]){name, words, buf_text(&where)}, 3);
    buf_done(&where);
}

/* ---- rules ---- */

static void print_rule(const json_t *rule, int indent)
{
    struct buf words;
    size_t i;
    json_t *before;
    buf_init(&words, WORDS_LIMIT);
    buf_add_text(&words, text_of(rule, "words"));
    json_array_foreach(json_object_get(rule, "over"), i, before) {
        buf_add_text(&words, i ? ", " : "; where it applies, instead of ");
        add_place(&words, before);
    }
    print_row(indent, text_of(rule, "to"), buf_text(&words), rule);
    buf_done(&words);
}

static void print_rules(const json_t *rules, int indent)
{
    size_t i;
    json_t *rule;
    json_array_foreach((json_t *)rules, i, rule) {
        print_rule(rule, indent);
        print_rules(json_object_get(rule, "map"), indent + 2);
    }
}

static void print_replaced(const json_t *replaced)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)replaced, i, one) {
        struct buf words;
        buf_init(&words, TEXT_LIMIT);
        buf_add_text(&words, "not in effect: replaced by ");
        add_place(&words, json_object_get(one, "by"));
        print_row(2, text_of(one, "to"), buf_text(&words), one);
        buf_done(&words);
    }
}

static void print_side(const char *title, const json_t *side)
{
    const json_t *rules = json_object_get(side, "rules");
    const char *file = text_of(side, "file");
    visible_print(stdout, "\n%s  %s\n", title, *file ? file : "the record passes as it is");
    print_rules(rules, 2);
    print_replaced(json_object_get(side, "replaced"));
}

/* ---- what stands around them ---- */

static void print_settings(const char *title, const json_t *settings)
{
    size_t i;
    json_t *one;
    if (json_array_size(settings) > 0)
        printf("\n%s\n", title);
    json_array_foreach((json_t *)settings, i, one)
        print_row(2, text_of(one, "name"), text_of(one, "value"), one);
}

static void print_words(const char *title, const json_t *list)
{
    size_t i;
    json_t *one;
    if (json_array_size(list) > 0)
        printf("\n%s\n", title);
    json_array_foreach((json_t *)list, i, one) {
        if (json_is_object(one))
            print_row(2, "", text_of(one, "words"), one);
        else
            visible_print(stdout, "  %s\n", json_string_value(one));
    }
}

static void print_reference(const json_t *reference)
{
    struct buf words;
    size_t i;
    json_t *one;
    const char *fallback = text_of(reference, "default");
    buf_init(&words, TEXT_LIMIT);
    buf_add_text(&words, "found by ");
    json_array_foreach(json_object_get(reference, "match"), i, one)
        buf_printf(&words, "%s%s", i ? ", " : "", json_string_value(one));
    buf_printf(&words, "; missing: %s; existing: %s", text_of(reference, "missing"),
               text_of(reference, "existing"));
    if (*fallback)
        buf_printf(&words, "; %s %s",
                   json_is_true(json_object_get(reference, "force")) ? "always" : "default",
                   fallback);
    printf("\n");
    print_row(0, text_of(reference, "name"), buf_text(&words), reference);
    buf_done(&words);
    if (*text_of(json_object_get(reference, "get"), "file"))
        print_side("get", json_object_get(reference, "get"));
    if (*text_of(json_object_get(reference, "send"), "file"))
        print_side("send", json_object_get(reference, "send"));
}

static void print_mapping(const json_t *m)
{
    const json_t *from = json_object_get(m, "from"), *to = json_object_get(m, "to");
    size_t i;
    json_t *one;
    visible_print(stdout, "%s: %s of %s -> %s of %s, core model %s\n", text_of(m, "flow"),
                  text_of(from, "entity"), text_of(from, "connection"), text_of(to, "entity"),
                  text_of(to, "connection"), text_of(m, "model"));
    print_side("get", json_object_get(m, "get"));
    print_words("record", json_object_get(m, "record"));
    print_words("filter", json_object_get(m, "filter"));
    print_side("send", json_object_get(m, "send"));
    print_settings("settings", json_object_get(m, "settings"));
    print_settings("options", json_object_get(m, "options"));
    print_settings("tables", json_object_get(m, "tables"));
    json_array_foreach(json_object_get(m, "references"), i, one)
        print_reference(one);
}

int command_mapping(const struct command_line *line)
{
    json_t *out;
    int rc = command_ask(line, "flows.mapping", json_pack("{s:s}", "flow", line->words[0]), NULL,
                         NULL, &out);
    if (rc != EXIT_OK)
        return rc;
    if (line->json) {
        command_print_json(out);
    } else {
        print_mapping(out);
        json_decref(out);
    }
    return rc;
}
