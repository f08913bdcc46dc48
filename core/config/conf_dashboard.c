/* SPDX-License-Identifier: MIT
 * Where the pages are shown: on this machine alone, or with TLS, or behind a proxy that has it. */
#include "config/conf_dashboard.h"

#include <arpa/inet.h>
#include <string.h>

#include "config/conf_held.h"
#include "config/conf_listen.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

/* "https://koppel.example.org": scheme, host and perhaps a port, no path. */
static bool is_url(const char *text)
{
    const char *host = strncmp(text, "https://", 8) == 0  ? text + 8
                       : strncmp(text, "http://", 7) == 0 ? text + 7 : NULL;
    return host && *host && !host[strcspn(host, "/?#@ \t\\\"<>")];
}

static void load_tls(struct conf_loader *l, config_setting_t *group, struct conf_dashboard *d)
{
    static const char *const keys[] = {"cert", "key"};
    config_setting_t *tls = conf_member_group(l, group, "tls");
    if (!tls)
        return;
    conf_member_check_names(l, tls, keys, COUNT(keys));
    const char *cert = conf_member_text(l, tls, "cert", NULL);
    const char *key = conf_member_text(l, tls, "key", NULL);
    if (!cert || !key) {
        conf_mistake(l, tls, "\"tls\" needs the files \"cert\" and \"key\"");
        return;
    }
    d->cert = conf_loader_absolute(l, cert);
    d->key = conf_loader_absolute(l, key);
}

static void load_proxies(struct conf_loader *l, config_setting_t *group, struct conf_dashboard *d)
{
    config_setting_t *list = conf_member_get(group, "proxy");
    unsigned char ignored[sizeof(struct in6_addr)];
    if (!list)
        return;
    d->proxies = conf_member_texts(l, list, &d->proxy_count);
    for (int i = 0; i < d->proxy_count; i++) {
        if (inet_pton(AF_INET, d->proxies[i], ignored) != 1 &&
            inet_pton(AF_INET6, d->proxies[i], ignored) != 1)
            conf_mistake(l, list, "\"proxy\" has addresses as numbers, such as \"127.0.0.1\", not "
                         "\"%s\"", d->proxies[i]);
    }
}

static const char *const edits[] = {"all", "tables", "none"};

const char *conf_dashboard_edit_name(enum conf_dashboard_edit edit)
{
    return edits[edit];
}

static void load_edit(struct conf_loader *l, config_setting_t *group, bool doubt,
                      struct conf_dashboard *d)
{
    config_setting_t *s = conf_member_get(group, "edit");
    const char *text = conf_member_text(l, group, "edit", NULL);
    for (size_t i = 0; text && i < COUNT(edits); i++) {
        if (strcmp(text, edits[i]) == 0) {
            d->edit = (enum conf_dashboard_edit)i;
            return;
        }
    }
    /* the pages are shown in safe mode too: what keeps them from something must not fall open, also
     * where it was written into a group or a member that is not known */
    d->edit = s || doubt ? CONF_DASHBOARD_NONE : CONF_DASHBOARD_ALL;
    if (text)
        conf_mistake(l, s, "\"edit\" is what the pages may change: \"all\", \"tables\" or "
                     "\"none\"");
}

void conf_dashboard_load(struct conf_loader *l, config_setting_t *group, bool doubt,
                         const struct conf_dashboard **out)
{
    static const char *const keys[] = {"listen", "url", "tls", "proxy", "edit"};
    union conf_listen where;
    int before = l->report->errors;
    struct conf_dashboard *d = conf_held_alloc(l->held, sizeof *d);
    *out = d;
    if (group)
        conf_member_check_names(l, group, keys, COUNT(keys));
    const char *listen = conf_member_text(l, group, "listen", CONF_DASHBOARD_LISTEN);
    const char *url = conf_member_text(l, group, "url", NULL);
    bool off = strcmp(listen, "off") == 0;
    load_tls(l, group, d);
    load_proxies(l, group, d);
    if (!off && conf_listen_parse(listen, &where) != 0)
        conf_mistake(l, conf_member_get(group, "listen"),
                     "\"listen\" must be an address and a port, such as "
                     "\"" CONF_DASHBOARD_LISTEN "\" or \"[::1]:8484\", or \"off\"");
    else if (!off && !conf_listen_local(&where) && !d->cert && d->proxy_count == 0)
        conf_mistake(l, conf_member_get(group, "listen"),
                     "others than this machine would log in without encryption: \"listen\" an "
                     "address of this machine alone, or set \"tls\", or the \"proxy\" that has it");
    if (url && !is_url(url))
        conf_mistake(l, conf_member_get(group, "url"),
                     "\"url\" must be what browsers know the pages by, such as "
                     "\"https://koppel.example.org\", without a path");
    load_edit(l, group, doubt || l->report->errors > before, d); /* all else was looked at */
    d->listen = off ? NULL : conf_held_copy(l->held, listen);
    d->url = url ? conf_held_copy(l->held, url) : NULL;
}
