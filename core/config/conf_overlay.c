/* SPDX-License-Identifier: MIT
 * The overlay of a connection. Its mistakes are told with the line of its file. */
#include "config/conf_overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "catalogue/catalogue_overlay.h"
#include "config/conf_described.h"
#include "config/conf_held.h"
#include "config/conf_json_line.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"
#include "config/conf_source.h"
#include "config/conf_text.h"

static void catalogue_done(void *c)
{
    catalogue_free(c);
}

/* What its catalogue says of the merged text; NULL, reported: it is wrong. */
static struct catalogue *merged(struct conf_loader *l, const struct plugin *plugin,
                                const struct catalogue *base, const char *path, const char *text)
{
    static const char prefix[] = "catalogue: ";
    struct json_read_error where;
    struct koppel_error err = {0};
    json_t *json = json_read_text(text, &where);
    if (!json) {
        conf_report_add(l->report, false, path, where.line, "the overlay is no JSON: %s",
                        where.text);
        return NULL;
    }
    json_decref(json);
    struct catalogue *with = catalogue_overlay(base, text, &err);
    if (with && (!with->connector || conf_described_check(plugin, with, &err) == 0))
        return with;
    catalogue_free(with);
    const char *message = err.text;
    if (strncmp(message, prefix, strlen(prefix)) == 0)
        message += strlen(prefix);
    conf_report_add(l->report, false, path, conf_json_line(l, text, message),
                    "the overlay: %s", message);
    return NULL;
}

const struct catalogue *conf_overlay_load(struct conf_loader *l, config_setting_t *group,
                                          const struct plugin *plugin,
                                          const struct catalogue *base)
{
    const char *file = conf_member_text(l, group, "overlay", NULL), *why = NULL;
    if (!file)
        return base;
    size_t bytes = 0;
    int line = 0;
    const char *path = conf_loader_absolute(l, file);
    char *text = conf_source_read(l, path, &bytes, &why);
    if (!text) {
        conf_mistake(l, conf_member_get(group, "overlay"), "cannot read overlay %s: %s", path, why);
        return base;
    }
    conf_loader_digest(l, text, bytes);
    size_t mark = bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    const char *fault = conf_text_fault(text + mark, bytes - mark, &line);
    if (fault)
        conf_report_add(l->report, false, path, line, "%s", fault);
    struct catalogue *with = fault ? NULL : merged(l, plugin, base, path, text + mark);
    free(text);
    if (!with)
        return base;
    conf_held_keep(l->held, with, catalogue_done);
    return with;
}
