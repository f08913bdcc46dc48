/* SPDX-License-Identifier: MIT
 * Errors and bad elements of a JSON text that is read. */
#include "base/json_fault.h"

#include <stdio.h>
#include <stdlib.h>

#define BAD_MAX 1000 /* elements; a list of which more is bad is refused */

static void fill_path(const struct json_frame *frames, int depth, char *path, size_t room)
{
    bool more = true;
    path[0] = '\0';
    for (int i = 0; i < depth && more; i++) {
        const struct json_frame *f = &frames[i];
        char index[32];
        if (!f->object) {
            int n = snprintf(index, sizeof index, "[%zu]", f->index);
            more = json_place_path(path, room, index, (size_t)n);
        } else if (f->name) {
            more = !path[0] || json_place_path(path, room, ".", 1);
            more = more && json_place_path(path, room, f->name, f->name_bytes);
        }
    }
}

static void fill_error(struct json_faults *f, const struct json_frame *frames, int depth,
                       const char *at, const char *what, struct json_read_error *error)
{
    json_place_count(&f->place, at);
    error->offset = (size_t)(at - f->text);
    error->line = f->place.line;
    error->column = f->place.column;
    fill_path(frames, depth, error->path, sizeof error->path);
    snprintf(error->text, sizeof error->text, "line %d, column %d%s%s: %s", error->line,
             error->column, error->path[0] ? ", at " : "", error->path, what);
}

bool json_fault_fail(struct json_faults *f, const struct json_frame *frames, int depth,
                     const char *at, const char *what)
{
    fill_error(f, frames, depth, at, what, f->error);
    return false;
}

bool json_fault_value(struct json_faults *f, const struct json_frame *frames, int depth,
                      const char *at, const char *what)
{
    if (!f->element)
        return json_fault_fail(f, frames, depth, at, what);
    if (f->element_bad)
        return true;
    if (f->count == BAD_MAX)
        return json_fault_fail(f, frames, depth, at,
                               "too many elements of the list cannot be read");
    if (f->count == f->room) {
        size_t room = f->room ? 2 * f->room : 4;
        struct json_read_bad *bad = realloc(f->bad, room * sizeof *bad);
        if (!bad)
            return json_fault_fail(f, frames, depth, at, "out of memory");
        f->bad = bad;
        f->room = room;
    }
    struct json_read_bad *b = &f->bad[f->count++];
    *b = (struct json_read_bad){.raw = f->element, .index = f->index};
    fill_error(f, frames, depth, at, what, &b->error);
    f->element_bad = true;
    return true;
}

bool json_fault_end(struct json_faults *f, json_t *list, const char *at)
{
    bool bad = f->element_bad;
    f->element = NULL;
    f->element_bad = false;
    if (!bad)
        return true;
    struct json_read_bad *b = &f->bad[f->count - 1];
    b->raw_bytes = (size_t)(at - b->raw);
    json_t *rest = json_array_get(list, b->index);
    b->rest = json_is_null(rest) ? NULL : json_incref(rest);
    return json_array_set_new(list, b->index, json_null()) == 0;
}

void json_fault_done(struct json_faults *f, const struct json_read_list *list)
{
    for (size_t i = 0; i < f->count; i++) {
        if (list)
            list->bad(&f->bad[i], list->user);
        json_decref(f->bad[i].rest);
    }
    free(f->bad);
}
