/* SPDX-License-Identifier: MIT
 * Reads JSON text. One pass, without recursion: what is open stands in a stack of frames, and a
 * value goes into its object or list as soon as it begins, so that the root owns everything.
 *
 * What is wrong is either a fault or a failure. A fault is a value that cannot be decoded while it
 * is known where it ends; within an element of the caller's list it costs that element. A failure,
 * and every fault elsewhere, ends the reading. */
#include "base/json_read.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json_escape.h"
#include "base/json_fault.h"
#include "base/json_number.h"
#include "base/json_scan.h"

#define FIRST_FRAMES 64
#define FRAMES_MAX 100000 /* open at once within an element that is nested too deep */
#define INTEGER_DIGITS 18 /* always fit 64 bits */

/* Memory for text that is not as it stands in the input. */
struct scratch {
    char *text;
    size_t room;
};

struct reader {
    const char *at, *end;
    json_t *root;
    struct json_frame *frames, first[FIRST_FRAMES];
    int depth, room, depth_max;
    const char *name; /* of the member whose value comes next, decoded; NULL: cannot be read */
    size_t name_bytes;
    struct scratch names, strings;

    const struct json_read_list *list;
    int list_depth; /* the list is the frame below this many; 0: not open */
    struct json_faults faults;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void skip_space(struct reader *r)
{
    while (r->at < r->end && is_space(*r->at))
        r->at++;
}

static bool fail(struct reader *r, const char *at, const char *what)
{
    return json_fault_fail(&r->faults, r->frames, r->depth, at, what);
}

/* True where reading goes on. */
static bool fault(struct reader *r, const char *at, const char *what)
{
    return json_fault_value(&r->faults, r->frames, r->depth, at, what);
}

static bool fail_memory(struct reader *r)
{
    return fail(r, r->at, "out of memory");
}

/* ---- where a value goes ---- */

/* Takes value, which NULL (no memory) may be. kept (may be NULL) says whether it has a place. */
static bool attach(struct reader *r, json_t *value_take, bool *kept)
{
    struct json_frame *f = r->depth ? &r->frames[r->depth - 1] : NULL;
    if (kept)
        *kept = true;
    if (!value_take)
        return fail_memory(r);
    if (!f) {
        r->root = value_take;
        return true;
    }
    if (!f->object && f->container)
        return json_array_append_new(f->container, value_take) == 0 || fail_memory(r);
    if (!f->container || !r->name) {
        json_decref(value_take);
        if (kept)
            *kept = false;
        return true;
    }

    size_t members = json_object_size(f->container);
    if (json_object_setn_new_nocheck(f->container, r->name, r->name_bytes, value_take) < 0)
        return fail_memory(r);
    if (json_object_size(f->container) > members)
        return true;
    if (kept)
        *kept = false;
    if (!fault(r, f->name, "this name stands twice in one object"))
        return false;
    return json_object_setn_new_nocheck(f->container, r->name, r->name_bytes, json_null()) == 0
           || fail_memory(r);
}

static bool end_value(struct reader *r)
{
    return !r->faults.element || r->depth != r->list_depth
           || json_fault_end(&r->faults, r->frames[r->depth - 1].container, r->at)
           || fail_memory(r);
}

/* ---- strings ---- */

static bool reserve(struct reader *r, struct scratch *s, size_t bytes)
{
    if (bytes <= s->room)
        return true;
    size_t room = s->room ? s->room : 256;
    while (room < bytes)
        room *= 2;
    char *text = realloc(s->text, room);
    if (!text)
        return fail_memory(r);
    s->text = text;
    s->room = room;
    return true;
}

/* A string at its quote. text: in the input or in s; NULL where it holds a fault. */
static bool read_string(struct reader *r, struct scratch *s, const char **text, size_t *bytes)
{
    const char *open = r->at, *at = open + 1, *from = at, *end = r->end;
    size_t used = 0;
    bool copied = false, bad = false;

    for (;;) {
        at = json_scan_plain(at, end);
        if (at == end || (*at == '\\' && end - at < 2))
            return fail(r, open, "this text has no end");
        if (*at == '"')
            break;
        const char *here = at, *what;
        if (*at != '\\') {
            what = json_escape_none(&at, end);
        } else {
            size_t run = (size_t)(at - from);
            if (!reserve(r, s, used + run + JSON_ESCAPE_BYTES))
                return false;
            memcpy(s->text + used, from, run);
            used += run;
            copied = true;
            what = json_escape_take(&at, end, s->text, &used);
            from = at;
        }
        if (what && !bad && !fault(r, here, what))
            return false;
        bad |= what != NULL;
    }
    r->at = at + 1;
    *text = NULL;
    *bytes = used + (size_t)(at - from);
    if (bad)
        return true;
    if (copied) {
        if (!reserve(r, s, *bytes + 1))
            return false;
        memcpy(s->text + used, from, (size_t)(at - from));
    }
    *text = copied ? s->text : from;
    return true;
}

/* ---- values ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+'
           || c == '-' || c == '.' || c == '_';
}

/* A number that is no short whole one, true, false, null, or what stands in their place. */
static bool read_word(struct reader *r)
{
    const char *at = r->at, *what = "a value is missing";
    while (r->at < r->end && is_word(*r->at))
        r->at++;
    size_t bytes = (size_t)(r->at - at);
    json_t *value = NULL;
    if (bytes == 0)
        return fail(r, at, what);
    if (*at == '-' || is_digit(*at))
        value = json_number(at, bytes, &what);
    else if (bytes == 4 && memcmp(at, "true", 4) == 0)
        value = json_true();
    else if (bytes == 5 && memcmp(at, "false", 5) == 0)
        value = json_false();
    else if (bytes == 4 && memcmp(at, "null", 4) == 0)
        value = json_null();
    else
        what = "this is no value";
    if (!value && !fault(r, at, what))
        return false;
    return attach(r, value ? value : json_null(), NULL) && end_value(r);
}

static bool read_number(struct reader *r)
{
    const char *at = r->at;
    bool negative = *at == '-';
    at += negative;
    const char *digits = at;
    json_int_t value = 0;
    while (at < r->end && is_digit(*at) && at - digits < INTEGER_DIGITS)
        value = value * 10 + (*at++ - '0');
    if (at == digits || (at < r->end && is_word(*at)) || (*digits == '0' && at - digits > 1))
        return read_word(r);
    r->at = at;
    return attach(r, json_integer(negative ? -value : value), NULL) && end_value(r);
}

static bool read_text(struct reader *r)
{
    const char *text;
    size_t bytes;
    if (!read_string(r, &r->strings, &text, &bytes))
        return false;
    return attach(r, text ? json_stringn_nocheck(text, bytes) : json_null(), NULL) && end_value(r);
}

static bool more_frames(struct reader *r)
{
    int room = 2 * r->room;
    struct json_frame *more = realloc(r->frames == r->first ? NULL : r->frames,
                                 (size_t)room * sizeof *more);
    if (!more)
        return fail_memory(r);
    if (r->frames == r->first)
        memcpy(more, r->first, sizeof r->first);
    r->frames = more;
    r->room = room;
    return true;
}

/* Is the list that opens now, below the frames there are, the caller's? */
static bool is_list(const struct reader *r)
{
    const char *path = r->list->path;
    for (int i = 0; i < r->depth; i++) {
        const struct json_frame *f = &r->frames[i];
        size_t n = strcspn(path, ".");
        if (!f->object || !f->container || n == 0 || n != f->name_bytes
            || memcmp(path, f->name, n) != 0)
            return false;
        path += n + (path[n] == '.');
    }
    return !*path;
}

static bool open_container(struct reader *r, bool object)
{
    bool deep = r->depth >= r->depth_max, kept = false;
    json_t *value = deep ? json_null() : object ? json_object() : json_array();
    if (deep && !fault(r, r->at, "this is nested too deep"))
        return false;
    if (!attach(r, value, &kept))
        return false;
    if (r->depth == FRAMES_MAX)
        return fail(r, r->at, "this is nested too deep");
    if (r->depth == r->room && !more_frames(r))
        return false;
    bool list = r->list && !r->list_depth && !object && is_list(r);
    r->frames[r->depth++] =
        (struct json_frame){.container = kept && !deep ? value : NULL, .object = object};
    if (list)
        r->list_depth = r->depth;
    r->at++;
    return true;
}

static bool close_container(struct reader *r)
{
    if (r->depth == r->list_depth)
        r->list_depth = -1; /* read; there is no other under this path */
    r->depth--;
    r->at++;
    return end_value(r);
}

static bool read_value(struct reader *r)
{
    if (r->at == r->end)
        return fail(r, r->at, "the text ends too early");
    if (r->depth && r->depth == r->list_depth) {
        r->faults.element = r->at;
        r->faults.index = r->frames[r->depth - 1].index;
    }
    char c = *r->at;
    if (c == '"')
        return read_text(r);
    if (c == '{' || c == '[')
        return open_container(r, c == '{');
    return c == '-' || is_digit(c) ? read_number(r) : read_word(r);
}

/* A member's name and colon. */
static bool read_name(struct reader *r, struct json_frame *f)
{
    f->name = NULL;
    if (r->at == r->end)
        return fail(r, r->at, "the text ends too early");
    if (*r->at != '"')
        return fail(r, r->at, "a name in quotes is missing");
    const char *open = r->at;
    if (!read_string(r, &r->names, &r->name, &r->name_bytes))
        return false;
    f->name = open + 1;
    f->name_bytes = (size_t)(r->at - open) - 2;
    skip_space(r);
    if (r->at == r->end || *r->at != ':')
        return fail(r, r->at, "a colon is missing");
    r->at++;
    skip_space(r);
    return true;
}

/* The next member, element or end of what is open. */
static bool read_next(struct reader *r)
{
    struct json_frame *f = &r->frames[r->depth - 1];
    skip_space(r);
    if (r->at == r->end)
        return fail(r, r->at, "the text ends too early");
    if (*r->at == (f->object ? '}' : ']'))
        return close_container(r);
    if (f->begun) {
        if (*r->at != ',')
            return fail(r, r->at, "a comma or the end of what is open is missing");
        r->at++;
        skip_space(r);
        f->index++;
    }
    f->begun = true;
    if (f->object && !read_name(r, f))
        return false;
    return read_value(r);
}

static bool read_all(struct reader *r)
{
    if (r->end - r->at >= 3 && memcmp(r->at, "\xEF\xBB\xBF", 3) == 0)
        r->at += 3;
    r->faults.place.start = r->at;
    skip_space(r);
    if (r->at == r->end)
        return fail(r, r->at, "there is no text");
    if (!read_value(r))
        return false;
    while (r->depth > 0)
        if (!read_next(r))
            return false;
    skip_space(r);
    return r->at == r->end || fail(r, r->at, "there is more behind the end of the value");
}

json_t *json_read_list(const char *text, size_t bytes, const struct json_read_limits *limits,
                       const struct json_read_list *list, struct json_read_error *error)
{
    struct json_read_error unused;
    if (!text)
        text = "";
    struct reader r = {.at = text, .end = text + bytes, .list = list};
    r.frames = r.first;
    r.room = FIRST_FRAMES;
    r.depth_max = limits && limits->depth > 0 ? limits->depth : JSON_READ_DEPTH;
    r.faults.text = r.faults.place.start = text;
    r.faults.error = error ? error : &unused;

    bool ok;
    if (limits && limits->bytes && bytes > limits->bytes)
        ok = fail(&r, text, "the text is longer than is allowed");
    else
        ok = read_all(&r);
    json_fault_done(&r.faults, ok ? list : NULL);
    if (!ok)
        json_decref(r.root);
    free(r.names.text);
    free(r.strings.text);
    if (r.frames != r.first)
        free(r.frames);
    return ok ? r.root : NULL;
}

json_t *json_read(const char *text, size_t bytes, const struct json_read_limits *limits,
                  struct json_read_error *error)
{
    return json_read_list(text, bytes, limits, NULL, error);
}

json_t *json_read_text(const char *text, struct json_read_error *error)
{
    return json_read(text, strlen(text), NULL, error);
}

int json_read_fail(const struct json_read_error *error, int kind, const char *what,
                   struct koppel_error *err)
{
    return err_set(err, kind, "%s: %s", what, error->text);
}
