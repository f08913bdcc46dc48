/* SPDX-License-Identifier: MIT
 * Rules tried in memory, and saved. */
#include "service/mapping_try.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_edit.h"
#include "config/conf_edit_tree.h"
#include "config/conf_edit_where.h"
#include "config/conf_load.h"
#include "config/conf_source.h"
#include "flow/cases.h"
#include "service/ask.h"
#include "service/configs_edit.h"
#include "service/lifecycle.h"

#define RULE_BYTES 65536

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- the flow's file with the rules ---- */

static int wrong(struct koppel_error *err)
{
    if (err->kind == KOPPEL_E_CONFIG && !err->reason[0])
        snprintf(err->reason, sizeof err->reason, SERVICE_WRONG);
    return -1;
}

/* Does the flow's file have the list? -1: the file is no configuration. */
static int has_list(struct conf_edit_files *files, const char *file, const char *list,
                    struct koppel_error *err)
{
    struct conf_edit_node *root = conf_edit_tree_read(files, file, err);
    int has = !root ? -1 : conf_edit_tree_member(root, list) != NULL;
    conf_edit_tree_free(root);
    return has;
}

/* What is no rule at all goes behind the file as it was typed, so that loading says what is wrong
 * with it as it would of a file. */
static void put_as_it_is(struct conf_edit_files *files, const char *path, const char *rule)
{
    struct koppel_error ignored = {0};
    struct conf_edit_file *file = conf_edit_files_get(files, path, &ignored);
    char *text = NULL;
    int n = file ? asprintf(&text, "%srule = (\n  %s\n);\n", file->text, rule) : -1;
    if (n >= 0)
        conf_edit_files_put(file, text, (size_t)n);
}

/* As one more element of the list; the first one makes it. On -1 the files are as they would be
 * with the rule, for the report of what is wrong with it alone. */
static int add_rule(struct conf_edit_files *files, const char *file, const char *list,
                    const char *rule, struct koppel_error *err)
{
    char path[64], first[RULE_BYTES + 16];
    int there = has_list(files, file, list, err);
    struct conf_edit_order add = {.kind = CONF_EDIT_SET, .file = file, .path = path};
    struct koppel_error why = {0};
    snprintf(path, sizeof path, there > 0 ? "%s/+" : "%s", list);
    snprintf(first, sizeof first, "(\n  %s\n)", rule);
    add.value = there > 0 ? rule : first;
    if (there < 0)
        return wrong(err);
    if (conf_edit(files, &add, &why) == 0)
        return 0;
    *err = why;
    (void)wrong(err);
    put_as_it_is(files, file, rule);
    return -1;
}

static int add_rules(struct service *s, const struct service_ask *ask,
                     struct conf_edit_files *files, struct koppel_error *err)
{
    char where[256], *file = NULL;
    const char *rest;
    size_t i;
    json_t *one;
    const struct conf_flow *flow = ask_flow(s, ask_text(ask, "flow"), err);
    *files = (struct conf_edit_files){.dir = s->dir};
    if (!flow)
        return -1;
    snprintf(where, sizeof where, "flows/%.200s/map", flow->name);
    int rc = conf_edit_where(files, where, &file, &rest, err);
    json_array_foreach(json_object_get(ask->in, "rules"), i, one) {
        const char *list = json_string_value(json_object_get(one, "list"));
        const char *rule = json_string_value(json_object_get(one, "rule"));
        bool known = list && (strcmp(list, "map") == 0 || strcmp(list, "get_map") == 0);
        if (rc != 0)
            break;
        if (!known || !rule || strlen(rule) >= RULE_BYTES)
            rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                            "a rule is {\"list\": \"map\" or \"get_map\", \"rule\": text}");
        else
            rc = add_rule(files, file, list, rule, err);
    }
    free(file);
    return rc;
}

/* ---- tried ---- */

/* The configuration with the files as they are in memory; NULL and report. */
static struct conf *load(struct service *s, const struct conf_edit_files *files,
                         struct conf_report *report)
{
    struct conf_source_text *texts = calloc((size_t)files->count + 1, sizeof *texts);
    struct conf_source source = {texts, files->count};
    for (int i = 0; texts && i < files->count; i++)
        texts[i] = (struct conf_source_text){files->items[i]->path, files->items[i]->text,
                                             files->items[i]->bytes};
    struct conf *conf = texts ? conf_load(s->dir, &source, s->plugins, report) : NULL;
    free(texts);
    return conf;
}

static int try_record(const struct conf *conf, const struct service_ask *ask, json_t **row,
                      struct koppel_error *err)
{
    const struct conf_flow *flow = conf_flow(conf, ask_text(ask, "flow"));
    const char *key = ask_text(ask, "key");
    struct conf_case one = {.key = key ? key : "?",
                            .source = json_object_get(ask->in, "record")};
    return flow ? cases_row(flow, &one, row, err)
                : err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "the flow is gone");
}

int mapping_try_run(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err)
{
    struct conf_edit_files files;
    struct conf_report report = {0};
    json_t *row = NULL;
    struct conf *conf = NULL;
    bool sound = add_rules(s, ask, &files, err) == 0;
    int rc = sound ? 0 : -1;
    if (sound || files.count > 0)
        conf = load(s, &files, &report);
    if (sound && conf)
        rc = try_record(conf, ask, &row, err);
    else if (report.errors > 0 && (sound || !report.items[0].path))
        rc = 0; /* what no grammar knows has no path: that says it better */
    else if (sound)
        rc = no_memory(err);
    if (rc == 0)
        *out = json_pack("{s:o,s:O?}", "mistakes",
                         conf ? json_array() : lifecycle_mistakes(&report), "row", row);
    json_decref(row);
    conf_free(conf);
    conf_report_done(&report);
    conf_edit_files_done(&files);
    return rc;
}

/* ---- saved ---- */

static int save(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    struct conf_edit_files files;
    int rc = add_rules(s, ask, &files, err);
    if (rc == 0)
        rc = configs_edit_save(s, ask, &files, out, err);
    conf_edit_files_done(&files);
    return rc;
}

int mapping_try_save(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    return configs_edit_locked(s, ask, save, out, err);
}
