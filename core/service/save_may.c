/* SPDX-License-Identifier: MIT
 * Which files of the configuration may be written. */
#include "service/save_may.h"

#include <stdlib.h>
#include <string.h>

#include "base/replace.h"
#include "config/conf_dashboard.h"
#include "config/conf_ground.h"

/* Does koppel.conf keep the pages from changing such a file? */
static bool is_kept(const struct service *s, const char *path)
{
    enum conf_dashboard_edit edit =
        s->pages && s->conf ? s->conf->dashboard->edit : CONF_DASHBOARD_ALL;
    const char *ending = strrchr(path, '.');
    bool table = ending && strcmp(ending, ".csv") == 0;
    return edit == CONF_DASHBOARD_NONE || (edit == CONF_DASHBOARD_TABLES && !table);
}

int save_may_all(const struct service *s, struct koppel_error *err)
{
    enum conf_dashboard_edit edit =
        s->pages && s->conf ? s->conf->dashboard->edit : CONF_DASHBOARD_ALL;
    return edit == CONF_DASHBOARD_ALL
               ? 0
               : err_reason(err, KOPPEL_E_REJECTED, SERVICE_DENIED,
                            "the pages do not change the whole configuration: dashboard.edit in"
                            " koppel.conf is \"%s\"", conf_dashboard_edit_name(edit));
}

int save_may(const struct service *s, const char *path, char **refused, struct koppel_error *err)
{
    struct koppel_error problem = {0};
    struct conf_ground *ground = conf_ground_hold_for(s->dir);
    bool published = conf_ground_covers(ground, path);
    conf_ground_let_go(ground);
    size_t n = strlen(s->dir);
    char *real = realpath(path, NULL);
    if (is_kept(s, path))
        (void)err_set(&problem, KOPPEL_E_CONFIG,
                      "the pages do not change %s: dashboard.edit in koppel.conf is \"%s\"", path,
                      conf_dashboard_edit_name(s->conf->dashboard->edit));
    else if (published)
        ; /* it stands on no disk */
    else if (real && (strncmp(real, s->dir, n) != 0 || real[n] != '/'))
        (void)err_set(&problem, KOPPEL_E_CONFIG, "%s is outside of %s", real, s->dir);
    else
        (void)replace_may(real ? real : path, &problem);
    free(real);
    *refused = problem.kind ? strdup(problem.text) : NULL;
    return problem.kind && !*refused ? err_set(err, KOPPEL_E_RETRY, "out of memory") : 0;
}
