/* SPDX-License-Identifier: MIT
 * Which steps a set-up has. */
#include "service/setup_plan.h"

#include <stdio.h>
#include <string.h>

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void add(json_t *steps, const char *subject, const char *kind)
{
    (void)json_array_append_new(steps, json_sprintf("%s%s%s", subject, *subject ? "." : "", kind));
}

static void add_system(json_t *steps, const json_t *system)
{
    const char *name = member(system, "name");
    if (!json_is_true(json_object_get(system, "new")))
        return;
    add(steps, name, "credentials");
    if (json_is_true(json_object_get(system, "oauth")))
        add(steps, name, "login");
    add(steps, name, "test");
    if (json_is_true(json_object_get(system, "lists")))
        add(steps, name, "settings");
}

json_t *setup_plan_steps(const struct setup_draft *d)
{
    json_t *steps = json_array(), *one;
    const json_t *systems = json_object_get(d->json, "systems");
    const json_t *flows = json_object_get(d->json, "flows");
    size_t i;
    add(steps, "", "systems");
    json_array_foreach(systems, i, one)
        add_system(steps, one);
    if (json_array_size(systems) > 0)
        add(steps, "", "link");
    if (json_array_size(flows) == 0)
        return steps;
    json_array_foreach(flows, i, one)
        add(steps, member(one, "name"), "flow");
    json_array_foreach(json_object_get(d->json, "tables"), i, one)
        add(steps, member(one, "name"), "table");
    add(steps, "", "preview");
    if (json_is_true(json_object_get(d->json, "dates")))
        add(steps, "", "start");
    add(steps, "", "review");
    return steps;
}

static int place_of(const json_t *steps, const char *step)
{
    size_t i;
    json_t *one;
    json_array_foreach(steps, i, one) {
        if (strcmp(json_string_value(one), step) == 0)
            return (int)i;
    }
    return -1;
}

bool setup_plan_has(const json_t *steps, const char *step)
{
    return place_of(steps, step) >= 0;
}

const char *setup_plan_beside(const json_t *steps, const char *step, int by)
{
    int at = place_of(steps, step), place = at + by;
    return at >= 0 && place >= 0 ? json_string_value(json_array_get(steps, (size_t)place)) : NULL;
}

const char *setup_plan_split(const char *step, char subject[SETUP_PLAN_NAME])
{
    const char *point = strrchr(step, '.');
    snprintf(subject, SETUP_PLAN_NAME, "%.*s", point ? (int)(point - step) : 0, step);
    return point ? point + 1 : step;
}

int setup_plan_phase(const struct setup_draft *d, const char *step, int *of)
{
    char subject[SETUP_PLAN_NAME];
    const char *kind = setup_plan_split(step, subject);
    size_t i;
    json_t *system;
    int fresh = 0, mine = 0;
    json_array_foreach(json_object_get(d->json, "systems"), i, system) {
        fresh += json_is_true(json_object_get(system, "new"));
        if (strcmp(member(system, "name"), subject) == 0)
            mine = fresh;
    }
    *of = 5 + fresh;
    if (strcmp(step, "systems") == 0)
        return 1;
    if (strcmp(kind, "flow") == 0 || strcmp(kind, "table") == 0)
        return 3 + fresh;
    if (mine > 0)
        return 1 + mine;
    return strcmp(step, "link") == 0 ? 2 + fresh : strcmp(step, "preview") == 0 ? 4 + fresh
                                                                               : 5 + fresh;
}

json_t *setup_plan_named(const struct setup_draft *d, const char *list, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(d->json, list), i, one) {
        if (strcmp(member(one, "name"), name) == 0)
            return one;
    }
    return NULL;
}
