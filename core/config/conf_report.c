/* SPDX-License-Identifier: MIT
 * The report of a load: every mistake with its file and line, in the order of the files. */
#include "config/conf_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "config/conf_held.h"

void conf_report_add(struct conf_report *r, bool warning, const char *file, int line,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = NULL;
    int n = vasprintf(&text, format, args);
    va_end(args);
    conf_held_must(n < 0 ? NULL : text);
    r->items = conf_held_must(realloc(r->items, sizeof *r->items * (size_t)(r->count + 1)));
    /* Files keep the order they were read in, lines the order they stand in. */
    int at = r->count, last = -1;
    for (int i = 0; i < r->count; i++) {
        if (strcmp(r->items[i].file, file) == 0)
            last = i;
    }
    if (last >= 0) {
        at = last + 1;
        while (at > 0 && strcmp(r->items[at - 1].file, file) == 0 && r->items[at - 1].line > line)
            at--;
    }
    memmove(r->items + at + 1, r->items + at, sizeof *r->items * (size_t)(r->count - at));
    r->items[at] = (struct conf_mistake){conf_held_must(strdup(file)), line, warning, text};
    r->count++;
    r->errors += !warning;
}

void conf_report_print(const struct conf_report *r)
{
    for (int i = 0; i < r->count; i++) {
        const struct conf_mistake *m = &r->items[i];
        const char *kind = m->warning ? "warning: " : "";
        if (m->line > 0)
            visible_print(stderr, "%s:%d: %s%s\n", m->file, m->line, kind, m->text);
        else
            visible_print(stderr, "%s: %s%s\n", m->file, kind, m->text);
    }
}

void conf_report_done(struct conf_report *r)
{
    for (int i = 0; i < r->count; i++) {
        free(r->items[i].file);
        free(r->items[i].text);
    }
    free(r->items);
    *r = (struct conf_report){0};
}
