/* SPDX-License-Identifier: MIT
 * Functions with their arguments: libconfig settings -> struct conf_via. */
#include "config/conf_via.h"

#include <string.h>

#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

static void call_done(void *call)
{
    plugins_call_done(call);
}

/* "name:argument:argument". What follows the name, as an array. */
static json_t *arguments_of_text(char *text)
{
    json_t *args = json_array();
    char *arg = strchr(text, ':');
    if (arg)
        *arg++ = 0;
    while (arg) {
        char *next = strchr(arg, ':');
        if (next)
            *next++ = 0;
        json_array_append_new(args, json_string(arg));
        arg = next;
    }
    return args;
}

static json_t *argument(config_setting_t *s)
{
    if (config_setting_type(s) == CONFIG_TYPE_STRING)
        return json_string(config_setting_get_string(s));
    if (config_setting_type(s) == CONFIG_TYPE_BOOL)
        return json_boolean(config_setting_get_bool(s));
    if (conf_member_is_integer(s))
        return json_integer(config_setting_get_int64(s));
    if (!config_setting_is_array(s) && !config_setting_is_list(s))
        return NULL;
    json_t *list = json_array();
    for (int i = 0; i < config_setting_length(s); i++) {
        if (json_array_append_new(list, argument(config_setting_get_elem(s, (unsigned)i))) == 0)
            continue;
        json_decref(list);
        return NULL;
    }
    return list;
}

/* [ "name", argument, argument ]. NULL: one of them cannot be one, which is told. */
static json_t *arguments_of_list(struct conf_loader *l, config_setting_t *s)
{
    json_t *args = json_array();
    for (int i = 1; i < config_setting_length(s); i++) {
        json_t *one = argument(config_setting_get_elem(s, (unsigned)i));
        if (one && json_array_append_new(args, one) == 0)
            continue;
        conf_mistake(l, s, "an argument is a UTF-8 text, a whole number, a boolean, or a list of "
                     "these; decimals are texts");
        json_decref(args);
        return NULL;
    }
    return args;
}

/* Is it a function for what it is given to? */
static void check_kind(struct conf_loader *l, const config_setting_t *s, bool record,
                       const struct conf_via *v)
{
    const struct cat_function *f = plugins_call_function(&v->call);
    if (f->record && !record)
        conf_mistake(l, s, "function \"%s\" is for whole records; name it in \"record\" of the "
                     "flow", f->name);
    else if (!f->record && record)
        conf_mistake(l, s, "function \"%s\" is for values; name it in \"via\" of a rule", f->name);
}

/* name and args as written. listed: s is an array of functions, and this is not the first. */
static bool call_load(struct conf_loader *l, config_setting_t *s, const char *name,
                      const json_t *args, bool record, bool listed, struct conf_via *v)
{
    struct koppel_error err = {0};
    v->home = &l->conf->home;
    conf_held_keep(l->held, &v->call, call_done);
    if (plugins_call_make(l->plugins, name, args, &v->call, &err) == 0) {
        check_kind(l, s, record, v);
        return true;
    }
    bool unknown = listed && !v->call.plugin;
    conf_mistake(l, s, "\"%s\": %s%s", v->text, err.text,
                 unknown ? "; arguments stand in brackets of their own, as in ( [ \"replace\", "
                           "\":\", \"-\" ] )" : "");
    return false;
}

static bool one_load(struct conf_loader *l, config_setting_t *s, config_setting_t *at, bool record,
                     bool listed, struct conf_via *v)
{
    bool grouped = config_setting_is_array(s) || config_setting_is_list(s);
    config_setting_t *first = grouped ? config_setting_get_elem(s, 0) : s;
    const char *text = first ? config_setting_get_string(first) : NULL;
    if (!text) {
        conf_mistake(l, at, "a function is a text such as \"trim\", or a list of its name and its "
                     "arguments, as in [ \"replace\", \":\", \"-\" ]");
        return false;
    }
    char *name = conf_held_copy(l->held, text);
    v->text = conf_held_copy(l->held, text);
    json_t *args = grouped ? arguments_of_list(l, s) : arguments_of_text(name);
    bool good = args && call_load(l, at, name, args, record, listed, v);
    json_decref(args);
    return good;
}

void conf_via_load(struct conf_loader *l, config_setting_t *s, bool record, struct conf_via **out,
                   int *count)
{
    bool many = config_setting_is_array(s) || config_setting_is_list(s);
    int n = many ? config_setting_length(s) : 1;
    *count = 0;
    *out = conf_held_alloc(l->held, sizeof **out * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        config_setting_t *one = many ? config_setting_get_elem(s, (unsigned)i) : s;
        bool listed = i > 0 && config_setting_is_array(s);
        *count += one_load(l, one, s, record, listed, &(*out)[*count]);
    }
}
