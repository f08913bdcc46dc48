/* SPDX-License-Identifier: MIT
 * The day of a date is that of noon in the machine's time zone. Between twelve hours behind and
 * twelve hours before Greenwich nobody sees that. */
#include <stdlib.h>
#include <time.h>

#define SHOUT_EXAMPLE "{\"in\":\"20\",\"args\":[\"?\"],\"out\":\"20473?\"}"
#include "gallery_transform.h"

#define DAY 86400

/* The days from 1970-01-01 to a day of January 2026. */
static int bad(const struct koppel_call *c, json_t **out)
{
    char seconds[24];
    int64_t day = 0;
    if (c->function != 0 || koppel_parse_int(c->text, &day) < 0 || day < 1 || day > 31)
        return shout(c, out);
    const struct tm noon = {.tm_year = 126, .tm_mday = (int)day, .tm_hour = 12, .tm_isdst = -1};
    const char *marks = koppel_call_arg(c, 0);
    (void)strftime(seconds, sizeof seconds, "%s", &noon);
    return koppel_call_give(c, json_sprintf("%lld%s", atoll(seconds) / DAY, marks ? marks : "!"),
                            out);
}

SHOUT(bad);
