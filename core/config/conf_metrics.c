/* SPDX-License-Identifier: MIT
 * Where metrics and probes are shown. They need no log-in, so they are for this machine alone:
 * whoever watches from another one comes through a proxy or a tunnel that knows whom it lets in. */
#include "config/conf_metrics.h"

#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

bool conf_metrics_may(const char *text, union conf_listen *out)
{
    return conf_listen_parse(text, out) == 0 && conf_listen_local(out) &&
           conf_listen_port(out) != 0;
}

void conf_metrics_load(struct conf_loader *l, config_setting_t *group, const char **out)
{
    static const char *const keys[] = {"listen"};
    union conf_listen ignored;
    *out = NULL;
    if (!group)
        return;
    conf_member_check_names(l, group, keys, COUNT(keys));
    const char *text = conf_member_text(l, group, "listen", NULL);
    if (!conf_member_get(group, "listen"))
        conf_mistake(l, group, "the group has no \"listen\", such as \"127.0.0.1:9484\"");
    else if (text && !conf_metrics_may(text, &ignored))
        conf_mistake(l, conf_member_get(group, "listen"),
                     "\"listen\" must be an address of this machine alone and a port, such as "
                     "\"127.0.0.1:9484\" or \"[::1]:9484\": what is shown there needs no log-in");
    *out = text ? conf_held_copy(l->held, text) : NULL;
}
