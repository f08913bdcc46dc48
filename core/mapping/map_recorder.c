/* SPDX-License-Identifier: MIT
 * The rows of an explanation. One that there is no memory for is left out; the mapping goes on. */
#include "mapping/map_recorder.h"

#include <string.h>

#include "base/buf.h"
#include "mapping/condition.h"
#include "mapping/map_run.h"

#define PATH_LIMIT 4096
#define WORDS_LIMIT 4096

int map_recorder_init(struct map_recorder *r)
{
    *r = (struct map_recorder){.rows = json_array(), .last = json_object()};
    if (r->rows && r->last)
        return 0;
    map_recorder_done(r);
    return -1;
}

void map_recorder_done(struct map_recorder *r)
{
    json_decref(r->rows);
    json_decref(r->last);
    *r = (struct map_recorder){0};
}

void map_recorder_clear(struct map_recorder *r)
{
    if (!r)
        return;
    json_array_clear(r->rows);
    json_object_clear(r->last);
    r->row = NULL;
}

/* ---- parts of a row ---- */

static void add_path(struct buf *b, const char *path)
{
    const char *before = buf_text(b);
    if (before[0] && path[0] && path[0] != '[')
        buf_add_text(b, ".");
    buf_add_text(b, path);
}

/* The path of a place in the source (result false) or in what is made of it. */
static void add_place(struct buf *b, const struct map_place *place, bool result)
{
    if (!place)
        return;
    add_place(b, place->up, result);
    if (result && place->to) {
        add_path(b, path_text(place->to));
        if (place->made >= 0)
            buf_printf(b, "[%ld]", place->made);
    } else if (!result && place->from) {
        add_path(b, path_text(place->from));
        buf_printf(b, "[%zu]", place->index);
    }
}

/* The whole path as JSON: of the place, and in it of path (may be NULL). NULL: no memory, or too
 * long. */
static json_t *whole_path(const struct map_place *place, const struct path *path, bool result)
{
    struct buf b;
    buf_init(&b, PATH_LIMIT);
    if (!path || strncmp(path_text(path), "settings.", 9) != 0)
        add_place(&b, place, result);
    if (path && strcmp(path_text(path), ".") != 0)
        add_path(&b, path_text(path));
    json_t *text = buf_ok(&b) ? json_string(buf_text(&b)) : NULL;
    buf_done(&b);
    return text;
}

/* As it is now: the mapper puts more into objects and lists later. */
static json_t *kept(const json_t *value)
{
    if (!value)
        return json_null();
    bool plain = !json_is_array(value) && !json_is_object(value);
    return plain ? json_incref((json_t *)value) : json_deep_copy(value);
}

static json_t *at_json(const struct conf_at *at)
{
    return json_pack("{s:s?,s:i}", "file", at->file, "line", at->line);
}

/* Adds to a list of the row at hand. */
static void add(struct map_recorder *r, const char *list, json_t *item_take)
{
    json_t *items = json_object_get(r->row, list);
    if (!items) {
        items = json_array();
        if (json_object_set_new(r->row, list, items) != 0)
            items = NULL;
    }
    if (items)
        json_array_append_new(items, item_take);
    else
        json_decref(item_take);
}

/* ---- rows ---- */

void map_recorder_begin(struct map_recorder *r, const struct map_place *place,
                        const struct conf_rule *rule, long made)
{
    if (!r)
        return;
    struct map_place here = {.up = place, .to = rule->to, .made = made};
    json_t *to = whole_path(&here, NULL, true);
    r->row = to ? json_pack("{s:o,s:o}", "to", to, "rule", at_json(&rule->at)) : NULL;
    if (r->row && json_array_append_new(r->rows, r->row) != 0)
        r->row = NULL;
}

void map_recorder_from(struct map_recorder *r, const struct map_place *place,
                       const struct path *path, const json_t *value)
{
    if (!r || !r->row)
        return;
    json_t *name = whole_path(place, path, false);
    add(r, "from", json_pack("{s:o,s:o}", "path", name ? name : json_null(), "value",
                             kept(value)));
}

void map_recorder_expression(struct map_recorder *r, const struct map_place *place,
                             const struct expr *e, const json_t *source,
                             const json_t *root)
{
    const struct path *path;
    for (int i = 0; r && (path = expr_path(e, i)); i++)
        map_recorder_from(r, place, path, condition_value(path, source, root));
}

void map_recorder_via(struct map_recorder *r, const char *function, const json_t *value)
{
    if (r && r->row)
        add(r, "via", json_pack("{s:s,s:o}", "function", function, "value", kept(value)));
}

void map_recorder_table(struct map_recorder *r, const struct conf_table *table, const char *key,
                        const char *row)
{
    if (!r || !r->row)
        return;
    json_object_set_new(r->row, "table",
                        json_pack("{s:s,s:s?,s:s,s:s?,s:b}", "name", table->name, "file",
                                  table->at.file, "key", key, "row", row, "hit", row != NULL));
}

void map_recorder_condition(struct map_recorder *r, const struct conf_condition *c,
                            const json_t *record, const json_t *root)
{
    struct buf words;
    if (!r || !r->row)
        return;
    buf_init(&words, WORDS_LIMIT);
    condition_words(c, &words);
    json_object_set_new(r->row, "when",
                        json_pack("{s:s?,s:i,s:s,s:o}", "file", c->at.file, "line", c->at.line,
                                  "condition", buf_ok(&words) ? buf_text(&words) : "", "value",
                                  kept(c->field ? condition_value(c->field, record, root)
                                                : NULL)));
    buf_done(&words);
}

static void end_row(json_t *row, const json_t *value, const char *because)
{
    json_object_set_new(row, "value", kept(value));
    json_object_set_new(row, "applied", json_boolean(value != NULL));
    json_object_set_new(row, "because", json_string(because ? because : "nothing"));
}

void map_recorder_end(struct map_recorder *r, const json_t *value, const char *because)
{
    if (!r || !r->row)
        return;
    json_t *row = r->row;
    r->row = NULL;
    end_row(row, value, because);
    const char *to = json_string_value(json_object_get(row, "to"));
    json_t *before = value ? json_object_get(r->last, to) : NULL;
    if (before)
        json_object_set(before, "replaced", json_object_get(row, "rule"));
    if (value)
        json_object_set(r->last, to, row);
}

void map_recorder_open(struct map_recorder *r, const char *because, size_t count)
{
    if (!r || !r->row)
        return;
    json_object_set_new(r->row, "count", json_integer((json_int_t)count));
    json_object_set_new(r->row, "applied", json_true());
    json_object_set_new(r->row, "because", json_string(because));
    r->row = NULL;
}

void map_recorder_fail(struct map_recorder *r, const struct koppel_error *err)
{
    if (!r || !r->row)
        return;
    end_row(r->row, NULL, "error");
    json_object_set_new(r->row, "error", json_string(err ? err->text : ""));
    r->row = NULL;
}

json_t *map_recorder_part(struct map_recorder *r, const struct conf_rule *part)
{
    if (!r || !r->row)
        return NULL;
    json_t *outer = r->row, *row = json_pack("{s:o}", "rule", at_json(&part->at));
    add(r, "parts", row);
    r->row = row;
    return outer;
}

void map_recorder_part_end(struct map_recorder *r, json_t *outer, const json_t *value,
                           const char *because)
{
    if (!r || !outer)
        return;
    if (r->row)
        end_row(r->row, value, because);
    r->row = outer;
}
