/* SPDX-License-Identifier: MIT
 * Parts of dates and timestamps for mappings. A moment, which has Z or an offset, is taken in the
 * zone of the home setting; without one it is the day where it was written. Nothing in, nothing
 * out. */
#include <jansson.h>
#include <stdio.h>

#include "base/cut.h"
#include "base/date.h"
#include "base/fold.h"
#include "koppel/sdk.h"
#include "date_catalogue.h"

enum function { YEAR, MONTH, DAY, DATE, MIDNIGHT, TIME, FUNCTIONS };

static json_t *part(const struct date *d, uint32_t function)
{
    char text[DATE_TEXT_BYTES];
    switch (function) {
    case YEAR: return json_sprintf("%d", d->year);
    case MONTH: return json_sprintf("%d", d->month);
    case DAY: return json_sprintf("%d", d->day);
    case TIME: return json_sprintf("%02d:%02d:%02d", d->hour, d->minute, d->second);
    default:
        date_format_day(d, text);
        return function == DATE ? json_string(text) : json_sprintf("%sT00:00:00", text);
    }
}

static int apply(const struct koppel_call *c, json_t **out)
{
    struct date d;
    char why[DATE_WHY_BYTES] = "it is no text";
    if (!c->value || (c->text && fold_is_blank(c->text)))
        return koppel_call_give(c, json_null(), out);
    if (!c->text || date_parse(c->text, &d, why) != 0)
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "%s%.*s%s is no date such as 2026-06-12: %s", c->text ? "\"" : "",
                             CUT(c->text ? c->text : "the value", 60), c->text ? "\"" : "", why);
    const char *name = d.has_offset ? c->host->setting(c->ctx, "home.zone") : NULL;
    const struct zone *zone = name ? zone_find(name) : NULL;
    if (name && !zone)
        return c->host->fail(c->err, KOPPEL_E_CONFIG, "the zone \"%s\" of home cannot be read",
                             name);
    if (zone && date_home(&d, zone) != 0)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "\"%s\" is no day of this calendar",
                             c->text);
    return koppel_call_give(c, part(&d, c->function), out);
}

KOPPEL_REGISTER_TRANSFORM("date", "0.1.0", catalogue_text, FUNCTIONS, apply);
