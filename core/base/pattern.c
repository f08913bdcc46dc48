/* SPDX-License-Identifier: MIT
 * Patterns by PCRE2. It is not compiled to machine code, which hardened services may not make. */
#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"

#define STEP_LIMIT 200000   /* a few milliseconds */
#define DEPTH_LIMIT 2000
#define HEAP_LIMIT_KIB 4096

struct pattern {
    char *text;
    pcre2_code *code;
    pcre2_match_context *limits;
};

static struct pattern *no_memory(struct pattern *p, char why[PATTERN_WHY_BYTES])
{
    snprintf(why, PATTERN_WHY_BYTES, "out of memory");
    pattern_free(p);
    return NULL;
}

struct pattern *pattern_parse(const char *text, char why[PATTERN_WHY_BYTES])
{
    int code;
    PCRE2_SIZE offset;
    if (strlen(text) >= PATTERN_TEXT_BYTES) {
        snprintf(why, PATTERN_WHY_BYTES, "a pattern has at most %d bytes", PATTERN_TEXT_BYTES - 1);
        return NULL;
    }
    struct pattern *p = calloc(1, sizeof *p);
    if (!p)
        return no_memory(p, why);
    p->text = strdup(text);
    p->limits = pcre2_match_context_create(NULL);
    if (!p->text || !p->limits)
        return no_memory(p, why);
    pcre2_set_match_limit(p->limits, STEP_LIMIT);
    pcre2_set_depth_limit(p->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(p->limits, HEAP_LIMIT_KIB);
    p->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                            PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &code, &offset, NULL);
    if (!p->code) {
        PCRE2_UCHAR words[200];
        pcre2_get_error_message(code, words, sizeof words);
        snprintf(why, PATTERN_WHY_BYTES, "pattern \"%.*s\": column %zu: %s", CUT(text, 200),
                 (size_t)offset + 1, (const char *)words);
        pattern_free(p);
        return NULL;
    }
    return p;
}

void pattern_free(struct pattern *p)
{
    if (!p)
        return;
    pcre2_code_free(p->code);
    pcre2_match_context_free(p->limits);
    free(p->text);
    free(p);
}

const char *pattern_text(const struct pattern *p)
{
    return p->text;
}

int pattern_groups(const struct pattern *p)
{
    uint32_t count = 0;
    pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &count);
    return (int)count;
}

static int undecided(const struct pattern *p, const char *text, int code,
                     char why[PATTERN_WHY_BYTES])
{
    PCRE2_UCHAR words[200];
    pcre2_get_error_message(code, words, sizeof words);
    snprintf(why, PATTERN_WHY_BYTES,
             "pattern \"%.*s\" cannot be decided on a text of %zu bytes: %s", CUT(p->text, 200),
             strlen(text), (const char *)words);
    return -1;
}

int pattern_match(const struct pattern *p, const char *text, size_t from,
                  struct pattern_span *spans, int count, char why[PATTERN_WHY_BYTES])
{
    pcre2_match_data *found = pcre2_match_data_create(count > 0 ? (uint32_t)count : 1, NULL);
    int rc = PCRE2_ERROR_NOMEMORY;
    if (found)
        rc = pcre2_match(p->code, (PCRE2_SPTR)text, strlen(text), from,
                         from > 0 ? PCRE2_NO_UTF_CHECK : 0, found, p->limits);
    const PCRE2_SIZE *at = found ? pcre2_get_ovector_pointer(found) : NULL;
    for (int i = 0; rc >= 0 && i < count; i++) {
        bool set = (rc == 0 || i < rc) && at[2 * i] != PCRE2_UNSET;
        spans[i] = set ? (struct pattern_span){at[2 * i], at[2 * i + 1]}
                       : (struct pattern_span){PATTERN_NOWHERE, PATTERN_NOWHERE};
    }
    pcre2_match_data_free(found);
    if (rc >= 0 || rc == PCRE2_ERROR_NOMATCH)
        return rc >= 0;
    return undecided(p, text, rc, why);
}

int pattern_finds(const struct pattern *p, const char *text, char why[PATTERN_WHY_BYTES])
{
    return pattern_match(p, text, 0, NULL, 0, why);
}
