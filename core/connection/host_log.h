/* SPDX-License-Identifier: MIT
 * host->log: what plugins say to the operator. */
#ifndef KOPPEL_CONNECTION_HOST_LOG_H
#define KOPPEL_CONNECTION_HOST_LOG_H

#include <stdint.h>

#include "koppel/plugin.h"

/* How much a connection's plugin has said of late; under the connection's lock. */
struct host_log_said {
    int64_t since_ms; /* monotonic: when the minute began that is counted */
    int lines, left_out;
};

void host_log(struct koppel_context *ctx, uint32_t level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
