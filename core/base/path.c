/* SPDX-License-Identifier: MIT
 * Paths into a record, parsed once into an array of steps. */
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"

#define MAX_STEPS 32
#define MAX_INDEX 99999

enum step_type { STEP_NAME, STEP_INDEX, STEP_EACH };

struct step {
    enum step_type type;
    char *name;   /* STEP_NAME */
    size_t bytes; /* of name */
    size_t index; /* STEP_INDEX */
};

struct path {
    char *text;
    int count;
    bool plural, setting;
    struct step steps[]; /* MAX_STEPS while it is parsed, then count */
};

static int bad(struct koppel_error *err, const struct path *p, const char *at, const char *what)
{
    return err_set(err, KOPPEL_E_CONFIG, "path \"%s\": %s at position %d", p->text, what,
                   (int)(at - p->text) + 1);
}

static struct step *new_step(struct path *p, enum step_type type, const char *at,
                             struct koppel_error *err)
{
    if (p->count == MAX_STEPS) {
        bad(err, p, at, "too many steps");
        return NULL;
    }
    p->steps[p->count].type = type;
    return &p->steps[p->count++];
}

/* "[]" or "[12]" at *at, which moves behind it. */
static int parse_bracket(struct path *p, const char **at, struct koppel_error *err)
{
    const char *c = *at + 1;
    struct step *step = new_step(p, *c == ']' ? STEP_EACH : STEP_INDEX, *at, err);
    if (!step)
        return -1;
    if (step->type == STEP_EACH)
        p->plural = true;
    for (; *c >= '0' && *c <= '9'; c++) {
        step->index = step->index * 10 + (size_t)(*c - '0');
        if (step->index > MAX_INDEX)
            return bad(err, p, *at, "index too large");
    }
    if (*c != ']')
        return bad(err, p, c, "expected a number and \"]\"");
    *at = c + 1;
    return 0;
}

static int parse_name(struct path *p, const char **at, struct koppel_error *err)
{
    size_t n = strcspn(*at, ".[]");
    struct step *step;
    if (n == 0)
        return bad(err, p, *at, "expected a name");
    if (!json_scan_is_text(*at, n))
        return bad(err, p, *at, "expected UTF-8");
    step = new_step(p, STEP_NAME, *at, err);
    if (!step)
        return -1;
    step->name = strndup(*at, n);
    if (!step->name)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    step->bytes = n;
    *at += n;
    return 0;
}

static int parse_steps(struct path *p, struct koppel_error *err)
{
    const char *at = p->text;
    if (strcmp(at, "") == 0 || strcmp(at, ".") == 0)
        return 0;
    if (*at != '[' && parse_name(p, &at, err) < 0)
        return -1;
    while (*at) {
        if (*at == '[') {
            if (parse_bracket(p, &at, err) < 0)
                return -1;
        } else if (*at == '.') {
            at++;
            if (parse_name(p, &at, err) < 0)
                return -1;
        } else {
            return bad(err, p, at, "expected \".\" or \"[\"");
        }
    }
    return 0;
}

struct path *path_parse(const char *text, struct koppel_error *err)
{
    struct path *p = calloc(1, sizeof *p + MAX_STEPS * sizeof p->steps[0]);
    if (p)
        p->text = strdup(text);
    if (!p || !p->text) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        path_free(p);
        return NULL;
    }
    if (parse_steps(p, err) < 0) {
        path_free(p);
        return NULL;
    }
    p->setting = strncmp(text, "settings.", 9) == 0;
    /* A configuration holds thousands, most of one step or two. */
    struct path *fitting = realloc(p, sizeof *p + (size_t)p->count * sizeof p->steps[0]);
    return fitting ? fitting : p;
}

void path_free(struct path *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->count; i++)
        free(p->steps[i].name);
    free(p->text);
    free(p);
}

const char *path_text(const struct path *p)
{
    return p->text;
}

bool path_is_plural(const struct path *p)
{
    return p->plural;
}

bool path_is_setting(const struct path *p)
{
    return p->setting;
}

/* One step down; NULL where there is nothing or the type is another. Borrowed. */
static json_t *follow(const struct step *step, const json_t *node)
{
    if (step->type == STEP_NAME)
        return json_object_getn(node, step->name, step->bytes);
    return json_array_get(node, step->index);
}

json_t *path_get(const struct path *p, const json_t *record)
{
    /* Jansson's getters take const but give the members without it. */
    json_t *node = (json_t *)record;

    for (int i = 0; i < p->count && node; i++)
        node = follow(&p->steps[i], node);
    return node;
}

static int each_from(const struct path *p, int at, json_t *node,
                     int (*visit)(void *arg, json_t *value), void *arg)
{
    for (; at < p->count && node; at++) {
        json_t *element;
        size_t i;
        if (p->steps[at].type != STEP_EACH) {
            node = follow(&p->steps[at], node);
            continue;
        }
        json_array_foreach(node, i, element) {
            int rc = each_from(p, at + 1, element, visit, arg);
            if (rc)
                return rc;
        }
        return 0;
    }
    return node ? visit(arg, node) : 0;
}

int path_each(const struct path *p, const json_t *record, int (*visit)(void *arg, json_t *value),
              void *arg)
{
    return each_from(p, 0, (json_t *)record, visit, arg);
}

/* Puts value (borrowed) in the place that step names. */
static int put(const struct step *step, json_t *node, json_t *value)
{
    if (step->type == STEP_NAME)
        return json_object_setn_nocheck(node, step->name, step->bytes, value);
    if (!json_is_array(node) || step->index > json_array_size(node))
        return -1;
    if (step->index == json_array_size(node))
        return json_array_append(node, value);
    return json_array_set(node, step->index, value);
}

/* What stands where step names, made if it is missing. Borrowed. */
static json_t *enter(const struct step *step, const struct step *next, json_t *node)
{
    json_t *child = follow(step, node);
    int rc;
    if (child && !json_is_null(child))
        return child;
    child = next->type == STEP_NAME ? json_object() : json_array();
    rc = put(step, node, child);
    json_decref(child);
    return rc < 0 ? NULL : child;
}

static int put_in_elements(const struct path *p, int at, json_t *array, json_t *value);

static int set_from(const struct path *p, int at, json_t *node, json_t *value)
{
    for (; at < p->count; at++) {
        const struct step *step = &p->steps[at];
        if (step->type == STEP_EACH)
            return put_in_elements(p, at, node, value);
        if (at + 1 == p->count)
            return put(step, node, value);
        if (p->steps[at + 1].type == STEP_EACH && !follow(step, node))
            return json_is_object(node) || json_is_array(node) ? 0 : -1;
        node = enter(step, &p->steps[at + 1], node);
        if (!node)
            return -1;
    }
    return -1;
}

/* Each element gets its own copy, so that a later change of one leaves the others alone. */
static int put_in_elements(const struct path *p, int at, json_t *array, json_t *value)
{
    size_t n = json_array_size(array);
    int rc = json_is_array(array) || json_is_null(array) ? 0 : -1;
    for (size_t i = 0; i < n && rc == 0; i++) {
        json_t *copy = json_deep_copy(value);
        if (!copy)
            return -1;
        rc = at + 1 == p->count ? json_array_set(array, i, copy)
                                : set_from(p, at + 1, json_array_get(array, i), copy);
        json_decref(copy);
    }
    return rc;
}

/* The record itself cannot be exchanged, its members can. */
static int replace_all(json_t *record, json_t *value)
{
    if (record == value)
        return 0;
    if (!json_is_object(record) || !json_is_object(value) || json_object_clear(record) < 0)
        return -1;
    return json_object_update(record, value);
}

int path_set_take(const struct path *p, json_t *record, json_t *value)
{
    int rc;
    if (!value)
        return -1;
    rc = p->count == 0 ? replace_all(record, value) : set_from(p, 0, record, value);
    json_decref(value);
    return rc < 0 ? -1 : 0;
}
