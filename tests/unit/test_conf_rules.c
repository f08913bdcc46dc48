/* SPDX-License-Identifier: MIT
 * Rules of mappings and filters in a configuration. */
#include "config_fixture.h"

START_TEST(test_rules)
{
    struct conf *c = load_good();
    struct conf_flow *f = conf_flow(c, "orders");
    ck_assert_int_eq(f->get.count, 2);
    ck_assert_int_eq(f->send.count, 4); /* date, lines; then description (replaced) and extra */
    const struct conf_rule *lines = &f->send.rules[1], *own = &f->send.rules[2];
    ck_assert_str_eq(path_text(lines->each), "lines");
    ck_assert_int_eq(lines->map_count, 1);
    ck_assert_str_eq(lines->map[0].table->name, "vat");
    ck_assert_str_eq(path_text(own->to), "description");
    ck_assert_int_eq(own->from_count, 2);
    ck_assert_str_eq(own->join, "|");
    ck_assert_int_eq(own->via_count, 2);
    ck_assert_int_eq(json_integer_value(json_array_get(own->via[1].call.args, 0)), 60);
    ck_assert_int_eq(json_integer_value(f->send.rules[3].value_json), 7);
    ck_assert_int_eq(f->send.rules[3].on, RULE_CREATE);
    ck_assert(f->send.rules[0].required);
    const struct conf_reference *r = &f->references[0];
    ck_assert_int_eq(f->reference_count, 1);
    ck_assert_int_eq(r->match_count, 1);
    ck_assert_str_eq(r->match[0], "email");
    ck_assert(r->missing == MISSING_CREATE && r->update_existing);
    ck_assert_int_eq(r->send.count, 1);
    conf_free(c);
}
END_TEST

START_TEST(test_conditions)
{
    struct conf *c = load_good();
    const struct conf_condition *f = conf_flow(c, "orders")->filter;
    ck_assert_int_eq(conf_flow(c, "orders")->filter_count, 3);
    ck_assert_int_eq(f[0].op, COND_IS);
    ck_assert_int_eq(f[0].value_count, 2);
    ck_assert_int_eq(f[1].op, COND_MORE);
    ck_assert_int_eq(f[1].at.line, 6);
    ck_assert(f[2].op == COND_HAS && f[2].negate);
    conf_free(c);
}
END_TEST

START_TEST(row29_words_in_mappings)
{
    put("mappings/books/invoice.send.conf",
        "map = ( { to = \"date\"; from = [ \"settings.words.rounding\", "
        "\"settings.home.country\" ]; } );\n");
    conf_free(load_good());
    put("mappings/books/invoice.send.conf",
        "map = ( { to = \"date\"; from = [ \"settings.words.runding\", "
        "\"settings.home.county\" ]; } );\n");
    ck_assert_ptr_null(load());
    expect("invoice.send.conf", 1, "did you mean \"rounding\"?");
    expect("invoice.send.conf", 1, "did you mean \"country\"?");
}
END_TEST

START_TEST(test_rule_forms)
{
    char text[4096];
    snprintf(text, sizeof text, "%s", good_flow);
    strcpy(strstr(text, "map = ("),
           "map = ( { to = \"lines\"; append = true; map = ( { to = \"amount\"; expr = "
           "\"total_incl + 1\"; } ); },\n"
           "  { to = \"description\"; empty = \"clear\"; parts = ( { from = \"note\"; },"
           "    { value = \"b\"; } ); } );\n");
    put("flows.d/orders.conf", text);
    struct conf *c = load_good();
    const struct conf_mapping *send = &conf_flow(c, "orders")->send;
    ck_assert_int_eq(send->count, 4); /* date, lines; then the appended line and the description */
    ck_assert_str_eq(path_text(send->rules[1].to), "lines");
    ck_assert(!send->rules[1].append && send->rules[2].append && send->rules[3].clear);
    ck_assert_ptr_null(send->rules[2].each);
    ck_assert_str_eq(expr_text(send->rules[2].map[0].expr), "total_incl + 1");
    ck_assert_int_eq(send->rules[3].part_count, 2);
    conf_free(c);
}
END_TEST

START_TEST(test_rule_mistakes)
{
    char text[4096];
    snprintf(text, sizeof text, "%s", good_flow);
    strcpy(strstr(text, "map = ("),
           "map = (\n{ to = \"lines\"; each = \"lines\"; },\n"
           "{ to = \"lines\"; each = \"lines\"; from = \"note\"; map = (); },\n"
           "{ to = \"date\"; expr = \"total_incl +\"; },\n"
           "{ to = \"date\"; from = \"note\"; expr = \"prepaid\"; },\n"
           "{ to = \"date\"; from = \"note\"; empty = \"clean\"; },\n"
           "{ to = \"date\"; from = \"note\"; empty = \"clear\"; required = true; },\n"
           "{ to = \"extra\"; default = \"x\"; map = (); },\n"
           "{ to = \"extra.a[].b\"; from = \"note\"; append = true; },\n"
           "{ to = \"date\"; parts = \"a\"; },\n"
           "{ to = \"date\"; parts = ( \"a\" ); },\n"
           "{ to = \"date\"; parts = ( { from = \"note\"; force = true; } ); },\n"
           "{ to = \"date\"; parts = ( { via = \"trim\"; } ); },\n"
           "{ to = \"date\"; } );\n");
    put("flows.d/orders.conf", text);
    ck_assert_ptr_null(load());
    expect("orders.conf", 11, "\"each\" needs a \"map\"");
    expect("orders.conf", 12, "exactly one of");
    expect("orders.conf", 13, "column 13: expected a number");
    expect("orders.conf", 14, "exactly one of");
    expect("orders.conf", 15, "did you mean \"clear\"");
    expect("orders.conf", 16, "exclude one another");
    expect("orders.conf", 17, "\"default\" does nothing beside \"map\"");
    expect("orders.conf", 18, "adds to one list");
    expect("orders.conf", 19, "must be a list of groups");
    expect("orders.conf", 20, "a part is a group");
    expect("orders.conf", 21, "\"force\" is not known here");
    expect("orders.conf", 22, "exactly one of");
    expect("orders.conf", 23, "exactly one of");
    ck_assert_int_eq(report.errors, 13);
}
END_TEST

START_TEST(test_formula)
{
    static const char *const cases[][2] = {
        {"free", NULL},
        {"physical - 2 * reserved", NULL},
        {"physical - reservd",
         "\"levels[].reservd\" is no field of the core model \"stock\"; did you mean "
         "\"reserved\"?"},
        {"physical -",
         "must be one of available, physical, free, economic, or a calculation: expression"},
    };
    put("mappings/books/level.get.conf", "map = ( { to = \"number\"; from = \"no\"; } );\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "name = \"stock\";\nfrom = { connection = \"ledger\"; entity = \"level\"; };\n"
                 "to = { connection = \"till\"; entity = \"stock\"; };\nmap = ();\n"
                 "settings = { formula = \"%s\"; };\n", cases[i][0]);
        put("flows.d/b.conf", text);
        struct conf *c = load();
        if (cases[i][1])
            expect("b.conf", 5, cases[i][1]);
        else
            ck_assert_str_eq(json_string_value(json_object_get(conf_flow(c, "stock")->settings,
                                                               "formula")), cases[i][0]);
        ck_assert_int_eq(report.errors, cases[i][1] != NULL);
        conf_free(c);
    }
}
END_TEST

START_TEST(test_fields_of_the_core)
{
    char text[4096];
    put("mappings/shop/order.get.conf",
        "map = (\n{ to = \"reference\"; from = \"idd\"; },\n"
        "{ to = \"custom.colour\"; from = \"x\"; "
        "when = ( { field = \"rows[0].a\"; has = true; } ); },\n"
        "{ to = \"date\"; from = \"x\"; },\n"
        "{ to = \"refrence\"; from = \"x\"; },\n"
        "{ to = \"customer.emial\"; from = \"x\"; },\n"
        "{ to = \"total_net\"; from = \"x\"; },\n"
        "{ to = \"lines\"; each = \"rows\"; map = ( { to = \"number\"; from = \"x\"; },\n"
        "{ to = \"custom.size\"; from = \"x\"; },\n"
        "{ to = \"numbr\"; from = \"x\"; } ); },\n"
        "{ to = \"gone\"; value = true; },\n"
        "{ to = \"customer.ref\"; value = \"9\"; } );\n");
    snprintf(text, sizeof text, "%s", good_flow);
    strcpy(
        strstr(text, "map = ("),
        "map = (\n{ to = \"description\"; from = [ \"customer.ref\", \"custom.a.b\", \"gone\" ]; "
        "},\n"
        "{ to = \"extra.a\"; from = \"customer.city[0]\"; when = ( { field = \"sttate\"; is = "
        "\"x\"; } ); },\n"
        "{ to = \"extra.b\"; value = 1; when = ( { field = \"settings.on_change\"; is = \"park\"; "
        "} ); },\n"
        "{ to = \"extra.c\"; value = 1; when = ( { field = \"settings.on_chnge\"; is = \"park\"; } "
        "); },\n"
        "{ to = \"lines\"; each = \"lines\"; map = ( { to = \"amount\"; expr = \"net + vta\"; },\n"
        "{ to = \"vatCode\"; parts = ( { from = \"region\"; }, { from = \"regin\"; } ); },\n"
        "{ to = \"vatCode\"; value = \"1\"; when = ( { field = \"settings.on_change\"; is = \"x\"; "
        "} ); } ); },\n"
        "{ to = \"lines\"; each = \"customer\"; append = true; map = ( { to = \"amount\"; from = "
        "\"name\"; } ); },\n"
        "{ to = \"lines\"; each = \"liens\"; append = true; map = (); } );\n");
    put("flows.d/orders.conf", text);
    ck_assert_ptr_null(load());
    expect("order.get.conf", 2, "\"idd\" is no field of entity \"order\"; did you mean \"id\"?");
    expect("orders.conf", 12, "\"city\" of the core model \"order\" is a text, no list");
    expect("order.get.conf", 5,
           "\"refrence\" is no field of the core model \"order\"; did you mean "
           "\"reference\"?");
    expect("order.get.conf", 6,
           "\"customer.emial\" is no field of the core model \"order\"; did you mean "
           "\"email\"?");
    expect("order.get.conf", 7,
           "\"total_net\" of the core model \"order\" is filled by Koppel itself");
    expect("order.get.conf", 10, "\"lines[].numbr\" is no field");
    expect("order.get.conf", 11, "\"gone\" is no field");
    expect("order.get.conf", 12, "\"customer.ref\" is no field");
    expect("orders.conf", 12, "did you mean \"state\"?");
    expect("orders.conf", 14,
           "model \"order\" has no setting \"on_chnge\"; did you mean \"on_change\"?");
    expect("orders.conf", 15, "\"lines[].vta\" is no field");
    expect("orders.conf", 16,
           "\"lines[].regin\" is no field of the core model \"order\"; did you mean "
           "\"region\"?");
    expect("orders.conf", 18, "\"each\" goes through a list, \"customer\" is an object");
    expect("orders.conf", 19, "did you mean \"lines\"?");
    ck_assert_int_eq(report.errors, 14); /* what a get mapping with mistakes fills is not known */
}
END_TEST

/* A state that no order has would let nothing through, without a word. */
START_TEST(test_values_of_the_core)
{
    char text[4096];
    put("mappings/shop/order.get.conf",
        "map = ( { to = \"date\"; from = \"x\"; },\n{ to = \"reference\"; from = \"x\"; },\n"
        "{ to = \"state\"; value = \"piad\"; when = ( { field = \"state\"; is = \"any\"; } ); },\n"
        "{ to = \"state\"; value = \"P\"; table = \"vat\"; },\n"
        "{ to = \"lines\"; each = \"rows\"; map = ( { to = \"kind\"; value = \"article\"; },\n"
        "{ to = \"kind\"; value = \"shiping\"; } ); } );\n");
    snprintf(text, sizeof text, "%s", good_flow);
    strcpy(strstr(text, "map = ("),
           "map = (\n{ to = \"description\"; value = \"x\"; when = ( { field = \"state\"; not = "
           "\"canceled\"; } ); },\n"
           "{ to = \"lines\"; each = \"lines\"; when = ( { field = \"vat_method\"; in = [ "
           "\"inclusive\", \"incl\" ]; } );\n"
           "map = ( { to = \"amount\"; from = \"net\"; when = ( { field = \"kind\"; is = \"text\"; "
           "}, { field = \"kind\"; has = true; } ); } ); } );\n");
    put("flows.d/orders.conf", text);
    ck_assert_ptr_null(load());
    expect("order.get.conf", 3,
           "\"state\" is never \"piad\"; it is one of open, paid, delivered, cancelled; "
           "did you mean \"paid\"?");
    expect("order.get.conf", 6, "did you mean \"shipping\"?");
    expect("orders.conf", 11, "\"state\" is never \"canceled\"");
    expect("orders.conf", 12, "\"vat_method\" is never \"incl\"");
    ck_assert_int_eq(report.errors, 4);
}
END_TEST

UNIT_MAIN("conf rules")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, test_rules);
    tcase_add_test(t, test_conditions);
    tcase_add_test(t, row29_words_in_mappings);
    tcase_add_test(t, test_rule_forms);
    tcase_add_test(t, test_rule_mistakes);
    tcase_add_test(t, test_formula);
    tcase_add_test(t, test_fields_of_the_core);
    tcase_add_test(t, test_values_of_the_core);
}
