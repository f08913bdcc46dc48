/* SPDX-License-Identifier: MIT
 * What a system answered, kept in a folder, and given again later without asking anybody.
 *
 * An answer is a file of JSON under a digest of its request and the number of times that the same
 * was asked: "3f0c9a1e5b7d2846-1.json". Secrets of the connection are masked in it, and of a log-in
 * (KOPPEL_HTTP_PRIVATE) only the form is kept: its texts are replaced, and its body is no part of
 * the digest. */
#ifndef KOPPEL_KIT_KIT_TAPE_H
#define KOPPEL_KIT_KIT_TAPE_H

#include "kit/kit_host.h"

#define KIT_TAPE_REQUESTS 512
#define KIT_TAPE_JOBS_BYTES 40

struct kit_tape {
    const char *folder; /* absolute; is there */
    struct kit_host *host;
    /* How often each request was made so far. */
    struct {
        uint64_t digest;
        int times;
    } seen[KIT_TAPE_REQUESTS];
    int count;
};

/* kit_host.peer; arg is a struct kit_tape. */
int kit_tape_record(void *arg, const struct koppel_http_request *request,
                    struct koppel_http_response *out, struct koppel_error *err);
int kit_tape_replay(void *arg, const struct koppel_http_request *request,
                    struct koppel_http_response *out, struct koppel_error *err);

/* What the names of a run's jobs begin with: no system has met it before, but for a recording that
 * is given again (replay: its folder, else NULL), which has its own. */
void kit_tape_jobs(const char *replay, char out[KIT_TAPE_JOBS_BYTES]);
/* Keeps it in the folder of a recording. */
int kit_tape_keep_jobs(const char *folder, const char *jobs, struct koppel_error *err);

#endif
