/* SPDX-License-Identifier: MIT
 * Reads the cases that stand beside a flow. */
#include "config/conf_case.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/json_read.h"
#include "base/nearest.h"
#include "config/conf_source.h"

#define NOON_MS (12 * 3600 * 1000) /* the same day in every zone of Europe */

static bool ends(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n > k && strcmp(text + n - k, end) == 0;
}

/* Of a flow's or a mapping's file. */
static const char *case_folder(struct conf_held **held, const char *path)
{
    return conf_held_text(held, "%.*s" CONF_CASE_FOLDER, (int)(strlen(path) - strlen(".conf")),
                          path);
}

/* The object of a file, held; NULL: reported. */
static json_t *object_read(struct conf_loader *l, const char *path)
{
    struct json_read_error where;
    const char *why = "";
    size_t bytes = 0;
    char *text = conf_source_read(l, path, &bytes, &why);
    json_t *object = text ? json_read(text, bytes, NULL, &where) : NULL;
    free(text);
    if (object)
        conf_held_keep(l->held, object, conf_held_json_done);
    if (!text)
        conf_report_add(l->report, false, path, 1, "cannot be read: %s", why);
    else if (!object)
        conf_report_add(l->report, false, path, where.line, "%s", where.text);
    else if (!json_is_object(object))
        conf_report_add(l->report, false, path, 1, "a case is an object: { ... }");
    return json_is_object(object) ? object : NULL;
}

/* Are its members of these names and types ('o' object, 's' text, 'b' boolean)? Else reported. */
static bool is_made_of(struct conf_loader *l, const char *path, json_t *object,
                       const char *const *names, const char *types, int count)
{
    const char *name;
    json_t *value;
    int errors = l->report->errors;
    json_object_foreach(object, name, value) {
        int i = 0;
        while (i < count && strcmp(names[i], name) != 0)
            i++;
        const char *nearest = i == count ? nearest_name(name, names, count) : NULL;
        if (i == count)
            conf_report_add(l->report, false, path, 1, "a case has no member \"%s\"%s%s%s", name,
                            nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                            nearest ? "\"?" : "");
        else if (types[i] == 'o' && !json_is_object(value))
            conf_report_add(l->report, false, path, 1, "\"%s\" needs an object: { ... }", name);
        else if (types[i] == 's' && !json_is_string(value))
            conf_report_add(l->report, false, path, 1, "\"%s\" needs a text", name);
        else if (types[i] == 'b' && !json_is_boolean(value))
            conf_report_add(l->report, false, path, 1, "\"%s\" needs true or false", name);
    }
    return l->report->errors == errors;
}

static void day_take(struct conf_loader *l, struct conf_case *c, const json_t *in)
{
    const char *day = json_string_value(json_object_get(in, "day"));
    struct date date;
    if (!day)
        return;
    if (date_parse(day, &date, NULL) != 0 || date.has_time)
        conf_report_add(l->report, false, c->in_file, 1,
                        "\"day\" needs a day such as \"2026-01-31\", not \"%s\"", day);
    else
        c->day_ms = date_days(&date) * INT64_C(86400000) + NOON_MS;
}

static void in_load(struct conf_loader *l, struct conf_case *c)
{
    static const char *const names[] = {"source", "core", "key", "known", "day"};
    json_t *in = object_read(l, c->in_file);
    if (!in || !is_made_of(l, c->in_file, in, names, "oosbs", COUNT(names)))
        return;
    json_t *source = json_object_get(in, "source"), *core = json_object_get(in, "core");
    c->is_core = core != NULL;
    c->source = core ? core : source;
    const char *key = json_string_value(json_object_get(in, "key"));
    c->key = key && *key ? key : c->key;
    c->known = json_is_true(json_object_get(in, "known"));
    day_take(l, c, in);
    if (!source == !core)
        conf_report_add(l->report, false, c->in_file, 1,
                        "a case needs \"source\", the record as it is read, or \"core\", the core "
                        "record%s", core ? ", and not both" : "");
}

static void out_load(struct conf_loader *l, struct conf_case *c, const struct conf_flow *w)
{
    static const char *const names[] = {"outcome", "reason", "core", "destination"};
    static const char *const outcomes[] = {"sent", "skipped", "parked"};
    if (!conf_source_exists(l, c->out_file)) {
        conf_report_add(l->report, true, c->in_file, 1,
                        "nothing says what becomes of it; koppel test %s --accept %s does", w->name,
                        c->name);
        return;
    }
    json_t *out = object_read(l, c->out_file);
    if (!out || !is_made_of(l, c->out_file, out, names, "ssoo", COUNT(names)))
        return;
    const char *outcome = json_string_value(json_object_get(out, "outcome"));
    bool known = false;
    for (int i = 0; outcome && i < COUNT(outcomes); i++)
        known = known || strcmp(outcome, outcomes[i]) == 0;
    if (!known)
        conf_report_add(l->report, false, c->out_file, 1,
                        "\"outcome\" needs \"sent\", \"skipped\" or \"parked\"");
    c->out = out;
}

/* The case of another flow that is read of this file already, with its mistakes told; NULL. */
static const struct conf_case *known(const struct conf_loader *l, const struct conf_flow *w,
                                     const char *in_file)
{
    for (int i = 0; i < l->conf->flow_count; i++) {
        const struct conf_flow *other = &l->conf->flows[i];
        for (int k = 0; other != w && k < other->case_count; k++) {
            if (strcmp(other->cases[k].in_file, in_file) == 0)
                return &other->cases[k];
        }
    }
    return NULL;
}

static void case_load(struct conf_loader *l, struct conf_case *c, const struct conf_flow *w)
{
    const struct conf_case *before = known(l, w, c->in_file);
    if (before) {
        *c = *before;
        return;
    }
    in_load(l, c);
    out_load(l, c, w);
}

/* Adds those of a folder. prefix: before their names. */
static void folder_load(struct conf_loader *l, const char *folder, const char *prefix,
                        struct conf_flow *w)
{
    const char **paths = NULL;
    int n = conf_source_list(l, folder, &paths);
    if (n <= 0)
        return;
    struct conf_case *all = conf_held_alloc(l->held, sizeof *all * (size_t)(w->case_count + n));
    if (w->case_count)
        memcpy(all, w->cases, sizeof *all * (size_t)w->case_count);
    w->cases = all;
    for (int i = 0; i < n; i++) {
        const char *name = strrchr(paths[i], '/') + 1;
        int length = (int)(strlen(name) - strlen(CONF_CASE_IN));
        if (ends(name, CONF_CASE_OUT)) {
            length = (int)(strlen(name) - strlen(CONF_CASE_OUT));
            const char *in = conf_held_text(l->held, "%s/%.*s" CONF_CASE_IN, folder, length, name);
            if (!conf_source_exists(l, in))
                conf_report_add(l->report, false, paths[i], 1,
                                "its record is missing: there is no \"%s\"", strrchr(in, '/') + 1);
        }
        if (!ends(name, CONF_CASE_IN))
            continue;
        struct conf_case *c = &w->cases[w->case_count++];
        *c = (struct conf_case){.in_file = paths[i]};
        c->key = conf_held_text(l->held, "%.*s", length, name);
        c->name = conf_held_text(l->held, "%s%s", prefix, c->key);
        c->out_file = conf_held_text(l->held, "%s/%s" CONF_CASE_OUT, folder, c->key);
        case_load(l, c, w);
    }
}

/* Of a mapping of the configuration's own: what was shipped has tables of its own in its cases. */
static void mapping_load(struct conf_loader *l, const char *file, struct conf_flow *w)
{
    const char *own = conf_loader_absolute(l, "mappings/");
    size_t n = strlen(own);
    if (!file || strncmp(file, own, n) != 0 || !ends(file, ".conf"))
        return;
    const char *prefix = conf_held_text(l->held, "%.*s/", (int)(strlen(file + n) - strlen(".conf")),
                                        file + n);
    folder_load(l, case_folder(l->held, file), prefix, w);
}

void conf_case_load(struct conf_loader *l, const char *path, struct conf_flow *w)
{
    w->case_folder = case_folder(l->held, path);
    folder_load(l, w->case_folder, "", w);
    mapping_load(l, w->get.file, w);
    mapping_load(l, w->send.file, w);
}
