/* SPDX-License-Identifier: MIT
 * Rules as an integrator writes them: text of a flow in, records through, JSON out. The transforms
 * are the built ones, in the directory that KOPPEL_PLUGINS names. */
#ifndef KOPPEL_TESTS_UNIT_MAP_FIXTURE_H
#define KOPPEL_TESTS_UNIT_MAP_FIXTURE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/conf_load.h"
#include "connection/host.h"
#include "mapping/map.h"
#include "mapping/map_recorder.h"
#include "plugin/plugins.h"
#include "unit.h"

static char dir[64];
static struct plugins *plugins;
static struct conf *conf;
static struct koppel_error err;
static json_t *notes;
static struct map_recorder recorder;

static inline void put(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static inline void setup(void)
{
    const char *dirs[] = {getenv("KOPPEL_PLUGINS"), NULL};
    char path[128];
    if (!dirs[0])
        dirs[0] = "plugins";
    ck_assert_int_eq(secret_start(&err), 0);
    plugins = plugins_new(dirs, &host_table, &err);
    ck_assert_msg(plugins != NULL, "%s", err.text);
    snprintf(dir, sizeof dir, "/tmp/koppel-map-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/connections.d", dir);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/flows.d", dir);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    put("koppel.conf", "workers = 1;\n");
    put("secret.key", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
    put("connections.d/in.conf",
        "name = \"in\";\nconnector = \"file\";\nsettings = { path = \"in.jsonl\"; };\n");
    put("connections.d/out.conf", "name = \"out\";\nconnector = \"null\";\n");
    put("codes.csv", "high,1\nlow,2\nnothing,\nB2B|NL,domestic\n*|BE,belgian\n");
    put("all.csv", "high,1\n*,9\n");
    notes = json_array();
}

static inline void teardown(void)
{
    static const char *const names[] = {
        "connections.d/in.conf", "connections.d/out.conf", "flows.d/f.conf", "codes.csv", "all.csv",
        "sheet.csv",
        "koppel.conf", "secret.key", "connections.d", "flows.d", ""};
    conf_free(conf);
    conf = NULL;
    json_decref(notes);
    map_recorder_done(&recorder);
    plugins_free(plugins);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        (void)remove(path);
    }
}

/* Texts below have ' for ", to be readable. */
static inline char *quoted(const char *text)
{
    char *copy = strdup(text);
    for (char *p = copy; p && *p; p++) {
        if (*p == '\'')
            *p = '"';
    }
    return copy;
}

/* The members of a flow beside name, from and to. */
static inline void load(const char *text, struct conf_report *report)
{
    char flow[8192], *members = quoted(text);
    snprintf(flow, sizeof flow,
             "name = \"f\";\nfrom = { connection = \"in\"; entity = \"record\"; };\n"
             "to = { connection = \"out\"; entity = \"record\"; };\n%s\n", members);
    free(members);
    put("flows.d/f.conf", flow);
    conf_free(conf);
    conf = conf_load(dir, NULL, plugins, report);
}

#define TABLES "tables = { codes = 'codes.csv'; all = 'all.csv'; };\n"

static inline void rules(const char *text)
{
    struct conf_report report = {0};
    char map[8192];
    snprintf(map, sizeof map, TABLES "map = (%s);", text);
    load(map, &report);
    if (!conf)
        conf_report_print(&report, true);
    conf_report_done(&report);
    ck_assert_msg(conf != NULL, "these rules were refused: %s", text);
}

/* These rules are a mistake in a line of the flow that says this. */
static inline void wrong(const char *text, const char *part)
{
    struct conf_report report = {0};
    char map[8192];
    bool told = false;
    snprintf(map, sizeof map, TABLES "map = (%s);", text);
    load(map, &report);
    for (int i = 0; i < report.count; i++)
        told = told || (report.items[i].line > 0 && strstr(report.items[i].text, part));
    if (!told)
        conf_report_print(&report, true);
    conf_report_done(&report);
    ck_assert_msg(told && !conf, "not told of %s: %s", part, text);
}

static inline int run(const char *record, enum map_verb verb, json_t **out)
{
    char *text = quoted(record);
    json_t *source = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *before;
    free(text);
    ck_assert_msg(source != NULL, "no JSON: %s", record);
    before = json_deep_copy(source);
    err = (struct koppel_error){0};
    int rc = map_apply(&conf->flows[0].send, source, verb, &(struct map_tell){.notes = notes}, out,
                       &err);
    ck_assert_msg(json_equal(source, before), "the source was changed");
    json_decref(before);
    json_decref(source);
    return rc;
}

static inline void gives_on(enum map_verb verb, const char *record, const char *want)
{
    char *text = quoted(want);
    json_t *out = NULL, *expected = json_loads(text, 0, NULL);
    free(text);
    ck_assert_msg(expected != NULL, "no JSON: %s", want);
    ck_assert_msg(run(record, verb, &out) == 0, "%s: %s", record, err.text);
    char *got = json_dumps(out, JSON_COMPACT);
    ck_assert_msg(json_equal(out, expected), "%s gives %s, not %s", record, got, want);
    free(got);
    json_decref(out);
    json_decref(expected);
}

static inline void gives(const char *record, const char *want)
{
    gives_on(MAP_CREATE, record, want);
}

static inline void refuses(const char *record, const char *reason, const char *part)
{
    json_t *out = NULL;
    ck_assert_msg(run(record, MAP_CREATE, &out) == -1, "taken: %s", record);
    ck_assert_ptr_null(out);
    ck_assert_str_eq(err.reason, reason);
    ck_assert_msg(strstr(err.text, part) != NULL, "%s", err.text);
}

/* ---- what it tells of itself ---- */

/* The row for a field, or for the nth that there is of it. */
static inline json_t *row_of(const char *to, int nth)
{
    size_t i;
    json_t *row;
    json_array_foreach(recorder.rows, i, row) {
        if (strcmp(json_string_value(json_object_get(row, "to")), to) == 0 && nth-- == 0)
            return row;
    }
    ck_abort_msg("nothing was recorded of %s", to);
    return NULL;
}

static inline void explains(const char *to, int nth, const char *want)
{
    char *text = quoted(want);
    json_t *row = row_of(to, nth), *expected = json_loads(text, 0, NULL), *value;
    const char *name;
    free(text);
    ck_assert_msg(expected != NULL, "no JSON: %s", want);
    json_object_foreach(expected, name, value) {
        char *got = json_dumps(json_object_get(row, name), JSON_COMPACT | JSON_ENCODE_ANY);
        ck_assert_msg(json_equal(json_object_get(row, name), value), "%s of %s: %s", name, to, got);
        free(got);
    }
    json_decref(expected);
}

static inline int recorded(const char *record, enum map_verb verb, json_t **out)
{
    char *text = quoted(record);
    json_t *source = json_loads(text, 0, NULL);
    struct map_tell tell = {.recorder = &recorder};
    free(text);
    map_recorder_done(&recorder);
    ck_assert_int_eq(map_recorder_init(&recorder), 0);
    err = (struct koppel_error){0};
    int rc = map_apply(&conf->flows[0].send, source, verb, &tell, out, &err);
    json_decref(source);
    return rc;
}

#endif
