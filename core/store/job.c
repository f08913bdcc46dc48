/* SPDX-License-Identifier: MIT
 * Jobs: where they stand, and their addresses as text. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/job.h"

static const char *const state_names[] = {[JOB_NEW] = "new",
                                          [JOB_DONE] = "done",
                                          [JOB_SKIPPED] = "skipped",
                                          [JOB_PARKED] = "parked",
                                          [JOB_WAITING] = "waiting"};
#define STATE_COUNT ((int)(sizeof state_names / sizeof state_names[0]))

const char *job_state_name(enum job_state state)
{
    return (int)state >= 0 && (int)state < STATE_COUNT ? state_names[state] : "unknown";
}

int job_state_parse(const char *name, enum job_state *out)
{
    for (int i = 0; name && i < STATE_COUNT; i++) {
        if (strcmp(name, state_names[i]) == 0) {
            *out = (enum job_state)i;
            return 0;
        }
    }
    return -1;
}

int job_id_format(struct job_id id, char out[JOB_ID_BYTES])
{
    int n = snprintf(out, JOB_ID_BYTES, "%s/%d/%lld", id.flow, id.part, (long long)id.off);
    return n > 0 && n < JOB_ID_BYTES ? n : -1;
}

/* Digits only, one form per number. -1: anything else. */
static int parse_number(const char *text, size_t bytes, int64_t max, int64_t *out)
{
    int64_t value = 0;
    if (bytes == 0 || bytes > 18 || (bytes > 1 && text[0] == '0'))
        return -1;
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    if (value > max)
        return -1;
    *out = value;
    return 0;
}

int job_id_parse(const char *text, char flow_out[JOB_ID_BYTES], struct job_id *out)
{
    const char *off_at = text ? strrchr(text, '/') : NULL;
    if (!off_at || off_at == text)
        return -1;
    const char *part_at = memrchr(text, '/', (size_t)(off_at - text));
    if (!part_at || part_at == text || part_at - text >= JOB_ID_BYTES)
        return -1;
    int64_t part, off;
    if (parse_number(part_at + 1, (size_t)(off_at - part_at - 1), INT32_MAX, &part) != 0 ||
        parse_number(off_at + 1, strlen(off_at + 1), INT64_MAX, &off) != 0)
        return -1;
    memcpy(flow_out, text, (size_t)(part_at - text));
    flow_out[part_at - text] = '\0';
    *out = (struct job_id){.flow = flow_out, .part = (int)part, .off = off};
    return 0;
}

#define CAUSE_DIGITS (JOB_CAUSE_BYTES - 1)

void job_cause_format(int64_t cause, char out[JOB_CAUSE_BYTES])
{
    snprintf(out, JOB_CAUSE_BYTES, "%0*" PRIx64, CAUSE_DIGITS,
             (uint64_t)cause & UINT64_C(0xffffffffffff));
}

int job_cause_parse(const char *text, int64_t *out)
{
    if (!text || strlen(text) != CAUSE_DIGITS ||
        strspn(text, "0123456789abcdefABCDEF") != CAUSE_DIGITS)
        return -1;
    *out = strtoll(text, NULL, 16);
    return *out > 0 ? 0 : -1;
}
