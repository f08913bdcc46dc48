/* SPDX-License-Identifier: MIT
 * Parts of dates and timestamps for mappings, always in the time zone in which they are written.
 * Nothing in, nothing out. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "koppel/sdk.h"
#include "date_catalogue.h"

enum function { YEAR, MONTH, DAY, DATE, MIDNIGHT, FUNCTIONS };

struct date {
    int year, month, day;
};

static bool number(const char *text, int n, int *out)
{
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

/* YYYY-MM-DD, alone or followed by a time. Each test stops at the end of a text that is short. */
static bool parse(const char *t, struct date *d)
{
    if (!number(t, 4, &d->year) || t[4] != '-' || !number(t + 5, 2, &d->month) || t[7] != '-' ||
        !number(t + 8, 2, &d->day))
        return false;
    if (t[10] != '\0' && t[10] != 'T' && t[10] != ' ')
        return false;
    return d->month >= 1 && d->month <= 12 && d->day >= 1 &&
           d->day <= days_in_month(d->year, d->month);
}

static json_t *part(const struct date *d, uint32_t function)
{
    switch (function) {
    case YEAR: return json_sprintf("%d", d->year);
    case MONTH: return json_sprintf("%d", d->month);
    case DAY: return json_sprintf("%d", d->day);
    case DATE: return json_sprintf("%04d-%02d-%02d", d->year, d->month, d->day);
    default: return json_sprintf("%04d-%02d-%02dT00:00:00", d->year, d->month, d->day);
    }
}

static int apply(const struct koppel_call *c, json_t **out)
{
    struct date d;

    if (!c->value || (c->text && !*c->text))
        return koppel_call_give(c, json_null(), out);
    if (!c->text || !parse(c->text, &d))
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "\"%s\" is no date of the form 2026-06-12",
                             c->text ? c->text : "the value");
    return koppel_call_give(c, part(&d, c->function), out);
}

KOPPEL_REGISTER_TRANSFORM("date", "0.1.0", catalogue_text, FUNCTIONS, apply);
