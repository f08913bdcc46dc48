/* SPDX-License-Identifier: MIT
 * The layout of every public struct on LP64, as released with ABI 1.1. A member may be appended
 * (add its line, mend the size); a line that changes breaks every plugin that exists. */
#include "koppel/plugin.h"

#include <stdio.h>

struct golden {
    const char *what;
    size_t found, expected;
};

#define MEMBER(type, member, offset, bytes)                                                        \
    {#type "." #member " offset", offsetof(struct type, member), offset},                          \
    {#type "." #member " size", sizeof(((struct type *)0)->member), bytes}
#define SIZE(type, bytes) {#type " size", sizeof(struct type), bytes}

static const struct golden golden[] = {
    MEMBER(koppel_pair, struct_size, 0, 4),
    MEMBER(koppel_pair, secret, 4, 4),
    MEMBER(koppel_pair, name, 8, 8),
    MEMBER(koppel_pair, value, 16, 8),
    SIZE(koppel_pair, 24),

    MEMBER(koppel_http_request, struct_size, 0, 4),
    MEMBER(koppel_http_request, flags, 4, 4),
    MEMBER(koppel_http_request, method, 8, 8),
    MEMBER(koppel_http_request, url, 16, 8),
    MEMBER(koppel_http_request, query, 24, 8),
    MEMBER(koppel_http_request, headers, 32, 8),
    MEMBER(koppel_http_request, query_count, 40, 4),
    MEMBER(koppel_http_request, header_count, 44, 4),
    MEMBER(koppel_http_request, body, 48, 8),
    MEMBER(koppel_http_request, body_bytes, 56, 8),
    MEMBER(koppel_http_request, limit_bytes, 64, 8),
    MEMBER(koppel_http_request, what, 72, 8),
    MEMBER(koppel_http_request, timeout_ms, 80, 8),
    SIZE(koppel_http_request, 88),

    MEMBER(koppel_http_response, struct_size, 0, 4),
    MEMBER(koppel_http_response, status, 4, 4),
    MEMBER(koppel_http_response, body, 8, 8),
    MEMBER(koppel_http_response, body_bytes, 16, 8),
    MEMBER(koppel_http_response, content_type, 24, 8),
    MEMBER(koppel_http_response, host_private, 32, 8),
    MEMBER(koppel_http_response, headers, 40, 8),
    MEMBER(koppel_http_response, header_count, 48, 4),
    SIZE(koppel_http_response, 56),

    MEMBER(koppel_read_request, struct_size, 0, 4),
    MEMBER(koppel_read_request, limit, 4, 4),
    MEMBER(koppel_read_request, entity, 8, 8),
    MEMBER(koppel_read_request, cursor, 16, 8),
    MEMBER(koppel_read_request, options, 24, 8),
    MEMBER(koppel_read_request, page, 32, 4),
    MEMBER(koppel_read_request, overlap, 36, 4),
    SIZE(koppel_read_request, 40),

    MEMBER(koppel_fetch_request, struct_size, 0, 4),
    MEMBER(koppel_fetch_request, count, 4, 4),
    MEMBER(koppel_fetch_request, entity, 8, 8),
    MEMBER(koppel_fetch_request, ids, 16, 8),
    MEMBER(koppel_fetch_request, options, 24, 8),
    SIZE(koppel_fetch_request, 32),

    MEMBER(koppel_find_request, struct_size, 0, 4),
    MEMBER(koppel_find_request, count, 4, 4),
    MEMBER(koppel_find_request, entity, 8, 8),
    MEMBER(koppel_find_request, match, 16, 8),
    MEMBER(koppel_find_request, keys, 24, 8),
    MEMBER(koppel_find_request, records, 32, 8),
    SIZE(koppel_find_request, 40),

    MEMBER(koppel_write_item, struct_size, 0, 4),
    MEMBER(koppel_write_item, job, 8, 8),
    MEMBER(koppel_write_item, id, 16, 8),
    MEMBER(koppel_write_item, record, 24, 8),
    MEMBER(koppel_write_item, previous, 32, 8),
    MEMBER(koppel_write_item, version, 40, 8),
    SIZE(koppel_write_item, 48),

    MEMBER(koppel_write_request, struct_size, 0, 4),
    MEMBER(koppel_write_request, verb, 4, 4),
    MEMBER(koppel_write_request, flags, 8, 4),
    MEMBER(koppel_write_request, count, 12, 4),
    MEMBER(koppel_write_request, entity, 16, 8),
    MEMBER(koppel_write_request, items, 24, 8),
    SIZE(koppel_write_request, 32),

    MEMBER(koppel_subscription, struct_size, 0, 4),
    MEMBER(koppel_subscription, entity, 8, 8),
    MEMBER(koppel_subscription, url, 16, 8),
    MEMBER(koppel_subscription, secret, 24, 8),
    MEMBER(koppel_subscription, id, 32, 8),
    SIZE(koppel_subscription, 40),

    MEMBER(koppel_receive_request, struct_size, 0, 4),
    MEMBER(koppel_receive_request, query_count, 4, 4),
    MEMBER(koppel_receive_request, header_count, 8, 4),
    MEMBER(koppel_receive_request, method, 16, 8),
    MEMBER(koppel_receive_request, query, 24, 8),
    MEMBER(koppel_receive_request, headers, 32, 8),
    MEMBER(koppel_receive_request, body, 40, 8),
    MEMBER(koppel_receive_request, body_bytes, 48, 8),
    MEMBER(koppel_receive_request, subscription, 56, 8),
    SIZE(koppel_receive_request, 64),

    MEMBER(koppel_bad_item, struct_size, 0, 4),
    MEMBER(koppel_bad_item, index, 4, 4),
    MEMBER(koppel_bad_item, raw, 8, 8),
    MEMBER(koppel_bad_item, raw_bytes, 16, 8),
    MEMBER(koppel_bad_item, rest, 24, 8),
    MEMBER(koppel_bad_item, place, 32, 8),
    SIZE(koppel_bad_item, 40),

    MEMBER(koppel_host, struct_size, 0, 4),
    MEMBER(koppel_host, abi_minor, 4, 4),
    MEMBER(koppel_host, log, 8, 8),
    MEMBER(koppel_host, fail, 16, 8),
    MEMBER(koppel_host, reason, 24, 8),
    MEMBER(koppel_host, fact, 32, 8),
    MEMBER(koppel_host, retry_after, 40, 8),
    MEMBER(koppel_host, setting, 48, 8),
    MEMBER(koppel_host, setting_int, 56, 8),
    MEMBER(koppel_host, catalogue, 64, 8),
    MEMBER(koppel_host, now_ms, 72, 8),
    MEMBER(koppel_host, cancelled, 80, 8),
    MEMBER(koppel_host, deadline_ms, 88, 8),
    MEMBER(koppel_host, http, 96, 8),
    MEMBER(koppel_host, http_done, 104, 8),
    MEMBER(koppel_host, json, 112, 8),
    MEMBER(koppel_host, json_list, 120, 8),
    MEMBER(koppel_host, hmac, 128, 8),
    MEMBER(koppel_host, base64, 136, 8),
    MEMBER(koppel_host, shared_get, 144, 8),
    MEMBER(koppel_host, shared_set, 152, 8),
    MEMBER(koppel_host, decimal, 160, 8),
    MEMBER(koppel_host, emit, 168, 8),
    MEMBER(koppel_host, emit_gone, 176, 8),
    MEMBER(koppel_host, emit_unreadable, 184, 8),
    MEMBER(koppel_host, emit_changed, 192, 8),
    MEMBER(koppel_host, total, 200, 8),
    MEMBER(koppel_host, batch_end, 208, 8),
    MEMBER(koppel_host, reply, 216, 8),
    MEMBER(koppel_host, result_found, 224, 8),
    MEMBER(koppel_host, result_done, 232, 8),
    MEMBER(koppel_host, result_error, 240, 8),
    MEMBER(koppel_host, result_reason, 248, 8),
    MEMBER(koppel_host, result_fact, 256, 8),
    MEMBER(koppel_host, result_retry_after, 264, 8),
    MEMBER(koppel_host, result_note, 272, 8),
    MEMBER(koppel_host, row, 280, 8),
    MEMBER(koppel_host, row_fact, 288, 8),
    MEMBER(koppel_host, step, 296, 8),
    MEMBER(koppel_host, skip, 304, 8),
    MEMBER(koppel_host, prepared, 312, 8),
    SIZE(koppel_host, 320),

    MEMBER(koppel_connector, struct_size, 0, 4),
    MEMBER(koppel_connector, open, 8, 8),
    MEMBER(koppel_connector, close, 16, 8),
    MEMBER(koppel_connector, probe, 24, 8),
    MEMBER(koppel_connector, read, 32, 8),
    MEMBER(koppel_connector, find, 40, 8),
    MEMBER(koppel_connector, write, 48, 8),
    MEMBER(koppel_connector, choices, 56, 8),
    MEMBER(koppel_connector, verify, 64, 8),
    MEMBER(koppel_connector, fetch, 72, 8),
    MEMBER(koppel_connector, describe, 80, 8),
    MEMBER(koppel_connector, receive, 88, 8),
    MEMBER(koppel_connector, subscribe, 96, 8),
    MEMBER(koppel_connector, unsubscribe, 104, 8),
    MEMBER(koppel_connector, check, 112, 8),
    SIZE(koppel_connector, 120),

    MEMBER(koppel_transform, struct_size, 0, 4),
    MEMBER(koppel_transform, convert, 8, 8),
    MEMBER(koppel_transform, record, 16, 8),
    MEMBER(koppel_transform, prepare, 24, 8),
    MEMBER(koppel_transform, release, 32, 8),
    SIZE(koppel_transform, 40),

    MEMBER(koppel_plugin, struct_size, 0, 4),
    MEMBER(koppel_plugin, magic, 4, 4),
    MEMBER(koppel_plugin, abi_major, 8, 4),
    MEMBER(koppel_plugin, abi_minor, 12, 4),
    MEMBER(koppel_plugin, kind, 16, 4),
    MEMBER(koppel_plugin, threads, 20, 4),
    MEMBER(koppel_plugin, name, 24, 8),
    MEMBER(koppel_plugin, version, 32, 8),
    MEMBER(koppel_plugin, catalogue, 40, 8),
    MEMBER(koppel_plugin, connector, 48, 8),
    MEMBER(koppel_plugin, transform, 56, 8),
    SIZE(koppel_plugin, 64),
};

int main(void)
{
    int wrong = 0;
    if (sizeof(void *) != 8 || sizeof(long) != 8) {
        fprintf(stderr, "skipped: the golden numbers are for LP64\n");
        return 77;
    }
    for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
        if (golden[i].found == golden[i].expected)
            continue;
        fprintf(stderr, "%s: expected %zu, found %zu\n", golden[i].what, golden[i].expected,
                golden[i].found);
        wrong++;
    }
    return wrong ? 1 : 0;
}
