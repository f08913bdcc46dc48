/* SPDX-License-Identifier: MIT
 * Mistakes at a setting. */
#include "config/conf_mistake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "config/conf_file.h"

/* The open file that the setting is of. */
static const struct conf_file *file_of(struct conf_loader *l, const config_setting_t *s)
{
    const struct conf_file *f = l->files;
    while (f && &f->cfg != s->config)
        f = f->outer;
    return f;
}

struct conf_at conf_mistake_at(struct conf_loader *l, const config_setting_t *s)
{
    const struct conf_file *f = file_of(l, s);
    return conf_text_at(&f->text, (int)config_setting_source_line(s));
}

/* How a path into this file begins: "flows/orders/", "", "mappings/x.conf:". */
static const char *path_root(struct conf_loader *l, const struct conf_file *f)
{
    static const char *const folders[][2] = {{"connections.d/", "connections"},
                                             {"flows.d/", "flows"}};
    size_t n = strlen(l->dir);
    const char *inside =
        strncmp(f->path, l->dir, n) == 0 && f->path[n] == '/' ? f->path + n + 1 : f->path;
    for (int i = 0; i < COUNT(folders); i++) {
        const char *name = NULL;
        size_t m = strlen(folders[i][0]);
        if (strncmp(inside, folders[i][0], m) != 0)
            continue;
        if (config_lookup_string(&f->cfg, "name", &name))
            return conf_held_text(l->held, "%s/%s/", folders[i][1], name);
        return conf_held_text(l->held, "%s/%.*s/", folders[i][1], (int)strcspn(inside + m, "."),
                              inside + m);
    }
    return strcmp(inside, "koppel.conf") == 0 ? "" : conf_held_text(l->held, "%s:", inside);
}

const char *conf_mistake_path(struct conf_loader *l, const config_setting_t *s)
{
    const char *path = "";
    const char *root = path_root(l, file_of(l, s));
    for (; !config_setting_is_root(s); s = config_setting_parent(s)) {
        const char *name = config_setting_name(s);
        if (!name)
            name = conf_held_text(l->held, "%d", config_setting_index(s));
        path = conf_held_text(l->held, "%s%s%s", name, *path ? "/" : "", path);
    }
    return conf_held_text(l->held, "%s%s", root, path);
}

static void put(struct conf_loader *l, const config_setting_t *s, bool warning, const char *text,
                const char *nearest)
{
    struct conf_at at = conf_mistake_at(l, s);
    conf_report_put(l->report, &(struct conf_mistake){.file = (char *)at.file,
                                                      .line = at.line,
                                                      .path = (char *)conf_mistake_path(l, s),
                                                      .warning = warning,
                                                      .text = (char *)text,
                                                      .nearest = (char *)nearest});
}

void conf_mistake_note(struct conf_loader *l, const config_setting_t *s, bool warning,
                       const char *text)
{
    put(l, s, warning, text, NULL);
}

void conf_mistake(struct conf_loader *l, const config_setting_t *s, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    conf_held_must(n < 0 ? NULL : text);
    put(l, s, false, text, NULL);
    free(text);
}

void conf_mistake_near(struct conf_loader *l, const config_setting_t *s, const char *nearest,
                       const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    conf_held_must(n < 0 ? NULL : text);
    put(l, s, false,
        nearest ? conf_held_text(l->held, "%s; did you mean \"%s\"?", text, nearest) : text,
        nearest);
    free(text);
}

const char *conf_mistake_hint(struct conf_loader *l, const char *name, const char *const *names,
                              int count)
{
    const char *near = nearest_name(name, names, count);
    return near ? conf_held_text(l->held, "; did you mean \"%s\"?", near) : "";
}
