/* SPDX-License-Identifier: MIT
 * What each host says for itself. */
#include "config/conf_own.h"

#include "config/conf_dashboard.h"
#include "config/conf_file.h"
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
