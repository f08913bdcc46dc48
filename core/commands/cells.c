/* SPDX-License-Identifier: MIT
 * Columns that wrap. */
#include "commands/cells.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/visible.h"
#include "commands/paper.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN 40
#define WIDTH_MAX 250

int cells_width(void)
{
    int width = paper_width();
    if (width <= 0)
        width = WIDTH_DEFAULT;
    return width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
}

/* The bytes of the next line: up to its end, or as much as fits, broken at a space where one is in
 * the line. *skip: bytes behind it that are not printed. */
static size_t line_bytes(const char *text, int width, size_t *skip)
{
    size_t end = strcspn(text, "\n"), fits = 0, space = 0, lead = strspn(text, " ");
    *skip = text[end] == '\n';
    if (paper_columns_in(text, end) <= width)
        return end;
    while (fits < end) {
        size_t n = cut_characters(text + fits, 1);
        if (n == 0 || paper_columns_in(text, fits + n) > width)
            break;
        if (text[fits] == ' ' && fits > lead)
            space = fits;
        fits += n;
    }
    if (fits == 0)
        fits = cut_characters(text, 1); /* one that is wider than the column */
    *skip = 0;
    if (text[fits] == ' ' && fits > lead)
        space = fits;
    if (space == 0)
        return fits;
    *skip = 1;
    return space;
}

/* One line of the cell; false: it has no more. */
static bool print_line(FILE *to, const char **rest, int width, bool last)
{
    size_t skip = 0, n = **rest ? line_bytes(*rest, width, &skip) : 0;
    fprintf(to, "%.*s", (int)n, *rest);
    if (!last)
        fprintf(to, "%*s", width - paper_columns_in(*rest, n) + 1, "");
    *rest += n + skip;
    return **rest != '\0';
}

void cells_print(FILE *to, int indent, const int *widths, const char *const *texts, int count)
{
    char *shown[CELLS_MAX] = {0};
    const char *rest[CELLS_MAX];
    int last = 0;
    bool more = true;
    for (int i = 0; i < count; i++) {
        shown[i] = texts[i] ? visible_text(texts[i], true) : NULL;
        rest[i] = shown[i] ? shown[i] : "";
    }
    while (more) {
        more = false;
        for (last = count - 1; last > 0 && !*rest[last];)
            last--; /* nothing is printed behind the last text of a line */
        fprintf(to, "%*s", indent, "");
        for (int i = 0; i <= last; i++)
            more = print_line(to, &rest[i], widths[i], i == last) || more;
        fputc('\n', to);
    }
    for (int i = 0; i < count; i++)
        free(shown[i]);
}
