/* SPDX-License-Identifier: MIT
 * Stock levels to the till: one call per branch takes them all. The till refuses such a call as a
 * whole and names one article that it cannot take: that one is reported, the rest is sent again.
 * A service that does not know the call is told one article at a time. */
#include "stock_send.h"

#include <string.h>

#include "goods.h"
#include "types.h"

#define REFERENCE "Koppel"
/* Refusals of one branch; then the rest is looked up before it is sent again. */
#define SIEVE_AFTER 2
#define SIEVE_WORTH 10 /* fewer are sent again one by one */

static const char *employee(const struct stock_run *run)
{
    const char *number = run->m->host->setting(run->m->ctx, "employee");
    return number && *number != '\0' ? number : "999999";
}

/* Levels of this branch that are still to be sent, as a list of corrections. */
static json_t *corrections(const struct stock_run *run, const char *branch)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < run->level_count; i++) {
        const struct stock_level *level = &run->levels[i];
        if (level->entry->settled || strcmp(level->branch, branch) != 0)
            continue;
        if (json_array_append_new(list, json_pack("{s:s, s:s}", "articleNumber",
                                                  level->entry->number, "amount", level->amount)) !=
            0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* One level has arrived; with the last one the item is done. */
static int arrived(struct stock_run *run, struct stock_entry *entry, struct koppel_error *err)
{
    json_t *answer;
    entry->taken++;
    if (--entry->waiting > 0)
        return 0;
    entry->settled = true;
    answer = json_pack("{s:s}", "articleNumber", entry->number);
    if (!answer)
        return call_no_memory(run->m, err);
    return run->m->host->result_done(run->out, entry->index, entry->number, answer, err);
}

static int branch_arrived(struct stock_run *run, const char *branch, struct koppel_error *err)
{
    for (size_t i = 0; i < run->level_count; i++) {
        const struct stock_level *level = &run->levels[i];
        if (!level->entry->settled && strcmp(level->branch, branch) == 0 &&
            arrived(run, level->entry, err) != 0)
            return -1;
    }
    return 0;
}

static void refuse_article(struct stock_run *run, struct stock_entry *entry, const json_t *answer)
{
    const char *result = call_text(answer, "result");
    if (call_says(answer, "-NO-STOCK-ARTICLE"))
        stock_refuse(run, entry, "article.unmanaged",
                     "MplusKASSA keeps no stock of article %s: make it a stock article in the till",
                     entry->number);
    else if (call_says(answer, "-DUPLICATE-ARTICLE"))
        stock_refuse(run, entry, "article.duplicate",
                     "MplusKASSA says that article %s is there twice", entry->number);
    else if (call_says(answer, "-ARTICLE-NOT-FOUND"))
        stock_refuse(run, entry, "article.missing", "article %s is not in MplusKASSA",
                     entry->number);
    else
        stock_refuse(run, entry, "", "MplusKASSA refuses the stock of article %s (%s)",
                     entry->number, result ? result : "no result");
}

/* The entry of the article that made the call fail, where the answer names one of the branch's. */
static struct stock_entry *culprit(const struct stock_run *run, const char *branch,
                                   const json_t *answer)
{
    const char *number = call_text(answer, "failedArticleNumber");
    for (size_t i = 0; number && i < run->level_count; i++) {
        const struct stock_level *level = &run->levels[i];
        if (!level->entry->settled && strcmp(level->branch, branch) == 0 &&
            strcmp(level->entry->number, number) == 0)
            return level->entry;
    }
    return NULL;
}

static int fail_result(struct stock_run *run, const struct soap_operation *op, const char *branch,
                       const json_t *answer, struct koppel_error *err)
{
    const char *result = call_text(answer, "result");
    if (call_says(answer, "-BRANCH-NOT-FOUND")) {
        run->m->host->fail(err, KOPPEL_E_CONFIG,
                           "%s: MplusKASSA has no branch %s: correct the "
                           "table or the setting that it comes from",
                           op->name, branch);
        return run->m->host->reason(err, "branch.missing");
    }
    return run->m->host->fail(err, KOPPEL_E_REJECTED,
                              "%s: MplusKASSA refuses the stock of branch %s (%s)", op->name,
                              branch, result ? result : "no result");
}

/* One article at one branch, for services without saveStockCorrections. */
static int set_level(struct stock_run *run, const struct stock_level *level,
                     struct koppel_error *err)
{
    struct mplus *m = run->m;
    json_t *answer = NULL;
    json_t *params =
        json_pack("{s:{s:s, s:s, s:s, s:s, s:s}}", "request", "branchNumber", level->branch,
                  "articleNumber", level->entry->number, "amount", level->amount, "employeeNumber",
                  employee(run), "reference", REFERENCE);
    const char *job = run->request->items[level->entry->index]->job;
    int rc = params ? call_ask(m, &op_set_stock, params, job, &answer, NULL, err)
                    : call_no_memory(m, err);
    json_decref(params);
    if (rc != 0)
        return -1;
    if (call_says(answer, "-OK"))
        rc = arrived(run, level->entry, err);
    else if (!call_says(answer, "-BRANCH-NOT-FOUND") && call_text(answer, "result"))
        refuse_article(run, level->entry, answer);
    else
        rc = fail_result(run, &op_set_stock, level->branch, answer, err);
    json_decref(answer);
    return rc;
}

static int set_branch(struct stock_run *run, const char *branch, struct koppel_error *err)
{
    for (size_t i = 0; i < run->level_count; i++) {
        const struct stock_level *level = &run->levels[i];
        if (!level->entry->settled && strcmp(level->branch, branch) == 0 &&
            set_level(run, level, err) != 0)
            return -1;
    }
    return 0;
}

/* 0: the call took all. 1: it took none; one article less remains. 2: the service does not know
 * the call. -1: err. */
static int save_corrections(struct stock_run *run, const char *branch, json_t *list,
                            struct koppel_error *err)
{
    struct mplus *m = run->m;
    struct stock_entry *entry;
    json_t *answer = NULL;
    json_t *params = json_pack(
        "{s:{s:s, s:s, s:s, s:O, s:s, s:s}}", "request", "branchNumber", branch, "employeeNumber",
        employee(run), "reference", REFERENCE, "stockCorrectionList", list, "correctionType",
        "CORRECTION-TYPE-COUNT", "correctionMode", "STOCK-CORRECTION-MODE-ABSOLUTE");
    bool unknown = false;
    int rc = params ? call_ask(m, &op_save_corrections, params, NULL, &answer, &unknown, err)
                    : call_no_memory(m, err);
    json_decref(params);
    if (rc != 0 || unknown)
        return unknown ? 2 : -1;
    entry = culprit(run, branch, answer);
    if (call_says(answer, "-OK") || call_says(answer, "-NO-CORRECTIONS")) {
        rc = branch_arrived(run, branch, err);
    } else if (entry) {
        refuse_article(run, entry, answer);
        rc = 1;
    } else {
        rc = fail_result(run, &op_save_corrections, branch, answer, err);
    }
    json_decref(answer);
    return rc;
}

/* Refuses what the till does not have or keeps no stock of, all at once. */
static int sieve_chunk(struct stock_run *run, const json_t *numbers, size_t from, size_t to,
                       struct koppel_error *err)
{
    json_t *answer = NULL;
    struct soap_unreadable *bad = NULL;
    size_t e;
    int rc = goods_fetch(run->m, "articleNumbers", numbers, false, &answer, &bad, err);
    for (e = from; rc == 0 && e < to; e++) {
        struct stock_entry *entry = &run->entries[e];
        json_t *product = NULL, *article;
        if (entry->settled)
            continue;
        article = goods_pick(answer, entry->number, &product);
        if (!article && stock_refuse_unreadable(run, entry, bad, "articleNumber", entry->number))
            continue;
        if (!article)
            stock_refuse(run, entry, "article.missing", "article %s is not in MplusKASSA",
                         entry->number);
        else if (json_is_false(json_object_get(article, "stockArticle")))
            stock_refuse(
                run, entry, "article.unmanaged",
                "MplusKASSA keeps no stock of article %s: make it a stock article in the till",
                entry->number);
    }
    soap_read_free(bad);
    json_decref(answer);
    return rc;
}

static int sieve(struct stock_run *run, struct koppel_error *err)
{
    size_t e = 0, from;
    int rc = 0;
    while (rc == 0 && e < run->entry_count) {
        json_t *numbers = json_array();
        for (from = e; e < run->entry_count && json_array_size(numbers) < GOODS_CHUNK; e++) {
            if (!run->entries[e].settled)
                json_array_append_new(numbers, json_string(run->entries[e].number));
        }
        if (json_array_size(numbers) > 0)
            rc = sieve_chunk(run, numbers, from, e, err);
        json_decref(numbers);
    }
    return rc;
}

/* Every refusal settles an item, so this ends after as many rounds as there are items. */
static int send_branch(struct stock_run *run, const char *branch, struct koppel_error *err)
{
    int rc = 1, refusals = 0;
    while (rc == 1) {
        json_t *list = corrections(run, branch);
        if (!list)
            return call_no_memory(run->m, err);
        if (refusals++ == SIEVE_AFTER && json_array_size(list) > SIEVE_WORTH) {
            json_decref(list);
            if (sieve(run, err) != 0)
                return -1;
            continue;
        }
        rc = json_array_size(list) > 0 ? save_corrections(run, branch, list, err) : 0;
        json_decref(list);
        if (rc == 1 && run->m->host->cancelled(run->m->ctx))
            return run->m->host->fail(err, KOPPEL_E_CANCELLED, "stopping");
    }
    return rc == 2 ? set_branch(run, branch, err) : rc;
}

/* The levels of these are not what they were, though not all have arrived. */
static void report_begun(struct stock_run *run)
{
    for (size_t i = 0; i < run->entry_count; i++) {
        struct stock_entry *entry = &run->entries[i];
        if (entry->settled || entry->taken == 0)
            continue;
        entry->settled = true;
        run->m->host->result_error(run->out, entry->index, KOPPEL_E_UNSURE,
                                   "the stock of article %s is set at %d of %d branches",
                                   entry->number, entry->taken, entry->taken + entry->waiting);
    }
}

int stock_send(struct stock_run *run, struct koppel_error *err)
{
    json_t *seen = json_object();
    int rc = seen ? 0 : call_no_memory(run->m, err);
    for (size_t i = 0; rc == 0 && i < run->level_count; i++) {
        const char *branch = run->levels[i].branch;
        if (json_object_get(seen, branch))
            continue;
        rc = json_object_set_new(seen, branch, json_true()) == 0 ? send_branch(run, branch, err)
                                                                 : call_no_memory(run->m, err);
    }
    json_decref(seen);
    if (rc != 0)
        report_begun(run);
    return rc;
}
