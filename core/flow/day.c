/* SPDX-License-Identifier: MIT
 * The day that a record is of. */
#include "flow/day.h"

#include <stdlib.h>
#include <string.h>

#include "mapping/map_core.h"

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

bool day_is_since(struct flow *f, const struct batch_record *record, const char *since)
{
    char day[DATE_TEXT_BYTES] = "", *dropped = NULL;
    struct koppel_error ignored = {0};
    json_t *core = NULL;
    if (!since || record->kind != BATCH_RECORD)
        return record->kind != BATCH_GONE;
    struct map_tell tell = flow_tell(f, NULL, NULL);
    if (map_core(f->conf, record->record, &tell, &core, &dropped, &ignored) == 0)
        day_of(f, core, day);
    json_decref(core);
    free(dropped);
    return !*day || strcmp(day, since) >= 0;
}
