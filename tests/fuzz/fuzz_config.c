/* SPDX-License-Identifier: MIT
 * A flow file in a small, otherwise right configuration. */
#include "fuzz_place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct conf_report report = {0};
    if (!dir[0])
        start();
    if (includes(data, bytes))
        return 0;
    put("flows.d/x.conf", data, bytes);
    struct conf *c = conf_load(dir, NULL, NULL, &report);
    if (!c != (report.errors > 0))
        abort();
    conf_free(c);
    conf_report_done(&report);
    return 0;
}
