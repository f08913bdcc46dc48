/* SPDX-License-Identifier: MIT
 * A file of connections.d. */
#include "config/conf_connection.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "config/conf_authority.h"
#include "config/conf_described.h"
#include "config/conf_file.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_overlay.h"
#include "config/conf_setting.h"
#include "plugin/plugins_names.h"

static void connector_load(struct conf_loader *l, struct conf_file *f, struct conf_connection *c)
{
    const char *name = conf_member_text(l, f->root, "connector", NULL);
    config_setting_t *s = conf_member_get(f->root, "connector");
    struct koppel_error err = {0};
    if (!name) {
        if (!s)
            conf_mistake(l, conf_file_name_of(f), "\"connector\" is missing");
        return;
    }
    const struct catalogue *described = NULL;
    const char *file = conf_described_find(l, name);
    const struct plugin *p;
    if (file) {
        p = conf_described_load(l, s, name, file, &described);
        if (!p)
            return;
        c->connector = conf_held_copy(l->held, name);
        c->plugin = p;
        c->catalogue = conf_overlay_load(l, f->root, p, described);
        return;
    }
    p = plugins_load(l->plugins, name, &err);
    if (!p) {
        int count = 0;
        char **names = plugins_names(l->plugins, &count);
        const char *near = nearest_name(name, (const char *const *)names, count);
        int more = 0;
        char **others = conf_described_names(l->dir, &more);
        if (!near)
            near = nearest_name(name, (const char *const *)others, more);
        conf_mistake_near(l, s, near, "%s", err.text);
        plugins_names_free(names, count);
        plugins_names_free(others, more);
        return;
    }
    if (p->entry.kind != KOPPEL_KIND_CONNECTOR) {
        conf_mistake(l, s, "plugin \"%s\" is a transform, not a connector", name);
        return;
    }
    if (p->connector.check) {
        conf_mistake(l, s, "\"%s\" needs a description: put one into connectors/NAME.json, with "
                     "\"connector\": \"%s\" in it, and name NAME here", name, name);
        return;
    }
    c->connector = p->entry.name;
    c->plugin = p;
    c->catalogue = conf_overlay_load(l, f->root, p, p->catalogue);
}

void conf_connection_load(struct conf_loader *l, struct conf_file *f, struct conf_connection *c)
{
    static const char *const keys[] = {
        "name",    "connector",       "settings", "overlay", "concurrency", "rate_per_minute",
        "timeout", "connect_timeout", "limit_mb", "tls_ca",  "tls_min",
        "quiet",   "lag"};
    static const char *const tls[] = {"1.2", "1.3"};
    conf_member_check_names(l, f->root, keys, COUNT(keys));
    c->name = conf_file_name(l, f);
    c->at = conf_mistake_at(l, conf_file_name_of(f));
    c->home = &l->conf->home;
    connector_load(l, f, c);
    config_setting_t *settings = conf_member_group(l, f->root, "settings");
    l->lacking = NULL;
    if (c->catalogue) {
        c->settings = conf_held_alloc(l->held, sizeof *c->settings *
                                                   (size_t)(c->catalogue->setting_count + 1));
        c->setting_count =
            conf_setting_load(l, settings, conf_file_name_of(f), c->catalogue->settings,
                              c->catalogue->setting_count, c->settings);
    }
    int usual = c->catalogue && c->catalogue->concurrency > 0 ? c->catalogue->concurrency : 1;
    c->concurrency = (int)conf_member_number(l, f->root, "concurrency", 1, 64, usual);
    c->rate_per_minute = conf_member_number(l, f->root, "rate_per_minute", 0, 1000000, 0);
    c->timeout_ms = conf_member_duration(l, f->root, "timeout", 1, 60000);
    c->connect_timeout_ms = conf_member_duration(l, f->root, "connect_timeout", 1, 10000);
    c->quiet_ms = conf_member_duration(l, f->root, "quiet", 1, 5000);
    c->lag_ms = conf_member_duration(l, f->root, "lag", 0, -1);
    c->limit_bytes = conf_member_number(l, f->root, "limit_mb", 1, 1024, 64) * 1024 * 1024;
    c->tls_min = 12 + conf_member_choice(l, f->root, "tls_min", tls, COUNT(tls), 0);
    c->tls_ca = conf_authority_load(l, f->root);
    if (l->lacking)
        c->lacks = conf_held_text(l->held, "connection %s lacks a secret here: %s", c->name,
                                  l->lacking);
}

const char *conf_connection_connector(const struct conf_connection *c)
{
    return c->connector ? c->connector : "";
}
