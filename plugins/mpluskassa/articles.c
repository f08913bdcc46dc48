/* SPDX-License-Identifier: MIT
 * Articles as a source, and how they are found: by number, or by PLU. */
#include "articles.h"

#include <stdlib.h>
#include <string.h>

#include "goods_read.h"
#include "unreadable.h"

int articles_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    return goods_read(m, request, true, out, err);
}

int articles_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                   struct koppel_batch *out, struct koppel_error *err)
{
    return goods_read_fetch(m, request, true, out, err);
}

/* ---- find ---- */

static bool is_removed(const json_t *article)
{
    return json_is_true(json_object_get(article, "discontinued"));
}

/* The articles of an answer whose member is the key; removed: those that were taken out of the
 * range. Articles are never deleted, so one that was made anew under a PLU stands beside the
 * discontinued one. *hits: how many. */
static int report_key(struct mplus *m, const json_t *answer, const char *member, const char *key,
                      uint32_t index, bool removed, int *hits, struct koppel_results *out,
                      struct koppel_error *err)
{
    json_t *product, *article;
    size_t i, k;
    json_array_foreach(call_list(answer, "productList"), i, product) {
        json_array_foreach(call_list(product, "articleList"), k, article) {
            const char *number = call_text(article, "articleNumber");
            const char *value = call_text(article, member);
            if (!number || !value || strcmp(value, key) != 0 || is_removed(article) != removed)
                continue;
            ++*hits;
            if (m->host->result_found(out, index, number, goods_article(product, article), err))
                return -1;
        }
    }
    return 0;
}

/* An article that may be there and cannot be read is not absent: making it would make it twice. */
static void report_bad(struct mplus *m, const struct soap_unreadable *bad, uint32_t index,
                       int *hits, struct koppel_results *out)
{
    if (!bad)
        return;
    m->host->result_error(out, index, KOPPEL_E_REJECTED,
                          "an article of MplusKASSA cannot be read: %s %s; mend it in the till",
                          bad->place, bad->why);
    m->host->result_reason(out, index, "article.unreadable");
    ++*hits;
}

/* One call for the keys that have no hit yet. hits: per key of the request, counted on. */
static int find_by(struct mplus *m, const char *member, const struct koppel_find_request *request,
                   int *hits, struct koppel_results *out, struct koppel_error *err)
{
    bool by_number = strcmp(member, "articleNumber") == 0;
    json_t *keys = json_array(), *answer = NULL;
    struct soap_unreadable *bad = NULL;
    for (uint32_t k = 0; k < request->count; k++) { /* article numbers are digits, nothing else */
        const char *key = request->keys[k];
        if (hits[k] == 0 && (by_number ? call_is_key(key) : *key))
            json_array_append_new(keys, json_string(key));
    }
    int rc = keys ? 0 : call_no_memory(m, err);
    if (rc == 0 && json_array_size(keys) > 0)
        rc = goods_fetch(m, by_number ? "articleNumbers" : "pluNumbers", keys, false, &answer, &bad,
                         err);
    for (uint32_t k = 0; rc == 0 && answer && k < request->count; k++) {
        if (hits[k] > 0)
            continue;
        rc = report_key(m, answer, member, request->keys[k], k, false, &hits[k], out, err);
        if (rc == 0 && hits[k] == 0)
            rc = report_key(m, answer, member, request->keys[k], k, true, &hits[k], out, err);
        if (rc == 0 && hits[k] == 0)
            report_bad(m, unreadable_of(bad, member, request->keys[k]), k, &hits[k], out);
    }
    soap_read_free(bad);
    json_decref(keys);
    json_decref(answer);
    return rc;
}

/* By PLU: a whole number that is no PLU may be the number of an article that was made before PLUs
 * were used. Making a second one would have both on sale. */
int articles_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err)
{
    bool by_number = strcmp(request->match, "articleNumber") == 0;
    if (!by_number && strcmp(request->match, "pluNumber") != 0)
        return m->host->fail(err, KOPPEL_E_BUG, "articles cannot be found by %s", request->match);
    int *hits = calloc(request->count + 1u, sizeof *hits);
    if (!hits)
        return call_no_memory(m, err);
    int rc = find_by(m, request->match, request, hits, out, err);
    if (rc == 0 && !by_number)
        rc = find_by(m, "articleNumber", request, hits, out, err);
    free(hits);
    return rc;
}
