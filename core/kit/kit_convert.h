/* SPDX-License-Identifier: MIT
 * One call of a transform's function. */
#ifndef KOPPEL_KIT_KIT_CONVERT_H
#define KOPPEL_KIT_KIT_CONVERT_H

#include "kit/kit_check.h"
#include "kit/kit_host.h"

struct kit_convert {
    const struct kit_run *run;
    uint32_t function;
    const json_t *given; /* arguments as a configuration writes them; NULL: none */
    bool grown;
    long *left, at;      /* kit_value_starved; NULL */
    struct kit_host host;
    /* ---- what came of it ---- */
    int rc;
    json_t *out;         /* NULL where it failed, or a record was left out */
    char *skipped;       /* why; NULL */
    struct koppel_error err;
    bool changed;        /* value or arguments were changed, or kept */
    bool refused;        /* the arguments were refused, by the catalogue or prepare() */
};

/* Calls it with the value (borrowed). What is wrong with how it went, as a sentence in text; NULL:
 * nothing. kit_convert_done frees what came of it. */
const char *kit_convert_call(struct kit_convert *c, json_t *value, char *text, size_t room);
void kit_convert_done(struct kit_convert *c);

#endif
