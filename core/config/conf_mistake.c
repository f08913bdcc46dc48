/* SPDX-License-Identifier: MIT
 * Mistakes at a setting. */
#include "config/conf_mistake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/nearest.h"

struct conf_at conf_mistake_at(struct conf_loader *l, const config_setting_t *s)
{
    const char *file = config_setting_source_file(s);
    return (struct conf_at){conf_loader_absolute(l, file ? file : "koppel.conf"),
                            (int)config_setting_source_line(s)};
}

void conf_mistake_note(struct conf_loader *l, const config_setting_t *s, bool warning,
                       const char *text)
{
    struct conf_at at = conf_mistake_at(l, s);
    conf_report_add(l->report, warning, at.file, at.line, "%s", text);
}

void conf_mistake(struct conf_loader *l, const config_setting_t *s, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    conf_held_must(n < 0 ? NULL : text);
    conf_mistake_note(l, s, false, text);
    free(text);
}

const char *conf_mistake_hint(struct conf_loader *l, const char *name, const char *const *names,
                              int count)
{
    const char *near = nearest_name(name, names, count);
    return near ? conf_held_text(l->held, "; did you mean \"%s\"?", near) : "";
}
