/* SPDX-License-Identifier: MIT
 * What the plugins of test_plugins share: a connector that does nothing. Each source then spoils one
 * thing before it includes this. */
#ifndef TEST_PLUGIN_H
#define TEST_PLUGIN_H

#include "koppel/plugin.h"

#define TEST_CATALOGUE                                                                             \
    "{\"title\":\"Test\",\"entities\":[{\"name\":\"thing\",\"key\":\"id\",\"can\":[\"read\"]}]}"

static inline int test_open(const struct koppel_host *host, struct koppel_context *ctx,
                            void **self, struct koppel_error *err)
{
    (void)host;
    (void)ctx;
    (void)self;
    (void)err;
    return 0;
}

static inline int test_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    (void)self;
    (void)facts;
    (void)err;
    return 0;
}

static inline int test_read(void *self, const struct koppel_read_request *request,
                            struct koppel_batch *out, struct koppel_error *err)
{
    (void)self;
    (void)request;
    (void)out;
    (void)err;
    return 0;
}

#endif
