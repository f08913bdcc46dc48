/* SPDX-License-Identifier: MIT
 * Patterns by PCRE2. It is not compiled to machine code, which hardened services may not make. */
#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#define STEP_LIMIT 200000   /* a few milliseconds */
#define DEPTH_LIMIT 2000
#define HEAP_LIMIT_KIB 4096

struct pattern {
    char *text;
    pcre2_code *code;
    pcre2_match_context *limits;
};

static struct pattern *no_memory(struct pattern *p, struct koppel_error *err)
{
    err_set(err, KOPPEL_E_BUG, "out of memory");
    pattern_free(p);
    return NULL;
}

struct pattern *pattern_parse(const char *text, struct koppel_error *err)
{
    int code;
    PCRE2_SIZE offset;
    if (strlen(text) >= PATTERN_TEXT_BYTES) {
        err_set(err, KOPPEL_E_CONFIG, "a pattern has at most %d bytes", PATTERN_TEXT_BYTES - 1);
        return NULL;
    }
    struct pattern *p = calloc(1, sizeof *p);
    if (!p)
        return no_memory(p, err);
    p->text = strdup(text);
    p->limits = pcre2_match_context_create(NULL);
    if (!p->text || !p->limits)
        return no_memory(p, err);
    pcre2_set_match_limit(p->limits, STEP_LIMIT);
    pcre2_set_depth_limit(p->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(p->limits, HEAP_LIMIT_KIB);
    p->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                            PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &code, &offset, NULL);
    if (!p->code) {
        PCRE2_UCHAR why[200];
        pcre2_get_error_message(code, why, sizeof why);
        err_set(err, KOPPEL_E_CONFIG, "pattern \"%s\": column %zu: %s", text, (size_t)offset + 1,
                (const char *)why);
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

int pattern_finds(const struct pattern *p, const char *text, struct koppel_error *err)
{
    pcre2_match_data *found = pcre2_match_data_create(1, NULL);
    if (!found)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = pcre2_match(p->code, (PCRE2_SPTR)text, strlen(text), 0, 0, found, p->limits);
    pcre2_match_data_free(found);
    if (rc >= 0)
        return 1;
    if (rc == PCRE2_ERROR_NOMATCH)
        return 0;
    if (rc == PCRE2_ERROR_NOMEMORY)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    PCRE2_UCHAR why[200];
    pcre2_get_error_message(rc, why, sizeof why);
    return err_set(err, KOPPEL_E_REJECTED, "pattern \"%s\" cannot be decided on a text of %zu "
                   "bytes: %s", p->text, strlen(text), (const char *)why);
}
