/* SPDX-License-Identifier: MIT
 * The day that a record is of. */
#include "flow/day.h"

void day_of(const struct flow *f, const json_t *core, char out[DATE_TEXT_BYTES])
{
    const char *text = json_string_value(json_object_get(core, "date"));
    const char *zone = json_string_value(
        json_object_get(json_object_get(f->conf->settings, "home"), "zone"));
    struct date d;
    *out = '\0';
    if (text && date_parse(text, &d, NULL) == 0 && date_home(&d, zone_find(zone)) == 0)
        date_format_day(&d, out);
}
