/* SPDX-License-Identifier: MIT
 * The turnover groups of lines: see turnover.h. */
#include "turnover.h"

#include <string.h>

#include "goods.h"
#include "types.h"

#define GROUPS_MS (10 * 60 * 1000) /* the list changes a few times a year */

/* What a line calls its article's group. NULL: a line of text. */
static json_t *data_of(const json_t *line)
{
    const char *number = call_text(line, "articleNumber");
    return number && strcmp(number, "0") != 0 ? json_object_get(line, "data") : NULL;
}

/* Calls each() for every line of the records. */
static void for_lines(const json_t *records, void (*each)(const json_t *line, void *context),
                      void *context)
{
    json_t *record, *line;
    size_t i, k;
    json_array_foreach((json_t *)records, i, record) {
        json_array_foreach(call_list(record, "lineList"), k, line) each(line, context);
    }
}

struct lack {
    json_t *numbers; /* of articles whose group is not told: {number: true} */
    bool types;      /* a group's type is not told */
};

static void note_lack(const json_t *line, void *context)
{
    struct lack *lack = context;
    const json_t *data = data_of(line);
    if (!data || call_text(data, "turnoverGroupType"))
        return;
    lack->types = true;
    if (!call_text(data, "turnoverGroup"))
        json_object_set_new(lack->numbers, call_text(line, "articleNumber"), json_true());
}

/* The groups by their number: {number: {turnoverGroup, turnoverGroupName, ...}}. */
static int fetch_groups(struct mplus *m, json_t **groups, struct koppel_error *err)
{
    *groups = m->host->shared_get(m->ctx, "turnover-groups");
    if (*groups)
        return 0;
    json_t *params = json_pack("{s:{}}", "request"), *answer = NULL;
    int rc = params ? call_soap(m, &op_get_turnover_groups, params, NULL, &answer, err)
                    : call_no_memory(m, err);
    json_decref(params);
    if (rc == 0)
        *groups = call_by(call_list(answer, "turnoverGroupList"), "turnoverGroup");
    json_decref(answer);
    if (rc == 0 && !*groups)
        return call_no_memory(m, err);
    return rc != 0 ? -1
                   : m->host->shared_set(m->ctx, "turnover-groups", json_incref(*groups), GROUPS_MS,
                                         err);
}

static void take_articles(const json_t *answer, json_t *articles)
{
    json_t *product, *article;
    size_t i, k;
    json_array_foreach(call_list(answer, "productList"), i, product) {
        json_array_foreach(call_list(product, "articleList"), k, article) {
            const char *number = call_text(article, "articleNumber");
            json_t *group = json_object_get(article, "turnoverGroup");
            if (number && group)
                json_object_set(articles, number, group);
        }
    }
}

/* The group of each of the articles: {articleNumber: turnoverGroup}. */
static int fetch_articles(struct mplus *m, const json_t *numbers, json_t **articles,
                          struct koppel_error *err)
{
    json_t *list = json_array(), *value;
    const char *number;
    size_t left = json_object_size(numbers);
    *articles = json_object();
    int rc = list && *articles ? 0 : call_no_memory(m, err);
    json_object_foreach((json_t *)numbers, number, value) {
        json_t *answer = NULL;
        left--;
        json_array_append_new(list, json_string(number));
        if (rc != 0 || (json_array_size(list) < GOODS_CHUNK && left > 0))
            continue;
        struct soap_unreadable *bad = NULL; /* a line without its group stays as it came */
        rc = goods_fetch(m, "articleNumbers", list, false, &answer, &bad, err);
        take_articles(answer, *articles);
        soap_read_free(bad);
        json_decref(answer);
        json_array_clear(list);
    }
    json_decref(list);
    return rc;
}

struct known {
    const json_t *groups, *articles;
};

static void fill(const json_t *line, void *context)
{
    static const char *const names[] = {"turnoverGroup", "turnoverGroupName", "turnoverGroupType"};
    const struct known *known = context;
    json_t *data = data_of(line);
    if (!data || call_text(data, "turnoverGroupType"))
        return;
    const char *number = call_text(data, "turnoverGroup");
    if (!number)
        number = call_text(known->articles, call_text(line, "articleNumber"));
    const json_t *group = number ? json_object_get(known->groups, number) : NULL;
    for (size_t i = 0; group && i < sizeof names / sizeof names[0]; i++)
        json_object_set(data, names[i], json_object_get(group, names[i]));
}

int turnover_complete(struct mplus *m, json_t *records, struct koppel_error *err)
{
    struct lack lack = {.numbers = json_object()};
    for_lines(records, note_lack, &lack);
    json_t *groups = NULL, *articles = NULL;
    int rc = 0;
    if (lack.types) {
        rc = fetch_groups(m, &groups, err);
        if (rc == 0)
            rc = fetch_articles(m, lack.numbers, &articles, err);
    }
    if (lack.types && rc == 0)
        for_lines(records, fill, &(struct known){groups, articles});
    json_decref(lack.numbers);
    json_decref(groups);
    json_decref(articles);
    return rc;
}
