/* SPDX-License-Identifier: MIT
 * Cursors; see position.h. */
#include "position.h"

#include <inttypes.h>
#include <stdlib.h>

#include "text.h"

#define PAGES_MAX 100000000 /* more are not believed */

static uint64_t read_hash(const json_t *json, const char *name)
{
    uint64_t hash = 0;
    const char *text = koppel_get_text(json, name, "0");
    return sscanf(text, "%" SCNx64, &hash) == 1 ? hash : 0;
}

static int64_t read_count(const json_t *json, const char *name)
{
    int64_t n = 0;
    return koppel_get_int(json, name, &n) == 0 && n > 0 && n <= PAGES_MAX ? n : 0;
}

int position_read(struct rest *r, const char *cursor, struct position *out)
{
    json_t *json = NULL;
    *out = (struct position){0};
    if (!cursor || cursor[0] != '{' ||
        r->host->json(r->ctx, cursor, strlen(cursor), &json, NULL) != 0)
        return 0;
    const char *next = koppel_get_text(json, "next", NULL);
    out->walking = koppel_get_bool(json, "walking", 0) != 0;
    snprintf(out->since, sizeof out->since, "%s", koppel_get_text(json, "since", ""));
    snprintf(out->max, sizeof out->max, "%s", koppel_get_text(json, "max", ""));
    out->page = read_count(json, "page");
    out->offset = read_count(json, "offset");
    out->sum = read_hash(json, "sum");
    out->before = read_hash(json, "before");
    out->next = next ? strdup(next) : NULL;
    json_decref(json);
    return next && !out->next ? -1 : 0;
}

char *position_text(const struct position *p)
{
    char sum[24], before[24];
    struct text out = {0};
    json_t *json = json_pack("{s:s,s:b}", "since", p->since, "walking", p->walking);
    if (!json)
        return NULL;
    snprintf(sum, sizeof sum, "%" PRIx64, p->sum);
    snprintf(before, sizeof before, "%" PRIx64, p->before);
    if (p->max[0])
        json_object_set_new(json, "max", json_string(p->max));
    if (p->page)
        json_object_set_new(json, "page", json_integer(p->page));
    if (p->offset)
        json_object_set_new(json, "offset", json_integer(p->offset));
    if (p->next)
        json_object_set_new(json, "next", json_string(p->next));
    if (p->sum)
        json_object_set_new(json, "sum", json_string(sum));
    if (p->before)
        json_object_set_new(json, "before", json_string(before));
    text_add_json(&out, json);
    json_decref(json);
    return text_take(&out);
}

void position_done(struct position *p)
{
    free(p->next);
    p->next = NULL;
}
