/* SPDX-License-Identifier: MIT
 * How answers look to a person. */
#include "commands/paper.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "base/clock.h"
#include "base/visible.h"

#define GAP 2          /* blanks between columns */
#define COLUMN_LEAST 8 /* that a column has left when it gives way */
#define SOON_MS 2000   /* is now */
#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define DATE_FROM_MS (28 * DAY_MS) /* further away a day tells more than a number of them */

struct paper_cell {
    enum paper_tone tone;
    char *text; /* as it is shown; NULL: no memory */
};

/* ---- colours and width ---- */

static bool coloured;

bool paper_is_dumb(void)
{
    const char *term = getenv("TERM");
    return !term || !*term || strcmp(term, "dumb") == 0;
}

void paper_start(bool plain)
{
    const char *none = getenv("NO_COLOR");
    coloured = !plain && !(none && *none) && !paper_is_dumb() && isatty(STDOUT_FILENO);
}

int paper_width(void)
{
    const char *set = getenv("COLUMNS");
    struct winsize size = {0};
    long columns = set ? strtol(set, NULL, 10) : 0;
    if (columns > 0 && columns < INT_MAX)
        return (int)columns;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static int width_at(const char *text, size_t bytes, int *columns)
{
    utf8proc_int32_t u = ' ';
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)bytes,
                                          &u);
    *columns = n > 0 ? utf8proc_charwidth(u) : 1;
    return n > 0 ? (int)n : 1;
}

int paper_columns_in(const char *text, size_t bytes)
{
    int sum = 0, columns;
    for (size_t at = 0; at < bytes; sum += columns)
        at += (size_t)width_at(text + at, bytes - at, &columns);
    return sum;
}

int paper_columns(const char *text)
{
    return paper_columns_in(text, strlen(text));
}

/* How many bytes fit into so many columns. */
static int bytes_within(const char *text, int room)
{
    size_t at = 0, bytes = strlen(text);
    int columns;
    while (at < bytes) {
        int n = width_at(text + at, bytes - at, &columns);
        if ((room -= columns) < 0)
            break;
        at += (size_t)n;
    }
    return (int)at;
}

static const char *tone_begin(enum paper_tone tone)
{
    static const char *const codes[] = {"", "\033[32m", "\033[33m", "\033[31m", "\033[2m",
                                        "\033[1m"};
    return coloured ? codes[tone] : "";
}

static const char *tone_end(enum paper_tone tone)
{
    return coloured && tone != PAPER_PLAIN ? "\033[0m" : "";
}

void paper_print(enum paper_tone tone, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    char *shown = n >= 0 ? visible_text(text, true) : NULL;
    printf("%s%s%s", tone_begin(tone), shown ? shown : "out of memory\n", tone_end(tone));
    if (n >= 0)
        free(text);
    free(shown);
}

enum paper_tone paper_state(const char *state)
{
    if (strcmp(state, "done") == 0)
        return PAPER_GOOD;
    return strcmp(state, "skipped") == 0 || strcmp(state, "new") == 0 ? PAPER_FAINT : PAPER_CARE;
}

/* ---- tables ---- */

void paper_begin(struct paper *p, int columns, const char *const *heads)
{
    *p = (struct paper){.columns = columns};
    for (int i = 0; heads && i < columns; i++)
        p->heads[i] = heads[i];
}

void paper_cell(struct paper *p, enum paper_tone tone, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    if (p->count == p->room) {
        int room = p->room ? p->room * 2 : 8 * p->columns;
        struct paper_cell *more = realloc(p->cells, (size_t)room * sizeof *more);
        p->lost = p->lost || !more;
        if (!more)
            return;
        p->cells = more;
        p->room = room;
    }
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    p->cells[p->count++] = (struct paper_cell){tone, n >= 0 ? visible_text(text, false) : NULL};
    if (n >= 0)
        free(text);
}

static const char *head_of(const struct paper *p, int column)
{
    const char *head = p->heads[column] ? p->heads[column] : "";
    return head + (*head == '>');
}

static bool is_right(const struct paper *p, int column)
{
    return p->heads[column] && *p->heads[column] == '>';
}

/* Of each column; 0: it is left out. */
static void measure(const struct paper *p, int *widths)
{
    for (int c = 0; c < p->columns; c++) {
        widths[c] = 0;
        for (int i = c; i < p->count; i += p->columns) {
            int n = p->cells[i].text ? paper_columns(p->cells[i].text) : 0;
            widths[c] = n > widths[c] ? n : widths[c];
        }
        int head = paper_columns(head_of(p, c));
        if (widths[c] > 0 && head > widths[c])
            widths[c] = head;
    }
}

/* The widest ones give way until all of them fit into the line; never the first, which a person
 * types again. */
static void fit(const struct paper *p, int *widths, int line)
{
    int sum = 0, widest;
    for (int c = 0; c < p->columns; c++)
        sum += widths[c] > 0 ? widths[c] + GAP : 0;
    for (int over = sum - GAP - line; over > 0; over--) {
        widest = p->columns > 1 ? 1 : 0;
        for (int c = 2; c < p->columns; c++)
            widest = widths[c] >= widths[widest] ? c : widest;
        if (widths[widest] <= COLUMN_LEAST)
            return;
        widths[widest]--;
    }
}

static void print_blanks(int count)
{
    printf("%*s", count > 0 ? count : 0, "");
}

static void print_cell(const char *text, enum paper_tone tone, int width, bool right, bool last)
{
    int columns = paper_columns(text), bytes = (int)strlen(text);
    bool cut = columns > width;
    if (cut) {
        bytes = bytes_within(text, width - 1);
        columns = width;
    }
    if (right)
        print_blanks(width - columns);
    printf("%s%.*s%s%s", tone_begin(tone), bytes, text, cut ? "\u2026" : "", tone_end(tone));
    if (!right && !last)
        print_blanks(width - columns);
}

/* cells NULL: what stands above them. */
static void print_line(const struct paper *p, const int *widths, const struct paper_cell *cells,
                       int indent)
{
    int last = -1, gap = indent;
    for (int c = 0; c < p->columns; c++)
        last = widths[c] > 0 && (!cells || (cells[c].text && *cells[c].text)) ? c : last;
    for (int c = 0; c <= last; c++) {
        const char *text = !cells ? head_of(p, c) : cells[c].text ? cells[c].text : "";
        if (widths[c] == 0)
            continue;
        print_blanks(gap);
        print_cell(text, cells ? cells[c].tone : PAPER_FAINT, widths[c], is_right(p, c), c == last);
        gap = GAP;
    }
    putchar('\n');
}

void paper_end(struct paper *p, int indent)
{
    int widths[PAPER_COLUMNS], line = paper_width();
    measure(p, widths);
    if (line > 0)
        fit(p, widths, line - indent);
    if (p->heads[0] && p->count > 0)
        print_line(p, widths, NULL, indent);
    for (int i = 0; i + p->columns <= p->count; i += p->columns)
        print_line(p, widths, p->cells + i, indent);
    if (p->lost)
        visible_print(stderr, "koppel: out of memory\n");
    for (int i = 0; i < p->count; i++)
        free(p->cells[i].text);
    free(p->cells);
}

/* ---- times ---- */

const char *paper_span(int64_t ms, char out[PAPER_TIME_BYTES])
{
    static const struct {
        int64_t least_ms, unit_ms;
        const char *name;
    } units[] = {{2 * DAY_MS, DAY_MS, "days"}, {2 * HOUR_MS, HOUR_MS, "h"},
                 {2 * MINUTE_MS, MINUTE_MS, "min"}, {0, SECOND_MS, "s"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (ms < units[i].least_ms)
            continue;
        snprintf(out, PAPER_TIME_BYTES, "%lld %s", (long long)(ms / units[i].unit_ms),
                 units[i].name);
        break;
    }
    return out;
}

/* The moment as the clock on the wall shows it, in the first bytes of a date and a time. */
static const char *wall(int64_t ms, const struct zone *zone, int bytes, char out[PAPER_TIME_BYTES])
{
    char text[CLOCK_TEXT_BYTES];
    clock_format((ms / SECOND_MS + zone_offset(zone, ms / SECOND_MS)) * SECOND_MS, text);
    snprintf(out, PAPER_TIME_BYTES, "%.*s", bytes, text);
    if (strlen(out) > 10)
        out[10] = ' ';
    return out;
}

const char *paper_ago(int64_t ms, int64_t now_ms, const struct zone *zone,
                      char out[PAPER_TIME_BYTES])
{
    char span[PAPER_TIME_BYTES];
    int64_t past_ms = now_ms - ms, away_ms = past_ms < 0 ? -past_ms : past_ms;
    if (away_ms >= DATE_FROM_MS)
        return wall(ms, zone, 10, out);
    if (away_ms < SOON_MS)
        snprintf(out, PAPER_TIME_BYTES, "now");
    else
        snprintf(out, PAPER_TIME_BYTES, "%s%.20s%s", past_ms < 0 ? "in " : "",
                 paper_span(away_ms, span), past_ms < 0 ? "" : " ago");
    return out;
}

const char *paper_ago_text(const char *moment, const char *otherwise, const struct zone *zone,
                           char out[PAPER_TIME_BYTES])
{
    int64_t ms;
    if (!moment || clock_parse(moment, &ms) != 0)
        return otherwise;
    return paper_ago(ms, clock_now_ms(), zone, out);
}

const char *paper_moment(int64_t ms, const struct zone *zone, char out[PAPER_TIME_BYTES])
{
    return wall(ms, zone, 19, out);
}

const char *paper_time(const char *moment, const struct zone *zone, char out[PAPER_TIME_BYTES])
{
    int64_t ms;
    if (moment && clock_parse(moment, &ms) == 0)
        return wall(ms, zone, 19, out);
    snprintf(out, PAPER_TIME_BYTES, "%.30s", moment ? moment : "");
    return out;
}
