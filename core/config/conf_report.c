/* SPDX-License-Identifier: MIT
 * The report of a load: every mistake with its file and line, in the order of the files. */
#include "config/conf_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/visible.h"
#include "config/conf_held.h"

static char *copy(const char *text)
{
    return text ? conf_held_must(strdup(text)) : NULL;
}

/* Files keep the order they were read in, lines the order they stand in. */
static int position(const struct conf_report *r, const char *file, int line)
{
    int at = r->count;
    while (at > 0 && strcmp(r->items[at - 1].file, file) != 0)
        at--;
    if (at == 0)
        return r->count;
    while (at > 0 && strcmp(r->items[at - 1].file, file) == 0 && r->items[at - 1].line > line)
        at--;
    return at;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Said already: a table that four flows use is read four times. */
static bool is_told(const struct conf_report *r, const struct conf_mistake *m, int line)
{
    for (int i = 0; i < r->count; i++) {
        const struct conf_mistake *one = &r->items[i];
        if (one->line == line && one->warning == (m->warning || m->note) && one->note == m->note &&
            same(one->file, m->file) && same(one->text, m->text) && same(one->path, m->path))
            return true;
    }
    return false;
}

void conf_report_put(struct conf_report *r, const struct conf_mistake *m)
{
    int line = m->line > 0 ? m->line : 1, at = position(r, m->file, line);
    if (is_told(r, m, line))
        return;
    r->items = conf_held_must(realloc(r->items, sizeof *r->items * (size_t)(r->count + 1)));
    memmove(r->items + at + 1, r->items + at, sizeof *r->items * (size_t)(r->count - at));
    r->items[at] = (struct conf_mistake){.file = copy(m->file),
                                         .line = line,
                                         .path = copy(m->path),
                                         .warning = m->warning || m->note,
                                         .note = m->note,
                                         .text = copy(m->text),
                                         .nearest = copy(m->nearest)};
    r->count++;
    r->errors += !r->items[at].warning;
}

void conf_report_add(struct conf_report *r, bool warning, const char *file, int line,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = NULL;
    int n = vasprintf(&text, format, args);
    va_end(args);
    conf_held_must(n < 0 ? NULL : text);
    conf_report_put(r, &(struct conf_mistake){
                           .file = (char *)file, .line = line, .warning = warning, .text = text});
    free(text);
}

void conf_report_print(const struct conf_report *r, bool notes)
{
    for (int i = 0; i < r->count; i++) {
        const struct conf_mistake *m = &r->items[i];
        if (m->note && !notes)
            continue;
        visible_print(stderr, "%s:%d: %s%s\n", m->file, m->line, m->warning ? "warning: " : "",
                      m->text);
    }
}

/* Names and texts of files may hold anything: what is no UTF-8 becomes visible. */
static json_t *text_json(const char *text)
{
    char *sound = text ? cut_valid(text, strlen(text)) : NULL;
    json_t *j = sound ? json_string(sound) : json_null();
    free(sound);
    return j;
}

json_t *conf_report_json(const struct conf_mistake *m)
{
    return json_pack("{s:o,s:i,s:o,s:o,s:o,s:b}", "file", text_json(m->file), "line", m->line,
                     "path", text_json(m->path), "text", text_json(m->text), "nearest",
                     text_json(m->nearest), "warning", m->warning);
}

void conf_report_done(struct conf_report *r)
{
    for (int i = 0; i < r->count; i++) {
        struct conf_mistake *m = &r->items[i];
        free(m->file);
        free(m->path);
        free(m->text);
        free(m->nearest);
    }
    free(r->items);
    *r = (struct conf_report){0};
}
