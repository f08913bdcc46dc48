/* SPDX-License-Identifier: MIT
 * Functions one after the other. Null is no value. */
#include "mapping/via.h"

#include "connection/host.h"

int via_apply(const struct conf_via *via, int count, json_t **value, via_tell *tell, void *arg,
              const char **failed, struct koppel_error *err)
{
    for (int i = 0; i < count; i++) {
        json_t *in = *value ? *value : json_null(), *out = NULL;
        if (host_convert(&via[i].call, in, via[i].home, &out, err) != 0) {
            *failed = via[i].text;
            return -1;
        }
        if (tell)
            tell(arg, via[i].text, out);
        json_decref(*value);
        *value = json_is_null(out) ? NULL : out;
    }
    return 0;
}
