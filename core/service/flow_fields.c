/* SPDX-License-Identifier: MIT
 * The settings of a flow as data: its own, those of its model, of its source and of its
 * references. */
#include "service/flow_fields.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "config/conf_policy.h"
#include "model/model.h"
#include "service/ask.h"

#define PATH_BYTES 256

static const char *const types[] = {[SETTING_TEXT] = "text",         [SETTING_URL] = "url",
                                    [SETTING_INTEGER] = "integer",   [SETTING_BOOLEAN] = "boolean",
                                    [SETTING_DURATION] = "duration", [SETTING_CHOICE] = "choice",
                                    [SETTING_DECIMAL] = "decimal",
                                    [SETTING_EXPRESSION] = "expression",
                                    [SETTING_DATE] = "date"};

/* before: of the path, with its slash. connection: whose choice list it may be set from. */
static void add(json_t *out, const struct cat_setting *c, const char *group, const char *before,
                const struct conf_connection *connection)
{
    char path[PATH_BYTES];
    bool limited = c->type == SETTING_INTEGER || c->type == SETTING_DURATION;
    json_t *values = json_array(), *choices = json_null();
    snprintf(path, sizeof path, "%s%s", before, c->name);
    for (int i = 0; i < c->value_count; i++)
        json_array_append_new(values, json_string(c->values[i]));
    if (c->choices && connection)
        choices = json_pack("{s:s,s:s}", "connection", connection->name, "list", c->choices);
    json_t *row = json_pack("{s:s,s:s,s:s,s:s,s:o?,s:s?,s:o?,s:s,s:o,s:o,s:b,s:b}", "group", group,
                            "path", path, "name", c->name, "title", c->title ? c->title : c->name,
                            "titles", ask_copy(c->titles), "help", c->help, "helps",
                            ask_copy(c->helps), "type", types[c->type], "values", values, "choices",
                            choices, "many", c->many, "required", c->required);
    json_t *more = json_pack("{s:s?,s:s?,s:o,s:o,s:s?}", "requires", c->requires, "scope", c->scope,
                             "min", limited && c->min > INT64_MIN ? json_integer(c->min)
                                                                  : json_null(),
                             "max", limited && c->max < INT64_MAX ? json_integer(c->max)
                                                                  : json_null(),
                             "default", c->fallback);
    json_object_update(row, more);
    json_decref(more);
    json_array_append_new(out, row);
}

/* ---- of every flow ---- */

static const char *whole(char room[16], int number)
{
    snprintf(room, 16, "%d", number);
    return room;
}

static void add_own(json_t *out, const struct conf_flow *flow)
{
    const struct cat_entity *to =
        flow->to ? catalogue_entity(flow->to->catalogue, flow->to_entity) : NULL;
    char partitions[16];
    const struct cat_setting own[] = {
        {.name = "enabled", .title = "Switched on", .type = SETTING_BOOLEAN, .fallback = "true",
         .help = "whether it runs by itself"},
        {.name = "every", .title = "How often", .type = SETTING_DURATION, .fallback = "5m",
         .min = 1, .max = INT64_MAX, .help = "from the beginning of a run to that of the next"},
        {.name = "attempts", .title = "Tries of a record", .type = SETTING_INTEGER, .min = 1,
         .max = 1000, .fallback = "8", .help = "so many failures, and the record parks"},
        {.name = "batch", .title = "Records at a time", .type = SETTING_INTEGER, .min = 1,
         .max = 10000, .fallback = "100", .help = "read and delivered together"},
        {.name = "overlap", .title = "Read again", .type = SETTING_INTEGER, .min = 0,
         .max = 100000, .fallback = "100",
         .help = "a reading begins so many changes before where the last one ended"},
        {.name = "partitions", .title = "Parts", .type = SETTING_INTEGER, .min = 1, .max = 1024,
         .fallback = whole(partitions, to && to->batch_write > 1 ? 1 : 16),
         .help = "how many of its records may be delivered at the same time"},
        {.name = "shrink/percent", .title = "Missing at most, in percent",
         .type = SETTING_INTEGER, .min = 0, .max = 100, .fallback = "20",
         .help = "a list that lacks more of what it showed before stops the flow"},
        {.name = "shrink/records", .title = "Missing at most, in records",
         .type = SETTING_INTEGER, .min = 0, .max = 1000000000, .fallback = "20",
         .help = "a list that lacks more of what it showed before stops the flow"},
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        add(out, &own[i], "flow", "", NULL);
}

/* ---- of a reference ---- */

/* Adds the values that the destination can do. */
static int can(const char **out, const struct cat_entity *e, bool existing)
{
    int n = 0;
    if (existing) {
        out[n++] = "keep";
        if (e && (e->can & CAN_UPDATE))
            out[n++] = "update";
        return n;
    }
    out[n++] = "park";
    if (e && (e->can & CAN_CREATE))
        out[n++] = "create";
    out[n++] = "default";
    out[n++] = "ignore";
    return n;
}

static void add_reference(json_t *out, const struct conf_flow *flow, const struct cat_reference *c)
{
    static const char *const type_values[] = {"park", "convert", "new"};
    static const char *const shared_values[] = {"share", "park"};
    const struct cat_entity *e = catalogue_entity(flow->to->catalogue, c->entity);
    struct conf_reference standard = {0};
    const char *missing[4], *existing[2], *match[64];
    char before[PATH_BYTES], fields[PATH_BYTES] = "";
    bool customer = strcmp(c->model, "customer") == 0;
    int match_count = 0;
    conf_policy_defaults(c, e, &standard);
    for (; e && match_count < e->match_count && match_count < 64; match_count++) {
        match[match_count] = e->match[match_count].core;
        size_t n = strlen(fields);
        snprintf(fields + n, sizeof fields - n, "%s%s", n ? "," : "", match[match_count]);
    }
    const struct cat_setting all[] = {
        {.name = "match", .title = "Found by", .type = SETTING_CHOICE, .many = true,
         .values = match, .value_count = match_count, .fallback = fields,
         .help = "fields that it is looked for by, in this order"},
        {.name = "missing", .title = "Not there", .type = SETTING_CHOICE, .values = missing,
         .value_count = can(missing, e, false),
         .fallback = standard.missing == MISSING_CREATE ? "create" : "park",
         .help = "park the record, make what is missing, use the default, or go on without"},
        {.name = "existing", .title = "There already", .type = SETTING_CHOICE, .values = existing,
         .value_count = can(existing, e, true),
         .fallback = standard.update_existing ? "update" : "keep",
         .help = "keep what stands there, or bring it up to date"},
        {.name = "default", .title = "The one used instead", .type = SETTING_TEXT,
         .help = "its number at the destination"},
        {.name = "force", .title = "Always the default", .type = SETTING_BOOLEAN,
         .fallback = "false", .requires = "default", .help = "nothing is looked for or made"},
        {.name = "type_change", .title = "A person who became a company", .type = SETTING_CHOICE,
         .values = (const char **)type_values, .value_count = 3, .fallback = "park",
         .help = "park the record, change the card, or make a new one"},
        {.name = "shared", .title = "An address that two share", .type = SETTING_CHOICE,
         .values = (const char **)shared_values, .value_count = 2, .fallback = "share",
         .help = "both use one card, or the second one parks"},
    };
    snprintf(before, sizeof before, "references/%.100s/", c->name);
    for (int i = 0; i < (customer ? 7 : 5); i++)
        add(out, &all[i], c->name, before, NULL);
}

json_t *flow_fields(const struct conf_flow *flow)
{
    const struct model *m = flow->model ? model_find(flow->model) : NULL;
    const struct cat_entity *from =
        flow->from ? catalogue_entity(flow->from->catalogue, flow->from_entity) : NULL;
    const struct cat_entity *to =
        flow->to ? catalogue_entity(flow->to->catalogue, flow->to_entity) : NULL;
    json_t *out = json_array();
    if (!out)
        return NULL;
    for (int i = 0; m && i < m->count; i++)
        add(out, &m->settings[i], "settings", "settings/", flow->to);
    for (int i = 0; from && i < from->option_count; i++)
        add(out, &from->options[i], "options", "options/", flow->from);
    for (int i = 0; to && i < to->reference_count; i++)
        add_reference(out, flow, &to->references[i]);
    add_own(out, flow);
    return out;
}

json_t *flow_fields_end(const struct conf_connection *c, const char *entity)
{
    const struct cat_entity *e = c && c->catalogue ? catalogue_entity(c->catalogue, entity) : NULL;
    if (!c)
        return json_null();
    return json_pack("{s:s,s:s?,s:s,s:s,s:o?}", "connection", c->name, "connector",
                     c->catalogue ? c->catalogue->title : NULL, "entity", entity, "title",
                     e && e->title ? e->title : entity, "titles", e ? ask_copy(e->titles) : NULL);
}
