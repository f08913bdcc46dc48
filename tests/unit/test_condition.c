/* SPDX-License-Identifier: MIT
 * Conditions as an integrator writes them: what they hold of, and which never do. */
#include "map_fixture.h"

#include "base/clock.h"
#include "mapping/condition.h"

START_TEST(conditions_decide)
{
    rules("{ to = 'is'; value = 1; when = ( { field = 'x'; is = 'a'; } ); },"
          "{ to = 'not'; value = 1; when = ( { field = 'x'; not = 'a'; } ); },"
          "{ to = 'in'; value = 1; when = ( { field = 'x'; in = [ 'a', 'b' ]; } ); },"
          "{ to = 'not_in'; value = 1; when = ( { field = 'x'; not_in = [ 'a', 'b' ]; } ); },"
          "{ to = 'has'; value = 1; when = ( { field = 'x'; has = true; } ); },"
          "{ to = 'empty'; value = 1; when = ( { field = 'x'; empty = true; } ); },"
          "{ to = 'less'; value = 1; when = ( { field = 'n'; less = '2.0'; } ); },"
          "{ to = 'more'; value = 1; when = ( { field = 'n'; more = '2'; } ); },"
          "{ to = 'two'; value = 1; when = ( { field = 'x'; is = 'b'; }, { field = 'n'; is = '3'; "
          "} ); }");
    gives("{'x': 'a', 'n': '1.99'}", "{'is': 1, 'in': 1, 'has': 1, 'less': 1}");
    gives("{'x': 'b', 'n': 3}", "{'not': 1, 'in': 1, 'has': 1, 'more': 1, 'two': 1}");
    gives("{'x': 'c', 'n': '2.00'}", "{'not': 1, 'not_in': 1, 'has': 1}");
    gives("{'n': 'many'}", "{'not': 1, 'not_in': 1, 'empty': 1}");
    gives("{'x': [], 'n': {}}", "{'not': 1, 'not_in': 1, 'empty': 1}");
    gives("{'x': {'y': 1}}", "{'not': 1, 'not_in': 1, 'has': 1}");
}
END_TEST

START_TEST(settings_are_seen_from_everywhere)
{
    rules("{ to = 'a'; value = 1; when = ( { field = 'settings.on'; is = 'true'; } ); },"
          "{ to = 'lines'; each = 'lines'; map = ("
          "  { to = 'b'; value = 2; when = ( { field = 'settings.on'; is = 'true'; } ); },"
          "  { to = 'c'; from = 'settings.account'; },"
          "  { to = 'd'; from = 'setting'; } ); }");
    gives("{'settings': {'on': 'true', 'account': '8000'}, 'lines': [{'setting': 5}]}",
          "{'a': 1, 'lines': [{'b': 2, 'c': '8000', 'd': 5}]}");
    gives("{'settings': {'on': 'false'}, 'lines': [{'settings': {'on': 'true'}}]}",
          "{'lines': [{}]}");
}
END_TEST

START_TEST(functions_stand_before_the_question)
{
    rules("{ to = 'eu'; value = 1; when = ( { field = 'x'; via = 'vat.in-eu'; is = true; } ); },"
          "{ to = 'short'; value = 1; when = ( { field = 'y'; via = ( 'trim', 'text.length' ); "
          "less = '4'; } ); },"
          "{ to = 'each'; value = 1; when = ( { field = 'l[].c'; via = 'vat.country'; is = 'BE'; } "
          "); },"
          "{ to = 'none'; value = 1; when = ( { field = 'l[].c'; via = 'vat.country'; not = 'BE'; "
          "} ); },"
          "{ to = 'all'; value = 1; when = ( { via = 'address.join'; is = 'Weg 1'; } ); },"
          "{ to = 'lines'; each = 'l'; map = ( { to = 'line'; value = 1; when = ( "
          "{ field = 'c'; via = 'vat.country'; is = 'BE'; } ); } ); }");
    gives("{'x': 'Griekenland', 'y': ' abc '}", "{'eu': 1, 'short': 1, 'none': 1}");
    gives("{'x': 'GB', 'y': 'abcd', 'l': [{'c': 'NL'}, {'c': 'Belgi\u00eb'}]}",
          "{'each': 1, 'lines': [{}, {'line': 1}]}");
    gives("{'street': 'Weg', 'number': '1'}", "{'none': 1, 'all': 1}");
    refuses("{'x': 'Atlantis'}", "map.condition", "vat.in-eu: unknown country");
}
END_TEST

START_TEST(functions_of_conditions_are_checked)
{
    wrong("{ to = 'a'; value = 1; when = ( { field = 'x'; via = 'vat.in-ue'; is = true; } ); }",
          "in-eu");
    wrong("{ to = 'a'; value = 1; when = ( { field = 'x'; via = 'text.truncate:x'; is = 'a'; } "
          "); }",
          "argument \"count\"");
    wrong("{ to = 'a'; value = 1; when = ( { is = 'a'; } ); }", "no \"field\"");
    /* what functions make of a field is another thing than the field */
    rules("{ to = 'a'; value = 1; when = ( { field = 'x'; is = 'a'; }, { field = 'x'; via = "
          "'upper'; is = 'A'; } ); }");
    gives("{'x': 'a'}", "{'a': 1}");
}
END_TEST

START_TEST(filters_see_the_same_conditions)
{
    rules("{ to = 'a'; value = 1; when = ( { field = 'x'; is = 'a'; }, { field = 'y'; has = true; "
          "} ); }");
    const struct conf_rule *rule = &conf->flows[0].send.rules[0];
    json_t *record = json_pack("{s:s, s:i}", "x", "a", "y", 1);
    ck_assert_int_eq(1, condition_all(rule->when, rule->when_count, record, record, NULL, &err));
    json_object_del(record, "y");
    ck_assert_int_eq(0, condition_all(rule->when, rule->when_count, record, record, NULL, &err));
    ck_assert_int_eq(1, condition_all(NULL, 0, record, record, NULL, &err));
    json_decref(record);
}
END_TEST


/* ---- one rule under these conditions ---- */

static void when(const char *conditions)
{
    char text[4096];
    snprintf(text, sizeof text, "{ to = 'a'; value = 1; when = ( %s ); }", conditions);
    rules(text);
}

static void never(const char *conditions, const char *part)
{
    char text[4096];
    snprintf(text, sizeof text, "{ to = 'a'; value = 1; when = ( %s ); }", conditions);
    wrong(text, part);
}

static void holds(const char *record)
{
    gives(record, "{'a': 1}");
}

static void fails(const char *record)
{
    gives(record, "{}");
}

START_TEST(groups_nest)
{
    when("{ any = ( { field = 'x'; is = 'a'; }, { all = ( { field = 'x'; is = 'b'; },"
         " { field = 'y'; has = true; } ); } ); }, { none = ( { field = 'z'; is = '1'; },"
         " { field = 'z'; is = '2'; } ); }");
    holds("{'x': 'a'}");
    fails("{'x': 'b'}");
    holds("{'x': 'b', 'y': 0}");
    fails("{'x': 'a', 'z': '2'}");
    fails("{'x': 'a', 'z': 1}");
    holds("{'x': 'a', 'z': '3'}");
    when("{ none = ( { any = ( { field = 'x'; is = 'a'; }, { field = 'y'; is = 'b'; } ); } ); }");
    fails("{'y': 'b'}");
    holds("{'x': 'c'}");
}
END_TEST

START_TEST(contains_a_text_or_an_element)
{
    when("{ field = 'x'; contains = 'gift card'; }");
    holds("{'x': 'A gift card of 25'}");
    fails("{'x': 'A Gift Card'}");
    fails("{'x': 'gift'}");
    fails("{}");
    holds("{'x': ['book', 'gift card']}");
    fails("{'x': ['a gift card']}");
    when("{ field = 'x'; contains = 12; }");
    holds("{'x': 3124}");
    never("{ field = 'x'; contains = ''; }", "every text holds an empty one");
}
END_TEST

START_TEST(matches_a_pattern)
{
    when("{ field = 'x'; matches = '^[0-9]{4} ?[A-Z]{2}$'; }");
    holds("{'x': '1234 AB'}");
    holds("{'x': '1234AB'}");
    fails("{'x': '1234 ABC'}");
    fails("{'x': ['1234 AB']}");
    fails("{}");
    when("{ field = 'x'; matches = '(?i)stra\xc3\x9f'; }");
    holds("{'x': 'Lange STRA\xe1\xba\x9e\x65'}");
    when("{ field = 'x'; matches = '^.$'; }");
    holds("{'x': '\xc3\xa9'}");
    never("{ field = 'x'; matches = 'a(b'; }", "column 4: missing closing parenthesis");
}
END_TEST

/* A pattern that would take for ever gives up, and the record parks. */
START_TEST(a_pattern_without_end_parks)
{
    when("{ field = 'x'; matches = '^(a+)+$'; }");
    holds("{'x': 'aaaa'}");
    refuses("{'x': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'}", "map.condition",
            "field a: the condition at ");
    ck_assert_ptr_nonnull(strstr(err.text, "match limit exceeded"));
    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
}
END_TEST

START_TEST(before_and_after_a_date)
{
    when("{ field = 'd'; before = '2026-07-01'; }");
    holds("{'d': '2026-06-30'}");
    holds("{'d': '30-6-2026'}");
    fails("{'d': '2026-07-01'}");
    fails("{'d': 'soon'}");
    fails("{}");
    /* in Amsterdam it is the first of July already */
    fails("{'d': '2026-06-30T22:30:00Z'}");
    holds("{'d': '2026-06-30T21:30:00Z'}");
    when("{ field = 'd'; after = '2026-06-30T12:00:00'; }");
    holds("{'d': '2026-06-30T12:00:01'}");
    fails("{'d': '2026-06-30T12:00:00'}");
    fails("{'d': '2026-06-30'}");
    holds("{'d': '2026-07-01'}");
}
END_TEST

START_TEST(days_from_today)
{
    int64_t noon;
    ck_assert_int_eq(clock_parse("2026-03-31T22:30:00Z", &noon), 0); /* the first of April here */
    clock_fix(noon);
    when("{ field = 'd'; after = '-30d'; }");
    fails("{'d': '2026-03-02'}");
    holds("{'d': '2026-03-03'}");
    when("{ field = 'd'; before = 'today'; }");
    holds("{'d': '2026-03-31'}");
    fails("{'d': '2026-04-01'}");
    when("{ field = 'd'; after = '+7d'; }");
    fails("{'d': '2026-04-08'}");
    holds("{'d': '2026-04-09'}");
    clock_fix(0);
    never("{ field = 'd'; before = '30d'; }", "days from today such as \"-30d\"");
    never("{ field = 'd'; before = '6/12/2026'; }", "needs a date");
    never("{ field = 'd'; after = '-30h'; }", "needs a date");
}
END_TEST

START_TEST(an_expression_compares)
{
    when("{ expr = 'price < purchase * 1.05'; }");
    holds("{'price': '1.00', 'purchase': '1'}");
    fails("{'price': '1.05', 'purchase': '1'}");
    fails("{'price': '1.00'}");
    refuses("{'price': 'much', 'purchase': 1}", "map.condition", "which is no number");
    never("{ expr = 'price - 1'; }", "compares nothing");
    never("{ expr = 'price <'; }", "column 8");
    never("{ expr = 'price < 1'; field = 'x'; }", "\"expr\" stands alone");
    rules("{ to = 'a'; expr = 'stock > 0'; }, { to = 'lines'; each = 'lines'; map = ("
          " { to = 'b'; expr = 'n * settings.factor'; } ); }");
    gives("{'stock': 3, 'settings': {'factor': '2'}, 'lines': [{'n': 4}]}",
          "{'a': true, 'lines': [{'b': '8'}]}");
    gives("{'stock': 0, 'lines': [{'n': 4}]}", "{'a': false, 'lines': [{}]}");
}
END_TEST

/* One element is enough; `not` and `empty` mean none of them. */
START_TEST(any_element_of_a_list)
{
    when("{ field = 'lines[].kind'; is = 'deposit'; }");
    holds("{'lines': [{'kind': 'article'}, {'kind': 'deposit'}]}");
    fails("{'lines': [{'kind': 'article'}]}");
    fails("{'lines': []}");
    when("{ field = 'lines[].kind'; not = 'deposit'; }");
    fails("{'lines': [{'kind': 'article'}, {'kind': 'deposit'}]}");
    holds("{'lines': []}");
    when("{ field = 'lines[].note'; empty = true; }");
    holds("{'lines': [{'note': ''}, {}]}");
    fails("{'lines': [{'note': ''}, {'note': 'x'}]}");
    when("{ field = 'lines[].price'; more = '100'; }");
    holds("{'lines': [{'price': '1'}, {'price': '101'}]}");
}
END_TEST

START_TEST(what_never_holds_is_a_mistake)
{
    never("{ field = 'n'; more = '5'; }, { field = 'n'; less = '5'; }", "this never holds");
    never("{ field = 'n'; less = '1'; }, { field = 'm'; has = true; },"
          " { field = 'n'; more = '2'; }",
          "this never holds together with the condition on \"n\" of line");
    never("{ field = 'x'; is = 'a'; }, { field = 'x'; is = 'b'; }", "this never holds");
    never("{ field = 'x'; is = 'a'; }, { field = 'x'; not = 'a'; }", "this never holds");
    never("{ field = 'x'; in = [ 'a', 'b' ]; }, { field = 'x'; in = [ 'c', 'd' ]; }", "this never");
    never("{ field = 'x'; in = [ 'a' ]; }, { field = 'x'; not_in = [ 'a', 'b' ]; }", "this never");
    never("{ field = 'x'; empty = true; }, { field = 'x'; is = 'a'; }", "this never holds");
    never("{ field = 'x'; has = true; }, { field = 'x'; has = false; }", "this never holds");
    never("{ field = 'n'; is = '7'; }, { field = 'n'; more = '7'; }", "this never holds");
    never("{ field = 'x'; is = 'abc'; }, { field = 'x'; contains = 'd'; }", "this never holds");
    never("{ field = 'd'; before = '2026-01-01'; }, { field = 'd'; after = '2026-01-01'; }",
          "this never");
    never("{ field = 'd'; before = '-30d'; }, { field = 'd'; after = 'today'; }", "this never");
    never("{ field = 'x'; is = 'a'; }, { none = ( { field = 'x'; in = [ 'a', 'b' ]; } ); }",
          "this never");
    never("{ any = ( { field = 'y'; is = '1'; }, { all = ( { field = 'x'; is = 'a'; },"
          " { field = 'x'; is = 'b'; } ); } ); }", "this never holds");
    when("{ field = 'n'; more = '5'; }, { field = 'n'; less = '6'; }");
    when("{ any = ( { field = 'x'; is = 'a'; }, { field = 'x'; is = 'b'; } ); }");
    when("{ field = 'l[].k'; is = 'a'; }, { field = 'l[].k'; is = 'b'; }");
    when("{ field = 'x'; in = [ 'a', 'b' ]; }, { field = 'x'; not = 'a'; }");
    when("{ field = 'd'; before = 'today'; }, { field = 'd'; after = '2026-01-01'; }");
}
END_TEST

START_TEST(mistakes_of_their_form)
{
    never("{ field = 'x'; }", "exactly one of is, not");
    never("{ field = 'x'; is = 'a'; less = '1'; }", "exactly one of is, not");
    never("{ field = 'x'; is = [ 'a' ]; }", "\"is\" must be one value");
    never("{ field = 'x'; in = 'a'; }", "\"in\" must be a list");
    never("{ field = 'x'; in = [ ]; }", "lists nothing");
    never("{ field = 'x'; less = '30,00'; }", "30,00");
    never("{ field = 'x'; has = 'yes'; }", "must be true or false");
    never("{ is = 'a'; }", "no \"field\"");
    never("{ feild = 'x'; is = 'a'; }", "did you mean \"field\"");
    never("{ any = ( ); }", "lists no condition");
    never("{ any = { field = 'x'; is = 'a'; }; }", "must be a list of conditions");
    never("{ any = ( { field = 'x'; is = 'a'; } ); field = 'y'; }", "\"any\" stands alone");
    char deep[1024] = "{ field = 'x'; is = 'a'; }", next[1024];
    for (int i = 0; i < 9; i++) {
        snprintf(next, sizeof next, "{ any = ( %.900s ); }", deep);
        strcpy(deep, next);
    }
    never(deep, "nested more than 8 deep");
    never("'x'", "a condition is a group");
}
END_TEST

UNIT_MAIN("condition")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, conditions_decide);
    tcase_add_test(t, settings_are_seen_from_everywhere);
    tcase_add_test(t, functions_stand_before_the_question);
    tcase_add_test(t, functions_of_conditions_are_checked);
    tcase_add_test(t, filters_see_the_same_conditions);
    tcase_add_test(t, groups_nest);
    tcase_add_test(t, contains_a_text_or_an_element);
    tcase_add_test(t, matches_a_pattern);
    tcase_add_test(t, a_pattern_without_end_parks);
    tcase_add_test(t, before_and_after_a_date);
    tcase_add_test(t, days_from_today);
    tcase_add_test(t, an_expression_compares);
    tcase_add_test(t, any_element_of_a_list);
    tcase_add_test(t, what_never_holds_is_a_mistake);
    tcase_add_test(t, mistakes_of_their_form);
}
