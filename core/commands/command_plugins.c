/* SPDX-License-Identifier: MIT
 * koppel plugins: what is installed; koppel plugins show NAME: what one can do. */
#include "commands/command_plugins.h"

#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_functions.h"
#include "commands/paper.h"
#include "config/conf_described.h"
#include "plugin/plugins_names.h"
#include "service/plugin_rows.h"

static const char *kind_name(const struct plugin *p)
{
    return p->entry.kind == KOPPEL_KIND_CONNECTOR ? "connector" : "transform";
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static int list_all(struct plugins *plugins, const char *dir, bool json)
{
    static const char *const heads[] = {"PLUGIN", "KIND", "VERSION", "TITLE"};
    static const char *const members[] = {"name", "kind", "version", "title"};
    int rc = EXIT_OK;
    struct paper list;
    json_t *row, *rows = plugin_rows_all(plugins, dir);
    size_t i;
    paper_begin(&list, (int)(sizeof heads / sizeof *heads), heads);
    json_array_foreach(rows, i, row) {
        if (json_object_get(row, "error")) {
            visible_print(stderr, "koppel: %s\n", text_of(row, "error"));
            rc = EXIT_FAILED;
            continue;
        }
        if (json)
            command_print_json(json_incref(row));
        for (size_t m = 0; m < sizeof members / sizeof *members && !json; m++)
            paper_cell(&list, m == 0 ? PAPER_STRONG : PAPER_PLAIN, "%s", text_of(row, members[m]));
    }
    paper_end(&list, 0);
    json_decref(rows);
    return rc;
}

/* ", word" with a comma before all but the first. */
static void show_list(const char *title, const char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        visible_print(stdout, "%s%s", i == 0 ? title : ", ", words[i]);
    if (count > 0)
        putchar('\n');
}

static void show_fields(const struct cat_field *fields, int count, int depth)
{
    for (int i = 0; i < count; i++) {
        const struct cat_field *f = &fields[i];
        visible_print(stdout, "%*s%s", 4 + 2 * depth, "", f->name);
        if (f->required)
            visible_print(stdout, " (required)");
        if (f->read_only)
            visible_print(stdout, " (read only)");
        if (f->choices)
            visible_print(stdout, " (one of %s)", f->choices);
        if (f->guessed)
            visible_print(stdout, " (guessed name; an overlay can mend it: wire %s)", f->wire);
        else if (strcmp(f->wire, f->name) != 0)
            visible_print(stdout, " (wire %s)", f->wire);
        putchar('\n');
        show_fields(f->fields, f->field_count, depth + 1);
    }
}

static bool any_guessed(const struct cat_field *fields, int count)
{
    for (int i = 0; i < count; i++) {
        if (fields[i].guessed || any_guessed(fields[i].fields, fields[i].field_count))
            return true;
    }
    return false;
}

static void show_abilities(unsigned can)
{
    static const struct {
        unsigned bit;
        const char *name;
    } all[] = {{CAN_READ, "read"},     {CAN_FIND, "find"},     {CAN_CREATE, "create"},
               {CAN_UPDATE, "update"}, {CAN_REMOVE, "remove"}, {CAN_DRY_RUN, "dry-run"},
               {CAN_SHOW, "show"}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (can & all[i].bit)
            visible_print(stdout, " %s", all[i].name);
    }
}

/* How the entity's records are written again, changed and corrected. */
static void show_manner(const struct cat_entity *e)
{
    static const char *const repeats[] = {[REPEAT_IDEMPOTENT] = "idempotency key",
                                          [REPEAT_UPSERT] = "upsert by natural key",
                                          [REPEAT_LOOKUP] = "look-up first",
                                          [REPEAT_NEVER] = "never"};
    if (e->can & CAN_CREATE)
        visible_print(stdout, "  create repeats: %s\n", repeats[e->repeat]);
    if (e->snapshot)
        visible_print(stdout,
                      "  changes: a read lists everything; the engine finds what changed\n");
    if (e->document)
        visible_print(stdout, "  document: %s\n", e->document);
    show_list("  correct: ", e->correct, e->correct_count);
    if (e->balance)
        visible_print(stdout, "  balance: the sum of %s must be zero\n", e->balance);
    if (e->editable) {
        visible_print(stdout, "  editable: while %s is ", e->editable);
        show_list("", e->editable_values, e->editable_count);
    }
    show_list("  find by: ", e->find, e->find_count);
    for (int i = 0; i < e->reference_count; i++) {
        const struct cat_reference *r = &e->references[i];
        visible_print(stdout, "  reference %s: %s by %s%s\n", r->name, r->entity, r->key,
                      r->optional ? " (optional)" : "");
    }
}

static void show_setting(const char *kind, const struct cat_setting *s)
{
    visible_print(stdout, "%s %s", kind, s->name);
    if (s->required)
        visible_print(stdout, " (required)");
    if (s->secret)
        visible_print(stdout, " (secret)");
    if (s->choices)
        visible_print(stdout, " (one of %s)", s->choices);
    if (s->requires)
        visible_print(stdout, " (with %s)", s->requires);
    if (s->fallback)
        visible_print(stdout, " default %s", s->fallback);
    visible_print(stdout, ": %s\n", s->help ? s->help : "");
}

static void show_entity(const struct cat_entity *e)
{
    visible_print(stdout, "entity %s", e->name);
    if (e->model && *e->model)
        visible_print(stdout, " (model %s)", e->model);
    putchar(':');
    show_abilities(e->can);
    if (any_guessed(e->fields, e->field_count))
        visible_print(stdout, "; some names are guessed");
    putchar('\n');
    show_manner(e);
    for (int i = 0; i < e->option_count; i++)
        show_setting("  option", &e->options[i]);
    show_fields(e->fields, e->field_count, 0);
}

static void show_plugin(const struct plugin *p)
{
    visible_print(stdout,
                  "path=%s\nname=%s\nversion=%s\nkind=%s\nabi=%u.%u\nstruct_size=%u\nthreads=%u\n",
                  p->path, p->entry.name, p->entry.version, kind_name(p), p->entry.abi_major,
                  p->entry.abi_minor, p->entry.struct_size, p->entry.threads);
}

static void show(const struct catalogue *c)
{
    for (int i = 0; i < c->setting_count; i++)
        show_setting("setting", &c->settings[i]);
    for (int i = 0; i < c->entity_count; i++)
        show_entity(&c->entities[i]);
    for (int i = 0; i < c->choice_count; i++)
        visible_print(stdout, "choices %s\n", c->choices[i]);
    command_functions_show(c);
}

/* Is there one of this name? A path is taken as it is. */
static bool is_there(struct plugins *plugins, const char *name)
{
    int count = 0;
    char **names = plugins_names(plugins, &count);
    bool there = strchr(name, '/') != NULL;
    for (int i = 0; i < count; i++)
        there = there || strcmp(names[i], name) == 0;
    if (!there)
        command_unknown("plugin", name, "the folder of plugins", (const char *const *)names, count);
    plugins_names_free(names, count);
    return there;
}

static int show_one(struct plugins *plugins, const struct command_line *line)
{
    struct koppel_error err = {0}, none = {0};
    const char *name = line->words[1];
    struct conf_described d;
    bool described;
    int rc = conf_described_open(plugins, line->dir, name, &described, &d, &none);
    const struct plugin *p = NULL;
    if (described && rc != 0)
        rc = command_failed(&none);
    else if (!described && !is_there(plugins, name))
        rc = EXIT_USAGE;
    else if (!described && !(p = plugins_load(plugins, name, &err)))
        rc = command_failed(&err);
    else {
        const struct catalogue *c = described ? d.catalogue : p->catalogue;
        rc = EXIT_OK;
        if (line->json) {
            command_print_json(json_incref(c->json));
        } else {
            if (described)
                visible_print(stdout, "path=%s\nname=%s\nkind=connector\nread_by=%s\n", d.path,
                              name, d.plugin->entry.name);
            else
                show_plugin(p);
            show(c);
        }
    }
    conf_described_done(&d);
    return rc;
}

int command_plugins(const struct command_line *line)
{
    struct koppel_error err = {0};
    if (line->count == 1 || (line->count == 2 && strcmp(line->words[0], "show") != 0))
        return COMMAND_MISUSED;
    struct plugins *plugins = command_plugins_new(&err);
    if (!plugins)
        return command_failed(&err);
    int rc = line->count == 0 ? list_all(plugins, line->dir, line->json) : show_one(plugins, line);
    plugins_free(plugins);
    return rc;
}
