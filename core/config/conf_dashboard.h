/* SPDX-License-Identifier: MIT
 * The group `dashboard` of koppel.conf: where the pages are shown. */
#ifndef KOPPEL_CONFIG_CONF_DASHBOARD_H
#define KOPPEL_CONFIG_CONF_DASHBOARD_H

#include <libconfig.h>

#include "config/conf_loader.h"

#define CONF_DASHBOARD_LISTEN "127.0.0.1:8484" /* where nothing else is said */

/* What the pages may change of the files. */
enum conf_dashboard_edit { CONF_DASHBOARD_ALL, CONF_DASHBOARD_TABLES, CONF_DASHBOARD_NONE };

struct conf_dashboard {
    const char *listen; /* "ADDRESS:PORT", port 0: any; NULL: nowhere */
    const char *url;    /* what browsers know it by, without a slash at its end; NULL: as listen */
    const char *cert, *key; /* files of the server's own TLS, absolute; NULL: plain HTTP */
    const char *const *proxies; /* addresses whose X-Forwarded-For is believed, as numbers */
    int proxy_count;
    enum conf_dashboard_edit edit;
};

const char *conf_dashboard_edit_name(enum conf_dashboard_edit edit); /* "all", "tables", "none" */

/* group NULL: the defaults. doubt: there was a mistake before in what the host says for itself, so
 * that what is not set may have been. *out is held, and never NULL. */
void conf_dashboard_load(struct conf_loader *l, config_setting_t *group, bool doubt,
                         const struct conf_dashboard **out);

#endif
