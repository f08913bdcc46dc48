/* SPDX-License-Identifier: MIT
 * Members of a group, with their type checked. */
#include "config/conf_member.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/nearest.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_mistake.h"

config_setting_t *conf_member_get(config_setting_t *group, const char *name)
{
    return group && config_setting_is_group(group) ? config_setting_get_member(group, name) : NULL;
}

void conf_member_rename(config_setting_t *s, const char *name)
{
    if (!name || config_setting_get_member(config_setting_parent(s), name))
        return;
    free(s->name);
    s->name = conf_held_must(strdup(name));
}

void conf_member_check_names(struct conf_loader *l, config_setting_t *group,
                             const char *const *names, int count)
{
    for (int i = 0; i < config_setting_length(group); i++) {
        config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
        const char *name = config_setting_name(s);
        bool known = false;
        for (int k = 0; k < count && !known; k++)
            known = strcmp(names[k], name) == 0;
        if (known)
            continue;
        const char *near = nearest_name(name, names, count);
        conf_mistake_near(l, s, near, "\"%s\" is not known here", name);
        conf_member_rename(s, near);
    }
}

const char *conf_member_text(struct conf_loader *l, config_setting_t *group, const char *name,
                             const char *absent)
{
    config_setting_t *s = conf_member_get(group, name);
    if (!s)
        return absent;
    const char *text = config_setting_get_string(s);
    if (text)
        return text;
    conf_mistake(l, s, "\"%s\" must be text in quotes", name);
    return absent;
}

bool conf_member_bool(struct conf_loader *l, config_setting_t *group, const char *name, bool absent)
{
    config_setting_t *s = conf_member_get(group, name);
    if (!s)
        return absent;
    if (config_setting_type(s) == CONFIG_TYPE_BOOL)
        return config_setting_get_bool(s);
    conf_mistake(l, s, "\"%s\" must be true or false%s", name,
                 config_setting_get_string(s) ? ", without quotes" : "");
    return absent;
}

/* `, not "5 minutes"` of a value, or nothing: held. */
static const char *given(struct conf_loader *l, const config_setting_t *s)
{
    const char *text = conf_member_scalar(l, s);
    return text ? conf_held_text(l->held, ", not \"%s\"", text) : "";
}

bool conf_member_is_integer(const config_setting_t *s)
{
    return config_setting_type(s) == CONFIG_TYPE_INT || config_setting_type(s) == CONFIG_TYPE_INT64;
}

int64_t conf_member_number(struct conf_loader *l, config_setting_t *group, const char *name,
                           int64_t min, int64_t max, int64_t absent)
{
    config_setting_t *s = conf_member_get(group, name);
    if (!s)
        return absent;
    if (conf_member_is_integer(s)) {
        int64_t n = config_setting_get_int64(s);
        if (n >= min && n <= max)
            return n;
    }
    conf_mistake(l, s, "\"%s\" must be a whole number from %lld to %lld%s%s", name,
                 (long long)min, (long long)max,
                 config_setting_get_string(s) ? ", without quotes" : "", given(l, s));
    return absent;
}

int64_t conf_member_duration(struct conf_loader *l, config_setting_t *group, const char *name,
                             int64_t least, int64_t absent)
{
    config_setting_t *s = conf_member_get(group, name);
    int64_t ms = 0;
    if (!s)
        return absent;
    const char *text = config_setting_get_string(s);
    if (text && clock_parse_duration(text, &ms) == 0 && ms >= least)
        return ms;
    conf_mistake(l, s, "\"%s\" must be a time such as \"30s\", \"5m\" or \"2h\"%s%s", name,
                 least > 0 ? " and more than zero" : "", given(l, s));
    return absent;
}

const char *conf_member_joined(struct conf_loader *l, const char *const *values, int count)
{
    const char *all = "";
    for (int i = 0; i < count; i++)
        all = conf_held_text(l->held, "%s%s%s", all, i ? ", " : "", values[i]);
    return all;
}

int conf_member_choice(struct conf_loader *l, config_setting_t *group, const char *name,
                       const char *const *values, int count, int absent)
{
    config_setting_t *s = conf_member_get(group, name);
    if (!s)
        return absent;
    const char *text = config_setting_get_string(s);
    for (int i = 0; text && i < count; i++) {
        if (strcmp(values[i], text) == 0)
            return i;
    }
    conf_mistake_near(l, s, text ? nearest_name(text, values, count) : NULL,
                      "\"%s\" must be one of %s%s", name, conf_member_joined(l, values, count),
                      given(l, s));
    return absent;
}

config_setting_t *conf_member_group(struct conf_loader *l, config_setting_t *group,
                                    const char *name)
{
    config_setting_t *s = conf_member_get(group, name);
    if (!s || config_setting_is_group(s))
        return s;
    conf_mistake(l, s, "\"%s\" must be a group, as in %s = { ... };", name, name);
    return NULL;
}

const char *conf_member_scalar(struct conf_loader *l, const config_setting_t *s)
{
    if (config_setting_type(s) == CONFIG_TYPE_STRING)
        return conf_held_copy(l->held, config_setting_get_string(s));
    if (config_setting_type(s) == CONFIG_TYPE_BOOL)
        return config_setting_get_bool(s) ? "true" : "false";
    if (conf_member_is_integer(s))
        return conf_held_text(l->held, "%lld", config_setting_get_int64(s));
    return NULL;
}

const char **conf_member_texts(struct conf_loader *l, config_setting_t *s, int *count)
{
    bool many = config_setting_is_array(s) || config_setting_is_list(s);
    int n = many ? config_setting_length(s) : 1;
    const char **texts = conf_held_alloc(l->held, sizeof *texts * (size_t)(n + 1));
    *count = 0;
    for (int i = 0; i < n; i++) {
        config_setting_t *one = many ? config_setting_get_elem(s, (unsigned)i) : s;
        const char *text = config_setting_get_string(one);
        if (text)
            texts[(*count)++] = conf_held_copy(l->held, text);
        else
            conf_mistake(l, s, "\"%s\" must be text in quotes, or a list of texts",
                         config_setting_name(s));
    }
    return texts;
}
