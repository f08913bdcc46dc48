/* SPDX-License-Identifier: MIT
 * The kit as a host: the table that plugins see, where what they ask is answered by a script, fails
 * when a check wants it, and is remembered.
 *
 * What is not of interest is done by the program's own functions (connection/host.h), so a plugin
 * is held against what it will meet. */
#ifndef KOPPEL_KIT_KIT_HOST_H
#define KOPPEL_KIT_KIT_HOST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "connection/instance.h"

/* Which calls fail when their turn comes (kit_host.fail_at). */
enum { KIT_HOST_HTTP = 1, KIT_HOST_REPORT = 2, KIT_HOST_SHARED = 4, KIT_HOST_JSON = 8 };

/* Answers a request in place of a peer. 0: out is filled by kit_host_answer; -1: err. */
typedef int kit_host_peer(void *arg, const struct koppel_http_request *request,
                          struct koppel_http_response *out, struct koppel_error *err);

/* The context of one instance, or of one call of a transform. The first member is what the
 * program's own functions see. */
struct kit_host {
    struct koppel_context ctx;

    /* ---- what a check wants ---- */
    kit_host_peer *peer; /* NULL: the connection's own HTTP */
    void *peer_arg;
    unsigned fail_calls; /* KIT_HOST_* */
    int fail_at;         /* from 1; 0: none fails */
    int stop_at;         /* cancelled() is true from this request on, from 1; 0: never */
    int64_t now_ms;      /* what now_ms() gives; 0: the clock */
    const char *const *secrets; /* texts that must not be seen; NULL */
    int secret_count;

    /* ---- what was seen ---- */
    int requests, writes;    /* of http(); those with KOPPEL_HTTP_WRITE */
    int reads_that_write;    /* methods that change something without it */
    int after_stop;          /* requests after cancelled() was true */
    int calls;               /* of fail_calls */
    int logs, facts;         /* log lines; rows and steps */
    bool failed;             /* the call at fail_at came */
    bool many_lines;         /* a text for people held a line break or a control character */
    bool used_http, used_clock, used_shared, used_settings;
    char leak[160];          /* where a secret was seen; "": nowhere */
    char words[160];         /* the text of many_lines */
};

/* The table; grown: with members behind those that are known today. */
const struct koppel_host *kit_host_table(bool grown);
/* Calls of the table that have no context belong to this one, on this thread. */
void kit_host_enter(struct kit_host *h);
/* Is this thread in the plugin, and not in one of the table's functions? */
bool kit_host_in_plugin(void);
/* Around what the kit does itself while a plugin's call is under way. */
void kit_host_pause(bool pause);

/* Fills an answer of a script; body is copied. -1: no memory. */
int kit_host_answer(struct koppel_http_response *out, int status, const char *type,
                    const void *body, size_t bytes, struct koppel_error *err);
/* Notes where a text holds a secret. */
void kit_host_look(struct kit_host *h, const char *where, const char *text);

#endif
