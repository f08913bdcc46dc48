/* SPDX-License-Identifier: MIT
 * Mistakes found while loading, in the order of files and lines. */
#ifndef KOPPEL_CONFIG_CONF_REPORT_H
#define KOPPEL_CONFIG_CONF_REPORT_H

#include <jansson.h>
#include <stdbool.h>

struct conf_mistake {
    char *file;
    int line; /* from 1; of what concerns the file as a whole, 1 */
    /* Where it stands in the configuration: "flows/orders/references/customer/missing",
     * "home/country", of another file "mappings/x.conf:map/3/to"; NULL: not at a setting. */
    char *path;
    bool warning;
    bool note;     /* a warning for whoever asks what is wrong; nobody else is told */
    char *text;    /* without file and line */
    char *nearest; /* the right word that the text proposes; NULL: none */
};

struct conf_report {
    struct conf_mistake *items;
    int count;
    int errors; /* those that are no warnings */
};

/* line may be 0: the file as a whole. */
void conf_report_add(struct conf_report *r, bool warning, const char *file, int line,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Copies what m holds. */
void conf_report_put(struct conf_report *r, const struct conf_mistake *m);
/* To standard error, "file:line: text". notes: those too. */
void conf_report_print(const struct conf_report *r, bool notes);
/* One object {file, line, path, text, nearest, warning}; what is not there is null. NULL: no
 * memory. */
json_t *conf_report_json(const struct conf_mistake *m);
void conf_report_done(struct conf_report *r);

#endif
