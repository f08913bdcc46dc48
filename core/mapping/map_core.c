/* SPDX-License-Identifier: MIT
 * From the source's record to the core record. */
#include "mapping/map_core.h"

#include <stdio.h>

#include "connection/host.h"

int map_core(const struct conf_flow *flow, const json_t *source, const struct map_tell *tell,
             json_t **core, char **dropped, struct koppel_error *err)
{
    json_t *record = NULL;
    *core = NULL;
    *dropped = NULL;
    if (map_apply(&flow->get, source, MAP_CREATE, tell, &record, err) != 0)
        return -1;
    for (int i = 0; i < flow->record_count && !*dropped; i++) {
        const struct conf_via *f = &flow->record[i];
        json_t *next = NULL;
        if (host_convert_record(&f->call, record, f->home, &next, dropped, err) != 0) {
            json_decref(record);
            if (err && !err->reason[0])
                snprintf(err->reason, sizeof err->reason, "map.record");
            return err_prefix(err, "record function %s", f->text);
        }
        if (!next)
            break;
        json_decref(record);
        record = next;
    }
    *core = record;
    return 0;
}
