/* SPDX-License-Identifier: MIT
 * Flows in a configuration: what they join, and what the two systems can do. */
#include "config_fixture.h"

START_TEST(test_option_values)
{
    static const char *const all[][3] = {{"types = \"sales, repeat\";", NULL, NULL},
                                         {"types = \"\";", NULL, NULL},
                                         {"types = \"sales,repaet\";",
                                          "must be some of sales, repeat", "repeat"},
                                         {"types = \"sales;repeat\";", "must be some of", NULL},
                                         {"since = \"2026-06-30\";", NULL, NULL},
                                         {"since = \"2026-13-30\";", "must be a date", NULL},
                                         {"since = \"yesterday\";", "must be a date", NULL},
                                         {"since = 20260630;", "must be text in quotes", NULL}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[sizeof good_flow + 128];
        snprintf(text, sizeof text, "%soptions = {\n %s };\n", good_flow, all[i][0]);
        put("flows.d/orders.conf", text);
        struct conf *c = load();
        ck_assert_msg(!c == (all[i][1] != NULL), "%s", all[i][0]);
        conf_free(c);
        if (!all[i][1])
            continue;
        expect("orders.conf", 14, all[i][1]);
        const char *near = report.items[0].nearest;
        ck_assert_str_eq(near ? near : "-", all[i][2] ? all[i][2] : "-");
    }
}
END_TEST

START_TEST(test_directions)
{
    put("flows.d/b.conf",
        "name = \"there\";\nfrom = { connection = \"till\"; entity = \"article\"; };\n"
        "to = { connection = \"ledger\"; entity = \"article\"; };\nmap = ();\n");
    put("flows.d/c.conf",
        "name = \"there\";\nfrom = { connection = \"ledger\"; entity = \"article\"; };\n"
        "to = { connection = \"till\"; entity = \"article\"; };\nmap = ();\n"
        "get = \"mappings/shop/article.get.conf\";\n");
    put("mappings/shop/article.get.conf", "map = ( { to = \"number\"; from = \"number\"; } );\n");
    ck_assert_ptr_null(load());
    expect("c.conf", 1, "is there already, at ");
    expect("c.conf", 1,
           "carries product records from \"ledger\" to \"till\", and flow \"there\" at ");
    expect("c.conf", 1, "b.conf:1 product records the other way; articles travel in one direction");
    ck_assert_int_eq(report.errors, 2);
}
END_TEST

/* P1: the other direction may wait, switched off. */
START_TEST(test_p1_one_direction_may_wait)
{
    put("flows.d/b.conf",
        "name = \"there\";\nfrom = { connection = \"till\"; entity = \"article\"; };\n"
        "to = { connection = \"ledger\"; entity = \"article\"; };\nmap = ();\n");
    put("flows.d/c.conf",
        "name = \"back\";\nfrom = { connection = \"ledger\"; entity = \"article\"; };\n"
        "to = { connection = \"till\"; entity = \"article\"; };\nmap = ();\n"
        "get = \"mappings/shop/article.get.conf\";\nenabled = false;\n");
    put("mappings/shop/article.get.conf", "map = ( { to = \"number\"; from = \"number\"; } );\n");
    struct conf *c = load_good();
    ck_assert_str_eq(conf_flow(c, "back")->model, "product");
    ck_assert(!conf_flow(c, "back")->enabled && conf_flow(c, "there")->enabled);
    conf_free(c);
}
END_TEST

/* Settings are of the model; where the sides are wrong, that is what is said, and nothing of it. */
START_TEST(test_settings_of_unknown_sides)
{
    put("flows.d/b.conf", "name = \"b\";\nfrom = { connection = \"tilll\"; entity = \"order\"; };\n"
                          "to = { connection = \"ledgr\"; entity = \"invoice\"; };\n"
                          "settings = { on_change = \"update\"; };\n");
    ck_assert_ptr_null(load());
    expect("b.conf", 2, "did you mean \"till\"");
    expect("b.conf", 3, "did you mean \"ledger\"");
    ck_assert_int_eq(report.errors, 2);
}
END_TEST

/* Q1: the books of this test have no place for quotes. */
START_TEST(test_q1_quotes_need_a_place)
{
    static const char flow[] =
        "name = \"quotes\";\nfrom = { connection = \"till\"; entity = \"proposal\"; };\n"
        "to = { connection = \"ledger\"; entity = \"quote\"; };\n"
        "get = \"mappings/shop/order.get.conf\";\n";
    char text[512];
    put("flows.d/b.conf", flow);
    ck_assert_ptr_null(load());
    expect(
        "b.conf", 3,
        "flow \"quotes\" cannot be switched on: connection \"ledger\" (connector books) "
        "has no entity that takes what \"proposal\" of \"till\" gives, core model \"quote\"; set "
        "enabled = false, or take it away");
    ck_assert_int_eq(report.errors, 1);
    snprintf(text, sizeof text, "%senabled = false;\n", flow);
    put("flows.d/b.conf", text);
    struct conf *c = load_good();
    ck_assert_ptr_nonnull(strstr(conf_flow(c, "quotes")->cannot, "has no entity that takes"));
    ck_assert_ptr_null(conf_flow(c, "orders")->cannot);
    conf_free(c);
}
END_TEST

/* O36: branch needs workplace, but for the branch that needs none. */
START_TEST(test_o36_settings_that_need_one_another)
{
    static const char start[] =
        "name = \"till\";\nconnector = \"shop\";\n"
        "settings = { url = \"https://till.example\"; secret = \"env:SHOP_SECRET\";\n";
    char text[512];
    snprintf(text, sizeof text, "%s branch = \"2\"; limit = \"5 cents\"; };\n", start);
    put("connections.d/till.conf", text);
    ck_assert_ptr_null(load());
    expect("till.conf", 4, "\"branch\" needs \"workplace\" to be set too, unless it is \"1\"");
    expect("till.conf", 4, "\"limit\" must be a decimal such as \"0.05\"");
    ck_assert_int_eq(report.errors, 2);
    snprintf(text, sizeof text, "%s branch = \"2\"; workplace = \"\"; };\n", start);
    put("connections.d/till.conf", text);
    ck_assert_ptr_null(load());
    expect("till.conf", 4, "\"branch\" needs \"workplace\"");
    snprintf(text, sizeof text, "%s branch = \"1\"; };\n", start);
    put("connections.d/till.conf", text);
    conf_free(load_good());
    snprintf(text, sizeof text, "%s branch = \"2\"; workplace = \"3\"; };\n", start);
    put("connections.d/till.conf", text);
    conf_free(load_good());
}
END_TEST

START_TEST(test_unknown_model)
{
    put("flows.d/b.conf",
        "name = \"b\";\nfrom = { connection = \"till\"; entity = \"strange\"; };\n"
        "to = { connection = \"ledger\"; entity = \"debtor\"; };\n");
    ck_assert_ptr_null(load());
    expect("b.conf", 2, "\"strange\" is of model \"horse\", which Koppel does not know");
    ck_assert_int_eq(report.errors, 1);
}
END_TEST

START_TEST(test_abilities)
{
    put("flows.d/b.conf",
        "name = \"b\";\nfrom = { connection = \"ledger\"; entity = \"invoice\"; };\n"
        "to = { connection = \"till\"; entity = \"order\"; };\n"
        "get = \"mappings/shop/order.get.conf\";\nmap = ();\n");
    put("flows.d/c.conf", "name = \"c\";\nfrom = { connection = \"till\"; entity = \"order\"; };\n"
                          "to = { connection = \"ledger\"; entity = \"debtor\"; };\n");
    ck_assert_ptr_null(load());
    expect("b.conf", 2,
           "entity \"invoice\" of connection \"ledger\" (connector books) cannot be read; "
           "these can: debtor, article, level");
    expect("b.conf", 3, "cannot be written; these can: article, stock");
    expect("c.conf", 3, "of model \"customer\"");
    put("flows.d/b.conf",
        "name = \"b\";\nfrom = { connection = \"ledger\"; entity = \"level\"; };\n"
        "to = { connection = \"till\"; entity = \"order\"; };\n");
    ck_assert_ptr_null(load());
    expect("b.conf", 3,
           "entity \"order\" of connection \"till\" (connector shop) cannot be written; "
           "these can: article, stock");
}
END_TEST

START_TEST(test_models)
{
    static const char *const names[] = {"customer", "category", "order", "quote",
                                        "product", "stock", "ledger", "record"};
    for (int i = 0; i < 8; i++) {
        const struct model *m = model_at(i);
        ck_assert_str_eq(m->name, names[i]);
        ck_assert_ptr_eq(model_find(names[i]), m);
        ck_assert_ptr_nonnull(m->title);
        ck_assert((m->record != NULL) == (i < 7));
    }
    ck_assert_ptr_null(model_at(8));
    ck_assert_ptr_null(model_at(-1));
    ck_assert_int_eq(model_find("record")->count, 0);
    ck_assert_int_eq(model_find("quote")->count, model_find("order")->count); /* like an order */
    ck_assert_ptr_eq(model_find("article"), model_find("product"));
    ck_assert_ptr_null(model_find("orders"));
    ck_assert_ptr_null(model_find(NULL));
    /* A quote is an order with more; an order holds the whole customer. */
    ck_assert_ptr_nonnull(catalogue_field(model_find("quote")->record, "valid"));
    ck_assert_ptr_nonnull(catalogue_field(model_find("quote")->record, "lines.vat_rate"));
    ck_assert_ptr_null(catalogue_field(model_find("order")->record, "valid"));
    const struct cat_entity *customer = model_find("customer")->record;
    for (int i = 0; i < customer->field_count; i++) {
        char path[64];
        snprintf(path, sizeof path, "customer.%s", customer->fields[i].name);
        ck_assert_ptr_nonnull(catalogue_field(model_find("order")->record, path));
    }
    const struct cat_entity *order = model_find("order")->record;
    ck_assert(catalogue_field(order, "lines[].net")->read_only);
    ck_assert(catalogue_field(order, "reference")->required);
}
END_TEST

UNIT_MAIN("conf flow")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, test_option_values);
    tcase_add_test(t, test_directions);
    tcase_add_test(t, test_p1_one_direction_may_wait);
    tcase_add_test(t, test_settings_of_unknown_sides);
    tcase_add_test(t, test_q1_quotes_need_a_place);
    tcase_add_test(t, test_o36_settings_that_need_one_another);
    tcase_add_test(t, test_unknown_model);
    tcase_add_test(t, test_abilities);
    tcase_add_test(t, test_models);
}
