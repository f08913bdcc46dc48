/* SPDX-License-Identifier: MIT
 * A preview for a person. */
#include "commands/preview_print.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_text.h"
#include "base/visible.h"
#include "commands/cells.h"
#include "commands/laid_out.h"

#define CELL_LIMIT (1 << 20) /* bytes of one cell */
#define SIDES 3              /* source, core, destination */
#define INDENT 2

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static int column(void)
{
    return (cells_width() - INDENT - (SIDES - 1)) / SIDES;
}

/* ---- cells ---- */

static void add_line(struct buf *cell, const char *text)
{
    if (*buf_text(cell))
        buf_add_char(cell, '\n');
    buf_add_text(cell, text);
}

/* "name = value", or the value below the name where that does not fit; of an object or list only
 * that it is one. */
static void add_field(struct buf *cell, const char *name, const json_t *value)
{
    char *text = json_is_object(value)  ? strdup("{...}")
                 : json_is_array(value) ? strdup("[...]")
                 : value && !json_is_null(value) ? json_text(value, false, NULL)
                                                 : strdup("-");
    struct buf line;
    buf_init(&line, CELL_LIMIT);
    bool fits = text && strlen(name) + strlen(text) + 3 <= (size_t)column();
    buf_printf(&line, fits ? "%s = %s" : "%s\n  %s", name, text ? text : "");
    add_line(cell, buf_text(&line));
    buf_done(&line);
    free(text);
}

/* "order.get:12", as a column is narrow. */
static void add_place(struct buf *cell, const json_t *rule)
{
    const char *file = text_of(rule, "file"), *base = strrchr(file, '/');
    const char *name = base ? base + 1 : file, *end = strstr(name, ".conf");
    struct buf line;
    buf_init(&line, CELL_LIMIT);
    buf_printf(&line, "  %.*s:%d", (int)(end ? (size_t)(end - name) : strlen(name)), name,
               (int)json_integer_value(json_object_get(rule, "line")));
    add_line(cell, buf_text(&line));
    buf_done(&line);
}

/* Where a value of the core record is from that no rule gave. */
static const char *origin(const char *path)
{
    size_t n = strlen(path);
    return strncmp(path, "settings.", 9) == 0                ? "  setting"
           : n > 4 && strcmp(path + n - 4, ".ref") == 0 ? "  looked up"
                                                        : "  worked out";
}

/* What a value went through. */
static void add_how(struct buf *cell, const json_t *rule)
{
    const json_t *table = json_object_get(rule, "table");
    const char *because = text_of(rule, "because");
    struct buf line;
    size_t i;
    json_t *via;
    buf_init(&line, CELL_LIMIT);
    json_array_foreach(json_object_get(rule, "via"), i, via)
        buf_printf(&line, "%svia %s", *buf_text(&line) ? ", " : "  ", text_of(via, "function"));
    if (table)
        buf_printf(&line, "%stable %s, %s \"%s\"", *buf_text(&line) ? ", " : "  ",
                   text_of(table, "name"),
                   json_is_true(json_object_get(table, "hit")) ? "row" : "no row",
                   text_of(table, json_is_true(json_object_get(table, "hit")) ? "row" : "key"));
    if (strcmp(because, "default") == 0 || strcmp(because, "force") == 0 ||
        strcmp(because, "clear") == 0 || strcmp(because, "unmapped") == 0)
        buf_printf(&line, "%s%s", *buf_text(&line) ? ", " : "  ", because);
    if (*buf_text(&line))
        add_line(cell, buf_text(&line));
    buf_done(&line);
}

/* One of several words of a kind, the kind before the first. */
static void print_line(const char *title, const char *text)
{
    cells_print(stdout, INDENT, (const int[]){13, cells_width() - 14 - INDENT},
                (const char *const[]){title, text}, 2);
}

/* ---- fields ---- */

/* Does it stand in the record that came of it? */
static bool stands(const json_t *rule)
{
    return json_is_true(json_object_get(rule, "applied")) && !json_object_get(rule, "replaced") &&
           !json_object_get(rule, "count");
}

/* The rule that filled the field of the core record, last; NULL: none did. */
static const json_t *filled_by(const json_t *get, const char *path)
{
    const json_t *found = NULL;
    size_t i;
    json_t *rule;
    json_array_foreach((json_t *)get, i, rule) {
        if (stands(rule) && strcmp(text_of(rule, "to"), path) == 0)
            found = rule;
    }
    return found;
}

/* What was read in the rule and in its parts. */
static void add_read(struct buf *cell, const json_t *rule)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(rule, "from"), i, one)
        add_field(cell, text_of(one, "path"), json_object_get(one, "value"));
    json_array_foreach(json_object_get(rule, "parts"), i, one)
        add_read(cell, one);
}

static void add_core(struct buf *source, struct buf *core, const json_t *rule, const json_t *get)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(rule, "from"), i, one) {
        const char *path = text_of(one, "path");
        const json_t *maker = filled_by(get, path);
        add_field(core, path, json_object_get(one, "value"));
        if (maker) {
            add_how(core, maker);
            add_place(core, json_object_get(maker, "rule"));
            add_read(source, maker);
        } else if (!json_is_null(json_object_get(one, "value"))) {
            add_line(core, origin(path));
        }
    }
    json_array_foreach(json_object_get(rule, "parts"), i, one)
        add_core(source, core, one, get);
}

/* Without the numbers of elements: "lines[].vatCode". */
static void plain_path(const char *path, struct buf *out)
{
    for (const char *at = path; *at; at++) {
        buf_add_char(out, *at);
        if (*at == '[')
            at += strcspn(at, "]") - 1;
    }
}

static bool is_required(const json_t *row, const char *path)
{
    struct buf plain;
    size_t i;
    json_t *one;
    bool found = false;
    buf_init(&plain, CELL_LIMIT);
    plain_path(path, &plain);
    json_array_foreach(json_object_get(row, "required"), i, one)
        found = found || strcmp(json_string_value(one), buf_text(&plain)) == 0;
    buf_done(&plain);
    return found;
}

static void print_cells(const char *source, const char *core, const char *destination)
{
    int width = column();
    cells_print(stdout, INDENT, (const int[]){width, width, width},
                (const char *const[]){source, core, destination}, SIDES);
}

static void print_field(const json_t *row, const json_t *rule, const json_t *get)
{
    struct buf source, core, destination, name;
    const char *path = text_of(rule, "to"), *error = text_of(rule, "error");
    buf_init(&source, CELL_LIMIT);
    buf_init(&core, CELL_LIMIT);
    buf_init(&destination, CELL_LIMIT);
    buf_init(&name, CELL_LIMIT);
    add_core(&source, &core, rule, get);
    buf_printf(&name, "%s%s", path, is_required(row, path) ? " *" : "");
    add_field(&destination, buf_text(&name), json_object_get(rule, "value"));
    add_how(&destination, rule);
    if (*error)
        add_line(&destination, error);
    add_place(&destination, json_object_get(rule, "rule"));
    print_cells(buf_text(&source), buf_text(&core), buf_text(&destination));
    buf_done(&name);
    buf_done(&source);
    buf_done(&core);
    buf_done(&destination);
}

/* Of a field that failed on the way to the core record. */
static void print_failed(const json_t *rule)
{
    struct buf source, core;
    buf_init(&source, CELL_LIMIT);
    buf_init(&core, CELL_LIMIT);
    add_read(&source, rule);
    buf_printf(&core, "%s\n%s", text_of(rule, "to"), text_of(rule, "error"));
    add_place(&core, json_object_get(rule, "rule"));
    print_cells(buf_text(&source), buf_text(&core), "");
    buf_done(&source);
    buf_done(&core);
}

static bool is_read(const json_t *send, const char *path)
{
    size_t i, k;
    json_t *rule, *one;
    json_array_foreach((json_t *)send, i, rule) {
        json_array_foreach(json_object_get(rule, "from"), k, one) {
            if (strcmp(text_of(one, "path"), path) == 0)
                return true;
        }
        if (is_read(json_object_get(rule, "parts"), path))
            return true;
    }
    return false;
}

/* What the core record has and nothing is made of. */
static void print_unused(const json_t *get, const json_t *send)
{
    struct buf names;
    size_t i;
    json_t *rule, *told = json_object();
    buf_init(&names, CELL_LIMIT);
    json_array_foreach((json_t *)get, i, rule) {
        struct buf plain;
        buf_init(&plain, CELL_LIMIT);
        plain_path(text_of(rule, "to"), &plain);
        if (stands(rule) && !is_read(send, text_of(rule, "to")) &&
            !json_object_get(told, buf_text(&plain))) {
            buf_printf(&names, "%s%s", *buf_text(&names) ? ", " : "", buf_text(&plain));
            json_object_set_new(told, buf_text(&plain), json_true());
        }
        buf_done(&plain);
    }
    if (*buf_text(&names))
        print_line("not sent:", buf_text(&names));
    json_decref(told);
    buf_done(&names);
}

/* Of fields whose names begin so. */
static bool print_sent(const json_t *row, const char *begin)
{
    const json_t *explain = json_object_get(row, "explain");
    const json_t *get = json_object_get(explain, "get"), *send = json_object_get(explain, "send");
    size_t i;
    json_t *rule;
    bool any = false;
    json_array_foreach((json_t *)send, i, rule) {
        if ((!stands(rule) && !*text_of(rule, "error")) ||
            strncmp(text_of(rule, "to"), begin, strlen(begin)) != 0)
            continue;
        if (!any)
            print_cells("SOURCE", "CORE", "DESTINATION");
        any = true;
        print_field(row, rule, get);
    }
    return any;
}

static void print_fields(const json_t *row)
{
    const json_t *explain = json_object_get(row, "explain");
    const json_t *get = json_object_get(explain, "get"), *send = json_object_get(explain, "send");
    size_t i;
    json_t *rule;
    json_array_foreach((json_t *)get, i, rule) {
        if (*text_of(rule, "error"))
            print_failed(rule);
    }
    if (print_sent(row, ""))
        print_unused(get, send);
}

void preview_print_fields(const json_t *row, const char *begin)
{
    if (!print_sent(row, begin))
        visible_print(stdout, "  nothing is sent as %s...\n", begin);
}

/* ---- what is not a field ---- */

static void print_whole(const char *title, const json_t *value)
{
    char *text = value && !json_is_null(value) ? json_text_lines(value) : NULL;
    if (text)
        visible_print(stdout, "  %s\n%s\n", title, text);
    free(text);
}

static void print_missing(const json_t *missing)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)missing, i, one) {
        struct buf line;
        buf_init(&line, CELL_LIMIT);
        buf_printf(&line, "%s %s (%s)", text_of(one, "side"), text_of(one, "field"),
                   text_of(one, "title"));
        print_line(i ? "" : "missing:", buf_text(&line));
        buf_done(&line);
    }
}

static void print_differs(const json_t *differs)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)differs, i, one) {
        struct buf line;
        buf_init(&line, CELL_LIMIT);
        buf_printf(&line, "%s: %s -> %s", text_of(one, "field"), text_of(one, "was"),
                   text_of(one, "now"));
        print_line(i ? "" : "differs:", buf_text(&line));
        buf_done(&line);
    }
}

static void print_header(const char *name, const char *value)
{
    struct buf line;
    buf_init(&line, CELL_LIMIT);
    buf_printf(&line, "%s: %s", name, value);
    cells_print(stdout, 4, (const int[]){cells_width() - 4}, (const char *const[]){buf_text(&line)},
                1);
    buf_done(&line);
}

static void print_request(const json_t *shown)
{
    const json_t *request = json_object_get(shown, "request");
    const char *body = text_of(request, "body"), *name;
    json_t *value;
    char *lines = laid_out(body);
    struct buf line;
    buf_init(&line, CELL_LIMIT);
    buf_printf(&line, "%s %s %s%s", text_of(shown, "write"), text_of(shown, "entity"),
               text_of(shown, "id"), *text_of(shown, "why") ? ": " : "");
    buf_add_text(&line, text_of(shown, "why"));
    print_line("would send:", buf_text(&line));
    buf_done(&line);
    if (json_is_object(request)) {
        visible_print(stdout, "    %s %s\n", text_of(request, "method"), text_of(request, "url"));
        json_object_foreach(json_object_get(request, "headers"), name, value)
            print_header(name, json_string_value(value));
        cells_print(stdout, 4, (const int[]){cells_width() - 4},
                    (const char *const[]){lines ? lines : body}, 1);
    }
    free(lines);
}

static void print_steps(const json_t *steps)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)steps, i, one) {
        struct buf line;
        const char *reference = text_of(one, "reference"), *key = text_of(one, "key");
        buf_init(&line, CELL_LIMIT);
        if (json_is_string(one))
            buf_add_text(&line, json_string_value(one));
        else
            buf_printf(&line, "%s%s%s%s%s: %s", reference, *reference ? " " : "", key,
                       *key ? " " : "", text_of(one, "step"), text_of(one, "detail"));
        print_line(i ? "" : "steps:", buf_text(&line));
        buf_done(&line);
    }
}

void preview_print(const json_t *row)
{
    const json_t *explain = json_object_get(row, "explain");
    const json_t *judged = json_object_get(row, "check"), *shown;
    const char *reason = text_of(row, "reason"), *detail = text_of(row, "detail");
    size_t i;
    visible_print(stdout, "== %s: %s%s%s\n", text_of(row, "key"), text_of(row, "outcome"),
                  *reason ? ", " : "", reason);
    if (*detail)
        print_line("detail:", detail);
    if (*text_of(row, "remedy"))
        print_line("remedy:", text_of(row, "remedy"));
    /* without rules a record passes as it is */
    if (json_array_size(json_object_get(explain, "send")) > 0 ||
        json_array_size(json_object_get(explain, "get")) > 0) {
        print_fields(row);
    } else {
        print_whole("SOURCE", json_object_get(row, "source"));
        print_whole("DESTINATION", json_object_get(row, "destination"));
    }
    print_missing(json_object_get(row, "missing"));
    print_differs(json_object_get(row, "differs"));
    print_steps(json_object_get(row, "steps"));
    json_array_foreach(json_object_get(row, "requests"), i, shown)
        print_request(shown);
    if (json_is_object(judged))
        print_line("check:", text_of(judged, "text"));
    fputc('\n', stdout);
}
