/* SPDX-License-Identifier: MIT
 * The text format of Prometheus, version 0.0.4. The samples of a family follow its head. */
#ifndef KOPPEL_METRICS_METRICS_TEXT_H
#define KOPPEL_METRICS_METRICS_TEXT_H

#include "base/buf.h"
#include "base/meter.h"

#define METRICS_TEXT_KIND "text/plain; version=0.0.4; charset=utf-8"

/* The end of a list of labels has no name. All borrowed. */
struct metrics_text_label {
    const char *name, *value;
};
#define METRICS_TEXT_LABELS(...) ((const struct metrics_text_label[]){__VA_ARGS__, {NULL, NULL}})

/* kind: "gauge", "counter" or "histogram". help: one line, without a full stop. */
void metrics_text_family(struct buf *out, const char *name, const char *kind, const char *help);
/* labels may be NULL. A value's bytes that are no plain text are shown as "?". */
void metrics_text_number(struct buf *out, const char *name, const struct metrics_text_label *labels,
                         int64_t value);
/* A value in so many parts of its unit (1000: milliseconds), shown in the unit, exactly. */
void metrics_text_part(struct buf *out, const char *name, const struct metrics_text_label *labels,
                       int64_t value, int64_t parts);
/* A histogram whose bounds and sum are in so many parts of its unit; at most four labels. */
void metrics_text_histogram(struct buf *out, const char *name,
                            const struct metrics_text_label *labels, const int64_t *bounds,
                            const struct meter_row *row, int64_t parts);

#endif
