/* SPDX-License-Identifier: MIT
 * core/behaviour: what is special about each model, as pure questions. */
#include "unit.h"

#include <string.h>

#include "behaviour/behaviour_customer.h"
#include "behaviour/behaviour_ledger.h"
#include "behaviour/behaviour_order.h"
#include "behaviour/behaviour_product.h"
#include "behaviour/behaviour_stock.h"
#include "catalogue/catalogue_parse.h"

static struct catalogue *catalogue;
static struct conf_connection till = {.name = "till"}, books = {.name = "books"};
static struct conf_flow flow = {.name = "f", .from = &till, .to = &books};
static struct conf_mapping pass;
static struct koppel_error err;

static void setup(void)
{
    memset(&err, 0, sizeof err);
    catalogue = catalogue_parse(
        "{\"title\":\"T\",\"entities\":[{\"name\":\"card\",\"key\":\"id\",\"can\":[\"read\","
        "\"find\",\"create\"],\"find\":[\"email\",\"number\"],\"match\":{\"email\":\"email\","
        "\"number\":\"number\"},\"fields\":[{\"name\":\"id\"},{\"name\":\"email\"},"
        "{\"name\":\"number\"},{\"name\":\"name\",\"role\":\"name\"},"
        "{\"name\":\"vat_number\",\"role\":\"vat_number\"}]}]}",
        &err);
    ck_assert_msg(catalogue != NULL, "%s", err.text);
}

static void teardown(void)
{
    catalogue_free(catalogue);
}

static struct subject subject_of(const char *core, const char *settings)
{
    struct subject s = {.flow = &flow,
                        .entity = catalogue_entity(catalogue, "card"),
                        .send = &pass,
                        .core = json_loads(core, 0, NULL),
                        .settings = json_loads(settings, 0, NULL),
                        .notes = json_array()};
    ck_assert(s.core && s.settings);
    return s;
}

static void done(struct subject *s)
{
    json_decref(s->core);
    json_decref((json_t *)s->settings);
    json_decref(s->notes);
}

START_TEST(every_model_has_one)
{
    static const char *const models[] = {"category", "customer", "ledger", "order",
                                         "product",  "quote",    "stock",  "record"};
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++)
        ck_assert_str_eq(behaviour_for(models[i])->model, models[i]);
    ck_assert_ptr_eq(behaviour_for("article"), behaviour_for("product"));
    ck_assert_ptr_eq(behaviour_for("unheard of"), behaviour_for("record"));
    ck_assert_ptr_eq(behaviour_for(NULL), behaviour_for("record"));
    ck_assert(behaviour_for("stock")->held && !behaviour_for("order")->held);
    ck_assert(behaviour_for("order")->sells && !behaviour_for("quote")->sells);
    ck_assert(behaviour_for("product")->one_way && !behaviour_for("customer")->one_way);
}
END_TEST

START_TEST(f13_a_shared_card_is_a_persons_only)
{
    json_t *card = json_loads("{\"id\":\"7\",\"email\":\"a@b.nl\",\"name\":\"Jan\"}", 0, NULL);
    struct subject s =
        subject_of("{\"email\":\"a@b.nl\",\"name\":\"Piet\"}", "{\"shared\":\"share\"}");
    ck_assert_int_eq(behaviour_customer.share(&s, card, "12", &err), 0);
    done(&s);
    s = subject_of("{\"email\":\"a@b.nl\",\"name\":\"Piet\"}", "{\"shared\":\"park\"}");
    ck_assert_int_eq(behaviour_customer.share(&s, card, "12", &err), -1);
    ck_assert_str_eq(err.reason, "customer.shared");
    ck_assert_ptr_nonnull(strstr(err.text, "12"));
    done(&s);
    /* a company is another one, unless number and name are the same */
    s = subject_of("{\"email\":\"a@b.nl\",\"name\":\"Piet BV\",\"company\":\"Piet BV\"}",
                   "{\"shared\":\"share\"}");
    ck_assert_int_eq(behaviour_customer.share(&s, card, "12", &err), -1);
    done(&s);
    s = subject_of("{\"email\":\"a@b.nl\",\"name\":\"JAN\",\"company\":\"Jan\"}",
                   "{\"shared\":\"share\"}");
    ck_assert_int_eq(behaviour_customer.share(&s, card, "12", &err), 0);
    done(&s);
    json_decref(card);
}
END_TEST

START_TEST(a_number_alone_is_not_who_it_is)
{
    const struct cat_match by_number = {"number", "number"}, by_email = {"email", "email"};
    json_t *card = json_loads("{\"id\":\"7\",\"number\":\"12\",\"name\":\"Jan\"}", 0, NULL);
    struct subject s = subject_of("{\"number\":\"12\",\"name\":\"jan\"}", "{}");
    ck_assert(behaviour_customer.same(&s, &by_number, card));
    ck_assert(!behaviour_customer.findable(&s)); /* the books give it a number of their own */
    done(&s);
    s = subject_of("{\"number\":\"12\",\"name\":\"Piet\",\"email\":\"p@b.nl\"}", "{}");
    ck_assert(!behaviour_customer.same(&s, &by_number, card));
    ck_assert(behaviour_customer.same(&s, &by_email, card));
    ck_assert(behaviour_customer.findable(&s));
    done(&s);
    json_decref(card);
}
END_TEST

START_TEST(customers_of_one_address_wait_for_one_another)
{
    char a[100], b[100], c[100];
    struct subject s = subject_of("{\"number\":\"1\",\"email\":\"A@b.nl \"}", "{}");
    behaviour_customer.lock(&s, a, sizeof a);
    done(&s);
    s = subject_of("{\"number\":\"2\",\"email\":\"a@B.nl\"}", "{}");
    behaviour_customer.lock(&s, b, sizeof b);
    done(&s);
    s = subject_of("{\"number\":\"2\"}", "{}");
    behaviour_customer.lock(&s, c, sizeof c);
    done(&s);
    ck_assert_str_eq(a, b);
    ck_assert_str_ne(b, c);
}
END_TEST

START_TEST(a_person_who_became_a_company)
{
    bool make_new;
    struct subject s = subject_of("{\"company\":\"Jan BV\"}", "{}");
    ck_assert_int_eq(behaviour_customer.kind(&s), 'c');
    ck_assert_int_eq(behaviour_customer.turned(&s, 'p', "park", &make_new, &err), -1);
    ck_assert_str_eq(err.reason, "customer.type");
    ck_assert_int_eq(behaviour_customer.turned(&s, 'p', "new", &make_new, &err), 0);
    ck_assert(make_new);
    ck_assert_int_eq(behaviour_customer.turned(&s, 'p', "convert", &make_new, &err), 0);
    ck_assert(!make_new);
    ck_assert(json_is_true(json_object_get(s.core, "type_changed")));
    done(&s);
    s = subject_of("{\"company\":\" \"}", "{}");
    ck_assert_int_eq(behaviour_customer.kind(&s), 'p');
    done(&s);
}
END_TEST

START_TEST(who_ended_at_the_source)
{
    struct subject s = subject_of("{\"active\":\"false\"}", "{}");
    ck_assert(behaviour_customer.ended(&s));
    done(&s);
    s = subject_of("{\"active\":\"true\"}", "{}");
    ck_assert(!behaviour_customer.ended(&s));
    s.gone = true;
    ck_assert(behaviour_customer.ended(&s));
    done(&s);
}
END_TEST

START_TEST(a_day_of_nothing_books_nothing)
{
    const char *why = NULL;
    flow.model = "ledger";
    struct subject s = subject_of("{\"groups\":[{\"amount\":\"0.00\"}],\"payments\":[]}", "{}");
    ck_assert_str_eq(behaviour_ledger.nothing(&s, &why), "no_turnover");
    ck_assert_ptr_nonnull(why);
    s.there = true; /* what stands there is corrected */
    ck_assert_ptr_null(behaviour_ledger.nothing(&s, &why));
    done(&s);
    s = subject_of("{\"groups\":[{\"amount\":\"0.00\",\"vat\":\"-0.01\"}]}", "{}");
    ck_assert_ptr_null(behaviour_ledger.nothing(&s, &why));
    done(&s);
    s = subject_of("{\"outflow\":[{\"amount\":\"5\"}]}", "{}");
    ck_assert_ptr_null(behaviour_ledger.nothing(&s, &why));
    done(&s);
}
END_TEST

START_TEST(an_order_without_lines_is_no_order_yet)
{
    const char *why;
    flow.model = "order";
    struct subject s = subject_of("{\"lines\":[]}", "{}");
    ck_assert_str_eq(behaviour_order.nothing(&s, &why), "no_lines");
    s.there = true;
    ck_assert_ptr_null(behaviour_order.nothing(&s, &why));
    done(&s);
    s = subject_of("{\"lines\":[{\"number\":\"A\",\"quantity\":\"1\",\"price\":\"1.00\"}]}", "{}");
    ck_assert_ptr_null(behaviour_order.nothing(&s, &why));
    done(&s);
}
END_TEST

START_TEST(a_difference_beyond_the_limit_is_no_rounding)
{
    flow.model = "order";
    struct subject s = subject_of("{\"vat_rounding\":\"-0.05\"}", "{\"rounding_limit\":\"0.05\"}");
    ck_assert_int_eq(behaviour_order.check(&s, &err), 0);
    done(&s);
    s = subject_of("{\"vat_rounding\":\"-0.06\"}", "{\"rounding_limit\":\"0.05\"}");
    ck_assert_int_eq(behaviour_order.check(&s, &err), -1);
    ck_assert_str_eq(err.reason, "order.totals");
    done(&s);
}
END_TEST

START_TEST(s1_only_levels_tell_that_stock_changed)
{
    struct subject a = subject_of("{\"number\":\"1\",\"name\":\"x\",\"quantities\":[\"5\"]}", "{}"),
                   b = subject_of("{\"number\":\"1\",\"name\":\"y\",\"quantities\":[\"5\"]}", "{}"),
                   c = subject_of("{\"number\":\"1\",\"name\":\"x\",\"quantities\":[\"4\"]}", "{}");
    json_t *x = behaviour_stock.compared(&a), *y = behaviour_stock.compared(&b),
           *z = behaviour_stock.compared(&c);
    ck_assert(json_equal(x, y) && !json_equal(x, z));
    json_decref(x);
    json_decref(y);
    json_decref(z);
    done(&a);
    done(&b);
    done(&c);
}
END_TEST

START_TEST(an_article_that_is_kept_in_use)
{
    struct subject s = subject_of("{\"active\":\"false\"}", "{\"on_gone\":\"ignore\"}");
    behaviour_product.keep(&s);
    ck_assert_ptr_nonnull(json_object_get(s.core, "active")); /* it is not there yet */
    s.there = true;
    behaviour_product.keep(&s);
    ck_assert_ptr_null(json_object_get(s.core, "active"));
    done(&s);
    s = subject_of("{\"active\":\"false\"}", "{\"on_gone\":\"deactivate\"}");
    s.there = true;
    behaviour_product.keep(&s);
    ck_assert_ptr_nonnull(json_object_get(s.core, "active"));
    done(&s);
    ck_assert_str_eq(behaviour_product.unique[0], "number");
    ck_assert_str_eq(behaviour_product.unique[1], "barcode");
}
END_TEST

UNIT_MAIN("behaviour")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, every_model_has_one);
    tcase_add_test(t, f13_a_shared_card_is_a_persons_only);
    tcase_add_test(t, a_number_alone_is_not_who_it_is);
    tcase_add_test(t, customers_of_one_address_wait_for_one_another);
    tcase_add_test(t, a_person_who_became_a_company);
    tcase_add_test(t, who_ended_at_the_source);
    tcase_add_test(t, a_day_of_nothing_books_nothing);
    tcase_add_test(t, an_order_without_lines_is_no_order_yet);
    tcase_add_test(t, a_difference_beyond_the_limit_is_no_rounding);
    tcase_add_test(t, s1_only_levels_tell_that_stock_changed);
    tcase_add_test(t, an_article_that_is_kept_in_use);
}
