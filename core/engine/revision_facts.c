/* SPDX-License-Identifier: MIT
 * What a revision tells of its flows. */
#include "engine/revision_facts.h"

json_t *revision_facts_flows(const struct conf *conf)
{
    json_t *flows = json_object();
    for (int i = 0; conf && i < conf->flow_count; i++)
        json_object_set_new(flows, conf->flows[i].name, json_string(conf->flows[i].version));
    return flows;
}

json_t *revision_facts_cases(const struct conf *conf)
{
    json_t *failing = conf ? json_array() : NULL;
    int passed = 0;
    if (!conf)
        return json_null();
    for (int i = 0; i < conf->flow_count; i++) {
        const struct conf_flow *f = &conf->flows[i];
        if (f->failing)
            json_array_append_new(failing, json_string(f->name));
        /* an enabled flow whose cases did not all pass is not active */
        for (int k = 0; f->enabled && k < f->case_count; k++)
            passed += f->cases[k].out != NULL;
    }
    return json_pack("{s:i,s:o}", "passed", passed, "failing", failing);
}
