/* SPDX-License-Identifier: MIT
 * NAME.test.conf. */
#include "config/conf_kit.h"

#include <string.h>

#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

static void skips_load(struct conf_loader *l, config_setting_t *list, struct conf_kit *out)
{
    static const char *const keys[] = {"check", "why"};
    if (!list)
        return;
    if (!config_setting_is_list(list)) {
        conf_mistake(l, list, "\"skip\" must be a list of groups, as in skip = ( { ... } );");
        return;
    }
    int n = config_setting_length(list);
    out->skips = conf_held_alloc(l->held, sizeof *out->skips * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        config_setting_t *one = config_setting_get_elem(list, (unsigned)i);
        if (!config_setting_is_group(one)) {
            conf_mistake(l, one, "must be a group with \"check\" and \"why\"");
            continue;
        }
        conf_member_check_names(l, one, keys, COUNT(keys));
        const char *check = conf_member_text(l, one, "check", NULL);
        const char *why = conf_member_text(l, one, "why", NULL);
        if (!check || !why || strlen(why) < 10)
            conf_mistake(l, one, "a check is left out by its name and a reason that helps whoever "
                         "reads it");
        else
            out->skips[out->skip_count++] = (struct conf_kit_pair){
                conf_held_copy(l->held, check), conf_held_copy(l->held, why)};
    }
}

static void records_load(struct conf_loader *l, config_setting_t *group, struct conf_kit *out)
{
    int n = group ? config_setting_length(group) : 0;
    out->records = conf_held_alloc(l->held, sizeof *out->records * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
        const char *file = config_setting_get_string(one);
        if (!file)
            conf_mistake(l, one, "must be the name of a file with a record as JSON");
        else
            out->records[out->record_count++] = (struct conf_kit_pair){
                conf_held_copy(l->held, config_setting_name(one)), conf_loader_absolute(l, file)};
    }
}

static void settings_load(struct conf_loader *l, config_setting_t *group, struct conf_kit *out)
{
    int n = group ? config_setting_length(group) : 0;
    out->settings = conf_held_alloc(l->held, sizeof *out->settings * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
        const char *text = conf_member_scalar(l, one);
        if (text)
            out->settings[out->setting_count++] =
                (struct conf_kit_pair){conf_held_copy(l->held, config_setting_name(one)), text};
    }
}

const struct conf_kit *conf_kit_load(struct conf_loader *l, struct conf_file *f)
{
    static const char *const keys[] = {"manual", "skip", "records", "settings"};
    struct conf_kit *out = conf_held_alloc(l->held, sizeof *out);
    if (!f)
        return out;
    conf_member_check_names(l, f->root, keys, COUNT(keys));
    const char *manual = conf_member_text(l, f->root, "manual", NULL);
    if (manual)
        out->manual = conf_loader_absolute(l, manual);
    skips_load(l, conf_member_get(f->root, "skip"), out);
    records_load(l, conf_member_group(l, f->root, "records"), out);
    settings_load(l, conf_member_group(l, f->root, "settings"), out);
    return out;
}
