/* SPDX-License-Identifier: MIT
 * What each host says for itself. */
#include "config/conf_own.h"

#include "config/conf_dashboard.h"
#include "config/conf_file.h"
#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_metrics.h"
#include "config/conf_store.h"

void conf_own_load(struct conf_loader *l, struct conf_file *f, int before)
{
    struct conf *c = l->conf;
    conf_store_load(l, f);
    c->workers = (int)conf_member_number(l, f->root, "workers", 1, 256, 8);
    conf_metrics_load(l, conf_member_group(l, f->root, "metrics"), &c->metrics);
    config_setting_t *pages = conf_member_group(l, f->root, "dashboard");
    conf_dashboard_load(l, pages, l->report->errors > before, &c->dashboard);
    c->own_sound = l->report->errors == before;
}

/* ---- what an engine that runs had ---- */

static const char *copy(struct conf *c, const char *text)
{
    return text ? conf_held_copy(&c->held, text) : NULL;
}

/* *out NULL: there is none. -1: no memory. */
static int copy_secret(struct conf *c, const struct secret *from, struct secret **out)
{
    *out = from ? secret_new(secret_text(from), secret_bytes(from)) : NULL;
    if (*out)
        conf_held_keep(&c->held, *out, conf_held_secret_done);
    return from && !*out ? -1 : 0;
}

static const struct conf_dashboard *pages_of(struct conf *c, const struct conf_dashboard *before)
{
    struct conf_dashboard *d = conf_held_alloc(&c->held, sizeof *d);
    const char **proxies = conf_held_alloc(&c->held,
                                           sizeof *proxies * ((size_t)before->proxy_count + 1));
    for (int i = 0; i < before->proxy_count; i++)
        proxies[i] = copy(c, before->proxies[i]);
    *d = (struct conf_dashboard){.listen = copy(c, before->listen), .url = copy(c, before->url),
                                 .cert = copy(c, before->cert), .key = copy(c, before->key),
                                 .proxies = proxies, .proxy_count = before->proxy_count,
                                 .edit = c->dashboard->edit};
    return d;
}

int conf_own_keep(struct conf *c, const struct conf *before)
{
    c->store_path = copy(c, before->store_path);
    c->store_connection = copy(c, before->store_connection);
    c->store_lease_ms = before->store_lease_ms;
    if (copy_secret(c, before->key, &c->key) != 0 ||
        copy_secret(c, before->store_password, &c->store_password) != 0)
        return -1;
    if (c->own_sound)
        return 0;
    c->workers = before->workers;
    c->metrics = copy(c, before->metrics);
    c->dashboard = pages_of(c, before->dashboard);
    return 0;
}
