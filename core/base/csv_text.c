/* SPDX-License-Identifier: MIT
 * Rows of a CSV file. */
#include "base/csv_text.h"

#include <string.h>

/* "-12.50": with its places, so that a name such as "-1" is none. */
static bool is_amount(const char *text)
{
    size_t whole = strspn(text + 1, "0123456789");
    const char *point = text + 1 + whole;
    size_t places = *point == '.' ? strspn(point + 1, "0123456789") : 0;
    return *text == '-' && whole > 0 && places > 0 && !point[1 + places];
}

static void add_cell(struct buf *to, const char *text)
{
    bool formula = *text && strchr("=+-@\t\r\n", *text) && !is_amount(text);
    bool quoted = text[strcspn(text, ",\"\r\n")] != '\0';
    if (quoted)
        (void)buf_add_char(to, '"');
    if (formula)
        (void)buf_add_char(to, '\'');
    for (; *text; text++) {
        if (*text == '"')
            (void)buf_add_char(to, '"');
        (void)buf_add_char(to, *text);
    }
    if (quoted)
        (void)buf_add_char(to, '"');
}

void csv_text_row(struct buf *to, const char *const *cells, int count)
{
    for (int i = 0; i < count; i++) {
        if (i > 0)
            (void)buf_add_char(to, ',');
        add_cell(to, cells[i] ? cells[i] : "");
    }
    (void)buf_add_text(to, "\r\n");
}
