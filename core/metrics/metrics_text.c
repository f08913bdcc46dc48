/* SPDX-License-Identifier: MIT
 * The text format of Prometheus. Numbers are written from whole ones: nothing is rounded. */
#include "metrics/metrics_text.h"

#include <inttypes.h>
#include <stdio.h>

#define LABELS_MAX 5 /* of a bucket: those of its histogram, and its bound */
#define PART_BYTES 48

void metrics_text_family(struct buf *out, const char *name, const char *kind, const char *help)
{
    buf_printf(out, "# HELP %s %s.\n# TYPE %s %s\n", name, help, name, kind);
}

static void add_value(struct buf *out, const char *value)
{
    for (const char *c = value; *c; c++) {
        if (*c == '\\' || *c == '"')
            buf_printf(out, "\\%c", *c);
        else
            buf_add_char(out, *c >= ' ' && *c < 0x7f ? *c : '?');
    }
}

static void add_sample(struct buf *out, const char *name, const char *end,
                       const struct metrics_text_label *labels, const char *value)
{
    buf_printf(out, "%s%s", name, end);
    for (int i = 0; labels && labels[i].name; i++) {
        buf_printf(out, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
        add_value(out, labels[i].value ? labels[i].value : "");
        buf_add_char(out, '"');
    }
    buf_printf(out, "%s %s\n", labels && labels[0].name ? "}" : "", value);
}

/* The shortest text of it: 2500 of 1000 parts is 2.5. */
static void format_part(int64_t value, int64_t parts, char out[PART_BYTES])
{
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    uint64_t rest = size % (uint64_t)parts;
    int n = snprintf(out, PART_BYTES, "%s%" PRIu64, value < 0 ? "-" : "", size / (uint64_t)parts);
    if (rest > 0)
        out[n++] = '.';
    for (uint64_t at = (uint64_t)parts; rest > 0 && n < PART_BYTES - 1; n++) {
        at /= 10;
        out[n] = (char)('0' + (char)(rest / at));
        rest %= at;
    }
    out[n] = '\0';
}

void metrics_text_number(struct buf *out, const char *name, const struct metrics_text_label *labels,
                         int64_t value)
{
    metrics_text_part(out, name, labels, value, 1);
}

void metrics_text_part(struct buf *out, const char *name, const struct metrics_text_label *labels,
                       int64_t value, int64_t parts)
{
    char text[PART_BYTES];
    format_part(value, parts, text);
    add_sample(out, name, "", labels, text);
}

static void add_bucket(struct buf *out, const char *name, const struct metrics_text_label *labels,
                       const char *bound, int64_t count)
{
    struct metrics_text_label all[LABELS_MAX + 1] = {{NULL, NULL}};
    char text[PART_BYTES];
    int n = 0;
    for (; labels && labels[n].name && n < LABELS_MAX - 1; n++)
        all[n] = labels[n];
    all[n] = (struct metrics_text_label){"le", bound};
    format_part(count, 1, text);
    add_sample(out, name, "_bucket", all, text);
}

void metrics_text_histogram(struct buf *out, const char *name,
                            const struct metrics_text_label *labels, const int64_t *bounds,
                            const struct meter_row *row, int64_t parts)
{
    char text[PART_BYTES];
    int64_t below = 0;
    for (int i = 0; i < METER_BUCKETS && bounds[i] > 0; i++) {
        below += row->buckets[i];
        format_part(bounds[i], parts, text);
        add_bucket(out, name, labels, text, below);
    }
    add_bucket(out, name, labels, "+Inf", row->count);
    format_part(row->sum, parts, text);
    add_sample(out, name, "_sum", labels, text);
    format_part(row->count, 1, text);
    add_sample(out, name, "_count", labels, text);
}
