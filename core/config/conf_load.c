/* SPDX-License-Identifier: MIT
 * Loads a configuration directory: files, connections, flows, and the checks between them.
 *
 * Loading goes on after a mistake, with something harmless in its place, so that one run reports
 * everything; the half-right result is thrown away at the end. */
#include "config/conf_load.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/conf.h"
#include "config/conf_alert.h"
#include "config/conf_case.h"
#include "config/conf_check.h"
#include "config/conf_connection.h"
#include "config/conf_dashboard.h"
#include "config/conf_file.h"
#include "config/conf_flow.h"
#include "config/conf_held.h"
#include "config/conf_home.h"
#include "config/conf_keep.h"
#include "config/conf_kit.h"
#include "config/conf_loader.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_note.h"
#include "config/conf_own.h"
#include "config/conf_report.h"
#include "config/conf_source.h"

static bool is_conf(const char *path)
{
    size_t n = strlen(path);
    return n > 5 && strcmp(path + n - 5, ".conf") == 0;
}

/* Absolute paths of DIR/sub/ *.conf, sorted by byte. */
static const char **files_of(struct conf_loader *l, const char *sub, int *count)
{
    const char *dir = conf_loader_absolute(l, sub), **paths = NULL;
    int n = conf_source_list(l, dir, &paths);
    *count = 0;
    if (n < 0)
        conf_report_add(l->report, false, dir, 0, "cannot be read: %s", strerror(errno));
    for (int i = 0; i < n; i++) {
        if (is_conf(paths[i]))
            paths[(*count)++] = paths[i];
    }
    return paths;
}

static void main_load(struct conf_loader *l)
{
    static const char *const keys[] = {"store", "key",     "workers",  "home",
                                       "keep",  "metrics", "dashboard"};
    struct conf_file f;
    const char *path = conf_loader_absolute(l, "koppel.conf");
    const struct conf_source *source = l->source;
    struct conf_ground *ground = l->ground;
    int before = l->report->errors;
    l->conf->store_path = conf_loader_absolute(l, "koppel.db");
    l->conf->workers = 8;
    if (ground) {
        l->ground = NULL;
        l->source = NULL;
        l->unnoted = true;
        if (conf_file_open(l, &f, path, NULL) == 0) {
            conf_member_check_names(l, f.root, keys, COUNT(keys));
            conf_own_load(l, &f, before);
            conf_file_close(l, &f);
        }
        l->ground = ground;
        l->source = source;
        l->unnoted = false;
    }
    if (conf_file_open(l, &f, path, NULL) != 0)
        return;
    conf_member_check_names(l, f.root, keys, COUNT(keys));
    if (!ground)
        conf_own_load(l, &f, before);
    conf_home_load(l, conf_member_group(l, f.root, "home"), &l->conf->home);
    conf_keep_load(l, conf_member_group(l, f.root, "keep"), &l->conf->keep);
    conf_file_close(l, &f);
}

#define VERSION_BYTES 16 /* generichash's least; six of them are shown */

static void digest_start(struct conf_loader *l, crypto_generichash_state *state)
{
    crypto_generichash_init(state, NULL, 0, VERSION_BYTES);
    l->digest = state;
}

static const char *digest_end(struct conf_loader *l)
{
    unsigned char raw[VERSION_BYTES];
    char hex[13];
    crypto_generichash_final(l->digest, raw, sizeof raw);
    l->digest = NULL;
    sodium_bin2hex(hex, sizeof hex, raw, 6);
    return conf_held_copy(l->held, hex);
}

/* false: it cannot be read, or nothing is in it. */
static bool connection_load(struct conf_loader *l, const char *path)
{
    crypto_generichash_state state;
    struct conf_file f;
    digest_start(l, &state);
    bool open = conf_file_open(l, &f, path, NULL) == 0;
    bool any = open && !conf_file_is_empty(l, &f);
    if (any) {
        /* Counted afterwards: a connection is not to be found while it is half read. */
        struct conf_connection *w = &l->conf->connections[l->conf->connection_count];
        conf_connection_load(l, &f, w);
        l->lost = l->lost || !*w->name;
        conf_home_digest(l, &l->conf->home);
        w->version = digest_end(l);
        l->conf->connection_count++;
    }
    if (open)
        conf_file_close(l, &f);
    l->digest = NULL;
    return any;
}

static void connections_load(struct conf_loader *l)
{
    int n = 0;
    const char **paths = files_of(l, "connections.d", &n);
    struct conf *c = l->conf;
    c->connections = conf_held_alloc(l->held, sizeof *c->connections * (size_t)(n + 1));
    for (int i = 0; i < n; i++)
        l->lost = !connection_load(l, paths[i]) || l->lost;
}

/* A host that lacks a secret leaves its flows to others. */
static void leave_out(struct conf_flow *w)
{
    const struct conf_connection *c = w->from && w->from->lacks ? w->from : w->to;
    if (!w->enabled || !c || !c->lacks)
        return;
    w->lacks = c->lacks;
    w->enabled = false;
}

static void flows_load(struct conf_loader *l)
{
    int n = 0;
    const char **paths = files_of(l, "flows.d", &n);
    struct conf *c = l->conf;
    c->flows = conf_held_alloc(l->held, sizeof *c->flows * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        crypto_generichash_state state;
        struct conf_file f;
        digest_start(l, &state);
        bool open = conf_file_open(l, &f, paths[i], NULL) == 0;
        if (open && !conf_file_is_empty(l, &f)) {
            struct conf_flow *w = &c->flows[c->flow_count++];
            conf_flow_load(l, &f, w);
            conf_home_digest(l, &c->home);
            if (w->from)
                conf_loader_digest(l, w->from->version, strlen(w->from->version));
            if (w->to)
                conf_loader_digest(l, w->to->version, strlen(w->to->version));
            w->version = digest_end(l);
            leave_out(w);
            conf_case_load(l, paths[i], w);
        }
        if (open)
            conf_file_close(l, &f);
        l->digest = NULL;
    }
}

static void let_go(void *ground)
{
    conf_ground_let_go(ground);
}

/* What stands in the place of the directory's files while this is loaded: as one, whatever is
 * published meanwhile. */
static struct conf_ground *ground_for(struct conf_loader *l)
{
    if (l->source && (l->source->disk || l->source->ground))
        return l->source->disk ? NULL : l->source->ground;
    struct conf_ground *ground = conf_ground_hold_for(l->dir);
    if (ground)
        conf_held_keep(l->held, ground, let_go);
    return ground;
}

/* NULL: there is no such folder. */
static struct conf *loader_init(struct conf_loader *l, const char *dir,
                                const struct conf_source *source, struct plugins *plugins,
                                struct conf_report *report)
{
    char *absolute = realpath(dir, NULL);
    if (!absolute) {
        if (errno == ENOENT)
            conf_report_add(report, false, dir, 0, "there is no such folder; koppel init makes a "
                            "configuration there, -c names another one");
        else
            conf_report_add(report, false, dir, 0, "cannot be read: %s", strerror(errno));
        return NULL;
    }
    struct conf *c = conf_held_must(calloc(1, sizeof *c));
    conf_held_keep(&c->held, absolute, free);
    c->dir = absolute;
    *l = (struct conf_loader){.conf = c,
                              .held = &c->held,
                              .plugins = plugins,
                              .report = report,
                              .source = source,
                              .dir = absolute};
    l->ground = ground_for(l);
    c->published = l->ground ? l->ground->revision : 0;
    conf_home_load(l, NULL, &c->home);
    conf_keep_load(l, NULL, &c->keep);
    c->alert = conf_alert_none(l);
    conf_dashboard_load(l, NULL, true, &c->dashboard); /* until koppel.conf says more */
    return c;
}

static struct conf *load(const char *dir, const struct conf_source *source,
                         struct plugins *plugins, bool tables_later, struct conf_report *report)
{
    struct conf_loader l;
    int before = report->errors;
    struct conf *c = loader_init(&l, dir, source, plugins, report);
    if (!c)
        return NULL;
    l.tables_later = tables_later;
    main_load(&l);
    c->alert = conf_alert_load(&l);
    connections_load(&l);
    flows_load(&l);
    conf_check(&l);
    conf_note(&l);
    if (report->errors > before) {
        conf_free(c);
        return NULL;
    }
    c->whole = true;
    return c;
}

struct conf *conf_load(const char *dir, const struct conf_source *source, struct plugins *plugins,
                       struct conf_report *report)
{
    return load(dir, source, plugins, false, report);
}

struct conf *conf_load_tables_later(const char *dir, const struct conf_source *source,
                                    struct plugins *plugins, struct conf_report *report)
{
    return load(dir, source, plugins, true, report);
}

static void names_load(struct conf_loader *l)
{
    int n = 0;
    const char **paths = files_of(l, "flows.d", &n);
    struct conf *c = l->conf;
    c->flows = conf_held_alloc(l->held, sizeof *c->flows * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        struct conf_flow *w = &c->flows[c->flow_count++];
        struct conf_file f;
        w->at = (struct conf_at){paths[i], 0};
        if (conf_file_open(l, &f, paths[i], NULL) == 0) {
            const char *name = conf_member_text(l, f.root, "name", NULL);
            w->name = name ? conf_held_copy(l->held, name) : NULL;
            w->enabled = conf_member_bool(l, f.root, "enabled", true);
            conf_file_close(l, &f);
        }
        if (!w->name) {
            const char *base = strrchr(paths[i], '/') + 1;
            w->name = conf_held_text(l->held, "%.*s", (int)(strlen(base) - strlen(".conf")), base);
        }
    }
}

struct conf *conf_load_names(const char *dir, struct conf_report *report)
{
    struct conf_loader l;
    struct conf *c = loader_init(&l, dir, NULL, NULL, report);
    if (!c)
        return NULL;
    main_load(&l);
    names_load(&l);
    c->alert = conf_alert_load(&l); /* who is told that the rest is not right */
    return c;
}

struct conf *conf_load_alerts(const char *dir, const struct conf_source *source,
                              struct conf_report *report)
{
    struct conf_loader l;
    struct conf_report others = {0};
    struct conf *c = loader_init(&l, dir, source, NULL, report);
    if (!c)
        return NULL;
    l.report = &others;
    main_load(&l);
    conf_report_done(&others);
    l.report = report;
    int before = report->errors;
    c->alert = conf_alert_load(&l);
    if (report->errors == before)
        return c;
    conf_free(c);
    return NULL;
}

/* The folder that paths in the file are relative to: its own, or of one in connections.d of a
 * configuration directory that. *within: it is one. */
static void folder_of(const char *path, char out[PATH_MAX], bool *within)
{
    static const char part[] = "/connections.d";
    char main_file[PATH_MAX + sizeof "/koppel.conf"];
    const char *slash = strrchr(path, '/');
    snprintf(out, PATH_MAX, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    size_t n = strlen(out);
    *within = n >= sizeof part && strcmp(out + n - (sizeof part - 1), part) == 0;
    if (!*within)
        return;
    snprintf(main_file, sizeof main_file, "%.*s/koppel.conf", (int)(n - (sizeof part - 1)), out);
    *within = access(main_file, R_OK) == 0;
    if (*within)
        out[n - (sizeof part - 1)] = '\0';
}

struct conf *conf_load_kit(const char *connection, const char *notes, struct plugins *plugins,
                           struct conf_report *report)
{
    struct conf_loader l;
    struct conf_file f;
    char folder[PATH_MAX];
    bool within = false;
    int before = report->errors;
    folder_of(connection ? connection : notes ? notes : "/.", folder, &within);
    struct conf *c = loader_init(&l, folder, NULL, plugins, report);
    if (!c)
        return NULL;
    if (connection && within)
        main_load(&l);
    c->connections = conf_held_alloc(l.held, sizeof *c->connections * 2);
    if (connection && !connection_load(&l, connection) && report->errors == before)
        conf_report_add(report, false, connection, 0, "nothing is in it");
    bool told = notes && access(notes, R_OK) == 0 && conf_file_open(&l, &f, notes, NULL) == 0;
    if (told) {
        folder_of(notes, folder, &within);
        l.dir = folder;
    }
    c->kit = conf_kit_load(&l, told ? &f : NULL);
    if (told)
        conf_file_close(&l, &f);
    if (report->errors == before)
        return c;
    conf_free(c);
    return NULL;
}
