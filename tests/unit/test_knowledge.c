/* SPDX-License-Identifier: MIT
 * core/flow/knowledge.c: the whole truth table, and what each verdict does to a link. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "flow/knowledge.h"

enum kind { OWNED, OPEN, UPSERT, KEYED, NEITHER, KINDS }; /* documents, records by look-up, ... */
enum held { NO_ID, ID, HELD };

static const struct means kinds[KINDS] = {[OWNED] = {.find = true, .owned = true},
                                          [OPEN] = {.find = true},
                                          [UPSERT] = {.upsert = true},
                                          [KEYED] = {.keyed = true, .owned = true},
                                          [NEITHER] = {.owned = true}};

#define ANY (-1)

/* The first row that fits decides. */
static const struct row {
    int state, kind, write, asked, quiet, id, document;
    enum verdict verdict;
} rows[] = {
    {LINK_THERE, ANY, ANY, ANY, ANY, ANY, ANY, VERDICT_CHANGE},

    {LINK_ABSENT, UPSERT, ANY, ANY, ANY, ANY, ANY, VERDICT_CREATE},
    {LINK_ABSENT, KEYED, ANY, ANY, ANY, ANY, ANY, VERDICT_CREATE},
    {LINK_ABSENT, NEITHER, ANY, ANY, ANY, ANY, ANY, VERDICT_CREATE},
    {LINK_ABSENT, ANY, ANY, ASKED_NOT, ANY, ANY, ANY, VERDICT_FIND},
    {LINK_ABSENT, ANY, ANY, ASKED_NOTHING, ANY, ANY, ANY, VERDICT_CREATE},
    {LINK_ABSENT, OPEN, ANY, ANY, ANY, ANY, ANY, VERDICT_STANDS},
    {LINK_ABSENT, OWNED, ANY, ASKED_EQUAL, ANY, ANY, ANY, VERDICT_ADOPT},
    {LINK_ABSENT, OWNED, ANY, ASKED_OTHER, ANY, ANY, ANY, VERDICT_TAKEN},

    {LINK_MAYBE, ANY, ANY, ANY, 1, ANY, ANY, VERDICT_QUIET},

    {LINK_MAYBE, OPEN, WRITE_UPDATE, ANY, 0, ID, ANY, VERDICT_OPEN},
    {LINK_MAYBE, OPEN, ANY, ASKED_NOT, 0, ANY, ANY, VERDICT_FIND},
    {LINK_MAYBE, OPEN, WRITE_REMOVE, ASKED_NOTHING, 0, ANY, ANY, VERDICT_AFTER},
    {LINK_MAYBE, OPEN, WRITE_REMOVE, ANY, 0, ANY, ANY, VERDICT_BEFORE},
    {LINK_MAYBE, OPEN, ANY, ASKED_NOTHING, 0, ANY, ANY, VERDICT_BEFORE},
    {LINK_MAYBE, OPEN, ANY, ANY, 0, ANY, ANY, VERDICT_STANDS},

    {LINK_MAYBE, OWNED, ANY, ASKED_NOT, 0, ANY, ANY, VERDICT_FIND},
    {LINK_MAYBE, OWNED, WRITE_REMOVE, ASKED_NOTHING, 0, ANY, ANY, VERDICT_AFTER},
    {LINK_MAYBE, OWNED, ANY, ASKED_NOTHING, 0, ANY, ANY, VERDICT_BEFORE},
    {LINK_MAYBE, OWNED, WRITE_REMOVE, ANY, 0, ANY, ANY, VERDICT_BEFORE},
    {LINK_MAYBE, OWNED, WRITE_CREATE, ASKED_EQUAL, 0, ANY, ANY, VERDICT_AFTER},
    {LINK_MAYBE, OWNED, WRITE_POST, ASKED_EQUAL, 0, ANY, ANY, VERDICT_AFTER},
    {LINK_MAYBE, OWNED, WRITE_UPDATE, ANY, 0, ANY, ANY, VERDICT_STANDS},
    {LINK_MAYBE, OWNED, WRITE_RESTORED, ASKED_EQUAL, 0, ANY, ANY, VERDICT_STANDS},
    {LINK_MAYBE, OWNED, ANY, ASKED_OTHER, 0, ANY, ANY, VERDICT_TAKEN},

    {LINK_MAYBE, UPSERT, WRITE_UPDATE, ANY, 0, ID, ANY, VERDICT_OPEN},
    {LINK_MAYBE, UPSERT, ANY, ANY, 0, ID, ANY, VERDICT_OPEN},
    {LINK_MAYBE, UPSERT, ANY, ANY, 0, NO_ID, 1, VERDICT_REPEAT},
    {LINK_MAYBE, UPSERT, ANY, ANY, 0, NO_ID, 0, VERDICT_CREATE},

    {LINK_MAYBE, KEYED, WRITE_UPDATE, ANY, 0, ANY, ANY, VERDICT_OPEN},
    {LINK_MAYBE, KEYED, WRITE_REMOVE, ANY, 0, ANY, ANY, VERDICT_OPEN},
    {LINK_MAYBE, KEYED, WRITE_RESTORED, ANY, 0, ANY, ANY, VERDICT_UNSURE},
    {LINK_MAYBE, KEYED, ANY, ANY, 0, ANY, 1, VERDICT_REPEAT},
    {LINK_MAYBE, KEYED, ANY, ANY, 0, ANY, 0, VERDICT_UNSURE},

    {LINK_MAYBE, NEITHER, WRITE_UPDATE, ANY, 0, ANY, ANY, VERDICT_OPEN},
    {LINK_MAYBE, NEITHER, WRITE_REMOVE, ANY, 0, ANY, ANY, VERDICT_OPEN},
    {LINK_MAYBE, NEITHER, ANY, ANY, 0, ANY, ANY, VERDICT_UNSURE},
};

static bool fits(int wanted, int is)
{
    return wanted == ANY || wanted == is;
}

START_TEST(f1_the_whole_truth_table)
{
    static const enum link_write writes[] = {WRITE_CREATE, WRITE_UPDATE, WRITE_POST, WRITE_REMOVE,
                                             WRITE_RESTORED};
    int cells = 0, used[sizeof rows / sizeof rows[0]] = {0};
    for (int state = LINK_ABSENT; state <= LINK_THERE; state++)
    for (int kind = 0; kind < KINDS; kind++)
    for (size_t w = 0; w < sizeof writes / sizeof writes[0]; w++)
    for (int asked = ASKED_NOT; asked <= ASKED_OTHER; asked++)
    for (int quiet = 0; quiet < 2; quiet++)
    for (int id = 0; id < HELD; id++)
    for (int document = 0; document < 2; document++) {
        struct store_link link = {.state = (enum link_state)state,
                                  .id = id == ID ? (char *)"7" : NULL};
        if (state == LINK_MAYBE)
            link.begun = (struct store_begun){.write = writes[w],
                                              .key = document ? (char *)"key" : NULL,
                                              .document = document ? (char *)"{}" : NULL};
        size_t i = 0;
        while (i < sizeof rows / sizeof rows[0] &&
               !(fits(rows[i].state, state) && fits(rows[i].kind, kind) &&
                 fits(rows[i].write, (int)writes[w]) && fits(rows[i].asked, asked) &&
                 fits(rows[i].quiet, quiet) && fits(rows[i].id, id) &&
                 fits(rows[i].document, document)))
            i++;
        ck_assert_msg(i < sizeof rows / sizeof rows[0], "no row for state %d kind %d", state, kind);
        enum verdict v = knowledge_decide(&link, &kinds[kind], (enum asked)asked, quiet * 10);
        ck_assert_msg(v == rows[i].verdict,
                      "state %d kind %d write %d asked %d quiet %d id %d document %d: %d, not %d",
                      state, kind, (int)writes[w], asked, quiet, id, document, (int)v,
                      (int)rows[i].verdict);
        used[i]++;
        cells++;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(used[i] > 0, "row %zu is never met", i);
    ck_assert_int_eq(cells, 3 * 5 * 5 * 4 * 2 * 2 * 2);
}
END_TEST

/* ---- what becomes of a link ---- */

static struct store_link link_of(enum link_write write, const char *id, const char *digest,
                                 int chain)
{
    return (struct store_link){.state = LINK_MAYBE,
                               .id = id ? strdup(id) : NULL,
                               .digest = digest ? strdup(digest) : NULL,
                               .version = 1,
                               .chain = chain,
                               .unseen_ms = 5,
                               .begun = {.write = write,
                                         .ref = strdup("R"),
                                         .key = strdup("k"),
                                         .document = strdup("{}"),
                                         .digest = strdup("new"),
                                         .version = 2}};
}

static void check_settled(const struct store_link *l, enum link_state state)
{
    ck_assert_int_eq(l->state, state);
    ck_assert_int_eq(l->begun.write, WRITE_NONE);
    ck_assert_ptr_null(l->begun.document);
    ck_assert_int_eq(l->unseen_ms, 0);
}

START_TEST(before_is_what_was_certain)
{
    struct store_link l = link_of(WRITE_CREATE, NULL, NULL, 0);
    knowledge_before(&l);
    check_settled(&l, LINK_ABSENT);
    store_link_done(&l);
    l = link_of(WRITE_UPDATE, "7", "old", 1);
    knowledge_before(&l);
    check_settled(&l, LINK_THERE);
    ck_assert_str_eq(l.digest, "old");
    ck_assert_int_eq(l.version, 1);
    store_link_done(&l);
}
END_TEST

START_TEST(open_knows_no_content)
{
    struct store_link l = link_of(WRITE_UPDATE, "7", "old", 1);
    knowledge_open(&l);
    check_settled(&l, LINK_THERE);
    ck_assert_ptr_null(l.digest);
    ck_assert_str_eq(l.id, "7");
    store_link_done(&l);
}
END_TEST

START_TEST(after_a_create_it_is_there_with_that_content)
{
    struct store_link l = link_of(WRITE_CREATE, NULL, NULL, 0);
    ck_assert_int_eq(knowledge_after(&l, "7", true), 0);
    check_settled(&l, LINK_THERE);
    ck_assert_str_eq(l.id, "7");
    ck_assert_str_eq(l.digest, "new");
    ck_assert_int_eq(l.version, 2);
    ck_assert_int_eq(l.chain, 1);
    store_link_done(&l);
}
END_TEST

START_TEST(after_a_post_the_chain_is_longer)
{
    struct store_link l = link_of(WRITE_POST, "7", "old", 1);
    ck_assert_int_eq(knowledge_after(&l, "8", false), 0); /* more follows */
    check_settled(&l, LINK_THERE);
    ck_assert_str_eq(l.id, "7");
    ck_assert_ptr_null(l.digest);
    ck_assert_int_eq(l.version, 1);
    ck_assert_int_eq(l.chain, 2);
    store_link_done(&l);
}
END_TEST

START_TEST(after_a_removal_it_is_closed)
{
    struct store_link l = link_of(WRITE_REMOVE, "7", "old", 1);
    ck_assert_int_eq(knowledge_after(&l, NULL, true), 0);
    ck_assert(l.closed);
    store_link_done(&l);
}
END_TEST

START_TEST(what_is_adopted_stays_so_until_ours_is_made)
{
    struct store_link l = link_of(WRITE_UPDATE, "7", "old", 1);
    l.adopted = true;
    ck_assert_int_eq(knowledge_after(&l, NULL, true), 0);
    ck_assert(l.adopted);
    store_link_done(&l);
    l = link_of(WRITE_CREATE, "7", "old", 1);
    l.adopted = true;
    ck_assert_int_eq(knowledge_after(&l, "8", true), 0);
    ck_assert(!l.adopted);
    ck_assert_str_eq(l.id, "8");
    store_link_done(&l);
}
END_TEST

START_TEST(what_stands_has_no_content_yet)
{
    struct store_link l = link_of(WRITE_CREATE, NULL, NULL, 0);
    ck_assert_int_eq(knowledge_stands(&l, "9", 1), 0);
    check_settled(&l, LINK_THERE);
    ck_assert_str_eq(l.id, "9");
    ck_assert_ptr_null(l.digest);
    ck_assert_int_eq(l.chain, 1);
    store_link_done(&l);
    l = link_of(WRITE_POST, "9", "old", 3);
    ck_assert_int_eq(knowledge_stands(&l, NULL, 1), 0);
    ck_assert_str_eq(l.id, "9");
    ck_assert_int_eq(l.chain, 3); /* what was known to stand there still does */
    store_link_done(&l);
}
END_TEST

START_TEST(means_are_the_catalogues)
{
    struct cat_entity e = {.can = CAN_FIND, .document = "ref", .repeat = REPEAT_LOOKUP};
    struct means m = knowledge_means(&e);
    ck_assert(m.find && m.owned && !m.keyed && !m.upsert);
    e.repeat = REPEAT_IDEMPOTENT; /* the key is surer than a look-up */
    m = knowledge_means(&e);
    ck_assert(!m.find && m.keyed);
    e = (struct cat_entity){.can = CAN_FIND, .repeat = REPEAT_LOOKUP};
    m = knowledge_means(&e);
    ck_assert(!m.find && !m.owned); /* by nothing that could be asked for */
    e.match_count = 1;
    ck_assert(knowledge_means(&e).find);
    e.repeat = REPEAT_UPSERT;
    ck_assert(knowledge_means(&e).upsert);
    e.repeat = REPEAT_NEVER;
    m = knowledge_means(&e);
    ck_assert(!m.find && !m.keyed && !m.upsert);
}
END_TEST

UNIT_MAIN("knowledge")
{
    tcase_add_test(t, f1_the_whole_truth_table);
    tcase_add_test(t, before_is_what_was_certain);
    tcase_add_test(t, open_knows_no_content);
    tcase_add_test(t, after_a_create_it_is_there_with_that_content);
    tcase_add_test(t, after_a_post_the_chain_is_longer);
    tcase_add_test(t, after_a_removal_it_is_closed);
    tcase_add_test(t, what_is_adopted_stays_so_until_ours_is_made);
    tcase_add_test(t, what_stands_has_no_content_yet);
    tcase_add_test(t, means_are_the_catalogues);
}
