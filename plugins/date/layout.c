/* SPDX-License-Identifier: MIT
 * Layouts are taken apart once, into fields and the text between them. */
#include "layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/fold.h"
#include "calendar.h"
#include "names.h"

enum field { TEXT, YEAR, YEAR2, MONTH, MONTH_NAME, MONTH_BRIEF, DAY, WEEKDAY, WEEKDAY_BRIEF, HOUR,
             HOUR12, HALF, MINUTE, SECOND, MILLISECOND, OFFSET };

/* least: digits at least, which are also most where they are more than one. */
static const struct {
    const char *letters;
    enum field field;
    int least;
} known[] = {
    {"yyyy", YEAR, 4},       {"yy", YEAR2, 2},          {"MMMM", MONTH_NAME, 0},
    {"MMM", MONTH_BRIEF, 0}, {"MM", MONTH, 2},          {"M", MONTH, 1},
    {"dd", DAY, 2},          {"d", DAY, 1},             {"EEEE", WEEKDAY, 0},
    {"EEE", WEEKDAY_BRIEF, 0}, {"HH", HOUR, 2},         {"H", HOUR, 1},
    {"hh", HOUR12, 2},       {"h", HOUR12, 1},          {"a", HALF, 0},
    {"mm", MINUTE, 2},       {"ss", SECOND, 2},         {"SSS", MILLISECOND, 3},
    {"XXX", OFFSET, 0}};

#define KNOWN (sizeof known / sizeof known[0])
#define PARTS_MAX 64
#define TEXT_BYTES 200 /* of a layout */

struct part {
    enum field field;
    int least;
    char text[TEXT_BYTES]; /* of TEXT */
};

struct layout {
    struct part parts[PARTS_MAX];
    int count;
};

/* ---- taking a layout apart ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Text behind text is one. */
static void add_text(struct layout *l, char c)
{
    struct part *last = l->count ? &l->parts[l->count - 1] : NULL;
    if (!last || last->field != TEXT)
        last = &l->parts[l->count++];
    size_t n = strlen(last->text);
    last->text[n] = c;
}

/* The letters at text, all of one kind. */
static int take_letters(struct layout *l, const char *text, size_t *bytes)
{
    for (*bytes = 1; text[*bytes] == *text;)
        ++*bytes;
    for (size_t i = 0; i < KNOWN; i++) {
        if (strlen(known[i].letters) == *bytes && strncmp(known[i].letters, text, *bytes) == 0) {
            l->parts[l->count++] = (struct part){.field = known[i].field, .least = known[i].least};
            return 0;
        }
    }
    return -1;
}

/* 'text', in which '' is an apostrophe; so it is by itself. */
static int take_quoted(struct layout *l, const char *text, size_t *bytes)
{
    size_t at = 1;
    if (text[1] == '\'') {
        add_text(l, '\'');
        *bytes = 2;
        return 0;
    }
    for (; text[at] && (text[at] != '\'' || text[at + 1] == '\''); at++) {
        add_text(l, text[at]);
        at += text[at] == '\'';
    }
    *bytes = at + 1;
    return text[at] ? 0 : -1;
}

static int take_apart(struct layout *l, const char *text, char why[LAYOUT_WHY_BYTES])
{
    size_t n;
    for (const char *at = text; *at; at += n) {
        int column = (int)(at - text) + 1;
        n = 1;
        if (l->count >= PARTS_MAX - 1) {
            snprintf(why, LAYOUT_WHY_BYTES, "it has too many parts");
            return -1;
        }
        if (is_letter(*at) && take_letters(l, at, &n) != 0) {
            snprintf(why, LAYOUT_WHY_BYTES,
                     "column %d: \"%.*s\" is no field; words stand in apostrophes", column,
                     n > 20 ? 20 : (int)n, at);
            return -1;
        }
        if (*at == '\'' && take_quoted(l, at, &n) != 0) {
            snprintf(why, LAYOUT_WHY_BYTES, "column %d: the apostrophe is not closed", column);
            return -1;
        }
        if (!is_letter(*at) && *at != '\'')
            add_text(l, *at);
    }
    return 0;
}

static int count(const struct layout *l, enum field first, enum field last)
{
    int n = 0;
    for (int i = 0; i < l->count; i++)
        n += l->parts[i].field >= first && l->parts[i].field <= last;
    return n;
}

/* A number of one digit or two must end before the next digit. */
static bool runs_on(const struct layout *l)
{
    for (int i = 0; i + 1 < l->count; i++) {
        const struct part *next = &l->parts[i + 1];
        bool digit = next->field == TEXT ? next->text[0] >= '0' && next->text[0] <= '9'
                                         : next->least > 0;
        if (l->parts[i].least == 1 && digit)
            return true;
    }
    return false;
}

/* What keeps it from telling a day; NULL: nothing. */
static const char *lacks(const struct layout *l)
{
    int hours = count(l, HOUR, HOUR), hours12 = count(l, HOUR12, HOUR12);
    if (count(l, YEAR, YEAR2) != 1)
        return "the year (yyyy) must stand there once";
    if (count(l, MONTH, MONTH_BRIEF) != 1)
        return "the month (MM) must stand there once";
    if (count(l, DAY, DAY) != 1)
        return "the day (dd) must stand there once";
    if (hours + hours12 > 1 || count(l, MINUTE, MINUTE) > 1 || count(l, SECOND, SECOND) > 1)
        return "a part of the time stands there twice";
    if (hours12 != count(l, HALF, HALF))
        return "hh and a belong together";
    if (hours + hours12 == 0 && count(l, MINUTE, OFFSET) > 0)
        return "there is no hour (HH)";
    if (runs_on(l))
        return "d, M, H and h need something behind them that is no digit";
    return NULL;
}

struct layout *layout_parse(const char *text, bool reads, char why[LAYOUT_WHY_BYTES])
{
    struct layout *l = strlen(text) < TEXT_BYTES ? calloc(1, sizeof *l) : NULL;
    if (!l) {
        snprintf(why, LAYOUT_WHY_BYTES, "it is longer than %d bytes, or memory is out",
                 TEXT_BYTES - 1);
        return NULL;
    }
    const char *missing = NULL;
    if (take_apart(l, text, why) == 0) {
        missing = reads ? lacks(l) : NULL;
        if (!missing)
            return l;
        snprintf(why, LAYOUT_WHY_BYTES, "%s", missing);
    }
    layout_free(l);
    return NULL;
}

void layout_free(struct layout *l)
{
    free(l);
}

/* ---- reading ---- */

/* A text on its way through a layout. */
struct reading {
    const char *start, *at, *language;
    char *why;
    int weekday; /* 0: none was named */
    int half;    /* 1: am, 2: pm, 0: none was named */
    bool hour12;
};

static int refuse(const struct reading *r, const char *what)
{
    snprintf(r->why, LAYOUT_WHY_BYTES, "no %s at character %zu", what,
             cut_count(r->start) - cut_count(r->at) + 1);
    return -1;
}

static int digits(struct reading *r, int least, int most, const char *what, int *out)
{
    int n = 0;
    *out = 0;
    for (; n < most && r->at[n] >= '0' && r->at[n] <= '9'; n++)
        *out = *out * 10 + (r->at[n] - '0');
    if (n < least)
        return refuse(r, what);
    r->at += n;
    return 0;
}

/* A point behind a name that is cut belongs to it, unless the layout has one there. */
static int named(struct reading *r, const struct part *next, bool month, int *out)
{
    size_t n = 0;
    *out = month ? names_read_month(r->language, r->at, &n)
                 : names_read_weekday(r->language, r->at, &n);
    if (*out == 0)
        return refuse(r, month ? "month" : "day of the week");
    r->at += n;
    r->at += *r->at == '.' && next->text[0] != '.';
    return 0;
}

static int half(struct reading *r)
{
    char first = (char)(*r->at | 0x20);
    if ((first != 'a' && first != 'p') || (r->at[1] | 0x20) != 'm')
        return refuse(r, "am or pm");
    r->half = first == 'a' ? 1 : 2;
    r->at += 2;
    return 0;
}

static int offset(struct reading *r, struct date *d)
{
    int hours, minutes, sign = *r->at == '-' ? -1 : 1;
    d->has_offset = true;
    if (*r->at == 'Z') {
        r->at++;
        return 0;
    }
    if (*r->at != '+' && *r->at != '-')
        return refuse(r, "offset");
    r->at++;
    if (digits(r, 2, 2, "offset", &hours) != 0)
        return -1;
    r->at += *r->at == ':';
    if (digits(r, 2, 2, "offset", &minutes) != 0)
        return -1;
    if (hours > 18 || minutes > 59)
        return refuse(r, "offset");
    d->offset = sign * (hours * 60 + minutes);
    return 0;
}

static int literal(struct reading *r, const char *text)
{
    size_t n = strlen(text);
    if (strncmp(r->at, text, n) != 0)
        return refuse(r, text);
    r->at += n;
    return 0;
}

static int read_part(struct reading *r, const struct part *p, struct date *d)
{
    int most = p->least == 1 ? 2 : p->least, rc;
    switch (p->field) {
    case YEAR: return digits(r, 4, 4, "year of four digits", &d->year);
    case YEAR2:
        rc = digits(r, 2, 2, "year of two digits", &d->year);
        d->year += 2000;
        return rc;
    case MONTH: return digits(r, p->least, most, "month", &d->month);
    case MONTH_NAME:
    case MONTH_BRIEF: return named(r, p + 1, true, &d->month);
    case DAY: return digits(r, p->least, most, "day", &d->day);
    case WEEKDAY:
    case WEEKDAY_BRIEF: return named(r, p + 1, false, &r->weekday);
    case HOUR12: r->hour12 = true; /* fall through */
    case HOUR:
        d->has_time = true;
        return digits(r, p->least, most, "hour", &d->hour);
    case HALF: return half(r);
    case MINUTE: return digits(r, 2, 2, "minute", &d->minute);
    case SECOND: return digits(r, 2, 2, "second", &d->second);
    case MILLISECOND: return digits(r, 3, 3, "thousandths", &d->millisecond);
    case OFFSET: return offset(r, d);
    default: return literal(r, p->text);
    }
}

/* Noon and midnight are 12 pm and 12 am. */
static int to_24(const struct reading *r, struct date *d)
{
    if (!r->hour12)
        return 0;
    if (d->hour < 1 || d->hour > 12) {
        snprintf(r->why, LAYOUT_WHY_BYTES, "there is no hour %d of 12", d->hour);
        return -1;
    }
    d->hour = d->hour % 12 + (r->half == 2 ? 12 : 0);
    return 0;
}

/* Do day and time exist, and is it the day of the week that was named? */
static int check(const struct reading *r, const struct date *d)
{
    char text[DATE_TEXT_BYTES], why[DATE_WHY_BYTES];
    struct date again;
    date_format(d, text);
    if (date_parse(text, &again, why) != 0) {
        snprintf(r->why, LAYOUT_WHY_BYTES, "there is no %s", text);
        return -1;
    }
    if (r->weekday && r->weekday != calendar_weekday(d)) {
        snprintf(r->why, LAYOUT_WHY_BYTES, "%.10s is a %s", text,
                 names_weekday("en", calendar_weekday(d), false));
        return -1;
    }
    return 0;
}

int layout_read(const struct layout *l, const char *text, const char *language, struct date *out,
                char why[LAYOUT_WHY_BYTES])
{
    struct reading r = {.start = text, .at = text, .language = language, .why = why};
    struct date d = {0};
    size_t n;
    while ((n = fold_blank(r.at)) > 0)
        r.at += n;
    for (int i = 0; i < l->count; i++) {
        if (read_part(&r, &l->parts[i], &d) != 0)
            return -1;
    }
    if (!fold_is_blank(r.at))
        return refuse(&r, "end");
    if (to_24(&r, &d) != 0 || check(&r, &d) != 0)
        return -1;
    *out = d;
    return 0;
}

/* ---- writing ---- */

static int write_part(const struct part *p, const struct date *d, const char *language, char *out,
                      size_t room)
{
    int weekday = calendar_weekday(d), hour12 = (d->hour + 11) % 12 + 1;
    int east = d->offset < 0 ? -d->offset : d->offset;
    switch (p->field) {
    case YEAR: return snprintf(out, room, "%04d", d->year);
    case YEAR2: return snprintf(out, room, "%02d", d->year % 100);
    case MONTH: return snprintf(out, room, "%0*d", p->least, d->month);
    case MONTH_NAME: return snprintf(out, room, "%s", names_month(language, d->month, false));
    case MONTH_BRIEF: return snprintf(out, room, "%s", names_month(language, d->month, true));
    case DAY: return snprintf(out, room, "%0*d", p->least, d->day);
    case WEEKDAY: return snprintf(out, room, "%s", names_weekday(language, weekday, false));
    case WEEKDAY_BRIEF: return snprintf(out, room, "%s", names_weekday(language, weekday, true));
    case HOUR: return snprintf(out, room, "%0*d", p->least, d->hour);
    case HOUR12: return snprintf(out, room, "%0*d", p->least, hour12);
    case HALF: return snprintf(out, room, "%s", d->hour < 12 ? "am" : "pm");
    case MINUTE: return snprintf(out, room, "%02d", d->minute);
    case SECOND: return snprintf(out, room, "%02d", d->second);
    case MILLISECOND: return snprintf(out, room, "%03d", d->millisecond);
    case OFFSET:
        return east == 0 ? snprintf(out, room, "Z")
                         : snprintf(out, room, "%c%02d:%02d", d->offset < 0 ? '-' : '+',
                                    east / 60, east % 60);
    default: return snprintf(out, room, "%s", p->text);
    }
}

int layout_write(const struct layout *l, const struct date *d, const char *language,
                 char out[LAYOUT_TEXT_BYTES])
{
    size_t at = 0;
    *out = '\0';
    for (int i = 0; i < l->count; i++) {
        if (l->parts[i].field == OFFSET && !d->has_offset)
            return -1;
        int n = write_part(&l->parts[i], d, language, out + at, LAYOUT_TEXT_BYTES - at);
        at += n > 0 ? (size_t)n : 0;
        if (at >= LAYOUT_TEXT_BYTES) /* more than 64 names of months do not fit */
            return -1;
    }
    return 0;
}
