/* SPDX-License-Identifier: MIT
 * A file of connections.d. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "config/config_internal.h"

config_setting_t *name_of(struct file *f)
{
    config_setting_t *s = get_member(f->root, "name");
    if (s)
        return s;
    return config_setting_length(f->root) > 0 ? config_setting_get_elem(f->root, 0) : f->root;
}

static bool name_fits(const char *name)
{
    static const char all[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    size_t n = strlen(name);
    return n > 0 && n <= 64 && strspn(name, all) == n;
}

const char *name_load(struct loader *l, struct file *f)
{
    const char *name = get_text(l, f->root, "name", NULL);
    if (!name && !get_member(f->root, "name"))
        conf_report_add(l->report, false, f->path, 0, "\"name\" is missing");
    else if (name && !name_fits(name))
        mistake(l, name_of(f), "name \"%s\": use 1 to 64 letters, digits, '-', '_' and '.'", name);
    return conf_copy(l->held, name ? name : "");
}

static void catalogue_done(void *c)
{
    catalogue_free(c);
}

static void connector_load(struct loader *l, struct file *f, struct conf_connection *c)
{
    const char *name = get_text(l, f->root, "connector", NULL);
    config_setting_t *s = get_member(f->root, "connector");
    struct koppel_error err = {0};
    if (!name) {
        if (!s)
            mistake(l, name_of(f), "\"connector\" is missing");
        return;
    }
    const struct plugin *p = plugins_load(l->plugins, name, &err);
    if (!p) {
        int count = 0;
        char **names = plugins_names(l->plugins, &count);
        mistake(l, s, "%s%s", err.text, hint(l, name, (const char *const *)names, count));
        plugins_names_free(names, count);
        return;
    }
    if (p->entry.kind != KOPPEL_KIND_CONNECTOR) {
        mistake(l, s, "plugin \"%s\" is a transform, not a connector", name);
        return;
    }
    c->plugin = p;
    config_setting_t *overlay = get_member(f->root, "overlay");
    const char *file = get_text(l, f->root, "overlay", NULL);
    size_t bytes = 0;
    char *text = NULL;
    if (file) {
        text = file_text(file_absolute(l, file), &bytes);
        if (text)
            digest_add(l, text, bytes);
        else
            mistake(l, overlay, "cannot read overlay %s: %s", file_absolute(l, file),
                    strerror(errno));
    }
    c->catalogue = catalogue_overlay(p->catalogue, text ? text : "{}", &err);
    if (!c->catalogue) {
        mistake(l, overlay ? overlay : s, "overlay: %s", err.text);
        /* Go on with the shipped one, to find the other mistakes. */
        c->catalogue = catalogue_overlay(p->catalogue, "{}", NULL);
    }
    free(text);
    if (c->catalogue)
        conf_keep(l->held, c->catalogue, catalogue_done);
}

void connection_load(struct loader *l, struct file *f, struct conf_connection *c)
{
    static const char *const keys[] = {"name",            "connector", "settings",
                                       "overlay",         "concurrency", "rate_per_minute",
                                       "timeout",         "connect_timeout", "limit_mb",
                                       "tls_ca",          "tls_min"};
    static const char *const tls[] = {"1.2", "1.3"};
    check_keys(l, f->root, keys, COUNT(keys));
    c->name = name_load(l, f);
    c->at = at_of(l, name_of(f));
    connector_load(l, f, c);
    config_setting_t *settings = get_group(l, f->root, "settings");
    if (c->catalogue) {
        c->settings = conf_alloc(l->held, sizeof *c->settings
                                              * (size_t)(c->catalogue->setting_count + 1));
        c->setting_count = settings_load(l, settings, name_of(f), c->catalogue->settings,
                                         c->catalogue->setting_count, c->settings);
    }
    int usual = c->catalogue && c->catalogue->concurrency > 0 ? c->catalogue->concurrency : 1;
    c->concurrency = (int)get_number(l, f->root, "concurrency", 1, 64, usual);
    c->rate_per_minute = get_number(l, f->root, "rate_per_minute", 0, 1000000, 0);
    c->timeout_ms = get_duration(l, f->root, "timeout", 60000);
    c->connect_timeout_ms = get_duration(l, f->root, "connect_timeout", 10000);
    c->limit_bytes = get_number(l, f->root, "limit_mb", 1, 1024, 64) * 1024 * 1024;
    c->tls_min = 12 + get_choice(l, f->root, "tls_min", tls, COUNT(tls), 0);
    const char *ca = get_text(l, f->root, "tls_ca", NULL);
    if (ca) {
        struct stat st;
        c->tls_ca = file_absolute(l, ca);
        if (stat(c->tls_ca, &st) != 0)
            mistake(l, get_member(f->root, "tls_ca"), "cannot read %s: %s", c->tls_ca,
                    strerror(errno));
    }
}

const char *connector_name(const struct conf_connection *c)
{
    return c->plugin && c->plugin->entry.name ? c->plugin->entry.name : "";
}
