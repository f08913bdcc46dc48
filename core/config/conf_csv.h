/* SPDX-License-Identifier: MIT
 * CSV as spreadsheets write it, row by row, with the place of every field: comma, semicolon or tab,
 * quoted fields, lines that end in LF, CRLF or CR, and lines of comments. */
#ifndef KOPPEL_CONFIG_CONF_CSV_H
#define KOPPEL_CONFIG_CONF_CSV_H

#include <stdbool.h>
#include <stddef.h>

#define CONF_CSV_COLUMNS 32

enum conf_csv_kind {
    CONF_CSV_END,
    CONF_CSV_ROW,
    CONF_CSV_COMMENT, /* a line whose first letter is #, or that holds nothing */
    CONF_CSV_QUOTE,   /* a row with a quote that is not closed, or not around its whole field */
    CONF_CSV_WIDE,    /* a row of more columns than any table has */
};

/* Without the blanks around it; with its quotes where it has them. */
struct conf_csv_field {
    size_t start, end;
};

struct conf_csv_row {
    enum conf_csv_kind kind;
    int line;
    size_t start, end; /* from the beginning of its line to before the line's end */
    size_t next;       /* where the next line begins */
    struct conf_csv_field fields[CONF_CSV_COLUMNS];
    int count;
};

struct conf_csv {
    const char *text; /* borrowed; ends with a NUL and holds none before */
    size_t at;
    int line;
    char separator;
};

/* Over a byte order mark and a first line "sep=;". The separator is what this says, else what
 * stands first in the first row, outside of quotes: a tab or semicolon before a comma, as nobody
 * writes these into a key. False: "sep=" names none of the three; it is in c->separator. */
bool conf_csv_start(struct conf_csv *c, const char *text);
/* The next line, or the next row, which may be several; its kind is given back, too. */
enum conf_csv_kind conf_csv_next(struct conf_csv *c, struct conf_csv_row *row);
/* What a field says (the caller frees it). NULL: no memory. */
char *conf_csv_text(const struct conf_csv *c, const struct conf_csv_field *f);

#endif
