/* SPDX-License-Identifier: MIT
 * Changes of alerts.conf by order. */
#include "service/alerts_change.h"

#include "config/conf_alert_rule.h"
#include "service/alerts_file.h"
#include "service/ask.h"
#include "service/configs_edit.h"

typedef int change(struct conf_edit_files *files, struct service *s, const struct service_ask *ask,
                   struct koppel_error *err);

static int save(struct service *s, const struct service_ask *ask, change *how, json_t **out,
                struct koppel_error *err)
{
    struct conf_edit_files files = {.dir = s->dir};
    int rc = how(&files, s, ask, err);
    if (rc == 0)
        rc = configs_edit_save(s, ask, &files, out, err);
    conf_edit_files_done(&files);
    return rc;
}

/* ---- a channel ---- */

static int channel(struct conf_edit_files *files, struct service *s, const struct service_ask *ask,
                   struct koppel_error *err)
{
    return alerts_file_channel(files, s, ask_text(ask, "channel"),
                               json_object_get(ask->in, "settings"),
                               json_object_get(ask->in, "secrets"), err);
}

static int channel_locked(struct service *s, const struct service_ask *ask, json_t **out,
                          struct koppel_error *err)
{
    return save(s, ask, channel, out, err);
}

int alerts_change_channel(struct service *s, const struct service_ask *ask, json_t **out,
                          struct koppel_error *err)
{
    return configs_edit_locked(s, ask, channel_locked, out, err);
}

int alerts_change_remove(struct service *s, const struct service_ask *ask, json_t **out,
                         struct koppel_error *err)
{
    return configs_edit_locked(s, ask, channel_locked, out, err); /* it names no settings */
}

/* ---- a rule ---- */

static int rule(struct conf_edit_files *files, struct service *s, const struct service_ask *ask,
                struct koppel_error *err)
{
    return alerts_file_rule(files, s, ask_text(ask, "rule"), json_object_get(ask->in, "settings"),
                            err);
}

static int rule_locked(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err)
{
    return save(s, ask, rule, out, err);
}

int alerts_change_rule(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err)
{
    const char *names[CONF_ALERT_RULES], *name = ask_text(ask, "rule");
    for (int i = 0; i < CONF_ALERT_RULES; i++)
        names[i] = conf_alert_rule_name((enum conf_alert_name)i);
    if (conf_alert_rule_find(name) < 0)
        return ask_unknown("rule", name, ALERTS_FILE, names, CONF_ALERT_RULES, err);
    return configs_edit_locked(s, ask, rule_locked, out, err);
}

/* ---- the rest ---- */

static int general(struct conf_edit_files *files, struct service *s, const struct service_ask *ask,
                   struct koppel_error *err)
{
    return alerts_file_general(files, s, json_object_get(ask->in, "settings"), err);
}

static int general_locked(struct service *s, const struct service_ask *ask, json_t **out,
                          struct koppel_error *err)
{
    return save(s, ask, general, out, err);
}

int alerts_change_general(struct service *s, const struct service_ask *ask, json_t **out,
                          struct koppel_error *err)
{
    return configs_edit_locked(s, ask, general_locked, out, err);
}
