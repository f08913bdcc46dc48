/* SPDX-License-Identifier: MIT
 * Pages of lists; see page.h. */
#include "page.h"

#include <inttypes.h>
#include <stdlib.h>

#include "problem.h"
#include "records.h"

#define PAGES_MAX 1000000 /* more are not believed */

/* How many pages follow: 0 where there is no next one, 1 where only that is known. */
static int pages_behind(const json_t *meta, int64_t page)
{
    json_int_t all = json_integer_value(json_object_get(meta, "pageCount"));
    if (*koppel_get_text(meta, "nextPage", "") == '\0')
        return 0;
    return all > page + 1 && all - page <= PAGES_MAX ? (int)(all - page) : 1;
}

void page_done(struct page *page)
{
    free(page->bad);
    free(page->text);
    json_decref(page->rows);
    *page = (struct page){0};
}

/* What json_list tells goes here. */
struct listening {
    struct asperion *a;
    struct page *page;
    struct koppel_error *err;
    bool failed;
};

static void add_bad(void *user, const struct koppel_bad_item *item)
{
    struct listening *l = user;
    struct page *page = l->page;
    struct page_bad *grown = realloc(page->bad, (page->bad_count + 1) * sizeof *grown);
    if (!grown) {
        l->failed = true;
        api_no_memory(l->a, l->err);
        return;
    }
    page->bad = grown;
    struct page_bad *bad = &grown[page->bad_count++];
    bad->index = item->index;
    records_id(item->rest, bad->id, sizeof bad->id);
    snprintf(bad->place, sizeof bad->place, "%s", item->place);
}

/* The rows and what the list says of itself. */
static int take_rows(struct asperion *a, const struct api_request *r, const json_t *answer,
                     int64_t number, struct page *page, struct koppel_error *err)
{
    json_t *data = json_object_get(answer, "_data");
    const json_t *meta = json_object_get(answer, "_meta");
    if (!json_is_array(data) && !json_is_null(data))
        return a->host->fail(err, KOPPEL_E_RETRY, "%s: the answer has no _data list", r->what);
    if (!r->any_tenant && api_check_tenant(a, r->what, answer, true, err) != 0)
        return -1;
    page->rows = json_is_array(data) ? json_incref(data) : json_array();
    if (!page->rows)
        return api_no_memory(a, err);
    if (json_array_size(page->rows) > 0)
        page->more = pages_behind(meta, number);
    if (koppel_get_int(meta, "totalCount", &page->total) != 0 || page->total < 0)
        page->total = -1;
    return 0;
}

static int keep_text(struct asperion *a, struct page *page, struct answer_text body,
                     struct koppel_error *err)
{
    page->text = malloc(body.bytes + 1);
    if (!page->text)
        return api_no_memory(a, err);
    memcpy(page->text, body.start, body.bytes);
    page->text_bytes = body.bytes;
    return 0;
}

static int read_page(struct asperion *a, const struct api_request *r, unsigned status,
                     struct answer_text body, int64_t number, struct page *page,
                     struct koppel_error *err)
{
    json_t *answer = NULL;
    struct listening l = {.a = a, .page = page, .err = err};
    bool object = body.bytes > 0 && *body.start == '{';
    bool bad = object && a->host->json_list(a->ctx, body.start, body.bytes, "_data", add_bad, &l,
                                            &answer, err) != 0;
    int rc = l.failed ? -1 : api_check_answer(a, r, status, body, answer, err);
    if (rc == 0 && (bad || !object))
        rc = problem_unreadable(a, r, bad, err);
    if (rc == 0)
        rc = take_rows(a, r, answer, number, page, err);
    if (rc == 0)
        rc = keep_text(a, page, body, err);
    json_decref(answer);
    return rc;
}

int page_get(struct asperion *a, struct api_request *r, int64_t number, struct page *page,
             struct koppel_error *err)
{
    struct koppel_http_response response = KOPPEL_INIT(response);
    char text[24];
    uint32_t own = r->query_count;
    *page = (struct page){.total = -1};
    snprintf(text, sizeof text, "%" PRId64, number);
    r->method = "GET";
    api_query(r, "page", text);
    api_query(r, "pageSize", a->page_size_text);
    int rc = api_exchange(a, r, &response, err);
    r->query_count = own;
    if (rc != 0)
        return -1;
    struct answer_text body = api_answer_text(&response);
    rc = read_page(a, r, response.status, body, number, page, err);
    a->host->http_done(a->ctx, &response);
    return rc;
}

struct answer_text page_list_text(const struct page *page)
{
    return answer_member((struct answer_text){page->text, page->text_bytes}, "_data");
}

struct answer_text page_row_text(const struct page *page, size_t index)
{
    struct answer_text rest = page_list_text(page), row = {0};
    for (size_t i = 0; i <= index; i++) {
        if (answer_next(&rest, &row) != 1)
            return (struct answer_text){0};
    }
    return row;
}
