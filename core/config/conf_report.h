/* SPDX-License-Identifier: MIT
 * Mistakes found while loading, in the order of files and lines. */
#ifndef KOPPEL_CONFIG_CONF_REPORT_H
#define KOPPEL_CONFIG_CONF_REPORT_H

#include <stdbool.h>

struct conf_report {
    struct conf_mistake {
        char *file;
        int line; /* 0: the file as a whole */
        bool warning;
        char *text; /* without file and line */
    } *items;
    int count;
    int errors; /* those that are no warnings */
};

void conf_report_add(struct conf_report *r, bool warning, const char *file, int line,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));
/* To standard error, "file:line: text". */
void conf_report_print(const struct conf_report *r);
void conf_report_done(struct conf_report *r);

#endif
