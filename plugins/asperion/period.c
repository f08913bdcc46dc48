/* SPDX-License-Identifier: MIT
 * Book years and periods; see period.h. */
#include "period.h"

#include <stdlib.h>
#include <time.h>

#include "records.h"

void period_fill(json_t *fields, json_t *body)
{
    const char *date = koppel_get_text(body, records_wire(fields, "date"), "");
    const char *year = records_wire(fields, "bookyear");
    const char *period = records_wire(fields, "bookperiod");
    if (strlen(date) < 7)
        return;
    if (!json_object_get(body, year))
        json_object_set_new(body, year, json_integer(strtol(date, NULL, 10)));
    if (!json_object_get(body, period))
        json_object_set_new(body, period, json_integer(strtol(date + 5, NULL, 10)));
}

bool period_next(json_t *fields, json_t *body, int64_t now_ms)
{
    int64_t year, period;
    struct tm tm;
    time_t now = (time_t)(now_ms / 1000);
    const char *year_wire = records_wire(fields, "bookyear");
    const char *period_wire = records_wire(fields, "bookperiod");
    if (koppel_get_int(body, year_wire, &year) != 0 ||
        koppel_get_int(body, period_wire, &period) != 0 || !gmtime_r(&now, &tm))
        return false;
    period++;
    if (period > 12) {
        year++;
        period = 1;
    }
    int64_t this_year = tm.tm_year + 1900;
    if (year > this_year || (year == this_year && period > tm.tm_mon + 1))
        return false;
    return json_object_set_new(body, year_wire, json_integer(year)) == 0 &&
           json_object_set_new(body, period_wire, json_integer(period)) == 0;
}
