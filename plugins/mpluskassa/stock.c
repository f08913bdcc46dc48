/* SPDX-License-Identifier: MIT
 * Stock levels as a destination: understands the records, and takes stock-keeping off articles that
 * are not managed. Sending is in stock_send.c, reading in stock_read.c. */
#include "stock.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "goods.h"
#include "soap_value.h"
#include "stock_send.h"
#include "types.h"
#include "unreadable.h"

#define LEVELS_MAX 1000 /* of one article: far more branches than a till has */

void stock_refuse(struct stock_run *run, struct stock_entry *entry, const char *code,
                  const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    entry->settled = true;
    run->m->host->result_error(run->out, entry->index, KOPPEL_E_REJECTED, "%s", text);
    run->m->host->result_reason(run->out, entry->index, code);
}

bool stock_refuse_unreadable(struct stock_run *run, struct stock_entry *entry,
                             const struct soap_unreadable *bad, const char *key, const char *text)
{
    const struct soap_unreadable *one = unreadable_of(bad, key, text);
    if (one)
        stock_refuse(run, entry, "article.unreadable",
                     "article \"%.40s\" of MplusKASSA cannot be read: %.80s %.80s", text,
                     one->place, one->why);
    return one != NULL;
}

/* ---- understanding the records ---- */

/* A text or whole number as text; NULL where it is neither or does not fit. */
static const char *number_text(const json_t *value, char *buf, size_t room)
{
    if (json_is_integer(value)) {
        snprintf(buf, room, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return buf;
    }
    if (!json_is_string(value) || json_string_length(value) == 0 ||
        json_string_length(value) >= room)
        return NULL;
    snprintf(buf, room, "%s", json_string_value(value));
    return buf;
}

/* A decimal that the till can hold: at most six digits behind the point that are not zero. */
static bool amount_fits(const char *text)
{
    struct digits d;
    int64_t scaled;
    if (!soap_value_split(text, &d) || !soap_value_scale(text, SOAP_MAX_PLACES, &scaled))
        return false;
    for (int i = SOAP_MAX_PLACES; i < d.fraction_count; i++) {
        if (d.fraction[i] != '0')
            return false;
    }
    return true;
}

/* A record that does not speak of it is of a managed article. */
static bool is_managed(const json_t *value)
{
    const char *text = json_string_value(value);
    return !json_is_false(value) && (!text || strcmp(text, "false") != 0);
}

/* An article is named by its number; what is no number is its PLU. */
static void take_article(struct stock_run *run, struct stock_entry *entry, const json_t *record)
{
    const json_t *number = json_object_get(record, "articleNumber");
    const char *text = json_string_value(number);
    entry->plu = call_text(record, "pluNumber");
    if (entry->plu)
        return;
    if (number_text(number, entry->number, sizeof entry->number) && call_is_key(entry->number))
        return;
    entry->number[0] = '\0';
    entry->plu = text && *text != '\0' ? text : NULL;
    if (!entry->plu)
        stock_refuse(run, entry, "article.number", "the record names no article");
}

static void take_level(struct stock_run *run, struct stock_entry *entry, const json_t *value)
{
    const json_t *branch = json_object_get(value, "branchNumber");
    const char *home = run->m->host->setting(run->m->ctx, "stock_branch");
    struct stock_level *level = &run->levels[run->level_count];
    memset(level, 0, sizeof *level);
    level->entry = entry;
    if (!number_text(json_object_get(value, "amount"), level->amount, sizeof level->amount))
        level->amount[0] = '\0';
    if (!branch || json_is_null(branch) ||
        (json_is_string(branch) && json_string_length(branch) == 0))
        snprintf(level->branch, sizeof level->branch, "%s", home ? home : "1");
    else if (!number_text(branch, level->branch, sizeof level->branch))
        level->branch[0] = '\0';
    if (!call_is_key(level->branch)) {
        stock_refuse(run, entry, "branch.number", "\"%s\" is no branch number", level->branch);
        run->m->host->result_fact(run->out, entry->index, "branch", level->branch);
    } else if (!amount_fits(level->amount)) {
        stock_refuse(run, entry, "article.amount",
                     "\"%s\" is no amount that MplusKASSA can hold: "
                     "it knows at most %d decimals",
                     level->amount, SOAP_MAX_PLACES);
    } else {
        for (size_t i = run->level_count; i > 0 && run->levels[i - 1].entry == entry; i--) {
            if (strcmp(run->levels[i - 1].branch, level->branch) != 0)
                continue;
            stock_refuse(run, entry, "branch.duplicate",
                         "the record holds two amounts for branch %s", level->branch);
            run->m->host->result_fact(run->out, entry->index, "branch", level->branch);
        }
        run->level_count++;
        entry->waiting++;
    }
}

static int take_items(struct stock_run *run, struct koppel_error *err)
{
    size_t room = 0, k;
    for (uint32_t i = 0; i < run->request->count; i++) {
        size_t n = json_array_size(json_object_get(run->request->items[i]->record, "levels"));
        room += n < LEVELS_MAX ? n : LEVELS_MAX;
    }
    run->entries = calloc(run->request->count + 1u, sizeof *run->entries);
    run->levels = calloc(room + 1, sizeof *run->levels);
    if (!run->entries || !run->levels)
        return call_no_memory(run->m, err);
    for (uint32_t i = 0; i < run->request->count; i++) {
        const json_t *record = run->request->items[i]->record;
        const json_t *levels = json_object_get(record, "levels");
        struct stock_entry *entry = &run->entries[run->entry_count++];
        entry->index = i;
        entry->managed = is_managed(json_object_get(record, "managed"));
        take_article(run, entry, record);
        if (entry->managed && !entry->settled && !json_is_array(levels))
            stock_refuse(run, entry, "article.amount",
                         "the record tells no stock level: levels is missing");
        for (k = 0; entry->managed && !entry->settled && k < json_array_size(levels); k++) {
            if (k == LEVELS_MAX)
                stock_refuse(run, entry, "branch.many", "more than %d levels", LEVELS_MAX);
            else
                take_level(run, entry, json_array_get(levels, k));
        }
    }
    return 0;
}

/* ---- articles named by their PLU ---- */

static void use_plu(struct stock_run *run, const json_t *answer)
{
    json_t *product, *article;
    size_t i, k, e;
    json_array_foreach(call_list(answer, "productList"), i, product) {
        json_array_foreach(call_list(product, "articleList"), k, article) {
            const char *plu = call_text(article, "pluNumber");
            const char *number = call_text(article, "articleNumber");
            for (e = 0; plu && number && e < run->entry_count; e++) {
                struct stock_entry *entry = &run->entries[e];
                if (entry->settled || !entry->plu || strcmp(entry->plu, plu) != 0)
                    continue;
                if (entry->number[0] != '\0' && strcmp(entry->number, number) != 0)
                    stock_refuse(run, entry, "article.ambiguous",
                                 "articles %s and %s both have PLU \"%s\"", entry->number, number,
                                 plu);
                else
                    snprintf(entry->number, sizeof entry->number, "%s", number);
            }
        }
    }
}

static int look_up_plus(struct stock_run *run, struct koppel_error *err)
{
    size_t e = 0;
    int rc = 0;
    while (rc == 0 && e < run->entry_count) {
        json_t *plus = json_array(), *answer = NULL;
        struct soap_unreadable *bad = NULL;
        size_t from = e;
        for (; e < run->entry_count && json_array_size(plus) < GOODS_CHUNK; e++) {
            if (!run->entries[e].settled && run->entries[e].plu)
                json_array_append_new(plus, json_string(run->entries[e].plu));
        }
        if (json_array_size(plus) > 0)
            rc = goods_fetch(run->m, "pluNumbers", plus, false, &answer, &bad, err);
        use_plu(run, answer);
        for (; rc == 0 && from < e; from++) {
            struct stock_entry *entry = &run->entries[from];
            if (!entry->settled && entry->plu && !entry->number[0])
                stock_refuse_unreadable(run, entry, bad, "pluNumber", entry->plu);
        }
        soap_read_free(bad);
        json_decref(plus);
        json_decref(answer);
    }
    for (e = 0; rc == 0 && e < run->entry_count; e++) {
        struct stock_entry *entry = &run->entries[e];
        if (!entry->settled && entry->number[0] == '\0')
            stock_refuse(run, entry, "article.missing",
                         "no article with number or PLU \"%s\" is in MplusKASSA", entry->plu);
    }
    return rc;
}

/* Two records of one article would overwrite each other: none is sent, both are named. */
static int check_twice(struct stock_run *run, struct koppel_error *err)
{
    json_t *seen = json_object();
    size_t e;
    int rc = seen ? 0 : call_no_memory(run->m, err);
    for (e = 0; rc == 0 && e < run->entry_count; e++) {
        struct stock_entry *entry = &run->entries[e], *first;
        json_t *known = json_object_get(seen, entry->number);
        if (entry->settled)
            continue;
        if (!known) {
            if (json_object_set_new(seen, entry->number, json_integer((json_int_t)e)) != 0)
                rc = call_no_memory(run->m, err);
            continue;
        }
        first = &run->entries[json_integer_value(known)];
        if (!first->settled)
            stock_refuse(run, first, "article.duplicate",
                         "two records carry the stock of article %s (jobs %s and %s)",
                         entry->number, run->request->items[first->index]->job,
                         run->request->items[entry->index]->job);
        stock_refuse(run, entry, "article.duplicate",
                     "two records carry the stock of article %s (jobs %s and %s)", entry->number,
                     run->request->items[first->index]->job,
                     run->request->items[entry->index]->job);
    }
    json_decref(seen);
    return rc;
}

/* ---- articles without stock-keeping ---- */

/* Takes stock-keeping off one article that has it. */
static int unmanage_one(struct stock_run *run, struct stock_entry *entry, const json_t *present,
                        const struct soap_unreadable *bad, struct koppel_error *err)
{
    struct mplus *m = run->m;
    json_t *product = NULL, *article = goods_pick(present, entry->number, &product);
    json_t *params, *answer = NULL;
    const char *words;
    int rc;
    if (!article) {
        if (!stock_refuse_unreadable(run, entry, bad, "articleNumber", entry->number))
            stock_refuse(run, entry, "article.missing", "article %s is not in MplusKASSA",
                         entry->number);
        return 0;
    }
    if (json_is_false(json_object_get(article, "stockArticle"))) {
        entry->settled = true;
        return goods_unchanged(m, entry->index, entry->number, "articleNumber", run->out, err);
    }
    params = json_pack("{s:{s:O, s:[{s:s, s:b}], s:O*}}", "product", "productNumber",
                       json_object_get(product, "productNumber"), "articleList", "articleNumber",
                       entry->number, "stockArticle", 0, "groupNumbers",
                       json_object_get(product, "groupNumbers"));
    rc = params ? call_ask(m, &op_update_product, params, run->request->items[entry->index]->job,
                           &answer, NULL, err)
                : call_no_memory(m, err);
    json_decref(params);
    if (rc != 0)
        return -1;
    if (call_says(answer, "-OK") || call_says(answer, "-NO-CHANGES")) {
        entry->settled = true;
        json_object_set_new(answer, "articleNumber", json_string(entry->number));
        rc = m->host->result_done(run->out, entry->index, entry->number, json_incref(answer), err);
    } else {
        words = call_text(answer, "errorMessage");
        stock_refuse(run, entry, "", "updateProduct: MplusKASSA says: %s",
                     words ? words : "no reason given");
    }
    json_decref(answer);
    return rc;
}

static int unmanage(struct stock_run *run, struct koppel_error *err)
{
    size_t e = 0, from;
    int rc = 0;
    while (rc == 0 && e < run->entry_count) {
        json_t *numbers = json_array(), *answer = NULL;
        struct soap_unreadable *bad = NULL;
        for (from = e; e < run->entry_count && json_array_size(numbers) < GOODS_CHUNK; e++) {
            if (!run->entries[e].settled && !run->entries[e].managed)
                json_array_append_new(numbers, json_string(run->entries[e].number));
        }
        if (json_array_size(numbers) > 0)
            rc = goods_fetch(run->m, "articleNumbers", numbers, false, &answer, &bad, err);
        for (; rc == 0 && answer && from < e; from++) {
            if (!run->entries[from].settled && !run->entries[from].managed)
                rc = unmanage_one(run, &run->entries[from], answer, bad, err);
        }
        soap_read_free(bad);
        json_decref(numbers);
        json_decref(answer);
    }
    return rc;
}

/* ---- the whole ---- */

/* A managed article without any level needs no call. */
static int finish_empty(struct stock_run *run, struct koppel_error *err)
{
    size_t e;
    for (e = 0; e < run->entry_count; e++) {
        struct stock_entry *entry = &run->entries[e];
        if (entry->settled || !entry->managed || entry->waiting > 0)
            continue;
        entry->settled = true;
        if (goods_unchanged(run->m, entry->index, entry->number, "articleNumber", run->out, err))
            return -1;
    }
    return 0;
}

int stock_write(struct mplus *m, const struct koppel_write_request *request,
                struct koppel_results *out, struct koppel_error *err)
{
    struct stock_run run = {.m = m, .request = request, .out = out};
    int rc = -1;
    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA cannot check stock without storing it");
    if (request->verb != KOPPEL_VERB_CREATE && request->verb != KOPPEL_VERB_UPDATE)
        return m->host->fail(err, KOPPEL_E_REJECTED, "stock cannot be removed; set it to 0");
    if (take_items(&run, err) == 0 && look_up_plus(&run, err) == 0 && check_twice(&run, err) == 0 &&
        unmanage(&run, err) == 0 && finish_empty(&run, err) == 0)
        rc = stock_send(&run, err);
    free(run.entries);
    free(run.levels);
    return rc;
}
